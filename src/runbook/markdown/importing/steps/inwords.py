"""Edits of what a plan says in words only, where these say all of it."""

from __future__ import annotations

import ast
import re

from runbook.core.model.model import Edit
from runbook.core.model.operations import Create, EnsureImport, Replace
from runbook.core.value import replace
from runbook.markdown.importing.forms.inlinechanges import line_changes
from runbook.markdown.importing.forms.inwords import (
    Said,
    deletes,
    deleting,
    head_of,
    listed_away,
    said,
)
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.files import Scope
from runbook.markdown.importing.places.fitting import fitted
from runbook.markdown.importing.places.trial import Trial, new_texts
from runbook.markdown.importing.steps.again import made_again
from runbook.markdown.importing.steps.ledger import Ledger
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.conditions import conditional
from runbook.markdown.importing.words.looking import only_keeps, says_not_yet
from runbook.markdown.importing.words.prose import may_order, only_reasons
from runbook.markdown.importing.words.vocabulary import BEGIN, anycase, sentences

# What such a line says is not all in the edits that are made of it.
_SAYS_MORE = anycase(
    r"(?!\W*(apply|make) (these|the following) \w+\W*$)\W*((edit|open|apply|make)\b|[^\n]*\bfrom "
    r"`|[^`\n]*\w\. \S)"
)
# It is of the change before it, and so is what stands behind it.
_EXPLAINS = anycase(r"\W*((this|these|they|it)\s|(note|reason|rationale)\W{0,3}[:：])")
_ASIDE = re.compile(r"\s*\([^()]*\)\W*")  # "(The old entry is unused.)"
_LEADS = anycase(r"\W*(apply|make) (the|these)\b[^`.:]*:\W*")
# "Add them to `__all__`", of what has just been imported.
_EXPORTS_THEM = anycase(
    rf"{BEGIN}(add|append|include) ((all|both|each|them|these|it) ?(of (them|these))?"
    r"( ?(the )?(new )?names)?)? ?to (the )?`__all__`( list)?[.:]?"
)
_NUMBERED = re.compile(r"(\s*)\d+[.)]\s")


def left_in_words(ledger: Ledger, pieces: list[Piece], scope: Scope) -> list[Piece]:
    """What is left when the changes are made that all words are, or the first of numbered items.

    These are done in order, so that one that is left to a person leaves those behind it as well.
    Words before a block may only tell what that does, but where they are items of their own.
    """
    count = next((at for at, each in enumerate(pieces) if each.kind != "prose"), len(pieces) + 1)
    said, behind = pieces[: count - 1], pieces[count - 1 :]
    if not said:
        return pieces
    text = "\n".join(each.text for each in said)
    whole = replace(said[0], text=text, last=said[-1].last)
    if not behind and in_words(ledger, text, scope, whole.first):
        return []
    if conditional(text) or says_not_yet(text):
        return pieces
    lines, items = text.split("\n"), _items(whole, ledger.document.lines)
    for at, (begin, line) in enumerate(items):
        end = items[at + 1][0] if at + 1 < len(items) else len(lines)
        if not in_words(ledger, "\n".join(lines[begin:end]), scope, line):
            left = replace(whole, text="\n".join(lines[begin:]), first=line)
            return [left, *behind] if at else pieces
    return behind if items else pieces


def _items(piece: Piece, source: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the items of a numbered list begin in its text, and in which lines of the plan.

    What stands behind the list begins as an item does.
    """
    at, margin = piece.first - 1, None
    found: list[tuple[int, int]] = []
    for index, line in enumerate(piece.text.split("\n")):
        apart = False
        while at < piece.last and not (line.strip() and source[at].rstrip().endswith(line.strip())):
            apart, at = apart or not source[at].strip(), at + 1
        item = _NUMBERED.match(source[at]) if at < piece.last else None
        if at == piece.last or (margin is None and item is None):
            return []
        indent = len(item[1]) if item else len(source[at]) - len(source[at].lstrip())
        margin = indent if margin is None else margin
        if indent <= margin and (item or apart):
            found.append((index, at + 1))
        at += 1
    return found if len(found) > 1 else []


def in_words(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are changes that all apply, which they become."""
    return (
        _line_changes(ledger, words, scope, line)
        or _said(ledger, words, scope, line)
        or made_again(ledger, words, scope, line)
        or _deletes_listed(ledger, words, scope, line)
        or _several(ledger, words, scope, line)
    )


def _deletes_listed(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are a list of what goes from a file, all of which is found there."""
    items = [each.strip() for each in words.split("\n") if each.strip()]
    path, told = deleting(items[0], scope) if len(items) > 1 else None, ""
    note = ""
    if path is not None:
        told, *items = items
    elif items and (several := _deletes_several(words, scope)) is not None:
        path, items, told = several
        note = words
    kept = [each for each in items if only_keeps(each)]
    items = [each for each in items if each not in kept]
    path = path or deleting(scope.title, scope)
    copy, found = ledger.trial.copy(), list[Edit]()
    if path is None or conditional(words) or not copy.has_repository:
        return False
    for each in items:
        edit = _applied(copy, listed_away(each, path, told))
        if edit is None or copy.attempt(edit).why:
            return False
        found.append(edit)
    for edit in found:
        ledger.accept(ledger.trial.attempt(edit), line)
        ledger.note(note or told)
        note = told = ""
    if found:
        ledger.note("\n".join(kept))
    return bool(found)


def _deletes_several(words: str, scope: Scope) -> tuple[str, list[str], str] | None:
    """What the first sentence of words deletes, where the others only say why."""
    first, *others = sentences(words)
    return deletes(first, scope) if all(map(only_reasons, others)) else None


def _said(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are one change of a file, which is looked up in it."""
    last = ledger.last
    edited = last.targets if isinstance(last, Edit) else ()
    before = edited[0] if len(edited) == 1 and isinstance(edited[0], str) else None
    told = words
    if before is not None and _EXPORTS_THEM.fullmatch(words.strip()):
        names = " and ".join(f"`{name}`" for name in _imported(ledger, before))
        told = f"Add {names} to `__all__`."
    edit = _edit_of(ledger.trial, told, scope, before)
    if edit is None:
        return False
    ledger.accept(ledger.trial.attempt(edit), line)
    ledger.note(words)
    return True


def _imported(ledger: Ledger, path: str) -> list[str]:
    """What a file imports, of that which the task's edits have put there, and doesn't export."""
    text = ledger.trial.text(path) or ""
    tree = parsed(text)
    put = "\n".join(
        code
        for step in ledger.steps
        if isinstance(step, Edit) and step.targets == (path,)
        for each in step.changes
        for code in (each.statements if isinstance(each, EnsureImport) else new_texts(each))
    )
    imports = (each for each in (tree.body if tree else ()) if isinstance(each, ast.ImportFrom))
    names = [it.asname or it.name for each in imports for it in each.names]
    return [
        name
        for name in dict.fromkeys(names)
        if re.search(rf"\b{re.escape(name)}\b", put) and not re.search(rf"[\"']{name}[\"']", text)
    ]


def _several(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words are several sentences or items, each of which is a change that applies."""
    units, copy = _units(words), ledger.trial.copy()
    if len(units) < 2 or not copy.has_repository or conditional(words) or says_not_yet(words):
        return False
    found: list[tuple[Edit, str]] = []
    told: list[str] = []  # of what follows
    path: str | None = None
    explains = False
    for unit in units:
        if (head := head_of(unit, scope)) is not None:
            path = head
            continue
        leads = _LEADS.fullmatch(unit) is not None
        if not found and not leads and unit.rstrip("* ").endswith((":", "：")):
            return False  # it may say when, or where, what it leads to is done
        if not found and (not may_order(unit) or leads):
            told.append(unit)
            continue
        edit, note = _edit_of(copy, unit, scope, path), unit
        if edit is None:
            edit, note = _changed(unit, scope, path)
        explains = bool(found) and (explains or _EXPLAINS.match(unit) is not None)
        aside = bool(found) and _ASIDE.fullmatch(unit) is not None and only_reasons(unit)
        reason = aside or (explains and not may_order(unit))
        if edit is None and reason:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{unit}".strip())
            continue
        explains = False
        if edit is not None and found and _is_made(copy, edit):
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{unit}".strip())
            continue
        if edit is None or copy.attempt(edit).why:
            return False
        found.append((edit, note))
        (path,) = (str(each) for each in edit.targets)
    for edit, note in found:
        ledger.accept(ledger.trial.attempt(edit), line)
        ledger.note("\n".join([*told, note]).strip())
        told = []
    return bool(found)


def _is_made(trial: Trial, edit: Edit) -> bool:
    """Whether the changes before have made of all of a text what this one would."""
    ((change,), (path,)) = edit.changes[:1], edit.targets
    text = trial.text(str(path)) or ""
    if not isinstance(change, Replace) or not trial.knows(str(path)):
        return False
    return change.search.value not in text and change.replacement.value in text


def _units(words: str) -> list[str]:
    """The items and sentences of words, each in one line."""
    # What goes on in the next line begins with a small letter there.
    lines = re.sub(r"(?<=[^:：.\n])\n[ \t]*(?=[a-z])", " ", words).split("\n")
    return [unit for line in lines for unit in sentences(line)]


def _changed(words: str, scope: Scope, path: str | None) -> tuple[Edit | None, str]:
    """The edit of "Change `a` to `b`" alone, and what is said of it beside."""
    found = line_changes(words, scope, path)
    if len(found) != 1:
        return None, ""
    return Edit((found[0].path,), (found[0].change,)), found[0].note


def _edit_of(trial: Trial, words: str, scope: Scope, before: str | None) -> Edit | None:
    """The edit that one sentence says, if it applies."""
    tries = trial.has_repository and trial.transforms
    return _applied(trial, said(words, scope, before) if tries else None)


def _applied(trial: Trial, found: Said | None) -> Edit | None:
    """The edit as the file's text has it, if it applies."""
    if found is None:
        return None
    if isinstance(found.change, Create):
        edit = Edit((found.path,), (found.change,))
        there = trial.text(found.path) is not None or not trial.knows(found.path)
        return None if there or trial.copy().attempt(edit).why else edit
    # Whatever else is changed, an import finds its place among those that are there by then.
    anywhere = isinstance(found.change, EnsureImport) or trial.knows(found.path)
    text = trial.text(found.path) if anywhere else trial.remembered(found.path, found.about)
    if text is None or not (anywhere or found.about):
        return None
    change = found.change(text) if callable(found.change) else found.change
    if isinstance(change, str | tuple):
        return None
    known = trial.knows(found.path)
    change = fitted(change, text, found.path, known, ())
    if isinstance(change, str):
        return None
    edit = Edit((found.path,), (change,))
    return None if trial.copy().attempt(edit).why else edit


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
    if _SAYS_MORE.match(first) and found[0].note != words:
        ledger.note(words if len(found) == 1 else first)
    return True
