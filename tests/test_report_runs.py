"""The section 'Homozygosity' of the page: numbers, sources, the drawing and its table."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import report_cases as cases
from tests.test_report import Page, data, page_of
from varmio import phrases
from varmio.interpret.homozygosity import explanations
from varmio.writers import html, ideogram, run_tables, runs
from varmio.writers.jsonout import plain

Data = dict[str, Any]
RUN = {
    "contig": "6", "start": 98_000_000, "end": 121_000_000, "n_sites": 180, "n_het": 2, "score": 31.5,
    "certain_start": 98_100_000, "certain_end": 120_900_000, "max_start": 97_900_000, "max_end": 121_300_000,
    "n_clusters": 95, "depth_ratio": 0.98, "may_be_deleted": False,
}  # fmt: skip
PLACES = {"OSTM1": ("6", 108_041_409, 108_074_737), "TNFRSF11A": ("18", 62_325_310, 62_387_714),
          "CLCN7": ("16", 1_444_934, 1_475_084), "TCIRG1": ("11", 68_039_016, 68_050_895)}  # fmt: skip


def with_runs(*more: Data, **changes: Any) -> Data:
    """The diagnosis with runs, and the block that belongs to them."""
    made = data(cases.diagnosis)
    given = [RUN, *more]
    total = sum(r["end"] - r["start"] for r in given)
    made["autozygosity"] = {
        "assessable": True, "reasons": [], "segments": given, "total_bp": total, "f_roh": round(total / 2.875e9, 5),
        "f_roh_interval": [0.007, 0.009], "longest_bp": total, "pattern": "consistent_with_parental_relatedness",
        "uniparental": [], "x_segments": [], "pattern_reasons": ["A reason with 1/64."], "outside_panel": 0.9876,
    } | changes  # fmt: skip
    for gene in made["genes"]:
        if gene["symbol"] in PLACES:
            gene["contig"], gene["start"], gene["end"] = PLACES[gene["symbol"]]
    for finding in made["findings"]:
        finding["roh"] = {
            "state": "inside", "start": RUN["start"], "end": RUN["end"], "length_bp": 23_000_000,
            "lines": ["Evidence one.", "Evidence two."], "consistent_with": "It fits.", "references": [],
            "explanations": [plain(e) for e in explanations("one_ancestor")],
        }  # fmt: skip
    made["references"] |= {k: dict(v) for k, v in phrases.ROH_REFERENCES.items()}
    return made


def section(made: Data) -> str:
    return page_of(made).sections["runs"]


# --------------------------------------------------------------------------- words


def test_the_section_says_the_sum_the_pattern_and_what_it_means_at_the_change() -> None:
    said = section(with_runs())
    assert "1 run on 1 chromosome; those that count make up 23.0 Mb: F_ROH 0.008 (0.007 to 0.009)." in said
    assert phrases.ROH_PATTERN["consistent_with_parental_relatedness"] in said
    assert "98.7% of what lies in runs is outside the genes of this panel" in said
    places = [said.index(text) for text in ("Evidence one.", "Evidence two.", "It fits.", "Each parent carries")]
    assert places == sorted(places)
    for way in phrases.HOW_HOMOZYGOUS.values():
        assert way[0] in said
        assert way[1] in said
        assert way[2] in said


def test_what_could_not_be_assessed_is_said_with_its_reason_and_no_number() -> None:
    said = section(data(cases.diagnosis))
    assert "Depth of runs: a later version." in said
    assert "F_ROH" not in said


def test_a_large_share_adds_one_neutral_line_and_no_page_names_a_relation() -> None:
    made = with_runs(pattern="close_relatedness", f_roh=0.247)
    page = html.render(made)
    words = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    assert phrases.FOR_THE_CLINICIAN in section(made)
    assert phrases.FOR_THE_CLINICIAN not in section(with_runs())
    assert "close_relatedness" not in words
    for word in ("cousin", "sibling", "uncle", "first-degree", "incest", "brother", "sister"):
        assert word not in words.lower()


@pytest.mark.parametrize("form", [run_tables.bed, run_tables.tsv, lambda found: run_tables.as_json(found, "GRCh38")])
def test_no_table_holds_a_pattern(form: Any) -> None:
    found = with_runs(pattern="close_relatedness")["autozygosity"]
    text = form({"CHILD": found}).decode()
    assert "98000000" in text
    for word in ("relatedness", "pattern", "close", "1/64"):
        assert word not in text


def test_the_six_lines_say_where_the_change_lies_and_no_pattern() -> None:
    made = with_runs(pattern="close_relatedness")
    said = runs.at_the_change(made, [f["id"] for f in made["findings"]])
    assert said.startswith(
        "OSTM1 c.415_416del p.(Gln140GlufsTer11) inside a run of 23.0 Mb (6:98.0-121.0 Mb); 1 run on"
    )
    assert "relat" not in said


# --------------------------------------------------------------------------- the drawing


def test_the_drawing_shows_each_run_and_gene_and_its_table_says_the_same() -> None:
    made = with_runs(RUN | {"contig": "X", "start": 10_000_000, "end": 20_000_000})
    drawn = ideogram.ideogram(made)
    assert drawn
    assert [line.contig for line in drawn.lines] == list(ideogram.CHROMOSOMES)
    six = next(line for line in drawn.lines if line.contig == "6")
    (mark,) = six.runs
    (label,) = six.genes
    assert mark.x < label.x < mark.x + mark.width
    assert label.found
    assert six.in_runs == "23.0"
    assert drawn.rows[0] == (
        "6:98.0-121.0 Mb", "23.0 Mb", "22.8 to 23.4 Mb", "180, of them 2 heterozygous", "31.5", "0.98", "OSTM1"
    )  # fmt: skip
    page: Page = page_of(made)
    for cell in drawn.rows[0]:
        assert cell in page.sections["runs"]
    assert "Panel genes in a run: OSTM1." in html.render(made)


def test_no_two_labels_touch_on_a_narrow_screen_and_none_leaves_it() -> None:
    made = with_runs()
    crowd = [
        {"symbol": f"GENE{i}", "verdict": "partly_seen", "contig": c, "start": at, "end": at + 1000}
        for c in ("1", "11", "21")
        for i, at in enumerate(range(1_000_000, 46_000_000, 5_000_000))
    ]
    made["genes"] = crowd
    drawn = ideogram.ideogram(made)
    assert drawn
    for line in drawn.lines:
        boxes = []
        for label in line.genes:
            wide = len(label.symbol) * ideogram.LETTER / ideogram.NARROW * 100
            left, right = (label.x - wide, label.x) if label.end else (label.x, label.x + wide)
            assert left >= 0
            assert right <= 100
            boxes.append((label.y, left, right))
        for i, (y, left, right) in enumerate(boxes):
            assert not [b for b in boxes[:i] if b[0] == y and b[1] < right and left < b[2]]
        after = [other.y for other in drawn.lines if other.y > line.y]
        assert not after or all(label.y < min(after) for label in line.genes)
