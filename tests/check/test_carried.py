"""What this machine does not have, under `carry` or on PATH: `check` lists it, and is content."""

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


def test_programs_that_are_not_installed(scenario: Scenario) -> None:
    scenario.app(
        GREETING.replace(
            "      - commit",
            "      - verify: no-such-tool test\n      - verify: true && no-such-tool lint\n"
            "      - verify: other-tool\n        env: {PATH: bin}\n"
            "      - commit",
        )
    )
    scenario.run("check").shows(
        0,
        """
        phases/phase-1.yaml: 1 task, 5 steps, no mistakes
          not found on this machine: no-such-tool (phase-1/task-1/step-2 and 1 more step)
        """,
    )
