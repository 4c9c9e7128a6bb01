"""RB120: a key that would be made new beside one that is written almost alike."""

from __future__ import annotations

import pytest
from scenario import Scenario

FILES = {
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-v'\n",
    "ci.yaml": "jobs:\n  test:\n    steps: []\n",
    "package.json": '{"scripts": {"test": "jest"}}\n',
}


@pytest.mark.parametrize(
    ("path", "keys", "near"),
    [
        ("pyproject.toml", "tool.pytets.ini_options.addopts", "tool.pytest"),
        ("ci.yaml", "jobs.tests.timeout", "jobs.test"),
        ("package.json", "script.test", "scripts"),
        # The last key may be new, and so may what is like nothing.
        ("pyproject.toml", "tool.pytest.ini_options.addopt", None),
        ("pyproject.toml", "tool.ruff.line-length", None),
        ("package.json", "engines.node", None),
        ("ci.yaml", "jobs.test.timeout", None),
    ],
)
def test_a_misspelt_way(scenario: Scenario, path: str, keys: str, near: str | None) -> None:
    for name, text in FILES.items():
        scenario.write(name, text)
    scenario.app(
        "phase: 1\ngoal: Set.\ntasks:\n  - title: Set\n    steps:\n"
        f"      - edit: {path}\n        set: {{{keys}: '1'}}\n"
        "      - verify: 'true'\n      - commit: \"build: set\"\n"
    )
    said = scenario.run("check").stdout
    if near is None:
        assert "RB120" not in said
    else:
        way = ".".join(keys.split(".")[: near.count(".") + 1])
        assert f"RB120: {path} has no `{way}`, and it would be made new" in said
        assert f"hint: did you mean `{near}`?" in said
