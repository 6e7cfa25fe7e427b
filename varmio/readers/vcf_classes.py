"""Lines alike: classes of lines whose genotypes have the same effect, and how often each is met. Side room of vcf.py.

Most cells of a file are ordinary genotypes away from the panel. A line becomes its class (which effect each of
its alleles has), a cell the number of its GT, and only how often the two meet is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from varmio.readers.vcf_arrays import BASE, GT_TEXTS, Bytes, Flags, Lines, Numbers, filter_numbers
from varmio.readers.vcf_calls import OTHER, code_of
from varmio.readers.vcf_record import SHORT, Line, alleles_of, parse_line
from varmio.readers.vcf_tally import Contig, change_of

MAX_COUNTERS = 1 << 22  # numbers a zone holds, 32 MiB; lines of yet another class are looked at one by one
MIN_CLASSES = 64  # however many samples
FILTERS = ("PASS", ".")  # FILTER texts that are told apart as bytes; others are learned as they come
MAX_FILTERS = 12  # learned ones cost each line a comparison
LONG_FILTER = 60  # letters; longer ones are not learned
PLAIN = 4  # alleles of a line that are told apart: REF and three ALTs (GT_TEXTS)
ONLY_WRITTEN = frozenset(("bases", "star"))  # kinds of ALT that say all in REF and ALT
_LOOK = -1, 0

Kind = tuple[bytes, bytes]  # REF and ALT, FILTER of a line, as written


@dataclass(slots=True)
class Counts:
    """How often each sample has each GT on lines of each class."""

    cells: Numbers  # sample, class, GT

    def add(self, classes: Numbers, gts: Bytes) -> None:
        """One contig's lines: the class of each, and the GT number of each line's samples."""
        samples, _, kinds = self.cells.shape
        present = np.flatnonzero(np.bincount(classes))
        place = np.zeros(present[-1] + 1, np.int64)
        place[present] = np.arange(len(present))
        if present[-1] >= self.cells.shape[1]:
            self.cells = np.pad(self.cells, ((0, 0), (0, int(present[-1])), (0, 0)))  # at least twice the room
        at = (place[classes] * kinds)[:, None] + np.arange(samples) * (len(present) * kinds) + gts
        met = np.bincount(at.ravel(), minlength=samples * len(present) * kinds)
        self.cells[:, present, :] += met.reshape(samples, len(present), kinds)


def no_counts(samples: int) -> Counts:
    return Counts(np.zeros((samples, MIN_CLASSES, len(GT_TEXTS)), np.int64))


@dataclass(slots=True)
class Classes:
    """The classes met so far."""

    samples: int
    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    examples: list[list[str]] = field(default_factory=list)  # a line of each class, its first eight columns
    n_alts: list[int] = field(default_factory=list)  # of each class
    passed: list[bool] = field(default_factory=list)  # FILTER is PASS or '.', of each class
    kinds: dict[Kind, tuple[int, int]] = field(default_factory=dict)  # class and shape of lines with short alleles
    indels: dict[bytes, tuple[int, int]] = field(default_factory=dict)  # FILTER -> those of one insertion or deletion
    shapes: dict[tuple[int, ...], int] = field(default_factory=dict)  # codes of a line's alleles (vcf_calls)
    filters: list[str] = field(default_factory=list)  # FILTER texts told apart as bytes
    fast: Numbers = field(default_factory=lambda: np.zeros((0, 4, 4), np.int64))  # FILTER, REF, ALT -> class
    fast_shapes: Numbers = field(default_factory=lambda: np.zeros((4, 4), np.int64))  # REF, ALT -> shape


@dataclass(frozen=True, slots=True)
class Told:
    """Of each line of a stretch its class, -1 where it is to be looked at, and its shape."""

    classes: Numbers
    shapes: Numbers


def no_classes(samples: int) -> Classes:
    """A start, with the plain changes of one base."""
    known = Classes(samples)
    known.fast_shapes = np.array([[_shape(known, [code_of(r, a, "bases")]) for a in "ACGT"] for r in "ACGT"], np.int64)
    for text in FILTERS:
        _learn(known, text)
    return known


def _learn(known: Classes, filters: str) -> None:
    """Tells lines with this FILTER apart as bytes from now on."""
    plain = [[_plain_class(known, r, a, filters) for a in "ACGT"] for r in "ACGT"]
    known.fast = np.concatenate((known.fast, np.array([plain], np.int64)))
    known.filters.append(filters)


def _plain_class(known: Classes, ref: str, alt: str, filters: str) -> int:
    columns = ["", "1", ".", ref, alt, ".", filters, "."]
    return _class_like(known, filters or ".", False, ref, (alt,), ("bases",), columns)


# --------------------------------------------------------------------------- lines


def told(known: Classes, here: Contig, lines: Lines, first: int, after: int, far: Flags) -> Told:
    """Class and shape of lines [first, after) of this contig. far: those that begin where no panel gene is."""
    ends, letters = lines.columns[first:after], lines.letters
    ordinary = far & _gt_is_first(letters, ends)
    ref, alt = BASE[letters[ends[:, 2] + 1]], BASE[letters[ends[:, 3] + 1]]
    snv = ordinary & (ends[:, 3] - ends[:, 2] == 2) & (ends[:, 4] - ends[:, 3] == 2) & (ref < 4) & (alt < 4)
    filters = filter_numbers(lines, ends, known.filters)
    fast = snv & (filters >= 0)
    classes = np.where(fast, known.fast[filters, ref & 3, alt & 3], -1)
    shapes = np.where(fast, known.fast_shapes[ref & 3, alt & 3], 0)
    others = np.flatnonzero(ordinary & ~fast)
    classes[others], shapes[others] = _others(known, here, lines, first + others)
    _learn_from(known, lines, first + np.flatnonzero(snv & ~fast))
    return Told(classes, shapes)


def _others(known: Classes, here: Contig, lines: Lines, rows: Numbers) -> Numbers:
    """Classes and shapes of lines that are no plain SNV with a known FILTER."""
    found = []
    data = lines.data
    spans = np.column_stack((lines.starts[rows], lines.pos[rows], lines.columns[rows][:, (2, 4, 5, 6, 8)])).tolist()
    for first, pos, before_ref, after_alt, before_filter, after_filter, end in spans:
        kind = data[before_ref + 1 : after_alt], data[before_filter + 1 : after_filter]
        class_ = known.kinds.get(kind) or _plain_indel(known, here, kind, pos - 1)
        found.append(class_ or _slow_class(known, here, kind, data[first:end]))
    return np.array(found, np.int64).reshape(-1, 2).T


def _gt_is_first(letters: Bytes, ends: Numbers) -> Flags:
    """Whether FORMAT begins with GT."""
    layout = ends[:, 7] + 1
    more: Flags = (letters[layout + 2] == ord(":")) | (ends[:, 8] == layout + 2)
    more &= (letters[layout] == ord("G")) & (letters[layout + 1] == ord("T"))
    return more


def _learn_from(known: Classes, lines: Lines, unknown: Numbers) -> None:
    """Learns the FILTER of the first of these lines."""
    if len(unknown) and len(known.filters) < MAX_FILTERS:
        text = lines.column(int(unknown[0]), 6)
        if len(text) <= LONG_FILTER and text.isascii():
            _learn(known, text)


def _plain_indel(known: Classes, here: Contig, kind: Kind, start: int) -> tuple[int, int] | None:
    """Class and shape of an insertion or deletion with one ALT; None for any other line, and of a FILTER's first."""
    alleles, filters = kind
    ref, _, alt = alleles.partition(b"\t")
    found = known.indels.get(filters)
    if found is None or len(ref) == len(alt) or not (ref and alt) or alleles.translate(None, b"ACGT\t"):
        return None
    long = len(alleles) > SHORT
    return _LOOK if long and _touches(here, start, start + len(ref)) else found


def _slow_class(known: Classes, here: Contig, kind: Kind, fixed: bytes) -> tuple[int, int]:
    """Class and shape of a line by its nine fixed columns; -1 where it touches a panel gene or is no record."""
    columns = fixed.decode("utf-8", "surrogateescape").split("\t")
    ref, alts, kinds = alleles_of(columns[3], columns[4])
    if not (ref and kinds and ONLY_WRITTEN.issuperset(kinds)):
        return _rare_class(known, here, columns)
    start = int(columns[1]) - 1
    short = len(kind[0]) <= SHORT
    if not short and _touches(here, start, start + len(ref)):
        return _LOOK
    found = (
        _class_like(known, columns[6] or ".", False, ref, alts, kinds, columns),
        _shape_like(known, ref, alts, kinds),
    )
    if short and found[0] >= 0:
        known.kinds[kind] = found
    if kinds == ("bases",) and len(ref) != len(alts[0]):
        known.indels[kind[1]] = found
    return found


def _rare_class(known: Classes, here: Contig, columns: list[str]) -> tuple[int, int]:
    """The same of a line with a symbolic ALT or without any, whose INFO and FORMAT count too."""
    line = of_any_sample(columns[:8], "0")
    if isinstance(line, str) or _has_own_end(columns[8], line) or _touches(here, line.pos - 1, line.end):
        return _LOOK
    known_as = _class_like(known, line.filter, line.structural, line.ref, line.alts, line.kinds, columns)
    return known_as, _shape_like(known, line.ref, line.alts, line.kinds)


def _touches(here: Contig, start: int, end: int) -> bool:
    return here.loci.touches(start, end) or any(c.touches(start, end) for c in here.coding.values())


def _has_own_end(layout: str, line: Line) -> bool:
    """Whether each sample says how far its reference block reaches (FORMAT/LEN)."""
    return line.reference_only and "LEN" in layout


def of_any_sample(head: list[str], gt: str) -> Line | str:
    """A line by its first eight columns, as if its only sample had that genotype."""
    return parse_line([*head, "GT", gt], 10, 9)


def _class_like(
    known: Classes,
    filters: str,
    structural: bool,
    ref: str,
    alts: tuple[str, ...],
    kinds: tuple[str, ...],
    columns: list[str],
) -> int:
    """The number of the class of lines that count as this one does, whatever the genotype; -1 for one too many."""
    changes = [change_of(ref, a) if k == "bases" else k for a, k in zip(alts, kinds, strict=True)]
    key = (filters, structural, *changes)
    found = known.numbers.get(key)
    if found is not None:
        return found
    if len(known.numbers) >= max(MIN_CLASSES, MAX_COUNTERS // (known.samples * len(GT_TEXTS))):
        return -1
    known.numbers[key] = len(known.numbers)
    known.examples.append(columns[:8])
    known.n_alts.append(len(alts))
    known.passed.append(filters in FILTERS)
    return known.numbers[key]


def _shape_like(known: Classes, ref: str, alts: tuple[str, ...], kinds: tuple[str, ...]) -> int:
    return _shape(known, [code_of(ref, a, k) for a, k in zip(alts[: PLAIN - 1], kinds, strict=False)])


def _shape(known: Classes, codes: list[int]) -> int:
    """The number of lines whose ALTs have these codes; the code of REF is 0."""
    return known.shapes.setdefault((0, *codes, *[OTHER] * (PLAIN - 1 - len(codes))), len(known.shapes))
