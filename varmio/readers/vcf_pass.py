"""The one pass over the records, for one sample or many: counted as arrays, or read in full. Side room of vcf.py.

Ordinary genotypes away from the panel are counted as classes (vcf_classes.py). Every other line or cell is
read field by field, by `look`, in file order, so that each sample is told what it would be told alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from varmio.readers import vcf_markers
from varmio.readers.vcf_arrays import (
    ELSEWHERE,
    GT_TEXTS,
    HIGHEST,
    SEVERAL,
    UNPHASED,
    Bytes,
    Flags,
    Lines,
    Numbers,
    gt_numbers,
    lines_of,
    same_contig,
)
from varmio.readers.vcf_calls import MARKED
from varmio.readers.vcf_classes import Classes, Counts, Told, no_classes, no_counts, of_any_sample, told
from varmio.readers.vcf_record import MAX_POS_DIGITS
from varmio.readers.vcf_tally import BIN_BITS, Contig, Tally, count, look, stray, switch

CHUNK_LETTERS = 1 << 18  # of text taken together: small enough for the processor's cache, large enough for arrays
CHUNK_LETTERS_PER_COLUMN = 1 << 6  # at least, so that a wide file still has several lines in a chunk
FEW_CELLS = 16  # lines of one contig times samples: as many are read one by one sooner than arrays are set up


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
    """The pass over a file."""

    path: Path
    tallies: Sequence[Tally]
    columns: Numbers  # of the samples, 0-based
    known: Classes
    found: vcf_markers.Found | None  # None where markers are not asked for
    stretches: list[vcf_markers.Seen] = field(default_factory=list)  # of the chunk, to look for markers in
    places: dict[str, _Place] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)  # by zone: "1" autosomes, "X", "Y", "" other
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
    wanted = tallies[0].calls is not None
    state = _Pass(
        path,
        tallies,
        np.array([t.column for t in tallies], np.int64),
        no_classes(len(tallies)),
        vcf_markers.Found() if wanted else None,
    )
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
        if lines.regular[first] and (after - first) * len(state.tallies) > FEW_CELLS:
            _stretch(state, lines, first, after)
        else:
            for line in range(first, after):
                _by_itself(state, state.seen + line + 1, lines.text(line))
    if state.found is not None and state.stretches:
        vcf_markers.add(state.found, lines, state.stretches, state.columns, state.known.shapes)
        state.stretches.clear()
    state.seen += number


def _by_itself(state: _Pass, number: int, line: str) -> None:
    """A line that may be no record, or has few beside it."""
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
    raw = lines.column(first, 0)
    place = _turn_to(state, raw)
    pos = lines.pos[first:after]
    state.unsorted |= bool(pos[0] < state.last or (pos[1:] < pos[:-1]).any())
    state.last = int(pos[-1])
    state.highest[raw] = max(state.highest.get(raw, 0), int(pos.max()))
    far = ~place.near[np.minimum(pos >> BIN_BITS, len(place.near) - 1)]
    lines_told = told(state.known, place.here, lines, first, after, far)
    classes = lines_told.classes
    rows = np.flatnonzero(classes >= 0)
    everybody = list(range(len(state.tallies)))
    single = dict.fromkeys(np.flatnonzero(classes < 0).tolist(), everybody)
    if len(rows):
        ends = lines.columns[first + rows]
        called = gt_numbers(lines.letters, ends[:, state.columns - 1] + 1)
        odd = (called == ELSEWHERE) | (HIGHEST[called] > np.array(state.known.n_alts)[classes[rows], None])
        called[odd] = ELSEWHERE
        _add(state, place, classes[rows], called)
        if state.found is not None and place.here.name in MARKED:
            state.stretches.append(_seen(state, place.here.name, first, lines_told, rows, called))
        for row in np.flatnonzero(odd.any(axis=1)).tolist():
            single[int(rows[row])] = np.flatnonzero(odd[row]).tolist()
    for line in sorted(single):
        columns = lines.text(first + line).split("\t")
        _look_all(state, state.seen + first + line + 1, columns, single[line])


def _add(state: _Pass, place: _Place, classes: Numbers, gts: Bytes) -> None:
    name = place.here.name
    zone = "1" if name.isdecimal() else name if name in ("X", "Y") else ""
    counts = state.counts.get(zone)
    if counts is None:
        counts = state.counts[zone] = no_counts(len(state.tallies))
    counts.add(classes, gts)
    place.records += (gts != ELSEWHERE).sum(axis=0)
    if not place.unphased.all():
        place.several |= SEVERAL[gts].any(axis=0)
        place.unphased |= UNPHASED[gts].any(axis=0)


def _seen(state: _Pass, contig: str, first: int, lines: Told, rows: Numbers, called: Bytes) -> vcf_markers.Seen:
    classes = lines.classes[rows]
    return vcf_markers.Seen(
        contig=contig,
        rows=first + rows,
        numbers=state.seen + first + rows + 1,
        called=called,
        shapes=lines.shapes[rows],
        n_alts=np.array(state.known.n_alts)[classes],
        passed=np.array(state.known.passed)[classes],
    )


def _finish(state: _Pass) -> None:
    """Adds what was counted, and the markers, to the tally of each sample."""
    if state.found is not None:
        _finish_markers(state.found, state.tallies)
    for zone, counts in state.counts.items():
        for class_, number in np.argwhere(counts.cells.any(axis=0)).tolist():
            if number == ELSEWHERE:
                continue
            line = of_any_sample(state.known.examples[class_], GT_TEXTS[number])
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


def _finish_markers(found: vcf_markers.Found, tallies: Sequence[Tally]) -> None:
    for sample, tally in enumerate(tallies):
        for contig, calls in (tally.calls or {}).items():
            vcf_markers.add_single(found, contig, sample, calls)
        tally.calls = None
    for tally, markers in zip(tallies, vcf_markers.markers(found, len(tallies)), strict=True):
        tally.markers = markers
