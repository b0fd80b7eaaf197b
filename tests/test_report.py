"""The report page: what it counts, where its numbers lead, and what no article can do to it."""

import base64
import datetime as dt
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline import ledger
from pipeline.evaluate import flatten
from pipeline.ledger import Failed, Told
from pipeline.report import Findings, render, score, survey
from pipeline.report.index import MOST_DETAILED, MOST_LISTED
from schemas.exchange import Outcome, Tokens
from schemas.record import Record
from tests.conftest import Readout
from tests.records import SCRIPT, TURNED, folder, hostile, record, without_meetings
from tests.samples import meeting

FOLLOW_UP = meeting(
    name="seed talks", status="planned", prominence="background", date_text="April 2024"
)
CHROMIUM = shutil.which("chromium")


class Page(HTMLParser):
    """A page taken apart: its tags, its text, where links lead and what may be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.raw = text
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [value or "" for found, value in self.attributes if found == name]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(
    records: Iterable[Record], told: Told | None = None, reference: Iterable[Record] = ()
) -> Page:
    held = list(records)
    golden = {each.article.id: flatten(each) for each in reference}
    scores = score(golden, held) if golden else None
    findings = Findings(survey(held), told or Told(), scores)
    return Page(render(findings, lambda: held))


@pytest.fixture(scope="module")
def usual() -> Page:
    seed = record("seed", meeting(participants=[]), FOLLOW_UP)
    return page([record(), seed, without_meetings(), record("again", copy_of="grain")])


def test_the_page_opens_with_what_was_found(usual):
    assert "3 meetings in 3 articles" in usual.text
    assert "1 further copy of articles not counted" in usual.text


def test_every_link_inside_the_page_leads_somewhere(usual):
    places = set(usual.values("id"))
    assert len(places) == len(usual.values("id"))
    links = [link[1:] for link in usual.values("href") if link.startswith("#")]
    assert len(links) > 20
    assert set(links) <= places


def test_a_number_leads_to_its_articles(usual):
    held = re.search(
        r"<th scope=\"row\"><bdi>held</bdi></th><td><a href=\"#(g\d+)\">2</a>", usual.raw
    )
    assert held
    listed = usual.raw.split(f'id="{held[1]}"')[1].split("</section>")[0]
    assert "2 meetings in 2 articles" in listed
    assert len(set(re.findall(r'href="#(a\d+)"', listed))) == 2


def test_a_number_of_one_article_leads_to_it_at_once(usual):
    planned = re.search(r"<bdi>planned</bdi></th><td><a href=\"#(a\d+)\">1</a>", usual.raw)
    assert planned
    story = usual.raw.split(f'<article class="story" id="{planned[1]}">')[1].split("</article>")[0]
    assert "seed talks" in story


def test_a_cited_sentence_stands_beside_its_item(usual):
    cited = re.search(
        r'open a joint seed bank</bdi>\s*<a class="cite" href="#(a\d+-3)">3</a>', usual.raw
    )
    assert cited
    line = usual.raw.split(f'id="{cited[1]}"')[1].split("</li>")[0]
    assert "The two sides agreed to open a joint seed bank." in line
    assert 'class="body cited"' in line


def test_the_matrix_counts_each_pair_and_says_so(usual):
    assert usual.raw.count("NOR and ZMB: 3 meetings") == 2  # both ways round


def test_charts_have_a_title_and_a_table_with_the_same_numbers(usual):
    drawn = re.search(r'<svg class="columns".*?</svg>', usual.raw, re.DOTALL)
    assert drawn
    assert 'role="img" aria-label="Meetings by month. Most, 2, in Mar 2024"' in drawn[0]
    assert "<title>Apr 2024: 1, 0 of them in focus</title>" in drawn[0]
    assert re.search(r"Mar 2024</th><td><a href=\"#g\d+\">2</a></td><td>2</td>", usual.raw)


def test_background_meetings_long_ago_do_not_flatten_the_present():
    old = [
        meeting(name="first talks", date_text=f"{year}", participants=[]) for year in (1950, 1994)
    ]
    shown = page([record(f"a{n}") for n in range(30)] + [record("old", *old)])
    assert "Meetings by month" in shown.text
    assert "2 with no more than a year" in shown.text


def test_an_empty_run_still_has_a_page():
    assert "0 meetings in 1 article" in page([without_meetings()]).text


# -- what is unsure -------------------------------------------------------------------------


def test_what_the_article_does_not_contain_is_told_and_marked():
    shown = page([record("grain", meeting(agenda=[{"topic": "gas pipes", "evidence": [2]}]))])
    assert "The article does not contain “gas pipes”." in shown.text
    assert '<span class="state not-found">not found</span>' in shown.raw


def failed(name: str, outcome: str, reason: str = "") -> Failed:
    spent = Tokens(prompt=9)
    at = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    return Failed(id=name, outcome=Outcome(outcome), reason=reason, attempts=3, tokens=spent, at=at)


def ran(**changes: Any) -> ledger.Run:
    asked = ledger.Asked(paths=("wire",), cache="cache")
    made = dict.fromkeys(("readout", "model", "provider", "way", "prompt", "schema_hash"), "x")
    started = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    return ledger.Run(**{"asked": asked, **made, "process": 1, "started": started, **changes})


def test_failures_are_told_with_their_reasons(tmp_path):
    said = [
        failed("oslo", "rate_limited", "HTTP 429"),
        failed("oslo", "refused", "It declined."),
        failed("grain", "invalid", "done since"),
        failed("seed", "invalid", "done since"),
        failed("seed", "done"),
    ]
    lines = [*(each.model_dump_json() for each in said), "torn {", "[1]", '{"outcome": "refused"}']
    (tmp_path / "failures.jsonl").write_text("".join(f"{line}\n" for line in lines))
    told = ledger.told(tmp_path, done=frozenset({"grain"}))
    assert [(each.id, each.outcome) for each in told.failures] == [("oslo", "refused")]
    shown = page([record()], told)
    assert "It declined. 3 attempts, 9 tokens" in shown.text
    assert "HTTP 429" not in shown.text
    assert "done since" not in shown.text
    assert "3 lines of the run's own files cannot be read" in shown.text


def test_runs_are_told_with_their_time_and_cost(tmp_path):
    first = ran(
        ended=dt.datetime(2026, 11, 20, 22, 1, 30, tzinfo=dt.UTC),
        ending="interrupted",
        outcomes={"done": 28, "refused": 2},
        requests=31,
        cost=0.25,
    )
    ledger.write(tmp_path, first)
    ledger.write(tmp_path, ran(process=2))
    shown = page([record()], ledger.told(tmp_path))
    assert "2026-11-20 22:00 1 min 30 s interrupted 28 2 31 0 $0.25" in shown.text
    assert "articles per minute 20 " in shown.text
    assert "$0.25, and 1 run of unknown cost" in shown.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000])
def test_ledgers_that_cannot_be_read_stop_nothing(tmp_path, content):
    for name in ("run.json", "failures.jsonl"):
        (tmp_path / name).write_bytes(content)
    told = ledger.told(tmp_path)
    assert (told.runs, told.failures) == ((), ())
    assert page([record()], told).text


def test_scores_lead_to_the_articles_that_lower_them():
    wrong = record("seed", meeting(status="planned"))
    shown = page([record(), wrong], reference=[record(), record("seed")])
    row = re.search(r'<tr><th scope="row">status</th>.*?</tr>', shown.raw, re.DOTALL)
    assert row
    assert '<td class="big">0.50</td>' in row[0]
    anchor = re.search(r'href="#(a\d+)">1</a>', row[0])
    assert anchor
    assert "seed" in shown.raw.split(f'id="{anchor[1]}"')[1][:400]


# -- what no article can do -----------------------------------------------------------------


def test_nothing_is_loaded_and_nothing_runs(usual):
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(usual.tags)
    assert not any(name.startswith("on") or name == "style" for name, _ in usual.attributes)
    assert not [a for a in usual.values("src") + usual.values("href") if not a.startswith("#")]


def test_the_policy_admits_this_style_sheet_and_nothing_else(usual):
    style = usual.raw.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "url(" not in style
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in usual.values("content")[0]


def test_hostile_text_is_shown_and_does_nothing():
    told = Told((ran(model=SCRIPT, reason=SCRIPT),), (failed(SCRIPT, "refused", TURNED),))
    shown = page([hostile()], told)
    assert "script" not in shown.tags
    assert shown.tags.count("style") == 1
    assert "document.body.id" in shown.text
    assert not [link for link in shown.values("href") if "javascript" in link]
    assert "\u202e" not in shown.raw
    assert "<U+202E>" in shown.text


def test_words_of_an_article_are_isolated_from_the_page(usual):
    for words in ("Chanda Mwila", "open a joint seed bank", "Lusaka", "The two sides agreed"):
        assert f"<bdi>{words}" in usual.raw
    assert "unicode-bidi: isolate" in usual.raw


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_in_a_browser_the_style_sheet_counts_and_hostile_text_does_nothing(tmp_path):
    file = tmp_path / "report.html"
    file.write_text(page([hostile(), record()]).raw, "utf-8")
    opened = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [*opened, "--enable-logging=stderr", f"file://{file}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment,
    )
    assert "Content Security Policy" not in done.stderr
    assert 'id="ran"' not in done.stdout
    assert "document.body.id" in done.stdout


# -- many articles --------------------------------------------------------------------------


def test_a_page_over_very_many_articles_stays_one_that_can_be_read():
    made = record()
    article, number = made.article, 2000
    many = [
        made.model_copy(update={"article": article.model_copy(update={"id": f"story-{n}"})})
        for n in range(number)
    ]
    shown = page(many)
    assert shown.tags.count("article") <= MOST_DETAILED
    assert "2,000 meetings in 2,000 articles" in shown.text
    assert f"and {number - MOST_LISTED:,} more" in shown.text
    assert "readout export DIR --to csv -o FOLDER --status held" in shown.text
    assert len(shown.raw) < 2_000_000
    assert {link[1:] for link in shown.values("href")} <= set(shown.values("id"))


def test_a_long_article_is_cut_to_what_is_cited():
    text = "\n\n".join(
        ["Zambian Foreign Minister Chanda Mwila met Ida Berg on Monday."] + ["Rain fell."] * 90
    )
    told = meeting(agenda=[], agreements=[], evidence=[1])  # people cite 2
    shown = page([record("grain", told, text=text)])
    assert "89 sentences that nothing cites" in shown.text


# -- the command ----------------------------------------------------------------------------


def test_the_command_writes_one_file_and_says_so(readout: Readout, tmp_path):
    run = folder(tmp_path / "out", record(), hostile())
    (run / "run.json").write_text("{}")
    done = readout("report", run, "-o", "report.html", "--reference", run / "grain.json")
    assert done.exit_code == 0
    assert done.stderr.startswith("Wrote report.html: 0.")
    assert "Scores against the reference" in (tmp_path / "report.html").read_text()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "report.html"]


def test_a_folder_without_records_is_a_sentence(readout: Readout, tmp_path):
    (tmp_path / "out").mkdir()
    done = readout("report", "out", "-o", "report.html")
    assert done.exit_code == 1
    assert "holds no record" in done.stderr


def test_a_place_that_cannot_be_written_is_a_sentence(readout: Readout, tmp_path):
    folder(tmp_path / "out", record())
    done = readout("report", "out", "-o", "out/grain.json/report.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_remedies_quote_what_an_article_says_for_the_shell():
    odd = [record(f"a{n}", meeting(parties=["$(touch x)", "Norway"])) for n in range(20)]
    assert "--party '$(touch x)'" in page(odd).text


def test_the_page_is_found_where_the_package_is_installed():
    import pipeline.report

    templates = Path(pipeline.report.__file__).parent / "templates"
    assert {"report.html", "report.css", "article.html", "parts.html"} == {
        file.name for file in templates.iterdir()
    }
