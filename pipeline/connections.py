"""Connections to one server, kept open between requests, on aiohttp.

httpx2 looks over all the connections that it holds at every request, and parses HTTP in Python:
with 64 requests in flight that is more than half of what a request costs. Knows HTTP and httpx2's
errors, and nothing of what is asked. Not for proxies: httpx2's own connections know those better.
"""

import contextlib
import urllib.request
from collections.abc import Iterator

import aiohttp
import httpx2
import yarl


class Connections(httpx2.AsyncBaseTransport):
    """What httpx2 sends its requests over; as many connections as there are requests in flight.

    A response is read to its end before it is handed on. Certificates are the system's. Raises
    httpx2's TransportError, of the kind that httpx2's own transport would raise.
    """

    def __init__(self) -> None:
        self._tls = httpx2.create_ssl_context()  # slow, and safe in a thread without a loop
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        limits = request.extensions["timeout"]
        timeout = aiohttp.ClientTimeout(sock_connect=limits["connect"], sock_read=limits["read"])
        with _named():
            async with self._opened().request(
                request.method,
                yarl.URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=await request.aread(),
                allow_redirects=False,
                timeout=timeout,
            ) as response:
                content = await response.read()
        return httpx2.Response(response.status, headers=response.raw_headers, content=content)

    async def aclose(self) -> None:
        """Close them all."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:  # it belongs to the loop in which it is made
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=self._tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # httpx2 does
            )
        return self._session


def proxied() -> bool:
    """Whether the environment names a proxy for anything."""
    return not urllib.request.getproxies().keys().isdisjoint(("http", "https", "all"))


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Give aiohttp's errors httpx2's names."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx2.ConnectTimeout(str(error)) from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise httpx2.ConnectError(str(error.certificate_error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx2.ConnectError(str(error.os_error)) from error
    except TimeoutError as error:
        raise httpx2.ReadTimeout(str(error)) from error
    except aiohttp.ClientOSError as error:
        raise httpx2.ReadError(str(error)) from error
    except aiohttp.ClientError as error:
        raise httpx2.RemoteProtocolError(str(error)) from error
