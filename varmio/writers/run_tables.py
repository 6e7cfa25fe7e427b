"""Runs of homozygosity as BED, TSV and JSON. No pattern and no word on kinship stands in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from varmio.errors import cell

Data = dict[str, Any]
COLUMNS = (
    "sample",
    "contig",
    "start",
    "end",
    "length_bp",
    "certain_start",
    "certain_end",
    "max_start",
    "max_end",
    "n_sites",
    "n_het",
    "n_clusters",
    "score",
    "depth_ratio",
)
KEPT_OUT = ("pattern", "pattern_reasons")  # of autozygosity: what they say of the parents is for the clinician's page
MAX_BED_SCORE = 1000  # the largest score that BED knows


def bed(found: Mapping[str, Data]) -> bytes:
    """contig, start, end (0-based half-open), sample, LOD x 10; a sample that could not be assessed as a comment."""
    lines = []
    for sample, one in found.items():
        lines += _refusal(sample, one)
        lines += [
            f"{r['contig']}\t{r['start']}\t{r['end']}\t{cell(sample)}\t{min(round(r['score'] * 10), MAX_BED_SCORE)}"
            for r in _runs(one)
        ]
    return _text(lines)


def tsv(found: Mapping[str, Data]) -> bytes:
    """One line a run, 0-based half-open; '.' where a depth ratio is not known."""
    lines = ["\t".join(COLUMNS)]
    for sample, one in found.items():
        lines += _refusal(sample, one)
        for run in _runs(one):
            facts = {**run, "sample": cell(sample), "length_bp": run["end"] - run["start"]}
            lines.append("\t".join("." if facts[c] is None else str(facts[c]) for c in COLUMNS))
    return _text(lines)


def as_json(found: Mapping[str, Data], assembly: str) -> bytes:
    """{assembly, samples: {name: autozygosity of case.json, without its pattern}}."""
    samples = {name: {k: v for k, v in one.items() if k not in KEPT_OUT} for name, one in found.items()}
    return (json.dumps({"assembly": assembly, "samples": samples}, indent=1) + "\n").encode()


def _refusal(sample: str, one: Data) -> list[str]:
    """A comment that says why a sample could not be assessed."""
    if one["assessable"]:
        return []
    return [f"# {cell(sample)}: not assessable: {cell(' '.join(one['reasons']))}"]


def _runs(one: Data) -> list[Data]:
    return [*one["segments"], *one.get("x_segments", ())]


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
