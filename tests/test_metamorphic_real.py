"""Real exomes written in other ways: the same findings, matches, answer and genes.

Each exome is cut to its panel genes and every 20th other record. Public exomes hold few panel indels, no
two alternate alleles at one place and no disease, so each gains a homozygous frameshift and one site with
two alternate alleles; the real calls around them stay as their laboratory wrote them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pysam
import pytest
from click.testing import CliRunner

from tests.draw import draw
from tests.exome import GRCH37, GRCH38
from tests.test_metamorphic import told, without_contig_lines
from varmio import demo
from varmio.cli import main
from varmio.model import Assembly, KnownSequence
from varmio.readers import reference

FOLDER = Path(__file__).parents[2] / "shared" / "vcf"
KEPT = 20  # every 20th record away from the panel genes; chosen for speed
AROUND = 5_000  # bases kept on either side of a gene; chosen, past every promoter that is read

REAL: dict[str, tuple[str, str]] = {  # file, column; all on GRCh37
    "ancestry": ("exomes/ngsbits_ancestry.vcf.gz", "NA12878"),
    "mendelmd": ("exomes/mendelmd_NA12878.recessive.vcf.gz", "NA12878"),
    "trio child": ("trios/ngsbits_UpdHunter_in1.vcf.gz", "CHILD"),
    "trio mother": ("trios/ngsbits_UpdHunter_in1.vcf.gz", "MOTHER"),
}
EXAMPLES: dict[str, Assembly] = {
    "a_ostm1": GRCH37,
    "b_tcirg1": GRCH38,
    "e_tnfrsf11a": GRCH38,
    "g_ikbkg": GRCH38,
    "h_tnfrsf11a_het": GRCH38,
}
TWO_HETEROZYGOUS = "b_tcirg1"
LEAST_FINDINGS = {"ancestry": 39, "mendelmd": 15, "trio child": 30, "trio mother": 20}  # real ones


@dataclass(frozen=True)
class Exome:
    """One exome as rows of columns; `sample` is the column asked for."""

    head: tuple[str, ...] = field(repr=False)
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    sample: str
    assembly: Assembly

    @property
    def text(self) -> str:
        return "\n".join((*self.head, *("\t".join(row) for row in self.rows))) + "\n"

    @property
    def options(self) -> tuple[str, ...]:
        return ("--sample", self.sample, "--assembly", self.assembly.value)


def in_panel(row: tuple[str, ...], assembly: Assembly) -> bool:
    contig, pos = row[0].removeprefix("chr"), int(row[1])
    return any(
        contig == t.contig and t.start - AROUND < pos <= t.end + AROUND for t in reference.load(assembly).transcripts
    )


def lines_of(name: str) -> list[str]:
    """The lines of a public exome, which skips where it is absent, or of an example as `examples/` writes it."""
    if name in EXAMPLES:
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "example.vcf.gz"
            demo.write_exome(path, EXAMPLES[name], demo.recipe(name))
            return gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    path = FOLDER / REAL[name][0]
    if not path.is_file():
        pytest.skip(f"needs {path}")
    return gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()


@cache
def cut(name: str) -> Exome:
    """The exome's panel genes, every 20th other record, and the alleles added (see the file's first lines)."""
    assembly = EXAMPLES.get(name, GRCH37)
    every = lines_of(name)
    head = tuple(line for line in every if line.startswith("#"))
    rows = [tuple(line.split("\t")) for line in every if not line.startswith("#")]
    kept = [row for number, row in enumerate(rows) if number % KEPT == 0 or in_panel(row, assembly)]
    added = added_rows(kept, assembly)
    order = {contig: number for number, contig in enumerate(dict.fromkeys(row[0] for row in rows))}
    kept = sorted((*kept, *added), key=lambda row: (order[row[0]], int(row[1])))
    return Exome(head, tuple(kept), REAL[name][1] if name in REAL else head[-1].split("\t")[-1], assembly)


def added_rows(kept: list[tuple[str, ...]], assembly: Assembly) -> list[tuple[str, ...]]:
    """A homozygous frameshift deletion in SNX10, and one splice site of CLCN7 with two alternate alleles, split."""
    rng = random.Random("real exomes")
    chr_ = "chr" if kept[0][0].startswith("chr") else ""
    lost = draw("SNX10", "frameshift", rng).variants[assembly]
    changed = draw("CLCN7", "splice", rng).variants[assembly]
    other = next(b for b in "ACGT" if b not in (changed.ref, changed.alt))
    added = []
    for variant, alt, gt in ((lost, lost.alt, "1/1"), (changed, changed.alt, "1/0"), (changed, other, "0/1")):
        shape = next(row for row in kept if all(call.startswith((gt, gt[::-1])) for call in row[9:]))
        calls = (gt + call[3:] for call in shape[9:])
        added.append((chr_ + variant.contig, str(variant.pos), ".", variant.ref, alt, *shape[5:9], *calls))
    return added


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two cases differ: "findings[2].genotype.gt: '0/1' is not '1/0'"."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [d for key in one for d in differences(one[key], other[key], f"{place}.{key}".strip("."))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [d for number, (a, b) in pairs for d in differences(a, b, f"{place}[{number}]")]
    return [] if one == other else [f"{place}: {one!r} is not {other!r}"]


def write(folder: Path, exome: Exome, name: str = "exome.vcf") -> Path:
    path = folder / name
    path.write_text(exome.text, encoding="utf-8")
    return path


@cache
def plain_text(name: str, folder: Path) -> str:
    exome = cut(name)
    return json.dumps(told(write(folder, exome, f"{name}.vcf"), folder / f"{name} plain", *exome.options))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(params=[*REAL, *EXAMPLES])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plain(name: str, folder: Path) -> dict[str, Any]:
    """What the exome as cut gives; a fresh copy, to be changed at will."""
    case: dict[str, Any] = json.loads(plain_text(name, folder))
    return case


def test_the_cut_exome_still_holds_its_findings(name: str, plain: dict[str, Any]) -> None:
    assert len(plain["findings"]) >= LEAST_FINDINGS.get(name, 3) + 3
    assert {len(match["findings"]) for match in plain["subtypes"]} >= {1, 2}, "no match to lose"


# --------------------------------------------------------------------------- containers


def test_gzip_bgzf_index_and_stdin(name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    exome = cut(name)
    raw = exome.text.encode("utf-8")
    packed = tmp_path / "packed.vcf.gz"
    packed.write_bytes(gzip.compress(raw, 1))
    assert not differences(told(packed, tmp_path / "gzip", *exome.options), plain)
    blocks = tmp_path / "blocks.vcf.gz"
    with pysam.BGZFile(str(blocks), "w", None) as out:
        out.write(raw)
    assert not differences(told(blocks, tmp_path / "bgzf", *exome.options), plain)
    pysam.tabix_index(str(blocks), preset="vcf", force=True)
    assert not differences(told(blocks, tmp_path / "index", *exome.options), plain)
    assert not differences(from_stdin(raw, tmp_path / "stdin", exome), plain)
    assert not differences(from_stdin(packed.read_bytes(), tmp_path / "stdin gzip", exome), plain)


def from_stdin(data: bytes, out: Path, exome: Exome) -> dict[str, Any]:
    words = ["run", "-", "-o", str(out), "--date", "2026-11-26", "--sex", "female", *exome.options]
    result = CliRunner().invoke(main, words, input=data)
    assert result.exit_code == 0, result.stderr
    case = json.loads((out / "case.json").read_text(encoding="utf-8"))
    return {key: case[key] for key in ("findings", "subtypes", "answer", "genes", "statements")}


def bcftools(*words: str) -> None:
    """bcftools in its own process: it may end the process that calls it."""
    code = "import sys, pysam.bcftools as b; getattr(b, sys.argv[1])(*sys.argv[2:], catch_stdout=False)"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_bcf(name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    exome = cut(name)
    bcf = tmp_path / "exome.bcf"
    text = write(tmp_path, with_contig_lines(exome))
    bcftools("view", "--no-version", "-Ob", "-o", str(bcf), str(text))
    assert not differences(told(bcf, tmp_path / "out", *exome.options), plain)
    assert not differences(from_stdin(bcf.read_bytes(), tmp_path / "stdin", exome), plain)


def with_contig_lines(exome: Exome) -> Exome:
    """BCF numbers the contigs by their header lines, so a header without them gains bare ones."""
    if any(line.startswith("##contig") for line in exome.head):
        return exome
    lines = (f"##contig=<ID={contig}>" for contig in dict.fromkeys(row[0] for row in exome.rows))
    return replace(exome, head=(*exome.head[:-1], *lines, exome.head[-1]))


# --------------------------------------------------------------------------- the same records in other words


def other_contig_names(exome: Exome) -> Exome:
    """chr1 where it was 1, and 1 where it was chr1."""
    if exome.rows[0][0].startswith("chr"):
        head = (h.replace("##contig=<ID=chr", "##contig=<ID=") for h in exome.head)
        return replace(exome, head=tuple(head), rows=tuple((r[0].removeprefix("chr"), *r[1:]) for r in exome.rows))
    head = (h.replace("##contig=<ID=", "##contig=<ID=chr") for h in exome.head)
    return replace(exome, head=tuple(head), rows=tuple((f"chr{r[0]}", *r[1:]) for r in exome.rows))


def no_contig_lines(exome: Exome) -> Exome:
    return replace(exome, head=tuple(without_contig_lines("\n".join(exome.head)).splitlines()))


def one_more_sample(exome: Exome) -> Exome:
    """A last column of other genotypes: those of the record before."""
    before = (exome.rows[-1], *exome.rows[:-1])
    rows = ((*row, last[9] if last[8] == row[8] else "0/1") for row, last in zip(exome.rows, before, strict=True))
    return replace(exome, head=(*exome.head[:-1], f"{exome.head[-1]}\tOTHER"), rows=tuple(rows))


def shuffled_within_a_position(exome: Exome) -> Exome:
    """The records of one position in the opposite order."""
    rows = [row for _, at in groupby(exome.rows, key=lambda r: r[:2]) for row in list(at)[::-1]]
    assert rows != list(exome.rows)
    return replace(exome, rows=tuple(rows))


def off_panel_removed(exome: Exome) -> Exome:
    rows = tuple(row for row in exome.rows if in_panel(row, exome.assembly))
    assert len(rows) < len(exome.rows)
    return replace(exome, rows=rows)


@pytest.mark.parametrize(
    "way",
    [
        other_contig_names,
        no_contig_lines,
        one_more_sample,
        shuffled_within_a_position,
        off_panel_removed,
    ],
)
def test_other_spellings(way: Callable[[Exome], Exome], name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    changed = way(cut(name))
    assert not differences(told(write(tmp_path, changed), tmp_path / "out", *changed.options), plain)


def aligned(row: tuple[str, ...], known: KnownSequence, right: bool) -> tuple[str, ...]:
    """The row's indel as far to the right (or left) as the known bases allow, and a base longer at its right end."""
    contig, pos, ref, alt = row[0].removeprefix("chr"), int(row[1]), row[3], row[4]
    if not (ref + alt).isalpha() or len(ref) == len(alt) or min(len(ref), len(alt)) != 1 or ref[0] != alt[0]:
        return row
    lost = len(ref) > len(alt)
    piece = max(ref, alt, key=len)[1:]

    def base(place: int) -> str | None:
        return known.bases(contig, place - 1, place)

    def behind() -> str | None:
        return base(pos + len(piece) + 1 if lost else pos + 1)

    while right and behind() == piece[0]:
        pos, piece = pos + 1, piece[1:] + piece[0]
    while not right and base(pos) == piece[-1] and base(pos - 1):
        pos, piece = pos - 1, piece[-1] + piece[:-1]
    anchor, after = base(pos), behind()
    if not anchor or not after:
        return row
    long, short = anchor + piece + after, anchor + after
    return (row[0], str(pos), row[2], *((long, short) if lost else (short, long)), *row[5:])


@pytest.mark.parametrize("right", [False, True], ids=["left", "right"])
def test_aligned_and_padded_indels(right: bool, name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    exome = cut(name)
    known = reference.load(exome.assembly).sequence
    moved = [aligned(row, known, right) for row in exome.rows]
    assert set(moved) != set(exome.rows)
    order = {contig: number for number, contig in enumerate(dict.fromkeys(row[0] for row in exome.rows))}
    moved.sort(key=lambda row: (order[row[0]], int(row[1])))
    path = write(tmp_path, replace(exome, rows=tuple(moved)))
    assert not differences(told(path, tmp_path / "out", *exome.options), plain)


# --------------------------------------------------------------------------- several alleles at one place


def unwritten(case: dict[str, Any]) -> dict[str, Any]:
    """Without what speaks of the record as written: its genotype column, and how many records a gene has."""
    for found in case["findings"]:
        found["genotype"] = found["call_quality"]["reasons"] = None
    for gene in case["genes"]:
        gene["reasons"] = [re.sub(r"^\d+ calls? of this file lies? in", "Calls lie in", r) for r in gene["reasons"]]
    return case


def joined(exome: Exome) -> Exome:
    """The two records of one place as one record, 1/2."""
    rows = []
    for _, at in groupby(exome.rows, key=lambda r: (r[:2], r[3])):
        same = list(at)
        if len(same) == 2 and all(c[:3] == "1/0" for c in same[0][9:]):
            first, second = same
            calls = (joined_call(first[8], a, b) for a, b in zip(first[9:], second[9:], strict=True))
            same = [(*first[:4], f"{first[4]},{second[4]}", *first[5:7], ".", first[8], *calls)]
        rows += same
    assert len(rows) == len(exome.rows) - 1
    return replace(exome, rows=tuple(rows))


def joined_call(names: str, first: str, second: str) -> str:
    values = dict(zip(names.split(":"), first.split(":"), strict=True)) | {"GT": "1/2"}
    more = dict(zip(names.split(":"), second.split(":"), strict=True))
    for tag in ("AD", "AO"):
        if tag in values:
            values[tag] += "," + more[tag].rpartition(",")[2]
    if "PL" in values:
        values["PL"] = "."
    return ":".join(values.values())


def test_joined_and_split_again(name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    one = joined(cut(name))
    path = write(tmp_path, with_contig_lines(one))
    assert not differences(unwritten(told(path, tmp_path / "joined", *one.options)), unwritten(plain))
    split = tmp_path / "split.vcf"
    bcftools("norm", "--no-version", "-m-any", "-Ov", "-o", str(split), str(path))
    assert len([x for x in split.read_text("utf-8").splitlines() if x[0] != "#"]) == len(cut(name).rows)
    assert not differences(unwritten(told(split, tmp_path / "split", *one.options)), unwritten(plain))


def an_allele_that_is_not_carried(exome: Exome) -> Exome:
    """Each single-base record gains an ALT that no sample has."""
    rows = []
    for row in exome.rows:
        written = {allele for other in exome.rows if other[:2] == row[:2] for allele in other[3:5]}
        if len(row[3]) == len(row[4]) == 1:
            other = next(b for b in "ACGT" if b not in written)
            calls = (wider_call(row[8], call) for call in row[9:])
            row = (*row[:4], f"{row[4]},{other}", *row[5:9], *calls)
        rows.append(row)
    return replace(exome, rows=tuple(rows))


def wider_call(names: str, call: str) -> str:
    values = dict(zip(names.split(":"), call.split(":"), strict=False))
    for tag in ("AD", "AO"):
        if values.get(tag, ".") != ".":
            values[tag] += ",0"
    if "PL" in values:
        values["PL"] = "."
    return ":".join(values.values())


def test_an_allele_that_is_not_carried(name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    wide = an_allele_that_is_not_carried(cut(name))
    again = told(write(tmp_path, wide), tmp_path / "out", *wide.options)
    for found in again["findings"]:
        if found["genotype"]["ad"] and len(found["genotype"]["ad"]) == 3:
            assert found["genotype"]["ad"].pop() == 0
    assert not differences(again, plain)


# --------------------------------------------------------------------------- phase


def with_separator(exome: Exome, mark: str, homozygous_only: bool = False) -> Exome:
    def call(text: str) -> str:
        gt, colon, rest = text.partition(":")
        if homozygous_only and len(set(re.split("[/|]", gt))) > 1:
            return text
        return gt.replace("/", mark).replace("|", mark) + colon + rest

    return replace(exome, rows=tuple((*row[:9], *map(call, row[9:])) for row in exome.rows))


def judged_apart(phased: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    """The phased case without the codons that only phase lets it name as one; their parts judged as without phase."""
    before = {found["id"]: found for found in plain["findings"]}
    joined = [f for f in phased["findings"] if f.get("combined_from") and f["id"] not in before]
    parts = {part for f in joined for part in f["combined_from"]}
    kept = [before[f["id"]] if f["id"] in parts else f for f in phased["findings"] if f not in joined]
    place = {key: i for i, key in enumerate(before)}
    return {**phased, "findings": sorted(kept, key=lambda f: place.get(f["id"], len(place)))}


def without_phase(case: dict[str, Any]) -> dict[str, Any]:
    for found in case["findings"]:
        found["genotype"]["gt"] = found["genotype"]["gt"].replace("|", "/")
        found["genotype"]["phase_set"] = None
    return case


@pytest.mark.parametrize("mark", ["/", "|", "| where homozygous"])
def test_phased_and_unphased(mark: str, name: str, plain: dict[str, Any], tmp_path: Path) -> None:
    changed = with_separator(cut(name), mark[0], homozygous_only="where" in mark)
    phased = judged_apart(told(write(tmp_path, changed), tmp_path / "out", *changed.options), plain)
    found = differences(without_phase(phased), without_phase(plain))
    if name == TWO_HETEROZYGOUS and mark == "|":  # now both on one copy: another child, and no match of TCIRG1
        assert {m["gene"] for m in plain["subtypes"]} > {"SNX10"}
        assert any(place.startswith("subtypes") for place in found)
    else:
        assert not found
