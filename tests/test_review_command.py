"""`readout review`: where it listens, what it is opened with, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx2
import pytest

from tests.conftest import Readout
from tests.records import folder, record
from tests.samples import MEETING


def test_a_port_in_use_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = readout("review", out, "--no-open", "--port", port)
    assert done.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "--port" in done.stderr


def test_a_review_is_not_opened_on_all_addresses_at_once(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    for host in ("0.0.0.0", "::"):  # noqa: S104 - what is refused
        done = readout("review", out, "--no-open", "--host", host)
        assert (done.exit_code, "one address" in done.stderr) == (2, True)


def test_who_listens_beyond_this_machine_is_warned(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    done = readout("review", out, "--no-open", "--host", "192.0.2.1")  # nobody's
    assert "can be reached from other machines, and is not encrypted" in done.stderr
    assert done.exit_code == 2


def test_a_host_that_is_no_name_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    done = readout("review", folder(tmp_path / "out", record()), "--no-open", "--host", "ü..x")
    assert (done.exit_code, "choose another --port or --host" in done.stderr) == (2, True)


def test_a_folder_without_records_gets_a_sentence(readout: Readout, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = readout("review", tmp_path / "empty", "--no-open")
    assert (done.exit_code, "holds no record" in done.stderr) == (2, True)


def test_a_reviewer_has_a_name_that_can_be_shown(readout: Readout, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record())
    for name in ("", " ", "a@b", "\x1b[2J", "x" * 200):
        assert readout("review", out, "--no-open", "--reviewer", name).exit_code == 2


@pytest.mark.slow
def test_ctrl_c_ends_the_review_with_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("grain", MEETING))
    command = [sys.executable, "-m", "pipeline.cli", "review", str(out), "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        origin = address.partition("/launch")[0]
        assert httpx2.get(f"{origin}/api/queue").status_code == 403
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 0
    assert "The review has ended" in said
    assert "Traceback" not in said


OPENED = """\
#!{python}
import os, re, stat, sys
from urllib.parse import urlsplit
from urllib.request import url2pathname, urlopen
file = url2pathname(urlsplit(sys.argv[1]).path)
page = open(file).read()
address = re.search('content="0; url=([^"]+)"', page)[1]
urlopen(address).read()
with open({told!r}, "w") as told:
    print(oct(os.stat(file).st_mode)[-3:], address, *sys.argv, sep="\\n", file=told)
os.kill(os.getppid(), {interrupt})
"""


@pytest.mark.slow
def test_the_browser_is_led_to_the_address_by_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    """What it is started with can be read by everybody on the machine: that has no secret in it."""
    told, script = tmp_path / "told", tmp_path / "browser"
    script.write_text(
        OPENED.format(python=sys.executable, told=str(told), interrupt=int(signal.SIGINT))
    )
    script.chmod(0o700)
    out = folder(tmp_path / "out", record("grain", MEETING))
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "review", str(out), "--port", "0"],
        env={**os.environ, "BROWSER": f"{script} %s"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    mode, address, *arguments = told.read_text().split()
    assert address == done.stdout.strip()
    secret = address.partition("token=")[2]
    assert len(secret) > 40
    assert (mode, secret in "".join(arguments)) == ("600", False)
    assert not Path(url2pathname(urlsplit(arguments[-1]).path)).exists()  # any more


@pytest.mark.slow
def test_where_no_browser_can_be_opened_the_address_is_there_to_be_opened(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", record("grain", MEETING))
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "review", str(out), "--port", "0"],
        env={"PATH": "", "BROWSER": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        said = [child.stderr.readline(), child.stderr.readline()]
        child.send_signal(signal.SIGINT)
        address, _ = child.communicate(timeout=30)
    assert "open the address above" in said[1]
    assert "/launch?token=" in address
