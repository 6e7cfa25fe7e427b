"""What reading the depth of the panel's exons from a BAM costs: python -m benchmarks.deletions.speed [--runs 9]

Ratio of CPU and of wall time to `samtools depth -b exons.bed` through pysam on the same file, both in a fresh process
less what that process costs for its imports; median of interleaved runs. The file: a made-up BAM, 80 reads a base. The
peak memory is that of the child that reads it for varmio, imports included. Aims: within 3 times, under 200 MB.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.deletions import files, simulate
from varmio.model import Assembly

SETUP = """
import resource, sys, time
import numpy, pysam
from pathlib import Path
from varmio.model import Assembly
from varmio.readers import coverage, coverage_reads, reference
path, bed, what = sys.argv[1:]
regions = coverage.regions_of(reference.load(Assembly.GRCH38).transcripts)
clock = (time.process_time(), time.perf_counter())
if what == "varmio":
    coverage.of_file(Path(path), regions, Assembly.GRCH38, None, None)
else:
    pysam.depth("-b", bed, path)
took = (time.process_time() - clock[0], time.perf_counter() - clock[1])
print(*took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, bed = folder / "reads.bam", folder / "exons.bed"
        depths = dict(zip(simulate.regions(), simulate.profile(simulate.EVEN_80, 1, 1).depths, strict=True))
        files.write_bam(path, "A", depths, Assembly.GRCH38)
        places = sorted({(r.contig, r.start, r.end) for r in depths})
        bed.write_text("".join(f"chr{c}\t{s}\t{e}\n" for c, s, e in places))
        rows = {"varmio": [], "samtools": []}  # type: dict[str, list[tuple[float, ...]]]
        for _ in range(asked.runs):
            for what, found in rows.items():
                said = subprocess.check_output([sys.executable, "-c", SETUP, str(path), str(bed), what], text=True)
                found.append(tuple(map(float, said.split())))
    for number, clock in enumerate(("CPU", "wall")):
        ratios = [a[number] / b[number] for a, b in zip(rows["varmio"], rows["samtools"], strict=True)]
        print(f"{clock}: {statistics.median(ratios):.2f} x samtools depth -b")
    print(f"peak memory: {max(row[2] for row in rows['varmio']):.0f} MB")


if __name__ == "__main__":
    main()
