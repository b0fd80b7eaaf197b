"""What differs between two summaries of one article."""

import pytest

from pipeline.evaluate import diff
from pipeline.evaluate.changes import Change, Kind
from schemas.reference import FlatArticle
from schemas.summary import State
from tests.comparing import BRAND, GALA, LUND, TALKS, changed, flat, run, talks


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


def test_a_run_beside_itself_has_no_differences_even_among_equal_items() -> None:
    # "the visa rules" and "visa rules" match each other as well as themselves
    twice = talks(agenda=["the visa rules", "visa rules"], participants=[LUND, LUND, BRAND])
    for article in (flat(twice, twice, GALA), flat()):
        assert changed(article, article) == []
