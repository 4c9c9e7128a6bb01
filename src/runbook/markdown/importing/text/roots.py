"""Absolute folders in a plan that stand for the repository, and the worktree they name."""

from __future__ import annotations

import re

from runbook.markdown.importing.text.reader import Document
from runbook.markdown.importing.words.filelist import worktree_root

_ABSOLUTE = re.compile(
    # What may stand before it is looked for second: a search for one of two signs is fast.
    r"([/~](?<![^\s`\"'(=][/~])(?:(?<=~)|(?:home|Users|root|mnt|workspace|workspaces|srv|opt|data|code|"
    r"src|projects|repo|app))/[^\s`\"'):,;]+)"
)
_CD = re.compile(r"(?<!\$\()\bcd\s+((?:/|~/)[^\s`\"';&|)]+)")
_GIT_WORK = re.compile(r"\bgit\s+(?:add|commit|diff|status|log|mv|rm|checkout|branch)\b")
_ADDED = re.compile(r"\bgit add ([^\n&;|]+)")


def repository_roots(document: Document) -> tuple[str, ...]:
    """Absolute folders that stand for the repository: worktrees, and where commands `cd` to."""
    text = "\n".join(document.lines)
    absolute = dict.fromkeys(_ABSOLUTE.findall(text))
    found = {tree[0]: None for path in absolute if (tree := worktree_root(path))}
    for moved in _CD.finditer(text):
        tree = worktree_root(moved[1])
        root = tree[0] if tree else moved[1].rstrip("/.")
        if tree or _is_the_repository(root, text, moved.end()):
            found[root] = None
    # A file that `git add` names by its path in the repository.
    added = {word for words in _ADDED.findall(text) for word in words.split() if "." in word}
    for path in absolute:
        folders = path.split("/")
        for depth in range(2, len(folders)):
            if "/".join(folders[depth:]) in added:
                found["/".join(folders[:depth])] = None
    # What lies below another root is a folder of it.
    roots = [
        root
        for root in found
        if not any(
            root != other and root.startswith(other + "/") and not worktree_root(root + "/x")
            for other in found
        )
    ]
    return tuple(sorted(roots, key=len, reverse=True))


def _is_the_repository(root: str, text: str, at: int) -> bool:
    """Whether a folder that a script goes to is the repository, and none elsewhere.

    It is where git is used in that script, where a path of the plan lies below it, or where the
    plan goes there again.
    """
    if re.match(r"/(?:tmp|var|etc|usr|dev)(?:/|$)|~/\.", root) or root.count("/") < 2:
        return False
    if re.fullmatch(
        r"/workspaces/[^/]+|/path/to/(?:\S*-)?(?:worktree|repo|repository|project)", root
    ):
        return True  # where containers have it, or a name for it
    script = re.split("`", text[at : at + 4000], maxsplit=1)[0]
    return bool(
        _GIT_WORK.search(script)
        or re.search(rf"{re.escape(root)}/\w", text)
        or len(re.findall(rf"\bcd\s+{re.escape(root)}(?![\w-])", text)) > 1
    )


def worktree_said(document: Document, roots: tuple[str, ...]) -> tuple[int, str, str] | None:
    """The worktree that absolute paths stand in, if it is one: line, the path to it, and folder."""
    found = {tree for root in roots if (tree := worktree_root(root))}
    if len({folder for _, folder in found}) != 1:
        return None
    paths = sorted(path for path, _ in found)
    for number, line in enumerate(document.lines, 1):
        path = next((each for each in paths if each in line), None)
        if path is not None:
            return number, path, dict(found)[path]
    return None
