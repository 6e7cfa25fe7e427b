"""The statements of one section, in blocks: one for each leading subtype, then those of the answer.

What is said of the match stands open; a sentence with a condition keeps it in front; what is known of the
gene only stands under that label. Below a diagnosis every heading begins with "If the diagnosis is confirmed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from varmio import phrases
from varmio.model import MATCHED
from varmio.phrases import words
from varmio.writers.verdicts import Data, Entry, Line, is_second_method, leading, not_answered, title, verdict

OPEN_AT_MOST = 6  # sentences of one kind that stand open; the rest is folded, and printed
GENERAL = "gene_general"
SAID = {"diagnostic": "patient", "likely": "if_confirmed", "possible": "if_confirmed"}  # as `interpret` says it


class Group(NamedTuple):
    heading: str
    statements: tuple[Data, ...] = ()
    folded: bool = False
    note: str = ""
    level: int = 3  # of the heading


class Block(NamedTuple):
    heading: str
    chip: Entry | None
    first: tuple[Data, ...]  # 'Confirm both alleles ...'
    groups: tuple[Group, ...]
    last: tuple[Line, ...] = ()


Arranged = tuple[list[Group], list[Line]]
Arrange = Callable[[list[Data], Data], Arranged]


def blocks(case: Data, topics: tuple[str, ...], question: str = "") -> list[Block]:
    """The sentences of these topics; with `question`, each block begins with the verdict on it."""

    def in_order(statements: list[Data], _: Data) -> Arranged:
        statements.sort(key=lambda s: topics.index(s["topic"]))
        said = [s for s in statements if s["applies"] != GENERAL]
        groups = [g for label, few in by_label(said) for g in opened(label, few)]
        return [*groups, *known(s for s in statements if s["applies"] == GENERAL)], []

    chip = (lambda subtype: verdict(subtype, question)) if question else None
    return gather(case, lambda s: s["topic"] in topics, in_order, chip)


def gather(
    case: Data,
    wanted: Callable[[Data], bool],
    arrange: Arrange,
    chip: Callable[[Data], Entry | None] | None = None,
    open_in_general: bool = False,
) -> list[Block]:
    """One block for each leading subtype, arranged, then one for what the answer itself calls for."""
    lead = leading(case)
    shown: set[tuple[str, str]] = set()
    limits = [x["text"] for x in case["limitations"]]  # a blind spot that stands there is not said again

    def fresh(statements: list[Data]) -> list[Data]:
        found = [
            s
            for s in statements
            if wanted(s) and (s["id"], s["applies"]) not in shown and not any(s["text"] in x for x in limits)
        ]
        shown.update((s["id"], s["applies"]) for s in found)
        return found

    result = []
    for subtype in lead:
        first, rest = _second_method_first(fresh(subtype["statements"]))
        groups, last = arrange(rest, subtype)
        entry = chip(subtype) if chip else None
        result.append(
            Block(
                title(subtype) if len(lead) > 1 else "",
                entry and entry._replace(lines=()),
                first,
                tuple(groups),
                tuple(last),
            )
        )
    if chip and not lead:
        result.append(Block("", not_answered(case["answer"]["code"]), (), ()))
    first, rest = _second_method_first(fresh(case["statements"]))
    result.append(Block("", None, first, tuple(known(rest, phrases.IN_GENERAL, folded=not open_in_general))))
    return [b for b in result if b.chip or b.first or b.groups or b.last]


def _second_method_first(statements: list[Data]) -> tuple[tuple[Data, ...], list[Data]]:
    return tuple(s for s in statements if is_second_method(s)), [s for s in statements if not is_second_method(s)]


def parted(statements: Iterable[Data], subtype: Data) -> tuple[list[Data], list[Data]]:
    """What may stand open for this match (said of it, or with its condition in front), and the rest."""
    said: list[Data] = []
    rest: list[Data] = []
    for s in statements:
        (said if may_stand_open(s, subtype) else rest).append(s)
    return said, rest


def may_stand_open(statement: Data, subtype: Data) -> bool:
    if subtype["status"] not in MATCHED:
        return False
    if statement["applies"] == GENERAL:
        return bool(statement.get("condition"))
    return bool(statement["applies"] == SAID[subtype["status"]])


def is_direct(statement: Data) -> bool:
    """Said of the match itself, not only of the gene or under a condition."""
    return bool(statement["applies"] != GENERAL)


def headed(subtype: Data, heading: str) -> str:
    """The heading, below a diagnosis with 'If the diagnosis is confirmed' in front."""
    label = _label(SAID.get(subtype["status"], GENERAL))
    if not label or not heading:
        return label or heading
    return f"{label}: {heading[:1].lower()}{heading[1:]}"


def opened(
    heading: str, statements: Iterable[Data], at_most: int = OPEN_AT_MOST, level: int = 3, note: str = ""
) -> list[Group]:
    """A group that stands open, and one more, folded, for what lies beyond `at_most`."""
    said = tuple(statements)
    if not said:
        return []
    rest = [Group(phrases.MORE, said[at_most:], folded=True)] if said[at_most:] else []
    return [Group(heading, said[:at_most], note=note, level=level), *rest]


def known(statements: Iterable[Data], general: str = phrases.APPLIES[GENERAL], folded: bool = True) -> list[Group]:
    """Sentences that are not said of this child, each under the label of its kind."""
    groups: list[Group] = []
    for label, few in by_label(statements, general):
        groups += [Group(label, tuple(few), folded=True)] if folded and label else opened(label, few)
    return groups


def by_label(statements: Iterable[Data], general: str = phrases.APPLIES[GENERAL]) -> list[tuple[str, list[Data]]]:
    """(label, sentences) by `applies`, the firmest first; a value this version does not know comes last."""
    kinds: dict[str, list[Data]] = {kind: [] for kind in ("patient", "if_confirmed", GENERAL)}
    for s in statements:
        kinds.setdefault(s["applies"], []).append(s)
    return [(_label(kind, general), few) for kind, few in kinds.items() if few]


def _label(applies: str, general: str = phrases.APPLIES[GENERAL]) -> str:
    if applies == "patient":
        return ""
    return general if applies == GENERAL else words(phrases.APPLIES, applies)
