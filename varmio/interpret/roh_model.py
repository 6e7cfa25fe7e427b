"""The chain along a chromosome: one ancestral copy, or two copies whose common ancestor lived T generations ago.

Two copies are not alike in one way only. Where their common ancestor is recent they agree over a long stretch,
where it is old they differ often and each stretch is short: both the share of heterozygous sites and the length
of a stretch follow from T. Four classes of T stand for all; their shares are learnt from the sample itself.
So a homozygous gene is no evidence by itself, and two homozygous genes side by side are not twice the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from varmio.interpret.roh_evidence import Groups, Sites, log_likelihood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from varmio.model import BoolArray, FloatArray, IntArray

GENERATIONS = (300.0, 1_500.0, 8_000.0, 40_000.0)  # classes of T, about 5 times apart; the oldest is the common one
CLASS_SHARES = (0.02, 0.10, 0.20, 0.68)  # of the sites; where the learning starts from
HALF_HET_GENERATIONS = 8_000.0  # T at which a site is as often heterozygous as homozygous; 62% are over all
CROSSOVERS_PER_BP = 1e-8  # per meiosis; about 1 cM per Mb
RUN_END_PER_BP = 1e-7  # ten meioses back to the shared ancestor and forth: second or third cousins as parents
MIDDLE_RATE = 0.75  # times 1 cM per Mb, in the middle of an arm
END_RATE = 1.5  # times 1 cM per Mb, added at a chromosome's end
END_REACH_BP = 8_000_000  # bp over which the added rate falls to 1/e
MAX_STEP_BP = 3_000_000  # bp; wider gaps are centromeres and heterochromatin, where few crossovers fall
FIRST_F = 0.01  # autozygous share where the learning starts from
MIN_F = 0.004  # the mean of third cousins' children: the least that is held possible of any child
MAX_F = 0.5
ROUNDS = 4  # of learning; more move F_ROH of no one by 0.001
FAR_BP = 1_000_000_000  # bp; stands for another chromosome
GAP_WEIGHT_BP = 1_000_000  # bp; a gap counts no more than this when the autozygous share is learnt
BLOCKS_PER_ROOT = 2  # blocks = this x sqrt(groups); speed only
TINY = 1e-300  # against 0 / 0 in steps that change nothing
SHORT_ARMS = ("13", "14", "15", "21", "22")  # acrocentric: no assembled short arm, so the first site is no end


@dataclass(frozen=True, slots=True)
class Landscape:
    """The fitted chain of one sample: what `posterior_at` and the runs are read from."""

    groups: Groups
    posterior: FloatArray  # of one ancestral copy, by group
    lod: FloatArray  # log10 of the odds of one copy against two, each group given those before it
    before: FloatArray  # (groups, states) forward probabilities, the group itself included
    after: FloatArray  # (groups, states) backward ones, the group itself and those behind it
    shares: FloatArray  # of the states; [0] is the autozygous share that was learnt
    lengths: Mapping[str, int]


def fit(sites: Sites, groups: Groups, lengths: Mapping[str, int], shares: FloatArray | None = None) -> Landscape:
    """Learn the shares of the states from the sample, unless they are given, and decode every group."""
    import numpy as np

    t = np.array(GENERATIONS)
    likely = log_likelihood(sites, groups, t / HALF_HET_GENERATIONS)
    gap, step = _steps(groups, lengths)
    stay = np.exp(-step[:, None] * _end_rates())
    steps = _blocks(likely, stay)
    if shares is None:
        shares = _learn(steps, gap)
    before, after, _ = _decode(steps, shares)
    posterior = _normal(steps.flat(before * after))
    two = _decode(_blocks(likely[:, 1:], stay[:, 1:]), shares[1:] / shares[1:].sum())[2]
    given_before = np.log(steps.flat(two)[:, 0]) + likely[:, 1:].max(1)
    scaled = np.exp(likely - likely.max(1, keepdims=True)) * steps.flat(after)
    lod = (likely[:, 0] - given_before) / np.log(10)
    return Landscape(groups, posterior[:, 0], lod, steps.flat(before), scaled, shares, lengths)


def posterior_at(landscape: Landscape, contig: str, pos: int) -> float | None:
    """Probability that both copies at `pos` (1-based) come from one ancestor; None where the contig has no site.

    Between two groups it is that of the chain given all groups before and all behind.
    """
    import numpy as np

    g = landscape.groups
    if contig not in g.contigs:
        return None
    low, high = np.searchsorted(g.contig, [g.contigs.index(contig), g.contigs.index(contig) + 1])
    index = int(low + np.searchsorted(g.first[low:high], pos, side="right"))  # the first group behind
    if index > low and pos <= g.last[index - 1]:
        return float(landscape.posterior[index - 1])
    where = np.array([pos]), np.array([landscape.lengths[contig]]), np.array([contig in SHORT_ARMS])
    rates = _end_rates() * float(_crossover_rate(*where)[0])
    state = landscape.shares
    if index > low:
        stay = np.exp(-rates * min(max(pos - int(g.last[index - 1]), 1), MAX_STEP_BP))
        come = landscape.before[index - 1]
        state = come * stay + (come * (1 - stay)).sum() * _entry(stay, landscape.shares)
    if index < high:
        stay = np.exp(-rates * min(max(int(g.first[index]) - pos, 1), MAX_STEP_BP))
        behind = landscape.after[index]
        state = state * (stay * behind + (1 - stay) * (_entry(stay, landscape.shares) * behind).sum())
    return float(state[0] / state.sum())


# --------------------------------------------------------------------------- steps


def _end_rates() -> FloatArray:
    """Per bp and state: the rate at which a stretch ends; two copies T generations apart, 2 T meioses."""
    import numpy as np

    return np.array([RUN_END_PER_BP, *(2 * CROSSOVERS_PER_BP * t for t in GENERATIONS)])


def _crossover_rate(pos: IntArray, length: IntArray, short_arm: BoolArray) -> FloatArray:
    """Times 1 cM per Mb: higher towards the ends of a chromosome."""
    import numpy as np

    to_end = np.minimum(length - pos, np.where(short_arm, FAR_BP, pos))
    rate: FloatArray = MIDDLE_RATE + END_RATE * np.exp(-np.maximum(to_end, 0) / END_REACH_BP)
    return rate


def _steps(groups: Groups, lengths: Mapping[str, int]) -> tuple[FloatArray, FloatArray]:
    """Gap in bp to the group before (FAR_BP at a start), and the same in bp of average crossover rate."""
    import numpy as np

    starts = np.concatenate(([True], np.diff(groups.contig) != 0))
    gap = np.where(starts, FAR_BP, groups.first - np.concatenate(([0], groups.last[:-1]))).astype(float)
    length = np.array([lengths[c] for c in groups.contigs])[groups.contig]
    short_arm = np.array([c in SHORT_ARMS for c in groups.contigs])[groups.contig]
    rate = _crossover_rate(groups.first, length, short_arm)
    return gap, np.where(starts, FAR_BP, np.clip(gap, 1, MAX_STEP_BP) * rate)


def _entry(stay: FloatArray, shares: FloatArray) -> FloatArray:
    """Where a stretch that ended goes on: in proportion to share x chance of ending, which keeps the shares."""
    weight = shares * (1 - stay)
    into: FloatArray = weight / weight.sum()
    return into


# --------------------------------------------------------------------------- the chain


def _learn(steps: _Steps, gap: FloatArray) -> FloatArray:
    """Shares of the states by expectation and maximisation; the autozygous one by bp, the classes by groups."""
    import numpy as np

    shares = np.concatenate(([FIRST_F], (1 - FIRST_F) * np.array(CLASS_SHARES)))
    weight = np.minimum(gap, GAP_WEIGHT_BP)
    for _ in range(ROUNDS):
        before, after, _ = _decode(steps, shares, apart=True)
        posterior = _normal(steps.flat(before * after))
        f = float(np.clip((posterior[:, 0] * weight).sum() / weight.sum(), MIN_F, MAX_F))
        classes = posterior[:, 1:].sum(0)
        shares = np.concatenate(([f], (1 - f) * classes / classes.sum()))
    return shares


def _normal(x: FloatArray) -> FloatArray:
    out: FloatArray = x / x.sum(1, keepdims=True)
    return out


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps into each group, cut into blocks that numpy walks side by side: (length, states, blocks)."""

    n: int
    stay: FloatArray
    said: FloatArray  # likelihood of each state, scaled to at most 1

    def flat(self, x: FloatArray) -> FloatArray:
        """(length, states, blocks) -> (groups, states)."""
        long, k, blocks = x.shape
        return x.transpose(2, 0, 1).reshape(blocks * long, k)[: self.n]


def _blocks(likely: FloatArray, stay: FloatArray) -> _Steps:
    """Behind the end stand steps that change nothing."""
    import numpy as np

    n, k = likely.shape
    blocks = max(1, int(BLOCKS_PER_ROOT * n**0.5))
    long = -(-n // blocks)
    fill = np.ones((blocks * long - n, k))
    said = np.exp(likely - likely.max(1, keepdims=True))
    cut = [np.concatenate([x, fill]).reshape(blocks, long, k).transpose(1, 2, 0) for x in (stay, said)]
    return _Steps(n, *(np.ascontiguousarray(x) for x in cut))


def _decode(steps: _Steps, shares: FloatArray, *, apart: bool = False) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Forward and backward probabilities (each scaled), and the factors by which forward was scaled, in blocks.

    The same as going group by group, where the start of a chromosome is a step that nothing stays over. The blocks
    are multiplied out first, side by side; one pass over them gives each its entry and its exit; then all are walked.
    apart: each block by itself, as if it were a chromosome; half the time, and enough to learn shares from.
    """
    import numpy as np

    leave = 1 - steps.stay
    weight = shares[:, None] * leave
    go_on = steps.stay * steps.said
    go_in = weight / np.maximum(weight.sum(1, keepdims=True), TINY) * steps.said
    alone = np.repeat(shares[:, None], leave.shape[2], axis=1), np.ones(leave.shape[1:])
    entry, exits = alone if apart else _through(_products(leave, go_on, go_in))
    before, after, scales = np.empty_like(leave), np.empty_like(leave), np.empty_like(leave[:, :1])
    for i, j in zip(range(len(leave)), reversed(range(len(leave))), strict=True):
        entry = entry * go_on[i] + np.add.reduce(leave[i] * entry) * go_in[i]
        scales[i, 0] = np.add.reduce(entry)
        entry /= scales[i]
        before[i], after[j] = entry, exits
        exits = exits * go_on[j] + np.add.reduce(exits * go_in[j]) * leave[j]
        exits /= np.add.reduce(exits)
    return before, after, scales


def _products(leave: FloatArray, go_on: FloatArray, go_in: FloatArray) -> FloatArray:
    """(from, to, block): each block's steps multiplied out, scaled."""
    import numpy as np

    _, k, blocks = leave.shape
    whole = np.repeat(np.eye(k)[:, :, None], blocks, axis=2)
    for leaves, on, into in zip(leave, go_on, go_in, strict=True):
        whole = whole * on + np.add.reduce(whole * leaves, axis=1, keepdims=True) * into
        whole /= np.add.reduce(whole, axis=(0, 1))
    return whole


def _through(whole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(states, blocks): forward probabilities before each block, and backward ones behind it."""
    import numpy as np

    k, _, blocks = whole.shape
    entry, exits = np.empty((blocks, k)), np.empty((blocks, k))
    matrices = np.ascontiguousarray(whole.transpose(2, 0, 1))
    left, right = np.full(k, 1 / k), np.ones(k)
    for b in range(blocks):
        c = blocks - 1 - b
        entry[b], exits[c] = left, right
        left, right = left @ matrices[b], matrices[c] @ right
        left, right = left / left.sum(), right / right.sum()
    return np.ascontiguousarray(entry.T), np.ascontiguousarray(exits.T)
