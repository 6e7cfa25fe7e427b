"""A made-up cohort in one joint VCF: people who share sites as unrelated people do.

How many chromosomes carry a site is drawn as 1/count (Watterson 1975, a population of constant size),
so most sites are those of one or two people, and most genotypes are 0/0.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from varmio.model import Assembly, Sex
from varmio.synthetic import (
    AVOID,
    PAR1_X,
    Recipe,
    Site,
    header_lines,
    off_panel_sites,
    panel_sites,
    site_order,
)

NO_CALL_SHARE = 0.005  # of genotypes away from the panel; too few reads
DECK = 2000  # calls drawn per genotype, to be dealt again; drawing each of millions anew takes minutes
FORMAT = ("GT", "AD", "DP", "GQ")
NO_CALL = "./.:0,0:0:."

Key = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class _Deck:
    """Calls to deal: the columns of a sample by genotype."""

    calls: dict[str, list[str]]
    rng: random.Random

    def deal(self, gt: str) -> str:
        calls = self.calls[gt]
        return calls[int(self.rng.random() * len(calls))]


def joint_lines(recipes: Sequence[Recipe], seed: int, assembly: Assembly, prefix: str, avoid: AVOID) -> Iterator[str]:
    """Header and records of a joint VCF, sorted: one column for each recipe.

    Each person has about `sites` of the first recipe as records that are not reference; at panel genes, and in
    homozygous runs, what the recipe says. A site that nobody carries is not written.
    """
    yield from header_lines(recipes, assembly, prefix)
    rng = random.Random(f"joint {len(recipes)} {seed}")
    deck = _deck(seed, rng)
    called = _panel_calls(recipes, seed, assembly)
    weights = tuple(accumulate(1 / count for count in range(1, 2 * len(recipes) + 1)))
    pool = off_panel_sites(_pool(recipes), seed, avoid)
    for site in sorted((*pool, *(site for site, _ in called.values())), key=site_order):
        at_panel = called.get((site.contig, site.pos, site.ref, site.alt))
        if at_panel is not None:
            columns = [at_panel[1].get(number) or deck.deal("0/0") for number in range(len(recipes))]
        else:
            carried = _carried(rng, recipes, weights)
            columns = [_call(deck, site, recipe, *carried[n]) for n, recipe in enumerate(recipes)]
            if not any("1" in column[:3] for column in columns):
                continue
        fixed = (prefix + site.contig, str(site.pos), ".", site.ref, site.alt, str(site.qual))
        yield "\t".join((*fixed, site.filters, ".", ":".join(FORMAT), *columns))


def _pool(recipes: Sequence[Recipe]) -> Recipe:
    """A person-like recipe with as many sites as the cohort shows together."""
    chromosomes = 2 * len(recipes)
    shares = {count: 1 / count for count in range(1, chromosomes + 1)}
    seen = sum(share * (1 - (1 - count / chromosomes) ** 2) for count, share in shares.items())
    sites = round(recipes[0].sites * sum(shares.values()) / seen)
    return Recipe("joint", "", Sex.MALE, sites=sites)


def _deck(seed: int, rng: random.Random) -> _Deck:
    """Calls as the generator of one person draws them, and calls of the reference beside them."""
    calls: dict[str, list[str]] = {}
    for site in off_panel_sites(Recipe("deck", "", Sex.FEMALE, sites=4 * DECK), seed, {}):
        calls.setdefault(site.sample[0][1], []).append(":".join(value for _, value in site.sample))
    both = calls["1/1"]
    split = (text.split(":") for text in both)
    calls["0/0"] = [f"0/0:{dp},0:{dp}:{gq}" for _, _, dp, gq in split]
    calls |= {"1": [text[2:] for text in both], "0": [text[2:] for text in calls["0/0"]]}
    return _Deck(calls, rng)


def _panel_calls(recipes: Sequence[Recipe], seed: int, assembly: Assembly) -> dict[Key, tuple[Site, dict[int, str]]]:
    """The panel's sites, each with the columns of those who carry it, by number."""
    found: dict[Key, tuple[Site, dict[int, str]]] = {}
    for number, recipe in enumerate(recipes):
        for site in panel_sites(recipe, seed, assembly):
            key = (site.contig, site.pos, site.ref, site.alt)
            columns = found.setdefault(key, (site, {}))[1]
            columns[number] = ":".join(value for tag, value in site.sample if tag in FORMAT)
    return found


def _carried(rng: random.Random, recipes: Sequence[Recipe], weights: Sequence[float]) -> list[tuple[int, int]]:
    """Which of each person's two chromosomes carry a site."""
    total = 2 * len(recipes)
    (count,) = rng.choices(range(1, total + 1), cum_weights=weights)
    chromosomes = [0] * total
    for place in rng.sample(range(total), count):
        chromosomes[place] = 1
    return list(zip(chromosomes[::2], chromosomes[1::2], strict=True))


def _call(deck: _Deck, site: Site, recipe: Recipe, first: int, second: int) -> str:
    if (site.contig == "Y" and recipe.sex is Sex.FEMALE) or deck.rng.random() < NO_CALL_SHARE:
        return NO_CALL
    one_copy = site.contig == "Y" or (site.contig == "X" and not PAR1_X[0] <= site.pos <= PAR1_X[1])
    if one_copy and recipe.sex is Sex.MALE:
        return deck.deal(str(first) if recipe.haploid_x else f"{first}/{first}")
    if any(c == site.contig and start < site.pos <= end for c, start, end in recipe.runs):
        second = first
    return deck.deal("1/1" if first and second else "0/1" if first or second else "0/0")


def cohort(recipes: Sequence[Recipe], people: int) -> tuple[Recipe, ...]:
    """That many people with these recipes in turn: the first ones by their names, later ones numbered."""
    rounds = (divmod(number, len(recipes)) for number in range(people))
    return tuple(
        replace(recipes[place], name=f"{recipes[place].name}_{turn + 1}") if turn else recipes[place]
        for turn, place in rounds
    )
