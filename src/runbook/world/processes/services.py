"""The services of a run: started once, held for all its commands, ended with it."""

from __future__ import annotations

import re
from pathlib import Path

from runbook.core.model.model import Service
from runbook.core.value import value
from runbook.world.processes.background import Service as Process
from runbook.world.processes.command import Command
from runbook.world.processes.interrupts import Interrupts


@value
class Died:
    """A service that ended while it was needed, with the end of its output, and all of it."""

    name: str
    exit: int
    tail: str
    log: Path


class Services:
    """The running services and the variables they gave."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self._running: dict[Service, Process] = {}
        self._logs: dict[Service, Path] = {}
        self._passed: set[Service] = set()

    def runs(self, service: Service) -> bool:
        """Whether a service was started in this run."""
        return service in self._running

    def passes(self, service: Service) -> bool:
        """Note that a service is not needed; whether that is new."""
        new = service not in self._passed
        self._passed.add(service)
        return new

    def start(self, service: Service, command: Command, interrupts: Interrupts) -> None:
        """Start a service; it is to be waited for.

        Raises:
            NotStarted: it could not be started at all.
        """
        ready = None if service.ready is None else re.compile(service.ready, re.MULTILINE)
        self._running[service] = Process(command, ready, interrupts)
        self._logs[service] = command.log

    def ready(self, service: Service, timeout: float) -> dict[str, str]:
        """Wait, at most so many seconds, until a started service is ready; the variables it gives.

        Raises:
            ServiceFailed: it ended or was not ready in time.
        """
        variables = self._running[service].wait_ready(timeout)
        self.variables |= variables
        return variables

    def log(self, service: Service) -> Path:
        """Where the output of a started service goes."""
        return self._logs[service]

    def died(self) -> Died | None:
        """The first service that has ended although nobody stopped it."""
        for service, process in self._running.items():
            status = process.poll()
            if status is not None:
                return Died(service.name, status, process.tail, self._logs[service])
        return None

    def close(self) -> None:
        """Stop all services, the last started first."""
        for process in reversed(self._running.values()):
            process.stop()
        self._running.clear()
        self.variables.clear()
