"""The review page in a real Chromium: nothing that was decided or typed is lost."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests import browsing
from tests.browsing import HOST, Folder, Tab, needs_chromium, serious

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


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
    assert serious(second.page) == []
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
    assert serious(tab.page) == []
    tab.page.close()
    server, url = _command(review.path, port)
    try:
        context.request.get(url)
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


def test_the_page_says_saved_only_once_the_disk_has_it(review: Folder, tab: Tab):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tab.page.route("**/api/decisions", hold)
    tab.press("a")
    status = tab.page.locator("#saved")
    expect(status).to_have_text("Saving …")
    tab.stands("talks between", "accepted")  # she goes on meanwhile
    assert review.decisions == []
    held[0].continue_()
    tab.saved()
    assert review.actions == ["accept"]


def test_two_reviewers_who_decide_one_row_get_a_conflict_to_settle(review: Folder, tab: Tab):
    url = review.serve("ben")
    context = review.context(url)
    context.route("**/api/changes*", lambda route: route.abort())
    ben = review.tab(context, url)
    tab.seek("grain exports")
    tab.press("e")
    tab.type("grain")
    tab.press("Enter")
    tab.saved()
    ben.seek("grain exports")
    ben.press("x")
    dialog = ben.page.get_by_role("dialog", name="Decided twice")
    expect(dialog).to_contain_text("Theirs, by anna")
    expect(dialog).to_contain_text("edited: grain")
    ben.press("t")
    expect(dialog).not_to_be_visible()
    ben.saved()
    ben.stands("grain", "edited")
    assert [(each.by, each.action.value) for each in review.decisions] == [("anna", "edit")]


def test_decisions_that_no_browser_keeps_are_called_that(review: Folder):
    url = review.serve()
    context = review.context(url)
    context.add_init_script(browsing.STORAGE_IS_FULL)
    # Before the tab opens: interception that begins later may let the first request through.
    context.route("**/api/decisions", lambda route: route.abort())
    tab = review.tab(context, url)
    tab.press("a")
    expect(tab.page.locator("#saved")).to_contain_text("this browser keeps nothing")
    context.unroute("**/api/decisions")
    tab.saved()
    assert review.actions == ["accept"]
