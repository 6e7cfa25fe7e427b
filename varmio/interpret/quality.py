"""Whether a call can be leaned on: FILTER, depth, genotype quality, allele balance, unique region."""

from __future__ import annotations

from typing import Any

from varmio.model import Allele, CallQuality, CallState, Zygosity

_GNOMAD = "high-quality genotypes of gnomAD: Karczewski 2020, PMID 32461654"

MIN_DEPTH = 10  # reads; Karczewski 2020, PMID 32461654
MIN_GENOTYPE_QUALITY = 20  # phred; Karczewski 2020, PMID 32461654
MIN_HET_BALANCE = 0.20  # share of reads with the allele; Karczewski 2020, PMID 32461654
MAX_HET_BALANCE = 0.80  # share; its mirror image, own choice: beyond it the call looks homozygous
MIN_HOM_BALANCE = 0.85  # share; own choice: three reference reads in twenty are more than base errors explain


def constants() -> list[dict[str, Any]]:
    """The gates for the methods section: name, value, unit, source."""
    rows: list[tuple[str, float, str, str]] = [
        ("MIN_DEPTH", MIN_DEPTH, "reads", _GNOMAD),
        ("MIN_GENOTYPE_QUALITY", MIN_GENOTYPE_QUALITY, "phred", _GNOMAD),
        ("MIN_HET_BALANCE", MIN_HET_BALANCE, "share of reads", _GNOMAD),
        (
            "MAX_HET_BALANCE",
            MAX_HET_BALANCE,
            "share of reads",
            "varmio's own choice: the mirror image of the lower bound",
        ),
        (
            "MIN_HOM_BALANCE",
            MIN_HOM_BALANCE,
            "share of reads",
            "varmio's own choice: above the bound of a heterozygote",
        ),
    ]
    return [dict(zip(("name", "value", "unit", "source"), row, strict=True)) for row in rows]


def call_quality(allele: Allele, not_unique_reason: str | None) -> CallQuality:
    """The state of a call with every reason, failed gates first.

        any gate failed, a doubt, or a partial genotype   doubtful
        else neither depth nor genotype quality given     not_assessable
        else                                              solid

    A gate whose field is absent is skipped and named. not_unique_reason: why reads of this exon may
    belong to a copy elsewhere in the genome; None where they do not.
    """
    failed = [*allele.doubts]
    if allele.zygosity is Zygosity.PARTIAL and not failed:
        failed.append(f"Only part of the genotype is called ({allele.record.genotype.text}).")
    if allele.zygosity is Zygosity.MOSAIC_SUSPECTED and not failed:
        failed.append("The call may be a mosaic.")
    skipped: list[str] = []
    for bad, absent in (_filter(allele), _depth(allele), _genotype_quality(allele), _balance(allele)):
        failed += [bad] if bad else []
        skipped += [absent] if absent else []
    if not_unique_reason:
        failed.append(not_unique_reason)
    call = allele.record.genotype
    if failed:
        return CallQuality(CallState.DOUBTFUL, (*failed, *skipped))
    blind = call.depth is None and call.quality is None
    return CallQuality(CallState.NOT_ASSESSABLE if blind else CallState.SOLID, tuple(skipped))


_Gate = tuple[str | None, str | None]  # why it failed, what was absent


def _filter(allele: Allele) -> _Gate:
    names = [f for f in allele.record.filters if f not in ("PASS", ".")]
    names += [f for f in allele.record.genotype.filters if f not in names]
    return (f"FILTER is {', '.join(names)}, not PASS." if names else None), None


def _depth(allele: Allele) -> _Gate:
    depth = allele.record.genotype.depth
    if depth is None:
        return None, "No depth in the file: that gate was skipped."
    if depth < MIN_DEPTH:
        return f"Depth {depth} is below {MIN_DEPTH}.", None
    counted = [n for n in allele.record.genotype.allele_depths or () if n is not None]
    known = len(counted) == len(allele.record.alts) + 1
    if known and sum(counted) < MIN_DEPTH:  # DP counts reads that the caller then set aside
        return f"Of {depth} reads only {sum(counted)} are counted for an allele, below {MIN_DEPTH}.", None
    return None, None


def _genotype_quality(allele: Allele) -> _Gate:
    quality = allele.record.genotype.quality
    if quality is None:
        return None, "No genotype quality (GQ) in the file: that gate was skipped."
    low = quality < MIN_GENOTYPE_QUALITY
    return (f"Genotype quality {quality:g} is below {MIN_GENOTYPE_QUALITY}." if low else None), None


def _balance(allele: Allele) -> _Gate:
    share = allele_balance(allele)
    if share is None:
        return None, "No reads per allele in the file: the allele-balance gate was skipped."
    if allele.zygosity is Zygosity.HETEROZYGOUS and not MIN_HET_BALANCE <= share <= MAX_HET_BALANCE:
        return (
            f"{share:.1%} of the reads carry the allele; a heterozygous call needs {MIN_HET_BALANCE:.0%} "
            f"to {MAX_HET_BALANCE:.0%}."
        ), None
    if allele.zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS) and share < MIN_HOM_BALANCE:
        return (
            f"{share:.1%} of the reads carry the allele; a {allele.zygosity} call needs {MIN_HOM_BALANCE:.0%}."
        ), None
    return None, None


def allele_balance(allele: Allele) -> float | None:
    """Share of the reads that carry the allele; None if not given.

    Of all allele depths, else of the depth; else the share that the caller itself wrote (VAF, AF, FREQ).
    """
    call = allele.record.genotype
    counted = _counted_balance(call.allele_depths, call.depth, allele.allele_number)
    written = call.alt_fraction
    if counted is not None or written is None or allele.allele_number > len(written):
        return counted
    return written[allele.allele_number - 1]


def _counted_balance(depths: tuple[int | None, ...] | None, depth: int | None, number: int) -> float | None:
    if depths is None or number >= len(depths):
        return None
    own = depths[number]
    if own is None:
        return None
    known = [d for d in depths if d is not None]
    total = sum(known) if len(known) == len(depths) else max(depth or 0, sum(known) if depth else 0)
    return own / total if total else None
