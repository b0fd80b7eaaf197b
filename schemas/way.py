"""How a model is asked: everything that compose and step need to know about a provider."""

from typing import Any, Literal

from pydantic import Field

from schemas.base import Value


class Way(Value):
    """One way of asking one model. A table of these (`pipeline.ways`) stands in for branches.

    `model` and `provider` identify who answers; neither ever holds a credential.
    """

    name: str  # row of the table: "openai", "openai-reasoning", "json-mode", "embedded"
    model: str
    provider: str  # origin with port, `embedded`, or a name given by hand
    prompt: str = "analyst"  # folder in prompts/
    cites: bool = True  # the model is shown sentence numbers and writes them; else code finds them
    narrowed: bool = False  # names and parties limited to those that stand in the article
    # With "json_object" and "none" the schema stands in the prompt instead. "grammar" is a field of
    # llama.cpp's; it holds all that a narrowed way copies to the article, and writes rows.
    response_format: Literal["strict", "schema", "grammar", "json_object", "none"] = "strict"
    bounds: bool = False  # the wire schema may carry lengths and item counts
    most_meetings: int | None = None  # a small model that loops fills a list to its end
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    max_tokens: int = 8000  # of the answer
    retry_tokens: int | None = 16000  # for the one retry of an answer that was cut; None: no retry
    longest: int | None = 60_000  # tokens of an article in one request, by estimate
    temperature: float | None = 0.0
    # Further fields of the body, such as llama.cpp's cache_prompt.
    extra: dict[str, Any] = Field(default_factory=dict)
    english_only: bool = False  # the model was taught nothing else
    attempts: int = 3  # requests per article, re-asks after invalid answers included
    concurrency: int = 8  # requests in flight, unless told otherwise

    @property
    def rows(self) -> bool:
        """Whether an object is written as the array of its values, without what code can tell."""
        return self.response_format == "grammar"
