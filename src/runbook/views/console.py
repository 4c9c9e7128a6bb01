"""The run on screen: plain lines that stay, and on a terminal a live one for what runs now."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from runbook.core.record import events
from runbook.core.record.events import Event
from runbook.core.text.printable import printable
from runbook.views import stops
from runbook.views.audit import Audited
from runbook.views.proof import proof_lines
from runbook.views.verbs import verb_lines
from runbook.views.words import count, indent, seconds, short


class Live(Protocol):
    """A line that changes in place while something runs."""

    def show(self, what: str) -> None:
        """Begin to show what runs now."""

    def update(self, line: str) -> None:
        """Show the latest line of its output."""

    def hide(self) -> None:
        """Take the line away."""

    def write(self, text: str, style: str) -> None:
        """Write lines that stay, above it."""


class PlainLines:
    """Append-only lines, for files, pipes and logs of CI."""

    def show(self, what: str) -> None:
        """Show nothing: what ends is written when it ends."""

    def update(self, line: str) -> None:
        """Show nothing."""

    def hide(self) -> None:
        """Hide nothing."""

    def write(self, text: str, style: str) -> None:  # noqa: ARG002
        """Write lines at once, so that a killed run leaves all it said."""
        print(text, flush=True)


class Console:
    """Writes what happens in a run, event by event."""

    def __init__(
        self,
        live: Live,
        roots: Mapping[str, Path],
        program: str = "runbook",
        titles: Mapping[str, str] | None = None,
    ) -> None:
        """Write to `live`; a stop names the phase's root and how to call `program` again.

        `titles` are those of the phases, for one that is refused before it begins.
        """
        self._titles = titles or {}
        self._live = live
        self._roots = roots
        self._program = program
        self._phase = ""
        self._said = False
        self._audited = Audited()

    def show(self, event: Event) -> None:
        """Write one event."""
        match event:
            case events.CommandOutput(line=line):
                self._live.update(printable(line))
                return
            case events.CommandBegan(command=command, state=state):
                begin = f" at the {state}'s start" if state not in ("", "commit") else ""
                self._live.show(f"{short(command)}{begin}")
                return
            case events.ServiceBegan(name=name, command=command):
                self._live.show(f"service {name}: {short(command)}")
                return
            case _:
                self._live.hide()
        for text, style in self._lines(event):
            # A blank line parts a thing from what was said before it.
            if text or self._said:
                self._live.write(printable(text), style)
                self._said = True

    def advise(self, line: str) -> None:
        """Write what is no event: what to do next."""
        self._live.write(printable(line), "")

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._live.hide()

    def _lines(self, event: Event) -> Iterator[tuple[str, str]]:
        match event:
            case events.WorktreeMade(path, branch, head, new):
                made = "new branch" if new else "branch"
                yield f"worktree {path} made, on the {made} {branch} at {head[:9]}", ""
            case events.WorktreeSetAside(path, kept):
                yield f"worktree {path} was left half made: what there is of it is in {kept}", ""
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
                yield f"  goes on: {done} of {count(total, 'task')} done before", ""
            case events.PhaseForgotten(phase, _, commit):
                yield (
                    f"{phase} was recorded as begun, but its commit {commit[:9]} is no longer in "
                    "the branch: it begins anew",
                    "yellow",
                )
            case events.PhaseRebuilt(phase=phase, tasks=tasks):
                landed = [_last(task.task) for task in tasks if not task.undone]
                names = ", ".join(landed) or "all of it is undone"
                yield f"{phase}: what is done is known from notes in git: {names}", "yellow"
            case events.CommitsRewritten(phase, _, rewritten):
                yield f"{phase}: its commits were rewritten since, as their notes tell", "yellow"
                for each in rewritten:
                    task = each.step.split("/")[1]
                    yield f"  {task}: {each.before[:9]} is now {each.after[:9]}", ""
            case events.PhaseAlreadyComplete(phase, title):
                yield from self._heading(phase, title)
                yield f"{phase} is complete: there is nothing to do.", "green"
            case events.PhaseCompleted(phase, _, commits, duration, skipped, undone):
                yield "", ""
                without = "".join(
                    f"; {how}: {', '.join(map(_last, tasks))}"
                    for how, tasks in (("skipped", skipped), ("undone", undone))
                    if tasks
                )
                yield (
                    f"{phase} is complete: {count(commits, 'commit')}, {seconds(duration)}"
                    f"{without}.",
                    "bold green",
                )
            case events.TaskBegan(task, title) | events.TaskResumed(task, title):
                yield "", ""
                yield f"{_last(task)}: {title}", "bold"
                if event.adopted:
                    names = ", ".join(event.adopted)
                    yield f"  changed by hand since, and kept: {names}", "yellow"
                    yield indent(event.difference, "    "), ""
                elif isinstance(event, events.TaskResumed):
                    yield "  goes on where it stopped", ""
            case events.VerificationBegan():
                yield "", ""
                yield "verification", "bold"
            case events.EditApplied(_, written, unchanged, lines, rescued):
                at = f", line{'s' if '-' in lines else ''} {lines}" if lines else ""
                if written:
                    yield f"  edit    {', '.join(written)}{at}", ""
                if unchanged:
                    yield f"  edit    {', '.join(unchanged)}: already applied", ""
                if rescued:
                    yield (
                        f"          lines of yours that it replaces are kept in {rescued}",
                        "yellow",
                    )
            case events.CommandEnded(_, _, duration, tests, _, _, left, state):
                yield from self._ended(duration, tests, left, state)
            case events.StepBegan(_, "verify", subject):
                yield f"  verify  {indent(subject, ' ' * 10).strip()}", ""
            case events.VerifyPassed(flaky=0):
                yield "          as expected", "green"
            case events.VerifyPassed(flaky=flaky):
                tries = "try" if flaky == 1 else "tries"
                yield f"          as expected, but flaky: {flaky} {tries} failed before", "yellow"
            case events.VerifyRetried(_, left, why):
                yield f"          failed: {'; '.join(why)}", "yellow"
                yield f"          tried again ({left} {'try' if left == 1 else 'tries'} left)", ""
            case events.StepBegan(_, "run", subject):
                yield f"  run     {indent(subject, ' ' * 10).strip()}", ""
            case events.RunDone(_, changed, _, rescued):
                names = ", ".join(changed) or "nothing"
                yield f"          changed: {names}", "green"
                if rescued:
                    yield f"          lines of yours that are gone are kept in {rescued}", "yellow"
            case events.RunRestored(_, files) if files:
                yield f"          put back: {', '.join(files)}", "yellow"
            case events.FailedBefore(_, state, commit, why):
                yield (
                    f"          and fails at the {state}'s start ({commit[:9]}), as it must:",
                    "green",
                )
                yield from ((f"            {line}", "") for line in why[:6])
            case events.CheckProved():
                yield from proof_lines(event, indented=True)
            case events.CommitMade(_, commit, subject, _, recovered):
                yield f"  commit  {commit[:9]} {subject}", "green"
                if recovered:
                    yield "          made by the run that was killed, and recorded now", ""
            case events.NoteFailed(_, commit, message):
                yield f"          {commit[:9]} has no note of its evidence: {message}", "yellow"
            case events.CommitRestored(_, files, rescued) if files:
                yield "  commit  git was killed before it made the commit", "yellow"
                yield f"          put back as they were before its hooks: {', '.join(files)}", ""
                if rescued:
                    yield f"          what the hooks left is kept in {rescued}", ""
            case events.AlreadyCommitted(_, paths):
                yield f"  commit  already committed: {', '.join(paths)}", ""
            case events.ServiceReady(name, variables, duration):
                gives = f", gives {', '.join(variables)}" if variables else ""
                yield f"          service {name} is ready{gives} ({seconds(duration)})", ""
            case events.ServiceNotNeeded(name, variable):
                yield f"          service {name} is not started: {variable} is set", ""
            case events.ManualDone(step, changed, difference):
                yield f"  manual  {_last(step)}: taken as done", ""
                if changed:
                    yield f"          changed by hand: {', '.join(changed)}", ""
                    yield indent(difference, "    "), ""
            case events.HeadAccepted(head, ref):
                branch = ref.removeprefix("refs/heads/") if ref else "a detached HEAD"
                yield (
                    f"  goes on from {branch} at {head[:9] if head else 'its beginning'}",
                    "yellow",
                )
            case events.Stopped(where=where):
                phase = where.partition("/")[0]
                if phase != self._phase and phase in self._titles:
                    # Refused before it began.
                    yield from self._heading(phase, self._titles[phase])
                yield from stops.lines(event, self._roots, self._program)
            case _:
                # The other events of a run have no words of their own, and get none there.
                yield from verb_lines(event, self._program)
                yield from self._audited.lines(event)

    def _heading(self, phase: str, title: str) -> Iterator[tuple[str, str]]:
        if self._phase not in ("", phase):
            yield "", ""
        self._phase = phase
        yield f"{phase}: {title}", "bold"

    def _ended(
        self, duration: float, tests: str, left: tuple[str, ...], state: str
    ) -> Iterator[tuple[str, str]]:
        before = f"at the {state}'s start: " if state not in ("", "commit") else ""
        yield f"          {before}{tests or 'ended'} ({seconds(duration)})", ""
        for process in left:
            yield f"          left running, and stopped: {process}", "yellow"


def _last(identifier: str) -> str:
    return identifier.rpartition("/")[2]


def console(roots: Mapping[str, Path], titles: Mapping[str, str], program: str) -> Console:
    """The console for standard output: with a live line on a terminal, plain lines elsewhere."""
    if sys.stdout.isatty():
        from runbook.views.terminal import Terminal

        return Console(Terminal(), roots, program, titles)
    return Console(PlainLines(), roots, program, titles)
