"""What ClinVar and population databases said of an allele: shipped, dated extracts, by allele key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from varmio import resources
from varmio.model import Assembly, ClinVar, Frequency, FrequencyState, Variant

CLINVAR_NEW = "clinvar_2024-12.tsv.gz"
CLINVAR_OLD = "clinvar_2016-2017.tsv.gz"
FREQUENCY = "frequency.tsv.gz"
SCREENED_BP = 20  # the shipped list of frequent alleles covers exons and 20 bases beside them
MAX_LISTED_INDEL_BP = 50  # longer alleles are structural variants, which the list does not hold

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

    def clinvar(self, variant: Variant) -> ClinVar | None:
        """The newest shipped ClinVar fact of a normalised allele; traits may come from an older one."""
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

        `exon_distance` is in bases, 0 inside an exon; `in_scope` False where the list cannot apply
        (REF disputed, allele not normalised). A bound (>=) is no frequency: such an allele is screened.
        """
        row = self.frequencies.get(variant.key)
        if row is not None and row[AF]:
            return Frequency(
                state=FrequencyState.LOOKED_UP,
                max_af=float(row[AF]),
                population=row[POPULATION],
                homozygotes=int(row[HOMOZYGOTES]) if row[HOMOZYGOTES] else None,
                source=row[SOURCE],
                date=row[RELEASE],
            )
        screened = in_scope and exon_distance <= SCREENED_BP and _listable(variant)
        return Frequency(FrequencyState.SCREENED if screened else FrequencyState.NOT_LOOKED_UP)

    def named(self, gene: str) -> frozenset[str]:
        """Keys of the gene's alleles that ClinVar lists as P or LP, with or without criteria."""
        both = (self.clinvar_new, self.clinvar_old)
        return frozenset(k for t in both for k, row in t.items() if row[GENE] == gene and row[PATHOGENIC])


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


def _decides(row: Row) -> bool:
    """P or LP, and assertion criteria are known to have been provided."""
    return bool(row[PATHOGENIC]) and row[REVIEW].startswith("criteria provided")


def _listable(variant: Variant) -> bool:
    """A substitution of one base, or a plain insertion or deletion."""
    shorter, longer = sorted((len(variant.ref), len(variant.alt)))
    return shorter == 1 and longer <= MAX_LISTED_INDEL_BP
