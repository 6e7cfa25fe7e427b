"""The page on blood and infection, on what to watch for, and on what a transplant does not solve."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests import report_cases as cases
from tests.test_report import Page, data, page_of
from varmio import phrases
from varmio.model import LIMITS_OF_TRANSPLANT, OF_BLOOD, Aspect, Case
from varmio.writers import html

Data = dict[str, Any]
BLOOD, TRANSPLANT, TODAY = "Blood and infection", "Will a transplant help?", "Check today"
APPLIES = {"diagnostic": "patient", "likely": "if_confirmed", "possible": "if_confirmed"}
MATCHED = [cases.diagnosis, cases.likely, cases.possible, cases.rankl, cases.rank]


def sentence(id_: str, aspect: str | None, text: str, **changes: Any) -> Data:
    topic = id_.rsplit("-", 2)[1]
    said = {"id": id_, "topic": topic, "text": text, "references": ["R07"], "evidence": "cohort", "applies": "patient"}
    return {**said, "read": "abstract", "strength": "moderate", **({"aspect": aspect} if aspect else {}), **changes}


def with_sentences(make: Callable[[], Case], *sentences: Data, drop: tuple[str, ...] = ("haematology",)) -> Data:
    """The case with these sentences said of its first subtype, as firmly as its status allows."""
    made = data(make)
    match = made["subtypes"][0]
    firm = APPLIES.get(match["status"], "gene_general")
    match["statements"] = [s for s in match["statements"] if s["topic"] not in drop]
    match["statements"] += [{**s, "applies": firm} if s["applies"] == "patient" else dict(s) for s in sentences]
    return made


def blood(make: Callable[[], Case] = cases.diagnosis, *sentences: Data) -> Page:
    return page_of(with_sentences(make, *sentences))


# --------------------------------------------------------------------------- the row of the first screen


def test_the_row_says_the_best_supported_sentence_on_blood_and_a_second_on_another_aspect() -> None:
    row = blood(
        cases.diagnosis,
        sentence("OPTB5-haematology-01", "blood_counts", "A weak sentence.", strength="weak"),
        sentence("OPTB5-haematology-02", "blood_counts", "Counts, strong.", strength="strong"),
        sentence("OPTB5-haematology-03", "blood_counts", "Counts again."),
        sentence("OPTB5-haematology-04", "transfusion", "Transfused."),
    ).rows[BLOOD]
    assert row.index("Counts, strong. [") < row.index("Transfused. [")
    assert "Counts again" not in row
    assert "weak sentence" not in row


def test_blood_itself_comes_before_an_alert_and_this_gene_before_all_forms() -> None:
    row = blood(
        cases.diagnosis,
        sentence("GENERAL-haematology-01", "marrow_failure", "Of many genes.", strength="strong"),
        sentence("OPTB5-alert-09", "infection", "Infections.", strength="strong"),
        sentence("OPTB5-haematology-01", "transfusion", "Transfused."),
    ).rows[BLOOD]
    assert row.index("Transfused.") < row.index("Infections.")
    assert "Of many genes." not in row


def test_among_equals_the_order_is_marrow_counts_spleen_transfusion_infection_bleeding() -> None:
    given = [sentence(f"OPTB5-haematology-0{n}", a, f"On {a}.") for n, a in enumerate(reversed(OF_BLOOD))]
    while given:
        row = blood(cases.diagnosis, *given).rows[BLOOD]
        first = min((a for a in OF_BLOOD if f"On {a}." in row), key=lambda a: row.index(f"On {a}."))
        order = ("marrow_failure", "blood_counts", "extramedullary", "transfusion", "infection", "bleeding")
        assert first == min((s["aspect"] for s in given), key=order.index)
        given = [s for s in given if s["aspect"] != first]


def test_a_sentence_of_all_forms_is_marked_as_not_of_this_gene_alone() -> None:
    row = blood(cases.diagnosis, sentence("GENERAL-haematology-01", "transfusion", "Of many genes.")).rows[BLOOD]
    assert phrases.OF_ALL_FORMS in row


@pytest.mark.parametrize("make", [cases.likely, cases.possible])
def test_below_a_diagnosis_each_sentence_on_blood_begins_with_if_confirmed(make: Callable[[], Case]) -> None:
    own = make().subtypes[0].id
    row = blood(
        make,
        sentence(f"{own}-haematology-01", "blood_counts", "Low counts."),
        sentence(f"{own}-haematology-02", "transfusion", "Transfused."),
    ).rows[BLOOD]
    assert "If confirmed: Low counts." in row
    assert "If confirmed: Transfused." in row


def test_what_is_known_of_the_gene_only_is_never_in_the_row_unless_its_condition_stands_before_it() -> None:
    def row(**changes: Any) -> str:
        return blood(
            cases.diagnosis,
            sentence("OPTB5-haematology-01", "blood_counts", "Other alleles.", applies="gene_general", **changes),
        ).rows[BLOOD]

    assert "Other alleles" not in row()
    assert phrases.NO_BLOOD in row()
    assert "If the spleen is large: Other alleles." in row(condition="If the spleen is large:")
    assert "Other alleles" not in row(condition="After a transplant:")


def test_a_conditional_sentence_below_a_diagnosis_keeps_both_conditions() -> None:
    conditional = {"applies": "gene_general", "condition": "If the disease is intermediate:"}
    row = blood(cases.likely, sentence("OPTB1-haematology-01", "transfusion", "Transfused.", **conditional)).rows[BLOOD]
    assert "If confirmed, if the disease is intermediate: Transfused." in row


def test_a_single_weak_sentence_is_named_as_weak() -> None:
    for doubt in ({"strength": "weak"}, {"inference": True}, {"evidence": "case_report"}):
        row = blood(cases.diagnosis, sentence("OPTB5-haematology-01", "blood_counts", "Mild anaemia.", **doubt)).rows[
            BLOOD
        ]
        assert row.strip().startswith(phrases.WEAKLY_SUPPORTED)


@pytest.mark.parametrize("make", [cases.one_allele, cases.excluded, cases.nothing_found, cases.could_not_look])
def test_without_a_match_blood_is_not_answered_and_nothing_is_said(make: Callable[[], Case]) -> None:
    made = data(make)
    for match in made["subtypes"]:
        match["statements"].append(
            sentence("OPTB4-haematology-09", "marrow_failure", "Marrow fails.", applies="gene_general")
        )
    page = page_of(made)
    assert page.rows[BLOOD].strip() == page.rows[TRANSPLANT].strip()
    assert page.rows[BLOOD].strip().startswith("Not answered")
    assert "Not answered" in page.sections["blood"]


def test_two_genes_each_have_their_own_sentence_under_their_name() -> None:
    made = data(cases.several)
    for match in made["subtypes"]:
        match["statements"] += [
            sentence(f"{match['id']}-haematology-09", "infection", f"Infections in {match['gene']}.")
        ]
    row = page_of(made).rows[BLOOD]
    rank, rankl = row.index("TNFRSF11A (RANK), OPTB7:"), row.index("TNFSF11 (RANKL), OPTB2:")
    assert rank < row.index("Infections in TNFRSF11A.") < rankl < row.index("Infections in TNFSF11.")


def test_check_today_says_the_alert_that_the_row_on_blood_did_not_say() -> None:
    """FERMT3: sepsis in one row, and the bleeding plan, though our own reading, in the next."""
    page = blood(
        cases.diagnosis,
        sentence("OPTB5-haematology-01", None, "High white cells."),
        sentence("OPTB5-alert-08", "infection", "Sepsis in all.", strength="strong"),
        sentence("OPTB5-alert-09", "bleeding", "A plan for procedures.", strength="strong", inference=True),
    )
    assert "Sepsis in all." in page.rows[BLOOD]
    assert "Sepsis in all." not in page.rows[TODAY]
    assert f"A plan for procedures. [1] ({phrases.INFERENCE})" in page.rows[TODAY]


# --------------------------------------------------------------------------- the section


def test_the_section_groups_sentences_under_plain_headings_in_order() -> None:
    given = [sentence(f"OPTB5-haematology-1{n}", a, f"On {a}.") for n, a in enumerate(reversed(OF_BLOOD))]
    section = blood(cases.diagnosis, *given).sections["blood"]
    places = [section.index(part) for a in OF_BLOOD for part in (phrases.ASPECT[a], f"On {a}.")]
    assert places == sorted(places)


def test_bleeding_and_infection_stand_with_blood_and_watch_for_says_where() -> None:
    page = blood(
        cases.diagnosis,
        sentence("OPTB5-alert-08", "infection", "Live vaccines are a concern."),
        sentence("OPTB5-alert-09", "bleeding", "A plan for procedures."),
    )
    for text in ("Live vaccines are a concern.", "A plan for procedures."):
        assert text in page.sections["blood"]
        assert text not in page.sections["watch"]
    assert "Alerts on bleeding and infection stand under Blood and infection." in page.sections["watch"]


def test_an_aspect_without_a_source_is_named_so_that_silence_is_not_read_as_no_risk() -> None:
    section = blood(
        cases.diagnosis,
        sentence("OPTB5-haematology-01", "blood_counts", "Anaemia and a large spleen are recorded."),
        sentence("GENERAL-haematology-01", "transfusion", "Half needed transfusions."),
        sentence("OPTB5-alert-09", "bleeding", "Clotting is poor."),
    ).sections["blood"]
    assert phrases.NOTHING_ON.format(aspects="failure of the marrow, transfusion, infection") in section


def test_a_subtype_without_any_sentence_on_blood_says_so() -> None:
    page = blood(cases.diagnosis, sentence("OPTB5-alert-09", "high_calcium", "Calcium after a transplant."))
    assert page.rows[BLOOD].strip().startswith(phrases.NO_BLOOD)
    assert "transfusion, bleeding, infection" in page.sections["blood"]


def test_a_case_of_an_older_version_without_aspects_claims_nothing_about_missing_sources() -> None:
    page = page_of(data(cases.diagnosis))
    assert "Blood sentence of OSTM1." in page.sections["blood"]
    assert "No well supported source" not in page.text


@pytest.mark.parametrize("make", [cases.likely, cases.possible])
def test_below_a_diagnosis_every_heading_begins_with_if_confirmed(make: Callable[[], Case]) -> None:
    own = make().subtypes[0].id
    page = blood(
        make,
        sentence(f"{own}-haematology-01", "transfusion", "Transfused."),
        sentence(f"{own}-outcome-09", "graft_failure", "Grafts failed."),
    )
    assert "If the diagnosis is confirmed: transfusion" in page.sections["blood"]
    assert "If the diagnosis is confirmed: before a transplant" in page.sections["transplant"]
    assert "If the diagnosis is confirmed: what a transplant does not solve" in page.sections["transplant"]


# --------------------------------------------------------------------------- watch for


def test_alerts_said_of_the_disease_stand_open_however_many_they_are() -> None:
    many = [sentence(f"OPTB5-alert-1{n}", None, f"Alert {n} of many.") for n in range(9)]
    text = html.render(with_sentences(cases.diagnosis, *many))
    watch = text[text.index('id="watch"') :]
    before_any_fold = watch[: watch.index("<details>")]
    assert all(f"Alert {n} of many." in before_any_fold for n in range(9))


def test_calcium_before_degeneration_is_assumed_stands_open_under_its_condition() -> None:
    seizures = {"applies": "gene_general", "condition": "If there are seizures:"}
    calcium = sentence("GENERAL-alert-03", None, "Calcium is worth checking first.", **seizures)
    direct = [sentence(f"OPTB5-alert-1{n}", None, f"Alert {n} of many.") for n in range(9)]
    text = html.render(with_sentences(cases.diagnosis, *direct, calcium))
    section = text[text.index('id="watch"') : text.index("<details>", text.index('id="watch"'))]
    assert section.index(phrases.UNDER_A_CONDITION) < section.index("Calcium is worth checking first.")


def test_a_neurological_sign_puts_the_alert_on_seizures_first() -> None:
    first = sentence("GENERAL-alert-01", None, "Low calcium can be the first sign.", strength="strong")
    seizures = sentence("GENERAL-alert-03", None, "Seizures can come from low calcium.")
    made = with_sentences(cases.diagnosis, first, seizures, drop=("haematology", "alert"))
    assert "Low calcium can be" in page_of(made).rows[TODAY]
    made["phenotype"] = {"present": [{"id": "HP:0001250", "name": "Seizure", "neurological": True}], "excluded": []}
    row = page_of(made).rows[TODAY]
    assert "Seizures can come from" in row
    assert "Low calcium can be" not in row


def test_of_two_single_cases_the_better_supported_leads_whatever_its_topic() -> None:
    alone = {"evidence": "case_report"}
    row = blood(
        cases.diagnosis,
        sentence("OPTB5-haematology-01", "blood_counts", "A sister needed nothing.", strength="weak", **alone),
        sentence("OPTB5-alternatives-01", "blood_counts", "Counts became normal on steroids.", **alone),
    ).rows[BLOOD]
    assert "Counts became normal on steroids." in row
    assert "A sister needed nothing." not in row


# --------------------------------------------------------------------------- what a transplant does not solve


def limits(*sentences: Data, make: Callable[[], Case] = cases.rank) -> str:
    section = blood(make, *sentences).sections["transplant"]
    return section[section.index(phrases.LIMITS) :] if phrases.LIMITS in section else ""


def test_limits_stand_under_their_own_headings_whatever_their_topic() -> None:
    topics = ("outcome", "alert", "outcome", "neurology", "alert")
    given = [
        sentence(f"OPTB7-{topic}-1{n}", aspect, f"On {aspect}.")
        for n, (topic, aspect) in enumerate(zip(topics, LIMITS_OF_TRANSPLANT, strict=True))
    ]
    page = blood(cases.rank, *given)
    section = page.sections["transplant"]
    places = [section.index(part) for a in LIMITS_OF_TRANSPLANT for part in (phrases.ASPECT[a], f"On {a}.")]
    assert places == sorted(places)
    assert section.index("Eye test sentence") < section.index(phrases.LIMITS)
    assert not any(f"On {a}." in page.sections["watch"] for a in LIMITS_OF_TRANSPLANT)


@pytest.mark.parametrize(
    ("references", "text", "era"),
    [
        (["R04"], "Grafts failed.", "published 2017"),
        (["R73", "R07"], "Grafts failed.", "published 2013 to 2023"),
        (["R07", "R99"], "Grafts failed.", "published 2013"),
        (["R99"], "Grafts failed.", phrases.NO_YEAR),
        (["R07"], "Between 1980 and 2001 grafts failed.", ""),
        (["R07"], "Grafts failed in 2019 of 12000.", ""),
        (["R07"], "Grafts failed in 12013.", "published 2013"),
    ],
)
def test_the_era_of_a_limit_is_named_where_the_sentence_names_none(references: list[str], text: str, era: str) -> None:
    made = with_sentences(cases.rank, sentence("OPTB7-alert-19", "graft_failure", text, references=references))
    (shown,) = page_of(made).statements["OPTB7-alert-19"]
    assert shown.endswith(era or "cohort")
    assert ("published" in shown or phrases.NO_YEAR in shown) == bool(era)


def test_an_outcome_among_the_limits_keeps_its_note_and_the_outlook_names_its_era() -> None:
    graft = sentence("OPTB7-outcome-11", "graft_failure", "Grafts failed.")
    assert phrases.OUTLOOK_NOTE in limits(graft).split("Grafts failed.")[0]
    assert "published 2017" in page_of(data(cases.rank)).statements["OPTB7-outcome-01"][0]


def test_a_limit_known_of_the_gene_only_is_no_limit_of_this_child() -> None:
    known = sentence("OPTB7-alert-19", "high_calcium", "High calcium.", applies="gene_general")
    assert limits(known) == ""
    assert "High calcium." in blood(cases.rank, known).sections["transplant"].split(phrases.APPLIES["gene_general"])[1]
    assert "After a transplant: High calcium." in limits({**known, "condition": "After a transplant:"})


def test_one_allele_has_no_limits_of_a_transplant_that_is_not_answered() -> None:
    made = with_sentences(cases.one_allele, sentence("OPTB4-transplant-19", "advanced_neurology", "The brain goes on."))
    section = page_of(made).sections["transplant"]
    assert phrases.LIMITS not in section
    assert section.index(phrases.APPLIES["gene_general"]) < section.index("The brain goes on.")


def test_whether_a_transplant_helps_is_said_first_even_where_it_is_a_limit() -> None:
    why = sentence("OPTB5-transplant-19", "advanced_neurology", "It did not halt decline.")
    section = blood(cases.diagnosis, why).sections["transplant"]
    assert section.count("It did not halt decline.") == 2
    assert (
        section.index("It did not halt decline.") < section.index("Before a transplant") < section.index(phrases.LIMITS)
    )


@pytest.mark.parametrize("make", MATCHED)
def test_age_checks_limits_and_other_treatment_follow_in_this_order(make: Callable[[], Case]) -> None:
    own = make().subtypes[0].id
    considered = {"applies": "gene_general", "condition": "If a transplant is considered:"}
    section = blood(
        make,
        sentence(f"{own}-alternatives-11", None, "Another drug."),
        sentence(f"{own}-outcome-11", "sight_and_hearing", "Sight stayed poor."),
        sentence("GENERAL-before_transplant-09", None, "Examine the airway.", **considered),
        sentence("GENERAL-age_window-03", None, "Sight was kept when early.", **considered),
    ).sections["transplant"]
    parts = (
        phrases.SECOND_METHOD,
        "Transplant sentence of",
        "ow soon",
        "If a transplant is considered: Sight was kept when early.",
        "efore a transplant",
        "If a transplant is considered: Examine the airway.",
        "hat a transplant does not solve",
        "Sight stayed poor.",
        "ther treatment",
        "Another drug.",
        "utlook, for the clinical team",
    )
    places = [section.index(part) for part in parts]
    assert places == sorted(places)


# --------------------------------------------------------------------------- nothing is lost


@pytest.mark.parametrize("make", [*MATCHED, cases.one_allele, cases.several])
def test_whatever_its_aspect_no_sentence_is_lost_and_each_keeps_its_condition(make: Callable[[], Case]) -> None:
    chance = random.Random(7)
    for _ in range(20):
        made = data(make)
        for s in (s for match in made["subtypes"] for s in match["statements"]):
            if aspect := chance.choice([None, *Aspect, "dental_care"]):
                s["aspect"] = str(aspect)
            if chance.random() < 0.2:
                s["applies"] = "gene_general"
        page = page_of(made)
        for s in (s for match in made["subtypes"] for s in match["statements"]):
            assert any(s["text"] in shown for shown in page.statements[s["id"]]), s
            assert all((s.get("condition") or "") in shown for shown in page.statements[s["id"]])
