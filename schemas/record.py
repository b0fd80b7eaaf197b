"""What is archived: the article, its summary, and what made it."""

import datetime as dt

from schemas.article import Article
from schemas.base import Value
from schemas.exchange import Tokens
from schemas.summary import Summary


class Made(Value):
    """Which model, prompt and schema wrote a summary, and what it took."""

    readout: str  # version
    model: str
    provider: str
    way: str
    prompt: str  # SHA-256 of all the words before the article, the schema's if told there, hex
    schema_hash: str  # SHA-256 of the wire schema, hex
    keys: tuple[str, ...]  # of all requests, first to last
    tokens: Tokens
    at: dt.datetime  # when the last reply was written, UTC


class Edition(Value):
    """Where an article stands among those of its run that tell the same story.

    It is no part of the article, which says nothing of others and goes into requests. Articles
    are read one by one: of two that are linked, the one read later names the other, by its id.

    Copies cost one request, unless their dates of publication differ and the model is shown the
    date: "on Monday" has been for the one and is to come for the other.
    """

    rank: int = 0  # 0 for a first story, 1 for (LEAD) or UPDATE 1, 2 for (2nd LD) …
    replaces: str | None = None  # the latest edition before this one
    replaced_by: str | None = None  # the earliest edition after this one
    copy_of: str | None = None  # the first article with the same text


class Record(Value):
    """One article with its summary: everything a reviewer needs, in one file."""

    article: Article
    summary: Summary
    made: Made
    edition: Edition = Edition()
