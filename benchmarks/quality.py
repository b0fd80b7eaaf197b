"""The embedded model with its adapter, without it, and langextract on it, scored side by side.

    python benchmarks/quality.py [--set NAME …] [--system NAME …] [--limit N] [--out FOLDER]
                                 [--peer PYTHON] [--json]

`systems.py` says what is compared; `langextract-base` takes part only where it is named. Sets are
`test` (corpus/test), `examples`, and `five` (../shared/articles, where it is present). Every system
reads the same sentences, gets the publication date from the reference where the article prints
none, and has its words resolved by the same code and scored by the same scorer.
`langextract_child.py` and `langextract_mapping.py` say how langextract is asked and understood. An
article on which a system fails, as where its JSON is cut off, counts as an empty answer, and the
failures are counted by kind.

langextract has an environment of its own, since it wants other packages than readout:

    python3 -m venv build/langextract
    build/langextract/bin/pip install -r benchmarks/requirements-quality.txt
"""

import argparse
import os
import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ending import printed
from systems import SYSTEMS, Answer, System

from pipeline.embedded import weights
from pipeline.errors import ReadoutError, UsageError
from pipeline.evaluate import evaluate, load
from pipeline.evaluate.report import Interval
from pipeline.read import Unreadable, read_paths
from pipeline.settings import from_environment
from schemas.article import Article, Basis, Publication
from schemas.reference import FlatArticle

ROOT = Path(__file__).parent.parent
SETS = {
    "test": (ROOT / "corpus/test/articles", ROOT / "corpus/test/reference"),
    "examples": (ROOT / "examples/articles", ROOT / "examples/reference"),
    "five": (ROOT.parent / "shared/articles", ROOT.parent / "shared/reference"),
}
PEER = ROOT / "build" / "langextract" / "bin" / "python"


class Set(NamedTuple):
    """Articles with their references."""

    articles: Sequence[Article]
    reference: Mapping[str, FlatArticle]


def read_set(name: str, limit: int | None) -> Set:
    """The first `limit` articles of a set that have references."""
    folder, references = SETS[name]
    known = load(references)
    found = [each for each in read_paths([folder]) if not isinstance(each, Unreadable)]
    assert known.keys() <= {each.id for each in found}, f"{folder} lacks articles"
    articles = [_dated(each, known[each.id]) for each in found if each.id in known][:limit]
    return Set(articles, {each.id: known[each.id] for each in articles})


def _dated(article: Article, reference: FlatArticle) -> Article:
    """With the reference's date, where the article has none of its own."""
    if article.published.date or not reference.published:
        return article
    given = Publication(date=reference.published, basis=Basis.GIVEN)
    return article.model_copy(update={"published": given})


def scored(system: System, examined: Set, out: Path | None = None) -> dict[str, Any]:
    """One system over one set: scores, failures by kind, and seconds an article."""
    answers = {article.id: _answered(system, article) for article in examined.articles}
    flat = {name: each.flat for name, each in answers.items() if each.flat is not None}
    if out is not None:
        _keep(flat, out)
    report = evaluate(examined.reference, flat)
    f1 = {field: _score(each.f1, each.interval) for field, each in report.scores.items()}
    right = {
        field: _score(each.accuracy, each.interval) for field, each in report.accuracies.items()
    }
    return {
        "articles": report.articles,
        "errors": dict(Counter(each.error for each in answers.values() if each.error)),
        "dropped": sum(each.dropped for each in answers.values()),
        "seconds_per_article": round(statistics.mean(a.seconds for a in answers.values()), 2),
        "scores": {**f1, **right},
        "carried": _rounded(report.carried.share) if report.carried else None,
    }


def _answered(system: System, article: Article) -> Answer:
    """The answer, or the error as one: a long run must not end with one article."""
    print(".", end="", file=sys.stderr, flush=True)
    try:
        return system(article)
    except ReadoutError as error:
        print(f"\n{article.id}: {error}", file=sys.stderr)
        return Answer(None, type(error).__name__, 0.0)


def _keep(answers: Mapping[str, FlatArticle], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, each in answers.items():
        (folder / f"{name}.json").write_text(each.model_dump_json(indent=1) + "\n", "utf-8")


def _score(value: float | None, interval: Interval | None) -> dict[str, float | None]:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {"score": _rounded(value), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def measure(
    systems: Sequence[str], sets: Sequence[str], limit: int | None, peer: Path, out: Path | None
) -> dict[str, Any]:
    """Every system over every set, one after the other."""
    settings = from_environment(os.environ, ROOT)
    if any(name.startswith("langextract") for name in systems) and not peer.is_file():
        raise UsageError(
            f"langextract's environment is not there ({peer}); make it with `python3 -m venv "
            "build/langextract` and `build/langextract/bin/pip install -r "
            "benchmarks/requirements-quality.txt`, or name the systems: --system readout base."
        )
    examined = {name: read_set(name, limit) for name in sets}
    found: dict[str, Any] = {}
    for name in systems:
        with SYSTEMS[name](settings, peer) as system:
            found[name] = {
                each: scored(system, examined[each], out / name / each if out else None)
                for each in sets
            }
    print(file=sys.stderr)
    return {"model": weights.model_id(), "limit": limit, "systems": found}


def table(report: dict[str, Any]) -> str:
    """The scores for human eyes: a block a set, a column a system."""
    systems = report["systems"]
    lines = [report["model"]]
    for name in next(iter(systems.values())):
        results = {system: sets[name] for system, sets in systems.items()}
        first = next(iter(results.values()))
        lines += ["", f"{name}, {first['articles']} articles"]
        lines.append(f"{'':<20}" + "".join(f"{system:>18}" for system in results))
        for field in first["scores"]:
            row = (each["scores"][field]["score"] for each in results.values())
            lines.append(f"{field:<20}" + "".join(f"{_figure(score):>18}" for score in row))
        times = (each["seconds_per_article"] for each in results.values())
        lines.append(
            f"{'seconds an article':<20}" + "".join(f"{each or 0:>18.1f}" for each in times)
        )
        for system, each in results.items():
            if each["errors"]:
                kinds = ", ".join(f"{count} {kind}" for kind, count in each["errors"].items())
                lines.append(f"{system} failed, counted as empty: {kinds}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def main() -> int:
    """Ask, score, print, and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    there = [name for name, (folder, _) in SETS.items() if folder.is_dir()]
    usual = ["readout", "base", "langextract"]
    parser.add_argument("--set", dest="sets", nargs="+", choices=there, default=there)
    parser.add_argument("--system", dest="systems", nargs="+", choices=SYSTEMS, default=usual)
    parser.add_argument("--limit", type=int, help="articles of each set, first ones first (all)")
    parser.add_argument("--peer", type=Path, default=PEER, help="Python that has langextract")
    parser.add_argument("--out", type=Path, help="folder for the answers in the reference's form")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()

    def found() -> dict[str, Any]:
        return measure(given.systems, given.sets, given.limit, given.peer, given.out)

    return printed(found, table, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
