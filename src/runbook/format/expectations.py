"""Expectations: what a command must have done."""

from __future__ import annotations

from typing import Any

from runbook.core.model import Distinct, Expect, TestsExpectation
from runbook.format.content import Content, Plain, Unwritable, mapping
from runbook.format.forms import Form, Key, either, kind, made, read_form, read_model, write_form
from runbook.format.lists import choice, listing, nested
from runbook.format.numbers import boolean, count, exit_status, tally
from runbook.format.texts import code, prose, regex, sought
from runbook.format.yamltree import MappingNode, Node, ScalarNode, Source

TESTS = Form(
    "`tests`",
    {
        "passed": Key(tally, "passed", "tests that passed"),
        "failed": Key(tally, "failed", "tests that failed"),
        "errors": Key(tally, "errors", "tests or files with an error outside the test"),
        "skipped": Key(tally, "skipped", "tests that were skipped"),
        "xfailed": Key(tally, "xfailed", "tests that failed as they are marked to"),
        "workers": Key(count, "workers", "processes that ran tests"),
        "workers-per-file": Key(count, "workers_per_file", "processes that ran tests of each file"),
        "fails-with": Key(listing(code), "fails_with", "text in a failure or collection error"),
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
        outcome: Any = _outcome.read(source, node)
        return None if outcome is None else TestsExpectation(outcome)
    if isinstance(node, MappingNode) and not node.value:
        source.error(node, "`tests` is `pass`, `fail` or a mapping of at least one key")
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

EXPECT = Form(
    "`expect`",
    {
        "exit": Key(exit_status, "exit", "exit status: a number, a list, `nonzero`"),
        "tests": Key(tests, "tests", "what pytest did: `pass`, `fail`, or counts"),
        "contains": Key(listing(sought), "contains", "text the output has"),
        "absent": Key(listing(sought), "absent", "text the output does not have"),
        "matches": Key(listing(regex), "matches", "regular expression on the output"),
        "distinct": Key(nested(DISTINCT, "distinct"), "distinct", "number of different matches"),
        "output": Key(code, "output", "the exact output"),
        "empty": Key(boolean, "empty", "nothing but white space"),
        "line-count": Key(count, "line_count", "number of output lines"),
        "prose": Key(prose, "prose", "the plan's own words; checks nothing"),
    },
    Expect,
    order="prose",
)


def _write_expect(stated: Expect) -> Content:
    entries = mapping(write_form(EXPECT, stated)).entries
    return mapping(entries, tight=len(entries) == 1 and stated.prose is None)


@kind({"$ref": "#/definitions/expect"}, _write_expect)
def expect(source: Source, node: Node) -> Expect:
    """A mapping of expectations."""
    values = read_form(source, node, EXPECT)
    for name in ("contains", "absent"):
        if not all(values.get(name) or ()):
            source.error(node, "an empty text can't be looked for in the output")
    found: Expect = made(source, node, EXPECT, values)
    return found
