"""Plans of our own that lost their hidden comments are read back as far as their text tells."""

from __future__ import annotations

import re

import pytest
from planning import imported

from runbook.core.matching.texts import Text
from runbook.core.model.imported import Imported
from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    Expect,
    Manual,
    Phase,
    Run,
    Series,
    Service,
    Settings,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Create, Glob, Remove, Replace
from runbook.core.position import Position
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.plan import plan

LINES = Text("x\n", True)
PEOPLE = ("Ada Example <ada@ships.example>",)
STEPS: tuple[Step, ...] = (
    Edit(("ship.py",), (Replace(LINES, Text("y\n", True)),), "Trim"),
    Edit(("a.py", "b.py"), (Remove(LINES, "all"),)),
    Run("ruff format src\nruff check --fix\n", (Glob("src/**/*.py"),)),
    Verify("pytest -q", Expect(tests=TestsExpectation("pass")), guard=True, title="See it pass"),
    Manual("Choose a name.", ("names.md",)),
    Commit("feat: trim\n\nIt's (really) so.\n"),
)


def phase(settings: Settings, steps: tuple[Step, ...] = STEPS) -> Phase:
    tasks = (Task("phase-1/task-1", "Trim", steps, "A"), Task("phase-1/task-2", "Again", steps[:1]))
    return Phase("phase-1", "Trim the sails.", tasks, number=1, settings=settings)


def without_comments(text: str, pattern: str = r"<!--.*?-->") -> str:
    return re.sub(rf"(?m)^{pattern}\n", "", text)


def read_back(settings: Settings, pattern: str = r"<!--.*?-->") -> Imported:
    text = plan(Series(title="Sails"), phase(settings))
    return import_plan(without_comments(text, pattern), "sails")


@pytest.mark.parametrize("pattern", [r"$x", r"<!--.*?-->", r"<!-- runbook: .*?-->"])
def test_the_account_of_an_own_plan_says_the_lines(pattern: str) -> None:
    steps = (*STEPS, Confirm("It looks trim."), Verify("git push", title="Ship it"))
    settings = Settings(worktree=".worktrees/sails")
    text = without_comments(plan(Series(), phase(settings, steps)), pattern)
    found = import_plan(text, "sails")
    lines = text.split("\n")
    told = [
        (lines[remark.line - 1], remark.text)
        for task in found.tasks
        for remark in (*task.manual, *task.confirm)
    ]
    pushed = [] if pattern == r"$x" else [("Run:", "Ship it")]
    by_hand = ("By hand, in `names.md`:", "Choose a name.")
    assert told == [by_hand, *pushed, ("Confirm: It looks trim.", "It looks trim.")]
    assert {lines[task.line - 1][:4] for task in found.tasks} <= {"<!--", "### "}


@pytest.mark.parametrize("pattern", [r"<!--.*?-->", r"<!-- runbook: .*?-->"])
@pytest.mark.parametrize(
    ("worktree", "workdir"),
    [(".worktrees/sails", "web/app"), (".worktrees/sails", None), (None, "web")],
)
def test_a_plan_without_its_comments_has_its_places_and_people(
    worktree: str | None, workdir: str | None, pattern: str
) -> None:
    service = Service("db", "python -m ships.db", at=Position("", 0, 0))
    found = read_back(
        Settings(worktree=worktree, workdir=workdir, services=(service,), co_authored_by=PEOPLE),
        pattern,
    )
    settings = found.phase.settings
    assert (settings.worktree, settings.workdir) == (worktree, workdir)
    assert settings.co_authored_by == PEOPLE
    (said,) = found.warnings
    assert "its hidden comments are gone" in said.text
    assert "services" in said.text
    assert all(f"{path}`" in said.text for path in (worktree, workdir) if path)


def test_its_steps_are_what_they_were() -> None:
    settings = Settings(worktree=".worktrees/sails", workdir="web", co_authored_by=PEOPLE)
    first, second = read_back(settings).phase.tasks
    trim, remove, run, verify, manual, commit = first.steps
    assert (trim, remove, manual, commit) == (STEPS[0], STEPS[1], STEPS[4], STEPS[5])
    assert isinstance(run, Run)
    assert (run.command.strip(), run.files) == ("ruff format src\nruff check --fix", STEPS[2].files)  # type: ignore[union-attr]
    assert isinstance(verify, Verify)
    assert (verify.command, verify.title) == ("pytest -q", "See it pass")
    assert verify.expect.tests == TestsExpectation("pass")
    assert second.steps == STEPS[:1]


def test_a_plan_at_the_top_is_known_by_its_words() -> None:
    found = read_back(Settings(co_authored_by=PEOPLE))
    settings = found.phase.settings
    assert (settings.worktree, settings.workdir) == (None, None)
    assert settings.co_authored_by == PEOPLE
    assert [type(step) for step in found.phase.tasks[0].steps] == [type(step) for step in STEPS]
    assert "its hidden comments are gone" in found.warnings[0].text


def test_what_a_person_added_to_it_keeps_the_places() -> None:
    settings = Settings(worktree=".worktrees/sails", workdir="web")
    text = without_comments(plan(Series(), phase(settings)))
    found = import_plan(text.replace("**Step 1: Trim**", "**Step 1: Trim**\n\nMind the wind."), "x")
    assert found.phase.settings.worktree == ".worktrees/sails"
    assert found.phase.settings.workdir == "web"
    last = found.phase.tasks[0].steps[-1]
    assert isinstance(last, Commit)
    assert not any("worktrees" in str(each) for each in last.files or ())
    assert len(found.warnings) == 2


def test_what_reaches_beyond_the_repository_is_still_a_persons() -> None:
    steps = (Edit(("a.py",), (Create(LINES),)), Verify("rm -rf ~/ships"), Commit("feat: a"))
    text = plan(Series(), phase(Settings(worktree=".worktrees/sails"), steps))
    made = import_plan(without_comments(text), "sails").phase.tasks[0].steps[1]
    assert isinstance(made, Manual)
    assert "rm -rf ~/ships" in made.instructions


def test_a_plan_of_others_is_theirs() -> None:
    body = """\
        ### Task 1: Trim

        **Files:**
        - Modify: `web/ship.py`

        **Step 1: Commit**

        ```bash
        (cd web && git add ship.py && git commit -m "$(cat <<'EOF'
        feat: don't trim
        EOF
        )")
        ```
        """
    found = imported(body)
    assert found.warnings == ()
    assert found.phase.settings.workdir is None
    (_, commit) = found.phase.tasks[0].steps
    assert isinstance(commit, Commit)
    assert commit.message == "feat: don't trim"


@pytest.mark.parametrize(
    "command", ["(cd ../other && make)", "(cd web && make)", "(cd ~/a && make)"]
)
def test_brackets_alone_make_no_plan_of_ours(command: str) -> None:
    found = imported(f"### Task 1: Look\n\n**Step 1: Look**\n\nRun:\n\n```bash\n{command}\n```\n")
    assert found.warnings == ()
    assert found.phase.settings.workdir is None
