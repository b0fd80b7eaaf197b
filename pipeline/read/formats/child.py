"""The process in which documents are taken apart that could be hostile: pages, feeds, PDFs.

It answers one document at a time: a line "kind size" and the bytes come in on stdin; a line
"found size" or "refused size" and JSON go out on stdout. It ends when stdin does. A document gets
so much computing and so much memory, and the kernel sees to both; the parent sees a dead child.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from pipeline.errors import ReadError
from pipeline.read.formats.feed import read_feed
from pipeline.read.formats.found import Fields
from pipeline.read.formats.pdf import read_pdf
from pipeline.read.formats.webpage import as_text, read_page
from pipeline.read.limits import MB, MOST_MEMORY, MOST_SECONDS

READERS: dict[str, tuple[str, Callable[[bytes], list[Fields]]]] = {
    "html": ("web page", read_page),
    "feed": ("feed", read_feed),
    "piece": ("piece of HTML", lambda data: [{"text": as_text(data.decode())}]),
    "pdf": ("PDF", read_pdf),
}


def main() -> None:
    """Answer until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(2_000)  # deep enough for documents, not for the C stack
    while request := sys.stdin.buffer.readline():
        kind, size = request.split()
        _limit_computing()
        _answer(answers, *_read(kind.decode(), sys.stdin.buffer.read(int(size))))


def _limit_computing() -> None:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(spent.ru_utime + spent.ru_stime) + 1 + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _read(kind: str, data: bytes) -> tuple[str, object]:
    name, reader = READERS[kind]
    try:
        return "found", reader(data)
    except ReadError as error:
        return "refused", str(error)
    except MemoryError:
        return "refused", (
            f"needs more than {MOST_MEMORY // MB:,} MB of memory to be read; split it"
        )
    except RecursionError:
        return "refused", f"is a {name} nested deeper than any article; save its text"
    except Exception as error:  # noqa: BLE001 - parsers of foreign bytes raise anything at all
        return "refused", (
            f"is damaged: reading it as a {name} failed ({type(error).__name__}); save it again, "
            "or its text"
        )


def _answer(answers: BinaryIO, outcome: str, value: object) -> None:
    data = json.dumps(value).encode()
    answers.write(f"{outcome} {len(data)}\n".encode() + data)
    answers.flush()


if __name__ == "__main__":
    main()
