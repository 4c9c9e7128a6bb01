"""Which checks can be made before their turn, and what files they see then: planned in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Protocol

from runbook.core.check.repeats import Repeats
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Edit, Phase, Step, Verify
from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import FileState

FARTHEST = 256
"""Of how many checks the files are planned at a time."""

_GIT = regex(r"\bgit\b")
"""What such a command shows depends on commits that are not made yet."""

_ELSEWHERE = regex(
    r"\b(?:docker|podman|nerdctl|buildah|dmypy|bazel(?:isk)?|buck2?|gradlew?|mvnd|sbt|watchman|"
    r"vagrant|systemctl|systemd-run|ssh|kubectl)\b"
)
"""These have another process look at the files, which would not see them as the command does."""

_LAST_TIME = regex(
    r"(?<!\S)--(?:lf|last-failed|ff|failed-first|nf|new-first|sw|sw-skip|sw-reset|stepwise\S*|"
    r"cache-\w+|last-failed\S*)(?![\w-])"
)
"""What pytest does by these depends on what it kept of the check before."""


@value
class Start:
    """A starting state: the files of a commit, what later commits make of them, and tests.

    Files are named by paths from the top folder.
    """

    commit: str
    later: Mapping[str, FileState | None]
    carried: Mapping[str, FileState]

    @property
    def files(self) -> Mapping[str, FileState | None]:
        """Those that are otherwise than in the commit."""
        return {**self.later, **self.carried}


@value
class Point:
    """A check, and what the edits until then make of their files, by paths from the top folder.

    With a `start` the check is run on that instead.
    """

    where: StepId
    step: Verify
    files: Mapping[str, FileState | None]
    start: Start | None = None


class Starts(Protocol):
    """Who knows on which starting states checks are run as well."""

    def committed(self, where: StepId, step: Commit, files: Mapping[str, FileState | None]) -> None:
        """Go past a commit; `files` are as the edits have made them by then."""

    def of(
        self, where: StepId, step: Verify, files: Mapping[str, FileState | None]
    ) -> Start | None:
        """The starting state of a check, if it is to be run on one, and that is known."""


def may_be_ahead(phase: Phase, step: Step) -> bool:
    """Whether a check may run before its turn, as far as can be told from what it says."""
    return (
        isinstance(step, Verify)
        and step.ahead
        and phase.settings.ahead is not False
        and not step.fresh
        and not any(each.search(step.command) for each in (_GIT, _ELSEWHERE, _LAST_TIME))
    )


def points(
    phase: Phase,
    steps: Iterable[tuple[StepId, Step]],
    simulation: Simulation,
    inside: Callable[[str], str],
    passed_over: Collection[str],
    repeats: Repeats | None,
    starts: Starts,
) -> Iterator[Point]:
    """The checks among some steps, up to the first step after which nothing is known.

    `simulation` has the files as they are before the steps, `inside` makes a path of the top
    folder's of one. Commands that are `passed_over` have shown that they can't be made ahead.
    `repeats` are the checks that are not run where their command just was, `None` where all are.
    By `starts` those that are to be seen on a starting state as well come once more.
    """
    files: dict[str, FileState | None] = {}
    shown: set[tuple[object, ...]] = set()
    befores: set[tuple[object, ...]] = set()
    far = 0
    for where, step in steps:
        match step:
            case Edit():
                attempt = simulation.take(step, where)
                if attempt is None or attempt.conflicts or attempt.unknown:
                    return
                files = files | {inside(each.path): each.after for each in attempt.planned}
                shown.clear()
            case Commit():
                simulation.take(step, where)
                starts.committed(where, step, files)
            case Verify():
                in_turn = step.command in passed_over or not may_be_ahead(phase, step)
                command = (step.command, step.env, step.timeout)
                known = repeats is not None and repeats.beside(where) and command in shown
                if not known:
                    shown.add(command)
                    if far == FARTHEST or in_turn:
                        return
                    far += 1
                    yield Point(where, step, files)
                start = None if in_turn else starts.of(where, step, files)
                if start is None:
                    continue
                seen = (command, start.commit, *start.files.items())
                if repeats is None or repeats.asked(step) is None or seen not in befores:
                    befores.add(seen)
                    yield Point(where, step, files, start)
            case _:
                return
