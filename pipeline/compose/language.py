"""Whether a text is English, for a model that was taught nothing else.

A fifth to a third of the words of English prose are function words that other languages do not
have. That tells it from all others; it does not tell which other one a text is in.
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")
# Left out: words that Danish, Dutch, German or Portuguese have, too ("at", "for", "was", "of").
_ENGLISH = frozenset(
    "the and to that with were his their its from it which would said this these they been after "
    "before who on she also".split()
)
_LEAST_SHARE = 0.08  # news has .20 to .40; a list of names and titles may have .10
_LEAST_WORDS = 20  # fewer prove nothing


def is_english(sentences: Iterable[str]) -> bool:
    """Whether the sentences are English, as far as they are long enough to say."""
    words = [word.casefold() for sentence in sentences for word in _WORD.findall(sentence)]
    # A script without blanks gives few "words", and all of them strange.
    foreign = sum(ord(word[0]) > 0x24F for word in words)
    if len(words) < _LEAST_WORDS:
        return foreign * 2 <= len(words)
    return sum(word in _ENGLISH for word in words) >= _LEAST_SHARE * len(words)
