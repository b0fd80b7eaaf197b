"""Leads a browser to the review's secret address without telling it to everybody on the machine.

What a process is started with is there for all to read (`ps`), so a browser is not started with the
address but with a file that leads to it and that only its owner may read, as Jupyter does it. A
secret that counts once would not do: whoever looks at `ps` in time is the first to use it. The
address that is printed stays good for as long as the review runs, for a second browser, or one that
may not read the file, such as a snap.

The file goes when the review ends; one that a killed review left is the key to nothing. Knows
files; does not know what is served.
"""

import contextlib
import html
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<title>Review</title>
<p><a href="{address}">Open the review</a></p>
</html>
"""


@contextlib.contextmanager
def leading_to(address: str) -> Iterator[str]:
    """The address (`file://…`) of a file that leads to `address`, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="readout-") as folder:  # for its owner alone
        file = Path(folder) / "review.html"
        file.touch(mode=0o600)
        file.write_text(_PAGE.format(address=html.escape(address)), "utf-8")
        yield file.as_uri()
