"""Runs of homozygosity read from the fitted chain: where they begin and end, how sure, how deeply sequenced."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from varmio.interpret.roh_evidence import median
from varmio.interpret.roh_model import SHORT_ARMS, Landscape
from varmio.model import Run

if TYPE_CHECKING:
    from varmio.interpret.roh_evidence import Sites

SEED = 0.5  # posterior that a run holds somewhere: rather one ancestral copy than two
EXTEND = 0.3  # posterior down to which it goes on from there
MIN_RUN_BP = 500_000  # bp; shorter runs are everywhere
COUNTED_BP = 1_500_000  # bp; shorter runs do not count into F_ROH
MAX_REACH_BP = 1_000_000  # bp that a run reaches beyond its last site, where the next is further than twice this
DELETION_RATIO = 0.7  # of the depth outside; half is expected over a lost copy, 1 over a run
MAYBE = 0.02  # posterior from which a stretch may be a run, where doubt about F_ROH is added up
NORMAL_90 = 1.645  # standard deviations on either side of 90% of a normal distribution
DOUBT_FACTOR = 2.0  # measured over modelled doubt about F_ROH
DEPTH_ERRORS = 3.0  # standard errors by which a low depth must differ from the depth outside
MEDIAN_ERROR = 1.2533  # standard error of a median over that of a mean, for normal values
QUARTILES = 1.349  # distance of the quartiles over the standard deviation, for normal values
MIN_FOR_DEPTH = 10  # sites with a depth; exons differ so much in depth that the median of fewer is chance


class Depth(NamedTuple):
    """Depth of the sites outside runs."""

    median: float
    spread: float  # standard deviation of its logarithm


class _Bounds(NamedTuple):
    """First and last group of a run, by number."""

    first: int
    last: int


def runs_of(landscape: Landscape, sites: Sites, outside: Depth | None = None) -> tuple[Run, ...]:
    """Runs of at least MIN_RUN_BP, by contig and position. outside: depth of sites outside runs, taken from these
    sites unless given.
    """
    found = _bounds(landscape)
    if outside is None:
        outside = depth_outside(landscape, sites)
    runs = (_run(landscape, sites, here, outside) for here in found)
    return tuple(run for run in runs if run.length_bp >= MIN_RUN_BP)


def counts(run: Run) -> bool:
    """Whether a run counts into F_ROH."""
    return run.length_bp >= COUNTED_BP


def seen_bp(run: Run) -> int:
    """Length without an unassembled short arm in front, of which nothing is seen."""
    return run.end - (run.certain_start if run.contig in SHORT_ARMS and run.start == 0 else run.start)


def depth_outside(landscape: Landscape, sites: Sites) -> Depth | None:
    """Depth of the sites that lie in no run; None where too few have one."""
    import numpy as np

    outside = np.ones(len(sites.pos), bool)
    for first, last in _bounds(landscape):
        outside[_sites_of(landscape, _Bounds(first, last))] = False
    depth = sites.depth[outside]
    depth = depth[depth > 0]
    if len(depth) < MIN_FOR_DEPTH:
        return None
    low, middle, high = np.sort(depth)[[len(depth) // 4, len(depth) // 2, 3 * len(depth) // 4]].tolist()
    return Depth(middle, log(high / low) / QUARTILES)


def _depth_of(sites: Sites, where: slice, outside: Depth | None) -> tuple[float | None, bool]:
    """Median depth inside over that outside, and whether it says that one copy may be missing: at most
    DELETION_RATIO, and lower than chance would have it, since exons differ much in depth.
    """
    depth = sites.depth[where]
    depth = depth[depth >= 0]
    if outside is None or len(depth) < MIN_FOR_DEPTH:
        return None, False
    ratio = median(depth) / outside.median
    error = MEDIAN_ERROR * outside.spread / len(depth) ** 0.5
    return round(ratio, 2), ratio <= DELETION_RATIO and ratio <= exp(-DEPTH_ERRORS * error)


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


def _run(landscape: Landscape, sites: Sites, here: _Bounds, outside: Depth | None) -> Run:
    g, span = landscape.groups, slice(here.first, here.last + 1)
    contig = g.contigs[g.contig[here.first]]
    certain = _certain(landscape, here)
    start, end = _reach(landscape, here, contig)
    ratio, low = _depth_of(sites, _sites_of(landscape, here), outside)
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
        depth_ratio=ratio,
        may_be_deleted=low,
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
