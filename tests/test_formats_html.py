"""HTML: the article without the page around it, in every encoding, however the page is broken."""

from pathlib import Path

import pytest

from pipeline.read.formats.webpage import as_text
from tests import story
from tests.reading import failure, one

HOSTILE = (
    "They \u202emet\u202c and said &lt;/script&gt; {{ x }} {% y %} to the press in the town hall."
)


def test_what_stands_around_the_article_stays_out(tmp_path: Path) -> None:
    text = one(tmp_path, "x.html", story.page()).text
    for noise in ("Home", "World", "Most read", "Cat rescued", "Copyright", "var a"):
        assert noise not in text


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "shift_jis", "gb18030", "windows-1251"])
def test_a_page_is_read_in_the_encoding_that_it_declares(charset: str, tmp_path: Path) -> None:
    said = {"euc-kr": "회담", "shift_jis": "会談", "gb18030": "会谈", "windows-1251": "встреча"}
    line = f"The two sides called it {said.get(charset, 'café')} when they met in Port Ansel today."
    assert line in one(tmp_path, "x.html", story.page([line] * 3, charset)).text


def test_a_page_that_declares_the_wrong_encoding_is_read_as_what_it_is(tmp_path: Path) -> None:
    line = "The two sides met in Köln, where “nothing” was agreed, as the minister’s office said."
    data = story.page([line] * 3).replace(b'charset="utf-8"', b'charset="iso-8859-1"')
    assert line in one(tmp_path, "x.html", data).text


def test_the_day_of_a_page_is_what_it_says_of_itself_and_never_the_day_of_a_copy(
    tmp_path: Path,
) -> None:
    data = story.page().replace(b"article:published_time", b"nothing")
    article = one(tmp_path, "x.html", data)
    assert article.published.date is None or article.published.date.year == 2024


DATED = b'<meta property="article:published_time" content="2024-03-05T08:00:00+09:00">'
ELSEWHERE = (  # days that are of other articles, of a change, or of nobody knows which month
    '<meta property="article:modified_time" content="2019-12-19T00:00:00Z">',
    '<meta name="date" content="11/12/2019">',
    '<link rel="canonical" href="https://a.example/2019/01/02/talks">',
    (
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [{"@type": '
        '"NewsArticle", "datePublished": "2019-03-01"}]}</script>'
    ),
    (
        '<script type="application/ld+json">[{"@type": "NewsArticle", '
        '"datePublished": "2019-03-01"}, {"@type": "NewsArticle", '
        '"datePublished": "2019-04-01"}]</script>'
    ),
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePub</script>',
)


@pytest.mark.parametrize("head", ELSEWHERE)
def test_a_date_of_something_else_is_not_the_articles(head: str, tmp_path: Path) -> None:
    around = b"<div><time datetime='2018-05-05'>May 5, 2018</time></div><footer>Updated 2020-01-01"
    page = story.page().replace(b"<footer>", around).replace(DATED, head.encode())
    assert one(tmp_path, "x.html", page).published.date is None
    printed = page.replace(b"</h1>", b"</h1><p>Published March 5, 2024</p>")
    assert str(one(tmp_path, "x.html", printed).published.date) == "2024-03-05"
    both = page.replace(head.encode(), head.encode() + DATED)
    assert str(one(tmp_path, "x.html", both).published.date) == "2024-03-05"


@pytest.mark.parametrize(
    "head",
    [
        '<meta itemprop="datePublished" content="2024-03-05">',
        '<meta name="DC.date.issued" content="20240305">',
        '<meta name="pubdate" content="5 Mar 2024 10:00">',
        '<meta name="parsely-pub-date" content="2024-03-05T10:00:00Z">',
        (
            '<script type="application/ld+json">{"@type": ["ReportageNewsArticle"], '
            '"datePublished": "2024-03-05T10:00:00Z", "dateModified": "2025-01-01"}</script>'
        ),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": '
            '"2019-01-01"}, {"@type": "NewsArticle", "datePublished": "2024-03-05"}]}</script>'
        ),
    ],
)
def test_a_page_says_its_day_in_many_ways(head: str, tmp_path: Path) -> None:
    article = one(tmp_path, "x.html", story.page().replace(DATED, head.encode()))
    assert (str(article.published.date), article.published.basis) == ("2024-03-05", "metadata")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><nav><a href='/'>Home</a><a href='/w'>World</a></nav></body></html>",
        "<html><body><noscript>You need to enable JavaScript.</noscript></body></html>",
        "<p>",
        "<" * 100_000,
        "<div>" * 100_000 + "They met." + "</div>" * 100_000,
        "<html><body><p>" + "<b>" * 100_000 + "They met and agreed on a great many things.",
        "<html><body>" + "<table><tr><td>" * 5_000 + "They met.",
    ],
)
def test_a_page_without_an_article_says_so(page: str, tmp_path: Path) -> None:
    assert "no article that can be found" in failure(tmp_path, "x.html", page.encode())


def test_entities_of_a_pages_own_mean_nothing(tmp_path: Path) -> None:
    data = b'<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>' + story.page(
        ["They met and agreed on &b; things, the ministry's spokeswoman told reporters."] * 3
    ).replace(b"&amp;b;", b"&b;")
    assert "lollol" not in one(tmp_path, "x.html", data).text


def test_what_looks_like_code_is_text(tmp_path: Path) -> None:
    data = story.page(["PLACE"] * 3).replace(b"PLACE", HOSTILE.encode())
    text = one(tmp_path, "x.html", data).text
    assert "</script> {{ x }} {% y %}" in text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("They met.", "They met."),
        ("a < b\n and c", "a < b\n and c"),
        ("<p>They <b>met</b>.</p><p>They\n left.</p>", "They met.\nThey left."),
        ("They met.<br/>They left.<script>x</script>", "They met.\nThey left."),
        ("Fish &amp; ships&nbsp;now &#8211; &lt;p&gt;", "Fish & ships now – <p>"),
        ("<ul><li>one</li><li>two</ul>three", "one\ntwo\nthree"),
        ("<div>" * 5_000 + "deep", ""),
    ],
)
def test_a_piece_of_html_becomes_lines(html: str, text: str) -> None:
    assert as_text(html) == text or (len(html) > 5_000 and as_text(html) in ("", "deep"))
