"""Manual steps that a command takes over: its attempts, the gate, the verdict in a clean place."""

from __future__ import annotations

import json
import signal

import pytest
from ondemand import ON_DEMAND, some
from scenario import Scenario

CALC = "def add(a, b):\n    return a - b\n"
TESTS = """\
from src import calc


def test_nothing():
    assert calc.add(0, 0) == 0


def test_one():
    assert calc.add(1, 0) == 1


def test_two():
    assert calc.add(1, 1) == 2
"""
PHASE = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: 1
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - manual: Make `add` in `src/calc.py` add its arguments.
            files: [FILES]
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""
COMMIT = "git -c user.name=A -c user.email=a@example.org commit -qam done"
MEND = "sed -i 's/a - b/a + b/' src/calc.py"


def handed_over(
    scenario: Scenario, agent: str, phase: str = PHASE, files: str = "src/calc.py"
) -> Scenario:
    scenario.write("src/calc.py", CALC)
    scenario.write("src/other.py", "OTHER = 1\n")
    scenario.write("tests/test_calc.py", TESTS)
    scenario.write("conftest.py", "import sys\n")
    scenario.write("pytest.ini", "[pytest]\naddopts = -p no:cacheprovider\n")
    scenario.write("Makefile", "test:\n\tpytest\n")
    scenario.write(".gitignore", "build/\n*.log\nlocal/\n__pycache__/\n.pytest_cache/\n")
    scenario.phase(phase.replace("FILES", files))
    (scenario.folder / "agent.sh").write_text(agent)
    return scenario.begin()


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


def append(path: str, text: str) -> str:
    return f"cat >> {path} <<'END'\n{text}END\n"


TRICKS = {
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
    "the list of what is ignored": f"{append('.gitignore', 'src/hidden.py')}echo x > src/hidden.py",
    "the phase file": "sed -i 's/pytest -q tests/true/' phases/phase-1.yaml",
    "skip-worktree": "git update-index --skip-worktree src/other.py; echo X=1 > src/other.py",
    "assume-unchanged": "git update-index --assume-unchanged src/other.py; echo X=1 > src/other.py",
    "a flag alone": f"{MEND}; git update-index --skip-worktree Makefile",
    "a commit of its own": f"{MEND}; {COMMIT}",
    "a commit, taken back": f"{MEND}; {COMMIT}; git reset -q --soft HEAD~1; git tag t",
    "a branch": f"{MEND}; git branch side",
    "another branch": f"{MEND}; git switch -qc side",
    "a tag": f"{MEND}; git tag v1",
    "a stash": f"{MEND}; git -c user.name=A -c user.email=a@b stash -q; git stash apply -q",
    "something staged": f"{MEND}; git add src/calc.py",
    "a detached HEAD": f"{MEND}; git checkout -q --detach",
    "git's settings": f"{MEND}; git config core.hooksPath /tmp",
    "a hook": f"{MEND}; mkdir -p .git/hooks; echo exit 0 > .git/hooks/pre-commit",
    "git's list of what is ignored": f"{MEND}; mkdir -p .git/info; echo src > .git/info/exclude",
    "git's attributes": f"{MEND}; mkdir -p .git/info; echo '* -text' > .git/info/attributes",
    "a linked worktree": f"{MEND}; git worktree add -q ../side",
    "a merge under way": f"{MEND}; git rev-parse HEAD > .git/MERGE_HEAD",
    "a reference that replaces a commit": (
        f"{MEND}; git replace HEAD $(git -c user.name=A -c user.email=a@b commit-tree -m x HEAD:)"
    ),
    "a note": f"{MEND}; git -c user.name=A -c user.email=a@b notes add -m x",
    "settings of the worktree": f"{MEND}; echo '[core]' > .git/config.worktree",
    "objects from elsewhere": f"{MEND}; echo /tmp > .git/objects/info/alternates",
    "a sparse checkout": f"{MEND}; git sparse-checkout set src",
    "a branch among those that are packed": (
        f"{MEND}; git pack-refs --all; echo $(git rev-parse HEAD) refs/heads/z >> .git/packed-refs"
    ),
    "a bisection": f"{MEND}; git bisect start -q",
    "a lock of the index": f"{MEND}; touch .git/index.lock",
    "locks of references": f"{MEND}; touch .git/refs/heads/main.lock .git/HEAD.lock",
    "a folder becomes a repository": f"{MEND}; git init -q src; echo x > src/hidden.py",
    "a folder belongs to a repository": f"{MEND}; echo 'gitdir: /tmp' > src/.git",
    "a submodule": (
        f"{MEND}; git clone -q . ../sub; "
        "git -c protocol.file.allow=always submodule add -q ../sub sub"
    ),
    "a record more in the journal": f"{MEND}; echo '{{}}' >> .git/runbook/main/journal.jsonl",
    "the journal deleted": f"{MEND}; rm .git/runbook/main/journal.jsonl",
    "what the journal keeps deleted": f"{MEND}; rm -r .git/runbook/main/images; rm src/other.py",
    "all of runbook's folder deleted": f"{MEND}; rm -r .git/runbook",
    "its supervisor killed": f"{MEND}; kill -9 $PPID; sleep 1; echo x > src/other.py",
    "unusual names": rf"{MEND}; touch src/$'a\nb.py' src/$'\xff.py' src/$'\e[31mred'",
    "many files": f"{MEND}; mkdir src/m; for i in $(seq 3000); do echo $i > src/m/$i; done",
    "a pipe": f"{MEND}; mkfifo src/p",
    "a pipe in the place of a file": "rm src/calc.py; mkfifo src/calc.py",
    "a socket": (
        f"{MEND}; python -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"src/s\")'"
    ),
    "a folder in the place of a file": "rm src/calc.py; mkdir src/calc.py; echo x > src/calc.py/x",
    "an empty folder in the place of a file": "rm src/calc.py; mkdir src/calc.py",
    "a folder in the place of another file": f"{MEND}; rm src/other.py; mkdir src/other.py",
    "a link in the place of a folder": f"{MEND}; mv src ../elsewhere; ln -s ../elsewhere src",
    "a link to a folder that is ignored": f"{MEND}; mv src build; ln -s build src",
    "a file by two names": f"{MEND}; ln -f src/calc.py src/other.py",
    "a name in other letters": f"{MEND}; mv src/other.py src/Other.py",
    "the permissions of a folder": f"{MEND}; chmod 500 tests",
    "a folder that is shut": f"{MEND}; echo x > src/y; chmod 000 src; chmod 555 tests",
    "tests renamed": f"git mv tests/test_calc.py tests/calc.py; {MEND}",
    "variables in a file": f"{MEND}; echo PYTEST_ADDOPTS=-x > .env",
    "many processes": f"{MEND}; for i in 1 2 3 4 5 6; do sleep 100 & done",
    "a process left behind": f"{MEND}; sleep 1000 &",
    "a daemon": f"{MEND}; setsid sleep 1000 > /dev/null 2>&1 &",
    "a link in the place of a file": (
        "cp src/calc.py ../c.py; rm src/calc.py; ln -s ../../c.py src/calc.py"
    ),
    "another file": f"{MEND}; echo OTHER = 2 > src/other.py",
    "another file, of the same date": (
        f"{MEND}; cp -p src/other.py ../o; echo OTHER = 2 > src/other.py; "
        "touch -r ../o src/other.py"
    ),
    "another file's mode": f"{MEND}; chmod +x src/other.py",
    "a file more": f"{MEND}; echo x > src/more.py",
    "a file less": f"{MEND}; rm src/other.py",
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(TRICKS) if ON_DEMAND else 8))
def test_a_trick_is_refused_and_put_back(scenario: Scenario, number: int) -> None:
    trick = some(TRICKS, 8, "tricks")[number]
    print(trick)
    handed_over(scenario, TRICKS[trick])
    before = {
        path: path.read_bytes()
        for path in scenario.root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(scenario.root).parts
    }
    refs = scenario.git("for-each-ref"), scenario.git("symbolic-ref", "HEAD")
    staged = scenario.git("ls-files", "-s", "-v")
    settings = scenario.read(".git/config")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert "the delegate did not do it in 1 attempt" in result.raw, str(result)
    assert not {path: data for path, data in before.items() if path.read_bytes() != data}
    assert not [p for p in scenario.status().splitlines() if not p.endswith("worktree")]
    if trick == "a linked worktree":
        # What is checked out elsewhere may be somebody else's, and stays.
        scenario.git("worktree", "remove", "--force", "../side")
        scenario.git("branch", "-D", "side")
    assert (scenario.git("for-each-ref"), scenario.git("symbolic-ref", "HEAD")) == refs
    assert scenario.git("ls-files", "-s", "-v") == staged
    assert scenario.read(".git/config") == settings
    assert not (scenario.root / ".git/hooks/pre-commit").exists()
    assert scenario.subjects() == ["Begin"]


HONEST = {
    "the work": (MEND, ""),
    "its tests run before": (f"{MEND}; pytest -q tests; true", ""),
    "git asked": (f"{MEND}; git status; git diff; git log -1; git stash list; true", ""),
    "the index brought up to date": (f"touch src/other.py; {MEND}; git status", ""),
    "references packed": (f"{MEND}; git pack-refs --all; git gc -q", ""),
    "written anew": ("sed 's/a - b/a + b/' src/calc.py > src/x; mv src/x src/calc.py", ""),
    "a temporary file": (f"echo x > notes.txt; {MEND}; rm notes.txt", ""),
    "a temporary folder": (f'echo x > "$TMPDIR/x"; {MEND}', ""),
    "files that git ignores": (f"{MEND}; mkdir build; echo x > build/out.txt; echo x > a.log", ""),
    "a date alone": (f"{MEND}; touch src/other.py tests/test_calc.py", ""),
    "exit 1": (f"{MEND}; exit 1", ""),
    "much output": (f"{MEND}; seq 300000", ""),
    "a test more": (
        f"{MEND}; printf 'def test_3():\\n assert calc.add(1, 2) == 3\\n' >> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a test by another name": (
        f"{MEND}; sed -i s/test_one/test_first/ tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a test in a file of its own": (
        f"{MEND}; echo 'def test_x(): assert True' > tests/test_new.py",
        "src/calc.py, tests/test_new.py",
    ),
    "a new module under a pattern": (
        f"{MEND}; echo X=1 > src/helper.py",
        "src/calc.py, {glob: 'src/*.py'}",
    ),
    "its caches left": (f"{MEND}; PYTHONDONTWRITEBYTECODE= python -m pytest -q tests; true", ""),
    "a file deleted and made again": (
        "sed 's/a - b/a + b/' src/calc.py > ../c; rm src/calc.py; cp ../c src/calc.py",
        "",
    ),
    "a file that has another name elsewhere": (f"{MEND}; ln src/calc.py ../kept", ""),
    "what it does moved to another file": (
        "sed 's/a - b/a + b/' src/calc.py > src/sums.py; "
        "echo 'from src.sums import add  # a + b' > src/calc.py",
        "src/calc.py, src/sums.py",
    ),
    "a new package under a pattern": (
        f"mkdir src/p; touch src/p/__init__.py; echo X=1 > src/p/m.py; {MEND}",
        "src/calc.py, {glob: 'src/p/**'}",
    ),
    "an empty folder": (f"{MEND}; mkdir src/empty", ""),
    "git's own upkeep": (f"git commit-graph write; git repack -adq; git fetch -q .; {MEND}", ""),
    "a linked worktree that is gone again": (
        f"{MEND}; git worktree add -q --detach ../w; git worktree remove ../w",
        "",
    ),
    "its change taken back and made again": (
        f"{MEND}; git diff > ../d; git checkout -q src/calc.py; git apply ../d",
        "",
    ),
    "output that is no text": (f"{MEND}; head -c 100000 /dev/urandom", ""),
    "a real equality": (
        MEND
        + "\n"
        + append(
            "src/calc.py",
            "import dataclasses\n"
            "class P:\n    def __init__(self, x): self.x = x\n"
            "    def __eq__(self, other): return isinstance(other, P) and self.x == other.x\n"
            "@dataclasses.dataclass\nclass R:\n    x: int = 1\n",
        ),
        "",
    ),
    "an executable": (f"{MEND}; chmod +x src/calc.py", ""),
    "a file deleted": (f"{MEND}; rm src/other.py", "src/calc.py, src/other.py"),
    "a conftest that is named": (
        f"{MEND}; echo 'X = 1' >> conftest.py",
        "src/calc.py, conftest.py",
    ),
    "a file of settings that is named": (
        f"{MEND}; echo '# more' >> pytest.ini",
        "src/calc.py, pytest.ini",
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(HONEST) if ON_DEMAND else 4))
def test_an_honest_change_is_accepted(scenario: Scenario, number: int) -> None:
    change = some(HONEST, 4, "honest changes")[number]
    print(change)
    agent, files = HONEST[change]
    handed_over(scenario, agent, files=files or "src/calc.py")
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.subjects() == ["Begin", "fix: sums"]
    assert "a + b" in scenario.git("show", "HEAD:src/calc.py")
    assert scenario.status() == ""


def test_a_second_attempt_is_told_what_was_wrong_with_the_first(scenario: Scenario) -> None:
    agent = """
        cat > "$TMPDIR/../../brief.$RUNBOOK_ATTEMPT"
        if [ "$RUNBOOK_ATTEMPT" = 1 ]; then sed -i 's/a - b/a * b/' src/calc.py
        else sed -i 's/a [*] b/a + b/' src/calc.py; fi
    """
    phase = PHASE.replace("attempts: 1", "attempts: 2")
    handed_over(scenario, agent.replace("$TMPDIR/../..", str(scenario.folder)), phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    first, second = ((scenario.folder / f"brief.{n}").read_text() for n in (1, 2))
    assert "Make `add` in `src/calc.py` add its arguments." in first
    assert "pytest -q tests" in first
    assert "This is attempt 2 of 2" in second
    assert "tests/test_calc.py::test_two: assert 1 == 2" in second
    assert "+    return a * b" in second
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert [each["attempts"] for each in note["delegated"]] == [2]
    assert note["by_hand"] == []


def test_a_delegate_that_is_blocked_hands_over_to_a_person(scenario: Scenario) -> None:
    handed_over(scenario, "echo 'BLOCKED: there is no calc here'; exit 0")
    result = scenario.run("run")
    assert result.status == 4
    assert "the delegate can't do it: there is no calc here" in result.raw
    scenario.write("src/calc.py", CALC.replace("-", "+"))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "changed by hand: src/calc.py" in result.raw


def test_a_delegate_that_hangs_is_ended(scenario: Scenario) -> None:
    phase = PHASE.replace("attempts: 1", "attempts: 1\n      idle: 1s")
    handed_over(scenario, "sleep 1000", phase)
    result = scenario.run("run")
    assert result.status == 4
    assert "no output and no change for too long" in result.raw


def test_without_change_there_is_no_progress(scenario: Scenario) -> None:
    handed_over(scenario, "true", PHASE.replace("attempts: 1", "attempts: 3"))
    result = scenario.run("run")
    assert result.status == 4
    assert "none of the files was changed" in result.raw
    assert result.raw.count("manual  step-1: attempt") == 2


def test_what_a_check_that_is_hidden_says_is_not_told(scenario: Scenario) -> None:
    phase = PHASE.replace(
        "expect: {tests: pass}", "expect: {tests: pass}\n            hidden: true"
    )
    handed_over(scenario, f"cat > ../brief; {MEND}", phase)
    assert scenario.run("run").status == 0
    brief = (scenario.folder / "brief").read_text()
    assert "pytest -q tests" not in brief
    assert "One more check is not shown." in brief


def test_tests_that_are_rewritten_are_listed(scenario: Scenario) -> None:
    agent = f"{MEND}; sed -i 's/add(0, 0) == 0/add(0, 0) == 1/' tests/test_calc.py\n" + append(
        "src/calc.py", "def add(a, b):\n    return a + b or 1\n"
    )
    handed_over(scenario, agent, files="src/calc.py, tests/test_calc.py")
    result = scenario.run("run")
    assert result.status == 4
    assert "tests as they were do not pass on the new code: tests/test_calc.py::test_nothing" in (
        result.raw
    )
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(
        path.read_text().replace(
            "- verify:", "  rewrites: tests/test_calc.py::test_nothing\n      - verify:"
        )
    )
    result = scenario.run("run")
    assert result.status == 0, str(result)


def test_a_test_that_is_named_is_not_mended_in_place_of_the_code(scenario: Scenario) -> None:
    agent = "sed -i 's/== 2/== 0/' tests/test_calc.py; echo '# mended' >> src/calc.py"
    handed_over(scenario, agent, files="src/calc.py, tests/test_calc.py")
    result = scenario.run("run")
    assert result.status == 4
    assert "do not pass on the new code: tests/test_calc.py::test_two" in result.raw


def test_the_stash_is_the_users(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; git stash drop -q stash@{{1}}")
    for text in ("1", "2"):
        scenario.write("Makefile", text)
        scenario.git("stash", "-q")
    before = scenario.git("stash", "list")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert scenario.git("stash", "list") == before
    (scenario.folder / "agent.sh").write_text(f"{MEND}; git stash clear; rm -r .git/logs")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert scenario.git("stash", "list") == before
    assert scenario.git("reflog", "show", "HEAD")


def test_hooks_are_looked_for_where_git_has_them(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; mkdir build; echo 'touch ../hooked' > build/pre-commit")
    scenario.git("config", "core.hooksPath", "build")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert not (scenario.root / "build/pre-commit").exists()


def test_what_is_carried_into_the_clean_place_stays_as_it_is(scenario: Scenario) -> None:
    compiled = "local/lib/site-packages/__pycache__/helper.x.pyc"
    agent = f"{MEND}; echo x > local/bin/tool; rm -f local/lib/helper.py; echo x > {compiled}"
    handed_over(scenario, agent)
    scenario.series("carry: [local]")
    scenario.git("add", "phases")
    scenario.git("commit", "-qm", "Series")
    scenario.write("local/bin/tool", "a\n")
    scenario.write(compiled, "a\n")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert "local/bin/tool was changed" in result.raw
    assert not (scenario.root / compiled).exists()


SLOW = """
if test ! -e ../again; then
    sed -i 's/a - b/half/' src/calc.py
    echo OTHER = 2 > src/other.py
    echo x > src/new.py
    echo theirs > mine.txt
    git tag t
    git add src/calc.py
    touch ../there
    sleep 1000
fi
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("where", ["in an attempt", "in its judgement"])
def test_an_attempt_that_is_broken_off_begins_anew(
    scenario: Scenario, where: str, how: signal.Signals
) -> None:
    phase, agent = PHASE, SLOW + MEND
    if where == "in its judgement":
        check = "grep -q 'a - b' src/calc.py || test -e {0}/again || (touch {0}/there; sleep 1000)"
        command = f"verify: {check.format(scenario.folder)}\n"
        phase, agent = PHASE.replace("verify: pytest -q tests\n", command), MEND
        phase = phase.replace("            expect: {tests: pass}\n", "")
    handed_over(scenario, agent, phase)
    scenario.write("mine.txt", "mine\n")
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.send_signal(how)
    result = scenario.end(process)
    if how != signal.SIGKILL:
        assert result.status == 128 + how, str(result)
        assert "broken off, and put back" in result.raw
        assert scenario.status() == "?? mine.txt"
        assert scenario.read("src/calc.py") == CALC
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("Sums are right.", "Sums are right now."))
    (scenario.folder / "again").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("tag") == ""
    assert scenario.read("mine.txt") == "mine\n"
    assert scenario.status() == " M phases/phase-1.yaml\n?? mine.txt"
    assert scenario.paths() == ["src/calc.py"]
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


CHECKED = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: 1
      for: FOR
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - edit: src/calc.py
            replace: a - b
            with: a * b
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""
REMEND = "sed -i 's/a [*] b/a + b/' src/calc.py"


def test_a_failed_check_can_be_handed_over(scenario: Scenario) -> None:
    handed_over(scenario, f"cat > ../brief; {REMEND}", CHECKED.replace("FOR", "[manual, check]"))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    brief = (scenario.folder / "brief").read_text()
    assert "The check `pytest -q tests` fails" in brief
    assert "- src/calc.py" in brief
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


@pytest.mark.parametrize("cause", ["manual", "check"])
def test_a_failed_check_that_is_not_mended_is_a_failed_check(
    scenario: Scenario, cause: str
) -> None:
    handed_over(scenario, "echo '# x' >> src/calc.py", CHECKED.replace("FOR", cause))
    result = scenario.run("run")
    assert result.status == 1, str(result)
    assert ("the delegate" in result.raw) == (cause == "check"), str(result)
    assert scenario.read("src/calc.py") == CALC.replace("-", "*")
    result = scenario.run("retry")
    assert result.status == 1, str(result)


def test_a_failed_check_that_is_killed_while_it_is_mended(scenario: Scenario) -> None:
    agent = f"if test ! -e ../again; then touch ../there; sleep 1000; fi; {REMEND}"
    handed_over(scenario, agent, CHECKED.replace("FOR", "check"))
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    (scenario.folder / "again").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


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


EDIT_AFTER = "          - edit: src/calc.py\n            replace: a + b\n            with: b + a\n"
PLACES = {
    "xdist": (("pytest -q tests", "pytest -q -n 2 tests"),),
    "judged here": (("attempts: 1", "attempts: 1\n      judge: here"),),
    "a folder": (
        ("goal:", "workdir: src\n    goal:"),
        ("q tests", "q ../tests"),
        ("../agent", "../../agent"),
        ("[FILES]", "calc.py"),
    ),
    "another check": (("pytest -q tests\n            expect: {tests: pass}", "make -n test"),),
    "no check": (("          - verify: pytest -q tests\n            expect: {tests: pass}\n", ""),),
    "an edit after it": (("          - verify:", f"{EDIT_AFTER}          - verify:"),),
    "confined": (("confine: false", "confine: auto"),),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_honest_change_is_accepted_elsewhere(scenario: Scenario, place: str) -> None:
    phase = PHASE
    for old, new in PLACES[place]:
        phase = phase.replace(old, new)
    agent = MEND.replace("src/", "") if place == "a folder" else MEND
    handed_over(scenario, agent, phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.paths() == ["src/calc.py"]


def test_what_makes_a_check_say_less_is_a_warning_or_refused(scenario: Scenario) -> None:
    agent = MEND + "; echo 'X = 1  # noqa' >> src/calc.py"
    handed_over(scenario, agent, PHASE.replace("attempts: 1", "attempts: 1\n      strict: true"))
    result = scenario.run("run")
    assert result.status == 4
    assert "src/calc.py: a linter is silenced" in result.raw
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("  strict: true\n", ""))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "to be looked at: src/calc.py: a linter is silenced" in result.raw


def test_the_kernel_holds_a_delegate_to_its_files(scenario: Scenario) -> None:
    agent = f"{MEND}; echo x > ../outside; echo x > tests/test_calc.py; echo x > .git/x"
    handed_over(scenario, agent, PHASE.replace("confine: false", "confine: true"))
    result = scenario.run("run")
    if "can't be confined" in result.raw:
        pytest.skip(result.raw)
    assert result.status == 0, str(result)
    assert not (scenario.folder / "outside").exists()
    assert not (scenario.root / ".git/x").exists()


def test_a_run_can_name_the_delegate_and_a_step_can_keep_it_out(scenario: Scenario) -> None:
    phase = PHASE.partition("    delegate:")[0] + "    tasks:" + PHASE.partition("    tasks:")[2]
    handed_over(scenario, MEND, phase)
    agent = ("--delegate", "bash ../agent.sh")
    assert "(handed to `bash ../agent.sh`)" in scenario.run("run", "--dry-run", *agent).raw
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("files: [src", "delegate: none\n        files: [src"))
    result = scenario.run("run", *agent)
    assert result.status == 4
    assert "waiting for work by hand" in result.raw
    path.write_text(path.read_text().replace("delegate: none\n        ", ""))
    result = scenario.run("run", *agent)
    assert result.status == 0, str(result)


def test_a_trailer_names_whose_work_a_commit_holds(scenario: Scenario) -> None:
    phase = PHASE.replace("attempts: 1", "attempts: 1\n      trailer: 'Assisted-by: agent'")
    handed_over(scenario, MEND, phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.message().endswith("\nAssisted-by: agent")


def test_work_that_was_not_accepted_is_nobodys_after_a_kill(scenario: Scenario) -> None:
    agent = "if [ -e ../right ]; then sed -i 's/a - b/a + b/' src/calc.py; "
    agent += "else sed -i 's/a - b/a * b/' src/calc.py; fi"
    handed_over(scenario, agent)
    assert scenario.run("run").status == 4
    # As if it had been killed once the first attempt was judged.
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    ended = next(n for n, line in enumerate(lines, 1) if b'"AttemptEnded"' in line)
    scenario.journal.write_bytes(b"".join(lines[:ended]))
    scenario.write("src/calc.py", CALC.replace("a - b", "a * b"))
    (scenario.folder / "right").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert "a + b" in scenario.read("src/calc.py")


UNMATCHED = """
    phase: 1
    goal: Sums are right.
    delegate:
      run: bash ../agent.sh
      attempts: ATTEMPTS
      for: FOR
      confine: false
    tasks:
      - title: Mend sums
        steps:
          - edit: src/other.py
            append: |
              MORE = 1
          - edit: src/calc.py
            replace: "    return first - second\\n"
            with: "    return first + second\\n"
          - verify: pytest -q tests
            expect: {tests: pass}
          - commit: "fix: sums"
"""


def unmatched(scenario: Scenario, agent: str, cause: str = "conflict", attempts: int = 1) -> None:
    phase = UNMATCHED.replace("FOR", cause).replace("ATTEMPTS", str(attempts))
    handed_over(scenario, agent, phase)


def test_an_edit_that_does_not_match_can_be_handed_over(scenario: Scenario) -> None:
    unmatched(scenario, f"cat > ../brief; {MEND}", "[conflict, manual]")
    said = "edit    src/calc.py (handed to `bash ../agent.sh`)"
    scenario.run("run", "--dry-run").says(0, said, "the text to replace")
    assert scenario.run("next").status == 0
    scenario.run("status").says(0, "not begun; to begin: runbook run phase-1")
    result = scenario.run("run")
    result.says(0, "by the delegate: src/calc.py", "accepted")
    brief = (scenario.folder / "brief").read_text()
    assert "return first + second" in brief
    assert "-    return first - second\n+    return a - b" in brief
    assert "## Files that may change\n\n- src/calc.py\n" in brief
    assert "pytest -q tests" in brief
    assert scenario.paths() == ["src/calc.py", "src/other.py"]
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert [each["step"] for each in note["delegated"]] == ["phase-1/task-1/step-2"]
    assert note["by_hand"] == []


def test_an_edit_is_handed_over_only_where_it_is_said(scenario: Scenario) -> None:
    unmatched(scenario, MEND, "[manual, check]")
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1", "the nearest text")
    assert scenario.read("src/other.py") == "OTHER = 1\n"


@pytest.mark.parametrize(
    "agent", ["true", "sed -i 's/a - b/a * b/' src/calc.py", f"{MEND}; echo x > src/other.py"]
)
def test_an_edit_that_nobody_mends_is_a_conflict(scenario: Scenario, agent: str) -> None:
    unmatched(scenario, agent)
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1/step-2", "the delegate did not do it in 1 attempt")
    assert scenario.read("src/calc.py") == CALC
    assert scenario.read("src/other.py") == "OTHER = 1\nMORE = 1\n"
    scenario.run("status").says(0, "A new run has `bash ../agent.sh` try it again.")
    # A person may do it: the edit then finds its text, or that it is made.
    scenario.write("src/calc.py", "def add(first, second):\n    return first - second\n")
    result = scenario.run("run")
    result.says(0, "changed by hand since, and kept: src/calc.py")


def test_an_edit_of_a_file_that_is_not_reached_is_nobodys(scenario: Scenario) -> None:
    unmatched(scenario, MEND)
    (scenario.root / "src/calc.py").unlink()
    (scenario.root / "src/calc.py").symlink_to("other.py")
    scenario.git("commit", "-qam", "Link")
    result = scenario.run("run")
    result.says(1, "stopped at phase-1/task-1")


@pytest.mark.parametrize("event", ["AttemptEnded", "Mended"])
def test_an_edit_that_is_mended_is_not_mended_again_after_a_kill(
    scenario: Scenario, event: str
) -> None:
    unmatched(scenario, f"echo x >> ../count; {MEND}")
    assert scenario.run("run").status == 0
    scenario.git("reset", "-q", "--soft", "HEAD~1")
    scenario.git("reset", "-q")
    scenario.git("update-ref", "-d", "refs/notes/runbook")
    cut(scenario, event)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert (scenario.folder / "count").read_text() == "x\n"


def cut(scenario: Scenario, event: str) -> None:
    """Leave the journal as if the run had been killed once an event was recorded."""
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    ended = next(n for n, line in enumerate(lines, 1) if f'"{event}"'.encode() in line)
    scenario.journal.write_bytes(b"".join(lines[:ended]))
