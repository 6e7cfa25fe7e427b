"""Whether each named allele lies where its c. name says, on both assemblies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from varmio.model import Assembly, Reference, Transcript
from varmio.readers.panel.strict import Lines, Problem, problem_at


def coordinate_problems(
    data: Mapping[str, Any], lines: Lines, references: Mapping[Assembly, Reference]
) -> list[Problem]:
    """Named alleles whose key does not hold what their c. name says, on either assembly.

    The base before and after the c. position is counted along the MANE transcript; REF is compared
    where the sequence is known.
    """
    found = []
    for index, gene in enumerate(data["genes"]):
        for number, allele in enumerate(gene.get("named_alleles", ())):
            for assembly, reference in references.items():
                path = ("genes", index, "named_alleles", number, str(assembly))
                fault = _coordinate_fault(gene, allele, reference)
                if fault:
                    found.append(problem_at(data, lines, path, fault))
    return sorted(found)


def _coordinate_fault(gene: Mapping[str, Any], allele: Mapping[str, Any], reference: Reference) -> str | None:
    contig, position, ref, _ = allele[str(reference.assembly)].split("-")
    start = int(position) - 1
    mane = [t for t in reference.transcripts if t.gene == gene["symbol"] and t.mane == "MANE Select"]
    if not mane:
        return f"{gene['symbol']} has no transcript here to check the position against"
    if mane[0].hgnc_id != gene["hgnc"]:
        return f"{gene['symbol']} is {mane[0].hgnc_id}, not {gene['hgnc']}"
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
