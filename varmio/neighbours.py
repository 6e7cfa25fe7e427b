"""Findings that act together on one copy: those of one codon named as one beside themselves, the others doubted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from varmio.interpret import together
from varmio.interpret.classify import LIKELY_BENIGN_AF
from varmio.model import BY_TRUST, Allele, CallQuality, Finding, FrequencyState, Zygosity
from varmio.panel_records import Desk, Drafts, as_finding, placed_on
from varmio.phrases import listed

JOINED = (
    "It names {parts} together: they change one codon and lie on the same copy, so the protein has one change, not {n}."
)
READS = "Genotype and reads are those of {name}, the weaker of the calls."
BOUND = "No list has the changes together; they are at most as common as {name}, whose frequency is shown."
REPLACED = "It changes the same codon as {others} on the same copy; {name} names what they do together."
ALONE_TOO = "On one of its copies it changes the same codon as {others}; {name} names what they do together."
NOT_JOINED = "It changes the same codon as {others} on the same copy: what they do together was not worked out."
SAME = "It changes the same codon as {others} on the same copy; together ({name}) they make the same protein change."
UNPHASED = (
    "It changes the same codon as {others}, and the file does not show whether they lie on the same copy. If they "
    "do, the protein has {protein} instead; the reads over both show it."
)


def judged_together(desk: Desk, drafts: Drafts) -> Drafts:
    """The drafts with one more finding for each codon that several changes on one copy make, and with the doubts."""
    findings = {f.id: f for f in together.doubted(drafts.findings, drafts.phases)}
    for codon in together.codons(tuple(findings.values()), drafts.phases):
        for parts, zygosity in codon.joined:
            whole = _whole(desk, drafts, parts, zygosity)
            findings.update({f.id: f for f in _parts(parts, whole, findings)})
            if whole is not None:
                findings.setdefault(whole.id, whole)
                drafts = _with(drafts, whole)
        if not codon.copies:
            findings.update({f.id: f for f in _unphased(desk, codon.parts, findings)})
    return replace(drafts, findings=tuple(findings.values()))


def _with(drafts: Drafts, whole: Finding) -> Drafts:
    """The drafts that know the finding's parts, and its records."""
    parts = whole.combined_from or ()
    records = tuple(
        r if set(parts).isdisjoint(r.findings) else replace(r, findings=(*r.findings, whole.id)) for r in drafts.records
    )
    joined = {**drafts.phases.joined, whole.id: parts}
    return replace(drafts, records=records, phases=replace(drafts.phases, joined=joined))


def _whole(desk: Desk, drafts: Drafts, parts: Sequence[Finding], zygosity: Zygosity) -> Finding | None:
    """The parts as one finding, with the weakest call behind it; None where they make no one change."""
    variant = together.as_one(parts, desk.here.sequence)
    placed = placed_on(desk, variant) if variant is not None else None
    if variant is None or placed is None or placed.leading.transcript.accession != parts[0].transcript:
        return None
    weakest = max(parts, key=lambda f: (BY_TRUST.index(f.call_quality.state), -(f.genotype.dp or 0)))
    call = drafts.phases.alleles[weakest.id]
    names = listed([together.name(f) for f in parts])
    said = [JOINED.format(parts=names, n=len(parts)), READS.format(name=together.name(weakest))]
    frequency = desk.evidence.frequency(variant, placed.leading.exon_distance, in_scope=False)
    if frequency.state is not FrequencyState.LOOKED_UP and (rarest := _rarest(parts)) is not None:
        frequency = rarest.frequency
        said.append(BOUND.format(name=together.name(rarest)))
    allele = Allele(variant, zygosity, call.record, call.allele_number, tuple(said))
    built = as_finding(desk, allele, placed, frequency, _quality(parts, weakest))
    return replace(built, combined_from=tuple(f.id for f in parts))


def _quality(parts: Iterable[Finding], weakest: Finding) -> CallQuality:
    """The weakest state, with what lowers it by part."""
    reasons = (f"{together.name(f)}: {reason}" for f in parts for reason in f.call_quality.reasons)
    return CallQuality(weakest.call_quality.state, tuple(reasons))


def _rarest(parts: Iterable[Finding]) -> Finding | None:
    """The part whose frequency bounds that of all together; a common part bounds nothing."""
    known = [(f.frequency.max_af, f.id, f) for f in parts if f.frequency.max_af is not None]
    rare = [f for af, _, f in sorted(known, key=lambda k: k[:2]) if af < LIKELY_BENIGN_AF]
    screened = [f for f in parts if f.frequency.state is FrequencyState.SCREENED]
    return next(iter((*rare, *screened)), None)


def _parts(parts: Sequence[Finding], whole: Finding | None, now: dict[str, Finding]) -> Iterable[Finding]:
    for part in parts:
        others = listed([together.name(f) for f in parts if f is not part])
        kept = now[part.id]
        if whole is None:
            yield together.doubt(kept, NOT_JOINED.format(others=others))
        elif together.same_protein(part, whole):
            yield replace(kept, reasons=(*kept.reasons, SAME.format(others=others, name=together.name(whole))))
        elif part.zygosity is whole.zygosity:
            yield replace(kept, reasons=(*kept.reasons, REPLACED.format(others=others, name=together.name(whole))))
        else:
            yield together.doubt(kept, ALONE_TOO.format(others=others, name=together.name(whole)))


def _unphased(desk: Desk, parts: Sequence[Finding], now: dict[str, Finding]) -> Iterable[Finding]:
    """The parts, doubtful where lying on one copy would give the protein another change."""
    variant = together.as_one(parts, desk.here.sequence)
    placed = placed_on(desk, variant) if variant is not None else None
    if placed is None:
        return
    for part in parts:
        if placed.leading.hgvs_p != part.hgvs_p:
            others = listed([together.name(f) for f in parts if f is not part])
            yield together.doubt(
                now[part.id], UNPHASED.format(others=others, protein=placed.leading.hgvs_p or "another change")
            )
