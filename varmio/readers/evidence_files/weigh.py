"""What the given files together say of one allele: the frequency that leads, ClinVar's word, and remarks.

| what the files say of the allele                                   | frequency                                |
|--------------------------------------------------------------------|------------------------------------------|
| a figure that counts, 1% or more                                   | the highest of these                     |
| a figure that counts, and a higher one of a founder group          | the founder group's, which never makes   |
|                                                                    | an allele common                         |
| a figure that counts                                               | the highest of these                     |
| figures of founder groups, small samples or filtered records only  | none: it stays as it was                 |
| nothing, and the site lies in a region that a file declares        | looked up, 0                             |
| nothing                                                            | none: it stays as it was                 |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from varmio.model import ClinVar, Frequency, FrequencyState, Variant
from varmio.readers.evidence_files.facts import EvidenceFile, Figure, Row
from varmio.readers.evidence_files.populations import GLOBAL, Weight

COMMON_AF = 0.01  # allele frequency from which a founder group's figure no longer leads; as LIKELY_BENIGN_AF
ABSENT = "absent from a region that the file covers"
NOTE = {
    Weight.COUNTS: "",
    Weight.KEEPS_FROM_RARE: ", keeps an allele from being rare and never makes it common",
    Weight.SHOWN: ", shown and not counted",
}


class _Said(NamedTuple):
    figure: Figure
    row: Row
    file: EvidenceFile


def frequency(
    files: tuple[EvidenceFile, ...], variant: Variant, listable: bool, shipped_af: float | None = None
) -> Frequency | None:
    """The frequency that leads, or None where the files leave it as it was.

    `listable`: absence would be seen; `shipped_af`: a figure known without the files, which a founder group's
    also outranks.
    """
    said = list(_said(files, variant))
    passed = [s for s in said if not s.row.filters]
    counted = [s for s in passed if s.figure.weight is Weight.COUNTS]
    founder = max((s for s in passed if s.figure.weight is Weight.KEEPS_FROM_RARE), key=_height, default=None)
    top = max(counted, key=_height, default=None)
    known = [af for af in (top.figure.af if top else None, shipped_af) if af is not None]
    if founder and known and max(known) < min(COMMON_AF, founder.figure.af):
        top = founder
    if top is None:
        return _absent(files, variant) if listable and not _named(files, variant) else None
    return Frequency(
        state=FrequencyState.LOOKED_UP,
        max_af=top.figure.af,
        population=top.figure.label,
        homozygotes=_homozygotes(top, passed),
        source=_source(top.file, top.row),
        date=_date(top.file, top.row),
        founder_group=True if top.figure.weight is Weight.KEEPS_FROM_RARE else None,
        groups=tuple(_group(s) for s in said),
    )


def clinvar(files: tuple[EvidenceFile, ...], variant: Variant) -> ClinVar | None:
    """The newest given ClinVar fact; records of one file or files of one date that contradict decide nothing."""
    facts = []
    for file in files:
        found = [row.clinvar for row in file.rows.get(variant.key, ()) if row.clinvar]
        agree = len({(f.significance, f.decides) for f in found}) < 2
        facts += found[:1] if agree else [replace(found[0], decides=False)]
    date = max((f.date for f in facts), default="")
    newest = (f for f in facts if f.date == date)
    return min(newest, key=lambda f: f.decides, default=None)  # one that decides nothing stands for all of its date


def remarks(files: tuple[EvidenceFile, ...], variant: Variant) -> tuple[str, ...]:
    """Everything the files say of the allele's frequency, a sentence for each line; no group is left out."""
    return tuple(sentence for file in files for sentence in _remarks(file, variant))


def _remarks(file: EvidenceFile, variant: Variant) -> Iterator[str]:
    if file.meta.kind != "frequencies":
        return
    rows = file.rows.get(variant.key, ())
    for row in rows:
        said = "; ".join(_words(f) for f in sorted(row.figures, key=_order)) or "listed without a figure (AN 0 or none)"
        filtered = f" The record is filtered ({', '.join(row.filters)}) and does not count." if row.filters else ""
        yield f"{_source(file, row)}: {said}.{filtered}"
    if not rows and file.declares(variant) and not file.covers(variant):
        yield f"{file.name} declares the site as covered and holds no line of contig {variant.contig}: not counted."
    elif not rows and file.covers(variant):
        other = variant.key in file.beside
        yield f"{file.name} covers the site and does not list the allele" + (
            ", but lists another insertion or deletion of that length beside it, which may be the same: not counted."
            if other
            else "."
        )


def _words(figure: Figure) -> str:
    counts = f" ({figure.ac:,} of {figure.an:,})" if figure.ac is not None and figure.an is not None else ""
    homozygotes = f", {figure.homozygotes:,} homozygotes" if figure.homozygotes is not None else ""
    return f"{figure.label} {figure.af:.3g}{counts}{homozygotes}{NOTE[figure.weight]}"


def _order(figure: Figure) -> tuple[bool, str, str]:
    return figure.population != GLOBAL, figure.population, figure.dataset


def _height(said: _Said) -> tuple[float, bool]:
    return said.figure.af, said.figure.population == GLOBAL


def _said(files: tuple[EvidenceFile, ...], variant: Variant) -> Iterator[_Said]:
    for file in files:
        for row in file.rows.get(variant.key, ()):
            for figure in row.figures:
                yield _Said(figure, row, file)


def _named(files: tuple[EvidenceFile, ...], variant: Variant) -> bool:
    return any(file.meta.kind == "frequencies" and variant.key in file.rows for file in files)


def _absent(files: tuple[EvidenceFile, ...], variant: Variant) -> Frequency | None:
    covering = [f for f in files if f.covers(variant)]
    if not covering or any(variant.key in f.beside for f in files):
        return None
    file = covering[0]
    return Frequency(FrequencyState.LOOKED_UP, 0.0, ABSENT, None, _source(file, None), _date(file, None))


def _homozygotes(top: _Said, passed: list[_Said]) -> int | None:
    """Those of the whole source where it counts them, else of the leading group."""
    whole = [s.figure.homozygotes for s in passed if s.file is top.file and s.figure.population == GLOBAL]
    return max((n for n in whole if n is not None), default=top.figure.homozygotes)


def _source(file: EvidenceFile, row: Row | None) -> str:
    """The database with its release, and the file that says so."""
    name = (row.source if row else None) or file.meta.source
    release = _release(file, row)
    return f"{name if release is None or release in name else f'{name} {release}'} ({file.name})"


def _release(file: EvidenceFile, row: Row | None) -> str | None:
    return (row.release if row else None) or file.meta.release


def _date(file: EvidenceFile, row: Row | None) -> str | None:
    return file.meta.date or _release(file, row)


def _group(said: _Said) -> dict[str, Any]:
    figure, row = said.figure, said.row
    return {
        "population": figure.label,
        "af": figure.af,
        "ac": figure.ac,
        "an": figure.an,
        "homozygotes": figure.homozygotes,
        "weight": str(Weight.SHOWN if row.filters else figure.weight),
        "filters": list(row.filters),
        "source": _source(said.file, row),
        "date": _date(said.file, row),
    }
