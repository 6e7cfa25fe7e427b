"""What differs between genes is data in the panel: the rules name none, and answer alike under other names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

import pytest

from tests.builders import RARE, SCREENED, UNKNOWN, make, pair_phase
from varmio.analysis import panel_of
from varmio.interpret import answer, callability, limitations, recurrence, statements, subtype, tier
from varmio.interpret.inheritance import Phase, Phases
from varmio.model import (
    AlleleKind,
    Assembly,
    AssemblyBasis,
    AssemblyCall,
    CallState,
    Class,
    Finding,
    Panel,
    PanelGene,
    PanelStatement,
    SampleSex,
    Zygosity,
)

PANEL = panel_of(())
RULES = Path(__file__).parents[1] / "varmio" / "interpret"
HET = Zygosity.HETEROZYGOUS
OTHER = {g.symbol: f"QX{len(PANEL.genes) - i:02}Q" for i, g in enumerate(PANEL.genes)}  # another order, too


def test_no_gene_symbol_stands_in_the_rules() -> None:
    symbols = {*(g.symbol for g in PANEL.genes), *(a for g in PANEL.genes for a in g.aliases)}
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(symbols)))})\b")
    for room in sorted(RULES.glob("*.py")):
        assert named.findall(room.read_text(encoding="utf-8")) == [], room.name


def renamed() -> Panel:
    def gene(g: PanelGene) -> PanelGene:
        protein = OTHER[g.symbol] if g.protein_name == g.symbol else g.protein_name
        return replace(g, symbol=OTHER[g.symbol], protein_name=protein)

    def said(s: PanelStatement) -> PanelStatement:
        return replace(s, gene=OTHER[s.gene] if s.gene else None)

    return replace(
        PANEL,
        genes=tuple(gene(g) for g in PANEL.genes),
        subtypes=tuple(replace(s, gene=OTHER[s.gene] if s.gene else None) for s in PANEL.subtypes),
        answer_statements=tuple(said(s) for s in PANEL.answer_statements),
    )


def answered(known: Panel, findings: tuple[Finding, ...], phases: Phases) -> str:
    """Everything that the rules say of these findings, as text."""
    matches = subtype.matches(known, findings, phases)
    matches = tuple(statements.with_statements(known, m, findings) for m in matches)
    tiered = tier.with_tiers(known, findings, matches)
    genes = callability.verdicts(
        known, callability.Seen((), calls={g.symbol: i % 3 for i, g in enumerate(known.genes)}), matches
    )
    verdict = answer.answer(known, matches, tiered, phases, genes)
    assembly = AssemblyCall(Assembly.GRCH38, AssemblyBasis.CONTIG_LENGTHS, ())
    limits = limitations.limitations(known, assembly, SampleSex(None, None), "", tiered, matches, {}, (), {})
    parts = (matches, tiered, genes, verdict, statements.for_answer(known, verdict.code, matches), limits)
    return json.dumps([*parts, recurrence.recurrence(matches)], default=asdict, ensure_ascii=False)


def families() -> Iterator[tuple[tuple[Finding, ...], Phases]]:
    """Findings of one gene in many constellations, then of two genes."""
    symbols = [g.symbol for g in PANEL.genes]
    for gene, class_, zygosity, kind in product(
        symbols,
        (Class.PATHOGENIC, Class.UNCERTAIN_SIGNIFICANCE),
        (HET, Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS),
        (AlleleKind.NULL, AlleleKind.MISSENSE, AlleleKind.INFRAME_DUPLICATION),
    ):
        yield (make(gene, "c.3A>G", class_, zygosity, kind=kind, exon=1),), UNKNOWN
    for gene, phase in product(symbols, Phase):
        pair = (make(gene, "c.3A>G", zygosity=HET), make(gene, "c.90A>G", zygosity=HET, state=CallState.DOUBTFUL))
        yield pair, pair_phase(*pair, phase)
        vus = make(gene, "c.90A>G", Class.UNCERTAIN_SIGNIFICANCE, HET, frequency=RARE)
        waiting = make(gene, "c.99A>G", Class.UNCERTAIN_SIGNIFICANCE, HET, frequency=SCREENED)
        yield (pair[0], vus, waiting), pair_phase(pair[0], vus, phase)
    for first, second in zip(symbols, symbols[7:] + symbols[:7], strict=True):
        yield (make(first), make(second)), UNKNOWN
        yield (make(first, zygosity=HET), make(second, zygosity=HET)), UNKNOWN


def under_other_name(finding: Finding) -> Finding:
    name = OTHER[finding.gene]
    return replace(finding, gene=name, id=finding.id.replace(f"{finding.gene}:", f"{name}:"))


class Renamed:
    """Phases asked for under the other names."""

    def __init__(self, phases: Phases) -> None:
        self._phases = phases

    def of(self, first: str, second: str) -> Phase:
        return self._phases.of(old(first), old(second))


def old(text: str) -> str:
    names = {new: name for name, new in OTHER.items()}
    return re.sub(r"QX\d\dQ", lambda found: names[found[0]], text)


def test_the_same_answers_under_other_names() -> None:
    other = renamed()
    seen = 0
    for findings, phases in families():
        mine = answered(PANEL, findings, phases)
        theirs = answered(other, tuple(under_other_name(f) for f in findings), Renamed(phases))
        assert "QX" in theirs
        assert old(theirs) == mine
        seen += 1
    assert seen > 1000


def test_a_rule_that_named_a_gene_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above is not blind: a rule that asks for a symbol makes a difference."""
    finding = make("OSTM1", zygosity=HET)
    real = subtype.on_every_copy
    monkeypatch.setattr(subtype, "on_every_copy", lambda s, f: f.gene == "OSTM1" or real(s, f))
    mine = answered(PANEL, (finding,), UNKNOWN)
    assert old(answered(renamed(), (under_other_name(finding),), UNKNOWN)) != mine
