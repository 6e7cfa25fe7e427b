"""Bases of a reference service: asked for in pieces, checked, kept, and never asked for twice.

A server of our own speaks the documented forms of both services; nothing here leaves the machine.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partialmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from urllib3.connectionpool import HTTPConnectionPool

from varmio import __version__, remote
from varmio.errors import ResourceError, UsageError
from varmio.model import Assembly
from varmio.remote import Slice

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
LENGTH = 5000
UCSC = re.compile(r"/getData/sequence\?genome=(hg19|hg38);chrom=chr([0-9XY]+);start=(\d+);end=(\d+)")
ENSEMBL = re.compile(r"/sequence/region/human/([0-9XY]+):(\d+)\.\.(\d+):1\?coord_system_version=(GRCh37|GRCh38)")
ASSEMBLY = {"hg19": "GRCh37", "hg38": "GRCh38"}
X = Slice(GRCH38, "X", 1000, 2500)


def genome(assembly: str, contig: str) -> str:
    """The made-up contig: upper and lower case, with some N."""
    return "".join(random.Random(assembly + contig).choices("ACGTacgtN", k=LENGTH))


def bases(part: Slice) -> str:
    return genome(part.assembly, part.contig)[part.start : part.end].upper()


# ------------------------------------------------------------------ the server

Reply = tuple[int, dict[str, str], bytes]
Fault = Callable[[Reply], Reply | None]  # the good answer -> the one that is sent; None: hangs up


def answer_to(path: str) -> dict[str, object]:
    """The documented JSON of either service."""
    if found := UCSC.fullmatch(path):
        name, contig, start, end = found[1], found[2], int(found[3]), int(found[4])
        dna = genome(ASSEMBLY[name], contig)[start:end]
        when = {"downloadTime": "2026:11:26T22:00:00Z", "downloadTimeStamp": 1795730400}
        return {**when, "genome": name, "chrom": f"chr{contig}", "start": start, "end": end, "dna": dna}
    found = ENSEMBL.fullmatch(path)
    assert found, path
    contig, start, end, assembly = found[1], int(found[2]), int(found[3]), found[4]
    seq = genome(assembly, contig)[start - 1 : end].upper()
    place = f"chromosome:{assembly}:{contig}:{start}:{end}:1"
    return {"id": place, "molecule": "dna", "query": f"{contig}:{start}..{end}:1", "seq": seq}


@dataclass
class Service:
    """What was asked of the server, and the faults of its next answers, one a request."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    stop: Callable[[], None] = lambda: None


@pytest.fixture
def service() -> Iterator[Service]:
    known = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.paths.append(self.path)
            known.headers.append(dict(self.headers.items()))
            path = re.sub(r"^http://[^/]*", "", self.path)  # a proxy is asked for whole addresses
            good: Reply = (200, {"Content-Type": "application/json"}, json.dumps(answer_to(path)).encode())
            fault = known.faults.pop(0) if known.faults else None
            reply = fault(good) if fault else good
            if reply is None:
                return
            status, headers, body = reply
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    known.url, known.stop = f"http://127.0.0.1:{server.server_port}", stop
    yield known
    stop()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that were asked for, none of them waited; and no proxy of the machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    slept: list[float] = []
    monkeypatch.setattr(remote, "sleep", slept.append)
    return slept


def changed(**values: object) -> Fault:
    """The good answer with other values."""

    def fault(good: Reply) -> Reply:
        return good[0], good[1], json.dumps(json.loads(good[2]) | values).encode()

    return fault


def replaced(status: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda _: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def cut(good: Reply) -> Reply:
    """The first half of the body under the length of the whole."""
    return good[0], {**good[1], "Content-Length": str(len(good[2]))}, good[2][: len(good[2]) // 2]


def hangs_up(_: Reply) -> None:
    return None


# ------------------------------------------------------------------ what comes back


@pytest.mark.parametrize("name", remote.SERVICES)
def test_bases_of_both_assemblies_in_upper_case(service: Service, name: str, tmp_path: Path) -> None:
    wanted = [X, Slice(GRCH37, "X", 0, 10), Slice(GRCH38, "11", 4999, 5000), X]
    got = remote.fetch(wanted, tmp_path, name, service.url, chunk_bp=700)
    assert got == {part: bases(part) for part in wanted}
    assert len(service.paths) == 3 + 1 + 1


def test_both_services_give_the_same_bases(service: Service, tmp_path: Path) -> None:
    first = remote.fetch([X], tmp_path / "a", "ucsc", service.url)
    assert remote.fetch([X], tmp_path / "b", "ensembl", service.url + "/") == first
    assert [part.name for part in (tmp_path / "a").iterdir()] == [part.name for part in (tmp_path / "b").iterdir()]


def test_an_answer_may_come_packed(service: Service, tmp_path: Path) -> None:
    service.faults = [lambda good: (200, {"Content-Encoding": "gzip"}, gzip.compress(good[2]))]
    assert remote.fetch([X], tmp_path, "ucsc", service.url) == {X: bases(X)}


def test_nothing_wanted_asks_nothing(service: Service, tmp_path: Path) -> None:
    assert remote.fetch([], tmp_path, "ucsc", service.url) == {}
    assert service.paths == []


def test_a_request_holds_coordinates_and_the_version_and_nothing_else(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    service.faults = [lambda good: (good[0], {"Set-Cookie": "who=me; path=/"}, good[2])]
    remote.fetch([X], tmp_path / "kept", "ucsc", service.url, chunk_bp=1000)
    assert service.paths[0] == "/getData/sequence?genome=hg38;chrom=chrX;start=1000;end=2000"
    for sent in service.headers:
        assert sent["User-Agent"] == f"varmio/{__version__}"
        assert set(sent) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection", "Content-Type"}


def test_one_request_a_second_at_ucsc(service: Service, tmp_path: Path, waits: list[float]) -> None:
    remote.fetch([X], tmp_path, "ucsc", service.url, chunk_bp=500)
    assert waits == [1.0, 1.0]


def test_the_services_are_asked_by_tls_and_each_assembly_at_its_place() -> None:
    for known in remote.SERVICES.values():
        assert set(known.base_url) == set(Assembly)
        assert all(url.startswith("https://") for url in [*known.base_url.values(), known.docs])
    assert "grch37." in remote.SERVICES["ensembl"].base_url[GRCH37]


# ------------------------------------------------------------------ kept and gone on from


@pytest.mark.parametrize("after", [1, 2])
def test_a_cut_run_goes_on_where_it_ended(service: Service, tmp_path: Path, after: int) -> None:
    def say(line: str) -> None:
        if f"({after + 1} of 3)" in line:
            service.stop()

    with pytest.raises(ResourceError, match=r"connection refused.*goes on from there"):
        remote.fetch([X], tmp_path, "ucsc", service.url, say, chunk_bp=500)
    assert len(service.paths) == len(list(tmp_path.iterdir())) == after


def test_a_second_run_asks_only_for_what_is_missing(service: Service, tmp_path: Path) -> None:
    service.faults = [None, None, replaced(404)]
    with pytest.raises(ResourceError):
        remote.fetch([X], tmp_path, "ucsc", service.url, chunk_bp=500)
    service.paths.clear()
    assert remote.fetch([X], tmp_path, "ensembl", service.url, chunk_bp=500) == {X: bases(X)}
    assert service.paths == ["/sequence/region/human/X:2001..2500:1?coord_system_version=GRCh38"]
    service.paths.clear()
    assert remote.fetch([X], tmp_path, "ensembl", "http://127.0.0.1:1", chunk_bp=500) == {X: bases(X)}


def first_base_changed(content: bytes) -> bytes:
    head, place, text, end = content.split(b"\n")
    return b"\n".join((head, place, (b"C" if text[:1] == b"A" else b"A") + text[1:], end))


@pytest.mark.parametrize(
    "damage",
    [first_base_changed, lambda c: c[:-20], lambda c: c + b"A", lambda _: b"", lambda c: b"\xff" + c[1:]],
    ids=["another base", "cut", "longer", "empty", "binary"],
)
def test_a_damaged_chunk_is_noticed_and_asked_for_again(
    service: Service, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    remote.fetch([X], tmp_path, "ucsc", service.url, chunk_bp=500)
    service.paths.clear()
    broken = tmp_path / "GRCh38_X_1500_2000.txt"
    whole = broken.read_bytes()
    broken.write_bytes(damage(whole))
    said: list[str] = []
    assert remote.fetch([X], tmp_path, "ucsc", service.url, said.append, chunk_bp=500) == {X: bases(X)}
    assert len(service.paths) == 1
    assert f"{broken}: is damaged; its bases are asked for again" in said
    assert broken.read_bytes() == whole


def test_the_chunk_of_another_place_is_damaged(service: Service, tmp_path: Path) -> None:
    remote.fetch([Slice(GRCH38, "X", 0, 500)], tmp_path, "ucsc", service.url)
    (tmp_path / "GRCh38_X_0_500.txt").rename(tmp_path / "GRCh37_X_0_500.txt")
    other = Slice(GRCH37, "X", 0, 500)
    assert remote.fetch([other], tmp_path, "ucsc", service.url) == {other: bases(other)}


# ------------------------------------------------------------------ answers that are wrong

WRONG = {
    "one base short": ("ucsc", changed(dna="A" * 1499), "answers 1499 bases instead of 1500"),
    "one base long": ("ensembl", changed(seq="A" * 1501), "answers 1501 bases instead of 1500"),
    "no base": ("ucsc", changed(dna=""), "answers 0 bases"),
    "no sequence": ("ucsc", changed(dna=None), "answers no bases"),
    "other letters": ("ucsc", changed(dna="ACGTR" * 300), "letters that are no bases.*'R'"),
    "wrong genome": ("ucsc", changed(genome="hg19"), "answers genome 'hg19' instead of 'hg38'"),
    "wrong chromosome": ("ucsc", changed(chrom="chr1"), "answers chrom 'chr1' instead of 'chrX'"),
    "wrong start": ("ucsc", changed(start=1001), "answers start '1001' instead of '1000'"),
    "wrong end": ("ucsc", changed(end=2501), "answers end '2501' instead of '2500'"),
    "wrong assembly": ("ensembl", changed(id="chromosome:GRCh37:X:1001:2500:1"), "answers id 'chromosome:GRCh37"),
    "minus strand": ("ensembl", changed(id="chromosome:GRCh38:X:1001:2500:-1"), "instead of '.*:1001:2500:1'"),
    "HTML": ("ucsc", replaced(200, b"<html>Please log in</html>"), "something else than JSON"),
    "a list": ("ensembl", replaced(200, b"[]"), "something else than JSON"),
    "deep JSON": ("ensembl", replaced(200, b"[" * 90_000), "something else than JSON"),
    "too much": ("ucsc", replaced(200, b" " * 200_000), "answers more than 101500 bytes"),
    "a redirect": ("ucsc", replaced(302, Location="http://portal.example/"), "answers status 302"),
    "not found": (
        "ucsc",
        replaced(400, b'{"error": "no such\\nchrom", "statusCode": 400}'),
        r"400 \(no such\\nchrom\)",
    ),
    "forbidden": ("ensembl", replaced(403, b"no JSON"), "answers status 403. Check"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_ends_in_one_line_and_is_not_kept(service: Service, tmp_path: Path, case: str) -> None:
    name, fault, reason = WRONG[case]
    service.faults = [fault]
    with pytest.raises(ResourceError, match=reason) as raised:
        remote.fetch([X], tmp_path, name, service.url)
    assert len(service.paths) == 1
    assert list(tmp_path.iterdir()) == []
    message = str(raised.value)
    assert message.isprintable()
    assert message.startswith(f"127.0.0.1:{urlsplit(service.url).port}: GRCh38 X:1001-2500: answers ")
    other = "ensembl" if name == "ucsc" else "ucsc"
    for advice in ("network", "proxy", f"ask the service {other}", "varmio data build --gff FILE --reference FILE"):
        assert advice in message


# ------------------------------------------------------------------ failures that may pass


@pytest.mark.parametrize(
    ("faults", "waited"),
    [
        ([replaced(429, Retry_After="40.0")], [40.0]),
        ([replaced(429, Retry_After="0")], [0.0]),
        ([replaced(429, Retry_After="soon"), replaced(503)], [1.0, 2.0]),
        ([replaced(500, b"<html>"), replaced(502), replaced(504)], [1.0, 2.0, 4.0]),
        ([cut], [1.0]),
        ([hangs_up, cut], [1.0, 2.0]),
    ],
    ids=["429 with a time", "429 at once", "429 without a time", "5xx three times", "cut body", "hung up"],
)
def test_a_passing_failure_is_asked_again(
    service: Service, tmp_path: Path, waits: list[float], faults: list[Fault | None], waited: list[float]
) -> None:
    service.faults = list(faults)
    said: list[str] = []
    assert remote.fetch([X], tmp_path, "ensembl", service.url, said.append) == {X: bases(X)}
    pause = remote.SERVICES["ensembl"].pause
    assert waits == [wait for asked in waited for wait in (asked, pause)]
    assert len([line for line in said if "asked again in" in line]) == len(faults)


def test_a_cut_body_is_noticed_where_urllib3_does_not_look(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = partialmethod(HTTPConnectionPool.urlopen, enforce_content_length=False)
    monkeypatch.setattr(HTTPConnectionPool, "urlopen", careless)
    service.faults = [cut, cut]
    said: list[str] = []
    assert remote.fetch([X], tmp_path, "ucsc", service.url, said.append) == {X: bases(X)}
    assert "(the answer is cut)" in said[1]


def test_retry_after_may_be_a_date(service: Service, tmp_path: Path, waits: list[float]) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    service.faults = [replaced(429, Retry_After=soon)]
    remote.fetch([X], tmp_path, "ucsc", service.url)
    assert 80 < waits[0] <= 100


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (replaced(500), "answers status 500, 4 times"),
        (replaced(429, Retry_After="1"), "answers status 429, 4 times"),
        (cut, "no connection, or one that broke off .*, 4 times"),
    ],
    ids=["500", "429", "cut body"],
)
def test_four_tries_are_the_last(service: Service, tmp_path: Path, fault: Fault, reason: str) -> None:
    service.faults = [fault] * 9
    with pytest.raises(ResourceError, match=reason):
        remote.fetch([X], tmp_path, "ucsc", service.url)
    assert len(service.paths) == 4
    assert list(tmp_path.iterdir()) == []


def test_all_waiting_of_a_fetch_is_bounded(service: Service, tmp_path: Path, waits: list[float]) -> None:
    late = replaced(429, Retry_After="200")
    service.faults = [late, None, late]
    with pytest.raises(ResourceError, match="answers status 429, and waiting 200 s more is too long"):
        remote.fetch([X], tmp_path, "ucsc", service.url, chunk_bp=1000)
    assert sum(waits) < remote.MAX_WAITED


def test_a_service_that_does_not_answer(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "READ", 0.05)
    asleep = threading.Event()

    def late(_: Reply) -> None:
        asleep.wait(0.5)

    service.faults = [late]
    said: list[str] = []
    assert remote.fetch([X], tmp_path, "ucsc", service.url, said.append) == {X: bases(X)}
    assert any("no answer in time; asked again in 1 s" in line for line in said)
    asleep.set()


def test_an_answer_that_drips_is_given_up(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "WHOLE", -1.0)
    with pytest.raises(ResourceError, match="no answer in time, 4 times"):
        remote.fetch([X], tmp_path, "ucsc", service.url)


def test_connection_refused_says_what_to_do(service: Service, tmp_path: Path) -> None:
    service.stop()
    with pytest.raises(ResourceError, match=r"connection refused\), 4 times. Check the network") as raised:
        remote.fetch([X], tmp_path, "ucsc", service.url.replace("//", "//me:secret@"))
    assert "secret" not in str(raised.value)


# ------------------------------------------------------------------ proxies and TLS


def test_the_proxy_of_the_environment_is_used(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", service.url)
    monkeypatch.setenv("http_proxy", service.url)
    assert remote.fetch([X], tmp_path, "ucsc", "http://bases.invalid/") == {X: bases(X)}
    assert service.paths == ["http://bases.invalid/getData/sequence?genome=hg38;chrom=chrX;start=1000;end=2500"]


def test_a_proxy_that_refuses_is_named(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", service.url)  # knows no CONNECT
    with pytest.raises(ResourceError, match=r"api.genome.ucsc.edu: .* the proxy gives no connection"):
        remote.fetch([X], tmp_path)


def test_a_server_without_tls_is_not_asked_in_the_clear(service: Service, tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="no safe connection"):
        remote.fetch([X], tmp_path, "ucsc", service.url.replace("http:", "https:"))
    assert service.paths == []


# ------------------------------------------------------------------ questions that cannot be asked


@pytest.mark.parametrize(
    "part",
    [
        Slice(GRCH38, "chrX", 0, 10),
        Slice(GRCH38, "MT", 0, 10),
        Slice(GRCH38, "X", 10, 10),
        Slice(GRCH38, "X", -1, 10),
        Slice(GRCH38, "X", 0, 156_040_896),
    ],
    ids=str,
)
def test_a_slice_outside_the_primary_contigs(service: Service, tmp_path: Path, part: Slice) -> None:
    with pytest.raises(UsageError, match="is no stretch of a primary contig"):
        remote.fetch([X, part], tmp_path, "ucsc", service.url)
    assert service.paths == []


def test_an_unknown_service_address_and_size(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ncbi: is no service\. Give one of: ucsc, ensembl"):
        remote.fetch([X], tmp_path, "ncbi")
    for base in ("ftp://bases.invalid", "bases.invalid", ""):
        with pytest.raises(UsageError, match="is no address of a service"):
            remote.fetch([X], tmp_path, "ucsc", base)
    for size in (0, 10_000_001):
        with pytest.raises(UsageError, match="Give 1 to 10000000"):
            remote.fetch([X], tmp_path, "ucsc", chunk_bp=size)


@pytest.mark.parametrize(
    "base", ["http://", "http://[bad", "http://a..b", "http://.a", "http://a b/", "https://:99999"]
)
def test_an_address_that_is_none_ends_in_one_line(tmp_path: Path, base: str) -> None:
    with pytest.raises(ResourceError, match="Check the network"):
        remote.fetch([X], tmp_path, "ucsc", base)


def test_a_folder_that_is_none(service: Service, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    with pytest.raises(UsageError, match="is no folder to write to"):
        remote.fetch([X], taken, "ucsc", service.url)
    (tmp_path / "GRCh38_X_1000_2500.txt").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        remote.fetch([X], tmp_path, "ucsc", service.url)
