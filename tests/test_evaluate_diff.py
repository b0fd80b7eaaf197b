"""Two runs beside each other: what changed, whether it was for the better, and how it is shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate import Diff, Ran, diff, load_run, render_diff
from pipeline.evaluate.changes import Change, Kind
from schemas.record import Made
from schemas.reference import FlatArticle, FlatMeeting
from schemas.summary import State
from tests import samples
from tests.conftest import Readout

MADE: dict[str, Any] = {
    "readout": "1",
    "model": "old",
    "provider": "hand",
    "way": "compatible",
    "prompt": "a" * 64,
    "schema_hash": "b" * 64,
    "keys": [],
    "tokens": {},
    "at": "2024-03-05T00:00:00Z",
}
LUND: dict[str, Any] = {"name": "Ada Lund", "title": "Foreign Minister", "party": "NOR"}
BRAND: dict[str, Any] = {"name": "Ivo Brand", "title": "port envoy", "party": "PER"}
TALKS: dict[str, Any] = {
    "name": "talks between Ada Lund and Ivo Brand",
    "prominence": "focus",
    "status": "held",
    "format": "in_person",
    "date_text": "Tuesday",
    "date": "2024-03-05",
    "venue": "Customs House",
    "city": "Lima",
    "country": "PER",
    "parties": ["NOR", "PER"],
    "participants": [LUND, BRAND],
    "agenda": ["fishery quotas", "visa rules"],
    "agreements": ["open a second berth"],
}
GALA: dict[str, Any] = {
    **TALKS,
    "name": "Coral Gala",
    "city": "Suva",
    "country": "FJI",
    "parties": ["FJI", "FRA"],
    "participants": [{"name": "Lu Roy", "title": None, "party": "FRA"}],
    "agenda": [],
    "agreements": ["plant trees"],
}


def talks(**changes: Any) -> dict[str, Any]:
    return {**TALKS, **changes}


def flat(*meetings: dict[str, Any], name: str = "port", states: Any = ()) -> FlatArticle:
    listed = tuple(FlatMeeting.model_validate(each) for each in meetings)
    return FlatArticle(id=name, meetings=listed, states=states)


def run(*articles: FlatArticle, **made: str) -> dict[str, Ran]:
    how = Made.model_validate({**MADE, **made})
    return {each.id: Ran(article=each, made=how) for each in articles}


def changed(
    before: FlatArticle, after: FlatArticle, reference: FlatArticle | None = None
) -> list[Change]:
    """All changes of one article, in order."""
    references = {reference.id: reference} if reference else None
    found = diff(run(before), run(after), references).changes
    return [change for each in found for meeting in each.meetings for change in meeting.changes]


@pytest.mark.parametrize(
    ("field", "new", "kind"),
    [
        ("name", "Ada Lund and Ivo Brand talks", "reworded"),
        ("prominence", "background", "changed"),
        ("status", "planned", "changed"),
        ("format", None, "removed"),
        ("date_text", "TUESDAY", "reworded"),
        ("date_text", "March 5", "changed"),
        ("date", "2024-03", "changed"),
        ("venue", "Customs-House", "reworded"),
        ("venue", "Customs Shed", "changed"),
        ("city", "Lima, Peru", "reworded"),  # as the scorer has it
        ("city", "Callao", "changed"),
        ("country", None, "removed"),
    ],
)
def test_a_value_is_changed_reworded_or_gone_as_the_scorer_sees_it(
    field: str, new: str | None, kind: str
) -> None:
    there = flat(TALKS), flat(talks(**{field: new}))
    assert changed(*there) == [Change(field=field, kind=Kind(kind), old=TALKS[field], new=new)]
    if new is None:
        assert [each.kind for each in changed(*reversed(there))] == ["added"]


def test_items_are_added_removed_and_reworded_by_the_scorers_matching() -> None:
    other = talks(
        parties=["NOR", "UN"],
        participants=[
            {"name": "LUND Ada", "title": "the Foreign Minister", "party": "SWE"},
            {"name": "Jo Hart", "title": None, "party": "UN"},
        ],
        agenda=["quotas for fisheries", "weather"],
        agreements=["open a second berth"],
    )
    told = [
        (each.field, each.kind, each.of, each.old, each.new)
        for each in changed(flat(TALKS), flat(other))
    ]
    assert told == [
        ("parties", "removed", None, "PER", None),
        ("parties", "added", None, None, "UN"),
        ("participants", "reworded", None, "Ada Lund", "LUND Ada"),
        ("title", "reworded", "LUND Ada", "Foreign Minister", "the Foreign Minister"),
        ("party", "changed", "LUND Ada", "NOR", "SWE"),
        ("participants", "removed", None, "Ivo Brand, port envoy, PER", None),
        ("participants", "added", None, None, "Jo Hart, UN"),
        ("agenda", "reworded", None, "fishery quotas", "quotas for fisheries"),
        ("agenda", "removed", None, "visa rules", None),
        ("agenda", "added", None, None, "weather"),
    ]


def test_a_meeting_that_one_run_has_takes_what_it_lists_along() -> None:
    found = diff(run(flat(TALKS)), run(flat(GALA, TALKS)))
    (meeting,) = found.changes[0].meetings
    assert (meeting.name, meeting.before, meeting.after) == ("Coral Gala", None, 1)
    assert [(each.field, each.kind, each.new) for each in meeting.changes] == [
        ("meetings", "added", "focus, held, in_person, 2024-03-05, Suva, FJI, FJI-FRA"),
        ("participants", "added", "Lu Roy, FRA"),
        ("agreements", "added", "plant trees"),
    ]
    back = diff(run(flat(GALA, TALKS)), run(flat(TALKS))).changes[0].meetings[0]
    assert (back.before, back.after, {each.kind for each in back.changes}) == (1, None, {"removed"})


def test_evidence_changes_with_its_sentences_and_with_its_state() -> None:
    def cited(numbers: list[int], *states: State) -> FlatArticle:
        topics = [{"topic": "fishery quotas", "evidence": numbers}, "visa rules"]
        return flat(talks(participants=[], agenda=topics, agreements=[]), states=states)

    exact, composed, lost = State.EXACT, State.COMPOSED, State.NOT_FOUND
    assert changed(cited([3], exact, lost), cited([3, 4], composed, lost)) == [
        Change(
            field="evidence",
            kind=Kind.CHANGED,
            of="fishery quotas",
            old="[3] exact",
            new="[3][4] composed",
        )
    ]
    assert [each.kind for each in changed(cited([]), cited([3]))] == ["added"]


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


REFERENCE = flat(talks(agenda=[{"topic": "fishery quotas", "evidence": [3]}, "visa rules"]))


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        ({"status": "planned"}, {}, ["better"]),
        ({}, {"status": "planned"}, ["worse"]),
        ({"city": "Callao"}, {"city": "Cusco"}, ["neither"]),
        ({}, {"city": "Lima, Peru"}, ["neither"]),  # right before and after
        ({"prominence": "background"}, {}, ["better"]),
        ({}, {"venue": None}, [None]),  # the scorer doesn't look at it
        ({"agenda": ["fishery quotas"]}, {}, ["better"]),  # the visa rules are found
        ({}, {"agenda": ["fishery quotas"]}, ["worse"]),  # … and lost
        ({}, {"agenda": ["fishery quotas", "visa rules", "weather"]}, ["worse"]),  # a wrong one
        ({"agreements": ["open a second berth", "sing"]}, {}, ["better"]),  # … and it goes
        ({}, {"participants": [LUND, {**BRAND, "title": "envoy"}]}, ["worse"]),
        ({"participants": [LUND, {**BRAND, "party": None}]}, {}, ["better"]),
    ],
)
def test_a_reference_says_whether_a_change_is_for_the_better(
    before: dict[str, Any], after: dict[str, Any], verdicts: list[str | None]
) -> None:
    found = changed(flat(talks(**before)), flat(talks(**after)), REFERENCE)
    assert [each.verdict for each in found] == verdicts


def test_evidence_is_judged_where_the_reference_names_sentences() -> None:
    def cited(*numbers: int) -> FlatArticle:
        return flat(
            talks(agenda=[{"topic": each, "evidence": numbers} for each in TALKS["agenda"]])
        )

    found = changed(cited(2), cited(3), REFERENCE)
    assert [(each.of, each.verdict) for each in found] == [
        ("fishery quotas", "better"),
        ("visa rules", None),
    ]


def test_a_meeting_found_is_better_and_an_invented_one_worse() -> None:
    reference = flat(TALKS)
    found = changed(flat(), flat(TALKS, GALA), reference)
    verdicts = {(each.field, each.new): each.verdict for each in found}
    assert verdicts["participants", "Ada Lund, Foreign Minister, NOR"] == "better"
    assert verdicts["participants", "Lu Roy, FRA"] == "worse"
    assert [each.verdict for each in found if each.field == "meetings"] == ["better", "worse"]
    gone = changed(flat(TALKS, GALA), flat(), reference)
    assert [each.verdict for each in gone if each.field == "meetings"] == ["worse", "better"]


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


def test_a_run_beside_itself_has_no_differences_even_among_equal_items() -> None:
    # "the visa rules" and "visa rules" match each other as well as themselves
    twice = talks(agenda=["the visa rules", "visa rules"], participants=[LUND, LUND, BRAND])
    for article in (flat(twice, twice, GALA), flat()):
        assert changed(article, article) == []


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
