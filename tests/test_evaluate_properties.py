"""What holds for every score, whatever the meetings."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate import evaluate
from schemas.reference import FlatMeeting
from tests.scoring import articles, meeting, person

FIELDS = ("meetings", "focus", "background", "participants", "participants_full", "agenda")
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
