"""One proband: a VCF becomes a Case. The order of this room is the way of a variant.

header -> one scan of the file -> assembly -> sex
panel records -> alleles -> consequence and name -> evidence -> class -> findings
findings + panel -> matches -> verdicts -> answer -> Case
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from varmio import __version__
from varmio import assembly as assemblies
from varmio.interpret import answer, callability, classify, limitations, quality, statements, subtype, tier
from varmio.interpret.recurrence import recurrence
from varmio.model import (
    Accounting,
    Assembly,
    Autozygosity,
    Callset,
    CallsetKind,
    Case,
    Panel,
    Provenance,
    Reference,
    RohPattern,
    Sample,
    SampleSex,
    Sex,
    Status,
)
from varmio.panel_records import EXON_FLANK_BP, Desk, PanelRecord, draft
from varmio.readers import evidence, panel, reference, vcf

SCHEMA_VERSION = "1.0"
RUNS_NOT_EXAMINED = "Runs of homozygosity are not examined by this version."


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    sample: str | None = None
    assembly: Assembly | None = None
    sex: Sex | None = None
    panels: tuple[str, ...] = ()
    date: str = ""  # ISO date, printed as the date of the analysis
    command: str = ""


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
    known = panel_of(options.panels)
    references = {a: reference.load(a) for a in Assembly}
    scan = vcf.scan(path, options.sample, _spans(references), _coding(references))
    checks = assemblies.ref_checks(scan.panel, references)
    called = assemblies.decide(scan.header.contigs, scan.coding_hits, checks, options.assembly, path.name)
    vcf.refuse_if_off_panel(scan, called.name)
    inferred, sex_reason = assemblies.infer_sex(scan.sex_counts[called.name])
    sex = SampleSex(options.sex, inferred)

    facts = evidence.load(called.name)
    desk = Desk(known, references[called.name], references[called.name.other], facts, sex.used, scan.cut_line)
    here = tuple(r for r in scan.panel if desk.transcripts(r.contig, r.pos - 1, r.end))
    drafts = draft(desk, here, scan.fully_phased_contigs)

    matches = subtype.matches(known, drafts.findings, drafts.phases)
    matches = tuple(statements.with_statements(known, m, drafts.findings) for m in matches)
    findings = tier.with_tiers(drafts.findings, matches)
    panel_transcripts = [t for t in desk.here.transcripts if known.gene(t.gene)]
    genes = callability.verdicts(known, callability.calls_in_exons(here, panel_transcripts), matches)
    verdict = answer.answer(known, matches, findings, drafts.phases, genes, drafts.unread)
    single = [m.gene for m in matches if m.status is Status.ONE_ALLELE]
    limits = limitations.limitations(
        known,
        called,
        sex,
        sex_reason,
        findings,
        matches,
        _places(drafts.records),
        _file_faults(scan),
        evidence.dates(),
    )
    case = Case(
        schema_version=SCHEMA_VERSION,
        case_id=scan.sample,
        sample=Sample(scan.sample, sex),
        assembly=called,
        answer=verdict,
        callset=_callset(scan),
        findings=findings,
        subtypes=matches,
        autozygosity=_no_runs(),
        genes=genes,
        limitations=limits,
        recurrence=recurrence(matches),
        statements=statements.for_answer(known, verdict.code, single),
        look_alikes=(),
        phenotype={"present": [], "excluded": [], "fits": []},
        references={},
        methods={"constants": _constants()},
        panel_genes=tuple(g.symbol for g in known.genes),
        provenance=_provenance(path, options, known, scan, drafts.records),
    )
    return Outcome(replace(case, references=_cited(known, case)), scan.header, drafts.records)


def panel_of(names: tuple[str, ...]) -> Panel:
    """The panels of those names or files as one; every shipped panel where none is named (KnowledgeError).

    Where two panels speak of one gene or subtype id, the first one named is kept.
    """
    first, *rest = (panel.load(name) for name in names or panel.names())
    if not rest:
        return first
    every = (first, *rest)
    return replace(
        first,
        name="+".join(p.name for p in every),
        version="+".join(p.version for p in every),
        sha256="+".join(p.sha256 for p in every),
        genes=tuple({g.symbol: g for p in reversed(every) for g in p.genes}.values()),
        subtypes=tuple({s.id: s for p in reversed(every) for s in p.subtypes}.values()),
        answer_statements=tuple({s.id: s for p in reversed(every) for s in p.answer_statements}.values()),
        references={k: v for p in reversed(every) for k, v in p.references.items()},
    )


Loci = dict[Assembly, dict[str, tuple[tuple[int, int], ...]]]


def _spans(references: Mapping[Assembly, Reference]) -> Loci:
    """Whole genes with their flanks, on both assemblies: (start, end) per contig."""
    return {
        a: _by_contig((t.contig, t.start - EXON_FLANK_BP, t.end + EXON_FLANK_BP) for t in r.transcripts)
        for a, r in references.items()
    }


def _coding(references: Mapping[Assembly, Reference]) -> Loci:
    return {
        a: _by_contig((t.contig, start, end) for t in r.transcripts for start, end in t.coding)
        for a, r in references.items()
    }


def _by_contig(places: Iterable[tuple[str, int, int]]) -> dict[str, tuple[tuple[int, int], ...]]:
    contigs: dict[str, set[tuple[int, int]]] = {}
    for contig, start, end in places:
        contigs.setdefault(contig, set()).add((start, end))
    return {contig: tuple(sorted(spans)) for contig, spans in contigs.items()}


def _places(records: Iterable[PanelRecord]) -> dict[str, tuple[str, ...]]:
    """Note -> places of the records that it kept from being a finding."""
    places: dict[str, list[str]] = {}
    for traced in records:
        if traced.note:
            places.setdefault(traced.note, []).append(f"{traced.record.contig}:{traced.record.pos}")
    return {note: tuple(where) for note, where in places.items()}


def _file_faults(scan: vcf.Scan) -> tuple[str, ...]:
    """What is odd about the file as a whole, as sentences."""
    faults = []
    if scan.unreadable_count:
        counted = Counter(reason for _, reason in scan.unreadable)
        listed = "; ".join(f"{reason} ({n})" for reason, n in counted.most_common(3))
        faults.append(f"{scan.unreadable_count} line(s) could not be read as records: {listed}.")
    if scan.cut_line is not None:
        faults.append("The last line has no line end: the file may have been cut there.")
    if scan.unsorted:
        faults.append("The records are not sorted by position.")
    return tuple(faults)


def _callset(scan: vcf.Scan) -> Callset:
    return Callset(
        records=scan.records,
        snv=scan.snv,
        indel=scan.indel,
        het_hom=None if scan.het_hom is None else round(scan.het_hom, 3),
        ti_tv=None if scan.ti_tv is None else round(scan.ti_tv, 3),
        kind=CallsetKind.GVCF if scan.blocks else CallsetKind.UNKNOWN,
        pass_only=scan.pass_only,
    )


def _no_runs() -> Autozygosity:
    """Runs are not examined yet: said, never left to look like 'none'."""
    reasons = (RUNS_NOT_EXAMINED,)
    return Autozygosity(False, reasons, (), None, None, None, None, RohPattern.NOT_ASSESSABLE, ())


def _constants() -> list[dict[str, Any]]:
    rooms = (classify.constants(), quality.constants(), assemblies.constants())
    flank = {
        "name": "EXON_FLANK_BP",
        "value": EXON_FLANK_BP,
        "unit": "bp",
        "source": "every called allele this near to a panel exon is reported; our choice",
    }
    return [*(constant for room in rooms for constant in room), flank]


def _provenance(
    path: Path, options: Options, known: Panel, scan: vcf.Scan, records: tuple[PanelRecord, ...]
) -> Provenance:
    return Provenance(
        varmio=__version__,
        panel={"name": known.name, "version": known.version, "sha256": known.sha256},
        resources=reference.manifest(),
        inputs=({"name": path.name, "sha256": scan.sha256, "records": scan.records},),
        command=options.command,
        date=options.date,
        accounting=_accounting(scan, records),
        synthetic=scan.header.synthetic or None,
    )


def _accounting(scan: vcf.Scan, records: tuple[PanelRecord, ...]) -> Accounting:
    filtered = Counter(traced.note for traced in records if traced.note and not traced.findings)
    filtered["off_panel"] = scan.records - scan.unreadable_count - len(records)
    return Accounting(
        records_in=scan.records,
        reported=sum(bool(traced.findings) for traced in records),
        filtered={reason: n for reason, n in sorted(filtered.items()) if n},
        unreadable=scan.unreadable_count,
        unreadable_lines=tuple({"line": line, "reason": reason} for line, reason in scan.unreadable),
    )


def _cited(known: Panel, case: Case) -> dict[str, dict[str, Any]]:
    """The references that this case cites, by id."""
    spoken = [*case.statements, *(s for m in case.subtypes for s in m.statements)]
    used = {r for s in spoken for r in s.references}
    used.update(r for line in case.recurrence for r in line.references)
    used.update(r for limit in case.limitations for r in limit.references or ())
    used.update(r for f in case.findings for c in f.classification.criteria for r in c.source.split(", "))
    return {key: known.references[key] for key in sorted(used) if key in known.references}
