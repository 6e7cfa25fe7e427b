"""The family page: plain words, honest for every answer, nothing that a family page must not say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import report_cases as cases
from tests.exome import GRCH38, call, run_calls
from varmio.cli import main
from varmio.errors import ResourceError
from varmio.model import Case, Language, Neurology, Transplant
from varmio.readers import language
from varmio.writers import family

ENGLISH = language.load()
MAKERS: list[Callable[[], Case]] = [
    cases.diagnosis,
    cases.likely,
    cases.possible,
    cases.several,
    cases.rank,
    cases.rankl,
    cases.unweighed,
    cases.one_allele,
    cases.excluded,
    cases.nothing_found,
    cases.could_not_look,
]
REAL = {
    "OSTM1": ("6-108064285-ACT-A", "1/1"),
    "TCIRG1": ("11-68042651-C-T", "1/1"),
    "TNFRSF11A": ("18-62354461-C-A", "1/1"),
    "TNFSF11": ("13-42600901-G-A", "1/1"),
    "CLCN7": ("16-1459139-C-T", "0/1"),
}
NEVER = re.compile(
    r"related|cousin|consanguin|runs? of|homozyg|surviv|\bdie\b|death|died|fatal|lethal|prognos|pathogenic|percent|%"
    r"|allele|variant|mutation|phenotype|autosomal|recessive|dominant",
    re.IGNORECASE,
)
GRADE = 6.0  # Flesch-Kincaid; a 12-year-old is in grade 6


class Text(HTMLParser):
    """What a reader sees, one sentence a block; references left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.tags: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self._hidden += tag in ("style", "title") or given.get("class") == "refs" or bool(self._hidden and tag == "li")
        if tag in ("p", "li", "h1", "h2", "dt", "dd", "figcaption", "div"):
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag in ("style", "title", "li", "ol"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden and not re.fullmatch(r"\[\d+\]", data.strip()):
            self.blocks[-1] += data

    @property
    def shown(self) -> list[str]:
        return [" ".join(b.split()) for b in self.blocks if b.strip()]


def page_of(case: dict[str, Any], words: Language = ENGLISH) -> Text:
    return Text(family.render(case, words))


@pytest.fixture(scope="module", params=REAL)
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    key, gt = REAL[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    return run_calls(folder, GRCH38, [call(key, gt)], "--sex", "female").case


def syllables(word: str) -> int:
    """A count by groups of vowels, a silent e left out."""
    groups = len(re.findall("[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1
    return max(1, groups - silent)


def grade(sentences: list[str]) -> float:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others 1975)."""
    parts = [s for block in sentences for s in re.split(r"(?<=[.?!:])\s+", block) if re.search("[A-Za-z]", s)]
    words = [w for part in parts for w in re.findall(r"[A-Za-z']+", part)]
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_a_person_of_twelve_can_read_it(real: dict[str, Any]) -> None:
    shown = page_of(real).shown
    assert grade(shown) < GRADE
    assert grade(["The epidemiological characteristics of osteopetrosis necessitate multidisciplinary care."]) > 12


def test_no_sentence_of_the_language_file_is_long() -> None:
    for key, phrase in ENGLISH.phrases.items():
        for sentence in re.split(r"(?<=[.?!:])\s+", phrase.text):
            assert len(sentence.split()) <= 26, f"{key}: {sentence}"


@pytest.mark.parametrize("make", MAKERS)
def test_it_says_nothing_that_a_family_page_must_not_say(make: Callable[[], Case]) -> None:
    text = " ".join(page_of(cases.data(make())).shown)
    named = {s["name"] for s in cases.data(make())["subtypes"]}
    for name in named:
        text = text.replace(name, "")
    assert not NEVER.search(text)


def test_the_real_pages_say_nothing_of_the_kind_either(real: dict[str, Any]) -> None:
    assert not NEVER.search(" ".join(page_of(real).shown))


@pytest.mark.parametrize("make", MAKERS)
def test_it_embeds_nothing_and_loads_nothing(make: Callable[[], Case]) -> None:
    page = family.render(cases.data(make()), ENGLISH)
    assert "<script" not in page
    assert "hgvs" not in page[page.index("<body") :]
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(img|link|iframe|object|form)\b", page)
    assert "url(" not in page
    assert " style=" not in page[page.index("<body") :]


ANSWERS = {
    "diagnosis": "that fits your child's illness. The gene is called OSTM1",
    "likely": "may well fit",
    "possible": "We are not sure",
    "several": "more than one gene",
    "unweighed": "This is not an answer yet",
    "one_allele": "not the whole answer yet",
    "nothing_found": "That does not mean that there is none",
    "could_not_look": "It does not mean that the genes are fine",
}


@pytest.mark.parametrize("code", ANSWERS)
def test_each_answer_has_its_own_words(code: str) -> None:
    made = getattr(cases, code)()
    assert cases.data(made)["answer"]["code"] == code
    text = " ".join(page_of(cases.data(made)).shown)
    assert ANSWERS[code] in text
    for other in set(ANSWERS) - {code}:
        assert ANSWERS[other] not in text


@pytest.mark.parametrize("code", ["one_allele", "nothing_found", "could_not_look", "unweighed", "excluded", "several"])
def test_without_a_match_nothing_is_said_of_brain_transplant_or_the_next_child(code: str) -> None:
    text = " ".join(page_of(cases.data(getattr(cases, code)())).shown)
    for section in ("neurology", "transplant"):
        classes = Neurology if section == "neurology" else Transplant
        for value in classes:
            assert ENGLISH.phrases[f"{section}.{value}"].text not in text
    assert "1 in 4" not in text
    assert "We cannot say yet. First the doctors must know the cause." in text


def test_every_class_has_its_plain_words() -> None:
    for value in Neurology:
        assert f"neurology.{value}" in ENGLISH.phrases
    for value in Transplant:
        assert f"transplant.{value}" in ENGLISH.phrases


def said_of(gene: str, folder: Path) -> str:
    key, gt = REAL[gene]
    return " ".join(page_of(run_calls(folder, GRCH38, [call(key, gt)], "--sex", "female").case).shown)


def test_rank_and_rankl_are_never_swapped(tmp_path: Path) -> None:
    """The two have opposite transplant meaning."""
    rankl, rank = said_of("TNFSF11", tmp_path), said_of("TNFRSF11A", tmp_path)
    assert "it does not help, because the fault is not in the blood-making cells" in rankl
    assert "most often advise it" in rank
    assert "does not help" not in rank


def test_ostm1_is_advised_against_and_tcirg1_can_not_wait(tmp_path: Path) -> None:
    ostm1, tcirg1 = said_of("OSTM1", tmp_path), said_of("TCIRG1", tmp_path)
    assert "doctors most often advise against it" in ostm1
    assert "Do not wait" in tcirg1
    steps = tcirg1[tcirg1.index("What happens next") :]
    assert steps.index("You meet an expert team now") < steps.index("The lab checks")


def test_where_a_second_disease_of_the_gene_is_open_nothing_is_said_of_either(tmp_path: Path) -> None:
    """One CLCN7 change: the dominant disease, or half of the recessive one that may harm the brain."""
    case = run_calls(tmp_path, GRCH38, [call(*REAL["CLCN7"])], "--sex", "female").case
    assert {s["status"] for s in case["subtypes"]} == {"one_allele", "diagnostic"}
    text = " ".join(page_of(case).shown)
    assert "Changes in this gene can cause more than one illness" in text
    assert "We cannot say yet what it means for your child's brain" in text
    assert "The brain itself was most often not ill" not in text
    assert "1 in 2" not in text


def test_below_a_diagnosis_it_is_said_only_if_confirmed() -> None:
    text = " ".join(page_of(cases.data(cases.likely())).shown)
    assert "If the second test says the same:" in text
    assert "If the second test says the same:" not in " ".join(page_of(cases.data(cases.diagnosis())).shown)


def test_a_sentence_on_the_illness_without_a_source_is_not_said(tmp_path: Path) -> None:
    case = run_calls(tmp_path, GRCH38, [call(*REAL["OSTM1"])], "--sex", "female").case
    whole = " ".join(page_of(case).shown)
    for subtype in case["subtypes"]:
        dropped = {*subtype["neurology"]["statements"], "GENERAL-haematology-02"}
        subtype["statements"] = [s for s in subtype["statements"] if s["id"] not in dropped]
    bare = " ".join(page_of(case).shown)
    for key in ("neurology.primary_progressive", "meaning.blood_text"):
        assert ENGLISH.phrases[key].text in whole
        assert ENGLISH.phrases[key].text not in bare


def test_each_reference_is_listed_and_each_listed_one_is_cited(real: dict[str, Any]) -> None:
    page = family.render(real, ENGLISH)
    cited = set(re.findall(r'href="#(ref-\d+)"', page))
    listed = set(re.findall(r'<li id="(ref-\d+)"', page))
    assert cited == listed


def test_the_figure_of_the_next_child_is_the_cases_own(tmp_path: Path) -> None:
    case = run_calls(tmp_path, GRCH38, [call(*REAL["OSTM1"])], "--sex", "female").case
    assert "1 in 4" in " ".join(page_of(case).shown)
    case["recurrence"] = [r for r in case["recurrence"] if "1 in 4" not in r["text"]]
    assert "1 in 4" not in " ".join(page_of(case).shown)


def test_a_hostile_sample_name_is_inert() -> None:
    case = cases.data(cases.diagnosis())
    case["sample"]["id"] = "<script>alert(1)</script>{{ 7*7 }}{genes}\u202e"
    page = family.render(case, ENGLISH)
    assert "<script" not in page
    assert "{{ 7*7 }}{genes}" in page
    assert "\u202e" not in page


# --------------------------------------------------------------------------- languages


def mirrored(folder: Path, without: str = "") -> Path:
    """A pseudo-language: English backwards, written from right to left."""
    lines = ['lang = "ar-XB"', 'direction = "rtl"']
    for key, phrase in sorted(ENGLISH.phrases.items()):
        section, name = key.split(".")
        if key != without:
            turned = "".join(p if p.startswith("{") else p[::-1] for p in re.split(r"(\{\w+\})", phrase.text)[::-1])
            lines.append(f"{section}.{name} = {json.dumps(turned)}")
    path = folder / "mirrored.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_mirrored_language_says_all_in_its_own_words(tmp_path: Path) -> None:
    page = family.render(cases.data(cases.diagnosis()), language.load(str(mirrored(tmp_path))))
    assert '<html lang="ar-XB" dir="rtl">' in page
    assert "No one is to blame" not in page
    assert "No one is to blame"[::-1] in page


def test_a_missing_phrase_is_said_in_english_and_marked(tmp_path: Path) -> None:
    words = language.load(str(mirrored(tmp_path, without="answer.blame")))
    page = family.render(cases.data(cases.diagnosis()), words)
    assert '<span lang="en" dir="ltr">No one chose this. No one is to blame.</span>' in page
    assert "(hsilgne ni)".lower() in page.lower()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('direction = "ltr"', "needs lang"),
        ('lang = "xx"\ndirection = "up"', "needs lang"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nblaim = "x"', "answer.blaim is no phrase"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nblame = 3', "braces"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nillness = "no name"', "must be that of English"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nillness = "{name.__class__}"', "must be that of English"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nillness = "{name!r}"', "must be that of English"),
        ('lang = "xx"\ndirection = "ltr"\n[answer]\nillness = "{name"', "do not pair"),
        ("<html>", "is no TOML"),
        ('lang = "xx"\ndirection = "ltr"\nodd = 1', "odd is no phrase"),
    ],
)
def test_a_broken_language_file_is_refused_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResourceError, match=re.escape(said)) as raised:
        language.load(str(path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["xx", "../en", "missing.toml", "", "en.toml/"])
def test_an_unknown_language_is_refused_with_the_shipped_ones(name: str) -> None:
    with pytest.raises(ResourceError, match="one of: en"):
        language.load(name)


def test_the_command_writes_the_page_to_its_own_file(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(cases.data(cases.diagnosis())), encoding="utf-8")
    out = tmp_path / "family.html"
    said = CliRunner().invoke(main, ["report", str(case), "--family-page", str(out)])
    assert (said.exit_code, said.output) == (0, "")
    first = out.read_bytes()
    assert b"For the family" in first
    CliRunner().invoke(main, ["report", str(case), "--family-page", str(out)])
    assert out.read_bytes() == first
    bad = CliRunner().invoke(main, ["report", str(case), "--family-page", str(out), "--language", "xx"])
    assert bad.exit_code == 4
    assert out.read_bytes() == first
