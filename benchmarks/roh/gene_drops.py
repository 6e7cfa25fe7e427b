"""Runs that kinship of the parents leaves in a child: python -m benchmarks.roh.gene_drops [--seed N]

Alleles of founders are dropped through pedigrees; a crossover falls with the rate profile of the caller (higher
towards chromosome ends), scaled so that the mean length of runs is that of the real map. Prints for each kind of
parents the number and total of runs of 1.5 Mb and more, then the number at a given total: the table that
varmio/interpret/roh_pattern.py holds. A village of 24, founded six generations ago by twelve, is printed beside it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.roh.bench import LENGTHS
from varmio.interpret.roh_model import END_RATE, END_REACH_BP, MIDDLE_RATE
from varmio.interpret.roh_runs import COUNTED_BP

SCALE = 1.35  # times the caller's rates; then first cousins' children have runs of 14.5 Mb, as with the real map
SHORT_ARM_BP = {"13": 19e6, "14": 19e6, "15": 20e6, "21": 14e6, "22": 16e6}  # no crossover is placed there
POINTS = 2000  # of a chromosome's map
TOTALS_MB = (1, 15, 40, 80, 140, 220, 320, 450, 650, 900)

Haplotype = list[tuple[float, float, int]]  # start, end, founder allele
Person = tuple[Haplotype, Haplotype]
Map = tuple[np.ndarray, np.ndarray]  # bp, Morgan


def genetic_map(contig: str) -> Map:
    length, arm = LENGTHS[contig], SHORT_ARM_BP.get(contig, 0)
    edges = np.linspace(0, length, POINTS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    to_end = np.minimum(length - middle, np.where(arm > 0, np.inf, middle))
    rate = SCALE * 1e-8 * (MIDDLE_RATE + END_RATE * np.exp(-to_end / END_REACH_BP)) * (middle >= arm)
    return edges, np.concatenate(([0], np.cumsum(rate * np.diff(edges))))


class Drop:
    """One chromosome of one pedigree."""

    def __init__(self, contig: str, draw: np.random.Generator) -> None:
        self.length, self.map, self.draw, self.alleles = LENGTHS[contig], genetic_map(contig), draw, 0

    def founder(self) -> Person:
        self.alleles += 2
        return [(0, self.length, self.alleles)], [(0, self.length, self.alleles + 1)]

    def child(self, one: Person, other: Person) -> Person:
        return self.gamete(one), self.gamete(other)

    def gamete(self, parent: Person) -> Haplotype:
        bp, morgan = self.map
        places = np.sort(self.draw.random(self.draw.poisson(morgan[-1])) * morgan[-1])
        cuts = [0.0, *np.interp(places, morgan, bp), float(self.length)]
        side = int(self.draw.random() < 0.5)
        out: Haplotype = []
        for number, (start, end) in enumerate(pairwise(cuts)):
            for first, last, allele in parent[(side + number) % 2]:
                if max(start, first) < min(end, last):
                    out.append((max(start, first), min(end, last), allele))
        return out

    def down(self, person: Person, generations: int) -> Person:
        for _ in range(generations):
            person = self.child(person, self.founder())
        return person

    def siblings(self) -> tuple[Person, Person]:
        father, mother = self.founder(), self.founder()
        return self.child(father, mother), self.child(father, mother)


def cousins(left: int, right: int) -> Callable[[Drop], Person]:
    """Parents that many generations below two siblings."""

    def made(drop: Drop) -> Person:
        one, other = drop.siblings()
        return drop.child(drop.down(one, left), drop.down(other, right))

    return made


def double_first_cousins(drop: Drop) -> Person:
    (a, b), (c, d) = drop.siblings(), drop.siblings()
    return drop.child(drop.child(a, c), drop.child(b, d))


def village(drop: Drop) -> Person:
    people = [drop.founder() for _ in range(12)]
    for _ in range(6):
        pairs = (drop.draw.choice(len(people), 2, replace=False) for _ in range(24))
        people = [drop.child(people[i], people[j]) for i, j in pairs]
    one, other = drop.child(people[0], people[1]), drop.child(people[0], people[1])
    return drop.child(drop.child(one, people[2]), drop.child(other, people[3]))


KINDS: dict[str, tuple[Callable[[Drop], Person], int]] = {
    "seventh degree": (cousins(3, 3), 150),
    "fifth degree": (cousins(2, 2), 200),
    "fourth degree": (cousins(1, 2), 150),
    "third degree": (cousins(1, 1), 250),
    "second degree, one line": (cousins(0, 1), 200),
    "second degree, two lines": (double_first_cousins, 150),
    "first degree": (cousins(0, 0), 200),
    "village": (village, 40),
}


def shared(child: Person) -> list[tuple[int, int]]:
    """Where both copies are one founder's allele."""
    found = sorted(
        (max(a, c), min(b, d))
        for a, b, one in child[0]
        for c, d, two in child[1]
        if one == two and max(a, c) < min(b, d)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], int(end)))
        else:
            merged.append((int(start), int(end)))
    return merged


def runs(child: Person) -> list[int]:
    return [end - start for start, end in shared(child)]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=2)
    draw = np.random.default_rng(parser.parse_args().seed)
    seen: dict[str, np.ndarray] = {}
    for kind, (made, times) in KINDS.items():
        rows = []
        for _ in range(times):
            lengths = [bp for contig in LENGTHS if contig.isdigit() for bp in runs(made(Drop(contig, draw)))]
            counted = [bp for bp in lengths if bp >= COUNTED_BP]
            rows.append((len(counted), sum(counted) / 1e6))
        seen[kind] = np.array(rows)
        n, total = seen[kind].T
        print(f"{kind:<26}{times:4} drops: {n.mean():5.1f} runs (sd {n.std():.1f}), {total.mean():6.1f} Mb, "
              f"mean length {total.sum() / n.sum():.1f} Mb")  # fmt: skip
    one = np.concatenate([rows for kind, rows in seen.items() if kind != "village"])
    for low, high in pairwise(TOTALS_MB):
        n, total = one[(one[:, 1] >= low) & (one[:, 1] < high)].T
        rest = n - np.polyval(np.polyfit(total, n, 1), total)
        spread = f"sd {rest.std():.1f}, 99% {np.quantile(rest, 0.99):+.1f}"
        print(f"{low:4}-{high:<4}Mb: {len(n):4} drops, mean {total.mean():6.1f} Mb, {n.mean():5.1f} runs, {spread}")


if __name__ == "__main__":
    main()
