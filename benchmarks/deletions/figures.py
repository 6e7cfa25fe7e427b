"""Figures of the caller of missing exons: python -m benchmarks.deletions.figures [--profiles 200] [--seed 1]

A call is right where it overlaps the planted exons with the copies that are left; a call of the other number of
copies there is counted apart; any other call is false. Intervals are Wilson's, 95%.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt

from benchmarks.deletions.simulate import MODELS, Model, Planted, Profile, profile, regions
from varmio.interpret.copy_number import losses
from varmio.model import ExonDepth, ExonLoss

ROWS = (  # what is counted: planted kinds
    ("homozygous, one exon or more", ("hom_one", "hom_some", "hom_gene")),
    ("homozygous, one exon", ("hom_one",)),
    ("heterozygous, three exons or more", ("het_some", "het_gene")),
    ("heterozygous, one exon", ("het_one",)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for model in MODELS:
        for n_controls in (30, 0):
            print(f"\n{model.name}, {n_controls} controls, {asked.profiles} profiles")
            for line in _table(_scored(model, asked.profiles, asked.seed, n_controls)):
                print(f"  {line}")


def _scored(model: Model, n: int, seed: int, n_controls: int) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor() as pool:
        work = partial(scored, model, n_controls)
        for one in pool.map(work, range(seed * 1_000_000, seed * 1_000_000 + n), chunksize=10):
            counts.update(one)
    return counts


def scored(model: Model, n_controls: int, seed: int) -> Counter[tuple[str, str]]:
    """(planted kind, outcome) -> times, of one profile."""
    drawn = profile(model, seed, max(n_controls, 1))
    found = called(drawn, n_controls > 0)
    return Counter((drawn.planted.kind, outcome) for outcome in _outcomes(drawn.planted, found))


def called(drawn: Profile, with_controls: bool = True) -> tuple[ExonLoss, ...]:
    exons = [ExonDepth(region, depth) for region, depth in zip(regions(), drawn.depths, strict=True)]
    return losses(exons, drawn.controls if with_controls else (), None)


def _outcomes(planted: Planted, found: Iterable[ExonLoss]) -> Iterator[str]:
    yield "profiles"
    hit = set()
    for loss in found:
        there = loss.gene == planted.gene and any(planted.first <= n <= planted.last for n in loss.exons)
        if there and loss.copies == planted.copies:
            hit.add("found" if loss.doubts else "found, sure")
        elif there:
            hit.add("other copies")
        else:
            yield "false" if loss.doubts else "false, sure"
    if "found, sure" in hit:
        hit.add("found")
    yield from sorted(hit)


def _table(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    for name, kinds in ROWS:
        n = sum(counts[kind, "profiles"] for kind in kinds)
        found, sure, other = (sum(counts[k, o] for k in kinds) for o in ("found", "found, sure", "other copies"))
        yield f"{name:36}{_share(found, n)}  sure {_share(sure, n)}  other copies {other}"
    n = sum(v for (_, outcome), v in counts.items() if outcome == "profiles")
    doubtful, sure = (sum(v for (_, o), v in counts.items() if o == outcome) for outcome in ("false", "false, sure"))
    yield f"{'false calls, a profile':36}{_share(doubtful + sure, n)}  sure {_share(sure, n)}"


def _share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return f"{k}/{n} {k / n if n else 0:.3f} [{low:.3f}, {high:.3f}]"


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of k of n; Wilson 1927, doi 10.1080/01621459.1927.10502953."""
    if not n:
        return 0.0, 1.0
    p, root = k / n, sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n))
    middle = p + z * z / (2 * n)
    return max(0.0, (middle - z * root) / (1 + z * z / n)), min(1.0, (middle + z * root) / (1 + z * z / n))


if __name__ == "__main__":
    main()
