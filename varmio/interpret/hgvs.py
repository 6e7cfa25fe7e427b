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

COULD_SHIFT = "the allele could lie further 3', through sequence that is not at hand"
COULD_COPY = "insertion or duplication: the bases before it are not at hand"

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
    length: int

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
        """ "416", "-12", "*3", "168+14", "-5-2"; None outside the transcript."""
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
    return Layout(transcript.strand, exons, starts, tuple(offsets), coding_start, len(transcript.cds), length)


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


def earlier(change: Change, bases: BaseAt) -> Change | None:
    """A deletion or insertion moved one base 5'; None where that would be another allele."""
    moving = change.ref or change.alt
    if bool(change.ref) == bool(change.alt) or bases(change.start - 1, change.start) != moving[-1]:
        return None
    moved = moving[-1] + moving[:-1]
    return Change(change.start - 1, moved if change.ref else "", moved if change.alt else "")


def is_duplication(change: Change, bases: BaseAt) -> bool | None:
    """True where an insertion repeats the bases before it; None where these are not known."""
    if change.ref:
        return False
    before = bases(change.start - len(change.alt), change.start)
    if before is not None:
        return before == change.alt
    for length in range(1, len(change.alt)):  # a known stretch can still say no
        stretch = bases(change.start - length, change.start)
        if stretch is None:
            break
        if stretch[0] != change.alt[-length]:
            return False
    return None


def coding_name(change: Change, where: Layout, bases: BaseAt) -> tuple[str | None, str | None]:
    """("c.415_416del", None), or (None, the reason why there is no name)."""
    if not change.decided:
        return None, COULD_SHIFT
    return _name("c.", change, where.label, bases)


def genomic_name(variant: Variant, transcript: Transcript, sequence: KnownSequence) -> str | None:
    """ "NC_000006.12:g.108064290_108064291del", the 3' rule on the plus strand; None if undecided.

    >>> from varmio.model import Assembly
    >>> from varmio.readers.reference import load
    >>> panel = load(Assembly.GRCH38)
    >>> minus = next(t for t in panel.transcripts if t.accession == "NM_014028.4")
    >>> genomic_name(Variant("6", 108064285, "ACT", "A"), minus, panel.sequence)
    'NC_000006.12:g.108064290_108064291del'
    """
    bases = reader(variant, sequence, 1)
    change = shifted(variant, bases, 1)
    if not change.decided:
        return None
    return _name(f"{transcript.refseq_contig}:g.", change, lambda position: str(position + 1), bases)[0]


def _name(
    prefix: str, change: Change, label: Callable[[int], str | None], bases: BaseAt
) -> tuple[str | None, str | None]:
    duplicated = is_duplication(change, bases)
    if duplicated is None:
        return None, COULD_COPY
    start, end = change.start, change.end
    if duplicated:
        start -= len(change.alt)
    elif not change.ref:
        start, end = start - 1, end + 1
    first, last = label(start), label(end - 1)
    if first is None or last is None:
        return None, "the allele reaches outside the transcript, where c. numbers end"
    span = first if first == last else f"{first}_{last}"
    return f"{prefix}{span}{'dup' if duplicated else _edit(change.ref, change.alt)}", None


def _edit(ref: str, alt: str) -> str:
    if ref == alt:
        return "="
    if len(ref) == len(alt) == 1:
        return f"{ref}>{alt}"
    if not alt:
        return "del"
    if not ref:
        return f"ins{alt}"
    return "inv" if len(ref) == len(alt) and ref == reverse_complement(alt) else f"delins{alt}"
