"""What keeps tests at home, and what several of them stand on.

Every test runs with the real cache, the real home and all of the network beyond loopback closed:
touching one raises an error whose name says what the test forgot.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.settings import Settings, from_environment
from pipeline.store import Responses
from tests import samples
from tests.batches import KEY, BatchServer
from tests.loopback import Loopback

ROOT = Path(__file__).parent.parent
REAL = from_environment(os.environ, ROOT)


# BaseExceptions, so that no `except Exception` on the way can hide what the test forgot.
class ForgotTheSettingsFixtureError(BaseException):
    """The test was about to write into the real home or the real cache."""


class ForgotTheServerFixtureError(BaseException):
    """The test was about to use the network beyond loopback."""


_OURS = tuple(str(folder.absolute()) + os.sep for folder in (REAL.home, REAL.cache))
_LOOPBACK = {"127.0.0.1", "::1", "localhost", "", None}
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"}
_watching = False


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: Python tells it of every file and address before it is touched."""
    if not _watching:
        return
    if event == "open":
        mode = arguments[1] or ""
        if isinstance(mode, str) and set(mode) & set("wax+"):
            _check_path(arguments[0])
    elif event in _CHANGES:
        _check_path(arguments[0])
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        _check_host(arguments[1][0])
    elif event == "socket.getaddrinfo":
        _check_host(arguments[0])


def _check_path(path: Any) -> None:
    if isinstance(path, str | bytes | os.PathLike):
        absolute = str(Path(os.fsdecode(path)).absolute())
        if f"{absolute}{os.sep}".startswith(_OURS):
            raise ForgotTheSettingsFixtureError(absolute)


def _check_host(host: Any) -> None:
    if (host.decode() if isinstance(host, bytes) else host) not in _LOOPBACK:
        raise ForgotTheServerFixtureError(host)


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the real folders and the network, and forget the developer's own settings."""
    global _watching  # noqa: PLW0603 - an audit hook cannot be removed
    for name in tuple(os.environ):
        if name.startswith(("OPENAI_", "READOUT_")):
            monkeypatch.delenv(name)
    _watching = True
    yield
    _watching = False


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that point into the test's own folder; nothing is configured."""
    return from_environment(
        {"READOUT_HOME": str(tmp_path / "home"), "READOUT_CACHE": str(tmp_path / "cache")}, tmp_path
    )


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A server on loopback, with nothing scripted yet."""
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """The sample article as a file named grain.txt."""
    file = tmp_path / "grain.txt"
    file.write_text(samples.TEXT)
    return file


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Responses]:
    """An empty store of replies."""
    store = Responses(tmp_path / "responses")
    yield store
    store.close()


class Readout(NamedTuple):
    """The command line, set up in the test's own folder with the loopback server.

    `readout("run", file, "-o", "out", OPENAI_API_KEY="…")`: capitals override the environment,
    and an empty value stands for none.
    """

    server: Loopback
    environment: dict[str, str]

    def __call__(self, *arguments: object, **overrides: str) -> Result:
        """Call it in this process."""
        runner = CliRunner(env={**self.environment, **overrides})
        return runner.invoke(main, [str(each) for each in arguments], prog_name="readout")


@pytest.fixture
def readout(tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Readout:
    """The command line, which asks the loopback server for the model "hand"."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "READOUT_HOME": str(tmp_path / "home"),
        "READOUT_CACHE": str(tmp_path / "cache"),
        "READOUT_MODEL": "hand",
        "OPENAI_BASE_URL": server.base_url,
        "COLUMNS": "100",
    }
    return Readout(server, environment)


@pytest.fixture
def batches(readout: Readout) -> Iterator[BatchServer]:
    """A server with a Batch API, which the command line asks in place of the scripted one."""
    server = BatchServer()
    readout.environment.update(OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY=KEY)
    yield server
    server.close()
