"""Steps: the five kinds, the operations of an edit, and expectations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runbook.core.model import Commit, Edit, Manual, Run, Step, Verify
from runbook.core.operations import Operation, Patch, SetValues, Structural
from runbook.format import scalars
from runbook.format.expectations import read_expect
from runbook.format.forms import Form, Key, key_name, read_form, refuse_mark
from runbook.format.operations import OPERATION_KEYS, read_changes, read_operation
from runbook.format.patches import with_targets
from runbook.format.structures import check_targets
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source

_COMMON = {
    "title": Key(scalars.message, "title", "the step's heading in the plan"),
    "note": Key(scalars.code, "note", "a remark printed under the step"),
}


def read_changes_later(_source: Source, node: Node) -> Node:
    """The list of changes, which `read_changes` reads when the step is known."""
    return node


_CHANGES = Key(read_changes_later, "changes", "several changes, applied as one")

_EDIT_KEYS = {
    "edit": Key(scalars.listing(scalars.target), "targets", "the file, or files, to edit"),
    **_COMMON,
    "changes": _CHANGES,
}
EDIT = Form("an edit", {**_EDIT_KEYS, **OPERATION_KEYS})

_COMMAND = {
    "expect": Key(read_expect, "expect", "what the command must have done"),
    "timeout": Key(scalars.seconds, "timeout", "how long it may take, such as `10m`"),
    "env": Key(scalars.environment, "env", "variables of this command"),
}

RUN = Form(
    "a run step",
    {
        "run": Key(scalars.message, "command", "a command that changes files", required=True),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target), "files", "what it may change", required=True),
        **_COMMAND,
    },
)

VERIFY = Form(
    "a verify step",
    {
        "verify": Key(
            scalars.message, "command", "a command whose outcome is judged", required=True
        ),
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
        "commit": Key(scalars.message, "message", "the commit's message", required=True),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target), "files", "the paths it contains"),
        "trailers": Key(scalars.listing(scalars.trailer), "trailers", "added to `co-authored-by`"),
    },
)

MANUAL = Form(
    "a manual step",
    {
        "manual": Key(scalars.message, "instructions", "what a person is to do", required=True),
        **_COMMON,
        "files": Key(scalars.listing(scalars.target, empty=True), "files", "what may change"),
    },
)


def _check_verify(source: Source, node: MappingNode, values: dict[str, Any]) -> None:
    if "guard" not in values and "retries" not in values:
        return
    nodes = {key.value: key for key, _ in node.value}
    if values.get("guard") and values.get("fails_at"):
        source.error(
            nodes["guard"],
            "`guard` says that the check passes before, and `fails-at` that it fails",
            "keep one of the two",
        )
    if (values.get("retries") or 0) < 0:
        source.error(nodes["retries"], "`retries` is a number from 0")


def _with_position(
    form: Form, build: Callable[..., Step]
) -> Callable[[Source, MappingNode], Step | None]:
    required = [key.field for key in form.keys.values() if key.required]

    def read(source: Source, node: MappingNode) -> Step | None:
        values = read_form(source, node, form)
        if any(values.get(field) is None for field in required):
            return None
        if form is VERIFY:
            _check_verify(source, node, values)
        if None in values.values():
            values = {name: value for name, value in values.items() if value is not None}
        return build(**values, at=source.position(node))

    return read


def _read_edit(source: Source, node: MappingNode) -> Step | None:
    values = read_form(source, node, EDIT)
    targets = values.get("targets")
    listed = values.get("changes")
    if listed is None:
        operation = read_operation(source, node, values)
        changes: tuple[Operation, ...] = () if operation is None else (operation,)
    else:
        for key, _ in node.value:
            if key.value in OPERATION_KEYS:
                source.error(key, f"`{key.value}` stands beside `changes`", "move it into the list")
        changes = read_changes(source, listed)
    if not targets or not changes:
        return None
    changes = tuple(
        with_targets(source, change, targets) if isinstance(change, Patch) else change
        for change in changes
    )
    for change in changes:
        if isinstance(change, SetValues | Structural):
            check_targets(source, change, targets)
    title, note = values.get("title"), values.get("note")
    return Edit(targets, changes, title, note, source.position(node))


_KINDS: dict[str, Callable[[Source, MappingNode], Step | None]] = {
    "edit": _read_edit,
    "run": _with_position(RUN, Run),
    "verify": _with_position(VERIFY, Verify),
    "commit": _with_position(COMMIT, Commit),
    "manual": _with_position(MANUAL, Manual),
}
FORMS = (EDIT, RUN, VERIFY, COMMIT, MANUAL)


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
