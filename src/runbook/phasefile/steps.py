"""Steps: the five kinds, the operations of an edit, and expectations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runbook.core.model import (
    Commit,
    Distinct,
    Edit,
    Expect,
    Manual,
    Run,
    Step,
    TestsExpectation,
    Verify,
)
from runbook.core.operations import (
    Append,
    Create,
    Delete,
    Insert,
    MoveTo,
    Operation,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    Substitute,
)
from runbook.phasefile import scalars
from runbook.phasefile.forms import Form, Key, key_name, read_form, refuse_mark
from runbook.phasefile.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source

_OPERATION_KEYS = {
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
    "regex": Key(scalars.code, "regex", "Python regular expression to rewrite"),
    "rewrite": Key(scalars.code, "rewrite", "what its matches become"),
    "pattern": Key(scalars.code, "pattern", "structural pattern (ast-grep)", planned=True),
    "rule": Key(scalars.text, "rule", "structural rule (ast-grep)", planned=True),
    "language": Key(scalars.text, "language", "language of a structural edit", planned=True),
    "patch": Key(scalars.code, "patch", "unified diff", planned=True),
    "set": Key(scalars.text, "set", "keys to values in TOML, YAML or JSON", planned=True),
    "count": Key(scalars.occurrences, "count", "how often the text is found in each file"),
    "lines": Key(scalars.line_range, "lines", "where the text stood in `base`, a hint"),
    "match": Key(
        scalars.choice("exact", "indent", "whitespace"),
        "match",
        "what matching ignores",
    ),
}

OPERATION = Form("a change", _OPERATION_KEYS)

_MAIN_KEYS = {
    "replace": ("with", "count", "lines", "match"),
    "remove": ("count", "lines", "match"),
    "after": ("insert", "count", "lines", "match"),
    "before": ("insert", "count", "lines", "match"),
    "from": ("through", "with", "lines", "match"),
    "append": (),
    "prepend": (),
    "create": ("mode", "lines"),
    "rewrite-file": ("lines",),
    "delete": (),
    "move-to": (),
    "regex": ("rewrite", "count"),
    "pattern": ("rewrite", "language"),
    "rule": ("rewrite", "language"),
    "patch": (),
    "set": (),
}
_REQUIRED = {
    "replace": ("with",),
    "after": ("insert",),
    "before": ("insert",),
    "from": ("through", "with"),
    "regex": ("rewrite", "count"),
}

TESTS = Form(
    "`tests`",
    {
        "passed": Key(scalars.tally, "passed", "tests that passed"),
        "failed": Key(scalars.tally, "failed", "tests that failed"),
        "errors": Key(scalars.tally, "errors", "tests or files with an error outside the test"),
        "skipped": Key(scalars.tally, "skipped", "tests that were skipped"),
        "xfailed": Key(scalars.tally, "xfailed", "tests that failed as they are marked to"),
        "workers": Key(scalars.count, "workers", "processes that ran tests"),
        "workers-per-file": Key(
            scalars.count, "workers_per_file", "processes that ran tests of each file"
        ),
        "fails-with": Key(
            scalars.listing(scalars.code), "fails_with", "text in a failure or collection error"
        ),
    },
)


def _tests(source: Source, node: Node) -> TestsExpectation | None:
    if isinstance(node, ScalarNode):
        outcome: Any = scalars.choice("pass", "fail")(source, node)
        return None if outcome is None else TestsExpectation(outcome)
    if isinstance(node, MappingNode) and not node.value:
        source.error(node, "`tests` is `pass`, `fail` or a mapping of at least one key")
    return TestsExpectation(**read_form(source, node, TESTS))


DISTINCT = Form(
    "`distinct`",
    {
        "pattern": Key(scalars.code, "pattern", "regular expression", required=True),
        "count": Key(scalars.count, "count", "how many different matches", required=True),
    },
)


def _distinct(source: Source, node: Node) -> Distinct | None:
    values = read_form(source, node, DISTINCT)
    return Distinct(**values) if len(values) == 2 else None


EXPECT = Form(
    "`expect`",
    {
        "exit": Key(scalars.exit_status, "exit", "exit status: a number, a list, `nonzero`"),
        "tests": Key(_tests, "tests", "what pytest did: `pass`, `fail`, or counts"),
        "contains": Key(scalars.listing(scalars.code), "contains", "text the output has"),
        "absent": Key(scalars.listing(scalars.code), "absent", "text the output does not have"),
        "matches": Key(
            scalars.listing(scalars.code),
            "matches",
            "regular expression on the output",
        ),
        "distinct": Key(_distinct, "distinct", "number of different matches"),
        "output": Key(scalars.code, "output", "the exact output"),
        "empty": Key(scalars.boolean, "empty", "nothing but white space"),
        "line-count": Key(scalars.count, "line_count", "number of output lines"),
        "prose": Key(scalars.code, "prose", "the plan's own words; checks nothing"),
    },
)


def _expect(source: Source, node: Node) -> Expect:
    values = read_form(source, node, EXPECT)
    for needle in (*values.get("contains", ()), *values.get("absent", ())):
        if not needle:
            source.error(node, "an empty text can't be looked for in the output")
    return Expect(**values)


_COMMON = {
    "title": Key(scalars.code, "title", "the step's heading in the plan"),
    "note": Key(scalars.code, "note", "a remark printed under the step"),
}
_CHANGES = Key(lambda _source, node: node, "changes", "several changes, applied as one")

_EDIT_KEYS = {
    "edit": Key(scalars.listing(scalars.target), "targets", "the file, or files, to edit"),
    **_COMMON,
    "changes": _CHANGES,
}
EDIT = Form("an edit", {**_EDIT_KEYS, **_OPERATION_KEYS})

_COMMAND = {
    "expect": Key(_expect, "expect", "what the command must have done"),
    "timeout": Key(scalars.seconds, "timeout", "how long it may take, such as `10m`"),
    "env": Key(scalars.environment, "env", "variables of this command"),
}

RUN = Form(
    "a run step",
    {
        "run": Key(scalars.code, "command", "a command that changes files"),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target), "files", "what it may change", required=True),
        **_COMMAND,
    },
)

VERIFY = Form(
    "a verify step",
    {
        "verify": Key(scalars.code, "command", "a command whose outcome is judged"),
        **_COMMON,
        **_COMMAND,
        "retries": Key(scalars.integer, "retries", "tries after a failed one"),
        "fails-at": Key(
            scalars.choice("task", "phase", "base"),
            "fails_at",
            "the starting state on which the check must fail",
        ),
        "guard": Key(scalars.boolean, "guard", "the check passes before and after"),
    },
)

COMMIT = Form(
    "a commit step",
    {
        "commit": Key(scalars.code, "message", "the commit's message"),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target), "files", "the paths it contains"),
        "trailers": Key(scalars.listing(scalars.trailer), "trailers", "added to `co-authored-by`"),
    },
)

MANUAL = Form(
    "a manual step",
    {
        "manual": Key(scalars.code, "instructions", "what a person is to do"),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target), "files", "what may change"),
    },
)


def _with_position(
    form: Form, build: Callable[..., Step]
) -> Callable[[Source, MappingNode], Step | None]:
    required = next(iter(form.keys.values())).field

    def read(source: Source, node: MappingNode) -> Step | None:
        values = read_form(source, node, form)
        if values.get(required) is None:
            return None
        return build(**{k: v for k, v in values.items() if v is not None}, at=source.position(node))

    return read


def _read_edit(source: Source, node: MappingNode) -> Step | None:
    values = read_form(source, node, EDIT)
    common = {name: values.pop(name, None) for name in ("title", "note")}
    targets = values.pop("targets", None) or ()
    listed = values.pop("changes", None)
    names = [key.value for key, _ in node.value]
    if listed is None:
        operation = _operation(source, node, values)
        changes: tuple[Operation, ...] = () if operation is None else (operation,)
    else:
        for key, _ in node.value:
            if key.value in _OPERATION_KEYS and not _OPERATION_KEYS[key.value].planned:
                source.error(key, f"`{key.value}` stands beside `changes`", "move it into the list")
        changes = _changes(source, listed)
    if not targets or not changes or "edit" not in names:
        return None
    return Edit(targets, changes, **common, at=source.position(node))


def _changes(source: Source, node: Node) -> tuple[Operation, ...]:
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "`changes` is a list of at least one change")
        return ()
    found = []
    for item in node.value:
        if source.mark_before(item):
            refuse_mark(source, item)
        elif isinstance(item, MappingNode):
            operation = _operation(source, item, read_form(source, item, OPERATION))
            if operation is not None:
                found.append(operation)
        else:
            source.error(item, "a change is a mapping such as `replace:` and `with:`")
    return tuple(found)


def _operation(source: Source, node: MappingNode, values: dict[str, Any]) -> Operation | None:
    """The one operation stated by a mapping's keys."""
    names = {key.value: key for key, _ in node.value}
    mains = [name for name in names if name in _MAIN_KEYS]
    if len(mains) != 1:
        if not mains:
            source.error(
                node, "no change is stated", "an edit has `replace` and `with`, or `create`"
            )
        else:
            second = names[mains[1]]
            source.error(
                second,
                f"`{mains[1]}` and `{mains[0]}` in one change",
                "list the two under `changes:`",
            )
        return None
    (main,) = mains
    for name, key in names.items():
        if name in _OPERATION_KEYS and name != main and name not in _MAIN_KEYS[main]:
            source.error(key, f"`{name}` has no meaning beside `{main}`")
    missing = [name for name in _REQUIRED.get(main, ()) if name not in names]
    for name in missing:
        source.error(names[main], f"`{main}` needs the key `{name}`")
    stated = {name: value for name, value in values.items() if value is not None}
    if missing or _OPERATION_KEYS[main].field not in stated:
        return None
    return _build(main, stated, source.position(names[main]), source, node)


def _build(
    main: str, stated: dict[str, Any], at: Any, source: Source, node: MappingNode
) -> Operation | None:
    bounds = {name: stated[name] for name in ("count", "lines", "match") if name in stated}
    match main:
        case "replace":
            if "replacement" not in stated:
                return None
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
            if not stated["delete"]:
                source.error(node, "`delete` is `true` or is left out")
            return Delete(at=at)
        case "move-to":
            return MoveTo(stated["move_to"], at=at)
        case "regex":
            return Substitute(stated["regex"], stated["rewrite"], stated["count"], at=at)
        case _:
            return None


_KINDS: dict[str, Callable[[Source, MappingNode], Step | None]] = {
    "edit": _read_edit,
    "run": _with_position(RUN, Run),
    "verify": _with_position(VERIFY, Verify),
    "commit": _with_position(COMMIT, Commit),
    "manual": _with_position(MANUAL, Manual),
}
FORMS = (EDIT, RUN, VERIFY, COMMIT, MANUAL, EXPECT, TESTS, DISTINCT, OPERATION)


def read_steps(source: Source, node: Node) -> tuple[Step, ...]:
    """The steps of a task or of a verification, in order."""
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "a list of at least one step is expected here")
        return ()
    steps = []
    for item in node.value:
        if source.mark_before(item):
            refuse_mark(source, item)
            continue
        if not isinstance(item, MappingNode):
            source.error(item, "a step is a mapping such as `verify: COMMAND`")
            continue
        kinds = [key for key, _ in item.value if key.value in _KINDS]
        if not kinds:
            _refuse_kindless(source, item)
            continue
        if len(kinds) > 1:
            source.error(
                kinds[1],
                f"`{kinds[1].value}` and `{kinds[0].value}` in one step",
                f"begin a new step with `- {kinds[1].value}:`",
            )
            continue
        step = _KINDS[kinds[0].value](source, item)
        if step is not None:
            steps.append(step)
    return tuple(steps)


def _refuse_kindless(source: Source, node: MappingNode) -> None:
    from runbook.core.diagnostics import suggestion

    first = node.value[0][0] if node.value else node
    name = key_name(source, first) if node.value else None
    hint = suggestion(name or "", _KINDS) or "a step begins with one of these five"
    source.error(first, "a step is an `edit`, `run`, `verify`, `commit` or `manual`", hint)
