"""The services of commands: started before the first one, once for each that may run at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from runbook.core.model.model import Phase, Service
from runbook.core.record import events
from runbook.core.record.events import Event
from runbook.engine.contract.stops import CannotContinue, interrupted, stop
from runbook.engine.ground.context import Context, Workers
from runbook.world.processes.background import ServiceFailed
from runbook.world.processes.command import Command
from runbook.world.processes.supervision import NotStarted

if TYPE_CHECKING:
    from runbook.engine.ground.order import Order


def why_shared(context: Context, phase: Phase, *, ahead: bool) -> str:
    """Why workers can't each have the services of a phase for themselves; empty where they can.

    Of checks that are made `ahead` that is so only where it is stated: a service finds the files
    of the worktree, and not those of a view. Beside each other at commits, it is enough that a
    service says by a group of its `ready` where it is, or is told its worker. What stands in for a
    service is there only once, unless it is named anew for each.
    """
    first, second = (Workers().context(context, n).environment(phase) for n in (1, 2))
    for service in phase.settings.services or ():
        name = service.unless_env or ""
        if first.get(name):
            if first[name] == second[name]:
                return f"all of them share what {name} names"
        elif not service.ahead:
            if ahead:
                return f"they share the service {service.name}, which has no `ahead: true`"
            told = first != second or service.run != context.numbered(service.run)
            placed = service.ready is not None and re.compile(service.ready).groupindex
            if not told and not placed:
                return f"they share the service {service.name}"
    return ""


def start_services(context: Context, phase: Phase) -> Iterator[Event]:
    """Start the services that do not run yet, also those of workers who make checks ahead.

    What is told is told of those of the commands in their turn. Where one of a worker's does not
    become ready, nothing is made ahead.

    Raises:
        CannotContinue: one for the commands in their turn did not become ready.
    """
    for service in phase.settings.services or ():
        if _lacks(context, phase, service):
            began = time.monotonic()
            yield events.ServiceBegan(service.name, context.numbered(service.run))
            _begin(context, phase, service)
            variables = tuple(sorted(_ready(context, phase, service)))
            yield events.ServiceReady(service.name, variables, round(time.monotonic() - began, 3))
        elif not context.services.runs(service) and context.services.passes(service):
            yield events.ServiceNotNeeded(service.name, service.unless_env or "")
        if context.ahead is not None:
            why = _start_beside(context, context.ahead.workers, phase, service)
            if why:
                yield from context.ahead.forgone(why)


def _start_beside(
    context: Context, workers: Iterable[Context], phase: Phase, service: Service
) -> str:
    """Start a service for workers, all at once; why that can't be, empty where it can.

    Only when the one for the commands in their turn is ready, which may have a place that none of
    the others can have as well.
    """
    lacking = [worker for worker in workers if _lacks(worker, phase, service)]
    try:
        for worker in lacking:
            _begin(worker, phase, service)
        for worker in lacking:
            _ready(worker, phase, service)
    except CannotContinue as raised:
        if context.interrupts.count:
            raise
        return f"beside another one, {raised.stopped.message}"
    return ""


def _lacks(context: Context, phase: Phase, service: Service) -> bool:
    if context.services.runs(service):
        return False
    return not (service.unless_env and context.environment(phase).get(service.unless_env))


def _begin(context: Context, phase: Phase, service: Service) -> None:
    command = Command(
        text=context.numbered(service.run),
        cwd=context.folder(context.repository.root, phase),
        env=context.environment(phase),
        timeout=context.timeout(phase, service.timeout),
        log=context.journal.log(f"service/{service.name}"),
        probe=False,
        secrets=context.secrets(phase),
        held=context.journal.lock,
    )
    try:
        context.services.start(service, command, context.interrupts)
    except NotStarted as error:
        message = f"the service {service.name} could not be started: {error}"
        where = f"{phase.id}/services/{service.name}"
        raise CannotContinue(stop("service", where, service, message)) from None


def _ready(context: Context, phase: Phase, service: Service) -> dict[str, str]:
    """Wait until a service is ready; the variables that it gives."""
    limit = context.timeout(phase, service.timeout)
    try:
        return context.services.ready(service, limit)
    except ServiceFailed as error:
        where = f"{phase.id}/services/{service.name}"
        if error.reason == "interrupted":
            signal = context.interrupts.received or 2
            raise CannotContinue(interrupted(where, service, signal)) from None
        message = {
            "timeout": f"was not ready after {limit:.0f} s",
            "too slow": "can't be seen to be ready: matching its `ready` took too long",
        }.get(error.reason, f"ended with status {error.exit} before it was ready")
        message = f"the service {service.name} {message}"
        log = str(context.services.log(service))
        hint = _kept_up(error.exit) if error.reason == "exited" else None
        if error.reason == "timeout":
            hint = (
                f"it is ready when its output matches `{service.ready}`: see that it writes so, "
                "and at once (Python: `-u`), or raise its `timeout:`"
            )
        raise CannotContinue(
            stop("service", where, service, message, output=error.tail, log=log, hint=hint)
        ) from None


def check_services(context: Context, order: Order) -> None:
    """Look whether the services still run.

    Raises:
        CannotContinue: one ended although nobody stopped it.
    """
    died = context.services.died()
    if died is not None:
        message = f"the service {died.name} ended with status {died.exit} during the run"
        told = stop(
            "service", order.where, order.step, message,
            output=died.tail, log=str(died.log), hint=_kept_up(died.exit),
        )  # fmt: skip
        raise CannotContinue(told)


def _kept_up(status: int | None) -> str | None:
    """What to do about a service that ended well, which no service is to do."""
    return None if status else "its command is to go on while it is needed, and in the foreground"
