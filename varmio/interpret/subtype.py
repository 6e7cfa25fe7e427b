"""From findings to subtypes: which alleles count, on how many copies, and how sure that is.

Alleles that the panel's rules set aside for a subtype (another mechanism, another disease) are
taken out first. Then every constellation that the rest allows is weighed, and the best one stands.

Recessive and X-linked subtypes (P/LP = pathogenic or likely pathogenic):

| constellation                                                | solid      | not assessable | doubtful   |
|--------------------------------------------------------------|------------|----------------|------------|
| P/LP on both copies (homozygous, in trans; X-linked: hemiz.) | diagnostic | likely         | possible   |
| two P/LP, phase unknown                                      | likely     | likely         | possible   |
| P/LP and a rare VUS that could explain, trans or unknown     | possible   | possible       | possible   |
| such a VUS homozygous (X-linked: or hemizygous)              | possible   | possible       | possible   |
| one P/LP; two in cis; beside a VUS in cis or not surely rare | one_allele | one_allele     | one_allele |

"On both copies" is also a P/LP allele that looks homozygous over a deletion of the other copy
(`snv_over_deletion`): diagnostic where the deletion is P/LP too, else possible.

Dominant subtypes, X-linked dominant ones too: one or two P/LP of the dominant mechanism: diagnostic,
likely, possible.

An allele whose mechanism is not known for this subtype (`feeds_unsure`) reaches possible at most;
a partial call (./1) counts as one doubtful allele; a subtype's `ceiling` caps the rest. A subtype that
`needs_both` has no one_allele: there one allele is another disease's. `excluded`:
every P/LP allele of the gene was set aside and no other subtype of the panel takes one of them.
Two heterozygous VUS, or a VUS whose frequency is not known to be rare, never make a match.

Order: the surest gene first; of genes equally sure, the one whose transplant meaning asks for the most
restraint (`CAUTION`); within a gene the recessive, more cautious disease; then the panel's own order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from varmio.interpret import together
from varmio.interpret.classify import is_rare
from varmio.interpret.inheritance import Phase, Phases
from varmio.model import (
    AlleleRule,
    Assembly,
    Basis,
    CallState,
    Class,
    ClassWithSource,
    Finding,
    Inheritance,
    Panel,
    PanelSubtype,
    Status,
    SubtypeMatch,
    Transplant,
    Zygosity,
)

FEEDING = ("feeds", "feeds_unsure")
UNSURE_COPIES = (Zygosity.PARTIAL, Zygosity.MOSAIC_SUSPECTED)
CALLED = (Zygosity.HETEROZYGOUS, Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS, *UNSURE_COPIES)
SURENESS = {s: i for i, s in enumerate((*Status,))}  # diagnostic first
CAUTION = (  # what asks for most restraint first; what says nothing of a transplant last
    Transplant.INEFFECTIVE_EXTRINSIC,
    Transplant.NOT_RECOMMENDED_NEURODEGENERATION,
    Transplant.CASE_BY_CASE_AFTER_NEUROLOGY,
    Transplant.CASE_BY_CASE_PARTIAL_BENEFIT,
    Transplant.CASE_BY_CASE_IMMUNE_INDICATION,
    Transplant.INDICATED_URGENT,
    Transplant.INDICATED,
    Transplant.NOT_INDICATED,
    Transplant.NOT_ESTABLISHED,
)
NAMES_NOTHING = frozenset({"not provided", "not specified"})  # what ClinVar writes where no condition is named
NO_RULE = AlleleRule("not_this", "No rule of the panel speaks of this kind of allele.")


@dataclass(frozen=True, slots=True)
class Constellation:
    """Some alleles of one gene and what they would mean for one subtype."""

    status: Status
    basis: Basis
    findings: tuple[Finding, ...]
    reason: str


def matches(panel: Panel, findings: Iterable[Finding], phases: Phases) -> tuple[SubtypeMatch, ...]:
    """Every subtype of the panel that the findings speak for or against, leading one first.

    Statements are joined later (`interpret/statements.py`); here they are empty.
    """
    standing = together.standing(findings)
    in_place = sorted(standing, key=lambda f: (f.variant.pos, f.id))  # the order of the file words nothing
    called = tuple(f for f in in_place if f.zygosity in CALLED)
    found: list[SubtypeMatch] = []
    for subtype in panel.subtypes:
        of_gene = tuple(f for f in called if f.gene == subtype.gene)
        match = _match(subtype, of_gene, phases) or _excluded(panel, subtype, of_gene)
        if match is not None:
            found.append(match)
    pathogenic = frozenset(f.id for f in called if f.classification.is_pathogenic)
    kept = tuple(m for m in found if not _yields(panel, m, found, pathogenic))
    return _in_order(panel, kept)


def rule_for(subtype: PanelSubtype, finding: Finding) -> AlleleRule:
    """The first rule of the subtype that fits the allele; without one it says nothing here."""
    return next((rule for rule in subtype.rules if _fits(rule, finding)), NO_RULE)


def _fits(rule: AlleleRule, finding: Finding) -> bool:
    key = finding.variant.keys.get(Assembly.GRCH38)
    said = {t.lower() for t in finding.clinvar.traits} - NAMES_NOTHING if finding.clinvar else set()
    return (
        (not rule.alleles or key in rule.alleles)
        and (not rule.kinds or finding.kind in rule.kinds)
        and (not rule.exons or finding.exon in rule.exons)
        and (not rule.consequences or not set(rule.consequences).isdisjoint(finding.consequences))
        and (not rule.traits or not said.isdisjoint(t.lower() for t in rule.traits))
        and (not rule.traits_other_than or _named_otherwise(said, rule.traits_other_than))
    )


def _named_otherwise(said: set[str], own: tuple[str, ...]) -> bool:
    return bool(said) and said.isdisjoint(t.lower() for t in own)


def could_carry(subtype: PanelSubtype, finding: Finding) -> bool:
    """Whether a VUS could explain this subtype, as far as the kind of allele goes."""
    return (
        finding.classification.class_ is Class.UNCERTAIN_SIGNIFICANCE
        and finding.could_explain
        and rule_for(subtype, finding).verdict in FEEDING
    )


def _match(subtype: PanelSubtype, findings: tuple[Finding, ...], phases: Phases) -> SubtypeMatch | None:
    feeding = tuple(f for f in findings if f.classification.is_pathogenic and rule_for(subtype, f).verdict in FEEDING)
    uncertain = tuple(f for f in findings if could_carry(subtype, f))
    if subtype.inheritance.one_copy_is_enough:
        options = [_dominant(f) for f in feeding]
    else:
        options = [*_recessive(subtype, feeding, uncertain, phases)]
    if subtype.needs_both:
        options = [option for option in options if option.status is not Status.ONE_ALLELE]
    if not options:
        return None
    best = min((_capped(subtype, option) for option in options), key=lambda o: SURENESS[o.status])
    return _as_match(subtype, best, findings, uncertain)


def _dominant(finding: Finding) -> Constellation:
    basis = {
        Zygosity.HOMOZYGOUS: Basis.HOMOZYGOUS,
        Zygosity.HEMIZYGOUS: Basis.HEMIZYGOUS,
    }.get(finding.zygosity, Basis.DOMINANT_HET)
    reason = f"{_named(finding)}; one copy is enough in this dominant condition."
    return Constellation(Status.DIAGNOSTIC, basis, (finding,), reason)


def on_every_copy(subtype: PanelSubtype, finding: Finding) -> bool:
    """Whether the call shows the allele on every copy that this person has of the gene."""
    hemizygous = subtype.inheritance is Inheritance.X_LINKED and finding.zygosity is Zygosity.HEMIZYGOUS
    return finding.zygosity is Zygosity.HOMOZYGOUS or hemizygous


def _recessive(
    subtype: PanelSubtype, feeding: tuple[Finding, ...], uncertain: tuple[Finding, ...], phases: Phases
) -> Iterable[Constellation]:
    rare = tuple(f for f in uncertain if is_rare(f.frequency))
    over = {f.id: d for f in (*feeding, *rare) for d in (*feeding, *uncertain) if _over_deletion(f, d)}
    for finding in (*feeding, *rare):
        if finding.id in over:
            yield _snv_over_deletion(finding, over[finding.id])
    for finding in feeding:
        if on_every_copy(subtype, finding) and finding.id not in over:
            yield Constellation(Status.DIAGNOSTIC, _basis_of_one(finding), (finding,), _every_copy(finding))
    for pair in combinations(feeding, 2):
        yield _pair_of_pathogenic(pair, phases)
    for finding in feeding:
        for partner in rare:
            if phase_of(finding, partner, phases) is not Phase.CIS:
                yield _with_rare_vus(finding, partner, phases)
    for finding in rare:
        if on_every_copy(subtype, finding) and finding.id not in over:
            reason = (
                f"{_named(finding)}; its frequency was looked up and is rare, and its kind could explain "
                "the disease, but it is not known to cause it."
            )
            yield Constellation(Status.POSSIBLE, _basis_of_one(finding), (finding,), reason)
    for finding in feeding:
        if not on_every_copy(subtype, finding) or finding.id in over:
            reason = (
                f"{_named(finding)}; no second allele that counts was found. In an affected child the "
                "second may be of a kind this file can't show."
            )
            yield Constellation(Status.ONE_ALLELE, Basis.SINGLE_HET, (finding,), reason)


def _over_deletion(finding: Finding, deletion: Finding) -> bool:
    """Whether the allele fills its place alone because a deletion has taken the other copy there."""
    deleted = deletion.variant
    end = deleted.end if deleted.end is not None else deleted.pos - 1 + len(deleted.ref)
    return (
        finding.id != deletion.id
        and bool(deletion.whole_exons_lost)
        and deletion.zygosity is Zygosity.HETEROZYGOUS
        and finding.zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS)
        and finding.variant.contig == deleted.contig
        and deleted.pos <= finding.variant.pos <= end
    )


def _snv_over_deletion(finding: Finding, deletion: Finding) -> Constellation:
    both = all(f.classification.is_pathogenic for f in (finding, deletion))
    known = "" if both else "; one of the two is not known to cause the disease"
    reason = (
        f"{_named(finding)} over {_named(deletion)}: the call looks homozygous because the other copy is "
        f"deleted there{known}. Both copies are altered, by two different changes. A copy-number test shows whether "
        "the deletion is there, and the parents carry one change each."
    )
    status = Status.DIAGNOSTIC if both else Status.POSSIBLE
    return Constellation(status, Basis.SNV_OVER_DELETION, (finding, deletion), reason)


def phase_of(a: Finding, b: Finding, phases: Phases) -> Phase:
    """The phase of two findings; a pair that nobody looked at is unknown."""
    return phases.of(a.id, b.id)


def _pair_of_pathogenic(pair: tuple[Finding, Finding], phases: Phases) -> Constellation:
    names = " and ".join(_named(f) for f in pair)
    phase = phase_of(*pair, phases)
    if phase is Phase.TRANS:
        reason = f"{names}; they lie on different copies (in trans), so both copies are altered."
        return Constellation(Status.DIAGNOSTIC, Basis.COMPOUND_HET_IN_TRANS, pair, reason)
    if phase is Phase.CIS:
        reason = f"{names}; both lie on the same copy (in cis), so one copy is altered, not two."
        return Constellation(Status.ONE_ALLELE, Basis.IN_CIS, pair, reason)
    reason = f"{names}; the file does not show whether they lie on different copies (phase unknown)."
    return Constellation(Status.LIKELY, Basis.COMPOUND_HET_PHASE_UNKNOWN, pair, reason)


def _with_rare_vus(finding: Finding, partner: Finding, phases: Phases) -> Constellation:
    trans = phase_of(finding, partner, phases) is Phase.TRANS
    basis = Basis.COMPOUND_HET_IN_TRANS if trans else Basis.COMPOUND_HET_PHASE_UNKNOWN
    where = "on the other copy (in trans)" if trans else "with phase unknown"
    reason = (
        f"{_named(finding)}, and {_named(partner)} {where}; the second is rare and could explain the "
        "disease, but is not known to cause it."
    )
    return Constellation(Status.POSSIBLE, basis, (finding, partner), reason)


def _basis_of_one(finding: Finding) -> Basis:
    if finding.zygosity is Zygosity.HEMIZYGOUS:
        return Basis.HEMIZYGOUS
    return Basis.HOMOZYGOUS_DELETION if finding.whole_exons_lost else Basis.HOMOZYGOUS


def _every_copy(finding: Finding) -> str:
    if finding.zygosity is Zygosity.HEMIZYGOUS:
        return f"{_named(finding)}; one copy of this gene is there, and it is altered."
    return f"{_named(finding)}; both copies of the gene carry it."


def _named(finding: Finding) -> str:
    name = finding.hgvs_c or finding.variant.short_key
    class_ = finding.classification.class_.replace("_", " ")
    return f"{finding.gene} {name} ({class_}, {finding.zygosity.replace('_', ' ')})"


def _capped(subtype: PanelSubtype, option: Constellation) -> Constellation:
    """The constellation after call quality, unsure mechanism and the subtype's ceiling."""
    pathogenic = [f for f in option.findings if f.classification.is_pathogenic]
    states = {f.call_quality.state for f in _leaned_on(option)}
    partial = [f for f in option.findings if f.zygosity in UNSURE_COPIES]
    unsure = [r.reason for f in pathogenic if (r := rule_for(subtype, f)).verdict == "feeds_unsure"]
    limits: list[tuple[Status, str]] = []
    if CallState.NOT_ASSESSABLE in states:
        limits.append((Status.LIKELY, "The file gives neither depth nor quality to judge the call by."))
    if CallState.DOUBTFUL in states or partial:
        limits.append((Status.POSSIBLE, "A call is doubtful, so this is possible at most."))
    limits.extend((Status.POSSIBLE, reason) for reason in unsure)
    if subtype.ceiling is not None:
        limits.append((subtype.ceiling, f"{subtype.id} is {subtype.ceiling} at most from a file like this."))
    if option.status is Status.ONE_ALLELE:
        return option
    status = max((option.status, *(limit for limit, _ in limits)), key=SURENESS.__getitem__)
    reason = " ".join((option.reason, *(why for limit, why in limits if SURENESS[limit] > SURENESS[option.status])))
    return Constellation(status, option.basis, option.findings, reason)


def _leaned_on(option: Constellation) -> tuple[Finding, ...]:
    """The findings whose calls must hold. A deletion beside the other copy's change need not: without it that change
    is on both copies."""
    both = all(f.classification.is_pathogenic for f in option.findings)
    return option.findings[:1] if option.basis is Basis.SNV_OVER_DELETION and both else option.findings


def _as_match(
    subtype: PanelSubtype,
    best: Constellation,
    findings: tuple[Finding, ...],
    uncertain: tuple[Finding, ...],
) -> SubtypeMatch:
    aside = [
        f"{_named(f)} was set aside: {rule_for(subtype, f).reason}"
        for f in findings
        if f.classification.is_pathogenic and rule_for(subtype, f).verdict == "set_aside"
    ]
    candidates = uncertain if best.status is Status.ONE_ALLELE else ()
    named = [
        f"{_named(f)} is the candidate second allele: it lies on the same copy or is not known to be rare."
        for f in candidates
    ]
    note = [subtype.one_allele_note] if subtype.one_allele_note and best.status is Status.ONE_ALLELE else []
    reasons = (best.reason, *note, *aside, *named)
    return _build(subtype, best, reasons, tuple(f.id for f in candidates))


def _build(
    subtype: PanelSubtype, found: Constellation, reasons: tuple[str, ...], candidates: tuple[str, ...] = ()
) -> SubtypeMatch:
    return SubtypeMatch(
        id=subtype.id,
        name=subtype.name,
        gene=found.findings[0].gene,
        inheritance=subtype.inheritance,
        findings=tuple(f.id for f in found.findings),
        basis=found.basis,
        status=found.status,
        reasons=reasons,
        neurology=ClassWithSource(subtype.neurology, subtype.neurology_statements),
        transplant=ClassWithSource(subtype.transplant, subtype.transplant_statements),
        statements=(),
        candidates=candidates,
        group=subtype.group,
        one_allele_note=subtype.one_allele_note,
    )


def _excluded(panel: Panel, subtype: PanelSubtype, findings: tuple[Finding, ...]) -> SubtypeMatch | None:
    pathogenic = tuple(f for f in findings if f.classification.is_pathogenic)
    if not pathogenic or any(rule_for(subtype, f).verdict != "set_aside" for f in pathogenic):
        return None
    siblings = [s for s in panel.subtypes if s.gene == subtype.gene]
    if any(rule_for(s, f).verdict in FEEDING for s in siblings for f in pathogenic):
        return None
    first = pathogenic[0]
    basis = _basis_of_one(first) if on_every_copy(subtype, first) else Basis.SINGLE_HET
    reasons = tuple(f"{_named(f)} was set aside: {rule_for(subtype, f).reason}" for f in pathogenic)
    return _build(subtype, Constellation(Status.EXCLUDED, basis, pathogenic, ""), reasons)


def _yields(panel: Panel, match: SubtypeMatch, found: list[SubtypeMatch], pathogenic: frozenset[str]) -> bool:
    """Whether a dominant reading gives way: P/LP alleles may already fill both copies."""
    subtype = next(s for s in panel.subtypes if s.id == match.id)
    rival = next((m for m in found if m.id == subtype.yields_to), None)
    if rival is None or rival.status in (Status.EXCLUDED, Status.ONE_ALLELE):
        return False
    return set(rival.findings) <= pathogenic


def _in_order(panel: Panel, kept: tuple[SubtypeMatch, ...]) -> tuple[SubtypeMatch, ...]:
    place = {s.id: i for i, s in enumerate(panel.subtypes)}
    best: dict[str, tuple[int, int, int]] = {}  # gene -> its surest match, that one's caution, place in the panel
    for match in kept:
        own = (SURENESS[match.status], CAUTION.index(Transplant(match.transplant.class_)), place[match.id])
        best[match.gene] = min(own, best.get(match.gene, own))

    def order(match: SubtypeMatch) -> tuple[object, ...]:
        aside = match.status is Status.EXCLUDED
        return (*best[match.gene], aside, match.inheritance.one_copy_is_enough, place[match.id])

    return tuple(sorted(kept, key=order))
