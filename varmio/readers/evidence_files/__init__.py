"""A user's own evidence: a gnomAD-style VCF, a ClinVar VCF, or a table, read for the alleles of one case.

Only what the case asks for is kept, so memory does not grow with the file. Small files are read whole; a
large one needs BGZF and a tabix index, and is read around the case's alleles. Every fault is a ResourceError.

Rooms: whole (one file), text (bytes to lines), head (source, date, regions), assembly (whose), populations (what a
field's name says), sites (VCF), clinvar, table (TSV), gather (lines to rows), region (through an index), facts (the
types).
"""

from __future__ import annotations

from pathlib import Path

from varmio.readers.evidence_files.facts import Asked, EvidenceFile

__all__ = ["Asked", "EvidenceFile", "read"]


def read(path: Path, asked: Asked) -> EvidenceFile:
    """What a file says of the alleles asked for (ResourceError: unusable, another assembly, no source)."""
    from varmio.readers.evidence_files import whole  # most runs have no such file

    return whole.read(path, asked)
