"""What ClinVar and population databases said of an allele: shipped, dated extracts, and the files a user gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from varmio import resources
from varmio.model import Assembly, ClinVar, Frequency, FrequencyState, Variant
from varmio.readers.evidence_files import Asked, EvidenceFile, weigh
from varmio.readers.evidence_files import read as read_file
from varmio.readers.evidence_files.clinvar import pathogenic
from varmio.readers.evidence_files.populations import MIN_AN

CLINVAR_NEW = "clinvar_2024-12.tsv.gz"
CLINVAR_OLD = "clinvar_2016-2017.tsv.gz"
FREQUENCY = "frequency.tsv.gz"
SCREENED_BP = 20  # the shipped list of frequent alleles covers exons and 20 bases beside them
MAX_LISTED_INDEL_BP = 50  # longer alleles are structural variants, which the list does not hold
CLINVAR_NOT_READ = "ClinVar was not read (--no-clinvar)."

# columns of the ClinVar tables
GENE, KEY_37, KEY_38, ID, SIGNIFICANCE, REVIEW, STARS, TRAITS, DATE, PATHOGENIC = range(10)
# columns of the frequency table after gene and keys
AF, POPULATION, HOMOZYGOTES, AC, AN, SOURCE, RELEASE = range(3, 10)

Row = list[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of one assembly; rows stay text until an allele is asked for."""

    assembly: Assembly
    clinvar_new: dict[str, Row]
    clinvar_old: dict[str, Row]
    frequencies: dict[str, Row]  # alleles known by a bound only have no AF
    files: tuple[EvidenceFile, ...] = ()  # given by the user
    reads_clinvar: bool = True

    def clinvar(self, variant: Variant) -> ClinVar | None:
        """The newest ClinVar fact of a normalised allele, given or shipped; traits may come from an older one."""
        shipped, given = self._shipped_clinvar(variant), weigh.clinvar(self.files, variant)
        if shipped is None or given is None:
            return shipped or given
        newer, older = (given, shipped) if given.date >= shipped.date else (shipped, given)
        return newer if newer.traits else replace(newer, traits=older.traits)

    def _shipped_clinvar(self, variant: Variant) -> ClinVar | None:
        new, old = self.clinvar_new.get(variant.key), self.clinvar_old.get(variant.key)
        row = new or old
        if row is None:
            return None
        traits = (new or row)[TRAITS] or (old or row)[TRAITS]
        return ClinVar(
            id=row[ID] or None,
            significance=row[SIGNIFICANCE],
            review=row[REVIEW] or "not stated",
            stars=int(row[STARS]) if row[STARS] else None,
            traits=tuple(traits.split(";")) if traits else (),
            date=row[DATE],
            decides=_decides(row),
        )

    def frequency(self, variant: Variant, exon_distance: int, in_scope: bool = True) -> Frequency:
        """The highest written frequency of a normalised allele, or why there is none.

        A given file does not outrank a higher figure that is shipped, and its absence (0) no allele that is
        shipped as seen. `exon_distance` is in bases, 0 inside an exon; `in_scope` False where the list cannot apply
        (REF disputed, allele not normalised). A bound (>=) is no frequency: such an allele is screened.
        """
        row = self.frequencies.get(variant.key)
        shipped = _shipped_frequency(row) if row is not None and row[AF] else None
        listable = in_scope and row is None and _listable(variant)
        given = weigh.frequency(self.files, variant, listable, shipped.max_af if shipped else None)
        if shipped and given and (given.max_af or 0) < (shipped.max_af or 0):
            return replace(shipped, groups=given.groups)
        if known := given or shipped:
            return known
        screened = in_scope and exon_distance <= SCREENED_BP and _listable(variant)
        return Frequency(FrequencyState.SCREENED if screened else FrequencyState.NOT_LOOKED_UP)

    def names(self, gene: str, variant: Variant) -> bool:
        """Whether an allele far from the exons is a finding all the same: ClinVar or a given file names it.

        A given file of frequencies names an allele where it does not show it to be common.
        """
        rows = (table.get(variant.key) for table in (self.clinvar_new, self.clinvar_old))
        if any(row and row[GENE] == gene and row[PATHOGENIC] for row in rows):
            return True
        facts = (row.clinvar for file in self.files for row in file.rows.get(variant.key, ()))
        if any(fact is not None and pathogenic(fact) for fact in facts):
            return True
        listed = any(file.meta.kind == "frequencies" and variant.key in file.rows for file in self.files)
        known = weigh.frequency(self.files, variant, False) if listed else None
        return listed and (known is None or known.max_af is None or known.max_af < weigh.COMMON_AF)

    def remarks(self, variant: Variant) -> tuple[str, ...]:
        """What the given files say of the allele, as sentences, and the older of two ClinVar facts."""
        shipped, given = self._shipped_clinvar(variant), weigh.clinvar(self.files, variant)
        said = weigh.remarks(self.files, variant)
        if shipped is None or given is None or shipped.significance.lower() == given.significance.lower():
            return said
        older = shipped if given.date >= shipped.date else given
        return (*said, f"An older ClinVar, of {older.date}, said {older.significance.lower()} ({older.review}).")

    def dates(self) -> dict[str, str]:
        """What was looked up -> date of its newest shipped extract."""
        return {what: date for what, date in dates().items() if what != "ClinVar" or self.reads_clinvar}

    def resources(self, shipped: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        """What the facts were read from: the shipped extracts that were used, and each given file."""
        used = shipped if self.reads_clinvar else tuple(r for r in shipped if not r["name"].startswith("clinvar"))
        return (*used, *(_resource(file, self.reads_clinvar) for file in self.files))


def constants() -> list[dict[str, object]]:
    """The constants of this room for the methods section."""
    source = "Ghosh 2018, doi 10.1002/humu.23642; a figure of a given file over fewer is shown and not counted"
    return [{"name": "MIN_AN", "value": MIN_AN, "unit": "chromosomes", "source": source}]


def with_files(shipped: Evidence, paths: tuple[Path, ...], asked: Asked) -> Evidence:
    """The facts with those of the user's files (ResourceError); without any of ClinVar where not asked for."""
    files = tuple(read_file(path, asked) for path in paths)
    if asked.clinvar:
        return replace(shipped, files=files)
    return replace(shipped, clinvar_new={}, clinvar_old={}, files=files, reads_clinvar=False)


def _resource(file: EvidenceFile, reads_clinvar: bool) -> dict[str, Any]:
    meta = file.meta
    entry = {
        "name": file.name,
        "source": meta.source,
        "release": meta.release,
        "date": meta.date,
        "sha256": file.sha256,
        "sha256_of_lines_read": file.sha256_of_lines,
        "rows": file.records,
        "given_by_user": True,
        "not_read": CLINVAR_NOT_READ if meta.kind == "clinvar" and not reads_clinvar else None,
    }
    return {key: value for key, value in entry.items() if value is not None}


@lru_cache(maxsize=2)
def load(assembly: Assembly) -> Evidence:
    """The shipped facts on one assembly (ResourceError)."""
    return read(assembly, resources.FOLDER)


def dates() -> dict[str, str]:
    """What was looked up -> date of its newest shipped extract."""
    named = {"ClinVar": CLINVAR_NEW, "frequencies": FREQUENCY}
    listed = {entry["name"]: entry["date"] for entry in resources.manifest()}
    return {what: str(listed[name]) for what, name in named.items()}


def read(assembly: Assembly, folder: Path) -> Evidence:
    """As `load`, from the resources of a folder."""
    column = KEY_37 if assembly is Assembly.GRCH37 else KEY_38
    new, old, frequencies = (
        {row[column]: row for row in resources.rows(name, folder)[1] if row[column]}
        for name in (CLINVAR_NEW, CLINVAR_OLD, FREQUENCY)
    )
    return Evidence(assembly, new, old, frequencies)


def _shipped_frequency(row: Row) -> Frequency:
    return Frequency(
        state=FrequencyState.LOOKED_UP,
        max_af=float(row[AF]),
        population=row[POPULATION],
        homozygotes=int(row[HOMOZYGOTES]) if row[HOMOZYGOTES] else None,
        source=row[SOURCE],
        date=row[RELEASE],
    )


def _decides(row: Row) -> bool:
    """P or LP, and assertion criteria are known to have been provided."""
    return bool(row[PATHOGENIC]) and row[REVIEW].startswith("criteria provided")


def _listable(variant: Variant) -> bool:
    """A substitution of one base, or a plain insertion or deletion."""
    shorter, longer = sorted((len(variant.ref), len(variant.alt)))
    return shorter == 1 and longer <= MAX_LISTED_INDEL_BP
