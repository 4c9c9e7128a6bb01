"""What a command showed is not asked twice of the same files; what can't be told is run again."""

from __future__ import annotations

import json

import pytest
from scenario import Scenario

# Each run of it leaves a line outside of the repository.
COUNTED = "echo ran >> ../ran; cat app.py"

PHASE = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: COUNTED
        expect: {contains: good day}
      - commit: "feat: say good day"
  - title: Look again
    steps:
      - verify: COUNTED
        expect: {absent: hello}
verification:
  - verify: COUNTED
    expect: {contains: def greeting}
"""


def begun(scenario: Scenario, text: str) -> None:
    scenario.app(text.replace("COUNTED", COUNTED))


def runs(scenario: Scenario) -> int:
    ran = scenario.folder / "ran"
    return len(ran.read_text().splitlines()) if ran.exists() else 0


def test_the_same_command_on_the_same_files_runs_once(scenario: Scenario) -> None:
    begun(scenario, PHASE)
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.

        task-1: Say it
          edit    app.py, line 2
          verify  echo ran >> ../ran; cat app.py
                  exit status 0 (<time>)
                  as expected
          commit  <commit> feat: say good day

        task-2: Look again
          verify  echo ran >> ../ran; cat app.py
                  exit status 0 (reused from task-1/step-2, <time>)
                  as expected

        verification
          verify  echo ran >> ../ran; cat app.py
                  exit status 0 (reused from task-1/step-2, <time>)
                  as expected

        phase-1 is complete: 1 commit, <time>.
        """,
    )
    assert runs(scenario) == 1
    # The whole output is found for each of them.
    for step in ("task-1/step-2", "task-2/step-1"):
        scenario.run("log", "--output", f"phase-1/{step}").says(0, "good day")


def test_it_stands_in_the_note_of_the_commit(scenario: Scenario) -> None:
    commit = '      - commit: "feat: say good day"\n'
    begun(scenario, PHASE.replace(commit, f"      - verify: COUNTED\n{commit}"))
    scenario.run("run").says(0, "reused from task-1/step-2")
    scenario.run("show", "1/1").says(
        0, "reused from task-1/step-2, which had run it on the same files"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("fresh", 3),
        ("no-reuse", 3),
        ("an untracked file", 2),
        ("an ignored file", 2),
        ("a command about git", 3),
        ("another variable", 2),
    ],
)
def test_what_cannot_be_told_to_be_the_same_is_run(
    scenario: Scenario, change: str, expected: int
) -> None:
    text, arguments = PHASE, ["run"]
    between = "    steps:\n      - verify: COUNTED\n        expect: {absent: hello}\n"
    assert between in text
    if change == "fresh":
        text = text.replace("expect:", "fresh: true\n        expect:", 2)
        text = text.replace(
            "    expect: {contains: def", "    fresh: true\n    expect: {contains: def"
        )
    elif change == "no-reuse":
        arguments.append("--no-reuse")
    elif change == "a command about git":
        text = text.replace("COUNTED", f"{COUNTED}; git log --oneline")
    elif change == "another variable":
        text = text.replace(between, between + "        env: {LEVEL: '2'}\n")
    else:
        made = {"an untracked file": "touch new.txt", "an ignored file": "touch built.o"}[change]
        text = text.replace(
            between, between.replace("- verify", f"- verify: {made}\n      - verify", 1)
        )
    scenario.write(".gitignore", "*.o\n")
    begun(scenario, text)
    scenario.run(*arguments).says(0, "phase-1 is complete")
    assert runs(scenario) == expected


def test_what_was_shown_and_is_not_as_another_step_expects_is_seen_anew(
    scenario: Scenario,
) -> None:
    # Shown once it is not there, and the second try finds it.
    flaky = "if test -e ../there; then echo yes; else touch ../there; echo no; fi"
    begun(
        scenario,
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        f"      - verify: {flaky}\n        expect: {{contains: 'no'}}\n"
        f"      - verify: {flaky}\n        expect: {{contains: 'yes'}}\n"
        f"      - verify: {flaky}\n        expect: {{contains: 'yes'}}\n",
    )
    scenario.run("run").says(0, "reused from task-1/step-2")


def test_a_try_after_a_failed_one_is_always_run(scenario: Scenario) -> None:
    flaky = "echo ran >> ../ran; test $(wc -l < ../ran) -ge 2"
    begun(
        scenario,
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n"
        f"      - verify: {flaky}\n        retries: 2\n"
        f"      - verify: {flaky}\n        retries: 2\n",
    )
    scenario.run("run").says(0, "as expected, but flaky")
    assert runs(scenario) == 2


def test_nothing_is_reused_from_an_earlier_run(scenario: Scenario) -> None:
    begun(scenario, PHASE.replace("expect: {absent: hello}", "expect: {contains: nobody}"))
    scenario.run("run").says(1, "the check failed")
    before = runs(scenario)
    scenario.run("run").says(1, "the check failed")
    assert runs(scenario) > before


def test_a_starting_state_is_looked_at_once(scenario: Scenario) -> None:
    counted = "echo ran >> $HOME/ran; grep 'good day' app.py"
    begun(
        scenario,
        "phase: 1\ngoal: Say good day.\ntasks:\n  - title: Say it\n    steps:\n"
        '      - edit: app.py\n        replace: return "hello"\n        with: return "good day"\n'
        f"      - verify: {counted}\n        fails-at: phase\n"
        '      - commit: "feat: say good day"\n'
        f"      - verify: {counted}\n        fails-at: phase\n        expect: {{line-count: 1}}\n",
    )
    result = scenario.run("run", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    reused = [each for each in events if each.get("reused")]
    assert [(each["step"], each["state"], each["reused"]) for each in reused] == [
        ("phase-1/task-1/step-4", "", "phase-1/task-1/step-2"),
        ("phase-1/task-1/step-4", "phase", "phase-1/task-1/step-2"),
    ]


def test_a_starting_state_with_tests_is_looked_at_once(scenario: Scenario) -> None:
    """Each time a worktree is made for it; what it shows is the same in any."""
    counted = "echo ran >> $HOME/ran; sh test.sh"
    check = f"      - verify: {counted}\n        fails-at: {{state: phase, with: [test.sh]}}\n"
    scenario.write("test.sh", "true\n")
    begun(
        scenario,
        "phase: 1\ngoal: Say good day.\ntasks:\n  - title: Say it\n    steps:\n"
        '      - edit: app.py\n        replace: return "hello"\n        with: return "good day"\n'
        "      - edit: test.sh\n        rewrite-file: |\n          grep 'good day' app.py\n"
        f'{check}      - commit: "feat: say good day"\n{check}'
        "      - edit: test.sh\n        append: |\n          grep day app.py\n"
        f"{check}      - commit: Test more\n",
    )
    lines = scenario.json("run")
    ended = [each for each in lines if each["event"] == "CommandEnded" and each["state"]]
    assert [each["reused"] for each in ended] == ["", "phase-1/task-1/step-3", ""]


def test_a_starting_state_with_something_else_carried_is_looked_at_again(
    scenario: Scenario,
) -> None:
    check = "grep -q 2 app.txt || grep -q made env/list"
    scenario.series("carry: env")
    scenario.phase(f"""
        phase: 1
        goal: Two.
        tasks:
          - title: Count
            steps:
              - edit: app.txt
                replace: "1"
                with: "2"
              - verify: {check}
                fails-at: phase
              - verify: {check}
                fails-at: phase
              - run: echo made >> env/list
                files: b.txt
              - verify: {check}
                fails-at: phase
              - commit: "feat: two"
        """)
    scenario.write(".gitignore", "env/\n")
    scenario.write("app.txt", "1\n")
    scenario.write("env/list", "\n")
    scenario.begin()
    result = scenario.run("run")
    result.says(1, "at the phase's start: exit status 1 (reused from task-1/step-2, <time>)")
    result.says(1, "stopped at phase-1/task-1/step-5", "and it passed there too")
