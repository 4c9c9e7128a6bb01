"""Writes steps: the five kinds, the operations of an edit, and expectations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from runbook.core.model import (
    Commit,
    Count,
    Distinct,
    Edit,
    Exit,
    Expect,
    Manual,
    Run,
    Step,
    Tally,
    TestsExpectation,
    Verify,
)
from runbook.core.operations import (
    Append,
    Create,
    Delete,
    Glob,
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
    Target,
    Text,
)
from runbook.format.contents import (
    Entry,
    environment,
    few,
    number,
    output_text,
    prose,
    timeout,
    words,
)
from runbook.format.datawriter import assignments, data_mapping
from runbook.format.emit import (
    Block,
    Content,
    Inline,
    Mapping,
    Plain,
    Sequence,
    Unwritable,
    Words,
    mapping,
)


def step_content(step: Step) -> Content:
    """What a step is written as."""
    title, note = ("title", words(step.title)), ("note", prose(step.note))
    match step:
        case Edit(targets, changes):
            first: Entry = ("edit", few(targets, _target))
            if len(changes) == 1:
                return mapping((first, title, *_operation(changes[0]), note))
            listed = Sequence(tuple(mapping(_operation(each)) for each in changes), False)
            return mapping((first, title, ("changes", listed), note))
        case Run():
            files: Entry = ("files", _files(step.files))
            return mapping((("run", Words(step.command)), title, files, *_command(step), note))
        case Verify():
            return mapping(
                (
                    ("verify", Words(step.command)),
                    title,
                    ("fails-at", None if step.fails_at is None else Plain(step.fails_at)),
                    ("guard", Plain("true") if step.guard else None),
                    ("retries", number(step.retries or None)),
                    *_command(step),
                    note,
                )
            )
        case Commit():
            return mapping(
                (
                    ("commit", Words(step.message)),
                    title,
                    ("files", None if step.files is None else _files(step.files)),
                    ("trailers", few(step.trailers, Inline)),
                    note,
                )
            )
        case Manual():
            instructions = Words(step.instructions, prose=True)
            files = ("files", _files(step.files) if step.files else None)
            return mapping((("manual", instructions), title, files, note))
        case _:
            assert_never(step)


def _command(step: Run | Verify) -> Iterator[Entry]:
    yield "timeout", timeout(step.timeout)
    yield "env", environment(step.env) if step.env else None
    yield "expect", None if step.expect == Expect() else _expect(step.expect)


def _operation(change: Operation) -> Iterator[Entry]:
    lines = getattr(change, "lines", None)
    yield "lines", None if lines is None else Plain(str(lines))
    match change:
        case Replace(search, replacement):
            yield "replace", _text(search)
            yield "with", _text(replacement)
        case Remove(search):
            yield "remove", _text(search)
        case Insert(side, anchor, text):
            yield side, _text(anchor)
            yield "insert", _text(text)
        case ReplaceRange(start, end, replacement):
            yield "from", _text(start)
            yield "through", _text(end)
            yield "with", _text(replacement)
        case Append(text):
            yield "append", _text(text)
        case Prepend(text):
            yield "prepend", _text(text)
        case Create(text, mode):
            yield "create", _text(text)
            yield "mode", None if mode is None else Plain(f"{mode:03o}")
        case RewriteFile(text):
            yield "rewrite-file", _text(text)
        case Delete():
            yield "delete", Plain("true")
        case MoveTo(path):
            yield "move-to", Inline(path)
        case Substitute(regex, rewrite):
            yield "regex", output_text(regex)
            yield "rewrite", Words(rewrite)
        case Patch(diff):
            yield "patch", Block(diff)
        case Structural(rewrite, pattern, rule, language):
            yield "pattern", None if pattern is None else Words(pattern)
            yield "rule", None if rule is None else data_mapping(rule)
            yield "language", None if language is None else Plain(language)
            yield "rewrite", Words(rewrite)
        case SetValues(_, language):
            yield "set", assignments(change)
            yield "language", None if language is None else Plain(language)
        case _:
            assert_never(change)
    count = getattr(change, "count", 1)
    stated = count != 1 or isinstance(change, Substitute)
    yield "count", Plain(str(count)) if stated else None
    match_ = getattr(change, "match", "exact")
    yield "match", None if match_ == "exact" else Plain(match_)


def _text(text: Text) -> Content:
    if not text.whole_lines:
        # The reader takes the line ends of Windows for ours.
        return Inline(text.value.replace("\r\n", "\r\r\n"))
    if text.value and not text.value.endswith("\n"):
        raise Unwritable(f"the lines {text.value[-40:]!r} do not end with a line end")
    return Block(text.value)


def _expect(expect: Expect) -> Mapping:
    entries: list[Entry] = [
        ("prose", prose(expect.prose)),
        ("exit", None if expect.exit is None else _exit(expect.exit)),
        ("tests", None if expect.tests is None else _tests(expect.tests)),
        ("contains", few(expect.contains, output_text)),
        ("absent", few(expect.absent, output_text)),
        ("matches", few(expect.matches, output_text)),
        ("distinct", None if expect.distinct is None else _distinct(expect.distinct)),
        ("output", words(expect.output)),
        ("empty", Plain("true") if expect.empty else None),
        ("line-count", None if expect.line_count is None else _count(expect.line_count)),
    ]
    stated = sum(content is not None for _, content in entries)
    return mapping(entries, tight=stated == 1 and expect.prose is None)


def _exit(status: Exit) -> Content:
    if status == "nonzero":
        return Plain(status)
    return few(status, lambda number: Plain(str(number))) or Sequence(())


def _tests(tests: TestsExpectation) -> Content:
    if tests == TestsExpectation(tests.outcome):
        return Plain(tests.outcome)
    if tests.outcome == "fail":
        raise Unwritable("`tests` is `fail` or a mapping with what else is expected, not both")
    return mapping(
        (
            ("passed", _tally(tests.passed)),
            ("failed", _tally(tests.failed)),
            ("errors", _tally(tests.errors)),
            ("skipped", _tally(tests.skipped)),
            ("xfailed", _tally(tests.xfailed)),
            ("workers", None if tests.workers is None else _count(tests.workers)),
            (
                "workers-per-file",
                None if tests.workers_per_file is None else _count(tests.workers_per_file),
            ),
            ("fails-with", few(tests.fails_with, Words)),
        ),
        tight=True,
    )


def _tally(tally: Tally | None) -> Content | None:
    if isinstance(tally, Count):
        return _count(tally)
    # A single node id needs its brackets: without them it is read as a number.
    return None if tally is None else Sequence(tuple(map(Inline, tally)))


def _count(count: Count) -> Content:
    return Plain(str(count)) if count.operator == "==" else Plain(f'"{count}"')


def _distinct(distinct: Distinct) -> Content:
    entries = (("pattern", output_text(distinct.pattern)), ("count", _count(distinct.count)))
    return mapping(entries, tight=True)


def _target(target: Target) -> Content:
    if isinstance(target, Glob):
        return mapping((("glob", Inline(target.pattern)),), tight=True)
    return Inline(target)


def _files(targets: tuple[Target, ...]) -> Content:
    return few(targets, _target) or Sequence(())
