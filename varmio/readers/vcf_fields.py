"""Depth, quality and reads of many cells at once, from FORMAT as it stands. Side room of vcf_markers.py.

Only what the callers write in the ordinary way is read here, as vcf_calls.reads_of reads it; a cell with
anything else in it is `odd`, and read by that function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from varmio.readers import vcf_dialects as dialects
from varmio.readers.vcf_arrays import Bytes, Flags, Lines, Numbers, same_text

MAX_LAYOUTS = 8  # FORMAT texts of one stretch that are read as arrays
MAX_DIGITS = 9  # of a number, as in vcf_dialects
LONGEST_LIST = 40  # letters of a list of reads; less than vcf_arrays.BEYOND
LONGEST_DECIMAL = 14  # letters of a number with a fraction
COLON, COMMA, DOT, ZERO = b":,.0"
NO_KEY = -1
ABSENT = -1  # of depth and quality

Floats = NDArray[np.float32]

# how REF's reads are found: its own key, or None where it stands first in the list
_LISTS: dict[str, tuple[str | None, str]] = {
    "RD": ("RD", "AD"),
    "AD": (None, "AD"),
    "FAO": ("FRO", "FAO"),
    "AO": ("RO", "AO"),
    "NV": ("", "NV"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which key of a FORMAT holds what; NO_KEY where none does."""

    keys: int
    depth: int
    quality: int
    ref: int  # REF's reads
    alts: int  # list of reads
    ref_first: bool  # REF is the first of that list
    one_alt: bool  # the list is of lines with one ALT only
    fraction: int
    other_depth: bool  # another key may say it where this one is '.'
    other_quality: bool
    other_reads: bool
    readable: bool  # False: each cell is odd


@lru_cache(maxsize=256)
def layout_of(text: str) -> Layout:
    """What is where in a FORMAT, by the orders of vcf_dialects."""
    keys = text.split(":")
    depths, qualities, reads, fractions = (
        [name for name in names if name in keys]
        for names in (dialects.DEPTH, dialects.QUALITY, (key for key, _ in dialects.READS.values()), dialects.FRACTION)
    )
    ref, alts = _LISTS.get(reads[0], ("", "")) if reads else ("", "")
    return Layout(
        keys=len(keys),
        depth=_first(keys, depths),
        quality=_first(keys, qualities),
        ref=_first(keys, [ref] if ref else []),
        alts=_first(keys, [alts]),
        ref_first=ref is None,
        one_alt=reads[:1] == ["RD"],
        fraction=NO_KEY if reads else _first(keys, fractions),
        other_depth=len(depths) > 1 or "MIN_DP" in keys,
        other_quality=len(qualities) > 1,
        other_reads=len(reads) + len(fractions) > 1,
        readable=bool(not reads or alts in keys) and not (fractions[:1] == ["FREQ"] and not reads),
    )


def _first(keys: list[str], names: list[str]) -> int:
    return keys.index(names[0]) if names and names[0] in keys else NO_KEY


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of some calls: where each begins and ends, of which line, and which alleles are called."""

    line: Numbers
    starts: Numbers
    ends: Numbers
    n_alts: Numbers
    first: Numbers  # allele numbers, first <= second
    second: Numbers

    def at(self, places: Numbers) -> Cells:
        return Cells(*(getattr(self, name)[places] for name in Cells.__slots__))


@dataclass(frozen=True, slots=True)
class Measured:
    """As vcf_calls.Reads, of many calls: ABSENT or NaN for what is not said."""

    depth: Numbers
    quality: Numbers
    own: Floats
    total: Floats
    odd: Flags  # not read here


def measured(lines: Lines, cells: Cells) -> Measured:
    """What the cells say."""
    number = len(cells.line)
    depth, quality = np.full((2, number), ABSENT, np.int64)
    own, total = np.full((2, number), np.nan, np.float32)
    odd = np.ones(number, np.bool_)
    low, high = int(cells.starts.min()), int(cells.ends.max())
    colons = low + np.flatnonzero(lines.letters[low:high] == COLON)
    for layout, places in _by_layout(lines, cells.line):
        found = _of_layout(lines.letters, layout, colons, cells if len(places) == number else cells.at(places))
        depth[places], quality[places], odd[places] = found.depth, found.quality, found.odd
        own[places], total[places] = found.own, found.total
    return Measured(depth, quality, own, total, odd)


def _by_layout(lines: Lines, cell_line: Numbers) -> Iterator[tuple[Layout, Numbers]]:
    """Each FORMAT that is read here, with the places of its cells."""
    starts, ends = lines.columns[cell_line, 7] + 1, lines.columns[cell_line, 8]
    left = np.arange(len(cell_line))
    for _ in range(MAX_LAYOUTS):
        if not len(left):
            return
        text = lines.column(int(cell_line[left[0]]), 8)
        same = (ends - starts)[left] == len(text.encode("utf-8", "surrogateescape"))
        same[same] = same_text(lines.letters, starts[left[same]], text)
        if (layout := layout_of(text)).readable:
            yield layout, left[same]
        left = left[~same]


# --------------------------------------------------------------------------- cells of one FORMAT


def _of_layout(letters: Bytes, layout: Layout, colons: Numbers, cells: Cells) -> Measured:
    spans = _Spans(layout.keys, colons, cells)
    odd = spans.uneven()
    depth = _whole(letters, spans, layout.depth, layout.other_depth, odd)
    quality = _one_number(letters, spans, layout.quality, layout.other_quality, odd).astype(np.int64)
    if layout.alts != NO_KEY:
        own, total, depth = _reads(letters, layout, spans, depth, odd)
    else:
        own = _share(letters, layout, spans, odd)
        total = np.ones(len(own), np.float64)
    if layout.depth == NO_KEY and layout.other_depth:
        odd |= depth == ABSENT
    return Measured(depth, quality, own.astype(np.float32), total.astype(np.float32), odd)


class _Spans:
    """Where the fields of some cells are."""

    def __init__(self, keys: int, colons: Numbers, cells: Cells) -> None:
        self.keys, self.cells = keys, cells
        self.colons = np.append(colons, [cells.ends.max()] * keys)
        self.first = np.searchsorted(colons, cells.starts)

    def uneven(self) -> Flags:
        """The cells that have not as many fields as FORMAT has keys."""
        if self.keys == 1:
            return np.zeros(len(self.first), np.bool_)
        fewer: Flags = self.colons[self.first + self.keys - 2] >= self.cells.ends
        return fewer | (self.colons[self.first + self.keys - 1] < self.cells.ends)

    def of(self, key: int) -> tuple[Numbers, Numbers]:
        """Where the field of a key starts, and its length."""
        start = self.colons[self.first + key - 1] + 1 if key else self.cells.starts
        end = self.colons[self.first + key] if key < self.keys - 1 else self.cells.ends
        return start, np.maximum(end - start, 0)


def _whole(letters: Bytes, spans: _Spans, key: int, others: bool, odd: Flags) -> Numbers:
    """A count; ABSENT where it is '.'."""
    if key == NO_KEY:
        return np.full(len(odd), ABSENT, np.int64)
    start, length = spans.of(key)
    value, bad = _digits(letters, start, length)
    missing = _is_dot(letters, start, length)
    odd |= bad & (~missing | others)
    return np.where(missing, ABSENT, value)


def _one_number(letters: Bytes, spans: _Spans, key: int, others: bool, odd: Flags) -> NDArray[np.float64]:
    """A number that may have a fraction; ABSENT where it is '.'."""
    if key == NO_KEY:
        return np.full(len(odd), ABSENT, np.float64)
    start, length = spans.of(key)
    digits, bad = _digits(letters, start, length)
    value = digits.astype(np.float64)
    missing = _is_dot(letters, start, length)
    rest = np.flatnonzero(bad & ~missing)
    if len(rest):
        value[rest], bad[rest] = _decimals(letters, start[rest], length[rest])
    odd |= bad & (~missing | others)
    value[missing] = ABSENT
    return value


def _share(letters: Bytes, layout: Layout, spans: _Spans, odd: Flags) -> NDArray[np.float64]:
    """The share of the reads that the caller wrote, of lines with one ALT; NaN where there is none."""
    value = _one_number(letters, spans, layout.fraction, layout.other_reads, odd)
    if layout.fraction != NO_KEY:
        odd |= (spans.cells.n_alts > 1) | (value > 1)
    value[value < 0] = np.nan
    return value


def _reads(
    letters: Bytes, layout: Layout, spans: _Spans, depth: Numbers, odd: Flags
) -> tuple[NDArray[np.float64], NDArray[np.float64], Numbers]:
    """Reads of the second allele, of what it is compared with, and the depth, which they may have to give."""
    first, second, n_alts = spans.cells.first, spans.cells.second, spans.cells.n_alts
    start, length = spans.of(layout.alts)
    skipped = 0 if layout.ref_first else 1
    found = _listed(letters, start, length, first - skipped, second - skipped)
    none = _is_dot(letters, start, length)
    odd |= ~none & (found.bad | (found.count != n_alts + 1 - skipped))
    odd |= none & layout.other_reads
    other, everything = found.first, found.everything
    ref_known = layout.ref_first or layout.ref != NO_KEY
    if layout.ref != NO_KEY:
        ref, bad = _digits(letters, *spans.of(layout.ref))
        odd |= bad & ~none
        other, everything = np.where(first == 0, ref, other), everything + ref
    if layout.one_alt:
        odd |= n_alts != 1
    pair = (first != second) & (first >= (0 if ref_known else 1))
    whole = everything if ref_known else np.where(depth > 0, np.maximum(depth, everything), 0)
    own = np.where(none, np.nan, found.second)
    total = np.where(none, np.nan, np.where(pair, found.second + other, whole))
    if ref_known:
        depth = np.where((depth == ABSENT) & ~none, everything, depth)
    return own, total, depth


# --------------------------------------------------------------------------- numbers


def _is_dot(letters: Bytes, start: Numbers, length: Numbers) -> Flags:
    dot: Flags = (length == 1) & (letters[start] == DOT)
    return dot


def _digits(letters: Bytes, start: Numbers, length: Numbers) -> tuple[Numbers, Flags]:
    """Whole numbers, and which fields are none."""
    value = np.zeros(len(start), np.int64)
    bad = (length == 0) | (length > MAX_DIGITS)
    for place in range(min(int(length.max(initial=0)), MAX_DIGITS)):
        inside = place < length
        digit = letters[start + place] - np.uint8(ZERO)
        bad |= inside & (digit > 9)
        value = np.where(inside, 10 * value + digit, value)
    return value, bad


def _decimals(letters: Bytes, start: Numbers, length: Numbers) -> tuple[NDArray[np.float64], Flags]:
    """Numbers with a fraction behind a dot, and which fields are none."""
    value, places = np.zeros((2, len(start)), np.int64)
    dotted = np.zeros(len(start), np.bool_)
    bad = length > LONGEST_DECIMAL
    for place in range(min(int(length.max(initial=0)), LONGEST_DECIMAL)):
        inside = place < length
        letter = letters[start + place]
        digit = letter - np.uint8(ZERO)
        number = inside & (digit <= 9)
        dot = inside & (letter == DOT) & ~dotted & (place > 0)
        value = np.where(number, 10 * value + digit, value)
        places += number & dotted
        dotted |= dot
        bad |= inside & ~number & ~dot
    bad |= ~dotted | (length - 1 - places > MAX_DIGITS)
    return value / 10.0**places, bad


@dataclass(frozen=True, slots=True)
class _List:
    """Of each list of counts: two of its elements, the sum, how many there are; bad where it is no such list."""

    first: Numbers
    second: Numbers
    everything: Numbers
    count: Numbers
    bad: Flags


def _listed(letters: Bytes, start: Numbers, length: Numbers, first: Numbers, second: Numbers) -> _List:
    """Lists of counts with commas between; first, second: the elements asked for, 0-based."""
    value, index, everything, at_first, at_second = np.zeros((5, len(start)), np.int64)
    bad = length > LONGEST_LIST
    begun = np.zeros(len(start), np.bool_)  # a digit of this element was seen
    for place in range(min(int(length.max(initial=0)), LONGEST_LIST)):
        inside = place < length
        letter = letters[start + place]
        digit = letter - np.uint8(ZERO)
        number, comma = inside & (digit <= 9), inside & (letter == COMMA)
        bad |= (inside & ~number & ~comma) | (comma & ~begun)
        value = np.where(number, 10 * value + digit, value)
        at_first = np.where(number & (index == first), value, at_first)
        at_second = np.where(number & (index == second), value, at_second)
        everything += np.where(comma, value, 0)
        value[comma] = 0
        bad |= value >= 10**MAX_DIGITS
        index += comma
        begun = number | (begun & ~comma)
    return _List(at_first, at_second, everything + value, index + 1, bad | ~begun)
