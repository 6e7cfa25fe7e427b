"""What kind of file the calls come from, who called them, and whether they can be leaned on as a whole.

Only counts are read here. A kind is named where the counts leave no other; `unknown` says why not.
The measured figures are those of the public exomes named in docs/annotation.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from varmio.assembly import CONTIG_LENGTHS
from varmio.errors import one_line
from varmio.model import Assembly, CallsetKind, Limitation, Record, Reference

_OWN = "varmio's own choice, measured on public files"

GVCF_BLOCK_SHARE = 0.5  # share of records without ALT; a gVCF showed 0.95, a joint exome with ALT '.' 0.014
MIN_RECORDS = 20  # small variants; fewer say nothing of the file they come from
PANEL_GENE_SHARE = 0.5  # share of small variants at panel genes; exomes showed 0.001 to 0.004
EXOME_MIN_PER_MB = 2.0  # small variants per Mb of the contigs seen; exomes 5 to 38, a gene panel 0.1
GENOME_MIN_PER_MB = 200.0  # exomes at most 38; a genome 1,300 (1000 Genomes, Nature 526:68)
CODING_MARGIN_BP = 20  # bp beside a coding exon that a capture reads and a filter on coding variants may keep
CODING_ONLY_MIN = 30  # calls; exomes had 0.34 to 0.82 of theirs further out; at 0.15 still 0.85^30 < 0.01

MIN_CALLS = 200  # called autosomal genotypes; with a share of 0.36 even none of one kind is then no chance
MIN_AUTOSOMES = 5  # autosomes; a single region can be one run of homozygosity, or one duplicated gene
MIN_PER_AUTOSOME = 10  # records that an autosome needs to count among them
MOSTLY_HET = 0.98  # share of heterozygous calls; the public exomes showed 0.55 to 0.67
MOSTLY_HOM = 0.02  # share; the offspring of siblings 0.55 (simulated), an inbreeding coefficient of 0.5 would give 0.36
USUAL_HET = (0.45, 0.75)  # share; public exomes 0.61 to 0.67, simulated children of kin from 0.55 on
USUAL_TI_TV = (1.8, 3.5)  # ratio; public exomes 1.99 to 2.87; random errors show 0.5
MIN_FOR_RATIO = 1000  # calls; a ratio of fewer wavers

AUTOSOMES = 22
WHOLE = (CallsetKind.EXOME, CallsetKind.GENOME, CallsetKind.GVCF, CallsetKind.CODING_ONLY)

CALLER_LENGTH = 80  # characters of a caller's name that are kept


@dataclass(frozen=True, slots=True)
class Counts:
    """What one pass counted. `inside`, `outside`: small variants at panel genes, within 20 bp of coding or not."""

    assembly: Assembly
    records: int
    small_variants: int
    structural: int
    blocks: int
    contigs: Mapping[str, int]  # contig without chr -> records
    inside: int
    outside: int
    het: int  # called autosomal small variants
    hom: int
    ti: int
    tv: int
    pass_only: bool | None

    @property
    def het_share(self) -> float | None:
        calls = self.het + self.hom
        return self.het / calls if calls else None


def constants() -> list[dict[str, Any]]:
    """The thresholds of this room for the methods section: name, value, unit, source."""
    rows: list[tuple[str, float, str]] = [
        ("GVCF_BLOCK_SHARE", GVCF_BLOCK_SHARE, "share of the records"),
        ("PANEL_GENE_SHARE", PANEL_GENE_SHARE, "share of the small variants"),
        ("EXOME_MIN_PER_MB", EXOME_MIN_PER_MB, "small variants per Mb of the contigs seen"),
        ("GENOME_MIN_PER_MB", GENOME_MIN_PER_MB, "small variants per Mb of the contigs seen"),
        ("CODING_ONLY_MIN", CODING_ONLY_MIN, "calls at panel genes, none beyond 20 bp of coding"),
        ("MIN_CALLS", MIN_CALLS, "called autosomal genotypes"),
        ("MIN_AUTOSOMES", MIN_AUTOSOMES, "autosomes with at least 10 records"),
        ("MOSTLY_HET", MOSTLY_HET, "heterozygous share from which the calls are unreliable"),
        ("MOSTLY_HOM", MOSTLY_HOM, "heterozygous share up to which the calls are unreliable"),
    ]
    return [{"name": name, "value": value, "unit": unit, "source": _OWN} for name, value, unit in rows]


def near_coding(records: Iterable[Record], here: Reference) -> tuple[int, int]:
    """Small-variant records at the panel genes of one assembly: within 20 bp of a coding base, and further out."""
    inside = outside = 0
    for record in records:
        if "bases" not in record.kinds:
            continue
        start, end = record.pos - 1, record.pos - 1 + len(record.ref)
        genes = [t for t in here.transcripts if t.contig == record.contig and t.start < end and start < t.end]
        near = any(
            first - CODING_MARGIN_BP < end and start < last + CODING_MARGIN_BP
            for t in genes
            for first, last in t.coding
        )
        inside += near
        outside += bool(genes) and not near
    return inside, outside


# --------------------------------------------------------------------------- the kind


def kind_of(counts: Counts) -> tuple[CallsetKind, tuple[str, ...]]:
    """The kind of file, with the counts that say so as sentences; UNKNOWN with what is missing."""
    small = counts.small_variants
    if counts.blocks >= GVCF_BLOCK_SHARE * max(counts.records, 1) and (small or not counts.structural):
        return CallsetKind.GVCF, (f"{counts.blocks} of {counts.records} records are reference blocks.",)
    if small < MIN_RECORDS:
        return CallsetKind.UNKNOWN, (f"{_many(small, 'small variant')}: too few to tell what was sequenced.",)
    at_genes = counts.inside + counts.outside
    if at_genes >= PANEL_GENE_SHARE * small:
        return CallsetKind.PANEL, (f"{at_genes} of {small} small variants lie at the genes that varmio reads.",)
    density, contigs = _density(counts)
    said = f"{small} small variants on {_many(contigs, 'chromosome')}, {density:.2g} per Mb"
    if density >= GENOME_MIN_PER_MB:
        return CallsetKind.GENOME, (f"{said}, as in a genome.",)
    if density < EXOME_MIN_PER_MB:
        if contigs > 1:
            return CallsetKind.PANEL, (f"{said}, fewer than an exome shows.",)
        return CallsetKind.UNKNOWN, (f"{said}: part of a file.",)
    if contigs == 1:
        return CallsetKind.UNKNOWN, (f"{said}: one chromosome tells little of the rest.",)
    if not counts.outside and counts.inside >= CODING_ONLY_MIN:
        return CallsetKind.CODING_ONLY, (
            f"{said}, as in an exome.",
            f"All {counts.inside} records at panel genes lie within {CODING_MARGIN_BP} bp of coding bases.",
        )
    return CallsetKind.EXOME, (f"{said}, as in an exome.",)


def _density(counts: Counts) -> tuple[float, int]:
    """Small variants per Mb of the chromosomes that hold records, and how many those are."""
    lengths = CONTIG_LENGTHS[counts.assembly]
    seen = [contig for contig in counts.contigs if contig in lengths]
    megabases = sum(lengths[contig] for contig in seen) / 1_000_000
    return (counts.small_variants / megabases if megabases else 0.0), len(seen)


# --------------------------------------------------------------------------- whether it can be leaned on


def unreliable(counts: Counts) -> str | None:
    """Why no call of this file can be trusted by itself: nearly all are of one kind. None where they are not."""
    share, calls = counts.het_share, counts.het + counts.hom
    autosomes = sum(n >= MIN_PER_AUTOSOME for contig, n in counts.contigs.items() if contig.isdecimal())
    if share is None or calls < MIN_CALLS or autosomes < MIN_AUTOSOMES:
        return None
    if share >= MOSTLY_HET:
        return (
            f"The call set is unreliable: {counts.het} of {calls} autosomal calls are heterozygous. A mixture of "
            "samples, or a filter that took the homozygous calls out, are possible causes."
        )
    if share <= MOSTLY_HOM:
        return (
            f"The call set is unreliable: {counts.hom} of {calls} autosomal calls are homozygous. Calling as if "
            "there were one copy, or a filter that took the heterozygous calls out, are possible causes."
        )
    return None


def limitations(counts: Counts) -> tuple[Limitation, ...]:
    """What the file as a whole cannot show, the gravest first."""
    doubt = unreliable(counts)
    first = (Limitation(doubt, would_show="the file as its caller wrote it, before any filter"),) if doubt else ()
    return (*first, *_part(counts), *_filtered(counts), *(() if doubt else _unusual(counts)))


def _part(counts: Counts) -> Iterable[Limitation]:
    """A file of one chromosome, or one that reads like a whole exome or genome and lacks an autosome."""
    seen = [c for c in CONTIG_LENGTHS[counts.assembly] if c in counts.contigs]
    autosomes = sum(contig.isdecimal() for contig in seen)
    whole = kind_of(counts)[0] in WHOLE and autosomes < AUTOSOMES
    if seen and counts.records >= MIN_RECORDS and (len(seen) == 1 or whole):
        where = f"chromosome {seen[0]}" if len(seen) == 1 else f"chromosomes {', '.join(seen)}"
        yield Limitation(
            f"All records lie on {where}: genes elsewhere were not looked at, and no figure of the whole genome "
            "can be given.",
            would_show="the file of all chromosomes",
        )


def _filtered(counts: Counts) -> Iterable[Limitation]:
    if kind_of(counts)[0] is CallsetKind.CODING_ONLY:
        yield Limitation(
            f"The file holds no call beyond {CODING_MARGIN_BP} bp of coding bases at panel genes: it was filtered, "
            "and changes in introns and untranslated exons are not seen.",
            would_show="the file before that filter",
        )
    if counts.pass_only and counts.records >= MIN_RECORDS:
        yield Limitation(
            "Every record says PASS: what the caller's filters flagged was taken out before, and is not seen.",
            would_show="the file with its filtered records",
        )


def _unusual(counts: Counts) -> Iterable[Limitation]:
    share, calls = counts.het_share, counts.het + counts.hom
    low, high = USUAL_HET
    if share is not None and calls >= MIN_FOR_RATIO and not low <= share <= high:
        yield Limitation(
            f"{share:.1%} of the autosomal calls are heterozygous; {low:.0%} to {high:.0%} is usual. A mixture of "
            "samples, long homozygous stretches or a filter are possible causes.",
            would_show="a check of the sample's purity and of the filters",
        )
    low, high = USUAL_TI_TV
    if counts.tv and counts.ti + counts.tv >= MIN_FOR_RATIO and not low <= counts.ti / counts.tv <= high:
        yield Limitation(
            f"The ratio of transitions to transversions is {counts.ti / counts.tv:.2f}; {low:g} to {high:g} is usual. "
            "Many of the calls may be false.",
            would_show="the file before filtering, or a new calling",
        )


# --------------------------------------------------------------------------- the caller

_GATK_CALLERS = "HaplotypeCaller|UnifiedGenotyper|GenotypeGVCFs|Mutect2"
_CALLERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"##DeepVariant_version=(\S+)", "DeepVariant {0}"),
        (r'##DRAGENVersion=<.*Version="?(?:SW: )?([^",>]+)', "DRAGEN {0}"),
        (rf'##GATKCommandLine[^=]*=<ID=({_GATK_CALLERS})\b.*?[,"]Version="?([^",>]+)', "GATK {0} {1}"),
        (rf"##GATKCommandLine[^=]*=<ID=({_GATK_CALLERS})\b", "GATK {0}"),
        (rf"##((?:{_GATK_CALLERS})(?:V2)?)=", "GATK {0}"),
        (r"##bcftools_callVersion=(\S+)", "bcftools call {0}"),
        (r"##bcftools_callCommand=", "bcftools call"),
        (r"##[Cc]lair3_version=(\S+)", "Clair3 {0}"),
        (r"##GLnexusVersion=(\S+)", "GLnexus {0}"),
    )
)
_NO_CALLER = re.compile(r"(Select|Combine|Merge|Split|LeftAlign)\w*|Variant(Filtration|Annotator)|.*[Aa]nnot.*")
_DEFINITIONS = ("##contig=", "##INFO=", "##FORMAT=", "##FILTER=", "##ALT=")  # many lines, and no program in them
_VALUE = re.compile(r"##source(_version)?=(.+)")


def caller(header_lines: Iterable[str]) -> str | None:
    """The program that called the variants, with its version, as the header names it; None where it does not.

    >>> caller(["##source=strelka", "##source_version=2.9.10"]), caller(["##DeepVariant_version=1.6.1"])
    ('strelka 2.9.10', 'DeepVariant 1.6.1')
    >>> caller(["##source=SelectVariants"]) is None
    True
    """
    lines = tuple(line for line in header_lines if not line.startswith(_DEFINITIONS))
    for pattern, name in _CALLERS:
        for line in lines:
            if found := pattern.match(line):
                return one_line(name.format(*found.groups()))[:CALLER_LENGTH]
    said = {bool(found[1]): found[2].strip() for line in reversed(lines) if (found := _VALUE.match(line))}
    source = said.get(False, "")
    if not source or _NO_CALLER.fullmatch(source):
        return None
    return one_line(" ".join(filter(None, (source, said.get(True)))))[:CALLER_LENGTH]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
