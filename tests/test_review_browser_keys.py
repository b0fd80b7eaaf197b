"""The review page in a real Chromium: one key decides, and jumping never does."""

import re

import pytest
from playwright.sync_api import expect

from pipeline import archive
from tests import browsing
from tests.browsing import LONG, Folder, Tab, needs_chromium
from tests.records import record

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


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


def test_undo_covers_chosen_evidence_and_a_rejected_meeting(review: Folder, tab: Tab):
    tab.seek("grain exports")
    tab.press("s", "ArrowDown", " ", "Enter")
    tab.stands("grain exports", "edited")
    tab.seek("talks between")
    tab.press("x")
    tab.stands("grain exports", "moot")
    tab.press("u")
    tab.stands("grain exports", "edited")
    tab.press("u")
    tab.stands("grain exports", "open")
    expect(tab.current).to_contain_text("grain exports")
    assert review.actions == ["edit", "reject", "undo", "undo"]


def test_undo_in_the_queue_leads_to_the_article_that_it_is_about(tab: Tab):
    tab.press("x")
    tab.saved()
    tab.press("q")
    expect(tab.page.locator("a.entry")).to_be_focused()
    tab.press("u")
    expect(tab.page).to_have_url(re.compile("article=grain"))
    tab.stands("talks between", "open")
    expect(tab.current).to_contain_text("talks between")


def test_only_the_current_row_is_open_with_its_quote_and_sentences_keep_their_paragraphs(tab: Tab):
    tab.seek("open a joint seed bank")
    expect(tab.page.locator("blockquote")).to_have_text(
        ["3 The two sides agreed to open a joint seed bank."]
    )
    heights = tab.page.locator(".row:not(.current) .line").evaluate_all(
        "lines => lines.map(each => each.getBoundingClientRect().height)"
    )
    assert max(heights) < 40  # pixels: one line each
    sentences = tab.page.locator(".paragraph").evaluate_all(
        "all => all.map(p => [...p.querySelectorAll('.sentence')].map(s => s.dataset.number))"
    )
    assert sentences == [["1"], ["2"], ["3"], ["4"], ["5"]]


def test_articles_follow_one_another_by_key_without_a_decision(review: Folder):
    archive.write(record("tin", text=LONG), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all&article=grain")
    for key, title in (("n", "tin"), ("p", "grain")):
        tab.press(key)
        expect(tab.page.locator(".head h2")).to_have_text(title)
    assert review.decisions == []
