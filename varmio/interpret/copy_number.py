"""Missing copies of exons, from the depth of one sample and, where given, of controls of the same kit.

With controls, in this order:

1. `depth_controls.py` says what each exon should show, and how widely it may vary;
2. each exon's reads are compared with what 0, 1 and 2 copies would give: negative binomial, with the
   spread that the exon shows among the controls and that the sample shows over its exons, and with the chance
   that the exon fails for another reason (the controls in which it failed, its GC content);
3. the stretch of neighbouring exons of a transcript whose odds against the usual number of copies are highest is
   called where they pass a bound.

Without controls (`depth_alone.py`) nothing tells a lost exon from one that the kit fails to catch: only an exon
without reads between covered ones is named, always with that doubt, and never where its GC content makes failing
likely.

Halving cannot be told on X, where the number of copies differs between the controls: only absence is called.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from varmio.interpret import depth_alone
from varmio.interpret.depth_controls import MIN_FITTED, Compared, compared
from varmio.interpret.depth_exons import (
    MIN_EXPECTED,
    READ_BP,
    SEX_CHROMOSOMES,
    SOUND_GC,
    STRAY_READS,
    SURE_READS,
    as_loss,
    elsewhere,
    named,
    of_transcripts,
    sound,
    usual_copies,
)
from varmio.model import ExonDepth, ExonLoss, ExonRegion, Sex
from varmio.phrases import count

MIN_CONTROLS = 5  # samples; own choice: fewer show neither an exon's spread nor its failures
STRAY = 0.02  # share of the usual depth that misplaced reads leave over a lost exon; own choice
FAILS = 0.002  # chance that a sound exon fails in one sample; own choice, argued in docs/deletions.md
FAILS_GC = 0.008  # the same at a GC content outside SOUND_GC
CALL_NONE = 2.05  # log10 of odds, from which a stretch without copies is called; benchmarks/deletions
CALL_ONE = 4.2  # the same of three exons or more with one copy of two
CALL_ONE_PAIR = 5.0  # the same of two exons
CALL_ONE_EXON = 6.5  # the same of one exon: the tail of chance is longer there
FEW_FAILED = 0.2  # share of the controls that fail at an exon, above which the kit does not catch it; own choice
SURE_EXONS = 3  # exons, from which the loss of one of two copies needs no second thought; own choice
SURE_ONE = 6.0  # from which that call needs no second thought
EXTEND = -0.5  # log10 of odds: most exact ends among -1, -0.7, -0.5, -0.3 and 0; benchmarks/deletions
UNSURE_END = 1.0  # log10 of odds below which an exon at the end of a loss is named as less sure; own choice
RATHER_NONE = 1.0  # log10 of odds: where no read is left, no copy is ten times as likely as one; own choice
NO_COPY_RATIO = 0.12  # of the expected depth, below which no copy may be left; own choice
SURE_NONE_RATIO = 0.05  # above which the loss of every copy is doubtful; own choice: twice what strays leave
MAX_GENES = 2  # genes with exons lost; more of them is a failing capture, own choice
LN10 = math.log(10)


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


@dataclass(frozen=True, slots=True)
class Copies:
    """What the depth says of missing copies.

    losses: by contig and place. undecided: exons without reads that are no loss because nothing tells, each with the
    controls that failed there too (0 without controls).
    """

    losses: tuple[ExonLoss, ...]
    undecided: tuple[tuple[ExonRegion, int], ...]


def copies(exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]], sex: Sex | None) -> Copies:
    """Stretches of exons with missing copies, and exons of which nothing tells.

    controls: for each control the mean depth of the same exons in the same order (reads a base; None unknown);
    fewer than MIN_CONTROLS are as good as none. sex: of the sample, for the copies of X.
    """
    known = compared(exons, controls) if len(controls) >= MIN_CONTROLS else None
    found = _with_controls(exons, known, sex) if known else depth_alone.losses(exons, sex)
    if len({loss.gene for loss in found}) > MAX_GENES:  # the sample fails, not its genes
        found = []
    called = {(loss.transcript, number) for loss in found for number in loss.exons}
    silent = _silent(exons, known) if known else ((region, 0) for region in depth_alone.without_reads(exons))
    return Copies(
        tuple(sorted(found, key=lambda loss: (loss.contig, loss.start, loss.transcript))),
        tuple((region, n) for region, n in silent if (region.transcript, region.number) not in called),
    )


def losses(
    exons: Sequence[ExonDepth], controls: Sequence[Sequence[float | None]], sex: Sex | None
) -> tuple[ExonLoss, ...]:
    """The losses alone, as `copies`."""
    return copies(exons, controls, sex).losses


# --------------------------------------------------------------------------- against controls


def _silent(exons: Sequence[ExonDepth], known: Compared) -> Iterator[tuple[ExonRegion, int]]:
    """Exons without reads at which a few controls failed too: where more did, the kit does not catch the exon."""
    for i, exon in enumerate(exons):
        if exon.mean is None or not known.expected[i] >= MIN_FITTED:
            continue
        none = exon.mean * exon.region.length / READ_BP <= max(2 * STRAY * known.expected[i], STRAY_READS)
        if none and 1 <= known.failed[i] <= FEW_FAILED * known.n_controls:
            yield exon.region, int(known.failed[i])


def _with_controls(exons: Sequence[ExonDepth], known: Compared, sex: Sex | None) -> list[ExonLoss]:
    found: list[ExonLoss] = []
    for of_transcript in of_transcripts(exons):
        odds = [_odds(exons[i], known, i) for i in of_transcript]
        mine = [exons[i] for i in of_transcript]
        found += [_loss(mine, of_transcript, stretch, known, sex) for stretch in _stretches(odds)]
    return found


@dataclass(frozen=True, slots=True)
class _Odds:
    """log10 of the odds of one exon: of no copy against any other number, of one copy against the usual number."""

    none: float
    one: float


def _odds(exon: ExonDepth, known: Compared, i: int) -> _Odds | None:
    expected = float(known.expected[i])
    if exon.mean is None or not expected >= MIN_EXPECTED or exon.targeted is False or elsewhere(exon):
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


def _fails(exon: ExonDepth, failed: float, n: int) -> float:
    """The chance that the exon has no reads for another reason than a lost copy."""
    base = FAILS if sound(exon) else FAILS_GC
    return min((failed + base * n) / n, 0.5) if failed else base


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


def _loss(exons: list[ExonDepth], indices: list[int], found: _Stretch, known: Compared, sex: Sex | None) -> ExonLoss:
    inside = range(found.first, found.last + 1)
    lost = [exons[k] for k in inside]
    where = [indices[k] for k in inside if exons[k].mean is not None and known.expected[indices[k]] >= MIN_EXPECTED]
    expected = sum(
        float(known.expected[i]) * e.region.length for i, e in zip(indices, exons, strict=True) if i in where
    )
    reads = sum((e.mean or 0.0) * e.region.length for i, e in zip(indices, exons, strict=True) if i in where)
    ratio = reads / expected if expected else 0.0
    of = usual_copies(lost[0], sex)
    failed = min((float(known.failed[i]) for i in where), default=0.0)
    reasons: tuple[str, ...] = (
        f"{named(lost)} of {lost[0].region.transcript}: {ratio:.0%} of the depth that {known.n_controls} controls "
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
    return as_loss(lost, found.copies, of, ratio, found.score, tuple(doubts), reasons)


def _doubts_of_controls(lost: list[ExonDepth], failed: float, n: int) -> Iterable[str]:
    if failed:
        yield f"{count(int(failed), 'control')} of {n} failed at these exons too."
    if not any(sound(e) for e in lost):
        yield "The GC content of these exons is one at which capture often fails."
