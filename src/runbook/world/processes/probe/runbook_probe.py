"""Write down what pytest does, one JSON line a fact, for `runbook.core.check.evidence` to read.

Loaded by `-p runbook_probe` into any pytest from 7.0 on, under any Python from 3.7 on, so the
standard library only. Records go to the file named by RUNBOOK_PROBE_RECORD; without it, nothing
happens. PYTEST_DONT_REWRITE: without this word pytest warns when it meets a loaded module twice,
and a project may have made warnings errors.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    Report = pytest.CollectReport | pytest.TestReport

# Taken away at once: xdist's workers and what a test starts are not the run that is asked about.
RECORD = os.environ.pop("RUNBOOK_PROBE_RECORD", None)

LONGEST = 8000
"""Characters of a message that are kept."""

LEFT_OUT = "runbook_left_out"
"""Under which a worker of xdist hands over what it deselected."""

USAGE_ERROR = 4
"""What pytest.main answers to some exceptions, after the last hook."""

FINAL = ("passed", "failed", "skipped")


class Writer:
    """One run's records, each appended by a single write.

    What it needs is held from the start: a test may replace `os.open` or `json.dumps` for its time.
    A record that cannot be written is the last one: a gap must not look like a whole.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
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
        line = self._encode(dict(run=self.run, kind=kind, **facts)) + "\n"
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


class Test:
    """One test under way: how long it took so far and whether it was called."""

    __slots__ = ("called", "duration", "stopped")

    def __init__(self) -> None:
        self.called = False
        self.stopped = False
        self.duration = 0.0


class Recorder:
    """The plugin of one run: what its hooks hear goes to the writer."""

    def __init__(self, config: pytest.Config) -> None:
        self.writer = Writer(RECORD)
        self.tests: dict[tuple[str, str], Test] = {}
        self.collected: list[str] | None = None
        self.writer.write(
            "start",
            argv=[str(argument) for argument in config.invocation_params.args],
            pytest=pytest.__version__,
            dist=str(getattr(config.option, "dist", "no")),
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
        left_out = (getattr(node, "workeroutput", None) or {}).get(LEFT_OUT)
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

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected, by whichever worker."""
        if report.failed:
            self.writer.write("collection-error", node=report.nodeid, message=message_of(report))

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
        messages.append(str(longrepr or ""))
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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what a worker left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None and left_out:
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
        current.writer.write("manner", lines=manner(config), patched=replaced())
        if result.excinfo is None:
            status = result.get_result()
            current.writer.write("finish", exit=0 if status is None else int(status))
        elif issubclass(result.excinfo[0], pytest.UsageError):
            current.writer.write("finish", exit=USAGE_ERROR)
    finally:
        current = None


JUDGES = {
    "_pytest.runner": (
        "call_and_report", "runtestprotocol", "CallInfo.from_call", "pytest_runtest_makereport",
        "pytest_runtest_call", "pytest_runtest_setup", "pytest_runtest_protocol",
    ),
    "_pytest.python": ("pytest_pyfunc_call", "Function.runtest", "Function.setup"),
    "_pytest.python_api": ("raises", "approx"),
    "_pytest.raises": ("raises",),
    "_pytest.main": ("wrap_session", "_main", "pytest_runtestloop"),
    "_pytest.reports": ("TestReport.from_item_and_call",),
    "_pytest.outcomes": ("fail", "skip", "xfail"),
    "_pytest.unittest": ("TestCaseFunction.runtest",),
    "unittest.case": ("TestCase.run", "TestCase.assertEqual", "TestCase.assertTrue"),
}  # fmt: skip
"""Functions that decide how a test ends, by module."""


def own_functions() -> dict[str, Any]:
    """Return pytest's functions by which tests are judged, those that are loaded."""
    found = {}
    for module, names in JUDGES.items():
        loaded = sys.modules.get(module)
        for name in names:
            holder, _, method = name.rpartition(".")
            owner = getattr(loaded, holder, None) if holder else loaded
            function = getattr(owner, method, None)
            if function is not None:
                function = getattr(function, "__func__", function)
                found[f"{module}.{name}"] = function, getattr(function, "__code__", None)
    return found


OWN = own_functions()
"""Those functions as they are before any conftest or test could replace them."""


def replaced() -> list[str]:
    """Return the names of functions that are not those that pytest came with."""
    now = own_functions()
    return [name for name, was in OWN.items() if now.get(name) != was]


def manner(config: pytest.Config) -> list[str]:
    """Return what the run was set up by: settings, and each plugin with its file, in order."""
    root = str(config.rootpath) + os.sep
    lines = [f"settings {relative(str(config.inipath or 'none'), root)}"]
    lines.append("options " + repr(list(config.getini("addopts"))).replace(" ", ""))
    for plugin in config.pluginmanager.get_plugins():
        path = getattr(plugin, "__file__", None)
        module = type(plugin).__module__ if path is None else ""
        if path is not None and "runbook_probe" not in path:
            lines.append(f"plugin {relative(path, root)}")
        elif path is None and module.partition(".")[0] not in ("_pytest", "runbook_probe", "xdist"):
            lines.append(f"plugin {module}.{type(plugin).__name__}")
    return sorted(lines)


def relative(path: str, root: str) -> str:
    """Return a path from the root where it is below it; what is installed is named by its end."""
    if path.startswith(root):
        return path[len(root) :].replace(os.sep, "/")
    return "/".join(path.replace(os.sep, "/").rsplit("/", 2)[1:])


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
    if RECORD is None or current is not None or type(failure).__name__ != "ConftestImportFailure":
        return
    if getattr(known, "help", False) or getattr(known, "version", False):
        return
    writer = Writer(RECORD)
    writer.write("start", argv=[], pytest=pytest.__version__, dist="no")
    cause = getattr(failure, "cause", None) or failure.excinfo[1]
    path = os.path.relpath(str(failure.path), str(early_config.rootpath))
    writer.write(
        "collection-error",
        node=path.replace(os.sep, "/"),
        message=clip(f"{type(cause).__name__}: {cause}"),
    )
    writer.write("finish", exit=USAGE_ERROR)
