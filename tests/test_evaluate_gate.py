"""The regression gate: which scores are under their bar."""

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import check, evaluate, parse_minimum
from tests.scoring import CITING, REFERENCE, SUMMARIES, articles


def test_the_gate_names_each_field_under_its_bar() -> None:
    report = evaluate(REFERENCE, SUMMARIES)
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


def test_a_bar_on_evidence_fails_where_there_is_nothing_to_measure_it_on() -> None:
    for summaries in (REFERENCE, {}):  # a reference without numbers; nothing found
        missed = check(evaluate(REFERENCE, summaries), {"evidence": 0.5})
        assert len(missed) == 1
        assert "nothing was found for which the reference names sentences" in missed[0]
    assert check(evaluate(articles(a=[]), articles(a=[])), {"evidence": 0.5}) == []
    assert check(evaluate(CITING, CITING), {"evidence": 1, "sentences": 1}) == []
