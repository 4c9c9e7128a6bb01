"""What a pytest run really did, folded from the probe's records, never from text."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from runbook.core.record.stepevents import TestCounts, TestOutcome
from runbook.core.value import field, mutable, replace, value

# pytest.ExitCode: interrupted, internal error, usage error.
_BROKEN_OFF = (2, 3, 4)


@value
class TestResult:
    """One finished test; `duration` in seconds, `worker` is "gw0", or "main" without xdist.

    A file that skips itself as it is collected is one, too: no `worker` ran anything of it.
    `at` is where one failed that did, as path:line.
    """

    __test__ = False

    node_id: str
    outcome: TestOutcome
    duration: float
    worker: str
    message: str
    at: str = ""

    @property
    def untried(self) -> bool:
        """Whether it is marked to fail, and not to be run either (`xfail(run=False)`)."""
        return self.outcome == "xfailed" and "[NOTRUN]" in self.message.partition("\n")[0]

    @property
    def ran(self) -> bool:
        """Whether anything of it was run that tells something."""
        return self.outcome != "skipped" and not self.untried


@value
class CollectionError:
    """A file, folder or worker whose tests could not be collected."""

    node_id: str
    message: str


@value
class Warned:
    """A warning that pytest recorded: its category's name, what it says, and of which test."""

    category: str
    message: str
    node_id: str


@value
class PytestRun:
    """One run of pytest; `exit` is pytest's own status, None without its finish record.

    `named` are the paths that it was asked for, below its `root` as node ids are; none is all.
    `manner` says what it was set up by: plugins, conftest files and settings, a line each, which
    ends with the file. `patched` are functions of pytest, and tests, that were replaced by others,
    and `agreeable` classes of the project an object of which equals everything. It is `sealed`
    where its records are those that the probe wrote, and all of them.
    """

    collected: int | None
    results: tuple[TestResult, ...]
    collection_errors: tuple[CollectionError, ...]
    exit: int | None
    unfinished: tuple[str, ...] = ()
    deselected: tuple[str, ...] = ()
    rerun: tuple[str, ...] = ()  # by a plugin, after they had failed
    warnings: tuple[Warned, ...] = ()
    manner: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    agreeable: tuple[str, ...] = ()
    sealed: bool = False
    root: str = ""
    named: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether pytest came to its own end, whatever the tests did."""
        return self.exit is not None

    @property
    def broken_off(self) -> bool:
        """Whether pytest could not begin or go on, whatever the tests did up to then."""
        return self.exit is None or self.exit in _BROKEN_OFF

    @property
    def complete(self) -> bool:
        """Whether all was collected and every test was run to its end, whatever came out."""
        return (
            not self.broken_off
            and self.collected is not None
            and not self.unfinished
            and not self.collection_errors
        )


@value
class Evidence:
    """All pytest runs of one command; none at all is no evidence."""

    runs: tuple[PytestRun, ...] = ()

    @property
    def results(self) -> tuple[TestResult, ...]:
        """The results of all runs."""
        return tuple(result for run in self.runs for result in run.results)

    @property
    def deselected(self) -> tuple[str, ...]:
        """The tests that were left out, by all runs."""
        return tuple(node_id for run in self.runs for node_id in run.deselected)

    @property
    def rerun(self) -> tuple[str, ...]:
        """The tests that a plugin ran again, in all runs."""
        return tuple(node_id for run in self.runs for node_id in run.rerun)

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """The warnings of all runs."""
        return tuple(each for run in self.runs for each in run.warnings)

    @property
    def flaky(self) -> tuple[str, ...]:
        """The tests that passed after a plugin had run them again."""
        again = set(self.rerun)
        passed = (each.node_id for each in self.results if each.outcome == "passed")
        return tuple(node_id for node_id in passed if node_id in again)

    def count(self, outcome: TestOutcome) -> int:
        """Return how many tests ended so, over all runs."""
        return sum(result.outcome == outcome for result in self.results)

    def counts(self) -> TestCounts:
        """Return how many tests ended how, over all runs."""
        workers = {result.worker for result in self.results if result.worker}
        return TestCounts(
            passed=self.count("passed"),
            failed=self.count("failed"),
            errors=self.count("error"),
            skipped=self.count("skipped"),
            xfailed=self.count("xfailed"),
            xpassed=self.count("xpassed"),
            not_collected=sum(len(run.collection_errors) for run in self.runs),
            workers=0 if workers <= {"main"} else len(workers),
        )


def read_evidence(lines: Iterable[str], key: str = "") -> Evidence:
    """Fold the probe's records, one JSON object a line, into what each run of pytest did.

    A line that is no record (torn by a kill) is passed over: what it said then counts as not done.
    The first run seals its records with the `key`, each other one with the digest of the last key.
    """
    runs: dict[str, _Run] = {}
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("run"), str):
            run = runs.setdefault(record["run"], _Run())
            if record.get("kind") != "finish":
                run.lines.append(line.strip("\n") + "\n")
            with suppress(AttributeError, KeyError, TypeError):
                run.add(record)  # What somebody else wrote is no record, and no seal fits it.
    return Evidence(tuple(_sealed([*runs.values()], key)))


def _sealed(runs: list[_Run], key: str) -> Iterator[PytestRun]:
    keys = []
    for _ in runs:
        keys.append(key.encode())
        key = hashlib.sha256(key.encode()).hexdigest()
    for run in runs:
        said = "".join([*run.lines, str(run.exit)]).encode("utf-8", "replace")
        fitting = [k for k in keys if k and hmac.digest(k, said, "sha256").hex() == run.seal]
        if fitting:
            keys.remove(fitting[0])
        yield replace(run.folded(), sealed=bool(fitting))


@mutable
class _Run:
    """One run under way: the records of several may be interleaved."""

    groups: bool = False
    collected: dict[str, None] | None = None
    exit: int | None = None
    started: dict[str, None] = field(default_factory=dict)
    open: dict[tuple[str, str], TestResult] = field(default_factory=dict)
    done: dict[tuple[str, str], TestResult] = field(default_factory=dict)
    errors: dict[str, CollectionError] = field(default_factory=dict)
    deselected: dict[str, None] = field(default_factory=dict)
    rerun: dict[str, None] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)
    manner: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    agreeable: tuple[str, ...] = ()
    seal: str = ""
    root: str = ""
    named: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)

    def add(self, record: dict[str, Any]) -> None:
        match record.get("kind"):
            case "start":
                self.groups = record.get("dist") == "loadgroup"
                self.root = str(record.get("root", ""))
                self.named = tuple(record.get("named", ()))
            case "collected":
                self.collected = {
                    **(self.collected or {}),
                    **dict.fromkeys(map(self._node_id, record["tests"])),
                }
            case "collection-error":
                error = CollectionError(record["node"], record["message"])
                self.errors.setdefault(error.node_id, error)
            case "collection-skip":
                # Each worker collects all, and says the same.
                result = TestResult(record["node"], "skipped", 0.0, "", record["message"])
                self.done.setdefault((result.node_id, ""), result)
            case "report":
                self._add_report(record)
            case "deselected":
                # All workers leave out the same.
                self.deselected |= dict.fromkeys(map(self._node_id, record["tests"]))
            case "warning":
                warned = Warned(record["category"], record["message"], record["node"])
                self.warnings.append(warned)
            case "manner":
                self.manner = tuple(record["lines"])
                self.patched = tuple(record["patched"])
                self.agreeable = tuple(record["agreeable"])
            case "finish":
                self.exit = record["exit"]
                self.seal = str(record.get("seal", ""))

    def _add_report(self, record: dict[str, Any]) -> None:
        node_id = self._node_id(record["node"])
        key = (node_id, record["worker"])
        self.started[node_id] = None
        outcome = record["outcome"]
        if outcome == "retried":  # not final: the same test runs again
            self.open.pop(key, None)
            self.rerun[node_id] = None
            return
        if outcome == "not-run":  # only its fixtures were set up (--setup-only, --setup-plan)
            return
        result = TestResult(
            node_id, outcome, record["duration"], record["worker"], record["message"],
            record.get("at", ""),
        )  # fmt: skip
        if key in self.open:
            result = _merged(self.open[key], result)
        if record["last"]:
            self.open.pop(key, None)
            before = self.done.get(key)
            if before is not None and node_id not in self.rerun:
                # Twice in the run (--keep-duplicates): pytest counts both, here the worse one does.
                result = max(before, result, key=_weight)
            self.done[key] = result
        else:
            self.open[key] = result

    def folded(self) -> PytestRun:
        results = {**self.done, **self.open}
        seen = {node_id for node_id, _ in results}
        known = {**(self.collected or {}), **self.started}
        return PytestRun(
            collected=None if self.collected is None else len(self.collected),
            results=tuple(results.values()),
            collection_errors=tuple(self.errors.values()),
            exit=self.exit,
            unfinished=tuple(node_id for node_id in known if node_id not in seen),
            deselected=tuple(self.deselected),
            rerun=tuple(self.rerun),
            warnings=tuple(self.warnings),
            manner=self.manner,
            patched=self.patched,
            agreeable=self.agreeable,
            root=self.root,
            named=self.named,
        )

    def _node_id(self, node_id: str) -> str:
        """Return the id without the "@group" that xdist's loadgroup distribution adds to it."""
        at = node_id.rfind("@")
        if self.groups and at > max(node_id.rfind("]"), node_id.rfind("::")):
            return node_id[:at]
        return node_id


# What a later phase of a test may say must not make an earlier one look better.
_WEIGHT: dict[str, int] = {
    "passed": 0,
    "xpassed": 1,
    "skipped": 1,
    "xfailed": 1,
    "error": 2,
    "failed": 3,
}


def _weight(result: TestResult) -> int:
    return _WEIGHT[result.outcome]


def _merged(earlier: TestResult, later: TestResult) -> TestResult:
    worse = max(earlier, later, key=_weight)
    messages = [result.message for result in (earlier, later) if result.message]
    return replace(worse, duration=later.duration, message="\n".join(messages))
