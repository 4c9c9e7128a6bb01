"""What a killed run left of one phase, when the next run is of another."""

from __future__ import annotations

import shutil

from handing import cut
from scenario import Scenario

from runbook.world.files.journallock import ended_at

COMMAND = """
phase: 1
goal: Say it once.
tasks:
  - title: Say it
    steps:
      - run: echo said >> said.txt; if test ! -e ../again; then touch ../there; sleep 1000; fi
        files: said.txt
      - commit: "feat: say it"
"""
OTHER = """
phase: 2
goal: Be other.
tasks:
  - title: Be other
    steps:
      - run: echo other > other.txt
        files: other.txt
      - commit: "feat: be other"
"""
SERVICE = """
phase: {number}
goal: Greet.
workdir: {folder}
tasks:
  - title: Greet
    steps:
      - edit: app.py
        replace: hello
        with: good day
      - verify: {check}
      - commit: "feat: greet in {folder}"
"""


def killed_in_a_command(scenario: Scenario) -> None:
    scenario.write("said.txt", "so\n")
    scenario.phase(COMMAND)
    scenario.phase(OTHER, "phase-2")
    scenario.begin()
    process = scenario.start("run", "1")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    scenario.until(lambda: ended_at(scenario.journal.parent))
    (scenario.folder / "again").touch()


def test_a_command_that_was_killed_comes_before_other_phases(scenario: Scenario) -> None:
    killed_in_a_command(scenario)
    for arguments in (("run", "2"), ("run", "2", "--dry-run"), ("run", "--all")):
        if arguments != ("run", "--all"):
            scenario.run(*arguments).says(
                1,
                "the command of phase-1/task-1/step-1 was killed, and its files are as that left",
                "first, under the name that its phase file has had: `runbook run phase-1`",
            )
            continue
        scenario.run(*arguments).says(0, "phase-1 is complete", "phase-2 is complete")
    assert scenario.read("said.txt") == "so\nsaid\n"


def test_a_command_that_was_killed_may_be_taken_back(scenario: Scenario) -> None:
    killed_in_a_command(scenario)
    scenario.run("skip", "1/1", "--reason", "no").says(0)
    assert scenario.read("said.txt") == "so\n"
    scenario.run("run", "2").says(0, "phase-2 is complete")


def two_services(scenario: Scenario) -> None:
    for number, folder, check in ((1, "orders", "test -e ok"), (2, "bills", "true")):
        scenario.write(f"{folder}/app.py", 'print("hello")\n')
        phase = SERVICE.format(number=number, folder=folder, check=check)
        scenario.phase(phase, f"phase-{number}")
    scenario.begin()


def test_files_are_put_back_in_the_folder_of_their_own_phase(scenario: Scenario) -> None:
    two_services(scenario)
    scenario.run("run", "1").says(1, "the check failed")
    edited = scenario.read("orders/app.py")
    images = scenario.journal.with_name("images")
    shutil.copytree(images, scenario.folder / "kept")
    scenario.run("abort", "1").says(0)
    shutil.copytree(scenario.folder / "kept", images, dirs_exist_ok=True)
    cut(scenario, "RestorePlanned")
    scenario.write("orders/app.py", edited)
    scenario.run("run", "2", "--dry-run").says(0)
    scenario.run("status", "2").says(0, "not begun; to begin")
    scenario.run("run", "2").says(0, "phase-2 is complete: 1 commit")
    assert scenario.read("orders/app.py") == 'print("hello")\n'
    assert scenario.read("bills/app.py") == 'print("good day")\n'
    assert scenario.status() == ""


def test_what_a_hook_changed_is_checked_again_in_its_own_phase(scenario: Scenario) -> None:
    keeps = "cp -r .git/runbook/main/images ../kept"
    scenario.hook(
        "pre-commit", f"{keeps}; sed -i 's/good day/GOOD DAY/' */app.py; git add */app.py"
    )
    two_services(scenario)
    scenario.write("orders/ok", "")
    scenario.git("add", "-A")
    scenario.git("commit", "-q", "--no-verify", "-m", "Ok")
    scenario.run("run", "1").says(0, "checked again as it is now")
    cut(scenario, "CommitIntended")
    images = scenario.journal.with_name("images")
    shutil.copytree(scenario.folder / "kept", images, dirs_exist_ok=True)
    (scenario.root / ".git/hooks/pre-commit").unlink()
    scenario.run("run", "2").says(
        0, "a hook changed what is committed: orders/app.py", "phase-2 is complete: 1 commit"
    )
    scenario.run("run", "1").says(0, "test -e ok", "phase-1 is complete")


def test_nothing_is_left_where_the_worktree_is_made_anew(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/there")
    scenario.write("said.txt", "so\n")
    scenario.phase(
        COMMAND.replace("../there", "../../../there").replace("../again", "../../../again")
    )
    scenario.begin()
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    (folder,) = (scenario.root / ".git/runbook").glob("there-*")
    scenario.until(lambda: ended_at(folder))
    (scenario.folder / "again").touch()
    scenario.run("clean", "--branch", "--force").says(0)
    scenario.write("said.txt", "otherwise\n")
    scenario.git("commit", "-qam", "Otherwise")
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.git("show", "there:said.txt") == "otherwise\nsaid"


def test_a_phase_whose_file_is_called_otherwise_is_not_forgotten(scenario: Scenario) -> None:
    scenario.write("services/app.py", "hello\n")
    first = SERVICE.format(number=1, folder="services", check="'false'")
    scenario.series("workdir: services")
    file = scenario.phase(first)
    scenario.begin()
    scenario.run("run", "1").says(1, "the check failed")
    assert "no file" not in scenario.run("status").stdout
    renamed = file.rename(file.with_name("greeting.yaml"))
    begun = "phase-1 was begun, and has no file in this series any more"
    scenario.run("status").says(
        0,
        "[ ] greeting: Greet.",
        f"{begun}; changed by it, and in no commit: services/app.py\n",
        "  Call its file `phase-1.yaml` again, then: runbook run phase-1\n",
        "    runbook abort phase-1, once it is called so",
    )
    renamed.rename(file)
    scenario.run("abort", "phase-1").says(0)
    file.rename(renamed)
    assert "no file" not in scenario.run("status").stdout
