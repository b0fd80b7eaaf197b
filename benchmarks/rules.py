"""How often the rules hold by which code corrects a small model, on references written by hand.

- `sides`: of the people, whose side stands beside the name or in the title
  (`distil.affiliation`), and whether it is theirs.
- `commitments`: of the agreements, whose sentence has a word of agreeing (`distil.commitment`).
- `background`: of the background meetings with a day and a city, those whose day shares a sentence
  with the city or with somebody who was there (`distil.background`).

No model is asked: `wrong` counts what a rule would spoil in an answer that is right.

    python benchmarks/rules.py corpus/train --json
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ending import Figures, printed

from pipeline import places
from pipeline.distil import affiliation, background, commitment
from pipeline.evaluate.load import load
from pipeline.read import read_paths
from schemas.article import Article
from schemas.extraction import ExtractedMeeting, ExtractedParticipant, Prominence
from schemas.reference import FlatArticle, FlatMeeting

HELD = {True: "right", False: "wrong"}


def told(folder: Path) -> Iterator[tuple[list[str], FlatArticle]]:
    """Each article's sentences beside its reference."""
    references = load(folder / "reference")
    for read in read_paths([folder / "articles"]):
        if isinstance(read, Article) and read.id in references:
            yield [read.quote(sentence) for sentence in read.sentences], references[read.id]


def sides(sentences: list[str], reference: FlatArticle) -> Iterator[str]:
    """Of each person once: "right", "wrong", or "none" where nothing says it."""
    people = {(p.name, p.title, p.party) for m in reference.meetings for p in m.participants}
    for name, title, party in people:
        person = ExtractedParticipant(name=name, title=title)
        (side,) = affiliation.settle([person], (), sentences)
        yield "none" if side.words is None else HELD[places.party(side.words) == party]


def commitments(sentences: list[str], reference: FlatArticle) -> Iterator[str]:
    """Of each agreement: "right" where it is kept."""
    for meeting in reference.meetings:
        for agreement in meeting.agreements:
            yield HELD[commitment.is_committed(agreement.text, sentences)]


def backgrounds(sentences: list[str], reference: FlatArticle) -> Iterator[str]:
    """Of each background meeting with a day and a city: "right" where it is kept."""
    for meeting in reference.meetings:
        if meeting.prominence is Prominence.BACKGROUND and meeting.date_text and meeting.city:
            yield HELD[background.is_told(_extracted(meeting), sentences)]


RULES = {"sides": sides, "commitments": commitments, "background": backgrounds}


def measure(folder: Path) -> Figures:
    """Counts by rule."""
    counts = {rule: Counter[str]() for rule in RULES}
    articles = 0
    for sentences, reference in told(folder):
        articles += 1
        for rule, judged in RULES.items():
            counts[rule].update(judged(sentences, reference))
    return {"articles": articles} | {rule: dict(each) for rule, each in counts.items()}


def table(figures: Figures) -> str:
    """A line for each rule."""
    lines = [f"{figures['articles']} articles"]
    for rule in RULES:
        counts = figures[rule]
        lines.append(f"{rule:12} " + ", ".join(f"{n} {word}" for word, n in sorted(counts.items())))
    return "\n".join(lines)


def _extracted(meeting: FlatMeeting) -> ExtractedMeeting:
    return ExtractedMeeting(
        name=meeting.name,
        participants=tuple(ExtractedParticipant(name=p.name) for p in meeting.participants),
        parties=(),
        status=meeting.status,
        prominence=meeting.prominence,
        date_text=meeting.date_text,
        city=meeting.city,
    )


def main(arguments: list[str] | None = None) -> int:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder with articles/ and reference/")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    return printed(lambda: measure(options.folder), table, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
