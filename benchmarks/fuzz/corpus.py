"""Seeds of the fuzz target: small made-up VCFs at panel genes in every form that varmio reads.

    python -m benchmarks.fuzz.corpus -o corpus [--more FOLDER]

--more adds the files under 8 kB of a folder of your own.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from pathlib import Path

import pysam
import pysam.bcftools

from tests.exome import GRCH37, GRCH38, Call, call, vcf_text
from tests.odd_vcf import exons, odd_genotypes

LARGEST_SEED = 8_192  # bytes; mutations of small files meet the code more often
CHILD = [
    call("6-108064285-ACT-A"), call("11-68363747-G-A", "0/1"), call("11-68363750-A-C", "0|1", extra="PS=17"),
    call("13-42598908-C-T", "./1"), call("X-154555888-G-A", "1", ad="0,30"), call("7-26372740-G-T", "1/0", dp=3),
]  # fmt: skip
NUMBERS = ("DP", "AD", "GQ", "PS", "AO", "RO", "END", "SVLEN", "AC", "AN", "MIN_DP", "CN")
ANNOTATION = "CSQ=A|missense_variant|MODERATE|LRP5|NM_002335.4;ANN=A|stop|HIGH|LRP5;BCSQ=missense|LRP5;AF=0.1"
EVIDENCE = {  # file -> text; what --evidence reads, on the assembly of the seeds
    "evidence.tsv": "contig\tpos\tref\talt\tAC\tAN\tAF\tpopulation\tnhomalt\tfilter\tsource\trelease\n"
    "11\t68363747\tG\tA\t2\t100000\t0.00002\tglobal\t0\tPASS\tgnomAD exomes\t4.1\n"
    "6\t108064285\tACT\tA\t1\t900\t0.0011\tmid\t0\tPASS\tgnomAD exomes\t4.1\n",
    "evidence_gnomad.vcf": "##fileformat=VCFv4.2\n##source=gnomAD exomes v4.1\n##contig=<ID=11,length=135086622>\n"
    '##INFO=<ID=AF,Number=A,Type=Float,Description="AF">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "11\t68363747\t.\tG\tA,C\t.\tPASS\tAC=2,1;AN=100000;AF=2e-05,1e-05;nhomalt=0,0;AF_mid=0.001,.;AC_sas=1,0;AN_sas=9\n",
    "evidence_clinvar.vcf": "##fileformat=VCFv4.1\n##fileDate=2026-01-01\n##source=ClinVar\n##reference=GRCh38\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "11\t68363747\t12345\tG\tA\t.\t.\tALLELEID=5;CLNDN=Osteopetrosis;CLNSIG=Pathogenic;GENEINFO=LRP5:4041;"
    "CLNREVSTAT=criteria_provided,_single_submitter;MC=SO:0001583|missense_variant\n",
}
EXTRA = {  # name -> (INFO, FORMAT, sample column) that the records of a seed get in turn
    "annotated": (ANNOTATION, "GT:DP", "0/1:30"),
    "freebayes": ("DP=30;AO=15", "GT:DP:RO:QR:AO:QA:GL", "0/1:30:15:500:15:500:-1,0,-1"),
    "gatk": ("AC=1;AN=2", "GT:AD:DP:GQ:PGT:PID:PL:PS", "0|1:10,10:20:99:0|1:9_A_G:1,2,3:9"),
    "strelka": ("SNVHPOL=3", "GT:GQ:GQX:DP:DPF:AD:ADF:ADR:SB:FT:PL", "0/1:50:20:30:0:15,15:7,7:8,8:-10:PASS:1,0,1"),
    "block": ("END=68363900", "GT:DP:GQ:MIN_DP:PL", "0/0:30:99:20:0,9,99"),
    "structural": ("SVTYPE=DEL;END=68364000;SVLEN=-300;CIPOS=-1,1", "GT:CN:DP4:NV:NR", "./1:1:1,2,3,4:5:10"),
}  # fmt: skip


def rows_with(text: str, info: str, layout: str, cell: str) -> str:
    """The text with these three columns in every record."""
    lines = []
    for line in text.splitlines():
        columns = line.split("\t")
        lines.append(line if line[0] == "#" else "\t".join([*columns[:7], info, layout, cell]))
    return "\n".join(lines) + "\n"


def described(text: str) -> str:
    """The text with a header line for every INFO and FORMAT key, and filter, which BCF cannot do without."""
    lines = text.splitlines()
    rows = [line.split("\t") for line in lines if line[0] != "#"]
    keys = {("FORMAT", key) for row in rows for key in row[8].split(":")}
    keys |= {("INFO", pair.partition("=")[0]) for row in rows for pair in row[7].split(";") if pair != "."}
    head = [
        f"##{kind}=<ID={key},Number={'1' if key in ('GT', 'END') else '.'},"
        f'Type={"Integer" if key in NUMBERS else "String"},Description="{key}">'
        for kind, key in sorted(keys)
        if f"##{kind}=<ID={key}," not in text
    ]
    head += [f'##FILTER=<ID={name},Description="{name}">' for name in {row[6] for row in rows} - {"PASS", "."}]
    contigs = [f"##contig=<ID={name}>" for name in sorted({row[0] for row in rows}) if f"<ID={name}," not in text]
    return "\n".join([lines[0], *contigs, *head, *lines[1:]]) + "\n"


def short(text: str) -> str:
    """The text with only the contig lines that its records need."""
    used = {line.split("\t")[0] for line in text.splitlines() if line[0] != "#"}
    kept = (
        line for line in text.splitlines()
        if not line.startswith("##contig") or line[13:].split(",")[0] in used
    )  # fmt: skip
    return "\n".join(kept) + "\n"


def texts() -> dict[str, str]:
    """Name -> VCF text."""
    plain = short(vcf_text(GRCH38, CHILD))
    contig, pieces = exons()
    site = Call(CHILD[1].variant, "0/1")
    symbolic = short(vcf_text(GRCH38, [site]))
    return {
        "plain": plain,
        "chr": short(vcf_text(GRCH38, CHILD, "chr")),
        "old_assembly": short(vcf_text(GRCH37, [call("6-108385489-ACT-A")])),
        "no_contigs": "\n".join(line for line in plain.splitlines() if "contig" not in line) + "\n",
        "crlf": plain.replace("\n", "\r\n"),
        "odd": short(odd_genotypes("fuzz", 12, 1)),
        "odd_joint": short(odd_genotypes("joint", 8, 3)),
        "block": rows_with(symbolic.replace("\tA\t100", "\t<NON_REF>\t100"), *EXTRA["block"]),
        "structural": rows_with(symbolic.replace("\tA\t100", "\t<DEL>\t100"), *EXTRA["structural"]),
        **{name: rows_with(plain, *EXTRA[name]) for name in ("annotated", "freebayes", "gatk", "strelka")},
        "empty_exon": f"{contig}\t{pieces[0][0]}\n",
    }


def make(folder: Path, more: Path | None) -> int:
    """Writes the seeds: text, gzip, BGZF with an index, and BCF; returns how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        path = folder / f"{name}.vcf"
        path.write_bytes(text.encode())
        if not text.startswith("##"):
            continue
        (folder / f"{name}.plain.vcf.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        with pysam.BGZFile(str(folder / f"{name}.vcf.gz"), "wb") as out:
            out.write(text.encode())
        with tempfile.TemporaryDirectory() as spare:
            target = str(Path(spare) / "seed.bcf")
            (Path(spare) / "seed.vcf").write_text(described(text.replace("\r", "")), encoding="utf-8")
            pysam.bcftools.view("-O", "b", "-o", target, str(Path(spare) / "seed.vcf"), catch_stdout=False)
            (folder / f"{name}.bcf").write_bytes(Path(target).read_bytes())
    for name, text in EVIDENCE.items():
        (folder / name).write_text(text, encoding="utf-8")
    pysam.tabix_index(str(folder / "plain.vcf.gz"), preset="vcf", force=True)
    pysam.tabix_index(str(folder / "chr.vcf.gz"), preset="vcf", csi=True, force=True)
    for number, path in enumerate(sorted(p for p in more.rglob("*") if p.is_file()) if more else ()):
        if path.stat().st_size <= LARGEST_SEED and path.suffix not in (".tsv", ".md"):
            (folder / f"more{number}_{path.name}").write_bytes(path.read_bytes())
    return sum(1 for _ in folder.iterdir())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the seeds of the fuzz target.")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--more", type=Path, help="a folder of small VCFs to add")
    options = parser.parse_args()
    print(f"{make(options.out, options.more)} files in {options.out}")
