"""Records for tests of what comes after a run: made by distilling answers written by hand."""

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline import archive
from pipeline.distil import distil
from schemas.exchange import Tokens
from schemas.extraction import Extraction
from schemas.record import Edition, Made, Record
from tests.samples import TEXT, article, meeting

# What a spreadsheet would run, a page would run, and what turns writing round.
FORMULA = '=HYPERLINK("http://127.0.0.1/"&A1)'
SCRIPT = "</script></style></title><script>document.body.id='ran'</script>"
TURNED = "\u202eesrever"


def record(
    name: str = "grain",
    *meetings: dict[str, Any],
    text: str = TEXT,
    copy_of: str | None = None,
    **about: Any,
) -> Record:
    """The record of the sample article, with these meetings or the sample's one."""
    read = article(text, name).model_copy(update=about)
    extraction = Extraction.model_validate({"meetings": meetings or [meeting()]})
    return Record(
        article=read,
        summary=distil(extraction, read),
        made=Made(
            readout="0.1.0",
            model="test-model",
            provider="http://127.0.0.1:9",
            way="compatible",
            prompt="p" * 64,
            schema_hash="s" * 64,
            keys=("k",),
            tokens=Tokens(prompt=100, completion=20),
            at=dt.datetime(2024, 3, 6, 7, 8, tzinfo=dt.UTC),
        ),
        edition=Edition(copy_of=copy_of),
    )


def without_meetings(name: str = "tin") -> Record:
    """A record of an article that reports no meeting."""
    made = record(name)
    return made.model_copy(update={"summary": distil(Extraction(meetings=()), made.article)})


def hostile() -> Record:
    """A record in which the article and the model try what they can."""
    text = f"{SCRIPT} {FORMULA}\n\n{TURNED} met Ida Berg of Norway;=1+1 in Lusaka on Monday.\n"
    person = {"name": FORMULA, "title": f"\t{FORMULA}", "party": TURNED, "evidence": [2]}
    told = meeting(
        name=f"{SCRIPT}{TURNED}",
        participants=[person],
        parties=["Norway", "@SUM(A1)"],
        agenda=[{"topic": "one\r\n-2+3", "evidence": [2]}],
        agreements=[{"text": "swap;=1+1", "evidence": [2]}],
        venue=SCRIPT,
        evidence=[2],
    )
    return record("=1+1", told, text=text, title=f"{SCRIPT} {TURNED}", url="javascript:alert(1)")


def folder(path: Path, *records: Record) -> Path:
    """A folder as a run leaves it."""
    for each in records:
        archive.write(each, path)
    return path
