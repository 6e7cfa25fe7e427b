"""The statements of the page, in blocks: one for each leading subtype, then those of the answer."""

from __future__ import annotations

from typing import NamedTuple

from varmio import phrases
from varmio.phrases import words
from varmio.writers.page import is_later
from varmio.writers.verdicts import Data, Entry, is_second_method, leading, not_answered, title, verdict

OPEN_AT_MOST = 6  # sentences of one kind that stand open; the rest is folded, and printed


class Group(NamedTuple):
    heading: str
    statements: tuple[Data, ...]
    folded: bool
    note: str = ""


class Block(NamedTuple):
    heading: str
    chip: Entry | None
    first: tuple[Data, ...]  # 'Confirm both alleles ...'
    groups: tuple[Group, ...]


def blocks(case: Data, topics: tuple[str, ...], question: str = "") -> list[Block]:
    """One block for each leading subtype, then one for what the answer itself calls for."""
    lead = leading(case)
    shown: set[tuple[str, str]] = set()
    limits = [x["text"] for x in case["limitations"]]  # a blind spot that stands there is not said again
    result = []
    for subtype in lead:
        chip = verdict(subtype, question)._replace(lines=()) if question else None
        result.append(
            _block(title(subtype) if len(lead) > 1 else "", chip, subtype["statements"], topics, shown, limits)
        )
    if question and not lead:
        result.append(Block("", not_answered(case["answer"]["code"]), (), ()))
    result.append(
        _block("", None, case["statements"], topics, shown, limits, general="Known in general, not of this child")
    )
    return [b for b in result if b.chip or b.first or b.groups]


def _block(
    heading: str,
    chip: Entry | None,
    statements: list[Data],
    topics: tuple[str, ...],
    shown: set[tuple[str, str]],
    limits: list[str],
    general: str = phrases.APPLIES["gene_general"],
) -> Block:
    fresh = [
        s
        for s in statements
        if s["topic"] in topics and (s["id"], s["applies"]) not in shown and not any(s["text"] in x for x in limits)
    ]
    shown |= {(s["id"], s["applies"]) for s in fresh}
    fresh.sort(key=lambda s: topics.index(s["topic"]))
    first = tuple(s for s in fresh if is_second_method(s))
    rest = [s for s in fresh if not is_second_method(s)]
    outlook = tuple(s for s in rest if s["topic"] == "outcome")
    later = tuple(s for s in rest if s["topic"] == "alert" and is_later(s))
    plain = [s for s in rest if s not in outlook and s not in later]
    known = [s["applies"] for s in plain]
    order = [a for a in ("patient", "if_confirmed", "gene_general") if a in known]
    order += sorted({a for a in known if a not in order})
    groups = []
    for applies in order:
        said = tuple(s for s in plain if s["applies"] == applies)
        if applies == "gene_general" and "alert" not in topics:
            groups.append(Group(general, said, folded=True))
            continue
        name = general if applies == "gene_general" else words(phrases.APPLIES, applies) if applies != "patient" else ""
        groups.append(Group(name, said[:OPEN_AT_MOST], folded=False))
        if said[OPEN_AT_MOST:]:
            groups.append(Group("More on this", said[OPEN_AT_MOST:], folded=True))
    if later:
        groups.append(Group("After a transplant: known of the disease, not of this child", later, True))
    if outlook:
        groups.append(Group("Outlook, for the clinical team", outlook, True, phrases.OUTLOOK_NOTE))
    return Block(heading, chip, first, tuple(groups))
