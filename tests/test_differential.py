"""The genotypes that varmio reports are those of two readers that share no line with it, allele by allele."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.independent_reader import READERS, Answer, Call, read_all
from tests.markers_oracle import Rows, rows_of
from tests.odd_vcf import exons, moved, odd_genotypes, places
from tests.one_run import Run, faults, gt_alleles, next_options, run_once, same_change, text_lines
from tests.test_vcf import one_by_one
from varmio import demo
from varmio.errors import VarmioError
from varmio.model import Assembly
from varmio.readers import reference, vcf, vcf_pass

SHARED = Path(__file__).parents[2] / "shared" / "vcf"
NASTY = SHARED / "nasty"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs the public VCFs of {SHARED}")
SAMPLES = 3  # of a file; the first ones
# files that a reader reads otherwise, and why the difference is not varmio's
OTHERWISE = {
    ("vcfpy", "noroundtrip.vcf"): "FORMAT is GT:GT, which VCF 4.5 forbids; vcfpy keeps the second one",
    ("bcftools", "test__longrefs__index.vcf"): "POS is beyond 2^32, which bcftools query prints cut to 32 bits",
    ("bcftools", "view64bit.3.vcf"): "POS is beyond 2^32",
}


def samples_of(path: Path) -> list[str]:
    titles = next((line for line in text_lines(path) or [] if line.startswith("#CHROM\t")), "").split("\t")
    return [name for name in titles[9 : 9 + SAMPLES] if name and "," not in name]


def comparable(call: Call) -> Call:
    """Upper-case bases; no GT and a missing GT are one: neither names an allele."""
    contig, pos, ref, alts, alleles = call
    return contig, pos, ref.upper(), [alt.upper() if alt.isalpha() else alt for alt in alts], list(alleles) or [None]


def scanned(path: Path, sample: str) -> tuple[list[Call], int] | None:
    """Every record of the file through varmio's reader, and how many lines it could not read."""
    rows = [line.split("\t") for line in text_lines(path) or [] if line and line[0] != "#"]
    spans: dict[str, tuple[int, int]] = {}
    for row in rows:
        if len(row) > 1 and row[1].isdecimal():
            name, pos = vcf.plain_contig(row[0]), int(row[1])
            low, high = spans.get(name, (pos, pos))
            spans[name] = min(low, pos), max(high, pos)
    every = {name: ((low - 10, high + 10),) for name, (low, high) in spans.items()}
    try:
        seen = vcf.scan(path, sample, dict.fromkeys(Assembly, every), {a: {} for a in Assembly})
    except VarmioError:
        return None
    calls = [(r.columns[0], r.pos, r.ref, list(r.alts), list(r.genotype.alleles)) for r in seen.panel]
    return [comparable(call) for call in calls], seen.unreadable_count


def differences(mine: list[Call], unreadable: int, theirs: Answer) -> list[str]:
    """Calls of one reader that the other does not have; lines that varmio could not read may be only theirs."""
    key = [(c[0], c[1], c[2], tuple(c[3]), tuple(c[4])) for c in mine]
    other = [(c[0], c[1], c[2], tuple(c[3]), tuple(c[4])) for c in map(comparable, theirs or [])]
    only_mine, only_theirs = Counter(key) - Counter(other), Counter(other) - Counter(key)
    found = [f"only varmio: {call}" for call in only_mine]
    return found + ([f"only the other: {call}" for call in only_theirs] if only_theirs.total() > unreadable else [])


def nasty() -> Iterator[tuple[Path, bool]]:
    with (NASTY / "INDEX.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield NASTY / row["file"], "invalid" in row["declared"]


SMALL = ("other/cyvcf2_test-haploidX.vcf", "other/jannovar_NA12878_dragen.cnv.vcf", "annotated/slivar_test.vcf",
         "annotated/ngsbits_panel_vep.vcf", "annotated/megsap_vcf2gsvar_in4.vcf.gz")  # fmt: skip


@needs_shared
@pytest.mark.parametrize("reader", READERS)
def test_every_record_of_the_nasty_and_the_small_real_files(reader: str) -> None:
    files = [*nasty(), *((SHARED / name, False) for name in SMALL)]
    wanted = [(path, name, wrong) for path, wrong in files for name in samples_of(path)]
    answers = read_all(reader, [(path, name) for path, name, _ in wanted])
    compared = 0
    for (path, name, wrong), theirs in zip(wanted, answers, strict=True):
        mine = scanned(path, name)
        if mine is None or theirs is None or (reader, path.name) in OTHERWISE:
            continue
        found = differences(*mine, theirs)
        assert not found or (wrong and len(theirs) < len(mine[0])), (path, name, found)
        compared += 1
    assert compared > 1000


@needs_shared
def test_a_joint_reading_is_that_of_each_sample_alone() -> None:
    """Counted only, and read in full: the samples of one pass are as those of a pass each."""
    seen_before: set[bytes] = set()
    compared = 0
    for path in [*(p for p, _ in nasty()), *(SHARED / name for name in SMALL)]:
        names, data = samples_of(path), path.read_bytes()
        if len(names) < 2 or data in seen_before:
            continue
        seen_before.add(data)
        contigs = {line.split("\t")[0] for line in text_lines(path) or [] if line[:1] not in ("", "#")}
        for span in ((), ((0, 150_000),)):
            loci = {a: {vcf.plain_contig(name): span for name in contigs} for a in Assembly}
            assert joint(path, names, loci) == alone(path, names, loci), path
            compared += 1
    assert compared > 250


Told = list[tuple[vcf.Scan, Rows]] | str  # scans with their markers, or the error


def joint(path: Path, names: list[str], loci: vcf.Ranges) -> Told:
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vcf_pass, "FEW_CELLS", 0)
            return [(seen, rows_of(seen.markers)) for seen in vcf.scan_samples(path, names, loci, loci, markers=True)]
    except VarmioError as error:
        return str(error)


def alone(path: Path, names: list[str], loci: vcf.Ranges) -> Told:
    """Each sample by a pass of its own, every line read in full."""
    try:
        with one_by_one():
            scans = [vcf.scan_samples(path, (name,), loci, loci, markers=True)[0] for name in names]
            return [(seen, rows_of(seen.markers)) for seen in scans]
    except VarmioError as error:
        return str(error)


# --------------------------------------------------------------------------- what a run reports


def expected_zygosity(alleles: list[int | None], number: int) -> str:
    """On an autosome: all alike in two or more copies is homozygous, '.' or one copy alone is partial."""
    if None in alleles or len(alleles) == 1:
        return "partial"
    return "homozygous" if set(alleles) == {number} else "heterozygous"


def spans(assembly: str, genes: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Contig -> first and last 1-based position of each panel gene, with 50 bp beside it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for t in reference.load(Assembly(assembly)).transcripts:
        if t.gene in genes:
            found.setdefault(t.contig, []).append((t.start - 49, t.end + 50))
    return found


def plain(contig: str) -> str:
    return contig[3:] if contig.startswith("chr") else contig


def reported_wrongly(run: Run, theirs: Iterable[Call]) -> list[str]:
    """Panel records of the other reader that findings.vcf does not hold, or findings of another zygosity."""
    genes = spans(run.case["assembly"]["name"], run.case["panel_genes"])
    here = [
        comparable(c) for c in theirs if any(s <= c[1] <= e for s, e in genes.get(plain(c[0]), ()))
    ]  # fmt: skip
    rows = [(r[0], int(r[1]), r[3], [] if r[4] in (".", "") else r[4].split(","), _alleles(r)) for r in run.rows]
    mine = [comparable(row) for row in rows]
    unread = run.case["provenance"]["accounting"]["unreadable"]
    reaching = [c for c in mine if not any(s <= c[1] <= e for s, e in genes.get(plain(c[0]), ()))]
    found = [text for text in differences(mine, unread, here) if not _reaches_in(text, reaching)]
    autosomal = [c for c in here if plain(c[0]).isdecimal()]
    for finding in run.case["findings"]:
        if finding.get("combined_from"):  # of several records; its parts are compared
            continue
        allowed = set(_zygosities(finding["variant"], autosomal))
        if allowed and finding["zygosity"] not in allowed:
            found.append(f"{finding['id']} is {finding['zygosity']}, the other reader says {allowed}")
        if not allowed and finding["variant"]["contig"].isdecimal():
            found.append(f"{finding['id']} is carried by no record of the other reader")
    return found


def _alleles(row: tuple[str, ...]) -> list[int | None]:
    keys, values = row[8].split(":"), row[9].split(":")
    return list(gt_alleles(values[keys.index("GT")]) or ()) if "GT" in keys[: len(values)] else []


def _reaches_in(text: str, reaching: list[Call]) -> bool:
    """A record that begins before the gene and reaches into it is varmio's alone: the other is asked by POS."""
    return text.startswith("only varmio") and any(str(c[1]) in text for c in reaching)


def _zygosities(variant: dict[str, object], calls: list[Call]) -> Iterator[str]:
    where = str(variant["contig"]), variant["pos"], variant["ref"], variant["alt"]
    for contig, pos, ref, alts, alleles in calls:
        for number, alt in enumerate(alts, 1):
            near = plain(contig) == where[0] and abs(pos - int(str(where[1]))) < 500
            if near and number in alleles and same_change(pos, ref, alt, *where[1:]):  # type: ignore[arg-type]
                yield expected_zygosity(alleles, number)


def compare(path: Path, folder: Path, sample: str, answers: Iterable[Answer]) -> Run:
    options: tuple[str, ...] | None = ("--sample", sample, "--sex", "female")
    while options is not None:
        run = run_once(path, folder, *options)
        assert faults(run, sample) == [], path
        options = next_options(run, options)
    for theirs in answers:
        if not run.exit_code and theirs is not None:
            assert reported_wrongly(run, theirs) == [], (path, sample)
    return run


REAL = ("exomes", "trios", "annotated", "other")


@needs_shared
def test_panel_genotypes_of_the_real_files(tmp_path: Path) -> None:
    files = [p for folder in REAL for p in sorted((SHARED / folder).iterdir()) if ".vcf" in p.name]
    wanted = [(path, name) for path in files for name in samples_of(path)]
    # vcfpy needs a second for 10,000 records: the large files are left to bcftools
    slow = {path for path in files if path.stat().st_size > 700_000 and path.suffix == ".gz"}
    small = [pair for pair in wanted if pair[0] not in slow]
    by_bcftools = dict(zip(wanted, read_all("bcftools", wanted), strict=True))
    by_vcfpy = dict(zip(small, read_all("vcfpy", small), strict=True))
    runs = [compare(*pair[:1], tmp_path, pair[1], (by_bcftools[pair], by_vcfpy.get(pair))) for pair in wanted]
    assert sum(run.exit_code == 0 for run in runs) >= 8
    assert sum(answer is None for answer in by_bcftools.values()) == 0


@needs_shared
def test_nasty_records_moved_onto_a_panel_gene(tmp_path: Path) -> None:
    """The records of the nasty files, genotypes untouched, at coding positions that read like their REF."""
    bodies: dict[str, Path] = {}
    for path, _ in nasty():
        text = moved(text_lines(path) or [])
        if text is not None and samples_of(path) and path.name not in {name for _, name in OTHERWISE}:
            bodies.setdefault(text.partition("#CHROM")[2], tmp_path / f"{len(bodies)}.vcf")
            bodies[text.partition("#CHROM")[2]].write_text(text, encoding="utf-8", errors="surrogateescape")
    wanted = [(path, samples_of(path)[0]) for path in bodies.values()]
    answers = {reader: read_all(reader, wanted) for reader in READERS}
    (tmp_path / "run").mkdir()
    findings = good = 0
    for number, (path, name) in enumerate(wanted):
        run = compare(path, tmp_path / "run", name, (answers[reader][number] for reader in READERS))
        good += run.exit_code == 0
        findings += len(run.case.get("findings", ()))
    assert good > 200
    assert findings > 400


@pytest.mark.parametrize("seed", ["one", "two"])
def test_odd_genotypes_at_a_panel_gene(seed: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.vcf"
    path.write_text(odd_genotypes(seed, 150, SAMPLES), encoding="ascii")
    (tmp_path / "run").mkdir()
    wanted = [(path, name) for name in samples_of(path)]
    answers = {reader: read_all(reader, wanted) for reader in READERS}
    for number, (_, name) in enumerate(wanted):
        mine = scanned(path, name)
        assert mine is not None
        assert mine[1] == 0
        for reader in READERS:
            theirs = answers[reader][number]
            assert theirs is not None, reader
            assert differences(*mine, theirs) == []
        run = compare(path, tmp_path / "run", name, (answers[reader][number] for reader in READERS))
        carried = {
            (pos, ref, alt)
            for _, pos, ref, alts, alleles in mine[0]
            for index, alt in enumerate(alts, 1)
            if index in alleles and alt in ("A", "C", "G", "T")
        }
        told = {(f["variant"]["pos"], f["variant"]["ref"], f["variant"]["alt"]) for f in run.case["findings"]}
        assert carried <= told
        assert len(carried) > 20


def test_the_generated_examples(tmp_path: Path) -> None:
    examples, runs, files = tmp_path / "examples", tmp_path / "runs", []
    examples.mkdir()
    runs.mkdir()
    for recipe in demo.RECIPES[:4]:
        for assembly in Assembly:
            files.append(examples / f"{recipe.name}.{assembly}.vcf.gz")
            demo.write_exome(files[-1], assembly, recipe)
    wanted = [(path, name) for path in files for name in samples_of(path)]
    assert len(wanted) == 8
    answers = read_all("bcftools", wanted)
    for (path, name), theirs in zip(wanted, answers, strict=True):
        assert theirs is not None
        assert compare(path, runs, name, [theirs]).exit_code == 0


def test_the_comparison_sees_a_changed_allele() -> None:
    call: Call = ("1", 5, "A", ["G"], [0, 1])
    assert differences([call], 0, [("1", 5, "A", ["G"], [1, 1])]) != []
    assert differences([call], 0, [("1", 5, "a", ["g"], [0, 1])]) == []
    assert differences([call], 1, [call, ("1", 6, "A", ["G"], [0, 2])]) == []
    contig, pieces = exons()
    assert contig == "11"
    pos, found = next(places([pieces[0][1][:4]]))
    assert (pos, found) == (pieces[0][0], True)
