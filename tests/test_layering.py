"""The architecture's rooms and floors: imports only run downward."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "runbook"
MODULES = sorted(SOURCE.rglob("*.py"))

# A room imports from rooms on lower floors only, so rooms of one floor don't know each other.
FLOORS = {
    "core": 1,
    "core/text": 2,
    "core/matching": 2,
    "core/model": 3,
    "core/edit": 4,
    "core/shell": 4,
    "core/record": 5,
    "core/check": 6,
    "core/lint": 6,
    "core/handover": 7,
    "format": 7,
    "world/files": 8,
    "world/processes": 8,
    "phasefile": 8,
    "markdown": 8,
    "transforms": 9,
    "views": 8,
    "report": 9,
    "world/git": 9,
    "world/overlay": 9,
    "markdown/importing": 9,
    "engine": 10,
    "series": 11,
    "": 12,  # the command line: the modules that stand in no room, and `commands`
}
# Stages of a room, in order: each imports from those before it only, what stands in none from all.
STAGES = {
    "markdown/importing": (
        "words",
        "commands",
        "text",
        "expectations",
        "own",
        "places",
        "forms",
        "steps",
    ),
    "engine": (
        "contract",
        "simulation",
        "ground",
        "resume",
        "checks",
        "outlook",
        "delegates",
        "steps",
        "ahead",
        "review",
        "running",
        "verbs",
    ),
}
LONGEST = 410  # lines of a module; over 400 it wants splitting
ONLY_IN = {
    "git": {"world/git/repository.py"},
    "gitdb": {"world/git/looseobjects.py"},
}  # libraries with one importer


def room_of(module: Path) -> str:
    return _room(module.relative_to(SOURCE).with_suffix("").parts)


def _room(parts: tuple[str, ...]) -> str:
    """The innermost room of a module's or a name's parts."""
    for length in (2, 1):
        if len(parts) > length - 1 and "/".join(parts[:length]) in FLOORS:
            return "/".join(parts[:length])
    return ""


def stage(parts: tuple[str, ...], room: str) -> int:
    """How late a module or a name comes in its room; 0 where the room has no stages."""
    stages = STAGES.get(room, ())
    folder = parts[room.count("/") + 1] if stages else ""
    return stages.index(folder) if folder in stages else len(stages)


@cache
def imported(module: Path, source: str) -> list[tuple[int, str]]:
    """Lines and dotted names of everything a module imports, inside functions as well."""
    package = ["runbook", *module.relative_to(SOURCE).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found += [(node.lineno, f"{name}.{alias.name}") for alias in node.names]
    return found


def room_imported(name: str) -> str | None:
    """The room of a dotted name, or `None` if it is not of this project."""
    parts = name.split(".")
    return _room(tuple(parts[1:])) if parts[0] == "runbook" else None


def complaints(module: Path, source: str) -> list[str]:
    """What is wrong with the imports of a module."""
    shown = str(module.relative_to(SOURCE))
    room = room_of(module)
    own = module.relative_to(SOURCE).parts
    found = []
    for line, name in imported(module, source):
        where = f"{shown}:{line} imports {name}"
        top = name.split(".")[0]
        target = room_imported(name)
        if target is None:
            if room.partition("/")[0] == "core" and top not in sys.stdlib_module_names:
                found.append(f"{where}: core needs the standard library only")
            if shown not in ONLY_IN.get(top, {shown}):
                found.append(f"{where}: another module is its only importer")
        elif name == "runbook.__version__":
            continue
        elif target != room and FLOORS[target] >= FLOORS[room]:
            found.append(f"{where}: not downward")
        elif target == room and stage(tuple(name.split(".")[1:]), room) > stage(own, room):
            found.append(f"{where}: a later stage")
    return found


def test_every_room_has_its_floor() -> None:
    assert {room_of(module) for module in MODULES} == set(FLOORS)
    for room, stages in STAGES.items():
        assert {
            each.name for each in (SOURCE / room).iterdir() if (each / "__init__.py").exists()
        } == set(stages)
    loose = {module.parent.name for module in MODULES if room_of(module) == ""}
    assert loose == {"runbook", "commands", "world"}  # the last has one line
    assert len(MODULES) > 30


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Neither at the top, nor for annotations alone, nor inside a function, which puts it off."""
    names = {name_of(module): module for module in MODULES}
    graph = {
        name: {
            target
            for _, each in imported(module, module.read_text(encoding="utf-8"))
            for target in (each, each.rpartition(".")[0])
            if target in names and target != name
        }
        for name, module in names.items()
    }
    assert list(circles(graph)) == []
    assert list(circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == [["a", "b", "c"]]


def name_of(module: Path) -> str:
    return ".".join(["runbook", *module.relative_to(SOURCE).with_suffix("").parts])


def circles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """The circles of a graph, each once, from its first member on."""
    settled: set[str] = set()

    def follow(name: str, path: list[str]) -> Iterator[list[str]]:
        if name in path:
            yield path[path.index(name) :]
        elif name not in settled:
            for each in sorted(graph.get(name, ())):
                yield from follow(each, [*path, name])
            settled.add(name)

    for name in sorted(graph):
        yield from follow(name, [])


def test_imports_run_downward() -> None:
    found = {module: complaints(module, module.read_text(encoding="utf-8")) for module in MODULES}
    assert {module: wrong for module, wrong in found.items() if wrong} == {}


def test_a_module_is_short_and_is_called_for_what_it_is() -> None:
    lengths = {module: module.read_text(encoding="utf-8").count("\n") for module in MODULES}
    assert {module: length for module, length in lengths.items() if length > LONGEST} == {}
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [module for module in MODULES if module.stem in vague] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/model/model.py", "import yaml"),
        ("core/model/model.py", "from runbook.world import process"),
        ("core/model/model.py", "def f():\n    from runbook import world"),
        ("core/model/model.py", "from ...views import console"),
        ("core/model/model.py", "import runbook.engine.running.execute"),
        ("core/model/model.py", "from runbook.cli import app"),
        ("world/processes/process.py", "from runbook.phasefile import loader"),
        ("core/edit/edits.py", "from runbook.core.record import events"),
        ("core/record/events.py", "from runbook.core.check import evidence"),
        ("world/files/journal.py", "from runbook.world.processes import process"),
        ("world/processes/process.py", "from runbook.world.git import reader"),
        ("markdown/plan.py", "from runbook.markdown.importing import importer"),
        ("markdown/importing/words/prose.py", "from runbook.markdown.importing.text import pieces"),
        ("markdown/importing/forms/rules.py", "from runbook.markdown.importing.steps import x"),
        ("markdown/importing/steps/ledger.py", "from runbook.markdown.importing import importer"),
        ("format/forms.py", "from runbook.phasefile import loader"),
        ("engine/steps/edit.py", "from runbook.engine.running import execute"),
        ("engine/ground/context.py", "def f():\n    from runbook.engine.ahead import lookahead"),
        ("world/processes/process.py", "from runbook.engine.running import execute"),
        ("world/processes/process.py", "import git"),
        ("views/console.py", "from git import Repo"),
        ("phasefile/loader.py", "from runbook import cli"),
        ("engine/running/execute.py", "import git.objects"),
        ("engine/running/execute.py", "def f():\n    import runbook.cli"),
        ("views/status.py", "from runbook.commands import look"),
        ("world/processes/probe/runbook_probe.py", "from ...views import words"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str) -> None:
    assert len(complaints(SOURCE / module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/model/model.py", "import dataclasses\nfrom runbook.core.value import value"),
        ("core/model/model.py", "from ..value import value\nfrom . import operations"),
        ("world/git/repository.py", "import git\nfrom git import Repo"),
        ("engine/running/execute.py", "from runbook.world.processes import process"),
        ("markdown/hidden.py", "from runbook.format import forms"),
        ("markdown/importing/text/pieces.py", "from runbook.markdown.importing.words import prose"),
        ("markdown/importing/importer.py", "from runbook.markdown.importing.steps import ledger"),
        ("engine/running/execute.py", "from runbook.core import model"),
        ("views/console.py", "import rich"),
        ("cli.py", "from runbook.engine.running import execute\nfrom runbook import opening"),
        (
            "commands/run.py",
            "from runbook.engine.running import execute\nfrom runbook import opening",
        ),
        ("cli.py", "from runbook.commands import run"),
        ("views/report.py", "from runbook import __version__"),
    ],
)
def test_a_right_import_is_not(module: str, source: str) -> None:
    assert complaints(SOURCE / module, source) == []
