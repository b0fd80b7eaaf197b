"""The Files and Batches endpoints of a server, as far as batches need them.

What only reads is tried again while the server is busy. What makes something is sent once: whether
it was made behind our back is for `submit` to find out. Knows HTTP; knows neither folders nor what
a request asks.
"""

import contextlib
import functools
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import httpx2
import openai
import tenacity
from pydantic import BaseModel, ValidationError

from pipeline.batch.forms import Batch, Listed, Page
from pipeline.errors import BatchError, GoneError
from pipeline.plain import without_key
from pipeline.refusal import error_words
from pipeline.ways import on_this_machine, origin

_ATTEMPTS = 5  # of a call that only reads
_TIMEOUT = 600.0  # seconds without a byte
_PATIENCE = tenacity.wait_exponential_jitter(multiplier=0.5, max=30.0, jitter=0.5)

_NO_BATCHES = (
    "The server {server} has no Batch API (HTTP {status}); a vLLM answers the files with `vllm "
    "run-batch -i requests-0001.jsonl -o results.jsonl`, and `readout batch import` takes that."
)
_NO_LIST = (
    "The server {server} keeps no list of {things} (HTTP {status}), so what an interrupted "
    "`readout batch submit` left there cannot be looked up; export again to another folder."
)
_NO_BATCH = (
    "The server {server} knows no batch {name} (HTTP {status}); check that OPENAI_API_KEY is of "
    "the project that submitted it."
)
_NO_FILE = (
    "The server {server} no longer has the file {name} (HTTP {status}); export again to another "
    "folder, and what is not stored is asked again."
)

_Form = TypeVar("_Form", bound=BaseModel)
_Result = TypeVar("_Result")


class Api:
    """One server; `contextlib.closing` closes it. What it refuses is a BatchError.

    `sleep` is an argument so that tests need no time.
    """

    def __init__(
        self, base_url: str, api_key: str | None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._server, self._api_key, self._sleep = origin(base_url), api_key, sleep
        self._client = openai.OpenAI(
            api_key=api_key or "none",  # local servers take any key, but the SDK wants one
            base_url=base_url,
            max_retries=0,  # one retry policy, ours
            timeout=_TIMEOUT,
            http_client=httpx2.Client(timeout=_TIMEOUT, trust_env=not on_this_machine(base_url)),
        )
        # As they came: the SDK would take a web page for a batch without an id.
        self._files = self._client.files.with_raw_response
        self._batches = self._client.batches.with_raw_response

    def upload(self, path: Path, name: str) -> str:
        """Upload a file of requests under `name`; the server's id of it."""
        with path.open("rb") as stream, self._told(_NO_BATCHES):
            sent = (name, stream, "application/jsonl")
            return self._form(Listed, self._files.create(file=sent, purpose="batch").text).id

    def create(self, uploaded: str, note: dict[str, str]) -> str:
        """The id of a new batch that answers an uploaded file in 24 hours, marked with `note`."""
        with self._told(_NO_BATCHES):
            made = self._batches.create(
                input_file_id=uploaded,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata=note,
            )
            return self._form(Batch, made.text).id

    def uploaded(self, name: str) -> str | None:
        """The id of a file that was uploaded under `name`, if there is one."""
        listed = self._listed(
            "files", lambda after: self._files.list(purpose="batch", after=after).text
        )
        return next((each.id for each in listed if each.filename == name), None)

    def created(self, uploaded: str) -> str | None:
        """The id of a batch of this uploaded file, if there is one."""
        listed = self._listed(
            "batches", lambda after: self._batches.list(limit=100, after=after).text
        )
        return next((each.id for each in listed if each.input_file_id == uploaded), None)

    def batch(self, name: str) -> Batch:
        """What has become of the batch with this id."""
        with self._told(_NO_BATCH, GoneError, name=name):
            return self._form(Batch, self._patiently(lambda: self._batches.retrieve(name).text))

    def download(self, name: str, stream: BinaryIO) -> None:
        """Write the content of the file with this id, without our key, had it been in there."""

        def attempt() -> None:
            stream.seek(0)
            stream.truncate()  # of what came before a connection broke
            with self._client.files.with_streaming_response.content(name) as response:
                for line in _lines(response.iter_bytes()):
                    text = without_key(line.decode("utf-8", "surrogateescape"), self._api_key)
                    stream.write(text.encode("utf-8", "surrogateescape"))

        with self._told(_NO_FILE, GoneError, name=name):
            self._patiently(attempt)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _listed(self, things: str, page: Callable[[str | openai.Omit], str]) -> Iterator[Listed]:
        """All entries of a list that comes in pages, as the server orders them."""
        after: str | openai.Omit = openai.omit
        with self._told(_NO_LIST, things=things):
            while True:
                told = self._form(Page, self._patiently(functools.partial(page, after)))
                yield from told.data
                if not (told.has_more and told.data):
                    return
                after = told.data[-1].id

    def _patiently(self, call: Callable[[], _Result]) -> _Result:
        policy = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_passes),
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=_PATIENCE,
            sleep=self._sleep,
            reraise=True,
        )
        return policy(call)

    def _form(self, kind: type[_Form], text: str) -> _Form:
        try:
            return kind.model_validate_json(text)
        except ValidationError as error:
            raise BatchError(
                f"The server {self._server} answered with something that is no "
                f"{kind.__name__.lower()} of the Batch API; check that OPENAI_BASE_URL ends in the "
                "API's path, such as /v1."
            ) from error

    @contextlib.contextmanager
    def _told(
        self, missing: str, kind: type[BatchError] = BatchError, **names: str
    ) -> Iterator[None]:
        """Turn what the client raises into a sentence: no such address is `missing`, a `kind`."""
        try:
            yield
        except openai.APIStatusError as error:
            status = error.status_code
            if status not in (404, 405, 501):
                kind, missing = BatchError, _REFUSALS.get(status, _REFUSED)
            told = missing.format(server=self._server, status=status, said=_said(error), **names)
            raise kind(without_key(told, self._api_key)) from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            why = " ".join(str(error.__cause__ or error).split())[:160] or type(error).__name__
            raise BatchError(
                f"The server {self._server} cannot be reached ({why}); check OPENAI_BASE_URL and "
                "run the command again: it goes on where it was."
            ) from error


_KEY = "The server {server} rejects the key (HTTP {status}); check OPENAI_API_KEY and its project."
_REFUSED = (
    "The server {server} refused (HTTP {status}{said}); run the command again when that is mended: "
    "it goes on where it was."
)
_REFUSALS = {401: _KEY, 403: _KEY}


def _passes(error: BaseException) -> bool:
    """Whether an error may be gone in a moment."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (408, 409, 429) or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError | httpx2.HTTPError)


def _said(error: openai.APIStatusError) -> str:
    """The server's own words, short, after a colon; or nothing."""
    words = error_words(error.response.text)[:200]
    return f": {words}" if words else ""


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes line by line, ends included; U+2028 ends none."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line + b"\n"
    yield rest
