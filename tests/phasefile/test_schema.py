"""The JSON Schema: of the same keys as the forms, true of good files, and right about bad ones."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import runbook.format
from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.format.forms import Form
from runbook.format.numbers import boolean
from runbook.format.operations import BY_KEY
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source, compose
from runbook.phasefile.loader import SERIES_FILE, load_series
from runbook.phasefile.schema import form_schema, phase_schema, series_schema

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("mistakes")
FENCE = re.compile(r"^```(yaml|text) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def placed(schema: Any) -> Any:
    """A schema with `false` said in a way of which the library tells the place."""
    if schema is False:
        return {"not": {}}
    if isinstance(schema, dict):
        kept = ("additionalProperties", "enum")
        return {key: each if key in kept else placed(each) for key, each in schema.items()}
    return [placed(each) for each in schema] if isinstance(schema, list) else schema


VALIDATORS = {
    True: jsonschema.Draft7Validator(placed(series_schema())),
    False: jsonschema.Draft7Validator(placed(phase_schema())),
}


def forms() -> dict[str, Form]:
    """All forms of the loader, by name."""
    found = {}
    for module in pkgutil.iter_modules(runbook.format.__path__):
        for each in vars(importlib.import_module(f"runbook.format.{module.name}")).values():
            if isinstance(each, Form):
                found[each.name] = each
    return found


def value_of(node: Node) -> Any:
    """A node as YAML 1.2 reads it, which is what an editor validates."""
    if isinstance(node, MappingNode):
        return {str(key.value): value_of(each) for key, each in node.value}
    if isinstance(node, SequenceNode):
        return [value_of(each) for each in node.value]
    text = str(node.value)
    if isinstance(node, ScalarNode) and node.style:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


def line_at(root: Node, path: list[str | int], *, key: bool) -> int:
    """The line, from 1, on which a value begins, or its key."""
    line, node = root.start_mark.line, root
    for part in path:
        if isinstance(node, MappingNode):
            name, node = next(pair for pair in node.value if str(pair[0].value) == part)
            line = (name if key else node).start_mark.line
        else:
            node = node.value[part]
            line = node.start_mark.line
    return int(line) + 1


def marked(name: str, text: str) -> dict[int, str] | None:
    """The lines that the schema marks, each with a message; `None` where the file is no YAML."""
    source = Source(name, text)
    root = compose(source)
    if not isinstance(root, MappingNode) or source.may_have_marks:
        return None
    found: dict[int, str] = {}
    for error in VALIDATORS[name == SERIES_FILE].iter_errors(value_of(root)):
        for place, key in places(error):
            found[line_at(root, place, key=key)] = error.message
    return found


def places(error: jsonschema.ValidationError) -> Iterator[tuple[list[str | int], bool]]:
    """Where an editor marks an error: at a key that is too much, else where the value begins."""
    path = list(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        assert isinstance(error.schema, dict)
        known = error.schema["properties"]
        yield from (([*path, name], True) for name in error.instance if name not in known)
    elif "propertyNames" in error.absolute_schema_path:
        yield [*path, str(error.instance)], True
    else:
        yield path, error.validator == "not"


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_and_its_schema_say_the_same(name: str) -> None:
    form = forms()[name]
    schema = form_schema(form)
    assert list(schema["properties"]) == list(form.keys)
    assert schema.get("then", {}).get("required", []) == list(form.required)
    assert schema["additionalProperties"] is False
    for key, stated in form.keys.items():
        described = schema["properties"][key]
        assert described["description"].lower().startswith(stated.meaning.lower())
        assert stated.kind.schema.items() <= described.items()


def test_the_schemas_are_schemas_and_hold_every_form() -> None:
    whole = {"a phase", "the series file"}
    for schema in (phase_schema(), series_schema()):
        jsonschema.Draft7Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema
    definitions = phase_schema()["definitions"]
    properties = [list(each.get("properties", ())) for each in definitions.values()]
    for name, form in forms().items():
        assert name in whole or list(form.keys) in properties, name


def good_files() -> list[tuple[str, str]]:
    """Phase and series files without a mistake: ours, and the documentation's."""
    found = [(file.name, file.read_text()) for file in sorted((ROOT / "phases").glob("*.yaml"))]
    head = "phase: 1\ngoal: G\ntasks:\n  - title: T\n    steps:\n"
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        blocks = re.findall(r"^```yaml ?([^\n]*)\n(.*?)^```$", page.read_text(), re.M | re.S)
        for kind, text in blocks:
            if kind == "series":
                found.append((SERIES_FILE, text))
            elif kind == "step":
                found.append(("step.yaml", head + re.sub("^(?=.)", " " * 6, text, flags=re.M)))
            elif kind != "expect":
                found.append(("phase-1.yaml", text))
    return found


@pytest.mark.parametrize(("name", "text"), good_files())
def test_a_good_file_has_no_mark(name: str, text: str) -> None:
    assert marked(name, text) == {}


def rows() -> list[tuple[str, dict[str, str]]]:
    """Mistakes by their headings, each with its files."""
    found = []
    for file in sorted(ROWS.glob("*.md")):
        for section in file.read_text(encoding="utf-8").split("\n## ")[1:]:
            name, _, body = section.partition("\n")
            blocks = FENCE.findall(body)
            files = {each or "phase-1.yaml": text for kind, each, text in blocks if kind == "yaml"}
            found.append((f"{file.stem}: {name}", files))
    return found


def told(folder: Path, files: dict[str, str]) -> dict[str, set[int]]:
    """The lines at which `check` tells mistakes, by file."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    with pytest.raises(InvalidPhaseFiles) as raised:
        load_series(folder)
    found: dict[str, set[int]] = {name: set() for name in files}
    for each in raised.value.diagnostics:
        found[Path(each.at.path).name].add(each.at.line)
    return found


def test_the_schema_marks_no_line_that_check_does_not(tmp_path: Path) -> None:
    seen = 0
    wrong: dict[tuple[str, str], set[int]] = {}
    for number, (name, files) in enumerate(rows()):
        folder = tmp_path / str(number)
        folder.mkdir()
        lines = told(folder, files)
        marks = {file: set(marked(file, text) or {}) for file, text in files.items()}
        seen += any(marks[file] & lines[file] for file in files)
        more = {file: marks[file] - lines[file] for file in files if file.endswith(".yaml")}
        wrong |= {(name, file): each for file, each in more.items() if each}
    assert wrong == {}
    # Of the rest, most is about YAML itself, or about texts as they are written.
    assert seen >= 100, seen


@pytest.mark.parametrize("main", sorted(BY_KEY))
def test_an_operation_has_its_keys_and_no_others(main: str) -> None:
    head = "phase: 1\ngoal: G\ntasks:\n  - title: T\n    steps:\n      - edit: a.py\n"
    flags = [name for name, key in BY_KEY[main].keys.items() if key.kind is boolean]
    source = dict.fromkeys(flags, "true") | {"set": "{a: 1}", "rule": "{kind: x}", "count": "1"}
    source |= {"indent": "+4", "unset": "a", "ensure-import": "import a"}
    source["drop-import"] = "import a"
    beside = {*BY_KEY[main].required, *(BY_KEY[main].beside & {"count", "language"})}
    keys = [main, *sorted(beside)]
    whole = head + "".join(f"        {key}: {source.get(key, 'x')}\n" for key in keys)
    assert marked("phase-1.yaml", whole) == {}
    strange = "insert" if "insert" not in BY_KEY[main].keys else "mode"
    assert list(marked("phase-1.yaml", f"{whole}        {strange}: 755\n") or ()) == [
        whole.count("\n") + 1
    ]
    for key in beside - {"count", "language"}:
        less = re.sub(rf"        {key}: .*\n", "", whole)
        assert marked("phase-1.yaml", less), key
