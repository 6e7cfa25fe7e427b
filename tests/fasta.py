"""FASTA files of a genome for tests: shipped bases where known, seeded ones with GT..AG introns elsewhere."""

from __future__ import annotations

import random
from pathlib import Path

from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly, Transcript
from varmio.readers import reference

AROUND = 6_000  # bases beside a gene
LINE = 60


def locus(gene: str, assembly: Assembly) -> tuple[Transcript, int, str]:
    """(transcript, start, bases) of a gene with its surroundings: the same bases at the same places every time."""
    shipped = reference.load(assembly)
    transcript = next(t for t in shipped.transcripts if t.gene == gene)
    start, end = transcript.start - AROUND, transcript.end + AROUND
    bases = random.Random(gene).choices("ACGT", k=end - start)
    donor, acceptor = ("GT", "AG") if transcript.strand == 1 else ("CT", "AC")
    for (_, first), (last, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
        bases[first - start : first - start + 2] = donor
        bases[last - start - 2 : last - start] = acceptor
    for at, text in shipped.sequence.pieces[transcript.contig]:
        if start <= at and at + len(text) <= end:
            bases[at - start : at - start + len(text)] = text
    return transcript, start, "".join(bases)


def sparse(path: Path, assembly: Assembly, *genes: str, prefix: str = "chr") -> Path:
    """A genome at its true coordinates, of the genes' contigs only; what lies between panel genes is a hole."""
    index = []
    every = {t.gene: t.contig for t in reference.load(assembly).transcripts}
    with path.open("wb") as file:
        for contig in dict.fromkeys(locus(gene, assembly)[0].contig for gene in genes):
            length = CONTIG_LENGTHS[assembly][contig]
            file.write(f">{prefix}{contig}\n".encode())
            first = file.tell()
            index.append(f"{prefix}{contig}\t{length}\t{first}\t{length}\t{length + 1}\n")
            for _, start, bases in (locus(gene, assembly) for gene, where in every.items() if where == contig):
                file.seek(first + start)
                file.write(bases.encode())
            file.seek(first + length)
            file.write(b"\n")
    Path(f"{path}.fai").write_text("".join(index))
    return path


def short(path: Path, gene: str, assembly: Assembly, edit: tuple[int, str] | None = None) -> Path:
    """The first bases of one contig as far as the gene reaches, in lines, without an index.

    edit: (0-based position, bases written there instead).
    """
    transcript, start, bases = locus(gene, assembly)
    text = "N" * start + bases
    if edit:
        at, put = edit
        text = text[:at] + put + text[at + len(put) :]
    lines = "\n".join(text[i : i + LINE] for i in range(0, len(text), LINE))
    path.write_text(f">chr{transcript.contig} of a test\n{lines}\n")
    return path
