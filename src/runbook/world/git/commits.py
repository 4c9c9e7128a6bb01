"""Commits: one made by git as the user configured it, and read back."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from runbook.core.patterns import regex
from runbook.core.record.stepevents import CommitIntended
from runbook.core.value import value
from runbook.world.files.durable import named
from runbook.world.files.workspace import FAILING, Unreachable, Workspace
from runbook.world.git import boundedgit, direct
from runbook.world.git.expectedtree import Expected
from runbook.world.git.gitcommand import in_parts
from runbook.world.git.gitfailed import GitFailed, GitKilled
from runbook.world.git.gitlocks import lock_files, patience, wait_for_others
from runbook.world.git.gitsync import sync_commit
from runbook.world.git.readback import action, check, find
from runbook.world.git.repository import Repository
from runbook.world.git.userhooks import runs_hooks
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.supervision import NotStarted, SupervisorLost

# `added` is what `committed` is, and the index; without the branch a power loss may empty its file.
DURABLE = ("-c", "core.fsync=added,reference")
SETTINGS = (
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
"""What holds for each commit that git makes for us, whatever the user's configuration says."""


@value
class Limits:
    """How long git and the user's hooks may take (seconds), and who may end them before."""

    timeout: float = 600.0
    interrupts: Interrupts | None = None


@value
class Made:
    """A commit, and where git did not end well although it made it, how it ended."""

    commit: str
    despite: str = ""


class NotMade(GitFailed):
    """git has not made the commit, and that is known; the message is what it said.

    Where it was `killed`, or one of its hooks was, the files are as a hook left them half way.
    """

    def __init__(self, message: str, *, killed: bool = False) -> None:
        self.killed = killed
        super().__init__(message)


# As git says it, in English in all languages (run-command.c): nothing else tells of a dead hook.
_DEAD_HOOK = regex(r"(?m)^error: .* died of signal \d+$")


def make(
    repository: Repository,
    message: str,
    intent: CommitIntended,
    new: tuple[str, ...],
    limits: Limits = Limits(),  # noqa: B008 # a value
    made_of: Expected = Expected(),  # noqa: B008 # a value
) -> Made:
    """Commit exactly the paths of `intent`, of which git does not know `new` yet.

    Where nobody else has a say, what it is `made_of` is written without asking git.

    Whatever else the user has staged stays staged; hooks run and signing happens as the user
    configured. When this returns the commit is there for good. However git ended, the commit is
    looked for: a hook that comes after it may be killed.

    Raises:
        NotMade: no commit was made; the files are as git's hooks left them.
        CommitUnsound: a commit was made that is not what was intended.
        GitFailed: whether one was made is not known; who recovers finds out.
    """
    until = patience()
    directly = direct.commit(repository, message, intent, made_of, until)
    if directly is not None:
        check(repository, directly.commit, intent)
        finish(repository, intent, directly.commit, directly=directly.sound)
        repository.last_status.committed(intent.paths)
        return Made(directly.commit)
    known = repository.last_status.leave_to_git()
    wait_for_others(repository.git_dir, until)
    if new:
        _announce(repository, new)
    failed = _commit(repository, message, intent, limits)
    made = repository.head().commit if failed is None else find(repository, intent)
    if made is None:
        assert failed is not None
        if new and repository.head().commit == intent.parent:
            _take_back(repository, new)
        raise failed
    check(repository, made, intent)
    # Of hooks, which may have changed anything, and of what the next task begins with.
    repository.last_status.committed_by_git(known, made, intent.paths)
    finish(repository, intent, made, sound=failed is None and not runs_hooks(repository))
    return Made(made, "" if failed is None else str(failed))


def _announce(repository: Repository, new: tuple[str, ...]) -> None:
    """Tell the index of new files, of which git would commit none."""
    # What it is told to pass over has to lose that mark.
    marked = repository.run_on(new, "ls-files", "-z")
    if marked:
        names = marked.rstrip("\0").split("\0")
        for mark in ("--no-assume-unchanged", "--no-skip-worktree"):
            repository.run_on(names, *DURABLE, "update-index", mark)
    try:
        repository.run_on(new, *DURABLE, "add", "-N", "-f")
    except GitKilled:
        raise
    except GitFailed as error:
        _take_back(repository, new)
        raise NotMade(str(error)) from None


def _take_back(repository: Repository, new: tuple[str, ...]) -> None:
    """Have the index know nothing of new files again."""
    with suppress(GitFailed):
        repository.run_on(new, *DURABLE, "reset", "-q")


def _commit(
    repository: Repository, message: str, intent: CommitIntended, limits: Limits
) -> NotMade | None:
    """Call git; returns why it made no commit, if it did not: it did not end well."""
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": intent.date,
        "GIT_COMMITTER_DATE": intent.date,
        "GIT_REFLOG_ACTION": action(intent),
    }
    paths, *more = in_parts(intent.paths)
    # What is too long for one line, git reads: the paths, as the message otherwise.
    given = "\0".join(intent.paths) if more else message
    long = ("-m", message, "--pathspec-from-file=-", "--pathspec-file-nul")
    arguments = [
        "-C", str(repository.root), "--literal-pathspecs", *SETTINGS,
        "commit", "-q", "--no-verbose", "--cleanup=verbatim", "--only",
        *(long if more else ("-F", "-", "--", *paths)),
    ]  # fmt: skip
    before = lock_files(repository.git_dir, repository.common_dir, intent.ref)
    try:
        ended = boundedgit.call(
            arguments,
            repository.root,
            environment,
            stdin=given.encode("utf-8", "surrogateescape"),
            timeout=limits.timeout,
            interrupts=limits.interrupts,
            held=repository.held,
        )
    except NotStarted as error:
        return NotMade(f"git could not be run: {error}")
    except SupervisorLost as error:
        if not before:
            clear_locks(repository, intent)
        return NotMade(f"git was killed: {error}", killed=True)
    if ended.exit == 0:
        return None
    said = ended.output.strip()
    killed = (
        bool(ended.stopped) or ended.signal is not None or bool(_DEAD_HOOK.search(ended.output))
    )
    if killed and not before:
        clear_locks(repository, intent)
    if ended.stopped == "timeout":
        how = f"git and its hooks did not end within {limits.timeout:.0f} s, and were killed"
    elif ended.signal is not None:
        how = f"git was killed ({signal.Signals(ended.signal).name})"
    else:
        return NotMade(said or f"git ended with {ended.exit}", killed=killed)
    return NotMade(f"{how}\n{said}" if said else how, killed=True)


def finish(
    repository: Repository,
    intent: CommitIntended,
    commit: str,
    *,
    sound: bool = False,
    directly: bool = False,
) -> None:
    """Bring the index to what was committed, and see that nothing of it goes with a power loss.

    The index is `sound` where git came to its end by itself, and no hook did anything. A commit
    that was made `directly` is there for good already, and its index as well.

    Raises:
        OSError: the disk fails or is full; the error names the file.
        GitFailed: git can't bring up the index.
    """
    # A hook that stages again under --only leaves the index behind.
    if not (sound or directly) and any(
        change.staged and change.path in intent.paths for change in repository.last_status.now()
    ):
        repository.unstage(intent.paths)
        repository.last_status.remember(None)
    # The next task begins on files as hooks have left them.
    workspace = Workspace(repository.root, None)
    for path in intent.paths:
        try:
            workspace.sync([path])
        except Unreachable as error:
            # What a hook has shut, or put behind a link, is nothing that can be lost here.
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno in FAILING:
                raise named(cause, Path(path)) from None
    if not directly:
        place = repository.common_dir
        sync_commit(repository.objects, place, commit, intent.ref, repository.git_dir)


def clear_locks(repository: Repository, intent: CommitIntended) -> None:
    """Remove the lock files of a git that was killed while it made this commit."""
    repository.clear_locks(float(intent.date.split(" ")[0]), intent.ref)
