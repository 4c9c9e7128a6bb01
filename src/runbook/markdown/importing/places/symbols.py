"""Edits at what a file defines: a block beside a definition, one given anew, one renamed.

Each is made only where the file leaves it in no doubt: the name is defined once, the anchor stands
once, and what comes of the edit parses and defines what it should.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import (
    Definition,
    Source,
    is_definition,
    source,
    unreadable,
)
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.inplace import anchored, in_place, made_of
from runbook.markdown.importing.places.lines import filled_from, next_filled
from runbook.markdown.importing.places.parsers import (
    PYTHON,
    Shown,
    is_method,
    outline,
    shown,
    times,
)
from runbook.markdown.importing.words.symbolwords import Anew, Spot
from runbook.markdown.importing.words.wording import Side

_OPEN = re.compile(r"^\s*(?:export|pub)\b", re.MULTILINE)
OTHER_INDENTATION = (
    "the file is indented with tabs and the block with spaces, or the other way round"
)


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
        if _indented_otherwise(there, block, found):
            return OTHER_INDENTATION
        first = _with_comments_above(there, found) if place.side == "before" else first
        gaps = _gaps(there, block, found, place.side)
    made = _set_apart(there, block, found, place.side, gaps)
    change = anchored(text, there.lines, first, found.last, place.side, made)
    if change is None:
        return f"the lines of `{place.name}` stand elsewhere too"
    return change if _defines(text, path, change, found.owner, block.names) else ""


def _place(there: Source, block: Shown, place: Spot, path: str) -> Definition | str:
    """What the block goes next to, if only one thing can be meant."""
    python = path.endswith(PYTHON)
    if not python and (place.comment_next or place.all_before):
        return ""
    name = re.compile(r"[A-Za-z_]\w*(?:\(\))?")
    said = [code for code in place.what if not python or name.fullmatch(code)]
    text = "\n".join(block.lines)
    if any(code.removesuffix("()") not in block.names for code in said):
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
    found = _of_kind(there, place.name, owner, block)
    if not python and owner is None:
        found = [each for each in found if not each.owner] or found
    if len(found) != 1 or found[0].loose:
        return f"`{place.name}` is defined {times(len(found))} in the file"
    (one,) = found
    said_once = grammar_of(path).nests and _once(there, one.name)
    if owner is None and one.kind == "value" and one.owner and not (place.called or said_once):
        # A word that is a field here may be anything else elsewhere.
        return ""
    if place.then is not None:
        nexts = there.named(place.then, one.owner)
        if len(nexts) != 1 or nexts[0].first != one.following:
            return f"`{place.then}` does not come next after `{place.name}`"
    below = next_filled(there.lines, one.last + 1)
    if place.comment_next and not below.startswith(one.indent + "#"):
        return f"no comment comes next after `{place.name}`"
    if place.all_before and place.side == "before" and _more_like(there, one):
        return f"`{place.name}` is not the last of its kind"
    return one


def _of_kind(there: Source, name: str, owner: str | None, block: Shown) -> list[Definition]:
    """All definitions of a name in a type; of several those that are functions, as the block is.

    In Rust, a field and a method may have one name.
    """
    found = there.named(name, owner)
    does = block.kind == "function"
    same = [each for each in found if (each.kind == "function") == does]
    return same if owner and len(found) > 1 and not block.statements else found


def _listed(lines: Sequence[str]) -> bool:
    """Whether lines end with a comma, but for a remark."""
    return re.sub(r"\s*//.*$", "", lines[-1]).rstrip().endswith(",")


def _once(there: Source, name: str) -> bool:
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


def _indented_otherwise(there: Source, block: Shown, found: Definition) -> bool:
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


def _defines(
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
    kept -= _values_of(anew, before)
    return kept | {(owner, name) for name in names} <= there


# A definition given anew


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
    if block.kind == "value" and not _once(there, name):
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
        found = _of_kind(there, name, said.owner, block)
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
    if python and _indented_otherwise(there, block, old):
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
        if python or not said or _defines(text, path, change, old.owner, (name,), anew=name)
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
    return new is not None and _values_of(old.name, there) <= _values_of(old.name, new)


def _values_of(name: str, there: Source) -> set[tuple[str, str]]:
    """The fields and the like of a type."""
    return {
        (each.owner, each.name)
        for each in there.definitions
        if each.owner == name and each.kind == "value"
    }


def _keeps_members(there: Source, old: Definition, block: Shown) -> bool:
    within = f"{old.owner}.{old.name}" if old.owner else old.name
    members = {each.name for each in there.definitions if each.owner == within and not each.loose}
    (name,) = block.names
    new = source(ast.unparse(block.statements[0]))
    given = {each.name for each in new.definitions if each.owner == name} if new else set()
    return members <= given
