"""Distilling: from the model's words to dates, codes, quotes, states and flags."""

from pipeline.distil.evidence import Sources, level
from pipeline.distil.proof import PROBLEMS
from pipeline.distil.summary import distil

__all__ = ["PROBLEMS", "Sources", "distil", "level"]
