"""From the lines of an evidence file to the rows on the alleles of one case; nothing else is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from varmio.model import Variant
from varmio.readers.evidence_files import sites
from varmio.readers.evidence_files.assembly import Witness, settle
from varmio.readers.evidence_files.facts import Asked, EvidenceFile, Meta, Row

BESIDE_BP = 50  # bases in which another indel of the same length may be the same one, written otherwise; our choice


class Line(NamedTuple):
    """The alleles of one line, and what it says of those that are wanted."""

    alleles: tuple[Variant, ...]
    site: sites.Site | None
    row: Row | None


def of_site(path: Path, columns: list[str], number: int | None) -> Line:
    found = sites.site(path, columns, number)
    alleles = (Variant(found.contig, found.pos, found.ref, found.alts[n - 1]) for n in sites.numbers(found))
    return Line(tuple(alleles), found, None)


def of_row(row: Row | None) -> Line:
    return Line((), None, None) if row is None else Line((row.variant,), None, row)


def kept(
    path: Path,
    asked: Asked,
    meta: Meta,
    lines: Iterable[Line],
    sha256: str | None,
    sha256_of_lines: Callable[[], str] | None = None,
) -> EvidenceFile:
    """The file with the rows on the alleles asked for; its assembly is settled on the way."""
    keys = frozenset(v.key for v in asked.wanted)
    indels: dict[tuple[str, int], list[Variant]] = {}
    for v in asked.wanted:
        indels.setdefault(_change(v), []).append(v)
    found: dict[str, list[Row]] = {}
    beside: set[str] = set()
    witness = Witness(asked)
    records = 0
    contigs: set[str] = set()
    for line in lines:
        records += bool(line.alleles)
        contigs.update(v.contig for v in line.alleles[:1])
        hits: dict[int, str] = {}
        for place, variant in enumerate(line.alleles):
            witness.hear(variant)
            normal = asked.normal(variant)
            if normal.key in keys:
                hits[place] = normal.key
            elif len(variant.ref) != len(variant.alt):
                likes = indels.get(_change(variant), ())
                beside.update(v.key for v in likes if abs(v.pos - normal.pos) <= BESIDE_BP)
        if hits:
            for key, row in _rows(line, meta, hits):
                found.setdefault(key, []).append(row)
    settle(path, asked, meta, witness, bool(records) or sha256 is None)
    rows = {key: tuple(dict.fromkeys(rows)) for key, rows in sorted(found.items())}
    if meta.kind == "clinvar" and not asked.clinvar:
        rows = {}
    of_lines = sha256_of_lines() if sha256_of_lines else None
    return EvidenceFile(path.name, meta, sha256, of_lines, records, rows, frozenset(beside), frozenset(contigs))


def _rows(line: Line, meta: Meta, hits: dict[int, str]) -> Iterator[tuple[str, Row]]:
    if line.row is not None:
        yield hits[0], line.row
    elif line.site is not None:
        numbers = sites.numbers(line.site)
        for place, key in hits.items():
            row = sites.row(line.site, meta, numbers[place])
            if row is not None:
                yield key, row


def _change(variant: Variant) -> tuple[str, int]:
    """Contig, and bases lost or gained: two indels that share them may be one event, written otherwise."""
    return variant.contig, len(variant.ref) - len(variant.alt)
