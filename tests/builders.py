"""Hand-made findings for tests of the reasoning: one line says what matters, the rest is filled in."""

from __future__ import annotations

from dataclasses import dataclass, field

from varmio.interpret.inheritance import Phase
from varmio.model import (
    AlleleKind,
    CallQuality,
    CallState,
    Class,
    Classification,
    ClinVar,
    Finding,
    FindingGenotype,
    FindingVariant,
    Frequency,
    FrequencyState,
    Roh,
    RohState,
    Zygosity,
)

RARE = Frequency(FrequencyState.LOOKED_UP, 0.00001, "global", 0, "a slice", "2026")
BETWEEN = Frequency(FrequencyState.LOOKED_UP, 0.004, "global", 0, "a slice", "2026")
COMMON = Frequency(FrequencyState.LOOKED_UP, 0.2, "global", 0, "a slice", "2026")
SCREENED = Frequency(FrequencyState.SCREENED)
NOT_LOOKED_UP = Frequency(FrequencyState.NOT_LOOKED_UP)


def make(
    gene: str,
    name: str = "c.1A>G",
    class_: Class = Class.LIKELY_PATHOGENIC,
    zygosity: Zygosity = Zygosity.HOMOZYGOUS,
    state: CallState = CallState.SOLID,
    kind: AlleleKind = AlleleKind.NULL,
    frequency: Frequency = RARE,
    key38: str = "1-1-A-G",
    exon: int | None = 5,
    traits: tuple[str, ...] = (),
    could_explain: bool = True,
    exons_lost: tuple[int, ...] = (),
    consequences: tuple[str, ...] = ("stop_gained",),
    end: int | None = None,
) -> Finding:
    """A finding of that gene; two of one test differ by `name`."""
    clinvar = ClinVar(None, "Pathogenic", "criteria provided", 2, traits, "2024-12-15", True) if traits else None
    contig, pos, ref, alt = key38.split("-")
    return Finding(
        id=f"{gene}:{name}",
        gene=gene,
        hgnc_id="HGNC:1",
        variant=FindingVariant(key38, {"GRCh38": key38}, contig, int(pos), ref, alt, "snv", end=end),
        transcript="NM_1.1",
        mane="MANE Select",
        other_transcripts=(),
        hgvs_g=None,
        hgvs_c=name,
        hgvs_p=None,
        consequences=consequences,
        zygosity=zygosity,
        genotype=FindingGenotype("1/1", 50, (0, 50), 99.0, None, ("PASS",)),
        call_quality=CallQuality(state, ()),
        roh=Roh(RohState.NOT_ASSESSABLE),
        frequency=frequency,
        classification=Classification(class_, ()),
        tier=0,
        reasons=(),
        kind=kind,
        could_explain=could_explain,
        exon=exon,
        clinvar=clinvar,
        whole_exons_lost=exons_lost,
    )


@dataclass(frozen=True)
class Stated:
    """Phases as a test states them; every other pair is unknown."""

    pairs: dict[frozenset[str], Phase] = field(default_factory=dict)

    def of(self, first: str, second: str) -> Phase:
        return self.pairs.get(frozenset((first, second)), Phase.UNKNOWN)


UNKNOWN = Stated()


def pair_phase(first: Finding, second: Finding, phase: Phase) -> Stated:
    return Stated({frozenset((first.id, second.id)): phase})
