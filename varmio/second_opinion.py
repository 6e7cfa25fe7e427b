"""A second engine on the findings of a run: who is asked, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Iterable

from varmio.interpret.annotated import with_opinion
from varmio.model import Finding, Limitation, Reference, Variant
from varmio.readers import csq

FAILED = "The second opinion on consequences ({}) was asked for and failed ({}); none is shown."
AGAIN = "the run again, or a second tool on the names shown here"


def with_opinions(findings: Iterable[Finding], here: Reference) -> tuple[tuple[Finding, ...], tuple[Limitation, ...]]:
    """The findings with the second engine's opinion, and a limitation where it failed.

    Asked of alleles that are written in bases; those at bases that are not at hand keep none.
    """
    found = tuple(findings)
    transcripts = {t.accession: t for t in here.transcripts}
    asked = [
        (f.id, transcripts[f.transcript], Variant(f.variant.contig, f.variant.pos, f.variant.ref, f.variant.alt))
        for f in found
        if f.variant.type != "structural"
    ]
    said, failure = csq.opinions([(t, v) for _, t, v in asked], here.sequence)
    opinion = {finding_id: o for (finding_id, _, _), o in zip(asked, said, strict=True)}
    limits = (Limitation(FAILED.format(csq.TOOL, failure), would_show=AGAIN),) if failure else ()
    return tuple(with_opinion(f, opinion.get(f.id)) for f in found), limits
