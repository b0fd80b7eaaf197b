"""Small values that several tests build on. Every reply here was written by hand."""

import datetime as dt
import json
from typing import Any

from pipeline.read import sentences
from schemas.article import Article, Basis, Publication
from schemas.exchange import Reply
from schemas.way import Way

TEXT = """\
Envoys discuss grain in Lusaka

LUSAKA, March 4 (Meridian) -- Zambian Foreign Minister Chanda Mwila met Ida Berg, Norway's \
special envoy for food security, in Lusaka on Monday and discussed grain exports.

The two sides agreed to open a joint seed bank.
"""

HOSTED = Way(name="compatible", model="test-model", provider="http://127.0.0.1:9")

MEETING: dict[str, Any] = {
    "name": "talks between Chanda Mwila and Ida Berg",
    "prominence": "focus",
    "status": "held",
    "format": "in_person",
    "date_text": "Monday",
    "venue": None,
    "city": "Lusaka",
    "country": "Zambian",
    "parties": ["Zambian", "Norway"],
    "participants": [
        {"name": "Chanda Mwila", "title": "Foreign Minister", "party": "Zambian", "evidence": [2]},
        {
            "name": "Ida Berg",
            "title": "special envoy for food security",
            "party": "Norway",
            "evidence": [2],
        },
    ],
    "agenda": [{"topic": "grain exports", "evidence": [2]}],
    "agreements": [{"text": "open a joint seed bank", "evidence": [3]}],
    "evidence": [2, 3],
}


def article(text: str = TEXT, name: str = "grain") -> Article:
    """An article as read makes it, published on 5 March 2024."""
    return Article(
        id=name,
        text=text,
        sentences=sentences.split(text),
        published=Publication(date=dt.date(2024, 3, 5), basis=Basis.GIVEN),
    )


def meeting(**changes: Any) -> dict[str, Any]:
    """The extraction of the sample article's one meeting, with changes."""
    return {**MEETING, **changes}


def completion(content: str | dict[str, Any] | None, **changes: Any) -> str:
    """A chat completion's body, written by hand."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    choice = {
        "index": 0,
        "finish_reason": changes.pop("finish_reason", "stop"),
        "message": {
            "role": "assistant",
            "content": text,
            "refusal": changes.pop("refusal", None),
        },
    }
    return json.dumps(
        {
            "id": "written-by-hand",
            "object": "chat.completion",
            "created": 0,
            "model": "test-model",
            "choices": [choice],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            **changes,
        }
    )


def reply(body: str, *, key: str = "k", status: int = 200) -> Reply:
    """A reply that a person wrote to provoke an outcome."""
    return Reply(
        key=key,
        status=status,
        body=body,
        at=dt.datetime(2024, 3, 5, tzinfo=dt.UTC),
        seconds=0.1,
        written_by="hand",
    )
