"""How soon the review page is ready in a real Chromium, and a key pressed is a highlight seen.

On the folder that `benchmarks/review.py` fills and serves, which calls `measure`:

- `ready_ms`: from opening the address of an article to its rows drawn and its quote lit; the median
  of seven
- `key_ms`: from a key's event to the frame after the next row is open and its quote lit, and
  `key_p95_ms`; of forty keys
- `requests`: what the browser asked for until then
"""

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import review
from playwright.sync_api import Page, sync_playwright

LOADS, KEYS = 7, 40
_READY = 'performance.getEntriesByName("shown").at(-1)?.startTime ?? null'
_ASKED = 'performance.getEntriesByType("resource").length + 1'
# A frame callback runs before the paint; what it posts to itself runs after.
_LISTEN = """() => {
  window.taken = [];
  addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => window.taken.push(performance.now() - event.timeStamp);
    after.port2.postMessage(0);
  }), { capture: true });
}"""


def measure(server: review.Served) -> dict[str, float]:
    """The browser's figures for the article called `large`. Raises where there is no Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.context.request.get(server.address)  # which leaves the cookie with it
        address = f"{server.address.partition('/launch')[0]}/?article=large"
        ready = [_ready(page, address) for _ in range(LOADS)]
        asked = page.evaluate(_ASKED)
        keys = _keys(page)
        browser.close()
    return {
        "ready_ms": round(statistics.median(ready), 1),
        "key_ms": round(statistics.median(keys), 1),
        "key_p95_ms": round(statistics.quantiles(keys, n=20)[-1], 1),
        "requests": asked,
    }


def _ready(page: Page, address: str) -> float:
    page.goto(address)
    page.locator(".row.current").wait_for()
    return float(page.evaluate(_READY))


def _keys(page: Page) -> list[float]:
    page.evaluate(_LISTEN)
    for _ in range(KEYS):
        page.keyboard.press("j")
    assert page.locator(".row").nth(KEYS).get_attribute("class") == "row current"
    return [float(each) for each in page.evaluate("window.taken")]


def main() -> int:
    """Measure by itself, for 60 and 600 items, and print JSON."""
    report = {}
    for items in (60, 600):
        with (
            tempfile.TemporaryDirectory() as scratch,
            review.served(review.filled(Path(scratch), items)) as server,
        ):
            report[str(items)] = measure(server)
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
