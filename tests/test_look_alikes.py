"""What else looks like this: which diseases stand in the table, which signs tell them apart, and their sources."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exome import GRCH38, Call, Result, call, run_file, vcf_text
from varmio import signs
from varmio.analysis import panel_of
from varmio.interpret import hpo as lists
from varmio.interpret import look_alikes
from varmio.model import (
    Annotation,
    Basis,
    ClassWithSource,
    GivenSigns,
    Hpo,
    LookAlike,
    Neurology,
    Panel,
    Status,
    SubtypeMatch,
    Term,
)
from varmio.readers import phenotype as reader

Data = dict[str, Any]
PANEL = panel_of(())
SUBTYPES = {s.id: s for s in PANEL.subtypes}
CORE = {s.id for s in look_alikes.core_subtypes(PANEL)}
LIKENESS = reader.likeness()
ANNOTATED = [s.id for s in PANEL.subtypes if not LIKENESS.keys().isdisjoint(lists.diseases_of(s))]
HPO = reader.load(LIKENESS)
OSTM1, NOBODY = call("6-108064285-ACT-A"), call("11-68042651-C-G", "0/1")
ONE_ALLELE = call("16-1474836-G-A", "0/1")  # CLCN7, a stop
LOOKS_WRONG = [("ORPHA:667", "HP:0004349"), ("OMIM:231095", "HP:0005890")]


def match(which: str, status: Status = Status.DIAGNOSTIC) -> SubtypeMatch:
    s = SUBTYPES[which]
    neurology, transplant = ClassWithSource(s.neurology, ()), ClassWithSource(s.transplant, ())
    basis = Basis.HOMOZYGOUS
    return SubtypeMatch(s.id, s.name, s.gene or "", s.inheritance, (), basis, status, (), neurology, transplant, ())


def rows_of(*ids: str, status: Status = Status.DIAGNOSTIC, panel: Panel = PANEL) -> tuple[LookAlike, ...]:
    return signs.of_case(panel, tuple(match(one, status) for one in ids), GivenSigns())[0]


def run(folder: Path, *calls: Call) -> Result:
    (folder / "child.vcf").write_text(vcf_text(GRCH38, calls), encoding="ascii")
    return run_file(folder / "child.vcf", folder / "out", "--sex", "female")


# ------------------------------------------------------------------ likeness

BITS = {name: n / 3 for n, name in enumerate("abcdefgh")}
SETS = st.frozensets(st.sampled_from(sorted(BITS)))


@given(SETS, SETS)
def test_likeness_is_the_same_both_ways_and_lies_between_nothing_and_the_same(
    a: frozenset[str], b: frozenset[str]
) -> None:
    assert lists.likeness(a, b, BITS) == lists.likeness(b, a, BITS)
    assert 0 <= lists.likeness(a, b, BITS) <= 1
    assert lists.likeness(a, a, BITS) in ((1.0,) if any(BITS[x] for x in a) else (0.0,))
    if not any(BITS[x] for x in a & b):
        assert lists.likeness(a, b, BITS) == 0


@given(SETS, SETS, st.sampled_from(sorted(BITS)))
def test_what_both_have_makes_them_more_alike(a: frozenset[str], b: frozenset[str], shared: str) -> None:
    assert lists.likeness(a | {shared}, b | {shared}, BITS) >= lists.likeness(a, b, BITS)


def test_the_shipped_likeness_is_the_same_both_ways() -> None:
    for one, row in LIKENESS.items():
        assert row[one] == 1
        assert all(LIKENESS[other][one] == value for other, value in row.items())


def test_what_a_term_says_falls_with_the_number_of_diseases_that_have_it() -> None:
    bits = lists.information([frozenset("ab"), frozenset("a"), frozenset("ac"), frozenset("ab")])
    assert bits == {"a": 0.0, "b": 1.0, "c": 2.0}


@pytest.mark.parametrize("which", ANNOTATED)
def test_the_order_of_the_panel_changes_no_row(which: str) -> None:
    shuffled = list(PANEL.subtypes)
    random.Random(which).shuffle(shuffled)
    assert rows_of(which, panel=replace(PANEL, subtypes=tuple(shuffled))) == rows_of(which)


# ------------------------------------------------------------------ which diseases


@pytest.mark.parametrize("which", ANNOTATED)
def test_the_nearest_five_with_three_outside_the_osteopetroses(which: str) -> None:
    rows = [row for row in rows_of(which) if row.for_ == which]
    assert len(rows) == 5
    assert which not in [row.id for row in rows]
    assert sum(row.id not in CORE for row in rows) >= 3
    assert [row.similarity for row in rows] == sorted((row.similarity or 0 for row in rows), reverse=True)


def test_each_candidate_has_its_own_table_in_the_order_of_the_matches() -> None:
    found = [row.for_ for row in rows_of("OPTB4", "OPTA2")]
    assert list(dict.fromkeys(found)) == ["OPTB4", "OPTA2", None]


@pytest.mark.parametrize("status", [Status.ONE_ALLELE, Status.EXCLUDED])
def test_one_allele_and_what_was_set_aside_are_no_candidates(status: Status) -> None:
    assert rows_of("OPTB4", status=status) == rows_of()


def test_without_a_match_the_group_is_compared_and_no_known_look_alike_is_left_out() -> None:
    rows = rows_of()
    assert rows[0].name == "Transient infantile osteopetrosis"
    assert [s.id for s in rows[0].statements] == ["GENERAL-differential-03"]
    assert sum(row.similarity is not None for row in rows) == 5
    shown = {row.id for row in rows}
    assert not shown & CORE  # they are what was looked for
    spoken = {s.id for s in PANEL.subtypes if any(x.topic == "differential" for x in s.statements)}
    assert spoken - CORE <= shown
    assert {"PKND", "GHDD", "RNS", "CMDD"} <= shown


def test_diseases_without_a_subtype_stand_last_with_their_sentences() -> None:
    for rows in (rows_of(), rows_of("OPTB1")):
        assert [row.gene for row in rows[-2:]] == ["LRP6", "GJA1"]
        said = {s.id for row in rows[-2:] for s in row.statements}
        assert said == {s.id for s in PANEL.look_alike_statements}


def test_a_panel_of_osteopetrosis_alone_still_has_a_table() -> None:
    core = replace(PANEL, subtypes=look_alikes.core_subtypes(PANEL), look_alike_statements=())
    assert len(rows_of("OPTB1", panel=core)) == 5
    assert [row.name for row in rows_of(panel=core)] == ["Transient infantile osteopetrosis"]


def test_a_subtype_without_annotations_falls_back_to_its_omim_number_in_one_place() -> None:
    bare = replace(SUBTYPES["OPTB1"], phenotypes=())
    assert lists.diseases_of(bare) == ("OMIM:259700",)
    assert lists.diseases_of(replace(bare, omim=None)) == ()


# ------------------------------------------------------------------ which signs


def term(one: str, *above: str, bits: float = 3.0) -> Term:
    return Term(one, one.capitalize(), frozenset((one, *above)), bits)


TERMS = {
    t.id: t
    for t in (
        term("eye"), term("retina", "eye"), term("bone", bits=0.5), term("rib", "bone"), term("skin"), term("brain"),
        term("HP:0011002", "bone"), term("seizure", "HP:0000707"),
    )
}  # fmt: skip


def made_up(**diseases: list[tuple[str, str]]) -> Hpo:
    found = {
        d: tuple(Annotation(one, f.startswith("0/"), f, "", ("PMID:1",)) for one, f in rows)
        for d, rows in diseases.items()
    }
    return Hpo("made up", found, TERMS)


def telling(here: list[tuple[str, str]], there: list[tuple[str, str]], silent: bool = False) -> list[tuple[str, str]]:
    listed = made_up(here=here, there=there)
    found = look_alikes.telling(
        listed, lists.signs_of(listed, ("here",)), lists.signs_of(listed, ("there",)), silent_on_brain=silent
    )
    return [(s.id, s.other_disease or "") for s in found]


@pytest.mark.parametrize(
    ("here", "there", "tells"),
    [
        ([("retina", "2/3")], [("skin", "1/2")], [("retina", "")]),
        ([("retina", "2/3")], [("retina", "1/9")], []),
        ([("eye", "2/3")], [("retina", "1/9")], []),  # there by a kind of it
        ([("retina", "2/3")], [("eye", "1/9")], []),  # there by what it is a kind of
        ([("retina", "2/3")], [("eye", "0/9")], [("retina", "0 of 9")]),
        ([("eye", "2/3")], [("retina", "0/9")], [("eye", "")]),  # one kind was absent, another may be there
        ([("bone", "2/3")], [("skin", "1/2")], []),  # half of all diseases have it
        ([("HP:0011002", "2/3")], [("skin", "1/2")], []),  # osteopetrosis itself
        ([("rib", "2/3")], [("bone", "1/2")], [("rib", "")]),  # too general to count as there
        ([("skin", ""), ("retina", "1/9"), ("rib", "8/9")], [], [("rib", ""), ("retina", ""), ("skin", "")]),
        ([("skin", "0/4")], [], []),
        ([("eye", "2/3"), ("retina", "3/3")], [], [("retina", "")]),  # said once
    ],
)
def test_which_signs_tell(
    here: list[tuple[str, str]], there: list[tuple[str, str]], tells: list[tuple[str, str]]
) -> None:
    assert telling(here, there) == tells


def test_signs_of_the_brain_are_left_out_where_a_list_under_scores_them() -> None:
    assert telling([("seizure", "3/3"), ("skin", "1/2")], []) == [("seizure", ""), ("skin", "")]
    assert telling([("seizure", "3/3"), ("skin", "1/2")], [], silent=True) == [("skin", "")]


@pytest.mark.parametrize(
    ("neurology", "listed", "silent"),
    [
        (Neurology.PRIMARY_VARIABLE, "brain", True),
        (Neurology.PRIMARY_PROGRESSIVE, "skin", True),
        (Neurology.SECONDARY_COMPRESSIVE, "skin", False),
        (Neurology.UNCERTAIN, "skin", False),
        (None, "skin", False),
    ],
)
def test_whose_list_is_silent_on_the_brain(neurology: Neurology | None, listed: str, silent: bool) -> None:
    made = made_up(d=[(listed, "1/1")])
    assert lists.signs_of(made, ("d",), neurology).silent_on_brain is silent


def test_no_list_but_that_of_clcn7_is_silent_on_the_brain() -> None:
    """A new panel or release that makes another list silent is looked at by a person."""
    found = {s.id for s in PANEL.subtypes if lists.signs_of(HPO, lists.diseases_of(s), s.neurology).silent_on_brain}
    assert found - {"NASU_HAKOLA"} == {"OPTB4"}


@pytest.mark.parametrize(("disease", "wrong"), LOOKS_WRONG)
def test_the_two_rows_that_look_wrong_are_not_shipped(disease: str, wrong: str) -> None:
    assert wrong not in {row.term for row in HPO.diseases[disease]}


def test_the_two_rows_that_look_wrong_are_never_shown(tmp_path: Path) -> None:
    shown = [run_text(rows_of(which)) for which in (*ANNOTATED,)] + [run_text(rows_of())]
    assert not any("Hyperostosis cranialis interna" in text for text in shown)
    group = lists.signs_of(HPO, (look_alikes.GROUP,))
    assert not any("educed bone mineral" in (HPO.terms[one].name or "") for one in group.listed)
    assert "Hyperostosis cranialis interna" not in run(tmp_path, NOBODY).words


def run_text(rows: tuple[LookAlike, ...]) -> str:
    return " ".join(s.name for row in rows for s in (*row.shared, *row.points_to, *row.points_away))


def test_what_only_the_group_lists_points_to_nothing() -> None:
    away = {s.name for row in rows_of() for s in row.points_away}
    assert away
    assert not {"Abnormal blistering of the skin", "Abnormality of hair texture"} & away


FREQUENCY = re.compile(
    r"(listed|looked for, found in none|[0-9]+ of [0-9]+|[a-z ]+ \([0-9]+ (to [0-9]+ )?of 100\))"
    r"( in (boys and men|girls and women))?"
)


@pytest.mark.parametrize("which", [*ANNOTATED, None])
def test_every_sign_is_counted_in_people_and_has_a_source(which: str | None) -> None:
    for row in rows_of(which) if which else rows_of():
        for cell in (row.shared, row.points_to, row.points_away):
            assert len(cell) <= 5
            for sign in cell:
                assert all(FREQUENCY.fullmatch(part) for part in sign.frequency.split("; ")), sign
                assert sign.references
                assert all(re.fullmatch(r"HPO|PMID:[0-9]+", key) for key in sign.references)
        assert all(s.references and s.applies == "gene_general" for s in row.statements)


# ------------------------------------------------------------------ the case and the page


@pytest.mark.parametrize("calls", [(OSTM1,), (NOBODY,), (ONE_ALLELE,)], ids=["diagnosis", "nothing", "one allele"])
def test_every_reference_of_a_row_is_listed_in_the_case(calls: tuple[Call, ...], tmp_path: Path) -> None:
    result = run(tmp_path, *calls)
    cited = {
        key
        for row in result.case["look_alikes"]
        for cited in (*row["shared"], *row["points_to"], *row["points_away"], *row["statements"])
        for key in cited["references"]
    }
    assert cited
    assert cited <= result.case["references"].keys()
    paper = next(key for key in sorted(cited) if key.startswith("PMID:"))
    number = paper.removeprefix("PMID:")
    assert result.case["references"][paper] == {
        "citation": f"PMID {number}, through HPO annotations 2025-01-16", "pmid": number, "part_read": "database row",
    }  # fmt: skip
    assert "Human Phenotype Ontology, release 2025-01-16" in result.case["references"]["HPO"]["citation"]
    assert f"https://pubmed.ncbi.nlm.nih.gov/{number}/" in result.page


def test_the_page_has_a_table_with_heads_and_labels(tmp_path: Path) -> None:
    page = run(tmp_path, OSTM1).page
    section = page.partition('<section class="sec" id="look-alikes"')[2].partition("</section>")[0]
    assert "<caption>What looks like OPTB5, OSTM1</caption>" in section
    assert section.count('scope="col"') == 4 + 2  # the candidate's table, and diseases that only a sentence names
    assert section.count('scope="row"') == 5 + 2
    assert section.count('data-l="Points to it"') == 5  # the candidate's table only
    assert 'href="#look-alikes"' in page


def test_the_negative_page_says_transient_osteopetrosis_first_and_once(tmp_path: Path) -> None:
    result = run(tmp_path, NOBODY)
    section = result.page.partition('id="look-alikes"')[2].partition("</section>")[0]
    assert section.index("Transient infantile osteopetrosis") < section.index("Dysosteosclerosis")
    assert section.count("Transient infantile osteopetrosis exists") == 1
    for gene in ("TBXAS1", "CTSK", "FAM20C", "ANKH"):
        assert gene in section
