"""From the records at panel genes to drafts of findings, every record accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from varmio.interpret import annotated, finding, quality, structural
from varmio.interpret.consequence import consequence
from varmio.interpret.hgvs import genomic_name
from varmio.interpret.inheritance import Phases
from varmio.interpret.normalize import carry, normalize, ref_disagrees
from varmio.interpret.zygosity import zygosity
from varmio.model import (
    Allele,
    CallQuality,
    CallState,
    Consequence,
    Criterion,
    Finding,
    Frequency,
    FrequencyState,
    KnownSequence,
    Panel,
    PanelGene,
    Record,
    Reference,
    Sex,
    StructuralCall,
    Transcript,
    Variant,
    Zygosity,
)
from varmio.readers import annotation
from varmio.readers.evidence import CLINVAR_NOT_READ, Evidence

EXON_FLANK_BP = 50  # bp beside a panel exon in which every called allele is reported; case.json contract
BASES = frozenset("ACGT")
CAUTION = (  # where two records call one allele differently, the first of these is kept
    Zygosity.PARTIAL,
    Zygosity.HETEROZYGOUS,
    Zygosity.HEMIZYGOUS,
    Zygosity.HOMOZYGOUS,
)
LISTED_TWICE = "ALT lists this allele twice, with a number of its own each time."
CUT = "The file ends inside this record's line, which may be cut."
STRUCTURAL = "structural_not_read"
EXPLAINED = "structural_explained"
UNNAMED = "allele_not_named"
SERIOUS = (STRUCTURAL, "reference_mismatch", "ambiguous_bases", UNNAMED)  # said even where the record has a finding
NOTES = (  # what became of an allele that is no finding; the first that holds speaks for its record
    STRUCTURAL,
    EXPLAINED,
    "reference_mismatch",
    "ambiguous_bases",
    UNNAMED,
    "conflicting_duplicate",
    "duplicate",
    "deep_intronic",
    "spanning_deletion",
    "not_called",
    "reference_genotype",
    "block",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every allele of one run is read against."""

    panel: Panel
    here: Reference
    there: Reference  # the other assembly, to carry keys over
    evidence: Evidence
    sex: Sex | None
    cut_line: int | None  # line that the file ends inside of, perhaps cut
    file_doubts: tuple[str, ...] = ()  # why no call of this file can be trusted by itself
    layouts: tuple[annotation.Layout, ...] = ()  # INFO keys that hold the file's own names

    def transcripts(self, contig: str, start: int, end: int) -> tuple[Transcript, ...]:
        """Transcripts of panel genes within 50 bp of [start, end)."""
        return tuple(
            t
            for t in self.here.transcripts
            if t.contig == contig
            and t.start - EXON_FLANK_BP < end
            and start < t.end + EXON_FLANK_BP
            and self.panel.gene(t.gene) is not None
        )


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """A record at a panel gene with what became of it: finding ids, or the reason why there are none."""

    record: Record
    findings: tuple[str, ...]
    note: str | None  # beside findings only where another allele of the record was not read


@dataclass(frozen=True, slots=True)
class Drafts:
    """Findings without a tier, the records they came from, and the phase of each pair in a gene."""

    findings: tuple[Finding, ...]
    records: tuple[PanelRecord, ...]
    phases: Phases
    unread: tuple[str, ...]  # genes with an exon under a structural record that was not read


def draft(desk: Desk, records: Iterable[Record], phased_contigs: frozenset[str]) -> Drafts:
    """Every called allele of the records as a draft finding, or the reason why it is none."""
    calls: dict[str, list[Allele]] = {}
    fates: list[tuple[Record, list[str], list[str]]] = []  # record, allele keys, notes
    for record in records:
        keys, notes = _read(desk, record, calls)
        fates.append((record, keys, notes))
    doubts = _denied(desk, (record for record, _, _ in fates), calls)
    called = {key: _merged(alleles, (*doubts.get(key, ()), *desk.file_doubts)) for key, alleles in calls.items()}
    drafts = {key: found for key, allele in called.items() if (found := _finding(desk, allele))}
    traced = tuple(_trace(record, keys, notes, drafts) for record, keys, notes in fates)
    phases = Phases({drafts[key].id: called[key] for key in drafts}, phased_contigs)
    return Drafts(tuple({f.id: f for f in drafts.values()}.values()), traced, phases, _unread(desk, traced))


def with_structural(desk: Desk, drafts: Drafts, read: structural.Read, own: Iterable[StructuralCall]) -> Drafts:
    """The drafts with the findings of structural calls; `own`: the calls that stand in the records themselves.

    A deletion that the file also writes in bases is one finding: the named one, with the other's evidence.
    """
    findings = {f.id: f for f in drafts.findings}
    same: dict[str, str] = {}  # id of a structural finding -> of the one in bases
    for found in read.findings:
        twin = next((f for f in drafts.findings if _one_event(f, found)), None)
        if twin is None:
            findings.setdefault(found.id, found)
        else:
            same[found.id] = twin.id
            findings[twin.id] = _confirmed(findings[twin.id], found)
    explained = {e.call.line for e in read.explained}
    ids = {c.line: tuple(same.get(i, i) for i in read.ids.get(c, ())) for c in own}
    usual = {c.line for c in own if c.kind == "not_a_change"}
    records = tuple(
        r if r.note != STRUCTURAL else _settled(r, ids.get(r.record.line, ()), r.record.line in explained | usual)
        for r in drafts.records
    )
    return replace(drafts, findings=tuple(findings.values()), records=records, unread=_unread(desk, records))


def _settled(traced: PanelRecord, ids: tuple[str, ...], explained: bool) -> PanelRecord:
    if ids:
        return replace(traced, findings=(*traced.findings, *ids), note=None)
    return replace(traced, note=EXPLAINED) if explained else traced


def _one_event(small: Finding, found: Finding) -> bool:
    """Whether a deletion in bases takes whole exons that the structural one takes too."""
    return (
        small.gene == found.gene
        and found.variant.alt == "<DEL>"
        and not set(small.whole_exons_lost).isdisjoint(found.whole_exons_lost)
    )


def _confirmed(kept: Finding, other: Finding) -> Finding:
    both = replace(kept, reasons=(*kept.reasons, *other.reasons))
    return both if kept.zygosity is other.zygosity else structural.disputed(both, (kept, other))


def carried_alleles(records: Iterable[Record], sequence: KnownSequence) -> frozenset[Variant]:
    """The alternate alleles in bases that the records call, normalised."""
    return frozenset(
        normalize(Variant(record.contig, record.pos, record.ref, record.alts[number - 1]), sequence)
        for record in records
        for number in {a for a in record.genotype.alleles if a}
        if not _unusable(record, number)
    )


def _read(desk: Desk, record: Record, calls: dict[str, list[Allele]]) -> tuple[list[str], list[str]]:
    """Keys of the alleles that this record calls first, and notes on the others; `calls` grows."""
    carried = sorted({a for a in record.genotype.alleles if a})
    if not carried:
        return [], [_uncalled(record)]
    keys, notes = [], []
    for number in carried:
        note = _unusable(record, number) or _disputed(desk, record, number)
        if note:
            notes.append(note)
            continue
        allele = _allele(desk, record, number)
        before = calls.setdefault(allele.variant.key, [])
        if before:
            same = before[0].zygosity is allele.zygosity
            notes.append("duplicate" if same else "conflicting_duplicate")
        else:
            keys.append(allele.variant.key)
        before.append(allele)
    return keys, notes


def _denied(desk: Desk, records: Iterable[Record], calls: Mapping[str, list[Allele]]) -> dict[str, tuple[str, ...]]:
    """Alleles that one record calls and another one, which lists them too, does not: key -> doubts."""
    texts: dict[str, set[str]] = {}
    for record in records:
        carried = record.genotype.alleles
        for number, alt in enumerate(record.alts, 1):
            if number in carried or _unusable(record, number):
                continue
            written = Variant(record.contig, record.pos, record.ref, alt)
            key = normalize(written, desk.here.sequence).key
            if key in calls:
                texts.setdefault(key, set()).add(record.genotype.text)
    return {
        key: tuple(f"Another record lists this allele with the genotype {gt}." for gt in sorted(found))
        for key, found in texts.items()
    }


def _uncalled(record: Record) -> str:
    """Why a record that calls no alternate allele is no finding."""
    missing = all(allele is None for allele in record.genotype.alleles)
    if missing and not {"symbolic", "breakend"}.isdisjoint(record.kinds):
        return STRUCTURAL
    if set(record.kinds) <= {"reference"}:
        return "not_called" if missing else "block"
    return "not_called" if missing else "reference_genotype"


def _unusable(record: Record, number: int) -> str | None:
    """Why an alternate allele (its number in GT) cannot be named, or None."""
    if number > len(record.alts):  # ALT is '.', and GT says that the sample carries something else than REF
        return UNNAMED
    kind, alt = record.kinds[number - 1], record.alts[number - 1]
    if alt == record.ref:
        return "reference_genotype"
    if kind == "bases":
        return None if BASES.issuperset(alt) and BASES.issuperset(record.ref) else "ambiguous_bases"
    return {"star": "spanning_deletion", "reference": "block"}.get(kind, STRUCTURAL)


def _disputed(desk: Desk, record: Record, number: int) -> str | None:
    variant = Variant(record.contig, record.pos, record.ref, record.alts[number - 1])
    return "reference_mismatch" if ref_disagrees(variant, desk.here.sequence) else None


def _allele(desk: Desk, record: Record, number: int) -> Allele:
    written = Variant(record.contig, record.pos, record.ref, record.alts[number - 1])
    call = zygosity(record.genotype, number, record.contig, record.pos, desk.here.assembly, desk.sex, record.alts)
    variant = normalize(written, desk.here.sequence)
    doubts = (*call.doubts, CUT) if record.line == desk.cut_line else call.doubts
    doubts = (*doubts, LISTED_TWICE) if record.alts.count(written.alt) > 1 else doubts
    return Allele(variant, call.zygosity, record, number, call.remarks, doubts)


def _merged(alleles: list[Allele], doubts: tuple[str, ...]) -> Allele:
    """One allele of all the records that call it: the cautious zygosity, the doubts of each."""
    kept, *others = sorted(alleles, key=_caution)  # the order of the file decides nothing
    said = sorted({a.zygosity for a in alleles})
    if len(said) > 1:
        doubts = (*doubts, f"Records call this allele differently ({' and '.join(said)}).")
    judged = (quality.call_quality(other, None) for other in others)
    seconds = (f"Of a second record: {q.reasons[0]}" for q in judged if q.state is CallState.DOUBTFUL)
    return replace(kept, doubts=(*kept.doubts, *doubts, *dict.fromkeys(seconds)))


def _caution(allele: Allele) -> tuple[int, tuple[str, ...]]:
    place = CAUTION.index(allele.zygosity) if allele.zygosity in CAUTION else 0
    return place, allele.record.columns


def _finding(desk: Desk, allele: Allele) -> Finding | None:
    placed = placed_on(desk, allele.variant)
    if placed is None or not _reported(desk, allele.variant, placed.leading):
        return None
    frequency = _frequency(desk, allele.variant, placed.leading)
    judged = quality.call_quality(allele, finding.not_unique(placed.gene, placed.leading))
    built = as_finding(desk, allele, placed, frequency, judged)
    said = annotation.entries(desk.layouts, allele.record, allele.allele_number)
    return annotated.compared(built, said, {c.transcript.accession: c.transcript.ensembl for c in placed.consequences})


@dataclass(frozen=True, slots=True)
class Placed:
    """What an allele does to the transcripts of one panel gene, the leading one named."""

    gene: PanelGene
    leading: Consequence
    consequences: tuple[Consequence, ...]


def placed_on(desk: Desk, variant: Variant) -> Placed | None:
    """The allele on the transcripts of the panel gene that it is nearest to; None where none is near."""
    transcripts = desk.transcripts(variant.contig, variant.start, variant.end)
    consequences = [consequence(variant, t, desk.here.sequence) for t in transcripts]
    if not consequences:
        return None
    leading = finding.leading_transcript(consequences)
    gene = desk.panel.gene(leading.transcript.gene)
    if gene is None:
        return None
    return Placed(gene, leading, tuple(c for c in consequences if c.transcript.gene == gene.symbol))


def as_finding(desk: Desk, allele: Allele, placed: Placed, frequency: Frequency, judged: CallQuality) -> Finding:
    """The allele with its names on both assemblies and what is known of it."""
    variant = allele.variant
    built = finding.build(
        allele,
        placed.consequences,
        placed.gene,
        desk.here.assembly,
        _carried(desk, variant, placed.leading.transcript),
        genomic_name(variant, placed.leading.transcript, desk.here.sequence),
        desk.evidence.clinvar(variant),
        frequency,
        judged,
    )
    return _with_evidence(desk, built, variant)


def _frequency(desk: Desk, variant: Variant, leading: Consequence) -> Frequency:
    """What is known of the allele; the shipped list of common alleles says nothing of a gene it was not made for."""
    found = desk.evidence.frequency(variant, leading.exon_distance)
    unlisted = leading.transcript.gene in desk.here.own_genes and found.state is FrequencyState.SCREENED
    return Frequency(FrequencyState.NOT_LOOKED_UP) if unlisted else found


def _with_evidence(desk: Desk, built: Finding, variant: Variant) -> Finding:
    """The finding with what the given files say of it, and with word that ClinVar was not asked."""
    built = replace(built, reasons=(*built.reasons, *desk.evidence.remarks(variant)))
    if desk.evidence.reads_clinvar:
        return built
    unread = Criterion("CLINVAR", None, None, False, CLINVAR_NOT_READ, "ClinVar")
    return replace(
        built, classification=replace(built.classification, criteria=(unread, *built.classification.criteria))
    )


def _reported(desk: Desk, variant: Variant, leading: Consequence) -> bool:
    gene = desk.panel.gene(leading.transcript.gene)
    listed = gene is not None and finding.named_allele(gene, desk.here.assembly, variant) is not None
    named = listed or desk.evidence.names(leading.transcript.gene, variant)
    return leading.exon_distance <= EXON_FLANK_BP or named


def _carried(desk: Desk, variant: Variant, source: Transcript) -> Variant | None:
    target = next((t for t in desk.there.transcripts if t.accession == source.accession), None)
    return carry(variant, source, target, desk.there.sequence) if target else None


def _unread(desk: Desk, traced: Iterable[PanelRecord]) -> tuple[str, ...]:
    """Genes with an exon under a structural record that this sample carries and nobody read."""
    genes = {
        t.gene: None
        for found in traced
        if found.note == STRUCTURAL
        for t in desk.transcripts(found.record.contig, found.record.pos - 1, found.record.end)
        if any(start < found.record.end and found.record.pos - 1 < end for start, end in t.exons)
    }
    return tuple(genes)


def _trace(record: Record, keys: list[str], notes: list[str], drafts: Mapping[str, Finding]) -> PanelRecord:
    ids = tuple(drafts[key].id for key in keys if key in drafts)
    if ids:
        return PanelRecord(record, ids, next((note for note in SERIOUS if note in notes), None))
    said = {*notes, *("deep_intronic" for key in keys if key not in drafts)}
    return PanelRecord(record, (), next(note for note in NOTES if note in said))
