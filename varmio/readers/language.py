"""A language file (TOML) -> the words of the family page; what it lacks is said in English, and marked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from varmio.errors import ResourceError, one_line, why
from varmio.model import Language, Phrase

FOLDER = Path(__file__).parent.parent / "languages"
ENGLISH = "en"
DIRECTIONS = ("ltr", "rtl")
HEAD = ("lang", "direction")


def load(name_or_file: str = ENGLISH, wording: Path | None = None) -> Language:
    """The words of a shipped language, by name, or of a file; `wording`: a laboratory's own words for some of them.

    Raises ResourceError where a file is missing or breaks the rules.
    """
    english = _read(FOLDER / f"{ENGLISH}.toml")
    shipped = FOLDER / f"{name_or_file}.toml"
    own = shipped if name_or_file.isalpha() and shipped.is_file() else Path(name_or_file)
    words = english if own == FOLDER / f"{ENGLISH}.toml" else _read(own)
    known = _phrases(english)
    given = _checked(own, words, known)
    if wording is not None:
        given |= _checked(wording, _parsed(wording), known)
    phrases = {k: Phrase(given[k]) if k in given else Phrase(text, in_english=True) for k, text in known.items()}
    return Language(str(words["lang"]), str(words["direction"]), MappingProxyType(phrases))


def _checked(path: Path, words: dict[str, object], known: dict[str, str]) -> dict[str, str]:
    given = _phrases(words)
    for key, text in given.items():
        if key not in known:
            raise ResourceError(f"{path}: {one_line(key)} is no phrase of the family page; see {ENGLISH}.toml.")
        if _fields(path, key, text) != _fields(path, key, known[key]):
            raise ResourceError(f"{path}: {key}: what stands in braces must be that of English: {known[key]}")
    return given


def _read(path: Path) -> dict[str, object]:
    words = _parsed(path)
    if not isinstance(words.get("lang"), str) or words.get("direction") not in DIRECTIONS:
        raise ResourceError(f'{path}: needs lang = "CODE" and direction = "ltr" or "rtl" at its top.')
    return words


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        names = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise ResourceError(f"{path}: {why(error)}. Give a language file, or one of: {names}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ResourceError(f"{path}: is no TOML in UTF-8 ({one_line(str(error))}).") from error


def _phrases(words: dict[str, object]) -> dict[str, str]:
    """'section.key' -> text; anything that is not text keeps a name that no phrase has."""
    found: dict[str, str] = {}
    for section, held in words.items():
        if isinstance(held, dict):
            found |= {f"{section}.{key}": text if isinstance(text, str) else "{}" for key, text in held.items()}
        elif section not in HEAD:
            found[section] = ""
    return found


def _fields(path: Path, key: str, text: str) -> set[str]:
    try:
        return {f"{name}!{turn}:{form}" for _, name, form, turn in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ResourceError(f"{path}: {key}: braces do not pair ({error}); write {{{{ for a brace.") from error
