"""The section 'Homozygosity': the runs, what they add up to, and what they mean at each homozygous change."""

from __future__ import annotations

from typing import Any, NamedTuple

from varmio import phrases
from varmio.phrases import count, megabases, words
from varmio.writers.ideogram import Ideogram, ideogram, where
from varmio.writers.verdicts import Line, gene_name, name_of

Data = dict[str, Any]
ON_THIS_PAGE_ONLY = "close_relatedness"  # a pattern that is named in no table


class Change(NamedTuple):
    """One homozygous change among the runs."""

    heading: str
    lines: tuple[str, ...]
    consistent_with: Line
    ways: tuple[Data, ...]  # explanations: text, test, recurrence, references


class Runs(NamedTuple):
    reasons: tuple[str, ...]
    summary: tuple[str, ...]
    pattern: Line | None
    clinician: str
    changes: tuple[Change, ...]
    confirmed: Line | None
    drawing: Ideogram | None


def section(case: Data) -> Runs:
    """Everything that the section prints."""
    found = case["autozygosity"]
    changes = tuple(_change(f) for f in case["findings"] if f["roh"].get("explanations"))
    close = found["pattern"] == ON_THIS_PAGE_ONLY
    return Runs(
        tuple(found["reasons"]),
        _summary(found),
        _pattern(found),
        phrases.FOR_THE_CLINICIAN if close else "",
        changes,
        Line(phrases.PARENTS_CONFIRMED, "", phrases.PARENTS_CONFIRMED_SOURCE) if changes else None,
        ideogram(case),
    )


def _summary(found: Data) -> tuple[str, ...]:
    if not found["assessable"]:
        return ()
    return (total(found), *found.get("pattern_reasons", ()), *_outside_panel(found))


def total(found: Data) -> str:
    """'10 runs on 9 chromosomes; those that count make up 175.4 Mb: F_ROH 0.061 (0.055 to 0.068).'"""
    runs = found["segments"]
    if not runs:
        return phrases.NO_RUNS
    on = len({r["contig"] for r in runs})
    said = f"{count(len(runs), 'run')} on {count(on, 'chromosome')}"
    if not found["total_bp"]:
        return f"{said}, none long enough to count."
    low, high = found["f_roh_interval"] or (None, None)
    interval = f" ({low:.3f} to {high:.3f})" if low is not None else ""
    return f"{said}; those that count make up {megabases(found['total_bp'])}: F_ROH {found['f_roh']:.3f}{interval}."


def _pattern(found: Data) -> Line | None:
    if not found["assessable"]:
        return None
    pattern = found["pattern"]
    return Line(words(phrases.ROH_PATTERN, pattern), "", phrases.ROH_PATTERN_SOURCE.get(pattern, ()))


def _outside_panel(found: Data) -> tuple[str, ...]:
    share = found.get("outside_panel")
    return () if share is None else (phrases.OUTSIDE_PANEL.format(share=f"{int(share * 1000) / 10}%"),)


def _change(finding: Data) -> Change:
    roh = finding["roh"]
    meaning = Line(roh["consistent_with"], "", tuple(roh.get("references") or ()))
    heading = f"{gene_name(finding['gene'])} {name_of(finding)}"
    return Change(heading, tuple(roh["lines"]), meaning, tuple(roh["explanations"]))


def at_the_change(case: Data, ids: list[str]) -> str:
    """For the six lines: where the homozygous changes of the answer lie, and F_ROH."""
    found = case["autozygosity"]
    if not found["assessable"]:
        return " ".join(found["reasons"])
    said = [_where(f) for f in case["findings"] if f["id"] in ids and f["zygosity"] == "homozygous"]
    return "; ".join((*said, total(found)))


def _where(finding: Data) -> str:
    roh = finding["roh"]
    if roh["state"] != "inside":
        return f"{finding['gene']} {name_of(finding)} {words(phrases.ROH, roh['state'])}"
    run = {**roh, "contig": finding["variant"]["contig"]}
    return f"{finding['gene']} {name_of(finding)} inside a run of {megabases(roh['length_bp'])} ({where(run)})"
