"""The three ways an input can fail. A message says where, what, and what to do, in one line.

Anything else that is raised is a bug and shows its traceback (exit 1).
"""


class VarmioError(Exception):
    """A fault of the input or its surroundings that the user can mend; printed as one line."""

    exit_code = 2


class UsageError(VarmioError):
    """The command line asks for something that is not there (unknown sample, OUT exists). Exit 2."""


class InputError(VarmioError):
    """The input file cannot be used (not a VCF, truncated, assembly undecided). Exit 3."""

    exit_code = 3


class ResourceError(VarmioError):
    """A reference or evidence resource is missing, broken or does not fit. Exit 4."""

    exit_code = 4


class KnowledgeError(VarmioError):
    """A gene panel is missing or breaks its rules; says file, line and key. Exit 4."""

    exit_code = 4


def why(error: Exception) -> str:
    """The reason of a system error in its own words, lower case, on one line."""
    return one_line((getattr(error, "strerror", None) or str(error)).lower())


def one_line(text: str) -> str:
    """The text on one line, control characters made visible, for messages about hostile input.

    >>> one_line("a\\tb\\x1b[31m")
    'a\\\\tb\\\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# a spreadsheet runs, or unquotes, a cell that begins so; OWASP, CSV injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", '"')


def cell(text: str) -> str:
    """Text of a file as one cell that no spreadsheet runs as a formula or takes for a quoted one.

    >>> cell("=HYPERLINK(1)"), cell("c.1A>T")
    ("'=HYPERLINK(1)", 'c.1A>T')
    """
    flat = one_line(text)
    return "'" + flat if text.startswith(FORMULA_STARTS) else flat
