"""Every format: the same story reads the same, and no bytes under any name do harm."""

import datetime as dt
import gzip
import io
import random
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import compose
from pipeline.cli import main
from pipeline.distil import distil
from pipeline.errors import UsageError
from pipeline.read import Unreadable, find_files, read_paths
from pipeline.read.formats import SUFFIXES
from schemas.article import Article, Label
from schemas.extraction import Extraction
from schemas.summary import State
from tests import samples, story
from tests.conftest import Readout
from tests.reading import failure, one


def sentences(article: Article) -> list[str]:
    return [" ".join(article.quote(sentence).split()) for sentence in article.sentences]


@pytest.mark.parametrize("name", story.FORMATS)
def test_a_story_has_the_same_sentences_in_every_format(name: str, tmp_path: Path) -> None:
    article = one(tmp_path, name, story.FORMATS[name]())
    read = sentences(article)
    assert read == sentences(one(tmp_path, "plain.txt", f"{story.TITLE}\n\n{story.TEXT}".encode()))
    assert " ".join(read) == " ".join([story.TITLE, *story.PARAGRAPHS])
    assert [each.label for each in article.sentences] == [Label.TITLE, *[Label.BODY] * 7]
    assert article.title == story.TITLE


@pytest.mark.parametrize("name", story.FORMATS)
def test_what_is_found_in_a_story_is_quoted_by_its_offsets_in_every_format(
    name: str, tmp_path: Path
) -> None:
    """Front matter, line breaks and markup move the offsets; the words that they give stay."""
    article = one(tmp_path, name, story.FORMATS[name]())
    [meeting] = distil(Extraction.model_validate({"meetings": [story.MEETING]}), article).meetings
    found = {
        **{person.name: person.evidence for person in meeting.participants},
        **{item.topic: item.evidence for item in meeting.agenda},
        **{agreed.text: agreed.evidence for agreed in meeting.agreements},
    }
    assert found.keys() == story.SAID.keys()
    for value, evidence in found.items():
        assert evidence.state is State.EXACT
        [quote] = evidence.quotes
        words = article.text[quote.start : quote.end]
        assert words == quote.quote
        assert " ".join(words.split()).startswith(story.SAID[value])


def test_a_story_is_one_question_in_every_format(tmp_path: Path) -> None:
    """Once its day is known, which text and PDF do not say: copies are asked about once."""
    day = dt.date.fromisoformat(story.PUBLISHED)
    for name, make in story.FORMATS.items():
        (tmp_path / name).write_bytes(make())
    keys = {
        compose.compose(article, samples.HOSTED).key
        for name in story.FORMATS
        for article in read_paths(
            [tmp_path / name], day, text_column="Article" if name == "ferry.tsv" else None
        )
        if isinstance(article, Article)
    }
    assert len(keys) == 1


@pytest.mark.parametrize("name", set(story.FORMATS) - {"ferry.txt", "utf16.txt", "ferry.pdf"})
def test_a_format_that_has_metadata_gives_them(name: str, tmp_path: Path) -> None:
    article = one(tmp_path, name, story.FORMATS[name]())
    assert article.id == "ferry"
    assert str(article.published.date) == story.PUBLISHED
    assert (article.source, article.url) == (story.SOURCE, story.URL)


@pytest.mark.parametrize("name", story.FORMATS)
def test_standard_input_is_told_by_what_it_holds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = story.FORMATS[name]()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    column = "Article" if name == "ferry.tsv" else "text"
    (article,) = read_paths([Path("-")], text_column=column if "sv" in name else None)
    assert isinstance(article, Article)
    assert sentences(article) == sentences(one(tmp_path, name, data))
    assert article.id in ("ferry", "stdin")


def test_standard_input_that_comes_in_drops_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 7))

    stdin = io.TextIOWrapper(Dripping(story.FORMATS["ferry.jsonl"]()))
    monkeypatch.setattr(sys, "stdin", stdin)
    (article,) = read_paths([Path("-")])
    assert article.id == "ferry"


def test_prompt_reads_standard_input(readout: Readout) -> None:
    done = CliRunner(env=readout.environment).invoke(main, ["prompt", "-"], input=story.page())
    assert done.exit_code == 0, done.output
    assert "Torsen" in done.output


@pytest.mark.parametrize("given", ["./-", "[-]"])
def test_a_file_that_is_called_like_standard_input_is_read_where_it_stands(
    given: str, readout: Readout
) -> None:
    """Only a bare - is standard input, which would be waited for."""
    Path("-").write_bytes(story.page())
    done = CliRunner(env=readout.environment).invoke(main, ["prompt", given], input="They met.")
    assert done.exit_code == 0, done.output
    assert "Torsen" in done.output


def test_the_column_of_the_text_can_be_named(readout: Readout, tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_bytes(story.table(column="Wortlaut"))
    assert readout("prompt", "week.csv", "--text-column", "Wortlaut").exit_code == 0
    refused = readout("prompt", "week.csv")
    assert refused.exit_code == 1
    assert "--text-column" in refused.stderr
    assert "Wortlaut" in refused.stderr


@pytest.mark.parametrize("name", ["ferry", "ferry.story", "ferry.cgi"])
@pytest.mark.parametrize("kind", ["ferry.html", "ferry.pdf", "ferry.jsonl", "ferry.rss"])
def test_a_file_that_is_named_is_told_by_what_it_holds(
    name: str, kind: str, tmp_path: Path
) -> None:
    assert one(tmp_path, name, story.FORMATS[kind]()).title == story.TITLE


def test_a_folder_gives_every_format_and_nothing_else(tmp_path: Path) -> None:
    for name, make in story.FORMATS.items():
        (tmp_path / name).write_bytes(make())
    for name in ("notes.docx", "ferry.log", "README.md.gz", "x.tar.gz", ".x.html"):
        (tmp_path / name).write_bytes(b"They met.")
    assert {file.name for file in find_files([tmp_path])} == set(story.FORMATS)


def test_a_pattern_in_quotes_is_matched(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md", "in/d.txt", "[e].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("They met.")
    ids = [item.id for item in read_paths([tmp_path / "?.txt"])]
    assert ids == ["a", "b"]
    assert [item.id for item in read_paths([tmp_path / "**" / "d.txt"])] == ["d"]
    assert [item.id for item in read_paths([tmp_path / "[e].txt"])] == ["[e]"]
    assert [item.id for item in read_paths([tmp_path / "i*"])] == ["d"]
    assert {item.id for item in read_paths([tmp_path / "[ia]*"])} == {"a", "d"}
    with pytest.raises(UsageError, match="Nothing matches"):
        read_paths([tmp_path / "*.html"])


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04\x14\0", "office document"),
        (b"\x89PNG\r\n\x1a\n\0", "picture"),
        (b"BZh91AY", "bzip2"),
        (b"{\\rtf1\\ansi", "rich text"),
        (b"\x7fELF\0\0\0", "binary"),
    ],
)
@pytest.mark.parametrize("name", ["x", "x.txt", "x.html", "x.json", "x.csv"])
def test_what_is_no_article_gets_its_remedy(
    name: str, data: bytes, word: str, tmp_path: Path
) -> None:
    assert word in failure(tmp_path, name, data)


def test_reading_text_loads_no_parser_of_documents(tmp_path: Path) -> None:
    """They take a second to load; whoever reads text does not pay."""
    (tmp_path / "x.txt").write_text("They met.")
    read = "import sys, pathlib; from pipeline.read import read_paths; "
    read += "[article] = read_paths([pathlib.Path('x.txt')]); print(article.text, *sys.modules)"
    command = [sys.executable, "-c", read]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("They met.")
    assert not {"trafilatura", "pypdf", "lxml"} & set(done.stdout.split())


MADE = [make() for make in story.FORMATS.values()]
NAMES = [f"x{suffix}{zipped}" for suffix, zipped in product(("", *SUFFIXES), ("", ".gz"))]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A real document with some bytes changed, cut out or doubled; or any bytes at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    data = bytearray(draw(st.sampled_from(MADE)))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        data[start:end] = draw(
            st.one_of(st.binary(max_size=12), st.just(bytes(data[start:end]) * 3))
        )
    return gzip.compress(bytes(data)) if draw(st.booleans()) else bytes(data)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(NAMES), mangled()), min_size=1, max_size=12))
def test_any_bytes_under_any_name_give_articles_or_failures(
    tmp_path: Path, files: list[tuple[str, bytes]]
) -> None:
    """Never an exception, never a hang, and nothing raw in a message."""
    folder = tmp_path / str(time.monotonic_ns())
    folder.mkdir()
    paths = []
    for number, (name, data) in enumerate(files):
        paths.append(folder / f"{number}-{name}")
        paths[-1].write_bytes(data)
    begun = time.process_time()
    items = list(read_paths(paths))
    assert time.process_time() - begun < 10
    assert len({item.id for item in items}) == len(items)
    for item in items:
        if isinstance(item, Unreadable):
            assert item.reason.isprintable()
            assert item.reason.startswith(str(folder))
        else:
            assert item.text.strip()
            item.model_dump_json().encode()


def test_a_column_may_be_missing_in_one_file_without_harm_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "b.txt").write_text("They met.")
    bad, good = read_paths([tmp_path], text_column="Story")
    assert isinstance(bad, Unreadable)
    assert isinstance(good, Article)


def test_a_bomb_costs_little_memory(tmp_path: Path) -> None:
    random.seed(1)
    bomb = gzip.compress(b"\0" * 60_000_000)
    assert "200 times" in failure(tmp_path, "x.html.gz", bomb)
