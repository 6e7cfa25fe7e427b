"""Examples are samples: other alleles of every kind and core gene, from a written VCF to the page's words."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.draw import Drawn, draw
from tests.exome import Call, Result, run_calls
from varmio import phrases
from varmio.model import Assembly, Inheritance
from varmio.readers import panel

PANEL = panel.load()
NULL_GENES = {g.symbol for g in PANEL.genes if g.null_is_pathogenic}
RECESSIVE = {s.gene: s for s in PANEL.subtypes if s.inheritance is Inheritance.RECESSIVE}
GENES = [g.symbol for g in PANEL.genes]
KINDS = ("null", "frameshift", "splice", "missense", "inframe")
VERDICTS = (phrases.TRANSPLANT, phrases.NEUROLOGY)
TERM = {
    "null": "stop_gained",
    "frameshift": "frameshift_variant",
    "splice": "splice_",
    "missense": "missense_variant",
    "inframe": "inframe_deletion",
}


def both(folder: Path, *calls: tuple[Drawn, str]) -> tuple[Result, Result]:
    """The same child on both assemblies."""
    results = []
    for assembly in Assembly:
        written = [Call(d.variants[assembly], gt) for d, gt in calls]
        results.append(run_calls(folder, assembly, written, "--sex", "female"))
    return results[0], results[1]


def without_coordinates(case: dict) -> list[tuple]:
    return [
        (f["id"], f["gene"], f["hgvs_c"], f["hgvs_p"], f["consequences"], f["zygosity"], f["variant"]["keys"],
         f["classification"]["class"], f["tier"], f["frequency"]["state"], f["kind"])
        for f in case["findings"]
    ]  # fmt: skip


@pytest.mark.parametrize("gene", GENES)
def test_homozygous_alleles_of_every_kind(gene: str, tmp_path: Path) -> None:
    rng = random.Random(f"homozygous {gene}")
    for kind in KINDS:
        drawn = draw(gene, kind, rng)
        old, new = both(tmp_path, (drawn, "1/1"))
        assert without_coordinates(old.case) == without_coordinates(new.case)
        assert old.case["answer"] == new.case["answer"]
        assert old.case["subtypes"] == new.case["subtypes"]
        (finding,) = new.case["findings"]
        assert finding["zygosity"] == "homozygous"
        assert TERM[kind] in " ".join(finding["consequences"])
        assert (finding["hgvs_c"] is None) == ("unnamed_reason" in finding)
        expect_homozygous(gene, drawn, new)


def expect_homozygous(gene: str, drawn: Drawn, result: Result) -> None:
    case = result.case
    subtype = RECESSIVE.get(gene)
    if drawn.loses and gene in NULL_GENES and subtype:
        match = result.matches[subtype.id]
        assert (match["basis"], match["status"]) == ("homozygous", "diagnostic")
        assert match["transplant"]["class"] == subtype.transplant
        assert match["neurology"]["class"] == subtype.neurology
        assert case["answer"]["code"] == "diagnosis"
        assert phrases.TRANSPLANT[subtype.transplant] in result.minute
        assert phrases.NEUROLOGY[subtype.neurology] in result.minute
        assert case["findings"][0]["tier"] == 1
    else:
        assert case["subtypes"] == [], (gene, drawn)
        seen = "could_not_look" if drawn.kind == "splice" else "nothing_found"  # no call lies in an exon
        want = "unweighed" if subtype or gene == "IKBKG" else seen
        assert case["answer"]["code"] == want, (gene, drawn)
        assert case["findings"][0]["tier"] == 2
        for table in VERDICTS:
            assert not any(words in result.minute for words in table.values())


@pytest.mark.parametrize("gene", sorted(NULL_GENES))
def test_one_allele_and_two_alleles_of_unknown_phase(gene: str, tmp_path: Path) -> None:
    rng = random.Random(f"heterozygous {gene}")
    first, second = draw(gene, "null", rng), draw(gene, "frameshift", rng)
    subtype = RECESSIVE[gene]
    for result in both(tmp_path, (first, "0/1")):
        assert {m: d["status"] for m, d in result.matches.items()} == {subtype.id: "one_allele"}
        assert result.case["answer"]["code"] == "one_allele"
        assert {s["applies"] for s in result.matches[subtype.id]["statements"]} == {"gene_general"}
        assert phrases.TRANSPLANT[subtype.transplant] not in result.minute
    for result in both(tmp_path, (first, "0/1"), (second, "0/1")):
        match = result.matches[subtype.id]
        assert (match["basis"], match["status"]) == ("compound_het_phase_unknown", "likely")
        assert {s["applies"] for s in match["statements"]} <= {"if_confirmed", "gene_general"}
        assert result.case["answer"]["code"] == "likely"


@pytest.mark.parametrize("gene", sorted(NULL_GENES))
def test_phased_alleles(gene: str, tmp_path: Path) -> None:
    rng = random.Random(f"phased {gene}")
    first, second = draw(gene, "splice", rng), draw(gene, "frameshift", rng)
    want = {"1|0": ("compound_het_in_trans", "diagnostic"), "0|1": ("in_cis", "one_allele")}
    for gt, (basis, status) in want.items():
        pair = (
            Call(first.variants[Assembly.GRCH38], "0|1", extra="PS=7"),
            Call(second.variants[Assembly.GRCH38], gt, extra="PS=7"),
        )
        match = run_calls(tmp_path, Assembly.GRCH38, pair).matches[RECESSIVE[gene].id]
        assert (match["basis"], match["status"]) == (basis, status)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"filter": "LowQual"}, "possible"),
        ({"dp": 9, "ad": "0,9"}, "possible"),
        ({"gq": 19}, "possible"),
        ({"ad": "15,35"}, "possible"),
        ({"dp": None, "gq": None}, "likely"),
        ({}, "diagnostic"),
    ],
)
def test_call_quality_lowers_the_status(change: dict, status: str, tmp_path: Path) -> None:
    drawn = draw("SNX10", "null", random.Random("quality"))
    result = run_calls(tmp_path, Assembly.GRCH37, [Call(drawn.variants[Assembly.GRCH37], "1/1", **change)])
    assert result.matches["OPTB8"]["status"] == status


def test_a_half_call_is_one_doubtful_allele(tmp_path: Path) -> None:
    drawn = draw("TCIRG1", "null", random.Random("half"))
    result = run_calls(tmp_path, Assembly.GRCH38, [Call(drawn.variants[Assembly.GRCH38], "./1", ad="0,50")])
    assert result.case["findings"][0]["zygosity"] == "partial"
    assert result.matches["OPTB1"]["status"] == "one_allele"
