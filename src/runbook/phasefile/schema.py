"""The JSON Schema of phase and series files, derived from the forms that the loader reads by.

It states what can be stated of keys and single values. Editors that know it (through
yaml-language-server and the first line of a file) complete and explain keys and mark mistakes while
one writes; `runbook check` finds those and all the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from runbook.format.changes import OPERATION, OPERATION_KEYS
from runbook.format.delegates import CONFINEMENT, DELEGATE
from runbook.format.expectations import DISTINCT, EXPECT, TESTS
from runbook.format.forms import Form, Key, Schema, either
from runbook.format.names import GLOB
from runbook.format.operations import BY_KEY, BY_TABLE, Row
from runbook.format.phases import NOTE, PHASE, SERIES, SERVICE, TASK
from runbook.format.steps import COMMIT, CONFIRM, EDIT, FAILS_AT, IS_ONE, KINDS, MANUAL, RUN, VERIFY

DRAFT = "http://json-schema.org/draft-07/schema#"


def _property(key: Key) -> Schema:
    return {"description": key.meaning[:1].upper() + key.meaning[1:]} | key.kind.schema


def form_schema(form: Form) -> Schema:
    """The mapping that a form is."""
    schema: Schema = {
        "type": "object",
        "properties": {name: _property(key) for name, key in form.keys.items()},
        "additionalProperties": False,
    }
    return schema | (_if_spelt(form, {"required": list(form.required)}) if form.required else {})


def _if_spelt(form: Form, then: Schema) -> Schema:
    """What is so unless a key is misspelt, of which it goes without saying what is missing."""
    return {"if": {"propertyNames": {"enum": list(form.keys)}}, "then": then}


def _refused(names: Iterable[str], message: str) -> Schema:
    """Keys that may not be there, each marked where it stands."""
    return {"properties": dict.fromkeys(sorted(names), False), "errorMessage": message}


def _change(form: Form, *others: str) -> Schema:
    """A change: one operation with the keys that belong to it, or one of the `others`."""
    one = [{"required": [name]} for name in (*BY_KEY, *others)]
    rule = _if_spelt(form, {"anyOf": one})
    # What tells an operation and may stand beside another is asked for after that.
    ordered = sorted(BY_KEY.items(), key=lambda item: not item[1].beside & BY_KEY.keys())
    for main, row in reversed(ordered):
        rule = either({"required": [main]}, _beside(form, main, row), rule)
        if main in BY_TABLE:
            table = {"required": [main], "properties": {main: {"type": "object"}}}
            rule = either(table, _beside(form, main, BY_TABLE[main]), rule)
    return form_schema(form) | {"allOf": [rule]}


def _beside(form: Form, main: str, row: Row) -> Schema:
    """What may stand beside the key that tells an operation, and what has to."""
    strangers = OPERATION_KEYS.keys() - row.beside - {main}
    said = [_refused(strangers, f"This key has no meaning beside `{main}`.")]
    for needed in sorted(row.required):
        missing = _refused([main], f"`{main}` needs the key `{needed}`.")
        said.append(_if_spelt(form, {"if": {"not": {"required": [needed]}}, "then": missing}))
    return {"allOf": said}


def _edit() -> Schema:
    """An edit: a change of its own, or a list of them."""
    schema = _change(EDIT, "changes")
    beside = _refused(OPERATION_KEYS, "This key stands beside `changes`.")
    rules = [either({"required": ["changes"]}, beside, each) for each in schema["allOf"]]
    return schema | {"allOf": rules}


def _step() -> Schema:
    """A step: one of the six kinds, told by its key."""
    found: Schema = {
        "anyOf": [{"required": [kind]} for kind in KINDS],
        "errorMessage": f"{IS_ONE[:1].upper()}{IS_ONE[1:]}.",
    }
    for kind in reversed(KINDS):
        found = either({"required": [kind]}, {"$ref": f"#/definitions/{kind}"}, found)
    return {"type": "object", **found}


def _definitions() -> Schema:
    forms = {
        "task": TASK, "note": NOTE, "service": SERVICE, "run": RUN, "verify": VERIFY,
        "commit": COMMIT, "manual": MANUAL, "confirm": CONFIRM, "expect": EXPECT, "tests": TESTS,
        "distinct": DISTINCT, "glob": GLOB, "delegate": DELEGATE,
        "confinement": CONFINEMENT, "fails-at": FAILS_AT,
    }  # fmt: skip
    found = {name: form_schema(form) for name, form in forms.items()}
    found["tests"]["minProperties"] = 1
    return found | {"change": _change(OPERATION), "edit": _edit(), "step": _step()}


def phase_schema() -> Schema:
    """The schema of a phase file."""
    numbered_or_titled = [{"required": ["phase"]}, {"required": ["title"]}]
    return {
        "$schema": DRAFT,
        "title": "A phase of runbook",
        **form_schema(PHASE),
        "anyOf": numbered_or_titled,
        "definitions": _definitions(),
    }


def series_schema() -> Schema:
    """The schema of the series file, `runbook.yaml`."""
    return {
        "$schema": DRAFT,
        "title": "A series of runbook",
        **form_schema(SERIES),
        "definitions": {
            "service": form_schema(SERVICE),
            "delegate": form_schema(DELEGATE),
            "confinement": form_schema(CONFINEMENT),
        },
    }
