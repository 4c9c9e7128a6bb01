"""The git repository of a worktree, through GitPython as a runner of git's own commands.

GitPython's index is never used: it ignores clean filters, hooks of linked worktrees and signing.
git itself does every change, with the user's configuration.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

# Without git on PATH its import would fail; so the first call does, which can say so.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import git

from runbook.core.value import value

_DURABLE = (
    "-c",
    "core.fsync=committed",
    "-c",
    "core.protectHFS=true",
    "-c",
    "core.protectNTFS=true",
)


class GitFailed(Exception):
    """git refused or failed; the message is what git said."""


class CommitUnsound(GitFailed):
    """A commit was made, and it is not what was intended."""


@value
class Change:
    """One path that differs from HEAD: git's two letters, `??` for an untracked one."""

    path: str
    status: str

    @property
    def untracked(self) -> bool:
        """Whether git does not know the path yet."""
        return self.status == "??"


@value
class Head:
    """Where a worktree stands; `ref` is `None` when detached, `commit` before the first one."""

    commit: str | None
    ref: str | None

    def __str__(self) -> str:
        branch = self.ref.removeprefix("refs/heads/") if self.ref else "a detached HEAD"
        return f"{branch} at {self.commit[:9] if self.commit else 'its beginning'}"


class Repository:
    """One worktree of a git repository."""

    def __init__(self, root: Path) -> None:
        """Open the worktree at `root`.

        Raises:
            GitFailed: git does not accept it, for instance because another user owns it.

        """
        self.root = root
        self._git = git.Git(str(root))
        # git's own word, because GitPython would open what git refuses.
        self.git_dir = Path(self._run("rev-parse", "--absolute-git-dir").strip())

    def _try(
        self, *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit status, output and error output of a git command."""
        with tempfile.TemporaryFile() as file:
            if stdin is not None:
                file.write(stdin.encode("utf-8", "surrogateescape"))
                file.seek(0)
            try:
                status, output, errors = self._git.execute(
                    # -C: without it GitPython would go on in the current folder if its own is gone.
                    ["git", "-C", str(self.root), "--no-optional-locks", *arguments],
                    istream=file,
                    with_extended_output=True,
                    with_exceptions=False,
                    strip_newline_in_stdout=False,
                    env=env,
                )
            except git.GitCommandNotFound:
                raise GitFailed("there is no git on PATH") from None
        if status != 0 and not self.root.is_dir():
            raise GitFailed(f"the folder {self.root} is gone")
        assert isinstance(status, int)
        return status, str(output), str(errors)

    def _run(
        self, *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None
    ) -> str:
        status, output, errors = self._try(*arguments, stdin=stdin, env=env)
        if status != 0:
            raise GitFailed(errors.strip() or output.strip() or f"git ended with {status}")
        return output

    def head(self) -> Head:
        """The commit and branch the worktree is on."""
        status, commit, _ = self._try("rev-parse", "-q", "--verify", "HEAD^{commit}")
        detached, ref, _ = self._try("symbolic-ref", "-q", "HEAD")
        return Head(commit.strip() if status == 0 else None, ref.strip() if not detached else None)

    def resolve(self, revision: str) -> str | None:
        """The commit a revision names, or `None`."""
        status, commit, _ = self._try("rev-parse", "-q", "--verify", f"{revision}^{{commit}}")
        return commit.strip() if status == 0 else None

    def contains(self, commit: str, head: str | None) -> bool:
        """Whether `commit` is in the history of `head`."""
        if head is None:
            return False
        return self._try("merge-base", "--is-ancestor", commit, head)[0] == 0

    def changes(self, paths: tuple[str, ...] = (), *, untracked: bool = True) -> list[Change]:
        """What differs from HEAD among the paths (none: everywhere), literally named."""
        output = self._run(
            "--literal-pathspecs",
            "status",
            "--porcelain=v2",
            "-z",
            f"--untracked-files={'all' if untracked else 'no'}",
            "--ignore-submodules=none",
            "--no-renames",
            "--",
            *paths,
        )
        return [change for entry in output.split("\0") if (change := _change(entry))]

    def matching(self, folder: Path, pattern: str, *, untracked: bool) -> list[str]:
        """Files that match a glob, from `folder`: tracked ones, and where asked untracked ones."""
        others = ("--others", "--exclude-standard") if untracked else ()
        output = self._run(
            "-C", str(folder), "ls-files", "-z", "--cached", *others, "--", f":(glob){pattern}"
        )
        return list(dict.fromkeys(path for path in output.split("\0") if path))

    def obstacle(self) -> str | None:
        """What is under way or in the way in this worktree, so that no commit can be made."""
        for name, what in (
            ("MERGE_HEAD", "a merge is under way"),
            ("rebase-merge", "a rebase is under way"),
            ("rebase-apply", "a rebase or `git am` is under way"),
            ("CHERRY_PICK_HEAD", "a cherry-pick is under way"),
            ("REVERT_HEAD", "a revert is under way"),
        ):
            if (self.git_dir / name).exists():
                return f"{what} in {self.root}; finish or abort it first"
        lock = self.git_dir / "index.lock"
        if lock.exists():
            return (
                f"{lock} exists: another git process is at work, or one died; "
                "when none is, remove the file"
            )
        return None

    def check_identity(self) -> None:
        """Find out before any edit whether git knows whom to name as author and committer.

        Raises:
            GitFailed: with git's own advice.

        """
        for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            self._run("var", variable)

    def commit(
        self, message: str, paths: tuple[str, ...], trailers: tuple[str, ...], date: str
    ) -> str:
        """Commit exactly `paths` and return the new commit's id.

        Whatever else the user has staged stays staged; hooks run and signing happens as the
        user configured. `date` is "<seconds since the epoch> <offset>".

        Raises:
            GitFailed: no commit was made; the files are as they were.
            CommitUnsound: a commit was made that is not what was intended.

        """
        before = self.head()
        new = [change.path for change in self.changes(paths) if change.untracked]
        if new:
            self._run("--literal-pathspecs", "add", "-N", "--", *new)
        # GitPython sets a C locale to parse git's words; the user's hooks are to have theirs.
        locale = {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")}
        try:
            self._run(
                "--literal-pathspecs",
                *_DURABLE,
                "-c",
                "i18n.commitEncoding=UTF-8",
                "commit",
                "-q",
                "--no-verbose",
                "--cleanup=verbatim",
                "-F",
                "-",
                "--only",
                "--",
                *paths,
                stdin=message,
                env={**locale, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
            )
        except GitFailed:
            if new and self.head() == before:
                self._try("--literal-pathspecs", "reset", "-q", "--", *new)
            raise
        commit = self.head().commit
        assert commit is not None
        self._check_commit(commit, before.commit, paths, trailers)
        # A hook that stages again under --only leaves the index behind what was committed.
        self.unstage(paths)
        return commit

    def unstage(self, paths: tuple[str, ...]) -> None:
        """Make the index of some paths what HEAD has."""
        self._run("--literal-pathspecs", "reset", "-q", "--", *paths)

    def is_as_intended(
        self, commit: str, parent: str | None, date: str, paths: tuple[str, ...]
    ) -> bool:
        """Whether a commit has this parent, both dates, and changes no other paths."""
        shown = self._run(
            "log", "-1", "--no-show-signature", "--date=raw", "--format=%P%n%ad%n%cd", commit
        )
        parents, *dates = shown.rstrip("\n").split("\n")
        return (
            parents == (parent or "")
            and dates == [date, date]
            and set(self.changed_paths(commit)) <= set(paths)
        )

    def subject(self, commit: str) -> str:
        """The first line of a commit's message."""
        return self._run(
            "log", "-1", "--encoding=UTF-8", "--no-show-signature", "--format=%s", commit
        ).rstrip("\n")

    def outside_sparse_cone(self, paths: tuple[str, ...]) -> str | None:
        """The first of some paths that a sparse checkout leaves out, or `None`."""
        if self._try("config", "--type=bool", "core.sparseCheckout")[1].strip() != "true":
            return None
        listed = self._run("--literal-pathspecs", "ls-files", "-z", "-t", "--", *paths)
        for entry in listed.split("\0"):
            if entry.startswith("S "):
                return entry[2:]
        if self._try("config", "--type=bool", "core.sparseCheckoutCone")[1].strip() != "true":
            return None
        cone = self._run("sparse-checkout", "list").splitlines()
        return next((path for path in paths if not _in_cone(path, cone)), None)

    def _check_commit(
        self, commit: str, parent: str | None, paths: tuple[str, ...], trailers: tuple[str, ...]
    ) -> None:
        parents = self._run("rev-list", "--parents", "-n", "1", commit).split()[1:]
        if parents != ([parent] if parent else []):
            raise CommitUnsound(
                f"commit {commit[:9]} does not follow {parent or 'an empty branch'}"
            )
        foreign = set(self.changed_paths(commit)) - set(paths)
        if foreign:
            raise CommitUnsound(
                f"commit {commit[:9]} also has {', '.join(sorted(foreign))}: a hook added it"
            )
        read = self._run(
            "log", "-1", "--encoding=UTF-8", "--no-show-signature",
            "--format=%(trailers:only,unfold)", commit,
        ).split("\n")  # fmt: skip
        for trailer in trailers:
            if trailer not in read:
                raise CommitUnsound(f"commit {commit[:9]} lacks `{trailer}`: a hook removed it")
        wanted, setting, _ = self._try("config", "--type=bool", "commit.gpgSign")
        if wanted == 0 and setting.strip() == "true":
            signature = self._run("cat-file", "commit", commit).partition("\n\n")[0]
            if "\ngpgsig" not in signature:
                raise CommitUnsound(f"commit {commit[:9]} is not signed, and commit.gpgSign is on")

    def changed_paths(self, commit: str) -> list[str]:
        """The paths that a commit changes against its first parent."""
        output = self._run(
            "diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", "--no-renames",
            "-m", "--first-parent", commit,
        )  # fmt: skip
        return [path for path in output.split("\0") if path]

    def difference(self, paths: tuple[str, ...]) -> str:
        """The difference of some tracked paths to HEAD, as a unified diff without colours."""
        return self._run(
            "--literal-pathspecs", "diff", "--no-color", "--no-ext-diff", "HEAD", "--", *paths
        )

    def branch(self, name: str) -> str | None:
        """The commit a local branch is on, or `None`."""
        return self.resolve(f"refs/heads/{name}")

    def ignores(self, folder: Path) -> bool:
        """Whether git leaves a folder of this worktree, there or not, out of its status."""
        return self._try("check-ignore", "-q", "--", f"{folder}/")[0] == 0

    def exclude(self, folder: Path, common_dir: Path) -> None:
        """Keep a folder of this worktree out of its status, without touching a tracked file."""
        if self.ignores(folder):
            return
        file = common_dir / "info" / "exclude"
        file.parent.mkdir(exist_ok=True)
        before = file.read_bytes() if file.exists() else b""
        gap = b"\n" if before and not before.endswith(b"\n") else b""
        pattern = re.sub(r"([\\*?\[ #!])", r"\\\1", folder.relative_to(self.root).as_posix())
        with file.open("ab") as end:
            end.write(gap + os.fsencode(f"/{pattern}/") + b"\n")

    def add_worktree(self, folder: Path, branch: str, *, new: bool) -> None:
        """Make a linked worktree, on a new branch at HEAD or on one that exists."""
        if new:
            self._run("worktree", "add", "-q", "-b", branch, str(folder), "HEAD")
        else:
            self._run("worktree", "add", "-q", str(folder), branch)

    def add_scratch(self, folder: Path, commit: str) -> None:
        """Make a linked worktree of a commit, on no branch."""
        # Hooks prepare a checkout that a person works in, and this one is gone in a moment.
        hooks = f"core.hooksPath={os.devnull}"
        self._run("-c", hooks, "worktree", "add", "-q", "--detach", str(folder), commit)

    def remove_worktree(self, folder: Path) -> None:
        """Remove a linked worktree with all that is in it."""
        self._run("worktree", "remove", "--force", str(folder))

    def forget_worktree(self, folder: Path) -> None:
        """Forget a linked worktree whose folder is gone, if git knows it.

        Only this one: `git worktree prune` would forget the user's own on a disk that is away.
        """
        listed = self._run("worktree", "list", "--porcelain").split("\n")
        if f"worktree {folder}" in listed:
            self._run("worktree", "remove", "--force", str(folder))

    def delete_branch(self, name: str) -> None:
        """Delete a local branch, merged or not."""
        self._run("branch", "-q", "-D", "--", name)

    def unmerged(self, name: str) -> list[str]:
        """One line for each commit that no other branch, tag or remote holds."""
        output = self._run(
            "log", "--oneline", "--no-decorate", "--no-color", "--no-show-signature",
            "--encoding=UTF-8", f"refs/heads/{name}", "--not",
            f"--exclude={name}", "--branches", "--remotes", "--tags",
        )  # fmt: skip
        return output.splitlines()


def _in_cone(path: str, cone: list[str]) -> bool:
    """Whether a cone holds a path: all below its folders, and the files beside them."""
    folder = path.rpartition("/")[0]
    return not folder or any(
        f"{folder}/".startswith(f"{each}/") or f"{each}/".startswith(f"{folder}/") for each in cone
    )


def _change(entry: str) -> Change | None:
    kind, _, rest = entry.partition(" ")
    match kind:
        case "1":
            status, *_, path = rest.split(" ", 7)
            return Change(path, status)
        case "u":
            status, *_, path = rest.split(" ", 9)
            return Change(path, status)
        case "?":
            return Change(rest, "??")
        case _:
            return None
