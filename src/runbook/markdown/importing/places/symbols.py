"""Edits at what Python source defines: a block after a function, a definition given anew.

Each is made only where the file leaves it in no doubt: the name is defined once, the anchor stands
once, and what comes of the edit is Python that defines what it should.
"""

from __future__ import annotations

import ast
import re
from textwrap import dedent

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.operations import Operation
from runbook.core.value import value
from runbook.markdown.importing.places.definitions import (
    Definition,
    Source,
    is_definition,
    parsed,
    source,
    unreadable,
)
from runbook.markdown.importing.places.inplace import anchored, in_place
from runbook.markdown.importing.places.parsers import times
from runbook.markdown.importing.words.symbolwords import Anew, Spot

OTHER_INDENTATION = (
    "the file is indented with tabs and the block with spaces, or the other way round"
)


@value
class _Block:
    """A block's code at the left margin, as statements."""

    lines: tuple[str, ...]
    statements: tuple[ast.stmt, ...]
    margin: str  # the indentation that the plan shows it with
    rigid: bool  # a string goes over lines, which another indentation would change
    names: tuple[str, ...]
    values: bool  # nothing but fields or constants, and strings that describe them
    methods: bool  # each function in it is one of a class


def inserted(text: str, code: str, place: Spot) -> Operation | str:
    """The edit that puts a block next to what is defined in a text, or why there is none."""
    there, block = source(text), _block(code)
    if there is None or block is None:
        return unreadable(text) if block is not None else ""
    found = _place(there, block, place)
    if isinstance(found, str):
        return found
    taken = [name for name in block.names if there.named(name, found.owner)]
    if taken:
        return f"already there: `{taken[0]}` is defined in the file"
    if not _goes_with(block, found):
        return ""
    if _indented_otherwise(there, block, found):
        return OTHER_INDENTATION
    made = _after(there, block, found) if place.side == "after" else _before(there, block, found)
    first = _with_comments_above(there, found) if place.side == "before" else found.first
    change = anchored(text, there.lines, first, found.last, place.side, made)
    if change is None:
        return f"the lines of `{place.name}` stand elsewhere too"
    return change if _defines(text, change, found, block) else ""


def _block(code: str) -> _Block | None:
    lines = code.rstrip("\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return None
    plain = dedent("\n".join(lines))
    tree = parsed(plain + "\n")
    if tree is None or not tree.body:
        return None
    names: list[str] = []
    values = methods = True
    others = False
    for statement in tree.body:
        match statement:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                if is_sketch(statement):
                    return None
                names.append(name)
                values = False
                methods = methods and _is_method(statement)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.Import() | ast.ImportFrom():
                values = methods = False
            case _:
                # A call and the like may belong into something, but beside a definition.
                values = methods = False
                others = True
    if not names or (others and not any(map(is_definition, tree.body))):
        return None
    first = lines[0]
    return _Block(
        tuple(plain.split("\n")),
        tuple(tree.body),
        first[: len(first) - len(plain.split("\n")[0])],
        _has_long_strings(tree),
        tuple(names),
        values,
        methods,
    )


def is_sketch(statement: ast.stmt) -> bool:
    """Whether a function has no body yet: only what it is to do."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    for each in statement.body:
        match each:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
                if name != "NotImplementedError":
                    return False
            case _:
                return False
    return True


def _is_method(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = [*statement.args.posonlyargs, *statement.args.args]
    first = arguments[0].arg if arguments else ""
    marks = [each.id for each in statement.decorator_list if isinstance(each, ast.Name)]
    return first in ("self", "cls") or "staticmethod" in marks


def _has_long_strings(tree: ast.AST) -> bool:
    """Whether a string goes over lines, which other indentation would change."""
    # What describes a function or field may stand anywhere.
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return any(
        isinstance(node, ast.Constant | ast.JoinedStr)
        and id(node) not in described
        and (isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes))
        and node.end_lineno != node.lineno
        for node in ast.walk(tree)
    )


def _place(there: Source, block: _Block, place: Spot) -> Definition | str:
    """What the block goes next to, if only one thing can be meant."""
    said = [code for code in place.what if re.fullmatch(r"[A-Za-z_]\w*(?:\(\))?", code)]
    shown = "\n".join(block.lines)
    if any(code.removesuffix("()") not in block.names for code in said):
        return ""
    if any(code not in shown for code in place.what if code not in said):
        return ""
    owner = place.owner
    if place.into is not None:
        classes = [each for each in there.named(place.into) if each.kind == "class"]
        if len(classes) != 1 or len(there.named(place.into)) != 1 or classes[0].loose:
            return f"`{place.into}` is no class that the file defines once"
        inside = f"{classes[0].owner}.{place.into}" if classes[0].owner else place.into
        if owner not in (None, place.into):
            return ""
        owner = inside
    found = there.named(place.name, owner)
    if len(found) != 1 or found[0].loose:
        return f"`{place.name}` is defined {times(len(found))} in the file"
    (one,) = found
    if owner is None and one.kind == "value" and one.owner and not place.called:
        # A word that is a field here may be anything else elsewhere.
        return ""
    if place.then is not None:
        nexts = there.named(place.then, one.owner)
        if len(nexts) != 1 or nexts[0].first != one.following:
            return f"`{place.then}` does not come next after `{place.name}`"
    if place.comment_next and not _comment_follows(there, one):
        return f"no comment comes next after `{place.name}`"
    if place.all_before and place.side == "before" and _more_like(there, one):
        return f"`{place.name}` is not the last of its kind"
    return one


def _comment_follows(there: Source, one: Definition) -> bool:
    rest = (line for line in there.lines[one.last + 1 :] if line.strip())
    return next(rest, "").startswith(one.indent + "#")


def _more_like(there: Source, one: Definition) -> bool:
    # Of fields those above it are meant: others, such as times, may end each class.
    return one.kind != "value" and any(
        each.owner == one.owner and each.kind == one.kind and each.first > one.last
        for each in there.definitions
    )


def _goes_with(block: _Block, found: Definition) -> bool:
    """Whether a block can stand beside it: fields and methods in a class, the rest outside."""
    if block.rigid and block.margin != found.indent:
        return False
    if found.owner:
        if block.values:
            return found.kind == "value"
        return block.methods and found.kind == "function"
    if found.indent or block.margin:
        return False
    # A function of `self` at the left margin is a method of something that is not said.
    return block.values or not any(_is_method(each) for each in block.statements)


def _indented_otherwise(there: Source, block: _Block, found: Definition) -> bool:
    """Whether the block would bring spaces into what is indented with tabs, or tabs into spaces."""
    own = set(found.indent) or {line[0] for line in there.lines if line[:1] in (" ", "\t")}
    new = {line[0] for line in block.lines if line[:1] in (" ", "\t")}
    return len(own) == 1 and not new <= own


def _wide(block: _Block, at: int) -> bool:
    return is_definition(block.statements[at])


def _after(there: Source, block: _Block, found: Definition) -> list[str]:
    """The lines to insert after it, with the blank lines that keep it apart."""
    lines = there.lines
    begin = found.last + 1
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    at_end = begin >= len(lines)
    below = begin - found.last - 1
    own = [found.indent + line if line.strip() else "" for line in block.lines]
    apart = _gap(found, wide=_wide(block, 0) or found.kind != "value")
    if apart is None:
        apart = _usual_gap(there, found)
    wide_after = _wide(block, -1) or found.follower == "def"
    wanted = _gap(found, wide=wide_after)
    wanted = (min(apart, below) if below else 0) if wanted is None else wanted
    if begin < len(lines) and not lines[begin].startswith(found.indent or "\0"):
        # The class ends here; outside of it nothing is written.
        wanted = wanted if not found.indent else 0
    more = 0 if at_end else max(0, wanted - below)
    return [*[""] * apart, *own, *[""] * more]


def _gap(found: Definition, *, wide: bool) -> int | None:
    """How many blank lines keep definitions apart; `None` beside fields and constants."""
    if not wide:
        return None
    return 1 if found.owner else 2


def _usual_gap(there: Source, found: Definition) -> int:
    """The blank lines that stand between this field and those beside it."""
    lines = there.lines
    if found.follower == "other" and found.following is not None:
        between = lines[found.last + 1 : found.following]
        if not any(line.strip() for line in between):
            return min(len(between), 1)
    if found.preceding == "other" and found.before is not None:
        between = lines[found.before + 1 : found.first]
        if not any(line.strip() for line in between):
            return min(len(between), 1)
    return 0 if found.last == found.first else 1


def _before(there: Source, block: _Block, found: Definition) -> list[str]:
    own = [found.indent + line if line.strip() else "" for line in block.lines]
    apart = _gap(found, wide=_wide(block, -1) or found.kind != "value")
    if apart is None:
        apart = _usual_gap(there, found)
    return [*own, *[""] * apart]


def _with_comments_above(there: Source, found: Definition) -> int:
    """Its first line, with the comments that stand right above it."""
    first = found.first
    while first > 0 and there.lines[first - 1].startswith(found.indent + "#"):
        first -= 1
    return first


def _defines(text: str, change: Operation, found: Definition, block: _Block) -> bool:
    """Whether what comes of it is Python that defines the new names beside the old ones."""
    made = apply(text, change)
    after = source(made.text) if isinstance(made, Applied) and made.text is not None else None
    before = source(text)
    if after is None or before is None:
        return False
    kept = {(each.owner, each.name) for each in before.definitions}
    there = {(each.owner, each.name) for each in after.definitions}
    new = {(found.owner, name) for name in block.names}
    return kept | new <= there


# A definition given anew


def replaced(text: str, code: str, said: Anew) -> Operation | str:
    """The edit that puts a block in place of the definition of its name, or why there is none."""
    block, there = _block(code), source(text)
    if block is None or len(block.statements) != 1:
        return "" if said.name is None else "the new text is not one definition"
    if there is None:
        return unreadable(text)
    (statement,) = block.statements
    (name,) = block.names
    if not is_definition(statement) or name != (said.name or name):
        return ""
    found = there.named(name)
    if len(found) != 1 or found[0].loose:
        return f"`{name}` is defined {times(len(found))} in the file"
    (old,) = found
    if not _same_kind(statement, old, block) or not _agrees(said, old, block):
        return ""
    if isinstance(statement, ast.ClassDef) and not _keeps_members(there, old, statement):
        return f"the new text of `{name}` has not all that the old one has"
    if old.decorated and not getattr(statement, "decorator_list", []):
        return f"`{name}` has decorators, of which the new text says nothing"
    if block.rigid and block.margin != old.indent:
        return ""
    if _indented_otherwise(there, block, old):
        return OTHER_INDENTATION
    own = [old.indent + line if line.strip() else "" for line in block.lines]
    return in_place(text, there.lines, old.first, old.last, own) or (
        f"the lines of `{name}` stand elsewhere too"
    )


def renamed(text: str, code: str, old: str, new: str) -> Operation | str:
    """The edit that puts the definition of a new name in place of that of an old one."""
    block, there = _block(code), source(text)
    if block is None or there is None or block.names != (new,) or there.named(new):
        return ""
    found = there.named(old)
    if len(found) != 1 or found[0].loose:
        return f"`{old}` is defined {times(len(found))} in the file"
    (one,) = found
    if not _same_kind(block.statements[0], one, block) or _indented_otherwise(there, block, one):
        return ""
    if block.rigid and block.margin != one.indent:
        return ""
    own = [one.indent + line if line.strip() else "" for line in block.lines]
    return in_place(text, there.lines, one.first, one.last, own) or ""


def _same_kind(statement: ast.stmt, old: Definition, block: _Block) -> bool:
    if isinstance(statement, ast.ClassDef):
        return old.kind == "class" and not old.indent and not block.margin
    if old.kind != "function":
        return False
    return block.methods if old.owner else not (old.indent or block.margin or block.methods)


def _agrees(said: Anew, old: Definition, block: _Block) -> bool:
    """Whether the lines that the plan states, or shows, are as many as the definition has."""
    sizes = {old.last - old.first + 1, old.last - old.head + 1}
    stated = None if said.lines is None else said.lines.last - said.lines.first + 1
    if said.verb in ("replace", "rewrite"):
        return stated is None or stated == 1 or any(abs(stated - size) <= 1 for size in sizes)
    # What is updated may be shown in part; not if as many lines are named or shown as there are.
    whole = len(block.lines) >= min(sizes) and stated is None and _ends(block)
    return said.entire or whole or (stated is not None and stated in sizes)


def _ends(block: _Block) -> bool:
    """Whether a function that is shown ends as one does, and not where more may follow."""
    last = block.statements[-1]
    body = getattr(last, "body", [])
    return bool(body) and isinstance(
        body[-1], ast.Return | ast.Raise | ast.With | ast.AsyncWith | ast.Try | ast.Expr
    )


def _keeps_members(there: Source, old: Definition, new: ast.ClassDef) -> bool:
    within = f"{old.owner}.{old.name}" if old.owner else old.name
    members = {each.name for each in there.definitions if each.owner == within and not each.loose}
    block = source(ast.unparse(new))
    given = {each.name for each in block.definitions if each.owner == new.name} if block else set()
    return members <= given
