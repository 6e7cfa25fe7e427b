"""Depths of bases -> depth of an exon. A side room of coverage.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from varmio.model import ExonDepth, ExonRegion

CALLABLE_DEPTH = 10  # usable reads; high-quality genotypes of gnomAD, Karczewski 2020, PMID 32461654

Piece = tuple[int, int, float | None]  # start, end, depth; None: said to be unusable, whatever its depth


def of_bases(region: ExonRegion, depths: Sequence[int], unplaced: int | None = None) -> ExonDepth:
    """The exon from the depth of each of its bases; unplaced: bases of reads that could belong elsewhere."""
    low = min(depths) < CALLABLE_DEPTH
    gaps = _gaps(region.start, [depth >= CALLABLE_DEPTH for depth in depths]) if low else ()
    return ExonDepth(
        region=region,
        mean=round(sum(depths) / len(depths), 2),
        callable_bases=len(depths) - sum(end - start for start, end in gaps),
        gaps=gaps,
        unplaced=None if unplaced is None else round(unplaced / len(depths), 2),
    )


def of_pieces(region: ExonRegion, pieces: Iterable[Piece], threshold: float = CALLABLE_DEPTH) -> ExonDepth:
    """The exon from stretches of equal depth, of any order; where two overlap, the lower depth counts.

    A base that no piece speaks of is a gap; `mean` is over the others, None where there are none.
    """
    length = region.length
    depths: list[float | None] = [None] * length
    usable = [True] * length
    for start, end, depth in pieces:
        for at in range(max(start, region.start) - region.start, min(end, region.end) - region.start):
            if depth is None:
                usable[at] = False
                continue
            before = depths[at]
            depths[at] = depth if before is None else min(before, depth)
    known = [depth for depth in depths if depth is not None]
    gaps = _gaps(region.start, [d is not None and d >= threshold and ok for d, ok in zip(depths, usable, strict=True)])
    return ExonDepth(
        region=region,
        mean=round(sum(known) / len(known), 2) if known else None,
        callable_bases=length - sum(end - start for start, end in gaps),
        gaps=gaps,
        observed=round(len(known) / length, 3),
    )


def _gaps(start: int, callable_: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """The stretches that are not callable, [start, end)."""
    found: list[tuple[int, int]] = []
    for at, good in enumerate(callable_, start):
        if good:
            continue
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return tuple(found)
