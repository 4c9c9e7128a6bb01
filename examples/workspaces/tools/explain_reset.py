"""The delegate of phase 5: writes the docstring of reset_db_engine_per_test anew.

Where a person or a coding agent would read the brief, which comes on standard input, this script
knows what to write. What it can do and an exact edit can't: whatever the docstring says now, and
wherever it stands, it is replaced.
"""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

FIXTURE = "reset_db_engine_per_test"
DOCSTRING = '''\
    """Dispose of the engine that the service shares after each test, in the loop of that test.

    Tests of the service need this. The engine keeps connections in a pool, and a connection
    belongs to the event loop that it was opened in, but every test has a loop of its own. Without
    this fixture a test is handed the connection of one that is over:

        RuntimeError: Event loop is closed

    and fails, for what it waits for is attached to a different loop. Disposed of, the engine is
    made anew by the next test.

    Tests with `db_session` keep no connection and would do without; it does them no harm.
    """
'''


def main() -> None:
    """Replace the docstring in the file of the step."""
    brief = sys.stdin.read()
    if FIXTURE not in brief:
        print(f"BLOCKED: the brief says nothing of {FIXTURE}")
        return
    file = Path(os.environ["RUNBOOK_FILES"])
    text = file.read_text(encoding="utf-8")
    [fixture] = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name == FIXTURE
    ]
    old = fixture.body[0]
    lines = text.splitlines(keepends=True)
    lines[old.lineno - 1 : old.end_lineno] = [DOCSTRING]
    file.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
