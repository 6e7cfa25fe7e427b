"""Two other readers of VCF files, with no line of varmio in them: bcftools query (C) and vcfpy (Python).

`python -m tests.independent_reader READER` reads "PATH<tab>SAMPLE" lines from stdin and prints one JSON
line for each: C code that ends its process takes only this process along.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

# contig as written, POS, REF, ALTs, and allele numbers of the sample (None: missing); [] without GT
Call = tuple[str, int, str, list[str], list[int | None]]
Answer = list[Call] | None  # None where this reader cannot read the file
ROOT = Path(__file__).parents[1]


def alleles_of(text: str) -> list[int | None]:
    """Allele numbers of a GT text; every separator counts alike."""
    return [None if part == "." else int(part) for part in re.findall(r"\d+|\.", text)]


def by_bcftools(path: str, sample: str) -> Answer:
    import pysam.bcftools

    query = r"%CHROM\t%POS\t%REF\t%ALT[\t%GT]\n"
    try:
        told = pysam.bcftools.query("-u", "-s", sample, "-f", query, path, split_lines=True)
    except pysam.SamtoolsError:
        return None
    return [_bcftools_call(line.split("\t")) for line in told]


def _bcftools_call(columns: list[str]) -> Call:
    contig, pos, ref, alt, gt = columns
    return contig, int(pos), ref.upper(), [] if alt == "." else alt.split(","), alleles_of(gt)


def by_vcfpy(path: str, sample: str) -> Answer:
    import vcfpy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = vcfpy.Reader.from_path(path, parsed_samples=[sample])
            return [_vcfpy_call(record, sample) for record in reader]
    except Exception:  # a test tool: whatever this reader raises, it did not read the file
        return None


def _vcfpy_call(record, sample: str) -> Call:  # type: ignore[no-untyped-def]
    gt = record.call_for_sample[sample].data.get("GT")
    return record.CHROM, record.POS, record.REF.upper(), [a.serialize() for a in record.ALT], alleles_of(gt or "")


READERS: dict[str, Callable[[str, str], Answer]] = {"bcftools": by_bcftools, "vcfpy": by_vcfpy}


def read_all(reader: str, wanted: Sequence[tuple[Path, str]]) -> list[Answer]:
    """The calls of every (file, sample); where the reader's process dies, None, and a new one goes on."""
    answers: list[Answer] = []
    while len(answers) < len(wanted):
        asked = "".join(f"{path}\t{sample}\n" for path, sample in wanted[len(answers) :])
        done = subprocess.run(
            [sys.executable, "-m", "tests.independent_reader", reader],
            input=asked, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        answers += [json.loads(line) for line in done.stdout.split("\n") if line]
        if done.returncode:
            answers.append(None)
    return answers[: len(wanted)]


def main(reader: str) -> None:
    for line in sys.stdin:
        path, sample = line.rstrip("\n").split("\t")
        print(json.dumps(READERS[reader](path, sample)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
