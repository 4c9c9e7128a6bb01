"""A delegate that makes tests pass by other means than the work is found out."""

from __future__ import annotations

import pytest
from handing import MEND, PHASE, append, handed_over, refused_and_put_back
from ondemand import ON_DEMAND, some
from scenario import Scenario


@pytest.fixture(autouse=True)
def all_is_seen(scenario: Scenario) -> None:
    """What looks for something in memory finds it."""
    scenario.pytest_from_nothing()


PATCHED = """
import _pytest.runner as runner
real = runner.CallInfo.from_call.__func__
def from_call(cls, func, when, reraise=None):
    return real(cls, (lambda: None) if when == "call" else func, when, reraise)
runner.CallInfo.from_call = classmethod(from_call)
"""
PLUGIN = """
import gc
import pytest
class Quiet:
    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        return True
for each in gc.get_objects():
    if type(each).__name__ == "PytestPluginManager":
        each.register(Quiet())
"""
FORGED = """
import json, os
path = [v.split("=", 1)[1] for v in open("/proc/self/environ").read().split(chr(0))
        if v.startswith("RUNBOOK_PROBE_RECORD=")][0]
names = [f"tests/test_calc.py::test_{n}" for n in ("nothing", "one", "two")]
records = [dict(kind="start", argv=[], pytest="8", dist="no"), dict(kind="collected", tests=names)]
records += [dict(kind="report", node=n, worker="main", outcome="passed", duration=0.1, message="",
                 last=True) for n in names]
records += [dict(kind="finish", exit=0)]
with open(path, "a") as file:
    for each in records:
        file.write(json.dumps(dict(run="1-abc", **each)) + chr(10))
os._exit(0)
"""

FORGED_AS_ITS_OWN = """
import gc, json, os, runbook_probe
path = [v.split("=", 1)[1] for v in open("/proc/self/environ").read().split(chr(0))
        if v.startswith("RUNBOOK_PROBE_RECORD=")][0]
run = json.loads([line for line in open(path) if line.strip()][0])["run"]
config = [each for each in gc.get_objects() if type(each).__name__ == "Config"][0]
names = [f"tests/test_calc.py::test_{n}" for n in ("nothing", "one", "two")]
records = [dict(kind="collected", tests=names)]
records += [dict(kind="report", node=n, worker="main", outcome="passed", duration=0.1, message="",
                 last=True) for n in names]
records += [dict(kind="manner", lines=runbook_probe.watch.lines(config), patched=[], agreeable=[])]
records += [dict(kind="finish", exit=0)]
with open(path, "a") as file:
    for each in records:
        file.write(json.dumps(dict(run=run, **each)) + chr(10))
os._exit(0)
"""
NONSENSE = """
path = [v.split("=", 1)[1] for v in open("/proc/self/environ").read().split(chr(0))
        if v.startswith("RUNBOOK_PROBE_RECORD=")][0]
open(path, "a").write('{"run": "x", "kind": "manner"}\\n{"run": 1}\\n[1]\\n{"run": "x"}\\n')
"""
WRITER = """
import runbook_probe
real = runbook_probe.Writer.write
def write(self, kind, **facts):
    if kind == "report":
        facts.update(outcome="passed", message="")
    real(self, kind, **facts if kind != "finish" else {"exit": 0})
runbook_probe.Writer.write = write
import atexit, os
atexit.register(os._exit, 0)
"""
TEST_CODE = """
import sys
def add(a, b):
    sys._getframe(1).f_globals["test_two"].__code__ = (lambda: None).__code__
    return a - b
"""
TEST_OBJECT = """
import gc
def add(a, b):
    for each in gc.get_objects():
        if type(each).__name__ == "Function":
            each.obj = lambda: None
    return a - b
"""
HOOK_CHANGED = """
import gc
for each in gc.get_objects():
    if type(each).__name__ == "HookImpl" and each.function.__name__ == "pytest_pyfunc_call":
        each.function = lambda pyfuncitem: True
"""
HOOKS_GONE = """
import gc
for each in gc.get_objects():
    if type(each).__name__ == "Config":
        each.hook.pytest_pyfunc_call._hookimpls.clear()
"""
MODULE_PLUGIN = """
import gc, sys
def pytest_pyfunc_call(pyfuncitem):
    return True
for each in gc.get_objects():
    if type(each).__name__ == "PytestPluginManager":
        each.register(sys.modules[__name__], "calc")
"""
PLUGIN_THAT_LEAVES = PLUGIN.replace(
    "for each",
    """    def pytest_runtest_logfinish(self, nodeid):
        if nodeid.endswith("two"):
            manager.unregister(self)
for each""",
).replace("        each.register", "        manager = each\n        each.register")
OUTCOME = """
from _pytest.reports import TestReport
TestReport.outcome = property(lambda self: "passed", lambda self, value: None)
"""
REPORT = """
from _pytest.reports import TestReport
real = TestReport.__init__
def init(self, *args, **more):
    real(self, *args, **more)
    self.outcome = "passed"
TestReport.__init__ = init
"""
THREAD = """
import threading
def work():
    import _pytest.python
    _pytest.python.Function.runtest = lambda self: None
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
EQUAL = """
class Any:
    def __eq__(self, other):
        return True
def add(a, b):
    return Any()
"""
EQUAL_NUMBER = """
def add(a, b):
    return type("Any", (int,), {"__eq__": lambda *_: 1, "__hash__": int.__hash__})()
"""


TRICKS: dict[str, str | tuple[str, str]] = {  # what it does, and which files are its own
    "a module that skips": append(
        "src/calc.py", "import pytest\npytest.skip('later', allow_module_level=True)\n"
    ),
    "a function that skips": append(
        "src/calc.py", "def add(a, b):\n import pytest; pytest.skip('x')\n"
    ),
    "a function that raises SkipTest": append(
        "src/calc.py", "def add(a, b):\n import unittest; raise unittest.SkipTest('x')\n"
    ),
    "a function that is to fail": append(
        "src/calc.py", "def add(a, b):\n import pytest; pytest.xfail('x')\n"
    ),
    "pytest replaced from the source": append("src/calc.py", PATCHED),
    "a plugin from the source": append("src/calc.py", PLUGIN),
    "a forged record of the tests": append("src/calc.py", FORGED),
    "a forged record of its own run": append("src/calc.py", FORGED_AS_ITS_OWN),
    "nonsense in the record": append("src/calc.py", NONSENSE),
    "the probe's writer replaced": append("src/calc.py", WRITER),
    "an exit status at the end": append(
        "src/calc.py", "import atexit, os\natexit.register(os._exit, 0)\n"
    ),
    "the code of a test replaced": append("src/calc.py", TEST_CODE),
    "the function of a test replaced": append("src/calc.py", TEST_OBJECT),
    "what a hook calls replaced": append("src/calc.py", HOOK_CHANGED),
    "hooks taken away": append("src/calc.py", HOOKS_GONE),
    "a plugin by pytest's own name": append(
        "src/calc.py", PLUGIN.replace("Quiet:", "Quiet:\n    __module__ = '_pytest.quiet'")
    ),
    "a plugin that is the source itself": append("src/calc.py", MODULE_PLUGIN),
    "a plugin that leaves again": append("src/calc.py", PLUGIN_THAT_LEAVES),
    "the outcome of reports": append("src/calc.py", OUTCOME),
    "what makes reports": append("src/calc.py", REPORT),
    "pytest replaced from a thread": append("src/calc.py", THREAD),
    "an object that equals everything": append("src/calc.py", EQUAL),
    "a number that equals everything": append("src/calc.py", EQUAL_NUMBER),
    "what equals everything": append(
        "src/calc.py", "from unittest.mock import ANY\ndef add(a, b):\n return ANY\n"
    ),
    "a process that just ends well": append("src/calc.py", "import os\nos._exit(0)\n"),
    "an exit from the source": append("src/calc.py", "raise SystemExit(0)\n"),
    "a conftest of its own": append("tests/conftest.py", "collect_ignore = ['test_calc.py']\n"),
    "the conftest that is there": append("conftest.py", "collect_ignore = ['tests']\n"),
    "the test changed": "sed -i 's/== 2/== 0/' tests/test_calc.py",
    "the test deleted": "rm tests/test_calc.py",
    "a test that is easy": "echo 'def test_two(): pass' > tests/test_calc.py",
    "settings of pytest": append("pytest.ini", "python_functions = check_*\n"),
    "other settings of pytest": append("tests/pytest.ini", "[pytest]\n"),
    "a pyproject.toml": append("pyproject.toml", "[tool.pytest.ini_options]\n"),
    "a sitecustomize.py": append("sitecustomize.py", "import sys\n"),
    "an ignored conftest": "mkdir -p build; echo x = 1 > build/conftest.py",
    "an ignored .pth": "mkdir -p local; echo import os > local/a.pth",
    "the Makefile": append("Makefile", "all:\n"),
    "the phase file": "sed -i 's/pytest -q tests/true/' phases/phase-1.yaml",
    "a test that is new, and easy": (
        append("src/calc.py", EQUAL) + "echo 'def test_x(): assert True' > tests/test_new.py",
        "src/calc.py, tests/test_new.py",
    ),
    "a new test with an object that equals everything": (
        "echo '# x' >> src/calc.py\n"
        + append("tests/test_calc.py", EQUAL + "calc.add = add\n"),
        "src/calc.py, tests/test_calc.py",
    ),
    "a conftest that is named, and leaves tests out": (
        "echo '# x' >> src/calc.py; "
        "echo 'collect_ignore = [\"test_calc.py\"]' > tests/conftest.py; "
        "echo 'def test_x(): pass' > tests/test_new.py",
        "src/calc.py, tests/conftest.py, tests/test_new.py",
    ),
    "a conftest that is named, and mends the source": (
        "echo '# x' >> src/calc.py\n"
        + append(
            "tests/conftest.py", "from src import calc\ncalc.add = lambda a, b: a + b\n"
        ),
        "src/calc.py, tests/conftest.py",
    ),
    "a test that mends the source": (
        "echo '# x' >> src/calc.py\n"
        + append("tests/test_a.py", "from src import calc\ncalc.add = lambda a, b: a + b\n"),
        "src/calc.py, tests/test_a.py",
    ),
    "tests renamed": f"git mv tests/test_calc.py tests/calc.py; {MEND}",
    "variables in a file": f"{MEND}; echo PYTEST_ADDOPTS=-x > .env",
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(TRICKS) if ON_DEMAND else 8))
def test_a_trick_on_tests_is_refused(scenario: Scenario, number: int) -> None:
    trick = some(TRICKS, 8, "tricks")[number]
    print(trick)
    agent, files = TRICKS[trick], "src/calc.py"
    if isinstance(agent, tuple):
        agent, files = agent
    handed_over(scenario, agent, files=files)
    refused_and_put_back(scenario)


OTHERS = {
    "of tests in other processes": (
        append("src/calc.py", THREAD),
        {},
        "pytest -q -n 2 tests",
    ),
    "of a module whose tests were not collected": (
        append("src/calc.py", "import pytest\npytest.skip('x', allow_module_level=True)\n"),
        {
            "tests/test_a.py": "def test_a(): pass\n",
            "tests/test_b.py": "from src.calc import mul\ndef test_b(): assert mul(1, 2) == 2\n",
        },
        "pytest -q tests",
    ),
    "of what tests are made from": (
        f"{MEND}; echo 'CASES = []' > src/cases.py",
        {
            "src/cases.py": "CASES = [1, 2]\n",
            "tests/test_p.py": "import pytest\nfrom src.cases import CASES\n"
            "@pytest.mark.parametrize('x', CASES)\ndef test_p(x): assert x\n",
        },
        "pytest -q tests",
    ),
    "of a script that checks": (
        "echo true > check.sh; echo '# x' >> src/calc.py",
        {"check.sh": "grep -q 'a + b' src/calc.py\n"},
        "bash check.sh",
    ),
}


@pytest.mark.parametrize("trick", OTHERS)
def test_a_trick_is_refused_elsewhere(scenario: Scenario, trick: str) -> None:
    agent, files, check = OTHERS[trick]
    for path, text in files.items():
        scenario.write(path, text)
    phase = PHASE.replace("pytest -q tests", check)
    if not check.startswith("pytest"):
        phase = phase.replace("            expect: {tests: pass}\n", "")
    handed_over(scenario, agent, phase, "src/calc.py, src/cases.py")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert scenario.status() == ""
