"""Whether genes are those of the reference, and each named allele lies where its c. name says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from varmio.model import Assembly, Reference, Transcript
from varmio.readers.panel.strict import Lines, Problem, problem_at


def coordinate_problems(
    data: Mapping[str, Any], lines: Lines, references: Mapping[Assembly, Reference]
) -> list[Problem]:
    """Genes with another HGNC id or transcript than the reference, and named alleles whose key does not
    hold what their c. name says, on either assembly.

    The base before and after the c. position is counted along the MANE transcript; REF is compared
    where the sequence is known.
    """
    found = []
    for index, gene in enumerate(data["genes"]):
        for reference in references.values():
            found += [problem_at(data, lines, ("genes", index, key), text) for key, text in _identity(gene, reference)]
        for number, allele in enumerate(gene.get("named_alleles", ())):
            for assembly, reference in references.items():
                path = ("genes", index, "named_alleles", number, str(assembly))
                fault = _coordinate_fault(gene, allele, reference)
                if fault:
                    found.append(problem_at(data, lines, path, fault))
    return sorted(set(found))


def _identity(gene: Mapping[str, Any], reference: Reference) -> Iterator[tuple[str, str]]:
    """Where the gene's HGNC id or transcripts are not those of the reference: the key, and what stands there."""
    held = [t for t in reference.transcripts if t.gene == gene["symbol"]]
    stated = sorted((t["refseq"], t["ensembl"]) for t in gene.get("transcripts", ()))
    pairs = sorted((t.accession, t.ensembl) for t in held)
    if held and gene.get("hgnc") != held[0].hgnc_id:
        yield "hgnc", f"{gene['symbol']} is {held[0].hgnc_id}, not {gene.get('hgnc')}"
    if stated and stated != pairs:
        named = ", ".join("/".join(pair) for pair in pairs)
        yield "transcripts", f"the reference has {named}" if held else "the reference has no transcript of this gene"


def _coordinate_fault(gene: Mapping[str, Any], allele: Mapping[str, Any], reference: Reference) -> str | None:
    contig, position, ref, _ = allele[str(reference.assembly)].split("-")
    start = int(position) - 1
    mane = [t for t in reference.transcripts if t.gene == gene["symbol"] and t.mane == "MANE Select"]
    if not mane:
        return f"{gene['symbol']} has no transcript here to check the position against"
    known = reference.sequence.bases(contig, start, start + len(ref))
    if known is not None and known != ref:
        return f"the genome has {known} there, not {ref}"
    named = re.fullmatch(r"c\.(\d+)([+-]\d+)?(?:[ACGT]>[ACGT]|(?:_\d+)?del)", allele["hgvs_c"])
    if named is None:
        return None
    last = re.search(r"_(\d+)del$", allele["hgvs_c"])
    lowest = _genomic(mane[0], int(last[1] if last and mane[0].strand < 0 else named[1]), int(named[2] or 0))
    expected = lowest - 1 if allele["hgvs_c"].endswith("del") else lowest  # the anchor base of a deletion
    if (contig, start) == (mane[0].contig, expected):
        return None
    return f"{allele['hgvs_c']} starts at {mane[0].contig}-{expected + 1}"


def _genomic(transcript: Transcript, coding: int, offset: int) -> int:
    """0-based genomic position of c.`coding``offset`."""
    bases = [p for start, end in transcript.coding for p in range(start, end)]
    if transcript.strand > 0:
        return bases[coding - 1] + offset
    return bases[-coding] - offset
