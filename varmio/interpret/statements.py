"""Which reviewed sentences are said of a case, and how firmly.

| status of the match   | applies         |
|-----------------------|-----------------|
| diagnostic            | patient         |
| likely, possible      | if_confirmed    |
| one_allele            | gene_general    |
| excluded              | nothing is said |

gene_general whatever the status: sentences on the child's state or on steps of care (a VCF can't
show these; their condition stands before the text), and sentences whose phrase needs what this match does
not show (`Needs`: certain variants, one altered copy, two, a boy's only one). At most one weakly supported
sentence per topic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from varmio.model import (
    AnswerCode,
    Applies,
    Assembly,
    Basis,
    Finding,
    Group,
    Needs,
    Panel,
    PanelStatement,
    Statement,
    Status,
    SubtypeMatch,
    Topic,
)

APPLIES = {
    Status.DIAGNOSTIC: Applies.PATIENT,
    Status.LIKELY: Applies.IF_CONFIRMED,
    Status.POSSIBLE: Applies.IF_CONFIRMED,
}
TOPIC_ORDER = {
    topic: index
    for index, topic in enumerate(
        (
            Topic.NEUROLOGY,
            Topic.TRANSPLANT,
            Topic.BEFORE_TRANSPLANT,
            Topic.AGE_WINDOW,
            Topic.ALERT,
            Topic.HAEMATOLOGY,
            Topic.IMMUNOLOGY,
            Topic.ALTERNATIVES,
            Topic.GENOTYPE_PHENOTYPE,
            Topic.FOUNDER,
            Topic.RADIOLOGY,
            Topic.DIFFERENTIAL,
            Topic.INHERITANCE,
            Topic.MISSED_BY_EXOME,
            Topic.OUTCOME,
        )
    )
}
CONFIRM_FIRST = "-before_transplant-00"  # how the ids of 'Confirm both alleles by a second method first.' end
NEGATIVE = (AnswerCode.NOTHING_FOUND, AnswerCode.COULD_NOT_LOOK, AnswerCode.UNWEIGHED)
OF_ANOTHER_DISEASE = (Topic.MISSED_BY_EXOME, Topic.DIFFERENTIAL, Topic.ALERT)  # said where another disease matches
ONE_COPY_BASES = (Basis.SINGLE_HET, Basis.IN_CIS, Basis.DOMINANT_HET, Basis.DOMINANT_DE_NOVO)


def with_statements(panel: Panel, match: SubtypeMatch, findings: Iterable[Finding]) -> SubtypeMatch:
    """The match with its sentences, in reading order; the panel's own order within a topic."""
    if match.status is Status.EXCLUDED:
        return match
    subtype = next(s for s in panel.subtypes if s.id == match.id)
    own_keys = frozenset(
        key for f in findings if f.id in match.findings if (key := f.variant.keys.get(Assembly.GRCH38))
    )
    said = tuple(say(s, _applies(s, match, own_keys)) for s in subtype.statements)
    return replace(match, statements=one_weak_per_topic(said))


def for_answer(panel: Panel, code: AnswerCode, matches: Iterable[SubtypeMatch]) -> tuple[Statement, ...]:
    """The sentences that the answer itself calls for.

    | answer                                         | said                                                 |
    |------------------------------------------------|------------------------------------------------------|
    | nothing found, nothing seen, not weighed       | all of them                                          |
    | only diseases that are not osteopetrosis match | what an exome misses, look-alikes, alerts            |
    | one allele                                     | those of its gene                                    |
    | no diagnosis                                   | the alerts that no match says: whichever disease it  |
    |                                                | is, they are checked today                           |
    """
    standing = [m for m in matches if m.status is not Status.EXCLUDED]
    single = {m.gene for m in standing if m.status is Status.ONE_ALLELE}
    elsewhere = bool(standing) and all(m.group is Group.DIFFERENTIAL for m in standing)
    certain = any(m.status is Status.DIAGNOSTIC for m in standing)
    said = {s.id for m in standing for s in m.statements}

    def is_wanted(statement: PanelStatement) -> bool:
        if code in NEGATIVE or statement.gene in single:
            return True
        if elsewhere and statement.topic in OF_ANOTHER_DISEASE:
            return True
        return not certain and statement.topic is Topic.ALERT and statement.id not in said

    wanted = (s for s in panel.answer_statements if is_wanted(s))
    return one_weak_per_topic(tuple(say(s, Applies.GENE_GENERAL) for s in wanted))


def _applies(statement: PanelStatement, match: SubtypeMatch, own_keys: frozenset[str]) -> Applies:
    if statement.kind != "genotype":
        return Applies.GENE_GENERAL
    shown = {
        Needs.ANY: True,
        Needs.TWO_COPIES: match.basis not in ONE_COPY_BASES,
        Needs.ONE_COPY: match.basis in ONE_COPY_BASES,
        Needs.HEMIZYGOUS: match.basis is Basis.HEMIZYGOUS,
        Needs.LISTED_ALLELE: not own_keys.isdisjoint(statement.alleles),
    }[statement.needs]
    return APPLIES.get(match.status, Applies.GENE_GENERAL) if shown else Applies.GENE_GENERAL


def one_weak_per_topic(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The sentences sorted by topic, no more than one of weak strength in each."""
    kept: list[Statement] = []
    weak: set[Topic] = set()
    for statement in sorted(statements, key=_place):
        if statement.strength == "weak":
            if statement.topic in weak:
                continue
            weak.add(statement.topic)
        kept.append(statement)
    return tuple(kept)


def _place(statement: Statement) -> int:
    """Place of the topic; 'Confirm both alleles first' opens the transplant block."""
    confirm = statement.id.endswith(CONFIRM_FIRST)
    return TOPIC_ORDER[Topic.TRANSPLANT] * 2 - 1 if confirm else TOPIC_ORDER[statement.topic] * 2


def say(statement: PanelStatement, applies: Applies) -> Statement:
    """The panel's sentence as it is said of this case."""
    return Statement(
        id=statement.id,
        topic=statement.topic,
        text=statement.text,
        references=statement.references,
        evidence=statement.evidence,
        applies=applies,
        read=statement.read,
        strength=statement.strength,
        condition=statement.condition,
        caution=statement.caution,
        inference=statement.inference or None,
        aspect=statement.aspect,
    )
