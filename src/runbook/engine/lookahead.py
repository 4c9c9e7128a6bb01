"""Checks made before their turn, each in a view of the worktree as it will be by then.

While the commands of several views run, nothing but the runner writes to the worktree itself, and
only files that the edits name. In its turn a check is handed what its command showed, if all is by
then as the view had it; if anything is not, all that was begun is thrown away, and the command runs
as if there had been no looking ahead. What is not as expected is always seen anew.
"""

from __future__ import annotations

import os
import selectors
import shutil
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runbook.core.check.outcome import Outcome
from runbook.core.handover.steering import is_cache, is_compiled
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Step
from runbook.core.record import stepevents
from runbook.core.record.aheadevents import ChecksInOrder, NotTakenAhead
from runbook.core.record.events import Event
from runbook.core.text.redaction import redact
from runbook.engine.ahead import Point, may_be_ahead, points
from runbook.engine.ground import simulated
from runbook.engine.order import Order, command_of
from runbook.engine.services import why_shared
from runbook.engine.verdicts import verdict_of
from runbook.world.files.inventory import Inventory, inventory
from runbook.world.files.workspace import FileState, Unreachable, Workspace
from runbook.world.overlay.views import View, Views
from runbook.world.processes import process
from runbook.world.processes.command import Command
from runbook.world.processes.process import Running
from runbook.world.processes.supervision import NotStarted, SupervisorLost

if TYPE_CHECKING:
    from runbook.engine.context import Context

_WAITING = 4
"""How many checks for each job may be begun before their turn, running or not."""

_IN_VAIN = 3
"""How often what was begun may be thrown away before a phase is left to go in order."""


@dataclass(slots=True, eq=False)
class _Job:
    """A check under way in its view, or through with it."""

    point: Point
    view: View
    asked: Command  # as it would be run in its turn
    command: Command
    running: Running
    worker: int
    attended: bool = True  # by the look-ahead, and not by whoever runs the check in its turn
    ended: bool = False
    lost: str = ""  # why it is not known how it ended


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
        self._begun: deque[_Job] = deque()
        self._selector = selectors.DefaultSelector()
        self._baseline: Inventory = {}
        self._passed_over: set[str] = set()
        self._in_vain = 0
        self._possible: bool | None = None

    def prepared(self) -> Iterator[Event]:
        """Find out whether there can be views here, and say why there can't."""
        checks = [step for _, step in self._steps if may_be_ahead(self._phase, step)]
        self._possible = len(checks) > 1
        if not self._possible:
            return
        why = self._why_in_order()
        if why:
            self._possible = False
            yield ChecksInOrder(self._phase.id, why)

    def _why_in_order(self) -> str:
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
        return tuple(job.point.where for job in self._begun if job.attended and not job.ended)

    def attend(self) -> None:
        """Take in what its commands have said, and begin others where some have ended."""
        for job in self._begun:
            if job.attended:
                self._advance(job)
        self._fill()

    def shown(self, order: Order, command: Command) -> Generator[Event, None, Outcome | None]:
        """What a check in its turn is shown by a command that ran ahead; `None`: it is to be run.

        By then nothing else runs, so that it may write to the worktree.
        """
        job = self._job_of(order.where)
        if job is None:
            self.end()
            return None
        yield from self._waited_for(job, order)
        if job.lost:
            why = job.lost
        elif job.running.outcome.interrupted is not None:
            why = ""
        else:
            why = self._why_not(job, order, command)
        if why:
            self._in_vain += 1
            self.end()
            yield NotTakenAhead(order.where, why)
            return None
        self._begun.popleft()
        _move(job, command)
        job.view.remove()
        self.attend()
        # Who asked knows nothing of what the services of its worker gave.
        return redact(job.running.outcome, job.command.secrets)

    def end(self) -> None:
        """End all that was begun, with all that it has started; nothing of it counts."""
        self._points = iter(())
        for job in self._begun:
            job.running.kill()
        for job in self._begun:
            self._leave(job)
            job.running.close()
            job.view.remove()
        self._begun.clear()

    def close(self) -> None:
        """End all, for good."""
        self.end()
        self._possible = False
        self._selector.close()
        self._views.close()

    def _job_of(self, where: StepId) -> _Job | None:
        """The job of a check whose turn it is; where nothing is begun, it begins here."""
        while self._begun and self._begun[0].point.where != where:
            # It was not asked for, because its command had just shown the same.
            job = self._begun.popleft()
            self._leave(job)
            job.running.close()
            job.view.remove()
        if not self._begun and self._possible and self._in_vain < _IN_VAIN and where in self._at:
            self._plan(where)
        return self._begun[0] if self._begun else None

    def _plan(self, where: StepId) -> None:
        context = self._context
        found = points(
            self._phase,
            self._steps[self._at[where] :],
            simulated(context),
            context.workspace.in_repository,
            self._passed_over,
            context.evidence.repeats(self._phase) if context.request.reuse else None,
        )
        first, second = next(found, None), next(found, None)
        if first is None or second is None or first.where != where:
            return
        self._baseline = _files(context)
        self._points = _again(first, second, found)
        self._fill()

    def _fill(self) -> None:
        """Begin as many checks as may run at once."""
        while (
            sum(not job.ended for job in self._begun) < self._jobs
            and len(self._begun) < _WAITING * self._jobs
        ):
            point = next(self._points, None)
            if point is None:
                return
            try:
                self._begun.append(self._begin(point))
            except (NotStarted, SupervisorLost, OSError):
                # There is no room for one more: those behind it have to wait for their turn.
                self._points = iter(())
                self._in_vain += 1
                return

    def _begin(self, point: Point) -> _Job:
        busy = {job.worker for job in self._begun if not job.ended}
        worker = next(number for number in range(1, self._jobs + 1) if number not in busy)
        context = self._context.workers.context(self._context, worker)
        view = self._views.fresh(point.files)
        try:
            order = Order(point.where, point.step, context.repository.root)
            asked = command_of(self._context, self._phase, order, view.log)
            command = command_of(context, self._phase, order, view.log)
            command = replace(command, launcher=view.launcher(command.cwd))
            running = process.start(command)
        except BaseException:
            view.remove()
            raise
        self._selector.register(running, selectors.EVENT_READ)
        return _Job(point, view, asked, command, running, worker)

    def _advance(self, job: _Job) -> None:
        try:
            job.ended = job.running.advance()
        except (SupervisorLost, OSError) as error:
            job.ended, job.lost = True, str(error)
        if job.ended:
            self._leave(job)

    def _waited_for(self, job: _Job, order: Order) -> Iterator[Event]:
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

    def _leave(self, job: _Job) -> None:
        """Do not attend to a job any more."""
        if job.attended:
            job.attended = False
            self._selector.unregister(job.running)

    def _why_not(self, job: _Job, order: Order, command: Command) -> str:
        """Why what a job showed is not what the command would show now; empty where it is."""
        outcome = job.running.outcome
        if replace(job.asked, log=command.log) != command:
            return "it was to run otherwise"
        if outcome.exit is None or outcome.duration > command.timeout:
            return "it took too long beside others"
        if outcome.left_running:
            return "it left something running"
        if job.view.asked_git():
            self._passed_over.add(command.text)
            return "it asked git, which has other commits by now"
        if not verdict_of(outcome, order.step.expect, order.step.command).passed:
            return "it was not as expected, and is seen anew"
        left = job.view.left()
        if left:
            self._passed_over.add(command.text)
            return f"it left files: {', '.join(left[:3])}"
        return self._changed(job)

    def _changed(self, job: _Job) -> str:
        """What else changed in the worktree than the edits until a check make of it."""
        files = job.point.files
        workspace = Workspace(self._context.repository.root, None)
        for path, state in files.items():
            if not _same(workspace, path, state):
                return f"{path} is not as its edits make it"
        now = _files(self._context)
        above = {path[: at + 1] for path in files for at, sign in enumerate(path) if sign == "/"}
        for path in sorted(now.keys() | self._baseline.keys()):
            if path in files or f"{path}/" in above:
                continue
            # What was compiled of another state may be taken for that of the one in the view.
            if is_compiled(path) and _source(path) not in files:
                continue
            before, after = self._baseline.get(path), now.get(path)
            if before is None or not (before.same(after) or before.linked_again(after)):
                return f"{path} was changed"
        return ""


def _again(first: Point, second: Point, others: Iterator[Point]) -> Iterator[Point]:
    yield first
    yield second
    yield from others


def _files(context: Context) -> Inventory:
    """What the inode of each file of the worktree says, but for what tools make anew."""
    return inventory(context.repository.root, is_cache, lambda _path: False)


def _source(path: str) -> str:
    """The file of which Python made a compiled one."""
    folder, _, name = path.rpartition("__pycache__/")
    return f"{folder}{name.partition('.')[0]}.py"


def _same(workspace: Workspace, path: str, state: FileState | None) -> bool:
    try:
        now = workspace.read(path)
    except Unreachable:
        return False
    if now is None or state is None:
        return now is state
    return now.data == state.data and state.mode in (None, now.mode)


def _move(job: _Job, command: Command) -> None:
    """Put the output of a job where that of its step is looked for."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with (
        job.command.log.open("rb") as source,
        os.fdopen(os.open(command.log, flags, 0o600), "wb") as target,
    ):
        shutil.copyfileobj(source, target)
