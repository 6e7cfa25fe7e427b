"""--reference: a genome of one's own names what the shipped bases cannot, and is refused where it is another."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.exome import GRCH37, GRCH38, Call, call, run_calls, run_file, vcf_text
from tests.fasta import locus, short, sparse
from varmio.errors import ResourceError
from varmio.model import Assembly, Variant
from varmio.readers import genome, reference

STOP = call("6-108064285-ACT-A")  # OSTM1 c.415_416del


def intron_insertion(gene: str, assembly: Assembly, distance: int = 12) -> Variant:
    """One more of the base that stands `distance` bases into the first intron of the plus strand."""
    transcript, start, bases = locus(gene, assembly)
    at = transcript.exons[0][1] + distance - start
    return Variant(transcript.contig, start + at + 1, bases[at], bases[at] * 2)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_an_intronic_duplication_has_a_name_where_the_genome_is_given(assembly: Assembly, tmp_path: Path) -> None:
    called = [Call(intron_insertion("OSTM1", assembly))]
    without = run_calls(tmp_path, assembly, called)
    (finding,) = without.case["findings"]
    assert finding["hgvs_c"] is None
    said = [limit for limit in without.case["limitations"] if "has no c. name" in limit["text"]]
    assert [(limit["gene"], limit["would_show"]) for limit in said] == [("OSTM1", limits_command())]
    fasta = sparse(tmp_path / "genome.fa", assembly, "OSTM1")
    given = run_calls(tmp_path, assembly, called, "--reference", str(fasta))
    (finding,) = given.case["findings"]
    assert finding["hgvs_c"].startswith("c.")
    assert finding["hgvs_c"].endswith("dup")
    assert "unnamed_reason" not in finding
    assert not any("has no c. name" in limit["text"] for limit in given.case["limitations"])
    assert {"name": "genome.fa", "use": "genome"} in given.case["provenance"]["inputs"]


def limits_command() -> str:
    from varmio.interpret.limitations import SEQUENCE

    return SEQUENCE


def refused(folder: Path, fasta: Path) -> str:
    vcf = folder / "refused.vcf"
    vcf.write_text(vcf_text(GRCH38, [STOP]))
    result = run_file(vcf, folder / "refused", "--reference", str(fasta))
    assert result.exit_code == 4
    assert not (folder / "refused").exists()
    return result.error


def test_names_that_were_known_stay_the_same(tmp_path: Path) -> None:
    fasta = sparse(tmp_path / "genome.fa", GRCH38, "OSTM1", prefix="")
    given = run_calls(tmp_path, GRCH38, [STOP], "--reference", str(fasta)).case
    without = run_calls(tmp_path, GRCH38, [STOP]).case
    assert given["findings"] == without["findings"]
    assert given["answer"] == without["answer"]


def test_every_base_of_a_gene_is_known_and_other_genes_keep_theirs(tmp_path: Path) -> None:
    shipped = reference.load(GRCH38)
    read = genome.with_genome(sparse(tmp_path / "genome.fa", GRCH38, "OSTM1"), shipped)
    transcript, start, bases = locus("OSTM1", GRCH38)
    low, high = transcript.start - 5_000, transcript.end + 5_000
    assert read.sequence.bases("6", low, high) == bases[low - start : high - start]
    assert read.sequence.pieces["7"] == shipped.sequence.pieces["7"]


def test_no_index_an_old_one_and_bgzf_are_read_and_nothing_is_written_beside(tmp_path: Path) -> None:
    import pysam

    plain = short(tmp_path / "chr7.fa", "FAM20C", GRCH38)
    shipped = only_chromosome_7()
    want = genome.with_genome(plain, shipped)
    assert want.sequence.bases("7", *span("FAM20C")) is not None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chr7.fa"]
    packed = tmp_path / "chr7.fa.gz"
    pysam.tabix_compress(str(plain), str(packed))
    assert genome.with_genome(packed, shipped) == want
    stale = Path(f"{plain}.fai")
    stale.write_text("chr7\t100\t6\t60\t61\n")
    os.utime(stale, (1, 1))
    assert genome.with_genome(plain, shipped) == want
    lower = tmp_path / "lower.fa"
    head, _, rest = plain.read_text().partition("\n")
    lower.write_text(f"{head}\n{rest.lower()}")
    assert genome.with_genome(lower, shipped) == want


def only_chromosome_7() -> reference.Reference:
    """FAM20C alone of its contig: the short genome ends before the others."""
    shipped = reference.load(GRCH38)
    return replace(shipped, transcripts=tuple(t for t in shipped.transcripts if t.gene in ("FAM20C", "OSTM1")))


def span(gene: str) -> tuple[int, int]:
    transcript, _, _ = locus(gene, GRCH38)
    return transcript.start, transcript.end


@pytest.mark.parametrize(
    ("put", "said"),
    [
        ("A" * 30, "coding bases of FAM20C are not those of NM_020223.4"),
        ("N" * 30, "30 coding bases of FAM20C are masked"),
    ],
)
def test_another_genome_is_refused(put: str, said: str, tmp_path: Path) -> None:
    start, _ = next(t for t in reference.load(GRCH38).transcripts if t.gene == "FAM20C").coding[0]
    path = short(tmp_path / "chr7.fa", "FAM20C", GRCH38, (start, put))
    with pytest.raises(ResourceError, match=said):
        genome.with_genome(path, only_chromosome_7())


def test_the_other_assembly_is_told_by_its_lengths_and_accessions(tmp_path: Path) -> None:
    fasta = sparse(tmp_path / "genome.fa", GRCH37, "OSTM1")
    said = refused(tmp_path, fasta)
    assert "chr6 is that of GRCh37, and the VCF is GRCh38" in said
    named = tmp_path / "named.fa"
    named.write_text(">NC_000006.11\nACGT\n")
    said = refused(tmp_path, named)
    assert "NC_000006.11 is that of GRCh37" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        (b"", "cannot be read as a FASTA"),
        (b"##fileformat=VCFv4.2\n#CHROM\n", "cannot be read as a FASTA"),
        (b">scaffold_1\nACGT\n", "holds no contig of a panel gene (its contigs: scaffold_1)"),
        (b">chr6\nACGT\nAC\nACGTACGT\n", "cannot be read as a FASTA"),
        (b">6\nACGTACGT\n", "its contig 6 ends before OSTM1"),
        (gzip.compress(b">6\nACGT\n", mtime=0), "cannot be read as a FASTA"),
        (b"\x1f\x8b\x08garbage", "cannot be read as a FASTA"),
    ],
)
def test_a_file_that_is_no_genome_is_one_line(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "genome.fa"
    if content is not None:
        path.write_bytes(content)
    error = refused(tmp_path, path)
    assert said in error
    assert len(error.strip().splitlines()) == 1
