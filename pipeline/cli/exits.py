"""From how a command ended to an exit code and a sentence on stderr. Nobody meets a traceback.

0 done · 1 our error, said in a sentence · 2 usage · 3 some articles failed · 4 a gate failed ·
130 interrupted. Knows neither commands nor stages.
"""

import datetime as dt
import io
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from pipeline.errors import ReadoutError
from pipeline.plain import plain, without_key
from pipeline.settings import Settings

DONE, ERROR, SOME_FAILED, GATE_FAILED, INTERRUPTED = 0, 1, 3, 4, 130
_KEYS = re.compile(r"\b(?:sk-[\w-]{8,}|(?i:bearer)\s+\S+)")


def code(command: Callable[[], object], settings: Settings) -> int:
    """The exit code of `command`, after saying what there is to say."""
    try:
        ended = command()
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        return _explained(_cause(error), settings)
    return ended if isinstance(ended, int) else DONE


def say(message: str) -> None:
    """A message on stderr, safe to show."""
    click.echo(plain(message), err=True)


def never_fail_to_print() -> None:
    """Show what the terminal's encoding lacks as escapes, instead of stopping there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def redacted(text: str, settings: Settings) -> str:
    """`text` without the key, without credentials in the base URL, without what looks like one."""
    try:
        url = urlsplit(settings.base_url or "")
    except ValueError:  # no address at all: then all of it may be a secret
        text, url = text.replace(settings.base_url or "", "[address]"), urlsplit("")
    text = without_key(text, settings.api_key)
    for secret in (url.password, url.query):
        text = text.replace(secret, "[key]") if secret else text
    return _KEYS.sub("[key]", text)


def _cause(error: BaseException) -> BaseException:
    """The one error behind a group of them: ours first, since it has a sentence."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    causes = [_cause(each) for each in error.exceptions]
    ours = (each for each in causes if isinstance(each, ReadoutError))
    return next(ours, causes[0])


def _explained(error: BaseException, settings: Settings) -> int:
    if isinstance(error, ReadoutError):
        say(f"Error: {redacted(str(error), settings)}")
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left; python must not fail once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR
    kept = _keep(error, settings)
    where = f"the details are in {kept}" if kept else "and the details could not be written"
    summary = redacted(f"{type(error).__name__}: {error}", settings)
    say(f"Error: readout met something that it did not expect ({summary[:200]}); {where}.")
    return ERROR


def _keep(error: BaseException, settings: Settings) -> Path | None:
    """Write the traceback, without secrets, where a bug report can be made from it."""
    file = settings.home / "crash.log"
    trace = "".join(traceback.format_exception(error))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        text = f"{dt.datetime.now(dt.UTC)}\n{redacted(trace, settings)}"
        file.write_text(text, "utf-8", errors="backslashreplace")  # it may quote lone surrogates
    except OSError:
        return None
    return file
