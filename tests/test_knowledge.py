"""The shipped panels against what may be said: sources, classes, wording, coordinates, identifiers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from varmio.analysis import panel_of
from varmio.interpret import consequence, normalize
from varmio.model import (
    AlleleKind,
    Assembly,
    Class,
    Inheritance,
    Needs,
    Neurology,
    Panel,
    PanelStatement,
    PanelSubtype,
    Status,
    Topic,
    Transplant,
    Variant,
)
from varmio.readers import panel, reference
from varmio.readers.panel.wording import wording_faults

SOURCE = Path(__file__).resolve().parents[2] / "shared" / "knowledge"  # the reviewed lists, beside the checkout
CONFIRM = "Confirm both alleles by a second method first."
HOD_ALLELE = "16-1447498-T-C"  # GRCh38, ClinVar 372326


@pytest.fixture(scope="module")
def known() -> Panel:
    return panel_of(())  # both, as a run reads them


def every_statement(known: Panel) -> dict[str, PanelStatement]:
    said = [s for subtype in known.subtypes for s in subtype.statements]
    return {s.id: s for s in [*said, *known.answer_statements, *known.look_alike_statements]}


def subtype(known: Panel, name: str) -> PanelSubtype:
    return next(s for s in known.subtypes if s.id == name)


# --------------------------------------------------------------------------- sources


@pytest.mark.parametrize("name", panel.names())
def test_a_shipped_panel_passes_its_own_validation(name: str) -> None:
    assert panel.validate(panel.find(name), {a: reference.load(a) for a in Assembly}) == []


def test_a_gene_of_both_panels_is_the_same_in_both() -> None:
    one, other = (panel.load(name) for name in ("osteopetrosis", "osteosclerosing_differential"))
    shared = [g.symbol for g in other.genes if one.gene(g.symbol)]
    assert shared == ["TNFRSF11A"]
    for symbol in shared:
        assert one.gene(symbol) == other.gene(symbol)
    assert not {s.id for s in one.subtypes} & {s.id for s in other.subtypes}


def test_every_statement_is_cited_and_every_reference_used(known: Panel) -> None:
    cited: set[str] = set()
    for statement in every_statement(known).values():
        assert statement.references
        cited.update(statement.references)
    for gene in known.genes:
        for allele in gene.named_alleles:
            assert allele.references
            cited.update(allele.references)
        for spot in gene.blind_spots:
            assert bool(spot.references) == bool(spot.statements)
            cited.update(spot.references)
    assert cited == set(known.references)


def test_every_reference_says_what_was_read(known: Panel) -> None:
    for name, held in known.references.items():
        assert held["part_read"], name
        assert held["citation"], name


CORE = "OPTB1 OPTB2 OPTB3 OPTB4 OPTA2 HOD OPTB5 OPTB6 OPTA3 OPTB7 OPTB8 OPTB9 OPTA1 OPTA4 OLEDAID LAD3 BDPLT18"
RELATED = "DSS_SLC29A3 BANDDOS PKND OSMD COMMAD"
DIFFERENTIAL = (
    "NASU_HAKOLA SOST1 VBCH CDD SOST2 CAEND CMDD CMDR BOS RNS LMHD OSCS GHDD PDB5 PHOAR1 PHOAR2 FEO TDO CDL PYL HFTC1 "
    "DMSMFH PTH1R_DX TRPV6_DX"
)


def test_the_panel_holds_the_core_and_its_subtypes(known: Panel) -> None:
    core = "TCIRG1 TNFSF11 CA2 CLCN7 OSTM1 PLEKHM1 TNFRSF11A SNX10 FERMT3 IKBKG SLC4A2 LRP5"
    assert [g.symbol for g in known.genes if g.core] == core.split()
    genes = {s.id: s.gene for s in known.subtypes}
    assert [name for name, gene in genes.items() if gene is None] == ["OPTA4"]

    def in_group(group: str) -> list[str]:
        return [s.id for s in known.subtypes if s.group == group]

    assert in_group("core") == CORE.split()
    assert in_group("related") == RELATED.split()
    assert in_group("differential") == DIFFERENTIAL.split()


def test_genes_without_a_transcript_here_feed_nothing(known: Panel) -> None:
    examined = {t.gene for t in reference.load(Assembly.GRCH38).transcripts}
    unseen = {g.symbol for g in known.genes} - examined
    assert unseen == {"SGMS2", "SFRP4", "GALNT3", "MTAP", "TRPV6"}
    for held in known.subtypes:
        if held.gene in unseen:
            assert [r.verdict for r in held.rules] == ["not_this"]
    assert all(bool(g.transcripts) == (g.symbol in examined) for g in known.genes)


# --------------------------------------------------------------------------- classes

CLASSES = {
    "OPTB1": (Neurology.SECONDARY_COMPRESSIVE, Transplant.INDICATED_URGENT),
    "OPTB2": (Neurology.SECONDARY_COMPRESSIVE, Transplant.INEFFECTIVE_EXTRINSIC),
    "OPTB3": (Neurology.PRIMARY_CNS_CALCIFICATION, Transplant.CASE_BY_CASE_PARTIAL_BENEFIT),
    "OPTB4": (Neurology.PRIMARY_VARIABLE, Transplant.CASE_BY_CASE_AFTER_NEUROLOGY),
    "OPTB5": (Neurology.PRIMARY_PROGRESSIVE, Transplant.NOT_RECOMMENDED_NEURODEGENERATION),
    "OPTB6": (Neurology.UNCERTAIN, Transplant.NOT_ESTABLISHED),
    "OPTB7": (Neurology.SECONDARY_COMPRESSIVE, Transplant.INDICATED),
    "OPTB8": (Neurology.SECONDARY_COMPRESSIVE, Transplant.INDICATED),
    "OPTB9": (Neurology.UNCERTAIN, Transplant.NOT_ESTABLISHED),
    "OPTA1": (Neurology.UNCERTAIN, Transplant.NOT_ESTABLISHED),
    "OPTA2": (Neurology.SECONDARY_COMPRESSIVE, Transplant.NOT_ESTABLISHED),
    "HOD": (Neurology.PRIMARY_OTHER, Transplant.NOT_ESTABLISHED),
    "OLEDAID": (Neurology.UNCERTAIN, Transplant.CASE_BY_CASE_IMMUNE_INDICATION),
    "LAD3": (Neurology.NONE_REPORTED, Transplant.INDICATED_URGENT),
}
BY_STATEMENT = {  # of every other row: the neurology that one of its own statements states
    "BANDDOS": Neurology.PRIMARY_PROGRESSIVE,
    "COMMAD": Neurology.STRUCTURAL,
    "NASU_HAKOLA": Neurology.PRIMARY_PROGRESSIVE,
    "CMDD": Neurology.SECONDARY_COMPRESSIVE,
    "RNS": Neurology.PRIMARY_CNS_CALCIFICATION,
    "LMHD": Neurology.PRIMARY_OTHER,
}


def test_classes_are_those_of_the_table(known: Panel) -> None:
    for held in known.subtypes:
        other = (BY_STATEMENT.get(held.id, Neurology.UNCERTAIN), Transplant.NOT_ESTABLISHED)
        assert (held.neurology, held.transplant) == CLASSES.get(held.id, other), held.id


def test_the_changelog_prints_the_table_of_classes() -> None:
    for name in panel.names():
        loaded = panel.load(name)
        text = (Path(loaded.path).parent / "CHANGELOG.md").read_text(encoding="utf-8")
        assert f"## {loaded.name} {loaded.version}" in text
        for held in loaded.subtypes:
            brain, graft = (", ".join(ids) or "-" for ids in (held.neurology_statements, held.transplant_statements))
            assert f"| {held.id} | {held.neurology} | {brain} | {held.transplant} | {graft} |" in text


def test_every_class_is_carried_by_a_read_statement_of_the_same_disease(known: Panel) -> None:
    for held in known.subtypes:
        own = {s.id: s for s in held.statements}
        for value, ids in (
            (held.neurology, held.neurology_statements),
            (held.transplant, held.transplant_statements),
        ):
            needs = value not in (Neurology.UNCERTAIN, Transplant.NOT_ESTABLISHED)
            assert bool(ids) == needs, (held.id, value)
            for name in ids:
                assert own[name].references
                assert not own[name].inference
                assert own[name].id.startswith((f"{held.id}-", f"{held.id}_", "GENERAL-"))


def test_rank_and_rankl_are_never_swapped(known: Panel) -> None:
    assert subtype(known, "OPTB2").transplant is Transplant.INEFFECTIVE_EXTRINSIC
    assert subtype(known, "OPTB7").transplant is Transplant.INDICATED
    assert known.gene("TNFSF11") is not None
    proteins = {g.symbol: g.protein_name for g in known.genes}
    assert (proteins["TNFSF11"], proteins["TNFRSF11A"]) == ("RANKL", "RANK")
    said = {s.id for s in subtype(known, "OPTB2").statements}
    for for_transplant in ("GENERAL-transplant-02", "GENERAL-transplant-03", "GENERAL-age_window-03"):
        assert for_transplant not in said
        assert for_transplant in {s.id for s in subtype(known, "OPTB7").statements}


def test_sight_before_three_months_is_said_where_delay_harms(known: Panel) -> None:
    for name in ("OPTB1", "OPTB4", "OPTB7", "OPTB8"):
        held = {s.id for s in subtype(known, name).statements}
        assert "GENERAL-age_window-03" in held
    for name in ("OPTB7", "OPTB8"):
        held = {s.id for s in subtype(known, name).statements}
        assert {"GENERAL-age_window-02", "GENERAL-age_window-04"} <= held


# --------------------------------------------------------------------------- what is said first


def test_every_block_that_could_change_a_transplant_starts_with_the_second_method(known: Panel) -> None:
    for held in known.subtypes:
        first = [s for s in held.statements if s.text == CONFIRM]
        expected = held.id in ["OPTB1", "OPTB2", "OPTB4", "OPTA2", "HOD", "OPTB5", "OPTB7", "OPTB8", "LAD3"]
        assert len(first) == expected, held.id
        if expected:
            assert held.statements[0] is first[0]
            assert (first[0].topic, first[0].kind) == (Topic.BEFORE_TRANSPLANT, "genotype")
            assert first[0].references == (("R07",) if held.id == "OPTB5" else ("R154", "R72"))


def test_intermediate_disease_is_always_conditional_and_last(known: Panel) -> None:
    held = subtype(known, "OPTB4").statements
    intermediate = [i for i, s in enumerate(held) if s.id.startswith("OPTB4_intermediate-")]
    neuronopathic = [i for i, s in enumerate(held) if s.id.startswith("OPTB4_neuronopathic-")]
    assert len(intermediate) == 13
    assert max(neuronopathic) < min(intermediate)
    for statement in every_statement(known).values():
        if statement.id.startswith("OPTB4_intermediate-"):
            assert statement.kind == "child"
            assert statement.condition is not None
            assert statement.condition.startswith("If the disease is intermediate")
        if "life expectancy" in statement.text:
            assert statement.condition == "If the disease is intermediate:"


def test_kinds_and_conditions_go_together(known: Panel) -> None:
    for statement in every_statement(known).values():
        assert (statement.condition is not None) == (statement.kind in ("child", "care")), statement.id
    answers = {s.id for s in known.answer_statements}
    alerts = {"GENERAL-alert-01", "GENERAL-alert-03"}  # said behind their condition whichever gene it is
    assert answers == alerts | {s.id for s in every_statement(known).values() if s.kind == "answer"}
    assert not (answers - alerts) & {s.id for t in known.subtypes for s in t.statements}


GENOTYPE = {  # phrase -> what the match must show for the sentence to be said of this child
    "any": Needs.ANY,
    "recessive osteopetrosis": Needs.ANY,
    "biallelic confirmed": Needs.TWO_COPIES,
    "biallelic confirmed (IKBKG: affected male)": Needs.TWO_COPIES,
    "biallelic suspected": Needs.ANY,
    "biallelic suspected or confirmed": Needs.ANY,
    "gene not yet known, CLCN7 or OSTM1": Needs.ANY,
    "heterozygous": Needs.ONE_COPY,
    "heterozygous dominant variant": Needs.ONE_COPY,
    "specific gain-of-function CLCN7 variant": Needs.ANY,
    "variant present": Needs.LISTED_ALLELE,
    "affected male": Needs.HEMIZYGOUS,
    "male": Needs.HEMIZYGOUS,
    "heterozygous female or affected male": Needs.ANY,
    "IKBKG result": Needs.ANY,
    "LRP4 variant": Needs.ANY,
}
ANSWER = {  # phrase -> the gene that it concerns
    "no variant found": None,
    "gene not yet known": None,
    "no or one CLCN7 variant found": "CLCN7",
    "no or one CTSK variant found": "CTSK",
    "no or one OSTM1 variant found": "OSTM1",
    "no or one SNX10 variant found": "SNX10",
    "no or one TCIRG1 variant found": "TCIRG1",
    "no SOST variant found": "SOST",
    "no AMER1 variant found": "AMER1",
}
CONDITIONS = {  # phrase -> kind, and the words that stand before the sentence
    "newborn or infant": ("child", "In a newborn or infant:"),
    "infantile malignant disease": ("child", "If the disease is infantile and malignant:"),
    "infantile malignant disease, gene not excluded": (
        "child",
        "If the disease is infantile and malignant, and the gene does not speak against it:",
    ),
    "severe infantile disease": ("child", "If the disease is severe and infantile:"),
    "intermediate disease": ("child", "If the disease is intermediate:"),
    "milder disease": ("child", "If the disease is milder:"),
    "non-infantile osteopetrosis": ("child", "If the osteopetrosis is not infantile:"),
    "infant with CLCN7 variant": ("child", "In an infant with a CLCN7 variant:"),
    "infant with one CLCN7 variant": ("child", "In an infant with one CLCN7 variant:"),
    "biallelic confirmed and no primary neurological signs found": (
        "child",
        "Only if no primary neurological signs are found:",
    ),
    "biallelic confirmed and primary neurodegeneration shown or not yet excluded": (
        "child",
        "If primary neurodegeneration is shown or not yet excluded:",
    ),
    "primary neurodegeneration shown or likely": ("child", "If primary neurodegeneration is shown or likely:"),
    "seizures": ("child", "If there are seizures:"),
    "vision loss": ("child", "If there is vision loss:"),
    "vision loss from compression": ("child", "If there is vision loss from compression:"),
    "rickets on X-ray": ("child", "If there is rickets on X-ray:"),
    "cytopenia with large spleen": ("child", "If blood counts are low and the spleen is large:"),
    "loss-of-function LRP5 variant": ("child", "If the LRP5 variant is a loss of function:"),
    "transplant considered": ("care", "If a transplant is considered:"),
    "after transplant": ("care", "After a transplant:"),
    "before anaesthesia": ("care", "Before anaesthesia:"),
    "interferon gamma-1b used": ("care", "If interferon gamma-1b is used:"),
    "both parents confirmed carriers": ("care", "If both parents are confirmed carriers:"),
    "family variant known": ("care", "If the family's variant is known:"),
    "family variants known": ("care", "If the family's variants are known:"),
    "carrier mother": ("care", "If the mother carries the variant:"),
}


def test_each_of_the_51_phrases_is_of_one_kind(known: Panel) -> None:
    assert len({*GENOTYPE, *ANSWER, *CONDITIONS}) == len(GENOTYPE) + len(ANSWER) + len(CONDITIONS) == 51
    seen: set[str] = set()
    for said in every_statement(known).values():
        seen.add(said.applies_when)
        if said.id.startswith("OPTB4_intermediate-"):
            continue  # always behind "If the disease is intermediate:", whatever the phrase
        phrase = said.applies_when
        if phrase in GENOTYPE:
            assert (said.kind, said.needs, said.condition) == ("genotype", GENOTYPE[phrase], None), said.id
        elif phrase in ANSWER:
            assert (said.kind, said.gene, said.condition) == ("answer", ANSWER[phrase], None), said.id
        else:
            assert (said.kind, said.condition) == CONDITIONS[phrase], said.id
    assert seen == {*GENOTYPE, *ANSWER, *CONDITIONS}


def test_the_phrases_are_those_of_the_reviewed_list(reviewed: dict[str, dict[str, Any]]) -> None:
    assert {s["applies_when"] for s in reviewed.values()} == {*GENOTYPE, *ANSWER, *CONDITIONS}


# --------------------------------------------------------------------------- wording


def test_nothing_forbidden_is_said(known: Panel) -> None:
    for statement in every_statement(known).values():
        for text in (statement.text, statement.caution, statement.condition):
            assert not text or wording_faults(text) == [], (statement.id, text)
    for held in known.subtypes:
        assert not [f for rule in held.rules for f in wording_faults(rule.reason)]


@pytest.mark.parametrize(
    "text",
    [
        "Transplant before 10 months of age is best.",
        "Transplant is contraindicated in OSTM1 disease.",
        "OSTM1 disease is suitable for transplant.",
        "Transplant is elective here.",
        "LRP6 causes dominant osteopetrosis type 4.",
        "The variant lies at c.1884+146.",
        "Known as p.Tyr715Cys.",
        "The carrier frequency is 1.68%.",
        "A trial of RP-L401 is running.",
        "Gene therapy: a lentiviral gene therapy exists.",
        "TNFSF11 and TNFRSF11A sound alike.",
        "TNFSF11 (RANKL) and TNFRSF11A sound alike.",
        "Five-year survival was 73%.",
        "Five of seven children survived.",
        "Calcitriol 2 microgram/kg was given.",
        "About 5% of recessive osteopetrosis is due to it.",
        "X-ray rickets, therefore not osteopetrosis.",
        "The name is p.*420Trp.",
        "The Arabic allele is c.232+1G>A.",
    ],
)
def test_forbidden_wording_is_recognised(text: str) -> None:
    assert wording_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "TNFSF11 (RANKL) and TNFRSF11A (RANK) have similar names but opposite meaning.",
        "Between 1980 and 2001, five-year survival was 73% in 40 children.",
        "Sight was better kept when transplant took place before three months of age.",
        "Among survivors, 70% had impaired vision.",
    ],
)
def test_what_may_be_said_is_not_refused(text: str) -> None:
    assert wording_faults(text) == []


def test_no_gene_of_dysosteosclerosis_or_opta4_is_guessed(known: Panel) -> None:
    for statement in every_statement(known).values():
        assert not re.search(r"OPTA4|LRP6[^.]*osteopetrosis type 4", statement.text)
        if re.search(r"dysosteosclerosis", statement.text, re.I):
            assert re.search(r"TCIRG1|RANK|CSF1R|SLC29A3|LRRK1", statement.text), statement.id


# --------------------------------------------------------------------------- alleles and rules


def test_null_variants_count_by_rule_in_exactly_the_genes_of_one_mechanism(known: Panel) -> None:
    counted = {g.symbol for g in known.genes if g.null_is_pathogenic}
    assert counted == {"TCIRG1", "TNFSF11", "CA2", "CLCN7", "OSTM1", "TNFRSF11A", "SNX10", "FERMT3"}
    not_unique = {g.symbol: g.not_unique_exons for g in known.genes if g.not_unique_exons}
    assert not_unique == {"IKBKG": (3, 4, 5, 6, 7, 8, 9, 10)}


@pytest.mark.parametrize("assembly", list(Assembly))
def test_named_alleles_carry_the_name_that_their_key_has(known: Panel, assembly: Assembly) -> None:
    here = reference.load(assembly)
    seen = Counter[str]()
    for gene in known.genes:
        for allele in gene.named_alleles:
            transcript = next(t for t in here.transcripts if t.gene == gene.symbol and t.mane == "MANE Select")
            contig, position, ref, alt = allele.keys[assembly].split("-")
            variant = Variant(contig, int(position), ref, alt)
            assert not normalize.ref_disagrees(variant, here.sequence)
            assert normalize.normalize(variant, here.sequence).key == variant.key
            found = consequence.consequence(variant, transcript, here.sequence)
            assert found.hgvs_c == allele.hgvs_c
            seen[gene.symbol] += 1
    assert seen == {"TCIRG1": 3, "CA2": 1, "CLCN7": 9, "OSTM1": 1, "SNX10": 1}


def test_named_alleles_lie_in_one_place_on_both_assemblies(known: Panel) -> None:
    one, other = (reference.load(a) for a in (Assembly.GRCH37, Assembly.GRCH38))
    for gene in known.genes:
        for allele in gene.named_alleles:
            contig, position, ref, alt = allele.keys[Assembly.GRCH38].split("-")
            there, here = (next(t for t in r.transcripts if t.gene == gene.symbol) for r in (other, one))
            carried = normalize.carry(Variant(contig, int(position), ref, alt), there, here, one.sequence)
            assert carried is not None
            assert carried.key == allele.keys[Assembly.GRCH37]


def test_protein_names_in_reasons_are_those_of_the_keys(known: Panel) -> None:
    here = reference.load(Assembly.GRCH38)
    gene = known.gene("CLCN7")
    assert gene is not None
    transcript = next(t for t in here.transcripts if t.gene == "CLCN7")
    for allele in gene.named_alleles:
        contig, position, ref, alt = allele.keys[Assembly.GRCH38].split("-")
        found = consequence.consequence(Variant(contig, int(position), ref, alt), transcript, here.sequence)
        named = re.match(r"p\.(\w+)", allele.reason)
        assert named is not None
        assert found.hgvs_p == f"p.({named[1]})"


def test_alleles_of_statements_and_rules_have_the_bases_of_the_genome(known: Panel) -> None:
    here = reference.load(Assembly.GRCH38)
    keys = {k for s in every_statement(known).values() for k in s.alleles}
    keys |= {k for held in known.subtypes for rule in held.rules for k in rule.alleles}
    assert len(keys) > 20
    for key in keys:
        contig, position, ref, alt = key.split("-")
        assert not normalize.ref_disagrees(Variant(contig, int(position), ref, alt), here.sequence), key
        assert any(t.contig == contig and t.start < int(position) <= t.end for t in here.transcripts)


def test_founders_keep_their_class_and_are_exempt_from_frequency(known: Panel) -> None:
    gene = known.gene("TCIRG1")
    assert gene is not None
    founders = {a.hgvs_c: a for a in gene.named_alleles}
    assert founders["c.807+5G>A"].class_ is Class.LIKELY_PATHOGENIC
    assert founders["c.117+4A>T"].founder
    assert founders["c.807+5G>A"].founder
    classed = [(g.symbol, a.hgvs_c) for g in known.genes for a in g.named_alleles if a.class_]
    assert classed == [("TCIRG1", "c.117+4A>T"), ("TCIRG1", "c.807+5G>A")]


def test_the_gain_of_function_allele_of_clcn7_counts_for_hod_alone(known: Panel) -> None:
    first = {name: subtype(known, name).rules[0] for name in ("OPTB4", "OPTA2", "HOD")}
    assert {rule.alleles for rule in first.values()} == {(HOD_ALLELE,)}
    assert [first[n].verdict for n in ("OPTB4", "OPTA2", "HOD")] == ["set_aside", "set_aside", "feeds_unsure"]
    assert subtype(known, "HOD").ceiling is Status.POSSIBLE
    assert subtype(known, "HOD").rules[-1].verdict == "not_this"


def test_a_truncation_never_feeds_the_dominant_disease_of_clcn7(known: Panel) -> None:
    held = subtype(known, "OPTA2")
    assert held.yields_to == "OPTB4"
    assert held.inheritance is Inheritance.DOMINANT
    assert [r.verdict for r in held.rules] == ["set_aside", "feeds", "feeds_unsure", "not_this"]
    assert AlleleKind.NULL not in held.rules[2].kinds
    assert "16-1459139-C-T" in held.rules[1].alleles
    assert "16-1447412-T-C" not in held.rules[1].alleles, "the splice allele of OPTA2-founder-02"


def test_gain_and_loss_of_other_diseases_are_set_aside(known: Panel) -> None:
    feo = subtype(known, "OPTB7").rules[0]
    assert (feo.verdict, feo.kinds, feo.exons) == ("set_aside", (AlleleKind.INFRAME_DUPLICATION,), (1,))
    lrp5 = subtype(known, "OPTA1").rules
    assert [r.verdict for r in lrp5] == ["feeds", "set_aside", "set_aside"]
    assert lrp5[0].traits
    assert not lrp5[0].alleles
    assert lrp5[1].exons == (2, 3, 4)
    nemo = subtype(known, "OLEDAID")
    assert (nemo.inheritance, nemo.ceiling) == (Inheritance.X_LINKED, Status.POSSIBLE)


def test_blind_spots_say_what_an_exome_misses(known: Panel) -> None:
    spots = {g.symbol: " ".join(b.text for b in g.blind_spots) for g in known.genes}
    for gene, word in (
        ("OSTM1", "Microdeletions"),
        ("CLCN7", "exons 7 to 25"),
        ("SNX10", "5-prime untranslated"),
        ("TCIRG1", "intron 15"),
        ("IKBKG", "exon 4-10 deletion"),
        ("PLEKHM1", "PLEKHM1P1"),
    ):
        assert word in spots[gene]
    assert all(b.would_show for g in known.genes for b in g.blind_spots)


# --------------------------------------------------------------------------- against the reviewed list


@pytest.fixture(scope="module")
def reviewed() -> dict[str, dict[str, Any]]:
    file = SOURCE / "statements.yaml"
    if not file.is_file():
        pytest.skip("the reviewed list of statements is not on this machine")
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {s["id"]: s for s in yaml.load(file.read_text(encoding="utf-8"), loader)}


REWORDED = {"DSS_SLC29A3-differential-03"}  # 'dysosteosclerosis' never stands without its gene


def test_every_text_is_that_of_the_reviewed_list(known: Panel, reviewed: dict[str, dict[str, Any]]) -> None:
    for statement in every_statement(known).values():
        if statement.text == CONFIRM:
            continue
        source = reviewed[statement.id]
        if statement.id not in REWORDED:
            assert statement.text == source["text"]
            assert list(statement.references) == source["references"]
        assert statement.applies_when == source["applies_when"]
        assert (statement.evidence, statement.read) == (source["evidence"], source["read"])
        assert (statement.strength, statement.topic) == (source["strength"], source["topic"])
        assert statement.inference == source.get("inference", False)
        assert statement.caution in (source.get("caution"), None)
    without_caution = {
        s.id
        for s in every_statement(known).values()
        if s.text != CONFIRM and reviewed[s.id].get("caution") != s.caution
    }
    assert without_caution == {"OPTB1-founder-04"}


def test_a_statement_is_said_only_under_its_own_rows(known: Panel, reviewed: dict[str, dict[str, Any]]) -> None:
    for held in known.subtypes:
        rows = {held.id, f"{held.id}_neuronopathic", f"{held.id}_intermediate"}
        for statement in held.statements:
            if statement.text != CONFIRM:
                source = reviewed[statement.id]
                assert rows & {source["row_id"], *source.get("also_rows", ())}, (held.id, statement.id)


def test_what_is_left_out_is_listed_with_its_reason(known: Panel, reviewed: dict[str, dict[str, Any]]) -> None:
    changelog = (Path(known.path).parent / "CHANGELOG.md").read_text(encoding="utf-8")
    listed = changelog.partition("### Left out")[2]
    for name in reviewed.keys() - every_statement(known).keys():
        assert name in listed, name


def test_ids_are_those_of_the_tables(known: Panel) -> None:
    if not SOURCE.is_dir():
        pytest.skip("the table of subtypes is not on this machine")
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = {r["row_id"]: r for r in yaml.load((SOURCE / "subtypes.yaml").read_text(encoding="utf-8"), loader)}
    assert {s.id for s in known.subtypes} == rows.keys() - {"OPTB4_neuronopathic", "OPTB4_intermediate"} | {"OPTB4"}
    for held in known.subtypes:
        row = rows.get(held.id) or rows[f"{held.id}_neuronopathic"]
        for value, column in ((held.omim, "omim_phenotype"), (held.mondo, "mondo_id"), (held.orpha, "orpha_id")):
            assert value is None or value in row[column], (held.id, column)
            assert value is not None or not re.match(r"(MONDO:|\d{6} ?$)", row[column]), (held.id, column)
        if held.gene is None:
            assert row["gene"] == "(gene not found)"
            continue
        gene = known.gene(held.gene)
        assert gene is not None
        assert row["gene"] == gene.symbol
        assert (gene.ncbi, gene.omim) == (row["ncbi_gene"], row["omim_gene"])
        assert gene.hgnc_id is None or gene.hgnc_id in row["hgnc_id"]
        assert gene.hgnc_id is not None or "(M)" in row["hgnc_id"]


def test_transcripts_are_those_of_the_table(known: Panel) -> None:
    file = SOURCE.parent / "reference" / "transcripts.tsv"
    if not file.is_file():
        pytest.skip("the table of transcripts is not on this machine")
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    table = [dict(zip(lines[0], row, strict=True)) for row in lines[1:]]
    for gene in known.genes:
        rows = [r for r in table if r["gene"] == gene.symbol]
        assert {(r["NM"], r["ENST"]) for r in rows} == set(gene.transcripts)
        assert {r["hgnc"] for r in rows} <= {gene.hgnc_id}


def test_phenotypes_are_annotated_diseases_of_the_gene(known: Panel) -> None:
    file = SOURCE / "hpo_annotations.tsv"
    if not file.is_file():
        pytest.skip("the HPO annotations are not on this machine")
    rows = [line.split("\t")[:2] for line in file.read_text(encoding="utf-8").splitlines()]
    genes = dict(rows)
    for held in known.subtypes:
        for disease in held.phenotypes:
            assert genes[disease] == held.gene, (held.id, disease)
        if held.omim and f"OMIM:{held.omim}" in genes:
            assert f"OMIM:{held.omim}" in held.phenotypes
