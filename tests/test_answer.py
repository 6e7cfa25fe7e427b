"""The answer's code: the first line of its truth table that holds."""

from __future__ import annotations

import pytest

from tests.builders import BETWEEN, COMMON, NOT_LOOKED_UP, RARE, SCREENED, UNKNOWN, make, pair_phase
from varmio.interpret import answer, subtype, tier
from varmio.interpret.callability import Seen, verdicts
from varmio.interpret.inheritance import Phase
from varmio.model import AlleleKind, AnswerCode, CallState, Class, Zygosity
from varmio.readers import panel

PANEL = panel.load()
HET = Zygosity.HETEROZYGOUS
VUS = Class.UNCERTAIN_SIGNIFICANCE
SEEN = {g.symbol: 3 for g in PANEL.genes}
UNSEEN = {g.symbol: 0 for g in PANEL.genes}


def ask(*findings, phases=None, calls=SEEN):
    matches = subtype.matches(PANEL, findings, phases or UNKNOWN)
    tiered = tier.with_tiers(PANEL, findings, matches)
    return answer.answer(PANEL, matches, tiered, phases or UNKNOWN, verdicts(PANEL, Seen((), calls=calls), matches))


def test_diagnosis_names_gene_subtype_and_change() -> None:
    said = ask(make("OSTM1", "c.415_416del"))
    assert said.code is AnswerCode.DIAGNOSIS
    for word in ("OSTM1", "OPTB5", "c.415_416del", "both copies"):
        assert word in said.sentence


def test_likely_says_that_the_copies_are_not_known() -> None:
    said = ask(make("TCIRG1", "c.1A>G", zygosity=HET), make("TCIRG1", "c.2A>G", zygosity=HET))
    assert said.code is AnswerCode.LIKELY
    assert "whether they lie on different copies is not known" in said.sentence


def test_possible_by_a_doubtful_call_says_so() -> None:
    said = ask(make("TNFSF11", state=CallState.DOUBTFUL))
    assert said.code is AnswerCode.POSSIBLE
    assert "call itself is doubtful" in said.sentence


def test_two_genes_of_the_same_rank_are_several_with_protein_names() -> None:
    said = ask(make("TNFSF11"), make("TNFRSF11A"))
    assert said.code is AnswerCode.SEVERAL
    assert "TNFSF11 (RANKL)" in said.sentence
    assert "TNFRSF11A (RANK)" in said.sentence


def test_a_second_gene_that_is_less_sure_is_told_in_the_answer_too() -> None:
    tcirg1 = (make("TCIRG1", "c.1A>G", zygosity=HET), make("TCIRG1", "c.2A>G", zygosity=HET))
    said = ask(make("OSTM1"), *tcirg1)
    assert said.code is AnswerCode.DIAGNOSIS
    assert said.sentence.startswith("This exome fits OSTM1 disease (OPTB5)")
    assert "TCIRG1 disease (OPTB1) is likely beside it." in said.sentence
    assert "mean different things for a transplant" in said.sentence
    alike = ask(make("SNX10"), *tcirg1)
    assert "TCIRG1 disease (OPTB1) is likely beside it." in alike.sentence
    three = ask(make("TNFSF11"), make("TNFRSF11A"), *tcirg1)
    assert three.code is AnswerCode.SEVERAL
    assert "TCIRG1 disease (OPTB1) is likely beside it." in three.sentence


def test_two_subtypes_of_one_gene_are_not_several() -> None:
    clcn7 = make("CLCN7", zygosity=HET, kind=AlleleKind.MISSENSE)
    said = ask(clcn7)
    assert said.code is AnswerCode.POSSIBLE
    assert "OPTB4" in said.sentence


@pytest.mark.parametrize("frequency", [SCREENED, NOT_LOOKED_UP, BETWEEN])
def test_a_homozygous_vus_not_known_to_be_rare_is_unweighed(frequency) -> None:
    assert ask(make("TCIRG1", class_=VUS, frequency=frequency)).code is AnswerCode.UNWEIGHED


def test_two_heterozygous_vus_are_unweighed_unless_both_are_rare_or_in_cis() -> None:
    a = make("SNX10", "c.1A>G", VUS, HET, frequency=RARE)
    b = make("SNX10", "c.2A>G", VUS, HET, frequency=SCREENED)
    assert ask(a, b).code is AnswerCode.UNWEIGHED
    assert ask(a, b, phases=pair_phase(a, b, Phase.CIS)).code is AnswerCode.NOTHING_FOUND
    rare = make("SNX10", "c.2A>G", VUS, HET, frequency=RARE)
    assert ask(a, rare).code is AnswerCode.NOTHING_FOUND


def test_one_heterozygous_vus_is_nothing_found() -> None:
    assert ask(make("SNX10", class_=VUS, zygosity=HET, frequency=SCREENED)).code is AnswerCode.NOTHING_FOUND


def test_a_vus_that_could_not_explain_waits_for_nobody() -> None:
    quiet = make("TCIRG1", class_=VUS, frequency=SCREENED, could_explain=False)
    assert ask(quiet).code is AnswerCode.NOTHING_FOUND


def test_a_vus_of_a_dominant_disease_is_not_unweighed() -> None:
    assert ask(make("LRP5", class_=VUS, frequency=SCREENED)).code is AnswerCode.NOTHING_FOUND


def test_unweighed_comes_before_one_allele() -> None:
    one = make("CA2", zygosity=HET)
    assert ask(one).code is AnswerCode.ONE_ALLELE
    assert ask(one, make("TCIRG1", class_=VUS, frequency=SCREENED)).code is AnswerCode.UNWEIGHED


def test_one_allele_is_not_called_a_carrier() -> None:
    said = ask(make("CLCN7", zygosity=HET)).sentence
    assert "carrier" not in said
    assert "in an affected child" in said


def test_nothing_found_names_what_could_not_be_looked_at_first() -> None:
    calls = {**SEEN, "OSTM1": 0}
    said = ask(calls=calls)
    assert said.code is AnswerCode.NOTHING_FOUND
    assert said.sentence.startswith("OSTM1 could not be looked at")
    assert "not ruled out" in said.sentence


def test_nothing_seen_at_all_is_could_not_look() -> None:
    assert ask(calls=UNSEEN).code is AnswerCode.COULD_NOT_LOOK


def test_an_excluded_allele_is_named_in_the_negative_answer() -> None:
    gain = make("TNFRSF11A", "c.45_62dup", Class.PATHOGENIC, HET, kind=AlleleKind.INFRAME_DUPLICATION, exon=1)
    said = ask(gain)
    assert said.code is AnswerCode.NOTHING_FOUND
    assert "c.45_62dup" in said.sentence
    assert "set aside" in said.sentence


def test_common_alleles_change_nothing() -> None:
    assert ask(make("TCIRG1", class_=Class.BENIGN, frequency=COMMON)).code is AnswerCode.NOTHING_FOUND


def test_tiers() -> None:
    findings = (
        make("OSTM1", "c.1A>G"),
        make("TNFRSF11A", "c.45_62dup", kind=AlleleKind.INFRAME_DUPLICATION, exon=1),
        make("CA2", "c.2A>G", VUS, HET, frequency=SCREENED),
        make("CA2", "c.3A>G", VUS, HET, frequency=NOT_LOOKED_UP, could_explain=False),
        make("CA2", "c.4A>G", Class.BENIGN, frequency=COMMON),
    )
    matches = subtype.matches(PANEL, findings, UNKNOWN)
    tiers = {f.id: f.tier for f in tier.with_tiers(PANEL, findings, matches)}
    assert list(tiers.values()) == [1, 2, 2, 3, 4]


def test_a_possible_recessive_reading_is_said_beside_the_dominant_one() -> None:
    first = make("CLCN7", "c.643G>A", zygosity=HET, kind=AlleleKind.MISSENSE, key38="16-1459139-C-T")
    vus = make("CLCN7", "c.50A>G", VUS, HET, kind=AlleleKind.MISSENSE)
    said = ask(first, vus)
    assert said.code is AnswerCode.DIAGNOSIS
    assert "OPTB4 is possible too" in said.sentence


def test_unweighed_says_why_and_names_the_pathogenic_allele_beside_it() -> None:
    between = make("TCIRG1", "c.247A>G", VUS, frequency=BETWEEN)
    assert "lies between rare and common" in ask(between).sentence
    rare, screened = make("SNX10", "c.1A>G", VUS, HET), make("SNX10", "c.2A>G", VUS, HET, frequency=SCREENED)
    assert "c.2A>G, found beside a second one" in ask(rare, screened).sentence
    plp = make("TCIRG1", "c.9A>G", zygosity=HET)
    assert "One copy of TCIRG1 carries a likely pathogenic change (c.9A>G)" in ask(plp, between).sentence


def test_a_structural_record_that_was_not_read_is_in_the_answer() -> None:
    said = answer.answer(PANEL, (), (), UNKNOWN, verdicts(PANEL, Seen((), calls=SEEN), ()), unread=("OSTM1",))
    assert "A structural record over OSTM1 was set aside or not read" in said.sentence


def test_a_further_pathogenic_allele_is_not_said_to_lack_a_subtype() -> None:
    findings = (make("TCIRG1", "c.1A>G"), make("TCIRG1", "c.2A>G", zygosity=HET))
    tiered = tier.with_tiers(PANEL, findings, subtype.matches(PANEL, findings, UNKNOWN))
    assert "the match OPTB1 rests on others" in tiered[1].reasons[0]
