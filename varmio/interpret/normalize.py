"""One allele, one key: trimming, left alignment, and the same allele on the other assembly."""

from __future__ import annotations

from bisect import bisect_right

from varmio.model import KnownSequence, Transcript, Variant

MAX_CARRY_BP = 50  # bases beside an exon where introns of both assemblies are taken as equal; DESIGN 4


def trimmed(variant: Variant) -> tuple[int, str, str]:
    """(start, ref, alt) without common suffix, then prefix, and without anchor; start 0-based.

    >>> trimmed(Variant("6", 108385489, "ACT", "A"))
    (108385489, 'CT', '')
    """
    ref, alt = variant.ref, variant.alt
    suffix = _common(ref[::-1], alt[::-1]) if ref[-1:] == alt[-1:] else 0
    ref, alt = ref[: len(ref) - suffix], alt[: len(alt) - suffix]
    prefix = _common(ref, alt) if ref[:1] == alt[:1] else 0
    return variant.start + prefix, ref[prefix:], alt[prefix:]


def _common(one: str, other: str) -> int:
    """Length of the common prefix."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    return next(i for i in range(shorter) if one[i] != other[i])


def normalize(variant: Variant, sequence: KnownSequence) -> Variant:
    """Suffix trimmed, then prefix, one anchor base kept, left-aligned while the bases are known.

    Tan, Abecasis & Kang 2015 (doi 10.1093/bioinformatics/btv112), stopping where sequence ends.
    """
    if len(variant.ref) == len(variant.alt) == 1:
        return variant
    start, ref, alt = trimmed(variant)
    if ref and alt:
        return Variant(variant.contig, start + 1, ref, alt)
    if not ref and not alt:
        return Variant(variant.contig, variant.pos, variant.ref[:1], variant.alt[:1])
    seq = ref or alt
    before = _base_before(variant, sequence, start)
    while before is not None and before == seq[-1]:
        seq = before + seq[:-1]
        start -= 1
        before = _base_before(variant, sequence, start)
    if before is None:
        return _anchored_right(variant, sequence, start, seq, bool(ref))
    long, short = before + seq, before
    return Variant(variant.contig, start, *((long, short) if ref else (short, long)))


def _base_before(variant: Variant, sequence: KnownSequence, start: int) -> str | None:
    """The plus-strand base left of `start`, from the record's own REF or from known sequence."""
    if variant.start < start <= variant.end:
        return variant.ref[start - 1 - variant.start]
    return sequence.bases(variant.contig, start - 1, start)


def _anchored_right(variant: Variant, sequence: KnownSequence, start: int, seq: str, deletion: bool) -> Variant:
    """No base is known to the left: the anchor stays on the right, else the record as written."""
    right = start + len(seq) if deletion else start
    if variant.start <= right < variant.end:
        anchor: str | None = variant.ref[right - variant.start]
    else:
        anchor = sequence.bases(variant.contig, right, right + 1)
    if anchor is None:
        return variant
    long, short = seq + anchor, anchor
    return Variant(variant.contig, start + 1, *((long, short) if deletion else (short, long)))


def ref_disagrees(variant: Variant, sequence: KnownSequence) -> bool | None:
    """True: a known base differs from REF. False: all are known and agree. None: not known."""
    start, end = variant.start, variant.end
    pieces = sequence.pieces.get(variant.contig, ())
    known = 0
    index = max(bisect_right(pieces, start, key=lambda piece: piece[0]) - 1, 0)
    for first, bases in pieces[index:]:
        if first >= end:
            break
        left, right = max(first, start), min(first + len(bases), end)
        if left < right:
            if bases[left - first : right - first] != variant.ref[left - start : right - start]:
                return True
            known += right - left
    return False if known == end - start else None


def carry(variant: Variant, source: Transcript, target: Transcript, sequence: KnownSequence) -> Variant | None:
    """The same allele on the assembly of `target`, normalised; None where it cannot be known.

    Moved with the exon it lies in or the nearest one within 50 bp (deeper in an intron: with both
    neighbours, where their shifts agree and the target's bases are known). `sequence` is the
    target's; a REF that disagrees with it gives None.
    """
    shift = _shift(variant, source, target)
    if shift is None:
        return None
    moved = Variant(target.contig, variant.pos + shift[0], variant.ref, variant.alt)
    disagrees = ref_disagrees(moved, sequence)
    if disagrees or (disagrees is None and shift[1]):
        return None
    return normalize(moved, sequence)


def _shift(variant: Variant, source: Transcript, target: Transcript) -> tuple[int, bool] | None:
    """(target minus source, whether only known bases can confirm it)."""
    if len(source.exons) != len(target.exons) or source.strand != target.strand:
        return None
    one, other = _edge_shift(variant.start, source, target), _edge_shift(variant.end - 1, source, target)
    return None if one is None or other is None or one[0] != other[0] else (one[0], one[1] or other[1])


def _edge_shift(position: int, source: Transcript, target: Transcript) -> tuple[int, bool] | None:
    index = bisect_right(source.exons, position, key=lambda exon: exon[0]) - 1
    neighbours = [i for i in (index, index + 1) if 0 <= i < len(source.exons)]
    nearest = min(neighbours, key=lambda i: _distance(position, source.exons[i]))
    shifts = {i: _exon_shift(source.exons[i], target.exons[i]) for i in neighbours}
    here = shifts[nearest]
    if here is None:
        return None
    if _distance(position, source.exons[nearest]) <= MAX_CARRY_BP:
        return here, False
    inside = len(neighbours) == 2 and len(set(shifts.values())) == 1
    return (here, True) if inside else None


def _exon_shift(source: tuple[int, int], target: tuple[int, int]) -> int | None:
    shift = target[0] - source[0]
    return shift if target[1] - source[1] == shift else None


def _distance(position: int, exon: tuple[int, int]) -> int:
    """Bases from a 0-based position to an exon; 0 inside."""
    return max(exon[0] - position, position - exon[1] + 1, 0)
