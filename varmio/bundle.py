"""The shipped reference bundle: built from curated tables, described, and verified.

`build` reads a folder with `reference/` and `variants/` tables, and `knowledge/` with the HPO files, and
writes small, deterministic files into `varmio/resources`, with a manifest. Nothing here runs during `varmio run`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from varmio import resources
from varmio.bundle_hpo import ANNOTATION_FILE, hpo_problems, hpo_tables
from varmio.bundle_tables import CLINVAR_NEW_DATE, Table, evidence_tables, reference_tables
from varmio.errors import ResourceError, UsageError, why
from varmio.interpret.hgvs import reverse_complement
from varmio.interpret.normalize import ref_disagrees
from varmio.model import Assembly, KnownSequence, Transcript, Variant
from varmio.readers import evidence, phenotype, reference

MAX_BYTES = 400_000  # whole bundle, bytes; a clone and a wheel stay small
START, STOPS = "ATG", ("TAA", "TAG", "TGA")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one resource comes from, for the manifest and the report's provenance."""

    source: str
    release: str
    date: str
    licence: str


HPO_LICENCE = f"HPO licence: cite 'Human Phenotype Ontology, release {phenotype.RELEASE}', content unaltered"
READ = "2026-11"  # when facts without a date of their own were read from their source

ORIGINS = {
    reference.TRANSCRIPTS: Origin(
        "MANE transcripts of 38 genes on both assemblies",
        "MANE v1.5",
        READ,
        "facts of RefSeq, Ensembl and MANE; cite MANE",
    ),
    reference.CDS: Origin("coding sequences of the MANE transcripts", "RefSeq", READ, "facts of RefSeq; cite RefSeq"),
    reference.LOCI: Origin(
        "whole loci of nine genes",
        "LRG; CLCN7 from GRCh38.p14",
        READ,
        "facts of LRG and of the genome assemblies; cite LRG and RefSeq",
    ),
    reference.DIFFERENCES: Origin(
        "coding bases where an assembly differs from the MANE transcript",
        "GRCh37, GRCh38",
        READ,
        "facts of the genome assemblies",
    ),
    evidence.CLINVAR_NEW: Origin(
        "ClinVar, P and LP with two or more stars (ideogram 1.53.0)", "2024-12-15", CLINVAR_NEW_DATE, "CC0-1.0"
    ),
    evidence.CLINVAR_OLD: Origin(
        "ClinVar snapshots 2016-05, 2016-09 and 2017-04", "2016-2017", "2017-04", "facts of ClinVar; cite ClinVar"
    ),
    evidence.FREQUENCY: Origin(
        "gnomAD exomes (every allele of 1% or more), ExAC, 1000 Genomes, gnomAD genomes",
        "gnomAD r2.0.x and others, named per row",
        "2017-11",
        "facts of gnomAD, ExAC and 1000 Genomes; cite them",
    ),
    phenotype.ANNOTATIONS: Origin(
        "HPO annotations of rare diseases (phenotype.hpoa): the signs of 54 diseases, content unaltered",
        phenotype.RELEASE,
        phenotype.RELEASE,
        HPO_LICENCE,
    ),
    phenotype.TERMS: Origin(
        "Human Phenotype Ontology (hp.obo): the annotated terms and what lies above them, content unaltered",
        phenotype.RELEASE,
        "",  # of the annotations' date
        HPO_LICENCE,
    ),
    phenotype.LIKENESS: Origin(
        "how alike the signs of every two diseases are, worked out from the two HPO extracts (docs/phenotype.md)",
        phenotype.RELEASE,
        "",  # of the annotations' date
        HPO_LICENCE,
    ),
    phenotype.ONTOLOGY: Origin(
        "Human Phenotype Ontology (hp.obo): the tree around those, other and obsolete ids, content unaltered",
        phenotype.RELEASE,
        "",  # of the annotations' date
        HPO_LICENCE,
    ),
}
HPO_EXTRACTS = (phenotype.ANNOTATIONS, phenotype.TERMS, phenotype.LIKENESS, phenotype.ONTOLOGY)


# --------------------------------------------------------------------------- build


def build(source: Path, out: Path = resources.FOLDER) -> tuple[dict[str, Any], ...]:
    """Write the bundle from a folder with `reference/` and `variants/`; returns the manifest.

    An HPO extract whose source is not in the folder (`knowledge/`, hp.obo) stays as it is shipped. The same
    source gives the same bytes. Raises ResourceError on a missing table, on anything that `verify` finds
    wrong, and where the bundle grows beyond 400 kB.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out}: is no folder to write to ({why(error)}). Give -o another one.") from error
    shipped = _shipped_hpo()
    tables = [*reference_tables(source)]
    _write(out, tables)
    references = {assembly: reference.read(assembly, out) for assembly in Assembly}
    tables += [*evidence_tables(source, references)]
    tables += [*hpo_tables(source)] if (source / ANNOTATION_FILE).is_file() else []
    _write(out, tables, shipped)
    problems = verify(out)
    size = sum((out / entry["name"]).stat().st_size for entry in resources.manifest(out))
    if size > MAX_BYTES:
        problems.append(f"the bundle has {size} bytes, more than {MAX_BYTES}")
    if problems:
        raise ResourceError(f"{out}: {problems[0]} ({len(problems)} in all). Mend {source} and build again.")
    return resources.manifest(out)


def _shipped_hpo() -> dict[str, tuple[dict[str, Any], bytes]]:
    """The HPO extracts that are shipped, read before anything is written: name -> manifest entry, bytes."""
    listed = [entry for entry in resources.manifest() if entry["name"] in HPO_EXTRACTS]
    return {entry["name"]: (entry, (resources.FOLDER / entry["name"]).read_bytes()) for entry in listed}


def _write(out: Path, tables: list[Table], shipped: dict[str, tuple[dict[str, Any], bytes]] | None = None) -> None:
    """Write the tables, each shipped extract that none of them replaces, and the manifest."""
    entries = []
    for table in tables:
        lines = ["\t".join(row) for row in (table.columns, *table.rows)]
        packed = gzip.compress("".join(f"{line}\n" for line in lines).encode("utf-8"), 9, mtime=0)
        (out / table.name).write_bytes(packed)
        origin = ORIGINS[table.name]
        entries.append(
            {
                "name": table.name,
                "source": origin.source,
                "release": origin.release,
                "date": origin.date or None,
                "licence": origin.licence,
                "sha256": hashlib.sha256(packed).hexdigest(),
                "rows": len(table.rows),
                "left_out": table.left_out,
            }
        )
    made = {table.name for table in tables}
    for name, (entry, packed) in (shipped or {}).items():
        if name not in made:
            (out / name).write_bytes(packed)
            entries.append(entry)
    text = json.dumps({"schema_version": "1", "resources": entries}, indent=1, sort_keys=True)
    (out / resources.MANIFEST).write_text(text + "\n", encoding="utf-8")


# --------------------------------------------------------------------------- status, verify


def status() -> dict[str, Any]:
    """What is at hand per gene (shipped, or in the user's folder) and per extract, for `varmio data status`."""
    genes: dict[str, dict[str, Any]] = {}
    for assembly in Assembly:
        known = reference.load(assembly)
        for transcript in known.transcripts:
            held = genes.setdefault(transcript.gene, {"transcripts": {}})["transcripts"]
            entry = held.setdefault(transcript.accession, {"cds": bool(transcript.cds), "locus": []})
            if is_whole(transcript, known.sequence):
                entry["locus"].append(str(assembly))
    names = (evidence.CLINVAR_NEW, evidence.CLINVAR_OLD, evidence.FREQUENCY, phenotype.ANNOTATIONS)
    fields = ("name", "release", "date", "rows")
    extracts = [{f: entry[f] for f in fields} for entry in resources.manifest() if entry["name"] in names]
    return {"genes": dict(sorted(genes.items())), "extracts": extracts}


def is_whole(transcript: Transcript, sequence: KnownSequence) -> bool:
    """Whether every base from the first to the last exon is at hand."""
    return sequence.bases(transcript.contig, transcript.start, transcript.end) is not None


def verify(folder: Path = resources.FOLDER) -> list[str]:
    """What is wrong with the bundle, one sentence each; empty when it is whole."""
    broken = [f"{e['name']}: {why}" for e in resources.manifest(folder) if (why := _unreadable(e["name"], folder))]
    if broken:
        return broken
    problems = hpo_problems(folder)
    for assembly in Assembly:
        found = reference.read(assembly, folder)
        for transcript in found.transcripts:
            problems += _transcript_problems(transcript, found.sequence, reference.differences(assembly, folder))
        facts = evidence.read(assembly, folder)
        for table in (facts.clinvar_new, facts.clinvar_old, facts.frequencies):
            problems += [
                f"{key}: REF differs from {assembly}" for key in table if ref_disagrees(_of_key(key), found.sequence)
            ]
    return problems


def _unreadable(name: str, folder: Path) -> str | None:
    try:
        resources.read(name, folder)
    except ResourceError as error:
        return str(error)
    return None


def _of_key(key: str) -> Variant:
    contig, pos, ref, alt = key.split("-")
    return Variant(contig, int(pos), ref, alt)


def _transcript_problems(
    transcript: Transcript, sequence: KnownSequence, differences: frozenset[tuple[str, int]]
) -> Iterator[str]:
    where = f"{transcript.accession} on {transcript.assembly}"
    cds = transcript.cds
    codons = [cds[i : i + 3] for i in range(0, len(cds), 3)]
    if not cds.startswith(START):
        yield f"{where}: the coding sequence does not start with {START}"
    if codons[-1] not in STOPS or any(codon in STOPS for codon in codons[:-1]):
        yield f"{where}: the coding sequence has not one stop, at its end"
    if len(cds) % 3 or len(cds) != sum(end - start for start, end in transcript.coding):
        yield f"{where}: coding exons and coding sequence differ in length"
        return
    spliced = [(start, sequence.bases(transcript.contig, start, end)) for start, end in transcript.coding]
    if any(bases is None for _, bases in spliced):
        yield f"{where}: a coding exon is not in the known sequence"
        return
    known = sum(
        contig == transcript.contig and any(start <= at < end for start, end in transcript.coding)
        for contig, at in differences
    )
    differing = _mismatches(transcript, "".join(bases or "" for _, bases in spliced))
    if differing != known:
        yield f"{where}: the exons differ from the coding sequence at {differing} bases, expected {known}"


def _mismatches(transcript: Transcript, plus: str) -> int:
    """Bases at which exons cut from the assembly differ from the transcript."""
    cds = plus if transcript.strand == 1 else reverse_complement(plus)
    return sum(one != other for one, other in zip(cds, transcript.cds, strict=True))
