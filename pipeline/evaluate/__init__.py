"""Score summaries against references, after the annotation guide.

It knows values only: not the article's text, not the model, not how a summary came about. An
article without a summary counts as an empty one; a summary without a reference is listed and not
scored. All counts are added up over the articles first (micro average).

Rules, in the order in which they apply:

1. Meetings are paired one to one so that the sum of their likenesses is largest (`pair`).
   The likeness weighs people .40, name .25, date .15, parties .10, place .10. People count in
   full when both sides name some, by half when one side does; parties count when either side
   has some; date and place only where both sides state them, so that silence is no conflict.
   A pair needs a likeness above .40 and an identity in common: a person; or a name that is .60
   alike (the very same one, where both sides have parties and share none); or, where not both
   sides name people, a party and the same date or city.
2. `meetings` ignores prominence. `focus`: a reference focus meeting is found when its partner is
   marked focus too, and a summary's focus meeting is right when its partner is a reference focus
   meeting. `background` likewise.
3. A participant is right in the right meeting only, by name: letters and digits without case and
   accents, the parts in any order, hyphenated, spaced or joined; nothing fuzzy, because no
   threshold tells two Korean names apart. `participants_full` also needs the title (equal, or
   the same words, without little words, a leading nationality and "of STATE" at the end, since
   the party is a field of its own) and the party's code.
4. Agenda items and agreements of paired meetings match one to one at an overlap (F1) of at least
   .55 of their content words, lightly stemmed. Two two-word items that share one word have .50.
5. What stands in an unpaired meeting is missed, or extra.
6. Status, format, date, city and country are right where they equal the reference in a paired
   meeting; null equals null; the date is the same EDTF string; the city is compared like a name,
   up to its first comma.
7. `evidence` is about what was found: paired meetings, and the participants, agenda items and
   agreements matched in them. One is right when it cites a sentence that the reference names for
   it: one in common is enough, since the reference may name one of several that say it.
   Precision is over the items that cite anything, recall over all of them. Who cites everything
   would always be right; so `sentences` counts, over the same items, the sentences themselves.
   Items for which the reference names no sentence are left out of both; the report lists the
   references that name none at all.
8. The states of evidence are the summaries' own, over all their participants, agenda items and
   agreements, right or wrong; `carried` are exact, normalised and composed together: the cited
   sentences have the words.
9. Intervals are 95 % percentile bootstraps over articles, of the F1 or the accuracy.
"""

from pipeline.evaluate.diff import Diff, diff
from pipeline.evaluate.diff_text import render_diff
from pipeline.evaluate.gate import check, parse_minimum
from pipeline.evaluate.load import Ran, flatten, load, load_run
from pipeline.evaluate.render import detail, render
from pipeline.evaluate.report import Report, evaluate

__all__ = [
    "Diff",
    "Ran",
    "Report",
    "check",
    "detail",
    "diff",
    "evaluate",
    "flatten",
    "load",
    "load_run",
    "parse_minimum",
    "render",
    "render_diff",
]
