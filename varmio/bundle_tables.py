"""Curated source tables -> the rows of the shipped bundle, with what was left out and why.

The source folder has `reference/` (transcripts.tsv, cds.fa, genomic.fa.gz) and `variants/` (two
ClinVar extracts and population.tsv). Facts written on one assembly are carried to the other only
where known bases there confirm REF.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from varmio.errors import ResourceError
from varmio.interpret.locate import allele
from varmio.interpret.normalize import carry, normalize, ref_disagrees
from varmio.model import Assembly, KnownSequence, Reference, Transcript, Variant
from varmio.readers import evidence, reference

CLINVAR_NEW_DATE = "2024-12-15"  # release date of the two-star extract
POPULATIONS = ("AFR", "AMR", "EAS", "EUR", "NFE", "FIN", "SAS")  # super-populations that count
CLCN7_SHIFT = 50_001  # bases, GRCh37 minus GRCh38 over CLCN7's exons; its locus is written on GRCh38 only

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One resource before it is written; `left_out` counts rows of the source by reason."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: dict[str, int]


def rows_of(path: Path) -> Iterator[Row]:
    """Rows of a tab-separated file with a header line; lines that start with # are comments."""
    lines = iter([line for line in text_of(path).splitlines() if line and not line.startswith("#")])
    columns = next(lines, "").split("\t")
    for line in lines:
        yield dict(zip(columns, line.split("\t"), strict=True))


def text_of(path: Path) -> str:
    """Text of a source file, unpacked (ResourceError)."""
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise ResourceError(f"{path}: {error.strerror}. The source needs reference/ and variants/.") from error
    return (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")


def _fasta(path: Path) -> Iterator[tuple[list[str], str]]:
    """(header fields, sequence) of each record; header fields are separated by |."""
    for record in text_of(path).split(">")[1:]:
        header, _, bases = record.partition("\n")
        yield header.split("|"), bases.replace("\n", "").upper()


def reference_tables(source: Path) -> Iterator[Table]:
    """Transcripts, coding sequences, loci and the assemblies' differences of a source folder (ResourceError)."""
    folder = source / "reference"
    transcripts = list(rows_of(folder / "transcripts.tsv"))
    yield Table(
        reference.TRANSCRIPTS,
        reference.COLUMNS,
        tuple(_transcript_row(row) for row in transcripts),
        {},
    )
    coding = sorted((header[1], bases) for header, bases in _fasta(folder / "cds.fa"))
    yield Table(reference.CDS, ("accession", "cds"), tuple(coding), {})
    loci = sorted(_locus_row(*record) for record in _fasta(folder / "genomic.fa.gz"))
    places = tuple(f"start_{assembly}" for assembly in Assembly)
    yield Table(reference.LOCI, ("gene", "contig", *places, "bases"), tuple(loci), {})
    differences = sorted(set(_differences(source)))
    yield Table(reference.DIFFERENCES, ("assembly", "contig", "start", "base"), tuple(differences), {})


def _transcript_row(row: Row) -> tuple[str, ...]:
    starts, ends = row["exon_starts"].split(","), row["exon_ends"].split(",")
    exons = ",".join(f"{int(start) - 1}-{end}" for start, end in zip(starts, ends, strict=True))
    return (
        *(row["gene"], row["hgnc"], row["NM"], row["NP"], row["ENST"], row["mane_status"], row["build"]),
        *(row["chrom"], row["refseq_contig"], "1" if row["strand"] == "+" else "-1", exons),
        *(str(int(row["cds_start"]) - 1), row["cds_end"]),
    )


def _locus_row(header: list[str], bases: str) -> tuple[str, ...]:
    """Gene, contig, 0-based start on each assembly ('' where the bases do not hold there), bases."""
    gene, contig = header[0], ""
    starts: dict[str, int] = {}
    for field in header[1:]:
        assembly, _, place = field.partition(" ")
        if assembly in tuple(Assembly) and ":" in place:
            contig, _, span = place.partition(":")
            starts[assembly] = int(span.partition("-")[0]) - 1
    if gene == "CLCN7" and Assembly.GRCH37 not in starts:
        starts[Assembly.GRCH37] = starts[Assembly.GRCH38] + CLCN7_SHIFT
    return (gene, contig, *(str(starts.get(a, "")) for a in Assembly), bases)


def _differences(source: Path) -> Iterator[tuple[str, ...]]:
    """Sites where GRCh37's base is another than GRCh38's, which the transcript has."""
    for row in rows_of(source / "variants" / "population.tsv"):
        if row["b38_alt"] == "(reference base)":
            yield (Assembly.GRCH37, row["chrom"], str(int(row["b37_pos"]) - 1), row["b37_ref"])


# --------------------------------------------------------------------------- evidence tables


def evidence_tables(source: Path, references: dict[Assembly, Reference]) -> Iterator[Table]:
    """ClinVar and population facts by normalised allele key on both assemblies (ResourceError)."""
    folder = source / "variants"
    keys = ("key_GRCh37", "key_GRCh38")
    facts = ("id", "significance", "review", "stars", "traits", "date", "pathogenic")
    left_out: dict[str, int] = {}
    rows = [_new_clinvar(row, references, left_out) for row in rows_of(folder / "clinvar_2024-12_two_star_GRCh38.tsv")]
    yield Table(evidence.CLINVAR_NEW, ("gene", *keys, *facts), _kept(rows), left_out)
    left_out = {}
    rows = [_old_clinvar(row, references, left_out) for row in rows_of(folder / "clinvar_2016_2017_public.tsv")]
    yield Table(evidence.CLINVAR_OLD, ("gene", *keys, *facts), _kept(rows), left_out)
    left_out = {}
    frequencies = _frequencies(rows_of(folder / "population.tsv"), references, left_out)
    columns = ("af", "population", "homozygotes", "ac", "an", "source", "release")
    yield Table(evidence.FREQUENCY, ("gene", *keys, *columns), tuple(sorted(frequencies)), left_out)


def _kept(rows: Iterable[tuple[str, ...] | None]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(row for row in rows if row is not None))


def count(left_out: dict[str, int], reason: str) -> None:
    """One more row of the source that is left out for that reason."""
    left_out[reason] = left_out.get(reason, 0) + 1


def _transcripts(found: Reference, gene: str) -> list[Transcript]:
    return [t for t in found.transcripts if t.gene == gene]


def _key(variant: Variant | None, sequence: KnownSequence) -> str:
    """Normalised key; '' without an allele or where REF is not the assembly's."""
    if variant is None or ref_disagrees(variant, sequence):
        return ""
    return normalize(variant, sequence).key


def _both_keys(row: Row, references: dict[Assembly, Reference]) -> tuple[str, str]:
    """Keys of an allele that the source writes on both assemblies."""
    keys = []
    for assembly, prefix in ((Assembly.GRCH37, "b37"), (Assembly.GRCH38, "b38")):
        position, ref, alt = (row[f"{prefix}_{part}"] for part in ("pos", "ref", "alt"))
        whole = position and set(ref + alt) <= set("ACGT")
        variant = Variant(row["chrom"], int(position), ref, alt) if whole else None
        keys.append(_key(variant, references[assembly].sequence))
    return keys[0], keys[1]


def _new_clinvar(row: Row, references: dict[Assembly, Reference], left_out: dict[str, int]) -> tuple[str, ...] | None:
    here, there = references[Assembly.GRCH38], references[Assembly.GRCH37]
    transcripts = _transcripts(here, row["gene"])
    if not transcripts:
        count(left_out, "gene without a shipped transcript")
        return None
    variant = Variant(row["contig"], int(row["pos"]), row["ref"], row["alt"])
    key = _key(variant, here.sequence)
    carried = _carried(variant, transcripts, there)
    old_key = carried.key if carried else ""
    if not key:
        count(left_out, "REF differs from the assembly")
        return None
    if not old_key:
        count(left_out, "not carried to GRCh37: REF could not be checked")
    significance, review = row["significance"].replace("_", " "), row["review_status"].replace("_", " ")
    facts = (row["variation_id"], significance, review, _stars(review), "", CLINVAR_NEW_DATE, "1")
    return (row["gene"], old_key, key, *facts)


def _carried(variant: Variant, transcripts: list[Transcript], target: Reference) -> Variant | None:
    """The allele on the other assembly, only where known bases there confirm its REF."""
    for source in transcripts:
        for other in _transcripts(target, source.gene):
            if other.accession == source.accession:
                moved = carry(variant, source, other, target.sequence)
                if moved is not None and ref_disagrees(moved, target.sequence) is False:
                    return moved
    return None


def _old_clinvar(row: Row, references: dict[Assembly, Reference], left_out: dict[str, int]) -> tuple[str, ...] | None:
    keys = _both_keys(row, references)
    if not any(keys):
        count(left_out, "REF differs from the assembly, or is not written in plain bases")
        return None
    if _name_contradicts(row, references[Assembly.GRCH38], keys[1]):
        count(left_out, "the source's HGVS name is of another allele")
        return None
    review = row["review_2016_09"] or row["review_2016_05"]
    names = (name.strip() for name in row["traits"].replace("|", ";").split(";"))
    traits = ";".join({name.casefold(): name for name in names if name}.values())
    date = row["latest_from"].removeprefix("ClinVar ").partition(" ")[0]
    pathogenic = "1" if row["class"] == "P/LP" else ""
    facts = (row["clinvar_id"], row["latest_significance"], review, _stars(review), traits, date, pathogenic)
    return (row["gene"], *keys, *facts)


def _name_contradicts(row: Row, found: Reference, key: str) -> bool:
    """The source names the allele on a MANE transcript, and that name gives another allele."""
    accession, _, name = row["hgvs_c"].partition(":")
    for transcript in found.transcripts:
        if accession.partition(".")[0] == transcript.accession.partition(".")[0]:
            named = allele(name, transcript, found.sequence)
            return named is not None and named.key != key
    return False


def _stars(review: str) -> str:
    """ClinVar's review stars of a review status; '' where none was written."""
    if not review:
        return ""
    if not review.startswith("criteria provided"):
        return "0"
    return "2" if "multiple submitters" in review else "1"


def _frequencies(
    rows: Iterable[Row], references: dict[Assembly, Reference], left_out: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    """One row an allele: its highest written frequency, or a row without one where only a bound is known."""
    alleles: dict[tuple[str, str, str], list[Row]] = {}
    with_transcript = {t.gene for t in references[Assembly.GRCH38].transcripts}
    for row in rows:
        if row["gene"] not in with_transcript:
            count(left_out, "gene without a shipped transcript")
            continue
        keys = _both_keys(row, references)
        if not any(keys):
            count(left_out, "REF differs from the assembly")
            continue
        alleles.setdefault((row["gene"], *keys), []).append(row)
    for gene_and_keys, found in alleles.items():
        written = [row for row in found if _is_written(row, left_out)]
        yield (*gene_and_keys, *_highest(written))


def _is_written(row: Row, left_out: dict[str, int]) -> bool:
    """A frequency that counts: written, of the world or a super-population, not filtered at its source."""
    if row["AF_relation"] != "=":
        return False
    if row["population"] not in POPULATIONS and not row["population"].startswith(("global", "all in file")):
        count(left_out, "population that is not a super-population")
        return False
    if row["filter"].startswith("VQSR"):
        count(left_out, "filtered at its source")
        return False
    return True


def _highest(rows: list[Row]) -> tuple[str, ...]:
    if not rows:
        return ("",) * 7
    top = max(rows, key=lambda row: float(row["AF"]))
    homozygotes = [int(row["n_hom"]) for row in rows if row["n_hom"]]
    source = top["source"].partition(" via ")[0]
    most = str(max(homozygotes)) if homozygotes else ""
    return (top["AF"], top["population"], most, top["AC"], top["AN"], source, top["release"])
