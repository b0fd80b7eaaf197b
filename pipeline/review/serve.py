"""Serves a desk on a port of this machine until Ctrl-C. Knows sockets; knows nothing of review."""

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from pipeline.errors import UsageError
from pipeline.review.guard import LAUNCH, Gate, gate


@contextlib.contextmanager
def listening(host: str, *ports: int) -> Iterator[socket.socket]:
    """A socket that is bound to the first of `ports` that is free; 0 takes any.

    Raises UsageError where none can be: ports are in use, or the address is not ours.
    """
    for port in ports:
        try:
            bound = _bound(host, port)
        except (OSError, TypeError) as error:  # TypeError: no name that could be looked up
            reason = getattr(error, "strerror", None) or str(error)
            continue
        with bound:
            yield bound
        return
    raise UsageError(
        f"The review cannot listen on {host}, port {ports[0]} ({reason}); choose another --port or "
        "--host, or leave them out."
    )


def _bound(host: str, port: int) -> socket.socket:
    if not host.strip("0.:"):  # all addresses: then any name could be meant in a Host header
        raise OSError(errno.EADDRNOTAVAIL, "a review has one address, and this stands for all")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Told that it is TCP, asyncio sends each answer at once and waits for no acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen()
    except (OSError, TypeError):
        bound.close()
        raise
    return bound


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(gate: Gate, host: str, port: int) -> str:
    """What to open in a browser, once: it has the secret."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{LAUNCH}?token={gate.token}"


def serve(
    bound: socket.socket, make: Callable[[Gate], ASGIApp], host: str, ready: Callable[[str], None]
) -> None:
    """Answer on `bound` until Ctrl-C; `ready` gets the address as soon as it answers."""
    port = bound.getsockname()[1]
    door = gate(host, port)
    config = uvicorn.Config(
        make(door),
        proxy_headers=False,
        log_config=None,  # addresses have the secret, and a terminal is no place for it twice
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    ready(address(door, host, port))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after closing
        server.run(sockets=[bound])
