"""README says what is true: its commands run, its map is complete, its paths exist."""

import ast
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ROOMS = ("schemas", "pipeline", "training", "benchmarks")

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
BLOCKS = [(kind, text) for kind, text in _FENCED.findall(README)]
PROSE = _FENCED.sub("", README)
MAP = next(text for kind, text in BLOCKS if "schemas/base.py" in text)


def _commands() -> list[str]:
    """Every line of a shell block, and everything in backticks, without its comment."""
    lines = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
    return [found.partition("  #")[0].strip() for found in (*lines, *_INLINE.findall(PROSE))]


READOUT = sorted({each for each in _commands() if each.startswith("readout ")})
MAKE = sorted({each for each in _commands() if each.startswith("make ")})


def _parsed(context: click.Context, arguments: list[str]) -> None:
    """Let click parse what a reader would type, down to the last command, and run nothing."""
    if not isinstance(context.command, click.Group) or not arguments:
        return
    name, command, rest = context.command.resolve_command(context, arguments)
    assert command is not None
    complete = len(rest) > 0 and not isinstance(command, click.Group)
    _parsed(command.make_context(name, rest, parent=context, resilient_parsing=not complete), rest)


@pytest.mark.parametrize("line", READOUT)
def test_a_readout_command_of_readme_parses(line):
    """Commands and flags exist; one that is given arguments has all that it needs."""
    arguments = shlex.split(line)[1:]
    _parsed(main.make_context("readout", [], resilient_parsing=True), arguments)


@pytest.mark.parametrize("line", MAKE)
def test_a_make_command_of_readme_is_a_target(line):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE)


def test_readme_has_the_commands_that_matter():
    assert {"make demo", "make test"} <= set(MAKE)
    assert any(line.startswith("readout run ") for line in READOUT)


def test_the_table_of_commands_says_what_help_says():
    told = CliRunner().invoke(main, ["--help"], terminal_width=200, max_content_width=200).output
    listed = told.partition("Commands:\n")[2].partition("\n\n")[0]
    helped = dict(line.split(maxsplit=1) for line in listed.splitlines())
    table = dict(re.findall(r"^\| `readout (\w+)` \| (.+) \|$", README, re.MULTILINE))
    assert table == helped


def test_every_command_is_in_the_overview():
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


def _rooms() -> set[str]:
    """Every package, and every module that stands in `schemas/` or `pipeline/` itself."""
    packages = {p.parent for room in ROOMS for p in (ROOT / room).rglob("__init__.py")}
    inner = {f"{folder.relative_to(ROOT).as_posix()}/" for folder in packages}
    alone = {
        path.relative_to(ROOT).as_posix()
        for room in ("schemas", "pipeline")
        for path in (ROOT / room).glob("*.py")
        if path.name != "__init__.py"
    }
    return alone | inner - {"schemas/", "pipeline/"}


def test_the_map_has_a_line_for_every_room():
    mapped = re.findall(r"^((?:schemas|pipeline)/\S+) +\S", MAP, re.MULTILINE)
    assert len(mapped) == len(set(mapped))
    assert set(mapped) == {room for room in _rooms() if room.startswith(("schemas", "pipeline"))}


@pytest.mark.parametrize(
    "path",
    [p.relative_to(ROOT).as_posix() for room in ROOMS for p in sorted((ROOT / room).rglob("*.py"))],
)
def test_a_module_opens_with_its_job(path):
    told = ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8")))
    assert told is not None
    assert len(told.splitlines()[0]) > len("What it is.")


def test_the_map_has_a_line_for_every_prompt():
    prompts = {f"prompts/{path.parent.name}/" for path in (ROOT / "prompts").glob("*/system.md")}
    assert prompts == set(re.findall(r"^(prompts/\S+)", MAP, re.MULTILINE))


def test_every_path_that_readme_names_exists():
    named = re.findall(r"^([\w./-]+/[\w./-]*) ", MAP, re.MULTILINE)
    inline = (each for each in _INLINE.findall(PROSE) if re.fullmatch(r"[\w.-]+/[\w./-]*", each))
    own = re.compile("|".join(("schemas", "prompts", *ROOMS, "examples", "tests", "cache")))
    for path in (*named, *(each for each in inline if own.match(each))):
        assert (ROOT / path).exists(), path


def test_every_variable_that_readme_names_is_read():
    settings = (ROOT / "pipeline" / "settings.py").read_text("utf-8")
    named = set(re.findall(r"\b(?:READOUT|OPENAI)_[A-Z_]+\b", README))
    assert named
    assert [name for name in named if f'"{name}"' not in settings] == []
