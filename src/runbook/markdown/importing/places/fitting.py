"""A change that a plan states, as it fits the file: behind what must stay first, set apart."""

from __future__ import annotations

from runbook.core.model.operations import Append, Insert, Operation, Prepend, Remove
from runbook.markdown.importing.places.ends import set_apart, with_blank_lines
from runbook.markdown.importing.places.guards import above_guard
from runbook.markdown.importing.places.lines import completed
from runbook.markdown.importing.places.sections import hidden_heading
from runbook.markdown.importing.places.tops import behind_top


def fitted(
    change: Operation, text: str | None, path: str, known: bool, about: tuple[str, ...]
) -> Operation | str:
    """The change for a file with this text as it was last `known`, or why there is none.

    `about` is the guard of a script, where words say that it goes above that.
    """
    match change:
        case Append():
            above = above_guard(text, change, *about) if path.endswith(".py") else None
            return above or set_apart(text, path, change)
        case Remove() if known:
            return with_blank_lines(text, change)
        case Prepend():
            return behind_top(text, path, change)
        case Insert():
            whole = completed(text or "", change)
            return hidden_heading(text or "", path, whole.anchor.value) or whole
        case _:
            return change
