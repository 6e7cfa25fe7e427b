"""One sample's small-variant calls: every record accounted for, those at panel genes kept whole.

One pass over the file. Ordinary single-base records away from the panel are only counted; all others
are read field by field. A bad line is named with its number and reason, and never stops the reading.
"""

from __future__ import annotations

import difflib
import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from varmio.assembly import PSEUDOAUTOSOMAL, SexCounts, in_par
from varmio.errors import InputError, UsageError, one_line
from varmio.model import Assembly, Record
from varmio.readers.vcf_text import (
    SHORT,
    Header,
    Line,
    check_path,
    genotype,
    is_bgzf,
    parse_line,
    plain_contig,
    read_header,
    text_blocks,
)

# assembly -> contig without chr -> (start, end)
Ranges = Mapping[Assembly, Mapping[str, tuple[tuple[int, int], ...]]]

KEPT_UNREADABLE = 1000  # lines; all are counted, the first ones named
DEPTH_STRIDE = 16  # records; mean depth is taken over every 16th
BIN_BITS = 14  # 16-kb bins tell whether a position can lie at a panel gene
MIN_RECORDS_OFF_PANEL = 2000  # records; an exome's worth that must not miss every panel gene

_TRANSITIONS = frozenset(("AG", "GA", "CT", "TC"))


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass saw of one sample. `records` = readable lines + `unreadable_count`."""

    path: Path
    header: Header
    sample: str
    sha256: str  # of the file as stored
    records: int
    panel: tuple[Record, ...]  # touch a panel locus of either assembly, in file order
    unreadable: tuple[tuple[int, str], ...]  # (line, reason), the first KEPT_UNREADABLE
    unreadable_count: int
    small_variants: int  # records with an ALT written in bases, whatever the genotype
    structural: int  # records with a symbolic ALT or a breakend
    blocks: int  # records without alternate allele: gVCF blocks, ALT '.'
    snv: int  # records of which this sample carries the ALT, by kind
    mnv: int
    indel: int
    het: int  # called autosomal small variants
    hom: int
    ti: int
    tv: int
    filters: dict[str, int]  # FILTER as written -> records
    mean_depth: float | None
    coding_hits: dict[Assembly, int]  # records or blocks over a panel coding position
    sex_counts: dict[Assembly, SexCounts]
    fully_phased_contigs: frozenset[str]  # every called genotype with several alleles uses '|'
    contigs_seen: dict[str, int]  # contig without chr -> records
    unsorted: bool
    ends_without_newline: bool  # plain text may have been cut inside its last line
    indexed: bool  # an index was there, and agrees

    @property
    def het_hom(self) -> float | None:
        return self.het / self.hom if self.hom else None

    @property
    def ti_tv(self) -> float | None:
        return self.ti / self.tv if self.tv else None

    @property
    def pass_only(self) -> bool | None:
        """True where every record says PASS; None where no record was ever filtered."""
        return None if set(self.filters) <= {"."} else set(self.filters) == {"PASS"}


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Half-open ranges, merged and ascending."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self.starts, end) - 1
        return index >= 0 and self.ends[index] > start


_NOWHERE = _Ranges((), ())


@dataclass(slots=True)
class _Contig:
    """The contig at hand: where to look closely, and the counts of its ordinary records."""

    name: str
    bins: frozenset[int]  # where its panel genes and pseudoautosomal regions lie
    loci: _Ranges
    coding: dict[Assembly, _Ranges]
    ordinary: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    last: int = 0  # POS of the record before
    several: bool = False  # a called genotype with several alleles was seen
    unphased: bool = False  # one of them used '/'


@dataclass(slots=True)
class _Tally:
    width: int  # columns of the file
    column: int  # of the sample
    loci: Ranges
    coding: Ranges
    contigs: dict[str, _Contig] = field(default_factory=dict)  # by the name as written
    simple: set[str] = field(default_factory=set)  # FORMAT texts whose first key is GT
    counts: Counter[str] = field(default_factory=Counter)
    filters: Counter[str] = field(default_factory=Counter)
    sex: Counter[tuple[Assembly, str]] = field(default_factory=Counter)
    coding_hits: Counter[Assembly] = field(default_factory=Counter)
    contigs_seen: Counter[str] = field(default_factory=Counter)
    panel: list[Record] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    depth_sum: int = 0
    depth_seen: int = 0
    unsorted: bool = False
    open_end: bool = False


# --------------------------------------------------------------------------- public


def open_header(path: Path | str) -> Header:
    """The header of a VCF. UsageError where there is no such file, InputError where it is unusable."""
    path = Path(path)
    check_path(path)
    return read_header(path, text_blocks(path, hashlib.sha256()))[0]


def choose_sample(path: Path | str, header: Header, sample: str | None) -> str:
    """The sample to read: the one asked for, or the only one. UsageError lists them otherwise."""
    names = header.samples
    listed = ", ".join(one_line(n) for n in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    if sample is None:
        if len(names) == 1:
            return names[0]
        raise UsageError(f"{path}: holds {len(names)} samples. Say which with --sample: {listed}.")
    if sample in names:
        return sample
    near = difflib.get_close_matches(sample, names, 1)
    hint = f" Did you mean {one_line(near[0])}?" if near else ""
    raise UsageError(f"{path}: has no sample {one_line(sample)!r}.{hint} It holds: {listed}.")


def scan(path: Path | str, sample: str | None, loci: Ranges, coding: Ranges) -> Scan:
    """One sample of a VCF (text, gzip or BGZF), read once.

    loci: whole panel genes with their flanks; coding: their coding exons; each by assembly and contig
    without chr, (start, end). Where the file is BGZF with a .tbi or .csi, the panel regions are read
    through the index too, and must give the same records.

    Raises UsageError (no such file or sample), InputError (not a VCF, truncated, no record, an index
    of another file).
    """
    path = Path(path)
    check_path(path)
    digest = hashlib.sha256()
    blocks = text_blocks(path, digest)
    header, rest = read_header(path, blocks)
    name = choose_sample(path, header, sample)
    tally = _Tally(9 + len(header.samples), 9 + header.samples.index(name), loci, coding)
    records = _read(tally, chain((rest,), blocks), len(header.lines), path)
    for contig in tally.contigs.values():
        _fold(tally, contig)
    _refuse_empty(path, tally, records)
    index = _index_of(path)
    if index is not None:
        _check_index(path, index, tally)
    return _result(path, header, name, digest.hexdigest(), records, tally, index is not None)


def refuse_if_off_panel(seen: Scan, assembly: Assembly | None = None) -> None:
    """Raises InputError for >= 2,000 small-variant or block records of which none is at a panel gene.

    `assembly`: whose coding positions count; either one's where it is None.
    """
    total = seen.small_variants + seen.blocks
    hits = sum(seen.coding_hits.values()) if assembly is None else seen.coding_hits[assembly]
    if total < MIN_RECORDS_OFF_PANEL or hits:
        return
    names = sorted(seen.contigs_seen, key=lambda c: -seen.contigs_seen[c])
    listed = ", ".join(one_line(n) for n in names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    raise InputError(
        f"{seen.path}: none of its {total} records is at a coding position of a panel gene (contigs: {listed}). "
        "The assembly is wrong, or these contigs hold no panel gene: pass the whole exome."
    )


# --------------------------------------------------------------------------- the pass


def _read(tally: _Tally, blocks: Iterator[str], header_lines: int, path: Path) -> int:
    """Reads every line into the tally; returns how many record lines there were.

    The inner loop is all the time a run takes: a record whose (REF, ALT, FILTER, GT) was read in full
    before, on a line of ordinary shape away from the panel, only raises a count.
    """
    width, column = tally.width, tally.column
    here = _Contig("", frozenset(), _NOWHERE, {})
    raw, last, seen, blank = "", 0, 0, 0
    bins, ordinary = here.bins, here.ordinary
    for block in blocks:
        lines = _lines(tally, block)
        for number, line in enumerate(lines, seen + 1):
            columns = line.split("\t", width)
            if columns[0] != raw:
                if len(columns) < 2 or line[0] == "#":
                    blank += _stray(tally, number + header_lines, line, path)
                    continue
                here.last = last
                here = _switch(tally, columns[0])
                raw, last, bins, ordinary = columns[0], here.last, here.bins, here.ordinary
            if len(columns) == width and columns[1].isdigit() and columns[1].isascii():
                pos = int(columns[1])
                if pos < last:
                    tally.unsorted = True
                last = pos
                if pos >> BIN_BITS not in bins and columns[8] in tally.simple:
                    gt = columns[column].partition(":")[0]
                    cell = ordinary.get((columns[3], columns[4], columns[6], gt))
                    if cell is not None:
                        cell[0] += 1
                        if not number % DEPTH_STRIDE:
                            _add_depth(tally, columns)
                        continue
            _look(tally, here, number + header_lines, columns)
        seen += len(lines)
    return seen - blank


def _lines(tally: _Tally, block: str) -> list[str]:
    lines = block.split("\n")
    tally.open_end = lines[-1] != ""
    if not tally.open_end:
        lines.pop()
    if "\0" in block:  # such a line becomes one column, and is named by _stray
        lines = [line.replace("\t", "\0") if "\0" in line else line for line in lines]
    return lines


def _stray(tally: _Tally, number: int, line: str, path: Path) -> int:
    """Names a line that is no record at all; returns 1 for an empty line, which is not counted."""
    if not line:
        return 1
    if line.startswith("#CHROM"):
        raise InputError(
            f"{path}: line {number} is a second #CHROM line: two files were joined. Pass one sample's VCF."
        )
    if "\0" in line:
        reason = "holds a NUL byte"
    elif line[0] == "#":
        reason = "a header line among the records"
    else:
        reason = "not separated by tabs"
    _unreadable(tally, number, reason)
    return 0


def _unreadable(tally: _Tally, number: int, reason: str) -> None:
    tally.counts["unreadable"] += 1
    if len(tally.unreadable) < KEPT_UNREADABLE:
        tally.unreadable.append((number, reason))


def _switch(tally: _Tally, raw: str) -> _Contig:
    """The contig of this name; coming back to one means that the file is not sorted."""
    if raw in tally.contigs:
        tally.unsorted = True
        return tally.contigs[raw]
    name = plain_contig(raw)
    loci = _merged(r for by_contig in tally.loci.values() for r in by_contig.get(name, ()))
    coding = {a: _merged(by_contig.get(name, ())) for a, by_contig in tally.coding.items()}
    close = _merged(
        (max(start - SHORT, 0), end)
        for ranges in (loci, *coding.values(), _pseudoautosomal(name))
        for start, end in zip(ranges.starts, ranges.ends, strict=True)
    )
    bins = frozenset(
        b
        for start, end in zip(close.starts, close.ends, strict=True)
        for b in range(start >> BIN_BITS, (end >> BIN_BITS) + 1)
    )
    contig = _Contig(name, bins, loci, coding)
    tally.contigs[raw] = contig
    return contig


def _pseudoautosomal(contig: str) -> _Ranges:
    return _merged((first - 1, last) for par in PSEUDOAUTOSOMAL.values() for first, last in par.get(contig, ()))


def _merged(ranges: Iterable[tuple[int, int]]) -> _Ranges:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return _Ranges(tuple(s for s, _ in merged), tuple(e for _, e in merged))


# --------------------------------------------------------------------------- one line in full


def _look(tally: _Tally, here: _Contig, number: int, columns: list[str]) -> None:
    """Reads one line in full: counts it, and keeps it where it touches a panel gene."""
    line = parse_line(columns, tally.width, tally.column)
    if isinstance(line, str):
        _unreadable(tally, number, line)
        return
    if line.layout == "GT" or line.layout.startswith("GT:"):
        tally.simple.add(line.layout)
    start = line.pos - 1
    if line.short and line.pos >> BIN_BITS not in here.bins and line.layout in tally.simple:
        here.ordinary[columns[3], columns[4], columns[6], line.gt] = [1]
        return
    _count(tally, here, line, 1)
    if not number % DEPTH_STRIDE:
        _add_depth(tally, columns)
    if not line.structural:
        for assembly, coding in here.coding.items():
            tally.coding_hits[assembly] += coding.touches(start, line.end)
    if here.loci.touches(start, line.end):
        tally.panel.append(_record(here.name, number, line, columns[:8]))


def _record(contig: str, number: int, line: Line, fixed: list[str]) -> Record:
    return Record(
        line=number,
        contig=contig,
        pos=line.pos,
        id=fixed[2],
        ref=line.ref,
        alts=line.alts,
        qual=fixed[5],
        filters=() if line.filter in (".", "") else tuple(line.filter.split(";")),
        columns=(*fixed, line.layout, line.sample),
        end=line.end,
        genotype=genotype(line),
    )


def _count(tally: _Tally, here: _Contig, line: Line, times: int) -> None:
    """Adds a record, or `times` like it, to the counts of the call set."""
    counts = tally.counts
    tally.filters[line.filter] += times
    tally.contigs_seen[here.name] += times
    several = len(line.alleles) > 1 and any(a is not None for a in line.alleles)
    here.several |= several
    here.unphased |= several and "/" in line.gt
    if line.reference_only:
        counts["blocks"] += times
        return
    counts["structural"] += times * line.structural
    counts["small_variants"] += times * ("bases" in line.kinds)
    if here.name in ("X", "Y"):
        _count_sex(tally, here.name, line, times)
    carried = {a for a in line.alleles if a and line.kinds[a - 1] == "bases"}
    if not carried:
        return
    kinds = {_change(line.ref, line.alts[a - 1]) for a in carried}
    kind = "indel" if "indel" in kinds else "mnv" if "mnv" in kinds else "snv"
    counts[kind] += times
    if here.name.isdecimal() and None not in line.alleles and len(line.alleles) == 2:
        counts["hom" if line.alleles[0] == line.alleles[1] else "het"] += times
    if len(line.ref) == 1:
        for allele in carried:
            change = line.ref + line.alts[allele - 1]
            if len(change) == 2:
                counts["ti" if change in _TRANSITIONS else "tv"] += times


def _change(ref: str, alt: str) -> str:
    if len(ref) != len(alt):
        return "indel"
    return "snv" if sum(r != a for r, a in zip(ref, alt, strict=True)) == 1 else "mnv"


def _count_sex(tally: _Tally, contig: str, line: Line, times: int) -> None:
    """Adds a called single-base record of X or Y to the sex counts, outside each assembly's PAR."""
    alleles = line.alleles
    if None in alleles or not any(alleles) or not line.ordinary:
        return
    if contig == "Y":
        kind = "y_calls"
    elif len(alleles) == 1:
        kind = "x_haploid"
    else:
        kind = "x_hom" if len(set(alleles)) == 1 else "x_het"
    for assembly in Assembly:
        tally.sex[assembly, kind] += times * (not in_par(assembly, contig, line.pos))


def _add_depth(tally: _Tally, columns: list[str]) -> None:
    if columns[4].startswith("<"):
        return
    keys = columns[8].split(":")
    values = columns[tally.column].split(":")
    index = keys.index("DP") if "DP" in keys else len(values)
    if index < len(values) and values[index].isdecimal() and len(values[index]) < 10:
        tally.depth_sum += int(values[index])
        tally.depth_seen += 1


def _fold(tally: _Tally, contig: _Contig) -> None:
    """Adds the counts of a contig's ordinary records to the tally."""
    for (ref, alt, filters, gt), (times,) in contig.ordinary.items():
        columns = [contig.name, "0", ".", ref, alt, ".", filters, ".", "GT", gt]
        line = parse_line(columns, 10, 9)
        assert not isinstance(line, str)
        _count(tally, contig, line, times)


# --------------------------------------------------------------------------- the index


def _index_of(path: Path) -> Path | None:
    """The .tbi or .csi beside a BGZF file, if there is one."""
    beside = (path.with_name(path.name + suffix) for suffix in (".tbi", ".csi"))
    index = next((p for p in beside if p.is_file()), None)
    return index if index is not None and is_bgzf(path) else None


def _check_index(path: Path, index: Path, tally: _Tally) -> None:
    """Raises InputError where the records that the index leads to are not those of the stream."""
    import pysam

    loud = pysam.set_verbosity(0)  # htslib would write its own lines to stderr
    try:
        with pysam.TabixFile(str(path), index=str(index)) as tabix:
            through_index = Counter(_fetched(tabix, tally))
    except (OSError, ValueError, EOFError, UnicodeDecodeError):
        through_index = Counter({("", 0): 1})
    finally:
        pysam.set_verbosity(loud)
    streamed = Counter(
        (record.contig, record.pos)
        for record in tally.panel
        if _begins_in(tally.loci, record.contig, record.pos)
    )
    if through_index != streamed:
        raise InputError(
            f"{path}: its index {index.name} leads to other panel records than the file holds, so it belongs "
            f"to another file. Remove it, or make it again: tabix -f -p vcf {path.name}."
        )


def _begins_in(loci: Ranges, contig: str, pos: int) -> bool:
    return any(s < pos <= e for by_contig in loci.values() for s, e in by_contig.get(contig, ()))


def _fetched(tabix: Any, tally: _Tally) -> Iterator[tuple[str, int]]:
    for raw in tabix.contigs:
        name = plain_contig(raw)
        loci = _merged(r for by_contig in tally.loci.values() for r in by_contig.get(name, ()))
        for start, end in zip(loci.starts, loci.ends, strict=True):
            for text in tabix.fetch(raw, start, end):
                line = parse_line(text.rstrip("\r").split("\t", tally.width), tally.width, tally.column)
                if not isinstance(line, str) and start < line.pos <= end:
                    yield name, line.pos


# --------------------------------------------------------------------------- the result


def _refuse_empty(path: Path, tally: _Tally, records: int) -> None:
    if records == 0:
        raise InputError(f"{path}: has a header and no record. Pass the file that holds the calls.")
    if tally.counts["unreadable"] == records:
        number, reason = tally.unreadable[0]
        raise InputError(f"{path}: none of its {records} records can be read (line {number}: {reason}).")


def _result(
    path: Path, header: Header, sample: str, sha256: str, records: int, tally: _Tally, indexed: bool
) -> Scan:
    counts = tally.counts
    return Scan(
        path=path,
        header=header,
        sample=sample,
        sha256=sha256,
        records=records,
        panel=tuple(tally.panel),
        unreadable=tuple(tally.unreadable),
        unreadable_count=counts["unreadable"],
        small_variants=counts["small_variants"],
        structural=counts["structural"],
        blocks=counts["blocks"],
        snv=counts["snv"],
        mnv=counts["mnv"],
        indel=counts["indel"],
        het=counts["het"],
        hom=counts["hom"],
        ti=counts["ti"],
        tv=counts["tv"],
        filters=dict(sorted(tally.filters.items())),
        mean_depth=round(tally.depth_sum / tally.depth_seen, 1) if tally.depth_seen else None,
        coding_hits={a: tally.coding_hits[a] for a in Assembly},
        sex_counts={
            a: SexCounts(
                assembly=a, **{k: tally.sex[a, k] for k in ("x_het", "x_hom", "x_haploid", "y_calls")}
            )
            for a in Assembly
        },
        fully_phased_contigs=frozenset(
            c.name for c in tally.contigs.values() if c.several and not c.unphased
        ),
        contigs_seen=dict(tally.contigs_seen),
        unsorted=tally.unsorted,
        ends_without_newline=tally.open_end,
        indexed=indexed,
    )
