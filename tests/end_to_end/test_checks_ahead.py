"""Checks that run before their turn: all that is made, said and stopped for is as in order."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from scenario import Scenario

# What a check is seen to do leaves its traces outside of the repository.
STEP = """\
  - title: Task {number}
    steps:
      - edit: src/f{number}.py
        replace: value = 0
        with: value = {number}
      - verify: {check}
        expect: {{contains: f{number}}}
      - commit: "feat: task {number}"
"""
CHECK = 'grep -H "value = {number}$" src/f{number}.py && touch ../ran-{number}'
MEET = (  # fails, where the other's is not run at the same time
    "touch ../here-{number}; for each in $(seq 200); do test -e ../here-{other} && break; "
    "sleep 0.05; done; test -e ../here-{other} && echo f{number}"
)


def written(scenario: Scenario, *checks: str, more: str = "") -> Scenario:
    """A phase with a task for each check, committed."""
    text = "phase: 1\ngoal: Count.\ntasks:\n"
    for number, check in enumerate(checks, 1):
        other = number + (1 if number % 2 else -1)
        said = check.format(number=number, other=other)
        text += STEP.format(number=number, check=f"|\n          {said}".rstrip())
        scenario.write(f"src/f{number}.py", "value = 0\n")
    scenario.phase(text + more)
    return scenario.begin()


def views() -> set[str]:
    """What is mounted over a repository of a test, by whom it may be seen at all."""
    found: set[str] = set()
    for mounts in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            lines = mounts.read_text().splitlines()
        except OSError:
            continue
        found |= {line.split()[4] for line in lines if " - overlay " in line}
    return found


def nothing_is_left(scenario: Scenario) -> bool:
    left = [*(scenario.folder / "tmp").glob("runbook-*")]
    mounted = [each for each in views() if each.startswith(str(scenario.folder))]
    return not left and not mounted


def ahead(lines: list[dict[str, object]]) -> list[object]:
    return [each["step"] for each in lines if each["event"] == "CommandEnded" and each["ahead"]]


def in_vain(lines: list[dict[str, object]]) -> dict[object, object]:
    return {each["step"]: each["why"] for each in lines if each["event"] == "NotTakenAhead"}


@pytest.fixture
def able(scenario: Scenario) -> Iterator[Scenario]:
    """Where there can be no views, there is nothing to see but that, which has a test."""
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("the system gives no namespaces")
    yield scenario
    assert nothing_is_left(scenario)


def test_what_runs_ahead_is_told_with_what_runs(able: Scenario) -> None:
    # The first goes on for a while after it has said something, and the second for longer.
    written(able, f"{MEET} && sleep 1", f"{MEET} && sleep 4")
    lines = able.json("run", "--jobs", "2")
    first, second = "phase-1/task-1/step-2", "phase-1/task-2/step-2"
    told = [line for line in lines if line["event"] == "CommandOutput"]
    assert (second,) in {tuple(line["ahead"]) for line in told if line["step"] == first}
    assert not [line for line in told if line["step"] == second and line["ahead"]]


def test_checks_run_beside_each_other_and_all_is_as_in_order(able: Scenario) -> None:
    written(able, MEET, MEET, CHECK)
    able.run("run", "--jobs", "2").shows(
        0,
        """
        phase-1: Count.

        task-1: Task 1
          edit    src/f1.py, line 1
          verify  touch ../here-1; for each in $(seq 200); do test -e ../here-2 && break; sleep 0.05; done; test -e ../here-2 && echo f1
                  exit status 0 (<time>)
                  as expected
          commit  <commit> feat: task 1

        task-2: Task 2
          edit    src/f2.py, line 1
          verify  touch ../here-2; for each in $(seq 200); do test -e ../here-1 && break; sleep 0.05; done; test -e ../here-1 && echo f2
                  exit status 0 (<time>)
                  as expected
          commit  <commit> feat: task 2

        task-3: Task 3
          edit    src/f3.py, line 1
          verify  grep -H "value = 3$" src/f3.py && touch ../ran-3
                  exit status 0 (<time>)
                  as expected
          commit  <commit> feat: task 3

        phase-1 is complete: 3 commits, <time>.
          task-1  <commit>  <time>
          task-2  <commit>  <time>
          task-3  <commit>  <time>
        """,  # noqa: E501
    )
    assert able.status() == ""
    # The whole output is where it always is.
    able.run("log", "--output", "phase-1/task-3/step-2").says(0, "src/f3.py:value = 3")


def test_the_record_says_which(able: Scenario) -> None:
    written(able, CHECK, CHECK, CHECK)
    lines = able.json("run", "-j", "3")
    assert ahead(lines) == [f"phase-1/task-{number}/step-2" for number in (1, 2, 3)]
    able.run("report").says(0, "made ahead, in a view of the worktree as it was to be")


def test_each_sees_the_files_as_they_are_in_its_turn_and_no_others(able: Scenario) -> None:
    files = "cat src/*.py | tr '\\n' ' '; echo f{number}; ls src | wc -l >&2"
    checks = [files + "; sleep 0.2"] * 4
    written(able, *checks)
    lines = able.json("run", "--jobs", "4")
    assert len(ahead(lines)) == 4
    for number in range(1, 5):
        shown = able.run("log", "--output", f"phase-1/task-{number}/step-2").stdout
        values = [each if each <= number else 0 for each in range(1, 5)]
        assert " ".join(f"value = {each}" for each in values) in shown


def test_files_that_come_go_and_move_are_seen_so(able: Scenario) -> None:
    able.write("old.txt", "old\n")
    able.write("away.txt", "away\n")
    able.phase(
        """
        phase: 1
        goal: Come and go.
        tasks:
          - title: Make
            steps:
              - edit: new/deep/file.txt
                create: |
                  new
              - verify: test -e new/deep/file.txt -a -e old.txt -a -e away.txt
              - commit: Make
          - title: Delete
            steps:
              - edit: old.txt
                delete: true
              - verify: test -e new/deep/file.txt -a ! -e old.txt -a -e away.txt
              - commit: Delete
          - title: Move
            steps:
              - edit: away.txt
                move-to: there/away.txt
              - verify: test -e there/away.txt -a ! -e old.txt -a ! -e away.txt
              - commit: Move
        verification:
          - verify: test ! -e away.txt
        """
    )
    able.begin()
    assert len(ahead(able.json("run", "--jobs", "4"))) == 4


def test_folders_that_are_left_empty_are_gone(able: Scenario) -> None:
    able.write("there/deep/a.txt", "a\n")
    able.write("kept/a.txt", "a\n")
    able.write("kept/b.txt", "b\n")
    able.phase(
        """
        phase: 1
        goal: Leave nothing.
        tasks:
          - title: Make
            steps:
              - edit: made/deep/b.txt
                create: |
                  b
              - verify: test -d made/deep -a -d there/deep
              - commit: Make
          - title: Delete
            steps:
              - edit: there/deep/a.txt
                delete: true
              - edit: made/deep/b.txt
                delete: true
              - edit: kept/a.txt
                delete: true
              - verify: test ! -e there -a ! -e made -a -e kept/b.txt
              - commit: Delete
          - title: Again
            steps:
              - edit: there/c.txt
                create: |
                  c
              - verify: test "$(ls there)" = c.txt
              - commit: Again
        """
    )
    able.begin()
    lines = able.json("run", "--jobs", "4")
    assert (len(ahead(lines)), in_vain(lines)) == (3, {})


def test_the_first_check_that_fails_stops_the_run_and_ends_the_others(able: Scenario) -> None:
    failing = "touch ../once-{number}; echo f{number}; test ! -e ../fail"
    waiting = "echo f{number}; touch ../waits; sleep 100 & wait"
    written(able, CHECK, failing, waiting)
    (able.folder / "fail").touch()
    result = able.run("run", "--jobs", "3")
    result.says(1, "stopped at phase-1/task-2/step-2", "exit status 1, expected 0")
    assert able.subjects() == ["Begin", "feat: task 1"]
    assert able.read("src/f3.py") == "value = 0\n"
    (able.folder / "fail").unlink()
    able.write("phases/phase-1.yaml", able.read("phases/phase-1.yaml").replace("sleep 100 & ", ""))
    able.run("run", "--jobs", "3").says(0)


def test_what_fails_only_beside_others_passes_in_its_turn(able: Scenario) -> None:
    # Unlike a file, the lock is gone with whoever is ended.
    alone = "echo f{number}; exec 9> ../alone; flock -n 9 || exit 1; sleep 0.5"
    written(able, alone, alone, alone)
    lines = able.json("run", "--jobs", "3")
    assert able.subjects()[1:] == [f"feat: task {number}" for number in (1, 2, 3)]
    assert set(in_vain(lines).values()) == {"it was not as expected, and is seen anew"}
    assert not any(each["event"] == "VerifyRetried" for each in lines)


@pytest.mark.parametrize(
    ("check", "why"),
    [
        ("echo f{number}; test -e left || echo more > left", "it left files: left"),
        ("echo f{number}; mkdir out 2>/dev/null", "it left files: out"),
        ("echo f{number}; echo more >> src/f1.py", "it left files: src/f1.py"),
        ("echo f{number}; rm -f src/f9.py", "it left files: src/f9.py"),
        ("echo f{number}; touch -d @0 src/f9.py", "it left files: src/f9.py"),
        ("echo f{number}; chmod +x src/f9.py", "it left files: src/f9.py"),
        ("echo f{number}; ../asking", "it asked git, which has other commits by now"),
        ("echo f{number}; cat .g*/HEAD", "it asked git, which has other commits by now"),
    ],
)
def test_what_the_next_one_would_see_is_never_lost(able: Scenario, check: str, why: str) -> None:
    (able.folder / "asking").write_text("#!/bin/sh\ngit log --format=%s > ../log-$$\n")
    (able.folder / "asking").chmod(0o755)
    able.write("src/f9.py", "value = 9\n")
    written(able, check, CHECK, CHECK)
    stops = any(each in check for each in ("rm", "chmod", "more >> src"))
    lines = able.json("run", "--jobs", "3", status=1 if stops else 0)
    assert in_vain(lines)["phase-1/task-1/step-2"] == why


def test_what_a_check_left_is_seen_by_those_after_it(able: Scenario) -> None:
    makes = "echo f{number}; echo more >> kept.log"
    counts = "echo f{number}; test $(wc -l < kept.log) = 2"
    able.write(".gitignore", "kept.log\n")
    written(able, makes, makes, counts)
    able.run("run", "--jobs", "3").says(0, "3 commits")


def test_caches_and_compiled_files_count_for_nothing(able: Scenario) -> None:
    able.write("test_all.py", "from src import f1\n\n\ndef test_it():\n    print(f1.value)\n")
    able.write(".gitignore", "__pycache__/\n.pytest_cache/\n")
    check = "PYTHONDONTWRITEBYTECODE= python -m pytest -q -p cacheprovider; echo f{number}"
    written(able, check, check, check)
    lines = able.json("run", "--jobs", "2")
    assert len(ahead(lines)) == 3, in_vain(lines)


def test_compiled_code_of_another_state_is_never_run(able: Scenario) -> None:
    """All states of the module have one size, and are made within a second."""
    text = "phase: 1\ngoal: Count.\ntasks:\n"
    for number in range(1, 6):
        text += (
            f"  - title: Task {number}\n    steps:\n      - edit: one.py\n"
            f"        replace: value = {number - 1}\n        with: value = {number}\n"
            "      - verify: PYTHONDONTWRITEBYTECODE= python -c 'import one; print(one.value)'\n"
            f'        expect: {{contains: "{number}"}}\n'
            f"      - commit: Task {number}\n"
        )
    able.write("one.py", "value = 0\n")
    able.write("__pycache__/other.cpython-311.pyc", "")
    able.write(".gitignore", "__pycache__/\n")
    able.phase(text)
    able.begin()
    subprocess.run(["python3", "-c", "import one"], cwd=able.root, check=True)
    assert len(ahead(able.json("run", "--jobs", "5"))) == 5


@pytest.mark.parametrize(
    ("before", "counted"),
    [
        ("      - run: echo 1 > made.txt\n        files: [made.txt]\n", 2),
        ("      - manual: Look at it.\n        files: [src/f3.py]\n", 2),
        ("      - confirm: Is it so?\n", 2),
        ("      - verify: git --version\n", 2),
        ('      - verify: "true"\n        fresh: true\n', 2),
        ('      - verify: "true"\n        ahead: false\n', 2),
        ("      - verify: pytest --lf --version\n", 2),
        ("      - edit: src/f9.py\n        replace: nowhere\n        with: anywhere\n", 2),
    ],
)
def test_what_is_not_known_beforehand_ends_it(able: Scenario, before: str, counted: int) -> None:
    """Of four checks, two stand before it; those behind it are not begun before it is done."""
    written(able, CHECK, CHECK, CHECK, CHECK)
    text = able.read("phases/phase-1.yaml")
    place = "      - edit: src/f3.py"
    able.write("phases/phase-1.yaml", text.replace(place, before + place))
    lines = [
        each
        for each in able.json("run", "--jobs", "4", status=_ends(before))
        if each["event"] in ("CommandEnded", "Stopped")
    ]
    assert ahead([each for each in lines if each["event"] == "CommandEnded"])[:2] == [
        f"phase-1/task-{number}/step-2" for number in (1, 2)
    ]
    if lines[-1]["event"] == "Stopped":
        assert not (able.folder / "ran-3").exists()
    else:
        assert len(ahead(lines[:-1] + lines[-1:])) == counted + 2


def _ends(before: str) -> int:
    if "manual" in before or "confirm" in before:
        return 4
    return 1 if "nowhere" in before else 0


def test_a_series_can_forbid_it_or_ask_for_it(able: Scenario) -> None:
    written(able, CHECK, CHECK)
    able.series("ahead: false")
    assert ahead(able.json("run", "--jobs", "2", "--until", "1/1")) == []
    able.series("jobs: 2")
    able.git("reset", "-q", "--hard", "HEAD")
    able.run("undo", "1").says(0)
    assert len(ahead(able.json("run", "--restart"))) == 2
    assert "jobs" not in able.run("check").stdout


def test_nothing_runs_ahead_unless_it_is_said(able: Scenario) -> None:
    written(able, CHECK, CHECK)
    assert ahead(able.json("run")) == []


@pytest.mark.parametrize("jobs", ["0", "65", "many", "-1", "2.5", ""])
def test_a_number_of_jobs_that_is_none_is_refused(scenario: Scenario, jobs: str) -> None:
    scenario.app()
    scenario.run("run", f"--jobs={jobs}").says(2, "a number from 1 to 64, or `auto`")
    scenario.series(f"jobs: '{jobs}'")
    scenario.run("check").says(2, "runbook.yaml:1:7")


OWN = """
    jobs: 2
    env: {{ONE: "of {number}"}}
    services:
      - name: place
        run: |
          PLACE=$(mktemp -d); echo "$ONE {number}" >> $PLACE/taken; echo "at $PLACE for {number}"
          trap 'rm -r $PLACE; exit' TERM; sleep 1000 & wait
        ready: "at {group}"
        ahead: {ahead}
"""


def shared(lines: list[dict[str, object]]) -> list[object]:
    return [each["why"] for each in lines if each["event"] == "ChecksInOrder"]


def test_each_worker_has_services_that_say_where_they_are(able: Scenario) -> None:
    taken = "mkdir $PLACE/used && {{ {meet}; }}; rmdir $PLACE/used".replace("{meet}", MEET)
    written(able, f"{taken}; echo f{{number}}", f"{taken}; echo f{{number}}", CHECK)
    able.series(OWN.format(number="", group="(?P<PLACE>[^ ]+)", ahead="true"))
    lines = able.json("run")
    assert len(ahead(lines)) == 3
    assert shared(lines) == []
    told = [each["event"] for each in lines if str(each["event"]).startswith("Service")]
    assert told == ["ServiceBegan", "ServiceReady"]


def test_what_the_service_of_a_worker_keeps_secret_is_not_kept(able: Scenario) -> None:
    able.write(
        "test_it.py",
        "import os\nimport pytest\n\n\n@pytest.mark.parametrize('key', [os.environ['KEY']])\n"
        "def test_it(key):\n    pass\n",
    )
    check = "python -m pytest -q -p no:cacheprovider; echo f{number}"
    written(able, check, check)
    able.series(
        """
        jobs: 2
        secrets: [KEY]
        services:
          - {name: key, run: "echo hidden-$$.; exec sleep 1000", ready: "(?P<KEY>hidden-.+)[.]",
             ahead: true}
        """
    )
    assert len(ahead(able.json("run"))) == 2
    kept = [file.read_text() for file in able.root.glob(".git/**/*.tests")]
    assert len(kept) == 2
    assert all("test_it[***]" in each for each in kept)


def test_each_worker_has_a_number(able: Scenario) -> None:
    # A place that nobody says, told apart by the number alone.
    check = f"echo $ONE >> ../numbers; {MEET}"
    written(able, check, check)
    able.series(OWN.format(number="{worker}", group="/", ahead="true"))
    lines = able.json("run")
    assert len(ahead(lines)) == 2
    numbers = (able.folder / "numbers").read_text().split("\n")
    assert sorted(numbers) == ["", "of 1", "of 2"]
    (began,) = (each["command"] for each in lines if each["event"] == "ServiceBegan")
    assert "for 0" in str(began)


def test_what_is_shared_lets_all_go_in_order(able: Scenario) -> None:
    written(able, CHECK, CHECK)
    able.series(OWN.format(number="", group="(?P<PLACE>[^ ]+)", ahead="false"))
    lines = able.json("run")
    assert ahead(lines) == []
    assert shared(lines) == ["they share the service place, which has no `ahead: true`"]


def test_what_stands_in_for_a_service_is_shared(able: Scenario) -> None:
    written(able, CHECK, CHECK)
    able.series(
        OWN.format(number="", group="(?P<PLACE>.+)", ahead="true") + "        unless-env: PLACE\n"
    )
    result = able.run("run", PLACE="/mine")
    result.says(0, "checks run one after the other: all of them share what PLACE names")
    assert result.stdout.count("service place is not started: PLACE is set") == 1


def test_a_service_that_is_there_only_once_lets_all_go_in_order(able: Scenario) -> None:
    written(able, CHECK, CHECK)
    able.series(
        """
        jobs: 2
        services:
          - name: place
            run: |
              mkdir ../only || exit 3; trap 'rmdir ../only; exit' TERM; echo at x; sleep 99 & wait
            ready: at (?P<PLACE>.+)
            ahead: true
        """
    )
    lines = able.json("run")
    assert ahead(lines) == []
    why = "beside another one, the service place ended with status 3 before it was ready"
    assert shared(lines) == [why]
    assert not (able.folder / "only").exists()


def test_in_a_linked_worktree(able: Scenario) -> None:
    written(able, CHECK, CHECK, "echo f{number}; ../../../asking")
    (able.folder / "asking").write_text("#!/bin/sh\ngit commit -q --allow-empty -m mine\n")
    (able.folder / "asking").chmod(0o755)
    able.series("worktree: .worktrees/count\njobs: 3")
    able.write(".git/info/exclude", ".worktrees\n")
    lines = able.json("run")
    assert len(ahead(lines)) == 2
    assert in_vain(lines)["phase-1/task-3/step-2"].startswith("it asked git")  # type: ignore[attr-defined]


def test_what_is_left_in_a_carried_folder_is_seen_by_the_next_one(able: Scenario) -> None:
    """It is one of links into the checkout, where what a command writes stays."""
    leaves = "sleep 0.5; touch deps/sub/mark; echo f{number}"
    written(able, CHECK, leaves, "test -e deps/sub/mark || echo f{number}", CHECK)
    able.series("worktree: .worktrees/count\ncarry: deps\njobs: 4")
    able.write(".git/info/exclude", ".worktrees\ndeps\n")
    able.write("deps/sub/there", "")
    lines = able.json("run", status=1)
    (stop,) = (each for each in lines if each["event"] == "Stopped")
    assert stop["where"] == "phase-1/task-3/step-2"
    left = f"it left files: {able.root}/deps/sub/mark"
    assert in_vain(lines)["phase-1/task-2/step-2"] == left
    assert (able.root / "deps/sub/mark").exists()


def test_a_hook_that_changes_the_files_is_reckoned_with(able: Scenario) -> None:
    written(able, CHECK, 'grep -q "# formatted" src/f1.py && echo f{number}', CHECK)
    able.hook("pre-commit", "for each in src/f*.py; do echo '# formatted' >> $each; done")
    able.hook("post-commit", "echo more >> .git/../ignored.log")
    able.write(".git/info/exclude", "ignored.log\n")
    able.run("run", "--jobs", "3").says(1)


def test_ctrl_c_ends_all_of_it(able: Scenario) -> None:
    wait = "echo f{number}; touch ../begun-{number}; sleep 100"
    written(able, wait, wait, wait)
    process = able.start("run", "--jobs", "3")
    able.until(lambda: all((able.folder / f"begun-{number}").exists() for number in (1, 2, 3)))
    os.kill(process.pid, signal.SIGINT)
    able.end(process).says(130, "interrupted")


def test_killed_while_checks_run_ahead(able: Scenario) -> None:
    """Nothing is left but the folders of the views, which the next run removes."""
    wait = "echo f{number}; touch ../begun-{number}; test -e ../go || sleep 100"
    written(able, wait, wait, wait)
    process = able.start("run", "--jobs", "3")
    able.until(lambda: all((able.folder / f"begun-{number}").exists() for number in (1, 2, 3)))
    assert [*(able.folder / "tmp").glob("runbook-view-*")]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    able.until(lambda: not [each for each in views() if each.startswith(str(able.folder))])
    (able.folder / "go").touch()
    able.run("run", "--jobs", "3").says(0, "3 commits")
    assert able.subjects()[1:] == [f"feat: task {number}" for number in (1, 2, 3)]


def test_where_there_are_no_views_all_goes_in_order(scenario: Scenario) -> None:
    written(scenario, CHECK, CHECK)
    inside = scenario.root / "temporary"
    inside.mkdir()
    result = scenario.run("run", "--jobs", "2", TMPDIR=str(inside))
    result.says(
        0,
        "  checks run one after the other: the folder for temporary files lies in the repository",
        "2 commits",
    )
