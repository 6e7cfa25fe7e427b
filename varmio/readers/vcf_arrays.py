"""Lines of a VCF as arrays of bytes: where columns begin, POS, and the genotype of each cell as a number.

Side room of vcf_pass.py, which counts what is here only told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from varmio.readers.vcf_record import MAX_POS_DIGITS

Bytes: TypeAlias = NDArray[np.uint8]
Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

LONG_CONTIG = 40  # letters of CHROM; longer ones are compared as text
BEYOND = 64  # bytes behind the text that may be looked at, as line ends
ELSEWHERE = 0  # the GT number of a cell that is read by itself

# --------------------------------------------------------------------------- the GT of a cell as a number

ALLELES = "0123."
SEPARATORS = "/|"
GT_TEXTS = ("", *ALLELES, *(a + s + b for a in ALLELES for s in SEPARATORS for b in ALLELES))
_OTHER, _END = len(ALLELES), len(SEPARATORS)  # codes of any other byte, and of the end of a GT
_STOPS = b":\t\n"


def _codes(texts: str, other: int, step: int) -> NDArray[np.uint16]:
    """Byte -> its place in the text times step; the bytes that end a GT, and any other, by their own code."""
    table = np.full(256, other * step, np.uint16)
    for place, letter in enumerate(texts):
        table[ord(letter)] = place * step
    return table


_FIRST = _codes(ALLELES, _OTHER, 48)
_SECOND = _codes(SEPARATORS, _END + 1, 12)
_THIRD = _codes(ALLELES, _OTHER, 2)
_FOURTH = np.ones(256, np.uint16)
for _stop in _STOPS:
    _SECOND[_stop] = _END * 12
    _FOURTH[_stop] = 0


def _table() -> Bytes:
    """What the four codes add up to -> number of the GT in GT_TEXTS."""
    numbers = np.zeros(6 * 48, np.uint8)
    for number, text in enumerate(GT_TEXTS[1:], 1):
        first = ALLELES.index(text[0]) * 48
        if len(text) == 1:
            numbers[first + _END * 12 : first + _END * 12 + 12] = number
        else:
            numbers[first + SEPARATORS.index(text[1]) * 12 + ALLELES.index(text[2]) * 2] = number
    return numbers


_GT_NUMBERS = _table()
HIGHEST = np.array([max((int(a) for a in text if a.isdigit()), default=0) for text in GT_TEXTS])
SEVERAL = np.array([len(text) == 3 and text not in ("./.", ".|.") for text in GT_TEXTS])
UNPHASED = SEVERAL & np.array(["/" in text for text in GT_TEXTS])
BASE = np.full(256, 4, np.int64)
for _place, _letter in enumerate(b"ACGT"):
    BASE[_letter] = _place


def gt_numbers(letters: Bytes, starts: Numbers) -> Bytes:
    """The number in GT_TEXTS of the GT that begins at each place; ELSEWHERE for any other text."""
    codes = _FIRST[letters[starts]]
    codes += _SECOND[letters[1:][starts]]
    codes += _THIRD[letters[2:][starts]]
    codes += _FOURTH[letters[3:][starts]]
    return _GT_NUMBERS[codes]


# --------------------------------------------------------------------------- lines and columns


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as bytes: where each one begins and ends, and for regular ones where each column ends."""

    data: bytes
    letters: Bytes  # the data, and BEYOND line ends
    starts: Numbers
    ends: Numbers
    columns: Numbers  # line, column -> offset of the tab or line end behind it; 0 for irregular lines
    pos: Numbers
    regular: Flags  # as many columns as the header, CHROM given, POS in digits, no NUL

    def text(self, line: int) -> str:
        return self._text(int(self.starts[line]), int(self.ends[line]))

    def column(self, line: int, number: int) -> str:
        """A column of a regular line, the first one 0."""
        start = self.columns[line, number - 1] + 1 if number else self.starts[line]
        return self._text(int(start), int(self.columns[line, number]))

    def _text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf-8", "surrogateescape")


def lines_of(data: bytes, width: int) -> Lines:
    """The lines of a text that ends in a line end, of a file with so many columns."""
    letters = np.frombuffer(data + b"\n" * BEYOND, np.uint8)
    marks = np.flatnonzero((letters[: len(data)] - 9) < 2)  # tabs (9) and line ends (10); uint8 wraps around
    ends = marks[width - 1 :: width]
    if len(marks) == len(ends) * width == data.count(b"\n") * width and (letters[ends] == 10).all():
        columns, regular = marks.reshape(-1, width), np.ones(len(ends), np.bool_)
    else:
        columns, regular, ends = _uneven(letters, marks, width)
    starts = np.concatenate(([0], ends[:-1] + 1))
    regular &= (letters[starts] != ord("#")) & (letters[starts] != ord("\t"))
    pos, digits = _positions(letters, columns)
    regular &= digits
    if b"\0" in data:
        zeros = np.flatnonzero(letters == 0)
        regular[np.searchsorted(ends, zeros)] = False
    return Lines(data, letters, starts, ends, columns, pos, regular)


def _uneven(letters: Bytes, marks: Numbers, width: int) -> tuple[Numbers, Flags, Numbers]:
    """Where columns end, and which lines have as many as they should, of lines that differ in number; their ends."""
    line_ends = np.flatnonzero(letters[marks] == 10)
    first = np.concatenate(([0], line_ends[:-1] + 1))  # of each line, its first mark
    regular = line_ends - first + 1 == width
    columns = np.zeros((len(line_ends), width), np.int64)
    columns[regular] = marks[first[regular, None] + np.arange(width)]
    return columns, regular, marks[line_ends]


def _positions(letters: Bytes, columns: Numbers) -> tuple[Numbers, Flags]:
    """POS of each line, and whether it is 1 to 12 digits."""
    start, length = columns[:, 0] + 1, columns[:, 1] - columns[:, 0] - 1
    good = (length > 0) & (length <= MAX_POS_DIGITS)
    pos = np.zeros(len(start), np.int64)
    for place in range(int(length[good].max(initial=0))):
        within = good & (place < length)
        digit = letters[start + place] - np.uint8(ord("0"))
        good &= ~within | (digit <= 9)
        pos = np.where(within, 10 * pos + digit, pos)
    return pos, good


def same_contig(lines: Lines) -> Flags:
    """Of each line but the first, whether CHROM is that of the line before (both regular; False for long names)."""
    length = lines.columns[:, 0] - lines.starts
    same: Flags = (length[1:] == length[:-1]) & (length[1:] <= LONG_CONTIG)
    for place in range(min(int(length[lines.regular].max(initial=0)), LONG_CONTIG)):
        letter = lines.letters[np.minimum(lines.starts + place, len(lines.data))]
        same &= (letter[1:] == letter[:-1]) | (length[1:] <= place)
    return same


def filter_numbers(lines: Lines, ends: Numbers, texts: Sequence[str]) -> Numbers:
    """Place of FILTER in the texts, or -1; ends: of the columns of the lines asked of."""
    start, length = ends[:, 5] + 1, ends[:, 6] - ends[:, 5] - 1
    found = np.full(len(start), -1, np.int64)
    for number, text in enumerate(texts):
        alike = np.flatnonzero(length == len(text))
        found[alike[same_text(lines.letters, start[alike], text)]] = number
    return found


def same_text(letters: Bytes, starts: Numbers, text: str) -> Flags:
    """Whether this text stands at each place."""
    same = np.ones(len(starts), np.bool_)
    for place, letter in enumerate(text.encode("utf-8", "surrogateescape")):
        same &= letters[starts + place] == letter
    return same
