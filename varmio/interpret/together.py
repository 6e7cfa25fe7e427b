"""Two changes on one copy that act together, and so must not be judged apart.

Each is named by itself here; what they do together was not worked out. Until it is, their calls count
as doubtful, so that neither a stop that its neighbour undoes nor a frame that is restored a few codons
on makes a diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import combinations, takewhile

from varmio.interpret.inheritance import Phase, Phases
from varmio.model import CallQuality, CallState, Finding, Zygosity

RESTORED_WITHIN = 150  # bases; a shifted frame meets a stop within about 21 codons (3 of 64), so seldom later
CODING_SUBSTITUTION = re.compile(r"c\.(\d+)[ACGT]>[ACGT]")


def doubted(findings: Iterable[Finding], phases: Phases) -> tuple[Finding, ...]:
    """The findings, those that act together with a neighbour on the same copy marked doubtful."""
    marked = {f.id: f for f in findings}
    for a, b, reason in _neighbours(tuple(marked.values())):
        if _on_one_copy(a, b, phases):
            marked[a.id] = _doubt(marked[a.id], f"{reason} {_name(b)} {ACT}")
            marked[b.id] = _doubt(marked[b.id], f"{reason} {_name(a)} {ACT}")
    return tuple(marked.values())


def _neighbours(findings: tuple[Finding, ...]) -> Iterable[tuple[Finding, Finding, str]]:
    """Pairs that could act together: substitutions of one codon, frameshifts that cancel out nearby."""
    codons: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        codon = _codon(finding)
        if codon is not None:
            codons.setdefault((finding.transcript, codon), []).append(finding)
    for one_codon in codons.values():
        yield from ((a, b, "It changes the same codon as") for a, b in combinations(one_codon, 2))
    shifting = sorted((f for f in findings if _shift(f)), key=lambda f: (f.transcript, f.variant.pos))
    for index, a in enumerate(shifting):
        for b in takewhile(partial(_near, a), shifting[index + 1 :]):
            if (_shift(a) + _shift(b)) % 3 == 0:
                yield a, b, "The frame that it shifts is restored by"


def _near(a: Finding, b: Finding) -> bool:
    return a.transcript == b.transcript and b.variant.pos - a.variant.pos <= RESTORED_WITHIN


ACT = "on the same copy: what the two do together was not worked out."


def _on_one_copy(a: Finding, b: Finding, phases: Phases) -> bool:
    everywhere = (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS)
    either = a.zygosity in everywhere or b.zygosity in everywhere
    return either or phases.of(a.id, b.id) is Phase.CIS


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
