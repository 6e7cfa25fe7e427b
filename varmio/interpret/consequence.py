"""What one allele does to one transcript: Sequence Ontology terms, names, and NMD.

The allele is first moved to its most 3' place in the transcript (as HGVS names it), so every
spelling of an allele gets one answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from varmio.interpret import hgvs, protein
from varmio.interpret.hgvs import BaseAt, Change, Layout
from varmio.interpret.place import Place, locate
from varmio.model import AlleleKind, Consequence, KnownSequence, Transcript, Variant

NMD_ESCAPE_BP = 50  # bases of the last but one exon that escape; Abou Tayoun 2018, doi 10.1002/humu.23626

SEVERITY = (  # most severe first; Ensembl's order of the Sequence Ontology terms, exon loss added
    "transcript_ablation",
    "exon_loss_variant",
    "splice_acceptor_variant",
    "splice_donor_variant",
    "stop_gained",
    "frameshift_variant",
    "stop_lost",
    "start_lost",
    "inframe_insertion",
    "inframe_deletion",
    "missense_variant",
    "protein_altering_variant",
    "splice_region_variant",
    "stop_retained_variant",
    "synonymous_variant",
    "coding_sequence_variant",
    "5_prime_UTR_variant",
    "3_prime_UTR_variant",
    "intron_variant",
    "upstream_gene_variant",
    "downstream_gene_variant",
)
_RANK = {term: rank for rank, term in enumerate(SEVERITY)}
_LOSS = {"transcript_ablation", "exon_loss_variant", "splice_acceptor_variant", "splice_donor_variant"}
_INFRAME = {"inframe_insertion", "inframe_deletion", "protein_altering_variant"}
_EXPLAINING = {
    *_LOSS,
    *_INFRAME,
    *("stop_gained", "frameshift_variant", "stop_lost", "start_lost", "missense_variant"),
    "coding_sequence_variant",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the coding sequence does."""

    terms: tuple[str, ...]
    name: str | None
    nmd: bool = False


def consequence(variant: Variant, transcript: Transcript, sequence: KnownSequence) -> Consequence:
    """Terms (most severe first), names and kind of an allele of plain bases whose REF was checked.

    >>> from varmio.model import Assembly
    >>> from varmio.readers.reference import load
    >>> panel = load(Assembly.GRCH37)
    >>> ostm1 = next(t for t in panel.transcripts if t.gene == "OSTM1")  # minus strand
    >>> found = consequence(Variant("6", 108385489, "ACT", "A"), ostm1, panel.sequence)
    >>> found.hgvs_c, found.hgvs_p, found.nmd_predicted
    ('c.415_416del', 'p.(Gln140GlufsTer11)', True)
    """
    where = hgvs.layout(transcript)
    bases = hgvs.reader(variant, sequence, transcript.strand)
    change = hgvs.shifted(variant, bases, transcript.strand)
    place = locate(change, where, bases)
    start = _coding_start(change, place, where)
    if start is not None and len(change.ref) == len(change.alt):
        change = _as_transcribed(change, start, transcript.cds)
    name, reason = hgvs.coding_name(change, where, bases)
    copied = bool(hgvs.is_duplication(change, bases))
    coding = _touches_coding(change, start, copied, place, where)
    if start is not None and _spans_splice_site(change, copied, place, where):
        effect = Effect(_at_splice_site(change, coding, place, where), None)
    else:
        effect = _effect(change, start, coding, place, transcript, where, bases)
    terms = _ordered({*effect.terms, *place.terms, *_untranslated(change, start, place, where)})
    kind = _kind(terms, copied)
    near_splice = place.near_splice or "splice_region_variant" in effect.terms
    return Consequence(
        transcript=transcript,
        terms=terms,
        kind=kind,
        hgvs_c=name,
        hgvs_p=effect.name,
        unnamed_reason=reason,
        exon=place.exons[0] + 1 if place.exons else None,
        intron=place.introns[0] + 1 if place.introns else None,
        nmd_predicted=effect.nmd,
        in_coding=coding,
        exon_distance=place.distance,
        whole_exons_lost=tuple(index + 1 for index in place.whole_exons),
        could_explain=bool(_EXPLAINING.intersection(terms)) or (near_splice and (coding or not place.exons)),
    )


def _ordered(terms: set[str]) -> tuple[str, ...]:
    return tuple(sorted(terms, key=_RANK.__getitem__))


# --------------------------------------------------------------------------- coding sequence


def _coding_start(change: Change, place: Place, where: Layout) -> int | None:
    """Coding position of the change's first base, where it lies in one exon and no intron."""
    if len(place.exons) != 1 or place.introns:
        return None
    start, end = where.exons[place.exons[0]]
    if change.start < start or change.end > end:
        return None
    return where.offsets[place.exons[0]] + change.start - start - where.coding_start


def _as_transcribed(change: Change, start: int, cds: str) -> Change:
    """The change against the transcript, where the assembly's own base is another."""
    end = start + len(change.ref)
    if start < 0 or end > len(cds) or cds[start:end] == change.ref:
        return change
    return Change(change.start, cds[start:end], change.alt, change.decided)


def _touches_coding(change: Change, start: int | None, copied: bool, place: Place, where: Layout) -> bool:
    """A coding base is replaced, repeated, or has bases put before it that are not the first."""
    if start is not None:
        if change.ref:
            return start < where.coding_length and start + len(change.ref) > 0
        first = start - len(change.alt) if copied else start
        return start > 0 and first < where.coding_length
    return any(first < last for first, last in _lost_coding(change, place, where))


def _lost_coding(change: Change, place: Place, where: Layout) -> list[tuple[int, int]]:
    """Coding range [first, last) that a change covers in each exon it touches."""
    found = []
    for index in place.exons:
        start, end = where.exons[index]
        at = where.offsets[index] - where.coding_start - start
        first, last = max(change.start, start) + at, min(change.end, end) + at
        found.append((max(first, 0), min(last, where.coding_length)))
    return [(first, last) for first, last in found if first < last]


def _untranslated(change: Change, start: int | None, place: Place, where: Layout) -> set[str]:
    """UTR terms, and the gene's surroundings."""
    terms = set()
    first = where.exons[0][0]
    if not place.exons and not place.introns:
        terms.add("upstream_gene_variant" if change.start <= first else "downstream_gene_variant")
    for index in place.exons:
        begin, end = where.exons[index]
        at = where.offsets[index] - where.coding_start - begin
        low, high = max(change.start, begin) + at, min(change.end, end) + at
        if low < 0 or (not change.ref and low == 0):
            terms.add("5_prime_UTR_variant")
        if high > where.coding_length or (not change.ref and high == where.coding_length):
            terms.add("3_prime_UTR_variant")
    if change.ref and change.start < first <= change.end and start is None and not terms:
        terms.add("upstream_gene_variant")
    return terms


def _spans_splice_site(change: Change, copied: bool, place: Place, where: Layout) -> bool:
    """An insertion whose name reaches from an exon into an intron: either copy may be spliced at.

    Exonic bases repeated at an exon's end are not meant: there the donor follows unchanged.
    """
    if change.ref:
        return False
    index = place.exons[0]
    start, end = where.exons[index]
    inside = copied and change.start - len(change.alt) >= start
    if change.start == end and index + 1 < len(where.exons) and not inside:
        return True
    return index > 0 and (change.start == start or (copied and not inside))


def _at_splice_site(change: Change, coding: bool, place: Place, where: Layout) -> tuple[str, ...]:
    start, end = where.exons[place.exons[0]]
    within = coding and start < change.start < end
    return "splice_region_variant", "coding_sequence_variant" if within else "intron_variant"


def _effect(
    change: Change,
    start: int | None,
    coding: bool,
    place: Place,
    transcript: Transcript,
    where: Layout,
    bases: BaseAt,
) -> Effect:
    if len(place.whole_exons) == len(where.exons):
        return Effect(("transcript_ablation",), None)
    if start is not None:
        return _within_exon(change, start, transcript, where, bases) if coding else Effect((), None)
    terms: list[str] = ["exon_loss_variant"] if place.whole_exons else []
    nmd = False
    lost = _lost_coding(change, place, where)
    if lost:
        first, last = lost[0][0], lost[-1][1]
        terms.append("coding_sequence_variant")
        if first < 3:
            terms.append("start_lost")
        if last > where.coding_length - 3:
            terms.append("stop_lost")
        nmd = place.whole_exons == place.exons and _skipping_is_nmd(transcript, where, first, last)
    return Effect(tuple(terms), None, nmd)


def _skipping_is_nmd(transcript: Transcript, where: Layout, first: int, last: int) -> bool:
    """Whole exons are gone: does joining the rest bring a premature stop that triggers NMD?"""
    if first < 3 or last > len(transcript.cds) - 3:
        return False
    codon = first // 3
    rest = transcript.cds[3 * codon : first] + transcript.cds[last:]
    return _triggers_nmd(where, first, first - last, codon, protein.translate_to_stop(rest))


def _triggers_nmd(where: Layout, edit: int, growth: int, codon: int, new: str) -> bool:
    """A premature stop before the last exon and not in the last 50 bases of the one before it.

    `new` is read from `codon` on; single-exon genes have no junction, so nothing triggers.
    """
    length = where.coding_length + growth
    if len(where.exons) == 1 or not new.endswith("*"):
        return False
    stop = 3 * (codon + len(new) - 1)
    if stop >= length - 3 and growth % 3 == 0:
        return False
    junction = where.offsets[-1] - where.coding_start
    if edit < junction:
        junction += growth
    return stop < junction - NMD_ESCAPE_BP


def _within_exon(change: Change, start: int, transcript: Transcript, where: Layout, bases: BaseAt) -> Effect:
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
        return Effect(("stop_gained",), name, _triggers_nmd(where, start, growth, first, read))
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
        nmd = _triggers_nmd(where, start, len(change.alt) - len(change.ref), codon, new)
        name, first = protein.frameshift(residues, codon, new)
        stopped = first is not None and new[first - codon] == "*"
        return Effect(("stop_gained", "frameshift_variant") if stopped else ("frameshift_variant",), name, nmd)
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
    if growth % 3:
        return Effect(("frameshift_variant", "stop_lost"), protein.frameshift(residues, codon, new)[0])
    name = protein.replaced(residues, codon, old, new) if new.endswith("*") else None
    if new.endswith("*") and len(new) == len(old) + growth // 3:
        return Effect((_resized(change) if growth else "missense_variant",), name)
    return Effect(("stop_lost",), name)


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


# --------------------------------------------------------------------------- kind


def _kind(terms: tuple[str, ...], copied: bool) -> AlleleKind:
    found = set(terms)
    if found & _LOSS or "stop_gained" in found:
        return AlleleKind.NULL
    if "frameshift_variant" in found and "stop_lost" not in found:
        return AlleleKind.NULL
    if "missense_variant" in found:
        return AlleleKind.MISSENSE
    if "inframe_insertion" in found and copied:
        return AlleleKind.INFRAME_DUPLICATION
    return AlleleKind.INFRAME if found & _INFRAME else AlleleKind.OTHER
