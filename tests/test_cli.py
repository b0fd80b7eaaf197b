"""The command line as a whole: its exit codes, its help, and what it never shows."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline import archive
from pipeline.cli import _COMMANDS, main
from tests.conftest import Readout

HEAVY = "openai instructor networkx xllamacpp rich pydantic httpx2 aiohttp diskcache"


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command and group with the words that call it."""
    found: list[tuple[tuple[str, ...], click.Command]] = [(path, group)]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


def loaded(code: str, names: str) -> list[str]:
    """Which of the named modules `code` imports, in a Python of its own."""
    script = (
        f"import sys\nfrom pipeline.cli import main\ntry:\n    main({code})\n"
        "except SystemExit as done:\n    assert not done.code, done.code\n"
        f"print('LOADED', *[n for n in {names.split()!r} if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.rsplit("LOADED", 1)[1].split()


def test_help_loads_nothing_heavy() -> None:
    assert loaded("['--help']", HEAVY) == []


def test_a_run_over_stored_replies_loads_no_client(article: Path, readout: Readout) -> None:
    readout.server.answer()
    arguments = ["run", str(article), "-o", "out"]
    assert readout(*arguments).exit_code == 0
    environment = f"__import__('os').environ.update({readout.environment!r})"
    code = f"{environment} or {arguments!r}"
    assert loaded(code, "openai instructor networkx xllamacpp httpx2 aiohttp") == []


@pytest.mark.parametrize(("path", "command"), commands(), ids=lambda each: str(each)[:40])
def test_every_command_has_help_with_an_example(
    readout: Readout, path: tuple[str, ...], command: click.Command
) -> None:
    shown = readout(*path, "--help")
    assert shown.exit_code == 0
    assert command.help
    assert re.search(r'Example: (eval "\$\()?readout ' + " ".join(path), shown.stdout)


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_overview_says_what_the_command_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help is not None
    assert command.help.partition("\n")[0] == _COMMANDS[name][1]


def test_the_version_is_printed(readout: Readout) -> None:
    assert re.fullmatch(r"readout \d+\.\d+\.\d+\n", readout("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("run",),
        ("run", "grain.txt"),
        ("run", "absent.txt", "-o", "out"),
        ("run", "grain.txt", "-o", "grain.txt/out"),
        ("run", "grain.txt", "-o", "out", "--published", "yesterday"),
        ("run", "grain.txt", "-o", "out", "--mode", "sometimes"),
        ("run", "grain.txt", "-o", "out", "--recordings", "--mode", "refresh"),
        ("run", "grain.txt", "-o", "out", "--concurrency", "0"),
        ("cache", "clear"),
        ("completion", "tcsh"),
        ("evaluate", "out", "out", "--min", "beauty=1"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("article")
def test_what_makes_no_sense_is_usage(readout: Readout, arguments: tuple[str, ...]) -> None:
    done = readout(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"READOUT_MODEL": ""}, "no model is named"),
        ({"OPENAI_BASE_URL": "localhost"}, "is no web address"),
        ({"OPENAI_BASE_URL": ""}, "No key is set for hand"),
    ],
)
def test_settings_that_make_no_sense_are_usage(
    article: Path, readout: Readout, settings: dict[str, str], sentence: str
) -> None:
    done = readout("run", article, "-o", "out", **settings)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_an_unexpected_error_is_a_sentence_and_a_file_without_secrets(
    tmp_path: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk-very-secret-0123"  # noqa: S105 - no key of anybody's

    def breaks(file: Path) -> None:
        raise RuntimeError(f"cannot {secret} \x1b[31m with pass-word at {file}")

    monkeypatch.setattr(archive, "records", breaks)
    done = readout(
        "show",
        "any.json",
        OPENAI_API_KEY=secret,
        OPENAI_BASE_URL="http://me:pass-word@127.0.0.1:1/v1",
    )
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    log = (tmp_path / "home" / "crash.log").read_text()
    assert "Traceback" in log
    assert "RuntimeError" in log
    for shown in (log, done.output):
        assert secret not in shown
        assert "pass-word" not in shown
    assert "\x1b" not in done.output


def test_an_unexpected_error_without_a_place_for_the_file_is_still_a_sentence(
    article: Path, readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "records", lambda _: 1 / 0)
    done = readout("show", "any.json", READOUT_HOME=f"{article}/home")
    assert done.exit_code == 1
    assert "could not be written" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(readout: Readout, shell: str) -> None:
    done = readout("completion", shell)
    assert done.exit_code == 0
    assert f"_READOUT_COMPLETE={shell}_complete" in done.stdout


def test_the_shell_gets_the_names_of_commands(readout: Readout) -> None:
    done = readout(_READOUT_COMPLETE="bash_complete", COMP_WORDS="readout ", COMP_CWORD="1")
    assert {line.partition(",")[2] for line in done.stdout.split()} == set(_COMMANDS)


def test_a_gate_that_is_missed_is_exit_4_and_a_sentence_for_each_bar(
    tmp_path: Path, readout: Readout
) -> None:
    for folder, city in (("reference", "Lusaka"), ("summaries", "Oslo")):
        (tmp_path / folder).mkdir()
        meeting = {
            **dict.fromkeys(["format", "date_text", "date", "venue", "country"]),
            **dict.fromkeys(["participants", "agenda", "agreements"], ()),
            "name": "seed talks",
            "prominence": "focus",
            "status": "held",
            "city": city,
            "parties": ["NOR", "ZMB"],
        }
        text = json.dumps({"id": "grain", "meetings": [meeting]})
        (tmp_path / folder / "grain.json").write_text(text)
    compared = ("evaluate", "reference", "summaries")
    passed = readout(*compared, "--min", "meetings=1", "--json")
    assert passed.exit_code == 0
    assert json.loads(passed.stdout)["scores"]["meetings"]["f1"] == 1
    missed = readout(*compared, "--min", "city=0.5", "--min", "meetings=1", "--detail")
    assert missed.exit_code == 4
    assert missed.stderr.count("\n") == 1
    assert "city" in missed.stderr
    assert 'city "Oslo", should be "Lusaka"' in missed.stdout


@pytest.mark.parametrize("key", ["sk-abc…0123456789", "sk-abcdef\n0123456789"])
def test_a_key_that_no_header_can_hold_is_a_sentence_without_it(
    article: Path, readout: Readout, key: str
) -> None:
    for command in (("run", article, "-o", "out"), ("doctor",)):
        done = readout(*command, OPENAI_API_KEY=key)
        assert done.exit_code in (1, 2)
        assert "OPENAI_API_KEY holds a character" in done.output
        assert "0123456789" not in done.output
    assert readout.server.received == []


def test_an_address_that_cannot_be_parsed_is_a_sentence(article: Path, readout: Readout) -> None:
    for provider in ((), ("--provider", "ours")):
        done = readout("prompt", article, *provider, OPENAI_BASE_URL="http://[me:secret@x")
        assert done.exit_code == 2
        assert "no web address" in done.stderr
        assert "secret" not in done.output


def test_a_short_word_for_a_key_does_not_garble_a_sentence(readout: Readout) -> None:
    done = readout("show", "missing.json", OPENAI_API_KEY="e")
    assert "cannot be read" in done.stderr


def test_a_lone_surrogate_in_an_error_does_not_hide_the_error(
    readout: Readout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: Path) -> None:
        raise RuntimeError("half a \ud83c")

    monkeypatch.setattr(archive, "records", breaks)
    done = readout("show", "any.json")
    assert done.exit_code == 1
    assert "crash.log" in done.stderr.replace("\n", "")
