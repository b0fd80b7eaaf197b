"""The command line: it parses, calls and prints. Commands are imported when they are used.

Knows how commands are called; knows nothing of what they do.
"""

import functools
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from pipeline import settings
from pipeline.cli import exits

# Name → module here that holds the command, and what the overview says of it. Importing all
# of them to print that overview would take a second.
_COMMANDS = {
    "run": ("run", "Summarise articles: who met whom, when, where, about what."),
    "show": ("look", "Show records, with the evidence under each item."),
    "evaluate": ("evaluate", "Score summaries against references."),
    "prompt": ("look", "Print the exact request for an article. Nothing is sent."),
    "record": ("run", "Ask, and keep the replies as readable recordings."),
    "schema": ("look", "Print a JSON schema: of records, unless told otherwise."),
    "doctor": ("doctor", "Check what is configured and whether it answers."),
    "cache": ("keep", "Look into the store of replies, or clear it."),
    "model": ("keep", "Install the embedded model's weights, or find them."),
    "completion": ("complete", "Print the script that completes commands in bash, zsh or fish."),
}


class _Root(click.Group):
    """The group of all commands, each imported late."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """All names, in the order in which one meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The overview, without an import."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and leave with its exit code; the environment is read here, once."""
        exits.never_fail_to_print()
        given = settings.from_environment(os.environ, Path())
        extra.update(standalone_mode=False, obj=given)
        sys.exit(exits.code(functools.partial(super().main, *args, **extra), given))


@click.group(
    cls=_Root,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: readout run articles/ -o summaries",
)
@click.version_option(package_name="readout", message="%(prog)s %(version)s")
def main() -> None:
    """Turn news stories and press releases into records of diplomatic meetings."""
