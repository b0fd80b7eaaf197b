"""Reading: from files to articles with sentences, labels and a publication date."""

from pipeline.read.articles import Found, articles_in, find_articles, read_paths, safe_id
from pipeline.read.sources import Unreadable, expected, find_files

__all__ = [
    "Found",
    "Unreadable",
    "articles_in",
    "expected",
    "find_articles",
    "find_files",
    "read_paths",
    "safe_id",
]
