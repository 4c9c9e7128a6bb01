"""git hooks, signing and identity: the user's git with the user's configuration."""

import shutil
import subprocess

import pytest
from scenario import GREETING, Scenario

SERIES = 'co-authored-by: "Grace <grace@example.org>"'
LINKED = f"{SERIES}\nworktree: .worktrees/x"

UNSOUND = (
    "hint: the commit was made and stays: take it back with `git reset --soft <commit>`, mend the "
    "hook and run again, or go on with the commit as it is with --accept-head"
)


@pytest.mark.parametrize("linked", [False, True])
def test_row_19_all_hooks_run_and_may_stage_again(scenario: Scenario, linked: bool) -> None:
    scenario.series(LINKED if linked else SERIES)
    scenario.app()
    log = scenario.folder / "hooks"
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        scenario.hook(name, f"echo {name} >> {log}")
    scenario.hook(
        "pre-commit", f"echo pre-commit >> {log}; printf '\\n# formatted\\n' >> app.py; git add -u"
    )
    scenario.run("run").says(0, "1 commit")
    assert log.read_text().split() == [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
    ]
    where = scenario.root / (".worktrees/x" if linked else ".")
    assert scenario.status(cwd=where) == ""
    assert "# formatted" in scenario.git("show", "HEAD:app.py", cwd=where)
    assert scenario.message("HEAD", cwd=where) == (
        "feat: say good day\n\nCo-Authored-By: Grace <grace@example.org>"
    )


def test_a_failing_hook_stops_the_run_and_the_files_are_kept(scenario: Scenario) -> None:
    scenario.app(
        GREETING.replace(
            '      - commit: "feat: say good day"',
            '      - edit: new.py\n        create: "new"\n      - commit: "feat: say good day"',
        )
    )
    scenario.hook("pre-commit", "echo 'line too long: app.py:2' >&2; exit 1")
    scenario.run("run").shows(
        1,
        """
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          edit    new.py, line 1

        stopped at phase-1/task-1/step-3 (phases/phase-1.yaml:11:9): git did not make the commit
          git says:
            | line too long: app.py:2

        The edits are kept in <root>. When it is mended: runbook run phase-1
        Or instead:
          runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
          runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
          runbook abort phase-1: put the files of task-1 back, as if it had not begun
        """,
    )
    # Neither staged nor lost.
    assert scenario.status() == " M app.py\n?? new.py"
    assert scenario.subjects() == ["Begin"]
    scenario.run("status").shows(
        0,
        """
        [!] phase-1: Say good day.
            [!] task-1: Say it politely
          stopped at phase-1/task-1/step-3 (phases/phase-1.yaml:11:9): git did not make the commit
            line too long: app.py:2
          1 of 1 task left.
          The edits are kept in <root>. When it is mended: runbook run phase-1
          Or instead:
            runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
            runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
            runbook abort phase-1: put the files of task-1 back, as if it had not begun
          To look closer: runbook show phase-1/task-1
        """,
    )
    scenario.hook("pre-commit", "exit 0")
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py", "new.py"]
    assert scenario.status() == ""


def test_row_19_a_foreign_file_that_a_hook_adds_is_reported(scenario: Scenario) -> None:
    scenario.write("other.txt", "one\n")
    scenario.app()
    scenario.hook("pre-commit", "echo two > other.txt; git add other.txt")
    scenario.run("run").shows(
        1,
        f"""
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2

        stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): commit <commit> also has \
other.txt: a hook added it
          {UNSOUND}

        The edits are kept in <root>. When it is mended: runbook run phase-1
        """,
    )
    (scenario.root / ".git/hooks/pre-commit").unlink()
    scenario.git("reset", "-q", "--soft", "HEAD~1")
    scenario.git("checkout", "-q", "HEAD", "other.txt")
    scenario.run("run").says(0, "1 commit")
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    assert scenario.paths() == ["app.py"]


def test_row_19_a_commit_with_a_foreign_file_can_be_accepted(scenario: Scenario) -> None:
    """The index is behind with what the hook added, and the user's next commit would undo it."""
    scenario.write("other.txt", "one\n")
    scenario.write("staged.txt", "one\n")
    scenario.app()
    scenario.write("staged.txt", "two\n")
    scenario.git("add", "staged.txt")
    scenario.hook("pre-commit", "echo two | tee new.txt > other.txt; git add other.txt new.txt")
    scenario.run("run").says(1, "also has new.txt, other.txt: a hook added it")
    scenario.run("run", "--accept-head").says(0, "already committed: app.py", "is complete")
    assert scenario.paths() == ["app.py", "new.txt", "other.txt"]
    assert scenario.status() == "M  staged.txt"


def test_what_a_hook_misses_in_a_linked_worktree_is_named(scenario: Scenario) -> None:
    scenario.write(".gitignore", "node_modules\n.env\n")
    scenario.series("worktree: .worktrees/m\n")
    scenario.app()
    (scenario.root / "node_modules").mkdir()
    scenario.write("node_modules/lint", "#!/bin/sh\n")
    scenario.write(".env", "")
    hook = "test -e node_modules/lint || { echo 'sh: node_modules/lint: not found' >&2; exit 1; }"
    scenario.hook("pre-commit", hook)
    scenario.run("run").says(
        1,
        "git did not make the commit",
        "hint: what git ignores is not there: node_modules; name what is needed under `carry:`",
    )


def test_row_19_a_trailer_that_a_hook_drops_is_reported(scenario: Scenario) -> None:
    scenario.series(SERIES)
    scenario.app()
    scenario.hook("commit-msg", 'sed -i.old "/^Co-Authored-By/d" "$1"')
    scenario.run("run").says(
        1, "commit <commit> lacks `Co-Authored-By: Grace <grace@example.org>`", UNSOUND
    )
    scenario.run("run").says(1, "HEAD moved since the last run")
    scenario.run("run", "--accept-head").says(0, "already committed: app.py", "is complete")
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_row_20_without_an_identity_nothing_is_edited(scenario: Scenario) -> None:
    scenario.app()
    scenario.config.write_text("[user]\n    useConfigOnly = true\n")
    scenario.run("run").says(
        1, "git can't commit", "| *** Please tell me who you are.", "git config"
    )
    assert 'return "hello"' in scenario.read("app.py")
    # It is enough to say so in the environment.
    scenario.run(
        "run",
        GIT_AUTHOR_NAME="Ada",
        GIT_AUTHOR_EMAIL="a@example.org",
        GIT_COMMITTER_NAME="Ada",
        GIT_COMMITTER_EMAIL="a@example.org",
    ).says(0, "1 commit")


def test_row_20_a_failing_signature_keeps_the_files(scenario: Scenario) -> None:
    scenario.app()
    scenario.program("no-gpg", "echo 'no secret key' >&2; exit 2")
    with scenario.config.open("a") as config:
        config.write("[commit]\n    gpgSign = true\n[gpg]\n    program = no-gpg\n")
    scenario.run("run").says(1, "git did not make the commit", "failed to write commit object")
    assert 'return "good day"' in scenario.read("app.py")
    assert scenario.subjects() == ["Begin"]
    scenario.git("config", "commit.gpgSign", "false")
    scenario.run("run").says(0, "1 commit")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize("linked", [False, True])
def test_commits_are_signed_as_the_user_configured(scenario: Scenario, linked: bool) -> None:
    key = scenario.home / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, timeout=30
    )
    allowed = scenario.home / "allowed"
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    keygen = shutil.which("ssh-keygen")
    scenario.series(LINKED if linked else SERIES)
    scenario.app()
    with scenario.config.open("a") as config:
        config.write(
            f"[commit]\n    gpgSign = true\n[user]\n    signingKey = {key}\n"
            f"[gpg]\n    format = ssh\n"
            f'[gpg "ssh"]\n    program = {keygen}\n    allowedSignersFile = {allowed}\n'
            "[log]\n    showSignature = true\n"
        )
    scenario.run("run").says(0, "1 commit")
    revision = "x" if linked else "HEAD"
    assert scenario.git("log", "--no-show-signature", "-1", "--format=%G?", revision) == "G"


def test_an_undo_that_a_hook_refused_is_finished_first(scenario: Scenario) -> None:
    scenario.app(
        GREETING + "  - title: Look\n    steps:\n      - edit: x.txt\n        create: x\n"
        '      - commit: "feat: look"\n'
    )
    scenario.run("run").says(0, "2 commits")
    scenario.hook("pre-commit", "exit 1")
    scenario.run("undo", "1/2").says(1, "go on with it: runbook undo phase-1/task-2")
    scenario.run("undo", "1").says(
        1,
        "an undo of phase-1/task-2 is not finished",
        "`runbook undo phase-1/task-2` goes on with it, `runbook abort` gives it up",
    )
    scenario.write("x.txt", "mine\n")
    scenario.run("undo", "1/2").says(
        1, "undo of phase-1/task-2 refused: x.txt was changed by someone since the undo began"
    )
    assert scenario.read("x.txt") == "mine\n"
