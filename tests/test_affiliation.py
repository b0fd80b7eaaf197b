"""Whom a person acts for, by the words beside the name."""

import pytest

from pipeline.distil import affiliation
from schemas.extraction import ExtractedParticipant


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Talks with Omani Trade Minister Salma Haddad went on.", "OMN"),
        ("Talks with Oman's trade minister, Salma Haddad, went on.", "OMN"),
        ("Talks with the Omani side's chief negotiator, Salma Haddad, went on.", "OMN"),
        ("Salma Haddad, Oman's minister of trade, went on.", "OMN"),
        ("Salma Haddad, the Omani trade minister, went on.", "OMN"),
        ("Minister Salma Haddad of Oman went on.", "OMN"),
        ("Also there was Salma Haddad (Oman).", "OMN"),
        ("The Minister of Trade of Oman, Salma Haddad, went on.", "OMN"),
        ("Her Omani counterpart Salma Haddad agreed.", "OMN"),
        ("Oman's ambassador to Chile, Salma Haddad, went on.", "OMN"),
        ("Oman met Chile, Salma Haddad said.", None),
        ("She spoke in Chile with Trade Minister Salma Haddad.", None),
        ("The ambassador to Chile, Salma Haddad, went on.", None),
        ("Ministers Juan Rojas of Chile and Salma Haddad sat down.", None),
        ("The Chilean and Omani ministers, Juan Rojas and Salma Haddad, sat down.", None),
        ("Salma Haddad, Chilean Finance Minister Juan Rojas and others sat down.", None),
        ("Salma Haddad, a Chilean former judge, speaks for the mission.", None),
        ("Chilean-born trade envoy Salma Haddad went on.", None),
        ("Salma Haddad, the special envoy for Chile, went on.", None),
    ],
)
def test_only_what_stands_right_beside_a_name_counts(sentence, code):
    found = affiliation.of("Salma Haddad", [sentence])
    assert (found and found.code) == code


def test_two_sentences_at_odds_say_nothing():
    sentences = ["Omani envoy Salma Haddad came.", "Chilean envoy Salma Haddad left."]
    assert affiliation.of("Salma Haddad", sentences) is None


def person(name, party):
    return ExtractedParticipant(name=name, party=party)


def test_what_the_article_says_wins_and_the_doubt_is_told():
    told = ["Omani envoy Salma Haddad came.", "Chilean envoy Juan Rojas left."]
    (side,) = affiliation.settle([person("Salma Haddad", "Chile")], told)
    assert side.words == "Omani"
    assert "“Omani” beside Salma Haddad; the model wrote “Chile”" in (side.doubt or "")


def test_of_two_people_who_were_swapped_the_second_is_turned_round_with_the_first():
    told = ["Omani envoy Salma Haddad saw Juan Rojas in Chile."]
    people = [person("Salma Haddad", "Chile"), person("Juan Rojas", "Omani")]
    sides = affiliation.settle(people, told)
    assert [side.words for side in sides] == ["Omani", "Chile"]
    assert all(side.doubt for side in sides)


def test_who_acts_for_an_organisation_may_have_a_nationality():
    told = ["The Omani diplomat Salma Haddad runs the mission."]
    assert affiliation.settle([person("Salma Haddad", "UN")], told) == [affiliation.Side("UN")]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("deputy secretary-general of ASEAN", "ASEAN"),
        ("Prime Minister of the Netherlands", "Netherlands"),
        ("Permanent Representative of Oman to the African Union", "Oman"),
        ("Executive Secretary of ASEAN (the Association)", "ASEAN"),
        ("Oman's envoy", "Oman"),
        ("political director at the Dutch foreign ministry", "Dutch"),
        ("vice minister for ASEAN affairs", "Chile"),
        ("special envoy for Omani reconstruction", "Chile"),
        ("director of Omani affairs", "Chile"),
        ("head of the department of European affairs", "Chile"),
        (None, "Chile"),
    ],
)
def test_an_office_says_whose_it_is_where_nothing_stands_beside_the_name(title, words):
    her = ExtractedParticipant(name="Salma Haddad", title=title, party="Chile")
    (side,) = affiliation.settle([her], ["Salma Haddad came."])
    assert side.words == words
    assert (side.doubt is None) == (words == "Chile")


def test_agreement_leaves_the_models_words_and_no_doubt():
    told = ["Omani envoy Salma Haddad came."]
    assert affiliation.settle([person("Salma Haddad", "Oman")], told) == [affiliation.Side("Oman")]
