"""The drawing of a finding on its gene: places, shapes, and the same in words and in a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import report_cases as cases
from tests.exome import GRCH38, call, run_calls
from tests.test_report import page_of
from varmio.readers import reference
from varmio.writers import details, gene_model
from varmio.writers.gene_model import Model

FORWARD, REVERSE = "TCIRG1", "OSTM1"
TRANSCRIPTS = {t.gene: t for t in reference.load(GRCH38).transcripts}


def exons(gene: str) -> list[dict[str, Any]]:
    """The coding exons as case.json has them."""
    t = TRANSCRIPTS[gene]
    within = [(max(s, t.cds_start), min(e, t.cds_end)) for s, e in t.exons]
    numbered = enumerate(within if t.strand > 0 else within[::-1], 1)
    return [{"transcript": t.accession, "number": n, "start": s, "end": e} for n, (s, e) in numbered if s < e]


def case_of(gene: str, *findings: dict[str, Any]) -> dict[str, Any]:
    held = {"symbol": gene, "contig": TRANSCRIPTS[gene].contig, "exons": exons(gene)}
    return {"genes": [held], "findings": list(findings)}


def finding(gene: str, pos: int, class_: str = "pathogenic", **more: Any) -> dict[str, Any]:
    """A finding at a position (1-based), with the keys that the drawing reads."""
    variant = {"pos": pos, "ref": "A", "alt": "C", "type": "snv", "key": f"x-{pos}", **more.pop("variant", {})}
    return {
        "id": f"{gene}:{pos}:{class_}",
        "gene": gene,
        "transcript": TRANSCRIPTS[gene].accession,
        "variant": variant,
        "hgvs_c": f"c.{pos}A>C",
        "hgvs_p": None,
        "classification": {"class": class_},
        **more,
    }


def drawn(gene: str, *findings: dict[str, Any]) -> list[Model]:
    held = gene_model.models(case_of(gene, *findings), list(findings))
    return [held[f["id"]] for f in findings]


@pytest.mark.parametrize("gene", [FORWARD, REVERSE])
def test_exons_are_to_scale_in_order_and_fill_the_width(gene: str) -> None:
    (model,) = drawn(gene, finding(gene, exons(gene)[0]["start"] + 1))
    lengths = [e["end"] - e["start"] for e in exons(gene)]
    assert [b.width / model.boxes[0].width for b in model.boxes] == pytest.approx([x / lengths[0] for x in lengths])
    assert all(a.x + a.width < b.x for a, b in zip(model.boxes, model.boxes[1:], strict=False))
    last = model.boxes[-1]
    assert (model.boxes[0].x, last.x + last.width) == (0, pytest.approx(100))


@settings(deadline=None)
@given(st.sampled_from([FORWARD, REVERSE]), st.data())
def test_a_coding_base_stands_in_its_exon_at_its_share(gene: str, data: st.DataObject) -> None:
    exon = data.draw(st.sampled_from(exons(gene)))
    base = data.draw(st.integers(exon["start"], exon["end"] - 1))
    (model,) = drawn(gene, finding(gene, base + 1))
    box, (mark,) = model.boxes[exons(gene).index(exon)], model.marks
    share = (base - exon["start"] + 0.5) / (exon["end"] - exon["start"])
    along = share if TRANSCRIPTS[gene].strand > 0 else 1 - share
    assert mark.x == pytest.approx(box.x + along * box.width)


@settings(deadline=None)
@given(st.sampled_from([FORWARD, REVERSE]), st.data())
def test_a_base_of_an_intron_stands_between_its_exons(gene: str, data: st.DataObject) -> None:
    held = exons(gene)
    index = data.draw(st.integers(0, len(held) - 2))
    low, high = sorted((held[index], held[index + 1]), key=lambda e: e["start"])
    base = data.draw(st.integers(low["end"], high["start"] - 1))
    (model,) = drawn(gene, finding(gene, base + 1))
    left, right = model.boxes[index], model.boxes[index + 1]
    assert left.x + left.width <= model.marks[0].x <= right.x


@pytest.mark.parametrize("gene", [FORWARD, REVERSE])
def test_outside_the_coding_exons_it_stands_at_the_end_it_lies_beyond(gene: str) -> None:
    t = TRANSCRIPTS[gene]
    before, behind = (t.cds_start, t.cds_end + 9) if t.strand > 0 else (t.cds_end + 9, t.cds_start)
    first, last = drawn(gene, finding(gene, before), finding(gene, behind))
    assert [m.x for m in first.marks if m.label] == [0]
    assert [m.x for m in last.marks if m.label] == [100]


def test_each_class_has_its_own_shape_and_the_cards_own_change_is_named() -> None:
    pos = exons(FORWARD)[2]["start"] + 5
    classes = ["pathogenic", "likely_pathogenic", "uncertain_significance", "benign"]
    shown = [finding(FORWARD, pos + i, c) for i, c in enumerate(classes)]
    models = drawn(FORWARD, *shown)
    for own, model in zip(shown, models, strict=True):
        assert len({m.symbol for m in model.marks}) == 4
        assert [m.label for m in model.marks if m.label] == [own["hgvs_c"]]


def test_a_deletion_of_exons_is_a_bar_over_them() -> None:
    held = exons(FORWARD)
    gone = {"type": "structural", "end": held[4]["end"]}
    (model,) = drawn(FORWARD, finding(FORWARD, held[2]["start"] + 1, variant=gone))
    (mark,) = model.marks
    assert mark.x == pytest.approx(model.boxes[2].x, abs=0.2)
    assert mark.x + mark.width == pytest.approx(model.boxes[4].x + model.boxes[4].width, abs=0.2)


def test_the_table_stands_once_for_each_transcript_and_names_every_change() -> None:
    inside = finding(FORWARD, exons(FORWARD)[1]["start"] + 1, exon=2)
    outside = finding(FORWARD, exons(FORWARD)[1]["end"] + 20, intron=2)
    first, second = drawn(FORWARD, inside, outside)
    assert second.rows == ()
    assert len(first.rows) == len(exons(FORWARD)) + 1
    words = " ".join(" ".join(row) for row in first.rows)
    assert inside["hgvs_c"] in words
    assert outside["hgvs_c"] in words
    assert "in exon 2" in first.title
    assert "in intron 2" in second.title


def test_a_gene_without_exons_in_the_case_has_no_drawing() -> None:
    one = finding(FORWARD, 5)
    assert gene_model.models({"genes": []}, [one]) == {}


def test_the_page_has_one_drawing_for_each_card(tmp_path: Path) -> None:
    case = run_calls(tmp_path, GRCH38, [call("11-68042762-C-T"), call("11-68043600-A-G", "0/1")]).case
    page = page_of(case)
    titles = [value for tag, key, value in page.attributes if tag == "title" and key == "id" and "model" in value]
    assert len(titles) == len(details.cards(case))
    assert "coding exons to scale" in page.sections["findings"]


def test_hand_made_cases_without_matching_transcripts_still_have_a_page() -> None:
    for make in cases.ALL.values():
        assert page_of(cases.data(make())).sections["findings"]
