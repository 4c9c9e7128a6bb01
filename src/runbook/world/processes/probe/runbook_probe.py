"""Write down what pytest does, one JSON line a fact, for `runbook.core.check.evidence` to read.

Loaded by `runbook_plugin` into any pytest from 6.1 on, under any Python from 3.7 on, so the
standard library only. Records go to the file named by RUNBOOK_PROBE_RECORD; without it, nothing
happens. PYTEST_DONT_REWRITE: without this word pytest warns when it meets a loaded module twice,
and a project may have made warnings errors.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from runbook.world.processes.probe.runbook_manner import Own, Watch
    from runbook.world.processes.probe.runbook_places import conftest_of, named_by, place_of
    from runbook.world.processes.probe.runbook_seal import sealer

    Report = pytest.CollectReport | pytest.TestReport
else:
    from runbook_manner import Own, Watch
    from runbook_places import conftest_of, named_by, place_of
    from runbook_seal import sealer

# Taken away at once: xdist's workers and what a test starts are not the run that is asked about.
RECORD = os.environ.pop("RUNBOOK_PROBE_RECORD", None)
GO_ON = os.environ.pop("RUNBOOK_PROBE_GO_ON", None)

LONGEST = 8000
"""Characters of a message that are kept."""

LEFT_OUT, SEEN = "runbook_left_out", "runbook_seen"
"""Under which a worker of xdist hands over what it deselected, and what its watch has seen."""

USAGE_ERROR = 4
"""What pytest.main answers to some exceptions, after the last hook."""

FINAL = ("passed", "failed", "skipped")


class Writer:
    """One run's records, each appended by a single write; what ends them is sealed.

    What it needs is held from the start: a test may replace `os.open` or `json.dumps` for its time.
    A record that cannot be written is the last one: a gap must not look like a whole.
    """

    __slots__ = (
        "_close", "_encode", "_getpid", "_open", "_seal", "_write", "path", "pid", "run",
    )  # fmt: skip

    def __init__(self, path: str | None) -> None:
        self.path = path
        self._seal = SEAL
        self.pid = os.getpid()
        self.run = f"{self.pid}-{os.urandom(6).hex()}"
        self._getpid = os.getpid
        self._open = os.open
        self._write = os.write
        self._close = os.close
        self._encode = json.JSONEncoder().encode

    def write(self, kind: str, **facts: Any) -> None:
        """Append one record, unless we are a fork of the run or could not write an earlier one."""
        if self.path is None or self._getpid() != self.pid:
            return
        if kind == "finish":
            facts["seal"] = self._seal(str(facts["exit"]).encode("ascii"))
        line = self._encode(dict(run=self.run, kind=kind, **facts)) + "\n"
        if kind != "finish":
            self._seal(line.encode("ascii"))
        if kind == "start":
            line = "\n" + line  # whatever an earlier run was killed in the middle of
        data = line.encode("ascii")
        try:
            # Opened each time: a test that closes all descriptors would hand ours to its next file.
            file = self._open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if self._write(file, data) != len(data):
                    self.path = None
            finally:
                self._close(file)
        except OSError:
            self.path = None


SEAL = sealer(RECORD)


class Test:
    """One test under way: how long it took so far and whether it was called."""

    __slots__ = ("called", "duration", "stopped")

    def __init__(self) -> None:
        self.called = False
        self.stopped = False
        self.duration = 0.0


class Recorder:
    """The plugin of one run: what its hooks hear goes to the writer."""

    __slots__ = ("collected", "root", "seen", "tests", "writer")

    def __init__(self, config: pytest.Config) -> None:
        self.writer = Writer(RECORD)
        self.root = str(config.rootpath)
        self.tests: dict[tuple[str, str], Test] = {}
        self.seen: list[dict[str, list[str]]] = []
        self.collected: list[str] | None = None
        self.writer.write(
            "start",
            argv=[str(argument) for argument in config.invocation_params.args],
            pytest=pytest.__version__,
            dist=str(getattr(config.option, "dist", "no")),
            root=self.root,
            named=named_by(config),
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the tests that are to run."""
        if not is_distributing(session.config):
            self.note_collected([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Iterable[str]) -> None:
        """Note what a worker is to run: all workers collect the same, but for --dist each."""
        del node
        ids = list(ids)
        if ids != self.collected:
            self.note_collected(ids)

    def note_collected(self, ids: list[str]) -> None:
        """Write the node ids down: they name the tests that never finish."""
        self.collected = ids
        self.writer.write("collected", tests=ids)

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Note the tests that are left out, by `-k`, `-m` or a plugin."""
        self.writer.write("deselected", tests=[item.nodeid for item in items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Note the tests that a worker of xdist left out."""
        del error
        output = getattr(node, "workeroutput", None) or {}
        self.seen += [output[SEEN]] if SEEN in output else []
        left_out = output.get(LEFT_OUT)
        if left_out:
            self.writer.write("deselected", tests=left_out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """Note a warning; those of xdist's workers come here as well."""
        self.writer.write(
            "warning",
            category=warning_message.category.__name__,
            message=clip(str(warning_message.message), 400),
            node=nodeid,
        )

    def note_manner(self, own: dict[str, list[str]]) -> None:
        """Write down how the run went about its tests, here and in the workers."""
        together = {
            name: sorted({line for each in (own, *self.seen) for line in each[name]})
            for name in own
        }
        self.writer.write("manner", **together)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected, or skips itself as a whole, by whichever worker."""
        if report.failed:
            self.writer.write("collection-error", node=report.nodeid, message=message_of(report))
        elif report.skipped:
            self.writer.write("collection-skip", node=report.nodeid, message=message_of(report))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a phase of a test that says something, and each test's last phase."""
        worker = worker_of(report)
        key = (report.nodeid, worker)
        test = self.tests.setdefault(key, Test())
        outcome, last = judge(report, test)
        if is_subtest(report):
            if not report.failed:
                return
        else:
            test.duration += getattr(report, "duration", 0.0)
            test.called = test.called or report.when == "call"
        if outcome is None:
            return
        if last or outcome == "retried":
            del self.tests[key]
        self.writer.write(
            "report",
            node=report.nodeid,
            worker=worker,
            outcome=outcome,
            duration=test.duration,
            message="" if outcome in ("passed", "not-run") else message_of(report),
            at="" if outcome in ("passed", "not-run") else place_of(report, self.root),
            last=last,
        )


def judge(report: pytest.TestReport, test: Test) -> tuple[str | None, bool]:
    """Return (what this phase makes of the test or None, whether it is the test's last phase)."""
    last = report.when not in ("setup", "call")  # teardown, or xdist's "???" for a crash
    if report.outcome not in FINAL:  # "rerun" and its like
        return "retried", False
    if hasattr(report, "wasxfail"):
        test.stopped = True
        return ("xfailed" if report.skipped else "xpassed"), last
    if report.failed:
        test.stopped = True
        return ("error" if report.when in ("setup", "teardown") else "failed"), last
    if report.skipped:
        test.stopped = True
        return "skipped", last
    if not last:
        return None, False
    return ("passed" if test.called or test.stopped else "not-run"), True


def is_subtest(report: pytest.TestReport) -> bool:
    """Say whether this is a part of a test: pytest's own subtests or pytest-subtests'."""
    return "subtest" in type(report).__name__.lower()


def is_distributing(config: pytest.Config) -> bool:
    """Say whether xdist's workers collect, not this process."""
    return config.pluginmanager.hasplugin("dsession")


def worker_of(report: pytest.TestReport) -> str:
    """Return the name of xdist's worker, "main" without one."""
    node = getattr(report, "node", None)
    if node is not None:
        return str(node.gateway.id)
    return getattr(report, "worker_id", None) or "main"


def message_of(report: Report) -> str:
    """Return the messages of all exceptions of a failure, or the reason of a skip."""
    if getattr(report, "wasxfail", None):
        return clip(str(report.wasxfail))
    longrepr = report.longrepr
    if isinstance(longrepr, tuple) and len(longrepr) == 3:
        reason = str(longrepr[2])
        return clip(reason[len("Skipped: ") :] if reason.startswith("Skipped: ") else reason)
    crashes = [link[1] for link in getattr(longrepr, "chain", None) or []]
    if not crashes:
        crashes = [getattr(longrepr, "reprcrash", None)]
    messages = [crash.message for crash in crashes if crash is not None]
    # The parts of an exception group are only in its traceback.
    if not messages or "ExceptionGroup" in messages[-1]:
        text = str(longrepr or "")
        # What is wrong first: pytest begins with the place, and marks these lines.
        if not messages:
            messages += [line[1:].strip() for line in text.splitlines() if line.startswith("E  ")]
        messages.append(text)
    return clip("\n".join(messages))


def clip(text: str, longest: int = LONGEST) -> str:
    """Return the two ends of a long text."""
    if len(text) <= longest:
        return text
    return text[: longest // 2] + "\n...\n" + text[-longest // 2 :]


left_out: list[str] = []
"""What a worker of xdist deselects, which tells the process that asked it when it ends."""


def pytest_deselected(items: Iterable[pytest.Item]) -> None:
    """Remember in a worker what it leaves out."""
    left_out.extend(item.nodeid for item in items)


watch: Watch | None = None
"""What is known of the run under way, in a worker as well."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch; a pytest started inside of a run is a test's business."""
    global watch
    if watch is None and (RECORD is not None or hasattr(config, "workerinput")):
        watch = Watch(config)


def pytest_plugin_registered(plugin: Any) -> None:
    """Note every plugin, also one that does not stay."""
    if watch is not None:
        watch.registered(plugin)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Take down what the tests are."""
    if watch is not None:
        watch.collected(session.items)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, None]:
    """Look whether a test is what was collected, before and after it ran."""
    if watch is not None:
        watch.look_at(item)
    yield
    if watch is not None:
        watch.look_at(item)
        watch.look_at_classes()


def seen(config: pytest.Config) -> dict[str, list[str]]:
    """Return what the watch has to say at the end of a run."""
    if watch is None:
        return {"lines": [], "patched": [], "agreeable": []}
    try:
        watch.look_at_classes(last=True)
        lines = watch.lines(config)
        patched = [*OWN.replaced(watch.root), *watch.put_elsewhere(), *watch.swapped]
    except Exception as error:
        # No oddity of a plugin may end a run that went well without us.
        lines, patched = [f"unseen {type(error).__name__}: {error}"], list(watch.swapped)
    return {"lines": lines, "patched": patched, "agreeable": list(watch.agreeable)}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what a worker left out, and what it saw."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[SEEN] = seen(session.config)
        if left_out:
            output[LEFT_OUT] = list(left_out)


current: Recorder | None = None
"""The recorder of the run under way: a pytest started inside it is a test's business."""


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, None]:
    """Record one run, up to the status that pytest returns after all plugins had their say."""
    global current
    if RECORD is None or current is not None or not runs_tests(config):
        yield
        return
    current = Recorder(config)
    try:
        config.pluginmanager.register(current, "runbook_recorder")
        result = yield
        current.note_manner(seen(config))
        if result.excinfo is None:
            status = result.get_result()
            current.writer.write("finish", exit=0 if status is None else int(status))
            if GO_ON:
                result.force_result(0)
        elif issubclass(result.excinfo[0], pytest.UsageError):
            current.writer.write("finish", exit=USAGE_ERROR)
    finally:
        current = None


def runs_tests(config: pytest.Config) -> bool:
    """Say whether tests are to run: not in a worker, nor when they are only listed."""
    option = config.option
    return not (
        hasattr(config, "workerinput")
        or getattr(option, "collectonly", False)
        or getattr(option, "help", False)
        or getattr(option, "version", False)
    )


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, None]:
    """Record a conftest.py that cannot be imported: pytest ends before its run begins."""
    result = yield
    failure = result.excinfo and result.excinfo[1]
    known = early_config.known_args_namespace
    if RECORD is None or current is not None or failure is None:
        return
    if isinstance(failure, (pytest.UsageError, SystemExit, KeyboardInterrupt)):
        return  # pytest says itself what is wrong with its arguments
    if getattr(known, "help", False) or getattr(known, "version", False):
        return
    told = type(failure).__name__ == "ConftestImportFailure"  # else pytest only falls over it
    cause = (getattr(failure, "cause", None) or failure.excinfo[1]) if told else failure
    path = os.path.relpath(conftest_of(failure), str(early_config.rootpath))
    writer = Writer(RECORD)
    writer.write("start", argv=[], pytest=pytest.__version__, dist="no")
    writer.write("collection-error", node=path, message=clip(f"{type(cause).__name__}: {cause}"))
    writer.write("finish", exit=USAGE_ERROR if told else 1)


OWN = Own()
"""Pytest, and all of this, as it is before any conftest or test could change it."""
