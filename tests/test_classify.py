"""The first classification: each line of its truth table, and the founders that must keep their class."""

from __future__ import annotations

import pytest

from tests.builders import BETWEEN, COMMON, NOT_LOOKED_UP, RARE, SCREENED
from varmio.interpret.classify import classify, is_rare
from varmio.model import (
    AlleleKind,
    Class,
    ClinVar,
    Consequence,
    Frequency,
    FrequencyState,
    NamedAllele,
    PanelGene,
)
from varmio.readers import panel, reference

PANEL = panel.load()
TRANSCRIPT = reference.load(reference.Assembly.GRCH38).transcripts[0]
P_WITH_CRITERIA = ClinVar("1", "Pathogenic", "criteria provided, multiple submitters", 2, (), "2024", True)
P_WITHOUT = ClinVar("2", "Pathogenic", "no assertion criteria provided", 0, (), "2017", False)
FOUNDER = NamedAllele("c.1A>G", {}, True, None, "a founder", ("R27",))


def effect(*terms: str, kind: AlleleKind = AlleleKind.NULL, nmd: bool = True) -> Consequence:
    return Consequence(TRANSCRIPT, terms, kind, "c.1A>G", None, None, 2, None, nmd, True, 0)


def gene(symbol: str) -> PanelGene:
    found = PANEL.gene(symbol)
    assert found is not None
    return found


STOP = effect("stop_gained")
MISSENSE = effect("missense_variant", kind=AlleleKind.MISSENSE, nmd=False)
NULL_GENES = {"TCIRG1", "TNFSF11", "CA2", "CLCN7", "OSTM1", "TNFRSF11A", "SNX10", "FERMT3"}


@pytest.mark.parametrize("symbol", [g.symbol for g in PANEL.genes])
def test_a_null_variant_is_likely_pathogenic_in_exactly_the_eight_genes(symbol: str) -> None:
    want = Class.LIKELY_PATHOGENIC if symbol in NULL_GENES else Class.UNCERTAIN_SIGNIFICANCE
    assert classify(STOP, gene(symbol), None, SCREENED, None).class_ is want
    splice = effect("splice_donor_variant", nmd=False)
    assert classify(splice, gene(symbol), None, SCREENED, None).class_ is want


def test_the_whole_transcript_deleted_is_null() -> None:
    gone = effect("transcript_ablation", nmd=False)
    assert classify(gone, gene("FERMT3"), None, SCREENED, None).class_ is Class.LIKELY_PATHOGENIC
    assert classify(gone, gene("LRP5"), None, SCREENED, None).class_ is Class.UNCERTAIN_SIGNIFICANCE


def test_a_stop_that_escapes_nmd_stays_uncertain() -> None:
    escaped = effect("stop_gained", nmd=False)
    assert classify(escaped, gene("OSTM1"), None, RARE, None).class_ is Class.UNCERTAIN_SIGNIFICANCE


@pytest.mark.parametrize(("af", "want"), [(0.05, Class.BENIGN), (0.01, Class.LIKELY_BENIGN), (0.0099, None)])
def test_common_alleles(af: float, want: Class | None) -> None:
    frequency = Frequency(FrequencyState.LOOKED_UP, af, "SAS", 3, "a source", "2018")
    assert classify(MISSENSE, gene("OSTM1"), None, frequency, None).class_ is (want or Class.UNCERTAIN_SIGNIFICANCE)
    exempt = classify(MISSENSE, gene("OSTM1"), None, frequency, FOUNDER)
    assert exempt.class_ is Class.UNCERTAIN_SIGNIFICANCE


def test_clinvar_decides_only_with_criteria_and_before_frequency() -> None:
    assert classify(MISSENSE, gene("CA2"), P_WITH_CRITERIA, COMMON, None).class_ is Class.PATHOGENIC
    assert classify(MISSENSE, gene("CA2"), P_WITHOUT, RARE, None).class_ is Class.UNCERTAIN_SIGNIFICANCE


def test_every_criterion_gives_a_reason_and_a_source() -> None:
    found = classify(STOP, gene("OSTM1"), P_WITHOUT, NOT_LOOKED_UP, FOUNDER)
    assert {c.code for c in found.criteria} == {"CLINVAR", "NAMED", "FREQUENCY", "NULL"}
    assert all(c.reason.endswith(".") or c.code == "NAMED" for c in found.criteria)
    assert all(c.source for c in found.criteria)


def test_unknown_is_never_rare() -> None:
    assert is_rare(RARE)
    assert not any(is_rare(f) for f in (SCREENED, NOT_LOOKED_UP, BETWEEN, COMMON))
    assert not is_rare(Frequency(FrequencyState.LOOKED_UP, 0.001, "global", 0, "x", "y"))
