"""Alleles drawn from the coding sequences by a road of the tests' own: base by base, no naming engine."""

from __future__ import annotations

import random
from dataclasses import dataclass

from varmio.model import Assembly, Transcript, Variant
from varmio.readers import evidence, reference

BASES = "TCAG"
AMINO = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODE = {a + b + c: AMINO[16 * i + 4 * j + k] for i, a in enumerate(BASES) for j, b in enumerate(BASES)
        for k, c in enumerate(BASES)}  # fmt: skip
PAIR = str.maketrans("ACGT", "TGCA")


@dataclass(frozen=True)
class Drawn:
    """One drawn allele on both assemblies. `loses`: the transcript is expected to be lost (NMD)."""

    gene: str
    kind: str
    variants: dict[Assembly, Variant]
    loses: bool


def transcript(gene: str, assembly: Assembly) -> Transcript:
    return next(t for t in reference.load(assembly).transcripts if t.gene == gene)


def coding_positions(t: Transcript) -> list[int]:
    """0-based genomic position of each coding base, 5' to 3'."""
    places = [p for start, end in t.coding for p in range(start, end)]
    return places if t.strand == 1 else places[::-1]


def junctions(t: Transcript) -> list[int]:
    """Index in the coding sequence of the first base after each intron inside it."""
    places = coding_positions(t)
    return [i for i in range(1, len(places)) if abs(places[i] - places[i - 1]) != 1]


def escapes_nmd(t: Transcript, index: int) -> bool:
    """The last exon, or the last 50 bases of the one before (only introns inside the CDS are seen)."""
    edges = junctions(t)
    return not edges or index >= edges[-1] - 50


def draw(gene: str, kind: str, rng: random.Random) -> Drawn:
    """An allele of the kind that no shipped evidence names: null, frameshift, splice, missense, inframe."""
    for _ in range(5000):
        found = {"null": _null, "frameshift": _frameshift, "splice": _splice, "missense": _missense,
                 "inframe": _inframe}[kind](transcript(gene, Assembly.GRCH38), rng)  # fmt: skip
        if found is None:
            continue
        index, offset, ref, alt = found
        variants = {a: _place(transcript(gene, a), index, offset, ref, alt) for a in Assembly}
        if not any(_known(a, v) for a, v in variants.items()):
            loses = kind in ("null", "frameshift") or kind == "splice"
            return Drawn(gene, kind, variants, loses)
    raise AssertionError(f"no {kind} allele of {gene} can be drawn")


def _known(assembly: Assembly, variant: Variant) -> bool:
    held = evidence.load(assembly)
    return held.clinvar(variant) is not None or held.frequency(variant, 0).max_af is not None


def _null(t: Transcript, rng: random.Random) -> tuple[int, int, str, str] | None:
    codon = rng.randrange(2, len(t.cds) // 3 - 1)
    index = 3 * codon + rng.randrange(3)
    alt = rng.choice("ACGT")
    new = t.cds[:index] + alt + t.cds[index + 1 :]
    stop = CODE[new[3 * codon : 3 * codon + 3]] == "*" and CODE[t.cds[3 * codon : 3 * codon + 3]] != "*"
    return (index, 0, t.cds[index], alt) if stop and not escapes_nmd(t, 3 * codon) and _inner(t, index) else None


def _missense(t: Transcript, rng: random.Random) -> tuple[int, int, str, str] | None:
    codon = rng.randrange(2, len(t.cds) // 3 - 1)
    index = 3 * codon + rng.randrange(3)
    alt = rng.choice("ACGT")
    new = CODE[(t.cds[:index] + alt + t.cds[index + 1 :])[3 * codon : 3 * codon + 3]]
    old = CODE[t.cds[3 * codon : 3 * codon + 3]]
    return (index, 0, t.cds[index], alt) if new not in (old, "*") and _inner(t, index) else None


def _frameshift(t: Transcript, rng: random.Random) -> tuple[int, int, str, str] | None:
    index = rng.randrange(10, len(t.cds) - 10)
    kept = t.cds[:index] + t.cds[index + 1 :]
    stop = next((i for i in range(0, len(kept) - 2, 3) if CODE[kept[i : i + 3]] == "*"), None)
    lost = stop is not None and stop > index and not escapes_nmd(t, stop)
    return (index - 1, 0, t.cds[index - 1 : index + 1], t.cds[index - 1]) if lost and _inner(t, index, 4) else None


def _inframe(t: Transcript, rng: random.Random) -> tuple[int, int, str, str] | None:
    index = 3 * rng.randrange(10, len(t.cds) // 3 - 10)
    kept = t.cds[:index] + t.cds[index + 3 :]
    if not _inner(t, index, 8) or "*" in "".join(CODE[kept[i : i + 3]] for i in range(0, len(kept) - 3, 3)):
        return None
    return index - 1, 0, t.cds[index - 1 : index + 3], t.cds[index - 1]


def _splice(t: Transcript, rng: random.Random) -> tuple[int, int, str, str] | None:
    edge = rng.choice(junctions(t)[:-1] or junctions(t))
    if rng.random() < 0.5:
        return edge - 1, 1, "G", rng.choice("CT")  # donor +1, G in every intron but U12 ones
    return edge, -1, "G", rng.choice("CT")  # acceptor -1


def _inner(t: Transcript, index: int, margin: int = 3) -> bool:
    return all(abs(index - edge) > margin for edge in junctions(t))


def _place(t: Transcript, index: int, offset: int, ref: str, alt: str) -> Variant:
    """The allele, given in the transcript's direction at a coding index, on the plus strand."""
    first = coding_positions(t)[index] + offset * t.strand
    if t.strand == 1:
        return Variant(t.contig, first + 1, ref, alt)
    if len(ref) == 1:
        return Variant(t.contig, first + 1, ref.translate(PAIR), alt.translate(PAIR))
    lowest = first - len(ref) + 1  # ref[0] is the anchor in the transcript's direction: re-anchor below it
    below = reference.load(t.assembly).sequence.bases(t.contig, lowest - 1, lowest)
    removed = ref[1:].translate(PAIR)[::-1]
    assert below is not None
    return Variant(t.contig, lowest, below + removed, below)
