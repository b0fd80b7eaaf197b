"""How much of anything is read, and why. Whoever refuses something says the limit in its sentence.

The longest press release that we met has 60,000 characters; all limits are far above real news
and far below what would hurt a run over a hundred thousand files.
"""

from pipeline.errors import ReadError

MB = 1_000_000
# A file that has to be in memory as a whole. A PDF with pictures may be large; so may a year of
# one newsroom as JSON.
MOST_FILE = 20 * MB
# A line of JSON lines or a row of a table: MOST_TEXT with every character escaped, and some more.
MOST_LINE = 8 * MB
# Characters of one article: a book. No model takes a tenth of it.
MOST_TEXT = 1 * MB
# What gzip may unpack to, as a multiple of what it read. Text is packed 3 to 20 times, a bomb
# 1,000 times. Small files are let off: a few repeated lines are no bomb.
MOST_RATIO = 200
RATIO_COUNTS_FROM = MOST_FILE
# Of YAML above an article: the parser is slow, and a real one has ten lines.
MOST_FRONT_MATTER = 64_000
# Of a document that a parser in a process of its own takes apart.
MOST_SECONDS = 30  # of computing, not of waiting; a page takes 0.02, a long PDF 5
MOST_MEMORY = 2_000 * MB  # address space; the parsers alone need 300
MOST_PAGES = 1_000
MOST_ENTRIES = 10_000  # of a feed


def check_length(characters: int) -> None:
    """Raise ReadError where a text is longer than an article can be."""
    if characters > MOST_TEXT:
        raise ReadError(
            f"holds more than {MOST_TEXT:,} characters of text, which no article has; split it"
        )
