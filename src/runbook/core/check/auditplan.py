"""Which checks of a phase can be made again, and on which of its commits."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping

from runbook.core.check.proving import looks_at_the_start
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Task, Verify
from runbook.core.value import value


@value
class AuditedCheck:
    """A check, its step, and the commit whose state it was made on."""

    task: Task
    step: StepId
    check: Verify
    commit: str


@value
class AuditPlan:
    """The checks to make again, in order, and the steps of those whose state is in no commit."""

    checks: tuple[AuditedCheck, ...]
    beyond: tuple[str, ...]


@value
class Seen:
    """What is known of states by their trees: what checks saw, and what commits hold.

    `checks` has the tree of a check by its step, `commits` those of a commit: as it is, and as its
    note says that it was before it was rewritten.
    """

    checks: Mapping[str, str]
    commits: Mapping[str, Collection[str]]

    def commit(self, step: str, follows: str | None) -> str | None:
        """The commit whose state a check saw, which by the order of steps is `follows`."""
        tree = self.checks.get(step)
        if not tree or (follows is not None and tree in self.commits.get(follows, ())):
            return follows
        return next((each for each, trees in self.commits.items() if tree in trees), None)


def overtaken(phase: Phase, task: Task) -> Iterator[StepId]:
    """The checks of a task that saw what was not to last: a change followed before a commit.

    So does a test that is to fail before the edit which mends it, also in a task of its own.
    """
    steps = [step for each in phase.tasks for step in each.steps]
    changes = any(isinstance(step, Edit | Run | Manual) for step in steps)
    waiting: list[StepId] = []
    for where, step in task.named_steps():
        match step:
            case Verify(fails_at=None) if changes and looks_at_the_start(phase, step):
                yield where
            case Verify():
                waiting.append(where)
            case Commit():
                waiting.clear()
            case Confirm():
                pass
            case _:
                yield from waiting
                waiting.clear()


def audit_plan(
    phase: Phase,
    made: Mapping[str, str],
    done: Container[str],
    start: str | None,
    seen: Seen = Seen({}, {}),  # noqa: B008 # a value
) -> AuditPlan:
    """What an audit of a phase makes again, of the steps that are `done`.

    `made` are its commits by the step that made them.

    A check saw the state of the commit whose tree it was made on. Where that is not known, it is
    that of the commit that follows it, or that it follows, if nothing is changed in between. Before
    the first change that is `start`, the commit that the phase began on.
    """
    checks: list[AuditedCheck] = []
    beyond: list[str] = []
    for task, where, check, follows in _ordered(phase, made, done, start):
        commit = seen.commit(where, follows)
        if commit is None:
            beyond.append(where)
        else:
            checks.append(AuditedCheck(task, where, check, commit))
    return AuditPlan(tuple(checks), tuple(beyond))


def _ordered(
    phase: Phase, made: Mapping[str, str], done: Container[str], start: str | None
) -> list[tuple[Task, StepId, Verify, str | None]]:
    """The checks in order, with the commit whose state they saw by the order of steps."""
    found: list[tuple[Task, StepId, Verify, str | None]] = []
    waiting: list[int] = []
    state = start
    for task in phase.every_task:
        for where, step in task.named_steps():
            if where not in done:
                continue
            match step:
                case Verify():
                    if state is None:
                        waiting.append(len(found))
                    found.append((task, where, step, state))
                case Commit() if where in made:
                    state = made[where]
                    for index in waiting:
                        found[index] = (*found[index][:3], state)
                    waiting.clear()
                case Commit():
                    # Already committed before, or not landed: what HEAD was is not known.
                    state = None
                case Confirm():
                    pass  # A person looked, and nothing was changed.
                case _:
                    waiting.clear()
                    state = None
    return found
