"""The review in a real Chromium that has its cookie: what pages of other people can do to it."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.review.launch import leading_to
from schemas.decision import Kind
from tests import browsing, reviewing
from tests.browsing import HOST, Folder, chromium, needs_chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
review = browsing.review


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for which evil.example is a name of this machine."""
    with chromium(f"--host-resolver-rules=MAP evil.example {HOST}") as running:
        yield running


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """A page of somebody else, which is what the test put into `server.page`."""

    server: "_Site"

    def do_GET(self) -> None:
        """Answer with the page, whatever is asked for."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Site(http.server.ThreadingHTTPServer):
    page = ""


@pytest.fixture
def elsewhere() -> Iterator[_Site]:
    with _Site((HOST, 0), _Elsewhere) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def _attacked(review: Folder, site: _Site, page: str, name: str) -> Page:
    """Somebody else's page under that name, in a browser in which the review is open."""
    url = review.serve()
    site.page = page.replace("REVIEW", url.partition("/launch")[0])
    opened = review.context(url).new_page()
    opened.goto(f"http://{name}:{site.server_address[1]}/")
    return opened


@pytest.mark.parametrize("name", ["evil.example", HOST])
def test_no_page_can_frame_the_review(review: Folder, elsewhere: _Site, name: str):
    framing = '<iframe src="REVIEW/?article=grain"></iframe>'
    opened = _attacked(review, elsewhere, framing, name)
    inside = opened.frames[1]
    inside.wait_for_load_state()
    assert inside.url.startswith("chrome-error:")
    assert inside.locator(".row").count() == 0


FORGED = """<form method="post" action="REVIEW/api/undo" enctype="text/plain">
<input name='{"request": "forged-request", "x": "' value='"}'></form>
<script>
const body = JSON.stringify({ request: "forged-request" });
const tries = ["text/plain", "application/json"].map((type) =>
  fetch("REVIEW/api/undo", { method: "POST", body, mode: type === "text/plain" ? "no-cors" : "cors",
    credentials: "include", headers: { "Content-Type": type } }).catch(() => null));
Promise.all(tries).then(() => document.forms[0].submit());
</script>"""


@pytest.mark.parametrize(("name", "code"), [("evil.example", "no_token"), (HOST, "foreign_page")])
def test_no_page_can_write_by_script_or_form(
    review: Folder, elsewhere: _Site, name: str, code: str
):
    """The same address at another port is the same site, so that the cookie goes along."""
    at = reviewing.desk(review.path)
    reviewing.press(at, reviewing.wish(at, Kind.DATE, "accept"))
    opened = _attacked(review, elsewhere, FORGED, name)
    expect(opened.locator("body")).to_contain_text(code)
    assert review.actions == ["accept"]


def test_a_name_that_is_rebound_to_this_machine_gets_nothing(review: Folder):
    url = review.serve()
    page = review.context(url).new_page()
    for address in (url, url.partition("/launch")[0] + "/api/queue"):
        answer = page.goto(address.replace(HOST, "evil.example"))
        assert answer is not None
        assert answer.status == 400
        expect(page.locator("body")).to_contain_text("foreign_host")


def test_the_file_that_a_browser_is_opened_with_leads_to_the_review(review: Folder):
    url = review.serve()
    with leading_to(url) as file:
        context = review.browser.new_context()
        review.open.callback(context.close)
        page = context.new_page()
        page.goto(file)
        expect(page.locator("a.entry")).to_be_visible()
        assert page.url == url.partition("launch")[0]
