"""Depth per panel exon from tables: mosdepth's files, and depth profiles. A side room of coverage.py.

| kind       | columns                                    | what it says                               |
|------------|--------------------------------------------|--------------------------------------------|
| per_base   | contig, start, end, depth (whole numbers)  | of every base whether it was covered       |
| thresholds | header with 1X, 10X ...; bases at least so | of an exon, whether all its bases were     |
| regions    | contig, start, end, [name,] mean           | a mean, which is no proof of any base      |
| profile    | header; contig, start, end, mean(s)        | the same, of one or several samples        |

Places are 0-based and half-open, as in BED. A profile is wide (one column of means a sample, named in the
header) or long (columns named sample and depth).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from varmio.assembly import CONTIG_LENGTHS
from varmio.errors import InputError
from varmio.model import Assembly, ExonDepth, ExonRegion
from varmio.readers import files
from varmio.readers.coverage_exons import CALLABLE_DEPTH, Piece, of_pieces
from varmio.readers.vcf_contigs import plain_contig
from varmio.readers.vcf_dialects import number as number_of

THRESHOLD = f"{CALLABLE_DEPTH}X"  # mosdepth's name of the column that is needed
MIN_OBSERVED = 0.5  # share of an exon's bases that a mean must speak of; own choice
PLACE_NAMES = {"contig", "chrom", "chr", "chromosome", "start", "end", "stop", "region", "name", "gene", "exon"}
DEPTH_NAMES = {"depth", "mean", "mean_depth", "meandepth", "coverage", "mean_coverage"}
LONGEST_EXON = 20_000  # bp; no coding exon of a panel gene is half as long
HEAD_LINES = 50  # lines by which the kind of a table is told

Places = Mapping[str, Sequence[tuple[int, int, int]]]  # contig -> (start, end, index of the region), ascending
Row = tuple[str, int, int, list[str]]  # contig without chr, start, end, further columns


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose kind is known; `columns`: names after the place, of the header or numbers."""

    path: Path
    kind: str
    columns: tuple[str, ...]


# --------------------------------------------------------------------------- public


def kind_of(path: Path) -> Table:
    """What kind of table a file is, by its header and first lines. InputError for anything else."""
    header: list[str] = []
    rows: list[list[str]] = []
    for number, line in enumerate(files.lines(path)):
        cells = line.rstrip("\r\n").split("\t")
        if number == 0 and (line.startswith("#") or not _is_place(cells)):
            header = [cell.strip().lstrip("#") for cell in cells]
        elif line.strip():
            rows.append(cells)
        if len(rows) == HEAD_LINES:
            break
    if rows and not all(_is_place(cells) for cells in rows) and "sample" not in map(str.lower, header):
        raise _not_a_table(path)
    if not rows:
        raise InputError(f"{path}: holds no line of depths. Pass mosdepth's per-base file, or a depth profile.")
    return Table(path, *_kind(path, header, rows))


def _kind(path: Path, header: list[str], rows: list[list[str]]) -> tuple[str, tuple[str, ...]]:
    if THRESHOLD in header or any(name.endswith("X") and name[:-1].isdigit() for name in header):
        if THRESHOLD not in header:
            raise InputError(
                f"{path}: has no column {THRESHOLD}. Run mosdepth with --thresholds 1,{CALLABLE_DEPTH},20."
            )
        return "thresholds", tuple(header[3:])
    if header:
        return "profile", tuple(header)
    width = min(map(len, rows))
    last = [cells[width - 1] for cells in rows]
    if width == 4 and all(cell.isdigit() for cell in last) and _touching(rows):
        return "per_base", ("depth",)
    if width in (4, 5) and all(number_of(cell) is not None for cell in last):
        return "regions", tuple(["name"] * (width - 4) + ["mean"])
    raise _not_a_table(path)


def exons(
    table: Table, regions: Sequence[ExonRegion], assembly: Assembly, sample: str | None = None
) -> tuple[ExonDepth, ...]:
    """The depth of each region from the table of one sample (InputError).

    Of a profile of several samples the column named `sample` is read; where there is none it is refused.
    """
    if table.kind == "profile":
        found = columns(table, regions)
        if sample not in found and len(found) != 1:
            raise InputError(
                f"{table.path}: holds {len(found)} samples, and none of this name. Pass the table of one, or give it "
                "as --controls."
            )
        means = found[sample] if sample in found else next(iter(found.values()))
        result = tuple(ExonDepth(region, mean) for region, mean in zip(regions, means, strict=True))
    elif table.kind == "per_base":
        result = _per_base(table, regions, assembly)
    elif table.kind == "thresholds":
        result = _thresholds(table, regions)
    else:
        (means,) = _means(table.path, regions, (-1,))
        result = tuple(ExonDepth(region, mean) for region, mean in zip(regions, means, strict=True))
    _refuse_if_blind(table.path, result, assembly)
    return result


def columns(table: Table, regions: Sequence[ExonRegion]) -> dict[str, list[float | None]]:
    """The mean depth of each region, by sample, from a profile; of any other table by its file's name."""
    if table.kind != "profile":
        return {sample_name(table.path): _means(table.path, regions, (-1,))[0]}
    names = [name.lower() for name in table.columns]
    if "sample" in names:
        return _long(table, names, regions)
    width = next((i for i, name in enumerate(names) if i > 2 and name not in PLACE_NAMES), len(names))
    own = list(table.columns[width:])
    if not own:
        raise InputError(f"{table.path}: names no column of depths. Name one a sample after contig, start, end.")
    means = _means(table.path, regions, range(width - 3, len(names) - 3))
    if len(own) == 1 and own[0].lower() in DEPTH_NAMES:
        own = [sample_name(table.path)]
    return dict(zip(own, means, strict=True))


def targets(path: Path, regions: Sequence[ExonRegion]) -> tuple[bool, ...]:
    """Whether any coding base of each region lies in the BED of capture targets (InputError)."""
    places = _places(regions)
    hit = [False] * len(regions)
    number = 0
    for contig, start, end, _ in _rows(path):
        number += 1
        for _, _, index in _over(places.get(contig, ()), start, end):
            hit[index] = True
    if not any(hit):
        said = "holds no interval" if number == 0 else f"none of its {number:,} intervals touches a panel exon"
        raise InputError(
            f"{path}: {said}. Pass the kit's targets as BED (contig, start, end) on the assembly of the calls."
        )
    return tuple(hit)


def _refuse_if_blind(path: Path, found: Sequence[ExonDepth], assembly: Assembly) -> None:
    """InputError where a file of depths speaks of no panel exon at all."""
    if all(e.mean is None and not e.callable_bases for e in found):
        raise InputError(
            f"{path}: none of its lines speaks of a panel exon. Its contigs have other names, its places are not on "
            f"{assembly}, or it was made for other regions."
        )


def sample_name(path: Path) -> str:
    """The sample that a file is of by its name: what stands before the tool's own endings."""
    name = path.name
    for ending in (".per-base.bed.gz", ".regions.bed.gz", ".thresholds.bed.gz", ".gz", ".bed", ".tsv", ".txt"):
        name = name.removesuffix(ending)
    return name.removesuffix(".mosdepth")


# --------------------------------------------------------------------------- lines


def _is_place(cells: Sequence[str]) -> bool:
    return len(cells) >= 3 and cells[1].isdecimal() and cells[2].isdecimal() and len(cells[2]) < 12


def _rows(path: Path) -> Iterator[Row]:
    """The lines that are places; comments, track lines and the header are passed over."""
    plain: dict[str, str] = {}
    for number, line in enumerate(files.lines(path), 1):
        cells = line.rstrip("\r\n").split("\t")
        if not _is_place(cells):
            if number == 1 or not line.strip() or line.startswith(("#", "track", "browser")):
                continue
            raise InputError(f"{path}: line {number} is no place (contig, start, end). Pass it as it was written.")
        raw = cells[0]
        if raw not in plain:
            plain[raw] = plain_contig(raw)
        yield plain[raw], int(cells[1]), int(cells[2]), cells[3:]


def _places(regions: Sequence[ExonRegion]) -> Places:
    found: dict[str, list[tuple[int, int, int]]] = {}
    for index, region in enumerate(regions):
        found.setdefault(region.contig, []).append((region.start, region.end, index))
    return {contig: sorted(places) for contig, places in found.items()}


def _over(places: Sequence[tuple[int, int, int]], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The places that [start, end) touches."""
    for at in range(bisect_left(places, (start - LONGEST_EXON, 0, 0)), len(places)):
        if places[at][0] >= end:
            return
        if places[at][1] > start:
            yield places[at]


def _touching(rows: list[list[str]]) -> bool:
    """Whether the lines follow one another without a gap, as those of per-base files do."""
    return all(a[2] == b[1] for a, b in pairwise(rows) if a[0] == b[0])


def _not_a_table(path: Path) -> InputError:
    return InputError(
        f"{path}: is no table of depths known here. Pass mosdepth's per-base, thresholds or regions file, or a depth "
        "profile (contig, start, end, mean)."
    )


# --------------------------------------------------------------------------- each kind


def _per_base(table: Table, regions: Sequence[ExonRegion], assembly: Assembly) -> tuple[ExonDepth, ...]:
    places = _places(regions)
    pieces: list[list[Piece]] = [[] for _ in regions]
    highest: dict[str, int] = {}
    for contig, start, end, rest in _indexed_rows(table.path, places) or _rows(table.path):
        highest[contig] = max(highest.get(contig, 0), end)
        for _, _, index in _over(places.get(contig, ()), start, end):
            pieces[index].append((start, end, number_of(rest[0])))
    _refuse_other_assembly(table.path, highest, assembly)
    return tuple(of_pieces(region, found) for region, found in zip(regions, pieces, strict=True))


def _indexed_rows(path: Path, places: Places) -> list[Row] | None:
    """The lines at the regions, and the last one of each contig, through the index; None where there is none.

    An index older than its file is not asked: the file is read from its beginning instead.
    """
    import pysam

    index = path.with_name(path.name + ".csi")
    if not index.is_file() or index.stat().st_mtime < path.stat().st_mtime - 1:
        return None
    found: list[Row] = []
    before = pysam.set_verbosity(0)
    try:
        with pysam.TabixFile(str(path), index=str(index)) as table:
            for raw in table.contigs:
                contig = plain_contig(raw)
                spans = [(start, end) for start, end, _ in places.get(contig, ())]
                if spans:
                    lengths = [CONTIG_LENGTHS[a][contig] for a in Assembly]
                    spans.append((min(lengths) - 1, max(lengths) + 1))
                for start, end in dict.fromkeys(spans):
                    lines = (line.split("\t") for line in table.fetch(raw, start, end))
                    found += [(contig, int(c[1]), int(c[2]), c[3:]) for c in lines]
    except (OSError, ValueError, IndexError):
        return None
    finally:
        pysam.set_verbosity(before)
    return found or None


def _refuse_other_assembly(path: Path, highest: Mapping[str, int], assembly: Assembly) -> None:
    """InputError where the contigs end where those of the other assembly do, and not where this one's do."""
    here, there = CONTIG_LENGTHS[assembly], CONTIG_LENGTHS[assembly.other]
    ends = [contig for contig, end in highest.items() if end == there.get(contig)]
    if ends and not any(end == here.get(contig) for contig, end in highest.items()):
        raise InputError(
            f"{path}: contig {ends[0]} ends at {there[ends[0]]} bp, which is {assembly.other}, but the calls are on "
            f"{assembly}. Pass depths on {assembly}."
        )


def _thresholds(table: Table, regions: Sequence[ExonRegion]) -> tuple[ExonDepth, ...]:
    """Exons whose every base lies in intervals of the file; of an interval not wholly covered no base is proven."""
    places, column = _places(regions), table.columns.index(THRESHOLD)
    pieces: list[list[Piece]] = [[] for _ in regions]
    deep: list[int] = [0] * len(regions)
    some: list[bool] = [True] * len(regions)
    for contig, start, end, rest in _rows(table.path):
        covered = number_of(rest[column]) if column < len(rest) else None
        for low, high, index in _over(places.get(contig, ()), start, end):
            inside = min(high, end) - max(low, start)
            whole = covered is not None and covered >= end - start
            pieces[index].append((start, end, CALLABLE_DEPTH if whole else 0))
            deep[index] += inside if whole else min(inside, int(covered or 0))
            some[index] = some[index] and (whole or not covered)
    found = (of_pieces(region, piece) for region, piece in zip(regions, pieces, strict=True))
    return tuple(
        ExonDepth(e.region, None, min(count, e.region.length), e.gaps if known else None, observed=e.observed)
        if e.observed
        else ExonDepth(e.region, None)
        for e, count, known in zip(found, deep, some, strict=True)
    )


def _means(path: Path, regions: Sequence[ExonRegion], columns: Sequence[int]) -> list[list[float | None]]:
    """For each of the columns (after contig, start, end) the mean of each region, as `_Sum` has it."""
    places = _places(regions)
    sums = [_Sum(regions) for _ in columns]
    for contig, start, end, rest in _rows(path):
        over = list(_over(places.get(contig, ()), start, end))
        for column, sum_ in zip(columns, sums, strict=True) if over else ():
            depth = number_of(rest[column]) if -len(rest) <= column < len(rest) else None
            if depth is not None:
                sum_.add(over, start, end, depth)
    return [sum_.means() for sum_ in sums]


class _Sum:
    """Depth summed over the bases of each region that the lines of a table speak of."""

    def __init__(self, regions: Sequence[ExonRegion]) -> None:
        self.regions = regions
        self.bases = [0] * len(regions)
        self.total = [0.0] * len(regions)

    def add(self, over: Iterable[tuple[int, int, int]], start: int, end: int, depth: float) -> None:
        for low, high, index in over:
            inside = min(high, end) - max(low, start)
            self.bases[index] += inside
            self.total[index] += inside * depth

    def means(self) -> list[float | None]:
        """The mean of each region, weighted by bases; None where too few bases are spoken of."""
        rows = zip(self.regions, self.bases, self.total, strict=True)
        return [round(total / n, 3) if n >= MIN_OBSERVED * region.length else None for region, n, total in rows]


def _long(table: Table, names: list[str], regions: Sequence[ExonRegion]) -> dict[str, list[float | None]]:
    """Samples below one another: columns named sample, contig, start, end and depth, in any order."""
    places = _places(regions)
    at = {name: next((i for i, n in enumerate(names) if n in known), None) for name, known in _LONG.items()}
    if None in at.values():
        lacking = ", ".join(name for name, where in at.items() if where is None)
        raise InputError(f"{table.path}: has no column for {lacking}. Name sample, contig, start, end and depth.")
    sample, contig, start, end, depth = (at[name] or 0 for name in _LONG)
    found: dict[str, _Sum] = {}
    for number, line in enumerate(files.lines(table.path), 1):
        cells = line.rstrip("\r\n").split("\t")
        if number == 1 or not line.strip():
            continue
        value = number_of(cells[depth]) if len(cells) == len(names) else None
        if value is None or not (cells[start].isdecimal() and cells[end].isdecimal()):
            raise InputError(f"{table.path}: line {number} is no depth of a place. Mend it, or take it out.")
        low, high = int(cells[start]), int(cells[end])
        over = _over(places.get(plain_contig(cells[contig]), ()), low, high)
        found.setdefault(cells[sample], _Sum(regions)).add(over, low, high, value)
    return {name: sum_.means() for name, sum_ in found.items()}


_LONG = {
    "sample": {"sample"},
    "contig": {"contig", "chrom", "chr", "chromosome"},
    "start": {"start"},
    "end": {"end", "stop"},
    "depth": DEPTH_NAMES,
}
