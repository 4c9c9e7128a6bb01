"""Tests that did not run where some were to: for what reasons, and of which paths all."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator

from runbook.core.check.evidence import Evidence, PytestRun, TestResult
from runbook.core.check.outputs import cut
from runbook.core.model.model import TestsExpectation
from runbook.core.patterns import regex
from runbook.core.record.stepevents import Mismatch

_OF_TESTS = regex(r"(?:.*/)?(?:test_[^/]*|[^/]*_test)\.py")
_NEEDS = "install or start what they need, or say `skipped` under `tests` if they may be"


def reasons_of(results: Iterable[TestResult]) -> tuple[str, ...]:
    """The reasons for which tests did not run, a line each with their number."""
    reasons = Counter(_reason(each) for each in results if not each.ran)
    return cut([f"{number} {reason}" for reason, number in reasons.items()])


def _reason(result: TestResult) -> str:
    first, _, _ = result.message.strip().partition("\n")
    return f"{'not tried' if result.untried else 'skipped'}: {first}"


def left_out(results: tuple[TestResult, ...]) -> str:
    """How many tests did not run, of some of which none did."""
    untried = sum(each.untried for each in results)
    numbers = ((len(results) - untried, "skipped"), (untried, "marked to fail and not tried"))
    words = [f"{number} {how}" for number, how in numbers if number]
    return f"{'all ' if len(results) > 1 and len(words) == 1 else ''}{', '.join(words)}"


def may_be_left_out(result: TestResult, expected: TestsExpectation) -> bool:
    """Whether an expectation speaks of such tests as one that did not run: it says what may be."""
    return not result.ran and (expected.xfailed if result.untried else expected.skipped) is not None


def untested(
    evidence: Evidence, expected: TestsExpectation, own: tuple[str, ...] = (), command: str = ""
) -> Iterator[Mismatch]:
    """The paths that pytest was asked for of which no test ran, whatever else did.

    So are files of the change's `own`, named from the file system's root, of which all tests were
    skipped. A file that has no tests at all is one only if the `command` says its name.
    """
    if expected.outcome == "fail":
        return
    told: set[str] = set()
    for run in evidence.runs:
        mine = [posixpath.relpath(path, run.root) for path in own] if run.root else []
        for name in dict.fromkeys((*(run.named or (".",)), *mine)):
            found = tuple(each for each in run.results if _within(each.node_id, name))
            if name in told or any(each.ran or may_be_left_out(each, expected) for each in found):
                continue
            which = "of one run of pytest" if name == "." else f"of {name}"
            if found:
                told.add(name)
                yield Mismatch(f"no test {which} ran: {left_out(found)}", reasons_of(found), _NEEDS)
            elif name not in mine and _stands_for_nothing(run, name, expected, command):
                told.add(name)
                yield Mismatch(
                    f"no test {which} ran: {_not_found(run, name)}",
                    hint="check its path and `-k`, or leave it out of the command",
                )


def _stands_for_nothing(
    run: PytestRun, name: str, expected: TestsExpectation, command: str
) -> bool:
    """Whether what pytest was asked for was to have tests in it, and none was found.

    A pattern of the shell may name what has none, and a folder, too. Where tests ran that are of
    nothing that was named, as through a link, names are not understood.
    """
    if not run.results:
        # Some options list things, and collect nothing.
        return run.collected is not None and (expected.deselected is None or not run.deselected)
    said = _OF_TESTS.fullmatch(name) is not None and posixpath.basename(name) in command
    known = (*run.deselected, *(each.node_id for each in run.results))
    return (
        said
        and not any(_within(each, name) for each in run.deselected)
        and all(any(_within(each, other) for other in run.named) for each in known)
    )


def _not_found(run: PytestRun, name: str) -> str:
    number = sum(_within(each, name) for each in run.deselected)
    return f"{'all ' if number > 1 else ''}{number} deselected" if number else "none was found"


def only_untested(
    found: Iterable[Mismatch], evidence: Evidence, expected: TestsExpectation, command: str
) -> bool:
    """Whether nothing is wrong but that tests did not run, which is no failure of any."""
    return set(found) <= set(untested(evidence, expected, command=command))


def _within(node_id: str, name: str) -> bool:
    """Whether a test is one of a folder, a file, a class, or is a test with its parameters."""
    return name in (".", node_id) or node_id.startswith((f"{name}/", f"{name}::", f"{name}["))
