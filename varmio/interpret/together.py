"""Two calls that must not be judged apart: they act together on one copy, or cannot both be true.

Each change is named by itself here; what two of them do together was not worked out. Until it is, such
calls count as doubtful, so that neither a stop that its neighbour undoes, nor a frame that is restored a
few codons on, nor an SNV that looks homozygous beside another allele of its base makes a diagnosis.
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
    found = tuple(marked.values())
    pairs = [(a, b, said, ACT) for a, b, said in _neighbours(found) if _on_one_copy(a, b, phases)]
    pairs += [(a, b, "It changes bases that are changed by", TOO_MANY) for a, b in _crowded(found)]
    for a, b, said, end in pairs:
        marked[a.id] = _doubt(marked[a.id], f"{said} {_name(b)} {end}")
        marked[b.id] = _doubt(marked[b.id], f"{said} {_name(a)} {end}")
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
TOO_MANY = "too: with one of them on both copies these are more alleles than copies, so a call is not what it seems."
EVERY_COPY = (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS)


def _crowded(findings: tuple[Finding, ...]) -> Iterable[tuple[Finding, Finding]]:
    """Pairs that replace a common base, one of them on every copy."""
    placed = sorted(findings, key=lambda f: (f.variant.contig, _bases(f)))
    for index, a in enumerate(placed):
        for b in placed[index + 1 :]:
            if b.variant.contig != a.variant.contig or _bases(b)[0] >= _bases(a)[1]:
                break
            if _bases(b)[0] < _bases(b)[1] and (a.zygosity in EVERY_COPY or b.zygosity in EVERY_COPY):
                yield a, b


def _bases(finding: Finding) -> tuple[int, int]:
    """The reference bases that the allele replaces, (start, end); empty for an insertion."""
    v = finding.variant
    anchored = len(v.ref) != len(v.alt) and v.ref[0] == v.alt[0]
    return v.pos - (0 if anchored else 1), v.pos - 1 + len(v.ref)


def _on_one_copy(a: Finding, b: Finding, phases: Phases) -> bool:
    either = a.zygosity in EVERY_COPY or b.zygosity in EVERY_COPY
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
