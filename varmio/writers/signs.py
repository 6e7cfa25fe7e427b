"""The child's signs and age, and what else looks like this, as the page shows them; from case.json alone."""

from __future__ import annotations

from typing import NamedTuple

from varmio import phrases
from varmio.model import MATCHED
from varmio.phrases import count, words
from varmio.writers.verdicts import Data, Entry, Line, gene_name, leading

TELLING = ("points_to", "points_away")  # the lists of signs of a look-alike that have a column
OLDER_THAN_DAYS = 91  # three months; from then on the page says that age closes nothing
MONTH_DAYS, YEAR_DAYS = 30.4375, 365.25  # days of a mean month and of a Julian year
IN_DAYS, IN_WEEKS, IN_MONTHS = 14, 112, 731  # days from which an age is said in the next larger unit; our choice


class Item(NamedTuple):
    """One sign of a cell: words before it, its name, how often it is seen, references, a mark behind it."""

    name: str
    before: str = ""
    frequency: str = ""
    references: tuple[str, ...] = ()
    mark: str = ""


class Cell(NamedTuple):
    label: str
    items: tuple[Item, ...] = ()
    statements: tuple[Data, ...] = ()
    notes: tuple[str, ...] = ()
    none: str = ""  # what stands in an empty cell


class Table(NamedTuple):
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]  # head of the row, its cells
    folded: bool = False


# --------------------------------------------------------------------------- what else looks like this


def look_alike_tables(case: Data) -> list[Table]:
    """One table for each candidate, one for what is compared with no candidate, and a folded one of the diseases
    that only a sentence speaks of."""
    names = {m["id"]: f"{m['id']}, {gene_name(m['gene'])}" for m in case["subtypes"]}
    rows = [row for row in case["look_alikes"] if not _has_words_only(row)]
    tables = [
        _look_alikes([row for row in rows if row["for"] == one], names.get(one, one))
        for one in dict.fromkeys(row["for"] for row in rows)
    ]
    rest = [row for row in case["look_alikes"] if _has_words_only(row)]
    if rest:
        short = tuple((_disease(row), (_cells(row)[-1]._replace(notes=()),)) for row in rest)
        tables.append(Table(phrases.LOOKS_LIKE_IN_WORDS, phrases.LOOK_ALIKE_HEADS[::3], short, folded=True))
    return tables


def _has_words_only(row: Data) -> bool:
    """Whether no list of signs was compared, and a reviewed sentence alone names the disease."""
    return bool(row["similarity"] is None and row["reason"] == phrases.BY_WORDS)


def _look_alikes(rows: list[Data], candidate: str | None) -> Table:
    caption = phrases.LOOKS_LIKE.format(candidate) if candidate else phrases.LOOKS_LIKE_GROUP
    return Table(caption, phrases.LOOK_ALIKE_HEADS, tuple((_disease(row), _cells(row)) for row in rows))


def _disease(row: Data) -> str:
    gene = gene_name(row["gene"]) if row["gene"] else ""
    return ", ".join(part for part in (row["name"], row["id"], gene) if part) or phrases.NO_GENE_KNOWN


def _cells(row: Data) -> tuple[Cell, ...]:
    none = phrases.NOT_COMPARED if row["similarity"] is None else phrases.NOTHING_LISTED
    to, away = (
        Cell(h, tuple(_item(s) for s in row[key]), none=none)
        for key, h in zip(TELLING, phrases.LOOK_ALIKE_HEADS[1:3], strict=True)
    )
    both = ", ".join(sign["name"] for sign in row["shared"])
    notes = (f"{phrases.SEEN_IN_BOTH}: {both}." if both else "", sentence_of(row["reason"]), *row.get("notes", ()))
    return to, away, Cell(phrases.LOOK_ALIKE_HEADS[3], (), tuple(row["statements"]), tuple(filter(None, notes)))


def _item(sign: Data) -> Item:
    other = sign.get("other_disease")
    mark = phrases.IN_THE_OTHER.format(other) if other else ""
    return Item(sign["name"], "", sign["frequency"], tuple(sign["references"]), mark)


def sentence_of(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def without_said_there(case: Data) -> Data:
    """The case without the statements of the answer that the tables of look-alikes say already."""
    said = {statement["id"] for row in case["look_alikes"] for statement in row["statements"]}
    return {**case, "statements": [s for s in case["statements"] if s["id"] not in said]}


# --------------------------------------------------------------------------- the child's signs


class ChildView(NamedTuple):
    present: tuple[Item, ...]
    excluded: tuple[Item, ...]
    assess: Entry | None  # 'assess before transplant', where a sign is neurological
    notes: tuple[str, ...]
    table: Table


def child(case: Data) -> ChildView | None:
    """The child's signs beside each candidate; None where none was given."""
    given = case["phenotype"]
    if not given.get("present") and not given.get("excluded"):
        return None
    return ChildView(
        tuple(_given(sign) for sign in given.get("present", ())),
        tuple(_given(sign) for sign in given.get("excluded", ())),
        _assess(case),
        tuple(given.get("notes", ())),
        Table(phrases.SIGNS_CAPTION, phrases.SIGN_HEADS, tuple(_fit_row(fit) for fit in given.get("fits", ()))),
    )


def _given(sign: Data) -> Item:
    mark = phrases.GIVEN_AS.format(sign["given_as"]) if sign.get("given_as") else ""
    return Item(_named(sign), frequency=sign["id"], mark=mark)


def _named(sign: Data) -> str:
    return sign["name"] or f"{sign['id']} {phrases.NO_NAME}"


def neurological(case: Data) -> list[Data]:
    """The child's signs that a neurological work-up looks at."""
    return [sign for sign in case["phenotype"].get("present", ()) if sign.get("neurological")]


def _assess(case: Data) -> Entry | None:
    found = neurological(case)
    if not found:
        return None
    said = f"{phrases.ASSESS_BEFORE_TRANSPLANT}: {', '.join(_named(sign) for sign in found)}"
    return Entry("warn", "ink", said)


def _fit_row(fit: Data) -> tuple[str, tuple[Cell, ...]]:
    head = ", ".join(filter(None, (fit["subtype"], gene_name(fit["gene"]) if fit["gene"] else "")))
    fitting, unexpected, missing = (
        Cell(label, tuple(_fit_item(found) for found in fit[key]), none=phrases.NO_SIGN)
        for key, label in zip(("fitting", "unexpected", "missing"), phrases.SIGN_HEADS[1:4], strict=True)
    )
    telling = tuple(_telling(sign) for sign in fit["would_tell"])
    return head, (
        fitting._replace(notes=tuple(fit.get("notes", ()))),
        unexpected,
        missing,
        Cell(phrases.SIGN_HEADS[4], telling, none=phrases.NO_SIGN),
    )


def _fit_item(found: Data) -> Item:
    listed, relation = found.get("annotated"), words(phrases.RELATION, found["relation"])
    if listed is None:
        return Item(_named(found), frequency=relation)
    if found["relation"] == "same":
        return Item(_named(found), frequency=listed["frequency"], references=tuple(listed["references"]))
    said = f"{relation}: {listed['name']}, {listed['frequency']}" if relation else listed["frequency"]
    if listed["id"] == found["id"]:
        said = f"{relation}: {listed['frequency']}"
    return Item(_named(found), frequency=said, references=tuple(listed["references"]))


def _telling(sign: Data) -> Item:
    shown = sign.get("shown_by")
    before = phrases.ASK_FOR.format(shown) if shown else ""
    return Item(sign["name"], before, sign["frequency"], tuple(sign["references"]))


# --------------------------------------------------------------------------- age


def age_words(days: int) -> str:
    """An age as it is said, whole units only.

    >>> age_words(3), age_words(42), age_words(122), age_words(731)
    ('3 days', '6 weeks', '4 months', '2 years')
    """
    if days < IN_DAYS:
        return count(days, "day")
    if days < IN_WEEKS:
        return count(days // 7, "week")
    if days < IN_MONTHS:
        return count(int(days / MONTH_DAYS), "month")
    return count(int(days / YEAR_DAYS), "year")


def urgent(case: Data) -> bool:
    """Whether a leading match has a class for which time counts, and the age is known."""
    known = case["sample"].get("age_days") is not None
    return known and any(
        m["status"] in MATCHED and m["transplant"]["class"] in phrases.URGENT_FOR for m in leading(case)
    )


def steps_with_signs_and_age(case: Data, steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The next steps with what the child's signs and age add: the work-up once, and how old the child is."""
    if neurological(case) and phrases.NEUROLOGY_STEP not in steps:
        referred = next((i for i, (what, _) in enumerate(steps, 1) if what.startswith(phrases.REFER)), len(steps))
        steps = [*steps[:referred], phrases.NEUROLOGY_STEP, *steps[referred:]]  # it never stands before referral
    return [(_today(case, what), who) for what, who in steps] if urgent(case) else steps


def _today(case: Data, step: str) -> str:
    if not step.startswith(phrases.REFER):
        return step
    rest = step.removeprefix(phrases.REFER).removeprefix(" now")
    return phrases.REFER_TODAY.format(age_words(case["sample"]["age_days"])) + rest


def with_age(case: Data, question: str, entries: list[Entry]) -> list[Entry]:
    """The entries of the transplant row; past three months the first says that age closes nothing."""
    days = case["sample"].get("age_days")
    if question != "transplant" or not urgent(case) or days is None or days <= OLDER_THAN_DAYS:
        return entries
    first, *rest = entries
    return [first._replace(lines=(*first.lines, Line(phrases.AGE_CLOSES_NOTHING))), *rest]
