"""The drawing of exons with their depth and gaps, and its table: they say what case.json says."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from varmio.writers.exon_strips import strips


def exon(number: int, **more: Any) -> dict[str, Any]:
    start = 1000 * number
    base = {"transcript": "NM_1.1", "number": number, "start": start, "end": start + 100}
    return {**base, "state": "callable", "mean_depth": 60.0, "callable_bases": 100, **more}


def case(*exons: dict[str, Any], core: bool = True, verdict: str = "not_found") -> dict[str, Any]:
    gene = {"symbol": "OSTM1", "contig": "6", "core": core, "verdict": verdict, "exons": list(exons), "reasons": []}
    return {"genes": [gene]}


LOST = exon(2, state="not_callable", mean_depth=0.0, callable_bases=0, gaps=[[2000, 2100]], copies=0)
HOLED = exon(
    3, state="partly", callable_bases=90, gaps=[[3010, 3020]], reason="Reads lie here, but could belong elsewhere."
)
MEAN = {**exon(4, state="mean_only"), "callable_bases": None}
del MEAN["callable_bases"]


def test_what_the_drawing_says_in_words() -> None:
    (strip,) = strips(case(exon(1), LOST, HOLED, MEAN))
    assert strip.title == (
        "OSTM1 NM_1.1: 1 exon wholly covered; 1 exon not covered; 1 exon covered in part; "
        "1 exon with a mean depth only; no copy left of exon 2."
    )
    assert [e.copies for e in strip.exons] == ["", "0", "", ""]
    assert [e.state for e in strip.exons] == ["w", "l", "w", "o"]


def test_the_table_has_every_exon_and_exact_places() -> None:
    (strip,) = strips(case(exon(1), LOST, HOLED, MEAN))
    assert [row[0] for row in strip.rows] == ["1", "2", "3", "4"]
    assert [row[2] for row in strip.rows] == ["100 / 100", "0 / 100", "90 / 100", "not known / 100"]
    assert strip.rows[0][3] == ""
    assert strip.rows[2][3] == "6:3011-3020. Reads lie here, but could belong elsewhere."


def test_a_gap_lies_at_its_place_in_the_direction_of_the_gene() -> None:
    (ahead,) = strips(case(exon(1), HOLED))[0].exons[1].gaps
    forward = strips(case(exon(1), HOLED))[0].exons[1]
    assert abs((ahead[0] - forward.x) / forward.width - 0.1) < 0.01
    backward = strips(case({**HOLED, "number": 1}, {**exon(1), "number": 2}))[0].exons[0]  # its first exon lies last
    assert abs((backward.gaps[0][0] - backward.x) / backward.width - 0.8) < 0.01


def test_the_boxes_fill_the_width_and_never_overlap() -> None:
    for n in (1, 2, 12, 38):
        (strip,) = strips(case(*(exon(i) for i in range(1, n + 1))))
        ends = [(e.x, e.x + e.width) for e in strip.exons]
        assert abs(ends[-1][1] - 100) < 0.01
        assert all(a[1] <= b[0] for a, b in pairwise(ends))


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    unknown = {k: v for k, v in exon(1, state="calls_only").items() if k not in ("mean_depth", "callable_bases")}
    assert strips(case(unknown)) == []
    assert strips(case()) == []
    assert strips(case(exon(1), core=False)) == []
    assert len(strips(case(LOST, core=False))) == 1


def test_many_gaps_are_counted() -> None:
    gaps = [[1000 + 5 * i, 1001 + 5 * i] for i in range(20)]
    (strip,) = strips(case(exon(1, state="partly", callable_bases=80, gaps=gaps)))
    assert len(re.findall(r"6:\d+-\d+", strip.rows[0][3])) == 8
    assert strip.rows[0][3].endswith("and 12 more, in gaps.bed")
