"""What a reviewer asks to be decided, before it is checked. Values only."""

from typing import Annotated, Any

from pydantic import Field

from schemas.base import Value
from schemas.decision import Action, Kind

Request = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]


class Drawn(Value):
    """Where a reviewer drew over the text: `text[start:end]`, in code points."""

    start: int
    end: int


class Wish(Value):
    """One thing to decide: of a row that is there, or to `add` one of `kind` to `meeting`."""

    action: Action
    row: str | None = None
    kind: Kind | None = None
    meeting: str | None = None
    value: dict[str, Any] | None = None
    evidence: Annotated[tuple[Drawn, ...] | None, Field(max_length=50)] = None
    as_cited: bool = False  # although the evidence does not contain the value


class Step(Value):
    """What one press of a key decides, and what the reviewer had seen of the article by then.

    `request` is made by the client and unique: sent again, it changes nothing.
    """

    request: Request
    article: str
    seen: Annotated[int, Field(ge=0)]
    version: str
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    decisions: Annotated[tuple[Wish, ...], Field(min_length=1, max_length=2000)]
