"""Edits at what a file defines: a definition given anew, or renamed.

Each is made only where the file leaves it in no doubt, as one beside a definition.
"""

from __future__ import annotations

import ast
import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import Definition, Source, source, unreadable
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.places.parsers import PYTHON, Shown, outline, shown, times
from runbook.markdown.importing.places.symbols import (
    OTHER_INDENTATION,
    declared_once,
    defines,
    indented_otherwise,
    of_kind,
    values_of,
)
from runbook.markdown.importing.words.symbolwords import Anew

_OPEN = re.compile(r"^\s*(?:export|pub)\b", re.MULTILINE)


def replaced(text: str, path: str, code: str, said: Anew) -> Operation | str:
    """The edit that puts a block in place of the definition of its name, or why there is none."""
    block = shown(code, path)
    if not path.endswith(PYTHON):
        return _replaced_in_tree(text, path, block, said) if block is not None else ""
    if block is None or not block.alone:
        return "the new text is not one definition" if said.name else ""
    (name,) = block.names
    if name != (said.name or name) or block.kind not in ("function", "class"):
        return ""
    return _in_place_of(text, path, block, name, said)


def _replaced_in_tree(text: str, path: str, block: Shown, said: Anew) -> Operation | str:
    """The same where a value may be given anew as well, and a function with new ones."""
    name = said.name or block.names[0]
    more = said.verb in ("replace", "rewrite") and block.methods
    there = outline(text, path)
    if there is None or name not in block.names or not (block.alone or more):
        return ""
    # What describes the old one would stand above another one.
    if name != block.names[0] and not block.remarked:
        return ""
    if any(there.named(other) for other in block.names if other != name):
        return ""
    # A value of the same name may be one in a function.
    if block.kind == "value" and not declared_once(there, name):
        return ""
    return _in_place_of(text, path, block, name, said)


def renamed(text: str, path: str, code: str, old: str, new: str) -> Operation | str:
    """The edit that puts the definition of a new name in place of that of an old one."""
    there, block = outline(text, path), shown(code.strip("\n"), path)
    if block is None or block.names != (new,) or there is None or there.named(new):
        return ""
    alone = block.alone or path.endswith(PYTHON)
    return _in_place_of(text, path, block, old, None) if alone else ""


def _in_place_of(
    text: str, path: str, block: Shown, name: str, said: Anew | None
) -> Operation | str:
    """A block in place of a definition: of another name where nothing is `said` of its own."""
    there, python = outline(text, path), path.endswith(PYTHON)
    if there is None:
        return unreadable(text) if python else ""
    found = there.named(name)
    if len(found) > 1 and said and said.owner:
        found = of_kind(there, name, said.owner, block)
    if len(found) != 1 or found[0].loose:
        return f"`{name}` is defined {times(len(found))} in the file"
    (old,) = found
    if not _same_kind(block, old, path) or (said and not _agrees(said, old, block)):
        return ""
    if python and said and block.kind == "class" and not _keeps_members(there, old, block):
        return f"the new text of `{name}` has not all that the old one has"
    if old.decorated and not block.decorated and (said or not python):
        marks = "decorators" if python else "attributes"
        return f"`{name}` has {marks}, of which the new text says nothing"
    if not python and said and not _keeps_what_is_seen(there, path, old, block, said):
        return f"the new text of `{name}` has not all that the old one has"
    if block.rigid and block.margin != old.indent:
        return ""
    if python and indented_otherwise(there, block, old):
        return OTHER_INDENTATION
    # A comment above it, which is not Python's, stays unless the new text has its own, or it is of
    # another name.
    first = old.first if python or block.remarked or not said else old.head
    own = [old.indent + line if line.strip() else "" for line in block.lines]
    change = in_place(text, there.lines, first, old.last, own)
    if change is None:
        return f"the lines of `{name}` stand elsewhere too"
    return (
        change
        if python or not said or defines(text, path, change, old.owner, (name,), anew=name)
        else ""
    )


def _same_kind(block: Shown, old: Definition, path: str) -> bool:
    if not path.endswith(PYTHON):
        return block.kind == old.kind and _stands_like(block, old, path)
    if block.kind != old.kind or (block.kind == "value" and block.statements):
        return False  # of Python, a value is given anew in another way
    if old.owner and block.kind != "class":
        return block.methods
    return not (old.indent or block.margin or (block.methods and block.kind == "function"))


def _stands_like(block: Shown, old: Definition, path: str) -> bool:
    """Whether a block is of a type, or of none, as the old definition is."""
    grammar = grammar_of(path)
    if grammar.alike:
        of_self = re.search(grammar.method, "\n".join(block.lines))
        return bool(old.owner) or not (block.margin or of_self)
    return block.methods == bool(old.owner)


def _agrees(said: Anew, old: Definition, block: Shown) -> bool:
    """Whether the lines that the plan states, or shows, are as many as the definition has."""
    sizes = {old.last - old.first + 1, old.last - old.head + 1}
    stated = None if said.lines is None else said.lines.last - said.lines.first + 1
    if said.verb in ("replace", "rewrite"):
        return stated is None or stated == 1 or any(abs(stated - size) <= 1 for size in sizes)
    # What is updated may be shown in part; not if as many lines are named or shown as there are.
    whole = len(block.lines) >= min(sizes) and stated is None and _ends(block)
    return said.entire or whole or (stated is not None and stated in sizes)


def _ends(block: Shown) -> bool:
    """Whether a function that is shown ends as one does, and not where more may follow.

    What stands in braces ends with them.
    """
    body = getattr(block.statements[-1], "body", []) if block.statements else []
    return not block.statements or isinstance(
        body[-1] if body else None,
        ast.Return | ast.Raise | ast.With | ast.AsyncWith | ast.Try | ast.Expr,
    )


def _keeps_what_is_seen(
    there: Source, path: str, old: Definition, block: Shown, said: Anew
) -> bool:
    """Whether a new text is no less open than the old one, and what is updated has all members."""
    lines = "\n".join(block.lines)
    if _OPEN.match(there.lines[old.head]) and not _OPEN.search(lines):
        return False
    if said.verb in ("replace", "rewrite") or block.kind != "class":
        return True
    new = outline(lines, path)
    return new is not None and values_of(old.name, there) <= values_of(old.name, new)


def _keeps_members(there: Source, old: Definition, block: Shown) -> bool:
    within = f"{old.owner}.{old.name}" if old.owner else old.name
    members = {each.name for each in there.definitions if each.owner == within and not each.loose}
    (name,) = block.names
    new = source(ast.unparse(block.statements[0]))
    given = {each.name for each in new.definitions if each.owner == name} if new else set()
    return members <= given
