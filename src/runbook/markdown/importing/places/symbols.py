"""Edits at what a file defines: a block beside a definition.

It is made only where the file leaves it in no doubt: the name is defined once, the anchor stands
once, and what comes of the edit parses and defines what it should.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import (
    Definition,
    Source,
    is_definition,
    unreadable,
)
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.inplace import anchored, made_of
from runbook.markdown.importing.places.lines import filled_from, next_filled
from runbook.markdown.importing.places.parsers import (
    PYTHON,
    Shown,
    is_method,
    outline,
    shown,
    times,
)
from runbook.markdown.importing.words.symbolwords import Spot
from runbook.markdown.importing.words.wording import Side

OTHER_INDENTATION = (
    "the file is indented with tabs and the block with spaces, or the other way round"
)


_NAME = re.compile(r"[A-Za-z_]\w*(?:\([\w:]*\))?")


def inserted(text: str, path: str, code: str, place: Spot) -> Operation | str:
    """The edit that puts a block next to what is defined in a text, or why there is none."""
    there, block = outline(text, path), shown(code, path)
    if there is None or block is None:
        return unreadable(text) if block is not None and path.endswith(PYTHON) else ""
    found = _place(there, block, place, path)
    if isinstance(found, str):
        return found
    taken = [name for name in block.names if there.named(name, found.owner)]
    if place.name in taken and block.names[1:]:
        return ""  # it shows what it stands beside
    if taken:
        return f"already there: `{taken[0]}` is defined in the file"
    first, gaps = found.first, _gaps_of_tree(there, found, block)
    if block.rigid and block.margin != found.indent:
        return ""
    grammar = grammar_of(path)
    if (grammar.alike or (found.owner and grammar.fields)) and not _fits(block, found):
        return ""
    if (
        found.owner
        and found.kind == "value"
        and _listed(block.lines) != _listed(there.lines[found.head : found.last + 1])
    ):
        return ""  # the comma behind the last of a list may be missing
    if path.endswith(PYTHON):
        if not _goes_with(block, found):
            return ""
        if indented_otherwise(there, block, found):
            return OTHER_INDENTATION
        first = _with_comments_above(there, found) if place.side == "before" else first
        gaps = _gaps(there, block, found, place.side)
    made = _set_apart(there, block, found, place.side, gaps)
    change = anchored(text, there.lines, first, found.last, place.side, made)
    if change is None:
        return f"the lines of `{place.name}` stand elsewhere too"
    return change if defines(text, path, change, found.owner, block.names) else ""


def _place(there: Source, block: Shown, place: Spot, path: str) -> Definition | str:
    """What the block goes next to, if only one thing can be meant."""
    python = path.endswith(PYTHON)
    if not python and place.all_before:
        return ""
    said = [code for code in place.what if _NAME.fullmatch(code)]
    text = "\n".join(block.lines)
    if any(code.partition("(")[0] not in block.names for code in said):
        return ""
    if any(code not in text for code in place.what if code not in said):
        return ""
    owner = place.owner
    if place.into is not None:
        within = class_named(there, place.into) if python else place.into
        if within is None:
            return f"`{place.into}` is no class that the file defines once"
        if owner not in (None, place.into):
            return ""
        owner = within
    found = of_kind(there, place.name, owner, block)
    if not python and owner is None:
        found = [each for each in found if not each.owner] or found
    if len(found) != 1 or found[0].loose:
        return f"`{place.name}` is defined {times(len(found))} in the file"
    (one,) = found
    said_once = grammar_of(path).nests and declared_once(there, one.name)
    if owner is None and one.kind == "value" and one.owner and not (place.called or said_once):
        # A word that is a field here may be anything else elsewhere.
        return ""
    if place.then is not None:
        nexts = there.named(place.then, one.owner)
        if len(nexts) != 1 or nexts[0].first != one.following:
            return f"`{place.then}` does not come next after `{place.name}`"
    below = next_filled(there.lines, one.last + 1)
    if place.inside and not one.owner:
        return f"`{place.name}` stands in no type"
    if place.comment_next and not below.startswith((f"{one.indent}#", f"{one.indent}//")):
        return f"no comment comes next after `{place.name}`"
    if place.all_before and place.side == "before" and _more_like(there, one):
        return f"`{place.name}` is not the last of its kind"
    return one


def of_kind(there: Source, name: str, owner: str | None, block: Shown) -> list[Definition]:
    """All definitions of a name in a type; of several those that are functions, as the block is.

    In Rust, a field and a method may have one name; a protocol requires what is defined elsewhere.
    """
    found = there.named(name, owner)
    if len(found) > 1 and not block.statements:
        held = "{" in "\n".join(block.lines)
        alike = [each for each in found if _holds(there, each) == held]
        found = alike if len(alike) == 1 and alike[0].kind == "function" else found
    does = block.kind == "function"
    same = [each for each in found if (each.kind == "function") == does]
    return same if owner and len(found) > 1 and not block.statements else found


def _holds(there: Source, one: Definition) -> bool:
    """Whether a definition has a body."""
    return "{" in "\n".join(there.lines[one.head : one.last + 1])


def _listed(lines: Sequence[str]) -> bool:
    """Whether lines end with a comma, but for a remark."""
    return re.sub(r"\s*//.*$", "", lines[-1]).rstrip().endswith(",")


def declared_once(there: Source, name: str) -> bool:
    """Whether only one line of a text declares a name, in a function or outside."""
    declares = re.compile(
        rf"\b(?:let|var|case|func|const|static|fn|function)\s+(?:mut\s+)?{re.escape(name)}\b"
    )
    return sum(bool(declares.search(line)) for line in there.lines) == 1


def class_named(there: Source, name: str) -> str | None:
    """The only class of a name, with those around it; `None` if the file has none, or several."""
    found = there.named(name)
    if len(found) != 1 or found[0].kind != "class" or found[0].loose:
        return None
    return f"{found[0].owner}.{name}" if found[0].owner else name


def _more_like(there: Source, one: Definition) -> bool:
    # Of fields those above it are meant: others, such as times, may end each class.
    return one.kind != "value" and any(
        each.owner == one.owner and each.kind == one.kind and each.first > one.last
        for each in there.definitions
    )


def _goes_with(block: Shown, found: Definition) -> bool:
    """Whether a block can stand beside it: fields and methods in a class, the rest outside."""
    if found.owner:
        if block.values:
            return found.kind == "value"
        return block.methods and found.kind == "function"
    if found.indent or block.margin:
        return False
    # A function of `self` at the left margin is a method of something that is not said.
    return block.values or not any(map(is_method, block.statements))


def _fits(block: Shown, found: Definition) -> bool:
    """Whether what a language would read anywhere can stand beside a definition.

    What is shown indented is of a type, and values beside a function may be of another one.
    """
    if not found.owner:
        return not block.margin
    if block.values:
        return found.kind == "value"
    return bool(block.margin) or block.methods


def indented_otherwise(there: Source, block: Shown, found: Definition) -> bool:
    """Whether the block would bring spaces into what is indented with tabs, or tabs into spaces."""
    own = set(found.indent) or {line[0] for line in there.lines if line[:1] in (" ", "\t")}
    new = {line[0] for line in block.lines if line[:1] in (" ", "\t")}
    return len(own) == 1 and not new <= own


def _gaps_of_tree(there: Source, found: Definition, block: Shown) -> tuple[int, int]:
    """The blank lines before and behind a block, but between constants or fields of a line each."""
    if found.kind == "function" or found.head != found.last or not block.small:
        return (1, 1)
    if block.remarked and found.first == found.head:
        return (1, 1)  # what is described stands apart
    near = [each for each in there.definitions if each.owner == found.owner]
    dense = any(found.first == each.last + 1 or each.first == found.last + 1 for each in near)
    return (0, 0) if dense or found.first == found.last else (1, 1)


def _gaps(there: Source, block: Shown, found: Definition, side: Side) -> tuple[int, int]:
    """How many blank lines keep a block apart from what is before and behind it."""
    near, far = (0, -1) if side == "after" else (-1, 0)
    wide = is_definition(block.statements[near]) or found.kind != "value"
    around = 1 if found.owner else 2  # definitions
    apart = around if wide else _usual_gap(there, found)
    if is_definition(block.statements[far]) or found.follower == "def":
        return apart, around
    begin = filled_from(there.lines, found.last + 1)
    return apart, min(apart, begin - found.last - 1)


def _set_apart(
    there: Source, block: Shown, found: Definition, side: Side, gaps: tuple[int, int]
) -> list[str]:
    """The block's lines with the blank ones that are missing around it."""
    apart, wanted = gaps
    own = [found.indent + line if line.strip() else "" for line in block.lines]
    if side == "before":
        return [*own, *[""] * apart]
    lines, begin = there.lines, filled_from(there.lines, found.last + 1)
    if begin >= len(lines) or (found.indent and not lines[begin].startswith(found.indent)):
        wanted = 0  # the class ends here: outside of it nothing is written
    return [*[""] * apart, *own, *[""] * max(0, wanted - (begin - found.last - 1))]


def _usual_gap(there: Source, found: Definition) -> int:
    """The blank lines that stand between this field and those beside it."""
    for kind, first, end in (
        (found.follower, found.last, found.following),
        (found.preceding, found.before, found.first),
    ):
        if kind == "other" and first is not None and end is not None:
            between = there.lines[first + 1 : end]
            if not any(line.strip() for line in between):
                return min(len(between), 1)
    return 0 if found.last == found.first else 1


def _with_comments_above(there: Source, found: Definition) -> int:
    """Its first line, with the comments that stand right above it."""
    first = found.first
    while first > 0 and there.lines[first - 1].startswith(found.indent + "#"):
        first -= 1
    return first


def defines(
    text: str, path: str, change: Operation, owner: str, names: tuple[str, ...], anew: str = ""
) -> bool:
    """Whether what comes of it has all that was defined, and the new names, in their class.

    What is given `anew` may have other fields.
    """
    before, made = outline(text, path), made_of(text, change)
    after = None if made is None else outline(made, path)
    if after is None or before is None:
        return False
    kept = {(each.owner, each.name) for each in before.definitions}
    there = {(each.owner, each.name) for each in after.definitions}
    kept -= values_of(anew, before)
    return kept | {(owner, name) for name in names} <= there


def values_of(name: str, there: Source) -> set[tuple[str, str]]:
    """The fields and the like of a type."""
    return {
        (each.owner, each.name)
        for each in there.definitions
        if each.owner == name and each.kind == "value"
    }
