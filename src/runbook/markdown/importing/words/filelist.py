"""Paths of a plan: which files its Files blocks name, what is done to them, and of what kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from runbook.core.matching.texts import LineRange
from runbook.core.model.operations import Glob, Target
from runbook.core.model.paths import objection
from runbook.core.value import replace, value
from runbook.markdown.importing.words.filekinds import EXTENSIONS
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, has, spelled

Role = Literal["create", "modify", "delete", "move", "test", "read"]

_ROLES: tuple[tuple[str, Role], ...] = (
    (spoken("unchanged"), "read"),
    (spoken("create"), "create"),
    (spoken("delete"), "delete"),
    (spoken("move"), "move"),
    (rf"review|read|reference|verify|check|inspect|see|unchanged|{spoken('read')}", "read"),
    (spoken("test"), "test"),
    (spoken("modify"), "modify"),
)
_ROLE_PATTERNS = tuple(
    (anycase(rf"(optionally |optional |maybe )?({words})"), role) for words, role in _ROLES
)
_CODE = re.compile(r"`([^`\n]+)`")
_LABEL = anycase(rf"^\*\*{spoken('files')}[^*`]*\*\*[:：]?\s*|^{spoken('files')}\s*[:：]\s*")
# "None — no changes to `src/`" names what stays as it is.
_NO_FILE = anycase(r"^(none|no files?|n/a|keine?|aucun)\b")
_RANGES = spelled(
    r"^(?P<path>.+?)((:|"
    r"#(?=L\d))(?P<lines>~?L?\d+(\s*[-–]\s*L?\d+)?(\s*,\s*L?\d+(\s*[-–]\s*L?\d+)?)*)(?P<open>\s*("
    r"\+|ff?\.?|-))?)?$"
)
_IN_WORDS = re.compile(r"\b(?:lines?|L)\s*~?(\d+)(?:\s*[-–]\s*(\d+))?", re.IGNORECASE)
_WORKTREE = spelled(r"^(?P<root>(/|~/|[A-Za-z]:[/\\]).*?/(?P<folder>\.?worktrees?/[^/]+))(/|$)")


@value
class FileMention:
    """A path of a Files block with its role, the lines it names, and the plan's remark."""

    path: str
    role: Role
    line: int  # of the plan
    ranges: tuple[LineRange, ...] = ()
    remark: str = ""
    to: str | None = None  # where a moved file goes
    told: bool = True  # the role is said, and not only taken for granted
    folder: bool = False  # written with a slash at its end

    @property
    def target(self) -> Target:
        """It as a step names it."""
        return self.ends[self.path]

    @property
    def ends(self) -> dict[str, Target]:
        """It, and where it goes, as a step names them, by their paths."""
        paths = (each for each in (self.path, self.to) if each)
        return {each: Glob(f"{each}/**") if self.folder else as_target(each) for each in paths}


def file_mentions(text: str, line: int, roots: tuple[str, ...] = ()) -> Iterator[FileMention]:
    """The files a block names; `text` begins in line `line`, `roots` are folders to cut off."""
    role: Role | None = None
    for offset, each in enumerate(text.split("\n")):
        words = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?", "", each).strip()
        words = _LABEL.sub("", words)
        if not words or _NO_FILE.match(words):
            continue
        yield from _line(words, line + offset, role, roots)
        heading = re.fullmatch(r"\**(\w[\w /()]*?)\s*[:：]?\**[:：]?", words)
        if heading and not _CODE.search(words):
            # A line such as "Modify:" with the paths in a list under it.
            role = role_of(heading[1]) or role


@lru_cache(maxsize=256)  # a plan has few such words
def role_of(words: str) -> Role | None:
    """What a word such as "Modify" says that happens to a file."""
    begin = words.strip("* ")
    return next((role for pattern, role in _ROLE_PATTERNS if pattern.match(begin)), None)


def _line(
    words: str, line: int, role: Role | None, roots: tuple[str, ...]
) -> Iterator[FileMention]:
    spans = list(_CODE.finditer(words))
    if not spans:
        yield from _bare(words, line, role, roots)
        return
    said = role_of(words[: spans[0].start()])
    role = said or role
    found: list[FileMention] = []
    remark_from = 0
    for match in spans:
        between = words[remark_from : match.start()]
        opened = len(re.findall("[(（]", between)) > len(re.findall("[)）]", between))
        if opened and (found or re.search(r"\w\s*[(（]", between)):
            continue  # code inside a remark
        if (
            found
            and re.search(r"[—–]|\s-\s", between)
            and not re.search(r"(?:and|,|;)\s*$", between)
        ):
            break  # after a dash comes a remark
        parsed = parse_path(match[1], roots)
        if parsed is None and said and not found and _SOME_NAME.fullmatch(match[1]):
            # "Create: `ship.pkb`": where a role is said, a name of whatever ending is a file's.
            parsed = match[1], ()
        if parsed is None:
            continue
        remark_from = match.end()
        if found and _TEST_OF.fullmatch(parsed[0]):
            parsed = _beside(parsed[0], found[-1].path), parsed[1]
        if found and re.search(r"(?:→|->|\bto\b|⇒)\s*$", between):
            found[-1] = replace(found[-1], role="move", to=parsed[0])
            continue
        own = role_of(re.split(r"[,;]|\band\b", between)[-1]) if found else None
        own = own or role
        if found and own == found[-1].role == "create" and _LISTS_ON.fullmatch(between):
            parsed = _in_its_folder(parsed[0], found[-1].path), parsed[1]
        own = own or ("create" if _IS_NEW.match(words, match.end()) else None)
        folder = match[1].endswith("/")
        found.append(_mentioned(parsed, own, line, folder=folder))
    for index, each in enumerate(found):
        remark = words[remark_from:].strip(" —–-:,.") if index == len(found) - 1 else ""
        ranges = each.ranges or (_ranges_in(remark) if len(found) == 1 else ())
        yield replace(each, ranges=ranges, remark=remark)


def _mentioned(
    parsed: tuple[str, tuple[LineRange, ...]],
    role: Role | None,
    line: int,
    remark: str = "",
    *,
    folder: bool = False,
) -> FileMention:
    """A file whose role is said, or is one of those that the plan changes."""
    ranges = parsed[1] or _ranges_in(remark)
    told = role is not None
    return FileMention(parsed[0], role or "modify", line, ranges, remark, folder=folder, told=told)


# "`src/a.py` (create)", where nothing else says what happens to it.
_IS_NEW = anycase(r"\s*[(（]\s*(create[ds]?|new( file)?|to be created)\s*[)）]")
_TEST_OF = re.compile(r"(?P<of>\w[\w.-]*?)(?:_test|[.-](?:test|spec)|Tests?|Spec)(?P<kind>\.\w+)")


def _beside(name: str, path: str) -> str:
    """The path of a test that a line names behind what it tests: "`src/a.go` + `a_test.go`"."""
    found = _TEST_OF.fullmatch(name)
    folder, slash, tested = path.rpartition("/")
    beside = found is not None and tested == f"{found['of']}{found['kind']}"
    return f"{folder}{slash}{name}" if beside else name


_LISTS_ON = spelled(r"\s*([(（][^()（）]*[)）]\s*)?[,、，+&]?\s*((and|plus|&)\s)?\s*")
_OF_CODE = {
    "py", "pyi", "ts", "tsx", "js", "jsx", "mjs", "cjs", "vue", "svelte", "astro", "go", "rs",
    "java", "kt", "swift", "rb", "php", "c", "cc", "cpp", "h", "hpp", "cs", "ex", "dart", "scala",
    "css", "scss", "html", "sql",
}  # fmt: skip


def _in_its_folder(name: str, path: str) -> str:
    """The path of a new file that a line names behind another one of its kind, by its name alone.

    "Create: `src/ui/Panel.tsx`, `Button.tsx`" are both in that folder.
    """
    folder, slash, before = path.rpartition("/")
    kind = name.rpartition(".")[2]
    alike = "/" not in name and kind == before.rpartition(".")[2]
    # Settings, and documents such as `README.md`, may as well stand at the top.
    of_it = kind in _OF_CODE or (kind == "md" and not name[:-3].isupper())
    return f"{folder}{slash}{name}" if alike and slash and of_it else name


def lists_files(line: str) -> str:
    """What a line says of files behind the label "**Files:**", or the sign of its item."""
    label = _LABEL.match(line)
    item = re.match(r"\s*[-*] ", line)
    return line[label.end() :] if label else line[item.end() :] if item else ""


def _bare(
    words: str, line: int, role: Role | None, roots: tuple[str, ...]
) -> Iterator[FileMention]:
    """Paths without backticks: "Modify: src/app.py:12-20 (the loop)"."""
    before, colon, after = words.rpartition(": ")
    own = role_of(before) if colon else None
    listed = after if own else words
    if not own and not re.fullmatch(r"[\w./~@\[\]+-]+(?::[\d,-]+)?(?:\s+\(.*\))?", words):
        return
    path, _, remark = listed.strip().partition(" ")
    parsed = (
        parse_path(path, roots) if "/" in path or re.search(r"\w\.\w{1,6}(?::|$)", path) else None
    )
    if parsed:
        made: Role | None = "create" if _IS_NEW.match(remark) else None
        yield _mentioned(parsed, own or role or made, line, remark.strip(" ()—–-"))


def _ranges_in(remark: str) -> tuple[LineRange, ...]:
    return tuple(
        LineRange(int(a), max(int(a), int(b or a))) for a, b in _IN_WORDS.findall(remark) if int(a)
    )


_FOLDERS_LEFT_OUT = re.compile(r"(?<![^/])(?:\.{3}|…)(?![^/])")


@lru_cache(maxsize=512)
def as_target(path: str) -> Target:
    """A path of the plan as a step names it: a pattern where a part is to be filled in."""
    pattern = _FOLDERS_LEFT_OUT.sub("**", re.sub(r"\*+", "*", _FILLED_IN.sub("*", path)))
    return path if pattern == path or "*" in path else Glob(pattern)


def is_filled_in(path: str) -> bool:
    """Whether a part of a path is to be filled in, or is left out: `XX_add.py`, `a/.../b.py`."""
    return isinstance(as_target(path), Glob)


@lru_cache(maxsize=1024)
def parse_path(code: str, roots: tuple[str, ...] = ()) -> tuple[str, tuple[LineRange, ...]] | None:
    """A path and its line ranges, if the code is one; below one of `roots` it is made relative."""
    code = slashed(code.strip())
    of = _SYMBOL.fullmatch(code)
    if of:
        # `src/a.py:load` and `tests/test_a.py::test_load` name something in a file.
        code = of["path"]
    found = _RANGES.match(code)
    if found is None or not looks_like_path(_FILLED_IN.sub("X", found["path"])):
        return None
    path = relative(found["path"], roots)
    path = path.removeprefix("./").rstrip("/") if path != "." else path
    if objection(path):
        return None
    # Where lines have no end, they say of none where it stands.
    closed = found["lines"] if found["lines"] and not found["open"] else ""
    numbers = (list(map(int, re.findall(r"\d+", part))) for part in closed.split(","))
    return path, tuple(LineRange(each[0], max(each)) for each in numbers if each and each[0])


_FILLED_IN = spelled(
    r"<[^<>/`]+>|(?<![{$])\{[A-Za-z_]+\}(?!\})|(?<![A-Za-z])(X{3,}|x{3,}|N{3,}|"
    r"YYYY[MDHS_-]*)(?![A-Za-z])"
)
_SYMBOL = re.compile(r"(?P<path>[\w./@\[\]-]+\.[A-Za-z]\w{0,5})::?[A-Za-z_][\w.:]*(?:\(\))?")
_SOME_NAME = re.compile(r"\.?[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+|\.[a-z][\w-]+")
_KNOWN_NAMES = {
    "makefile", "dockerfile", "license", "readme", "justfile", "rakefile", "gemfile", "procfile",
    "codeowners", "jenkinsfile", "vagrantfile", "brewfile", "go.mod", "go.sum", "go.work",
    ".gitignore", ".env", ".dockerignore", ".gitattributes", ".editorconfig", "version",
    ".nvmrc", ".npmrc", ".envrc", ".gitmodules", ".mailmap", ".python-version", ".node-version",
    ".ruby-version", ".tool-versions", ".flake8", ".clang-format", ".clang-tidy",
}  # fmt: skip
_DOT_FILE = spelled(r"\.env(\.[\w-]+)+|\.[a-z]{2,}(rc|ignore)(\.\w+)?|\.[a-z]+\.(ya?ml|toml|json)")
# What a template is of says that it is a file: `ship.py.template`, and not `config.template`.
_TEMPLATE = spelled(
    r"\.(?P<of>\w+)\.(template|tmpl|example|sample|dist|in|j2|jinja2?|erb|ejs|hbs)$"
)
_EXTENSION = re.compile(r"[\w\])}-]\.[A-Za-z][\w-]{0,9}(?:\.\w+)*$")


def looks_like_path(code: str) -> bool:
    """Whether a piece of code in a sentence is a file's path rather than an expression."""
    if not code or re.search(r"[\s`'\"<>|;&$=,!?*\\]", code) or "://" in code or code.endswith("("):
        return False
    last = code.lower().rsplit("/", 1)[-1]
    template = _TEMPLATE.search(last)
    if code in ("version", "license", "readme"):
        return False  # keys, where the files are called in capitals
    if last in _KNOWN_NAMES or _DOT_FILE.fullmatch(last):
        return True
    if template and template["of"] in EXTENSIONS:
        return True
    if "(" in code and not re.search(r"\(\w+\)/", code):
        return False
    name = code.rsplit("/", 1)[-1]
    if "/" in code.strip("/"):
        return bool(re.search(r"[A-Za-z]", code)) and (
            code.startswith(("/", ".", "~"))
            or "." in name
            or bool(re.fullmatch(r"[\w.@\[\]()+-]+(?:/[\w.@\[\]()+-]+)*/?", code))
        )
    return bool(_EXTENSION.search(code)) and name.rsplit(".", 1)[-1].lower() in EXTENSIONS


_DOT_FOLDER = spelled(
    r"\.(git(hub|lab|hooks)?|vscode|idea|husky|claude|codex|cursor|venv|circleci|devcontainer|"
    r"changeset|storybook|worktrees?|next|tox|nox|\w*cache)([-_]\w+)*"
)


def names_a_folder(path: str) -> bool:
    """Whether a path is called like a folder: without an ending, and unlike `Makefile`."""
    name = path.rsplit("/", 1)[-1]
    if name.startswith(".") and name.strip("."):
        return _DOT_FOLDER.fullmatch(name) is not None
    ending = re.search(r"\.\d?[A-Za-z][\w-]*$", name)
    return not (ending or name.lower() in _KNOWN_NAMES or name.isupper())


_WINDOWS = re.compile(r"(?<!\w)[A-Za-z]:\\[^\s`'\"<>|*?]+")


def slashed(text: str) -> str:
    """A text in which absolute paths of Windows have slashes."""
    return _WINDOWS.sub(lambda it: it[0].replace("\\", "/"), text) if ":\\" in text else text


def relative(path: str, roots: tuple[str, ...]) -> str:
    """A path made relative to the first of the roots that it lies below."""
    path = slashed(path)
    for root in (each.rstrip("/") for each in roots):
        if path.startswith(f"{root}/"):
            return path[len(root) + 1 :]
        if path == root:
            return "."
    return path


def worktree_root(path: str) -> tuple[str, str] | None:
    """The absolute worktree a path lies in, and its name in the repository (`.worktrees/x`)."""
    found = _WORKTREE.match(path)
    return (found["root"], found["folder"]) if found else None


# Whether a remark on a file to create says that it may be there: "or add to the old one".
maybe_there = has(
    r"\bor (add|extend|append|update|modify|edit|existing)|\bif (it |not |doesn't |does not |"
    r"none |missing|absent|needed)|\bunless\b"
)
