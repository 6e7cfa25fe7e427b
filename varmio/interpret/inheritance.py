"""Whether two alleles of one gene lie on the same copy (in cis) or on both copies (in trans).

The first line that holds decides; everything else is unknown, and unknown is not trans:

| what the file shows                                                   | phase            |
|------------------------------------------------------------------------|------------------|
| one of the two is on both copies                                       | trans            |
| both in one diploid genotype (1/2)                                     | trans            |
| both `|` (or PGT) within one phase set (PS, PID)                       | by their order   |
| both `|` without a phase set, every genotype of the contig phased      | by their order   |
| two records of one site: another base each, or 1/0 beside 0/1          | trans            |

Overlap alone proves nothing: a caller may write one event as two records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from varmio.model import Allele, Zygosity

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
    a, b = first.record.genotype, second.record.genotype
    if first.record is second.record:
        both = sorted((first.allele_number, second.allele_number))
        return Phase.TRANS if sorted(x or 0 for x in a.alleles) == both else Phase.UNKNOWN
    if a.phase_set is not None and a.phase_set == b.phase_set:
        return _by_order(a.phased_alleles, first.allele_number, b.phased_alleles, second.allele_number)
    no_set = a.phase_set is None and b.phase_set is None
    if no_set and a.phased and b.phased and first.variant.contig in phased_contigs:
        return _by_order(a.alleles, first.allele_number, b.alleles, second.allele_number)
    return Phase.TRANS if split_site(first, second) else Phase.UNKNOWN


@dataclass(frozen=True, slots=True)
class Phases:
    """The phase of any two findings of a run, worked out when it is asked for."""

    alleles: Mapping[str, Allele]  # finding id -> its call
    phased_contigs: frozenset[str] = frozenset()
    by_parents: Mapping[frozenset[str], Phase] = field(default_factory=dict)  # of pairs that both parents settle
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # finding of a whole codon -> its parts

    def of(self, first: str, second: str) -> Phase:
        """The phase of two findings by id; unknown for one that nobody called, and where file and parents disagree.

        A codon's finding lies in cis with its parts, beside another of that codon in trans, and beside anything
        else where its heterozygous parts lie.
        """
        if first in self.joined or second in self.joined:
            return self._of_joined(first, second)
        a, b = self.alleles.get(first), self.alleles.get(second)
        own = Phase.UNKNOWN if a is None or b is None else phase(a, b, self.phased_contigs)
        parents = self.by_parents.get(frozenset((first, second)), own)
        if own is Phase.UNKNOWN or parents is own:
            return parents
        return own if parents is Phase.UNKNOWN else Phase.UNKNOWN

    def _of_joined(self, first: str, second: str) -> Phase:
        ours, theirs = self.joined.get(first, (first,)), self.joined.get(second, (second,))
        if first in theirs or second in ours:
            return Phase.CIS
        if not set(ours).isdisjoint(theirs):
            return Phase.TRANS
        told = {self.of(a, b) for a in self._deciding(ours) for b in self._deciding(theirs)} - {Phase.UNKNOWN}
        return told.pop() if len(told) == 1 else Phase.UNKNOWN

    def _deciding(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        het = tuple(p for p in parts if p in self.alleles and self.alleles[p].zygosity is Zygosity.HETEROZYGOUS)
        return het or parts


def split_site(first: Allele, second: Allele) -> bool:
    """Whether two unphased records are one site with two alternate alleles, split by a normaliser.

    No copy holds two bases at one place; for indels only the order that a splitter leaves (1/0 beside
    0/1; no caller writes 1/0 by itself) tells.
    """
    a, b = first.variant, second.variant
    if len(a.ref) == len(a.alt) == len(b.ref) == len(b.alt) == 1:
        return a.pos == b.pos
    if (first.record.pos, first.record.ref) != (second.record.pos, second.record.ref):
        return False
    return {first.record.genotype.text, second.record.genotype.text} == {"1/0", "0/1"}


def _by_order(
    a: tuple[int | None, ...] | None, a_number: int, b: tuple[int | None, ...] | None, b_number: int
) -> Phase:
    if a is None or b is None or len(a) != DIPLOID or len(b) != DIPLOID or None in a or None in b:
        return Phase.UNKNOWN
    if a.count(a_number) != 1 or b.count(b_number) != 1:
        return Phase.UNKNOWN
    return Phase.CIS if a.index(a_number) == b.index(b_number) else Phase.TRANS
