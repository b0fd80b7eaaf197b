"""The one base that every noun shares: frozen, and strict about unknown fields."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value. Unknown fields are an error, so that a typo never passes for data."""

    model_config = ConfigDict(frozen=True, extra="forbid")
