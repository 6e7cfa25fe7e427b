"""Runs of homozygosity read from the fitted chain: where they begin and end, how sure, how deeply sequenced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from varmio.interpret.roh_model import SHORT_ARMS, Landscape
from varmio.model import Run

if TYPE_CHECKING:
    from varmio.interpret.roh_evidence import Sites
    from varmio.model import BoolArray

SEED = 0.5  # posterior that a run holds somewhere: rather one ancestral copy than two
EXTEND = 0.3  # posterior down to which it goes on from there
MIN_RUN_BP = 500_000  # bp; shorter runs are everywhere
COUNTED_BP = 1_500_000  # bp; shorter runs do not count into F_ROH
MAX_REACH_BP = 1_000_000  # bp that a run reaches beyond its last site, where the next is further than twice this
DELETION_RATIO = 0.7  # of the depth outside; half is expected over a lost copy, 1 over a run
MAYBE = 0.02  # posterior from which a stretch may be a run, where doubt about F_ROH is added up
NORMAL_90 = 1.645  # standard deviations on either side of 90% of a normal distribution
DOUBT_FACTOR = 2.0  # measured over modelled doubt about F_ROH
MIN_FOR_DEPTH = 10  # sites with a depth; exons differ so much in depth that the median of fewer is chance


class _Bounds(NamedTuple):
    """First and last group of a run, by number."""

    first: int
    last: int


def runs_of(landscape: Landscape, sites: Sites, outside_depth: float | None = None) -> tuple[Run, ...]:
    """Runs of at least MIN_RUN_BP, by contig and position. outside_depth: median depth of sites outside runs,
    taken from these sites unless given.
    """
    found = _bounds(landscape)
    if outside_depth is None:
        outside_depth = depth_outside(landscape, sites)
    runs = (_run(landscape, sites, here, outside_depth) for here in found)
    return tuple(run for run in runs if run.length_bp >= MIN_RUN_BP)


def counts(run: Run) -> bool:
    """Whether a run counts into F_ROH."""
    return run.length_bp >= COUNTED_BP


def seen_bp(run: Run) -> int:
    """Length without an unassembled short arm in front, of which nothing is seen."""
    return run.end - (run.certain_start if run.contig in SHORT_ARMS and run.start == 0 else run.start)


def deletion_possible(run: Run) -> bool:
    """Whether the depth inside says that one copy may be missing: then sites look homozygous and are not."""
    return run.depth_ratio is not None and run.depth_ratio <= DELETION_RATIO


def depth_outside(landscape: Landscape, sites: Sites) -> float | None:
    """Median depth of the sites that lie in no run; None where too few have one."""
    import numpy as np

    inside = np.zeros(len(sites.pos), bool)
    for first, last in _bounds(landscape):
        inside[_sites_of(landscape, _Bounds(first, last))] = True
    return _median_depth(sites, ~inside)


def _median_depth(sites: Sites, where: BoolArray | slice) -> float | None:
    import numpy as np

    depth = sites.depth[where]
    depth = depth[depth >= 0]
    return float(np.median(depth)) if len(depth) >= MIN_FOR_DEPTH else None


def _bounds(landscape: Landscape) -> list[_Bounds]:
    """Stretches of groups at or above EXTEND on one contig, with one at least at or above SEED."""
    import numpy as np

    posterior, contig = landscape.posterior, landscape.groups.contig
    inside = posterior >= EXTEND
    if not inside.any():
        return []
    follows = np.concatenate(([False], inside[:-1] & (contig[1:] == contig[:-1])))
    goes_on = np.concatenate((inside[1:] & (contig[1:] == contig[:-1]), [False]))
    first, last = np.flatnonzero(inside & ~follows), np.flatnonzero(inside & ~goes_on)
    highest = np.maximum.reduceat(np.append(posterior, 0.0), np.stack([first, last + 1], 1).ravel())[::2]
    return [_Bounds(int(a), int(b)) for a, b, top in zip(first, last, highest, strict=True) if top >= SEED]


def _sites_of(landscape: Landscape, here: _Bounds) -> slice:
    g = landscape.groups
    return slice(int(g.at[here.first]), int(g.at[here.last] + g.n_sites[here.last]))


def _run(landscape: Landscape, sites: Sites, here: _Bounds, outside_depth: float | None) -> Run:
    g, span = landscape.groups, slice(here.first, here.last + 1)
    contig = g.contigs[g.contig[here.first]]
    certain = _certain(landscape, here)
    start, end = _reach(landscape, here, contig)
    inside_depth = _median_depth(sites, _sites_of(landscape, here))
    return Run(
        contig=contig,
        start=start,
        end=end,
        n_sites=int(g.n_sites[span].sum()),
        n_het=int(g.n_het[span].sum()),
        score=round(float(landscape.lod[span].sum()), 2),
        certain_start=int(g.first[certain.first]) - 1,
        certain_end=int(g.last[certain.last]),
        max_start=min(start, _opponent(landscape, here.first, -1)),
        max_end=max(end, _opponent(landscape, here.last, 1)),
        n_clusters=here.last - here.first + 1,
        depth_ratio=round(inside_depth / outside_depth, 2) if inside_depth is not None and outside_depth else None,
    )


def _certain(landscape: Landscape, here: _Bounds) -> _Bounds:
    """From the first to the last group that is rather inside than not."""
    import numpy as np

    sure = here.first + np.flatnonzero(landscape.posterior[here.first : here.last + 1] >= SEED)
    return _Bounds(int(sure[0]), int(sure[-1]))


def _reach(landscape: Landscape, here: _Bounds, contig: str) -> tuple[int, int]:
    """Half-way to the sites outside, or to the chromosome's end where there are none; at most MAX_REACH_BP.

    A short arm without assembled sequence goes with the run that holds the first site of the long arm: no
    crossover is known to part them. A run that is seen over less than COUNTED_BP does not carry it along.
    """
    g = landscape.groups
    first, last = int(g.first[here.first]) - 1, int(g.last[here.last])
    start = max(first - MAX_REACH_BP, 0)
    if contig in SHORT_ARMS:
        start = 0 if last - first >= COUNTED_BP else first
    end = min(last + MAX_REACH_BP, landscape.lengths[contig])
    if here.first and g.contig[here.first - 1] == g.contig[here.first]:
        start = max((int(g.last[here.first - 1]) + first) // 2, first - MAX_REACH_BP)
    if here.last + 1 < len(g) and g.contig[here.last + 1] == g.contig[here.last]:
        end = min((int(g.first[here.last + 1]) - 1 + last + 1) // 2, last + MAX_REACH_BP)
    return start, end


def _opponent(landscape: Landscape, index: int, direction: int) -> int:
    """Edge of the nearest group beyond that speaks against the run; the chromosome's end where there is none."""
    import numpy as np

    g = landscape.groups
    low, high = np.searchsorted(g.contig, [g.contig[index], g.contig[index] + 1])
    against = low + np.flatnonzero(landscape.lod[low:high] < 0)
    if direction < 0:
        before = against[against < index]
        return int(g.last[before[-1]]) if len(before) else 0
    behind = against[against > index]
    return int(g.first[behind[0]]) - 1 if len(behind) else landscape.lengths[g.contigs[g.contig[index]]]


def f_interval(landscape: Landscape, runs: tuple[Run, ...], genome_bp: int) -> tuple[float, float]:
    """Bounds between which F_ROH lies with a probability of about 0.9.

    Each stretch that may be a run, in the list or not, adds the variance of being there or not, p (1 - p) length^2,
    and each run that of its two ends, as likely anywhere between the certain and the maximal bound, width^2 / 12.
    The chain does not know where crossovers cluster, so its doubt is doubled (measured: docs/autozygosity.md). What
    the posterior holds outside all runs is added above: short or thinly covered runs are missed, never invented.
    """
    f = sum(run.length_bp for run in runs if counts(run)) / genome_bp
    ends = sum((run.certain_start - run.max_start) ** 2 + (run.max_end - run.certain_end) ** 2 for run in runs) / 12
    there, missed = _doubtful(landscape)
    wide = DOUBT_FACTOR * NORMAL_90 * float(ends + there) ** 0.5 / genome_bp
    return max(0.0, f - wide), min(1.0, f + wide + missed / genome_bp)


def _doubtful(landscape: Landscape) -> tuple[float, float]:
    """Variance in bp^2 of stretches being there or not, and the bp that the posterior holds outside all runs."""
    import numpy as np

    g, posterior = landscape.groups, landscape.posterior
    same = np.diff(g.contig) == 0
    bp = np.where(same, np.minimum(g.last[1:] - g.last[:-1], 2 * MAX_REACH_BP), 0)
    high, mean = np.maximum(posterior[1:], posterior[:-1]), (posterior[1:] + posterior[:-1]) / 2
    maybe = np.concatenate(([False], same & (high >= MAYBE), [False]))
    edge = np.flatnonzero(np.diff(maybe.astype(int)))
    variance = 0.0
    for first, last in zip(edge[::2], edge[1::2], strict=True):
        p = float(posterior[first : last + 1].max())
        variance += p * (1 - p) * (float((bp * mean)[first:last].sum()) / p) ** 2
    outside = np.ones(len(bp), bool)
    for here in _bounds(landscape):
        outside[here.first : here.last] = False
    return variance, float((bp * mean)[outside].sum())
