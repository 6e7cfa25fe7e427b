"""What the findings mean for the next child, as far as one person's file can say."""

from __future__ import annotations

from collections.abc import Iterable

from varmio import phrases
from varmio.model import Basis, Inheritance, Recurrence, Status, SubtypeMatch, Topic

ON_BOTH = (Basis.HOMOZYGOUS, Basis.HOMOZYGOUS_DELETION)
WORDS = {
    Inheritance.RECESSIVE: "25% (1 in 4) for each pregnancy if both parents carry one changed copy each; "
    "this file does not show whether they do.",
    Inheritance.DOMINANT: "50% (1 in 2) for each pregnancy if one parent carries the change; "
    "low if it is new in this child. This file does not show which.",
    Inheritance.X_LINKED: "50% (1 in 2) for each boy, and 50% for each girl to carry it, if the mother carries "
    "the change; low if it is new in this child. This file does not show which.",
    Inheritance.X_LINKED_DOMINANT: "50% (1 in 2) for each pregnancy if the mother carries the change; low if it is "
    "new in this child. This file does not show which.",
}
ONE_COPY_KNOWN = "No figure can be given: one changed copy is known, and a recessive disease needs two."
OTHER_WAYS = (
    "A homozygous call can also be one changed copy over a deletion, or both copies from one parent; "
    "then the figure is another one. Testing both parents settles it."
)


def recurrence(matches: tuple[SubtypeMatch, ...], withheld: frozenset[str] = frozenset()) -> tuple[Recurrence, ...]:
    """Mendelian shares with their 'if', then the reviewed sentences on inheritance, leading match first.

    withheld: ids of homozygous findings whose copies may both come from one parent; no share is given for them.
    """
    standing = [m for m in matches if m.status is not Status.EXCLUDED]
    return tuple(dict.fromkeys(line for match in standing for line in _of(match, withheld)))


def _of(match: SubtypeMatch, withheld: frozenset[str]) -> Iterable[Recurrence]:
    if match.basis is Basis.HOMOZYGOUS and not withheld.isdisjoint(match.findings):
        yield Recurrence(phrases.RISK_WITHHELD, phrases.RISK_WITHHELD_SOURCE)
    else:
        yield from _shares(match)
    for statement in match.statements:
        if statement.topic is Topic.INHERITANCE:
            yield Recurrence(statement.text, statement.references, statement.condition)


def _shares(match: SubtypeMatch) -> Iterable[Recurrence]:
    one_copy = match.status is Status.ONE_ALLELE and match.inheritance is Inheritance.RECESSIVE
    yield Recurrence(ONE_COPY_KNOWN if one_copy else WORDS[match.inheritance], ())
    if match.basis in ON_BOTH:
        yield Recurrence(OTHER_WAYS, ())
