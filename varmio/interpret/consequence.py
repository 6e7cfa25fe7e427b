"""What one allele does to one transcript: Sequence Ontology terms, names, and NMD.

The allele is first moved to its most 3' place in the transcript (as HGVS names it), so every
spelling of an allele gets one answer.
"""

from __future__ import annotations

from varmio.interpret import hgvs
from varmio.interpret.coding import Effect, frame_lost, skipping_is_nmd, within_exon
from varmio.interpret.hgvs import BaseAt, Change, Layout
from varmio.interpret.place import Place, locate
from varmio.model import AlleleKind, Consequence, Extent, KnownSequence, Transcript, Variant

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
    "splice_donor_5th_base_variant",
    "splice_region_variant",
    "splice_donor_region_variant",
    "splice_polypyrimidine_tract_variant",
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


def consequence(variant: Variant, transcript: Transcript, sequence: KnownSequence) -> Consequence:
    """Terms (most severe first), names and kind of an allele of plain bases whose REF was checked.

    >>> from varmio.model import Assembly
    >>> from varmio.readers.reference import load
    >>> panel = load(Assembly.GRCH37)
    >>> minus = next(t for t in panel.transcripts if t.accession == "NM_014028.4")  # minus strand
    >>> found = consequence(Variant("6", 108385489, "ACT", "A"), minus, panel.sequence)
    >>> found.hgvs_c, found.hgvs_p, found.nmd_predicted
    ('c.415_416del', 'p.(Gln140GlufsTer11)', True)
    """
    where = hgvs.layout(transcript)
    bases = hgvs.reader(variant, sequence, transcript.strand)
    change = hgvs.shifted(variant, bases, transcript.strand)
    copied = bool(hgvs.is_duplication(change, bases))
    place = locate(change, where, bases, copied)
    start = _coding_start(change, place, where)
    if start is not None and len(change.ref) == len(change.alt):
        change = _as_transcribed(change, start, transcript.cds)
    name, reason = hgvs.coding_name(change, where, bases)
    coding = _touches_coding(change, start, copied, place, where)
    if start is not None and _spans_splice_site(change, copied, place, where):
        effect = Effect(_at_splice_site(change, coding, place, where), None)
    else:
        effect = _effect(change, start, coding, place, transcript, where, bases)
    terms = _ordered({*effect.terms, *place.terms, *_untranslated(change, start, place, where)})
    if "transcript_ablation" in terms:
        terms = effect.terms
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
        frame_lost=effect.frame_lost,
        extent=_extent(effect, place),
        could_explain=bool(_EXPLAINING.intersection(terms)) or (near_splice and (coding or not place.exons)),
    )


def _extent(effect: Effect, place: Place) -> Extent:
    premature = effect.nmd or effect.escape is not None
    return Extent(
        nmd_expected=effect.nmd if premature else None,
        nmd_escape=effect.escape,
        start_proximal=effect.start_proximal if premature else None,
        protein_changed=effect.changed,
        splice_distance=place.splice_distance,
    )


def _ordered(terms: set[str]) -> tuple[str, ...]:
    return tuple(sorted(terms, key=_RANK.__getitem__))


# --------------------------------------------------------------------------- coding sequence


def _coding_start(change: Change, place: Place, where: Layout) -> int | None:
    """Coding position of the change's first base, where it lies in one exon and leaves some of it."""
    if len(place.exons) != 1 or place.introns or place.whole_exons:
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
        return within_exon(change, start, transcript, where, bases) if coding else Effect((), None)
    terms: list[str] = ["exon_loss_variant"] if place.whole_exons else []
    nmd, share = False, 0.0
    lost = _lost_coding(change, place, where)
    if lost:
        first, last = lost[0][0], lost[-1][1]
        terms.append("coding_sequence_variant")
        if first < 3:
            terms.append("start_lost")
        if last > where.coding_length - 3:
            terms.append("stop_lost")
        whole = place.whole_exons == place.exons
        nmd = whole and skipping_is_nmd(transcript, where, first, last)
        share = frame_lost(transcript, first, last) if whole else 0.0
    return Effect(tuple(terms), None, nmd, share)


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
