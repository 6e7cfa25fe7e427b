"""The page for a clinician's signature holds everything the panels and the report say, and is in step."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from varmio import phrases
from varmio.readers import panel

SCRIPT = Path(__file__).parents[1] / "docs" / "write_sign_off.py"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_sign_off", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(writer: ModuleType) -> str:
    return str(writer.page())


def test_the_page_is_in_step_with_the_panels(writer: ModuleType, page: str) -> None:
    assert writer.PAGE.read_text(encoding="utf-8") == page, "run: python docs/write_sign_off.py"


@pytest.mark.parametrize("name", panel.names())
def test_every_sentence_of_a_panel_is_there_with_its_sources(page: str, name: str) -> None:
    for statement in panel.load(name).statements:
        head, _, rest = page.partition(f"**{statement.id}** ")
        assert rest, statement.id
        block = rest.partition("\n- [")[0]
        assert block.startswith(f"{statement.condition} {statement.text}" if statement.condition else statement.text)
        assert all(f" {r} " in block for r in statement.references), statement.id
        assert f"read: {statement.read}" in block
        assert head.endswith("- [x] " if statement.signed_off else "- [ ] ")


def test_every_class_is_there_with_the_sentences_that_carry_it(page: str) -> None:
    rows = page.partition("## Classes")[2].partition("## What stays")[0]
    for known in map(panel.load, panel.names()):
        for s in known.subtypes:
            brain, transplant = (", ".join(c) or "-" for c in (s.neurology_statements, s.transplant_statements))
            gene = s.gene or "not known"
            assert f"| {s.id} | {gene} | {s.neurology} | {brain} | {s.transplant} | {transplant} |" in rows


def test_what_stays_open_is_there_with_its_reason(page: str) -> None:
    rows = page.partition("## What stays")[2].partition("## Sentences by")[0].splitlines()
    assert "| OPTA4 | neurology | uncertain | no sentence speaks of it |" in rows
    assert any(
        row.startswith(
            "| OPTB6 | transplant | not_established | said, but no sentence states a class: OPTB6-transplant-01"
        )
        for row in rows
    )
    assert not any(row.startswith("| OPTB5 |") for row in rows)


def test_every_fixed_word_of_the_report_is_there(page: str) -> None:
    words = page.partition("## Fixed words")[2]
    for said in (phrases.SECOND_METHOD, phrases.TRANSPLANT_NOTE, phrases.DECIDES_NOTHING, phrases.CALCIUM):
        assert f"- {said}\n" in words
    for table in (phrases.NEUROLOGY, phrases.TRANSPLANT, phrases.NOT_ANSWERED, phrases.INHERITANCE):
        assert all(f"- {code}: {said}" in words for code, said in table.items())
    for steps in phrases.NEXT_STEPS.values():
        assert all(f"{step} | {who}" in words for step, who in steps)
    assert "accent" not in words, "colours are no words"


def test_a_signed_sentence_is_shown_as_signed(writer: ModuleType) -> None:
    known = panel.load()
    signed = replace(known.statements[0], signed_off="A. Clinician, 2026-12")
    lines = list(writer._sentence(signed, ["OPTB1"], known))
    assert lines[0].startswith(f"- [x] **{signed.id}** ")
    assert lines[-1] == "  - signed off: A. Clinician, 2026-12"
    assert writer._sentence(known.statements[0], ["OPTB1"], known).__next__().startswith("- [ ] ")
