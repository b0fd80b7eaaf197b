"""The review page in a real Chromium: whatever an article holds, it is shown and never run."""

import pytest
from playwright.sync_api import expect

from pipeline import archive
from tests import browsing
from tests.browsing import Folder, needs_chromium
from tests.records import SCRIPT, TURNED, hostile, record
from tests.samples import TEXT

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


def test_hostile_words_are_shown_and_never_run(review: Folder):
    archive.write(hostile(), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all&article=%3D1%2B1")
    first = tab.page.locator(".sentence").first
    expect(first).to_contain_text(SCRIPT)
    assert tab.page.evaluate("document.body.id") == ""
    expect(tab.page.locator(".facts a")).to_have_count(0)  # javascript: is no link
    turned = tab.page.locator(".sentence", has_text=TURNED)
    assert turned.evaluate("each => getComputedStyle(each).unicodeBidi") == "isolate"
    tab.press("q")
    expect(tab.page.locator("a.entry").first).to_be_visible()
    assert tab.errors == []


def test_an_article_of_twenty_thousand_words_opens_and_keys_stay_quick(review: Folder):
    told = " ".join(
        f"Clause {number} says that nothing was said about barges." for number in range(2_300)
    )
    archive.write(record("long", text=f"{TEXT}\n{told}\n"), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all&article=long")
    assert tab.page.locator(".sentence").count() > 2_000
    seconds = tab.page.evaluate(_KEY_TO_PAINT)
    assert seconds < 1
    tab.press("a")
    tab.saved()


_KEY_TO_PAINT = """() => new Promise((resolve) => {
  const start = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - start) / 1000)));
})"""
