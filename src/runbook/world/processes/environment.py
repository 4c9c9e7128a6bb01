"""The environment a command gets: the user's, without what would mislead it, with the probe."""

import os
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path

from runbook.core.shell.probing import PROBE

PROBE_FOLDER = Path(__file__).with_name("probe")

RECORD = "RUNBOOK_PROBE_RECORD"
"""The variable that tells the probe where to write."""

GO_ON = "RUNBOOK_PROBE_GO_ON"
"""The variable with which no failing test ends a command: pytest's status says all went well."""

_DROPPED = frozenset({"VIRTUAL_ENV", "FORCE_COLOR", "CLICOLOR_FORCE", RECORD, GO_ON})


def command_environment(
    base: Mapping[str, str], extra: Mapping[str, str], own_prefix: Path | None
) -> dict[str, str]:
    """Return the user's environment made fit for a command, with `extra` merged over it.

    What ties git to a place, VIRTUAL_ENV and what forces colours go; `own_prefix`, our own virtual
    environment if we run in one, leaves PATH, or `python` would be ours. PYTHONHOME stays: it is
    the user's Python that it is about, and ours was started with it.
    """
    env = {name: value for name, value in base.items() if name not in _DROPPED}
    forget_git(env)
    if own_prefix is not None and "PATH" in env:
        env["PATH"] = _without(env["PATH"], own_prefix / "bin")
    return {**env, "NO_COLOR": "1", "PY_COLORS": "0", **extra}


def with_probe(env: Mapping[str, str], record: Path) -> dict[str, str]:
    """Return `env` with the probe put into every pytest it reaches, writing to `record`."""
    options = f"{env.get('PYTEST_ADDOPTS', '')} -p {PROBE}".strip()
    # tox takes variables away from its commands, but for those that it is told to pass on.
    passed = f"testenv.pass_env+=PYTEST_ADDOPTS,PYTHONPATH,{RECORD},{GO_ON}"
    overrides = ";".join(filter(None, [env.get("TOX_OVERRIDE"), passed]))
    paths = [str(PROBE_FOLDER), *filter(None, [env.get("PYTHONPATH")])]
    return {
        **env,
        "PYTEST_ADDOPTS": options,
        "TOX_OVERRIDE": overrides,
        "PYTHONPATH": os.pathsep.join(paths),
        RECORD: str(record.absolute()),
    }


@cache
def _without(path: str, folder: Path) -> str:
    """Return PATH without a folder, under whatever name it is listed."""
    real = folder.resolve()
    return os.pathsep.join(
        entry
        for entry in path.split(os.pathsep)
        if not entry or (Path(entry) != folder and Path(entry).resolve() != real)
    )


# What says who the user is, or how git reaches and trusts things, stays.
_GIT_KEPT = (
    "GIT_ASKPASS",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_COUNT",  # settings of the user's: those of `git -c` are in another variable
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_EXEC_PATH",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
)


_GIT_SETTINGS = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")


def forget_git(env: MutableMapping[str, str]) -> None:
    """Take from an environment what ties git to another repository, index or moment.

    A runner started inside a hook has GIT_DIR and GIT_INDEX_FILE set, and git would follow them
    wherever it is called.
    """
    for name in [name for name in env if name.startswith("GIT_") and name not in _GIT_KEPT]:
        if not name.startswith(_GIT_SETTINGS):
            del env[name]
