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

from collections.abc import Iterable
from itertools import combinations

from varmio.interpret.classify import is_rare
from varmio.interpret.inheritance import Phase
from varmio.interpret.subtype import Phases, could_carry, on_every_copy, phase_of, rule_for
from varmio.model import (
    Answer,
    AnswerCode,
    Basis,
    CallState,
    Finding,
    GeneVerdict,
    Inheritance,
    Panel,
    PanelSubtype,
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
LIST_AT_MOST = 6  # gene symbols named in a sentence before the rest is counted


def answer(
    panel: Panel,
    matches: tuple[SubtypeMatch, ...],
    findings: tuple[Finding, ...],
    phases: Phases,
    genes: tuple[GeneVerdict, ...],
) -> Answer:
    """The answer's code and its sentence."""
    names = {f.id: f for f in findings}
    for status, code in HIGH.items():
        leading = [m for m in matches if m.status is status]
        of_genes = {m.gene: m for m in reversed(leading)}
        if len(of_genes) > 1:
            return Answer(AnswerCode.SEVERAL, _several(panel, tuple(reversed(of_genes.values()))))
        if leading:
            return Answer(code, _leading_sentence(panel, code, leading[0], matches, names))
    waiting = unweighed(panel, findings, phases)
    if waiting:
        return Answer(AnswerCode.UNWEIGHED, _unweighed(panel, waiting))
    one_allele = [m for m in matches if m.status is Status.ONE_ALLELE]
    if one_allele:
        return Answer(AnswerCode.ONE_ALLELE, _one_allele(panel, one_allele, names))
    core = [g for g in genes if (known := panel.gene(g.symbol)) and known.core]
    if any(g.verdict in SEEN for g in core):
        return Answer(AnswerCode.NOTHING_FOUND, _nothing(panel, core, matches, names))
    return Answer(
        AnswerCode.COULD_NOT_LOOK,
        "None of the osteopetrosis genes could be looked at in this file, so nothing can be said.",
    )


def unweighed(panel: Panel, findings: tuple[Finding, ...], phases: Phases) -> tuple[Finding, ...]:
    """The VUS that would explain the disease if they were rare, in the order of the panel's genes."""
    waiting: dict[str, Finding] = {}
    for subtype in panel.subtypes:
        if subtype.inheritance is Inheritance.DOMINANT:
            continue
        mine = [f for f in findings if f.gene == subtype.gene and could_carry(subtype, f)]
        for found in _on_both_copies(subtype, mine, phases):
            if not all(is_rare(f.frequency) for f in found):
                waiting.update({f.id: f for f in found})
    return tuple(waiting.values())


def _on_both_copies(subtype: PanelSubtype, findings: list[Finding], phases: Phases) -> Iterable[tuple[Finding, ...]]:
    yield from ((f,) for f in findings if on_every_copy(subtype, f))
    het = [f for f in findings if f.zygosity is Zygosity.HETEROZYGOUS]
    if subtype.inheritance is Inheritance.RECESSIVE:
        yield from (p for p in combinations(het, 2) if phase_of(*p, phases) is not Phase.CIS)


def _name(finding: Finding) -> str:
    name = finding.hgvs_c or finding.variant.key
    return f"{name} {finding.hgvs_p}" if finding.hgvs_p else name


def gene_label(panel: Panel, symbol: str) -> str:
    """The symbol, with the protein's name where the panel gives one: RANKL and RANK are not mixed up."""
    known = panel.gene(symbol)
    return symbol if known is None or known.protein_name == symbol else f"{symbol} ({known.protein_name})"


def _called(panel: Panel, match: SubtypeMatch) -> str:
    return f"{gene_label(panel, match.gene)} disease ({match.id})"


def _class_words(findings: list[Finding]) -> str:
    words = {f.classification.class_.replace("_", " ") for f in findings if f.classification.is_pathogenic}
    return " and ".join(sorted(words)) or "uncertain"


def _leading_sentence(
    panel: Panel,
    code: AnswerCode,
    match: SubtypeMatch,
    matches: tuple[SubtypeMatch, ...],
    names: dict[str, Finding],
) -> str:
    found = [names[i] for i in match.findings]
    verb = {
        AnswerCode.DIAGNOSIS: "fits",
        AnswerCode.LIKELY: "probably fits",
        AnswerCode.POSSIBLE: "may fit",
    }[code]
    sentence = f"This exome {verb} {_called(panel, match)}: {_what(match, found)}"
    behind = [m for m in matches if m.gene == match.gene and m.status is Status.ONE_ALLELE]
    if behind:
        sentence += f" A second allele, which would make it {behind[0].id}, has not been excluded."
    return sentence


def _what(match: SubtypeMatch, found: list[Finding]) -> str:
    class_ = _class_words(found)
    names = " and ".join(_name(f) for f in found)
    pathogenic = sum(f.classification.is_pathogenic for f in found)
    if match.basis is Basis.HOMOZYGOUS_DELETION:
        what = f"no copy of at least one whole exon is left ({names})."
    elif match.basis is Basis.HOMOZYGOUS:
        what = f"both copies of the gene carry the same {class_} change ({names})."
    elif match.basis is Basis.HEMIZYGOUS:
        what = f"the boy's only copy carries a {class_} change ({names})."
    elif match.basis in (Basis.DOMINANT_HET, Basis.DOMINANT_DE_NOVO):
        what = f"one copy carries a {class_} change ({names}), and one is enough in this form."
    elif pathogenic < len(found):
        what = f"one {class_} change and one of uncertain significance were found ({names})."
    elif match.basis is Basis.COMPOUND_HET_IN_TRANS:
        what = f"each copy of the gene carries another {class_} change ({names})."
    else:
        what = f"two {class_} changes were found ({names}); whether they lie on different copies is not known."
    states = {f.call_quality.state for f in found}
    if CallState.DOUBTFUL in states:
        return what[:-1] + "; the call itself is doubtful."
    if CallState.NOT_ASSESSABLE in states:
        return what[:-1] + "; the file gives nothing to judge the call by."
    return what


def _several(panel: Panel, leading: tuple[SubtypeMatch, ...]) -> str:
    named = " and ".join(_called(panel, m) for m in leading)
    return f"Findings in {len(leading)} genes speak equally for {named}; each is shown, none is set aside."


def _unweighed(panel: Panel, waiting: tuple[Finding, ...]) -> str:
    first = waiting[0]
    where = {
        Zygosity.HOMOZYGOUS: "on both copies",
        Zygosity.HEMIZYGOUS: "on the boy's only copy",
    }.get(first.zygosity, "beside a second one")
    rest = len(waiting) - 1
    more = f" {rest} more {'change' if rest == 1 else 'changes'} of this kind wait too." if rest else ""
    return (
        f"{gene_label(panel, first.gene)} {_name(first)}, found {where}, could explain the disease "
        f"but could not be weighed: how rare it is was not known.{more}"
    )


def _one_allele(panel: Panel, matches: list[SubtypeMatch], names: dict[str, Finding]) -> str:
    match = matches[0]
    found = [names[i] for i in match.findings]
    listed = " and ".join(_name(f) for f in found)
    one = "One copy" if len(found) == 1 else "One copy (both changes lie on it)"
    sentence = (
        f"{one} of {gene_label(panel, match.gene)} carries a {_class_words(found)} change ({listed}), "
        "and no second change that counts was found; in an affected child it may be of a kind "
        "this file can't show."
    )
    others = [gene_label(panel, gene) for gene in sorted({m.gene for m in matches[1:]} - {match.gene})]
    return sentence + (f" The same holds for {', '.join(others)}." if others else "")


def _nothing(
    panel: Panel, core: list[GeneVerdict], matches: tuple[SubtypeMatch, ...], names: dict[str, Finding]
) -> str:
    unseen = [gene_label(panel, g.symbol) for g in core if g.verdict is Verdict.COULD_NOT_LOOK]
    partly = sum(g.verdict is Verdict.PARTLY_SEEN for g in core)
    part = f"{partly} of {len(core)} core genes {'was' if partly == 1 else 'were'} seen only in part"
    look = f"{_listed(unseen)} could not be looked at and " if unseen else ""
    sentence = f"{look}{part}: nothing was found that explains the disease, and osteopetrosis is not ruled out."
    for match in matches:
        if match.status is Status.EXCLUDED:
            listed = ", ".join(_name(names[i]) for i in match.findings)
            reason = _aside(panel, match, names[match.findings[0]])
            sentence += f" {gene_label(panel, match.gene)} {listed} was found and set aside: {reason}."
    return sentence


def _aside(panel: Panel, match: SubtypeMatch, finding: Finding) -> str:
    subtype = next(s for s in panel.subtypes if s.id == match.id)
    return rule_for(subtype, finding).reason.rstrip(".")


def _listed(symbols: list[str]) -> str:
    if len(symbols) <= LIST_AT_MOST:
        return symbols[0] if len(symbols) == 1 else f"{', '.join(symbols[:-1])} and {symbols[-1]}"
    return f"{', '.join(symbols[:LIST_AT_MOST])} and {len(symbols) - LIST_AT_MOST} more genes"
