"""Which tests reach which lines: a plugin of pytest that records it, and chooses tests by it.

Loaded by `-p mutation.reaching` in a copy of the checkout, where RUNBOOK_REACH is a folder. A run
with RUNBOOK_CHOSEN, a file with names of tests, makes these alone, in that order; any other run
records what each test reaches, in programs that it starts as well.
"""

from __future__ import annotations

import json
import os
import signal
from collections import defaultdict
from pathlib import Path

import pytest

FOLDER = Path(os.environ["RUNBOOK_REACH"])
CHOSEN = os.environ.get("RUNBOOK_CHOSEN")
NOW = FOLDER / "now"

COMPUTING = 12.0
"""Seconds that a chosen test may compute: it took less of all time when it was recorded."""

# What a program that a test starts does first. One that is killed is not heard. The server that the
# others are forked from belongs to no test, and what it has loaded to none of theirs.
HOOK = f"""

import sys as _sys
if "pytest" not in _sys.modules:
    try:
        import coverage as _coverage
        import os as _os
    except ImportError:
        pass
    else:
        _recorder = _coverage.Coverage(
            {str(FOLDER / "data")!r}, data_suffix=True, auto_data=True, config_file=False,
            source_pkgs=["runbook"],
        )
        _recorder.set_option("run:disable_warnings", ["module-not-measured", "no-data-collected"])
        _recorder.start()
        def _test():
            try:
                return open({str(NOW)!r}).read()
            except OSError:
                return ""
        _known = [_test() if "forkserver" not in _sys.modules else ""]
        _recorder.switch_context(_known[0])
        def _known_anew():
            _known[0] = _test()
            _recorder.switch_context(_known[0])
        _os.register_at_fork(
            before=lambda: _recorder.switch_context(_known[0]), after_in_child=_known_anew
        )
"""


class Recorder:
    """Counts for each test the lines that it reaches, and the seconds that it takes."""

    def __init__(self) -> None:
        import coverage

        self.coverage = coverage.Coverage(
            str(FOLDER / "data"), data_suffix=True, config_file=False, source_pkgs=["runbook"]
        )
        self.coverage.start()
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.coverage.switch_context(nodeid)
        NOW.write_text(nodeid, encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        self.coverage.save()
        NOW.unlink(missing_ok=True)
        sound = {name: time for name, time in self.seconds.items() if name not in self.failed}
        (FOLDER / f"seconds-{os.getpid()}").write_text(json.dumps(sound))


class Chooser:
    """Runs the chosen tests and no others; one that computes without an end ends it all."""

    def __init__(self, names: list[str]) -> None:
        self.place = {name: number for number, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(chosen, key=lambda item: self.place[item.nodeid]) or items

    def pytest_runtest_logstart(self) -> None:
        # On a busy machine nothing takes longer by this clock.
        signal.setitimer(signal.ITIMER_VIRTUAL, COMPUTING)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            (FOLDER.parent / "failed").write_text(report.nodeid, encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    chooser = CHOSEN and Chooser(json.loads(Path(CHOSEN).read_text()))
    config.pluginmanager.register(chooser or Recorder())
