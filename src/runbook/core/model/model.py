"""The model of a series: its phases, tasks and steps, as the phase files state them.

Every value is immutable. Positions in the phase file ride along for messages and take no part
in comparison, so two models are equal when they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from runbook.core.model.delegate import Delegate
from runbook.core.model.ids import StepId, TaskId, step_id, verification_id
from runbook.core.model.operations import Operation, Target
from runbook.core.position import TOLD, Position, position, words
from runbook.core.value import field, fields, value


@value
class Edit:
    """Operations on each of the targets, in order, planned and applied as one."""

    targets: tuple[Target, ...]
    changes: tuple[Operation, ...]
    title: str | None = words()
    note: str | None = words()
    at: Position = position()


@value
class Count:
    """A bound on a number: `14` is ("==", 14), `">=2"` is (">=", 2)."""

    operator: Literal["==", "!=", ">=", "<=", ">", "<"]
    number: int

    def __str__(self) -> str:
        return str(self.number) if self.operator == "==" else f"{self.operator}{self.number}"

    def admits(self, value: int) -> bool:
        """Whether `value` lies within the bound."""
        match self.operator:
            case "==":
                return value == self.number
            case "!=":
                return value != self.number
            case ">=":
                return value >= self.number
            case "<=":
                return value <= self.number
            case ">":
                return value > self.number
            case "<":
                return value < self.number


Tally = Count | tuple[str, ...]
WarningBudget = Count | tuple[tuple[str, Count], ...]
"""How many tests had an outcome, or which ones (node ids)."""


@value
class TestsExpectation:
    """What the tests a command ran must have done; unstated keys follow from `outcome`."""

    # pytest would collect the class for its name.
    __test__ = False

    outcome: Literal["pass", "fail"] = "pass"
    passed: Tally | None = None
    failed: Tally | None = None
    errors: Tally | None = None
    skipped: Tally | None = None
    xfailed: Tally | None = None
    xpassed: Tally | None = None
    deselected: Tally | None = None
    rerun: Tally | None = None
    warnings: WarningBudget | None = None
    workers: Count | None = None
    workers_per_file: Count | None = None
    fails_with: tuple[str, ...] = ()

    @property
    def expects_failure(self) -> bool:
        """Whether a run that meets this has failing tests, so that a nonzero exit is right."""
        return (
            self.outcome == "fail"
            or bool(self.fails_with)
            or wants_some(self.failed)
            or wants_some(self.errors)
        )

    @property
    def allows_failure(self) -> bool:
        """Whether a run that meets this may have failing tests and may have none."""
        return not self.expects_failure and any(map(_allows_some, (self.failed, self.errors)))

    @property
    def tallies(self) -> Iterator[tuple[str, Tally]]:
        """What is stated of the tests with each outcome: how many, or which; by its key."""
        for key in _TALLIED:
            if (tally := getattr(self, key)) is not None:
                yield key, tally


_TALLIED = (
    "passed", "failed", "errors", "skipped", "xfailed", "xpassed", "deselected", "rerun",
)  # fmt: skip


def _allows_some(tally: Tally | None) -> bool:
    """Whether a tally is met also where some tests are counted."""
    if not isinstance(tally, Count):
        return False
    return any(tally.admits(number) for number in (1, max(1, tally.number), tally.number + 1))


def wants_some(tally: Tally | None) -> bool:
    """Whether a tally is met only if at least one test is counted."""
    if tally is None:
        return False
    return not tally.admits(0) if isinstance(tally, Count) else bool(tally)


Exit = tuple[int, ...] | Literal["nonzero"]


@value
class Distinct:
    """Different matches of `pattern` in the output, counted."""

    pattern: str
    count: Count


@value
class Expect:
    """What a command must have done; `prose` is the plan's own words and checks nothing."""

    exit: Exit | None = None
    tests: TestsExpectation | None = None
    contains: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    distinct: Distinct | None = None
    output: str | None = None
    empty: bool = False
    line_count: Count | None = None
    prose: str | None = words()

    @property
    def exit_or_default(self) -> Exit:
        """The stated exit status, else 0, or nonzero where the tests are to fail.

        Where they may, it is any that pytest has for that: tests failed, or could not be collected.
        """
        if self.exit is not None:
            return self.exit
        if self.tests is not None and self.tests.expects_failure:
            return "nonzero"
        return (0, 1, 2) if self.tests is not None and self.tests.allows_failure else (0,)

    @property
    def fails(self) -> bool:
        """Whether nothing but a command that fails is as expected."""
        return self.exit_or_default == "nonzero" or 0 not in self.exit_or_default

    @property
    def looks_at_output(self) -> bool:
        """Whether anything is expected of what the command prints."""
        return self != Expect(self.exit, self.tests, prose=self.prose)


Environment = tuple[tuple[str, str], ...]
StartingState = Literal["task", "phase", "series", "base"]


@value
class FailsAt:
    """A starting state, and which tests are carried back to it; unstated: those of the task."""

    state: StartingState
    tests: tuple[Target, ...] | None = None


AfterHooks = Literal["retry", "stop"]
"""What becomes of a commit that a hook refused after it had changed its files."""


@value
class Run:
    """A command that changes files; only `files` may differ after it."""

    command: str
    files: tuple[Target, ...]
    expect: Expect = Expect()
    timeout: float | None = field(default=None, metadata=TOLD)  # seconds
    env: Environment = ()
    title: str | None = words()
    note: str | None = words()
    at: Position = position()


@value
class Verify:
    """A command whose outcome is judged against `expect`."""

    command: str
    expect: Expect = Expect()
    timeout: float | None = field(default=None, metadata=TOLD)  # seconds
    env: Environment = ()
    retries: int = field(default=0, metadata=TOLD)
    fails_at: StartingState | FailsAt | None = None
    guard: bool = field(default=False, metadata=TOLD)  # it passes before as well
    title: str | None = words()
    note: str | None = words()
    hidden: bool = field(default=False, metadata=TOLD)  # from the brief of a delegate
    fresh: bool = field(default=False, metadata=TOLD)  # never served by an earlier run of it
    ahead: bool = field(default=True, metadata=TOLD)  # it may be made before its turn
    at: Position = position()

    @property
    def fails_in(self) -> StartingState | None:
        """The starting state on which the check must fail, if it must."""
        return self.fails_at.state if isinstance(self.fails_at, FailsAt) else self.fails_at


@value
class Commit:
    """A commit of `files`, or of all that the phase declared since its last commit."""

    message: str
    files: tuple[Target, ...] | None = None
    trailers: tuple[str, ...] = ()
    force: bool = False  # take along what git ignores
    hooks: AfterHooks | None = field(default=None, metadata=TOLD)
    title: str | None = words()
    note: str | None = words()
    at: Position = position()

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.message.strip().partition("\n")[0]


@value
class Manual:
    """Work handed over to a person, or to a `delegate`: what to do, and which files may change.

    Tests that the work `rewrites` need not pass as they were.
    """

    instructions: str = field(metadata=TOLD)
    files: tuple[Target, ...] = ()
    title: str | None = words()
    note: str | None = words()
    rewrites: tuple[str, ...] = field(default=(), metadata=TOLD)  # node ids of tests
    delegate: Delegate | None = field(default=None, metadata=TOLD)
    at: Position = position()


@value
class Confirm:
    """A question to a person, who looks and says yes; nothing is changed meanwhile."""

    question: str
    title: str | None = words()
    note: str | None = words()
    at: Position = position()


Step = Edit | Run | Verify | Commit | Manual | Confirm


@value
class Task:
    """Steps in order under one title; `id` is `phase-3/task-1`, or what the file says."""

    id: str = field(metadata=TOLD)
    title: str = field(metadata={"words": True})
    steps: tuple[Step, ...]
    group: str | None = words()
    verifies: tuple[str, ...] = field(default=(), metadata={"words": True})
    note: str | None = words()
    delegate: Delegate | None = field(default=None, metadata=TOLD)
    at: Position = position()

    def step_id(self, index: int) -> StepId:
        """The identifier of the step with this index (from 0)."""
        return step_id(self.id, index + 1)

    def named_steps(self, begin: int = 0) -> Iterator[tuple[StepId, Step]]:
        """The steps from an index on, each with its identifier."""
        for index, step in enumerate(self.steps[begin:], begin):
            yield self.step_id(index), step


@value
class Note:
    """A section of Markdown in the plan, before or after the tasks."""

    heading: str
    text: str
    after_tasks: bool = False


@value
class Service:
    """A background process held for a run.

    `ready` is a regular expression on its output whose named groups become variables of
    every command; with `unless_env` set in the user's environment it is not needed. Where it goes
    `ahead`, each who makes checks ahead has one.
    """

    name: str
    run: str
    ready: str | None = None
    unless_env: str | None = None
    timeout: float | None = None  # seconds
    ahead: bool | None = None
    at: Position = position()


@value
class Settings:
    """Where and how a phase is carried out; `None` is unstated."""

    workdir: str | None = None
    worktree: str | None = None
    co_authored_by: tuple[str, ...] | None = None
    env: Environment | None = None
    secrets: tuple[str, ...] | None = None
    services: tuple[Service, ...] | None = None
    timeout: float | None = None  # seconds
    delegate: Delegate | None = None
    carry: tuple[str, ...] | None = None  # into scratch worktrees
    setup: str | None = None  # of scratch worktrees
    hooks: AfterHooks | None = None
    jobs: int | None = None  # commands of checks at once; 0 is as many as there are cores
    ahead: bool | None = None  # checks may be made before their turn

    def over(self, inherited: Settings) -> Settings:
        """These settings where stated, else the inherited ones; `env` merges, `secrets` add."""
        env = dict(inherited.env or ()) | dict(self.env or ())
        secrets = dict.fromkeys((*(inherited.secrets or ()), *(self.secrets or ())))

        stated = {
            each.name: getattr(inherited if getattr(self, each.name) is None else self, each.name)
            for each in fields(Settings)
        }
        return Settings(**{**stated, "env": tuple(env.items()), "secrets": tuple(secrets)})


@value
class Series:
    """A folder of phases and what they share."""

    title: str | None = None
    of: int | None = None
    verified: str | None = None
    tech_stack: str | None = None
    settings: Settings = Settings()
    at: Position = position()


@value
class Phase:
    """One phase file; `id` is its name without the ending."""

    id: str
    goal: str
    tasks: tuple[Task, ...]
    number: int | None = None
    of: int | None = None
    title: str | None = None
    architecture: str | None = None
    tech_stack: str | None = None
    verified: str | None = None
    base: str | None = None
    notes: tuple[Note, ...] = ()
    requires: tuple[str, ...] = ()
    verification: tuple[Step, ...] = ()
    settings: Settings = Settings()
    at: Position = position()

    @property
    def verification_id(self) -> TaskId:
        """The identifier under which the phase's own verification is recorded."""
        return verification_id(self.id)

    @property
    def verification_task(self) -> Task:
        """The phase's own verification, as a task; without steps where there is none."""
        return Task(self.verification_id, "verification", self.verification, at=self.at)

    @property
    def every_task(self) -> tuple[Task, ...]:
        """The tasks, and then the verification as one."""
        return (*self.tasks, self.verification_task)

    def named_steps(self) -> Iterator[tuple[StepId, Step]]:
        """All steps, those of the verification last, each with its identifier."""
        for task in self.every_task:
            yield from task.named_steps()
