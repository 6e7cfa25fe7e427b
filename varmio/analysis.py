"""One proband: a VCF becomes a Case. The order of this room is the way of a variant.

header -> one scan of the file -> assembly -> sex
panel records -> alleles -> consequence and name -> evidence -> class -> findings
findings + panel -> matches -> verdicts -> answer -> Case
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from varmio import about, coverage_of, families, neighbours, second_opinion, signs
from varmio import assembly as assemblies
from varmio.coverage_of import Beside, Files
from varmio.errors import InputError, one_line
from varmio.interpret import (
    answer,
    autozygosity,
    callability,
    callset,
    homozygosity,
    limitations,
    parents,
    roh_pattern,
    statements,
    structural,
    subtype,
    tier,
)
from varmio.interpret.normalize import normalize
from varmio.interpret.recurrence import recurrence
from varmio.model import (
    Assembly,
    AssemblyCall,
    Autozygosity,
    CallsetKind,
    CallState,
    Case,
    GeneVerdict,
    GivenSigns,
    Limitation,
    Panel,
    Reference,
    RohPattern,
    Sample,
    SampleSex,
    Sex,
    Transcript,
    Zygosity,
)
from varmio.panel_records import EXON_FLANK_BP, Desk, Drafts, PanelRecord, carried_alleles, draft, with_structural
from varmio.readers import annotation, evidence, genome, panel, reference, vcf
from varmio.readers.evidence_files import Asked

SCHEMA_VERSION = "1.0"
OWN_PANEL = "The panel {} is a file that was given: what it says was not reviewed with varmio's own panels."
TOLD_TWICE = "{} is described by the panels {} and {}; the first is used, and the second is not read for it."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    sample: str | None = None
    assembly: Assembly | None = None
    sex: Sex | None = None
    panels: tuple[str, ...] = ()
    evidence: tuple[Path, ...] = ()  # files that the user gives
    ped: Path | None = None  # names the parents' columns and the sex
    files: Files = field(default_factory=Files)  # beside the VCF: depth, controls, targets, structural calls
    second_opinion: bool = False  # bcftools csq is asked too
    clinvar: bool = True  # False: no ClinVar fact is read
    signs: GivenSigns = field(default_factory=GivenSigns)
    age_days: int | None = None
    relatedness_wording: bool = True  # False: nothing is said of how the parents may be related
    date: str = ""  # ISO date, printed as the date of the analysis
    command: str = ""


Loci = dict[Assembly, dict[str, tuple[tuple[int, int], ...]]]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What every sample of a run is read against; loci: whole genes, coding: their coding exons."""

    panel: Panel
    references: Mapping[Assembly, Reference]
    loci: Loci
    coding: Loci


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    header: vcf.Header
    records: tuple[PanelRecord, ...]


def analyse(path: Path, options: Options) -> Outcome:
    """The case of one sample of a VCF, with the records at its panel genes.

    Errors: InputError (file unusable, assembly undecided or contradicted), UsageError (sample),
    ResourceError and KnowledgeError (bundle or panel missing or broken).
    """
    (outcome,) = analyse_samples(path, (options,))
    if isinstance(outcome, InputError):
        raise outcome
    return outcome


def analyse_samples(path: Path, asked: Sequence[Options]) -> Iterator[Outcome | InputError]:
    """The case of each sample asked for, from one reading of the file, in that order.

    `asked` differ in sample and command only. Where the file is unusable for one sample and not for others
    (no record can be read, say), its InputError takes the place of its case. Errors: as `analyse`.
    """
    known = panel_of(asked[0].panels)
    references = {a: reference.load(a) for a in Assembly}
    grounds = Grounds(known, references, spans(references), coding(references))
    each = [families.of(path, options.sample, options.ped) for options in asked]
    names = [*(o.sample for o in asked), *(name for family in each for name in family.held)]
    scans = vcf.scan_samples(path, names, grounds.loci, grounds.coding, markers=True)
    theirs = {scan.sample: scan for scan in scans[len(asked) :]}
    scans = scans[: len(asked)]
    checks = {places: assemblies.ref_checks(scan.panel, references) for places, scan in _by_places(scans).items()}
    for options, scan, family in zip(asked, scans, each, strict=True):
        try:
            at = checks[_at(scan)]
            outcome: Outcome | InputError = _outcome(path, options, grounds, scan, at, family, theirs)
        except InputError as error:
            outcome = error
        yield outcome


def _at(scan: vcf.Scan) -> tuple[int, ...]:
    return tuple(record.line for record in scan.panel)


def _by_places(scans: Iterable[vcf.Scan]) -> dict[tuple[int, ...], vcf.Scan]:
    """One scan for each set of panel lines: REF is the same for all samples of a line."""
    return {_at(scan): scan for scan in scans}


def _outcome(
    path: Path,
    options: Options,
    grounds: Grounds,
    scan: vcf.Scan,
    checks: Mapping[Assembly, tuple[int, int]],
    family: families.Family,
    theirs: Mapping[str, vcf.Scan],
) -> Outcome:
    known, references = grounds.panel, grounds.references
    vcf.refuse_if_unreadable(scan)
    called = assembly_of(path, scan, checks, options.assembly)
    vcf.refuse_if_off_panel(scan, called.name)
    inferred, sex_reason = assemblies.infer_sex(scan.sex_counts[called.name])
    sex = SampleSex(options.sex or family.sex, inferred)

    here = _here(options.files.reference, references[called.name])
    references = {**references, called.name: here}
    facts = _facts(options, references, called.name, scan)
    counts = about.counts_of(scan, here)
    doubt = callset.unreliable(counts)
    desk = Desk(
        known,
        here,
        references[called.name.other],
        facts,
        sex.used,
        scan.cut_line,
        (doubt,) if doubt else (),
        annotation.layouts(scan.header.lines),
    )
    at_genes = tuple(r for r in scan.panel if desk.transcripts(r.contig, r.pos - 1, r.end))
    panel_transcripts = [t for t in desk.here.transcripts if known.gene(t.gene)]
    beside = coverage_of.read(
        options.files,
        path,
        at_genes,
        callset.kind_of(counts)[0] is CallsetKind.GVCF,
        panel_transcripts,
        called.name,
        scan.sample,
        sex.used,
        grounds.loci,
        grounds.coding,
    )
    drafts = draft(desk, at_genes, scan.fully_phased_contigs)
    read = _structural(known, drafts, beside, panel_transcripts, called.name)
    drafts = with_structural(desk, drafts, read, beside.own)
    both = families.parents_of(desk, drafts.findings, family, theirs)
    settled = replace(drafts.phases, by_parents=parents.phases(drafts.findings, both))
    drafts = replace(drafts, findings=parents.with_clues(drafts.findings, both), phases=settled)
    drafts = neighbours.judged_together(desk, drafts)

    other: tuple[Limitation, ...] = ()
    if options.second_opinion:
        asked, other = second_opinion.with_opinions(drafts.findings, here)
        drafts = replace(drafts, findings=asked)

    matches = subtype.matches(known, drafts.findings, drafts.phases)
    matches = tuple(statements.with_statements(known, m, drafts.findings) for m in matches)
    findings = tier.with_tiers(known, drafts.findings, matches)
    runs = autozygosity.survey(scan.markers, sex.used, called.name)
    findings = homozygosity.with_runs(
        findings, runs.autozygosity, runs.posterior, sex.used, options.relatedness_wording
    )
    found = _told(runs.autozygosity, panel_transcripts, options)
    suspect = {gene: e.text for e in reversed(read.explained) if e.look for gene in e.genes}
    places = callability.called(at_genes)
    in_exons = callability.calls_in_exons(places, panel_transcripts)
    seen = callability.Seen(beside.regions, beside.coverage, in_exons, places, suspect)
    genes = callability.placed(callability.verdicts(known, seen, matches, findings), panel_transcripts)
    set_aside = tuple(dict.fromkeys((*drafts.unread, *suspect)))
    verdict = answer.answer(known, matches, findings, drafts.phases, genes, set_aside)
    look_alikes, phenotype = signs.of_case(known, matches, options.signs)
    limits = limitations.limitations(
        known,
        called,
        sex,
        sex_reason,
        findings,
        matches,
        about.places(drafts.records),
        about.file_faults(scan),
        facts.dates(),
        (
            *parents.limitations(findings, both),
            *parents.said_of_missing(family.roles, family.held),
            *callset.limitations(counts),
            *_not_asked(facts),
            *_set_aside(read),
            *beside.limits,
            *other,
        ),
        found.assessable,
        limitations.Looked(beside.coverage is not None, _losses_seen(beside, genes), bool(both)),
    )
    case = Case(
        schema_version=SCHEMA_VERSION,
        case_id=scan.sample,
        sample=Sample(scan.sample, sex, options.age_days),
        assembly=called,
        answer=verdict,
        callset=about.callset_of(scan, counts),
        findings=findings,
        subtypes=matches,
        autozygosity=found,
        genes=genes,
        limitations=limits,
        recurrence=recurrence(matches, homozygosity.from_one_parent(findings, runs.autozygosity, sex.used)),
        statements=statements.for_answer(known, verdict.code, matches),
        look_alikes=look_alikes,
        phenotype=phenotype,
        references={},
        methods={"constants": about.constants()},
        panel_genes=tuple(g.symbol for g in known.genes),
        provenance=about.provenance(
            path, options.command, options.date, known, called.name, scan, drafts.records, facts, beside.inputs
        ),
        depth=beside.source,
    )
    cited = about.cited(known, case) | signs.references(known, look_alikes, phenotype)
    return Outcome(replace(case, references=dict(sorted(cited.items()))), scan.header, drafts.records)


def _here(fasta: Path | None, shipped: Reference) -> Reference:
    """What is known of the run's assembly: shipped, and the user's own genome where one is given (ResourceError)."""
    return shipped if fasta is None else _with_genome(fasta, shipped.assembly)


@lru_cache(maxsize=2)
def _with_genome(fasta: Path, assembly: Assembly) -> Reference:
    """Read once for all samples of a run."""
    return genome.with_genome(fasta, reference.load(assembly), reference.differences(assembly))


def _structural(
    known: Panel,
    drafts: Drafts,
    beside: Beside,
    transcripts: Sequence[Transcript],
    assembly: Assembly,
) -> structural.Read:
    """The structural calls of every source, held against the sure small variants of this sample."""
    sites = [
        structural.Site(f.variant.contig, f.variant.pos, f.zygosity is Zygosity.HETEROZYGOUS)
        for f in drafts.findings
        if f.call_quality.state is CallState.SOLID
    ]
    return structural.read(known, (*beside.calls, *beside.own), transcripts, assembly, sites)


def _set_aside(read: structural.Read) -> tuple[Limitation, ...]:
    return tuple(
        Limitation(e.text, e.genes[0] if len(e.genes) == 1 else None, limitations.CONFIRM_COPIES if e.look else None)
        for e in read.explained
    )


def _losses_seen(beside: Beside, genes: Iterable[GeneVerdict]) -> frozenset[str]:
    """Genes of which missing copies of each coding exon were looked for against controls."""
    if not beside.losses_looked_for:
        return frozenset()
    return frozenset(g.symbol for g in genes if g.exons and all("mean_depth" in e for e in g.exons))


def assembly_of(
    path: Path, scan: vcf.Scan, checks: Mapping[Assembly, tuple[int, int]], stated: Assembly | None
) -> AssemblyCall:
    """The assembly by what the scan saw and the REF bases compared (InputError: undecided, or contradicted)."""
    names = (*scan.header.contigs, *scan.contig_names)
    accessions = {name: a for name in names if (a := vcf.assembly_of_alias(name))}
    return assemblies.decide(scan.header.contigs, scan.coding_hits, checks, stated, path.name, accessions)


def _told(found: Autozygosity, transcripts: Iterable[Transcript], options: Options) -> Autozygosity:
    """The runs with the share that lies outside the panel's genes, and without what is not to be said."""
    genes = [(t.contig, t.start, t.end) for t in transcripts]
    found = replace(found, outside_panel=roh_pattern.outside(found.segments, genes))
    if options.relatedness_wording or not found.assessable:
        return found
    return replace(found, pattern=RohPattern.WITHHELD, pattern_reasons=())


def panel_of(names: tuple[str, ...]) -> Panel:
    """The panels of those names or files as one; every shipped panel where none is named (KnowledgeError).

    Where two panels speak of one gene or subtype id, the first one named is kept, and a note says so.
    """
    shipped = panel.names()
    every = [panel.load(name) for name in names or shipped]
    own = [p.name for name, p in zip(names or shipped, every, strict=True) if name not in shipped]
    notes = (*(OWN_PANEL.format(one_line(name)) for name in own), *_told_twice(every))
    return replace(merged(every), notes=notes)


def _told_twice(every: Sequence[Panel]) -> Iterator[str]:
    """Each gene or subtype that two panels describe in different ways, and which of them is used."""
    first: dict[str, tuple[str, object]] = {}
    for p in every:
        for name, entry in (*((g.symbol, g) for g in p.genes), *((s.id, s) for s in p.subtypes)):
            used, kept = first.setdefault(name, (p.name, entry))
            if kept != entry:
                yield TOLD_TWICE.format(one_line(name), one_line(used), one_line(p.name))


def merged(every: Sequence[Panel]) -> Panel:
    """Several panels as one; where two speak of one gene or subtype id, the first one is kept."""
    first, *rest = every
    if not rest:
        return first
    return replace(
        first,
        name="+".join(p.name for p in every),
        version="+".join(p.version for p in every),
        sha256="+".join(p.sha256 for p in every),
        genes=_first_named((g.symbol, g) for p in every for g in p.genes),
        subtypes=_first_named((s.id, s) for p in every for s in p.subtypes),
        answer_statements=tuple({s.id: s for p in every for s in p.answer_statements}.values()),
        look_alike_statements=tuple({s.id: s for p in every for s in p.look_alike_statements}.values()),
        references={k: v for p in reversed(every) for k, v in p.references.items()},
        statements=_first_named((s.id, s) for p in every for s in p.statements),
    )


def _first_named(entries: Iterable[tuple[str, T]]) -> tuple[T, ...]:
    """The first entry of each name, in the order given."""
    found: dict[str, T] = {}
    for name, entry in entries:
        found.setdefault(name, entry)
    return tuple(found.values())


def _facts(
    options: Options, references: Mapping[Assembly, Reference], assembly: Assembly, scan: vcf.Scan
) -> evidence.Evidence:
    """What is known of the alleles that this sample carries: shipped, and from the files given (ResourceError)."""
    shipped = evidence.load(assembly)
    if not options.evidence and options.clinvar:
        return shipped
    known = {a: r.sequence for a, r in references.items()}
    wanted = carried_alleles(scan.panel, known[assembly])
    normal = partial(normalize, sequence=known[assembly])
    return evidence.with_files(shipped, options.evidence, Asked(assembly, known, wanted, normal, options.clinvar))


def _not_asked(facts: evidence.Evidence) -> tuple[Limitation, ...]:
    if facts.reads_clinvar:
        return ()
    return (Limitation(evidence.CLINVAR_NOT_READ, would_show="a run without --no-clinvar"),)


def spans(references: Mapping[Assembly, Reference]) -> Loci:
    """Whole genes with their flanks, on both assemblies: (start, end) per contig."""
    return {
        a: _by_contig((t.contig, t.start - EXON_FLANK_BP, t.end + EXON_FLANK_BP) for t in r.transcripts)
        for a, r in references.items()
    }


def coding(references: Mapping[Assembly, Reference]) -> Loci:
    """Coding exons of the transcripts known on both assemblies: what only one knows would speak for it."""
    both = frozenset.intersection(*(frozenset(t.accession for t in r.transcripts) for r in references.values()))
    return {
        a: _by_contig((t.contig, start, end) for t in r.transcripts if t.accession in both for start, end in t.coding)
        for a, r in references.items()
    }


def _by_contig(places: Iterable[tuple[str, int, int]]) -> dict[str, tuple[tuple[int, int], ...]]:
    contigs: dict[str, set[tuple[int, int]]] = {}
    for contig, start, end in places:
        contigs.setdefault(contig, set()).add((start, end))
    return {contig: tuple(sorted(spans)) for contig, spans in contigs.items()}
