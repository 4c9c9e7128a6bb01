"""Edits in memory: what files would hold, planned over what they hold now."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from runbook.core.check.questions import TooLong
from runbook.core.edit.edits import apply, may_hold
from runbook.core.matching.results import NO_MATCH, AlreadyApplied, Applied, Conflict, Result
from runbook.core.model.declared import destinations, step_targets
from runbook.core.model.ids import task_of
from runbook.core.model.model import Commit, Edit, Manual, Run, Step
from runbook.core.model.operations import (
    Create,
    Delete,
    Glob,
    MoveTo,
    Operation,
    RemoveLines,
    Rename,
    RewriteFile,
    Substitute,
)
from runbook.core.position import Position
from runbook.core.text.encodings import decoded, encoded, is_utf8
from runbook.core.value import replace
from runbook.engine.simulation.misses import folder_moved, of_folder, of_others, unfound, unheld
from runbook.engine.simulation.planned import (
    Attempt,
    EditConflict,
    Files,
    PlannedFile,
    destination_of,
    mode_stated,
)
from runbook.engine.simulation.plans import Plans
from runbook.transforms.transforms import TRANSFORMS
from runbook.world.files.workspace import (
    EXECUTE,
    Denied,
    FileState,
    NoFile,
    NotHeld,
    Unreachable,
    data_of,
)
from runbook.world.git.checkoutform import Form
from runbook.world.processes.timelimit import time_limit

_SECONDS = 5.0
"""How long one operation on one file may take: a regular expression can take for ever."""


class Simulation:
    """Files with planned edits laid over them, named by paths in a `workdir`."""

    def __init__(
        self,
        files: Files,
        expand: Callable[[Glob], list[str]],
        form: Callable[[str], Form] = lambda _path: Form(),
        plans: Plans | None = None,
    ) -> None:
        """Plan over `files`; `expand` gives the tracked ones that a pattern matches.

        `form` gives the ends of lines of a new file, and the encoding of any. `plans` are those of
        the worktree, which simulations in other folders of it share.
        """
        self._files = files
        self._expand = expand
        self._form = form
        self._plans = Plans() if plans is None else plans
        self._task = ""

    def copy(self) -> Simulation:
        """The same, to be planned on without any effect on this one."""
        other = Simulation(self._files, self._expand, self._form, self._plans.copy())
        other._task = self._task
        return other

    def plan(self, edit: Edit) -> tuple[PlannedFile, ...]:
        """What an edit makes of each of its files, remembered for the edits after it.

        Raises:
            EditConflict: one of its operations does not apply; nothing is remembered.
        """
        attempt = self._try(edit)
        if attempt.conflicts:
            raise attempt.conflicts[0]
        self._remember(attempt.planned)
        return attempt.planned

    def assume(self, files: Iterable[tuple[str, FileState | None]]) -> None:
        """Take files to hold what an edit that is half written makes of them."""
        for path, state in files:
            self._plans.assume(path, state)

    def plan_all(
        self,
        steps: Iterable[tuple[str, Step]],
        handed_over: Callable[[Step], bool] = lambda _step: False,
    ) -> None:
        """Plan every edit in order; what people and commands may change is unknown after them.

        Each step comes with its identifier. An edit that is `handed_over` where it does not apply
        is somebody's work there.

        Raises:
            EditConflict: the first edit that does not apply, and is nobody's.
        """
        for where, step in steps:
            attempt = self.take(step, where)
            if attempt is None or not attempt.conflicts:
                continue
            if not (attempt.conflicts[0].of_content and handed_over(step)):
                raise attempt.conflicts[0]
            self.give_away(step, where)

    def give_away(self, step: Step, where: str) -> None:
        """Take what a step declares for unknown: somebody does it in their own way."""
        self._plans.give_away(step_targets(step), where)

    def take(self, step: Step, where: str = "") -> Attempt | None:
        """Go past a step, which is called `where`; for an edit, what became of it.

        What does not apply is unknown for the steps after it, as what a person or a command may
        change is, and so is what an edit would make of a file that is unknown. A manual step
        changes its `files` alone: see `core.declared.resolved`.
        """
        self._task = task_of(where)
        match step:
            case Edit():
                attempt = self._try(step)
                self._remember(attempt.planned)
                patterns = {each.pattern for each in step.targets if isinstance(each, Glob)}
                for path in (*attempt.unknown, *(each.path for each in attempt.conflicts)):
                    if path not in patterns:
                        self._plans.give_away((path, *_moves(step)), attempt.after or where)
                return attempt
            case Run() | Manual():
                self._plans.give_away(step.files, where)
            case Commit():
                self._plans.commit(step.files)
            case _:
                pass
        return None

    def _remember(self, planned: Iterable[PlannedFile]) -> None:
        for file in planned:
            self._plans.add(file, self._task)

    def _try(self, edit: Edit) -> Attempt:
        """Plan an edit as far as it goes; nothing is remembered."""
        paths, conflicts, unknown, after = self._paths(edit)
        chosen = self._where_found(edit)
        paths += [path for path in chosen if path not in paths]
        held: set[int] = set()  # changes whose text stands in one of the files
        planned: dict[str, PlannedFile] = {}
        renamed: list[tuple[Rename, str]] = []
        moves = _moves(edit)
        for path in paths:
            causes = [self._plans.because_of(each) for each in (path, *moves)]
            cause = next((each for each in causes if each is not None), None)
            if cause is not None and not isinstance(edit.changes[0], Create | RewriteFile | Delete):
                unknown.append(path)
                after = after or cause
                continue
            try:
                only = edit
                if path in chosen:
                    only = self._held(path, edit)
                    held |= {
                        index for index, each in enumerate(edit.changes) if each in only.changes
                    }
                    if not only.changes:
                        continue
                files = self._plan_file(path, only, renamed, blind=cause is not None)
                for file in files:
                    if file.path in planned:
                        message = f"{file.path} would be written twice by this step"
                        twice = Conflict(message, folder_moved(edit))
                        raise EditConflict(edit.changes[0].at, path, twice)
            except NotHeld:
                unknown.append(path)
                continue
            except EditConflict as conflict:
                conflicts.append(of_folder(conflict, edit))
                continue
            planned |= {file.path: file for file in files}
        if planned:
            conflicts = [of_others(each, edit) for each in conflicts]
        if not (conflicts or unknown):
            conflicts += unfound(edit, renamed)
            if all(isinstance(each, Glob) and each.where for each in edit.targets):
                conflicts += unheld(edit, held)
        return Attempt(tuple(planned.values()), tuple(conflicts), tuple(unknown), after)

    def _paths(self, edit: Edit) -> tuple[list[str], list[EditConflict], list[str], str]:
        """The files of an edit; the patterns without any, and those that may match others yet.

        Last is the step because of which they may.
        """
        after = ""
        paths: dict[str, None] = {}
        conflicts: list[EditConflict] = []
        unknown: list[str] = []
        for target in edit.targets:
            if isinstance(target, str):
                paths[target] = None
                continue
            found = self._matching(target)
            if not target.where:
                paths |= dict.fromkeys(found)
            cause = self._plans.may_match(target)
            if cause is not None:
                unknown.append(target.pattern)
                after = after or cause
            elif not found:
                conflicts.append(EditConflict(edit.at, target.pattern, NO_MATCH))
        return list(paths), conflicts, unknown, after

    def _where_found(self, edit: Edit) -> list[str]:
        """The files of which an edit means those that hold a text; its own file quotes it."""
        globs = [each for each in edit.targets if isinstance(each, Glob) and each.where]
        found = dict.fromkeys(path for glob in globs for path in self._matching(glob))
        literal = (path for path in found if path not in edit.targets)
        return [path for path in literal if not self._plans.is_phase_file(path)]

    def _held(self, path: str, edit: Edit) -> Edit:
        """An edit with those of its changes alone whose text a file holds."""
        try:
            known = self._plans.has(path)
            state = self._plans.planned(path) if known else self._files.read(path)
        except NoFile:
            state = None
        except NotHeld:
            raise
        except Unreachable as error:
            # Nobody knows whether it holds the text.
            raise EditConflict(edit.changes[0].at, path, Conflict(str(error))) from None
        text: str | None = None if state is None else self._text(path, state.data)
        if text is None or "\0" in text:
            # To git and grep, what has a zero byte is no text.
            return replace(edit, changes=())
        left = []
        for operation in edit.changes:
            assert text is not None
            if not may_hold(text, operation):
                continue
            result = _in_time(text, operation, path)
            if isinstance(result, Conflict) and result.missed:
                continue
            left.append(operation)
            text = result.text if isinstance(result, Applied) else text
        return replace(edit, changes=tuple(left))

    def _matching(self, glob: Glob) -> list[str]:
        tracked = dict.fromkeys(self._expand(glob))
        tracked |= dict.fromkeys(self._plans.tracked(glob.pattern))
        # git lists a file until its deletion is committed.
        return [path for path in tracked if self._is_there(path)]

    def _is_there(self, path: str) -> bool:
        if self._plans.has(path):
            return self._plans.planned(path) is not None
        return self._files.is_there(path)

    def _read(self, path: str, at: Position) -> FileState | None:
        if self._plans.has(path):
            return self._plans.planned(path)
        try:
            if self._plans.is_below_deleted(path, self._task):
                return None
            state = self._files.read(path)
            self._files.check_writable(path)
        except NotHeld:
            raise
        except Unreachable as error:
            denied = isinstance(error, Denied)
            raise EditConflict(at, path, Conflict(str(error), error.hint, denied=denied)) from None
        return state

    def _plan_file(
        self, path: str, edit: Edit, renamed: list[tuple[Rename, str]], *, blind: bool
    ) -> list[PlannedFile]:
        """The file, and where it was moved both ends; `blind`: whatever it holds by then.

        The texts in which tables of names are looked for are added to `renamed`.
        """
        start = self._read(path, edit.changes[0].at)
        if blind:
            start = None if isinstance(edit.changes[0], Create) else FileState(b"", None)
        text = None if start is None else self._text(path, start.data)
        mode = None if start is None else start.mode
        here, before, left = path, start, []
        lines = None
        moved = self._moved_before(path, edit) if start is None else None
        if moved is not None:
            # What stands before the move was done to the file in its new place as well.
            here = destination_of(moved, path) or path
            before = self._read(here, moved.at)
            assert before is not None
            text, mode = self._text(here, before.data), before.mode
        for operation in edit.changes:
            if isinstance(operation, Rename) and text is not None:
                renamed.append((operation, text))
            if not isinstance(operation, MoveTo):
                result = _limited(text, operation, path, here)
                if isinstance(result, Applied):
                    text = result.text
                    lines = lines or result.lines
                stated = mode_stated(operation, path)
                if mode is None or (stated is not None and (stated ^ mode) & EXECUTE):
                    mode = stated
            to = destination_of(operation, path)
            if to is None or operation is moved:
                continue
            there = self._read(to, operation.at)
            if text is None or there is not None:
                raise EditConflict(operation.at, here, _unmovable(here, to, text))
            left.append(PlannedFile(here, before, None, None))
            here, before = to, None
        after = None
        if text is not None:
            was = before or start
            data = self._bytes(here, text, data_of(was), edit)
            after = FileState(data, mode)
        return [*left, PlannedFile(here, before, after, lines)]

    def _text(self, path: str, data: bytes) -> str:
        """The text of a file; bytes that are none in its encoding are kept as they are."""
        encoding = None if is_utf8(data) else self._form(path).encoding
        text = None if encoding is None else decoded(data, encoding)
        return data.decode("utf-8", "surrogateescape") if text is None else text

    def _bytes(self, path: str, text: str, before: bytes | None, edit: Edit) -> bytes:
        """The bytes of a text as a checkout gives them; `before` are those that were there.

        Raises:
            EditConflict: the encoding of the file lacks a character.
        """
        plain = text.encode("utf-8", "surrogateescape")
        if before is not None and is_utf8(before) and (text.isascii() or not before.isascii()):
            return plain
        form = self._form(path)
        if before is None and "\r" not in text:
            text = text.replace("\n", form.line_end)
            plain = text.encode("utf-8", "surrogateescape")
        if form.encoding is None:
            return plain
        if before is not None and not is_utf8(before) and decoded(before, form.encoding) is None:
            return plain
        try:
            return encoded(text, form.encoding, before)
        except LookupError:
            return plain
        except UnicodeEncodeError as error:
            message = f"`{text[error.start]}` can't be written in {form.encoding}"
            hint = "the attribute `working-tree-encoding` says that the file is to be in it"
            raise EditConflict(edit.changes[0].at, path, Conflict(message, hint)) from None

    def _moved_before(self, path: str, edit: Edit) -> Operation | None:
        """The move of an edit that was made already, when the file is no longer where it was."""
        if isinstance(edit.changes[0], Create):
            return None
        for operation in edit.changes:
            to = destination_of(operation, path)
            if to is not None:
                return None if self._read(to, operation.at) is None else operation
        return None


def _limited(
    text: str | None, operation: Operation, path: str, here: str
) -> Applied | AlreadyApplied:
    result = _in_time(text, operation, path)
    if isinstance(result, Conflict):
        raise EditConflict(operation.at, here, result, operation)
    return result


def _in_time(text: str | None, operation: Operation, path: str) -> Result:
    try:
        with time_limit(_SECONDS):
            return apply(text, operation, path, TRANSFORMS)
    except TooLong:
        from runbook.core.check.outputs import SLOW_HINT

        hint = SLOW_HINT if isinstance(operation, Substitute | RemoveLines) else None
        return Conflict(f"the operation took longer than {_SECONDS:.0f} s", hint)


def _unmovable(path: str, to: str, text: str | None) -> Conflict:
    if text is None:
        return Conflict(f"neither {path} nor {to} exists")
    return Conflict(f"{to} exists already", "delete it in a step before, if it is to be replaced")


def _moves(edit: Edit) -> tuple[str, ...]:
    return tuple(to for change in edit.changes for to in destinations(change))
