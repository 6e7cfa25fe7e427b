"""The sites at which each sample differs from the reference, for runs of homozygosity. Side room of vcf.py.

Calls with an alternate allele are kept as rows of one array, from the pass as it goes; at the end they
become the markers of each sample: SNVs with two called copies, one for each position.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from varmio.model import Markers
from varmio.readers.vcf_arrays import GT_TEXTS, Bytes, Flags, Lines, Numbers
from varmio.readers.vcf_calls import NOT_CALLED, OTHER, PLACE, Call, Reads, reads_of
from varmio.readers.vcf_fields import Cells, measured
from varmio.readers.vcf_record import fields_of

COLUMNS: dict[str, type[np.generic]] = {
    "sample": np.int32,
    "pos": np.int64,  # of the changed base
    "line": np.uint32,
    "kind": np.uint8,
    "bases": np.uint8,  # bits of the called ALTs (vcf_calls.BITS)
    "passed": np.bool_,
    "depth": np.int32,
    "quality": np.int32,
    "own": np.float32,  # as vcf_calls.Reads
    "total": np.float32,
}
Calls: TypeAlias = dict[str, NDArray[Any]]  # a column each, of one length
NOTHING, HET, HOM, HALF, SPOILS = range(5)  # kinds of a call; SPOILS: carries something that is no SNV
BASES = 15  # the bits of a code
POS_BITS = 41  # hold a POS of MAX_POS_DIGITS
HIGHEST = (1 << 31) - 1  # depth or quality; nonsense beyond


def _calls(**columns: Any) -> Calls:
    return {name: np.asarray(columns[name]).astype(kind, copy=False) for name, kind in COLUMNS.items()}


# --------------------------------------------------------------------------- genotypes by their GT number

MISSING = 4  # allele number of '.', behind those that GT_TEXTS can name


def _alleles(text: str) -> tuple[int, int]:
    """Lower and higher allele number of a GT with two copies; '.' is lower than all."""
    if len(text) != 3:
        return 0, 0
    first, second = sorted((text[0], text[2]), key=".0123".index)
    return (MISSING if first == "." else int(first)), (MISSING if second == "." else int(second))


_LOWER, _HIGHER = np.array([_alleles(text) for text in GT_TEXTS]).T
_CARRIES = np.array([len(text) == 3 and any(a in "123" for a in text) for text in GT_TEXTS])

# --------------------------------------------------------------------------- as the pass goes


@dataclass(slots=True)
class Found:
    """The calls so far, by contig without chr."""

    calls: dict[str, list[Calls]] = field(default_factory=dict)
    judged: Numbers = field(default_factory=lambda: np.zeros((3, 0, len(GT_TEXTS)), np.int64))  # as judged, shape, GT


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines of one contig whose genotypes were read as arrays."""

    contig: str  # without chr
    rows: Numbers  # places in Lines
    numbers: Numbers  # of the records in the file
    called: Bytes  # line, sample -> number in GT_TEXTS
    shapes: Numbers  # of each line, the number of its alleles' codes
    n_alts: Numbers
    passed: Flags


def add(
    found: Found, lines: Lines, stretches: Sequence[Seen], columns: Numbers, shapes: Collection[tuple[int, ...]]
) -> None:
    """Keeps the calls of these stretches. columns: of the samples; shapes: by number, the codes of a line's alleles."""
    rows, numbers, called, shape, n_alts, passed = (
        np.concatenate([getattr(seen, name) for seen in stretches])
        for name in ("rows", "numbers", "called", "shapes", "n_alts", "passed")
    )
    row, sample = np.nonzero(_CARRIES[called])
    if not len(row):
        return
    gts = called[row, sample]
    kind, bases, place = _judged(found, shapes)[:, shape[row], gts]
    line, column = rows[row], columns[sample]
    starts, ends = lines.columns[line, column - 1] + 1, lines.columns[line, column]
    calls = _calls(
        sample=sample,
        pos=lines.pos[line] + place,
        line=numbers[row],
        kind=kind,
        bases=bases,
        passed=passed[row],
        **_measured(lines, Cells(line, starts, ends, n_alts[row], _LOWER[gts], _HIGHER[gts]), kind),
    )
    bounds = np.searchsorted(row, np.cumsum([0, *(len(seen.rows) for seen in stretches)])).tolist()
    for seen, first, after in zip(stretches, bounds, bounds[1:], strict=False):
        found.calls.setdefault(seen.contig, []).append(_at(calls, slice(first, after)))


def _judged(found: Found, shapes: Collection[tuple[int, ...]]) -> Numbers:
    """What calls of each GT are, on lines of each shape."""
    new = list(islice(shapes, found.judged.shape[1], None))
    if new:
        codes = np.column_stack((np.array(new, np.int64), np.full(len(new), NOT_CALLED)))
        found.judged = np.concatenate((found.judged, judged(codes[:, _LOWER], codes[:, _HIGHER])), axis=1)
    return found.judged


def judged(first: Numbers, second: Numbers) -> Numbers:
    """Kind, bits of its bases, and place in REF, of calls by the codes of their lower and higher allele.

    A '.' beside an SNV is HALF; two SNVs of one call are a marker where they change the same base.
    """
    place = np.maximum(first, second) // PLACE
    snv = (second > 0) & (second & OTHER == 0)
    other = ((first > 0) & (first & OTHER != 0)) | ((second > 0) & ~snv)
    fits = (first == 0) | ((first > 0) & (first // PLACE == place) & (second // PLACE == place))
    kind = np.select(
        [other, ~snv, first == NOT_CALLED, first == second, fits], [SPOILS, NOTHING, HALF, HOM, HET], NOTHING
    )
    bases = (np.where(first > 0, first, 0) | np.where(second > 0, second, 0)) & BASES
    return np.stack((kind, bases, np.where(other | ~snv, 0, place)))


def _measured(lines: Lines, cells: Cells, kind: Numbers) -> Calls:
    told = measured(lines, cells)
    columns: Calls = {
        "depth": np.minimum(told.depth, HIGHEST),
        "quality": told.quality,
        "own": told.own,
        "total": told.total,
    }
    for place in np.flatnonzero(told.odd & (kind != SPOILS)).tolist():
        line, first, second = (int(part[place]) for part in (cells.line, cells.first, cells.second))
        cell = lines.data[cells.starts[place] : cells.ends[place]].decode("utf-8", "surrogateescape")
        reads = reads_of(
            fields_of(lines.column(line, 8), cell),
            int(cells.n_alts[place]),
            None if first == MISSING else first,
            second,
        )
        for name, value in zip(reads._fields, reads, strict=True):
            columns[name][place] = _or_absent(name, value)
    return columns


def _or_absent(name: str, value: float | None) -> float:
    if name in ("depth", "quality"):
        return -1 if value is None else min(value, HIGHEST)
    return np.nan if value is None else value


def add_single(found: Found, contig: str, sample: int, single: Sequence[Call]) -> None:
    """Keeps calls that were read by themselves."""
    codes = np.array([(call.first, call.second) for call in single], np.int64)
    kind, bases, place = judged(codes[:, 0], codes[:, 1])
    calls = _calls(
        sample=np.full(len(single), sample),
        pos=np.array([call.pos for call in single], np.int64) + place,
        line=[call.line for call in single],
        kind=kind,
        bases=bases,
        passed=[call.passed for call in single],
        **{name: [_or_absent(name, getattr(call.reads, name)) for call in single] for name in Reads._fields},
    )
    found.calls.setdefault(contig, []).append(calls)


# --------------------------------------------------------------------------- at the end


def markers(found: Found, samples: int) -> list[Mapping[str, Markers]]:
    """The markers of each sample, by contig; `found` is emptied meanwhile."""
    told: list[dict[str, Markers]] = [{} for _ in range(samples)]
    for contig in sorted(found.calls, key=lambda name: (len(name), name)):
        calls = _sites(_joined(found.calls.pop(contig)))
        bounds = np.searchsorted(calls["sample"], np.arange(samples + 1))
        columns = _columns(calls)
        for sample, by_contig in enumerate(told):
            first, after = bounds[sample : sample + 2]
            if after > first:
                by_contig[contig] = Markers(*(column[first:after] for column in columns))
    return list(told)


def _joined(pieces: Sequence[Calls]) -> Calls:
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in COLUMNS}


def _at(calls: Calls, places: NDArray[Any] | slice) -> Calls:
    return {name: column[places] for name, column in calls.items()}


def _columns(calls: Calls) -> tuple[NDArray[Any], ...]:
    """pos, het, passed, depth, quality, share."""
    total = calls["total"]
    share = np.divide(calls["own"], total, out=np.full(len(total), np.nan, np.float32), where=total > 0)
    return calls["pos"], calls["kind"] == HET, calls["passed"], calls["depth"], calls["quality"], share


def _sites(calls: Calls) -> Calls:
    """One call a position and sample, ascending; only those that are markers."""
    site = (calls["sample"].astype(np.int64) << POS_BITS) + calls["pos"]
    order = np.argsort(site, kind="stable")
    calls, site = _at(calls, order), site[order]
    again = np.zeros(len(site) + 1, np.bool_)  # whether a call is at the site of the one before
    again[1:-1] = site[1:] == site[:-1]
    firsts = np.flatnonzero(again[1:] & ~again[:-1])
    lasts = np.flatnonzero(again[:-1] & ~again[1:])
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        _one_site(calls, sorted(range(first, last + 1), key=calls["line"].__getitem__))
    return _at(calls, np.flatnonzero(((calls["kind"] == HET) | (calls["kind"] == HOM)) & (calls["pos"] > 0)))


def _one_site(calls: Calls, records: list[int]) -> None:
    """Several records of one sample at one position: at most one stays a marker, the others become NOTHING.

    homozygous records only, of one base    homozygous (a record that is there twice)
    homozygous records and others           none: they contradict one another
    heterozygous records, or two halves     heterozygous (1/2 split into 0/1 and 0/1, or 1/. and ./1)
    with them an allele that is no SNV      none: 1/2 of an SNV and another change
    """
    kinds = {n: int(calls["kind"][n]) for n in records}
    bases = {n: int(calls["bases"][n]) for n in records}
    whole = [n for n in records if kinds[n] in (HET, HOM)]
    halves = [n for n in records if kinds[n] == HALF]
    used = whole or (halves if len({bases[n] for n in halves}) > 1 else [])
    calls["kind"][records] = NOTHING
    if not used:
        return
    homozygous = [n for n in used if kinds[n] == HOM]
    if homozygous and (len(homozygous) < len(used) or len({bases[n] for n in used}) > 1):
        return
    if not homozygous and SPOILS in kinds.values():
        return
    kept = next((n for n in used if calls["passed"][n]), used[0])
    calls["kind"][kept] = HOM if homozygous else HET
    other = next((n for n in used if bases[n] != bases[kept]), None)
    if other is not None:
        second = max(kept, other, key=records.index)
        calls["own"][kept], calls["total"][kept] = calls["own"][second], calls["own"][kept] + calls["own"][other]
