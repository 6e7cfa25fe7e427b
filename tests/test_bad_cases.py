"""Bad input by hand, through the command line: one line that says where, what and what to do; nothing written.

Faults of the text in every packing are in test_bad_input.py, those of the command line in test_cli.py.
"""

from __future__ import annotations

import bz2
import gzip
import io
import os
import re
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from tests.exome import GRCH37, GRCH38, call, vcf_text
from tests.one_run import Run, faults, run_once

OSTM1 = call("6-108064285-ACT-A")
GOOD = vcf_text(GRCH38, [OSTM1, *(call(f"2-{30_000_000 + 40 * i}-A-G", "0/1") for i in range(1500))])
ONE = vcf_text(GRCH38, [OSTM1])
ROW = ONE.splitlines()[-1]
HEAD = ONE[: ONE.index("#CHROM")]
TITLES = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tCHILD\n"
# the word that begins what to do; or the command or option that is to be used
ADVICE = re.compile(
    r"(?:^|[.:;(] )(?:Pass|Give|Check|Say|Make|Remove|Write|Drop|Copy|Ask|Free|Add|Unpack|Name|Fetch|Export|Mend|"
    r"Convert|Compress|Put|Run|Use|Keep|Index|Sort|Save|Split|Decompress|Pipe|Start|Recompress|Restore|Did you mean)\b"
    r"|--\w+|bcftools |tabix |The columns are"
)
Maker = Callable[[Path], Path]


def run(path: Path, *options: str) -> Run:
    folder = path.parent / f"run{len(list(path.parent.glob('run*')))}"
    folder.mkdir()
    return run_once(path, folder, *options)


def held(name: str, data: bytes | str) -> Maker:
    """Makes a file of these bytes."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return make


def bgzf(text: str, folder: Path) -> Path:
    path = folder / "child.vcf.gz"
    with pysam.BGZFile(str(path), "wb") as out:
        out.write(text.encode())
    return path


def bcf(folder: Path) -> Path:
    text = GOOD.replace("#CHROM", "".join(
        f'##FORMAT=<ID={key},Number=.,Type={kind},Description="{key}">\n'
        for key, kind in (("GT", "String"), ("DP", "Integer"), ("AD", "Integer"), ("GQ", "Integer"))
    ).replace("GT,Number=.", "GT,Number=1") + "#CHROM", 1)  # fmt: skip
    source, path = folder / "source.vcf", folder / "child.bcf"
    source.write_text(text, encoding="ascii")
    pysam.bcftools.view("-O", "b", "-o", str(path), str(source), catch_stdout=False)
    source.unlink()
    return path


def cut(make: Maker, share: float) -> Maker:
    """The file with only this share of its bytes; negative: that many bytes fewer."""

    def made(folder: Path) -> Path:
        path = make(folder)
        data = path.read_bytes()
        path.write_bytes(data[: int(share * len(data))] if share > 0 else data[: int(share)])
        return path

    return made


def packed(folder: Path) -> Path:
    return bgzf(GOOD, folder)


def gzipped(folder: Path) -> Path:
    return held("child.vcf.gz", gzip.compress(GOOD.encode(), mtime=0))(folder)


def tarred(folder: Path) -> Path:
    path = folder / "child.vcf.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("child.vcf")
        info.size = len(GOOD)
        archive.addfile(info, io.BytesIO(GOOD.encode()))
    return path


def at_block_end(folder: Path) -> Path:
    """A BGZF file cut exactly between two blocks, which no checksum can tell."""
    path = bgzf(GOOD, folder)
    data = path.read_bytes()
    path.write_bytes(data[: int.from_bytes(data[16:18], "little") + 1])
    return path


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.vcf")
    return folder / "pipe.vcf"


def listening(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as door:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path is short
        try:
            door.bind("s.vcf")
        finally:
            os.chdir(here)
    return folder / "s.vcf"


def link(target: str) -> Maker:
    def make(folder: Path) -> Path:
        (folder / "link.vcf").symlink_to(target)
        return folder / "link.vcf"

    return make


def folder_named_vcf(folder: Path) -> Path:
    (folder / "child.vcf.gz").mkdir()
    return folder / "child.vcf.gz"


def rows(*lines: str) -> str:
    return HEAD + TITLES + "".join(f"{line}\n" for line in lines)


def column(at: int, value: str) -> str:
    """The one record with another value in a column."""
    columns = ROW.split("\t")
    columns[at] = value
    return "\t".join(columns)


def lengths(*pairs: str) -> str:
    """The good file with other contig lines."""
    lines = "".join(f"##contig=<ID={pair.split(':')[0]},length={pair.split(':')[1]}>\n" for pair in pairs)
    return f"##fileformat=VCFv4.2\n{lines}{TITLES}{ROW}\n"


# name -> what makes the file, exit code, words of the line
CASES: dict[str, tuple[Maker, int, str]] = {
    # what the path is
    "no such file": (lambda folder: folder / "absent.vcf.gz", 2, "no such file"),
    "a folder with a VCF's name": (folder_named_vcf, 3, "is a folder"),
    "a link to nothing": (link("nowhere.vcf"), 2, "no such file"),
    "a link to itself": (link("link.vcf"), 3, "opened"),
    "a pipe that nobody writes to": (fifo, 3, "pipe"),
    "a socket": (listening, 3, "device"),
    "a device": (link("/dev/zero"), 3, "device"),
    # what is in it
    "a CSV table": (held("child.vcf", "chrom,pos,ref,alt\n6,108064285,ACT,A\n"), 3, "not a VCF"),
    "JSON": (held("child.vcf", '{"schema_version": "1.0"}'), 3, "not a VCF"),
    "a PDF": (held("child.vcf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), 3, "not a VCF"),
    "a spreadsheet": (held("child.vcf", b"PK\x03\x04\x14\x00" + b"\x00" * 90), 3, "ZIP"),
    "a FASTQ": (held("child.vcf.gz", gzip.compress(b"@r1\nACGT\n+\nIIII\n")), 3, "not a VCF"),
    "an archive": (tarred, 3, "not a VCF"),
    "bzip2 named .vcf.gz": (held("child.vcf.gz", bz2.compress(GOOD.encode())), 3, "bzip2"),
    "an index named .vcf.gz": (held("child.vcf.gz", gzip.compress(b"TBI\x01" + b"\x00" * 60)), 3, "index"),
    "only zeros, packed 1000 to 1": (held("child.vcf.gz", gzip.compress(bytes(64 << 20), 9)), 3, "not a VCF"),
    # cut off, at each layer
    "gzip, half of it": (cut(gzipped, 0.5), 3, "cut off"),
    "gzip, without its checksum": (cut(gzipped, -8), 3, "cut off"),
    "gzip, only its header": (cut(gzipped, -int(len(gzip.compress(GOOD.encode(), mtime=0)) - 10)), 3, "cut off"),
    "BGZF, inside a block": (cut(packed, 0.5), 3, "cut off"),
    "BGZF, between two blocks": (at_block_end, 3, "end marker"),
    "BCF, in its header": (cut(bcf, 0.02), 3, "cut off"),
    "BCF, in its records": (cut(bcf, 0.6), 3, "cut off"),
    "text, in a ## line": (held("child.vcf", HEAD[:200]), 3, "no #CHROM line"),
    "text, in the #CHROM line": (held("child.vcf", HEAD + TITLES[:20]), 3, "VCF columns"),
    "text, in the FORMAT title": (held("child.vcf", HEAD + TITLES[:44]), 3, "no sample column"),
    "text, after the header": (held("child.vcf", HEAD + TITLES), 3, "no record"),
    "text, in its only record": (held("child.vcf", rows()[:-1] + "\n" + ROW[:30]), 3, "fewer columns"),
    # header and columns
    "one sample twice": (
        held("child.vcf", (HEAD + TITLES + ROW + "\n").replace("CHILD", "CHILD\tCHILD")), 3, "two columns"),
    "sites only": (held("child.vcf", rows(ROW).replace("\tFORMAT\tCHILD", "")), 3, "no sample column"),
    "tabs turned to spaces": (held("child.vcf", rows(ROW).replace("\t", "    ")), 3, "tabs do not separate"),
    "records split at spaces": (held("child.vcf", rows(ROW.replace("\t", " "))), 3, "tabs"),
    "a column too many": (held("child.vcf", rows(ROW + "\tx")), 3, "more columns"),
    "NUL bytes in the header": (held("child.vcf", rows(ROW).replace("##contig", "\0##contig", 1)), 3, "##"),
    "NUL bytes in the record": (held("child.vcf", rows(ROW.replace("PASS", "PA\0SS"))), 3, "NUL"),
    "two files one after the other": (held("child.vcf", ONE + ONE), 3, "two files were joined"),
    "a 10-MB header line without tabs": (held("child.vcf", HEAD + "#CHROM" + "x" * 10_000_000 + "\n"), 3, "tabs"),
    "a 10-MB line that is no record": (held("child.vcf", rows("x" * 10_000_000)), 3, "tabs"),
    # values
    "POS with thousands separators": (held("child.vcf", rows(column(1, "108,064,285"))), 3, "POS is not a number"),
    "negative POS": (held("child.vcf", rows(column(1, "-5"))), 3, "POS is not a number"),
    "REF and ALT of a spreadsheet": (held("child.vcf", rows(column(3, "ACT/A"))), 3, "REF is not bases"),
    "ALT '-'": (held("child.vcf", rows(column(4, "-"))), 3, "ALT is neither"),
    "genotype as letters": (held("child.vcf", rows(column(9, "A/G:50:0,50:99"))), 3, "GT is not a genotype"),
    "an allele that is not there": (held("child.vcf", rows(column(9, "0/2:50:0,50:99"))), 3, "GT names an allele"),
    # which genome
    "no witness of the assembly": (held("child.vcf", "##fileformat=VCFv4.2\n" + TITLES + ROW + "\n"), 3, "--assembly"),
    "contigs of both assemblies": (held("child.vcf", lengths("1:248956422", "2:243199373", "6:171115067")), 3, "GRCh3"),
    "contigs of NCBI36": (held("child.vcf", lengths("1:247249719", "2:242951149", "6:170899992")), 3, "GRCh3"),
    "contigs of a mouse": (held("child.vcf", lengths("1:195471971", "2:182113224", "6:149736546")), 3, "GRCh3"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_line_and_nothing_written(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("varmio.readers.vcf_source.PIPE_WAIT_S", 0.05)
    make, code, words = CASES[case]
    check(run(make(tmp_path)), code, words)


def check(done: Run, code: int, words: str) -> None:
    assert faults(done) == []
    assert done.exit_code == code, done.error
    assert done.path.name in done.error, "where"
    assert words in done.error, "what"
    assert ADVICE.search(done.error), f"what to do: {done.error}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = held("child.vcf", ONE)(tmp_path)
    path.chmod(0)
    check(run(path), 3, "permission denied")


# --------------------------------------------------------------------------- the index beside the file


def indexed(folder: Path, text: str = GOOD, csi: bool = False) -> tuple[Path, Path]:
    path = bgzf(text, folder)
    pysam.tabix_index(str(path), preset="vcf", force=True, csi=csi)
    return path, Path(f"{path}.{'csi' if csi else 'tbi'}")


def sorted_text(count: int) -> str:
    """Many panel records, so that the index leads to several blocks."""
    calls = [OSTM1, *(call(f"6-{108_050_000 + i}-A-G", "0/1") for i in range(0, count, 2))]
    return vcf_text(GRCH38, calls)


@pytest.mark.parametrize("csi", [False, True])
def test_an_index_older_than_a_changed_file_is_refused(csi: bool, tmp_path: Path) -> None:
    _, index = indexed(tmp_path, sorted_text(8000), csi)
    stale = index.read_bytes()
    path, _ = indexed(tmp_path, vcf_text(GRCH38, [call(f"1-{p}-A-G", "0/1") for p in range(1, 90_000, 30)] + [OSTM1]))
    Path(f"{path}.tbi").unlink(missing_ok=True)
    index.write_bytes(stale)
    os.utime(index, (1, 1))
    check(run(path), 3, index.name)


def test_an_older_index_of_the_same_records_is_no_fault(tmp_path: Path) -> None:
    path, index = indexed(tmp_path)
    os.utime(index, (1, 1))
    assert run(path).exit_code == 0


@pytest.mark.parametrize("damage", ["cut", "text", "noise inside gzip", "of another file"])
def test_a_broken_index(damage: str, tmp_path: Path) -> None:
    path, index = indexed(tmp_path)
    whole = index.read_bytes()
    (tmp_path / "other").mkdir()
    other = indexed(tmp_path / "other", vcf_text(GRCH38, [call("1-500-A-G", "0/1")]))[1].read_bytes()
    damaged = {"cut": whole[:-30], "text": b"not an index", "of another file": other}
    index.write_bytes(damaged.get(damage, gzip.compress(b"TBI\1\xff\xff")))
    check(run(path), 3, index.name)


# --------------------------------------------------------------------------- options


def test_files_that_options_name(tmp_path: Path) -> None:
    path = held("child.vcf", ONE)(tmp_path)
    (tmp_path / "empty.yaml").write_text("", encoding="ascii")
    (tmp_path / "cut.yaml").write_text("name: [", encoding="ascii")
    (tmp_path / "noise.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "cut.tsv").write_text("chrom\tpos\n", encoding="ascii")
    (tmp_path / "noise.vcf").write_bytes(bytes(range(256)))
    for option, name in (
        ("--panel", "absent.yaml"), ("--panel", "empty.yaml"), ("--panel", "cut.yaml"), ("--panel", "noise.yaml"),
        ("--panel", "."), ("--evidence", "absent.vcf"), ("--evidence", "."), ("--evidence", "cut.tsv"),
        ("--evidence", "noise.vcf"),
    ):  # fmt: skip
        done = run(path, option, str(tmp_path / name))
        assert faults(done) == [], (option, name)
        assert done.exit_code in (2, 4), (option, name, done.error)
        assert (Path(name).name or tmp_path.name) in done.error
        assert option == "--panel" or ADVICE.search(done.error), done.error  # a panel's fault names line and key


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sample", "CHILDE"), "Did you mean CHILD?"),
        (("--sample", ""), "no sample ''"),
        (("--sample", "CHILD "), "Did you mean CHILD?"),
        (("--sample", "CHILD", "--sample", "NOBODY"), "no sample 'NOBODY'"),
        (("--date", "26.11.2026"), "YYYY-MM-DD"),
    ],
)
def test_options_that_do_not_fit(options: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = run(held("child.vcf", ONE)(tmp_path), *options)
    assert faults(done) == []
    assert (done.exit_code, words in done.error) == (2, True), done.error


def test_out_is_the_input_or_lies_under_it(tmp_path: Path) -> None:
    path = held("child.vcf", ONE)(tmp_path)
    for out in (path, path / "out"):
        done = run(path, "-o", str(out))
        assert (done.exit_code, done.crash) == (2, ""), done.error
    assert path.read_text(encoding="ascii") == ONE


def test_a_file_of_the_other_assembly_is_refused(tmp_path: Path) -> None:
    path = held("child.vcf", vcf_text(GRCH37, [call("6-108385489-ACT-A")]))(tmp_path)
    check(run(path, "--assembly", "GRCh38"), 3, "GRCh37")


# --------------------------------------------------------------------------- odd, but read


READ = {
    "text named .vcf.gz": held("child.vcf.gz", ONE),
    "text named .bcf": held("child.bcf", ONE),
    "gzip named .vcf": held("child.vcf", gzip.compress(ONE.encode())),
    "BGZF named .txt": lambda folder: bgzf(ONE, folder).rename(folder / "child.txt"),
    "a 10-MB INFO": held("child.vcf", rows(column(7, "X=" + "A" * 10_000_000))),
    "a 10-MB header line": held("child.vcf", ONE.replace("#CHROM", "##x=" + "A" * 10_000_000 + "\n#CHROM")),
    "a byte order mark": held("child.vcf", "\ufeff" + ONE),
    "gzip in two members": held("child.vcf.gz", b"".join(gzip.compress(t.encode()) for t in (ONE[:900], ONE[900:]))),
    "blank lines between": held("child.vcf", ONE.replace("\n6\t", "\n\n\n6\t")),
    "a link to it": lambda folder: link(held("child.vcf", ONE)(folder).name)(folder),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_odd_files_that_are_read(case: str, tmp_path: Path) -> None:
    done = run(READ[case](tmp_path))
    assert faults(done) == []
    assert done.exit_code == 0, done.error
    assert [f["hgvs_c"] for f in done.case["findings"]] == ["c.415_416del"]
