"""Figures of the caller on the second simulation: python -m benchmarks.deletions.second_figures [--profiles 200]

found         a call in the planted gene over a planted exon, with the copies that are left; sure: without a doubt
other copies  such a call with another number of copies, and none with the right one
false         a call in another gene, or in the planted one beside the deletion

Without controls only the loss of both copies is looked for, and each call should be doubtful. Intervals: Wilson, 95%.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt

from benchmarks.deletions.second_simulation import MODELS, N_CONTROLS, Model, Profile, draw, regions
from varmio.interpret.copy_number import losses
from varmio.model import ExonDepth, ExonLoss, Sex

Caller = Callable[[Profile, bool], Sequence[ExonLoss]]
ROWS = (  # planted kinds, counted together
    ("homozygous, one exon or more", ("hom_one", "hom_some", "hom_gene")),
    ("  one exon", ("hom_one",)),
    ("  two to four", ("hom_some",)),
    ("  whole gene", ("hom_gene",)),
    ("heterozygous, three exons or more", ("het_some", "het_gene")),
    ("  whole gene", ("het_gene",)),
    ("heterozygous, one exon", ("het_one",)),
)
SEED_STEP = 1_000_000  # profiles of one seed never meet those of the next
Z = 1.96  # normal quantile of 95%


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", choices=("A", "B", "both"), default="both")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    for model in (m for name, models in MODELS.items() if asked.model in (name, "both") for m in models):
        for with_controls in (True, False):
            counts = _count(model, with_controls, asked.profiles, asked.seed, asked.workers)
            print(f"\n{model.name}, {N_CONTROLS if with_controls else 'no'} controls, {asked.profiles} profiles")
            print("\n".join(f"  {line}" for line in table(counts, with_controls)), flush=True)


def losses_of(drawn: Profile, with_controls: bool) -> Sequence[ExonLoss]:
    """varmio's caller on one profile."""
    exons = [ExonDepth(region, depth) for region, depth in zip(regions(), drawn.depths, strict=True)]
    return losses(exons, drawn.controls if with_controls else (), Sex.FEMALE)


def _count(model: Model, with_controls: bool, n: int, seed: int, workers: int) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        first = seed * SEED_STEP
        for one in pool.map(partial(score, model, with_controls), range(first, first + n), chunksize=10):
            counts.update(one)
    return counts


def score(model: Model, with_controls: bool, seed: int, caller: Caller = losses_of) -> Counter[tuple[str, str]]:
    """(planted kind, what was seen) -> times, of one profile."""
    drawn = draw(model, seed)
    return Counter((drawn.planted.kind, said) for said in judged(drawn, caller(drawn, with_controls)))


def judged(drawn: Profile, found: Sequence[ExonLoss]) -> Iterator[str]:
    """What the calls of one profile count as."""
    yield "profiles"
    if drawn.hidden:
        yield "hidden"
    there = [loss for loss in found if _overlaps(loss, drawn)]
    right = [loss for loss in there if loss.copies == drawn.planted.copies]
    beside = [loss for loss in found if loss not in there]
    if right:
        yield "found"
        if any(not loss.doubts for loss in right):
            yield "found, sure"
    elif there:
        yield "other copies"
    if beside:
        yield "with false"
        if any(not loss.doubts for loss in beside):
            yield "with false, sure"
    yield from ("false" for _ in beside)
    yield from ("false, sure" for loss in beside if not loss.doubts)
    yield from ("sure" for loss in found if not loss.doubts)


def _overlaps(loss: ExonLoss, drawn: Profile) -> bool:
    return loss.gene == drawn.planted.gene and any(
        gone and r.transcript == loss.transcript and r.number in loss.exons
        for r, gone in zip(regions(), drawn.missing, strict=True)
    )


def table(counts: Counter[tuple[str, str]], with_controls: bool) -> Iterator[str]:
    """The lines to print."""
    for name, kinds in ROWS:
        if not with_controls and "het" in kinds[0]:
            continue
        n, found, sure, other, hidden = (
            sum(counts[kind, said] for kind in kinds)
            for said in ("profiles", "found", "found, sure", "other copies", "hidden")
        )
        line = f"{name:36}{share(found, n)}  sure {share(sure, n)}  other copies {other}"
        yield line + (f"  ({hidden} of {n} only in dead exons)" if hidden else "")
    n, calls, sure, people, people_sure = (
        sum(times for (_, s), times in counts.items() if s == said)
        for said in ("profiles", "false", "false, sure", "with false", "with false, sure")
    )
    yield f"{'false calls':36}{calls}, sure {sure}"
    yield f"{'people with a false call':36}{share(people, n)}  sure {share(people_sure, n)}"
    if not with_controls:
        yield f"{'calls without a doubt (aim: 0)':36}{sum(t for (_, said), t in counts.items() if said == 'sure')}"


def share(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return f"{k}/{n} {k / n if n else 0:.3f} [{low:.3f}, {high:.3f}]"


def wilson(k: int, n: int) -> tuple[float, float]:
    """95% interval of a share, k of n; Wilson 1927, doi 10.1080/01621459.1927.10502953.

    >>> [round(x, 3) for x in wilson(10, 10)]
    [0.722, 1.0]
    """
    if not n:
        return 0.0, 1.0
    p = k / n
    middle, reach = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + Z * Z / n)), min(1.0, (middle + reach) / (1 + Z * Z / n))


if __name__ == "__main__":
    main()
