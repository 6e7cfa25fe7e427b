"""HGVS names of DNA: positions of a transcript, the 3' rule, c. and g. names.

Work is done in reading direction: on the minus strand position p becomes -1 - p and bases are
complemented, so that a transcript always ascends and one rule serves both strands.
HGVS recommendations for DNA (hgvs-nomenclature.org): substitution, deletion, inversion,
duplication, insertion, in this order; the most 3' position of a deletion, duplication or insertion.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from varmio.interpret.normalize import trimmed
from varmio.model import KnownSequence, Transcript, Variant

_COMPLEMENT = str.maketrans("ACGT", "TGCA")

BaseAt = Callable[[int, int], str | None]  # bases of [start, end) in reading direction, None unknown


def reverse_complement(bases: str) -> str:
    return bases.translate(_COMPLEMENT)[::-1]


@dataclass(frozen=True, slots=True)
class Change:
    """One allele in reading direction: `ref` at [start, end) becomes `alt`; no shared ends."""

    start: int
    ref: str
    alt: str
    decided: bool = True  # False: it could lie further 3', through bases that are not known

    @property
    def end(self) -> int:
        return self.start + len(self.ref)


@dataclass(frozen=True, slots=True)
class Layout:
    """A transcript's exons in reading direction, with the transcript position of each start."""

    strand: int
    exons: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    offsets: tuple[int, ...]  # transcript position of each exon's first base
    coding_start: int  # transcript position of c.1
    coding_length: int

    def exon_at(self, position: int) -> int:
        """Index of the last exon that starts at or before the position; -1 before the first."""
        return bisect_right(self.starts, position) - 1

    def transcript_position(self, position: int) -> int | None:
        """0-based position in the spliced transcript, None outside exons."""
        index = self.exon_at(position)
        if index < 0 or position >= self.exons[index][1]:
            return None
        return self.offsets[index] + position - self.exons[index][0]

    def coding_position(self, position: int) -> int | None:
        """0-based position counted from the A of the start codon (negative before it)."""
        at = self.transcript_position(position)
        return None if at is None else at - self.coding_start

    def genome(self, coding: int) -> int:
        """The inverse of `coding_position`: reading-direction position of a transcript base."""
        at = coding + self.coding_start
        index = bisect_right(self.offsets, at) - 1
        return self.exons[index][0] + at - self.offsets[index]

    def label(self, position: int) -> str | None:
        """"416", "-12", "*3", "168+14", "-5-2"; None outside the transcript."""
        index = self.exon_at(position)
        if index < 0:
            return None
        start, end = self.exons[index]
        if position < end:
            return self._number(self.offsets[index] + position - start)
        if index + 1 == len(self.exons):
            return None
        after, before = position - end + 1, self.exons[index + 1][0] - position
        if after <= before:  # the middle base of an odd intron belongs to the exon before it
            return f"{self._number(self.offsets[index] + end - start - 1)}+{after}"
        return f"{self._number(self.offsets[index + 1])}-{before}"

    def _number(self, at: int) -> str:
        number = at - self.coding_start
        if number < 0:
            return str(number)
        if number >= self.coding_length:
            return f"*{number - self.coding_length + 1}"
        return str(number + 1)


@lru_cache(maxsize=256)
def layout(transcript: Transcript) -> Layout:
    """The transcript in reading direction."""
    exons = transcript.exons
    first = transcript.cds_start
    if transcript.strand == -1:
        exons = tuple((-end, -start) for start, end in reversed(exons))
        first = -transcript.cds_end
    offsets = []
    length = 0
    coding_start = 0
    for start, end in exons:
        offsets.append(length)
        if start <= first < end:
            coding_start = length + first - start
        length += end - start
    starts = tuple(start for start, _ in exons)
    return Layout(transcript.strand, exons, starts, tuple(offsets), coding_start, len(transcript.cds))


def reader(variant: Variant, sequence: KnownSequence, strand: int) -> BaseAt:
    """Bases in reading direction, from known sequence or from the record's own REF."""
    contig, first, last = variant.contig, variant.start, variant.end

    def bases(start: int, end: int) -> str | None:
        low, high = (start, end) if strand == 1 else (-end, -start)
        if first <= low and high <= last:
            found: str | None = variant.ref[low - first : high - first]
        else:
            found = sequence.bases(contig, low, high)
        return found if found is None or strand == 1 else reverse_complement(found)

    return bases


def shifted(variant: Variant, bases: BaseAt, strand: int) -> Change:
    """The allele in reading direction, trimmed; deletions and insertions moved as far 3' as known."""
    start, ref, alt = trimmed(variant)
    if strand == -1:
        start = -(start + len(ref))
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    if bool(ref) == bool(alt):
        return Change(start, ref, alt)
    moving = ref or alt
    steps = 0
    following = bases(start + len(ref), start + len(ref) + 1)
    while following is not None and following == moving[steps % len(moving)]:
        steps += 1
        end = start + len(ref) + steps
        following = bases(end, end + 1)
    turn = steps % len(moving)
    moved = moving[turn:] + moving[:turn]
    return Change(start + steps, moved if ref else "", moved if alt else "", following is not None)


def is_duplication(change: Change, bases: BaseAt) -> bool | None:
    """True where an insertion repeats the bases before it; None where these are not known."""
    if change.ref:
        return False
    before = bases(change.start - len(change.alt), change.start)
    if before is not None:
        return before == change.alt
    known = 0  # the longest known stretch before the insertion can still say no
    for length in range(1, len(change.alt)):
        stretch = bases(change.start - length, change.start)
        if stretch is None:
            break
        known = length
        if stretch[0] != change.alt[-length]:
            return False
    return None if known < len(change.alt) else True


def coding_name(change: Change, where: Layout, bases: BaseAt) -> tuple[str | None, str | None]:
    """("c.415_416del", None), or (None, the reason why there is no name)."""
    if not change.decided:
        return None, "the allele could lie further 3', through sequence that is not at hand"
    if change.ref:
        ends = where.label(change.start), where.label(change.end - 1)
    else:
        ends = where.label(change.start - 1), where.label(change.start)
    return _name("c.", change, ends, where.label, bases)


def genomic_name(variant: Variant, transcript: Transcript, sequence: KnownSequence) -> str | None:
    """"NC_000006.12:g.108064286_108064287del", the 3' rule on the plus strand; None if undecided.

    >>> from varmio.model import Assembly
    >>> from varmio.readers.reference import load
    >>> panel = load(Assembly.GRCH38)
    >>> ostm1 = next(t for t in panel.transcripts if t.gene == "OSTM1")
    >>> genomic_name(Variant("6", 108064285, "ACT", "A"), ostm1, panel.sequence)
    'NC_000006.12:g.108064286_108064287del'
    """
    bases = reader(variant, sequence, 1)
    change = shifted(variant, bases, 1)
    if not change.decided:
        return None
    first, last = (change.start, change.end - 1) if change.ref else (change.start - 1, change.start)
    ends = str(first + 1), str(last + 1)
    name, _ = _name(f"{transcript.refseq_contig}:g.", change, ends, lambda p: str(p + 1), bases)
    return name


def _name(
    prefix: str,
    change: Change,
    ends: tuple[str | None, str | None],
    label: Callable[[int], str | None],
    bases: BaseAt,
) -> tuple[str | None, str | None]:
    first, last = ends
    if first is None or last is None:
        return None, "the allele reaches outside the transcript, where c. numbers end"
    span = first if first == last else f"{first}_{last}"
    ref, alt = change.ref, change.alt
    if ref == alt:
        return f"{prefix}{span}=", None
    if len(ref) == len(alt) == 1:
        return f"{prefix}{span}{ref}>{alt}", None
    if not alt:
        return f"{prefix}{span}del", None
    if ref:
        inverted = len(ref) == len(alt) and ref == reverse_complement(alt)
        return f"{prefix}{span}{'inv' if inverted else f'delins{alt}'}", None
    duplicated = is_duplication(change, bases)
    if duplicated is None:
        return None, "insertion or duplication: the bases before it are not at hand"
    if not duplicated:
        return f"{prefix}{span}ins{alt}", None
    first, last = label(change.start - len(alt)), label(change.start - 1)
    if first is None or last is None:
        return None, "the allele reaches outside the transcript, where c. numbers end"
    return f"{prefix}{first if first == last else f'{first}_{last}'}dup", None
