"""The probe in real runs of pytest: it must tell the truth, above all when nothing else does."""

import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from runbook.core.check.causes import lost_probe
from runbook.core.check.evidence import Evidence, PytestRun
from runbook.core.check.outcome import Outcome
from runbook.world.processes.command import Command
from runbook.world.processes.environment import PROBE_FOLDER
from runbook.world.processes.process import start

PYTEST = f"{sys.executable} -m pytest -p no:cacheprovider -p no:hypothesispytest"
TWO_WORKERS = "-p xdist -n 2"

KINDS = """
    import pytest, unittest
    def test_pass(): pass
    def test_fail(): assert 1 == 2, "boom"
    @pytest.mark.skip(reason="later")
    def test_skip(): pass
    @pytest.mark.xfail(reason="known")
    def test_xfail(): assert False
    @pytest.mark.xfail(reason="never tried", run=False)
    def test_untried(): pass
    @pytest.mark.xfail
    def test_xpass(): pass
    @pytest.mark.xfail(strict=True, reason="fixed")
    def test_strict(): pass
    @pytest.fixture
    def broken(): raise ValueError("no setup")
    @pytest.fixture
    def untidy():
        yield
        raise ValueError("no teardown")
    def test_setup(broken): pass
    def test_teardown(untidy): pass
    @pytest.mark.parametrize("x", ["a@b", "c]d"])
    def test_parameter(x): pass
    class TestClass:
        def test_method(self): pass
    class Case(unittest.TestCase):
        def test_case(self): pass
        @unittest.expectedFailure
        def test_expected(self): self.fail()
    def test_cause():
        try:
            raise KeyError("inner cause")
        except KeyError as error:
            raise RuntimeError("outer") from error
"""
OUTCOMES = {
    "test_pass": "passed",
    "test_fail": "failed",
    "test_skip": "skipped",
    "test_xfail": "xfailed",
    "test_untried": "xfailed",
    "test_xpass": "xpassed",
    "test_strict": "failed",
    "test_setup": "error",
    "test_teardown": "error",
    "test_parameter[a@b]": "passed",
    "test_parameter[c]d]": "passed",
    "TestClass::test_method": "passed",
    "Case::test_case": "passed",
    "Case::test_expected": "xfailed",
    "test_cause": "failed",
}


@pytest.fixture(autouse=True)
def hermetic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("PYTEST_ADDOPTS", "PYTHONPATH", "PYTHONWARNINGS"):
        monkeypatch.delenv(name, raising=False)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))


def run(folder: Path, text: str) -> Outcome:
    command: Any = Command(text, folder, dict(os.environ), 60.0, folder / "log")
    with start(command) as running:
        for _ in running:
            pass
    return running.outcome


def only_run(folder: Path, arguments: str) -> PytestRun:
    outcome = run(folder, f"{PYTEST} {arguments}")
    (only,) = outcome.evidence.runs
    assert only.exit in (None, outcome.exit), outcome.tail
    return only


def outcomes(run: PytestRun) -> dict[str, str]:
    return {result.node_id.partition("::")[2]: result.outcome for result in run.results}


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS, "-W error"])
def test_every_kind_of_outcome(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_kinds=KINDS)
    run = only_run(tmp_path, arguments)
    assert outcomes(run) == OUTCOMES
    if "xdist" not in arguments:
        assert list(outcomes(run)) == list(OUTCOMES)  # as they ran
    assert run.collected == len(OUTCOMES)
    assert run.complete
    assert run.exit == 1
    messages = {result.node_id.partition("::")[2]: result.message for result in run.results}
    assert "boom" in messages["test_fail"]
    assert messages["test_skip"] == "later"
    assert "known" in messages["test_xfail"]
    assert "fixed" in messages["test_strict"]
    assert "no setup" in messages["test_setup"]
    assert "no teardown" in messages["test_teardown"]
    assert "inner cause" in messages["test_cause"]
    assert "outer" in messages["test_cause"]
    workers = {result.worker for result in run.results}
    assert workers == ({"gw0", "gw1"} if "xdist" in arguments else {"main"})


def test_hooks_of_the_project_are_named(tmp_path: Path) -> None:
    hook = "def pytest_runtest_setup(item): pass\n"
    write(tmp_path, conftest=hook, test_a="def test_a(): pass")
    manner = only_run(tmp_path, "").manner
    assert "hook pytest_runtest_setup pytest_runtest_setup conftest.py" in manner


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS])
def test_files_that_skip_themselves(tmp_path: Path, arguments: str) -> None:
    write(
        tmp_path,
        test_lacking="""
            import pytest
            pytest.importorskip("there_is_no_such_module", reason="not installed")
            def test_a(): pass
        """,
        test_elsewhere="""
            import pytest
            pytest.skip("on Windows only", allow_module_level=True)
        """,
        test_some="""
            def test_b(): pass
        """,
    )
    run = only_run(tmp_path, arguments)
    assert run.complete
    assert {(each.node_id, each.outcome, each.message) for each in run.results} == {
        ("test_lacking.py", "skipped", "not installed"),
        ("test_elsewhere.py", "skipped", "on Windows only"),
        ("test_some.py::test_b", "passed", ""),
    }
    counts = Evidence((run,)).counts()
    assert (counts.passed, counts.skipped) == (1, 2)
    assert counts.workers == (1 if "xdist" in arguments else 0)


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS])
def test_what_is_left_out_and_warned_of(tmp_path: Path, arguments: str) -> None:
    write(
        tmp_path,
        test_some="""
            import pytest, warnings
            def test_a(): warnings.warn("old", DeprecationWarning)
            def test_b(): warnings.warn("odd")
            def test_c(): pass
            def test_left_out(): pass
        """,
    )
    run = only_run(tmp_path, f"{arguments} -k 'not left_out' -W default")
    assert run.deselected == ("test_some.py::test_left_out",)
    assert run.complete
    warned = sorted((each.category, each.message, each.node_id) for each in run.warnings)
    assert warned == [
        ("DeprecationWarning", "old", "test_some.py::test_a"),
        ("UserWarning", "odd", "test_some.py::test_b"),
    ]


def test_groups_leave_no_trace_in_node_ids(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_groups="""
            import pytest
            @pytest.mark.xdist_group("db")
            @pytest.mark.parametrize("x", ["a@b", "c"])
            def test_in_group(x): pass
            def test_alone(): pass
        """,
    )
    run = only_run(tmp_path, f"{TWO_WORKERS} --dist loadgroup")
    assert set(outcomes(run)) == {"test_in_group[a@b]", "test_in_group[c]", "test_alone"}
    assert run.complete


def test_row_30_a_closed_pipe_is_never_green(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_many="""
            import pytest, time
            @pytest.mark.parametrize("i", range(200))
            def test_a(i): time.sleep(0.005)
        """,
    )
    outcome = run(tmp_path, f"{PYTEST} -v 2>&1 | head -5; true")
    (only,) = outcome.evidence.runs
    assert outcome.exit == 0
    assert not only.complete
    assert only.unfinished


ENDINGS = {
    "os._exit(0)": "os._exit(0)",
    "kill": "os.kill(os.getpid(), 9)",
    "exec": "os.execv('/bin/true', ['true'])",
    "interrupt": "raise KeyboardInterrupt",
    "exit": "pytest.exit('enough', returncode=0)",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_that_breaks_off_is_not_complete(tmp_path: Path, ending: str) -> None:
    body = f"import os, pytest\ndef test_a(): pass\ndef test_b(): {ENDINGS[ending]}\n"
    write(tmp_path, test_end=body + "def test_c(): pass\n")
    run = only_run(tmp_path, "")
    assert outcomes(run) == {"test_a": "passed"}
    assert run.collected == 3
    assert run.unfinished == ("test_end.py::test_b", "test_end.py::test_c")
    assert not run.complete


def test_system_exit_in_a_test_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path, test_exit="def test_a(): raise SystemExit(0)\n")
    assert outcomes(only_run(tmp_path, "")) == {"test_a": "failed"}


def test_a_crashed_worker_fails_its_test(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_crash="import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n",
    )
    run = only_run(tmp_path, TWO_WORKERS)
    assert outcomes(run) == {"test_a": "passed", "test_b": "failed", "test_c": "passed"}
    (crashed,) = [result for result in run.results if result.outcome == "failed"]
    assert "crashed" in crashed.message


@pytest.mark.parametrize("arguments", ["-x", "--maxfail=1"])
def test_what_was_not_run_after_a_failure_is_unfinished(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_x="def test_a(): assert 0\ndef test_b(): pass\n")
    run = only_run(tmp_path, arguments)
    assert run.unfinished == ("test_x.py::test_b",)


def test_deselected_tests_are_not_missed(tmp_path: Path) -> None:
    write(tmp_path, test_x="def test_a(): assert 0\ndef test_b(): pass\n")
    run = only_run(tmp_path, "-k test_b")
    assert run.collected == 1
    assert run.complete
    assert run.exit == 0


@pytest.mark.parametrize("workers", ["", TWO_WORKERS])
def test_it_needs_no_terminal(tmp_path: Path, workers: str) -> None:
    write(tmp_path, test_x="def test_a(): pass\n")
    run = only_run(tmp_path, f"-p no:terminal {workers}")
    assert outcomes(run) == {"test_a": "passed"}
    assert run.complete


def test_nothing_collected_is_told(tmp_path: Path) -> None:
    write(tmp_path, test_x="")
    run = only_run(tmp_path, "")
    assert (run.collected, run.results, run.exit) == (0, (), 5)


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS])
def test_collection_errors(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_x="import nothing_like_it", test_y="def test_a(): pass")
    run = only_run(tmp_path, arguments)
    (error,) = run.collection_errors
    assert error.node_id == "test_x.py"
    assert "No module named 'nothing_like_it'" in error.message
    assert not run.complete


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS])
def test_what_is_wrong_comes_before_where_it_is(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_x="import nothing_like_it", test_y="def test_a(nobody_made_it): pass")
    run = only_run(tmp_path, f"--continue-on-collection-errors {arguments}")
    (error,) = run.collection_errors
    assert error.message.startswith("ModuleNotFoundError: No module named 'nothing_like_it'\n")
    (result,) = run.results
    assert result.message.startswith("fixture 'nobody_made_it' not found\n")
    assert "available fixtures" in result.message


@pytest.mark.parametrize("arguments", ["", TWO_WORKERS])
def test_the_paths_that_are_asked_for(tmp_path: Path, arguments: str) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, **{f"test_{name}": "def test_a(): pass"})
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    assert only_run(tmp_path, arguments).named == ()
    found = only_run(tmp_path / "one", f"{arguments} test_one.py::test_a ../two")
    assert found.named == ("one/test_one.py::test_a", "two")
    assert found.root == str(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import pytest; pytest.importorskip('nothing_like_it')", "could not import 'nothing_"),
        ("import unittest; raise unittest.SkipTest('no server')", "no server"),
    ],
)
def test_a_conftest_that_skips_itself(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, conftest=text, test_x="def test_a(): pass")
    run = only_run(tmp_path, "")
    (error,) = run.collection_errors
    assert (error.node_id, run.complete) == ("conftest.py", False)
    assert said in error.message


def test_a_conftest_that_cannot_be_imported(tmp_path: Path) -> None:
    write(tmp_path, conftest="import nothing_like_it", test_x="def test_a(): pass")
    run = only_run(tmp_path, "")
    (error,) = run.collection_errors
    assert error.node_id == "conftest.py"
    assert "No module named 'nothing_like_it'" in error.message
    assert run.exit == 4
    assert not run.complete


@pytest.mark.parametrize("arguments", ["no_such_file.py", "--setup-only", "--setup-plan"])
def test_what_runs_no_test_is_not_complete(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_x="def test_a(): pass\n")
    run = only_run(tmp_path, arguments)
    assert run.results == ()
    assert not run.complete


@pytest.mark.parametrize("arguments", ["--collect-only", "--version", "--help", "--no-such-option"])
def test_what_is_no_run_leaves_no_evidence(tmp_path: Path, arguments: str) -> None:
    write(tmp_path, test_x="def test_a(): pass\n")
    assert run(tmp_path, f"{PYTEST} {arguments}").evidence == Evidence()


def test_a_failed_subtest_fails_its_test(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_sub="""
            import unittest
            class Case(unittest.TestCase):
                def test_good(self):
                    with self.subTest(i=1): pass
                def test_bad(self):
                    with self.subTest(i=1): pass
                    with self.subTest(i=2): self.fail("second")
        """,
    )
    run = only_run(tmp_path, "")
    assert outcomes(run) == {"Case::test_good": "passed", "Case::test_bad": "failed"}
    assert any("second" in result.message for result in run.results)
    assert run.collected == 2


def test_the_status_is_the_one_after_all_plugins(tmp_path: Path) -> None:
    write(
        tmp_path,
        conftest="""
            import pytest
            @pytest.hookimpl(trylast=True)
            def pytest_sessionfinish(session): session.exitstatus = 7
        """,
        test_x="def test_a(): pass\n",
    )
    assert only_run(tmp_path, "").exit == 7


def test_an_internal_error_is_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        conftest="def pytest_runtest_setup(item): pass\n"
        "def pytest_runtest_logstart(nodeid): raise ValueError\n",
        test_x="def test_a(): pass\n",
    )
    run = only_run(tmp_path, "")
    assert run.exit == 3
    assert not run.complete


def test_several_runs_in_one_command(tmp_path: Path) -> None:
    write(tmp_path, test_x="def test_a(): pass\n", test_y="def test_b(): assert 0\n")
    evidence = run(tmp_path, f"{PYTEST} test_x.py & {PYTEST} test_y.py; wait; true").evidence
    assert sorted(run.exit or 0 for run in evidence.runs) == [0, 1]
    assert evidence.count("passed") == evidence.count("failed") == 1
    twice = f"{sys.executable} -c \"import pytest; pytest.main(['test_x.py']); pytest.main()\""
    evidence = run(tmp_path, twice).evidence
    assert [run.collected for run in evidence.runs] == [1, 2]


def test_a_pytest_within_a_test_is_not_heard(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_outer="""
            import os, pathlib, pytest, subprocess, sys
            def test_outer(tmp_path):
                assert "RUNBOOK_PROBE_RECORD" not in os.environ
                inner = tmp_path / "test_inner.py"
                inner.write_text("def test_inner(): assert 0")
                command = [sys.executable, "-m", "pytest", str(inner)]
                assert subprocess.run(command, check=False).returncode == 1
                assert pytest.main([str(inner)]) == 1
        """,
    )
    run = only_run(tmp_path, "-W ignore")
    assert outcomes(run) == {"test_outer": "passed"}
    assert run.complete


def test_what_a_test_does_to_the_world_does_not_reach_the_probe(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_world="""
            import json, os
            def test_a(monkeypatch, tmp_path):
                monkeypatch.chdir(tmp_path)
                for name in ("open", "write", "close", "getpid"):
                    monkeypatch.setattr(os, name, lambda *_, **__: 1 / 0)
                monkeypatch.setattr(json, "dumps", lambda *_, **__: 1 / 0)
                assert 0, "still heard"
        """,
    )
    run = only_run(tmp_path, "")
    assert outcomes(run) == {"test_a": "failed"}
    assert run.complete


def test_a_fork_of_the_run_is_not_heard(tmp_path: Path) -> None:
    write(
        tmp_path,
        test_fork="""
            import os, time
            def test_a():
                if os.fork() == 0:
                    time.sleep(0.2)
                    assert 0, "the child's business"
        """,
    )
    run = only_run(tmp_path, "")
    assert outcomes(run) == {"test_a": "passed"}
    assert run.exit == 0


@pytest.mark.parametrize("setting", ["-W error", "-o filterwarnings=error"])
def test_warnings_as_errors_do_not_meet_the_probe(tmp_path: Path, setting: str) -> None:
    write(tmp_path, test_x="def test_a(): pass\n")
    for text in (
        f"PYTHONWARNINGS=error {PYTEST} {setting} {TWO_WORKERS}",
        f"{sys.executable} -W error -c \"import runbook_plugin, pytest; pytest.main(['-v']); "
        f"raise SystemExit(pytest.main('{setting}'.rsplit(None, 1)))\"",
    ):
        outcome = run(tmp_path, text)
        assert outcome.exit == 0, outcome.tail
        assert outcome.evidence.runs[-1].complete


def test_where_the_probe_cannot_be_imported_there_is_no_evidence(tmp_path: Path) -> None:
    write(tmp_path, test_x="def test_a(): pass\n")
    outcome = run(tmp_path, f"{sys.executable} -E -m pytest")
    assert lost_probe(outcome.tail)
    assert outcome.exit != 0
    assert outcome.evidence == Evidence()
    outcome = run(tmp_path, f"env -i {PYTEST}")
    assert outcome.exit == 0
    assert outcome.evidence == Evidence()


def test_the_probe_asks_for_nothing_but_pytest() -> None:
    text = (PROBE_FOLDER / "runbook_probe.py").read_text()
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert imports == [
        "from __future__ import annotations",
        "import json",
        "import os",
        "from typing import TYPE_CHECKING, Any",
        "import pytest",
    ]
