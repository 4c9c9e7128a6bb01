"""Files that a command is told to write: what is there is replaced only where runbook wrote it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scenario import GREETING, Scenario

MINE = "mine\n"
PYTEST = '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"></testsuites>\n'
DOCUMENT = """\
# How plans look

A comment such as <!-- runbook: {"guard": true} --> stands under a step:

```markdown
<!-- runbook: {"guard": true} -->
```
"""

WRITING = [
    ("run", "--events"), ("run", "--junit"), ("skip", "1/1", "--reason", "x", "--events"),
    ("report", "-o"), ("report", "--format", "md", "-o"), ("report", "--format", "junit", "-o"),
    ("plan", "1", "-o"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_what_is_the_users_is_left(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    scenario.app(GREETING)
    if arguments[0] == "report":
        scenario.run("run").says(0)
    head = scenario.git("rev-parse", "HEAD")
    for text in (MINE, PYTEST, DOCUMENT, '{"v": 1}\n', "<!doctype html>\n<html></html>\n"):
        scenario.write("mine.txt", text)
        scenario.run(*arguments, "mine.txt").says(
            2, "error: mine.txt is there and is no ", "it is left as it is: write to another file"
        )
        assert scenario.read("mine.txt") == text
    # Nothing was begun for it.
    assert scenario.git("rev-parse", "HEAD") == head


@pytest.mark.parametrize(
    "arguments", [each for each in WRITING if "skip" not in each], ids=" ".join
)
def test_what_runbook_wrote_is_replaced(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    scenario.app(GREETING)
    if arguments[0] == "report":
        scenario.run("run").says(0)
    scenario.write("ours", "")
    scenario.run(*arguments, "ours").says(0)
    first = scenario.read("ours")
    assert first
    scenario.run(*arguments, "ours").says(0)
    assert scenario.read("ours")[:20] == first[:20]


def test_what_is_no_file_is_written_to(scenario: Scenario) -> None:
    scenario.app(GREETING)
    pipe = scenario.root / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    scenario.run("run", "--events", "pipe").says(0)
    assert os.read(reader, 2**16).startswith(b'{"v":1,"event":"RunBegan"')
    os.close(reader)
    scenario.run("report", "-o", os.devnull).shows(0, f"wrote {os.devnull}")
    assert Path(os.devnull).is_char_device()
