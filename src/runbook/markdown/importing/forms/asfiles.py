"""New code whose place the Files block says: "(add the helper after `sail()`)"."""

from __future__ import annotations

from functools import partial

from runbook.markdown.importing.forms.additions import adds_plainly, without_its_names
from runbook.markdown.importing.forms.form import Block, Form, Recognized
from runbook.markdown.importing.places.byname import beside
from runbook.markdown.importing.places.parsers import PYTHON, is_read
from runbook.markdown.importing.places.statements import imports_of
from runbook.markdown.importing.words.symbolwords import spot


def _placed(block: Block) -> Recognized | None:
    """What is added without a place, beside the definition that the Files block names."""
    path = block.file() if adds_plainly(without_its_names(block)) else None
    place = spot(f"Add it {block.place_said(path)}") if path and is_read(path) else None
    if path is None or place is None:
        return None
    library = block.scope.transforms
    python = path.endswith(PYTHON)
    parts = imports_of(block.code, library=library) if python else ((), block.code)
    if parts is None:
        return None
    also, code = parts
    find = partial(beside, path=path, code=code, place=place)
    return block.found(path, find, (place.name, *filter(None, (place.then,))), also=also)


AS_FILES_SAY = Form("code, where the Files block says that it goes", _placed)
