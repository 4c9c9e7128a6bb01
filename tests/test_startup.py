"""What the quick commands load: the costly libraries stay out of them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
COSTLY = {"asyncio", "dataclasses", "git", "importlib.metadata", "jinja2", "markdown_it", "rich"}

PROGRAM = """
import json, sys
sys.argv = ["runbook", *json.loads(sys.argv[1])]
from runbook.__main__ import main
status = main()
print(json.dumps([status, sorted(sys.modules)]))
"""


def modules_of(*arguments: str) -> set[str]:
    """Every module that a command has loaded when it ends."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    status, modules = json.loads(ended.stdout.splitlines()[-1])
    assert status == 0
    return set(modules)


@pytest.mark.parametrize("command", [["status"], ["list"], ["check"], ["check", "phase-3"]])
def test_commands_that_only_look_load_no_costly_library(command: list[str]) -> None:
    assert not modules_of(*command) & (COSTLY | {"shutil", "typer"})


RUN = """
import sys
sys.argv = ["runbook", "run", "1"]
from runbook.__main__ import main
try:
    main()
except SystemExit as ended:
    print(ended.code, {"git", "gitdb"} & sys.modules.keys())
"""


def test_a_run_loads_gitpython_where_git_is_to_change_something(scenario: Scenario) -> None:
    """Its object database is enough for what no hook, filter or signature has a say in."""
    scenario.write("a.txt", "a\n")
    scenario.phase("""
    phase: 1
    goal: Say good day.
    tasks:
      - title: Greet
        steps:
          - edit: a.txt
            append: b
          - verify: "true"
          - commit: Greet
    """)
    scenario.begin()
    ended = subprocess.run(
        [sys.executable, "-c", RUN], cwd=scenario.root, capture_output=True, text=True, check=True,
        env=scenario.env,
    )  # fmt: skip
    assert ended.stdout.splitlines()[-1] == "0 {'gitdb'}"


def test_the_version_loads_nothing_but_itself() -> None:
    ours = {name for name in modules_of("--version") if name.partition(".")[0] == "runbook"}
    assert ours == {"runbook", "runbook.__main__"}


def test_no_module_that_they_load_compiles_a_pattern_for_itself() -> None:
    """`core.patterns` does, when one is used."""
    loaded = modules_of("status") | modules_of("check") | modules_of("show", "3/1")
    for name in sorted(each for each in loaded if each.startswith("runbook.")):
        file = ROOT / "src" / Path(*name.split("."))
        module = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        for statement in ast.parse(module.read_text(encoding="utf-8")).body:
            made = isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
            assert not made or "re.compile(" not in ast.unparse(made), f"{name}:{statement.lineno}"


INTERRUPTED = """
import sys
import runbook.core.value as value

class Named:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt

value._SHARED["named"] = Named()
sys.argv = ["runbook", "status"]
from runbook.__main__ import main
sys.exit(main())
"""


def test_an_interrupt_while_a_class_is_made_is_one() -> None:
    """Where `__set_name__` is interrupted, Python 3.11 tells of a RuntimeError."""
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
