"""One record line of a VCF: columns checked, genotype read, nothing guessed. A side room of vcf.py."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from varmio.model import Genotype

PRIMARY = frozenset([*map(str, range(1, 23)), "X", "Y", "MT"])
MAX_POS_DIGITS = 12  # a longer POS is no place on any genome
SHORT = 8  # bases of REF and ALT together; few enough kinds of record to count like with like

_BASES = re.compile(r"[ACGTNRYKMSWBDHV]+", re.IGNORECASE | re.ASCII)  # IUPAC codes stay as they are
_BREAKEND = re.compile(r"[A-Za-z.]*[\[\]][^\[\]]+[\[\]][A-Za-z.]*|\.[A-Za-z]+|[A-Za-z]+\.")
_GT = re.compile(r"[/|]?(?:\d{1,7}|\.)(?:[/|](?:\d{1,7}|\.))*", re.ASCII)
_END = re.compile(r"(?:^|;)END=(\d{1,12})(?=;|$)", re.ASCII)
_SVLEN = re.compile(r"(?:^|;)SVLEN=-?(\d{1,12})(?=[;,]|$)", re.ASCII)
_FLOAT = re.compile(r"\d{1,9}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)

_ONLY_BASES = {"bases"}

Alleles = tuple[int | None, ...]


@lru_cache(maxsize=4096)
def plain_contig(name: str) -> str:
    """The contig without chr: 1..22, X, Y, MT; any other name as it is written.

    >>> [plain_contig(n) for n in ("chr6", "X", "chrM", "chrx", "GL000207.1")]
    ['6', 'X', 'MT', 'X', 'GL000207.1']
    """
    bare = (name[3:] if name[:3].lower() == "chr" else name).upper()
    bare = "MT" if bare == "M" else bare
    return bare if bare in PRIMARY else name


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
    ref, alts, kinds = _alleles(columns[3], columns[4])
    if not ref:
        return "REF is not bases"
    if "" in kinds:
        return "ALT is neither bases nor a symbol"
    gt = _gt_of(columns[8], columns[column])
    called = parse_gt(gt) if gt else ((), False)
    if called is None:
        return "GT is not a genotype"
    if max(filter(None, called[0]), default=0) > len(alts):
        return "GT names an allele that ALT does not have"
    structural, end = False, pos - 1 + len(ref)
    if set(kinds) != _ONLY_BASES:
        info = columns[7]
        structural = "symbolic" in kinds or "breakend" in kinds or (not alts and "SVTYPE=" in info)
        end = max(end, _stated_end(pos, kinds, info))
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


@lru_cache(maxsize=1024)
def _alleles(ref: str, alt: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """REF in upper case ('' where it is not bases), ALT split, and the kind of each ALT."""
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


def _stated_end(pos: int, kinds: tuple[str, ...], info: str) -> int:
    """0-based end by INFO/END, else SVLEN, of a reference block or a symbolic allele; 0 where not stated."""
    if "symbolic" in kinds or all(kind == "reference" for kind in kinds):
        if found := _END.search(info):
            return int(found[1])
        if found := _SVLEN.search(info):
            return pos + int(found[1])
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
    return alleles, "|" in text and "/" not in text


def _gt_of(layout: str, sample: str) -> str:
    """The GT text of a sample column; '' without one."""
    return sample.partition(":")[0] if layout[:3] in ("GT", "GT:") else _fields(layout, sample).get("GT", "")


def _fields(layout: str, sample: str) -> dict[str, str]:
    """FORMAT key -> value; trailing values may be dropped (VCF spec 1.6.2); of a repeated key the first counts."""
    pairs = list(zip(layout.split(":"), sample.split(":"), strict=False))
    return dict(reversed(pairs))


def genotype(line: Line) -> Genotype:
    """The sample's column of a record.

    Depth is DP, else the sum of AD; allele depths are AD, else RO and AO. Phase set is PS, else PID
    (with PGT as the alleles that count within it). A column without GT has no alleles.
    """
    fields = _fields(line.layout, line.sample)
    called = parse_gt(line.gt) or ((), False)
    depths = _allele_depths(fields, len(line.alts))
    depth = _whole(fields.get("DP"))
    if depth is None and depths is not None and None not in depths:
        depth = sum(d for d in depths if d is not None)
    phase_set, phased_alleles = _phase(fields, called)
    return Genotype(
        text=line.gt or ".",
        alleles=called[0],
        phased=called[1],
        phase_set=phase_set,
        phased_alleles=phased_alleles,
        depth=depth,
        allele_depths=depths,
        quality=_number(fields.get("GQ")),
        filters=tuple(f for f in fields.get("FT", ".").split(";") if f not in ("", ".", "PASS")),
    )


def _allele_depths(fields: dict[str, str], n_alts: int) -> Alleles | None:
    """Reads per allele, REF first; None where no value is given or their number is not that of the alleles."""
    values = fields.get("AD", ".").split(",")
    if values == ["."] and "AO" in fields:
        values = [fields.get("RO", "."), *fields["AO"].split(",")]
    depths = tuple(_whole(v) for v in values)
    return depths if len(depths) == n_alts + 1 and any(d is not None for d in depths) else None


def _phase(fields: dict[str, str], called: tuple[Alleles, bool]) -> tuple[str | None, Alleles | None]:
    if (phase_set := fields.get("PS", ".")) not in (".", ""):
        return phase_set, called[0] if called[1] else None
    pgt = parse_gt(fields.get("PGT", "."))
    if (phase_set := fields.get("PID", ".")) not in (".", "") and pgt and pgt[1]:
        return phase_set, pgt[0]
    return None, None


def _whole(text: str | None) -> int | None:
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None


def _number(text: str | None) -> float | None:
    return float(text) if text and _FLOAT.fullmatch(text) else None
