"""The types of this room: what an evidence file says of an allele, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from varmio.errors import ResourceError, one_line
from varmio.model import Assembly, ClinVar, KnownSequence, Variant
from varmio.readers.evidence_files.populations import Weight, weight
from varmio.readers.vcf_index import Merged

MAX_POSITION = 1 << 31  # bases; no contig is longer
AF_ROUNDING = 0.005  # allele frequency; own choice: an AF written with two digits differs from AC/AN by no more


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case asks of its evidence files: facts on the alleles that it calls, and on no other."""

    assembly: Assembly
    known: Mapping[Assembly, KnownSequence]  # bases that tell whose REF a file has
    wanted: frozenset[Variant]  # normalised
    normal: Callable[[Variant], Variant]  # the normalisation that made `wanted`
    clinvar: bool = True  # False: ClinVar facts are not read


@dataclass(frozen=True, slots=True)
class Figure:
    """One written frequency: of a group, in a part of the source."""

    population: str
    af: float
    ac: int | None
    an: int | None
    homozygotes: int | None
    dataset: str = ""

    @property
    def weight(self) -> Weight:
        return weight(self.population, self.an)

    @property
    def label(self) -> str:
        return f"{self.population} ({self.dataset})" if self.dataset else self.population


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says of one allele. `filters`: () for PASS or none."""

    variant: Variant
    figures: tuple[Figure, ...]
    filters: tuple[str, ...] = ()
    clinvar: ClinVar | None = None
    source: str | None = None  # of this line, where it names another than the file
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head of a file says of the whole."""

    kind: str  # frequencies | clinvar
    source: str
    release: str | None
    date: str | None
    declared: Assembly | None
    lengths: Mapping[str, int]
    covered: Mapping[str, Merged]
    named_only: bool = False  # only fields with a database's name count


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The facts of one file on the alleles asked for, by key."""

    name: str
    meta: Meta
    sha256: str | None  # of the file as stored; None where it was read by region
    sha256_of_lines: str | None  # of the lines read, where it was read by region
    records: int  # lines of alleles that were read
    rows: Mapping[str, tuple[Row, ...]]
    beside: frozenset[str]  # keys of indels near which the file lists another of the same length
    contigs: frozenset[str]  # of the lines that were read

    def declares(self, variant: Variant) -> bool:
        """Whether the file declares that it holds every allele of these bases."""
        ranges = self.meta.covered.get(variant.contig)
        return ranges is not None and any(s <= variant.start and variant.end <= e for s, e in ranges)

    def covers(self, variant: Variant) -> bool:
        """It declares so, and holds lines of the contig: a cut by a wrong contig name is empty, and proves nothing."""
        return variant.contig in self.contigs and self.declares(variant)


def number(text: str, where: str) -> int | None:
    """A count, None for '.' or nothing (ResourceError)."""
    if text in (".", ""):
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ResourceError(f"{where}: {one_line(text[:40])!r} is not a whole number. Mend or remove the line.")
    return int(text)


def share(text: str, where: str) -> float | None:
    """A frequency from 0 to 1, None for '.' or nothing (ResourceError)."""
    if text in (".", ""):
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ResourceError(f"{where}: {one_line(text[:40])!r} is no frequency from 0 to 1. Mend or remove the line.")
    return value


def figure(
    group: str, af: float | None, ac: int | None, an: int | None, hom: int | None, where: str, dataset: str = ""
) -> Figure | None:
    """The figure as written, or as AC/AN; None where nothing was observed (AN 0, or no number given)."""
    if ac is not None and an is not None and ac > an:
        raise ResourceError(f"{where}: AC {ac} is more than AN {an}. Mend or remove the line.")
    if an == 0:
        return None
    if ac is not None and an is not None:
        counted = ac / an
        af = counted if af is None else af
        if abs(af - counted) > AF_ROUNDING:
            raise ResourceError(f"{where}: AF {af:.3g} is not AC {ac} of AN {an}. Mend or remove the line.")
    return None if af is None else Figure(group, af, ac, an, hom, dataset)


def bases(text: str) -> bool:
    return bool(text) and set(text) <= set("ACGT")
