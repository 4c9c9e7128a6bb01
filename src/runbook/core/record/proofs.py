"""What was proved: the checks of a step, and the note that a commit carries them in."""

from __future__ import annotations

import json
from typing import Any

from runbook.core.record import manualevents
from runbook.core.record import stepevents as events
from runbook.core.record.codec import from_json, to_json
from runbook.core.record.stepevents import TestCounts
from runbook.core.value import replace, value

VERSION = 1
"""Of notes; it changes when an older runbook would misread a newer one's."""


@value
class SeenToFail:
    """The check fails on a starting state, `commit`, as its `fails-at` demands."""

    state: str
    commit: str
    exit: int | None = None
    counts: TestCounts | None = None
    duration: float = 0.0  # seconds


@value
class Check:
    """A command of a step, as it ended: of several tries the last.

    `dirty` are the paths that differed from HEAD while it ran and are declared for no commit to
    come; `flaky` is how many tries failed before; `passed` is whether all was as expected. `tree`
    is what it saw of HEAD and the declared files, as a commit of them would have it.
    """

    step: str
    command: str
    exit: int | None = None
    counts: TestCounts | None = None
    duration: float = 0.0  # seconds
    dirty: tuple[str, ...] = ()
    log_digest: str = ""  # SHA-256 (hex) of the output
    passed: bool = False
    flaky: int = 0
    before: SeenToFail | None = None
    reused: str = ""  # the step that had run the same command on the same files
    tree: str = ""


@value
class Delegated:
    """Work that a command did in place of a person, and that was judged as good.

    `attempts` were made, of which the last took `duration` seconds; `brief` is the digest of what
    it was told. `confined` is empty, or why the kernel did not hold it.
    """

    step: str
    command: str
    attempts: int
    duration: float
    brief: str
    confined: str = ""
    cost: str = ""
    warnings: tuple[str, ...] = ()


CheckEvent = (
    events.CommandBegan
    | events.CommandEnded
    | events.VerifyPassed
    | events.FailedBefore
    | events.RunDone
)


_OF_THE_END = ("exit", "counts", "duration", "dirty", "log_digest", "reused", "tree")
"""What is kept of a check as the end of its command tells it."""


def after(check: Check | None, event: CheckEvent) -> Check | None:
    """What is known of a step's check when one more thing happened."""
    match event:
        case events.CommandBegan(state="commit") | events.CommandEnded(state="commit"):
            return check  # of an audit
        case events.CommandBegan(step, command, "", _):
            return Check(step, command)
        case events.CommandBegan(_, _, state, commit):
            return _with(check, before=SeenToFail(state, commit or ""))
        case events.CommandEnded(state=""):
            return _with(check, **{name: getattr(event, name) for name in _OF_THE_END})
        case events.CommandEnded() if check is not None and check.before is not None:
            seen = replace(
                check.before, exit=event.exit, counts=event.counts, duration=event.duration
            )
            return _with(check, before=seen)
        case events.VerifyPassed(_, flaky):
            return _with(check, passed=True, flaky=flaky)
        case events.RunDone():
            return _with(check, passed=True)
        case _:
            return check


def _with(check: Check | None, **changes: Any) -> Check | None:
    return None if check is None else replace(check, **changes)


@value
class Word:
    """What a person said of a step: that it is as it should be, or done, and where needed why.

    `said` is the question, or what was to be done; `changed` are files that are others since it
    was asked. Where it is `unattended`, a run was told to say yes, and nobody looked.
    """

    step: str
    said: str
    who: str
    when: int  # seconds since the epoch
    reason: str = ""
    unattended: bool = False
    changed: tuple[str, ...] = ()


def word_of(event: manualevents.ManualDone | manualevents.Confirmed) -> Word:
    """What was said, as its event tells."""
    match event:
        case manualevents.ManualDone(step, changed, who=who, when=when, reason=reason):
            return Word(step, "", who, when, reason, changed=changed)
        case manualevents.Confirmed(step, question, who, when, reason, unattended, changed):
            return Word(step, question, who, when, reason, unattended, changed)


@value
class Doubts:
    """What work by hand did to tests, told at a step of it or a check after it: to be looked at."""

    step: str
    warnings: tuple[str, ...]


@value
class TaskMark:
    """A task, and the digest of what it said when it was carried out."""

    task: str
    digest: str


@value
class CommitNote:
    """The evidence of one commit: which step made it, and the checks since the commit before.

    `folder` is that of the phase files in the repository; `steps` of the task, `of` so many, were
    done with it. `takes_along` are the tasks before that made no commit of their own, whose changes
    it holds. `words` are what people said. `by_hand` are files that a person changed while the task
    was carried out, and `doubts` what that did to tests; `delegated` is what a command changed in
    place of one. A commit that `reverts` takes the one back that the step made. `tree` is the
    commit's. What was made by hand was `adopted` by the phase file since: that is the digest
    before. `step_digests` are those of the steps up to the commit, as far as the note tells them.
    """

    series: str
    folder: str
    phase: str
    task: str
    title: str
    digest: str
    step: str
    steps: int
    of: int
    run: str
    ref: str | None
    checks: tuple[Check, ...] = ()
    takes_along: tuple[TaskMark, ...] = ()
    by_hand: tuple[str, ...] = ()
    delegated: tuple[Delegated, ...] = ()
    reverts: bool = False
    tree: str = ""
    words: tuple[Word, ...] = ()
    adopted: str = ""
    doubts: tuple[Doubts, ...] = ()
    step_digests: tuple[str, ...] = ()

    @property
    def known_steps(self) -> tuple[str, ...]:
        """The digests of all steps up to the commit, where the note tells them."""
        return self.step_digests if len(self.step_digests) == self.steps else ()


def note_text(note: CommitNote) -> str:
    """The note as it stands in git: JSON that can be read by people as well."""
    # Outcomes that no test had would only hide the others.
    content = {"runbook": VERSION, **to_json(note, brief={TestCounts})}
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def read_notes(text: str) -> list[CommitNote]:
    """The notes in a text.

    There are several where git put commits together (`fixup` in a rebase). What is no note of
    ours, or one of a newer version, is passed over.
    """
    decoder = json.JSONDecoder()
    found = []
    at = text.find("{")
    while at >= 0:
        try:
            content, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            note = _note(content)
            if note is not None:
                found.append(note)
        at = text.find("{", end)
    return found


def _note(content: Any) -> CommitNote | None:
    if not isinstance(content, dict) or content.get("runbook") != VERSION:
        return None
    try:
        return from_json(CommitNote, content)
    except TypeError:
        return None
