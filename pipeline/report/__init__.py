"""One page about a run: what it found, where it is unsure, what it cost, how well it scores.

`survey` counts, `charts` draws, `page` lays out. The page needs nothing but itself. Knows records,
and the ledger that a run leaves beside them; knows no model and no store.
"""

from pipeline.report.page import Findings, render
from pipeline.report.scores import Scores, score
from pipeline.report.survey import Survey, survey

__all__ = ["Findings", "Scores", "Survey", "render", "score", "survey"]
