# samples.tsv -> one case per exome -> one line a sample in results/summary.tsv
#
#     snakemake --cores 2 --config samples=my/samples.tsv
#
# Without a sheet of your own it runs on the examples, whose exomes it makes first.
import csv
import re
import sys
from pathlib import Path

HERE = Path(workflow.basedir)
if Path("config/config.yaml").exists():
    configfile: "config/config.yaml"
else:
    configfile: HERE / "config/config.yaml"


RESULTS = Path(config.get("results", "results"))
EXAMPLES = HERE / "examples"


def read_sheet(path):
    """sample -> row of the sheet, with `vcf` as a path; stops with one line that says what to mend."""
    if not path.is_file():
        raise WorkflowError(f"{path}: no such sample sheet. Set samples: in config/config.yaml.")
    with path.open(newline="", encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    if not rows or not {"sample", "vcf"} <= set(rows[0]):
        raise WorkflowError(f"{path}: needs a header line with sample and vcf, separated by tabs, and one row.")
    sheet = {}
    for line, row in enumerate(rows, start=2):
        sample, vcf, sex = (str(row.get(key) or "").strip() for key in ("sample", "vcf", "sex"))
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", sample):
            raise WorkflowError(f"{path}, line {line}: sample {sample!r} must be letters, digits, _ . - only.")
        if sample in sheet:
            raise WorkflowError(f"{path}, line {line}: sample {sample} is there twice. Give each row its own name.")
        if sex not in ("", "male", "female"):
            raise WorkflowError(f"{path}, line {line}: sex {sex!r} must be male, female or empty.")
        if not vcf:
            raise WorkflowError(f"{path}, line {line}: no vcf for sample {sample}.")
        sheet[sample] = {"vcf": (path.parent / vcf).absolute(), "sex": sex}
    missing = [str(row["vcf"]) for row in sheet.values() if not (row["vcf"].exists() or is_example(row["vcf"]))]
    if missing:
        raise WorkflowError(f"{path}: these files are missing: {', '.join(missing)}. Nothing was started.")
    return sheet


def is_example(vcf):
    return vcf.parent == EXAMPLES / "vcf" and vcf.name.endswith(".vcf.gz")


def sex_option(sample):
    sex = SAMPLES[sample]["sex"]
    return f"--sex {sex}" if sex else ""


# the default is the shipped sheet; any other is looked for where snakemake was started
SHEET = Path(config["samples"])
if not SHEET.exists() and (HERE / SHEET).exists():
    SHEET = HERE / SHEET
SAMPLES = read_sheet(SHEET.absolute())


wildcard_constraints:
    sample="|".join(map(re.escape, SAMPLES)),


rule cohort:
    default_target: True
    input:
        expand(RESULTS / "{sample}" / "case.json", sample=SAMPLES),
    output:
        RESULTS / "summary.tsv",
        RESULTS / "status.tsv",
    log:
        "logs/cohort.log",
    params:
        out=RESULTS,
    shell:
        "varmio cohort {input:q} -o {params.out:q} > {log:q} 2>&1"


rule run:
    input:
        lambda wildcards: SAMPLES[wildcards.sample]["vcf"],
    output:
        RESULTS / "{sample}" / "case.json",
        RESULTS / "{sample}" / "report.html",
        RESULTS / "{sample}" / "findings.tsv",
        RESULTS / "{sample}" / "findings.vcf",
    log:
        "logs/run/{sample}.log",
    params:
        out=lambda wildcards: RESULTS / wildcards.sample,
        sex=lambda wildcards: sex_option(wildcards.sample),
        options=config.get("run_options") or "",
    shell:
        "varmio run {input:q} -o {params.out:q} --force {params.sex} {params.options} > {log:q} 2>&1"


rule example_exome:
    output:
        EXAMPLES / "vcf" / "{example}.vcf.gz",
        EXAMPLES / "vcf" / "{example}.vcf.gz.tbi",
    log:
        "logs/example_exome/{example}.log",
    params:
        script=EXAMPLES / "write_exomes.py",
        folder=EXAMPLES / "vcf",
        python=sys.executable,
    shell:
        "{params.python:q} {params.script:q} {params.folder:q} {wildcards.example:q} > {log:q} 2>&1"
