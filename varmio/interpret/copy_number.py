"""Missing copies of exons, from the depth of one sample and, where given, of controls of the same kit.

With controls, in this order:

1. every sample is scaled by the median ratio of its exons to the controls' medians (autosomes only);
2. what all samples share in other strengths (batch, GC content) is taken out: the sample's log ratio is fitted,
   with little weight for outliers, by GC content and the leading directions in which the controls differ;
3. each exon's reads are then compared with what 0, 1, 2 and 3 copies would give: negative binomial, with the
   spread that the exon shows among the controls and that the sample shows over its exons, and with the chance
   that the exon fails for another reason (the controls in which it failed, its GC content);
4. the stretch of neighbouring exons of a transcript whose odds against the usual number of copies are highest is
   called where they pass a bound.

Without controls nothing tells a lost exon from one that the kit fails to catch: only an exon without reads
between covered ones is named, always with that doubt, and never where its GC content makes failing likely.

Halving cannot be told on X, where the number of copies differs between the controls: only absence is called.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from varmio.model import ExonDepth, ExonLoss, ExonRegion, Sex
from varmio.phrases import count

if TYPE_CHECKING:
    from varmio.model import BoolArray, FloatArray

MIN_CONTROLS = 5  # samples; own choice: fewer show neither an exon's spread nor its failures
MIN_SHARED_EXONS = 40  # exons; own choice: fewer give no scale of the sample's own noise
MIN_EXPECTED = 3.0  # reads a base; own choice: below it a lost copy and chance look alike
MIN_FITTED = 8.0  # reads a base of the exons by which a sample is scaled and fitted; own choice
READ_BP = 100  # bp; own choice: short reads of 75 to 150 bp, of which one counts once an exon
STRAY = 0.02  # share of the usual depth that misplaced reads leave over a lost exon; own choice
STRAY_READS = 2  # reads; as many are no sign of a copy, however few are expected; own choice
MIN_SPREAD = 0.06  # standard deviation of ln depth between runs of one kit, at least; own choice
DIRECTIONS = 4  # of difference among the controls that are taken out, at most; own choice
DIRECTION_SHARE = 2.0  # times the mean variance of a direction, from which it is taken out; own choice
FAILS = 0.002  # chance that a sound exon fails in one sample; own choice, argued in docs/deletions.md
FAILS_GC = 0.008  # the same at a GC content outside SOUND_GC
SOUND_GC = (0.30, 0.70)  # share of G and C that capture and PCR keep; Benjamini 2012, PMID 22323520
FAILED = 0.25  # share of the expected depth below which a control failed at an exon; own choice
CALL_NONE = 2.05  # log10 of odds, from which a stretch without copies is called; benchmarks/deletions
CALL_ONE = 4.2  # the same of three exons or more with one copy of two
CALL_ONE_PAIR = 5.0  # the same of two exons
CALL_ONE_EXON = 6.5  # the same of one exon: the tail of chance is longer there
FEW_FAILED = (
    0.2  # share of the controls that fail at an exon, up to which a loss is not put down to the kit; own choice
)
SURE_EXONS = 3  # exons, from which the loss of one of two copies needs no second thought; own choice
SURE_ONE = 6.0  # from which that call needs no second thought
EXTEND = -0.5  # log10 of odds: most exact ends among -1, -0.7, -0.5, -0.3 and 0; benchmarks/deletions
UNSURE_END = 1.0  # log10 of odds below which an exon at the end of a loss is named as less sure; own choice
RATHER_NONE = 1.0  # log10 of odds: where no read is left, no copy is ten times as likely as one; own choice
NO_COPY_RATIO = 0.12  # of the expected depth, below which no copy may be left; own choice
SURE_READS = 12  # reads expected over a loss, below which none can be chance; own choice: exp(-12) a place, 440 places
SURE_NONE_RATIO = 0.05  # above which the loss of every copy is doubtful; own choice: twice what strays leave
MAX_GENES = 2  # genes with exons lost; more of them is a failing capture, own choice
LN10 = math.log(10)
SEX_CHROMOSOMES = ("X", "Y")


def constants() -> list[dict[str, Any]]:
    """The constants of this room for the methods section."""
    own = "varmio's own choice; figures in benchmarks/deletions"
    rows: list[tuple[str, object, str, str]] = [
        ("MIN_CONTROLS", MIN_CONTROLS, "samples", own),
        ("MIN_EXPECTED", MIN_EXPECTED, "reads a base", own),
        ("FAILS", FAILS, "chance that an exon fails", own),
        ("SOUND_GC", f"{SOUND_GC[0]} to {SOUND_GC[1]}", "share of G and C", "Benjamini 2012, PMID 22323520"),
        ("CALL_NONE", CALL_NONE, "log10 of odds", own),
        ("CALL_ONE", CALL_ONE, "log10 of odds", own),
        ("CALL_ONE_PAIR", CALL_ONE_PAIR, "log10 of odds", own),
        ("CALL_ONE_EXON", CALL_ONE_EXON, "log10 of odds", own),
        ("SURE_ONE", SURE_ONE, "log10 of odds", own),
    ]
    return [dict(zip(("name", "value", "unit", "source"), row, strict=True)) for row in rows]


def losses(
    exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]], sex: Sex | None
) -> tuple[ExonLoss, ...]:
    """Stretches of exons with missing copies, by contig and place.

    controls: for each control the mean depth of the same exons in the same order (reads a base; None unknown);
    fewer than MIN_CONTROLS are as good as none. sex: of the sample, for the copies of X.
    """
    compared = len(controls) >= MIN_CONTROLS and _compared(exons, controls)
    found = _with_controls(exons, compared, sex) if compared else _alone(exons, sex)
    return tuple(sorted(found, key=lambda loss: (loss.contig, loss.start, loss.transcript)))


def undecided(
    exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]], found: Iterable[ExonLoss]
) -> tuple[tuple[ExonRegion, int], ...]:
    """Exons without reads that are no loss because nothing tells: each with the controls that failed there too.

    With controls only those at which one in five or fewer failed: where more did, the kit does not catch the exon.
    """
    called = {(loss.transcript, number) for loss in found for number in loss.exons}
    compared = len(controls) >= MIN_CONTROLS and _compared(exons, controls)
    if not compared:
        rest = [(e.region, 0) for e in _all_without_reads(exons)]
    else:
        rest = [
            (e.region, int(compared.failed[i]))
            for i, e in enumerate(exons)
            if e.mean is not None
            and compared.expected[i] >= MIN_FITTED
            and e.mean * e.region.length / READ_BP <= max(2 * STRAY * compared.expected[i], STRAY_READS)
            and 1 <= compared.failed[i] <= FEW_FAILED * compared.n_controls
        ]
    return tuple((region, n) for region, n in rest if (region.transcript, region.number) not in called)


# --------------------------------------------------------------------------- against controls


@dataclass(frozen=True, slots=True)
class _Compared:
    """What the controls say of each exon, at the scale of the sample; NaN where they say nothing."""

    expected: FloatArray  # reads a base with the usual number of copies
    spread: FloatArray  # standard deviation of ln depth
    failed: FloatArray  # controls that failed at it
    n_controls: int


def _compared(exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]]) -> _Compared | None:
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
    return _Compared(middle * factor * np.exp(shift), spread, failed, len(controls))


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
    of_exon = 1.4826 * np.median(np.abs(left), axis=0)  # MAD as a standard deviation
    typical = float(np.median(of_exon[usable]))
    n = len(scaled)
    of_exon = np.sqrt((n * of_exon**2 + 10 * typical**2) / (n + 10))  # ten samples' worth of the typical exon
    beyond = np.maximum(of_exon**2 - chance[1], MIN_SPREAD**2)
    whole = beyond + chance[0]
    rest = (mine - shift)[usable] / np.sqrt(whole[usable])
    noisier = max(1.0, 1.4826 * float(np.median(np.abs(rest))))
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
    """Least squares in which values far off (Huber, 1.5 deviations) count less."""
    import numpy as np

    weight = np.ones(len(values))
    found: FloatArray = np.zeros(design.shape[1])
    for _ in range(10):
        root = np.sqrt(weight)
        found = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
        off = np.abs(values - design @ found)
        bound = 1.5 * max(1.4826 * float(np.median(off)), 1e-6)
        weight = np.minimum(1.0, bound / np.maximum(off, 1e-12)) ** 2
    return found


def _with_controls(exons: Sequence[ExonDepth], known: _Compared, sex: Sex | None) -> Iterable[ExonLoss]:
    found: list[ExonLoss] = []
    for of_transcript in _transcripts(exons):
        odds = [_odds(exons[i], known, i) for i in of_transcript]
        mine = [exons[i] for i in of_transcript]
        found += [_loss(mine, of_transcript, stretch, known, sex) for stretch in _stretches(odds)]
    return _trusted(found)


def _transcripts(exons: Sequence[ExonDepth]) -> Iterable[list[int]]:
    """The indices of each transcript's exons, 5' to 3'."""
    places: dict[str, list[int]] = {}
    for i, exon in enumerate(exons):
        places.setdefault(exon.region.transcript, []).append(i)
    return [sorted(found, key=lambda i: exons[i].region.number) for found in places.values()]


@dataclass(frozen=True, slots=True)
class _Odds:
    """log10 of the odds of one exon: of no copy against any other number, of one copy against the usual number."""

    none: float
    one: float


def _odds(exon: ExonDepth, known: _Compared, i: int) -> _Odds | None:
    expected = float(known.expected[i])
    if exon.mean is None or not expected >= MIN_EXPECTED or exon.targeted is False or _elsewhere(exon):
        return None
    reads = exon.mean * exon.region.length / READ_BP
    usual = expected * exon.region.length / READ_BP
    spread = float(known.spread[i])
    fails = _fails(exon, float(known.failed[i]), known.n_controls)
    failing = _log_nb(reads, STRAY * usual, 1.0)
    two = _log_sum(math.log1p(-fails) + _log_nb(reads, usual, spread), math.log(fails) + failing)
    left = reads > max(NO_COPY_RATIO * usual, STRAY_READS)  # more than a lost exon keeps
    none = -math.inf if left else failing
    on_x = exon.region.contig in SEX_CHROMOSOMES
    one = -math.inf if on_x else _log_nb(reads, usual / 2, spread)
    against_one = (none - one) / LN10 + RATHER_NONE if not on_x else math.inf
    return _Odds(min((none - two) / LN10, against_one), (one - two) / LN10)


def _elsewhere(exon: ExonDepth) -> bool:
    """Whether reads lie here that could belong elsewhere, so that few usable ones say little."""
    return exon.unplaced is not None and exon.mean is not None and exon.unplaced > max(exon.mean, MIN_EXPECTED)


def _fails(exon: ExonDepth, failed: float, n: int) -> float:
    """The chance that the exon has no reads for another reason than a lost copy."""
    base = FAILS if _sound(exon) else FAILS_GC
    return min((failed + base * n) / n, 0.5) if failed else base


def _sound(exon: ExonDepth) -> bool:
    gc = exon.region.gc
    return gc is None or SOUND_GC[0] <= gc <= SOUND_GC[1]


def _log_nb(reads: float, mean: float, spread: float) -> float:
    """ln of the negative binomial density of `reads` (need not be whole) with sd(ln) about `spread`."""
    mean = max(mean, 1e-3)
    size = 1 / spread**2
    return (
        math.lgamma(reads + size)
        - math.lgamma(size)
        - math.lgamma(reads + 1)
        + size * math.log(size / (size + mean))
        + reads * math.log(mean / (size + mean))
    )


def _log_sum(a: float, b: float) -> float:
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))


@dataclass(frozen=True, slots=True)
class _Stretch:
    first: int  # among the transcript's exons
    last: int
    copies: int  # 0, or 1 of 2
    score: float
    unsure: tuple[int, ...] = ()  # of the exons at its ends, those that say little


def _stretches(odds: Sequence[_Odds | None]) -> Iterable[_Stretch]:
    """Stretches without a copy, the best first, then the best one with a single copy among the other exons."""
    none = [None if o is None else o.none for o in odds]
    while (found := _best(none, 0, CALL_NONE)) is not None:
        found = _extended(found, none)
        yield found
        none[found.first : found.last + 1] = [None] * (found.last + 1 - found.first)
        odds = [o if not found.first <= i <= found.last else None for i, o in enumerate(odds)]
    single = [None if o is None else o.one for o in odds]
    one = _best(single, 1, CALL_ONE)
    if one is not None and one.score >= _bound_of_one(sum(s is not None for s in single[one.first : one.last + 1])):
        yield _extended(one, single)


def _bound_of_one(exons: int) -> float:
    return {1: CALL_ONE_EXON, 2: CALL_ONE_PAIR}.get(exons, CALL_ONE)


def _extended(found: _Stretch, scores: Sequence[float | None]) -> _Stretch:
    """The stretch with the exons beside it that do not speak against it, and which of its ends say little."""
    first, last = found.first, found.last
    while first and _above(scores[first - 1], EXTEND):
        first -= 1
    while last + 1 < len(scores) and _above(scores[last + 1], EXTEND):
        last += 1
    unsure = [i for i in (*range(first, found.first + 1), *range(found.last, last + 1)) if found.first != found.last]
    little = tuple(dict.fromkeys(i for i in unsure if not _above(scores[i], UNSURE_END)))
    return _Stretch(first, last, found.copies, found.score, little)


def _above(score: float | None, bound: float) -> bool:
    return score is not None and score > bound


def _best(scores: Sequence[float | None], copies: int, bound: float) -> _Stretch | None:
    """The neighbouring exons with the highest sum, where it passes the bound; None scores are passed over inside."""
    best: _Stretch | None = None
    for first, start in enumerate(scores):
        total = 0.0
        for last in range(first, len(scores) if start is not None else first):
            here = scores[last]
            if here is None:
                continue
            total += here
            if total >= bound and (best is None or total > best.score):
                best = _Stretch(first, last, copies, total)
    return best


def _loss(exons: list[ExonDepth], indices: list[int], found: _Stretch, known: _Compared, sex: Sex | None) -> ExonLoss:
    inside = range(found.first, found.last + 1)
    lost = [exons[k] for k in inside]
    where = [indices[k] for k in inside if exons[k].mean is not None and known.expected[indices[k]] >= MIN_EXPECTED]
    expected = sum(
        float(known.expected[i]) * e.region.length for i, e in zip(indices, exons, strict=True) if i in where
    )
    reads = sum((e.mean or 0.0) * e.region.length for i, e in zip(indices, exons, strict=True) if i in where)
    ratio = reads / expected if expected else 0.0
    of = _copies(lost[0], sex)
    failed = min((float(known.failed[i]) for i in where), default=0.0)
    reasons: tuple[str, ...] = (
        f"{_exons(lost)} of {lost[0].region.transcript}: {ratio:.0%} of the depth that {known.n_controls} controls "
        f"lead to expect; odds of 10^{found.score:.1f} to 1 that copies are missing.",
    )
    if found.unsure:
        ends = " and ".join(str(exons[k].region.number) for k in found.unsure)
        reasons = (*reasons, f"Whether exon {ends} is lost with them is less sure.")
    doubts = [*_doubts_of_controls(lost, failed, known.n_controls)]
    if found.copies == 1 and (found.score < SURE_ONE or len(where) < SURE_EXONS):
        doubts.append("Half the depth over so little sequence can be chance.")
    if found.copies == 0 and expected / READ_BP < SURE_READS:
        doubts.append("So few reads were to be expected here that none can be chance.")
    if found.copies == 0 and ratio > SURE_NONE_RATIO:
        doubts.append("Some reads are left: a copy may be there.")
    return _made(lost, found.copies, of, ratio, found.score, tuple(doubts), reasons)


def _doubts_of_controls(lost: list[ExonDepth], failed: float, n: int) -> Iterable[str]:
    if failed:
        yield f"{count(int(failed), 'control')} of {n} failed at these exons too."
    if not any(_sound(e) for e in lost):
        yield "The GC content of these exons is one at which capture often fails."


def _trusted(found: list[ExonLoss]) -> list[ExonLoss]:
    """The losses without those of a sample that fails in many genes."""
    return found if len({loss.gene for loss in found}) <= MAX_GENES else []


# --------------------------------------------------------------------------- one sample alone

NO_READS = (
    0.03  # share of the sample's median depth over an exon that has none (twice it for a stray or two); own choice
)
COVERED = 10.0  # reads a base of the exons beside it; Karczewski 2020, PMID 32461654
MIN_MEDIAN = 20.0  # reads a base: a sample that is read less deeply shows nothing; own choice
MIN_COVERED = 0.8  # share of the panel's exons that must be covered; own choice
FAILED_OR_LOST = "Without controls of the same kit a lost exon and one that the capture missed look alike."


def _alone(exons: Sequence[ExonDepth], sex: Sex | None) -> Iterable[ExonLoss]:
    import statistics

    means = [e.mean for e in exons if e.mean is not None]
    if len(means) < MIN_SHARED_EXONS:
        return []
    middle = statistics.median(means)
    if middle < MIN_MEDIAN or sum(m >= COVERED for m in means) < MIN_COVERED * len(means):
        return []
    found = []
    for of_transcript in _transcripts(exons):
        of = [exons[i] for i in of_transcript if exons[i].mean is not None]
        for lost in _without_reads(of, middle):
            if any(_sound(e) for e in lost) and _beside_covered(of, lost):
                found.append(_lone_loss(lost, of, sex))
    return _trusted(found)


def _all_without_reads(exons: Sequence[ExonDepth]) -> Iterable[ExonDepth]:
    """Exons without reads in a sample that is read deeply enough to tell."""
    import statistics

    means = [e.mean for e in exons if e.mean is not None]
    middle = statistics.median(means) if means else 0.0
    if middle < MIN_MEDIAN:
        return []
    return [e for of in _transcripts(exons) for s in _without_reads([exons[i] for i in of], middle) for e in s]


def _lacks_reads(exon: ExonDepth, middle: float) -> bool:
    """Whether an exon holds no more than strays: by its depth, or by so few reads where many were to be expected."""
    mean, reads = exon.mean or 0.0, exon.region.length / READ_BP
    few = mean * reads <= STRAY_READS and middle * reads >= SURE_READS and mean <= 2 * NO_READS * middle
    return mean <= NO_READS * middle or few


def _without_reads(exons: list[ExonDepth], middle: float) -> Iterable[list[ExonDepth]]:
    """Stretches of neighbouring exons that all lack reads in a sample whose usual depth is `middle`."""
    stretch: list[ExonDepth] = []
    for exon in exons:
        if _lacks_reads(exon, middle) and exon.targeted is not False and not _elsewhere(exon):
            stretch.append(exon)
            continue
        if stretch:
            yield stretch
        stretch = []
    if stretch:
        yield stretch


def _beside_covered(exons: list[ExonDepth], lost: list[ExonDepth]) -> bool:
    """Whether the nearest exons on both sides, as far as there are any, are covered."""
    first, last = exons.index(lost[0]), exons.index(lost[-1])
    beside = [exons[k] for k in (first - 1, last + 1) if 0 <= k < len(exons)]
    return all((e.mean or 0.0) >= COVERED for e in beside)


def _lone_loss(lost: list[ExonDepth], exons: list[ExonDepth], sex: Sex | None) -> ExonLoss:
    beside = "every exon of the gene is without reads" if len(lost) == len(exons) else "the exons beside are covered"
    reason = f"{_exons(lost)} of {lost[0].region.transcript} without usable reads; {beside}."
    return _made(lost, 0, _copies(lost[0], sex), 0.0, None, (FAILED_OR_LOST,), (reason,))


# --------------------------------------------------------------------------- shared


def _copies(exon: ExonDepth, sex: Sex | None) -> int:
    return 1 if exon.region.contig == "X" and sex is Sex.MALE else 2


def _exons(lost: list[ExonDepth]) -> str:
    first, last = lost[0].region.number, lost[-1].region.number
    return f"Exon {first}" if first == last else f"Exons {first} to {last}"


def _made(
    lost: list[ExonDepth],
    copies: int,
    of: int,
    ratio: float,
    score: float | None,
    doubts: tuple[str, ...],
    reasons: tuple[str, ...],
) -> ExonLoss:
    region = lost[0].region
    return ExonLoss(
        gene=region.gene,
        transcript=region.transcript,
        exons=tuple(range(lost[0].region.number, lost[-1].region.number + 1)),
        contig=region.contig,
        start=min(e.region.start for e in lost),
        end=max(e.region.end for e in lost),
        copies=copies,
        of=of,
        ratio=round(ratio, 3),
        score=None if score is None else round(score, 1),
        doubts=doubts,
        reasons=reasons,
    )
