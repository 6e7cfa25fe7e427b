"""The markers of a sample by another reader (pysam) and in another way: slow, one site after another."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pysam

from varmio.model import Markers

Row = tuple[int, bool, bool, int, int, float | None]  # as the fields of Markers; the share to 4 places
Rows = dict[str, list[Row]]


def rows_of(markers: Mapping[str, Markers]) -> Rows:
    """Markers as rows, for comparing."""
    return {
        contig: [
            (int(p), bool(h), bool(f), int(d), int(q), None if math.isnan(s) else round(float(s), 4))
            for p, h, f, d, q, s in zip(m.pos, m.het, m.passed, m.depth, m.quality, m.share, strict=True)
        ]
        for contig, m in markers.items()
    }


def by_pysam(path: Path, samples: list[str]) -> list[Rows]:
    """What the contract of Markers asks for, of files with GT, AD or AO, DP and GQ as integers."""
    sites: list[dict[str, dict[int, list[dict[str, Any]]]]] = [defaultdict(lambda: defaultdict(list)) for _ in samples]
    with pysam.VariantFile(str(path)) as records:
        for record in records:
            contig = record.chrom.removeprefix("chr")
            if contig not in {*map(str, range(1, 23)), "X"}:
                continue
            for by_contig, sample in zip(sites, samples, strict=True):
                call = _call(record, record.samples[sample])
                if call:
                    by_contig[contig][call["pos"]].append(call)
    return [
        {
            contig: rows
            for contig, by_pos in by_contig.items()
            if (rows := [row for pos in sorted(by_pos) if (row := _row(pos, by_pos[pos])) and pos > 0])
        }
        for by_contig in sites
    ]


def _changed(ref: str, alt: str) -> tuple[int, str] | None:
    """Offset and base of an allele that changes one base, after trimming; None for any other."""
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    offset = 0
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        ref, alt, offset = ref[1:], alt[1:], offset + 1
    return (offset, alt) if len(ref) == len(alt) == 1 and ref != alt and {ref, alt} <= set("ACGT") else None


def _call(record: Any, call: Any) -> dict[str, Any] | None:
    numbers = call.allele_indices
    if numbers is None or len(numbers) != 2 or not any(numbers):
        return None
    alleles = [None if n is None else record.alleles[n].upper() for n in numbers]
    changes = [_changed(record.ref.upper(), a) for n, a in zip(numbers, alleles, strict=True) if n]
    known = {"pos": record.pos, "snv": None not in changes, "half": None in numbers}
    if not known["snv"]:
        return known
    if len({change[0] for change in changes if change}) > 1:
        return None
    copies = [
        None if n is None else _changed(record.ref.upper(), record.alleles[n].upper()) if n else "ref" for n in numbers
    ]
    return known | {
        "pos": record.pos + next(change[0] for change in changes if change),
        "het": copies[0] != copies[1],
        "bases": {change[1] for change in changes if change},
        "passed": list(record.filter) in ([], ["PASS"]),
        **_numbers(record, call, sorted(n for n in numbers if n is not None)),
    }


def _numbers(record: Any, call: Any, called: list[int]) -> dict[str, Any]:
    depth, quality, reads = call.get("DP"), call.get("GQ"), call.get("AD")
    if reads is None and "AO" in call:
        alts = call["AO"] if isinstance(call["AO"], tuple) else (call["AO"],)
        reads = (None, *alts)
    if reads is None or len(reads) != len(record.alleles) or set(reads) == {None}:
        reads = None
    if depth is None and reads is not None and None not in reads:
        depth = sum(reads)
    return {
        "depth": -1 if depth is None else depth,
        "quality": -1 if quality is None else quality,
        "own": reads[called[-1]] if reads else None,
        "all": _all(reads, depth, called) if reads else None,
    }


def _all(reads: tuple[int | None, ...], depth: int | None, called: list[int]) -> int | None:
    wanted = [reads[n] for n in called] if len(set(called)) == 2 else list(reads)
    if None not in wanted:
        return sum(n for n in wanted if n is not None)
    if len(set(called)) == 2 and called[0]:
        return None
    return max(depth, sum(n for n in reads if n is not None)) if depth else 0


def _row(pos: int, calls: list[dict[str, Any]]) -> Row | None:
    snvs = [call for call in calls if call["snv"]]
    whole = [call for call in snvs if not call["half"]]
    if not whole and len({base for call in snvs for base in call["bases"]}) > 1:
        whole = [call | {"het": True} for call in snvs]
    if not whole or len({call["het"] for call in whole}) == 2:
        return None
    het = whole[0]["het"]
    if not het and len({frozenset(call["bases"]) for call in whole}) > 1:
        return None
    if het and len(calls) > 1 and len(snvs) < len(calls):
        return None
    first = next((call for call in whole if call["passed"]), whole[0])
    own, total = first["own"], first["all"]
    other = next((call for call in whole if call["bases"] != first["bases"]), None)
    if other is not None:
        known = None not in (own, other["own"])
        total = own + other["own"] if known else None
        own = max((first, other), key=whole.index)["own"]
    share = round(float(np.float32(own / total)), 4) if own is not None and total else None
    return pos, het, any(call["passed"] for call in whole), first["depth"], first["quality"], share
