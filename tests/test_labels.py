"""What a quick look at a line may pass over."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.labels import _CAPTION_HINT, _CAPTION_MARK


@given(st.from_regex(_CAPTION_MARK))
def test_no_mark_of_a_caption_is_passed_over(line: str) -> None:
    assert _CAPTION_HINT.search(line)
