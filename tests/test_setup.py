"""What a fresh machine gets: a lock that is whole, and files that name no address."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
RUNS, CHECKS = "requirements.lock", "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

_ADDRESS = re.compile(r"--(?:extra-)?index-url|https?://\S+\.(?:whl|tar\.gz|tgz|zip|deb)\b")


def _lock(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _locked(name: str) -> dict[str, str]:
    pinned = re.findall(r"^([\w.-]+)==(\S+) \\$", _lock(name), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pinned}


def _committed() -> list[Path]:
    """The files that git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(("name", "extras"), [(RUNS, ()), (CHECKS, ("dev", "ray", "parquet"))])
def test_a_lock_has_what_the_project_asks_for(name, extras):
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    wanted += [each for extra in extras for each in project["optional-dependencies"][extra]]
    locked = _locked(name)
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not locked; run `make lock`"
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_what_checks_readout_is_what_runs_it_and_more():
    runs, checks = _locked(RUNS), _locked(CHECKS)
    assert runs.items() < checks.items()


@pytest.mark.parametrize("name", [RUNS, CHECKS])
def test_every_locked_package_has_hashes_and_no_address(name):
    blocks = re.split(r"^(?=[\w.-]+==)", _lock(name), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(_locked(name))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|^--|@ ", _lock(name), re.MULTILINE)


def test_no_file_names_a_package_index_or_a_download():
    found = []
    for path in _committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), start=1)
        found += [f"{path.name}:{n}" for n, line in lines if _ADDRESS.search(line)]
    assert found == []


def test_ci_runs_what_a_developer_runs():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").rstrip().endswith("make test")


def _make(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make demo` in a copy of what set-up reads, with this environment and nothing else."""
    for name in ("Makefile", RUNS, CHECKS, "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return subprocess.run(
        ["make", "demo"],
        cwd=folder,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _fake_python(folder: Path, *, refuses: str) -> str:
    """A python that fails where its arguments hold `refuses`, and makes nothing."""
    fake = folder / "python-of-this-test"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *{refuses}*) exit 1;; esac\n')
    fake.chmod(0o755)
    return str(fake)


def test_without_python_make_says_so(tmp_path):
    done = _make(tmp_path, PYTHON="python-that-is-not-there")
    assert done.returncode
    assert "readout needs Python 3.11 or newer, and python-that-is-not-there was" in done.stderr


def test_an_old_python_is_a_sentence(tmp_path):
    done = _make(tmp_path, PYTHON=_fake_python(tmp_path, refuses="version_info"))
    assert done.returncode
    assert "is older; name another" in done.stderr


def test_a_missing_venv_module_is_a_sentence(tmp_path):
    done = _make(tmp_path, PYTHON=_fake_python(tmp_path, refuses="ensurepip"))
    assert done.returncode
    assert "apt install python3-venv" in done.stderr
