"""From the model's words to the summary."""

from pipeline.distil import distil
from schemas.extraction import Extraction
from schemas.summary import DateBasis, State
from tests.samples import MEETING, TEXT, article, meeting


def summary(*meetings, text=TEXT):
    return distil(Extraction.model_validate({"meetings": meetings}), article(text))


def problems(found):
    return [(flag.where, flag.problem) for flag in found.flags]


def test_words_become_a_date_codes_and_quotes():
    found = summary(MEETING)
    (met,) = found.meetings
    assert (met.date, met.date_basis) == ("2024-03-04", DateBasis.RESOLVED)
    assert (met.city, met.country) == ("Lusaka", "ZMB")
    assert met.parties == ("NOR", "ZMB")
    assert [p.party for p in met.participants] == ["ZMB", "NOR"]
    assert met.agreements[0].evidence.quotes[0].quote.startswith("The two sides agreed")
    assert found.flags == ()


def test_no_meetings_is_a_summary_without_flags():
    assert summary().meetings == ()


def test_a_name_that_the_article_does_not_contain_is_flagged_and_kept():
    people = [*MEETING["participants"], {"name": "Ola Nord", "title": None, "party": "Norway"}]
    found = summary(meeting(participants=people))
    assert found.meetings[0].participants[2].name == "Ola Nord"
    assert found.meetings[0].participants[2].evidence.state is State.NOT_FOUND
    assert ("meetings[0].participants[2]", "not_found") in problems(found)


def test_a_title_or_a_city_out_of_thin_air_is_flagged():
    person = {**MEETING["participants"][0], "title": "Chief of Navy"}
    found = summary(meeting(participants=[person], city="Nairobi"))
    assert ("meetings[0].participants[0].title", "not_found") in problems(found)
    assert ("meetings[0].city", "not_found") in problems(found)


def test_an_unknown_party_keeps_its_words():
    found = summary(meeting(parties=["Zambian", "Norway", "Grain League"]))
    assert "Grain League" in found.meetings[0].parties
    assert ("meetings[0].parties", "unknown_party") in problems(found)


def test_a_citation_of_no_sentence_is_flagged():
    found = summary(meeting(agenda=[{"topic": "grain exports", "evidence": [77]}]))
    assert ("meetings[0].agenda[0]", "bad_citation") in problems(found)
    assert found.meetings[0].agenda[0].evidence.cited_by == "code"


def test_an_item_listed_twice_stands_once_and_says_so():
    item = {"topic": "grain exports", "evidence": [2]}
    found = summary(meeting(agenda=[item, {**item, "topic": "Grain exports"}]))
    assert len(found.meetings[0].agenda) == 1
    assert problems(found) == [("meetings[0].agenda", "repeated")]


def test_a_meeting_with_one_party_is_worth_a_look():
    found = summary(meeting(parties=["Zambian"], participants=[]))
    assert ("meetings[0].parties", "one_party") in problems(found)


def test_a_time_too_vague_for_a_date_stays_null():
    text = TEXT.replace("on Monday", "at an early date")
    found = summary(meeting(date_text="at an early date"), text=text)
    assert found.meetings[0].date is None
    assert ("meetings[0].date", "date_unresolved") in problems(found)


def test_the_same_day_is_the_day_of_the_meeting_before():
    text = TEXT + "\nThe same day, Mwila met Kofi Asante of Ghana.\n"
    second = meeting(
        name="meeting between Chanda Mwila and Kofi Asante",
        date_text="The same day",
        participants=[],
        parties=["Zambian", "Ghana"],
        agenda=[],
        agreements=[],
        evidence=[],
    )
    assert summary(MEETING, second, text=text).meetings[1].date == "2024-03-04"


def test_a_well_known_venue_settles_city_and_country():
    text = TEXT.replace("in Lusaka on Monday", "at the Pentagon on Monday")
    found = summary(meeting(venue="Pentagon", city=None, country=None), text=text)
    assert (found.meetings[0].city, found.meetings[0].country) == ("Arlington", "USA")


def test_the_worst_flags_come_first():
    found = summary(
        meeting(agenda=[{"topic": "grain exports"}, {"topic": "Grain exports"}, {"topic": "tanks"}])
    )
    assert [flag.problem for flag in found.flags] == ["not_found", "repeated"]


def test_a_party_or_country_out_of_thin_air_is_flagged():
    found = summary(meeting(parties=["Zambian", "Norway", "Japan"], country="Japan"))
    assert ("meetings[0].parties", "not_found") in problems(found)
    assert ("meetings[0].country", "not_found") in problems(found)


def test_a_party_that_the_article_has_in_another_form_is_not_flagged():
    assert summary(meeting(parties=["Zambia", "Norway"], country="Zambia")).flags == ()


def test_a_well_known_venue_never_gives_a_city_the_country_of_another():
    (met,) = summary(meeting(city="Lusaka", country=None, venue="Pentagon")).meetings
    assert (met.city, met.country) == ("Lusaka", "ZMB")
    (met,) = summary(meeting(city=None, country="Zambia", venue="Pentagon")).meetings
    assert (met.city, met.country) == (None, "ZMB")
    (met,) = summary(meeting(city=None, country=None, venue="Pentagon")).meetings
    assert met.country == "USA"


def test_a_meeting_listed_twice_word_for_word_stands_once_and_says_so():
    """A small model that loops repeats whole meetings."""
    found = summary(MEETING, MEETING, meeting(status="planned"))
    assert [m.status for m in found.meetings] == ["held", "planned"]
    assert ("meetings[0]", "repeated") in problems(found)


def test_a_well_known_city_wins_over_a_country_it_does_not_lie_in_and_says_so():
    found = summary(meeting(country="Norway"))
    assert (found.meetings[0].city, found.meetings[0].country) == ("Lusaka", "ZMB")
    assert problems(found) == [("meetings[0].country", "country_conflict")]


def test_a_city_of_a_country_that_the_article_never_names_settles_nothing():
    """Hyderabad may be the one in Pakistan."""
    text = TEXT.replace("in Lusaka on Monday", "in Hyderabad on Monday") + "\nPakistan watched.\n"
    found = summary(meeting(city="Hyderabad", country="Pakistan"), text=text)
    assert found.meetings[0].country == "PAK"
