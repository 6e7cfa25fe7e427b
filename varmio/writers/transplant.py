"""The section 'Transplant': whether it helps, how soon, what is checked before it, what it does not solve."""

from __future__ import annotations

import re
from functools import partial

from varmio import phrases
from varmio.model import LIMITS_OF_TRANSPLANT
from varmio.phrases import words
from varmio.writers.blocks import Arranged, Block, Group, gather, headed, is_direct, known, opened, parted
from varmio.writers.methods import TRANSPLANT_TOPICS
from varmio.writers.verdicts import Data, is_own, support, verdict

LIMITS_OPEN = 3  # sentences on one limit that stand open; our choice
CHECKS_OPEN = 8  # checks before a transplant that stand open; our choice
HAS_YEAR = re.compile(r"\b(19|20)\d\d\b")


def blocks(case: Data) -> list[Block]:
    """The section, each block with the verdict and 'Confirm both alleles ...' in front."""
    arrange = partial(_arrange, references=case["references"])
    return gather(case, _is_wanted, arrange, lambda subtype: verdict(subtype, "transplant"))


def _is_wanted(statement: Data) -> bool:
    return statement["topic"] in TRANSPLANT_TOPICS or statement.get("aspect") in LIMITS_OF_TRANSPLANT


def _arrange(statements: list[Data], subtype: Data, references: Data) -> Arranged:
    said, rest = parted(statements, subtype)
    limits = [s for s in said if s.get("aspect") in LIMITS_OF_TRANSPLANT]
    of = {topic: [s for s in said if s["topic"] == topic and s not in limits] for topic in TRANSPLANT_TOPICS}
    why = sorted((s for s in said if s["topic"] == "transplant"), key=lambda s: not is_direct(s))
    outlook = [s for s in statements if s["topic"] == "outcome" and s not in limits]

    def part(topic: str, at_most: int) -> list[Group]:
        few = sorted(of[topic], key=lambda s: (not is_own(s, subtype), support(s)))
        few = [with_era(s, references) for s in few] if topic == "age_window" else few
        return opened(headed(subtype, words(phrases.TRANSPLANT_PART, topic)), few, at_most)

    groups = [
        *opened(headed(subtype, ""), why),
        *part("age_window", LIMITS_OPEN),
        *part("before_transplant", CHECKS_OPEN),
        *_limits(limits, subtype, references),
        *part("alternatives", LIMITS_OPEN),
        *known(s for s in rest if s["topic"] != "outcome"),
    ]
    if outlook:
        dated = tuple(with_era(s, references) for s in outlook)
        groups.append(Group(headed(subtype, phrases.OUTLOOK), dated, True, phrases.OUTLOOK_NOTE))
    return groups, []


def _limits(limits: list[Data], subtype: Data, references: Data) -> list[Group]:
    """What a transplant does not solve, by aspect; the era of each sentence is named."""
    if not limits:
        return []
    note = phrases.OUTLOOK_NOTE if any(s["topic"] == "outcome" for s in limits) else ""
    groups = [Group(headed(subtype, phrases.LIMITS), note=note)]
    ordered = sorted(limits, key=lambda s: (not is_own(s, subtype), support(s)))
    for aspect in LIMITS_OF_TRANSPLANT:
        few = [with_era(s, references) for s in ordered if s["aspect"] == aspect]
        groups += opened(words(phrases.ASPECT, aspect), few, LIMITS_OPEN, level=4)
    return groups


def with_era(statement: Data, references: Data) -> Data:
    """The statement with the years its sources appeared in, where the sentence itself names no year."""
    if HAS_YEAR.search(statement["text"]):
        return statement
    given = (str((references.get(key) or {}).get("year") or "") for key in statement["references"])
    years = sorted(year for year in given if re.fullmatch("[12][0-9]{3}", year))
    if not years:
        return {**statement, "era": phrases.NO_YEAR}
    span = years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    return {**statement, "era": phrases.PUBLISHED.format(years=span)}
