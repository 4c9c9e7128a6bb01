"""Numbers, truth values, durations, bounds and ranges as kinds of values."""

from __future__ import annotations

import re
from typing import Any

from runbook.core.check.durations import read_duration, write_duration
from runbook.core.matching.texts import LineRange, Occurrences
from runbook.core.model.model import Count, Exit, Tally, WarningBudget
from runbook.format.content import Content, Inline, Mapping, Plain, Sequence, Unwritable
from runbook.format.forms import Schema, either, key_name, kind
from runbook.format.lists import listing
from runbook.format.shown import Shown
from runbook.format.texts import TEXT, brief, scalar, text
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source

_INTEGER = re.compile(r"[0-9]{1,18}")
_COUNT = re.compile(r"(==|!=|>=|<=|>|<)?\s*(\d{1,18})")
_LINES = re.compile(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?")

_COUNT_SCHEMA: Schema = {
    "type": ["integer", "string"], "minimum": 0,
    "pattern": r"^(==|!=|>=|<=|>|<)?\s*\d{1,18}$",
}  # fmt: skip
_STATUS: Schema = {
    "type": ["integer", "string"], "minimum": 0, "maximum": 255, "pattern": "^[0-9]{1,3}$",
}  # fmt: skip


def _plainly(stated: object) -> Content:
    return Plain(str(stated))


@kind({"type": ["integer", "string"], "minimum": 0, "pattern": r"^[0-9]{1,18}$"}, _plainly)
def integer(source: Source, node: Node) -> int | None:
    """A whole number, decimal."""
    value = scalar(source, node, "a whole number")
    if value is None:
        return None
    if not _INTEGER.fullmatch(value):
        source.error(
            node, f"a whole number is expected here, not `{brief(value)}`", "write digits only"
        )
        return None
    return int(value)


MOST_JOBS = 64
"""How many commands may run at once at most."""


@kind(
    {"type": ["integer", "string"], "minimum": 1, "maximum": MOST_JOBS,
     "pattern": "^(auto|[1-9]|[1-5][0-9]|6[0-4])$"},
    lambda stated: Plain(str(stated or "auto")),
)  # fmt: skip
def jobs(source: Source, node: Node) -> int | None:
    """How many commands run at once; `auto`, which is 0, for as many as there are cores."""
    value = scalar(source, node, "a number or `auto`")
    if value is None:
        return None
    number = read_jobs(value)
    if number is None:
        source.error(node, f"a number from 1 to {MOST_JOBS} or `auto` is expected here, "
                     f"not `{brief(value)}`")  # fmt: skip
    return number


def read_jobs(text: str) -> int | None:
    """A number of jobs as it is written, 0 for `auto`; `None` where it is none."""
    if text == "auto":
        return 0
    stated = int(text) if _INTEGER.fullmatch(text) else 0
    return stated if 1 <= stated <= MOST_JOBS else None


@kind({"enum": [True, False, "true", "false"]}, lambda flag: Plain("true" if flag else "false"))
def boolean(source: Source, node: Node) -> bool | None:
    """`true` or `false`."""
    value = scalar(source, node, "`true` or `false`")
    if value is None:
        return None
    if value not in ("true", "false"):
        source.error(node, f"`true` or `false` is expected here, not `{brief(value)}`")
        return None
    return value == "true"


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
    value = scalar(source, node, "a duration")
    if value is None:
        return None
    total = read_duration(value)
    if total is None:
        source.error(
            node,
            f"a duration is expected here, not `{brief(value)}`",
            "write `90s`, `10m`, `1h30m`",
        )
        return None
    if total == 0:
        source.error(node, "a duration must be longer than nothing")
    return total


def _write_count(stated: Count) -> Content:
    return Plain(str(stated) if stated.operator == "==" else f'"{stated}"')


@kind(_COUNT_SCHEMA, _write_count)
def count(source: Source, node: Node) -> Count | None:
    """A bound on a number: `14`, `">=2"`."""
    value = scalar(source, node, "a count")
    if value is None:
        return None
    found = _COUNT.fullmatch(value)
    if found is None:
        source.error(
            node, f"a count is expected here, not `{brief(value)}`", 'write `14` or `">=2"`'
        )
        return None
    operator: Any = found[1] or "=="
    return Count(operator, int(found[2]))


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


def _times(count: Occurrences) -> str:
    if count == 1:
        return ""
    return " (everywhere)" if count == "all" else f" ({count} times)"


def _read_times(shown: str) -> Occurrences:
    return "all" if shown == " (everywhere)" else int(re.sub(r"\D", "", shown) or 1)


@kind(
    either(
        {"type": "string"},
        {"pattern": r"^(all|0*[1-9][0-9]*)$"},
        {"type": "integer", "minimum": 1},
    ),
    _plainly,
    shown=Shown(_times, _read_times, r"(?: \((?:everywhere|\d+ times)\))?"),
)
def occurrences(source: Source, node: Node) -> Occurrences | None:
    """How often a text is found in a file: a number from 1, or `all`."""
    if isinstance(node, ScalarNode) and node.value == "all":
        return "all"
    number: int | None = integer.read(source, node)
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
def line_range(source: Source, node: Node) -> LineRange | None:
    """A hint such as `16-22` or `16`."""
    value = scalar(source, node, "a range of lines")
    if value is None:
        return None
    found = _LINES.fullmatch(value)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        source.error(
            node,
            f"a range of lines is expected here, not `{brief(value)}`",
            "write `16` or `16-22`, counted from 1",
        )
        return None
    return LineRange(first, last)


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
    statuses: tuple[int, ...] = _statuses.read(source, node)
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
def file_mode(source: Source, node: Node) -> int | None:
    """Permission bits in octal, such as `755`."""
    value = scalar(source, node, "permission bits")
    if value is None:
        return None
    if not re.fullmatch(r"0?o?[0-7]{3}", value):
        source.error(
            node, f"permission bits are expected here, not `{brief(value)}`", "write `755`"
        )
        return None
    return int(value.replace("o", ""), 8)


@kind(
    {"type": ["integer", "string"], "pattern": r"^[+-]?0*[1-9]\d{0,3}$", "examples": ["+4", "-4"]},
    lambda columns: Plain(f"{columns:+}"),
    shown=Shown(lambda columns: f"{columns:+}", int, r"[+-]\d+"),
)
def columns(source: Source, node: Node) -> int | None:
    """More columns, such as `+4`, or fewer."""
    value = scalar(source, node, "a number of columns")
    if value is None:
        return None
    if not re.fullmatch(r"[+-]?\d{1,4}", value) or not int(value):
        source.error(
            node,
            f"a number of columns is expected here, not `{brief(value)}`",
            "write `+4` or `-4`",
        )
        return None
    return int(value)
