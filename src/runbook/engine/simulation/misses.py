"""What is said of an edit that misses: of one of many files, of all of them, of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runbook.core.matching.results import Conflict
from runbook.core.model.model import Edit
from runbook.core.model.operations import Glob, MoveTo, Rename
from runbook.core.model.paths import folder_move_hint, into_folder_hint
from runbook.core.value import replace
from runbook.engine.simulation.planned import EditConflict


def folder_moved(edit: Edit) -> str | None:
    """What to do where an edit is to move a folder, or the files that are named for it."""
    to, target = _new_path(edit), edit.targets[0]
    name = target if isinstance(target, str) else target.pattern.partition("/*")[0]
    return None if to is None else folder_move_hint(name, to)


def _new_path(edit: Edit) -> str | None:
    return next((each.path for each in edit.changes if isinstance(each, MoveTo)), None)


def of_folder(conflict: EditConflict, edit: Edit) -> EditConflict:
    """The conflict, with how a folder is moved, or into one, where it is one that is no file."""
    cause = conflict.conflict
    if not cause.message.startswith(f"{conflict.path} is not a regular"):
        return conflict
    hint, (target, *others) = folder_moved(edit), edit.targets
    if conflict.path == _new_path(edit) and isinstance(target, str) and not others:
        hint = into_folder_hint(conflict.path, target)
    hinted = replace(cause, hint=cause.hint or hint)
    return EditConflict(conflict.at, conflict.path, hinted, conflict.operation)


def of_others(conflict: EditConflict, edit: Edit) -> EditConflict:
    """The conflict of one of many files, with what is said where only some hold the text."""
    cause = conflict.conflict
    if not cause.missed or cause.hint is not None or conflict.path in edit.targets:
        return conflict
    hint = "say `where: contains` beside the `glob:` to edit those of its files that hold the text"
    hinted = replace(cause, hint=hint)
    return EditConflict(conflict.at, conflict.path, hinted, conflict.operation)


def unfound(edit: Edit, renamed: Sequence[tuple[Rename, str]]) -> Iterator[EditConflict]:
    """Names to replace that are in none of the files: misspelt, most likely.

    `renamed` are the texts in which each table was looked for.
    """
    for operation in edit.changes:
        if not isinstance(operation, Rename):
            continue
        missing = operation.unfound([text for each, text in renamed if each is operation])
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            conflict = Conflict(f"none of the files has {names}", missed=True)
            yield EditConflict(operation.at, str(edit.targets[0]), conflict)


def unheld(edit: Edit, held: set[int]) -> Iterator[EditConflict]:
    """Changes whose text stands in none of the files that may hold it."""
    (pattern, *more) = [each.pattern for each in edit.targets if isinstance(each, Glob)]
    for index, operation in enumerate(edit.changes):
        if index not in held:
            files = "any of the patterns" if more else "the pattern"
            conflict = Conflict(f"no file that {files} matches holds the text", missed=True)
            yield EditConflict(operation.at, pattern, conflict, operation)
