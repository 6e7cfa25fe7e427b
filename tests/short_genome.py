"""A genome for naming engines: each of the 39 transcripts on a contig of its own, all its exons, introns cut short.

Bases are the shipped ones where these are known, seeded ones with GT..AG introns elsewhere. A c. name does not depend
on an intron's length as long as no position lies beyond its middle, so positions up to KEPT bases from an exon hold.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache

from varmio.model import Assembly, KnownSequence, Transcript, Variant
from varmio.readers import reference

KEPT = 150  # intron bases kept beside each exon
FLANK = 300  # bases before and after a transcript
KINDS = ("snv", "del", "dup", "ins", "delins")
BESIDE = 30  # bases beside an exon in which variants are drawn


@dataclass(frozen=True)
class Contig:
    """One transcript on its own contig (named after its accession's digits), and the contig's bases."""

    transcript: Transcript
    bases: str

    @property
    def known(self) -> KnownSequence:
        return KnownSequence({self.transcript.contig: ((0, self.bases),)})


@lru_cache(maxsize=2)
def contigs(assembly: Assembly) -> tuple[Contig, ...]:
    shipped = reference.read(assembly, reference.resources.FOLDER)
    return tuple(_contig(t, shipped.sequence) for t in shipped.transcripts)


def _contig(t: Transcript, known: KnownSequence) -> Contig:
    rng = random.Random(t.accession)
    spans: list[tuple[int, int]] = [(t.start - FLANK, t.start)]
    for index, exon in enumerate(t.exons):
        spans.append(exon)
        if index + 1 < len(t.exons):
            after = t.exons[index + 1][0]
            middle = (exon[1] + after) // 2
            spans.append((exon[1], min(exon[1] + KEPT, middle)))
            spans.append((max(after - KEPT, middle), after))
    spans.append((t.end, t.end + FLANK))
    text, exons, at = [], [], 0
    donor, acceptor = ("GT", "AG") if t.strand == 1 else ("CT", "AC")
    for start, end in spans:
        bases = [known.bases(t.contig, p, p + 1) or rng.choice("ACGT") for p in range(start, end)]
        if (start, end) in t.exons:
            exons.append((at, at + end - start))
        elif any(start == e for _, e in t.exons[:-1]) and known.bases(t.contig, start, start + 2) is None:
            bases[:2] = donor
        elif any(end == s for s, _ in t.exons[1:]) and known.bases(t.contig, end - 2, end) is None:
            bases[-2:] = acceptor
        text.append("".join(bases))
        at += end - start
    shifts = {exon: new[0] - exon[0] for exon, new in zip(t.exons, exons, strict=True)}

    def moved(position: int) -> int:
        return next(position + shift for (s, e), shift in shifts.items() if s <= position < e)

    name = f"NC_{int(t.accession[3:].partition('.')[0]):09}.1"
    placed = replace(
        t,
        contig=name,
        refseq_contig=name,
        exons=tuple(exons),
        cds_start=moved(t.cds_start),
        cds_end=moved(t.cds_end - 1) + 1,
    )
    return Contig(placed, "".join(text))


def drawn(seed: int, number: int, assembly: Assembly) -> list[tuple[Contig, Variant]]:
    """Random variants over all transcripts in turn: exons, 30 bases beside them, edges, UTRs."""
    rng = random.Random(f"{seed} {assembly}")
    every = contigs(assembly)
    found: list[tuple[Contig, Variant]] = []
    while len(found) < number:
        contig = every[len(found) % len(every)]
        t = contig.transcript
        start, end = rng.choice(t.exons)
        codon = rng.choice((t.cds_start, t.cds_end - 3))
        at = rng.choice(
            (
                rng.randrange(start, end),
                rng.randrange(max(start - BESIDE, 1), end + BESIDE),
                rng.choice((start, end)) + rng.randrange(-4, 4),
                codon + rng.randrange(-3, 5),
            )
        )
        variant = _variant(rng, contig, at)
        if variant is not None:
            found.append((contig, variant))
    return found


def _variant(rng: random.Random, contig: Contig, at: int) -> Variant | None:
    length = rng.choice((1, 1, 2, 3, 3, 4, 5, 6, 9, 12, 21))
    here = contig.bases[at : at + length + 1]
    other = "".join(rng.choices("ACGT", k=rng.choice((1, 2, 3, 4, 6, 9))))
    ref, alt = {
        "snv": (here[0], other[0]),
        "del": (here, here[0]),
        "dup": (here[0], here),
        "ins": (here[0], here[0] + other),
        "delins": (here[1:], other),
    }[rng.choice(KINDS)]
    at += ref == here[1:]
    return Variant(contig.transcript.contig, at + 1, ref, alt) if ref and ref != alt else None
