"""Where an allele lies among exons and introns, and which splice sites it hits.

An acceptor counts as hit only where no place of the allele leaves the two bases before the exon
intact; a donor, where its most 3' place does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from varmio.interpret.hgvs import BaseAt, Change, Layout, earlier

SPLICE_SITE_BP = 2  # intron bases of a donor or acceptor; SO:0001575, SO:0001574
SPLICE_EXON_BP = 3  # exon bases of the splice region; SO:0001630
SPLICE_INTRON_BP = 8  # intron bases of the splice region; SO:0001630
DONOR_FIFTH = 5  # intron base, counted from the exon; SO:0001787
DONOR_REGION = (3, 6)  # first and last intron base, counted from the exon; SO:0002170
POLYPYRIMIDINE = (3, 17)  # first and last intron base, counted back from the next exon; SO:0002169
_SITES = {"splice_acceptor_variant", "splice_donor_variant"}
_NEAR_SITES = {  # said only where no site itself is hit
    "splice_region_variant",
    "splice_donor_5th_base_variant",
    "splice_donor_region_variant",
    "splice_polypyrimidine_tract_variant",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change lies among the exons and introns (indices in reading order)."""

    exons: tuple[int, ...]
    introns: tuple[int, ...]
    whole_exons: tuple[int, ...]
    terms: frozenset[str]  # splice and intron terms
    near_splice: bool  # to 8 bases into an intron, or in the last 3 bases of an exon
    distance: int
    splice_distance: int | None  # bases to the nearest exon-intron border, 1 next to it; None without introns


def _hits(change: Change, start: int, end: int) -> bool:
    """A base of [start, end) is replaced, or bases are put between two of them."""
    if change.ref:
        return change.start < end and change.end > start
    return start < change.start < end


def _names(change: Change, copied: bool, start: int, end: int) -> bool:
    """As `_hits`; a duplication also names the bases it repeats."""
    if copied and change.start - len(change.alt) < end and change.start > start:
        return True
    return _hits(change, start, end)


def locate(change: Change, where: Layout, bases: BaseAt, copied: bool) -> Place:
    """Exons and introns that a change touches, and its splice and intron terms.

    `copied`: the change is a duplication.
    """
    exons = where.exons
    low = max(where.exon_at(change.start) - 1, 0)
    high = min(where.exon_at(change.end) + 1, len(exons) - 1)
    terms: set[str] = set()
    introns: list[int] = []
    near = False
    for index in range(low, high):
        start, end = exons[index][1], exons[index + 1][0]
        near = _splice_terms(change, start, end, bases, copied, terms) or near
        if _hits(change, start, end):
            introns.append(index)
    if _SITES & terms:
        terms -= _NEAR_SITES
    touched = [i for i in range(low, high + 1) if _in_exon(change, *exons[i])]
    whole = [i for i in touched if change.start <= exons[i][0] and exons[i][1] <= change.end]
    if not change.ref:
        whole = []
    distance = min(_distance(change, *exons[i]) for i in range(low, high + 1))
    borders = [b for i in range(low, high) for b in (exons[i][1], exons[i + 1][0])]
    border = min((_to_border(change, at) for at in borders), default=None)
    return Place(tuple(touched), tuple(introns), tuple(whole), frozenset(terms), near, distance, border)


def _to_border(change: Change, border: int) -> int:
    """Bases from a change to the border between two bases; 0 where it reaches over it."""
    if change.start < border < change.end:
        return 0
    return change.start - border + 1 if change.start >= border else border - max(change.end - 1, change.start)


def _hits_acceptor(change: Change, end: int, bases: BaseAt) -> bool:
    """No place of the allele leaves the last two bases of an intron as they are."""
    place: Change | None = change
    while place is not None and _hits(place, end - SPLICE_SITE_BP, end):
        place = earlier(place, bases)
    return place is None


def _splice_terms(change: Change, start: int, end: int, bases: BaseAt, copied: bool, terms: set[str]) -> bool:
    """Adds the terms of one intron [start, end); True where a base near its ends is hit."""
    if _hits(change, start, start + SPLICE_SITE_BP):
        terms.add("splice_donor_variant")
    if _hits_acceptor(change, end, bases):
        terms.add("splice_acceptor_variant")
    donor_side = _names(change, copied, start - SPLICE_EXON_BP, start + SPLICE_INTRON_BP)
    near = donor_side or _names(change, copied, end - SPLICE_INTRON_BP, end)
    if near or _names(change, copied, end, end + SPLICE_EXON_BP):
        terms.add("splice_region_variant")
    if _hits(change, start + DONOR_FIFTH - 1, start + DONOR_FIFTH):
        terms.add("splice_donor_5th_base_variant")
    if _hits(change, start + DONOR_REGION[0] - 1, start + DONOR_REGION[1]):
        terms.add("splice_donor_region_variant")
    if _hits(change, end - POLYPYRIMIDINE[1], end - POLYPYRIMIDINE[0] + 1):
        terms.add("splice_polypyrimidine_tract_variant")
    inner = start + SPLICE_SITE_BP, end - SPLICE_SITE_BP
    if _hits(change, *inner) or (not change.ref and change.start in inner):
        terms.add("intron_variant")
    return near


def _in_exon(change: Change, start: int, end: int) -> bool:
    """Insertions at an exon's edge belong to it: the splice site beyond stays as it was."""
    return _hits(change, start, end) or (not change.ref and change.start in (start, end))


def _distance(change: Change, start: int, end: int) -> int:
    if change.ref:
        return max(start - change.end + 1, change.start - end + 1, 0)
    return max(start - change.start, change.start - end, 0)
