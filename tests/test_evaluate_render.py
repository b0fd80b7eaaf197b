"""Reports for human eyes: the table, and what was missed, extra and wrong."""

from pipeline.evaluate import detail, evaluate, render
from schemas.reference import FlatArticle
from tests.scoring import CITED, CITING, REFERENCE, SUMMARIES, articles, meeting


def test_the_table_shows_scores_gaps_and_thresholds() -> None:
    text = render(evaluate(REFERENCE, SUMMARIES))
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
