"""Commits of ours, read back: whether they are as intended, and found again after a kill."""

from __future__ import annotations

import hashlib

from runbook.core.record.stepevents import CommitIntended
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import Reader, header


class CommitUnsound(GitFailed):
    """A commit was made, and it is not what was intended."""


def find(repository: Reader, intent: CommitIntended) -> str | None:
    """The commit that a killed run intended and git made, or `None`.

    It is the first after the intended parent on the intended branch, has both dates, and the
    intended tree. If a hook changed that, it changes no other paths, and was made by our call of
    git, as far as there is a reflog to say so.
    """
    tip = intent.ref or "HEAD"
    wanted = f"{intent.parent}..{tip}" if intent.parent else tip
    status, listed, _ = repository.attempt(
        "log", "--first-parent", "--no-show-signature", "--date=raw",
        "--format=%H%x09%P%x09%ad%x09%cd%x09%T", wanted, "--",
    )  # fmt: skip
    if status or not listed.strip():
        return None
    commit, parents, author, committer, tree = listed.rstrip("\n").rpartition("\n")[2].split("\t")
    if parents != (intent.parent or "") or (author, committer) != (intent.date, intent.date):
        return None
    if tree == intent.tree:
        return commit
    if not set(repository.changed_paths(commit)) <= set(intent.paths):
        return None
    actions = _reflog(repository, tip).get(commit)
    if actions is not None and not any(action(intent) in each for each in actions):
        return None
    return commit


def check(repository: Reader, commit: str, intent: CommitIntended) -> None:
    """Read a commit back.

    Raises:
        CommitUnsound: its parent, paths, trailers or signature are not what was intended.
    """
    made = repository.commit_object(commit)
    parent = header(made, b"parent")
    if parent != (intent.parent or ""):
        raise CommitUnsound(
            f"commit {commit[:9]} does not follow {intent.parent or 'an empty branch'}"
        )
    # The intended tree differs from the parent's in the intended paths alone.
    if header(made, b"tree") != intent.tree:
        foreign = set(repository.changed_paths(commit)) - set(intent.paths)
        if foreign:
            raise CommitUnsound(
                f"commit {commit[:9]} also has {', '.join(sorted(foreign))}: a hook added it"
            )
    # In the very message that was composed they are.
    if hashlib.sha256(made.partition(b"\n\n")[2]).hexdigest() != intent.message_digest:
        trailers = repository.run(
            "log", "-1", "--encoding=UTF-8", "--no-show-signature",
            "--format=%(trailers:only,unfold)", commit,
        ).split("\n")  # fmt: skip
        for trailer in intent.trailers:
            if trailer not in trailers:
                raise CommitUnsound(f"commit {commit[:9]} lacks `{trailer}`: a hook removed it")
    signed = header(made, b"gpgsig") or header(made, b"gpgsig-sha256")
    if not signed and repository.settings.is_true("commit.gpgsign"):
        raise CommitUnsound(f"commit {commit[:9]} is not signed, and commit.gpgSign is on")


def action(intent: CommitIntended) -> str:
    """What the reflog says of our call of git."""
    return f"commit (runbook {intent.step})"


def _reflog(repository: Reader, tip: str) -> dict[str, list[str]]:
    """What the reflog of a branch says of its commits, by id."""
    status, shown, _ = repository.attempt(
        "log", "-g", "-100", "--no-show-signature", "--format=%H%x09%gs", tip, "--"
    )
    actions: dict[str, list[str]] = {}
    if status == 0:
        for line in shown.splitlines():
            commit, _, action = line.partition("\t")
            actions.setdefault(commit, []).append(action)
    return actions
