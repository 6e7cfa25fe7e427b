"""What each gene's verdict is: whether its coding exons were seen, and how that is known.

| what is known of the gene                                                       | verdict        |
|---------------------------------------------------------------------------------|----------------|
| a subtype match other than excluded                                             | found          |
| every coding base and two beside callable, in reads or blocks that say so of    | not_found      |
| each base, and nothing speaks against it (below)                                |                |
| an exon wholly callable, or half of the coding bases; or a mean depth of        | partly_seen    |
| CALLABLE_DEPTH over an exon; or, where no depth is known, a call in its exons    |                |
| neither, or its transcript is not known here                                    | could_not_look |

Against not_found speak a structural call over the gene that was set aside, and exons with a copy elsewhere whose
reads were not told apart. A list of variants alone never gives not_found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from varmio.interpret.quality import MIN_DEPTH
from varmio.model import (
    Coverage,
    ExonDepth,
    ExonRegion,
    Finding,
    GeneVerdict,
    Panel,
    PanelGene,
    Record,
    Status,
    SubtypeMatch,
    Transcript,
    Verdict,
)
from varmio.phrases import count

HALF = 0.5  # of the coding bases; own choice: a gene of which most was read was not left unseen
MEAN_ONLY = "mean depth only: it proves no single base"


@dataclass(frozen=True, slots=True)
class Seen:
    """What this run knows of the panel's exons.

    regions: every coding exon; coverage: their depth, in the same order, or None; calls: gene -> calls of the VCF in
    its exons; placed: (contig, start, end) of each call; suspect: gene -> why a structural call there was set aside.
    """

    regions: tuple[ExonRegion, ...]
    coverage: Coverage | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    placed: tuple[tuple[str, int, int], ...] = ()
    suspect: Mapping[str, str] = field(default_factory=dict)


def called(records: Iterable[Record]) -> tuple[tuple[str, int, int], ...]:
    """Where the calls lie (variant or not, with at least one allele called), each place once."""
    ends: dict[tuple[str, int], int] = {}
    for record in records:
        if any(allele is not None for allele in record.genotype.alleles) and not _structural(record):
            place = (record.contig, record.pos - 1)
            ends[place] = max(ends.get(place, 0), record.end)
    return tuple((contig, start, end) for (contig, start), end in ends.items())


def calls_in_exons(placed: Iterable[tuple[str, int, int]], transcripts: Iterable[Transcript]) -> dict[str, int]:
    """Calls that touch an exon, coding or not, per gene."""
    touching = {t.gene: 0 for t in transcripts}
    exons: dict[str, list[tuple[str, int, int]]] = {}
    for t in transcripts:
        exons.setdefault(t.contig, []).extend((t.gene, first, last) for first, last in t.exons)
    for contig, start, end in placed:
        for gene in {g for g, first, last in exons.get(contig, ()) if start < last and end > first}:
            touching[gene] += 1
    return touching


def _structural(record: Record) -> bool:
    """Whether the record only speaks of copy number or breakpoints, so that no base was read."""
    return bool(record.kinds) and {"symbolic", "breakend"}.issuperset(record.kinds)


def verdicts(
    panel: Panel, seen: Seen, matches: Iterable[SubtypeMatch], findings: Iterable[Finding] = ()
) -> tuple[GeneVerdict, ...]:
    """One verdict for each gene of the panel, in the panel's order, with its exons."""
    found = {m.gene: m for m in matches if m.status is not Status.EXCLUDED}
    lost = _copies_left(findings)
    rows: dict[str, list[Row]] = {}
    depths = seen.coverage.exons if seen.coverage else (None,) * len(seen.regions)
    placed: dict[str, list[tuple[int, int]]] = {}
    for contig, start, end in seen.placed:
        placed.setdefault(contig, []).append((start, end))
    for region, depth in zip(seen.regions, depths, strict=True):
        inside = sum(s < region.end and e > region.start for s, e in placed.get(region.contig, ()))
        rows.setdefault(region.gene, []).append((region, depth, inside))
    made = []
    for gene in panel.genes:
        mine = rows.get(gene.symbol, [])
        verdict = _verdict(gene, mine, seen, found.get(gene.symbol))
        exons = tuple(_exon(gene, *row, seen.coverage, lost) for row in mine)
        made.append(replace(verdict, core=gene.core, exons=exons))
    return tuple(made)


def _copies_left(findings: Iterable[Finding]) -> dict[tuple[str, int], int]:
    """(transcript, exon) -> copies left, of the exons that structural findings take."""
    return {
        (f.transcript, number): f.variant.copy_number
        for f in findings
        if f.variant.type == "structural" and f.variant.copy_number is not None
        for number in f.whole_exons_lost
    }


def placed(genes: Iterable[GeneVerdict], transcripts: Iterable[Transcript]) -> tuple[GeneVerdict, ...]:
    """The verdicts with where each gene lies, from the first base of its transcripts to the last."""
    spans: dict[str, tuple[str, int, int]] = {}
    for t in transcripts:
        contig, start, end = spans.get(t.gene, (t.contig, t.start, t.end))
        spans[t.gene] = (contig, min(start, t.start), max(end, t.end))
    return tuple(
        replace(g, contig=spans[g.symbol][0], start=spans[g.symbol][1], end=spans[g.symbol][2])
        if g.symbol in spans
        else g
        for g in genes
    )


# --------------------------------------------------------------------------- the verdict

Row = tuple[ExonRegion, ExonDepth | None, int]


def _verdict(gene: PanelGene, rows: list[Row], seen: Seen, match: SubtypeMatch | None) -> GeneVerdict:
    symbol = gene.symbol
    if not rows and symbol not in seen.calls:
        reason = "Not examined by this version: its transcript is not known here."
        return GeneVerdict(symbol, Verdict.COULD_NOT_LOOK, False, (), (reason,))
    said = _of_depth(gene, rows, seen.coverage) if seen.coverage else _of_calls(seen.calls.get(symbol, 0))
    if symbol in seen.suspect:
        said = _lowered(said), f"{seen.suspect[symbol]} {said[1]}"
    if match is not None:
        reason = f"A match with {match.id} was found ({match.status.replace('_', ' ')})."
        return GeneVerdict(symbol, Verdict.FOUND, True, (), (reason, *([said[1]] if seen.coverage else [])))
    return GeneVerdict(symbol, said[0], True, (), (said[1],))


def _lowered(said: tuple[Verdict, str]) -> Verdict:
    return Verdict.PARTLY_SEEN if said[0] is Verdict.NOT_FOUND else said[0]


def _of_depth(gene: PanelGene, rows: list[Row], coverage: Coverage) -> tuple[Verdict, str]:
    depths = [depth for _, depth, _ in rows if depth is not None]
    if all(d.callable_bases is None for d in depths):
        return _of_means(depths, coverage)
    n, bases = len(depths), sum(d.region.length for d in depths)
    whole = sum(_callable(d) for d in depths)
    callable_ = sum(d.callable_bases or 0 for d in depths)
    where = f"by {coverage.name}" if coverage.source != "gvcf" else "by the blocks of this file"
    if whole == n and not _blurred(gene, depths, coverage):
        every = "Its one coding exon" if n == 1 else f"All {n} coding exons"
        reason = f"{every} with two bases beside were read {MIN_DEPTH} times or more at each base, {where}."
        return Verdict.NOT_FOUND, reason
    missing = bases - callable_
    if whole == n:
        return Verdict.PARTLY_SEEN, f"Every coding exon was read deeply enough {where}. {gene.not_unique_reason}"
    said = f"{whole} of {count(n, 'coding exon')} wholly read {where}; {count(missing, 'base')} of {bases:,} not."
    seen = whole > 0 or callable_ >= HALF * bases
    return (Verdict.PARTLY_SEEN if seen else Verdict.COULD_NOT_LOOK), said


def _of_means(depths: list[ExonDepth], coverage: Coverage) -> tuple[Verdict, str]:
    """A mean over an exon never proves that each of its bases was covered."""
    known = [d.mean for d in depths if d.mean is not None]
    deep = sum(mean >= MIN_DEPTH for mean in known)
    if not known:
        return Verdict.COULD_NOT_LOOK, f"{coverage.name} does not speak of its exons."
    said = f"{deep} of {count(len(depths), 'coding exon')} with a mean depth of {MIN_DEPTH} or more in {coverage.name}"
    return (Verdict.PARTLY_SEEN if deep else Verdict.COULD_NOT_LOOK), f"{said}; {MEAN_ONLY}."


def _of_calls(calls: int) -> tuple[Verdict, str]:
    if not calls:
        return Verdict.COULD_NOT_LOOK, "No call of this file lies in its exons, and depth was not given."
    lie = "1 call of this file lies" if calls == 1 else f"{calls} calls of this file lie"
    return Verdict.PARTLY_SEEN, f"{lie} in its exons; whether every coding base was covered is not known."


def _callable(depth: ExonDepth) -> bool:
    return depth.callable_bases == depth.region.length


def _blurred(gene: PanelGene, depths: Iterable[ExonDepth], coverage: Coverage) -> bool:
    """Whether exons with a copy elsewhere count as read although their reads were not told apart."""
    return not coverage.places_reads and any(d.region.number in gene.not_unique_exons for d in depths)


# --------------------------------------------------------------------------- one exon


def _exon(
    gene: PanelGene,
    region: ExonRegion,
    depth: ExonDepth | None,
    calls: int,
    coverage: Coverage | None,
    lost: Mapping[tuple[str, int], int],
) -> dict[str, Any]:
    """An exon as case.json has it, without what is not known. start, end: 0-based half-open, two bases beside in."""
    copies = lost.get((region.transcript, region.number))
    known = depth is not None and (depth.mean is not None or depth.callable_bases is not None)
    row: dict[str, Any] = {
        "transcript": region.transcript,
        "number": region.number,
        "start": region.start,
        "end": region.end,
        "state": _state(depth, calls),
        "mean_depth": depth.mean if depth else None,
        "callable_bases": depth.callable_bases if depth else None,
        "gaps": [list(gap) for gap in depth.gaps] if depth and depth.gaps else None,
        "calls": None if known else calls or None,
        "copies": copies,
        "reason": _reason(gene, region, depth, coverage, copies) or None,
    }
    return {key: value for key, value in row.items() if value is not None}


def _state(depth: ExonDepth | None, calls: int) -> str:
    if depth is None or (depth.mean is None and depth.callable_bases is None):
        return "calls_only" if calls else "not_looked_at"
    if depth.callable_bases is None:
        return "mean_only"
    if _callable(depth):
        return "callable"
    return "partly" if depth.callable_bases else "not_callable"


def _reason(
    gene: PanelGene, region: ExonRegion, depth: ExonDepth | None, coverage: Coverage | None, copies: int | None
) -> str:
    """Why an exon is not callable, or why that it looks so proves little; '' where nothing is to be said."""
    if copies is not None:
        return "Both copies are missing." if copies == 0 else "One copy is missing."
    if depth is None or coverage is None:
        return ""
    if region.number in gene.not_unique_exons and (not coverage.places_reads or not _callable(depth)):
        return gene.not_unique_reason or ""
    if depth.callable_bases is None or _callable(depth):
        return ""
    if depth.targeted is False:
        return "It lies outside the capture targets."
    if depth.unplaced is not None and depth.mean is not None and depth.unplaced > depth.mean:
        return "Reads lie here, but could belong elsewhere."
    if depth.observed is not None and depth.observed < 1:
        return "The input does not speak of all its bases."
    return ""
