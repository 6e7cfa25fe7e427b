"""Many samples in one pass over a joint VCF: what each of them alone would be told. Side room of vcf.py.

Most cells of a joint file are ordinary genotypes away from the panel. They are counted as arrays: a line
becomes its class (which effect each of its alleles has), a cell the number of its GT, and only how often
the two meet is kept. Every other line or cell is read as for one sample, by `look`, in file order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from varmio.readers.vcf_arrays import (
    BASE,
    ELSEWHERE,
    FAST_FILTERS,
    GT_TEXTS,
    HIGHEST,
    SEVERAL,
    UNPHASED,
    Bytes,
    Flags,
    Lines,
    Numbers,
    fast_filters,
    gt_numbers,
    lines_of,
    same_contig,
)
from varmio.readers.vcf_record import MAX_POS_DIGITS, SHORT, Line, parse_line
from varmio.readers.vcf_tally import BIN_BITS, Contig, Tally, change_of, count, look, stray, switch

CHUNK_LETTERS = 1 << 18  # of text taken together: small enough for the processor's cache, large enough for arrays
CHUNK_LETTERS_PER_COLUMN = 1 << 6  # at least, so that a wide file still has several lines in a chunk
MAX_COUNTERS = 1 << 22  # numbers a zone holds, 32 MiB; lines of yet another class are looked at one by one
MIN_CLASSES = 64  # however many samples

# --------------------------------------------------------------------------- what is counted


@dataclass(slots=True)
class _Counts:
    """How often each sample has each GT on lines of each class."""

    cells: Numbers  # sample, class, GT

    def add(self, classes: Numbers, gts: Bytes) -> None:
        """One contig's lines: the class of each, and the GT number of each line's samples."""
        samples, _, kinds = self.cells.shape
        present, place = np.unique(classes, return_inverse=True)
        if present[-1] >= self.cells.shape[1]:
            self.cells = np.pad(self.cells, ((0, 0), (0, int(present[-1])), (0, 0)))  # at least twice the room
        at = (place * kinds)[:, None] + np.arange(samples) * (len(present) * kinds) + gts
        met = np.bincount(at.ravel(), minlength=samples * len(present) * kinds)
        self.cells[:, present, :] += met.reshape(samples, len(present), kinds)


@dataclass(slots=True)
class _Place:
    """One contig for all samples."""

    here: Contig  # the first sample's, for where the panel lies
    near: Flags  # by 16-kb bin, the last one False: whether to look closely
    records: Numbers  # by sample: those counted here
    several: Flags  # by sample, as in Contig
    unphased: Flags


@dataclass(slots=True)
class _Pass:
    """The pass over a joint file."""

    path: Path
    tallies: Sequence[Tally]
    columns: Numbers  # of the samples, 0-based
    places: dict[str, _Place] = field(default_factory=dict)
    counts: dict[str, _Counts] = field(default_factory=dict)  # by zone: "1" autosomes, "X", "Y", "" other
    classes: dict[tuple[object, ...], int] = field(default_factory=dict)
    examples: list[list[str]] = field(default_factory=list)  # a line of each class, its first eight columns
    n_alts: list[int] = field(default_factory=list)  # of each class
    kinds: dict[tuple[str, str, str], int] = field(default_factory=dict)  # short REF, ALT, FILTER -> class
    fast: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))  # FILTER, REF, ALT of plain SNVs -> class
    raw: str | None = None  # CHROM of the line before
    last: int = 0  # its POS
    seen: int = 0
    blank: int = 0
    unsorted: bool = False
    highest: dict[str, int] = field(default_factory=dict)  # POS, by contig as written

    @property
    def width(self) -> int:
        return self.tallies[0].width


def read(tallies: Sequence[Tally], blocks: Iterator[str], path: Path) -> int:
    """Reads every line into the tally of each sample; returns how many record lines there were."""
    state = _Pass(path, tallies, np.array([t.column for t in tallies], np.int64))
    state.fast = np.array([[[_class(state, r, a, f) for a in "ACGT"] for r in "ACGT"] for f in FAST_FILTERS], np.int64)
    open_end = False
    for text in _chunks(blocks, max(CHUNK_LETTERS, CHUNK_LETTERS_PER_COLUMN * state.width)):
        open_end = not text.endswith("\n")
        _chunk(state, text.encode("utf-8", "surrogateescape") + (b"\n" if open_end else b""))
    _finish(state)
    for tally in tallies:
        tally.open_end = open_end
        tally.unsorted = state.unsorted
        tally.highest = state.highest
        tally.last_line = state.seen + tally.header_lines
    return state.seen - state.blank


def _chunks(blocks: Iterator[str], least: int) -> Iterator[str]:
    """The blocks of whole lines, joined until they are worth an array."""
    waiting: list[str] = []
    size = 0
    for block in blocks:
        waiting.append(block)
        size += len(block)
        if size >= least:
            yield "".join(waiting)
            waiting, size = [], 0
    if size:
        yield "".join(waiting)


# --------------------------------------------------------------------------- a chunk of lines


def _chunk(state: _Pass, data: bytes) -> None:
    lines = lines_of(data, state.width)
    number = len(lines.starts)
    begins = np.ones(number, np.bool_)
    begins[1:] = ~(lines.regular[1:] & lines.regular[:-1] & same_contig(lines))
    bounds = [*np.flatnonzero(begins).tolist(), number]
    for first, after in pairwise(bounds):
        if lines.regular[first]:
            _stretch(state, lines, first, after)
        else:
            _irregular(state, state.seen + first + 1, lines.text(first))
    state.seen += number


def _irregular(state: _Pass, number: int, line: str) -> None:
    """A line that may be no record: as the pass for one sample takes it, for all samples."""
    if "\0" in line:
        line = line.replace("\t", "\0")
    columns = line.split("\t", state.width)
    if columns[0] != state.raw:
        if len(columns) < 2 or line[0] in "#\t":
            state.blank += min([stray(tally, number, line, state.path) for tally in state.tallies])
            return
        _turn_to(state, columns[0])
    digits = columns[1] if len(columns) == state.width else ""
    if digits.isdecimal() and digits.isascii() and len(digits) <= MAX_POS_DIGITS:
        state.unsorted |= int(digits) < state.last
        state.last = int(digits)
        state.highest[columns[0]] = max(state.highest.get(columns[0], 0), state.last)
    _look_all(state, number, columns, list(range(len(state.tallies))))


def _turn_to(state: _Pass, raw: str) -> _Place:
    """The contig of this name, which the next lines are on."""
    if raw == state.raw:
        return state.places[raw]
    if state.raw is not None:
        state.places[state.raw].here.last = state.last
    state.unsorted |= raw in state.places
    if raw not in state.places:
        here = switch(state.tallies[0], raw)
        near = np.zeros(max(here.bins, default=0) + 2, np.bool_)
        near[list(here.bins)] = True
        samples = len(state.tallies)
        flags = np.zeros((2, samples), np.bool_)
        state.places[raw] = _Place(here, near, np.zeros(samples, np.int64), flags[0], flags[1])
    state.raw, state.last = raw, state.places[raw].here.last
    state.highest.setdefault(raw, 0)
    return state.places[raw]


def _look_all(state: _Pass, number: int, columns: list[str], samples: list[int]) -> None:
    place = state.places[columns[0]]
    for sample in samples:
        tally = state.tallies[sample]
        look(tally, _contig(tally, columns[0], place.here), number, columns)


def _contig(tally: Tally, raw: str, like: Contig) -> Contig:
    found = tally.contigs.get(raw)
    if found is None:
        found = tally.contigs[raw] = Contig(like.name, like.bins, like.loci, like.coding)
    return found


# --------------------------------------------------------------------------- regular lines of one contig


def _stretch(state: _Pass, lines: Lines, first: int, after: int) -> None:
    """Lines [first, after), regular and of one contig: counted as arrays, or looked at one by one."""
    raw = lines.data[lines.starts[first] : lines.columns[first, 0]].decode("utf-8", "surrogateescape")
    place = _turn_to(state, raw)
    pos = lines.pos[first:after]
    state.unsorted |= bool(pos[0] < state.last or (pos[1:] < pos[:-1]).any())
    state.last = int(pos[-1])
    state.highest[raw] = max(state.highest.get(raw, 0), int(pos.max()))
    classes = _classes(state, lines, place, first, after)
    rows = np.flatnonzero(classes >= 0)
    everybody = list(range(len(state.tallies)))
    single = dict.fromkeys(np.flatnonzero(classes < 0).tolist(), everybody)
    if len(rows):
        ends = lines.columns[first + rows]
        called = gt_numbers(lines.letters, ends[:, state.columns - 1] + 1)
        odd = (called == ELSEWHERE) | (HIGHEST[called] > np.array(state.n_alts)[classes[rows], None])
        called[odd] = ELSEWHERE
        _add(state, place, classes[rows], called)
        for row in np.flatnonzero(odd.any(axis=1)).tolist():
            single[int(rows[row])] = np.flatnonzero(odd[row]).tolist()
    for line in sorted(single):
        columns = lines.text(first + line).split("\t")
        _look_all(state, state.seen + first + line + 1, columns, single[line])


def _add(state: _Pass, place: _Place, classes: Numbers, gts: Bytes) -> None:
    name = place.here.name
    zone = "1" if name.isdecimal() else name if name in ("X", "Y") else ""
    samples = len(state.tallies)
    counts = state.counts.setdefault(zone, _Counts(np.zeros((samples, MIN_CLASSES, len(GT_TEXTS)), np.int64)))
    counts.add(classes, gts)
    place.records += (gts != ELSEWHERE).sum(axis=0)
    if not place.unphased.all():
        place.several |= SEVERAL[gts].any(axis=0)
        place.unphased |= UNPHASED[gts].any(axis=0)


def _classes(state: _Pass, lines: Lines, place: _Place, first: int, after: int) -> Numbers:
    """The class of each line; -1 where it is to be looked at: near the panel, of another layout, no record."""
    ends, letters = lines.columns[first:after], lines.letters
    bins = np.minimum(lines.pos[first:after] >> BIN_BITS, len(place.near) - 1)
    layout = ends[:, 7] + 1
    ordinary = (
        ~place.near[bins]
        & (letters[layout] == ord("G"))
        & (letters[layout + 1] == ord("T"))
        & ((letters[layout + 2] == ord(":")) | (ends[:, 8] == layout + 2))
    )
    ref, alt = BASE[letters[ends[:, 2] + 1]], BASE[letters[ends[:, 3] + 1]]
    filters = fast_filters(letters, ends)
    snv = (ends[:, 3] - ends[:, 2] == 2) & (ends[:, 4] - ends[:, 3] == 2) & (ref < 4) & (alt < 4) & (filters >= 0)
    classes = np.where(ordinary & snv, state.fast[filters, ref & 3, alt & 3], -1)
    others = np.flatnonzero(ordinary & ~snv)
    spans = zip(lines.starts[first + others].tolist(), ends[others, 8].tolist(), strict=True)
    for row, (start, end) in zip(others.tolist(), spans, strict=True):
        classes[row] = _slow_class(state, place, lines.data[start:end].decode("utf-8", "surrogateescape").split("\t"))
    return classes


# --------------------------------------------------------------------------- classes of lines


def _slow_class(state: _Pass, place: _Place, columns: list[str]) -> int:
    """The class of a line by its nine fixed columns; -1 where it touches a panel gene or is no record."""
    ref, alt, filters = columns[3], columns[4], columns[6]
    short = len(ref) + len(alt) <= SHORT
    if short and (ref, alt, filters) in state.kinds:
        return state.kinds[ref, alt, filters]
    head = columns[:8]
    line = _of_any_sample(head, "0")
    if isinstance(line, str) or _has_own_end(columns[8], line):
        return -1
    if short and line.kinds and set(line.kinds) <= {"bases", "star"}:
        found = _class_like(state, line, head)
        if found >= 0:
            state.kinds[ref, alt, filters] = found
        return found
    start, end = line.pos - 1, line.end
    if place.here.loci.touches(start, end) or any(c.touches(start, end) for c in place.here.coding.values()):
        return -1
    return _class_like(state, line, head)


def _has_own_end(layout: str, line: Line) -> bool:
    """Whether each sample says how far its reference block reaches (FORMAT/LEN)."""
    return line.reference_only and "LEN" in layout


def _of_any_sample(head: list[str], gt: str) -> Line | str:
    """A line by its first eight columns, as if its only sample had that genotype."""
    return parse_line([*head, "GT", gt], 10, 9)


def _class(state: _Pass, ref: str, alt: str, filters: str) -> int:
    head = ["", "1", ".", ref, alt, ".", filters, "."]
    line = _of_any_sample(head, "0")
    assert not isinstance(line, str)
    return _class_like(state, line, head)


def _class_like(state: _Pass, line: Line, head: list[str]) -> int:
    """The number of the class of lines that count as this one does, whatever the genotype; -1 for one too many."""
    changes = (change_of(line.ref, a) if k == "bases" else k for a, k in zip(line.alts, line.kinds, strict=True))
    key = (line.filter, line.structural, *changes)
    found = state.classes.get(key)
    if found is not None:
        return found
    if len(state.classes) >= max(MIN_CLASSES, MAX_COUNTERS // (len(state.tallies) * len(GT_TEXTS))):
        return -1
    state.classes[key] = len(state.classes)
    state.examples.append(head)
    state.n_alts.append(len(line.alts))
    return state.classes[key]


def _finish(state: _Pass) -> None:
    """Adds what was counted to the tally of each sample."""
    for zone, counts in state.counts.items():
        for class_, number in np.argwhere(counts.cells.any(axis=0)).tolist():
            if number == ELSEWHERE:
                continue
            line = _of_any_sample(state.examples[class_], GT_TEXTS[number])
            assert not isinstance(line, str)
            for tally, times in zip(state.tallies, counts.cells[:, class_, number].tolist(), strict=True):
                if times:
                    count(tally, zone, 0, line, times)
    for raw, place in state.places.items():
        for sample, tally in enumerate(state.tallies):
            if place.records[sample]:
                tally.contigs_seen[place.here.name] += int(place.records[sample])
            if place.several[sample]:
                here = _contig(tally, raw, place.here)
                here.several = True
                here.unphased |= bool(place.unphased[sample])
