"""The names that one chromosome goes by. A side room of vcf.py."""

from __future__ import annotations

import re
from functools import lru_cache

from varmio.model import Assembly

AUTOSOMES_X_Y = (*map(str, range(1, 23)), "X", "Y")
PRIMARY = frozenset((*AUTOSOMES_X_Y, "MT"))

# RefSeq version of NC_000001..NC_000024 in GRCh37, each one higher in GRCh38; NCBI assembly reports of
# GCF_000001405.25 and GCF_000001405.40. GenBank: CM000663..CM000686, version 1 and 2
_REFSEQ_GRCH37 = (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9)
_ACCESSIONS: dict[str, tuple[str, Assembly | None]] = {
    "NC_012920.1": ("MT", None),  # one mitochondrial sequence in both
    "J01415.2": ("MT", None),
}
for _number, (_contig, _version) in enumerate(zip(AUTOSOMES_X_Y, _REFSEQ_GRCH37, strict=True), 1):
    for _later, _assembly in enumerate((Assembly.GRCH37, Assembly.GRCH38)):
        _ACCESSIONS[f"NC_{_number:06}.{_version + _later}"] = (_contig, _assembly)
        _ACCESSIONS[f"CM{_number + 662:06}.{1 + _later}"] = (_contig, _assembly)

_OLD_NCBI = re.compile(r"(?:gi\|\d+\|)?(?:ref|gb)\|([^|]+)\|?", re.IGNORECASE)  # gi|224589818|ref|NC_000006.11|


def _accession(name: str) -> str:
    wrapped = _OLD_NCBI.fullmatch(name)
    return (wrapped[1] if wrapped else name).upper()


@lru_cache(maxsize=4096)
def plain_contig(name: str) -> str:
    """The contig without chr: 1..22, X, Y, MT; any other name as it is written.

    >>> [plain_contig(n) for n in ("chr6", "X", "chrM", "CHRX", "NC_000006.12", "CM000668.1", "GL000207.1")]
    ['6', 'X', 'MT', 'X', '6', '6', 'GL000207.1']
    """
    bare = (name[3:] if name[:3].lower() == "chr" else name).upper()
    bare = "MT" if bare == "M" else bare
    if bare in PRIMARY:
        return bare
    return _ACCESSIONS[found][0] if (found := _accession(name)) in _ACCESSIONS else name


def assembly_of_alias(name: str) -> Assembly | None:
    """The assembly that an accession with its version belongs to; None for every other name.

    >>> assembly_of_alias("NC_000001.10"), assembly_of_alias("CM000663.2"), assembly_of_alias("chr1")
    (<Assembly.GRCH37: 'GRCh37'>, <Assembly.GRCH38: 'GRCh38'>, None)
    """
    return _ACCESSIONS.get(_accession(name), ("", None))[1]


def refseq_of(contig: str, assembly: Assembly) -> str:
    """The RefSeq accession of a contig without chr on an assembly.

    >>> refseq_of("6", Assembly.GRCH38), refseq_of("X", Assembly.GRCH37)
    ('NC_000006.12', 'NC_000023.10')
    """
    return next(a for a, (c, b) in _ACCESSIONS.items() if a.startswith("NC_") and (c, b) == (contig, assembly))
