"""Lines to teach a model with: the very messages that it will be asked with, and the right answer.

Right is what a person accepted: a reference, or a reviewed record. What a model wrote and nobody
looked at would teach it its own errors. OpenAI's chat lines end with the answer as the
assistant's message; the lines for the embedded model are those that `training` learns from.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.compose import Plan
from pipeline.errors import ArchiveError
from pipeline.evaluate import flatten
from pipeline.export.whole import replacing
from pipeline.export.wire import UnteachableError, taught
from pipeline.ways import EMBEDDED
from schemas.record import Record
from schemas.reference import FlatArticle
from schemas.way import Way

WRITTEN = "lines"  # how many were written, in the counts that `finetune` returns


def finetune(
    records: Iterable[Record],
    accepted: Mapping[str, FlatArticle] | None,
    way: Way,
    target: Path,
) -> Counter[str]:
    """Write a line for each record that makes one: its article, and its `accepted` summary.

    Without `accepted`, the record's own summary is the answer; the caller vouches that it is
    reviewed. Returns how many were written, and for each reason how many were left out. Raises
    ArchiveError where no line can be written at all.
    """
    counts: Counter[str] = Counter({WRITTEN: 0})
    with replacing((target,)) as (part,):
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            for record in records:
                try:
                    made = line(record, _summary(record, accepted), way)
                except UnteachableError as reason:
                    counts[str(reason)] += 1
                    continue
                stream.write(json.dumps(made, ensure_ascii=False) + "\n")
                counts[WRITTEN] += 1
        if not counts[WRITTEN]:
            raise ArchiveError(
                f"There is nothing to learn from, so {target} is not written"
                f"{_why(counts)}. Give accepted summaries of these articles with --reference."
            )
    return counts


def left_out(counts: Counter[str]) -> list[str]:
    """Sentences on what makes no line, and why."""
    return [
        f"Left out {many} article{'' if many == 1 else 's'}: {reason}."
        for reason, many in counts.most_common()
        if reason != WRITTEN
    ]


def line(record: Record, summary: FlatArticle, way: Way) -> dict[str, Any]:
    """One line. Raises UnteachableError where the article and the answer make none."""
    plan = Plan(record.article, way)
    if len(plan.parts) > 1:
        raise UnteachableError("it is asked about in parts, and the summary is of the whole")
    if way.english_only and not plan.english:
        raise UnteachableError("it is not in English, and the model reads nothing else")
    messages = plan.request(plan.parts[0]).body["messages"]
    told = taught(record.article, summary, way)
    if way.provider == EMBEDDED.provider:
        return {"id": record.article.id, "messages": messages, "answer": told}
    # The worked examples' answers are in every prompt: they are shown, and not to be learnt.
    shown = [m | {"weight": 0} if m["role"] == "assistant" else m for m in messages]
    return {"messages": [*shown, {"role": "assistant", "content": told}]}


def _summary(record: Record, accepted: Mapping[str, FlatArticle] | None) -> FlatArticle:
    if accepted is not None:
        if record.article.id not in accepted:
            raise UnteachableError("no accepted summary of it is given")
        return accepted[record.article.id]
    try:
        return flatten(record)
    except ValidationError as error:
        raise UnteachableError("its summary holds a value that no reference may have") from error


def _why(counts: Counter[str]) -> str:
    reasons = [f"{many} left out, because {why}" for why, many in counts.items() if why != WRITTEN]
    return f" ({'; '.join(reasons)})" if reasons else ""
