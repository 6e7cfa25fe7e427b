"""What the pass has seen of one sample, and how one line is read in full, counted and kept. Side room of vcf.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from varmio.assembly import PSEUDOAUTOSOMAL, in_par
from varmio.errors import InputError
from varmio.model import Assembly, Markers, Record
from varmio.readers.vcf_calls import MARKED, Call, call_of
from varmio.readers.vcf_index import Merged, merged
from varmio.readers.vcf_record import SHORT, Line, genotype, parse_line, plain_contig

# assembly -> contig without chr -> (start, end)
Ranges = Mapping[Assembly, Mapping[str, tuple[tuple[int, int], ...]]]

KEPT_UNREADABLE = 1000  # lines; all are counted, the first ones named
BIN_BITS = 14  # 16-kb bins tell whether a position can lie at a panel gene
_TRANSITIONS = frozenset(("AG", "GA", "CT", "TC"))


@dataclass(slots=True)
class Contig:
    """One contig of the file: where to look closely, and what its genotypes are."""

    name: str
    bins: frozenset[int]  # where its panel genes and pseudoautosomal regions lie
    loci: Merged
    coding: dict[Assembly, Merged]
    last: int = 0  # POS of the record before
    several: bool = False  # a called genotype with several alleles was seen
    unphased: bool = False  # one of them used '/'


@dataclass(slots=True)
class Tally:
    """What the pass has seen so far."""

    width: int  # columns of the file
    column: int  # of the sample
    header_lines: int
    loci: Ranges
    coding: Ranges
    calls: dict[str, list[Call]] | None = None  # for markers, by contig without chr; None where not asked for
    markers: Mapping[str, Markers] = field(default_factory=dict)
    contigs: dict[str, Contig] = field(default_factory=dict)  # by the name as written
    counts: Counter[str] = field(default_factory=Counter)
    filters: Counter[str] = field(default_factory=Counter)
    sex: Counter[tuple[Assembly, str]] = field(default_factory=Counter)
    coding_hits: Counter[Assembly] = field(default_factory=Counter)
    contigs_seen: Counter[str] = field(default_factory=Counter)
    panel: list[Record] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    unsorted: bool = False
    highest: dict[str, int] = field(default_factory=dict)  # POS, by contig as written
    open_end: bool = False  # the last line has no line end
    last_line: int = 0  # its number in the file


def stray(tally: Tally, number: int, line: str, path: Path) -> int:
    """Names a line that is no record at all; returns 1 for an empty line, which is not counted."""
    if not line:
        return 1
    if line.startswith("#CHROM\t"):
        raise InputError(
            f"{path}: line {number + tally.header_lines} is a second #CHROM line: two files were joined. "
            "Pass one sample's VCF."
        )
    if "\0" in line:
        reason = "holds a NUL byte"
    elif line[0] == "#":
        reason = "a header line among the records"
    elif line[0] == "\t":
        reason = "CHROM is empty"
    else:
        reason = "not separated by tabs"
    unreadable(tally, number, reason)
    return 0


def unreadable(tally: Tally, number: int, reason: str) -> None:
    tally.counts["unreadable"] += 1
    if len(tally.unreadable) < KEPT_UNREADABLE:
        tally.unreadable.append((number + tally.header_lines, reason))


def switch(tally: Tally, raw: str) -> Contig:
    """The contig of this name; coming back to one means that the file is not sorted."""
    if raw in tally.contigs:
        tally.unsorted = True
        return tally.contigs[raw]
    name = plain_contig(raw)
    loci = merged(r for by_contig in tally.loci.values() for r in by_contig.get(name, ()))
    coding = {a: merged(by_contig.get(name, ())) for a, by_contig in tally.coding.items()}
    par = merged((first - 1, last) for a in Assembly for first, last in PSEUDOAUTOSOMAL[a].get(name, ()))
    bins = frozenset(
        number
        for ranges in (loci, par, *coding.values())
        for start, end in ranges
        for number in range(max(start - SHORT, 0) >> BIN_BITS, (end >> BIN_BITS) + 1)
    )
    tally.contigs[raw] = contig = Contig(name, bins, loci, coding)
    return contig


# --------------------------------------------------------------------------- one line in full


def look(tally: Tally, here: Contig, number: int, columns: list[str]) -> None:
    """Reads one line in full: counts it, and keeps it where it touches a panel gene."""
    line = parse_line(columns, tally.width, tally.column)
    if isinstance(line, str):
        unreadable(tally, number, line)
        return
    if tally.calls is not None and here.name in MARKED and (call := call_of(line, number)):
        tally.calls.setdefault(here.name, []).append(call)
    count(tally, here.name, line.pos, line, 1)
    _count_on(tally, here, line, 1)
    start = line.pos - 1
    if line.end - line.pos < SHORT and line.pos >> BIN_BITS not in here.bins:
        return
    if not line.structural:
        for assembly, coding in here.coding.items():
            tally.coding_hits[assembly] += coding.touches(start, line.end)
    if here.loci.touches(start, line.end):
        tally.panel.append(_record(here.name, number + tally.header_lines, line, columns[:8]))


def _record(contig: str, number: int, line: Line, fixed: list[str]) -> Record:
    return Record(
        line=number,
        contig=contig,
        pos=line.pos,
        id=fixed[2],
        ref=line.ref,
        alts=line.alts,
        qual=fixed[5],
        filters=() if line.filter == "." else tuple(line.filter.split(";")),
        columns=(*fixed, line.layout, line.sample),
        end=line.end,
        genotype=genotype(line),
        kinds=line.kinds,
    )


def _count_on(tally: Tally, here: Contig, line: Line, times: int) -> None:
    """What is kept per contig: how many records, and whether its genotypes are phased."""
    tally.contigs_seen[here.name] += times
    if len(line.alleles) > 1 and any(a is not None for a in line.alleles):
        here.several = True
        here.unphased |= "/" in line.gt


def count(tally: Tally, contig: str, pos: int, line: Line, times: int) -> None:
    """Adds a record, or `times` like it, to the counts of the call set."""
    counts = tally.counts
    tally.filters[line.filter] += times
    if line.structural:
        counts["structural"] += times
    if line.reference_only:
        counts["blocks"] += times
    if "bases" not in line.kinds:
        return
    counts["small_variants"] += times
    carried = {a for a in line.alleles if a and line.kinds[a - 1] == "bases"}
    if not carried:
        return
    changes = [change_of(line.ref, line.alts[a - 1]) for a in carried]
    kind = "indel" if "indel" in changes else "mnv" if "mnv" in changes else "snv"
    counts[kind] += times
    for change in changes:
        counts[change] += times * (change in ("ti", "tv"))
    if None in line.alleles:
        return
    if contig.isdecimal() and len(line.alleles) == 2:
        counts["hom" if line.alleles[0] == line.alleles[1] else "het"] += times
    if contig in ("X", "Y") and kind == "snv":
        _count_sex(tally, contig, pos, line, times)


def change_of(ref: str, alt: str) -> str:
    """indel, mnv, or for one changed base ti or tv."""
    if len(ref) != len(alt):
        return "indel"
    bases = ref + alt if len(ref) == 1 else "".join(r + a for r, a in zip(ref, alt, strict=True) if r != a)
    return "mnv" if len(bases) > 2 else "ti" if bases in _TRANSITIONS else "tv"


def _count_sex(tally: Tally, contig: str, pos: int, line: Line, times: int) -> None:
    """Adds a called SNV of X or Y to the sex counts, outside each assembly's PAR."""
    kind = "y_calls"
    if contig == "X":
        kinds = len(set(line.alleles))
        kind = "x_haploid" if len(line.alleles) == 1 else "x_hom" if kinds == 1 else "x_het"
    for assembly in Assembly:
        tally.sex[assembly, kind] += times * (not in_par(assembly, contig, pos))
