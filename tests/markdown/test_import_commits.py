"""Commits of a plan: what is added, the message, and what is no commit step."""

from __future__ import annotations

import pytest
from planning import block, imported, script, steps

from runbook.core.model.model import Commit, Edit, Manual, Verify
from runbook.core.model.operations import Glob, Target
from runbook.markdown.importing.commands.scripts import acts

MESSAGE = "feat: count ships\n\nThey were lost.\n"


@pytest.mark.parametrize(
    "command",
    [
        "git add a.py && git commit -m \"$(cat <<'EOF'\n"
        'feat: count ships\n\nThey were lost.\nEOF\n)"',
        "git add a.py\ngit commit -m 'feat: count ships' -m 'They were lost.'",
        'git add a.py\ngit commit -m "feat: count ships\n\nThey were lost."',
        "git add a.py\ngit commit -F - <<'EOF'\nfeat: count ships\n\nThey were lost.\nEOF",
        "cd /home/ada/harbour/.worktrees/count && git add a.py && "
        "git commit -m 'feat: count ships' -m 'They were lost.'",
    ],
)
def test_a_commit_has_its_message_and_paths(command: str) -> None:
    (step,) = steps(script(command))
    assert step == Commit(MESSAGE, ("a.py",), title="Go on")


def test_a_message_in_escaped_quotes_is_whole() -> None:
    (step,) = steps('- [ ] **Step 2: Commit it with `git commit -m \\"feat: a mast\\"`**\n')
    assert isinstance(step, Commit)
    assert step.message == "feat: a mast"


@pytest.mark.parametrize(
    "named", ["-m 'feat: x' a.py b/", "-m 'feat: x' -- a.py b/", "a.py b/ --message 'feat: x'"]
)
def test_a_commit_has_the_paths_that_it_names(named: str) -> None:
    """They were left out: it was a commit of all that had changed."""
    first, second = steps(script(f"git add c.py\ngit commit {named}\ngit commit -m 'fix: c'"))
    assert isinstance(first, Commit)
    assert isinstance(second, Commit)
    assert (first.message, first.files) == ("feat: x", ("a.py", Glob("b/**")))
    assert (second.message, second.files) == ("fix: c", ("c.py",))
    (web,) = steps(script("cd web && git commit -m 'feat: x' a.py"))
    assert isinstance(web, Commit)
    assert web.files == ("web/a.py",)


def test_options_that_a_commit_step_has_not_are_told() -> None:
    command = "git commit --no-verify -qs --author='Ada <a@b.c>' --date 2020-01-01 -m 'feat: x'"
    (task,) = imported(f"### Task 1: Count\n\n{script(command)}").tasks
    assert [each.text for each in task.warnings] == [
        f"`{option}` of `git commit` was left out: a commit step has nothing for it"
        for option in ("--no-verify", "-s", "--author", "--date")
    ]
    for other in ("--allow-empty", "--amend", "-p", "--include a.py", '"$SHIP"'):
        (step,) = steps(script(f"git commit {other} -m 'feat: x'"))
        assert isinstance(step, Manual)


def test_what_git_is_told_for_one_commit_is_left_out_and_told() -> None:
    command = "git add a.py\ngit -c commit.gpgsign=false commit -m 'feat: x'"
    (task,) = imported(f"### Task 1: Count\n\n{script(command)}").tasks
    assert [each.text for each in task.warnings] == [
        "`-c commit.gpgsign=false` of `git commit` was left out: a commit step has nothing for it"
    ]
    (step,) = steps(script(command))
    assert isinstance(step, Commit)
    assert (step.message, step.files) == ("feat: x", ("a.py",))


def test_a_commit_by_hand_has_what_was_added_for_it() -> None:
    commit = "git commit --amend -m 'feat: x'"
    for add in ("git add a.py 'b c.py' sea/", "git add -A"):
        (step,) = steps(script(f"{add}\n{commit}"))
        assert isinstance(step, Manual)
        assert step.instructions == f"```bash\n{add.rstrip('/')}\n{commit}\n```\n"


def test_trailers_are_no_part_of_the_message() -> None:
    (step,) = steps(
        script(
            "git add a.py\ngit commit -m \"$(cat <<'EOF'\nfeat: count\n\nRefs: #3\n"
            'Co-Authored-By: Ada <ada@example.org>\nReviewed-By: Bob <bob@example.org>\nEOF\n)"'
        )
    )
    assert isinstance(step, Commit)
    assert step.message == "feat: count\n\nRefs: #3\n"
    assert step.trailers == (
        "Co-Authored-By: Ada <ada@example.org>",
        "Reviewed-By: Bob <bob@example.org>",
    )


@pytest.mark.parametrize(
    ("added", "files"),
    [
        ("a.py b.py", ("a.py", "b.py")),
        ("src/", (Glob("src/**"),)),
        ("'src/*.py'", (Glob("src/*.py"),)),
        ("web/{a,b}.js", ("web/a.js", "web/b.js")),
        ("{a,b/{c,d}}.py e.py", ("a.py", "b/c.py", "b/d.py", "e.py")),
        ("-A", (Glob("**"),)),
        (".", (Glob("**"),)),
    ],
)
def test_what_git_add_adds(added: str, files: tuple[Target, ...]) -> None:
    (step,) = steps(script(f"git add {added}\ngit commit -m 'feat: x'"))
    assert isinstance(step, Commit)
    assert step.files == files


def test_a_commit_of_what_was_declared_names_no_files() -> None:
    found = steps(script("rm a.py\ngit add a.py\ngit commit -m 'feat: x'"))
    assert found[-1] == Commit("feat: x")


def test_a_commit_field_is_a_commit() -> None:
    found = steps("**Files:**\n- Modify: `a.py`\n\nChange it.\n\n**Commit:** `feat: x`\n")
    assert found == (Manual("Change it."), Commit("feat: x", ("a.py",)))


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] **Step 1: Commit** `feat: x`.\n",
        "- [ ] **Step 1:** Commit with message: `feat: x`\n",
        "- [ ] **Step 1: Commit with `git commit -m 'feat: x'`**\n",
        '**Step 1: Commit with message "feat: x"**\n',
        '- [ ] Commit: "feat: x"\n',
        '- [ ] git commit -am "feat: x"\n',
    ],
)
def test_a_commit_said_in_a_sentence_is_one(text: str) -> None:
    # What the Files block says is done before it.
    work, step = steps(f"**Files:**\n- Modify: `a.py`\n\n{text}")
    assert isinstance(work, Manual)
    assert isinstance(step, Commit)
    assert (step.message, work.files) == ("feat: x", ("a.py",))


def test_no_commit_is_a_remark() -> None:
    (step,) = steps("Run: `make check`\n\n**Commit:** (combined with Task 2)\n")
    assert isinstance(step, Verify)
    assert step.note == "Commit: (combined with Task 2)"


@pytest.mark.parametrize(
    "text",
    [
        "**Commit:** No commit if the tests pass. If they were adapted: `test: adapt`\n",
        "**Commit:** If anything was adapted: `test: adapt`\n",
        "**Step 1: Commit (if any changes)**\n\n```bash\ngit commit -m 'test: adapt'\n```\n",
        "**Step 1: Commit any fixes**\n\n```bash\ngit add .\ngit commit -m 'test: adapt'\n```\n",
        "**Step 1: Commit**\n\nIf there were any:\n\n```bash\ngit commit -m 'test: adapt'\n```\n",
        "**Step 1: Commit**\n\n```bash\ngit commit -m 'test: adapt'\n```\n\nSkip it if nothing "
        "was changed.\n",
        "**Step 1: Commit as needed with `test: adapt`**\n",
    ],
)
def test_a_commit_that_depends_on_a_condition_is_a_persons(text: str) -> None:
    (step,) = steps(text)
    assert isinstance(step, Manual)
    assert "test: adapt" in step.instructions
    assert step.files == ()  # there may be nothing to commit


@pytest.mark.parametrize(
    "title", ["Commit if all tests pass", "Commit (even if incomplete)", "Commit when green"]
)
def test_a_commit_after_checks_that_pass_is_one(title: str) -> None:
    (step,) = steps(f"**Step 1: {title}**\n\n```bash\ngit commit -m 'test: adapt'\n```\n")
    assert isinstance(step, Commit)


def test_what_is_deleted_is_not_deleted_again_for_the_commit() -> None:
    body = "**Step 1: Delete**\n\n```bash\nrm a/old.py\n```\n\n**Step 2: Commit**\n\n"
    found = steps(body + '```bash\ngit rm a/old.py\ngit add b.py\ngit commit -m "chore: x"\n```\n')
    assert [type(step) for step in found] == [Edit, Commit]
    assert isinstance(found[1], Commit)
    assert found[1].files == ("a/old.py", "b.py")


def test_what_git_removes_or_moves_is_committed_beside_what_is_added() -> None:
    found = steps(script('git mv a.py c.py\ngit rm b.py\ngit add d.py\ngit commit -m "chore: x"'))
    assert isinstance(found[-1], Commit)
    assert found[-1].files == ("a.py", "c.py", "b.py", "d.py")


@pytest.mark.parametrize(
    ("title", "commits"),
    [
        ("Commit (if anything changed)", True),
        ("Commit if there are changes", True),
        ("Commit if the guide was adapted", False),
    ],
)
def test_a_commit_if_anything_was_changed_is_one_after_an_edit(title: str, commits: bool) -> None:
    commit = f"**Step 2: {title}**\n\n```bash\ngit commit -m 'feat: x'\n```\n"
    *_, last = steps(script("git mv a.py b.py") + "\n" + commit)
    assert isinstance(last, Commit) == commits
    (alone,) = steps(commit)
    assert isinstance(alone, Manual)


def test_a_file_without_an_ending_is_added_as_the_file_that_it_is() -> None:
    body = (
        "**Files:**\n- Create: `hooks/start`\n\n**Step 1: Create it**\n\nCreate `hooks/start`:"
        + block("echo\n", "bash")
        + "**Step 2: Commit**\n\n```bash\ngit add hooks/start hooks/old\n"
        "git commit -m 'feat: a'\n```\n"
    )
    assert isinstance(commit := steps(body)[-1], Commit)
    assert commit.files == ("hooks/start", Glob("hooks/old/**"))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Attempt a commit (should fail)", "a message"),
        ("Try the hook", "`COMMIT BLOCKED`"),
        ("Try the hook", "the commit is rejected"),
    ],
)
def test_a_commit_that_is_to_fail_is_a_persons(title: str, expected: str) -> None:
    script = "echo a >> a.py\ngit add a.py\ngit commit -m 'test: a'"
    body = f"**Step 1: {title}**\n\n```bash\n{script}\n```\n\nExpected: {expected}\n"
    (step,) = steps(body)
    assert isinstance(step, Manual)
    assert script in step.instructions
    assert expected in step.instructions


def test_a_commit_in_a_fence_without_a_language_is_one() -> None:
    fence = '```\ngit add ship.py\ngit commit -m "feat: sail"\n```\n'
    step = steps(f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Commit**\n\n{fence}")[-1]
    assert isinstance(step, Commit)
    assert step.message == "feat: sail"
    shown = steps(f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Describe it**\n\n{fence}")
    assert not any(isinstance(each, Commit) for each in shown)


@pytest.mark.parametrize("label", ["Verify + commit", "Verify and commit", "Verify"])
def test_a_label_to_verify_and_commit_is_none_of_the_step_above(label: str) -> None:
    text = f"```python\nimport sail\n```\n\n**{label}:**\n\n```bash\nmake ships\n```\n"
    made = steps(f"**Files:**\n- Create: `ship.py`\n\n**Step 1: Create ship.py**\n\n{text}")
    assert [type(each) for each in made] == [Edit, Verify]
    assert made[-1].title == label


@pytest.mark.parametrize(
    ("text", "expected", "mine"),
    [
        ("git add a.py\nnpx lint-staged", "", False),
        ("git add a.py\npnpm exec lefthook run pre-commit", "Expected: FAIL\n", False),
        ("git add a.py\ngit diff --cached", "Expected: shows `mast`\n", False),
        ("git add a.py\ngit status", "", True),
        ("git add a.py\nmake test", "Expected: PASS\n", True),
    ],
)
def test_what_looks_at_what_is_added_before_a_commit_is_a_persons(
    text: str, expected: str, mine: bool
) -> None:
    (step,) = steps(f"{script(text)}\n{expected}")
    assert isinstance(step, Verify if mine else Manual)


def test_a_folder_gone_to_between_commits_is_of_what_follows() -> None:
    script = 'cd web && git add app.js && cd .. && git add ship.py && git commit -m "feat: sail"'
    (step,) = steps(f"**Step 1: Commit**\n\n```bash\n{script}\n```\n")
    assert isinstance(step, Commit)
    assert step.files == ("web/app.js", "ship.py")


def test_a_commit_behind_a_sentence_is_no_text_of_it() -> None:
    body = "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Sail**\n\n"
    words = "In `ship.py`, change `mast = 1` to `mast = 2`."
    script = '```bash\ngit add ship.py\ngit commit -m "feat: sail"\n```\n'
    edit, commit = steps(f"{body}{words}\n\n{script}", {"ship.py": "mast = 1\n"})
    assert isinstance(edit, Edit)
    assert isinstance(commit, Commit)


def test_a_part_that_is_picked_to_be_committed_is_a_persons() -> None:
    for added in ("git add -p ship.py", "git add --patch"):
        found = steps(f"**Step 1: Commit**\n\n```bash\n{added}\ngit commit -m 'feat: sail'\n```\n")
        assert isinstance(found[0], Manual), added


@pytest.mark.parametrize(
    "text",
    [
        "Commit with `fix: mend the mast`.",
        "Then commit everything with message `fix: mend the mast`.",
        'Commit the changes as "fix: mend the mast"',
        'Commit: "fix: mend the mast"',
    ],
)
def test_a_commit_ordered_with_its_message_is_one(text: str) -> None:
    (step,) = steps(f"**Step 1: End**\n\n{text}\n")
    assert isinstance(step, Commit)
    assert step.message == "fix: mend the mast"


@pytest.mark.parametrize(
    "text",
    [
        "Commit with `fix: mend the mast` and push.",
        "Commit with a message like `fix: mend the mast`.",
        "Do not commit with `fix: mend the mast` yet.",
        "Commit with `--amend`.",
        "Commit with `git cz`.",
    ],
)
def test_a_commit_that_is_not_all_that_a_sentence_says_is_none(text: str) -> None:
    assert not any(isinstance(each, Commit) for each in steps(f"**Step 1: End**\n\n{text}\n"))


def test_an_item_that_is_nothing_but_a_commit_is_one() -> None:
    body = "1. Change `mast = 1` to `mast = 2` in `ship.py`.\n2. `git commit -am 'feat: mast'`\n"
    files = "**Files:**\n- Modify: `ship.py`\n\n"
    edit, commit = steps(f"{files}**Step 1: End**\n\n{body}", {"ship.py": "mast = 1\n"})
    assert isinstance(edit, Edit)
    assert isinstance(commit, Commit)
    (alone,) = steps("**Step 1: `git add a.py && git commit -m 'feat: a'`**\n")
    assert isinstance(alone, Commit)
    (quoted,) = steps("**Step 1: End**\n\n`git commit -m 'feat: a'`\n")
    assert isinstance(quoted, Manual)


@pytest.mark.parametrize(
    ("title", "files"),
    [
        ("**Step 2: Commit**", ("a.py",)),
        ("Commit:", ("a.py",)),
        ("Commit. `git add b.py` then:", ("b.py",)),
    ],
)
def test_a_message_in_a_block_under_commit_is_its_message(
    title: str, files: tuple[str, ...]
) -> None:
    step = "**Step 1: Mend `a.py`.**" if "Step" in title else "Mend `a.py`."
    words = f"**Files:**\n- Modify: `a.py`\n- Modify: `b.py`\n\n- [ ] {step}\n\n"
    message = "```\nfix(ship): mend it's mast\n\nIt was broken.\n```\n"
    found = imported(f"### Task 1: Count\n\n{words}- [ ] {title}\n\n{message}", {"b.py": ""})
    commits = [each for each in found.phase.tasks[0].steps if isinstance(each, Commit)]
    assert [each.message for each in commits] == ["fix(ship): mend it's mast\n\nIt was broken.\n"]
    assert set(files) <= set(commits[0].files or ("a.py", "b.py"))


def test_another_block_under_commit_is_no_message() -> None:
    (step,) = steps("- [ ] **Step 2: Commit**\n\n```\nMast\n```\n")
    assert isinstance(step, Manual)


@pytest.mark.parametrize("added", ["web/src", "-A", "src", "web/src && git status"])
def test_a_commit_behind_a_line_that_goes_to_a_folder_is_one(added: str) -> None:
    script = f"cd web && make test\ngit add {added}\ngit commit -m 'feat: mast'\n"
    found = steps(
        f"**Files:**\n- Modify: `web/src/a.py`\n\n**Step 1: Commit**{block(script, 'bash')}"
    )
    (commit,) = (step for step in found if isinstance(step, Commit))
    assert commit.files in (None, (Glob("web/src/**"),))


@pytest.mark.parametrize(
    ("added", "files", "everything"),
    [
        ("-A", (), True),
        ("-u", (), True),
        (".", (Glob("web/**"),), False),
        ("-A . src/a.py", ("web/src/a.py", Glob("web/**")), False),
    ],
)
def test_what_git_adds_in_a_folder(added: str, files: tuple[Target, ...], everything: bool) -> None:
    first, *_ = acts(f"cd web && git add {added} && git commit -m 'feat: mast'\n", ())
    assert first.added is not None
    assert (first.added.files, first.added.everything) == (files, everything)


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("In `harbour/ship.py`, mend what is torn.", ["harbour/ship.py"]),
        ("Mend what is torn.", [Glob("**")]),  # whatever that is
    ],
)
def test_a_commit_of_all_has_the_folders_that_a_person_is_to_remove(
    words: str, files: list[Target]
) -> None:
    body = (
        "**Step 1: Remove**\n\n```bash\nrm -rf old/ older/\n```\n\n"
        f"**Step 2: Mend**\n\n{words}\n\n"
        "**Step 3: Commit**\n\n```bash\ngit add -A && git commit -m 'chore: tidy'\n```\n"
    )
    first, _, commit = steps(body)
    assert isinstance(first, Manual)
    assert isinstance(commit, Commit)
    folders = [] if Glob("**") in files else [Glob("old/**"), Glob("older/**")]
    assert sorted(map(str, commit.files or ())) == sorted(map(str, [*files, *folders]))


@pytest.mark.parametrize(
    ("added", "files"),
    [
        ("src/ship.py test/ship.py", ("yard/src/ship.py", "yard/test/ship.py")),
        ("yard/src/ship.py", ("yard/src/ship.py",)),
        ("test/", (Glob("yard/test/**"),)),
        ("yard/", (Glob("yard/**"),)),
        ("README.md", ("README.md",)),  # it is there, and may be meant
        ("mast.py", ("mast.py",)),  # nobody knows of which of two folders
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_commit_names_files_from_the_folder_that_was_gone_to(
    added: str, files: tuple[Target, ...], known: bool
) -> None:
    body = f"""\
    **Files:**
    - Create: `yard/src/ship.py`
    - Create: `yard/test/ship.py`
    - Modify: `yard/a/mast.py`
    - Modify: `yard/b/mast.py`

    **Step 1: Commit**

    ```bash
    git add {added}
    git commit -m "feat: a ship"
    ```
    """
    there = {"README.md": "# Yard\n"} if known else None
    commit = steps(body, there)[-1]
    assert isinstance(commit, Commit)
    assert commit.files == files
