"""New code whose place the Files block says: "(add the helper after `sail()`)"."""

from __future__ import annotations

from functools import partial

from runbook.core.model.operations import EnsureImport
from runbook.markdown.importing.forms.additions import adds_plainly, apart, without_its_names
from runbook.markdown.importing.forms.form import Block, Form, Recognized
from runbook.markdown.importing.places.byname import beside
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.parsers import PYTHON, is_read
from runbook.markdown.importing.words.symbolwords import spot


def _placed(block: Block) -> Recognized | None:
    """What is added without a place, beside the definition that the Files block names."""
    path = block.file() if adds_plainly(without_its_names(block)) else None
    place = spot(f"Add it {block.place_said(path)}") if path and is_read(path) else None
    if path is None or place is None:
        return None
    code = block.code
    statements: tuple[str, ...] = ()
    if path.endswith(PYTHON):
        tree = parsed(code)
        parts = None if tree is None else apart(code, tree)
        if parts is None or (parts[0] and not block.scope.transforms):
            return None
        statements, code = parts
    also = (EnsureImport(statements),) if statements else ()
    find = partial(beside, path=path, code=code, place=place)
    return block.found(path, find, (place.name, *filter(None, (place.then,))), also=also)


AS_FILES_SAY = Form("code, where the Files block says that it goes", _placed)
