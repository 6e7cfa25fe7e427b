"""Records that speak of one allele or one copy together: repeats, contradictions, neighbours, sample filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exome import GRCH38, Call, Result, call, run_calls, run_file, vcf_text

STOP = "11-68042651-C-T"  # TCIRG1 c.205C>T p.(Gln69Ter)


def run(folder: Path, *calls: Call) -> Result:
    return run_calls(folder, GRCH38, calls, "--sex", "female")


def status(result: Result) -> str:
    return result.matches["OPTB1"]["status"]


def test_one_record_is_diagnostic(tmp_path: Path) -> None:
    assert status(run(tmp_path, call(STOP))) == "diagnostic"


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"filter": "LowQual"}, "FILTER is LowQual"),
        ({"gt": "0/0", "ad": "50,0"}, "genotype 0/0"),
        ({"gt": "./."}, "genotype ./."),
        ({"gt": "0/1"}, "differently"),
        ({"dp": 4, "ad": "0,4"}, "Depth 4"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_second_record_that_disagrees_makes_the_call_doubtful(
    second: dict, words: str, order: int, tmp_path: Path
) -> None:
    other = call(STOP, **{"gt": "1/1", **second})
    result = run(tmp_path, *(call(STOP), other)[::order])
    (finding,) = result.case["findings"]
    assert finding["call_quality"]["state"] == "doubtful"
    assert words in " ".join(finding["call_quality"]["reasons"])
    assert status(result) in ("possible", "one_allele")
    book = result.case["provenance"]["accounting"]
    assert book["records_in"] == book["reported"] + sum(book["filtered"].values()) + book["unreadable"] == 2


def test_a_repeated_record_changes_nothing(tmp_path: Path) -> None:
    assert status(run(tmp_path, call(STOP), call(STOP))) == "diagnostic"


def test_the_samples_own_filter_counts(tmp_path: Path) -> None:
    assert status(run(tmp_path, call(STOP, extra="FT=LowGQ"))) == "possible"
    assert status(run(tmp_path, call(STOP, extra="FT=PASS"))) == "diagnostic"


def test_a_frame_restored_a_few_bases_on_is_no_diagnosis(tmp_path: Path) -> None:
    pair = (call("11-68042771-CG-C"), call("11-68042781-G-GG"))
    assert status(run(tmp_path, pair[0])) == "diagnostic"
    result = run(tmp_path, *pair)
    assert status(result) == "possible"
    assert "restored" in " ".join(result.case["findings"][0]["call_quality"]["reasons"])


def test_one_event_written_twice_is_not_two_alleles(tmp_path: Path) -> None:
    snv, larger = "11-68042762-C-T", "11-68042762-CAG-TGA"
    in_cis = (call(snv, "0|1", extra="PS=5"), call(larger, "0|1", extra="PS=5"))
    assert status(run(tmp_path, *in_cis)) == "one_allele"
    assert status(run(tmp_path, call(snv, "0/1"), call(larger, "0/1"))) == "likely"


def test_ikbkg_exons_3_to_10_are_doubtful_and_the_others_are_not(tmp_path: Path) -> None:
    from varmio.readers import reference

    t = next(t for t in reference.load(GRCH38).transcripts if t.gene == "IKBKG")
    for number, (start, end) in enumerate(t.exons, 1):
        pos = max(start, t.cds_start) + (min(end, t.cds_end) - max(start, t.cds_start)) // 2
        ref = reference.load(GRCH38).sequence.bases("X", pos, pos + 1)
        if not ref or not t.cds_start <= pos < t.cds_end:
            continue
        made = call(f"X-{pos + 1}-{ref}-{'A' if ref != 'A' else 'C'}", "1/1")
        (finding,) = run(tmp_path, made).case["findings"]
        want = "doubtful" if 3 <= number <= 10 else "solid"
        assert (finding["exon"], finding["call_quality"]["state"]) == (number, want)


def test_a_structural_record_over_exons_speaks_up(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [call("11-68043600-A-G", "0/1")])
    text += "6\t108040000\t.\tN\t<INV>\t50\tPASS\tSVTYPE=INV;END=108080000\tGT:DP:AD:GQ\t1/1:9:0,9:50\n"
    path = tmp_path / "child.vcf"
    path.write_text(text, encoding="ascii")
    result = run_file(path, tmp_path / "out")
    assert "A structural record over OSTM1 was set aside or not read" in result.case["answer"]["sentence"]
    assert "A structural record over OSTM1 was set aside or not read" in result.lines[0]
    assert "A structural record over OSTM1 was set aside or not read" in result.words


def test_a_whole_gene_deletion_is_a_finding_and_its_name_stays_short(tmp_path: Path) -> None:
    from varmio.readers import reference

    known = reference.load(GRCH38)
    t = next(t for t in known.transcripts if t.gene == "FERMT3")
    bases = known.sequence.bases(t.contig, t.start - 200, t.end + 200)
    assert bases
    result = run(tmp_path, call(f"{t.contig}-{t.start - 199}-{bases}-{bases[0]}"))
    match = result.matches["LAD3"]
    assert (match["basis"], match["status"]) == ("homozygous_deletion", "diagnostic")
    assert len(result.case["answer"]["sentence"]) < 400
    assert max(len(line) for line in result.lines) < 600


def test_several_genes_are_each_named_in_the_six_lines(tmp_path: Path) -> None:
    result = run(tmp_path, call("18-62354461-C-A"), call("13-42600901-G-A"))
    assert result.case["answer"]["code"] == "several"
    for words in ("TNFRSF11A (RANK) OPTB7: Indicated", "TNFSF11 (RANKL) OPTB2: Not effective"):
        assert words in result.lines[4]
    assert "TNFRSF11A NM_" in result.lines[1]
    assert "TNFSF11 NM_" in result.lines[1]


def test_the_cautious_reading_of_one_clcn7_change_leads_everywhere(tmp_path: Path) -> None:
    result = run(tmp_path, call("16-1459139-C-T", "0/1"))
    assert result.lines[4].startswith("Transplant: CLCN7 OPTB4: not answered")
    first = result.minute.index("OPTB4")
    assert first < result.minute.index("OPTA2")


@pytest.mark.parametrize(
    ("other", "gt"),
    [("11-68042651-C-G", "1/1"), ("11-68042651-C-G", "0/1"), ("11-68042649-GTCA-G", "0/1")],
)
def test_more_alleles_than_copies_is_doubtful(other: str, gt: str, tmp_path: Path) -> None:
    """Two alleles of one base, one of them on both copies; or an SNV 'on both copies' under a deletion."""
    from varmio.readers import reference

    contig, pos, ref, alt = other.split("-")
    bases = reference.load(GRCH38).sequence.bases(contig, int(pos) - 1, int(pos) - 1 + len(ref))
    result = run(tmp_path, call(STOP), call(f"{contig}-{pos}-{bases}-{bases[0] if len(ref) > 1 else alt}", gt))
    assert status(result) == "possible"
    assert "more alleles than copies" in " ".join(result.case["findings"][0]["call_quality"]["reasons"])


def test_neighbours_that_share_no_base_do_not_crowd(tmp_path: Path) -> None:
    assert status(run(tmp_path, call(STOP), call("11-68042700-G-GTC", "0/1"))) == "diagnostic"


def test_an_allele_that_alt_does_not_name_is_told(tmp_path: Path) -> None:
    """GT 0/1 with ALT '.': the sample carries something, and the file does not say what."""
    text = vcf_text(GRCH38, [call("11-68043600-A-G", "0/1")])
    text += "11\t68042651\t.\tC\t.\t50\tPASS\t.\tGT:DP:GQ\t0/1:50:99\n"
    path = tmp_path / "child.vcf"
    path.write_text(text, encoding="ascii")
    case = run_file(path, tmp_path / "out").case
    assert case["provenance"]["accounting"]["filtered"]["allele_not_named"] == 1
    assert case["provenance"]["accounting"]["unreadable"] == 0
    assert any("ALT names none (11:68042651)" in item["text"] for item in case["limitations"])


def test_a_record_past_the_end_of_its_contig_is_told(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [call(STOP)]) + "21\t46709984\t.\tA\tG\t50\tPASS\t.\tGT\t0/1\n"
    path = tmp_path / "child.vcf"
    path.write_text(text, encoding="ascii")
    case = run_file(path, tmp_path / "out").case
    assert "past the end that the header gives for 21" not in str(case["limitations"])  # the telomere, length + 1
    path.write_text(text.replace("46709984", "46709985"), encoding="ascii")
    case = run_file(path, tmp_path / "out2").case
    assert "past the end that the header gives for 21" in str(case["limitations"])


def test_accessions_tell_the_assembly(tmp_path: Path) -> None:
    text = "\n".join(x for x in vcf_text(GRCH38, [call(STOP)]).splitlines() if not x.startswith("##contig")) + "\n"
    path = tmp_path / "child.vcf"
    path.write_text(text.replace("\n11\t", "\nNC_000011.10\t"), encoding="ascii")
    result = run_file(path, tmp_path / "out")
    assert result.case["assembly"]["name"] == "GRCh38"
    assert "by its accession" in result.case["assembly"]["evidence"][0]
    path.write_text(text.replace("\n11\t", "\nNC_000011.9\t"), encoding="ascii")
    assert run_file(path, tmp_path / "o2").case.get("assembly", {}).get("name", "GRCh37") == "GRCh37"


def test_an_alt_that_is_ref_is_no_allele(tmp_path: Path) -> None:
    """`C C` once became a duplication."""
    result = run(tmp_path, call("11-68042651-C-C", gt="1/1"))
    assert result.case["findings"] == []
    assert result.case["provenance"]["accounting"]["filtered"] == {"reference_genotype": 1}


def test_an_allele_listed_twice_in_one_record_is_doubtful(tmp_path: Path) -> None:
    result = run(tmp_path, call("11-68042651-C-T,T", gt="1/2", ad="0,25,25"))
    (finding,) = result.case["findings"]
    assert finding["call_quality"]["state"] == "doubtful"
    assert "lists this allele twice" in " ".join(finding["call_quality"]["reasons"])
    assert status(result) in ("possible", "one_allele")


def test_depth_that_no_allele_has_does_not_count(tmp_path: Path) -> None:
    """DP 40 with three reads counted for the alleles rests on three reads."""
    result = run(tmp_path, call(STOP, dp=40, ad="0,3"))
    assert "only 3 are counted" in " ".join(result.case["findings"][0]["call_quality"]["reasons"])
    assert status(result) != "diagnostic"
    assert status(run(tmp_path, call(STOP, dp=40, ad="0,12"))) == "diagnostic"
