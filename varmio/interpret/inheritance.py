"""Whether two alleles of one gene lie on the same copy (in cis) or on both copies (in trans).

The first line that holds decides; everything else is unknown, and unknown is not trans:

| what the file shows                                                   | phase            |
|------------------------------------------------------------------------|------------------|
| one of the two is on both copies                                       | trans            |
| both in one diploid genotype (1/2), or they change the same bases      | trans            |
| both `|` (or PGT) within one phase set (PS, PID)                       | by their order   |
| both `|` without a phase set, every genotype of the contig phased      | by their order   |
"""

from __future__ import annotations

from enum import StrEnum

from varmio.model import Allele, Variant, Zygosity

DIPLOID = 2  # copies


class Phase(StrEnum):
    TRANS = "trans"
    CIS = "cis"
    UNKNOWN = "unknown"


def phase(first: Allele, second: Allele, phased_contigs: frozenset[str]) -> Phase:
    """The phase of two called alleles of one sample.

    `phased_contigs`: contigs on which every genotype of the file is phased.
    """
    if Zygosity.HOMOZYGOUS in (first.zygosity, second.zygosity):
        return Phase.TRANS
    if first.zygosity is not Zygosity.HETEROZYGOUS or second.zygosity is not Zygosity.HETEROZYGOUS:
        return Phase.UNKNOWN
    if first.variant.contig != second.variant.contig:
        return Phase.UNKNOWN
    if changes_same_bases(first.variant, second.variant):
        return Phase.TRANS
    a, b = first.record.genotype, second.record.genotype
    if a.phase_set is not None and a.phase_set == b.phase_set:
        return _by_order(a.phased_alleles, first.allele_number, b.phased_alleles, second.allele_number)
    no_set = a.phase_set is None and b.phase_set is None
    if no_set and a.phased and b.phased and first.variant.contig in phased_contigs:
        return _by_order(a.alleles, first.allele_number, b.alleles, second.allele_number)
    return Phase.UNKNOWN


def changes_same_bases(a: Variant, b: Variant) -> bool:
    """Whether no single copy could carry both: they replace a common base, or insert at one place.

    >>> changes_same_bases(Variant("1", 5, "A", "G"), Variant("1", 5, "A", "T"))
    True
    >>> changes_same_bases(Variant("1", 5, "AC", "A"), Variant("1", 5, "A", "T"))
    False
    """
    a_start, a_end = _footprint(a)
    b_start, b_end = _footprint(b)
    if a_start == a_end or b_start == b_end:
        return (a_start, a_end) == (b_start, b_end) or a_start < b_start < a_end or b_start < a_start < b_end
    return a_start < b_end and b_start < a_end


def _footprint(variant: Variant) -> tuple[int, int]:
    anchored = len(variant.ref) != len(variant.alt) and variant.ref[:1] == variant.alt[:1]
    return variant.start + (1 if anchored else 0), variant.end


def _by_order(
    a: tuple[int | None, ...] | None, a_number: int, b: tuple[int | None, ...] | None, b_number: int
) -> Phase:
    if a is None or b is None or len(a) != DIPLOID or len(b) != DIPLOID or None in a or None in b:
        return Phase.UNKNOWN
    if a.count(a_number) != 1 or b.count(b_number) != 1:
        return Phase.UNKNOWN
    return Phase.CIS if a.index(a_number) == b.index(b_number) else Phase.TRANS
