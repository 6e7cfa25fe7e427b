"""What the runs of a whole exome add up to: DESIGN's pattern, with its reasons. Never a relation's name.

The first line that holds:

| pattern                                | when                                                                    |
|----------------------------------------|-------------------------------------------------------------------------|
| none                                   | no run of at least MIN_COUNTED_BP                                       |
| single_chromosome                      | one chromosome holds at least MIN_ALONE_BP of runs, all others together |
|                                        | at most MAX_BESIDE_BP or MAX_BESIDE_SHARE of it, none half as long      |
| close_relatedness                      | a share of at least CLOSE_SHARE                                         |
| background_relatedness_possible        | at least MANY_RUNS, of less than SHORT_MEAN_BP on average               |
| consistent_with_parental_relatedness   | runs of at least LONG_BP on two chromosomes or more                     |
| isolated                               | the rest                                                                |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from varmio.model import OneChromosome, RohPattern, Run

MIN_COUNTED_BP = 1_500_000  # bp; shorter runs are common in everyone; McQuillan 2008, PMID 18760389
LONG_BP = 5_000_000  # bp; above the 4 Mb that people without shared ancestors have; McQuillan 2008, PMID 18760389
MIN_ALONE_BP = 10_000_000  # bp; the least in runs on a chromosome that stands alone
MAX_BESIDE_BP = 10_000_000  # bp in runs on all others together
MAX_BESIDE_SHARE = 0.15  # of what the one holds
CLOSE_SHARE = 0.2  # of the autosomes; above 95 of 100 children of second-degree relatives (gene drops: 0.198)
MANY_RUNS = 10  # runs
SHORT_MEAN_BP = 5_000_000  # bp; half of what third cousins' children have on average (gene drops: 9.9 Mb)
ISODISOMY_HOM_SHARE = 0.85  # homozygous calls of one chromosome; published singleton rule (docs/autozygosity.md)
ISODISOMY_MIN_SITES = 30  # calls; the same rule
# share expected -> the least and most that 90 of 100 children have; gene drops through pedigrees, 400 each
RANGES = (
    ("1/64", 0.0005, 0.040),
    ("1/32", 0.008, 0.064),
    ("1/16", 0.025, 0.104),
    ("1/8", 0.063, 0.198),
)


class Reading(NamedTuple):
    pattern: RohPattern
    reasons: tuple[str, ...]
    alone: tuple[OneChromosome, ...]


def read(counted: Sequence[Run], share: float, sites: Mapping[str, tuple[int, int]]) -> Reading:
    """The pattern of the runs that count; sites: contig -> (heterozygous, all) usable sites."""
    if not counted:
        return Reading(RohPattern.NONE, (), ())
    held: Counter[str] = Counter()
    for run in counted:
        held[run.contig] += run.length_bp
    alone = _alone(held, counted, sites)
    if alone:
        return Reading(RohPattern.SINGLE_CHROMOSOME, alone.reasons, (alone,))
    said = (_lengths(counted),)
    if share >= CLOSE_SHARE:
        return Reading(RohPattern.CLOSE_RELATEDNESS, said, ())
    if len(counted) >= MANY_RUNS and sum(held.values()) / len(counted) < SHORT_MEAN_BP:
        mean = _mb(sum(held.values()) // len(counted))
        return Reading(RohPattern.BACKGROUND_RELATEDNESS_POSSIBLE, (*said, f"They are short: {mean} on average."), ())
    if len({r.contig for r in counted if r.length_bp >= LONG_BP}) > 1:
        return Reading(RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS, (*said, *_range(share)), ())
    return Reading(RohPattern.ISOLATED, said, ())


def _alone(held: Counter[str], counted: Sequence[Run], sites: Mapping[str, tuple[int, int]]) -> OneChromosome | None:
    contig, most = held.most_common(1)[0]
    beside = sum(held.values()) - most
    longest = {c: max(r.length_bp for r in counted if r.contig == c) for c in held}
    second = max((bp for c, bp in longest.items() if c != contig), default=0)
    if most < MIN_ALONE_BP or beside > max(MAX_BESIDE_BP, MAX_BESIDE_SHARE * most) or 2 * second >= longest[contig]:
        return None
    het, every = sites[contig]
    hom = (every - het) / every
    said = [f"Chromosome {contig} holds {_mb(most)} of runs, all others together {_mb(beside)}."]
    if hom > ISODISOMY_HOM_SHARE and every >= ISODISOMY_MIN_SITES:
        said.append(
            f"{hom:.0%} of its {every:,} calls are homozygous: more than {ISODISOMY_HOM_SHARE:.0%}, the mark of "
            "isodisomy of a whole chromosome by a published rule (sensitivity 97.9%, specificity 99.7%, simulated)."
        )
    else:
        said.append(
            f"{hom:.0%} of its {every:,} calls are homozygous: the published rule for isodisomy of a whole chromosome "
            f"(more than {ISODISOMY_HOM_SHARE:.0%}) does not hold; isodisomy of a part remains possible."
        )
    return OneChromosome(contig, most, round(hom, 4), every, tuple(said))


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


def constants() -> list[dict[str, Any]]:
    """Every constant of this room, for the methods section."""
    drops, paper, ours = "gene drops through pedigrees", "McQuillan 2008, PMID 18760389", "our choice"
    rows = (
        ("MIN_COUNTED_BP", MIN_COUNTED_BP, "bp", paper),
        ("LONG_BP", LONG_BP, "bp", paper),
        ("MIN_ALONE_BP", MIN_ALONE_BP, "bp", ours),
        ("MAX_BESIDE_BP", MAX_BESIDE_BP, "bp", ours),
        ("MAX_BESIDE_SHARE", MAX_BESIDE_SHARE, "of the chromosome that stands alone", ours),
        ("MANY_RUNS", MANY_RUNS, "runs", ours),
        ("SHORT_MEAN_BP", SHORT_MEAN_BP, "bp", drops),
        ("ISODISOMY_HOM_SHARE", ISODISOMY_HOM_SHARE, "of the calls of a chromosome", "ROH2"),
    )
    return [{"name": name, "value": value, "unit": unit, "source": source} for name, value, unit, source in rows]


def _lengths(counted: Sequence[Run]) -> str:
    shortest, longest = (_mb(pick(r.length_bp for r in counted)) for pick in (min, max))
    if len(counted) == 1:
        return f"One run of {longest} counts."
    return f"{len(counted)} runs count, of {shortest} to {longest}."


def _range(share: float) -> tuple[str, ...]:
    """The expected shares of which 90 in 100 children have such a share: a range, never a relation."""
    fit = [name for name, low, high in RANGES if low <= share <= high]
    if not fit:
        return ()
    expected = fit[0] if len(fit) == 1 else f"{fit[0]} to {fit[-1]}"
    return (
        f"Such a share fits where {expected} of the genome is expected to be alike (90 of 100 simulated children).",
    )


def _mb(bases: int) -> str:
    return f"{bases / 1e6:.1f} Mb"
