"""A tab-separated table of allele frequencies -> rows. The columns are documented in docs/evidence.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from varmio.errors import ResourceError, one_line
from varmio.model import Variant
from varmio.readers.evidence_files import head
from varmio.readers.evidence_files.facts import MAX_POSITION, Meta, Row, bases, figure, number, share
from varmio.readers.evidence_files.populations import population
from varmio.readers.vcf_contigs import plain_contig

# column names in lower case -> what they hold
NAMES = {
    "contig": "contig", "chrom": "contig", "chr": "contig", "chromosome": "contig", "pos": "pos", "position": "pos",
    "ref": "ref", "reference": "ref", "alt": "alt", "alternate": "alt", "af": "af", "ac": "ac", "an": "an",
    "population": "population", "pop": "population", "group": "population", "nhomalt": "hom", "homozygotes": "hom",
    "hom": "hom", "n_hom": "hom", "ac_hom": "hom", "filter": "filter", "source": "source", "release": "release",
    "version": "release",
}  # fmt: skip
NEEDED = ("contig", "pos", "ref", "alt")
HEADER = "contig, pos, ref, alt, AF (or AC and AN), population, nhomalt, filter, source, release"

Columns = tuple[str | None, ...]


def columns(path: Path, line: str, number_of_line: int) -> Columns:
    """What each column of the title line holds, None for one not read (ResourceError)."""
    titles = [title.strip().lower() for title in line.lstrip("#").split("\t")]
    held = tuple(NAMES.get(title) for title in titles)
    named = [name for name in held if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    missing = [name for name in NEEDED if name not in named]
    if "af" not in named and not {"ac", "an"} <= set(named):
        missing.append("AF (or AC and AN)")
    where = f"{path}: line {number_of_line}"
    if missing:
        raise ResourceError(
            f"{where}: no column {', '.join(missing)} in the title line, split by tabs. The columns are: {HEADER}."
        )
    if twice:
        raise ResourceError(f"{where}: two columns hold {twice}. Remove one.")
    return held


def meta(path: Path, lines: list[str], held: Columns) -> Meta:
    """The head of a table (ResourceError: no source)."""
    said = head.pairs(lines)
    named = "source" in held and not said.get("source")  # then a row without one has none to name
    return Meta(
        kind="frequencies",
        source="its own source column" if named else head.source(path, lines, said),
        release=head.release(path, lines, said),
        date=head.date(said),
        declared=head.declared(lines, said),
        lengths=head.lengths(lines),
        covered=head.covered(path, said),
    )


def row(path: Path, line: str, number_of_line: int, held: Columns) -> Row | None:
    """One line; None for an allele not written in bases (ResourceError: what cannot be read)."""
    where = f"{path}: line {number_of_line}"
    cells = line.split("\t")
    if len(cells) != len(held):
        raise ResourceError(f"{where}: has {len(cells)} columns, and the title line {len(held)}. Mend or remove it.")
    cell = {name: text.strip() for name, text in zip(held, cells, strict=True) if name}
    variant = _variant(cell, where)
    ac, an, hom = (number(cell.get(name, ""), where) for name in ("ac", "an", "hom"))
    made = figure(population(cell.get("population", "")), share(cell.get("af", ""), where), ac, an, hom, where)
    if variant is None:
        return None
    filters = cell.get("filter", "")
    source, release = (one_line(cell.get(name, "")[:60]) or None for name in ("source", "release"))
    return Row(
        variant,
        (made,) if made else (),
        () if filters.upper() in ("", ".", "PASS") else tuple(one_line(f) for f in filters.split(";")),
        source=source,
        release=release,
    )


def _variant(cell: Mapping[str, str], where: str) -> Variant | None:
    pos = cell["pos"]
    if not (pos.isascii() and pos.isdigit() and len(pos) <= 12 and 0 < int(pos) < MAX_POSITION):
        raise ResourceError(f"{where}: {one_line(pos[:40])!r} is not a position. Mend or remove the line.")
    ref, alt = cell["ref"].upper(), cell["alt"].upper()
    if "," in alt:
        raise ResourceError(f"{where}: two alternate alleles in one line. Write one line for each.")
    if not ref or not alt:
        raise ResourceError(f"{where}: REF or ALT is empty. Write the alleles as a VCF does, with an anchor base.")
    written = bases(ref) and bases(alt) and ref != alt
    return Variant(plain_contig(cell["contig"]), int(pos), ref, alt) if written else None
