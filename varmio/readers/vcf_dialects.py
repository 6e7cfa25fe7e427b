"""What callers write in the sample's column -> depth, reads per allele, genotype quality. Side room of vcf.py.

Every caller's fields are read in the one order of the tables below; docs/input.md shows them by caller.
A value that is missing, or whose shape is not the one said here, is None: nothing is guessed.
INFO is never read for any of this: its DP, DP4 and AF are sums over samples, or a population's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Fields = Mapping[str, str]  # FORMAT key -> value
Reads = tuple[int | None, ...]  # per allele, REF first

DEPTH = ("FDP", "DP", "DPI", "NR")  # FDP before DP: Ion Torrent calls from the flow-corrected reads
BLOCK_DEPTH = ("MIN_DP", *DEPTH)  # of a gVCF block: its worst base, not its mean
LAST_DEPTH = ("MIN_DP",)  # after the sum of the reads per allele
QUALITY = ("GQ", "GQX")
REFERENCE_QUALITY = (*QUALITY, "RGQ")  # RGQ: GATK, of a genotype without alternate allele
FRACTION = ("VAF", "AF", "FREQ")  # share of the reads, per ALT; used only where reads per allele are not given

_FLOAT = re.compile(r"\d{1,9}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)


def whole(text: str | None) -> int | None:
    """A count, or None where the text is none."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None


def number(text: str | None) -> float | None:
    """A number that is not negative, or None."""
    return float(text) if text and _FLOAT.fullmatch(text) else None


def _listed(fields: Fields, name: str) -> Reads:
    return tuple(whole(v) for v in fields.get(name, ".").split(","))


# --------------------------------------------------------------------------- reads per allele


def _ref_and_alt(fields: Fields, n_alts: int) -> Reads | None:
    """VarScan: RD is REF's reads, AD the one ALT's."""
    ref, alt = _listed(fields, "RD"), _listed(fields, "AD")
    return (*ref, *alt)[: n_alts + 1] if len(ref) == len(alt) == 1 and n_alts < 2 else None


def _per_allele(fields: Fields, n_alts: int) -> Reads | None:
    return None if "RD" in fields and n_alts == 0 else _listed(fields, "AD")


def _local(fields: Fields, n_alts: int) -> Reads | None:
    """VCF 4.5: LAD counts REF and the ALTs that LAA lists; the others are not counted."""
    local = [] if fields.get("LAA", ".") == "." else [*_listed(fields, "LAA")]
    depths = _listed(fields, "LAD")
    if len(depths) != len(local) + 1 or not set(local) <= set(range(1, n_alts + 1)) or len(set(local)) != len(local):
        return None
    counted = dict(zip([0, *local], depths, strict=True))
    return tuple(counted.get(allele) for allele in range(n_alts + 1))


def _ref_then_alts(ref: str, alts: str) -> Callable[[Fields, int], Reads]:
    def found(fields: Fields, _: int) -> Reads:
        return whole(fields.get(ref)), *_listed(fields, alts)

    return found


def _strands(fields: Fields, n_alts: int) -> Reads | None:
    """REF forward, REF reverse, ALT forward, ALT reverse: of two alleles only."""
    strands = _listed(fields, "DP4")
    if len(strands) != 4 or n_alts != 1:
        return None
    known = [count for count in strands if count is not None]
    return (sum(known[:2]), sum(known[2:])) if len(known) == 4 else None


# name in docs/input.md -> the field that must be there, how to read it; the first that has a number for each
# allele, or '.', and not only '.', is taken
READS: dict[str, tuple[str, Callable[[Fields, int], Reads | None]]] = {
    "RD + AD": ("RD", _ref_and_alt),
    "AD": ("AD", _per_allele),
    "LAD by LAA": ("LAD", _local),
    "FRO + FAO": ("FAO", _ref_then_alts("FRO", "FAO")),
    "RO + AO": ("AO", _ref_then_alts("RO", "AO")),
    "DP4": ("DP4", _strands),
    "NV": ("NV", _ref_then_alts("", "NV")),  # Platypus counts no REF; the share is taken of the depth
}


def allele_reads(fields: Fields, n_alts: int) -> Reads | None:
    """Reads per allele, REF first; None where no field gives them in a shape that fits the alleles.

    >>> allele_reads({"AD": "12,15"}, 1), allele_reads({"RD": "12", "AD": "15"}, 1), allele_reads({"AD": "15"}, 1)
    ((12, 15), (12, 15), None)
    """
    for key, way in READS.values():
        found = way(fields, n_alts) if key in fields else None
        if found is not None and len(found) == n_alts + 1 and any(count is not None for count in found):
            return found
    return None


# --------------------------------------------------------------------------- the others


def depth(fields: Fields, reads: Reads | None, block: bool) -> int | None:
    """Reads at the place: a depth field, else the sum of the reads per allele; None where neither is whole."""
    for name in BLOCK_DEPTH if block else DEPTH:
        if name in fields and (found := _alike(fields[name]) if name == "NR" else whole(fields[name])) is not None:
            return found
    if reads is not None and None not in reads:
        return sum(count for count in reads if count is not None)
    return next((found for name in LAST_DEPTH if (found := whole(fields.get(name))) is not None), None)


def _alike(text: str) -> int | None:
    """Platypus writes NR for each ALT; the one number that they share."""
    said = set(text.split(","))
    return whole(said.pop()) if len(said) == 1 else None


def quality(fields: Fields, alleles: tuple[int | None, ...]) -> float | None:
    """Phred-scaled genotype quality; never worked out from likelihoods."""
    names = REFERENCE_QUALITY if set(alleles) == {0} else QUALITY
    return next((found for name in names if (found := number(fields.get(name))) is not None), None)


def alt_fraction(fields: Fields, n_alts: int) -> tuple[float | None, ...] | None:
    """Share of the reads that carry each ALT, 0 to 1; None where no field gives it for each of them.

    >>> alt_fraction({"VAF": "0.48,0.5"}, 2), alt_fraction({"FREQ": "45.3%"}, 1), alt_fraction({"AF": "1.2"}, 1)
    ((0.48, 0.5), (0.453,), None)
    """
    for name in FRACTION:
        if name not in fields:
            continue
        found = tuple(map(_percent if name == "FREQ" else number, fields[name].split(",")))
        fits = len(found) == n_alts and all(share is None or share <= 1 for share in found)
        if fits and any(share is not None for share in found):
            return found
    return None


def _percent(text: str) -> float | None:
    found = number(text.removesuffix("%")) if text.endswith("%") else None
    return None if found is None else round(found / 100, 6)
