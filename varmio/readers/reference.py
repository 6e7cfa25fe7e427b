"""Transcripts and known bases of the panel genes, from the shipped resources.

Known bases are whole loci where shipped; elsewhere the coding exons as the MANE transcript has
them, and the two intron bases on either side (GT..AG; genes whose introns differ ship a locus).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from varmio import resources
from varmio.errors import ResourceError
from varmio.model import Assembly, KnownSequence, Reference, Transcript
from varmio.readers.sequence import Piece, overlaid

TRANSCRIPTS = "transcripts.tsv.gz"
CDS = "cds.tsv.gz"
LOCI = "loci.tsv.gz"
DIFFERENCES = "genome_differences.tsv.gz"
SEQUENCE = "sequence.tsv.gz"  # of a user's own folder: contig, start, plus-strand bases
COLUMNS = (
    *("gene", "hgnc_id", "accession", "protein", "ensembl", "mane", "assembly", "contig"),
    *("refseq_contig", "strand", "exons", "cds_start", "cds_end"),
)
DONOR, ACCEPTOR = "GT", "AG"  # first and last two bases of an intron, in the transcript's direction

_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def load(assembly: Assembly) -> Reference:
    """The panel's transcripts and known bases on one assembly, with what the user's own folder adds (ResourceError)."""
    own = resources.own_folder(assembly)
    return _loaded(assembly, own if (own / resources.MANIFEST).is_file() else None)


@lru_cache(maxsize=4)
def _loaded(assembly: Assembly, own: Path | None) -> Reference:
    shipped = read(assembly, resources.FOLDER)
    return shipped if own is None else with_own(shipped, own)


def with_own(shipped: Reference, folder: Path) -> Reference:
    """The shipped reference with the transcripts of further genes and the bases of a folder (ResourceError)."""
    coding = {row[0]: row[1] for row in resources.rows(CDS, folder)[1]}
    genes = {t.gene for t in shipped.transcripts}
    rows = [row for row in resources.rows(TRANSCRIPTS, folder)[1] if row[0] not in genes]
    added = tuple(_transcript(row, shipped.assembly, coding) for row in rows)
    above: dict[str, list[Piece]] = {}
    for contig, start, bases in resources.rows(SEQUENCE, folder)[1]:
        above.setdefault(contig, []).append((int(start), bases))
    own_genes = frozenset(t.gene for t in added)
    return Reference(shipped.assembly, (*shipped.transcripts, *added), overlaid(shipped.sequence, above), own_genes)


def own_manifest(assembly: Assembly) -> tuple[dict[str, Any], ...]:
    """What the user's own folder adds: as `manifest`; empty where there is none."""
    folder = resources.own_folder(assembly)
    return resources.manifest(folder) if (folder / resources.MANIFEST).is_file() else ()


def manifest() -> tuple[dict[str, Any], ...]:
    """What is shipped: {name, source, release, date, licence, sha256, rows} a resource."""
    return resources.manifest()


def read(assembly: Assembly, folder: Path) -> Reference:
    """As `load`, from the resources of a folder."""
    coding = {row[0]: row[1] for row in resources.rows(CDS, folder)[1]}
    transcripts = tuple(
        _transcript(row, assembly, coding) for row in resources.rows(TRANSCRIPTS, folder)[1] if row[6] == assembly
    )
    if not transcripts:
        raise ResourceError(f"{folder / TRANSCRIPTS}: no transcript on {assembly}. {resources.MEND}")
    patches = [row for row in resources.rows(DIFFERENCES, folder)[1] if row[0] == assembly]
    return Reference(assembly, transcripts, _known(transcripts, _loci(folder, assembly), patches))


def loci(assembly: Assembly, folder: Path = resources.FOLDER) -> frozenset[str]:
    """Genes whose whole locus is shipped on that assembly."""
    return frozenset(_loci(folder, assembly))


def differences(assembly: Assembly, folder: Path = resources.FOLDER) -> frozenset[tuple[str, int]]:
    """(contig, 0-based position) of coding bases where the assembly differs from the transcript."""
    rows = resources.rows(DIFFERENCES, folder)[1]
    return frozenset((contig, int(start)) for name, contig, start, _ in rows if name == assembly)


def _transcript(row: list[str], assembly: Assembly, coding: dict[str, str]) -> Transcript:
    gene, hgnc, accession, protein, ensembl, mane, _, contig, refseq, strand, exons, start, end = row
    return Transcript(
        gene=gene,
        hgnc_id=hgnc,
        accession=accession,
        protein=protein,
        ensembl=ensembl,
        mane=mane,
        assembly=assembly,
        contig=contig,
        refseq_contig=refseq,
        strand=int(strand),
        exons=tuple((int(s), int(e)) for s, _, e in (pair.partition("-") for pair in exons.split(","))),
        cds_start=int(start),
        cds_end=int(end),
        cds=coding[accession],
    )


def row(transcript: Transcript) -> list[str]:
    """The transcript as a row of `COLUMNS`, without its coding sequence."""
    t = transcript
    exons = ",".join(f"{start}-{end}" for start, end in t.exons)
    named = [t.gene, t.hgnc_id, t.accession, t.protein, t.ensembl, t.mane, str(t.assembly), t.contig, t.refseq_contig]
    return [*named, str(t.strand), exons, str(t.cds_start), str(t.cds_end)]


def _loci(folder: Path, assembly: Assembly) -> dict[str, tuple[str, Piece]]:
    """Gene -> (contig, (start, bases)) of the loci that hold for the assembly."""
    names, rows = resources.rows(LOCI, folder)
    column = names.index(f"start_{assembly}")
    return {row[0]: (row[1], (int(row[column]), row[-1])) for row in rows if row[column]}


def _known(
    transcripts: tuple[Transcript, ...],
    loci: dict[str, tuple[str, Piece]],
    patches: list[list[str]],
) -> KnownSequence:
    pieces: dict[str, list[Piece]] = {}
    for contig, piece in loci.values():
        pieces.setdefault(contig, []).append(piece)
    for transcript in transcripts:
        if transcript.gene not in loci:
            pieces.setdefault(transcript.contig, []).extend(exon_pieces(transcript))
    for _, contig, start, base in patches:
        pieces[contig] = [_patched(piece, int(start), base) for piece in pieces.get(contig, [])]
    return KnownSequence({contig: tuple(sorted(found)) for contig, found in sorted(pieces.items())})


def _patched(piece: Piece, start: int, base: str) -> Piece:
    """The piece with the genome's own base where the transcript has another."""
    first, bases = piece
    at = start - first
    return (first, bases[:at] + base + bases[at + 1 :]) if 0 <= at < len(bases) else piece


def exon_pieces(transcript: Transcript) -> list[Piece]:
    """Coding part of each exon with its two neighbouring intron bases, (start, plus-strand bases).

    >>> from varmio.model import Assembly
    >>> transcript = next(t for t in load(Assembly.GRCH38).transcripts if t.gene == "OSTM1")
    >>> [bases[:4] for _, bases in exon_pieces(transcript)][:2]  # minus strand: last exon first
    ['TCAG', 'ACGC']
    """
    plus = transcript.cds if transcript.strand == 1 else transcript.cds.translate(_COMPLEMENT)[::-1]
    before, after = (ACCEPTOR, DONOR) if transcript.strand == 1 else ("AC", "CT")
    found: list[Piece] = []
    used = 0
    for start, end in transcript.coding:
        bases = plus[used : used + end - start]
        used += end - start
        first = start
        if start != transcript.start and any(start == s for s, _ in transcript.exons):
            bases, first = before + bases, start - len(before)
        if end != transcript.end and any(end == e for _, e in transcript.exons):
            bases += after
        found.append((first, bases))
    return found
