"""Scores of cases that were worked out by hand."""

import pytest

from pipeline.evaluate import Report, check, evaluate, render
from pipeline.evaluate.report import Interval
from schemas.summary import State
from tests.scoring import CITED, CITING, REFERENCE, SUMMARIES, SUMMIT, articles


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
    assert "1 article whose reference names no sentences, not scored for evidence: b" in render(
        report
    )


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
