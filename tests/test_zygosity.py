"""Every row of the zygosity truth table; missing never becomes reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varmio.interpret.zygosity import ZygosityCall, zygosity
from varmio.model import Assembly, Genotype, Sex, Zygosity
from varmio.readers.vcf_record import parse_gt

G37, G38 = Assembly.GRCH37, Assembly.GRCH38
AUTOSOME, X, Y, PAR, MT = ("6", 1000), ("X", 154_564_361), ("Y", 5_000_000), ("X", 60_001), ("MT", 7445)
MALE, FEMALE = Sex.MALE, Sex.FEMALE


def genotype(text: str) -> Genotype:
    alleles, phased = parse_gt(text) or ((), False)
    return Genotype(text or ".", alleles, phased, None, None, None, None, None)


def call(
    text: str,
    place: tuple[str, int] = AUTOSOME,
    sex: Sex | None = None,
    number: int = 1,
    alts: tuple[str, ...] = (),
) -> ZygosityCall:
    return zygosity(genotype(text), number, *place, G38, sex, alts)


def flags(text: str, place: tuple[str, int], sex: Sex | None) -> tuple[str, bool, bool]:
    seen = call(text, place, sex)
    return str(seen.zygosity), bool(seen.remarks), bool(seen.doubts)


@pytest.mark.parametrize("place", [AUTOSOME, PAR])
@pytest.mark.parametrize("sex", [None, MALE, FEMALE])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0/1", ("heterozygous", False, False)),
        ("1|0", ("heterozygous", False, False)),
        ("1/2", ("heterozygous", False, False)),
        ("1/1", ("homozygous", False, False)),
        ("1|1", ("homozygous", False, False)),
        ("./1", ("partial", False, True)),
        ("1|.", ("partial", False, True)),
        ("1", ("partial", True, False)),
        ("./.", ("no_call", False, False)),
        (".", ("no_call", False, False)),
        ("", ("no_call", False, False)),
        ("./0", ("no_call", True, False)),
        ("./2", ("no_call", True, False)),
        ("0/0", ("absent", False, False)),
        ("0", ("absent", False, False)),
        ("0/2", ("absent", False, False)),
        ("1/1/1", ("homozygous", False, True)),
        ("0/1/1", ("heterozygous", False, True)),
        ("./1/1", ("partial", False, True)),
    ],
)
def test_autosome_and_par(place: tuple[str, int], sex: Sex | None, text: str, expected: tuple[str, bool, bool]) -> None:
    assert flags(text, place, sex) == expected


@pytest.mark.parametrize(
    ("text", "sex", "expected"),
    [
        ("1", MALE, ("hemizygous", False, False)),
        ("1", None, ("hemizygous", True, False)),
        ("1", FEMALE, ("partial", True, False)),
        ("1/1", MALE, ("hemizygous", False, False)),
        ("1/1", None, ("homozygous", True, False)),
        ("1/1", FEMALE, ("homozygous", False, False)),
        ("0/1", MALE, ("heterozygous", False, True)),
        ("0/1", None, ("heterozygous", False, False)),
        ("0/1", FEMALE, ("heterozygous", False, False)),
        ("./1", MALE, ("partial", False, True)),
        ("./.", MALE, ("no_call", False, False)),
        ("0", MALE, ("absent", False, False)),
        ("1/1/1", MALE, ("hemizygous", False, True)),
    ],
)
def test_x_outside_the_par(text: str, sex: Sex | None, expected: tuple[str, bool, bool]) -> None:
    assert flags(text, X, sex) == expected


@pytest.mark.parametrize(
    ("text", "sex", "expected"),
    [
        ("1", MALE, ("hemizygous", False, False)),
        ("1", None, ("hemizygous", True, False)),
        ("1", FEMALE, ("partial", False, True)),
        ("1/1", MALE, ("hemizygous", False, False)),
        ("1/1", FEMALE, ("hemizygous", False, True)),
        ("0/1", MALE, ("heterozygous", False, True)),
        ("0/1", FEMALE, ("heterozygous", False, True)),
    ],
)
def test_y_outside_the_par(text: str, sex: Sex | None, expected: tuple[str, bool, bool]) -> None:
    assert flags(text, Y, sex) == expected


def test_the_par_depends_on_the_assembly() -> None:
    between = ("X", 2_750_000)  # in PAR1 of GRCh38 only
    assert zygosity(genotype("1/1"), 1, *between, G38, MALE).zygosity is Zygosity.HOMOZYGOUS
    assert zygosity(genotype("1/1"), 1, *between, G37, MALE).zygosity is Zygosity.HEMIZYGOUS


def test_mitochondrial_calls_have_no_second_copy() -> None:
    assert call("1", MT).zygosity is call("1/1", MT).zygosity is Zygosity.HEMIZYGOUS
    assert call("0/1", MT).zygosity is Zygosity.HETEROZYGOUS


def test_both_alleles_of_one_site_are_heterozygous() -> None:
    assert call("1/2", number=1).zygosity is call("1/2", number=2).zygosity is Zygosity.HETEROZYGOUS
    assert call("2/2", number=1).zygosity is Zygosity.ABSENT


def test_a_spanning_deletion_is_said_and_never_makes_it_homozygous() -> None:
    seen = call("1/2", alts=("G", "*"))
    assert (seen.zygosity, seen.doubts) == (Zygosity.HETEROZYGOUS, ())
    assert "deleted here" in seen.remarks[0]
    assert call("1/2", alts=("G", "T")).remarks == ()


def test_an_unnamed_second_allele_is_a_doubt() -> None:
    assert call("1/2", alts=("G", "<NON_REF>")).doubts


def test_a_half_call_is_never_homozygous() -> None:
    """A peer reads ./1 as homozygous."""
    for text in ("./1", "1/.", ".|1", "1|.", "./1/1"):
        for place in (AUTOSOME, PAR, X, Y, MT):
            for sex in (None, MALE, FEMALE):
                assert call(text, place, sex).zygosity is Zygosity.PARTIAL


_GT = st.lists(st.none() | st.integers(0, 3), max_size=4)


@given(
    _GT,
    st.sampled_from("/|"),
    st.integers(1, 3),
    st.sampled_from([AUTOSOME, X, Y, PAR, MT]),
    st.sampled_from([None, MALE, FEMALE]),
)
def test_missing_never_becomes_reference(
    alleles: list[int | None], separator: str, number: int, place: tuple[str, int], sex: Sex | None
) -> None:
    text = separator.join("." if a is None else str(a) for a in alleles)
    kind = call(text, place, sex, number).zygosity
    present, missing = number in alleles, None in alleles or not alleles
    assert (kind is Zygosity.ABSENT) == (not present and not missing)
    assert (kind is Zygosity.NO_CALL) == (not present and missing)
    if kind in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS):
        assert set(alleles) == {number}
    if kind is Zygosity.HOMOZYGOUS:
        assert len(alleles) > 1
    if present and missing:
        assert kind is Zygosity.PARTIAL


@given(_GT.filter(bool), st.integers(1, 3), st.sampled_from([AUTOSOME, X, Y]), st.sampled_from([None, MALE, FEMALE]))
def test_order_and_phase_do_not_matter(
    alleles: list[int | None], number: int, place: tuple[str, int], sex: Sex | None
) -> None:
    texts = ["." if a is None else str(a) for a in alleles]
    kinds = {call(s.join(t), place, sex, number).zygosity for s in "/|" for t in (texts, texts[::-1])}
    assert len(kinds) == 1
