"""A small VCF written in a test, run through the command line, and read back as the user would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from varmio.assembly import CONTIG_LENGTHS
from varmio.cli import main
from varmio.model import Assembly, Variant

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
CALLS = {"1/1": "0,50", "0/1": "25,25", "1/0": "25,25", "1": "0,50", "0|1": "25,25", "1|0": "25,25", "1|1": "0,50"}


@dataclass(frozen=True)
class Call:
    """One record: allele, genotype, and what else a test needs to say."""

    variant: Variant
    gt: str = "1/1"
    filter: str = "PASS"
    dp: int | None = 50
    ad: str | None = None  # of 50 reads, by genotype, where not given
    gq: int | None = 99
    extra: str = ""  # more FORMAT fields, "PS=17"


def call(key: str, gt: str = "1/1", **more: Any) -> Call:
    """A call from a key such as "6-108064285-ACT-A"."""
    contig, pos, ref, alt = key.split("-")
    return Call(Variant(contig, int(pos), ref, alt), gt, **more)


def vcf_text(assembly: Assembly, calls: Iterable[Call], prefix: str = "", sample: str = "CHILD") -> str:
    """VCF text with contig lengths of the assembly and the calls in order of position."""
    lengths = CONTIG_LENGTHS[assembly]
    order = {contig: i for i, contig in enumerate(lengths)}
    lines = ["##fileformat=VCFv4.2", '##FILTER=<ID=LowQual,Description="low quality">']
    lines += [f"##contig=<ID={prefix}{contig},length={length}>" for contig, length in lengths.items()]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", sample)))
    ordered = sorted(calls, key=lambda c: (order[c.variant.contig], c.variant.pos))
    return "\n".join((*lines, *(_line(c, prefix) for c in ordered))) + "\n"


def _line(c: Call, prefix: str) -> str:
    fields = {"GT": c.gt}
    if c.dp is not None:
        fields |= {"DP": str(c.dp), "AD": c.ad or CALLS.get(c.gt, "0,50")}
    if c.gq is not None:
        fields["GQ"] = str(c.gq)
    fields |= dict(pair.split("=") for pair in c.extra.split(",") if pair)
    v = c.variant
    columns = (f"{prefix}{v.contig}", str(v.pos), ".", v.ref, v.alt, "100", c.filter, ".")
    return "\t".join((*columns, ":".join(fields), ":".join(fields.values())))


@dataclass(frozen=True)
class Result:
    exit_code: int
    lines: list[str]
    error: str
    case: dict[str, Any]
    page: str

    @property
    def matches(self) -> dict[str, dict[str, Any]]:
        return {m["id"]: m for m in self.case["subtypes"]}

    @property
    def words(self) -> str:
        """The page as a reader sees it: no markup, no embedded case."""
        body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page, flags=re.S)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    @property
    def minute(self) -> str:
        """The words of the one-minute list only."""
        found = re.search(r'<dl class="min".*?</dl>', self.page, flags=re.S)
        assert found, "the page has no one-minute list"
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def run_file(vcf: Path, out: Path, *options: str) -> Result:
    """`varmio run` on a file; a traceback is a failure of the test."""
    result = CliRunner().invoke(main, ["run", str(vcf), "-o", str(out), "--date", "2026-11-26", *options])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    done = (out / "case.json").exists()
    case = json.loads((out / "case.json").read_text(encoding="utf-8")) if done else {}
    page = (out / "report.html").read_text(encoding="utf-8") if done else ""
    return Result(result.exit_code, result.stdout.splitlines(), result.stderr, case, page)


def run_calls(folder: Path, assembly: Assembly, calls: Iterable[Call], *options: str, prefix: str = "") -> Result:
    """`varmio run` on a VCF of just these calls."""
    number = len(list(folder.iterdir()))
    vcf = folder / f"child{number}.vcf"
    vcf.write_text(vcf_text(assembly, calls, prefix), encoding="ascii")
    result = run_file(vcf, folder / f"out{number}", *options)
    assert result.exit_code == 0, result.error
    return result


def without_places(gene: dict[str, Any]) -> dict[str, Any]:
    """A gene's verdict without what differs between assemblies: where the gene and its exons lie."""
    places = ("start", "end", "gaps")
    exons = [{k: v for k, v in exon.items() if k not in places} for exon in gene["exons"]]
    return {**{k: v for k, v in gene.items() if k not in places}, "exons": exons}
