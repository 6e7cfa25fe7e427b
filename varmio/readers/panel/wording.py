"""Sentences that must not be said, whatever their source: the panel's wording is read for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from varmio.readers.panel.strict import Lines, Path, Problem, problem_at

PROSE = ("name", "text", "caution", "condition", "reason", "would_show", "child", "care")  # keys that are read

FORBIDDEN: tuple[tuple[str, str], ...] = (  # pattern, why it must not be said
    (r"10 months", "a cut-off age for transplant"),
    (r"(?i:contraindicat)", "transplant is never called contraindicated"),
    (r"LRP6.*osteopetrosis type 4|OPTA4", "no source joins OPTA4 to a gene"),
    (r"1884\+", "positions of TCIRG1 intron 15 are recalled"),
    (r"c\.1213G|p\.Gly405Arg|p\.Arg444Leu", "these TCIRG1 names are recalled"),
    (r"c\.232\+1|c\.415_416", "no source read gives this allele the name"),
    (r"\*420|Ter420|420Trp", "this IKBKG name is recalled"),
    (r"p\.Tyr715Cys|p\.Arg16Ter", "this name is recalled or machine-made"),
    (r"RP-?[AL]\d{3}|gene therapy", "no gene-therapy availability"),
    (r"\b3,?879\b|1\.68\s*%", "the newborn figure only"),
    (r"OSTM1[^.]*\bsuitable\b", "never suitable for OSTM1"),
    (r"\b[Ee]lective\b", "transplant is never called elective"),
    (r"(?i:\btry\s+(?:a\s+)?transplant)", "never to be tried"),
    (r"\d\s*(?:mg|µg|mcg|IU|micrograms?|milligrams?)\s*(?:/|per)\s*(?:kg|m2|m²|day|dose)", "a dose"),
    (r"(?i:chloroquine|siRNA)", "no source read names this treatment"),
    (r"therefore not osteopetrosis|excludes osteopetrosis", "nothing here excludes osteopetrosis"),
    (r"\d\s*%[^.]*\bof (?:recessive|dominant) osteopetrosis", "a gene's share as a number"),
    (r"(?:disease|deficiency) made up \d|\d\s*% had [A-Z][A-Z0-9]+\b", "a gene's share as a number"),
)
_SWAPPED = {"TNFSF11": "RANKL", "TNFRSF11A": "RANK", "TNFRSF11B": "OPG"}  # never two without proteins
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_FIGURE = re.compile(rf"(?i)\d\s*%|\b{_COUNT} of (?:the )?{_COUNT}\b|\ball {_COUNT}\b")
_SURVIVAL = re.compile(r"(?i)\b(?:survival|survived|alive)\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


def wording_faults(text: str) -> list[str]:
    """Why a sentence must not be said; empty where it may be."""
    faults = [why for pattern, why in FORBIDDEN if re.search(pattern, text)]
    for sentence in re.split(r"(?<=[.;])\s", text):
        named = [gene for gene in _SWAPPED if re.search(rf"\b{gene}\b", sentence)]
        if len(named) > 1 and not all(re.search(rf"\b{_SWAPPED[g]}\b", sentence) for g in named):
            faults.append("genes with names alike, without their proteins")
    if _SURVIVAL.search(text) and _FIGURE.search(text) and not _YEARS.search(text):
        faults.append("a survival figure without its years")
    return faults


def wording_problems(data: Mapping[str, Any], lines: Lines) -> list[Problem]:
    """Every text of the panel that must not be said."""
    found = []
    for path, text in _prose(data, ()):
        found += [problem_at(data, lines, path, f"must not be said: {why}") for why in wording_faults(text)]
    return sorted(found)


def _prose(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if any(step in PROSE for step in path[-2:]):
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _prose(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _prose(inner, (*path, index))
