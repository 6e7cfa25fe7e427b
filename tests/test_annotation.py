"""The file's own names: read in every annotator's form, kept beside ours, and never able to hurt a call."""

from __future__ import annotations

import html
import random
from pathlib import Path
from typing import Any

import pysam
import pysam.bcftools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.draw import draw
from tests.exome import GRCH37, GRCH38, Call, call, run_file, vcf_text
from tests.naming_genome import GENES, genome
from varmio.interpret.annotated import class_of
from varmio.interpret.consequence import consequence
from varmio.model import Annotated, Assembly, Genotype, Record, Transcript, Variant
from varmio.readers import reference
from varmio.readers.annotation import Layout, entries, layouts

FORMATS = {
    "CSQ": "Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSc|HGVSp",
    "ANN": "Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | "
    "Feature_ID | Transcript_BioType | Rank | HGVS.c | HGVS.p | cDNA.pos / cDNA.length | CDS.pos / CDS.length | "
    "AA.pos / AA.length | Distance | ERRORS / WARNINGS / INFO'",
    "EFF": "Predicted effects for this variant.Format: 'Effect ( Effect_Impact | Functional_Class | Codon_Change | "
    "Amino_Acid_Change| Amino_Acid_length | Gene_Name | Transcript_BioType | Gene_Coding | Transcript_ID | "
    "Exon_Rank  | Genotype_Number [ | ERRORS | WARNINGS ] )'",
    "BCSQ": "Local consequence annotation from BCFtools/csq. Format: "
    "Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change",
}


def info_line(key: str, description: str = "") -> str:
    return f'##INFO=<ID={key},Number=.,Type=String,Description="{description or FORMATS[key]}">'


def record(info: str, ref: str = "A", alts: tuple[str, ...] = ("G",), pos: int = 100) -> Record:
    columns = ("1", str(pos), ".", ref, ",".join(alts), ".", ".", info, "GT", "0/1")
    gt = Genotype("0/1", (0, 1), False, None, None, None, None, None)
    return Record(1, "1", pos, ".", ref, alts, ".", (), columns, pos - 1 + len(ref), gt, ("bases",) * len(alts))


def names(key: str, info: str, ref: str = "A", alts: tuple[str, ...] = ("G",), number: int = 1) -> list[Any]:
    """(transcript, c. name, p. name, consequences) of each entry for that ALT."""
    found = entries(layouts([info_line(key)]), record(info, ref, alts), number)
    assert {e.source for e in found} <= {key}
    return [(e.transcript, e.hgvs_c, e.hgvs_p, e.consequences) for e in found]


# --------------------------------------------------------------------------- the header


def test_field_order_comes_from_the_header() -> None:
    turned = info_line("CSQ", "VEP. Format: HGVSc|Feature|Consequence|Allele")
    (found,) = entries(layouts([turned]), record("CSQ=ENST00000111111.4:c.5A>G|ENST00000111111|missense_variant|G"), 1)
    assert found == Annotated("CSQ", "ENST00000111111", "c.5A>G", None, ("missense_variant",))


def test_keys_that_hold_annotation() -> None:
    lines = [
        info_line("vep", "Format: Allele|Consequence|Feature|HGVSc"),
        info_line("ANN", "Some annotation"),
        info_line("BCSQ"),
        info_line("EFF"),
        info_line("CSQ", "no order is given"),
        info_line("AF", "Allele frequency. Format: one|two"),
        info_line("ANNOVAR_DATE", "Flag the start"),
        "##INFO=<broken",
        "#CHROM\tPOS",
    ]
    assert [layout.key for layout in layouts(lines)] == ["vep", "ANN", "BCSQ", "EFF"]
    assert layouts([]) == ()


# --------------------------------------------------------------------------- each form

MISSENSE = ("missense_variant",)


def test_vep() -> None:
    entry = "G|missense_variant&splice_region_variant|MODERATE|X|NM_014028.4|NM_014028.4:c.20C>T|NP_1.1:p.Arg7%3D"
    want = [("NM_014028.4", "c.20C>T", "p.Arg7=", ("missense_variant", "splice_region_variant"))]
    assert names("CSQ", f"DP=3;CSQ={entry},G|intergenic_variant|||||;MQ=60") == want


def test_snpeff() -> None:
    entry = "G|missense_variant|MODERATE|OSTM1|OSTM1|transcript|NM_014028|protein_coding|1/6|c.20C>T|p.Arg7His|20/9|||"
    assert names("ANN", f"ANN={entry},||WARNING") == [("NM_014028", "c.20C>T", "p.Arg7His", MISSENSE)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "NON_SYNONYMOUS_CODING(MODERATE|MISSENSE|Aca/Gca|T141A|305|OR4F5|protein_coding|CODING|ENST00000335137|1|1)",
            ("ENST00000335137", None, None, MISSENSE),
        ),
        (
            "missense_variant(MODERATE|MISSENSE|Aca/Gca|p.Thr141Ala/c.421A>G|305|OR4F5||CODING|NM_0010054.1|1|1)",
            ("NM_0010054.1", "c.421A>G", "p.Thr141Ala", MISSENSE),
        ),
        (
            "splice_region_variant+synonymous_variant(LOW|SILENT|aaA/aaG|p.Lys5Lys/c.15A>G|305|X||CODING|NM_0010054|1|1)",
            ("NM_0010054", "c.15A>G", "p.Lys5Lys", ("splice_region_variant", "synonymous_variant")),
        ),
        ("STOP_GAINED(HIGH|NONSENSE|Cag/Tag|Q219*|305|X||CODING|NM_0010054.1|1|2)", None),  # of another ALT
        ("STOP_GAINED", None),
        ("STOP_GAINED(((", None),
    ],
)
def test_old_snpeff(text: str, want: tuple[Any, ...] | None) -> None:
    assert names("EFF", f"EFF={text}") == ([] if want is None else [want])


def test_bcftools_csq() -> None:
    entry = "missense|OR4F5|ENST00000335137|protein_coding|+|141T>141A|100A>G"
    want = ("ENST00000335137", None, "p.(Thr141Ala)", MISSENSE)
    assert names("BCSQ", f"BCSQ={entry}") == [want]
    assert names("BCSQ", f"BCSQ=*{entry},@99") == [want]
    assert names("BCSQ", f"BCSQ={entry.replace('100A>G', '100A>G+102C>T')}")[0][2] is None  # a compound change
    assert names("BCSQ", f"BCSQ={entry.replace('100A>G', '102C>T')}") == []
    assert names("BCSQ", "BCSQ=intron|ARNT||protein_coding,non_coding|X||lincRNA") == []
    two = f"splice_region|OR4F5|ENST00000335137|protein_coding,{entry}"
    terms = ("splice_region_variant", "missense_variant")
    assert names("BCSQ", f"BCSQ={two}") == [("ENST00000335137", None, "p.(Thr141Ala)", terms)]


def csq_of(allele: str, name: str) -> str:
    return f"{allele}|missense_variant|M|X|NM_014028.4|c.{name}|"


@pytest.mark.parametrize(
    ("ref", "alts", "alleles"),
    [
        ("A", ("G", "T"), ("G", "T")),
        ("ACT", ("A", "ACTCT"), ("-", "CTCT")),
        ("ACT", ("A", "G"), ("A", "G")),  # VEP leaves a first base that is not shared
        ("A", ("AT", "*"), ("T", "*")),
        ("CAA", ("C", "CA"), ("-", "A")),
    ],
)
def test_each_allele_has_its_own_entry(ref: str, alts: tuple[str, ...], alleles: tuple[str, ...]) -> None:
    info = "CSQ=" + ",".join(csq_of(a, f"{n}A>G") for n, a in enumerate(alleles, 1))
    for number in (1, 2):
        if alts[number - 1] != "*":
            assert [e[1] for e in names("CSQ", info, ref, alts, number)] == [f"c.{number}A>G"]


def test_an_entry_of_an_allele_split_off_is_not_taken() -> None:
    assert names("CSQ", f"CSQ={csq_of('T', '1A>T')}") == []
    assert names("CSQ", f"CSQ={csq_of('', '1A>T')}", alts=("G", "T")) == []


def test_a_spelling_of_two_alleles_is_of_neither() -> None:
    info = f"CSQ={csq_of('-', '1del')}"  # fully trimmed, as VEP --minimal writes
    assert [names("CSQ", info, "CAAA", ("CAA", "CA"), number) for number in (1, 2)] == [[], []]
    assert len(names("CSQ", info, "CAAA", ("CAA", "G"), 1)) == 1


def test_allele_num_decides() -> None:
    layout = layouts([info_line("CSQ", "Format: Allele|Consequence|Feature|HGVSc|ALLELE_NUM")])
    info = "CSQ=-|x|NM_014028|c.1A>G|2,-|x|NM_014028|c.2A>G|1"
    assert [e.hgvs_c for e in entries(layout, record(info, "AAA", ("A", "AA")), 1)] == ["c.2A>G"]


HOSTILE = [
    "<script>x</script>",
    "c.1A>G;DROP",
    "c." + "9" * 5000,
    "p.%00",
    "c.1A>G\u202e",
    "n.5A>G",
    "javascript:c.x y",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_without_the_form_of_one_is_left_out(text: str) -> None:
    info = f"CSQ=G|missense_variant|M|X|NM_014028|{text}|{text}".partition(";")[0]
    assert [e[1:3] for e in names("CSQ", info)] in ([(None, None)], [("c.1A>G", None)])


soup = st.text(st.sampled_from("=;,|&()+-%3D*@:.<>/ACGTcpNMENST0123456789 \u00e9\u202e"), max_size=120)


@settings(max_examples=300)
@given(st.sampled_from(sorted(FORMATS)), soup, st.lists(st.sampled_from(["A", "G", "GA", "*", "<DEL>"]), min_size=1))
def test_any_text_is_read_without_an_error(key: str, text: str, alts: list[str]) -> None:
    found = entries(layouts([info_line(key)]), record(f"{key}={text}", alts=tuple(alts)), 1)
    assert all(e.consequences or e.hgvs_c for e in found)


@settings(max_examples=200)
@given(soup, soup)
def test_any_header_line_is_read_without_an_error(key: str, text: str) -> None:
    for layout in layouts([info_line(key, text or "x"), info_line("CSQ", f"Format: {text}|Feature|Consequence")]):
        assert isinstance(layout, Layout)


# --------------------------------------------------------------------------- against another tool


def gff(transcript: Transcript) -> list[str]:
    """One transcript in Ensembl's GFF3, as bcftools csq reads it."""
    name, ident = transcript.contig, transcript.ensembl.partition(".")[0]
    strand = "+" if transcript.strand == 1 else "-"
    gene = "ENSG" + ident[4:]
    whole, kind = (transcript.start, transcript.end), "biotype=protein_coding"
    rows = [("gene", *whole, ".", f"ID=gene:{gene};Name={transcript.gene};{kind}")]
    rows.append(("mRNA", *whole, ".", f"ID=transcript:{ident};Parent=gene:{gene};{kind}"))
    rows += [("exon", start, end, ".", f"Parent=transcript:{ident}") for start, end in transcript.exons]
    done = 0
    for start, end in transcript.coding if strand == "+" else transcript.coding[::-1]:
        rows.append(("CDS", start, end, str(-done % 3), f"Parent=transcript:{ident};protein_id=P{ident}"))
        done += end - start
    return [f"{name}\tx\t{kind}\t{a + 1}\t{b}\t.\t{strand}\t{phase}\t{more}" for kind, a, b, phase, more in rows]


def drawn_on(transcript: Transcript, bases: str, rng: random.Random) -> list[Variant]:
    """Substitutions about the exon edges and in coding sequence, and small deletions and insertions in it."""
    found = []
    for start, end in transcript.coding:
        places = [start - 5, start - 2, start - 1, start, start + 2, end - 3, end - 1, end, end + 1, end + 4]
        for place in [*places, *(rng.randrange(start, end) for _ in range(4))]:
            ref = bases[place]
            found.append(Variant(transcript.contig, place + 1, ref, rng.choice([b for b in "ACGT" if b != ref])))
        if end - start > 30:
            place, length = rng.randrange(start + 10, end - 15), rng.randint(1, 4)
            found.append(Variant(transcript.contig, place + 1, bases[place : place + 1 + length], bases[place]))
            place = rng.randrange(start + 10, end - 15)
            more = "".join(rng.choices("ACGT", k=rng.choice((1, 3))))
            found.append(Variant(transcript.contig, place + 1, bases[place], bases[place] + more))
    return sorted(set(found), key=lambda v: (v.pos, v.ref, v.alt))


def test_bcftools_csq_and_varmio_say_the_same(tmp_path: Path) -> None:
    """Nine genes, some 1,500 alleles: consequence classes, and the protein names of single residues."""
    transcripts, known = genome(GRCH38)
    rng = random.Random("csq")
    variants = [(t, v) for t in transcripts for v in drawn_on(t, known.pieces[t.contig][0][1], rng)]
    (tmp_path / "ref.fa").write_text("".join(f">{t.contig}\n{known.pieces[t.contig][0][1]}\n" for t in transcripts))
    pysam.faidx(str(tmp_path / "ref.fa"))
    (tmp_path / "genes.gff3").write_text("\n".join(line for t in transcripts for line in gff(t)) + "\n")
    head = ["##fileformat=VCFv4.2", *(f"##contig=<ID={t.contig}>" for t in transcripts)]
    head.append('##FORMAT=<ID=GT,Number=1,Type=String,Description="x">')
    head.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS")
    body = [f"{v.contig}\t{v.pos}\t{i}\t{v.ref}\t{v.alt}\t.\t.\t.\tGT\t0/1" for i, (_, v) in enumerate(variants)]
    (tmp_path / "in.vcf").write_text("\n".join((*head, *body)) + "\n")
    paths = {name: str(tmp_path / name) for name in ("ref.fa", "genes.gff3", "out.vcf", "in.vcf")}
    csq = pysam.bcftools.csq  # type: ignore[attr-defined]
    csq("-l", "-f", paths["ref.fa"], "-g", paths["genes.gff3"], "-o", paths["out.vcf"], paths["in.vcf"],
        catch_stdout=False)  # fmt: skip
    lines = (tmp_path / "out.vcf").read_text().splitlines()
    layout = layouts(lines)
    read = same = proteins = 0
    for columns in (line.split("\t") for line in lines if line[0] != "#"):
        transcript, variant = variants[int(columns[2])]
        said = entries(layout, record(columns[7], variant.ref, (variant.alt,), variant.pos), 1)
        if not said:
            continue
        read += 1
        ours = consequence(variant, transcript, known)
        same += class_of(ours.terms) == class_of(said[0].consequences)
        if said[0].hgvs_p:
            proteins += 1
            assert said[0].hgvs_p == ours.hgvs_p, variant
    assert len({t.gene for t in transcripts}) == len(GENES)
    assert read > 1000
    assert proteins > 500
    assert same >= 0.995 * read


# --------------------------------------------------------------------------- through the command line

UNNAMED = call("8-85465474-TA-T", "0/1")  # an intron of CA2 whose bases are not shipped


def child(assembly: Assembly) -> list[Call]:
    rng = random.Random("annotated")
    kinds = ("null", "frameshift", "missense", "inframe", "splice")
    genes = ("OSTM1", "TCIRG1", "CLCN7", "SNX10", "CA2", "TNFRSF11A", "FERMT3", "LRP5", "TNFSF11")
    return [Call(draw(g, kinds[i % 5], rng).variants[assembly], ("1/1", "0/1")[i % 2]) for i, g in enumerate(genes)]


def annotate(text: str, key: str, said: dict[tuple[str, str], str], header: str | None = None) -> str:
    """The VCF text with an INFO value per (contig, pos), and its header line."""
    out = []
    for line in text.splitlines():
        if line.startswith("#CHROM"):
            out.append(info_line(key) if header is None else header)
        columns = line.split("\t")
        if line[0] != "#" and (columns[0], columns[1]) in said:
            columns[7] = f"DP=9;{key}={said[columns[0], columns[1]]}"
        out.append("\t".join(columns))
    return "\n".join(x for x in out if x) + "\n"


def told(folder: Path, text: str, *options: str) -> dict[str, Any]:
    number = len(list(folder.iterdir()))
    path = folder / f"child{number}.vcf"
    path.write_text(text, encoding="utf-8")
    result = run_file(path, folder / f"out{number}", "--sex", "female", *options)
    assert result.exit_code == 0, result.error
    return {**result.case, "words": html.unescape(result.words)}


SAME = ("findings", "subtypes", "answer", "genes", "statements", "limitations", "callset", "recurrence")


def written(form: str, found: dict[str, Any], pos: int, ref: str, alt: str, ensembl: dict[str, str]) -> str:
    """Our own names in an annotator's form, with accessions of another version."""
    plain = found["transcript"].partition(".")[0]
    c, p = found["hgvs_c"], found["hgvs_p"] or ""
    terms = "&".join(found["consequences"])
    shown = alt[1:] or "-" if alt[0] == ref[0] and len(ref) != len(alt) else alt
    if form == "CSQ":
        return f"{shown}|{terms}|HIGH|{found['gene']}|{plain}.1|{plain}.1:{c}|{p.replace('=', '%3D')}"
    if form == "ANN":
        return f"{alt}|{terms}|HIGH|G|G|transcript|{plain}|protein_coding|1/5|{c}|{p}|1/9|1/9|1/9||"
    if form == "EFF":
        return f"{terms.replace('&', '+')}(HIGH|NONE|x|{p}/{c}|9|G|protein_coding|CODING|{plain}|1|1)"
    return f"{terms}|{found['gene']}|{ensembl[plain]}|protein_coding|+||{pos}{ref}>{alt}"


@pytest.mark.parametrize("assembly", [GRCH37, GRCH38])
def test_annotated_or_not_the_same_case(assembly: Assembly, tmp_path: Path) -> None:
    ensembl = {t.accession.partition(".")[0]: t.ensembl.partition(".")[0] for t in reference.load(assembly).transcripts}
    text = vcf_text(assembly, child(assembly))
    plain = told(tmp_path, text)
    assert len(plain["findings"]) == 9
    assert not any("annotated" in f for f in plain["findings"])
    for form in FORMATS:
        said = {}
        for contig, pos, _, ref, alt, *_ in (row.split("\t") for row in text.splitlines() if row[0] != "#"):
            near = [f for f in plain["findings"] if f["variant"]["contig"] == contig]
            found = min(near, key=lambda f: abs(f["variant"]["pos"] - int(pos)))
            said[contig, pos] = written(form, found, int(pos), ref, alt, ensembl)
        changed = annotate(text, form, said)
        assert changed.count(f"{form}=") == 9
        again = told(tmp_path, changed)
        assert {k: again[k] for k in SAME} == {k: plain[k] for k in SAME}, form


GARBAGE = (
    "", ".", "|||||||", ",,,,", "x" * 3000, "G|missense_variant", "A|a&b|c|d|NM_014028.4|c.|p.", "<b>|<i>|&lt;",
    "%|%0|%zz|%00%0A", "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18", "@1,@2,*", "stop_gained(((|||", "\u00e9|\u202e",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_garbage_in_the_annotation_changes_nothing(form: str, tmp_path: Path) -> None:
    text = vcf_text(GRCH38, child(GRCH38))
    plain = told(tmp_path, text)
    places = [tuple(line.split("\t")[:2]) for line in text.splitlines() if line[0] != "#"]
    for shift in (0, 7):
        said = {place: GARBAGE[(i + shift) % len(GARBAGE)] for i, place in enumerate(places)}
        again = told(tmp_path, annotate(text, form, said))  # type: ignore[arg-type]
        assert {k: again[k] for k in SAME} == {k: plain[k] for k in SAME}


@pytest.mark.parametrize("name", ["ENST00000285379.10", "NM_000067.2", "NM_000067"])
def test_the_files_own_name_where_ours_is_missing(name: str, tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [call("6-108064285-ACT-A"), UNNAMED])
    plain = told(tmp_path, text)
    entry = f"-|splice_region_variant&intron_variant|LOW|CA2|{name}|{name}:c.232+6del|"
    again = told(tmp_path, annotate(text, "CSQ", {("8", "85465474"): entry}))
    before, after = (next(f for f in c["findings"] if f["gene"] == "CA2") for c in (plain, again))
    assert before["hgvs_c"] is after["hgvs_c"] is None
    assert "annotated" not in before
    assert after["annotated"] == {
        "source": "CSQ",
        "transcript": name,
        "hgvs_c": "c.232+6del",
        "hgvs_p": None,
        "consequences": ["splice_region_variant", "intron_variant"],
    }
    sentence = f"The file's own annotation (CSQ) names it {name}:c.232+6del; this was not checked."
    assert sentence in after["reasons"]
    assert sentence in again["words"]
    rest = {k: v for k, v in after.items() if k not in ("annotated", "reasons")}
    assert rest == {k: v for k, v in before.items() if k != "reasons"}
    for key in ("subtypes", "answer", "genes", "limitations"):
        assert again[key] == plain[key]


def test_a_name_that_differs_is_said_and_decides_nothing(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [call("6-108064285-ACT-A")])
    plain = told(tmp_path, text)
    entry = "-|synonymous_variant|LOW|OSTM1|NM_014028.3|NM_014028.3:c.413_414del|"
    again = told(tmp_path, annotate(text, "CSQ", {("6", "108064285"): entry}))
    (found,) = again["findings"]
    where = "The file's own annotation (CSQ, NM_014028.3)"
    assert found["reasons"][:2] == [
        f"{where} calls it synonymous, not stop or frameshift: synonymous_variant.",
        f"{where} names it c.413_414del, not c.415_416del.",
    ]
    assert found["annotated"]["hgvs_c"] == "c.413_414del"
    rest = {k: v for k, v in found.items() if k not in ("annotated", "reasons")}
    assert rest == {k: v for k, v in plain["findings"][0].items() if k != "reasons"}
    added = [limit["text"] for limit in again["limitations"] if limit not in plain["limitations"]]
    assert len(added) == 1
    assert added[0].startswith("For 1 finding(s) the file's own annotation gives another name")
    assert again["subtypes"] == plain["subtypes"]
    assert "c.413_414del" in again["words"]


def test_other_spellings_and_other_transcripts_are_no_difference(tmp_path: Path) -> None:
    text = vcf_text(GRCH38, [call("6-108064285-ACT-A")])
    plain = told(tmp_path, text)
    entries_said = (
        "-|frameshift_variant|HIGH|OSTM1|ENST00000193322.8|ENST00000193322.8:c.415_416delCA|",
        "-|missense_variant|HIGH|OSTM1|ENST00000999999.1|ENST00000999999.1:c.1A>G|",
        "-|upstream_gene_variant|MODIFIER|OSTM1|NM_014028.4||",
    )
    for said in entries_said:
        again = told(tmp_path, annotate(text, "CSQ", {("6", "108064285"): said}))
        assert again["findings"] == plain["findings"]
