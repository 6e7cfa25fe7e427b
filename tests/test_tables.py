"""findings.tsv and findings.vcf: stable, safe to open, genotypes as they were written."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import report_cases as cases
from varmio.model import Case
from varmio.writers import jsonout, tables

Data = dict[str, Any]
HEADER = [
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=LowQ,Description="Low quality">',
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Count">',
    '##INFO=<ID=VARMIO_ID,Number=1,Type=String,Description="of an earlier run">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
    "##contig=<ID=chr6,length=170805979>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tMOTHER\tSYN-1",
]
FOUND = ("chr6", "108064285", "rs1", "ACT", "A", "99", "LowQ", "AC=2;VARMIO_ID=old", "GT:AD", "1/1:0,61")
NOTED = ("chr7", "5", ".", "G", "<NON_REF>", ".", ".", ".", "GT", "./.")
ID = "OSTM1:c.415_416del:NM_014028"


def data(made: Case) -> Data:
    return jsonout.as_dict(made)


def rows(made: Data) -> list[dict[str, str]]:
    text = tables.findings_tsv(made).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def vcf_lines(made: Data, records: list[tables.PanelRow], header: list[str] = HEADER) -> list[str]:
    return tables.findings_vcf(made, records, header).decode().removesuffix("\n").split("\n")


def info_of(line: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in line.split("\t")[7].split(";"))


# --------------------------------------------------------------------------- findings.tsv


def test_the_columns_are_stable() -> None:
    assert ",".join(tables.COLUMNS) == (
        "sample,assembly,id,tier,gene,hgnc_id,transcript,hgvs_c,hgvs_p,hgvs_g,unnamed_reason,key,key_GRCh37,"
        "key_GRCh38,type,consequences,exon,intron,zygosity,gt,dp,gq,phase_set,filters,call_quality,call_reasons,"
        "class,points,frequency,max_af,population,homozygotes,frequency_source,frequency_date,clinvar_id,"
        "clinvar_significance,clinvar_stars,clinvar_date,roh,reasons,ad,criteria_met,subtypes,candidate_for"
    )


def test_a_finding_is_one_line_with_its_values() -> None:
    (row,) = rows(data(cases.diagnosis()))
    assert row["id"] == ID
    assert (row["key_GRCh37"], row["key_GRCh38"]) == ("6-108385489-ACT-A", "6-108064285-ACT-A")
    assert (row["ad"], row["dp"], row["zygosity"], row["class"]) == ("0,61", "61", "homozygous", "likely_pathogenic")
    assert (row["criteria_met"], row["subtypes"], row["clinvar_stars"]) == ("PVS1", "OPTB5:diagnostic", "2")


def test_a_missing_value_is_an_empty_cell_and_a_candidate_names_its_subtype() -> None:
    _, candidate = rows(data(cases.one_allele()))
    assert candidate["candidate_for"] == "OPTB4:one_allele"
    unnamed = rows(data(cases.nothing_found()))[1]
    assert (unnamed["hgvs_c"], unnamed["clinvar_id"], unnamed["max_af"]) == ("", "195291", "")
    assert unnamed["unnamed_reason"] == "The sequence is not at hand."


def test_no_finding_is_a_header_alone() -> None:
    assert tables.findings_tsv(data(cases.could_not_look())).decode() == "\t".join(tables.COLUMNS) + "\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_text_that_a_spreadsheet_would_run_is_kept_from_running(text: str) -> None:
    made = data(cases.diagnosis())
    made["sample"]["id"] = text
    made["findings"][0]["genotype"]["filters"] = [text]
    (row,) = rows(made)
    assert row["sample"] == row["filters"] == f"'{text}"


@given(st.text(max_size=40))
def test_any_text_stays_in_its_cell(text: str) -> None:
    made = data(cases.diagnosis())
    made["sample"]["id"] = made["findings"][0]["reasons"][0] = text
    head, line, end = tables.findings_tsv(made).split(b"\n")
    assert end == b""
    assert line.count(b"\t") == head.count(b"\t")
    assert b"\r" not in line


# --------------------------------------------------------------------------- findings.vcf


def test_the_file_opens_with_pysam_and_carries_the_findings(tmp_path: Path) -> None:
    path = tmp_path / "findings.vcf"
    path.write_bytes(tables.findings_vcf(data(cases.diagnosis()), [(FOUND, (ID,), None), (NOTED, (), "block")], HEADER))
    with pysam.VariantFile(str(path)) as file:
        assert list(file.header.samples) == ["SYN-1"]
        first, second = file
        assert first.info["VARMIO_ID"] == (ID,)
        assert first.info["VARMIO_HGVSC"] == ("NM_014028.4:c.415_416del",)
        assert first.info["VARMIO_TIER"] == ("1",)
        assert first.info["VARMIO_SUBTYPE"] == ("OPTB5:diagnostic",)
        assert first.info["AC"] == (2,)
        assert first.samples["SYN-1"]["GT"] == (1, 1)
        assert second.info["VARMIO_NOTE"] == "block"


def test_every_column_but_info_is_as_it_was_written() -> None:
    lines = vcf_lines(data(cases.diagnosis()), [(FOUND, (ID,), None), (NOTED, (), "block")])
    found, noted = (line.split("\t") for line in lines[-2:])
    assert (*found[:7], *found[8:]) == (*FOUND[:7], *FOUND[8:])
    assert (*noted[:7], *noted[8:]) == (*NOTED[:7], *NOTED[8:])
    assert found[7].startswith("AC=2;VARMIO_ID=OSTM1:")
    assert noted[7] == "VARMIO_NOTE=block"


def test_the_header_keeps_its_lines_names_the_missing_contig_and_the_one_sample() -> None:
    lines = vcf_lines(data(cases.diagnosis()), [(FOUND, (ID,), None), (NOTED, (), "block")])
    assert lines[0] == "##fileformat=VCFv4.2"
    assert HEADER[1] in lines
    assert "##contig=<ID=chr7>" in lines
    assert "##contig=<ID=chr6>" not in lines
    assert sum(line.startswith("##INFO=<ID=VARMIO_ID,") for line in lines) == 1
    (columns,) = [line for line in lines if line.startswith("#CHROM")]
    assert columns.split("\t")[8:] == ["FORMAT", "SYN-1"]


def test_a_record_that_gave_nothing_keeps_an_empty_info() -> None:
    assert vcf_lines(data(cases.diagnosis()), [(NOTED, (), None)])[-1] == "\t".join(NOTED)


def test_two_findings_of_a_record_keep_one_order_in_every_key() -> None:
    made = cases.one_allele()
    both = tuple(f.id for f in made.findings)
    info = info_of(vcf_lines(data(made), [(FOUND, both, None)])[-1])
    assert info["VARMIO_ID"] == ",".join(both)
    assert info["VARMIO_CLASS"] == "likely_pathogenic,uncertain_significance"
    assert info["VARMIO_SUBTYPE"] == "OPTB4:one_allele,."


def test_what_would_break_info_is_percent_encoded_and_nothing_is_named_dot() -> None:
    made = cases.finding(hgvs_p="p.(Thr210=)", hgvs_c=None, gene="A;B, C")
    info = info_of(vcf_lines(data(cases.case(findings=(made,))), [(FOUND, (made.id,), "a=b;c d")])[-1])
    assert info["VARMIO_HGVSP"] == "p.(Thr210%3D)"
    assert info["VARMIO_HGVSC"] == "."
    assert info["VARMIO_GENE"] == "A%3BB%2C%20C"
    assert info["VARMIO_NOTE"] == "a%3Db%3Bc%20d"


def test_bytes_that_are_no_utf8_are_written_back_as_they_came() -> None:
    odd = (*FOUND[:7], "TAG=\udce9", *FOUND[8:])
    assert b"TAG=\xe9;VARMIO_NOTE=x" in tables.findings_vcf(data(cases.diagnosis()), [(odd, (), "x")], HEADER)


@given(st.text(max_size=30))
def test_any_note_stays_inside_its_value(note: str) -> None:
    line = vcf_lines(data(cases.rankl()), [(NOTED, (), note or None)])[-1]
    assert len(line.split("\t")) == 10
    assert set(info_of(line)) <= {"VARMIO_NOTE", "."}


def test_a_sample_name_cannot_add_a_column() -> None:
    made = cases.diagnosis()
    hostile = replace(made, sample=replace(made.sample, id="A\tB\nC"))
    (columns,) = [line for line in vcf_lines(data(hostile), []) if line.startswith("#CHROM")]
    assert columns.split("\t")[9:] == ["A%09B%0AC"]
