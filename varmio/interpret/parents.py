"""What the parents' calls say of the child's findings: on which copy they lie, and what does not fit.

| the child                   | father and mother                              | said                           |
|-----------------------------|------------------------------------------------|--------------------------------|
| two heterozygous alleles    | one allele from each parent alone              | in trans                       |
| two heterozygous alleles    | both carried by one parent, neither by another | in cis                         |
| a homozygous allele, not X  | a parent is called without it                  | deletion, isodisomy, not the   |
|                             |                                                | parent, or a swap, with tests  |

A parent counts as without the allele only where the file calls the place homozygous for the reference, with depth and
quality as a finding needs them; a missing call is no call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from varmio.interpret.inheritance import Phase
from varmio.interpret.quality import MIN_DEPTH, MIN_GENOTYPE_QUALITY
from varmio.model import CallState, Finding, Limitation, Record, Zygosity

BOTH = 2  # parents, and alleles of a pair
CLUE = (
    "{name} is homozygous in the child, but the {role} is called without it. It can be a deletion on the copy that "
    "the {role} gave, both copies from the other parent (isodisomy), a {role} who is not the biological one, or "
    "samples that were swapped."
)
CLUE_TEST = "a copy-number test of the gene, markers of the whole chromosome in all three, and a check of identity"
SILENT = "The PED names {who} as {role}, but the file has no such sample."


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent's calls: ids of the child's findings that are surely carried, and of those that surely are not."""

    role: str  # father, mother
    carried: frozenset[str]
    absent: frozenset[str]


def parent(role: str, findings: Sequence[Finding], theirs: Iterable[Finding], records: Sequence[Record]) -> Parent:
    """What a parent carries of the child's findings. `theirs`: the parent's own findings, `records`: their records."""
    called = {f.id: f for f in theirs}
    carried = {i for i, f in called.items() if f.call_quality.state is CallState.SOLID}
    absent = {f.id for f in findings if f.id not in called and _is_reference(f, records)}
    return Parent(role, frozenset(carried), frozenset(absent))


def _is_reference(finding: Finding, records: Iterable[Record]) -> bool:
    """Whether every record of the parent at the finding's first base is called 0/0 with enough behind it."""
    variant = finding.variant
    if variant.type == "structural":
        return False
    here = [r for r in records if r.contig == variant.contig and r.pos - 1 <= variant.pos - 1 < r.end]
    return bool(here) and all(_sure_reference(r) for r in here)


def _sure_reference(record: Record) -> bool:
    call = record.genotype
    deep = call.depth is not None and call.depth >= MIN_DEPTH
    sure = call.quality is None or call.quality >= MIN_GENOTYPE_QUALITY
    return bool(call.alleles) and set(call.alleles) == {0} and deep and sure


def phases(findings: Sequence[Finding], parents: Sequence[Parent]) -> dict[frozenset[str], Phase]:
    """The phase of each pair of heterozygous findings of a gene that both parents settle."""
    if len(parents) != BOTH:
        return {}
    father, mother = parents
    found = {}
    het = [f for f in findings if f.zygosity is Zygosity.HETEROZYGOUS]
    for i, a in enumerate(het):
        for b in het[i + 1 :]:
            if a.gene == b.gene and (settled := _settled(a.id, b.id, father, mother)) is not None:
                found[frozenset((a.id, b.id))] = settled
    return found


def _settled(a: str, b: str, father: Parent, mother: Parent) -> Phase | None:
    def only(finding: str, one: Parent, other: Parent) -> bool:
        return finding in one.carried and finding in other.absent

    from_father = {x for x in (a, b) if only(x, father, mother)}
    from_mother = {x for x in (a, b) if only(x, mother, father)}
    if from_father and from_mother:
        return Phase.TRANS
    return Phase.CIS if BOTH in (len(from_father), len(from_mother)) else None


def with_clues(findings: Iterable[Finding], parents: Sequence[Parent]) -> tuple[Finding, ...]:
    """The findings with what does not fit between child and parents among their reasons."""
    return tuple(replace(f, reasons=(*f.reasons, *_clues(f, parents))) for f in findings)


def limitations(findings: Iterable[Finding], parents: Sequence[Parent]) -> tuple[Limitation, ...]:
    """The same, for findings that a person reads, with the tests that settle it."""
    return tuple(
        Limitation(clue, f.gene, CLUE_TEST)
        for f in findings
        if f.could_explain or f.classification.is_pathogenic
        for clue in _clues(f, parents)
    )


def _clues(finding: Finding, parents: Sequence[Parent]) -> Iterable[str]:
    if finding.zygosity is not Zygosity.HOMOZYGOUS or finding.variant.contig in ("X", "Y"):
        return
    name = f"{finding.gene} {finding.hgvs_c or finding.variant.short_key}"
    for one in parents:
        if finding.id in one.absent:
            yield CLUE.format(name=name, role=one.role)


def said_of_missing(named: Mapping[str, str | None], samples: Iterable[str]) -> tuple[Limitation, ...]:
    """Parents that the PED names and the file does not hold."""
    known = set(samples)
    return tuple(
        Limitation(SILENT.format(who=who, role=role), would_show="a file with the parents' columns")
        for role, who in named.items()
        if who is not None and who not in known
    )
