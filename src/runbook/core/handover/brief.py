"""The brief: what a delegate is told, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.text.fences import fenced
from runbook.core.value import value

_CLOSING = (
    "Change only the files named above; make no commit, and leave git's index, branches and "
    "settings as they are. Whatever else is changed is put back, and the attempt counts as "
    "refused; so does one that leaves a process running, such as the daemon of a build tool. "
    "Your exit status proves nothing: the checks are run when you have ended, on a clean "
    "checkout with your files, and tests are compared one by one with what they did before.",
    "If the work can't be done as it is described, change nothing and print a line that begins "
    "with `BLOCKED:` and says why: a person takes over then.",
)


_CAME_TO = {
    "unmet": "is not good yet",
    "refused": "was refused",
    "unchanged": "made nothing new",
    "overrun": "took too long",
}


@value
class Check:
    """A check that judges the work: its command, and what is expected of it, in words.

    It can't be met `before` a step that is handed over as well, and has to fail on an earlier
    state, which `fails_at` names.
    """

    command: str
    expects: str = ""
    before: str = ""
    fails_at: str = ""


@value
class Attempted:
    """What came of the attempt before: what is amiss, its failures, and the change so far."""

    verdict: str
    why: tuple[str, ...]
    output: str = ""
    difference: str = ""


@value
class Assignment:
    """All that a brief says."""

    where: str
    goal: str
    task: str
    instructions: str
    files: tuple[str, ...]
    folder: str
    checks: tuple[Check, ...] = ()
    hidden: int = 0
    done: tuple[str, ...] = ()
    attempt: int = 1
    of: int = 1
    before: Attempted | None = None
    about: str = ""  # what the plan says of the task as a whole
    then: tuple[str, ...] = ()  # the steps after it that are no checks, up to a commit


def brief(assignment: Assignment, rules: tuple[str, ...] = _CLOSING) -> str:
    """The brief of an attempt; a later one says first what was wrong with the one before."""
    return "\n\n".join(_sections(assignment, rules)) + "\n"


def _sections(said: Assignment, rules: tuple[str, ...]) -> Iterator[str]:
    yield f"# {said.task}"
    if said.before is not None:
        yield from _again(said, said.before)
    yield f"Step {said.where} of a migration that `runbook` carries out. Its goal: {said.goal}"
    yield f"## What to do\n\n{said.instructions.strip()}"
    if said.about:
        yield f"## What the plan says of the whole task\n\n{said.about.strip()}"
    yield "## Files that may change\n\n" + _listed(said.files or ("none",))
    yield f"All paths are from {said.folder}"
    if said.checks:
        yield "## Checks that judge it"
        for check in said.checks:
            yield fenced(check.command, "sh")
            if check.expects:
                yield f"Expected:\n\n{fenced(check.expects, 'yaml')}"
            if check.fails_at:
                before = f"on {check.fails_at} as well, without the work"
                yield f"It is made {before}, and has to fail there."
            if check.before:
                yield (
                    f"It is to be met once {check.before} is done, which comes after this. What "
                    "it says of tests is compared with before all the same."
                )
    if said.hidden:
        more = "One more check is" if said.hidden == 1 else f"{said.hidden} more checks are"
        yield f"{more} not shown."
    if said.done:
        yield "## What was done before\n\n" + _listed(said.done)
    if said.then:
        yield (
            "## What comes after it\n\nLeave it to the run. Edits are made exactly as the plan has "
            f"them, and must still find their places.\n\n{_listed(said.then)}"
        )
    yield "## Rules\n\n" + "\n\n".join(rules)


def _again(said: Assignment, before: Attempted) -> Iterator[str]:
    what = _CAME_TO.get(before.verdict, before.verdict)
    yield f"This is attempt {said.attempt} of {said.of}. The one before {what}:"
    yield _listed(before.why)
    if before.output:
        yield f"The end of the output:\n\n{fenced(before.output.rstrip(), 'text')}"
    if before.difference:
        yield f"What is changed so far, and stays:\n\n{fenced(before.difference, 'diff')}"


def _listed(items: tuple[str, ...]) -> str:
    return "\n".join(f"- {item}" for item in items)
