"""Which tests reach a mutant, by what was recorded."""

from __future__ import annotations

import ast
import json
import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from mutation.copying import changed, pytest_in
from mutation.drawing import Mutant

SECONDS = 15.0
"""Of one mutant no more tests are made than take so long, as it was recorded, if not told else."""

# Where modules are that run without the rest, of which nothing is recorded; and their tests.
_ALONE = {
    "world/overlay/": ("tests/world/test_views.py",),
    "world/processes/probe/": (
        "tests/world/test_probe.py",
        "tests/end_to_end/test_tricks_from_inside.py",
        "tests/end_to_end/test_what_checks_prove.py",
    ),
    "world/processes/": ("tests/world/test_process.py",),
}

# As coverage documents its files; the interface by files and lines takes a hundred times as long.
_REACHED = """
    select path, context, numbits from line_bits
    join file on file.id = file_id join context on context.id = context_id
    where context != ''
"""


def recorded(copy: Path, arguments: Sequence[str]) -> None:
    """Record what these tests reach, beside what was recorded before."""
    os.environ["RUNBOOK_REACH"] = str(copy.parent / "reach")
    from mutation.reaching import HOOK

    package = copy / "src/runbook/__init__.py"
    with changed(package, package.read_text(encoding="utf-8") + HOOK):
        pytest_in(copy, ["-p", "mutation.reaching", *arguments], copy.parent / "reach.log", None)


class Reach:
    """The tests of each line, and how long they take."""

    def __init__(self, copy: Path, most: float = SECONDS) -> None:
        from coverage.numbits import numbits_to_nums

        self._copy = copy
        self._most = most
        self.kills: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        for file in (copy.parent / "reach").glob("seconds-*"):
            self.seconds |= json.loads(file.read_text(encoding="utf-8"))
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for file in (copy.parent / "reach").glob("data*"):
            with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as data:  # of a killed one
                for name, test, bits in data.execute(_REACHED):
                    for line in numbits_to_nums(bits):
                        self._lines[name.rpartition("/src/runbook/")[2]][line].add(test)

    def drop(self, test: str) -> None:
        """Choose it no more."""
        self.seconds.pop(test, None)

    def limit(self, tests: Sequence[str]) -> float:
        """Seconds after which tests do not end, on a machine as busy as this one is."""
        busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        return busy * (20 + 3 * sum(self.seconds[test] for test in tests))

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may notice it: first those that noticed most, then what costs least.

        Tests of one file are about one thing, and a line is often reached by all: each costs as
        much as those before it of its file as well.
        """
        tree = ast.parse(mutant.source)
        lines = self._lines[mutant.path]
        found: set[str] = set()
        inside = _in_function(tree, mutant.line)
        if inside:
            found.update(*(lines[line] for line in _statement(tree, mutant.line)))
        # What is done when a module is imported, whoever does that first; or where nobody hears.
        alone = next((_ALONE[place] for place in _ALONE if mutant.path.startswith(place)), ())
        if not self.seconds.keys() & found and (alone or not inside):
            found.update(test for test in self.seconds if test.startswith(alone))
            found.update(self._of_functions(mutant.path, mutant.source))
            for path in self._importers(mutant.path):
                source = (self._copy / "src/runbook" / path).read_text(encoding="utf-8")
                found.update(self._of_functions(path, source))
        named = self.seconds.keys() & found
        before: Counter[str] = Counter()
        cost: dict[str, float] = {}
        for test in sorted(named, key=lambda test: (self.seconds[test], test)):
            file = test.partition("::")[0]
            before[file] += 1
            cost[test] = self.seconds[test] * before[file]
        order = sorted(cost, key=lambda test: (-self.kills[test], cost[test], test))
        left = self._most
        chosen: list[str] = []
        for test in order:
            left -= self.seconds[test]
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def _of_functions(self, path: str, source: str) -> Iterator[str]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1):
                    yield from self._lines[path][line]

    def _importers(self, path: str) -> Iterator[str]:
        module = "runbook." + path.removesuffix(".py").replace("/", ".")
        said = (f"from {module} import ", f"from {module.rpartition('.')[0]} import ")
        name = module.rpartition(".")[2]
        for file in sorted((self._copy / "src/runbook").rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            other = str(file.relative_to(self._copy / "src/runbook"))
            if said[0] in source or any(
                line.startswith(said[1]) and name in line for line in source.splitlines()
            ):
                yield other


def _in_function(tree: ast.Module, line: int) -> bool:
    return any(
        isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0)
        for node in ast.walk(tree)
    )


def _statement(tree: ast.Module, line: int) -> range:
    """The lines of the statement there; of one with a body, those before that."""
    best = range(line, line + 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            end = (node.end_lineno or 0) + 1
            if body:
                first = body[0]
                end = max(node.lineno + 1, getattr(first, "lineno", node.lineno + 1))
            if line < end:
                best = range(node.lineno, end)
    return best
