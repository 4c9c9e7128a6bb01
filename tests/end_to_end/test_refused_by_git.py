"""Where git itself refuses: a repository of somebody else's, a git that dies before it answers."""

from __future__ import annotations

import os
import stat

import pytest
from scenario import GREETING, Scenario

SOMEBODY = 54321

WRITING: dict[str, tuple[str, ...]] = {
    "init": ("init",),
    "new": ("new", "phase-2"),
    "fmt": ("fmt",),
    "import": ("import", "plan.md"),
    "import elsewhere": ("import", "plan.md", "-o", "more/phases"),
    "run": ("run",),
    "undo": ("undo", "1"),
    "audit": ("audit", "1"),
    "clean": ("clean",),
}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("command", WRITING)
def test_nothing_is_written_into_a_repository_that_git_refuses(
    scenario: Scenario, command: str
) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.write("plan.md", "# Phase 2: More\n\n**Goal:** More.\n\n## Task 1: It\n\nDo it.\n")
    scenario.app()
    scenario.phase(scenario.read("phases/phase-1.yaml").replace("phase: 1", "phase:   1"))

    def there() -> dict[str, bytes]:
        return {
            str(path): path.read_bytes() if path.is_file() else b""
            for path in scenario.root.rglob("*")
        }

    before = there()
    os.chown(scenario.root, SOMEBODY, SOMEBODY)
    os.chown(scenario.root / ".git", SOMEBODY, SOMEBODY)
    scenario.run(*WRITING[command]).says(1, "git refused: fatal: detected dubious ownership")
    assert there() == before
    plain = dict(scenario.env)
    scenario.env |= {
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    }  # fmt: skip
    assert "dubious" not in scenario.run(*WRITING[command]).stderr
    scenario.env = plain
    scenario.git("config", "--global", "--add", "safe.directory", "*", cwd=scenario.folder)
    assert "dubious" not in scenario.run(*WRITING[command]).stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_who_only_looks_is_told_what_git_refuses(scenario: Scenario) -> None:
    scenario.app()
    # The identity is one of the settings of the repository, which git does not take then.
    own = scenario.root / ".git/config"
    own.write_text(own.read_text() + scenario.config.read_text())
    scenario.config.write_text("[user]\nuseConfigOnly = true\n")
    for path in (scenario.root, scenario.root / ".git"):
        os.chown(path, SOMEBODY, SOMEBODY)
    result = scenario.run("status")
    result.says(0, "a run would stop", "detected dubious ownership", "--add safe.directory <root>")
    assert "Please tell me who you are" not in result.raw


def test_a_git_that_dies_when_it_is_asked_for_its_version_is_no_mistake(
    scenario: Scenario,
) -> None:
    # Where a hook is, git itself makes the commit, and has to be told of a new file.
    new = "      - edit: new.txt\n        create: |\n          new\n      - commit"
    scenario.app(GREETING.replace("      - commit", new))
    scenario.hook("pre-commit", "true")
    real = f"{scenario.git('--exec-path')}/git"
    scenario.program("git", f'test "$1" = version && kill -9 $$\nexec {real} "$@"')
    scenario.load_anew()
    scenario.run("run").says(1, "it could not be asked for its version")
    (scenario.bin / "git").unlink()
    scenario.run("run").says(0, "1 commit")


def test_a_file_of_events_is_as_private_as_the_journal(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run", "--events", "events.log").says(0)
    assert stat.S_IMODE((scenario.root / "events.log").stat().st_mode) == 0o600
    # One that is there already is as its owner made it.
    (scenario.root / "events.log").chmod(0o644)
    scenario.run("run", "--events", "events.log").says(0)
    assert stat.S_IMODE((scenario.root / "events.log").stat().st_mode) == 0o644
