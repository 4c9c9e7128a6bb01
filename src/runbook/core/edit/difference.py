"""The difference of two states of a file, in the form that `git apply` takes."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.patches import quoted
from runbook.core.text.lines import lines_of


def difference(
    path: str, before: bytes | None, after: bytes | None, modes: tuple[int | None, int | None]
) -> str:
    """The difference as a unified diff with git's header; empty where there is none.

    `None` is a file that is not there. `modes` are the permission bits before and after, of which
    git knows whether the owner may execute.
    """
    old, new = (_git_mode(mode) for mode in modes)
    if before == after and (old == new or before is None):
        return ""
    return "\n".join(_lines(path, before, after, old, new)) + "\n"


def _lines(
    path: str, before: bytes | None, after: bytes | None, old: str, new: str
) -> Iterator[str]:
    one, two = quoted(f"a/{path}"), quoted(f"b/{path}")
    yield f"diff --git {one} {two}"
    if before is None:
        yield f"new file mode {new}"
    elif after is None:
        yield f"deleted file mode {old}"
    elif old != new:
        yield f"old mode {old}"
        yield f"new mode {new}"
    if before == after or not (before or after):
        return
    if b"\0" in (before or b"") or b"\0" in (after or b""):
        yield f"Binary files {one} and {two} differ"
        return
    yield f"--- {'/dev/null' if before is None else one}{_tab(path)}"
    yield f"+++ {'/dev/null' if after is None else two}{_tab(path)}"
    yield from _hunks(_split(before), _split(after))


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    # Imported here: a check without `--diff` does not pay for it.
    from difflib import unified_diff

    for line in list(unified_diff(old, new, lineterm=""))[2:]:
        if line.startswith("@@"):
            yield line
        elif line.endswith("\n"):
            yield line[:-1]
        else:
            yield line
            yield "\\ No newline at end of file"


def _split(data: bytes | None) -> list[str]:
    return lines_of((data or b"").decode("utf-8", "surrogateescape"))


def _git_mode(mode: int | None) -> str:
    return "100755" if mode is not None and mode & 0o100 else "100644"


def _tab(path: str) -> str:
    # As git does it: without it, what follows a blank could be taken for a date.
    return "\t" if " " in path else ""
