"""The operations of an edit: their keys, and which of them go together."""

from __future__ import annotations

from typing import Any, get_args

from runbook.core.data import DataLanguage
from runbook.core.diagnostics import suggestion
from runbook.core.operations import (
    Append,
    Create,
    Delete,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    SetValues,
    Structural,
    Substitute,
    Text,
)
from runbook.format import scalars
from runbook.format.assignments import read_assignments
from runbook.format.forms import Form, Key, read_form, refuse_mark
from runbook.format.patches import read_patch
from runbook.format.patterns import regex, template_mistake
from runbook.format.structures import check_language, check_variables, read_pattern, read_rule
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source

OPERATION_KEYS = {
    "replace": Key(scalars.search_text, "search", "exact text to replace"),
    "with": Key(scalars.source_text, "replacement", "what stands there afterwards"),
    "remove": Key(scalars.search_text, "remove", "exact text to remove"),
    "after": Key(scalars.search_text, "after", "anchor to insert after"),
    "before": Key(scalars.search_text, "before", "anchor to insert before"),
    "insert": Key(scalars.source_text, "insert", "text to insert at the anchor"),
    "from": Key(scalars.search_text, "start", "first anchor of a range"),
    "through": Key(scalars.search_text, "end", "last anchor of a range"),
    "append": Key(scalars.source_text, "append", "text at the end of the file"),
    "prepend": Key(scalars.source_text, "prepend", "text at the file's beginning"),
    "create": Key(scalars.source_text, "create", "the text of a new file"),
    "mode": Key(scalars.file_mode, "mode", "permission bits of a new file"),
    "rewrite-file": Key(
        scalars.source_text, "rewrite_file", "the text of a whole file, written anew"
    ),
    "delete": Key(scalars.boolean, "delete", "`true` deletes the file"),
    "move-to": Key(scalars.path, "move_to", "the file's new path"),
    "regex": Key(regex, "regex", "Python regular expression to rewrite"),
    "rewrite": Key(scalars.code, "rewrite", "what its matches become"),
    "pattern": Key(read_pattern, "pattern", "code with variables to rewrite (ast-grep)"),
    "rule": Key(read_rule, "rule", "rule for the code to rewrite (ast-grep)"),
    "language": Key(scalars.text, "language", "the file's language, where its name tells none"),
    "patch": Key(read_patch, "patch", "unified diff of the edit's files"),
    "set": Key(read_assignments, "set", "keys to values in TOML, YAML or JSON"),
    "count": Key(scalars.occurrences, "count", "how often the text is found in each file"),
    "lines": Key(scalars.line_range, "lines", "where the text stood in `base`, a hint"),
    "match": Key(
        scalars.choice("exact", "indent", "whitespace"),
        "match",
        "what matching ignores",
    ),
}

OPERATION = Form("a change", OPERATION_KEYS)

_BOUNDS = frozenset({"count", "lines", "match"})

# Each operation by its main key, with the keys that may stand beside it.
MAIN_KEYS: dict[str, frozenset[str]] = {
    "replace": _BOUNDS | {"with"},
    "remove": _BOUNDS,
    "after": _BOUNDS | {"insert"},
    "before": _BOUNDS | {"insert"},
    "from": frozenset({"through", "with", "lines", "match"}),
    "append": frozenset(),
    "prepend": frozenset(),
    "create": frozenset({"mode", "lines"}),
    "rewrite-file": frozenset({"lines"}),
    "delete": frozenset(),
    "move-to": frozenset(),
    "regex": frozenset({"rewrite", "count"}),
    "pattern": frozenset({"rewrite", "language", "count", "lines"}),
    "rule": frozenset({"rewrite", "language", "count", "lines"}),
    "patch": frozenset(),
    "set": frozenset({"language"}),
}
REQUIRED: dict[str, frozenset[str]] = {
    main: beside & {"with", "insert", "through", "rewrite"} for main, beside in MAIN_KEYS.items()
} | {"regex": frozenset({"rewrite", "count"})}
_BESIDE = ("edit", "title", "note", "changes")


def read_changes(source: Source, node: Node) -> tuple[Operation, ...]:
    """The operations listed under `changes`, in order."""
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "`changes` is a list of at least one change")
        return ()
    found = []
    for item in node.value:
        if source.mark_before(item):
            refuse_mark(source, item)
        elif isinstance(item, MappingNode):
            operation = read_operation(source, item, read_form(source, item, OPERATION))
            if operation is not None:
                found.append(operation)
        else:
            source.error(item, "a change is a mapping such as `replace:` and `with:`")
    return tuple(found)


def read_operation(source: Source, node: MappingNode, values: dict[str, Any]) -> Operation | None:
    """The one operation stated by a mapping's keys."""
    names = {key.value: key for key, _ in node.value}
    stated = names.keys() & OPERATION_KEYS.keys()
    mains = stated & MAIN_KEYS.keys()
    if len(mains) != 1:
        _refuse_unclear(source, node, names)
        return None
    (main,) = mains
    for name in stated - MAIN_KEYS[main] - mains:
        source.error(names[name], f"`{name}` has no meaning beside `{main}`")
    for name in REQUIRED[main] - stated:
        source.error(names[main], f"`{main}` needs the key `{name}`")
    fields = [OPERATION_KEYS[name].field for name in (main, *REQUIRED[main])]
    if any(values.get(field) is None for field in fields):
        return None
    _check(source, main, values, node)
    bounds = {
        name: values[name] for name in MAIN_KEYS[main] & _BOUNDS if values.get(name) is not None
    }
    return _build(main, values, bounds, source.position(names[main]))


def _refuse_unclear(source: Source, node: MappingNode, names: dict[str, Node]) -> None:
    """Record that a change states no operation, or two."""
    mains = [name for name in names if name in MAIN_KEYS]
    if mains:
        source.error(
            names[mains[1]],
            f"`{mains[1]}` and `{mains[0]}` in one change",
            "list the two under `changes:`",
        )
        return
    if any(name not in OPERATION_KEYS and name not in _BESIDE for name in names):
        # Most likely a misspelt one, which has been told.
        return
    hint = "an edit has `replace` and `with`, or `create`, or another operation"
    if "insert" in names:
        hint = "`insert` stands beside `after` or `before`, which name the anchor"
    elif "with" in names:
        hint = "`with` stands beside `replace`, or `from` and `through`"
    source.error(node, "no change is stated", hint)


def _value(node: MappingNode, name: str) -> Node:
    found: Node = next(value for key, value in node.value if key.value == name)
    return found


def _check(source: Source, main: str, stated: dict[str, Any], node: MappingNode) -> None:
    """Record what is wrong only in keys taken together."""
    anchor = stated[OPERATION_KEYS[main].field]
    if stated.get("match") == "indent" and isinstance(anchor, Text) and not anchor.whole_lines:
        source.error(
            _value(node, "match"),
            "`match: indent` is about whole lines, and the text stands inside a line",
            f"put the text of `{main}` under `|`",
        )
    if main == "replace" and anchor.value == stated["replacement"].value:
        source.error(
            _value(node, "with"), "`with` says the same as `replace`: nothing would change"
        )
    if main == "regex":
        mistake = template_mistake(stated["regex"], stated["rewrite"])
        if mistake:
            source.error(_value(node, "rewrite"), f"`rewrite` does not fit `regex`: {mistake}")
    if main == "set" and stated.get("language") not in (None, *get_args(DataLanguage)):
        source.error(
            _value(node, "language"),
            "`set` knows the languages `toml`, `yaml` and `json`",
            suggestion(stated["language"], get_args(DataLanguage)),
        )
    if main in ("pattern", "rule"):
        check_variables(source, _value(node, "rewrite"), stated["rewrite"], anchor)
        if stated.get("language") is not None:
            check_language(source, _value(node, "language"), stated["language"])
    if main == "delete" and not stated["delete"]:
        source.error(_value(node, "delete"), "`delete` is `true` or is left out")


def _build(main: str, stated: dict[str, Any], bounds: Any, at: Any) -> Operation | None:
    match main:
        case "replace":
            return Replace(stated["search"], stated["replacement"], **bounds, at=at)
        case "remove":
            return Remove(stated["remove"], **bounds, at=at)
        case "after" | "before":
            return Insert(main, stated[main], stated["insert"], **bounds, at=at)
        case "from":
            return ReplaceRange(
                stated["start"], stated["end"], stated["replacement"], **bounds, at=at
            )
        case "append":
            return Append(stated["append"], at=at)
        case "prepend":
            return Prepend(stated["prepend"], at=at)
        case "create":
            return Create(stated["create"], stated.get("mode"), at=at)
        case "rewrite-file":
            return RewriteFile(stated["rewrite_file"], at=at)
        case "delete":
            return Delete(at=at)
        case "move-to":
            return MoveTo(stated["move_to"], at=at)
        case "regex":
            return Substitute(stated["regex"], stated["rewrite"], stated["count"], at=at)
        case "patch":
            diff, files = stated["patch"]
            return Patch(diff, files, at=at)
        case "pattern" | "rule":
            return Structural(
                stated["rewrite"].removesuffix("\n"),
                stated.get("pattern"),
                stated.get("rule"),
                stated.get("language"),
                **bounds,
                at=at,
            )
        case "set":
            return SetValues(stated["set"], stated.get("language"), at=at)
        case _:
            return None
