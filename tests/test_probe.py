"""`readout doctor --probe`: what one question to a server shows; and what comes for nothing."""

import json
from collections.abc import Iterator

import pytest

from pipeline import ways
from pipeline.cli.probe import probe, question
from pipeline.endpoint import Target
from schemas.way import Way
from tests import dialects, samples
from tests.conftest import Readout
from tests.dialects import Dialect, Provider
from tests.loopback import Loopback

KEY = "sk-0123456789abcdef"


def asked(dialect: Dialect, name: str):
    """The finding about a row, and what the server got."""
    server = Provider(dialect)
    try:
        way = ways.choose("hand", server.base_url.removesuffix("/v1"), name=name)
        return probe(Target(way, server.base_url), KEY), server.received
    finally:
        server.close()


@pytest.fixture
def provider(readout: Readout) -> Iterator[Provider]:
    """A server that is asked in place of the scripted one."""
    server = Provider(dialects.OLLAMA_16K)
    readout.environment["OPENAI_BASE_URL"] = server.base_url
    yield server
    server.close()


@pytest.mark.parametrize("name", ways.NAMES)
def test_the_question_is_the_request_of_a_run_but_small(name):
    way = ways.choose("hand", "http://127.0.0.1:9", name=name)
    body = question(way).body
    assert body[way.limit] <= 256
    assert body["messages"][-1]["content"].count("\n") == 2
    assert ("temperature" in body) == (way.temperature is not None)


@pytest.mark.parametrize(
    ("dialect", "first", "path"),
    [
        (dialects.OPENAI, "openai", []),
        (dialects.REASONING, "openai-reasoning", []),
        (dialects.REASONING, "compatible", ["openai-reasoning"]),
        (dialects.REASONING, "openrouter", ["compatible", "openai-reasoning"]),
        (
            dialects.OPENAI._replace(rules=(dialects.no_temperature,)),
            "gemini",
            ["openai-reasoning"],
        ),
        (dialects.OLD, "compatible", ["json-mode"]),
        (dialects.OLDEST, "openai", ["json-mode", "plain"]),
        (dialects.STRICT, "vllm", []),
        (dialects.GROQ_JSON, "groq", ["json-mode"]),
        (dialects.DEEPSEEK, "compatible", ["json-mode"]),
        (dialects.LM_STUDIO, "json-mode", ["lmstudio"]),
        (dialects.LM_STUDIO, "openai-json", ["lmstudio"]),
        (dialects.MISTRAL, "openai-reasoning", ["compatible"]),
        (dialects.MISTRAL, "ollama", ["compatible"]),
        (dialects.MISTRAL, "groq-json", ["json-mode"]),
        (dialects.GEMINI, "openrouter", ["compatible"]),
        (dialects.ANTHROPIC, "plain", ["anthropic"]),
        (dialects.ANTHROPIC, "compatible", ["openai-reasoning", "json-mode", "anthropic"]),
    ],
)
def test_following_what_is_proposed_ends_at_a_row_that_the_server_takes(dialect, first, path):
    name, walked = first, []
    for _ in range(4):
        finding, received = asked(dialect, name)
        assert len(received) == 1
        if finding.better is None:
            break
        assert not finding.ok
        name = finding.better
        walked.append(name)
    assert finding.ok, finding.sentence
    assert walked == path


def test_bounds_that_are_refused_are_told_from_a_schema_that_is():
    strict = Dialect((_strict_whatever_is_asked,))
    finding, _ = asked(strict, "vllm")
    assert finding.better == "compatible"
    assert "item counts" in finding.sentence


def _strict_whatever_is_asked(body):
    held = body["response_format"]["json_schema"]
    named = {"json_schema": {**held, "strict": True}, "type": "json_schema"}
    return dialects.strict_only({**body, "response_format": named})


def test_a_prompt_that_was_cut_without_a_word_is_noticed():
    finding, _ = asked(dialects.OLLAMA._replace(cuts=1024), "ollama")
    assert not finding.ok
    assert "read 1,024 tokens of a prompt" in finding.sentence


def test_a_context_that_is_too_short_for_the_prompt_is_told():
    finding, _ = asked(Dialect((dialects.llama_cpp(2048),)), "llama.cpp")
    assert not finding.ok
    assert finding.better is None
    assert "too short a context" in finding.sentence


def test_thinking_that_uses_the_probes_room_up_counts_as_taken(readout: Readout):
    """OpenAI answers with an error then, others with an answer that is cut."""
    message = (
        "Could not finish the message because max_tokens or model output limit was reached. "
        "Please try again with higher max_tokens."
    )
    readout.server.fail(400, message)
    readout.server.say("", finish_reason="length", usage=None)
    for told in ("thinking used up", "models that think first"):
        done = readout("doctor", "--probe")
        assert done.exit_code == 0
        assert told in done.stdout


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}, "rejects the key"),
        (403, {"error": {"message": f"No access for {KEY}"}}, "rejects the key"),
        (404, {"error": {"message": "The model `hand` does not exist"}}, "No such model"),
        (404, {"detail": "Not Found"}, "knows no address /chat/completions"),
        (404, "<html>404</html>", "knows no address /chat/completions"),
        (200, "<!doctype html><html></html>", "answers with a web page"),
        (200, {"hello": "world"}, "no choices"),
        (200, "hello", "not a chat completion"),
        (429, {"error": {"message": "quota"}}, "limiting the rate"),
        (503, {"error": {"message": "Loading model"}}, "kept failing"),
        (400, {"error": {"message": f"bad luck with {KEY}"}}, "bad luck with [key]"),
        (400, "[[[[[[[", "refuses the request (HTTP 400"),
    ],
)
def test_what_cannot_be_helped_by_another_row_is_a_sentence(readout, status, body, sentence):
    readout.server.reply(status, body)
    done = readout("doctor", "--probe", OPENAI_API_KEY=KEY)
    assert done.exit_code == 1
    line = next(line for line in done.stdout.splitlines() if "probe" in line.split()[:2])
    assert line.startswith("FAILS ")
    assert sentence in line
    assert "--way" not in line
    assert KEY not in done.output


def test_nothing_that_listens_is_said_before_anything_is_asked(readout: Readout):
    readout.server.close()
    done = readout("doctor", "--probe")
    assert done.exit_code == 1
    assert "FAILS answers" in done.stdout
    assert "probe" not in done.stdout


def test_a_probe_of_an_address_where_nothing_listens_is_a_sentence(readout: Readout):
    readout.server.close()
    way = ways.choose("hand", readout.server.base_url)
    finding = probe(Target(way, readout.server.base_url), None)
    assert (finding.ok, finding.better) == (False, None)
    assert finding.sentence.startswith("nothing answers there")


def test_without_probe_no_model_is_asked_and_with_it_once(readout: Readout, provider: Provider):
    assert readout("doctor").exit_code == 0
    assert provider.asked == []
    done = readout("doctor", "--probe", "--json")
    assert done.exit_code == 0
    assert len(provider.asked) == 1
    told = {each["name"]: each["value"] for each in json.loads(done.stdout)["checks"]}
    assert told["probe"].startswith("takes a strict JSON schema, max_tokens and temperature")


def test_doctor_lists_the_ways_and_says_which_row_is_the_servers(
    readout: Readout, provider: Provider
):
    done = readout("doctor")
    assert f"{', '.join(ways.NAMES)}; --way" in done.stdout
    assert "that of ollama; --way ollama may fit better" in done.stdout
    told = readout("doctor", "--way", "ollama-16k")
    assert "OLLAMA_CONTEXT_LENGTH=16384" in told.stdout
    assert "may fit better" not in told.stdout
    assert provider.asked == []


def test_a_server_that_answers_to_any_name_is_known_all_the_same(
    readout: Readout, provider: Provider
):
    provider.dialect = dialects.LLAMA_CPP
    done = readout("doctor", "--model", "whatever")
    assert done.exit_code == 0
    assert "--way llama.cpp may fit better" in done.stdout


def test_doctor_compares_the_context_that_a_server_tells_with_what_is_needed(readout: Readout):
    server = _Cramped(dialects.VLLM)
    done = readout("doctor", "--way", "vllm", OPENAI_BASE_URL=server.base_url)
    server.close()
    assert done.exit_code == 1
    assert "FAILS context       4,096 tokens, which do not hold 2,800" in done.stdout


class _Cramped(Provider):
    def _answer(self, request):
        card = {"id": "hand", "owned_by": "vllm", "max_model_len": 4096}
        return super()._answer(request)._replace(body=json.dumps({"data": [card]}))


@pytest.mark.parametrize("command", ["run", "record", "prompt", "schema", "doctor"])
def test_a_way_that_is_none_is_usage(article, readout: Readout, command):
    arguments = {"run": [article, "-o", "out"], "record": [article], "prompt": [article]}
    done = readout(command, *arguments.get(command, []), "--way", "best")
    assert done.exit_code == 2
    assert "'json-mode'" in done.stderr


def test_a_way_of_the_settings_that_is_none_is_said(article, readout: Readout):
    done = readout("run", article, "-o", "out", READOUT_WAY="best")
    assert done.exit_code == 2
    assert "There is no way named best" in done.stderr
    assert "There is no way named best" in readout("doctor", READOUT_WAY="best").stdout


def test_a_run_asks_in_the_way_that_is_named(article, readout: Readout):
    readout.server.answer()
    assert readout("run", article, "-o", "out", "--way", "json-mode").exit_code == 0
    assert readout("run", article, "-o", "out", READOUT_WAY="plain").exit_code == 0
    named, plain = readout.server.asked
    assert named["response_format"] == {"type": "json_object"}
    assert "response_format" not in plain
    shown = readout("prompt", article, "--way", "json-mode", "--json")
    assert json.loads(shown.stdout)["body"] == named
    narrow = json.loads(readout("schema", "--wire", "--way", "vllm").stdout)
    assert narrow["properties"]["meetings"]["maxItems"] == 16


def test_recording_and_replaying_take_the_same_way(article, readout: Readout):
    readout.server.say({"meetings": [samples.meeting()]})
    assert readout("record", article, "--way", "plain").exit_code == 0
    again = ("run", article, "-o", "out", "--recordings", "--way", "plain")
    assert readout(*again).exit_code == 0
    assert len(readout.server.asked) == 1


def test_a_server_that_drips_is_given_up_on(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.probe._PATIENCE", 0.3)
    server.drip()
    way = Way(name="compatible", model="hand", provider=server.base_url)
    finding = probe(Target(way, server.base_url), None)
    assert not finding.ok
    assert "no answer within" in finding.sentence


def test_no_part_of_a_key_is_shown_where_the_servers_words_are_cut(server: Loopback) -> None:
    key = "0123456789abcdef0123456789abcdef"
    server.fail(400, f"{'x' * 180} {key} is odd")
    way = Way(name="compatible", model="hand", provider=server.base_url)
    finding = probe(Target(way, server.base_url), key)
    assert key[:8] not in finding.sentence


def test_a_word_for_a_key_does_not_garble_what_a_local_server_says(server: Loopback) -> None:
    server.say({"meetings": []}, usage=None)
    way = Way(name="compatible", model="hand", provider=server.base_url)
    assert probe(Target(way, server.base_url), "e").ok
