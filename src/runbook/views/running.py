"""A run in words, from its worktree over its phases and tasks to its stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from runbook.core.model.ids import last, phase_of
from runbook.core.record import events
from runbook.core.record.aheadevents import ChecksInOrder
from runbook.core.record.described import branch
from runbook.core.record.events import Event
from runbook.core.text.counting import count, named
from runbook.views import stops
from runbook.views.recap import Recap
from runbook.views.screen import program
from runbook.views.words import in_order, indent, seconds


class Running:
    """The lines of a run's events; those of a phase stand under its title."""

    def __init__(self, roots: Mapping[str, Path], titles: Mapping[str, str]) -> None:
        """A stop names the phase's root, one of `roots`.

        `titles` are those of the phases, for one that is refused before it begins.
        """
        self._roots = roots
        self._titles = titles
        self._phase = ""
        self._several = False
        self._complete = False  # what was said last is that a phase is
        self._recap = Recap()

    def note(self, event: Event) -> None:
        """Take note of any event, for what is said at the end."""
        self._recap.note(event)
        if isinstance(event, events.RunBegan):
            self._several = len(event.phases) > 1

    def lines(self, event: Event) -> Iterator[tuple[str, str]]:
        """The lines of an event of a run, each with a style; none of any other event."""
        match event:
            case events.PhaseBegan(phase, title, _, ref):
                yield from self._heading(phase, title)
                if ref is None:
                    yield (
                        "  HEAD is detached: its commits are on no branch until you make one "
                        "(git switch -c NAME)",
                        "yellow",
                    )
            case events.PhaseResumed(phase, title, done, total):
                yield from self._heading(phase, title)
                if total:
                    yield f"  goes on: {done} of {count(total, 'task')} done before", ""
            case events.PhaseAlreadyComplete(phase, title):
                if not self._several:
                    yield from self._heading(phase, title)
                elif self._phase:
                    yield "", ""
                yield f"{phase} is complete: there is nothing to do.", "green"
                if self._several:
                    # Of a long series most phases are: a line each, and no title.
                    self._phase, self._complete = "", True
            case events.PhaseCompleted():
                yield from _completed(event)
                yield from self._recap.lines(event.phase)
                if event.mended:
                    names = ", ".join(map(last, event.mended))
                    yield (
                        f"  {names} mended by hand: `{program()} adopt {event.phase}` writes "
                        "it into the phase file",
                        "",
                    )
            case events.Stopped(where=where):
                yield from self.headed(phase_of(where))
                yield from stops.lines(event, self._roots)
            case _:
                yield from _task(event)

    def headed(self, phase: str) -> Iterator[tuple[str, str]]:
        """The title of a phase of which something is said before it began."""
        if phase in self._titles:
            yield from self._heading(phase, self._titles[phase])

    def _heading(self, phase: str, title: str) -> Iterator[tuple[str, str]]:
        if phase == self._phase:
            return
        if self._phase or self._complete:
            yield "", ""
        self._phase, self._complete = phase, False
        yield f"{phase}: {title}", "bold"


def _completed(event: events.PhaseCompleted) -> Iterator[tuple[str, str]]:
    yield "", ""
    without = "".join(
        f"; {how}: {', '.join(map(last, tasks))}"
        for how, tasks in (("skipped", event.skipped), ("undone", event.undone))
        if tasks
    )
    commits = count(event.commits, "commit")
    yield (
        f"{event.phase} is complete: {commits}, {seconds(event.duration)}{without}.",
        "bold green",
    )
    if event.uncommitted:
        yield f"  changed, and in no commit: {named(event.uncommitted)}", "yellow"


def _task(event: Event) -> Iterator[tuple[str, str]]:
    match event:
        case events.TaskBegan(task, title) | events.TaskResumed(task, title):
            yield "", ""
            yield f"{last(task)}: {title}", "bold"
            if event.adopted:
                yield f"  changed by hand since, and kept: {named(event.adopted)}", "yellow"
                yield indent(event.difference, "    "), ""
            elif isinstance(event, events.TaskResumed):
                yield "  goes on where it stopped", ""
        case events.VerificationBegan():
            yield "", ""
            yield "verification", "bold"
        case _:
            yield from _surroundings(event)


def _surroundings(event: Event) -> Iterator[tuple[str, str]]:
    """The worktree, the branch and the services, which a run has around its phases."""
    match event:
        case events.WorktreeMade(path, name, head, new):
            made = "new branch" if new else "branch"
            yield f"worktree {path} made, on the {made} {name} at {head[:9]}", ""
        case events.WorktreeSetUp(path, setup):
            yield f"worktree {path} is set up: {setup.strip()}", ""
        case events.WorktreeSetAside(path, kept):
            yield f"worktree {path} was left half made: what there is of it is in {kept}", ""
        case events.WorktreeRemoved(path, name, gone, lost):
            what = f", and the branch {name}" if gone else f"; the branch {name} is kept"
            with_it = f", with {count(lost, 'commit')} of no other" if gone and lost else ""
            yield f"worktree {path} removed{what}{with_it}", ""
        case events.HeadAccepted(head, ref):
            yield f"  goes on from {branch(ref, head)}", "yellow"
        case events.ServiceReady(name, variables, duration):
            gives = f", gives {', '.join(variables)}" if variables else ""
            yield f"          service {name} is ready{gives} ({seconds(duration)})", ""
        case events.ServiceNotNeeded(name, variable):
            yield f"          service {name} is not started: {variable} is set", ""
        case ChecksInOrder(_, why):
            yield in_order(why), "yellow"
        case _:
            pass  # It has no words of its own.
