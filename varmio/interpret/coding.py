"""What a change of the coding sequence does to the protein: terms, p. name, and NMD.

Coding positions are 0-based, counted from the A of the start codon.
"""

from __future__ import annotations

from dataclasses import dataclass

from varmio.interpret import protein
from varmio.interpret.hgvs import BaseAt, Change, Layout
from varmio.model import NmdEscape, Transcript

START_PROXIMAL_BP = 100  # coding bases in which translation may start anew; VEP's NMD plugin. Shown, decides nothing
NMD_ESCAPE_BP = 50  # bases of the last but one exon that escape; Abou Tayoun 2018, doi 10.1002/humu.23626


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the coding sequence does."""

    terms: tuple[str, ...]
    name: str | None
    nmd: bool = False
    frame_lost: float = 0.0  # whole exons are lost: share of the protein that this changes
    escape: NmdEscape | None = None  # why a premature stop is not expected to lose the transcript
    changed: float | None = None  # share of the protein from the first residue that a premature stop or shift changes
    start_proximal: bool = False  # the premature stop lies in the first coding bases


def skipping_is_nmd(transcript: Transcript, where: Layout, first: int, last: int) -> bool:
    """Whole exons are gone: does joining the rest bring a premature stop that triggers NMD?"""
    if first < 3 or last > len(transcript.cds) - 3:
        return False
    codon = first // 3
    rest = transcript.cds[3 * codon : first] + transcript.cds[last:]
    return _fate(where, first, first - last, codon, protein.translate_to_stop(rest)) is True


def frame_lost(transcript: Transcript, first: int, last: int) -> float:
    """Whole exons with the coding bases [first, last) are gone: share of the protein from there on, 0 to 1.

    0 where the reading frame holds, or where the start codon is among them (translation may begin elsewhere).
    Where the stop codon is among them the frame has no end: it counts as lost.
    """
    length = len(transcript.cds)
    holds = (last - first) % 3 == 0 and last <= length - 3
    return 0.0 if first < 3 or holds else round((length - first) / length, 3)


def _fate(where: Layout, edit: int, growth: int, codon: int, new: str) -> bool | NmdEscape | None:
    """True: a premature stop before the last exon and not in the last 50 bases of the one before it; else why not.

    None: no premature stop. `new` is read from `codon` on; single-exon genes have no junction, so nothing triggers.
    """
    length = where.coding_length + growth
    if not new.endswith("*"):
        return None
    stop = 3 * (codon + len(new) - 1)
    if stop >= length - 3 and growth % 3 == 0:
        return None
    if len(where.exons) == 1:
        return NmdEscape.SINGLE_EXON
    junction = where.offsets[-1] - where.coding_start
    if edit < junction:
        junction += growth
    if stop < junction - NMD_ESCAPE_BP:
        return True
    return NmdEscape.LAST_EXON if stop >= junction else NmdEscape.LAST_JUNCTION


def _cut_short(
    terms: tuple[str, ...], name: str, where: Layout, edit: int, growth: int, codon: int, new: str, first: int
) -> Effect:
    """The effect of a premature stop: `new` is read from `codon` on to it; `first` is the first residue changed."""
    fate = _fate(where, edit, growth, codon, new)
    residues = where.coding_length // 3 - 1
    return Effect(
        terms,
        name,
        nmd=fate is True,
        escape=fate if isinstance(fate, NmdEscape) else None,
        changed=round((residues - first) / residues, 3),
        start_proximal=fate is not None and 3 * (codon + len(new) - 1) < START_PROXIMAL_BP,
    )


def within_exon(change: Change, start: int, transcript: Transcript, where: Layout, bases: BaseAt) -> Effect:
    """A change inside one exon that touches coding bases; `start` is its coding position."""
    cds = transcript.cds
    end = start + len(change.ref)
    if start < 3 and (start < 0 or (cds[:start] + change.alt + cds[end : end + 3])[:3] != cds[:3]):
        return Effect(("start_lost",), protein.START_LOST)
    if end > len(cds) - 3:
        return _at_stop(change, start, transcript, where, bases)
    growth = len(change.alt) - len(change.ref)
    if growth % 3:
        return _frameshift(change, start, transcript, where, bases)
    residues = protein.of_coding_sequence(cds)
    first, last = start // 3, -(-end // 3)
    old = residues[first:last]
    new = protein.translate(cds[3 * first : start] + change.alt + cds[end : 3 * last])
    if old == new:
        return Effect(("synonymous_variant",), protein.silent(residues, first, last))
    name = protein.replaced(residues, first, old, new)
    if "*" in new:
        read = new[: new.index("*") + 1]
        if read == residues[first:]:  # the new stop stands where the old one did: the protein is as it was
            return Effect(("synonymous_variant",), protein.silent(residues, first, last))
        same = next((i for i, residue in enumerate(read) if residue != residues[first + i]), len(read) - 1)
        return _cut_short(("stop_gained",), name, where, start, growth, first, read, first + same)
    if not growth:
        return Effect(("missense_variant",), name)
    return Effect((_resized(change),), name)


def _resized(change: Change) -> str:
    """The term of a change that adds or takes whole codons."""
    if change.ref and change.alt:
        return "protein_altering_variant"
    return "inframe_deletion" if change.ref else "inframe_insertion"


def _frameshift(change: Change, start: int, transcript: Transcript, where: Layout, bases: BaseAt) -> Effect:
    cds = transcript.cds
    codon = start // 3
    read = cds[3 * codon : start] + change.alt + cds[start + len(change.ref) :]
    new = protein.translate_to_stop(read)
    residues = protein.of_coding_sequence(cds)
    if new.endswith("*"):
        if new == residues[codon:]:  # the new stop stands where the old one did
            return Effect(("synonymous_variant",), protein.silent(residues, codon, codon + 1))
        name, first = protein.frameshift(residues, codon, new)
        stopped = first is not None and new[first - codon] == "*"
        terms = ("stop_gained", "frameshift_variant") if stopped else ("frameshift_variant",)
        growth, changed = len(change.alt) - len(change.ref), codon if first is None else first
        return _cut_short(terms, name, where, start, growth, codon, new, changed)
    new = protein.translate_to_stop(read + _after_stop(where, bases))
    if not any(residue != residues[codon + i] for i, residue in enumerate(new[: len(residues) - codon])):
        return Effect(("frameshift_variant",), None)
    name, first = protein.frameshift(residues, codon, new)
    if first == len(residues) - 1:
        return Effect(("frameshift_variant", "stop_lost"), name)
    return Effect(("frameshift_variant",), name)


def _at_stop(change: Change, start: int, transcript: Transcript, where: Layout, bases: BaseAt) -> Effect:
    """A change that touches the stop codon: retained, lost and read on, or preceded by another."""
    cds = transcript.cds
    residues = protein.of_coding_sequence(cds)
    if start >= len(cds):  # a copy of the end is put behind the stop codon
        return Effect(("stop_retained_variant",), protein.silent(residues, len(residues) - 1, len(residues)))
    codon = start // 3
    whole = cds + _after_stop(where, bases)
    new = protein.translate_to_stop(whole[3 * codon : start] + change.alt + whole[start + len(change.ref) :])
    old = residues[codon:]
    if new == old:
        return Effect(("stop_retained_variant",), protein.silent(residues, codon, len(residues)))
    different = next((i for i, residue in enumerate(new[: len(old)]) if residue != old[i]), None)
    if different is None:
        return Effect(("stop_lost",), None)
    if codon + different == len(residues) - 1:
        return Effect(("stop_lost",), protein.extension(residues, new[different:]))
    if new[different] == "*":
        return Effect(("stop_gained",), protein.frameshift(residues, codon, new)[0])
    growth = len(change.alt) - len(change.ref)
    if growth % 3 or not new.endswith("*") or len(new) != len(old) + growth // 3:
        terms = ("frameshift_variant", "stop_lost") if growth % 3 else ("stop_lost",)
        return Effect(terms, protein.frameshift(residues, codon, new)[0])  # from before the stop over it: HGVS, delins
    name = protein.replaced(residues, codon, old, new)
    return Effect((_resized(change) if growth else "missense_variant",), name)


def _after_stop(where: Layout, bases: BaseAt) -> str:
    """Transcript bases after the coding sequence, as far as they are known without a gap."""
    found = []
    end = where.coding_start + where.coding_length
    for offset, (start, stop) in zip(where.offsets, where.exons, strict=True):
        first = start + max(end - offset, 0)
        if first >= stop:
            continue
        piece = bases(first, stop)
        if piece is None:
            break
        found.append(piece)
    return "".join(found)
