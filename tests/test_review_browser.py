"""The review page in a real Chromium, by keyboard: what a reviewer can rely on."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from pipeline import archive
from pipeline.review.desk import Source
from tests.browsing import HOST, Folder, Tab, chromium, needs_chromium
from tests.records import SCRIPT, TURNED, folder, hostile, record
from tests.samples import TEXT, meeting

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]

# 🌾 and 🤝 count as one code point and two UTF-16 units each.
TOAST = "At a 🌾 harvest 🤝 dinner the envoys also raised the price of fertiliser."
LONG = f"{TEXT}\n{TOAST}\n\nLast year the river had flooded."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def review(browser: Browser, tmp_path: Path) -> Iterator[Folder]:
    """A folder with one article: a lead, an agreement, and two sentences that nothing cites."""
    expect.set_options(timeout=10_000)
    under = Folder(browser, folder(tmp_path / "out", record(text=LONG)))
    with under.open:
        yield under


@pytest.fixture
def tab(review: Folder) -> Iterator[Tab]:
    url = review.serve()
    opened = review.tab(review.context(url), url)
    yield opened
    assert opened.errors == []


# One key decides; jumping never does.


def test_one_key_decides_and_moves_on_and_moving_never_decides(review: Folder, tab: Tab):
    tab.press("j", "ArrowDown", "k", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "o")
    tab.page.locator(".line").nth(3).click()
    tab.page.locator(".line").nth(0).focus()
    tab.press("Enter", " ")
    tab.page.locator(".sentence").nth(1).click()
    assert review.decisions == []

    tab.seek("talks between")
    tab.press("a")
    expect(tab.current).to_contain_text("Monday")
    tab.press("x")
    tab.saved()
    assert review.actions == ["accept", "reject"]
    tab.stands("talks between", "accepted")
    tab.stands("Monday", "rejected")


def test_what_is_accepted_with_one_key_is_undone_with_one_key_after_a_reload(
    review: Folder, tab: Tab
):
    tab.press("Shift+A")
    tab.saved()
    tab.page.reload()
    tab.stands("grain exports", "accepted")
    tab.press("u")
    tab.stands("grain exports", "open")
    tab.stands("Ida Berg, special", "open")
    tab.press("Shift+U")
    tab.stands("grain exports", "accepted")
    tab.saved()
    assert review.actions.count("undo") == 2 * review.actions.count("accept")


def test_undo_covers_an_edit_and_an_addition(tab: Tab):
    tab.seek("grain exports")
    tab.press("e")
    tab.type("grain")
    tab.press("Enter")
    expect(tab.row("grain exports")).to_have_count(0)
    tab.press("b", "m", "Tab", "Shift+Tab")
    tab.page.keyboard.press("Tab")
    tab.type("the price of fertiliser")
    tab.press("Enter")
    tab.stands("the price of fertiliser", "added")
    tab.press("u")
    expect(tab.row("the price of fertiliser")).to_have_count(0)
    tab.press("u")
    tab.stands("grain exports", "open")


def test_the_last_row_leads_to_the_next_article(review: Folder):
    archive.write(record("tin", text=LONG), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all&article=grain")
    tab.press("Shift+A")
    expect(tab.current).to_contain_text("Nothing is missing")
    tab.press("a")
    expect(tab.page.locator(".head h2")).to_have_text("tin")
    expect(tab.page).to_have_url(re.compile("article=tin"))
    expect(tab.page.locator("#progress")).to_contain_text("1 of 2 articles")
    expect(tab.page.locator("#progress .pace")).to_contain_text("an article")
    assert sum(decision.seconds for decision in review.decisions) > 0


def test_no_key_fires_while_somebody_types_and_escape_leaves_all_as_it_was(
    review: Folder, tab: Tab
):
    tab.seek("grain exports")
    tab.press("e")
    tab.press("a", "x", "u", "n", "?", "Control+z")
    expect(tab.page.locator("dialog[open]")).to_have_count(0)
    tab.press("Escape")
    tab.stands("grain exports", "open")
    expect(tab.current).to_contain_text("grain exports")
    assert review.decisions == []


def test_keys_are_shown_and_can_be_switched_off(review: Folder, tab: Tab):
    expect(
        tab.page.get_by_role("toolbar").get_by_role("button", name="Accept").first
    ).to_be_visible()
    tab.press("?")
    expect(tab.page.get_by_role("dialog", name="Keys")).to_contain_text("Add a missing item")
    tab.press("a")  # behind the dialog
    tab.page.get_by_label("Single keys act").focus()
    tab.press(" ", "Escape", "a", "x")
    tab.page.locator(".line").first.focus()
    assert review.decisions == []


# Between an item and its evidence.


def test_item_and_evidence_light_each_other_and_the_keyboard_jumps_both_ways(tab: Tab):
    tab.seek("Chanda Mwila, Foreign")
    assert tab.lit("value") == ["Chanda Mwila"]
    assert tab.lit("evidence")[0].startswith("LUSAKA, March 4")
    tab.press("ArrowLeft")
    expect(tab.page.locator(".sentence[data-number='2']")).to_be_focused()
    tab.press("ArrowDown")
    expect(tab.current).to_contain_text("open a joint seed bank")
    tab.press("ArrowRight")
    expect(tab.current.locator(".line")).to_be_focused()
    tab.page.locator(".sentence[data-number='2']").hover()
    expect(tab.row("Ida Berg, special")).to_have_class(re.compile("lit"))
    tab.row("grain exports").hover()
    assert tab.lit("hover")[0].startswith("LUSAKA, March 4")


def test_a_browser_without_highlights_marks_whole_sentences(review: Folder):
    url = review.serve()
    context = review.context(url)
    context.add_init_script("delete CSS.highlights; delete window.Highlight;")
    tab = review.tab(context, url)
    tab.seek("open a joint seed bank")
    expect(tab.page.locator(".painted-evidence")).to_have_text(
        ["The two sides agreed to open a joint seed bank."]
    )
    assert tab.errors == []


# Correcting.


def test_a_value_is_checked_against_the_article_and_kept_otherwise_only_on_purpose(
    review: Folder, tab: Tab
):
    tab.seek("grain exports")
    tab.press("e")
    tab.type("a joint seed bank")
    verdict = tab.page.locator(".verdict")
    expect(verdict).to_contain_text("Cite 3 instead")
    tab.press("Enter")
    expect(verdict).to_contain_text("Keep it nevertheless")
    assert review.decisions == []
    tab.page.get_by_role("button", name="Cite 3 instead").focus()
    tab.press("Enter")
    expect(verdict).to_have_attribute("data-kind", "fine")
    tab.page.get_by_label("Subject").focus()
    tab.type("trade in general")
    tab.press("Enter")
    tab.page.get_by_role("button", name="Keep it nevertheless").focus()
    tab.press("Enter")
    tab.stands("trade in general", "edited")
    [decision] = review.decisions
    assert decision.old is not None
    assert decision.new is not None
    assert decision.old.value == {"topic": "grain exports"}
    assert [span.sentence for span in decision.new.evidence] == [3]


def test_evidence_is_chosen_word_by_word_and_counted_in_code_points(review: Folder, tab: Tab):
    tab.seek("grain exports")
    tab.press("e")
    tab.type("price of fertiliser")
    tab.page.get_by_role("button", name="choose by keyboard").focus()
    tab.press("Enter", " ", "ArrowDown", "ArrowDown", *["ArrowLeft"] * 4)
    tab.press(*["Shift+ArrowRight"] * 3)
    assert tab.lit("cursor") == ["the price of fertiliser."]
    tab.press("Enter")
    tab.stands("price of fertiliser", "edited")
    [decision] = review.decisions
    assert decision.new is not None
    assert [LONG[span.start : span.end] for span in decision.new.evidence] == [
        "the price of fertiliser."
    ]


def test_evidence_is_dragged_over_the_text(review: Folder, tab: Tab):
    tab.seek("grain exports")
    tab.press("s")
    start, end = (tab.page.evaluate(_PLACE, word) for word in ("harvest", "price"))
    mouse = tab.page.mouse
    mouse.move(start["left"], start["middle"])
    mouse.down()
    mouse.move(end["right"], end["middle"], steps=4)
    mouse.up()
    expect(tab.page.locator(".spans")).to_contain_text(
        "harvest 🤝 dinner the envoys also raised the price"
    )
    tab.press("Escape")
    assert review.decisions == []


_PLACE = """word => {
  const node = document.querySelector(".sentence[data-number='4']").firstChild;
  const range = new Range();
  range.setStart(node, node.data.indexOf(word));
  range.setEnd(node, node.data.indexOf(word) + word.length);
  const box = range.getBoundingClientRect();
  return { left: box.left + 1, right: box.right - 1, middle: (box.top + box.bottom) / 2 };
}"""


def test_what_nothing_cites_is_marked_and_a_missing_item_starts_from_it(review: Folder, tab: Tab):
    bare = tab.page.locator(".bare")
    expect(bare).to_have_count(2)
    tab.press("b")
    expect(bare.first).to_be_focused()
    tab.press("a")
    expect(tab.page.locator(".hint-line")).to_contain_text("does not cite sentence 4")
    tab.press("m")
    expect(tab.page.locator(".spans")).to_contain_text(TOAST)
    tab.press("Tab")
    tab.type("the price of fertiliser")
    tab.press("Enter")
    tab.stands("the price of fertiliser", "added")
    expect(bare).to_have_count(1)
    assert review.actions == ["add"]


# The queue.


def test_the_filter_is_the_address_and_the_back_button_works(review: Folder):
    _failed(review.path)
    archive.write(record("tin", meeting(agenda=[{"topic": "oil", "evidence": [2]}])), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/")
    entries = tab.page.locator("a.entry")
    tab.press("f")
    tab.page.get_by_role("link", name=re.compile("^not found")).first.focus()
    tab.press("Enter")
    expect(tab.page).to_have_url(re.compile(r"flag=not_found|state=not_found"))
    expect(entries).to_have_count(1)
    tab.press("o")
    expect(tab.page.locator(".head h2")).to_have_text("tin")
    tab.page.go_back()
    expect(entries).to_have_count(1)
    tab.page.go_back()
    expect(entries).not_to_have_count(1)
    tab.page.get_by_role("link", name=re.compile("^refused")).focus()
    tab.press("Enter")
    expect(entries).to_have_count(1)
    expect(tab.page.get_by_role("link", name=re.compile("^refused"))).to_be_focused()
    tab.page.get_by_role("link", name=re.compile("^All")).focus()
    tab.press("Enter")
    expect(tab.page).to_have_url(re.compile("outcome=refused.*show=all|show=all.*outcome=refused"))
    expect(entries).to_contain_text("The model declined.")
    tab.press("o")  # which opens the first, wherever the focus is
    expect(tab.page.locator(".failed .head")).to_contain_text("The model declined.")
    tab.press("/")
    tab.press("q")
    expect(tab.page.get_by_role("searchbox")).to_be_visible()
    assert tab.errors == []


def _failed(path: Path) -> None:
    (path / archive.FAILURES).write_text(
        '{"id":"wire","outcome":"refused","status":200,"attempts":1,'
        '"reason":"The model declined.","at":"2026-11-22T03:00:00Z"}\n'
    )


def test_after_a_new_run_only_what_changed_is_asked_again(review: Folder, tab: Tab):
    tab.press("Shift+A")
    tab.saved()
    changed = meeting(status="planned")
    archive.write(record("grain", changed, text=LONG), review.path)
    tab.page.reload()
    tab.stands("grain exports", "accepted")
    tab.stands("talks between", "open")
    tab.press("o")
    expect(tab.current).to_contain_text("Asked again, since a new run changed it")


def test_two_runs_stand_side_by_side_and_theirs_can_be_taken(review: Folder, tmp_path: Path):
    theirs = meeting(
        agenda=[{"topic": "grain", "evidence": [2]}],
        agreements=[],
        city="Ndola",
    )
    other = folder(tmp_path / "other", record("grain", theirs, text=LONG))
    url = review.serve(other=Source(other))
    tab = review.tab(review.context(url), url)
    tab.press("c")
    expect(tab.page).to_have_url(re.compile("compare=1"))
    expect(tab.row("Lusaka, ZMB").locator(".theirs")).to_contain_text("Ndola")
    expect(tab.row("open a joint seed bank").locator(".theirs")).to_have_text("not there")
    expect(tab.row("Ida Berg, special").locator(".theirs")).to_have_text("the same")
    tab.seek("Lusaka, ZMB")
    tab.press("t")
    tab.stands("Ndola", "edited")
    tab.seek("open a joint seed bank")
    tab.press("t")
    tab.stands("open a joint seed bank", "rejected")


def test_the_history_says_who_when_old_new_and_what_had_written_it(tab: Tab):
    tab.seek("grain exports")
    tab.press("e")
    tab.type("grain")
    tab.press("Enter")
    tab.saved()
    tab.press("h")
    line = tab.page.get_by_role("dialog", name="History").locator("tbody tr")
    for told in ("anna", "edited", "grain exports", "grain", "test-model", "pppppppp"):
        expect(line).to_contain_text(told)
    tab.press("Enter")
    expect(tab.page.locator("dialog[open]")).to_have_count(0)


# Nothing is lost.


def test_two_tabs_that_decide_one_row_get_a_conflict_to_settle(review: Folder):
    url = review.serve()
    context = review.context(url)
    context.route("**/api/changes*", lambda route: route.abort())  # neither hears of the other
    first, second = review.tab(context, url), review.tab(context, url)
    first.press("x")
    first.saved()
    second.press("a")
    dialog = second.page.get_by_role("dialog", name="Decided twice")
    expect(dialog).to_contain_text("rejected")
    assert _serious(second) == []
    second.press("a", "x", "Escape")  # none of them settles anything
    assert review.actions == ["reject"]
    second.page.reload()
    expect(second.current).to_be_visible()
    second.page.get_by_role("button", name="1 conflict to settle").focus()
    second.press("Enter", "y")
    second.saved()
    second.stands("talks between", "accepted")
    [theirs, ours] = review.decisions
    assert theirs.new is None
    assert ours.new is not None


def test_a_killed_server_is_said_so_and_what_was_decided_meanwhile_is_saved_by_the_next(
    review: Folder,
):
    port = _free_port()
    server, url = _command(review.path, port)
    context = review.context(url)
    tab = review.tab(context, url)
    tab.press("a")
    tab.saved()
    server.send_signal(signal.SIGKILL)
    server.wait()
    tab.press("x", "a")
    status = tab.page.locator("#saved")
    expect(status).to_contain_text("Not saved (2 steps): the server does not answer")
    assert _serious(tab) == []
    tab.page.close()
    server, url = _command(review.path, port)
    try:
        context.new_page().goto(url)
        again = review.tab(context, url)
        again.saved()
        again.stands("Monday", "rejected")
        assert review.actions == ["accept", "reject", "accept"]
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as bound:
        return int(bound.getsockname()[1])


def _command(path: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """`readout review` in a process of its own, and the address that it printed."""
    command = [sys.executable, "-m", "pipeline.cli", "review", str(path)]
    options = ["--reviewer", "anna", "--no-open", "--port", str(port)]
    process = subprocess.Popen(
        command + options, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        return process, process.stdout.readline().strip()


def test_what_another_reviewer_decides_shows_up_by_itself(review: Folder, tab: Tab):
    url = review.serve("ben")
    ben = review.tab(review.context(url), url)
    ben.press("x")
    ben.saved()
    tab.page.evaluate("dispatchEvent(new Event('focus'))")
    tab.stands("talks between", "rejected")
    assert ben.errors == []


# Whatever the article holds.


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


# For everybody.


def _steps(*keys: str) -> Callable[[Tab], None]:
    return lambda tab: tab.press(*keys)


_VIEWS: dict[str, tuple[str, Callable[[Tab], None]]] = {
    "queue": ("/?show=all", _steps("j")),
    "review": ("/?article=grain", _steps("a", "x", "j", "j")),
    "editor": ("/?article=grain", _steps("o", "e")),
    "missing": ("/?article=grain", _steps("b", "m")),
    "beside": ("/?article=grain&compare=1", _steps("j")),
    "keys": ("/?article=grain", _steps("?")),
    "history": ("/?article=grain", _steps("h")),
}


@pytest.mark.parametrize("view", _VIEWS)
def test_axe_finds_nothing_serious_in_light_and_dark_narrow_and_wide(
    review: Folder, tmp_path: Path, view: str
):
    _failed(review.path)
    other = folder(tmp_path / "other", record("grain", meeting(city="Ndola"), text=LONG))
    url = review.serve(other=Source(other))
    at, steps = _VIEWS[view]
    tab = review.tab(review.context(url), url, at)
    steps(tab)
    for width, scheme in ((800, "light"), (1920, "dark"), (1920, "light"), (800, "dark")):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert _serious(tab) == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.page.evaluate(overflow) == 0


_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()


def _serious(tab: Tab) -> list[dict[str, Any]]:
    tab.page.evaluate(_AXE)
    found = tab.page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        {"rule": each["id"], "nodes": [node["html"] for node in each["nodes"]]}
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
