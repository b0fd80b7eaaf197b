"""Connections to one server: what comes back over real sockets, and what breaks on the way."""

import asyncio
import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from pipeline.connections import Connections, proxied

Behaviour = Callable[[socket.socket], None]
PATIENT, IMPATIENT = 30.0, 0.2  # seconds
OK = b"HTTP/1.1 200 OK\r\n"


def says(answer: bytes, heard: list[bytes] | None = None) -> Behaviour:
    """A server that says this, word for word, to each request that comes, which it remembers."""

    def serve(caller: socket.socket) -> None:
        while request := caller.recv(65536):
            if heard is not None:
                heard.append(request)
            caller.sendall(answer)

    return serve


def hang_up(caller: socket.socket) -> None:
    caller.recv(65536)
    caller.shutdown(socket.SHUT_RDWR)


def break_off(caller: socket.socket) -> None:
    caller.recv(65536)
    caller.sendall(OK + b"content-length: 9\r\n\r\nabc")


def keep_silent(caller: socket.socket) -> None:
    while caller.recv(65536):
        pass


@contextlib.contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The host and port at which a thread behaves so to one caller after the other."""

    def serve() -> None:
        while True:
            with contextlib.suppress(OSError):  # of one caller
                caller, _ = listener.accept()
                with tls.wrap_socket(caller, server_side=True) if tls else caller as spoken:
                    behaviour(spoken)
            if listener.fileno() == -1:
                return

    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def post(url: str, times: int = 1, timeout: httpx2.Timeout | float = PATIENT) -> httpx2.Response:
    """The last of the answers to some requests, one after the other."""

    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=Connections(), timeout=timeout) as client:
            for _ in range(times):
                answer = await client.post(url, content=b"{}", headers={"x-who": "pays"})
        return answer

    return asyncio.run(ask())


def test_a_request_goes_out_as_it_was_made_and_the_answer_comes_back():
    heard: list[bytes] = []
    busy = b"HTTP/1.1 429 Busy\r\nRetry-After: 7\r\ncontent-length: 4\r\n\r\nwait"
    with serving(says(busy, heard)) as there:
        answer = post(f"http://{there}/v1?a=%2Fb")
    assert (answer.status_code, answer.headers["retry-after"], answer.text) == (429, "7", "wait")
    (request,) = heard
    assert request.startswith(b"POST /v1?a=%2Fb HTTP/1.1\r\n")
    assert b"x-who: pays\r\n" in request
    assert request.endswith(b"\r\n\r\n{}")


def test_a_redirection_is_not_followed():
    moved = b"HTTP/1.1 308 \r\nlocation: /there\r\ncontent-length: 0\r\n\r\n"
    with serving(says(moved)) as there:
        answer = post(f"http://{there}/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/there")


@pytest.mark.parametrize(
    "form",
    [b"content-length: %d\r\n\r\n%s", b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"],
)
def test_an_answer_is_unpacked_once(form):
    packed = gzip.compress("Über".encode())
    head = OK + b"content-type: text/plain\r\ncontent-encoding: gzip\r\n"
    with serving(says(head + form % (len(packed), packed))) as there:
        assert post(f"http://{there}/").text == "Über"


def test_connections_are_kept_open_between_requests():
    callers = []
    answering = says(OK + b"content-length: 0\r\n\r\n")

    def serve(caller: socket.socket) -> None:
        callers.append(caller)
        answering(caller)

    with serving(serve) as there:
        post(f"http://{there}/", times=2)
    assert len(callers) == 1


@pytest.mark.parametrize(
    ("behaviour", "scheme", "error"),
    [
        (hang_up, "http", httpx2.RemoteProtocolError),
        (says(b"junk\r\n\r\n"), "http", httpx2.RemoteProtocolError),
        (break_off, "http", httpx2.RemoteProtocolError),
        (says(OK), "https", httpx2.ConnectError),
    ],
    ids=["hung up", "no HTTP", "truncated", "no TLS"],
)
def test_what_breaks_has_httpx2s_name(behaviour, scheme, error):
    with serving(behaviour) as there, pytest.raises(error) as raised:
        post(f"{scheme}://{there}/")
    assert "ssl:" not in str(raised.value)  # aiohttp's own words for where it was


def test_an_answer_that_does_not_come_in_time_is_given_up():
    with serving(keep_silent) as there, pytest.raises(httpx2.ReadTimeout):
        post(f"http://{there}/", timeout=httpx2.Timeout(PATIENT, read=IMPATIENT))


def test_nobody_there_is_told_from_a_call_that_nobody_takes():
    """A listener whose queue is full lets the caller wait."""
    with pytest.raises(httpx2.ConnectError, match="Connect call failed"):
        post("http://127.0.0.1:9/")
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than the queue holds
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        with pytest.raises(httpx2.ConnectTimeout):
            post(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=IMPATIENT)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout".split()
    subprocess.run(["openssl", *options, key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    refused = pytest.raises(httpx2.ConnectError, match="certificate verify failed")
    with serving(keep_silent, tls) as there, refused:
        post(f"https://{there}/")


@pytest.mark.parametrize(
    ("name", "expected"), [("HTTPS_PROXY", True), ("ALL_PROXY", True), ("NO_PROXY", False)]
)
def test_a_proxy_is_looked_for_where_everybody_looks(monkeypatch, name, expected):
    for other in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(other, raising=False)
        monkeypatch.delenv(other.lower(), raising=False)
    monkeypatch.setenv(name, "http://proxy.example:3128")
    assert proxied() is expected
