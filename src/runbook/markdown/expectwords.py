"""Expectations in words, where a plan has none of its own."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model import Expect, TestsExpectation


def words(expect: Expect) -> str:
    """What a check expects, on one line."""
    return " ".join(("; ".join(_expectations(expect)) or "exit status 0").split())


def has_words(expect: Expect) -> bool:
    """Whether the plan says it in its own words."""
    return expect.prose is not None and expect.prose.strip() != ""


def _expectations(expect: Expect) -> Iterator[str]:
    if expect.tests is not None:
        yield _tests(expect.tests)
    if expect.exit == "nonzero":
        yield "exit status other than 0"
    elif expect.exit is not None:
        yield f"exit status {' or '.join(map(str, expect.exit))}"
    yield from (f'prints "{text.strip()}"' for text in expect.contains)
    yield from (f'no "{text.strip()}"' for text in expect.absent)
    yield from (f"prints what matches `{pattern}`" for pattern in expect.matches)
    if expect.distinct is not None:
        yield f"{expect.distinct.count} different matches of `{expect.distinct.pattern}`"
    if expect.output is not None:
        yield f'prints exactly "{expect.output.strip()}"'
    if expect.empty:
        yield "no output"
    if expect.line_count is not None:
        yield f"{expect.line_count} lines of output"


def _tests(tests: TestsExpectation) -> str:
    words = []
    for name in ("passed", "failed", "errors", "skipped", "xfailed"):
        tally = getattr(tests, name)
        if tally is not None:
            words.append(f"{tally if not isinstance(tally, tuple) else ', '.join(tally)} {name}")
    if tests.workers is not None:
        words.append(f"on {tests.workers} workers")
    if tests.workers_per_file is not None:
        words.append(f"each file on {tests.workers_per_file} workers")
    words += [f'a failure says "{text}"' for text in tests.fails_with]
    begin = "tests fail" if tests.expects_failure else "tests pass"
    return ", ".join([begin, *words])
