"""What is looked at again, and what is not."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import compose
from pipeline.intake import Archived, Begun, Desk
from pipeline.read import Found, Unreadable, find_articles
from pipeline.shelf import Files
from schemas.record import Record
from schemas.way import Way
from tests.samples import HOSTED, TEXT, article
from tests.test_run import replayed


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    file = tmp_path / "wire.jsonl"
    rows = [{"id": "a", "text": TEXT}, {"id": "b", "text": f"(LEAD) {TEXT}\nMore is to follow."}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def begun(wire: Path, shelf: Files, way: Way = HOSTED, **more) -> list[object]:
    desk = Desk(way, shelf, **more)
    return [desk.begin(item) for item in find_articles([wire])]


def archive_all(wire: Path, tmp_path: Path) -> Record:
    """Put a record and a note about each article."""
    record = replayed(tmp_path)
    with closing(Files(tmp_path / "out")) as shelf:
        for each in begun(wire, shelf):
            assert isinstance(each, Begun)
            shelf.put(record.model_copy(update={"article": each.article}))
            shelf.note(each.article.id, each.note)
    return record


def test_what_is_archived_is_neither_split_nor_composed(wire, tmp_path, monkeypatch):
    archive_all(wire, tmp_path)

    def looked_at(*_: object) -> None:
        raise AssertionError("an article that is done was looked at")

    monkeypatch.setattr(Found, "article", looked_at)
    monkeypatch.setattr(compose, "compose", looked_at)
    with closing(Files(tmp_path / "out")) as shelf:
        assert begun(wire, shelf) == [Archived("a"), Archived("b")]


@pytest.mark.parametrize("change", [{"model": "other"}, {"prompt": "embedded"}, {"cites": False}])
def test_another_model_prompt_or_schema_begins_all_again(wire, tmp_path, change):
    archive_all(wire, tmp_path)
    with closing(Files(tmp_path / "out")) as shelf:
        again = begun(wire, shelf, HOSTED.model_copy(update=change))
    assert all(isinstance(each, Begun) for each in again)


def test_links_are_the_same_whether_an_article_was_skipped_or_not(wire, tmp_path):
    archive_all(wire, tmp_path)
    (tmp_path / "out" / "b.json").unlink()
    with closing(Files(tmp_path / "out")) as shelf:
        first, second = begun(wire, shelf)
    assert first == Archived("a")
    assert isinstance(second, Begun)
    assert second.edition.replaces == "a"


def test_only_the_wanted_are_begun_but_all_are_linked(wire, tmp_path):
    with closing(Files(tmp_path / "out")) as shelf:
        first, second = begun(wire, shelf, wanted={"b"})
    assert first is None
    assert isinstance(second, Begun)
    assert second.edition.replaces == "a"


def test_what_cannot_be_read_goes_through_where_it_is_wanted():
    bad = Unreadable(id="x", reason="x is empty; delete it.")
    assert Desk(HOSTED, None).begin(bad) == bad
    assert Desk(HOSTED, None, {"y"}).begin(bad) is None


def test_an_article_that_comes_without_its_file_is_always_begun(wire, tmp_path):
    archive_all(wire, tmp_path)
    with closing(Files(tmp_path / "out")) as shelf:
        assert isinstance(Desk(HOSTED, shelf).begin(article(name="a")), Begun)
