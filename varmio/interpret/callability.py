"""What each gene's verdict is while depth is not examined.

| what is known of the gene                                     | verdict        |
|---------------------------------------------------------------|----------------|
| a subtype match other than excluded                           | found          |
| at least one call of this file lies in its exons              | partly_seen    |
| neither, or its transcript is not known here                  | could_not_look |

`not_found` needs proof that every coding base was covered; a list of variants never gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from varmio.model import GeneVerdict, Panel, Record, Status, SubtypeMatch, Transcript, Verdict


def calls_in_exons(records: Iterable[Record], transcripts: Iterable[Transcript]) -> dict[str, int]:
    """Calls (variant or not, with at least one allele called) that touch an exon, per gene."""
    count = {t.gene: 0 for t in transcripts}
    exons = [(t.gene, t.contig, start, end) for t in transcripts for start, end in t.exons]
    for record in records:
        if all(allele is None for allele in record.genotype.alleles) or _structural(record):
            continue
        touched = {
            gene
            for gene, contig, start, end in exons
            if contig == record.contig and record.pos - 1 < end and record.end > start
        }
        for gene in touched:
            count[gene] += 1
    return count


def _structural(record: Record) -> bool:
    """Whether the record only speaks of copy number or breakpoints, so that no base was read."""
    return bool(record.kinds) and {"symbolic", "breakend"}.issuperset(record.kinds)


def verdicts(panel: Panel, calls: Mapping[str, int], matches: Iterable[SubtypeMatch]) -> tuple[GeneVerdict, ...]:
    """One verdict for each gene of the panel, in the panel's order."""
    found = {m.gene: m for m in matches if m.status is not Status.EXCLUDED}
    return tuple(
        replace(_verdict(g.symbol, calls.get(g.symbol), found.get(g.symbol)), core=g.core) for g in panel.genes
    )


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


def _verdict(symbol: str, calls: int | None, match: SubtypeMatch | None) -> GeneVerdict:
    if calls is None:
        reason = "Not examined by this version: its transcript is not known here."
        return GeneVerdict(symbol, Verdict.COULD_NOT_LOOK, False, (), (reason,))
    if match is not None:
        reason = f"A match with {match.id} was found ({match.status.replace('_', ' ')})."
        return GeneVerdict(symbol, Verdict.FOUND, True, (), (reason,))
    if calls:
        lie = "call of this file lies" if calls == 1 else "calls of this file lie"
        reason = f"{calls} {lie} in its exons; whether every coding base was covered is not known."
        return GeneVerdict(symbol, Verdict.PARTLY_SEEN, True, (), (reason,))
    reason = "No call of this file lies in its exons, and depth was not examined."
    return GeneVerdict(symbol, Verdict.COULD_NOT_LOOK, True, (), (reason,))
