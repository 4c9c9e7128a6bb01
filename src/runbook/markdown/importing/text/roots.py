"""Absolute folders in a plan that stand for the repository, and the worktree they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

from runbook.core.value import replace
from runbook.markdown.importing.text.reader import Document
from runbook.markdown.importing.words.filelist import (
    FileMention,
    file_mentions,
    lists_files,
    names_a_folder,
    role_of,
    slashed,
    worktree_root,
)
from runbook.markdown.importing.words.vocabulary import anycase, spelled

Read = Callable[[str], str | None]  # a file's text in the repository, `None`: it is not there
_ABSOLUTE = re.compile(
    # What may stand before it is looked for second: a search for one of two signs is fast.
    r"((?:[/~](?<![^\s`\"'(=][/~])|(?<=`)[A-Za-z]:/)(?:(?<=~)|(?:home|Users|root|mnt|workspace|"
    r"workspaces|srv|opt|data|code|src|projects|repo|app))/[^\s`\"'):,;]+)"
)
# Where a script goes, or has a program work: `cd /src/a`, `go build -C /src/a ./...`. That git only
# looks somewhere says nothing.
_GOES = re.compile(
    r"(?:(?<!\$\()\bcd\s+|\b(?:go|make|npm|pnpm|yarn|bun|uv|just|ninja|git(?=[^\n]{0,200}\s(?:add|commit)"
    r"\s))\s(?:[^\n;&|`]{0,80}?\s)?(?:-C|--prefix|--directory|--cwd|--dir)[=\s]\s*)"
    r"(?P<folder>(?:/|~/)[^\s`\"';&|)]+)"
)
_IN_CONTAINERS = re.compile(r"/workspaces/[^/]+")
_MOST_PATHS = 50  # that are looked for in the repository
_FEWEST = 2  # files of a folder that are there
# Of a repository that is no more to be begun.
_MANIFESTS = ("go.mod", "package.json", "pyproject.toml", "Cargo.toml", "pom.xml", "Makefile")
_GIT_WORK = re.compile(r"\bgit\s+(?:add|commit|diff|status|log|mv|rm|checkout|branch)\b")
_ADDED = re.compile(r"git add(?<!\wgit add) ([^\n&;|]+)")  # no mark before letters: they are sought


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
    """What a plan says of where its files stand, and its commands are run."""

    def __init__(
        self, document: Document, roots: tuple[str, ...], read: Read | None = None
    ) -> None:
        """Read it of the plan; absolute folders of `roots` are the repository that is `read`."""
        self._document = document
        self._roots = roots
        self._read = read

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
    def _listed(self) -> tuple[FileMention, ...]:
        return tuple(
            each
            for number, line in enumerate(self._document.lines, 1)
            if lists_files(line)
            for each in file_mentions(line, number, self._roots)
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that its lists name, each once."""
        return tuple(dict.fromkeys(self.whole(each).path for each in self._listed))

    @cached_property
    def _left_out(self) -> dict[str, str]:
        """The folders that its paths leave out, by what these begin with.

        `{"src": "web"}`: of the files in `src/` that it is to change none is there, and most are in
        `web/src/`, and in no other of the folders that the plan names.
        """
        if self._read is None:
            return {}
        begun: dict[str, dict[str, None]] = {}
        for each in self._listed:
            said = role_of(lists_files(self._document.lines[each.line - 1]).strip(" -*+"))
            if said == each.role == "modify" and _PATH.fullmatch(each.path) and not each.folder:
                begun.setdefault(each.path.partition("/")[0], {})[each.path] = None
        found, read, folders = {}, self._read, None
        for begin, paths in begun.items():
            if all(read(path) is None for path in paths):
                folders = folders or _folders_named(self._document)
                there = {a: sum(read(f"{a}/{b}") is not None for b in paths) for a in folders}
                (folder, number), *more = Counter(there).most_common(2) or [("", 0)]
                if number * 2 > len(paths) and not any(other for _, other in more):
                    found[begin] = folder
        return found

    def whole(self, named: FileMention) -> FileMention:
        """A file with the folder that the plan's paths leave out; or all that a folder holds."""
        there = self._read is None or self._read(named.path) is not None
        folder = self._left_out.get(named.path.partition("/")[0])
        if folder is None and not there and named.role == "modify" and "/" in named.path:
            # What is to be changed is there: a name without an ending is no file then.
            return replace(named, folder=named.folder or names_a_folder(named.path))
        if folder is None or (self._read and there):
            return named
        to = f"{folder}/{named.to}" if named.to else None
        return replace(named, path=f"{folder}/{named.path}", to=to)

    @property
    def told(self) -> list[tuple[int, str]]:
        """What the account says of the folders that are left out."""
        return [(1, f"paths in {a}/ are in {b}/{a}/") for a, b in self._left_out.items()]


_PATH = re.compile(r"(?<![\w./~@-])[\w@-][\w.@-]*(?:/[\w@-][\w.@-]*)+")


def _folders_named(document: Document) -> set[str]:
    """All folders that paths of a plan go through, and those that it goes to."""
    text = "\n".join(document.lines)
    paths = {each.rstrip("/.") for each in _PATH.findall(text)}
    parts = (path.split("/") for path in paths if "..." not in path)
    folders = {"/".join(each[:depth]) for each in parts for depth in range(1, min(len(each), 5))}
    folders |= _folders_drawn(document.lines)
    return folders | set(
        re.findall(r"(?:\bcd |`)([\w@-][\w.@-]*(?:/[\w@-][\w.@-]*)*)/?(?=`|\s|$)", text)
    )


# A folder in a drawn tree, and its root.
_BRANCH = re.compile(r"(?P<margin>[│|\s]*)[├└`+][─-]+\s*(?P<name>[\w@.-]+)/\s*(?:[#(←].*)?$")
_TREE_ROOT = re.compile(r"\s*(?P<name>[\w@.-]+)/\s*(?:[#(←].*)?$")


def _folders_drawn(lines: Sequence[str]) -> set[str]:
    """The folders of drawn trees, with their root and without it: it may be the repository."""
    found: set[str] = set()
    root, above = "", list[tuple[int, str]]()
    for line in lines:
        branch, begins = _BRANCH.match(line), _TREE_ROOT.match(line)
        if branch:
            margin = len(branch["margin"])
            above = [each for each in above if each[0] < margin]
            above.append((margin, branch["name"]))
            inside = "/".join(name for _, name in above)
            found |= {inside, f"{root}/{inside}"} if root else {inside}
        elif begins:
            root, above = begins["name"], []
            found.add(root)
    return found


def repository_roots(
    document: Document, read: Read | None
) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """Absolute folders that stand for the repository, and warnings: lines with what is told.

    They are worktrees, folders that commands go to, and those whose files the repository has. What
    shows to be another repository than the one that is `read` is none of them, and told.
    """
    text = slashed("\n".join(document.lines))
    absolute = tuple(dict.fromkeys(_ABSOLUTE.findall(text)))
    found = _named(text, absolute)
    found = (*found, *_holding(absolute, read, found))
    others = {root: line for root in found if (line := _of_another(root, document, read))}
    told = "is another repository, by the files that the plan has there"
    warnings = [(line, f"{root} {told}") for root, line in others.items()]
    return tuple(root for root in found if root not in others), warnings


def _named(text: str, absolute: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that may stand for the repository, the longest first."""
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


def _holding(
    absolute: tuple[str, ...], read: Read | None, known: tuple[str, ...]
) -> tuple[str, ...]:
    """The folders beside those that are known of which some files are in the repository."""
    there: dict[str, set[str]] = {}
    for path in absolute[:_MOST_PATHS] if read else ():
        folders = re.sub(r"(?::\d[\d,–-]*)?[.]*$", "", path).split("/")
        inside = any(path.startswith(f"{each}/") for each in known) or worktree_root(path)
        for depth in range(3, 0 if inside else len(folders) - 1):
            rest = "/".join(folders[depth:])
            if read and "." in folders[-1] and read(rest) is not None:
                there.setdefault("/".join(folders[:depth]), set()).add(rest)
                break
    return tuple(root for root, files in there.items() if len(files) >= _FEWEST)


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
