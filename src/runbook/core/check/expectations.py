"""Checks: `(outcome, expectation) → verdict` with every mismatch, not just the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from runbook.core.check.causes import (
    ASKS,
    KEEP_PATH,
    asks,
    lacks_pytest,
    lost_probe,
    reads_as_tests,
    refused_by_pytest,
    unfound,
)
from runbook.core.check.evidence import Evidence, PytestRun, TestResult
from runbook.core.check.othertests import LOOK, NO_TEST, asked_of, ran_nothing
from runbook.core.check.outcome import Outcome
from runbook.core.check.outputs import cut, judge_output, kept_for, quoted
from runbook.core.check.questions import Questions
from runbook.core.check.summary import summary
from runbook.core.check.untested import left_out, may_be_left_out, reasons_of, untested
from runbook.core.model.model import Count, Exit, Expect, Tally, TestsExpectation, wants_some
from runbook.core.record.stepevents import Mismatch
from runbook.core.shell.pytestoptions import NO_TESTS, runs_no_test
from runbook.core.shell.script import parse
from runbook.core.shell.testprograms import JUDGE_OUTPUT, runs_other_tests
from runbook.core.text.counting import count
from runbook.core.value import replace, value


@value
class Verdict:
    """All mismatches of one outcome; none is a pass."""

    mismatches: tuple[Mismatch, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.mismatches


def hinted(verdict: Verdict, hint: str | None) -> Verdict:
    """A verdict that says what to do about its first mismatch, if something is known of it."""
    if hint is None or verdict.passed:
        return verdict
    first, *others = verdict.mismatches
    return Verdict((replace(first, hint=hint), *others))


def questions(expect: Expect, command: str) -> Questions:
    """What to ask about the output while it streams."""
    return Questions(
        needles=tuple(dict.fromkeys((*expect.contains, *expect.absent))),
        patterns=(*expect.matches, *asked_of(expect, command)),
        distinct=expect.distinct.pattern if expect.distinct else None,
        # Room for what differs, so that it can be shown.
        keep=kept_for(expect.output),
        lines=expect.line_count is not None or expect.output is not None,
    )


def judge(outcome: Outcome, expect: Expect, command: str = "") -> Verdict:
    """Compare what a command did with what it was to do; of `command` causes are told."""
    return Verdict(tuple(_mismatches(outcome, expect, command)))


def _mismatches(outcome: Outcome, expect: Expect, command: str) -> Iterator[Mismatch]:
    asking = asks(outcome.tail, command)
    nothing = outcome.exit == 0 and ran_nothing(outcome.answers)
    if outcome.timed_out:
        yield Mismatch(
            f"it was stopped by its time-out after {outcome.duration:.0f} s",
            tuple(f"was still running: {process}" for process in outcome.left_running),
            ASKS if asking else "raise `timeout:` if it needs longer",
        )
    elif outcome.exit is None:
        yield Mismatch("it was interrupted")
    elif not _admits(expect.exit_or_default, outcome.exit):
        yield Mismatch(
            f"exit status {outcome.exit}, expected {_exit_words(expect.exit_or_default)}",
            hint=ASKS
            if asking
            else KEEP_PATH
            if lost_probe(outcome.tail)
            else LOOK
            if nothing
            else unfound(outcome.tail, outcome.exit) or _EXIT_HINTS.get(outcome.exit),
        )
    elif nothing and expect.exit is None:
        yield Mismatch(NO_TEST, hint=LOOK)
    if expect.tests is not None:
        yield from _judge_tests(outcome, expect.tests, command)
    elif outcome.exit != 0:
        # Not asked for, but what failed is what a person wants to read first.
        failing = _failing(outcome.evidence)
        if failing and not _admits(expect.exit_or_default, outcome.exit or 0):
            yield Mismatch(count(len(failing), "failing test"), _listed(failing))
    yield from judge_output(outcome.answers, expect)


_EXIT_HINTS = {
    137: "137 is a process killed by SIGKILL, often for lack of memory",
    141: "141 is a process stopped by a closed pipe: is `| head` at the end?",
}


def _admits(expected: Exit, status: int) -> bool:
    return status != 0 if expected == "nonzero" else status in expected


def _exit_words(expected: Exit) -> str:
    if expected == "nonzero":
        return "any but 0"
    return " or ".join(map(str, expected))


def _judge_tests(outcome: Outcome, expected: TestsExpectation, command: str) -> Iterator[Mismatch]:
    evidence = outcome.evidence
    if not evidence.runs and lacks_pytest(outcome.tail):
        yield Mismatch(
            "pytest is not installed where the command looked for it",
            hint="install it there, or name the environment that has it, such as "
            "`.venv/bin/python -m pytest`",
        )
        return
    if not evidence.runs and lost_probe(outcome.tail):
        yield Mismatch("pytest did not find what is to see what it does", hint=KEEP_PATH)
        return
    said = refused_by_pytest(outcome.tail)
    if not evidence.runs and said is not None:
        yield Mismatch(f"pytest did not begin: {said[0]}", hint=said[1])
        return
    other = runs_no_test(command)
    if not evidence.runs and other is not None:
        yield Mismatch(f"no test is run by a command with `{other}`", hint=NO_TESTS)
        return
    if not evidence.runs and runs_other_tests(parse(command)):
        yield Mismatch("`tests` needs a pytest, and none ran: this is another test program",
                       hint=JUDGE_OUTPUT)  # fmt: skip
        return
    if not evidence.runs:
        yield Mismatch(
            "no evidence that pytest ran",
            # What else went wrong is told of already, or by the output.
            hint="the probe is lost under `env -i`, an overridden PYTEST_ADDOPTS or a pytest "
            "before 6.1; without evidence a check of tests never passes"
            if outcome.exit == 0 or reads_as_tests(outcome.tail)
            else None,
        )
        return
    yield from _judge_ends(evidence.runs, expected, said)
    yield from _judge_failures(evidence, expected, command)
    yield from _judge_tallies(evidence, expected)
    yield from _judge_warnings(evidence, expected)
    yield from _judge_workers(evidence, expected)


def _judge_ends(
    runs: tuple[PytestRun, ...], expected: TestsExpectation, said: tuple[str, str | None] | None
) -> Iterator[Mismatch]:
    """Whether each run of pytest came to its end, and ran all that it collected; `said` if not."""
    for run in runs:
        if not run.finished:
            done = len(run.results)
            collected = "" if run.collected is None else f" of {run.collected} collected"
            yield Mismatch(
                f"pytest did not finish: {count(done, 'test')}{collected} ran, then it was gone",
                cut([f"not run: {node_id}" for node_id in run.unfinished]),
                "a pipe into `head`, a crash or `os._exit` ends pytest without a word",
            )
            continue
        failing = _failing(Evidence((run,)))
        # Stopping at a failure (`-x`) is fine where one is all that is wanted.
        one_will_do = expected.outcome == "fail" or bool(expected.fails_with)
        if run.unfinished and not (one_will_do and failing):
            yield Mismatch(
                f"{count(len(run.unfinished), 'collected test')} did not run",
                cut([f"not run: {node_id}" for node_id in run.unfinished]),
            )
        # 1: tests failed; 2: interrupted, by errors of the collection or by xdist and --stepwise
        # that stop at a failure; 5: no tests.
        stopped = run.collection_errors or (one_will_do and run.unfinished)
        explained = (0, 5) if not failing else (0, 1, 2) if stopped else (0, 1)
        if run.exit not in explained and not (run.exit == 4 and run.collection_errors):
            why, hint = (f": {said[0]}", said[1]) if said is not None else ("", None)
            yield Mismatch(f"pytest itself ended with status {run.exit}{why}", hint=hint)


def _judge_failures(
    evidence: Evidence, expected: TestsExpectation, command: str
) -> Iterator[Mismatch]:
    failing = _failing(evidence)
    if expected.fails_with:
        text = "\n".join(message for _, message in failing)
        for wanted in expected.fails_with:
            if wanted not in text:
                yield Mismatch(
                    f"no failure says {quoted(wanted)}"
                    if failing
                    else f"no test failed; one was to fail with {quoted(wanted)}",
                    _listed(failing),
                )
        return
    if expected.outcome == "fail":
        if not failing:
            yield Mismatch(f"no test failed, and one was to: {summary(evidence)}")
        return
    yield from _judge_unwanted(evidence, expected)
    finished = all(run.finished for run in evidence.runs)
    if not expected.expects_failure and not failing and finished:
        yield from _judge_ran(evidence, expected, command)


def _judge_unwanted(evidence: Evidence, expected: TestsExpectation) -> Iterator[Mismatch]:
    """Failures and errors that no stated tally speaks of."""
    unwanted = [
        (result.node_id, result.message)
        for result in evidence.results
        if (result.outcome == "failed" and expected.failed is None)
        or (result.outcome == "error" and expected.errors is None)
    ]
    if expected.errors is None:
        unwanted += _collection_errors(evidence)
    if unwanted:
        yield Mismatch(_failure_words(evidence), _listed(unwanted))


def _judge_ran(evidence: Evidence, expected: TestsExpectation, command: str) -> Iterator[Mismatch]:
    """Whether anything was tested at all, and something of all that was to be."""
    results = evidence.results
    some = wants_some(expected.passed) or wants_some(expected.xfailed)
    if not results:
        nothing = all(run.exit == 5 for run in evidence.runs)
        hint = "pytest collected nothing: check paths and `-k`" if nothing else None
        if not some:
            yield Mismatch("no test ran", hint=hint)
    elif any(result.ran for result in results):
        yield from untested(evidence, expected, command=command)
    elif not some and not any(may_be_left_out(each, expected) for each in results):
        yield Mismatch(f"no test ran: {left_out(results)}", reasons_of(results))


def _judge_tallies(evidence: Evidence, expected: TestsExpectation) -> Iterator[Mismatch]:
    by_outcome: dict[str, list[str]] = defaultdict(list)
    for result in evidence.results:
        by_outcome[result.outcome].append(result.node_id)
    by_outcome["errors"] = by_outcome["error"] + [name for name, _ in _collection_errors(evidence)]
    by_outcome["deselected"] = [*evidence.deselected]
    by_outcome["rerun"] = [*evidence.rerun]
    for word, tally in expected.tallies:
        yield from _judge_tally(evidence, word, tally, by_outcome[word])


def _judge_warnings(evidence: Evidence, expected: TestsExpectation) -> Iterator[Mismatch]:
    budget = expected.warnings
    if budget is None:
        return
    bounds = ((None, budget),) if isinstance(budget, Count) else budget
    for category, bound in bounds:
        found = [each for each in evidence.warnings if category in (None, each.category)]
        if not bound.admits(len(found)):
            said: dict[str, int] = defaultdict(int)
            for each in found:
                said[f"{each.category}: {_first_line(each.message)}"] += 1
            lines = [f"{line}{f'  ({n} times)' if n > 1 else ''}" for line, n in said.items()]
            name = "warnings" if category is None else category
            yield Mismatch(f"{name}: {len(found)}, expected {bound}", cut(lines))


def _judge_tally(
    evidence: Evidence, word: str, tally: Tally, node_ids: list[str]
) -> Iterator[Mismatch]:
    if isinstance(tally, Count):
        if not tally.admits(len(node_ids)):
            details = cut(node_ids) if word != "passed" else ()
            if word in ("failed", "errors"):
                details = _listed(_failing(evidence))
            yield Mismatch(f"{word}: {len(node_ids)}, expected {tally}", details)
        return
    missing = [wanted for wanted in tally if not any(_same(wanted, n) for n in node_ids)]
    extra = [n for n in node_ids if not any(_same(wanted, n) for wanted in tally)]
    if missing or extra:
        lines = [f"not {word}: {node_id}" for node_id in missing]
        lines += [f"{word} too: {node_id}" for node_id in extra]
        yield Mismatch(f"{word}: other tests than expected", cut(lines))


def _same(wanted: str, node_id: str) -> bool:
    """Whether a stated node id means this one: from any folder, with all its parameters."""
    path, parts, test = node_id.partition("::")  # a folder may be called `[id]`
    return any(
        candidate == wanted or candidate.endswith("/" + wanted)
        for candidate in (node_id, f"{path}{parts}{test.partition('[')[0]}")
    )


def _judge_workers(evidence: Evidence, expected: TestsExpectation) -> Iterator[Mismatch]:
    results = [result for result in evidence.results if result.ran]
    if expected.workers is not None:
        workers = sorted({result.worker for result in results})
        if not expected.workers.admits(len(workers)):
            yield Mismatch(
                f"{count(len(workers), 'worker')} ran tests, expected {expected.workers}",
                _distribution(results),
            )
    if expected.workers_per_file is not None:
        by_file: dict[str, set[str]] = defaultdict(set)
        for result in results:
            by_file[_file(result)].add(result.worker)
        wrong = {
            file: workers
            for file, workers in by_file.items()
            if not expected.workers_per_file.admits(len(workers))
        }
        if wrong or not by_file:
            yield Mismatch(
                f"workers per file: expected {expected.workers_per_file} in each file",
                _distribution(results) or ("no test ran",),
            )


def _file(result: TestResult) -> str:
    return result.node_id.partition("::")[0]


def _distribution(results: list[TestResult]) -> tuple[str, ...]:
    """One line a file: how many of its tests ran on which worker."""
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for result in results:
        table[_file(result)][result.worker] += 1
    return tuple(
        f"{file}: " + ", ".join(f"{worker} ran {table[file][worker]}" for worker in sorted(row))
        for file, row in table.items()
    )


def _failing(evidence: Evidence) -> list[tuple[str, str]]:
    """Node ids with messages of all that failed, errored or could not be collected."""
    tests = [
        (result.node_id, result.message)
        for result in evidence.results
        if result.outcome in ("failed", "error")
    ]
    return tests + list(_collection_errors(evidence))


def _collection_errors(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    return tuple((e.node_id, e.message) for run in evidence.runs for e in run.collection_errors)


def _failure_words(evidence: Evidence) -> str:
    parts = []
    for outcome, words in (("failed", "failed"), ("error", "with an error")):
        number = evidence.count(outcome)  # type: ignore[arg-type]
        if number:
            parts.append(f"{number} {words}")
    errors = len(_collection_errors(evidence))
    if errors:
        parts.append(f"{errors} not collected")
    return f"tests: {', '.join(parts)}; {evidence.count('passed')} passed"


def _listed(failing: list[tuple[str, str]]) -> tuple[str, ...]:
    return cut([f"{node_id}  {_first_line(message)}" for node_id, message in failing])


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0]
