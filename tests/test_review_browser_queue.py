"""The review page in a real Chromium: the queue, what a new run changed, and another run beside."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline import archive
from pipeline.review.shelf import Source
from schemas.decision import Kind
from tests import browsing, reviewing
from tests.browsing import LONG, Folder, Tab, needs_chromium
from tests.records import folder, record
from tests.samples import MEETING, meeting

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


def test_the_filter_is_the_address_and_the_back_button_works(review: Folder):
    reviewing.failing(review.path, "wire")
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
    expect(entries).to_contain_text("It declined.")
    tab.press("o")  # which opens the first, wherever the focus is
    expect(tab.page.locator(".failed .head")).to_contain_text("It declined.")
    tab.press("/")
    tab.press("q")
    expect(tab.page.get_by_role("searchbox")).to_be_visible()
    assert tab.errors == []


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
    expect(tab.row("Lusaka, ZMB").locator(".theirs mark")).to_have_text("Ndola")
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
    tab.seek("talks between")
    tab.press("a")
    tab.saved()
    tab.press("h")
    table = tab.page.get_by_role("dialog", name="History").locator("tbody tr")
    expect(table.first).to_contain_text("unchanged")
    line = table.last
    for told in ("anna", "edited", "grain exports", "grain", "test-model", "pppppppp"):
        expect(line).to_contain_text(told)
    tab.press("Enter")
    expect(tab.page.locator("dialog[open]")).to_have_count(0)


def test_articles_are_chosen_by_evidence_and_by_disagreement(review: Folder, tmp_path: Path):
    vague = meeting(agenda=[{"topic": "exports of grain", "evidence": [2]}])
    archive.write(record("tin", vague, text=LONG), review.path)
    planned = record("grain", meeting(status="planned"), text=LONG)
    other = folder(tmp_path / "other", planned, record("tin", vague, text=LONG))
    url = review.serve(other=Source(other))
    tab = review.tab(review.context(url), url, "/")
    entries = tab.page.locator("a.entry .title")
    expect(entries).to_have_count(2)
    for name, query, title in (
        ("composed", "state=composed", "tin"),
        ("they differ", "disagree=1", "grain"),
    ):
        choice = tab.page.get_by_role("link", name=re.compile(f"^{name}"))
        tab.press("f")
        choice.focus()
        tab.press("Enter")
        expect(tab.page).to_have_url(re.compile(query))
        expect(entries).to_have_text([title])
        tab.page.reload()  # the filter is in the address
        expect(entries).to_have_text([title])
        choice.focus()
        tab.press("Enter")
        expect(entries).to_have_count(2)
    assert tab.errors == []


def test_two_reviewers_stand_side_by_side(review: Folder):
    ben = reviewing.desk(review.path, "ben")
    row = reviewing.row(ben, Kind.AGENDA).item.id
    reviewing.press(ben, {"action": "edit", "row": row, "value": {"topic": "grain"}})
    ours = reviewing.row(reviewing.desk(review.path), Kind.AGREEMENT).item.id
    reviewing.press(reviewing.desk(review.path), {"action": "reject", "row": ours})
    url = review.serve(other=Source(review.path, "ben"))
    tab = review.tab(review.context(url), url, "/?article=grain&compare=1")
    expect(tab.page.locator(".sides")).to_contain_text("out@ben")
    beside = tab.row("open a joint seed bank").locator(".theirs")
    expect(beside).to_have_class(re.compile("differs"))
    expect(beside).to_have_text("open a joint seed bank (to decide)")
    assert tab.errors == []


def test_what_was_typed_into_the_search_is_in_the_address_and_keys_are_letters_there(
    review: Folder,
):
    archive.write(record("tin", text=LONG), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/")
    tab.press("/")
    tab.page.keyboard.type("tin")
    expect(tab.page).to_have_url(re.compile("q=tin"))
    expect(tab.page.locator("a.entry .title")).to_have_text(["tin"])
    tab.press("Enter", "o")
    expect(tab.page.locator(".head h2")).to_have_text("tin")
    assert tab.errors == []


def test_what_only_the_other_run_has_is_added_by_keyboard(review: Folder, tmp_path: Path):
    more = [*MEETING["agenda"], {"topic": "Lusaka on Monday", "evidence": [2]}]
    other = folder(tmp_path / "other", record("grain", meeting(agenda=more), text=LONG))
    url = review.serve(other=Source(other))
    tab = review.tab(review.context(url), url, "/?article=grain&compare=1")
    tab.page.get_by_role("button", name="Add here").focus()
    tab.press("Enter")
    tab.stands("Lusaka on Monday", "added")
    assert review.actions == ["add"]
    assert tab.errors == []
