"""Depth profiles of made-up people with exons missing in known places. It knows nothing of the caller.

What is drawn (README.md has the reasons): an exon's efficiency in its kit, a person's depth, noise of an exon in a
person, and the reads counted. Model `even` stops there; `hostile` adds what real kits do to callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from varmio.model import Assembly, ExonRegion
from varmio.readers import coverage, reference

READ_BP = 100  # bp of a read
EFFICIENCY_SD = 0.45  # of ln depth between the exons of a kit; own choice, published kits show 0.3 to 0.6
KIT_GC = (0.45, 14.0)  # best GC content, and fall of ln efficiency with its squared distance; own choice
GENES = ("TCIRG1", "CLCN7", "OSTM1", "SNX10", "TNFSF11", "TNFRSF11A", "CA2", "FERMT3", "PLEKHM1")
NAMED = (  # gene, first and last exon, copies: drawn among the others
    ("OSTM1", 5, 5, 0),
    ("OSTM1", 1, 6, 0),
    ("CLCN7", 7, 25, 1),
)
KINDS = ("none", "hom_one", "hom_some", "hom_gene", "het_one", "het_some", "het_gene")


@dataclass(frozen=True, slots=True)
class Model:
    """How a kit and its samples differ from what is expected of them; sd are of ln depth."""

    name: str
    depth: tuple[float, float]  # reads a base of a person, drawn between
    noise: tuple[float, float] = (0.06, 0.10)  # of an exon in a person; sd of the person, drawn between
    overdispersed: float = 0.0  # variance of the counts beyond Poisson, share of the mean squared
    dead: float = 0.0  # share of exons that the kit never catches
    flicker: float = 0.0  # share of exons that fail now and then
    flicker_p: float = 0.3  # how often one does
    gc_slope: float = 0.0  # sd of a person's own change of ln depth over the GC content (0.3 to 0.7 is 1)
    batches: float = 0.0  # sd of an exon between the two batches of the kit
    wild: float = 0.0  # share of exons with five times the noise
    carriers: float = 0.0  # share of controls that carry the planted deletion too, on one copy


EVEN_80 = Model("even, 80x", (75, 85))
EVEN_40 = Model("even, 40x", (37, 43))
EVEN = Model("even, 30-100x", (30, 100))
UNEVEN = Model("uneven capture, 40-80x", (40, 80), noise=(0.12, 0.18))
HOSTILE = Model(
    "hostile, 40-100x", (40, 100), (0.08, 0.16), 0.004, 0.03, 0.03, 0.3, 0.15, 0.12, 0.03, 1 / 30
)  # fmt: skip
MODELS = (EVEN_80, EVEN_40, EVEN, UNEVEN, HOSTILE)


@dataclass(frozen=True, slots=True)
class Planted:
    """What is missing in the person: exon numbers first to last of a gene, and the copies left of two."""

    kind: str
    gene: str = ""
    first: int = 0
    last: int = 0
    copies: int = 2

    def covers(self, region: ExonRegion) -> bool:
        return region.gene == self.gene and self.first <= region.number <= self.last


@dataclass(frozen=True, slots=True)
class Profile:
    """One person and the controls: mean depth of each region (reads a base)."""

    planted: Planted
    depths: tuple[float, ...]
    controls: tuple[tuple[float, ...], ...] = field(repr=False)


@cache
def regions(assembly: Assembly = Assembly.GRCH38) -> tuple[ExonRegion, ...]:
    """The coding exons of every panel transcript."""
    return coverage.regions_of(reference.load(assembly).transcripts)


def profile(model: Model, seed: int, n_controls: int = 30, planted: Planted | None = None) -> Profile:
    """A person drawn from the seed, with controls of the same kit; `planted`: what is missing, else drawn."""
    rng = np.random.default_rng([seed, 1877])
    exons = regions()
    planted = planted or _drawn(rng, exons)
    kit = _Kit.drawn(model, rng, exons)
    mine = kit.person(rng, _copies(exons, planted, planted.copies))
    rows = []
    for _ in range(n_controls):
        carrier = planted.copies < 2 and rng.random() < model.carriers
        rows.append(kit.person(rng, _copies(exons, planted, 1 if carrier else 2)))
    return Profile(planted, tuple(mine), tuple(tuple(row) for row in rows))


def _drawn(rng: np.random.Generator, exons: Sequence[ExonRegion]) -> Planted:
    kind = str(rng.choice(KINDS))
    if kind == "none":
        return Planted(kind)
    if rng.random() < 0.15:
        gene, first, last, copies = NAMED[rng.integers(len(NAMED))]
        return Planted(_kind(gene, first, last, copies, exons), gene, first, last, copies)
    gene = str(rng.choice(GENES))
    numbers = [e.number for e in exons if e.gene == gene]
    copies = 0 if kind.startswith("hom") else 1
    size = {"one": 1, "gene": len(numbers)}.get(kind[4:]) or int(rng.integers(2 + (copies == 1), 6))
    at = int(rng.integers(0, max(len(numbers) - size, 0) + 1))
    return Planted(kind, gene, numbers[at], numbers[min(at + size, len(numbers)) - 1], copies)


def _kind(gene: str, first: int, last: int, copies: int, exons: Sequence[ExonRegion]) -> str:
    of_gene = [e.number for e in exons if e.gene == gene]
    size = "one" if first == last else "gene" if (first, last) == (of_gene[0], of_gene[-1]) else "some"
    return f"{'hom' if copies == 0 else 'het'}_{size}"


def _copies(exons: Sequence[ExonRegion], planted: Planted, copies: int) -> np.ndarray:
    return np.array([copies if planted.covers(e) else 2 for e in exons])


@dataclass(frozen=True, slots=True)
class _Kit:
    model: Model
    exons: tuple[ExonRegion, ...]
    efficiency: np.ndarray  # relative depth
    batch: np.ndarray  # ln change of the second batch
    flicker: np.ndarray
    wild: np.ndarray
    same: np.ndarray  # index of the first region with the same bases: one exon has one depth

    @classmethod
    def drawn(cls, model: Model, rng: np.random.Generator, exons: tuple[ExonRegion, ...]) -> _Kit:
        n = len(exons)
        gc = np.array([e.gc if e.gc is not None else 0.5 for e in exons])
        ln = rng.normal(0, EFFICIENCY_SD, n) - KIT_GC[1] * (gc - KIT_GC[0]) ** 2
        efficiency = np.exp(ln - np.median(ln))
        efficiency[rng.random(n) < model.dead] = 0.0
        places = [(e.contig, e.start, e.end) for e in exons]
        first = {place: i for i, place in reversed(list(enumerate(places)))}
        same = np.array([first[place] for place in places])
        return cls(
            model, exons, efficiency, rng.normal(0, model.batches, n), rng.random(n) < model.flicker,
            rng.random(n) < model.wild, same,
        )  # fmt: skip

    def person(self, rng: np.random.Generator, copies: np.ndarray) -> np.ndarray:
        m, n = self.model, len(self.exons)
        gc = np.array([e.gc if e.gc is not None else 0.5 for e in self.exons])
        ln = rng.normal(0, rng.uniform(*m.noise), n) * np.where(self.wild, 5.0, 1.0)
        ln += rng.normal(0, m.gc_slope) * (gc - 0.5) / 0.4 + rng.normal(0, m.gc_slope) * ((gc - 0.5) / 0.4) ** 2
        ln += self.batch * rng.integers(2)
        expected = rng.uniform(*m.depth) * self.efficiency * np.exp(ln) * copies / 2
        expected[self.flicker & (rng.random(n) < m.flicker_p)] = 0.0
        length = np.array([e.length for e in self.exons])
        reads = expected * length / READ_BP
        if m.overdispersed:
            reads = rng.gamma(1 / m.overdispersed, reads * m.overdispersed)
        counted = rng.poisson(reads) + rng.binomial(2, 0.1, n) * (copies == 0)  # misplaced reads over what is gone
        return np.round(counted * READ_BP / length, 2)[self.same]
