"""Who may speak to the review server: the browser that was given its address, and no other page.

Four checks before anything is answered: the Host is ours (a page that rebinds its name to loopback
sends its own), the cookie has this process's secret, a write comes from our page, and is JSON of
bearable length. And the headers that keep a browser from running or framing anything else. Knows
HTTP; knows nothing of what is served.
"""

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LAUNCH = "/launch"
_LARGEST = 256 * 1024  # bytes of a request; a step of 2,000 rows has 120 KB
# A redirect would still count as sent by the file that the browser came from (`launch` says why
# there is one), and a strict cookie does not go along with that; from this page it does.
_ADMITTED = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Review</title>'
    '<meta http-equiv="refresh" content="0; url=/"><p><a href="/">To the review</a></p></html>'
)
_READ = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Gate(NamedTuple):
    """What lets a request in: the names that the server goes by, and its secret."""

    hosts: frozenset[str]  # with port, as in a Host header
    token: str
    cookie: str  # cookies don't tell ports apart, so each server's has its own name

    @property
    def origins(self) -> frozenset[str]:
        """Where our own page comes from."""
        return frozenset(f"http://{host}" for host in self.hosts)


def gate(host: str, port: int) -> Gate:
    """The gate of a server that listens there, with a new secret."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    names.add(f"[{host}]" if ":" in host else host.lower())
    hosts = {f"{name}:{port}" for name in names}
    if port == 80:  # which browsers leave out
        hosts |= names
    return Gate(frozenset(hosts), secrets.token_urlsafe(32), f"readout-{port}")


def error(status: int, code: str, message: str, **facts: object) -> JSONResponse:
    """The form that every error has."""
    return JSONResponse({"error": {"code": code, "message": message, **facts}}, status)


class Guard:
    """An ASGI application that lets pass what the gate allows."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have it answered, always with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        answer = self._stopped(scope)
        if answer is None and scope["method"] not in _READ:
            body = await _body(receive)
            if body is None:
                answer = error(413, "too_large", "A request may have 256 KB; send fewer rows.")
            else:
                receive = _again(body, receive)
        await (answer or self._app)(scope, receive, sealed)

    def _stopped(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._gate.hosts:
            return error(400, "foreign_host", "This server answers to its own address only.")
        if scope["path"] == LAUNCH:
            return self._launched(scope)
        if not self._knows(headers):
            return error(
                403, "no_token", "Open the address that `readout review` printed; this one is not."
            )
        return None if scope["method"] in _READ else self._written(headers)

    def _launched(self, scope: Scope) -> Response:
        given = scope["query_string"].decode("latin-1").removeprefix("token=")
        if scope["method"] not in _READ or not self._is_token(given):
            return error(
                403, "no_token", "This address is of a review that has ended; start another one."
            )
        answer = HTMLResponse(_ADMITTED)
        answer.set_cookie(
            self._gate.cookie, self._gate.token, path="/", httponly=True, samesite="strict"
        )
        return answer

    def _knows(self, headers: Headers) -> bool:
        try:
            cookies: Mapping[str, object] = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        found = cookies.get(self._gate.cookie)
        return self._is_token(str(getattr(found, "value", "")))

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._gate.token.encode())

    def _written(self, headers: Headers) -> Response | None:
        """A write has to come from our own page. Browsers say so; other programs need not."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin.lower() not in self._gate.origins:
            return error(403, "foreign_page", "Another page may not decide here.")
        if site is not None and site != "same-origin":
            return error(403, "foreign_page", "Another page may not decide here.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return error(415, "not_json", "Writes are JSON: send Content-Type: application/json.")
        return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body, whatever its length was said to be; None for one that is too long."""
    body, more = b"", True
    while more:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _LARGEST:
            return None
        more = bool(message.get("more_body"))
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive`, with a body that was received already."""
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed
