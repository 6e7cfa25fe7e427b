"""Missing copies from depth: what is called, and what keeps a stretch from being one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.deletions import simulate
from benchmarks.deletions.simulate import EVEN_80, Planted, profile
from varmio.interpret import copy_number
from varmio.model import ExonDepth, ExonLoss, Sex
from varmio.readers import coverage_exons

REGIONS = simulate.regions()
EXON_5 = Planted("hom_one", "OSTM1", 5, 5, 0)
WHOLE = Planted("hom_gene", "OSTM1", 1, 6, 0)
CLCN7 = Planted("het_some", "CLCN7", 7, 25, 1)
CONTROLS = profile(EVEN_80, 1, 30, Planted("none")).controls


def exons(planted: Planted, change: Callable[[ExonDepth], ExonDepth] = lambda e: e) -> list[ExonDepth]:
    drawn = profile(EVEN_80, 1, 30, planted)
    return [change(ExonDepth(r, d)) for r, d in zip(REGIONS, drawn.depths, strict=True)]


def said(found: tuple[ExonLoss, ...]) -> list[tuple[str, tuple[int, ...], int, bool]]:
    return [(loss.gene, loss.exons, loss.copies, bool(loss.doubts)) for loss in found]


def of_ostm1(change: Callable[[ExonDepth], ExonDepth]) -> Callable[[ExonDepth], ExonDepth]:
    return lambda e: change(e) if (e.region.gene, e.region.number) == ("OSTM1", 5) else e


def failing(*controls: int) -> list[tuple[float, ...]]:
    """The controls, of which some have no reads over OSTM1 exon 5."""
    at = next(i for i, r in enumerate(REGIONS) if (r.gene, r.number) == ("OSTM1", 5))
    return [row if i not in controls else (*row[:at], 0.0, *row[at + 1 :]) for i, row in enumerate(CONTROLS)]


def test_what_is_planted_is_called() -> None:
    assert said(copy_number.losses(exons(EXON_5), CONTROLS, None)) == [("OSTM1", (5,), 0, False)]
    assert said(copy_number.losses(exons(WHOLE), CONTROLS, None)) == [("OSTM1", (1, 2, 3, 4, 5, 6), 0, False)]
    assert said(copy_number.losses(exons(CLCN7), CONTROLS, None)) == [("CLCN7", tuple(range(7, 26)), 1, False)]
    assert copy_number.losses(exons(Planted("none")), CONTROLS, None) == ()


def test_alone_it_is_called_with_a_doubt_and_halving_is_not() -> None:
    assert said(copy_number.losses(exons(EXON_5), (), None)) == [("OSTM1", (5,), 0, True)]
    assert copy_number.losses(exons(CLCN7), (), None) == ()


def test_a_sample_that_fails_in_many_genes_shows_nothing() -> None:
    def holed(exon: ExonDepth) -> ExonDepth:
        return replace(exon, mean=0.0) if exon.region.number == 5 else exon

    assert copy_number.copies(exons(EXON_5, holed), CONTROLS, None) == copy_number.Copies((), ())
    assert copy_number.losses(exons(EXON_5, holed), (), None) == ()


@pytest.mark.parametrize("controls", [CONTROLS, ()], ids=["with controls", "alone"])
def test_reads_that_could_belong_elsewhere_or_a_kit_that_leaves_it_out(controls: tuple[tuple[float, ...], ...]) -> None:
    elsewhere = exons(EXON_5, of_ostm1(lambda e: replace(e, unplaced=70.0)))
    assert copy_number.losses(elsewhere, controls, None) == ()
    outside = exons(EXON_5, of_ostm1(lambda e: replace(e, targeted=False)))
    assert copy_number.losses(outside, controls, None) == ()
    unknown = exons(EXON_5, of_ostm1(lambda e: replace(e, mean=None)))
    assert copy_number.copies(unknown, controls, None) == copy_number.Copies((), ())


def test_controls_that_fail_there_too_silence_an_exon_and_it_is_named() -> None:
    mine = exons(EXON_5)
    for controls, named in ((failing(3), 1), (failing(1, 2, 3), 3)):
        found = copy_number.copies(mine, controls, None)
        assert found.losses == ()
        assert [(r.gene, r.number, n) for r, n in found.undecided] == [("OSTM1", 5, named)]
    dead = failing(*range(30))
    assert copy_number.copies(mine, dead, None).undecided == ()


def test_a_whole_gene_stays_sure_where_one_control_fails_at_one_exon() -> None:
    assert said(copy_number.losses(exons(WHOLE), failing(3), None)) == [("OSTM1", (1, 2, 3, 4, 5, 6), 0, False)]


@pytest.mark.parametrize(("sex", "of"), [(Sex.MALE, 1), (Sex.FEMALE, 2), (None, 2)])
def test_on_x_only_absence_is_called(sex: Sex | None, of: int) -> None:
    def of_x(share: float) -> list[ExonDepth]:
        change = {"AMER1": share}
        return exons(Planted("none"), lambda e: replace(e, mean=(e.mean or 0) * change.get(e.region.gene, 1.0)))

    (found,) = copy_number.losses(of_x(0.0), CONTROLS, sex)
    assert (found.gene, found.copies, found.of) == ("AMER1", 0, of)
    assert copy_number.losses(of_x(0.5), CONTROLS, sex) == ()


def test_the_order_of_exons_and_controls_says_nothing() -> None:
    mine = exons(CLCN7)
    turned = [mine[::-1], [row[::-1] for row in reversed(CONTROLS)]]
    assert said(copy_number.losses(turned[0], turned[1], None)) == said(copy_number.losses(mine, CONTROLS, None))


def test_a_sample_read_twice_as_deeply_is_the_same() -> None:
    doubled = exons(CLCN7, lambda e: replace(e, mean=2 * (e.mean or 0)))
    assert said(copy_number.losses(doubled, CONTROLS, None)) == said(copy_number.losses(exons(CLCN7), CONTROLS, None))


def test_depths_of_bases() -> None:
    region = replace(REGIONS[0], start=100, end=106)
    found = coverage_exons.of_bases(region, [9, 10, 30, 9, 0, 10])
    assert (found.callable_bases, found.gaps, found.mean) == (3, ((100, 101), (103, 105)), 11.33)
    pieces = coverage_exons.of_pieces(region, [(90, 102, 30.0), (101, 104, 9.0), (104, 105, 40.0), (104, 105, None)])
    assert (pieces.callable_bases, pieces.gaps, pieces.observed) == (1, ((101, 106),), 0.833)
