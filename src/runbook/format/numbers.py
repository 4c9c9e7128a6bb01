"""Numbers, truth values, durations, bounds and ranges as kinds of values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from runbook.core.check.durations import read_duration, write_duration
from runbook.core.matching.texts import LineRange, Occurrences
from runbook.core.model.model import Count, Exit, Tally, WarningBudget
from runbook.core.patterns import regex
from runbook.format.content import Content, Inline, Mapping, Plain, Sequence, Unwritable
from runbook.format.forms import Reader, Schema, either, key_name, kind
from runbook.format.lists import listing
from runbook.format.shown import Shown
from runbook.format.texts import TEXT, brief, scalar, text
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source

_INTEGER = regex(r"[0-9]{1,18}")
_COUNT = regex(r"(==|!=|>=|<=|>|<)?\s*(\d{1,18})")
_LINES = regex(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?")

_COUNT_SCHEMA: Schema = {
    "type": ["integer", "string"], "minimum": 0,
    "pattern": r"^(==|!=|>=|<=|>|<)?\s*\d{1,18}$",
}  # fmt: skip
_STATUS: Schema = {
    "type": ["integer", "string"], "minimum": 0, "maximum": 255, "pattern": "^[0-9]{1,3}$",
}  # fmt: skip


def _plainly(stated: object) -> Content:
    return Plain(str(stated))


def _written(
    what: str,
    hint: str | None = None,
    expected: str = "",
    meant: Callable[[str], str | None] = lambda _written: None,
) -> Callable[[Callable[[str], Any]], Reader]:
    """Make a reader of what makes a value of a text, and `None` of a text that is not `what`.

    `hint` says how it is written, and `meant` so of a text that was probably meant to be one.
    """

    def reader(read: Callable[[str], Any]) -> Reader:
        def read_node(source: Source, node: Node) -> Any:
            written = scalar(source, node, what, hint)
            found = None if written is None else read(written)
            if written is not None and found is None:
                message = f"{expected or f'{what} is'} expected here, not `{brief(written)}`"
                source.error(node, message, meant(written) or hint)
            return found

        return read_node

    return reader


@kind({"type": ["integer", "string"], "minimum": 0, "pattern": r"^[0-9]{1,18}$"}, _plainly)
@_written("a whole number", "write digits only")
def integer(written: str) -> int | None:
    """A whole number, decimal."""
    return _integer(written)


def _integer(written: str) -> int | None:
    return int(written) if _INTEGER.fullmatch(written) else None


MOST_JOBS = 64
"""How many commands may run at once at most."""


def read_jobs(text: str) -> int | None:
    """A number of jobs as it is written, 0 for `auto`; `None` where it is none."""
    if text == "auto":
        return 0
    stated = int(text) if _INTEGER.fullmatch(text) else 0
    return stated if 1 <= stated <= MOST_JOBS else None


_stated_jobs = _written(
    "a number or `auto`", "write `4` or `auto`", f"a number from 1 to {MOST_JOBS} or `auto` is"
)(read_jobs)

jobs = kind(
    {"type": ["integer", "string"], "minimum": 1, "maximum": MOST_JOBS,
     "pattern": "^(auto|[1-9]|[1-5][0-9]|6[0-4])$"},
    lambda stated: Plain(str(stated or "auto")),
)(_stated_jobs)  # fmt: skip


# What YAML or another language takes for a truth value.
_TRUTH = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), "write `true`"),
    **dict.fromkeys(("false", "no", "n", "off", "0"), "write `false`"),
}


@kind({"enum": [True, False, "true", "false"]}, lambda flag: Plain("true" if flag else "false"))
@_written("`true` or `false`", meant=lambda said: _TRUTH.get(said.lower()))
def boolean(written: str) -> bool | None:
    """`true` or `false`."""
    return {"true": True, "false": False}.get(written)


def _likely_duration(said: str) -> str | None:
    """How a duration is written of which the unit is missing or a word, as in `60 seconds`."""
    found = re.fullmatch(r"(\d{1,6})\s*(?:([smh])[a-z]*)?", said.lower())
    if found is None or not int(found[1]):
        return None
    return f"write `{found[1]}{found[2]}`" if found[2] else f"write `{found[1]}s` or `{found[1]}m`"


_duration = _written("a duration", "write `90s`, `10m`, `1h30m`", meant=_likely_duration)(
    read_duration
)


def _write_seconds(stated: float) -> Content:
    try:
        return Plain(write_duration(stated))
    except ValueError as error:
        raise Unwritable(str(error)) from None


@kind(
    {
        "type": "string",
        "pattern": r"^(?=\d)(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}(\.\d+)?s)?$",
        "examples": ["90s", "10m", "1h30m"],
    },
    _write_seconds,
)
def seconds(source: Source, node: Node) -> float | None:
    """A duration such as `90s`, `10m`, `1h30m`, in seconds."""
    total: float | None = _duration(source, node)
    if total == 0:
        source.error(node, "a duration must be longer than nothing")
    return total


def _write_count(stated: Count) -> Content:
    return Plain(str(stated) if stated.operator == "==" else f'"{stated}"')


@kind(_COUNT_SCHEMA, _write_count)
@_written("a count", 'write `14` or `">=2"`')
def count(written: str) -> Count | None:
    """A bound on a number: `14`, `">=2"`."""
    found = _COUNT.fullmatch(written)
    operator: Any = None if found is None else found[1] or "=="
    return None if found is None else Count(operator, int(found[2]))


_node_ids = listing(text)


def _write_tally(stated: Tally) -> Content:
    if isinstance(stated, Count):
        return _write_count(stated)
    # A single node id needs its brackets: without them it is read as a number.
    return Sequence(tuple(map(Inline, stated)))


@kind(
    either({"type": "array"}, {"type": "array", "minItems": 1, "items": TEXT}, _COUNT_SCHEMA),
    _write_tally,
)
def tally(source: Source, node: Node) -> Tally | None:
    """A count of tests, or the list of their node ids."""
    stated = _node_ids if isinstance(node, SequenceNode) else count
    found: Tally | None = stated.read(source, node)
    return found


_times_stated = _written("a whole number", "write digits, or `all` for one or more")(_integer)


def _times(count: Occurrences) -> str:
    if count == 1:
        return ""
    return " (everywhere)" if count == "all" else f" ({count} times)"


def _read_times(shown: str) -> Occurrences:
    return "all" if shown == " (everywhere)" else int(re.sub(r"\D", "", shown) or 1)


@kind(
    either(
        {"type": "string"}, {"pattern": r"^(all|0*[1-9][0-9]*)$"}, {"type": "integer", "minimum": 1}
    ),
    _plainly,
    shown=Shown(_times, _read_times, r"(?: \((?:everywhere|\d+ times)\))?"),
)
def occurrences(source: Source, node: Node) -> Occurrences | None:
    """How often a text is found in a file: a number from 1, or `all`."""
    if isinstance(node, ScalarNode) and node.value == "all":
        return "all"
    number: int | None = _times_stated(source, node)
    if number is not None and number < 1:
        source.error(node, "`count` is a number from 1, or `all`")
        return None
    return number


@kind(
    {
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": r"^0*[1-9]\d*(\s*-\s*0*[1-9]\d*)?$",
        "examples": ["16-22"],
    },
    _plainly,
)
@_written("a range of lines", "write `16` or `16-22`, counted from 1")
def line_range(written: str) -> LineRange | None:
    """A hint such as `16-22` or `16`."""
    found = _LINES.fullmatch(written)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    return LineRange(first, last) if 1 <= first <= last else None


def _write_budget(stated: WarningBudget) -> Content:
    if isinstance(stated, Count):
        return _write_count(stated)
    return Mapping(tuple((name, _write_count(each)) for name, each in stated), tight=True)


@kind(
    either(
        {"type": "object"},
        {"type": "object", "minProperties": 1, "additionalProperties": _COUNT_SCHEMA},
        _COUNT_SCHEMA,
    ),
    _write_budget,
)
def budget(source: Source, node: Node) -> WarningBudget | None:
    """How many warnings there may be: in all, or of each category."""
    if not isinstance(node, MappingNode):
        found: WarningBudget | None = count.read(source, node)
        return found
    stated: list[tuple[str, Count]] = []
    for key_node, value_node in node.value:
        name = key_name(source, key_node)
        if name is None:
            continue
        if not name.isidentifier():
            source.error(
                key_node, f"`{brief(name)}` is no category", "write its name: `DeprecationWarning`"
            )
        bound: Count | None = count.read(source, value_node)
        if bound is not None:
            stated.append((name, bound))
    if not node.value:
        source.error(node, "`warnings` is a count, or a mapping of categories to counts")
    return tuple(stated) or None


_statuses = listing(integer)
_status = _written("a whole number", "write digits, or `nonzero`")(_integer)


@kind(
    either(
        {"type": "array"},
        {"type": "array", "minItems": 1, "items": _STATUS},
        {"anyOf": [_STATUS, {"enum": ["nonzero"]}]},
    ),
    lambda stated: Plain(stated) if stated == "nonzero" else _statuses.write(stated),
)
def exit_status(source: Source, node: Node) -> Exit | None:
    """A status, a list of them, or `nonzero`."""
    if isinstance(node, ScalarNode) and node.value == "nonzero":
        return "nonzero"
    statuses: tuple[int, ...]
    if isinstance(node, ScalarNode):
        status = _status(source, node)
        statuses = () if status is None else (status,)
    else:
        statuses = _statuses.read(source, node)
    if any(not 0 <= status <= 255 for status in statuses):
        source.error(node, "an exit status is a number from 0 to 255")
    return statuses or None


@kind(
    {"type": ["integer", "string"], "pattern": "^0?o?[0-7]{3}$"},
    lambda mode: Plain(f"{mode:03o}"),
    shown=Shown(
        lambda mode: "" if mode is None else f" (mode {mode:o})",
        lambda shown: int(re.sub(r"\D", "", shown), 8) if shown else None,
        r"(?: \(mode [0-7]+\))?",
    ),
)
@_written("permission bits", "write `755`", "permission bits are")
def file_mode(written: str) -> int | None:
    """Permission bits in octal, such as `755`."""
    is_mode = re.fullmatch(r"0?o?[0-7]{3}", written) is not None
    return int(written.replace("o", ""), 8) if is_mode else None


@kind(
    {"type": ["integer", "string"], "pattern": r"^[+-]?0*[1-9]\d{0,3}$", "examples": ["+4", "-4"]},
    lambda columns: Plain(f"{columns:+}"),
    shown=Shown(lambda columns: f"{columns:+}", int, r"[+-]\d+"),
)
@_written("a number of columns", "write `+4` or `-4`")
def columns(written: str) -> int | None:
    """More columns, such as `+4`, or fewer."""
    return (re.fullmatch(r"[+-]?\d{1,4}", written) and int(written)) or None
