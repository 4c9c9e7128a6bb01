"""Names under `carry` that nothing has: `check` lists them, and is content."""

from __future__ import annotations

from scenario import GREETING, Scenario


def greeting(scenario: Scenario) -> None:
    scenario.write(".gitignore", ".venv/\nnode_modules/\n")
    scenario.write(".venv/pyvenv.cfg", "")
    scenario.write("web/node_modules/x.js", "")
    scenario.app(GREETING.replace("      - commit", '      - verify: "true"\n      - commit'))


def test_misspelt_names(scenario: Scenario) -> None:
    scenario.series("title: Mine\ncarry: [.vnev, .venv, web/node_module, data]")
    greeting(scenario)
    scenario.phase(GREETING.replace("phase: 1", "phase: 2").replace("hello", "hullo"), "phase-2")
    scenario.run("check", "1").shows(
        0,
        """
        phases/phase-1.yaml: 1 task, 3 steps, no mistakes
          not there to be carried: .vnev; did you mean `.venv`?
          not there to be carried: web/node_module; did you mean `node_modules`?
          not there to be carried: data
        """,
    )
    # Once, and not for each phase.
    assert scenario.run("check").stdout.count("not there to be carried: data") == 1


def test_what_the_main_worktree_has_is_there(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x\ncarry: .venv")
    greeting(scenario)
    scenario.git("worktree", "add", "-q", "../linked")
    linked = scenario.folder / "linked"
    (linked / "phases").mkdir(exist_ok=True)
    for file in (scenario.root / "phases").glob("*.yaml"):
        (linked / "phases" / file.name).write_bytes(file.read_bytes())
    assert not (linked / ".venv").exists()
    result = scenario.run("check", cwd=linked)
    result.says(0, "no mistakes")
    assert "carried" not in result.stdout
