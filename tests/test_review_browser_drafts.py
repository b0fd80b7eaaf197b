"""The review page in a real Chromium: what is being typed comes back, and is called no decision."""

import contextlib

import pytest
from playwright.sync_api import Error, Route, expect

from pipeline import archive
from tests import browsing
from tests.browsing import LONG, TOAST, Folder, Tab, needs_chromium, serious
from tests.records import record
from tests.samples import meeting

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


def _half_typed(tab: Tab) -> None:
    tab.seek("grain exports")
    tab.press("e")
    tab.type("a joint seed")


def _is_back(tab: Tab) -> None:
    """It is there, and whoever was pressing keys meanwhile has typed nothing into it."""
    expect(tab.page.get_by_label("Subject")).to_have_value("a joint seed")
    expect(tab.page.locator("#saved")).to_contain_text("no decision yet")
    expect(tab.page.locator(".hint-line")).to_contain_text("What you had typed is back")
    tab.press("k", "a", "x", "j")
    expect(tab.page.locator(".hint-line")).to_contain_text("Save or cancel first")
    tab.press("e")
    expect(tab.page.get_by_label("Subject")).to_be_focused()
    expect(tab.page.get_by_label("Subject")).to_have_value("a joint seed")


def test_a_half_typed_value_is_called_a_draft_and_comes_back_after_a_reload(
    review: Folder, tab: Tab
):
    _half_typed(tab)
    expect(tab.page.locator("#saved")).to_contain_text("Draft")
    tab.page.reload()
    _is_back(tab)
    assert serious(tab.page) == []
    assert review.decisions == []
    tab.press("Escape")
    expect(tab.page.locator("#saved")).to_have_text("Saved")
    tab.page.reload()
    expect(tab.current).to_contain_text("grain exports")
    expect(tab.page.locator(".editor")).to_have_count(0)


def test_it_comes_back_after_the_tab_has_crashed(review: Folder):
    url = review.serve()
    context = review.context(url)
    tab = review.tab(context, url)
    _half_typed(tab)
    with tab.page.expect_event("crash"), contextlib.suppress(Error):
        tab.page.goto("chrome://crash")
    tab.page.close()
    _is_back(review.tab(context, url))


def test_a_half_typed_missing_item_comes_back_with_its_kind_and_its_sentence(
    review: Folder, tab: Tab
):
    tab.press("b", "m", "ArrowDown", "Tab")
    tab.type("raise the price")
    tab.page.reload()
    expect(tab.page.get_by_label("Agreed")).to_have_value("raise the price")
    expect(tab.page.locator(".spans")).to_contain_text(TOAST)
    tab.press("j", "e", "Escape")
    expect(tab.page.locator(".editor")).to_have_count(0)
    assert review.decisions == []


def test_who_has_only_looked_at_a_form_leaves_no_draft(tab: Tab):
    tab.press("b", "m", "ArrowDown")
    expect(tab.page.get_by_label("Agreed")).to_be_visible()
    expect(tab.page.locator(".verdict")).to_have_text("The text is missing; fill it in.")
    expect(tab.page.locator("#saved")).to_have_text("Saved")
    tab.page.reload()
    expect(tab.current).to_be_visible()
    expect(tab.page.locator(".editor")).to_have_count(0)


def test_evidence_that_was_chosen_comes_back_too(tab: Tab):
    tab.seek("grain exports")
    tab.press("s", "ArrowDown", " ")
    expect(tab.page.locator(".spans li")).to_have_count(2)
    tab.page.reload()
    expect(tab.page.locator(".spans li")).to_have_count(2)
    assert tab.lit("pick")[1] == "The two sides agreed to open a joint seed bank."


def test_what_is_saved_is_no_draft_any_more(review: Folder, tab: Tab):
    _half_typed(tab)
    tab.type("grain")
    tab.press("Enter")
    tab.stands("grain", "edited")
    tab.saved()
    tab.page.reload()
    expect(tab.current).to_be_visible()
    expect(tab.page.locator(".editor")).to_have_count(0)
    assert review.actions == ["edit"]


def test_keys_pressed_while_it_is_being_saved_change_no_value(review: Folder, tab: Tab):
    """Who is quick is at the next row already, and the disk is not."""
    held: list[Route] = []
    tab.page.route("**/api/decisions", lambda route: held.extend([route]))
    _half_typed(tab)
    tab.type("grain")
    with tab.page.expect_request("**/api/decisions"):
        tab.press("Enter")
    tab.press("a", "j", "Enter")
    expect(tab.page.get_by_label("Subject")).to_have_value("grain")
    held[0].continue_()
    tab.stands("grain", "edited")
    tab.saved()
    expect(tab.row("grain")).not_to_contain_text("draft")
    assert review.actions == ["edit"]


def test_who_goes_away_finds_a_draft_in_the_queue_and_where_she_left_it(review: Folder):
    archive.write(record("copper", text=LONG), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all")
    tab.page.locator("a.entry", has_text="grain").focus()
    tab.press("Enter")
    expect(tab.current).to_be_visible()
    _half_typed(tab)
    tab.page.go_back()
    expect(tab.page.locator("a.entry", has_text="grain")).to_contain_text("draft")
    expect(tab.page.locator("a.entry", has_text="copper")).not_to_contain_text("draft")
    tab.page.locator("a.entry", has_text="grain").focus()
    tab.press("Enter")
    _is_back(tab)
    assert tab.errors == []


def test_after_a_new_run_the_words_come_back_and_the_evidence_is_that_of_the_run(
    review: Folder, tab: Tab
):
    """The text may be another: offsets into the old one would lie."""
    tab.seek("grain exports")
    tab.press("s", "ArrowDown", " ")
    tab.page.get_by_label("Subject").focus()
    tab.type("a joint seed")
    archive.write(record("grain", meeting(status="planned"), text=LONG), review.path)
    tab.page.reload()
    _is_back(tab)
    expect(tab.page.locator(".spans li")).to_have_count(1)


def test_a_new_run_during_the_typing_takes_nothing_away(review: Folder, tab: Tab):
    tab.seek("grain exports")
    tab.press("e")
    tab.type("grain")
    archive.write(record("grain", meeting(status="planned"), text=LONG), review.path)
    tab.press("Enter")
    expect(tab.page.locator("#notices")).to_contain_text("A new run has rewritten this record")
    expect(tab.page.get_by_label("Subject")).to_have_value("grain")
    assert review.decisions == []
    tab.press("Enter")
    tab.stands("grain", "edited")
    assert review.actions == ["edit"]


def test_what_the_next_server_refuses_becomes_a_draft_again(review: Folder, tab: Tab):
    """It was on its way when the server fell silent, and the tab was closed."""
    _half_typed(tab)
    tab.page.route("**/api/**", lambda route: route.abort())
    tab.press("Enter")
    expect(tab.page.locator("#saved")).to_contain_text("Not saved (1 step)")
    here = tab.page.url
    tab.page.goto("about:blank")  # or the page itself might send it once more before it goes
    tab.page.unroute("**/api/**")
    tab.page.goto(here)
    expect(tab.page.locator("#notices")).to_contain_text("does not contain the subject")
    expect(tab.row("grain exports")).to_contain_text("draft")
    tab.seek("grain exports")
    tab.press("e")
    expect(tab.page.get_by_label("Subject")).to_have_value("a joint seed")
    assert review.decisions == []


def test_a_browser_that_keeps_nothing_is_told_of_and_asks_before_it_leaves(review: Folder):
    url = review.serve()
    context = review.context(url)
    context.add_init_script(browsing.STORAGE_IS_FULL)
    tab = review.tab(context, url)
    _half_typed(tab)
    expect(tab.page.locator("#saved")).to_contain_text("this browser keeps no drafts")
    with tab.page.expect_event("dialog") as asked:
        tab.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(tab.page.get_by_label("Subject")).to_have_value("a joint seed")
