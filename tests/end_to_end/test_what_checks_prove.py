"""`check --prove` and `run --prove`: what each check shows before and after its phase."""

from __future__ import annotations

import signal
from pathlib import Path

from scenario import CHECKED, Scenario
from test_starting_states import scratches, worktrees

EVERY = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - verify: grep day app.py
        expect: {exit: 1}
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: pytest -q test_app.py -k polite
        expect: {tests: pass}
      - verify: grep -q greeting app.py
      - verify: grep -q greeting app.py
        guard: true
      - verify: grep -q day app.py
        guard: true
      - verify: sh -c 'grep -q hello app.py && exit 127; exit 0'
      - verify: grep -c day app.py
        expect: {output: "2"}
      - commit: "feat: say good day"
  - title: Ask a person
    steps:
      - manual: Say it aloud.
        files: [said.txt]
      - verify: test -e said.txt
"""
TESTS = """\
from app import greeting


def test_polite():
    assert greeting() == "good day"


def test_other():
    assert greeting()
"""


def project(scenario: Scenario, phase: str) -> Scenario:
    scenario.app(phase)
    scenario.write("test_app.py", TESTS)
    scenario.git("commit", "-q", "-am", "Test")
    return scenario


def untouched(scenario: Scenario, head: str) -> None:
    assert (scenario.git("rev-parse", "HEAD"), scenario.status()) == (head, "")
    assert scratches(scenario) == []
    assert worktrees(scenario) == 1
    assert not scenario.journal.exists()


def test_every_kind(scenario: Scenario) -> None:
    project(scenario, EVERY)
    scenario.hook("pre-commit", "touch ran; exit 1")
    head = scenario.git("rev-parse", "HEAD")
    result = scenario.run("check", "--prove", "1")
    result.says(
        1,
        "  from <commit>, in scratch worktrees\n"
        "phases/phase-1.yaml:6:9: not tried: grep day app.py\n"
        "    can't be held against anything:\n"
        "      nothing is changed before it: it looks at the starting state itself\n"
        "phases/phase-1.yaml:11:9: proves: pytest -q test_app.py -k polite\n"
        "    fails at the phase's start (<commit>), as it must, and passes here:\n"
        "      exit status 1, expected 0\n"
        "      tests: 1 failed; 0 passed\n"
        "      test_app.py::test_polite  AssertionError: assert 'hello' == 'good day'\n"
        "phases/phase-1.yaml:13:9: vacuous: grep -q greeting app.py\n"
        "    passes at the phase's start (<commit>) as well as here, and so does not tell one "
        "from the other\n"
        "    hint: sharpen `expect:`, or say `guard: true` if it is to pass before and after\n"
        "phases/phase-1.yaml:14:9: guards: grep -q greeting app.py\n"
        "    passes at the phase's start (<commit>) and here, as it says\n"
        "phases/phase-1.yaml:16:9: no guard: grep -q day app.py\n"
        "    is declared a guard, and fails at the phase's start (<commit>):\n",
        "phases/phase-1.yaml:18:9: invalid: sh -c 'grep -q hello app.py && exit 127; exit 0'\n"
        "    at the phase's start (<commit>) it proves nothing:\n"
        "      its command could not even be run there (exit status 127)\n",
        "phases/phase-1.yaml:19:9: fails: grep -c day app.py\n"
        "    does not pass on what the phase makes:\n      the output is another than expected\n",
        "not tried: test -e said.txt\n    can't be held against anything:\n"
        "      phase-1/task-2/step-1 is for a person to do\n",
        "phase-1: 8 checks: 2 not tried, 1 proves, 1 vacuous, 1 guards, 1 no guard, 1 invalid, "
        "1 fails\n",
    )
    untouched(scenario, head)


def test_starting_states_and_what_a_phase_makes_by_itself(scenario: Scenario) -> None:
    make = "      - run: echo made > made.txt\n        files: [made.txt]\n      - commit"
    project(
        scenario,
        CHECKED.replace("      - commit", make)
        + "  - title: Look\n    steps:\n      - edit: app.py\n        append: |\n          X = 1\n"
        "      - verify: grep -q 'X = 1' app.py && grep -q made made.txt\n        fails-at: task\n"
        "      - verify: git log -1 --format=%s\n        fails-at: phase\n"
        "        expect: {contains: 'feat: say good day'}\n",
    )
    head = scenario.git("rev-parse", "HEAD")
    result = scenario.run("check", "--prove")
    result.says(
        1, "fails at the task's start (<commit>), as it must",
        'does not contain "feat: say good day"', "phase-1: 3 checks: 3 prove",
    )  # fmt: skip
    # It is the forgotten commit that makes the status.
    assert "RB108" in result.stdout
    untouched(scenario, head)


def test_phases_before_it_are_carried_out_first(scenario: Scenario) -> None:
    project(scenario, CHECKED)
    second = CHECKED.replace("phase: 1", "phase: 2").replace('"good day"', '"good night"')
    second = second.replace('return "hello"', 'return "good day"')
    second = second.replace("pytest -q test_app.py", "grep -q night app.py").replace(
        "expect: {tests: pass}", "fails-at: phase"
    )
    scenario.phase(second, "phase-2")
    scenario.git("add", "-A")
    scenario.git("commit", "-q", "-m", "Plan")
    scenario.run("check", "--prove", "2").says(0, "phase-2: 1 check: 1 proves")
    # Carried out, it is proved from where it began.
    scenario.run("run", "--all").says(0)
    scenario.run("check", "--prove", "2").says(0, "phase-2: 1 check: 1 proves")
    scenario.phase(
        second.replace("      - edit", "      - manual: Think.\n        files: [x]\n      - edit")
        .replace("phase: 2", "phase: 3").replace('"good day"\n', '"good night"\n', 1)
        .replace('with: return "good night"', 'with: return "bye"'), "phase-3",
    )  # fmt: skip
    scenario.phase(CHECKED.replace("phase: 1", "phase: 4").replace('"hello"', '"bye"'), "phase-4")
    scenario.run("check", "--prove", "4").says(
        1, "phase-3 comes before it and can't be carried out here: phase-3/task-1/step-1 is for a "
        "person to do", "hint: carry phase-3 out first",
    )  # fmt: skip


def test_services_run_as_configured(scenario: Scenario) -> None:
    scenario.series(
        "services:\n  - name: data\n    run: echo \"ready at $PWD\"; sleep 60\n"
        "    ready: 'ready at (?P<PLACE>.*)'\n"
    )  # fmt: skip
    project(
        scenario,
        CHECKED.replace(
            "pytest -q test_app.py", 'case "$PLACE" in *scratch*) pytest -q test_app.py;; esac'
        ),
    )
    scenario.run("check", "--prove").says(0, "service data is ready", "1 proves")


def test_for_programs(scenario: Scenario) -> None:
    project(scenario, CHECKED)
    (line,) = scenario.json("check", "--prove")
    assert (line["event"], line["kind"]) == ("CheckProved", "proves")
    assert (line["step"], line["state"]) == ("phase-1/task-1/step-2", "phase")
    scenario.run("check", "--prove", "--diff").says(2, "--prove runs the checks")
    scenario.phase(CHECKED + "verification:\n  - verify: grep -q day app.py\n")
    lines = scenario.json("check", "--prove")
    assert [line["step"] for line in lines] == [
        "phase-1/task-1/step-2", "phase-1/verification/step-1",
    ]  # fmt: skip
    scenario.phase(CHECKED.replace("pytest -q test_app.py", "exit 3"))
    (line,) = scenario.json("check", "--prove", status=1)
    assert (line["kind"], line["guard"]) == ("failing", False)


def test_a_base_that_is_no_commit_proves_nothing(scenario: Scenario) -> None:
    phase = CHECKED.replace("expect:", "fails-at: base\n        expect:")
    project(scenario, f"base: nowhere\n{phase}")
    scenario.run("check", "--prove").says(
        1,
        "could not go on: `fails-at: base` needs a commit to look at, and `base: nowhere` is none",
    )


def test_interrupted_and_killed_it_leaves_nothing(scenario: Scenario) -> None:
    slow = "touch $TMPDIR/runs; sleep 1000"
    project(scenario, CHECKED.replace("pytest -q test_app.py", slow))
    runs = Path(scenario.env["TMPDIR"]) / "runs"
    process = scenario.start("check", "--prove")
    scenario.until(runs.exists)
    process.send_signal(signal.SIGINT)
    scenario.end(process).says(130, "interrupted")
    assert scratches(scenario) == []
    runs.unlink()
    process = scenario.start("check", "--prove")
    scenario.until(runs.exists)
    process.kill()
    process.wait()
    assert len(scratches(scenario)) == 1
    scenario.phase(CHECKED)
    scenario.run("check", "--prove").says(0, "1 proves")
    assert scratches(scenario) == []
    assert worktrees(scenario) == 1


def test_a_run_that_proves(scenario: Scenario) -> None:
    project(scenario, CHECKED)
    scenario.run("run", "--prove").says(
        0, "          as expected\n          at the phase's start: 1 passed, 1 failed",
        "          proves: fails at the phase's start (<commit>), as it must, and passes here:\n"
        "            exit status 1, expected 0\n", "is complete: 1 commit",
    )  # fmt: skip
    assert scratches(scenario) == []


def test_a_run_stops_at_a_check_that_proves_nothing(scenario: Scenario) -> None:
    project(scenario, CHECKED.replace("test_app.py", "test_app.py -k other"))
    scenario.run("run", "--prove").says(
        1, "stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): the check proves nothing: "
        "it passed at the start of the phase (<commit>) too",
        "hint: sharpen `expect:`, or say `guard: true` if it is to pass before and after",
    )  # fmt: skip
    scenario.phase(CHECKED.replace("test_app.py", "test_app.py -k other\n        guard: true"))
    scenario.run("run", "--prove").says(0, "guards: passes at the phase's start", "1 commit")


def test_a_check_that_reads_as_a_guard_is_proposed_as_one(scenario: Scenario) -> None:
    words = "guard: true\n      - verify: grep -q day"
    assert words in EVERY
    said = "title: Other tests still pass\n      - verify: grep -q day"
    project(scenario, EVERY.replace(words, said))
    scenario.run("check", "--prove", "1").says(
        1,
        "phases/phase-1.yaml:14:9: vacuous, or a guard: grep -q greeting app.py\n",
        "    hint: its words say that it is to pass before and after: say `guard: true`\n",
        "1 vacuous, 1 vacuous, or a guard, ",
    )
