"""langextract in a process and an environment of its own, whose packages never meet readout's.

    langextract_child.py BASE_URL MODEL MAX_TOKENS

Says `{"ready": VERSION}` when it has started. Reads articles as JSON lines, `{"text": …}`, and
answers each with one: `{"found": [{"kind", "text", "attributes", "start"}]}`, `start` in code
points or null, or `{"error": NAME, "why": …}`. Imports nothing of readout.

The settings are chosen in its favour. An article is one chunk: what belongs to a meeting stands
all over the article, and one question costs half of five. It is held to its own schema by the
server, at temperature 0, and may write as much as we do. What is cut off cannot be parsed: then
it raises an error instead of passing over the chunk, so that it can be counted.
"""

import importlib
import importlib.metadata
import json
import sys
import warnings
from pathlib import Path
from typing import Any

WHOLE = 1_000_000  # characters in a chunk


def prompt() -> dict[str, Any]:
    """What it is told, as arguments of `langextract.extract`."""
    # Not in the environment in which types are checked.
    from langextract import data  # type: ignore[import-not-found]

    told = json.loads(Path(__file__).with_name("langextract_prompt.json").read_bytes())
    examples = [
        data.ExampleData(
            text=example["text"],
            extractions=[
                data.Extraction(each["class"], each["text"], attributes=each["attributes"])
                for each in example["extractions"]
            ],
        )
        for example in told["examples"]
    ]
    return {"prompt_description": told["description"], "examples": examples}


def asked(base_url: str, model: str, max_tokens: int, text: str) -> dict[str, Any]:
    """What langextract finds in one article."""
    import langextract
    from langextract import factory, prompt_validation

    server = {"base_url": base_url, "api_key": "none", "max_output_tokens": max_tokens}
    document = langextract.extract(
        text,
        **prompt(),
        config=factory.ModelConfig(
            model_id=model,
            provider="OpenAILanguageModel",
            provider_kwargs={**server, "temperature": 0.0},
        ),
        max_char_buffer=WHOLE,
        max_workers=1,
        batch_length=1,
        # It stumbles over an example without extractions; a test of ours checks them all.
        prompt_validation_level=prompt_validation.PromptValidationLevel.OFF,
        resolver_params={"suppress_parse_errors": False},
        show_progress=False,
    )
    return {"found": [_plain(each) for each in document.extractions or ()]}


def _plain(each: Any) -> dict[str, Any]:
    start = each.char_interval.start_pos if each.char_interval else None
    attributes = each.attributes or {}
    return {
        "kind": each.extraction_class,
        "text": str(each.extraction_text),
        "attributes": attributes,
        "start": start,
    }


def main() -> None:
    """Answer one line after the other until standard input closes."""
    warnings.simplefilter("ignore")
    base_url, model, max_tokens = sys.argv[1:4]
    out, sys.stdout = sys.stdout, sys.stderr  # nobody else's words may mix with the answers
    importlib.import_module("langextract.extraction")
    print(json.dumps({"ready": importlib.metadata.version("langextract")}), file=out, flush=True)
    for line in sys.stdin:
        try:
            answer = asked(base_url, model, int(max_tokens), json.loads(line)["text"])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one article's
            answer = {"error": type(error).__name__, "why": str(error)[:300]}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
