"""What git has of a file: in a commit, in the index."""

from __future__ import annotations

from runbook.world.reader import Reader


def committed(repository: Reader, path: str, revision: str = "HEAD") -> bytes | None:
    """What a checkout of a revision would put into a file; `None` where it has none."""
    status, output, _ = repository.attempt("cat-file", "--filters", f"{revision}:{path}")
    return output.encode("utf-8", "surrogateescape") if status == 0 else None


def executable(repository: Reader, path: str, revision: str = "HEAD") -> bool:
    """Whether a revision has a file as executable."""
    _, listed, _ = repository.attempt("--literal-pathspecs", "ls-tree", "-z", revision, "--", path)
    return listed.startswith("100755")


def staged(repository: Reader, path: str) -> bytes:
    """What is staged of a file; empty where nothing is."""
    _, output, _ = repository.attempt("cat-file", "blob", f":0:{path}")
    return output.encode("utf-8", "surrogateescape")


def user(repository: Reader) -> str:
    """Whom git names as the author of commits: `Name <email>`."""
    status, identity, _ = repository.attempt("var", "GIT_AUTHOR_IDENT")
    return identity.rpartition(">")[0] + ">" if status == 0 else "unknown"


def changed_between(repository: Reader, before: str, after: str) -> list[str]:
    """The paths that differ between two commits."""
    _, output, _ = repository.attempt("diff", "--name-only", "-z", "--no-renames", before, after)
    return [path for path in output.split("\0") if path]
