"""README tells of every command and only of what exists."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from varmio import __version__, errors
from varmio.cli import SAMPLES_FAILED, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "examples" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_readme_names_the_command_and_its_help_explains_it(path):
    assert " ".join(path) in README
    done = CliRunner().invoke(main, [*path, "--help"])
    assert done.exit_code == 0
    command = COMMANDS[path]
    assert command.help
    told = [p for p in command.params if isinstance(p, click.Option) and p.name != "help"]
    assert all(option.help for option in told), path


def shown_lines() -> list[tuple[str, str]]:
    return [
        (page.name, line.strip().partition("  #")[0])
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("    varmio ")
    ]


@pytest.mark.parametrize(("page", "line"), shown_lines())
def test_every_command_line_shown_is_one_that_exists(page, line):
    words = shlex.split(line)[1:]
    path = next(words[:n] for n in (2, 1) if tuple(words[:n]) in COMMANDS)
    command = COMMANDS[tuple(path)]
    known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
    assert {word for word in words if re.match(r"-\w|--\w", word)} <= known, page


def test_exit_code_table_is_that_of_the_program():
    table = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    kinds = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    assert table == kinds | {0, 1, SAMPLES_FAILED}


def test_files_that_readme_names_are_there():
    for name in ("Snakefile", "config/config.yaml", "Makefile", "LICENSE", "examples", "benchmarks"):
        assert (ROOT / name).exists()
        assert name.rpartition("/")[2] in README or name in ("Makefile", "LICENSE")


def test_the_citation_names_this_version_and_licence() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert cited["version"] == __version__
    assert cited["license"] in str(project["license"])
    assert [a["name"] for a in cited["authors"]] == [a["name"] for a in project["authors"]]


def test_every_picture_and_page_that_a_text_links_to_is_there() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
