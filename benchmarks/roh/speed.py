"""What do the markers of an exome cost beside `bcftools roh`? python benchmarks/roh/speed.py [--shared FOLDER]

For one single-sample exome and for the joint file of twelve, the median of interleaved runs, each in a process
of its own; CPU is user and system time of the call, wall its time on the clock, imports before the clock starts:

- scan: as `varmio run` and `varmio roh` read the file, with the panel's positions, and with markers or without.
- markers: `vcf.scan_markers` of all samples, without a panel.
- varmio roh --all-samples: the whole of main(), with the finding of runs and a BED file.
- bcftools roh -G30 --AF-dflt 0.4 on the same file (bcftools inside pysam, output to a file).
- peak RSS: of the whole process, from wait4.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 9  # an odd number, for the median
SHARED = Path(__file__).resolve().parents[3] / "shared"
EXOMES = ("vcf/exomes/ngsbits_ancestry.vcf.gz", "roh-bench/joint.vcf.gz")

TIMED = """
import json, os, sys, time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
path, out = sys.argv[1:]
{before}
wall, cpu = time.perf_counter(), time.process_time()
{call}
print(json.dumps({{"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}}), file=sys.stderr)
"""
READER = """
from varmio.readers import reference, vcf, vcf_pass
from varmio.model import Assembly
from varmio import analysis
known = {a: reference.load(a) for a in Assembly}
loci, coding = analysis.spans(known), analysis.coding(known)
samples = vcf.open_header(path).samples
"""
WAYS = {
    "bcftools roh": (
        "import pysam.bcftools",
        "pysam.bcftools.roh('-G30', '--AF-dflt', '0.4', '-o', out, path, catch_stdout=False)",
    ),
    "scan": (READER, "vcf.scan_samples(path, samples, loci, coding)"),
    "scan + markers": (READER, "vcf.scan_samples(path, samples, loci, coding, markers=True)"),
    "markers": ("from varmio.readers import vcf, vcf_pass", "vcf.scan_markers(path)"),
    "varmio roh": (
        "import click, varmio.roh\nfrom varmio.readers import vcf_pass\nfrom varmio.cli import main",
        "main(['roh', path, '--all-samples', '-o', out + '.bed'], standalone_mode=False)",
    ),
}
BESIDE = "bcftools roh"


def main() -> None:
    """Run everything in turn, and print the lines of each file."""
    parser = argparse.ArgumentParser(description="CPU, wall time and memory of reading markers.")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with vcf/ and roh-bench/")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    for name in EXOMES:
        path = options.shared / name
        if not path.is_file():
            print(f"{path}: not here, skipped")
            continue
        with tempfile.TemporaryDirectory() as folder:
            rows = [{way: timed(way, path, Path(folder) / "out") for way in WAYS} for _ in range(options.runs)]
        for line in report(path, rows):
            print(line)


def report(path: Path, rows: list[dict[str, dict[str, float]]]) -> list[str]:
    """The printed lines, from the figures of every round."""
    mid = {
        way: {figure: statistics.median(row[way][figure] for row in rows) for figure in rows[0][way]} for way in WAYS
    }
    lines = [f"{path.name}, {path.stat().st_size / 1e6:.1f} MB, median of {len(rows)} interleaved runs"]
    for way, told in mid.items():
        ratios = (f"{unit} {told[unit]:.3f} s = {told[unit] / mid[BESIDE][unit]:.2f} x" for unit in ("cpu", "wall"))
        lines.append(f"  {way:<15}{'   '.join(ratios)}   peak RSS {told['rss']:.0f} MB")
    return lines


def timed(way: str, path: Path, out: Path) -> dict[str, float]:
    """CPU (s) and wall (s) of the call, and peak RSS (MB) of its process; stops where it fails."""
    before, call = WAYS[way]
    code = TIMED.format(before=before, call=call)
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(out)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(said)
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    unit = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is bytes on macOS, kilobytes on Linux
    return figures | {"rss": usage.ru_maxrss / unit}


if __name__ == "__main__":
    main()
