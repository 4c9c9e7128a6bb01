"""The environment that commands get (row 35)."""

import os
from pathlib import Path

from runbook.world.processes.environment import PROBE_FOLDER, command_environment, with_probe


def test_row_35_what_misleads_is_dropped_and_the_rest_kept() -> None:
    base = {
        "GIT_INDEX_FILE": ".git/index",
        "GIT_DIR": ".git",
        "GIT_AUTHOR_DATE": "0",
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "VIRTUAL_ENV": "/venv",
        "FORCE_COLOR": "1",
        "CLICOLOR_FORCE": "1",
        "RUNBOOK_PROBE_RECORD": "/outer",
        "RUNBOOK_PROBE_GO_ON": "1",
        "HOME": "/home/me",
        "GITHUB_TOKEN": "t",
    }
    assert command_environment(base, {}, None) == {
        # By which git reaches and trusts what it does elsewhere, and in runbook itself.
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "HOME": "/home/me",
        "GITHUB_TOKEN": "t",
        "NO_COLOR": "1",
        "PY_COLORS": "0",
    }


def test_what_the_runbook_says_wins() -> None:
    env = command_environment({"A": "user"}, {"A": "runbook", "FORCE_COLOR": "1"}, None)
    assert env["A"] == "runbook"
    assert env["FORCE_COLOR"] == "1"


def test_our_own_environment_leaves_path_under_any_name(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "bin").mkdir(parents=True)
    (tmp_path / "alias").symlink_to(own)
    other = tmp_path / "own-not" / "bin"
    entries = [own / "bin", other, tmp_path / "alias" / "bin", f"{own}/bin/", own / "." / "bin"]
    path = os.pathsep.join([*map(str, entries), "", "/usr/bin"])
    env = command_environment({"PATH": path}, {}, own)
    assert env["PATH"] == os.pathsep.join([str(other), "", "/usr/bin"])
    assert command_environment({"PATH": path}, {}, None)["PATH"] == path
    assert "PATH" not in command_environment({}, {}, own)


def test_the_probe_is_added_to_what_is_there(tmp_path: Path) -> None:
    env = with_probe({"PYTEST_ADDOPTS": "-x --lf", "PYTHONPATH": "lib"}, tmp_path / "record")
    assert env["PYTEST_ADDOPTS"] == "-x --lf -p runbook_plugin"
    assert env["PYTHONPATH"] == f"{PROBE_FOLDER}{os.pathsep}lib"
    assert env["RUNBOOK_PROBE_RECORD"] == str(tmp_path / "record")


def test_the_probe_alone_leaves_no_empty_entry_on_the_path(tmp_path: Path) -> None:
    env = with_probe({"PYTHONPATH": ""}, tmp_path / "record")
    assert env["PYTEST_ADDOPTS"] == "-p runbook_plugin"
    assert env["PYTHONPATH"] == str(PROBE_FOLDER)
    assert (PROBE_FOLDER / "runbook_plugin.py").is_file()


def test_tox_is_told_to_pass_the_probe_on(tmp_path: Path) -> None:
    passed = "testenv.pass_env+=PYTEST_ADDOPTS,PYTHONPATH,RUNBOOK_PROBE_RECORD,RUNBOOK_PROBE_GO_ON"
    assert with_probe({}, tmp_path)["TOX_OVERRIDE"] == passed
    env = with_probe({"TOX_OVERRIDE": "testenv.a=b"}, tmp_path)
    assert env["TOX_OVERRIDE"] == f"testenv.a=b;{passed}"
