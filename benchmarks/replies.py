"""The articles and the replies that benchmarks walk over: all from this repository.

Knows nothing of what is measured.
"""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import compose, endpoint, ways
from pipeline.errors import MissError
from pipeline.evaluate import load
from pipeline.read import Unreadable, read_paths
from pipeline.settings import from_environment
from pipeline.step import step
from pipeline.store import Recordings
from schemas.article import Article
from schemas.exchange import Reply, Request
from schemas.extraction import Extraction
from schemas.way import Way

EXAMPLES = Path(__file__).parent.parent / "examples"
BASE_URL = "http://replies.invalid/v1"


class Case(NamedTuple):
    """One article with its request and the reply that is stored for it."""

    article: Article
    request: Request
    reply: Reply


def examples() -> list[Article]:
    """The example articles, read."""
    found = read_paths([EXAMPLES / "articles"])
    return [each for each in found if not isinstance(each, Unreadable)]


def referenced() -> tuple[Way, list[Case]]:
    """Replies that a hosted model would give if it were always right."""
    way = ways.choose("by-hand", ways.origin(BASE_URL))
    right, cases = load(EXAMPLES / "reference"), []
    for article in examples():
        flat = right[article.id].meetings
        meetings = [each.model_dump(mode="json", exclude={"date"}) for each in flat]
        request = compose.compose(article, way)
        cases.append(Case(article, request, _reply(request, {"meetings": meetings})))
    return way, cases


def recorded() -> tuple[Way, list[Case]]:
    """Replies that the embedded model gave, from cache/recordings."""
    way = endpoint.target(from_environment(os.environ, EXAMPLES.parent), "embedded").way
    recordings = Recordings(EXAMPLES.parent / "cache" / "recordings")
    cases = []
    for article in examples():
        request = compose.compose(article, way)
        reply = recordings.get(request.key)
        replies = {request.key: reply} if reply else {}
        if reply and isinstance(step(compose.Plan(article, way), way, replies), Extraction):
            cases.append(Case(article, request, reply))
    if not cases:
        raise MissError("No recording fits; `readout record examples/articles` makes some.")
    return way, cases


def _reply(request: Request, content: dict[str, Any]) -> Reply:
    message = {"role": "assistant", "content": json.dumps(content, ensure_ascii=False)}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 2000, "completion_tokens": 500, "total_tokens": 2500}
    body = {"id": "by-hand", "object": "chat.completion", "created": 0, "model": "by-hand"}
    text = json.dumps({**body, "choices": [choice], "usage": usage})
    now = dt.datetime.now(dt.UTC)
    return Reply(key=request.key, status=200, body=text, at=now, seconds=0.0, written_by="hand")
