"""A change that a plan states, as it fits the file: behind what must stay first, set apart."""

from __future__ import annotations

import ast
import re

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Operation, Prepend, Remove, Replace
from runbook.core.value import replace
from runbook.markdown.importing.places.definitions import parsed, source
from runbook.markdown.importing.places.ends import set_apart, with_blank_lines
from runbook.markdown.importing.places.files import path_comment
from runbook.markdown.importing.places.lines import completed, plain_lines, plain_text
from runbook.markdown.importing.places.sections import hidden_heading
from runbook.markdown.importing.places.tops import behind_top


def fitted(
    change: Operation,
    text: str | None,
    path: str,
    known: bool,
    about: tuple[str, ...],
    since: str = "",
) -> Operation | str:
    """The change for a file with this text as it was last `known`, or why there is none.

    `about` is the guard of a script, where words say that it goes above that; `since` are the words
    of changes that are not in the text.
    """
    match change:
        case Append() if ends := _end_of_all(text or "", path):
            return f"the file ends with `{ends}`, behind which nothing is done"
        case Append():
            above = _above_guard(text, change, *about) if path.endswith(".py") else None
            guard = _GUARD_LINE.search(since) if path.endswith(".py") and not above else None
            above = _insertion(guard[0], change, 2) if guard else above
            return above or set_apart(text, path, change)
        case Remove() if known:
            return with_blank_lines(text, change)
        case Prepend():
            return behind_top(text, path, change)
        case Insert():
            whole = _apart_from_comment(text or "", completed(text or "", change))
            return hidden_heading(text or "", path, whole.anchor.value) or whole
        case _:
            return change


def _apart_from_comment(text: str, change: Insert) -> Insert:
    """The insertion above a comment that a blank line sets apart, with one below it as well."""
    anchor, added = change.anchor.value, change.text.value
    if change.side != "before" or not re.match(r"\s*(?:#|//|--|/\*|;)", anchor):
        return change
    lines = plain_lines(text)
    stands = [at for at, line in enumerate(lines) if line.strip() == anchor.strip()]
    if len(stands) != 1 or stands[0] == 0 or lines[stands[0] - 1].strip() or added.endswith("\n\n"):
        return change
    return replace(change, text=replace(change.text, value=f"{added}\n"))


# What a file of a kind ends with, so that nothing behind it is reached or belongs to it.
_LAST = (
    (
        (".py",),
        re.compile(r"(?:sys\.)?exit\(|raise SystemExit|main\(|(?:asyncio|uvicorn|app)\.run\("),
    ),
    ((".sh", ".bash", ".zsh", ""), re.compile(r"(?:exit(?: \S+)?|main(?: \S+)?|exec .*)$")),
    ((".lua",), re.compile(r"return\b")),
    ((".php",), re.compile(r"\?>")),
    ((".html",), re.compile(r"</(?:html|body)>")),
    ((".svg", ".xml"), re.compile(r"</")),
    ((".css", ".scss", ".less"), re.compile(r"@layer [^;]*$")),
)


def _end_of_all(text: str, path: str) -> str:
    """The last line of a file that stands in nothing else, if it ends all; else nothing."""
    top = [line for line in plain_lines(text) if line[:1].strip() and line[0] not in "#})]/"]
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    kinds = (last for endings, last in _LAST if (dot + ending if dot else "") in endings)
    return top[-1] if top and any(last.match(top[-1]) for last in kinds) else ""


_GUARD = re.compile(r"if\s+__name__\s*==\s*([\"'])__main__\1\s*:")


_GUARD_LINE = re.compile(rf"^{_GUARD.pattern}$", re.MULTILINE)


def _above_guard(text: str | None, change: Append, quoted: str = "") -> Insert | str | None:
    """The insertion above `if __name__ == "__main__":` where that ends the file, or `None`.

    Behind it, what is added would be defined only after the script has run. As many blank lines
    stand between them as stood above the guard. Where the plan itself says that it goes above the
    guard, `quoted` is what it says of it: then an insertion it is, or why there is none.
    """
    plain = plain_text(text or "")
    lines = plain.split("\n")
    at = _last_statement(plain, lines) if "__name__" in plain else -1
    if at >= 0 and _GUARD.match(lines[at]) and lines.count(lines[at]) == 1:
        above = at
        while above > 0 and not lines[above - 1].strip():
            above -= 1
        return _insertion(lines[at], change, at - above)
    if not quoted:
        return None
    if text is not None:
        return "no guard `if __name__ …` ends the file"
    return _insertion(quoted, change, 2) if _GUARD.fullmatch(quoted) else "its guard is not known"


def _last_statement(plain: str, lines: list[str]) -> int:
    """The line (from 0) of the `if` that ends a script, or -1.

    What does not parse, as a plan's own slip, is read by its lines.
    """
    tree = parsed(plain)
    if tree is None:
        begun = [at for at, line in enumerate(lines) if line[:1].strip() and line[0] != "#"]
        return begun[-1] if begun else -1
    last = tree.body[-1] if tree.body else None
    return last.lineno - 1 if isinstance(last, ast.If) else -1


def _insertion(guard: str, change: Append, blank_lines: int) -> Insert:
    code = change.text.value.rstrip("\n")
    # Blank lines stand above the guard already.
    opens = len(code) - len(code.lstrip("\n"))
    code = code[min(opens, blank_lines) :]
    ends = len(change.text.value) - len(change.text.value.rstrip("\n")) - 1
    added = code + "\n" * (1 + max(ends, blank_lines))
    return Insert("before", Text(guard + "\n", True), Text(added, True))


_NAME = re.compile(r"`(?:\w+\.)*(\w+)(?:\(\))?`")


def meant_elsewhere(text: str | None, path: str, change: Operation, words: str) -> str:
    """Why a change that a line hint would place is not where the words say, or nothing.

    The hint only decides between places that are all alike, and lines drift; a name does not.
    """
    if text is None or not path.endswith(".py") or not isinstance(change, Replace | Remove):
        return ""
    first = change.search.value.strip().split("\n")[0].strip()
    if change.lines is None or sum(line.strip() == first for line in text.split("\n")) < 2:
        return ""
    parsed = source(text)
    if parsed is None:
        return ""
    defined = {each.name for each in parsed.definitions if each.kind != "value"}
    named = {name for name in _NAME.findall(words) if name in defined}
    if len(named) != 1:
        return ""
    (name,) = named
    result = apply(text, change, path)
    if not isinstance(result, Applied) or result.lines is None:
        return ""
    line = result.lines.first - 1
    if any(each.first <= line <= each.last for each in parsed.named(name)):
        return ""
    return f"its line numbers point elsewhere than `{name}`, and its old text stands there too"


def without_path(code: str, path: str) -> str:
    """A block without the line above it that says whose it is, and is no part of it."""
    head = re.match(r"(?:#|//)\s*(\S+)\s*\n", code)
    if path_comment(code) or (head and f"/{path}".endswith(f"/{head[1]}")):
        return code.partition("\n")[2].lstrip("\n")
    return code
