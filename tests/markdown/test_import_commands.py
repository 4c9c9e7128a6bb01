"""Commands of plans: checks, runs, and what is left to a person."""

from __future__ import annotations

import pytest
from planning import STEP, block, imported, script, steps

from runbook.core.matching.texts import Text
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Verify
from runbook.core.model.operations import Create, Delete, Glob, MoveTo, Replace, Target


@pytest.mark.parametrize(
    "text",
    [
        "Run: `make check`\n",
        "Run `make check`.\n",
        "**Run:** `make check`\n",
        "- Run: `make check`\n",
        "Run:\n\n```bash\nmake check\n```\n",
        "Run:\n```\nmake check\n```\n",
        "```bash\nmake check\n```\n",
        "```console\n$ make check\nall is well\n```\n",
        "Run: `cd /home/ada/harbour/.worktrees/count && make check`\n",
        "```bash\n# See that it holds\nmake check\n```\n",
    ],
)
def test_a_command_is_a_check(text: str) -> None:
    (step,) = steps(STEP + text)
    assert isinstance(step, Verify)
    assert step.command == "make check"


@pytest.mark.parametrize(
    "command",
    [
        "make b \\\n  --fast",
        "python - <<'EOF'\nprint(1)\nEOF",
        "python -c 'a = 1\nprint(a)'",
        "make a &&\n  make b",
        "for a in 1 2; do\n  make $a\ndone",
    ],
)
def test_a_command_of_several_lines_behind_a_prompt_is_whole(command: str) -> None:
    """What follows a prompt was a command, and all other lines its output."""
    for typed in (command, command.replace("\n", "\n> ")):
        found = steps(f"{STEP}```console\n$ {typed}\nall is well\n$ make c\n```\n")
        made = [step.command for step in found if isinstance(step, Verify)]
        assert "\n".join(made) == f"{command}\nmake c"


def test_what_a_session_shows_under_its_commands_is_a_note() -> None:
    (step,) = steps(f"{STEP}```console\n$ make check\nall is well\n```\n")
    assert isinstance(step, Verify)
    assert (step.command, step.note) == ("make check", "```\nall is well\n```")


def test_commands_of_a_script_are_checks_each() -> None:
    found = steps(script("make a\nmake b \\\n  --fast"))
    assert [step.command for step in found if isinstance(step, Verify)] == [
        "make a",
        "make b \\\n  --fast",
    ]


def test_a_script_that_hangs_together_stays_together() -> None:
    (step,) = steps(script("count=3\nmake ships N=$count"))
    assert isinstance(step, Verify)
    assert step.command == "count=3\nmake ships N=$count"


def test_a_folder_is_kept_with_each_command_in_it() -> None:
    found = steps(script("cd web\nnpm test\nnpm run lint"))
    assert [step.command for step in found if isinstance(step, Verify)] == [
        "cd web && npm test",
        "cd web && npm run lint",
    ]


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("uv add httpx", ("pyproject.toml", "uv.lock")),
        ("cd api && uv add httpx", ("api/pyproject.toml", "api/uv.lock")),
        ("pnpm add zod", ("package.json", "pnpm-lock.yaml")),
        ("cargo add serde", ("Cargo.toml", "Cargo.lock")),
        ("uv run alembic revision -m x", (Glob("alembic/versions/*.py"),)),
        ("ruff format src/a.py", ("src/a.py",)),
        ("sed -i 's/a/b/' src/a.py", ("src/a.py",)),
        ("cp -r old new/", (Glob("new/**"),)),
        ("make schema > schema.json", ("schema.json",)),
    ],
)
def test_a_command_that_changes_files_is_run(command: str, files: tuple[Target, ...]) -> None:
    (step,) = steps(script(command))
    assert isinstance(step, Run)
    assert (step.command, step.files) == (command, files)


@pytest.mark.parametrize(
    "command",
    ["ruff format --check .", "git diff --stat", "make > /dev/null", "rm /tmp/x", "git log -3"],
)
def test_a_command_that_only_looks_is_a_check(command: str) -> None:
    (step,) = steps(script(command))
    assert isinstance(step, Verify)


def test_shell_edits_are_edits() -> None:
    found = steps(script("git mv a.py b.py\nrm c.py\ncat > d.py <<'END'\nx = 1\nEND"))
    assert found == (
        Edit(("a.py",), (MoveTo("b.py"),), "Go on"),
        Edit(("c.py",), (Delete(),)),
        Edit(("d.py",), (Create(Text("x = 1\n", True)),)),
    )
    (made,) = steps(script("tee d.py > /dev/null <<'END'\nx = 1\nEND"))
    assert made == Edit(("d.py",), (Create(Text("x = 1\n", True)),), "Go on")


@pytest.mark.parametrize(
    "command",
    [
        "git push origin main",
        "git checkout -b feature",
        "gh pr create --fill",
        "npm run dev",
        "make N=<your number>",
        "/review",
    ],
)
def test_what_is_not_ours_to_run_is_a_persons(command: str) -> None:
    (step,) = steps(script(command))
    assert isinstance(step, Manual)
    assert command in step.instructions


def test_what_only_cuts_the_output_of_tests_is_taken_off() -> None:
    found = imported(
        "### Task 1: Test\n\nRun: `pytest -v 2>&1 | head -50`\nExpected: All tests pass\n\n"
        "Run: `ls | head -3`\nExpected: `a.py`\n"
    )
    commands = [step.command for step in found.phase.tasks[0].steps if isinstance(step, Verify)]
    assert commands == ["pytest -v", "ls | head -3"]
    assert [each.text for each in found.tasks[0].warnings] == [
        "`| head -50` was taken off: the whole output is judged"
    ]


def test_what_a_pytest_is_to_find_is_added_to_where_the_probe_is() -> None:
    found = imported(
        "### Task 1: Test\n\nRun: `PYTHONPATH=src pytest -v`\nExpected: All tests pass\n\n"
        "Run: `PYTHONPATH=src python -m app`\nExpected: `ready`\n"
    )
    commands = [step.command for step in found.phase.tasks[0].steps if isinstance(step, Verify)]
    assert commands == ["PYTHONPATH=src:$PYTHONPATH pytest -v", "PYTHONPATH=src python -m app"]
    assert [each.text for each in found.tasks[0].warnings] == [
        "`PYTHONPATH=src pytest -v`: what runbook sets there was added"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] **Step 1: Run the checks** — `make check` → PASS.\n",
        "- [ ] **Step 1: See it pass** — Run: `make check` → PASS.\n",
        "- [ ] **Run the checks.** `make check`. Expected: no errors.\n",
        "- [ ] **Run them (expect PASS).** `make check`. Expected: no errors.\n",
        "- [ ] `make check` → PASS\n",
        "- [ ] `make check` — the whole suite passes.\n",
        "**Step 1: `make check` passes**\n",
        "**Step 1:** `make check` (expected: 0 errors)\n",
        "**Verification:** `make check` returns no errors\n",
        "**Step 1: Verify it**\n\n`make check` should pass.\n",
    ],
)
def test_a_command_with_what_it_does_is_a_check(text: str) -> None:
    (step,) = steps(text)
    assert isinstance(step, Verify)
    assert step.command == "make check"
    assert step.expect.prose


def test_a_title_that_is_nothing_but_a_command_is_run() -> None:
    (step,) = steps("- [ ] `make check`\n")
    assert isinstance(step, Verify)
    assert (step.command, step.expect.prose) == ("make check", None)


@pytest.mark.parametrize(
    "title",
    ["`make check` passes the masts on", "`src/ship.py` passes", "`make check` or `make a`"],
)
def test_code_with_other_words_in_a_title_is_not_run(title: str) -> None:
    (step,) = steps(f"- [ ] {title}\n")
    assert isinstance(step, Manual)


def test_a_title_that_says_more_than_its_checks_is_a_persons() -> None:
    first, second = steps("**Step 1: Fix the errors**\n\n```bash\nmake check\n```\n")
    assert first == Manual("Fix the errors", (), "Fix the errors")
    assert isinstance(second, Verify)
    (only,) = steps(
        "**Step 1: Rename the ships**\n\nRun from the top:\n\n```bash\nsed -i s/a/b/ a.py\n```\n"
    )
    assert isinstance(only, Run)


# A script's text is never run

HEADS = {
    "deploy.sh": "**Files:**\n- Modify: `deploy.sh`\n\n",
    "hooks/start": "**Files:**\n- Modify: `hooks/start`\n\n",
    "crew/launcher": "**Files:**\n- Modify: `crew/launcher`\n\n",
    "ship.py": "**Files:**\n- Modify: `ship.py`\n\n",
}


@pytest.mark.parametrize(
    ("path", "words", "text"),
    [
        ("deploy.sh", "1. **Add the token** near the constants (after line 9):", "TOKEN=$(cat t)"),
        ("deploy.sh", "**New step 5: Call the harbour**", 'step "call"\ncurl -X POST host/call'),
        ("deploy.sh", "2. **Keep the pilot** (line 12 unchanged):", "pilot on"),
        ("deploy.sh", "The loop now counts down.", "while [ $n -gt 0 ]; do\n  sleep 1\ndone"),
        ("deploy.sh", "Then add the pull right before the loop:", "git pull"),
        ("hooks/start", "In `hooks/start`, after the `ROOT` line, add the block:", 'V="git"'),
        ("hooks/start", "At the top of the hook:", "# Add to hooks/start\nlog start"),
        ("crew/launcher", "to `crew/launcher`, before the `exec` block:", "mkdir -p a\ntouch a/b"),
        ("ship.py", "Insert before `# ---- summary`:", 'echo "sails"\nrun sails'),
        ("ship.py", "Add the helper:", "count() {\n  ls ships\n}"),
        ("ship.py", "Add the call to the hook:", "make ships\n..."),
    ],
)
def test_the_text_of_a_script_is_not_run(path: str, words: str, text: str) -> None:
    found = steps(f"{HEADS[path]}{STEP}{words}\n\n```bash\n{text}\n```\n")
    assert [type(step) for step in found] == [Manual]
    (manual,) = found
    assert isinstance(manual, Manual)
    assert text in manual.instructions


def test_old_and_new_text_of_a_script_is_a_replacement() -> None:
    body = "Change:\n\n```bash\nsail --slow\n```\n\nTo:\n\n```bash\nsail --fast\n```\n"
    (step,) = steps(f"{HEADS['hooks/start']}{STEP}{body}")
    change = Replace(Text("sail --slow\n", True), Text("sail --fast\n", True))
    assert step == Edit(("hooks/start",), (change,), "Go on")
    # Of a page it is what a reader is shown: not to be run either.
    head = "**Files:**\n- Modify: `guide.md`\n\n"
    assert [type(step) for step in steps(f"{head}{STEP}{body}")] == [Manual]


def test_words_that_lead_up_to_a_command_are_its_note() -> None:
    text = "Remove the old ship:\n\n```bash\nrm a.py\n```\n\nMake the new one executable:\n\n"
    first, second = steps(f"{STEP}{text}```bash\nchmod 755 b.sh\n```\n")
    assert isinstance(first, Edit)
    assert isinstance(second, Run)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Make it executable:", "chmod +x deploy.sh"),
        ("Check its form:", "bash -n deploy.sh"),
        ("Add the library:", "uv add httpx"),
        ("Then run the loop:", "for i in 1 2; do\n  ./count.sh $i\ndone"),
        ("From the top folder:", "pytest tests"),
    ],
)
def test_a_command_beside_a_script_is_one(words: str, text: str) -> None:
    (step,) = steps(f"{HEADS['deploy.sh']}{STEP}{words}\n\n```bash\n{text}\n```\n")
    assert isinstance(step, Verify | Run)
    assert step.command == text


@pytest.mark.parametrize(
    "text",
    [
        "Open the console of the browser.\nRun: `window._sails` — should be a number.\n",
        "Run: `document.getElementById('ship').style.height` — should match.\n",
        "Run: `countShips()`\n",
        "Re-run the full `tests/test_ship.py` suite and see that:\n- it passes\n",
    ],
)
def test_what_no_shell_could_run_is_a_persons(text: str) -> None:
    (step,) = steps(STEP + text)
    assert isinstance(step, Manual | Confirm)
    said = step.instructions if isinstance(step, Manual) else step.question
    assert said.strip() == text.strip()


def test_a_file_that_may_not_be_there_is_deleted_by_a_run() -> None:
    (step,) = steps(script("rm -f a/old.py"))
    assert isinstance(step, Run)
    assert (step.command, step.files) == ("rm -f a/old.py", ("a/old.py",))


@pytest.mark.parametrize(
    "words",
    [
        "If it fails, look into the hold.",
        "If any check fails, fix the mast and re-run. Do not proceed until it is green.",
        "If the output differs: stop.",
        "Fix what fails.",
        "Fix any remaining type errors that come up.",
    ],
)
def test_what_to_do_where_a_check_fails_is_its_note(words: str) -> None:
    (step,) = steps(f"{STEP}Run: `make ships`\nExpected: PASS\n\n{words}\n")
    assert isinstance(step, Verify)
    assert step.note == words


@pytest.mark.parametrize(
    "words",
    [
        "If it fails, look into the hold. Then paint the mast.",
        "If the harbour is full, add a pier.",
        "Fix any errors and paint the mast.",
    ],
)
def test_other_work_after_a_check_is_a_persons(words: str) -> None:
    found = steps(f"{STEP}Run: `make ships`\nExpected: PASS\n\n{words}\n")
    assert [type(step) for step in found] == [Verify, Manual]


@pytest.mark.parametrize(("words", "manual"), [("stop", False), ("paint them anew", True)])
def test_what_changes_something_where_a_check_is_not_known_is_a_persons(
    words: str, manual: bool
) -> None:
    body = f"Run: `make ships`\nExpected: ships as of old\n\nIf they differ, {words}.\n"
    assert [type(step) for step in steps(STEP + body)] == [Verify, Manual][: 1 + manual]


def test_what_the_last_comment_of_a_script_leaves_to_do_is_a_persons() -> None:
    first, second = steps(script("git mv a.py b.py\n# etc. for the other ships"))
    assert isinstance(first, Edit)
    assert isinstance(second, Manual)
    assert second.instructions == "etc. for the other ships"
    (only,) = steps(script("git mv a.py b.py\n# The old name was too short"))
    assert only.note == "The old name was too short"


def test_the_next_item_after_an_expectation_is_of_its_own() -> None:
    first, second = steps(
        f"{STEP}- **Boat**: see that it floats:\n  ```bash\n  make boat\n  ```\n"
        "  Expected: PASS\n- **Ship**: add `ship.py` to the dock\n"
    )
    assert isinstance(first, Verify)
    assert first.expect.prose == "PASS"
    assert isinstance(second, Manual)
    found = steps(f"{STEP}1. `make boat`\n   Expected: PASS\n2. `make ship`\n   Expected: PASS\n")
    assert [step.command for step in found if isinstance(step, Verify)] == [
        "make boat",
        "make ship",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("go vet ./...\nmake ships\n", Verify),
        ("uv run pytest -q\n", Verify),
        ("make sure that it sails\n", Manual),
        ("go to the harbour\ngo test ./...\n", Manual),
        ("ok  ships  0.1s\n", Manual),
    ],
)
def test_calls_in_a_fence_without_a_language_verify_under_that_label(text: str, kind: type) -> None:
    shown = f"```\n{text}```\nExpected: all is well\n"
    assert isinstance(steps(f"**Verification:**\n{shown}")[0], kind)
    assert isinstance(steps(f"**Implementation:**\n{shown}")[0], Manual)


def test_an_arrow_to_an_error_is_a_verdict() -> None:
    (step,) = steps("**Step 1: See it**\n\n`node ship.js` → `TypeError: sail is no function`\n")
    assert isinstance(step, Verify)
    assert step.expect.exit == "nonzero"


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("Run `make test` (from `web/`) and `ls`.", ["cd web && make test", "ls"]),
        ("Run `npm test` (in `web`), then `pytest -q`.", ["cd web && npm test", "pytest -q"]),
        (
            "In the `web` directory, run `npm test` and `npm run lint`.",
            ["cd web && npm test", "cd web && npm run lint"],
        ),
        (
            "Run: `MAST=1 pytest -q` and `MAST=2 pytest -q`",
            ["MAST=1 pytest -q", "MAST=2 pytest -q"],
        ),
        ("Run `pytest -q` and `test_sail` passes.", ["pytest -q"]),
        ("Run `pytest -q`, and `make` builds it.", ["pytest -q"]),
    ],
)
def test_each_command_of_a_line_is_run_in_its_folder(line: str, commands: list[str]) -> None:
    found = steps(f"**Step 1: Look**\n\n{line}\n")
    assert [each.command for each in found if isinstance(each, Verify)] == commands


@pytest.mark.parametrize(
    "words",
    [
        "Cover the payload with a test for empty ships, then run:",
        "Thread the berth through `count`. Run:",
        "Exercise the payload and then run this:",
    ],
)
def test_what_is_ordered_with_any_verb_before_a_run_is_a_persons(words: str) -> None:
    work, check = steps(f"**Step 1: Go on**\n\n{words}\n\n```bash\npytest -q\n```\n")
    assert isinstance(work, Manual)
    assert work.files == ()  # it may change nothing
    assert isinstance(check, Verify)


@pytest.mark.parametrize(
    "words",
    ["With the server stopped, run:", "Tests the payload. Run:", "Once the mast is set, run this:"],
)
def test_what_orders_nothing_before_a_run_is_its_note(words: str) -> None:
    (step,) = steps(f"**Step 1: Go on**\n\n{words}\n\n```bash\npytest -q\n```\n")
    assert isinstance(step, Verify)


def test_what_others_run_by_the_title_is_a_persons() -> None:
    (step,) = steps("**Step 1: The reviewer runs**\n\n```bash\nmake ship\n```\n")
    assert isinstance(step, Manual)


def test_a_command_in_a_folder_that_depends_on_something_is_a_persons() -> None:
    for more in ("if the tests fail", "or `npm ci`", "only when asked"):
        (step,) = steps(f"**Step 1: Fix**\n\nIn `web`, run `npm run fix` {more}.\n")
        assert isinstance(step, Manual), more


@pytest.mark.parametrize("folder", ["masts", "a/masts", ".github", ".claude-plugin", "v1.2", "a/"])
def test_what_is_called_like_a_folder_is_one_for_every_command(folder: str) -> None:
    below = (Glob(f"{folder.rstrip('/')}/**"),)
    *_, commit = steps(script(f"git add {folder}\ngit commit -m 'feat: x'"))
    assert isinstance(commit, Commit)
    assert commit.files == below
    (formatted,) = steps(script(f"ruff format ./{folder}"))
    assert isinstance(formatted, Run)
    assert formatted.files == below
    (check,) = steps(f"**Step 1: Test**\n\nRun from `{folder}`: `make check`\n")
    assert isinstance(check, Verify)
    assert check.command == f"cd {folder.rstrip('/')} && make check"


@pytest.mark.parametrize("file", ["Makefile", ".gitkeep", "a/.env", "LICENSE", "[id].tsx", "a.7z"])
def test_what_is_called_like_a_file_is_one_for_every_command(file: str) -> None:
    *_, commit = steps(script(f"git add {file}\ngit commit -m 'feat: x'"))
    assert isinstance(commit, Commit)
    assert commit.files == (file,)
    moved, *_ = steps(script(f"git mv {file} b.py"))
    assert moved == Edit((file,), (MoveTo("b.py"),), title="Go on")


@pytest.mark.parametrize(
    ("said", "folder"),
    [
        ("All commands run from `web/app/` (the app).", "web/app"),
        ("Run all the commands below in `web/app`.", "web/app"),
        ("All commands run from the repository's root.", ""),
        ("Most commands run from `web/app`.", ""),
    ],
)
def test_commands_are_run_where_the_plan_says_that_all_are(said: str, folder: str) -> None:
    plan = f"## Before\n\n{said}\n\n### Task 1: Mast\n\n**Files:**\n- Modify: `web/app/mast.js`\n\n"
    plan += "**Step 1: Check**\n\nRun: `npm test`\n\nRun: `cd sea && make`\n\n"
    plan += "**Step 2: Commit**\n\n```bash\ngit add web/app/mast.js\ngit commit -m 'feat: x'\n```\n"
    _, check, other, commit = imported(plan).phase.tasks[0].steps
    assert isinstance(check, Verify)
    assert check.command == (f"cd {folder} && npm test" if folder else "npm test")
    assert isinstance(other, Verify)
    assert other.command == "cd sea && make"
    assert isinstance(commit, Commit)


def test_a_test_that_is_run_in_its_folder_is_the_one_that_the_task_names() -> None:
    body = "**Files:**\n- Modify: `web/mast.py`\n- Create: `web/tests/test_mast.py`\n\n"
    body += "**Step 1: Write the tests for `mast.py`**\n\nThey hoist it.\n\n"
    body += "Run: `pytest tests/test_mast.py`\n\n**Step 2: Commit**\n\n```bash\ngit add web\n"
    found = steps(body + "git commit -m 'feat: x'\n```\n", {"web/mast.py": "a = 1\n"})
    assert isinstance(found[0], Manual)
    assert "tests/test_mast.py" not in found[0].files


@pytest.mark.parametrize("title", ["**Run it (expect FAIL):**", "**Step 2: See it fail**", "Run:"])
def test_calls_in_a_block_without_a_language_are_commands_of_a_title_that_runs(title: str) -> None:
    (step,) = steps(
        f"- [ ] {title}\n\n```\ncd ship && cargo test -p mast\n```\n\nExpected: FAIL.\n"
    )
    assert isinstance(step, Verify)
    assert (step.command, step.expect.exit) == ("cd ship && cargo test -p mast", "nonzero")


def test_a_folder_alone_before_a_block_is_where_it_is_run() -> None:
    (step,) = steps("**Step 1: Test it**\n\nFrom `sea/ship/`:\n\n```bash\nnpm run mast\n```\n")
    assert isinstance(step, Verify)
    assert step.command == "cd sea/ship && npm run mast"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("**Step 1: Run the test**\n\n```\ncargo test -p ships\n```\nExpected: FAIL\n", Verify),
        ("**Step 1: Verify it fails**\n\n```\nnpx tsc --noEmit\n```\n\nExpected: FAIL\n", Verify),
        ("**Step 1: Run the test**\n\n```\nmake test\n```\n", Verify),
        # An output, a file, words.
        ("**Step 1: Run the test**\n\n```\nrunning 1 test\n```\nExpected: FAIL\n", Manual),
        ("**Step 1: Write the list**\n\n```\nmake test\n```\n\nExpected: FAIL\n", Manual),
        ("**Step 1: Run it**\n\n```\nmake sure that it sails\n```\n\nExpected: FAIL\n", Manual),
        ("**Step 1: Run it**\n\n```\ncargo testing\n```\n", Manual),
        ("- [ ] **Step 1: Show it**\n\n```\ncargo test\n```\n", Manual),
    ],
)
def test_a_fence_of_no_language_that_only_calls_programs_is_run(body: str, kind: type) -> None:
    (step,) = steps(body)
    assert isinstance(step, kind)


@pytest.mark.parametrize("lead", ["Run:", "**Run:**", "Run these:", "Run all three:"])
def test_what_is_listed_under_run_is_run(lead: str) -> None:
    listed = "- `make a`\n- [ ] `make b` \u2014 expect FAIL\n- `make c`\n"
    found = steps(f"**Step 1: Go on**\n\n{lead}\n\n{listed}\nExpected: all exit 0.\n")
    checks = [step for step in found if isinstance(step, Verify)]
    assert [step.command for step in checks] == ["make a", "make b", "make c"]
    assert [step.expect.exit for step in checks] == [None, "nonzero", None]
    assert checks[2].expect.prose == "all exit 0."


def test_what_is_listed_under_run_is_run_in_its_folder() -> None:
    found = steps("**Step 1: Go on**\n\nRun from `web/`:\n- `make a`\n- `make b` (fast)\n")
    assert [step.command for step in found if isinstance(step, Verify)] == [
        "cd web && make a",
        "cd web && make b",
    ]


def test_what_a_program_that_is_written_is_to_run_is_not_run() -> None:
    listed = "1. `[*SHIP, 'config']`\n2. `sys.executable -m pytest -q`\n"
    found = steps(f"**Step 1: Write the runner**\n\nRun these in order:\n\n{listed}\nThen end.\n")
    assert [type(step) for step in found] == [Manual]


@pytest.mark.parametrize("lead", ["Run one of:", "Run if it blows:", "Run whichever applies:"])
def test_of_what_is_listed_to_choose_from_nothing_is_run(lead: str) -> None:
    found = steps(f"**Step 1: Go on**\n\n{lead}\n\n- `make a`\n- `make b`\n")
    assert [type(step) for step in found] == [Manual]


@pytest.mark.parametrize(
    ("script", "made"),
    [
        # What a shell does: it stays where it has gone.
        ("cd web && make a\nmake b\n", ["cd web && make a", "cd web && make b"]),
        ("cd web && make a\ncd ../api && make b\n", ["cd web && make a", "cd api && make b"]),
        ("cd web && make a\ncd .. && make b\n", ["cd web && make a", "make b"]),
        # What fails in a shell, and is meant from where the script begins.
        ("cd web && make a\ncd web && make b\n", ["cd web && make a", "cd web && make b"]),
        ("cd web && make a\npytest web/tests\n", ["cd web && make a", "pytest web/tests"]),
        ("cd web && make a\ngit add web/b\n", ["cd web && make a"]),
        # Not taken apart.
        ("A=1\ncd web && make a\nmake b\n", ["A=1\ncd web && make a\nmake b"]),
    ],
)
def test_lines_that_go_to_a_folder_first_are_commands_of_their_own(
    script: str, made: list[str]
) -> None:
    found = steps(f"**Step 1: Test it**{block(script, 'bash')}")
    assert [step.command for step in found if isinstance(step, Verify)] == made


@pytest.mark.parametrize(
    ("files", "target"),
    [
        ({"ship/tests/a.py": ""}, Glob("ship/tests/**")),  # what is to be changed is there
        ({"ship/tests": ""}, "ship/tests"),
        (None, "ship/tests"),
    ],
)
def test_a_name_without_an_ending_is_a_folder_where_no_file_is_called_so(
    files: dict[str, str] | None, target: Target
) -> None:
    listed = "**Files:**\n- Modify: `ship/tests`\n\n**Step 1: Mend the tests.**\n\n"
    script = "git add ship/tests && git commit -m 'test: mast'\n"
    work, commit = steps(f"{listed}**Step 2: Commit**{block(script, 'bash')}", files)
    assert isinstance(work, Manual)
    assert isinstance(commit, Commit)
    assert work.files == (target,)
