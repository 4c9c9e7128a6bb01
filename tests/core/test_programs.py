"""The programs that a command calls by their names alone."""

from __future__ import annotations

import pytest

from runbook.core.shell.programs import programs


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("cargo test && npm run build | tee log", ["cargo", "npm", "tee"]),
        ("if test -f x; then ! just lint; fi", ["just"]),
        ("for i in 1 2; do zig build; done", ["zig"]),
        ("uv run pytest", ["uv"]),
        ("timeout 5 foo -x", ["timeout"]),
        ("A=1 bash -c 'go vet ./...'", ["bash", "go"]),
        ('test -n "$(jq . a.json)"', ["jq"]),
        ('./tool && ~/tool && /opt/tool && $TOOL && "$(tool)"', ["tool"]),
        ("echo cargo; cd cargo && printf cargo", []),
        # Names that may be known otherwise.
        ("cargo() { :; }; cargo", []),
        ("source .venv/bin/activate && cargo", []),
        (". .venv/bin/activate && cargo", []),
        ("PATH=bin:$PATH cargo", []),
        ("command -v cargo && cargo test", []),
        ("cat <<END\ncargo test\nEND", ["cat"]),
    ],
)
def test_programs(command: str, found: list[str]) -> None:
    assert list(programs(command)) == found
