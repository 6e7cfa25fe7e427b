"""What the runs of one person add up to: a pattern and its reasons, a range of relatedness and never a relation.

Truth table, the first line that holds decides; runs of at least 1.5 Mb count, without an unassembled short arm:

| what is seen                                                 | pattern                              |
|--------------------------------------------------------------|--------------------------------------|
| no run                                                       | none                                 |
| >= 10 Mb on one chromosome, all others <= 10 Mb or 15% of it | single_chromosome                    |
| >= 5 runs, and many more than gene drops have at that total  | background_relatedness_possible      |
| F_ROH >= 0.18                                                | close_relatedness                    |
| runs of >= 5 Mb on two chromosomes, >= 20 Mb in all          | consistent_with_parental_relatedness |
| anything else                                                | isolated                             |

Many runs for their total are short ones: ancestors shared long ago, many times over, as in a small community.
That imitates close kinship, so no range is given then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from varmio.interpret.roh_runs import counts, seen_bp
from varmio.model import OneChromosome, RohPattern, Run
from varmio.phrases import megabases

LONG_BP = 5_000_000  # bp; 400 gene drops: 2 of second cousins' 4 runs, and a third of those without kinship, reach it
RELATED_BP = 20_000_000  # bp; about half the mean of second cousins' children (43 Mb)
RELATED_CHROMOSOMES = 2  # with a long run; second cousins' children have 2 on average
SINGLE_BP = 10_000_000  # bp of runs on one chromosome
SINGLE_OTHERS_BP = 10_000_000  # bp on all others together
SINGLE_OTHERS_SHARE = 0.15  # of the one chromosome's
CLOSE_F = 0.18  # where the 95% point of second-degree parents meets the 5% point of nearer ones, in gene drops
MANY_RUNS = 5  # fewer are no pattern
MANY_SD = 2.5  # standard deviations above the mean of gene drops; 1 in 100 is above
ISODISOMY_HOM_SHARE = 0.85  # of a chromosome's calls; Uniparental isodisomy in singleton data, see docs
ISODISOMY_MIN_SITES = 30  # spaced calls; the same

MANY_SLACK = 1.0  # runs; the caller's false ones, about one a person

# total Mb of runs, their mean number and its standard deviation at that total; benchmarks/roh/gene_drops.py
RUNS_AT_TOTAL = (
    (0.0, 0.0, 0.5), (7.0, 1.4, 0.5), (28.0, 3.0, 1.0), (58.0, 5.3, 1.6), (106.0, 8.5, 2.1), (179.0, 12.9, 3.4),
    (273.0, 18.4, 3.7), (379.0, 23.3, 4.2), (538.0, 30.0, 4.1), (758.0, 36.3, 4.0),
)  # fmt: skip


class _Degree(NamedTuple):
    """Degree of the parents' relatedness, and F of 90 in 100 of their children in gene drops."""

    name: str
    low: float
    high: float


DEGREES = (
    _Degree("seventh", 0.0000, 0.0155),
    _Degree("sixth", 0.0000, 0.0233),
    _Degree("fifth", 0.0005, 0.0397),
    _Degree("fourth", 0.0050, 0.0666),
    _Degree("third", 0.0248, 0.1043),
    _Degree("second", 0.0632, 0.1976),
)


def pattern_of(
    runs: Sequence[Run], f_roh: float, interval: tuple[float, float], homozygosity: dict[str, tuple[float, int]]
) -> tuple[RohPattern, tuple[str, ...], tuple[OneChromosome, ...]]:
    """The pattern, its reasons as sentences, and the chromosome that stands alone where one does.

    homozygosity: for each contig the share of its usable sites that are homozygous, and its groups of sites.
    """
    counted = [run for run in runs if counts(run)]
    if not counted:
        return RohPattern.NONE, (), ()
    total = sum(map(seen_bp, counted))
    if alone := _alone(counted, homozygosity):
        return RohPattern.SINGLE_CHROMOSOME, alone.reasons, (alone,)
    expected, sd = expected_runs(total)
    if len(counted) >= MANY_RUNS and len(counted) > expected + MANY_SD * sd + MANY_SLACK:
        return RohPattern.BACKGROUND_RELATEDNESS_POSSIBLE, (_background(len(counted), expected),), ()
    if f_roh >= CLOSE_F:
        return RohPattern.CLOSE_RELATEDNESS, (_close(interval),), ()
    long = [run for run in counted if seen_bp(run) >= LONG_BP]
    chromosomes = len({run.contig for run in long})
    if chromosomes >= RELATED_CHROMOSOMES and total >= RELATED_BP:
        where = f"Runs of 5 Mb or more lie on {chromosomes} chromosomes, as where the parents share an ancestor."
        return RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS, (where, relatedness_range(interval)), ()
    return RohPattern.ISOLATED, (_isolated(counted),), ()


def expected_runs(total_bp: int) -> tuple[float, float]:
    """Mean number of runs, and its standard deviation, where runs add up to total_bp after recent kinship.

    >>> expected_runs(179_000_000)
    (12.9, 3.4)
    """
    total = min(total_bp / 1e6, RUNS_AT_TOTAL[-1][0])
    for (left, n0, sd0), (right, n1, sd1) in pairwise(RUNS_AT_TOTAL):
        if total <= right:
            part = (total - left) / (right - left)
            return n0 + part * (n1 - n0), sd0 + part * (sd1 - sd0)
    raise AssertionError("the last row bounds the total")


def relatedness_range(interval: tuple[float, float]) -> str:
    """Which degrees of relatedness of the parents have such an F in 90 of 100 gene drops: a range, no relation.

    >>> relatedness_range((0.07, 0.08))
    'Parents related in the second to third degree have children with such values; it is a range, not a finding.'
    """
    low, high = interval
    fits = [d.name for d in DEGREES if d.low <= high and low <= d.high]
    if not fits:
        return "No range of relatedness is given for such a value."
    near, far = fits[-1], fits[0]
    degrees = f"the {near} degree" if near == far else f"the {near} to {far} degree"
    also = " or further" if far == DEGREES[0].name else ""
    return f"Parents related in {degrees}{also} have children with such values; it is a range, not a finding."


def outside(runs: Sequence[Run], genes: Sequence[tuple[str, int, int]]) -> float | None:
    """Share of the runs that lies outside the genes (contig, start, end); None without a run."""
    total = sum(run.length_bp for run in runs)
    if not total:
        return None
    inside = sum(_covered(run, [g for g in genes if g[0] == run.contig]) for run in runs)
    return round(1 - inside / total, 4)


def _covered(run: Run, genes: Sequence[tuple[str, int, int]]) -> int:
    covered, reached = 0, run.start
    for _, start, end in sorted(genes):
        start, end = max(start, reached), min(end, run.end)
        covered += max(end - start, 0)
        reached = max(reached, end)
    return covered


def _alone(counted: Sequence[Run], homozygosity: dict[str, tuple[float, int]]) -> OneChromosome | None:
    by_contig: Counter[str] = Counter()
    for run in counted:
        by_contig[run.contig] += seen_bp(run)
    contig, bp = by_contig.most_common(1)[0]
    others = by_contig.total() - bp
    if bp < SINGLE_BP or others > max(SINGLE_OTHERS_BP, SINGLE_OTHERS_SHARE * bp):
        return None
    share, sites = homozygosity.get(contig, (0.0, 0))
    return OneChromosome(contig, bp, round(share, 3), sites, tuple(_alone_reasons(contig, bp, others, share, sites)))


def _alone_reasons(contig: str, bp: int, others: int, share: float, sites: int) -> list[str]:
    elsewhere = f"{megabases(others)} on all others together" if others else "none on any other"
    whole = share > ISODISOMY_HOM_SHARE and sites >= ISODISOMY_MIN_SITES
    counted = f"{share:.1%} of the calls on chromosome {contig} are homozygous ({sites} groups of sites)"
    rule = (
        f"{counted}: above 85% of at least 30, a published rule for isodisomy of a whole chromosome with a "
        "sensitivity of 97.9% and a specificity of 99.7% in its simulations."
        if whole
        else f"{counted}: below 85% of at least 30, a published rule for isodisomy of a whole chromosome, so that "
        "at most a part of it can be."
    )
    return [
        f"Chromosome {contig} holds {megabases(bp)} of runs, {elsewhere}.",
        rule,
        "Two different copies from one parent (heterodisomy) cannot be seen in one exome.",
    ]


def _background(n: int, expected: float) -> str:
    return (
        f"{n} runs are many for their total (about {expected:.0f} are expected after recent kinship): many shared "
        "ancestors long ago are possible, as in a small or long-settled community, and no degree of relatedness "
        "is given."
    )


def _close(interval: tuple[float, float]) -> str:
    low, high = interval
    return (
        f"F_ROH lies between {low:.3f} and {high:.3f}, above nearly all values of gene drops from the third degree "
        "of relatedness on (0.104). What it rests on is for the responsible clinician to weigh."
    )


def _isolated(counted: Sequence[Run]) -> str:
    longest = max(map(seen_bp, counted))
    if longest >= LONG_BP:
        return f"The longest is {megabases(longest)}: one distant shared ancestor is possible, and not shown by it."
    return f"The longest is {megabases(longest)}: such runs are common without any relatedness of the parents."
