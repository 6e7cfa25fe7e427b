"""The cohort table: one line a sample, nothing hidden, nothing that a spreadsheet runs, no relatedness."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varmio import cohort, model
from varmio.errors import UsageError
from varmio.writers.jsonout import as_dict


def finding(gene: str, name: str = "c.1A>T", tier: int = 1) -> model.Finding:
    return model.Finding(
        id=f"{gene}:{name}:NM_1",
        gene=gene,
        hgnc_id="HGNC:1",
        variant=model.FindingVariant("6-1-A-T", {"GRCh38": "6-1-A-T"}, "6", 1, "A", "T", "snv"),
        transcript="NM_1.1",
        mane="MANE Select",
        other_transcripts=(),
        hgvs_g=None,
        hgvs_c=name,
        hgvs_p="p.(Lys1Ter)",
        consequences=("stop_gained",),
        zygosity=model.Zygosity.HOMOZYGOUS,
        genotype=model.FindingGenotype("1/1", 60, (0, 60), 99, None, ("PASS",)),
        call_quality=model.CallQuality(model.CallState.SOLID, ()),
        roh=model.Roh(model.RohState.NOT_ASSESSABLE),
        frequency=model.Frequency(model.FrequencyState.SCREENED),
        classification=model.Classification(model.Class.PATHOGENIC, ()),
        tier=tier,
        reasons=(),
        kind=model.AlleleKind.NULL,
        could_explain=True,
    )


def match(
    gene: str,
    status: model.Status,
    transplant: str = "indicated",
    findings: tuple[str, ...] = (),
) -> model.SubtypeMatch:
    return model.SubtypeMatch(
        id=f"OPT_{gene}",
        name="osteopetrosis",
        gene=gene,
        inheritance=model.Inheritance.RECESSIVE,
        findings=findings,
        basis=model.Basis.HOMOZYGOUS,
        status=status,
        reasons=(),
        neurology=model.ClassWithSource("uncertain", ()),
        transplant=model.ClassWithSource(transplant, ()),
        statements=(),
    )


def case(
    sample: str = "p1",
    code: model.AnswerCode = model.AnswerCode.NOTHING_FOUND,
    matches: tuple[model.SubtypeMatch, ...] = (),
    findings: tuple[model.Finding, ...] = (),
    sentence: str = "A sentence.",
) -> dict[str, Any]:
    verdict = model.Verdict.COULD_NOT_LOOK
    whole = model.Case(
        schema_version="1.0",
        case_id="c",
        sample=model.Sample(sample, model.SampleSex(None, model.Sex.MALE)),
        assembly=model.AssemblyCall(model.Assembly.GRCH38, model.AssemblyBasis.CONTIG_LENGTHS, ()),
        answer=model.Answer(code, sentence),
        callset=model.Callset(10, 10, 0, None, None, model.CallsetKind.EXOME, None),
        findings=findings,
        subtypes=matches,
        autozygosity=model.Autozygosity(
            True, (), (), 900_000_000, 0.25, (0.2, 0.3), 1, model.RohPattern.CLOSE_RELATEDNESS, ()
        ),
        genes=(
            model.GeneVerdict("CA2", verdict, True, (), ()),
            model.GeneVerdict("SNX10", model.Verdict.PARTLY_SEEN, True, (), ()),
        ),
        limitations=(),
        recurrence=(),
        statements=(),
        look_alikes=(),
        phenotype=model.Phenotype(),
        references={},
        methods={},
        panel_genes=("CA2", "SNX10"),
        provenance=model.Provenance(
            "0.1.0", {"name": "osteopetrosis", "version": "1"}, (), (), "varmio run", "2026-01-01",
            model.Accounting(10, 0, {}, 0),
        ),
    )  # fmt: skip
    return as_dict(whole)


def save(folder: Path, data: Any) -> Path:
    folder.mkdir(parents=True)
    path = folder / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def row_of(data: dict[str, Any]) -> dict[str, str]:
    (row,) = cohort.summarise([data]).to_dict("records")
    return row


def test_one_line_a_sample_sorted_with_the_columns_promised(tmp_path):
    paths = [save(tmp_path / folder, case(name)) for folder, name in (("a", "p2"), ("b", "p10"), ("c", "p1"))]
    assert cohort.write(paths, tmp_path / "out") == []
    text = (tmp_path / "out" / "summary.tsv").read_text()
    assert text.splitlines()[0].split("\t") == list(cohort.COLUMNS)
    rows = table(tmp_path / "out" / "summary.tsv")
    assert [row["sample"] for row in rows] == ["p1", "p10", "p2"]
    assert rows[0]["case"] == "../c/case.json"
    assert [row["state"] for row in table(tmp_path / "out" / "status.tsv")] == ["ok"] * 3


def test_the_line_holds_what_the_case_says():
    one = finding("TCIRG1")
    lead = match("TCIRG1", model.Status.DIAGNOSTIC, "indicated_urgent", (one.id,))
    row = row_of(
        case("p1", model.AnswerCode.DIAGNOSIS, (lead,), (one,))
    )  # fmt: skip
    expected = {
        "answer": "diagnosis", "subtype": "OPT_TCIRG1", "status": "diagnostic", "gene": "TCIRG1",
        "hgvs_c": "c.1A>T", "hgvs_p": "p.(Lys1Ter)", "zygosity": "homozygous", "basis": "homozygous",
        "applies": "patient", "neurology": "uncertain", "transplant": "indicated_urgent",
        "not_seen": "CA2", "partly_seen": "SNX10", "assembly": "GRCh38", "sex_inferred": "male",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize("status", [model.Status.ONE_ALLELE, model.Status.EXCLUDED])
def test_no_transplant_class_stands_beside_one_allele_or_an_excluded_subtype(status):
    row = row_of(case(matches=(match("TNFRSF11A", status),)))
    assert (row["applies"], row["neurology"], row["transplant"]) == ("", "", "")
    assert row["status"] == status


@pytest.mark.parametrize("status", [model.Status.LIKELY, model.Status.POSSIBLE])
def test_likely_and_possible_say_if_confirmed(status):
    assert row_of(case(matches=(match("TCIRG1", status),)))["applies"] == "if_confirmed"


def test_two_genes_of_the_same_status_are_both_shown_with_their_own_class():
    pair = (match("TNFSF11", model.Status.LIKELY, "ineffective_extrinsic"), match("TNFRSF11A", model.Status.LIKELY))
    row = row_of(case(code=model.AnswerCode.SEVERAL, matches=pair))
    assert row["gene"] == "TNFSF11; TNFRSF11A"
    assert row["transplant"] == "TNFSF11: ineffective_extrinsic; TNFRSF11A: indicated"


def test_a_second_gene_that_is_less_sure_is_in_the_line_too():
    pair = (match("CTSK", model.Status.DIAGNOSTIC, "not_established"), match("TCIRG1", model.Status.LIKELY))
    row = row_of(case(matches=pair))
    assert row["status"] == "OPT_CTSK: diagnostic; OPT_TCIRG1: likely"
    assert row["transplant"] == "CTSK: not_established; TCIRG1: indicated"


def test_the_firmest_match_leads_wherever_it_stands():
    pair = (match("CLCN7", model.Status.ONE_ALLELE), match("CA2", model.Status.DIAGNOSTIC))
    assert row_of(case(matches=pair))["gene"] == "CA2"


def test_findings_that_a_person_must_read_are_named():
    assert row_of(case(findings=(finding("WNT1", tier=2), finding("SOST", tier=4))))["to_read"] == "WNT1:c.1A>T:NM_1"


def test_no_relatedness_in_the_table(tmp_path):
    cohort.write([save(tmp_path / "p1", case())], tmp_path / "out")
    text = (tmp_path / "out" / "summary.tsv").read_text()
    assert "relat" not in text
    assert "0.25" not in text
    assert not {"f_roh", "roh", "pattern"} & set(cohort.COLUMNS)


@given(st.sampled_from(("=", "+", "-", "@", "\t=", " @", "")), st.text(max_size=30))
def test_no_cell_is_a_formula_or_breaks_the_line(start, text):
    row = row_of(case(sentence=start + text))
    assert not row["answer_sentence"].startswith(("=", "+", "-", "@"))
    assert row["answer_sentence"].isprintable()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "no schema_version"),
        (b'{"schema_version": "1.0"}', "is missing"),
        (b"[" * 100_000, "not JSON"),
    ],
)  # fmt: skip
def test_a_broken_case_is_listed_and_the_others_are_done(tmp_path, content, reason):
    good = save(tmp_path / "good", case("good"))
    bad = save(tmp_path / "bad", {})
    bad.write_bytes(content)
    failures = cohort.write([bad, good, tmp_path / "absent" / "case.json"], tmp_path / "out")
    assert [failure.path.parent.name for failure in failures] == ["absent", "bad"]
    assert reason in failures[1].reason
    assert "\n" not in failures[1].reason
    assert [row["sample"] for row in table(tmp_path / "out" / "summary.tsv")] == ["good"]
    status = {row["case"]: row for row in table(tmp_path / "out" / "status.tsv")}
    assert status["../good/case.json"]["state"] == "ok"
    assert status["../bad/case.json"]["state"] == "input unusable"
    assert status["../absent/case.json"]["reason"]


def test_statuses_and_keys_of_a_later_version_are_taken(tmp_path):
    later = case(matches=(match("CA2", model.Status.LIKELY),))
    later["new_key"] = 1
    later["subtypes"].append(later["subtypes"][0] | {"status": "brand_new", "gene": "SNX10"})
    assert cohort.write([save(tmp_path / "p1", later)], tmp_path / "out") == []
    assert table(tmp_path / "out" / "summary.tsv")[0]["gene"] == "CA2"


def test_the_same_cases_in_any_order_give_the_same_bytes(tmp_path):
    paths = [save(tmp_path / str(n), case("same")) for n in range(4)]
    cohort.write(paths, tmp_path / "a")
    cohort.write([*reversed(paths), paths[0]], tmp_path / "b")
    for name in ("summary.tsv", "status.tsv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_out_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        cohort.write([], tmp_path / "out")
