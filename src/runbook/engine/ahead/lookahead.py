"""Checks made before their turn, each in a view of the worktree as it will be by then.

While the commands of several views run, nothing but the runner writes to the worktree itself, and
only files that the edits name. In its turn a check is handed what its command showed, if all is by
then as the view had it; if anything is not, all that was begun is thrown away, and the command runs
as if there had been no looking ahead. What is not as expected is always seen anew.

A check that is run on its starting state as well has a view for that, too: over a scratch worktree,
with the worktree beside it as it will be. What comes of that concerns no other check.
"""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.check.outcome import Outcome
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Step, Verify
from runbook.core.record import stepevents
from runbook.core.record.aheadevents import ChecksInOrder, NotTakenAhead
from runbook.core.record.events import Event
from runbook.core.text.redaction import redact
from runbook.core.value import replace
from runbook.engine.ahead.ahead import Point, may_be_ahead, points
from runbook.engine.ahead.aheadjob import UNEXPECTED, Job
from runbook.engine.ahead.foreseen import changed, files_of
from runbook.engine.ahead.startsahead import StartingPlaces, StartsOfPhase, shows
from runbook.engine.checks.commandof import command_of
from runbook.engine.checks.services import why_shared
from runbook.engine.checks.startingstate import looked_at
from runbook.engine.ground.carried import carried_from
from runbook.engine.ground.ground import simulated
from runbook.engine.ground.order import Order
from runbook.world.files.inventory import Inventory
from runbook.world.files.workspace import FileState
from runbook.world.overlay.views import Beside, Views
from runbook.world.processes import process
from runbook.world.processes.command import Command
from runbook.world.processes.supervision import NotStarted, SupervisorLost

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context

_WAITING = 4
"""How many checks for each job may be begun before their turn, running or not."""

_IN_VAIN = 3
"""How often what was begun may be thrown away before a phase is left to go in order."""


class LookAhead:
    """The checks of a phase that are made ahead, so many at once.

    It is attended to, by who waits for something else, when its `fileno` is readable.
    """

    def __init__(
        self, context: Context, phase: Phase, steps: tuple[tuple[StepId, Step], ...], jobs: int
    ) -> None:
        assert context.views is not None
        self._context, self._phase, self._jobs = context, phase, jobs
        self._views: Views = context.views
        self._steps = steps
        self._at = {where: index for index, (where, _) in enumerate(steps)}
        self._points: Iterator[Point] = iter(())
        self._begun: deque[Job] = deque()
        self._placed: Job | None = None  # that which was asked for last, of those on a start
        self._selector = selectors.DefaultSelector()
        self._folders: tuple[Path, ...] = ()  # the worktree, and those that it has links into
        self._baseline: dict[Path, Inventory] = {}  # what these held
        self._starts: StartsOfPhase | None = None
        self._places = StartingPlaces(context, phase)
        self._seconds: deque[Point] = deque()  # with tests, where without them it came to none
        self._deferred: list[Point] = []  # until the `setup` of their starting state was run
        self._there: dict[Path, Inventory] = {}  # what scratch worktrees held
        self._passed_over: dict[bool, set[str]] = {False: set(), True: set()}
        self._in_vain = {False: 0, True: 0}  # on what the edits make, and on starting states
        self._doubted: Job | None = None  # it was not as expected, and its command is run again
        self._possible: bool | None = None

    def prepared(self) -> Iterator[Event]:
        """Find out whether there can be views here, and say why there can't."""
        checks = [step for _, step in self._steps if may_be_ahead(self._phase, step)]
        verifies = [step for step in checks if isinstance(step, Verify)]
        twice = [each for each in verifies if looked_at(self._context, self._phase, each)]
        self._possible = len(checks) + len(twice) > 1
        if not self._possible:
            return
        why = self._why_in_order()
        if why:
            self._possible = False
            yield ChecksInOrder(self._phase.id, why)

    def _why_in_order(self) -> str:
        root, carried = self._context.repository.root, self._phase.settings.carry or ()
        self._folders = (root, *carried_from(root, carried))
        self._views.over(self._folders[1:])
        return why_shared(self._context, self._phase, ahead=True) or self._views.why_not()

    @property
    def workers(self) -> tuple[Context, ...]:
        """The contexts of those who run its commands."""
        numbers = range(1, self._jobs + 1) if self._possible else ()
        return tuple(self._context.workers.context(self._context, number) for number in numbers)

    def forgone(self, why: str) -> Iterator[Event]:
        """Make nothing ahead."""
        self._possible = False
        self.end()
        self._context.workers.close()
        yield ChecksInOrder(self._phase.id, why)

    def fileno(self) -> int:
        """A descriptor that becomes readable when one of its commands has said something."""
        return self._selector.fileno()

    @property
    def under_way(self) -> tuple[StepId, ...]:
        """The steps of the checks that run ahead now."""
        going = (job.point.where for job in self._begun if job.attended and not job.ended)
        return tuple(dict.fromkeys(going))

    def attend(self) -> None:
        """Take in what its commands have said, and begin others where some have ended."""
        for job in self._begun:
            if job.attended:
                self._advance(job)
        self._fill()

    def place_of(self, where: StepId, commit: str, carried: Mapping[str, FileState]) -> Path | None:
        """Where a check ran ahead on a commit with some tests; `None`: a place is to be made."""
        found = (each for each in self._begun if each.on_a_start_of(where))
        self._placed = next((j for j in found if _on(self._context, j, commit, carried)), None)
        return None if self._placed is None else self._placed.place

    def shown(self, order: Order, command: Command) -> Generator[Event, None, Outcome | None]:
        """What a check in its turn is shown by a command that ran ahead; `None`: it is to be run.

        By then nothing else runs, so that it may write to the worktree.
        """
        self._places.released()
        turn = self._at.get(order.where, 0) + order.on_a_start
        self._deferred = [each for each in self._deferred if self._at[each.where] >= turn]
        job = self._job_of(order)
        if job is None:
            yield from self._on_another(order)
            return None
        yield from self._waited_for(job, order)
        if job.lost:
            why = job.lost
        elif job.running.outcome.interrupted is not None:
            why = ""
        else:
            why = self._why_not(job, order, command)
        if why:
            self._in_vain[order.on_a_start] += 1
            self._doubted = job if why is UNEXPECTED else None
            if order.on_a_start:
                self._drop(job)
            else:
                self.end()
            yield NotTakenAhead(order.where, why)
            return None
        self._begun.popleft()
        job.hand_over(command)
        job.view.remove()
        if job.place is not None:
            self._places.taken(job.point, job.place, order.commit or "")
        self.attend()
        # Who asked knows nothing of what the services of its worker gave.
        return redact(job.running.outcome, job.command.secrets)

    def ran(self, order: Order, outcome: Outcome) -> None:
        """Take note of what a command has shown that was run in its turn.

        What was not as expected beside others, and is not so alone, was not in vain.
        """
        job, self._doubted = self._doubted, None
        if job is not None and not job.is_as_expected(self._context, self._phase, outcome):
            self._in_vain[order.on_a_start] -= 1

    def _on_another(self, order: Order) -> Iterator[Event]:
        """What was begun on another starting state than that of the check is of no use."""
        wrong = [job for job in self._begun if order.on_a_start and job.on_a_start_of(order.where)]
        for job in wrong:
            self._drop(job)
        if wrong:
            self._in_vain[True] += 1
            yield NotTakenAhead(order.where, "its starting state is not as foreseen")

    def make_way(self, root: Path) -> None:
        """End what would see that a command writes to a worktree, which it is about to do."""
        if root == self._context.repository.root:
            self.end()
            return
        self._places.written(root)
        self._there.pop(root, None)
        for job in [each for each in self._begun if each.place == root]:
            self._drop(job)

    def end(self) -> None:
        """End all that was begun, with all that it has started; nothing of it counts."""
        self._points = iter(())
        self._seconds.clear()
        self._deferred.clear()
        for job in self._begun:
            job.running.kill()
        for job in [*self._begun]:
            self._drop(job)
        self._places.forget()

    def close(self) -> None:
        """End all, for good."""
        self.end()
        self._possible = False
        self._selector.close()
        self._views.close()

    def _drop(self, job: Job) -> None:
        self._begun.remove(job)
        self._leave(job)
        job.running.close()
        job.view.remove()

    def _job_of(self, order: Order) -> Job | None:
        """The job of a check whose turn it is; where nothing is begun, it begins here."""
        if order.on_a_start:
            job = self._placed if self._placed in self._begun else None
            if job is None:
                return None
        else:
            found = (each for each in self._begun if each.place is None)
            job = next((each for each in found if each.point.where == order.where), None)
        while self._begun and self._begun[0] is not job:
            # It was not asked for, because its command had just shown the same.
            self._drop(self._begun[0])
        if job is None and self._possible and self._in_vain[False] < _IN_VAIN:
            self._plan(order.where)
        return self._begun[0] if self._begun else None

    def _plan(self, where: StepId) -> None:
        if where not in self._at:
            return
        context = self._context
        self._starts = StartsOfPhase(context, self._phase, where)
        found = points(
            self._phase,
            self._steps[self._at[where] :],
            simulated(context),
            context.workspace.in_repository,
            self._passed_over[False],
            context.evidence.repeats(self._phase) if context.request.reuse else None,
            self._starts,
        )
        first, second = next(found, None), next(found, None)
        if first is None or second is None or first.where != where:
            return
        self._baseline = {folder: files_of(folder) for folder in self._folders}
        self._points = _again(first, second, found)
        self._fill()

    def _fill(self) -> None:
        while (
            sum(not job.ended for job in self._begun) < self._jobs
            and len(self._begun) < _WAITING * self._jobs
        ):
            point = self._next()
            if point is None:
                return
            try:
                job = self._begin(point)
            except (NotStarted, SupervisorLost, OSError):
                # There is no room for one more: those behind it have to wait for their turn.
                self._points = iter(())
                self._in_vain[False] += 1
                return
            if job is not None:
                self._begun.insert(self._behind(point), job)
            elif self._phase.settings.setup is not None:
                self._deferred.append(point)

    def _next(self) -> Point | None:
        if self._seconds:
            return self._seconds.popleft()
        for index, point in enumerate(self._deferred):
            if self._places.of(point) is not None:
                return self._deferred.pop(index)
        return next(self._points, None)

    def _behind(self, point: Point) -> int:
        """Where a check comes among those that are begun, in the order of their turns."""
        before = [self._at[job.point.where] <= self._at[point.where] for job in self._begun]
        return sum(before)

    def _begin(self, point: Point) -> Job | None:
        """Begin a check; `None` where it is to wait for its turn, and those behind it are not."""
        place, beside = None, None
        if point.start is not None:
            if self._in_vain[True] >= _IN_VAIN or point.step.command in self._passed_over[True]:
                return None
            place = self._places.of(point)
            if place is None:
                return None
            if place not in self._there:
                self._there[place] = files_of(place)
            beside = Beside(place, point.start.files)
        busy = {job.worker for job in self._begun if not job.ended}
        worker = next(number for number in range(1, self._jobs + 1) if number not in busy)
        context = self._context.workers.context(self._context, worker)
        view = self._views.fresh(point.files, beside)
        try:
            order = Order(point.where, point.step, place or context.repository.root)
            asked = command_of(self._context, self._phase, order, view.log)
            command = command_of(context, self._phase, order, view.log)
            command = replace(command, launcher=view.launcher(command.cwd))
            running = process.start(command)
        except BaseException:
            view.remove()
            raise
        self._selector.register(running, selectors.EVENT_READ)
        return Job(point, view, asked, command, running, worker, place)

    def _advance(self, job: Job) -> None:
        try:
            job.ended = job.running.advance()
        except (SupervisorLost, OSError) as error:
            job.ended, job.lost = True, str(error)
        if job.ended:
            self._leave(job)
            self._follow(job)

    def _follow(self, job: Job) -> None:
        """Have a check that came to no test on its starting state be made with tests as well."""
        point = job.point
        if point.start is None or point.start.carried or job.lost or self._starts is None:
            return
        second = self._starts.after(point, job.running.outcome)
        if second is not None:
            self._seconds.append(second)

    def _waited_for(self, job: Job, order: Order) -> Iterator[Event]:
        """Wait for a job as for any command, and look after the others meanwhile."""
        if job.ended:
            return
        self._leave(job)
        job.running.heed(self._context.interrupts)
        job.running.beside(self)
        try:
            for line in job.running:
                tally = job.running.tally()
                yield stepevents.CommandOutput(order.where, line, tally, self.under_way)
        except (SupervisorLost, OSError) as error:
            job.lost = str(error)
        job.ended = True

    def _leave(self, job: Job) -> None:
        if job.attended:
            job.attended = False
            self._selector.unregister(job.running)

    def _why_not(self, job: Job, order: Order, command: Command) -> str:
        """Why what a job showed is not what the command would show now; empty where it is."""
        why, never = job.why_not(self._context, self._phase, command)
        if never:
            self._passed_over[order.on_a_start].add(command.text)
        seen = dict(self._baseline)
        if job.place is not None:
            seen[job.place] = self._there[job.place]
        for folder, before in seen.items():
            files = job.point.files if folder == self._context.repository.root else {}
            why = why or changed(folder, files, before)
        return why


def _on(context: Context, job: Job, commit: str, carried: Mapping[str, FileState]) -> bool:
    return job.point.start is not None and shows(context, job.point.start, commit, carried)


def _again(first: Point, second: Point, others: Iterator[Point]) -> Iterator[Point]:
    yield first
    yield second
    yield from others
