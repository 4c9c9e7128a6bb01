"""The README as a new user reads it: its files are made, its commands run, its outputs compared."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from replaying import commands, fences, replay
from scenario import Scenario

from runbook.cli import application
from runbook.core.model.model import Commit, Edit, Verify
from runbook.phasefile.loader import load_series

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_transcripts_replay(scenario: Scenario) -> None:
    files = [fence[1:] for fence in fences(README) if fence[0] in ("python", "yaml")]
    for path, text in files:
        scenario.write(path, text)
    assert {path.name for path in scenario.root.glob("*.py")} == {"shop.py", "test_shop.py"}
    scenario.begin()
    done = replay(scenario, README)
    assert [command for command in done if command.startswith("runbook")] == [
        "runbook check",
        "runbook run 1",
        "runbook run 1",
    ]
    assert scenario.subjects()[1:] == [
        "refactor: name the rate of the tax",
        "fix: round prices to cents",
    ]
    assert scenario.status() == ""
    assert "round(net * (1 + VAT), 2)" in scenario.git("show", "HEAD:shop.py")


def test_the_transcript_of_the_example_is_of_its_phase() -> None:
    """It takes a minute and a network to replay, so its lines are compared with the phase file."""
    ((_, _, transcript),) = [fence for fence in fences(README) if fence[1] == "example"]
    ((command, shown),) = commands(transcript)
    name = command.removeprefix("./runbook run ")
    (phase,) = [each for each in load_series(ROOT / "phases").phases if each.id == name]
    lines = {f"{phase.id}: {phase.goal}"}
    for number, task in enumerate(phase.tasks, 1):
        lines.add(f"task-{number}: {task.title}")
        for step in task.steps:
            match step:
                case Edit():
                    (path,) = step.targets
                    lines.add(f"  edit    {path}, lines 16-22")
                case Verify():
                    lines.add(f"  verify  {step.command}")
                case Commit():
                    lines.add(f"  commit  {step.subject}")
                case _:
                    pass
    said = [
        re.sub(r"^(  commit  )[0-9a-f]{9} ", r"\1", line)
        for line in shown.splitlines()
        if line.startswith(("phase-3:", "task-", "  edit ", "  verify ", "  commit "))
    ]
    assert len(said) == 5
    assert [line for line in said if line not in lines] == []
    assert f"worktree {phase.settings.worktree} made" in shown
    assert sum(isinstance(step, Commit) for task in phase.tasks for step in task.steps) == 2
    assert "\nphase-3 is complete: 2 commits, " in shown


def test_every_command_is_in_the_table_and_no_other() -> None:
    table = re.findall(r"^\| `runbook (\w+)( [^`]*)?` \| (.*) \|$", README, re.MULTILINE)
    group = typer.main.get_group(application())
    assert [name for name, _, _ in table] == list(group.commands)
    for name, _, meaning in table:
        for stated in re.findall(r"`(-[-\w]+)", meaning):
            assert stated in options(name), f"{stated} of {name}"


def test_every_option_has_its_line_and_no_other() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = re.split(r"^### `runbook (\w+)(?: [^`]*)?`$", page, flags=re.MULTILINE)[1:]
    stated = dict(zip(sections[::2], sections[1::2], strict=True))
    assert sorted(stated) == sorted(typer.main.get_group(application()).commands)
    for name, text in stated.items():
        rows = "".join(re.findall(r"^\| (`-.*?) \|", text, re.MULTILINE))
        assert set(re.findall(r"`(-[-\w]+)`", rows)) == options(name) - {"-h", "--help"}, name


def options(command: str) -> set[str]:
    return {
        option
        for parameter in typer.main.get_group(application()).commands[command].params
        for option in parameter.opts
        if option.startswith("-")
    }


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 230
