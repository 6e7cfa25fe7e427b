"""A genome for naming tests: every shipped base where it is known, seeded bases with GT..AG introns elsewhere."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

from varmio.model import Assembly, KnownSequence, Transcript, Variant
from varmio.readers import reference

FLANK = 500  # bases before and after each transcript
GENES = ("OSTM1", "SNX10", "CA2", "CTSK", "TYROBP", "RASGRP2", "TREM2", "SOST", "TCIRG1")  # five on the minus strand


@lru_cache(maxsize=2)
def genome(assembly: Assembly) -> tuple[tuple[Transcript, ...], KnownSequence]:
    """Transcripts on contigs of their own (named after the gene), and every base of them."""
    shipped = reference.load(assembly)
    moved, pieces = [], {}
    for transcript in shipped.transcripts:
        if transcript.gene in GENES:
            first = transcript.start - FLANK
            pieces[transcript.gene] = ((0, _bases(transcript, first, shipped.sequence)),)
            moved.append(_moved(transcript, first))
    return tuple(moved), KnownSequence(pieces)


def _bases(transcript: Transcript, first: int, known: KnownSequence) -> str:
    end = transcript.end + FLANK
    bases = random.Random(transcript.accession).choices("ACGT", k=end - first)
    donor, acceptor = ("GT", "AG") if transcript.strand == 1 else ("CT", "AC")  # plus-strand ends of an intron
    for (_, exon_end), (exon_start, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
        bases[exon_end - first : exon_end - first + 2] = donor
        bases[exon_start - first - 2 : exon_start - first] = acceptor
    for start, text in known.pieces[transcript.contig]:
        low, high = max(start, first), min(start + len(text), end)
        if low < high:
            bases[low - first : high - first] = text[low - start : high - start]
    return "".join(bases)


def _moved(transcript: Transcript, first: int) -> Transcript:
    return replace(
        transcript,
        contig=transcript.gene,
        exons=tuple((start - first, end - first) for start, end in transcript.exons),
        cds_start=transcript.cds_start - first,
        cds_end=transcript.cds_end - first,
    )


def padded(variant: Variant, sequence: KnownSequence, left: int, right: int) -> Variant:
    """The same allele written with bases of its surroundings."""
    before = sequence.bases(variant.contig, variant.start - left, variant.start) or ""
    after = sequence.bases(variant.contig, variant.end, variant.end + right) or ""
    return Variant(
        variant.contig, variant.pos - len(before), before + variant.ref + after, before + variant.alt + after
    )


def right_aligned(variant: Variant, sequence: KnownSequence) -> Variant:
    """The same insertion or deletion, as far to the right as it goes, one anchor base kept."""
    long = variant.ref if len(variant.ref) > 1 else variant.alt
    moving, pos, end = long[1:], variant.pos, variant.end
    while (after := sequence.bases(variant.contig, end, end + 1)) == moving[0]:
        moving, pos, end = moving[1:] + moving[0], pos + 1, end + 1
        assert after is not None
    anchor = sequence.bases(variant.contig, pos - 1, pos) or ""
    ref, alt = (anchor + moving, anchor) if len(variant.ref) > 1 else (anchor, anchor + moving)
    return Variant(variant.contig, pos, ref, alt)


def mutation(rng: random.Random, transcript: Transcript, sequence: KnownSequence) -> Variant:
    """A random small allele near or in an exon: substitution, deletion, duplication, insertion or delins."""
    start, end = rng.choice(transcript.exons)
    at = rng.choice([rng.randrange(start, end), rng.choice((start, end)) + rng.randrange(-12, 12)])
    length = rng.choice((1, 1, 2, 3, 3, 4, 6, 9))
    here = sequence.bases(transcript.contig, at, at + length + 1) or ""
    other = "".join(rng.choices("ACGT", k=length))
    kind = rng.choice(("snv", "del", "dup", "ins", "delins"))
    ref, alt = {
        "snv": (here[0], rng.choice([base for base in "ACGT" if base != here[0]])),
        "del": (here, here[0]),
        "dup": (here[0], here),
        "ins": (here[0], here[0] + other),
        "delins": (here, other),
    }[kind]
    return Variant(transcript.contig, at + 1, ref, alt) if ref != alt else mutation(rng, transcript, sequence)
