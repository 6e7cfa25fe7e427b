"""The strict panel loader: what it refuses, where it looks, and that the compiled form is in step."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from varmio.analysis import panel_of
from varmio.cli import main
from varmio.errors import KnowledgeError, UsageError
from varmio.model import (
    AlleleKind,
    Aspect,
    Assembly,
    Class,
    Group,
    Inheritance,
    Mechanism,
    Needs,
    Panel,
    Reference,
    Status,
    Topic,
)
from varmio.readers import panel, reference
from varmio.readers.panel import shapes, strict

from .panel_faults import (
    BESIDE_THE_REFERENCE,
    FAULTS,
    FORM,
    PANEL,
    REFERENCES,
    RELATIONS,
    UNSEEN_BY_SCHEMA,
)


def written(folder: Path, text: str = PANEL, references: str = REFERENCES) -> Path:
    (folder / "references.yaml").write_text(references, encoding="utf-8")
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_sound_panel_becomes_the_types_of_the_model(tmp_path: Path) -> None:
    loaded = panel.load(written(tmp_path))
    gene, subtype = loaded.genes[0], loaded.subtypes[0]
    assert (loaded.name, loaded.version, gene.symbol) == ("small", "2026.11.0", "OSTM1")
    assert gene.named_alleles[0].class_ is Class.LIKELY_PATHOGENIC
    assert gene.named_alleles[0].keys[Assembly.GRCH37] == "6-108385489-ACT-A"
    assert gene.not_unique_exons == (2, 3)
    assert gene.blind_spots[0].text == "Microdeletions belong in the test."
    assert gene.blind_spots[0].references == ("R02",)
    assert (subtype.inheritance, subtype.ceiling) == (Inheritance.RECESSIVE, Status.POSSIBLE)
    assert subtype.rules[0].kinds == (AlleleKind.INFRAME_DUPLICATION,)
    assert subtype.rules[1].reason == "the rest counts"
    assert [s.kind for s in subtype.statements] == ["genotype", "child", "genotype"]
    assert subtype.statements[1].condition == "If there are seizures:"
    assert subtype.statements[1].inference
    assert [s.topic for s in loaded.answer_statements] == [Topic.MISSED_BY_EXOME, Topic.NEUROLOGY]
    assert [s.gene for s in loaded.answer_statements] == ["OSTM1", None]
    assert [s.id for s in loaded.look_alike_statements] == ["OTHER-differential-01"]
    assert (gene.ncbi, gene.omim, gene.aliases) == ("28962", "607649", ("GL",))
    assert gene.transcripts == (("NM_014028.4", "ENST00000193322.8"),)
    assert gene.notes == ("A remark on the transcript.",)
    assert (subtype.group, subtype.mechanism, subtype.orpha) == (Group.CORE, Mechanism.LOSS_OF_FUNCTION, "ORPHA:85179")
    assert subtype.phenotypes == ("OMIM:259720", "ORPHA:85179")
    assert (subtype.needs_both, subtype.one_allele_note) == (True, "One allele has another disease.")
    assert subtype.rules[0].consequences == ("inframe_insertion",)
    assert subtype.rules[0].traits_other_than == ("Osteopetrosis",)
    assert [s.needs for s in subtype.statements] == [Needs.TWO_COPIES, Needs.ANY, Needs.LISTED_ALLELE]
    assert [s.aspect for s in subtype.statements] == [None, Aspect.HIGH_CALCIUM, None]
    assert [s.signed_off for s in subtype.statements] == ["Some One, 2026-12", None, None]
    assert (loaded.subtypes[1].gene, loaded.subtypes[1].group) == (None, Group.RELATED)
    assert loaded.references["R01"]["pmid"] == "23685543"
    assert panel.validate(tmp_path / "small.yaml") == []


def said_of(file: Path, messages: list[str]) -> list[tuple[int, str, str]]:
    """(line, key, what was found and expected) of each message; a message of another form fails the test."""
    found = [re.fullmatch(rf"{re.escape(str(file))}:(\d+): ([^:]+(?::[^: ]+)*): (.*expected.*)\.", m) for m in messages]
    assert all(found), messages
    return [(int(m[1]), m[2], m[3]) for m in found if m]


def line_of(text: str, at: str) -> int:
    return text[: text.index(at)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "at", "key", "words"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_refused_with_file_line_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, at: str, key: str, words: str
) -> None:
    assert old in PANEL
    text = PANEL.replace(old, new, 1)
    file = written(tmp_path, text)
    every = said_of(file, panel.validate(file))
    assert any(n == line_of(text, at) and k.endswith(key) and words in t for n, k, t in every), every
    with pytest.raises(KnowledgeError) as refused:
        panel.load(file)
    first = re.sub(r" \(\d+ more: varmio panel validate .*\)$", "", str(refused.value))
    assert said_of(file, [first]) == every[:1]


def test_the_faults_are_many_and_each_has_a_name() -> None:
    names = [f[0] for f in (*FAULTS, *BESIDE_THE_REFERENCE)]
    assert len(names) == len(set(names)) > 110


REFERENCE_FAULTS = [
    ("duplicate id", "- id: R02", "- id: R01", 6, "[R01].id", "twice"),
    ("bare PMID", '"23685543"', "23685543", 4, "pmid", "in quotes"),
    ("bad DOI", "10.1000/182", "doi:10.1000/182", 8, "doi", "a DOI"),
    ("no part read", "  part_read: opening\n", "", 6, "part_read", "is missing"),
    ("unknown key", "year: 2013", "published: 2013", 3, "published", "unknown key"),
    ("year", "year: 2013", "year: 13", 3, "year", "a year"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"), [f[1:] for f in REFERENCE_FAULTS], ids=[f[0] for f in REFERENCE_FAULTS]
)
def test_a_fault_of_the_references_is_refused(
    tmp_path: Path, old: str, new: str, line: int, key: str, words: str
) -> None:
    file = written(tmp_path, references=REFERENCES.replace(old, new, 1))
    with pytest.raises(KnowledgeError, match=r"references\.yaml:\d+:"):
        panel.load(file)
    found = [m for m in panel.validate(file) if f"references.yaml:{line}: " in m]
    assert any(key in m and words in m for m in found), panel.validate(file)


@pytest.mark.parametrize(
    "content", [b"", b"# only a remark\n", b"\xff\xfe\x00n", b"- a list\n", b"word\n", b"a: &a [*a]\n"]
)
def test_what_is_no_panel_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "small.yaml"
    file.write_bytes(content)
    with pytest.raises(KnowledgeError, match=rf"^{file}:1: ") as refused:
        panel.load(file)
    assert "\n" not in str(refused.value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_panel_is_loaded_or_refused_in_one_line(tmp_path: Path, data: st.DataObject) -> None:
    lines = PANEL.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        damage = data.draw(st.sampled_from(["drop", "repeat", "indent", "cut", "insert"]))
        if damage == "drop" and len(lines) > 1:
            del lines[at]
        elif damage == "repeat":
            lines.insert(at, lines[at])
        elif damage == "indent":
            lines[at] = "  " + lines[at]
        elif damage == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))] + "\n"
        else:
            lines.insert(at, data.draw(st.text(max_size=12)) + "\n")
    file = tmp_path / "small.yaml"
    (tmp_path / "references.yaml").write_text(REFERENCES, encoding="utf-8")
    file.write_bytes("".join(lines).encode("utf-8", "surrogatepass"))
    try:
        panel.load(file)
    except KnowledgeError as refused:
        assert re.match(rf"{re.escape(str(tmp_path))}/\w+\.yaml:\d+: \S", str(refused))  # noqa: PT017
        assert str(refused).isprintable()  # noqa: PT017
        assert panel.validate(file)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "[" * 900 + "]" * 900,
        "[" * 5000 + "]" * 5000,
        "{a: " * 5000,
        "? [a, b]\n: c\n",
        ": x\n",
        "a: \x00\n",
        "<<: {name: x}\n",
        "name: !!map [1]\n",
        "%YAML 9\n",
    ],
)
def test_hostile_yaml_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(KnowledgeError) as refused:
        panel.load(written(tmp_path, text))
    assert str(refused.value).isprintable()


def test_a_missing_panel_is_named_with_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"'osteoporosis' not found. Known: .*osteopetrosis"):
        panel.load("osteoporosis")
    with pytest.raises(KnowledgeError, match=r"none\.yaml: no such panel file"):
        panel.load(tmp_path / "none.yaml")
    assert "no such panel file" in panel.validate(tmp_path / "none.yaml")[0]


def test_a_stated_folder_is_looked_in_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = panel.find("osteopetrosis")
    written(tmp_path)
    monkeypatch.setenv("VARMIO_PANEL_DIR", str(tmp_path))
    assert panel.find("small") == tmp_path / "small.yaml"
    assert panel.find("osteopetrosis") == shipped
    assert {"small", "osteopetrosis"} <= set(panel.names())
    (tmp_path / "osteopetrosis.yaml").write_text(PANEL, encoding="utf-8")
    assert panel.load("osteopetrosis").name == "small", "the compiled form must not stand for another file"


def test_genes_alone_are_a_panel(tmp_path: Path) -> None:
    file = tmp_path / "rickets.yaml"
    genes = "".join(
        f"  - symbol: {symbol}\n    hgnc: HGNC:{number}\n    protein: {symbol}\n"
        "    core: false\n    null_is_pathogenic: false\n"
        for symbol, number in (("CYP27B1", 2606), ("TRAF6", 12036), ("WNT1", 12774))
    )
    file.write_text(f"name: rickets\nversion: 2026.11.0\ngenes:\n{genes}", encoding="utf-8")
    assert panel.validate(file) == []
    loaded = panel.load(file)
    assert [g.symbol for g in loaded.genes] == ["CYP27B1", "TRAF6", "WNT1"]
    assert loaded.subtypes == loaded.answer_statements == ()


@pytest.fixture(scope="module")
def both() -> dict[Assembly, Reference]:
    return {a: reference.load(a) for a in Assembly}


def test_a_sound_panel_is_sound_beside_the_reference(tmp_path: Path, both: dict[Assembly, Reference]) -> None:
    assert panel.validate(written(tmp_path), both) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"),
    [f[1:] for f in BESIDE_THE_REFERENCE],
    ids=[f[0] for f in BESIDE_THE_REFERENCE],
)
def test_what_is_off_by_one_is_found_beside_the_reference(
    tmp_path: Path, both: dict[Assembly, Reference], old: str, new: str, at: str, key: str, words: str
) -> None:
    assert old in PANEL
    text = PANEL.replace(old, new)
    file = written(tmp_path, text)
    assert panel.load(file), "the panel itself is sound"
    every = said_of(file, panel.validate(file, both))
    assert any(n == line_of(text, at) and k.endswith(key) and words in t for n, k, t in every), every


def test_validate_refuses_wording_that_must_not_be_said(tmp_path: Path) -> None:
    said = "Transplant is contraindicated, and elective after 10 months."
    found = panel.validate(written(tmp_path, PANEL.replace("Calcium is worth checking.", said)))
    assert sum("[OPTB5-alert-01].text: must not be said" in m for m in found) == 3


# --------------------------------------------------------------------------- the two roads


def _compiled(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return content


def test_the_compiled_form_is_in_step_and_gives_the_same_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed = panel.COMPILED / "osteopetrosis.json.gz"
    anew = panel.compile_panel(tmp_path)
    assert _compiled(anew) == _compiled(committed), "run: varmio data build"
    quick = panel.load()
    monkeypatch.setattr(panel, "COMPILED", tmp_path / "empty")
    assert panel.load() == quick


def test_the_compiled_form_is_used_only_in_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = _compiled(panel.COMPILED / "osteopetrosis.json.gz")
    content["panel"]["version"] = "1999.1.0"
    held = tmp_path / "osteopetrosis.json.gz"
    held.write_bytes(gzip.compress(json.dumps(content).encode()))
    monkeypatch.setattr(panel, "COMPILED", tmp_path)
    assert panel.load().version == "1999.1.0", "this test must see the compiled road taken"
    content["sha256"] = "0" * 64
    held.write_bytes(gzip.compress(json.dumps(content).encode()))
    assert panel.load().version != "1999.1.0"
    for damaged in (b"", b"{}", held.read_bytes()[:99], gzip.compress(b"{")):
        held.write_bytes(damaged)
        assert panel.load().version != "1999.1.0"


def test_the_hash_is_that_of_panel_and_references(tmp_path: Path) -> None:
    one = panel.load(written(tmp_path)).sha256
    assert panel.load(written(tmp_path, PANEL + "# a remark\n")).sha256 != one
    assert panel.load(written(tmp_path, PANEL, REFERENCES + "# a remark\n")).sha256 != one
    assert panel.load(written(tmp_path)).sha256 == one


def as_an_editor_reads(text: str) -> Any:
    return yaml.safe_load(text)


SCHEMA = jsonschema.Draft202012Validator(panel.schema())


def test_the_schema_for_editors_is_that_of_the_loader() -> None:
    held = panel.find("osteopetrosis").with_name("schema.json").read_text(encoding="utf-8")
    assert json.loads(held) == panel.schema() == shapes.as_schema(), (
        "run: varmio schema panel > gene_panels/schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(panel.schema())


@pytest.mark.parametrize("name", panel.names())
def test_the_schema_accepts_each_shipped_panel(name: str) -> None:
    SCHEMA.validate(as_an_editor_reads(panel.find(name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("fault", FORM, ids=[f[0] for f in FORM])
def test_the_schema_refuses_each_fault_of_form_that_it_can_see(fault: tuple[str, ...]) -> None:
    name, old, new = fault[:3]
    try:
        data = as_an_editor_reads(PANEL.replace(old, new, 1))
    except yaml.YAMLError:
        assert name in UNSEEN_BY_SCHEMA
        return
    assert SCHEMA.is_valid(data) == (name in UNSEEN_BY_SCHEMA)


@pytest.mark.parametrize("fault", RELATIONS, ids=[f[0] for f in RELATIONS])
def test_the_schema_leaves_relations_to_the_loader(fault: tuple[str, ...]) -> None:
    SCHEMA.validate(as_an_editor_reads(PANEL.replace(fault[1], fault[2], 1)))


def test_the_loader_works_without_the_c_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    with_c = panel.load(file)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert panel.load(file) == with_c


def test_lines_are_those_of_the_file() -> None:
    data, lines, problems = strict.read_strict(PANEL, shapes.PANEL)
    assert problems == []
    for path, line in lines.items():
        if path and isinstance(path[-1], str):
            assert f"{path[-1]}:" in PANEL.splitlines()[line - 1]
    assert strict.dotted(("subtypes", 0, "omim"), data) == "subtypes[OPTB5].omim"


# --------------------------------------------------------------------------- the page of a gene


@pytest.fixture(scope="module")
def every_panel() -> Panel:
    return panel_of(())


def in_one_line(page: str) -> str:
    return " ".join(page.split())


def section(page: str, heading: str) -> str:
    """The lines under a heading, to the next empty line."""
    return page.partition(f"\n{heading}\n")[2].partition("\n\n")[0]


def test_show_reads_like_a_page_with_its_references(every_panel: Panel) -> None:
    page = panel.show(every_panel, "OSTM1")
    said = in_one_line(page)
    versions = " and ".join(f"{name} {panel.load(name).version}" for name in panel.names())
    assert said.startswith(
        "OSTM1 ===== HGNC:21652, NCBI Gene 28962, OMIM 607649 (the gene) "
        f"Transcripts: NM_014028.4 (ENST00000193322.8) From the panels {versions}. "
    )
    assert "Inheritance: recessive. Group: osteopetrosis. Mechanism: loss of function (" in said
    assert "Generally not recommended. An expert centre decides with the family." in said
    assert said.index("Confirm both alleles by a second method first.") < said.index("Generally not recommended")
    assert said.index("Confirm both alleles by a second method first.") < said.index("halt neurological decline")
    assert "[R07] Ott 2013 Bone 55:292" in said
    assert "GRCh38 6-108064285-ACT-A" in said
    assert max(len(line) for line in page.splitlines() if "http" not in line) <= 92


def test_every_gene_has_a_page_that_ends_with_what_it_cites(every_panel: Panel) -> None:
    for gene in every_panel.genes:
        page = panel.show(every_panel, gene.symbol)
        listed = page.partition("\nReferences\n")[2]
        for subtype in (s for s in every_panel.subtypes if s.gene == gene.symbol):
            assert f"\n{subtype.id}: " in page
            for statement in subtype.statements:
                assert all(f"[{r}] " in listed for r in statement.references)
                assert in_one_line(statement.text) in in_one_line(page), statement.id
        printed = re.findall(r"; ([A-Za-z0-9_]+-[a-z_]+-\d\d)$", page.partition("\nIf no or one ")[0], re.MULTILINE)
        said = [s.id for t in every_panel.subtypes if t.gene == gene.symbol for s in t.statements]
        assert sorted(printed) == sorted(said), "each sentence stands once for each disease"


def test_show_knows_a_gene_by_each_of_its_names(every_panel: Panel) -> None:
    assert panel.show(every_panel, "TNFSF11").startswith("TNFSF11 (RANKL)\n")
    for name in ("rankl", "OPGL", "optb2"):
        assert panel.show(every_panel, name) == panel.show(every_panel, "TNFSF11")
    assert panel.show(every_panel, "FAM123B") == panel.show(every_panel, "AMER1")
    assert "Also called OPGL\n" in panel.show(every_panel, "RANKL")
    with pytest.raises(UsageError, match=r"panel core has no gene NOGENE\. It has: TCIRG1, .*, OPTA4\."):
        panel.show(replace(panel.load(), name="core"), "NOGENE")


def test_show_has_the_diseases_of_both_panels_on_one_page(every_panel: Panel) -> None:
    page = panel.show(every_panel, "TNFRSF11A")
    assert page == panel.show(every_panel, "FEO") == panel.show(every_panel, "rank")
    assert section(page, "Diseases of this gene").splitlines() == [
        "  - OPTB7: Osteopetrosis, autosomal recessive 7 (RANK deficiency) (recessive)",
        "  - FEO: Familial expansile osteolysis (dominant)",
    ]
    assert page.index("\nOPTB7: ") < page.index("\nFEO: ") < page.index("\nReferences\n")


def test_show_finds_a_disease_without_a_gene(every_panel: Panel) -> None:
    page = panel.show(every_panel, "opta4")
    assert "\nOPTA4: Osteopetrosis, autosomal dominant 4\n" in page
    assert "No source read names the gene, so no finding can match it." in page
    assert "LRP6" not in page.partition("Caution")[0]


@pytest.mark.parametrize("symbol", ["SGMS2", "SFRP4", "GALNT3", "MTAP", "TRPV6"])
def test_show_says_which_gene_is_not_examined(every_panel: Panel, symbol: str) -> None:
    page = panel.show(every_panel, symbol)
    assert "not examined by this version" in page.partition("\n\n")[2].splitlines()[0]
    assert "null variant" not in page


def test_limits_of_a_transplant_stand_together_and_the_class_stays_with_the_transplant(every_panel: Panel) -> None:
    page = panel.show(every_panel, "TNFRSF11A")
    limits = section(page, "What a transplant does not solve")
    assert re.findall(r"^  (\w.*)$", limits, re.MULTILINE) == [
        "Graft failure",
        "High calcium afterwards",
        "Sight and hearing",
        "Lungs and liver",
    ]
    assert (
        limits.index("  High calcium afterwards\n")
        < limits.index("; OPTB7-alert-01")
        < limits.index("  Sight and hearing\n")
    )
    assert "OPTB7-transplant-01" in section(page, "Transplant")
    assert "OPTB7-alert-01" not in section(page, "Alerts")


def test_blood_is_grouped_by_what_it_is_about_and_an_alert_stays_one(every_panel: Panel) -> None:
    page = panel.show(every_panel, "FERMT3")
    assert section(page, "Blood").splitlines()[0] == "  Blood counts"
    assert "  Bleeding\n  - see Alerts: LAD3-alert-01\n  Infection\n  - see Alerts: LAD3-alert-02" in section(
        page, "Blood"
    )
    assert "procedures need a bleeding plan" in in_one_line(section(page, "Alerts"))


def test_show_says_what_a_match_must_show_where_that_is_not_a_matter_of_course(every_panel: Panel) -> None:
    def below(name: str, statement: str) -> str:
        return in_one_line(panel.show(every_panel, name).partition(f"; {statement}\n")[2].partition("\n  - ")[0])

    assert below("IKBKG", "OLEDAID-transplant-02").startswith(
        "What a match shows: said of a child only where a boy's only copy is changed"
    )
    assert below("TCIRG1", "OPTB1-founder-04").startswith(
        "What a match shows: said of a child only where one of these changes is found: 11-68043912-G-A (GRCh38)"
    )
    assert below("OSTM1", "OPTB5-founder-01").startswith("What a match shows: said as known of the gene only;")
    assert not below("OSTM1", "OPTB5-neurology-02").startswith("What a match shows")


def test_show_tells_what_a_small_panel_holds(tmp_path: Path) -> None:
    page = panel.show(panel.load(written(tmp_path)), "gl")
    said = in_one_line(page)
    assert "Also called GL" in said
    assert "From the panel small 2026.11.0. Sentences that await a clinician's signature: 3 of 4." in said
    assert "strong, review, read: abstract; OPTB5-neurology-01, signed off: Some One, 2026-12" in said
    assert "A remark on the transcript." in said
    assert "OMIM 259720, MONDO:0009817, ORPHA:85179" in said
    assert "Not unique: exons 2, 3. a copy elsewhere" in said
    assert (
        "- in-frame duplication, inframe insertion, in exon 1, ClinVar names a condition, but none of: Osteopetrosis: "
        "belongs to another disease (another disease) - every other allele: counts (the rest counts)"
    ) in said
    assert "One allele alone is no match: it belongs to another disease." in said
    assert "Where one allele is found: One allele has another disease. Never above: possible" in said
    assert "If no or one OSTM1 variant is found - Microdeletions belong in the test. [R02]" in said
    assert "The gene is worth knowing" not in said, "an answer of any gene is no gene's"


def test_show_says_where_a_gene_has_no_disease_here(tmp_path: Path) -> None:
    page = panel.show(panel.load(written(tmp_path)), "GALNT3")
    assert "No disease of this gene is described here" in page
    assert "References" not in page


def test_show_lists_the_signs_of_the_disease_with_frequency_and_source() -> None:
    done = CliRunner().invoke(main, ["panel", "show", "OSTM1"])
    assert done.exit_code == 0, done.output
    listed = done.output.partition("Signs recorded (HPO)")[2].partition("References\n")[0]
    assert re.search(r"Cerebral atrophy \(HP:\d{7}\): 3 of 4 \[PMID:\d+\]", listed)
    assert "a sign that is not listed says nothing" in listed
