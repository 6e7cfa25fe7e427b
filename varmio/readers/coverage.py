"""Files -> the depth of every panel exon: BAM, CRAM, mosdepth's tables, depth profiles, the blocks of a gVCF.

Side rooms: coverage_reads.py (BAM, CRAM), coverage_tables.py (tables), coverage_exons.py (bases -> exon).
What each kind of file proves is said in docs/deletions.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from varmio.errors import InputError, UsageError, why
from varmio.model import Assembly, Coverage, ExonRegion, Record, Transcript
from varmio.readers import coverage_tables as tables
from varmio.readers import files
from varmio.readers.coverage_exons import CALLABLE_DEPTH, Piece, of_pieces
from varmio.readers.coverage_reads import of_reads

__all__ = ["CALLABLE_DEPTH", "Controls", "constants", "controls", "of_blocks", "of_file", "regions_of", "targeted"]

SPLICE_BP = 2  # bases beside a coding exon that must be covered with it: donor and acceptor; DESIGN section 4
MIN_BLOCK_QUALITY = 20  # phred; a block called as the reference with less is no reading; as MIN_GENOTYPE_QUALITY
SOUND_FILTERS = {"PASS", "."}
READS = (".bam", ".cram")
TABLES = (".bed", ".bed.gz", ".tsv", ".tsv.gz", ".txt")
MEAN_ONLY = "It holds mean depths only, which prove no single base."
NOT_PLACED = "Whether reads could belong elsewhere is not known from it."


@dataclass(frozen=True, slots=True)
class Controls:
    """Mean depths of other samples at the same regions, in their order; `notes`: what was left out."""

    names: tuple[str, ...]
    depths: tuple[tuple[float | None, ...], ...]
    notes: tuple[str, ...] = ()


def constants() -> list[dict[str, Any]]:
    """The constants of this room for the methods section."""
    from varmio.readers.coverage_reads import MIN_MAPQ

    return [
        {
            "name": "CALLABLE_DEPTH",
            "value": CALLABLE_DEPTH,
            "unit": "usable reads",
            "source": "high-quality genotypes of gnomAD: Karczewski 2020, PMID 32461654",
        },
        {"name": "MIN_MAPQ", "value": MIN_MAPQ, "unit": "phred", "source": "varmio's own choice: the usual bound"},
        {
            "name": "SPLICE_BP",
            "value": SPLICE_BP,
            "unit": "bp beside a coding exon that must be covered",
            "source": "splice donor and acceptor, SO:0001575, SO:0001574",
        },
    ]


def regions_of(transcripts: Iterable[Transcript]) -> tuple[ExonRegion, ...]:
    """The coding exons of the transcripts with the two bases beside each, in the transcripts' order, 5' to 3'."""
    return tuple(region for t in transcripts for region in _regions(t))


def _regions(t: Transcript) -> Iterable[ExonRegion]:
    used = 0
    for number, (start, end) in enumerate(t.in_order, 1):
        first, last = max(start, t.cds_start), min(end, t.cds_end)
        if first >= last:
            continue
        bases = t.cds[used : used + last - first]
        used += last - first
        gc = round(sum(bases.count(b) for b in "GC") / len(bases), 3) if bases else None
        yield ExonRegion(t.gene, t.accession, number, t.contig, first - SPLICE_BP, last + SPLICE_BP, gc)


def of_file(
    path: Path,
    regions: Sequence[ExonRegion],
    assembly: Assembly,
    sample: str | None,
    reference: Path | None,
    reads: bool = False,
) -> Coverage:
    """The depth of each region from BAM, CRAM, a file of mosdepth or a depth profile.

    sample: whose reads a BAM must hold; reads: whether it must be BAM or CRAM.
    Errors: UsageError (no such file), InputError, ResourceError (CRAM).
    """
    files.check(path)
    if reads or is_reads(path):
        return of_reads(path, regions, assembly, sample, reference)
    table = tables.kind_of(path)
    found = tables.exons(table, regions, assembly, sample)
    notes = (NOT_PLACED,) if table.kind in ("per_base", "thresholds") else (MEAN_ONLY,)
    return Coverage(table.kind, path.name, found, places_reads=False, notes=notes)


def is_reads(path: Path) -> bool:
    """Whether the file is BAM, CRAM or SAM by its first bytes, or by its name."""
    try:
        with path.open("rb") as handle:
            head = handle.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({why(error)}). Check the path and its permissions.") from None
    if head in (b"CRAM", b"@HD\t", b"@SQ\t") or path.suffix in (*READS, ".sam"):
        return True
    return head[:2] == b"\x1f\x8b" and _begins_as_bam(path)


def _begins_as_bam(path: Path) -> bool:
    import gzip
    import zlib

    try:
        with gzip.open(path, "rb") as handle:
            return handle.read(4) == b"BAM\x01"
    except (OSError, EOFError, zlib.error):
        return False


def targeted(found: Coverage, path: Path) -> Coverage:
    """The coverage, told of each exon whether the capture targets (BED) touch it. UsageError, InputError."""
    files.check(path)
    hit = tables.targets(path, [e.region for e in found.exons])
    return replace(found, exons=tuple(replace(e, targeted=known) for e, known in zip(found.exons, hit, strict=True)))


# --------------------------------------------------------------------------- gVCF


def of_blocks(name: str, records: Sequence[Record], regions: Sequence[ExonRegion]) -> Coverage:
    """The depth that the records of a gVCF give: of a block its MIN_DP, else its DP.

    A base counts as callable in a called genotype with depth, without a filter, and of quality MIN_BLOCK_QUALITY
    or more where one is given. What no record speaks of is a gap of unknown depth.
    """
    by_contig: dict[str, list[Record]] = {}
    for record in records:
        by_contig.setdefault(record.contig, []).append(record)
    exons = tuple(of_pieces(region, _pieces(by_contig.get(region.contig, ()), region)) for region in regions)
    return Coverage("gvcf", name, exons, places_reads=False, notes=(NOT_PLACED,))


def _pieces(records: Iterable[Record], region: ExonRegion) -> Iterable[Piece]:
    for record in records:
        start = record.pos - 1
        if start >= region.end or record.end <= region.start or not {"breakend", "symbolic"}.isdisjoint(record.kinds):
            continue
        call = record.genotype
        called = bool(call.alleles) and None not in call.alleles
        weak = call.quality is not None and call.quality < MIN_BLOCK_QUALITY
        filters = {*record.filters, *call.filters} - SOUND_FILTERS - {"RefCall"}
        if call.depth is not None:
            yield start, record.end, float(call.depth)
        if not called or weak or filters or call.depth is None:
            yield start, record.end, None


# --------------------------------------------------------------------------- controls


def controls(
    path: Path,
    own: Coverage,
    sample: str,
    assembly: Assembly,
    reference: Path | None,
) -> Controls:
    """The mean depths of the samples in a folder, or in one table, at the regions of `own`.

    A folder may hold BAM or CRAM, tables of mosdepth, depth profiles, or case.json of earlier runs, also one
    folder deeper; one sample may be there by several files, of which the first is read. The sample itself is
    left out: by its name, or where every depth is the same. Errors: UsageError, InputError, ResourceError.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder. Check the path.")
    regions = [e.region for e in own.exons]
    found: dict[str, list[float | None]] = {}
    for file in sorted(_control_files(path)) if path.is_dir() else [path]:
        for name, depths in _depths_of(file, regions, assembly, reference).items():
            found.setdefault(name, depths)
    mine = [e.mean for e in own.exons]
    others = {n: d for n, d in found.items() if n != sample and n != tables.sample_name(Path(own.name)) and d != mine}
    notes = ("The sample itself is among its controls, and was left out there.",) if len(others) < len(found) else ()
    known = {n: d for n, d in others.items() if any(v is not None for v in d)}
    if not known:
        raise InputError(
            f"{path}: holds no depth of a panel exon of another sample. Pass a folder of BAM, mosdepth or case.json "
            "files, or a table (contig, start, end, one column a sample), of the same capture kit."
        )
    return Controls(tuple(known), tuple(tuple(d) for d in known.values()), notes)


def _control_files(folder: Path) -> Iterable[Path]:
    """The files of a folder, and of the folders in it, that hold depths; of a sample's tables the means first."""
    every = [p for pattern in ("*", "*/*") for p in folder.glob(pattern) if p.is_file()]
    files = [p for p in every if p.name == "case.json" or p.name.endswith((*READS, *TABLES))]
    means = {tables.sample_name(p) for p in files if p.name.endswith(".regions.bed.gz")}
    return [
        p
        for p in files
        if not p.name.endswith((".quantized.bed.gz", ".thresholds.bed.gz", ".dist.txt", ".summary.txt", "findings.tsv"))
        and p.name not in ("roh.bed", "gaps.bed")
        and not (p.name.endswith(".per-base.bed.gz") and tables.sample_name(p) in means)
    ]


def _depths_of(
    file: Path, regions: Sequence[ExonRegion], assembly: Assembly, reference: Path | None
) -> dict[str, list[float | None]]:
    if file.name == "case.json":
        return _of_case(file, regions)
    if is_reads(file):
        found = of_reads(file, regions, assembly, None, reference)
        return {file.name.removesuffix(file.suffix): [e.mean for e in found.exons]}
    table = tables.kind_of(file)
    if table.kind == "thresholds":
        raise InputError(f"{file}: holds no mean depth. Pass mosdepth's regions or per-base file as a control.")
    if table.kind == "per_base":
        return {tables.sample_name(file): [e.mean for e in tables.exons(table, regions, assembly)]}
    return tables.columns(table, regions)


def _of_case(file: Path, regions: Sequence[ExonRegion]) -> dict[str, list[float | None]]:
    """The depths that an earlier run of varmio wrote."""
    try:
        case = json.loads(file.read_text("utf-8"))
        depths = {
            (exon["transcript"], exon["number"]): exon.get("mean_depth") for g in case["genes"] for exon in g["exons"]
        }
        name = str(case["sample"]["id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: is no case of varmio ({why(error)}). Take it out of the controls.") from None
    return {name: [depths.get((r.transcript, r.number)) for r in regions]}
