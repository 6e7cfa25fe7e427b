"""The one room that may touch the network: bases of the reference genome from a public service.

Asked only by `varmio data fetch`; `varmio run` never imports it (contract in pyproject.toml). A question names
an assembly, a contig and two coordinates, and nothing else leaves the machine.

UCSC     https://genome.ucsc.edu/goldenPath/help/api.html
         GET https://api.genome.ucsc.edu/getData/sequence?genome=hg38;chrom=chrX;start=0;end=10    (0-based half-open)
         200 {"downloadTime", "downloadTimeStamp", "genome": "hg38", "chrom": "chrX", "start": 0, "end": 10, "dna"}
         dna in mixed case (repeats are lower case); else {"error", "statusCode", "statusMessage"}, a 429 with
         Retry-After; one request a second is asked for
Ensembl  https://rest.ensembl.org/documentation/info/sequence_region    (grch37.rest.ensembl.org for GRCh37)
         GET https://rest.ensembl.org/sequence/region/human/X:1..10:1?coord_system_version=GRCh38  (1-based inclusive)
         200 {"id": "chromosome:GRCh38:X:1:10:1", "molecule": "dna", "query", "seq"}; at most 10 Mb; else {"error"}
         https://github.com/Ensembl/ensembl-rest/wiki/Rate-Limits: at most 15 requests a second, a 429 with Retry-After
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from varmio import __version__
from varmio.assembly import CONTIG_LENGTHS
from varmio.errors import ResourceError, UsageError, one_line, why
from varmio.model import Assembly
from varmio.writers.jsonout import write_atomic

if TYPE_CHECKING:
    import requests

MAX_CHUNK = 10_000_000  # bases of one request; Ensembl's own limit
TRIES = 4  # of one request
FIRST_WAIT = 1.0  # s; doubled at each further try where the service names no time
MAX_WAITED = 300.0  # s; all waiting for a service in one fetch
CONNECT, READ = 10.0, 60.0  # s; to connect, and between two pieces of an answer
WHOLE = 300.0  # s; a whole answer, so that one that drips does not hold the fetch for ever
BESIDE_BASES = 100_000  # bytes an answer may hold beside its bases
TRANSIENT = 429  # this status, and every one from 500 on
UCSC_GENOME = {Assembly.GRCH37: "hg19", Assembly.GRCH38: "hg38"}


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of a primary contig: contig without chr; start, end 0-based half-open."""

    assembly: Assembly
    contig: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.assembly} {self.contig}:{self.start + 1}-{self.end}"


@dataclass(frozen=True, slots=True)
class Service:
    """One public service: where it is, how it is asked, and how its answer is read (docs: its own pages)."""

    base_url: Mapping[Assembly, str]
    docs: str
    pause: float  # s between two requests, as the service asks for
    path: Callable[[Slice], str]
    sequence: Callable[[dict[str, Any], Slice], Any]  # of an answer; ValueError where it answers something else


# --------------------------------------------------------------------------- the two services


def ucsc_path(part: Slice) -> str:
    """Path and query of a slice at UCSC.

    >>> ucsc_path(Slice(Assembly.GRCH38, "X", 0, 10))
    '/getData/sequence?genome=hg38;chrom=chrX;start=0;end=10'
    """
    genome = UCSC_GENOME[part.assembly]
    return f"/getData/sequence?genome={genome};chrom=chr{part.contig};start={part.start};end={part.end}"


def ucsc_sequence(answer: dict[str, Any], part: Slice) -> Any:
    """`dna` of UCSC's answer; ValueError where genome, chrom, start or end is not what was asked for."""
    asked = {"genome": UCSC_GENOME[part.assembly], "chrom": f"chr{part.contig}", "start": part.start, "end": part.end}
    for key, value in asked.items():
        _same(key, answer.get(key), value)
    return answer.get("dna")


def ensembl_path(part: Slice) -> str:
    """Path and query of a slice at Ensembl.

    >>> ensembl_path(Slice(Assembly.GRCH37, "X", 0, 10))
    '/sequence/region/human/X:1..10:1?coord_system_version=GRCh37'
    """
    region = f"{part.contig}:{part.start + 1}..{part.end}:1"
    return f"/sequence/region/human/{region}?coord_system_version={part.assembly}"


def ensembl_sequence(answer: dict[str, Any], part: Slice) -> Any:
    """`seq` of Ensembl's answer; ValueError where its id is not the place that was asked for, on the plus strand."""
    _same("id", answer.get("id"), f"chromosome:{part.assembly}:{part.contig}:{part.start + 1}:{part.end}:1")
    return answer.get("seq")


def _same(key: str, got: object, asked: object) -> None:
    if got != asked:
        raise ValueError(f"answers {key} {str(got)[:60]!r} instead of {str(asked)!r}")


SERVICES: Mapping[str, Service] = {
    "ucsc": Service(
        base_url=dict.fromkeys(Assembly, "https://api.genome.ucsc.edu"),
        docs="https://genome.ucsc.edu/goldenPath/help/api.html",
        pause=1.0,
        path=ucsc_path,
        sequence=ucsc_sequence,
    ),
    "ensembl": Service(
        base_url={
            Assembly.GRCH37: "https://grch37.rest.ensembl.org",
            Assembly.GRCH38: "https://rest.ensembl.org",
        },
        docs="https://rest.ensembl.org/documentation/info/sequence_region",
        pause=0.1,
        path=ensembl_path,
        sequence=ensembl_sequence,
    ),
}


# --------------------------------------------------------------------------- fetch


def fetch(
    wanted: Sequence[Slice],
    folder: Path,
    service: str = "ucsc",
    base: str | None = None,
    say: Callable[[str], None] = lambda _: None,
    chunk_bp: int = 500_000,
) -> dict[Slice, str]:
    """The upper-case plus-strand bases (A, C, G, T, N) of each slice.

    Asked for in chunks of at most `chunk_bp`; each is kept in `folder` as soon as it is there, so that a second
    call asks only for those that are missing or damaged, whichever service gave them. base: another address of the
    same service, for both assemblies. say: gets one line for each request, wait and damaged chunk.
    Raises UsageError for a question that cannot be asked and for a folder that cannot be written, ResourceError
    where the service cannot be reached, refuses, or answers something else than was asked for.
    """
    if service not in SERVICES:
        raise UsageError(f"{one_line(service)}: is no service. Give one of: {', '.join(SERVICES)}.")
    if base is not None and not base.startswith(("https://", "http://")):
        raise UsageError(f"{one_line(base)}: is no address of a service. Give one that begins with https://")
    if not 1 <= chunk_bp <= MAX_CHUNK:
        raise UsageError(f"{chunk_bp}: no request may ask for so many bases. Give 1 to {MAX_CHUNK}.")
    for part in wanted:
        if not 0 <= part.start < part.end <= CONTIG_LENGTHS[part.assembly].get(part.contig, 0):
            raise UsageError(f"{one_line(str(part))}: is no stretch of a primary contig. Give one of 1-22, X or Y.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: is no folder to write to ({why(error)}). Give another one.") from error
    return _fetched(wanted, folder, _Asker(service, base, say), chunk_bp)


def _fetched(wanted: Sequence[Slice], folder: Path, asker: _Asker, chunk_bp: int) -> dict[Slice, str]:
    chunks = {part: list(_chunks(part, chunk_bp)) for part in wanted}
    total = sum(map(len, chunks.values()))
    number = 0
    got: dict[Slice, str] = {}
    with asker:
        for part in wanted:
            pieces: list[str] = []
            for chunk in chunks[part]:
                number += 1
                bases = _kept(chunk, folder, asker.say)
                if bases is None:
                    asker.say(f"{asker.host(chunk.assembly)}: {chunk} ({number} of {total})")
                    bases = asker.ask(chunk)
                    write_atomic(_file(chunk, folder), _sealed(chunk, bases))
                pieces.append(bases)
            got[part] = "".join(pieces)
    return got


def _chunks(part: Slice, size: int) -> Iterator[Slice]:
    for start in range(part.start, part.end, size):
        yield Slice(part.assembly, part.contig, start, min(start + size, part.end))


# --------------------------------------------------------------------------- chunks on disk


def _file(chunk: Slice, folder: Path) -> Path:
    return folder / f"{chunk.assembly}_{chunk.contig}_{chunk.start}_{chunk.end}.txt"


def _sealed(chunk: Slice, bases: str) -> bytes:
    """A chunk file: the sha256 of the rest, then the place, so that a renamed file is noticed, then the bases."""
    rest = f"{chunk}\n{bases}\n".encode()
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def _kept(chunk: Slice, folder: Path, say: Callable[[str], None]) -> str | None:
    """The bases of a chunk that is there and whole, else None."""
    path = _file(chunk, folder)
    try:
        with path.open("rb") as file:
            content = file.read(chunk.end - chunk.start + 1000)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({why(error)}). Remove it, or give another folder.") from error
    bases = content.decode("ascii", "replace").rstrip("\n").rpartition("\n")[2]
    if content == _sealed(chunk, bases):
        return bases
    say(f"{path}: is damaged; its bases are asked for again")
    return None


# --------------------------------------------------------------------------- asking


class _RefusedError(Exception):
    """An answer, or none, that asking again does not mend."""


class _TransientError(Exception):
    """A failure that may be gone soon; wait: seconds that the service asks for, or None."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(slots=True)
class _Asker:
    """Asks one service, one request after the other; counts the time it has waited."""

    service: str
    base: str | None
    say: Callable[[str], None]
    waited: float = 0.0
    asked: bool = False
    session: requests.Session = field(init=False)

    def __enter__(self) -> _Asker:
        import requests

        self.session = requests.Session()  # proxies and CA bundle of the environment; TLS is verified
        self.session.headers["User-Agent"] = f"varmio/{__version__}"
        self.session.headers["Accept"] = self.session.headers["Content-Type"] = "application/json"
        self.session.auth = lambda request: request  # else a ~/.netrc would be sent along
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def address(self, assembly: Assembly) -> str:
        return (self.base or SERVICES[self.service].base_url[assembly]).rstrip("/")

    def host(self, assembly: Assembly) -> str:
        """Host and port for messages, never a user name or password."""
        return one_line(self.address(assembly).partition("//")[2].partition("/")[0].rpartition("@")[2])

    def ask(self, chunk: Slice) -> str:
        """The checked bases of a chunk; ResourceError after the last try."""
        host = self.host(chunk.assembly)
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(chunk)
            except _RefusedError as error:
                raise self._failed(host, chunk, str(error)) from error
            except _TransientError as error:
                wait = FIRST_WAIT * 2 ** (tries - 1) if error.wait is None else error.wait
                if tries == TRIES:
                    raise self._failed(host, chunk, f"{error}, {TRIES} times") from error
                if self.waited + wait > MAX_WAITED:
                    raise self._failed(host, chunk, f"{error}, and waiting {wait:.0f} s more is too long") from error
                self.say(f"{host}: {error}; asked again in {wait:.0f} s")
                self.waited += wait
            sleep(wait)

    def _failed(self, host: str, chunk: Slice, reason: str) -> ResourceError:
        others = " or ".join(name for name in SERVICES if name != self.service)
        return ResourceError(
            f"{host}: {chunk}: {one_line(reason)}. Check the network and the proxy (HTTPS_PROXY, REQUESTS_CA_BUNDLE), "
            f"ask the service {others}, or work offline: varmio data build --gff FILE --reference FILE. "
            "What was fetched is kept; the same command goes on from there."
        )

    def _once(self, chunk: Slice) -> str:
        import requests

        service = SERVICES[self.service]
        if self.asked:
            sleep(service.pause)
        self.asked = True
        try:
            status, headers, body = self._get(self.address(chunk.assembly) + service.path(chunk), chunk)
        except requests.exceptions.SSLError as error:
            raise _RefusedError(f"no safe connection ({_reason(error)})") from error
        except requests.Timeout as error:
            raise _TransientError("no answer in time") from error
        except requests.exceptions.ProxyError as error:
            raise _TransientError(f"the proxy gives no connection ({_reason(error)})") from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            raise _TransientError(f"no connection, or one that broke off ({_reason(error)})") from error
        except (requests.RequestException, ValueError) as error:  # ValueError: a host that is no name
            raise _RefusedError(f"cannot be asked ({_reason(error)})") from error
        if status == TRANSIENT or status >= 500:
            raise _TransientError(f"answers status {status}", _retry_after(headers.get("Retry-After")))
        if status != 200:
            raise _RefusedError(f"answers status {status}{_said(body)}")
        try:
            return _checked(body, chunk, service)
        except ValueError as error:
            raise _RefusedError(str(error)) from error

    def _get(self, url: str, chunk: Slice) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body; no redirect is followed, and neither size nor time is without bound."""
        import requests

        self.session.cookies.clear()  # none of the service's is sent back
        deadline = monotonic() + WHOLE
        room = chunk.end - chunk.start + BESIDE_BASES
        body = bytearray()
        with self.session.get(url, timeout=(CONNECT, READ), allow_redirects=False, stream=True) as answer:
            for piece in answer.iter_content(65536):
                body += piece
                if len(body) > room:
                    raise _RefusedError(f"answers more than {room} bytes")
                if monotonic() > deadline:
                    raise requests.Timeout
            length = answer.headers.get("Content-Length", "")
            if length.isdecimal() and answer.raw.tell() < int(length):  # urllib3 before 2.0 does not look
                raise requests.ConnectionError("the answer is cut")
            return answer.status_code, answer.headers, bytes(body)


def _checked(body: bytes, chunk: Slice, service: Service) -> str:
    """The bases of an answer, upper case; ValueError says what is wrong with it."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise ValueError("answers something else than JSON (a page of a proxy or a portal?)")
    bases = service.sequence(answer, chunk)
    if not isinstance(bases, str):
        raise ValueError("answers no bases")
    bases = bases.upper()
    if len(bases) != chunk.end - chunk.start:
        raise ValueError(f"answers {len(bases)} bases instead of {chunk.end - chunk.start}")
    strange = set(bases) - set("ACGTN")
    if strange:
        raise ValueError(f"answers letters that are no bases ({''.join(sorted(strange))[:20]!r})")
    return bases


def _said(body: bytes) -> str:
    """What the service itself says of an error, in brackets, or nothing."""
    try:
        said = json.loads(body)["error"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return f" ({said[:200]})" if isinstance(said, str) else ""


def _reason(error: Exception) -> str:
    """The innermost cause of an error of requests, which wraps several: 'connection refused'."""
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return one_line(str(getattr(inner, "strerror", None) or inner))[:200].lower()


def _retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header (a number, or a date); None where it gives no usable time.

    >>> _retry_after("40.0"), _retry_after("-1"), _retry_after("nan"), _retry_after("soon"), _retry_after(None)
    (40.0, 0.0, None, None, None)
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):  # no date, or one without a time zone
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
