"""Scores of cases that were worked out by hand, the gate, and what holds for every case."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.evaluate import Report, check, detail, evaluate, parse_minimum, render
from pipeline.evaluate.report import Interval
from schemas.reference import FlatArticle, FlatMeeting
from schemas.summary import State

NULLS = dict.fromkeys(["format", "date_text", "date", "venue", "city", "country"])
LISTS: dict[str, Any] = dict.fromkeys(["parties", "participants", "agenda", "agreements"], ())
FIELDS = ("meetings", "focus", "background", "participants", "participants_full", "agenda")


def meeting(name: str, **facts: Any) -> FlatMeeting:
    """A held focus meeting; all that is not given is null or empty."""
    base = {"name": name, "prominence": "focus", "status": "held", **NULLS, **LISTS}
    return FlatMeeting.model_validate({**base, **facts})


def person(name: str, title: str | None, party: str | None) -> dict[str, str | None]:
    return {"name": name, "title": title, "party": party}


def articles(**meetings: list[FlatMeeting]) -> dict[str, FlatArticle]:
    return {key: FlatArticle(id=key, meetings=tuple(each)) for key, each in meetings.items()}


LUND = person("Ada Lund", "Foreign Minister", "NOR")
BRAND = person("Ivo Brand", "port envoy", "PER")
CRUZ = person("Ana Cruz", "President", "PER")

PORT_TALKS = meeting(
    "talks between Ada Lund and Ivo Brand",
    format="in_person",
    date="2024-03-05",
    city="Lima",
    country="PER",
    parties=["NOR", "PER"],
    participants=[LUND, BRAND],
    agenda=["fishery quotas", "port fees", "visa rules"],
    agreements=["open a second berth"],
)
COURTESY = meeting(
    "courtesy call on Ana Cruz",
    date="2024-03-06",
    parties=["NOR", "PER"],
    participants=[LUND, CRUZ],
)
SUMMIT = meeting("Coral Summit", prominence="background", date="2023", parties=["FJI", "NOR"])


def citing(where: list[int], people: list[list[int]], topic: list[int], clause: list[int]) -> Any:
    """PORT_TALKS with the sentences that say it; its two other topics have none."""
    who = zip((LUND, BRAND), people, strict=True)
    return meeting(
        PORT_TALKS.name,
        participants=[{**person, "evidence": numbers} for person, numbers in who],
        agenda=[{"topic": "fishery quotas", "evidence": topic}, "port fees", "visa rules"],
        agreements=[{"text": "open a second berth", "evidence": clause}],
        evidence=where,
    )


CITING = articles(a=[citing([1], [[2, 3], [2]], [4], [6])])
CITED = citing([1, 2], [[3], [7]], [4], [])
REFERENCE = articles(a=[PORT_TALKS, COURTESY, SUMMIT], b=[SUMMIT])
SUMMARIES = articles(
    a=[
        meeting(  # PORT_TALKS with faults
            "port talks",
            status="planned",
            format="in_person",
            date="2024-03",
            city="Lima, Peru",
            country="PER",
            parties=["NOR", "PER"],
            participants=[
                person("LUND Ada", "the Norwegian Foreign Minister", "NOR"),
                person("Ivo Brand", "envoy", "PER"),  # another title
                person("Jo Hart", None, None),  # extra
            ],
            agenda=["quotas for fisheries", "weather"],  # one of three, one extra
            agreements=["open a new berth", "plant trees"],
        ),
        SUMMIT.model_copy(update={"prominence": "focus"}),  # found, but not as background
        meeting("film gala", parties=["FRA"], participants=[person("Lu Roy", None, "FRA")]),
    ],
    c=[PORT_TALKS],  # no reference: not scored
)


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(REFERENCE, SUMMARIES)


@pytest.mark.parametrize(
    ("field", "matched", "reference", "summaries"),
    [
        ("meetings", 2, 4, 3),  # port talks and summit of a; b has no summary
        ("focus", 1, 2, 3),  # port talks; the summary calls all three focus
        ("background", 0, 2, 0),
        ("participants", 2, 4, 4),  # Lund and Brand; courtesy call missed; Hart and Roy extra
        ("participants_full", 1, 4, 4),  # Brand's title is another
        ("agenda", 1, 3, 2),  # fishery quotas
        ("agreements", 1, 1, 2),  # open|second|berth and open|new|berth: 2*2/6 = .67
    ],
)
def test_counts_precision_recall_and_f1_are_those_worked_out_by_hand(
    report: Report, field: str, matched: int, reference: int, summaries: int
) -> None:
    score = report.scores[field]
    assert (score.matched, score.reference, score.summaries) == (matched, reference, summaries)
    assert score.precision == (matched / summaries if summaries else None)
    assert score.recall == matched / reference
    assert score.f1 == pytest.approx(2 * matched / (reference + summaries))


@pytest.mark.parametrize(
    ("field", "right"),
    # Two pairs. The summit is right everywhere; the port talks are planned, in March, in Lima.
    [("status", 1), ("format", 2), ("date", 1), ("city", 2), ("country", 2)],
)
def test_accuracies_are_over_paired_meetings(report: Report, field: str, right: int) -> None:
    score = report.accuracies[field]
    assert (score.right, score.paired, score.accuracy) == (right, 2, right / 2)


def test_missing_summaries_are_listed_and_extra_ones_too(report: Report) -> None:
    assert (report.articles, report.missing, report.extra) == (2, ("b",), ("c",))


def test_a_summary_equal_to_its_reference_is_perfect() -> None:
    right = {**CITING, **articles(b=[SUMMIT])}
    report = evaluate(right, right)
    for score in report.scores.values():
        assert (score.precision, score.recall, score.f1) == (1, 1, 1)
        assert score.interval == Interval(low=1, high=1)
    assert {each.accuracy for each in report.accuracies.values()} == {1.0}


def test_two_empty_sides_have_no_score_and_pass_the_gate() -> None:
    nothing = articles(a=[], b=[])
    report = evaluate(nothing, nothing)
    for score in report.scores.values():
        assert (score.precision, score.recall, score.f1, score.interval) == (None,) * 4
    assert check(report, {"meetings": 1.0, "agenda": 1.0, "status": 1.0}) == []
    assert "\u2013" in render(report)


def test_an_empty_summary_of_something_scores_zero_and_fails_the_gate() -> None:
    report = evaluate(REFERENCE, articles(a=[], b=[]))
    meetings = report.scores["meetings"]
    assert (meetings.precision, meetings.recall, meetings.f1) == (None, 0, 0)
    assert report.accuracies["status"].accuracy is None
    assert len(check(report, {"meetings": 0.1, "status": 0.1})) == 2


def test_something_where_nothing_should_be_scores_zero() -> None:
    meetings = evaluate(articles(a=[]), articles(a=[SUMMIT])).scores["meetings"]
    assert (meetings.precision, meetings.recall, meetings.f1) == (0, None, 0)


def test_the_interval_spans_what_resampling_two_articles_can_give() -> None:
    # a is perfect (1 of 1 and 1), b is missed (0 of 1 and 0). Draws: aa F1 1, ab 2/3, bb 0;
    # a quarter of the draws each for aa and bb, so that both ends lie within 95 %.
    reference = articles(a=[SUMMIT], b=[SUMMIT])
    report = evaluate(reference, articles(a=[SUMMIT]))
    assert report.scores["meetings"].f1 == pytest.approx(2 / 3)
    assert report.scores["meetings"].interval == Interval(low=0, high=1)
    # b has no pair: its draws say nothing about accuracy, and are left out
    assert report.accuracies["date"].interval == Interval(low=1, high=1)


def test_intervals_follow_the_seed_and_need_two_articles() -> None:
    many = articles(**{f"n{number}": [SUMMIT] for number in range(20)})
    some = {key: many[key] for key in list(many)[::2]}
    first, again = (evaluate(many, some, seed=7) for _ in range(2))
    assert first == again
    assert evaluate(many, some, resamples=0).scores["meetings"].interval is None
    assert evaluate(articles(a=[SUMMIT]), some).scores["meetings"].interval is None


def test_an_item_that_cites_one_of_the_references_sentences_is_right() -> None:
    """Sentences are counted strictly beside that, so that citing everything does not pay."""
    scores = evaluate(CITING, articles(a=[CITED, SUMMIT])).scores
    # found, with sentences in the reference: the meeting, Lund, Brand, the quotas, the berth
    evidence = scores["evidence"]
    assert (evidence.matched, evidence.reference, evidence.summaries) == (3, 5, 4)
    assert (evidence.precision, evidence.recall, evidence.f1) == (3 / 4, 3 / 5, 6 / 9)
    # 1 of [1] and [1, 2]; 1 of [2, 3] and [3]; 0 of [2] and [7]; 1 of [4] and [4]; 0 of [6] and []
    sentences = scores["sentences"]
    assert (sentences.matched, sentences.reference, sentences.summaries) == (3, 6, 5)


def test_references_without_sentence_numbers_are_left_out_of_evidence_and_listed() -> None:
    report = evaluate({**CITING, **articles(b=[SUMMIT], c=[])}, CITING)
    assert report.uncited == ("b",)  # c has no meeting, so there is nothing to name a sentence for
    assert report.scores["evidence"].f1 == 1
    assert "1 whose reference names no sentences, not scored for evidence: b" in render(report)


def test_a_bar_on_evidence_fails_where_there_is_nothing_to_measure_it_on() -> None:
    for summaries in (REFERENCE, {}):  # a reference without numbers; nothing found
        missed = check(evaluate(REFERENCE, summaries), {"evidence": 0.5})
        assert len(missed) == 1
        assert "nothing was found for which the reference names sentences" in missed[0]
    assert check(evaluate(articles(a=[]), articles(a=[])), {"evidence": 0.5}) == []
    assert check(evaluate(CITING, CITING), {"evidence": 1, "sentences": 1}) == []


def test_shares_of_states_cover_scored_summaries_only() -> None:
    states = (State.EXACT, State.EXACT, State.COMPOSED, State.NOT_FOUND)
    summaries = {key: each.model_copy(update={"states": states}) for key, each in SUMMARIES.items()}
    report = evaluate(REFERENCE, summaries)
    assert (report.states[State.EXACT].count, report.states[State.EXACT].share) == (2, 0.5)
    assert (report.states[State.NOT_FOUND].count, report.states[State.NORMALISED].count) == (1, 0)
    assert report.carried is not None
    assert (report.carried.count, report.carried.share) == (3, 0.75)
    assert "75.0% of the summaries' evidence carries" in render(report)
    without = evaluate(REFERENCE, SUMMARIES)
    assert (without.states, without.carried) == ({}, None)


def test_a_report_survives_its_own_json(report: Report) -> None:
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_the_gate_names_each_field_under_its_bar(report: Report) -> None:
    # meetings 4/7 = .5714, focus 2/5 = .4, status 1/2
    bars = {"meetings": 0.57, "focus": 0.41, "status": 0.9}
    assert check(report, bars) == [
        "focus: F1 0.4000 is below the minimum of 0.41.",
        "status: accuracy 0.5000 is below the minimum of 0.9.",
    ]
    with pytest.raises(UsageError, match="participants_full, agenda"):
        check(report, {"foci": 0.5})


def test_a_minimum_is_a_known_field_and_a_number_from_0_to_1() -> None:
    assert parse_minimum("focus=0.8") == ("focus", 0.8)
    for text in ("focus", "focus=", "focus=high", "focus=1.1", "focus=nan", "focus=-1"):
        with pytest.raises(UsageError, match="number from 0 to 1"):
            parse_minimum(text)
    with pytest.raises(UsageError, match="the scores are meetings, focus"):
        parse_minimum("venue=0.5")


def test_the_table_shows_scores_gaps_and_thresholds(report: Report) -> None:
    text = render(report)
    for part in ("2 articles", "scored as empty: b", "not scored: c", "0.40", "0.60", "0.55"):
        assert part in text
    row = next(line for line in text.splitlines() if line.startswith("focus"))
    # b has no focus meeting: draws of b alone have no focus F1, all others have that of a
    assert row.split() == ["focus", "0.333", "0.500", "0.400", "0.400\u20130.400", "1", "2", "3"]
    assert "are both of the same articles?" in render(evaluate(REFERENCE, {}))


def test_detail_shows_pairs_misses_extras_and_wrong_fields() -> None:
    shown = detail(REFERENCE, SUMMARIES) + detail(CITING, articles(a=[CITED]))
    lines = [line.strip() for line in shown.splitlines()]
    for line in (
        "a: 2 of 3 meetings found, 1 extra",
        '! status "planned", should be "held"',
        '! date "2024-03", should be "2024-03-05"',
        "! prominence focus, should be background",
        '! participant Ivo Brand ("envoy", PER), should be Ivo Brand ("port envoy", PER)',
        "+ participant Jo Hart (null, no party)",
        '~ agenda "quotas for fisheries" for "fishery quotas", 1.00',
        '- agenda "port fees"',
        '+ agenda "weather"',
        '~ agreement "open a new berth" for "open a second berth", 0.67',
        '- meeting "courtesy call on Ana Cruz" (focus, held, 2024-03-06, NOR-PER)',
        '+ meeting "film gala" (focus, held, FRA)',
        '! evidence of "Ivo Brand" [7], should be [2]',
        '! evidence of "open a second berth" none, should be [6]',
        "b: 0 of 1 meetings found, 0 extra, no summary",
    ):
        assert line in lines


def test_no_control_character_of_a_summary_reaches_the_terminal() -> None:
    wild = {"a\x1b[2J": FlatArticle(id="a\x1b[2J", meetings=(meeting("x\x1b]0;\u202ey\nz"),))}
    shown = detail(wild, {}) + detail(REFERENCE, wild) + render(evaluate({}, wild))
    assert not {"\x1b", "\u202e"} & set(shown)
    assert 'x<U+001B>]0;<U+202E>y z"' in shown


NAMES = st.sampled_from(["Ada Lund", "Lund Ada", "Ivo Brand", "Kim Bo-ra", "Kim Bora", "\u200b"])
TOPICS = st.lists(st.sampled_from(["port fees", "port fee rules", "ports", "visa rules"]))
PEOPLE = st.builds(person, NAMES, st.sampled_from([None, "envoy"]), st.sampled_from([None, "NOR"]))
MEETINGS = st.builds(
    meeting,
    st.sampled_from(["talks", "Coral Summit", "2nd Coral Summit", "..."]),
    prominence=st.sampled_from(["focus", "background"]),
    status=st.sampled_from(["held", "planned"]),
    date=st.sampled_from([None, "2024", "2024-03-05"]),
    city=st.sampled_from([None, "Lima"]),
    parties=st.lists(st.sampled_from(["NOR", "PER", "UN"]), unique=True),
    participants=st.lists(PEOPLE, max_size=3),
    agenda=TOPICS,
    agreements=TOPICS,
)
LISTED = st.lists(MEETINGS, max_size=4)


@settings(max_examples=60, deadline=None)
@given(LISTED)
def test_anything_is_perfect_against_itself(listed: list[FlatMeeting]) -> None:
    report = evaluate(articles(a=listed), articles(a=listed), resamples=0)
    assert {score.f1 for score in report.scores.values()} <= {1.0, None}
    assert {score.accuracy for score in report.accuracies.values()} <= {1.0, None}


@settings(max_examples=60, deadline=None)
@given(LISTED, LISTED, st.randoms(use_true_random=False))
def test_the_order_of_meetings_and_items_changes_nothing(
    ours: list[FlatMeeting], theirs: list[FlatMeeting], rng: random.Random
) -> None:
    before = evaluate(articles(a=ours), articles(a=theirs), resamples=0)
    mixed = [
        each.model_copy(update={"agenda": tuple(reversed(each.agenda))})
        for each in rng.sample(theirs, len(theirs))
    ]
    turned = [
        each.model_copy(update={"agenda": tuple(reversed(each.agenda))}) for each in ours[::-1]
    ]
    assert evaluate(articles(a=turned), articles(a=mixed), resamples=0) == before


@settings(max_examples=60, deadline=None)
@given(LISTED, LISTED)
def test_nothing_is_matched_twice_and_scores_stay_within_bounds(
    ours: list[FlatMeeting], theirs: list[FlatMeeting]
) -> None:
    report = evaluate(articles(a=ours), articles(a=theirs), resamples=0)
    for field in FIELDS:
        score = report.scores[field]
        assert score.matched <= min(score.reference, score.summaries)
        assert score.f1 is None or 0 <= score.f1 <= 1
    full, named = report.scores["participants_full"], report.scores["participants"]
    assert full.matched <= named.matched
