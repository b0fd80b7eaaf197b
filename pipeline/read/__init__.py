"""Reading: from files to articles with sentences, labels and a publication date."""

from pipeline.read.articles import read_paths, safe_id
from pipeline.read.sources import Unreadable, expected, find_files

__all__ = ["Unreadable", "expected", "find_files", "read_paths", "safe_id"]
