"""A finding on its gene: coding exons to scale, introns as short lines, the changes by class; from case.json alone.

Places are percent of the drawing's width, 5' to 3'. A change in an intron stands in its line, at its share of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from varmio import phrases
from varmio.phrases import words
from varmio.writers.exon_places import number_below, placed, reads_forward
from varmio.writers.verdicts import gene_name, name_of

Data = dict[str, Any]
INTRON = 1.2  # percent of the width, at most
SMALLEST = 0.4  # percent; a box or bar that is narrower is not seen
EDGE = 50.0  # percent, from which a label ends at its mark, so that it stays inside
# class -> symbol of the sprite and colour: filled for what counts, half for likely, open for uncertain
MARKS = {
    "pathogenic": ("dia", "stop"),
    "likely_pathogenic": ("diahalf", "stop"),
    "uncertain_significance": ("diaopen", "wait"),
}
OTHER = ("open", "soft")


class Box(NamedTuple):
    x: float
    width: float
    number: str  # '' where it is not written


class Mark(NamedTuple):
    """A change: its symbol at x, or from x over `width` where it takes whole stretches; `label` of the card's own."""

    x: float
    width: float
    symbol: str
    tone: str
    label: str
    anchor: str


class Model(NamedTuple):
    id: str
    caption: str
    title: str
    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...]
    rows: tuple[tuple[str, ...], ...]  # exon, place, changes; empty where an earlier card has them


class _Place(NamedTuple):
    """A coding exon of the case with where it is drawn."""

    number: int
    start: int  # 0-based half-open, as in case.json
    end: int
    x: float
    width: float


def models(case: Data, findings: list[Data]) -> dict[str, Model]:
    """Finding id -> its drawing, for those whose transcript's exons the case has; the table once for each gene."""
    drawn: dict[str, Model] = {}
    tabled: set[str] = set()
    genes = {gene["symbol"]: gene for gene in case["genes"]}
    for number, finding in enumerate(findings, 1):
        gene = genes.get(finding["gene"])
        exons = [e for e in gene["exons"] if e["transcript"] == finding["transcript"]] if gene else []
        if gene is None or not exons:
            continue
        shown = [f for f in findings if f["transcript"] == finding["transcript"]]
        with_table = finding["transcript"] not in tabled
        tabled.add(finding["transcript"])
        drawn[finding["id"]] = _model(f"model-{number}", gene, exons, finding, shown, with_table)
    return drawn


def _model(key: str, gene: Data, exons: list[Data], own: Data, shown: list[Data], with_table: bool) -> Model:
    places, forward = _placed(exons)
    marks = [_mark(f, places, forward, f is own) for f in sorted(shown, key=lambda f: f is own)]  # its own on top
    boxes = tuple(Box(p.x, p.width, number_below(p.number, len(places))) for p in places)
    name = f"{gene_name(gene['symbol'])} {own['transcript']}"
    title = phrases.MODEL_TITLE.format(name, len(places), _where(own), _said(own))
    rows = _rows(gene["contig"], places, shown) if with_table else ()
    return Model(key, phrases.MODEL_CAPTION.format(name), title, boxes, tuple(marks), rows)


def _placed(exons: list[Data]) -> tuple[list[_Place], bool]:
    """The exons 5' to 3', and whether the transcript reads along the genome."""
    exons = sorted(exons, key=lambda e: e["number"])
    drawn = placed([e["end"] - e["start"] for e in exons], INTRON)
    places = [
        _Place(e["number"], e["start"], e["end"], x, max(width, SMALLEST))
        for e, (x, width) in zip(exons, drawn, strict=True)
    ]
    return places, reads_forward(exons)


def _mark(finding: Data, places: list[_Place], forward: bool, own: bool) -> Mark:
    first = finding["variant"]["pos"] - 1
    last = max(first, (finding["variant"].get("end") or first + len(finding["variant"]["ref"])) - 1)
    ends = sorted((_x(first, places, forward), _x(last, places, forward)))
    symbol, tone = MARKS.get(finding["classification"]["class"], OTHER)
    wide = finding["variant"]["type"] == "structural"
    label = f"{finding['hgvs_c'] or finding['variant']['key']}" if own and not wide else ""
    x = ends[0] if wide else sum(ends) / 2
    width = max(ends[1] - ends[0], SMALLEST) if wide else 0.0
    return Mark(x, width, symbol, tone, label, "end" if x > EDGE else "start")


def _x(base: int, places: list[_Place], forward: bool) -> float:
    """Where a base (0-based) lies, in percent; outside the coding exons at the drawing's ends."""
    before = 0.0
    for index, p in enumerate(places):
        along = base - p.start if forward else p.end - 1 - base
        length = p.end - p.start
        if along < 0:
            if index == 0:
                return 0.0
            left = places[index - 1]
            gap = p.start - left.end if forward else left.start - p.end
            share = 1 + along / gap if gap > 0 else 1.0
            return before + (p.x - before) * min(max(share, 0.0), 1.0)
        if along < length:
            return p.x + p.width * (along + 0.5) / length
        before = p.x + p.width
    return 100.0


def _where(finding: Data) -> str:
    if finding.get("exon") is not None:
        return phrases.MODEL_IN_EXON.format(finding["exon"])
    if finding.get("intron") is not None:
        return phrases.MODEL_IN_INTRON.format(finding["intron"])
    return phrases.MODEL_OUTSIDE


def _said(finding: Data) -> str:
    return f"{name_of(finding)}, {words(phrases.CLASS, finding['classification']['class'])}"


def _rows(contig: str, places: list[_Place], shown: list[Data]) -> tuple[tuple[str, ...], ...]:
    """Each coding exon with its place, 1-based with both ends inside; then what lies in no exon."""
    rows = [
        (
            str(p.number),
            f"{contig}:{p.start + 1}-{p.end}",
            "; ".join(_said(f) for f in shown if f.get("exon") == p.number),
        )
        for p in places
    ]
    coding = {p.number for p in places}
    for f in shown:
        if f.get("exon") not in coding:
            rows.append((phrases.MODEL_OTHER, f"{contig}:{f['variant']['pos']}", _said(f)))
    return tuple(rows)
