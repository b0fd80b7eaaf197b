"""Whom a person acts for, by the article's words."""

import pytest

from pipeline.distil import affiliation
from schemas.extraction import ExtractedParticipant


def person(name, party):
    return ExtractedParticipant(name=name, party=party)


def test_what_the_article_says_wins_and_the_doubt_is_told():
    told = ["Omani envoy Salma Haddad came.", "Chilean envoy Juan Rojas left."]
    (side,) = affiliation.settle([person("Salma Haddad", "Chile")], [], told)
    assert side.words == "Omani"
    assert "“Omani” beside Salma Haddad; the model wrote “Chile”" in (side.doubt or "")


def test_of_two_people_who_were_swapped_the_second_is_turned_round_with_the_first():
    told = ["Omani envoy Salma Haddad saw Juan Rojas in Chile."]
    people = [person("Salma Haddad", "Chile"), person("Juan Rojas", "Omani")]
    sides = affiliation.settle(people, [], told)
    assert [side.words for side in sides] == ["Omani", "Chile"]
    assert all(side.doubt for side in sides)


def test_who_acts_for_an_organisation_may_have_a_nationality():
    told = ["The Omani diplomat Salma Haddad runs the mission."]
    assert affiliation.settle([person("Salma Haddad", "UN")], [], told) == [affiliation.Side("UN")]


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
    (side,) = affiliation.settle([her], [], ["Salma Haddad came."])
    assert side.words == words
    assert (side.doubt is None) == (words == "Chile")


def test_agreement_leaves_the_models_words_and_no_doubt():
    told = ["Omani envoy Salma Haddad came."]
    assert affiliation.settle([person("Salma Haddad", "Oman")], [], told) == [
        affiliation.Side("Oman")
    ]


def test_of_two_parties_one_is_on_the_other_side_than_whom_the_article_settles():
    told = ["Omani envoy Salma Haddad and Juan Rojas met.", "Chile and Oman trade; Chad watches."]
    people = [person("Salma Haddad", "Oman"), person("Juan Rojas", "Oman")]
    sides = affiliation.settle(people, [], told)
    assert [side.words for side in sides] == ["Oman", "Chile"]
    assert sides[1].doubt == "Juan Rojas is taken to face Salma Haddad, for “Chile”."


def test_two_of_one_side_stay_so_where_another_party_is_listed():
    told = ["Omani envoy Salma Haddad and Juan Rojas met the Chileans."]
    people = [person("Salma Haddad", "Oman"), person("Juan Rojas", "Oman")]
    sides = affiliation.settle(people, ["Chile"], told)
    assert [side.words for side in sides] == ["Oman", "Oman"]


def test_where_the_article_settles_nobody_both_stay():
    people = [person("Salma Haddad", "Oman"), person("Juan Rojas", "Oman")]
    sides = affiliation.settle(people, [], ["Salma Haddad and Juan Rojas met in Chile."])
    assert [side.words for side in sides] == ["Oman", "Oman"]
