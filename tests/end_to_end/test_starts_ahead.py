"""Checks on their starting states that run before their turn: all is as in order."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scenario import Scenario
from test_checks_ahead import able, in_vain, nothing_is_left, views

__all__ = ["able"]

STEP = """\
  - title: Task {number}
    steps:
      - edit: src/f{number}.py
        replace: value = 0
        with: value = {number}
      - verify: |
          {check}
{more}
      - commit: "feat: task {number}"
"""
SEES = 'cat src/*.py; ls src *.txt 2>/dev/null; grep -q "value = {number}$" src/f{number}.py'
STATES = ("base", "series", "phase", "task")


def written(
    scenario: Scenario, *checks: str, more: str = "fails-at: phase", base: str = ""
) -> Scenario:
    """A phase with a task for each check, committed."""
    text = f"phase: 1\ngoal: Count.\n{base}tasks:\n"
    for number, check in enumerate(checks, 1):
        said = check.replace("{number}", str(number)).replace("\n", f"\n{' ' * 10}")
        own = more.replace("\n", f"\n{' ' * 8}")
        text += STEP.format(number=number, check=said, more=f"{' ' * 8}{own}")
        scenario.write(f"src/f{number}.py", "value = 0\n")
    scenario.phase(text)
    return scenario.begin()


def on(states: Iterable[str], text: str) -> str:
    """A phase whose checks fail at these states, each at its own."""
    each = iter(states)
    return re.sub("(?<=fails-at: )phase", lambda _: next(each), text)


def ahead(lines: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """The tasks whose checks were made ahead, and on which states."""
    ended = [each for each in lines if each["event"] == "CommandEnded" and each["ahead"]]
    return [(int(each["step"].split("task-")[1].split("/")[0]), each["state"]) for each in ended]


def told(lines: list[dict[str, Any]]) -> list[object]:
    """What happens and what each command said, without what differs from one run to the next."""
    found: list[object] = []
    for line in lines:
        if line["event"] in ("CommandOutput", "NotTakenAhead", "ChecksInOrder", "RunBegan"):
            continue
        kept = {
            name: said
            for name, said in line.items()
            if name not in ("time", "duration", "ahead", "usual", "id", "run", "seconds", "log")
        }
        if line["event"] == "CommandEnded":
            kept["output"] = Path(line["log"]).read_text()
        said = re.sub(r" in \d+\.\d+s|'duration': [\d.]+", "", str(kept))
        found.append(re.sub(r"[0-9a-f]{40,}|[0-9a-f]{9}\b|runbook-\w+-\w+|/\S*/tmp", "*", said))
    return found


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Scenario]:
    folder = tmp_path / "in-order"
    folder.mkdir()
    with Scenario(folder) as made:
        yield made


def same(
    able: Scenario,
    other: Scenario,
    make: Callable[[Scenario], object],
    *options: str,
    jobs: int = 4,
    status: int = 0,
) -> list[dict[str, Any]]:
    """The lines of a run ahead, which says the same as one in order."""
    make(able), make(other)
    expected = other.json("run", *options, status=status)
    found = able.json("run", *options, "--jobs", str(jobs), status=status)
    assert told(found) == told(expected)
    return found


def test_they_run_beside_each_other(able: Scenario) -> None:
    meet = (
        'grep -q "value = {number}$" src/f{number}.py && exit 0; touch ../$RUN-{number}; '
        "for each in $(seq 200); do test $(ls .. | wc -l) -ge 3 && exit 1; sleep 0.05; done; exit 7"
    )
    place = able.folder / "meet"
    place.mkdir()
    meet = meet.replace("../$RUN-", f"{place}/").replace("ls ..", f"ls {place}")
    written(able, meet, meet, meet, more="fails-at: phase")
    lines = able.json("run", "--jobs", "6")
    assert ahead(lines) == [(n, state) for n in (1, 2, 3) for state in ("", "phase")]
    before = [each for each in lines if each["event"] == "FailedBefore"]
    assert all("exit status 1" in str(each["why"]) for each in before)


@pytest.mark.parametrize("series", ["jobs: 1", "workdir: src", "worktree: .worktrees/count"])
def test_each_sees_its_starting_state(able: Scenario, other: Scenario, series: str) -> None:
    def make(scenario: Scenario) -> None:
        scenario.write("src/old.txt", "old\n")
        scenario.write("src/ignored.log", "more\n")
        scenario.write(".gitignore", "*.log\n.worktrees/\n")
        scenario.begin()
        scenario.git("tag", "before")
        written(scenario, *[SEES] * len(STATES), base="base: before\n")
        text = on(STATES, scenario.read("phases/phase-1.yaml"))
        scenario.series(series)
        if "workdir" in series:
            text = text.replace("src/", "").replace("ls src", "ls .")
        scenario.phase(text)
        scenario.begin()
        scenario.write("untracked.txt", "mine\n")

    lines = same(able, other, make)
    assert ahead(lines) == [(n, each) for n, s in enumerate(STATES, 1) for each in ("", s)]


def test_files_that_come_and_go_are_seen_so(able: Scenario, other: Scenario) -> None:
    def make(scenario: Scenario) -> None:
        scenario.write("old/deep.txt", "old\n")
        scenario.write("kept.sh", "#!/bin/sh\n")
        (scenario.root / "kept.sh").chmod(0o755)
        scenario.phase(
            """
            phase: 1
            goal: Come and go.
            tasks:
              - title: Make
                steps:
                  - edit: new/made.sh
                    create: |
                      new
                    mode: 755
                  - edit: left.txt
                    create: |
                      not committed with it
                  - verify: ls -lR --time-style=+; test -e new
                    fails-at: task
                  - commit: Make
                    files: [new/made.sh]
              - title: Delete
                steps:
                  - edit: old/deep.txt
                    delete: true
                  - edit: kept.sh
                    append: |
                      true
                  - verify: ls -lR --time-style=+; test ! -e old
                    fails-at: task
                  - commit: Delete
              - title: Last
                steps:
                  - edit: kept.sh
                    append: |
                      false
                  - verify: ls -lR --time-style=+; grep false kept.sh
                    fails-at: task
                  - commit: Last
                    files: [kept.sh, left.txt]
            """
        )
        scenario.begin()

    lines = same(able, other, make)
    assert in_vain(lines) == {}
    assert [each for each in ahead(lines) if each[1]] == [(n, "task") for n in (1, 2, 3)]


def test_tests_that_came_with_the_change_are_carried_back(able: Scenario, other: Scenario) -> None:
    def make(scenario: Scenario) -> None:
        text = "phase: 1\ngoal: Count.\ntasks:\n"
        for number in (1, 2):
            scenario.write(f"m{number}.py", "value = 0\n")
            text += (
                f"  - title: Task {number}\n    steps:\n"
                f"      - edit: m{number}.py\n        replace: value = 0\n"
                f"        with: value = {number}\n"
                f"      - edit: test_{number}.py\n        create: |\n"
                f"          from m{number} import value\n\n\n          def test_it():\n"
                f"              assert value == {number}\n"
                f"      - verify: pytest -q test_{number}.py\n"
                "        expect: {tests: {passed: 1}}\n"
                f"        fails-at: {'phase' if number == 1 else 'task'}\n"
                f"      - commit: Task {number}\n"
            )
        scenario.write(".gitignore", "__pycache__/\n")
        scenario.phase(text)
        scenario.begin()

    lines = same(able, other, make)
    befores = [each for each in lines if each["event"] == "FailedBefore"]
    assert [each["carried"] for each in befores] == [["test_1.py"], ["test_2.py"]]
    assert (2, "task") in ahead(lines)


def test_tests_that_are_named_are_carried_back(able: Scenario, other: Scenario) -> None:
    more = "fails-at: {{state: {state}, with: [src/t.sh]}}"
    check = "cat src/t.sh; sh src/t.sh {number}"

    def make(scenario: Scenario) -> None:
        scenario.write("src/t.sh", "exit 0\n")
        written(scenario, check, check, check, more=more.format(state="phase"))
        text = scenario.read("phases/phase-1.yaml")
        edit = (
            "      - edit: src/t.sh\n        rewrite-file: |\n"
            '          grep -q "value = $1$" src/f$1.py\n'
        )
        place = "      - verify"
        scenario.phase(text.replace(place, edit + place, 1))
        scenario.begin()

    lines = same(able, other, make)
    assert [each for each in ahead(lines) if each[1]] == [(n, "phase") for n in (1, 2, 3)]


@pytest.mark.parametrize("state", ["task", "phase"])
def test_one_that_passes_there_stops_the_run(able: Scenario, other: Scenario, state: str) -> None:
    def make(scenario: Scenario) -> None:
        written(scenario, SEES, "cat src/f{number}.py", SEES, more=f"fails-at: {state}")

    lines = same(able, other, make, status=1)
    assert lines[-2]["kind"] == "vacuous"
    assert able.subjects() == ["Begin", "feat: task 1"]
    assert in_vain(lines) == {"phase-1/task-2/step-2": "it was not as expected, and is seen anew"}


@pytest.mark.parametrize(
    ("check", "why"),
    [
        ("{sees} || {{ cat left; echo {number} >> left; exit 1; }}", "it left files: left"),
        ("{sees} || {{ cat src/f1.py > src/f2.py; exit 1; }}", "it left files: src/f2.py"),
        ("{sees} || {{ asking; exit 1; }}", "it asked git, which has other commits by now"),
        ("{sees} || kill $$", "it was not as expected, and is seen anew"),
    ],
)
def test_what_can_not_be_told_to_be_the_same_is_run_in_its_turn(
    able: Scenario, other: Scenario, check: str, why: str
) -> None:
    command = check.format(sees=SEES, number="{number}")

    def make(scenario: Scenario) -> None:
        scenario.program("asking", "git log -1 --format=%s")
        written(scenario, *[command] * 4)
        states = ("task", "phase", "task", "phase")
        scenario.phase(on(states, scenario.read("phases/phase-1.yaml")))
        scenario.begin()

    lines = same(able, other, make)
    assert set(in_vain(lines).values()) == {why}
    assert [state for _, state in ahead(lines)] == [""] * 4


def test_what_a_setup_makes_is_there(able: Scenario, other: Scenario) -> None:
    check = f"cat built.txt && {SEES}"

    def make(scenario: Scenario) -> None:
        scenario.series("setup: cat src/f1.py > built.txt; echo built >> ../built")
        scenario.write("built.txt", "")
        written(scenario, check, check, check, check)

    lines = same(able, other, make, jobs=2)
    found = [each for each in ahead(lines) if each[1]]
    assert (1, "phase") not in found
    assert found


def test_what_is_carried_along_is_there_as_in_its_turn(able: Scenario, other: Scenario) -> None:
    """Links lead from the starting state to the worktree, where edits have been made by then."""
    check = f"cat lib/* carried.txt; ls -l lib | wc -l; {SEES}"

    def make(scenario: Scenario) -> None:
        scenario.write(".gitignore", "lib/\ncarried.txt\n")
        scenario.write("lib/one.txt", "one\n")
        scenario.write("carried.txt", "1\n")
        (scenario.root / "lib/seen.py").symlink_to("../src/f1.py")
        scenario.series("carry: [lib, carried.txt]")
        written(scenario, check, check, check)

    lines = same(able, other, make)
    assert [each for each in ahead(lines) if each[1]] == [(n, "phase") for n in (1, 2, 3)]


def test_what_a_check_writes_through_a_link_is_seen(able: Scenario, other: Scenario) -> None:
    check = f"cat lib/*; {SEES} || {{ echo {{number}} >> lib/one.txt; exit 1; }}"

    def make(scenario: Scenario) -> None:
        scenario.write(".gitignore", "lib/\n")
        scenario.write("lib/one.txt", "one\n")
        scenario.series("carry: [lib]")
        written(scenario, check, check, check)

    lines = same(able, other, make)
    assert "lib/one.txt" in str(in_vain(lines)["phase-1/task-1/step-2"])


def test_what_an_edit_makes_of_what_is_carried_is_seen(able: Scenario, other: Scenario) -> None:
    def make(scenario: Scenario) -> None:
        scenario.series("carry: [src/f1.py, new.txt]")
        written(scenario, SEES, SEES, SEES)

    same(able, other, make)


def test_commits_that_a_hook_changes_are_reckoned_with(able: Scenario, other: Scenario) -> None:
    def make(scenario: Scenario) -> None:
        written(scenario, SEES, SEES, SEES, more="fails-at: task")
        scenario.hook("pre-commit", "echo hooked >> src/hook.txt; git add src/hook.txt")
        scenario.write(".gitattributes", "")

    for each in (able, other):
        make(each)
    expected = other.run("run")
    found = able.run("run", "--jobs", "4")
    assert (found.status, found.stdout) == (expected.status, expected.stdout)


@pytest.mark.parametrize("attribute", ["eol=crlf", "ident"])
def test_files_that_git_converts_are_checked_out_by_git(
    able: Scenario, other: Scenario, attribute: str
) -> None:
    def make(scenario: Scenario) -> None:
        scenario.write(".gitattributes", f"src/*.py text {attribute}\n")
        written(scenario, *[f"{SEES.replace('$', '')} && cat -A src/*.py"] * 3)
        text = scenario.read("phases/phase-1.yaml")
        scenario.phase(text.replace("fails-at: phase", "fails-at: task"))
        scenario.begin()

    lines = same(able, other, make)
    assert (3, "task") not in ahead(lines)


def test_every_check_of_a_run_can_be_proved_so(able: Scenario, other: Scenario) -> None:
    lines = same(able, other, lambda each: written(each, SEES, SEES, more=""), "--prove")
    assert ahead(lines) == [(n, state) for n in (1, 2) for state in ("", "phase")]
    assert [each["kind"] for each in lines if each["event"] == "CheckProved"] == ["proves"] * 2


def test_the_same_command_on_the_same_state_is_run_once(able: Scenario, other: Scenario) -> None:
    check = "noted; cat src/f3.py; grep -q 'value = 3$' src/f3.py"

    def make(scenario: Scenario) -> None:
        scenario.program("noted", f"echo ran >> {scenario.folder}/ran")
        written(scenario, f"{SEES} #", check, check)
        text = scenario.read("phases/phase-1.yaml")
        # Both look at what the third task makes.
        whole, third = text.split("  - title: Task 3\n")
        second = re.findall(r"      - verify: \|\n.*\n.*\n", whole)[-1]
        scenario.phase(
            whole.replace(second, "")
            + "  - title: Task 3\n"
            + third.replace("      - commit", second + "      - commit")
        )
        scenario.begin()

    lines = same(able, other, make)
    assert (able.folder / "ran").read_text().count("ran") == 2
    assert [each["reused"] for each in lines if each["event"] == "CommandEnded"][-1]


@pytest.mark.parametrize("more", ["fresh: true", "ahead: false"])
def test_who_may_not_run_ahead_does_not(able: Scenario, other: Scenario, more: str) -> None:
    def make(scenario: Scenario) -> None:
        written(scenario, SEES, SEES, more=f"fails-at: phase\n{more}")

    assert ahead(same(able, other, make)) == []


def test_the_only_check_runs_beside_itself(able: Scenario) -> None:
    written(able, SEES)
    assert ahead(able.json("run", "--jobs", "2")) == [(1, ""), (1, "phase")]


def test_services_of_workers_serve_them(able: Scenario, other: Scenario) -> None:
    check = f'cd "$PLACE" && ls && cd - > /dev/null; {SEES}'

    def make(scenario: Scenario) -> None:
        written(scenario, check, check)
        scenario.series(
            """
            services:
              - name: place
                run: |
                  PLACE=$(mktemp -d); touch $PLACE/taken; echo "at $PLACE"
                  trap 'rm -r "$PLACE"; exit' TERM; sleep 1000 & wait
                ready: at (?P<PLACE>.+)
                ahead: true
            """
        )

    lines = same(able, other, make)
    assert ahead(lines) == [(n, state) for n in (1, 2) for state in ("", "phase")]


WAITS = (
    'grep -q "value = {number}$" src/f{number}.py && exit 0; touch $HERE/begun-{number}; '
    "test -e $HERE/go || sleep 100; exit 1"
)


def waiting(scenario: Scenario) -> Callable[[], bool]:
    """Whether the checks of a phase are waiting on their starting states."""
    here = str(scenario.folder)
    written(scenario, *[WAITS.replace("$HERE", here)] * 3)
    return lambda: all((scenario.folder / f"begun-{number}").exists() for number in (1, 2, 3))


def test_ctrl_c_ends_all_of_it(able: Scenario) -> None:
    all_wait = waiting(able)
    process = able.start("run", "--jobs", "4")
    able.until(all_wait)
    os.kill(process.pid, signal.SIGINT)
    able.end(process).says(130, "interrupted")
    assert able.git("worktree", "list").count("\n") == 0


def test_killed_meanwhile_nothing_is_left_behind(able: Scenario) -> None:
    all_wait = waiting(able)
    process = able.start("run", "--jobs", "4")
    able.until(all_wait)
    assert [*(able.folder / "tmp").glob("runbook-scratch-*")]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    able.until(lambda: not [each for each in views() if each.startswith(str(able.folder))])
    (able.folder / "go").touch()
    able.run("run", "--jobs", "4").says(0, "3 commits")
    assert nothing_is_left(able)
    assert able.git("worktree", "list").count("\n") == 0
