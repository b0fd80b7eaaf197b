"""The review server: who may speak to it, and that article text is never anything but data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline import archive
from pipeline.review import guard
from pipeline.review.desk import Desk, Source
from pipeline.review.guard import Gate
from pipeline.review.log import DECISIONS
from pipeline.review.server import application
from schemas.decision import Kind
from tests import reviewing
from tests.records import folder, hostile, record
from tests.samples import TEXT, meeting

_HERE = "http://127.0.0.1:8720"
_READS = ["/", "/static/review.js", "/api/session", "/api/queue", "/api/article?id=grain"]
_WRITES = ["/api/decisions", "/api/check", "/api/undo", "/api/redo"]


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    return reviewing.desk(folder(tmp_path / "out", record()))


@pytest.fixture
def gate() -> Gate:
    return guard.gate("127.0.0.1", 8720)


@pytest.fixture
def stranger(at: Desk, gate: Gate) -> Iterator[TestClient]:
    """Somebody who has not been given the address."""
    with TestClient(application(at, gate), base_url=_HERE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, gate: Gate) -> TestClient:
    """The reviewer's browser."""
    assert stranger.get(f"/launch?token={gate.token}").status_code == 303
    return stranger


def _step(at: Desk, *wishes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return reviewing.step(at, *wishes, **changes).model_dump(mode="json", exclude_none=True)


def _accept(at: Desk, kind: Kind = Kind.AGENDA) -> dict[str, Any]:
    return _step(at, {"action": "accept", "row": reviewing.row(at, kind).item.id})


def _code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    "path", [*_READS, *_WRITES, "/launch", "/launch?token=", "/launch?token=x"]
)
def test_nothing_is_answered_without_the_secret_address(stranger: TestClient, path: str) -> None:
    method = "POST" if path in _WRITES else "GET"
    assert _code(stranger.request(method, path, json={} if method == "POST" else None)) == (
        403,
        "no_token",
    )


def test_the_secret_stays_in_a_cookie_that_no_script_and_no_other_site_can_use(
    stranger: TestClient, gate: Gate
) -> None:
    answer = stranger.get(f"/launch?token={gate.token}")
    assert answer.headers["location"] == "/"
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
        assert _code(answer) == (400, "foreign_host")
    launch = client.get(f"/launch?token={gate.token}", headers={"host": "evil.example:8720"})
    assert _code(launch) == (400, "foreign_host")
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
@pytest.mark.parametrize("path", _WRITES)
def test_another_page_cannot_write_even_with_the_cookie(
    client: TestClient, at: Desk, path: str, headers: dict[str, str]
) -> None:
    assert _code(client.post(path, json=_accept(at), headers=headers)) == (403, "foreign_page")
    assert at.shelf.log.read() == ()


def test_our_own_page_can(client: TestClient, at: Desk) -> None:
    headers = {"origin": _HERE, "sec-fetch-site": "same-origin"}
    answer = client.post("/api/decisions", json=_accept(at), headers=headers)
    assert answer.status_code == 200
    assert [answer.json()["saved"][0]] == [each.id for each in at.shelf.log.read()]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_cannot_write(client: TestClient, at: Desk, kind: str) -> None:
    body = reviewing.step(at, {"action": "accept", "row": "r"}).model_dump_json()
    answer = client.post("/api/decisions", content=body, headers={"content-type": kind})
    assert _code(answer) == (415, "not_json")


@pytest.mark.parametrize("path", [*_READS, "/nowhere", "/static/nothing.js"])
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
    assert _code(client.get("/api/article", params={"id": name})) == (404, "unknown_article")
    answer = client.post("/api/decisions", json=_accept(at) | {"article": name})
    assert _code(answer) == (404, "unknown_article")
    assert not (at.shelf.source.folder / DECISIONS).exists() or at.shelf.log.read() == ()


def test_hostile_text_comes_as_json_and_the_page_has_none_of_it(tmp_path: Path, gate: Gate) -> None:
    made = hostile()
    at = reviewing.desk(folder(tmp_path / "hostile", made))
    with TestClient(application(at, gate), base_url=_HERE) as client:
        client.get(f"/launch?token={gate.token}")
        assert "<script>document" not in client.get("/").text
        answer = client.get("/api/article", params={"id": made.article.id})
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["text"] == made.article.text
        assert answer.json()["meetings"][0]["rows"][0]["value"]["name"] == (
            made.summary.meetings[0].name
        )


def test_the_page_escapes_what_it_is_told_about_the_folder(tmp_path: Path, gate: Gate) -> None:
    at = reviewing.desk(folder(tmp_path / "<script>x", record()), "<b>anna")
    with TestClient(application(at, gate), base_url=_HERE) as client:
        client.get(f"/launch?token={gate.token}")
        page = client.get("/").text
        assert "<script>x" not in page
        assert "<b>anna" not in page


def test_an_article_of_20_000_words_can_be_reviewed(tmp_path: Path, gate: Gate) -> None:
    text = TEXT + "\n".join(f"Sentence number {n} has eight words in it." for n in range(2500))
    at = reviewing.desk(folder(tmp_path / "long", record(text=text)))
    with TestClient(application(at, gate), base_url=_HERE) as client:
        client.get(f"/launch?token={gate.token}")
        found = client.get("/api/article?id=grain").json()
        assert len(found["sentences"]) > 2500
        assert client.post("/api/decisions", json=_accept(at)).status_code == 200


def test_a_conflict_carries_both_sides_and_the_article_as_it_is_now(
    client: TestClient, at: Desk
) -> None:
    stale = _accept(at)
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(ben, {"action": "edit", "row": row, "value": {"topic": "grain"}})
    answer = client.post("/api/decisions", json=stale)
    assert _code(answer) == (409, "conflict")
    [met] = answer.json()["error"]["rows"]
    assert met["row"] == row
    assert met["yours"]["value"] == {"topic": "grain exports"}
    assert (met["theirs"]["by"], met["theirs"]["new"]["value"]) == ("ben", {"topic": "grain"})
    assert answer.json()["article"]["seq"] == 1


def test_who_insists_after_a_conflict_is_heard(client: TestClient, at: Desk) -> None:
    stale = _accept(at)
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(ben, {"action": "edit", "row": row, "value": {"topic": "grain"}})
    answer = client.post("/api/decisions", json=stale).json()
    yours = answer["error"]["rows"][0]["yours"]
    spans = [{"start": each["start"], "end": each["end"]} for each in yours["evidence"]]
    wish = {"action": "edit", "row": row, "value": yours["value"], "evidence": spans}
    again = stale | {"request": reviewing.request(), "seen": answer["article"]["seq"]}
    answer = client.post("/api/decisions", json=again | {"decisions": [wish]})
    assert answer.status_code == 200
    assert [each.by for each in at.shelf.log.read()] == ["ben", "anna"]
    [found] = [r for m in answer.json()["article"]["meetings"] for r in m["rows"] if r["id"] == row]
    assert (found["value"], found["standing"]) == ({"topic": "grain exports"}, "accepted")


def test_a_value_can_be_checked_before_it_is_saved(client: TestClient, at: Desk) -> None:
    asked = {"article": "grain", "kind": "agenda", "value": {"topic": "grain"}}
    spans = [reviewing.span(at, "grain exports")]
    good = client.post("/api/check", json=asked | {"evidence": spans})
    assert good.json()["evidence_state"] == "exact"
    assert [TEXT[each["start"] : each["end"]] for each in good.json()["marks"]] == ["grain"]
    bad = client.post("/api/check", json=asked | {"evidence": [reviewing.span(at, "Envoys")]})
    assert _code(bad) == (422, "not_in_evidence")
    assert at.shelf.log.read() == ()


def test_text_that_is_no_unicode_is_refused_and_saved_nowhere(client: TestClient, at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    step = _accept(at) | {"decisions": [{"action": "edit", "row": row, "value": {"topic": "?"}}]}
    body = json.dumps(step).replace('"?"', '"\\ud800", "as_cited": true')
    headers = {"content-type": "application/json"}
    answer = client.post("/api/decisions", content=body, headers=headers)
    assert answer.status_code == 422
    assert at.shelf.log.read() == ()


def test_undo_and_redo_name_what_they_take_back(client: TestClient, at: Desk) -> None:
    client.post("/api/decisions", json=_accept(at))
    row = reviewing.row(at, Kind.AGENDA).item.id
    undone = client.post("/api/undo", json={"request": reviewing.request()}).json()
    assert undone["undone"] == {"article": "grain", "rows": [row], "action": "accept"}
    redone = client.post("/api/redo", json={"request": reviewing.request()}).json()
    assert redone["redone"]["rows"] == [row]
    again = client.post("/api/redo", json={"request": reviewing.request()})
    assert _code(again) == (409, "nothing_to_redo")


def test_the_history_says_who_decided_what_on_what_basis(client: TestClient, at: Desk) -> None:
    client.post("/api/decisions", json=_accept(at))
    client.post("/api/undo", json={"request": reviewing.request()})
    newest, oldest = client.get("/api/history?article=grain").json()["decisions"]
    assert (newest["action"], newest["undoes"], newest["undone"]) == ("undo", oldest["id"], False)
    assert (oldest["by"], oldest["action"], oldest["undone"]) == ("anna", "accept", True)
    assert oldest["old"]["value"] == {"topic": "grain exports"}
    assert oldest["basis"]["model"] == "test-model"


def test_other_tabs_hear_which_articles_were_decided_on(client: TestClient, at: Desk) -> None:
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    reviewing.press(ben, {"action": "accept", "row": reviewing.row(ben, Kind.DATE).item.id})
    assert client.get("/api/changes?since=0").json() == {"seq": 1, "articles": ["grain"]}
    assert client.get("/api/changes?since=1").json() == {"seq": 1, "articles": []}


def test_a_request_that_makes_no_sense_gets_a_sentence(client: TestClient, at: Desk) -> None:
    changes: list[dict[str, Any]] = [
        {"seen": -1},
        {"decisions": []},
        {"request": "../x"},
        {"seconds": "NaN"},
    ]
    for change in changes:
        answer = client.post("/api/decisions", json=_accept(at) | change)
        assert _code(answer) == (422, "invalid_request")
        assert answer.json()["error"]["message"].endswith(".")
    assert _code(client.get("/api/queue?show=everything")) == (422, "invalid_request")
    headers = {"content-type": "application/json"}
    broken = client.post("/api/decisions", content=b"{", headers=headers)
    assert _code(broken) == (422, "invalid_request")


def test_a_request_that_is_too_long_is_not_read(client: TestClient) -> None:
    body = b'{"request": "' + b"x" * 300_000 + b'"}'
    headers = {"content-type": "application/json"}
    answer = client.post("/api/undo", content=body, headers=headers)
    assert _code(answer) == (413, "too_large")


def test_a_disk_that_is_full_is_told_and_the_decision_is_not_lost(
    client: TestClient, at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = _accept(at)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("pipeline.lines.Appended.append", full)
        answer = client.post("/api/decisions", json=step)
        assert _code(answer) == (507, "unsaved")
        assert "No space left" in answer.json()["error"]["message"]
    assert client.post("/api/decisions", json=step).status_code == 200
    assert len(at.shelf.log.read()) == 1


def test_the_page_gets_what_the_reviewer_needs_beside_the_source(client: TestClient) -> None:
    found = client.get("/api/article?id=grain").json()
    assert [s["paragraph"] for s in found["sentences"]] == [1, 2, 3]
    assert [s["cited"] for s in found["sentences"]] == [False, True, True]
    topic = next(r for r in found["meetings"][0]["rows"] if r["kind"] == "agenda")
    [mark] = topic["marks"]
    assert found["text"][mark["start"] : mark["end"]] == "grain exports"
    assert topic["evidence"][0]["quote"] in found["text"]
    assert found["made"]["model"] == "test-model"


def test_an_article_that_failed_is_shown_with_its_reason(client: TestClient, at: Desk) -> None:
    line = (
        '{"id": "oslo", "outcome": "refused", "status": 200, "attempts": 2, "reason": "No.", '
        '"tokens": {"prompt": 7, "completion": 1}, "at": "2026-11-22T08:00:00Z"}\n'
    )
    (at.shelf.source.folder / archive.FAILURES).write_text(line)
    found = client.get("/api/article?id=oslo").json()
    assert (found["outcome"], found["reason"], found["text"]) == ("refused", "No.", None)
    [entry] = client.get("/api/queue?outcome=refused").json()["articles"]
    assert (entry["id"], entry["attempts"], entry["tokens"]["prompt"]) == ("oslo", 2, 7)


def test_another_run_stands_beside_ours_row_by_row(tmp_path: Path, gate: Gate) -> None:
    more = [{"topic": "food security", "evidence": [2]}]
    other = folder(tmp_path / "b", record("grain", meeting(agenda=more, status="planned")))
    at = Desk(folder(tmp_path / "a", record()), "anna", other=Source(other))
    with TestClient(application(at, gate), base_url=_HERE) as client:
        client.get(f"/launch?token={gate.token}")
        found = client.get("/api/article?id=grain").json()
        rows = {row["kind"]: row for row in found["meetings"][0]["rows"]}
        assert rows["meeting"]["disagrees"]
        assert rows["meeting"]["other"]["value"]["status"] == "planned"
        assert (rows["agenda"]["disagrees"], rows["agenda"]["other"]) == (True, None)
        assert not rows["parties"]["disagrees"]
        assert [each["value"] for each in found["other"]["only"]] == [{"topic": "food security"}]
        assert client.get("/api/queue?disagree=1").json()["shown"] == 1
