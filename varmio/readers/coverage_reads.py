"""Depth per panel exon from the reads of a BAM or CRAM file. A side room of coverage.py, and the owner of pysam's
alignment side.

A read counts where it is mapped, primary, not failed and not a duplicate; each place of a template counts once;
a base that a read skips as deleted was read. Reads placed with less certainty than MIN_MAPQ are counted apart.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from varmio.assembly import CONTIG_LENGTHS, is_other_length
from varmio.errors import InputError, ResourceError, one_line, why
from varmio.model import Assembly, Coverage, ExonDepth, ExonRegion
from varmio.readers.coverage_exons import of_bases
from varmio.readers.vcf_contigs import plain_contig

if TYPE_CHECKING:
    from varmio.model import IntArray

MIN_MAPQ = 20  # phred; own choice, the usual bound: at 20 one read in a hundred is misplaced
NOT_COUNTED = 0x4 | 0x100 | 0x200 | 0x400  # unmapped, secondary, failed, duplicate; SAM spec 1.4
PAIRED = 0x1 | 0x8  # of a pair, and its mate unmapped
JOIN_BP = 5_000  # bp between exons that are read at one go: to look one up costs as much as some hundred reads
COVERS = (0, 2, 7, 8)  # CIGAR M, D, =, X
SKIPS = 3  # CIGAR N
INDEX_SLACK_S = 1.0  # seconds by which a copied index may be older than its file
NAMES_SHOWN = 4


def of_reads(
    path: Path, regions: Sequence[ExonRegion], assembly: Assembly, sample: str | None, reference: Path | None
) -> Coverage:
    """The depth of each region from an indexed BAM or CRAM.

    sample: whose reads they must be by @RG SM; None: anybody's.
    Errors: InputError (no BAM or CRAM, truncated, no or an old index, other contigs or assembly, another sample,
    no read at any panel exon), ResourceError (CRAM without its reference, or with another).
    """
    with _quiet():
        reads = _opened(path, reference)
        cram = reads.is_cram
        try:
            with reads:  # a damaged file may fail at any read, and at closing too
                names = _contigs(path, reads, assembly)
                exons = tuple(_depths(reads, names, regions, _groups(path, reads, sample)))
        except (OSError, ValueError) as error:
            raise _unreadable(path, cram, reference, error) from None
    if not any(e.mean or e.unplaced for e in exons):
        raise InputError(
            f"{path}: holds no usable read at any of {len(exons)} panel exons. Pass the aligned reads of the exome."
        )
    return Coverage("cram" if cram else "bam", path.name, exons, places_reads=True)


def _check_index(path: Path) -> None:
    """InputError where there is no index beside the file, or one that is older than it."""
    beside = [path.with_name(path.name + s) for s in (".bai", ".csi", ".crai")]
    beside += [path.with_suffix(s) for s in (".bai", ".csi", ".crai")]
    index = next((p for p in beside if p.is_file()), None)
    if index is None:
        raise InputError(f"{path}: has no index beside it. Make one: samtools index {path.name}.")
    if index.stat().st_mtime < path.stat().st_mtime - INDEX_SLACK_S:
        raise InputError(
            f"{path}: its index {index.name} is older than the file, so it may lead to other reads. "
            f"Make it again: samtools index {path.name}."
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """htslib's own messages kept back, and no look-up of a CRAM's reference in the network."""
    import pysam

    before, paths = pysam.set_verbosity(0), {name: os.environ.get(name) for name in ("REF_PATH", "REF_CACHE")}
    os.environ["REF_PATH"] = os.devnull  # nothing is found there: the FASTA that was given, or none
    os.environ.pop("REF_CACHE", None)
    try:
        yield
    finally:
        pysam.set_verbosity(before)
        for name, value in paths.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _opened(path: Path, reference: Path | None) -> Any:
    """The file, opened with its index. InputError, ResourceError."""
    import pysam

    try:
        with path.open("rb") as handle:
            cram = handle.read(4) == b"CRAM"
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({why(error)}). Check the path and its permissions.") from None
    if cram:
        _check_reference(path, reference)
    try:
        reads = pysam.AlignmentFile(str(path), reference_filename=str(reference) if cram and reference else None)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: is no BAM or CRAM that can be read ({why(error)}). Pass the aligned reads."
        ) from None
    if not (reads.is_bam or reads.is_cram):
        raise InputError(f"{path}: is SAM text, which has no index. Sort it to BAM and index it.")
    _check_index(path)
    if not reads.has_index():
        raise InputError(f"{path}: its index cannot be read. Make it again: samtools index {path.name}.")
    return reads


def _check_reference(path: Path, reference: Path | None) -> None:
    if reference is None:
        raise ResourceError(f"{path}: is CRAM, which is read with its genome. Add --reference genome.fa.")
    if not reference.is_file():
        raise ResourceError(f"{reference}: there is no such file. Give --reference the genome's FASTA.")
    if not Path(f"{reference}.fai").is_file():
        raise ResourceError(f"{reference}: has no index. Make one: samtools faidx {reference.name}.")


def _contigs(path: Path, reads: Any, assembly: Assembly) -> dict[str, str]:
    """Contig without chr -> as the file writes it. InputError for other names, or the lengths of another assembly."""
    names: dict[str, str] = {}
    for raw, length in zip(reads.references, reads.lengths, strict=True):
        plain = plain_contig(raw)
        if plain in CONTIG_LENGTHS[assembly]:
            names.setdefault(plain, raw)
            if is_other_length(plain, length, assembly):
                raise InputError(
                    f"{path}: contig {one_line(raw)} is {length} bp, which is {assembly.other}, but the calls are on "
                    f"{assembly}. Pass reads aligned to {assembly}."
                )
    if not names:
        shown = ", ".join(one_line(n) for n in reads.references[:NAMES_SHOWN]) or "none"
        raise InputError(
            f"{path}: none of its contigs ({shown}) is a chromosome by a name known here. "
            f"Pass reads aligned to {assembly}, with contigs named 1 or chr1."
        )
    return names


def _groups(path: Path, reads: Any, sample: str | None) -> frozenset[str] | None:
    """The read groups to count, None for all. InputError where the file holds other samples only."""
    groups = reads.header.to_dict().get("RG", [])
    samples = sorted({g["SM"] for g in groups if g.get("SM")})
    if sample is None or not samples:
        return None
    if sample not in samples:
        shown = ", ".join(one_line(s) for s in samples[:NAMES_SHOWN])
        raise InputError(
            f"{path}: holds reads of {shown}, but the sample is {one_line(sample)}. Pass the reads of that person; "
            "where only the name differs, mend it: samtools reheader."
        )
    if len(samples) == 1:
        return None
    return frozenset(g["ID"] for g in groups if g.get("SM") == sample)


def _depths(
    reads: Any, names: dict[str, str], regions: Sequence[ExonRegion], groups: frozenset[str] | None
) -> Iterator[ExonDepth]:
    done: dict[tuple[str, int, int], tuple[list[int], int]] = {}
    for contig, spans in _joined(regions).items():
        for places in spans if contig in names else ():
            done |= {(contig, *place): found for place, found in _span(reads, names[contig], places, groups)}
    for region in regions:
        found = done.get((region.contig, region.start, region.end))
        yield ExonDepth(region, None) if found is None else of_bases(region, *found)


Place = tuple[int, int]


def _joined(regions: Iterable[ExonRegion]) -> dict[str, list[list[Place]]]:
    """Contig -> the regions in groups that are read at one go: each near the one before it."""
    spans: dict[str, list[list[Place]]] = {}
    for contig, start, end in sorted({(r.contig, r.start, r.end) for r in regions}):
        of_contig = spans.setdefault(contig, [])
        if of_contig and start - of_contig[-1][-1][1] < JOIN_BP:
            of_contig[-1].append((start, end))
        else:
            of_contig.append([(start, end)])
    return spans


def _span(
    reads: Any, raw: str, places: list[Place], groups: frozenset[str] | None
) -> Iterator[tuple[Place, tuple[list[int], int]]]:
    """Of each place the usable depth of its bases, and the bases of reads that could belong elsewhere."""
    first, last = places[0][0], max(end for _, end in places)
    here = reads.fetch(raw, first, last)
    usable, elsewhere = _blocks(here if groups is None else (r for r in here if _in_groups(r, groups)))
    depth = _depth(usable, first, last)
    others = _depth(elsewhere, first, last) if elsewhere[0] else depth[:0]
    for start, end in places:
        inside = slice(start - first, end - first)
        yield (start, end), (depth[inside].tolist(), int(others[inside].sum()))


Blocks = tuple[list[int], list[int]]  # where stretches of reference that reads cover begin and end


def _blocks(reads: Iterable[Any]) -> tuple[Blocks, Blocks]:
    """What the reads cover: those placed well, and those that could belong elsewhere. The hot loop."""
    usable: Blocks = ([], [])
    elsewhere: Blocks = ([], [])
    not_counted, min_mapq, paired = NOT_COUNTED, MIN_MAPQ, PAIRED  # a name of this function is read faster
    first_mates: dict[str, int] = {}  # of templates whose mates overlap: where the first one ends
    for read in reads:
        flag = read.flag
        if flag & not_counted:
            continue
        starts, ends = usable if read.mapping_quality >= min_mapq else elsewhere
        begin, last = read.reference_start, read.reference_end
        if last is None:
            continue
        low = begin
        if flag & paired == 1 and read.next_reference_id == read.reference_id:
            mate = read.next_reference_start
            if begin <= mate < last and read.query_name not in first_mates:
                first_mates[read.query_name] = last
            elif mate <= begin:
                low = first_mates.pop(read.query_name, begin)
        if last - begin == read.query_length:  # as good as always one stretch: nothing clipped, put in or left out
            if low < last:
                starts.append(low)
                ends.append(last)
            continue
        at = begin
        for operation, size in read.cigartuples or ():
            if operation in COVERS:
                if low < at + size:
                    starts.append(at if at > low else low)
                    ends.append(at + size)
                at += size
            elif operation == SKIPS:
                at += size
    return usable, elsewhere


def _depth(blocks: Blocks, first: int, last: int) -> IntArray:
    """How many blocks lie over each base of [first, last)."""
    import numpy as np

    length = last - first
    starts, ends = (np.clip(np.array(side, dtype=np.int64) - first, 0, length) for side in blocks)
    steps = np.bincount(starts, minlength=length + 1) - np.bincount(ends, minlength=length + 1)
    return steps.cumsum()[:length]


def _in_groups(read: Any, groups: frozenset[str]) -> bool:
    return read.has_tag("RG") and read.get_tag("RG") in groups


def _unreadable(path: Path, cram: bool, reference: Path | None, error: Exception) -> InputError | ResourceError:
    if cram:
        return ResourceError(
            f"{path}: cannot be decoded with {reference} ({why(error)}). "
            "Give --reference the genome it was written with."
        )
    return InputError(
        f"{path}: cannot be read through its index ({why(error)}). The file is damaged, or the index belongs to "
        f"another one: samtools quickcheck {path.name}; samtools index {path.name}."
    )
