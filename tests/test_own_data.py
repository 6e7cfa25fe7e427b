"""`varmio data build --gff --reference`: what a user's own annotation and genome add, checked before it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.exome import GRCH38, Call, call, run_calls
from tests.fasta import locus, short, sparse
from tests.test_genome import intron_insertion
from tests.test_remote import Service, replaced, service, waits  # noqa: F401 - fixtures
from varmio import own_data, remote
from varmio.cli import main
from varmio.model import Assembly, Transcript, Variant
from varmio.readers import reference

GENE = "OSTM1"  # minus strand
OTHER = "NC_000006.11"


def refseq_gtf(t: Transcript) -> list[str]:
    """RefSeq's GTF: the stop codon apart, a tag for MANE."""
    said = f'gene_id "{t.gene}"; transcript_id "{t.accession}"; protein_id "{t.protein}"; tag "MANE Select"; '
    stop = (t.cds_start, t.cds_start + 3) if t.strand == -1 else (t.cds_end - 3, t.cds_end)
    coding = [(max(s, stop[1]), e) if t.strand == -1 else (s, min(e, stop[0])) for s, e in t.coding]
    places = [*(("exon", *e) for e in t.exons), *(("CDS", *c) for c in coding if c[0] < c[1]), ("stop_codon", *stop)]
    return [line(t.refseq_contig, t, *place, said) for place in places]


def spreadsheet_gtf(t: Transcript) -> list[str]:
    """The same after a spreadsheet: column 9 in quotes, its own quotes doubled."""
    rows = [row.split("\t") for row in refseq_gtf(t)]
    return ["\t".join((*row[:8], '"' + row[8].replace('"', '""') + '"')) for row in rows]


def ensembl_gff3(t: Transcript) -> list[str]:
    """Ensembl's GFF3: the version of a transcript stands on its own line only."""
    plain = t.ensembl.partition(".")[0]
    head = line(t.contig, t, "mRNA", t.start, t.end, f"ID=transcript:{plain};version=8;tag=MANE_Select")
    places = [*(("exon", *e) for e in t.exons), *(("CDS", *c) for c in t.coding)]
    return [head, *(line(t.contig, t, *place, f"Parent=transcript:{plain}") for place in places)]


def mane_gff3(t: Transcript) -> list[str]:
    """MANE's GFF3: Ensembl names, RefSeq's under Dbxref."""
    said = f"Parent={t.ensembl};transcript_id={t.ensembl};tag=basic,MANE_Select;Dbxref=RefSeq:{t.accession}"
    places = [*(("exon", *e) for e in t.exons), *(("CDS", *c) for c in t.coding)]
    return [line(f"chr{t.contig}", t, *place, said) for place in places]


def line(contig: str, t: Transcript, feature: str, start: int, end: int, said: str) -> str:
    return "\t".join((contig, "test", feature, str(start + 1), str(end), ".", "+" if t.strand == 1 else "-", ".", said))


def files(folder: Path, dialect: Callable[[Transcript], list[str]], *genes: str) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    annotation = folder / "genes.gff"
    rows = [row for gene in genes for row in dialect(locus(gene, GRCH38)[0])]
    annotation.write_text("#!genome-build GRCh38\n" + "\n".join(rows) + "\n")
    return annotation, sparse(folder / "genome.fa", GRCH38, *genes)


def build(annotation: Path, fasta: Path, out: Path, *options: str, code: int = 0) -> str:
    """What the command says, on stdout and stderr."""
    words = ["data", "build", "--gff", str(annotation), "--reference", str(fasta), "-o", str(out), *options]
    result = CliRunner().invoke(main, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("dialect", [refseq_gtf, spreadsheet_gtf, ensembl_gff3, mane_gff3])
@pytest.mark.parametrize("gene", ["OSTM1", "SNX10"])
def test_every_dialect_gives_the_shipped_transcript_and_all_its_bases(
    dialect: Callable[[Transcript], list[str]], gene: str, tmp_path: Path
) -> None:
    said = build(*files(tmp_path, dialect, gene), tmp_path / "own")
    assert f"genes on GRCh38 are whole in {tmp_path / 'own' / 'GRCh38'}: {gene}" in said
    read = reference.with_own(reference.load(GRCH38), tmp_path / "own" / "GRCh38")
    transcript, start, bases = locus(gene, GRCH38)
    assert read.transcripts == reference.load(GRCH38).transcripts
    assert read.sequence.bases(transcript.contig, start + 1_000, start + len(bases) - 1_000) == bases[1_000:-1_000]


def test_a_run_reads_the_folder_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(*files(tmp_path / "files", refseq_gtf, GENE), tmp_path / "own")
    called = [Call(intron_insertion(GENE, GRCH38))]
    assert run_calls(tmp_path, GRCH38, called).case["findings"][0]["hgvs_c"] is None
    monkeypatch.setenv("VARMIO_DATA_DIR", str(tmp_path / "own"))
    case = run_calls(tmp_path, GRCH38, called).case
    assert case["findings"][0]["hgvs_c"].endswith("dup")
    named = [r for r in case["provenance"]["resources"] if r["name"] == reference.SEQUENCE]
    assert [r["source"] for r in named] == ["cut from genes.gff and genome.fa"]
    status = json.loads(CliRunner().invoke(main, ["data", "status", "--json"]).output)
    assert status["genes"][GENE]["transcripts"]["NM_014028.4"]["locus"] == ["GRCh38"]


def test_what_was_built_before_stays(tmp_path: Path) -> None:
    build(*files(tmp_path / "a", refseq_gtf, "OSTM1"), tmp_path / "own")
    build(*files(tmp_path / "b", refseq_gtf, "SNX10"), tmp_path / "own")
    read = reference.with_own(reference.load(GRCH38), tmp_path / "own" / "GRCh38")
    for gene in ("OSTM1", "SNX10"):
        transcript = locus(gene, GRCH38)[0]
        assert read.sequence.bases(transcript.contig, transcript.start, transcript.end) is not None


def test_a_damaged_folder_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(*files(tmp_path / "files", refseq_gtf, GENE), tmp_path / "own")
    (tmp_path / "own" / "GRCh38" / reference.SEQUENCE).write_bytes(b"cut")
    monkeypatch.setenv("VARMIO_DATA_DIR", str(tmp_path / "own"))
    result = CliRunner().invoke(main, ["data", "status"])
    assert result.exit_code == 4
    assert "its bytes are not those" in result.output


# ------------------------------------------------------------------ genes that are not shipped


def made_up(strand: int) -> tuple[Transcript, str]:
    """A gene of two exons on chromosome 7, in the first bases of FAM20C's contig: (transcript, plus-strand bases)."""
    coding = "ATG" + "GCTGAACGT" * 8 + "TAA"
    start, first = 10_000, coding[:40]
    intron = "GT" + "CACTTGCAAC" * 20 + "AG"
    plus = "CCTTC" + first + intron + coding[40:] + "GGTTC"
    if strand == -1:
        plus = plus[::-1].translate(str.maketrans("ACGT", "TGCA"))
    sizes = (5 + 40, len(coding) - 40 + 5)
    left, right = sizes if strand == 1 else sizes[::-1]
    exons = ((start, start + left), (start + len(plus) - right, start + len(plus)))
    made = Transcript(
        *("MADEUP1", "HGNC:99999", "NM_999999.1", "NP_999999.1", "ENST00000999999.1", "MANE Select", GRCH38),
        *("7", "NC_000007.14", strand, exons, start + 5, start + len(plus) - 5, coding),
    )  # fmt: skip
    return made, plus


def with_made_up(folder: Path, strand: int, bases: str | None = None) -> tuple[Path, Path, Path]:
    """(annotation, genome, panel) of the made-up gene."""
    transcript, plus = made_up(strand)
    fasta = short(folder / "chr7.fa", "FAM20C", GRCH38, (transcript.start, bases or plus))
    annotation = folder / "genes.gtf"
    annotation.write_text("\n".join(refseq_gtf(transcript)) + "\n")
    panel = folder / "panel.yaml"
    panel.write_text(
        "name: made_up\nversion: 2026.11.0\ngenes:\n"
        "  - {symbol: MADEUP1, hgnc: 'HGNC:99999', protein: MADEUP1, core: false, null_is_pathogenic: false,\n"
        "     transcripts: [{refseq: NM_999999.1, ensembl: ENST00000999999.1}]}\n"
    )
    return annotation, fasta, panel


@pytest.mark.parametrize("strand", [1, -1])
def test_a_panel_of_a_gene_that_is_not_shipped_runs_end_to_end(
    strand: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotation, fasta, panel = with_made_up(tmp_path, strand)
    build(annotation, fasta, tmp_path / "own", "--panel", str(panel), "--assembly", "GRCh38")
    (read,) = [t for t in own_transcripts(tmp_path) if t.gene == "MADEUP1"]
    assert read == made_up(strand)[0]
    monkeypatch.setenv("VARMIO_DATA_DIR", str(tmp_path / "own"))
    transcript, plus = made_up(strand)
    where = transcript.exons[0][1] - 3 if strand == 1 else transcript.exons[1][0] + 2
    base = plus[where - transcript.start]
    called = [call("6-108064285-ACT-A"), Call(Variant("7", where + 1, base, "A" if base != "A" else "C"))]
    case = run_calls(tmp_path, GRCH38, called, "--panel", str(panel)).case
    (finding,) = case["findings"]
    assert (finding["gene"], finding["consequences"][0]) == ("MADEUP1", "missense_variant")
    assert finding["hgvs_c"].startswith("c.38")
    assert finding["frequency"]["state"] == "not_looked_up"  # the shipped list was not made for this gene


def own_transcripts(folder: Path) -> tuple[Transcript, ...]:
    return reference.with_own(reference.load(GRCH38), folder / "own" / "GRCh38").transcripts


# ------------------------------------------------------------------ what does not fit


def test_a_coding_sequence_that_is_not_whole_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    _, plus = made_up(1)
    annotation, fasta, panel = with_made_up(tmp_path, 1, plus.replace("ATGG", "ACGG", 1))
    said = build(annotation, fasta, tmp_path / "own", "--panel", str(panel), "--assembly", "GRCh38", code=4)
    assert "does not start with ATG" in said
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(
    ("cds", "fault"),
    [
        ("ATGGCNTAA", "other than A, C, G and T"),
        ("ATGGCTA", "7 bases, no whole codons"),
        ("", "0 bases, no whole codons"),
        ("ATGGCCGCC", "does not end with a stop"),
        ("ATGTAGTAA", "a stop before its end"),
    ],
)
def test_faults_of_a_coding_sequence(cds: str, fault: str) -> None:
    assert fault in (own_data.coding_fault(cds) or "")


def moved(t: Transcript) -> list[str]:
    """Every place one base further."""
    rows = [row.split("\t") for row in refseq_gtf(t)]
    return ["\t".join((*r[:3], str(int(r[3]) + 1), str(int(r[4]) + 1), *r[5:])) for r in rows]


def of_grch37(t: Transcript) -> list[str]:
    return [row.replace(t.refseq_contig, OTHER) for row in refseq_gtf(t)]


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        (moved, "NM_014028.4 does not lie where it lies on GRCh38"),
        (of_grch37, f"{OTHER} is that of GRCh37, and the genome is GRCh38"),
        (lambda _: ["6\ttest\texon\t1\t2"], "line 2 has 5 columns instead of 9"),
        (lambda t: [row.replace("\t-\t", "\t?\t") for row in refseq_gtf(t)], "has no place that can be read"),
        (lambda _: ["# nothing"], "holds no feature"),
    ],
)
def test_an_annotation_that_does_not_fit_is_one_line(
    dialect: Callable[[Transcript], list[str]], said: str, tmp_path: Path
) -> None:
    output = build(*files(tmp_path, dialect, GENE), tmp_path / "own", code=4)
    assert said in output
    assert len(output.strip().splitlines()) == 1


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    annotation, _, panel = with_made_up(tmp_path, 1)
    alone = CliRunner().invoke(main, ["data", "build", "--gff", str(annotation)])
    assert (alone.exit_code, "give --gff and --reference together" in alone.output) == (2, True)
    fasta = tmp_path / "chr7.fa"
    assert "Add --assembly" in build(annotation, fasta, tmp_path / "own", "--panel", str(panel), code=2)


def test_genes_that_the_files_do_not_hold_are_counted(tmp_path: Path) -> None:
    said = build(*files(tmp_path, refseq_gtf, GENE), tmp_path / "own")
    assert "more transcripts that these files do not hold" in said


@pytest.mark.parametrize("assembly", list(Assembly))
def test_the_usual_folder(assembly: Assembly, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from varmio import resources

    monkeypatch.delenv("VARMIO_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert resources.own_folder(assembly) == tmp_path / "varmio" / assembly
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resources.own_folder(assembly) == tmp_path / ".local" / "share" / "varmio" / assembly


# ------------------------------------------------------------------ fetched

CUSTOM = Path(__file__).parents[1] / "examples" / "panel_custom.yaml"  # CYP27B1, TRAF6, WNT1
FETCHED = ("CYP27B1", "TRAF6", "WNT1")


class Contig:
    """A contig of the test genome, as far as it is asked for."""

    def __init__(self, assembly: str, contig: str) -> None:
        held = (locus(gene, Assembly(assembly)) for gene in FETCHED)
        self.loci = [(start, bases) for t, start, bases in held if t.contig == contig]

    def __getitem__(self, asked: slice) -> str:
        whole = ["N"] * (asked.stop - asked.start)
        for start, bases in self.loci:
            low, high = max(start, asked.start), min(start + len(bases), asked.stop)
            if low < high:
                whole[low - asked.start : high - asked.start] = bases[low - start : high - start].lower()
        return "".join(whole)


def fetched(at: Service, out: Path, *options: str, code: int = 0) -> str:
    words = ["data", "fetch", "--base-url", at.url, "--panel", str(CUSTOM), "-o", str(out), *options]
    result = CliRunner().invoke(main, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("name", remote.SERVICES)
def test_what_is_fetched_is_checked_kept_and_not_asked_for_again(
    service: Service,  # noqa: F811
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.test_remote.genome", Contig)
    said = fetched(service, tmp_path, "--service", name)
    assert [line.partition(" are now")[0] for line in said.splitlines()] == ["3 genes on GRCh37", "3 genes on GRCh38"]
    asked = len(service.paths)
    assert fetched(service, tmp_path, "--service", name).count("was whole already") == 2
    assert len(service.paths) == asked
    assert sorted(p.name for p in (tmp_path / "GRCh38").iterdir()) == sorted(
        ("MANIFEST.json", reference.CDS, reference.SEQUENCE, reference.TRANSCRIPTS)
    )
    for assembly in Assembly:
        read = reference.with_own(reference.load(assembly), tmp_path / assembly)
        for gene in FETCHED:
            transcript, start, bases = locus(gene, assembly)
            end = start + len(bases)
            assert read.sequence.bases(transcript.contig, start + 1_000, end - 1_000) == bases[1_000:-1_000]


def test_other_bases_than_the_shipped_ones_are_refused(
    service: Service,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.test_remote.genome", lambda *_: Contig("GRCh37", "none"))  # N everywhere
    said = fetched(service, tmp_path, "--assembly", "GRCh38", code=4)
    assert "coding bases differ from the shipped sequence" in said
    assert not (tmp_path / "GRCh38" / "MANIFEST.json").exists()


def test_a_service_that_refuses_is_one_line_and_the_next_fetch_goes_on(
    service: Service,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.test_remote.genome", Contig)
    service.faults = [None, replaced(403)]
    said = fetched(service, tmp_path, "--assembly", "GRCh38", code=4)
    assert len(said.strip().splitlines()) == 1
    assert "data build --gff" in said
    before = list(service.paths)
    assert "3 genes on GRCh38" in fetched(service, tmp_path, "--assembly", "GRCh38")
    assert before[0] not in service.paths[len(before) :]
