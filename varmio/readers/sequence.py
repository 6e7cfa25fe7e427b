"""Stretches of known bases: cut, laid over one another, spliced. A side room of reference.py and genome.py.

A piece is (start, plus-strand bases), start 0-based.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from varmio.model import KnownSequence, Transcript

_KNOWN = re.compile("[ACGT]+")
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
Piece = tuple[int, str]
Span = tuple[int, int]


def overlaid(below: KnownSequence, above: Mapping[str, Sequence[Piece]]) -> KnownSequence:
    """What is known below, with the pieces above put over it; other letters than A, C, G, T there are unknown.

    >>> overlaid(KnownSequence({"1": ((5, "AAAA"), (20, "CC"))}), {"1": [(7, "GGNG")]}).pieces
    {'1': ((5, 'AAGG'), (10, 'G'), (20, 'CC'))}
    """
    pieces: dict[str, list[Piece]] = {contig: list(of_contig) for contig, of_contig in below.pieces.items()}
    for contig, put in above.items():
        outside = _outside(pieces.get(contig, ()), joined((start, start + len(bases)) for start, bases in put))
        pieces[contig] = [*outside, *(stretch for piece in put for stretch in known(*piece))]
    return KnownSequence({contig: tuple(_touching_joined(of_contig)) for contig, of_contig in pieces.items()})


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans ascending, those that overlap or touch made one.

    >>> joined([(5, 9), (1, 3), (8, 12), (3, 4)])
    [(1, 4), (5, 12)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def known(start: int, bases: str) -> Iterator[Piece]:
    """The stretches of A, C, G and T in the bases; N and other letters are not known.

    >>> list(known(10, "ACNNGR"))
    [(10, 'AC'), (14, 'G')]
    """
    for stretch in _KNOWN.finditer(bases):
        yield start + stretch.start(), stretch.group()


def spliced(transcript: Transcript, read: Sequence[Piece]) -> str:
    """The coding sequence as these bases have it, 5' to 3'; shorter where a piece ends too soon."""
    cut = []
    for start, end in transcript.coding:
        first, bases = next(((f, b) for f, b in read if f <= start and end <= f + len(b)), (start, ""))
        cut.append(bases[start - first : end - first])
    plus = "".join(cut)
    return plus if transcript.strand == 1 else plus.translate(_COMPLEMENT)[::-1]


def _outside(pieces: Iterable[Piece], spans: Sequence[Span]) -> Iterator[Piece]:
    """What of the pieces lies in none of the spans (ascending)."""
    for start, bases in pieces:
        at, end = start, start + len(bases)
        for low, high in spans:
            if at < low < end or low <= at < high:
                if at < low:
                    yield at, bases[at - start : low - start]
                at = max(at, min(high, end))
        if at < end:
            yield at, bases[at - start :]


def _touching_joined(pieces: Iterable[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for start, bases in sorted(pieces):
        if kept and kept[-1][0] + len(kept[-1][1]) == start:
            kept[-1] = (kept[-1][0], kept[-1][1] + bases)
        else:
            kept.append((start, bases))
    return kept
