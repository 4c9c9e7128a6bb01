"""git's own commands as a plain process, for what is to start quickly or needs raw bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from runbook.world.git.gitfailed import GitFailed, GitKilled
from runbook.world.processes.environment import forget_git
from runbook.world.processes.plainprocess import communicated

_MOST = 100_000
"""Bytes of paths on one line: systems take some 128 kB, most of them a few MB (execve(2))."""


def in_parts(paths: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Some paths in parts that one command line holds; where there are none, a part of none."""
    part: list[str] = []
    size = 0
    for path in paths:
        size += len(os.fsencode(path)) + 1
        if part and size > _MOST:
            yield tuple(part)
            part, size = [], len(os.fsencode(path)) + 1
        part.append(path)
    yield tuple(part)


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
    index: Path | None = None,
) -> tuple[int, bytes, bytes]:
    """Exit status, output and error output of a git command, given in a folder.

    `settings` are configuration for this command, which any other gives way to, also what the
    user has set in the environment. With an `index` it goes by that file and not by the one there.

    Raises:
        GitFailed: there is no git on PATH, no such folder, or it took longer than `seconds`.
        GitKilled: it was killed, which is no answer.
    """
    env = dict(os.environ)
    forget_git(env)
    if index is not None:
        env["GIT_INDEX_FILE"] = str(index)
    counted = env.get("GIT_CONFIG_COUNT", "")
    for number, (key, setting) in enumerate(settings, int(counted) if counted.isdigit() else 0):
        # Not by -c, which can't say every name.
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": setting}
        env["GIT_CONFIG_COUNT"] = str(number + 1)
    if not folder.is_dir():
        raise GitFailed(f"the folder {folder} is gone")
    command = ["git", "-C", str(folder), "--no-optional-locks", *arguments]
    try:
        status, output, errors = communicated(command, env, stdin, seconds)
    except TimeoutError:
        raise GitFailed(f"git {arguments[0]} took longer than {seconds} s") from None
    except FileNotFoundError:
        raise GitFailed("there is no git on PATH") from None
    if status < 0:
        raise GitKilled(-status)
    return status, output, errors
