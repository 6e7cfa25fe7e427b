"""A user's own evidence: what weighs a VUS, what never does, and that no file of it can mislead or crash a run."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
import shlex
import subprocess
from functools import partial
from pathlib import Path

import jsonschema
import pysam
import pysam.bcftools
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.draw import draw
from tests.exome import Call, Result, call, run_calls, run_file, vcf_text
from varmio.assembly import CONTIG_LENGTHS
from varmio.cli import main
from varmio.errors import ResourceError
from varmio.interpret.classify import is_rare
from varmio.interpret.normalize import normalize
from varmio.model import Assembly, Class, FrequencyState, Variant
from varmio.readers import evidence, panel, reference
from varmio.readers.evidence_files import Asked, EvidenceFile, clinvar, populations, read, text, weigh

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
ROOT = Path(__file__).parent.parent
KNOWN = {a: reference.load(a).sequence for a in Assembly}
VUS = draw("TCIRG1", "missense", random.Random("evidence")).variants
HERE = VUS[GRCH38]
OSTM1 = "6-108064285-ACT-A"


def neighbours(assembly: Assembly, number: int = 9) -> list[Variant]:
    """SNVs of the VUS's exon, one base in three, with the assembly's own REF."""
    centre = VUS[assembly]
    places = [centre.pos + 3 * i for i in range(-number, number + 1) if i]
    known = [(p, KNOWN[assembly].bases(centre.contig, p - 1, p)) for p in places]
    return [Variant(centre.contig, p, b, "A" if b != "A" else "C") for p, b in known if b][:number]


def info(**fields: object) -> str:
    return ";".join(f"{key}={value}" for key, value in fields.items()) or "."


HEAD = ("##fileformat=VCFv4.2", "##source=gnomAD v4.1 exomes", '##INFO=<ID=AF,Number=A,Type=Float,Description="AF">')


def vcf(rows: list[tuple[Variant, str, str]], head: tuple[str, ...] = HEAD, prefix: str = "chr") -> str:
    lines = [*head, "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"))]
    lines += [f"{prefix}{v.contig}\t{v.pos}\t.\t{v.ref}\t{v.alt}\t.\t{f}\t{i}" for v, f, i in rows]
    return "\n".join(lines) + "\n"


def slice_of(fields: str, assembly: Assembly = GRCH38, head: tuple[str, ...] = HEAD, filter_: str = "PASS") -> str:
    """Ten lines of a sites VCF: nine neighbours, and the VUS with these INFO fields."""
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(assembly)]
    rows.append((VUS[assembly], filter_, fields))
    return vcf(sorted(rows, key=lambda r: r[0].pos), head, "chr" if assembly is GRCH38 else "")


def asked(*wanted: Variant, assembly: Assembly = GRCH38, clinvar_too: bool = True) -> Asked:
    normal = partial(normalize, sequence=KNOWN[assembly])
    return Asked(assembly, KNOWN, frozenset(normal(v) for v in wanted), normal, clinvar_too)


def write(folder: Path, content: str | bytes, name: str = "slice.vcf") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def loaded(folder: Path, content: str | bytes, *wanted: Variant, name: str = "slice.vcf") -> EvidenceFile:
    return read(write(folder, content, name), asked(*(wanted or (HERE,))))


def run(folder: Path, *options: str, variant: Variant = HERE, assembly: Assembly = GRCH38) -> Result:
    return run_calls(folder, assembly, [Call(variant)], "--sex", "female", *options)


def weighed(folder: Path, content: str, **more: str) -> Result:
    folder.mkdir(exist_ok=True)
    return run(folder, "--evidence", str(write(folder, content, **more)))


# --------------------------------------------------------------------------- the VUS that waits


def named_commands(result: Result) -> list[str]:
    """The one command of the page, and the one that makes its slice."""
    return [html.unescape(c) for c in re.findall(r'<pre><code class="copy"[^>]*>(.*?)</code></pre>', result.page)]


@pytest.mark.parametrize(("af", "code"), [("0.00001", "possible"), ("0.004", "unweighed"), ("0.02", "nothing_found")])
@pytest.mark.parametrize("assembly", list(Assembly))
def test_the_command_that_the_page_names_weighs_the_vus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, af: str, code: str, assembly: Assembly
) -> None:
    before = run(tmp_path, variant=VUS[assembly], assembly=assembly)
    assert before.case["answer"]["code"] == "unweighed"
    write(tmp_path, slice_of(info(AF=af), assembly))
    monkeypatch.chdir(tmp_path)
    words = shlex.split(named_commands(before)[0].replace(" OUT ", " out0 "))
    assert words[:2] == ["varmio", "run"]
    assert CliRunner().invoke(main, words[1:]).exit_code == 0
    after = run_file(tmp_path / "child0.vcf", tmp_path / "again", *words[3:-5], "--evidence", "slice.vcf")
    assert after.case["answer"]["code"] == code
    assert (tmp_path / "out0" / "case.json").read_text().count(f'"code": "{code}"') == 1
    found = after.case["findings"][0]
    assert (found["frequency"]["state"], found["frequency"]["max_af"]) == ("looked_up", float(af))
    assert found["frequency"]["source"] == "gnomAD v4.1 (slice.vcf)"
    assert "slice.vcf" in after.words


def test_the_second_line_cuts_a_slice_that_says_what_it_covers(tmp_path: Path) -> None:
    before = run(tmp_path)
    recipe = named_commands(before)[1]
    lengths = tuple(f"##contig=<ID=chr{c},length={n}>" for c, n in CONTIG_LENGTHS[GRCH38].items())
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    whole = compressed(write(tmp_path, vcf(rows, (*HEAD, *lengths)), "gnomad.vcf"))
    view, awk = recipe.split(" | ", 1)
    words = view.replace("gnomad.GRCh38.sites.vcf.gz", str(whole)).split()
    assert words[:3] == ["bcftools", "view", "-r"]
    for number, region in enumerate((words[3], words[3].replace("chr", ""))):
        cut = "".join(pysam.bcftools.view("-r", region, str(whole), split_lines=False) if number == 0 else vcf([]))
        made = tmp_path / f"slice{number}.vcf"
        subprocess.run(["sh", "-c", awk.replace("slice.vcf", str(made))], input=cut.encode(), check=True)
        assert "##varmio_region=chr11:" in made.read_text()
    after = run(tmp_path, "--evidence", str(tmp_path / "slice0.vcf"))
    assert after.case["answer"]["code"] == "possible"
    assert after.case["findings"][0]["frequency"]["max_af"] == 0.0
    assert "absent from a region that the file covers" in after.words
    child = tmp_path / "child0.vcf"
    empty = run_file(child, tmp_path / "empty", "--evidence", str(tmp_path / "slice1.vcf"))
    assert (empty.exit_code, empty.case) == (4, {})
    assert "check how that names contigs" in empty.error


def test_a_region_without_a_line_of_its_contig_proves_nothing(tmp_path: Path) -> None:
    ctsk = next(t for t in reference.load(GRCH38).transcripts if t.gene == "CTSK")
    start = ctsk.coding[1][0]
    known = [(p, KNOWN[GRCH38].bases("1", p - 1, p) or "") for p in range(start + 1, start + 10)]
    rows = [(Variant("1", p, b, "A" if b != "A" else "C"), "PASS", info(AF=0.3)) for p, b in known]
    region = f"##varmio_region=chr11:{HERE.pos - 50}-{HERE.pos + 50}"
    result = weighed(tmp_path, vcf(rows, (*HEAD, region)))
    assert result.case["answer"]["code"] == "unweighed"
    assert "holds no line of contig 11: not counted" in result.words


def test_the_same_slice_as_a_table(tmp_path: Path) -> None:
    rows = [(v, 0.3) for v in neighbours(GRCH38)] + [(HERE, 0.00001)]
    lines = [f"chr{v.contig}\t{v.pos}\t{v.ref.lower()}\t{v.alt.lower()}\t{af}" for v, af in rows]
    table = "\n".join(("## source=in-house", "#contig\tpos\tref\talt\tAF", *lines))
    assert weighed(tmp_path / "a", table, name="own.tsv").case["answer"]["code"] == "possible"
    crlf = b"\xef\xbb\xbf" + table.replace("\n", "\r\n").encode()
    for name, content in (("own.tsv", crlf), ("own.tsv.gz", gzip.compress(crlf))):
        given = loaded(tmp_path, content, HERE, name=name)
        assert [f.af for f in given.rows[HERE.key][0].figures] == [0.00001]


def test_a_callers_own_af_is_never_evidence(tmp_path: Path) -> None:
    child = vcf_text(GRCH38, [Call(HERE)]).replace("\t100\tPASS\t.\t", "\t100\tPASS\tAF=0.00001\t")
    path = write(tmp_path, child, "child.vcf")
    assert run_file(path, tmp_path / "out").case["answer"]["code"] == "unweighed"
    given = run_file(path, tmp_path / "out2", "--evidence", str(path))
    assert (given.exit_code, given.case) == (4, {})
    assert "sample columns" in given.error
    for caller in ("HaplotypeCaller", "DeepVariant 1.6", "freeBayes v1.3.6"):
        head = (HEAD[0], f"##source={caller}", '##VEP="v110" gnomADe="v4.1"', HEAD[2])
        with pytest.raises(ResourceError, match="a caller"):
            loaded(tmp_path, slice_of(info(AF=0.00001), head=head))
    named = '##INFO=<ID=gnomAD_AF_sas,Number=A,Type=Float,Description="">'
    head = (HEAD[0], "##source=HaplotypeCaller", HEAD[2], named)
    given_file = loaded(tmp_path, slice_of(info(AF=0.5, gnomAD_AF_sas=0.002), head=head))
    assert [(f.population, f.af) for f in given_file.rows[HERE.key][0].figures] == [("sas", 0.002)]
    for line in (
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="">',
        '##INFO=<ID=MQ,Number=1,Type=Float,Description="">',
    ):
        with pytest.raises(ResourceError, match="does not say whose"):
            loaded(tmp_path, slice_of(info(AF=0.1), head=(HEAD[0], HEAD[2], line)))
    unnamed = loaded(tmp_path, slice_of(info(AF=0.1), head=(HEAD[0], HEAD[2])))
    assert unnamed.meta.source == "unnamed source"


@pytest.mark.parametrize(
    ("name", "lines", "source", "release"),
    [
        ("gnomad.exomes.v4.1.sites.chr11.vcf", ("##hailversion=0.2.123", "##contig=<ID=chr11,length=135086622,"
         "assembly=gnomAD_GRCh38>"), "gnomAD", "v4.1"),
        ("gnomad.genomes.r2.1.1.sites.vcf", ('##INFO=<ID=nhomalt,Number=A,Type=Integer,Description="">',),
         "gnomAD", "r2.1.1"),
        ("ExAC.r0.3.sites.vep.vcf", ("##source=SelectVariants", "##INFO=<ID=AC_Adj,Number=A,Type=Integer>",
         "##INFO=<ID=AN_Adj,Number=1,Type=Integer>"), "ExAC", "r0.3"),
        ("a.vcf", ("##source=Iranome 2018", "##fileDate=20180909"), "Iranome 2018", None),
        ("a.vcf", ("##varmio_source=GME Variome", "##release=2016"), "GME Variome", "2016"),
    ],
)  # fmt: skip
def test_whose_figures_and_of_which_release(
    tmp_path: Path, name: str, lines: tuple[str, ...], source: str, release: str | None
) -> None:
    meta = loaded(tmp_path, slice_of(info(AF=0.1), head=(HEAD[0], HEAD[2], *lines)), name=name).meta
    assert (meta.source, meta.release) == (source, release)
    assert meta.date == ("2018-09-09" if "Iranome" in source else None)


# --------------------------------------------------------------------------- regions


def test_absent_counts_only_inside_a_declared_region(tmp_path: Path) -> None:
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    around = f"##varmio_region=chr11:{HERE.pos}-{HERE.pos}"
    beside = f"##varmio_region=chr11:{HERE.pos + 1}-{HERE.pos + 100},chr11:{HERE.pos - 100}-{HERE.pos - 1}"
    assert weighed(tmp_path / "none", vcf(rows)).case["answer"]["code"] == "unweighed"
    assert weighed(tmp_path / "beside", vcf(rows, (*HEAD, beside))).case["answer"]["code"] == "unweighed"
    inside = weighed(tmp_path / "inside", vcf(rows, (*HEAD, around)))
    assert inside.case["answer"]["code"] == "possible"
    assert inside.case["findings"][0]["frequency"]["max_af"] == 0.0


def test_an_allele_shipped_as_seen_is_not_absent(tmp_path: Path) -> None:
    facts = evidence.load(GRCH38)
    key, row = next((k, r) for k, r in facts.frequencies.items() if r[evidence.AF] and k.startswith("11-"))
    contig, pos, ref, alt = key.split("-")
    seen = Variant(contig, int(pos), ref, alt)
    region = f"##varmio_region=11:{int(pos) - 50}-{int(pos) + 50}"
    path = write(tmp_path, vcf([(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)], (*HEAD, region)))
    both = evidence.with_files(facts, (path,), asked(seen))
    assert both.frequency(seen, 0).max_af == float(row[evidence.AF])


def test_an_indel_beside_another_of_its_length_is_not_absent(tmp_path: Path) -> None:
    deletion = normalize(draw("TCIRG1", "inframe", random.Random(3)).variants[GRCH38], KNOWN[GRCH38])
    other = Variant(deletion.contig, deletion.pos + 9, "AGTC", "A")
    region = f"##varmio_region=11:{deletion.pos - 60}-{deletion.pos + 60}"
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    alone = loaded(tmp_path, vcf(rows, (*HEAD, region)), deletion)
    frequency = weigh.frequency((alone,), deletion, True)
    assert frequency is not None
    assert frequency.max_af == 0
    base = KNOWN[GRCH38].bases("11", other.start, other.end) or ""
    rows.append((Variant("11", other.pos, base, base[0]), "PASS", info(AF=0.2)))
    beside = loaded(tmp_path, vcf(rows, (*HEAD, region)), deletion)
    assert weigh.frequency((beside,), deletion, True) is None
    assert "may be the same" in weigh.remarks((beside,), deletion)[0]


# --------------------------------------------------------------------------- figures and groups


def frequency_of(folder: Path, fields: str, filter_: str = "PASS", head: tuple[str, ...] = HEAD):
    return weigh.frequency((loaded(folder, slice_of(fields, filter_=filter_, head=head)),), HERE, True)


@pytest.mark.parametrize(
    ("fields", "top"),
    [
        ("AC=3;AN=100000;AF=3e-05;nhomalt=1;AF_afr=0.0002;AF_popmax=0.0002;popmax=afr", (0.0002, "afr", 1)),
        ("AC=3;AN=100000;nhomalt=0;AC_sas=9;AN_sas=3000;nhomalt_sas=2", (0.003, "sas", 0)),
        ("AF-sas=0.004;AF=0.00002;nhomalt-sas=1", (0.004, "sas", 1)),
        ("AF_joint=1e-5;AF_joint_mid=0.004;AN_joint_mid=6000;nhomalt_joint=0", (0.004, "mid (joint)", 0)),
        ("AF=0.02;AF_mid=0.04", (0.02, "global", None)),
        ("AF=1e-5;AF_mid=0.04", (0.04, "mid", None)),
        ("AF=1e-5;GME_AF=0.003", (0.003, "gme", None)),
        ("AF=1e-5;AC_mid=1;AN_mid=316;AF_mid=0.003", (1e-5, "global", None)),  # one of 316 says little
        ("AF=1e-5;AF_oth=0.2;AF_remaining=0.2", (1e-5, "global", None)),
        ("AF=1e-5;AF_nfe_seu=0.2;AF_XX=0.2;non_neuro_AF=0.3;AF_raw=0.4;controls_AF_afr=0.4", (1e-5, "global", None)),
        ("AC=9;AN=10;AC_Adj=6;AN_Adj=12000;AC_Hom=2;AC_SAS=5;AN_SAS=2500;Hom_SAS=1", (0.002, "sas", 2)),
        ("AC=60;AN=10000;AC_Adj=6;AN_Adj=12000;AC_Hom=3", (0.0005, "global", 3)),
        ("AF=1e-5;EAS_AF=0.006;SAS_AF=0.002", (0.006, "eas", None)),
        ("AF=.;AC=4;AN=8000;AC_hom=1", (0.0005, "global", 1)),
        ("AF_grpmax=0.0008;grpmax=sas;AF=1e-6", (0.0008, "sas", None)),
        ("AF_grpmax=.;grpmax=.;AF=1e-6", (1e-6, "global", None)),
        ("AF=0;AC=0;AN=150000", (0.0, "global", None)),
    ],
)
def test_the_figure_that_leads(tmp_path: Path, fields: str, top: tuple[float, str, int | None]) -> None:
    tags = {part.split("=")[0] for part in fields.split(";")}
    head = (*HEAD, *(f'##INFO=<ID={t},Number=A,Type=Float,Description="">' for t in sorted(tags)))
    found = frequency_of(tmp_path, fields, head=head)
    assert found is not None
    assert (pytest.approx(found.max_af), found.population, found.homozygotes) == top


@pytest.mark.parametrize(
    "fields", ["AN=0;AC=0;AF=0", "AN=0;AC=0", "AF=.", "AC=1;AN=2;AF=0.5", "AF_mid=0.00001", "DB", "."]
)
def test_figures_that_leave_it_as_it_was(tmp_path: Path, fields: str) -> None:
    assert frequency_of(tmp_path, fields) is None
    result = weighed(tmp_path / "run", slice_of(fields))
    assert result.case["answer"]["code"] == "unweighed"
    assert result.case["findings"][0]["frequency"] == {"state": "screened"}


def test_a_filtered_record_is_shown_and_never_counts(tmp_path: Path) -> None:
    for af in ("0.00001", "0.3"):
        result = weighed(tmp_path / af, slice_of(info(AF=af), filter_="AC0;RF"))
        assert result.case["answer"]["code"] == "unweighed"
        assert "The record is filtered (AC0, RF) and does not count." in result.words


def test_every_group_is_shown_and_a_founder_group_never_makes_common(tmp_path: Path) -> None:
    fields = "AF=0.00002;AC=3;AN=150000;AF_mid=0.03;AN_mid=6000;AC_mid=180;AF_sas=0.0001;AF_asj=0;AF_remaining=0.01"
    result = weighed(tmp_path, slice_of(fields))
    (found,) = [f for f in result.case["findings"] if f["gene"] == "TCIRG1"]
    assert {g["population"] for g in found["frequency"]["groups"]} == {"global", "mid", "sas", "asj", "remaining"}
    assert (found["frequency"]["max_af"], found["frequency"]["founder_group"]) == (0.03, True)
    assert found["classification"]["class"] == "uncertain_significance"
    assert result.case["answer"]["code"] == "unweighed"
    assert "mid 0.03 (180 of 6,000), keeps an allele from being rare and never makes it common" in result.words
    assert "sas 0.0001" in result.words


def test_the_highest_of_several_files_leads(tmp_path: Path) -> None:
    exomes, genomes = (loaded(tmp_path, slice_of(info(AF=af)), name=f"{af}.vcf") for af in ("0.00001", "0.02"))
    found = weigh.frequency((exomes, genomes), HERE, True)
    assert found is not None
    assert (found.max_af, found.source) == (0.02, "gnomAD v4.1 (0.02.vcf)")


@pytest.mark.parametrize(("given", "leads"), [("0.0123", 0.92), ("0.95", 0.95)])
def test_the_highest_of_given_and_shipped_leads(given: str, leads: float, tmp_path: Path) -> None:
    facts = evidence.load(GRCH38)
    seen = Variant("5", 14707491, "C", "T")
    assert facts.frequency(seen, 0).max_af == pytest.approx(0.92, abs=0.001)
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)] + [(seen, "PASS", info(AF=given))]
    both = evidence.with_files(facts, (write(tmp_path, vcf(rows)),), asked(seen))
    found = both.frequency(seen, 0)
    assert found.max_af == pytest.approx(leads, abs=0.001)
    assert [g["af"] for g in found.groups] == [float(given)]


def test_a_founder_figure_keeps_an_allele_that_is_shipped_as_rare_from_being_rare(tmp_path: Path) -> None:
    facts = evidence.load(GRCH38)
    seen = Variant("16", 1446369, "C", "T")  # shipped at 0.000067
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)] + [(seen, "PASS", info(AF_mid=0.03, AN_mid=6000))]
    both = evidence.with_files(facts, (write(tmp_path, vcf(sorted(rows, key=lambda r: r[0].pos))),), asked(seen))
    found = both.frequency(seen, 0)
    assert (found.max_af, found.founder_group) == (0.03, True)
    assert is_rare(facts.frequency(seen, 0))
    assert not is_rare(found)


def test_a_null_allele_that_is_common_is_still_read_by_a_person(tmp_path: Path) -> None:
    stop = draw("TCIRG1", "null", random.Random("common null")).variants[GRCH38]
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)] + [(stop, "PASS", info(AF=0.2, AN=150000))]
    path = write(tmp_path, vcf(sorted(rows, key=lambda r: r[0].pos)), "slice.vcf")
    (found,) = run_calls(tmp_path, GRCH38, [Call(stop)], "--sex", "female", "--evidence", str(path)).case["findings"]
    assert found["classification"]["class"] in ("benign", "likely_benign")
    assert found["tier"] == 2
    assert any("the two disagree" in reason for reason in found["reasons"])


def test_words_of_field_names() -> None:
    for name in ("faf95", "AF_afr_XX", "non_cancer_AF", "AC_Het", "AC_Hemi", "AF_raw", "popmax", "VAF", "MLEAF"):
        assert populations.field(name) is None, name
    for name in ("AF_SAS", "SAS_AF", "AF-sas", "AF_joint_sas", "gnomAD_AF_sas", "AF_grpmax_joint"):
        found = populations.field(name)
        assert found is not None, name
        assert found.measure == "af"


# --------------------------------------------------------------------------- the same file, written otherwise


def test_split_joined_prefix_and_alignment_change_nothing(tmp_path: Path) -> None:
    deletion = normalize(draw("TCIRG1", "inframe", random.Random(7)).variants[GRCH38], KNOWN[GRCH38])
    start, end = deletion.pos, deletion.pos + len(deletion.ref) - 1
    after = KNOWN[GRCH38].bases("11", end, end + 1)
    assert after
    right = Variant("11", start + 1, deletion.ref[1:] + after, after)  # anchored on its right
    padded = Variant("11", start, deletion.ref + after, deletion.alt + after)
    base = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    figures = info(AF=0.0005, AC=50, AN=100000)
    texts = [vcf([*base, (v, "PASS", figures)], prefix=p) for v in (deletion, right, padded) for p in ("chr", "")]
    first = deletion.ref[0]
    other = "A" if first != "A" else "C"
    joined = Variant("11", start, deletion.ref, f"{deletion.alt},{other}{deletion.ref[1:]},*,<DEL>")
    texts.append(vcf([*base, (joined, "PASS", info(AF="0.0005,0.4,0.1,0.1", AC="50,1,2,3", AN=100000))]))
    texts += [t.replace("\t11\t", "\tNC_000011.10\t") for t in texts[1:2]]
    found = [weigh.frequency((loaded(tmp_path, t, deletion),), deletion, True) for t in texts]
    assert found[0] is not None
    assert found[0].max_af == 0.0005
    assert found == [found[0]] * len(found)


def test_a_case_with_groups_fits_the_schema_and_a_line_names_its_own_source(tmp_path: Path) -> None:
    rows = [f"11\t{v.pos}\t{v.ref}\t{v.alt}\t0.3\t\t\t" for v in neighbours(GRCH38)]
    rows += [
        f"11\t{HERE.pos}\t{HERE.ref}\t{HERE.alt}\t{af}\t{group}\t{source}\t2025"
        for af, group, source in (
            (0.00001, "", "own exomes"),
            (0.0005, "South_Asian", "GenomeAsia"),
            (0.0002, "Saudi", ""),
        )
    ]
    table = "## source=several\nchrom\tpos\tref\talt\taf\tpopulation\tsource\trelease\n" + "\n".join(rows)
    result = weighed(tmp_path, table, name="own.tsv")
    jsonschema.validate(result.case, json.loads(CliRunner().invoke(main, ["schema"]).output))
    (found,) = result.case["findings"]
    assert (found["frequency"]["population"], found["frequency"]["source"]) == ("sas", "GenomeAsia 2025 (own.tsv)")
    assert [(g["population"], g["weight"]) for g in found["frequency"]["groups"]] == [
        ("global", "counts"),
        ("sas", "counts"),
        ("saudi", "keeps_from_rare"),
    ]
    assert "saudi 0.0002" in result.words


def test_duplicate_lines_and_lines_of_one_allele_each(tmp_path: Path) -> None:
    once = loaded(tmp_path, slice_of(info(AF=0.002)))
    again = "\t".join(("11", str(HERE.pos), ".", HERE.ref, HERE.alt, ".", "PASS", "AF=0.002"))
    twice = loaded(tmp_path, f"{slice_of(info(AF=0.002))}{again}\n")
    assert weigh.frequency((once,), HERE, True) == weigh.frequency((twice,), HERE, True)


# --------------------------------------------------------------------------- by region


def compressed(path: Path) -> Path:
    pysam.tabix_compress(str(path), f"{path}.gz", force=True)
    pysam.tabix_index(f"{path}.gz", preset="vcf", force=True)
    return Path(f"{path}.gz")


def test_a_large_file_is_read_by_region_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = tuple(f"##contig=<ID=chr{c},length={n}>" for c, n in CONTIG_LENGTHS[GRCH38].items())
    far = [(Variant("12", 1000 + i, "A", "C"), "PASS", info(AF=0.1)) for i in range(20_000)]
    near = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    rows = sorted([*near, (HERE, "PASS", info(AF=0.00001))], key=lambda r: r[0].pos) + far
    path = compressed(write(tmp_path, vcf(rows, (*HEAD, *lengths))))
    whole = read(path, asked(HERE))
    monkeypatch.setattr(text, "WHOLE_FILE_BYTES", path.stat().st_size - 1)
    part = read(path, asked(HERE))
    assert part.rows == whole.rows
    assert (part.records, whole.records) == (10, 20_010)
    assert (part.sha256, whole.sha256_of_lines) == (None, None)
    assert part.sha256_of_lines
    assert whole.sha256
    index = Path(f"{path}.tbi").read_bytes()
    other = compressed(write(tmp_path, vcf(rows[:-7], (*HEAD, *lengths)), "other.vcf"))
    monkeypatch.setattr(text, "WHOLE_FILE_BYTES", 1000)
    Path(f"{other}.tbi").write_bytes(index)
    with pytest.raises(ResourceError, match=r"index.*another file|index is damaged"):
        read(other, asked(HERE))
    Path(f"{other}.tbi").unlink()
    with pytest.raises(ResourceError, match="has no index"):
        read(other, asked(HERE))


# --------------------------------------------------------------------------- ClinVar

CLINVAR_HEAD = (
    "##fileformat=VCFv4.1",
    "##fileDate=2026-10-05",
    "##source=ClinVar",
    "##reference=GRCh38",
    '##INFO=<ID=CLNSIG,Number=.,Type=String,Description="">',
)
CRITERIA = "criteria_provided,_multiple_submitters,_no_conflicts"


def clinvar_file(*rows: tuple[str, str], head: tuple[str, ...] = CLINVAR_HEAD) -> str:
    made = [(call(key).variant, ".", fields) for key, fields in rows]
    return vcf(made, head, "")


def test_the_newer_clinvar_leads_and_dates_are_kept(tmp_path: Path) -> None:
    fields = info(ALLELEID=1, CLNSIG="Uncertain_significance", CLNREVSTAT=CRITERIA, CLNDN="Osteopetrosis|not_provided")
    path = write(tmp_path, clinvar_file((OSTM1, fields)), "clinvar.vcf")
    result = run_calls(tmp_path, GRCH38, [call(OSTM1)], "--sex", "female", "--evidence", str(path))
    (found,) = result.case["findings"]
    assert (found["clinvar"]["date"], found["clinvar"]["significance"]) == ("2026-10-05", "Uncertain significance")
    assert (found["clinvar"]["traits"], found["clinvar"]["decides"]) == (["Osteopetrosis"], False)
    assert any("An older ClinVar, of 2024-12-15, said pathogenic" in r for r in found["reasons"])
    given = [r for r in result.case["provenance"]["resources"] if r.get("given_by_user")]
    assert [(r["name"], r["source"], r["date"], len(r["sha256"])) for r in given] == [
        ("clinvar.vcf", "ClinVar", "2026-10-05", 64)
    ]
    old = clinvar_file((OSTM1, fields)).replace("2026-10-05", "2015-01-05")
    result = run_calls(tmp_path, GRCH38, [call(OSTM1)], "--evidence", str(write(tmp_path, old, "old.vcf")))
    assert result.case["findings"][0]["clinvar"]["date"] == "2024-12-15"


@pytest.mark.parametrize(
    ("said", "review", "decides", "shown", "stars"),
    [
        ("Pathogenic", CRITERIA, True, "Pathogenic", 2),
        ("Likely_pathogenic", "reviewed_by_expert_panel", True, "Likely pathogenic", 3),
        ("Pathogenic/Likely_pathogenic|other", CRITERIA, True, "Pathogenic/Likely pathogenic", 2),
        ("Pathogenic|risk_factor", "criteria_provided,_single_submitter", True, "Pathogenic", 1),
        ("Pathogenic", "no_assertion_criteria_provided", False, "Pathogenic", 0),
        ("Pathogenic", "", False, "Pathogenic", None),
        ("Pathogenic", "a_new_status_of_2031", False, "Pathogenic", None),
        ("Pathogenic", "criteria_provided,_conflicting_classifications", False, "Pathogenic", 1),
        ("Conflicting_classifications_of_pathogenicity", "criteria_provided,_conflicting_classifications", False,
         "Conflicting classifications of pathogenicity", 1),
        ("Uncertain_risk_allele", CRITERIA, False, "Uncertain risk allele", 2),
        ("Pathogenic/Likely_risk_allele", CRITERIA, False, "Pathogenic/Likely risk allele", 2),
        ("Pathogenic/Pathogenic,_low_penetrance", CRITERIA, False, "Pathogenic/Pathogenic, low penetrance", 2),
        ("Pathogenic|a_new_word", CRITERIA, False, "Pathogenic, a new word", 2),
        ("Benign", CRITERIA, False, "Benign", 2),
    ],
)  # fmt: skip
def test_what_clinvar_says_and_what_decides(
    said: str, review: str, decides: bool, shown: str, stars: int | None
) -> None:
    found = clinvar.fact({"CLNSIG": said, "CLNREVSTAT": review, "CLNDN": "."}, "17", "2026-10")
    assert found is not None
    assert (found.decides, found.significance, found.stars, found.id) == (decides, shown, stars, "17")


@pytest.mark.parametrize("said", ["", ".", "no_classification_for_the_single_variant"])
def test_clinvar_without_a_word_on_the_allele(said: str) -> None:
    assert clinvar.fact({"CLNSIG": said, "CLNSIGINCL": "9:Pathogenic"}, "17", "2026-10") is None


@given(st.dictionaries(st.sampled_from(["CLNSIG", "CLNREVSTAT", "CLNDN", "ALLELEID"]), st.text(max_size=40)))
@settings(max_examples=200, deadline=None)
def test_no_word_of_clinvar_crashes_and_an_unknown_one_never_decides(fields: dict[str, str]) -> None:
    found = clinvar.fact(fields, ".", "2026-10")
    assert found is None or not found.decides or found.significance.lower() in clinvar.PATHOGENIC


def test_clinvar_makes_a_vus_pathogenic_and_two_records_that_disagree_do_not(tmp_path: Path) -> None:
    good = info(CLNSIG="Pathogenic", CLNREVSTAT=CRITERIA, CLNDN="Osteopetrosis")
    bad = info(CLNSIG="Benign", CLNREVSTAT=CRITERIA)
    one = weighed(tmp_path / "one", clinvar_file((HERE.key, good)), name="clinvar.vcf")
    assert one.case["answer"]["code"] == "diagnosis"
    two = weighed(tmp_path / "two", clinvar_file((HERE.key, good), (HERE.key, bad)), name="clinvar.vcf")
    assert two.case["answer"]["code"] == "unweighed"


@pytest.mark.parametrize("order", [1, -1])
def test_clinvar_files_of_one_date_that_contradict_decide_nothing(order: int, tmp_path: Path) -> None:
    """The order in which they were given does not choose."""
    files = []
    for said in ("Pathogenic", "Benign")[::order]:
        content = clinvar_file((HERE.key, info(CLNSIG=said, CLNREVSTAT=CRITERIA)))
        files.append(loaded(tmp_path, content, name=f"{said}.vcf"))
    found = weigh.clinvar(tuple(files), HERE)
    assert found is not None
    assert not found.decides
    alone = weigh.clinvar(tuple(f for f in files if f.name == "Pathogenic.vcf"), HERE)
    assert alone is not None
    assert alone.decides


def test_an_annotated_call_file_is_no_clinvar_release(tmp_path: Path) -> None:
    head = tuple("##source=HaplotypeCaller" if line.startswith("##source") else line for line in CLINVAR_HEAD)
    content = clinvar_file((HERE.key, info(CLNSIG="Pathogenic", CLNREVSTAT=CRITERIA)), head=head)
    with pytest.raises(ResourceError, match="a caller: an annotated call file is no ClinVar release"):
        loaded(tmp_path, content, name="clinvar.vcf")


def test_no_clinvar_reads_no_fact_shipped_or_given(tmp_path: Path) -> None:
    good = info(CLNSIG="Pathogenic", CLNREVSTAT=CRITERIA)
    path = write(tmp_path, clinvar_file((HERE.key, good)), "clinvar.vcf")
    calls = [call(OSTM1), Call(HERE)]
    result = run_calls(tmp_path, GRCH38, calls, "--no-clinvar", "--evidence", str(path))
    assert result.case["findings"]
    for found in result.case["findings"]:
        assert "clinvar" not in found
        assert found["classification"]["criteria"][0]["reason"] == "ClinVar was not read (--no-clinvar)."
        assert not any("ClinVar of" in c["reason"] for c in found["classification"]["criteria"])
    names = [r["name"] for r in result.case["provenance"]["resources"] if "not_read" not in r]
    assert not [n for n in names if "clinvar" in n]
    assert "--no-clinvar" in result.case["provenance"]["command"]
    assert any("ClinVar was not read" in x["text"] for x in result.case["limitations"])
    assert "ClinVar was not read (--no-clinvar)." in result.words
    assert "no entry in the release that was searched" not in result.words


def test_an_allele_of_the_panel_keeps_its_class_without_clinvar(tmp_path: Path) -> None:
    kept = [(n, g) for name in panel.names() for g in panel.load(name).genes for n in g.named_alleles]
    named = next(n for n, _ in kept if n.class_ in (Class.PATHOGENIC, Class.LIKELY_PATHOGENIC) and "GRCh38" in n.keys)
    result = run_calls(tmp_path, GRCH38, [call(named.keys["GRCh38"])], "--no-clinvar")
    assert result.case["findings"][0]["classification"]["class"] == named.class_


# --------------------------------------------------------------------------- which assembly


def test_the_assembly_must_be_proven_and_the_cases(tmp_path: Path) -> None:
    other = slice_of(info(AF=0.1), GRCH37)
    with pytest.raises(ResourceError, match=r"REF bases|nothing proves"):
        loaded(tmp_path, other)
    lengths = f"##contig=<ID=11,length={CONTIG_LENGTHS[GRCH37]['11']}>"
    with pytest.raises(ResourceError, match="contig lengths are of GRCh37, but the case is on GRCh38"):
        loaded(tmp_path, slice_of(info(AF=0.1), head=(*HEAD, lengths)))
    one = [(HERE, "PASS", info(AF=0.1))]
    with pytest.raises(ResourceError, match="nothing proves"):
        loaded(tmp_path, vcf(one))
    assert loaded(tmp_path, vcf(one, (*HEAD, "##reference=file:///data/hg38.fa"))).rows
    with pytest.raises(ResourceError, match="it says it is GRCh37"):
        loaded(tmp_path, slice_of(info(AF=0.1), head=(*HEAD, "##reference=hs37d5.fa")))
    wrong = Variant("11", HERE.pos, HERE.alt, HERE.ref)
    with pytest.raises(ResourceError, match="REF bases are not those"):
        loaded(tmp_path, vcf([(wrong, "PASS", info(AF=0.1))], (*HEAD, "##reference=hg38")))


# --------------------------------------------------------------------------- files that cannot be used

TABLE = "##source=own\n##assembly=GRCh38\n#contig\tpos\tref\talt\tAF\tAC\tAN\n"
ROW = f"11\t{HERE.pos}\t{HERE.ref}\t{HERE.alt}\t0.1\t1\t10\n"
BAD: dict[str, bytes | str] = {
    "empty": b"",
    "blank": b"\n\n",
    "binary": bytes(range(256)),
    "bcf": b"BCF\2\2....",
    "cut gzip": gzip.compress(TABLE.encode() * 50)[:-20],
    "header only": TABLE,
    "no title": "##source=own\n",
    "no columns": "##source=own\nhello world\n",
    "column twice": (TABLE + ROW).replace("AC\tAN", "AF\tAN"),
    "columns missing": TABLE + "11\t5\tA\n",
    "af above one": TABLE + ROW.replace("0.1", "1.1"),
    "af is nan": TABLE + ROW.replace("0.1", "nan"),
    "af negative": TABLE + ROW.replace("0.1", "-0.1"),
    "af is a word": TABLE + ROW.replace("0.1", "rare"),
    "ac above an": TABLE + ROW.replace("\t1\t10", "\t11\t10"),
    "an negative": TABLE + ROW.replace("\t10\n", "\t-10\n"),
    "position": TABLE + ROW.replace(str(HERE.pos), "12e6"),
    "position zero": TABLE + ROW.replace(str(HERE.pos), "0"),
    "two alts": TABLE + ROW.replace(f"\t{HERE.alt}\t", "\tA,C\t"),
    "empty ref": TABLE + ROW.replace(f"\t{HERE.ref}\t", "\t\t"),
    "region": TABLE.replace("##assembly", "##region=11:9-3\n##assembly") + ROW,
    "spaces": (TABLE + ROW).replace("\t", " "),
    "vcf columns": slice_of(info(AF=0.1)).replace("\tINFO", ""),
    "vcf line": slice_of(info(AF=0.1)) + "11\t17\tA\n",
    "vcf no field": slice_of(info(AF=0.1)).replace("##INFO=<ID=AF", "##INFO=<ID=XX"),
    "vcf values": slice_of("AF=0.1,0.2"),
    "vcf af": slice_of("AF=3"),
    "vcf an": slice_of("AF=0.3;AN=many"),
    "vcf af is not ac of an": slice_of("AF=0.3;AC=3;AN=150000"),
    "vcf af twice": slice_of("AF=0.3;AF=0.00001"),
    "clinvar undated": clinvar_file((HERE.key, "CLNSIG=Pathogenic"), head=CLINVAR_HEAD[2:]).replace(
        "##source", "##fileformat=VCFv4.1\n##source"
    ),
    "html": "<!DOCTYPE html>\n<html>\n",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_file_that_cannot_be_used_is_one_line_and_exit_4(tmp_path: Path, name: str) -> None:
    content = BAD[name]
    bad = write(tmp_path, content, "bad.tsv.gz" if name == "cut gzip" else "bad")
    child = write(tmp_path, vcf_text(GRCH38, [Call(HERE)]), "child.vcf")
    result = run_file(child, tmp_path / "out", "--evidence", str(bad))
    assert result.exit_code == 4, result.error
    assert result.error.count("\n") == 1
    assert str(bad) in result.error
    assert not (tmp_path / "out").exists()


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    child = write(tmp_path, vcf_text(GRCH38, [Call(HERE)]), "child.vcf")
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / ("x" * 300), Path("/dev/null")):
        result = run_file(child, tmp_path / "out", "--evidence", str(path))
        assert (result.exit_code, result.error.count("\n")) == (4, 1), result.error


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["11", "chr11", "X", "", "chr99"]),
            st.one_of(st.integers(-5, 10**10).map(str), st.just(str(HERE.pos))),
            st.text("ACGTNacgt*.<>,", max_size=4),
            st.text("ACGTNacgt*.<>,", max_size=4),
            st.one_of(st.floats().map(str), st.text(max_size=5)),
            st.one_of(st.integers(-1, 10**9).map(str), st.just(".")),
        ),
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_read_or_refused(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    title = "##source=own\n##assembly=GRCh38\ncontig\tpos\tref\talt\tAF\tAN\n"
    good = f"11\t{HERE.pos}\t{HERE.ref}\t{HERE.alt}\t0.25\t50000\n"
    path = write(tmp_path, (title + good + "\n".join("\t".join(r) for r in rows)).encode("utf-8", "replace"), "t.tsv")
    try:
        found = weigh.frequency((read(path, asked(HERE)),), HERE, True)
    except ResourceError as error:
        found, said = None, str(error)
    if found is None:
        assert said.startswith(str(path))
        assert "\n" not in said
        return
    assert found.state is FrequencyState.LOOKED_UP
    assert found.max_af is not None
    assert 0.25 <= found.max_af <= 1


# --------------------------------------------------------------------------- what ships


def test_the_example_slice_is_read(tmp_path: Path) -> None:
    path = ROOT / "examples" / "evidence.GRCh38.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
    wanted = [Variant(r[0], int(r[1]), r[2], r[3]) for r in rows]
    given = read(path, asked(*wanted))
    assert len(given.rows) == len(rows) == 10
    for variant, row in zip(wanted, rows, strict=True):
        found = weigh.frequency((given,), variant, True)
        assert found is not None
        assert (found.max_af, found.homozygotes) == (float(row[5]), int(row[8]))
        assert found.source == "ExAC r0.3 (evidence.GRCh38.tsv)"
    child = write(tmp_path, vcf_text(GRCH37, [Call(VUS[GRCH37])]), "child.vcf")
    assert run_file(child, tmp_path / "out", "--evidence", str(path)).exit_code == 4


def test_a_deep_intronic_allele_that_a_file_names_is_a_finding(tmp_path: Path) -> None:
    transcript = next(t for t in reference.load(GRCH38).transcripts if t.gene == "CLCN7")
    (_, left), (right, _) = max(
        zip(transcript.exons, transcript.exons[1:], strict=False), key=lambda pair: pair[1][0] - pair[0][1]
    )
    pos = (left + right) // 2
    base = KNOWN[GRCH38].bases(transcript.contig, pos - 1, pos)
    deep = Variant(transcript.contig, pos, base or "A", "C" if base != "C" else "A")
    rows = [(v, "PASS", info(AF=0.3)) for v in neighbours(GRCH38)]
    for af, number in ((0.0001, 1), (0.4, 0)):
        path = write(tmp_path, vcf([*rows, (deep, "PASS", info(AF=af))]), f"{af}.vcf")
        assert len(run(tmp_path, "--evidence", str(path), variant=deep).case["findings"]) == number
    assert run(tmp_path, variant=deep).case["findings"] == []
