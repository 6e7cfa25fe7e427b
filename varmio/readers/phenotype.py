"""HPO: the signs of the diseases, and what the user says of the child. Of the release that is shipped.

`load` and `likeness` read what every run needs; the whole ontology is read by `given` alone, where
signs are given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from varmio import resources
from varmio.errors import UsageError, one_line
from varmio.model import Annotation, GivenSigns, Hpo, Likeness, Term

RELEASE = "2025-01-16"
ANNOTATIONS = "hpo_annotations.tsv.gz"
TERMS = "hpo_terms.tsv.gz"  # the annotated terms and all above them, with how many diseases have each
LIKENESS = "hpo_likeness.tsv.gz"  # how alike the signs of every two diseases are
ONTOLOGY = "hpo_ontology.tsv.gz"  # the rest, for the signs that a user gives
TERM, OTHER_ID, OBSOLETE, UNNAMED, OUTSIDE = "term", "other_id", "obsolete", "unnamed", "outside"  # its kinds of row
ALL, ABNORMALITY = "HP:0000001", "HP:0000118"  # the root, and 'Phenotypic abnormality': what is a sign
SIGN = re.compile(r"(!?)(HP:[0-9]{7})")
AGE = re.compile(r"([0-9]{1,5})([dwmy])")
DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}  # of the unit; a month is a twelfth of a Julian year
MAX_AGE_YEARS = 120  # years; above any age that was ever documented, so that a slip is found
ABSENT = re.compile(r"0/[0-9]+")
SOURCE = f"Human Phenotype Ontology, release {RELEASE}"
SHOWN = 40  # characters of a bad option that the message repeats

Parents = dict[str, tuple[str | None, str]]  # id -> name, its parents as written


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
    of_all = int(rows[ALL].split("\t")[2])  # every disease has the root
    known: dict[str, frozenset[str]] = {}
    terms = {}
    for one in named:
        name, _, held = rows[one].split("\t")
        bits = -math.log2(int(held) / of_all) if held != "0" else math.inf
        terms[one] = Term(one, name, _all_above(one, rows, known), bits)
    return terms


def _all_above(one: str, rows: Mapping[str, str], known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The term and all above it; `known` keeps what was found before."""
    if one not in known:
        parents = [p for p in rows[one].split("\t")[1].split(",") if p]
        known[one] = frozenset((one,)).union(*(_all_above(p, rows, known) for p in parents))
    return known[one]


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
    parts = AGE.fullmatch(option)
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
    parts = SIGN.fullmatch(option)
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
    """The ontology as far as it was read, to look ids up in."""

    def __init__(self, folder: Path) -> None:
        self._parents: Parents = {row[0]: (row[1], row[2]) for row in resources.rows(TERMS, folder)[1]}
        self._other: dict[str, str] = {}
        self._obsolete: dict[str, str] = {}
        self._unnamed: frozenset[str] = frozenset()
        self._outside: frozenset[str] = frozenset()
        for kind, one, name, others in resources.rows(ONTOLOGY, folder)[1]:
            if kind == TERM:
                self._parents[one] = (name, others)
            elif kind == OTHER_ID:
                self._other[one] = others
            elif kind == OBSOLETE:
                self._obsolete[one] = others
            elif kind == UNNAMED:
                self._unnamed = _ids(others)
            elif kind == OUTSIDE:
                self._outside = _ids(others)

    def term(self, asked: str) -> Term:
        """The term of an id, or of the id it was merged into (UsageError)."""
        one = self._other.get(asked, asked)
        if one in self._obsolete:
            raise UsageError(f"--hpo {asked}: is obsolete in HPO {RELEASE}. {self._instead(self._obsolete[one])}")
        if one in self._unnamed:
            return Term(one, None, frozenset((one, ABNORMALITY, ALL)))
        if one not in self._parents and one not in self._outside:
            raise UsageError(
                f"--hpo {asked}: is not in HPO {RELEASE}. Check the number, or give the id of that release."
            )
        above = self._above(one) if one in self._parents else frozenset((one,))
        if ABNORMALITY not in above:
            raise UsageError(
                f"--hpo {asked}: is no sign: it does not lie under 'Phenotypic abnormality' ({ABNORMALITY}). "
                "Leave it out, or give the sign itself."
            )
        return Term(one, self._parents[one][0], above)

    def _instead(self, others: str) -> str:
        named = [f"{one} ({name})" if (name := self._parents.get(one, (None, ""))[0]) else one
                 for one in others.split(",") if one]  # fmt: skip
        return f"Give {' or '.join(named)} instead." if named else "HPO names nothing instead: leave it out."

    def _above(self, one: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = [one]
        while waiting:
            found.add(here := waiting.pop())
            waiting.extend(p for p in self._parents[here][1].split(",") if p and p not in found)
        return frozenset(found)


def _ids(steps: str) -> frozenset[str]:
    """Ids from their numbers, each written as its distance from the one before."""
    return frozenset(f"HP:{number:07}" for number in accumulate(_numbers(steps.split(","))))


def _numbers(texts: Iterable[str]) -> Iterable[int]:
    return (int(text) for text in texts if text)
