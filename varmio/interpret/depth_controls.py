"""What the controls of a kit lead to expect of each exon of a sample.

1. Every sample is scaled by the median ratio of its exons to the controls' medians (autosomes only).
2. What all samples share in other strengths (batch, GC content) is taken out: the sample's log ratio is fitted, with
   little weight for outliers, by GC content and the leading directions in which the controls differ.
3. An exon's spread is what it shows among the controls beside that, and beside counting reads, times what this sample
   is noisier.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from varmio.interpret.depth_exons import MIN_SHARED_EXONS, READ_BP, SEX_CHROMOSOMES
from varmio.model import ExonDepth

if TYPE_CHECKING:
    from varmio.model import BoolArray, FloatArray

MIN_FITTED = 8.0  # reads a base of the exons by which a sample is scaled and fitted; own choice
MIN_SPREAD = 0.06  # standard deviation of ln depth between runs of one kit, at least; own choice
DIRECTIONS = 4  # of difference among the controls that are taken out, at most; own choice
DIRECTION_SHARE = 2.0  # times the mean variance of a direction, from which it is taken out; own choice
FAILED = 0.25  # share of the expected depth below which a control failed at an exon; own choice
TYPICAL_WEIGHT = 10  # samples' worth of the typical exon's spread in each exon's own; own choice
HUBER = 1.5  # deviations, from which a value counts less in a fit; own choice
MAD = 1.4826  # of a normal distribution, standard deviation over median absolute deviation


@dataclass(frozen=True, slots=True)
class Compared:
    """What the controls say of each exon, at the scale of the sample; NaN where they say nothing."""

    expected: FloatArray  # reads a base with the usual number of copies
    spread: FloatArray  # standard deviation of ln depth
    failed: FloatArray  # controls that failed at it
    n_controls: int


def compared(exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]]) -> Compared | None:
    """The expectation of every exon; None where too few exons are known in sample and controls."""
    import numpy as np

    depth = np.array([[math.nan if v is None else v for v in row] for row in controls], dtype=float)
    own = np.array([math.nan if e.mean is None else e.mean for e in exons], dtype=float)
    autosomal = np.array([e.region.contig not in SEX_CHROMOSOMES for e in exons])
    with np.errstate(all="ignore"):
        scaled = depth / _scale(depth, autosomal)[:, None]
        middle = _median(scaled, 0)
        failed = np.nansum(scaled < FAILED * middle, axis=0)
        factor = _ratio(own, middle, autosomal & (middle > 0))
        usable = autosomal & (middle * factor >= MIN_FITTED) & np.isfinite(own)
        if not np.isfinite(factor) or usable.sum() < MIN_SHARED_EXONS:
            return None
        length = np.array([e.region.length for e in exons])
        chance = READ_BP / length / np.maximum(_median(depth, 0), 0.1)  # variance of ln depth by counting, controls
        own_chance = READ_BP / length / np.maximum(middle * factor, 0.1)
        shift, spread = _explained(own / factor, scaled, middle, usable, _gc(exons), (own_chance, chance))
    return Compared(middle * factor * np.exp(shift), spread, failed, len(controls))


def _median(values: FloatArray, axis: int) -> FloatArray:
    """The median of the numbers; NaN, without a warning, where there is none."""
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found: FloatArray = np.nanmedian(values, axis=axis)
    return found


def _scale(depth: FloatArray, autosomal: BoolArray) -> FloatArray:
    """How deeply each control was read, against the median control."""
    import numpy as np

    first = _median(depth[:, autosomal], 1)
    first = np.where(first > 0, first, np.nan)
    middle = _median(depth / first[:, None], 0)
    return np.array([_ratio(row, middle, autosomal & (middle > 0)) for row in depth])


def _ratio(own: FloatArray, middle: FloatArray, where: BoolArray) -> float:
    """The median ratio of a sample's exons to the middle."""
    import numpy as np

    ratios = own[where] / middle[where]
    ratios = ratios[np.isfinite(ratios) & (ratios > 0)]
    return float(np.median(ratios)) if len(ratios) else math.nan


def _gc(exons: Sequence[ExonDepth]) -> FloatArray:
    """GC content about its middle; 0 where it is not known."""
    import numpy as np

    return np.array([0.0 if e.region.gc is None else e.region.gc - 0.5 for e in exons])


def _explained(
    own: FloatArray,
    scaled: FloatArray,
    middle: FloatArray,
    usable: BoolArray,
    gc: FloatArray,
    chance: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """ln of what batch and GC content change in the sample, and each exon's spread beside that and beside counting.

    chance: the variance of ln depth by counting reads alone, of the sample and of the controls.
    """
    import numpy as np

    floor = FAILED * middle
    logs = np.log(np.maximum(scaled, floor) / middle)
    logs[:, ~usable] = 0.0
    logs = np.where(np.isfinite(logs), np.clip(logs, -1.0, 1.0), 0.0)
    design = np.column_stack((np.ones(len(gc)), gc, gc * gc, *_directions(logs[:, usable], usable)))
    mine = np.where(usable, np.log(np.maximum(own, floor) / middle), 0.0)
    shift = design @ _fit(design[usable], mine[usable])
    left = np.array([row - design @ _fit(design[usable], row[usable]) for row in logs])
    of_exon = MAD * np.median(np.abs(left), axis=0)
    typical = float(np.median(of_exon[usable]))
    n = len(scaled)
    of_exon = np.sqrt((n * of_exon**2 + TYPICAL_WEIGHT * typical**2) / (n + TYPICAL_WEIGHT))
    beyond = np.maximum(of_exon**2 - chance[1], MIN_SPREAD**2)
    whole = beyond + chance[0]
    rest = (mine - shift)[usable] / np.sqrt(whole[usable])
    noisier = max(1.0, MAD * float(np.median(np.abs(rest))))
    return shift, np.sqrt(np.maximum(whole * noisier**2 - chance[0], MIN_SPREAD**2))


def _directions(logs: FloatArray, usable: BoolArray) -> list[FloatArray]:
    """The leading directions in which the controls differ, each over all exons (0 where not usable)."""
    import numpy as np

    centred = logs - logs.mean(axis=0)
    _, size, rows = np.linalg.svd(centred, full_matrices=False)
    variance = size**2
    strong = variance > DIRECTION_SHARE * variance.mean()
    found: list[FloatArray] = []
    for row in rows[strong][:DIRECTIONS]:
        over_all = np.zeros(len(usable))
        over_all[usable] = row
        found.append(over_all)
    return found


def _fit(design: FloatArray, values: FloatArray) -> FloatArray:
    """Least squares in which values far off count less."""
    import numpy as np

    weight = np.ones(len(values))
    found: FloatArray = np.zeros(design.shape[1])
    for _ in range(10):
        root = np.sqrt(weight)
        found = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
        off = np.abs(values - design @ found)
        bound = HUBER * max(MAD * float(np.median(off)), 1e-6)
        weight = np.minimum(1.0, bound / np.maximum(off, 1e-12)) ** 2
    return found
