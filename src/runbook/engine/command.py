"""Commands of steps: services first, then the command, as events."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Literal

from runbook.core.check.expectations import questions, summary
from runbook.core.check.outcome import Outcome
from runbook.core.model.model import Expect, Phase, StartingState
from runbook.core.position import Position
from runbook.core.record import events, stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.value import value
from runbook.engine.halt import Halt
from runbook.engine.site import DEFAULT_TIMEOUT, Site
from runbook.engine.targets import undeclared_changes
from runbook.world.processes import process
from runbook.world.processes.process import Command, NotStarted, ServiceFailed, SupervisorLost


@value
class Order:
    """A command of a step, and where it is to run."""

    step: str
    at: Position
    command: str
    expect: Expect
    env: tuple[tuple[str, str], ...]
    timeout: float | None
    root: Path
    state: StartingState | Literal["commit"] | None = None
    commit: str | None = None


def run(site: Site, phase: Phase, order: Order) -> Generator[Event, None, tuple[Outcome, str]]:
    """Run a command, with the services it needs; returns its outcome and its log's path.

    Raises:
        Halt: it was interrupted, could not be started, or a service ended meanwhile.

    """
    yield from _start_services(site, phase)
    # Asked for only now, because services give variables.
    command = Command(
        text=order.command,
        cwd=site.folder(order.root, phase),
        env=site.environment(phase, order.env),
        timeout=site.timeout(phase, order.timeout),
        log=site.journal.log(order.step, order.state or ""),
        questions=questions(order.expect),
        secrets=site.secrets(phase, order.env),
        held=site.journal.lock,
    )
    if not command.cwd.is_dir():
        raise Halt(_stopped(order, "refused", f"the folder {command.cwd} does not exist"))
    # A person may change a file before the command or while it runs; either may sway it.
    dirty = _dirty(site, phase, order)
    yield stepevents.CommandBegan(order.step, order.command, order.state or "", order.commit)
    try:
        with process.start(command, site.interrupts) as running:
            for line in running:
                yield stepevents.CommandOutput(order.step, line)
                _check_services(site, order.step, order.at)
        outcome = running.outcome
    except (NotStarted, SupervisorLost) as error:
        raise Halt(_stopped(order, "refused", f"the command could not be run: {error}")) from error
    yield stepevents.CommandEnded(
        order.step,
        outcome.exit,
        round(outcome.duration, 3),
        summary(outcome.evidence) if outcome.evidence.runs else "",
        str(command.log),
        outcome.log_digest,
        outcome.left_running,
        order.state or "",
        outcome.evidence.counts() if outcome.evidence.runs else None,
        tuple(dict.fromkeys((*dirty, *_dirty(site, phase, order)))),
    )
    if outcome.interrupted is not None:
        raise Halt(interrupted(order.step, order.at, outcome.interrupted))
    _check_services(site, order.step, order.at)
    if not order.root.is_dir():
        message = f"the folder {order.root} is gone: it was removed while the command ran"
        raise Halt(_stopped(order, "refused", message))
    return outcome, str(command.log)


def _dirty(site: Site, phase: Phase, order: Order) -> tuple[str, ...]:
    """What differs from HEAD where a command runs, undeclared; nothing in a scratch worktree."""
    if order.root != site.repository.root or not order.root.is_dir():
        return ()
    return undeclared_changes(site, phase)


def interrupted(where: str, at: Position, signal: int) -> Stopped:
    """The stop that a signal asked for."""
    return Stopped("interrupted", where, str(at), "interrupted", signal=signal)


def _stopped(order: Order, kind: events.StopKind, message: str) -> Stopped:
    return Stopped(kind, order.step, str(order.at), message)


def _check_services(site: Site, step: str, at: Position) -> None:
    died = site.services.died()
    if died is not None:
        raise Halt(
            Stopped(
                "service",
                step,
                str(at),
                f"the service {died.name} ended with status {died.exit} during the run",
                output=died.tail,
            )
        )


def _start_services(site: Site, phase: Phase) -> Iterator[Event]:
    for service in phase.settings.services or ():
        if site.services.runs(service):
            continue
        environment = site.environment(phase)
        if service.unless_env and environment.get(service.unless_env):
            yield events.ServiceNotNeeded(service.name, service.unless_env)
            continue
        began = time.monotonic()
        yield events.ServiceBegan(service.name, service.run)
        command = Command(
            text=service.run,
            cwd=site.folder(site.repository.root, phase),
            env=environment,
            timeout=service.timeout or phase.settings.timeout or DEFAULT_TIMEOUT,
            log=site.journal.log(f"service/{service.name}"),
            probe=False,
            secrets=site.secrets(phase),
            held=site.journal.lock,
        )
        where = f"{phase.id}/services/{service.name}"
        try:
            variables = site.services.start(service, command, site.interrupts)
        except ServiceFailed as error:
            if error.reason == "interrupted":
                signal = site.interrupts.received or 2
                raise Halt(interrupted(where, service.at, signal)) from None
            message = (
                f"the service {service.name} was not ready after {command.timeout:.0f} s"
                if error.reason == "timeout"
                else f"the service {service.name} ended with status {error.exit} "
                "before it was ready"
            )
            raise Halt(
                Stopped(
                    "service", where, str(service.at), message,
                    output=error.tail, log=str(command.log),
                )
            ) from None  # fmt: skip
        except NotStarted as error:
            message = f"the service {service.name} could not be started: {error}"
            raise Halt(Stopped("service", where, str(service.at), message)) from None
        yield events.ServiceReady(
            service.name, tuple(sorted(variables)), round(time.monotonic() - began, 3)
        )
