"""Runs of homozygosity from the variant sites of one exome; docs/autozygosity.md argues each step and constant.

1. Usable sites: SNVs that pass the filter, deep and sure enough, of a balance that fits their genotype.
2. Neighbours within CLUSTER_GAP_BP are one piece of evidence (linkage disequilibrium; one badly mapped region).
3. A cluster is heterozygous with a chance that is measured on the sample itself, outside its runs. In a run a
   heterozygous site is an error: the more skewed its balance, the likelier.
4. Two states (one ancestral copy, or two) along each chromosome; the share of the first is estimated from the
   sample; a run is where its posterior is above one half.
5. A run is kept by its odds (LOD) and length; it ends half-way to the first marker outside, or with the
   chromosome where none follows.

Nothing is needed but the sample's own differences from the reference: no frequencies, no reference calls.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING, Any

from varmio.interpret import roh_pattern
from varmio.interpret.roh_pattern import MIN_COUNTED_BP
from varmio.model import Autozygosity, Markers, RohPattern, Run, Sex

if TYPE_CHECKING:
    from varmio.model import BoolArray, FloatArray, IntArray

__all__ = ["MAX_DELETION_DEPTH", "MIN_COUNTED_BP", "Assessment", "assess", "constants"]

MIN_DEPTH = 8  # reads; below, a heterozygous site is often read as homozygous (one allele missed in 1 of 128 at 8)
MIN_QUALITY = 20  # GQ; 1 genotype in 100 wrong
MIN_HOM_SHARE = 0.85  # of the reads; below, a homozygous call may hide a second allele
HET_SHARE = (0.2, 0.8)  # balance; outside, a heterozygous call says nothing
FAIR_SHARE = (0.35, 0.7)  # balance; most true heterozygous sites, allowing for reads that favour the reference
EVEN_SHARE = (0.4, 0.6)  # balance
ERROR_EVEN = 0.02  # chance that a cluster of a run shows such a site, by its most even one
ERROR_FAIR = 0.07
ERROR_SKEWED = 0.45
CLUSTER_GAP_BP = 50_000  # bp; sites this near are one piece of evidence
RUN_END_PER_BP = 1e-7  # per bp; runs of 10 Mb on average, as in children of third cousins (gene drops: 9.9 Mb)
MIN_SHARE_PRIOR = 0.004  # of the genome; what third cousins' children have on average (gene drop: 0.0039)
MAX_SHARE_PRIOR = 0.5
START_SHARE = 0.02  # of the genome; where the estimate begins
HET_CHANCE = (0.3, 0.95)  # bounds of the measured chance that a cluster outside runs is heterozygous
LOOKS_HETEROZYGOUS = 0.35  # share of the clusters around, for the first measurement
AROUND = 31  # clusters of that window
OUTSIDE_BELOW = 0.1  # posterior; clusters below measure the chance of a heterozygous one
ROUNDS = 4  # of measuring and calling; the share moves by less than SETTLED before
SETTLED = 0.0005  # of the genome
MIN_LOD = 3.5  # log10 odds; fewer than one false run in two persons of the development set
MIN_RUN_BP = 500_000  # bp
MIN_SITES = 5_000  # usable sites on autosomes; an exome has three times as many
MIN_AUTOSOMES = 20  # with at least MIN_SITES_ON_ONE of them
MIN_SITES_ON_ONE = 20
MAX_HET, MIN_HET = 0.85, 0.2  # share of the usable sites; outside, calls of one kind are missing from the file
MAX_SHARE = 0.6  # of the autosomes in runs; above, heterozygous calls were lost
MAX_DELETION_DEPTH = 0.7  # depth inside / outside; one copy of two has 0.5
MIN_DEPTH_SITES = 10  # markers in a run whose depth is compared
DEPTH_ERRORS = 3  # standard errors by which a low depth must differ from the depth outside
MEDIAN_ERROR = 1.2533  # standard error of a median / that of a mean, for normal values
QUARTILES = 1.349  # distance of the quartiles / standard deviation, for normal values
DIGITS = 3  # of shares, depth ratios and LODs
AUTOSOMES = tuple(str(n) for n in range(1, 23))

Posterior = Callable[[str, int], float | None]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The runs, and `posterior(contig, pos)`: that both copies there are one ancestral copy (None: not known)."""

    found: Autozygosity
    posterior: Posterior


@dataclass(frozen=True, slots=True)
class _Contig:
    """One contig's usable sites and their clusters."""

    name: str
    length: int
    pos: IntArray
    het: BoolArray
    depth: IntArray
    first: IntArray  # index of the first site of each cluster
    last: IntArray
    error: FloatArray  # log of the error chance of the most even heterozygous site; 0 where there is none
    fair: BoolArray  # whether a cluster holds a heterozygous site of fair balance


@dataclass(frozen=True, slots=True)
class _States:
    """One contig after a pass: log likelihood ratio, filtered and smoothed probability of one ancestral copy."""

    ratio: list[float]
    filtered: list[float]
    smoothed: list[float]
    ahead: list[float]  # odds that all clusters from here on give


# --------------------------------------------------------------------------- public


def assess(markers: Mapping[str, Markers], sex: Sex | None, lengths: Mapping[str, int]) -> Assessment:
    """The runs of the autosomes (and apart from them of a girl's X), or why they cannot be assessed.

    markers: by contig without chr; lengths: bp of each contig of the assembly.
    """
    contigs = [_contig(name, lengths[name], m) for name in AUTOSOMES if (m := markers.get(name)) is not None]
    contigs = [c for c in contigs if len(c.pos)]
    n_sites = sum(len(c.pos) for c in contigs)
    refused = _refused(contigs, n_sites, markers)
    if refused:
        return Assessment(_not_assessable(refused, n_sites), lambda *_: None)
    genome = sum(lengths[name] for name in AUTOSOMES)
    share, chance, states, runs = _settle(contigs, genome)
    if _counted(runs) > MAX_SHARE * genome:
        said = f"{_counted(runs) / genome:.0%} of the autosomes lack heterozygous calls: they were lost from the file."
        return Assessment(_not_assessable(said, n_sites), lambda *_: None)
    on_x = [_contig("X", lengths["X"], markers["X"])] if sex is Sex.FEMALE and "X" in markers else []
    on_x = [c for c in on_x if len(c.pos)]
    x_states = [_pass(c, chance, share) for c in on_x]
    x_runs = [run for c, s in zip(on_x, x_states, strict=True) for run in _runs(c, s)]
    outside = _outside_depth(contigs, runs)
    deep = [_with_depth(run, contigs, outside) for run in runs]
    found = _summed(deep, contigs, states, genome)
    found = replace(found, x_segments=tuple(_with_depth(r, on_x, outside) for r in x_runs), n_usable=n_sites)
    known = {c.name: (c, s) for c, s in zip((*contigs, *on_x), (*states, *x_states), strict=True)}
    return Assessment(found, lambda contig, pos: _at(known.get(contig), pos, share))


def constants() -> list[dict[str, Any]]:
    """Every constant of this room, for the methods section."""
    ours, from_drops = "our choice, argued in docs/autozygosity.md", "gene drops through pedigrees"
    rows = (
        ("MIN_DEPTH", MIN_DEPTH, "reads", ours),
        ("MIN_QUALITY", MIN_QUALITY, "GQ", ours),
        ("MIN_HOM_SHARE", MIN_HOM_SHARE, "of reads", ours),
        ("HET_SHARE", HET_SHARE, "of reads", ours),
        ("ERROR_EVEN, ERROR_FAIR, ERROR_SKEWED", (ERROR_EVEN, ERROR_FAIR, ERROR_SKEWED), "per cluster", ours),
        ("CLUSTER_GAP_BP", CLUSTER_GAP_BP, "bp", ours),
        ("RUN_END_PER_BP", RUN_END_PER_BP, "per bp", from_drops),
        ("MIN_SHARE_PRIOR", MIN_SHARE_PRIOR, "of the genome", from_drops),
        ("MIN_LOD", MIN_LOD, "log10 odds", ours),
        ("MIN_RUN_BP", MIN_RUN_BP, "bp", ours),
        ("MIN_SITES", MIN_SITES, "usable sites", ours),
        ("MAX_DELETION_DEPTH", MAX_DELETION_DEPTH, "depth inside / outside", ours),
    )
    own = [{"name": name, "value": _plain(value), "unit": unit, "source": source} for name, value, unit, source in rows]
    return [*own, *roh_pattern.constants()]


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


# --------------------------------------------------------------------------- what can be assessed


def _refused(contigs: list[_Contig], n_sites: int, markers: Mapping[str, Markers]) -> str:
    """Why runs cannot be assessed, or ''."""
    written = sum(len(m.pos) for name, m in markers.items() if name in AUTOSOMES)
    if n_sites < MIN_SITES:
        return (
            f"Runs could not be assessed: {n_sites:,} usable single-letter changes on autosomes (of {written:,} "
            f"called), fewer than {MIN_SITES:,}; a whole exome has about 20,000."
        )
    wide = sum(len(c.pos) >= MIN_SITES_ON_ONE for c in contigs)
    if wide < MIN_AUTOSOMES:
        return f"Runs could not be assessed: the calls lie on {wide} of 22 autosomes. Pass the whole exome."
    het = sum(int(c.het.sum()) for c in contigs) / n_sites
    if het > MAX_HET:
        return f"Runs could not be assessed: {het:.0%} of the calls are heterozygous, so homozygous ones are missing."
    if het < MIN_HET:
        return f"Runs could not be assessed: {het:.0%} of the calls are heterozygous, so such calls are missing."
    return ""


def _not_assessable(reason: str, n_sites: int) -> Autozygosity:
    return Autozygosity(
        False, (reason,), (), None, None, None, None, RohPattern.NOT_ASSESSABLE, (), n_usable=n_sites
    )  # fmt: skip


# --------------------------------------------------------------------------- sites and clusters


def _contig(name: str, length: int, m: Markers) -> _Contig:
    import numpy as np

    low, high = HET_SHARE
    ok = m.passed & ((m.depth < 0) | (m.depth >= MIN_DEPTH)) & ((m.quality < 0) | (m.quality >= MIN_QUALITY))
    fits = np.where(m.het, (m.share >= low) & (m.share <= high), m.share >= MIN_HOM_SHARE)
    ok &= np.isnan(m.share) | fits
    pos, het, share, depth = m.pos[ok], m.het[ok], m.share[ok], m.depth[ok]
    starts = np.flatnonzero(np.diff(pos, prepend=pos[:1] - CLUSTER_GAP_BP - 1) > CLUSTER_GAP_BP)
    ends = np.append(starts[1:], len(pos)) - 1
    if not len(pos):
        none = np.zeros(0)
        return _Contig(name, length, pos, het, depth, starts, ends, none, none.astype(np.bool_))
    even = np.isnan(share) | ((share >= EVEN_SHARE[0]) & (share <= EVEN_SHARE[1]))
    fair = even | ((share >= FAIR_SHARE[0]) & (share <= FAIR_SHARE[1]))
    chance = np.where(even, ERROR_EVEN, np.where(fair, ERROR_FAIR, ERROR_SKEWED))
    error = np.minimum.reduceat(np.where(het, np.log(chance), 0.0), starts)
    return _Contig(name, length, pos, het, depth, starts, ends, error, np.logical_or.reduceat(het & fair, starts))


# --------------------------------------------------------------------------- the two states


def _settle(contigs: list[_Contig], genome: int) -> tuple[float, float, list[_States], list[Run]]:
    """Measure, call, and measure again: share in runs, chance of a heterozygous cluster, states and runs."""
    import numpy as np

    outside = [np.convolve(c.fair, np.ones(AROUND), "same") > LOOKS_HETEROZYGOUS * AROUND for c in contigs]
    share = START_SHARE
    for _ in range(ROUNDS):
        chance = _het_chance(contigs, outside)
        states = [_pass(c, chance, share) for c in contigs]
        outside = [np.array(s.smoothed) < OUTSIDE_BELOW for s in states]
        runs = [run for c, s in zip(contigs, states, strict=True) for run in _runs(c, s)]
        before, share = share, min(max(_counted(runs) / genome, MIN_SHARE_PRIOR), MAX_SHARE_PRIOR)
        if abs(share - before) < SETTLED:
            break
    return share, chance, states, runs


def _het_chance(contigs: list[_Contig], outside: list[BoolArray]) -> float:
    """The chance that a cluster outside the runs holds a heterozygous site, measured on this sample."""
    met = sum(int(c.fair[o].sum()) for c, o in zip(contigs, outside, strict=True))
    of = sum(int(o.sum()) for o in outside)
    return min(max(met / of if of else HET_CHANCE[1], HET_CHANCE[0]), HET_CHANCE[1])


def _pass(c: _Contig, chance: float, share: float) -> _States:
    """Forward and backward along one contig. A step of d bp keeps the state with exp(-d x rate), else draws anew."""
    import numpy as np

    alike = log((1 - ERROR_EVEN) / (1 - chance))
    ratio = np.where(c.error < 0, np.minimum(c.error, alike), alike).tolist()
    middle = (c.pos[c.first] + c.pos[c.last]) / 2
    stay = np.exp(-RUN_END_PER_BP / (1 - share) * np.diff(middle, prepend=middle[:1])).tolist()
    odds = [exp(r) for r in ratio]
    filtered, p = [], share
    for w, keep in zip(odds, stay, strict=True):
        p = share + (p - share) * keep
        p = p * w / (p * w + 1 - p)
        filtered.append(p)
    smoothed, ahead, b = [0.0] * len(odds), [1.0] * len(odds), 1.0
    for i in range(len(odds) - 1, -1, -1):
        q = filtered[i] * b
        smoothed[i] = q / (q + 1 - filtered[i])
        ahead[i] = b = b * odds[i]
        b = _back(b, stay[i], share)
    return _States(ratio, filtered, smoothed, ahead)


def _back(odds: float, keep: float, share: float) -> float:
    """The odds that lie ahead, seen from before a step."""
    same, other = keep + (1 - keep) * share, (1 - keep) * share
    return (same * odds + 1 - same) / (other * odds + 1 - other)


def _at(known: tuple[_Contig, _States] | None, pos: int, share: float) -> float | None:
    """The posterior at a place: that of its cluster, or between two clusters what both sides say of it."""
    if known is None:
        return None
    c, s = known
    starts, ends = c.pos[c.first], c.pos[c.last]
    i = bisect_right(starts, pos) - 1
    if i >= 0 and pos <= ends[i]:
        return s.smoothed[i]
    rate = RUN_END_PER_BP / (1 - share)
    middle = (starts + ends) / 2
    before = share + (s.filtered[i] - share) * exp(-rate * max(pos - middle[i], 0)) if i >= 0 else share
    after = 1.0
    if i + 1 < len(starts):
        after = _back(s.ahead[i + 1], exp(-rate * max(middle[i + 1] - pos, 0)), share)
    odds = before / (1 - before) * after
    return float(odds / (1 + odds))


# --------------------------------------------------------------------------- runs


def _runs(c: _Contig, s: _States) -> Iterator[Run]:
    """The stretches of clusters above one half that are long and sure enough."""
    inside = [p > 0.5 for p in s.smoothed]
    edges = [i for i, (a, b) in enumerate(pairwise((False, *inside, False))) if a != b]
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        run = _run(c, s, first, after - 1)
        if run.score >= MIN_LOD and run.length_bp >= MIN_RUN_BP:
            yield run


def _run(c: _Contig, s: _States, first: int, last: int) -> Run:
    a, b = int(c.first[first]), int(c.last[last])
    begin, end = int(c.pos[a]), int(c.pos[b])
    before = int(c.pos[a - 1]) if a else None
    after = int(c.pos[b + 1]) if b + 1 < len(c.pos) else None
    against = c.pos[c.het]
    left, right = against[against < begin], against[against > end]
    return Run(
        contig=c.name,
        start=0 if before is None else (before + begin) // 2,
        end=c.length if after is None else (end + after) // 2,
        n_sites=b - a + 1,
        n_het=int(c.het[a : b + 1].sum()),
        score=round(sum(s.ratio[first : last + 1]) / log(10), DIGITS),
        certain_start=begin - 1,
        certain_end=end,
        max_start=int(left[-1]) if len(left) else 0,
        max_end=int(right[0]) - 1 if len(right) else c.length,
        n_clusters=last - first + 1,
        depth_ratio=None,
    )


def _counted(runs: list[Run]) -> int:
    return sum(run.length_bp for run in runs if run.length_bp >= MIN_COUNTED_BP)


def _depths(c: _Contig, run: Run) -> IntArray:
    here = c.depth[(c.pos > run.start) & (c.pos <= run.end)]
    return here[here >= 0]


def _outside_depth(contigs: list[_Contig], runs: list[Run]) -> tuple[float, float] | None:
    """Median depth of the markers outside every run, and the spread of their logarithms."""
    import numpy as np

    kept = []
    for c in contigs:
        outside = np.ones(len(c.pos), np.bool_)
        for run in runs:
            if run.contig == c.name:
                outside &= (c.pos <= run.start) | (c.pos > run.end)
        kept.append(c.depth[outside & (c.depth > 0)])
    every = np.concatenate(kept)
    if len(every) < MIN_DEPTH_SITES:
        return None
    low, middle, high = np.quantile(every, (0.25, 0.5, 0.75))
    return float(middle), float(np.log(high / low)) / QUARTILES


def _with_depth(run: Run, contigs: list[_Contig], outside: tuple[float, float] | None) -> Run:
    """The run with its depth; low only where its markers are enough to tell it from chance."""
    import numpy as np

    inside = _depths(next(c for c in contigs if c.name == run.contig), run)
    if outside is None or len(inside) < MIN_DEPTH_SITES:
        return run
    middle, spread = outside
    ratio = float(np.median(inside)) / middle
    error = MEDIAN_ERROR * spread / len(inside) ** 0.5
    low = ratio <= MAX_DELETION_DEPTH and (ratio <= 0 or log(ratio) <= -DEPTH_ERRORS * error)
    return replace(run, depth_ratio=round(ratio, DIGITS), may_be_deleted=low)


# --------------------------------------------------------------------------- the sum


def _summed(runs: list[Run], contigs: list[_Contig], states: list[_States], genome: int) -> Autozygosity:
    counted = [run for run in runs if run.length_bp >= MIN_COUNTED_BP]
    total = sum(run.length_bp for run in counted)
    read = roh_pattern.read(counted, total / genome, {c.name: (int(c.het.sum()), len(c.pos)) for c in contigs})
    return Autozygosity(
        assessable=True,
        reasons=(),
        segments=tuple(runs),
        total_bp=total,
        f_roh=round(total / genome, 5),
        f_roh_interval=_interval(counted, contigs, states, genome),
        longest_bp=max((run.length_bp for run in runs), default=0),
        pattern=read.pattern,
        uniparental=read.alone,
        pattern_reasons=read.reasons,
    )


def _interval(counted: list[Run], contigs: list[_Contig], states: list[_States], genome: int) -> tuple[float, float]:
    """The share from the certain bounds alone, and from the widest ones with what may lie in stretches not called."""
    low = sum(run.certain_end - run.certain_start for run in counted if run.score >= 2 * MIN_LOD)
    high = sum(run.max_end - run.max_start for run in counted)
    for c, s in zip(contigs, states, strict=True):
        mine = [run for run in counted if run.contig == c.name]
        middle = (c.pos[c.first] + c.pos[c.last]) / 2
        for i, (a, b) in enumerate(pairwise(middle.tolist())):
            if not any(run.max_start < b and a < run.max_end for run in mine):
                high += (b - a) * (s.smoothed[i] + s.smoothed[i + 1]) / 2
    return round(low / genome, 5), round(min(high / genome, 1.0), 5)
