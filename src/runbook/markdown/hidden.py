"""Hidden comments: what the visible text of a plan can't say of a phase, a task or a step.

A comment is one line, `<!-- runbook: {"guard": true} -->`, with the keys of the phase file. It
holds only what differs from what the visible text is read as, so that nothing is said twice.
"""

from __future__ import annotations

import json
import re
from typing import Any

from runbook.core.check.durations import write_duration
from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.delegate import Confinement, Delegate
from runbook.core.model.ids import is_phase_name, last, phase_of
from runbook.core.model.model import Commit, Count, Edit, Expect, Phase, Task, TestsExpectation
from runbook.core.model.operations import Glob, Patch
from runbook.core.value import fields, replace
from runbook.format.expectations import in_words
from runbook.format.patches import fit_patch, patch_of
from runbook.format.tables import KEYS, key_of
from runbook.format.yamltree import Source, node_of
from runbook.markdown.fencing import read_text

_COMMENT = re.compile(r"\s*<!-- runbook: (.*) -->\s*")
INSIDE = "inside-line"

# What has a place of its own in a plan.
_PARTS = ("changes", "steps", "tasks", "notes", "verification", "settings", "at")


def comment(keys: dict[str, Any]) -> str:
    """The comment that holds these keys, on one line."""
    shown = json.dumps(keys, ensure_ascii=False)
    # A comment ends at `-->`, and in strict readers at `--`; nor may anything end the line.
    shown = shown.replace("--", "-\\u002d")
    shown = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in shown)
    return f"<!-- runbook: {shown} -->"


def read_comment(line: str) -> dict[str, Any] | None:
    """The keys of a line that is a hidden comment; `None` for any other line.

    Raises:
        ValueError: it is meant to be one, and its content is no mapping.
    """
    found = _COMMENT.fullmatch(line)
    if found is None:
        return None
    keys = json.loads(found[1])
    if not isinstance(keys, dict):
        raise ValueError("its content is no mapping")
    return keys


def difference(value: Any, shown: Any) -> dict[str, Any]:
    """The keys that `shown`, a value as it is read from the visible text, lacks to be `value`."""
    keys: dict[str, Any] = {}
    inside: list[str] = []
    if isinstance(value, Commit) and value.trailers != shown.trailers:
        # The visible message ends with them.
        keys["trailers"] = list(value.trailers)
        shown = with_key(shown, "trailers", keys["trailers"])
    for field in fields(value):
        own, other = getattr(value, field.name), getattr(shown, field.name)
        key = key_of(type(value), field.name)
        if field.name == "changes":
            parts = [difference(a, b) for a, b in zip(own, other, strict=True)]
            if len(parts) == 1:
                keys |= parts[0]
            else:
                # That they are one edit can't be seen.
                keys["changes"] = parts if any(parts) else len(parts)
        elif field.name == "at" or own == other or (own is None and other == ()):
            continue
        elif isinstance(value, Patch) and field.name == "files":
            continue  # as its diff says
        elif isinstance(value, Task) and key == "id":
            keys[key] = last(own)
        elif field.name == "settings":
            keys |= difference(own, other)
        elif isinstance(own, Text):
            if not own.whole_lines:
                inside.append(key)
            if _line_of(other, own.whole_lines) != own.value:
                keys[key] = own.value
        elif isinstance(own, Expect):
            keys[key] = _expectations(own, other)
        elif field.name == "jobs":
            keys[key] = own or "auto"
        else:
            keys[key] = _plain(own)
    if inside:
        # First, so that a text that is stated as well is not cut.
        keys = {INSIDE: True if inside == _texts(value) else inside} | keys
    return keys


def _texts(change: Any) -> list[str]:
    """The keys of a change that are texts of the file."""
    names = [field.name for field in fields(change)]
    return [key_of(type(change), name) for name in names if isinstance(getattr(change, name), Text)]


def with_key(value: Any, key: str, content: Any) -> Any:
    """The value with what one key of a comment says.

    Raises:
        ValueError, TypeError, KeyError: the key or its content can't be read.
    """
    names = {key_of(type(value), each.name): each.name for each in fields(value)}
    field = names.get(key)
    if isinstance(value, Edit) and (field is None or field in _PARTS):
        return _edit_with(value, key, content)
    if field is None or field in _PARTS:
        if not hasattr(value, "settings"):
            raise ValueError(f"there is no key `{key}`")
        return replace(value, settings=with_key(value.settings, key, content))
    read = _read(value, field, content)
    if isinstance(value, Commit) and field == "trailers":
        return replace(value, message=_without(value.message, read), trailers=read)
    if isinstance(value, Task) and field == "id":
        read = f"{phase_of(value.id)}/{read}"
    if field == "expect":
        read = _said(read, content, value.expect)
    return replace(value, **{field: read})


def _read(value: Any, field: str, content: Any) -> Any:
    """What a comment says of a field, read as a phase file is."""
    if isinstance(value, Phase) and field == "id":
        # A phase file has no key for it: it is its name.
        if not isinstance(content, str) or not is_phase_name(content):
            raise ValueError(f"`{str(content)[:80]}` can't be the name of a phase file")
        return content
    if content is None:
        return None
    keys = [key for key in KEYS[type(value)].values() if key.field == field]
    if not keys:
        raise ValueError(f"there is no key for `{field}`")
    source = Source("", "\n", exact=True)
    read = keys[0].read(source, node_of(content))
    if source.diagnostics:
        raise ValueError(source.diagnostics[0].message)
    return read


def _without(message: str, trailers: tuple[str, ...]) -> str:
    before, blank, last = message.rstrip().rpartition("\n\n")
    kept = [line for line in last.split("\n") if line not in trailers]
    if not blank:
        return message
    return read_text(f"{before}\n\n" + "\n".join(kept))


def _edit_with(step: Edit, key: str, content: Any) -> Edit:
    parts = content if key == "changes" else [{key: content}]
    if isinstance(parts, int):
        parts = [{}] * parts
    if len(parts) != len(step.changes):
        stated = f"{len(step.changes)} stand over it"
        raise ValueError(f"it speaks of {len(parts)} changes, and {stated}")
    changes = []
    for change, keys in zip(step.changes, parts, strict=True):
        for name, each in keys.items():
            change = _change_with(step, change, name, each)
        changes.append(change)
    return replace(step, changes=tuple(changes))


def _change_with(step: Edit, change: Any, key: str, content: Any) -> Any:
    names = {key_of(type(change), field.name): field.name for field in fields(change)}
    if key == INSIDE:
        for name in _texts(change) if content is True else content:
            old = getattr(change, names[name])
            text = Text(_line_of(old, False) if old.whole_lines else old.value, False)
            change = replace(change, **{names[name]: text})
        return change
    if key not in names:
        raise ValueError(f"there is no key `{key}`")
    old, read = getattr(change, names[key]), _read(change, names[key], content)
    if isinstance(old, Text):
        read = Text(read.value, old.whole_lines)
    if isinstance(change, Patch):
        return fit_patch(patch_of(read), step.targets, lambda _message, _hint: None)
    return replace(change, **{names[key]: read})


def _line_of(shown: Text, whole_lines: bool) -> str:
    """The text that a fence means: inside a line, it has no line end of its own."""
    return shown.value if whole_lines else shown.value.removesuffix("\n")


def _expectations(expect: Expect, shown: Expect) -> dict[str, Any]:
    keys = {
        key_of(type(expect), field.name): _plain(getattr(expect, field.name))
        for field in fields(expect)
        if field.name != "prose" and getattr(expect, field.name) != field.default
    }
    unsaid = replace(expect, prose=None)
    return keys if _said(unsaid, keys, shown) == expect else keys | {"prose": expect.prose}


def _plain(value: Any) -> Any:
    """A value of the model in JSON's terms, as the phase file writes it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return write_duration(value)
        case Count(operator, number):
            return number if operator == "==" else str(value)
        case Glob(pattern, where):
            return {"glob": pattern} | ({"where": where} if where else {})
        case LineRange():
            return str(value)
        case Delegate(run=None):
            return "none"
        case Confinement(mode, ()):
            return {"auto": "auto", "required": "true", "off": "false"}[mode]
        case Confinement(mode, write):
            return {"write": [*write]} | ({"required": True} if mode == "required" else {})
        case TestsExpectation(outcome) if value == TestsExpectation(outcome):
            return outcome
        case tuple() if value and all(_is_pair(each) for each in value):
            return {name: _plain(each) for name, each in value}
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return {
                key_of(type(value), field.name): _plain(getattr(value, field.name))
                for field in fields(value)
                if field.name != "at" and getattr(value, field.name) != field.default
            }


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2


def _said(expect: Expect, keys: dict[str, Any], shown: Expect) -> Expect:
    """Expectations of a comment with the words that are shown of them."""
    if "prose" in keys or shown.prose == in_words(expect):
        # Stated, or no more than our own words for the rest.
        return expect
    return replace(expect, prose=shown.prose)
