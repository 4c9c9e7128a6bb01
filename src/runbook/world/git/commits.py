"""Commits: one made by git as the user configured it, and read back."""

from __future__ import annotations

import os
from contextlib import suppress

from runbook.core.record.stepevents import CommitIntended
from runbook.core.value import value
from runbook.world.files.workspace import Unreachable, Workspace
from runbook.world.git import boundedgit
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.gitlocks import lock_files
from runbook.world.git.gitsync import sync_names
from runbook.world.git.readback import action, check
from runbook.world.git.repository import Repository
from runbook.world.processes.interrupts import Interrupts

# `added` is what `committed` is, and the index; without the branch a power loss may empty its file.
DURABLE = ("-c", "core.fsync=added,reference")
_SETTINGS = (
    *DURABLE,
    "-c",
    "core.protectHFS=true",
    "-c",
    "core.protectNTFS=true",
    "-c",
    "i18n.commitEncoding=UTF-8",
    # Not in the middle of a run, where a kill would leave half of it.
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
)


@value
class Limits:
    """How long git and the user's hooks may take (seconds), and who may end them before."""

    timeout: float = 600.0
    interrupts: Interrupts | None = None


def make(
    repository: Repository,
    message: str,
    intent: CommitIntended,
    new: tuple[str, ...],
    limits: Limits = Limits(),  # noqa: B008 # a value
) -> str:
    """Commit exactly the paths of `intent`, of which git does not know `new` yet; returns its id.

    Whatever else the user has staged stays staged; hooks run and signing happens as the user
    configured. When this returns the commit is there for good.

    Raises:
        GitFailed: no commit was made; the files are as git's hooks left them.
        CommitUnsound: a commit was made that is not what was intended.

    """
    if new:
        repository.run("--literal-pathspecs", *DURABLE, "add", "-N", "--", *new)
    try:
        _commit(repository, message, intent, limits)
    except GitFailed:
        if new and repository.head().commit == intent.parent:
            repository.attempt("--literal-pathspecs", *DURABLE, "reset", "-q", "--", *new)
        raise
    made = repository.resolve("HEAD")
    assert made is not None
    check(repository, made, intent)
    settle(repository, intent)
    return made


def _commit(repository: Repository, message: str, intent: CommitIntended, limits: Limits) -> None:
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": intent.date,
        "GIT_COMMITTER_DATE": intent.date,
        "GIT_REFLOG_ACTION": action(intent),
    }
    arguments = [
        "-C", str(repository.root), "--literal-pathspecs", *_SETTINGS,
        "commit", "-q", "--no-verbose", "--cleanup=verbatim", "-F", "-", "--only", "--",
        *intent.paths,
    ]  # fmt: skip
    before = lock_files(repository.git_dir, repository.common_dir, intent.ref)
    try:
        ended = boundedgit.call(
            arguments,
            repository.root,
            environment,
            stdin=message.encode("utf-8", "surrogateescape"),
            timeout=limits.timeout,
            interrupts=limits.interrupts,
            held=repository.held,
        )
    except (boundedgit.NotStarted, boundedgit.SupervisorLost) as error:
        raise GitFailed(f"git could not be run: {error}") from None
    if ended.exit == 0:
        return
    if not before and (ended.stopped or not 0 < ended.exit < 128):
        clear_locks(repository, intent)
    if ended.stopped == "timeout":
        said = f"\n{ended.output.strip()}" if ended.output.strip() else ""
        raise GitFailed(
            f"git and its hooks did not end within {limits.timeout:.0f} s, and were killed{said}"
        )
    raise GitFailed(ended.output.strip() or f"git ended with {ended.exit}")


def settle(repository: Repository, intent: CommitIntended) -> None:
    """Bring the index to what was committed, and see that nothing of it goes with a power loss."""
    # A hook that stages again under --only leaves the index behind.
    if repository.attempt(
        "--literal-pathspecs", "diff-index", "--cached", "--quiet", "HEAD", "--", *intent.paths
    )[0]:
        repository.unstage(intent.paths)
    # The next task begins on files as hooks have left them.
    workspace = Workspace(repository.root, None)
    for path in intent.paths:
        with suppress(Unreachable):  # a link, which is its own name
            workspace.sync([path])
    sync_names(repository.common_dir, intent.ref, _since(intent), repository.git_dir)


def clear_locks(repository: Repository, intent: CommitIntended) -> None:
    """Remove the lock files of a git that was killed while it made this commit."""
    repository.clear_locks(_since(intent), intent.ref)


def _since(intent: CommitIntended) -> float:
    return float(intent.date.split(" ")[0])
