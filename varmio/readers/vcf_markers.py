"""The sites at which each sample differs from the reference, for runs of homozygosity. Side room of vcf.py.

Calls with an alternate allele are kept as rows of one array, from the pass as it goes; at the end they
become the markers of each sample: SNVs with two called copies, one for each position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from varmio.model import Markers
from varmio.readers.vcf_arrays import GT_TEXTS, Bytes, Flags, Lines, Numbers
from varmio.readers.vcf_calls import NOT_CALLED, OTHER, PLACE, Call, Reads, reads_of
from varmio.readers.vcf_fields import Cells, measured
from varmio.readers.vcf_record import fields_of

CALL = np.dtype(
    [
        ("sample", np.int32),
        ("pos", np.int64),  # of the changed base
        ("line", np.uint32),
        ("kind", np.uint8),
        ("bases", np.uint8),  # bits of the called ALTs (vcf_calls.BITS)
        ("passed", np.bool_),
        ("depth", np.int32),
        ("quality", np.int32),
        ("own", np.float32),  # as vcf_calls.Reads
        ("total", np.float32),
    ]
)
Calls: TypeAlias = NDArray[np.void]
NOTHING, HET, HOM, HALF, SPOILS = range(5)  # kinds of a call; SPOILS: carries something that is no SNV
BASES = 15  # the bits of a code
HIGHEST = (1 << 31) - 1  # depth or quality; nonsense beyond

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


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines of one contig whose genotypes were read as arrays."""

    rows: Numbers  # places in Lines
    numbers: Numbers  # of the records in the file
    called: Bytes  # line, sample -> number in GT_TEXTS
    columns: Numbers  # of the samples
    codes: Numbers  # line, allele -> vcf_calls.code_of
    n_alts: Numbers
    passed: Flags


def add(found: Found, contig: str, lines: Lines, seen: Seen) -> None:
    """Keeps the calls of these lines."""
    row, sample = np.nonzero(_CARRIES[seen.called])
    if not len(row):
        return
    gts = seen.called[row, sample]
    lower, higher = _LOWER[gts], _HIGHER[gts]
    kind, bases, place = judged(_code(seen.codes, row, lower), _code(seen.codes, row, higher))
    line = seen.rows[row]
    starts = lines.columns[line, seen.columns[sample] - 1] + 1
    cells = Cells(line, starts, lines.columns[line, seen.columns[sample]], seen.n_alts[row], lower, higher)
    calls = np.zeros(len(row), CALL)
    calls["sample"], calls["pos"], calls["line"] = sample, lines.pos[line] + place, seen.numbers[row]
    calls["kind"], calls["bases"], calls["passed"] = kind, bases, seen.passed[row]
    _measure(calls, lines, cells)
    found.calls.setdefault(contig, []).append(calls)


def _code(codes: Numbers, row: Numbers, allele: Numbers) -> Numbers:
    return np.where(allele == MISSING, NOT_CALLED, codes[row, np.where(allele == MISSING, 0, allele)])


def judged(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers, Numbers]:
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
    return kind, bases, np.where(other | ~snv, 0, place)


def _measure(calls: Calls, lines: Lines, cells: Cells) -> None:
    told = measured(lines, cells)
    calls["depth"], calls["quality"] = np.minimum(told.depth, HIGHEST), told.quality
    calls["own"], calls["total"] = told.own, told.total
    for place in np.flatnonzero(told.odd & (calls["kind"] != SPOILS)).tolist():
        line, first, second = (int(part[place]) for part in (cells.line, cells.first, cells.second))
        cell = lines.data[cells.starts[place] : cells.ends[place]].decode("utf-8", "surrogateescape")
        reads = reads_of(
            fields_of(lines.column(line, 8), cell),
            int(cells.n_alts[place]),
            None if first == MISSING else first,
            second,
        )
        for name, value in zip(reads._fields, reads, strict=True):
            calls[name][place] = _or_absent(name, value)


def _or_absent(name: str, value: float | None) -> float:
    if name in ("depth", "quality"):
        return -1 if value is None else min(value, HIGHEST)
    return np.nan if value is None else value


def add_single(found: Found, contig: str, sample: int, single: Sequence[Call]) -> None:
    """Keeps calls that were read by themselves."""
    calls = np.zeros(len(single), CALL)
    kind, bases, place = judged(*(np.array([call[n] for call in single], np.int64) for n in (2, 3)))
    calls["sample"], calls["kind"], calls["bases"] = sample, kind, bases
    calls["pos"] = np.array([call.pos for call in single], np.int64) + place
    calls["line"], calls["passed"] = [call.line for call in single], [call.passed for call in single]
    for name in Reads._fields:
        calls[name] = [_or_absent(name, getattr(call.reads, name)) for call in single]
    found.calls.setdefault(contig, []).append(calls)


# --------------------------------------------------------------------------- at the end


def markers(found: Found, samples: int) -> list[Mapping[str, Markers]]:
    """The markers of each sample, by contig; `found` is emptied meanwhile."""
    told: list[dict[str, Markers]] = [{} for _ in range(samples)]
    for contig in sorted(found.calls, key=lambda name: (len(name), name)):
        calls = _sites(np.concatenate(found.calls.pop(contig)))
        bounds = np.searchsorted(calls["sample"], np.arange(samples + 1))
        columns = _columns(calls)
        for sample, by_contig in enumerate(told):
            first, after = bounds[sample : sample + 2]
            if after > first:
                by_contig[contig] = Markers(*(column[first:after] for column in columns))
    return list(told)


def _columns(calls: Calls) -> tuple[NDArray[Any], ...]:
    """pos, het, passed, depth, quality, share."""
    total = calls["total"]
    share = np.divide(calls["own"], total, out=np.full(len(calls), np.nan, np.float32), where=total > 0)
    plain = (np.ascontiguousarray(calls[name]) for name in ("pos", "passed", "depth", "quality"))
    pos, passed, depth, quality = plain
    return pos, calls["kind"] == HET, passed, depth, quality, share


def _sites(calls: Calls) -> Calls:
    """One call a position and sample, ascending; only those that are markers."""
    calls = calls[np.lexsort((calls["line"], calls["pos"], calls["sample"]))]
    again = np.zeros(len(calls) + 1, np.bool_)  # whether a call is at the site of the one before
    again[1:-1] = (calls["pos"][1:] == calls["pos"][:-1]) & (calls["sample"][1:] == calls["sample"][:-1])
    firsts = np.flatnonzero(again[1:] & ~again[:-1])
    lasts = np.flatnonzero(again[:-1] & ~again[1:])
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        _one_site(calls[first : last + 1])
    kept: Calls = calls[((calls["kind"] == HET) | (calls["kind"] == HOM)) & (calls["pos"] > 0)]
    return kept


def _one_site(calls: Calls) -> None:
    """Several records of one sample at one position: at most one stays a marker, the others become NOTHING.

    homozygous records only, of one base    homozygous (a record that is there twice)
    homozygous records and others           none: they contradict one another
    heterozygous records, or two halves     heterozygous (1/2 split into 0/1 and 0/1, or 1/. and ./1)
    with them an allele that is no SNV      none: 1/2 of an SNV and another change
    """
    kinds = calls["kind"].tolist()
    whole = [n for n, kind in enumerate(kinds) if kind in (HET, HOM)]
    halves = [n for n, kind in enumerate(kinds) if kind == HALF]
    bases = calls["bases"].tolist()
    used = whole or (halves if len({bases[n] for n in halves}) > 1 else [])
    calls["kind"] = NOTHING
    if not used:
        return
    homozygous = [n for n in used if kinds[n] == HOM]
    if homozygous and (len(homozygous) < len(used) or len({bases[n] for n in used}) > 1):
        return
    if not homozygous and SPOILS in kinds:
        return
    passed = [n for n in used if calls["passed"][n]]
    kept = (passed or used)[0]
    calls["kind"][kept] = HOM if homozygous else HET
    other = next((n for n in used if bases[n] != bases[kept]), None)
    if other is not None:
        calls["total"][kept] = calls["own"][kept] + calls["own"][other]
        calls["own"][kept] = calls["own"][max(kept, other)]
