"""--hpo and --age: what is accepted, what is said, and that no answer changes by either."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import report_cases as cases
from tests.exome import GRCH38, Call, Result, call, run_file, vcf_text
from varmio import phrases, signs
from varmio.analysis import panel_of
from varmio.cli import main
from varmio.errors import UsageError
from varmio.interpret import hpo as lists
from varmio.interpret import phenotype
from varmio.model import (
    MATCHED,
    Annotation,
    Basis,
    ClassWithSource,
    GivenSigns,
    Hpo,
    Inheritance,
    LookAlike,
    Phenotype,
    SignFit,
    SignRelation,
    Status,
    SubtypeMatch,
    Term,
)
from varmio.readers import phenotype as reader
from varmio.writers import html, jsonout
from varmio.writers import signs as pages

Data = dict[str, Any]
PANEL = panel_of(())
SUBTYPES = {s.id: s for s in PANEL.subtypes}
WITH_GENE = [s.id for s in PANEL.subtypes if s.gene]  # the others are never a match
SEIZURE, HYPOTONIA, ANAEMIA, HEARING = "HP:0001250", "HP:0001252", "HP:0001903", "HP:0000365"
ACIDOSIS, BLIND, OPTIC_ATROPHY = "HP:0001947", "HP:0000618", "HP:0000648"
OSTM1, TCIRG1, TNFSF11 = call("6-108064285-ACT-A"), call("11-68042651-C-T"), call("13-42600901-G-A")
NOBODY = call("11-68042651-C-G", "0/1")
GIVEN = ("--hpo", SEIZURE, "--hpo", HYPOTONIA, "--hpo", f"!{ANAEMIA}")


def run(folder: Path, *calls: Call, options: tuple[str, ...] = ()) -> Result:
    folder.mkdir(exist_ok=True)
    (folder / "child.vcf").write_text(vcf_text(GRCH38, calls), encoding="ascii")
    return run_file(folder / "child.vcf", folder / "out", "--sex", "female", *options)


def match(which: str, status: Status = Status.DIAGNOSTIC) -> SubtypeMatch:
    s = SUBTYPES[which]
    neurology, transplant = ClassWithSource(s.neurology, ()), ClassWithSource(s.transplant, ())
    return SubtypeMatch(
        s.id, s.name, s.gene, s.inheritance, (), Basis.HOMOZYGOUS, status, (), neurology, transplant, ()
    )


def of(*ids: str, options: tuple[str, ...] = (SEIZURE,)) -> tuple[tuple[LookAlike, ...], Phenotype]:
    return signs.of_case(PANEL, tuple(match(one) for one in ids), reader.given(options))


def fit_of(which: str, *options: str) -> SignFit:
    (fit,) = of(which, options=options)[1].fits
    return fit


# ------------------------------------------------------------------ what is accepted


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("hp_1", "is not an HPO id. Write one such as HP:0001252"),
        ("0001250", "is not an HPO id"),
        ("HP:0001250,HP:0001252", "is not an HPO id"),
        ("", "is not an HPO id"),
        ("! HP:0001250", "is not an HPO id"),
        ("HP:0001250\n", r"HP:0001250\n: is not an HPO id"),
        ("HP:" + "\u0660" * 7, "is not an HPO id"),
        ("x" * 100_000, "...: is not an HPO id"),
        ("<script>", "is not an HPO id"),
        ("HP:9999999", "is not in HPO 2025-01-16. Check the number"),
        ("HP:0000057", "is obsolete in HPO 2025-01-16. Give HP:0008665 instead."),
        ("HP:0000007", "is no sign: it does not lie under 'Phenotypic abnormality' (HP:0000118)"),
        ("HP:0003577", "is no sign"),
        ("HP:0000001", "is no sign"),
    ],
)  # fmt: skip
def test_a_sign_that_cannot_be_taken_is_one_line_that_says_what_to_do(option: str, says: str, tmp_path: Path) -> None:
    result = run(tmp_path, OSTM1, options=("--hpo", option))
    assert result.exit_code == 2
    assert says in result.error
    assert result.error.startswith("varmio: --hpo ")
    assert result.error.count("\n") == 1
    assert len(result.error) < 300


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((SEIZURE, f"!{SEIZURE}"), f"--hpo {SEIZURE}: is given as present and as excluded. Give one of the two."),
        (("HP:0002069", f"!{SEIZURE}"), "is a kind of HP:0001250 (Seizure), which is given as excluded"),
    ],
)
def test_signs_at_odds_are_refused(options: tuple[str, ...], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        reader.given(options)
    assert says in str(refused.value)


def test_a_sign_may_lie_above_one_that_is_excluded() -> None:
    given = reader.given((SEIZURE, "!HP:0002069"))
    assert [t.id for t in (*given.present, *given.excluded)] == [SEIZURE, "HP:0002069"]


def test_a_merged_id_is_taken_as_its_term_and_that_is_said(tmp_path: Path) -> None:
    result = run(tmp_path, OSTM1, options=("--hpo", "HP:0002279"))
    assert result.case["phenotype"]["present"] == [
        {"id": SEIZURE, "name": "Seizure", "neurological": True, "given_as": "HP:0002279"}
    ]
    assert "given as HP:0002279, which HPO has merged into it" in result.words


def test_signs_given_twice_count_once_and_keep_their_order() -> None:
    given = reader.given((HYPOTONIA, SEIZURE, HYPOTONIA))
    assert [t.id for t in given.present] == [HYPOTONIA, SEIZURE]


def test_ids_and_ages_may_be_written_in_small_or_large_letters() -> None:
    given = reader.given(("hp:0001250", "!hp:0001252"))
    assert ([t.id for t in given.present], [t.id for t in given.excluded]) == ([SEIZURE], [HYPOTONIA])
    assert reader.age_days("6W") == reader.age_days("6w") == 42


def test_a_term_that_no_disease_here_has_to_do_with_is_accepted_without_its_name() -> None:
    unnamed = next(row for row in reader.resources.rows(reader.ONTOLOGY)[1] if row[0] == "unnamed")
    first = f"HP:{int(unnamed[3].split(',')[0]):07}"
    (term,) = reader.given((first,)).present
    assert (term.id, term.name) == (first, None)
    assert reader.ABNORMALITY in term.above


@pytest.mark.parametrize("option", ["6", "6 weeks", "1.5y", "-3d", "", "121y", "99999y", "6w\n", "w", "\u0666w"])
def test_an_age_that_is_none_is_one_line(option: str, tmp_path: Path) -> None:
    result = run(tmp_path, OSTM1, options=("--age", option))
    assert (result.exit_code, result.error.count("\n")) == (2, 1)
    assert "--age" in result.error
    assert "Write d" in result.error


@pytest.mark.parametrize(
    ("option", "days", "said"),
    [("0d", 0, "0 days"), ("3d", 3, "3 days"), ("1d", 1, "1 day"), ("6w", 42, "6 weeks"), ("4m", 122, "4 months"),
     ("12m", 366, "12 months"), ("2y", 731, "2 years"), ("120y", 43830, "120 years")],
)  # fmt: skip
def test_ages_are_days_and_are_said_as_they_were_given(option: str, days: int, said: str) -> None:
    assert reader.age_days(option) == days
    assert pages.age_words(days) == said


@pytest.mark.parametrize("option", [("--hpo", SEIZURE), ("--age", "6w")])
def test_what_one_child_has_is_not_said_of_several(option: tuple[str, ...], tmp_path: Path) -> None:
    joint = tmp_path / "joint.vcf"
    single = run(tmp_path / "one", OSTM1)
    text = next((tmp_path / "one").rglob("*.vcf")).read_text()
    body = [f"{line}\t{line.split(chr(9))[9]}" if "\t" in line else line for line in text.splitlines()]
    joint.write_text("\n".join(body).replace("CHILD\tCHILD", "A\tB") + "\n")
    arguments = ["run", str(joint), "-o", str(tmp_path / "out"), "--sample", "A", "--sample", "B", *option]
    result = CliRunner().invoke(main, arguments)
    assert single.exit_code == 0
    assert result.exit_code == 2
    assert f"{option[0]}: says one child's" in result.stderr


# ------------------------------------------------------------------ never a filter, never another class


def without_phenotype(case: Data) -> Data:
    """What no sign may change: all but the block itself, its references and the command."""
    kept = {k: v for k, v in case.items() if k not in ("phenotype", "references")}
    return {**kept, "provenance": {**case["provenance"], "command": ""}}


@pytest.mark.parametrize(
    "calls", [(OSTM1,), (TCIRG1,), (TNFSF11,), (NOBODY,)], ids=["OSTM1", "TCIRG1", "RANKL", "none"]
)
def test_signs_change_nothing_but_their_own_block(calls: tuple[Call, ...], tmp_path: Path) -> None:
    plain = run(tmp_path / "plain", *calls)
    asked = run(tmp_path / "signs", *calls, options=GIVEN)
    assert without_phenotype(asked.case) == without_phenotype(plain.case)
    assert asked.case["references"].items() >= plain.case["references"].items()
    assert [line.rpartition("report:")[0] or line for line in asked.lines] == [
        line.rpartition("report:")[0] or line for line in plain.lines
    ]
    assert plain.case["phenotype"] == {"present": [], "excluded": [], "fits": [], "notes": []}
    assert asked.case["provenance"]["command"].endswith("--hpo HP:0001250 --hpo HP:0001252 --hpo '!HP:0001903'")


@pytest.mark.parametrize("which", [s.id for s in PANEL.subtypes])
def test_no_sign_drops_or_reorders_a_candidate(which: str) -> None:
    """Signs that do not fit at all leave every candidate where it was, each with its list beside it."""
    rows, plain = of(which, "OPTB1", options=())
    for options in ((SEIZURE,), (f"!{SEIZURE}", "!HP:0000924"), ("HP:0001627",)):
        same, phenotype_ = of(which, "OPTB1", options=options)
        assert same == rows
        assert [fit.subtype for fit in phenotype_.fits] == list(dict.fromkeys((which, "OPTB1")))
    assert plain == Phenotype()


@pytest.mark.parametrize("which", WITH_GENE)
def test_neurological_signs_add_a_step_and_never_change_a_class(which: str) -> None:
    made = cases.diagnosis()
    found = match(which)
    case = jsonout.as_dict(cases.case(findings=made.findings, subtypes=(found,)))
    shown = html.render(case)
    case["phenotype"] = jsonout.plain(of(which, options=(SEIZURE,))[1])
    case["references"] |= jsonout.plain(signs.references(PANEL, (), of(which, options=(SEIZURE,))[1]))
    with_sign = html.render(case)
    assert f"{phrases.ASSESS_BEFORE_TRANSPLANT}: Seizure" in with_sign
    steps = with_sign.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count(phrases.NEUROLOGY_STEP[0]) == 1
    assert case["subtypes"][0]["neurology"]["class"] == SUBTYPES[which].neurology
    assert case["subtypes"][0]["transplant"]["class"] == SUBTYPES[which].transplant
    for words in (phrases.NEUROLOGY[SUBTYPES[which].neurology], phrases.TRANSPLANT[SUBTYPES[which].transplant]):
        assert shown.count(words) == with_sign.count(words)


@pytest.mark.parametrize(
    ("sign", "neurological"),
    [(SEIZURE, True), (HYPOTONIA, True), ("HP:0000639", True), (BLIND, True), (OPTIC_ATROPHY, True),
     ("HP:0010628", True), (ANAEMIA, False), (HEARING, False), ("HP:0011002", False), ("HP:0001744", False)],
)  # fmt: skip
def test_which_signs_a_neurological_work_up_looks_at(sign: str, neurological: bool) -> None:
    (term,) = reader.given((sign,)).present
    assert lists.is_neurological(term) is neurological


def test_a_sign_that_is_only_excluded_asks_for_no_work_up(tmp_path: Path) -> None:
    result = run(tmp_path, TCIRG1, options=("--hpo", f"!{SEIZURE}"))
    assert phrases.ASSESS_BEFORE_TRANSPLANT not in result.words
    assert phrases.NEUROLOGY_STEP[0] not in result.words


def test_the_work_up_never_stands_before_referral() -> None:
    for code, steps in phrases.NEXT_STEPS.items():
        case = {
            "phenotype": {"present": [{"neurological": True}]},
            "sample": {},
            "answer": {"code": code},
            "subtypes": [],
        }
        said = [what for what, _ in pages.steps_with_signs_and_age(case, list(steps))]
        refer = [i for i, what in enumerate(said) if what.startswith(phrases.REFER)]
        assert said.count(phrases.NEUROLOGY_STEP[0]) == 1
        assert all(i < said.index(phrases.NEUROLOGY_STEP[0]) for i in refer)


# ------------------------------------------------------------------ what fits


def term(one: str, *above: str, bits: float = 3.0) -> Term:
    return Term(one, one.capitalize(), frozenset((one, *above)), bits)


TERMS = {
    t.id: t
    for t in (term("eye"), term("retina", "eye"), term("lens", "eye"), term("bone"), term("rib", "bone"), term("skin"))
}


def hpo(*rows: tuple[str, str]) -> Hpo:
    found = tuple(Annotation(one, f.startswith("0/"), f, "", ("PMID:1",)) for one, f in rows)
    return Hpo("made up", {"OMIM:259700": found}, TERMS)


def beside(listed: Hpo, *present: str, excluded: tuple[str, ...] = ()) -> SignFit:
    given = GivenSigns(tuple(TERMS[p] for p in present), tuple(TERMS[e] for e in excluded))
    found = phenotype.phenotype(PANEL, listed, {}, (match("OPTB1"),), given)
    return found.fits[0]


@pytest.mark.parametrize(
    ("rows", "child", "relation", "said"),
    [
        ([("retina", "2/3")], "retina", SignRelation.SAME, "2 of 3"),
        ([("retina", "2/3")], "eye", SignRelation.MORE_SPECIFIC, "2 of 3"),
        ([("eye", "2/3")], "retina", SignRelation.MORE_GENERAL, "2 of 3"),
        ([("eye", "HP:0040281")], "eye", SignRelation.SAME, "very frequent (80 to 99 of 100)"),
        ([("eye", "")], "eye", SignRelation.SAME, "listed"),
        ([("eye", ""), ("eye", "1/2"), ("eye", "0/4")], "eye", SignRelation.SAME, "1 of 2; 0 of 4"),
    ],
)
def test_a_sign_fits(rows: list[tuple[str, str]], child: str, relation: SignRelation, said: str) -> None:
    (found,) = beside(hpo(*rows), child).fitting
    assert (found.relation, found.annotated and found.annotated.frequency) == (relation, said)
    assert found.annotated is not None
    assert found.annotated.references == ("PMID:1",)


@pytest.mark.parametrize(
    ("rows", "child", "relation"),
    [
        ([("bone", "1/2"), ("eye", "0/5")], "eye", SignRelation.RECORDED_ABSENT),
        ([("bone", "1/2"), ("eye", "0/5")], "retina", SignRelation.RECORDED_ABSENT),
        ([("bone", "1/2"), ("retina", "0/5")], "eye", SignRelation.NOT_LISTED),  # another kind may be there
        ([("bone", "1/2")], "skin", SignRelation.NOT_LISTED),
        ([("lens", "1/2")], "retina", SignRelation.NOT_LISTED),
    ],
)
def test_a_sign_is_unexpected(rows: list[tuple[str, str]], child: str, relation: SignRelation) -> None:
    (found,) = beside(hpo(*rows), child).unexpected
    assert found.relation is relation
    assert not beside(hpo(*rows), child).fitting


@pytest.mark.parametrize(
    ("rows", "excluded", "missing"),
    [
        ([("eye", "1/2")], "eye", ["eye"]),
        ([("retina", "4/5")], "eye", ["retina"]),
        ([("eye", "4/5")], "retina", []),  # another kind of it may be there
        ([("eye", "1/3")], "eye", []),
        ([("eye", "")], "eye", []),
        ([("eye", "HP:0040281")], "eye", ["eye"]),
        ([("eye", "HP:0040282")], "eye", []),  # 30 to 79 of 100: not surely half
    ],
)
def test_what_half_of_the_people_have_is_missed(rows: list[tuple[str, str]], excluded: str, missing: list[str]) -> None:
    found = beside(hpo(*rows), excluded=(excluded,)).missing
    assert [f.annotated.id for f in found if f.annotated] == missing


def test_blood_gas_is_asked_for_and_points_to_ca2() -> None:
    fits = {f.subtype: f for f in of(options=(BLIND,))[1].fits}
    told = [s for s in fits["OPTB3"].would_tell if s.shown_by == "a blood gas and urine pH"]
    assert [s.name for s in told] == ["Renal tubular acidosis"]
    assert set(told[0].tells_from or ()) >= {"OPTB1", "OPTB2", "OPTB5", "OPTB8"}
    said = {s.id for f in fits.values() if f.subtype != "OPTB3" for s in f.would_tell}
    assert told[0].id not in said


@pytest.mark.parametrize("given", ["HP:0008341", "!HP:0001947", "!HP:0008341"])
def test_what_is_known_of_the_child_is_not_asked_for_again(given: str) -> None:
    fits = {f.subtype: f for f in of(options=(given,))[1].fits}
    assert "HP:0008341" not in {s.id for s in fits["OPTB3"].would_tell}


def test_every_core_subtype_is_compared_in_panel_order_where_nothing_matched() -> None:
    listed = [f.subtype for f in of()[1].fits]
    assert listed == [s.id for s in PANEL.subtypes if (g := PANEL.gene(s.gene or "")) and g.core]
    only_excluded = signs.of_case(PANEL, (match("OPTB7", Status.EXCLUDED),), reader.given((SEIZURE,)))[1]
    assert [f.subtype for f in only_excluded.fits] == listed
    assert len(of("OPTB4", "OPTA2")[1].fits) == 2


def test_clcn7_is_under_scored_and_that_is_said() -> None:
    fit = fit_of("OPTB4", SEIZURE)
    assert phrases.BRAIN_UNDER_SCORED in fit.notes
    assert [f.relation for f in fit.unexpected] == [SignRelation.NOT_LISTED]
    assert phrases.BRAIN_UNDER_SCORED not in fit_of("OPTB1", SEIZURE).notes
    assert of("OPTB4")[1].notes == phrases.SIGNS_NOTES


def test_no_brain_sign_tells_clcn7_from_anything() -> None:
    for which in ("OPTB4", "OPTB5", "OPTB1", "HOD"):
        rows, _ = of(which)
        for row in rows:
            if row.similarity is not None and "OPTB4" in (which, row.id):
                pointing = {s.id for s in (*row.points_to, *row.points_away)}
                known = reader.load(reader.likeness()).terms
                assert not any(lists.is_neurological(known[one]) for one in pointing)
                assert phrases.BRAIN_UNDER_SCORED in row.notes


def test_a_subtype_without_a_list_says_so_and_calls_nothing_unexpected() -> None:
    fit = fit_of("OPTA4", SEIZURE)
    assert fit.notes == (phrases.NO_LIST,)
    assert (fit.fitting, fit.unexpected, fit.missing, fit.would_tell) == ((), (), (), ())


@pytest.mark.parametrize("root", phrases.EXAMINATION)
def test_every_examination_is_of_a_current_sign(root: str) -> None:
    (found,) = reader.given((root,)).present
    assert phenotype.shown_by(found) is not None


# ------------------------------------------------------------------ age


@cache
def plain_case(which: str) -> Data:
    made = cases.diagnosis()
    return jsonout.as_dict(cases.case(findings=made.findings, subtypes=(match(which),)))


@pytest.mark.parametrize("age", ["0d", "6w", "4m", "2y", "40y"])
@pytest.mark.parametrize(
    "calls", [(OSTM1,), (TCIRG1,), (TNFSF11,), (NOBODY,)], ids=["OSTM1", "TCIRG1", "RANKL", "none"]
)
def test_an_age_changes_the_age_and_the_command_only(calls: tuple[Call, ...], age: str, tmp_path: Path) -> None:
    plain = run(tmp_path / "plain", *calls).case
    aged = run(tmp_path / "aged", *calls, options=("--age", age)).case
    assert aged["sample"].pop("age_days") == reader.age_days(age)
    assert aged["provenance"].pop("command") == f"{plain['provenance'].pop('command')} --age {age}"
    assert aged == plain


@pytest.mark.parametrize("which", WITH_GENE)
@pytest.mark.parametrize("days", [0, 42, 91, 92, 4000, 40000])
def test_age_adds_urgency_and_closes_nothing(which: str, days: int) -> None:
    case = plain_case(which)
    aged = {**case, "sample": {**case["sample"], "age_days": days}}
    plain, page = html.render(case), html.render(aged)
    urgent = SUBTYPES[which].transplant in ("indicated_urgent", "indicated", "case_by_case_after_neurology")
    said = f"Refer to an expert centre today: the child is {pages.age_words(days)} old; it decides with the family."
    assert (said in page) == urgent
    assert ("Refer to an expert centre now" in page) != urgent
    assert (phrases.AGE_CLOSES_NOTHING in page) == (urgent and days > 91)
    label = phrases.TRANSPLANT[SUBTYPES[which].transplant]
    assert page.count(label) == plain.count(label)


def test_the_words_on_age_name_no_limit() -> None:
    said = [phrases.REFER_TODAY, phrases.AGE_CLOSES_NOTHING]
    assert not any(word in text for text in said for word in ("too late", "too old", "months", "no longer"))


# ------------------------------------------------------------------ the page


def test_the_page_shows_the_signs_and_is_remade_from_case_json_alone(tmp_path: Path) -> None:
    result = run(tmp_path, OSTM1, options=(*GIVEN, "--hpo", "HP:0001627"))
    assert "The child's signs" in result.words.replace("&#39;", "'")
    assert "Cerebral atrophy (3 of 4)" in result.words
    assert phrases.NOT_IN_LIST in result.words
    (source,) = tmp_path.rglob("case.json")
    again = CliRunner().invoke(main, ["report", str(source)])
    assert again.stdout == source.with_name("report.html").read_text()


def test_without_signs_the_page_has_no_section_of_them(tmp_path: Path) -> None:
    assert 'id="signs"' not in run(tmp_path, OSTM1).page


def test_hostile_names_in_a_case_never_become_markup() -> None:
    case = plain_case("OPTB1")
    evil = "<img src=x onerror=alert(1)>"
    sign = {"id": evil, "name": evil, "frequency": evil, "references": ["R04"], "shown_by": evil, "other_disease": evil}
    found = {"id": evil, "name": evil, "relation": evil, "annotated": sign}
    fit = {"subtype": evil, "name": evil, "gene": evil, "diseases": [evil], "fitting": [found], "unexpected": [found],
           "missing": [found], "would_tell": [sign], "notes": [evil]}  # fmt: skip
    given = {"id": evil, "name": None, "neurological": True, "given_as": evil}
    row = {"for": evil, "id": evil, "name": evil, "gene": evil, "reason": evil, "similarity": 0.5, "shared": [sign],
           "points_to": [sign], "points_away": [sign], "statements": [], "notes": [evil]}  # fmt: skip
    block = {"present": [given], "excluded": [given], "fits": [fit], "notes": [evil]}
    page = html.render({**case, "phenotype": block, "look_alikes": [row]})
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_sign_without_a_reference_is_refused() -> None:
    from varmio.errors import InputError
    from varmio.writers.schema import check

    case = json.loads(jsonout.dumps(plain_case("OPTB1")))
    rows, _ = of("OPTB1")
    case["look_alikes"] = jsonout.plain(rows)
    check(case)
    case["look_alikes"][0]["points_to"][0]["references"] = []
    with pytest.raises(InputError, match="has no reference"):
        check(case)


def test_the_types_have_a_place_for_every_inheritance() -> None:
    assert {s.inheritance for s in PANEL.subtypes} <= set(Inheritance)
    assert MATCHED == (Status.DIAGNOSTIC, Status.LIKELY, Status.POSSIBLE)
