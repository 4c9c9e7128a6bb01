"""`runbook init` and `runbook new`: from an empty repository to a phase that loads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenario import CHECKED, Scenario

from runbook.phasefile.loader import load_series

INIT = """
    wrote phases/runbook.yaml
    wrote phases/.schema/phase.json
    wrote phases/.schema/series.json
    set notes.rewriteRef to refs/notes/runbook in this repository's configuration, so that a rebase carries along what runbook notes on its commits
    added .worktrees/ to .git/info/exclude, so that linked worktrees don't show
    for completion in bash: eval "$(runbook completion bash)" in ~/.bashrc; zsh and fish: runbook completion -h
    next: runbook new phase-1
    """  # noqa: E501


def test_from_nothing_to_a_phase(scenario: Scenario) -> None:
    scenario.run("init", "--title", "From REST: to gRPC").shows(0, INIT)
    scenario.run("new", "1").shows(
        0,
        """
        wrote phases/phase-1.yaml
        next: write its steps, then: runbook check phase-1
        """,
    )
    scenario.run("new", "phase-2").says(0, "wrote phases/phase-2.yaml")
    scenario.run("new", "cleanup").says(0, "wrote phases/cleanup.yaml")
    loaded = load_series(scenario.root / "phases")
    assert loaded.series.title == "From REST: to gRPC"
    assert [(each.id, each.number) for each in loaded.phases] == [
        ("phase-1", 1),
        ("phase-2", 2),
        ("cleanup", None),
    ]
    scenario.run("check").says(0)
    scenario.write(".worktrees/x/y", "")
    assert ".worktrees" not in scenario.status()
    assert scenario.git("config", "--get-all", "notes.rewriteRef") == "refs/notes/runbook"


def test_the_comments_of_a_new_phase_are_true(scenario: Scenario) -> None:
    scenario.run("init").says(0)
    scenario.run("new", "1").says(0)
    file = scenario.root / "phases/phase-1.yaml"
    lines = file.read_text().split("\n")
    freed = [
        line.replace("# ", "", 1) if "#   " in line or "# - " in line else line for line in lines
    ]
    file.write_text("\n".join(freed).replace("# verification:", "verification:"))
    (phase,) = load_series(scenario.root / "phases").phases
    assert [type(step).__name__ for step in phase.tasks[0].steps] == [
        "Edit",
        "Verify",
        "Confirm",
        "Commit",
        "Manual",
    ]
    assert len(phase.verification) == 1


def test_a_new_phase_that_was_taken_as_done_can_be_written_after_all(scenario: Scenario) -> None:
    scenario.app()
    (scenario.root / "phases" / "phase-1.yaml").unlink()
    scenario.run("new", "1")
    scenario.run("run").says(4, "Write the steps of this task.")
    scenario.run("run").says(0, "phase-1 is complete")
    scenario.phase(CHECKED)
    finished = "this task was finished, and the phase file says something else now"
    scenario.run("run").says(1, finished, "With another `id` this is one")
    refused = scenario.run("skip", "1/1", "--reason", "no")
    refused.says(1, "phase-1/task-1 is done")
    assert "undo" not in refused.stdout + refused.stderr
    scenario.phase(CHECKED.replace("- title", "- id: say\n    title"))
    status = scenario.run("status")
    status.says(0, "What it stopped for is settled.", "To go on from here: runbook run phase-1")
    assert "repair" not in status.stdout
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")


def test_a_new_phase_offers_to_require_the_one_before_it(scenario: Scenario) -> None:
    for name in ("1", "2"):
        scenario.run("init").says(0)
        scenario.run("new", name).says(0)
    file = scenario.root / "phases/phase-2.yaml"
    file.write_text(file.read_text().replace("# requires", "requires"))
    first, second = load_series(scenario.root / "phases").phases
    assert second.requires == (first.id,)
    assert "requires: [phase-1]" not in scenario.read("phases/phase-1.yaml")


def contents(scenario: Scenario) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in scenario.root.rglob("*") if path.is_file()}


def test_what_is_there_is_left(scenario: Scenario) -> None:
    scenario.series("title: Mine")
    scenario.app(CHECKED)
    scenario.run("init").says(0)
    before = contents(scenario)
    scenario.run("init").shows(
        0,
        """
        left phases/runbook.yaml as it is
        left notes.rewriteRef: a rebase carries the notes along already
        left git's excludes: .worktrees/ is ignored already
        next: runbook check
        """,
    )
    assert before == {
        path: path.read_bytes() for path in scenario.root.rglob("*") if path.is_file()
    }
    assert scenario.read("phases/runbook.yaml") == "title: Mine"
    scenario.run("new", "1").shows(2, "", "error: phase 1 is there already: phases/phase-1.yaml")
    assert scenario.read("phases/phase-1.yaml") == CHECKED


def test_schemas_of_an_older_runbook_are_updated_and_no_others(scenario: Scenario) -> None:
    scenario.run("init").says(0)
    old = json.dumps({"title": "A phase of runbook"})
    scenario.write("phases/.schema/phase.json", old)
    scenario.write("phases/.schema/series.json", "mine")
    scenario.run("init").says(0, "updated phases/.schema/phase.json\n")
    assert scenario.read("phases/.schema/phase.json") == scenario.run("schema").stdout
    assert scenario.read("phases/.schema/series.json") == "mine"
    (scenario.root / "phases/.schema/series.json").write_bytes(b"\xff\xfe")
    scenario.run("init").says(0)
    assert (scenario.root / "phases/.schema/series.json").read_bytes() == b"\xff\xfe"


@pytest.mark.parametrize("name", ["Phase 1", "../x", "runbook", "", "a/b", "x."])
def test_a_name_no_phase_can_have(scenario: Scenario, name: str) -> None:
    scenario.app()
    scenario.run("new", name).says(2, "can't be a phase's name; use a-z, 0-9 and `-`")


@pytest.mark.parametrize(
    "name", ["7", "phase-7", "phase-7.yaml", "phase-7.yml", "phases/phase-7.yaml", "./phase-7"]
)
def test_a_new_phase_is_named_as_any_other(scenario: Scenario, name: str) -> None:
    scenario.app()
    scenario.run("new", name).shows(
        0,
        """
        wrote phases/phase-7.yaml
        wrote phases/.schema/phase.json
        wrote phases/.schema/series.json
        next: write its steps, then: runbook check phase-7
        """,
    )


def test_init_needs_a_repository(scenario: Scenario) -> None:
    scenario.run("init", cwd=scenario.folder).says(
        2, "is in no git repository: go to yours, or begin one with: git init"
    )


def test_fmt_makes_files_straight(scenario: Scenario) -> None:
    crooked = CHECKED.replace("goal:", "# why\ngoal:  ").replace("  - title:", "\n\n\n  - title:")
    scenario.app(crooked)
    scenario.series("title: 'Mine'\n")
    scenario.run("fmt", "--check").shows(
        1, "would change phases/runbook.yaml\nwould change phases/phase-1.yaml"
    )
    assert scenario.read("phases/phase-1.yaml") == crooked
    before = load_series(scenario.root / "phases")
    scenario.run("fmt", "1").shows(0, "changed phases/phase-1.yaml")
    scenario.run("fmt").shows(0, "changed phases/runbook.yaml")
    assert scenario.read("phases/runbook.yaml") == "title: Mine\n"
    assert "# why\ngoal: Say good day.\ntasks:\n\n  - title:" in scenario.read(
        "phases/phase-1.yaml"
    )
    assert load_series(scenario.root / "phases").phases == before.phases
    scenario.run("fmt", "--check").shows(0, "2 files left as they are")
    scenario.run("fmt", "1", "--check").shows(0, "1 file left as it is")
    # What an editor put there is no layout.
    windows = b"\xef\xbb\xbf" + scenario.read("phases/phase-1.yaml").encode().replace(
        b"\n", b"\r\n"
    )
    (scenario.root / "phases/phase-1.yaml").write_bytes(windows)
    scenario.run("fmt", "1", "--check").shows(0, "1 file left as it is")
