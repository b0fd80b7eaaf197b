"""When --ray makes no sense, a sentence says so before anything starts."""

import importlib.util
from pathlib import Path

import pytest

from pipeline import ledger
from pipeline.endpoint import Target
from pipeline.errors import UsageError
from pipeline.fleet import fleet
from pipeline.ways import EMBEDDED, choose

SERVER = Target(choose("hand", "http://192.0.2.1:8000"), "http://192.0.2.1:8000/v1")


@pytest.fixture
def installed(monkeypatch):
    """Ray, as far as anybody can tell who does not use it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)


@pytest.mark.usefixtures("installed")
def test_a_fleet_is_where_it_was_said_to_be(tmp_path):
    assert fleet("192.0.2.7:6379", tmp_path, SERVER) == ("192.0.2.7:6379", tmp_path)


@pytest.mark.usefixtures("installed")
def test_the_store_is_in_the_folder_of_the_command_wherever_actors_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert fleet("local", Path("cache"), SERVER).store == tmp_path / "cache"


@pytest.mark.usefixtures("installed")
def test_the_embedded_model_answers_on_one_machine(tmp_path):
    with pytest.raises(UsageError, match="embedded model is none; leave --ray out"):
        fleet("local", tmp_path, Target(EMBEDDED, None))


@pytest.mark.usefixtures("installed")
def test_a_command_outside_the_cluster_could_not_keep_replies(tmp_path):
    with pytest.raises(UsageError, match=r"run it on a machine of the cluster, with --ray=auto"):
        fleet("ray://192.0.2.7:10001", tmp_path, SERVER)


def test_without_ray_a_sentence_says_how_to_get_it_and_no_run_begins(
    readout, article, tmp_path, monkeypatch
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    ended = readout("run", article, "-o", "out", "--ray")
    assert ended.exit_code == 2
    assert "pip install 'readout[ray]'" in ended.stderr
    assert ledger.runs(tmp_path / "out") == ()


def test_a_path_behind_ray_is_not_taken_for_an_address(readout, article):
    ended = readout("run", "--ray", article, "-o", "out")
    assert ended.exit_code == 2
    assert "write --ray after the paths" in ended.stderr


def test_recordings_are_replayed_here(readout, article):
    ended = readout("run", article, "-o", "out", "--recordings", "--ray")
    assert ended.exit_code == 2
    assert "excludes --ray" in ended.stderr
