"""ClinVar and population facts by allele: what decides, and what a frequency state means."""

from __future__ import annotations

import pytest

from varmio.interpret.normalize import ref_disagrees
from varmio.model import Assembly, FrequencyState, Variant
from varmio.readers import evidence, reference


def of_key(key: str) -> Variant:
    contig, pos, ref, alt = key.split("-")
    return Variant(contig, int(pos), ref, alt)


GRCH37, GRCH38 = evidence.load(Assembly.GRCH37), evidence.load(Assembly.GRCH38)


def test_the_newer_clinvar_fact_leads_and_takes_its_traits_from_the_older() -> None:
    found = GRCH38.clinvar(of_key("6-108064285-ACT-A"))
    assert found is not None
    assert (found.date, found.stars, found.decides) == ("2024-12-15", 2, True)
    assert found.traits  # the 2024 extract has no condition column
    assert found == GRCH37.clinvar(of_key("6-108385489-ACT-A"))


def test_rows_without_assertion_criteria_never_decide() -> None:
    undecided = 0
    for facts in (GRCH37, GRCH38):
        for key, row in facts.clinvar_old.items():
            found = facts.clinvar(of_key(key))
            assert found is not None
            if key in facts.clinvar_new:
                continue
            assert found.date.startswith(("2016", "2017"))
            criteria = row[evidence.REVIEW].startswith("criteria provided")
            pathogenic = bool(row[evidence.PATHOGENIC])
            assert found.decides is (criteria and pathogenic)
            undecided += pathogenic and not criteria
    assert undecided > 100


def test_benign_and_uncertain_facts_are_returned() -> None:
    benign = GRCH38.clinvar(of_key("7-193245-G-T"))  # FAM20C p.Val16Leu
    assert benign is not None
    assert (benign.significance, benign.decides, benign.stars, benign.date) == ("Benign", False, 2, "2017-04")


def test_a_fact_whose_own_name_is_of_another_allele_is_not_shipped() -> None:
    assert GRCH38.clinvar(of_key("11-68312773-T-TCTG")) is None  # LRP5, named c.58_60dup, written otherwise


@pytest.mark.parametrize("facts", [GRCH37, GRCH38], ids=list(Assembly))
def test_facts_agree_with_the_assemblys_bases(facts: evidence.Evidence) -> None:
    sequence = reference.load(facts.assembly).sequence
    for table in (facts.clinvar_new, facts.clinvar_old, facts.frequencies):
        assert table
        assert not [key for key in table if ref_disagrees(of_key(key), sequence)]


def test_a_written_frequency_is_the_highest_of_world_and_super_populations() -> None:
    found = GRCH37.frequency(of_key("1-150771703-T-C"), 0)  # CTSK
    assert found.state is FrequencyState.LOOKED_UP
    assert found.max_af is not None
    assert found.max_af > 0.99
    assert found.population not in (None, "OTH")
    assert found.homozygotes is not None
    assert found.homozygotes > 1000
    assert found.source
    assert found.date
    assert GRCH38.frequency(of_key("1-150799227-T-C"), 0).max_af == found.max_af


def test_a_bound_is_no_frequency() -> None:
    key = next(k for k, row in GRCH38.frequencies.items() if not row[evidence.AF] and k.count("-") == 3)
    found = GRCH38.frequency(of_key(key), 0)
    assert (found.state, found.max_af) == (FrequencyState.SCREENED, None)
    assert GRCH38.frequency(of_key(key), 21).state is FrequencyState.NOT_LOOKED_UP


@pytest.mark.parametrize(
    ("ref", "alt", "distance", "in_scope", "state"),
    [
        ("A", "C", 0, True, FrequencyState.SCREENED),
        ("A", "C", 20, True, FrequencyState.SCREENED),
        ("A", "C", 21, True, FrequencyState.NOT_LOOKED_UP),
        ("A", "C", 0, False, FrequencyState.NOT_LOOKED_UP),
        ("A", "ACC", 0, True, FrequencyState.SCREENED),
        ("AC", "GT", 0, True, FrequencyState.NOT_LOOKED_UP),  # lists hold its parts
        ("A", "A" * 60, 0, True, FrequencyState.NOT_LOOKED_UP),  # a structural variant
    ],
)
def test_absence_from_the_list(ref: str, alt: str, distance: int, in_scope: bool, state: FrequencyState) -> None:
    assert GRCH38.frequency(Variant("11", 68042600, ref, alt), distance, in_scope).state is state


def test_an_allele_that_is_the_other_assemblys_reference_has_its_frequency() -> None:
    found = GRCH37.frequency(of_key("7-139653196-A-C"), 0)  # TBXAS1
    assert found.max_af is not None
    assert found.max_af > 0.99


def test_alleles_far_from_exons_that_clinvar_names() -> None:
    for facts, gene, key, named in (
        (GRCH38, "OSTM1", "6-108064285-ACT-A", True),
        (GRCH37, "OSTM1", "6-108385489-ACT-A", True),
        (GRCH38, "TCIRG1", "11-68041392-A-T", True),  # c.117+4A>T, intronic
        (GRCH38, "TCIRG1", "6-108064285-ACT-A", False),
        (GRCH38, "FAM20C", "7-193245-G-T", False),  # benign
    ):
        contig, pos, ref, alt = key.split("-")
        assert facts.names(gene, Variant(contig, int(pos), ref, alt)) is named
