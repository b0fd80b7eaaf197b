"""Ids: every article has one of its own, and each can be the name of a file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import Unreadable, read_paths, safe_id
from schemas.article import Article

TEXT = "The ministers of Norland met."


def test_a_repeated_id_is_refused_and_leaves_the_first_article_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("".join(json.dumps({"id": name, "text": TEXT}) + "\n" for name in "aAab"))
    first, second, third, fourth = read_paths([file])
    assert isinstance(first, Article)
    assert isinstance(fourth, Article)
    assert isinstance(second, Unreadable)
    assert isinstance(third, Unreadable)
    assert "line 3" in third.reason
    assert len({item.id for item in (first, second, third, fourth)}) == 4


def test_an_id_in_front_matter_that_is_no_plain_text_is_that_articles_failure(tmp_path):
    """Lists of aliases of lists would be gigabytes as a string."""
    bomb = "a: &a [x,x]\nb: &b [*a,*a]\nid: *b"
    for name, matter in (("bomb", bomb), ("digits", f"id: 0x{'f' * 5000}")):
        (tmp_path / f"{name}.md").write_text(f"---\n{matter}\n---\nThey met.\n")
    found = list(read_paths([tmp_path]))
    assert [(item.id, type(item)) for item in found] == [
        ("bomb", Unreadable),
        ("digits", Unreadable),
    ]


@pytest.mark.parametrize("name", ["talks-7", "2020 talks", "회담", "a.b_c"])
def test_a_harmless_id_is_kept(name: str) -> None:
    assert safe_id(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "C:x",
        ".hidden",
        "-rf",
        "a\n",
        "a\u202eb",
        "nul",
        "x." * 70,
        "\ud800",
        "회" * 100,
        "a?",
    ],
)
def test_a_dangerous_id_becomes_a_slug_with_a_digest(name: str) -> None:
    safe = safe_id(name)
    assert safe != name
    assert safe_id(safe) == safe
    assert safe_id(f"{name}!/") != safe


@given(st.text(st.characters(codec=None), max_size=150))
def test_every_id_can_be_a_file_name(name: str) -> None:
    safe = safe_id(name)
    assert 0 < len(safe.encode()) <= 200
    assert Path(safe).name == safe
    assert safe.isprintable()
