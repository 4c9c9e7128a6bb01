"""Expectations: what a command must have done."""

from __future__ import annotations

from typing import Any

from runbook.core.model import Distinct, Expect, TestsExpectation
from runbook.format import scalars
from runbook.format.forms import Form, Key, read_form
from runbook.format.patterns import regex
from runbook.format.yamltree import MappingNode, Node, ScalarNode, Source

TESTS = Form(
    "`tests`",
    {
        "passed": Key(scalars.tally, "passed", "tests that passed"),
        "failed": Key(scalars.tally, "failed", "tests that failed"),
        "errors": Key(scalars.tally, "errors", "tests or files with an error outside the test"),
        "skipped": Key(scalars.tally, "skipped", "tests that were skipped"),
        "xfailed": Key(scalars.tally, "xfailed", "tests that failed as they are marked to"),
        "workers": Key(scalars.count, "workers", "processes that ran tests"),
        "workers-per-file": Key(
            scalars.count, "workers_per_file", "processes that ran tests of each file"
        ),
        "fails-with": Key(
            scalars.listing(scalars.code), "fails_with", "text in a failure or collection error"
        ),
    },
)


_outcome = scalars.choice("pass", "fail")


def read_tests(source: Source, node: Node) -> TestsExpectation | None:
    """`pass`, `fail`, or a mapping of what else is expected."""
    if isinstance(node, ScalarNode):
        outcome: Any = _outcome(source, node)
        return None if outcome is None else TestsExpectation(outcome)
    if isinstance(node, MappingNode) and not node.value:
        source.error(node, "`tests` is `pass`, `fail` or a mapping of at least one key")
    return TestsExpectation(**read_form(source, node, TESTS))


DISTINCT = Form(
    "`distinct`",
    {
        "pattern": Key(regex, "pattern", "regular expression", required=True),
        "count": Key(scalars.count, "count", "how many different matches", required=True),
    },
)


def read_distinct(source: Source, node: Node) -> Distinct | None:
    """A pattern, and how many different matches it has."""
    values = read_form(source, node, DISTINCT)
    return Distinct(**values) if len(values) == 2 else None


EXPECT = Form(
    "`expect`",
    {
        "exit": Key(scalars.exit_status, "exit", "exit status: a number, a list, `nonzero`"),
        "tests": Key(read_tests, "tests", "what pytest did: `pass`, `fail`, or counts"),
        "contains": Key(scalars.listing(scalars.code), "contains", "text the output has"),
        "absent": Key(scalars.listing(scalars.code), "absent", "text the output does not have"),
        "matches": Key(
            scalars.listing(regex),
            "matches",
            "regular expression on the output",
        ),
        "distinct": Key(read_distinct, "distinct", "number of different matches"),
        "output": Key(scalars.code, "output", "the exact output"),
        "empty": Key(scalars.boolean, "empty", "nothing but white space"),
        "line-count": Key(scalars.count, "line_count", "number of output lines"),
        "prose": Key(scalars.code, "prose", "the plan's own words; checks nothing"),
    },
)


def read_expect(source: Source, node: Node) -> Expect:
    """A mapping of expectations."""
    values = read_form(source, node, EXPECT)
    if None in values.values():
        values = {key: value for key, value in values.items() if value is not None}
    for name in ("contains", "absent"):
        if name in values:
            # Of a block scalar the last line's end is not meant: an output may lack it.
            values[name] = tuple(text.removesuffix("\n") for text in values[name])
            if not all(values[name]):
                source.error(node, "an empty text can't be looked for in the output")
    return Expect(**values)
