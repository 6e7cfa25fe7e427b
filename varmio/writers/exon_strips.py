"""The coding exons of a gene with their depth and gaps, as a drawing and as a table; from case.json alone.

Exons stand 5' to 3', each as wide as the root of its length, introns as short gaps; places are percent of the
drawing's width, so that it stretches and its letters do not. Drawn are the core genes and those with lost exons,
where the input speaks of depth or of copies.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from varmio import phrases
from varmio.phrases import count
from varmio.writers.exon_places import number_below, placed, reads_forward
from varmio.writers.gaps import of_exon
from varmio.writers.verdicts import gene_name

Data = dict[str, Any]
INTRON = 0.7  # percent of the width, at most
BAR_PX = 26  # height of the bar of the highest depth shown
BASE_PX = 44  # where bars stand and exons begin
CALLABLE = 10  # reads: the line; CALLABLE_DEPTH of the methods
HIGHEST = 2.0  # times the gene's median depth, from which bars are cut
NAMED_GAPS = 8  # in one cell of the table before the rest is counted


class Exon(NamedTuple):
    """Place and width in percent, height of its bar in px, its number ('' where it is not written), copies left."""

    x: float
    width: float
    state: str
    bar: float
    number: str
    copies: str
    gaps: tuple[tuple[float, float], ...]


class Strip(NamedTuple):
    id: str
    caption: str
    title: str  # what the drawing says, in words
    exons: tuple[Exon, ...]
    line: float | None  # px, where the depth of a callable base lies
    rows: tuple[tuple[str, ...], ...]


def strips(case: Data) -> list[Strip]:
    """One strip for each transcript of the genes that are drawn."""
    return [
        _strip(gene, transcript, [e for e in gene["exons"] if e["transcript"] == transcript])
        for gene in case["genes"]
        if _drawn(gene)
        for transcript in dict.fromkeys(e["transcript"] for e in gene["exons"])
    ]


def _drawn(gene: Data) -> bool:
    lost = any("copies" in e for e in gene["exons"])
    known = any("mean_depth" in e or "callable_bases" in e for e in gene["exons"])
    return lost or (known and bool(gene.get("core") or gene["verdict"] == "found"))


def _strip(gene: Data, transcript: str, exons: list[Data]) -> Strip:
    exons = sorted(exons, key=lambda e: e["number"])
    highest = _highest(exons)
    places = placed([sqrt(e["end"] - e["start"]) for e in exons], INTRON)
    forward = reads_forward(exons)
    drawn = [
        _exon(exon, x, width, highest, number_below(exon["number"], len(exons)), forward)
        for exon, (x, width) in zip(exons, places, strict=True)
    ]
    line = BASE_PX - BAR_PX * CALLABLE / highest if highest else None
    name = f"{gene_name(gene['symbol'])} {transcript}"
    said = _said(exons)
    rows = tuple(_row(gene, e) for e in exons)
    return Strip(f"{gene['symbol']}-{transcript}".replace(".", "-"), name, f"{name}: {said}", tuple(drawn), line, rows)


def _highest(exons: list[Data]) -> float:
    """The depth that the highest bar stands for; 0 where no depth is known."""
    depths = sorted(e["mean_depth"] for e in exons if "mean_depth" in e)
    return max(HIGHEST * depths[len(depths) // 2], 2.0 * CALLABLE) if depths else 0.0


def _exon(exon: Data, x: float, width: float, highest: float, number: str, forward: bool) -> Exon:
    depth = exon.get("mean_depth")
    bar = min(depth / highest, 1.0) * BAR_PX if depth is not None and highest else 0.0
    length = exon["end"] - exon["start"]
    gaps = []
    for start, end in () if exon.get("copies") == 0 else exon.get("gaps", ()):  # an empty box says it all
        before = start - exon["start"] if forward else exon["end"] - end
        gaps.append((x + before / length * width, max((end - start) / length * width, 0.3)))
    number = str(exon["number"]) if "copies" in exon else number
    return Exon(x, width, _state(exon), bar, number, str(exon.get("copies", "")), tuple(gaps))


def _state(exon: Data) -> str:
    """The class of its box: lost, whole, or open (not known, or not callable)."""
    if "copies" in exon:
        return "l"
    return "w" if exon["state"] in ("callable", "partly") else "o"


def _said(exons: list[Data]) -> str:
    """The drawing in words: how many exons in each state, and those that lost copies."""
    states: dict[str, int] = {}
    for exon in exons:
        states[exon["state"]] = states.get(exon["state"], 0) + 1
    parts = [f"{count(n, 'exon')} {phrases.EXON_STATE.get(state, state)}" for state, n in states.items()]
    for copies, words in ((0, phrases.NO_COPY), (1, phrases.ONE_COPY)):
        lost = [str(e["number"]) for e in exons if e.get("copies") == copies]
        parts += [words.format(", ".join(lost))] if lost else []
    return "; ".join(parts) + "."


def _row(gene: Data, exon: Data) -> tuple[str, ...]:
    """Number, mean depth, covered of all bases, and where and why not."""
    depth, covered, bases = exon.get("mean_depth"), exon.get("callable_bases"), exon["end"] - exon["start"]
    return (
        str(exon["number"]),
        phrases.NOT_KNOWN if depth is None else f"{depth:.0f}",
        f"{phrases.NOT_KNOWN if covered is None else f'{covered:,}'} / {bases:,}",
        ""
        if exon["state"] == "callable"
        else ". ".join(filter(None, (_gaps(gene, exon), str(exon.get("reason", ""))))),
    )


def _gaps(gene: Data, exon: Data) -> str:
    """Where the gaps lie, 1-based with both ends inside, as a laboratory orders primers."""
    found = [f"{gene['contig']}:{start + 1}-{end}" for start, end, _ in of_exon(exon)]
    more = len(found) - NAMED_GAPS
    return ", ".join(found[:NAMED_GAPS]) + (phrases.MORE_GAPS.format(more) if more > 0 else "")
