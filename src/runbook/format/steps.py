"""The table of steps: the six kinds, with their keys."""

from __future__ import annotations

from typing import Any, get_args

from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    FailsAt,
    Manual,
    Run,
    StartingState,
    Step,
    Verify,
)
from runbook.core.model.operations import LOOKING, Glob, Operation, Target
from runbook.core.text.counting import one_of
from runbook.format.changes import (
    CHANGES,
    OPERATION_KEYS,
    fitted,
    read_changes,
    read_operation,
    write_operation,
)
from runbook.format.content import Content, Plain, Sequence, mapping
from runbook.format.delegates import delegate
from runbook.format.expectations import expect
from runbook.format.forms import (
    Form,
    Key,
    Kind,
    dashes,
    either,
    key_name,
    kind,
    made,
    read_form,
    read_model,
    refused_mark,
    write_form,
)
from runbook.format.lists import HOOKS, choice, listing
from runbook.format.misnamed import misnamed
from runbook.format.names import environment, target, trailer
from runbook.format.numbers import boolean, integer, seconds
from runbook.format.operations import ROW_OF, value_node
from runbook.format.texts import code, instructions, message, prose
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source

STATE = choice(
    *get_args(StartingState),
    told="write where the check must fail: `task` is the commit with which its task began",
)

_TITLE = {"title": Key(message, "title", "the step's heading in the plan")}
_NOTE = {"note": Key(prose, "note", "a remark printed under the step")}

_EDIT_KEYS = {
    "edit": Key(listing(target), "targets", "the file, or files, to edit"),
    **_TITLE,
    **_NOTE,
    "changes": Key(CHANGES, "changes", "several changes, applied as one"),
}
EDIT = Form(
    "an edit",
    {**_EDIT_KEYS, **OPERATION_KEYS},
    Edit,
    twice="several changes of a file are a list under `changes`",
)

_COMMAND = {
    "timeout": Key(seconds, "timeout", "how long it may take, such as `10m`"),
    "env": Key(environment, "env", "variables of this command"),
    "expect": Key(expect, "expect", "what the command must have done"),
}

FAILS_AT = Form(
    "`fails-at`",
    {
        "state": Key(STATE, "state", "where the check must fail", required=True),
        "with": Key(listing(target, empty=True), "tests", "the tests that are carried back to it"),
    },
    FailsAt,
    tight=True,
)


def _write_fails_at(stated: str | FailsAt) -> Content:
    if isinstance(stated, FailsAt):
        return mapping(write_form(FAILS_AT, stated))
    return Plain(stated)


@kind(either({"type": "object"}, {"$ref": "#/definitions/fails-at"}, STATE.schema), _write_fails_at)
def fails_at(source: Source, node: Node) -> str | FailsAt | None:
    """A word, or a mapping with the tests that are carried back."""
    if isinstance(node, MappingNode):
        made_of: FailsAt | None = read_model(source, node, FAILS_AT)
        return made_of
    word: str | None = STATE.read(source, node)
    return word


RUN = Form(
    "a run step",
    {
        "run": Key(message, "command", "a command that changes files", required=True),
        **_TITLE,
        "files": Key(
            listing(target),
            "files",
            "what it may change; a command that changes nothing is a `verify` step",
            required=True,
        ),
        **_COMMAND,
        **_NOTE,
    },
    Run,
)

VERIFY = Form(
    "a verify step",
    {
        "verify": Key(message, "command", "a command whose outcome is judged", required=True),
        **_TITLE,
        "fails-at": Key(fails_at, "fails_at", "the starting state on which the check must fail"),
        "guard": Key(boolean, "guard", "the check passes before and after"),
        "hidden": Key(boolean, "hidden", "a delegate is not told of it"),
        "fresh": Key(boolean, "fresh", "run it although it ran on the same files before"),
        "ahead": Key(boolean, "ahead", "`false`: it is never made before its turn"),
        "retries": Key(integer, "retries", "tries after a failed one"),
        **_COMMAND,
        **_NOTE,
    },
    Verify,
)

COMMIT = Form(
    "a commit step",
    {
        "commit": Key(message, "message", "the commit's message", required=True),
        **_TITLE,
        "files": Key(listing(target), "files", "the paths it contains"),
        "force": Key(boolean, "force", "files that git ignores are committed, too"),
        "hooks": Key(HOOKS, "hooks", "what follows when a hook changed the files and refused"),
        "trailers": Key(listing(trailer), "trailers", "added to `co-authored-by`"),
        **_NOTE,
    },
    Commit,
)

MANUAL = Form(
    "a manual step",
    {
        "manual": Key(instructions, "instructions", "what a person is to do", required=True),
        **_TITLE,
        "files": Key(listing(target, empty=True), "files", "what may change"),
        "rewrites": Key(listing(code), "rewrites", "tests that the work is to change"),
        "delegate": Key(delegate, "delegate", "who takes it over, or `none`"),
        **_NOTE,
    },
    Manual,
)

CONFIRM = Form(
    "a confirm step",
    {
        "confirm": Key(instructions, "question", "what a person is to say yes to", required=True),
        **_TITLE,
        **_NOTE,
    },
    Confirm,
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


def _check_files(source: Source, node: MappingNode, values: dict[str, Any]) -> None:
    if any(isinstance(each, Glob) and each.where for each in values.get("files") or ()):
        named = value_node(node, "files")
        source.error(named, "`where` is for edits, whose changes look for a text")


def _check_where(
    source: Source, node: MappingNode, targets: tuple[Target, ...], changes: tuple[Operation, ...]
) -> None:
    if not any(isinstance(each, Glob) and each.where for each in targets):
        return
    for change in changes:
        if not isinstance(change, LOOKING):
            source.error(
                value_node(node, "edit"),
                "`where: contains` is about the text that a change looks for, and "
                f"`{ROW_OF[type(change)].main_of(change)}` looks for none",
                "leave `where` out, or put this change into a step of its own",
            )
            return


def _read(source: Source, node: MappingNode, form: Form) -> Step | None:
    if form is EDIT:
        return _read_edit(source, node)
    values = read_form(source, node, form)
    if form is VERIFY and values.get("command") is not None:
        _check_verify(source, node, values)
    _check_files(source, node, values)
    step: Step | None = made(source, node, form, values)
    return step


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
    _check_where(source, node, targets, changes)
    changes = tuple(fitted(source, change, targets) for change in changes)
    return Edit(targets, changes, values.get("title"), values.get("note"), source.position(node))


FORMS = {form.model: form for form in (EDIT, RUN, VERIFY, COMMIT, MANUAL, CONFIRM)}
_KINDS = {next(iter(form.keys)): form for form in FORMS.values()}
KINDS = tuple(_KINDS)
"""The keys by which steps are told."""
ITEM_KEYS = frozenset({*KINDS, *OPERATION_KEYS, "title"})
"""Keys with which a task, a step or a change may begin in its list."""

IS_ONE = f"a step is an {one_of(f'`{kind}`' for kind in KINDS)}"


def read_steps(source: Source, node: Node) -> tuple[Step, ...]:
    """The steps of a task or of a verification, in order."""
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "a list of at least one step is expected here", dashes(node, "step"))
        return ()
    steps = []
    for item in node.value:
        if refused_mark(source, item):
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
        if _has_all_below(source, item, kinds[0].value):
            continue
        step = _read(source, item, _KINDS[kinds[0].value])
        if step is not None:
            steps.append(step)
    return tuple(steps)


def _has_all_below(source: Source, node: MappingNode, kind: str) -> bool:
    """Record that a step's keys stand below its first one, and not beside it."""
    below = value_node(node, kind)
    if not isinstance(below, MappingNode) or any(key.value == "glob" for key, _ in below.value):
        return False
    keys = _KINDS[kind].keys
    if not any(key.value in keys or misnamed(key.value, keys).meant for key, _ in below.value):
        return False
    source.error(
        below,
        f"what belongs to `{kind}` stands beside it, not below it",
        f"write `- {kind}: …` with its own value, and the other keys in line with `{kind}`",
    )
    return True


def _refuse_kindless(source: Source, node: MappingNode) -> None:
    first = node.value[0][0] if node.value else node
    if node.value and key_name(source, first) is None:
        return
    names = [key.value for key, _ in node.value]
    change = next((name for name in names if name in OPERATION_KEYS), None)
    if change is not None:
        source.error(first, IS_ONE, f"`{change}` is a key of an edit: begin with `- edit: PATH`")
        return
    hints = (_kind_hint(name) for name in names if name not in (*_TITLE, *_NOTE))
    source.error(first, IS_ONE, next(filter(None, hints), "a step has one of these six keys"))


def _kind_hint(name: str) -> str | None:
    """What a key of a step that has none of the six was meant to be."""
    kind_hint = misnamed(name, _KINDS).hint
    change = misnamed(name, OPERATION_KEYS).hint
    if kind_hint is None and change is not None:
        return f"{change.rstrip('?')}, a key of an edit? Begin with `- edit: PATH`"
    return kind_hint


def write_step(step: Step) -> Content:
    """What a phase file says of a step."""
    if not isinstance(step, Edit):
        return mapping(write_form(FORMS[type(step)], step))
    targets, title = (EDIT.keys[name].kind.write for name in ("edit", "title"))
    changes = step.changes
    one = write_operation(changes[0]) if len(changes) == 1 else ()
    return mapping(
        (
            ("edit", targets(step.targets)),
            ("title", None if step.title is None else title(step.title)),
            *one,
            ("changes", None if one else CHANGES.write(changes)),
            ("note", None if step.note is None else prose.write(step.note)),
        )
    )


steps = Kind(
    read_steps,
    lambda stated: Sequence(tuple(map(write_step, stated)), tight=False) if stated else None,
    {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"}},
)
