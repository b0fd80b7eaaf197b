"""Editions: updates and corrections find what they replace, and strangers are left alone."""

import datetime as dt
import itertools
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.editions import Editions, fingerprint, links, unpacked
from pipeline.read import read_paths, sentences
from schemas.article import Article, Basis, Publication
from schemas.record import Edition

POOL = Path(__file__).parent.parent / "corpus" / "train" / "articles"
HEADLINE = "Tarvia, Ostrel agree to reopen river crossing"
LEAD = (
    "PELLIN, May 6 (Meridian) -- Tarvia and Ostrel agreed Monday to reopen the Pellin river "
    "crossing after eleven months, the two foreign ministries announced."
)
BODY = """\
Foreign Minister Odile Marant of Tarvia and her Ostrelian counterpart, Benno Achterwal, settled \
the matter over four hours in the customs house on the western bank.

Lorries carrying fruit and timber will be let through first, followed by coaches and private \
cars. "It took us longer to agree on the barrier than on the road," Achterwal remarked.

The crossing was shut last June when a ferry ran aground and each side blamed the other's \
dredging. Growers in the Ambre valley have since driven their crops two hundred miles around.

Engineers from both capitals are to inspect the piers before the end of the month, and the \
ministers plan to meet again in Ostrel's capital once they have reported.""".split("\n\n")
MORE = """\
A spokeswoman for the growers' union called the deal a relief but asked when the cold store at \
the landing would be repaired.

Tarvia's opposition said that the government had conceded the dredging rights in exchange.""".split(
    "\n\n"
)
OTHERS_STORY = """\
PELLIN (Courant) — A river crossing between Tarvia and Ostrel that has stood closed for most of \
a year is to open to lorries again, officials in both countries said on Monday.

"It took us longer to agree on the barrier than on the road," Ostrel's Foreign Minister Benno \
Achterwal told journalists after seeing Odile Marant, who holds the post in Tarvia.

Neither government would say who pays for clearing the channel, the question over which last \
summer's quarrel began. Traders had put their losses at thirty million crowns.

Private cars may have to wait until autumn, according to a person briefed on the talks.""".split(
    "\n\n"
)


def story(
    name: str,
    title: str = HEADLINE,
    paragraphs: Iterable[str] = (LEAD, *BODY),
    *,
    note: str = "",
    day: int | None = 6,
    source: str | None = None,
) -> Article:
    text = "\n\n".join(filter(None, (title, note, *paragraphs))) + "\n"
    known = Publication(date=dt.date(2024, 5, day), basis=Basis.GIVEN) if day else Publication()
    return Article(
        id=name,
        text=text,
        sentences=sentences.split(text),
        published=known,
        title=title,
        source=source,
    )


def flash(name: str = "flash") -> Article:
    return story(name, f"(URGENT) {HEADLINE}", [LEAD])


def lead(name: str = "lead", *, day: int | None = 6) -> Article:
    rewritten = LEAD.replace("agreed Monday to reopen", "have agreed to reopen to lorries")
    note = "(ATTN: UPDATES with union's remarks in last para)"
    return story(name, f"(LEAD) {HEADLINE}", (rewritten, *BODY, MORE[0]), note=note, day=day)


def second(name: str = "second") -> Article:
    opening = "PELLIN, May 6 (Meridian) -- Fruit lorries will roll across the Pellin within weeks."
    title = "(2nd LD) Fruit lorries first as neighbours mend river quarrel"
    return story(name, title, (opening, *BODY[:3], *MORE))


def placed(*articles: Article) -> dict[str, Edition]:
    editions = Editions()
    return {article.id: editions.place(article) for article in articles}


def linked(*articles: Article) -> dict[str, tuple[str | None, str | None]]:
    """What each article replaces, and by what it is replaced."""
    return {name: (each.replaces, each.replaced_by) for name, each in placed(*articles).items()}


def test_each_edition_replaces_the_one_before_it():
    assert linked(flash(), story("first"), lead(), second()) == {
        "flash": (None, None),
        "first": ("flash", None),
        "lead": ("first", None),
        "second": ("lead", None),
    }


def test_in_the_reverse_order_each_says_what_replaced_it():
    assert linked(second(), lead(), story("first"), flash()) == {
        "second": (None, None),
        "lead": (None, "second"),
        "first": (None, "lead"),
        "flash": (None, "first"),
    }


def test_an_edition_read_between_its_neighbours_names_both():
    assert linked(story("first"), second(), lead())["lead"] == ("first", "second")


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_every_order_links_all_editions(order):
    articles = [flash(), story("first"), lead(), second()]
    found = linked(*(articles[place] for place in order))
    neighbours = {frozenset(("flash", "first")), frozenset(("first", "lead"))}
    neighbours.add(frozenset(("lead", "second")))
    links = {frozenset((name, other)) for name, both in found.items() for other in both if other}
    assert links >= neighbours


def test_ranks_are_told():
    ranks = [each.rank for each in placed(flash(), story("first"), lead(), second()).values()]
    assert ranks == [0, 0, 1, 2]


def test_a_correction_replaces_whatever_was_the_last_edition():
    fixed = story("fixed", f"Correction: {HEADLINE}", (*lead().text.split("\n\n")[2:-1], MORE[0]))
    assert placed(story("first"), lead(), fixed)["fixed"] == Edition(rank=1, replaces="lead")


def test_an_attn_line_alone_makes_a_revision():
    revised = story("revised", note="(ATTN: ADDS byline)")
    assert linked(story("first"), revised)["revised"] == ("first", None)


def test_two_alike_without_any_mark_are_left_alone():
    other = story("other", paragraphs=(LEAD, *BODY, *MORE))
    assert linked(story("first"), other)["other"] == (None, None)


def test_a_link_needs_days_that_are_near_or_unknown():
    assert linked(story("first"), lead(day=8))["lead"] == ("first", None)
    assert linked(story("first"), lead(day=9))["lead"] == (None, None)
    assert linked(story("first"), lead(day=None))["lead"] == ("first", None)


def test_another_agencys_story_of_the_same_talks_is_another_story():
    other = story("courant", f"(LEAD) {HEADLINE}", OTHERS_STORY)
    assert linked(story("first"), other, second())["courant"] == (None, None)


def test_another_agencys_name_outweighs_a_text_that_is_alike():
    """Both print the ministries' statement at length."""
    own = "PELLIN, May 6 (Courant) -- The ministries of Tarvia and Ostrel said in a statement:"
    courant = story("courant", f"UPDATE 1-{HEADLINE}", (own, *BODY))
    assert linked(story("first"), courant)["courant"] == (None, None)
    named = story("named", f"(LEAD) {HEADLINE}", BODY, source="The Courant")
    assert linked(story("first", paragraphs=BODY, source="Meridian"), named)["named"][0] is None
    named = story("named", f"(LEAD) {HEADLINE}", BODY, source="Meridian News Agency")
    assert linked(story("first", paragraphs=BODY, source="Meridian"), named)["named"][0] == "first"


def test_a_copy_names_the_first_of_its_text_and_is_linked_like_it():
    again = placed(story("first"), lead(), lead("again"), lead("third"))
    assert again["lead"].copy_of is None
    assert again["again"] == Edition(rank=1, replaces="first", copy_of="lead")
    assert again["third"].copy_of == "lead"


def test_what_differs_only_in_furniture_and_blanks_is_a_copy():
    page = "Go to Contents\n\n" + story("x").text.replace(" counterpart", "\t counterpart")
    copy = story("copy").model_copy(update={"text": page, "sentences": sentences.split(page)})
    assert placed(story("first"), copy)["copy"].copy_of == "first"


def test_the_same_text_weeks_later_is_no_copy():
    assert placed(story("first"), story("later", day=27))["later"].copy_of is None


def test_a_text_without_words_is_linked_with_nothing():
    empty = story("empty", "(LEAD) Photo", ["(END)"])
    assert placed(story("first"), empty, lead())["empty"] == Edition(rank=1)


def invented(number: int) -> Article:
    """A story of random words, with phrases that all of them share, and a mark on every other."""
    chance = random.Random(number)  # noqa: S311 - it makes stories, not secrets
    words = [f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{n}" for n in range(90)]
    said = "The two sides agreed to continue close communication on issues of mutual interest. "
    body = [
        " ".join(chance.choices(words, k=40)) + ". " + said + said.replace("two", "three")
        for _ in range(5)
    ]
    mark = ("", "(LEAD) ", "UPDATE 2-", "Correction: ")[number % 4]
    return story(f"story-{number}", f"{mark}Ministers hold talks on trade", body)


def test_a_hundred_unrelated_stories_under_one_headline_have_no_link():
    editions = placed(*map(invented, range(100)))
    assert {(e.replaces, e.replaced_by, e.copy_of) for e in editions.values()} == {(None,) * 3}


@pytest.mark.skipif(not POOL.is_dir(), reason="the invented articles are not here")
def test_a_pool_of_articles_has_no_false_link_and_all_true_ones():
    """All marked in turn and of one day, so that only their words keep them apart."""
    pool = [each for each in read_paths([POOL]) if isinstance(each, Article)]
    marks = ("", "(LEAD) ", "(2nd LD) ", "URGENT: ")
    marked = [
        story(each.id, f"{marks[number % 4]}{each.title or 'Talks'}", [each.text])
        for number, each in enumerate(pool)
    ]
    editions = Editions()
    for each in marked:
        found = editions.place(each)
        assert (found.replaces, found.replaced_by, found.copy_of) == (None, None, None), each.id
    for each in pool:
        kept = each.text.split("\n\n")
        newest = "\n\n".join((*kept[: len(kept) // 2], *MORE, *kept[len(kept) // 2 :]))
        update = story(f"{each.id}/new", f"(5th LD) {each.title or 'Talks'}", [newest])
        assert editions.place(update).replaces == each.id


def test_a_fingerprint_comes_back_as_it_was() -> None:
    whole = fingerprint(story("a"))
    assert unpacked(whole.packed()) == whole
    with pytest.raises(ValueError, match="unpack"):
        unpacked("[1]")


def test_memory_does_not_grow_with_the_number_of_articles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of many, only the latest are remembered: their editions are found, older ones' are not."""
    monkeypatch.setattr(links, "REMEMBERED", 3)
    editions = Editions()
    for number in range(20):
        editions.place(story(f"s{number}", paragraphs=(f"Envoys {number} met in {number}.", *MORE)))
    assert len(editions._latest) == 3
    assert len(editions._found_by) <= 3 * 20
    assert len(editions._texts) == 3
