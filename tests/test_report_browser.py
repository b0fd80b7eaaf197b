"""The report in a real Chromium, from disk: for everybody, on every screen, and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline.ledger import Told
from tests import browsing
from tests.browsing import needs_chromium, serious
from tests.records import hostile, record, without_meetings
from tests.reporting import failed, page, ran
from tests.samples import meeting

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser = browsing.browser

_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_PAPER = 680  # pixels: what A4 leaves between its margins


@pytest.fixture
def report(browser: Browser, tmp_path: Path) -> Page:
    """A page with every section, opened from disk."""
    vague = record("vague", meeting(agenda=[{"topic": "gas pipes", "evidence": [2]}]))
    records = [record(), vague, without_meetings(), hostile()]
    told = Told((ran(),), (failed("oslo", "refused", "It declined."),))
    file = tmp_path / "report.html"
    file.write_text(page(records, told, reference=[record(), record("vague")]).raw, "utf-8")
    context = browser.new_context(bypass_csp=True)  # for axe; the policy has a test of its own
    opened = context.new_page()
    opened.goto(file.as_uri())
    return opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 1920])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    report: Page, width: int, scheme: str
):
    report.set_viewport_size({"width": width, "height": 1000})
    report.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    report.locator("summary").evaluate_all("all => all.forEach(each => each.click())")
    assert serious(report) == []
    assert report.evaluate(_OVERFLOW) == 0


def test_a_number_is_followed_by_keyboard_to_its_article(report: Page):
    figure = report.locator(".figures a").first
    figure.focus()
    report.keyboard.press("Enter")
    listed = report.locator(".list:target")
    listed.locator("a").first.focus()
    report.keyboard.press("Enter")
    assert report.locator(".story:target").count() == 1


def test_on_paper_it_is_black_on_white_with_articles_beside_their_sentences(report: Page):
    report.set_viewport_size({"width": _PAPER, "height": 1000})
    report.emulate_media(media="print", color_scheme="dark")
    assert report.evaluate(_OVERFLOW) == 0
    assert report.locator("nav").is_hidden()
    colours = "body => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]"
    assert report.locator("body").evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    meetings = report.locator(".beside .meetings").first.bounding_box()
    sentences = report.locator(".beside .sentences").first.bounding_box()
    assert meetings is not None
    assert sentences is not None
    assert meetings["x"] + meetings["width"] <= sentences["x"]


def test_no_word_of_a_table_is_broken_where_there_is_room(report: Page):
    for width, media in ((800, "screen"), (_PAPER, "print")):
        report.set_viewport_size({"width": width, "height": 1000})
        report.emulate_media(media=media)  # type: ignore[arg-type]
        lines = report.locator(".scores tbody th").evaluate_all(
            "all => all.map(each => { const range = new Range(); range.selectNodeContents(each);"
            " return new Set([...range.getClientRects()].map(box => box.top)).size; })"
        )
        assert set(lines) == {1}


def test_its_policy_lets_its_style_count_and_nothing_of_an_article_run(
    browser: Browser, tmp_path: Path
):
    file = tmp_path / "report.html"
    file.write_text(page([hostile(), record()]).raw, "utf-8")
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(file.as_uri())
    assert said == []
    assert opened.evaluate("document.body.id") == ""
    assert opened.locator(".masthead").evaluate("each => getComputedStyle(each).maxWidth") != "none"
    opened.close()
