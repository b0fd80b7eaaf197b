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
    "status": ("resume", "Say how far the runs in a folder have come, and what to do next."),
    "retry": ("resume", "Ask again about the articles that failed."),
    "show": ("look", "Show records, with the evidence under each item."),
    "evaluate": ("evaluate", "Score summaries against references."),
    "diff": ("diff", "Show field by field what differs between two runs."),
    "review": ("review", "Review records in the browser: accept, correct, add what is missing."),
    "accept": ("review", "Write what reviewers accepted as references to evaluate on."),
    "agreement": ("review", "Show how far two reviewers agree, field by field."),
    "report": ("report", "Write a page of what a run found, and where it is unsure."),
    "export": ("export", "Write records as tables, or as lines to learn from."),
    "prompt": ("look", "Print the exact request for an article. Nothing is sent."),
    "batch": ("batch", "Ask by files, through a server's Batch API or vLLM's batch runner."),
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
