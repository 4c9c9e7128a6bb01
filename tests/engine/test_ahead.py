"""Which checks are made before their turn, and on which files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from runbook.core.check.repeats import Repeats
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Phase, Settings, Step, Verify
from runbook.engine.ahead.ahead import FARTHEST, Point, Start, may_be_ahead, points
from runbook.engine.simulation.simulate import Simulation
from runbook.phasefile.loader import phase_in
from runbook.world.files.workspace import FileState

BEGIN = "phase: 1\ngoal: Count.\ntasks:\n  - title: One\n    steps:\n"
ONE = "      - edit: a.txt\n        replace: zero\n        with: one\n"
TWO = "      - edit: a.txt\n        replace: one\n        with: two\n"
MOVE = "      - edit: a.txt\n        move-to: b.txt\n"
CHECK = "      - verify: {}\n"
COMMIT = "      - commit: It\n"


class Files:
    """A folder with one file."""

    def read(self, path: str) -> FileState | None:
        return FileState(b"zero\n", 0o644) if path == "a.txt" else None

    def check_writable(self, path: str) -> None:
        pass

    def is_there(self, path: str) -> bool:
        return path == "a.txt"


def phase(*steps: str) -> Phase:
    return phase_in(BEGIN + "".join(steps), "phase-1", "phase-1.yaml")


def planned(
    of: Phase, *, passed_over: tuple[str, ...] = (), reuse: bool = True
) -> list[tuple[str, dict[str, bytes | None]]]:
    return [
        (
            each.step.command,
            {path: None if now is None else now.data for path, now in each.files.items()},
        )
        for each in found(of, passed_over, reuse=reuse)
    ]


class Tasks:
    """Checks with `fails-at: task` are run on what was committed last."""

    def __init__(self) -> None:
        self._last = Start("0", {}, {})

    def committed(
        self, where: StepId, _step: Commit, files: Mapping[str, FileState | None]
    ) -> None:
        self._last = Start(where, files, {})

    def of(
        self, _where: StepId, step: Verify, _files: Mapping[str, FileState | None]
    ) -> Start | None:
        return self._last if step.fails_in == "task" else None


def found(of: Phase, passed_over: tuple[str, ...] = (), *, reuse: bool = True) -> Iterator[Point]:
    steps: list[tuple[StepId, Step]] = [s for task in of.tasks for s in task.named_steps()]
    repeats = Repeats(of) if reuse else None
    simulation = Simulation(Files(), lambda _glob: ["a.txt"])
    return points(of, steps, simulation, lambda path: f"in/{path}", passed_over, repeats, Tasks())


def test_each_check_has_the_files_as_the_edits_before_it_make_them() -> None:
    made = phase(CHECK.format("a"), ONE, CHECK.format("b"), COMMIT, TWO, MOVE, CHECK.format("c"))
    assert planned(made) == [
        ("a", {}),
        ("b", {"in/a.txt": b"one\n"}),
        ("c", {"in/a.txt": None, "in/b.txt": b"two\n"}),
    ]


@pytest.mark.parametrize(
    "step",
    [
        "      - run: make\n        files: [made.txt]\n",
        "      - manual: Look.\n        files: [a.txt]\n",
        "      - confirm: Is it so?\n",
        "      - edit: a.txt\n        replace: nowhere\n        with: anywhere\n",
        CHECK.format("git diff --exit-code"),
        CHECK.format("cd src && git status"),
        CHECK.format("pytest --lf"),
        CHECK.format("docker compose run tests"),
        CHECK.format("./gradlew test"),
        CHECK.format("x\n        fresh: true"),
        CHECK.format("x\n        ahead: false"),
    ],
)
def test_it_ends_at_what_is_not_known_beforehand(step: str) -> None:
    made = phase(ONE, CHECK.format("b"), step, CHECK.format("c"), COMMIT)
    assert [command for command, _ in planned(made)] == ["b"]


@pytest.mark.parametrize("command", ["legit", "pytest --lfnf", "digit x", "./git-free.sh --left"])
def test_what_only_looks_like_it_is_no_end(command: str) -> None:
    made = phase(ONE, CHECK.format(command), COMMIT)
    expected = [] if command.startswith("./git-") else [command]
    assert [found for found, _ in planned(made)] == expected


def test_a_command_that_was_seen_to_be_unfit_is_an_end() -> None:
    made = phase(CHECK.format("a"), CHECK.format("b"), CHECK.format("c"), COMMIT.replace("It", "X"))
    assert [command for command, _ in planned(made, passed_over=("b",))] == ["a"]


def test_what_will_be_reused_is_not_run() -> None:
    made = phase(ONE, CHECK.format("a"), COMMIT, CHECK.format("a"), CHECK.format("b"))
    assert [command for command, _ in planned(made)] == ["a", "b"]
    assert [command for command, _ in planned(made, reuse=False)] == ["a", "a", "b"]
    made = phase(ONE, CHECK.format("a"), COMMIT, TWO, CHECK.format("a"))
    assert [command for command, _ in planned(made)] == ["a", "a"]


def starts(of: Phase, *, reuse: bool = True) -> list[tuple[str, list[str] | None]]:
    return [
        (each.step.command, None if each.start is None else list(each.start.later))
        for each in found(of, reuse=reuse)
    ]


def test_a_check_that_is_to_fail_on_a_state_comes_twice() -> None:
    check = CHECK.format("{}\n        fails-at: task")
    made = phase(ONE, check.format("a"), COMMIT, TWO, check.format("b"), check.format("a"))
    later = ["in/a.txt"]
    assert starts(made) == [
        ("a", None), ("a", []), ("b", None), ("b", later), ("a", None), ("a", later)
    ]  # fmt: skip
    # The same on the same state is run once; with other edits in between only on that state.
    made = phase(check.format("a"), ONE, check.format("a"), check.format("a"), COMMIT)
    assert starts(made) == [("a", None), ("a", []), ("a", None)]
    assert starts(made, reuse=False) == [("a", None), ("a", [])] * 3


def test_a_check_that_may_not_be_ahead_is_not_on_a_state_either() -> None:
    made = phase(CHECK.format("a\n        fails-at: task\n        ahead: false"), COMMIT)
    assert starts(made) == []


def test_nothing_is_planned_farther_than_it_is_good_for() -> None:
    made = phase(*(CHECK.format(f"check {number}") for number in range(FARTHEST + 5)))
    assert len(planned(made)) == FARTHEST


def test_a_series_can_forbid_it() -> None:
    made = phase(ONE, CHECK.format("a"), COMMIT)
    check = Verify("a")
    assert may_be_ahead(made, check)
    assert not may_be_ahead(replace(made, settings=Settings(ahead=False)), check)
    assert may_be_ahead(replace(made, settings=Settings(ahead=True)), check)
