"""What the tests of reading share: bytes under a name, and what is read from them."""

from pathlib import Path

from pipeline.read import Unreadable, read_paths
from schemas.article import Article


def everything(
    folder: Path, name: str, data: bytes, column: str | None = None
) -> list[Article | Unreadable]:
    """All that is read from a file of this name that holds these bytes."""
    file = folder / name
    file.write_bytes(data)
    return list(read_paths([file], text_column=column))


def one(folder: Path, name: str, data: bytes, column: str | None = None) -> Article:
    """The one article of such a file."""
    (article,) = everything(folder, name, data, column)
    assert isinstance(article, Article), article
    return article


def failure(folder: Path, name: str, data: bytes, column: str | None = None) -> str:
    """Why there is none: one sentence that names the file."""
    (unreadable,) = everything(folder, name, data, column)
    assert isinstance(unreadable, Unreadable), unreadable
    assert name in unreadable.reason
    assert unreadable.reason.endswith(".")
    assert unreadable.reason.isprintable()
    return unreadable.reason
