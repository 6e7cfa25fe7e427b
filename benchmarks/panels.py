"""What does it cost to load all panels? python benchmarks/panels.py [--runs N]

CPU (user and system) of a fresh Python that loads every shipped panel, minus that of one that imports the same
modules and loads none; median of interleaved runs, for

- compiled: as shipped, from resources/panels/
- YAML, C loader: the same files read strictly, as a panel of one's own is
- YAML, Python loader: the same where PyYAML was built without libyaml

Aim: under 60 ms as shipped.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

RUNS = 15  # an odd number, for the median
AIM_MS = 60
IMPORTS = "from pathlib import Path; from varmio.readers import panel; import gzip, json"
CHECKS = f"{IMPORTS}; import yaml; from varmio.readers.panel import checks; panel.COMPILED = Path('none')"
PYTHON_LOADER = f"{CHECKS}; vars(yaml).pop('CSafeLoader', None)"
LOAD = "[panel.load(name) for name in panel.names()]"
WAYS = {"compiled": IMPORTS, "YAML, C loader": CHECKS, "YAML, Python loader": PYTHON_LOADER}


def main() -> None:
    """Run every way in turn and print one line each."""
    parser = argparse.ArgumentParser(description="CPU of loading all gene panels.")
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    spent: dict[tuple[str, bool], list[float]] = {(way, loads): [] for way in WAYS for loads in (False, True)}
    for _ in range(runs):
        for (way, loads), figures in spent.items():
            figures.append(cpu_ms(f"{WAYS[way]}; {LOAD}" if loads else WAYS[way]))
    cost = {way: statistics.median(spent[way, True]) - statistics.median(spent[way, False]) for way in WAYS}
    print(f"CPU of loading all panels, imports apart; median of {runs} interleaved runs")
    for way, figure in cost.items():
        print(f"  {way:<20}{figure:6.1f} ms = {figure / cost['compiled']:5.1f} x compiled")
    print(f"  aim: compiled under {AIM_MS} ms: {'held' if cost['compiled'] < AIM_MS else 'MISSED'}")


def cpu_ms(code: str) -> float:
    """User and system time of a fresh Python that runs the code, in ms; stops where it fails."""
    child = subprocess.Popen([sys.executable, "-c", code])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"exit {child.returncode} from: {code}")
    return 1000 * (usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main()
