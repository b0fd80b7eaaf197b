"""langextract over the articles that readout reads, in an environment of its own.

    throughput_langextract.py ARTICLES BASE_URL IN_FLIGHT

Imports nothing of readout. The settings are chosen in its favour: an article is one chunk, and all
of them are one batch, so that no thread waits for the slowest of a few. It is asked with the
prompt, the examples and the schema with which `quality.py` asks it.
"""

import json
import sys
import warnings
from pathlib import Path

from langextract_child import WHOLE, prompt


def main(articles: str, base_url: str, in_flight: str) -> int:
    """Ask for all of them. Returns 1 where answers are missing."""
    # Not in the environment in which types are checked.
    import langextract  # type: ignore[import-not-found]
    from langextract import data, factory, prompt_validation

    read = map(json.loads, Path(articles).read_text().splitlines())
    documents = [data.Document(f"{each['title']}\n\n{each['text']}") for each in read]
    threads = int(in_flight)
    server = {"base_url": base_url, "api_key": "none", "max_workers": threads}
    found = langextract.extract(
        documents,
        **prompt(),
        config=factory.ModelConfig(
            model_id="langextract",
            provider="OpenAILanguageModel",
            provider_kwargs={**server, "temperature": 0.0},
        ),
        max_char_buffer=WHOLE,
        max_workers=threads,
        batch_length=len(documents),
        prompt_validation_level=prompt_validation.PromptValidationLevel.OFF,
        resolver_params={"suppress_parse_errors": False},
        show_progress=False,
    )
    return int(sum(len(each.extractions) == 4 for each in found) != len(documents))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(*sys.argv[1:]))
