"""The review page in a real Chromium: for everybody, on narrow and wide screens, light and dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline.review.shelf import Source
from tests import browsing, reviewing
from tests.browsing import LONG, Folder, Tab, needs_chromium, serious
from tests.records import folder, record
from tests.samples import meeting

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


def _steps(*keys: str) -> Callable[[Tab], None]:
    return lambda tab: tab.press(*keys)


def _taken_up(tab: Tab) -> None:
    tab.press("m")
    expect(tab.page.locator(".loose")).to_be_visible()
    tab.press("b", "m")


_VIEWS: dict[str, tuple[str, Callable[[Tab], None]]] = {
    "queue": ("/?show=all", _steps("j")),
    "review": ("/?article=grain", _steps("a", "x", "j", "j")),
    "editor": ("/?article=grain", _steps("o", "e")),
    "missing": ("/?article=grain", _steps("b", "m")),
    "beside": ("/?article=grain&compare=1", _steps("j")),
    "draft": ("/?article=grain", _steps("o", "e", "h", "a", "l", "f")),
    "failed": ("/?show=failed&article=wire", _steps()),
    "by hand": ("/?show=failed&article=wire", _taken_up),
    "keys": ("/?article=grain", _steps("?")),
    "history": ("/?article=grain", _steps("h")),
}


@pytest.mark.parametrize("view", _VIEWS)
def test_axe_finds_nothing_serious_in_light_and_dark_narrow_and_wide(
    review: Folder, tmp_path: Path, view: str
):
    reviewing.failing(review.path, "wire")
    other = folder(tmp_path / "other", record("grain", meeting(city="Ndola"), text=LONG))
    url = review.serve(other=Source(other))
    at, steps = _VIEWS[view]
    tab = review.tab(review.context(url), url, at)
    steps(tab)
    for width, scheme in ((800, "light"), (1920, "dark"), (1920, "light"), (800, "dark")):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert serious(tab.page) == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.page.evaluate(overflow) == 0
