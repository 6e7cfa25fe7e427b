"""Blood and infection: the row of the first screen, and the section by aspect."""

from __future__ import annotations

import re
from collections.abc import Iterable

from varmio import phrases
from varmio.model import LIMITS_OF_TRANSPLANT, MATCHED, OF_BLOOD, Aspect
from varmio.phrases import words
from varmio.writers.blocks import (
    Arranged,
    Block,
    Group,
    gather,
    headed,
    is_direct,
    known,
    may_stand_open,
    opened,
    parted,
)
from varmio.writers.verdicts import (
    FIRM,
    WEAK,
    Data,
    Entry,
    Line,
    is_later,
    is_own,
    line,
    not_answered,
    not_matched,
    support,
)

TOPICS = ("haematology", "immunology")
FIRST_SCREEN_TOPICS = (*TOPICS, "alert", "alternatives")
FIRST_SCREEN = (
    Aspect.MARROW_FAILURE,
    Aspect.BLOOD_COUNTS,
    Aspect.EXTRAMEDULLARY,
    Aspect.TRANSFUSION,
    Aspect.INFECTION,
    Aspect.BLEEDING,
)
# One sentence may speak of several aspects and is filed under one; words that show it speaks of another.
SPEAKS_OF = {
    Aspect.MARROW_FAILURE: "marrow",
    Aspect.BLOOD_COUNTS: "anaemia|platelet|pancytopenia|blood count|white cell",
    Aspect.EXTRAMEDULLARY: "spleen|extramedullary",
    Aspect.TRANSFUSION: "transfus",
    Aspect.BLEEDING: "bleed|coagul",
    Aspect.INFECTION: "infect|sepsis|pneumonia|immun|antibod",
}


def is_of_blood(statement: Data) -> bool:
    aspect = statement.get("aspect")
    return aspect in OF_BLOOD or (statement["topic"] in TOPICS and aspect not in LIMITS_OF_TRANSPLANT)


# --------------------------------------------------------------------------- the first screen


def entries(case: Data, lead: list[Data]) -> list[Entry]:
    """One entry for each leading subtype: the best supported sentences, or why none may be said."""
    if not lead:
        return [not_answered(case["answer"]["code"])]
    return [
        _entry(subtype, first_sentences(subtype)) if subtype["status"] in MATCHED else not_matched(subtype)
        for subtype in lead
    ]


def _entry(subtype: Data, said: list[Data]) -> Entry:
    if not said:
        return Entry("dash", "soft", phrases.NO_BLOOD, (Line(phrases.NO_BLOOD_WHY),))
    lines = tuple(_said_of(s, subtype) for s in said)
    if support(said[0]) < WEAK:
        return Entry("drop", "ink", "", lines)
    return Entry("drop", "soft", phrases.WEAKLY_SUPPORTED, lines)


def _said_of(statement: Data, subtype: Data) -> Line:
    """The line with 'If confirmed' in front below a diagnosis, and with a mark where it is not of this gene."""
    shown = line(statement)
    if subtype["status"] != "diagnostic":
        condition = shown.condition
        begun = f"{phrases.IF_CONFIRMED}, {condition[:1].lower()}{condition[1:]}" if condition else ""
        shown = shown._replace(condition=begun or f"{phrases.IF_CONFIRMED}:")
    marks = [shown.mark, phrases.OF_ALL_FORMS if statement["id"].startswith("GENERAL") else ""]
    return shown._replace(mark="; ".join(filter(None, marks)))


def first_sentences(subtype: Data) -> list[Data]:
    """The best supported sentence, and a second one on another aspect where it is well supported."""
    fit = [
        s
        for s in subtype["statements"]
        if is_of_blood(s) and s["topic"] in FIRST_SCREEN_TOPICS and may_stand_open(s, subtype) and not is_later(s)
    ]
    fit.sort(key=lambda s: _place(s, subtype))
    second = [
        s
        for s in fit[1:]
        if is_direct(s) and support(s) < WEAK and (s.get("aspect") is None or s["aspect"] != fit[0].get("aspect"))
    ]
    return [*fit[:1], *second[:1]]


def _place(statement: Data, subtype: Data) -> tuple[object, ...]:
    """Said of the match, of its own gene, well supported (a single case: the stronger), on blood itself, by aspect."""
    source = 0 if is_own(statement, subtype) else 2 if statement["id"].startswith("GENERAL") else 1
    aspect = statement.get("aspect")
    order = FIRST_SCREEN.index(aspect) if aspect in FIRST_SCREEN else len(FIRST_SCREEN)
    firm = support(statement)
    single = (firm >= WEAK, FIRM.get(statement["strength"], WEAK) if firm >= WEAK else 0)
    return not is_direct(statement), source, single, statement["topic"] not in TOPICS, firm, order


# --------------------------------------------------------------------------- the section


def blocks(case: Data) -> list[Block]:
    """The section 'Blood and infection'."""
    knows_aspects = any(s.get("aspect") for match in case["subtypes"] for s in match["statements"])

    def arrange(statements: list[Data], subtype: Data) -> Arranged:
        said, rest = parted(statements, subtype)
        groups = [g for heading, few in _by_aspect(said, subtype) for g in _opened(headed(subtype, heading), few)]
        last = _nothing_on(subtype) if knows_aspects else []
        return [*groups, *known(rest)], last

    return gather(case, is_of_blood, arrange, lambda s: None if s["status"] in MATCHED else not_matched(s))


def _by_aspect(statements: list[Data], subtype: Data) -> Iterable[tuple[str, list[Data]]]:
    """(heading, sentences) in the order of the aspects; those of no aspect, or of an unknown one, last."""
    statements = sorted(statements, key=lambda s: (not is_direct(s), not is_own(s, subtype)))
    found = {s.get("aspect") for s in statements}
    for aspect in (*OF_BLOOD, *sorted(a for a in found if a and a not in OF_BLOOD)):
        if few := [s for s in statements if s.get("aspect") == aspect]:
            yield words(phrases.ASPECT, aspect), few
    if few := [s for s in statements if not s.get("aspect")]:
        yield phrases.ALSO_ON_BLOOD if len(found) > 1 else "", few


def _opened(heading: str, statements: list[Data]) -> list[Group]:
    outlook = any(s["topic"] == "outcome" for s in statements)
    return opened(heading, statements, note=phrases.OUTLOOK_NOTE if outlook else "")


def _nothing_on(subtype: Data) -> list[Line]:
    """One line that names the aspects without a sentence on this gene, so that silence is not read as 'no risk'."""
    own = [s for s in subtype["statements"] if is_of_blood(s) and not s["id"].startswith("GENERAL")]
    text = " ".join(s["text"] for s in own).lower()
    filed = {s.get("aspect") for s in own}
    silent = [a for a in OF_BLOOD if a not in filed and not re.search(SPEAKS_OF[a], text)]
    if not silent:
        return []
    named = ", ".join(words(phrases.ASPECT_IN_LIST, a) for a in silent)
    return [Line(phrases.NOTHING_ON.format(aspects=named))]
