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
    prompt: str  # SHA-256 of the prompt text, hex
    schema_hash: str  # SHA-256 of the wire schema, hex
    keys: tuple[str, ...]  # of all requests, first to last
    tokens: Tokens
    at: dt.datetime  # when the last reply was written, UTC


class Record(Value):
    """One article with its summary: everything a reviewer needs, in one file."""

    article: Article
    summary: Summary
    made: Made
