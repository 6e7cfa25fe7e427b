"""A second opinion on consequences: bcftools csq on the findings of a run, once, in a process of its own.

csq keeps state between calls and stops at the first record that it does not like, so it gets one sorted file of
records whose REF was checked, on a genome that holds the transcripts alone, introns cut short.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from varmio.model import KnownSequence, Transcript, Variant
from varmio.readers.annotation import so_term

KEPT_BP = 60  # intron bases kept beside an exon; every finding lies within 50 of one
FLANK_BP = 60  # bases before and after a transcript
TIMEOUT_S = 60.0  # s; csq takes a few ms for the findings of one person
TOOL = "bcftools csq"
_CHILD = (
    "import sys, pysam.version; from pysam import bcftools; "
    "print('#version', pysam.version.__bcftools_version__, sep='\\t'); "
    "sys.stdout.write(bcftools.csq(*sys.argv[1:], catch_stdout=True))"
)
RESIDUES_SHOWN = "6"  # of a changed protein, as csq writes them
Span = tuple[int, int]
Asked = tuple[Transcript, Variant]


def opinions(asked: Sequence[Asked], sequence: KnownSequence) -> tuple[list[dict[str, Any] | None], str | None]:
    """What csq says of each variant on its transcript, in order, and why there is nothing where it failed.

    None for a variant that reaches beyond the bases given to csq, or of which csq says nothing. An opinion is
    {tool, version, transcript, consequences: [SO terms], amino_acid_change?}.
    """
    placed = [_placed(transcript, variant) for transcript, variant in asked]
    if not any(placed):
        return [None] * len(asked), None
    try:
        with tempfile.TemporaryDirectory() as folder:
            text = _csq(asked, placed, sequence, Path(folder))
    except (OSError, subprocess.SubprocessError) as error:
        return [None] * len(asked), type(error).__name__
    return _read(text, asked), None


def _spans(t: Transcript) -> list[Span]:
    """The stretches of the genome that csq is given, ascending, each written right behind the one before."""
    spans = [(t.start - FLANK_BP, t.start)]
    for index, exon in enumerate(t.exons):
        spans.append(exon)
        if index + 1 < len(t.exons):
            after = t.exons[index + 1][0]
            middle = (exon[1] + after) // 2
            spans += [(exon[1], min(exon[1] + KEPT_BP, middle)), (max(after - KEPT_BP, middle), after)]
    return [*spans, (t.end, t.end + FLANK_BP)]


def _moved(t: Transcript, start: int, end: int) -> int | None:
    """Where [start, end) begins on the short genome; None where a part of it is not there, or a gap lies within."""
    at = 0
    found: int | None = None
    reached = start
    for low, high in _spans(t):
        if found is None and low <= start < high:
            found = at + start - low
        if found is not None and low <= reached < high:
            reached = min(high, end)
            if reached == end:
                return found
        at += high - low
    return None


def _placed(transcript: Transcript, variant: Variant) -> int | None:
    return _moved(transcript, variant.start, variant.end)


def _csq(asked: Sequence[Asked], placed: Sequence[int | None], sequence: KnownSequence, folder: Path) -> str:
    every = {t.accession: t for t, _ in asked}
    bases = {name: _bases(t, sequence) for name, t in every.items()}
    fasta, gff, vcf = folder / "genome.fa", folder / "genes.gff3", folder / "findings.vcf"
    fasta.write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    gff.write_text("##gff-version 3\n" + "".join(row for t in every.values() for row in _features(t)))
    lines = ["##fileformat=VCFv4.2", *(f"##contig=<ID={name},length={len(text)}>" for name, text in bases.items())]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    names = list(every)
    rows = [(names.index(t.accession), at, i) for i, ((t, _), at) in enumerate(zip(asked, placed, strict=True))
            if at is not None]  # fmt: skip
    for name, at, i in sorted(rows):
        variant = asked[i][1]
        if bases[names[name]][at : at + len(variant.ref)] == variant.ref:  # else csq stops altogether
            lines.append(f"{names[name]}\t{at + 1}\t{i}\t{variant.ref}\t{variant.alt}\t.\t.\t.")
    vcf.write_text("\n".join(lines) + "\n")
    words = ("-f", str(fasta), "-g", str(gff), "--local-csq", "--ncsq", "64", "-B", RESIDUES_SHOWN, "-p", "a", str(vcf))
    command = [sys.executable, "-c", _CHILD, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=TIMEOUT_S).stdout


def _bases(t: Transcript, sequence: KnownSequence) -> str:
    """The short genome of a transcript, N where a base is not known."""
    return "".join(_known(sequence, t.contig, start, end) for start, end in _spans(t))


def _known(sequence: KnownSequence, contig: str, start: int, end: int) -> str:
    whole = sequence.bases(contig, start, end)
    if whole is not None:
        return whole
    return "".join(sequence.bases(contig, at, at + 1) or "N" for at in range(start, end))


def _features(t: Transcript) -> Iterable[str]:
    """GFF3 of one transcript in Ensembl's form, which csq reads."""
    name, sign = t.accession.partition(".")[0], "+" if t.strand == 1 else "-"

    def row(feature: str, start: int, end: int, phase: str, said: str) -> str:
        at = _moved(t, start, end) if feature not in ("gene", "mRNA") else FLANK_BP
        length = end - start if feature not in ("gene", "mRNA") else sum(e - s for s, e in _spans(t)[1:-1])
        columns = (t.accession, "varmio", feature, str((at or 0) + 1), str((at or 0) + length), ".", sign, phase, said)
        return "\t".join(columns) + "\n"

    yield row("gene", t.start, t.end, ".", f"ID=gene:{t.gene};biotype=protein_coding;Name={t.gene}")
    parent = f"ID=transcript:{name};Parent=gene:{t.gene};biotype=protein_coding"
    yield row("mRNA", t.start, t.end, ".", parent)
    used = 0
    of = f"Parent=transcript:{name}"
    for start, end in t.in_order:
        yield row("exon", start, end, ".", of)
        low, high = max(start, t.cds_start), min(end, t.cds_end)
        if low < high:
            yield row("CDS", low, high, str(-used % 3), of)
            used += high - low
        for first, (s, e) in ((True, (start, min(end, t.cds_start))), (False, (max(start, t.cds_end), end))):
            if s < e:
                yield row("five_prime_UTR" if first == (t.strand == 1) else "three_prime_UTR", s, e, ".", of)


def _read(text: str, asked: Sequence[Asked]) -> list[dict[str, Any] | None]:
    found: list[dict[str, Any] | None] = [None] * len(asked)
    version = re.match(r"#version\t(\S+)", text)
    for line in text.splitlines():
        columns = line.split("\t")
        said = re.search(r"(?:^|;)BCSQ=([^;,]+)", columns[7]) if not line.startswith("#") else None
        if said is None:
            continue
        fields = said[1].split("|")
        number = int(columns[2])
        found[number] = {
            "tool": TOOL,
            "version": version[1] if version else "",
            "transcript": asked[number][0].accession,
            "consequences": [so_term(word) for word in fields[0].lstrip("*").split("&")],
            **({"amino_acid_change": fields[5]} if len(fields) > 5 and fields[5] else {}),
        }
    return found
