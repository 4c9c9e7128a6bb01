"""Which file a block of code in a plan belongs to: said by the plan, or by no one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from textwrap import dedent

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.value import value
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.filekinds import called_like, fits, is_test
from runbook.markdown.importing.words.filelist import FileMention, Role, parse_path, relative
from runbook.markdown.importing.words.insertedtext import PATH
from runbook.markdown.importing.words.outside import without_references
from runbook.markdown.importing.words.vocabulary import anycase, spelled, without_code

_CODE = re.compile(r"`([^`\n]+)`")
# Paths that lead out of the repository; a route such as `/ships/7` is none.
_OUTSIDE = spelled(
    r"(~\w*|\$\{?HOME\}?)([/\\]|$)|\$\{?\w+\}?/\S*\.\w+$|(\.\.|/[\w.-]+|[A-Za-z]:)[/\\]\S*\.\w+$"
)
# What is imported from, and no file: "the import from `./sea`".
_OF_MODULE = re.compile(r"\bfrom\s+`\.{1,2}/[\w/-]*`")
# A template may go on behind it.
_PATH_COMMENT = re.compile(
    rf"^\s*(?:(?:#|//|--|<!--|/\*)\s*({PATH})\s*(?:-->|\*/)?\s*$|\{{#\s*({PATH})\s*#\}})"
)
_CHANGED = ("modify", "test")
_MAY_NAME = re.compile(r"\.[A-Za-z]|LICENSE|Makefile|Dockerfile")
_BARE_PATH = spelled(
    r"(?<![\w./`-])(([\w@-]+/)*[\w@-]*\w(\.[A-Za-z]\w{0,8})+|LICENSE|Makefile|"
    r"Dockerfile)(?![\w/`-])(?!\.\w)"
)


@value
class Scope:
    """What a block of code can be said to belong to: the task's files and the step's words."""

    mentions: tuple[FileMention, ...]
    title: str
    roots: tuple[str, ...] = ()
    exists: Callable[[str], bool] | None = None  # whether the repository has a file
    text: Callable[[str], str | None] | None = None  # a file's text, as it was last known
    transforms: bool = False  # operations that need a library can be tried

    @property
    def changed(self) -> list[str]:
        """The files that the task changes."""
        return list(dict.fromkeys(each.path for each in self.mentions if each.role != "read"))

    def has(self, path: str) -> bool:
        """Whether the repository is known to have a file."""
        return self.exists is not None and self.exists(path)

    def roles(self, path: str) -> set[Role]:
        """What the task says that happens to a file."""
        return {each.role for each in self.mentions if each.path == path}

    def left_out(self, path: str) -> bool:
        """Whether a path that is not there seems to leave out a folder that others are named with.

        `sea/src/a.rs` and `src/b.rs`, or "tests inline in `a.rs`", of which nothing else is said.
        """
        own = [each for each in self.mentions if each.path == path]
        if self.exists is None or self.has(path) or any(each.role == "create" for each in own):
            return False
        begin, slash, _ = path.partition("/")
        inside = f"/{begin}{slash}"
        others = (each.path for each in self.mentions if not each.path.startswith(inside[1:]))
        return any(inside in each if slash else each.endswith(inside) for each in others)


def with_paths_as_code(words: str, scope: Scope) -> str:
    """Words, with the paths of the task's files in them as code: "Create sea/ship.py"."""
    bare = without_code(words)
    for path in {each.path for each in scope.mentions if "/" in each.path}:
        if path in bare:
            words = re.sub(rf"(?<![\w`./-]){re.escape(path)}(?![\w`/-]|\.\w)", f"`{path}`", words)
    return words


def with_names_as_code(words: str, scope: Scope) -> str:
    """Words, with the names of the task's files in them as code: "in ship.toml"."""
    for name in {each.path.rpartition("/")[2] for each in scope.mentions}:
        if "." in name and name in without_code(words):
            words = re.sub(rf"(?<![\w`./-]){re.escape(name)}(?![\w`/-]|\.\w)", f"`{name}`", words)
    return words


def named(words: str, scope: Scope) -> list[str]:
    """The files that words name, as paths of the repository."""
    found: dict[str, None] = {}
    made = _CREATES.match(words) is not None
    for code in _CODE.findall(words):
        path = _resolved(code, scope, made)
        if path is not None:
            found[path] = None
    return list(found)


def _resolved(code: str, scope: Scope, made: bool = False) -> str | None:
    """The file that a name means; where it is `made`, one that is there is not meant."""
    parsed = parse_path(code, scope.roots)
    if parsed is None:
        return code if any(each.path == code for each in scope.mentions) else None
    path = parsed[0]
    roles = scope.roles(path)
    same = {each.path for each in scope.mentions if each.path.endswith("/" + path)}
    if made and roles and "create" not in roles and not scope.left_out(path):
        same = {each for each in same if "create" in scope.roles(each)} or {path}
    elif roles and not (same and scope.left_out(path)):
        return path
    if same:
        return same.pop() if len(same) == 1 else None
    if scope.has(path):
        return path
    # A name without its folder is one of several; with it, a new file's path.
    return path if "/" in path and re.search(r"\.\w+$", path) else None


def target(lead: str, code: str, info: str, scope: Scope, before: str | None) -> str | None:
    """The one file that a block belongs to, or `None` where the plan leaves it open.

    `lead` are the words right before the block, `before` the file of the block before it in the
    same step. Imports are of another file than that which they import from.
    """
    path = _target(lead, code, info, scope, before)
    return None if path is None or imports_from(code, path) else path


_IMPORT = re.compile(
    r"(?:from\s+(?P<of>\.*[\w.]+)\s+import\b.*|import\s+(?P<module>[\w.]+)|"
    r"(?:import|export)\b.*\bfrom\s+[\"'](?P<path>[^\"'\n]+)[\"'];?)\s*(?:(?:#|//).*)?",
    re.DOTALL,
)


def imports_from(code: str, path: str) -> bool:
    """Whether a block is nothing but imports, one of them from a file of Python or JavaScript."""
    if "import" not in code or not re.search(r"\.(?:pyi?|[cm]?[jt]sx?)$", path):
        return False
    plain = re.sub(r"(?m)^\s*(?:#|//).*$|[({][^(){}]*[)}]", "_", code)
    found = [_IMPORT.fullmatch(line.strip()) for line in plain.split("\n") if line.strip("_ ")]
    parts = re.sub(r"(?:/(?:__init__|index))?\.\w+$", "", path).split("/")
    modules = [it["of"] or it["module"] or it["path"] for it in found if it]
    named = (re.split(r"[./]+", each.removeprefix("./").lstrip("@~/")) for each in modules)
    return all(found) and any(each == parts[-len(each) :] for each in named)


def _target(lead: str, code: str, info: str, scope: Scope, before: str | None) -> str | None:
    commented = path_comment(code)
    own = _resolved(commented, scope) if commented else None
    if commented and not _is_known(own, scope):
        # A template begins with the path of the file that is made of it.
        made_of = _template_of(commented, scope)
        commented, own = (None, None) if made_of else (commented, own)
    for words in (lead, scope.title):
        first = _first_of(words, scope)
        paths = named(words, scope) if first is None else [first]
        if not paths:
            paths = _by_name(words, scope) if words == scope.title else _by_bare_name(words, scope)
        beside = _beside_the_others(lead, scope) if words == lead and not paths else []
        unknown = words == lead and first is None and not beside and _names_unknown(lead, scope)
        paths = paths or beside
        if unknown or _names_outside(words, scope):
            # It names a file, and we can't tell which.
            return None
        if len(paths) > 1:
            return own if own in paths and own and fits(own, info) else None
        if paths:
            if own is not None and own != paths[0]:
                # The words name what it is about, the block itself where it stands.
                return own if own in {each.path for each in scope.mentions} else None
            return paths[0] if fits(paths[0], info) else None
    if commented:
        return own if own and fits(own, info) else None
    alike = [
        each.path
        for each in scope.mentions
        if fits(each.path, info) and called_like(each.path, code)
    ]
    if len(set(alike)) == 1:
        return alike[0]
    alone = lead == scope.title and _CREATES.match(lead) is not None
    chosen = before if before is not None and fits(before, info) else _only(scope, info, alone)
    return _of_tests(scope, info) if chosen and is_mistaken(chosen, code) else chosen


_CREATES = anycase(r"\W*(create|write|scaffold)\b(?!.*\band\b)")

# "Modify `a.py` to use what `b.py` has": what goes somewhere goes into the first one.
_FIRST = anycase(
    r"\W*((then|next|now|also)\b,? )?(in|modify|update|edit|open|change) "
    r"`(?P<code>[^`\n]+)`(?!\s*(,|and|or|&|\+|/|→|->)\s*(also |in )?`)(?P<rest>.*)",
    re.DOTALL,
)
_INTO_OTHER = re.compile(
    r"\b(?:in|to|into|inside|of|within|and|replace|create|write)\s+(?:the\s+)?(?:\w+\s+)?`([^`\n]+)`",
    re.IGNORECASE,
)


def _first_of(words: str, scope: Scope) -> str | None:
    """The known file that words begin with, where they put nothing into another one."""
    said = _FIRST.match(words)
    path = _resolved(said["code"], scope) if said else None
    if said is None or not _is_known(path, scope):
        return None
    others = (parse_path(code, scope.roots) for code in _INTO_OTHER.findall(said["rest"]))
    return None if any(each is not None and each[0] != path for each in others) else path


_TESTS = spelled(
    r"(@pytest[\w.]*[^\n]*\n)*((async )?def test_|class Test[A-Z_])|(describe|it|"
    r"test)(\.\w+)*\(\s*[\"'`]"
)


def is_mistaken(path: str, code: str) -> bool:
    """Whether a block has nothing but tests, and a file that nobody names is none of tests."""
    plain = dedent(code).strip()
    begins = [each for each in re.split(r"\n\s*\n(?=\S)", plain) if each.strip()]
    return bool(begins) and not is_test(path) and all(map(_TESTS.match, begins))


def _of_tests(scope: Scope, info: str) -> str | None:
    changed = (each.path for each in scope.mentions if each.role in ("create", *_CHANGED))
    tests = [path for path in _fitting(changed, info) if is_test(path)]
    return tests[0] if len(tests) == 1 else None


_GOES_ON = anycase(
    r"\W*(\d+[.)]\s*)?((then|now|next|finally|also|and|lastly)\b,? )*((in|inside|within|open|edit|"
    r"update|modify|change|file|for|do|the "
    r"same)\b[^`\n.:]{0,30})*`(?P<code>[^`\n]+)`(?P<rest>[^\n]*)"
)


def gone_on_to(words: str, scope: Scope) -> str | None:
    """The file that words before a block go on to: a label `b.py`, "Now open `b.py`."."""
    for line in reversed([each for each in words.split("\n") if each.strip()]):
        found = _GOES_ON.fullmatch(line)
        if found is None or re.search(r"\w{3,}", re.sub(r"\([^()]*\)", "", found["rest"])):
            continue
        path = _resolved(found["code"], scope)
        return path if _is_known(path, scope) else None
    return None


def with_file(title: str, path: str) -> str:
    """A step's title that speaks of one file, and of no other code."""
    return f"{_BARE_PATH.sub('', _CODE.sub('', title)).rstrip()} `{path}`"


def path_comment(code: str) -> str | None:
    """The path that a block's first line says that it is of, or the line under a `#!`."""
    first, _, rest = code.partition("\n")
    if first.startswith("#!"):
        first = rest.partition("\n")[0]
    found = _PATH_COMMENT.match(first)
    return (found[1] or found[2]) if found else None


def _is_known(path: str | None, scope: Scope) -> bool:
    return path is not None and (scope.has(path) or bool(scope.roles(path)))


def _template_of(path: str, scope: Scope) -> bool:
    """Whether the task makes a template of a file: `ship.py.template` of `src/ship.py`."""
    name = path.rsplit("/", 1)[-1]
    return any(
        each.path.rsplit("/", 1)[-1].startswith(name + ".")
        for each in scope.mentions
        if each.role == "create"
    )


def bare_names(words: str, scope: Scope) -> list[str]:
    """The files that words name without backticks; none if one of the names may be of several."""
    bare = _CODE.sub("", words)
    if _MAY_NAME.search(bare) is None:
        return []
    said = set(re.findall(r"[\w@-]+", words.lower()))
    found: dict[str, None] = {}
    made = _CREATES.match(words) is not None
    for token in _BARE_PATH.findall(bare):
        path = _resolved(token, scope, made)
        if path is None:
            return []
        name = path.rsplit("/", 1)[-1]
        others = [each for each in scope.changed if each != path and each.endswith("/" + name)]
        if any(said & set(each.lower().split("/")[:-1]) for each in others):
            # "CLAUDE.md of the templates" is not the one at the top.
            return []
        found[path] = None
    return list(found)


def _by_bare_name(words: str, scope: Scope) -> list[str]:
    """The file of the task that words put something into without backticks: "Add to ship.rs:"."""
    found = bare_names(without_references(words), scope)
    return [path for path in found if path in scope.changed]


# What is put into a file that no list names, called by its name alone: "Add to ship.rs:".
_PUT_INTO = anycase(
    r"\W*(then |also )?(add|append|insert) ([^`\n.:]{1,60} )?(to|into) (?P<tick>`?)"
    r"(?P<name>[\w-]+\.[a-z]\w{0,5})(?P=tick)\W*"
)


def _beside_the_others(lead: str, scope: Scope) -> list[str]:
    """The file that words put a block into, where only one folder of the task's files has it."""
    said = _PUT_INTO.fullmatch(lead)
    folders = dict.fromkeys(each.rpartition("/")[0] for each in scope.changed)
    names = (f"{folder}/{said['name']}".lstrip("/") for folder in folders) if said else ()
    found = [path for path in names if scope.text and scope.text(path) is not None]
    return found if len(found) == 1 else []


def _by_name(title: str, scope: Scope) -> list[str]:
    """The files of the task that a title names without backticks, or by a folder of theirs."""
    changed = scope.changed
    found = dict.fromkeys(bare_names(title, scope))
    for code in _CODE.findall(title):
        inside = [path for path in changed if code in path.split("/")[:-1]]
        if len(inside) != 1:
            return []
        found[inside[0]] = None
    return [path for path in found if path in changed]


def holding(old: Text, lead: str, scope: Scope) -> str | None:
    """The only file that the task changes of which a text is a part, if no other one is named."""
    found = [
        path
        for path, text in open_to(lead, scope)
        if NormalizedText(text).occurrences(old, "indent")
    ]
    return found[0] if len(found) == 1 else None


def names_a_file(title: str, scope: Scope) -> bool:
    """Whether a step's title names a file, of the task or not."""
    return bool(named(title, scope) or _by_name(title, scope) or _names_unknown(title, scope))


def open_to(lead: str, scope: Scope) -> Iterator[tuple[str, str]]:
    """The files that the task changes, with their texts, where words name no other file."""
    if scope.text is None or named(lead, scope) or _names_unknown(lead, scope):
        return
    for path in dict.fromkeys(each.path for each in scope.mentions if each.role in _CHANGED):
        text = scope.text(path)
        if text is not None:
            yield path, text


def _names_unknown(words: str, scope: Scope) -> bool:
    """Whether words name a file that is none of the task's: it could be several, or is outside."""
    return _names_outside(words, scope) or any(
        parse_path(code) is not None and _resolved(code, scope) is None
        for code in _CODE.findall(_OF_MODULE.sub("", words))
    )


def _names_outside(words: str, scope: Scope) -> bool:
    """Whether the file that words name stands outside the repository: `~/.profile`."""
    outside = any(_OUTSIDE.match(relative(code, scope.roots)) for code in _CODE.findall(words))
    return outside and not named(words, scope)


def _only(scope: Scope, info: str, creates: bool) -> str | None:
    """The only file of the task that can be meant: a test's step means a test.

    Where a title alone `creates`, it is the only new one.
    """
    changed = [each for each in scope.mentions if each.role not in ("read", "delete", "move")]
    paths = _fitting((each.path for each in changed), info)
    if len(paths) == 1:
        return paths[0] if _suits(paths[0], scope.title) else None
    tests = [path for path in paths if is_test(path)]
    others = [path for path in paths if not is_test(path)]
    about_tests = bool(re.search(r"\btests?\b|テスト", scope.title, re.IGNORECASE))
    chosen = tests if about_tests else others
    if creates and len(chosen) > 1:
        new = {each.path for each in changed if each.role == "create"}
        chosen = [path for path in chosen if path in new]
    return chosen[0] if len(chosen) == 1 else None


def _suits(path: str, title: str) -> bool:
    about_tests = bool(re.search(r"\b(?:write|add)\b.*\btests?\b", title, re.IGNORECASE))
    return is_test(path) or not about_tests


def _fitting(paths: Iterable[str], info: str) -> list[str]:
    return [path for path in dict.fromkeys(paths) if fits(path, info)]


def with_its_tests(piece: Piece, scope: Scope) -> str | None:
    """The only Rust file of a task, for a block of tests: they stand in the file they test."""
    if not piece.text.lstrip().startswith("#[cfg(test)]"):
        return None
    rust = [path for path in scope.changed if path.endswith(".rs")]
    return rust[0] if len(rust) == 1 else None
