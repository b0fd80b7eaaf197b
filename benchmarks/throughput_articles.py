"""Articles for the benchmark of throughput, as many as are asked for, and readout's requests.

They are our examples over and over, each time with other words and numbers put between their own,
after every third of a line, under one headline that the fixed answer is about. What two of them
still share are the ends of paragraphs, more than two stories of a wire do. Repeated as they stand,
they would all be editions of fifteen stories, and linking them the dearest part.
"""

import json
import random
import re
from pathlib import Path

from throughput_server import HEADLINE

from pipeline import compose, ways
from pipeline.read import read_paths
from schemas.article import Article

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles"


def write(articles: Path, count: int) -> Path:
    """Write so many to a file, one a line, the same ones every time; returns the file."""
    read = [each.text for each in read_paths([EXAMPLES]) if isinstance(each, Article)]
    words = re.findall(r"[A-Za-z]{3,}", " ".join(read))
    with articles.open("w") as lines:
        for number in range(count):
            text = varied(read[number % len(read)], words, random.Random(number))  # noqa: S311
            article = {"id": f"a{number:06}", "title": HEADLINE, "text": text}
            lines.write(json.dumps(article) + "\n")
    return articles


def varied(text: str, words: list[str], drawn: random.Random) -> str:
    """The text with a drawn word and a drawn number put after every third of its words."""

    def more(three: re.Match[str]) -> str:
        return f"{three[0]}{drawn.choice(words)} {drawn.randrange(10_000)} "

    return re.sub(r"(?:\S+[ ]+){3}", more, text)


def compose_all(articles: Path, model: str, base_url: str, bodies: Path) -> None:
    """Write the bodies that readout sends about them to a file, one a line."""
    way = ways.choose(model, ways.origin(base_url))
    with bodies.open("w") as lines:
        for each in read_paths([articles]):
            assert isinstance(each, Article)
            lines.write(json.dumps(compose.compose(each, way).body) + "\n")
