"""Bases of the panel's genes from a FASTA of the genome that a user gives, indexed or not.

The shipped coding sequences are the check: a genome whose exons say otherwise is another one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from varmio.assembly import CONTIG_LENGTHS, is_other_length
from varmio.errors import ResourceError, one_line, why
from varmio.model import Assembly, Reference, Transcript
from varmio.readers.sequence import Piece, Span, joined, overlaid, spliced
from varmio.readers.vcf_contigs import assembly_of_alias, plain_contig

FLANK_BP = 5_000  # bases beside a gene that are read too; a shifted allele meets another base long before


def with_genome(path: Path, here: Reference, differing: frozenset[tuple[str, int]] = frozenset()) -> Reference:
    """The reference with every base of its genes and 5 kb beside them, as the FASTA has them.

    differing: (contig, 0-based position) of coding bases where the assembly is known to differ from the
    transcript. Genes on a contig that the FASTA does not hold keep what is shipped.
    Errors: ResourceError (no such file, no FASTA, another assembly, no contig of a panel gene, coding exons
    that are not those of the transcripts, masked bases in them).
    """
    found = pieces(path, here)
    for contig, read in found.items():
        _check(path, [t for t in here.transcripts if t.contig == contig], read, differing)
    return replace(here, sequence=overlaid(here.sequence, found))


def pieces(path: Path, here: Reference) -> dict[str, list[Piece]]:
    """Contig -> the bases of its genes and 5 kb beside them, not compared with anything.

    Errors: ResourceError (no such file, no FASTA, another assembly, no contig of a panel gene).
    """
    found: dict[str, list[Piece]] = {}
    with _opened(path) as genome:
        for contig, name in _contigs(path, genome, here).items():
            spans = around((t for t in here.transcripts if t.contig == contig), genome.get_reference_length(name))
            found[contig] = [(start, _bases(path, genome, name, start, end)) for start, end in spans]
    return found


def around(transcripts: Iterable[Transcript], length: int) -> list[Span]:
    """Where the transcripts of one contig of that length lie, with 5 kb beside them; genes that overlap made one."""
    ends = ((max(t.start - FLANK_BP, 0), min(t.end + FLANK_BP, length)) for t in transcripts)
    return joined((start, end) for start, end in ends if start < end)


def assembly_of(path: Path) -> Assembly | None:
    """The assembly of a FASTA by its contigs' lengths and accessions; None where they do not say (ResourceError)."""
    with _opened(path) as genome:
        for name, length in zip(genome.references, genome.lengths, strict=True):
            told = assembly_of_alias(name)
            for assembly in Assembly:
                if told is assembly or CONTIG_LENGTHS[assembly].get(plain_contig(name)) == length:
                    return assembly
    return None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The FASTA by its index; an index that is missing or older is made for this run, beside nothing of the user's."""
    import pysam.utils

    if not path.is_file():
        raise ResourceError(f"{one_line(str(path))}: there is no such file. Give --reference the genome's FASTA.")
    before = pysam.set_verbosity(0)  # htslib's own messages: each fault is said here, in one line
    try:
        with tempfile.TemporaryDirectory() as folder:
            index, blocks = _index(pysam, path, Path(folder))
            genome = pysam.FastaFile(str(path), filepath_index=index, filepath_index_compressed=blocks)
            with genome:
                yield genome
    except (OSError, ValueError, pysam.utils.SamtoolsError) as error:
        raise ResourceError(
            f"{one_line(str(path))}: cannot be read as a FASTA ({why(error)}). "
            "Give --reference the genome's FASTA, plain or packed with bgzip."
        ) from None
    finally:
        pysam.set_verbosity(before)


def _index(pysam: Any, path: Path, folder: Path) -> tuple[str, str | None]:
    """Paths of an index and, for BGZF, of its blocks; the user's own where they are at least as new as the FASTA."""
    fai, gzi = Path(f"{path}.fai"), Path(f"{path}.gzi")
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    written = path.stat().st_mtime
    if all(p.is_file() and p.stat().st_mtime >= written for p in ((fai, gzi) if packed else (fai,))):
        return str(fai), str(gzi) if packed else None
    made, made_blocks = folder / "index.fai", folder / "index.gzi"
    pysam.faidx(str(path), "--fai-idx", str(made), *(("--gzi-idx", str(made_blocks)) if packed else ()))
    return str(made), str(made_blocks) if packed else None


def _contigs(path: Path, genome: Any, here: Reference) -> dict[str, str]:
    """Contig -> its name in the FASTA, of those that hold panel genes; the first of two names for one wins."""
    wanted = {t.contig for t in here.transcripts}
    names: dict[str, str] = {}
    for name, length in zip(genome.references, genome.lengths, strict=True):
        contig = plain_contig(name)
        other = assembly_of_alias(name) is here.assembly.other
        if contig in CONTIG_LENGTHS[here.assembly] and (other or is_other_length(contig, length, here.assembly)):
            raise ResourceError(
                f"{one_line(str(path))}: {one_line(name)} is that of {here.assembly.other}, and the VCF is "
                f"{here.assembly}. Give --reference the {here.assembly} genome."
            )
        if contig in wanted:
            names.setdefault(contig, name)
    if not names:
        seen = ", ".join(one_line(n) for n in genome.references[:3]) or "none"
        raise ResourceError(
            f"{one_line(str(path))}: holds no contig of a panel gene (its contigs: {seen}). "
            f"Give --reference the {here.assembly} genome."
        )
    return names


def _bases(path: Path, genome: Any, name: str, start: int, end: int) -> str:
    bases: str = genome.fetch(name, start, end).upper()
    if len(bases) != end - start:
        raise ResourceError(
            f"{one_line(str(path))}: {one_line(name)} ends before its index says. Index it anew: samtools faidx."
        )
    return bases


def _check(
    path: Path, transcripts: Iterable[Transcript], read: Sequence[Piece], differing: frozenset[tuple[str, int]]
) -> None:
    """ResourceError where the coding exons cut from the FASTA are not the transcript's."""
    for transcript in transcripts:
        bases = spliced(transcript, read)
        masked = sum(base not in "ACGT" for base in bases)
        allowed = sum(c == transcript.contig and _in_coding(transcript, at) for c, at in differing)
        other = sum(one != two for one, two in zip(bases, transcript.cds, strict=False)) - masked
        if masked:
            raise ResourceError(
                f"{one_line(str(path))}: {masked} coding bases of {transcript.gene} are masked or not plain bases. "
                "Give --reference a genome that is not hard-masked."
            )
        if len(bases) != len(transcript.cds):
            raise ResourceError(
                f"{one_line(str(path))}: its contig {transcript.contig} ends before {transcript.gene}. "
                f"Give --reference the whole {transcript.assembly} genome."
            )
        if other > allowed:
            raise ResourceError(
                f"{one_line(str(path))}: {other} of {len(transcript.cds)} coding bases of {transcript.gene} are not "
                f"those of {transcript.accession} on {transcript.assembly}. "
                f"Give --reference the {transcript.assembly} genome."
            )


def _in_coding(transcript: Transcript, at: int) -> bool:
    return any(start <= at < end for start, end in transcript.coding)
