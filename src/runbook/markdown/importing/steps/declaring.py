"""Which files the manual steps and the commits of a task name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from runbook.core.model.declared import step_targets
from runbook.core.model.globs import matches
from runbook.core.model.model import Commit, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Create, Delete, Glob, RewriteFile, Target
from runbook.core.value import replace, value
from runbook.markdown.importing.words.filekinds import is_test
from runbook.markdown.importing.words.filelist import FileMention, as_target, parse_path
from runbook.markdown.importing.words.vocabulary import anycase

OF_THE_COMMIT: Final = Glob("(those of the commit)")
"""Stands among the files of a manual step that changes some, until its commit's are known."""


@value
class Pending:
    """What steps since the last commit declare, and what others may change without naming it."""

    declared: tuple[Target, ...] = ()
    unnamed: tuple[Target, ...] = ()
    told: tuple[Target, ...] = ()  # of the unnamed, what a person is told to change


@value
class MayChange:
    """What a manual step may change that waits for none of it: all, and what its words name."""

    commits: int  # of the task, before it
    files: tuple[Target, ...]
    named: tuple[Target, ...]  # that are in git, and that no commit of its own contains


@value
class Changes:
    """What a task says of the files that its steps change."""

    mentions: tuple[FileMention, ...]
    may_change: tuple[MayChange, ...]
    is_new: Callable[[str], bool]  # whether a path may be of a file that is not there yet
    tried: bool  # the repository's files are known

    @property
    def mentioned(self) -> tuple[Target, ...]:
        """The files that the task changes, as its Files block has them."""
        every = (each for each in self.mentions if each.role != "read")
        return tuple(end for each in every for end in each.ends.values())


def added_by(
    added: Target,
    changed: tuple[FileMention, ...],
    edits: Callable[[str], bool],
    is_there: Callable[[str], bool | None],
) -> Target:
    """What `git add` adds: a name without an ending is a file where the task has one of it."""
    ours = [each.path for each in changed]
    if not isinstance(added, Glob):
        told = is_there(added) or edits(added)
        return as_target(added if told else _in_its_folder(added, ours))
    path = added.pattern.removesuffix("/**")
    if edits(path) or any(each.path == path and not each.folder for each in changed):
        return path
    return Glob(_in_its_folder(path, ours) + "/**") if added.pattern.endswith("/**") else added


def _in_its_folder(path: str, ours: Iterable[str]) -> str:
    """A path that a commit names, as the task has it; it is so itself, if that is not told.

    Who went to `tools` before may have written `src/a.py` of `tools/src/a.py`.
    """
    paths = [f"/{each}/" for each in ours]
    if any(each.startswith(f"/{path}/") for each in paths):
        return path
    ends = {
        each[1 : each.index(f"/{path}/") + 1 + len(path)] for each in paths if f"/{path}/" in each
    }
    return ends.pop() if len(ends) == 1 else path


def with_files(
    steps: tuple[Step, ...], changes: Changes, before: Pending
) -> tuple[tuple[Step, ...], Pending]:
    """A task's steps with commits that know their files, and manual steps that can be passed.

    A manual step names what its own words and the commit after it name; without any, it is passed
    by running again. `before` is what tasks before it leave for its first commit, second comes
    what it leaves itself.
    """
    made: list[Step] = []
    group: list[Step] = []
    number = 0
    steps = tuple(
        replace(step, files=_waited_for(step.files, steps, index))
        if isinstance(step, Manual)
        else step
        for index, step in enumerate(steps)
    )
    alone = sum(isinstance(step, Commit) for step in steps) == 1
    for step in steps:
        group.append(step)
        if isinstance(step, Commit):
            may = _with_may(before, changes, number)
            made += _group(group[:-1], step, changes, may, alone=alone)
            group, before, number = [], Pending(), number + 1
    made += (rest := [_resolved(step, ()) for step in group])
    left = _with_may(before, changes, number)
    declared = (*left.declared, *(target for step in rest for target in step_targets(step)))
    return tuple(made), Pending(
        tuple(dict.fromkeys(declared)), (*left.unnamed, *_open(group, changes)), left.told
    )


def _with_may(before: Pending, changes: Changes, number: int) -> Pending:
    here = [each for each in changes.may_change if each.commits == number]
    may = (target for each in here for target in each.files)
    told = (target for each in here for target in each.named)
    return replace(
        before, unnamed=(*before.unnamed, *may), told=tuple(dict.fromkeys((*before.told, *told)))
    )


def _open(steps: list[Step], changes: Changes) -> tuple[Target, ...]:
    """What manual steps may change whose words name no file."""
    return changes.mentioned if _is_open(steps) else ()


def _is_open(steps: list[Step]) -> bool:
    """Whether a person is to change files that no words of the step name."""
    return any(isinstance(step, Manual) and step.files == (OF_THE_COMMIT,) for step in steps)


def _group(
    steps: list[Step], commit: Commit, changes: Changes, before: Pending, *, alone: bool
) -> list[Step]:
    """The steps that belong to one commit, which is `alone` in its task, and the commit."""
    works = any(isinstance(step, Manual) and OF_THE_COMMIT in step.files for step in steps)
    edited = {t for step in steps if not isinstance(step, Manual) for t in step_targets(step)}
    new = _checked_new(steps, changes.is_new) if works else ()
    of_task = tuple(each.path for each in changes.mentions)
    # What the task names with its folder is no file beside it.
    new = tuple(
        each
        for each in new
        if each not in edited and not any(path.endswith(f"/{each}") for path in of_task)
    )
    of_plan = tuple(each for each in commit.files or () if each != Glob("**"))
    resolved = [
        _resolved(_making(step, of_plan), _waited_for(of_plan, tuple(steps), index), new)
        for index, step in enumerate(steps)
    ]
    created = {each.target for each in changes.mentions if each.role == "create"}
    of_commit = changes.mentioned if commit.files is None and alone else commit.files or ()
    resolved = _with_made(
        resolved, (t for t in of_commit if t in created and changes.is_new(str(t)))
    )
    declared = tuple(
        dict.fromkeys((*before.declared, *(t for step in resolved for t in step_targets(step))))
    )
    nameless = any(isinstance(step, Manual) and not step.files for step in resolved)
    if commit.files is not None:
        # Without the files, one that is there may be checked and not changed.
        files = (*commit.files, *(_beside(new, commit.files) if changes.tried else ()))
        # What a person may have been told to change would stay behind.
        files = (*files, *_beside(before.told, files))
        of_them = not (nameless or before.declared or before.unnamed)
        same = of_them and set(files) == set(declared)
        return [*resolved, replace(commit, files=None if same else files)]
    unnamed = (*before.unnamed, *_open(steps, changes))
    if declared and not (nameless or unnamed):
        return [*resolved, commit]
    others = () if declared or unnamed else changes.mentioned
    every = tuple(dict.fromkeys((*declared, *new, *unnamed, *others)))
    if _is_open(steps) and not changes.mentioned:
        every = ()  # what a person changes may be any file
    return [*resolved, replace(commit, files=every or (Glob("**"),))]


def _with_made(steps: list[Step], files: Iterable[Target]) -> list[Step]:
    """The steps before a commit, where what it has and none of them makes is of the last by hand.

    That is what the Files block has created without a word on it, such as an `__init__.py`.
    """
    made = tuple(target for step in steps for target in step_targets(step))
    for at, step in reversed(tuple(enumerate(steps))):
        if isinstance(step, Manual) and step.files:
            own = replace(step, files=(*step.files, *_beside(files, made)))
            return [*steps[:at], own, *steps[at + 1 :]]
    return steps


def _waited_for(
    files: tuple[Target, ...], steps: tuple[Step, ...], index: int
) -> tuple[Target, ...]:
    """Of some files what the step at an index may change: none that an edit writes later."""
    later = {
        step.targets[0]
        for step in steps[index + 1 :]
        if isinstance(step, Edit) and isinstance(step.changes[0], Create | RewriteFile)
    }
    gone = {
        path
        for step in steps[:index]
        if isinstance(step, Edit) and step.changes == (Delete(),)
        for path in step.targets
    }
    return tuple(each for each in files if each not in later | gone)


def _making(step: Step, files: tuple[Target, ...]) -> Step:
    """A command that may write anything below its folder, and also what is then committed."""
    if not isinstance(step, Run):
        return step
    folder = re.match(r"cd (\S+) && (?!mkdir\b)", step.command)
    if folder is None or step.files != (Glob(f"{folder[1].rstrip('/')}/**"),):
        return step
    return replace(step, files=(*step.files, *_beside(files, step.files)))


def _resolved(step: Step, files: tuple[Target, ...], new: tuple[str, ...] = ()) -> Step:
    """A step that names its own files and those of its commit; of `new` ones what may be its."""
    if not isinstance(step, Manual) or OF_THE_COMMIT not in step.files:
        return step
    own = [*(each for each in step.files if each != OF_THE_COMMIT), *files]
    words = f"{step.title or ''} {step.instructions.partition(chr(10))[0]}"
    if own or _OF_TESTS.search(words):
        # Where nothing else is named, a run would wait for these.
        own += new
    return replace(step, files=tuple(dict.fromkeys(own)))


_OF_TESTS = anycase(r"\btest(s|ing)?\b|テスト|测试")


def _beside(paths: Iterable[Target], files: tuple[Target, ...]) -> tuple[Target, ...]:
    patterns = [each.pattern for each in files if isinstance(each, Glob)]
    return tuple(
        path
        for path in paths
        if path not in files
        and not (isinstance(path, str) and any(matches(pattern, path) for pattern in patterns))
    )


_BY_NAME = re.compile(r"\b(?:npm|pnpm|yarn|bun|bunx|npx|vitest|jest)\b")


def _checked_new(steps: list[Step], is_new: Callable[[str], bool]) -> tuple[str, ...]:
    """The tests that the checks run, and that a person may have to write first."""
    found: dict[str, None] = {}
    for step in steps:
        if not isinstance(step, Verify | Run):
            continue
        folder = re.match(r"cd (\S+) && ", step.command)
        below = f"{folder[1].rstrip('/')}/" if folder else ""
        for word in re.findall(r"(?<![\w=$'\"/.-])[\w@][\w./@-]*\.\w+(?=[\s:'\"]|$)", step.command):
            parsed = parse_path(word)
            if "/" not in word and _BY_NAME.search(step.command):
                continue  # of a test in any folder
            if parsed is not None and is_test(parsed[0]) and is_new(below + parsed[0]):
                found[below + parsed[0]] = None
    return tuple(found)
