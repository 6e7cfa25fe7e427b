"""What do 30 people in one joint VCF cost beside one person? python benchmarks/joint.py [--people N] [--runs N]

The examples' generator makes the joint files: people who share sites as unrelated people do. Every figure is
the median of interleaved runs, each in a process of its own, from start to exit with all imports; CPU is user
and system time.

- same records: `varmio run` with every --sample of a joint file that has as many records as the first example
  exome (25,000), over `varmio run` on that example.
- own records: the same of a joint file in which each person has 25,000 records that are not 0/0 (so three times
  as many in all), over `varmio run` on a file of the first person's own records, split from it.
- peak RSS: of that joint run, and of one with four times the records.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pysam

from varmio import demo
from varmio.model import Assembly

PEOPLE = 30
RUNS = 7  # an odd number, for the median
MORE = 4  # times the records, for the memory
COMMAND = "import sys; from varmio.cli import main; sys.exit(main())"
JOINT = ("joint", "level", "larger")  # files with everybody in them
NOT_CARRIED = ("0/0", "0", "./.", ".")


def main() -> None:
    """Make the files, run everything in turn, and print one line a figure."""
    parser = argparse.ArgumentParser(description="CPU, wall time and memory of varmio run on a joint VCF.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # in a process of its own: a child's peak RSS is never below what its parent held
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            records = other.submit(make, options.people, folder).result()
        every = [word for person in demo.people(options.people) for word in ("--sample", person.name)]
        rows = [
            {
                key: _process(
                    [str(folder / f"{key}.vcf.gz"), *(every if key in JOINT else ())], folder / f"{key}{turn}"
                )
                for key in records
            }
            for turn in range(options.runs)
        ]
    for line in report(options.people, records, rows):
        print(line)


def report(people: int, records: dict[str, int], rows: list[dict[str, dict[str, float]]]) -> list[str]:
    """The printed lines, from the figures of every round."""
    mid = {
        key: {figure: statistics.median(row[key][figure] for row in rows) for figure in rows[0][key]} for key in rows[0]
    }
    lines = [f"{people} people in one joint file, all asked for; median of {len(rows)} interleaved runs"]
    for said, joint, single in (("same records", "level", "example"), ("own records", "joint", "alone")):
        lines.append(f"{said}: {records[joint]:,} records of {people} people, {records[single]:,} of one")
        for unit in ("cpu", "wall"):
            all_, one = mid[joint][unit], mid[single][unit]
            lines.append(f"  {unit:<5}{all_:.3f} s = {all_ / one:.2f} x {one:.3f} s")
    rss = {key: f"{mid[key]['rss']:.0f} MB" for key in rows[0]}
    return [*lines, f"peak RSS: {rss['joint']}; with {MORE} x the records {rss['larger']}; one person {rss['alone']}"]


def make(number: int, folder: Path) -> dict[str, int]:
    """Write every file as NAME.vcf.gz; the records of each."""
    people = demo.people(number)
    paths = {key: folder / f"{key}.vcf.gz" for key in (*JOINT, "alone", "example")}
    demo.write_joint(paths["joint"], Assembly.GRCH38, people)
    demo.write_exome(paths["example"], Assembly.GRCH38, people[0])
    split(paths["joint"], paths["alone"])
    records = {key: count(paths[key]) for key in ("joint", "alone", "example")}
    for key, times in (("level", records["example"] / records["joint"]), ("larger", MORE)):
        sized = [replace(person, sites=round(times * person.sites)) for person in people]
        demo.write_joint(paths[key], Assembly.GRCH38, sized)
        records[key] = count(paths[key])
    return records


def count(path: Path) -> int:
    with pysam.BGZFile(str(path)) as source:
        return sum(not line.startswith(b"#") for line in source)


def split(joint: Path, alone: Path) -> None:
    """Write the first sample's own records, BGZF with its index."""
    lines = []
    with pysam.BGZFile(str(joint)) as source:
        for raw in source:
            line = raw.decode("ascii")
            columns = line.split("\t", 10)
            if line.startswith("##"):
                lines.append(line)
            elif columns[9].partition(":")[0] not in NOT_CARRIED:
                lines.append("\t".join(columns[:10]))
    with pysam.BGZFile(str(alone), "w", None) as out:
        out.write(("\n".join(lines) + "\n").encode("ascii"))
    pysam.tabix_index(str(alone), preset="vcf", force=True)


def _process(arguments: list[str], out: Path) -> dict[str, float]:
    """Wall (s), CPU (s) and peak RSS (MB) of one `varmio run`; stops where it fails."""
    command = [sys.executable, "-c", COMMAND, "run", "-o", str(out), *arguments]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"exit {child.returncode} from varmio run {' '.join(arguments[:3])}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is bytes on macOS, kilobytes on Linux
    return {
        "wall": time.perf_counter() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss / unit,
    }


if __name__ == "__main__":
    main()
