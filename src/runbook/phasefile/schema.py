"""The JSON Schema of phase and series files, derived from the forms that the loader reads by.

It states what can be stated of keys and single values. Editors that know it (through
yaml-language-server and the first line of a file) complete and explain keys and mark mistakes while
one writes; `runbook check` finds those and all the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runbook.format import expectations, operations, patterns, phases, scalars, steps
from runbook.format.assignments import read_assignments
from runbook.format.forms import CHOICES, LISTS, Form, Key, Reader
from runbook.format.patches import read_patch
from runbook.format.structures import read_pattern, read_rule

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

# A text may be written so that YAML takes it for a number or a truth value; ours never does.
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_SOURCE: Schema = {"type": ["string", "number", "boolean", "null"]}
_SAID: Schema = _TEXT | {"pattern": r"\S"}
_COUNT_WORDS = r"^(==|!=|>=|<=|>|<)?\s*\d{1,18}$"
# No absolute path, backslash, `..`, empty or `.` component, and nothing of git's own.
_PATH = (
    r"^(?!/)(?![A-Za-z]:[/\\])(?!.*\\)(?!(.*/)?\.{1,2}(/|$))(?!.*//)(?!.*/$)"
    r"(?!(.*/)?\.[Gg][Ii][Tt](/|$))[\s\S]+$"
)
_FOLDER = _PATH.replace(r"(?!.*/$)", "").replace(r"\.{1,2}(/|$)", r"\.\.(/|$)")
_INTEGER: Schema = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^[0-9]{1,18}$"}
_STATUS: Schema = {
    "type": ["integer", "string"], "minimum": 0, "maximum": 255, "pattern": "^[0-9]{1,3}$",
}  # fmt: skip
_COUNT: Schema = {"type": ["integer", "string"], "minimum": 0, "pattern": _COUNT_WORDS}
_VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"


def _either(when: Schema, then: Schema, otherwise: Schema) -> Schema:
    """One of two, told apart by `when`, so that a mistake is told of the one that was meant."""
    return {"if": when, "then": then, "else": otherwise}


def _list_or_one(item: Schema, *, empty: bool = False) -> Schema:
    items: Schema = {"type": "array", "items": item}
    return _either({"type": "array"}, items if empty else items | {"minItems": 1}, item)


_GLOB: Schema = {"$ref": "#/definitions/glob"}
_TARGET = _either({"type": "object"}, _GLOB, {"type": ["string", "number"], "pattern": _PATH})
_STEPS: Schema = {
    "type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"},
}  # fmt: skip

_SCHEMAS: dict[Reader, Schema] = {
    scalars.text: _TEXT,
    scalars.code: _TEXT,
    scalars.message: _SAID,
    scalars.source_text: _SOURCE,
    scalars.search_text: _SOURCE | {"pattern": r"[^\n]"},
    scalars.integer: _INTEGER,
    scalars.boolean: {"enum": [True, False, "true", "false"]},
    scalars.seconds: {
        "type": "string",
        "pattern": r"^(?=\d)(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}(\.\d+)?s)?$",
        "examples": ["90s", "10m", "1h30m"],
    },
    scalars.path: {"type": ["string", "number"], "pattern": _PATH},
    scalars.folder: {"type": ["string", "number"], "pattern": _FOLDER},
    scalars.worktree: {"type": ["string", "number"], "pattern": _PATH.replace(r"(?!.*/$)", "")},
    scalars.target: _TARGET,
    scalars.environment: {
        "type": "object",
        "propertyNames": {"pattern": _VARIABLE},
        "additionalProperties": _SOURCE,
    },
    scalars.count: _COUNT,
    scalars.tally: _either(
        {"type": "array"}, {"type": "array", "minItems": 1, "items": _TEXT}, _COUNT
    ),
    scalars.occurrences: _either(
        {"type": "string"},
        {"pattern": r"^(all|0*[1-9][0-9]*)$"},
        {"type": "integer", "minimum": 1},
    ),
    scalars.line_range: {
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": r"^0*[1-9]\d*(\s*-\s*0*[1-9]\d*)?$",
        "examples": ["16-22"],
    },
    scalars.exit_status: _either(
        {"type": "array"},
        {"type": "array", "minItems": 1, "items": _STATUS},
        {"anyOf": [_STATUS, {"enum": ["nonzero"]}]},
    ),
    scalars.file_mode: {"type": ["integer", "string"], "pattern": "^0?o?[0-7]{3}$"},
    scalars.identifier: _TEXT | {"pattern": r"^[a-z0-9]+([-_.][a-z0-9]+)*$"},
    scalars.trailer: {"type": "string", "pattern": r"^[A-Za-z0-9-]+: \S[^\n]*$"},
    scalars.co_author: {"type": "string", "pattern": r"^[^<>\n]*[^<>\s][^<>\n]* <[^<>\s]+>$"},
    patterns.regex: _TEXT,
    read_patch: {"type": "string"},
    read_pattern: _TEXT,
    read_rule: {"type": "object"},
    read_assignments: {"type": "object", "minProperties": 1},
    expectations.read_expect: {"$ref": "#/definitions/expect"},
    expectations.read_tests: _either(
        {"type": "object"}, {"$ref": "#/definitions/tests"}, {"enum": ["pass", "fail"]}
    ),
    expectations.read_distinct: {"$ref": "#/definitions/distinct"},
    phases.read_note: {"$ref": "#/definitions/note"},
    phases.read_service: {"$ref": "#/definitions/service"},
    phases.read_tasks_later: {
        "type": "array",
        "minItems": 1,
        "items": {"$ref": "#/definitions/task"},
    },
    steps.read_steps: _STEPS,
    steps.read_changes_later: {
        "type": "array",
        "minItems": 1,
        "items": {"$ref": "#/definitions/change"},
    },
}


def schema_of(read: Reader) -> Schema:
    """What a reader reads.

    Raises:
        KeyError: nothing is known of this reader; a test keeps that from happening.

    """
    if read in LISTS:
        found = LISTS[read]
        return _list_or_one(schema_of(found.read), empty=found.empty)
    if read in CHOICES:
        return {"enum": list(CHOICES[read])}
    return _SCHEMAS[read]


def _property(key: Key) -> Schema | bool:
    if key.planned:
        return {"description": f"{key.meaning} (not supported yet)", "not": {}}
    return {"description": key.meaning[:1].upper() + key.meaning[1:]} | schema_of(key.read)


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
    one = [{"required": [name]} for name in (*operations.MAIN_KEYS, *others)]
    rule = _if_spelt(form, {"anyOf": one})
    for main, beside in reversed(operations.MAIN_KEYS.items()):
        strangers = operations.OPERATION_KEYS.keys() - beside - {main}
        said = [_refused(strangers, f"This key has no meaning beside `{main}`.")]
        for needed in sorted(operations.REQUIRED[main]):
            missing = _refused([main], f"`{main}` needs the key `{needed}`.")
            said.append({"if": {"not": {"required": [needed]}}, "then": missing})
        rule = _either({"required": [main]}, {"allOf": said}, rule)
    return form_schema(form) | {"allOf": [rule]}


def _edit() -> Schema:
    """An edit: a change of its own, or a list of them."""
    schema = _change(steps.EDIT, "changes")
    beside = _refused(operations.OPERATION_KEYS, "This key stands beside `changes`.")
    rules = [_either({"required": ["changes"]}, beside, each) for each in schema["allOf"]]
    return schema | {"allOf": rules}


def _step() -> Schema:
    """A step: one of the five kinds, told by its key."""
    kinds = ("edit", "run", "verify", "commit", "manual")
    found: Schema = {
        "anyOf": [{"required": [kind]} for kind in kinds],
        "errorMessage": "A step is an `edit`, `run`, `verify`, `commit` or `manual`.",
    }
    for kind in reversed(kinds):
        found = _either({"required": [kind]}, {"$ref": f"#/definitions/{kind}"}, found)
    return {"type": "object", **found}


def _definitions() -> Schema:
    forms = {
        "task": phases.TASK, "note": phases.NOTE, "service": phases.SERVICE, "run": steps.RUN,
        "verify": steps.VERIFY, "commit": steps.COMMIT, "manual": steps.MANUAL,
        "expect": expectations.EXPECT, "tests": expectations.TESTS,
        "distinct": expectations.DISTINCT, "glob": scalars.GLOB,
    }  # fmt: skip
    found = {name: form_schema(form) for name, form in forms.items()}
    found["tests"]["minProperties"] = 1
    return found | {"change": _change(operations.OPERATION), "edit": _edit(), "step": _step()}


def phase_schema() -> Schema:
    """The schema of a phase file."""
    numbered_or_titled = [{"required": ["phase"]}, {"required": ["title"]}]
    return {
        "$schema": DRAFT,
        "title": "A phase of runbook",
        **form_schema(phases.PHASE),
        "anyOf": numbered_or_titled,
        "definitions": _definitions(),
    }


def series_schema() -> Schema:
    """The schema of the series file, `runbook.yaml`."""
    return {
        "$schema": DRAFT,
        "title": "A series of runbook",
        **form_schema(phases.SERIES),
        "definitions": {"service": form_schema(phases.SERVICE)},
    }
