"""What an insertion puts into a file that has an entry of that name already, as a reason."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import PurePosixPath

from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.landing import inserted
from runbook.markdown.importing.places.lines import plain_lines
from runbook.markdown.importing.places.sections import MARKDOWN, headings
from runbook.markdown.importing.places.treeadditions import member_names

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
    if path.endswith((".py", ".pyi")):
        twice = _more(_imported(text), _imported(made)) if _only_imports(lines, at, count) else []
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


def _only_imports(lines: list[str], at: int, count: int) -> bool:
    tree = parsed("\n".join(lines[at : at + count]))
    return tree is not None and all(
        isinstance(each, ast.Import | ast.ImportFrom) for each in tree.body
    )


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
