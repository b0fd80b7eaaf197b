"""The review page in a real Chromium: correcting values and evidence, adding what is missing."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline import archive
from pipeline.evaluate import load
from pipeline.review.accept import accept
from tests import browsing, reviewing
from tests.browsing import LONG, TOAST, Folder, Tab, needs_chromium
from tests.records import without_meetings

pytestmark = [pytest.mark.slow, pytest.mark.browser, needs_chromium]
browser, review, tab = browsing.browser, browsing.review, browsing.tab


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


def test_evidence_alone_is_corrected_by_keyboard(review: Folder, tab: Tab):
    tab.seek("grain exports")
    tab.press("s", *["ArrowRight"] * 3, "Escape")
    assert review.decisions == []
    tab.press("s", "ArrowDown", " ", "ArrowUp", " ", "Enter")
    verdict = tab.page.locator(".verdict")
    expect(verdict).to_contain_text("Cite 2 instead")  # sentence 3 does not say it
    tab.page.get_by_role("button", name="Cite 2 instead").focus()
    tab.press("Enter")
    expect(verdict).to_have_attribute("data-kind", "fine")
    tab.page.get_by_role("button", name="Save").focus()
    tab.press("Enter")
    tab.stands("grain exports", "accepted")  # it is what the model had cited
    [decision] = review.decisions
    assert decision.by == "anna"


def test_words_stay_when_they_turn_out_to_be_another_kind_of_item(review: Folder, tab: Tab):
    tab.press("b", "m", "Tab")
    tab.type("the price of fertiliser")
    tab.press("Shift+Tab", "ArrowDown")  # an agreement, after all
    expect(tab.page.get_by_label("Agreed")).to_have_value("the price of fertiliser")
    tab.press("Tab", "Enter")
    tab.stands("the price of fertiliser", "added")
    assert [decision.item.kind for decision in review.decisions] == ["agreement"]


def test_to_an_article_without_meetings_a_meeting_is_added_first(review: Folder):
    archive.write(without_meetings("tin"), review.path)
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=all&article=tin")
    expect(tab.current).to_contain_text("It reports no meeting")  # which is what `a` would say
    tab.press("b", "m", "Tab")
    tab.type("talks in Lusaka")
    expect(tab.page.locator(".verdict")).to_contain_text("need not stand in the evidence")
    tab.press("Enter")
    tab.stands("talks in Lusaka", "added")
    expect(tab.page.locator(".whole")).to_contain_text("Nothing is missing")
    assert tab.errors == []


def test_an_article_that_failed_is_filled_in_by_keyboard_and_becomes_a_reference(
    review: Folder, tmp_path: Path
):
    reviewing.failing(review.path, "wire")
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=failed&article=wire")
    expect(tab.page.locator(".failed .head")).to_contain_text("It declined.")
    tab.press("m")
    expect(tab.page.locator(".loose")).to_contain_text("It declined.")
    tab.press("b", "m", "Tab")
    tab.type("talks between Chanda Mwila and Ida Berg")
    tab.press("Enter")
    tab.stands("talks between Chanda Mwila", "added")
    for downs, fields, words in (
        (2, ["Ida Berg", "Norway"], "Ida Berg, NOR"),
        (0, ["grain exports"], "grain exports"),
        (5, ["Norway, Zambia"], "NOR, ZMB"),
    ):
        _add_from_the_lead(tab, downs, fields)
        tab.stands(words, "added")
    tab.press("ArrowLeft", "ArrowDown", "m", "ArrowDown", "Tab")
    tab.type("open a joint seed bank")
    tab.press("Enter")
    tab.stands("open a joint seed bank", "added")
    tab.seek("Nothing is missing")
    tab.press("a")
    tab.saved()
    assert accept(review.path, tmp_path / "gold").written == 1
    [found] = load(tmp_path / "gold")["wire"].meetings
    assert [(each.name, each.party, each.evidence) for each in found.participants] == [
        ("Ida Berg", "NOR", (2,))
    ]
    assert (found.parties, found.agenda[0].topic) == (("NOR", "ZMB"), "grain exports")
    assert [(each.text, each.evidence) for each in found.agreements] == [
        ("open a joint seed bank", (3,))
    ]
    assert tab.errors == []


def _add_from_the_lead(tab: Tab, downs: int, fields: list[str]) -> None:
    """Add an item that sentence 2 says: the kind so far down the list, then its first fields."""
    tab.page.locator(".sentence[data-number='2']").focus()
    tab.press("m", *["ArrowDown"] * downs)
    for field in fields:
        tab.press("Tab")
        tab.type(field)
    tab.press("Enter")


def test_an_article_that_failed_and_is_gone_says_so(review: Folder, tmp_path: Path):
    reviewing.failing(review.path, "wire")
    (tmp_path / "wire" / "wire.txt").unlink()
    (tmp_path / "wire" / "other.txt").write_text("Another story.")
    url = review.serve()
    tab = review.tab(review.context(url), url, "/?show=failed&article=wire")
    tab.press("m")
    expect(tab.page.locator("#notices")).to_contain_text("no longer where the run read it")
    expect(tab.page.locator(".failed .head")).to_contain_text("It declined.")
