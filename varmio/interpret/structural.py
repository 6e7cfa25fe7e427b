"""Calls of deletions and duplications -> findings, or the sentence that says why they are none.

The first line that holds decides what becomes of a call that touches an exon of a panel gene:

| the call                                                                    | becomes                 |
|-----------------------------------------------------------------------------|-------------------------|
| the usual number of copies: one X of a boy, a genotype that CN denies       | explained               |
| its genotype failed the caller's own filter (FT)                            | explained, gene named   |
| longer than GIANT_BP, and of low quality                                    | explained, gene named   |
| a gain over genes with exons that have a copy elsewhere, and no other gene  | explained               |
| any other deletion or duplication                                           | a finding for each gene |

Calls of one gene that overlap, by depth and by callers, are one event: one finding with the evidence of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from varmio.interpret import exon_loss
from varmio.interpret.classify import classify
from varmio.interpret.finding import identity, others
from varmio.interpret.quality import MIN_GENOTYPE_QUALITY
from varmio.model import (
    BY_TRUST,
    Assembly,
    CallQuality,
    CallState,
    Consequence,
    ExonLoss,
    Finding,
    FindingGenotype,
    FindingVariant,
    Frequency,
    FrequencyState,
    Panel,
    PanelGene,
    Roh,
    RohState,
    StructuralCall,
    Transcript,
    Zygosity,
)
from varmio.phrases import count

GIANT_BP = 5_000_000  # bp; own choice: an exome shows no deletion so long by chance, and callers join segments
MAX_BOTH_LOST_BP = 10_000_000  # bp; own choice, a doubt only: both copies of so much are hardly ever lost
DEPTH = "depth"  # source of calls made here from depth
HET_INSIDE = "{} inside it, for which two copies are needed."
CALLED_INSIDE = "{} inside it, where no copy should be left."


@dataclass(frozen=True, slots=True)
class Site:
    """A small variant called in this sample: what a missing copy must agree with. pos 1-based."""

    contig: str
    pos: int
    heterozygous: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A call that is no finding, with the reason. `look`: whether a person should look at it."""

    call: StructuralCall
    genes: tuple[str, ...]
    text: str
    look: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What became of the calls: findings without a tier, explanations, and the finding ids of each call."""

    findings: tuple[Finding, ...]
    explained: tuple[Explained, ...]
    ids: Mapping[StructuralCall, tuple[str, ...]]


def of_loss(loss: ExonLoss) -> StructuralCall:
    """A loss that the depth shows, as a call."""
    return StructuralCall(
        contig=loss.contig,
        start=loss.start,
        end=loss.end,
        kind="deletion",
        copies=loss.copies,
        usual=loss.of,
        written=f"{loss.copies} of {loss.of} copies by depth",
        precise=False,
        source=DEPTH,
        passed=True,
        doubts=loss.doubts,
        reasons=loss.reasons,
        exons=loss.exons,
        transcript=loss.transcript,
    )


def read(
    panel: Panel,
    calls: Iterable[StructuralCall],
    transcripts: Sequence[Transcript],
    assembly: Assembly,
    sites: Sequence[Site],
) -> Read:
    """Every call that touches an exon of a panel gene as findings, or explained."""
    made: list[tuple[Finding, StructuralCall]] = []
    explained: list[Explained] = []
    for call in sorted(calls, key=lambda c: (c.contig, c.start, c.end, c.source, c.line or 0)):
        effects = {} if call.kind == "other" else _by_gene(call, transcripts)
        genes = [(gene, of_gene) for symbol, of_gene in effects.items() if (gene := panel.gene(symbol))]
        why = _explained(call, tuple(gene for gene, _ in genes)) if genes else None
        if why is not None:
            explained.append(why)
        elif call.kind != "not_a_change":
            made += [
                (_finding(call, of_gene, gene, assembly, _contradicted(call, of_gene, sites)), call)
                for gene, of_gene in genes
            ]
    merged, ids = _merged(made)
    return Read(merged, tuple(explained), ids)


def _by_gene(call: StructuralCall, transcripts: Sequence[Transcript]) -> dict[str, list[Consequence]]:
    """The consequences on the transcripts of each gene of which the call touches an exon."""
    found: dict[str, list[Consequence]] = {}
    for t in transcripts:
        if call.transcript in (None, t.accession) and exon_loss.touches(call, t):
            found.setdefault(t.gene, []).append(exon_loss.consequence(call, t))
    return found


# --------------------------------------------------------------------------- explained


def _explained(call: StructuralCall, touched: tuple[PanelGene, ...]) -> Explained | None:
    """Why a call that touches these genes is no finding; None where it is one, or a segment without change."""
    genes = tuple(gene.symbol for gene in touched)
    over = f"{_place(call)} over {', '.join(genes)} ({call.source}, {call.written})"
    if call.kind == "not_a_change":
        return _usual_number(call, genes, over)
    if call.sample_filters:
        failed = ", ".join(call.sample_filters)
        return Explained(call, genes, f"The {_word(call)} {over} failed its caller's own filter ({failed}).", True)
    if call.length > GIANT_BP and (low := _low(call)):
        text = f"The {_word(call)} {over} is {call.length / 1e6:.0f} Mb long and of low quality ({low})."
        return Explained(call, genes, text, True)
    if call.kind == "duplication" and all(gene.not_unique_exons for gene in touched):
        text = f"The {_word(call)} {over} is no finding. {touched[0].not_unique_reason}"
        return Explained(call, genes, text, False)
    return None


def _usual_number(call: StructuralCall, genes: tuple[str, ...], over: str) -> Explained | None:
    """Why one copy, or a genotype beside the usual number, is no finding; None for a segment without change."""
    if call.contig == "X" and call.copies == 1:
        known = call.usual is not None
        boy = "a boy has one X" if known else "the sex is not known, and a boy has one X"
        return Explained(call, genes, f"One copy at {over}: {boy}.", look=not known)
    if call.doubts:
        return Explained(call, genes, f"The call {over} is no change. {' '.join(call.doubts)}", True)
    return None


def _low(call: StructuralCall) -> str:
    """What makes a call one of low quality, or ''."""
    if call.filters:
        return f"FILTER {', '.join(call.filters)}"
    if call.quality is not None and call.quality < MIN_GENOTYPE_QUALITY:
        return f"quality {call.quality:g}"
    if call.quality is None and call.passed is None:
        return "neither filter nor quality is given"
    return " ".join(call.doubts)


def _word(call: StructuralCall) -> str:
    return {"deletion": "deletion", "duplication": "gain"}.get(call.kind, "segment")


def _place(call: StructuralCall) -> str:
    return f"{call.contig}:{call.start + 1}-{call.end}"


# --------------------------------------------------------------------------- findings


def _contradicted(call: StructuralCall, effects: list[Consequence], sites: Sequence[Site]) -> tuple[str, ...]:
    """Small variants inside a deletion that it does not allow."""
    if call.kind != "deletion":
        return ()
    lost = [
        exon
        for c in effects
        for i, exon in enumerate(c.transcript.in_order, 1)
        if i in c.whole_exons_lost and exon[0] < call.end and call.start < exon[1]
    ]
    inside = [s for s in sites if s.contig == call.contig and any(a < s.pos <= b for a, b in lost)]
    if call.copies == 0 and inside:
        return (CALLED_INSIDE.format(_lie(len(inside), "variant call")),)
    het = sum(s.heterozygous for s in inside)
    return (HET_INSIDE.format(_lie(het, "heterozygous call")),) if het else ()


def _lie(number: int, noun: str) -> str:
    return f"{count(number, noun)} {'lies' if number == 1 else 'lie'}"


def _finding(
    call: StructuralCall, effects: list[Consequence], gene: PanelGene, assembly: Assembly, against: tuple[str, ...]
) -> Finding:
    effect = min(effects, key=lambda c: (not c.in_coding, c.transcript.mane != "MANE Select"))
    transcript = effect.transcript
    frequency = Frequency(FrequencyState.NOT_LOOKED_UP)
    key = f"{call.contig}-{call.start + 1}-{call.end}-{'DEL' if call.kind == 'deletion' else 'DUP'}"
    return Finding(
        id=identity(gene, effect, key),
        gene=gene.symbol,
        hgnc_id=transcript.hgnc_id,
        variant=FindingVariant(
            key=key,
            keys={str(assembly): key},
            contig=call.contig,
            pos=call.start + 1,
            ref="N",
            alt="<DEL>" if call.kind == "deletion" else "<DUP>",
            type="structural",
            end=call.end,
            svlen=-call.length if call.kind == "deletion" else call.length,
            copy_number=call.copies,
        ),
        transcript=transcript.accession,
        mane=transcript.mane,
        other_transcripts=others(effects, effect),
        hgvs_g=None,
        hgvs_c=effect.hgvs_c,
        hgvs_p=None,
        consequences=effect.terms,
        zygosity=_zygosity(call),
        genotype=FindingGenotype(call.gt, None, None, call.quality, None, call.filters),
        call_quality=_quality(call, gene, effect, against),
        roh=Roh(RohState.NOT_ASSESSABLE),
        frequency=frequency,
        classification=classify(effect, gene, None, frequency, None),
        tier=0,
        reasons=(*call.reasons, f"Called by {_source(call)}."),
        kind=effect.kind,
        could_explain=effect.could_explain,
        exon=effect.exon,
        unnamed_reason=effect.unnamed_reason,
        whole_exons_lost=effect.whole_exons_lost,
    )


def _source(call: StructuralCall) -> str:
    return "the depth of the reads" if call.source == DEPTH else f"{call.source} ({call.written})"


def _zygosity(call: StructuralCall) -> Zygosity:
    """Of the deletion or duplication; PARTIAL where the number of copies is not said."""
    if call.copies is None:
        return Zygosity.PARTIAL
    if call.kind == "duplication":
        return Zygosity.HEMIZYGOUS if call.usual == 1 else Zygosity.HETEROZYGOUS
    if call.copies:
        return Zygosity.HETEROZYGOUS
    return Zygosity.HEMIZYGOUS if call.usual == 1 else Zygosity.HOMOZYGOUS


def _quality(call: StructuralCall, gene: PanelGene, effect: Consequence, against: tuple[str, ...]) -> CallQuality:
    failed = [*call.doubts, *against]
    if call.filters:
        failed.append(f"FILTER is {', '.join(call.filters)}, not PASS.")
    if call.quality is not None and call.source != DEPTH and call.quality < MIN_GENOTYPE_QUALITY:
        failed.append(f"Its quality {call.quality:g} is below {MIN_GENOTYPE_QUALITY}.")
    if call.copies is None and not call.doubts:
        failed.append("How many copies are left is not said.")
    if call.copies == 0 and call.length > MAX_BOTH_LOST_BP:
        failed.append("Both copies of so long a stretch are hardly ever lost.")
    if not set(gene.not_unique_exons).isdisjoint(effect.whole_exons_lost) and gene.not_unique_reason:
        failed.append(gene.not_unique_reason)
    if failed:
        return CallQuality(CallState.DOUBTFUL, tuple(failed))
    if call.passed is None and call.quality is None:
        return CallQuality(CallState.NOT_ASSESSABLE, ("Neither filter nor quality is given.",))
    return CallQuality(CallState.SOLID, ())


# --------------------------------------------------------------------------- one event, several callers


def _merged(
    made: list[tuple[Finding, StructuralCall]],
) -> tuple[tuple[Finding, ...], dict[StructuralCall, tuple[str, ...]]]:
    """Overlapping calls of one gene and kind as one finding; and the finding ids of each call."""
    events: list[list[tuple[Finding, StructuralCall]]] = []
    for one in made:
        event = next((e for e in events if any(_same_event(one[0], other) for other, _ in e)), None)
        if event is None:
            events.append([one])
        else:
            event.append(one)
    found: list[Finding] = []
    ids: dict[StructuralCall, tuple[str, ...]] = {}
    for event in events:
        finding = _one_of(event)
        found.append(finding)
        for _, call in event:
            ids[call] = (*ids.get(call, ()), finding.id)
    return tuple(found), ids


def _same_event(a: Finding, b: Finding) -> bool:
    overlap = a.variant.pos <= (b.variant.end or 0) and b.variant.pos <= (a.variant.end or 0)
    return a.gene == b.gene and a.variant.alt == b.variant.alt and overlap


def _one_of(event: list[tuple[Finding, StructuralCall]]) -> Finding:
    """The surest call of an event, with the evidence of the others; the cautious copies where they disagree."""
    ranked = sorted((f for f, _ in event), key=_trust)
    kept, *others = ranked
    if not others:
        return kept
    reasons = tuple(dict.fromkeys(r for f in ranked for r in f.reasons))
    kept = replace(kept, reasons=reasons)
    if all(f.zygosity is kept.zygosity for f in others):
        return _agreed(kept, others)
    careful = next((f for f in ranked if f.zygosity is Zygosity.HETEROZYGOUS), kept)
    return disputed(replace(careful, reasons=reasons), ranked)


def disputed(kept: Finding, callers: Iterable[Finding]) -> Finding:
    """A finding on whose copies its callers do not agree, with that doubt."""
    said = " and ".join(sorted({f.zygosity.replace("_", " ") for f in callers}))
    doubt = f"The callers disagree on the copies that are left ({said})."
    quality = CallQuality(CallState.DOUBTFUL, (doubt, *kept.call_quality.reasons))
    return replace(kept, call_quality=quality)


def _agreed(kept: Finding, others: list[Finding]) -> Finding:
    sources = {r for f in (kept, *others) for r in f.reasons if r.startswith("Called by")}
    if len(sources) < 2:
        return kept
    return replace(kept, reasons=(*kept.reasons, "Two callers agree on it."))


def _trust(finding: Finding) -> tuple[int, int, int]:
    return BY_TRUST.index(finding.call_quality.state), -len(finding.whole_exons_lost), finding.variant.pos
