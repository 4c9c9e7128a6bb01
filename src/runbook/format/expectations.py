"""Expectations: what a command must have done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from runbook.core.check.wildcards import mistake
from runbook.core.model.model import (
    Count,
    Distinct,
    Exit,
    Expect,
    Tally,
    TestsExpectation,
    WarningBudget,
)
from runbook.format.content import Content, Plain, Unwritable, mapping
from runbook.format.forms import (
    Form,
    Key,
    either,
    kind,
    made,
    read_form,
    read_model,
    say_form,
    write_form,
)
from runbook.format.lists import choice, listing, nested
from runbook.format.numbers import boolean, budget, count, exit_status, tally
from runbook.format.texts import code, prose, regex, sought
from runbook.format.yamltree import MappingNode, Node, ScalarNode, Source


def _tests(outcome: str, meaning: str) -> Key:
    def says(stated: Tally) -> str:
        return f"{', '.join(stated) if isinstance(stated, tuple) else stated} {outcome}"

    return Key(tally, outcome, meaning, says=says)


def _say_budget(stated: WarningBudget) -> str:
    if isinstance(stated, Count):
        return f"{stated} warnings"
    return ", ".join(f"{each} of {category}" for category, each in stated)


TESTS = Form(
    "`tests`",
    {
        "passed": _tests("passed", "tests that passed"),
        "failed": _tests("failed", "tests that failed"),
        "errors": _tests("errors", "tests or files with an error outside the test"),
        "skipped": _tests("skipped", "tests that were skipped"),
        "xfailed": _tests("xfailed", "tests that failed as they are marked to"),
        "xpassed": _tests("xpassed", "tests that passed and are marked to fail"),
        "deselected": _tests("deselected", "tests left out by `-k`, `-m` or a plugin"),
        "rerun": _tests("rerun", "tests that a plugin ran again"),
        "warnings": Key(
            budget, "warnings", "how many warnings, or how many of each category", says=_say_budget
        ),
        "workers": Key(count, "workers", "processes that ran tests", says="on {} workers".format),
        "workers-per-file": Key(
            count,
            "workers_per_file",
            "processes that ran tests of each file",
            says="each file on {} workers".format,
        ),
        "fails-with": Key(
            listing(code),
            "fails_with",
            "text in a failure or collection error",
            says=lambda texts: ", ".join(f'a failure says "{text}"' for text in texts),
        ),
    },
    TestsExpectation,
    tight=True,
)
_outcome = choice("pass", "fail")


def _write_tests(stated: TestsExpectation) -> Content:
    if stated == TestsExpectation(stated.outcome):
        return Plain(stated.outcome)
    if stated.outcome == "fail":
        raise Unwritable("`tests` is `fail` or a mapping with what else is expected, not both")
    return mapping(write_form(TESTS, stated), tight=True)


@kind(
    either({"type": "object"}, {"$ref": "#/definitions/tests"}, {"enum": ["pass", "fail"]}),
    _write_tests,
)
def tests(source: Source, node: Node) -> TestsExpectation | None:
    """`pass`, `fail`, or a mapping of what else is expected."""
    if isinstance(node, ScalarNode):
        if re.fullmatch(r"[<>=!]*\d+", node.value):
            stated = node.value if node.value.isdigit() else f'"{node.value}"'
            hint = f"write `tests: {{passed: {stated}}}`"
            source.error(node, f"`{node.value}` is none of `pass`, `fail`", hint)
            return None
        outcome: Any = _outcome.read(source, node)
        return None if outcome is None else TestsExpectation(outcome)
    if not isinstance(node, MappingNode) or not node.value:
        source.error(node, "`tests` is `pass`, `fail` or a mapping of at least one key")
        return None
    found: TestsExpectation | None = read_model(source, node, TESTS)
    return found


DISTINCT = Form(
    "`distinct`",
    {
        "pattern": Key(regex, "pattern", "regular expression", required=True),
        "count": Key(count, "count", "how many different matches", required=True),
    },
    Distinct,
    tight=True,
)


def _say_tests(stated: TestsExpectation) -> str:
    begin = "tests fail" if stated.expects_failure else "tests pass"
    return ", ".join((begin, *say_form(TESTS, stated)))


def _say_exit(status: Exit) -> str:
    if status == "nonzero":
        return "exit status other than 0"
    return f"exit status {' or '.join(map(str, status))}"


def _stripped(words: str) -> Callable[[tuple[str, ...]], str]:
    return lambda texts: "; ".join(words.format(text.strip()) for text in texts)


@kind(code.schema, code.write)
def whole_output(source: Source, node: Node) -> str | None:
    """The exact output, in which lines may stand for others."""
    found: str | None = code.read(source, node)
    wrong = None if found is None else mistake(found)
    if wrong is not None:
        source.error(node, wrong)
        return None
    return found


EXPECT = Form(
    "`expect`",
    {
        "prose": Key(prose, "prose", "the plan's own words; checks nothing"),
        "exit": Key(
            exit_status, "exit", "exit status: a number, a list, `nonzero`", says=_say_exit
        ),
        "tests": Key(tests, "tests", "what pytest did: `pass`, `fail`, or counts", says=_say_tests),
        "contains": Key(
            listing(sought), "contains", "text the output has", says=_stripped('prints "{}"')
        ),
        "absent": Key(
            listing(sought), "absent", "text the output does not have", says=_stripped('no "{}"')
        ),
        "matches": Key(
            listing(regex),
            "matches",
            "regular expression on the output",
            says=lambda found: "; ".join(f"prints what matches `{each}`" for each in found),
        ),
        "distinct": Key(
            nested(DISTINCT, "distinct"),
            "distinct",
            "number of different matches",
            says=lambda found: f"{found.count} different matches of `{found.pattern}`",
        ),
        "output": Key(
            whole_output,
            "output",
            "the exact output",
            says=lambda text: f'prints exactly "{text.strip()}"',
        ),
        "empty": Key(boolean, "empty", "nothing but white space", says=lambda _: "no output"),
        "line-count": Key(
            count, "line_count", "number of output lines", says="{} lines of output".format
        ),
    },
    Expect,
)


def in_words(stated: Expect) -> str:
    """What a check expects, on one line, where a plan has no words of its own."""
    said = "; ".join(say_form(EXPECT, stated, "tests")) or "exit status 0"
    return " ".join(said.split())


def _write_expect(stated: Expect) -> Content:
    entries = mapping(write_form(EXPECT, stated)).entries
    return mapping(entries, tight=len(entries) == 1 and stated.prose is None)


@kind({"$ref": "#/definitions/expect"}, _write_expect)
def expect(source: Source, node: Node) -> Expect:
    """A mapping of expectations."""
    if isinstance(node, ScalarNode) and node.value in ("pass", "fail"):
        message = f"`{node.value}` is expected of something"
        source.error(node, message, f"write `{{tests: {node.value}}}`, of tests that pytest runs")
        return Expect()
    values = read_form(source, node, EXPECT)
    for name in ("contains", "absent"):
        if not all(values.get(name) or ()):
            source.error(node, "an empty text can't be looked for in the output")
    found: Expect = made(source, node, EXPECT, values)
    return found
