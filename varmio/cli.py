"""The door: arguments in, one call, exit code out. Heavy rooms are imported by the command that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from varmio import __version__
from varmio.errors import UsageError, VarmioError, one_line, why

INTERRUPTED = 130  # exit code after Ctrl-C, as shells have it
COMPLETE = "varmio data fetch (or, offline: varmio data build --gff MANE.gff3.gz --reference genome.fa)"
SAMPLES_FAILED = 5  # exit code of cohort where some samples failed, the others are done
NAMES = ["GRCh37", "GRCh38"]

ANY_PATH = click.Path(path_type=Path, readable=False)  # what is wrong with a path is said in one line, by us

vcf_argument = click.argument("vcf", type=ANY_PATH)
out_folder = click.option("-o", "--out", required=True, type=ANY_PATH, help="Folder to write.")
out_file = click.option(
    "-o", "--out", default="-", show_default=True, type=ANY_PATH, help="File to write; '-' is stdout."
)
sample_option = click.option(
    "--sample", "samples", multiple=True, help="VCF column to read; repeat for several (one folder each)."
)
assembly_option = click.option("--assembly", type=click.Choice(NAMES), help="Only where the file itself does not tell.")
sex_option = click.option("--sex", type=click.Choice(["male", "female"]), help="Else read from X.")
panel_option = click.option(
    "--panel",
    "panels",
    multiple=True,
    help="Gene panel by name or YAML file; repeatable. Default: the shipped ones.",
)
ped_option = click.option(
    "--ped", type=ANY_PATH, help="PED file: the child's sex, and its parents where the VCF has their columns."
)
bam_option = click.option("--bam", type=ANY_PATH, help="Its reads, BAM or CRAM with an index: depth of every exon.")
coverage_option = click.option(
    "--coverage", type=ANY_PATH, help="Instead: mosdepth's per-base, thresholds or regions file, or a depth profile."
)
controls_option = click.option(
    "--controls",
    type=ANY_PATH,
    help="Folder or table with the depths of other samples of the same capture kit: tells lost exons from failed ones.",
)
targets_option = click.option("--targets", type=ANY_PATH, help="BED of the capture kit's targets.")
sv_option = click.option(
    "--sv", multiple=True, type=ANY_PATH, help="Structural or copy-number calls: VCF, or a table; repeatable."
)
reference_option = click.option(
    "--reference", type=ANY_PATH, help="FASTA of the genome: names of changes beside exons, and CRAM."
)
date_option = click.option(
    "--date", help="Date printed in the report, YYYY-MM-DD. Default: SOURCE_DATE_EPOCH, else today."
)
evidence_option = click.option(
    "--evidence",
    "evidence",
    multiple=True,
    type=ANY_PATH,
    help="gnomAD-style or ClinVar VCF, or a table of frequencies, on the case's assembly; repeatable.",
)
no_clinvar_option = click.option("--no-clinvar", is_flag=True, help="Read no ClinVar fact, shipped or given.")
second_option = click.option(
    "--second-opinion", is_flag=True, help="Ask bcftools csq too; where it differs, both are shown. Changes no class."
)
hpo_option = click.option(
    "--hpo",
    multiple=True,
    metavar="HP:0001252",
    help="A sign of the child by HPO id; '!HP:0001252' for one that it does not have; repeatable. Filters nothing.",
)
age_option = click.option("--age", metavar="6w", help="Age as 3d, 6w, 4m or 2y. Adds urgency, closes no option.")
wording_option = click.option(
    "--no-relatedness-wording", "unworded", is_flag=True, help="Say nothing of how the parents may be related."
)
force_option = click.option("--force", is_flag=True, help="Overwrite the results in OUT.")


class _Group(click.Group):
    """A click group that prints every anticipated fault as one line and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VarmioError as error:
            click.echo(f"varmio: {one_line(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="varmio")
def main() -> None:
    """From a child's exome VCF to the osteopetrosis gene, the brain, and whether a transplant helps.

    Works offline. It informs an expert centre and decides nothing.
    """


@main.command()
@vcf_argument
@out_folder
@sample_option
@assembly_option
@sex_option
@panel_option
@evidence_option
@ped_option
@bam_option
@coverage_option
@controls_option
@targets_option
@sv_option
@reference_option
@no_clinvar_option
@second_option
@hpo_option
@age_option
@wording_option
@date_option
@force_option
def run(
    vcf: Path,
    out: Path,
    samples: tuple[str, ...],
    assembly: str | None,
    sex: str | None,
    panels: tuple[str, ...],
    evidence: tuple[Path, ...],
    ped: Path | None,
    bam: Path | None,
    coverage: Path | None,
    controls: Path | None,
    targets: Path | None,
    sv: tuple[Path, ...],
    reference: Path | None,
    no_clinvar: bool,
    second_opinion: bool,
    hpo: tuple[str, ...],
    age: str | None,
    unworded: bool,
    date: str | None,
    force: bool,
) -> None:
    """Analyse one exome VCF; OUT gets case.json, report.html, findings.tsv, findings.vcf, roh.bed and gaps.bed."""
    from varmio import job
    from varmio.coverage_of import Files

    beside = Files(bam, coverage, controls, targets, tuple(dict.fromkeys(sv)), reference)
    options = job.options(
        vcf, assembly, sex, panels, date, evidence, no_clinvar, hpo, age, not unworded, beside, ped, second_opinion
    )
    job.check(vcf, out, samples, force)
    refused: dict[str, int] = {}  # what was wrong -> exit code
    for said in job.run_samples(vcf, out, options, samples, force):
        if isinstance(said, list):
            for line in said:
                _say(line)
        elif str(said) not in refused:
            refused[str(said)] = said.exit_code
            click.echo(f"varmio: {one_line(str(said))}", err=True)
    if refused:
        sys.exit(max(refused.values()))


@main.command()
@click.argument("source", metavar="CASE.json|REPORT.html", type=ANY_PATH)
@out_file
@click.option("--family-page", "family", type=ANY_PATH, help="Write the page for the family instead, to this file.")
@click.option("--language", default="en", show_default=True, help="Of the family page: a shipped one, or a TOML file.")
@click.option(
    "--template", "folder", metavar="DIR", type=ANY_PATH, help="With letter.yaml, letterhead.txt or wording.toml."
)
def report(source: Path, out: Path, family: Path | None, language: str, folder: Path | None) -> None:
    """Re-make the page from case.json alone (or from the case inside a report)."""
    from varmio import job

    if family is not None:
        _write(family, job.family_page(source, language, folder).encode("utf-8"))
    if family is None or str(out) != "-":
        _write(out, job.page(source, folder).encode("utf-8"))


@main.command()
@click.argument("source", metavar="CASE.json|REPORT.html", type=ANY_PATH)
@click.argument("asked", metavar="GENE[:NAME]")
def explain(source: Path, asked: str) -> None:
    """Why a gene or a variant is, or is not, in a report: OSTM1, OSTM1:c.415_416del, 6-108064285-ACT-A."""
    from varmio import job

    for line in job.explained(source, asked):
        _say(one_line(line))


@main.command()
@click.argument("cases", metavar="CASE.json...", nargs=-1, required=True, type=ANY_PATH)
@out_folder
def cohort(cases: tuple[Path, ...], out: Path) -> None:
    """Put many cases into one table, OUT/summary.tsv; OUT/status.tsv says what could not be read."""
    from varmio.cohort import write

    failures = write(cases, out)
    for failure in failures:
        click.echo(f"varmio: {one_line(f'{failure.path}: {failure.reason}')}", err=True)
    _say(f"{len(set(cases)) - len(failures)} of {len(set(cases))} cases are in {out / 'summary.tsv'}")
    if failures:
        sys.exit(SAMPLES_FAILED)


@main.command()
@vcf_argument
@click.option(
    "-o", "--out", default="-", show_default=True, type=ANY_PATH, help="FILE.bed, .tsv or .json; '-' is BED on stdout."
)
@click.option("--sample", "samples", multiple=True, help="VCF column to read; repeatable.")
@click.option("--all-samples", "every", is_flag=True, help="Every sample of the file, from one reading.")
@assembly_option
@sex_option
def roh(vcf: Path, out: Path, samples: tuple[str, ...], every: bool, assembly: str | None, sex: str | None) -> None:
    """Runs of homozygosity of one sample, or of all samples of a joint file."""
    from varmio import roh as room

    if sys.stderr.isatty():
        click.echo(f"Reading {one_line(str(vcf))} ...", err=True)
    result = room.runs(vcf, samples, every, assembly, sex, out.suffix.lower())
    _write(out, result.content)
    for line in result.lines:
        click.echo(one_line(line), err=True)
    if result.failed:
        sys.exit(SAMPLES_FAILED)


@main.group()
def panel() -> None:
    """The reviewed knowledge that answers rest on."""


@panel.command("list")
def panel_list() -> None:
    """Name the shipped panels with their version, genes, subtypes and statements."""
    from varmio.readers import panel as panels

    for name in panels.names():
        known = panels.load(name)
        counts = f"{len(known.genes)} genes\t{len(known.subtypes)} subtypes\t{len(known.statements)} statements"
        _say(f"{known.name}\t{known.version}\t{counts}\t{' '.join(g.symbol for g in known.genes)}")


@panel.command("show")
@click.argument("gene")
@panel_option
def panel_show(gene: str, panels: tuple[str, ...]) -> None:
    """Everything the panels say of a gene (symbol, protein, alias or subtype id), with its references."""
    from varmio import signs
    from varmio.analysis import panel_of
    from varmio.readers import panel as known

    panel_read = panel_of(panels)
    _say(known.show(panel_read, gene, signs.listed(panel_read)).removesuffix("\n"))


@panel.command("validate")
@click.argument("file", type=ANY_PATH)
def panel_validate(file: Path) -> None:
    """Check a panel file: schema, references, every statement cited, no forbidden claim."""
    from varmio.errors import KnowledgeError
    from varmio.model import Assembly
    from varmio.readers import panel as known
    from varmio.readers import reference

    faults = known.validate(file, {a: reference.load(a) for a in Assembly})
    for fault in faults:
        click.echo(one_line(fault), err=True)
    if faults:
        raise KnowledgeError(f"{file}: {len(faults)} fault(s), listed above. Mend them and validate again.")
    _say(f"{file}: valid")


@main.group()
def data() -> None:
    """The shipped reference and evidence extracts."""


@data.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def data_status(as_json: bool) -> None:
    """What is at hand for each gene, and how old the extracts are."""
    import json

    from varmio import bundle

    status = bundle.status()
    if as_json:
        _say(json.dumps(status, indent=1, sort_keys=True))
        return
    lacking = False
    for symbol, gene in status["genes"].items():
        for accession, held in gene["transcripts"].items():
            cds = "coding sequence" if held["cds"] else "no coding sequence"
            loci = f"whole locus on {' and '.join(held['locus'])}" if held["locus"] else "no introns"
            lacking |= len(held["locus"]) < len(NAMES)
            _say(f"{symbol}\t{accession}\t{cds}\t{loci}")
    for extract in status["extracts"]:
        _say("\t".join(str(extract[key]) for key in ("name", "release", "date", "rows")))
    if lacking:
        _say(f"To complete the introns: {COMPLETE}")


@data.command("build")
@click.option("--gff", type=ANY_PATH, help="GTF or GFF3 of RefSeq, Ensembl, GENCODE or MANE, with --reference.")
@click.option("--reference", "fasta", type=ANY_PATH, help="FASTA of the genome: adds introns and flanks of the genes.")
@panel_option
@assembly_option
@click.option(
    "--from", "source", type=ANY_PATH, help="Instead, for maintainers: folder with reference/, variants/, knowledge/."
)
@click.option("-o", "--out", type=ANY_PATH, help="Folder to write. Default: VARMIO_DATA_DIR or the user's data folder.")
def data_build(
    gff: Path | None,
    fasta: Path | None,
    panels: tuple[str, ...],
    assembly: str | None,
    source: Path | None,
    out: Path | None,
) -> None:
    """Cut the panel's transcripts and what lies around them from your own annotation and genome.

    'run' then names changes in introns and UTRs too, and reads panels of genes that are not shipped.
    """
    if source is not None and gff is None and fasta is None:
        _rebuild(source, out)
        return
    if gff is None or fasta is None or source is not None:
        raise UsageError("data build: give --gff and --reference together (or --from alone, for maintainers).")
    from varmio import own_data
    from varmio.analysis import panel_of
    from varmio.model import Assembly

    made = own_data.build(gff, fasta, panel_of(panels), Assembly(assembly) if assembly else None, out)
    for sentence in made.missing[:3]:
        click.echo(f"varmio: {one_line(sentence)}", err=True)
    if len(made.missing) > 3:
        click.echo(f"varmio: and {len(made.missing) - 3} more transcripts that these files do not hold", err=True)
    _say(f"{len(made.genes)} genes on {made.assembly} are whole in {made.folder}: {' '.join(made.genes)}")


@data.command("fetch")
@panel_option
@click.option("--assembly", type=click.Choice(NAMES), help="Default: both.")
@click.option(
    "--service", type=click.Choice(["ucsc", "ensembl"]), default="ucsc", show_default=True, help="Whom to ask."
)
@click.option("--base-url", metavar="URL", help="Another address of that service, such as a mirror.")
@click.option("-o", "--out", type=ANY_PATH, help="Folder to write. Default: VARMIO_DATA_DIR or the user's data folder.")
def data_fetch(
    panels: tuple[str, ...], assembly: str | None, service: str, base_url: str | None, out: Path | None
) -> None:
    """Get introns and flanks of the panel's genes, a few Mb, from a public sequence service.

    Only the genes' coordinates are sent. A broken fetch goes on where it stopped. Proxies as HTTPS_PROXY names them.
    """
    from varmio import own_data
    from varmio.analysis import panel_of
    from varmio.model import Assembly

    known = panel_of(panels)
    for name in [assembly] if assembly else NAMES:
        made = own_data.fetch(Assembly(name), known, service, base_url, out, _progress)
        genes = f"{len(made.genes)} genes on {name} are now whole in {made.folder}: {' '.join(made.genes)}"
        _say(genes if made.genes else f"Every gene on {name} was whole already.")


def _progress(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(one_line(line), err=True)


def _rebuild(source: Path, out: Path | None) -> None:
    """The shipped extracts and the compiled panels, made anew from their sources."""
    from varmio import bundle
    from varmio.readers import panel
    from varmio.writers import template

    for entry in bundle.build(source, out) if out else bundle.build(source):
        _say(f"{entry['name']}\t{entry['rows']} rows\t{entry['sha256'][:12]}")
    for name in panel.names():
        _say(panel.compile_panel(out / "panels", name) if out else panel.compile_panel(name=name))
    _say(template.compile_page(out / template.COMPILED.name) if out else template.compile_page())


@data.command("verify")
def data_verify() -> None:
    """Check every extract: checksums, coding sequences, REF bases."""
    from varmio import bundle
    from varmio.errors import ResourceError

    faults = bundle.verify()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise ResourceError(f"{len(faults)} fault(s) in the shipped extracts. Reinstall varmio.")
    _say("All extracts are sound.")


@main.command()
@click.option("-o", "--out", default="demo", show_default=True, type=ANY_PATH, help="Folder to write.")
def demo(out: Path) -> None:
    """Make a synthetic exome of a child with OSTM1 disease and analyse it."""
    from varmio import job

    for line in job.demo(out):
        _say(line)


@main.command()
@click.argument("which", type=click.Choice(["case", "panel"]), default="case")
def schema(which: str) -> None:
    """Print the JSON Schema of case.json or of a panel file."""
    import json

    from varmio import job

    _say(json.dumps(job.schema(which), indent=1, sort_keys=True))


def _say(line: object) -> None:
    """One line to stdout; UsageError where it cannot be written."""
    try:
        click.echo(line)
    except OSError as error:
        raise _unsaid(error) from error


def _unsaid(error: OSError) -> OSError | UsageError:
    if isinstance(error, BrokenPipeError):
        return error
    return UsageError(f"standard output: cannot be written ({why(error)}). Free space or write elsewhere.")


def _write(out: Path, content: bytes) -> None:
    from varmio.writers.jsonout import write_atomic

    if str(out) == "-":
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        except OSError as error:
            raise _unsaid(error) from error
    elif out.is_dir():
        raise UsageError(f"{out}: is a folder, but -o is a file here. Name a file, such as {out / 'report.html'}.")
    else:
        write_atomic(out, content)
