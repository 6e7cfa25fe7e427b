"""A large evidence VCF, read around the alleles of one case through its tabix or CSI index."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from varmio.errors import ResourceError, why
from varmio.readers import vcf_index
from varmio.readers.evidence_files import sites, text
from varmio.readers.evidence_files.facts import Asked, EvidenceFile
from varmio.readers.evidence_files.gather import Line, kept, of_site
from varmio.readers.vcf_contigs import plain_contig

AROUND_BP = 200  # bases beside an allele in which a file may write it with another alignment; our choice


def read(path: Path, asked: Asked) -> EvidenceFile:
    """A large BGZF file, read around the alleles asked for through its .tbi or .csi."""
    try:
        index = _index(path)
        with path.open("rb") as handle:
            head, titles = _head(path, handle.read(text.WHOLE_FILE_BYTES))
        meta = sites.meta(path, head, titles)
        digest = hashlib.sha256()
        return kept(path, asked, meta, _region_lines(path, asked, index, digest.update), None, digest.hexdigest)
    except vcf_index.DamagedIndexError:
        raise ResourceError(f"{path}: its index is damaged or of another file. Make it anew: tabix -fp vcf.") from None
    except OSError as error:
        raise ResourceError(f"{path}: cannot be read ({why(error)}). {text.GIVE}") from None


def _index(path: Path) -> vcf_index.Index:
    found = next((p for end in (".tbi", ".csi") if (p := path.with_name(path.name + end)).exists()), None)
    with path.open("rb") as handle:
        bgzf = text.is_bgzf(handle.read(18))
        handle.seek(-len(text.BGZF_END), 2)
        whole = handle.read() == text.BGZF_END
    if not bgzf or found is None:
        raise ResourceError(
            f"{path}: is larger than {text.WHOLE_FILE_BYTES >> 20} MiB and has no index. "
            "Compress it with bgzip and index it: tabix -p vcf."
        )
    if not whole:
        raise ResourceError(f"{path}: is cut off: the BGZF end marker is missing. Copy the file again.")
    index = vcf_index.load(found)
    if not _reaches_end(path, index):
        raise vcf_index.DamagedIndexError
    return index


def _reaches_end(path: Path, index: vcf_index.Index) -> bool:
    """Whether the last record of the index ends where the file's last block does: an index of other bytes does not."""
    last = _last_offset(index)
    end = path.stat().st_size - len(text.BGZF_END)
    if last >> 16 == end:
        return True
    with path.open("rb") as handle:
        handle.seek(last >> 16)
        block = handle.read(18)
    return text.is_bgzf(block) and (last >> 16) + int.from_bytes(block[16:18], "little") + 1 == end


def _head(path: Path, start: bytes) -> tuple[list[str], str]:
    """The ## lines and the title line of a BGZF file, from its first bytes."""
    head: list[str] = []
    for line in text.lines(path, start + text.BGZF_END):
        if not line.startswith("##"):
            return head, line
        head.append(line)
    raise ResourceError(f"{path}: has no #CHROM line. {text.GIVE}")


def _region_lines(path: Path, asked: Asked, index: vcf_index.Index, update: Callable[[bytes], None]) -> Iterator[Line]:
    named = {plain_contig(name): name for name in index.bins}
    places: dict[str, list[tuple[int, int]]] = {}
    for v in asked.wanted:
        places.setdefault(v.contig, []).append((max(v.start - AROUND_BP, 0), v.end + AROUND_BP))
    for contig in sorted(places.keys() & named.keys()):
        for start, end in vcf_index.merged(places[contig]):
            for columns in vcf_index.lines(path, index, named[contig], start, end):
                update("\t".join(columns).encode("utf-8", "backslashreplace") + b"\n")
                yield of_site(path, columns, None)


def _last_offset(index: vcf_index.Index) -> int:
    """The highest virtual offset at which a record of the index ends; 0 where it lists none."""
    bins = ((1 << 3 * (index.depth + 1)) - 1) // 7  # bins from here on hold counts, not chunks
    places = (place for of_contig in index.bins.values() for number, place in of_contig.items() if number < bins)
    try:
        ends = (struct.unpack_from(f"<{2 * chunks}Q", index.data, at)[1::2] for at, chunks in places if chunks)
        return max((max(found) for found in ends), default=0)
    except struct.error:
        raise vcf_index.DamagedIndexError from None
