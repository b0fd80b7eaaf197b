"""The benchmark of quality: how langextract is asked and understood, and how systems are scored."""

import datetime as dt
import importlib
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import ways
from pipeline.compose import write_answer
from pipeline.errors import ModelError
from pipeline.settings import Settings
from pipeline.store import Responses
from schemas.article import Publication
from schemas.extraction import Extraction
from schemas.reference import FlatArticle
from tests import samples
from tests.loopback import Loopback

ROOT = Path(__file__).parent.parent
PROMPT = json.loads((ROOT / "benchmarks" / "langextract_prompt.json").read_bytes())
WAY = ways.EMBEDDED.model_copy(update={"model": "hand"})

# What the child needs of langextract: it finds the article's own words, or breaks.
STUB = """
import json
from types import SimpleNamespace as Object
def extract(text, **asked):
    print("chatter")
    if "broken" in text:
        raise ValueError("cut off")
    assert [len(each.extractions) for each in asked["examples"]] == [11, 0, 5]
    assert asked["config"].provider_kwargs["max_output_tokens"] == 2000
    def found(kind, words, **attributes):
        start = text.find(words)
        place = Object(start_pos=start) if start >= 0 else None
        return Object(extraction_class=kind, extraction_text=words, attributes=attributes,
                      char_interval=place)
    return Object(extractions=[
        found("meeting", "met", meeting="1", name="seed talks", parties=["Zambia", "Norway"]),
        found("participant", "Ida Berg", meeting="1", party="Norway"),
        found("agreement", "open a joint seed bank", meeting="1"),
        found("agenda", "moon rockets", meeting="1"),
    ])
"""


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of the benchmark by name; they are scripts, and their folder is no package."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package called langextract on the path of child processes."""
    folder = tmp_path / "site" / "langextract"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(STUB)
    holder = "from types import SimpleNamespace as {0}\n"
    names = {
        "data": "def Extraction(*a, **k): return (a, k)\n" + holder.format("ExampleData"),
        "factory": holder.format("ModelConfig"),
        "prompt_validation": "class PromptValidationLevel: OFF = None\n",
        "extraction": "",
    }
    for name, text in names.items():
        (folder / f"{name}.py").write_text(text)
    facts = folder.with_name("langextract-1.7.1.dist-info")
    facts.mkdir()
    (facts / "METADATA").write_text("Name: langextract\nVersion: 1.7.1\n")
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))


def understood(benchmark: Any, *found: dict[str, Any]) -> Any:
    mapping = benchmark("langextract_mapping")
    given = (mapping.Found(**{"attributes": {}, "start": None, **each}) for each in found)
    return mapping.mapped(given, lambda offset: offset // 100 + 1)


def told(example: dict[str, Any]) -> list[dict[str, Any]]:
    """An example's extractions as the child hands them on, aligned to the first such words."""
    return [
        {
            "kind": each["class"],
            "text": each["text"],
            "attributes": each["attributes"],
            "start": example["text"].index(each["text"]),
        }
        for each in example["extractions"]
    ]


def test_the_examples_that_langextract_gets_are_extractive_and_understood(benchmark: Any) -> None:
    """langextract must not be taught what we could not read, nor words that are not there."""
    first, none, call = (understood(benchmark, *told(each)) for each in PROMPT["examples"])
    assert (first.dropped, none.dropped, call.dropped) == (0, 0, 0)
    assert none.extraction.meetings == ()
    held, planned, earlier = first.extraction.meetings
    assert [person.name for person in held.participants] == [
        "Karmenu Zerafa",
        "Oddny Hrafnsdottir",
    ]
    assert held.agenda[0].topic == "tuna quotas"
    assert held.agreements[1].text == "train inspectors together"
    assert (held.parties, held.evidence) == (("Malta", "Iceland"), (1,))
    assert (planned.status, planned.city, planned.date_text) == (
        "planned",
        "Reykjavik",
        "September",
    )
    assert (earlier.prominence, earlier.participants) == ("background", ())
    assert call.extraction.meetings[0].format == "phone"


def test_every_value_of_ours_stands_in_the_instructions() -> None:
    for word in ("focus", "background", "in_person", "virtual", "phone", "postponed", "proposed"):
        assert word in PROMPT["description"]


def test_doubts_about_what_langextract_means_are_settled_in_its_favour(benchmark: Any) -> None:
    found = understood(
        benchmark,
        {"kind": "participant", "text": "Ada Lund", "attributes": {"meeting": "7"}, "start": 210},
        {"kind": "agenda", "text": "cod"},  # no meeting: the first one
        {
            "kind": "meeting",
            "text": "met",
            "attributes": {
                "meeting": "2",
                "status": "Took place",
                "prominence": None,
                "format": "In person",
                "parties": "Norway, Peru",
            },
        },
    )
    one, two = found.extraction.meetings
    assert (one.name, one.participants[0].evidence) == ("talks between Ada Lund", (3,))
    assert [each.topic for each in one.agenda] == ["cod"]
    assert (two.name, two.parties) == ("talks between Norway and Peru", ("Norway", "Peru"))
    assert (two.status, two.prominence, two.format) == ("held", "focus", "in_person")


def test_what_our_form_cannot_hold_is_dropped_alone_and_counted(benchmark: Any) -> None:
    group = {"meeting": "1"}
    found = understood(
        benchmark,
        {"kind": "participant", "text": " ", "attributes": group},
        {"kind": "participant", "text": "Ada Lund", "attributes": group},
        {"kind": "agenda", "text": "x" * 401, "attributes": group},
        {"kind": "meeting", "text": "y", "attributes": {"meeting": "2", "venue": "z" * 500}},
    )
    (kept,) = found.extraction.meetings
    assert [person.name for person in kept.participants] == ["Ada Lund"]
    assert (kept.agenda, found.dropped) == ((), 3)


@pytest.mark.usefixtures("stub")
def test_langextract_reads_the_same_sentences_and_its_finds_get_our_codes_and_numbers(
    benchmark: Any, tmp_path: Path
) -> None:
    peer = benchmark("systems").Peer(Path(sys.executable), "http://x", WAY, tmp_path / "log")
    with closing(peer):
        answer = peer(samples.article())
        broken = peer(samples.article("A broken line.\n"))
    (meeting,) = answer.flat.meetings
    assert (meeting.parties, meeting.evidence) == (("NOR", "ZMB"), (2,))
    assert (meeting.participants[0].name, meeting.participants[0].evidence) == ("Ida Berg", (2,))
    assert meeting.agreements[0].evidence == (3,)
    assert answer.flat.states[1] == "not_found"  # the moon rockets
    assert (broken.flat, broken.error) == (None, "ValueError")


def test_a_langextract_that_cannot_start_is_a_sentence_with_its_log(
    benchmark: Any, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="what it said is in"):
        benchmark("systems").Peer(Path(sys.executable), "http://x", WAY, tmp_path / "log")
    assert "No module named 'langextract'" in (tmp_path / "log").read_text()


def test_our_pipeline_asks_once_and_counts_the_seconds_of_stored_replies(
    benchmark: Any, server: Loopback, settings: Settings
) -> None:
    meeting = samples.meeting()
    server.say(write_answer(Extraction.model_validate({"meetings": [meeting]}), WAY))
    through = benchmark("systems").through_readout
    with closing(Responses(settings.cache / "responses")) as store:
        answers = [through(samples.article(), WAY, server.base_url, store) for _ in range(2)]
    assert len(server.asked) == 1
    assert answers[0] == answers[1]
    assert [each.name for each in answers[0].flat.meetings] == [meeting["name"]]


def test_an_answer_of_our_pipeline_that_is_cut_off_is_an_error_by_its_outcome(
    benchmark: Any, server: Loopback, settings: Settings
) -> None:
    server.say("[[", finish_reason="length")
    with closing(Responses(settings.cache / "responses")) as store:
        cut = benchmark("systems").through_readout(samples.article(), WAY, server.base_url, store)
    assert (cut.flat, cut.error) == (None, "truncated")


def test_a_system_that_fails_counts_as_empty_and_its_failures_are_counted(
    benchmark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quality, systems = benchmark("quality"), benchmark("systems")
    examined = quality.read_set("examples", 3)
    names = [article.id for article in examined.articles]

    def system(article: Any) -> Any:
        if article.id == names[1]:
            return systems.Answer(None, "truncated", 2.0)
        if article.id == names[2]:
            raise ModelError("The child is gone.")
        return systems.Answer(examined.reference[article.id], None, 4.0, 5)

    found = quality.scored(system, examined, tmp_path / "out")
    assert (found["articles"], found["dropped"]) == (3, 5)
    assert found["errors"] == {"truncated": 1, "ModelError": 1}
    assert found["seconds_per_article"] == 2.0
    meetings = [len(examined.reference[name].meetings) for name in names]
    recall = meetings[0] / sum(meetings)
    assert found["scores"]["meetings"]["score"] == pytest.approx(
        2 * recall / (1 + recall), abs=1e-4
    )
    kept = FlatArticle.model_validate_json((tmp_path / "out" / f"{names[0]}.json").read_bytes())
    assert kept == examined.reference[names[0]]
    assert "The child is gone." in capsys.readouterr().err
    text = quality.table({"model": "m", "systems": {"ours": {"examples": found}}})
    assert "ours failed, counted as empty: 1 truncated, 1 ModelError" in text


def test_an_article_that_prints_no_date_gets_its_references(benchmark: Any) -> None:
    quality = benchmark("quality")
    for name in ("test", "examples"):
        found = quality.read_set(name, None)
        assert len(found.articles) == len(found.reference) >= 15
        for article in found.articles:
            assert article.published.date or not found.reference[article.id].published
    undated = samples.article().model_copy(update={"published": Publication()})
    reference = FlatArticle(id="grain", published=dt.date(2020, 1, 2), meetings=())
    assert quality._dated(undated, reference).published.date == dt.date(2020, 1, 2)
    assert quality._dated(samples.article(), reference) == samples.article()


def test_without_langextracts_environment_it_says_how_to_make_it(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quality.py", "--peer", "absent", "--limit", "1"])
    assert benchmark("quality").main() == 2
    assert "pip install -r benchmarks/requirements-quality.txt" in capsys.readouterr().err


def test_an_empty_extraction_is_no_error(benchmark: Any) -> None:
    assert understood(benchmark).extraction == Extraction(meetings=())
