"""Calls that must not be judged apart: they act together on one copy, or cannot both be true.

Substitutions of one codon that lie on one copy are found here and joined to one change, which is named beside
them (`neighbours.py`). What two frameshifts do together is not worked out. Calls that do not stand by themselves
count as doubtful, so that neither a stop that its neighbour undoes, nor a frame that is restored a few codons on,
nor an SNV that looks homozygous beside another allele of its base makes a diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from varmio.interpret.inheritance import Phase, Phases
from varmio.model import CallQuality, CallState, Finding, KnownSequence, Variant, Zygosity

RESTORED_WITHIN = 150  # bases; a shifted frame meets a stop within about 21 codons (3 of 64), so seldom later
CODING_SUBSTITUTION = re.compile(r"c\.(\d+)(?:[ACGT]>[ACGT]|_(\d+)(?:delins[ACGT]+|inv))")
CODON = 3  # bases


@dataclass(frozen=True, slots=True)
class OneCodon:
    """Substitutions of one codon (of neighbouring ones, where a part spans them), in the order of the genome.

    `copies`: what each of the person's copies carries of them, where the file or the parents show it; empty where
    that is not known. Two copies, or one where every part is hemizygous.
    """

    parts: tuple[Finding, ...]
    copies: tuple[tuple[Finding, ...], ...]

    @property
    def joined(self) -> list[tuple[tuple[Finding, ...], Zygosity]]:
        """The parts that lie on one copy, two and more, with the zygosity of all of them together."""
        first, *other = self.copies or ((),)
        if not other or other == [first]:
            on_every_copy = Zygosity.HOMOZYGOUS if other else Zygosity.HEMIZYGOUS
            return [(first, on_every_copy)] if len(first) > 1 else []
        return [(parts, Zygosity.HETEROZYGOUS) for parts in self.copies if len(parts) > 1]


def codons(findings: Iterable[Finding], phases: Phases) -> tuple[OneCodon, ...]:
    """Codons that more than one substitution changes."""
    groups: list[list[Finding]] = []
    spans = {f.id: span for f in findings if (span := _codons(f)) is not None}
    changing = [f for f in findings if f.id in spans]
    for finding in sorted(changing, key=lambda f: (f.transcript, spans[f.id], f.id)):
        last = groups[-1] if groups else []
        reached = max((spans[f.id][1] for f in last), default=-1)
        if last and last[0].transcript == finding.transcript and spans[finding.id][0] <= reached:
            last.append(finding)
        else:
            groups.append([finding])
    placed = [tuple(sorted(g, key=lambda f: (f.variant.pos, f.id))) for g in groups if len(g) > 1]
    return tuple(OneCodon(parts, _copies(parts, phases)) for parts in placed)


def _codons(finding: Finding) -> tuple[int, int] | None:
    """First and last codon, from 0, that a substitution of coding bases changes."""
    found = CODING_SUBSTITUTION.fullmatch(finding.hgvs_c or "")
    if found is None or len(finding.variant.ref) != len(finding.variant.alt):
        return None
    return (int(found[1]) - 1) // CODON, (int(found[2] or found[1]) - 1) // CODON


def _copies(parts: tuple[Finding, ...], phases: Phases) -> tuple[tuple[Finding, ...], ...]:
    if all(f.zygosity is Zygosity.HEMIZYGOUS for f in parts):
        return (parts,)
    het = [f for f in parts if f.zygosity is Zygosity.HETEROZYGOUS]
    if any(f.zygosity is not Zygosity.HOMOZYGOUS for f in parts if f not in het):
        return ()
    side = {f.id: phases.of(het[0].id, f.id) if f is not het[0] else Phase.CIS for f in het}
    if Phase.UNKNOWN in side.values():
        return ()
    for index, a in enumerate(het):
        for b in het[index + 1 :]:
            if phases.of(a.id, b.id) is not (Phase.CIS if side[a.id] is side[b.id] else Phase.TRANS):
                return ()
    first = tuple(f for f in parts if side.get(f.id, Phase.CIS) is Phase.CIS)
    return first, tuple(f for f in parts if side.get(f.id, Phase.TRANS) is Phase.TRANS)


def as_one(parts: Sequence[Finding], sequence: KnownSequence) -> Variant | None:
    """The parts as one change; None where they overlap, a base between them is not known, or an intron parts them."""
    first = parts[0].variant
    ref = alt = ""
    for part in parts:
        gap = part.variant.pos - (first.pos + len(ref))
        between = sequence.bases(first.contig, first.pos - 1 + len(ref), part.variant.pos - 1) if gap else ""
        if not 0 <= gap < CODON or between is None:
            return None
        ref += between + part.variant.ref
        alt += between + part.variant.alt
    return Variant(first.contig, first.pos, ref, alt)


def doubted(findings: Iterable[Finding], phases: Phases) -> tuple[Finding, ...]:
    """The findings, those that act together with a neighbour on the same copy marked doubtful."""
    marked = {f.id: f for f in findings}
    found = tuple(marked.values())
    pairs = [(a, b, said, ACT) for a, b, said in _neighbours(found) if _on_one_copy(a, b, phases)]
    pairs += [(a, b, "It changes bases that are changed by", TOO_MANY) for a, b in _crowded(found)]
    for a, b, said, end in pairs:
        marked[a.id] = doubt(marked[a.id], f"{said} {name(b)} {end}")
        marked[b.id] = doubt(marked[b.id], f"{said} {name(a)} {end}")
    return tuple(marked.values())


def _neighbours(findings: tuple[Finding, ...]) -> Iterable[tuple[Finding, Finding, str]]:
    """Pairs of frameshifts that cancel out nearby."""
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


def _shift(finding: Finding) -> int:
    """Bases gained or lost by a frameshift; 0 for anything else."""
    if "frameshift_variant" not in finding.consequences:
        return 0
    return len(finding.variant.alt) - len(finding.variant.ref)


def name(finding: Finding) -> str:
    """What a sentence calls it."""
    return finding.hgvs_c or finding.variant.short_key


def doubt(finding: Finding, reason: str) -> Finding:
    """The finding with a call that cannot be leaned on, the reason first."""
    reasons = (reason, *finding.call_quality.reasons)
    return replace(finding, call_quality=CallQuality(CallState.DOUBTFUL, reasons))


def same_protein(part: Finding, whole: Finding) -> bool:
    """Whether the whole codon's finding changes the protein as this part of it would alone."""
    return part.hgvs_p is not None and (part.hgvs_p, part.kind) == (whole.hgvs_p, whole.kind)


def spoken_for(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Who counts in whose place, by id, so that a codon on one copy is said once.

    A part that lies on no copy without the rest of its codon is said by the codon's finding; a pathogenic part that
    does the same to the protein says both.
    """
    found = {f.id: f for f in findings}
    said: dict[str, Finding] = {}
    for whole in found.values():
        for part in (found[i] for i in whole.combined_from or () if i in found):
            if part.zygosity is whole.zygosity:
                heard = part.classification.is_pathogenic and same_protein(part, whole)
                said |= {whole.id: part} if heard else {part.id: whole}
    return said


def standing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that no other counts in the place of."""
    given = tuple(findings)
    said = spoken_for(given)
    return tuple(f for f in given if f.id not in said)
