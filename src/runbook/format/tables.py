"""All tables together: the keys of each value of the model, whatever kind of table has them."""

from __future__ import annotations

from runbook.core.model.model import Settings
from runbook.format.delegates import DELEGATE
from runbook.format.expectations import DISTINCT, EXPECT, TESTS
from runbook.format.forms import Form
from runbook.format.operations import ROWS, Row
from runbook.format.phases import NOTE, PHASE, SERVICE, TASK
from runbook.format.steps import FAILS_AT, FORMS

_TABLES: tuple[Form | Row, ...] = (
    *FORMS.values(), *ROWS, EXPECT, TESTS, DISTINCT, FAILS_AT, SERVICE, NOTE, TASK, PHASE,
    DELEGATE,
)  # fmt: skip
KEYS = {each.model: each.keys for each in _TABLES} | {Settings: PHASE.keys}


def key_of(kind: type, field: str) -> str:
    """The key that states a field; one that no key states, or several, has a name of its own."""
    found = [name for name, key in KEYS.get(kind, {}).items() if key.field == field]
    return found[0] if len(found) == 1 else field.replace("_", "-")
