"""JSON: an object, a list or lines, under whatever names an exporter gives its keys."""

import json
from pathlib import Path

import pytest

from pipeline.read import Unreadable, read_paths
from schemas.article import Article
from tests.reading import everything, failure, one


@pytest.mark.parametrize(
    "row",
    [
        {"id": "a", "text": "They met.", "title": "Talks", "published": "2024-03-05"},
        {
            "guid": "a",
            "body": "They met.",
            "headline": "Talks",
            "pubDate": "5 Mar 2024 01:00 +0900",
        },
        {"ID": "a", "Article Text": "They met.", "Headline": "Talks", "Published_At": "2024-03-05"},
        {"_id": "a", "content": ["They met."], "title": "Talks", "date": "2024-03-05T01:00:00Z"},
        {
            "id": "a",
            "text": None,
            "body": "They met.",
            "title": "Talks",
            "datePublished": "20240305",
        },
    ],
)
def test_common_names_of_keys_are_known(row: dict[str, object], tmp_path: Path) -> None:
    article = one(tmp_path, "x.json", json.dumps([row]).encode())
    assert (article.id, article.title) == ("a", "Talks")
    assert article.text.endswith("They met.")
    assert str(article.published.date) == "2024-03-05"


@pytest.mark.parametrize("key", ["articles", "items", "results", "data"])
def test_a_list_may_stand_in_an_object(key: str, tmp_path: Path) -> None:
    data = {"status": "ok", key: [{"url": "https://a.example", "content": "They met."}]}
    assert one(tmp_path, "x.json", json.dumps(data).encode()).text == "They met."


@pytest.mark.parametrize(
    "data",
    [
        {"data": {"articles": [{"text": "They met."}]}},
        {"response": {"results": [{"text": "They met."}]}},
        {"articles": [], "results": [{"text": "They met."}]},
    ],
)
def test_a_list_is_found_where_services_put_it(data: object, tmp_path: Path) -> None:
    article = one(tmp_path, "x.json", json.dumps(data).encode())
    assert (article.id, article.text) == ("x-item-1", "They met.")


@pytest.mark.parametrize("key", ["text", "content_html", "bodyHtml", "content"])
def test_html_in_a_field_becomes_text(key: str, tmp_path: Path) -> None:
    html = "<p>They <b>met</b>.</p><p>R&amp;D.</p>"
    value = {"rendered": html} if key == "content" else html
    row = {"id": "a", "title": {"rendered": "Talks &amp; Ships"}, key: value}
    article = one(tmp_path, "x.json", json.dumps([row]).encode())
    assert article.text == "Talks & Ships\n\nThey met.\nR&D."
    assert one(tmp_path, "x.csv", f"id,text\n1,{html}\n".encode()).text == "They met.\nR&D."
    assert one(tmp_path, "y.csv", b"id,text\n1,a < b &amp; c\n").text == "a < b &amp; c"


def test_a_text_that_its_service_cut_is_no_article(tmp_path: Path) -> None:
    data = json.dumps({"articles": [{"content": "They met in the \u2026 [+2345 chars]"}]})
    assert "only the beginning of a text" in failure(tmp_path, "x.json", data.encode())


def test_one_object_is_called_after_its_file(tmp_path: Path) -> None:
    assert one(tmp_path, "talks.json", b'{"text": "They met."}').id == "talks"


def test_lines_under_the_name_of_json_are_lines(tmp_path: Path) -> None:
    data = b'{"id": 1, "text": "They met."}\n{"id": 2, "text": "They left."}\n'
    assert [item.id for item in everything(tmp_path, "x.json", data)] == ["1", "2"]


def test_a_bad_item_is_named_by_its_number_and_harms_no_other(tmp_path: Path) -> None:
    data = json.dumps([{"id": 1, "text": "They met."}, 2, {"id": 3}, {"id": 4, "text": " "}])
    good, *bad = everything(tmp_path, "x.json", data.encode())
    assert isinstance(good, Article)
    for number, item in zip((2, 3, 4), bad, strict=True):
        assert isinstance(item, Unreadable)
        assert f"x.json, item {number}," in item.reason


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"[]", "empty list"),
        (b"{", "not valid JSON"),
        (b"[" * 1_000_000, "nested"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested"),
        (b'{"a": 1}', "has no text"),
        (b'{"text": {"other": "x"}}', "something else in its place"),
        (b'{"article": {}, "summary": {}, "made": {}}', "record that readout wrote"),
        (b'{"text": "x", "id": {"a": 1}}', "no plain text"),
        (b"1" * 5_000, "not valid JSON"),
    ],
)
def test_json_that_is_no_article_says_why(data: bytes, word: str, tmp_path: Path) -> None:
    assert word in failure(tmp_path, "x.json", data)


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_lines_that_hold_nothing_say_so(data: bytes, tmp_path: Path) -> None:
    assert "holds no article; fill it" in failure(tmp_path, "x.jsonl", data)


def test_a_broken_line_is_named_by_its_number(tmp_path: Path) -> None:
    assert "x.jsonl, line 312," in failure(tmp_path, "x.jsonl", b"\n" * 311 + b'{"id": \n')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16"])
def test_a_line_too_long_is_passed_over(encoding: str, tmp_path: Path) -> None:
    long = '{"id": 1, "text": "' + "a" * 10_000_000 + '"}\n{"id": 2, "text": "They met."}\n'
    bad, good = everything(tmp_path, "x.jsonl", long.encode(encoding))
    assert isinstance(bad, Unreadable)
    assert "line 1, is longer than 8 MB" in bad.reason
    assert good.id == "2"


def test_lines_in_another_encoding_are_read_by_one_guess_for_the_file(tmp_path: Path) -> None:
    rows = [
        f'{{"id": {n}, "text": "양국 외교장관은 {n}일 서울에서 회담을 열고 합의했다."}}\n'
        for n in range(30)
    ]
    items = everything(tmp_path, "x.jsonl", "".join(rows).encode("euc-kr"))
    assert all(isinstance(item, Article) and "외교장관은" in item.text for item in items)


def test_hostile_text_stays_text_and_reaches_no_message(tmp_path: Path) -> None:
    text = "\x1b[31mred\x1b[0m \u202eback\u202c </script> {{ x }} \ud800 \x00 ends."
    rows = [
        {"id": "../../x", "text": text},
        {"id": "a\nb", "text": text, "title": text},
        {"id": text},
    ]
    file = tmp_path / "x.jsonl"
    file.write_bytes("\n".join(map(json.dumps, rows)).encode())
    first, second, third = read_paths([file])
    assert isinstance(first, Article)
    assert first.text == text.replace("\ud800", "\ufffd").replace("\0", "\ufffd")
    assert isinstance(second, Article)
    for item in (first, second, third):
        assert Path(item.id).name == item.id
        assert item.id.isprintable()
    assert isinstance(third, Unreadable)
    assert third.reason.isprintable()
    assert "red" not in third.reason
