"""The same child written in other ways gives the same findings, matches and answer."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest

from tests.draw import draw
from tests.exome import GRCH37, GRCH38, Call, run_file, vcf_text, without_places
from varmio.model import Assembly, Variant
from varmio.readers import reference

SEED = "metamorphic"
KINDS = ("null", "frameshift", "missense", "inframe", "splice")


def child(assembly: Assembly) -> list[Call]:
    """One allele of each kind in several genes, homozygous and heterozygous, one of them doubtful."""
    rng = random.Random(SEED)
    calls = []
    for number, gene in enumerate(("OSTM1", "TCIRG1", "CLCN7", "SNX10", "CA2", "TNFRSF11A", "FERMT3", "LRP5")):
        for step in range(2):
            drawn = draw(gene, KINDS[(number + step) % len(KINDS)], rng)
            calls.append(Call(drawn.variants[assembly], ("1/1", "0/1")[(number + step) % 2]))
    calls.append(Call(draw("TNFSF11", "null", rng).variants[assembly], "1/1", filter="LowQual"))
    return calls


def told(path: Path, out: Path, *options: str) -> dict[str, Any]:
    """What must not change: findings, subtypes, answer and genes."""
    result = run_file(path, out, "--sex", "female", *options)
    assert result.exit_code == 0, result.error
    return {key: result.case[key] for key in ("findings", "subtypes", "answer", "genes", "statements")}


def write(folder: Path, text: str, name: str = "child.vcf") -> Path:
    path = folder / name
    path.write_text(text, encoding="ascii")
    return path


def records(text: str) -> tuple[list[str], list[list[str]]]:
    lines = text.splitlines()
    return [line for line in lines if line[0] == "#"], [line.split("\t") for line in lines if line[0] != "#"]


def joined(head: list[str], body: list[list[str]]) -> str:
    return "\n".join((*head, *("\t".join(row) for row in body))) + "\n"


def chr_names(text: str) -> str:
    head, body = records(text)
    head = [h.replace("##contig=<ID=", "##contig=<ID=chr") for h in head]
    return joined(head, [["chr" + row[0], *row[1:]] for row in body])


def without_contig_lines(text: str) -> str:
    head, body = records(text)
    return joined([h for h in head if not h.startswith("##contig")], body)


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def lower_case(text: str) -> str:
    head, body = records(text)
    return joined(head, [[*row[:3], row[3].lower(), row[4].lower(), *row[5:]] for row in body])


def extra_sample(text: str) -> str:
    head, body = records(text)
    return joined([*head[:-1], head[-1] + "\tOTHER"], [[*row, "0/1:30:15,15:50"] for row in body])


def off_panel_records(text: str) -> str:
    head, body = records(text)
    more = [["2", str(pos), ".", "A", "G", "50", "PASS", ".", "GT:DP:AD:GQ", "0/1:40:20,20:99"] for pos in
            range(30_000_000, 30_200_000, 1000)]  # fmt: skip
    return joined(head, [*more, *body])


def annotated(text: str) -> str:
    head, body = records(text)
    return joined(head, [[*row[:7], "AF=0.9;CSQ=x|y|z;MQ=60", *row[8:]] for row in body])


def extra_alt_in_one_record(text: str) -> str:
    """Each record gains an ALT that this sample does not carry."""
    head, body = records(text)
    wide = []
    for row in body:
        base = next(b for b in "ACGT" if b != row[3][0] and b != row[4][0])
        values = dict(zip(row[8].split(":"), row[9].split(":"), strict=True))
        values["AD"] += ",0"
        wide.append([*row[:4], f"{row[4]},{base + row[3][1:]}", *row[5:9], ":".join(values.values())])
    return joined(head, wide)


def format_order(text: str) -> str:
    head, body = records(text)
    turned = []
    for row in body:
        keys, values = row[8].split(":"), row[9].split(":")
        turned.append([*row[:8], ":".join((keys[0], *keys[:0:-1])), ":".join((values[0], *values[:0:-1]))])
    return joined(head, turned)


WAYS: dict[str, Callable[[str], str]] = {
    f.__name__: f
    for f in (
        chr_names, without_contig_lines, crlf, lower_case, extra_sample, off_panel_records, annotated,
        extra_alt_in_one_record, format_order,
    )
}  # fmt: skip


@pytest.mark.parametrize("assembly", [GRCH37, GRCH38])
@pytest.mark.parametrize("way", WAYS)
def test_other_spellings_of_the_file(way: str, assembly: Assembly, tmp_path: Path) -> None:
    text = vcf_text(assembly, child(assembly))
    plain = told(write(tmp_path, text), tmp_path / "plain")
    assert len(plain["findings"]) == 17
    changed = write(tmp_path, WAYS[way](text), "changed.vcf")
    options = ("--sample", "CHILD") if way == "extra_sample" else ()
    again = told(changed, tmp_path / "changed", *options)
    if way == "extra_alt_in_one_record":  # AD is shown as written, so it holds one number more
        for found in again["findings"]:
            assert found["genotype"]["ad"].pop() == 0
    assert again == plain


def test_text_gzip_bgzf_and_indexed_bgzf(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, child(GRCH38), "chr")
    plain = told(write(tmp_path, text), tmp_path / "plain")
    packed = tmp_path / "child.gz.vcf.gz"
    packed.write_bytes(gzip.compress(text.encode("ascii")))
    assert told(packed, tmp_path / "gzip") == plain
    blocks = tmp_path / "blocks.vcf.gz"
    with pysam.BGZFile(str(blocks), "w") as out:
        out.write(text.encode("ascii"))
    assert told(blocks, tmp_path / "bgzf") == plain
    pysam.tabix_index(str(blocks), preset="vcf", force=True)
    assert told(blocks, tmp_path / "tbi") == plain
    Path(f"{blocks}.tbi").unlink()
    pysam.tabix_index(str(blocks), preset="vcf", csi=True, force=True)
    assert told(blocks, tmp_path / "csi") == plain


def without_coordinates(case: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {k: v for k, v in f.items() if k not in ("variant", "hgvs_g")} | {"keys": f["variant"]["keys"]}
        for f in case["findings"]
    ]
    genes = [without_places(g) for g in case["genes"]]
    return {**case, "findings": findings, "genes": genes}


def test_both_assemblies_differ_only_in_coordinates(tmp_path: Path) -> None:
    old, new = (told(write(tmp_path, vcf_text(a, child(a)), f"{a}.vcf"), tmp_path / a.value) for a in (GRCH37, GRCH38))
    assert without_coordinates(old) == without_coordinates(new)


def rotated(variant: Variant, assembly: Assembly) -> Variant | None:
    """The same deletion written as far to the right as the known bases allow."""
    known = reference.load(assembly).sequence
    start, end = variant.start + 1, variant.end
    moved = 0
    while True:
        first, after = known.bases(variant.contig, start, start + 1), known.bases(variant.contig, end, end + 1)
        if first is None or first != after:
            break
        start, end, moved = start + 1, end + 1, moved + 1
    if not moved:
        return None
    bases = known.bases(variant.contig, start - 1, end)
    assert bases is not None
    return Variant(variant.contig, start, bases, bases[0])


def test_right_aligned_and_padded_indels(tmp_path: Path) -> None:
    rng = random.Random("aligned")
    tried = 0
    for gene in ("OSTM1", "TCIRG1", "SNX10", "CA2", "TNFRSF11A", "CLCN7"):
        for kind in ("frameshift", "inframe"):
            variant = draw(gene, kind, rng).variants[GRCH38]
            plain = told(write(tmp_path, vcf_text(GRCH38, [Call(variant)])), tmp_path / f"{gene}{kind}")
            known = reference.load(GRCH38).sequence
            after = known.bases(variant.contig, variant.end, variant.end + 2)
            spellings = [rotated(variant, GRCH38)]
            if after:
                spellings.append(Variant(variant.contig, variant.pos, variant.ref + after, variant.alt + after))
            for number, spelling in enumerate(filter(None, spellings)):
                tried += 1
                changed = write(tmp_path, vcf_text(GRCH38, [Call(spelling)]), "changed.vcf")
                assert told(changed, tmp_path / f"{gene}{kind}{number}") == plain
    assert tried > 12


def test_a_multi_allelic_record_joined_or_split(tmp_path: Path) -> None:
    """1/2 and its two split records: each heterozygous, and on different copies by their place."""
    rng = random.Random("split")
    first = draw("SNX10", "null", rng).variants[GRCH38]
    other = next(b for b in "ACGT" if b not in (first.ref, first.alt))
    head, _ = records(vcf_text(GRCH38, [], "chr"))
    tail = ["100", "PASS", ".", "GT:DP:AD:GQ"]
    at = [f"chr{first.contig}", str(first.pos), ".", first.ref]
    whole = joined(head, [[*at, f"{first.alt},{other}", *tail, "1/2:50:0,25,25:99"]])
    split = joined(
        head,
        [[*at, first.alt, *tail, "1/0:50:25,25:99"], [*at, other, *tail, "0/1:50:25,25:99"]],
    )
    one = told(write(tmp_path, whole, "a.vcf"), tmp_path / "a")
    two = told(write(tmp_path, split, "b.vcf"), tmp_path / "b")
    for case in (one, two):
        for found in case["findings"]:
            found["genotype"] = found["call_quality"]["reasons"] = None
    assert one == two
    assert {f["zygosity"] for f in one["findings"]} == {"heterozygous"}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, vcf_text(GRCH38, child(GRCH38)))
    for out in ("one", "two"):
        told(path, tmp_path / out)
    for name in ("case.json", "report.html", "findings.tsv", "findings.vcf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
