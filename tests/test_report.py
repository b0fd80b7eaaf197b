"""The report page: what it counts, and where its numbers lead."""

import re
from pathlib import Path

import pytest

from pipeline.distil import PROBLEMS
from pipeline.ledger import Told
from pipeline.report.index import MOST_DETAILED, MOST_LISTED
from schemas.summary import Flag
from tests import reporting
from tests.conftest import Readout
from tests.records import folder, hostile, record, without_meetings
from tests.reporting import failed, page
from tests.samples import meeting

usual = reporting.usual


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


@pytest.mark.parametrize(
    ("label", "number", "told"),
    [("people", 2, "2 people in 2 articles"), ("parties", 2, "2 parties in 2 articles")],
)
def test_people_and_parties_lead_to_the_articles_that_name_them(usual, label, number, told):
    figure = re.search(rf'<dt>{label}</dt><dd>\s*<a href="#(g\d+)">{number}</a>', usual.raw)
    assert figure
    assert told in usual.raw.split(f'id="{figure[1]}"')[1].split("</section>")[0]


def test_meetings_that_no_chart_can_show_lead_to_their_articles():
    undated = [record(f"a{n}", meeting(date_text=None)) for n in range(2)]
    shown = page([record(), *undated])
    [anchor] = re.findall(r'href="#(g\d+)">2</a>\s+meetings without a date', shown.raw)
    listed = shown.raw.split(f'id="{anchor}"')[1].split("</section>")[0]
    assert "2 meetings in 2 articles" in listed


def test_parties_beyond_the_most_frequent_lead_to_their_articles():
    states = ["Norway", "Zambia", "Chad", "Fiji", "Malta", "Nepal", "Qatar", "Samoa", "Tonga"]
    states += ["Kenya", "Ghana", "Egypt", "China", "Chile", "Japan", "Italy", "India"]
    shown = page([record("all", meeting(parties=states)), record("few")])
    assert re.search(r'href="#a\d+">2</a>\s+more parties take part in fewer', shown.raw)


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
    assert "2 meetings with no more than a year" in shown.text


def test_an_empty_run_still_has_a_page():
    assert "0 meetings in 1 article" in page([without_meetings()]).text


def test_what_the_article_does_not_contain_is_told_and_marked():
    shown = page([record("grain", meeting(agenda=[{"topic": "gas pipes", "evidence": [2]}]))])
    assert "The article does not contain “gas pipes”." in shown.text
    assert '<span class="state not-found">not found</span>' in shown.raw


def test_scores_lead_to_the_articles_that_lower_them():
    wrong = record("seed", meeting(status="planned"))
    shown = page([record(), wrong], reference=[record(), record("seed")])
    row = re.search(r'<tr><th scope="row">status</th>.*?</tr>', shown.raw, re.DOTALL)
    assert row
    assert '<td class="big">0.50</td>' in row[0]
    anchor = re.search(r'href="#(a\d+)">1</a>', row[0])
    assert anchor
    assert "seed" in shown.raw.split(f'id="{anchor[1]}"')[1][:400]


def test_what_the_reference_has_of_an_article_without_a_record_is_told_beside_the_scores():
    told = Told(failures=(failed("seed", "refused", "It declined."),))
    shown = page([record()], told, reference=[record(), record("seed"), record("tin")])
    assert "2 articles of the reference came to no record; everything there is missed" in shown.text
    assert re.search(r"<dt>article failed</dt><dd><a href=\"#failures\">1</a>", shown.raw)
    assert "of the reference" not in page([record()], reference=[record()]).text


def test_every_problem_that_distilling_flags_is_explained():
    made = record()
    flags = tuple(Flag(where="meetings[0]", problem=each, note="Look.") for each in PROBLEMS)
    summary = made.summary.model_copy(update={"flags": flags})
    shown = page([made.model_copy(update={"summary": summary})])
    explained = re.findall(r'<th scope="row">([a-z ]+)<small>\w', shown.raw)
    assert {problem.replace("_", " ") for problem in PROBLEMS} <= set(explained)


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


def test_the_page_is_found_where_the_package_is_installed():
    import pipeline.report

    templates = Path(pipeline.report.__file__).parent / "templates"
    assert {"report.html", "report.css", "article.html", "parts.html"} == {
        file.name for file in templates.iterdir()
    }
