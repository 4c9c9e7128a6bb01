"""Two contents of a file compared, in lines for people that name what they are."""

from __future__ import annotations

from runbook.core.text.lines import lines_of


def comparison(path: str, before: bytes | None, after: bytes | None, was: str) -> str:
    """A unified diff between what `path` held, as `was`, and what it holds now.

    `None` is a file that is not there. Bytes that are not UTF-8 are shown as U+FFFD.
    """
    import difflib  # most of the time there is nothing to compare

    if b"\0" in (before or b"") or b"\0" in (after or b""):
        return f"{path} differs, and is no text\n"
    old, new = (lines_of((data or b"").decode("utf-8", "replace")) for data in (before, after))
    first = "no file" if before is None else f"{path} {was}"
    second = "no file" if after is None else f"{path} now"
    lines = difflib.unified_diff(old, new, first, second)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
