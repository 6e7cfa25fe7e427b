"""The shape of case.json, read off the types under `Case`: its JSON Schema, and a check for readers.

Writers list today's enum values strictly; readers accept keys and enum values that they do not know.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any

from varmio.errors import InputError, one_line
from varmio.model import AnnotatedSign, Case, Neurology, Statement, Transplant

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"
_ANEW = "Write it anew with varmio run."
MAJOR = "1"  # readers refuse another major version
_NOT_FIRM = ("likely", "possible", "one_allele", "excluded")
_CLASSES = {"neurology": Neurology, "transplant": Transplant}
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def load_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of case.json as this version writes it."""
    definitions: dict[str, Any] = {}
    root = _object(Case, definitions)
    definitions["Statement"]["properties"]["references"]["minItems"] = 1
    definitions["AnnotatedSign"]["properties"]["references"]["minItems"] = 1
    definitions["Finding"]["properties"]["tier"] = {"enum": [1, 2, 3, 4]}
    for key, kind in _CLASSES.items():
        strict = {"properties": {"class": _schema(kind, definitions)}}
        definitions["SubtypeMatch"]["properties"][key] = {"allOf": [{"$ref": "#/$defs/ClassWithSource"}, strict]}
    root["properties"]["schema_version"] = {"type": "string", "pattern": f"^{MAJOR}\\."}
    root["properties"]["references"] = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "required": ["citation", "part_read"],
            "properties": {"citation": {"type": "string"}, "part_read": {"type": "string"}},
        },
    }
    return {"$schema": SCHEMA_ID, "title": "varmio case.json", **root, "$defs": definitions}


def _object(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    shape = [(key, hint, optional) for key, hint, optional, _ in _shape(kind)]
    return {
        "type": "object",
        "required": [key for key, _, optional in shape if not optional],
        "properties": {key: _schema(hint, definitions, drop_null=optional) for key, hint, optional in shape},
    }


def _schema(hint: Any, definitions: dict[str, Any], drop_null: bool = False) -> dict[str, Any]:
    if _is_union(hint):
        parts = [part for part in typing.get_args(hint) if not (drop_null and part is type(None))]
        schemas = [_schema(part, definitions) for part in parts]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    if hint is type(None):
        return {"type": "null"}
    if hint is Any:
        return {}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if isinstance(hint, type) and issubclass(hint, Enum):
        definitions.setdefault(hint.__name__, {"enum": [member.value for member in hint]})
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and is_dataclass(hint):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    first, *rest = typing.get_args(hint)
    if typing.get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _schema(rest[0], definitions)}
    if rest and rest[0] is not Ellipsis:  # a tuple of fixed length
        return {"type": "array", "prefixItems": [_schema(h, definitions) for h in (first, *rest)]}
    return {"type": "array", "items": _schema(first, definitions)}


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


@cache
def _shape(kind: type) -> tuple[tuple[str, Any, bool, bool], ...]:
    """(key, type, left out while None, absent in older files allowed) of each field."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (f.name.rstrip("_"), hints[f.name], bool(f.metadata.get("optional")), f.default is not MISSING)
        for f in fields(kind)
    )


def check(case: Any) -> dict[str, Any]:
    """The case itself, where a page can be made from it.

    Raises InputError that names the first key that is missing or of the wrong kind, a statement
    without a reference, one said of the patient without a diagnosis, or another major
    schema_version. Unknown keys and enum values pass.
    """
    if not isinstance(case, dict) or not isinstance(case.get("schema_version"), str):
        raise InputError("case.json: no schema_version; this is not a case written by varmio run.")
    if case["schema_version"].split(".")[0] != MAJOR:
        raise InputError(
            f"case.json: schema_version {one_line(case['schema_version'])[:20]} is not {MAJOR}.x. "
            "Use the varmio that wrote it, or run again."
        )
    _check(Case, case, "")
    return check_statements(case)


def check_statements(case: dict[str, Any]) -> dict[str, Any]:
    """The case itself, where each statement has a reference and none speaks of the patient without a diagnosis."""
    beside = (*case["subtypes"], *case["look_alikes"])
    for statement in (*case["statements"], *(s for spoken in beside for s in spoken.get("statements", ()))):
        if not statement["references"]:
            raise InputError(f"case.json: statement {_short(statement['id'])} has no reference. {_ANEW}")
    for match in case["subtypes"]:
        if match["status"] in _NOT_FIRM and any(s["applies"] == "patient" for s in match["statements"]):
            raise InputError(
                f"case.json: {_short(match['id'])} is {match['status']}, a statement speaks of the patient. {_ANEW}"
            )
    return case


def _check(hint: Any, value: Any, where: str) -> None:
    if hint is Any:
        return
    if _is_union(hint):
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        if value is not None:
            _check(parts[0], value, where)
    elif isinstance(hint, type) and is_dataclass(hint):
        _check_object(hint, value, where)
    elif hint in _PLAIN or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        _expect(_fits(hint, value), where, _PLAIN.get(hint, "string"))
    elif typing.get_origin(hint) is dict:
        _expect(isinstance(value, dict), where, "object")
        for key, item in value.items():
            _check(typing.get_args(hint)[1], item, f"{where}.{key}")
    else:
        _expect(isinstance(value, list), where, "array")
        for number, item in enumerate(value):
            _check(typing.get_args(hint)[0], item, f"{where}[{number}]")


def _fits(hint: type, value: Any) -> bool:
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool) if hint is bool else isinstance(value, str)


def _check_object(kind: type, value: Any, where: str) -> None:
    _expect(isinstance(value, dict), where, "object")
    for key, hint, optional, has_default in _shape(kind):
        place = f"{where}.{key}" if where else key
        if key in value:
            _check(hint, value[key], place)
        elif not (optional or has_default):
            raise InputError(f"case.json: {_short(place)} is missing. {_ANEW}")
    if kind in (Statement, AnnotatedSign) and not value["references"]:
        raise InputError(f"case.json: {_short(where)} has no reference; it is not shown.")


def _expect(right: bool, where: str, kind: str) -> None:
    if not right:
        raise InputError(f"case.json: {_short(where)} is not a JSON {kind}. {_ANEW}")


def _short(where: str) -> str:
    return one_line(where)[:120]
