"""The architecture's rooms and floors: imports only run downward."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "runbook"
MODULES = sorted(SOURCE.rglob("*.py"))
NAMES = [str(module.relative_to(SOURCE)) for module in MODULES]

FLOORS = {
    "core": 1,
    "format": 2,
    "world": 3,
    "phasefile": 3,
    "markdown": 3,
    "transforms": 3,
    "views": 3,
    "engine": 4,
    "": 5,  # the command line: the modules that stand in no room, and `commands`
}
LONGEST = 410  # lines of a module; over 400 it wants splitting
ONLY_IN = {"git": {"world/repository.py"}}  # libraries with one importer


def room_of(module: Path) -> str:
    parts = module.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 and parts[0] != "commands" else ""


def imported(tree: ast.Module, module: Path) -> Iterator[tuple[int, str]]:
    """Lines and dotted names of everything a module imports, inside functions as well."""
    package = ["runbook", *module.relative_to(SOURCE).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{name}.{alias.name}"


def room_imported(name: str) -> str | None:
    """The room of a dotted name, or `None` if it is not of this project."""
    parts = name.split(".")
    if parts[0] != "runbook":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else ""


def complaints(module: Path, source: str) -> list[str]:
    """What is wrong with the imports of a module."""
    shown = str(module.relative_to(SOURCE))
    room = room_of(module)
    found = []
    for line, name in imported(ast.parse(source), module):
        where = f"{shown}:{line} imports {name}"
        top = name.split(".")[0]
        target = room_imported(name)
        if target is None:
            if room == "core" and top not in sys.stdlib_module_names:
                found.append(f"{where}: core needs the standard library only")
            if shown not in ONLY_IN.get(top, {shown}):
                found.append(f"{where}: another module is its only importer")
        elif name == "runbook.__version__":
            continue
        elif target != room and FLOORS[target] >= FLOORS[room]:
            found.append(f"{where}: not downward")
    return found


def test_every_room_has_its_floor() -> None:
    assert {room_of(module) for module in MODULES} <= set(FLOORS)
    assert len(MODULES) > 30


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_imports_run_downward(module: Path) -> None:
    assert complaints(module, module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_a_module_is_short_and_is_called_for_what_it_is(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert module.stem not in {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/model.py", "import yaml"),
        ("core/model.py", "from runbook.world import process"),
        ("core/model.py", "def f():\n    from runbook import world"),
        ("core/model.py", "from ..views import console"),
        ("core/model.py", "import runbook.engine.execute"),
        ("core/model.py", "from runbook.cli import app"),
        ("world/process.py", "from runbook.phasefile import loader"),
        ("format/forms.py", "from runbook.phasefile import loader"),
        ("world/process.py", "from runbook.engine import execute"),
        ("world/process.py", "import git"),
        ("views/console.py", "from git import Repo"),
        ("phasefile/loader.py", "from runbook import cli"),
        ("engine/execute.py", "import git.objects"),
        ("engine/execute.py", "def f():\n    import runbook.cli"),
        ("views/status.py", "from runbook.commands import look"),
        ("world/probe/runbook_probe.py", "from ...views import words"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str) -> None:
    assert len(complaints(SOURCE / module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/model.py", "import dataclasses\nfrom runbook.core.value import value"),
        ("core/model.py", "from .value import value\nfrom . import value"),
        ("world/repository.py", "import git\nfrom git import Repo"),
        ("engine/execute.py", "from runbook.world import process"),
        ("markdown/hidden.py", "from runbook.format import forms"),
        ("engine/execute.py", "from runbook.core import model"),
        ("views/console.py", "import rich"),
        ("cli.py", "from runbook.engine import execute\nfrom runbook import opening"),
        ("commands/run.py", "from runbook.engine import execute\nfrom runbook import opening"),
        ("cli.py", "from runbook.commands import run"),
        ("views/report.py", "from runbook import __version__"),
    ],
)
def test_a_right_import_is_not(module: str, source: str) -> None:
    assert complaints(SOURCE / module, source) == []
