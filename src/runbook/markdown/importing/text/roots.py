"""Absolute folders in a plan that stand for the repository, and the worktree they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property

from runbook.markdown.importing.text.reader import Document
from runbook.markdown.importing.words.filelist import file_mentions, worktree_root
from runbook.markdown.importing.words.vocabulary import anycase, spelled

Read = Callable[[str], str | None]  # a file's text in the repository, `None`: it is not there
_ABSOLUTE = re.compile(
    # What may stand before it is looked for second: a search for one of two signs is fast.
    r"([/~](?<![^\s`\"'(=][/~])(?:(?<=~)|(?:home|Users|root|mnt|workspace|workspaces|srv|opt|data|code|"
    r"src|projects|repo|app))/[^\s`\"'):,;]+)"
)
# Where a script goes, or has a program work: `cd /src/a`, `go build -C /src/a ./...`. That git only
# looks somewhere says nothing.
_GOES = re.compile(
    r"(?:(?<!\$\()\bcd\s+|\b(?:go|make|npm|pnpm|yarn|bun|uv|just|ninja|git(?=[^\n]{0,200}\s(?:add|commit)"
    r"\s))\s(?:[^\n;&|`]{0,80}?\s)?(?:-C|--prefix|--directory|--cwd|--dir)[=\s]\s*)"
    r"(?P<folder>(?:/|~/)[^\s`\"';&|)]+)"
)
_IN_CONTAINERS = re.compile(r"/workspaces/[^/]+")
# Of a repository that is no more to be begun.
_MANIFESTS = ("go.mod", "package.json", "pyproject.toml", "Cargo.toml", "pom.xml", "Makefile")
_GIT_WORK = re.compile(r"\bgit\s+(?:add|commit|diff|status|log|mv|rm|checkout|branch)\b")
_ADDED = re.compile(r"\bgit add ([^\n&;|]+)")


_ALL_COMMANDS = anycase(
    r"\b(all|every) ([\w-]+ )?commands?\b[^`.\n]{0,40}?\b(from|in|inside) (the )?"
    r"`(?P<folder>[\w.@-]+(/[\w.@-]+)*)/?`"
)


_BEGINS_A_PROJECT = spelled(
    r"\b((npm|pnpm|yarn|bun|uv|poetry|cargo|composer) (init|new|create\S*)\b|create-[\w-]+@|npx "
    r"create-|go (mod|work) init|flutter create|mix (phx\.)?new|rails new|dotnet new|gh repo "
    r"create|git (clone|init)|degit|cookiecutter)\b"
)


class Project:
    """What a plan says of where its commands are run."""

    def __init__(self, document: Document, roots: tuple[str, ...]) -> None:
        """Read it of the plan; absolute folders of `roots` are the repository."""
        self._document = document
        self._roots = roots

    @cached_property
    def folder(self) -> str:
        """The folder of the repository in which it says that all commands are run, or nothing."""
        found = _ALL_COMMANDS.finditer("\n".join(self._document.lines))
        folders = {each["folder"] for each in found} - {"."}
        return folders.pop() if len(folders) == 1 else ""

    @cached_property
    def begins(self) -> bool:
        """Whether a command of it makes a project, or brings another repository."""
        return any(_BEGINS_A_PROJECT.search(line) for line in self._document.lines)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that its lists name, each once."""
        listed = (
            each.path
            for number, line in enumerate(self._document.lines, 1)
            if line.lstrip().startswith(("- ", "* "))
            for each in file_mentions(line, number, self._roots)
        )
        return tuple(dict.fromkeys(listed))


def repository_roots(
    document: Document, read: Read | None
) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """Absolute folders that stand for the repository, and warnings: lines with what is told.

    They are worktrees, and folders that commands go to. What shows to be another repository than
    the one that is `read` is none of them, and told.
    """
    found = _named(document)
    others = {root: line for root in found if (line := _of_another(root, document, read))}
    told = "is another repository, by the files that the plan has there"
    warnings = [(line, f"{root} {told}") for root, line in others.items()]
    return tuple(root for root in found if root not in others), warnings


def _named(document: Document) -> tuple[str, ...]:
    """The folders that may stand for the repository, the longest first."""
    text = "\n".join(document.lines)
    absolute = dict.fromkeys(_ABSOLUTE.findall(text))
    found = {tree[0]: None for path in absolute if (tree := worktree_root(path))}
    gone = [(each.end(), each["folder"].rstrip("/.")) for each in _GOES.finditer(text)]
    times = Counter(folder for _, folder in gone)
    for end, folder in gone:
        tree = worktree_root(folder)
        if tree or _is_the_repository(folder, text, end, again=times[folder] > 1):
            found[tree[0] if tree else folder] = None
    # Where containers have it.
    found |= {each[0]: None for path in absolute if (each := _IN_CONTAINERS.match(path))}
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


def _is_the_repository(root: str, text: str, at: int, *, again: bool) -> bool:
    """Whether a folder that a script goes to is the repository, and none elsewhere.

    It is where git is used in that script, where a path of the plan lies below it, or where the
    plan goes there `again`.
    """
    if re.match(r"/(?:tmp|var|etc|usr|dev)(?:/|$)|~/\.", root) or root.count("/") < 2:
        return False
    if re.fullmatch(r"/path/to/(?:\S*-)?(?:worktree|repo|repository|project)", root):
        return True  # a name for it
    script = re.split("`", text[at : at + 4000], maxsplit=1)[0]
    return bool(again or _GIT_WORK.search(script) or re.search(rf"{re.escape(root)}/\w", text))


def _of_another(root: str, document: Document, read: Read | None) -> int:
    """The line in which it shows that a folder is another repository than the one that is read.

    That is where most files below it that are to be changed are not there, or those that are to be
    created are; 0 where it is the same, or a new one, of which nothing can be told yet.
    """
    if read is None or worktree_root(f"{root}/x"):
        return 0
    if all(read(each) is None for each in _MANIFESTS):
        return 0
    named = [
        each
        for number, line in enumerate(document.lines, 1)
        if root in line and line.lstrip().startswith(("-", "*"))
        for each in file_mentions(line, number, (root,))
        if f"{root}/{each.path}" in line and each.role in ("create", "modify")
    ]
    made = {each.path for each in named if each.role == "create"}
    changed = [each for each in named if each.role == "modify" and each.path not in made]
    fits = {each.path for each in changed if read(each.path) is not None}
    differs = {each.path: each.line for each in named if each not in changed and read(each.path)}
    differs |= {each.path: each.line for each in changed if each.path not in fits}
    # A plan that was carried out in part differs as well, but not in most.
    return min(differs.values()) if len(differs) > 1 + 3 * len(fits) else 0


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
