"""Edits of what a plan says in words only, where these say all of it."""

from __future__ import annotations

import re

from runbook.core.model.model import Edit, Step
from runbook.core.model.operations import Delete, EnsureImport
from runbook.markdown.importing.forms.inlinechanges import deleted, line_changes
from runbook.markdown.importing.forms.inwords import said
from runbook.markdown.importing.places.exports import imported_names
from runbook.markdown.importing.places.files import Scope
from runbook.markdown.importing.places.fitting import fitted
from runbook.markdown.importing.places.trial import new_texts, old_texts
from runbook.markdown.importing.steps.ledger import Ledger

# What such a line says is not all in the edits that are made of it.
_SAYS_MORE = re.compile(
    r"(?!\W*(?:apply|make)\s+(?:these|the\s+following)\s+\w+\W*$)"
    r"\W*(?:(?:edit|open|apply|make)\b|[^\n]*\bfrom\s+`|[^`\n]*\w\.\s+\S)",
    re.IGNORECASE,
)


def in_words(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are changes that all apply, which they become."""
    return (
        _line_changes(ledger, words, scope, line)
        or _said(ledger, words, scope, line)
        or _deletes(ledger, words, scope, line)
    )


def _deletes(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words only say that a file is deleted, which then is."""
    path = deleted(words, scope)
    if path is None:
        return False
    tried = ledger.trial.attempt(Edit((path,), (Delete(),)))
    if not tried.why:
        ledger.accept(tried, line)
    return not tried.why


def _said(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are one change of a file, which is looked up in it."""
    trial = ledger.trial
    last = ledger.last
    edited = last.targets if isinstance(last, Edit) else ()
    before = edited[0] if len(edited) == 1 and isinstance(edited[0], str) else None
    tries = trial.has_repository and trial.transforms
    found = said(words, scope, before, _imported(ledger.only)) if tries else None
    text = None if found is None else trial.remembered(found.path, found.about)
    if found is None or text is None or (not found.about and not trial.knows(found.path)):
        return False
    change = found.change(text) if callable(found.change) else found.change
    if isinstance(change, str):
        return False
    known = trial.knows(found.path)
    several = change if isinstance(change, tuple) else (change,)
    fit = [fitted(each, text, found.path, known, ()) for each in several]
    changes = tuple(each for each in fit if not isinstance(each, str))
    if len(changes) < len(fit):
        return False
    edit = Edit((found.path,), changes)
    if trial.copy().attempt(edit).why:
        return False
    ledger.accept(trial.attempt(edit), line)
    ledger.note(words)
    return True


def _imported(step: Step | None) -> tuple[str, ...]:
    """The names that an edit has a file import, and that it did not before."""
    changes = step.changes if isinstance(step, Edit) else ()
    new: list[str] = []
    for change in changes:
        stated = change.statements if isinstance(change, EnsureImport) else new_texts(change)
        new += [name for text in stated for name in imported_names(text)]
    old = {name for each in changes for text in old_texts(each) for name in imported_names(text)}
    return tuple(each for each in new if each not in old)


def _line_changes(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are changes of lines that all apply, which they become."""
    found = line_changes(words, scope)
    if not found:
        return False
    if ledger.trial.has_repository:
        # On a copy first: either all of them are edits, or all are left to a person.
        copy = ledger.trial.copy()
        if any(copy.attempt(Edit((each.path,), (each.change,))).why for each in found):
            return False
    for each in found:
        ledger.accept(ledger.trial.attempt(Edit((each.path,), (each.change,))), line)
        ledger.note(each.note)
    first = words.strip().partition("\n")[0]
    if _SAYS_MORE.match(first):
        ledger.note(words if len(found) == 1 else first)
    return True
