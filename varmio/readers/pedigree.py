"""A PED file -> the parents and sex of one person (columns family, individual, father, mother, sex, phenotype)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from varmio.errors import InputError, one_line
from varmio.model import Sex
from varmio.readers import files

NOBODY = ("0", "", ".", "-9")
SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}
COLUMNS = 5  # that are needed; the phenotype is not read
MEND = "Mend the PED file (family, individual, father, mother, sex, phenotype)."


@dataclass(frozen=True, slots=True)
class Person:
    """One line; None where the parent or the sex is not known."""

    name: str
    father: str | None
    mother: str | None
    sex: Sex | None


def person(path: Path, name: str) -> Person | None:
    """The line of one person, None where there is none.

    Errors: UsageError (no such file), InputError (no PED; a person twice in different words; a father who is female,
    a mother who is male, one's own parent).
    """
    people = _people(path)
    found = people.get(name)
    if found is None:
        return None
    if name in (found.father, found.mother) or (found.father and found.father == found.mother):
        raise InputError(f"{path}: {one_line(name)} has itself as a parent, or one person as both. {MEND}")
    for parent, wrong, role in ((found.father, Sex.FEMALE, "father"), (found.mother, Sex.MALE, "mother")):
        if parent in people and people[parent].sex is wrong:
            raise InputError(f"{path}: {one_line(parent or '')}, the {role} of {one_line(name)}, is {wrong}. {MEND}")
    return found


def _people(path: Path) -> dict[str, Person]:
    files.check(path)
    people: dict[str, Person] = {}
    for number, line in enumerate((line.rstrip("\r\n") for line in files.lines(path)), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) < COLUMNS:
            raise InputError(f"{path}: line {number} has {len(cells)} columns, fewer than {COLUMNS}. {MEND}")
        _, name, father, mother, sex = (cell.strip() for cell in cells[:COLUMNS])
        read = Person(name, _parent(father), _parent(mother), SEXES.get(sex))
        if people.setdefault(name, read) != read:
            raise InputError(f"{path}: line {number}: {one_line(name)} stands there twice, with other words. {MEND}")
    if not people:
        raise InputError(f"{path}: names nobody. {MEND}")
    return people


def _parent(text: str) -> str | None:
    return None if text in NOBODY else text
