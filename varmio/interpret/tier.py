"""The order in which a person reads the findings.

| tier | what                                                                                      |
|------|-------------------------------------------------------------------------------------------|
| 1    | carries a subtype match (or is its partner)                                               |
| 2    | must be read by a person: P/LP set aside or of a gene without a subtype, a candidate      |
|      | second allele, every VUS that could explain and is not common, and a null allele that     |
|      | other evidence calls benign                                                               |
| 3    | could not be weighed (frequency not looked up, or no name) and could not explain          |
| 4    | the rest, and what another finding of the same codon counts in the place of               |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from varmio.interpret import together
from varmio.interpret.classify import is_rare
from varmio.model import Class, Finding, FrequencyState, Panel, Status, SubtypeMatch


def with_tiers(panel: Panel, findings: Iterable[Finding], matches: tuple[SubtypeMatch, ...]) -> tuple[Finding, ...]:
    """The findings with their tier and its reasons: the most important first, then as the panel has its genes."""
    place = {gene.symbol: i for i, gene in enumerate(panel.genes)}
    given = tuple(findings)
    said = together.spoken_for(given)
    placed = [_with_tier(finding, matches, said.get(finding.id)) for finding in given]
    return tuple(sorted(placed, key=lambda f: (f.tier, place[f.gene], f.variant.pos, f.variant.ref, f.variant.alt)))


def _with_tier(finding: Finding, matches: tuple[SubtypeMatch, ...], instead: Finding | None) -> Finding:
    tier, reasons = _tier(finding, matches) if instead is None else _spoken_for(finding, instead)
    return replace(finding, tier=tier, reasons=(*finding.reasons, *reasons))


def _spoken_for(finding: Finding, instead: Finding) -> tuple[int, tuple[str, ...]]:
    """Last, unless the finding that counts in its place would not be read itself."""
    own, other = (f.classification.is_pathogenic or f.could_explain for f in (finding, instead))
    said = f"{together.name(instead)} counts in its place: both are of one codon, on the same copy."
    return 2 if own and not other else 4, (said,)


def _tier(finding: Finding, matches: tuple[SubtypeMatch, ...]) -> tuple[int, tuple[str, ...]]:
    carried = [m for m in matches if finding.id in m.findings and m.status is not Status.EXCLUDED]
    if carried:
        return 1, tuple(f"Carries the match {m.id} ({m.status.replace('_', ' ')})." for m in carried)
    aside = [r for m in matches if finding.id in m.findings for r in m.reasons]
    if finding.classification.is_pathogenic:
        beside = [m.id for m in matches if m.gene == finding.gene]
        rest = f"A further pathogenic allele of {finding.gene}; the match {', '.join(beside)} rests on others."
        return 2, tuple(aside) or (rest if beside else "No subtype of the panel takes this pathogenic allele.",)
    candidate = [m.id for m in matches if finding.id in m.candidates]
    if candidate:
        return 2, (f"Candidate second allele for {', '.join(candidate)}; {missing(finding)}",)
    if finding.classification.class_ is Class.UNCERTAIN_SIGNIFICANCE and finding.could_explain:
        return 2, (f"Its kind could explain the disease; {missing(finding)}",)
    if any(c.code == "NULL" and c.met for c in finding.classification.criteria):
        return 2, ("Its kind breaks this gene, and other evidence calls it benign: the two disagree.",)
    if finding.frequency.state is FrequencyState.NOT_LOOKED_UP or finding.unnamed_reason:
        return 3, ("It could not be weighed, and its kind is not one that explains the disease.",)
    return 4, ()


def missing(finding: Finding) -> str:
    """What would have to be known to weigh this VUS, as the end of a sentence."""
    if finding.frequency.state is FrequencyState.NOT_LOOKED_UP:
        return "its frequency was not looked up."
    if finding.frequency.state is FrequencyState.SCREENED:
        return "it is in no list of common alleles, but how rare it is was not looked up."
    if not is_rare(finding.frequency):
        return "its frequency lies between rare and common."
    return "it is rare, and whether it causes disease is not known."
