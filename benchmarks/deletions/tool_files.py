"""Depth as the files that tools write, closer to the tools than files.py: BAM, mosdepth, a profile table. Seeded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pysam

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, ExonRegion

READ_BP = 100  # bp of a read
FRAGMENT_BP = 200  # bp of a pair: its reads lie side by side, so that no base is counted twice
DUPLICATES = 0.05  # share of fragments written again and flagged
THRESHOLDS = (1, 10, 20, 30)  # reads, as `mosdepth --thresholds 1,10,20,30`
BASE_QUALITY = 37  # Phred

Place = tuple[str, int, int]  # contig, start, end
DepthAt = Callable[[str, int], int]  # reads over a base; contig, 0-based position


def places(regions: Iterable[ExonRegion], assembly: Assembly) -> list[Place]:
    """The distinct regions in the order of the genome."""
    order = {name: i for i, name in enumerate(CONTIG_LENGTHS[assembly])}
    return sorted({(r.contig, r.start, r.end) for r in regions}, key=lambda p: (order[p[0]], p[1], p[2]))


def depth_at(regions: Sequence[ExonRegion], depths: Sequence[float]) -> DepthAt:
    """Each base of a region at its rounded depth, 0 elsewhere."""
    known = {
        (r.contig, base): round(depth)
        for r, depth in zip(regions, depths, strict=True)
        for base in range(r.start, r.end)
    }
    return lambda contig, base: known.get((contig, base), 0)


# --------------------------------------------------------------------------- tables


def write_profile_table(
    path: Path, regions: Sequence[ExonRegion], columns: Mapping[str, Sequence[float]], prefix: str = "chr"
) -> None:
    """#contig, start, end, and the mean depth of each sample; each distinct region once, in the order given."""
    lines = ["\t".join(("#contig", "start", "end", *columns))]
    seen: set[Place] = set()
    for i, r in enumerate(regions):
        if (place := (r.contig, r.start, r.end)) not in seen:
            seen.add(place)
            means = (f"{depths[i]:.2f}" for depths in columns.values())
            lines.append("\t".join((f"{prefix}{r.contig}", str(r.start), str(r.end), *means)))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_mosdepth_per_base(
    path: Path, regions: Iterable[ExonRegion], depth: DepthAt, assembly: Assembly, prefix: str = "chr"
) -> None:
    """NAME.per-base.bed.gz: runs of equal depth over whole contigs, 0 outside the regions."""
    inside = {c: list(of) for c, of in groupby(places(regions, assembly), key=lambda p: p[0])}
    lines = []
    for contig, length in CONTIG_LENGTHS[assembly].items():
        for start, end, reads in _runs(inside.get(contig, []), depth, length):
            lines.append(f"{prefix}{contig}\t{start}\t{end}\t{reads}")
    _bgzip(path, lines)


def _runs(inside: Sequence[Place], depth: DepthAt, length: int) -> list[tuple[int, int, int]]:
    steps: list[tuple[int, int, int]] = []
    at = 0
    for contig, start, end in inside:
        steps += [(at, start, 0)] if start > at else []
        steps += [(base, base + 1, depth(contig, base)) for base in range(max(start, at), end)]
        at = max(at, end)
    steps += [(at, length, 0)] if length > at else []
    merged = [list(run) for _, run in groupby(steps, key=lambda step: step[2])]
    return [(run[0][0], run[-1][1], run[0][2]) for run in merged]


def write_mosdepth_regions(
    path: Path, regions: Sequence[ExonRegion], depths: Sequence[float], assembly: Assembly, prefix: str = "chr"
) -> None:
    """NAME.regions.bed.gz of a BED without names: contig, start, end, mean depth."""
    mean = {(r.contig, r.start, r.end): d for r, d in zip(regions, depths, strict=True)}
    _bgzip(path, [f"{prefix}{c}\t{s}\t{e}\t{mean[c, s, e]:.2f}" for c, s, e in places(regions, assembly)])


def write_mosdepth_thresholds(
    path: Path, regions: Iterable[ExonRegion], depth: DepthAt, assembly: Assembly, prefix: str = "chr"
) -> None:
    """NAME.thresholds.bed.gz: bases of each region with at least as many reads."""
    lines = ["\t".join(("#chrom", "start", "end", "region", *(f"{least}X" for least in THRESHOLDS)))]
    for contig, start, end in places(regions, assembly):
        reads = [depth(contig, base) for base in range(start, end)]
        counts = (str(sum(r >= least for r in reads)) for least in THRESHOLDS)
        lines.append("\t".join((f"{prefix}{contig}", str(start), str(end), "unknown", *counts)))
    _bgzip(path, lines)


def _bgzip(path: Path, lines: Iterable[str]) -> None:
    with pysam.BGZFile(str(path), "wb", None) as out:
        out.write(("\n".join(lines) + "\n").encode())
    pysam.tabix_index(str(path), preset="bed", csi=True, force=True)


# --------------------------------------------------------------------------- reads


def write_bam(
    path: Path,
    sample: str,
    regions: Sequence[ExonRegion],
    depths: Sequence[float],
    assembly: Assembly,
    seed: int = 1,
    *,
    paired: bool = False,
    not_placed: Collection[ExonRegion] = (),
    prefix: str = "chr",
) -> None:
    """Sorted, indexed reads, tiled with jitter so that each region has about its depth; 0 stays exactly 0.

    A read that would reach past the middle between two regions is soft-clipped there: no region lends depth to its
    neighbour. paired: 2 x 100 bp side by side. not_placed: regions whose reads have mapping quality 0.
    """
    rng = np.random.default_rng(seed)
    contigs = list(CONTIG_LENGTHS[assembly].items())
    order = {name: i for i, (name, _) in enumerate(contigs)}
    depth = {(r.contig, r.start, r.end): d for r, d in zip(regions, depths, strict=True)}
    blurred = {(r.contig, r.start, r.end) for r in not_placed}
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": f"{prefix}{name}", "LN": length} for name, length in contigs],
            "RG": [{"ID": "1", "SM": sample, "PL": "ILLUMINA"}],
        }
    )
    reads: list[pysam.AlignedSegment] = []
    for place, low, high in _windows(places(regions, assembly)):
        for start in _starts(rng, place, depth[place], FRAGMENT_BP if paired else READ_BP):
            quality = 0 if place in blurred else 60
            name = f"r{len(reads)}"
            copies = (0, 0x400) if rng.random() < DUPLICATES else (0,)
            for flag in copies:
                reads += _fragment(
                    header,
                    rng,
                    f"{name}{'d' if flag else ''}",
                    order[place[0]],
                    start,
                    (low, high),
                    quality,
                    flag,
                    paired,
                )
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for read in sorted(reads, key=lambda r: (r.reference_id, r.reference_start, r.query_name or "", r.flag)):
            out.write(read)
    pysam.index(str(path))


def _windows(found: Sequence[Place]) -> Iterable[tuple[Place, int, int]]:
    """Each place with the bases that its reads may cover: as far as the middle to its neighbours."""
    cuts = [(a[2] + b[1]) // 2 if a[0] == b[0] else None for a, b in pairwise(found)]
    for place, before, after in zip(found, [None, *cuts], [*cuts, None], strict=True):
        low, high = place[1] - FRAGMENT_BP, place[2] + FRAGMENT_BP
        yield place, low if before is None else max(low, before), high if after is None else min(high, after)


def _starts(rng: np.random.Generator, place: Place, depth: float, fragment: int) -> list[int]:
    """Starts of fragments over a place, one in each of as many equal steps."""
    _, start, end = place
    first, room = start - fragment + 1, end - start + fragment - 1
    n = round(depth * room / fragment)
    return [first + int((i + rng.random()) * room / n) for i in range(n)]


def _fragment(
    header: pysam.AlignmentHeader,
    rng: np.random.Generator,
    name: str,
    contig: int,
    start: int,
    window: tuple[int, int],
    quality: int,
    flag: int,
    paired: bool,
) -> list[pysam.AlignedSegment]:
    """The one or two reads of a fragment; a read outside the window is not mapped."""
    begins = [start, start + READ_BP] if paired else [start]
    reads = [_read(header, rng, name, contig, begin, window, quality, flag) for begin in begins]
    if all(read.is_unmapped for read in reads):
        return []
    if paired:
        _pair(*reads)
    return reads


def _read(
    header: pysam.AlignmentHeader,
    rng: np.random.Generator,
    name: str,
    contig: int,
    start: int,
    window: tuple[int, int],
    quality: int,
    flag: int,
) -> pysam.AlignedSegment:
    read = pysam.AlignedSegment(header)
    read.query_name, read.flag, read.reference_id = name, flag, contig
    read.query_sequence = "".join(rng.choice(list("ACGT"), READ_BP))
    read.query_qualities = pysam.qualitystring_to_array(chr(BASE_QUALITY + 33) * READ_BP)
    read.set_tag("RG", "1")
    first, last = max(start, window[0]), min(start + READ_BP, window[1])
    read.reference_start = first
    if first < last:
        parts = [(4, first - start), (0, last - first), (4, start + READ_BP - last)]
        read.cigartuples = [(operation, bp) for operation, bp in parts if bp]
        read.mapping_quality = quality
    else:
        read.is_unmapped = True
    return read


def _pair(one: pysam.AlignedSegment, two: pysam.AlignedSegment) -> None:
    """Flags and mate fields of two reads that face each other; one that is not mapped lies with its mate."""
    one.is_paired = two.is_paired = one.is_read1 = two.is_read2 = True
    two.is_reverse = one.mate_is_reverse = True
    one.mate_is_unmapped, two.mate_is_unmapped = two.is_unmapped, one.is_unmapped
    both = not (one.is_unmapped or two.is_unmapped)
    one.is_proper_pair = two.is_proper_pair = both
    if one.is_unmapped:
        one.reference_start = two.reference_start
    if two.is_unmapped:
        two.reference_start = one.reference_start
    for read, mate in ((one, two), (two, one)):
        read.next_reference_id, read.next_reference_start = mate.reference_id, mate.reference_start
    if both:
        length = (two.reference_end or 0) - one.reference_start
        one.template_length, two.template_length = length, -length
