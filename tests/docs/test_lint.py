"""docs/lint.md against the rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

from runbook.core.lint.finding import RULES
from runbook.core.position import Position
from runbook.core.record.problems import Problem
from runbook.views.jsonlines import state_line

PAGE = (Path(__file__).parents[2] / "docs" / "lint.md").read_text(encoding="utf-8")


def test_every_rule_is_in_the_table_and_has_its_section() -> None:
    assert dict(re.findall(r"^\| (RB\d+) \| (.*) \|$", PAGE, re.MULTILINE)) == RULES
    sections = re.findall(r"^### (RB\d+)\n\n(.+)", PAGE, re.MULTILINE)
    assert [code for code, _ in sections] == list(RULES)


def test_every_key_of_the_json_is_told() -> None:
    (told,) = re.findall(r"for each problem its (.*?)\. `--format github`", PAGE, re.DOTALL)
    line = json.loads(state_line(Problem("lint", Position("x", 1, 1), "no")))
    for key in line.keys() - {"v", "state"}:
        assert f"`{key}`" in told, key
