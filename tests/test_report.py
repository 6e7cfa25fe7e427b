"""The page: whole, inert, honest under every answer, and made from case.json alone."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import report_cases as cases
from tests.hostile import HOSTILE
from varmio import phrases
from varmio.errors import InputError
from varmio.model import Case
from varmio.readers import language
from varmio.writers import family, html, jsonout

Data = dict[str, Any]
VOID = {"meta", "link", "br", "hr", "img", "input", "use", "path", "rect", "circle"}
QUESTIONS = [
    "Which gene, how sure?",
    "Is the brain itself involved?",
    "Will a transplant help?",
    "Blood and infection",
    "Check today",
    "What next?",
    "Next child",
    "Not seen",
]


class Page(HTMLParser):
    """Tags in order, attributes, visible text, and text by section; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.sections: dict[str, str] = {}
        self.rows: dict[str, str] = {}
        self.statements: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, key, value) for key, value in attrs]
        own = dict(attrs)
        if tag == "li" and own.get("class") == "st":
            self.statements.setdefault(own["data-id"] or "", []).append("")
        if tag not in VOID:
            self.open.append((tag, own))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, key, value) for key, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self.open]
        if "script" in names or "style" in names or "title" in names:
            return
        self.text += data
        for tag, own in self.open:
            if tag == "section":
                self.sections[own["id"] or ""] = self.sections.get(own["id"] or "", "") + data
            if tag == "li" and own.get("class") == "st":
                self.statements[own["data-id"] or ""][-1] += data
        if "dt" in names and any(own.get("class") == "min" for _, own in self.open):
            self.rows[data] = ""
        elif "dd" in names and any(own.get("class") == "min" for _, own in self.open):
            self.rows[list(self.rows)[-1]] += data


def data(make: Callable[[], Case]) -> Data:
    return jsonout.as_dict(make())


def page_of(case: Data) -> Page:
    return Page(html.render(case))


@pytest.fixture(params=list(cases.ALL))
def case(request: pytest.FixtureRequest) -> Data:
    return data(cases.ALL[request.param])


# --------------------------------------------------------------------------- whole, inert, remade


def test_the_page_loads_nothing_and_its_csp_names_the_one_style_and_the_one_script(case: Data) -> None:
    text = html.render(case)
    page = Page(text)
    csp = next(v for t, k, v in page.attributes if t == "meta" and k == "content" and v and "default-src" in v)
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        digest = b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in csp
    assert csp.startswith("default-src 'none'")
    assert not [a for a in page.attributes if a[1] in ("src", "srcset", "style", "action") or a[1].startswith("on")]
    assert not {"link", "img", "iframe", "object", "form", "base"} & set(page.tags)
    assert "url(" not in text.replace("navigator", "")
    assert "@import" not in text


def test_links_lead_to_places_of_the_page_or_to_references(case: Data) -> None:
    page = page_of(case)
    ids = [v for _, k, v in page.attributes if k == "id"]
    assert len(ids) == len(set(ids))
    for tag, key, value in page.attributes:
        if key == "href" and value:
            assert value[1:] in ids if value.startswith("#") else (tag == "a" and value.startswith("https://"))


def test_headings_descend_one_level_at_a_time(case: Data) -> None:
    levels = [int(t[1]) for t in page_of(case).tags if re.fullmatch(r"h[1-6]", t)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_finding_limitation_statement_reference_and_version_appears(case: Data) -> None:
    page = page_of(case)
    for f in case["findings"]:
        assert (f["hgvs_c"] or f["variant"]["key"]) in page.sections["findings"]
    for limit in case["limitations"]:
        assert limit["text"] in page.sections["unseen"]
        assert limit["would_show"] in page.sections["unseen"]
    statements = [*case["statements"], *(s for m in case["subtypes"] for s in m["statements"])]
    for s in statements:
        assert any(s["text"] in shown for shown in page.statements[s["id"]]), s["id"]
    for r in case["references"].values():
        assert r["citation"] in page.sections["references"]
        assert f"read: {r['part_read']}" in page.sections["references"]
    for constant in case["methods"]["constants"]:
        assert all(str(v) in page.sections["methods"] for v in constant.values())
    for gene in case["genes"]:
        assert gene["symbol"] in page.sections["genes"]
    provenance = case["provenance"]
    for version in (provenance["varmio"], provenance["panel"]["version"], provenance["panel"]["sha256"]):
        assert version in page.text
    assert all(r["release"] in page.sections["methods"] for r in provenance["resources"])
    assert case["autozygosity"]["reasons"][0] in page.sections["runs"]
    assert phrases.SYNTHETIC in page.text


def test_every_number_of_the_accounting_is_that_of_the_case(case: Data) -> None:
    methods = page_of(case).sections["methods"]
    done = case["provenance"]["accounting"]
    for number in (done["records_in"], done["reported"], *done["filtered"].values()):
        assert f"{number:,}" in methods
    assert "Line 77" in methods


def test_every_statement_ends_in_numbered_references_and_numbers_follow_first_use(case: Data) -> None:
    text = html.render(case)
    page = Page(text)
    for shown in (s for each in page.statements.values() for s in each):
        assert re.search(r"\[\d+\]", shown)
    body = text[text.index("<body>") :]
    used = [int(n) for n in re.findall(r'href="#ref-(\d+)"', body)]
    firsts = list(dict.fromkeys(used))
    assert firsts == sorted(firsts)


def test_the_page_remade_from_case_json_or_from_the_page_is_the_same_bytes(case: Data) -> None:
    first = html.render(case)
    assert html.render(json.loads(jsonout.dumps(case))) == first
    assert html.extract(first) == case
    assert html.render(html.extract(first)) == first


def test_the_first_list_asks_the_same_questions_on_every_page(case: Data) -> None:
    asked = [q for q in page_of(case).rows if q != "What weighs it?"]
    assert asked == QUESTIONS


def test_an_answer_without_colour_has_a_shape_with_a_name(case: Data) -> None:
    text = html.render(case)
    icon, tone, name = phrases.ANSWER_MARK[case["answer"]["code"]]
    assert f'class="mark ic t-{tone}" role="img" aria-label="{name}"><use href="#i-{icon}"/>' in text
    for used in re.findall(r'href="#i-([a-z0-9]+)"', text):
        assert f'id="i-{used}"' in text
    assert ' t-go"' not in text or case["subtypes"]


# --------------------------------------------------------------------------- what may be said


def test_the_harm_a_swap_of_rank_and_rankl_never_happens() -> None:
    rankl, rank = page_of(data(cases.rankl)), page_of(data(cases.rank))
    assert "Not effective: the defect is not in blood cells" in rankl.rows["Will a transplant help?"]
    assert "Indicated" not in rankl.text
    assert "TNFSF11 (RANKL)" in rankl.text
    assert "Indicated: do not delay" in rank.rows["Will a transplant help?"]
    assert "Not effective" not in rank.text
    assert "TNFRSF11A (RANK)" in rank.text


def test_several_genes_have_each_verdict_beside_their_own_name() -> None:
    row = page_of(data(cases.several)).rows["Will a transplant help?"]
    assert "TNFRSF11A (RANK), OPTB7: Indicated: do not delay" in row
    assert "TNFSF11 (RANKL), OPTB2: Not effective" in row


def test_a_second_gene_that_is_less_sure_has_its_verdicts_on_the_first_screen() -> None:
    made = data(cases.several)
    made["answer"]["code"] = "diagnosis"
    first, second = made["subtypes"]
    for match, status, applies in ((first, "diagnostic", "patient"), (second, "likely", "if_confirmed")):
        match["status"] = status
        match["statements"] = [{**s, "applies": applies} for s in match["statements"]]
    page = page_of(made)
    for match, before in ((first, ""), (second, "If confirmed: ")):
        said = {"OPTB2": "not effective", "OPTB7": "indicated: do not delay"}[match["id"]]
        said = before + said if before else said.capitalize()
        assert f"{match['id']}: {said}" in page.rows["Will a transplant help?"]
    assert f"{second['id']}: likely" in page.rows["Which gene, how sure?"]


def test_without_a_class_the_first_screen_says_what_was_read_of_the_disease() -> None:
    made = data(cases.diagnosis)
    match = made["subtypes"][0]
    match["transplant"] = {"class": "not_established", "statements": []}
    own = next(s for s in match["statements"] if s["topic"] == "transplant" and s["id"].startswith(match["id"]))
    own |= {"text": "Steroids come first.", "strength": "moderate", "evidence": "case_report", "applies": "patient"}
    assert "Not establishedSteroids come first." in page_of(made).rows["Will a transplant help?"]
    own["strength"] = "weak"
    assert "Steroids come first." not in page_of(made).rows["Will a transplant help?"]


@pytest.mark.parametrize("make", [cases.likely, cases.possible])
def test_below_a_diagnosis_every_verdict_is_said_only_if_confirmed(make: Callable[[], Case]) -> None:
    page = page_of(data(make))
    gene = make().subtypes[0].gene
    assert "If confirmed: " in page.rows["Will a transplant help?"]
    assert "Indicated" not in page.text
    for section in ("brain", "transplant", "blood", "watch"):
        before, after = page.sections[section].split("If the diagnosis is confirmed", 1)
        assert f"sentence of {gene}" not in before
        assert f"sentence of {gene}" in after


def test_a_diagnosis_is_said_plainly_and_the_conditional_is_not_said_of_the_child() -> None:
    page = page_of(data(cases.diagnosis))
    assert "If the diagnosis is confirmed" not in page.text
    plain, conditional = page.sections["watch"].split(phrases.UNDER_A_CONDITION, 1)
    assert "Bleeding sentence of OSTM1." in plain
    assert "In a newborn or infant: Low calcium sentence of OSTM1." in conditional
    assert "Low calcium sentence" not in plain


@pytest.mark.parametrize("make", [cases.one_allele, cases.excluded])
def test_one_allele_and_excluded_answer_neither_brain_nor_transplant_nor_blood(make: Callable[[], Case]) -> None:
    made = data(make)
    page = page_of(made)
    for question in ("Is the brain itself involved?", "Will a transplant help?", "Blood and infection"):
        assert page.rows[question].strip().startswith("Not answered")
    (match,) = made["subtypes"]
    assert phrases.TRANSPLANT[match["transplant"]["class"]] not in page.text
    assert phrases.NEUROLOGY[match["neurology"]["class"]] not in page.text
    assert "Known of the gene, not of this child" in page.text
    assert "sentence of" not in page.sections["answer"].replace("Low calcium sentence", "")


def test_an_unmatched_answer_has_no_verdict_and_no_gene() -> None:
    for make in (cases.nothing_found, cases.could_not_look, cases.unweighed):
        page = page_of(data(make))
        for question in ("Is the brain itself involved?", "Will a transplant help?", "Blood and infection"):
            assert page.rows[question].strip().startswith("Not answered")
        assert page.rows["Next child"].strip().startswith(phrases.NO_RECURRENCE)
        assert phrases.SECOND_METHOD not in page.text


def test_the_transplant_block_starts_with_the_second_method() -> None:
    for make in (cases.diagnosis, cases.likely, cases.rankl, cases.rank):
        page = page_of(data(make))
        section = page.sections["transplant"]
        gene = make().subtypes[0].gene
        assert section.index(phrases.SECOND_METHOD) < section.index(f"sentence of {gene}")
        assert phrases.SECOND_METHOD in page.rows["Which gene, how sure?"]


def test_why_comes_before_how_of_a_transplant() -> None:
    sections = page_of(data(cases.diagnosis)).sections
    assert sections["transplant"].index("Transplant sentence") < sections["transplant"].index("Eye test sentence")


def test_what_was_set_aside_is_named_with_its_reason() -> None:
    page = page_of(data(cases.excluded))
    assert "Set aside for OPTB7: TNFRSF11A (RANK) c.45_62dup" in page.rows["Which gene, how sure?"]
    assert "Reason of OPTB7." in page.sections["other-matches"]
    before, after = page.sections["other-matches"].split(
        "Of OPTB7, which was set aside. Known of the gene, not of this child"
    )
    assert "Transplant sentence of TNFRSF11A." not in before
    assert "Transplant sentence of TNFRSF11A." in after


def test_a_diagnosis_beside_one_allele_of_the_same_gene_shows_both_the_cautious_one_first() -> None:
    made = data(cases.one_allele)
    dominant = copy.deepcopy(made["subtypes"][0])
    dominant |= {"id": "OPTA2", "status": "diagnostic", "basis": "dominant_het", "inheritance": "dominant"}
    dominant["transplant"]["class"] = "not_established"
    made["subtypes"].append(dominant)
    made["answer"]["code"] = "diagnosis"
    row = page_of(made).rows["Will a transplant help?"]
    assert row.index("CLCN7, OPTB4: Not answered") < row.index("CLCN7, OPTA2: Not established")


def test_our_readings_are_marked_and_cautions_stand_in_the_technical_part() -> None:
    page = page_of(data(cases.diagnosis))
    (shown,) = page.statements["OPTB5-before_transplant-03"]
    assert phrases.INFERENCE in shown
    assert "A caution of OSTM1." in page.sections["methods"]
    assert "A caution of OSTM1." not in page.sections["transplant"]


def test_a_candidate_second_allele_is_named_as_one() -> None:
    assert "candidate second allele of OPTB4" in page_of(data(cases.one_allele)).sections["findings"]


def test_the_finding_shows_both_assemblies_reads_class_frequency_and_clinvar_with_dates() -> None:
    section = page_of(data(cases.diagnosis)).sections["findings"]
    for shown in (
        "NM_014028.4(OSTM1):c.415_416del",
        "p.(Gln140GlufsTer11)",
        "6-108064285-ACT-A",
        "6-108385489-ACT-A",
        "frameshift variant (SO:0001589)",
        "61 of 61 reads",
        "genotype quality 99",
        "0.00012, Middle Eastern, 0 homozygotes (gnomAD v3 extract, 2024-11-01)",
        "2 stars, for Osteopetrosis 5 (release 2024-12-15)",
        "PVS1, very strong",
        "yes, +8",
        "Abou Tayoun 2018",
        "Reason for tier 1.",
    ):
        assert shown in section


def test_what_could_not_be_weighed_is_one_line_with_one_command() -> None:
    page = page_of(data(cases.nothing_found))
    assert "1 change could not be weighed and could not explain (tier 3)." in page.sections["findings"]
    assert "--evidence slice.vcf" in page.sections["findings"]
    assert "bcftools view -r chr" in page_of(data(cases.unweighed)).rows["What weighs it?"]


def test_a_figure_for_the_next_child_keeps_its_if() -> None:
    row = page_of(data(cases.diagnosis)).rows["Next child"]
    assert row.index("If both parents carry the change:") < row.index("25% (1 in 4)")


# --------------------------------------------------------------------------- older, newer, broken cases


def test_a_newer_case_with_unknown_keys_and_values_is_shown_in_plain_words() -> None:
    made = data(cases.diagnosis)
    made["new_key"] = {"a": 1}
    made["answer"]["code"] = "strongly_suspected"
    made["subtypes"][0]["transplant"]["class"] = "gene_therapy_first"
    made["subtypes"][0]["statements"][0]["topic"] = "dental_care"
    made["subtypes"][0]["statements"][0]["applies"] = "family"
    made["genes"][0]["verdict"] = "seen_twice"
    page = page_of(made)
    for shown in ("gene therapy first", "seen twice", "Brain sentence of OSTM1."):
        assert shown in page.text


def paths(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*where, key)
        yield from paths(item, (*where, key))


def at(value: Any, where: tuple[Any, ...]) -> Any:
    for key in where:
        value = value[key]
    return value


def refusal(case: Data) -> str | None:
    try:
        Page(html.render(case))
    except InputError as error:
        return str(error)
    return None


@pytest.mark.parametrize("wrong", [..., None, 7, "text", [], [None], {}, {"a": None}])
def test_a_case_with_any_key_missing_or_of_another_kind_is_refused_in_one_line_or_shown(wrong: Any) -> None:
    whole = data(cases.one_allele)
    for where in list(paths(whole))[::3]:
        broken = copy.deepcopy(whole)
        if wrong is ...:
            if isinstance(where[-1], int):
                continue
            del at(broken, where[:-1])[where[-1]]
        else:
            at(broken, where[:-1])[where[-1]] = wrong
        said = refusal(broken)
        assert said is None or (said.startswith("case.json: ") and "\n" not in said)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c["subtypes"][0]["statements"][0].update(references=[]), "has no reference"),
        (lambda c: c["subtypes"][0].update(status="likely"), "speaks of the patient"),
        (lambda c: c["references"].pop("R73"), "R73 is cited and not listed"),
        (lambda c: c.update(schema_version="2.0"), "schema_version 2.0"),
        (lambda c: c.pop("answer"), "answer is missing"),
        (lambda c: c["findings"][0].pop("zygosity"), "findings[0].zygosity is missing"),
    ],
)
def test_a_case_that_may_not_be_shown_is_refused(spoil: Callable[[Data], Any], said: str) -> None:
    made = data(cases.diagnosis)
    spoil(made)
    with pytest.raises(InputError, match=re.escape(said)):
        html.render(made)


def inside(packed: bytes) -> str:
    return f'<script type="application/gzip" id="case" data-encoding="base64">{b64encode(packed).decode()}</script>'


BOMB = gzip.compress(bytes(201_000_000), 9)  # zeros; unpacks to more than any case
PACKED = gzip.compress(b'{"a": "b"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html></html>",
        inside(b"")[:-9],
        inside(b"{"),
        inside(gzip.compress(b"{")),
        inside(PACKED[:-9]),
        inside(PACKED[:12] + b"xx" + PACKED[14:]),
        inside(PACKED).replace("=", "!"),
        inside(gzip.compress(b"\xff\xfe")),
        inside(BOMB),
    ],
)
def test_a_page_without_a_case_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        html.extract(text)


# --------------------------------------------------------------------------- hostile text

KEPT = {
    "schema_version",
    "code",
    "status",
    "class",
    "applies",
    "topic",
    "verdict",
    "state",
    "id",
    "date",
    "kind",
    "basis",
}


def filled(value: Any, text: str, key: str = "") -> Any:
    """The case with every text replaced, besides what steers the page; ids and references stay joined."""
    if isinstance(value, dict):
        return {k: filled(v, text, k) for k, v in value.items()}
    if isinstance(value, list):
        return value if key in ("references", "findings") and value and isinstance(value[0], str) else [
            filled(v, text, key) for v in value
        ]  # fmt: skip
    if not isinstance(value, str) or (key in KEPT and key != "basis"):
        return value
    return text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_slot_stays_text(text: str) -> None:
    for make in (cases.diagnosis, cases.nothing_found):
        made = data(make)
        made["sample"]["id"] = text
        plain, hostile = html.render(filled(made, "x" * len(text))), html.render(filled(made, text))
        assert Page(hostile).tags == Page(plain).tags
        assert [a[:2] for a in Page(hostile).attributes] == [a[:2] for a in Page(plain).attributes]
        assert not set("\u202e\u2066\u200f\u200b\u2028\x00\x1b") & set(hostile)
        assert "49" not in Page(hostile).sections["runs"]
        assert html.extract(hostile) == filled(made, text)
        hostile.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_on_the_family_page_stays_text(text: str) -> None:
    for make in (cases.diagnosis, cases.nothing_found):
        made = data(make)
        plain = family.render(filled(made, "x"), language.load(), ("x",))
        hostile = family.render(
            filled({**made, "sample": {**made["sample"], "id": text}}, text), language.load(), (text,)
        )
        assert Page(hostile).tags == Page(plain).tags
        assert [a[:2] for a in Page(hostile).attributes] == [a[:2] for a in Page(plain).attributes]
        assert not set("\u202e\u2066\u200f\u200b\u2028\x00\x1b") & set(hostile)


def test_a_hostile_doi_pmid_or_address_is_no_link() -> None:
    made = data(cases.diagnosis)
    made["references"]["R07"] |= {"doi": '10.1/x" onclick="a', "pmid": "1;2", "url": "javascript:alert(1)"}
    made["references"]["R04"]["url"] = 'https://example.org/"><b>'
    made["references"]["R73"] |= {"pmid": None, "url": "//example.org"}
    page = page_of(made)
    assert not [v for t, k, v in page.attributes if t == "a" and k == "href" and v and not v.startswith("#")]


def test_a_text_of_ten_megabytes_does_not_drown_the_page() -> None:
    made = data(cases.diagnosis)
    made["findings"][0]["variant"]["alt"] = "A" * 10_000_000
    made["findings"][0]["variant"]["key"] = made["findings"][0]["variant"]["keys"]["GRCh38"] = "A" * 10_000_000
    text = html.render(made)
    assert "10,000,000 characters" in text
    assert len(Page(text).text) < 100_000


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_shown_without_becoming_markup(text: str) -> None:
    made = data(cases.rankl)
    made["sample"]["id"] = made["answer"]["sentence"] = made["limitations"][0]["text"] = text
    page = Page(html.render(made))
    assert page.tags.count("h1") == 1
    assert page.tags.count("script") == 2
    assert "b" in page.tags
