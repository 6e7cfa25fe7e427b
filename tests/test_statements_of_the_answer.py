"""Which reviewed sentences the answer itself calls for, beside those of a match."""

from __future__ import annotations

import pytest

from tests.builders import UNKNOWN, make
from varmio.analysis import panel_of
from varmio.interpret import statements, subtype
from varmio.model import AnswerCode, Finding, Status, SubtypeMatch, Topic, Zygosity

PANEL = panel_of(())
HET = Zygosity.HETEROZYGOUS
CALCIUM = {"GENERAL-alert-01", "GENERAL-alert-03"}


def matched(*findings: Finding) -> tuple[SubtypeMatch, ...]:
    found = subtype.matches(PANEL, findings, UNKNOWN)
    return tuple(statements.with_statements(PANEL, m, findings) for m in found)


def said(code: AnswerCode, *findings: Finding) -> dict[str, Topic]:
    return {s.id: s.topic for s in statements.for_answer(PANEL, code, matched(*findings))}


def test_nothing_found_says_all_of_them() -> None:
    assert set(said(AnswerCode.NOTHING_FOUND)) >= {*CALCIUM, "GENERAL-neurology-04", "GENERAL-differential-03"}


@pytest.mark.parametrize(
    ("code", "findings"),
    [
        (AnswerCode.ONE_ALLELE, [make("CSF1R", "c.1A>G", zygosity=HET)]),
        (AnswerCode.LIKELY, [make("CTSK", "c.1A>G", zygosity=HET), make("CTSK", "c.2A>G", zygosity=HET)]),
        (AnswerCode.DIAGNOSIS, [make("TBXAS1", "c.1A>G")]),
    ],
)
def test_calcium_is_named_where_no_osteopetrosis_is_diagnosed(code: AnswerCode, findings: list[Finding]) -> None:
    statuses = {m.status for m in matched(*findings)}
    assert statuses <= {Status.ONE_ALLELE, Status.LIKELY, Status.DIAGNOSTIC}
    assert statuses
    assert set(said(code, *findings)) >= CALCIUM


def test_calcium_is_not_said_twice_where_the_match_says_it() -> None:
    pair = (make("TCIRG1", "c.1A>G", zygosity=HET), make("TCIRG1", "c.2A>G", zygosity=HET))
    (match,) = matched(*pair)
    assert {s.id for s in match.statements} >= CALCIUM
    assert not CALCIUM & set(said(AnswerCode.LIKELY, *pair))


def test_another_disease_brings_no_sentence_on_the_brain_of_osteopetrosis() -> None:
    topics = set(said(AnswerCode.DIAGNOSIS, make("TBXAS1", "c.1A>G")).values())
    assert topics == {Topic.MISSED_BY_EXOME, Topic.DIFFERENTIAL, Topic.ALERT}
