"""From told articles to training lines: the very prompt that is served, and the exact answer.

    python -m training.corpus 3000 --seed 1 -o train.jsonl

Holds each answer against its article: what does not stand there is not taught. Does not know how
an article is told, nor what is learnt from it.
"""

import argparse
import collections
import dataclasses
import json
import random
import sys
from pathlib import Path
from typing import Any

from pipeline.compose import candidates, compose, write_answer
from pipeline.distil.naming import COURTESY
from pipeline.export.wire import country_words, party_words
from pipeline.read import sentences
from pipeline.ways import EMBEDDED
from schemas.article import Article
from schemas.extraction import Extraction
from training.orders import with_order
from training.plots import Told, article
from training.story import Encounter
from training.world import Person

Json = dict[str, Any]

ORDERED = 0.08  # share of articles that hold an order to the machine that reads them


class UnusableError(Exception):
    """A told article whose answer does not stand in its text, or could not be written down."""


def main(argv: list[str] | None = None) -> int:
    """Write `count` lines `{"id", "messages", "answer"}`."""
    parser = argparse.ArgumentParser(
        prog="python -m training.corpus", description=__doc__.split("\n")[0]
    )
    parser.add_argument("count", type=int, help="lines to write")
    parser.add_argument("--seed", type=int, default=1, help="one seed, one corpus")
    parser.add_argument("-o", "--out", type=Path, required=True, help="corpus to write (.jsonl)")
    options = parser.parse_args(argv)
    dropped: collections.Counter[str] = collections.Counter()
    with options.out.open("w", encoding="utf-8") as out:
        written = number = 0
        while written < options.count:
            number += 1
            rng = random.Random(f"{options.seed}/{number}")
            told = article(rng)
            if rng.random() < ORDERED:
                told = dataclasses.replace(told, text=with_order(told.text, rng))
            try:
                line = sample(told, f"{options.seed}-{number}")
            except UnusableError as reason:
                dropped[str(reason)] += 1
                continue
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            written += 1
    print(f"{written} lines; dropped: {dict(dropped)}", file=sys.stderr)
    return 0


def sample(told: Told, name: str) -> Json:
    """One training line. Raises UnusableError where a value is not in the text."""
    read = Article(id=name, text=told.text, sentences=sentences.split(told.text))
    extraction = Extraction.model_validate({"meetings": _meetings(told, read)})
    return {
        "id": read.id,
        "messages": compose(read, EMBEDDED).body["messages"],
        "answer": write_answer(extraction, EMBEDDED),
    }


def shown(read: Article) -> list[str]:
    """The words of the sentences that a model gets to see."""
    return [read.quote(sentence) for sentence in read.shown]


def _meetings(told: Told, read: Article) -> list[Json]:
    """The meetings that the served text still tells, in the order of the article."""
    body = shown(read)
    text = "\n".join(body)
    words = party_words(text)
    names = set(candidates.people(body))
    found = [e for e in told.encounters if _is_told(e, text)]
    found.sort(key=lambda e: text.find(e.opening))
    return [_meeting(e, text, words, names) for e in found]


def _is_told(meeting: Encounter, text: str) -> bool:
    named = meeting.name is not None and meeting.name.casefold() in text.casefold()
    return named or any(p.name in text for p in meeting.people) or meeting.kind == "nation"


def _meeting(meeting: Encounter, text: str, words: dict[str, str], names: set[str]) -> Json:
    """The answer about one meeting. `words` are party candidates by code, `names` people."""
    _check_values(meeting, text)
    people = sorted((p for p in meeting.people if p.introduced), key=lambda p: text.find(p.name))
    if any(person.name not in names for person in people):
        raise UnusableError("a name is no candidate")
    codes = [c.code for c in meeting.countries]
    if 2 < len(meeting.people) != len(people):
        codes = [p.country.code for p in people]  # a lead may have left the last one out
    if any(code not in words for code in codes):
        raise UnusableError("a party is not in the text")
    host = meeting.host.code if meeting.host and meeting.city else None
    parties = [words[code] for code in sorted(codes, key=lambda code: text.find(words[code]))]
    return {
        "name": _name(meeting, text, people),
        "prominence": meeting.prominence,
        "status": meeting.status,
        "parties": parties,
        "participants": [
            {"name": p.name, "title": p.title, "party": words[p.country.code]} for p in people
        ],
        "format": meeting.format,
        "date_text": meeting.date_text,
        "venue": meeting.venue,
        "city": meeting.city,
        "country": country_words(host, meeting.city, words),
        "agenda": [{"topic": topic} for topic in sorted(meeting.agenda, key=text.find)],
        "agreements": [{"text": clause} for clause in sorted(meeting.agreements, key=text.find)],
    }


def _check_values(meeting: Encounter, text: str) -> None:
    said = (meeting.date_text, meeting.venue, meeting.city, *meeting.agenda, *meeting.agreements)
    if any(value and value not in text for value in said):
        raise UnusableError("a value is not in the text")


def _name(meeting: Encounter, text: str, people: list[Person]) -> str | None:
    """The name as printed; None where code makes one of who meets."""
    if meeting.name:
        start = text.casefold().find(meeting.name.casefold())
        if start < 0:
            raise UnusableError("a name of a meeting is not in the text")
        return text[start : start + len(meeting.name)]
    return f"{COURTESY}{people[-1].name}" if meeting.kind == "courtesy" else None


if __name__ == "__main__":
    sys.exit(main())
