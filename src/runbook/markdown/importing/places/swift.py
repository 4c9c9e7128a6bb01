"""What is added to the types of a Swift file, each behind what is of its kind, by ast-grep."""

from __future__ import annotations

import re
from typing import Any

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored, made_of
from runbook.markdown.importing.places.lines import margin_of, plain_lines
from runbook.markdown.importing.places.treesymbols import is_extension, last_line, root_of

_TYPES = ("class_declaration", "protocol_declaration")
_COMMENTS = ("comment", "multiline_comment")
_CASE = "enum_entry"
_FIELD = "property_declaration"
_FUNCTION = "function_declaration"


def member(text: str, path: str, code: str, owner: str | None = None) -> Operation | str:
    """The insertion of members into a type: one that is named, or the only one at the top.

    Cases and stored values go behind the others of their kind, all else to the end of the type.
    """
    there = root_of(text, path)
    if there is None:
        return ""
    found = _named(there, owner) if owner else _only(there)
    if len(found) != 1:
        return f"`{owner}` is not defined once in the file" if owner else ""
    own = _members(code, path, found[0])
    indented = code.lstrip("\n")[:1] in (" ", "\t")
    if not own or not (owner or indented or not any(each.kind() in _TYPES for each in own)):
        return ""  # a type may be one of the file
    if _name(found[0]) in map(_name, own):
        return ""  # it shows the type, and no members
    body = found[0].field("body")
    if body.kind() == "protocol_body" and any(_body_of(each) for each in own):
        return ""  # what it does is said in an extension
    taken = {key for each in body.children() if (key := _key(each))} & set(map(_key, own))
    if taken:
        return f"already there: `{min(taken).partition('(')[0]}` is in `{_name(found[0])}`"
    last = _last(body, own)
    return _behind(text, path, code, last, {each.kind() for each in own}) if last else ""


def can_end(text: str, path: str, code: str) -> bool:
    """Whether a block can stand at the end of a file: types, or functions beside others."""
    there, block = root_of(text, path), root_of(code.strip("\n"), path)
    if there is None or block is None:
        return False
    kinds = {each.kind() for each in block.children()} - {*_COMMENTS}
    free = any(each.kind() == _FUNCTION for each in there.children()) or not _types(there)
    return bool(kinds) and kinds <= {*_TYPES, "typealias_declaration", *([_FUNCTION] * free)}


def _types(root: Any) -> list[Any]:
    return [each for each in root.children() if each.kind() in _TYPES]


def _only(root: Any) -> list[Any]:
    """The only type at the top, where all else is imports and comments."""
    others = ("import_declaration", "directive", *_COMMENTS, *_TYPES)
    plain = all(each.kind() in others for each in root.children())
    return _types(root) if plain else []


def _named(root: Any, name: str) -> list[Any]:
    """The types of a name, wherever they stand; extensions where there is nothing else."""
    found, below = [], _types(root)
    while below:
        node = below.pop()
        found += [node] if _name(node) == name and node.field("body") else []
        below += _types(node.field("body")) if node.field("body") else []
    return [each for each in found if not is_extension(each)] or found


def _members(code: str, path: str, owner: Any) -> list[Any]:
    """The members that a block shows, if it shows nothing else."""
    kind = owner.field("declaration_kind")
    around = "protocol It" if kind is None else f"{kind.text()} It"
    root = root_of(f"{around} {{\n{code}\n}}", path)
    nodes = [] if root is None else root.children()
    if len(nodes) != 1 or nodes[0].field("body") is None or "{" not in nodes[0].text():
        return []
    inner = nodes[0].field("body").children()[1:-1]
    own = [each for each in inner if each.kind() not in _COMMENTS]
    return own if all(_key(each) for each in own) else []


def _last(body: Any, own: list[Any]) -> Any:
    """What some members go behind; nothing where the type has none of their kind."""
    inner = body.children()[1:-1]
    if not inner:
        return None
    kinds = {each.kind() for each in own}
    if kinds == {_CASE}:
        cases = [each for each in inner if each.kind() == _CASE]
        return cases[-1] if cases else None
    if kinds == {_FIELD} and not any(map(_computed, own)):
        fields = [each for each in inner if each.kind() == _FIELD and not _computed(each)]
        return fields[-1] if fields else None
    free = (each.kind() != _FIELD or _computed(each) or _is_static(each) for each in own)
    if _CASE in kinds or not all(free):
        return None
    # Behind a comment, or what depends on a condition, it could be of that.
    return inner[-1] if _key(inner[-1]) else None


def _behind(text: str, path: str, code: str, last: Any, kinds: set[str]) -> Operation | str:
    lines, at = plain_lines(text), last.range()
    first, end = at.start.line, last_line(last)
    if re.sub(r"//.*", "", lines[end][at.end.column :]).strip():
        return ""
    own = code.strip("\n").split("\n")
    there, margin = margin_of(own[0]), margin_of(lines[first])
    if any(line.strip() and not line.startswith(there) for line in own):
        return ""
    new = [margin + line[len(there) :] if line.strip() else "" for line in own]
    small = len(kinds) == 1 and kinds <= {_CASE, _FIELD}
    below = lines[end + 1].strip() if end + 1 < len(lines) else ""
    apart = [] if small else [""]
    change = anchored(text, lines, first, end, "after", [*apart, *new])
    if change is None:
        return "the lines of its last member stand elsewhere too"
    made = made_of(text, change)
    if made is None or root_of(made, path) is None or (below and not small and below[0] != "}"):
        return ""
    return change


def _computed(node: Any) -> bool:
    return any(each.kind() == "computed_property" for each in node.children())


def _is_static(node: Any) -> bool:
    return re.match(r"(?:[\w()@]+\s+)*?static\b", node.text()) is not None


def _body_of(node: Any) -> bool:
    """Whether a member does something: it is no stored value, and no demand of a protocol."""
    does = node.field("body") is not None or _computed(node)
    return does or ("{" in node.text() and not re.search(r"\{\s*(?:get|set)\b", node.text()))


def _name(node: Any) -> str:
    named = node.field("name")
    return "" if named is None else str(named.text())


def _key(node: Any) -> str:
    """What tells a member from others of its type: functions may share a name."""
    kind, name = node.kind(), _name(node)
    if kind in (*_TYPES, _CASE, _FIELD, "typealias_declaration", "protocol_property_declaration"):
        return name.split()[-1] if name else ""
    if kind in (_FUNCTION, "init_declaration", "protocol_function_declaration"):
        labels = [
            each.text().split(":")[0].strip()
            for each in node.children()
            if each.kind() == "parameter"
        ]
        return f"{name}({','.join(labels)})"
    return ""
