"""One record line of a VCF: columns checked, genotype read, nothing guessed. A side room of vcf.py."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from varmio.model import Genotype
from varmio.readers import vcf_dialects as dialects
from varmio.readers.vcf_contigs import plain_contig

__all__ = [
    "MAX_POS_DIGITS",
    "SHORT",
    "Line",
    "alleles_of",
    "alt_kind",
    "fields_of",
    "genotype",
    "parse_gt",
    "parse_line",
    "plain_contig",
]

MAX_POS_DIGITS = 12  # a longer POS is no place on any genome
SHORT = 8  # bases of REF and ALT together; few enough kinds of record to count like with like

_BASES = re.compile(r"[ACGTNRYKMSWBDHV]+", re.IGNORECASE | re.ASCII)  # IUPAC codes stay as they are
_BREAKEND = re.compile(
    r"[A-Za-z.]*[\[\]][^\[\]]+[\[\]][A-Za-z.]*"  # joined to another place
    r"|\.[A-Za-z]+|[A-Za-z]+\."  # joined to none that is known
    r"|[A-Za-z]+<[^<>]+>|<[^<>]+>[A-Za-z]+"  # joined to a whole contig of the file's own assembly
)
_GT = re.compile(r"[/|]?(?:\d{1,7}|\.)(?:[/|](?:\d{1,7}|\.))*", re.ASCII)
_END = re.compile(r"(?:^|;)END=(\d{1,12})(?=;|$)", re.ASCII)
_SVLEN = re.compile(r"(?:^|;)SVLEN=([-\d.,]{1,400})(?=;|$)", re.ASCII)
_ENCODED = re.compile(r"%(3A|3B|3D|25|2C|0D|0A|09)", re.IGNORECASE)  # VCF spec 1.2, the whole list

_ONLY_BASES = {"bases"}
CACHED_ALLELES = 200  # bases of REF and ALT together; longer ones would fill the cache's memory

Alleles = tuple[int | None, ...]


class Line(NamedTuple):
    """One record line, checked; `alleles` are this sample's, () where there is no GT."""

    pos: int
    ref: str  # upper case
    alts: tuple[str, ...]  # bases in upper case; () for '.'
    kinds: tuple[str, ...]  # alt_kind of each
    structural: bool  # a symbolic ALT or a breakend, or a segment of a copy-number file
    filter: str
    end: int  # 0-based
    layout: str  # FORMAT
    sample: str
    gt: str
    alleles: Alleles

    @property
    def reference_only(self) -> bool:
        """No alternate allele: a gVCF block or ALT '.'."""
        return not self.structural and all(kind == "reference" for kind in self.kinds)


def parse_line(columns: list[str], width: int, column: int) -> Line | str:
    """The record of a line split at tabs, or the reason why the line cannot be one.

    width: columns of the file; column: index of the sample's.
    """
    if len(columns) != width:
        return f"{'fewer' if len(columns) < width else 'more'} columns than the {width} of the #CHROM line"
    if not (columns[1].isascii() and columns[1].isdecimal()) or len(columns[1]) > MAX_POS_DIGITS:
        return "POS is not a number"
    pos = int(columns[1])
    ref, alts, kinds = alleles_of(columns[3], columns[4])
    if not ref:
        return "REF is not bases"
    if "" in kinds:
        return "ALT is neither bases nor a symbol"
    gt = _gt_of(columns[8], columns[column])
    called = parse_gt(gt) if gt else ((), False)
    if called is None:
        return "GT is not a genotype"
    if alts and max(filter(None, called[0]), default=0) > len(alts):  # with ALT '.' no allele is named at all
        return "GT names an allele that ALT does not have"
    structural, end = False, pos - 1 + len(ref)
    if set(kinds) != _ONLY_BASES:
        info = columns[7]
        structural = "symbolic" in kinds or "breakend" in kinds or (not alts and "SVTYPE=" in info)
        end = max(end, _stated_end(pos, alts, kinds, columns, column))
    return Line(
        pos=pos,
        ref=ref,
        alts=alts,
        kinds=kinds,
        structural=structural,
        filter=columns[6] or ".",
        end=end,
        layout=columns[8],
        sample=columns[column],
        gt=gt,
        alleles=called[0],
    )


def alleles_of(ref: str, alt: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """REF in upper case ('' where it is not bases), ALT split, and the kind of each ALT ('' where it is none)."""
    return (_alleles if len(ref) + len(alt) <= CACHED_ALLELES else _alleles.__wrapped__)(ref, alt)


@lru_cache(maxsize=1024)
def _alleles(ref: str, alt: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    texts = () if alt in (".", "") else tuple(alt.split(","))  # some callers leave ALT empty
    kinds = tuple(alt_kind(a) for a in texts)
    alts = tuple(a.upper() if k == "bases" else a for a, k in zip(texts, kinds, strict=True))
    return (ref.upper() if _BASES.fullmatch(ref) else ""), alts, kinds


def alt_kind(alt: str) -> str:
    """bases, star (deleted by another record), reference (gVCF block), symbolic, breakend, or ''.

    '' is an ALT that no version of VCF knows.

    >>> [alt_kind(a) for a in ("A", "*", "<NON_REF>", "<DEL>", "G]17:198982]", "-")]
    ['bases', 'star', 'reference', 'symbolic', 'breakend', '']
    """
    if _BASES.fullmatch(alt):
        return "bases"
    if alt == "*":
        return "star"
    if alt in ("<NON_REF>", "<*>", "<X>", "X"):  # X: "any base" of old pileup callers
        return "reference"
    if alt[:1] == "<" and alt[-1:] == ">":
        return "symbolic"
    return "breakend" if _BREAKEND.fullmatch(alt) else ""


def _stated_end(pos: int, alts: tuple[str, ...], kinds: tuple[str, ...], columns: list[str], column: int) -> int:
    """0-based end of a reference block or a symbolic allele, 0 where not stated: INFO/END, else LEN or SVLEN."""
    block = all(kind == "reference" for kind in kinds)
    if not block and "symbolic" not in kinds:
        return 0
    if found := _END.search(columns[7]):
        return int(found[1])
    if block:  # VCF 4.5: the length of a <*> block is the sample's
        return pos - 1 + (dialects.whole(fields_of(columns[8], columns[column]).get("LEN")) or 0)
    if found := _SVLEN.search(columns[7]):  # an insertion takes no room on the reference
        lengths = zip(alts, (dialects.whole(text.lstrip("-")) for text in found[1].split(",")), strict=False)
        return max((pos + length for alt, length in lengths if length and alt[:4] != "<INS"), default=0)
    return 0


# --------------------------------------------------------------------------- the sample's column


@lru_cache(maxsize=4096)
def parse_gt(text: str) -> tuple[Alleles, bool] | None:
    """Allele numbers and whether every separator is '|'; None where the text is no genotype.

    >>> parse_gt("0|1"), parse_gt("./1"), parse_gt("1"), parse_gt("0/x")
    (((0, 1), True), ((None, 1), False), ((1,), False), None)
    """
    if not _GT.fullmatch(text):
        return None
    body = text.lstrip("/|")  # VCF 4.4 allows a leading separator
    alleles = tuple(None if a == "." else int(a) for a in body.replace("|", "/").split("/"))
    return alleles, len(alleles) > 1 and "|" in text and "/" not in text  # one copy has no other to be in phase with


def _gt_of(layout: str, sample: str) -> str:
    """The GT text of a sample column; '' without one."""
    return sample.partition(":")[0] if layout[:3] in ("GT", "GT:") else fields_of(layout, sample).get("GT", "")


def fields_of(layout: str, sample: str) -> dict[str, str]:
    """FORMAT key -> value; trailing values may be dropped (VCF spec 1.6.2); of a repeated key the first counts."""
    pairs = list(zip(layout.split(":"), sample.split(":"), strict=False))
    return dict(reversed(pairs))


def genotype(line: Line) -> Genotype:
    """The sample's column of a record.

    Depth, reads per allele and quality: vcf_dialects.py. Phase set is PS, else PID (with PGT as the
    alleles that count within it). A column without GT has no alleles.
    """
    fields = fields_of(line.layout, line.sample)
    called = parse_gt(line.gt) or ((), False)
    reads = dialects.allele_reads(fields, len(line.alts))
    phase_set, phased_alleles = _phase(fields, called)
    return Genotype(
        text=line.gt or ".",
        alleles=called[0],
        phased=called[1],
        phase_set=phase_set,
        phased_alleles=phased_alleles,
        depth=dialects.depth(fields, reads, line.reference_only),
        allele_depths=reads,
        quality=dialects.quality(fields, called[0]),
        filters=tuple(_decoded(f) for f in fields.get("FT", ".").split(";") if f not in ("", ".", "PASS")),
        alt_fraction=dialects.alt_fraction(fields, len(line.alts)),
    )


def _decoded(text: str) -> str:
    """The text with the percent codes of VCF 4.3 resolved."""
    return _ENCODED.sub(lambda code: chr(int(code[1], 16)), text)


def _phase(fields: dict[str, str], called: tuple[Alleles, bool]) -> tuple[str | None, Alleles | None]:
    if (phase_set := fields.get("PS", ".")) not in (".", ""):
        return phase_set, called[0] if called[1] else None
    pgt = parse_gt(fields.get("PGT", "."))
    own = pgt is not None and pgt[1] and Counter(pgt[0]) == Counter(called[0])  # GATK writes 0|1 beside 1/1 too
    if (phase_set := fields.get("PID", ".")) not in (".", "") and pgt and own:
        return phase_set, pgt[0]
    return None, None
