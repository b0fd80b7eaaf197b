"""One invented story in every format in which news comes, so that tests can compare them."""

import csv
import gzip
import html
import io
import json
from collections.abc import Callable, Sequence
from textwrap import wrap

TITLE = "Estonian and Latvian Ministers Revive Ferry Talks in Port Ansel"
PARAGRAPHS = tuple(
    paragraph.replace("\n", " ")
    for paragraph in """\
PORT ANSEL, March 5 (Coastwire) -- Foreign Minister Ilva Torsen of Estonia met her Latvian
counterpart, Omar Keldin, in Port Ansel on Tuesday, the first such visit in six years.

The two ministers discussed the Sund ferry line, herring quotas and visas for students. "We agreed
on most points," Torsen said after the talks. "The rest can wait until spring."

They signed a memorandum on search and rescue at sea. Keldin also called on Prime Minister
Dr. Aune Halvik, who accepted an invitation to Latvia, the prime minister's office said.

A working group of both coast guards is to meet on May 12 in the harbour town of Lindmark &
prepare an exercise with No. 2 Squadron.""".split("\n\n")
)
PUBLISHED = "2024-03-05"
SOURCE = "The Ansel Courier"
URL = "https://courier.example/2024/ferry-talks"
FIELDS = {"id": "ferry", "title": TITLE, "published": PUBLISHED, "source": SOURCE, "url": URL}
TEXT = "\n\n".join(PARAGRAPHS)

# What a model finds in it, and how the sentence begins that says so.
MEETING = {
    "name": "talks between Ilva Torsen and Omar Keldin",
    "prominence": "focus",
    "status": "held",
    "parties": ["Estonia", "Latvian"],
    "participants": [
        {"name": "Ilva Torsen", "party": "Estonia", "evidence": [2]},
        {"name": "Omar Keldin", "party": "Latvian", "evidence": [2]},
    ],
    "agenda": [{"topic": "herring quotas", "evidence": [3]}],
    "agreements": [{"text": "a memorandum on search and rescue at sea", "evidence": [6]}],
    "evidence": [2],
}
SAID = {
    "Ilva Torsen": "PORT ANSEL, March 5 (Coastwire) -- Foreign Minister Ilva Torsen of Estonia",
    "Omar Keldin": "PORT ANSEL, March 5 (Coastwire) -- Foreign Minister Ilva Torsen of Estonia",
    "herring quotas": "The two ministers discussed the Sund ferry line, herring quotas and visas",
    "a memorandum on search and rescue at sea": "They signed a memorandum on search and rescue",
}


def page(paragraphs: Sequence[str] = PARAGRAPHS, charset: str = "utf-8") -> bytes:
    """A page as a newsroom serves it, with a menu, a sidebar and a footer around the article."""
    body = "".join(f"<p>{html.escape(each)}</p>\n" for each in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="{charset}">\n'
        f"<title>{TITLE} | {SOURCE}</title>\n"
        f'<meta property="og:title" content="{TITLE}">'
        f'<meta property="og:site_name" content="{SOURCE}">\n'
        f'<meta property="article:published_time" content="{PUBLISHED}T08:00:00+09:00">\n'
        f'<link rel="canonical" href="{URL}"><script>var a = "</p>";</script></head>\n'
        '<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul>'
        f"</nav>\n<main><article><h1>{TITLE}</h1>\n{body}</article></main>\n"
        '<aside><h2>Most read</h2><a href="/cat">Cat rescued from lighthouse</a></aside>\n'
        f"<footer>Copyright 2026 {SOURCE}. All rights reserved.</footer></body></html>"
    ).encode(charset)


def rss(text: str | None = None, extra: str = "") -> bytes:
    """A feed of one entry, whose text is HTML as feeds have it."""
    body = "".join(f"<p>{html.escape(each, quote=False)}</p>" for each in PARAGRAPHS)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>\n'
        f"<title>{SOURCE}</title><link>https://courier.example/</link>{extra}\n"
        f"<item><title>{TITLE}</title><link>{URL}</link><guid>ferry</guid>"
        "<pubDate>Tue, 05 Mar 2024 01:00:00 +0900</pubDate><description>In short.</description>"
        f"<content:encoded><![CDATA[{text or body}]]></content:encoded></item></channel></rss>"
    ).encode()


def atom() -> bytes:
    """The same as Atom, with its text escaped."""
    body = html.escape("".join(f"<p>{html.escape(each)}</p>" for each in PARAGRAPHS))
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{SOURCE}</title><entry><id>ferry</id><title type="text">{TITLE}</title>'
        f'<link rel="self" href="https://courier.example/atom"/><link href="{URL}"/>'
        f"<published>{PUBLISHED}T01:00:00+09:00</published><updated>2025-01-01T00:00:00Z</updated>"
        f'<content type="html">{body}</content></entry></feed>'
    ).encode()


def table(separator: str = ",", column: str = "text") -> bytes:
    """The story as the one row of a table."""
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, delimiter=separator)
    writer.writerow([*FIELDS, column])
    writer.writerow([*FIELDS.values(), TEXT])
    return rows.getvalue().encode()


def pdf(pages: Sequence[Sequence[str]] | None = None, title: str = TITLE) -> bytes:
    """A PDF of lines that stand 14 points apart; an empty line is a gap."""
    story = [TITLE, "", *(line for each in PARAGRAPHS for line in [*wrap(each, 88), ""])]
    return written([_page(lines) for lines in pages or [story[:9], story[9:]]], title)


def _page(lines: Sequence[str]) -> bytes:
    shown = [b"BT /F1 12 Tf 14 TL 60 780 Td"]
    for line in lines:
        text = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        shown.append(b"(" + text.encode("cp1252", "replace") + b") Tj T*")
    return b"\n".join([*shown, b"ET"])


def written(contents: Sequence[bytes], title: str = "", root: bytes = b"") -> bytes:
    """The smallest PDF that has a page with each of these contents."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + root + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(contents),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + title.encode("cp1252", "replace") + b") >>",
    ]
    for number, content in enumerate(contents):
        stream = b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 "
            b"R >> >> /Contents %d 0 R >>" % (6 + 2 * number),
            stream,
        ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, start)
    )
    return out.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


_ALIASES = {
    "guid": "ferry",
    "headline": TITLE,
    "pubDate": PUBLISHED,
    "publisher": {"name": SOURCE},
    "link": URL,
    "body": TEXT,
}
_MATTER = "".join(f"{key}: {value}\n" for key, value in FIELDS.items())

# By the name of the file, which is all that a reader is told about it.
FORMATS: dict[str, Callable[[], bytes]] = {
    "ferry.txt": f"{TITLE}\n\n{TEXT}\n".encode,
    "ferry.md": f"---\n{_MATTER}---\n{TEXT}\n".encode,
    "ferry.html": page,
    "ferry.pdf": pdf,
    "ferry.json": lambda: _json({**FIELDS, "text": TEXT}),
    "list.json": lambda: _json([_ALIASES]),
    "ferry.jsonl": lambda: json.dumps({**FIELDS, "text": TEXT}).encode() + b"\n",
    "ferry.csv": table,
    "ferry.tsv": lambda: table("\t", "Article"),
    "ferry.rss": rss,
    "ferry.atom": atom,
    "ferry.xml": rss,
    "ferry.html.gz": lambda: gzip.compress(page()),
    "ferry.csv.gz": lambda: gzip.compress(table(";")),
    "utf16.txt": lambda: f"{TITLE}\r\n\r\n{TEXT}".encode("utf-16"),
}
