"""What is said at a homozygous change: the evidence in order, what it fits, every other way with its test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import make
from varmio import phrases
from varmio.interpret import homozygosity
from varmio.model import (
    Autozygosity,
    Finding,
    OneChromosome,
    Roh,
    RohPattern,
    RohState,
    Run,
    Sex,
    Zygosity,
)

RUN = Run(
    "6", 100_000_000, 119_800_000, 420, 3, 41.2, 100_200_000, 119_600_000, 99_800_000, 120_100_000, 212, 0.98
)  # fmt: skip
KINSHIP = ("ancest", "relat", "kin", "consang")


def found(*runs: Run, pattern: RohPattern = RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS) -> Autozygosity:
    alone = tuple(OneChromosome(r.contig, r.length_bp, 0.97, 60, ()) for r in runs)
    uniparental = alone if pattern is RohPattern.SINGLE_CHROMOSOME else ()
    return Autozygosity(True, (), runs, 0, 0.0, (0.0, 0.0), None, pattern, uniparental)


def at(pos: int, contig: str = "6", **changes: object) -> Finding:
    made = make("OSTM1", "c.1A>G", **changes)
    return replace(made, variant=replace(made.variant, contig=contig, pos=pos))


def roh(finding: Finding, where: Autozygosity, posterior: float | None = 0.9995, **options: object) -> Roh:
    sex = options.pop("sex", Sex.FEMALE)
    (one,) = homozygosity.with_runs([finding], where, lambda *_: posterior, sex, **options)
    return one.roh


def test_the_evidence_stands_in_order_and_each_number_is_the_runs() -> None:
    block = roh(at(108_000_000), found(RUN))
    assert block.lines == (
        "Probability that both copies here come from one ancestral copy, by the calls around it: more than 0.999.",
        "Inside a run of 19.8 Mb (6:100,000,001-119,800,000); certain over 19.4 Mb, at most 20.3 Mb.",
        "212 groups of markers, 3 heterozygous markers against it; LOD 41.2.",
        "Depth inside to outside the run: 0.98.",
    )
    assert block.state is RohState.INSIDE
    assert block.length_bp == 19_800_000
    assert block.consistent_with == phrases.CONSISTENT_WITH["one_ancestor"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"n_clusters": 7}, 2),
        ({"n_het": 1}, 2),
        ({"score": 9.9}, 2),
        ({"certain_end": 119_000_000}, 1),
        ({"max_start": 99_000_000}, 1),
        ({"end": 119_700_000}, 1),
        ({"depth_ratio": 0.71}, 3),
        ({"depth_ratio": None}, 3),
        ({"depth_ratio": 0.6}, 3),
        ({"depth_ratio": 0.6, "may_be_deleted": True}, 3),
    ],
)
def test_a_number_that_changes_changes_its_own_sentence_and_no_other(change: dict[str, float], line: int) -> None:
    before, after = (roh(at(108_000_000), found(run)).lines for run in (RUN, replace(RUN, **change)))
    assert before
    assert after
    assert [i for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [line]
    other = roh(at(108_000_000), found(RUN), posterior=0.5).lines
    assert other
    assert other[1:] == before[1:]
    assert other[0] != before[0]


@pytest.mark.parametrize(
    ("run", "pattern", "meaning", "lead"),
    [
        (RUN, RohPattern.CONSISTENT_WITH_PARENTAL_RELATEDNESS, "one_ancestor", "inherited"),
        (RUN, RohPattern.SINGLE_CHROMOSOME, "one_chromosome", "isodisomy"),
        (replace(RUN, depth_ratio=0.7, may_be_deleted=True), RohPattern.ISOLATED, "deletion", "deletion"),
        (replace(RUN, depth_ratio=0.48, may_be_deleted=True), RohPattern.SINGLE_CHROMOSOME, "deletion", "deletion"),
        (replace(RUN, start=107_000_000, end=108_499_999), RohPattern.ISOLATED, "short", "inherited"),
        (replace(RUN, start=107_000_000, end=108_500_000), RohPattern.ISOLATED, "one_ancestor", "inherited"),
        (replace(RUN, contig="7"), RohPattern.ISOLATED, "no_run", "inherited"),
    ],
)
def test_what_it_is_consistent_with_and_which_explanation_leads(
    run: Run, pattern: RohPattern, meaning: str, lead: str
) -> None:
    block = roh(at(108_000_000), found(run, pattern=pattern))
    assert block.consistent_with == phrases.CONSISTENT_WITH[meaning]
    assert block.explanations
    assert block.explanations[0].text == phrases.HOW_HOMOZYGOUS[lead][0]
    assert {e.text for e in block.explanations} == {way[0] for way in phrases.HOW_HOMOZYGOUS.values()}
    assert all(e.test and e.recurrence for e in block.explanations)


def test_a_figure_for_the_next_child_always_keeps_its_if() -> None:
    for way in phrases.HOW_HOMOZYGOUS.values():
        assert "25%" not in way[2] or "25% (1 in 4) for each pregnancy if " in way[2]


@pytest.mark.parametrize("edge", [RUN.start + 1, RUN.end])
def test_the_first_and_last_base_of_a_run_lie_inside(edge: int) -> None:
    assert roh(at(edge), found(RUN)).state is RohState.INSIDE
    outside = edge - 1 if edge == RUN.start + 1 else edge + 1
    assert roh(at(outside), found(RUN)).state is RohState.OUTSIDE


def test_where_runs_could_not_be_assessed_nothing_is_said_of_how_it_came() -> None:
    nothing = Autozygosity(False, ("too few",), (), None, None, None, None, RohPattern.NOT_ASSESSABLE, ())
    block = roh(at(108_000_000), nothing)
    assert (block.state, block.posterior, block.lines) == (RohState.NOT_ASSESSABLE, None, ())
    assert block.consistent_with == phrases.CONSISTENT_WITH["not_assessable"]
    assert block.explanations


def test_x_of_a_boy_and_other_contigs_are_not_assessed_and_x_of_a_girl_is_by_its_own_runs() -> None:
    on_x = replace(found(RUN), x_segments=(replace(RUN, contig="X"),))
    assert roh(at(108_000_000, "X"), on_x).state is RohState.INSIDE
    assert roh(at(108_000_000, "X"), on_x, sex=Sex.MALE).state is RohState.NOT_ASSESSABLE
    assert roh(at(108_000_000, "X"), on_x, sex=None).state is RohState.NOT_ASSESSABLE
    assert roh(at(108_000_000, "MT"), on_x).state is RohState.NOT_ASSESSABLE


def test_other_findings_say_where_they_lie_and_no_more() -> None:
    for one in (at(108_000_000, zygosity=Zygosity.HETEROZYGOUS), replace(at(108_000_000), tier=3)):
        block = roh(one, found(RUN))
        assert (block.state, block.length_bp) == (RohState.INSIDE, RUN.length_bp)
        assert (block.lines, block.consistent_with, block.explanations) == (None, None, None)


@pytest.mark.parametrize(
    ("run", "pattern"),
    [
        (RUN, RohPattern.CLOSE_RELATEDNESS),
        (RUN, RohPattern.SINGLE_CHROMOSOME),
        (replace(RUN, depth_ratio=0.5, may_be_deleted=True), RohPattern.ISOLATED),
        (replace(RUN, start=107_500_000, end=108_500_000), RohPattern.ISOLATED),
        (replace(RUN, contig="7"), RohPattern.NONE),
    ],
)
def test_without_wording_no_word_speaks_of_kinship(run: Run, pattern: RohPattern) -> None:
    where = found(run, pattern=pattern)
    block = roh(at(108_000_000), where, wording=False)
    assert block.lines
    assert block.consistent_with
    assert block.explanations
    texts = [*block.lines, block.consistent_with, *(str(e) for e in block.explanations)]
    assert not [t for t in texts for word in KINSHIP if word in t.lower()]
    assert block.state is roh(at(108_000_000), where).state


def test_every_source_is_listed() -> None:
    named = {k for keys in phrases.CONSISTENT_WITH_SOURCE.values() for k in keys}
    named |= {k for keys in phrases.ROH_PATTERN_SOURCE.values() for k in keys}
    named |= {k for way in phrases.HOW_HOMOZYGOUS.values() for k in way[3]}
    named |= {*phrases.PARENTS_CONFIRMED_SOURCE, *phrases.RISK_WITHHELD_SOURCE}
    assert named == set(phrases.ROH_REFERENCES)
