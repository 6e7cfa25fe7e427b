"""Exons without reads in one sample alone: lost, or missed by the capture; nothing here tells which.

Never called where GC content makes failing likely, nor in a sample that is read thinly.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import groupby

from varmio.interpret.depth_exons import (
    MIN_SHARED_EXONS,
    READ_BP,
    STRAY_READS,
    SURE_READS,
    as_loss,
    elsewhere,
    named,
    of_transcripts,
    sound,
    usual_copies,
)
from varmio.model import ExonDepth, ExonLoss, ExonRegion, Sex

NO_READS = (
    0.03  # share of the sample's median depth over an exon that has none; twice it for a stray or two; own choice
)
COVERED = 10.0  # reads a base of the exons beside it; Karczewski 2020, PMID 32461654
MIN_MEDIAN = 20.0  # reads a base: a sample that is read less deeply shows nothing; own choice
MIN_COVERED = 0.8  # share of the panel's exons that must be covered; own choice
FAILED_OR_LOST = "Without controls of the same kit a lost exon and one that the capture missed look alike."


def losses(exons: Sequence[ExonDepth], sex: Sex | None) -> list[ExonLoss]:
    """Stretches of exons without reads between covered ones, always with the doubt that the capture missed them."""
    means = [e.mean for e in exons if e.mean is not None]
    if len(means) < MIN_SHARED_EXONS or sum(m >= COVERED for m in means) < MIN_COVERED * len(means):
        return []
    return [
        _loss(lost, of_transcript, sex)
        for of_transcript, lost in _stretches(exons)
        if any(sound(e) for e in lost) and _beside_covered(of_transcript, lost)
    ]


def without_reads(exons: Sequence[ExonDepth]) -> list[ExonRegion]:
    """Every exon without reads, in a sample that is read deeply enough to tell."""
    return [e.region for _, stretch in _stretches(exons) for e in stretch]


def _stretches(exons: Sequence[ExonDepth]) -> Iterator[tuple[list[ExonDepth], list[ExonDepth]]]:
    """The known exons of a transcript, and each stretch of neighbours among them that lack reads."""
    known = [e for e in exons if e.mean is not None]
    middle = statistics.median(e.mean or 0.0 for e in known) if known else 0.0
    if middle < MIN_MEDIAN:
        return
    for indices in of_transcripts(known):
        of_transcript = [known[i] for i in indices]
        for lacking, group in groupby(of_transcript, key=lambda e: _lacks_reads(e, middle)):
            if lacking:
                yield of_transcript, list(group)


def _lacks_reads(exon: ExonDepth, middle: float) -> bool:
    """Whether an exon that the kit aims at holds no more than strays, where the sample's usual depth is `middle`.

    By its depth, or by so few reads where many were to be expected.
    """
    if exon.targeted is False or elsewhere(exon):
        return False
    mean, reads = exon.mean or 0.0, exon.region.length / READ_BP
    few = mean * reads <= STRAY_READS and middle * reads >= SURE_READS and mean <= 2 * NO_READS * middle
    return mean <= NO_READS * middle or few


def _beside_covered(exons: list[ExonDepth], lost: list[ExonDepth]) -> bool:
    """Whether the nearest exons on both sides, as far as there are any, are covered."""
    first, last = exons.index(lost[0]), exons.index(lost[-1])
    beside = [exons[k] for k in (first - 1, last + 1) if 0 <= k < len(exons)]
    return all((e.mean or 0.0) >= COVERED for e in beside)


def _loss(lost: list[ExonDepth], exons: list[ExonDepth], sex: Sex | None) -> ExonLoss:
    beside = "every exon of the gene is without reads" if len(lost) == len(exons) else "the exons beside are covered"
    reason = f"{named(lost)} of {lost[0].region.transcript} without usable reads; {beside}."
    return as_loss(lost, 0, usual_copies(lost[0], sex), 0.0, None, (FAILED_OR_LOST,), (reason,))
