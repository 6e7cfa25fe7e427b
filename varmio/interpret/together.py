"""Two changes on one copy that act together, and so must not be judged apart.

Each is named by itself here; what they do together was not worked out. Until it is, their calls count
as doubtful, so that neither a stop that its neighbour undoes nor a frame that is restored a few codons
on makes a diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from varmio.interpret.inheritance import Phase
from varmio.model import CallQuality, CallState, Finding, Zygosity

RESTORED_WITHIN = 150  # bases; a shifted frame meets a stop within about 21 codons (3 of 64), so seldom later
CODING_SUBSTITUTION = re.compile(r"c\.(\d+)[ACGT]>[ACGT]")


def doubted(findings: Iterable[Finding], phases: Mapping[frozenset[str], Phase]) -> tuple[Finding, ...]:
    """The findings, those that act together with a neighbour on the same copy marked doubtful."""
    marked = {f.id: f for f in findings}
    for a, b in combinations(tuple(marked), 2):
        reason = _together(marked[a], marked[b], phases)
        if reason:
            marked[a] = _doubt(marked[a], f"{reason} {_name(marked[b])} {ACT}")
            marked[b] = _doubt(marked[b], f"{reason} {_name(marked[a])} {ACT}")
    return tuple(marked.values())


ACT = "on the same copy: what the two do together was not worked out."


def _together(a: Finding, b: Finding, phases: Mapping[frozenset[str], Phase]) -> str | None:
    if a.transcript != b.transcript or not _on_one_copy(a, b, phases):
        return None
    codons = [_codon(f) for f in (a, b)]
    if codons[0] is not None and codons[0] == codons[1]:
        return "It changes the same codon as"
    shifts = [_shift(f) for f in (a, b)]
    near = abs(a.variant.pos - b.variant.pos) <= RESTORED_WITHIN
    if all(shifts) and sum(shifts) % 3 == 0 and near:
        return "The frame that it shifts is restored by"
    return None


def _on_one_copy(a: Finding, b: Finding, phases: Mapping[frozenset[str], Phase]) -> bool:
    everywhere = (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS)
    either = a.zygosity in everywhere or b.zygosity in everywhere
    return either or phases.get(frozenset((a.id, b.id))) is Phase.CIS


def _codon(finding: Finding) -> int | None:
    found = CODING_SUBSTITUTION.fullmatch(finding.hgvs_c or "")
    return (int(found[1]) - 1) // 3 if found else None


def _shift(finding: Finding) -> int:
    """Bases gained or lost by a frameshift; 0 for anything else."""
    if "frameshift_variant" not in finding.consequences:
        return 0
    return len(finding.variant.alt) - len(finding.variant.ref)


def _name(finding: Finding) -> str:
    return finding.hgvs_c or finding.variant.short_key


def _doubt(finding: Finding, reason: str) -> Finding:
    reasons = (reason, *finding.call_quality.reasons)
    return replace(finding, call_quality=CallQuality(CallState.DOUBTFUL, reasons))
