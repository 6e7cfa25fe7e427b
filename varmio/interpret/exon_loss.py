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
    ranges = _coding(where)
    lost = [ranges[i] for i in whole if i in ranges]
    in_coding = not ranges.keys().isdisjoint((*whole, *cut))
    part = _part(ranges, whole + cut)
    terms: tuple[str, ...]
    nmd, share = False, 0.0
    if call.kind == "duplication":
        terms = ("transcript_amplification" if len(lost) == len(ranges) else part,)
    elif len(lost) == len(ranges):
        terms = ("transcript_ablation",)
    elif cut or not lost:
        terms = ("exon_loss_variant", part) if whole else (part,)
    else:
        terms, nmd, share = _out_of_the_middle(transcript, where, lost[0][0], lost[-1][1])
    deletion = call.kind == "deletion"
    name = None if cut or not whole else _name(where, whole, list(ranges), "del" if deletion else "dup")
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
        in_coding=in_coding,
        exon_distance=0,
        whole_exons_lost=tuple(i + 1 for i in whole) if deletion else (),
        frame_lost=share,
        could_explain=deletion and (bool(whole) or in_coding),
    )


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


def _coding(where: hgvs.Layout) -> dict[int, tuple[int, int]]:
    """Coding range [first, last) of each exon that has one, by its index in reading order."""
    found = {}
    for index, (offset, (start, end)) in enumerate(zip(where.offsets, where.exons, strict=True)):
        first = max(offset - where.coding_start, 0)
        last = min(offset - where.coding_start + end - start, where.coding_length)
        if first < last:
            found[index] = (first, last)
    return found


def _out_of_the_middle(
    transcript: Transcript, where: hgvs.Layout, first: int, last: int
) -> tuple[tuple[str, ...], bool, float]:
    """Terms of whole exons lost with the coding bases [first, last), NMD, and the share that a lost frame changes."""
    terms = ["exon_loss_variant"]
    terms += ["stop_lost"] if last > where.coding_length - 3 else []
    terms += ["start_lost"] if first < 3 else []
    terms.append("coding_sequence_variant")
    return tuple(terms), skipping_is_nmd(transcript, where, first, last), frame_lost(transcript, first, last)


def _part(ranges: dict[int, tuple[int, int]], touched: list[int]) -> str:
    """The term of the transcript's part that the exons touched lie in."""
    if not ranges.keys().isdisjoint(touched):
        return "coding_sequence_variant"
    return "5_prime_UTR_variant" if touched[0] < min(ranges) else "3_prime_UTR_variant"


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
