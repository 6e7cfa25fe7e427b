"""The method of the development set's README, re-written: what the caller is compared with.

Clean sites in 30-kb clusters, one chance of a heterozygous cluster, two states, Viterbi, ends at most 500 kb
beyond the last marker, LOD of at least 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from varmio.model import Markers

Segment = tuple[str, int, int, float]  # contig, start, end (0-based half-open), LOD
GAP_BP, REACH_BP, MIN_BP, COUNTED_BP = 30_000, 500_000, 500_000, 1_500_000
LEAVE, LOD, AUTOSOMES_BP = 1e-7, 3.0, 2_881_033_286


def segments(markers: Mapping[str, Markers]) -> list[Segment]:
    """The runs of one person's autosomes."""
    sites = {c: _clusters(m) for c, m in markers.items() if c.isdecimal()}
    sites = {c: s for c, s in sites.items() if len(s[0])}
    windows = [h[i : i + 50].mean() for *_, h in sites.values() for i in range(0, len(h) - 49, 50)]
    chance = min(max(float(np.median([w for w in windows if w > 0.2])), 0.35), 0.9)
    ratio = math.log(0.02 / chance), math.log(0.98 / (1 - chance))
    share, found = 0.02, []
    for _ in range(3):
        found = [s for c, site in sites.items() for s in _runs(c, *site, ratio, share)]
        before, share = (
            share,
            min(max(sum(e - s for _, s, e, _ in found if e - s >= COUNTED_BP) / AUTOSOMES_BP, 0.001), 0.5),
        )
        if abs(share - before) < 1e-3:
            break
    return found


def _clusters(m: Markers) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    share = np.where(np.isnan(m.share), np.where(m.het, 0.5, 1.0), m.share)
    ok = m.passed & ((m.depth < 0) | (m.depth >= 8)) & ((m.quality < 0) | (m.quality >= 20))
    ok &= np.where(m.het, (share >= 0.25) & (share <= 0.75), share >= 0.85)
    pos, het = m.pos[ok], m.het[ok]
    if not len(pos):
        return pos, pos, pos, het
    first = np.append(0, np.flatnonzero(np.diff(pos) > GAP_BP) + 1)
    last = np.append(first[1:], len(pos)) - 1
    return pos, first, last, np.logical_or.reduceat(het, first)


def _runs(
    contig: str,
    pos: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    het: np.ndarray,
    ratio: tuple[float, float],
    share: float,
) -> Iterator[Segment]:
    middle = (pos[first] + pos[last]) / 2
    path, llr = _viterbi(middle, np.where(het, *ratio), share), np.where(het, *ratio)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], path, [0]])))
    for a, after in zip(edges[::2], edges[1::2], strict=True):
        b = after - 1
        start, end = int(pos[first[a]]), int(pos[last[b]])
        low = start if a == 0 else max(start - REACH_BP, (start + int(pos[last[a - 1]])) // 2)
        high = end if b + 1 == len(first) else min(end + REACH_BP, (end + int(pos[first[b + 1]])) // 2)
        lod = float(llr[a : b + 1].sum()) / math.log(10)
        if lod >= LOD and high - low >= MIN_BP:
            yield contig, low, high, lod


def _viterbi(middle: np.ndarray, llr: np.ndarray, share: float) -> np.ndarray:
    step = np.maximum(np.diff(middle, prepend=middle[0]), 1)
    out, into = LEAVE * step, LEAVE * share / (1 - share) * step
    stay = {1: -out, 0: -into}
    leave = {1: np.log(-np.expm1(-out)), 0: np.log(-np.expm1(-into))}
    best = {1: math.log(share) + llr[0], 0: math.log(1 - share)}
    back = np.zeros((len(llr), 2), int)
    for i in range(1, len(llr)):
        now = {}
        for state in (0, 1):
            kept, changed = best[state] + stay[state][i], best[1 - state] + leave[1 - state][i]
            back[i, state] = state if kept >= changed else 1 - state
            now[state] = max(kept, changed) + (llr[i] if state else 0)
        best = now
    path = np.zeros(len(llr), int)
    state = int(best[1] > best[0])
    for i in range(len(llr) - 1, -1, -1):
        path[i] = state
        state = back[i, state]
    return path
