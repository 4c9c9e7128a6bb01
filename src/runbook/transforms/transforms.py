"""The table by which the core finds the operations that need a library or git."""

from __future__ import annotations

from runbook.core.edit.edits import Transforms
from runbook.core.matching.results import Result
from runbook.core.model.operations import (
    DropImport,
    EnsureImport,
    Patch,
    SetValues,
    Structural,
    UnsetValues,
)


def _patch(text: str | None, operation: Patch, path: str) -> Result:
    # Imported when one is used: they cost start-up time that most phases need not spend.
    from runbook.transforms.patch import apply_patch

    return apply_patch(text, operation.part(path))


def _set(text: str | None, operation: SetValues | UnsetValues, path: str) -> Result:
    from runbook.transforms.settings import set_values

    return set_values(text, operation, path)


def _imports(text: str | None, operation: EnsureImport | DropImport, _path: str) -> Result:
    from runbook.transforms.imports import change_imports

    return change_imports(text, operation)


def _structural(text: str | None, operation: Structural, path: str) -> Result:
    from runbook.transforms.structural import rewrite

    return rewrite(text, operation, path)


TRANSFORMS: Transforms = {
    Patch: _patch,
    SetValues: _set,
    UnsetValues: _set,
    EnsureImport: _imports,
    DropImport: _imports,
    Structural: _structural,
}
