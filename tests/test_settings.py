"""What the environment says."""

from pathlib import Path

from pipeline.settings import from_environment


def test_a_checkout_keeps_its_replies_in_its_own_cache_folder(tmp_path):
    (tmp_path / "cache").mkdir()
    assert from_environment({}, tmp_path).cache == tmp_path / "cache"


def test_elsewhere_they_are_kept_under_the_users_data_folder(tmp_path):
    settings = from_environment({"HOME": "/home/ada"}, tmp_path)
    assert settings.home == Path("/home/ada/.local/share/readout")
    assert settings.cache == settings.home / "cache"


def test_readout_home_and_cache_can_be_set(tmp_path):
    settings = from_environment({"READOUT_HOME": "/a", "READOUT_CACHE": "/b"}, tmp_path)
    assert (settings.home, settings.cache) == (Path("/a"), Path("/b"))


def test_blank_variables_count_as_unset(tmp_path):
    assert from_environment({"OPENAI_API_KEY": " "}, tmp_path).api_key is None


def test_the_key_does_not_show_in_a_repr(tmp_path):
    assert "sk-secret" not in repr(from_environment({"OPENAI_API_KEY": "sk-secret"}, tmp_path))


def test_the_way_can_be_set(tmp_path):
    assert from_environment({}, tmp_path).way is None
    assert from_environment({"READOUT_WAY": "json-mode"}, tmp_path).way == "json-mode"


def test_who_pays_can_be_said_as_to_openais_own_client(tmp_path):
    said = {"OPENAI_ORG_ID": "org-1", "OPENAI_PROJECT_ID": "proj-2"}
    assert from_environment(said, tmp_path).account == (
        ("openai-organization", "org-1"),
        ("openai-project", "proj-2"),
    )
    assert from_environment({}, tmp_path).account == ()
