"""The shipped panel against what may be said: sources, classes, wording, coordinates."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from varmio.interpret import consequence, normalize
from varmio.model import (
    AlleleKind,
    Assembly,
    Class,
    Inheritance,
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
    return panel.load()


def every_statement(known: Panel) -> dict[str, PanelStatement]:
    said = [s for subtype in known.subtypes for s in subtype.statements]
    return {s.id: s for s in [*said, *known.answer_statements]}


def subtype(known: Panel, name: str) -> PanelSubtype:
    return next(s for s in known.subtypes if s.id == name)


# --------------------------------------------------------------------------- sources


def test_the_shipped_panel_passes_its_own_validation(known: Panel) -> None:
    assert panel.validate(known.path, {a: reference.load(a) for a in Assembly}) == []


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


def test_the_panel_holds_the_core_and_its_subtypes(known: Panel) -> None:
    core = "TCIRG1 TNFSF11 CA2 CLCN7 OSTM1 PLEKHM1 TNFRSF11A SNX10 FERMT3 IKBKG SLC4A2 LRP5"
    assert [g.symbol for g in known.genes if g.core] == core.split()
    assert {s.id: s.gene for s in known.subtypes} == {
        "OPTB1": "TCIRG1",
        "OPTB2": "TNFSF11",
        "OPTB3": "CA2",
        "OPTB4": "CLCN7",
        "OPTA2": "CLCN7",
        "HOD": "CLCN7",
        "OPTB5": "OSTM1",
        "OPTB6": "PLEKHM1",
        "OPTB7": "TNFRSF11A",
        "OPTB8": "SNX10",
        "OPTB9": "SLC4A2",
        "OPTA1": "LRP5",
        "OLEDAID": "IKBKG",
        "LAD3": "FERMT3",
    }


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


def test_classes_are_those_of_the_table(known: Panel) -> None:
    assert {s.id: (s.neurology, s.transplant) for s in known.subtypes} == CLASSES


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
        expected = held.id not in ("OPTB3", "OPTB6", "OPTB9", "OPTA1", "OLEDAID")
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


PHRASES = {
    "biallelic confirmed": ("genotype", None),
    "heterozygous dominant variant": ("genotype", None),
    "affected male": ("genotype", None),
    "variant present": ("genotype", None),
    "recessive osteopetrosis": ("genotype", None),
    "any": ("genotype", None),
    "no variant found": ("answer", None),
    "gene not yet known": ("answer", None),
    "no or one OSTM1 variant found": ("answer", None),
    "seizures": ("child", "If there are seizures:"),
    "newborn or infant": ("child", "In a newborn or infant:"),
    "milder disease": ("child", "If the disease is milder:"),
    "biallelic confirmed and no primary neurological signs found": (
        "child",
        "Only if no primary neurological signs are found:",
    ),
    "transplant considered": ("care", "If a transplant is considered:"),
    "after transplant": ("care", "After a transplant:"),
    "before anaesthesia": ("care", "Before anaesthesia:"),
    "family variants known": ("care", "If the family's variants are known:"),
}


def test_phrases_fall_into_the_four_kinds(known: Panel) -> None:
    found: dict[str, set[tuple[str, str | None]]] = {}
    for statement in every_statement(known).values():
        if not statement.id.startswith("OPTB4_intermediate-"):
            found.setdefault(statement.applies_when, set()).add((statement.kind, statement.condition))
    assert all(len(kinds) == 1 for kinds in found.values())
    for phrase, expected in PHRASES.items():
        assert found[phrase] == {expected}, phrase


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
        assert "OPTA4" not in statement.text
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
        transcript = next(t for t in here.transcripts if t.gene == gene.symbol and t.mane == "MANE Select")
        for allele in gene.named_alleles:
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


def test_every_text_is_that_of_the_reviewed_list(known: Panel, reviewed: dict[str, dict[str, Any]]) -> None:
    for statement in every_statement(known).values():
        if statement.text == CONFIRM:
            continue
        source = reviewed[statement.id]
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
    said = every_statement(known)
    rows = {s.id for s in known.subtypes} - {"OPTB4"} | {"OPTB4_neuronopathic", "OPTB4_intermediate"}
    listed = changelog.partition("### Left out")[2]
    for name, source in reviewed.items():
        of_panel = source["row_id"] in rows or (source["row_id"] == "GENERAL" and rows & set(source["also_rows"]))
        if of_panel and name not in said:
            assert name in listed


def test_ids_are_those_of_the_tables(known: Panel) -> None:
    file = SOURCE / "subtypes.yaml"
    if not file.is_file():
        pytest.skip("the table of subtypes is not on this machine")
    import yaml

    rows = {r["row_id"]: r for r in yaml.safe_load(file.read_text(encoding="utf-8"))}
    for held in known.subtypes:
        row = rows.get(held.id) or rows[f"{held.id}_neuronopathic"]
        assert row["gene"] == held.gene
        assert str(held.omim) in row["omim_phenotype"]
        assert str(held.mondo) in row["mondo_id"]
        gene = known.gene(held.gene)
        assert gene is not None
        assert gene.hgnc_id in row["hgnc_id"]
