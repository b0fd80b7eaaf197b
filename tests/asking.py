"""A review server in this process, and who asks it: a stranger, or the reviewer's browser.

A module that asks takes over the fixtures that it needs by their names.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.review import guard
from pipeline.review.desk import Desk
from pipeline.review.guard import Gate
from pipeline.review.server import application
from schemas.decision import Kind
from tests import reviewing
from tests.records import folder, record

HERE = "http://127.0.0.1:8720"
WRITES = ["/api/decisions", "/api/check", "/api/undo", "/api/redo", "/api/by-hand"]
READS = ["/", "/static/review.js", "/api/session", "/api/queue", "/api/article?id=grain"]


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """One record under review."""
    return reviewing.desk(folder(tmp_path / "out", record()))


@pytest.fixture
def gate() -> Gate:
    """That of a server on its usual port."""
    return guard.gate("127.0.0.1", 8720)


@pytest.fixture
def stranger(at: Desk, gate: Gate) -> Iterator[TestClient]:
    """Somebody who has not been given the address."""
    with TestClient(application(at, gate), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(at: Desk) -> Iterator[TestClient]:
    """The reviewer's browser."""
    with admitted(at) as let_in:
        yield let_in


@contextlib.contextmanager
def admitted(at: Desk) -> Iterator[TestClient]:
    """Somebody who came by the secret address."""
    gate = guard.gate("127.0.0.1", 8720)
    with TestClient(application(at, gate), base_url=HERE) as client:
        assert client.get(f"/launch?token={gate.token}").status_code == 200
        yield client


def step(at: Desk, *wishes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A step as JSON."""
    return reviewing.step(at, *wishes, **changes).model_dump(mode="json", exclude_none=True)


def accept(at: Desk, kind: Kind = Kind.AGENDA) -> dict[str, Any]:
    """A step that accepts the first row of one kind."""
    return step(at, {"action": "accept", "row": reviewing.row(at, kind).item.id})


def code(response: Any) -> tuple[int, str]:
    """What an error says to programs."""
    return response.status_code, response.json()["error"]["code"]
