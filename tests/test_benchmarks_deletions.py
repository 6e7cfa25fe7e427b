"""The second simulation of missing exons: the same from the same seed, and judged by exons and copies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.deletions import second_figures, second_simulation
from benchmarks.deletions.second_simulation import EVEN_80, HOSTILE, Profile, draw, plant, regions
from varmio.model import Assembly, ExonLoss
from varmio.readers import coverage, reference


@pytest.mark.parametrize("assembly", list(Assembly))
def test_its_own_regions_are_those_that_varmio_reads(assembly: Assembly) -> None:
    """Two derivations of the same exons; the numbers too."""
    theirs = coverage.regions_of(reference.load(assembly).transcripts)
    assert {replace(r, gc=None) for r in regions(assembly)} == {replace(r, gc=None) for r in theirs}


def test_a_seed_gives_one_person_and_another_gives_another() -> None:
    assert draw(HOSTILE, 4) == draw(HOSTILE, 4) != draw(HOSTILE, 5)


def test_what_is_missing_has_two_stray_reads_at_most() -> None:
    for seed in range(5):
        drawn = draw(EVEN_80, seed, 3, plant("OSTM1", 5, 5, 0))
        assert [r.number for r, gone in zip(regions(), drawn.missing, strict=True) if gone] == [5]
        assert all(d <= 2 for d, gone in zip(drawn.depths, drawn.missing, strict=True) if gone)


@pytest.mark.parametrize(("named", "kind"), [(0, "hom_one"), (1, "hom_gene"), (2, "het_some")])
def test_the_named_deletions_are_of_their_kind(named: int, kind: str) -> None:
    assert plant(*second_simulation.NAMED[named]).kind == kind


def test_a_call_is_judged_by_its_exons_and_copies() -> None:
    drawn = draw(EVEN_80, 1, 3, plant("OSTM1", 5, 5, 0))
    assert [*second_figures.judged(drawn, [_loss(drawn, 5, 0)])] == ["profiles", "found", "found, sure", "sure"]
    assert "other copies" in second_figures.judged(drawn, [_loss(drawn, 5, 1)])
    assert "false" in second_figures.judged(drawn, [_loss(drawn, 2, 0)])


def _loss(drawn: Profile, number: int, copies: int) -> ExonLoss:
    p = drawn.planted
    return ExonLoss(p.gene, p.transcript, (number,), "6", 1, 2, copies, 2, copies / 2, 9.0, (), ())
