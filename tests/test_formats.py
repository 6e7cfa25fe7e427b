"""One call set in every form that a laboratory hands over: the same scan, and the same findings."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pysam
import pysam.bcftools
import pytest
from click.testing import CliRunner

from tests.draw import draw
from tests.exome import GRCH37, GRCH38, Call, run_file, vcf_text
from tests.test_bad_input import TEXT_FAULTS
from tests.test_metamorphic import child, joined, records, told
from tests.test_vcf import CODING, HEADER, LOCI, row, text_of, write
from varmio.cli import main
from varmio.errors import InputError, UsageError, VarmioError
from varmio.model import Assembly
from varmio.readers import vcf, vcf_source
from varmio.readers.vcf_contigs import assembly_of_alias, plain_contig

DECLARED = (
    *HEADER,
    '##FILTER=<ID=q10,Description="low">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="reads">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="quality">',
    '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="phase set">',
    "##contig=<ID=1,length=249250621>",
    "##contig=<ID=X,length=155270560>",
    "##contig=<ID=chr6>",
)
ROWS = [
    *(row(contig="1", pos=p, layout="GT:DP", sample=gt + ":30") for p, gt in enumerate(("0/1", "1|1", "./.", "1"), 9)),
    row(pos=1_000_510, layout="GT:AD:DP:GQ:PS", sample="0|1:10,11:21:99:1000510"),
    row(pos=1_000_520, alt="G,*", layout="GT:AD:DP", sample="1/2:0,9,8:17"),
    row(pos=1_000_530, ref="ac", alt="a", layout="GT:DP", sample="./1:.", filters="q10"),
    row(pos=1_000_540, alt="<NON_REF>", info="END=1000600", layout="GT:DP", sample="0/0:30"),
    row(pos=1_000_551, ref="N", alt="G", layout="DP", sample="30"),
    row(contig="chr6", pos=1_000_700, alt="AT", sample="0/1/1"),
    row(contig="X", pos=50_000_000, sample="1"),
]  # fmt: skip
TEXT = text_of(ROWS, header=DECLARED)
BODY_LINE = len(DECLARED) + 2


def bcf(text: str, path: Path, level: str = "-Ob") -> Path:
    """The text as BCF: written by another tool."""
    plain = path.with_suffix(".plain.vcf")
    plain.write_text(text, encoding="utf-8")
    pysam.bcftools.view(level, "--no-version", "-o", str(path), str(plain), catch_stdout=False)
    return path


def stored(form: str, folder: Path, text: str = TEXT) -> Path:
    if form.startswith("bcf"):
        return bcf(text, folder / "a.bcf", "-Ob" if form == "bcf" else "-Ou")
    return write(folder / {"text": "a.vcf", "gzip": "a.vcf.gz", "bgzf": "a.vcf.bgz"}[form], text)


FORMS = ("text", "gzip", "bgzf", "bcf", "bcf-unpacked")


@contextmanager
def stdin_of(data: bytes) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        yield Path("-")


@contextmanager
def named_pipe(data: bytes, folder: Path) -> Iterator[Path]:
    """A pipe that hands the data over in small pieces."""
    path = folder / f"pipe{len(list(folder.iterdir()))}"
    os.mkfifo(path)

    def feed() -> None:
        try:
            with path.open("wb", buffering=0) as out:
                out.write(data[:3])
                time.sleep(0.05)  # the reader has met three bytes, too few to tell the form
                for at in range(3, len(data), 700):
                    out.write(data[at : at + 700])
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=feed, daemon=True)
    writer.start()
    yield path
    writer.join(10)
    assert not writer.is_alive()


def seen(path: Path) -> dict[str, Any]:
    """A scan without what the form itself changes: path, checksum, index, header text, line numbers."""
    scan = vcf.scan(path, None, LOCI, CODING)
    assert scan.header.samples == ("S1",)
    assert scan.unreadable == ()
    first = min(r.line for r in scan.panel)
    panel = tuple(replace(r, line=r.line - first) for r in scan.panel)
    left_out = ("path", "sha256", "indexed", "header", "panel")
    return {"panel": panel} | {f.name: getattr(scan, f.name) for f in fields(scan) if f.name not in left_out}


@pytest.mark.parametrize("form", FORMS)
def test_one_scan_of_a_file_of_stdin_and_of_a_pipe(form: str, tmp_path: Path) -> None:
    plain = seen(write(tmp_path / "plain.vcf", TEXT))
    assert len(plain["panel"]) == 6
    path = stored(form, tmp_path)
    assert seen(path) == plain
    data = path.read_bytes()
    checksum = hashlib.sha256(data).hexdigest()
    assert vcf.scan(path, None, LOCI, CODING).sha256 == checksum
    with stdin_of(data) as stdin:
        assert vcf.open_header(stdin).samples == ("S1",)  # a run looks at the header first
        assert seen(stdin) == plain
        assert vcf.scan(stdin, None, LOCI, CODING).sha256 == checksum
    with named_pipe(data, tmp_path) as pipe:
        vcf.open_header(pipe)
        assert seen(pipe) == plain
        assert vcf.scan(pipe, None, LOCI, CODING).sha256 == checksum


def declared(text: str) -> str:
    """The header of a real caller: BCF then stores genotypes and numbers, not text."""
    head, body = records(text)
    types = {"GT": "1,Type=String", "DP": "1,Type=Integer", "AD": "R,Type=Integer", "GQ": "1,Type=Integer"}
    known = [f'##FORMAT=<ID={name},Number={kind},Description="{name}">' for name, kind in types.items()]
    return joined([*head[:-1], *known, head[-1]], body)


def test_the_findings_of_every_form_are_the_same(tmp_path: Path) -> None:
    text = declared(vcf_text(GRCH38, child(GRCH38), "chr"))
    plain = told(write(tmp_path / "plain.vcf", text), tmp_path / "plain")
    assert len(plain["findings"]) == 17
    for form in FORMS:
        path = stored(form, tmp_path, text)
        assert told(path, tmp_path / form) == plain
        with named_pipe(path.read_bytes(), tmp_path) as pipe:
            assert told(pipe, tmp_path / f"{form}-pipe") == plain
        done = CliRunner().invoke(
            main, ["run", "-", "-o", str(tmp_path / f"{form}-stdin"), "--sex", "female"], input=path.read_bytes()
        )
        assert (done.exit_code, done.stderr) == (0, "")
        case = json.loads((tmp_path / f"{form}-stdin" / "case.json").read_text(encoding="utf-8"))
        assert {key: case[key] for key in plain} == plain
        (source,) = case["provenance"]["inputs"]
        assert source["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_real_pipe_into_a_process(tmp_path: Path) -> None:
    """Both names of the real stdin, BCF in a pipe that hands over a little at a time."""
    packed = bcf(declared(vcf_text(GRCH38, child(GRCH38))), tmp_path / "child.bcf")
    run = "import sys; from varmio.cli import main; sys.argv[0] = 'varmio'; main()"
    found = []
    for name in ("-", "/dev/stdin"):
        out = tmp_path / f"out{len(found)}"
        command = [sys.executable, "-c", run, "run", name, "-o", str(out), "--sex", "female"]
        with subprocess.Popen(["cat", str(packed)], stdout=subprocess.PIPE) as source:
            done = subprocess.run(command, stdin=source.stdout, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        found.append(json.loads((out / "case.json").read_text(encoding="utf-8"))["findings"])
    assert len(found[0]) == 17
    assert found[0] == found[1]


# --------------------------------------------------------------------------- pipes and BCF that fail


def test_a_pipe_without_a_writer_is_said_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcf_source, "PIPE_WAIT_S", 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="a pipe that nothing writes to"):
        vcf.open_header(pipe)


def test_a_pipe_that_says_nothing_is_empty(tmp_path: Path) -> None:
    with named_pipe(b"", tmp_path) as pipe, pytest.raises(InputError, match="is empty"):
        vcf.open_header(pipe)
    with stdin_of(b"") as stdin, pytest.raises(InputError, match=r"^-: is empty"):
        vcf.open_header(stdin)


def test_a_stdin_that_is_no_vcf_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def readable(self) -> bool:
            return True

        def readinto(self, into: Any) -> int:
            self.asked += len(into)
            into[:] = bytes(len(into))
            return len(into)

    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    with pytest.raises(InputError, match="not a VCF"):
        vcf.open_header(Path("-"))
    assert endless.asked <= 2 * vcf_source.READ_BYTES


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), FileNotFoundError(2, "No usable folder")])
def test_no_room_for_what_a_pipe_says(fault: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise fault

    monkeypatch.setattr(vcf_source.tempfile, "TemporaryFile", refuse)
    with stdin_of(b"##x") as stdin, pytest.raises(UsageError, match=r"^TMPDIR: .*Set TMPDIR"):
        vcf.open_header(stdin)


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(vcf_source.tempfile, "TemporaryFile", lambda **_: Full(tmp_path / "kept", "w+"))
    with stdin_of(b"##x") as stdin, pytest.raises(UsageError, match=r"^TMPDIR: .*no space left on device"):
        vcf.open_header(stdin)


@pytest.mark.parametrize("fault", ["noise", "empty", "header-only", "no-genotypes", "two-files-joined", "bam", "zip"])
def test_a_bad_stdin_is_one_line_and_writes_nothing(fault: str, tmp_path: Path) -> None:
    data, said = next((data, said) for name, data, said in TEXT_FAULTS if name == fault)
    done = CliRunner().invoke(main, ["run", "-", "-o", str(tmp_path / "out")], input=data)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith("varmio: -: ")
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_terminal_or_a_closed_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(b""))
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(UsageError, match="stdin is a terminal"):
        vcf.open_header(Path("-"))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="stdin is closed"):
        vcf.open_header(Path("-"))


def big_bcf(folder: Path, level: str = "-Ob") -> bytes:
    made = random.Random(1)
    rows = [row(contig="1", pos=9 * p, layout="GT:DP", sample=f"0/1:{made.randrange(99)}") for p in range(1, 30_000)]
    return bcf(text_of([*rows, row()], header=DECLARED), folder / "big.bcf", level).read_bytes()


def raw_bcf(folder: Path) -> bytes:
    return gzip.decompress(big_bcf(folder, "-Ou"))


BROKEN_BCF: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "cut inside a block": (lambda f: big_bcf(f)[:90_000], "cut off"),
    "without end marker": (lambda f: big_bcf(f)[:-28], "end marker is missing"),
    "damaged block": (lambda f: (d := big_bcf(f))[:50_000] + b"\xff" * 90 + d[50_090:], "BCF records are broken"),
    "unpacked, cut": (lambda f: raw_bcf(f)[:200_001], "BCF records are broken"),
    "unpacked, cut in its header": (lambda f: raw_bcf(f)[:300], "BCF records are broken"),
    "magic only": (lambda _: b"BCF\2\2", "BCF records are broken"),
    "noise": (lambda _: b"BCF\2\2" + random.Random(3).randbytes(3000), "BCF records are broken"),
    "version 1": (lambda _: b"BCF\4" + bytes(50), "BCF of a version"),
    "compressed again": (lambda f: gzip.compress(big_bcf(f)), "compressed twice"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN_BCF)
def test_a_broken_bcf_is_one_line(fault: str, tmp_path: Path) -> None:
    make, said = BROKEN_BCF[fault]
    path = tmp_path / "a.bcf"
    path.write_bytes(make(tmp_path))
    done = run_file(path, tmp_path / "out")
    assert (done.exit_code, done.error.count("\n"), said in done.error) == (3, 1, True), done.error
    assert not (tmp_path / "out").exists()


def test_unpacked_bcf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "raw.bcf"
    path.write_bytes(raw_bcf(tmp_path))
    assert vcf.scan(path, None, LOCI, CODING).records == 30_000


def test_mutated_bcf_never_crashes_nor_hangs(tmp_path: Path) -> None:
    """No checksum guards an unpacked BCF: the decoder may die of it, this process not."""
    data = gzip.decompress(stored("bcf-unpacked", tmp_path).read_bytes())
    made = random.Random(11)
    said = []
    for number in range(25):
        broken = bytearray(data)
        for _ in range(made.randrange(1, 5)):
            broken[made.randrange(5, len(broken))] = made.randrange(256)
        path = tmp_path / f"{number}.bcf"
        path.write_bytes(bytes(broken))
        try:
            vcf.scan(path, None, LOCI, CODING)
        except VarmioError as error:
            said.append(str(error).removeprefix(str(path)))
    assert said
    assert all(message.startswith(": ") and message.isprintable() for message in said)


def test_a_killed_decoder_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcf_source, "DECODE_BCF", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(InputError, match="BCF records are broken"):
        vcf.scan(stored("bcf", tmp_path), None, LOCI, CODING)


def test_a_header_alone_leaves_no_decoder_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.bcf"
    path.write_bytes(big_bcf(tmp_path))
    before = set(children())
    vcf.open_header(path)
    assert set(children()) <= before


def test_a_decoder_that_hangs_after_the_header_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcf_source, "INFLATE_BYTES", 1000)
    text = text_of([row(contig="1", pos=p) for p in range(500)], header=DECLARED)  # all of it fits into the pipe
    shown = write(tmp_path / "a.vcf", text)
    code = f"import os, time; os.write(1, open({str(shown)!r}, 'rb').read()); time.sleep(30)"
    monkeypatch.setattr(vcf_source, "DECODE_BCF", code)
    start = time.monotonic()
    assert vcf.open_header(stored("bcf", tmp_path)).samples == ("S1",)
    assert time.monotonic() - start < 20


def test_the_same_bcf_gives_the_same_bytes(tmp_path: Path) -> None:
    path = bcf(declared(vcf_text(GRCH38, child(GRCH38))), tmp_path / "child.bcf")
    first, second = (tmp_path / name for name in ("one", "two"))
    for out in (first, second):
        assert run_file(path, out).exit_code == 0
    assert "bcftools" not in (first / "findings.vcf").read_text(encoding="utf-8")  # its line would hold the time
    for name in ("case.json", "report.html", "findings.tsv", "findings.vcf"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split() if sys.platform == "linux" else []


def test_the_index_of_a_bcf_is_not_taken_for_one_of_lines(tmp_path: Path) -> None:
    path = stored("bcf", tmp_path)
    pysam.bcftools.index(str(path))
    assert Path(f"{path}.csi").exists()
    assert not vcf.scan(path, None, LOCI, CODING).indexed


# --------------------------------------------------------------------------- contig names

ORDER = [*map(str, range(1, 23)), "X", "Y"]


def test_every_alias_of_every_chromosome() -> None:
    for number, contig in enumerate(ORDER, 1):
        names = (contig, f"chr{contig}", f"CHR{contig}", f"Chr{contig}", f"chr{contig.lower()}")
        assert {plain_contig(name) for name in names} == {contig}
        for assembly, version in ((Assembly.GRCH37, 1), (Assembly.GRCH38, 2)):
            name = f"CM{662 + number:06}.{version}"
            assert (plain_contig(name), assembly_of_alias(name)) == (contig, assembly)
    for name in ("M", "MT", "chrM", "chrMT", "m", "NC_012920.1", "gi|251831106|ref|NC_012920.1|"):
        assert (plain_contig(name), assembly_of_alias(name)) == ("MT", None)


def test_refseq_names_are_those_of_the_shipped_transcripts() -> None:
    from varmio.readers import reference

    known = {(t.refseq_contig, t.contig, a) for a in Assembly for t in reference.load(a).transcripts}
    assert len(known) > 30
    for name, contig, assembly in known:
        for spelling in (name, name.lower(), f"gi|224589818|ref|{name}|", f"ref|{name}|"):
            assert (plain_contig(spelling), assembly_of_alias(spelling)) == (contig, assembly)


def test_refseq_names_of_the_other_chromosomes() -> None:
    """NCBI assembly reports; the versions of GRCh37, each one higher in GRCh38."""
    for name, contig in (("NC_000002.11", "2"), ("NC_000009.11", "9"), ("NC_000014.8", "14"), ("NC_000020.10", "20"),
                         ("NC_000021.8", "21"), ("NC_000022.10", "22"), ("NC_000024.9", "Y")):  # fmt: skip
        base, _, version = name.partition(".")
        later = f"{base}.{int(version) + 1}"
        assert (plain_contig(name), assembly_of_alias(name)) == (contig, Assembly.GRCH37)
        assert (plain_contig(later), assembly_of_alias(later)) == (contig, Assembly.GRCH38)


@pytest.mark.parametrize(
    "name", ["NC_000006.10", "NC_000006", "CM000668.3", "NC_000025.1", "GL000207.1", "chr6_alt", "chrUn", "6 ", "chr"]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert (plain_contig(name), assembly_of_alias(name)) == (name, None)


@pytest.mark.parametrize("spell", ["chr{}", "CHR{}", "refseq", "genbank", "gi"])
@pytest.mark.parametrize("assembly", [GRCH37, GRCH38])
def test_the_findings_do_not_depend_on_contig_names(spell: str, assembly: Assembly, tmp_path: Path) -> None:
    from varmio.readers.vcf_contigs import _ACCESSIONS

    def renamed(contig: str) -> str:
        own = {n[:2]: n for n, (c, a) in _ACCESSIONS.items() if c == contig and a is assembly}
        return {"refseq": own["NC"], "genbank": own["CM"], "gi": f"gi|1|ref|{own['NC']}|"}.get(spell, spell).format(
            contig
        )

    text = vcf_text(assembly, child(assembly))
    plain = told(write(tmp_path / "a.vcf", text), tmp_path / "a")
    head, body = records(text)
    head = [line for line in head if not line.startswith("##contig")]
    other = joined(head, [[renamed(r[0]), *r[1:]] for r in body])
    assert told(write(tmp_path / "b.vcf", other), tmp_path / "b") == plain


def test_two_spellings_of_one_contig_count_once(tmp_path: Path) -> None:
    """The same calls under two names: one finding each, every record in the books."""
    text = vcf_text(GRCH38, child(GRCH38))
    plain = told(write(tmp_path / "a.vcf", text), tmp_path / "a")
    head, body = records(text)
    twice = joined(head, [*body, *(["chr" + r[0], *r[1:]] for r in body)])
    done = run_file(write(tmp_path / "b.vcf", twice), tmp_path / "b", "--sex", "female")
    assert [f["id"] for f in done.case["findings"]] == [f["id"] for f in plain["findings"]]
    assert [f["zygosity"] for f in done.case["findings"]] == [f["zygosity"] for f in plain["findings"]]
    book = done.case["provenance"]["accounting"]
    assert (book["records_in"], book["reported"], book["filtered"]) == (34, 17, {"duplicate": 17})


# --------------------------------------------------------------------------- odd records


def test_telomeres_and_places_beyond_the_contig(tmp_path: Path) -> None:
    rows = [row(pos=0, ref="N", alt="]13:123]N", sample="."), row(pos=0), row(), row(pos=171_115_068), row(pos=10**11)]
    scan = vcf.scan(write(tmp_path / "a.vcf", text_of(rows)), None, LOCI, CODING)
    assert (scan.records, scan.unreadable_count, scan.unsorted) == (5, 0, False)
    assert [r.pos for r in scan.panel] == [1_000_551]


@pytest.mark.parametrize("long", ["REF", "ALT"])
def test_an_allele_of_100_kb_is_accounted_for(long: str, tmp_path: Path) -> None:
    allele = draw("OSTM1", "null", random.Random("long")).variants[GRCH38]
    bases = allele.ref + "".join(random.Random(5).choices("ACGT", k=100_000))
    wide = replace(allele, ref=bases, alt=allele.ref) if long == "REF" else replace(allele, ref=allele.ref, alt=bases)
    done = run_file(write(tmp_path / "a.vcf", vcf_text(GRCH38, [Call(wide)])), tmp_path / "out")
    assert done.exit_code == 0
    book = done.case["provenance"]["accounting"]
    assert book["records_in"] == 1 == book["reported"] + sum(book["filtered"].values())
    assert len(done.page) < 3_000_000


def test_long_alleles_do_not_stay_in_memory(tmp_path: Path) -> None:
    from varmio.readers.vcf_record import _alleles

    before = _alleles.cache_info().currsize
    rows = [row(contig="1", pos=p, ref="A" * (5000 + p), alt="A") for p in range(1, 50)]
    assert vcf.scan(write(tmp_path / "a.vcf", text_of(rows)), None, LOCI, CODING).indel == 49
    assert _alleles.cache_info().currsize == before


@pytest.mark.parametrize(
    ("alt", "info", "layout", "sample", "end"),
    [
        ("<*>", ".", "GT:DP:LEN", "0/0:30:60", 1_000_260),  # VCF 4.5
        ("<*>", "END=1000300", "GT:LEN", "0/0:60", 1_000_300),
        ("<*>", ".", "GT:LEN", "0/0:x", 1_000_201),
        ("<X>", "END=1000300", "GT", "0/0", 1_000_300),
        ("<INS>", "SVLEN=500", "GT", "0/1", 1_000_201),  # takes no room on the reference
        ("<INS:ME:ALU>", "SVLEN=281", "GT", "0/1", 1_000_201),
        ("<INS>,<DEL>", "SVLEN=500,-90", "GT", "1/2", 1_000_291),
        ("<DUP:TANDEM>", "SVLEN=.", "GT", "0/1", 1_000_201),
        ("A<ctg1>", ".", "GT", "0/1", 1_000_201),
        ("<ctg1>A", ".", "GT", "0/1", 1_000_201),
    ],
)
def test_ends_and_symbols(alt: str, info: str, layout: str, sample: str, end: int, tmp_path: Path) -> None:
    line = row(pos=1_000_201, alt=alt, info=info, layout=layout, sample=sample)
    scan = vcf.scan(write(tmp_path / "a.vcf", text_of([line])), None, LOCI, CODING)
    (record,) = scan.panel
    assert record.end == end
    assert (scan.blocks, scan.structural) == ((1, 0) if alt in ("<*>", "<X>") else (0, 1))


def test_a_block_keeps_its_lowest_depth(tmp_path: Path) -> None:
    line = row(alt="<NON_REF>", info="END=1000600", layout="GT:DP:GQ:MIN_DP:PL", sample="0/0:35:90:28:0,9,99")
    (record,) = vcf.scan(write(tmp_path / "a.vcf", text_of([line])), None, LOCI, CODING).panel
    assert (record.genotype.depth, record.end) == (28, 1_000_600)


# --------------------------------------------------------------------------- real files

SHARED = Path(__file__).parents[2] / "shared" / "vcf"


@pytest.mark.skipif(not SHARED.is_dir(), reason="public VCFs are not here")
@pytest.mark.parametrize("name", ["exomes/ngsbits_ancestry.vcf.gz", "annotated/megsap_vcf2gsvar_in4.vcf.gz"])
def test_a_real_exome_as_bcf(name: str, tmp_path: Path) -> None:
    path = SHARED / name
    packed = tmp_path / "a.bcf"
    pysam.bcftools.view("-Ob", "--no-version", "-o", str(packed), str(path), catch_stdout=False)
    wide: vcf.Ranges = {Assembly.GRCH37: {"11": ((60_000_000, 70_000_000),)}, Assembly.GRCH38: {}}
    text, binary = (vcf.scan(p, None, wide, {a: {} for a in Assembly}) for p in (path, packed))
    assert [(r.pos, r.ref, r.alts, r.genotype) for r in binary.panel] == [
        (r.pos, r.ref, r.alts, r.genotype) for r in text.panel
    ]
    same = ("records", "unreadable_count", "snv", "indel", "het", "hom", "ti", "tv", "filters", "contigs_seen")
    assert [getattr(binary, f) for f in same] == [getattr(text, f) for f in same]
