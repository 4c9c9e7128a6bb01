"""Hidden comments: what the visible text of a plan can't say of a phase, a task or a step.

A comment is one line, `<!-- runbook: {"guard": true} -->`, with the keys of the phase file. It
holds only what differs from what the visible text is read as, so that nothing is said twice.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any

from runbook.core.durations import read_duration, write_duration
from runbook.core.model import (
    Commit,
    Count,
    Distinct,
    Edit,
    Expect,
    Service,
    Task,
    TestsExpectation,
)
from runbook.core.operations import (
    Append,
    Create,
    Glob,
    Insert,
    LineRange,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    Text,
)
from runbook.markdown.calm import read_text
from runbook.markdown.expectwords import words

_COMMENT = re.compile(r"\s*<!-- runbook: (.*) -->\s*")
INSIDE = "inside-line"

# Fields that the phase file calls otherwise.
_KEYS = {"targets": "edit", "message": "commit", "instructions": "manual", "path": "move-to"}
_TEXTS: dict[type, dict[str, str]] = {
    Replace: {"search": "replace", "replacement": "with"},
    Remove: {"search": "remove"},
    Insert: {"anchor": "anchor", "text": "insert"},
    ReplaceRange: {"start": "from", "end": "through", "replacement": "with"},
    Append: {"text": "append"},
    Prepend: {"text": "prepend"},
    Create: {"text": "create"},
    RewriteFile: {"text": "rewrite-file"},
}


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
    for field in dataclasses.fields(value):
        own, other = getattr(value, field.name), getattr(shown, field.name)
        key = key_of(value, field.name)
        if field.name == "changes":
            parts = [difference(a, b) for a, b in zip(own, other, strict=True)]
            if len(parts) == 1:
                keys |= parts[0]
            else:
                # That they are one edit can't be seen.
                keys["changes"] = parts if any(parts) else len(parts)
        elif field.name == "at" or own == other or (own is None and other == ()):
            continue
        elif isinstance(value, Task) and key == "id":
            keys[key] = own.rpartition("/")[2]
        elif field.name == "settings":
            keys |= difference(own, other)
        elif isinstance(own, Text):
            if not own.whole_lines:
                inside.append(key)
            if _line_of(other, own.whole_lines) != own.value:
                keys[key] = own.value
        elif isinstance(own, Expect):
            keys[key] = _expectations(own, other)
        else:
            keys[key] = _plain(own)
    if inside:
        texts = _TEXTS[type(value)].values()
        # First, so that a text that is stated as well is not cut.
        keys = {INSIDE: True if len(inside) == len(texts) else inside} | keys
    return keys


def key_of(value: Any, field: str) -> str:
    """What the phase file calls a field of a value."""
    texts = _TEXTS.get(type(value), {})
    if field == "command":
        return type(value).__name__.lower()
    if field == "number":
        return "phase"
    if field == "after_tasks":
        return "after"
    return texts.get(field) or _KEYS.get(field) or field.replace("_", "-")


def with_key(value: Any, key: str, content: Any) -> Any:
    """The value with what one key of a comment says.

    Raises:
        ValueError, TypeError, KeyError: the key or its content can't be read.

    """
    if isinstance(value, Edit):
        return _edit_with(value, key, content)
    if isinstance(value, Commit) and key == "trailers":
        trailers = _texts(content)
        message = _without(value.message, trailers)
        return dataclasses.replace(value, message=message, trailers=trailers)
    if isinstance(value, Task) and key == "id":
        phase = value.id.rpartition("/")[0]
        return dataclasses.replace(value, id=f"{phase}/{_text(content)}")
    for field in dataclasses.fields(value):
        if field.name in ("at", "settings", "changes") or key_of(value, field.name) != key:
            continue
        old = getattr(value, field.name)
        return dataclasses.replace(value, **{field.name: _READERS[field.name](content, old)})
    if hasattr(value, "settings"):
        return dataclasses.replace(value, settings=with_key(value.settings, key, content))
    raise KeyError(f"there is no key `{key}`")


def _without(message: str, trailers: tuple[str, ...]) -> str:
    before, blank, last = message.rstrip().rpartition("\n\n")
    kept = [line for line in last.split("\n") if line not in trailers]
    if not blank:
        return message
    return read_text(f"{before}\n\n" + "\n".join(kept))


def _edit_with(step: Edit, key: str, content: Any) -> Edit:
    if key == "changes":
        if isinstance(content, int):
            content = [{}] * content
        if len(content) != len(step.changes):
            stated = f"{len(step.changes)} stand over it"
            raise ValueError(f"it speaks of {len(content)} changes, and {stated}")
        changes = []
        for change, keys in zip(step.changes, content, strict=True):
            for name, each in keys.items():
                change = _change_with(change, name, each)
            changes.append(change)
        return dataclasses.replace(step, changes=tuple(changes))
    for field in ("targets", "title", "note"):
        if key_of(step, field) == key:
            read = _READERS[field](content, getattr(step, field))
            return dataclasses.replace(step, **{field: read})
    (only,) = step.changes
    return dataclasses.replace(step, changes=(_change_with(only, key, content),))


def _change_with(change: Any, key: str, content: Any) -> Any:
    names = {key_of(change, field.name): field.name for field in dataclasses.fields(change)}
    if key == INSIDE:
        texts = list(_TEXTS[type(change)].values())
        for name in texts if content is True else content:
            old = getattr(change, names[name])
            text = Text(_line_of(old, False) if old.whole_lines else old.value, False)
            change = dataclasses.replace(change, **{names[name]: text})
        return change
    field = names[key]
    old = getattr(change, field)
    if isinstance(old, Text):
        return dataclasses.replace(change, **{field: Text(_text(content), old.whole_lines)})
    return dataclasses.replace(change, **{field: _READERS[field](content, old)})


def _line_of(shown: Text, whole_lines: bool) -> str:
    """The text that a fence means: inside a line, it has no line end of its own."""
    return shown.value if whole_lines else shown.value.removesuffix("\n")


def _expectations(expect: Expect, shown: Expect) -> dict[str, Any]:
    keys = {
        key_of(expect, field.name): _plain(getattr(expect, field.name))
        for field in dataclasses.fields(expect)
        if field.name != "prose" and getattr(expect, field.name) != field.default
    }
    return keys if _expect(keys, shown) == expect else keys | {"prose": expect.prose}


def _plain(value: Any) -> Any:
    """A value of the model in JSON's terms, as the phase file writes it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return write_duration(value)
        case Count(operator, number):
            return number if operator == "==" else str(value)
        case Glob(pattern):
            return {"glob": pattern}
        case LineRange():
            return str(value)
        case TestsExpectation(outcome) if value == TestsExpectation(outcome):
            return outcome
        case tuple() if value and all(_is_pair(each) for each in value):
            return dict(value)
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return {
                key_of(value, field.name): _plain(getattr(value, field.name))
                for field in dataclasses.fields(value)
                if field.name != "at" and getattr(value, field.name) != field.default
            }


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise TypeError(f"a text is expected, not {json.dumps(content)}")
    return content


def _texts(content: Any) -> tuple[str, ...]:
    return tuple(map(_text, content))


def _number(content: Any) -> int:
    if type(content) is not int:
        raise TypeError(f"a number is expected, not {json.dumps(content)}")
    return content


def _flag(content: Any) -> bool:
    if not isinstance(content, bool):
        raise TypeError(f"true or false is expected, not {json.dumps(content)}")
    return content


def _targets(content: Any) -> tuple[str | Glob, ...]:
    return tuple(Glob(_text(x["glob"])) if isinstance(x, dict) else _text(x) for x in content)


def _duration(content: Any) -> float:
    seconds = read_duration(_text(content))
    if not seconds:
        raise ValueError(f"a duration is expected, not {content}")
    return seconds


def _environment(content: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(text)) for name, text in dict(content).items())


def _count(content: Any) -> Count:
    found = re.fullmatch(r"(==|!=|>=|<=|>|<)?(\d+)", str(content))
    if found is None:
        raise ValueError(f"a count is expected, not {content}")
    operator: Any = found[1] or "=="
    return Count(operator, int(found[2]))


def _tally(content: Any) -> Count | tuple[str, ...]:
    return _texts(content) if isinstance(content, list) else _count(content)


def _range(content: Any) -> LineRange:
    first, _, last = _text(content).partition("-")
    return LineRange(int(first), int(last or first))


def _occurrences(content: Any) -> Any:
    return "all" if content == "all" else _number(content)


def _tests(content: Any) -> TestsExpectation:
    if isinstance(content, str):
        outcome: Any = content
        return TestsExpectation(outcome)
    tests: TestsExpectation = _built(TestsExpectation(), content)
    return tests


def _distinct(content: Any) -> Distinct:
    return Distinct(_text(content["pattern"]), _count(content["count"]))


def _expect(content: Any, shown: Expect) -> Expect:
    expect: Expect = _built(Expect(), content)
    if "prose" in content or shown.prose == words(expect):
        # Stated, or no more than our own words for the rest.
        return expect
    return dataclasses.replace(expect, prose=shown.prose)


def _exit(content: Any) -> Any:
    return "nonzero" if content == "nonzero" else tuple(map(_number, content))


def _services(content: Any) -> tuple[Service, ...]:
    return tuple(_built(Service("", ""), each) for each in content)


def _built(value: Any, keys: dict[str, Any]) -> Any:
    for key, content in keys.items():
        value = with_key(value, key, content)
    return value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda content, _old: None if content is None else read(content)


_BY_READER: dict[Callable[[Any], Any], str] = {
    _text: "id title goal architecture tech_stack verified base group note heading text command "
    "message instructions regex rewrite path diff fails_at match output prose name run ready "
    "unless_env workdir worktree pattern rule language",
    _texts: "requires verifies trailers co_authored_by secrets contains absent matches fails_with",
    _number: "number of retries mode",
    _flag: "guard empty after_tasks",
    _targets: "files targets",
    _duration: "timeout",
    _environment: "env",
    _range: "lines",
    _tests: "tests",
    _distinct: "distinct",
    _count: "line_count workers workers_per_file",
    _tally: "passed failed errors skipped xfailed",
    _exit: "exit",
    _services: "services",
    _occurrences: "count",
}
_READERS: dict[str, Callable[[Any, Any], Any]] = {
    field: _or_none(read) for read, fields in _BY_READER.items() for field in fields.split()
} | {"expect": _expect}
