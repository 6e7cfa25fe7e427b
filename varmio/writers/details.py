"""The proof below the first screen, from case.json alone: findings, other matches, genes one by one."""

from __future__ import annotations

from typing import NamedTuple

from varmio import phrases
from varmio.phrases import count, megabases, words
from varmio.writers.methods import Fact, flat
from varmio.writers.page import unweighed
from varmio.writers.verdicts import Data, alt_reads, coding_name, gene_name, name_of, others, sentence, title, verdict


class Card(NamedTuple):
    """One finding that a person reads in full."""

    finding: Data
    heading: str
    roles: tuple[str, ...]
    hgvs_c: str
    protein: str
    facts: tuple[Fact, ...]
    reasons: tuple[str, ...]
    criteria: tuple[Data, ...]


def cards(case: Data) -> list[Card]:
    """Findings to read in full: those of a match first, then tiers 1 and 2."""
    named = [i for s in case["subtypes"] for i in (*s["findings"], *s.get("candidates", ()))]
    place = {finding_id: number for number, finding_id in reversed(list(enumerate(named)))}
    waiting = {f["id"] for f in unweighed(case)} if case["answer"]["code"] == "unweighed" else set()
    full = [f for f in case["findings"] if f["id"] in place or f["tier"] in (1, 2)]
    full.sort(key=lambda f: (place.get(f["id"], len(named)), f["id"] not in waiting, f["tier"]))
    return [_card(case, f) for f in full]


def _card(case: Data, f: Data) -> Card:
    roles = [f"Tier {f['tier']}: {words(phrases.TIER, f['tier'])}"]
    roles += [f"candidate second allele of {s['id']}" for s in case["subtypes"] if f["id"] in s.get("candidates", ())]
    structural = f["variant"]["type"] == "structural"
    unnamed = phrases.NO_PROTEIN_OF_COPIES if structural else phrases.NO_PROTEIN
    protein = f["hgvs_p"] or ("" if f["hgvs_c"] is None else unnamed)
    return Card(
        f,
        f"{gene_name(f['gene'])} {f['hgvs_c'] or f['variant']['key']}",
        tuple(roles),
        coding_name(f),
        protein,
        tuple(_facts(f)),
        tuple(f["reasons"]),
        tuple(f["classification"]["criteria"]),
    )


def _facts(f: Data) -> list[Fact]:
    place = "".join(f", {part} {f[part]}" for part in ("exon", "intron") if f.get(part) is not None)
    facts = [Fact("Transcript", f"{f['transcript']}, {f['mane']}{place}")]
    if f.get("unnamed_reason"):
        facts.append(Fact("Not named", f["unnamed_reason"]))
    if f["hgvs_g"]:
        facts.append(Fact("Genomic name", f["hgvs_g"], True))
    keys = f["variant"]["keys"]
    facts += [Fact(name, keys[name], True) for name in sorted(keys)]
    if f["variant"]["key"] not in keys.values():
        facts.append(Fact("Key", f["variant"]["key"], True))
    terms = (f"{t.replace('_', ' ')} ({phrases.SO_ID[t]})" if t in phrases.SO_ID else t for t in f["consequences"])
    facts.append(Fact("Consequence", ", ".join(terms) or "none named"))
    facts += _extent(f.get("extent") or {})
    if f.get("whole_exons_lost"):
        facts.append(Fact("Exons lost", ", ".join(map(str, f["whole_exons_lost"]))))
    facts += _called(f)
    quality = f["call_quality"]
    facts.append(Fact("Call quality", ": ".join((words(phrases.CALL, quality["state"]), *_joined(quality["reasons"])))))
    points = f["classification"].get("points")
    said = words(phrases.CLASS, f["classification"]["class"])
    facts.append(Fact("Class", said if points is None else f"{said} ({count(points, 'point')})"))
    facts += [Fact("Frequency", frequency(f["frequency"])), Fact("ClinVar", _clinvar(f))]
    facts.append(Fact("Homozygous run", _roh(f["roh"])))
    if f["other_transcripts"]:
        facts.append(Fact("Other transcripts", "; ".join(flat(t) for t in f["other_transcripts"])))
    if f.get("second_opinion"):
        facts.append(Fact("Second opinion", flat(f["second_opinion"])))
    return facts


def _extent(extent: Data) -> list[Fact]:
    """How far the change reaches: the transcript, the protein, the splice site."""
    facts = []
    if "nmd_expected" in extent:
        said = phrases.NMD_EXPECTED if extent["nmd_expected"] else words(phrases.NMD_ESCAPE, extent.get("nmd_escape"))
        facts.append(Fact("Premature stop", said + (phrases.START_PROXIMAL if extent.get("start_proximal") else "")))
    if "protein_changed" in extent:
        facts.append(Fact("Protein changed", f"{100 * extent['protein_changed']:.0f}% of its length"))
    if "splice_distance" in extent:
        facts.append(Fact("Nearest exon border", count(extent["splice_distance"], "base")))
    return facts


def _called(f: Data) -> list[Fact]:
    """Zygosity with the genotype and reads, or the copies, that it rests on."""
    said = words(phrases.ZYGOSITY, f["zygosity"])
    if f["variant"]["type"] == "structural":
        copies = f["variant"].get("copy_number")
        return [Fact("Zygosity", said), Fact("Copies left", phrases.NOT_KNOWN if copies is None else str(copies))]
    genotype = Fact("Zygosity", f"{said}, genotype {f['genotype']['gt']}")
    return [genotype, Fact("Reads", _reads(f["genotype"], alt_reads(f)))]


def _joined(reasons: list[str]) -> tuple[str, ...]:
    return (" ".join(reasons),) if reasons else ()


def _reads(genotype: Data, of: str) -> str:
    depths = genotype["ad"]
    parts = [
        "depth not given" if genotype["dp"] is None else f"depth {genotype['dp']:,}",
        of or ("" if not depths else "per allele " + ", ".join("?" if d is None else str(d) for d in depths)),
        "genotype quality not given" if genotype["gq"] is None else f"genotype quality {genotype['gq']:g}",
        f"filter {', '.join(genotype['filters']) or 'not applied'}",
        f"phase set {genotype['phase_set']}" if genotype["phase_set"] else "",
    ]
    return "; ".join(p for p in parts if p)


def frequency(f: Data) -> str:
    """State, highest frequency with its population, homozygotes, source and date, as far as known."""
    said = words(phrases.FREQUENCY, f["state"])
    if f.get("max_af") is not None:
        below = "below " if f["state"] == "screened" else ""
        said += f": {below}{f['max_af']:.3g}"
    elif f["state"] == "looked_up":
        said += ": not found there"
    parts = [
        f.get("population"),
        f"{f['homozygotes']:,} homozygotes" if f.get("homozygotes") is not None else None,
    ]
    said += "".join(f", {p}" for p in parts if p)
    source = ", ".join(str(f[k]) for k in ("source", "date") if f.get(k))
    return f"{said} ({source})" if source else said


def _clinvar(f: Data) -> str:
    entry = f.get("clinvar")
    if f["variant"]["type"] == "structural":
        return phrases.NOT_IN_CLINVAR
    if entry is None:
        criteria = f["classification"]["criteria"]
        not_read = next((c["reason"] for c in criteria if c["code"] == "CLINVAR"), None)
        return not_read or "no entry in the release that was searched"
    stars = "" if entry["stars"] is None else f", {count(entry['stars'], 'star')}"
    traits = f", for {', '.join(entry['traits'])}" if entry["traits"] else ", no condition named"
    decides = "" if entry["decides"] else "; shown only, does not decide"
    number = f"{entry['id']}, " if entry["id"] else ""
    said = f"{number}{entry['significance']}, {entry['review']}{stars}{traits}"
    return f"{said} (release {entry['date']}){decides}"


def _roh(roh: Data) -> str:
    length = f", {megabases(roh['length_bp'])}" if roh.get("length_bp") else ""
    return words(phrases.ROH, roh["state"]) + length


def rest(case: Data) -> list[tuple[str, ...]]:
    """The findings without a card: gene, name, zygosity, class, frequency, tier, key."""
    full = {c.finding["id"] for c in cards(case)}
    return [
        (
            gene_name(f["gene"]),
            name_of(f),
            words(phrases.ZYGOSITY, f["zygosity"]),
            words(phrases.CLASS, f["classification"]["class"]),
            frequency(f["frequency"]),
            str(f["tier"]),
            f["variant"]["key"],
        )
        for f in case["findings"]
        if f["id"] not in full
    ]


def other_matches(case: Data) -> list[Data]:
    """Matches beside the answer and those set aside, with verdicts only where one may be said."""
    by_id = {f["id"]: f for f in case["findings"]}
    return [
        {
            "title": title(s),
            "status": sentence(words(phrases.STATUS, s["status"])).rstrip("."),
            "basis": words(phrases.BASIS, s["basis"]),
            "findings": [f"{gene_name(s['gene'])} {name_of(by_id[i])}" for i in s["findings"] if i in by_id],
            "reasons": s["reasons"],
            "verdicts": [(q, verdict(s, k)) for q, k in (("Brain", "neurology"), ("Transplant", "transplant"))],
            "groups": [
                (_heading(s, a), [x for x in s["statements"] if x["applies"] == a])
                for a in dict.fromkeys(x["applies"] for x in s["statements"])
            ],
        }
        for s in others(case)
    ]


def _heading(subtype: Data, applies: str) -> str:
    said = words(phrases.APPLIES, applies)
    return f"Of {subtype['id']}, which was set aside. {said}" if subtype["status"] == "excluded" else said


def genes(case: Data) -> list[tuple[str, str, str, str, str]]:
    """Gene, symbol of the verdict, its colour, its words, why."""
    rows = []
    for g in case["genes"]:
        icon, tone = phrases.VERDICT_MARK.get(g["verdict"], ("dash", "soft"))
        why = " ".join(g["reasons"]) or ("" if g["searched"] else "not searched")
        rows.append((gene_name(g["symbol"]), icon, tone, words(phrases.VERDICT, g["verdict"]), why))
    return rows


def weighed_line(case: Data) -> str:
    """One line on the findings that could not be weighed, or ''."""
    number = sum(f["tier"] == 3 for f in case["findings"])
    if not number:
        return ""
    return f"{count(number, 'change')} could not be weighed and could not explain (tier 3). What weighs them:"
