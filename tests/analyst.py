"""A scripted reviewer: she decides over HTTP as the page does, out of what she finds there.

Of ten articles she corrects one in each of her `WAYS`; she knows no article's words.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi.testclient import TestClient

from tests import reviewing

MANY = 10  # articles that she reviews
Row = dict[str, Any]  # as the contract of the page has it; articles too


class Corrections(NamedTuple):
    """What a reviewer made of an article, for later: of each kind what is in it and what is not."""

    article: str
    there: str = ""
    gone: str = ""


class Reviewer:
    """Somebody who decides over HTTP as the page does."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def get(self, path: str, **parameters: str) -> Any:
        answer = self._client.get(f"/api/{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def decide(self, article: Row, *wishes: Row) -> Row:
        """Decide about an article; it as it is afterwards."""
        seen = {"article": article["id"], "seen": article["seq"], "version": article["version"]}
        body = {"request": reviewing.request(), **seen, "seconds": 4.5, "decisions": wishes}
        answer = self._client.post("/api/decisions", json=body)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["saved"]) == len(wishes)
        return dict(answer.json()["article"])

    def accept_the_rest(self, article: Row) -> None:
        rest = [row for row in rows(article) if row["standing"] == "open"]
        wishes = ({"action": "accept", "row": row["id"]} for row in rest)
        assert self.decide(article, *wishes)["reviewed"]

    def open(self) -> Iterator[Row]:
        """The articles to review, least sure first."""
        for entry in self.get("queue")["articles"]:
            yield self.get("article", id=entry["id"])


def rows(article: Row, *kinds: str) -> list[Row]:
    """Its rows of these kinds, or all of them."""
    found = [row for meeting in article["meetings"] for row in meeting["rows"]]
    return [row for row in (*found, article["whole"]) if not kinds or row["kind"] in kinds]


def correct_a_value(by: Reviewer, article: Row) -> Corrections | None:
    """Say a subject in one of its words."""
    for row in rows(article, "agenda"):
        topic = row["value"]["topic"]
        word = max(topic.split(), key=len)
        if row["evidence_state"] == "exact" and word != topic:
            by.decide(article, {"action": "edit", "row": row["id"], "value": {"topic": word}})
            return Corrections(article["id"], word, topic)
    return None


def correct_evidence(by: Reviewer, article: Row) -> Corrections | None:
    """Cite one sentence more for a subject."""
    for row in rows(article, "agenda"):
        spans = [{"start": each["start"], "end": each["end"]} for each in row["evidence"]]
        cited = {each["sentence"] for each in row["evidence"]}
        for sentence in article["sentences"]:
            if sentence["label"] == "body" and sentence["number"] not in cited:
                more = {"start": sentence["start"], "end": sentence["end"]}
                wish = {"action": "cite", "row": row["id"], "evidence": [*spans, more]}
                by.decide(article, wish)
                return Corrections(article["id"], str(sentence["number"]), row["value"]["topic"])
    return None


def reject_an_item(by: Reviewer, article: Row) -> Corrections | None:
    """Turn down somebody who takes part."""
    for row in rows(article, "participant")[-1:]:
        by.decide(article, {"action": "reject", "row": row["id"]})
        return Corrections(article["id"], gone=row["value"]["name"])
    return None


def add_an_item(by: Reviewer, article: Row) -> Corrections | None:
    """Add the first words of a sentence that nothing cites, as a subject."""
    for sentence in article["sentences"]:
        if sentence["label"] != "body" or sentence["cited"] or not article["meetings"]:
            continue
        span = {"start": sentence["start"], "end": sentence["end"]}
        words = " ".join(article["text"][span["start"] : span["end"]].split()[:3])
        about = {"kind": "agenda", "meeting": article["meetings"][0]["id"]}
        wish = {"action": "add", **about, "value": {"topic": words}, "evidence": [span]}
        by.decide(article, wish)
        return Corrections(article["id"], words)
    return None


WAYS = (correct_a_value, correct_evidence, reject_an_item, add_an_item)


def review(by: Reviewer) -> dict[str, Corrections]:
    """Review ten articles: correct one in each way, and accept everything else as it is."""
    todo, done, articles = dict.fromkeys(WAYS), {}, by.open()
    for _ in range(MANY):
        article = next(articles)
        for way in todo:
            if found := way(by, article):
                done[way.__name__] = found
                del todo[way]
                break
        by.accept_the_rest(by.get("article", id=article["id"]))
    assert not todo, "the examples have something to correct in every way"
    progress = by.get("queue")["progress"]
    assert (progress["reviewed"], progress["seconds_per_article"] > 0) == (MANY, True)
    return done
