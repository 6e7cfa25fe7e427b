"""Whose assembly an evidence file is on. Its words alone do not settle it: lengths or bases must."""

from __future__ import annotations

from pathlib import Path

from varmio.assembly import CONTIG_LENGTHS, MAX_REF_MISS_SHARE, MAX_REF_MISSES, MIN_REF_COMPARED, MIN_REF_MATCHES
from varmio.errors import ResourceError
from varmio.model import Assembly, Variant
from varmio.readers.evidence_files.facts import Asked, Meta


class Witness:
    """Counts the REF bases of a file that agree, or not, with the known bases of each assembly."""

    def __init__(self, asked: Asked) -> None:
        self._known = asked.known
        self.match = dict.fromkeys(asked.known, 0)
        self.miss = dict.fromkeys(asked.known, 0)
        self._last: tuple[str, int] | None = None  # split multi-allelic lines are heard once

    def hear(self, variant: Variant) -> None:
        """The first base of one record's REF."""
        if (variant.contig, variant.pos) == self._last:
            return
        self._last = (variant.contig, variant.pos)
        for assembly, sequence in self._known.items():
            base = sequence.bases(variant.contig, variant.start, variant.start + 1)
            if base in ("A", "C", "G", "T"):
                self.match[assembly] += base == variant.ref[0]
                self.miss[assembly] += base != variant.ref[0]

    def fits(self, assembly: Assembly) -> bool:
        match, miss = self.match[assembly], self.miss[assembly]
        return match > 0 and miss <= (
            max(MAX_REF_MISSES, MAX_REF_MISS_SHARE * (match + miss)) if match >= MIN_REF_MATCHES else 0
        )


def settle(path: Path, asked: Asked, meta: Meta, witness: Witness, holds_alleles: bool) -> None:
    """Raises ResourceError unless the file is proven to be on the case's assembly.

    | what is known                                                   | the file                     |
    |-----------------------------------------------------------------|------------------------------|
    | contig lengths of the other assembly, or of both                | refused                      |
    | its words name the other assembly                               | refused                      |
    | contig lengths of the case's assembly, REF bases of the other,  | refused                      |
    | or more than half of >= 10 of neither                           |                              |
    | contig lengths of the case's assembly                           | read                         |
    | REF bases compared, and not those of the case's assembly        | refused                      |
    | >= 5 REF bases agree, and not on the other assembly as well     | read                         |
    | its words name the assembly, and >= 1 REF base agrees           | read                         |
    | anything else                                                   | refused                      |
    """
    here = asked.assembly
    by_length = {a for a in Assembly if set(meta.lengths.values()) & set(CONTIG_LENGTHS[a].values())}
    if by_length - {here}:
        _refuse(path, here, f"its contig lengths are of {' and '.join(sorted(by_length))}")
    if meta.declared is here.other:
        _refuse(path, here, f"it says it is {here.other}")
    match, miss = witness.match[here], witness.miss[here]
    compared = match + miss
    other = witness.match[here.other] >= MIN_REF_MATCHES and witness.fits(here.other)
    fits = (miss <= match or compared < MIN_REF_COMPARED) if by_length and not other else witness.fits(here)
    if compared and not fits:
        _refuse(path, here, f"{miss} of {compared} REF bases are not those of {here}")
    if not holds_alleles and meta.kind != "clinvar":
        raise ResourceError(f"{path}: holds no allele. If it was cut from a larger file, check how that names contigs.")
    if by_length or (match >= MIN_REF_MATCHES and not other) or (meta.declared is here and witness.fits(here)):
        return
    length = CONTIG_LENGTHS[here]["11"]
    raise ResourceError(
        f"{path}: nothing proves that it is on {here}: it has no contig lengths, and too few REF bases at panel genes. "
        f"Keep its header, or add ##contig=<ID=11,length={length}>."
    )


def _refuse(path: Path, here: Assembly, why: str) -> None:
    raise ResourceError(f"{path}: {why}, but the case is on {here}. Give the {here} file.")
