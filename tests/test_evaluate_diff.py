"""Two runs beside each other: what made them, their scores, and how it is shown."""

import json
from pathlib import Path

from pipeline.evaluate import Diff, diff, load_run, render_diff
from tests import samples
from tests.comparing import GALA, TALKS, flat, run, talks
from tests.conftest import Readout


def test_what_made_the_records_is_compared_article_by_article() -> None:
    one, other, third = (flat(TALKS, name=name) for name in "abc")
    after = {**run(one, other, model="new"), **run(third, model="newer", prompt="c" * 64)}
    found = diff(run(one, other, third), after)
    assert [tuple(each.model_dump().values()) for each in found.settings] == [
        ("model", "old", "new", 2),
        ("model", "old", "newer", 1),
        ("prompt", "a" * 64, "c" * 64, 1),
    ]
    text = render_diff(found)
    assert "model        old → new (2 articles)" in text
    assert f"prompt       {'a' * 12} → {'c' * 12} (1 article)" in text
    assert "the same     way, schema_hash, provider, readout" in text


def test_articles_of_one_run_only_are_listed_and_not_compared() -> None:
    found = diff(run(flat(TALKS), flat(name="a")), run(flat(TALKS), flat(GALA, name="z")))
    assert (found.articles, found.only_before, found.only_after) == (1, ("a",), ("z",))
    assert (found.changes, found.totals) == ((), {})
    text = render_diff(found)
    for line in ("1 article only in the first: a", "1 article only in the second: z"):
        assert line in text.splitlines()
    assert "none of them differs" in text
    apart = render_diff(diff(run(flat(TALKS, name="a")), run(flat(TALKS, name="z"))))
    assert "no article in common" in apart


def test_scores_are_over_articles_of_both_runs_that_have_a_reference() -> None:
    before = run(flat(GALA), flat(TALKS, name="unreferenced"), flat(TALKS, name="early"))
    after = run(flat(TALKS), flat(GALA, name="unreferenced"))
    reference = {name: flat(TALKS, name=name) for name in ("port", "early")}
    found = diff(before, after, reference)
    assert found.judged == 1
    meetings = found.scores["meetings"]
    assert (meetings.before, meetings.after) == (0.0, 1.0)
    assert found.totals["meetings"] == {"added": 2, "removed": 2, "better": 2}
    row = next(line for line in render_diff(found).splitlines() if line.startswith("focus"))
    assert row.split() == ["focus", "0.000", "1.000", "+1.000"]
    strange = diff(before, after, {"elsewhere": flat(name="elsewhere")})
    assert "are the references of the same articles?" in render_diff(strange)


def shown(width: int = 80) -> tuple[Diff, str]:
    """A diff that is long and wild: the text has to bear it."""
    name = "talks between " + " and ".join(f"Representative {each}" for each in "ABCDEFG")
    wild = talks(
        name=name, date_text="Tuesday\x1b[2J", agenda=[f"{name} on\u202e rules", "x" * 200]
    )
    before = run(flat(wild), model="m" * 50)
    after = run(flat({**wild, "date_text": "Monday", "agenda": []}), model="n" * 50)
    found = diff(before, after, {"port": flat(wild)})
    return found, render_diff(found, width=width)


def test_the_text_keeps_to_the_terminals_width() -> None:
    for width in (80, 110):
        assert max(map(len, shown(width)[1].splitlines())) <= width
    lines = shown()[1].splitlines()
    assert (
        "     worse    - agenda       talks between Representative A and Representative B" in lines
    )
    assert "              * date_text    Tuesday<U+001B>[2J → Monday" in lines


def test_no_control_character_of_a_record_reaches_the_terminal() -> None:
    assert not {"\x1b", "\u202e"} & set(shown()[1])


def test_a_difference_in_blanks_alone_is_said() -> None:
    found = diff(run(flat(TALKS)), run(flat(talks(venue="Customs  House"))))
    assert "~ venue        Customs House → Customs House (but for blanks)" in render_diff(found)


def test_the_command_compares_two_folders_of_records(article: Path, readout: Readout) -> None:
    for city in ("Lusaka", "Kitwe"):
        readout.server.answer(samples.meeting(city=city))
    for out in ("before", "after"):
        assert readout("run", article, "-o", out, "--mode", "refresh").exit_code == 0
    told = readout("diff", "before", "after")
    assert told.exit_code == 0, told.output
    assert "1 article in both runs, 1 of them differs" in told.stdout
    assert "* city         Lusaka → Kitwe" in told.stdout
    machine = json.loads(readout("diff", "before", "after", "--json").stdout)
    assert machine["totals"] == {"city": {"changed": 1}}
    assert readout("diff", "before", "before").exit_code == 0
    judged = readout("diff", "before", "after", "--reference", "before")
    assert "worse    * city         Lusaka → Kitwe" in judged.stdout
    assert load_run(Path("before"))["grain"].made.model == "hand"


def test_a_reference_in_place_of_a_run_is_a_sentence_with_the_remedy(
    tmp_path: Path, readout: Readout
) -> None:
    (tmp_path / "r.json").write_text('{"id": "port", "meetings": []}')
    done = readout("diff", "r.json", "r.json")
    assert done.exit_code == 1
    assert "no record of `readout run`" in done.stderr
    assert "--reference" in done.stderr
