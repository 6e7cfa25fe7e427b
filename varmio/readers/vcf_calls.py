"""One call of one line as a marker: which base each copy has, reads and quality. Side room of vcf.py.

vcf_markers.py does the same for many calls at once, and says what becomes a marker.
"""

from __future__ import annotations

from typing import NamedTuple

from varmio.readers import vcf_dialects as dialects
from varmio.readers.vcf_record import Line, fields_of

MARKED = frozenset((*map(str, range(1, 23)), "X"))  # contigs that have two copies in somebody

# --------------------------------------------------------------------------- alleles as numbers

# 0 is REF. An ALT that changes one base of REF is the bit of its base, and PLACE times where in REF that is;
# any other ALT is OTHER.
BITS = {"A": 1, "C": 2, "G": 4, "T": 8}
OTHER = 16
PLACE = 32
FARTHEST = 1 << 20  # bases into REF; no REF of a changed base is written so long
NOT_CALLED = -1


def code_of(ref: str, alt: str, kind: str) -> int:
    """The number of an ALT.

    A REF that is longer only for the sake of another ALT of the line hides no changed base:

    >>> code_of("A", "G", "bases"), code_of("ACT", "ACG", "bases") - 2 * PLACE, code_of("A", "AG", "bases")
    (4, 4, 16)
    """
    if kind != "bases" or len(ref) != len(alt):
        return OTHER
    if len(ref) == 1:
        place = 0
    else:
        changed = [n for n, (r, a) in enumerate(zip(ref, alt, strict=True)) if r != a]
        place = changed[0] if len(changed) == 1 else FARTHEST
    if place >= FARTHEST or ref[place] == alt[place] or ref[place] not in BITS:
        return OTHER
    return BITS[alt[place]] + PLACE * place if alt[place] in BITS else OTHER


# --------------------------------------------------------------------------- one call


class Reads(NamedTuple):
    """What the sample's column says of a call; None where it says nothing."""

    depth: int | None
    quality: int | None
    own: float | None  # reads of the second called allele, the higher number; or a share of them
    total: float | None  # of both alleles; of a homozygous call, of all that are counted


class Call(NamedTuple):
    """A call with two copies of which one at least is no REF, at a line read by itself."""

    line: int  # number of the record
    pos: int
    first: int  # code of the allele with the lower number
    second: int
    passed: bool
    reads: Reads


def call_of(line: Line, number: int) -> Call | None:
    """The call of the sample, or None where it has not two copies, or only REF."""
    if len(line.alleles) != 2 or not any(line.alleles):
        return None
    first, second = sorted(line.alleles, key=lambda a: -1 if a is None else a)
    fields = fields_of(line.layout, line.sample)
    return Call(
        number,
        line.pos,
        _code(line, first),
        _code(line, second),
        line.filter in ("PASS", "."),
        reads_of(fields, len(line.alts), first, second),
    )


def _code(line: Line, allele: int | None) -> int:
    if allele is None:
        return NOT_CALLED
    if allele > len(line.alts):
        return OTHER  # an allele that ALT does not name
    return code_of(line.ref, line.alts[allele - 1], line.kinds[allele - 1]) if allele else 0


def reads_of(fields: dialects.Fields, n_alts: int, first: int | None, second: int | None) -> Reads:
    """Depth, quality and the reads of a call whose alleles have these numbers, first <= second."""
    alleles = (first, second)
    counts = dialects.allele_reads(fields, n_alts)
    depth = dialects.depth(fields, counts, False)
    quality = dialects.quality(fields, alleles)
    own, total = _counted(counts, depth, first, second)
    if own is None:
        own, total = _written(dialects.alt_fraction(fields, n_alts), first, second)
    return Reads(depth, None if quality is None else int(quality), own, total)


_NOTHING = (None, None)


def _counted(
    counts: dialects.Reads | None, depth: int | None, first: int | None, second: int | None
) -> tuple[float | None, float | None]:
    """Reads of the second allele and of what it is compared with; the depth stands in where REF is not counted."""
    if counts is None or second is None or second >= len(counts) or counts[second] is None:
        return _NOTHING
    own = counts[second]
    both = counts if first in (None, second) else (counts[first or 0], own)
    known = [count for count in both if count is not None]
    if len(known) == len(both):
        return own, sum(known)
    if first and first != second:
        return _NOTHING
    known = [count for count in counts if count is not None]
    return own, max(depth, sum(known)) if depth else 0


def _written(
    fractions: tuple[float | None, ...] | None, first: int | None, second: int | None
) -> tuple[float | None, float | None]:
    """The same of the shares that the caller wrote."""
    if fractions is None or second is None or second > len(fractions) or fractions[second - 1] is None:
        return _NOTHING
    own = fractions[second - 1]
    if not first or first == second:
        return own, 1.0
    other = fractions[first - 1]
    return _NOTHING if own is None or other is None else (own, own + other)
