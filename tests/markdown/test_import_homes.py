"""The folders in which commands of plans are run, by the file that their programs read first."""

from __future__ import annotations

import pytest
from planning import block, imported, steps

from runbook.core.model.model import Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Glob, Target

FILES = "**Files:**\n- Modify: `web/src/ship.ts`\n\n"
STEP = "**Step 1: Look**\n\nRun:"
WEB = {"web/package.json": "{}", "web/src/ship.ts": "", "web/src/ship.test.ts": ""}


def made(script: str, files: dict[str, str], head: str = FILES) -> tuple[Step, ...]:
    """The steps of a shell block in a repository with these files."""
    return steps(f"{head}{STEP}{block(script + chr(10), 'bash')}", files)


@pytest.mark.parametrize(
    ("command", "files", "listed", "folder"),
    [
        ("npm test", WEB, "web/src/ship.ts", "web"),
        ("npx vitest run src/ship.test.ts", WEB, "web/src/ship.ts", "web"),
        ("pnpm run look", WEB, "web/src/ship.ts", "web"),
        ("cargo test sail", {"sea/Cargo.toml": "", "sea/a/Cargo.toml": ""}, "sea/a/s.rs", "sea"),
        ("go test ./...", {"api/go.mod": ""}, "api/ship.go", "api"),
        ("composer test", {"site/composer.json": ""}, "site/src/Ship.php", "site"),
        ("./gradlew test", {"app/gradlew": ""}, "app/core/Ship.kt", "app"),
        ("uv run pytest", {"lib/pyproject.toml": ""}, "lib/ship.py", "lib"),
    ],
)
def test_a_command_is_run_where_its_program_finds_what_it_reads(
    command: str, files: dict[str, str], listed: str, folder: str
) -> None:
    head = f"**Files:**\n- Modify: `{listed}`\n\n"
    (step,) = made(command, {listed: "", **files}, head)
    assert isinstance(step, Verify)
    assert step.command == f"cd {folder} && {command}"


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("npm test", {**WEB, "package.json": "{}"}),
        ("npm --prefix web test", WEB), ("cd web && npm test", WEB), ("npm --version", WEB),
        ("cargo test --manifest-path web/Cargo.toml", {"web/Cargo.toml": ""}),
        ("npx some-tool", WEB), ("npm test", {}), ("make test", {"web/Makefile": ""}),
        ("go test ./...", {"go.work": "", "web/go.mod": ""}),
    ],
)  # fmt: skip
def test_a_command_that_can_be_run_where_it_stands_stays(
    command: str, files: dict[str, str]
) -> None:
    (step,) = made(command, {"web/src/ship.ts": "", **files})
    assert isinstance(step, Verify)
    assert step.command == command


def test_files_that_a_command_changes_are_of_its_folder() -> None:
    (step,) = made("npm install zod", WEB)
    assert isinstance(step, Run)
    assert step.command == "cd web && npm install zod"
    assert "web/package.json" in step.files


def test_the_account_says_where_a_command_is_run() -> None:
    body = f"### Task 1: Ship\n\n{FILES}{STEP}{block('npm test' + chr(10), 'bash')}"
    (task,) = imported(body, WEB).tasks
    assert [each.text for each in task.warnings] == [
        "`npm test`: run in web, where package.json is"
    ]


def test_of_several_folders_one_has_what_the_command_names() -> None:
    files = {**WEB, "api/package.json": "{}", "api/ship.ts": ""}
    head = "**Files:**\n- Modify: `web/src/ship.ts`\n- Modify: `api/ship.ts`\n\n"
    (step,) = made("npm test -- src/ship.test.ts", files, head)
    assert isinstance(step, Verify)
    assert step.command == "cd web && npm test -- src/ship.test.ts"
    (step,) = made("npm test", files, head)
    assert isinstance(step, Manual)


def test_files_of_other_tasks_tell_it_where_a_task_names_none() -> None:
    body = (
        f"### Task 1: Ship\n\n{FILES}**Step 1: Mend the ship**\n\nMend it.\n\n"
        f"### Task 2: Look\n\n{STEP}{block('npm test' + chr(10), 'bash')}"
    )
    (step,) = imported(body, WEB).phase.tasks[1].steps
    assert isinstance(step, Verify)
    assert step.command == "cd web && npm test"


@pytest.mark.parametrize("first", ["npm init -y", "mkdir a"])
def test_where_a_plan_begins_a_project_nothing_is_told(first: str) -> None:
    *_, step = made(f"{first}\nnpm test", WEB)
    assert isinstance(step, Verify)
    assert step.command == ("npm test" if "init" in first else "cd web && npm test")


SHIPS = {"web/src/ship.ts": "load();\n", "web/src/oar.ts": "", "web/package.json": "{}"}
LIST = "**Files:**\n- Create: `src/sail.ts`\n- Modify: `src/ship.ts`\n- Modify: `web/README.md`\n\n"


def test_a_folder_that_the_plans_paths_leave_out_is_put_before_them() -> None:
    sail = block("sail();\n", "ts")
    body = (
        f"### Task 1: Ship\n\n{LIST}**Step 1: Write `src/sail.ts`**{sail}"
        f"**Step 2: Load**\n\nIn `src/ship.ts`, change `load()` where it is slow.\n\n"
        "**Step 3: Commit**\n\n```bash\ngit add web/src\ngit commit -m 'feat: sail'\n```\n"
    )
    found = imported(body, SHIPS)
    made, left, _ = found.phase.tasks[0].steps
    assert isinstance(made, Edit)
    assert made.targets == ("web/src/sail.ts",)
    assert isinstance(left, Manual)
    assert "web/src/ship.ts" in left.files
    assert "src/ship.ts" not in left.files
    assert [each.text for each in found.warnings] == ["paths in src/ are in web/src/"]


@pytest.mark.parametrize(
    "drawn",
    [
        "web/\n├── package.json\n└── src/\n    └── ship.ts\n",
        "harbour/\n├── api/\n│   └── a.py\n└── web/          # the pages\n    └── src/\n",
    ],
)
def test_a_folder_that_only_a_drawn_tree_tells_is_put_before_them(drawn: str) -> None:
    files = "**Files:**\n- Modify: `src/ship.ts`\n- Modify: `src/oar.ts`\n\n"
    task = f"### Task 1: Ship\n\n{files}**Step 1: Load**\n\nMend both of them.\n"
    found = imported(f"## Layout\n\n```\n{drawn}```\n\n{task}", SHIPS)
    assert [each.text for each in found.warnings] == ["paths in src/ are in web/src/"]
    assert found.tasks[0].files == ("web/src/ship.ts", "web/src/oar.ts")


@pytest.mark.parametrize(
    "files",
    [
        {**SHIPS, "src/ship.ts": ""},  # it is there
        {"web/README.md": ""},  # it is nowhere
        {**SHIPS, "api/src/ship.ts": ""},  # it is in two of them
    ],
)
def test_where_it_is_not_sure_which_folder_paths_stand_as_they_are(files: dict[str, str]) -> None:
    body = f"### Task 1: Ship\n\n{LIST}**Step 1: Load**\n\nMend `src/ship.ts` and `api/a.ts`.\n"
    found = imported(body, files)
    (step,) = found.phase.tasks[0].steps
    assert isinstance(step, Manual)
    assert "src/ship.ts" in step.files
    assert found.warnings == ()


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_of_which_files_are_in_the_repository_stands_for_it(there: bool) -> None:
    root = "/Users/ahab/harbour"
    body = (
        f"**Files:**\n- Modify: `{root}/sea/ship.py`\n- Modify: `{root}/sea/oar.py:3-5`\n\n"
        f"**Step 1: Go on**\n\nAppend to `{root}/sea/ship.py`:\n\n```python\nrow()\n```\n"
    )
    files = {"sea/ship.py": "sail()\n"} | ({"sea/oar.py": "pull()\n"} if there else {})
    (step,) = steps(body, files)
    assert (isinstance(step, Edit) and step.targets == ("sea/ship.py",)) is there


def test_absolute_paths_of_windows_may_stand_for_the_repository() -> None:
    body = (
        "**Files:**\n- Create: `c:\\Users\\ahab\\harbour\\sea\\ship.py`\n\n**Step 1: Go on**\n\n"
        "Create `c:\\Users\\ahab\\harbour\\sea\\ship.py`:\n\n```python\nimport sea\n```\n\n"
        "**Step 2: Commit**\n\n```bash\ngit add sea/ship.py\ngit commit -m 'feat: ship'\n```\n"
    )
    step, _ = steps(body, {})
    assert isinstance(step, Edit)
    assert step.targets == ("sea/ship.py",)


def test_a_line_of_files_tells_of_folders_too() -> None:
    files = "**Files:** Modify `web/README.md`; surfaces: `src/ship.ts`, `src/oar.ts`.\n\n"
    body = f"### Task 1: Ship\n\n{files}**Step 1: Load**\n\nMend all of them.\n"
    found = imported(body, SHIPS)
    assert [each.text for each in found.warnings] == ["paths in src/ are in web/src/"]
    assert found.tasks[0].files == ("web/README.md", "web/src/ship.ts", "web/src/oar.ts")


@pytest.mark.parametrize(
    ("named", "test"),
    [
        ("`sea/a/ship.go` + `ship_test.go`", "sea/a/ship_test.go"),
        ("`src/ship.ts`, `ship.spec.ts`", "src/ship.spec.ts"),
        ("`src/ship.ts`, `oar.spec.ts`", "oar.spec.ts"),
        ("`src/ship.ts`, `ship.test.tsx`", "ship.test.tsx"),
    ],
)
def test_a_test_named_behind_what_it_tests_is_beside_it(named: str, test: str) -> None:
    body = f"### Task 1: Ship\n\n**Files:**\n- Modify: {named}\n\n**Step 1: Load**\n\nMend it.\n"
    assert imported(body).tasks[0].files[1] == test


@pytest.mark.parametrize(
    ("check", "files"),
    [
        ("cd web && pnpm test oar.test.ts", (Glob("web/**"),)),
        ("cd web && pnpm test a/oar.test.ts", (Glob("web/**"), "web/a/oar.test.ts")),
        ("cd sea && go vet oar_test.go", (Glob("web/**"), "sea/oar_test.go")),
    ],
)
def test_a_name_that_tests_are_chosen_by_is_no_file(check: str, files: tuple[Target, ...]) -> None:
    body = (
        f"### Task 1: Ship\n\n**Step 1: Test**{block(check + chr(10), 'bash')}"
        "**Step 2: Mend**\n\nMend what is slow.\n\n"
        "**Step 3: Commit**\n\n```bash\ngit add web/\ngit commit -m 'test: oar'\n```\n"
    )
    left = imported(body).phase.tasks[0].steps[1]
    assert isinstance(left, Manual)
    assert left.files == files
