"""The import of a plan that runbook wrote: nothing in it is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from runbook.core.model.imported import Imported, Remark, TaskResult
from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    Expect,
    Manual,
    Phase,
    Run,
    Step,
    Task,
    Verify,
)
from runbook.core.model.operations import Glob, Target
from runbook.core.shell.cutting import conjuncts, unbracketed, words
from runbook.core.shell.places import place
from runbook.core.value import replace, value
from runbook.markdown.body import Declared
from runbook.markdown.hidden import comment
from runbook.markdown.importing.commands.effects import effect
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.commands.gitcommands import CO_AUTHOR
from runbook.markdown.importing.expectations.expected import read_expected
from runbook.markdown.importing.words.vocabulary import spelled
from runbook.markdown.ownplan import read_lines, read_plan
from runbook.markdown.ownsteps import Line, lines_of


def import_own(text: str) -> Imported:
    """The phase of the plan, also of one that lost its hidden comments, with its account.

    Raises:
        Foreign: the plan has something that runbook does not write.

    """
    lost = lost_comments(text)
    found = read_plan(text) if lost is None else read_lines(rebuilt(text, lost))
    phase = found.phase if lost is None else completed(found.phase)
    titled = phase.title is not None
    # What its series says already is left out again where that is known.
    phase = replace(phase, title=phase.title or found.series_title)
    results = [_result(str(number), task) for number, task in enumerate(phase.tasks, 1)]
    if phase.verification:
        first = phase.verification[0]
        checks = Task(phase.verification_id, "Verification", phase.verification, at=first.at)
        results.append(_result("", checks))
    warnings = tuple(Remark(each.line, each.message) for each in found.disagreements)
    if lost is not None:
        warnings = (lost.said, *warnings)
    return Imported(phase, tuple(results), found.series_title or "", warnings, titled)


def _result(number: str, task: Task) -> TaskResult:
    steps = task.steps
    return TaskResult(
        number,
        task.title,
        task.at.line,
        exact=sum(len(step.changes) for step in steps if isinstance(step, Edit)),
        manual=tuple(
            Remark(step.at.line, step.title or _first_line(step.instructions))
            for step in steps
            if isinstance(step, Manual)
        ),
        confirm=tuple(
            Remark(step.at.line, step.title or _first_line(step.question))
            for step in steps
            if isinstance(step, Confirm)
        ),
        commands=_number(steps, Run, Verify),
        commits=_number(steps, Commit),
        expectations=sum(isinstance(s, Run | Verify) and s.expect != Expect() for s in steps),
        steps=tuple(step.title for step in steps if step.title),
    )


def _number(steps: tuple[Step, ...], *kinds: type[Step]) -> int:
    return sum(isinstance(step, kinds) for step in steps)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


_WORKTREE = re.compile(r"(?P<worktree>(?:[\w.-]+/)*?\.?worktrees?/[^/]+)(?:/(?P<workdir>.+))?")
_OURS = spelled(r"Run, which may change `[^`]*`(, `[^`]*`)*:|By hand(, in `[^`]*`(, `[^`]*`)*)?:")
# Without one of these at the head of a line, a plan is of no such form.
_MAY_BE_OURS = spelled(r"^([ \t]*\(|Run, which may change `|By hand)", re.MULTILINE)
_TASK = re.compile(r"### Task \d+: ")
_MARKER = re.compile(r"<!-- (?:START|END)_TASK_")
_SHELL_FENCE = re.compile(r"`{3,}(?:bash|sh)\s*$")

_LOST = (
    "runbook wrote this plan, and its hidden comments are gone: {read}. Lost is what only they "
    "say: services, env, timeouts, groups of tasks, `guard`, `fails-at` and what an expectation "
    "does not say in words. Write the plan anew with `runbook plan`, or add it"
)


@value
class LostComments:
    """What the commands of such a plan tell of its phase; they all go to `folder`."""

    folder: str

    worktree: str | None
    workdir: str | None
    people: tuple[str, ...]

    @property
    def said(self) -> Remark:
        """What was read back, and what is lost."""
        places = {"worktree": self.worktree, "workdir": self.workdir}
        found = [f"`{key}: {path}`" for key, path in places.items() if path]
        verb = "is" if len(found) == 1 else "are"
        read = f"{' and '.join(found)} {verb} read of its commands" if found else "its text is read"
        return Remark(1, _LOST.format(read=read))


def lost_comments(text: str) -> LostComments | None:
    """What can be told of a plan of runbook's without its comments; `None` for any other."""
    if "<!-- runbook: " in text or not _MAY_BE_OURS.search(text):
        return None
    lines = lines_of(text)
    fences = list(_fences(lines))
    folders = {_folder(each) for each in fences}
    folder = folders.pop() if len(folders) == 1 else ""
    tree = _WORKTREE.fullmatch(folder)
    if not tree and folder and not _stands_in(folder, fences, lines):
        return None  # a folder of which the plan says more than that all is done in it
    if not folder and not any(line.outside and _OURS.fullmatch(line.text) for line in lines):
        return None
    worktree, workdir = (tree["worktree"], tree["workdir"]) if tree else (None, folder or None)
    return LostComments(folder, worktree, workdir, _people(fences))


def _fences(lines: list[Line]) -> Iterator[str]:
    """The shell scripts of a plan."""
    script: list[str] | None = None
    for line, following in pairwise([*lines, Line(0, "", True)]):
        if script is None and not line.outside and _SHELL_FENCE.match(line.text):
            script = []
        elif script is not None and (line.outside or following.outside):
            yield "\n".join(script)
            script = None
        elif script is not None:
            script.append(line.text)


def _folder(script: str) -> str:
    """The folder that a script in brackets goes to, or nothing."""
    inner = unbracketed(script) if script.lstrip().startswith("(") else script
    parts = conjuncts(inner) if inner != script else []
    goes = words(parts[0]) if len(parts) > 1 else []
    return goes[1].rstrip("/") if len(goes) == 2 and goes[0] == "cd" else ""


def _stands_in(folder: str, fences: list[str], lines: list[Line]) -> bool:
    """Whether the files of a plan are named from a folder: those that its commits add there."""
    named = "\n".join(line.text for line in lines if line.outside)
    added = [word for script in fences for word in _added(script)]
    inside = bool(added) and all(re.search(rf"`{re.escape(path)}[`:]", named) for path in added)
    return inside and f"`{folder}/" not in named and place(folder) == "inside"


def _added(script: str) -> list[str]:
    adds = [part for part in conjuncts(unbracketed(script)) if part.startswith("git add ")]
    return [word for part in adds for word in words(part)[2:] if word[:1] not in ":-"]


def _people(fences: list[str]) -> tuple[str, ...]:
    """The co-authors that all commits name."""
    named = [
        [found[1] for line in script.split("\n") if (found := CO_AUTHOR.fullmatch(line))]
        for script in fences
        if "git commit -m" in script
    ]
    first = named[0] if named else []
    return tuple(person for person in first if all(person in each for each in named))


def rebuilt(text: str, found: LostComments) -> list[Line]:
    """The plan with the comments that can be told of it, and the markers of its tasks."""
    keys: dict[str, Any] = {}
    if found.worktree:
        keys["worktree"] = found.worktree
    if found.workdir:
        keys["workdir"] = found.workdir
    if found.people:
        keys["co-authored-by"] = list(found.people)
    lines = lines_of(text)
    marked = any(line.outside and _MARKER.match(line.text) for line in lines)
    heading, *rest = lines if marked else _marked(lines)
    return [heading, Line(heading.number, comment(keys), True), *rest]


def _marked(lines: list[Line]) -> Iterator[Line]:
    """The lines with markers around each task."""
    number = 0
    held: list[Line] = []  # what may stand behind the task
    inside = False
    for line in [*lines, Line(0, "## ", True)]:
        task = line.outside and _TASK.match(line.text)
        if inside and (task or (line.outside and line.text.startswith("## "))):
            yield Line(line.number, f"<!-- END_TASK_{number} -->", True)
            inside = False
        if line.outside and line.text.strip() in ("", "---"):
            held.append(line)
            continue
        yield from held
        held = []
        if task:
            number += 1
            yield Line(line.number, f"<!-- START_TASK_{number} -->", True)
            inside = True
        if line.number:
            yield line


def completed(phase: Phase) -> Phase:
    """The phase with what its visible text leaves open: expectations, patterns, a person's work."""
    tasks = []
    for task in phase.tasks:
        declared = Declared()
        steps = []
        for step in task.steps:
            steps.append(_settled(_step(step), declared))
            declared.add(steps[-1])
        tasks.append(replace(task, steps=tuple(steps)))
    return replace(phase, tasks=tuple(tasks), verification=tuple(map(_step, phase.verification)))


def _settled(step: Step, declared: Declared) -> Step:
    if isinstance(step, Commit) and step.files and set(step.files) == set(declared.targets()):
        return replace(step, files=None)
    return step


def _step(step: Step) -> Step:
    match step:
        case Run() | Verify() if why := effect(step.command).why:
            files = step.files if isinstance(step, Run) else ()
            words = f"{why}:\n\n```bash\n{step.command.rstrip()}\n```\n"
            words = words[0].upper() + words[1:]
            return Manual(words, tuple(map(_target, files)), step.title, step.note, at=step.at)
        case Run():
            return replace(step, files=tuple(map(_target, step.files)), expect=_expect(step))
        case Verify():
            return replace(step, expect=_expect(step))
        case Manual():
            return replace(step, files=tuple(map(_target, step.files)))
        case Edit():
            return replace(step, targets=tuple(map(_target, step.targets)))
        case _:
            return step


def _target(target: Target) -> Target:
    return Glob(target) if isinstance(target, str) and "*" in target else target


def _expect(step: Run | Verify) -> Expect:
    said = step.expect.prose
    if said is None or step.expect != Expect(prose=said):
        return step.expect
    return read_expected(said, None, facts(step.command), title=step.title or "").expect
