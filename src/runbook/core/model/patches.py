"""Unified diffs: the files and hunks of one, with every mistake that can be seen in it alone."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.patterns import regex
from runbook.core.value import value

_HUNK = regex(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_UNQUOTED = regex(r"[ !#-\[\]-~]*")
_PREFIXES = regex(r"[abciow]/")
_UNSUPPORTED = {
    "GIT binary patch": "a patch of a binary file",
    "Binary files ": "a patch of a binary file, without its content",
    "diff --cc ": "a combined diff of a merge",
    "diff --combined ": "a combined diff of a merge",
    "copy from ": "a patch that copies a file",
    "old mode ": "a patch that changes permissions",
}

Kind = Literal["change", "create", "delete"]


@value
class Hunk:
    """One hunk: where it stood, and its lines with their signs."""

    old_start: int
    new_start: int
    lines: tuple[str, ...]

    @property
    def header(self) -> str:
        """The line it begins with, as its lines make it."""
        old, new = len(self.old), len(self.new)
        return f"@@ -{self.old_start},{old} +{self.new_start},{new} @@"

    @property
    def bare(self) -> bool:
        """Whether it has no unchanged lines, so that nothing but its line says where it goes."""
        return all(line[:1] in ("+", "-", "\\") for line in self.lines)

    @property
    def old(self) -> list[str]:
        """The lines that it looks for."""
        return [line[1:] for line in self.lines if line[:1] in (" ", "-", "")]

    @property
    def new(self) -> list[str]:
        """The lines that it leaves."""
        return [line[1:] for line in self.lines if line[:1] in (" ", "+", "")]


@value
class FilePatch:
    """What a patch does to one file; `path` is `None` where only hunks were given."""

    path: str | None
    hunks: tuple[Hunk, ...]
    kind: Kind = "change"
    to: str | None = None  # where the file is moved
    executable: bool = False  # of a new file
    line: int = 0  # of the patch, from 0


class PatchMistake(Exception):
    """A text is no patch that can be applied: the line (from 0), what is wrong, and a hint."""

    def __init__(self, line: int, message: str, hint: str | None = None) -> None:
        self.line = line
        self.message = message
        self.hint = hint
        super().__init__(f"{line}: {message}")


def read_patch(diff: str) -> tuple[FilePatch, ...]:
    """The files of a unified diff as git writes it, or as `diff -u` does; prose may surround it.

    Hunks alone, without the names of a file, are one file without a path.

    Raises:
        PatchMistake: the first thing that is wrong with it.
    """
    lines = diff.removesuffix("\n").split("\n")
    files: list[FilePatch] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        _refuse_unsupported(lines, index)
        if line.startswith("diff --git ") or _names_follow(lines, index):
            found, index = _file(lines, index)
            files.append(found)
        elif line.startswith("@@"):
            if files:
                raise PatchMistake(index, "a hunk that follows no file's `---` and `+++`")
            hunks, index = _hunks(lines, index)
            files.append(FilePatch(None, hunks))
        else:
            index += 1
    if not files:
        raise PatchMistake(
            0, "this is no unified diff", "one has lines such as `@@ -1,3 +1,4 @@`, as git writes"
        )
    for number, file in enumerate(files):
        if any(file.path == other.path for other in files[:number]):
            raise PatchMistake(file.line, f"the patch changes {file.path} twice")
    return tuple(files)


def _names_follow(lines: list[str], index: int) -> bool:
    return (
        lines[index].startswith("--- ")
        and index + 1 < len(lines)
        and lines[index + 1].startswith("+++ ")
    )


def _file(lines: list[str], begin: int) -> tuple[FilePatch, int]:
    """One file's part from its first header line, and the index of the line after it."""
    index = begin
    old = new = moved_from = moved_to = None
    kind: Kind = "change"
    executable = False
    if lines[index].startswith("diff --git "):
        old, new = _git_names(lines[index].removeprefix("diff --git "))
        index += 1
    while index < len(lines):
        line = lines[index]
        _refuse_unsupported(lines, index)
        if _names_follow(lines, index):
            first, second = _name(line[4:]), _name(lines[index + 1][4:])
            kind = "create" if first is None else "delete" if second is None else kind
            old, new = _without_prefixes(first, second)
            index += 2
            break
        if line.startswith(("new file mode ", "deleted file mode ")):
            kind = "create" if line.startswith("new") else "delete"
            executable = _is_executable(line, index)
        elif line.startswith("rename from "):
            moved_from = _name(line.removeprefix("rename from "))
        elif line.startswith("rename to "):
            moved_to = _name(line.removeprefix("rename to "))
        elif not line.startswith(("index ", "similarity index ", "dissimilarity index ")):
            break
        index += 1
    hunks, index = _hunks(lines, index)
    path = moved_from or (new if kind == "create" else old)
    if path is None:
        raise PatchMistake(begin, "the patch does not say which file it changes")
    if moved_to is None and kind == "change":
        if not any(line[:1] in ("+", "-") for hunk in hunks for line in hunk.lines):
            raise PatchMistake(begin, f"the patch changes nothing in {path}")
        if new is not None and new != path:
            raise PatchMistake(
                begin,
                f"the patch names two files, {path} and {new}",
                "a moved file has the lines `rename from` and `rename to`",
            )
    if kind == "create" and any(hunk.old for hunk in hunks):
        raise PatchMistake(
            begin, f"the patch makes {path}, and looks for lines in it",
            "all lines of a new file begin with `+`",
        )  # fmt: skip
    if kind == "delete" and any(hunk.new for hunk in hunks):
        raise PatchMistake(
            begin, f"the patch deletes {path}, and leaves lines in it",
            "all lines of a file that goes begin with `-`",
        )  # fmt: skip
    executable = executable and kind == "create"
    return FilePatch(path, hunks, kind, moved_to, executable, begin), index


def _is_executable(line: str, index: int) -> bool:
    mode = line.rpartition(" ")[2]
    if mode not in ("100644", "100755"):
        raise PatchMistake(index, "a patch of a symbolic link or a submodule can't be applied")
    return mode == "100755"


def _refuse_unsupported(lines: list[str], index: int) -> None:
    for begin, what in _UNSUPPORTED.items():
        if lines[index].startswith(begin):
            raise PatchMistake(index, f"{what} can't be applied", "use a `run` step")


def _hunks(lines: list[str], index: int) -> tuple[tuple[Hunk, ...], int]:
    hunks = []
    while index < len(lines) and lines[index].startswith("@@"):
        hunk, index = _hunk(lines, index)
        hunks.append(hunk)
    return tuple(hunks), index


def _hunk(lines: list[str], begin: int) -> tuple[Hunk, int]:
    header = _HUNK.match(lines[begin])
    if header is None:
        raise _misheaded(lines, begin, "a hunk begins with a line such as `@@ -1,3 +1,4 @@`")
    old_start, old, new_start, new = (1 if each is None else int(each) for each in header.groups())
    index = begin + 1
    found: list[str] = []
    while old > 0 or new > 0:
        line = lines[index] if index < len(lines) else None
        if line is None or line[:1] not in (" ", "+", "-", "\\", ""):
            raise _misheaded(lines, begin, "the hunk has fewer lines than its first line says")
        old -= line[:1] in (" ", "-", "")
        new -= line[:1] in (" ", "+", "")
        found.append(line)
        index += 1
    if index < len(lines) and lines[index].startswith("\\"):
        found.append(lines[index])
        index += 1
    if old or new or (index < len(lines) and _goes_on(lines, index)):
        raise _misheaded(lines, begin, "the hunk has more lines than its first line says")
    _refuse_more_than_the_last(found, begin + 1)
    return Hunk(old_start, new_start, tuple(found)), index


def _refuse_more_than_the_last(lines: list[str], begin: int) -> None:
    """Refuse lines behind the one that is said to be the last, before or after the patch."""
    last = over = ""
    for number, line in enumerate(lines, begin):
        sign = line[:1] or " "
        if sign == "\\":
            over += "+-" if last == " " else last
        elif over and (sign == " " or sign in over):
            raise PatchMistake(
                number, "a line follows the one that is said to be the file's last",
                "`\\ No newline at end of file` stands below the last line only",
            )  # fmt: skip
        last = sign


def _goes_on(lines: list[str], index: int) -> bool:
    """Whether a line belongs to the hunk before it, whatever the hunk's header says."""
    line = lines[index]
    # A mail ends with `-- ` and git's version.
    return line[:1] in (" ", "+", "-") and line.rstrip() != "--" and not _names_follow(lines, index)


def _misheaded(lines: list[str], begin: int, message: str) -> PatchMistake:
    """A mistake in a hunk's first line, with the one that its lines make."""
    header = _HUNK.match(lines[begin])
    starts = (1, 1) if header is None else (int(header[1]), int(header[3]))
    index = begin + 1
    while index < len(lines) and (
        _goes_on(lines, index)
        or lines[index].startswith("\\")
        or (lines[index] == "" and index + 1 < len(lines) and _goes_on(lines, index + 1))
    ):
        index += 1
    hunk = Hunk(*starts, tuple(lines[begin + 1 : index]))
    hint = f"its lines make it `{hunk.header}`" if hunk.lines else None
    if hint and header is None:
        hint += ", with the number of its first line for the 1"
    return PatchMistake(begin, message, hint)


def _git_names(rest: str) -> tuple[str | None, str | None]:
    """The two names of a `diff --git` line, where they can be told apart."""
    if rest.startswith('"'):
        end = re.match(r'"(?:[^"\\]|\\.)*"', rest)
        if end is None:
            return None, None
        first, second = _name(end[0]), _name(rest[end.end() :].strip())
        return _without_prefixes(first, second)
    # Both are the same but for their prefixes, or there is a `rename`.
    half = (len(rest) - 1) // 2
    first, second = rest[:half], rest[half + 1 :]
    names = _without_prefixes(first, second)
    return names if names[0] == names[1] else (None, None)


def _name(text: str) -> str | None:
    """A path as git writes it, unquoted, or `None` for `/dev/null`."""
    if text.startswith('"') and text.rstrip().endswith('"'):
        return unquoted(text.rstrip())
    # After a tab there may be a time.
    name = text.partition("\t")[0].rstrip()
    return None if name == "/dev/null" else name


def quoted(path: str) -> str:
    """A path as git writes it with core.quotePath."""
    if _UNQUOTED.fullmatch(path):
        return path
    named = {code: f"\\{letter}" for letter, code in _ESCAPES.items()}
    pieces = [
        named.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in path.encode("utf-8", "surrogateescape")
    ]
    return f'"{"".join(pieces)}"'


def unquoted(text: str) -> str:
    """A path that git has put in quotes, because of signs in it; any other as it is."""
    if not text.startswith('"'):
        return text
    content = text[1:-1].encode("utf-8", "surrogateescape")
    return re.sub(rb"\\([0-7]{3}|.)", _unescaped, content).decode("utf-8", "surrogateescape")


def _unescaped(found: re.Match[bytes]) -> bytes:
    escape = found[1].decode("latin-1")
    if len(escape) == 3:
        return bytes([int(escape, 8) & 0xFF])
    return bytes([_ESCAPES[escape]]) if escape in _ESCAPES else found[0]


def _without_prefixes(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """The names without git's `a/` and `b/`, which may be missing."""
    stated = [name for name in (old, new) if name is not None]
    same = len(stated) == 2 and stated[0] == stated[1]
    if same or not all(_PREFIXES.match(name) for name in stated):
        return old, new
    return old and old[2:], new and new[2:]
