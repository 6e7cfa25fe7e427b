"""The prototype that the caller must not fall behind, written plainly from its description.

Sites within 30 kb of the one before are one observation; two states; the heterozygous share outside runs comes
from the sample; Viterbi for segments. Nothing of varmio's own caller is used here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from varmio.model import Markers

AUTOSOMES = tuple(map(str, range(1, 23)))
AUTOSOMAL_BP = 2_881_033_286  # GRCh37
GAP = 30_000  # bp; a wider gap between sites starts a new cluster
RATE = 1e-7  # per bp; end of an autozygous segment
HET_INSIDE = 0.02  # share of clusters with a heterozygous site, inside
WINDOW = 50  # clusters; windows that calibrate the share outside
MAX_REACH = 500_000  # bp; how far an end may lie beyond the last site inside
MIN_LOD, MIN_BP, COUNTED_BP = 3.0, 500_000, 1_500_000

Cluster = tuple[int, int, bool]  # first position, last position, holds a heterozygous site
Call = tuple[str, int, int]


def call(markers: Mapping[str, Markers]) -> list[Call]:
    """Runs as (contig, start, end), 0-based half-open."""
    clusters = {c: _clusters(markers[c]) for c in AUTOSOMES if c in markers}
    clusters = {c: found for c, found in clusters.items() if found}
    outside = _share_outside(clusters)
    f, calls = 0.01, list[Call]()
    for _ in range(3):
        calls = [run for c, found in clusters.items() for run in _runs(c, found, outside, f)]
        new = sum(e - s for _, s, e in calls if e - s >= COUNTED_BP) / AUTOSOMAL_BP
        new = min(max(new, 0.001), 0.5)
        if abs(new - f) < 0.001:
            break
        f = new
    return calls


def _clusters(m: Markers) -> list[Cluster]:
    share_known = ~np.isnan(m.share)
    good = m.passed & ((m.depth < 0) | (m.depth >= 8)) & ((m.quality < 0) | (m.quality >= 20))
    with np.errstate(invalid="ignore"):
        balanced = np.where(m.het, (m.share >= 0.25) & (m.share <= 0.75), m.share >= 0.85)
    good &= ~share_known | balanced
    out: list[Cluster] = []
    for pos, het in zip(m.pos[good].tolist(), m.het[good].tolist(), strict=True):
        if out and pos - out[-1][1] <= GAP:
            out[-1] = (out[-1][0], pos, out[-1][2] or het)
        else:
            out.append((pos, pos, het))
    return out


def _share_outside(clusters: Mapping[str, list[Cluster]]) -> float:
    """Median share of heterozygous clusters in the windows that do not look homozygous."""
    shares = []
    for found in clusters.values():
        het = [x[2] for x in found]
        windows = [sum(het[i : i + WINDOW]) / WINDOW for i in range(0, len(het) - WINDOW + 1, WINDOW)]
        shares += [s for s in windows if s > 0.2]
    return min(max(float(np.median(shares)) if shares else 0.6, 0.35), 0.9)


def _runs(contig: str, found: list[Cluster], outside: float, f: float) -> list[Call]:
    het_ratio, hom_ratio = math.log(HET_INSIDE / outside), math.log((1 - HET_INSIDE) / (1 - outside))
    ratio = [het_ratio if x[2] else hom_ratio for x in found]
    inside = _viterbi(found, ratio, f)
    calls, i = list[Call](), 0
    while i < len(found):
        j = i
        while j < len(found) and inside[j] == inside[i]:
            j += 1
        if inside[i] and sum(ratio[i:j]) / math.log(10) >= MIN_LOD:
            first, last = found[i][0] - 1, found[j - 1][1]
            before = (found[i - 1][1] + first) // 2 if i else first
            after = (found[j][0] + last) // 2 if j < len(found) else last
            start, end = max(before, first - MAX_REACH), min(after, last + MAX_REACH)
            if end - start >= MIN_BP:
                calls.append((contig, start, end))
        i = j
    return calls


def _viterbi(found: list[Cluster], ratio: list[float], f: float) -> list[bool]:
    out_score, in_score = math.log(1 - f), math.log(f) + ratio[0]
    back: list[tuple[bool, bool]] = []
    for i in range(1, len(found)):
        gap = found[i][0] - found[i - 1][1]
        leave, enter = -math.expm1(-RATE * gap), -math.expm1(-RATE * f / (1 - f) * gap)
        stay_out, from_in = out_score + math.log1p(-enter), in_score + math.log(leave)
        stay_in, from_out = in_score + math.log1p(-leave), out_score + math.log(enter)
        back.append((from_in > stay_out, stay_in >= from_out))
        out_score, in_score = max(stay_out, from_in), max(stay_in, from_out) + ratio[i]
    state = in_score > out_score
    states = [state]
    for from_in_to_out, in_to_in in reversed(back):
        state = in_to_in if state else from_in_to_out
        states.append(state)
    return states[::-1]
