"""One sample's small-variant calls: every record accounted for, those at panel genes kept whole.

One pass over the file. A bad line is named with its number and reason, and never stops the reading.
Side rooms: vcf_lines.py (bytes to lines, header), vcf_record.py (one line), vcf_tally.py (the pass),
vcf_index.py (lines by region).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from varmio.assembly import SexCounts
from varmio.errors import InputError, UsageError, one_line
from varmio.model import Assembly, Record
from varmio.readers import vcf_index
from varmio.readers.vcf_lines import Header, check_path, is_bgzf, read_header, text_blocks
from varmio.readers.vcf_record import parse_line, plain_contig
from varmio.readers.vcf_tally import Ranges, Tally, fold, read

__all__ = ["Header", "Scan", "choose_sample", "open_header", "plain_contig", "refuse_if_off_panel", "scan"]

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
    contigs_seen: dict[str, int]  # contig without chr -> records
    unsorted: bool
    cut_line: int | None  # number of a last line without a line end: the file may be cut inside it
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
    import difflib

    near = difflib.get_close_matches(sample, names, 1, cutoff=0.5)
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
    tally = Tally(9 + len(header.samples), 9 + header.samples.index(name), len(header.lines), loci, coding)
    records = read(tally, chain((rest,), blocks), path)
    fold(tally)
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


# --------------------------------------------------------------------------- the index


def _index_of(path: Path) -> Path | None:
    """The .tbi or .csi beside a BGZF file, if there is one."""
    beside = (path.with_name(path.name + suffix) for suffix in (".tbi", ".csi"))
    index = next((p for p in beside if p.is_file()), None)
    return index if index is not None and is_bgzf(path) else None


def _check_index(path: Path, index: Path, tally: Tally) -> None:
    """Raises InputError where the records that the index leads to are not those of the stream."""
    try:
        through_index = Counter(_fetched(path, index, tally))
    except vcf_index.DamagedIndexError:
        through_index = None
    except OSError as error:
        raise InputError(
            f"{path}: its index {index.name} cannot be read ({error.strerror}). Make it readable, or remove it."
        ) from None
    streamed = Counter((r.contig, r.pos) for r in tally.panel if _begins_in(tally.loci, r.contig, r.pos))
    if through_index != streamed:
        raise InputError(
            f"{path}: its index {index.name} is damaged or belongs to another file: it leads to other panel "
            f"records than the file holds. Remove it, or make it again: tabix -f -p vcf {path.name}."
        )


def _begins_in(loci: Ranges, contig: str, pos: int) -> bool:
    return any(s < pos <= e for by_contig in loci.values() for s, e in by_contig.get(contig, ()))


def _fetched(path: Path, index: Path, tally: Tally) -> Iterator[tuple[str, int]]:
    known = vcf_index.load(index)
    for raw in known.bins:
        name = plain_contig(raw)
        for start, end in vcf_index.merged(r for by_contig in tally.loci.values() for r in by_contig.get(name, ())):
            for columns in vcf_index.lines(path, known, raw, start, end):
                line = parse_line(columns, tally.width, tally.column)
                if not isinstance(line, str):
                    yield name, line.pos


# --------------------------------------------------------------------------- the result


def _refuse_empty(path: Path, tally: Tally, records: int) -> None:
    if records == 0:
        raise InputError(f"{path}: has a header and no record. Pass the file that holds the calls.")
    if tally.counts["unreadable"] == records:
        number, reason = tally.unreadable[0]
        raise InputError(f"{path}: none of its {records} records can be read (line {number}: {reason}).")


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
        fully_phased_contigs=frozenset(c.name for c in tally.contigs.values() if c.several and not c.unphased),
        contigs_seen=dict(tally.contigs_seen),
        unsorted=tally.unsorted,
        cut_line=tally.last_line if tally.open_end else None,
        indexed=indexed,
    )
