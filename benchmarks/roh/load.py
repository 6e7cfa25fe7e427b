"""Markers of a single-sample VCF, read in one plain pass."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from varmio.model import Markers

BASES = frozenset("ACGT")
Row = tuple[int, bool, bool, int, int, float]


def markers_of(path: Path) -> dict[str, Markers]:
    """Contig without chr -> Markers of the first sample. The one function to replace by the reader's own."""
    rows: dict[str, list[Row]] = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            contig, pos, _, ref, alt, _, filters, _, keys, sample = line.rstrip("\n").split("\t")[:10]
            row = _marker(
                int(pos), [ref, *alt.split(",")], filters, dict(zip(keys.split(":"), sample.split(":"), strict=False))
            )
            if row:
                rows.setdefault(contig.removeprefix("chr"), []).append(row)
    return {contig: _arrays(sorted(found)) for contig, found in rows.items()}


def _marker(pos: int, alleles: list[str], filters: str, value: dict[str, str]) -> Row | None:
    called = value.get("GT", ".").replace("|", "/").split("/")
    if len(called) != 2 or "." in called or called == ["0", "0"]:
        return None
    first, second = sorted(int(x) for x in called)
    if not {alleles[0], alleles[first], alleles[second]} <= BASES:
        return None
    reads = [int(x) if x.isdigit() else 0 for x in value["AD"].split(",")] if "," in value.get("AD", "") else []
    share = float("nan")
    if reads:
        part, whole = reads[second], (sum(reads) if first == second else reads[first] + reads[second])
        share = part / whole if whole else float("nan")
    depth, quality = (int(value[k]) if value.get(k, ".").isdigit() else -1 for k in ("DP", "GQ"))
    if depth < 0 and reads:
        depth = sum(reads)
    return pos, first != second, filters in ("PASS", "."), depth, quality, share


def _arrays(rows: list[Row]) -> Markers:
    pos, het, passed, depth, quality, share = zip(*rows, strict=True)
    return Markers(
        pos=np.array(pos, np.int64),
        het=np.array(het, bool),
        passed=np.array(passed, bool),
        depth=np.array(depth, np.int32),
        quality=np.array(quality, np.int32),
        share=np.array(share, np.float32),
    )
