"""case.json -> the family page: plain words, no runs, no outlook, nothing on how parents are related.

A sentence on the illness appears only where the case holds a reviewed statement that carries it, and cites that
statement's references. What the test found decides which fixed phrases of the language file are said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from varmio import phrases
from varmio.model import MATCHED, Language
from varmio.writers import template
from varmio.writers.citations import Citations
from varmio.writers.page import unweighed
from varmio.writers.schema import check
from varmio.writers.verdicts import Data, is_second_method, leading

# reviewed statements that a fixed phrase puts into plain words
BLOOD, LOW_CALCIUM, TREATABLE = "GENERAL-haematology-02", "GENERAL-alert-01", "GENERAL-alert-03"
ONE_IN_FOUR, PREGNANCY = "GENERAL-inheritance-01", "GENERAL-inheritance-02"
SHARE = "1 in 4"  # as interpret/recurrence.py writes it, where it may be given
NO_TRANSPLANT = ("not_recommended_neurodegeneration", "ineffective_extrinsic", "not_indicated")
SOON = ("indicated_urgent", "indicated")
NAMED = "osteopetrosis"  # the word that the page explains


class Said(NamedTuple):
    """One phrase, its references, and whether it had to stay English."""

    text: str
    references: tuple[str, ...] = ()
    in_english: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: paragraphs, four children, paragraphs, a list, words explained."""

    id: str
    heading: Said
    paragraphs: list[list[Said]] = field(default_factory=list)
    children: list[Said] = field(default_factory=list)  # caption, ill, carries, free
    after: list[list[Said]] = field(default_factory=list)
    items: list[Said] = field(default_factory=list)
    ordered: bool = False
    glossary: list[tuple[Said, Said]] = field(default_factory=list)


class _Speaker:
    """The case and the words to say it with."""

    def __init__(self, case: Data, language: Language) -> None:
        self.case, self.language = case, language
        self.code = str(case["answer"]["code"])
        lead = leading(case)
        held = [s for subtype in lead for s in subtype["statements"]]
        self.statements: dict[str, Data] = {s["id"]: s for s in (*case["statements"], *held)}
        self.lead = lead
        self.matched = [s for s in lead if s["status"] in MATCHED]
        alone = len(lead) == len(self.matched) == 1 and self.code != "several"
        # the one match that speaks: where a second disease is open too, nothing may be said of either
        self.only: Data | None = self.matched[0] if alone else None

    def say(self, key: str, references: Iterable[str] = (), **filled: str) -> Said:
        phrase = self.language.phrases[key]
        return Said(phrase.text.format(**filled), tuple(dict.fromkeys(references)), phrase.in_english)

    def label(self, key: str) -> Said:
        return self.say(key)._replace(strong=True)

    def heading(self, key: str) -> Said:
        return self.say(f"headings.{key}")

    def sourced(self, key: str, *ids: str) -> list[Said]:
        """The phrase with the references of the statements, or nothing where the case has none of them."""
        found = [r for i in ids for r in self.statements.get(i, {}).get("references", ())]
        return [self.say(key, found)] if found else []


def render(case: Data, language: Language, letterhead: tuple[str, ...] = ()) -> str:
    """The family page of a case; the same case and language give the same text. InputError for a broken case."""
    from markupsafe import Markup

    check(case)
    style = template.static("style.css") + "\n" + template.static("family.css")
    speaker = _Speaker(case, language)
    citations = Citations(case["references"])
    return template.filled(
        template.family_page(),
        case=case,
        language=language,
        letterhead=letterhead,
        said=speaker.say,
        sections=_sections(speaker),
        cite=citations.cite,
        reference_list=citations.cited,
        csp=template.csp(style),
        style=Markup(style),
    )


def _sections(speaker: _Speaker) -> list[Section]:
    return [
        Section("answer", speaker.heading("answer"), _answer(speaker)),
        Section("meaning", speaker.heading("meaning"), _meaning(speaker)),
        Section("transplant", speaker.heading("transplant"), _transplant(speaker)),
        _next_child(speaker),
        Section("steps", speaker.heading("steps"), items=_steps(speaker), ordered=True),
        Section("limits", speaker.heading("limits"), items=_limits(speaker)),
        Section("questions", speaker.heading("questions"), items=_questions(speaker)),
        Section("glossary", speaker.heading("glossary"), glossary=_glossary(speaker)),
    ]


def _answer(s: _Speaker) -> list[list[Said]]:
    code = s.code if f"answer.{s.code}" in s.language.phrases else "other"
    if s.matched and s.only is None and code != "several":
        code = "two_kinds" if len(_genes(s)) == 1 else "several"
    first = [s.say("answer.looked"), s.say(f"answer.{code}", genes=", ".join(_genes(s)))]
    lines = [first]
    if s.only is not None:
        if f"copies.{s.only['basis']}" in s.language.phrases:
            first.append(s.say(f"copies.{s.only['basis']}"))
        known = NAMED in s.only["name"].lower()
        illness = s.say("answer.illness", name=NAMED if known else s.only["name"])
        lines.append([illness, s.say("answer.stone")] if known else [illness])
    if s.matched:
        second = [r for x in s.statements.values() if is_second_method(x) for r in x["references"]]
        lines.append([s.say("answer.second_test", second)])
    return [*lines, [s.say("answer.blame")]]


def _genes(s: _Speaker) -> list[str]:
    held = s.lead or (unweighed(s.case) if s.code == "unweighed" else [])
    return list(dict.fromkeys(x["gene"] for x in held))


def _meaning(s: _Speaker) -> list[list[Said]]:
    blood = s.sourced("meaning.blood_text", BLOOD) if s.only is not None else []
    brain = _verdict(s, "neurology")
    calcium = s.sourced("meaning.calcium_text", LOW_CALCIUM, TREATABLE)
    return [
        *([[s.label("meaning.blood"), *blood]] if blood else []),
        [s.label("meaning.brain"), *brain, s.say("meaning.check")] if brain else [s.say("meaning.open")],
        *([[s.label("meaning.calcium"), *calcium]] if calcium else []),
    ]


def _transplant(s: _Speaker) -> list[list[Said]]:
    verdict = _verdict(s, "transplant")
    if not verdict:
        return [[s.say("transplant.what"), s.say("transplant.open")]]
    other = [[s.say("transplant.other_care")]] if _class(s, "transplant") in NO_TRANSPLANT else []
    return [[s.say("transplant.what"), *verdict, s.say("transplant.together")], *other]


def _class(s: _Speaker, question: str) -> str:
    return str(s.only[question]["class"]) if s.only is not None else ""


def _verdict(s: _Speaker, question: str) -> list[Said]:
    """What the class means, with the references of the statements that carry it; nothing without a source."""
    value = _class(s, question)
    key = f"{question}.{value}"
    if s.only is None or key not in s.language.phrases:
        return []
    said = [s.say(key)] if value in phrases.NO_VERDICT else s.sourced(key, *s.only[question]["statements"])
    return said if s.only["status"] == "diagnostic" or not said else [s.say("meaning.if_confirmed"), *said]


def _next_child(s: _Speaker) -> Section:
    heading = s.heading("next_child")
    mode = s.only["inheritance"] if s.only is not None else ""
    known = [s.say("next_child.not_tested")]
    pregnancy = s.sourced("next_child.pregnancy", PREGNANCY)
    if mode == "recessive" and any(SHARE in item["text"] for item in s.case["recurrence"]):
        shares = [s.say(f"next_child.{key}") for key in ("recessive_caption", "ill", "carries", "free")]
        again = s.sourced("next_child.recessive_again", ONE_IN_FOUR) or [s.say("next_child.recessive_again")]
        after = [again, [s.say("next_child.recessive_other"), *pregnancy]]
        return Section("next-child", heading, [[*known, s.say("next_child.recessive_if")]], shares, after)
    if mode and mode != "recessive" and f"next_child.{mode}" in s.language.phrases:
        return Section("next-child", heading, [known, [s.say(f"next_child.{mode}"), *pregnancy]])
    return Section("next-child", heading, [[s.say("next_child.open")]])


def _steps(s: _Speaker) -> list[Said]:
    calcium = ("calcium",) if LOW_CALCIUM in s.statements else ()
    by_code = {
        "unweighed": ("weigh", *calcium, "parents", "team"),
        "one_allele": ("second", "more", *calcium, "parents", "team"),
    }
    found = ("second", *calcium, "parents", "team") if s.matched else ("more", *calcium, "team")
    if _class(s, "transplant") in SOON:
        found = ("team_now", "second", *calcium, "parents")
    return [s.say(f"steps.{key}") for key in by_code.get(s.code, found)]


def _limits(s: _Speaker) -> list[Said]:
    blind = [g["symbol"] for g in s.case["genes"] if g["verdict"] == "could_not_look" and g.get("core", True)]
    unseen = [s.say("limits.unseen", genes=", ".join(blind))] if blind else []
    return [s.say("limits.future"), s.say("limits.hidden"), *unseen, s.say("limits.only")]


def _questions(s: _Speaker) -> list[Said]:
    return [s.say(f"questions.{key}") for key in ("when", "who", "signs", "home", "siblings")]


def _glossary(s: _Speaker) -> list[tuple[Said, Said]]:
    return [(s.say(f"glossary.{key}"), s.say(f"glossary.{key}_is")) for key in ("gene", "carry", "stem", "counselor")]
