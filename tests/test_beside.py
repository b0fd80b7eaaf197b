"""The party that an article names right beside a person."""

import pytest

from pipeline.distil.beside import beside


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
        ("The Minister of Trade of the Sultanate of Oman, H.E. Mrs Salma Haddad, went on.", "OMN"),
        ("Her Omani counterpart Salma Haddad agreed.", "OMN"),
        ("Her Omani opposite number, Dr Salma Haddad, agreed.", "OMN"),
        ("Oman's ambassador to Chile, Salma Haddad, went on.", "OMN"),
        ("Chile's judge, and Oman's minister, Ambassador Salma Haddad, went on.", "OMN"),
        ("Oman's trade minister, Sayyida Salma Haddad, went on.", "OMN"),
        ("Chile's Juan Rojas met Oman's Salma Haddad.", "OMN"),
        ("The Omani delegation was led by Trade Minister Salma Haddad.", "OMN"),
        ("He met the Omani delegation, headed by Salma Haddad.", "OMN"),
        ("Oman was represented by the head of its fleet, Salma Haddad.", None),
        ("Oman was represented by Minister Salma Haddad.", "OMN"),
        ("On the Omani side were Minister Salma Haddad and others.", "OMN"),
        ("The Chilean team was led by Juan Rojas, the Omani one by Salma Haddad.", "OMN"),
        ("The Omani and Chilean ministers, Salma Haddad and Juan Rojas, sat down.", "OMN"),
        ("The Chilean and Omani ministers, Juan Rojas and Salma Haddad, sat down.", "OMN"),
        ("The ministers of Chile and Oman, Juan Rojas and Mrs Salma Haddad, sat down.", "OMN"),
        ("Oman met Chile, Salma Haddad said.", None),
        ("She spoke in Chile with Trade Minister Salma Haddad.", None),
        ("On a visit to Chile by Trade Minister Salma Haddad a plan was made.", None),
        ("The ambassador to Chile, Salma Haddad, went on.", None),
        ("Ministers Juan Rojas of Chile and Salma Haddad sat down.", None),
        ("Chile's trade minister, and Salma Haddad sat down.", None),
        ("At the invitation of the Minister of Chile, Mrs Salma Haddad came.", None),
        ("Salma Haddad, Chilean Finance Minister Juan Rojas and others sat down.", None),
        ("Salma Haddad, a Chilean former judge, speaks for the mission.", None),
        ("Chilean-born trade envoy Salma Haddad went on.", None),
        ("Salma Haddad, the special envoy for Chile, went on.", None),
    ],
)
def test_only_what_stands_right_beside_a_name_counts(sentence: str, code: str | None) -> None:
    found = beside("Salma Haddad", None, [sentence])
    assert (found and found.code) == code


def test_two_sentences_at_odds_say_nothing() -> None:
    sentences = ["Omani envoy Salma Haddad came.", "Chilean envoy Salma Haddad left."]
    assert beside("Salma Haddad", None, sentences) is None


def test_a_title_is_an_office_whatever_its_words() -> None:
    told = ["Oman's Wali of the Frankincense Coast, Salma Haddad, came."]
    assert beside("Salma Haddad", None, told) is None
    found = beside("Salma Haddad", "Wali of the Frankincense Coast", told)
    assert found is not None
    assert found.code == "OMN"
