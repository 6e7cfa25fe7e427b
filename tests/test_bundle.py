"""The shipped bundle: whole, small, dated, and the same bytes from the same source."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from varmio import bundle, resources
from varmio.errors import ResourceError
from varmio.model import Assembly, Variant
from varmio.readers import evidence, reference

SOURCE = Path(__file__).parents[2] / "shared"


def copy_of_bundle(folder: Path) -> Path:
    for entry in resources.manifest():
        shutil.copy(resources.FOLDER / entry["name"], folder)
    shutil.copy(resources.FOLDER / resources.MANIFEST, folder)
    return folder


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    """Change the text of a resource and its sha256, so that only its content is wrong."""
    import hashlib

    text = resources.read(name, folder)
    assert old in text
    packed = gzip.compress(text.replace(old, new, 1).encode(), mtime=0)
    (folder / name).write_bytes(packed)
    listed = json.loads((folder / resources.MANIFEST).read_text())
    for entry in listed["resources"]:
        if entry["name"] == name:
            entry["sha256"] = hashlib.sha256(packed).hexdigest()
    (folder / resources.MANIFEST).write_text(json.dumps(listed))


# ------------------------------------------------------------------ what is shipped


def test_the_shipped_bundle_is_whole_and_small() -> None:
    assert bundle.verify() == []
    assert sum((resources.FOLDER / e["name"]).stat().st_size for e in resources.manifest()) < 400_000


def test_the_manifest_says_where_everything_comes_from() -> None:
    for entry in reference.manifest():
        assert entry["source"]
        assert entry["release"]
        assert entry["licence"]
        assert len(entry["sha256"]) == 64
        assert entry["rows"] > 0
    carried = next(e for e in resources.manifest() if e["name"] == evidence.CLINVAR_NEW)
    assert carried["rows"] == 276
    assert carried["left_out"] == {
        "gene without a shipped transcript": 2,
        "not carried to GRCh37: REF could not be checked": 3,
    }


def test_status_names_transcripts_loci_and_extracts() -> None:
    status = bundle.status()
    assert len(status["genes"]) == 38
    assert sum(len(gene["transcripts"]) for gene in status["genes"].values()) == 39
    assert status["genes"]["TCIRG1"]["transcripts"]["NM_006019.4"] == {"cds": True, "locus": ["GRCh37", "GRCh38"]}
    assert status["genes"]["IKBKG"]["transcripts"]["NM_001099857.5"]["locus"] == ["GRCh37"]
    assert status["genes"]["OSTM1"]["transcripts"]["NM_014028.4"]["locus"] == []
    assert {extract["date"] for extract in status["extracts"]} == {"2024-12-15", "2017-04", "2017-11", "2025-01-16"}
    json.dumps(status)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_both_assemblies_hold_39_transcripts_and_every_coding_base(assembly: Assembly) -> None:
    panel = reference.load(assembly)
    assert len(panel.transcripts) == 39
    for transcript in panel.transcripts:
        assert transcript.assembly is assembly
        for start, end in transcript.coding:
            assert panel.sequence.bases(transcript.contig, start, end) is not None
    for pieces in panel.sequence.pieces.values():
        for (start, bases), (following, _) in itertools.pairwise(pieces):
            assert start + len(bases) < following  # no overlap, no touching


def test_an_assemblys_own_base_is_kept_where_the_transcript_has_another() -> None:
    old, new = (reference.load(assembly).sequence for assembly in Assembly)
    assert old.bases("7", 139653195, 139653196) == "A"
    assert new.bases("7", 139953396, 139953397) == "C"


def test_loading_costs_little() -> None:
    code = (
        "import time\n"
        "from varmio.model import Assembly\n"
        "from varmio.readers import evidence, reference\n"
        "start = time.process_time()\n"
        "reference.load(Assembly.GRCH37); evidence.load(Assembly.GRCH37)\n"
        "print(time.process_time() - start)\n"
    )
    spent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(spent.stdout) < 0.2  # s; about 0.01 s where this was written


# ------------------------------------------------------------------ what is broken


def test_a_missing_resource_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    folder = copy_of_bundle(tmp_path)
    (folder / reference.CDS).unlink()
    with pytest.raises(ResourceError, match=r"cds\.tsv\.gz: the shipped resource is missing\. Reinstall"):
        reference.read(Assembly.GRCH38, folder)
    assert any("cds.tsv.gz" in problem for problem in bundle.verify(folder))
    with pytest.raises(ResourceError, match="cannot be read"):
        resources.manifest(tmp_path / "nowhere")


def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    folder = copy_of_bundle(tmp_path)
    path = folder / evidence.CLINVAR_OLD
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ResourceError, match="its bytes are not those"):
        evidence.read(Assembly.GRCH37, folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (reference.CDS, "NM_014028.4\tATG", "NM_014028.4\tATC", "does not start with ATG"),
        (reference.CDS, "NM_014028.4\tATGGAG", "NM_014028.4\tATGTAG", "not one stop"),
        (reference.CDS, "NM_014028.4\tATG", "NM_014028.4\tATGGCC", "differ in length"),
        (reference.CDS, "NM_006019.4\tATGGGC", "NM_006019.4\tATGGGT", "differ from the coding sequence at 1 base"),
        (evidence.CLINVAR_NEW, "6-108064285-ACT-A", "6-108064285-GCT-G", "REF differs from GRCh38"),
    ],
)
def test_verify_finds_what_is_wrong(tmp_path: Path, name: str, old: str, new: str, problem: str) -> None:
    folder = copy_of_bundle(tmp_path)
    rewrite(folder, name, old, new)
    assert any(problem in found for found in bundle.verify(folder))


# ------------------------------------------------------------------ building


def table(*lines: str) -> str:
    """Words as tab-separated columns; a dot is an empty one."""
    return "".join("\t".join("" if word == "." else word for word in line.split()) + "\n" for line in lines)


def small_source(folder: Path) -> Path:
    """One gene of two exons on both assemblies, 1,000 bases apart, with a fact of each kind."""
    (folder / "reference").mkdir(parents=True)
    (folder / "variants").mkdir()
    columns = (
        "gene hgnc NM NP ENST ENSP mane_status build chrom refseq_contig strand n_exons exon_starts exon_ends "
        "cds_start cds_end"
    )
    row = "TEST HGNC:1 NM_1.1 NP_1.1 ENST1.1 ENSP1.1 MANE_Select {0} 1 NC_000001.{1} + 2 {2},{3} {4},{5} {6} {7}"
    rows = [row.format("GRCh38", 11, 1001, 1101, 1020, 1120, 1011, 1108)]
    rows += [row.format("GRCh37", 10, 1, 101, 20, 120, 11, 108)]
    (folder / "reference" / "transcripts.tsv").write_text("# a comment\n" + table(columns, *rows))
    (folder / "reference" / "cds.fa").write_text(">TEST|NM_1.1|CDS|len=18|made\nATGGCTGCACCCGGG\nTAA\n")
    with gzip.open(folder / "reference" / "genomic.fa.gz", "wt") as handle:
        handle.write("")
    facts = (
        "gene contig pos ref alt variation_id significance review_status type molecular_consequence",
        "TEST 1 1013 G C 7 Pathogenic criteria_provided,_multiple snv SO:1|missense",
        "TEST 1 1030 G C 8 Pathogenic criteria_provided,_multiple snv SO:1|intron",
        "OTHER 1 5 G C 9 Pathogenic criteria_provided,_multiple snv SO:1|intron",
    )
    (folder / "variants" / "clinvar_2024-12_two_star_GRCh38.tsv").write_text(table(*facts))
    columns = (
        "gene chrom b37_pos b37_ref b37_alt b38_pos b38_ref b38_alt class latest_significance latest_from hgvs_c "
        "clinvar_id review_2016_05 review_2016_09 traits"
    )
    facts = (
        "TEST 1 13 G C 1013 G C P/LP Pathogenic ClinVar_2017-04_+_InterVar NM_1.1:c.3G>C 7 . . A_disease",
        "TEST 1 14 G C 1014 G C P/LP Pathogenic ClinVar_2017-04 NM_1.1:c.5C>G 7 . . .",
    )
    (folder / "variants" / "clinvar_2016_2017_public.tsv").write_text(table(columns, *facts))
    columns = (
        "gene chrom b37_pos b37_ref b37_alt b38_pos b38_ref b38_alt population AF AF_relation AC AN n_hom filter "
        "source release"
    )
    alleles = (
        "TEST 1 14 G A 1014 G A global 0.01 = 1 100 0 PASS gnomAD r1",
        "TEST 1 14 G A 1014 G A AFR 0.03 = 3 100 2 PASS ExAC_via_list r2",
        "TEST 1 14 G A 1014 G A OTH 0.5 = 3 100 9 PASS ExAC r2",
        "TEST 1 14 G A 1014 G A YRI 0.6 = 3 100 9 PASS 1000G r2",
        "TEST 1 14 G A 1014 G A EAS 0.7 = 3 100 9 VQSRTranche ExAC r2",
        "TEST 1 16 T A 1016 T A global 0.0002 >= . . . PASS gnomAD r2",
    )
    (folder / "variants" / "population.tsv").write_text(table(columns, *alleles))
    return folder


def test_build_from_a_small_source(tmp_path: Path) -> None:
    source, out = small_source(tmp_path / "source"), tmp_path / "out"
    listed = {entry["name"]: entry for entry in bundle.build(source, out)}
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    bundle.build(source, out)
    assert first == {path.name: path.read_bytes() for path in out.iterdir()}
    new = listed[evidence.CLINVAR_NEW]
    assert (new["rows"], new["left_out"]) == (
        2,
        {"gene without a shipped transcript": 1, "not carried to GRCh37: REF could not be checked": 1},
    )
    assert listed[evidence.CLINVAR_OLD]["left_out"] == {"the source's HGVS name is of another allele": 1}
    facts = evidence.read(Assembly.GRCH37, out)
    clinvar = facts.clinvar(Variant("1", 13, "G", "C"))
    assert clinvar is not None
    assert (clinvar.traits, clinvar.decides, clinvar.date) == (("A_disease",), True, "2024-12-15")
    frequency = facts.frequency(Variant("1", 14, "G", "A"), 0)
    assert (frequency.max_af, frequency.population, frequency.homozygotes) == (0.03, "AFR", 2)


def test_build_refuses_a_source_that_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"transcripts\.tsv: .* needs reference/ and variants/"):
        bundle.build(tmp_path, tmp_path / "out")
    source = small_source(tmp_path / "source")
    (source / "reference" / "cds.fa").write_text(">TEST|NM_1.1|CDS|len=18|made\nATGGCTGCATAAGGGTAA\n")
    with pytest.raises(ResourceError, match="not one stop"):
        bundle.build(source, tmp_path / "out")


@pytest.mark.skipif(not (SOURCE / "reference" / "cds.fa").exists(), reason="the curated source tables are not here")
def test_the_shipped_files_are_what_the_source_builds(tmp_path: Path) -> None:
    bundle.build(SOURCE, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (resources.FOLDER / path.name).read_bytes(), path.name
