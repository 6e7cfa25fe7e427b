"""What the markers of one sample say for one ancestral copy, or for two: usable sites, in groups.

Each site is a place where the sample differs from the reference, so a site says one thing only: both copies
alike, or not. How much a heterozygous call counts depends on its reads: where a site is truly heterozygous the
share of its second allele lies about one half, as widely as the sample's own sites do; where reads were mapped
to the wrong place it lies anywhere. Neighbouring sites are kept together, as one wrong mapping makes several calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from varmio.model import BoolArray, FloatArray, IntArray, Markers

MIN_DEPTH = 6  # reads; a true heterozygote then shows one allele only with probability 2 x 0.5^6 = 0.03
MIN_QUALITY = 10  # phred; one wrong genotype in ten, no more than the model's own doubt about a single site
MIN_HOM_SHARE = 0.85  # of the reads; below, a call of two equal copies contradicts its own reads
GROUP_GAP_BP = 10_000  # bp; sites nearer than this share reads, exons and local copies, so also their errors
GROUP_SPAN_BP = 50_000  # bp; a longer chain of near sites, as in a genome, is cut here
ARTEFACT_SHARE = 0.01  # of groups hold a false heterozygote; inside the truth's runs 1 to 5 in 100 do
ARTEFACT_REPEAT = 0.5  # a false heterozygote is as likely as not followed by another in its group
ODD_SHARE = 0.03  # of true heterozygotes have a share of reads beyond all spread: drop-out, a second variant
SHARE_SPREAD = 0.01  # share; the least spread beside chance, so that great depth does not make it vanish
FREQUENCY_TILT = 5.0  # times; how far a site's population frequency may move its odds, in either direction


@dataclass(frozen=True, slots=True)
class Sites:
    """Usable sites of several contigs one after another, ascending within each."""

    contigs: tuple[str, ...]
    contig: IntArray  # number in `contigs`
    pos: IntArray  # 1-based
    het: BoolArray
    depth: IntArray  # -1 where not known
    balance: FloatArray  # log density of the share of reads if truly heterozygous; 0 for others or without reads
    tilt: FloatArray  # how much likelier two unlike copies are here than at a site of unknown frequency


@dataclass(frozen=True, slots=True)
class Groups:
    """Neighbouring sites taken together; arrays of one length."""

    contigs: tuple[str, ...]
    contig: IntArray
    first: IntArray  # 1-based position of the first site
    last: IntArray
    at: IntArray  # number of its first site in Sites
    n_sites: IntArray
    n_het: IntArray

    def __len__(self) -> int:
        return len(self.first)


def usable_sites(
    markers: Mapping[str, Markers], contigs: Iterable[str], frequencies: Mapping[str, FloatArray] | None = None
) -> Sites:
    """The sites that count: passed, deep and sure enough where that is known, not contradicted by their own reads.

    `frequencies`: population frequency of the called alternate allele, NaN where unknown, aligned with the markers
    of each contig.
    """
    import numpy as np

    here = tuple(c for c in contigs if c in markers and len(markers[c].pos))
    parts: list[tuple[Any, ...]] = []
    for number, contig in enumerate(here):
        m = markers[contig]
        keep = _usable(m)
        known = (frequencies or {}).get(contig)
        frequency = np.full(len(m.pos), np.nan) if known is None else known
        parts.append(tuple(x[keep] for x in (np.full(len(m.pos), number), m.pos, m.het, m.depth, m.share, frequency)))
    if not parts:
        none = np.zeros(0)
        return Sites(here, none.astype(int), none.astype(int), none.astype(bool), none.astype(int), none, none)
    contig_, pos, het, depth, share, frequency = (np.concatenate(x) for x in zip(*parts, strict=True))
    return Sites(here, contig_, pos, het, depth, _balance(het, depth, share), _tilt(frequency))


def _usable(m: Markers) -> BoolArray:
    deep = (m.depth < 0) | (m.depth >= MIN_DEPTH)
    sure = (m.quality < 0) | (m.quality >= MIN_QUALITY)
    return m.passed & deep & sure & (m.het | ~(m.share < MIN_HOM_SHARE))


def _balance(het: BoolArray, depth: IntArray, share: FloatArray) -> FloatArray:
    """Log density of each heterozygous site's share of reads, from the sample's own centre and spread.

    The spread is that of chance (0.5 / sqrt(depth)) times what the sample shows beyond it, both by medians, so
    that the few false calls do not count. A false call's share is taken as spread evenly over 0..1 (log density 0).
    """
    import numpy as np

    out = np.zeros(len(het))
    known = het & ~np.isnan(share)
    if not known.any():
        return out
    x, reads = share[known].astype(float), depth[known].astype(float)
    reads = np.maximum(np.where(reads > 0, reads, median(reads[reads > 0]) if (reads > 0).any() else 30.0), 4.0)
    off, chance = x - median(x), 0.5 / np.sqrt(reads)
    beyond = max(1.0, 1.4826 * median(np.abs(off) / chance))
    spread = np.hypot(chance * beyond, SHARE_SPREAD)
    normal = np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    out[known] = np.log((1 - ODD_SHARE) * normal + ODD_SHARE)
    return out


def _tilt(frequency: FloatArray) -> FloatArray:
    """2(1-q)/q, the odds of one copy against two at frequency q, over their median among the sites that have one."""
    import numpy as np

    known = ~np.isnan(frequency)
    out = np.ones(len(frequency))
    if known.any():
        q = np.clip(frequency[known], 0.001, 0.999)
        odds = (1 - q) / q
        out[known] = np.clip(odds / median(odds), 1 / FREQUENCY_TILT, FREQUENCY_TILT)
    return out


def median(values: FloatArray | IntArray) -> float:
    """The middle value; numpy's own loads its masked arrays, which takes longer than all medians of a run."""
    import numpy as np

    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def group(sites: Sites) -> Groups:
    """Sites within GROUP_GAP_BP of the one before, in the same stretch of GROUP_SPAN_BP, are one group."""
    import numpy as np

    n = len(sites.pos)
    if not n:
        none = np.zeros(0, int)
        return Groups(sites.contigs, none, none, none, none, none, none)
    other = np.diff(sites.contig) != 0
    far = (np.diff(sites.pos) > GROUP_GAP_BP) | (np.diff(sites.pos // GROUP_SPAN_BP) != 0) & _dense(sites)
    at = np.flatnonzero(np.concatenate(([True], other | far)))
    end = np.append(at[1:], n)
    n_het = np.add.reduceat(sites.het.astype(int), at)
    return Groups(sites.contigs, sites.contig[at], sites.pos[at], sites.pos[end - 1], at, end - at, n_het)


def _dense(sites: Sites) -> BoolArray:
    """For each step to the next site: whether the chain of near sites it belongs to is longer than GROUP_SPAN_BP."""
    import numpy as np

    step = (np.diff(sites.pos) > GROUP_GAP_BP) | (np.diff(sites.contig) != 0)
    at = np.flatnonzero(np.concatenate(([True], step)))
    end = np.append(at[1:], len(sites.pos))
    long = sites.pos[end - 1] - sites.pos[at] > GROUP_SPAN_BP
    return np.repeat(long, end - at)[1:]


def log_likelihood(sites: Sites, groups: Groups, het_odds: FloatArray) -> FloatArray:
    """Log probability of each group under one ancestral copy (column 0) and under each class of two copies.

    het_odds: odds that a site is heterozygous rather than homozygous, for each class.
    A group with k heterozygous calls is real, or one artefact: ARTEFACT_SHARE x ARTEFACT_REPEAT^(k-1). With one
    ancestral copy only the artefact is left; homozygous sites are then certain. Terms that all columns share are
    left out.
    """
    import numpy as np

    k = groups.n_het[:, None]
    balance = np.add.reduceat(sites.balance, groups.at)[:, None]
    if (sites.tilt == 1).all():
        hom = -np.log1p(het_odds)
        of_hom = (groups.n_sites[:, None] - k) * hom
        of_het = k * (np.log(het_odds) + hom) + balance
    else:
        odds, het = sites.tilt[:, None] * het_odds, sites.het[:, None]
        each = -np.log1p(odds)
        of_hom = np.add.reduceat(np.where(het, 0.0, each), groups.at)
        of_het = np.add.reduceat(np.where(het, np.log(odds) + each, 0.0), groups.at) + balance
    artefact = np.log(ARTEFACT_SHARE) + (k - 1) * np.log(ARTEFACT_REPEAT)
    two = of_hom + np.where(k > 0, np.logaddexp(of_het, artefact), 0.0)
    return np.concatenate([np.where(k > 0, artefact, 0.0), two], axis=1)
