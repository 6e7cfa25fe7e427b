"""The child's signs and the look-alikes of a case: which lists are read, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from varmio.interpret import look_alikes, phenotype
from varmio.interpret.hpo import as_annotated, diseases_of, rank, signs_of
from varmio.model import AnnotatedSign, GivenSigns, Hpo, LookAlike, Panel, PanelSubtype, Phenotype, SubtypeMatch
from varmio.readers import phenotype as hpo_reader


def of_case(
    panel: Panel, matches: tuple[SubtypeMatch, ...], given: GivenSigns
) -> tuple[tuple[LookAlike, ...], Phenotype]:
    """The look-alikes and the phenotype block of a case (ResourceError)."""
    found = look_alikes.candidates(panel, matches)
    compared = phenotype.compared(panel, matches) if given.present or given.excluded else ()
    subtypes = {s.id: s for s in (*found, *compared)}
    own = {d for s in subtypes.values() for d in diseases_of(s)}
    likeness = hpo_reader.likeness({look_alikes.GROUP, *own})
    asked = (*subtypes.values(), *(() if found else (None,)))
    near = [n.subtype for one in asked for n in look_alikes.nearest(panel, likeness, one)]
    core = () if found else look_alikes.core_subtypes(panel)
    hpo = hpo_reader.load({look_alikes.GROUP, *own, *(d for s in (*near, *core) for d in diseases_of(s))})
    return (
        look_alikes.look_alikes(panel, hpo, likeness, matches),
        phenotype.phenotype(panel, hpo, likeness, matches, given),
    )


def listed(panel: Panel) -> dict[str, tuple[AnnotatedSign, ...]]:
    """Subtype id -> its annotated signs, those counted by a paper first (ResourceError)."""
    book = hpo_reader.load({d for s in panel.subtypes for d in diseases_of(s)})
    return {s.id: _all_signs(book, s) for s in panel.subtypes}


def _all_signs(book: Hpo, subtype: PanelSubtype) -> tuple[AnnotatedSign, ...]:
    signs = signs_of(book, diseases_of(subtype))
    rows = sorted((*signs.listed.values(), *signs.absent.values()), key=lambda found: rank(book, found))
    return tuple(as_annotated(book, found) for found in rows)


def references(known: Panel, rows: Iterable[LookAlike], signs: Phenotype) -> dict[str, dict[str, Any]]:
    """Every reference that the look-alikes and the signs cite, by key."""
    keys = sorted({*_of_rows(rows), *_of_signs(signs)})
    found = {key: known.references.get(key) or hpo_reader.reference(key) for key in keys}
    return {key: entry for key, entry in found.items() if entry}


def _of_rows(rows: Iterable[LookAlike]) -> Iterator[str]:
    for row in rows:
        for sign in (*row.shared, *row.points_to, *row.points_away):
            yield from sign.references
        for statement in row.statements:
            yield from statement.references


def _of_signs(signs: Phenotype) -> Iterator[str]:
    for fit in signs.fits:
        for found in (*fit.fitting, *fit.unexpected, *fit.missing):
            yield from found.annotated.references if found.annotated else ()
        for sign in fit.would_tell:
            yield from sign.references
