"""The bases of all nouns: ours are strict about unknown fields, what servers say is not."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value. Unknown fields are an error, so that a typo never passes for data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Open(BaseModel):
    """Servers add fields of their own; only what we read has a type."""

    model_config = ConfigDict(frozen=True, extra="ignore")
