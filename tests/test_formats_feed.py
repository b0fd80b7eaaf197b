"""RSS and Atom: each entry an article; a stranger's XML is not obeyed."""

from pathlib import Path

import pytest

from pipeline.read import Unreadable, read_paths
from schemas.article import Article
from tests import story
from tests.reading import everything, failure, one

LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10)
)


def test_the_day_is_the_one_that_is_printed_not_that_of_greenwich(tmp_path: Path) -> None:
    assert str(one(tmp_path, "x.rss", story.rss()).published.date) == "2024-03-05"
    assert str(one(tmp_path, "x.atom", story.atom()).published.date) == "2024-03-05"


def test_the_whole_text_is_taken_and_not_its_summary(tmp_path: Path) -> None:
    assert "In short." not in one(tmp_path, "x.rss", story.rss()).text
    short = story.rss().replace(b"content:encoded", b"content:nothing")
    assert one(tmp_path, "x.rss", short).text == f"{story.TITLE}\n\nIn short."


def test_an_entry_without_text_is_its_own_failure(tmp_path: Path) -> None:
    data = story.rss().replace(b"<item>", b"<item><title>Soon</title></item><item>", 1)
    bad, good = everything(tmp_path, "x.rss", data)
    assert isinstance(bad, Unreadable)
    assert "entry 1," in bad.reason
    assert isinstance(good, Article)


def test_an_entry_without_a_name_is_called_by_its_address_or_its_number(tmp_path: Path) -> None:
    data = b"<rss><channel><item><link>https://a.example/1</link><description>They met."
    data += (
        b"</description></item><item><description>They left.</description></item></channel></rss>"
    )
    first, second = everything(tmp_path, "x.rss", data)
    assert first.id.startswith("https-a-example-1-")
    assert second.id == "x-entry-2"


@pytest.mark.parametrize("encoding", ["euc-kr", "windows-1251", "utf-16"])
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding: str, tmp_path: Path) -> None:
    word = "회담" if encoding == "euc-kr" else "встреча"
    text = story.rss(f"They met. {word}.").decode().replace("UTF-8", encoding)
    assert word in one(tmp_path, "x.rss", text.encode(encoding)).text


@pytest.mark.parametrize("name", ["x.rss", "x.xml", "x"])
def test_entities_of_a_feeds_own_are_refused(name: str, tmp_path: Path) -> None:
    data = story.rss("&l9;").replace(
        b"<rss", b'<!DOCTYPE rss [<!ENTITY l0 "lol">' + LAUGHS + b"]><rss", 1
    )
    assert "declares entities" in failure(tmp_path, name, data)


def test_files_and_addresses_are_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    data = story.rss().replace(
        b"<rss", f'<!DOCTYPE rss SYSTEM "file://{tmp_path}/secret"><rss'.encode(), 1
    )
    assert "secret" not in one(tmp_path, "x.rss", data).text


def test_the_entities_of_html_are_known(tmp_path: Path) -> None:
    data = story.rss(extra="<copyright>&copy;&nbsp;x &AMP;</copyright>")
    assert one(tmp_path, "x.rss", data).title == story.TITLE


def test_a_feed_cut_short_gives_what_is_there(tmp_path: Path) -> None:
    data = story.rss().replace(b"</channel></rss>", b"<item><title>They m")
    first, *_ = everything(tmp_path, "x.rss", data)
    assert isinstance(first, Article)


def test_a_feed_cut_short_gives_no_half_article_and_says_so(tmp_path: Path) -> None:
    whole = story.rss().replace(b"</channel></rss>", b"<item><description>They met and agr")
    first, last = everything(tmp_path, "x.rss", whole)
    assert isinstance(first, Article)
    assert isinstance(last, Unreadable)
    assert "entry 2, is where the feed was cut short" in last.reason
    first, last = everything(tmp_path, "y.rss", story.rss().replace(b"</channel></rss>", b""))
    assert isinstance(first, Article)
    assert isinstance(last, Unreadable)
    assert "cut short" in failure(tmp_path, "z.rss", story.rss()[:900])


@pytest.mark.parametrize("declared", [' xmlns:media="http://search.yahoo.com/mrss/"', ""])
def test_a_picture_of_the_article_is_not_the_article(declared: str, tmp_path: Path) -> None:
    media = "<media:title>Port</media:title><media:description>A port.</media:description>"
    data = (
        f"<rss{declared}><channel><item><media:content>{media}</media:content>{media}"
        "<media:link>x</media:link><title>Talks</title><link>https://a.example/1</link>"
        "<description>They met.</description></item></channel></rss>"
    )
    article = one(tmp_path, "x.rss", data.encode())
    assert (article.text, article.title) == ("Talks\n\nThey met.", "Talks")
    assert article.url == "https://a.example/1"


def test_an_entry_taken_over_from_another_feed_is_that_feeds(tmp_path: Path) -> None:
    source = b"<source><id>s</id><title>The Courier</title><updated>2019-01-01</updated></source>"
    data = story.atom().replace(b"</entry>", source + b"</entry>")
    assert one(tmp_path, "x.atom", data).source == "The Courier"


def test_rss_1_is_a_feed_under_its_own_suffix(tmp_path: Path) -> None:
    data = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<channel><title>F</title></channel><item><title>Talks</title><link>https://a.example/1"
        b"</link><description>They met.</description><dc:date>2024-03-05</dc:date></item></rdf:RDF>"
    )
    (tmp_path / "x.rdf").write_bytes(data)
    (article,) = read_paths([tmp_path])
    assert isinstance(article, Article)
    assert (article.source, str(article.published.date)) == ("F", "2024-03-05")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<?xml version='1.0'?><a><b/></a>", "no RSS or Atom"),
        (b"<rss><channel></channel></rss>", "without entries"),
        (b"<?xml version='1.0'?>", "no RSS or Atom"),
        (b"<rss><channel>" + b"<item/>" * 10_001, "10,000 entries"),
    ],
)
def test_what_is_no_feed_says_so(data: bytes, word: str, tmp_path: Path) -> None:
    reason = failure(tmp_path, "x.rss", data)
    assert word in reason or "not valid XML" in reason
