"""Standard input is read as it comes, and to the same articles as if all of it had been there."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.read import read_paths
from schemas.article import Article


class Live(io.RawIOBase):
    """A pipe that gives a piece a time, as whoever writes into it has one; `left` has the others.

    Below a TextIOWrapper as a real one is: without a buffer between.
    """

    def __init__(self, *pieces: bytes) -> None:
        self.left = list(pieces)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert all(len(piece) <= size for piece in self.left)
        return self.left.pop(0) if self.left else b""


@pytest.mark.parametrize("name", ["id", "url"])
def test_lines_on_standard_input_are_read_as_they_come(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for 64 kB; without an id, it takes a second line to see that they are lines."""
    texts = [f"They met on day {number}." for number in range(4)]
    rows = [{name: f"a{number}", "text": text} for number, text in enumerate(texts)]
    live = Live(b"\n", *(f"{json.dumps(row)}\n".encode() for row in rows))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=live))
    items = read_paths([Path("-")])
    for number in range(4):
        article = next(items)
        assert isinstance(article, Article)
        assert (article.id, article.text) == (f"a{number}", texts[number])
        assert len(live.left) >= 4 - number - (2 if name == "url" else 1)
    assert next(items, None) is None


@pytest.mark.parametrize(
    "rows",
    [
        b'{"articles": [{"id": "ferry", "text": "They met."}]}\n',  # an answer of a news service
        b'{"text": "They met."}\n',  # one article, and no lines
        b'{"id": "ferry",\n"text": "They met."}',
    ],
)
def test_json_on_standard_input_that_may_be_no_lines_is_read_to_its_end(
    rows: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(*(rows[at : at + 16] for at in range(0, len(rows), 16)))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=live))
    (article,) = read_paths([Path("-")])
    assert isinstance(article, Article)
    assert article.text == "They met."


def test_lines_are_decoded_alike_however_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess at their encoding must not depend on how much had come by then."""
    texts = ["They met.", "Łódź i Kraków: ministrowie rozmawiali o współpracy.", "Żegnaj, Gdańsk."]
    rows = [{"id": f"a{number}", "text": text} for number, text in enumerate(texts)]
    lines = [f"{json.dumps(row, ensure_ascii=False)}\n".encode("cp1250") for row in rows]
    read = []
    for pieces in (lines, [b"".join(lines)]):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Live(*pieces)))
        read.append(list(read_paths([Path("-")])))
    assert read[0] == read[1]
    assert len(read[0]) == 3
