"""case.json: its bytes, its schema, the check that readers make, and files written whole or not at all."""

from __future__ import annotations

import copy
import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import report_cases as cases
from varmio.errors import InputError, UsageError
from varmio.model import AnswerCode, Case, Status, Transplant
from varmio.writers import jsonout
from varmio.writers.schema import check, load_schema

Data = dict[str, Any]
VALIDATOR = jsonschema.Draft202012Validator(load_schema())


@pytest.fixture(params=list(cases.ALL))
def case(request: pytest.FixtureRequest) -> Data:
    return jsonout.as_dict(cases.ALL[request.param]())


def diagnosis() -> Data:
    return jsonout.as_dict(cases.diagnosis())


# --------------------------------------------------------------------------- the schema


def test_the_schema_is_one_of_draft_2020_12() -> None:
    assert load_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(load_schema())


def test_every_case_that_varmio_writes_is_valid_and_passes_the_check(case: Data) -> None:
    VALIDATOR.validate(case)
    assert check(case) is case


def test_the_top_of_the_file_has_the_keys_of_the_contract() -> None:
    assert set(load_schema()["required"]) == {
        "schema_version", "case_id", "sample", "assembly", "answer", "callset", "findings", "subtypes",
        "autozygosity", "genes", "limitations", "recurrence", "statements", "look_alikes", "phenotype",
        "references", "methods", "panel_genes", "provenance",
    }  # fmt: skip


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c["answer"].update(code="perhaps"),
        lambda c: c["subtypes"][0].update(status="certain"),
        lambda c: c["subtypes"][0]["transplant"].update({"class": "suitable"}),
        lambda c: c["subtypes"][0]["neurology"].update({"class": "indicated"}),
        lambda c: c["findings"][0].update(tier=5),
        lambda c: c["findings"][0].update(zygosity="carrier"),
        lambda c: c["findings"][0]["genotype"].pop("dp"),
        lambda c: c["subtypes"][0]["statements"][0].update(references=[]),
        lambda c: c.pop("limitations"),
        lambda c: c["provenance"]["accounting"].update(records_in="many"),
        lambda c: c["references"]["R04"].pop("part_read"),
        lambda c: c.update(schema_version="2.0"),
    ],
)
def test_what_varmio_never_writes_is_invalid(spoil: Callable[[Data], Any]) -> None:
    made = diagnosis()
    spoil(made)
    assert not VALIDATOR.is_valid(made)


def test_further_keys_are_allowed_everywhere() -> None:
    made = diagnosis()
    made["added"] = made["findings"][0]["added"] = made["subtypes"][0]["statements"][0]["added"] = 1
    VALIDATOR.validate(made)


def test_the_enumerations_are_those_of_the_types() -> None:
    definitions = load_schema()["$defs"]
    assert definitions["AnswerCode"]["enum"] == list(AnswerCode)
    assert definitions["Status"]["enum"] == list(Status)
    assert definitions["Transplant"]["enum"] == list(Transplant)


# --------------------------------------------------------------------------- the check of a reader


def test_a_reader_accepts_new_keys_and_values_and_an_older_file_without_later_keys() -> None:
    made = diagnosis()
    made["schema_version"] = "1.7"
    made["answer"]["code"] = "nearly_certain"
    made["findings"][0]["colour"] = "red"
    del made["findings"][0]["whole_exons_lost"], made["subtypes"][0]["candidates"]
    assert check(made) is made


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c.pop("schema_version"), "no schema_version"),
        (lambda c: c.update(schema_version="2.1"), "schema_version 2.1 is not 1.x"),
        (lambda c: c["findings"][0].pop("variant"), r"findings\[0\].variant is missing"),
        (lambda c: c["findings"][0]["variant"].update(pos="12"), r"variant.pos is not a JSON integer"),
        (lambda c: c.update(genes={}), "genes is not a JSON array"),
        (lambda c: c["answer"].update(sentence=None), "answer.sentence is not a JSON string"),
        (lambda c: c["subtypes"][0]["statements"][0].update(references=[]), "has no reference"),
        (lambda c: c["subtypes"][0].update(status="possible"), "speaks of the patient"),
    ],
)
def test_a_reader_names_what_is_wrong_in_one_line(spoil: Callable[[Data], Any], said: str) -> None:
    made = diagnosis()
    spoil(made)
    with pytest.raises(InputError, match=said) as caught:
        check(made)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_what_is_no_case_at_all_is_refused(value: Any) -> None:
    with pytest.raises(InputError):
        check(value)


# --------------------------------------------------------------------------- the bytes


def test_an_optional_field_is_left_out_while_it_is_none_and_a_keyword_loses_its_underscore() -> None:
    finding = diagnosis()["findings"][0]
    assert finding["classification"]["class"] == "likely_pathogenic"
    assert "intron" not in finding
    assert finding["second_opinion"] is None
    assert finding["genotype"]["ad"] == [0, 61]


def test_the_same_case_gives_the_same_bytes_in_utf8_with_a_newline_at_the_end() -> None:
    made = replace(cases.diagnosis(), case_id="Ağrê")
    first, second = (jsonout.dumps(jsonout.as_dict(made)) for _ in range(2))
    assert first == second
    assert first.endswith(b"}\n")
    assert "Ağrê".encode() in first
    assert jsonout.loads(first.decode(), "case.json") == jsonout.as_dict(made)


def test_a_byte_that_was_no_utf8_survives_the_way_through_the_file() -> None:
    made = diagnosis()
    made["sample"]["id"] = "S\udce9"
    assert json.loads(jsonout.dumps(made)) == made


def test_a_number_that_json_lacks_is_never_written() -> None:
    made = diagnosis()
    made["callset"]["ti_tv"] = float("nan")
    with pytest.raises(ValueError, match="JSON"):
        jsonout.dumps(made)


def test_a_value_without_a_form_is_a_bug_and_says_so() -> None:
    odd: Case = replace(cases.diagnosis(), phenotype={"present": {1, 2}})
    with pytest.raises(TypeError, match="set has no form"):
        jsonout.as_dict(odd)


@pytest.mark.parametrize("text", ["", "{", "[1]", "nul", "[" * 100_000])
def test_a_text_that_is_no_case_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InputError, match=r"old\.json"):
        jsonout.loads(text, "old.json")


# --------------------------------------------------------------------------- whole or not at all


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    jsonout.write_atomic(path, b"one")
    jsonout.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.json"
    jsonout.write_atomic(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device") as caught:
        jsonout.write_atomic(path, b"new")
    assert caught.value.exit_code == 2
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["absent/case.json", "file/case.json"])
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        jsonout.write_atomic(tmp_path / name, b"x")
    assert "\n" not in str(caught.value)


def test_the_check_does_not_change_the_case() -> None:
    made = diagnosis()
    before = copy.deepcopy(made)
    check(made)
    assert made == before
