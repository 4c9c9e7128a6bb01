"""Blocks with a mark for what is there, such as `# ... existing fields`, and what they add."""

from __future__ import annotations

import ast
import re
from textwrap import dedent
from typing import Literal

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, EnsureImport, Operation
from runbook.markdown.importing.places import treeadditions
from runbook.markdown.importing.places.definitions import (
    begin_of,
    end_of,
    is_definition,
    is_import,
    name_of,
    parsed,
    source,
)
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.keys import keys_added
from runbook.markdown.importing.places.lines import filled_from, margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import PYTHON, parses, spoilt
from runbook.markdown.importing.places.statements import import_lines, within
from runbook.markdown.importing.places.treesymbols import ABOVE, knows, last_line, names, root_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_MARK = spelled(
    r"\s*(#|//|/\*+|--|<!--)?\s*(\.{3}|…)?\s*(\(?(the|all|your|other|"
    r"keep) )*existing\b[\w -]{0,40}\)?(\.{3}|…)?\s*(\*/|-->)?\s*,?\s*"
)
_ENDS = re.compile(r"\s*(?:return|throw|raise|break|continue|panic!|process\.exit)\b")
# A function, which stands apart from what is above it.
_WIDE = re.compile(r"\bfn\s|\)\s*(?:->[^{]*|:[^{]*)?\{\s*$")
_OPENS = {"{": "}", "[": "]", "(": ")"}


def is_mark(line: str) -> bool:
    """Whether a line stands for what is there."""
    return _MARK.fullmatch(line) is not None and elided(line)


def marked(code: str) -> str | None:
    """The block without the one line that stands for what is there; `None` if it is no such."""
    lines = code.strip("\n").split("\n")
    marks = [line for line in lines if is_mark(line)]
    rest = "\n".join(line for line in lines if line not in marks)
    return rest if len(marks) == 1 and rest.strip() and not elided(rest) else None


def shown_in_part(text: str, path: str, code: str) -> Operation | str:
    """What a block adds to the one thing that it opens with: behind what is there, or before."""
    rest = marked(code)
    if rest is None:
        return ""
    if path.endswith(".json"):
        return keys_added(text, rest, (), toml=False)
    if change := _among_what_is_there(text, path, code):
        return change
    return _more_imports(text, dedent(rest)) if path.endswith(PYTHON) else ""


def _more_imports(text: str, code: str) -> Operation | str:
    """What else is imported from a module of which the file imports something.

    Imports have no order: the mark may stand anywhere among them.
    """
    imports, had, new = import_lines(code), _from_modules(text), _from_modules(code)
    known = {module for module, _ in new} <= {module for module, _ in had}
    return EnsureImport(imports) if imports and new and known and not new <= had else ""


def _from_modules(code: str) -> set[tuple[str, str]]:
    tree = parsed(code)
    found = (it for it in (tree.body if tree else ()) if isinstance(it, ast.ImportFrom))
    return {(f"{'.' * it.level}{it.module}", name.name) for it in found for name in it.names}


def _among_what_is_there(text: str, path: str, code: str) -> Operation | None:
    """The insertion of what a block has before or behind its mark, in what it opens with."""
    block = code.strip("\n").split("\n")
    lines, head = plain_lines(text), block[0].strip()
    at = next(at for at, line in enumerate(block) if is_mark(line))
    closing = _OPENS.get(head[-1:], "")
    begins = [at for at, line in enumerate(lines) if line.strip() == head]
    ends = block[-1].strip()[:1]
    if not closing or ends != closing or len(begins) != 1 or at not in (1, len(block) - 2):
        return None
    (first,) = begins
    last = _end(lines, first, closing)
    inner = "\n".join([*block[1:at], *block[at + 1 : -1]])
    # What stands beside the mark has the margin of what that stands for.
    if last is None or last - first < 2 or margin_of(inner) != margin_of(block[at]):
        return None
    new = moved_to(inner, margin_of(lines[first + 1]))
    if not inner.strip() or new is None or _there(lines[first:last], new):
        return None
    above = lines[last - 1].rstrip()
    if at == 1 and (not above.endswith((",", ";", "}", "{")) or _ENDS.match(above)):
        return None  # what goes on behind it needs a sign between them, or is never come to
    if at == 1:
        apart = [""] if any(map(_WIDE.search, new)) or not block[at + 1].strip() else []
        change = anchored(text, lines, first, last - 1, "after", [*apart, *new])
    else:
        change = anchored(text, lines, first, first, "after", new)
    if change is None:
        return None
    side = last if at == 1 else first + 1
    whole = "\n".join([*lines[:side], *new, *lines[side:]])
    return None if spoilt(text, whole, path) else change


def _end(lines: list[str], first: int, closing: str) -> int | None:
    """The line that closes what a line opens."""
    margin = margin_of(lines[first])
    for at in range(first + 1, len(lines)):
        if lines[at].startswith(margin + closing):
            return at
        if lines[at].strip() and not lines[at].startswith((margin + " ", margin + "\t")):
            return None
    return None


def _there(lines: list[str], new: list[str]) -> bool:
    """Whether one of the new lines is there by now; what is in a function may be in others."""
    shown = {line.strip().rstrip(",") for line in lines}
    margin = margin_of("\n".join(new))
    own = (line for line in new if margin_of(line) == margin and not _ATTRIBUTE.match(line))
    return any(line.strip().rstrip(",") in shown for line in own if re.search(r"\w{2}", line))


_Kind = Literal["import", "outline", "new"]
_Part = tuple[_Kind, str, str]  # what it is, its name if it has one, its text
# A remark for the reader, above what is to stand there.
_REMARK = anycase(r"(#|//)\s*((add|insert|put|in|at|to|update)\b.*|new\b[\w\s]*:?)")
_ATTRIBUTE = re.compile(r"\s*(?:#!?\[.*\]|@[\w.]+(?:\([^()]*\))?)\s*$")
_NAMED = re.compile(r"\b([A-Za-z_$][\w$]*)\s*(?=[,;}]|$)")


def outlined(text: str, path: str, code: str) -> tuple[Operation, ...] | str:
    """The insertions of all parts of a block, if each has its place and one is an outline."""
    parts = _parts(path, code)
    if parts is None or not any(kind == "outline" or name == "..." for kind, name, _ in parts):
        return ""
    made: list[Operation] = []
    for kind, name, own in parts:
        if name == "...":
            continue  # all that is there stands above what follows
        change = _placed(text, path, kind, name, own)
        if change is None:
            continue
        result = change if isinstance(change, str) else apply(text, change, path)
        if not isinstance(result, Applied) or result.text is None or isinstance(change, str):
            return change if isinstance(change, str) else ""
        text = result.text
        made.append(change)
    return tuple(made) if made and parses(text, path) else ""


def _placed(text: str, path: str, kind: _Kind, name: str, own: str) -> Operation | str | None:
    """Where a part goes, or why nowhere; `None` if the file has it."""
    if kind == "import":
        return _imported(text, path, own)
    if kind == "outline":
        if path.endswith(PYTHON):
            head, _, members = own.partition(f"class {name}")
            inner = members.partition(":\n")[2]
            return within(text, path, inner, name) if inner and not head.strip() else ""
        return _in_outline(text, path, own)
    if path.endswith(".rs"):
        return treeadditions.rust_added(text, path, own)
    there = source(text)
    if path.endswith(PYTHON):
        taken = there is None or bool(there.named(name))
    else:
        taken = bool(names(own, path) & names(text, path))
    gap = "\n\n" if path.endswith(PYTHON) else "\n"
    return "" if taken else Append(Text(gap + own.strip("\n") + "\n", True))


def _in_outline(text: str, path: str, own: str) -> Operation | str:
    lines = own.split("\n")
    first = next(at for at, line in enumerate(lines) if not _ATTRIBUTE.match(line))
    there = {line.strip() for line in plain_lines(text)}
    if any(line.strip() not in there for line in lines[:first]):
        return ""
    return shown_in_part(text, path, "\n".join(lines[first:]))


def _imported(text: str, path: str, own: str) -> Operation | str | None:
    there = {line.strip() for line in plain_lines(text)}
    new = [line for line in own.split("\n") if line.strip() and line.strip() not in there]
    if not new:
        return None
    if path.endswith(PYTHON) or any(line[:1] in " \t}" for line in new):
        return ""  # those of Python are for others to place; a statement of several lines, too
    had = {name for line in there if _is_import(line) for name in _NAMED.findall(line)}
    if any(name in had for line in new for name in _NAMED.findall(line)):
        return ""  # what is imported by now may be another thing
    return treeadditions.imported(text, path, "\n".join(new) + "\n")


def _is_import(line: str) -> bool:
    return re.match(r"(?:pub\s+)?(?:use|import|mod|extern)\b", line) is not None


def _parts(path: str, code: str) -> list[_Part] | None:
    """The statements at the top of a block, without remarks for its reader."""
    lines = code.strip("\n").split("\n")
    found = _python_spans(code) if path.endswith(PYTHON) else _tree_spans(path, code)
    if found is None:
        return None
    made: list[_Part] = []
    at = 0
    for kind, name, first, last in found:
        above, at = lines[at:first], last + 1
        own = [line for line in above if not _REMARK.fullmatch(line.strip())]
        if any(map(is_mark, own)):
            made.append(("new", "...", ""))
            own = [line for line in own if not is_mark(line)]
        own = own[filled_from(own, 0) :]
        shown = "\n".join([*own, *lines[first : last + 1]])
        if kind == "new" and (rest := marked(shown)) is not None:
            if any(not _ATTRIBUTE.match(line) for line in own):
                return None  # what stands above an outline is of nothing
            kind, shown = "outline", rest if path.endswith(PYTHON) else shown
        elif any(map(is_mark, lines[first : last + 1])):
            return None
        made.append((kind, name, shown))
    return made if not any(line.strip() for line in lines[at:]) else None


def _python_spans(code: str) -> list[tuple[_Kind, str, int, int]] | None:
    tree = parsed(code.strip("\n"))
    if tree is None or not all(is_import(each) or is_definition(each) for each in tree.body):
        return None
    return [
        ("import" if is_import(each) else "new", name_of(each), begin_of(each), end_of(each))
        for each in tree.body
    ]


def _tree_spans(path: str, code: str) -> list[tuple[_Kind, str, int, int]] | None:
    root = root_of(code.strip("\n"), path) if knows(path) else None
    if root is None:
        return None
    found: list[tuple[_Kind, str, int, int]] = []
    for node in root.children():
        if node.kind() in ABOVE or node.kind() == ";":
            continue
        first, last = node.range().start.line, last_line(node)
        imports = _is_import(node.text()) and not node.text().rstrip().endswith("}")
        found.append(("import" if imports else "new", "", first, last))
    return found
