"""Who may speak to the review server: the browser that was given its address, and no other page."""

import pytest
from fastapi.testclient import TestClient

from pipeline import archive
from pipeline.review.desk import Desk
from pipeline.review.guard import Gate
from pipeline.review.log import DECISIONS
from tests import asking, reviewing
from tests.asking import HERE, READS, WRITES, accept, code
from tests.records import record

at, gate, stranger, client = asking.at, asking.gate, asking.stranger, asking.client


@pytest.mark.parametrize("path", [*READS, *WRITES, "/launch", "/launch?token=", "/launch?token=x"])
def test_nothing_is_answered_without_the_secret_address(stranger: TestClient, path: str) -> None:
    method = "POST" if path in WRITES else "GET"
    assert code(stranger.request(method, path, json={} if method == "POST" else None)) == (
        403,
        "no_token",
    )


def test_the_secret_stays_in_a_cookie_that_no_script_and_no_other_site_can_use(
    stranger: TestClient, gate: Gate
) -> None:
    answer = stranger.get(f"/launch?token={gate.token}")
    assert '<meta http-equiv="refresh" content="0; url=/">' in answer.text
    assert gate.token not in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert cookie.startswith("readout-8720=")  # another review on this machine has its own


def test_a_page_that_rebinds_its_name_to_loopback_is_not_answered(
    client: TestClient, gate: Gate
) -> None:
    for host in (
        "evil.example:8720",
        "127.0.0.1",
        "127.0.0.1:80",
        "",
        "127.0.0.1:8720.evil.example",
    ):
        answer = client.get("/api/queue", headers={"host": host})
        assert code(answer) == (400, "foreign_host")
    launch = client.get(f"/launch?token={gate.token}", headers={"host": "evil.example:8720"})
    assert code(launch) == (400, "foreign_host")
    assert "set-cookie" not in launch.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8720"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", WRITES)
def test_another_page_cannot_write_even_with_the_cookie(
    client: TestClient, at: Desk, path: str, headers: dict[str, str]
) -> None:
    assert code(client.post(path, json=accept(at), headers=headers)) == (403, "foreign_page")
    assert at.shelf.log.read() == ()


def test_our_own_page_can(client: TestClient, at: Desk) -> None:
    headers = {"origin": HERE, "sec-fetch-site": "same-origin"}
    answer = client.post("/api/decisions", json=accept(at), headers=headers)
    assert answer.status_code == 200
    assert [answer.json()["saved"][0]] == [each.id for each in at.shelf.log.read()]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_cannot_write(client: TestClient, at: Desk, kind: str) -> None:
    body = reviewing.step(at, {"action": "accept", "row": "r"}).model_dump_json()
    answer = client.post("/api/decisions", content=body, headers={"content-type": kind})
    assert code(answer) == (415, "not_json")


@pytest.mark.parametrize("path", [*READS, "/nowhere", "/static/nothing.js"])
def test_every_answer_tells_the_browser_to_run_and_frame_nothing_else(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    for rule in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2f..%2f..%2f..%2fetc/passwd",
        "/static//etc/passwd",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "../../etc/passwd",
        "/etc/passwd",
        "grain.json",
        "grain\x00",
        "",
        ".",
        "..\\secret",
    ],
    ids=repr,
)
def test_an_id_is_looked_up_and_never_joined_to_a_path(
    client: TestClient, at: Desk, name: str
) -> None:
    archive.write(record("secret"), at.shelf.source.folder.parent)
    assert code(client.get("/api/article", params={"id": name})) == (404, "unknown_article")
    answer = client.post("/api/decisions", json=accept(at) | {"article": name})
    assert code(answer) == (404, "unknown_article")
    assert not (at.shelf.source.folder / DECISIONS).exists() or at.shelf.log.read() == ()


def test_a_request_that_is_too_long_is_not_read(client: TestClient) -> None:
    body = b'{"request": "' + b"x" * 300_000 + b'"}'
    headers = {"content-type": "application/json"}
    answer = client.post("/api/undo", content=body, headers=headers)
    assert code(answer) == (413, "too_large")
