"""Where exons stand in a drawing of a gene: 5' to 3', introns as short gaps, in percent of the drawing's width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

INTRONS = 30.0  # percent that all introns take at most
EVERY = 12  # exons, up to which each number is written below


def placed(sizes: Sequence[float], intron: float) -> list[tuple[float, float]]:
    """(x, width) of each exon, as wide as its size; an intron takes `intron` percent, less where there are many."""
    gap = min(intron, INTRONS / len(sizes))
    scale = (100 - gap * (len(sizes) - 1)) / sum(sizes)
    found, at = [], 0.0
    for size in sizes:
        found.append((at, size * scale))
        at += size * scale + gap
    return found


def reads_forward(exons: Sequence[dict[str, Any]]) -> bool:
    """Whether the transcript reads along the genome; exons of case.json, by number."""
    return len(exons) < 2 or bool(exons[0]["start"] < exons[-1]["start"])


def number_below(number: int, exons: int) -> str:
    """The number to write below an exon, '' for most where there are many."""
    return str(number) if exons <= EVERY or number % 5 == 0 else ""
