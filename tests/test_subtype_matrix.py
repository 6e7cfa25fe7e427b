"""Every subtype of both panels x constellation x class x call quality, checked against the design's own words.

The expectation is written here a second time, by another road than the code's, so that a flipped
rule shows as a difference.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.builders import RARE, UNKNOWN, make, pair_phase
from varmio.analysis import panel_of
from varmio.interpret import statements, subtype
from varmio.interpret.inheritance import Phase
from varmio.model import AlleleKind, Applies, CallState, Class, Inheritance, PanelSubtype, Status, Zygosity
from varmio.readers import panel

PANEL = panel_of(())  # every shipped panel, as a run reads them
SUBTYPES = {s.id: s for s in PANEL.subtypes}
RECESSIVE = [s for s in PANEL.subtypes if s.inheritance is Inheritance.RECESSIVE]
NEVER = {"VBCH", "PYL", "HFTC1", "TRPV6_DX"}  # a deletion outside the gene, and genes without a transcript here
NEEDS_BOTH = {"SOST2", "CMDR"}  # one allele of these genes is another disease's
ONE_KIND = {"SOST2": AlleleKind.MISSENSE}  # takes no other kind
PLP = (Class.PATHOGENIC, Class.LIKELY_PATHOGENIC)
CLASSES = (*PLP, Class.UNCERTAIN_SIGNIFICANCE, Class.BENIGN)
STATES = tuple(CallState)
HET = Zygosity.HETEROZYGOUS
CONSTELLATIONS = ("hom", "het", "hemi", "partial", "trans", "unknown", "cis")


def build(gene: str, constellation: str, class_: Class, state: CallState, kind: AlleleKind = AlleleKind.NULL):
    """Findings and phases of one cell of the matrix."""
    single = {"hom": Zygosity.HOMOZYGOUS, "het": HET, "hemi": Zygosity.HEMIZYGOUS, "partial": Zygosity.PARTIAL}
    if constellation in single:
        return (make(gene, "c.10A>G", class_, single[constellation], state, kind),), UNKNOWN
    two = (make(gene, "c.10A>G", class_, HET, state, kind), make(gene, "c.90A>G", class_, HET, CallState.SOLID, kind))
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
        kind = ONE_KIND.get(which, AlleleKind.NULL)
        findings, phases = build(gene_of(chosen), constellation, class_, state, kind)
        found = {m.id: m for m in subtype.matches(PANEL, findings, phases)}
        match = found.get(which)
        want = expected_recessive(constellation, class_, state)
        if which in NEVER or (which in NEEDS_BOTH and want is Status.ONE_ALLELE):
            want = None
        assert (match.status if match else None) is want, (which, constellation, class_, state)


def gene_of(chosen: PanelSubtype) -> str:
    return chosen.gene or "NO_GENE"  # OPTA4: no source read names one


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
            findings, phases = build(gene_of(chosen), constellation, class_, state)
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
            vus = make(gene_of(chosen), "c.1A>G", Class.UNCERTAIN_SIGNIFICANCE, zygosity, frequency=frequency)
            assert subtype.matches(PANEL, (vus,), UNKNOWN) == ()


def test_one_pathogenic_allele_with_a_rare_vus() -> None:
    for chosen in RECESSIVE:
        if chosen.id in NEVER:
            continue
        kind = ONE_KIND.get(chosen.id, AlleleKind.NULL)
        first = make(gene_of(chosen), "c.1A>G", zygosity=HET, kind=kind)
        vus = make(gene_of(chosen), "c.50A>G", Class.UNCERTAIN_SIGNIFICANCE, HET, kind=kind, frequency=RARE)
        for phase, want in (
            (Phase.TRANS, Status.POSSIBLE),
            (Phase.UNKNOWN, Status.POSSIBLE),
            (Phase.CIS, Status.ONE_ALLELE),
        ):
            found = {m.id: m for m in subtype.matches(PANEL, (first, vus), pair_phase(first, vus, phase))}
            if chosen.id in NEEDS_BOTH and want is Status.ONE_ALLELE:
                assert chosen.id not in found
                continue
            match = found[chosen.id]
            assert match.status is want
            assert match.candidates == ((vus.id,) if phase is Phase.CIS else ())


def test_two_heterozygous_vus_are_no_match() -> None:
    for chosen in PANEL.subtypes:
        two = tuple(
            make(gene_of(chosen), n, Class.UNCERTAIN_SIGNIFICANCE, HET, frequency=RARE) for n in ("c.1A>G", "c.2A>G")
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
        assert [(m.id, m.status) for m in subtype.matches(panel.load(), (gain,), UNKNOWN)] == [
            ("OPTB7", Status.EXCLUDED)
        ]  # without the panel that holds FEO
        assert [(m.id, m.status) for m in subtype.matches(PANEL, (gain,), UNKNOWN)] == [("FEO", Status.DIAGNOSTIC)]
        loss = make("TNFRSF11A", "c.354C>A", zygosity=HET)
        assert [(m.id, m.status) for m in subtype.matches(PANEL, (gain, loss), UNKNOWN)] == [
            ("OPTB7", Status.ONE_ALLELE),
            ("FEO", Status.DIAGNOSTIC),
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


# --------------------------------------------------------------------------- dominant subtypes

FRAMESHIFT = ("frameshift_variant",)
IN_FRAME = (AlleleKind.MISSENSE, AlleleKind.INFRAME, AlleleKind.INFRAME_DUPLICATION)
OWN_TRAIT = {
    "CAEND": "Camurati-Engelmann disease",
    "CMDD": "Craniometaphyseal dysplasia, autosomal dominant",
    "LMHD": "Lenz-Majewski hyperostosis syndrome",
    "PTH1R_DX": "Metaphyseal chondrodysplasia, Jansen type",
    "TDO": "Tricho-dento-osseous syndrome",
    "OPTA1": "Osteopetrosis autosomal dominant type 1",
    "CDD": "Craniodiaphyseal dysplasia, autosomal dominant",
    "OPTA3": "Osteopetrosis autosomal dominant type 3",
}
BY_TRAIT = ("CAEND", "CMDD", "LMHD", "PTH1R_DX", "TDO")


def dominant_status(which: str, **given: object) -> Status | None:
    chosen = SUBTYPES[which]
    finding = make(gene_of(chosen), zygosity=HET, **given)  # type: ignore[arg-type]
    found = {m.id: m.status for m in subtype.matches(PANEL, (finding,), UNKNOWN)}
    return found.get(which)


@pytest.mark.parametrize("which", BY_TRAIT)
def test_dominant_diseases_by_kind_and_trait(which: str) -> None:
    own, other = (OWN_TRAIT[which],), ("Another condition",)
    for kind in IN_FRAME:
        assert dominant_status(which, kind=kind, traits=own) is Status.DIAGNOSTIC
        assert dominant_status(which, kind=kind) is Status.POSSIBLE
        assert dominant_status(which, kind=kind, traits=("not provided",)) is Status.POSSIBLE
        assert dominant_status(which, kind=kind, traits=other) is Status.EXCLUDED
        assert dominant_status(which, kind=kind, traits=(*other, *own)) is Status.DIAGNOSTIC
    for traits in ((), other):
        assert dominant_status(which, kind=AlleleKind.NULL, traits=traits) is Status.EXCLUDED
    frameshift = dominant_status(which, kind=AlleleKind.NULL, consequences=FRAMESHIFT)
    assert frameshift is (Status.POSSIBLE if which == "TDO" else Status.EXCLUDED)


def test_dominant_diseases_of_every_allele_or_of_a_trait_only() -> None:
    for kind in AlleleKind:
        assert dominant_status("BOS", kind=kind) is Status.DIAGNOSTIC
        assert dominant_status("OSCS", kind=kind) is Status.DIAGNOSTIC
        assert dominant_status("CDD", kind=kind) is None
        assert dominant_status("CDD", kind=kind, traits=(OWN_TRAIT["CDD"],)) is Status.DIAGNOSTIC
        assert dominant_status("OPTA3", kind=kind) is None
        assert dominant_status("OPTA3", kind=kind, traits=(OWN_TRAIT["OPTA3"],)) is Status.POSSIBLE
        for untouched in ("OPTA4", "CDL", "DMSMFH"):
            assert dominant_status(untouched, kind=kind) is None


def test_osteopathia_striata_in_a_girl_and_in_a_boy() -> None:
    for zygosity in (HET, Zygosity.HEMIZYGOUS, Zygosity.HOMOZYGOUS):
        (match,) = subtype.matches(PANEL, (make("AMER1", zygosity=zygosity),), UNKNOWN)
        assert (match.id, match.status) == ("OSCS", Status.DIAGNOSTIC)
    (match,) = subtype.matches(PANEL, (make("AMER1", zygosity=Zygosity.MOSAIC_SUSPECTED),), UNKNOWN)
    assert match.status is Status.POSSIBLE


def test_sost_alleles_are_sclerosteosis_and_the_dominant_form_by_trait_only() -> None:
    (one,) = subtype.matches(PANEL, (make("SOST", zygosity=HET),), UNKNOWN)
    assert (one.id, one.status) == ("SOST1", Status.ONE_ALLELE)
    named = make("SOST", zygosity=HET, kind=MISSENSE, traits=(OWN_TRAIT["CDD"],))
    (dominant,) = subtype.matches(PANEL, (named,), UNKNOWN)
    assert (dominant.id, dominant.status) == ("CDD", Status.DIAGNOSTIC)


def test_lrp4_takes_missense_alone_and_its_other_disease_is_set_aside() -> None:
    assert subtype.matches(PANEL, (make("LRP4", zygosity=HET, kind=MISSENSE),), UNKNOWN) == ()
    (match,) = subtype.matches(PANEL, (make("LRP4", kind=MISSENSE),), UNKNOWN)
    assert (match.id, match.status) == ("SOST2", Status.DIAGNOSTIC)
    for other in (make("LRP4"), make("LRP4", kind=MISSENSE, traits=("Cenani-Lenz syndactyly syndrome",))):
        (match,) = subtype.matches(PANEL, (other,), UNKNOWN)
        assert match.status is Status.EXCLUDED


@pytest.mark.parametrize(("gene", "which"), [("CSF1R", "BANDDOS"), ("MITF", "COMMAD")])
def test_one_allele_of_csf1r_or_mitf_names_the_other_dominant_disease_and_nothing_for_relatives(
    gene: str, which: str
) -> None:
    (one,) = subtype.matches(PANEL, (make(gene, zygosity=HET, kind=MISSENSE),), UNKNOWN)
    assert (one.id, one.status) == (which, Status.ONE_ALLELE)
    assert "another, dominant disease" in " ".join(one.reasons)
    (two,) = subtype.matches(PANEL, (make(gene),), UNKNOWN)
    assert (two.id, two.status) == (which, Status.DIAGNOSTIC)
    assert "another, dominant disease" not in " ".join(two.reasons)
    said = statements.with_statements(PANEL, one, (make(gene, zygosity=HET),)).statements
    assert {s.applies for s in said} == {Applies.GENE_GENERAL}
    assert not [s for s in said if "risk" in s.text]


# --------------------------------------------------------------------------- deletions, as built types


def deleted(gene: str, zygosity: Zygosity, class_: Class = Class.LIKELY_PATHOGENIC):
    """A structural finding over bases 1,000 to 2,000 that takes two whole exons along."""
    return make(gene, "c.(?_1)_(9_?)del", class_, zygosity, key38="1-1000-A-T", exons_lost=(2, 3), end=2000)


def test_every_recessive_gene_reads_a_homozygous_deletion_as_one() -> None:
    for chosen in RECESSIVE:
        if chosen.id in NEVER | set(ONE_KIND):
            continue
        found = subtype.matches(PANEL, (deleted(gene_of(chosen), Zygosity.HOMOZYGOUS),), UNKNOWN)
        match = next(m for m in found if m.id == chosen.id)
        assert (match.basis, match.status) == ("homozygous_deletion", Status.DIAGNOSTIC)


def test_an_allele_that_looks_homozygous_over_a_deletion() -> None:
    inside = make("OSTM1", "c.50A>G", key38="1-1500-A-G")
    for zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS):
        snv = make("OSTM1", "c.50A>G", zygosity=zygosity, key38="1-1500-A-G")
        (match,) = subtype.matches(PANEL, (snv, deleted("OSTM1", HET)), UNKNOWN)
        assert (match.basis, match.status) == ("snv_over_deletion", Status.DIAGNOSTIC)
        assert len(match.findings) == 2
    uncertain = deleted("OSTM1", HET, Class.UNCERTAIN_SIGNIFICANCE)
    (match,) = subtype.matches(PANEL, (inside, uncertain), UNKNOWN)
    assert (match.basis, match.status) == ("snv_over_deletion", Status.POSSIBLE)
    doubtful = make("OSTM1", "c.50A>G", state=CallState.DOUBTFUL, key38="1-1500-A-G")
    (match,) = subtype.matches(PANEL, (doubtful, deleted("OSTM1", HET)), UNKNOWN)
    assert match.status is Status.POSSIBLE
    outside = make("OSTM1", "c.900A>G", key38="1-5000-A-G")
    (match,) = subtype.matches(PANEL, (outside, deleted("OSTM1", HET)), UNKNOWN)
    assert (match.basis, match.status) == ("homozygous", Status.DIAGNOSTIC)
    beside = make("OSTM1", "c.900A>G", zygosity=HET, key38="1-5000-A-G")
    (match,) = subtype.matches(PANEL, (beside, deleted("OSTM1", HET)), UNKNOWN)
    assert (match.basis, match.status) == ("compound_het_phase_unknown", Status.LIKELY)


def test_a_rare_vus_over_a_pathogenic_deletion_is_possible() -> None:
    vus = make("OSTM1", "c.50A>G", Class.UNCERTAIN_SIGNIFICANCE, frequency=RARE, key38="1-1500-A-G")
    (match,) = subtype.matches(PANEL, (vus, deleted("OSTM1", HET)), UNKNOWN)
    assert (match.basis, match.status) == ("snv_over_deletion", Status.POSSIBLE)


# --------------------------------------------------------------------------- several genes

BY_CAUTION = ["TNFSF11", "OSTM1", "CLCN7", "CA2", "TCIRG1", "SNX10"]  # the most restraint first


def test_of_two_diagnoses_both_stay_and_the_one_that_asks_for_restraint_leads() -> None:
    for index, first in enumerate(BY_CAUTION):
        for second in BY_CAUTION[index + 1 :]:
            for pair in ((first, second), (second, first)):
                found = subtype.matches(PANEL, tuple(make(gene) for gene in pair), UNKNOWN)
                assert [m.gene for m in found] == [first, second]
                assert {m.status for m in found} == {Status.DIAGNOSTIC}


def test_fermt3_and_rasgrp2_are_both_kept_and_fermt3_leads() -> None:
    found = subtype.matches(PANEL, (make("RASGRP2"), make("FERMT3")), UNKNOWN)
    assert [(m.id, m.status) for m in found] == [("LAD3", Status.DIAGNOSTIC), ("BDPLT18", Status.DIAGNOSTIC)]


def test_a_harmless_second_diagnosis_never_leads_over_one_that_cannot_wait() -> None:
    found = subtype.matches(PANEL, (make("LEMD3", zygosity=HET), make("TCIRG1")), UNKNOWN)
    assert [m.id for m in found] == ["OPTB1", "BOS"]
