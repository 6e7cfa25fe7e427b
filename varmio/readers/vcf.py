"""A sample's small-variant calls: every record accounted for, those at panel genes kept whole.

One pass over the file. A bad line is named with its number and reason, and never stops the reading.
Side rooms: vcf_lines.py (bytes to lines, header), vcf_pass.py (the pass, with vcf_arrays.py and vcf_classes.py),
vcf_record.py (one line), vcf_tally.py (one sample's counts), vcf_index.py (lines by region).
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from varmio.assembly import SexCounts
from varmio.errors import InputError, UsageError, one_line
from varmio.model import Assembly, Markers, Record
from varmio.readers import vcf_index
from varmio.readers.vcf_contigs import assembly_of_alias
from varmio.readers.vcf_lines import Header, check_path, is_bgzf, read_header, text_blocks
from varmio.readers.vcf_record import parse_line, plain_contig
from varmio.readers.vcf_tally import Ranges, Tally

__all__ = [
    "Header",
    "Scan",
    "assembly_of_alias",
    "choose_sample",
    "open_header",
    "plain_contig",
    "refuse_if_off_panel",
    "refuse_if_unreadable",
    "scan",
    "scan_markers",
    "scan_samples",
]

LISTED = 20  # sample names in an error line; a joint file may have hundreds
SHOWN_LETTERS = 40  # of each of them
MIN_RECORDS_OFF_PANEL = 2000  # records; an exome's worth that must not miss every panel gene


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass saw of one sample. `records` = readable lines + `unreadable_count`."""

    path: Path
    header: Header
    sample: str
    sha256: str  # of the file as stored
    records: int
    panel: tuple[Record, ...]  # touch a panel locus of either assembly, in file order
    unreadable: tuple[tuple[int, str], ...]  # (line, reason), the first 1,000
    unreadable_count: int
    small_variants: int  # records with an ALT written in bases, whatever the genotype
    structural: int  # records with a symbolic ALT or a breakend
    blocks: int  # records without alternate allele: gVCF blocks, ALT '.'
    snv: int  # records of which this sample carries the ALT, by kind
    indel: int
    het: int  # called autosomal small variants
    hom: int
    ti: int
    tv: int
    filters: dict[str, int]  # FILTER as written -> records
    coding_hits: dict[Assembly, int]  # records or blocks over a panel coding position
    sex_counts: dict[Assembly, SexCounts]
    fully_phased_contigs: frozenset[str]  # every called genotype with several alleles uses '|'
    contig_names: tuple[str, ...]  # as the records write them
    contigs_seen: dict[str, int]  # contig without chr -> records
    unsorted: bool
    beyond: tuple[str, ...]  # contigs with a record past their end (length + 1 is the telomere) by the header
    cut_line: int | None  # number of a last line without a line end: the file may be cut inside it
    indexed: bool  # an index was there, and agrees
    # by contig without chr, the autosomes and X; empty where not asked for
    markers: Mapping[str, Markers] = field(default_factory=dict, compare=False)

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


# --------------------------------------------------------------------------- public


def open_header(path: Path | str) -> Header:
    """The header of a VCF. UsageError where there is no such file, InputError where it is unusable."""
    path = Path(path)
    check_path(path)
    return read_header(path, text_blocks(path, hashlib.sha256()))[0]


def choose_sample(path: Path | str, header: Header, sample: str | None) -> str:
    """The sample to read: the one asked for, or the only one. UsageError lists them otherwise."""
    names = header.samples
    if sample in names:
        return sample
    listed = ", ".join(_shown(n) for n in names[:LISTED]) + (
        f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    )
    if sample is None:
        if len(names) == 1:
            return names[0]
        raise UsageError(f"{path}: holds {len(names)} samples. Say which with --sample: {listed}.")
    import difflib

    alike = {name.strip().casefold(): name for name in reversed(names)}
    near = difflib.get_close_matches(sample.strip().casefold(), alike, 1, cutoff=0.5)
    hint = f" Did you mean {one_line(alike[near[0]])}?" if near else ""
    raise UsageError(f"{path}: has no sample {one_line(sample)!r}.{hint} It holds: {listed}.")


def _shown(name: str) -> str:
    """A name for a list: on one line, and not longer than a line's worth."""
    return one_line(name if len(name) <= SHOWN_LETTERS else f"{name[:SHOWN_LETTERS]}...")


def scan(path: Path | str, sample: str | None, loci: Ranges, coding: Ranges, markers: bool = False) -> Scan:
    """One sample of a VCF, as `scan_samples`. InputError too where none of its records can be read."""
    (seen,) = scan_samples(path, (sample,), loci, coding, markers)
    refuse_if_unreadable(seen)
    return seen


def scan_samples(
    path: Path | str, samples: Sequence[str | None], loci: Ranges, coding: Ranges, markers: bool = False
) -> tuple[Scan, ...]:
    """What each of the samples would be told alone, of a VCF (text, gzip, BGZF or BCF) that is read once.

    samples: names, or None for the only one. loci: whole panel genes with their flanks; coding: their
    coding exons; each by assembly and contig without chr, (start, end). Where the file is BGZF with a
    .tbi or .csi, the panel regions are read through the index too, and must give the same records.
    markers: whether the sites for runs of homozygosity are wanted.

    Raises UsageError (no such file or sample), InputError (not a VCF, truncated, no record, an index
    of another file).
    """
    path = Path(path)
    check_path(path)
    return _scanned(path, samples, loci, coding, markers, use_index=True)


def scan_markers(path: Path | str, samples: Sequence[str | None] | None = None) -> tuple[Scan, ...]:
    """The markers of the samples of a VCF, of all where none is named, without a panel; an index is not asked.

    Each Scan has the header, the records by contig and the markers; nothing that needs panel positions.
    Raises UsageError and InputError as `scan_samples`, and InputError where no sample has a readable record.
    """
    path = Path(path)
    check_path(path)
    nowhere: Ranges = {assembly: {} for assembly in Assembly}
    seen = _scanned(path, samples, nowhere, nowhere, markers=True, use_index=False)
    if all(one.unreadable_count == one.records for one in seen):
        refuse_if_unreadable(seen[0])
    return seen


def _scanned(
    path: Path,
    samples: Sequence[str | None] | None,
    loci: Ranges,
    coding: Ranges,
    markers: bool,
    use_index: bool,
) -> tuple[Scan, ...]:
    digest = hashlib.sha256()
    blocks = text_blocks(path, digest)
    header, rest = read_header(path, blocks)
    names = [choose_sample(path, header, sample) for sample in (header.samples if samples is None else samples)]
    width = 9 + len(header.samples)
    tallies = [
        Tally(width, 9 + header.samples.index(name), len(header.lines), loci, coding, {} if markers else None)
        for name in names
    ]
    records = _read(tallies, chain((rest,), blocks), path)
    if records == 0:
        raise InputError(f"{path}: has a header and no record. Pass the file that holds the calls.")
    index = _index_of(path) if use_index else None
    if index is not None:
        _check_index(path, index, tallies)
    sha256 = digest.hexdigest()
    return tuple(
        _result(path, header, name, sha256, records, tally, index is not None)
        for name, tally in zip(names, tallies, strict=True)
    )


def _read(tallies: list[Tally], blocks: Iterator[str], path: Path) -> int:
    # nothing here is linear algebra, and to start its threads costs as much as the rest of numpy's import
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from varmio.readers import vcf_pass

    return vcf_pass.read(tallies, blocks, path)


def refuse_if_unreadable(seen: Scan) -> None:
    """Raises InputError where no record of the file can be read for this sample."""
    if seen.unreadable_count == seen.records:
        number, reason = seen.unreadable[0]
        whose = f" for sample {one_line(seen.sample)}" if len(seen.header.samples) > 1 else ""
        raise InputError(
            f"{seen.path}: none of its {seen.records} records can be read{whose} (line {number}: {reason}). "
            "Pass the file as its caller wrote it."
        )


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


# --------------------------------------------------------------------------- the index


def _index_of(path: Path) -> Path | None:
    """The .tbi or .csi beside a BGZF file, if there is one."""
    beside = (path.with_name(path.name + suffix) for suffix in (".tbi", ".csi"))
    index = next((p for p in beside if p.is_file()), None)
    return index if index is not None and is_bgzf(path) else None


def _check_index(path: Path, index: Path, tallies: list[Tally]) -> None:
    """Raises InputError where the records that the index leads to are not those of the stream."""
    fetched: list[tuple[str, list[str]]] | None
    try:
        fetched = list(_fetched(path, index, tallies[0].loci))
    except vcf_index.DamagedIndexError:
        fetched = None
    except OSError as error:
        raise InputError(
            f"{path}: its index {index.name} cannot be read ({error.strerror}). Make it readable, or remove it."
        ) from None
    if fetched is None or not all(_same_records(fetched, tally) for tally in tallies):
        raise InputError(
            f"{path}: its index {index.name} is damaged or belongs to another file: it leads to other panel "
            f"records than the file holds. Remove it, or make it again: tabix -f -p vcf {path.name}."
        )


def _same_records(fetched: list[tuple[str, list[str]]], tally: Tally) -> bool:
    lines = ((name, parse_line(columns, tally.width, tally.column)) for name, columns in fetched)
    through_index = Counter((name, line.pos) for name, line in lines if not isinstance(line, str))
    return through_index == Counter((r.contig, r.pos) for r in tally.panel if _begins_in(tally.loci, r.contig, r.pos))


def _begins_in(loci: Ranges, contig: str, pos: int) -> bool:
    return any(s < pos <= e for by_contig in loci.values() for s, e in by_contig.get(contig, ()))


def _fetched(path: Path, index: Path, loci: Ranges) -> Iterator[tuple[str, list[str]]]:
    """Contig without chr and columns of each line that begins at a panel gene."""

    def regions(raw: str) -> vcf_index.Merged:
        name = plain_contig(raw)
        return vcf_index.merged(r for by_contig in loci.values() for r in by_contig.get(name, ()))

    known = vcf_index.load(index, regions)
    for raw in known.bins:
        for start, end in regions(raw):
            for columns in vcf_index.lines(path, known, raw, start, end):
                yield plain_contig(raw), columns


# --------------------------------------------------------------------------- the result


def _result(path: Path, header: Header, sample: str, sha256: str, records: int, tally: Tally, indexed: bool) -> Scan:
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
        indel=counts["indel"],
        het=counts["het"],
        hom=counts["hom"],
        ti=counts["ti"],
        tv=counts["tv"],
        filters=dict(sorted(tally.filters.items())),
        coding_hits={a: tally.coding_hits[a] for a in Assembly},
        sex_counts={
            a: SexCounts(**{k: tally.sex[a, k] for k in ("x_het", "x_hom", "x_haploid", "y_calls")}) for a in Assembly
        },
        fully_phased_contigs=_fully_phased(tally),
        contig_names=tuple(tally.highest),
        contigs_seen=dict(tally.contigs_seen),
        unsorted=tally.unsorted,
        beyond=tuple(
            raw
            for raw, highest in tally.highest.items()
            if (length := header.contigs.get(raw)) is not None and highest > length + 1
        ),
        cut_line=tally.last_line if tally.open_end else None,
        indexed=indexed,
        markers=tally.markers,
    )


def _fully_phased(tally: Tally) -> frozenset[str]:
    """Contigs whose every genotype with several alleles uses '|', under whatever spellings they stand."""
    open_ones = {c.name for c in tally.contigs.values() if c.unphased}
    return frozenset({c.name for c in tally.contigs.values() if c.several} - open_ones)
