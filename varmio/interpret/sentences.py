"""The words of the answer: each sentence made from matches and findings, no clinical claim added."""

from __future__ import annotations

import re

from varmio.interpret.classify import is_rare
from varmio.interpret.subtype import rule_for
from varmio.interpret.tier import missing
from varmio.model import (
    MATCHED,
    AnswerCode,
    Basis,
    CallState,
    Finding,
    GeneVerdict,
    Group,
    Panel,
    Status,
    SubtypeMatch,
    Transplant,
    Verdict,
    Zygosity,
)
from varmio.phrases import listed

LIST_AT_MOST = 6  # gene symbols named in a sentence before the rest is counted
NOT_OSTEOPETROSIS = "This disease is not one of the osteopetroses, and they are not ruled out by it."
CONFLICT = "They mean different things for a transplant; the one that asks for more restraint stands first."
MEANINGS_DIFFER = "The two mean different things for a transplant; both are shown."
NOTHING_SEEN = "None of the osteopetrosis genes could be looked at in this file, so nothing can be said."


def _name(finding: Finding) -> str:
    name = finding.hgvs_c or finding.variant.short_key
    return f"{name} {finding.hgvs_p}" if finding.hgvs_p else name


def gene_label(panel: Panel, symbol: str) -> str:
    """The symbol, with the protein's name where the panel gives one, so that names alike are not mixed up."""
    known = panel.gene(symbol)
    return symbol if known is None or known.protein_name == symbol else f"{symbol} ({known.protein_name})"


def _called(panel: Panel, match: SubtypeMatch) -> str:
    """'GENE disease (ID)'; another disease than osteopetrosis by its name."""
    gene = gene_label(panel, match.gene)
    if match.group is Group.CORE:
        return f"{gene} disease ({match.id})"
    return f"{re.sub(r' *[(].*', '', match.name)}, {gene} disease ({match.id})"


def _class_words(findings: list[Finding]) -> str:
    words = {f.classification.class_.replace("_", " ") for f in findings if f.classification.is_pathogenic}
    return " and ".join(sorted(words)) or "uncertain"


def leading(
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
    if match.group is Group.DIFFERENTIAL:
        sentence += f" {NOT_OSTEOPETROSIS}"
    sentence += "".join(_beside(other, match, names) for other in matches if other.gene == match.gene)
    return sentence + _other_genes(panel, match, matches)


def _other_genes(panel: Panel, match: SubtypeMatch, matches: tuple[SubtypeMatch, ...]) -> str:
    """The matches of other genes that are less sure: a second diagnosis is never left for the reader to find."""
    rest = _of_other_genes(matches, (match,))
    said = _also(panel, rest)
    return f"{said} {MEANINGS_DIFFER}" if rest and _differ((match, *rest)) else said


def _of_other_genes(matches: tuple[SubtypeMatch, ...], told: tuple[SubtypeMatch, ...]) -> list[SubtypeMatch]:
    """What may be given a verdict in the genes that were not told of yet."""
    genes = {m.gene for m in told}
    return [m for m in matches if m.gene not in genes and m.status in MATCHED]


def _also(panel: Panel, rest: list[SubtypeMatch]) -> str:
    return "".join(f" {_called(panel, m)} is {m.status} beside it." for m in rest)


def _differ(matches: tuple[SubtypeMatch, ...]) -> bool:
    """Whether they mean different things for a transplant."""
    return len({m.transplant.class_ for m in matches} - {Transplant.NOT_ESTABLISHED}) > 1


def _beside(other: SubtypeMatch, match: SubtypeMatch, names: dict[str, Finding]) -> str:
    """What another, more cautious reading of the same gene still allows."""
    if other.id == match.id or other.inheritance.one_copy_is_enough or other.status is Status.EXCLUDED:
        return ""
    if other.status is Status.ONE_ALLELE:
        return f" A second allele, which would make it {other.id}, has not been excluded."
    second = [_name(names[i]) for i in other.findings if i not in match.findings]
    return f" With {' and '.join(second)} the recessive form {other.id} is {other.status} too."


def unread(panel: Panel, genes: tuple[str, ...]) -> str:
    """A sentence on structural records that touch exons and are no finding, or nothing."""
    if not genes:
        return ""
    named = _listed([gene_label(panel, gene) for gene in genes])
    return f" A structural record over {named} was set aside or not read: look at it before anything is ruled out."


def _what(match: SubtypeMatch, found: list[Finding]) -> str:
    class_ = _class_words(found)
    names = " and ".join(_name(f) for f in found)
    pathogenic = sum(f.classification.is_pathogenic for f in found)
    if match.basis is Basis.HOMOZYGOUS_DELETION:
        what = f"no copy of {_lost(found[0])} is left ({names})."
    elif match.basis is Basis.SNV_OVER_DELETION:
        what = f"one copy carries a {class_} change, and the other copy is deleted there ({names})."
    elif match.basis is Basis.HOMOZYGOUS:
        what = f"both copies of the gene carry the same {class_} change ({names})."
    elif match.basis is Basis.HEMIZYGOUS:
        what = f"the only copy carries a {class_} change ({names})."
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


def _lost(found: Finding) -> str:
    """What a deletion takes: 'the gene', 'exon 5', 'exons 7 to 25'."""
    if "transcript_ablation" in found.consequences:
        return "the gene"
    exons = found.whole_exons_lost
    return f"exon {exons[0]}" if len(exons) == 1 else f"exons {exons[0]} to {exons[-1]}"


def several(panel: Panel, leading: tuple[SubtypeMatch, ...], matches: tuple[SubtypeMatch, ...]) -> str:
    named = " and ".join(_called(panel, m) for m in leading)
    sentence = f"Findings in {len(leading)} genes speak equally for {named}; each is shown, none is set aside."
    sentence += _also(panel, _of_other_genes(matches, leading))
    return f"{sentence} {CONFLICT}" if _differ(leading) else sentence


def unweighed(panel: Panel, waiting: tuple[Finding, ...], single: list[SubtypeMatch], names: dict[str, Finding]) -> str:
    """The first change that waits for a frequency, why it waits, and what was found beside it."""
    first = next((f for f in waiting if not is_rare(f.frequency)), waiting[0])
    where = {
        Zygosity.HOMOZYGOUS: "on both copies",
        Zygosity.HEMIZYGOUS: "on the only copy",
    }.get(first.zygosity, "beside a second one")
    rest = len(waiting) - 1
    more = f" {rest} more {'change waits' if rest == 1 else 'changes wait'} with it." if rest else ""
    beside = "".join(
        f" One copy of {gene_label(panel, m.gene)} carries a {_class_words([names[i] for i in m.findings])} change "
        f"({', '.join(_name(names[i]) for i in m.findings)})."
        for m in single
    )
    return (
        f"{gene_label(panel, first.gene)} {_name(first)}, found {where}, could explain the disease "
        f"but could not be weighed: {missing(first)}{more}{beside}"
    )


def one_allele(panel: Panel, matches: list[SubtypeMatch], names: dict[str, Finding]) -> str:
    match = matches[0]
    found = [names[i] for i in match.findings]
    named = " and ".join(_name(f) for f in found)
    one = "One copy" if len(found) == 1 else "One copy (these changes lie on it)"
    sentence = (
        f"{one} of {gene_label(panel, match.gene)} carries a {_class_words(found)} change ({named}), "
        "and no second change that counts was found; in an affected child it may be of a kind "
        "this file can't show."
    )
    others = dict.fromkeys(gene_label(panel, m.gene) for m in matches[1:] if m.gene != match.gene)
    return " ".join(
        (
            sentence,
            *([match.one_allele_note] if match.one_allele_note else []),
            *([f"The same holds for {', '.join(others)}."] if others else []),
        )
    )


def nothing(panel: Panel, core: list[GeneVerdict], matches: tuple[SubtypeMatch, ...], names: dict[str, Finding]) -> str:
    unseen = [gene_label(panel, g.symbol) for g in core if g.verdict is Verdict.COULD_NOT_LOOK]
    partly = sum(g.verdict is Verdict.PARTLY_SEEN for g in core)
    whole = sum(g.verdict is Verdict.NOT_FOUND for g in core)
    part = f"{partly} of {len(core)} core genes {'was' if partly == 1 else 'were'} seen only in part" if partly else ""
    look = f"{_listed(unseen)} could not be looked at" if unseen else ""
    covered = f"all coding bases of {whole} of {len(core)} core genes were read" if whole else ""
    seen = " and ".join(filter(None, (look, part))) or covered
    sentence = f"{seen}: nothing was found that explains the disease, and osteopetrosis is not ruled out."
    sentence = sentence[:1].upper() + sentence[1:] if not unseen else sentence
    sentence += f" {covered[:1].upper()}{covered[1:]}." if covered and seen != covered else ""
    for match in matches:
        if match.status is Status.EXCLUDED:
            named = ", ".join(_name(names[i]) for i in match.findings)
            reason = _aside(panel, match, names[match.findings[0]])
            sentence += f" {gene_label(panel, match.gene)} {named} was found and set aside: {reason}."
    return sentence


def _aside(panel: Panel, match: SubtypeMatch, finding: Finding) -> str:
    subtype = next(s for s in panel.subtypes if s.id == match.id)
    return rule_for(subtype, finding).reason.rstrip(".")


def _listed(symbols: list[str]) -> str:
    if len(symbols) <= LIST_AT_MOST:
        return listed(symbols)
    return f"{', '.join(symbols[:LIST_AT_MOST])} and {len(symbols) - LIST_AT_MOST} more genes"
