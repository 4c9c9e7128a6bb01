"""Notes in git are believed only where their commit is what they and the phase say of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario import APP, Scenario

REF = "--ref=refs/notes/runbook"
PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - commit: "feat: say good day"
    """
DONE = APP.replace("hello", "good day")


def note_of_elsewhere(scenario: Scenario) -> Path:
    """The note that a run in a clone writes, as a file."""
    clone = scenario.folder / "clone"
    scenario.git("clone", "-q", str(scenario.root), str(clone))
    scenario.run("run", cwd=clone).says(0, "1 commit")
    file = scenario.folder / "note"
    file.write_text(scenario.git("notes", REF, "show", "HEAD", cwd=clone))
    return file


def commit(scenario: Scenario, message: str, **files: str) -> None:
    for name, text in files.items():
        scenario.write(f"{name}.py", text)
        scenario.git("add", f"{name}.py")
    scenario.git("commit", "-q", "--allow-empty", "-m", message)


FORGED: dict[str, tuple[str, dict[str, str], str]] = {
    "nothing is committed": ("feat: say good day", {}, "the commit changes no file"),
    "another file": (
        "feat: say good day", {"mine": "mine = 1\n"},
        "the commit changes mine.py, which phase-1/task-1 does not",
    ),
    "another file beside": (
        "feat: say good day", {"app": DONE, "mine": "mine = 1\n"},
        "the commit changes mine.py, which phase-1/task-1 does not",
    ),
    "another message": ("innocent", {"app": DONE}, "the commit's message is not that of the step"),
    "another content": (
        "feat: say good day", {"app": APP + "\n# mine\n"},
        "the commit holds something else than the edits of the phase make",
    ),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_row_50_a_note_that_was_put_on_another_commit_makes_nothing_done(
    scenario: Scenario, forgery: str
) -> None:
    message, files, why = FORGED[forgery]
    scenario.app(PHASE)
    note = note_of_elsewhere(scenario)
    commit(scenario, message, **files)
    forged = scenario.git("rev-parse", "--short=9", "HEAD")
    scenario.git("notes", REF, "add", "-F", str(note), "HEAD")
    if "app" not in files:
        told = f"the note of <commit> as task-1/step-2 is not believed: {why}"
        for verb in ("status", "run"):
            scenario.run(verb).says(0, told)
        assert scenario.read("app.py") == DONE
        return
    result = scenario.run("status")
    result.says(0, f"is not believed: {why}", "[ ] task-1", "not begun")
    assert forged in result.raw
    assert "not from a journal" not in result.stdout
    scenario.run("status", "--check").says(1)


def test_row_50_the_trailers_are_among_what_a_commit_has_to_say(scenario: Scenario) -> None:
    scenario.series("co-authored-by: Grace <grace@example.org>")
    scenario.app(PHASE)
    note = note_of_elsewhere(scenario)
    commit(scenario, "feat: say good day", app=DONE)
    scenario.git("notes", REF, "add", "-F", str(note), "HEAD")
    scenario.run("status").says(0, "the commit's message is not that of the step", "not begun")
    scenario.git(
        "commit", "-q", "--amend", "-m", "feat: say good day",
        "-m", "Co-Authored-By: Grace <grace@example.org>",
    )  # fmt: skip
    scenario.git("notes", REF, "add", "-F", str(note), "HEAD")
    # Made by whomever: it is what the phase would have made.
    scenario.run("status").says(0, "known from notes in git, not from a journal", "complete")


def test_row_50_a_note_counts_no_more_steps_than_up_to_its_commit(scenario: Scenario) -> None:
    scenario.app(PHASE.rstrip() + "\n          - verify: test -e looked\n")
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-3")
    said = scenario.git("notes", REF, "show", "HEAD")
    assert '"steps": 2' in said
    note = scenario.folder / "note"
    note.write_text(said.replace('"steps": 2', '"steps": 3'))
    scenario.git("notes", REF, "add", "-f", "-F", str(note), "HEAD")
    shutil.rmtree(scenario.root / ".git" / "runbook")
    told = "the note counts other steps as done than those up to the commit"
    scenario.run("status").says(0, told, "not begun")


@pytest.mark.parametrize("reverts", ["nothing", "something"])
def test_row_50_nor_is_it_undone_because_a_note_says_so(scenario: Scenario, reverts: str) -> None:
    scenario.app(PHASE)
    note = note_of_elsewhere(scenario)
    note.write_text(note.read_text().replace('"reverts": false', '"reverts": true'))
    commit(scenario, "innocent", **({} if reverts == "nothing" else {"app": APP + "# mine\n"}))
    scenario.git("notes", REF, "add", "-F", str(note), "HEAD")
    scenario.run("run").says(0, "is not believed", "1 commit")


def test_what_hooks_and_hands_have_made_of_a_commit_is_in_its_note(scenario: Scenario) -> None:
    scenario.app(PHASE.replace("- commit:", "- verify: grep -q mine app.py\n          - commit:"))
    scenario.hook("pre-commit", "echo '# formatted' >> app.py; git add app.py")
    scenario.hook("commit-msg", "echo 'Checked-by: hook' >> \"$1\"")
    scenario.run("run").says(1)
    with (scenario.root / "app.py").open("a") as file:
        file.write("# mine\n")
    scenario.run("run").says(0, "1 commit")
    shutil.rmtree(scenario.root / ".git" / "runbook")
    scenario.run("run").says(0, "known from notes in git: task-1", "nothing to do")


def test_a_commit_that_was_picked_onto_another_branch_is_believed(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
    scenario.run("run").says(0)
    made = scenario.git("rev-parse", "HEAD")
    scenario.git("checkout", "-q", "-b", "other", "HEAD~1")
    commit(scenario, "More", more="more = 1\n")
    scenario.git("cherry-pick", made)
    scenario.git("notes", REF, "copy", made, "HEAD")
    shutil.rmtree(scenario.root / ".git" / "runbook")
    # Its tree is not the one in the note; its file is what the edit makes of the one before.
    scenario.run("run").says(0, "known from notes in git: task-1", "nothing to do")


def test_a_commit_that_only_bumps_a_submodule_nobody_is_to_see(scenario: Scenario) -> None:
    part = scenario.folder / "part"
    scenario.git("init", "-q", str(part), cwd=scenario.folder)
    for name in ("One", "Two"):
        scenario.git("commit", "-q", "--allow-empty", "-m", name, cwd=part)
    allowed = ("-c", "protocol.file.allow=always")
    scenario.git(*allowed, "submodule", "add", "-q", str(part), "part")
    scenario.git("checkout", "-q", "HEAD~1", cwd=scenario.root / "part")
    scenario.git("config", "-f", ".gitmodules", "submodule.part.ignore", "all")
    scenario.phase(
        """
        phase: 1
        goal: Take the newer part.
        tasks:
          - title: Bump it
            steps:
              - run: git -C part checkout -q main
                files: part
              - verify: "true"
              - commit: "chore: bump the part"
        """
    )
    scenario.git("add", "-f", "part")
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    shutil.rmtree(scenario.root / ".git/runbook")
    scenario.run("status").says(0, "known from notes in git", "complete")
    scenario.run("undo", "1").says(0, "undone: task-1")


def test_what_a_shallow_clone_can_not_tell_is_said(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(0, "1 commit")
    clone = scenario.folder / "clone"
    scenario.git("clone", "-q", "--depth", "1", f"file://{scenario.root}", str(clone))
    scenario.git("fetch", "-q", "origin", "refs/notes/runbook:refs/notes/runbook", cwd=clone)
    scenario.run("status", cwd=clone).says(
        0, "is not believed: the commit before it is not here (`git fetch --unshallow` gets it)"
    )
    scenario.git("fetch", "-q", "--unshallow", cwd=clone)
    scenario.run("status", cwd=clone).says(0, "known from notes in git", "complete")
