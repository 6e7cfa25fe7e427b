"""Runs of homozygosity: planted ones are found, nothing else is, and a file that cannot say it says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.roh_markers import Runs, changed, kept, person
from varmio.interpret import roh_evidence, roh_model, roh_pattern, roh_runs
from varmio.interpret.autozygosity import assess, constants, survey
from varmio.interpret.roh_model import posterior_at
from varmio.model import Assembly, Autozygosity, Markers, RohPattern, Run, Sex

G37 = Assembly.GRCH37
BENCH = Path(__file__).resolve().parents[2] / "shared" / "roh-bench"
MB = 1_000_000
COUSINS: Runs = {
    "2": [(30 * MB, 52 * MB)], "5": [(100 * MB, 112 * MB)], "7": [(60 * MB, 90 * MB)],
    "11": [(70 * MB, 78 * MB)], "16": [(5 * MB, 20 * MB)], "20": [(30 * MB, 50 * MB)],
}  # fmt: skip


def found(runs: Runs | None = None, sex: Sex | None = Sex.MALE, **how: float) -> Autozygosity:
    return assess(person(runs, **how), sex, G37)  # type: ignore[arg-type]


def places(result: Autozygosity) -> list[tuple[str, int, int]]:
    return [(run.contig, run.start, run.end) for run in result.segments]


# --------------------------------------------------------------------------- runs


def test_planted_runs_are_found_and_nothing_else() -> None:
    result = found(COUSINS)
    assert {run.contig for run in result.segments} == set(COUSINS)
    for run in result.segments:
        ((start, end),) = COUSINS[run.contig]
        assert abs(run.certain_start - start) < 1.5 * MB
        assert abs(run.certain_end - end) < 1.5 * MB
        assert run.max_start - MB < start < end < run.max_end + MB
        assert run.n_het <= 2
        assert run.score > 3
        assert run.n_sites >= run.n_clusters > 10


def test_bounds_are_ordered_and_within_the_chromosome() -> None:
    for run in found(COUSINS).segments:
        bounds = (0, run.max_start, run.start, run.certain_start, run.certain_end, run.end, run.max_end)
        assert list(bounds) == sorted(bounds)


def test_total_f_and_longest_agree_with_the_segments() -> None:
    result = found(COUSINS)
    lengths = [run.length_bp for run in result.segments if run.length_bp >= roh_runs.COUNTED_BP]
    assert result.total_bp == sum(lengths)
    assert result.longest_bp == max(lengths)
    assert result.f_roh == pytest.approx(sum(lengths) / 2_881_033_286, abs=1e-5)
    assert result.f_roh_interval is not None
    low, high = result.f_roh_interval
    assert low < 107 * MB / 2_881_033_286 < high


def test_a_person_without_kinship_has_none() -> None:
    result = found()
    assert (result.assessable, result.pattern, result.segments) == (True, RohPattern.NONE, ())
    assert result.f_roh == 0


def test_a_few_false_heterozygous_calls_do_not_break_a_run() -> None:
    result = found(COUSINS, errors=0.02)
    assert {run.contig for run in result.segments} == set(COUSINS)
    assert len(result.segments) == len(COUSINS)
    assert sum(run.n_het for run in result.segments) > 0


def test_true_heterozygous_genes_do_break_it() -> None:
    runs = {"7": [(60 * MB, 74 * MB), (77 * MB, 90 * MB)]}
    result = found(runs)
    assert not any(run.start < 75.5 * MB < run.end for run in result.segments)


def test_a_run_at_the_first_site_reaches_the_end_of_the_chromosome() -> None:
    result = found({"3": [(0, 20 * MB)], "14": [(0, 40 * MB)], "21": [(30 * MB, 48_129_895)]})
    starts = {run.contig: (run.start, run.end) for run in result.segments}
    assert starts["3"][0] < 0.3 * MB
    assert starts["21"][1] == 48_129_895
    assert starts["14"][0] == 0  # with the short arm, of which nothing is seen:
    run = next(run for run in result.segments if run.contig == "14")
    assert roh_runs.seen_bp(run) < run.length_bp - 19 * MB


def test_depth_inside_says_that_a_copy_may_be_missing() -> None:
    markers = person({"7": [(60 * MB, 90 * MB)], "2": [(30 * MB, 52 * MB)]})
    m = markers["7"]
    depth = np.where((m.pos > 60 * MB) & (m.pos <= 90 * MB), m.depth // 2, m.depth)
    markers["7"] = Markers(m.pos, m.het, m.passed, depth, m.quality, m.share)
    by_contig = {run.contig: run for run in assess(markers, None, G37).segments}
    assert by_contig["7"].may_be_deleted
    assert not by_contig["2"].may_be_deleted
    assert by_contig["2"].depth_ratio == pytest.approx(1, abs=0.1)


def test_no_depth_gives_no_ratio() -> None:
    result = assess(changed(person(COUSINS), depth=-1), None, G37)
    assert all(run.depth_ratio is None and not run.may_be_deleted for run in result.segments)


# --------------------------------------------------------------------------- a position


def test_posterior_at_a_position() -> None:
    seen = survey(person(COUSINS), Sex.MALE, G37)
    assert seen.landscape is not None
    assert posterior_at(seen.landscape, "7", 75 * MB) == pytest.approx(1, abs=0.01)
    assert posterior_at(seen.landscape, "7", 120 * MB) == pytest.approx(0, abs=0.01)
    assert posterior_at(seen.landscape, "X", 75 * MB) is None
    assert posterior_at(seen.landscape, "MT", 100) is None


def test_posterior_between_sites_is_theirs_beside_them_and_never_above() -> None:
    landscape = survey(person(COUSINS), None, G37).landscape
    assert landscape is not None
    groups = landscape.groups
    for index in range(3_000, 3_040):
        if groups.contig[index] != groups.contig[index + 1]:
            continue
        contig = groups.contigs[groups.contig[index]]
        high = max(*landscape.posterior[index : index + 2], landscape.shares[0])
        assert posterior_at(landscape, contig, int(groups.last[index])) == pytest.approx(landscape.posterior[index])
        beside = posterior_at(landscape, contig, int(groups.last[index]) + 1)
        assert beside == pytest.approx(landscape.posterior[index], abs=0.01)
        middle = posterior_at(landscape, contig, int(groups.last[index] + groups.first[index + 1]) // 2)
        assert middle is not None
        assert 0 <= middle <= high + 0.01


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain walked in blocks is the chain walked group by group."""
    sites = roh_evidence.usable_sites(person(COUSINS, contigs=("7", "8")), ("7", "8"))
    groups, lengths = roh_evidence.group(sites), {"7": 159138663, "8": 146364022}
    shares = np.array([0.02, 0.03, 0.15, 0.2, 0.6])
    fast = roh_model.fit(sites, groups, lengths, shares)
    monkeypatch.setattr(roh_model, "BLOCKS_PER_ROOT", 1e-9)  # one block
    slow = roh_model.fit(sites, groups, lengths, shares)
    np.testing.assert_allclose(fast.posterior, slow.posterior, atol=1e-9)
    np.testing.assert_allclose(fast.lod, slow.lod, atol=1e-9)


# --------------------------------------------------------------------------- the same person, written otherwise


def test_order_of_contigs_changes_nothing() -> None:
    markers = person(COUSINS)
    assert assess(dict(reversed(markers.items())), None, G37) == assess(markers, None, G37)


def test_sites_of_another_contig_move_no_run() -> None:
    """Only what is learnt of the whole person may change, and that by less than a site's worth."""
    markers = person(COUSINS)
    before = {run.contig: run for run in assess(markers, None, G37).segments}
    markers["1"] = person({}, seed=2, contigs=("1",))["1"]
    for run in assess(markers, None, G37).segments:
        assert (run.start, run.end) == (before[run.contig].start, before[run.contig].end)


def test_filtered_and_shallow_sites_do_not_count() -> None:
    markers = person(COUSINS)
    m, extra = markers["7"], person(seed=3, contigs=("7",))["7"]
    bad = changed({"7": extra}, passed=False)["7"]
    order = np.argsort(np.concatenate([m.pos, bad.pos]), kind="stable")
    both = [np.concatenate([getattr(m, n), getattr(bad, n)])[order] for n in Markers.__dataclass_fields__]
    assert places(assess(markers | {"7": Markers(*both)}, None, G37)) == places(assess(markers, None, G37))


@pytest.mark.parametrize("missing", [("share",), ("quality",), ("depth", "quality"), ("depth", "quality", "share")])
def test_missing_fields_are_done_without(missing: tuple[str, ...]) -> None:
    empty = {"share": float("nan"), "quality": -1, "depth": -1}
    result = assess(changed(person(COUSINS), **{name: empty[name] for name in missing}), None, G37)
    assert [run.contig for run in result.segments] == [run.contig for run in found(COUSINS).segments]
    assert result.pattern is RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS
    assert any("does not give" in reason for reason in result.reasons)


def test_frequencies_may_be_given_and_unknown_ones_change_nothing() -> None:
    markers = person(COUSINS)
    unknown = {c: np.full(len(m.pos), np.nan) for c, m in markers.items()}
    assert assess(markers, None, G37, frequencies=unknown) == assess(markers, None, G37)
    rare = {c: np.where(m.het, 0.05, 0.2) for c, m in markers.items()}
    assert {run.contig for run in assess(markers, None, G37, frequencies=rare).segments} == set(COUSINS)


@settings(max_examples=12, deadline=None)
@given(
    contig=st.sampled_from(["1", "4", "6", "8", "12"]),
    start=st.integers(10, 70),
    long=st.integers(18, 45),
    seed=st.integers(1, 3),
)
def test_a_long_run_anywhere_is_found(contig: str, start: int, long: int, seed: int) -> None:
    true = (start * MB, (start + long) * MB)
    runs = [run for run in found({contig: [true]}, seed=seed).segments if run.contig == contig]
    covered = sum(max(0, min(run.end, true[1]) - max(run.start, true[0])) for run in runs)
    assert covered > 0.8 * (true[1] - true[0])


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0.7, 1.0), seed=st.integers(0, 1000))
def test_any_part_of_the_sites_gives_ordered_runs_and_a_share(share: float, seed: int) -> None:
    draw = np.random.default_rng(seed)
    markers = {c: kept(m, draw.random(len(m.pos)) < share) for c, m in person(COUSINS).items()}
    result = assess(markers, Sex.FEMALE, G37)
    assert result.f_roh is not None
    assert result.f_roh_interval is not None
    assert 0 <= result.f_roh_interval[0] <= result.f_roh <= result.f_roh_interval[1] <= 1
    assert list(result.segments) == sorted(result.segments, key=lambda run: (int(run.contig), run.start))
    for one, other in zip(result.segments, result.segments[1:], strict=False):
        assert one.contig != other.contig or one.end <= other.start


# --------------------------------------------------------------------------- X


def test_x_of_a_boy_is_never_read_and_that_of_a_girl_apart() -> None:
    runs = {**COUSINS, "X": [(20 * MB, 60 * MB)]}
    boy, girl, unknown = (found(runs, sex=sex) for sex in (Sex.MALE, Sex.FEMALE, None))
    assert boy.x_segments == unknown.x_segments == ()
    assert [run.contig for run in girl.x_segments] == ["X"]
    assert girl.segments == boy.segments
    assert girl.f_roh == boy.f_roh


def test_homozygous_x_of_a_boy_leaves_no_trace() -> None:
    markers = person()
    assert assess(markers | changed({"X": markers["X"]}, het=False), Sex.MALE, G37).segments == ()


def test_y_and_mitochondrion_are_never_read() -> None:
    markers = person()
    more = {"Y": changed({"1": markers["1"]}, het=False)["1"], "MT": changed({"1": markers["1"]}, het=False)["1"]}
    assert assess(markers | more, Sex.MALE, G37) == assess(markers, Sex.MALE, G37)


# --------------------------------------------------------------------------- what cannot be said


def refusal(markers: dict[str, Markers]) -> str:
    result = assess(markers, Sex.FEMALE, G37)
    assert not result.assessable
    assert result.pattern is RohPattern.NOT_ASSESSABLE
    assert (result.f_roh, result.total_bp, result.longest_bp, result.segments) == (None, None, None, ())
    (reason,) = result.reasons
    first, _, why = reason.partition(". ")
    assert first == "Runs could not be assessed"
    return why


def test_an_empty_file_and_a_panel_are_refused() -> None:
    assert refusal({}) == "0 usable sites on the autosomes; at least 5,000 are needed, an exome has about 25,000."
    few = {c: kept(m, np.arange(len(m.pos)) % 40 == 0) for c, m in person().items()}
    assert "at least 5,000 are needed" in refusal(few)
    none = {c: kept(m, np.zeros(len(m.pos), bool)) for c, m in person().items()}
    assert refusal(none).startswith("0 usable sites")


def test_one_chromosome_is_refused_by_name() -> None:
    assert refusal(person(contigs=("6",))).startswith("All usable sites lie on chromosome 6")


def test_half_of_the_chromosomes_are_refused() -> None:
    assert refusal(person(contigs=tuple(map(str, range(1, 12))))).startswith("Only 11 of 22 autosomes")


def test_nearly_all_heterozygous_is_refused() -> None:
    assert "homozygous calls are missing" in refusal(changed(person(), het=True, share=0.5))


def test_lost_heterozygous_calls_are_refused_not_read_as_kinship() -> None:
    assert "heterozygous calls are missing" in refusal(changed(person(), het=False, share=1.0))


def test_more_runs_than_any_kinship_explains_are_refused() -> None:
    whole = {str(c): [(0, 250 * MB)] for c in range(1, 9)}
    assert "more than any kinship" in refusal(person(whole))


def test_one_chromosome_without_sites_is_said() -> None:
    result = found(None, contigs=tuple(str(c) for c in range(1, 23) if c != 21))
    assert result.assessable
    assert any("chromosome 21" in reason for reason in result.reasons)


# --------------------------------------------------------------------------- patterns


def run(contig: str, start_mb: float, length_mb: float) -> Run:
    start, end = int(start_mb * MB), int((start_mb + length_mb) * MB)
    return Run(contig, start, end, 50, 0, 9.0, start + 1, end - 1, start - 1, end + 1, 30, 1.0)


def pattern(runs: list[Run], hom_share: float = 0.4) -> tuple[RohPattern, str]:
    f = sum(r.length_bp for r in runs) / 2_881_033_286
    kind, reasons, _ = roh_pattern.pattern_of(
        runs, f, (0.9 * f, 1.1 * f), {str(c): (hom_share, 400) for c in range(1, 23)}
    )
    return kind, " ".join(reasons)


def test_no_run_is_none() -> None:
    assert pattern([]) == (RohPattern.NONE, "")


def test_a_short_or_single_run_is_isolated() -> None:
    kind, reasons = pattern([run("4", 20, 2.5), run("9", 20, 2)])
    assert kind is RohPattern.ISOLATED
    assert "common without any relatedness" in reasons
    assert pattern([run("4", 20, 8)])[0] is RohPattern.ISOLATED


def test_runs_on_many_chromosomes_fit_related_parents_with_a_range() -> None:
    runs = [run(str(c), 20, 20) for c in range(1, 12)]
    kind, reasons = pattern(runs)
    assert kind is RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS
    assert "second to third degree" in reasons


def test_one_chromosome_alone_is_isodisomy_or_one_ancestor() -> None:
    kind, reasons = pattern([run("6", 80, 30), run("9", 10, 3)])
    assert kind is RohPattern.SINGLE_CHROMOSOME
    assert "isodisomy" in reasons
    assert "3.0 Mb on all others" in reasons
    assert "at most a part" in reasons
    kind, reasons = pattern([run("6", 0, 171)], hom_share=0.99)
    assert "97.9%" in reasons
    assert "99.7%" in reasons


def test_a_whole_homozygous_chromosome_is_seen_from_markers() -> None:
    result = found({"6": [(0, 171_115_067)]})
    assert result.pattern is RohPattern.SINGLE_CHROMOSOME
    (alone,) = result.uniparental
    assert alone.contig == "6"
    assert alone.hom_share == 1.0
    assert alone.n_sites > roh_pattern.ISODISOMY_MIN_SITES


def test_many_short_runs_withhold_the_range() -> None:
    kind, reasons = pattern([run(str(c), at, 4) for c in range(1, 23) for at in (20, 30)])
    assert kind is RohPattern.BACKGROUND_RELATEDNESS_POSSIBLE
    assert "degree of relatedness is given" in reasons
    assert "second" not in reasons


def test_high_f_names_no_relation_and_no_degree_but_a_bound() -> None:
    kind, reasons = pattern([run(str(c), 20, 40) for c in range(1, 19)])
    assert kind is RohPattern.CLOSE_RELATEDNESS
    for word in ("sibling", "father", "mother", "incest", "first degree", "cousin", "uncle"):
        assert word not in reasons


@pytest.mark.parametrize("f", [0.01, 0.03, 0.06, 0.12, 0.17, 0.2, 0.25, 0.3])
def test_no_relation_is_ever_named(f: float) -> None:
    for width in (0.01, 0.1):
        said = roh_pattern.relatedness_range((f * (1 - width), f * (1 + width)))
        assert "cousin" not in said
        assert "sibling" not in said
        assert "first degree" not in said


# --------------------------------------------------------------------------- constants, figures


def test_constants_are_those_of_the_rooms() -> None:
    rows = {row["name"]: row for row in constants()}
    assert rows["SEED"]["value"] == roh_runs.SEED
    assert rows["GENERATIONS"]["value"] == list(roh_model.GENERATIONS)
    assert all(
        set(row) == {"name", "value", "unit", "source"} and row["unit"] and row["source"] for row in rows.values()
    )


def test_the_development_set_is_not_worse_than_the_prototype() -> None:
    if not (BENCH / "samples.json").is_file():
        pytest.skip("../shared/roh-bench is not here")
    from benchmarks.roh import bench as roh

    bench = roh.Bench(BENCH)
    figures = bench.score(bench.call_all(roh.varmio))
    assert figures["sens1"] >= 0.897
    assert figures["prec1"] >= 0.959
    assert figures["false"] <= 15
    assert figures["bnd_kb"] <= 225
    assert figures["dF"] <= 0.0040


@pytest.mark.parametrize(("keep", "expected"), [(12, False), (150, True)])
def test_a_low_depth_of_few_sites_is_chance_and_no_deletion(keep: int, expected: bool) -> None:
    """Two thirds of the depth outside, by so many sites; exons differ in depth by a factor of two."""
    markers = person({"7": [(60 * MB, 90 * MB)]})
    rng = np.random.default_rng(3)
    for contig, m in markers.items():
        depth = (60 * np.exp(rng.normal(0, 0.6, len(m.pos)))).astype(np.int32)
        markers[contig] = Markers(m.pos, m.het, m.passed, depth, m.quality, m.share)
    m = markers["7"]
    inside = np.flatnonzero((m.pos > 60 * MB) & (m.pos <= 90 * MB))
    depth = np.where(np.isin(np.arange(len(m.pos)), inside), -1, m.depth)
    depth[inside[:keep]] = m.depth[inside[:keep]] * 65 // 100
    markers["7"] = Markers(m.pos, m.het, m.passed, depth, m.quality, m.share)
    run = next(run for run in assess(markers, None, G37).segments if run.contig == "7")
    assert run.depth_ratio == pytest.approx(0.65, abs=0.2)
    assert run.may_be_deleted == expected


def test_the_share_outside_the_panel() -> None:
    def run(contig: str, start: int, end: int) -> Run:
        return Run(contig, start, end, 9, 0, 9.0, start, end, start, end, 9, None)

    runs = [run("6", 100 * MB, 110 * MB), run("2", 50 * MB, 60 * MB)]
    genes = [("6", 99 * MB, 101 * MB), ("6", 100 * MB + 500, 102 * MB), ("3", 0, 10 * MB)]
    assert roh_pattern.outside(runs, genes) == pytest.approx(0.9)
    assert roh_pattern.outside([], genes) is None
