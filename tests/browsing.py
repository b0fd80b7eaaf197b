"""A real browser for tests: Debian's Chromium, a review server in a thread, and a reviewer's tab.

A module that tests pages takes over the fixtures that it needs by their names.

Nothing is downloaded: where there is no Chromium the tests that need one are skipped.
"""

import contextlib
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from pipeline.review.desk import Desk
from pipeline.review.guard import gate
from pipeline.review.log import Log
from pipeline.review.serve import address
from pipeline.review.server import application
from pipeline.review.shelf import Source
from schemas.decision import Decision
from tests.records import folder, record
from tests.samples import TEXT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOST = "127.0.0.1"
# A root user, as in containers, has no sandbox to offer; the pages are all ours.
_SANDBOX = [] if os.geteuid() else ["--no-sandbox"]
_AXE = resources.files("axe_playwright_python") / "axe.min.js"

# 🌾 and 🤝 count as one code point and two UTF-16 units each.
TOAST = "At a 🌾 harvest 🤝 dinner the envoys also raised the price of fertiliser."
LONG = f"{TEXT}\n{TOAST}\n\nLast year the river had flooded."
# A script for a context in which a page can keep nothing.
STORAGE_IS_FULL = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="There is no Chromium here; apt-get install chromium brings it."
)


@contextlib.contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_SANDBOX, *options])
        yield browser
        browser.close()


@contextlib.contextmanager
def serving(desk: Desk, port: int = 0) -> Iterator[str]:
    """The launch address of a review server over `desk`, as `readout review` runs it."""
    with socket.create_server((HOST, port)) as bound:
        door = gate(HOST, bound.getsockname()[1])
        config = uvicorn.Config(
            application(desk, door), log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        yield address(door, HOST, bound.getsockname()[1])
        server.should_exit = True
        thread.join()


class Tab:
    """A reviewer's tab. Everything that she does here she does by keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []  # that the page's own scripts did not catch
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def press(self, *keys: str) -> None:
        """Press keys one after the other: "a", "Shift+A", "ArrowDown"."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Replace what stands in the field by `text`."""
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def seek(self, text: str) -> None:
        """Move down until the row that has these words is the current one."""
        expect(self.current).to_be_visible()  # before that the keys mean nothing
        self.press(*["k"] * 20)
        for _ in range(100):
            if text in self.current.locator(".text").inner_text():
                return
            self.press("j")
        raise AssertionError(f"No row has {text!r}.")

    @property
    def current(self) -> Locator:
        """The row that is open."""
        return self.page.locator(".row.current")

    def row(self, text: str) -> Locator:
        """The row whose line has these words."""
        return self.page.locator(".row[data-row]").filter(
            has=self.page.locator(".text", has_text=text)
        )

    def stands(self, text: str, standing: str) -> None:
        """Wait until that row is "open", "accepted", "edited", … as told."""
        expect(self.row(text)).to_have_attribute("data-standing", standing)

    def saved(self) -> None:
        """Wait until the page says that all is saved."""
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "saved")

    def lit(self, name: str) -> list[str]:
        """The stretches of the article that are painted under this name."""
        found = self.page.evaluate(
            "name => [...(CSS.highlights.get(name) ?? [])].map(String)", name
        )
        return [str(each) for each in found]


class Folder:
    """A folder under review, with a server over it and tabs before it."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.browser, self.path = browser, path
        self.open = contextlib.ExitStack()

    def context(self, url: str, **options: Any) -> BrowserContext:
        """A browser that nobody else shares, let in by the launch address."""
        context = self.browser.new_context(**options)
        self.open.callback(context.close)
        context.set_default_timeout(15_000)  # the machine may be busy
        context.request.get(url)  # which leaves the cookie with it
        return context

    def serve(self, reviewer: str = "anna", other: Source | None = None) -> str:
        """Start a server until the test ends; its launch address."""
        return self.open.enter_context(serving(Desk(self.path, reviewer, other=other)))

    def tab(self, context: BrowserContext, url: str, at: str = "/?article=grain") -> Tab:
        """A tab at this address, once it is ready."""
        tab = Tab(context.new_page())
        tab.page.goto(re.sub(r"/launch.*", at, url))
        expect(tab.page.locator(".row.current, a.entry, .failed .head").first).to_be_visible()
        return tab

    @property
    def decisions(self) -> list[Decision]:
        """What the disk has."""
        return list(Log(self.path).read())

    @property
    def actions(self) -> list[str]:
        """What was done, first to last."""
        return [decision.action.value for decision in self.decisions]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module."""
    with chromium() as running:
        yield running


@pytest.fixture
def review(browser: Browser, tmp_path: Path) -> Iterator[Folder]:
    """A folder with one article: a lead, an agreement, and two sentences that nothing cites."""
    expect.set_options(timeout=15_000)
    under = Folder(browser, folder(tmp_path / "out", record(text=LONG)))
    with under.open:
        yield under


@pytest.fixture
def tab(review: Folder) -> Iterator[Tab]:
    """The article, open before the only reviewer."""
    url = review.serve()
    opened = review.tab(review.context(url), url)
    yield opened
    assert opened.errors == []


def serious(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds on the page that keeps somebody from using it."""
    page.evaluate(_AXE.read_text())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        {"rule": each["id"], "nodes": [node["html"] for node in each["nodes"]]}
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
