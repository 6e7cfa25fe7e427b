"""What else looks like this: the nearest diseases of the panel, and the signs that tell them apart.

For each candidate (a match that is diagnostic, likely or possible):

1. the signs of the candidate and of every other subtype are compared (`hpo.likeness`);
2. the nearest five are shown, at least three of them outside the core genes where the panel has them;
3. a sign *points to* the look-alike where it is listed there and not for the candidate (or was looked
   for in people with the candidate's disease and found in none), *away* where it is the other way round.

Without a match diseases outside the core genes are compared with recessive malignant osteopetrosis as a
group (ORPHA:667), headed by what the panel says of every child with dense bones, and followed by the
reviewed sentences on every other look-alike. Signs of the brain tell nothing where a list under-scores them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from varmio import phrases
from varmio.interpret import hpo as lists
from varmio.interpret.statements import say
from varmio.model import (
    MATCHED,
    AnnotatedSign,
    Applies,
    Hpo,
    Likeness,
    LookAlike,
    Panel,
    PanelStatement,
    PanelSubtype,
    Statement,
    SubtypeMatch,
    Topic,
)

GROUP = "ORPHA:667"  # Autosomal recessive malignant osteopetrosis, as HPO annotates it
MAX_LOOK_ALIKES = 5  # rows for each candidate; our choice
MIN_OUTSIDE = 3  # of them outside the core genes, where there are as many; our choice
MAX_SIGNS = 5  # signs of one kind in a row; our choice


@dataclass(frozen=True, slots=True)
class Near:
    """A look-alike: a subtype of the panel, and how like its signs are to the candidate's."""

    subtype: PanelSubtype
    likeness: float


def candidates(panel: Panel, matches: Iterable[SubtypeMatch]) -> tuple[PanelSubtype, ...]:
    """The subtypes of the matches that are diagnostic, likely or possible, in the order of the matches."""
    by_id = {s.id: s for s in panel.subtypes}
    return tuple(by_id[m.id] for m in matches if m.status in MATCHED and m.id in by_id)


def core_subtypes(panel: Panel) -> tuple[PanelSubtype, ...]:
    """The subtypes of the core genes, in the order of the panel."""
    core = {gene.symbol for gene in panel.genes if gene.core}
    return tuple(s for s in panel.subtypes if s.gene in core)


def nearest(panel: Panel, likeness: Likeness, candidate: PanelSubtype | None) -> tuple[Near, ...]:
    """The subtypes whose signs are most like the candidate's, nearest first.

    `None`: like recessive osteopetrosis as a group, of which the subtypes of core genes are part.
    """
    mine = lists.diseases_of(candidate) if candidate else (GROUP,)
    core = {s.id for s in core_subtypes(panel)}
    found = [
        Near(s, near)
        for s in panel.subtypes
        if s is not candidate and (near := lists.alike(likeness, mine, lists.diseases_of(s)))
    ]
    found.sort(key=_order)
    outside = [n for n in found if n.subtype.id not in core][:MAX_LOOK_ALIKES]
    room = MAX_LOOK_ALIKES - min(MIN_OUTSIDE, len(outside)) if candidate else 0
    inside = [n for n in found if n.subtype.id in core][:room]
    return tuple(sorted((*outside, *inside), key=_order)[:MAX_LOOK_ALIKES])


def _order(near: Near) -> tuple[float, str]:
    return -near.likeness, near.subtype.id


def look_alikes(panel: Panel, hpo: Hpo, likeness: Likeness, matches: Iterable[SubtypeMatch]) -> tuple[LookAlike, ...]:
    """The rows of the table, candidate by candidate in the order of the matches; then diseases without a subtype."""
    found = candidates(panel, matches)
    rows = [row for one in found for row in _of_candidate(panel, hpo, likeness, one)]
    if not found:
        rows = [*_heading(panel), *_of_group(panel, hpo, likeness)]
        rows += _with_words_only(panel, {row.id for row in rows})
    return (*rows, *_without_subtype(panel))


def _of_candidate(panel: Panel, hpo: Hpo, likeness: Likeness, candidate: PanelSubtype) -> Iterable[LookAlike]:
    signs = lists.signs_of(hpo, lists.diseases_of(candidate), candidate.neurology)
    for near in nearest(panel, likeness, candidate):
        yield _row(candidate.id, hpo, signs, near)


def _of_group(panel: Panel, hpo: Hpo, likeness: Likeness) -> Iterable[LookAlike]:
    signs = group_signs(panel, hpo)
    for near in nearest(panel, likeness, None):
        yield _row(None, hpo, signs, near)


def group_signs(panel: Panel, hpo: Hpo) -> lists.Signs:
    """The signs of recessive osteopetrosis as a group: listed for it, and for one of its subtypes too.

    What only the group's list names points to nothing (it holds odd entries, such as blisters); and a sign
    that a subtype's list has does not point away from the group.
    """
    members = [d for s in core_subtypes(panel) for d in lists.diseases_of(s)]
    own = lists.signs_of(hpo, (GROUP,))
    theirs = lists.signs_of(hpo, members)
    listed = {term: rows for term, rows in own.listed.items() if term in theirs.follows}
    return lists.Signs(listed, {}, own.follows | theirs.follows, silent_on_brain=True)  # it holds both kinds


def _row(candidate: str | None, hpo: Hpo, signs: lists.Signs, near: Near) -> LookAlike:
    subtype = near.subtype
    theirs = lists.signs_of(hpo, lists.diseases_of(subtype), subtype.neurology)
    silent = signs.silent_on_brain or theirs.silent_on_brain
    return LookAlike(
        for_=candidate,
        id=subtype.id,
        name=subtype.name,
        gene=subtype.gene,
        reason=phrases.NEAR_BY_SIGNS.format(near.likeness),
        similarity=near.likeness,
        shared=_shared(hpo, theirs, signs),
        points_to=telling(hpo, theirs, signs, silent),
        points_away=telling(hpo, signs, theirs, silent),
        statements=_words(subtype.statements),
        notes=(phrases.BRAIN_UNDER_SCORED,) if silent else (),
    )


def _shared(hpo: Hpo, there: lists.Signs, here: lists.Signs) -> tuple[AnnotatedSign, ...]:
    """Signs listed there that the candidate's list holds too, the most telling first."""
    both = [term for term in there.listed if term in here.follows and lists.tells(hpo.terms[term])]
    both.sort(key=lambda term: (-hpo.terms[term].bits, term))
    return tuple(lists.as_annotated(hpo, there.listed[t]) for t in lists.distinct(hpo, both, MAX_SIGNS))


def telling(hpo: Hpo, listed: lists.Signs, other: lists.Signs, silent_on_brain: bool) -> tuple[AnnotatedSign, ...]:
    """Signs of the one list that the other has not, or has as found in none; the firmest first."""
    found: list[tuple[tuple[object, ...], str]] = []
    for term, rows in listed.listed.items():
        known = hpo.terms[term]
        if not lists.tells(known) or lists.lists(hpo, other, known):
            continue
        if silent_on_brain and lists.is_neurological(known):
            continue
        found.append(((lists.recorded_absent(other, known) is None, *lists.rank(hpo, rows)), term))
    chosen = lists.distinct(hpo, (term for _, term in sorted(found)), MAX_SIGNS)
    return tuple(_beside(hpo, listed, other, term) for term in chosen)


def _beside(hpo: Hpo, listed: lists.Signs, other: lists.Signs, term: str) -> AnnotatedSign:
    """The sign with its frequency here and, where it was looked for there, with the count of none."""
    shown = lists.as_annotated(hpo, listed.listed[term])
    none = lists.recorded_absent(other, hpo.terms[term])
    if none is None:
        return shown
    there = lists.as_annotated(hpo, other.absent[none])
    keys = tuple(sorted({*shown.references, *there.references}))
    return replace(shown, other_disease=there.frequency, references=keys)


def _words(statements: Iterable[PanelStatement]) -> tuple[Statement, ...]:
    """The reviewed sentences on telling the disease apart, known of the gene and not of this child."""
    of_topic = (s for s in statements if s.topic is Topic.DIFFERENTIAL and not s.id.startswith("GENERAL"))
    return tuple(say(s, Applies.GENE_GENERAL) for s in of_topic)


def _heading(panel: Panel) -> Iterable[LookAlike]:
    """What holds for every child with dense bones and no gene, such as that the bones may become normal."""
    for statement in panel.answer_statements:
        if statement.topic is Topic.DIFFERENTIAL:
            name = phrases.LOOK_ALIKE_NAME.get(statement.id)
            yield _of_words(None, name, None, phrases.EVERY_CHILD, (say(statement, Applies.GENE_GENERAL),))


def _with_words_only(panel: Panel, shown: set[str | None]) -> Iterable[LookAlike]:
    """Every look-alike outside the core genes that a reviewed sentence speaks of and no row shows yet."""
    core = {s.id for s in core_subtypes(panel)}
    for subtype in panel.subtypes:
        words = _words(subtype.statements)
        if words and subtype.id not in shown and subtype.id not in core:
            yield _of_words(subtype.id, subtype.name, subtype.gene, phrases.BY_WORDS, words)


def _without_subtype(panel: Panel) -> Iterable[LookAlike]:
    """The diseases that are no subtype of the panel: one row for each gene that their sentences are of."""
    said: dict[str, list[Statement]] = {}
    for statement in panel.look_alike_statements:
        gene = statement.gene or statement.id.partition("-")[0]  # their ids begin with the gene
        said.setdefault(gene, []).append(say(statement, Applies.GENE_GENERAL))
    for gene, words in said.items():
        yield _of_words(None, None, gene, phrases.BY_WORDS, tuple(words))


def _of_words(
    id_: str | None, name: str | None, gene: str | None, reason: str, words: tuple[Statement, ...]
) -> LookAlike:
    return LookAlike(None, id_, name, gene, reason, None, (), (), (), words)


def constants() -> list[dict[str, object]]:
    """The constants of the table for the methods section."""
    choice = "our choice"
    least = "a sign that half of the shipped diseases have tells nothing apart; our choice"
    return [
        {"name": "MIN_INFORMATION", "value": lists.MIN_INFORMATION, "unit": "bits", "source": least},
        {"name": "MAX_LOOK_ALIKES", "value": MAX_LOOK_ALIKES, "unit": "rows a candidate", "source": choice},
        {"name": "MIN_OUTSIDE", "value": MIN_OUTSIDE, "unit": "rows outside the core genes", "source": choice},
        {"name": "MAX_SIGNS", "value": MAX_SIGNS, "unit": "signs a cell", "source": choice},
    ]
