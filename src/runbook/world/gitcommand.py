"""git's own commands as a plain process, for what is to start quickly or needs raw bytes."""

from __future__ import annotations

import os
from pathlib import Path

from runbook.world.environment import forget_git


class GitRefused(Exception):
    """A git command failed; the message is what git said."""


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What a git command prints, given in a folder.

    Raises:
        GitRefused: it failed, or there is no git on PATH.

    """
    import subprocess  # 10 ms, which a command that asks git nothing has not to pay

    env = dict(os.environ)
    forget_git(env)
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=folder,
            env=env,
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        missing = "git" if error.filename == "git" else folder
        raise GitRefused(f"there is no {missing}") from None
    if done.returncode != 0:
        said = os.fsdecode(done.stderr).strip()
        raise GitRefused(said or f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout
