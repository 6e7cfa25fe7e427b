"""Whole VCFs drawn by hypothesis, sound and broken: closed books, untouched genotypes, no allele of its own.

Records lie at coding positions of a panel gene, REF as the genome reads, so that each one is looked at.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.odd_vcf import TITLES, contig_lines, exons
from tests.one_run import Run, faults, gt_alleles, run_once

EXAMPLES = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
CONTIG, PIECES = exons()
SITES = [(pos + i, bases) for pos, bases in PIECES[3:7] for i in range(0, len(bases) - 12, 3)]
KEYS = ("GT", "DP", "AD", "GQ", "PS", "PGT", "PID", "FT", "AO", "RO")
ASCII = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=",;:<>")


@dataclass(frozen=True)
class Row:
    """One record; `cell` is the sample's column as written."""

    pos: int
    ref: str
    alts: tuple[str, ...]
    filters: str
    info: str
    layout: tuple[str, ...]
    cell: str

    def line(self, contig: str = CONTIG) -> str:
        alts = ",".join(self.alts) or "."
        fixed = (contig, str(self.pos), ".", self.ref, alts, "50", self.filters, self.info)
        return "\t".join((*fixed, ":".join(self.layout), self.cell))

    @property
    def alleles(self) -> tuple[int | None, ...]:
        """Of the first GT key, () where there is none."""
        values = self.cell.split(":")
        at = self.layout.index("GT") if "GT" in self.layout else len(values)
        return gt_alleles(values[at]) or () if at < len(values) else ()


def file_of(rows: list[Row], prefix: str = "", end: str = "\n") -> str:
    head = [line.replace("ID=", f"ID={prefix}") for line in contig_lines()]
    lines = ["##fileformat=VCFv4.4", *head, f"{TITLES}\tS", *(row.line(prefix + CONTIG) for row in rows)]
    return end.join(lines) + end


# --------------------------------------------------------------------------- strategies


@st.composite
def alts_of(draw: st.DrawFn, ref: str) -> tuple[str, ...]:
    bases = st.sampled_from([b for b in "ACGT" if b != ref[0]]).map(lambda b: b + ref[1:])
    longer = st.text("ACGT", min_size=1, max_size=6).map(lambda more: ref + more)
    other = st.sampled_from(["*", "<DEL>", "<DUP>", "<NON_REF>", "<*>", "<INS:ME:ALU>", f"{ref[0]}[5:900[", "N"])
    shorter = st.just(ref[0]) if len(ref) > 1 else bases
    return tuple(draw(st.lists(bases | longer | shorter | other, max_size=4, unique=True)))


@st.composite
def genotypes(draw: st.DrawFn, n_alts: int) -> str:
    """Ploidy 1 to 4, '.', mixed '/' and '|', now and then the leading separator of VCF 4.4."""
    numbers = st.sampled_from([".", *map(str, range(n_alts + 1))])
    alleles = draw(st.lists(numbers, min_size=1, max_size=4) | st.lists(numbers, min_size=2, max_size=2))
    text = alleles[0] + "".join(draw(st.sampled_from("/|")) + allele for allele in alleles[1:])
    return draw(st.sampled_from(["", "", "", "/", "|"])) + text


@st.composite
def cells(draw: st.DrawFn, layout: tuple[str, ...], n_alts: int) -> str:
    number = st.sampled_from([".", "0", "5", "30", "99"])
    several = st.lists(number, min_size=n_alts + 1, max_size=n_alts + 1).map(",".join)
    values = {"GT": genotypes(n_alts), "AD": several, "PS": st.sampled_from([".", "17", "5"]),
              "PGT": st.sampled_from([".", "0|1", "1|0"]), "PID": st.sampled_from([".", "9_A_G"]),
              "FT": st.sampled_from([".", "PASS", "low;DP"]), "AO": several}  # fmt: skip
    kept = layout if draw(st.booleans()) else layout[: draw(st.integers(1, len(layout)))]
    return ":".join(draw(values.get(key, number)) for key in kept)


@st.composite
def sound_rows(draw: st.DrawFn) -> Row:
    pos, bases = draw(st.sampled_from(SITES))
    first = next(start for start, piece in PIECES if piece is bases)
    ref = bases[pos - first : pos - first + draw(st.sampled_from([1, 1, 1, 2, 3, 7]))]
    alts = draw(alts_of(ref))
    more = draw(st.lists(st.sampled_from(KEYS[1:]), max_size=4, unique=True))
    layout = tuple(draw(st.sampled_from([("GT", *more), ("GT", *more), (*more, "GT"), tuple(more) or ("DP",)])))
    return Row(
        pos, ref, alts,
        filters=draw(st.sampled_from(["PASS", ".", "LowQual", "a;b", "q10"])),
        info=draw(st.sampled_from([".", "", "AF=0.5", "END=9", "DP=10;AF=1;CSQ=a|b", "X", "SVLEN=-5", "A=%2C"])),
        layout=layout,
        cell=draw(cells(layout, len(alts))),
    )  # fmt: skip


def sound_files() -> st.SearchStrategy[list[Row]]:
    rows = st.lists(sound_rows(), min_size=1, max_size=8)
    return rows.map(lambda drawn: sorted(drawn, key=lambda row: row.pos))


@st.composite
def broken_texts(draw: st.DrawFn) -> bytes:
    """A sound file with a few faults of whole lines, columns, separators or bytes."""
    lines = file_of(draw(sound_files())).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = draw(broken_lines(lines[at]))
    raw = bytearray("\n".join(lines).encode())
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        at = draw(st.integers(0, len(raw)))
        raw[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(raw[: draw(st.sampled_from([len(raw), len(raw), len(raw) // 2, len(raw) - 3]))])


@st.composite
def broken_lines(draw: st.DrawFn, line: str) -> list[str]:
    columns = line.split("\t")
    at = draw(st.integers(0, len(columns) - 1))
    odd = draw(st.sampled_from(["", ".", " ", "-1", "0", "1e5", "9" * 30, "A,", ",", "<", "chr11", "11", "0/1/", "é",
                                "1/9", "|", "GT:GT", "\x00", "=1+1", "<script>", "A" * 3000, "\u202e", "+68400000"])
               | st.text(ASCII, max_size=6))  # fmt: skip
    return draw(
        st.sampled_from(
            [
                [],
                [line, line],
                [line, ""],
                [line + "\t"],
                ["\t" + line],
                [line.replace("\t", " ")],
                [line.replace("\t", "\t\t", 1)],
                [line + "\r"],
                [" " + line + " "],
                ["\t".join([*columns[:at], odd, *columns[at + 1 :]])],
                ["\t".join(columns[:at])],
                ["\t".join(columns[::-1])],
                [line.lower()],
                ["#" + line],
                [f"{TITLES}\tS"],
            ]
        )
    )


# --------------------------------------------------------------------------- runs


def run_bytes(data: bytes, *options: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "child.vcf"
        path.write_bytes(data)
        empty = Path(folder) / "run"
        empty.mkdir()
        run = run_once(path, empty, *options)
        assert faults(run) == []
    return run


def told(run: Run) -> dict[str, Any]:
    """What may not depend on how the file is written."""
    assert run.exit_code == 0, run.error
    return {key: run.case[key] for key in ("findings", "subtypes", "answer", "genes")}


def carried(rows: list[Row]) -> set[tuple[int, str, str]]:
    """Called alternate bases of one base, (pos, ref, alt)."""
    return {
        (row.pos, row.ref, row.alts[number - 1])
        for row in rows
        for number in row.alleles
        if number and len(row.ref) == len(row.alts[number - 1]) == 1 and row.alts[number - 1] in "ACGT"
    }


# --------------------------------------------------------------------------- properties

HALF = Row(SITES[0][0], SITES[0][1][0], ("T" if SITES[0][1][0] != "T" else "C",), "PASS", ".", ("GT",), "./1")


@EXAMPLES
@example(rows=[HALF])
@given(rows=sound_files())
def test_sound_files(rows: list[Row]) -> None:
    run = run_bytes(file_of(rows).encode())
    case = told(run)
    book = run.case["provenance"]["accounting"]
    assert (book["records_in"], book["unreadable"]) == (len(rows), 0)
    assert [(row[8], row[9]) for row in run.rows] == [(":".join(row.layout), row.cell) for row in rows]
    variants = {(f["variant"]["pos"], f["variant"]["ref"], f["variant"]["alt"]): f for f in case["findings"]}
    assert carried(rows) <= set(variants), "a called allele is no finding"
    assert {key for key in variants if len(key[1]) == len(key[2]) == 1} <= single_changes(rows)
    for row in rows:
        for number in {n for n in row.alleles if n}:
            finding = variants.get((row.pos, row.ref, row.alts[number - 1]))
            if finding and set(row.alleles) != {number}:
                assert finding["zygosity"] in ("heterozygous", "partial")
            if finding and None in row.alleles:
                assert finding["zygosity"] == "partial"


def single_changes(rows: list[Row]) -> set[tuple[int, str, str]]:
    """One-base changes of the called alleles, also those inside a longer REF of the same length as ALT."""
    found = set()
    for row in rows:
        for number in row.alleles:
            alt = row.alts[number - 1] if number else ""
            if number and len(alt) == len(row.ref) and set(alt) <= set("ACGT"):
                differ = [i for i, (a, b) in enumerate(zip(row.ref, alt, strict=True)) if a != b]
                found |= {(row.pos + i, row.ref[i], alt[i]) for i in differ if len(differ) == 1}
    return found


@settings(EXAMPLES, max_examples=30)
@given(rows=sound_files())
def test_the_same_file_written_otherwise(rows: list[Row]) -> None:
    plain = told(run_bytes(file_of(rows).encode()))
    assert told(run_bytes(file_of(rows, "chr").encode())) == plain
    assert told(run_bytes(file_of(rows, end="\r\n").encode())) == plain
    quiet = [replace(row, info=".") for row in rows if not {"<", "["} & set("".join(row.alts))]
    if len(quiet) == len(rows):
        assert told(run_bytes(file_of(quiet).encode())) == plain


@st.composite
def one_site(draw: st.DrawFn) -> list[Row]:
    """Records at one position, each with an ALT of its own, as a split multi-allelic record has them."""
    pos, bases = draw(st.sampled_from(SITES))
    ref = bases[pos - next(start for start, piece in PIECES if piece is bases)]
    alts = [b for b in "ACGT" if b != ref] + [ref + "TTT", ref + "AC", "*", "<DEL>"]
    layout = ("GT", "DP", "PS")
    return [
        Row(pos, ref, (alt,), "PASS", ".", layout, draw(cells(layout, 1)))
        for alt in draw(st.lists(st.sampled_from(alts), min_size=2, max_size=4, unique=True))
    ]


@settings(EXAMPLES, max_examples=40)
@given(rows=one_site(), data=st.data())
def test_records_of_one_position_in_any_order(rows: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    assert told(run_bytes(file_of(shuffled).encode())) == told(run_bytes(file_of(rows).encode()))


@settings(EXAMPLES, max_examples=30)
@given(rows=sound_files(), data=st.data())
def test_repeated_records_in_any_order(rows: list[Row], data: st.DataObject) -> None:
    """Several records of the same alleles: which one comes first decides nothing."""
    alike = [replace(row, pos=rows[0].pos, ref=rows[0].ref, alts=rows[0].alts) for row in rows]
    alike = [row for row in alike if max(filter(None, row.alleles), default=0) <= len(row.alts)]
    alike = alike or rows[:1]
    plain, turned = (told(run_bytes(file_of(r).encode())) for r in (alike, data.draw(st.permutations(alike))))
    for case in (plain, turned):
        case["findings"].sort(key=lambda f: f["id"])
    assert turned == plain


@settings(EXAMPLES, max_examples=120)
@given(data=broken_texts())
def test_broken_files(data: bytes) -> None:
    run = run_bytes(data)
    assert run.exit_code in (0, 2, 3)


def test_the_drawn_files_are_read() -> None:
    """The strategies are worth something: most drawn alleles are findings, in exons, with names."""
    found = told(run_bytes(file_of([replace(HALF, cell="0/1"), replace(HALF, pos=SITES[3][0])]).encode()))["findings"]
    assert len(found) == 2
    assert all(f["hgvs_c"] and re.match(r"c\.\d", f["hgvs_c"]) for f in found)


@pytest.mark.parametrize(("cell", "zygosity"), [("./1", "partial"), ("0|1", "heterozygous"), ("1/1", "homozygous")])
def test_the_oracle_itself(cell: str, zygosity: str) -> None:
    (finding,) = told(run_bytes(file_of([replace(HALF, cell=cell)]).encode()))["findings"]
    assert finding["zygosity"] == zygosity
