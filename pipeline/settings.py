"""What the environment says, read once, in one place. Flags of the command line override it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]

# Who pays, where a key belongs to several: what OpenAI's own client reads and sends.
_ACCOUNT = {"OPENAI_ORG_ID": "openai-organization", "OPENAI_PROJECT_ID": "openai-project"}


class Settings(NamedTuple):
    """Everything that readout takes from outside. The key never leaves this and the client."""

    api_key: str | None
    base_url: str | None
    model: str | None
    way: str | None  # row of the table of ways, where its own choice does not fit
    home: Path  # where the weights are kept, and the store where no project folder is
    cache: Path  # holds responses/ and recordings/
    account: Headers = ()  # sent with every request

    def __repr__(self) -> str:
        """As usual, but for the key: a log or a traceback must not show it."""
        shown = self._replace(api_key="[key]" if self.api_key else None)
        return f"Settings{tuple(shown)}"

    @property
    def models(self) -> Path:
        """Where the embedded model's weights are."""
        return self.home / "models"


def from_environment(environment: Mapping[str, str], folder: Path) -> Settings:
    """Settings from `environment`, for a process that runs in `folder`.

    The store is `cache/` of the folder where that exists, as in a checkout; else it is under
    READOUT_HOME, which defaults to the user's data folder.
    """

    def said(name: str) -> str | None:
        return environment.get(name, "").strip() or None

    data = said("XDG_DATA_HOME") or f"{environment.get('HOME', '.')}/.local/share"
    home = Path(said("READOUT_HOME") or f"{data}/readout")
    project = folder / "cache"
    given = said("READOUT_CACHE")
    cache = Path(given) if given else project if project.is_dir() else home / "cache"
    return Settings(
        api_key=said("OPENAI_API_KEY"),
        base_url=said("OPENAI_BASE_URL"),
        model=said("READOUT_MODEL"),
        way=said("READOUT_WAY"),
        home=home,
        cache=cache,
        account=tuple((header, told) for name, header in _ACCOUNT.items() if (told := said(name))),
    )
