"""What a deletion or duplication of a stretch does to one transcript, when only its place is known.

A call made from depth has ends that are known to an exon, not to a base: an exon of which it covers half or more
counts as wholly inside. One whose ends were seen covers an exon wholly or cuts it.

Names follow the HGVS recommendations for uncertain places (hgvs-nomenclature.org, uncertain): an end that lies
somewhere in an intron is written as that intron, one outside the coding sequence as unknown.
"""

from __future__ import annotations

from varmio.interpret import hgvs
from varmio.interpret.coding import frame_lost, skipping_is_nmd
from varmio.model import AlleleKind, Consequence, StructuralCall, Transcript

HALF = 0.5  # share of an exon, from which a call without exact ends takes it; own choice
CUT = "An end of the change lies inside an exon, and what is left of it is not known."
NO_EXON = "The change takes no exon of this transcript."


def touches(call: StructuralCall, transcript: Transcript) -> bool:
    """Whether the stretch covers a base of an exon."""
    return (
        call.contig == transcript.contig
        and call.start < call.end
        and any(s < call.end and call.start < e for s, e in transcript.exons)
    )


def consequence(call: StructuralCall, transcript: Transcript) -> Consequence:
    """Terms, name and kind of a deletion or duplication on a transcript of which it touches an exon.

    >>> from varmio.model import Assembly
    >>> from varmio.readers.reference import load
    >>> minus = next(t for t in load(Assembly.GRCH38).transcripts if t.accession == "NM_014028.4")  # minus strand
    >>> start, end = sorted(minus.exons, reverse=True)[4]  # exon 5
    >>> call = StructuralCall("6", start, end, "deletion", 0, 2, "", False, "depth")
    >>> found = consequence(call, minus)
    >>> found.hgvs_c, found.terms[0], found.whole_exons_lost
    ('c.(783+1_784-1)_(949+1_950-1)del', 'exon_loss_variant', (5,))
    """
    where = hgvs.layout(transcript)
    whole, cut = _exons(call, transcript, where)
    coding = [i for i, (first, last) in enumerate(_coding(where)) if first < last]
    all_lost = set(coding) <= set(whole)
    lost = [_coding(where)[i] for i in whole if i in coding]
    terms, nmd, share = _deleted(transcript, where, whole, cut, lost, all_lost)
    if call.kind == "duplication":
        terms, nmd, share = (_region_term(where, whole + cut),), False, 0.0
        terms = ("transcript_amplification",) if all_lost else terms
    deletion = call.kind == "deletion"
    name = None if cut or not whole else _name(where, whole, coding, "del" if deletion else "dup")
    return Consequence(
        transcript=transcript,
        terms=terms,
        kind=AlleleKind.NULL if deletion and whole and lost else AlleleKind.OTHER,
        hgvs_c=name,
        hgvs_p=None,
        unnamed_reason=None if name else CUT if cut else NO_EXON,
        exon=(whole or cut)[0] + 1 if whole or cut else None,
        intron=None,
        nmd_predicted=nmd,
        in_coding=bool(lost) or _in_coding(cut, coding),
        exon_distance=0,
        whole_exons_lost=tuple(i + 1 for i in whole) if deletion else (),
        frame_lost=share,
        could_explain=deletion and bool(whole or _in_coding(cut, coding)),
    )


def _in_coding(cut: list[int], coding: list[int]) -> bool:
    return bool(set(cut) & set(coding))


def _exons(call: StructuralCall, transcript: Transcript, where: hgvs.Layout) -> tuple[list[int], list[int]]:
    """Indices, in reading order, of the exons wholly inside and of those cut."""
    if call.exons is not None and call.transcript == transcript.accession:
        return [number - 1 for number in call.exons], []
    low, high = (call.start, call.end) if where.strand == 1 else (-call.end, -call.start)
    whole: list[int] = []
    cut: list[int] = []
    for index, (start, end) in enumerate(where.exons):
        inside = min(end, high) - max(start, low)
        if inside <= 0:
            continue
        needed = end - start if call.precise else HALF * (end - start)
        (whole if inside >= needed else cut).append(index)
    return whole, cut if call.precise or not whole else []


def _coding(where: hgvs.Layout) -> list[tuple[int, int]]:
    """Coding range [first, last) of each exon; empty where it has none."""
    found = []
    for offset, (start, end) in zip(where.offsets, where.exons, strict=True):
        first, last = offset - where.coding_start, offset - where.coding_start + end - start
        found.append((max(first, 0), min(last, where.coding_length)))
    return found


def _deleted(
    transcript: Transcript,
    where: hgvs.Layout,
    whole: list[int],
    cut: list[int],
    lost: list[tuple[int, int]],
    all_lost: bool,
) -> tuple[tuple[str, ...], bool, float]:
    """Terms, NMD and the share of the protein that a lost frame changes."""
    if all_lost:
        return ("transcript_ablation",), False, 0.0
    terms = ["exon_loss_variant"] if whole else []
    if cut or not lost:
        return (*terms, _region_term(where, whole + cut)), False, 0.0
    first, last = lost[0][0], lost[-1][1]
    terms += ["start_lost"] if first < 3 else []
    terms += ["stop_lost"] if last > where.coding_length - 3 else []
    terms.append("coding_sequence_variant")
    order = ("exon_loss_variant", "stop_lost", "start_lost", "coding_sequence_variant")
    nmd = skipping_is_nmd(transcript, where, first, last)
    return tuple(sorted(terms, key=order.index)), nmd, frame_lost(transcript, first, last)


def _region_term(where: hgvs.Layout, touched: list[int]) -> str:
    """The term of the transcript's part that the exons touched lie in."""
    coding = [i for i, (first, last) in enumerate(_coding(where)) if first < last]
    if not set(coding).isdisjoint(touched):
        return "coding_sequence_variant"
    return "5_prime_UTR_variant" if touched[0] < coding[0] else "3_prime_UTR_variant"


def _name(where: hgvs.Layout, whole: list[int], coding: list[int], what: str) -> str:
    first, last = whole[0], whole[-1]
    before = "?_-1" if first <= coding[0] <= last else _intron(where, first - 1)
    after = "*1_?" if first <= coding[-1] <= last else _intron(where, last)
    return f"c.({before})_({after}){what}"


def _intron(where: hgvs.Layout, index: int) -> str:
    """The intron after an exon: '783+1_784-1'; before the first exon, and after the last one, from there on."""
    if index < 0:
        return f"?_{where.label(where.exons[0][0])}"
    if index + 1 >= len(where.exons):
        return f"{where.label(where.exons[-1][1] - 1)}_?"
    return f"{where.label(where.exons[index][1] - 1)}+1_{where.label(where.exons[index + 1][0])}-1"
