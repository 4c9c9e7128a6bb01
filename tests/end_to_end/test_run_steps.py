"""Run steps in full: patterns, failures that are undone, and runs that are killed."""

from __future__ import annotations

import signal
import stat

import pytest
from scenario import Scenario

PHASE = """
    phase: 1
    goal: Generate.
    tasks:
      - title: Generate
        steps:
          - run: sh make.sh
            files: [out.txt, {glob: "gen/**/*.py"}]
          - commit: "build: generate"
"""

GENERATE = """\
echo new > out.txt
mkdir -p gen/deep
echo a > gen/a.py
echo b > gen/deep/b.py
echo other > gen/note.txt
"""


def prepared(scenario: Scenario, script: str, phase: str = PHASE) -> Scenario:
    scenario.write("out.txt", "old\n")
    scenario.write("gen/old.py", "old\n")
    scenario.write("other.py", "other\n")
    scenario.write("make.sh", script)
    scenario.phase(phase)
    return scenario.begin()


def test_files_that_a_pattern_names_are_found_when_they_are_made(scenario: Scenario) -> None:
    prepared(scenario, GENERATE + "rm gen/old.py\n")
    scenario.run("run").says(
        0, "changed: out.txt, gen/old.py, gen/a.py, gen/deep/b.py", "phase-1 is complete: 1 commit"
    )
    assert scenario.paths() == ["gen/a.py", "gen/deep/b.py", "gen/old.py", "out.txt"]
    assert scenario.status() == "?? gen/note.txt", "declared by nothing, so not committed"


def test_what_failed_is_put_back_and_the_users_own_files_are_kept(scenario: Scenario) -> None:
    prepared(scenario, GENERATE + "rm gen/old.py\nchmod 755 gen/mine.py\nrm gen/both.py\nexit 3\n")
    scenario.write("gen/mine.py", "mine\n", mode=0o640)
    scenario.write("gen/both.py", "both\n", mode=0o600)
    scenario.write("gen/note.txt", "my note\n")
    scenario.write("other.py", "other, changed by me\n")
    # A file of the user's that is not tracked may not lie where the task changes files.
    scenario.run("run").says(1, "is there, and is not committed, and this task changes it")
    scenario.git("add", "gen/mine.py", "gen/both.py")
    scenario.git("commit", "-q", "-m", "Mine")
    result = scenario.run("run", "--accept-head")
    result.says(
        1,
        "put back: ",
        "the command failed, and its files were put back",
        "exit status 3, expected 0",
        "When it is mended, here or in the phase file: runbook run phase-1",
    )
    assert scenario.status() == " M other.py\n?? gen/note.txt"
    assert scenario.read("out.txt") == "old\n"
    assert scenario.read("gen/old.py") == "old\n"
    assert scenario.read("gen/mine.py") == "mine\n"
    assert scenario.read("gen/both.py") == "both\n"
    modes = {name: stat.S_IMODE((scenario.root / f"gen/{name}.py").stat().st_mode)
             for name in ("mine", "both")}  # fmt: skip
    assert modes == {"mine": 0o640, "both": 0o600}
    assert scenario.read("other.py") == "other, changed by me\n"


def test_an_untracked_file_of_an_earlier_step_is_put_back_when_it_was_deleted(
    scenario: Scenario,
) -> None:
    edit = '          - edit: gen/made.py\n            create: "made\\n"\n'
    prepared(scenario, "rm gen/made.py\nexit 1\n", PHASE.replace("steps:\n", "steps:\n" + edit))
    scenario.run("run").says(1, "put back: gen/made.py")
    assert scenario.read("gen/made.py") == "made\n"


def test_what_it_had_written_is_kept_aside(scenario: Scenario) -> None:
    prepared(scenario, "echo half done > out.txt; exit 1\n")
    scenario.run("run").says(1, "put back: out.txt")
    rescued = [path.read_text() for path in (scenario.root / ".git/runbook").rglob("rescued/**/*")
               if path.is_file()]  # fmt: skip
    assert "half done\n" in rescued


def test_of_many_changed_files_some_are_named_and_all_are_recorded(scenario: Scenario) -> None:
    prepared(
        scenario, "mkdir gen/m; for i in $(seq 10 59); do echo > gen/m/$i.py; done\ntest -e ok\n"
    )
    first = ", ".join(f"gen/m/{number}.py" for number in range(10, 18))
    scenario.run("run").says(1, f"put back: {first} and 42 more\n")
    scenario.write("ok", "")
    (done,) = (e for e in scenario.json("run") if e.get("event") == "RunDone")
    assert len(done["changed"]) == 50
    (*_, run) = scenario.json("log")
    scenario.run("log", run["run"]).says(0, f"changed: 50 files: {first} and 42 more\n")


def test_of_many_undeclared_changes_some_are_shown(scenario: Scenario) -> None:
    for number in range(20):
        scenario.write(f"all/{number:02}.py", "old\n")
    prepared(scenario, GENERATE + "for each in all/*; do echo more >> $each; done\n")
    result = scenario.run("run")
    result.says(1, "all/06.py, all/07.py and 12 more", "+++ b/all/07.py")
    assert "all/08.py" not in result.raw


def test_an_undeclared_change_of_a_tracked_file_stops_it(scenario: Scenario) -> None:
    prepared(scenario, GENERATE + "echo more >> other.py\n")
    scenario.run("run").says(
        1,
        "the command changed what its `files:` do not name: other.py",
        "the difference:",
        "+more",
        "hint: undo the change and declare the file",
    )
    assert scenario.subjects() == ["Begin"]
    assert scenario.read("out.txt") == "old\n"
    assert not (scenario.root / "gen/a.py").exists()
    scenario.git("checkout", "-q", "other.py")
    scenario.write("make.sh", GENERATE)
    scenario.git("commit", "-q", "-am", "Mend")
    scenario.run("run", "--accept-head").says(0, "phase-1 is complete: 1 commit")


EXPECTATIONS = {
    "exit": ("exit: 3", "exit status 0, expected 3"),
    "contains": ("contains: done", 'the output does not contain "done"'),
    "output": ("output: done", "the output is another than expected"),
    "tests": ("tests: pass", "no evidence that pytest ran"),
}


@pytest.mark.parametrize("case", EXPECTATIONS)
def test_an_unmet_expectation_undoes_it(scenario: Scenario, case: str) -> None:
    expect, said = EXPECTATIONS[case]
    extra = f'out.txt, {{glob: "gen/**/*.py"}}]\n            expect: {{{expect}}}'
    phase = PHASE.replace('out.txt, {glob: "gen/**/*.py"}]', extra)
    prepared(scenario, GENERATE, phase)
    scenario.run("run").says(1, said, "the command failed, and its files were put back")
    assert scenario.read("out.txt") == "old\n"
    assert scenario.status() == "?? gen/note.txt"


def test_a_met_expectation_lets_it_pass(scenario: Scenario) -> None:
    phase = PHASE.replace("files:", "expect: {exit: 3, contains: done}\n            files:")
    prepared(scenario, GENERATE + "echo done; exit 3\n", phase)
    scenario.run("run").says(0, "1 commit")


def test_a_time_out_undoes_it(scenario: Scenario) -> None:
    phase = PHASE.replace("files:", "timeout: 1s\n            files:")
    prepared(scenario, GENERATE + "sleep 1000\n", phase)
    scenario.run("run").says(1, "it was stopped by its time-out", "put back: out.txt")
    assert scenario.read("out.txt") == "old\n"


def test_nothing_changed_is_nothing_to_commit(scenario: Scenario) -> None:
    prepared(scenario, "true\n")
    scenario.run("run").says(0, "changed: nothing", "already committed")
    assert scenario.subjects() == ["Begin"]


def test_edits_after_it_are_planned_over_what_it_made(scenario: Scenario) -> None:
    edit = "          - edit: gen/a.py\n            replace: a\n            with: b\n"
    phase = PHASE.replace("          - commit", f"{edit}          - commit")
    prepared(scenario, GENERATE, phase)
    scenario.run("run").says(0, "edit    gen/a.py, line 1", "1 commit")
    assert scenario.read("gen/a.py") == "b\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_it_is_undone_and_runs_again(
    scenario: Scenario, number: signal.Signals
) -> None:
    script = GENERATE + "rm gen/old.py\necho x >> ../runs\ntest -e ../ok || sleep 1000\n"
    prepared(scenario, script)
    process = scenario.start("run")
    scenario.until((scenario.folder / "runs").exists)
    process.send_signal(number)
    process.wait()
    (scenario.folder / "ok").touch()
    killed = number is signal.SIGKILL
    scenario.run("run").says(0, *(["put back: "] if killed else []), "phase-1 is complete")
    assert (scenario.folder / "runs").read_text() == "x\nx\n"
    assert scenario.paths() == ["gen/a.py", "gen/deep/b.py", "gen/old.py", "out.txt"]
    assert scenario.status() == "?? gen/note.txt"
