"""Honest work of a delegate is accepted, whatever it does besides that is its own."""

from __future__ import annotations

import pytest
from handing import MEND, PHASE, SEARCHED, append, handed_over
from ondemand import ON_DEMAND, some
from scenario import Scenario

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
        f"{MEND}; printf 'from src.calc import add\\ndef test_x(): assert add(2, 3) == 5\\n' "
        "> tests/test_new.py",
        "src/calc.py, tests/test_new.py",
    ),
    "a test of what worked before": (
        f"{MEND}; printf 'def test_3():\\n assert calc.add(3, 0) == 3\\n' >> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "tests made of a table": (
        f"{MEND}; printf 'import pytest\\nfrom src.calc import add\\n\\n"
        '@pytest.mark.parametrize("a, b, c", [(0, 0, 0), (1, 1, 2), (2, 3, 5)])\\n'
        "def test_sums(a, b, c): assert add(a, b) == c\\n' > tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "tests in a class": (
        f"{MEND}; printf 'class TestMore:\\n def test_3(self):\\n  assert calc.add(1, 2) == 3\\n' "
        ">> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a helper of tests": (
        f"{MEND}; echo 'SUMS = [(1, 2, 3)]' > tests/sums.py; printf 'def test_3():\\n "
        "from tests.sums import SUMS\\n assert [a + b for a, b, _ in SUMS] == "
        "[calc.add(a, b) for a, b, _ in SUMS]\\n' >> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py, tests/sums.py",
    ),
    "a fixture in a conftest that is named": (
        f"{MEND}; printf 'import pytest\\n@pytest.fixture\\ndef three(): return 3\\n' "
        "> tests/conftest.py; printf 'def test_3(three):\\n assert calc.add(1, 2) == three\\n' "
        ">> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py, tests/conftest.py",
    ),
    "a test with a stronger assertion": (
        f"{MEND}; sed -i 's/add(1, 1) == 2/add(1, 1) == 2 == calc.add(2, 0)/' tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a test that is split": (
        f"{MEND}; sed -i 's/^def test_two.*/def test_again():\\n    assert calc.add(2, 2) == 4\\n"
        "\\n\\ndef test_two():/' tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "tests in another order": (
        f"{MEND}; (echo 'from src import calc'; for test in two one nothing; do "
        "grep -A1 test_$test tests/test_calc.py; done) > t; mv t tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a comment in a test": (
        f"{MEND}; echo '# sums' >> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "tests named, and left as they are": (MEND, "src/calc.py, tests/test_calc.py"),
    "a folder of tests with a module of its own": (
        f"{MEND}; mkdir tests/more; touch tests/more/__init__.py; printf 'from src import calc\\n"
        "def test_3():\\n assert calc.add(1, 2) == 3\\n' > tests/more/test_more.py",
        "src/calc.py, tests/more/test_more.py, tests/more/__init__.py",
    ),
    "a test that expects an error": (
        f"{MEND}\n"
        + append(
            "tests/test_calc.py",
            "import pytest\n\n\ndef test_3():\n"
            "    with pytest.raises(TypeError):\n        calc.add(1, '')\n",
        ),
        "src/calc.py, tests/test_calc.py",
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
    "its file shut": (f"{MEND}; chmod 000 src/calc.py", ""),
    "a file deleted": (f"{MEND}; rm src/other.py", "src/calc.py, src/other.py"),
    "a conftest that is named": (
        f"{MEND}; echo 'X = 1' >> conftest.py",
        "src/calc.py, conftest.py",
    ),
    "a marker that is registered and used": (
        f"{MEND}; printf 'def pytest_configure(config):\n"
        ' config.addinivalue_line("markers", "sums: of sums")\n\' >> conftest.py; '
        "sed -i 's/^from/import pytest\\nfrom/; s/^def test_one/@pytest.mark.sums\\n&/' "
        "tests/test_calc.py",
        "src/calc.py, tests/test_calc.py, conftest.py",
    ),
    "options of pytest in settings that are named": (
        f"{MEND}; sed -i 's/^addopts.*/addopts = -p no:cacheprovider --strict-markers -rf/' "
        "pytest.ini",
        "src/calc.py, pytest.ini",
    ),
    "options of pytest for several processes": (
        f"{MEND}; sed -i 's/^addopts.*/& -n 2/' pytest.ini",
        "src/calc.py, pytest.ini",
    ),
    "tests moved to a folder": (
        f"{MEND}; mkdir tests/unit; mv tests/test_calc.py tests/unit/test_sums.py",
        "src/calc.py, tests/test_calc.py, tests/unit/test_sums.py",
    ),
    "tests in a case of unittest": (
        f"{MEND}; printf 'import unittest\nfrom unittest import mock\nfrom src import calc\n\n\n"
        "class TestSums(unittest.TestCase):\n def test_sums(self):\n"
        '  self.assertEqual(calc.add(1, 1), 2)\n def test_mock(self):\n'
        '  with mock.patch("src.calc.add", return_value=7) as add:\n'
        "   self.assertEqual(calc.add(1, 2), 7)\n  add.assert_called_with(1, mock.ANY)\n' "
        "> tests/test_calc.py",
        "src/calc.py, tests/test_calc.py",
    ),
    "a fixture that every test uses": (
        f"{MEND}; printf 'import pytest\n@pytest.fixture(autouse=True)\ndef every():\n yield\n' "
        ">> conftest.py",
        "src/calc.py, conftest.py",
    ),
    "equalities of many kinds": (
        MEND
        + "\n"
        + append(
            "src/calc.py",
            "class A:\n    def __eq__(self, other): raise NotImplementedError\n"
            "class B:\n    def __eq__(self, other): return NotImplemented\n"
            "class C:\n    def __eq__(self, other): return False\n"
            "class D:\n    def __eq__(self, other): return [self, other]\n"
            "class E(int):\n    def __eq__(self, other): return abs(self - other) < 0.1\n"
            "class F:\n    __eq__ = None\n"
            "class G:\n    def __eq__(self, other): return self.every or self.x == other.x\n",
        ),
        "",
    ),
    "a function with others' modules at hand": (
        MEND + "\n" + append("src/calc.py", "import math, operator\nadd.same = math.isclose\n"),
        "",
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
    if " -n 2" in agent:
        scenario.pytest_from_nothing()
    handed_over(scenario, agent, files=files or "src/calc.py")
    result = scenario.run("run")
    assert result.status == 0, str(result)
    # What is judged before an attempt stands under the step, too.
    assert "\n  manual  step-1: before it, step-2: " in result.stdout
    assert scenario.subjects() == ["Begin", "fix: sums"]
    assert "a + b" in scenario.git("show", "HEAD:src/calc.py")
    assert scenario.status() == ""


BUILT = {
    "Gradle": "build/classes/java/test/FooTest.class",
    "a compiler of TypeScript": "build/calc.test.js",
    "vitest": "node_modules/.vite/vitest/results.json",
    "babel": "node_modules/.cache/babel-loader/a.json",
}


@pytest.mark.parametrize("tool", BUILT)
def test_what_tools_leave_where_git_ignores_it_is_no_work(scenario: Scenario, tool: str) -> None:
    """Agents run the tests themselves; what that leaves is not in the clean place."""
    made, folder = BUILT[tool], BUILT[tool].rpartition("/")[0]
    leave = f"mkdir -p {folder}; echo x > {made}; echo x > {folder}/more.json"
    phase = SEARCHED.replace("goal:", "carry: [node_modules]\n    goal:")
    handed_over(scenario, f"{MEND}; {leave}", phase)
    scenario.write(".gitignore", "build/\nnode_modules/\n")
    scenario.git("commit", "-qam", "Ignore")
    scenario.write(made, "as it was\n")
    result = scenario.run("run")
    result.says(0, "accepted")
    assert "put back" not in result.raw


@pytest.mark.parametrize(
    ("judge", "path", "refused"),
    [
        ("clean", "build/calc.test.js", False),
        ("here", "build/calc.test.js", True),
        ("clean", "build/conftest.py", True),
        ("clean", "build/package.json", True),
        ("clean", "node_modules/jest/index.js", True),
        # It is not the folder that git ignores, but this file in it.
        ("clean", "tests/a.log", True),
    ],
)
def test_what_sways_checks_is_no_matter_of_what_git_ignores(
    scenario: Scenario, judge: str, path: str, refused: bool
) -> None:
    phase = SEARCHED.replace("attempts: 1", f"attempts: 1\n      judge: {judge}")
    agent = f"{MEND}; mkdir -p {path.rpartition('/')[0]}; echo x > {path}"
    handed_over(scenario, agent, phase)
    scenario.write(".gitignore", "build/\nnode_modules/\n*.log\n")
    scenario.git("commit", "-qam", "Ignore")
    scenario.run("run").says(4 if refused else 0, f"{path} was made" if refused else "accepted")


EDIT_AFTER = "          - edit: src/calc.py\n            replace: a + b\n            with: b + a\n"
PLACES = {
    "xdist": (("pytest -q tests", "pytest -q -n 2 tests"),),
    "judged here": (("attempts: 1", "attempts: 1\n      judge: here"),),
    "judged here, with an edit after it": (
        ("attempts: 1", "attempts: 1\n      judge: here"),
        ("          - verify:", f"{EDIT_AFTER}          - verify:"),
    ),
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


@pytest.mark.parametrize("number", range(len(PLACES) if ON_DEMAND else 4))
def test_an_honest_change_is_accepted_elsewhere(scenario: Scenario, number: int) -> None:
    place = some(PLACES, 4, "places of honest changes")[number]
    print(place)
    if place == "xdist":
        scenario.pytest_from_nothing()
    phase = PHASE
    for old, new in PLACES[place]:
        phase = phase.replace(old, new)
    agent = MEND.replace("src/", "") if place == "a folder" else MEND
    handed_over(scenario, agent, phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert (" in the worktree: 3 passed" in result.stdout) == (place == "judged here")
    assert scenario.paths() == ["src/calc.py"]


@pytest.mark.parametrize("skipped", [False, True])
def test_what_was_before_is_seen_where_the_work_is_judged(
    scenario: Scenario, skipped: bool
) -> None:
    """With `judge: here` that may be the only place where tests can be run."""
    phase = PHASE.replace("attempts: 1", "attempts: 1\n      judge: here")
    phase = phase.replace("pytest -q tests", "bash local/check.sh")
    scenario.write("tests/test_old.py", "import pytest\n@pytest.mark.skip\ndef test_s(): pass\n")
    skip = "sed -i 's/^def test_nothing/@__import__(\"pytest\").mark.skip\\n&/' tests/test_calc.py"
    agent = f"{MEND}; {skip}" if skipped else MEND
    handed_over(scenario, agent, phase, "src/calc.py, tests/test_calc.py")
    scenario.write("local/check.sh", "pytest -q tests\n")
    result = scenario.run("run")
    result.says(4 if skipped else 0, "before it, step-2: 2 passed, 1 failed, 1 skipped")
    assert ("newly skipped: tests/test_calc.py::test_nothing" in result.stdout) == skipped


SKIPPED = "import pytest\n\n\n@pytest.mark.skip\ndef test_s():\n    pass\n"


def test_a_file_that_no_one_could_load_hides_no_others(scenario: Scenario) -> None:
    """Pytest stops there, and what other tests did before would not be known."""
    scenario.write("tests/test_old.py", SKIPPED)
    test = "from src.calc import mul\n\n\ndef test_mul():\n    assert mul(2, 3) == 6\n"
    scenario.write("tests/test_mul.py", test)
    agent = MEND + "\n" + append("src/calc.py", "def mul(a, b): return a * b\n")
    handed_over(scenario, agent)
    result = scenario.run("run")
    result.says(0, "before it, step-2: 2 passed, 1 failed, 1 skipped, 1 not collected", "accepted")


@pytest.mark.parametrize(
    "how", ["pytest -q tests/test_b.py", "python -m pytest -q tests/test_b.py"]
)
def test_a_command_that_stopped_at_a_run_of_pytest_goes_on_to_others(
    scenario: Scenario, how: str
) -> None:
    scenario.write("tests/test_b.py", "def test_b(): pass\n")
    phase = PHASE.replace("pytest -q tests", f"pytest -q tests/test_calc.py && {how}")
    handed_over(scenario, MEND, phase)
    scenario.run("run").says(0, "before it, step-2: 2 passed, 1 failed", "accepted")


def test_a_delegate_may_put_its_work_aside_for_a_while(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; git stash -q; git stash pop -q", SEARCHED)
    scenario.run("run").says(0, "accepted")
    assert not (scenario.root / ".git/AUTO_MERGE").exists()


def test_what_python_compiles_counts_for_nothing_where_git_does_not_ignore_it(
    scenario: Scenario,
) -> None:
    """Whoever runs the tests before he ends leaves it, and in a young repository git sees it."""
    agent = f"{MEND}; PYTHONDONTWRITEBYTECODE= pytest -q tests"
    handed_over(scenario, agent, PHASE)
    scenario.git("rm", "-q", ".gitignore")
    scenario.git("commit", "-qm", "Nothing is ignored")
    for name in ("src/__pycache__/calc.cpython-311.pyc", "src/__pycache__/calc.cpython-310.pyc"):
        scenario.write(name, "old")
    scenario.run("run").says(0, "accepted")


def test_what_python_compiled_is_the_projects_where_git_has_it(scenario: Scenario) -> None:
    compiled = "src/__pycache__/calc.x.pyc"
    handed_over(scenario, f"{MEND}; echo x > {compiled}", SEARCHED)
    scenario.write(compiled, "old")
    scenario.git("add", "-f", compiled)
    scenario.git("commit", "-qm", "Compiled")
    scenario.run("run").says(4, f"{compiled} was changed")
    assert scenario.read(compiled) == "old"


def test_a_git_at_work_beside_it_is_not_held_against_it(scenario: Scenario) -> None:
    """An editor fetches and lets locks go meanwhile, and runs elsewhere look at commits."""
    agent = f"""
        {MEND}
        git clone -q ../origin.git ../clone
        git -C ../clone -c user.name=A -c user.email=a@b commit -q --allow-empty -m Theirs
        git -C ../clone push -q
        git fetch -q
        rm .git/refs/heads/other.lock
        git worktree add -q --detach ../runbook-scratch-1/project
    """
    handed_over(scenario, agent, SEARCHED)
    scenario.git("clone", "-q", "--bare", ".", "../origin.git")
    scenario.git("remote", "add", "origin", "../origin.git")
    scenario.git("fetch", "-q")
    before = scenario.git("rev-parse", "origin/main")
    (scenario.root / ".git/refs/heads/other.lock").touch()
    scenario.run("run").says(0, "accepted")
    assert not (scenario.root / ".git/refs/heads/other.lock").exists()
    # A check may look at it, and the next fetch brings it again.
    assert scenario.git("rev-parse", "origin/main") == before


def test_what_git_ignores_and_is_gone_is_told(scenario: Scenario) -> None:
    """Nobody has a copy; of folders that are made anew tools delete single files all the time."""
    handed_over(scenario, f"{MEND}; rm -r notes.log local build/old __pycache__", SEARCHED)
    kept = ("notes.log", "local/db", "local/more/db", "build/old", "build/new", "__pycache__/x.pyc")
    for name in kept:
        scenario.write(name, "x")
    said = "to be looked at: git ignores it, and it is gone for good: local, notes.log\n"
    scenario.run("run").says(0, "accepted", said)
    assert "gone for good" in scenario.git("notes", "--ref=runbook", "show", "HEAD")


@pytest.mark.parametrize("judge", ["clean", "here"])
def test_a_check_that_may_fail_once_does_not_refuse_the_work(
    scenario: Scenario, judge: str
) -> None:
    """It has the tries that a run gives it; before the work it fails, and has none."""
    tries = scenario.folder / "tries"
    flaky = f"grep 'a + b' src/calc.py >> {tries} && test $(wc -l < {tries}) != 1"
    phase = SEARCHED.replace("grep -q 'a + b' src/calc.py", f"{flaky}\n            retries: 1")
    handed_over(
        scenario, MEND, phase.replace("confine: false", f"confine: false\n      judge: {judge}")
    )
    scenario.run("run").says(0, "accepted", "as expected")
    assert tries.read_text().count("a + b") == 3
