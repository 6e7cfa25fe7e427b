"""What to watch for: the row 'Check today' of the first screen, and the section of alerts."""

from __future__ import annotations

from varmio import phrases
from varmio.model import LIMITS_OF_TRANSPLANT, OF_BLOOD
from varmio.phrases import listed, words
from varmio.writers import blood, signs
from varmio.writers.blocks import Arranged, Block, Group, gather, headed, is_direct, known, opened, parted
from varmio.writers.verdicts import FIRM, Data, Entry, Line, is_later, is_own, line

SEIZURES = "seizures"
PLACED = (*OF_BLOOD, *LIMITS_OF_TRANSPLANT)  # aspects whose alerts stand in another section


def check_today(case: Data, lead: list[Data]) -> Entry:
    """The best supported alert on calcium, and one more that is said of the disease itself.

    Where the child has a neurological sign, the alert that ties calcium to seizures leads.
    """
    alerts = [s for s in _all_statements(case, lead) if s["topic"] == "alert" and not is_later(s)]
    alerts.sort(key=lambda s: (bool(s.get("inference")), not s["id"].startswith("GENERAL"), FIRM.get(s["strength"], 9)))
    calcium = [s for s in alerts if _is_on_calcium(s)]
    if signs.neurological(case):
        calcium.sort(key=lambda s: SEIZURES not in s["text"].lower())
    calcium = calcium[:1]
    above = {s["id"] for subtype in lead for s in blood.first_sentences(subtype)}
    direct = [s for s in alerts if _is_direct_alert(s, lead) and s["id"] not in above]
    direct.sort(key=lambda s: s.get("aspect") not in OF_BLOOD)  # bleeding and infection before the rest
    if not calcium and not direct:
        return Entry("dash", "soft", "Nothing listed", (Line(phrases.NO_ALERT),))
    said = phrases.CALCIUM if calcium else phrases.ALERT
    return Entry("warn", "ink", said, tuple(line(s) for s in (*calcium, *direct[:1])))


def _is_on_calcium(statement: Data) -> bool:
    return "calcium" in statement["text"].lower()


def _is_direct_alert(statement: Data, lead: list[Data]) -> bool:
    return bool(
        is_direct(statement)
        and any(is_own(statement, subtype) for subtype in lead)
        and not _is_on_calcium(statement)
        and statement["evidence"] != "case_report"
        and (not statement.get("inference") or statement.get("aspect") in OF_BLOOD)
    )


def _all_statements(case: Data, subtypes: list[Data]) -> list[Data]:
    seen: dict[str, Data] = {}
    for statement in (*case["statements"], *(s for match in subtypes for s in match["statements"])):
        seen.setdefault(statement["id"], statement)
    return list(seen.values())


def is_alert(statement: Data) -> bool:
    return bool(statement["topic"] == "alert" and statement.get("aspect") not in PLACED)


def blocks(case: Data) -> list[Block]:
    """The section 'Watch for': every alert that has no other section; what is said of the disease is never folded."""
    return gather(case, is_alert, _arrange, open_in_general=True)


def _arrange(statements: list[Data], subtype: Data) -> Arranged:
    said, rest = parted((s for s in statements if not is_later(s)), subtype)
    direct = tuple(s for s in said if is_direct(s))
    later = tuple(s for s in statements if is_later(s))
    groups = [Group(headed(subtype, ""), direct)] if direct else []
    groups += opened(phrases.UNDER_A_CONDITION, (s for s in said if not is_direct(s)))
    groups += known(rest, folded=False)
    groups += [Group(phrases.LATER, later, folded=True)] if later else []
    return groups, _elsewhere(subtype)


def _elsewhere(subtype: Data) -> list[Line]:
    """Where the alerts of this disease stand that have a section of their own."""
    given = {s.get("aspect") for s in subtype["statements"] if s["topic"] == "alert"}
    places = (("blood", phrases.BLOOD, OF_BLOOD), ("transplant", "Transplant", LIMITS_OF_TRANSPLANT))
    lines = []
    for section, heading, aspects in places:
        named = [words(phrases.ASPECT_IN_LIST, a) for a in aspects if a in given]
        if named:
            lines.append(Line(phrases.SEE_ALSO.format(aspects=listed(named)), link=section, link_text=heading))
    return lines
