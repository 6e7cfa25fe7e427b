"""case.json -> report.html, one file that loads nothing; and the case back out of the page."""

from __future__ import annotations

import binascii
import gzip
import zlib
from base64 import b64decode, b64encode
from typing import Any

from varmio import phrases
from varmio.errors import InputError
from varmio.model import Letter
from varmio.writers import blood, details, exon_strips, gene_model, methods, runs, signs, template, transplant, watch
from varmio.writers import letter as letters
from varmio.writers.blocks import blocks
from varmio.writers.citations import Citations
from varmio.writers.jsonout import dumps, loads
from varmio.writers.page import first_list, next_steps, slice_command, weigh_command
from varmio.writers.schema import check, check_statements
from varmio.writers.verdicts import Data, leading

_START = '<script type="application/gzip" id="case" data-encoding="base64">'
MAX_CASE_BYTES = 200_000_000  # unpacked; the largest case of the benchmarks has 2 MB
_END = "</script>"


def render(case: Data, ours: bool = False, letter: Letter | None = None) -> str:
    """The whole page, from the dict of case.json alone; the same case gives the same text.

    `ours`: the case was made in this process, so that its shape needs no check. `letter`: what a laboratory adds.
    Raises InputError where the case lacks a key the page needs, or says something without a reference.
    """
    from markupsafe import Markup

    (check_statements if ours else check)(case)
    style, script, sprite = (template.static(name) for name in ("style.css", "script.js", "sprite.svg"))
    citations = Citations(case["references"])
    return template.filled(
        template.page(),
        **_view(case),
        case=case,
        letterhead=letter.letterhead if letter else (),
        places=letters.places(letter),
        cite=citations.cite,
        cite_source=citations.cite_source,
        reference_list=citations.listed,
        csp=template.csp(style, script),
        style=Markup(style),
        script=Markup(script),
        sprite=Markup(sprite),
        embedded=Markup(_embedded(case)),
    )


def extract(page: str) -> Data:
    """The case that a page made by `render` holds. Raises InputError where there is none."""
    start = page.find(_START)
    end = page.find(_END, start)
    if start < 0 or end < 0:
        raise InputError("report: no case inside; give a report.html or case.json written by varmio.")
    return check(loads(_unpacked(page[start + len(_START) : end]), "the case inside the report"))


def _view(case: Data) -> dict[str, Any]:
    """Everything that the template prints and that is not a plain key of the case."""
    general = () if leading(case) else methods.GENERAL_TOPICS
    sections = [
        ("says", "What this answer says, and does not say", blocks(case, general)),
        ("brain", "The brain", blocks(case, ("neurology",), "neurology")),
        ("transplant", "Transplant", transplant.blocks(case)),
        ("blood", phrases.BLOOD, blood.blocks(case)),
        ("watch", phrases.WATCH, watch.blocks(case)),
    ]
    cards = details.cards(case)
    view: dict[str, Any] = {
        "mark": phrases.ANSWER_MARK.get(case["answer"]["code"], phrases.UNKNOWN_MARK),
        "answer": _answer(case["answer"]["sentence"]),
        "rows": first_list(case),
        "statement_sections": [s for s in sections if s[2] or s[0] != "says"],
        "steps": next_steps(case),
        "missed": blocks(case, ("missed_by_exome",)),
        "inheritance": blocks(case, ("inheritance",)),
        "differential": blocks(signs.without_said_there(case), ("differential",)),
        "more": blocks(case, methods.more_topics(case)),
        "subtypes": methods.why(case),
        "other_matches": details.other_matches(case),
        "cards": cards,
        "models": gene_model.models(case, [card.finding for card in cards]),
        "rest": details.rest(case),
        "weighed_line": details.weighed_line(case),
        "command": weigh_command(case),
        "before": slice_command(case),
        "slice_first": phrases.SLICE_FIRST,
        "genes": details.genes(case),
        "strips": exon_strips.strips(case),
        "look_alikes": signs.look_alike_tables(case),
        "child": signs.child(case),
        "runs": runs.section(case),
        "report_facts": methods.report_facts(case),
        "method_facts": methods.method_facts(case),
        "provenance_facts": methods.provenance_facts(case),
        "constants": methods.constants(case),
        "cautions": methods.cautions(case),
        "kind": methods.kind(case["callset"]["kind"]),
        "recurrence": methods.recurrence(case),
        "letter": letters.paragraph(case),
        "synthetic": case["provenance"].get("synthetic"),
        "panel_line": methods.panel_line(case["provenance"]["panel"]),
    }
    view["findings_heading"] = "The finding" if len(view["cards"]) == 1 else "The findings"
    view["nav"] = _nav(view)
    return view


def _answer(text: str) -> tuple[str, str]:
    """The first sentence of the answer, and what follows it."""
    first, full_stop, rest = text.partition(". ")
    return (f"{first}.", rest) if full_stop else (text, "")


def _nav(view: dict[str, Any]) -> list[tuple[str, str]]:
    optional = {"signs": "child", "why": "subtypes", "other-matches": "other_matches", "more": "more"}
    fixed = [
        ("next", "What to do next"),
        ("unseen", "What could not be seen"),
        ("signs", "The child's signs"),
        ("findings", view["findings_heading"]),
        ("why", "Why this answer"),
        ("other-matches", "Other matches"),
        ("runs", "Homozygosity"),
        ("next-child", "Next child"),
        ("look-alikes", "What else looks like this"),
        ("more", "More on the disease"),
        ("genes", "Genes one by one"),
        ("methods", "Methods"),
        ("references", "References"),
        ("glossary", phrases.GLOSSARY_HEADING),
        ("letter", phrases.LETTER),
    ]
    shown = {key: bool(view[name]) for key, name in optional.items()}
    shown["look-alikes"] = bool(view["look_alikes"] or view["differential"])
    first = [(key, heading) for key, heading, _ in view["statement_sections"]]
    return first + [(key, heading) for key, heading in fixed if shown.get(key, True)]


def _embedded(case: Data) -> str:
    """case.json packed, so that it cannot end its element, nor hide or steer text, and a page stays small."""
    return b64encode(gzip.compress(dumps(case, compact=True), mtime=0)).decode()


def _unpacked(text: str) -> str:
    """What `_embedded` packed. InputError where it is damaged, or larger than any case."""
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        held = unpack.decompress(b64decode(text, validate=True), MAX_CASE_BYTES).decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        raise InputError(f"report: the case inside is damaged ({error}). Give the case.json.") from error
    if not unpack.eof:
        raise InputError("report: the case inside is cut off or too large. Give the case.json.")
    return held
