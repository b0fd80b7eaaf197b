"""training: what an invented article tells and what its answer says are one and the same."""

import functools
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.compose import read_answer, wire_schema
from pipeline.read import sentences
from pipeline.ways import EMBEDDED
from schemas.article import Article
from training import cast, corpus, slots
from training.plots import LEADS, Lead, Told, article, told
from training.slots.states import phrase
from training.story import Story
from training.template import bank, choose, fill
from training.world import LEXICON, Country, lexicon, office, person, topics

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT.parent / "shared" / "articles"

# A template's rules hold for every line of every section.
TEMPLATES = [(section, line) for section, lines in bank().items() for line in lines]


def seeded(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - one seed, one story


class Line(NamedTuple):
    """One invented article and its answer."""

    text: str
    meetings: list[dict[str, Any]]
    read: Article


def line(made: Told, name: str = "made") -> Line:
    meetings = read_answer(corpus.sample(made, name)["answer"], EMBEDDED).model_dump(mode="json")[
        "meetings"
    ]
    return Line(
        made.text, meetings, Article(id=name, text=made.text, sentences=sentences.split(made.text))
    )


@functools.cache
def lines() -> tuple[Line, ...]:
    found: list[Line] = []
    for number in range(25):
        try:
            found.append(line(article(seeded(f"test/{number}"))))
        except corpus.UnusableError:
            continue
    return tuple(found)


def story(kind: str = "talks", status: str = "held", seed: int = 1) -> Story:
    """A story that has its principals and an aside, and not a word of text yet."""
    begun = Story(seeded(seed))
    begun.current = cast.principals(begun, status, kind)
    begun.aside = cast.aside(begun, "planned")
    return begun


def verbatim(meeting: dict[str, Any]) -> Iterator[str | None]:
    yield from (meeting.get(key) for key in ("date_text", "venue", "city", "country"))
    yield from meeting["parties"]
    for participant in meeting["participants"]:
        yield from (participant[key] for key in ("name", "title", "party"))
    yield from (item["topic"] for item in meeting.get("agenda", ()))
    yield from (agreed["text"] for agreed in meeting.get("agreements", ()))


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from strings(child)
    elif isinstance(node, str):
        yield node


def phrases() -> Iterator[str]:
    yield from strings([lexicon(file.stem) for file in LEXICON.glob("*.yaml")])
    yield from strings(topics())


# -- articles and answers -----------------------------------------------------------------


def test_most_articles_can_be_used() -> None:
    assert len(lines()) >= 22


def test_every_value_of_an_answer_stands_in_its_article() -> None:
    missing = [
        (value, each.text)
        for each in lines()
        for meeting in each.meetings
        for value in verbatim(meeting)
        if value is not None and value not in each.text
    ]
    assert not missing


def test_names_and_parties_are_among_those_that_the_decoder_may_write() -> None:
    for each in lines():
        fields = wire_schema(EMBEDDED, corpus.shown(each.read))["$defs"]
        people = fields["ExtractedParticipant"]["properties"]["name"].get("enum", [])
        parties = fields["ExtractedMeeting"]["properties"]["parties"]["items"].get("enum", [])
        for meeting in each.meetings:
            assert {person["name"] for person in meeting["participants"]} <= set(people)
            assert set(meeting["parties"]) <= set(parties)


def test_no_notation_is_left_in_an_article() -> None:
    assert not [each.text for each in lines() if re.search(r"[{}\[\]⟦⟧]", each.text)]


def test_one_seed_makes_one_corpus(tmp_path: Path) -> None:
    def made(seed: int, name: str) -> str:
        corpus.main(["6", "--seed", str(seed), "-o", str(tmp_path / name)])
        return (tmp_path / name).read_text("utf-8")

    assert made(3, "a") == made(3, "b") != made(4, "c")


@pytest.mark.parametrize("lead", LEADS, ids=lambda lead: lead.section)
def test_the_main_meeting_is_answered_as_its_lead_opens(lead: Lead) -> None:
    made = told(Story(seeded(f"{lead.section}/7")), lead)
    main = made.encounters[0]
    answered = next(m for m in line(made).meetings if m["status"] == lead.status)
    assert answered["prominence"] == "focus"
    formats = {"call": "phone", "video": "virtual", "nation": main.format}
    assert main.format == formats.get(lead.kind, "in_person")
    sides = {*answered["parties"], *(p["party"] for p in answered["participants"])}
    assert len(sides) >= (3 if lead.kind == "multi" else 2)
    assert bool(answered["participants"]) == (lead.kind != "nation")


def test_a_phone_call_is_answered_as_one() -> None:
    lead = next(lead for lead in LEADS if lead.section == "lead.call.held")
    formats = [line(told(Story(seeded(seed)), lead)).meetings[0].get("format") for seed in "abc"]
    assert formats == ["phone"] * 3


def test_where_nobody_meets_the_answer_is_empty() -> None:
    quiet = [made for n in range(40) if not (made := article(seeded(n))).encounters]
    assert quiet
    assert all(line(made).meetings == [] for made in quiet)


def test_an_article_whose_value_was_lost_is_refused() -> None:
    made = told(Story(seeded(1)), LEADS[0])
    made.encounters[0].agenda.append("the price of moonlight")
    with pytest.raises(corpus.UnusableError, match="value"):
        corpus.sample(made, "lost")


# -- slots --------------------------------------------------------------------------------


def test_every_slot_of_the_banks_says_something() -> None:
    used: set[str] = set()
    for _, template in TEMPLATES:
        fill(template, lambda slot: used.add(slot) or "")  # type: ignore[func-returns-value]
    assert len(used) > 60
    assert all(slots.value(story(), slot.removesuffix(".")) for slot in used)


def test_every_phrase_of_the_lexicon_can_be_said() -> None:
    # Days and buildings have notations of their own.
    others = set(strings([lexicon("when"), lexicon("places")]))
    open_ = [words for words in phrases() if "{" in words and words not in others]
    assert len(open_) > 100
    assert not [words for words in open_ if "{" in phrase(story(), words)]


def test_a_subject_is_noted_and_mere_talk_is_not() -> None:
    speaker = story()
    said, rumour = slots.value(speaker, "item"), slots.value(speaker, "topic")
    assert speaker.current.agenda == [said]
    assert rumour not in speaker.current.agenda


def test_a_commitment_is_noted_in_the_form_in_which_it_is_said() -> None:
    speaker = story()
    said = [slots.value(speaker, "agree"), slots.value(speaker, "agree.ing")]
    assert speaker.current.agreements == said


def test_a_silent_slot_notes_nothing() -> None:
    for seed in range(12):
        speaker = story(seed=seed)
        said = slots.value(speaker, "place.")
        assert bool(said) == bool(speaker.current.city)
        assert said[:1] in ("", " ")


def test_a_person_is_introduced_once_with_the_title_that_is_noted() -> None:
    for seed in range(12):
        speaker = story(seed=seed)
        who = speaker.current.people[0]
        first, later = slots.value(speaker, "p1"), slots.value(speaker, "p1.last")
        assert who.name in first
        assert who.title is None or who.title in first
        assert later == who.short


def test_a_woman_has_the_feminine_form_of_a_russian_name() -> None:
    home = Country("RUS", "Russia", "Russian", "Moscow", ("Moscow",), "Russia")
    found = [person(seeded(n), home, office(seeded(n), home)) for n in range(30)]
    assert {who.male for who in found} == {True, False}
    assert all(who.name.endswith("a") != who.male for who in found)


def test_a_capital_opens_a_sentence() -> None:
    assert slots.value(story(), "Both")[0].isupper()


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        slots.value(story(), "weather")


# -- templates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("met a {w} envoy", "met an Omani envoy"),
        ("met the {the}", "met the Czech side"),
        ("said{w}, , then {w}.", "saidOmani, then Omani."),
    ],
)
def test_joints_are_mended(template: str, text: str) -> None:
    assert fill(template, {"w": "Omani", "the": "the Czech side"}.__getitem__) == text


def test_brackets_and_slots_balance() -> None:
    for section, template in TEMPLATES:
        settled = choose(template, seeded(0))
        assert not set("[]") & set(settled), (section, template)
        assert not set("{}") & set(fill(settled, lambda _: "")), (section, template)


def test_a_template_says_the_day_once() -> None:
    days = ("{when", "{sameday")
    assert not [t for _, t in TEMPLATES if sum(t.count(day) for day in days) > 1]


def test_a_call_has_no_place() -> None:
    calls = [t for s, t in TEMPLATES if {"call", "video"} & set(s.split(".")[:-1])]
    assert calls
    assert not [t for t in calls if "{place" in t or "{city" in t]


def test_a_follow_up_says_what_was_agreed() -> None:
    agreed = re.compile(r"(?:\bto|would) [^.;,]*\{next\}")
    assert all(agreed.search(template) for template in bank()["followup.held"])


def test_no_line_is_copied_from_the_shared_articles() -> None:
    """Twelve running words in common would be a copy."""
    if not ARTICLES.is_dir():
        pytest.skip("the shared articles are not here")
    taken = set()
    for file in ARTICLES.glob("*.txt"):
        taken |= set(_runs(file.read_text("utf-8", errors="replace")))
    settled = (choose(template, seeded(1)) for _, template in TEMPLATES)
    for text in (*settled, *phrases()):
        for piece in re.split(r"\{[^}]*\}", text):
            assert not taken & set(_runs(piece)), piece


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(12)), strict=False)
