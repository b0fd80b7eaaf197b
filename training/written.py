"""The articles written by hand, with their references, in `corpus/`.

    python -m training.written check [PREFIX]      # what is amiss, file by file; exit code 1 if any
    python -m training.written number FILE         # an article with its sentence numbers
    python -m training.written lines -o written.jsonl [--copies 3]

Only `corpus/train` ever becomes training lines. Knows the guide's rules that a machine can hold a
reference to; knows nothing of the generator.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.compose import candidates, compose
from pipeline.distil.evidence import Sources
from pipeline.distil.naming import COURTESY, MADE
from pipeline.errors import ReadoutError
from pipeline.evaluate.load import load
from pipeline.export.wire import party_words, taught
from pipeline.read import read_paths
from pipeline.ways import EMBEDDED
from schemas.article import Article
from schemas.reference import FlatArticle, FlatMeeting
from schemas.summary import State
from training.corpus import shown

CORPUS = Path(__file__).parents[1] / "corpus"
SPLITS = ("train", "dev", "test")


def read(split: str) -> tuple[dict[str, Article], dict[str, FlatArticle]]:
    """Articles and references of one split, by id."""
    folder = CORPUS / split
    found = read_paths([folder / "articles"])
    articles = {article.id: article for article in found if isinstance(article, Article)}
    return articles, load(folder / "reference")


def faults(article: Article, reference: FlatArticle, *, cited: bool) -> Iterator[str]:
    """Sentences on what does not stand in the article, or not as the guide wants it.

    `cited`: whether every item has to name the sentences that say it.
    """
    body = shown(article)
    text = "\n".join(" ".join(sentence.split()) for sentence in body)
    names, words = set(candidates.people(body)), party_words(text)
    if reference.published != article.published.date:
        yield f"published: {reference.published} here, {article.published.date} as we read it"
    for number, meeting in enumerate(reference.meetings, 1):
        found = list(_meeting_faults(meeting, text, names, words))
        if cited:
            found += _evidence_faults(article, meeting)
        yield from (f"meeting {number}: {fault}" for fault in found)


def sample(article: Article, reference: FlatArticle) -> dict[str, Any]:
    """One training line. Raises UnteachableError where a value is too long to be written."""
    return {
        "id": article.id,
        "messages": compose(article, EMBEDDED).body["messages"],
        "answer": taught(article, reference, EMBEDDED),
    }


def party_codes(article: Article) -> set[str]:
    """The parties that may be written down about an article, by code or short name."""
    return set(party_words("\n".join(shown(article))))


def _meeting_faults(
    meeting: FlatMeeting, text: str, names: set[str], words: dict[str, str]
) -> Iterator[str]:
    spans: list[tuple[str, str | None]] = []
    spans += [("date_text", meeting.date_text), ("venue", meeting.venue), ("city", meeting.city)]
    spans += [("title", person.title) for person in meeting.participants]
    spans += [("topic", item.topic) for item in meeting.agenda]
    spans += [("agreement", item.text) for item in meeting.agreements]
    for field, value in spans:
        if value is not None and " ".join(value.split()) not in text:
            yield f"{field} “{value}” is no span of the article"
    named = meeting.name.casefold() in text.casefold()
    if not (named or MADE.match(meeting.name) or meeting.name.startswith(COURTESY)):
        yield f"name “{meeting.name}” neither stands in the article nor is made after the guide"
    for person in meeting.participants:
        if person.name not in names:
            yield f"participant “{person.name}” is no candidate: is it the longest form, untitled?"
    codes = {*meeting.parties, *(p.party for p in meeting.participants if p.party)}
    for code in sorted(codes - words.keys()):
        yield f"party {code} is in no words of the article that we know"
    if list(meeting.parties) != sorted(meeting.parties):
        yield "parties are not sorted"


def _items(meeting: FlatMeeting) -> Iterator[tuple[str | None, tuple[int, ...]]]:
    yield None, meeting.evidence
    yield from ((person.name, person.evidence) for person in meeting.participants)
    yield from ((item.topic, item.evidence) for item in meeting.agenda)
    yield from ((item.text, item.evidence) for item in meeting.agreements)


def _evidence_faults(article: Article, meeting: FlatMeeting) -> Iterator[str]:
    sources = Sources(article)
    said = {State.EXACT, State.NORMALISED, State.COMPOSED}
    for value, evidence in _items(meeting):
        if not evidence or sources.known(evidence) != evidence:
            yield f"“{value or 'the meeting'}” cites no sentence of the article"
        elif value and sources.tie(value, evidence).state not in said:
            yield f"“{value}” is not in the sentences that it cites"


def _check(prefix: str) -> int:
    bad = 0
    for split in SPLITS:
        articles, references = read(split)
        for name in sorted(articles.keys() | references.keys()):
            if not name.startswith(prefix):
                continue
            if name not in articles or name not in references:
                found = ["the article or its reference is missing"]
            else:
                found = list(faults(articles[name], references[name], cited=split == "test"))
            bad += bool(found)
            for fault in found:
                print(f"{split}/{name}: {fault}")
    print(f"{bad} files with faults", file=sys.stderr)
    return 1 if bad else 0


def _number(file: Path) -> int:
    for article in read_paths([file]):
        if isinstance(article, Article):
            print(f"published: {article.published.date} ({article.published.basis})")
            for sentence in article.sentences:
                words = " ".join(article.quote(sentence).split())
                print(f"[{sentence.number}] ({sentence.label}) {words}")
    return 0


def _lines(out: Path, copies: int) -> int:
    articles, references = read("train")
    samples = [sample(articles[name], references[name]) for name in sorted(references)]
    with out.open("w", encoding="utf-8") as lines:
        for copy in range(copies):
            for made in samples:
                told = made | {"id": f"{made['id']}#{copy}"}
                lines.write(json.dumps(told, ensure_ascii=False) + "\n")
    print(f"{len(samples)} articles, {copies} times", file=sys.stderr)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Check, number or write down the articles written by hand."""
    parser = argparse.ArgumentParser(
        prog="python -m training.written", description=__doc__.split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="hold references against their articles")
    check.add_argument("prefix", nargs="?", default="")
    number = commands.add_parser("number", help="an article with its sentence numbers")
    number.add_argument("file", type=Path)
    lines = commands.add_parser("lines", help="write training lines of corpus/train")
    lines.add_argument("-o", "--out", type=Path, required=True)
    lines.add_argument("--copies", type=int, default=1, help="how often each article is seen")
    options = parser.parse_args(argv)
    try:
        if options.command == "check":
            return _check(options.prefix)
        if options.command == "number":
            return _number(options.file)
        return _lines(options.out, options.copies)
    except ReadoutError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
