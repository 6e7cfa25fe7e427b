"""The drawing of runs and panel genes on the chromosomes, with its table; from case.json alone.

Places along a chromosome are percent of the drawing's width, so that the drawing stretches and its letters
do not. Labels that would touch on a narrow screen stand in rows below one another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from varmio import phrases
from varmio.assembly import CONTIG_LENGTHS
from varmio.model import Assembly
from varmio.phrases import count, megabases
from varmio.writers.verdicts import gene_name

Data = dict[str, Any]
LEFT, RIGHT = 7.0, 88.0  # percent of the width between which chromosome 1 is drawn; the rest holds words
NARROW = 300  # px, the narrowest drawing in which no two labels touch: a phone of 320 px
LETTER = 6.6  # px, an upper-case letter of 11.5 px type, at most
GAP = 5  # px between two labels
BAR, LINE, LABEL = 8, 18, 13  # px: height of a chromosome, of its line, of a row of labels
TOP = 20  # px above the first chromosome
MB = 1_000_000
CHROMOSOMES = (*(str(n) for n in range(1, 23)), "X")


class Mark(NamedTuple):
    """A run: place and width in percent."""

    x: float
    width: float


class Label(NamedTuple):
    """A panel gene: its tick, and its name in the row below."""

    x: float
    symbol: str
    y: int
    end: bool  # the name ends at the tick
    found: bool


class Line(NamedTuple):
    contig: str
    y: int
    width: float
    runs: tuple[Mark, ...]
    genes: tuple[Label, ...]
    in_runs: str  # Mb


class Ideogram(NamedTuple):
    title: str
    lines: tuple[Line, ...]
    height: int
    rows: tuple[tuple[str, ...], ...]  # the table: run, length, certain, at most, markers, LOD, depth, genes


def ideogram(case: Data) -> Ideogram | None:
    """The drawing and its table; None where runs could not be assessed or the assembly has no lengths here."""
    found = case["autozygosity"]
    if not found["assessable"] or case["assembly"]["name"] not in set(Assembly):
        return None
    lengths = CONTIG_LENGTHS[Assembly(case["assembly"]["name"])]
    runs = [*found["segments"], *found.get("x_segments", ())]
    lines, y = [], TOP
    for contig in CHROMOSOMES:
        line, rows = _line(case, contig, y, lengths, [r for r in runs if r["contig"] == contig])
        lines.append(line)
        y += LINE + rows * LABEL
    return Ideogram(_title(case, runs), tuple(lines), y, tuple(_row(case, r) for r in runs))


def _line(case: Data, contig: str, y: int, lengths: dict[str, int], runs: list[Data]) -> tuple[Line, int]:
    longest = lengths["1"]

    def place(pos: int) -> float:
        return LEFT + pos / longest * (RIGHT - LEFT)

    marks = tuple(Mark(place(r["start"]), max(place(r["end"]) - place(r["start"]), 0.15)) for r in runs)
    genes = sorted((g for g in case["genes"] if g.get("contig") == contig), key=lambda g: (g["start"], g["symbol"]))
    labels, rows = _labels([(place((g["start"] + g["end"]) // 2), g) for g in genes], y)
    total = sum(r["end"] - r["start"] for r in runs)
    width = place(lengths[contig]) - LEFT
    return Line(contig, y, width, marks, labels, f"{total / MB:.1f}" if total else ""), rows


def _labels(genes: list[tuple[float, Data]], y: int) -> tuple[tuple[Label, ...], int]:
    """Each label in the first row where it touches none; and how many rows there are."""
    taken: list[list[tuple[float, float]]] = []
    labels = []
    for x, gene in genes:
        wide = (len(gene["symbol"]) * LETTER + GAP) / NARROW * 100
        end = x + wide > 100
        span = (x - wide, x) if end else (x, x + wide)
        row = next((i for i, row in enumerate(taken) if all(span[0] >= b or span[1] <= a for a, b in row)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        at = y + LINE + row * LABEL + BAR - 3
        labels.append(Label(x, gene["symbol"], at, end, gene["verdict"] == "found"))
    return tuple(labels), len(taken)


def where(run: Data) -> str:
    """'6:95.9-115.7 Mb'."""
    return f"{run['contig']}:{run['start'] / MB:.1f}-{run['end'] / MB:.1f} Mb"


def inside(case: Data, run: Data) -> list[str]:
    """The panel genes that a run touches."""
    return [
        g["symbol"]
        for g in case["genes"]
        if g.get("contig") == run["contig"] and g["start"] < run["end"] and run["start"] < g["end"]
    ]


def _title(case: Data, runs: list[Data]) -> str:
    on = len({r["contig"] for r in runs})
    held = list(dict.fromkeys(gene_name(symbol) for run in runs for symbol in inside(case, run)))
    genes = f"Panel genes in a run: {', '.join(held)}." if held else "No panel gene lies in a run."
    return f"Chromosomes 1 to 22 and X with {count(len(runs), 'run')} on {count(on, 'chromosome')}. {genes}"


def _row(case: Data, run: Data) -> tuple[str, ...]:
    depth = "not known" if run["depth_ratio"] is None else f"{run['depth_ratio']:.2f}"
    return (
        where(run),
        megabases(run["end"] - run["start"]),
        f"{(run['certain_end'] - run['certain_start']) / MB:.1f} to {(run['max_end'] - run['max_start']) / MB:.1f} Mb",
        f"{run['n_sites']:,}, of them {run['n_het']:,} heterozygous",
        f"{run['score']:.1f}",
        depth,
        ", ".join(inside(case, run)) or phrases.NO_GENE_IN_RUN,
    )
