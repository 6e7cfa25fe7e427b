"""The one answer of a case: its code, and the sentence that a reader meets first.

The first line that holds decides the code:

| code           | when                                                                             |
|----------------|----------------------------------------------------------------------------------|
| several        | two genes share the highest of diagnostic, likely, possible                      |
| diagnosis, likely, possible | the highest status of any match                                      |
| unweighed      | recessive or X-linked gene: a VUS that could explain, on every copy, or two      |
|                | heterozygous ones not in cis, one of them not known as rare (nor as common)      |
| one_allele     | the highest status is one_allele                                                 |
| nothing_found  | at least one core gene was seen, if only in part                                 |
| could_not_look | none was                                                                         |
"""

from __future__ import annotations

from varmio.interpret import sentences, together
from varmio.interpret.classify import is_rare
from varmio.interpret.inheritance import Phase, Phases
from varmio.interpret.subtype import could_carry, on_every_copy, phase_of
from varmio.model import (
    Answer,
    AnswerCode,
    Finding,
    GeneVerdict,
    Inheritance,
    Panel,
    Status,
    SubtypeMatch,
    Verdict,
    Zygosity,
)

HIGH = {
    Status.DIAGNOSTIC: AnswerCode.DIAGNOSIS,
    Status.LIKELY: AnswerCode.LIKELY,
    Status.POSSIBLE: AnswerCode.POSSIBLE,
}
SEEN = (Verdict.FOUND, Verdict.NOT_FOUND, Verdict.PARTLY_SEEN)


def answer(
    panel: Panel,
    matches: tuple[SubtypeMatch, ...],
    findings: tuple[Finding, ...],
    phases: Phases,
    genes: tuple[GeneVerdict, ...],
    unread: tuple[str, ...] = (),
) -> Answer:
    """The answer's code and its sentences; `unread`: genes under a structural record that was not read."""
    names = {f.id: f for f in findings}
    code, said = _answer(panel, matches, findings, phases, genes, names)
    return Answer(code, said + sentences.unread(panel, unread))


def _answer(
    panel: Panel,
    matches: tuple[SubtypeMatch, ...],
    findings: tuple[Finding, ...],
    phases: Phases,
    genes: tuple[GeneVerdict, ...],
    names: dict[str, Finding],
) -> tuple[AnswerCode, str]:
    for status, code in HIGH.items():
        leading = [m for m in matches if m.status is status]
        of_genes = {m.gene: m for m in reversed(leading)}
        if len(of_genes) > 1:
            return AnswerCode.SEVERAL, sentences.several(panel, tuple(reversed(of_genes.values())), matches)
        if leading:
            return code, sentences.leading(panel, code, leading[0], matches, names)
    waiting = unweighed(panel, findings, phases)
    single = [m for m in matches if m.status is Status.ONE_ALLELE]
    if waiting:
        return AnswerCode.UNWEIGHED, sentences.unweighed(panel, waiting, single, names)
    if single:
        return AnswerCode.ONE_ALLELE, sentences.one_allele(panel, single, names)
    core = [g for g in genes if (known := panel.gene(g.symbol)) and known.core]
    if any(g.verdict in SEEN for g in core):
        return AnswerCode.NOTHING_FOUND, sentences.nothing(panel, core, matches, names)
    return AnswerCode.COULD_NOT_LOOK, sentences.NOTHING_SEEN


def unweighed(panel: Panel, findings: tuple[Finding, ...], phases: Phases) -> tuple[Finding, ...]:
    """The VUS that would explain the disease if they were rare, in the order of the panel's genes."""
    waiting: dict[str, Finding] = {}
    standing = together.standing(findings)
    for subtype in panel.subtypes:
        if subtype.inheritance.one_copy_is_enough:
            continue
        mine = [f for f in standing if f.gene == subtype.gene and could_carry(subtype, f)]
        waiting.update({f.id: f for f in mine if on_every_copy(subtype, f) and not is_rare(f.frequency)})
        if subtype.inheritance is Inheritance.RECESSIVE:
            het = [f for f in mine if f.zygosity is Zygosity.HETEROZYGOUS]
            waiting.update({f.id: f for f in het if any(_waits(f, other, phases) for other in het)})
    return tuple(waiting.values())


def _waits(finding: Finding, other: Finding, phases: Phases) -> bool:
    """Whether two heterozygous VUS may lie on both copies, and one of them is not known to be rare."""
    if finding.id == other.id or (is_rare(finding.frequency) and is_rare(other.frequency)):
        return False
    return phase_of(finding, other, phases) is not Phase.CIS
