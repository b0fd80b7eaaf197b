"""The review server: what it answers, and that article text is never anything but data."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from fastapi.testclient import TestClient

from pipeline.review.desk import Desk
from pipeline.review.shelf import Source
from schemas.decision import Kind
from tests import asking, reviewing
from tests.asking import accept, admitted, code
from tests.records import folder, hostile, record
from tests.samples import TEXT, meeting

at, client = asking.at, asking.client


def test_hostile_text_comes_as_json_and_the_page_has_none_of_it(tmp_path: Path) -> None:
    made = hostile()
    at = reviewing.desk(folder(tmp_path / "hostile", made))
    with admitted(at) as client:
        assert "<script>document" not in client.get("/").text
        answer = client.get("/api/article", params={"id": made.article.id})
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["text"] == made.article.text
        assert answer.json()["meetings"][0]["rows"][0]["value"]["name"] == (
            made.summary.meetings[0].name
        )


def test_the_page_escapes_what_it_is_told_about_the_folder(tmp_path: Path) -> None:
    at = reviewing.desk(folder(tmp_path / "<script>x", record()), "<b>anna")
    with admitted(at) as client:
        page = client.get("/").text
        assert "<script>x" not in page
        assert "<b>anna" not in page


def test_an_article_of_20_000_words_can_be_reviewed(tmp_path: Path) -> None:
    text = TEXT + "\n".join(f"Sentence number {n} has eight words in it." for n in range(2500))
    at = reviewing.desk(folder(tmp_path / "long", record(text=text)))
    with admitted(at) as client:
        found = client.get("/api/article?id=grain").json()
        assert len(found["sentences"]) > 2500
        assert client.post("/api/decisions", json=accept(at)).status_code == 200


def test_a_conflict_carries_both_sides_and_the_article_as_it_is_now(
    client: TestClient, at: Desk
) -> None:
    stale = accept(at)
    ben = reviewing.desk(at.shelf.source.folder, "ben")
    row = reviewing.row(at, Kind.AGENDA).item.id
    reviewing.press(ben, {"action": "edit", "row": row, "value": {"topic": "grain"}})
    answer = client.post("/api/decisions", json=stale)
    assert code(answer) == (409, "conflict")
    [met] = answer.json()["error"]["rows"]
    assert met["row"] == row
    assert met["yours"]["value"] == {"topic": "grain exports"}
    assert (met["theirs"]["by"], met["theirs"]["new"]["value"]) == ("ben", {"topic": "grain"})
    assert answer.json()["article"]["seq"] == 1


def test_who_insists_after_a_conflict_is_heard(client: TestClient, at: Desk) -> None:
    stale = accept(at)
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
    assert code(bad) == (422, "not_in_evidence")
    assert at.shelf.log.read() == ()


def test_text_that_is_no_unicode_is_refused_and_saved_nowhere(client: TestClient, at: Desk) -> None:
    row = reviewing.row(at, Kind.AGENDA).item.id
    step = accept(at) | {"decisions": [{"action": "edit", "row": row, "value": {"topic": "?"}}]}
    body = json.dumps(step).replace('"?"', '"\\ud800", "as_cited": true')
    headers = {"content-type": "application/json"}
    answer = client.post("/api/decisions", content=body, headers=headers)
    assert answer.status_code == 422
    assert at.shelf.log.read() == ()


def test_undo_and_redo_name_what_they_take_back(client: TestClient, at: Desk) -> None:
    client.post("/api/decisions", json=accept(at))
    row = reviewing.row(at, Kind.AGENDA).item.id
    undone = client.post("/api/undo", json={"request": reviewing.request()}).json()
    assert undone["undone"] == {"article": "grain", "rows": [row], "action": "accept"}
    redone = client.post("/api/redo", json={"request": reviewing.request()}).json()
    assert redone["redone"]["rows"] == [row]
    again = client.post("/api/redo", json={"request": reviewing.request()})
    assert code(again) == (409, "nothing_to_redo")


def test_the_history_says_who_decided_what_on_what_basis(client: TestClient, at: Desk) -> None:
    client.post("/api/decisions", json=accept(at))
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
        answer = client.post("/api/decisions", json=accept(at) | change)
        assert code(answer) == (422, "invalid_request")
        assert answer.json()["error"]["message"].endswith(".")
    assert code(client.get("/api/queue?show=everything")) == (422, "invalid_request")
    headers = {"content-type": "application/json"}
    broken = client.post("/api/decisions", content=b"{", headers=headers)
    assert code(broken) == (422, "invalid_request")


def test_a_disk_that_is_full_is_told_and_the_decision_is_not_lost(
    client: TestClient, at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = accept(at)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("pipeline.lines.Appended.append", full)
        answer = client.post("/api/decisions", json=step)
        assert code(answer) == (507, "unsaved")
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
    reviewing.failing(at.shelf.source.folder, "oslo")
    found = client.get("/api/article?id=oslo").json()
    assert (found["outcome"], found["reason"], found["text"]) == ("refused", "It declined.", None)
    [entry] = client.get("/api/queue?outcome=refused").json()["articles"]
    assert (entry["id"], entry["attempts"], entry["tokens"]["prompt"]) == ("oslo", 1, 9)


def test_an_article_that_failed_is_taken_up_with_its_text_and_keeps_its_reason(
    client: TestClient, at: Desk
) -> None:
    reviewing.failing(at.shelf.source.folder, "oslo")
    for _ in range(2):  # who asks twice gets the same
        answer = client.post("/api/by-hand", json={"article": "oslo"}).json()
        assert (answer["article"]["text"], answer["article"]["meetings"]) == (TEXT, [])
        assert answer["article"]["reason"] == "It declined."
        assert answer["progress"]["articles"] == 2
    assert answer["article"] == client.get("/api/article?id=oslo").json()


def test_only_what_failed_is_taken_up(client: TestClient, at: Desk) -> None:
    for name in ("../grain", "nobody"):
        answer = client.post("/api/by-hand", json={"article": name})
        assert code(answer) == (404, "unknown_article")
    assert client.post("/api/by-hand", json={"article": "grain"}).json()["article"]["meetings"]
    assert at.shelf.by_hand.places() == {}


def test_a_decision_counts_the_folder_once(
    client: TestClient, at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is all the work there is, where a folder has thousands of articles."""
    entries = Mock(wraps=at.entries)
    monkeypatch.setattr(at, "entries", entries)
    assert client.post("/api/decisions", json=accept(at)).status_code == 200
    assert entries.call_count == 1


def test_another_run_stands_beside_ours_row_by_row(tmp_path: Path) -> None:
    more = [{"topic": "food security", "evidence": [2]}]
    other = folder(tmp_path / "b", record("grain", meeting(agenda=more, status="planned")))
    at = Desk(folder(tmp_path / "a", record()), "anna", other=Source(other))
    with admitted(at) as client:
        found = client.get("/api/article?id=grain").json()
        rows = {row["kind"]: row for row in found["meetings"][0]["rows"]}
        assert rows["meeting"]["disagrees"]
        assert rows["meeting"]["other"]["value"]["status"] == "planned"
        assert (rows["agenda"]["disagrees"], rows["agenda"]["other"]) == (True, None)
        assert not rows["parties"]["disagrees"]
        assert [each["value"] for each in found["other"]["only"]] == [{"topic": "food security"}]
        assert client.get("/api/queue?disagree=1").json()["shown"] == 1
