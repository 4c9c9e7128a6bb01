"""What an insertion comes to: inside of what it has nothing to do with, or there already."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from textwrap import dedent

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Operation, Prepend
from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import (
    Source,
    is_definition,
    is_import,
    names_in,
    parsed,
    source,
)
from runbook.markdown.importing.places.inplace import line_of
from runbook.markdown.importing.places.lines import common, margin_of, plain_lines, telling
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.sections import MARKDOWN, headings
from runbook.markdown.importing.places.treeadditions import member_names
from runbook.markdown.importing.words.vocabulary import spelled

THERE = "already there: "
_SHORT = 12  # a line that may stand in any file: `return None`
_IMPORT = spelled(
    r"(import\b|from [\w.]+ import \w[\w, ]*$|(pub )?use\s|#include\b|@import\b|(const|let|"
    r"var)\s.*=\s*require\(|export (\*|\{).*\sfrom\b)"
)


def inside_of(path: str, text: str, made: str) -> str:
    """The definition that an insertion has torn apart, by its name; nothing if it hasn't."""
    places, added = inserted(text, made)
    margin = len(margin_of("\n".join(added)))
    if not places or not _defines(path, "\n".join(added)):
        return ""
    spans = list(_spans(path, text))
    torn = [
        [name for name, begin, end, indent in spans if begin < at <= end and margin <= indent]
        for at in places
    ]
    return torn[0][-1] if all(torn) else ""


def inserted(text: str, made: str) -> tuple[range, list[str]]:
    """The lines that were inserted, and before which line of the text (from 0) they may stand."""
    before, after = plain_lines(text), plain_lines(made)
    head = common(before, after)
    tail = common(before[::-1], after[::-1])
    # What is inserted may begin as what stands below it: either place is the same.
    places = range(max(0, len(before) - tail), min(head, len(before)) + 1)
    return places, after[places.start : places.start + len(after) - len(before)]


def _defines(path: str, code: str) -> bool:
    """Whether code has a definition at its margin: a comment may stand anywhere."""
    if treesymbols.knows(path):
        return bool(treesymbols.names(dedent(code), path))
    tree = parsed(dedent(code)) if path.endswith(PYTHON) else None
    return tree is not None and any(map(is_definition, tree.body))


def already_there(
    path: str, text: str, change: Operation, at_first: Callable[[], str | None]
) -> str:
    """What a file has already of what an insertion would put in once more, as a reason.

    `at_first` gives the file as it was before the plan.
    """
    if not isinstance(change, Insert | Append | Prepend):
        return ""
    code = change.text.value
    name = _defined_already(path, text, change, code)
    if name:
        return f"{THERE}`{name}` is defined in the file"
    lines = {line.strip() for line in plain_lines(text)}
    added = [line.strip() for line in code.split("\n") if line.strip()]
    if added and all(_IMPORT.match(line) and line in lines for line in added):
        return f"{THERE}what it imports is imported"
    first = at_first() if len(telling(code)) > 1 else None
    if first is not None and NormalizedText(first).occurrences(change.text, "indent"):
        return f"{THERE}the file has the block"
    return ""


def stands_there(path: str, text: str, code: str, *, added: bool) -> str:
    """Why there is nothing to do where a file has a block, or all that it defines to be `added`."""
    if treesymbols.knows(path):
        names, defined = treesymbols.names(code, path), treesymbols.names(text, path)
    else:
        there = source(text) if path.endswith(PYTHON) else None
        names = {*names_in(code)} if there is not None else set()
        own = there.definitions if there is not None else ()
        defined = {each.name for each in own if not each.owner and not each.loose}
    if added and names and names <= defined:
        return f"{THERE}`{min(names)}` is defined in the file"
    tells = any(len(line.strip()) > _SHORT for line in code.split("\n"))
    found = tells and NormalizedText(text).occurrences(Text(code, True), "indent")
    return f"{THERE}the file has the block" if found else ""


def _defined_already(path: str, text: str, change: Insert | Append | Prepend, code: str) -> str:
    if treesymbols.knows(path):
        return min(treesymbols.names(code, path) & treesymbols.names(text, path), default="")
    there, tree = (source(text), parsed(dedent(code))) if path.endswith(PYTHON) else (None, None)
    if there is None or tree is None:
        return ""
    owner = _class_around(there, text, change) if margin_of(code) else ""
    if owner is None:
        return ""
    # A setter, or one of several forms, is called like what is there.
    plain = [each for each in tree.body if not getattr(each, "decorator_list", [])]
    defined = [str(getattr(each, "name", "")) for each in plain if is_definition(each)]
    found = (name for name in defined if any(not it.loose for it in there.named(name, owner)))
    return next(found, "")


def _class_around(there: Source, text: str, change: Insert | Append | Prepend) -> str | None:
    """The class that an insertion goes into by its anchor, if that stands in one place."""
    line = line_of(text, change.anchor) if isinstance(change, Insert) else None
    if line is None:
        return None
    around = [each for each in there.definitions if each.first < line <= each.last]
    inner = [each for each in around if each.kind == "class"]
    if not inner:
        return None
    last = inner[-1]
    return f"{last.owner}.{last.name}" if last.owner else last.name


def _spans(path: str, text: str) -> Iterator[tuple[str, int, int, int]]:
    """What a text defines: its name, its first and last line (from 0), and its indentation."""
    if path.endswith(PYTHON):
        there = source(text)
        for each in there.definitions if there is not None else ():
            if each.last > each.first:
                yield each.name, each.first, each.last, len(each.indent)
    elif treesymbols.knows(path):
        yield from ((name, first, last, 0) for name, first, last in treesymbols.spans(text, path))


_ENTRIES = {
    "row": re.compile(r"\s*\|\s*(?P<name>[^|]*?)\s*\|"),
    "badge": re.compile(r"\[?!\[(?P<name>[^\]]+)\]\("),
    "item": re.compile(r"[-*+] (?P<name>\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))"),
}


def entry_there(path: str, text: str, made: str) -> str:
    """The entry that a file has, and gets once more by an insertion; nothing if it is new."""
    places, added = inserted(text, made)
    if not places or not added:
        return ""
    lines, at, count = plain_lines(made), places.start, len(added)
    if path.endswith(MARKDOWN):
        return _section(lines, at, count) or _listed(lines, at, count)
    if re.fullmatch(r"\.\w*ignore", PurePosixPath(path).name):
        # One of several that is there does no harm, where it stands twice.
        new = [line for line in map(str.strip, added) if line and not line.startswith("#")]
        return f"`{new[0]}`" if new and {*new} <= {*map(str.strip, plain_lines(text))} else ""
    if path.endswith(PYTHON):
        tree = parsed("\n".join(added))
        plain = tree is not None and all(map(is_import, tree.body))
        twice = _more(_imported(text), _imported(made)) if plain else []
        return f"the import of `{twice[0]}`" if twice else ""
    if not treesymbols.knows(path):
        return ""
    twice = _more(member_names(text, path), member_names(made, path))
    return f"`{twice[0].rpartition('.')[2]}`" if twice else ""


def _more(before: Counter[str], after: Counter[str]) -> list[str]:
    return [name for name, times in after.items() if times > 1 and times > before[name] > 0]


def _section(lines: list[str], at: int, count: int) -> str:
    """The heading that stands once more beneath the same one."""
    found = headings(lines)
    own = [each for each, (line, _) in enumerate(found) if at <= line < at + count]
    if not own:
        return ""
    first, level = own[0], found[own[0]][1]
    above = next((n for n in range(first, -1, -1) if found[n][1] < level), -1)
    below = next((n for n in range(first, len(found)) if found[n][1] < level), len(found))
    beside = [found[n][0] for n in range(above + 1, below) if found[n][1] == level]
    heading = lines[found[first][0]].strip()
    others = [each for each in beside if not at <= each < at + count]
    return f"`{heading}`" if any(lines[each].strip() == heading for each in others) else ""


def _listed(lines: list[str], at: int, count: int) -> str:
    """The row, badge or item that stands once more in the same table or list."""
    for kind, pattern in _ENTRIES.items():
        own = [pattern.match(line) for line in lines[at : at + count] if line.strip()]
        if not own or not all(own):
            continue
        first, end = at, at + count
        while first > 0 and lines[first - 1].strip() and pattern.match(lines[first - 1]):
            first -= 1
        while end < len(lines) and lines[end].strip() and pattern.match(lines[end]):
            end += 1
        others = [pattern.match(line) for line in [*lines[first:at], *lines[at + count : end]]]
        names = [match["name"].strip("*` ") for match in others if match]
        new = (match["name"].strip("*` ") for match in own if match)
        taken = (name for name in new if names.count(name) == 1 and re.search(r"[^\W\d]", name))
        return next((f"the {kind} `{name}`" for name in taken), "")
    return ""


def _imported(text: str) -> Counter[str]:
    """The names that a Python text imports at its margin, with the modules that they are of."""
    tree, found = parsed(text), Counter[str]()
    for statement in tree.body if tree is not None else ():
        match statement:
            case ast.Import(names=names):
                of = ""
            case ast.ImportFrom(module=module, names=names, level=level):
                of = f"{'.' * level}{module or ''}."
            case _:
                continue
        found.update(f"{of}{each.asname or each.name}" for each in names)
    return found
