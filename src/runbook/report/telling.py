"""What every report says of a story, in words: how it ended, its figures, what to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from runbook.core.model.ids import verification_id
from runbook.core.patterns import regex
from runbook.core.record.events import WAITING
from runbook.core.text.counting import count, enumerated, named
from runbook.core.value import value
from runbook.report.story import CommandStory, PhaseStory, StepStory, Story, TaskStory
from runbook.views.evidence import ended
from runbook.views.words import seconds

Tone = Literal["good", "bad", "wait", "plain"]


@value
class Saying:
    """Something said of a story: of what kind it is, and the task or step that it is about."""

    tone: Tone
    text: str
    where: str = ""


@value
class Figure:
    """A number, with what it is of."""

    value: str
    label: str
    tone: Tone = "plain"


def heading(story: Story) -> str:
    """What a report is called: the goal of its phase, or the series' title."""
    phases = list(story.phases.values())
    if len(phases) == 1:
        return phases[0].title or phases[0].phase
    return story.title or enumerated(story.phases) or "No phase"


def verdict(story: Story) -> Saying:
    """How it stands as a whole."""
    stopped = next((p.stopped for p in story.phases.values() if p.stopped is not None), None)
    if stopped is not None:
        waits = stopped.kind in WAITING
        what = "waits for a person" if waits else "stopped"
        return Saying("wait" if waits else "bad", f"{what} at {stopped.where}", stopped.where)
    phases = story.phases.values()
    if phases and all(phase.audited for phase in phases):
        return Saying("good", "every check that was made again holds")
    if phases and all(phase.complete for phase in phases):
        return Saying("good", "complete")
    last = list(story.runs.values())[-1:]
    if last and last[0].exit is None and last[0].began is not None:
        return Saying("wait", "not ended: at work, or killed")
    return Saying("plain", "under way" if phases else "nothing was carried out")


def figures(story: Story) -> list[Figure]:
    """The numbers to be seen first."""
    tasks = [task for phase in story.phases.values() for task in _own_tasks(phase)]
    # What a run passes over is not in the total that it tells.
    total = sum(max(phase.total, len(_own_tasks(phase))) for phase in story.phases.values())
    done = sum(task.mark == "done" for task in tasks)
    whole: Tone = "good" if done >= total else "plain"
    found = [Figure(f"{done} of {total}", "tasks done", whole)]
    if story.phases and all(phase.audited for phase in story.phases.values()):
        again = sum(any(c.state == "commit" for c in step.commands) for step in story.steps)
        found = [Figure(str(again), f"{'check' if again == 1 else 'checks'} made again")]
    commits = [commit for commit in story.commits if not commit.reverts]
    found.append(Figure(str(len(commits)), "commit" if len(commits) == 1 else "commits"))
    judged = [step.last_command for task in story.tasks for step in task.checks]
    checks = [command for command in judged if command is not None]
    if checks:
        good = sum(command.accepted is True for command in checks)
        tone: Tone = "good" if good == len(checks) else "bad"
        found.append(Figure(f"{good} of {len(checks)}", "checks as expected", tone))
    reused = sum(bool(command.reused) for command in checks)
    if reused:
        found.append(Figure(str(reused), "of them reused"))
    proved = sum(step.failed_before is not None for step in story.steps)
    if proved:
        found.append(Figure(str(proved), "seen to fail before", "good"))
    tests = _tests(checks)
    if tests:
        found.append(
            Figure(
                f"{tests:,}".replace(",", "\u202f"),
                f"{'test' if tests == 1 else 'tests'} passed in the last check",
            )
        )
    busy = sum(
        run.ended - run.began
        for run in story.runs.values()
        if run.began is not None and run.ended is not None
    )
    if busy:
        found.append(Figure(seconds(busy), "at work"))
    return found


def _own_tasks(phase: PhaseStory) -> list[TaskStory]:
    verification = verification_id(phase.phase)
    return [task for task in phase.tasks.values() if task.task != verification]


def _tests(checks: list[CommandStory]) -> int:
    """How many tests passed in the last check that had any."""
    counts = [command.counts for command in checks if command.counts is not None]
    return counts[-1].passed if counts else 0


def attention(story: Story) -> list[Saying]:
    """What somebody who answers for it should look at, the most important first."""
    found = [
        Saying("bad", f"{task.task} was skipped by {task.who}: {task.reason}", task.task)
        for task in story.tasks
        if task.mark == "skipped"
    ]
    found += _broken(story)
    found += _uncommitted_changes(story)
    for task in story.tasks:
        found += _of_task(task)
        for step in task.steps.values():
            found += _of_step(step)
    found += _unverified(story)
    found += [
        Saying("plain", remark) for phase in story.phases.values() for remark in phase.remarks
    ]
    found += [Saying("plain", remark) for remark in story.remarks]
    return sorted(found, key=lambda each: ("bad", "wait", "plain", "good").index(each.tone))


def _broken(story: Story) -> Iterator[Saying]:
    """The checks that do not hold any more where they were made, by the last audit."""
    for phase in story.phases.values():
        broke = phase.broke
        if broke is not None and not phase.audited:
            text = f"audit: {broke.step} does not hold at {broke.commit[:9]} any more"
            yield Saying("bad", f"{text}: {broke.message}", broke.step)


def _unverified(story: Story) -> Iterator[Saying]:
    """Phases of which every task is done, and that are not complete all the same."""
    for phase in story.phases.values():
        own = _own_tasks(phase)
        done = len(own) >= max(1, phase.total) and all(task.mark == "done" for task in own)
        if done and not (phase.complete or phase.audited or phase.stopped is not None):
            yield Saying("wait", f"{phase.phase} is not verified as a whole, or not to its end")


def _uncommitted_changes(story: Story) -> Iterator[Saying]:
    """Commands that saw changes of somebody else; those that saw the same are one."""
    seen: dict[tuple[str, ...], list[str]] = {}
    for step in story.steps:
        command = step.last_command
        if command is not None and command.dirty:
            seen.setdefault(command.dirty, []).append(step.step)
    for paths, steps in seen.items():
        who = steps[0] if len(steps) == 1 else f"{len(steps)} commands"
        names = named(paths, 5)
        yield Saying("wait", f"{who} also saw uncommitted changes: {names}", steps[0])


def _of_task(task: TaskStory) -> Iterator[Saying]:
    where = task.task
    if task.by_hand:
        yield Saying("wait", f"{where}: changed by hand: {', '.join(task.by_hand)}", where)
    for commit in task.commits:
        if commit.note_failed:
            text = f"{commit.commit[:9]} has no note of its evidence: {commit.note_failed}"
            yield Saying("wait", text, where)
        if commit.reverted_by:
            yield Saying("plain", f"{commit.commit[:9]} was taken back", where)


def _of_step(step: StepStory) -> Iterator[Saying]:
    where = step.step
    command = step.last_command
    if step.flaky:
        tries = count(step.flaky, "try")
        yield Saying("wait", f"{step.step} is flaky: {tries} failed before it passed", where)
    if command is not None and command.left_running:
        yield Saying("plain", f"{step.step} left processes running, which were stopped", where)
    if step.word is not None and step.word.unattended:
        yield Saying("wait", f"{step.step} was confirmed although nobody looked", where)
    for attempt in step.attempts:
        for warning in attempt.ended.warnings if attempt.ended is not None else ():
            yield Saying("wait", f"{step.step}: {warning}", where)
    yield from (Saying("wait", f"{step.step}: {warning}", where) for warning in step.doubts)
    if step.hooks:
        yield Saying("plain", f"{step.step}: a hook changed what was committed", where)


def beside_commits(story: Story) -> Iterator[StepStory]:
    """The steps whose difference is in no commit, or is to be seen by itself: others' work."""
    for task in story.tasks:
        uncommitted = {each.step for each in task.uncommitted()}
        for step in task.steps.values():
            if step.step in uncommitted or step.by_hand or step.by:
                yield step


def outcome(command: CommandStory) -> str:
    """How a command ended: `14 passed, exit status 0 (4.5 s)`."""
    if not command.ended:
        return "did not come to its end"
    if command.exit is None:
        told = f"{command.summary}, " if command.summary else ""
        return f"{told}{command.how} ({seconds(command.duration)})"
    return ended(command.counts, command.exit, command.duration)


def expected(command: CommandStory) -> str:
    """Whether that was as expected."""
    if command.state == "commit":
        return "made again by an audit"
    if command.state:
        return ""
    return {True: "as expected", False: "not as expected", None: "not judged"}[command.accepted]


_TRAILER = regex(r"([A-Za-z][A-Za-z0-9-]*): (.+)")


def message_parts(message: str) -> tuple[str, str, list[tuple[str, str]]]:
    """A commit's message: its subject, its body, and its trailers."""
    subject, _, rest = message.strip("\n").partition("\n")
    blocks = rest.strip("\n").split("\n\n")
    found = [_TRAILER.fullmatch(line) for line in blocks[-1].split("\n")]
    if not all(found):
        return subject, rest.strip("\n"), []
    trailers = [(match[1], match[2]) for match in found if match is not None]
    return subject, "\n\n".join(blocks[:-1]), trailers
