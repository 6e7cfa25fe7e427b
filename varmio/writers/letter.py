"""The section 'Paragraph for a letter': what may be pasted into one, and where a laboratory signs."""

from __future__ import annotations

from typing import NamedTuple

from varmio import phrases
from varmio.model import MATCHED, Letter
from varmio.phrases import count, words
from varmio.writers import methods
from varmio.writers.verdicts import (
    Data,
    Line,
    blind_genes,
    coding_name,
    gene_name,
    is_second_method,
    leading,
    line,
    name_of,
    recurrence_line,
    sentence,
    verdict,
)

QUESTIONS = {"neurology": phrases.LETTER_BRAIN, "transplant": phrases.LETTER_TRANSPLANT}


class Place(NamedTuple):
    """A place to fill in by hand, or what the laboratory's letter.yaml puts there."""

    label: str
    text: str


def paragraph(case: Data) -> list[Line]:
    """The sentences, each as it stands elsewhere on the page, with its references."""
    lead = leading(case)
    matched = [s for s in lead if s["status"] in MATCHED]
    made = case["provenance"]
    panel = methods.panel_line(made["panel"])
    about = (methods.kind(case["callset"]["kind"]), case["sample"]["id"], case["assembly"]["name"])
    first = Line(phrases.LETTER_FIRST.format(*about, version=made["varmio"], panel=panel, date=made["date"]))
    said = [first, Line(case["answer"]["sentence"]), *_alleles(case, lead)]
    if matched:
        said += _confirm(matched)
        said += [_verdict(subtype, question) for question in QUESTIONS for subtype in lead]
        said.append(Line(phrases.TRANSPLANT_NOTE))
        said += [recurrence_line(item) for item in case["recurrence"][:1]]
    else:
        said.append(Line(phrases.LETTER_NO_VERDICT))
    blind = blind_genes(case)
    unseen = [Line(phrases.LETTER_BLIND.format(blind))] if blind else []
    limits = Line(phrases.LETTER_LIMITS.format(count(len(case["limitations"]), "limit")))
    return [*said, *unseen, limits, Line(phrases.DECIDES_NOTHING)]


def _alleles(case: Data, lead: list[Data]) -> list[Line]:
    carrying = dict.fromkeys(i for subtype in lead for i in subtype["findings"])
    return [Line(_named(f)) for f in case["findings"] if f["id"] in carrying]


def _named(finding: Data) -> str:
    protein = f" {finding['hgvs_p']}" if finding["hgvs_p"] else ""
    coding = coding_name(finding)
    name = f"{coding}{protein}" if coding else f"{finding['gene']} {name_of(finding)}"
    zygosity = words(phrases.ZYGOSITY, finding["zygosity"])
    known = words(phrases.CLASS, finding["classification"]["class"])
    doubt = finding["call_quality"]["state"]
    call = "" if doubt == "solid" else f", {phrases.LETTER_CALL} {words(phrases.CALL, doubt)}"
    return f"{name}: {zygosity}, {known}{call}."


def _confirm(matched: list[Data]) -> list[Line]:
    held = [line(s) for subtype in matched for s in subtype["statements"] if is_second_method(s)]
    return held[:1] or [Line(phrases.CONFIRM)]


def _verdict(subtype: Data, question: str) -> Line:
    entry = verdict(subtype, question)
    references = dict.fromkeys(r for said in entry.lines for r in said.references)
    answer = (entry.verdict or entry.lines[0].text).rstrip(".")
    label = f"{gene_name(subtype['gene'])}, {subtype['id']}, {QUESTIONS[question]}"
    return Line(sentence(f"{label}: {answer[:1].lower()}{answer[1:]}"), references=tuple(references))


def places(letter: Letter | None) -> list[Place]:
    """What a laboratory fills in: from its letter.yaml, else an empty line."""
    given = letter or Letter()
    held = (given.indication, given.referrer, given.number, given.reviewer, "")
    return [Place(label, text) for label, text in zip(phrases.LETTER_PLACES, held, strict=True)]
