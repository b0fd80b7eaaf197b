r"""Text made safe for a cell of a spreadsheet, and back again without loss.

A spreadsheet takes a cell that begins with = + - @ for a formula, and some cut a line at ; or a
tab whatever the file's own separator is, so that a formula could stand behind one, too. An
apostrophe before it makes it text. To undo that: drop a cell's first character if it is an
apostrophe, then every apostrophe that directly follows one of ; tab CR LF.
"""

import re

_FORMULA = "=+\\-@＝＋－＠"  # the wide ones are read alike in East Asian editions
# Before a formula, blanks and characters that nobody sees do not count.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Behind a separator; an apostrophe that stands there itself gets another, so that none is lost.
_INSIDE = re.compile(rf"([;\t\r\n])(?='|(?:(?![\t\r\n])[{_UNSEEN}])*[{_FORMULA}])")
_OPENING = re.compile(rf"(?:'|[\t\r\n]|[{_UNSEEN}]*[{_FORMULA}])")
_ADDED = re.compile(r"([;\t\r\n])'")


def guarded(text: str) -> str:
    """`text` so that no spreadsheet executes it."""
    text = _INSIDE.sub(r"\1'", text)
    return f"'{text}" if _OPENING.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell from."""
    return _ADDED.sub(r"\1", cell.removeprefix("'"))
