"""What a user's own machine adds to the shipped bases: cut from their genome, or fetched; checked before it is kept.

A folder for each assembly (`resources.own_folder`) holds transcripts of further genes, coding sequences and bases, in
the shipped files' own form. `run` reads it; nothing here runs during `run`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from varmio import resources
from varmio.assembly import CONTIG_LENGTHS
from varmio.errors import ResourceError, UsageError, one_line, why
from varmio.interpret.protein import translate
from varmio.model import Assembly, KnownSequence, Panel, PanelGene, Reference, Transcript
from varmio.readers import gene_models, genome, reference
from varmio.readers.sequence import Piece, overlaid, spliced
from varmio.readers.vcf_contigs import refseq_of
from varmio.writers.jsonout import write_atomic

START, STOP = "ATG", "*"
PARTS = "parts"  # folder of what a fetch has got so far


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: genes whose bases are now whole, and a sentence on each that is not."""

    assembly: Assembly
    folder: Path
    genes: tuple[str, ...]
    missing: tuple[str, ...]


def build(gff: Path, fasta: Path, panel: Panel, assembly: Assembly | None, out: Path | None) -> Built:
    """Cut the panel's transcripts and 5 kb beside them from an annotation and a genome, check them, and keep them.

    assembly: only where the FASTA's contigs do not tell. out: a folder such as
    VARMIO_DATA_DIR names; None: the usual one.
    Errors: ResourceError (a file is missing or broken, another assembly, a coding sequence that is not the shipped
    one or not whole), UsageError (assembly not told, folder not writable).
    """
    told = genome.assembly_of(fasta)
    if told and assembly and told is not assembly:
        raise ResourceError(f"{one_line(str(fasta))}: is {told} by its contigs, and --assembly {assembly} was given.")
    named = told or assembly
    if named is None:
        raise UsageError(f"{one_line(str(fasta))}: its contigs do not tell the assembly. Add --assembly.")
    shipped = reference.read(named, resources.FOLDER)
    models = gene_models.read(gff, sorted(_wanted(panel)), named)
    transcripts, missing = _transcripts(gff, panel, shipped, models)
    read = genome.pieces(fasta, replace(shipped, transcripts=transcripts))
    held = tuple(t for t in transcripts if t.contig in read)
    missing += [f"{t.gene}: {one_line(fasta.name)} holds no contig {t.contig}" for t in transcripts if t not in held]
    whole = tuple(_with_coding(t, read[t.contig]) for t in held)
    folder = keep(named, whole, read, f"cut from {gff.name} and {fasta.name}", out)
    return Built(named, folder, tuple(sorted({t.gene for t in whole})), tuple(missing))


def fetch(
    assembly: Assembly,
    panel: Panel,
    service: str,
    base: str | None,
    out: Path | None,
    say: Callable[[str], None],
) -> Built:
    """Get the bases of the panel's shipped genes that are not at hand from a public service, check them, keep them.

    Only coordinates of genes leave the machine. base: another address of the service. What was fetched before a break
    is kept, and asked for no more. Errors: ResourceError (no answer, a wrong one, other coding bases), UsageError.
    """
    from varmio import remote

    folder = (out / assembly) if out else resources.own_folder(assembly)
    held = reference.read(assembly, resources.FOLDER)
    known = overlaid(held.sequence, _by_contig(_before(assembly, folder).sequence))
    lacking = [
        t for t in held.transcripts if panel.gene(t.gene) is not None and known.bases(t.contig, t.start, t.end) is None
    ]
    wanted = [
        remote.Slice(assembly, contig, start, end)
        for contig in dict.fromkeys(t.contig for t in lacking)
        for start, end in genome.around((t for t in lacking if t.contig == contig), CONTIG_LENGTHS[assembly][contig])
    ]
    parts = folder / PARTS
    got = remote.fetch(wanted, parts, service, base, say) if wanted else {}
    read: dict[str, list[Piece]] = {}
    for part, bases in got.items():
        read.setdefault(part.contig, []).append((part.start, bases))
    whole = [_with_coding(t, read[t.contig]) for t in lacking]
    if whole:
        keep(assembly, whole, read, f"fetched from {base or service}", out)
        shutil.rmtree(parts)
    return Built(assembly, folder, tuple(sorted({t.gene for t in whole})), ())


def _by_contig(sequence: KnownSequence) -> dict[str, list[Piece]]:
    return {contig: list(held) for contig, held in sequence.pieces.items()}


def _wanted(panel: Panel) -> Iterator[str]:
    for gene in panel.genes:
        for pair in gene.transcripts:
            yield from pair


def _transcripts(
    gff: Path, panel: Panel, shipped: Reference, models: Mapping[str, gene_models.Model]
) -> tuple[tuple[Transcript, ...], list[str]]:
    """The panel's transcripts that the annotation holds, and a sentence on each that it does not."""
    found: list[Transcript] = []
    missing: list[str] = []
    for gene in panel.genes:
        for refseq, ensembl in gene.transcripts:
            known = next((t for t in shipped.transcripts if t.accession == refseq), None)
            model = models.get(refseq) or models.get(ensembl)
            if model is None or not model.coding:
                missing.append(f"{gene.symbol}: {one_line(gff.name)} holds no coding transcript {refseq} or {ensembl}")
            elif known is not None:
                found.append(_same(gff, known, model))
            else:
                found.append(_new(gene, refseq, ensembl, shipped.assembly, model))
    return tuple(found), missing


def _same(gff: Path, known: Transcript, model: gene_models.Model) -> Transcript:
    """The shipped transcript, where the annotation places it alike."""
    if (model.contig, tuple(model.exons), model.coding[0][0], model.coding[-1][1]) != (
        *(known.contig, known.exons, known.cds_start, known.cds_end),
    ):
        raise ResourceError(
            f"{one_line(str(gff))}: {known.gene} {known.accession} does not lie where it lies on {known.assembly}. "
            f"Pass the annotation of {known.assembly}."
        )
    return known


def _new(gene: PanelGene, refseq: str, ensembl: str, assembly: Assembly, model: gene_models.Model) -> Transcript:
    return Transcript(
        gene=gene.symbol,
        hgnc_id=gene.hgnc_id or "",
        accession=refseq,
        protein=model.protein,
        ensembl=ensembl,
        mane=model.mane or "named by the panel",
        assembly=assembly,
        contig=model.contig,
        refseq_contig=refseq_of(model.contig, assembly),
        strand=model.strand,
        exons=tuple(model.exons),
        cds_start=model.coding[0][0],
        cds_end=model.coding[-1][1],
        cds="",
    )


def _with_coding(transcript: Transcript, read: Sequence[Piece]) -> Transcript:
    """The transcript with its coding sequence as cut; ResourceError where it is not whole, or not the shipped one."""
    cut = spliced(transcript, read)
    fault = coding_fault(cut) if not transcript.cds else _unlike(transcript, cut)
    if fault:
        raise ResourceError(
            f"{transcript.gene} {transcript.accession} on {transcript.assembly}: {fault}. "
            "Annotation and genome do not fit each other; pass a pair of one release."
        )
    return transcript if transcript.cds else replace(transcript, cds=cut)


def coding_fault(cds: str) -> str | None:
    """What keeps a sequence from being a coding one: its length, letters, start or stop; None where it is one.

    >>> coding_fault("ATGGCCTAA"), coding_fault("ATGTAAGCCTAA")
    (None, 'the coding sequence has a stop before its end')
    """
    if set(cds) - set("ACGT"):
        return "the coding sequence holds bases other than A, C, G and T"
    if len(cds) % 3 or not cds:
        return f"the coding sequence has {len(cds)} bases, no whole codons"
    residues = translate(cds)
    if not cds.startswith(START):
        return f"the coding sequence does not start with {START}"
    if not residues.endswith(STOP):
        return "the coding sequence does not end with a stop"
    return "the coding sequence has a stop before its end" if STOP in residues[:-1] else None


def _unlike(transcript: Transcript, cut: str) -> str | None:
    """Where the sequence cut from a genome differs from the shipped one beyond what its assembly is known for."""
    places = reference.differences(transcript.assembly)
    allowed = sum(c == transcript.contig and any(s <= at < e for s, e in transcript.coding) for c, at in places)
    differing = sum(one != two for one, two in zip(cut, transcript.cds, strict=False))
    if len(cut) != len(transcript.cds) or differing > allowed:
        return f"{differing} of {len(transcript.cds)} coding bases differ from the shipped sequence"
    return None


# --------------------------------------------------------------------------- the folder


def keep(
    assembly: Assembly,
    transcripts: Iterable[Transcript],
    read: Mapping[str, Sequence[Piece]],
    source: str,
    out: Path | None = None,
) -> Path:
    """Write the folder of an assembly anew, with what an earlier one held; returns the folder (UsageError)."""
    folder = out / assembly if out else resources.own_folder(assembly)
    shipped = {t.accession for t in reference.read(assembly, resources.FOLDER).transcripts}
    before = _before(assembly, folder)
    added = {t.accession: t for t in (*before.transcripts, *transcripts) if t.accession not in shipped}
    sequence = overlaid(before.sequence, read)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: is no folder to write to ({why(error)}). Give -o another one.") from error
    tables = {
        reference.TRANSCRIPTS: [list(reference.COLUMNS), *(reference.row(t) for _, t in sorted(added.items()))],
        reference.CDS: [["accession", "cds"], *([name, t.cds] for name, t in sorted(added.items()))],
        reference.SEQUENCE: [
            ["contig", "start", "bases"],
            *([contig, str(start), bases] for contig, held in sorted(sequence.pieces.items()) for start, bases in held),
        ],
    }
    entries = []
    for name, rows in tables.items():
        packed = gzip.compress("".join("\t".join(row) + "\n" for row in rows).encode(), 6, mtime=0)
        write_atomic(folder / name, packed)
        digest = hashlib.sha256(packed).hexdigest()
        entries.append({"name": name, "source": source, "release": str(assembly), "date": None, "rows": len(rows) - 1,
                        "licence": "of its source", "sha256": digest})  # fmt: skip
    text = json.dumps({"schema_version": "1", "resources": entries}, indent=1, sort_keys=True)
    write_atomic(folder / resources.MANIFEST, f"{text}\n".encode())
    return folder


def _before(assembly: Assembly, folder: Path) -> Reference:
    """What the folder holds; nothing where it is new or damaged."""
    nothing = Reference(assembly, (), KnownSequence({}))
    try:
        return reference.with_own(nothing, folder) if (folder / resources.MANIFEST).is_file() else nothing
    except ResourceError:
        return nothing
