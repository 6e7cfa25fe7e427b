"""One command's work: analyse, write every file whole, and say it in six lines."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from varmio import phrases
from varmio.analysis import Options, Outcome, analyse_samples, panel_of
from varmio.coverage_of import Files
from varmio.errors import InputError, UsageError, one_line, why
from varmio.model import MATCHED, NOT_WEIGHED, TO_READ, Assembly, Sex
from varmio.readers import phenotype, reference
from varmio.readers import vcf as readers_vcf
from varmio.writers import gaps, html, jsonout, run_tables, runs, tables
from varmio.writers import schema as schemas
from varmio.writers.verdicts import blind_genes, gene_name, leading, short_key

NOT_ANSWERED = "not answered by this file"
FILES = (
    "report.html",
    "findings.tsv",
    "findings.vcf",
    "roh.bed",
    "gaps.bed",
    "case.json",
)  # case.json last: it marks the end


def options(
    vcf: Path,
    assembly: str | None,
    sex: str | None,
    panels: tuple[str, ...],
    date: str | None,
    evidence: tuple[Path, ...] = (),
    no_clinvar: bool = False,
    hpo: tuple[str, ...] = (),
    age: str | None = None,
    relatedness_wording: bool = True,
    beside: Files = Files(),  # noqa: B008 - frozen
    ped: Path | None = None,
    second_opinion: bool = False,
) -> Options:
    """The options of a run as types; the command is recorded without folders.

    UsageError for a bad date, sign or age.
    """
    files = (*(("--panel", Path(p).name) for p in panels), *(("--evidence", p.name) for p in evidence))
    asked = (("--assembly", assembly), ("--sex", sex), ("--ped", ped.name if ped else None), *files)
    words = [word for name, value in asked if value for word in (name, value)]
    words += _named(beside)
    words += ["--no-clinvar"] if no_clinvar else []
    words += ["--second-opinion"] if second_opinion else []
    hpo = tuple(dict.fromkeys(hpo))
    words += [word for sign in hpo for word in ("--hpo", sign)]
    words += ["--age", age] if age is not None else []
    words += [] if relatedness_wording else ["--no-relatedness-wording"]
    return Options(
        assembly=Assembly(assembly) if assembly else None,
        sex=Sex(sex) if sex else None,
        panels=panels,
        evidence=tuple(dict.fromkeys(evidence)),
        ped=ped,
        files=beside,
        clinvar=not no_clinvar,
        second_opinion=second_opinion,
        signs=phenotype.given(hpo),
        age_days=None if age is None else phenotype.age_days(age),
        relatedness_wording=relatedness_wording,
        date=_date(date),
        command=shlex.join(("varmio", "run", vcf.name, *words)),
    )


def _named(beside: Files) -> list[str]:
    """The files beside the VCF as the command names them, without folders. UsageError where two exclude each other."""
    if beside.bam and beside.coverage:
        raise UsageError("--bam and --coverage: both say how deeply the exons were read. Give one of them.")
    if beside.controls and not beside.depth:
        raise UsageError("--controls: there is no depth to compare with them. Add --bam or --coverage.")
    named = (
        ("--bam", beside.bam),
        ("--coverage", beside.coverage),
        ("--controls", beside.controls),
        ("--targets", beside.targets),
        ("--reference", beside.reference),
        *(("--sv", path) for path in beside.sv),
    )
    return [word for name, path in named if path for word in (name, path.name)]


def _date(said: str | None) -> str:
    try:
        if said is not None:
            return datetime.strptime(said, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        where = f"--date {said}" if said is not None else "SOURCE_DATE_EPOCH"
        raise UsageError(f"{where}: is not a date. Write YYYY-MM-DD (or seconds since 1970).") from None
    return now.date().isoformat()


def check(vcf: Path, out: Path, samples: tuple[str, ...], force: bool) -> None:
    """Raises UsageError or InputError before any work: a sample that is not there, a folder that is taken."""
    header = readers_vcf.open_header(vcf)
    for name, folder in folders(out, samples):
        readers_vcf.choose_sample(vcf, header, name)
        _check_out(folder, force)


def folders(out: Path, samples: tuple[str, ...]) -> Iterator[tuple[str | None, Path]]:
    """The sample and its folder: OUT itself for one sample, OUT/S for each of several."""
    if len(samples) < 2:
        yield (samples[0] if samples else None), out
        return
    for name in dict.fromkeys(samples):
        if name in (".", "..") or "/" in name or "\0" in name:
            raise UsageError(f"--sample {name!r}: cannot be a folder's name. Run it alone.")
        yield name, out / name


def run(vcf: Path, out: Path, options: Options, sample: str | None, force: bool) -> list[str]:
    """Analyse one sample, write its folder whole, and return the six lines of the answer."""
    (said,) = run_samples(vcf, out, options, () if sample is None else (sample,), force)
    if isinstance(said, InputError):
        raise said
    return said


def run_samples(
    vcf: Path, out: Path, options: Options, samples: tuple[str, ...], force: bool
) -> Iterator[list[str] | InputError]:
    """Analyse the samples in one reading, write the folder of each whole; yields its six lines in turn.

    An InputError takes their place where the file is unusable for that sample alone.
    """
    places = list(folders(out, samples))
    if len(places) > 1:
        _refuse_what_one_person_has(options, len(places))
    for _, folder in places:
        _check_out(folder, force)
    outcomes = analyse_samples(vcf, [_asked(options, name) for name, _ in places])
    for outcome, (_, folder) in zip(outcomes, places, strict=True):
        if isinstance(outcome, InputError):
            yield outcome
            continue
        case = jsonout.as_dict(outcome.case)
        _write_folder(folder, _contents(outcome, case))
        yield [one_line(line) for line in six_lines(case, folder)]


def _refuse_what_one_person_has(options: Options, asked: int) -> None:
    """Raises UsageError where an option says something of one person, and several are asked for."""
    said = {
        f"--sex {options.sex}: says one person's sex": options.sex is not None,
        "--hpo: says one child's signs": bool(options.signs.present or options.signs.excluded),
        "--age: says one child's age": options.age_days is not None,
        "--bam, --coverage: say one person's depth": options.files.depth is not None,
    }
    for what, given in said.items():
        if given:
            raise UsageError(f"{what}, and {asked} are asked for. Run each alone.")


def _asked(options: Options, sample: str | None) -> Options:
    if sample is None:
        return options
    return replace(options, sample=sample, command=f"{options.command} --sample {shlex.quote(sample)}")


def _check_out(out: Path, force: bool) -> None:
    """Raises UsageError where OUT may not, or cannot, be written."""
    try:
        if out.exists() and not out.is_dir():
            raise UsageError(f"{out}: exists and is not a folder. Give -o another name.")
        taken = out.is_dir() and any(out.iterdir())
        nearest = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
        writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        raise UsageError(f"{out}: cannot be used ({why(error)}). Give -o another folder.") from error
    if taken and not force:
        raise UsageError(
            f"{out}: exists and is not empty. Add --force to overwrite its results, or give -o another name."
        )
    if not writable:
        raise UsageError(f"{out}: cannot be written ({nearest} is not a writable folder). Give -o another folder.")


def _contents(outcome: Outcome, case: dict[str, Any]) -> dict[str, bytes]:
    records = ((r.record.columns, r.findings, r.note) for r in outcome.records)
    return {
        "report.html": html.render(case, ours=True).encode("utf-8"),
        "findings.tsv": tables.findings_tsv(case),
        "findings.vcf": tables.findings_vcf(case, records, outcome.header.lines),
        "roh.bed": run_tables.bed({case["sample"]["id"]: case["autozygosity"]}),
        "gaps.bed": gaps.gaps(case),
        "case.json": jsonout.dumps(case),
    }


def _write_folder(out: Path, contents: dict[str, bytes]) -> None:
    """Write all files or none: into a folder beside OUT first, then moved into place."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({why(error)}). Give -o another folder.") from error
    try:
        for name in FILES:
            (part / name).write_bytes(contents[name])
        for name in FILES:
            with (part / name).open("rb") as written:
                os.fsync(written.fileno())
        out.mkdir(exist_ok=True)
        for name in FILES:
            if (out / name).is_dir():
                raise UsageError(f"{out / name}: is a folder. Remove it, or give -o another name.")
        for name in FILES:
            (part / name).replace(out / name)
    except OSError as error:
        raise UsageError(
            f"{out}: cannot be written ({error.strerror}). Free space or give -o another folder."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def six_lines(case: dict[str, Any], out: Path) -> list[str]:
    """The answer; gene, name and zygosity; run or not; neurology; transplant; what was not seen and where."""
    lead = leading(case)
    unseen = blind_genes(case)
    seen = f"could not look at {unseen}" if unseen else "no gene was left out wholly"
    unweighed = sum(f["tier"] == NOT_WEIGHED for f in case["findings"])
    rest = f"{unweighed} panel alleles not weighed; " if unweighed else ""
    return [
        f"{phrases.words(phrases.ANSWER, case['answer']['code'])}: {case['answer']['sentence']}",
        f"Finding: {_found(case, lead)}",
        f"Homozygosity: {runs.at_the_change(case, [i for match in lead for i in match['findings']])}",
        f"Brain: {_class_words(lead, 'neurology', phrases.NEUROLOGY)}",
        f"Transplant: {_class_words(lead, 'transplant', phrases.TRANSPLANT)}",
        f"Not seen: {seen}; {_unseen_kinds(case)}; {rest}report: {out / 'report.html'}",
    ]


def _unseen_kinds(case: dict[str, Any]) -> str:
    """The kinds of change that this input can't show, by what was given."""
    depth = case.get("depth")
    if depth is None:
        return "depth, deletions and deep introns"
    return "deep introns" if depth["losses_looked_for"] else "deletions of one copy and deep introns"


def _class_words(lead: list[dict[str, Any]], topic: str, words: phrases.Words) -> str:
    """The class of each leading subtype, named where there are several; 'if confirmed' below diagnostic."""
    said = [_class_of(match, topic, words, len(lead) > 1) for match in lead]
    answered = any(match["status"] in MATCHED for match in lead)
    note = f" {phrases.TRANSPLANT_NOTE}" if answered and topic == "transplant" else ""
    return ("; ".join(said) or NOT_ANSWERED) + ("." if note else "") + note


def _class_of(match: dict[str, Any], topic: str, words: phrases.Words, named: bool) -> str:
    said = phrases.words(words, match[topic]["class"])
    if match["status"] not in MATCHED:
        said = NOT_ANSWERED
    elif match["status"] != "diagnostic":
        said = f"if confirmed: {said[:1].lower()}{said[1:]}"
    return f"{gene_name(match['gene'])} {match['id']}: {said}" if named else said


def _found(case: dict[str, Any], lead: list[dict[str, Any]]) -> str:
    ids = {i for match in lead for i in match["findings"]}
    if ids:
        return "; ".join(_finding(f) for f in case["findings"] if f["id"] in ids)
    to_read = [_finding(f) for f in case["findings"] if f["tier"] == TO_READ]
    return f"none that makes a match; for a person to read: {'; '.join(to_read)}" if to_read else "none"


def _finding(found: dict[str, Any]) -> str:
    name = f"{found['transcript']}:{found['hgvs_c']}" if found["hgvs_c"] else short_key(found["variant"])
    class_ = phrases.words(phrases.CLASS, found["classification"]["class"])
    return " ".join(filter(None, (found["gene"], name, found["hgvs_p"], found["zygosity"], f"({class_})")))


def page(source: Path, folder: Path | None = None) -> str:
    """The page made from a case.json, or from the case inside a report.html; `folder`: a laboratory's own.

    Raises InputError, UsageError, ResourceError.
    """
    from varmio.readers import letter

    return html.render(read_case(source), letter=letter.load(folder) if folder else None)


def family_page(source: Path, spoken: str, folder: Path | None = None) -> str:
    """The family's page of a case, in a language; `folder` as above. InputError, UsageError, ResourceError."""
    from varmio.readers import language, letter
    from varmio.writers import family

    case = read_case(source)
    if folder is None:
        return family.render(case, language.load(spoken))
    head = letter.load(folder).letterhead
    return family.render(case, language.load(spoken, letter.wording(folder)), head)


def explained(source: Path, asked: str) -> list[str]:
    """Why a gene or a variant is, or is not, in a report. InputError, UsageError."""
    from varmio import explain

    case = read_case(source)
    try:
        here = reference.load(explain.assembly_of(case))
        return explain.lines(case, asked, panel_of(()), here)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{source}: is no whole case ({why(error)}). Give a case.json of varmio run.") from error


def read_case(source: Path) -> dict[str, Any]:
    """The case of a case.json, or the one inside a report.html. InputError, UsageError."""
    try:
        text = jsonout.read_bounded(source).decode("utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{source}: no such file. Give a case.json or report.html of varmio run.") from error
    except InputError as error:
        raise InputError(f"{source}: {error}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: cannot be read as text. Give a case.json or report.html of varmio run.") from error
    return html.extract(text) if text.lstrip().startswith("<") else jsonout.loads(text, str(source))


def demo(out: Path) -> list[str]:
    """Make the demo exome in OUT and analyse it; the lines say what was found and where the page is."""
    from varmio.demo import write_demo_exome

    _check_out(out, force=True)
    vcf = write_demo_exome(out)
    lines = run(vcf, out, options(vcf, None, None, (), None), None, force=True)
    return [
        *lines,
        f"This person does not exist: {vcf} is synthetic. Open {out / 'report.html'} in a browser.",
    ]


def schema(which: str) -> dict[str, Any]:
    """The JSON Schema of case.json or of a panel file."""
    if which == "case":
        return schemas.load_schema()
    from varmio.readers import panel

    return panel.schema()
