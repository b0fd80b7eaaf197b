"""The guard in conftest: a test that forgets a fixture hears which."""

import os
import socket
import sqlite3
from collections.abc import Callable

import httpx2
import pytest

from pipeline.settings import Settings
from pipeline.store import Responses
from tests.conftest import REAL, ForgotTheServerFixtureError, ForgotTheSettingsFixtureError
from tests.loopback import Loopback


@pytest.mark.parametrize(
    "touch",
    [
        lambda: (REAL.home / "x").write_text("x"),
        lambda: (REAL.cache / "responses" / "x").mkdir(parents=True),
        lambda: sqlite3.connect(REAL.cache / "responses" / "cache.db"),
        lambda: Responses(REAL.cache / "responses"),
        lambda: (REAL.cache / "recordings" / "x.json").write_text("x"),
    ],
)
def test_the_real_folders_are_closed(touch: Callable[[], object]) -> None:
    with pytest.raises(ForgotTheSettingsFixtureError):
        touch()


@pytest.mark.parametrize(
    "touch",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: httpx2.get("http://example.org"),
    ],
)
def test_the_real_network_is_closed(touch: Callable[[], object]) -> None:
    with pytest.raises(ForgotTheServerFixtureError):
        touch()


def test_loopback_and_the_settings_of_a_test_are_open(settings: Settings, server: Loopback) -> None:
    Responses(settings.cache / "responses").close()
    assert httpx2.get(f"{server.base_url}/models").status_code == 200


def test_no_key_of_the_developer_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith(("OPENAI_", "READOUT_"))]
