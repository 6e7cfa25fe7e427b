"""Changes of one codon: on one copy they are named as one beside themselves, and it counts in their place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exome import GRCH37, GRCH38, Call, Result, call, run_calls, run_file, vcf_text
from varmio.cli import main
from varmio.model import Assembly, Transcript
from varmio.readers import panel, reference

PANEL = panel.load()

# TCIRG1 CAG (Gln106): C>T alone makes a stop; with G>C beside it, TAC (Tyr)
STOP, NEIGHBOUR = "11-68042762-C-T", "11-68042764-G-C"
WHOLE = "TCIRG1:c.316_318delinsTAC:NM_006019"
AMINO = "KNKNTTTTRSRSIIMIQHQHPPPPRRRRLLLLEDEDAAAAGGGGVVVV*Y*YSSSS*CWCLFLF"  # of AAA, AAC, AAG, AAT, ACA ...
THREE = {"A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His", "I": "Ile"}
THREE |= {"K": "Lys", "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln", "R": "Arg", "S": "Ser"}
THREE |= {"T": "Thr", "V": "Val", "W": "Trp", "Y": "Tyr", "*": "Ter"}


def run(folder: Path, *calls: Call, assembly: Assembly = GRCH38) -> Result:
    return run_calls(folder, assembly, calls, "--sex", "female")


def status(result: Result, subtype: str = "OPTB1") -> str | None:
    match = result.matches.get(subtype)
    return match["status"] if match else None


def by_id(result: Result) -> dict[str, dict]:
    return {f["id"]: f for f in result.case["findings"]}


def combined(result: Result) -> list[dict]:
    return [f for f in result.case["findings"] if f.get("combined_from")]


def test_a_stop_that_its_neighbour_undoes_on_both_copies_is_no_diagnosis(tmp_path: Path) -> None:
    assert status(run(tmp_path, call(STOP))) == "diagnostic"
    result = run(tmp_path, call(STOP), call(NEIGHBOUR))
    (whole,) = combined(result)
    assert (whole["id"], whole["hgvs_p"], whole["zygosity"]) == (WHOLE, "p.(Gln106Tyr)", "homozygous")
    assert whole["hgvs_g"] == "NC_000011.10:g.68042762_68042764delinsTAC"
    assert whole["combined_from"] == ["TCIRG1:c.316C>T:NM_006019", "TCIRG1:c.318G>C:NM_006019"]
    assert whole["call_quality"]["state"] == "solid"
    assert status(result) is None
    assert "c.316_318delinsTAC p.(Gln106Tyr)" in result.case["answer"]["sentence"]
    stop = by_id(result)["TCIRG1:c.316C>T:NM_006019"]
    assert "c.316_318delinsTAC counts in its place" in " ".join(stop["reasons"])
    assert "c.316_318delinsTAC names what they do together" in " ".join(stop["reasons"])
    assert "is doubtful" not in result.minute
    assert (whole["tier"], stop["tier"]) == (2, 4)
    assert "p.(Gln106Tyr)" in result.minute
    assert "Gln106Ter" not in "".join(result.lines)


def test_each_record_still_ends_in_one_place(tmp_path: Path) -> None:
    book = run(tmp_path, call(STOP), call(NEIGHBOUR)).case["provenance"]["accounting"]
    assert (book["records_in"], book["reported"]) == (2, 2)


def test_the_name_is_the_same_on_both_assemblies(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP), call(NEIGHBOUR))
    older = [by_id(result)[i]["variant"]["keys"]["GRCh37"] for i in combined(result)[0]["combined_from"]]
    (whole,) = combined(run(tmp_path, *(call(key) for key in older), assembly=GRCH37))
    assert whole["id"] == WHOLE
    assert whole["variant"]["keys"] == combined(result)[0]["variant"]["keys"]


def test_two_missense_changes_that_make_a_stop_are_found(tmp_path: Path) -> None:
    keys, whole = two_that_stop("TCIRG1")
    result = run(tmp_path, *(call(key) for key in keys))
    (found,) = combined(result)
    assert found["hgvs_p"] == whole
    assert found["kind"] == "null"
    assert status(result) == "diagnostic"
    assert result.matches["OPTB1"]["findings"] == [found["id"]]
    one_at_a_time = [run(tmp_path, call(key)) for key in keys]
    assert all(status(r) != "diagnostic" for r in one_at_a_time)
    in_cis = run(tmp_path, *(call(key, "0|1", extra="PS=7") for key in keys))
    assert status(in_cis) == "one_allele"
    in_trans = run(tmp_path, call(keys[0], "0|1", extra="PS=7"), call(keys[1], "1|0", extra="PS=7"))
    assert not combined(in_trans)
    assert all(f["call_quality"]["state"] == "solid" for f in in_trans.case["findings"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("0/1", ""), ("0/1", "")),
        (("0|1", "PS=5"), ("0|1", "PS=9")),
        (("0|1", "PS=5"), ("0/1", "")),
    ],
)
def test_unphased_changes_are_not_named_together(
    first: tuple[str, str], second: tuple[str, str], tmp_path: Path
) -> None:
    calls = [call(key, gt, extra=ps) for key, (gt, ps) in zip((STOP, NEIGHBOUR), (first, second), strict=True)]
    result = run(tmp_path, *calls)
    assert not combined(result)
    for finding in result.case["findings"]:
        assert finding["call_quality"]["state"] == "doubtful"
        assert "does not show whether they lie on the same copy" in " ".join(finding["call_quality"]["reasons"])
    assert status(result) == "one_allele"


def test_het_beside_hom_is_named_on_the_one_copy_that_has_both(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP), call(NEIGHBOUR, "0/1"))
    (whole,) = combined(result)
    assert whole["zygosity"] == "heterozygous"
    assert status(result) == "possible"  # the stop lies alone on one copy only
    quality = by_id(result)["TCIRG1:c.316C>T:NM_006019"]["call_quality"]
    assert quality["state"] == "doubtful"
    assert "On one of its copies" in quality["reasons"][0]


def test_a_doubtful_part_makes_the_whole_doubtful(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP), call(NEIGHBOUR, dp=4, ad="0,4"))
    (whole,) = combined(result)
    assert whole["call_quality"]["state"] == "doubtful"
    assert "c.318G>C: " in whole["call_quality"]["reasons"][0]
    assert whole["genotype"]["dp"] == 4


def test_a_partner_that_changes_nothing_keeps_the_diagnosis(tmp_path: Path) -> None:
    """TAG and TAA are both a stop."""
    result = run(tmp_path, call(STOP), call("11-68042764-G-A"))
    (whole,) = combined(result)
    assert whole["hgvs_p"] == "p.(Gln106Ter)"
    assert status(result) == "diagnostic"
    stop = by_id(result)["TCIRG1:c.316C>T:NM_006019"]
    assert stop["call_quality"]["state"] == "solid"
    assert "same protein change" in " ".join(stop["reasons"])


# CLCN7 c.643G>A p.(Gly215Arg), pathogenic in ClinVar; c.645G>A beside it leaves the codon one of arginine
ARGININE, SILENT = "16-1459139-C-T", "16-1459137-C-T"


def test_a_codon_named_twice_is_no_second_allele(tmp_path: Path) -> None:
    alone = run(tmp_path, call(ARGININE, "0|1", extra="PS=5"))
    result = run(tmp_path, call(ARGININE, "0|1", extra="PS=5"), call(SILENT, "0|1", extra="PS=5"))
    (whole,) = combined(result)
    assert whole["hgvs_p"] == "p.(Gly215Arg)"
    for name in ("findings", "candidates", "basis", "status"):
        assert result.matches["OPTB4"][name] == alone.matches["OPTB4"][name]
        assert result.matches["OPTA2"][name] == alone.matches["OPTA2"][name]
    assert "candidate" not in " ".join(result.matches["OPTB4"]["reasons"])
    assert result.case["answer"] == alone.case["answer"]


def test_a_stop_named_twice_on_one_copy_is_one_change(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP, "0|1", extra="PS=5"), call("11-68042764-G-A", "0|1", extra="PS=5"))
    match = result.matches["OPTB1"]
    assert (match["basis"], match["findings"]) == ("single_het", ["TCIRG1:c.316C>T:NM_006019"])
    (whole,) = combined(result)
    assert "c.316C>T counts in its place" in " ".join(whole["reasons"])
    assert "further" not in " ".join(whole["reasons"])


def test_the_change_that_the_other_copy_has_alone_is_a_second_allele(tmp_path: Path) -> None:
    """Leu to Ser on both copies, and on one of them a stop with its neighbour."""
    keys, _ = two_that_stop("TCIRG1")
    for shared, one in (keys, keys[::-1]):
        result = run(tmp_path, call(shared), call(one, "0/1"))
        (whole,) = combined(result)
        part = next(f for f in result.case["findings"] if f["zygosity"] == "homozygous")
        match = result.matches["OPTB1"]
        assert match["findings"] == [whole["id"]]
        assert match["candidates"] == ([part["id"]] if part["could_explain"] else [])


def test_unphased_partners_that_change_nothing_are_not_doubted(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP, "0/1"), call("11-68042764-G-A", "0/1"))
    assert by_id(result)["TCIRG1:c.316C>T:NM_006019"]["call_quality"]["state"] == "solid"


def test_three_changes_of_one_codon_are_one(tmp_path: Path) -> None:
    keys = (STOP, "11-68042763-A-C", NEIGHBOUR)  # CAG to TCC
    (whole,) = combined(run(tmp_path, *(call(key) for key in keys)))
    assert (whole["hgvs_c"], whole["hgvs_p"]) == ("c.316_318delinsTCC", "p.(Gln106Ser)")
    assert len(whole["combined_from"]) == 3


def split_codon(t: Transcript) -> tuple[int, int, int] | None:
    """Genomic places (1-based) of the first codon that an intron parts, on the plus strand."""
    places = [p for s, e in t.exons for p in range(max(s, t.cds_start) + 1, min(e, t.cds_end) + 1)]
    for a, b, c in zip(places[::3], places[1::3], places[2::3], strict=True):
        if c - a > 2:
            return a, b, c
    return None


def test_a_codon_that_an_intron_parts_is_doubted_and_not_named(tmp_path: Path) -> None:
    known = reference.load(GRCH38)
    t = next(t for t in known.transcripts if t.gene == "TCIRG1")
    place = split_codon(t)
    assert place is not None
    bases = [known.sequence.bases(t.contig, p - 1, p) for p in (place[0], place[2])]
    calls = [call(f"11-{p}-{b}-{'A' if b != 'A' else 'C'}") for p, b in zip((place[0], place[2]), bases, strict=True)]
    result = run(tmp_path, *calls)
    assert not combined(result)
    assert [f["call_quality"]["state"] for f in result.case["findings"]] == ["doubtful", "doubtful"]
    assert "was not worked out" in result.case["findings"][0]["call_quality"]["reasons"][0]


def test_one_copy_of_x_is_named_together(tmp_path: Path) -> None:
    known = reference.load(GRCH38)
    t = next(t for t in known.transcripts if t.gene == "IKBKG")
    place = codons_in_one_exon(t)[3]
    ref = known.sequence.bases("X", place, place + 3) or ""
    keys = [f"X-{place + i + 1}-{ref[i]}-{'A' if ref[i] != 'A' else 'C'}" for i in (0, 2)]
    result = run_calls(tmp_path, GRCH38, [call(key, "1") for key in keys], "--sex", "male")
    (whole,) = combined(result)
    assert whole["zygosity"] == "hemizygous"


def test_neighbours_of_different_codons_stay_apart(tmp_path: Path) -> None:
    """c.315 and c.316 touch, but change two amino acids."""
    bases = reference.load(GRCH38).sequence.bases("11", 68042760, 68042761)
    before = call(f"11-68042761-{bases}-{'A' if bases != 'A' else 'C'}")
    assert not combined(run(tmp_path, call(STOP), before))


def test_parents_show_the_phase(tmp_path: Path) -> None:
    """Both changes from the mother: on one copy."""
    text = vcf_text(GRCH38, [call(STOP, "0/1"), call(NEIGHBOUR, "0/1")])
    lines = []
    for line in text.splitlines():
        if line.startswith("#CHROM"):
            line += "\tFATHER\tMOTHER"
        elif not line.startswith("#"):
            line += "\t0/0:50:50,0:99\t0/1:50:25,25:99"
        lines.append(line)
    vcf, ped = tmp_path / "trio.vcf", tmp_path / "trio.ped"
    vcf.write_text("\n".join(lines) + "\n", encoding="ascii")
    ped.write_text("F CHILD FATHER MOTHER 2 2\nF FATHER 0 0 1 1\nF MOTHER 0 0 2 1\n", encoding="ascii")
    result = run_file(vcf, tmp_path / "out", "--sample", "CHILD", "--ped", str(ped))
    assert [f["id"] for f in combined(result)] == [WHOLE]


def test_explain_finds_the_whole_by_its_name(tmp_path: Path) -> None:
    result = run(tmp_path, call(STOP), call(NEIGHBOUR))
    case = tmp_path / "case.json"
    case.write_text(json.dumps(result.case), encoding="utf-8")
    said = CliRunner().invoke(main, ["explain", str(case), "TCIRG1:c.316_318delinsTAC"])
    assert said.exit_code == 0
    assert "p.(Gln106Tyr)" in said.output
    assert "they change one codon" in said.output


def codons_in_one_exon(t: Transcript) -> list[int]:
    """Genomic starts (0-based) of the codons that no intron parts and whose bases are known."""
    exons = sorted((max(s, t.cds_start), min(e, t.cds_end)) for s, e in t.exons if s < t.cds_end and e > t.cds_start)
    if t.strand < 0:
        exons = exons[::-1]
    starts, before = [], 0
    for start, end in exons:
        offset = -before % 3
        for k in range(offset, end - start - 2, 3):
            starts.append(start + k if t.strand > 0 else end - k - 3)
        before += end - start
    return starts[1:-1]


def translated(bases: str, strand: int) -> str:
    read = bases if strand > 0 else bases[::-1].translate(str.maketrans("ACGT", "TGCA"))
    return THREE[AMINO[sum("ACGT".index(b) * 4 ** (2 - i) for i, b in enumerate(read))]]


def two_that_stop(gene: str) -> tuple[list[str], str]:
    """Two substitutions of one codon, neither a stop by itself, that make one together, with its name."""
    known = reference.load(GRCH38)
    t = next(t for t in known.transcripts if t.gene == gene)
    for place in codons_in_one_exon(t)[20:]:
        ref = known.sequence.bases(t.contig, place, place + 3)
        assert ref is not None
        for stop in ("TAA", "TAG", "TGA"):
            changed = [i for i in range(3) if ref[i] != stop[i]]
            singles = [ref[:i] + stop[i] + ref[i + 1 :] for i in changed]
            if t.strand > 0 and len(changed) == 2 and all(translated(s, 1) != "Ter" for s in singles):
                keys = [f"{t.contig}-{place + i + 1}-{ref[i]}-{stop[i]}" for i in changed]
                return keys, f"p.({translated(ref, 1)}{residue(t, place)}Ter)"
    raise AssertionError("no such codon")


def residue(t: Transcript, place: int) -> int:
    """The number of the codon, from 1."""
    coding = [(max(s, t.cds_start), min(e, t.cds_end)) for s, e in t.exons if s < t.cds_end and e > t.cds_start]
    if t.strand > 0:
        return sum(min(e, place) - s for s, e in coding if s < place) // 3 + 1
    return sum(e - max(s, place + 3) for s, e in coding if e > place + 3) // 3 + 1


def single_autosomal(transcripts: Iterable[Transcript]) -> list[Transcript]:
    """Those of the panel's genes with one transcript, where a girl and a boy have two copies."""
    named = Counter(t.gene for t in transcripts)
    return [t for t in transcripts if PANEL.gene(t.gene) and named[t.gene] == 1 and t.contig != "X"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_whole_is_what_the_edited_codon_translates_to(data: st.DataObject, tmp_path: Path) -> None:
    known = reference.load(GRCH38)
    t = data.draw(st.sampled_from(single_autosomal(known.transcripts)))
    place = data.draw(st.sampled_from(codons_in_one_exon(t)))
    ref = known.sequence.bases(t.contig, place, place + 3) or ""
    alt = data.draw(
        st.text("ACGT", min_size=3, max_size=3).filter(lambda a: sum(x != y for x, y in zip(a, ref, strict=True)) > 1)
    )
    calls = [
        call(f"{t.contig}-{place + i + 1}-{r}-{a}") for i, (r, a) in enumerate(zip(ref, alt, strict=True)) if r != a
    ]
    wholes = [f for f in combined(run(tmp_path, *calls)) if f["gene"] == t.gene]
    was, now = translated(ref, t.strand), translated(alt, t.strand)
    expected = f"p.({was}{residue(t, place)}{now if now != was else '='})"
    assert [f["hgvs_p"] for f in wholes] == [expected]
