"""Corpus lines to token samples, with llama.cpp's own tokeniser and chat template.

The server that will answer articles also makes the training samples, so that the model is trained
on exactly the tokens it will be served; other tokenisers differ by a few tokens in a long
article. It does not know what the messages ask or what a model does with the tokens.

A corpus line is {"id": str, "messages": [{"role", "content"}, …], "answer": str}; a sample is the
prompt's tokens, the answer's tokens and the token that ends an answer. Only this last stretch is
to be learnt.

    python -m training.tokens corpus.jsonl -o samples.npz --base weights.gguf
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

Json = dict[str, Any]

END = "<|im_end|>"  # what the model says to end an answer: the template's end of turn


@dataclass(frozen=True)
class Sample:
    """Tokens of a prompt and of its answer; `prompt` counts the former."""

    id: str
    tokens: np.ndarray[Any, np.dtype[np.uint16]]
    prompt: int


class Server:
    """A llama.cpp server in this process, for its tokeniser, template and answers.

    It cannot be stopped; leave the process with `os._exit` once nothing is in flight.
    """

    def __init__(self, base: Path, adapter: Path | None = None, context: int = 4096) -> None:
        import xllamacpp

        parameters: Any = xllamacpp.CommonParams()
        parameters.model.path = str(base)
        parameters.n_ctx = context
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 2
        if adapter is not None:
            lora: Any = xllamacpp.CommonAdapterLoraInfo()
            lora.path, lora.scale = str(adapter), 1.0
            parameters.lora_adapters = [lora]
        self._server: Any = xllamacpp.Server(parameters)
        self._address: str = self._server.listening_address

    def _post(self, path: str, body: Json) -> Json:
        # S310: the address is the loopback server's own, never a caller's.
        request = urllib.request.Request(  # noqa: S310
            self._address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=600) as reply:  # noqa: S310
            answer: Json = json.load(reply)
            return answer

    def prompt(self, messages: list[Json]) -> str:
        """The messages as the chat template writes them, up to where the answer begins."""
        prompt: str = self._post("/apply-template", {"messages": messages})["prompt"]
        return prompt

    def tokens(self, text: str) -> list[int]:
        """Token ids of `text`, special tokens recognised, as chat requests are tokenised."""
        body = {"content": text, "add_special": True, "parse_special": True}
        tokens: list[int] = self._post("/tokenize", body)["tokens"]
        return tokens

    def chat(self, messages: list[Json], most: int) -> Json:
        """A greedy chat completion of at most `most` tokens, without prompt reuse."""
        body = {"messages": messages, "max_tokens": most, "temperature": 0, "cache_prompt": False}
        return self._post("/v1/chat/completions", body)


def read_corpus(path: Path) -> Iterator[Json]:
    """The lines of a corpus file, parsed."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def to_sample(server: Server, line: Json) -> Sample:
    """Tokenise one line; the answer by itself, since a served answer begins after the prompt."""
    prompt = server.tokens(server.prompt(line["messages"]))
    answer = server.tokens(line["answer"] + END)
    return Sample(line["id"], np.array(prompt + answer, np.uint16), len(prompt))


def save(samples: Iterable[Sample], path: Path) -> None:
    """Write samples as one .npz: all tokens end to end, where each sample starts, prompt sizes."""
    kept = list(samples)
    starts = np.cumsum([0, *(len(s.tokens) for s in kept)])
    empty = np.array([], np.uint16)
    np.savez(
        path,
        ids=np.array([s.id for s in kept], dtype=np.str_),
        tokens=np.concatenate([empty, *(s.tokens for s in kept)]),
        starts=starts,
        prompts=np.array([s.prompt for s in kept], np.int64),
    )


def load(path: Path) -> list[Sample]:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        tokens, starts = stored["tokens"], stored["starts"].tolist()
        bounds = pairwise(starts)
        rows = zip(stored["ids"].tolist(), bounds, stored["prompts"].tolist(), strict=True)
        return [Sample(name, tokens[a:b], prompt) for name, (a, b), prompt in rows]


def compare_counts(server: Server, lines: Iterable[Json]) -> Iterator[tuple[str, int, int]]:
    """(id, tokens counted here, tokens that a real request reports) for each line's prompt."""
    for line in lines:
        served: int = server.chat(line["messages"], most=1)["usage"]["prompt_tokens"]
        yield line["id"], to_sample(server, line).prompt, served


def main(arguments: list[str] | None = None) -> int:
    """Tokenise a corpus; exit code 1 if a real request counts its prompt differently."""
    parser = argparse.ArgumentParser(prog="training.tokens", description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path, help="corpus lines (.jsonl)")
    parser.add_argument("-o", "--out", type=Path, required=True, help="samples to write (.npz)")
    parser.add_argument("--base", type=Path, required=True, help="the model served (.gguf)")
    parser.add_argument("--check", type=int, default=3, help="prompts to compare with a request")
    options = parser.parse_args(arguments)

    server, lines = Server(options.base), list(read_corpus(options.corpus))
    with ThreadPoolExecutor(4) as pool:
        samples = list(pool.map(lambda line: to_sample(server, line), lines))
    save(samples, options.out)
    sizes = np.array([(s.prompt, len(s.tokens) - s.prompt) for s in samples])
    if len(sizes):
        middle, most = np.median(sizes, axis=0).astype(int), sizes.max(axis=0)
        print(f"{len(sizes)} samples; prompt and answer tokens: median {middle}, most {most}")
    wrong = [c for c in compare_counts(server, lines[: options.check]) if c[1] != c[2]]
    for name, here, served in wrong:
        print(f"{name}: {here} prompt tokens here, {served} in a request", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the server has no stop, and its threads make an ordinary exit unsafe
