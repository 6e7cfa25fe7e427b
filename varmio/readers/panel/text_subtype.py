"""One subtype on the page of `panel show`: its classes, its rules, and its sentences under their headings.

A sentence stands once, under its topic; but sentences on the limits of a transplant stand together, and those
on blood by what they are about. An alert stays an alert: there the blood heading only names it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from varmio import phrases
from varmio.model import (
    LIMITS_OF_TRANSPLANT,
    OF_BLOOD,
    AlleleRule,
    AnnotatedSign,
    Inheritance,
    Needs,
    PanelStatement,
    PanelSubtype,
    Topic,
)

WIDTH = 92  # characters
LIMITS = "What a transplant does not solve"
SECTIONS = (  # the order of the page: the second method comes before every sentence on transplant
    Topic.NEUROLOGY,
    Topic.BEFORE_TRANSPLANT,
    Topic.TRANSPLANT,
    LIMITS,
    Topic.AGE_WINDOW,
    Topic.ALERT,
    Topic.HAEMATOLOGY,
    Topic.IMMUNOLOGY,
    Topic.RADIOLOGY,
    Topic.ALTERNATIVES,
    Topic.OUTCOME,
    Topic.GENOTYPE_PHENOTYPE,
    Topic.FOUNDER,
    Topic.INHERITANCE,
    Topic.DIFFERENTIAL,
    Topic.MISSED_BY_EXOME,
)
OF_COURSE = {  # what every match of this inheritance shows, so is not said
    Inheritance.RECESSIVE: (Needs.ANY, Needs.TWO_COPIES),
    Inheritance.DOMINANT: (Needs.ANY, Needs.ONE_COPY),
    Inheritance.X_LINKED: (Needs.ANY, Needs.TWO_COPIES),
    Inheritance.X_LINKED_DOMINANT: (Needs.ANY,),
}


def subtype_lines(subtype: PanelSubtype, signs: Iterable[AnnotatedSign]) -> Iterator[str]:
    """The subtype's part of the page; `signs`: those that HPO annotates."""
    yield from title(f"{subtype.id}: {subtype.name}", "-")
    yield from _identity(subtype)
    yield ""
    yield from _classes(subtype)
    yield from ("", "What a (likely) pathogenic allele means here, the first that fits:")
    for rule in subtype.rules:
        yield from wrapped(_rule(rule, alone=len(subtype.rules) == 1), "  - ")
    yield from _limits_of_the_match(subtype)
    for section in SECTIONS:
        lines = [*_section(subtype, section)]
        if lines:
            heading = section if section == LIMITS else phrases.words(phrases.TOPIC, section)
            yield from ("", heading, *lines)
    yield from _signs(subtype, tuple(signs))


def _identity(subtype: PanelSubtype) -> Iterator[str]:
    ids = [f"OMIM {subtype.omim}" if subtype.omim else None, subtype.mondo, subtype.orpha]
    yield ", ".join(i for i in ids if i)
    inheritance = phrases.words(phrases.INHERITANCE, subtype.inheritance)
    yield from wrapped(f"Inheritance: {inheritance}. Group: {phrases.words(phrases.GROUP, subtype.group)}.")
    yield f"Mechanism: {phrases.words(phrases.MECHANISM, subtype.mechanism)}."
    if subtype.gene is None:
        yield "No source read names the gene, so no finding can match it."


def _signs(subtype: PanelSubtype, signs: tuple[AnnotatedSign, ...]) -> Iterator[str]:
    if not signs:
        return
    yield from ("", "Signs recorded (HPO)")
    yield from wrapped(f"{', '.join(subtype.phenotypes)}; a sign that is not listed says nothing.", "  ")
    for sign in signs:
        yield from wrapped(f"{sign.name} ({sign.id}): {sign.frequency} {marks(sign.references)}", "  - ")


def _classes(subtype: PanelSubtype) -> Iterator[str]:
    brain = phrases.words(phrases.NEUROLOGY, subtype.neurology)
    transplant = phrases.words(phrases.TRANSPLANT, subtype.transplant)
    yield from _class(f"The brain: {brain}.", subtype.neurology_statements)
    first = next((s for s in subtype.statements if s.text == phrases.SECOND_METHOD), None)
    confirm = f"{first.text} {marks(first.references)} " if first else ""
    yield from _class(f"Transplant: {confirm}{transplant}. {phrases.TRANSPLANT_NOTE}", subtype.transplant_statements)


def _class(text: str, carried_by: tuple[str, ...]) -> Iterator[str]:
    yield from wrapped(text)
    yield from wrapped(f"rests on {', '.join(carried_by)}" if carried_by else "no sentence states a class", "    ")


def _limits_of_the_match(subtype: PanelSubtype) -> Iterator[str]:
    if subtype.needs_both:
        yield "One allele alone is no match: it belongs to another disease."
    if subtype.one_allele_note:
        yield from wrapped(f"Where one allele is found: {subtype.one_allele_note}")
    if subtype.ceiling:
        yield f"Never above: {words(subtype.ceiling)}"
    if subtype.yields_to:
        yield f"Not said where both copies already make {subtype.yields_to}"


def _rule(rule: AlleleRule, alone: bool) -> str:
    parts = (
        ", ".join(f"{key} (GRCh38)" for key in rule.alleles),
        ", ".join(phrases.words(phrases.ALLELE_KIND, kind) for kind in rule.kinds),
        ", ".join(map(words, rule.consequences)),
        f"in exon {', '.join(map(str, rule.exons))}" if rule.exons else "",
        f"ClinVar names one of: {'; '.join(rule.traits)}" if rule.traits else "",
        f"ClinVar names a condition, but none of: {'; '.join(rule.traits_other_than)}"
        if rule.traits_other_than
        else "",
    )
    selected = ", ".join(part for part in parts if part) or ("every allele" if alone else "every other allele")
    return f"{selected}: {phrases.words(phrases.RULE, rule.verdict)} ({rule.reason})"


def _section(subtype: PanelSubtype, section: str) -> Iterator[str]:
    carrying = (*subtype.neurology_statements, *subtype.transplant_statements)
    limits = [s for s in subtype.statements if s.aspect in LIMITS_OF_TRANSPLANT and s.id not in carrying]
    if section == LIMITS:
        for aspect in LIMITS_OF_TRANSPLANT:
            yield from _group(phrases.words(phrases.ASPECT, aspect), [s for s in limits if s.aspect is aspect], subtype)
        return
    said = [s for s in subtype.statements if s.topic == section and s not in limits]
    if section == Topic.HAEMATOLOGY:
        yield from statements((s for s in said if s.aspect is None), subtype)
        for aspect in OF_BLOOD:
            of_it = [s for s in subtype.statements if s.aspect is aspect]
            elsewhere = [s for s in of_it if s.topic is not Topic.HAEMATOLOGY]
            here = [s for s in of_it if s.topic is Topic.HAEMATOLOGY]
            yield from _group(phrases.words(phrases.ASPECT, aspect), here, subtype, elsewhere)
    else:
        yield from statements(said, subtype)


def _group(
    heading: str, said: list[PanelStatement], subtype: PanelSubtype, elsewhere: list[PanelStatement] | None = None
) -> Iterator[str]:
    if said or elsewhere:
        yield f"  {heading}"
    yield from statements(said, subtype)
    for statement in elsewhere or ():
        yield from wrapped(f"see {phrases.words(phrases.TOPIC, statement.topic)}: {statement.id}", "  - ")


def statements(said: Iterable[PanelStatement], subtype: PanelSubtype | None = None) -> Iterator[str]:
    """Each sentence with its references; below it how well it is supported, and what limits it."""
    for statement in said:
        condition = f"{statement.condition} " if statement.condition else ""
        reading = f" ({phrases.INFERENCE})" if statement.inference else ""
        yield from wrapped(f"{condition}{statement.text}{reading} {marks(statement.references)}", "  - ")
        signed = f", signed off: {statement.signed_off}" if statement.signed_off else ""
        grade = f"{statement.strength}, {phrases.words(phrases.EVIDENCE, statement.evidence)}, read: {statement.read}"
        yield from wrapped(f"{grade}; {statement.id}{signed}", "    ")
        if subtype and statement.needs not in OF_COURSE[subtype.inheritance]:
            yield from wrapped(f"What a match shows: {_needed(statement)}", "    ")
        if statement.caution:
            yield from wrapped(f"Caution: {statement.caution}", "    ")


def _needed(statement: PanelStatement) -> str:
    need = phrases.words(phrases.NEEDS, statement.needs)
    if statement.needs is not Needs.LISTED_ALLELE:
        return f"said of a child only where {need}"
    if not statement.alleles:
        return "said as known of the gene only; no source read gives the change a name that a file can be matched to"
    return f"said of a child only where {need}: {', '.join(statement.alleles)} (GRCh38)"


def title(text: str, mark: str) -> list[str]:
    lines = wrapped(text)
    return [*lines, mark * max(map(len, lines))]


def marks(references: Iterable[str]) -> str:
    """The references of a sentence: "[R04][R73]"."""
    return "".join(f"[{r}]" for r in references)


def words(value: object) -> str:
    """An enum value in its own words."""
    return str(value).replace("_", " ")


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most WIDTH characters, unless a word is longer."""
    indent = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
