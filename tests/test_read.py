"""Reading: text, Markdown and JSON lines, whole folders of them; failures that stop nothing."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.read import Unreadable, read_paths
from schemas.article import Article, Basis, Label

TEXT = "The ministers of Norland met.\nThey agreed.\n"


def one(path: Path) -> Article:
    (article,) = read_paths([path])
    assert isinstance(article, Article)
    return article


def failure(path: Path) -> Unreadable:
    (unreadable,) = read_paths([path])
    assert isinstance(unreadable, Unreadable)
    return unreadable


def lines(file: Path, *rows: object) -> Path:
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def test_a_text_file_is_named_by_its_stem_and_kept_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "2020 talks.txt"
    file.write_text(TEXT, encoding="utf-8")
    article = one(file)
    assert (article.id, article.text, article.title) == ("2020 talks", TEXT, None)
    assert [article.quote(sentence) for sentence in article.sentences] == TEXT.splitlines()


def test_a_markdown_file_gives_its_front_matter_and_the_text_under_it(tmp_path: Path) -> None:
    file = tmp_path / "x.markdown"
    file.write_text(
        "---\nid: talks-7\ntitle: Ministers meet\ndate: 2020-09-28\nsource: Agency\n"
        f"url: https://example.org/7\nextra: [1, 2]\n---\n# Ministers meet\n\n{TEXT}",
        encoding="utf-8",
    )
    article = one(file)
    assert (article.id, article.source, article.url) == (
        "talks-7",
        "Agency",
        "https://example.org/7",
    )
    assert article.published.date == dt.date(2020, 9, 28)
    assert article.published.basis is Basis.METADATA
    assert article.text.startswith("# Ministers meet")
    assert article.sentences[0].label is Label.TITLE


def test_a_date_with_a_clock_time_in_front_matter_is_a_date(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(f"---\npublished: 2020-09-28 17:14:00\n---\n{TEXT}", encoding="utf-8")
    assert one(file).published.date == dt.date(2020, 9, 28)


def test_horizontal_rules_are_not_front_matter(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(f"---\nJust a line\n---\n{TEXT}", encoding="utf-8")
    assert one(file).text.startswith("---\nJust a line")


def test_broken_front_matter_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(f"---\nid: [1\n---\n{TEXT}", encoding="utf-8")
    assert "front matter" in failure(file).reason


def test_json_lines_give_an_article_a_line_and_name_the_bad_ones(tmp_path: Path) -> None:
    file = tmp_path / "week.jsonl"
    good = json.dumps({"id": 7, "text": TEXT, "published": "2020-09-28", "other": None})
    file.write_text(f'{good}\n\n{{"id": "b"\n[1]\n{{"text": "x"}}\n{{"id": "c"}}\n', "utf-8")
    article, *bad = read_paths([file])
    assert isinstance(article, Article)
    assert (article.id, article.published.date) == ("7", dt.date(2020, 9, 28))
    reasons = [item.reason for item in bad if isinstance(item, Unreadable)]
    assert len(reasons) == len(bad) == 4
    for number, reason in zip((3, 4, 5, 6), reasons, strict=True):
        assert f"week.jsonl, line {number}," in reason


def test_a_title_that_the_text_lacks_is_put_before_it(tmp_path: Path) -> None:
    file = lines(tmp_path / "x.jsonl", {"id": "a", "text": TEXT, "title": "Ministers meet. Again"})
    article = one(file)
    assert article.text == f"Ministers meet. Again\n\n{TEXT}"
    titles = [article.quote(s) for s in article.sentences if s.label is Label.TITLE]
    assert titles == ["Ministers meet.", "Again"]


def test_a_title_that_only_begins_the_first_sentence_is_put_before_it(tmp_path: Path) -> None:
    file = lines(tmp_path / "x.jsonl", {"id": "a", "text": TEXT, "title": "The ministers"})
    assert one(file).text.startswith("The ministers\n\nThe ministers of")


@pytest.mark.parametrize(
    ("headline", "title"),
    [("Ministers  meet.", "ministers meet"), ("TALKS IN İZMİR", "Talks in Izmir")],
)
def test_a_title_under_page_furniture_is_found_there(
    headline: str, title: str, tmp_path: Path
) -> None:
    text = f"Press Releases\n\n(LEAD) {headline}\n{TEXT}"
    file = lines(tmp_path / "x.jsonl", {"id": "a", "text": text, "title": title})
    article = one(file)
    assert article.text == text
    assert article.sentences[1].label is Label.TITLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_recognised_and_line_breaks_levelled(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes("Café “Nord”.\r\nDone.\rReally.".encode(encoding))
    assert one(file).text == "Café “Nord”.\nDone.\nReally."


def test_json_lines_may_be_utf16(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes((json.dumps({"id": "ä", "text": TEXT}) + "\n").encode("utf-16"))
    assert one(file).id == "ä"


def test_a_utf8_file_cut_in_a_character_stays_readable(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes("양측은 회담을 열고 합의했다".encode()[:-1])
    assert one(file).text.startswith("양측은 회담을")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no text"),
        (b" \n\t\n", "no text"),
        (b"a\0b", "binary"),
        (b"\xff\xfea", "decoded"),
        (b"a \x81 b", "decoded"),
    ],
)
def test_a_file_without_readable_text_says_so_and_what_to_do(
    data: bytes, word: str, tmp_path: Path
) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(data)
    reason = failure(file).reason
    assert word in reason
    assert "x.txt" in reason
    assert reason.endswith(".")


def test_lone_surrogates_and_nul_in_json_become_replacement_characters(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"id": "\\ud800", "text": "A \\ud800 b \\u0000 c \\ud83d\\ude00."}', "utf-8")
    article = one(file)
    assert article.text == "A \ufffd b \ufffd c 😀."
    assert Article.model_validate_json(article.model_dump_json()) == article


def test_a_folder_is_read_recursively_in_order_without_hidden_files_and_readmes(
    tmp_path: Path,
) -> None:
    for name in ("b.txt", "a/z.txt", "a/README.md", ".git/c.txt", ".d.txt", "e.docx", "f.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [item.id for item in read_paths([tmp_path, tmp_path / "b.txt"])] == ["z", "b", "f"]


@pytest.mark.parametrize("name", ["missing.txt", "empty"])
def test_a_path_that_makes_no_sense_is_an_error_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=name):
        read_paths([tmp_path / name])


def test_no_path_at_all_is_an_error() -> None:
    with pytest.raises(UsageError):
        read_paths([])


def test_a_file_that_vanishes_stops_nothing(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    items = read_paths([tmp_path])
    (tmp_path / "a.txt").unlink()
    assert [type(item) for item in items] == [Unreadable, Article]


def test_articles_are_read_one_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    later = tmp_path / "b.txt"
    later.write_text("Old.", encoding="utf-8")
    items = read_paths([tmp_path])
    next(items)
    later.write_text("New.", encoding="utf-8")
    second = next(items)
    assert isinstance(second, Article)
    assert second.text == "New."


def test_a_given_date_holds_for_every_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Published: Jan. 3, 2019\n{TEXT}", encoding="utf-8")
    (article,) = read_paths([tmp_path], published=dt.date(2020, 1, 1))
    assert isinstance(article, Article)
    assert article.published.date == dt.date(2020, 1, 1)


def test_a_link_that_points_at_itself_is_that_articles_failure(tmp_path):
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "good.txt").write_text("They met.")
    good, loop = read_paths([tmp_path])
    assert good.id == "good"
    assert isinstance(loop, Unreadable)


def test_a_path_too_long_to_exist_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be reached"):
        read_paths([tmp_path / f"{'a' * 300}.txt"])


def test_a_locked_folder_inside_is_told_and_not_passed_over(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    (tmp_path / "good.txt").write_text("They met.")
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert [item.id for item in read_paths([tmp_path])] == ["good", "locked"]
