"""Names of phases, tasks and steps: every command takes every form of them, and says what is wrong.

In-process where a name is only read; the commands themselves are called for real.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from ondemand import ON_DEMAND, some
from scenario import Result, Scenario

from runbook.series.naming import EVERY_KIND, Kind, named
from runbook.series.opening import UsageError, open_series

TASK = """\
  - title: {title}
    steps:
      - edit: {name}.txt
        create: {title}
      - verify: grep -q {title} {name}.txt
      - commit: "feat: {name}"
"""


def phase(number: int | None, *tasks: str, head: str = "", verified: bool = True) -> str:
    """A phase of tasks that make a file each; `id:NAME` is one with an identifier of its own."""
    text = f"{head}phase: {number}\n" if number is not None else f"{head}title: A plan\n"
    text += "goal: Files.\ntasks:\n"
    for index, task in enumerate(tasks, 1):
        own, _, name = task.rpartition(":")
        made = TASK.format(title=f"Title{index}", name=name)
        text += made.replace("  - title", "  - id: " + name + "\n    title", 1) if own else made
    return text + ("verification:\n  - verify: test -e .git\n" if verified else "")


@pytest.fixture
def series(scenario: Scenario) -> Scenario:
    """Two phases: the third with an identifier among its tasks, the fourth an imported one."""
    scenario.phase(phase(3, "one", "id:setup", "three"), "phase-3")
    scenario.phase(phase(4, "four"), "harbour-doors")
    return scenario.begin()


PHASES = (
    "phase-3", "3", "03", "phase-03", "phases/phase-3.yaml", "./phases/phase-3.yaml",
    "phase-3.yaml", "ph", "phase",
)  # fmt: skip
TASKS = (
    "phase-3/task-1", "3/1", "03/01", "phase-3/1", "3/task-1", "phases/phase-3.yaml/1", "ph/task-1",
    "phase-3/task-1/step-2", "3/1/2",
)  # fmt: skip
SHORT = ("setup", "set", "3/2", "3/set", "phase-3/setup", "setup/step-2", "setup/1", "se/2")
VERIFICATIONS = ("3/verification", "phase-3/verification", "phase/verification", "3/verification/1")
STEPS = ("phase-3/task-1/step-2", "3/1/2", "03/01/02", "ph/task-1/2", "3/task-1", "3/1")

TAKES_PHASES = {
    "run": (["run", "--dry-run"], "phase-3: Files."),
    "status": (["status"], "[ ] phase-3"),
    "check": (["check"], "phases/phase-3.yaml: 3 tasks"),
    "check --diff": (["check", "--diff"], "+++ b/three.txt"),
    "plan": (["plan"], "# Migration - Phase 3"),
    "fmt": (["fmt"], "1 file left"),
    "audit": (["audit"], "phase-3"),
    "retry": (["retry"], "retry of phase-3"),
    "done": (["done"], "done of phase-3"),
    "abort": (["abort"], "abort of phase-3"),
    "undo": (["undo"], "undo of phase-3"),
    "repair": (["repair"], "repair of phase-3"),
    "adopt": (["adopt"], "adopt of phase-3"),
    "run --from": (["run", "--dry-run", "--from"], "phase-3: Files."),
    "run --until": (["run", "--dry-run", "--until"], "phase-3: Files."),
}
TAKES_TASKS = {
    "show": (["show"], "phase-3/{}: "),
    "skip": (["skip", "--reason", "no"], "phase-3/{} is skipped"),
    "check --diff": (["check", "--diff"], "+Title"),
    "retry": (["retry"], "retry of phase-3"),
    "abort": (["abort"], "abort of phase-3"),
    "undo": (["undo"], "undo of phase-3"),
    "repair": (["repair"], "repair of phase-3"),
    "adopt": (["adopt"], "adopt of phase-3"),
    "run --only": (["run", "--dry-run", "--only"], "{}: Title"),
    "run --from": (["run", "--dry-run", "--from"], "{}: Title"),
    "run --until": (["run", "--dry-run", "--until"], "{}: Title"),
}


def unlike_usage(result: Result, text: str) -> None:
    assert result.status in (0, 1), str(result)
    assert text in result.stdout + result.stderr, str(result)


def share(names: tuple[str, ...], commands: Iterable[str], command: str) -> tuple[str, ...]:
    """One of the names for each command in turn, for one place reads them all; all on demand."""
    if ON_DEMAND:
        return names
    number = list(commands).index(command) % len(names)
    return names[number : number + 1]


@pytest.mark.parametrize("command", TAKES_PHASES)
def test_every_command_takes_every_name_of_a_phase(series: Scenario, command: str) -> None:
    arguments, text = TAKES_PHASES[command]
    for name in PHASES if command == "status" else share(PHASES, TAKES_PHASES, command):
        unlike_usage(series.run(*arguments, name), text)
    result = series.run(*arguments, "nothing")
    result.says(2, "`nothing`", "phase-3, harbour-doors)")
    if command in TAKES_TASKS or command == "done":
        return
    for name in some((*TASKS, *SHORT, *VERIFICATIONS), 2, command):
        series.run(*arguments, name).says(2, f"`{name}` is ", " a phase is wanted here")


@pytest.mark.parametrize("command", TAKES_TASKS)
def test_every_command_takes_every_name_of_a_task(series: Scenario, command: str) -> None:
    arguments, text = TAKES_TASKS[command]
    for name in TASKS if command == "show" else share(TASKS, TAKES_TASKS, command):
        unlike_usage(series.run(*arguments, name), text.format("task-1"))
        series.git("clean", "-fdq")
        (series.root / ".git/runbook/main/journal.jsonl").unlink(missing_ok=True)
    for name in SHORT if command == "show" else share(SHORT, TAKES_TASKS, command):
        unlike_usage(series.run(*arguments, name), text.format("setup"))
        (series.root / ".git/runbook/main/journal.jsonl").unlink(missing_ok=True)
    series.run(*arguments, "3/9").says(
        2, "there is no task `phase-3/9` (there are: phase-3/task-1, phase-3/setup, phase-3/task-3)"
    )
    for name in share(VERIFICATIONS, TAKES_TASKS, command):
        result = series.run(*arguments, name)
        if command in ("show", "retry"):
            assert result.status != 2, str(result)
        else:
            result.says(2, f"`{name}` is the verification of phase-3, and no task")
    if command not in TAKES_PHASES:
        series.run(*arguments, "3").says(2, "`3` is a phase; name a task of it (there are: phase-3")


def test_a_step_is_taken_as_done_by_every_name_of_it(series: Scenario) -> None:
    for name in (*STEPS, *TASKS, *SHORT, *VERIFICATIONS):
        unlike_usage(series.run("done", name), "phase-3 has not begun: no step of it waits")
    series.run("done", "3/1/9").says(2, "there is no step `phase-3/task-1/9` (there are: phase-3/")


def test_the_output_of_a_step_by_every_name(series: Scenario) -> None:
    series.run("run", "3").says(0)
    text = series.run("log", "--output", "phase-3/task-1/step-2")
    text.shows(0, "")
    for name in (*STEPS, "setup", "setup/2", *VERIFICATIONS):
        series.run("log", "--output", name).shows(0, "")
    for name, message in (
        ("3/1/1", "no output of phase-3/task-1/step-1 is recorded (there are: phase-3/task-1/"),
        ("3/1/9", "there is no step `phase-3/task-1/9` (there are: phase-3/task-1/step-1, "),
        ("3", "`3` is a phase; name a task of it"),
        ("4/1", "no output of harbour-doors/task-1 is recorded"),
    ):
        series.run("log", "--output", name).says(2, message)
    # What is not in the phase file any more has its output still.
    series.phase(phase(3, "one"), "phase-3")
    series.run("log", "--output", "phase-3/task-3/step-2").shows(0, "")


def test_a_task_that_is_not_what_stopped(scenario: Scenario) -> None:
    scenario.phase(phase(1, "one", "two").replace("grep -q Title2", "grep -q Title3"), "phase-1")
    scenario.begin()
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-2")
    for verb in ("retry", "abort"):
        scenario.run(verb, "1/1").shows(
            1,
            f"""
            {verb} of phase-1/task-1 refused: phase-1/task-1 is not what is unfinished
            Nothing was changed.
              hint: that is phase-1/task-2: `runbook {verb} phase-1/task-2`
            """,
        )
    scenario.run("retry", "1/verification").says(1, "is not what is unfinished")
    scenario.run("retry", "phase-1/task-2/step-2").says(1, "phase-1/task-2: put back: two.txt")
    scenario.run("abort", "task-2").says(0, "phase-1/task-2 is taken back")
    scenario.run("undo", "1/1").says(0, "undone: task-1.")


def test_a_task_of_the_phase_that_is_under_way(scenario: Scenario) -> None:
    scenario.phase(phase(1, "one", "two"), "phase-1")
    scenario.phase(phase(2, "three", "four"), "phase-2")
    scenario.begin()
    scenario.run("skip", "task-2", "--reason", "no").says(
        2, "several tasks are called `task-2`: say which one (phase-1/task-2, phase-2/task-2)"
    )
    scenario.run("run", "2", "--until", "1").says(
        2, "--until names phase-1, which is not in phase-2"
    )
    scenario.run("run", "2", "--until", "task-1").says(0, "phase-2 ends here, as asked.")
    scenario.run("skip", "task-2", "--reason", "no").says(0, "phase-2/task-2 is skipped")


def in_process(folder: Path, files: dict[str, str]) -> None:
    """A checkout with these phases, as the current folder."""
    os.chdir(folder)
    (folder / ".git/objects").mkdir(parents=True)
    (folder / ".git/refs").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (folder / "phases").mkdir()
    for name, text in files.items():
        (folder / f"phases/{name}.yaml").write_text(text)


def read(name: str, *wanted: Kind) -> str:
    """What a name means, or the message."""
    try:
        return named(open_series(), name, *(wanted or EVERY_KIND)).id
    except UsageError as error:
        return f"error: {error}"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


ODD: list[tuple[str, dict[str, str], dict[str, str]]] = [
    (
        "an identifier goes before a number",
        {"1": phase(5, "a"), "b": phase(1, "a", "id:1", "id:task-1-more")},
        {
            "1": "1", "5": "1", "01": "error: `01` may be b (`phase: 1`) or 1 (`phase: 5`)",
            "b/1": "b/1", "b/2": "b/1", "b/task-1": "b/task-1", "b/task-3": "error: there is no ",
            "b/3": "b/task-1-more", "task-1-more": "b/task-1-more", "1/1": "1/task-1",
        },
    ),
    (
        "a number that the file's name contradicts",
        {"phase-1": phase(2, "a"), "phase-2": phase(1, "a"), "phase-3": phase(None, "a")},
        {
            "1": "error: `1` may be phase-2 (`phase: 1`) or phase-1 (`phase: 2`): write the whole",
            "2": "error: `2` may be ", "phase-1": "phase-1", "phase-02": "phase-2",
            "3": "phase-3", "phase-1/1": "phase-1/task-1", "phases/phase-1.yaml": "phase-1",
        },
    ),
    (
        "a phase that is called as tasks are",
        {"task-1": phase(1, "a"), "phase-2": phase(2, "a")},
        {
            "task-1": "error: `task-1` may be the phase task-1 or the task task-1/task-1 or ",
            "phases/task-1.yaml": "task-1", "task-1.yaml/1": "task-1/task-1", "1": "task-1",
            "2/task-1": "phase-2/task-1", "task-1/task-1": "task-1/task-1",
            "task-1/1": "error: `task-1/1` may be the task task-1/task-1 or the step ",
        },
    ),
    (
        "dots in names",
        {"phase-1.5": phase(2, "a"), "phase-1": phase(1, "a"), "v2.0-b": phase(None, "id:a.b")},
        {
            "1": "phase-1", "1.5": "phase-1.5", "phase-1.5": "phase-1.5", "2": "phase-1.5",
            "phase-1.": "phase-1.5", "v": "v2.0-b", "v2": "error: there is no phase or task `v2`",
            "v2.0": "v2.0-b", "a.": "v2.0-b/a.b", "phase-1.5.yaml": "phase-1.5",
        },
    ),
    (
        "beginnings",
        {
            "obra-walls": phase(1, "a"), "obra-roof": phase(2, "a"),
            "quay": phase(3, "id:a", "id:ab"), "phase-10": phase(10, "a"),
        },
        {
            "obra": "error: there is no phase `obra`; 2 begin with it: obra-walls, obra-roof",
            "obra-": "error: there is no phase `obra-`; 2 begin with it",
            "obra/1": "error: there is no phase `obra`; 2 begin with it", "obra-r": "obra-roof",
            "q": "quay", "q/a": "quay/a", "quay/ab": "quay/ab", "q/b": "error: there is no task",
            "phase-1": "error: there is no phase or task `phase-1`; phase 1 is `obra-walls` (",
            "1": "obra-walls",
            "phase-1/1": "error: there is no phase or task `phase-1`", "phase": "phase-10",
            "abo": "error: there is no phase or task `abo`", "quai": "error: there is no phase or "
            "task `quai`; did you mean `quay`? (the phases are: obra-walls, obra-roof, quay, ",
        },
    ),
    (
        "what is no name",
        {"phase-1": phase(1, "a", verified=False)},
        {
            "": "error: there is no phase or task ``", "/": "error: ", "1/": "error: there is no t",
            "//1": "error: ", "/1": "error: ", "1//1": "error: there is no task `phase-1/`",
            "1/1/1/1": "error: `1/1/1/1` has a part too many", "1/1/": "error: there is no step ",
            "-1": "error: ", "+1": "error: ", " 1": "error: ", "²": "error: ",
            "9" * 5000: "error: there is no phase or task `999",
            "PHASE-1": "error: there is no phase or task `PHASE-1`; did you mean `phase-1`?",
            "1/verification": "error: phase-1 has no verification", "1/0": "error: ",
            "0": "error: there is no phase or task `0` (the phases are: phase-1)",
            "phases/runbook.yaml": "error: there is no phase `runbook`", "1/1/st": "error: ",
            "verification": "error: ", "other/phase-1.yaml": "phase-1", "*": "error: ",
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "files", "names"), ODD, ids=[title for title, _, _ in ODD])
def test_names_that_may_mean_more(
    here: Path, title: str, files: dict[str, str], names: dict[str, str]
) -> None:
    in_process(here, files)
    for name, meant in names.items():
        found = read(name)
        assert found.startswith(meant) if meant.startswith("error") else found == meant, (
            title,
            name,
        )


def test_a_file_that_is_of_another_series(here: Path) -> None:
    in_process(here, {"phase-1": phase(1, "a")})
    (here / "old").mkdir()
    (here / "old/phase-1.yaml").write_text("")
    assert read("old/phase-1.yaml").startswith("error: old/phase-1.yaml is no phase file of this ")
    assert read(str(here / "phases/phase-1.yaml")) == "phase-1"


def test_many_names_are_not_all_listed(here: Path) -> None:
    in_process(here, {f"phase-{n}": phase(n, "a") for n in range(1, 31)})
    assert read("x", "phase").endswith("phase-19, phase-20 and 10 more)")
    assert read("x").endswith("phase-20 and 10 more)")
