"""The bases of panel exons that are not known to be covered, as BED: what is left to sequence by another method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from varmio.errors import cell

Data = dict[str, Any]
NOT_PROVEN = {  # states of an exon of which no single base is known to be covered
    "mean_only": "mean depth only",
    "calls_only": "depth not known",
    "not_looked_at": "depth not known",
}
HEAD = (
    "# contig, start, end (0-based half-open), gene:transcript:exon, why: coding bases, and two beside, not known to be"
    " covered\n"
)


def gaps(case: Data) -> bytes:
    """One line a gap: of an exon whose covered bases are not known one by one, the whole of it."""
    return (HEAD + "".join(f"{line}\n" for line in _lines(case))).encode()


def _lines(case: Data) -> Iterator[str]:
    for gene in case["genes"]:
        for exon in gene["exons"]:
            name = f"{gene['symbol']}:{exon['transcript']}:{exon['number']}"
            for start, end, why in of_exon(exon):
                yield "\t".join((gene["contig"], str(start), str(end), name, cell(why)))


def of_exon(exon: Data) -> Iterator[tuple[int, int, str]]:
    """The gaps of one exon, 0-based half-open, and why each is one."""
    reason = exon.get("reason") or ""
    if exon["state"] == "callable":
        return
    if "gaps" not in exon:
        yield exon["start"], exon["end"], reason or NOT_PROVEN.get(exon["state"], "which bases is not known")
        return
    for start, end in exon["gaps"]:
        yield start, end, reason or "read too few times"
