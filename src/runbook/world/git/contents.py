"""What git has of a file: in a commit, in the index."""

from __future__ import annotations

import stat
from pathlib import Path

from runbook.world.git.gitcommand import ask
from runbook.world.git.reader import PATHS, Reader


def committed(repository: Reader, path: str, revision: str = "HEAD") -> bytes | None:
    """What a checkout of a revision would put into a file; `None` where it has none."""
    status, output, _ = repository.attempt("cat-file", "--filters", f"{revision}:{path}")
    return output.encode("utf-8", "surrogateescape") if status == 0 else None


def stored(repository: Reader, path: str, revision: str = "HEAD") -> bytes | None:
    """What git itself has of a file, before any filter; the revision `:0` is the index."""
    status, output, _ = repository.attempt("cat-file", "blob", f"{revision}:{path}")
    return output.encode("utf-8", "surrogateescape") if status == 0 else None


def unchanged(repository: Reader, path: str, data: bytes, revision: str = "HEAD") -> bool:
    """Whether git sees no difference between bytes of the worktree and a revision's of a file.

    They are compared as git has them, after its filters: a checkout may well give other bytes for
    the same content, with other ends of lines for instance.
    """
    status, blob, _ = repository.attempt("rev-parse", "--verify", "-q", f"{revision}:{path}")
    if status:
        return False
    status, ours, _ = ask(repository.root, "hash-object", "--stdin", f"--path={path}", stdin=data)
    return status == 0 and ours.decode().strip() == blob.strip()


def in_worktree(repository: Reader, path: str, *known: bytes) -> bytes | None:
    """The bytes of a file as HEAD has it: those `known` which are just that, else a checkout's.

    `None` where HEAD has no such file.
    """
    for data in known:
        if unchanged(repository, path, data):
            return data
    return committed(repository, path)


def executable(repository: Reader, path: str, revision: str = "HEAD") -> bool:
    """Whether a revision has a file as executable."""
    _, listed, _ = repository.attempt("--literal-pathspecs", "ls-tree", "-z", revision, "--", path)
    return listed.startswith("100755")


def is_program(path: Path) -> bool:
    """Whether git takes a file for executable: if its owner may execute it, whoever we are.

    What the system would let us do is another matter: root may execute what anybody may, and nobody
    may on a file system that is mounted so.
    """
    return bool(path.lstat().st_mode & stat.S_IXUSR)


def user(repository: Reader) -> str:
    """Whom git names as the author of commits: `Name <email>`."""
    status, identity, _ = repository.attempt("var", "GIT_AUTHOR_IDENT")
    return identity.rpartition(">")[0] + ">" if status == 0 else "unknown"


def changed_between(repository: Reader, before: str, after: str) -> list[str]:
    """The paths that differ between two commits."""
    _, output, _ = repository.attempt("diff", *PATHS, before, after)
    return [path for path in output.split("\0") if path]
