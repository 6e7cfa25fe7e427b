"""How dear is `varmio run` beside reading the file once? python benchmarks/run_exome.py [FILE.vcf.gz]

Every figure is the median of interleaved runs, each in a process of its own:

- CPU inside main(): the modules that a run of one sample uses are imported before the clock starts; user + system
  time of `varmio run FILE -o OUT`, over that of `bcftools query -f '%POS[ %GT]\\n' FILE` (bcftools
  inside pysam, the call alone, output to a file).
- making the page: the part of that in `html.render`, templates loaded from the shipped compiled form.
- wall with imports: a whole `varmio run` process, from start to exit, over the wall time of the
  bcftools call alone (so the interpreter and every import count against varmio only).
- peak RSS: of the whole `varmio run` process, from wait4.
- varmio --version: CPU of the whole process less that of `python -c pass`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9  # an odd number, for the median
QUERY = "%POS[ %GT]\n"  # the fields of the comparison
COMMAND = "import sys; from varmio.cli import main; sys.exit(main())"

INSIDE_MAIN = """
import json, sys, time
import click, jinja2
import varmio.job
import varmio.readers.vcf_pass
from varmio.cli import main
from varmio.writers import html
path, out = sys.argv[1:]
page, render = [], html.render
def timed(*given, **named):
    began = time.process_time()
    try:
        return render(*given, **named)
    finally:
        page.append(time.process_time() - began)
html.render = timed
start = time.process_time()
try:
    main(["run", path, "-o", out], standalone_mode=False)
except SystemExit as end:
    if end.code:
        raise
print(json.dumps({"cpu": time.process_time() - start, "page": sum(page)}), file=sys.stderr)
"""

BCFTOOLS = """
import json, sys, time
import pysam.bcftools
path, out, query = sys.argv[1:]
wall, cpu = time.perf_counter(), time.process_time()
pysam.bcftools.query("-f", query, "-o", out, path, catch_stdout=False)
print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}), file=sys.stderr)
"""


def main() -> None:
    """Run all four and print one line each."""
    parser = argparse.ArgumentParser(description="CPU, wall time and memory of varmio run on one exome.")
    parser.add_argument("vcf", nargs="?", type=Path, help="an exome; default: the first example")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vcf = options.vcf or _example(Path(folder))
        rows = [_round(vcf, Path(folder) / str(number)) for number in range(options.runs)]
        for line in report(vcf, rows):
            print(line)


def report(vcf: Path, rows: list[dict[str, float]]) -> list[str]:
    """The printed lines, from the figures of every round."""
    mid = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
    return [
        f"{vcf.name}, {vcf.stat().st_size / 1e6:.1f} MB, median of {len(rows)} interleaved runs",
        f"CPU inside main()    {mid['main_cpu']:.3f} s = {mid['main_cpu'] / mid['bcftools_cpu']:.1f} x "
        f"bcftools query ({mid['bcftools_cpu']:.3f} s); modules imported before the clock starts",
        f"making the page      {mid['page_cpu']:.3f} s = {100 * mid['page_cpu'] / mid['main_cpu']:.0f}% of it",
        f"wall with imports    {mid['run_wall']:.3f} s = {mid['run_wall'] / mid['bcftools_wall']:.1f} x "
        f"bcftools query ({mid['bcftools_wall']:.3f} s, the call alone)",
        f"peak RSS             {mid['run_rss']:.0f} MB",
        f"varmio --version     {mid['version_cpu'] - mid['python_cpu']:.3f} s of CPU above "
        f"python -c pass ({mid['python_cpu']:.3f} s)",
    ]


def _round(vcf: Path, folder: Path) -> dict[str, float]:
    folder.mkdir()
    run = _process([sys.executable, "-c", COMMAND, "run", str(vcf), "-o", str(folder / "whole")])
    inside = _reported(INSIDE_MAIN, str(vcf), str(folder / "inside"))
    bcftools = _reported(BCFTOOLS, str(vcf), str(folder / "query"), QUERY)
    version = _process([sys.executable, "-c", COMMAND, "--version"])
    python = _process([sys.executable, "-c", "pass"])
    return {
        "run_wall": run["wall"],
        "run_rss": run["rss"],
        "main_cpu": inside["cpu"],
        "page_cpu": inside["page"],
        "bcftools_cpu": bcftools["cpu"],
        "bcftools_wall": bcftools["wall"],
        "version_cpu": version["cpu"],
        "python_cpu": python["cpu"],
    }


def _process(command: list[str]) -> dict[str, float]:
    """Wall (s), CPU (s) and peak RSS (MB) of one process; stops where it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"exit {child.returncode} from: {' '.join(command[:1] + command[3:])}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is bytes on macOS, kilobytes on Linux
    return {
        "wall": time.perf_counter() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss / unit,
    }


def _reported(code: str, *arguments: str) -> dict[str, float]:
    """What the child measured of itself: the last line of its stderr."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return figures


def _example(folder: Path) -> Path:
    from varmio import demo

    return demo.write_demo_exome(folder)


if __name__ == "__main__":
    main()
