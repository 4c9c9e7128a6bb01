"""git's own commands as a plain process, for what is to start quickly or needs raw bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from runbook.world.git.gitfailed import GitFailed, GitKilled
from runbook.world.processes.environment import forget_git


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What a git command prints, given in a folder.

    Raises:
        GitFailed: it failed, or there is no git on PATH.

    """
    status, output, errors = ask(folder, *arguments, stdin=stdin)
    if status != 0:
        said = os.fsdecode(errors).strip()
        raise GitFailed(said or f"git {arguments[0]} ended with {status}")
    return output


def ask(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    seconds: float | None = None,
    settings: Iterable[tuple[str, str]] = (),
) -> tuple[int, bytes, bytes]:
    """Exit status, output and error output of a git command, given in a folder.

    `settings` are configuration for this command, which any other gives way to, also what the
    user has set in the environment.

    Raises:
        GitFailed: there is no git on PATH, no such folder, or it took longer than `seconds`.
        GitKilled: it was killed, which is no answer.

    """
    import subprocess  # 10 ms, which a command that asks git nothing has not to pay

    env = dict(os.environ)
    forget_git(env)
    counted = env.get("GIT_CONFIG_COUNT", "")
    for number, (key, setting) in enumerate(settings, int(counted) if counted.isdigit() else 0):
        # Not by -c, which can't say every name.
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": setting}
        env["GIT_CONFIG_COUNT"] = str(number + 1)
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=folder,
            env=env,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise GitFailed(f"git {arguments[0]} took longer than {seconds} s") from None
    except FileNotFoundError as error:
        raise GitFailed(
            "there is no git on PATH" if error.filename == "git" else f"the folder {folder} is gone"
        ) from None
    if done.returncode < 0:
        raise GitKilled(-done.returncode)
    return done.returncode, done.stdout, done.stderr
