"""What kind of file it is, who called it, and a call set in which no single call can be trusted."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.draw import draw
from tests.exome import GRCH38, Call, call, run_calls, run_file, vcf_text
from varmio.assembly import CONTIG_LENGTHS
from varmio.interpret.callset import Counts, caller, kind_of, limitations, unreliable
from varmio.model import Assembly, CallsetKind

SHARED = Path(__file__).resolve().parents[2] / "shared" / "vcf"
AUTOSOMES = [str(n) for n in range(1, 23)]
WHOLE = dict.fromkeys(CONTIG_LENGTHS[GRCH38], 100)
EXOME = Counts(
    assembly=GRCH38,
    records=24640,
    small_variants=24640,
    structural=0,
    blocks=0,
    contigs=WHOLE,
    inside=72,
    outside=80,
    het=14700,
    hom=9500,
    ti=17000,
    tv=6000,
    pass_only=None,
)


def counts(**changed: Any) -> Counts:
    return replace(EXOME, **changed)


# --------------------------------------------------------------------------- the kind

KINDS = {
    "whole exome": (counts(), "exome"),
    "exome of one chromosome": (counts(records=9350, small_variants=9350, contigs={"1": 9350}), "unknown"),
    "genome": (counts(records=4_500_000, small_variants=4_500_000), "genome"),
    "chromosome 22 of a genome": (counts(small_variants=60_000, contigs={"22": 60_000}), "genome"),
    "panel of many genes": (counts(records=326, small_variants=326, inside=0, outside=0), "panel"),
    "only our genes": (counts(records=60, small_variants=60, inside=35, outside=20, contigs={"6": 60}), "panel"),
    "nothing beyond coding": (counts(inside=47, outside=0), "coding_only"),
    "few at panel genes, none beyond": (counts(inside=18, outside=0), "exome"),
    "gVCF": (counts(records=234_687, small_variants=11_110, blocks=223_577, contigs={"20": 1, "21": 1}), "gvcf"),
    "gVCF slice without a variant": (counts(records=40, small_variants=0, blocks=40), "gvcf"),
    "joint file with some ALT '.'": (counts(records=14_183, small_variants=13_978, blocks=205), "exome"),
    "copy-number file": (counts(records=1394, small_variants=0, structural=568, blocks=826), "unknown"),
    "a handful": (counts(records=17, small_variants=17, inside=17, outside=0), "unknown"),
    "head of a genome": (counts(small_variants=115, contigs={"1": 115}, inside=0, outside=0), "unknown"),
    "contigs of no known name": (counts(contigs={"GL000207.1": 24640}, inside=0, outside=0), "unknown"),
}


@pytest.mark.parametrize("name", KINDS)
def test_kind(name: str) -> None:
    given_counts, want = KINDS[name]
    kind, reasons = kind_of(given_counts)
    assert kind == want
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)


some = st.integers(0, 5_000_000)


@given(some, some, some, some, st.integers(0, 500), st.integers(0, 500), some, some, some, some, st.booleans())
def test_any_counts_have_a_kind_and_limitations(
    records: int, small: int, structural: int, blocks: int, inside: int, outside: int, het: int, hom: int, ti: int,
    tv: int, passed: bool,
) -> None:  # fmt: skip
    made = Counts(GRCH38, records, small, structural, blocks, WHOLE, inside, outside, het, hom, ti, tv, passed)
    kind, reasons = kind_of(made)
    assert isinstance(kind, CallsetKind)
    assert reasons
    assert all(limit.text and limit.would_show for limit in limitations(made))


REAL = {
    "exomes/ngsbits_ancestry.vcf.gz": ("exome", "freeBayes v1.1.0", ()),
    "exomes/mendelmd_NA12878.recessive.vcf.gz": ("coding_only", "GATK UnifiedGenotyperV2", ()),
    "trios/ngsbits_UpdHunter_in1.vcf.gz": ("exome", None, ("--sample", "CHILD")),
    "trios/genomecomb_yri_exome_test.vcf.gz": ("exome", None, ("--sample", "NA19240")),
    "trios/slivar_ashk-trio.vcf.gz": ("exome", None, ("--sample", "HG002", "--assembly", "GRCh37")),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str, tmp_path: Path) -> None:
    if not (SHARED / name).exists():
        pytest.skip("the public files are not at hand")
    kind, called_by, options = REAL[name]
    result = run_file(SHARED / name, tmp_path / "out", *options)
    assert result.exit_code == 0, result.error
    assert (result.case["callset"]["kind"], result.case["callset"].get("caller")) == (kind, called_by)
    said = " ".join(limit["text"] for limit in result.case["limitations"])
    assert "unreliable" not in said
    assert ("All records lie on chromosomes" in said) == (name.split("_")[0] in ("trios/genomecomb", "trios/slivar"))


# --------------------------------------------------------------------------- the caller

CALLERS = {
    "DeepVariant 1.6.1": ["##GLnexusVersion=v1.4.1", "##DeepVariant_version=1.6.1"],
    "GATK HaplotypeCaller 4.2.0.0": [
        '##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="HaplotypeCaller -O a.vcf",Version="4.2.0.0",Date="x">',
        "##source=SelectVariants",
    ],
    "GATK HaplotypeCaller 3.5-0-g36282e4": [
        '##GATKCommandLine.HaplotypeCaller=<ID=HaplotypeCaller,Version=3.5-0-g36282e4,Date="Mon Oct 10 2016",Epoch=1>'
    ],
    "GATK UnifiedGenotyperV2": ['##UnifiedGenotyperV2="analysis_type=UnifiedGenotyperV2 input_file=[a.bam]"'],
    "DRAGEN 07.021.624.3.10.4": ['##DRAGENVersion=<ID=dragen,Version="SW: 07.021.624.3.10.4, HW: 07.021.624">'],
    "bcftools call 1.9+htslib-1.9": [
        "##bcftools_callVersion=1.9+htslib-1.9",
        "##bcftools_callCommand=call -mv -Oz -o calls.vcf.gz; Date=Wed Jul 17 15:46:50 2024",
    ],
    "bcftools call": ["##bcftools_callCommand=call -m -v; Date=Sat Jan 28 18:27:48 2023"],
    "Clair3 1.0.0": ["##source=Clair3", "##clair3_version=1.0.0"],
    "strelka 2.9.10": ["##source=strelka", "##source_version=2.9.10"],
    "GLnexus v1.4.1": ["##GLnexusVersion=v1.4.1"],
    "Platypus_Version_0.8.1": ["##source=Platypus_Version_0.8.1"],
    r"a\x1b[31m<b>": ["##source=a\x1b[31m<b>"],
}


@pytest.mark.parametrize("name", CALLERS)
def test_caller(name: str) -> None:
    assert caller(["##fileformat=VCFv4.2", *CALLERS[name], "#CHROM\tPOS"]) == name


def test_tools_that_call_nothing_are_not_the_caller() -> None:
    tools = ("SelectVariants", "CombineVariants", "VariantFiltration", "", "SomeAnnotator")
    assert [caller([f"##source={tool}"]) for tool in tools] == [None] * len(tools)
    assert caller(['##GATKCommandLine=<ID=SelectVariants,Version="4.2">']) is None
    assert len(caller(["##source=" + "x" * 9000]) or "") == 80


# --------------------------------------------------------------------------- a call set that cannot be trusted

OSTM1_HOM = call("6-108064285-ACT-A")  # two-star pathogenic, c.415_416del
TCIRG1 = ("11-68049664-AG-A", "11-68043827-C-T")


def background(het: int, hom: int, contigs: list[str] = AUTOSOMES) -> list[Call]:
    """So many calls far from the panel genes, spread over the contigs."""
    kinds = ["0/1"] * het + ["1/1"] * hom
    return [
        call(f"{contigs[i % len(contigs)]}-{21_000_000 + i * 10}-A-G", gt, filter=".") for i, gt in enumerate(kinds)
    ]


def status(tmp_path: Path, calls: list[Call]) -> tuple[str, str, dict[str, Any], list[str]]:
    """Status of OPTB5, answer code, the call's quality, and the limitations' texts."""
    result = run_calls(tmp_path, Assembly.GRCH38, calls, "--sex", "female")
    (finding,) = (f for f in result.case["findings"] if f["gene"] == "OSTM1")
    texts = [limit["text"] for limit in result.case["limitations"]]
    return result.matches["OPTB5"]["status"], result.case["answer"]["code"], finding["call_quality"], texts


def test_an_ordinary_background_leaves_the_diagnosis(tmp_path: Path) -> None:
    said, code, quality, texts = status(tmp_path, [*background(300, 200), OSTM1_HOM])
    assert (said, code, quality["state"]) == ("diagnostic", "diagnosis", "solid")
    assert not [t for t in texts if "unreliable" in t]


def test_all_homozygous_makes_every_call_doubtful(tmp_path: Path) -> None:
    said, code, quality, texts = status(tmp_path, [*background(0, 500), OSTM1_HOM])
    assert (said, code, quality["state"]) == ("possible", "possible", "doubtful")
    assert texts[0].startswith("The call set is unreliable: 501 of 501 autosomal calls are homozygous.")
    assert quality["reasons"][0] == texts[0]


def test_mostly_heterozygous_makes_every_call_doubtful(tmp_path: Path) -> None:
    said, code, quality, texts = status(tmp_path, [*background(500, 0), OSTM1_HOM])
    assert (said, code, quality["state"]) == ("possible", "possible", "doubtful")
    assert texts[0].startswith("The call set is unreliable: 500 of 501 autosomal calls are heterozygous.")


def test_two_heterozygous_alleles_are_possible_at_most(tmp_path: Path) -> None:
    second = draw("OSTM1", "null", random.Random(1)).variants[GRCH38]
    pair = [call("6-108064285-ACT-A", "0/1"), Call(second, "0/1")]
    trusted = run_calls(tmp_path, GRCH38, [*background(300, 200), *pair])
    doubted = run_calls(tmp_path, GRCH38, [*background(500, 0), *pair])
    assert (trusted.matches["OPTB5"]["status"], doubted.matches["OPTB5"]["status"]) == ("likely", "possible")
    assert {f["call_quality"]["state"] for f in doubted.case["findings"]} == {"doubtful"}


def test_the_stated_assembly_stays_the_first_limitation(tmp_path: Path) -> None:
    calls = [*background(0, 500), OSTM1_HOM]
    path = tmp_path / "bare.vcf"
    lines = vcf_text(GRCH38, calls).splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("##contig")), encoding="ascii")
    result = run_file(path, tmp_path / "out", "--assembly", "GRCh38")
    first, second = (limit["text"] for limit in result.case["limitations"][:2])
    assert "was stated by the user" in first
    assert "unreliable" in second


@pytest.mark.parametrize(
    "calls",
    [
        background(0, 500, ["2", "3", "4", "5"]),  # few autosomes: a run of homozygosity, a duplicated gene
        background(500, 0, ["2"]),
        background(0, 150),  # few calls
        background(480, 20),  # 95.8% heterozygous
    ],
)
def test_too_little_to_say_so(calls: list[Call], tmp_path: Path) -> None:
    said, _, quality, _ = status(tmp_path, [*calls, OSTM1_HOM])
    assert (said, quality["state"]) == ("diagnostic", "solid")


@pytest.mark.parametrize(
    ("het", "hom", "want"),
    [(979, 21, None), (980, 20, "heterozygous"), (20, 980, "homozygous"), (21, 979, None), (198, 1, None),
     (0, 200, "homozygous"), (200, 0, "heterozygous"), (0, 0, None)],
)  # fmt: skip
def test_where_trust_ends(het: int, hom: int, want: str | None) -> None:
    said = unreliable(counts(het=het, hom=hom))
    assert said is None if want is None else said is not None and f"autosomal calls are {want}" in said


# --------------------------------------------------------------------------- other limitations of a file


def texts_of(**changed: Any) -> str:
    return " ".join(limit.text for limit in limitations(counts(**changed)))


def test_an_ordinary_exome_has_no_limitation_of_its_own() -> None:
    assert limitations(EXOME) == ()


def test_one_chromosome_and_missing_chromosomes() -> None:
    assert "All records lie on chromosome 20:" in texts_of(contigs={"20": 3000, "GL000207.1": 3})
    assert "All records lie on chromosomes 1, 2:" in texts_of(contigs={"1": 9000, "2": 590})
    few_genes = counts(records=326, small_variants=326, inside=0, outside=0, contigs={"1": 300, "2": 26})
    assert "All records lie" not in " ".join(limit.text for limit in limitations(few_genes))


def test_pass_only_coding_only_and_odd_ratios() -> None:
    assert "Every record says PASS" in texts_of(pass_only=True)
    assert "PASS" not in texts_of(pass_only=False)
    assert "no call beyond 20 bp" in texts_of(inside=40, outside=0)
    assert "76.0% of the autosomal calls" in texts_of(het=7600, hom=2400)
    assert "transversions is 0.51" in texts_of(ti=5100, tv=10000)
    assert texts_of(het=760, hom=230, ti=300, tv=600) == ""
