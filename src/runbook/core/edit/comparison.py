"""Two contents of a file compared, in lines for people that name what they are."""

from __future__ import annotations

import difflib


def comparison(path: str, before: bytes | None, after: bytes | None, was: str, now: str) -> str:
    """A unified diff between what `path` held, as `was`, and what it holds, as `now`.

    `None` is a file that is not there. Bytes that are not UTF-8 are shown as U+FFFD.
    """
    if b"\0" in (before or b"") or b"\0" in (after or b""):
        return f"{path} differs, and is no text\n"
    old, new = (
        (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
        for data in (before, after)
    )
    names = [f"{path} {was}", f"{path} {now}"]
    if before is None:
        names[0] = "no file"
    if after is None:
        names[1] = "no file"
    lines = difflib.unified_diff(old, new, names[0], names[1])
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
