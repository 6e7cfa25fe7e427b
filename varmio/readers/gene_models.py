"""Exons and coding ends of named transcripts from a GTF or GFF3 file (RefSeq, Ensembl, GENCODE, MANE)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from varmio.errors import ResourceError, one_line
from varmio.model import Assembly
from varmio.readers import files
from varmio.readers.sequence import Span, joined
from varmio.readers.vcf_contigs import AUTOSOMES_X_Y, assembly_of_alias, plain_contig

MANE_SELECT, MANE_PLUS = "MANE Select", "MANE Plus Clinical"
_FEATURES = frozenset(("exon", "CDS", "stop_codon", "transcript", "mRNA"))
_CODING = ("CDS", "stop_codon")  # GTF leaves the stop codon out of CDS; GFF3 does not
_PAIR = re.compile(r'\s*([A-Za-z_]+)(?:=|\s+)("+[^"]*"+|[^;]*)')
_PREFIX = re.compile(r"^(?:rna-|transcript:)")


@dataclass(slots=True)
class Model:
    """One transcript as the file has it: spans ascending, (start, end) 0-based half-open on the plus strand."""

    contig: str
    strand: int
    exons: list[Span] = field(default_factory=list)
    coding: list[Span] = field(default_factory=list)
    protein: str = ""
    mane: str = ""


def read(path: Path, wanted: Iterable[str], assembly: Assembly) -> Mapping[str, Model]:
    """The transcripts of the accessions wanted ("NM_001287.6", "ENST00000382745.9") that the file holds, by accession.

    An accession without a version in the file is taken for the one wanted. Errors: ResourceError (not there, not
    readable, no GTF or GFF3, contigs named by the accessions of the other assembly).
    """
    names = {**{name.partition(".")[0]: name for name in wanted}, **{name: name for name in wanted}}
    look = re.compile("|".join(sorted({re.escape(name.partition(".")[0]) for name in names})))
    found: dict[str, Model] = {}
    features = 0
    for number, line in enumerate(files.lines(path), 1):
        if line.startswith("#") or not line.strip():
            continue
        columns = line.rstrip("\n").split("\t")
        if len(columns) != 9:
            raise ResourceError(
                f"{one_line(str(path))}: line {number} has {len(columns)} columns instead of 9. "
                "Pass a GTF or GFF3 file."
            )
        features += 1
        if columns[2] in _FEATURES and look.search(columns[8]):
            _add(path, number, columns, names, assembly, found)
    if not features:
        raise ResourceError(f"{one_line(str(path))}: holds no feature. Pass a GTF or GFF3 file.")
    for model in found.values():
        model.exons, model.coding = sorted(set(model.exons)), joined(model.coding)
    return found


def _add(
    path: Path, number: int, columns: list[str], names: Mapping[str, str], assembly: Assembly, found: dict[str, Model]
) -> None:
    contig, _, feature, first, last, _, strand, _, text = columns
    attributes = dict(_attributes(text))
    name = next((names[said] for said in _accessions(attributes) if said in names), None)
    if name is None or plain_contig(contig) not in AUTOSOMES_X_Y:
        return
    if assembly_of_alias(contig) is assembly.other:
        raise ResourceError(
            f"{one_line(str(path))}: {one_line(contig)} is that of {assembly.other}, and the genome is {assembly}. "
            f"Pass the annotation of {assembly}."
        )
    if not (first.isdigit() and last.isdigit() and 0 < int(first) <= int(last)) or strand not in ("+", "-"):
        raise ResourceError(
            f"{one_line(str(path))}: line {number} has no place that can be read. Pass a GTF or GFF3 file."
        )
    model = found.setdefault(name, Model(plain_contig(contig), 1 if strand == "+" else -1))
    if plain_contig(contig) != model.contig:
        return  # the second of two copies, such as a gene on X and on Y
    span = int(first) - 1, int(last)
    if feature == "exon":
        model.exons.append(span)
    elif feature in _CODING:
        model.coding.append(span)
        model.protein = model.protein or attributes.get("protein_id", "")
    model.mane = model.mane or _mane(attributes)


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a GTF or GFF3 column 9; quotes (also doubled ones, as spreadsheets write) are taken off.

    >>> dict(_attributes('gene_id "CLCN7"; transcript_id "NM_001287.6"; '))["transcript_id"]
    'NM_001287.6'
    >>> dict(_attributes("ID=exon-1;Parent=rna-NM_001287.6"))["Parent"]
    'rna-NM_001287.6'
    """
    tags: list[str] = []
    for part in text.strip('"').split(";"):
        pair = _PAIR.match(part)
        if pair is None:
            continue
        key, value = pair[1], pair[2].strip().strip('"')
        if key == "tag":
            tags.append(value)
            value = ",".join(tags)
        yield key, value


def _accessions(attributes: Mapping[str, str]) -> Iterator[str]:
    """The names that a feature's transcript goes by, most exact first."""
    version = attributes.get("transcript_version")
    for key in ("transcript_id", "Parent", "ID"):
        said = _PREFIX.sub("", attributes.get(key, ""))
        yield f"{said}.{version}" if version and "." not in said else said
    for said in attributes.get("Dbxref", attributes.get("db_xref", "")).split(","):
        yield said.rpartition(":")[2]


def _mane(attributes: Mapping[str, str]) -> str:
    said = attributes.get("tag", "").replace("_", " ")
    return next((status for status in (MANE_SELECT, MANE_PLUS) if status in said), "")
