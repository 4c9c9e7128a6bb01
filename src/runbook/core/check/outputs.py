"""What a command printed, held against what it was to print."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.check.questions import Answers
from runbook.core.check.wildcards import alike, fits, is_wild
from runbook.core.model.model import Expect
from runbook.core.record.stepevents import Mismatch
from runbook.core.text.counting import count

_SPARE = 2**16
_SPARE_IF_WILD = 2**22
_SHOWN = 10  # lines of a list; the rest is counted
SLOW_HINT = "make the expression simpler: nested repetitions can take for ever"


def kept_for(output: str | None) -> int:
    """How many bytes of an output are kept to be compared, and to show what differs."""
    if output is None:
        return 0
    return len(output.encode()) + (_SPARE_IF_WILD if is_wild(output) else _SPARE)


def judge_output(answers: Answers, expect: Expect) -> Iterator[Mismatch]:
    """All in which an output is not what was expected."""
    for text in expect.contains:
        if text not in answers.found:
            yield Mismatch(f"the output does not contain {quoted(text)}")
    for text in expect.absent:
        if text in answers.found:
            yield Mismatch(f"the output contains {quoted(text)}, which was to be absent")
    for pattern in expect.matches:
        if pattern in answers.too_slow:
            yield Mismatch(f"matching {quoted(pattern)} took too long", hint=SLOW_HINT)
        elif pattern not in answers.matched:
            yield Mismatch(f"nothing in the output matches {quoted(pattern)}")
    if expect.distinct is not None:
        wanted = expect.distinct
        if wanted.pattern in answers.too_slow:
            yield Mismatch(f"matching {quoted(wanted.pattern)} took too long", hint=SLOW_HINT)
        elif not wanted.count.admits(answers.distinct):
            yield Mismatch(
                f"{answers.distinct} different matches of {quoted(wanted.pattern)}, "
                f"expected {wanted.count}"
            )
    if expect.empty and not answers.blank:
        yield Mismatch("the output was to be empty")
    if expect.line_count is not None and not expect.line_count.admits(answers.lines):
        yield Mismatch(f"{count(answers.lines, 'line')} of output, expected {expect.line_count}")
    if expect.output is not None and not _is_output(answers.text, expect.output):
        yield Mismatch("the output is another than expected", _differences(expect.output, answers))


def _is_output(text: str | None, expected: str) -> bool:
    if text is None or not is_wild(expected):
        return _whole(text) == _whole(expected)
    return fits(expected, text)


def _whole(text: str | None) -> str | None:
    # The final newline is optional, as everywhere in the format.
    return None if text is None else text.removesuffix("\n")


def _differences(expected: str, answers: Answers) -> tuple[str, ...]:
    if answers.text is None:
        return (f"it has {count(answers.lines, 'line')}, and is longer than expected",)
    from difflib import unified_diff

    wanted, there = (text.removesuffix("\n").split("\n") for text in (expected, answers.text))
    if is_wild(expected):
        wanted = list(alike(expected, answers.text))
    lines = list(unified_diff(wanted, there, "expected", "output", lineterm="", n=2))
    return cut(lines, 40)


def cut(lines: list[str], most: int = _SHOWN) -> tuple[str, ...]:
    """The first lines of a list, and how many more there are."""
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[:most], f"… and {len(lines) - most} more")


def quoted(text: str) -> str:
    """A text as a message quotes it."""
    return f'"{text.strip()}"'
