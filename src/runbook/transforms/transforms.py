"""The table by which the core finds the operations that need a library or git."""

from __future__ import annotations

from runbook.core.edit.edits import Transforms
from runbook.core.matching.results import Result
from runbook.core.model.operations import Patch, SetValues, Structural


def _patch(text: str | None, operation: Patch, path: str) -> Result:
    # Imported when one is used: they cost start-up time that most phases need not spend.
    from runbook.transforms.patch import apply_patch

    return apply_patch(text, operation.part(path))


def _set(text: str | None, operation: SetValues, path: str) -> Result:
    from runbook.transforms.settings import set_values

    return set_values(text, operation, path)


def _structural(text: str | None, operation: Structural, path: str) -> Result:
    from runbook.transforms.structural import rewrite

    return rewrite(text, operation, path)


TRANSFORMS: Transforms = {Patch: _patch, SetValues: _set, Structural: _structural}
