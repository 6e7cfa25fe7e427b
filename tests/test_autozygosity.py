"""Runs of homozygosity from made-up markers with known runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varmio.assembly import CONTIG_LENGTHS
from varmio.interpret import autozygosity, roh_pattern
from varmio.model import Assembly, Autozygosity, Markers, RohPattern, Run, Sex

LENGTHS = CONTIG_LENGTHS[Assembly.GRCH38]
AUTOSOMES = [str(n) for n in range(1, 23)]
SITES_PER_MB = 7.5  # about an exome's
HET_OUTSIDE, HET_INSIDE = 0.62, 0.003
Planted = Mapping[str, tuple[int, int]]


def person(planted: Planted = {}, seed: int = 7, contigs: list[str] = AUTOSOMES, **changes: Any) -> dict[str, Markers]:  # noqa: B006 - never changed
    """Markers over whole chromosomes in small groups, with these runs."""
    rng = np.random.default_rng(seed)
    made = {}
    for contig in contigs:
        n = int(LENGTHS[contig] / 1e6 * SITES_PER_MB)
        genes = np.sort(rng.integers(60_000, LENGTHS[contig] - 60_000, n // 2))
        pos = np.unique(np.concatenate([genes, genes + rng.integers(50, 2_000, len(genes))]))
        start, end = planted.get(contig, (0, 0))
        inside = (pos > start) & (pos <= end)
        het = rng.random(len(pos)) < np.where(inside, HET_INSIDE, HET_OUTSIDE)
        depth = rng.poisson(60, len(pos)).astype(np.int32)
        share = np.where(het, rng.normal(0.48, 0.05, len(pos)), 0.99).astype(np.float32)
        whole = np.ones(len(pos), np.bool_)
        made[contig] = Markers(pos.astype(np.int64), het, whole, depth, np.full(len(pos), 99, np.int32), share)
    return {contig: replace(m, **{k: f(m) for k, f in changes.items()}) for contig, m in made.items()}


def found(markers: Mapping[str, Markers], sex: Sex | None = None) -> Autozygosity:
    return autozygosity.assess(markers, sex, LENGTHS).found


def missing(kind: type) -> Any:
    """A column that the file does not write."""
    return lambda m: np.full(len(m.pos), np.nan if kind is float else -1, np.float32 if kind is float else np.int32)


def spans(runs: tuple[Run, ...]) -> list[tuple[str, int, int]]:
    return [(r.contig, r.start, r.end) for r in runs]


# --------------------------------------------------------------------------- runs


RUNS = {"2": (40_000_000, 52_000_000), "6": (95_000_000, 125_000_000), "11": (60_000_000, 64_000_000)}


def test_planted_runs_are_found_with_their_bounds_and_nothing_else() -> None:
    runs = found(person(RUNS)).segments
    assert [r.contig for r in runs] == list(RUNS)
    for run in runs:
        start, end = RUNS[run.contig]
        assert abs(run.start - start) < 700_000
        assert abs(run.end - end) < 700_000
        assert run.max_start <= run.start <= run.certain_start < run.certain_end <= run.end <= run.max_end
        assert run.score >= autozygosity.MIN_LOD
        assert run.n_clusters <= run.n_sites
        assert run.depth_ratio == pytest.approx(1, abs=0.1)
        assert not run.may_be_deleted


def test_without_runs_none_that_counts_is_found() -> None:
    for seed in range(8):
        quiet = found(person(seed=seed))
        assert (quiet.total_bp, quiet.f_roh, quiet.pattern) == (0, 0.0, RohPattern.NONE)
        assert not [r for r in quiet.segments if r.length_bp > 1_000_000]


def test_a_run_at_the_end_of_a_chromosome_reaches_its_end() -> None:
    (run,) = found(person({"6": (140_000_000, LENGTHS["6"])})).segments
    assert run.end == LENGTHS["6"]
    (arm,) = found(person({"13": (0, 30_000_000)})).segments
    assert arm.start == 0


def test_the_share_is_that_of_the_runs_that_count_and_lies_in_its_interval() -> None:
    one = found(person(RUNS))
    autosomes = sum(LENGTHS[c] for c in AUTOSOMES)
    counted = [r for r in one.segments if r.length_bp >= roh_pattern.MIN_COUNTED_BP]
    assert one.total_bp == sum(r.length_bp for r in counted)
    assert one.f_roh == pytest.approx(one.total_bp / autosomes, abs=1e-5)
    assert one.f_roh_interval
    low, high = one.f_roh_interval
    assert low <= 46 / (autosomes / 1e6) <= high
    assert low <= one.f_roh <= high


def test_the_posterior_is_high_inside_low_outside_and_unknown_elsewhere() -> None:
    assessment = autozygosity.assess(person(RUNS), None, LENGTHS)
    at = assessment.posterior
    inside = [at("6", pos) for pos in range(97_000_000, 123_000_000, 250_000)]
    outside = [at("6", pos) for pos in range(10_000_000, 85_000_000, 250_000)]
    assert min(p for p in inside if p is not None) > 0.99
    assert np.median([p for p in outside if p is not None]) < 0.01
    assert at("X", 1_000_000) is None
    assert at("MT", 100) is None


# --------------------------------------------------------------------------- what must not matter


@settings(max_examples=15, deadline=None)
@given(st.permutations(AUTOSOMES), st.integers(0, 3))
def test_the_order_of_contigs_and_further_ones_change_nothing(order: list[str], seed: int) -> None:
    markers = person(RUNS, seed)
    shuffled = {contig: markers[contig] for contig in order}
    assert found(shuffled | {"Y": markers["1"], "MT": markers["2"], "GL1": markers["3"]}) == found(markers)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9), st.floats(0, 0.3))
def test_filtered_and_poor_calls_change_nothing(seed: int, share: float) -> None:
    """Heterozygous calls that fail the filter, are shallow or unsure, put anywhere."""
    markers = person(RUNS, 1)
    rng = np.random.default_rng(seed)
    noisy = {}
    for contig, m in markers.items():
        n = int(len(m.pos) * share)
        pos = np.concatenate([m.pos, rng.integers(1, LENGTHS[contig], n)])
        kind = rng.integers(0, 3, n)
        more = Markers(
            pos,
            np.concatenate([m.het, np.ones(n, np.bool_)]),
            np.concatenate([m.passed, kind != 0]),
            np.concatenate([m.depth, np.where(kind == 1, 7, 60).astype(np.int32)]),
            np.concatenate([m.quality, np.where(kind == 2, 19, 99).astype(np.int32)]),
            np.concatenate([m.share, np.full(n, 0.5, np.float32)]),
        )
        order = np.argsort(more.pos, kind="stable")
        noisy[contig] = Markers(*(getattr(more, name)[order] for name in Markers.__slots__))
    assert found(noisy) == found(markers)


@pytest.mark.parametrize(
    "lost",
    [
        {"depth": missing(int)},
        {"quality": missing(int)},
        {"share": missing(float)},
        {"depth": missing(int), "quality": missing(int), "share": missing(float)},
    ],
)
def test_a_file_without_depth_quality_or_balance_is_assessed_by_what_there_is(lost: dict[str, Any]) -> None:
    runs = found(person(RUNS, **lost)).segments
    assert [r.contig for r in runs] == list(RUNS)
    if "depth" in lost:
        assert {r.depth_ratio for r in runs} == {None}


# --------------------------------------------------------------------------- sex chromosomes


def test_x_is_assessed_in_a_girl_only_and_counts_for_nothing() -> None:
    with_x = person(RUNS) | person({"X": (70_000_000, 110_000_000)}, contigs=["X"])
    girl, boy, unknown = (found(with_x, sex) for sex in (Sex.FEMALE, Sex.MALE, None))
    assert [r.contig for r in girl.x_segments] == ["X"]
    assert (boy.x_segments, unknown.x_segments) == ((), ())
    assert girl.f_roh == boy.f_roh == found(person(RUNS)).f_roh
    assert "X" not in {r.contig for r in (*girl.segments, *boy.segments)}


# --------------------------------------------------------------------------- depth


def test_half_the_depth_inside_a_run_says_that_a_copy_may_be_missing() -> None:
    def halved(m: Markers) -> Any:
        return np.where((m.pos > 95_000_000) & (m.pos <= 125_000_000), m.depth // 2, m.depth).astype(np.int32)

    markers = person(RUNS)
    markers["6"] = replace(markers["6"], depth=halved(markers["6"]))
    runs = {r.contig: r for r in found(markers).segments}
    assert runs["6"].depth_ratio == pytest.approx(0.5, abs=0.05)
    assert [c for c, r in runs.items() if r.may_be_deleted] == ["6"]


# --------------------------------------------------------------------------- what cannot be assessed


@pytest.mark.parametrize(
    ("markers", "says"),
    [
        ({}, "0 usable single-letter changes on autosomes (of 0 called), fewer than 5,000"),
        (person(contigs=["1"]), "fewer than 5,000"),
        (person(passed=lambda m: np.zeros(len(m.pos), np.bool_)), "0 usable single-letter changes"),
        (person(het=lambda m: np.arange(len(m.pos)) % 50 != 0, share=missing(float)), "98% of the calls are het"),
        (person(het=lambda m: np.arange(len(m.pos)) % 50 == 0, share=missing(float)), "2% of the calls are het"),
        (person(contigs=AUTOSOMES[:12]), "the calls lie on 12 of 22 autosomes"),
    ],
)
def test_a_file_that_cannot_tell_is_refused_with_its_reason(markers: dict[str, Markers], says: str) -> None:
    one = found(markers)
    assert not one.assessable
    assert says in one.reasons[0]
    assert (one.segments, one.f_roh, one.pattern) == ((), None, RohPattern.NOT_ASSESSABLE)
    assert autozygosity.assess(markers, None, LENGTHS).posterior("6", 108_000_000) is None


def test_a_file_that_lost_most_of_its_heterozygous_calls_is_refused() -> None:
    whole = {contig: (0, LENGTHS[contig]) for contig in AUTOSOMES[:11]}
    one = found(person(whole))
    assert not one.assessable
    assert "lack heterozygous calls" in one.reasons[0]


# --------------------------------------------------------------------------- patterns


def run(contig: str, start_mb: float, length_mb: float) -> Run:
    start, end = int(start_mb * 1e6), int((start_mb + length_mb) * 1e6)
    return Run(contig, start, end, 50, 0, 12.0, start, end, start, end, 30, 1.0)


def pattern(*runs: Run, hom: float = 0.6, share: float | None = None) -> roh_pattern.Reading:
    sites = {c: (round(1000 * (1 - hom)), 1000) for c in AUTOSOMES}
    total = sum(r.length_bp for r in runs)
    return roh_pattern.read(runs, total / 2.875e9 if share is None else share, sites)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], "none"),
        ([run("3", 10, 2.9)], "isolated"),
        ([run("3", 10, 2.9), run("4", 10, 4.9)], "isolated"),
        ([run("3", 10, 6), run("4", 10, 4)], "isolated"),
        ([run("3", 10, 6), run("4", 10, 6)], "consistent_with_parental_relatedness"),
        ([run("6", 95, 30)], "single_chromosome"),
        ([run("6", 95, 30), run("2", 10, 9)], "single_chromosome"),
        ([run("6", 95, 30), run("2", 10, 11)], "consistent_with_parental_relatedness"),
        ([run("6", 95, 12), run("2", 10, 7)], "consistent_with_parental_relatedness"),
        ([run("1", 1, 240), run("2", 10, 20), run("3", 10, 15)], "single_chromosome"),
        ([run(c, 10, 12) for c in AUTOSOMES[:12]], "consistent_with_parental_relatedness"),
        ([run(c, 10, 3) for c in AUTOSOMES[:12]], "background_relatedness_possible"),
        ([run(c, 10, 3) for c in AUTOSOMES[:9]], "isolated"),
        ([run(c, 10, 30) for c in AUTOSOMES[:20]], "close_relatedness"),
    ],
)
def test_patterns(runs: list[Run], expected: str) -> None:
    assert pattern(*runs).pattern == expected


def test_a_chromosome_that_stands_alone_is_told_by_the_published_rule() -> None:
    part, whole = pattern(run("6", 95, 30), hom=0.5), pattern(run("6", 0, 170), hom=0.97)
    assert part.alone[0].contig == "6"
    assert "does not hold; isodisomy of a part remains possible" in part.reasons[1]
    assert "97% of its 1,000 calls are homozygous: more than 85%" in whole.reasons[1]
    assert "sensitivity 97.9%, specificity 99.7%" in whole.reasons[1]


@pytest.mark.parametrize("share", [0.002, 0.02, 0.05, 0.09, 0.15, 0.19, 0.21, 0.26, 0.4])
def test_a_range_is_given_and_no_relation_is_ever_named(share: float) -> None:
    said = pattern(run("3", 10, 20), run("4", 10, 20), share=share)
    text = " ".join(said.reasons).lower()
    for word in ("cousin", "sib", "uncle", "niece", "parent", "brother", "sister", "first-degree", "incest", "1/4"):
        assert word not in text
    assert ("is expected" in text) == (share < 0.198)


def test_the_share_outside_the_panel() -> None:
    runs = [run("6", 100, 10), run("2", 50, 10)]
    genes = [("6", 99_000_000, 101_000_000), ("6", 100_500_000, 102_000_000), ("3", 0, 10_000_000)]
    assert roh_pattern.outside(runs, genes) == pytest.approx(0.9)
    assert roh_pattern.outside([], genes) is None


def test_every_constant_has_a_unit_and_a_source() -> None:
    for row in autozygosity.constants():
        assert row["unit"]
        assert row["source"]
