"""Every core subtype x constellation x class x call quality, checked against the design's own words.

The expectation is written here a second time, by another road than the code's, so that a flipped
rule shows as a difference.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.builders import RARE, UNKNOWN, make, pair_phase
from varmio.interpret import statements, subtype
from varmio.interpret.inheritance import Phase
from varmio.model import AlleleKind, Applies, CallState, Class, Inheritance, Status, Zygosity
from varmio.readers import panel

PANEL = panel.load()
SUBTYPES = {s.id: s for s in PANEL.subtypes}
RECESSIVE = [s for s in PANEL.subtypes if s.inheritance is Inheritance.RECESSIVE]
PLP = (Class.PATHOGENIC, Class.LIKELY_PATHOGENIC)
CLASSES = (*PLP, Class.UNCERTAIN_SIGNIFICANCE, Class.BENIGN)
STATES = tuple(CallState)
HET = Zygosity.HETEROZYGOUS
CONSTELLATIONS = ("hom", "het", "hemi", "partial", "trans", "unknown", "cis")


def build(gene: str, constellation: str, class_: Class, state: CallState):
    """Findings and phases of one cell of the matrix."""
    single = {"hom": Zygosity.HOMOZYGOUS, "het": HET, "hemi": Zygosity.HEMIZYGOUS, "partial": Zygosity.PARTIAL}
    if constellation in single:
        return (make(gene, "c.10A>G", class_, single[constellation], state),), UNKNOWN
    two = (make(gene, "c.10A>G", class_, HET, state), make(gene, "c.90A>G", class_, HET, CallState.SOLID))
    phase = {"trans": Phase.TRANS, "unknown": Phase.UNKNOWN, "cis": Phase.CIS}[constellation]
    return two, pair_phase(*two, phase)


def expected_recessive(constellation: str, class_: Class, state: CallState) -> Status | None:
    if class_ is Class.UNCERTAIN_SIGNIFICANCE:
        return Status.POSSIBLE if constellation == "hom" else None
    if class_ not in PLP:
        return None
    if constellation in ("het", "hemi", "partial", "cis"):
        return Status.ONE_ALLELE
    if state is CallState.DOUBTFUL:
        return Status.POSSIBLE
    if constellation == "unknown" or state is CallState.NOT_ASSESSABLE:
        return Status.LIKELY
    return Status.DIAGNOSTIC


@pytest.mark.parametrize("which", [s.id for s in RECESSIVE])
def test_recessive_subtypes(which: str) -> None:
    chosen = SUBTYPES[which]
    for constellation, class_, state in product(CONSTELLATIONS, CLASSES, STATES):
        findings, phases = build(chosen.gene, constellation, class_, state)
        found = {m.id: m for m in subtype.matches(PANEL, findings, phases)}
        match = found.get(which)
        want = expected_recessive(constellation, class_, state)
        assert (match.status if match else None) is want, (which, constellation, class_, state)


@pytest.mark.parametrize("sex", ["boy", "girl"])
def test_ikbkg_is_at_most_possible_in_a_boy_and_one_allele_in_a_girl(sex: str) -> None:
    zygosity = Zygosity.HEMIZYGOUS if sex == "boy" else HET
    for class_, state in product(PLP, STATES):
        found = subtype.matches(PANEL, (make("IKBKG", "c.1A>G", class_, zygosity, state),), UNKNOWN)
        assert [m.id for m in found] == ["OLEDAID"]
        assert found[0].status is (Status.POSSIBLE if sex == "boy" else Status.ONE_ALLELE)


def every_match():
    """Every match that any cell of the matrix gives, with its statements."""
    for chosen, constellation, class_, state in product(PANEL.subtypes, CONSTELLATIONS, CLASSES, STATES):
        for kind in (AlleleKind.NULL, AlleleKind.MISSENSE):
            findings, phases = build(chosen.gene, constellation, class_, state)
            findings = tuple(make(f.gene, f.hgvs_c, class_, f.zygosity, f.call_quality.state, kind) for f in findings)
            for match in subtype.matches(PANEL, findings, phases):
                yield statements.with_statements(PANEL, match, findings)


def test_patient_sentences_only_under_diagnostic_and_every_sentence_cited() -> None:
    seen = 0
    for match in every_match():
        for statement in match.statements:
            seen += 1
            assert statement.references, statement.id
            if match.status is not Status.DIAGNOSTIC:
                assert statement.applies is not Applies.PATIENT, (match.id, match.status, statement.id)
            if match.status in (Status.ONE_ALLELE, Status.EXCLUDED):
                assert statement.applies is Applies.GENE_GENERAL
    assert seen > 10_000


def test_a_diagnostic_match_speaks_of_the_patient() -> None:
    """The rule above must not hold by saying nothing."""
    findings = (make("OSTM1"),)
    (match,) = subtype.matches(PANEL, findings, UNKNOWN)
    said = statements.with_statements(PANEL, match, findings).statements
    assert {s.applies for s in said if s.id.startswith("OPTB5-transplant")} == {Applies.PATIENT}


def test_classes_are_those_of_the_subtype_whatever_the_constellation() -> None:
    for match in every_match():
        assert match.transplant.class_ == SUBTYPES[match.id].transplant
        assert match.neurology.class_ == SUBTYPES[match.id].neurology


def test_a_vus_not_known_to_be_rare_never_matches() -> None:
    from tests.builders import BETWEEN, COMMON, NOT_LOOKED_UP, SCREENED

    for chosen, frequency in product(PANEL.subtypes, (BETWEEN, COMMON, NOT_LOOKED_UP, SCREENED)):
        for zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS, HET):
            vus = make(chosen.gene, "c.1A>G", Class.UNCERTAIN_SIGNIFICANCE, zygosity, frequency=frequency)
            assert subtype.matches(PANEL, (vus,), UNKNOWN) == ()


def test_one_pathogenic_allele_with_a_rare_vus() -> None:
    for chosen in RECESSIVE:
        first = make(chosen.gene, "c.1A>G", zygosity=HET)
        vus = make(chosen.gene, "c.50A>G", Class.UNCERTAIN_SIGNIFICANCE, HET, frequency=RARE)
        for phase, want in (
            (Phase.TRANS, Status.POSSIBLE),
            (Phase.UNKNOWN, Status.POSSIBLE),
            (Phase.CIS, Status.ONE_ALLELE),
        ):
            match = {m.id: m for m in subtype.matches(PANEL, (first, vus), pair_phase(first, vus, phase))}[chosen.id]
            assert match.status is want
            assert match.candidates == ((vus.id,) if phase is Phase.CIS else ())


def test_two_heterozygous_vus_are_no_match() -> None:
    for chosen in PANEL.subtypes:
        two = tuple(
            make(chosen.gene, n, Class.UNCERTAIN_SIGNIFICANCE, HET, frequency=RARE) for n in ("c.1A>G", "c.2A>G")
        )
        assert subtype.matches(PANEL, two, pair_phase(*two, Phase.TRANS)) == ()


def test_a_lost_exon_on_both_copies_is_a_homozygous_deletion() -> None:
    (match,) = subtype.matches(PANEL, (make("OSTM1", exons_lost=(5,)),), UNKNOWN)
    assert (match.basis, match.status) == ("homozygous_deletion", Status.DIAGNOSTIC)


MISSENSE = AlleleKind.MISSENSE
GLY215ARG = "16-1459139-C-T"


def test_clcn7_truncation_is_one_allele_of_optb4_and_never_opta2() -> None:
    found = subtype.matches(PANEL, (make("CLCN7", zygosity=HET),), UNKNOWN)
    assert [(m.id, m.status) for m in found] == [("OPTB4", Status.ONE_ALLELE)]


def test_clcn7_missense_is_one_allele_of_optb4_and_opta2_with_the_recessive_first() -> None:
    founder = make("CLCN7", "c.643G>A", zygosity=HET, kind=MISSENSE, key38=GLY215ARG)
    other = make("CLCN7", "c.9A>G", zygosity=HET, kind=MISSENSE)
    for finding, status in ((founder, Status.DIAGNOSTIC), (other, Status.POSSIBLE)):
        found = subtype.matches(PANEL, (finding,), UNKNOWN)
        assert [(m.id, m.status) for m in found] == [("OPTB4", Status.ONE_ALLELE), ("OPTA2", status)]


def test_two_clcn7_alleles_are_one_match() -> None:
    founder = make("CLCN7", "c.643G>A", kind=MISSENSE, key38=GLY215ARG)
    assert [m.id for m in subtype.matches(PANEL, (founder,), UNKNOWN)] == ["OPTB4"]
    two = (make("CLCN7", "c.1A>G", zygosity=HET, kind=MISSENSE), make("CLCN7", "c.5A>G", zygosity=HET))
    for phase in (Phase.TRANS, Phase.UNKNOWN):
        assert [m.id for m in subtype.matches(PANEL, two, pair_phase(*two, phase))] == ["OPTB4"]


def test_clcn7_missense_beside_a_rare_vus_keeps_the_dominant_reading() -> None:
    first = make("CLCN7", "c.643G>A", zygosity=HET, kind=MISSENSE, key38=GLY215ARG)
    vus = make("CLCN7", "c.50A>G", Class.UNCERTAIN_SIGNIFICANCE, HET, kind=MISSENSE)
    found = {m.id: m.status for m in subtype.matches(PANEL, (first, vus), UNKNOWN)}
    assert found == {"OPTB4": Status.POSSIBLE, "OPTA2": Status.DIAGNOSTIC}


def test_clcn7_gain_of_function_is_hod_at_any_zygosity_and_counts_for_nothing_else() -> None:
    for zygosity in (HET, Zygosity.HOMOZYGOUS):
        finding = make("CLCN7", "c.2144A>G", Class.PATHOGENIC, zygosity, kind=MISSENSE, key38="16-1447498-T-C")
        found = subtype.matches(PANEL, (finding,), UNKNOWN)
        assert [(m.id, m.status) for m in found] == [("HOD", Status.POSSIBLE)]


def test_lrp5_loss_is_excluded_and_only_a_named_trait_feeds_opta1() -> None:
    loss = make("LRP5", "c.2254C>G", zygosity=HET)
    assert [(m.id, m.status) for m in subtype.matches(PANEL, (loss,), UNKNOWN)] == [("OPTA1", Status.EXCLUDED)]
    gain = make("LRP5", "c.724G>A", zygosity=HET, kind=MISSENSE, traits=("Osteopetrosis autosomal dominant type 1",))
    assert [(m.id, m.status) for m in subtype.matches(PANEL, (gain,), UNKNOWN)] == [("OPTA1", Status.DIAGNOSTIC)]
    propeller = make("LRP5", "c.512G>T", zygosity=HET, kind=MISSENSE, exon=3)
    (match,) = subtype.matches(PANEL, (propeller,), UNKNOWN)
    assert match.status is Status.EXCLUDED
    assert "gain or loss not known" in " ".join(match.reasons)


def test_rank_exon_1_duplication_is_set_aside_and_another_allele_still_counts() -> None:
    for zygosity in (HET, Zygosity.HOMOZYGOUS):
        gain = make("TNFRSF11A", "c.45_62dup", zygosity=zygosity, kind=AlleleKind.INFRAME_DUPLICATION, exon=1)
        assert [(m.id, m.status) for m in subtype.matches(PANEL, (gain,), UNKNOWN)] == [("OPTB7", Status.EXCLUDED)]
        loss = make("TNFRSF11A", "c.354C>A", zygosity=HET)
        assert [(m.id, m.status) for m in subtype.matches(PANEL, (gain, loss), UNKNOWN)] == [
            ("OPTB7", Status.ONE_ALLELE)
        ]


def test_several_genes_keep_each_their_match_and_the_surest_leads() -> None:
    found = subtype.matches(PANEL, (make("CA2", zygosity=HET), make("SNX10")), UNKNOWN)
    assert [(m.id, m.status) for m in found] == [("OPTB8", Status.DIAGNOSTIC), ("OPTB3", Status.ONE_ALLELE)]


@pytest.mark.parametrize("which", sorted(SUBTYPES))
def test_the_sentences_that_carry_a_class_are_said(which: str) -> None:
    """At most one weak sentence a topic is shown; it must not be the one a class rests on that is dropped."""
    chosen = SUBTYPES[which]
    said = statements.one_weak_per_topic(tuple(statements.say(s, Applies.PATIENT) for s in chosen.statements))
    assert {*chosen.neurology_statements, *chosen.transplant_statements} <= {s.id for s in said}
