"""A second set of made-up people with exons missing, drawn otherwise than simulate.py: nothing was fitted on it.

Of varmio it uses only the transcripts, and makes its own regions from them. Two models: `even` (A) has what every kit
has, `hostile` (B) adds what leads callers astray. second.md lists each term.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from varmio.model import Assembly, ExonRegion, Transcript
from varmio.readers import reference

# Values are own choice where no source is named; published kits lie around them.
READ_BP = 100  # bp of a read
BESIDE = 2  # bp beside the coding part of an exon: GT..AG
EFFICIENCY_SD = 0.45  # sd of ln depth between the exons of a kit
NOISE = 0.08  # sd of ln depth of an exon in a person
UNEVEN_NOISE = 0.2  # sd of ln depth of an exon in a person whose capture is uneven
STRAYS = 0.5  # share of people in whom misplaced reads lie over what is gone
MOST_STRAYS = 2  # reads an exon, 0 to this many
N_CONTROLS = 30  # people of the same kit
NAMED_SHARE = 0.15  # share of deletions that are one of NAMED
GENES = ("TCIRG1", "CLCN7", "OSTM1", "SNX10", "TNFSF11", "TNFRSF11A", "CA2", "FERMT3", "PLEKHM1")
NAMED = (  # gene, first and last exon, copies left
    ("OSTM1", 5, 5, 0),
    ("OSTM1", 1, 6, 0),
    ("CLCN7", 7, 25, 1),
)
KINDS = ("none", "hom_one", "hom_some", "hom_gene", "het_one", "het_some", "het_gene")
SOME = {"hom_some": (2, 4), "het_some": (3, 6)}  # exons


@dataclass(frozen=True, slots=True)
class Model:
    """What a kit and its people are drawn from; sd are of ln depth."""

    name: str
    depth: tuple[float, float]  # reads a base, mean over the exons that are caught; of a person, drawn between
    uneven: float = 0.0  # share of people with UNEVEN_NOISE
    dead: float = 0.0  # share of exons without reads in anybody
    flicker: float = 0.0  # share of exons that a person lacks with probability flicker_p, each for itself
    flicker_p: float = 0.3
    gc_linear: float = 0.0  # sd of a person's slope of ln depth, at a GC content 0.2 from 0.5
    gc_square: float = 0.0  # sd of a person's bend of ln depth, there
    batch: float = 0.0  # sd between the two batches, of an exon
    wild: float = 0.0  # share of exons with sd `wild_noise` in a person
    wild_noise: float = 0.6
    beyond_poisson: float = 0.0  # variance of counts beyond Poisson, share of the mean squared
    carriers: float = 0.0  # share of controls that lack one copy of what the person lacks, as a parent would
    affected: float = 0.0  # share of controls that lack as many copies as the person, as an ill sibling would


EVEN_80 = Model("A even, 80x", (72, 88))
EVEN_40 = Model("A even, 40x", (36, 44))
UNEVEN = Model("A uneven capture, 30-100x", (30, 100), uneven=1.0)
HOSTILE = Model(
    "B hostile, 40-100x", (40, 100), uneven=0.25, dead=0.03, flicker=0.03, gc_linear=0.15, gc_square=0.15, batch=0.15,
    wild=0.02, beyond_poisson=0.005, carriers=1 / 30,
)  # fmt: skip
AFFECTED = replace(HOSTILE, name="B hostile, ill people among the controls", carriers=0.0, affected=1 / 30)
MODELS = {"A": (EVEN_80, EVEN_40, UNEVEN), "B": (HOSTILE, AFFECTED)}


@dataclass(frozen=True, slots=True)
class Planted:
    """What a person lacks: exons first to last of a gene's transcript, and the copies left of two."""

    kind: str
    gene: str = ""
    transcript: str = ""
    first: int = 0
    last: int = 0
    copies: int = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """A person and the controls, mean depth of each region (reads a base), in the order of `regions`."""

    planted: Planted
    missing: tuple[bool, ...]  # regions that lie in the deletion, of every transcript of the gene
    hidden: bool  # all of them are dead in the kit: nobody can see it
    depths: tuple[float, ...]
    controls: tuple[tuple[float, ...], ...]


@cache
def regions(assembly: Assembly = Assembly.GRCH38) -> tuple[ExonRegion, ...]:
    """One region for each coding exon of each transcript, 5' to 3', numbered over all its exons."""
    return tuple(region for t in reference.load(assembly).transcripts for region in _of_transcript(t))


def _of_transcript(t: Transcript) -> list[ExonRegion]:
    found, used = [], 0
    for number, (start, end) in enumerate(t.exons if t.strand == 1 else t.exons[::-1], 1):
        first, last = max(start, t.cds_start), min(end, t.cds_end)
        if first < last:
            bases = t.cds[used : used + last - first]
            used += last - first
            gc = sum(base in "GC" for base in bases) / len(bases)
            found.append(ExonRegion(t.gene, t.accession, number, t.contig, first - BESIDE, last + BESIDE, gc))
    return found


def draw(model: Model, seed: int, n_controls: int = N_CONTROLS, planted: Planted | None = None) -> Profile:
    """The person of a seed, with what is planted (None: drawn), and controls of the same kit."""
    rng = np.random.default_rng([seed, 71])
    planted = planted or _draw_planted(rng)
    missing = _missing(planted)
    kit = _Kit(model, rng)
    depths = kit.person(rng, np.where(missing, planted.copies, 2), int(rng.integers(2)))
    controls = []
    for i in range(n_controls):
        chance = rng.random()
        copies = planted.copies if chance < model.affected else 1 if chance < model.affected + model.carriers else 2
        controls.append(kit.person(rng, np.where(missing, copies, 2), i % 2))
    hidden = bool(missing.any() and not kit.efficiency[missing].any())
    return Profile(planted, tuple(map(bool, missing)), hidden, depths, tuple(controls))


def plant(gene: str, first: int, last: int, copies: int) -> Planted:
    """A deletion of exons first to last, with its kind named."""
    exons = _exons(gene)
    numbers = [e.number for e in exons]
    inside = sum(first <= n <= last for n in numbers)
    size = "gene" if inside == len(numbers) else "one" if inside == 1 else "some"
    return Planted(f"{'het' if copies else 'hom'}_{size}", gene, exons[0].transcript, first, last, copies)


def _draw_planted(rng: np.random.Generator) -> Planted:
    kind = KINDS[rng.integers(len(KINDS))]
    if kind == "none":
        return Planted(kind)
    if rng.random() < NAMED_SHARE:
        return plant(*NAMED[rng.integers(len(NAMED))])
    gene = GENES[rng.integers(len(GENES))]
    numbers = [e.number for e in _exons(gene)]
    if kind in SOME:
        least, most = SOME[kind]
        size = int(rng.integers(least, min(most, len(numbers) - 1) + 1))
    else:
        size = 1 if kind.endswith("one") else len(numbers)
    at = int(rng.integers(len(numbers) - size + 1))
    return plant(gene, numbers[at], numbers[at + size - 1], 1 if kind.startswith("het") else 0)


@cache
def _exons(gene: str) -> tuple[ExonRegion, ...]:
    """The gene's longest transcript."""
    of_gene = [r for r in regions() if r.gene == gene]
    names = list(dict.fromkeys(r.transcript for r in of_gene))
    longest = max(names, key=lambda name: sum(r.transcript == name for r in of_gene))
    return tuple(r for r in of_gene if r.transcript == longest)


def _missing(planted: Planted) -> np.ndarray:
    if planted.copies == 2:
        return np.zeros(len(regions()), bool)
    gone = [e for e in _exons(planted.gene) if planted.first <= e.number <= planted.last]
    start, end = min(e.start for e in gone), max(e.end for e in gone)
    return np.array([r.contig == gone[0].contig and r.start < end and start < r.end for r in regions()])


class _Kit:
    """One capture kit. Exons with the same bases in two transcripts are one exon."""

    def __init__(self, model: Model, rng: np.random.Generator) -> None:
        self.model = model
        places = [(r.contig, r.start, r.end) for r in regions()]
        self.distinct = {place: i for i, place in enumerate(dict.fromkeys(places))}
        self.of = np.array([self.distinct[place] for place in places])
        n = len(self.distinct)
        self.bp = np.array([end - start for _, start, end in self.distinct])
        by_place = {(r.contig, r.start, r.end): r.gc for r in regions()}
        self.gc = (np.array([by_place[place] or 0.5 for place in self.distinct]) - 0.5) / 0.2
        efficiency = rng.lognormal(0, EFFICIENCY_SD, n)
        self.live = np.where(rng.random(n) < model.dead, 0.0, efficiency / efficiency.mean())
        self.flicker = rng.random(n) < model.flicker
        self.wild = rng.random(n) < model.wild
        self.batches = np.stack([np.zeros(n), rng.normal(0, model.batch, n)])

    @property
    def efficiency(self) -> np.ndarray:
        """Of each region, in their order."""
        found: np.ndarray = self.live[self.of]
        return found

    def person(self, rng: np.random.Generator, copies: np.ndarray, batch: int) -> tuple[float, ...]:
        """Mean depth of each region in one person with that many copies of each."""
        m, n = self.model, len(self.bp)
        mine = np.full(n, 2)
        mine[self.of] = copies
        noise = UNEVEN_NOISE if rng.random() < m.uneven else NOISE
        ln = rng.normal(0, 1, n) * np.where(self.wild, m.wild_noise, noise) + self.batches[batch]
        ln += rng.normal(0, m.gc_linear) * self.gc + rng.normal(0, m.gc_square) * self.gc**2
        there = ~(self.flicker & (rng.random(n) < m.flicker_p))
        reads = rng.uniform(*m.depth) * self.live * np.exp(ln) * there * mine / 2 * self.bp / READ_BP
        if m.beyond_poisson:
            reads = rng.gamma(1 / m.beyond_poisson, reads * m.beyond_poisson)
        depth = rng.poisson(reads) * READ_BP / self.bp
        if rng.random() < STRAYS:  # a read adds at most one to the mean depth
            depth += np.where(mine == 0, rng.integers(0, MOST_STRAYS + 1, n) * np.minimum(1, READ_BP / self.bp), 0)
        return tuple(float(d) for d in np.round(depth, 2)[self.of])
