"""Input that cannot be used: one line that says where and what, the right exit code, nothing else."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_vcf import CODING, HEADER, LOCI, row, text_of, write
from varmio.errors import VarmioError
from varmio.readers import vcf

GOOD = text_of([row(contig="1", pos=p, layout="GT:DP", sample="0/1:30") for p in range(1, 4000)] + [row()])
TITLES = GOOD.splitlines()[len(HEADER)]


def message_of(path: Path, sample: str | None = None) -> tuple[int, str]:
    with pytest.raises(VarmioError) as caught:
        vcf.scan(path, sample, LOCI, CODING)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert message.isprintable()
    assert len(message) < 300 + len(str(path))
    return caught.value.exit_code, message


def packed(data: bytes, folder: Path) -> bytes:
    """The data as BGZF."""
    path = folder / "whole.vcf.gz"
    with pysam.BGZFile(str(path), "wb") as handle:
        handle.write(data)
    return path.read_bytes()


def block_ends(stored: bytes) -> list[int]:
    """Offsets after each BGZF block."""
    ends, at = [], 0
    while at < len(stored):
        at += int.from_bytes(stored[at + 16 : at + 18], "little") + 1
        ends.append(at)
    return ends


TEXT_FAULTS: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty"),
    ("one-byte", b"#", "not a VCF"),
    ("newline-only", b"\n", "not a VCF"),
    ("noise", random.Random(1).randbytes(5000), "not a VCF"),
    ("nul-bytes", b"\0" * 5000, "not a VCF"),
    ("fasta", b">chr1\nACGT\n", "not a VCF"),
    ("bed", b"6\t100\t200\n", "not a VCF"),
    ("html", b"<html><body>404</body></html>", "not a VCF"),
    ("utf-16", GOOD.encode("utf-16"), "UTF-16"),
    ("bam", b"BAM\1" + b"\0" * 50, "is BAM"),
    ("cram", b"CRAM\3\0" + b"\0" * 50, "is CRAM"),
    ("bcf-uncompressed", b"BCF\2\2" + b"\0" * 50, "its BCF records are broken"),
    ("bcf-version-1", b"BCF\4" + b"\0" * 50, "is BCF of a version"),
    ("zip", b"PK\3\4" + b"\0" * 50, "ZIP"),
    ("bzip2", b"BZh91AY&SY" + b"\0" * 50, "bzip2"),
    ("xz", b"\xfd7zXZ\0" + b"\0" * 50, "xz"),
    ("zstd", b"\x28\xb5\x2f\xfd" + b"\0" * 50, "zstd"),
    ("index", b"TBI\1" + b"\0" * 50, "is an index"),
    ("header-only", text_of([]).encode(), "no record"),
    ("header-without-newline", text_of([])[:-1].encode(), "no record"),
    ("header-cut", GOOD[:60].encode(), "no #CHROM line"),
    ("no-chrom-line", "\n".join([*HEADER, row()]).encode(), "neither a ## line nor the #CHROM line"),
    ("old-mac-lines", GOOD.replace("\n", "\r").encode(), "no #CHROM line"),
    ("comment-in-header", GOOD.replace(TITLES, "# a note\n" + TITLES).encode(), "neither a ## line"),
    ("spaces-in-titles", GOOD.replace(TITLES, TITLES.replace("\t", " ")).encode(), "tabs do not separate"),
    ("spaces-in-records", text_of([row().replace("\t", " ")]).encode(), "none of its 1 records can be read"),
    ("all-spaces", GOOD.replace("\t", " ").encode(), "tabs do not separate"),
    ("columns-swapped", GOOD.replace("POS\tID", "ID\tPOS").encode(), "eight VCF columns"),
    ("column-misnamed", GOOD.replace("\tINFO\t", "\tINF\x1b\t").encode(), "eight VCF columns"),
    ("no-genotypes", GOOD.replace("\tFORMAT\tS1", "").encode(), "no sample column"),
    ("format-without-sample", GOOD.replace("\tS1\n", "\n").encode(), "no sample column"),
    ("sample-without-format", GOOD.replace("\tFORMAT\t", "\t").encode(), "no sample column"),
    ("same-sample-twice", text_of([row(sample="0/1\t0/1")], ("S1", "S1")).encode(), "two columns are called 'S1'"),
    ("too-few-columns", text_of(["6\t100\t.\tA\tG"]).encode(), "fewer columns"),
    ("too-many-columns", text_of([row(sample="0/1\t0/1")]).encode(), "more columns"),
    ("no-readable-pos", text_of([row(pos="x"), row(pos="")]).encode(), "none of its 2 records can be read"),
    ("nul-in-every-record", text_of([row(info="\0")]).encode(), "holds a NUL byte"),
    ("two-files-joined", (GOOD + GOOD).encode(), "two files were joined"),
    ("several-samples", text_of([row(sample="0/1\t0/1")], ("A", "B")).encode(), "--sample: A, B"),
]  # fmt: skip


@pytest.mark.parametrize("packing", ["text", "gzip", "bgzf"])
@pytest.mark.parametrize(("fault", "data", "said"), TEXT_FAULTS, ids=[f[0] for f in TEXT_FAULTS])
def test_broken_text_in_every_packing(tmp_path: Path, packing: str, fault: str, data: bytes, said: str) -> None:
    path = tmp_path / "proband.vcf.gz"
    pack: dict[str, Callable[[bytes], bytes]] = {
        "text": bytes, "gzip": gzip.compress, "bgzf": lambda d: packed(d, tmp_path),
    }  # fmt: skip
    path.write_bytes(pack[packing](data))
    code, message = message_of(path)
    assert said in message
    assert code == (2 if fault == "several-samples" else 3)


def test_broken_streams(tmp_path: Path) -> None:
    zipped, blocks = gzip.compress(GOOD.encode()), packed(GOOD.encode(), tmp_path)
    first, *_, last = block_ends(blocks)
    assert last - first > 100
    broken: dict[str, tuple[bytes, str]] = {
        "gzip-cut-in-its-header": (zipped[:5], "cut off"),
        "gzip-cut-in-the-middle": (zipped[: len(zipped) // 2], "cut off"),
        "gzip-without-its-last-byte": (zipped[:-1], "cut off"),
        "gzip-wrong-checksum": (zipped[:-8] + b"\0\0\0\0" + zipped[-4:], "broken"),
        "gzip-damaged": (zipped[:200] + b"\xff" * 40 + zipped[240:], "broken"),
        "gzip-then-noise": (zipped + b"noise", "broken"),
        "gzip-twice": (gzip.compress(zipped), "compressed twice"),
        "gzip-magic-only": (b"\x1f\x8b", "cut off"),
        "bgzf-cut-inside-a-block": (blocks[: first + 50], "cut off"),
        "bgzf-cut-between-blocks": (blocks[:first], "end marker is missing"),
        "bgzf-without-end-marker": (blocks[:-28], "end marker is missing"),
        "bgzf-end-marker-cut": (blocks[:-3], "cut off"),
        "bgzf-then-noise": (blocks + b"noise", "broken"),
        "bcf-in-bgzf": (packed(b"BCF\2\2" + b"\0" * 50, tmp_path), "its BCF records are broken"),
        "bam-in-bgzf": (packed(b"BAM\1" + b"\0" * 50, tmp_path), "is BAM"),
    }
    for name, (data, said) in broken.items():
        path = tmp_path / f"{name}.vcf.gz"
        path.write_bytes(data)
        code, message = message_of(path)
        assert (code, said in message) == (3, True), (name, message)


def test_paths_that_are_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("varmio.readers.vcf_source.PIPE_WAIT_S", 0.1)
    good = write(tmp_path / "a.vcf", GOOD)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert message_of(tmp_path / "absent.vcf")[0] == 2
    assert message_of(good / "inside.vcf")[0] == 2
    for path, said in (
        (tmp_path, "is a folder"),
        (pipe, "is a pipe that nothing writes to"),
        (Path("/dev/null"), "is a device"),
        (tmp_path / ("x" * 300), "opened"),
    ):
        code, message = message_of(path)
        assert (code, said in message) == (3, True), message
    with pytest.raises(VarmioError, match="no such file"):
        vcf.open_header(tmp_path / "absent.vcf")


def test_an_unreadable_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.vcf", GOOD)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert message_of(path) == (3, f"{path}: cannot be read (permission denied).")


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    zipped = tmp_path / "a.vcf"
    zipped.write_bytes(gzip.compress(GOOD.encode()))
    plain = tmp_path / "b.vcf.gz"
    plain.write_bytes(GOOD.encode())
    assert vcf.scan(zipped, None, LOCI, CODING).records == vcf.scan(plain, None, LOCI, CODING).records == 4000


def test_unknown_sample(tmp_path: Path) -> None:
    code, message = message_of(write(tmp_path / "a.vcf", GOOD), "S2")
    assert (code, "has no sample 'S2'. Did you mean S1? It holds: S1." in message) == (2, True)


@pytest.mark.parametrize("damage", ["noise", "cut", "empty", "another"])
def test_broken_indexes(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path / "a.vcf.bgz", GOOD)
    index = Path(pysam.tabix_index(str(path), preset="vcf", force=True) + ".tbi")
    other = write(tmp_path / "b.vcf.bgz", text_of([row(contig="2", pos=p) for p in range(1, 9000)]))
    pysam.tabix_index(str(other), preset="vcf", force=True)
    whole = index.read_bytes()
    index.write_bytes(
        {
            "noise": random.Random(2).randbytes(300),
            "cut": whole[: len(whole) // 2],
            "empty": b"",
            "another": Path(f"{other}.tbi").read_bytes(),
        }[damage]
    )
    code, message = message_of(path)
    assert (code, "tabix -f -p vcf" in message) == (3, True)


def test_a_long_line_is_read_and_an_endless_one_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.vcf", text_of([row(info="A" * 10_000_000), row(pos=1_000_600)]))
    assert len(vcf.scan(path, None, LOCI, CODING).panel) == 2
    monkeypatch.setattr("varmio.readers.vcf_lines.MAX_LINE_BYTES", 1 << 20)
    assert "longer than 1 MiB" in message_of(path)[1]


def test_hostile_names_stay_on_one_line(tmp_path: Path) -> None:
    _, message = message_of(write(tmp_path / "a.vcf", text_of([row(sample="0/1\t0/1")], ("A\x1b[31m", "B\u2028C"))))
    assert "A\\x1b[31m, B\\u2028C" in message


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_mutated_files_never_crash_nor_change_a_genotype(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [
        row(pos=1_000_501 + i, layout="GT:AD:DP", sample=gt + ":9,9:18") for i, gt in enumerate(("0/1", "./1", "1"))
    ]
    raw = bytearray(text_of(rows).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    folder = tmp_path_factory.mktemp("m")
    body = data.draw(st.sampled_from([bytes(raw), gzip.compress(bytes(raw))]))
    path = folder / "a.vcf"
    path.write_bytes(body)
    try:
        seen = vcf.scan(path, None, LOCI, CODING)
    except VarmioError:
        return
    lines = bytes(raw).decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
    for record in seen.panel:
        written = lines[record.line - 1].removesuffix("\r").split("\t")
        assert record.columns[:8] == tuple(written[:8])
        assert record.columns[9] == written[9]
    assert seen.records == seen.unreadable_count + sum(seen.contigs_seen.values())
