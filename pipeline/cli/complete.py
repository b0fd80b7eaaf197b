"""`readout completion`: the script that makes a shell complete our commands."""

import click
from click.shell_completion import get_completion_class

from pipeline.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")


@click.command(epilog='Example: eval "$(readout completion bash)"')
@click.argument("shell", type=click.Choice(_SHELLS), default="bash")
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands in bash, zsh or fish."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"click knows no completion for {shell}; name another shell.")
    root = context.find_root()
    click.echo(kind(root.command, {}, "readout", "_READOUT_COMPLETE").source())
