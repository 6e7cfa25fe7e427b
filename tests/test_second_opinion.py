"""--second-opinion: bcftools csq on the findings, beside our names and never instead of them."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.draw import draw, transcript
from tests.exome import GRCH38, Call, call, run_calls
from tests.short_genome import KEPT
from varmio.interpret.annotated import class_of
from varmio.model import Assembly, Variant
from varmio.readers import csq, reference

STOP = call("6-108064285-ACT-A")  # OSTM1 c.415_416del


def opinion(folder: Path, *calls: Call, assembly: Assembly = GRCH38) -> list[dict | None]:
    case = run_calls(folder, assembly, calls, "--second-opinion").case
    return [f["second_opinion"] for f in case["findings"]]


@pytest.mark.parametrize("gene", ["OSTM1", "SNX10", "TCIRG1", "CA2", "TNFRSF11A", "CLCN7"])
@pytest.mark.parametrize("kind", ["null", "frameshift", "missense", "splice"])
@pytest.mark.parametrize("assembly", list(Assembly))
def test_both_engines_agree_on_plain_changes(gene: str, kind: str, assembly: Assembly) -> None:
    drawn = draw(gene, kind, random.Random(f"{gene} {kind}"))
    held = reference.load(assembly)
    asked = [(transcript(gene, assembly), drawn.variants[assembly])]
    (said,), failure = csq.opinions(asked, held.sequence)
    assert failure is None
    assert said is not None
    expected = {"null": "stop or frameshift", "frameshift": "stop or frameshift", "missense": "missense",
                "splice": "splice site"}  # fmt: skip
    assert class_of(said["consequences"]) == expected[kind]


def test_the_opinion_stands_in_the_case_and_on_the_page(tmp_path: Path) -> None:
    result = run_calls(tmp_path, GRCH38, [STOP], "--second-opinion")
    (finding,) = result.case["findings"]
    said = finding["second_opinion"]
    assert (said["tool"], said["transcript"]) == ("bcftools csq", "NM_014028.4")
    assert said["consequences"] == ["frameshift_variant"]
    assert said["version"].startswith("1.")
    assert len(said["amino_acid_change"]) < 60
    assert "Second opinion" in result.words
    assert not any("second engine" in reason for reason in finding["reasons"])
    assert "--second-opinion" in result.case["provenance"]["command"]


def test_without_the_option_nothing_is_asked_and_the_answer_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = run_calls(tmp_path, GRCH38, [STOP], "--second-opinion").case
    monkeypatch.setattr(csq.subprocess, "run", lambda *_, **__: pytest.fail("a child was started"))
    plain = run_calls(tmp_path, GRCH38, [STOP]).case
    assert plain["findings"][0]["second_opinion"] is None
    for key in ("answer", "subtypes", "genes", "limitations"):
        assert plain[key] == asked[key]
    assert {**asked["findings"][0], "second_opinion": None} == plain["findings"][0]


def test_a_difference_is_said_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = run_calls(tmp_path, GRCH38, [STOP], "--second-opinion").case
    other = {"tool": "bcftools csq", "version": "1", "transcript": "x", "consequences": ["synonymous_variant"]}
    monkeypatch.setattr(csq, "opinions", lambda asked, _: ([other] * len(asked), None))
    result = run_calls(tmp_path, GRCH38, [STOP], "--second-opinion")
    (finding,) = result.case["findings"]
    said = "A second engine (bcftools csq) calls it synonymous, not stop or frameshift: synonymous_variant."
    assert finding["reasons"] == [said, *agreed["findings"][0]["reasons"]]
    assert said in result.words
    assert result.case["answer"] == agreed["answer"]
    assert finding["classification"] == agreed["findings"][0]["classification"]


def test_an_allele_beyond_the_bases_at_hand_has_no_opinion() -> None:
    held = reference.load(GRCH38)
    t = transcript("TCIRG1", GRCH38)
    deep = Variant(t.contig, t.exons[0][1] + KEPT + 200, "A", "C")
    over = Variant(t.contig, t.exons[1][0] - 200, "A" * (t.exons[1][1] - t.exons[1][0] + 400), "A")
    assert csq.opinions([(t, deep), (t, over)], held.sequence) == ([None, None], None)


def test_a_structural_finding_or_an_unnamed_one_is_not_asked_about(tmp_path: Path) -> None:
    t, known = transcript("OSTM1", GRCH38), reference.load(GRCH38).sequence
    at = t.exons[0][1] + 12  # an intron whose bases are not shipped
    assert known.bases(t.contig, at, at + 1) is None
    assert opinion(tmp_path, Call(Variant(t.contig, at + 1, "A", "AA"))) == [None]


@pytest.mark.parametrize(
    "fault", [subprocess.CalledProcessError(255, "csq"), subprocess.TimeoutExpired("csq", 60), OSError("no memory")]
)
def test_a_child_that_fails_is_one_limit(fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(csq.subprocess, "run", dies)
    case = run_calls(tmp_path, GRCH38, [STOP], "--second-opinion").case
    assert case["findings"][0]["second_opinion"] is None
    said = [limit["text"] for limit in case["limitations"] if "second opinion" in limit["text"]]
    assert len(said) == 1
    assert type(fault).__name__ in said[0]


def test_the_same_run_gives_the_same_opinion(tmp_path: Path) -> None:
    assert opinion(tmp_path, STOP) == opinion(tmp_path, STOP)
