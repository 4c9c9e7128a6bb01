"""Patterns over paths, matched as git matches them (`:(glob)` of gitglossary, "pathspec")."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.core.patterns import regex

_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": "!-/:-@\\[-`{-~", "space": "\\s", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip
_SPECIAL = regex(r"[*?\[\\]")
_SIGN = regex(r"\\(.)|\*+|\?|\[[^]/]+\]")


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names a path: `*` stays in a folder, `**/` goes through any number.

    As git has it, a pattern also names itself, letter for letter, and all below that folder.
    """
    if path == pattern or path.startswith(pattern if pattern.endswith("/") else f"{pattern}/"):
        return True
    return _compiled(_bytewise(pattern)).fullmatch(_bytewise(path)) is not None


def escaped(path: str) -> str:
    """The pattern that names a path and nothing else."""
    return _SPECIAL.sub(r"\\\g<0>", path)


def literal_folder(pattern: str) -> str:
    """The folder below which all paths lie that a pattern matches: `src/` of `src/**/*.py`."""
    special = _SPECIAL.search(pattern)
    return pattern[: pattern.rfind("/", 0, special.start() if special else None) + 1]


def example(pattern: str) -> str:
    """A path like those that a pattern names, `gen/x.py` of `gen/**/*.py`."""
    folders = re.sub(r"\*\*+/", "", pattern)
    return _SIGN.sub(lambda sign: sign[1] or "x", folders)


def _bytewise(text: str) -> str:
    # git compares bytes: for it, `?` is half an `é`.
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = []
    at = 0
    while at < len(pattern):
        piece, at = _piece(pattern, at)
        pieces.append(piece)
    return re.compile("".join(pieces), re.DOTALL)


def _piece(pattern: str, at: int) -> tuple[str, int]:
    """The regular expression for what begins at an offset, and the offset after it."""
    character = pattern[at]
    if character == "*":
        return _stars(pattern, at)
    if character == "?":
        return "[^/]", at + 1
    if character == "[":
        return _set(pattern, at)
    if character == "\\":
        if at + 1 == len(pattern):
            return r"(?!)", at + 1
        return re.escape(pattern[at + 1]), at + 2
    return re.escape(character), at + 1


def _stars(pattern: str, at: int) -> tuple[str, int]:
    end = at
    while pattern[end : end + 1] == "*":
        end += 1
    # git compares what stands before the first sign by itself, and so `a**/b` is `a` and `**/b`.
    special = _SPECIAL.search(pattern)
    begins = pattern[at - 1 : at] == "/" or (special is not None and special.start() == at)
    if end - at > 1 and begins:
        if pattern[end : end + 1] == "/":
            return "(?:.*/)?", end + 1
        if end == len(pattern):
            return ".*", end
    # Two stars inside a name are one.
    return "[^/]*", end


def _set(pattern: str, at: int) -> tuple[str, int]:
    """A set in brackets; a `/` is never in one, and one that is not closed matches nothing."""
    index = at + 1
    negated = pattern[index : index + 1] in ("!", "^")
    index += negated
    members = []
    first = True
    while first or pattern[index : index + 1] != "]":
        if index >= len(pattern):
            return r"(?!)", len(pattern)
        first = False
        if pattern.startswith("[:", index):
            end = pattern.find(":]", index)
            name = pattern[index + 2 : end] if end > 0 else ""
            if name in _CLASSES:
                members.append(_CLASSES[name])
                index = end + 2
                continue
        index += pattern[index] == "\\"
        low = pattern[index : index + 1]
        index += 1
        if pattern[index : index + 1] == "-" and pattern[index + 1 : index + 2] not in ("]", ""):
            index += 1 + (pattern[index + 1] == "\\")
            high = pattern[index : index + 1]
            index += 1
            if low <= high:
                members.append(f"{re.escape(low)}-{re.escape(high)}")
        members.append(re.escape(low))
    return f"(?!/)[{'^' if negated else ''}{''.join(members)}]", index + 1
