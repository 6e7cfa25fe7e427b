"""What the HPO annotations list for a disease, in words, and how alike two lists are.

A sign that is listed counts with everything above it in the ontology (who has optic atrophy has an
abnormal optic nerve). A sign that was looked for and found in none (0 of n, NOT) counts with everything
below it. A sign that is not listed says nothing: the annotations are incomplete.

Information of a term: -log2 of the share of the shipped diseases that have it (Resnik 1995). Likeness of
two diseases: information of the terms that both have, over that of the terms that either has (the
Jaccard index weighted by information, known as simGIC, Pesquita 2008); of two subtypes with several
annotated diseases, the greatest. Neither paper was read for this;
the formulas are simple enough to stand for themselves, and order a table only.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from varmio import phrases
from varmio.model import AnnotatedSign, Annotation, Hpo, Likeness, Neurology, PanelSubtype, Term

MIN_INFORMATION = 1.0  # bits; a sign that half of the shipped diseases have tells nothing apart; our choice
NOT_TELLING = frozenset({"HP:0011002"})  # Osteopetrosis: the reason for the exome, so it tells nothing apart
# What a neurological work-up looks at. HPO keeps muscle tone, eye movements and sight outside the nervous
# system (HP:0000707); sight can fail by nerve, retina or brain, and only an examination tells which.
NEUROLOGICAL = (
    "HP:0000707",  # Abnormality of the nervous system
    "HP:0011804",  # Abnormal muscle physiology: tone, weakness, poor head control
    "HP:0012547",  # Abnormal involuntary eye movements
    "HP:0000504",  # Abnormality of vision
    "HP:0000587",  # Abnormal optic nerve morphology
)
BRAIN_ITSELF = "HP:0002011"  # Morphological central nervous system abnormality
BRAIN_INVOLVED = (
    Neurology.PRIMARY_PROGRESSIVE,
    Neurology.PRIMARY_VARIABLE,
    Neurology.PRIMARY_CNS_CALCIFICATION,
    Neurology.PRIMARY_OTHER,
)
COUNTED = re.compile(r"([0-9]+)/([0-9]+)")
PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
CLASSES = {  # HPO frequency terms -> words, lower bound of the share
    "HP:0040280": ("in all (100 of 100)", 1.0),
    "HP:0040281": ("very frequent (80 to 99 of 100)", 0.80),
    "HP:0040282": ("frequent (30 to 79 of 100)", 0.30),
    "HP:0040283": ("occasional (5 to 29 of 100)", 0.05),
    "HP:0040284": ("very rare (1 to 4 of 100)", 0.01),
    "HP:0040285": ("looked for, found in none", 0.0),
}
SEXES = {"MALE": "in boys and men", "FEMALE": "in girls and women"}
WEIGHT_LISTED = 0.02  # of a sign without a count, in an order of signs; our choice
HALF = 0.5  # share of people from which a sign is expected; our choice


@dataclass(frozen=True, slots=True)
class Signs:
    """The lists of one subtype or group as one: rows by term, and every term that follows from them."""

    listed: Mapping[str, tuple[Annotation, ...]]  # found in somebody
    absent: Mapping[str, tuple[Annotation, ...]]  # looked for, and found in none
    follows: frozenset[str]  # the listed terms and all above them
    silent_on_brain: bool = False  # signs of the brain are under-scored here, and tell nothing


def diseases_of(subtype: PanelSubtype) -> tuple[str, ...]:
    """The disease ids whose annotations are read for a subtype: the panel's, else its OMIM number."""
    return subtype.phenotypes or ((f"OMIM:{subtype.omim}",) if subtype.omim else ())


def signs_of(hpo: Hpo, diseases: Iterable[str], neurology: Neurology | None = None) -> Signs:
    """The signs of those diseases; `neurology`: the class that the panel's read sources give."""
    rows: dict[str, list[Annotation]] = {}
    for disease in diseases:
        for row in hpo.diseases.get(disease, ()):
            rows.setdefault(row.term, []).append(row)
    listed = {term: tuple(found) for term, found in rows.items() if not all(row.absent for row in found)}
    absent = {term: tuple(found) for term, found in rows.items() if term not in listed}
    follows = frozenset[str]().union(*(hpo.terms[term].above for term in listed))
    silent = neurology is Neurology.PRIMARY_VARIABLE or (neurology in BRAIN_INVOLVED and BRAIN_ITSELF not in follows)
    return Signs(listed, absent, follows, silent)


def information(diseases: Collection[frozenset[str]]) -> dict[str, float]:
    """Term -> bits, from the terms that each disease has."""
    held = Counter(term for terms in diseases for term in terms)
    return {term: -math.log2(number / len(diseases)) for term, number in held.items()}


def likeness(first: frozenset[str], second: frozenset[str], bits: Mapping[str, float]) -> float:
    """0 (nothing in common) to 1 (the same), whichever comes first; 0 where a list is empty.

    >>> bits = {"all": 0.0, "bone": 1.0, "skull": 2.0, "eye": 1.0}
    >>> likeness(frozenset({"all", "bone", "skull"}), frozenset({"all", "bone", "eye"}), bits)
    0.25
    """
    either = math.fsum(bits.get(term, 0.0) for term in first | second)
    return math.fsum(bits.get(term, 0.0) for term in first & second) / either if either else 0.0


def alike(alike_by_disease: Likeness, first: Iterable[str], second: Iterable[str]) -> float:
    """Likeness of two subtypes or groups: the greatest of any of their diseases; 0 where none is annotated."""
    rows = [alike_by_disease[one] for one in first if one in alike_by_disease]
    theirs = tuple(second)
    return max((row[other] for row in rows for other in theirs if other in row), default=0.0)


def lists(hpo: Hpo, signs: Signs, term: Term) -> bool:
    """Whether the list holds the term, a kind of it, or a telling term that it is a kind of."""
    return term.id in signs.follows or bool(more_general(hpo, signs, term))


def more_general(hpo: Hpo, signs: Signs, term: Term) -> tuple[str, ...]:
    """Listed terms that the term is a kind of, the most telling first."""
    found = [one for one in term.above & signs.listed.keys() if one != term.id and tells(hpo.terms[one])]
    return tuple(sorted(found, key=lambda one: (-hpo.terms[one].bits, one)))


def recorded_absent(signs: Signs, term: Term) -> str | None:
    """The term, or one that it is a kind of, that was looked for and found in none."""
    return min(term.above & signs.absent.keys(), default=None)


def tells(term: Term) -> bool:
    """Whether a sign is rare enough among the shipped diseases to tell any of them apart."""
    return term.bits >= MIN_INFORMATION and term.id not in NOT_TELLING


def is_neurological(term: Term) -> bool:
    return not term.above.isdisjoint(NEUROLOGICAL)


def natural_frequency(written: str) -> str:
    """The frequency of a row as words; "" where it cannot be read.

    >>> natural_frequency("5/11"), natural_frequency("15%"), natural_frequency(""), natural_frequency("1/0")
    ('5 of 11', '15 of 100', 'listed', '')
    """
    if not written:
        return phrases.LISTED
    if counted := COUNTED.fullmatch(written):
        return f"{counted[1]} of {counted[2]}" if int(counted[1]) <= int(counted[2]) != 0 else ""
    if percent := PERCENT.fullmatch(written):
        return f"{percent[1]} of 100"
    return CLASSES[written][0] if written in CLASSES else ""


def share(row: Annotation) -> float | None:
    """Lower bound of the share of people with the sign; None where no frequency is written."""
    if counted := COUNTED.fullmatch(row.frequency):
        return int(counted[1]) / int(counted[2])
    if percent := PERCENT.fullmatch(row.frequency):
        return float(percent[1]) / 100
    return CLASSES[row.frequency][1] if row.frequency in CLASSES else None


def as_annotated(hpo: Hpo, rows: tuple[Annotation, ...]) -> AnnotatedSign:
    """The rows of one term as it is shown: each count as written, none pooled, every source named."""
    counted = [row for row in rows if row.frequency or row.absent] or list(rows)
    keys = dict.fromkeys(key for row in counted for key in sources(row))
    said = "; ".join(dict.fromkeys(_words(row) for row in counted))
    term = hpo.terms[rows[0].term]
    return AnnotatedSign(term.id, term.name or term.id, said, tuple(sorted(keys)))


def sources(row: Annotation) -> tuple[str, ...]:
    """The papers of a row; the HPO release itself where it names a database only."""
    return tuple(one for one in row.references if one.startswith("PMID:")) or ("HPO",)


def _words(row: Annotation) -> str:
    said = phrases.FOUND_IN_NONE if row.absent and not row.frequency else natural_frequency(row.frequency)
    return f"{said} {SEXES[row.sex]}" if row.sex in SEXES else said


def rank(hpo: Hpo, rows: tuple[Annotation, ...]) -> tuple[object, ...]:
    """Place among signs that tell as much: counted by a paper, then counted at all, then the more people."""
    counted = [row for row in rows if share(row) is not None]
    by_paper = any("HPO" not in sources(row) for row in counted)
    return (not by_paper, not counted, -round(weight(rows), 6), -round(hpo.terms[rows[0].term].bits, 6), rows[0].term)


def weight(rows: Iterable[Annotation]) -> float:
    """How many people have the sign, 0 to 1, as an order of signs takes it; our choice.

    A count has one person more who does not have the sign, so that 1 of 1 stands behind 11 of 11; of a class
    the lower bound counts; a sign that is only listed stands behind every count.
    """
    return max((_weighed(row) for row in rows), default=0.0)


def _weighed(row: Annotation) -> float:
    if counted := COUNTED.fullmatch(row.frequency):
        return int(counted[1]) / (int(counted[2]) + 1)
    return WEIGHT_LISTED if (part := share(row)) is None else part


def distinct(hpo: Hpo, terms: Iterable[str], most: int) -> tuple[str, ...]:
    """The first terms of which none is a kind of another one kept."""
    kept: list[str] = []
    for term in terms:
        above = hpo.terms[term].above
        if len(kept) < most and not any(one in above or term in hpo.terms[one].above for one in kept):
            kept.append(term)
    return tuple(kept)
