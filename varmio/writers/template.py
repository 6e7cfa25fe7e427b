"""The page's template, compiled. The only owner of jinja2's environment.

Turning the template into Python costs a fifth of a run, so the Python also lies compiled in
resources/page.json.gz, with the sha256 of the template and the jinja2 version it was made from. It is
used only while both fit; otherwise the template is compiled anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from varmio import phrases, resources
from varmio.errors import InputError, one_line
from varmio.writers.verdicts import is_second_method

if TYPE_CHECKING:
    import jinja2

FOLDER = Path(__file__).parent / "templates"
NAME = "report.html.j2"
COMPILED = resources.FOLDER / "page.json.gz"
MAX_TEXT = 2_000  # characters of one text shown on the page; case.json keeps the whole


@cache
def page() -> jinja2.Template:
    """The template of report.html: text is escaped, and an undefined name is an error."""
    import jinja2

    environment = _environment()
    code = compile(_shipped() or _python(environment), NAME, "exec")
    return jinja2.Template.from_code(environment, code, environment.globals)


@cache
def family_page() -> jinja2.Template:
    """The template of the family page, by the same rules."""
    return _environment().from_string(static("family.html.j2"))


def filled(page: jinja2.Template, /, **view: Any) -> str:
    """The page of a case. InputError where the case lacks what the page prints."""
    import jinja2

    try:
        text = page.render(view)
    except jinja2.UndefinedError as error:
        raise InputError(f"case.json: {one_line(str(error))[:120]}. Write it anew with varmio run.") from error
    return text.encode("utf-8", "backslashreplace").decode()


@cache
def csp(style: str, script: str = "") -> str:
    """The Content-Security-Policy that allows this style and this script, and nothing else."""
    scripts = f"script-src {_digest(script)}; " if script else ""
    return f"default-src 'none'; style-src {_digest(style)}; {scripts}base-uri 'none'; form-action 'none'"


def compile_page(out: Path = COMPILED) -> Path:
    """Write the compiled form of the template; the same template gives the same bytes."""
    content = json.dumps({**_made_from(), "python": _python(_environment())}, sort_keys=True)
    out.write_bytes(gzip.compress(content.encode("utf-8"), 9, mtime=0))
    return out


def _digest(text: str) -> str:
    """The text's hash as a Content-Security-Policy writes it."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def static(name: str) -> str:
    """A file of the templates' folder."""
    return (FOLDER / name).read_text("utf-8").strip()


def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=_shown, trim_blocks=True, auto_reload=False
    )
    environment.globals |= {"p": phrases, "words": phrases.words}
    environment.tests["second"] = is_second_method
    return environment


def _python(environment: jinja2.Environment) -> str:
    return environment.compile((FOLDER / NAME).read_text("utf-8"), NAME, NAME, raw=True)


def _made_from() -> dict[str, str]:
    import jinja2

    return {
        "sha256": hashlib.sha256((FOLDER / NAME).read_bytes()).hexdigest(),
        "jinja2": jinja2.__version__,
    }


def _shipped() -> str | None:
    """The shipped Python of the template, or None where it is missing or made from another."""
    try:
        held = json.loads(gzip.decompress(COMPILED.read_bytes()))
    except (OSError, EOFError, ValueError):
        return None
    fits = isinstance(held, dict) and held.items() >= _made_from().items()
    return str(held["python"]) if fits and "python" in held else None


def _shown(value: Any) -> Any:
    """Text as it may stand on the page: control and direction marks made visible, very long text cut."""
    if type(value) is not str:
        return value
    if len(value) > MAX_TEXT:
        value = f"{value[:MAX_TEXT]} … ({len(value):,} characters)"
    return value if value.isprintable() else one_line(value)
