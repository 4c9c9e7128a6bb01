"""A statement given anew that has all of the old one and more: an import, a list of constants."""

from __future__ import annotations

import ast
import re
from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Operation
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.definitions import parsed, source
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.wording import inexact

_GROWS = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally)\b,?\s+)?"
    r"(?:in\s+`[^`\n]+`,?\s*)?(?:update|extend|expand|add|change|replace)\b",
    re.IGNORECASE,
)


def grown(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """An import or a collection of constants that the file has with less in it."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or elided(piece.text) or inexact(lead) or asks_for_more(lead):
        return None
    statement = _one(piece.text)
    if statement is None or not _GROWS.match(lead):
        return None
    if isinstance(statement, ast.ImportFrom):
        if not re.search(r"\bimports?\b", lead, re.IGNORECASE):
            return None
        find = partial(_import, new=statement, code=piece.text)
        name = statement.module or ""
    else:
        name = _name(statement)
        if not re.search(rf"\b{re.escape(name)}\b", lead):
            return None
        find = partial(_collection, name=name, new=statement, code=piece.text)
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None or not path.endswith((".py", ".pyi")):
        return None
    stand_in = Append(Text(piece.text, True))
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=(name,), sure=False
    )


def _one(code: str) -> ast.ImportFrom | ast.Assign | ast.AnnAssign | None:
    """The only statement of a block, if it is an import or names a collection."""
    tree = None if code[:1] in " \t" else parsed(code)
    if tree is None or len(tree.body) != 1:
        return None
    match tree.body[0]:
        case ast.ImportFrom() as statement:
            return statement
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()) as statement:
            return statement if _items(statement.value) is not None else None
        case _:
            return None


def _name(statement: ast.Assign | ast.AnnAssign) -> str:
    named = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return named.id if isinstance(named, ast.Name) else ""


def _items(node: ast.expr | None) -> list[str] | None:
    """The items of a collection as text, keys with their values; `None` where it is none."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [ast.dump(item) for item in items]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            pairs = zip(keys, values, strict=True)
            return [f"{ast.dump(key)}: {ast.dump(value)}" for key, value in pairs if key]
        case _:
            return None


def _import(text: str, new: ast.ImportFrom, code: str) -> Operation | str:
    """The import of the same module in place of which the block stands."""
    tree = parsed(text)
    if tree is None or source(text) is None:
        return ""
    same = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module, node.level) == (new.module, new.level)
    ]
    if len(same) != 1 or same[0] not in tree.body:
        return ""
    before = {(each.name, each.asname) for each in same[0].names}
    if not before < {(each.name, each.asname) for each in new.names}:
        return ""
    return _instead(text, same[0], code)


def _collection(
    text: str, name: str, new: ast.Assign | ast.AnnAssign, code: str
) -> Operation | str:
    there, tree = source(text), parsed(text)
    if there is None or tree is None:
        return ""
    found = there.named(name)
    if len(found) != 1 or found[0].loose or found[0].owner or found[0].kind != "value":
        return ""
    old = next(
        (
            node
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno - 1 == found[0].head
        ),
        None,
    )
    items, more = _items(old.value) if old else None, _items(new.value)
    if old is None or items is None or more is None or type(old.value) is not type(new.value):
        return ""
    if isinstance(old, ast.AnnAssign) and not isinstance(new, ast.AnnAssign):
        return ""  # its type would be lost
    kept = [item for item in more if item in items]
    if kept != items or len(more) <= len(items):
        return ""
    return _instead(text, old, code)


def _instead(text: str, old: ast.stmt, code: str) -> Operation | str:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    first, last = old.lineno - 1, (old.end_lineno or old.lineno) - 1
    # What is said beside the old items is not to be lost.
    said = [mark for line in lines[first : last + 1] for mark in re.findall(r"#.*", line)]
    if any(mark.strip() not in code for mark in said) or ";" in lines[last]:
        return ""
    return in_place(text, lines, first, last, code.strip("\n").split("\n")) or ""
