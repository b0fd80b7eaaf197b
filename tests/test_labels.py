"""What a quick look at a line may pass over."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.labels import (
    _CAPTION_HINTS,
    _CAPTION_MARK,
    _CREDIT_AT_END,
    _CREDIT_HINTS,
    _CREDIT_REACH,
)


@given(st.from_regex(_CAPTION_MARK))
def test_no_mark_of_a_caption_is_passed_over(line: str) -> None:
    assert any(hint in line for hint in _CAPTION_HINTS)


@given(st.from_regex(_CREDIT_AT_END).map(lambda line: " ".join(line.split())))
def test_no_credit_at_the_end_of_a_line_is_passed_over(line: str) -> None:
    assert any(hint in line[-_CREDIT_REACH:] for hint in _CREDIT_HINTS)
