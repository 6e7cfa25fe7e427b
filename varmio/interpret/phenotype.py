"""The child's signs beside the list of each candidate: what fits, what does not, what would tell.

| the child          | the list of the disease                           | goes to    | as              |
|--------------------|---------------------------------------------------|------------|-----------------|
| has the sign       | has the same term                                 | fitting    | same            |
| has the sign       | has a kind of it                                  | fitting    | more_specific   |
| has the sign       | has a telling term that it is a kind of           | fitting    | more_general    |
| has the sign       | looked for it, or what it is a kind of: in none   | unexpected | recorded_absent |
| has the sign       | nothing of it                                     | unexpected | not_listed      |
| does not have it   | has it, or a kind of it, in at least half         | missing    | same, more_...  |

Nothing here ranks, filters or closes anything: the annotations are incomplete, and a sign that is not
in a list says nothing against the disease.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from varmio import phrases
from varmio.interpret import hpo as lists
from varmio.interpret.look_alikes import core_subtypes, nearest
from varmio.model import (
    AnnotatedSign,
    Annotation,
    ChildSign,
    FitSign,
    GivenSigns,
    Hpo,
    Likeness,
    Panel,
    PanelSubtype,
    Phenotype,
    SignFit,
    SignRelation,
    Status,
    SubtypeMatch,
    Term,
)

MAX_TELLING = 6  # signs that would tell a candidate from the others; our choice
MAX_KINDS = 3  # kinds of one of the child's signs that are named from a list; our choice


@dataclass(frozen=True, slots=True)
class Candidate:
    subtype: PanelSubtype
    signs: lists.Signs


def phenotype(
    panel: Panel, hpo: Hpo, likeness: Likeness, matches: Iterable[SubtypeMatch], given: GivenSigns
) -> Phenotype:
    """The phenotype block of a case; empty where no sign was given."""
    if not given.present and not given.excluded:
        return Phenotype()
    candidates = [_candidate(hpo, subtype) for subtype in compared(panel, matches)]
    others = _others(panel, hpo, likeness, candidates)
    return Phenotype(
        present=_child_signs(given.present, given.taken_as),
        excluded=_child_signs(given.excluded, given.taken_as),
        fits=tuple(_fit(hpo, one, others[one.subtype.id], given) for one in candidates),
        notes=phrases.SIGNS_NOTES,
    )


def compared(panel: Panel, matches: Iterable[SubtypeMatch]) -> tuple[PanelSubtype, ...]:
    """The subtypes of the matches that stand; without one every subtype of a core gene, in panel order."""
    matched = [m.id for m in matches if m.status is not Status.EXCLUDED]
    if matched:
        return tuple(sorted((s for s in panel.subtypes if s.id in matched), key=lambda s: matched.index(s.id)))
    return core_subtypes(panel)


def _candidate(hpo: Hpo, subtype: PanelSubtype) -> Candidate:
    return Candidate(subtype, lists.signs_of(hpo, lists.diseases_of(subtype), subtype.neurology))


def _others(panel: Panel, hpo: Hpo, likeness: Likeness, candidates: list[Candidate]) -> dict[str, list[Candidate]]:
    """What each candidate is to be told from: the other candidates; its nearest look-alikes where it is alone."""
    if len(candidates) == 1:
        only = candidates[0].subtype
        return {only.id: [_candidate(hpo, near.subtype) for near in nearest(panel, likeness, only)]}
    return {one.subtype.id: [c for c in candidates if c is not one and c.signs.listed] for one in candidates}


def _child_signs(terms: Iterable[Term], taken_as: Mapping[str, str]) -> tuple[ChildSign, ...]:
    written = {main: other for other, main in taken_as.items()}
    return tuple(ChildSign(t.id, t.name, lists.is_neurological(t), written.get(t.id)) for t in terms)


def _fit(hpo: Hpo, one: Candidate, others: list[Candidate], given: GivenSigns) -> SignFit:
    beside = [_beside(hpo, one.signs, term) for term in given.present]
    unexpected = (SignRelation.RECORDED_ABSENT, SignRelation.NOT_LISTED)
    notes = () if one.signs.listed else (phrases.NO_LIST,)
    return SignFit(
        subtype=one.subtype.id,
        name=one.subtype.name,
        gene=one.subtype.gene,
        diseases=tuple(d for d in lists.diseases_of(one.subtype) if d in hpo.diseases),
        fitting=tuple(f for found in beside for f in found if f.relation not in unexpected),
        unexpected=tuple(f for found in beside for f in found if f.relation in unexpected) if one.signs.listed else (),
        missing=tuple(f for term in given.excluded for f in _missing(hpo, one.signs, term)),
        would_tell=_would_tell(hpo, one, others, given),
        notes=(phrases.BRAIN_UNDER_SCORED, *notes) if one.signs.silent_on_brain else notes,
    )


def _beside(hpo: Hpo, signs: lists.Signs, term: Term) -> tuple[FitSign, ...]:
    """One of the child's signs beside a list, by the first line of the table above that holds."""
    if term.id in signs.listed:
        return (_fit_sign(hpo, term, SignRelation.SAME, signs.listed[term.id]),)
    kinds = _kinds(hpo, signs, term)
    if kinds:
        return tuple(_fit_sign(hpo, term, SignRelation.MORE_SPECIFIC, signs.listed[k]) for k in kinds)
    none = lists.recorded_absent(signs, term)
    if none is not None:
        return (_fit_sign(hpo, term, SignRelation.RECORDED_ABSENT, signs.absent[none]),)
    general = lists.more_general(hpo, signs, term)
    if general:
        return (_fit_sign(hpo, term, SignRelation.MORE_GENERAL, signs.listed[general[0]]),)
    return (FitSign(term.id, term.name, SignRelation.NOT_LISTED),)


def _kinds(hpo: Hpo, signs: lists.Signs, term: Term) -> tuple[str, ...]:
    """Listed terms that are kinds of the term, the firmest first."""
    found = [one for one in signs.listed if one != term.id and term.id in hpo.terms[one].above]
    found.sort(key=lambda one: lists.rank(hpo, signs.listed[one]))
    return lists.distinct(hpo, found, MAX_KINDS)


def _fit_sign(hpo: Hpo, term: Term, relation: SignRelation, rows: tuple[Annotation, ...]) -> FitSign:
    return FitSign(term.id, term.name, relation, lists.as_annotated(hpo, rows))


def _missing(hpo: Hpo, signs: lists.Signs, term: Term) -> Iterable[FitSign]:
    """What a child without the sign lacks of what at least half of the people have."""
    found = [one for one, rows in signs.listed.items() if term.id in hpo.terms[one].above and _in_half(rows)]
    found.sort(key=lambda one: lists.rank(hpo, signs.listed[one]))
    for one in lists.distinct(hpo, found, MAX_KINDS):
        relation = SignRelation.SAME if one == term.id else SignRelation.MORE_SPECIFIC
        yield _fit_sign(hpo, term, relation, signs.listed[one])


def _in_half(rows: tuple[Annotation, ...]) -> bool:
    return any((part := lists.share(row)) is not None and part >= lists.HALF for row in rows)


def _would_tell(hpo: Hpo, one: Candidate, others: list[Candidate], given: GivenSigns) -> tuple[AnnotatedSign, ...]:
    """Signs that the user did not give and most of the others do not list; the most telling first.

    How telling: the weight of the sign in the candidate, times the share of the others without it.
    """
    found: list[tuple[tuple[object, ...], str, tuple[str, ...]]] = []
    for term, rows in one.signs.listed.items():
        known = hpo.terms[term]
        if not lists.tells(known) or _is_given(known, given):
            continue
        compared = [o for o in others if not (lists.is_neurological(known) and _silent(one, o))]
        without = tuple(o.subtype.id for o in compared if not lists.lists(hpo, o.signs, known))
        if 2 * len(without) > len(compared):
            power = lists.weight(rows) * len(without) / len(compared)
            found.append(((-round(power, 6), *lists.rank(hpo, rows)), term, without))
    telling = {term: without for _, term, without in sorted(found)}
    return tuple(
        replace(
            lists.as_annotated(hpo, one.signs.listed[term]),
            shown_by=shown_by(hpo.terms[term]),
            tells_from=telling[term],
        )
        for term in lists.distinct(hpo, telling, MAX_TELLING)
    )


def _silent(one: Candidate, other: Candidate) -> bool:
    return one.signs.silent_on_brain or other.signs.silent_on_brain


def _is_given(term: Term, given: GivenSigns) -> bool:
    """The child has it or a kind of it, or lacks it or what it is a kind of."""
    return any(term.id in p.above for p in given.present) or any(e.id in term.above for e in given.excluded)


def shown_by(term: Term) -> str | None:
    """The examination that shows a sign, in fixed technical words; None where none is named."""
    return next((words for root, words in phrases.EXAMINATION.items() if root in term.above), None)


def constants() -> list[dict[str, object]]:
    """The constants of the signs for the methods section."""
    half = "a sign is expected where at least half of the people have it"
    return [
        {"name": "HALF", "value": lists.HALF, "unit": "share of people", "source": half},
        {"name": "MAX_TELLING", "value": MAX_TELLING, "unit": "signs a candidate", "source": "our choice"},
        {"name": "MAX_KINDS", "value": MAX_KINDS, "unit": "kinds of a sign", "source": "our choice"},
    ]
