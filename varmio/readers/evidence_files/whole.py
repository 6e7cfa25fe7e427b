"""One file of a user's evidence, read whole or, where it is large, through its index."""

from __future__ import annotations

from pathlib import Path

from varmio.errors import ResourceError
from varmio.readers.evidence_files import region, sites, table, text
from varmio.readers.evidence_files.facts import Asked, EvidenceFile
from varmio.readers.evidence_files.gather import kept, of_row, of_site


def read(path: Path, asked: Asked) -> EvidenceFile:
    """What a file says of the alleles asked for (ResourceError: unusable, another assembly, no source)."""
    if text.check(path) > text.WHOLE_FILE_BYTES:
        return region.read(path, asked)
    data = text.stored(path)
    lines = enumerate(text.lines(path, data), 1)
    head: list[str] = []
    for _, line in lines:
        if not (line.startswith("##") or (line.startswith("# ") and "\t" not in line) or not line.strip()):
            break
        head.append(line)
    else:
        raise ResourceError(f"{path}: has no title line: it is cut off, or is no VCF or table. {text.GIVE}")
    if (head and head[0].startswith("##fileformat=VCF")) or line.startswith("#CHROM\tPOS\tID\t"):
        meta = sites.meta(path, head, line)
        found = (of_site(path, text_.split("\t"), n) for n, text_ in lines if text_)
    else:
        held = table.columns(path, line, len(head) + 1)
        meta = table.meta(path, head, held)
        found = (of_row(table.row(path, text_, n, held)) for n, text_ in lines if text_.strip() and text_[0] != "#")
    return kept(path, asked, meta, found, text.sha256(data))
