"""Tries edits against the files of a repository, in order and in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from runbook.core.edit.edits import Transforms, apply
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.model.globs import matches
from runbook.core.model.model import Edit
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Glob,
    Insert,
    MoveTo,
    Operation,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    Target,
)
from runbook.core.value import replace, value
from runbook.markdown.importing.places.definitions import in_string, parsed
from runbook.markdown.importing.places.files import path_comment
from runbook.markdown.importing.places.landing import THERE, already_there, entry_there, inside_of
from runbook.markdown.importing.places.parsers import PYTHON, spoilt
from runbook.markdown.importing.words.prose import without_explanations

_CALLED = {".py": "Python", ".pyi": "Python", ".json": "JSON", ".toml": "TOML"}
_SHORT = 12  # a first line that many files have: `#!/bin/sh`

Read = Callable[[str], str | None]
"""A file's text by its path, `None` where there is none."""


@value
class Tried:
    """What came of an edit: the edit as it applies, or why it doesn't.

    `how` is `exact`, `anchored` where only another indentation fits, or `by form` where the file
    isn't known (any more).
    """

    edit: Edit
    how: str
    why: str = ""
    lines: tuple[int, int] | None = None  # where it applied
    warning: str = ""


class Trial:
    """The repository as the plan's steps leave it, as far as that is known."""

    def __init__(self, read: Read | None, transforms: Transforms | None = None) -> None:
        """Try over the files that `read` gives; without it nothing is tried.

        `transforms` carry out the operations that need a library or git.
        """
        self._read = read
        self._transforms = transforms
        self._made: dict[str, str | None] = {}
        # Files changed unseen: what was said of each change, `None` where nothing was.
        self._unknown: dict[str, list[str | None]] = {}
        self._patterns: list[tuple[str, str | None]] = []
        self._put_in: list[str] = []  # what edits put in that could not be tried

    @property
    def has_repository(self) -> bool:
        """Whether anything can be tried."""
        return self._read is not None

    @property
    def transforms(self) -> bool:
        """Whether operations that need a library can be tried."""
        return self._transforms is not None

    def knows(self, path: str) -> bool:
        """Whether the file's text is known."""
        if self._read is None or path in self._unknown:
            return False
        return not any(matches(pattern, path) for pattern, _ in self._patterns)

    def has(self, path: str) -> bool | None:
        """Whether a file is there by now; `None` where a step that names it may have made it.

        What may change any file, such as a formatter, makes none.
        """
        if self._read is None:
            return None
        if self.text(path) is not None:
            return True
        made = any(each != "**" and matches(each, path) for each, _ in self._patterns)
        return None if made or path in self._unknown else False

    def text(self, path: str) -> str | None:
        """The file's text as it was last known, or `None` where there is none."""
        if path in self._made:
            return self._made[path]
        return self.at_first(path)

    def at_first(self, path: str) -> str | None:
        """The file's text as it was before the plan."""
        return None if self._read is None else self._read(path)

    def copy(self) -> Trial:
        """The same state, to try things on that are not to last."""
        other = Trial(self._read, self._transforms)
        other._made = dict(self._made)
        other._unknown = {path: list(said) for path, said in self._unknown.items()}
        other._patterns = list(self._patterns)
        other._put_in = list(self._put_in)
        return other

    def remembered(self, path: str, names: Iterable[str]) -> str | None:
        """The file's text, as far as it is about these names.

        Changes that nobody has seen leave alone what the words for them don't name.
        """
        if self._read is None:
            return None
        text, of = self.text(path), tuple(names)
        for words in self._said(path):
            if words is None or not of or _shows_whole(words, path, text):
                return None
            work = without_explanations(words)
            if any(
                name in work and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", work) for name in of
            ):
                return None
        return text

    def words_of_changes(self, path: str) -> str:
        """What was said of the changes of a file that nobody has seen."""
        return "\n".join(filter(None, self._said(path)))

    def _said(self, path: str) -> list[str | None]:
        """What was said of each unseen change of a file."""
        said = [words for pattern, words in self._patterns if matches(pattern, path)]
        return [*self._unknown.get(path, []), *said]

    def changed_unseen(self, files: Iterable[Target], words: str | None = None) -> None:
        """Someone or something may change these files: what they hold is not known after it.

        `words` say what a person makes of them; of a command it isn't said.
        """
        for target in files:
            if isinstance(target, Glob):
                self._patterns.append((target.pattern, words))
            else:
                self._unknown.setdefault(target, []).append(words)

    def attempt(self, edit: Edit, *, loose: bool = True) -> Tried:
        """Try an edit of one file, and keep what it makes if it applies.

        `loose` allows another indentation, where it applies with one only.
        """
        (path,) = edit.targets
        assert isinstance(path, str)
        if not self.knows(path):
            if self._read is None:
                return Tried(edit, "exact" if self._follow(edit, path) else "by form")
            if self._is_nowhere(edit, path):
                why = "its old text is neither in the file nor in the steps before"
                return Tried(edit, "by form", why)
            added = [each.text.value for each in edit.changes if isinstance(each, Append)]
            if any(spoilt("\n", text, path) for text in added):
                return Tried(edit, "by form", "its block is a part of something")
            tried = self._foresee(edit, path, loose=loose)
            makes = any(isinstance(each, Create) for each in edit.changes)
            # No step before is known to delete the file that is to be made.
            if tried.why.startswith((THERE, _SPOILS)) or (makes and tried.why):
                return replace(tried, how="by form")
            self._put_in += [text for each in edit.changes for text in new_texts(each)]
            warning = f"{path} may be changed by a step before"
            return Tried(tried.edit, "by form", warning=warning)
        return self._foresee(edit, path, loose=loose)

    def would_apply(self, edit: Edit, about: Iterable[str], *, loose: bool) -> bool:
        """Whether an edit of one file applies to what is known of the things that it is `about`."""
        (path,) = edit.targets
        assert isinstance(path, str)
        text = self.text(path) if self.knows(path) else self.remembered(path, about)
        return text is not None and not self._with_matching(edit, path, text, loose=loose).why

    def _follow(self, edit: Edit, path: str) -> bool:
        """Without a repository: keep the text of a file that the plan itself makes.

        Whether there is nothing to try of the edit: it makes the file, or its text is known.
        """
        begins = any(isinstance(each, Create | RewriteFile) for each in edit.changes)
        known = begins or path in self._made
        if known:
            self._keep(edit, path, None if begins else self._made[path])
        return known or all(isinstance(each, Delete | MoveTo) for each in edit.changes)

    def _is_nowhere(self, edit: Edit, path: str) -> bool:
        """Whether an edit's old text can't be in a file that a person may have changed."""
        old = next((text for each in edit.changes for text in old_texts(each)), None)
        if old is None:
            return False
        lines = [line.strip() for line in old.split("\n") if line.strip()]
        said = self._said(path)
        known = [*self._put_in, self.text(path) or "", *(words or "" for words in said)]
        unsaid = None in said  # a command may make anything of it
        return not unsaid and any(all(line not in words for words in known) for line in lines)

    def _foresee(self, edit: Edit, path: str, *, loose: bool) -> Tried:
        """Try an edit of the text as it was last known, and keep the result for later."""
        before = self.text(path)
        tried = self._with_matching(edit, path, before, loose=loose)
        if not tried.why:
            self._keep(tried.edit, path, before)
        return tried

    def _keep(self, edit: Edit, path: str, text: str | None) -> None:
        for operation in edit.changes:
            if isinstance(operation, MoveTo):
                self._made[operation.path] = text
                text = None
                continue
            if isinstance(operation, RewriteFile):
                text = operation.text.value
                continue
            result = apply(text, operation, path, self._transforms)
            if isinstance(result, Applied):
                text = result.text
        self._made[path] = text

    def _with_matching(self, edit: Edit, path: str, before: str | None, *, loose: bool) -> Tried:
        text = before
        made: list[Operation] = []
        how = "exact"
        lines = None
        warning = ""
        for operation in edit.changes:
            if isinstance(operation, MoveTo):
                made.append(operation)
                if text is None:
                    return Tried(edit, "exact", f"{path} does not exist")
                continue
            chosen = operation
            result = apply(text, operation, path, self._transforms)
            searched = loose and isinstance(operation, Replace | Remove | Insert)
            if isinstance(result, Conflict) and searched:
                assert isinstance(operation, Replace | Remove | Insert)
                chosen = replace(operation, match="indent")
                shifted = apply(text, chosen, path)
                if isinstance(shifted, Conflict):
                    return Tried(edit, how, result.message)
                result, how = shifted, "anchored"
            if isinstance(result, Conflict):
                return Tried(edit, how, result.message)
            if isinstance(result, AlreadyApplied):
                warning = f"{THERE}{path} is as this makes it"
            else:
                why = self._unfit(path, text, result, chosen)
                if why:
                    return Tried(edit, how, why)
                text = result.text
                if result.lines is not None and lines is None:
                    lines = (result.lines.first, result.lines.last)
            made.append(chosen)
        return Tried(replace(edit, changes=tuple(made)), how, lines=lines, warning=warning)

    def _unfit(self, path: str, text: str | None, result: Applied, change: Operation) -> str:
        """Why what an edit makes of a file of the repository is not to be, or nothing."""
        if text is not None:
            there = already_there(path, text, change, lambda: self.at_first(path))
            if there:
                return there
        why = _unsound(path, text, result, change)
        inserts = isinstance(change, Insert | Append | Prepend)
        if why or not inserts or text is None or result.text is None:
            return why
        twice = entry_there(path, text, result.text)
        if twice:
            return f"{THERE}{twice}"
        torn = inside_of(path, text, result.text)
        return f"it would stand inside of `{torn}`" if torn else ""


_SPOILS = "what it would make of the file is no "


def _unsound(path: str, text: str | None, result: Applied, change: Operation) -> str:
    """What is wrong with a file that an edit has made of a sound one, or nothing."""
    if text is None or result.text is None:
        return ""
    if spoilt(text, result.text, path):
        return _SPOILS + _CALLED.get(path[path.rfind(".") :], "code")
    tree = parsed(text) if path.endswith(PYTHON) else None
    if tree is None or not isinstance(change, Insert) or result.lines is None:
        return ""
    # The anchor may end with the last line of a string, below which there is no string any more.
    below = result.lines.last + 1 if change.side == "after" else result.lines.first
    return "its place is inside of a string" if in_string(tree, below) else ""


def _shows_whole(words: str, path: str, text: str | None) -> bool:
    """Whether words show a file from its first line on, so that all of it may be another then."""
    first = next((line.strip() for line in (text or "").split("\n") if line.strip()), "")
    return any(
        (len(first) > _SHORT and line.strip() == first)
        or f"/{path}".endswith(f"/{path_comment(line)}")
        for line in words.split("\n")
    )


def old_texts(change: Operation) -> Iterator[str]:
    """What a change searches for in a file."""
    match change:
        case Replace() | Remove():
            yield change.search.value
        case Insert():
            yield change.anchor.value
        case ReplaceRange():
            yield from (change.start.value, change.end.value)
        case _:
            return


def new_texts(change: Operation) -> Iterator[str]:
    """What a change puts into a file."""
    match change:
        case Replace() | ReplaceRange():
            yield change.replacement.value
        case Insert() | Append() | Prepend() | Create() | RewriteFile():
            yield change.text.value
        case _:
            return
