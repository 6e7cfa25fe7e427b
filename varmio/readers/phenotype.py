"""HPO: the signs of the diseases, and what the user says of the child. Of the release that is shipped.

`load` and `likeness` read what every run needs; the whole ontology is read by `given` alone, where
signs are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from varmio import resources
from varmio.errors import UsageError, one_line
from varmio.model import Annotation, GivenSigns, Hpo, Likeness, Term

RELEASE = "2025-01-16"
ANNOTATIONS = "hpo_annotations.tsv.gz"
TERMS = "hpo_terms.tsv.gz"  # the annotated terms, each with its information and all above it
LIKENESS = "hpo_likeness.tsv.gz"  # how alike the signs of every two diseases are
ONTOLOGY = "hpo_ontology.tsv.gz"  # the tree, for the signs that a user gives
TERM, OTHER_ID, OBSOLETE, UNNAMED, OUTSIDE = "term", "other_id", "obsolete", "unnamed", "outside"  # its kinds of row
ALL, ABNORMALITY = "HP:0000001", "HP:0000118"  # the root, and 'Phenotypic abnormality': what is a sign
SIGN = re.compile(r"(!?)(HP:[0-9]{7})")
AGE = re.compile(r"([0-9]{1,5})([dwmy])")
DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}  # of the unit; a month is a twelfth of a Julian year
MAX_AGE_YEARS = 120  # years; above any age that was ever documented, so that a slip is found
ABSENT = re.compile(r"0/[0-9]+")
SOURCE = f"Human Phenotype Ontology, release {RELEASE}"
SHOWN = 40  # characters of a bad option that the message repeats


def load(diseases: Iterable[str], folder: Path = resources.FOLDER) -> Hpo:
    """The signs of those diseases, as far as they are shipped, and the terms that they name (ResourceError)."""
    wanted = frozenset(diseases)
    found: dict[str, list[Annotation]] = {}
    for disease, rest in _first_and_rest(ANNOTATIONS, folder):
        if disease in wanted:
            term, qualifier, frequency, sex, sources = rest.split("\t")
            absent = qualifier == "NOT" or ABSENT.fullmatch(frequency) is not None
            row = Annotation(term, absent, frequency, sex, tuple(sources.split(";")))
            found.setdefault(disease, []).append(row)
    named = {row.term for rows in found.values() for row in rows}
    return Hpo(RELEASE, {disease: tuple(rows) for disease, rows in found.items()}, _terms(named, folder))


def likeness(diseases: Iterable[str] | None = None, folder: Path = resources.FOLDER) -> Likeness:
    """How alike the signs of those diseases and of every shipped one are, 0 to 1 (ResourceError)."""
    listed = dict(_first_and_rest(LIKENESS, folder))
    wanted = listed if diseases is None else [one for one in diseases if one in listed]
    return {one: dict(zip(listed, map(float, listed[one].split(",")), strict=True)) for one in wanted}


def _first_and_rest(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The first column of each row and the rest as written: most rows of an extract are not asked for."""
    for line in resources.read(name, folder).splitlines()[1:]:
        first, _, rest = line.partition("\t")
        yield first, rest


def _terms(named: Iterable[str], folder: Path) -> dict[str, Term]:
    rows = dict(_first_and_rest(TERMS, folder))
    terms = {}
    for one in named:
        name, bits, above = rows[one].split("\t")
        terms[one] = Term(one, name, frozenset(above.split(",")), float(bits))
    return terms


def given(options: Sequence[str], folder: Path = resources.FOLDER) -> GivenSigns:
    """The child's signs from the values of --hpo. UsageError: no HPO id, unknown, obsolete, no sign, or at odds."""
    asked = [_split(option) for option in dict.fromkeys(options)]
    if not asked:
        return GivenSigns()
    book = _Book(folder)
    found = [(excluded, one, book.term(one)) for excluded, one in asked]
    present = {term.id: term for excluded, _, term in found if not excluded}
    absent = {term.id: term for excluded, _, term in found if excluded}
    _refuse_contradiction(present, absent)
    taken_as = {one: term.id for _, one, term in found if one != term.id}
    return GivenSigns(tuple(present.values()), tuple(absent.values()), taken_as)


def age_days(option: str) -> int:
    """Days of an age such as 3d, 6w, 4m or 2y, rounded up to whole days (UsageError)."""
    parts = AGE.fullmatch(option.lower())
    if parts is None:
        raise UsageError(
            f"--age {_shown(option)}: is not an age. Write days, weeks, months or years: 3d, 6w, 4m or 2y."
        )
    days = int(parts[1]) * DAYS[parts[2]]
    if days > MAX_AGE_YEARS * DAYS["y"]:
        raise UsageError(f"--age {option}: is more than {MAX_AGE_YEARS} years. Write d, w, m or y after the number.")
    return -int(-days // 1)


def reference(key: str) -> dict[str, Any] | None:
    """The reference of a row of the annotations: "PMID:..." or "HPO"; None for any other key."""
    if key == "HPO":
        return {"citation": f"{SOURCE}; annotations of the same release.", "part_read": "database row",
                "url": "https://hpo.jax.org/"}  # fmt: skip
    kind, _, number = key.partition(":")
    if kind != "PMID":
        return None
    citation = f"PMID {number}, through HPO annotations {RELEASE}"
    return {"citation": citation, "pmid": number, "part_read": "database row"}


def _shown(option: str) -> str:
    text = one_line(option)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _split(option: str) -> tuple[bool, str]:
    parts = SIGN.fullmatch(option.upper())
    if parts is None:
        raise UsageError(
            f"--hpo {_shown(option)}: is not an HPO id. Write one such as HP:0001252, or '!HP:0001252' for a sign "
            "that the child does not have; repeat --hpo for more."
        )
    return bool(parts[1]), parts[2]


def _refuse_contradiction(present: dict[str, Term], absent: dict[str, Term]) -> None:
    for term in present.values():
        at_odds = sorted(term.above & absent.keys())
        if term.id in at_odds:
            raise UsageError(f"--hpo {term.id}: is given as present and as excluded. Give one of the two.")
        if at_odds:
            whole = absent[at_odds[0]]
            raise UsageError(
                f"--hpo {term.id} ({term.name}): is a kind of {whole.id} ({whole.name}), which is given as "
                "excluded. Give one of the two."
            )


class _Book:
    """The ontology to look ids up in; the extract writes them as numbers."""

    def __init__(self, folder: Path) -> None:
        self._terms: dict[str, tuple[str, str]] = {}  # id -> name, its parents as numbers
        self._other: dict[str, str] = {}
        self._obsolete: dict[str, str] = {}
        self._unnamed: frozenset[str] = frozenset()
        self._outside: frozenset[str] = frozenset()
        for kind, number, name, others in resources.rows(ONTOLOGY, folder)[1]:
            if kind == TERM:
                self._terms[number] = (name, others)
            elif kind == OTHER_ID:
                self._other[number] = others
            elif kind == OBSOLETE:
                self._obsolete[number] = others
            elif kind == UNNAMED:
                self._unnamed = _from_steps(others)
            elif kind == OUTSIDE:
                self._outside = _from_steps(others)

    def term(self, asked: str) -> Term:
        """The term of an id, or of the id it was merged into (UsageError)."""
        number = str(int(asked.removeprefix("HP:")))
        number = self._other.get(number, number)
        one = _id(number)
        if number in self._obsolete:
            raise UsageError(f"--hpo {asked}: is obsolete in HPO {RELEASE}. {self._instead(self._obsolete[number])}")
        if number in self._unnamed:
            return Term(one, None, frozenset((one, ABNORMALITY, ALL)))
        if number not in self._terms and number not in self._outside:
            raise UsageError(
                f"--hpo {asked}: is not in HPO {RELEASE}. Check the number, or give the id of that release."
            )
        above = self._above(number) if number in self._terms else frozenset((one,))
        if ABNORMALITY not in above:
            raise UsageError(
                f"--hpo {asked}: is no sign: it does not lie under 'Phenotypic abnormality' ({ABNORMALITY}). "
                "Leave it out, or give the sign itself."
            )
        return Term(one, self._terms[number][0], above)

    def _instead(self, others: str) -> str:
        numbers = [number for number in others.split(",") if number]
        named = [f"{_id(n)} ({self._terms[n][0]})" if n in self._terms else _id(n) for n in numbers]
        return f"Give {' or '.join(named)} instead." if named else "HPO names nothing instead: leave it out."

    def _above(self, number: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = [number]
        while waiting:
            found.add(here := waiting.pop())
            waiting.extend(p for p in self._terms[here][1].split(",") if p and p not in found)
        return frozenset(_id(one) for one in found)


def _id(number: str) -> str:
    return f"HP:{int(number):07}"


def _from_steps(steps: str) -> frozenset[str]:
    """Numbers that are written each as its distance from the one before."""
    return frozenset(str(number) for number in accumulate(_numbers(steps.split(","))))


def _numbers(texts: Iterable[str]) -> Iterable[int]:
    return (int(text) for text in texts if text)
