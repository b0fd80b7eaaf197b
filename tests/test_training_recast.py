"""training.recast: a hand-written article with other countries and people, and still its answer."""

import random
from typing import Any

import pytest

from pipeline import places
from pipeline.compose import read_answer
from pipeline.read import sentences
from pipeline.ways import EMBEDDED
from schemas.article import Article
from schemas.reference import FlatArticle
from training import recast, written
from training.orders import with_order

TEXT = """Kenya and Peru met.

Kenyan Trade Minister Wanjiru Odera met a Peruvian envoy, Luis Campos, in Nairobi on Monday. Odera \
and Campos discussed coffee quotas.
"""
MEETING: dict[str, Any] = {
    "name": "talks between Wanjiru Odera and Luis Campos",
    "prominence": "focus",
    "status": "held",
    "format": "in_person",
    "date_text": "Monday",
    "date": None,
    "venue": None,
    "city": "Nairobi",
    "country": "KEN",
    "parties": ["KEN", "PER"],
    "participants": [
        {"name": "Wanjiru Odera", "title": "Trade Minister", "party": "KEN"},
        {"name": "Luis Campos", "title": "envoy", "party": "PER"},
    ],
    "agenda": ["coffee quotas"],
    "agreements": [],
}


def told(seed, text=TEXT, meeting=MEETING):
    article = Article(id="a", text=text, sentences=sentences.split(text))
    reference = FlatArticle.model_validate({"id": "a", "meetings": [meeting]})
    line = recast.recast(article, reference, random.Random(seed))  # noqa: S311
    return line["messages"][-1]["content"], read_answer(line["answer"], EMBEDDED).meetings[0]


@pytest.mark.parametrize("seed", range(8))
def test_the_answer_stands_in_the_article_and_nothing_old_is_left(seed):
    text, meeting = told(seed)
    assert not {"Kenya", "Kenyan", "Peru", "Odera", "Campos", "Nairobi"} & set(text.split())
    ada, luis = meeting.participants
    for value in (meeting.city, ada.name, ada.party, luis.name, luis.party):
        assert value in text
    assert places.city_country(meeting.city) == places.party(ada.party)
    assert places.party(ada.party) != places.party(luis.party)


def test_the_article_before_a_country_is_mended():
    text, _ = told(3)
    adjective = text.partition(" envoy,")[0].rsplit(" ", 1)[1]
    a = (
        "an"
        if adjective[0] in "AEIOU" and not adjective.startswith(("Uk", "Ur", "Ug", "Uz"))
        else "a"
    )
    assert f"met {a} {adjective} envoy" in text


def test_a_country_with_words_of_two_senses_stays():
    text, _ = told(
        1,
        TEXT.replace("Peruvian", "U.S.").replace("Peru", "the United States"),
        {
            **MEETING,
            "parties": ["KEN", "USA"],
            "participants": [
                MEETING["participants"][0],
                {"name": "Luis Campos", "title": "envoy", "party": "USA"},
            ],
        },
    )
    assert "U.S. envoy" in text


def test_an_article_that_does_not_hold_its_answer_is_refused():
    with pytest.raises(recast.UnfitError, match="no span"):
        told(1, meeting={**MEETING, "venue": "State House"})


@pytest.mark.parametrize("seed", range(5))
def test_an_order_is_a_paragraph_of_its_own_and_takes_nothing_away(seed):
    text = with_order(TEXT, random.Random(seed))  # noqa: S311
    left = text.splitlines()
    for line in TEXT.splitlines():
        left.remove(line)
    assert len([line for line in left if line]) == 1


def test_what_is_for_testing_is_never_recast():
    articles, _ = written.read("train")
    for split in ("dev", "test"):
        assert articles.keys().isdisjoint(written.read(split)[0])
