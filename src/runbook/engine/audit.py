"""The audit of a phase: every check that can be, made again on the commit whose state it saw."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from runbook.core.check.auditplan import AuditedCheck, Seen, audit_plan
from runbook.core.model.ids import within
from runbook.core.model.model import Phase
from runbook.core.record.auditevents import (
    AuditBegan,
    AuditedCheckBegan,
    AuditEnded,
    CheckBroke,
    CheckHeld,
)
from runbook.core.record.events import Event
from runbook.core.record.taskstate import StepState
from runbook.core.text.redaction import redact
from runbook.engine.belief import doubt
from runbook.engine.cleanplace import prepared
from runbook.engine.command import run_tries
from runbook.engine.halt import Halt
from runbook.engine.order import Order
from runbook.engine.site import Site
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.ledger import compare

_SHOWN = 4000  # characters of the output's end that a failed check shows


def audit(site: Site, phase: Phase) -> Iterator[Event]:
    """Make the checks of a phase's landed tasks again; stop at the first that breaks.

    Nothing is done in the worktree: each commit is checked out beside it.
    """
    try:
        for event in _audit(site, phase):
            yield redact(event, site.secrets(phase))
    except Halt as halt:
        yield redact(halt.stopped, site.secrets(phase))


def _audit(site: Site, phase: Phase) -> Iterator[Event]:
    notebook, progress = site.notebook, site.journal.progress
    head = site.repository.head()
    yield from compare(notebook.ledger, notebook.folder, phase, progress, head, doubt)
    known = {
        name: step
        for task, state in progress.tasks.items()
        if within(task, phase.id) and not state.undone and state.skipped is None
        for name, step in state.steps.items()
    }
    made = {name: step.commit for name, step in known.items() if step.commit is not None}
    done = {name for name, step in known.items() if step.done}
    began = progress.phases.get(phase.id)
    start = None if began is None else began.head
    plan = audit_plan(phase, made, done, start, _seen(site, phase, known, start))
    commits = len({each.commit for each in plan.checks})
    yield AuditBegan(phase.id, phase.title or phase.goal, len(plan.checks), commits)
    latest = ""
    for each in plan.checks:
        if each.commit != latest:
            # One at a time: a phase may have many.
            site.scratches.close()
            latest = each.commit
        broke = yield from _again(site, phase, each)
        if broke is not None:
            yield broke
            return
    yield AuditEnded(phase.id, len(plan.checks), commits, plan.beyond)


def _seen(site: Site, phase: Phase, known: Mapping[str, StepState], start: str | None) -> Seen:
    """The trees that checks were made on, and those of the phase's commits."""
    notebook, head = site.notebook, site.repository.head().commit
    landed = [] if head is None else notebook.ledger.landed(head)
    notes = [each for each in landed if each.note.phase == phase.id]
    commits: dict[str, set[str]] = {}
    for commit in (start, *(step.commit for step in known.values())):
        if commit is not None:
            commits[commit] = {site.repository.tree(commit)}
    checks: dict[str, str] = {}
    for each in notes:
        if each.commit in commits and each.note.folder == notebook.folder:
            commits[each.commit].add(each.note.tree)
            checks |= {check.step: check.tree for check in each.note.checks}
    checks |= {name: step.check.tree for name, step in known.items() if step.check is not None}
    return Seen(checks, commits)


def _again(
    site: Site, phase: Phase, audited: AuditedCheck
) -> Generator[Event, None, CheckBroke | None]:
    step, check, commit = audited.step, audited.check, audited.commit
    yield AuditedCheckBegan(step, audited.task.title, commit, check.command.strip())
    try:
        root = site.scratches.at(commit)
    except GitFailed as error:
        return CheckBroke(step, str(check.at), commit, f"it can't be checked out: {error}")
    yield from prepared(site, phase, root, step, check)
    order = Order(step, check, root, "commit", commit)
    outcome, log, verdict = yield from run_tries(site, phase, order, check.retries)
    if verdict.passed:
        yield CheckHeld(step, commit)
        return None
    return CheckBroke(
        step,
        str(check.at),
        commit,
        "the check does not hold there",
        verdict.mismatches,
        outcome.tail[-_SHOWN:],
        log,
    )
