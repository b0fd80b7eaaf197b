"""A built wheel, installed into an empty environment and run from another folder, works."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import samples

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "pipeline", "prompts")
ADAPTER = "pipeline/embedded/adapter.gguf"

pytestmark = pytest.mark.slow
without_adapter = pytest.mark.skipif(
    not (ROOT / ADAPTER).exists(), reason="no adapter was trained yet"
)

Readout = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build leaves its leavings where it is made."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, source)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel; what readout depends on is lent by ours, offline."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    _pip("--python", python, "install", "--no-deps", wheel)
    ours = sysconfig.get_path("purelib")
    theirs = sysconfig.get_path("purelib", vars={"base": str(folder)})
    # Paths in a .pth file are searched last and their own .pth files are not read, so the
    # checkout that our environment points at stays out of sight.
    Path(theirs, "lent.pth").write_text(f"{ours}\n")
    return folder


@pytest.fixture
def readout(environment: Path, tmp_path: Path) -> Readout:
    """Call the installed command in a folder of its own, with nothing configured."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "grain.txt").write_text(samples.TEXT)

    def call(*arguments: str, program: str = "readout") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [environment / "bin" / program, *arguments],
            cwd=elsewhere,
            env={"PATH": os.defpath, "HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return call


def test_the_wheel_holds_every_file_of_its_packages_and_nothing_else(wheel):
    expected = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_wheel_holds_prompts_places_and_types(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {"pipeline/places/places.json", "pipeline/py.typed", "schemas/py.typed"}
    needed |= {f"prompts/{name}/system.md" for name in ("analyst", "embedded")}
    assert needed <= held


@without_adapter
def test_the_wheel_holds_the_adapter(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(ADAPTER) == (ROOT / ADAPTER).read_bytes()


def test_the_installed_command_does_not_lean_on_the_checkout(readout, environment):
    code = "import pipeline, prompts, schemas; print(pipeline.__file__)"
    done = readout("-c", code, program="python")
    assert done.stdout.startswith(str(environment)), done.stderr


def test_the_installed_command_composes_with_the_prompts_of_the_wheel(readout):
    done = readout("prompt", "grain.txt", "--model", "gpt-5-mini", "--json")
    assert done.returncode == 0, done.stderr
    messages = json.loads(done.stdout)["body"]["messages"]
    system = (ROOT / "prompts" / "analyst" / "system.md").read_text("utf-8").strip()
    assert messages[0]["content"] == system
    assert "Chanda Mwila" in messages[-1]["content"]


@without_adapter
def test_without_weights_the_installed_command_says_how_to_get_them(readout):
    done = readout("run", "grain.txt", "-o", "out")
    assert done.returncode == 1
    assert "readout model install" in done.stderr


def test_a_missing_part_of_the_model_is_a_sentence_and_no_traceback(readout):
    done = readout("run", "grain.txt", "-o", "out")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: The embedded model's"), done.stderr
    assert last.endswith(".")


def _pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    offline = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(command, check=True, env={**os.environ, **offline})
