"""A series of phases: carried out in order, each with what it waits for."""

import signal

from scenario import GREETING, Scenario

# Its check fails the first time and passes the second.
CHECKED_TWICE = """
    phase: 3
    goal: Be done.
    tasks:
      - title: Do it
        steps:
          - edit: done.txt
            create: |
              done
          - verify: test -e ../tried || { touch ../tried; false; }
            retries: 1
          - confirm: It is done.
          - commit: "feat: be done"
"""


def write_phases(scenario: Scenario) -> None:
    scenario.phase(GREETING)
    scenario.phase(
        GREETING.replace("phase: 1", "phase: 2\nrequires: phase-1")
        .replace("hello", "good day")
        .replace('with: return "good day"', 'with: return "good evening"')
        .replace("feat: say good day", "feat: say good evening"),
        "phase-2",
    )
    scenario.write("app.py", 'def greeting():\n    return "hello"\n')


def test_row_46_all_in_order_on_one_branch_and_nothing_to_do_again(scenario: Scenario) -> None:
    scenario.series("title: Greetings\nworktree: .worktrees/x")
    write_phases(scenario)
    scenario.begin()
    scenario.run("status").shows(
        0,
        """
        [ ] phase-1: Say good day.
            [ ] task-1: Say it politely
          not begun; to begin: runbook run phase-1
        [ ] phase-2: Say good day.
            [ ] task-1: Say it politely
          waits for phase-1; first: runbook run phase-1
        """,
    )
    scenario.run("run", "--all").shows(
        0,
        """
        worktree .worktrees/x made, on the new branch x at <commit>
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.

        phase-2: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          commit  <commit> feat: say good evening

        phase-2 is complete: 1 commit, <time>.

        Greetings: all 2 phases are complete, 2 commits, <time>.
          phase-1  1 commit, <time>
          phase-2  1 commit, <time>
        """,
    )
    assert scenario.subjects("x") == ["Begin", "feat: say good day", "feat: say good evening"]
    complete = """
        phase-1 is complete: there is nothing to do.
        phase-2 is complete: there is nothing to do.
        """
    scenario.run("run", "--all").shows(0, complete)
    scenario.phase("phase: 3\ngoal: Look.\ntasks: [{title: Look, steps: [verify: 'true']}]", "3")
    shown = scenario.run("run", "--all").stdout
    assert "phase-2 is complete: there is nothing to do.\n\n3: Look.\n" in shown


def test_a_finished_phase_names_the_next_one(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(
        GREETING.replace("phase: 1", "phase: 3").replace("app.py", "three.py"), "harbour-doors"
    )
    scenario.write("three.py", 'return "hello"\n')
    scenario.begin()
    scenario.run("run", "1", "--until", "1").says(
        0, "phase-1 is complete: 1 commit, <time>.\nNext: "
    )
    after = "phase-1 is complete: there is nothing to do.\nNext: runbook run phase-2\n"
    assert scenario.run("run", "1").stdout.endswith(after)
    scenario.run("status", "1").says(0, "  complete; next: runbook run phase-2\n")
    assert all("Next" not in str(line) for line in scenario.json("run", "1"))
    # The last one names what was left out before it, and what has stopped is next, too.
    last = scenario.run("run", "3")
    assert last.stdout.endswith("is complete: 1 commit, <time>.\nNext: runbook run phase-2\n")
    scenario.write("app.py", "nothing\n")
    scenario.git("commit", "-qam", "Of the user")
    scenario.run("run", "2").says(1, "stopped at phase-2/task-1")
    shown = scenario.run("status").stdout
    assert shown.count("next: ") == 1
    assert shown.endswith("  complete; next: runbook run phase-2\n")
    scenario.run("list").shows(
        0,
        """
        [✓] phase-1        Say good day.  (1 of 1 task done)
        [!] phase-2        Say good day.  (0 of 1 task done)
        [✓] harbour-doors  Say good day.  (1 of 1 task done)
        1 of 3 phases left
        """,
    )
    scenario.run("skip", "2/1", "--reason", "no").says(0)
    # With nothing left, nothing is next.
    assert "Next" not in scenario.run("run", "2").stdout
    assert "next" not in scenario.run("status").stdout


def test_a_damaged_journal_of_another_phase_is_no_failure_of_this_one(scenario: Scenario) -> None:
    scenario.phase("worktree: .worktrees/one\n" + GREETING)
    scenario.phase(
        "worktree: .worktrees/two\n" + GREETING.replace("phase: 1", "phase: 2"), "phase-2"
    )
    scenario.write("app.py", 'return "hello"\n')
    scenario.begin()
    scenario.run("run", "2", "--until", "1").says(2)
    scenario.run("run", "2").says(0, "Next: runbook run phase-1")
    (journal,) = (scenario.root / ".git/runbook").glob("*/journal.jsonl")
    journal.write_text("no journal\n" + journal.read_text())
    scenario.run("status").says(1, "nothing was done")
    result = scenario.run("run", "1")
    result.says(0, "phase-1 is complete: 1 commit")
    assert "Next" not in result.stdout
    # What a run did before it came there is done.
    scenario.run("run", "--all").says(
        1, "phase-1 is complete: there is nothing to do", "nothing was done there\n"
    )


def test_what_waits_for_another_is_not_next(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(GREETING.replace("phase: 1", "phase: 0").replace("app.py", "0.py"), "phase-0")
    scenario.write("0.py", 'return "hello"\n')
    scenario.begin()
    assert scenario.run("run", "0").stdout.endswith("\nNext: runbook run phase-1\n")
    scenario.run("undo", "0").says(0)
    # An undone one is not to be done again.
    assert scenario.run("run", "1", "2").stdout.endswith("phase-2 is complete: 1 commit, <time>.\n")


def test_all_that_a_phase_waits_for_is_named_in_the_command(scenario: Scenario) -> None:
    write_phases(scenario)
    third = GREETING.replace("phase: 1", "phase: 3\nrequires: [2]").replace("app.py", "c.py")
    scenario.phase(third, "phase-3")
    scenario.write("c.py", 'return "hello"\n')
    scenario.begin()
    scenario.run("status", "3").says(
        0, "  waits for phase-1, phase-2; first: runbook run phase-1\n"
    )
    scenario.run("run", "3").shows(
        1,
        """
        phase-3: Say good day.

        stopped at phase-3 (phases/phase-3.yaml:1:1): phase-1 and phase-2 must be complete before \
phase-3

        Carry out first what it waits for: runbook run phase-1 phase-2
        Or all of it, in order: runbook run phase-1 phase-2 phase-3
        """,
    )
    # That it was refused has begun nothing: what it waits for is told as it is now.
    scenario.run("status", "3").says(
        0, "[ ] phase-3", "  waits for phase-1, phase-2; first: runbook run phase-1\n"
    )
    assert scenario.run("next", "3").stdout.splitlines()[1:] == [
        "Carry out first what it waits for: runbook run phase-1 phase-2",
        "Or all of it, in order: runbook run phase-1 phase-2 phase-3",
    ]
    scenario.phase(third.replace("phase: 3\nrequires: [2]", "phase: 4\nrequires: [3]"), "phase-4")
    named = "phase-1 to phase-3 must be complete before phase-4"
    scenario.run("run", "4").says(1, named, ": runbook run phase-1 phase-2 phase-3 phase-4")
    # Phases that are named are carried out in the order of the series.
    scenario.run("run", "phase-2", "phase-1").says(0, "phase-2 is complete")
    scenario.run("status", "3").says(0, "[ ] phase-3", "not begun; to begin: runbook run phase-3")
    scenario.run("list").says(0, "[ ] phase-3")
    scenario.run("run", "3").says(0, "phase-3 is complete")


def test_a_phase_that_stops_keeps_the_next_from_beginning(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.write("app.py", "nothing\n")
    scenario.begin()
    result = scenario.run("run", "--all")
    result.says(1, "stopped at phase-1/task-1")
    assert "phase-2" not in result.stdout
    scenario.run("run", "--all", "phase-1").says(2, "name phases, or say --all: not both")


def test_a_run_of_all_that_stops_says_how_far_the_series_is(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(CHECKED_TWICE, "phase-3")
    scenario.begin()
    stopped = scenario.run("run", "--all")
    stopped.says(4, "stopped at phase-3/task-1/step-3", "waiting for a person to confirm")
    assert stopped.stdout.endswith(
        "\n\n2 of 3 phases are complete. To go on with all: runbook run --all\n"
    )
    assert "phases are" not in scenario.run("run", "3").stdout
    result = scenario.run("run", "--all", "--yes")
    result.says(0, "phase-1 is complete: there is nothing to do")
    assert result.stdout.endswith(
        """
All 3 phases are complete, 1 commit, <time>.
  phase-1  complete before
  phase-2  complete before
  phase-3  1 commit, <time>
  nobody looked: phase-3/task-1/step-3
"""
    )
    assert "phases are" not in str(scenario.json("run", "--all"))


def test_a_later_phase_is_counted_when_an_earlier_one_stops(scenario: Scenario) -> None:
    scenario.app()
    scenario.phase(CHECKED_TWICE.replace("phase: 3", "phase: 0"), "phase-0")
    scenario.run("run", "1").says(0, "phase-1 is complete")
    counted = "1 of 2 phases are complete. To go on with all: runbook run --all\n"
    scenario.run("run", "--all").says(4, "stopped at phase-0/task-1/step-3", counted)


def test_what_was_flaky_is_told_again_at_the_end_of_all(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(CHECKED_TWICE.replace("          - confirm: It is done.\n", ""), "phase-3")
    scenario.begin()
    scenario.run("run", "--all").says(0, "flaky: phase-3/task-1/step-2, 1 try failed before")


def test_all_that_landed_is_audited(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(CHECKED_TWICE, "phase-3")
    scenario.begin()
    scenario.run("audit", "--all").says(2, "no phase has begun")
    scenario.run("run", "1").says(0)
    scenario.run("audit", "--all").says(0, "phase-1: no check saw the state of a commit")
    scenario.run("run", "--all", "--yes").says(0)
    scenario.run("audit", "--all").says(
        0, "phase-3: every check holds at its commit.\n\n1 check of 3 phases holds.\n"
    )
    scenario.run("audit", "--all", "1").says(2, "name phases, or say --all: not both")


def test_each_phase_in_its_own_worktree(scenario: Scenario) -> None:
    scenario.write("two.py", 'return "hello"\n')
    scenario.phase("worktree: .worktrees/one\n" + GREETING)
    scenario.phase(
        "worktree: .worktrees/two\nrequires: phase-1\n"
        + GREETING.replace("phase: 1", "phase: 2").replace("app.py", "two.py"),
        "phase-2",
    )
    scenario.write("app.py", 'return "hello"\n')
    scenario.begin()
    scenario.run("run", "--all").says(0, "branch one at", "branch two at")
    assert scenario.paths("one") == ["app.py"]
    assert scenario.paths("two") == ["two.py"]
    scenario.run("clean").shows(
        0,
        """
        removed the worktree .worktrees/one
        the branch one is kept; --branch deletes it too
        removed the worktree .worktrees/two
        the branch two is kept; --branch deletes it too
        """,
    )


def test_secrets_are_shown_and_kept_nowhere(scenario: Scenario) -> None:
    scenario.series("secrets: [TOKEN]")
    scenario.phase(
        """
        phase: 1
        goal: Look.
        tasks:
          - title: Look
            steps:
              - verify: echo "token=$TOKEN"; exit 3
        """
    )
    scenario.begin()
    secret = "s3cr3t-of-the-user"
    result = scenario.run("run", TOKEN=secret)
    result.says(1, "| token=")
    assert secret not in result.raw
    for file in scenario.journal.parent.rglob("*"):
        if file.is_file():
            assert secret.encode() not in file.read_bytes(), file


def test_the_last_run_is_that_of_any_worktree(scenario: Scenario) -> None:
    scenario.app(GREETING + "worktree: .worktrees/one\n")
    text = GREETING.replace("phase: 1", "phase: 2") + "worktree: .worktrees/two\n"
    scenario.phase(text, "phase-2")
    scenario.run("run", "2").says(0)
    scenario.run("run", "1").says(0)
    scenario.run("log", "last").says(0, "phase-1: Say good day.")
    scenario.run("report", "last", "--format", "junit").says(0, 'testsuite name="phase-1/task-1')


def test_a_long_chain_is_carried_out_by_one_command(scenario: Scenario) -> None:
    for number in range(1, 12):
        text = GREETING.replace("phase: 1", f"phase: {number}").replace("hello", f"{number}")
        text = text.replace("good day", f"{number + 1}")
        waits = f"requires: phase-{number - 1}\n" if number > 1 else ""
        scenario.phase(text.rstrip() + f"\n{waits}", f"phase-{number}")
    scenario.write("app.py", 'def greeting():\n    return "1"\n')
    scenario.begin()
    stopped = scenario.run("run", "phase-11")
    stopped.says(
        1,
        "Carry out first what comes before it: runbook run --all --until phase-10\n",
        "Or all of it, in order: runbook run --all --until phase-11\n",
    )
    scenario.run("run", "--all", "--until", "phase-11").says(0, "phase-11 is complete: 1 commit")


def in_two_worktrees(scenario: Scenario, command: str) -> None:
    """Two phases, the second with a command in a worktree of its own."""
    scenario.phase(GREETING)
    scenario.phase(
        f"""
        phase: 2
        goal: Go on.
        worktree: .worktrees/two
        tasks:
          - title: Go on
            steps:
              - run: {command}
                files: x
              - commit: "feat: go on"
        """,
        "phase-2",
    )
    scenario.write("app.py", 'def greeting():\n    return "hello"\n')
    scenario.begin()


def test_a_run_that_stopped_in_another_worktree_is_called_so(scenario: Scenario) -> None:
    in_two_worktrees(scenario, "false")
    scenario.run("run", "--all").says(1, "stopped at phase-2/task-1")
    shown = scenario.run("log")
    shown.says(0, "in <root>:\n<run>  phase-1, phase-2: exit status 1, 1 commit\n")
    shown.says(0, "in .worktrees/two:\n<run>  phase-1, phase-2: exit status 1\n")
    assert shown.stdout.count("stopped at phase-2/task-1/step-1") == 2
    assert [each["exit"] for each in scenario.json("log")] == [1, 1]
    scenario.run("run", "1").says(0)
    scenario.run("log").says(0, "<run>  phase-1: done\n")


def test_a_run_at_work_in_another_worktree_is_called_so(scenario: Scenario) -> None:
    in_two_worktrees(scenario, "touch ../../../there; sleep 1000")
    process = scenario.start("run", "--all")
    scenario.until((scenario.folder / "there").exists)
    shown = scenario.run("log").stdout
    assert shown.count("<run>  phase-1, phase-2: at work now (process <pid>)") == 2, shown
    locked = "another run is under way in <root>/.worktrees/two, locked by process <pid>"
    scenario.run("run", "2").says(1, locked)
    scenario.run("run", "2", "--dry-run").says(1, locked)
    scenario.run("clean").says(1, locked)
    process.terminate()
    scenario.end(process)


def test_the_command_for_a_phase_that_was_undone_carries_it_out(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.begin()
    scenario.run("run", "1").says(0)
    scenario.run("undo", "1").says(0)
    again = "Carry out again first what was undone: runbook run phase-1 --restart\n"
    scenario.run("status", "2").says(0, "waits for phase-1; first: runbook run phase-1 --restart\n")
    scenario.run("run", "2").says(1, "phase-1 must be complete before phase-2", again)
    (line,) = scenario.run("next", "2").stdout.splitlines()[1:]
    assert line == again.removesuffix("\n")
    stopped = scenario.json("run", "2", status=1)[-2]
    assert (stopped["undone"], stopped["argv"]) == (["phase-1"], [["run", "phase-1", "--restart"]])
    scenario.run("run", "phase-1", "--restart").says(0, "phase-1 is complete: 1 commit")
    scenario.run("run", "2").says(0, "phase-2 is complete: 1 commit")


def test_series_of_one_repository_have_phases_of_the_same_names(scenario: Scenario) -> None:
    for service in ("orders", "bills"):
        scenario.write(f"{service}/app.py", 'def greeting():\n    return "hello"\n')
        text = GREETING.replace("say good day", f"greet in {service}")
        scenario.write(f"{service}/phases/phase-1.yaml", f"workdir: {service}\n{text}")
    write_phases(scenario)
    scenario.begin()
    orders, bills = (scenario.root / each for each in ("orders", "bills"))
    scenario.run("run", cwd=orders).says(0, "phase-1 is complete: 1 commit")
    scenario.run("status", cwd=bills).says(0, "not begun; to begin: runbook run phase-1")
    scenario.run("run", "1").says(0, "phase-1 is complete: 1 commit")
    waiting = bills / "phases/phase-1.yaml"
    waiting.write_text(
        waiting.read_text().replace("      - commit", "      - confirm: It is.\n      - commit")
    )
    scenario.git("commit", "-qam", "Ask")
    scenario.run("run", cwd=bills).says(4)
    scenario.run("status", cwd=orders).says(0, "complete")
    scenario.run("log", cwd=orders).says(0, "<run>  phase-1: done, 1 commit\n")
    scenario.run("run", "--yes", cwd=bills).says(0, "phase-1 is complete: 1 commit")
    greeted = ["feat: greet in orders", "feat: say good day", "Ask", "feat: greet in bills"]
    assert scenario.subjects() == ["Begin", *greeted]


def test_series_of_one_repository_are_not_carried_out_at_once(scenario: Scenario) -> None:
    write_phases(scenario)
    slow = GREETING.replace("      - commit", "      - verify: sleep 1000\n      - commit")
    scenario.write("orders/phases/phase-1.yaml", slow)
    scenario.begin()
    process = scenario.start("run", cwd=scenario.root / "orders")
    scenario.until(lambda: "good day" in scenario.read("app.py"))
    scenario.run("run", "1").says(1, "another run is under way in <root>, locked by process <pid>")
    process.terminate()
    scenario.end(process)


def test_an_interrupt_at_the_end_of_a_phase_lets_no_other_begin(scenario: Scenario) -> None:
    in_two_worktrees(scenario, "touch x")
    there, go = scenario.folder / "there", scenario.folder / "go"
    scenario.hook("post-commit", f"touch {there}; until test -e {go}; do sleep 0.1; done")
    process = scenario.start("run", "--all")
    scenario.until(there.exists)
    process.send_signal(signal.SIGINT)
    go.touch()
    result = scenario.end(process)
    result.says(130, "phase-1 is complete: 1 commit", "stopped at phase-2 (", "): interrupted")
    result.says(
        130, "To go on from here: runbook run phase-2\n", "go on with all: runbook run --all"
    )
    assert not (scenario.root / ".worktrees").exists()
    scenario.run("status", "2").says(0, "stopped at phase-2 (", "To go on from here: runbook run")
    scenario.run("run", "--all").says(0, "phase-2 is complete: 1 commit")


def test_a_task_that_was_left_out_is_asked_for_by_its_name(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("skip", "1/1", "--reason", "not now").says(0)
    scenario.run("run").says(0, "skipped: task-1")
    only = "--only phase-1/task-1"
    scenario.run("run", "1/1").says(2, f"for a task: runbook run {only}\n")
    scenario.run("run", *only.split()).says(
        0,
        "passed over, skipped before: task-1\n"
        "  to do them after all: runbook run phase-1 --restart\n"
        "phase-1 is complete: there is nothing to do.\n",
    )
    scenario.run("run", "1/1", "--restart").says(2, f"for a task: runbook run --restart {only}\n")
    scenario.run("run", "--restart", *only.split()).says(0, "commit  <commit> feat: say good day")


def test_what_is_at_work_on_another_phase_is_not_at_work_on_this_one(scenario: Scenario) -> None:
    write_phases(scenario)
    scenario.phase(GREETING.replace("      - commit", "      - verify: sleep 1000\n      - commit"))
    scenario.begin()
    process = scenario.start("run", "1")
    scenario.until(lambda: " is at work on it now, at " in scenario.run("status", "1").raw)
    elsewhere = "process <pid> is at work in its worktree now\n"
    scenario.run("status", "2").says(0, elsewhere)
    scenario.run("next", "2").says(0, elsewhere)
    process.terminate()
    scenario.end(process)
