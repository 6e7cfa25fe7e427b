"""The lines of a sites-only VCF -> rows: frequencies of groups, or ClinVar's word on the allele."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from varmio.errors import ResourceError, one_line
from varmio.model import Variant
from varmio.readers.evidence_files import clinvar, head
from varmio.readers.evidence_files.facts import MAX_POSITION, Figure, Meta, Row, bases, figure, number, share
from varmio.readers.evidence_files.populations import MAXIMA, Field, field, population
from varmio.readers.vcf_contigs import plain_contig

COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")


@dataclass(frozen=True, slots=True)
class Site:
    """A record line, split; ALT not yet taken apart. `where` names it in a message."""

    where: str
    contig: str
    pos: int
    id: str
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    info: str


def meta(path: Path, lines: list[str], titles: str) -> Meta:
    """The head of a VCF that may serve as evidence (ResourceError: sample columns, no known field, no source)."""
    columns = titles.split("\t")
    if tuple(columns[:8]) != COLUMNS:
        raise ResourceError(f"{path}: line {len(lines) + 1} does not name the eight VCF columns, split by tabs.")
    if len(columns) > 8:
        raise ResourceError(
            f"{path}: has sample columns, so its AF may be of these samples; a called file is no evidence. "
            "Of a population database, keep the sites only: bcftools view -G."
        )
    said, names = head.pairs(lines), head.tags(lines)
    is_clinvar = "CLNSIG" in names
    date = head.date(said)
    if is_clinvar and date is None:
        raise ResourceError(f"{path}: a ClinVar file without a date. Keep its ##fileDate= line.")
    if not is_clinvar and not head.known_fields(names):
        raise ResourceError(f"{path}: its header declares neither AF (or AC and AN) nor CLNSIG. Keep its ##INFO lines.")
    return Meta(
        kind="clinvar" if is_clinvar else "frequencies",
        source=head.clinvar_source(path, said) if is_clinvar else head.source(path, lines, said),
        release=date if is_clinvar else head.release(path, lines, said),
        date=date,
        declared=head.declared(lines, said),
        lengths=head.lengths(lines),
        covered={} if is_clinvar else head.covered(path, said),
        named_only=not is_clinvar and head.named_fields(names) and not head.is_database(said),
    )


def site(path: Path, columns: Sequence[str], line: int | None) -> Site:
    """One line split at tabs (ResourceError: columns missing, no position, REF that is no bases)."""
    where = f"{path}: line {line}" if line is not None else f"{path}: {one_line(':'.join(columns[:2]))}"
    if len(columns) != 8:
        raise ResourceError(f"{where}: has {len(columns)} columns, and 8 are due. Mend or remove the line.")
    contig, pos, identity, ref, alts, _, filters, info = columns
    if not (pos.isascii() and pos.isdigit() and 0 <= int(pos[:12]) < MAX_POSITION and len(pos) <= 12):
        raise ResourceError(f"{where}: {one_line(pos[:40])!r} is not a position. Mend or remove the line.")
    passed = filters in ("PASS", ".", "")
    return Site(
        where,
        plain_contig(contig),
        int(pos),
        identity,
        ref.upper(),
        tuple(alts.upper().split(",")),
        () if passed else tuple(one_line(f) for f in filters.split(";")),
        info,
    )


def row(found: Site, meta: Meta, number_of_alt: int) -> Row | None:
    """What the record says of one alternate allele, numbered from 1; ClinVar speaks of records of one allele only."""
    variant = Variant(found.contig, found.pos, found.ref, found.alts[number_of_alt - 1])
    info = _info(found)
    if meta.kind == "clinvar":
        fact = clinvar.fact(info, found.id, meta.date or "") if len(found.alts) == 1 else None
        return None if fact is None else Row(variant, (), found.filters, fact)
    return Row(variant, tuple(_figures(found, info, number_of_alt - 1, meta.named_only)), found.filters)


def _info(found: Site) -> dict[str, str]:
    """INFO key -> value (ResourceError: a key with two values, of which neither leads)."""
    info: dict[str, str] = {}
    for key, _, value in (part.partition("=") for part in found.info.split(";")):
        if info.setdefault(key, value) != value:
            raise ResourceError(f"{found.where}: INFO/{one_line(key[:40])} is given twice. Mend or remove the line.")
    return info


def numbers(found: Site) -> tuple[int, ...]:
    """The numbers, from 1, of the alternate alleles that are written in bases."""
    if not bases(found.ref):
        return ()
    return tuple(n for n, alt in enumerate(found.alts, 1) if bases(alt) and alt != found.ref)


def _figures(found: Site, info: Mapping[str, str], index: int, named_only: bool) -> Iterator[Figure]:
    held: dict[tuple[str, str], dict[str, str]] = {}
    for name, value in info.items():
        known = field(name)
        if known and (known.named or not named_only):
            group = _named_maximum(known, info, index)
            if group:
                text = _of_allele(found, name, known, value, index)
                held.setdefault((group, known.dataset), {})[known.measure] = text
    whole = held.pop(("adj", ""), None)
    if whole is not None:  # ExAC counts its whole with and without its own genotype filter: the filtered one leads
        raw = held.get(("global", ""), {})
        held["global", ""] = {"hom": raw.get("hom", ""), **whole}
    for (group, dataset), cell in held.items():
        af, hom = share(cell.get("af", ""), found.where), number(cell.get("hom", ""), found.where)
        ac, an = (number(cell.get(m, ""), found.where) for m in ("ac", "an"))
        made = figure(group, af, ac, an, hom, found.where, dataset)
        if made is not None:
            yield made


def _named_maximum(known: Field, info: Mapping[str, str], index: int) -> str:
    """The group; of a popmax or grpmax field the group that the record names there, '' where it names none."""
    if known.population not in MAXIMA:
        return known.population
    names = {name.lower(): value for name, value in info.items()}
    key = "_".join(filter(None, (known.population, known.dataset)))
    listed = names.get(key, names.get(known.population, "")).split(",")
    said = listed[index] if index < len(listed) else listed[0]
    return known.population if said == "" else "" if said == "." else population(said)


def _of_allele(found: Site, name: str, known: Field, value: str, index: int) -> str:
    """The allele's part of a value; AN may be one for all alleles (ResourceError: another number of values)."""
    values = value.split(",")
    if len(values) == len(found.alts):
        return values[index]
    if len(values) == 1 and (known.measure == "an" or values[0] in (".", "")):
        return values[0]
    raise ResourceError(
        f"{found.where}: INFO/{one_line(name[:40])} has {len(values)} values for {len(found.alts)} alternate alleles. "
        "Mend or remove the line."
    )
