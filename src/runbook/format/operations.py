"""The table of operations: the keys that state each, and what they mean together."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from runbook.core.matching.texts import Matching
from runbook.core.model.data import LANGUAGES, LISTED, SAY_LANGUAGE, language_of
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    DropImport,
    EnsureImport,
    Indent,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Prepend,
    Remove,
    RemoveLines,
    Rename,
    Replace,
    ReplaceRange,
    RewriteFile,
    SetValues,
    Structural,
    Substitute,
    Target,
    UnsetValues,
)
from runbook.core.value import field, value
from runbook.format.data import assignments, removals, rule, sibling
from runbook.format.forms import Key, Report
from runbook.format.imports import statements
from runbook.format.lists import choice
from runbook.format.names import new_path
from runbook.format.numbers import boolean, columns, file_mode, line_range, occurrences
from runbook.format.patches import diff, fit_patch, patch_of
from runbook.format.renames import names, text_or_names
from runbook.format.structures import check_language, check_variables, fit_structural, pattern
from runbook.format.texts import code, regex, search_text, source_text, text
from runbook.format.yamltree import MappingNode, Node, Source

Check = Callable[[Source, MappingNode, dict[str, Any]], None]
"""Records what is wrong only in keys taken together, and puts right what they mean so."""
Fit = Callable[[Any, tuple[Target, ...], Report], Operation]
"""The operation as it is of the targets of its edit; what does not fit is reported."""


@value
class Row:
    """One operation: what makes it, and its keys; a key without a field is kept nowhere.

    The first key tells the operation, or one of `mains`, which of them `told` is said by. `says`
    is what a plan says, for each of them: words that `{files}` and keys in braces stand in, and
    keys in brackets, which stand in fences.
    """

    model: type[Operation]
    keys: dict[str, Key]
    says: tuple[str, ...]
    mains: tuple[str, ...] = ()
    table: bool = False  # whether the main key has a mapping, and another row the same with a text
    told: str | None = None
    build: Callable[..., Operation] | None = None
    check: Check | None = None
    fit: Fit | None = None
    main_keys: tuple[str, ...] = field(init=False)
    required: tuple[str, ...] = field(init=False)  # beside the main key
    beside: frozenset[str] = field(init=False)  # what may stand beside the main key

    def __post_init__(self) -> None:
        mains = self.mains or (next(iter(self.keys)),)
        required = tuple(name for name, key in self.keys.items() if key.required)
        object.__setattr__(self, "main_keys", mains)
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "beside", frozenset(self.keys) - {*mains})

    def made(self, main: str, values: dict[str, Any], **place: Any) -> Operation:
        """The operation that is stated by these values, which are given by key."""
        fields = {
            key.field: values[name]
            for name, key in self.keys.items()
            if key.field and values.get(name) is not None
        }
        if self.told:
            fields[self.told] = main
        operation: Operation = (self.build or self.model)(**fields, **place)
        return operation

    def main_of(self, operation: Operation) -> str:
        """The key that tells an operation of this row."""
        if self.told:
            return str(getattr(operation, self.told))
        stated = (name for name in self.main_keys if self.content(name, operation) is not None)
        return next(stated, self.main_keys[0])

    def content(self, name: str, operation: Operation) -> Any:
        """What a key says of an operation."""
        key = self.keys[name]
        if key.field:
            return getattr(operation, key.field)
        # Of a key that is kept nowhere there is only to say that it is there.
        return True if name in self.main_keys else None


def value_node(node: MappingNode, name: str) -> Node:
    """What stands behind a key of a mapping."""
    found: Node = next(value for key, value in node.value if key.value == name)
    return found


def _check_replace(source: Source, node: MappingNode, stated: dict[str, Any]) -> None:
    if stated["replace"].value == stated["with"].value:
        source.error(
            value_node(node, "with"), "`with` says the same as `replace`: nothing would change"
        )


def _check_indent(source: Source, node: MappingNode, stated: dict[str, Any]) -> None:
    for name in ("from", "through"):
        if not stated[name].whole_lines:
            source.error(
                value_node(node, name),
                "`indent` is about whole lines, and this text stands inside a line",
                "put it under `|`, with its indentation",
            )


def _check_regex(source: Source, node: MappingNode, stated: dict[str, Any]) -> None:
    try:
        # Compiled before anything is looked for, so that nothing need match.
        re.compile(stated["regex"], re.MULTILINE).sub(stated["rewrite"], "")
    except (re.error, IndexError) as error:
        message = f"`rewrite` does not fit `regex`: {error}"
        digits = re.search(r"group reference (\d)(\d+)", str(error))
        hint = (
            f"`\\g<{digits[1]}>{digits[2]}` is group {digits[1]} and `{digits[2]}`"
            if digits
            else None
        )
        source.error(value_node(node, "rewrite"), message, hint)


def _check_structural(source: Source, node: MappingNode, stated: dict[str, Any]) -> None:
    matched = stated.get("pattern") or stated["rule"]
    # What is rewritten is inside a line.
    stated["rewrite"] = stated["rewrite"].removesuffix("\n")
    check_variables(source, value_node(node, "rewrite"), stated["rewrite"], matched)
    if stated.get("language") is not None:
        check_language(source, value_node(node, "language"), stated["language"])


def _check_set(source: Source, node: MappingNode, stated: dict[str, Any]) -> None:
    if stated.get("language") not in (None, *LANGUAGES):
        source.error(
            value_node(node, "language"),
            f"data files are in {LISTED}",
            suggestion(stated["language"], LANGUAGES),
        )
    sides = [side for side in ("after", "before") if stated.get(side) is not None]
    for side in sides:
        # It was read as a text to look for, as it is in other operations.
        stated[side] = sibling(side).read(source, value_node(node, side))
    if len(sides) > 1:
        source.error(value_node(node, "before"), "a key goes `after` another one or `before` it")


def _fit_set(
    operation: SetValues | UnsetValues, targets: tuple[Target, ...], report: Report
) -> SetValues | UnsetValues:
    for target in targets:
        # A glob is looked at when it is expanded.
        if operation.language is None and isinstance(target, str) and not language_of(target):
            report(f"by its name it can't be told which language {target} is in",
                   SAY_LANGUAGE)  # fmt: skip
    return operation


_COUNT = {
    "count": Key(occurrences, "count", "how often it is found in each file: a number, or `all`")
}
_LINES = {"lines": Key(line_range, "lines", "where the text stood in `base`, a hint")}
_MATCH = {"match": Key(choice(*get_args(Matching)), "match", "what matching ignores")}
_BOUNDS = {**_COUNT, **_LINES, **_MATCH}
# A hint that whole files have in plans, where it says nothing.
_IDLE_LINES = {"lines": Key(line_range, "", _LINES["lines"].meaning)}
_WITH = {"with": Key(source_text, "replacement", "what stands there afterwards", required=True)}
_REWRITE = {"rewrite": Key(code, "rewrite", "what its matches become", required=True)}
_LANGUAGE = {"language": Key(text, "language", "the file's language, where its name tells none")}

ROWS = (
    Row(
        Replace,
        {
            "replace": Key(text_or_names, "search", "exact text to replace, or a table of names"),
            **_WITH,
            **_BOUNDS,
        },
        ("Change {files} from{count}: [replace] To: [with]",),
        check=_check_replace,
    ),
    Row(
        Rename,
        {"replace": Key(names, "table", "names and what replaces each of them")},
        ("In {files}, replace each of these names: [replace]",),
        table=True,
    ),
    Row(
        Remove,
        {"remove": Key(search_text, "search", "exact text to remove"), **_BOUNDS},
        ("Remove from {files}{count}: [remove]",),
    ),
    Row(
        Insert,
        {
            "after": Key(search_text, "anchor", "anchor to insert after"),
            "before": Key(search_text, "anchor", "anchor to insert before"),
            "insert": Key(source_text, "text", "the text to insert at the anchor", required=True),
            **_BOUNDS,
        },
        (
            "In {files}, after{count}: [after] Insert: [insert]",
            "In {files}, before{count}: [before] Insert: [insert]",
        ),
        mains=("after", "before"),
        told="side",
    ),
    Row(
        ReplaceRange,
        {
            "from": Key(search_text, "start", "first anchor of a range"),
            "through": Key(search_text, "end", "the last anchor of a range", required=True),
            **_WITH,
            **_LINES,
            **_MATCH,
        },
        ("In {files}, replace everything from: [from] Through: [through] With: [with]",),
    ),
    Row(
        Indent,
        {
            "indent": Key(columns, "columns", "columns to indent by, such as `+4`"),
            "from": Key(search_text, "start", "first lines to indent", required=True),
            "through": Key(search_text, "end", "the last lines to indent", required=True),
            **_LINES,
        },
        ("In {files}, indent by {indent} from: [from] Through: [through]",),
        check=_check_indent,
    ),
    Row(
        Append,
        {"append": Key(source_text, "text", "text at the end of the file")},
        ("Append to {files}: [append]",),
    ),
    Row(
        Prepend,
        {"prepend": Key(source_text, "text", "text at the file's beginning")},
        ("At the beginning of {files}, add: [prepend]",),
    ),
    Row(
        Create,
        {
            "create": Key(source_text, "text", "the text of a new file"),
            "mode": Key(file_mode, "mode", "permission bits of a new file"),
            **_IDLE_LINES,
        },
        ("Create {files}{mode}: [create]",),
    ),
    Row(
        RewriteFile,
        {
            "rewrite-file": Key(source_text, "text", "the text of a whole file, written anew"),
            **_IDLE_LINES,
        },
        ("Replace the whole of {files} with: [rewrite-file]",),
    ),
    Row(
        Delete,
        {"delete": Key(boolean, "", "`true` deletes the file")},
        ("Delete {files}.",),
    ),
    Row(
        MoveTo,
        {"move-to": Key(new_path, "path", "the file's new path")},
        ("Move {files} to {move-to}.",),
    ),
    Row(
        Substitute,
        {
            "regex": Key(regex, "regex", "Python regular expression to rewrite"),
            **_REWRITE,
            "count": Key(occurrences, "count", _COUNT["count"].meaning, required=True),
        },
        ("In {files}, rewrite what matches{count}: [regex] To: [rewrite]",),
        check=_check_regex,
    ),
    Row(
        RemoveLines,
        {
            "remove-lines": Key(regex, "regex", "regular expression of lines to remove"),
            "count": Key(occurrences, "count", _COUNT["count"].meaning, required=True),
        },
        ("From {files}, remove the lines that match{count}: [remove-lines]",),
    ),
    Row(
        Structural,
        {
            "pattern": Key(pattern, "pattern", "code with variables to rewrite (ast-grep)"),
            "rule": Key(rule, "rule", "rule for the code to rewrite (ast-grep)"),
            **_LANGUAGE,
            **_REWRITE,
            **_COUNT,
            **_LINES,
        },
        (
            "In {files}, rewrite the code that matches{count}: [pattern] To: [rewrite]",
            "In {files}, rewrite the code that this rule finds{count}: [rule] To: [rewrite]",
        ),
        mains=("pattern", "rule"),
        check=_check_structural,
        fit=fit_structural,
    ),
    Row(
        EnsureImport,
        {"ensure-import": Key(statements, "statements", "imports that a Python file is to have")},
        ("In {files}, import: [ensure-import]",),
    ),
    Row(
        DropImport,
        {"drop-import": Key(statements, "statements", "imports that a Python file has no more")},
        ("In {files}, import no longer: [drop-import]",),
    ),
    Row(
        Patch,
        {"patch": Key(diff, "diff", "unified diff of the edit's files")},
        ("Apply this patch to {files}: [patch]",),
        build=patch_of,
        fit=fit_patch,
    ),
    Row(
        SetValues,
        {
            "set": Key(assignments, "assignments", "keys to values in a data file"),
            "after": Key(sibling("after"), "after", "key after which new ones go"),
            "before": Key(sibling("before"), "before", "key before which new ones go"),
            **_LANGUAGE,
        },
        ("In {files}, set{after}{before}: [set]",),
        check=_check_set,
        fit=_fit_set,
    ),
    Row(
        UnsetValues,
        {"unset": Key(removals, "removals", "keys or items to take out of a data file"),
         **_LANGUAGE},
        ("In {files}, unset: [unset]",),
        check=_check_set,
        fit=_fit_set,
    ),
)  # fmt: skip

ROW_OF: dict[type, Row] = {row.model: row for row in ROWS}
BY_KEY = {main: row for row in ROWS if not row.table for main in row.main_keys}
"""The operation that each main key tells."""
BY_TABLE = {main: row for row in ROWS if row.table for main in row.main_keys}
"""Those that it tells where its value is a mapping."""
