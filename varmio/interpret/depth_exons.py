"""What the rooms on missing copies share: exons by transcript, what makes one say little, and the loss they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from varmio.model import ExonDepth, ExonLoss, Sex

READ_BP = 100  # bp; own choice: short reads of 75 to 150 bp, of which one counts once an exon
MIN_EXPECTED = 3.0  # reads a base; own choice: below it a lost copy and chance look alike
MIN_SHARED_EXONS = 40  # exons; own choice: fewer give no scale of the sample's own noise
STRAY_READS = 2  # reads; as many are no sign of a copy, however few are expected; own choice
SURE_READS = 12  # reads expected over a loss, below which none can be chance; own choice: exp(-12) a place, 440 places
SOUND_GC = (0.30, 0.70)  # share of G and C that capture and PCR keep; Benjamini 2012, PMID 22323520
SEX_CHROMOSOMES = ("X", "Y")


def of_transcripts(exons: Sequence[ExonDepth]) -> Iterable[list[int]]:
    """The indices of each transcript's exons, 5' to 3'."""
    places: dict[str, list[int]] = {}
    for i, exon in enumerate(exons):
        places.setdefault(exon.region.transcript, []).append(i)
    return [sorted(found, key=lambda i: exons[i].region.number) for found in places.values()]


def elsewhere(exon: ExonDepth) -> bool:
    """Whether reads lie here that could belong elsewhere, so that few usable ones say little."""
    return exon.unplaced is not None and exon.mean is not None and exon.unplaced > max(exon.mean, MIN_EXPECTED)


def sound(exon: ExonDepth) -> bool:
    gc = exon.region.gc
    return gc is None or SOUND_GC[0] <= gc <= SOUND_GC[1]


def usual_copies(exon: ExonDepth, sex: Sex | None) -> int:
    return 1 if exon.region.contig == "X" and sex is Sex.MALE else 2


def named(lost: list[ExonDepth]) -> str:
    first, last = lost[0].region.number, lost[-1].region.number
    return f"Exon {first}" if first == last else f"Exons {first} to {last}"


def as_loss(
    lost: list[ExonDepth],
    copies: int,
    of: int,
    ratio: float,
    score: float | None,
    doubts: tuple[str, ...],
    reasons: tuple[str, ...],
) -> ExonLoss:
    region = lost[0].region
    return ExonLoss(
        gene=region.gene,
        transcript=region.transcript,
        exons=tuple(range(lost[0].region.number, lost[-1].region.number + 1)),
        contig=region.contig,
        start=min(e.region.start for e in lost),
        end=max(e.region.end for e in lost),
        copies=copies,
        of=of,
        ratio=round(ratio, 3),
        score=None if score is None else round(score, 1),
        doubts=doubts,
        reasons=reasons,
    )
