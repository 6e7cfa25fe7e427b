"""The made-up exomes: like a real exome where it matters, and nothing in panel genes but the recipe."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pysam
import pytest
from click.testing import CliRunner

from tests.exome import without_places
from varmio import demo, synthetic
from varmio.assembly import CONTIG_LENGTHS, PSEUDOAUTOSOMAL
from varmio.cli import main
from varmio.errors import UsageError
from varmio.model import Assembly, Sex, Variant
from varmio.readers import reference

ROOT = Path(__file__).parents[1]
NAMES = [recipe.name for recipe in demo.RECIPES]


class Line(NamedTuple):
    contig: str
    pos: int
    ref: str
    alt: str
    filters: str
    gt: str
    ad: tuple[int, ...]
    dp: int
    gq: int


@pytest.fixture(scope="module")
def exomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Assembly], Path]:
    folder = tmp_path_factory.mktemp("exomes")
    paths = {(r.name, a): folder / f"{r.name}.{a}.vcf.gz" for r in demo.RECIPES for a in Assembly}
    for (name, assembly), path in paths.items():
        demo.write_exome(path, assembly, demo.recipe(name))
    return paths


def header_of(path: Path) -> list[str]:
    with gzip.open(path, "rt") as handle:
        return [line.rstrip("\n") for line in handle if line.startswith("#")]


@cache
def read(path: Path) -> list[Line]:
    lines = []
    with gzip.open(path, "rt") as handle:
        for text in handle:
            if text.startswith("#"):
                continue
            contig, pos, _, ref, alt, _, filters, _, _, sample = text.rstrip("\n").split("\t")
            gt, ad, dp, gq = sample.split(":")
            reads = tuple(int(n) for n in ad.split(","))
            lines.append(Line(contig.removeprefix("chr"), int(pos), ref, alt, filters, gt, reads, int(dp), int(gq)))
    return lines


def keys_of(recipe: synthetic.Recipe, assembly: Assembly) -> dict[str, str]:
    return {allele.key(assembly): allele.gt for allele in recipe.alleles}


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("name", NAMES)
def test_panel_genes_hold_the_alleles_of_the_recipe_and_common_ones_only(exomes, name, assembly):
    recipe = demo.recipe(name)
    spans = [
        (t.contig, t.start - demo.GENE_MARGIN, t.end + demo.GENE_MARGIN)
        for a in Assembly
        for t in reference.load(a).transcripts
    ]
    near = {
        f"{line.contig}-{line.pos}-{line.ref}-{line.alt}": line.gt
        for line in read(exomes[name, assembly])
        if any(contig == line.contig and start < line.pos <= end for contig, start, end in spans)
    }
    named = keys_of(recipe, assembly)
    assert {key: near[key] for key in named} == named
    common = {allele.key(assembly): allele.gene for allele in demo.COMMON}
    extra = set(near) - set(named)
    assert extra <= set(common)
    assert len(extra) >= 8
    assert not {common[key] for key in extra} & {allele.gene for allele in recipe.alleles}


@pytest.mark.parametrize("name", NAMES)
def test_both_assemblies_are_the_same_person(exomes, name):
    ours = {allele.key(a) for allele in (*demo.recipe(name).alleles, *demo.COMMON) for a in Assembly}
    people = [read(exomes[name, assembly]) for assembly in Assembly]
    off_panel = [[x for x in p if f"{x.contig}-{x.pos}-{x.ref}-{x.alt}" not in ours] for p in people]
    assert off_panel[0] == off_panel[1]
    on_panel = [
        Counter((x.ref, x.alt, x.gt, x.dp, x.ad) for x in p if f"{x.contig}-{x.pos}-{x.ref}-{x.alt}" in ours)
        for p in people
    ]
    assert on_panel[0] == on_panel[1]


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_panel_allele_lies_in_coding_sequence_with_the_true_reference_bases(assembly):
    known = reference.load(assembly)
    alleles = {a for recipe in demo.RECIPES for a in (*recipe.alleles, *recipe.common)}
    for allele in alleles:
        contig, pos, ref, alt = allele.key(assembly).split("-")
        variant = Variant(contig, int(pos), ref, alt)
        assert known.sequence.bases(contig, variant.start, variant.end) == ref, allele
        coding = [
            start <= variant.start < end
            for t in known.transcripts
            if t.gene == allele.gene and t.contig == contig
            for start, end in t.coding
        ]
        assert any(coding), allele


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_a_real_exome(exomes, name, assembly):
    lines = read(exomes[name, assembly])
    assert 20_000 <= len(lines) <= 30_000
    assert {line.contig for line in lines} >= {*(str(n) for n in range(1, 23)), "X"}
    runs = demo.recipe(name).runs
    outside = [x for x in lines if x.contig.isdigit() and not inside(x, runs)]
    het = sum(x.gt == "0/1" for x in outside)
    assert 1.5 <= het / (len(outside) - het) <= 1.7
    snvs = [x for x in lines if len(x.ref) == len(x.alt) == 1]
    transitions = sum({x.ref, x.alt} in ({"A", "G"}, {"C", "T"}) for x in snvs)
    assert 2.8 <= transitions / (len(snvs) - transitions) <= 3.1
    assert 0.06 <= 1 - len(snvs) / len(lines) <= 0.08
    assert 0.02 <= sum(x.filters != "PASS" for x in lines) / len(lines) <= 0.04
    assert 55 <= sorted(x.dp for x in lines)[len(lines) // 2] <= 65
    assert all(sum(x.ad) == x.dp and 20 <= x.gq <= 99 for x in lines)
    assert all(x.ad[0] <= 1 for x in lines if x.gt in ("1/1", "1"))
    assert all(0.25 <= x.ad[1] / x.dp <= 0.75 for x in lines if x.gt == "0/1")


def inside(line: Line, runs: tuple[tuple[str, int, int], ...]) -> bool:
    return any(line.contig == contig and start < line.pos <= end for contig, start, end in runs)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_example_a_has_long_homozygous_runs_on_five_chromosomes_and_one_around_ostm1(exomes, assembly):
    lines = read(exomes["a_ostm1", assembly])
    runs = demo.recipe("a_ostm1").runs
    assert len({contig for contig, _, _ in runs}) >= 5
    for run in runs:
        assert 8_000_000 <= run[2] - run[1] <= 25_000_000
        calls = [x.gt for x in lines if inside(x, (run,))]
        assert len(calls) >= 25, run
        assert calls.count("1/1") / len(calls) >= 0.95, run
    (allele,) = demo.recipe("a_ostm1").alleles
    assert any(inside(x, runs) and x.pos == int(allele.key(assembly).split("-")[1]) for x in lines)


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("name", NAMES)
def test_sex_chromosomes_fit_the_sex(exomes, name, assembly):
    recipe = demo.recipe(name)
    lines = read(exomes[name, assembly])
    par = PSEUDOAUTOSOMAL[assembly]["X"]
    in_par = [x for x in lines if x.contig == "X" and any(s <= x.pos <= e for s, e in par)]
    beyond = [x for x in lines if x.contig == "X" and x not in in_par]
    het_share = sum(x.gt == "0/1" for x in beyond) / len(beyond)
    has_y = any(x.contig == "Y" for x in lines)
    assert len(beyond) > 300
    if recipe.sex is Sex.FEMALE:
        assert het_share > 0.5
        assert not has_y
        return
    assert het_share < 0.1
    assert has_y
    assert all("/" in x.gt for x in in_par)
    assert all(x.gt == "1" for x in beyond) == recipe.haploid_x


@pytest.mark.parametrize("assembly", list(Assembly))
def test_header_says_made_up_and_names_the_contigs_of_the_assembly(exomes, assembly):
    header = header_of(exomes["a_ostm1", assembly])
    prefix = "chr" if assembly is Assembly.GRCH38 else ""
    assert header[0] == "##fileformat=VCFv4.2"
    assert "##varmio_synthetic=1" in header
    contigs = dict(re.findall(r"##contig=<ID=(\w+),length=(\d+)>", "\n".join(header)))
    assert contigs == {prefix + c: str(length) for c, length in CONTIG_LENGTHS[assembly].items()}


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("name", NAMES)
def test_htslib_reads_it_by_region_without_a_warning(exomes, name, assembly, capfd):
    path = exomes[name, assembly]
    lines = read(path)
    with pysam.VariantFile(str(path)) as vcf:
        assert sum(1 for _ in vcf) == len(lines)
        allele = demo.recipe(name).alleles[0]
        contig, pos, ref, alt = allele.key(assembly).split("-")
        prefix = "chr" if assembly is Assembly.GRCH38 else ""
        (record,) = (r for r in vcf.fetch(prefix + contig, int(pos) - 1, int(pos)) if r.pos == int(pos))
    assert (record.ref, record.alts) == (ref, (alt,))
    assert capfd.readouterr().err == ""


def test_records_are_sorted_and_never_overlap(exomes):
    lines = read(exomes["a_ostm1", Assembly.GRCH38])
    for before, after in pairwise(lines):
        if before.contig == after.contig:
            assert before.pos + len(before.ref) <= after.pos


def test_same_seed_same_bytes_and_another_seed_another_person(tmp_path):
    recipe = replace(demo.recipe("c_clcn7"), sites=2_000)
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        demo.write_exome(tmp_path / f"{name}.vcf.gz", Assembly.GRCH37, recipe, seed)
    one, again, other = ((tmp_path / f"{n}.vcf.gz").read_bytes() for n in ("one", "again", "other"))
    assert one == again
    assert one != other
    one_person, other_person = (synthetic.off_panel_sites(recipe, seed, demo.panel_spans()) for seed in (1, 2))
    assert not {(s.contig, s.pos) for s in one_person} & {(s.contig, s.pos) for s in other_person}


def test_plain_text_is_the_same_vcf(tmp_path):
    recipe = replace(demo.recipe("d_tnfsf11"), sites=500)
    demo.write_exome(tmp_path / "x.vcf", Assembly.GRCH38, recipe)
    demo.write_exome(tmp_path / "x.vcf.gz", Assembly.GRCH38, recipe)
    assert gzip.decompress((tmp_path / "x.vcf.gz").read_bytes()) == (tmp_path / "x.vcf").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.vcf", "x.vcf.gz", "x.vcf.gz.tbi"]


def test_a_fault_while_writing_leaves_nothing_and_is_one_line(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pysam, "tabix_index", full)
    recipe = replace(demo.recipe("c_clcn7"), sites=100)
    with pytest.raises(UsageError, match="No space left on device"):
        demo.write_exome(tmp_path / "x.vcf.gz", Assembly.GRCH37, recipe)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        demo.write_exome(tmp_path / "file" / "x.vcf", Assembly.GRCH37, recipe)


def test_a_recipe_can_ask_for_a_doubtful_phased_or_bare_call(tmp_path):
    allele = replace(
        demo.recipe("b_tcirg1").alleles[0],
        gt="0|1",
        allele_depths=(7, 2),
        quality=12,
        filters="LowQual",
        phase_set=99,
    )
    recipe = synthetic.Recipe("t", "t", Sex.FEMALE, (allele,), sites=100)
    demo.write_exome(tmp_path / "x.vcf", Assembly.GRCH38, recipe)
    text = (tmp_path / "x.vcf").read_text()
    assert "LowQual\tAC=1;AN=2\tGT:AD:DP:GQ:PS\t0|1:7,2:9:12:99\n" in text
    demo.write_exome(tmp_path / "y.vcf", Assembly.GRCH38, replace(recipe, fields=("GT",)))
    assert {line.split("\t")[8] for line in (tmp_path / "y.vcf").read_text().splitlines() if line[0] != "#"} == {
        "GT",
        "GT:PS",
    }


def test_examples_folder_tells_every_recipe_and_its_coordinates():
    readme = (ROOT / "examples" / "README.md").read_text()
    for recipe in demo.RECIPES:
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{recipe.name}`"))
        assert recipe.sex.value in row
        if recipe.name in ("f_nothing_found", "h_tnfrsf11a_hom"):
            continue
        for allele in recipe.alleles:
            assert allele.name in row
            for assembly in Assembly:
                assert allele.key(assembly).split("-")[1] in row


def test_evidence_example_agrees_with_the_common_alleles():
    text = (ROOT / "examples" / "evidence.GRCh38.tsv").read_text()
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert len(rows) == 10
    assert {"-".join(row[:4]) for row in rows} <= {allele.grch38 for allele in demo.COMMON}
    assert all(abs(float(row[5]) - int(row[6]) / int(row[7])) < 1e-5 for row in rows)


def test_small_output_in_the_examples_is_what_run_writes(exomes, tmp_path):
    done = CliRunner().invoke(main, ["run", str(exomes["a_ostm1", Assembly.GRCH38]), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    shown, written = (
        list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
        for path in (ROOT / "examples" / "findings.a_ostm1.GRCh38.tsv", tmp_path / "out" / "findings.tsv")
    )
    facts = ("id", "tier", "hgvs_c", "hgvs_p", "key_GRCh37", "key_GRCh38", "zygosity", "gt", "dp", "class", "subtypes")
    assert [[row[fact] for fact in facts] for row in shown] == [[row[fact] for fact in facts] for row in written]
    assert list(shown[0]) == list(written[0])


# name -> answer, then for each match: id, status, basis, applies, neurology, transplant
ANSWERS = {
    "a_ostm1": (
        "diagnosis",
        ("OPTB5", "diagnostic", "homozygous", "patient", "primary_progressive", "not_recommended_neurodegeneration"),
    ),
    "b_tcirg1": (
        "likely",
        (
            "OPTB1",
            "likely",
            "compound_het_phase_unknown",
            "if_confirmed",
            "secondary_compressive",
            "indicated_urgent",
        ),
    ),
    "c_clcn7": (
        "one_allele",
        (
            "OPTB4",
            "one_allele",
            "single_het",
            "gene_general",
            "primary_variable",
            "case_by_case_after_neurology",
        ),
    ),
    "d_tnfsf11": (
        "diagnosis",
        ("OPTB2", "diagnostic", "homozygous", "patient", "secondary_compressive", "ineffective_extrinsic"),
    ),
    "e_tnfrsf11a": (
        "diagnosis",
        ("OPTB7", "diagnostic", "homozygous", "patient", "secondary_compressive", "indicated"),
    ),
    "f_nothing_found": ("nothing_found", None),
    "g_ikbkg": (
        "possible",
        ("OLEDAID", "possible", "hemizygous", "if_confirmed", "uncertain", "case_by_case_immune_indication"),
    ),
    "h_tnfrsf11a_het": ("diagnosis", ("FEO", "diagnostic", "dominant_het", "patient", "uncertain", "not_established")),
    "h_tnfrsf11a_hom": (
        "diagnosis",
        ("FEO", "diagnostic", "homozygous", "gene_general", "uncertain", "not_established"),
    ),
    "i_ostm1_one_run": (
        "diagnosis",
        ("OPTB5", "diagnostic", "homozygous", "patient", "primary_progressive", "not_recommended_neurodegeneration"),
    ),
}
ZYGOSITY = {"0/1": "heterozygous", "1/1": "homozygous", "1": "hemizygous"}


def without_coordinates(case: dict) -> dict:
    """The case without what may differ between the assemblies."""
    kept = {key: value for key, value in case.items() if key not in ("assembly", "provenance", "case_id")}
    places = ("key", "contig", "pos", "end")
    kept["findings"] = [
        {key: value for key, value in finding.items() if key != "hgvs_g"}
        | {"variant": {key: value for key, value in finding["variant"].items() if key not in places}}
        | {"roh": {key: finding["roh"].get(key) for key in ("state", "consistent_with", "explanations")}}
        for finding in case["findings"]
    ]
    kept["genes"] = [without_places(gene) for gene in case["genes"]]
    kept["autozygosity"] = {k: case["autozygosity"][k] for k in ("assessable", "pattern", "n_usable")}
    return kept


@pytest.mark.parametrize("name", NAMES)
def test_each_example_gives_its_answer_and_the_same_one_on_both_assemblies(exomes, tmp_path, name):
    cases = []
    for assembly in Assembly:
        out = tmp_path / assembly
        done = CliRunner().invoke(main, ["run", str(exomes[name, assembly]), "-o", str(out), "--date", "2026-01-31"])
        assert done.exit_code == 0, done.output
        assert len(done.output.splitlines()) == 6
        cases.append(json.loads((out / "case.json").read_text(encoding="utf-8")))
    grch37, grch38 = cases
    assert [case["assembly"]["name"] for case in cases] == ["GRCh37", "GRCh38"]
    assert without_coordinates(grch37) == without_coordinates(grch38)
    code, expected = ANSWERS[name]
    assert grch38["answer"]["code"] == code
    matches = [
        (m["id"], m["status"], m["basis"], applies, m["neurology"]["class"], m["transplant"]["class"])
        for m in grch38["subtypes"]
        for applies in {s["applies"] for s in m["statements"]} - {"gene_general"} or {"gene_general"}
    ]
    assert matches == ([expected] if expected else [])
    recipe = demo.recipe(name)
    named = {f["variant"]["key"]: f for f in grch38["findings"]}
    for allele in recipe.alleles:
        if allele.grch38 not in named:
            assert name == "f_nothing_found"  # genes beyond the core panel
            continue
        finding = named[allele.grch38]
        assert f"{finding['hgvs_c']} {finding['hgvs_p']}" == allele.name
        assert finding["zygosity"] == ZYGOSITY[allele.gt]
        assert finding["gene"] == allele.gene
    accounting = grch38["provenance"]["accounting"]
    assert accounting["records_in"] == len(read(exomes[name, Assembly.GRCH38]))
    assert accounting["reported"] + sum(accounting["filtered"].values()) == accounting["records_in"]
    assert grch38["provenance"]["synthetic"] is True
    assert grch38["sample"]["sex"]["inferred"] == recipe.sex
