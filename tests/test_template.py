"""The compiled form of the page's template: in step with it, and never trusted when it is not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.report_cases import diagnosis
from varmio.writers import html, template
from varmio.writers.jsonout import as_dict


def test_the_shipped_form_is_in_step_with_the_template(tmp_path: Path) -> None:
    shipped = json.loads(gzip.decompress(template.COMPILED.read_bytes()))
    made = json.loads(gzip.decompress(template.compile_page(tmp_path / "page.json.gz").read_bytes()))
    assert shipped["sha256"] == made["sha256"], "run: varmio data build (or writers.template.compile_page)"
    if shipped["jinja2"] == made["jinja2"]:
        assert shipped == made


BROKEN = {
    "missing": None,
    "empty": b"",
    "noise": b"noise",
    "a list": gzip.compress(b"[]"),
    "of another template": gzip.compress(b'{"sha256": "x"}'),
}


@pytest.mark.parametrize("what", BROKEN)
def test_without_a_fitting_form_the_page_is_the_same(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = html.render(as_dict(diagnosis()))
    content = BROKEN[what]
    if content is not None:
        (tmp_path / "page.json.gz").write_bytes(content)
    monkeypatch.setattr(template, "COMPILED", tmp_path / "page.json.gz")
    template.page.cache_clear()
    try:
        assert html.render(as_dict(diagnosis())) == before
    finally:
        template.page.cache_clear()
