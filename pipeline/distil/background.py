"""Whether the article tells of the background meeting that a model took out of it.

A small model makes one of a day here and a city there. Where a text does tell of an earlier or
later meeting, it has the day and the city, or somebody who was there, in one sentence: 944 of the
962 with both in the references of `corpus/train` (`python benchmarks/rules.py corpus/train`). Knows
sentences; not whom a model may believe.
"""

from collections.abc import Sequence

from schemas.extraction import ExtractedMeeting, Prominence


def is_told(meeting: ExtractedMeeting, sentences: Sequence[str]) -> bool:
    """Whether a sentence has the day and the city of a background meeting, or one of its people.

    A meeting in focus, one that cites its sentences, and one without a day or a city, is believed.
    """
    if meeting.prominence is Prominence.FOCUS or meeting.evidence:
        return True
    if not meeting.date_text or not meeting.city:
        return True
    beside = [meeting.city, *(person.name.split()[-1] for person in meeting.participants)]
    dated = [sentence for sentence in sentences if meeting.date_text in sentence]
    return any(words in sentence for sentence in dated for words in beside)
