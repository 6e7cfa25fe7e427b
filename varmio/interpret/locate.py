"""From a c. name back to the allele: the inverse of naming, for names found in the literature."""

from __future__ import annotations

import re

from varmio.interpret.hgvs import Layout, layout, reverse_complement
from varmio.interpret.normalize import normalize
from varmio.model import KnownSequence, Transcript, Variant

_POINT = r"[*-]?\d+(?:[+-]\d+)?"
_NAME = re.compile(rf"(?:c\.)?({_POINT})(?:_({_POINT}))?(=|del|dup|inv|ins|delins|[ACGT]>)([ACGT]*)")
_PLACE = re.compile(r"(\*|-)?(\d+)([+-]\d+)?")


def allele(name: str, transcript: Transcript, sequence: KnownSequence) -> Variant | None:
    """The normalised allele of a name such as "c.415_416delAG"; None where it cannot be known.

    None: another kind of name, a place outside the transcript, bases that are not known, or bases
    in the name that are not those of the sequence.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    first, last, kind, bases = found.groups()
    where = layout(transcript)
    start, end = _position(first, where), _position(last or first, where)
    if start is None or end is None or start > end:
        return None
    change = _change(start, end + 1, kind, bases, transcript, sequence)
    return None if change is None else _variant(*change, transcript, sequence)


def _position(text: str, where: Layout) -> int | None:
    """Reading-direction position of a c. number, where the transcript holds it."""
    sign, number, offset = _PLACE.fullmatch(text).groups()  # type: ignore[union-attr]
    coding = {None: int(number) - 1, "-": -int(number), "*": where.coding_length + int(number) - 1}[sign]
    if not 0 <= coding + where.coding_start < where.length:
        return None
    position = where.genome(coding) + int(offset or 0)
    return position if where.label(position) == text else None


def _change(
    start: int, end: int, kind: str, bases: str, transcript: Transcript, sequence: KnownSequence
) -> tuple[int, int, str] | None:
    """(start, end, bases put there instead) in reading direction."""
    if kind == "ins":
        return (start + 1, start + 1, bases) if end == start + 2 and bases else None
    low, high = (start, end) if transcript.strand == 1 else (-end, -start)
    here = sequence.bases(transcript.contig, low, high)
    if here is None:
        return None
    here = here if transcript.strand == 1 else reverse_complement(here)
    if kind in ("del", "dup"):
        if bases not in ("", here):
            return None
        return (start, end, "") if kind == "del" else (end, end, here)
    if kind.endswith(">"):
        return (start, end, bases) if kind[0] == here and len(bases) == 1 else None
    if kind == "inv":
        return (start, end, reverse_complement(here))
    return (start, end, bases) if kind == "delins" and bases else None


def _variant(start: int, end: int, put: str, transcript: Transcript, sequence: KnownSequence) -> Variant | None:
    """The allele as VCF writes it: on the plus strand, with the base to its left."""
    low, high = start, end
    if transcript.strand == -1:
        low, high, put = -end, -start, reverse_complement(put)
    ref = sequence.bases(transcript.contig, low - 1, high)
    if ref is not None:
        return normalize(Variant(transcript.contig, low, ref, ref[0] + put), sequence)
    ref = sequence.bases(transcript.contig, low, high)
    if ref and put:
        return normalize(Variant(transcript.contig, low + 1, ref, put), sequence)
    return None
