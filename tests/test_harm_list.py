"""The harm list, one test an item: what a wrong answer of this tool would do to a child.

Numbers are those of the list that the panel was built from; docs/knowledge.md prints it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.builders import NOT_LOOKED_UP, SCREENED, UNKNOWN, make, pair_phase
from tests.draw import draw
from tests.exome import GRCH37, GRCH38, Call, Result, call, run_calls
from varmio import phrases
from varmio.analysis import panel_of
from varmio.cli import main
from varmio.interpret import statements, subtype
from varmio.interpret.inheritance import Phase
from varmio.model import AlleleKind, CallState, Class, Variant, Zygosity

PANEL = panel_of(())  # every shipped panel, as a run reads them
SUBTYPES = {s.id: s for s in PANEL.subtypes}
PROSE = {s.id: s for t in PANEL.subtypes for s in t.statements} | {s.id: s for s in PANEL.answer_statements}
GENES = [g.symbol for g in PANEL.genes]

OSTM1 = call("6-108064285-ACT-A")
TNFSF11 = call("13-42600901-G-A")
TNFRSF11A = call("18-62354461-C-A")
FEO = "18-62325387-T-TCGCGCTGCTGCTGCTCTG"
CLCN7_STOP = call("16-1474836-G-A", "0/1")
HOD = "16-1447498-T-C"


def seeded(gene: str, kind: str = "null", gt: str = "1/1", **more: Any) -> Call:
    import random

    return Call(draw(gene, kind, random.Random(f"harm {gene} {kind}")).variants[GRCH38], gt, **more)


def run(folder: Path, *calls: Call, options: tuple[str, ...] = ("--sex", "female")) -> Result:
    return run_calls(folder, GRCH38, calls, *options)


def texts(which: str) -> str:
    return " ".join(s.text for s in SUBTYPES[which].statements)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


@cache
def all_prose() -> tuple[str, ...]:
    """Every sentence of the panel and every fixed phrase."""
    fixed = [str(v) for table in vars(phrases).values() if isinstance(table, dict) for v in table.values()]
    rules = [r.reason for s in PANEL.subtypes for r in s.rules]
    spots = [b.text for g in PANEL.genes for b in g.blind_spots]
    return (*(s.text for s in PROSE.values()), *rules, *spots, *fixed)


def test_harm_01_ostm1_is_never_suitable_and_never_absolutely_contraindicated(tmp_path: Path) -> None:
    match = run(tmp_path, OSTM1).matches["OPTB5"]
    assert match["transplant"]["class"] == "not_recommended_neurodegeneration"
    said = {s["id"]: s for s in match["statements"]}
    assert said["OPTB5-transplant-01"]["applies"] == "patient"
    assert "R04" in said["OPTB5-transplant-01"]["references"]
    assert "generally not recommended" in said["OPTB5-transplant-02"]["text"]
    page = run(tmp_path, OSTM1).words
    assert "Generally not recommended" in page
    assert "expert centre decides with the family" in page
    assert not re.search(r"contraindicat|suitable", page, flags=re.I)


def test_harm_02_rankl_and_rank_are_never_swapped(tmp_path: Path) -> None:
    rankl, rank = run(tmp_path, TNFSF11), run(tmp_path, TNFRSF11A)
    assert rankl.matches["OPTB2"]["transplant"]["class"] == "ineffective_extrinsic"
    assert rank.matches["OPTB7"]["transplant"]["class"] == "indicated"
    no, yes = phrases.TRANSPLANT["ineffective_extrinsic"], phrases.TRANSPLANT["indicated"]
    assert no in rankl.minute
    assert yes not in rankl.words
    assert yes in rank.minute
    assert no not in rank.words
    assert "treatment of choice for the RANK-deficient form" in rank.words
    assert "could not be cured by transplant" in rankl.words
    for result in (rankl, rank, run(tmp_path, TNFSF11, TNFRSF11A)):
        for sentence in (*sentences(result.case["answer"]["sentence"]), *sentences(result.words)):
            check_protein_names(sentence)
    for text in all_prose():
        check_protein_names(text)


def check_protein_names(sentence: str) -> None:
    symbols = {"TNFSF11": "RANKL", "TNFRSF11A": "RANK", "TNFRSF11B": "OPG"}
    present = [s for s in symbols if re.search(rf"\b{s}\b", sentence)]
    if len(present) > 1 and " deficiency" not in sentence:
        for symbol in present:
            assert re.search(rf"\b{symbols[symbol]}\b", sentence), sentence


def test_harm_03_clcn7_gives_no_verdict_from_genotype_and_never_reassures(tmp_path: Path) -> None:
    import random

    two = draw("CLCN7", "null", random.Random("c")).variants[GRCH38]
    result = run(tmp_path, Call(two, "1/1"))
    match = result.matches["OPTB4"]
    assert match["transplant"]["class"] == "case_by_case_after_neurology"
    assert match["neurology"]["class"] == "primary_variable"
    assert "elective" not in result.words.lower()
    assert not re.search(r"\d+ ?% of (these )?children .*neuronopathic", result.words)
    cure = next(s for s in match["statements"] if s["id"] == "OPTB4_neuronopathic-transplant-01")
    assert cure["applies"] == "gene_general"
    assert cure["condition"]
    for statement in match["statements"]:
        if statement["id"].startswith("OPTB4_intermediate"):
            assert statement["condition"], statement["id"]
            assert statement["applies"] == "gene_general"
    order = [s["id"] for s in match["statements"] if s["topic"] == "neurology"]
    assert order[0].startswith("OPTB4_neuronopathic")
    assert "A thorough examination of the nervous system" in result.words


def test_harm_04_a_clcn7_truncation_is_one_allele_of_optb4_not_ado2(tmp_path: Path) -> None:
    result = run(tmp_path, CLCN7_STOP)
    assert {m: d["status"] for m, d in result.matches.items()} == {"OPTB4": "one_allele"}
    assert "OPTA2" not in result.minute


@pytest.mark.parametrize(("gene", "which"), [("TCIRG1", "OPTB1"), ("SNX10", "OPTB8"), ("TNFRSF11A", "OPTB7")])
def test_harm_05_do_not_delay_and_no_other_cut_off_age(gene: str, which: str, tmp_path: Path) -> None:
    result = run(tmp_path, seeded(gene))
    assert re.search(r"early as possible|do not delay", result.minute)
    assert any(s["topic"] == "age_window" for s in result.matches[which]["statements"])
    assert "10 months" not in result.words
    for text in all_prose():
        assert not re.search(r"(before|under|<|until|up to)\s*(the age of\s*)?10 months", text), text


def test_harm_05_sight_before_three_months_is_said_with_its_source() -> None:
    said = [s for s in PROSE.values() if re.search(r"(three|3) months", s.text) and "R02" in s.references]
    assert said
    assert all(s.topic == "age_window" for s in said)


@pytest.mark.parametrize("which", ["OPTB1", "OPTB4", "OPTB5", "OPTB7", "OPTB8"])
def test_harm_06_calcium_before_seizures_are_called_neurodegenerative(which: str) -> None:
    found = [s for s in SUBTYPES[which].statements if s.topic == "alert" and "calcium" in s.text.lower()]
    assert any("seizures" in (s.condition or s.text).lower() for s in found), which


def test_harm_06_calcium_stands_in_the_first_list(tmp_path: Path) -> None:
    for key in (OSTM1, TNFRSF11A, seeded("TCIRG1")):
        assert "calcium" in run(tmp_path, key).minute.lower()


def test_harm_07_a_negative_exome_excludes_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, call("11-68042651-C-G", "0/1"))
    assert result.case["answer"]["code"] == "nothing_found"
    limits = " ".join(item["text"] for item in result.case["limitations"])
    for words in ("OSTM1 microdeletions", "CLCN7 exons 7 to 25", "SNX10 5-prime untranslated region", "intron 15",
                  "exon 4-10 deletion"):  # fmt: skip
        assert words.lower() in limits.lower() or words in limits, words
    assert "not ruled out" in result.case["answer"]["sentence"]
    assert "Do not read this as an all-clear" in result.words
    assert not re.search(r"(?<!not )excludes? osteopetrosis|no osteopetrosis", result.words)


def test_harm_07_a_homozygous_change_may_lie_over_a_deletion(tmp_path: Path) -> None:
    said = run(tmp_path, OSTM1)
    assert any("over a deletion" in line["text"] for line in said.case["recurrence"])
    assert "over a deletion" in said.words


FOUNDERS = {"c.117+4A>T": ("TCIRG1", "OPTB1"), "c.807+5G>A": ("TCIRG1", "OPTB1"), "c.212+1G>T": ("SNX10", "OPTB8"),
            "c.232+1G>A": ("CA2", "OPTB3")}  # fmt: skip


def named(gene: str, hgvs_c: str, assembly: str) -> Variant:
    held = PANEL.gene(gene)
    assert held is not None
    allele = next(a for a in held.named_alleles if a.hgvs_c == hgvs_c)
    contig, pos, ref, alt = allele.keys[assembly].split("-")
    return Variant(contig, int(pos), ref, alt)


@pytest.mark.parametrize("hgvs_c", FOUNDERS)
def test_harm_08_tcirg1_c117_4_and_c807_5_are_never_benign_and_founders_keep_their_class(
    hgvs_c: str, tmp_path: Path
) -> None:
    gene, which = FOUNDERS[hgvs_c]
    for assembly in (GRCH37, GRCH38):
        result = run_calls(tmp_path, assembly, [Call(named(gene, hgvs_c, assembly))])
        (finding,) = result.case["findings"]
        assert finding["hgvs_c"] == hgvs_c
        assert finding["classification"]["class"] in ("pathogenic", "likely_pathogenic")
        assert result.matches[which]["status"] == "diagnostic"


def test_harm_08_a_founder_frequency_does_not_make_it_benign() -> None:
    from varmio.interpret.classify import classify
    from varmio.model import Consequence, Frequency, FrequencyState
    from varmio.readers import reference

    often = Frequency(FrequencyState.LOOKED_UP, 0.06, "founders", 9, "a local series", "2020")
    for hgvs_c, (gene, _) in FOUNDERS.items():
        held = PANEL.gene(gene)
        assert held is not None
        allele = next(a for a in held.named_alleles if a.hgvs_c == hgvs_c)
        t = next(t for t in reference.load(GRCH38).transcripts if t.gene == gene)
        effect = Consequence(t, ("splice_region_variant",), AlleleKind.OTHER, hgvs_c, None, None, None, 2, False,
                             False, 4, (), True)  # fmt: skip
        assert classify(effect, held, None, often, allele).class_ not in (Class.BENIGN, Class.LIKELY_BENIGN)


@pytest.mark.parametrize("gene", ["CA2", "SNX10"])
def test_harm_08_homozygous_ca2_and_snx10_stops_are_pathogenic(gene: str, tmp_path: Path) -> None:
    result = run(tmp_path, seeded(gene))
    assert result.case["findings"][0]["classification"]["class"] == "likely_pathogenic"


def test_harm_09_ca2_acidosis_is_treatable_now_and_transplant_cures_neither_kidney_nor_brain(tmp_path: Path) -> None:
    result = run(tmp_path, seeded("CA2"))
    match = result.matches["OPTB3"]
    assert match["transplant"]["class"] == "case_by_case_partial_benefit"
    said = {s["id"]: s["text"] for s in match["statements"]}
    assert "bicarbonate and potassium deserve early checking" in said["OPTB3-before_transplant-01"]
    assert "little or no effect on the kidney acidosis" in said["OPTB3-transplant-02"]
    assert "bicarbonate" in result.words
    assert not re.search(r"transplant (cures|corrects) (the )?(kidney|brain)", result.words)


def test_harm_10_fermt3_bleeding_and_ikbkg_pseudogene_bcg_colitis() -> None:
    assert "procedures need a bleeding plan" in texts("LAD3")
    for words in ("pseudogene", "live BCG", "did not appear to cure colitis"):
        spots = " ".join(b.text for b in PANEL.gene("IKBKG").blind_spots)  # type: ignore[union-attr]
        assert words in texts("OLEDAID") + spots


def test_harm_11_ghosal_disease_responds_to_steroids_and_is_looked_for_before_a_transplant(tmp_path: Path) -> None:
    result = run(tmp_path, call("7-139875594-G-T"))
    assert {m: d["status"] for m, d in result.matches.items()} == {"GHDD": "diagnostic"}
    said = {s["id"]: s for s in result.matches["GHDD"]["statements"]}
    assert "oral steroids" in said["GHDD-alternatives-01"]["text"]
    before = said["GHDD-transplant-01"]
    assert "before transplant is discussed" in before["text"]
    assert before["inference"]  # said as a question to the centre
    assert "oral steroids" in result.words
    assert "not one of the osteopetroses" in result.case["answer"]["sentence"]
    assert not any(re.search(r"steroid-responsive|cured? by steroids", text) for text in all_prose())


def test_harm_12_no_automatic_message_to_heterozygous_relatives(tmp_path: Path) -> None:
    for text in all_prose():
        assert not re.search(r"(relatives|parents|carriers) (should|must) be (told|tested|screened) for adult", text)
        assert not re.search(r"Alzheimer|adult risk", text)
    said = SUBTYPES["OPTB1"].statements
    neutropenia = [s for s in said if "neutropenia" in s.text]
    assert all(s.caution for s in neutropenia)
    for gt, status in (("0/1", "one_allele"), ("1/1", "diagnostic")):
        result = run(tmp_path, call("5-150056316-C-T", gt))  # CSF1R
        assert {m: d["status"] for m, d in result.matches.items()} == {"BANDDOS": status}
        assert "Test both parents" not in result.words
        assert "Let a genetics service speak with the parents" in result.words
        assert "leukoencephalopathy" not in result.case["answer"]["sentence"]
    one = run(tmp_path, call("5-150056316-C-T", "0/1"))
    assert "another, dominant disease" in one.case["answer"]["sentence"]


def test_harm_13_dysosteosclerosis_is_never_a_name_without_its_gene() -> None:
    for text in all_prose():
        if "dysosteosclerosis" in text.lower():
            assert re.search(r"SLC29A3|TNFRSF11A|RANK|TCIRG1|LRRK1|CSF1R", text), text


def test_harm_14_lrp5_loss_is_the_opposite_disease(tmp_path: Path) -> None:
    loss = call("11-68386582-C-T", "0/1")  # c.1282C>T, a stop, pathogenic for loss of function
    result = run(tmp_path, loss)
    assert {m: d["status"] for m, d in result.matches.items()} == {"OPTA1": "excluded"}
    assert result.case["answer"]["code"] == "nothing_found"
    assert result.case["findings"][0]["tier"] == 2


def test_harm_15_phenotype_never_filters_and_wrong_hpo_rows_are_not_printed(tmp_path: Path) -> None:
    plain, asked = (
        run(tmp_path, OSTM1, options=("--sex", "female", *more)) for more in ((), ("--hpo", "!HP:0000707"))
    )  # a child without any sign of the nervous system, which OSTM1 disease always has
    for key in ("findings", "subtypes", "answer", "genes", "look_alikes"):
        assert asked.case[key] == plain.case[key]
    assert asked.case["phenotype"]["fits"][0]["missing"]
    assert "Filters nothing" in " ".join(CliRunner().invoke(main, ["run", "--help"]).output.split())
    for text in (*all_prose(), plain.words, asked.words, run(tmp_path, call("11-68042651-C-G", "0/1")).words):
        assert "Reduced bone mineral density" not in text
        assert "Hyperostosis cranialis interna" not in text


def test_harm_16_a_negative_neonate_is_not_automatically_malignant(tmp_path: Path) -> None:
    result = run(tmp_path, call("11-68042651-C-G", "0/1"))
    assert any("Transient infantile osteopetrosis exists" in s["text"] for s in result.case["statements"])
    assert "Transient infantile osteopetrosis exists" in result.words


@pytest.mark.parametrize("gt", ["0/1", "1/1"])
def test_harm_17_a_gain_of_function_never_maps_to_the_loss_disease(gt: str, tmp_path: Path) -> None:
    feo = run(tmp_path, call(FEO, gt))
    assert {m: d["status"] for m, d in feo.matches.items()} == {"FEO": "diagnostic"}
    assert feo.matches["FEO"]["transplant"]["class"] == "not_established"
    assert feo.case["findings"][0]["classification"]["class"] == "pathogenic"
    assert "c.45_62dup" in feo.case["answer"]["sentence"]
    assert "Familial expansile osteolysis" in feo.case["answer"]["sentence"]
    assert "not one of the osteopetroses" in feo.case["answer"]["sentence"]
    assert "treatment of choice" not in feo.words
    assert phrases.TRANSPLANT["indicated"] not in feo.minute
    hod = run(tmp_path, call(HOD, gt))
    assert {m: d["status"] for m, d in hod.matches.items()} == {"HOD": "possible"}


def test_harm_18_one_allele_in_an_affected_child_is_not_a_carrier(tmp_path: Path) -> None:
    result = run(tmp_path, CLCN7_STOP)
    assert result.case["answer"]["code"] == "one_allele"
    assert "carrier" not in result.case["answer"]["sentence"]
    assert "carrier" not in result.minute
    assert "may be of a kind this file can't show" in result.case["answer"]["sentence"]
    assert "R176" in {r for s in result.matches["OPTB4"]["statements"] for r in s["references"]}


DOUBTS = ({"filter": "LowQual"}, {"dp": 8, "ad": "0,8"}, {"ad": "20,30"}, {"gq": 10})


@pytest.mark.parametrize("doubt", DOUBTS)
def test_harm_19_a_doubtful_call_never_reaches_diagnostic(doubt: dict[str, Any], tmp_path: Path) -> None:
    for gene in ("OSTM1", "CLCN7", "TNFSF11", "TCIRG1"):
        result = run(tmp_path, seeded(gene, **doubt))
        statuses = {d["status"] for d in result.matches.values()}
        assert "diagnostic" not in statuses
        assert "patient" not in {s["applies"] for d in result.matches.values() for s in d["statements"]}


def test_harm_19_ostm1_clcn7_and_tnfsf11_ask_for_a_second_method_first(tmp_path: Path) -> None:
    for key in (OSTM1, TNFSF11, seeded("CLCN7"), seeded("TCIRG1"), TNFRSF11A):
        result = run(tmp_path, key)
        (match,) = result.matches.values()
        block = [s for s in match["statements"] if s["topic"] in ("before_transplant", "transplant", "age_window")]
        assert block[0]["text"] == "Confirm both alleles by a second method first."
        assert block[0]["references"]
        assert "Confirm both alleles by a second method first." in result.minute


def test_harm_20_a_homozygous_vus_not_looked_up_is_no_match_and_is_named(tmp_path: Path) -> None:
    for gene, frequency in product(GENES, (SCREENED, NOT_LOOKED_UP)):
        vus = make(gene, class_=Class.UNCERTAIN_SIGNIFICANCE, frequency=frequency)
        assert subtype.matches(PANEL, (vus,), UNKNOWN) == ()
    result = run(tmp_path, seeded("TCIRG1", "missense"))
    assert result.case["subtypes"] == []
    assert result.case["answer"]["code"] == "unweighed"
    assert result.case["findings"][0]["hgvs_c"] in result.case["answer"]["sentence"]
    assert "not looked up" in result.words


def test_harm_21_age_never_closes_an_option(tmp_path: Path) -> None:
    plain, old = (
        run(tmp_path, call("11-68042651-C-T"), options=("--sex", "female", *more)) for more in ((), ("--age", "9y"))
    )
    for key in ("findings", "subtypes", "answer", "recurrence", "limitations", "statements"):
        assert old.case[key] == plain.case[key]
    assert phrases.AGE_CLOSES_NOTHING in old.minute
    for text in all_prose():
        assert not re.search(r"too (old|late|young) for (a )?transplant|no longer (possible|an option)", text), text


def test_harm_22_not_found_needs_proof_of_coverage(tmp_path: Path) -> None:
    for calls in ((OSTM1,), (call("11-68042651-C-G", "0/1"),)):
        verdicts = {g["symbol"]: g["verdict"] for g in run(tmp_path, *calls).case["genes"]}
        assert "not_found" not in verdicts.values()
        assert set(verdicts) == set(GENES)


def test_harm_23_phase_unknown_is_not_trans(tmp_path: Path) -> None:
    pair = (call("11-68042651-C-T", "0/1"), call("11-68043390-G-T", "0/1"))
    match = run(tmp_path, *pair).matches["OPTB1"]
    assert (match["basis"], match["status"]) == ("compound_het_phase_unknown", "likely")
    barred = (call("11-68042651-C-T", "0|1"), call("11-68043390-G-T", "1|0"), call("11-68043600-A-G", "0/1"))
    assert run(tmp_path, *barred).matches["OPTB1"]["status"] == "likely"


def test_harm_24_clinvar_without_criteria_never_decides_and_another_condition_never_feeds(tmp_path: Path) -> None:
    without = run(tmp_path, call("16-1447038-G-A", "0/1"))  # CLCN7 p.Arg767Trp: pathogenic, no criteria
    (finding,) = without.case["findings"]
    assert finding["clinvar"]["decides"] is False
    assert finding["classification"]["class"] == "uncertain_significance"
    assert without.case["subtypes"] == []
    assert "no assertion criteria" in without.words
    other = run(tmp_path, call("11-68403607-G-A", "0/1"))  # LRP5: pathogenic for another condition
    assert {d["status"] for d in other.matches.values()} == {"excluded"}


def test_harm_further_no_dose_no_undated_survival_no_gene_therapy_offer() -> None:
    for statement in PROSE.values():
        text = statement.text
        assert not re.search(r"\d+(\.\d+)? ?(mg|µg|ug|IU|micrograms?)\b(?!/dL)", text), statement.id
        if re.search(r"survival was \d", text):
            assert re.search(r"(19|20)\d\d|months|three-year|registry", text), statement.id
        assert "RP-L401" not in text


def test_no_unsafe_statement_in_any_cell_of_the_matrix() -> None:
    """TNFSF11 never reads as transplantable, TNFRSF11A never as not, whatever the constellation."""
    for state, class_, zygosity in product(CallState, (Class.PATHOGENIC, Class.LIKELY_PATHOGENIC), Zygosity):
        for gene, wrong in (("TNFSF11", "treatment of choice for the RANK"), ("TNFRSF11A", "could not be cured")):
            two = (make(gene, "c.1A>G", class_, zygosity, state), make(gene, "c.2A>G", class_, zygosity, state))
            for match in subtype.matches(PANEL, two, pair_phase(*two, Phase.TRANS)):
                said = statements.with_statements(PANEL, match, two).statements
                assert not any(wrong in s.text for s in said)
