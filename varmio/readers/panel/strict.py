"""Strict reading of the panel's YAML: plain data, a line for every value, and every fault of form.

YAML is lenient where a reviewed file must not be: it keeps the last of two equal keys, reads NO as
false and 2026.10 as a number. Here each of these is a `Problem` that says line, key and expectation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from varmio.readers.panel.shapes import Each, Leaf, Pairs, Shape

Path = tuple[str | int, ...]
Lines = dict[Path, int]
DEEPEST = 20  # steps from the top of a file to a value; a panel has 6


class Problem(NamedTuple):
    """One fault: 1-based line, the key as a reader would point to it, what is wrong and expected."""

    line: int
    key: str
    text: str


def read_strict(text: str, shape: Shape) -> tuple[Any, Lines, list[Problem]]:
    """Plain data of a YAML text, the line of every value, and all faults of form, by line.

    The data may only be used where there is no problem.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        fault = error.problem or error.context or "not YAML"
        return None, {}, [Problem(mark.line + 1 if mark else 1, "(file)", _not_yaml(fault))]
    except yaml.YAMLError as error:
        return None, {}, [Problem(1, "(file)", _not_yaml(str(error).splitlines()[0]))]
    if root is None:
        return None, {}, [Problem(1, "(file)", "is empty, expected keys with values")]
    lines: Lines = {}
    problems: list[Problem] = []
    data = _plain(root, (), lines, problems, set())
    problems += _faults(data, shape, (), lines, data)
    return data, lines, sorted(set(problems))


def _plain(node: Any, path: Path, lines: Lines, problems: list[Problem], seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen:  # an alias: its marks are those of the value that it repeats
        line = lines[path] if path in lines else lines[path[:-1]]
        problems.append(Problem(line, dotted(path, None), "an alias (*) found, expected the value written out"))
        return None
    lines[path] = line
    if len(path) > DEEPEST:
        problems.append(Problem(line, "(file)", f"is nested deeper than expected, {DEEPEST} steps"))
        return None
    seen.add(id(node))
    if node.id == "sequence":
        return [_plain(v, (*path, i), lines, problems, seen) for i, v in enumerate(node.value)]
    if node.id == "mapping":
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            lines[(*path, key)] = key_line
            value = _plain(value_node, (*path, key), lines, problems, seen)
            lines[(*path, key)] = key_line
            if key in found:
                problems.append(Problem(key_line, dotted((*path, key), None), "is written twice, expected once"))
            found[key] = value
        return found
    return _scalar(node, path, line, problems)


def _scalar(node: Any, path: Path, line: int, problems: list[Problem]) -> Any:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind in ("str", "timestamp"):
        return text
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind == "int" and re.fullmatch(r"0|[1-9]\d{0,17}", text):
        return int(text)
    if kind == "null":
        problems.append(Problem(line, dotted(path, None), "has no value, expected one; or leave the key out"))
        return None
    words = {"bool": "true or false to YAML", "int": "a number to YAML", "float": "a number to YAML"}
    reads = words.get(kind, f"of the YAML type {node.tag}")
    problems.append(Problem(line, dotted(path, None), f"{text} is {reads}, expected quotes around it if it is text"))
    return None


def dotted(path: Path, data: Any) -> str:
    """A path as a reader names it: `subtypes[OPTB1].neurology.class`, by id or symbol where known."""
    words = ""
    for step in path:
        data = _inside(data, step)
        if isinstance(step, int):
            label = next((data[k] for k in ("id", "symbol") if isinstance(data, dict) and k in data), step)
            words += f"[{label}]"
        else:
            words += f".{step}" if words else step
    return words or "(file)"


def problem_at(data: Mapping[str, Any], lines: Lines, path: Path, text: str) -> Problem:
    """A problem of the value at a path; where the key is missing, the line of what should hold it."""
    return Problem(lines.get(path, lines.get(path[:-1], 1)), dotted(path, data), text)


def _inside(data: Any, step: str | int) -> Any:
    if isinstance(data, dict) and isinstance(step, str):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _faults(value: Any, shape: Shape, path: Path, lines: Lines, root: Any) -> Iterator[Problem]:
    """Every place where the data does not have the shape; nothing is said twice of a missing value."""

    def problem(at: Path, text: str) -> Problem:
        return Problem(lines.get(at, lines.get(path, 1)), dotted(at, root), text)

    if value is None:
        return
    if isinstance(shape, Leaf):
        if not shape.test(value):
            yield problem(path, f"{_shown(value)} found, expected {_expected(shape)}")
    elif isinstance(shape, Each):
        if not isinstance(value, list) or len(value) < shape.at_least:
            yield problem(path, f"{_shown(value)} found, expected {_expected(shape)}")
            return
        for index, item in enumerate(value):
            yield from _faults(item, shape.item, (*path, index), lines, root)
    elif not isinstance(value, dict):
        yield problem(path, f"{_shown(value)} found, expected {_expected(shape)}")
    elif isinstance(shape, Pairs):
        for key, item in value.items():
            yield from _faults(item, shape.value, (*path, key), lines, root)
    else:
        for key in value.keys() - shape.known.keys():
            yield problem((*path, key), "unknown key, expected one of " + ", ".join(shape.known))
        for key in shape.known.keys() - value.keys() - set(shape.optional):
            text = f"is missing, expected {_expected(shape.known[key])}"
            yield Problem(lines.get(path, 1), dotted((*path, key), root), text)
        for key in shape.known.keys() & value.keys():
            yield from _faults(value[key], shape.known[key], (*path, key), lines, root)


def _expected(shape: Shape) -> str:
    if isinstance(shape, Leaf):
        return shape.expected
    if isinstance(shape, Each):
        return "a list with entries" if shape.at_least else "a list"
    return "keys with values"


def _not_yaml(fault: str) -> str:
    return f"not valid YAML ({fault}), expected keys, lists and text"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "keys with values" if isinstance(value, dict) else f"a list of {len(value)}"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
