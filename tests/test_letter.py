"""The paragraph for a letter, the places to sign, and a laboratory's own folder (--template)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests import report_cases as cases
from tests.test_family_page import mirrored
from tests.test_report import page_of
from varmio.cli import main
from varmio.errors import ResourceError
from varmio.model import Letter
from varmio.readers import letter as reader
from varmio.writers import html, letter

MATCHED = ("diagnosis", "likely", "possible", "several")
UNMATCHED = ("unweighed", "one_allele", "nothing_found", "could_not_look")


def said(name: str) -> str:
    return " ".join(line.text for line in letter.paragraph(cases.data(cases.ALL[name]())))


@pytest.mark.parametrize("name", [*MATCHED, *UNMATCHED])
def test_the_paragraph_has_the_answer_the_versions_and_the_limits(name: str) -> None:
    case = cases.data(cases.ALL[name]())
    text = said(name)
    assert case["answer"]["sentence"] in text
    for word in (case["sample"]["id"], case["assembly"]["name"], case["provenance"]["varmio"]):
        assert word in text
    assert f"names {len(case['limitations'])} limit" in text
    assert text.endswith("it decides nothing.")


@pytest.mark.parametrize("name", MATCHED)
def test_a_match_is_named_whole_and_confirmed_first(name: str) -> None:
    case = cases.data(cases.ALL[name]())
    text = said(name)
    carrying = [f for f in case["findings"] if any(f["id"] in s["findings"] for s in case["subtypes"])]
    assert carrying
    for finding in carrying:
        assert f"{finding['transcript']}({finding['gene']}):{finding['hgvs_c']}" in text
    assert text.index("second method") < text.index("the brain:") < text.index("transplant:")
    assert "An expert centre decides with the family." in text


@pytest.mark.parametrize(("name", "times"), [("diagnosis", 0), ("likely", 2), ("possible", 1)])
def test_below_a_diagnosis_the_letter_says_if_confirmed(name: str, times: int) -> None:
    """Of the possible match no transplant class is known, so nothing is said with an 'if'."""
    assert said(name).count("f confirmed:") == times


@pytest.mark.parametrize("name", UNMATCHED)
def test_without_a_match_the_letter_has_no_verdict(name: str) -> None:
    text = said(name)
    assert "is not answered by this file" in text
    assert "ndicated" not in text
    assert "1 in 4" not in text


def test_each_verdict_of_the_letter_has_its_references() -> None:
    lines = letter.paragraph(cases.data(cases.diagnosis()))
    for label in ("the brain:", "transplant:"):
        (line,) = [x for x in lines if label in x.text]
        assert line.references


def test_the_places_to_sign_are_empty_unless_given() -> None:
    assert [p.text for p in letter.places(None)] == ["", "", "", "", ""]
    given = letter.places(Letter("dense bones", "Dr X", "17", "Y"))
    assert [p.text for p in given] == ["dense bones", "Dr X", "17", "Y", ""]
    assert [p.label for p in given][-1] == "Signature"


def test_every_page_has_the_section() -> None:
    for make in cases.ALL.values():
        sections = page_of(cases.data(make())).sections
        assert "Signature" in sections["letter"]
        assert "MANE Select" in sections["glossary"]


# --------------------------------------------------------------------------- --template DIR


def folder(where: Path, **files: str) -> Path:
    made = where / "lab"
    made.mkdir()
    for name, text in files.items():
        (made / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return made


def report(where: Path, lab: Path, *more: str) -> tuple[Result, str]:
    case, out = where / "case.json", where / "page.html"
    case.write_text(json.dumps(cases.data(cases.diagnosis())), encoding="utf-8")
    result = CliRunner().invoke(main, ["report", str(case), "--template", str(lab), "-o", str(out), *more])
    return result, out.read_text("utf-8") if out.exists() else ""


def test_the_folder_fills_the_places_and_the_head(tmp_path: Path) -> None:
    lab = folder(
        tmp_path, letter_yaml="indication: dense bones\nnumber: 117\nreviewer:\n", letterhead_txt="Lab\nStreet"
    )
    result, page = report(tmp_path, lab)
    assert result.exit_code == 0
    for text in ("dense bones", ">117<", "<div>Lab</div>", "<div>Street</div>"):
        assert text in page
    assert html.extract(page) == cases.data(cases.diagnosis())


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'javascript:\u202e"


def test_hostile_values_are_inert_text(tmp_path: Path) -> None:
    lab = folder(tmp_path, letter_yaml=json.dumps({"indication": HOSTILE}), letterhead_txt=HOSTILE)
    result, page = report(tmp_path, lab)
    assert result.exit_code == 0
    assert "<script>alert" not in page
    assert page.count("{{ 7*7 }}") == 2
    assert "\u202e" not in page


def test_the_wording_of_the_family_page_is_replaced_and_not_marked(tmp_path: Path) -> None:
    lab = folder(tmp_path, wording_toml='[answer]\nblame = "It is no one\'s fault."\n', letterhead_txt="Lab")
    family = tmp_path / "family.html"
    result, _ = report(tmp_path, lab, "--family-page", str(family))
    assert result.exit_code == 0
    text = family.read_text("utf-8")
    assert "It is no one&#39;s fault." in text
    assert "No one is to blame" not in text
    assert "(in English)" not in text
    assert "<div>Lab</div>" in text


def test_own_wording_stands_above_a_language(tmp_path: Path) -> None:
    lab = folder(tmp_path, wording_toml='[answer]\nblame = "Own words."\n')
    family = tmp_path / "family.html"
    report(tmp_path, lab, "--family-page", str(family), "--language", str(mirrored(tmp_path, "page.brand")))
    text = family.read_text("utf-8")
    assert "Own words." in text
    assert 'dir="rtl"' in text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has none of"),
        ({"letter_yaml": "- a\n- b"}, "needs lines such as"),
        ({"letter_yaml": "phone: 3"}, "phone is none of indication, referrer, number, reviewer"),
        ({"letter_yaml": "letterhead: x"}, "letterhead is none of"),
        ({"letter_yaml": "indication: [a, b]"}, "must be one text"),
        ({"letter_yaml": "indication: 'x"}, "is no YAML"),
        ({"letter_yaml": "!!python/object/apply:os.system ['true']"}, "is no YAML"),
        ({"letter_yaml": "[" * 5_000}, "is no YAML"),
        ({"letterhead_txt": "x" * 200_000}, "more than 100,000 bytes"),
        ({"letterhead_txt": "ok", "letter_yaml": "1: x"}, "needs lines such as"),
    ],
)
def test_a_broken_folder_is_refused_in_one_line(files: dict[str, str], words: str, tmp_path: Path) -> None:
    result, page = report(tmp_path, folder(tmp_path, **files))
    assert result.exit_code == 4
    assert words in result.output
    assert result.output.count("\n") == 1
    assert page == ""


def test_a_folder_that_is_none_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="is no folder"):
        reader.load(tmp_path / "none")
    (tmp_path / "letterhead.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ResourceError, match="no text in UTF-8"):
        reader.load(tmp_path)
