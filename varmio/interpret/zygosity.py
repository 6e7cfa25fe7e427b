"""How many copies of an allele a genotype shows, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass

from varmio.assembly import in_par
from varmio.model import Assembly, Genotype, Sex, Zygosity


@dataclass(frozen=True, slots=True)
class ZygosityCall:
    zygosity: Zygosity
    remarks: tuple[str, ...] = ()  # what the reader should know of the call
    doubts: tuple[str, ...] = ()  # what makes the call itself doubtful


def zygosity(
    genotype: Genotype,
    allele_number: int,
    contig: str,
    pos: int,
    assembly: Assembly,
    sex: Sex | None,
    alts: tuple[str, ...] = (),
) -> ZygosityCall:
    """The zygosity of one ALT allele (its number in the record, from 1) at a 1-based position.

    Missing is never taken for reference. `alts`, if given, tells '*' and `<NON_REF>` apart.

        GT (allele 1)     autosome, PAR         X outside PAR                  Y outside PAR
        no GT, . ./. .|.  no_call               no_call                        no_call
        0/0 0 0/2         absent                absent                         absent
        ./0 ./2           no_call, remark       no_call, remark                no_call, remark
        ./1 1/.           partial, doubt        partial, doubt                 partial, doubt
        0/1 1/0 1/2       heterozygous          heterozygous; male: doubt      heterozygous, doubt
        1/*               heterozygous, remark  the same                       the same
        1/1               homozygous            homozygous; male: hemizygous;  hemizygous;
                                                sex unknown: remark            female: doubt
        1                 partial, remark       hemizygous; female: partial,   hemizygous; female:
                                                remark; unknown: remark        partial, doubt
        1/1/1             homozygous, doubt     male: hemizygous, doubt        hemizygous, doubt
        0/1/1             heterozygous, doubt   the same                       the same

    MT: one allele written, or all the same: hemizygous (one kind of copy); mixed: heterozygous.
    """
    alleles = genotype.alleles
    seen = sum(a == allele_number for a in alleles)
    missing = sum(a is None for a in alleles)
    if not seen:
        return _without(len(alleles), missing)
    if missing:
        return ZygosityCall(Zygosity.PARTIAL, (), (f"Only part of the genotype is called ({genotype.text}).",))
    place = contig if contig in ("X", "Y", "MT") and not in_par(assembly, contig, pos) else "autosome"
    doubts = (f"{len(alleles)} copies are written ({genotype.text}).",) if len(alleles) > 2 else ()
    if len(alleles) == 1:
        return _one_allele(place, sex)
    if seen == len(alleles):
        return _all_alike(place, sex, doubts)
    others = {alts[a - 1] for a in alleles if a and a != allele_number and a <= len(alts)}
    return _mixed(place, sex, others, doubts)


def _without(ploidy: int, missing: int) -> ZygosityCall:
    if missing == ploidy:
        return ZygosityCall(Zygosity.NO_CALL)
    if missing:
        return ZygosityCall(Zygosity.NO_CALL, ("One copy is not called, so absence is not shown.",))
    return ZygosityCall(Zygosity.ABSENT)


def _one_allele(place: str, sex: Sex | None) -> ZygosityCall:
    if place == "MT":
        return ZygosityCall(Zygosity.HEMIZYGOUS)
    if place == "autosome":
        return ZygosityCall(Zygosity.PARTIAL, ("The caller wrote one allele where two copies are expected.",))
    if sex is Sex.FEMALE:
        said = f"One allele is written on {place} of a female."
        on_x = place == "X"
        return ZygosityCall(Zygosity.PARTIAL, (said,) if on_x else (), () if on_x else (said,))
    remarks = () if sex else (f"The caller wrote one copy of {place}; the sex is not known.",)
    return ZygosityCall(Zygosity.HEMIZYGOUS, remarks)


def _all_alike(place: str, sex: Sex | None, doubts: tuple[str, ...]) -> ZygosityCall:
    if place == "MT":
        return ZygosityCall(Zygosity.HEMIZYGOUS, (), doubts)
    if place == "Y":
        wrong = ("A call on Y of a female: mapping, or the wrong sex.",) if sex is Sex.FEMALE else ()
        return ZygosityCall(Zygosity.HEMIZYGOUS, (), (*doubts, *wrong))
    if place == "X" and sex is Sex.MALE:
        return ZygosityCall(Zygosity.HEMIZYGOUS, (), doubts)
    if place == "X" and sex is None:
        return ZygosityCall(Zygosity.HOMOZYGOUS, ("The sex is not known: in a male this call is hemizygous.",), doubts)
    return ZygosityCall(Zygosity.HOMOZYGOUS, (), doubts)


def _mixed(place: str, sex: Sex | None, others: set[str], doubts: tuple[str, ...]) -> ZygosityCall:
    remarks: list[str] = []
    wrong: list[str] = []
    if "*" in others:
        remarks.append("The other copy is deleted here by another record (ALT '*').")
    if others & {"<NON_REF>", "<*>", "<X>", "X"}:
        wrong.append("The other allele is not named (ALT <NON_REF>).")
    if (place == "X" and sex is Sex.MALE) or place == "Y":
        wrong.append(
            f"Two alleles on {place} outside the pseudoautosomal regions of a male: a pseudogene copy, "
            "mapping, a mosaic, or the wrong sex."
            if sex is not Sex.FEMALE
            else "A call on Y of a female: mapping, or the wrong sex."
        )
    return ZygosityCall(Zygosity.HETEROZYGOUS, tuple(remarks), (*doubts, *wrong))
