"""Whether the article commits anybody to what a model took for an agreement.

A small model writes down hopes, numbers and names as agreements. Nothing is one whose sentence has
no word of agreeing: 98 in 100 of 3,359 agreements of `corpus/train` have it (`python
benchmarks/rules.py corpus/train`). Knows sentences, not meetings, nor who agreed.
"""

import re
from collections.abc import Sequence

_STEMS = (
    "accept|accord|adopt|agree|approv|arrang|commit|communiqu|concur|conclud|confirm|consensus"
    "|consent|decid|decision|declar|endors|initial|jointly|launch|memorand|minutes|pledg|protocol"
    "|reaffirm|renew|resolv|settl|sign|stress|underlin|underscor|undert|understanding|vow"
)
_AGREEING = re.compile(
    rf"\b(?:{_STEMS})|\b(?:both|two) (?:sides|parties|countries|ministers)\b"
    r"|\b(?:at one|convened|deal|determined|drew up|established|exchanged notes|extended|fixed"
    r"|outcome|promised?|reached|result|set up|shared|shook hands|the terms|together|unanimous)\b",
    re.IGNORECASE,
)
# "Moldova and the Albanian side will …": who is two commits both.
_JOINT = re.compile(
    r"\b[A-Z][\w'’-]+ and (?:the )?[A-Z][\w'’. -]{1,40}? (?:will|shall|have|are to)\b"
)
_DUTY = re.compile(r"\b(?:will|shall|should|must|is to|are to)\b")
_POINT = re.compile(r"\s*(?:[-–—•○*]|\(?\w{1,2}[.)])\s")  # of a list, whose heading agrees
_BACK = 2  # sentences before one that says what its parties "will" do, in which they agree


def is_committed(clause: str, sentences: Sequence[str]) -> bool:
    """Whether a sentence that has `clause` agrees to it. What no sentence has is left to others."""
    clause = " ".join(clause.split())
    holding = [i for i, sentence in enumerate(sentences) if clause in sentence]
    if not holding:
        return True
    return " " in clause and any(_agrees(sentences, i) for i in holding)


def _agrees(sentences: Sequence[str], at: int) -> bool:
    sentence = sentences[at]
    if _AGREEING.search(sentence) or _JOINT.search(sentence) or _POINT.match(sentence):
        return True
    before = " ".join(sentences[max(0, at - _BACK) : at])
    return bool(_DUTY.search(sentence) and _AGREEING.search(before))
