"""Commands that an import leaves to a person, and in which folder it runs the others."""

from __future__ import annotations

import pytest
from planning import STEP, imported, steps

from runbook.core.model.model import Edit, Manual, Run, Verify
from runbook.core.model.operations import Glob
from runbook.markdown.importing.commands.effects import effect
from runbook.markdown.importing.commands.orders import not_here, orders


def commands(text: str) -> list[str]:
    """The commands that a step of these words runs, if it leaves nothing to a person."""
    found = steps(STEP + text)
    assert not any(isinstance(each, Manual) for each in found), found
    return [each.command for each in found if isinstance(each, Verify | Run)]


@pytest.mark.parametrize(
    "command",
    [
        "npm run worker:dev", "yarn dev", "pnpm docs:dev", "npm start", "npm test -- --watch",
        "npx vitest --watch", "npm run test:watch", "npx wrangler dev", "npx expo start",
        "php artisan serve", "bin/rails server", "rails s", "dotnet run", "./gradlew bootRun",
        "flutter run", "docker compose logs -f api", "tail -F ship.log",
        "PORT=3000 npm run dev", "uv run uvicorn ship:app", "python -m http.server 8000",
        "mix phx.server", "cargo watch -x test", "npx tsc -w", "npx electron-vite dev",
        "npx vitepress dev docs", "npx electron-forge start", "composer run dev", "wails dev",
        "npm run tauri dev", "swift run ShipServer", "go run ./cmd/server", "php artisan pail",
        "./vendor/bin/sail npm run dev", "vendor/bin/sail artisan pail", "mise x -- npm run dev",
    ],
)  # fmt: skip
def test_what_never_ends_is_a_persons(command: str) -> None:
    assert effect(command).why == "it runs until it is stopped"


@pytest.mark.parametrize(
    "command",
    [
        "vercel deploy --prod", "npx vercel --prod", "npx wrangler pages deploy dist",
        "firebase deploy --only hosting", "fly deploy", "flyctl secrets set A=1",
        "aws s3 sync dist s3://ships", "gcloud run deploy ships", "heroku run rake",
        "helm upgrade a b",
        "kubectl apply -f a", "gh pr checks 7 --watch",
        "oc new-build --binary",
        "terraform apply", "docker compose push", "npm publish", "ansible-playbook site.yml",
        "curl -X POST https://ships.example/api -d '{}'", "brew install jq", "npm install -g ships",
        "cargo install --path .", "gh pr merge 4", "systemctl restart ships",
    ],
)  # fmt: skip
def test_what_reaches_outside_is_a_persons(command: str) -> None:
    assert effect(command).why == "it reaches outside the repository"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("git rev-parse HEAD > .git/ORIG_HEAD", "it changes what git keeps"),
        ("cp hook.sh .git/hooks/pre-commit", "it changes what git keeps"),
        ("php artisan ship:sync --port={PORT_ID}", "it has a placeholder"),
        ("ships list --state afloat|ashore --json", "it has a placeholder"),
        ("mysql -u ada -p -e 'SHOW DATABASES'", "it reads what is typed"),
        ("npm unlink", "it installs on this machine"),
        ("./vendor/bin/sail artisan migrate", "it changes a database"),
        ("./vendor/bin/sail up -d", "it starts or stops what runs beside the repository"),
        ("docker compose up", "it starts or stops what runs beside the repository"),
        ("docker compose -f a.yml up -d", "it starts or stops what runs beside the repository"),
        ("npx prisma migrate deploy", "it changes a database"),
        ("npx prisma db push", "it changes a database"),
        ("supabase db push", "it changes a database"),
        ('claude -p "count the ships"', "it has an agent do work"),
    ],
)
def test_what_changes_what_runs_beside_is_a_persons(command: str, why: str) -> None:
    assert effect(command).why == why


@pytest.mark.parametrize(
    "command",
    [
        "npm run build:dev", "npm run build", "npm test", "yarn build", "npx vitest run",
        "make serve-docs",
        "docker compose -f compose.dev.yml ps", "git tag --list || true",
        "aws s3 ls", "curl http://localhost:3000/ships", "gh pr checks 7",
        "uv run scripts/count.py", "go test ./...", "go vet ./internal/...",
        "golangci-lint run ./...",
        "F=src/ship.py", "./ship.py", "cargo run -- --help", "node scripts/build.js",
        "node -c lib/dock-server/ship.js", "pnpm --filter server build",
        "pnpm -F web test:unit -- a", "npm -w server run lint",
        "npm --prefix start test", "make -C server test",
    ],
)  # fmt: skip
def test_other_commands_are_run(command: str) -> None:
    assert effect(command).why == "" or command.startswith("git tag")


def test_dots_that_leave_something_out_are_still_a_placeholder() -> None:
    assert effect("cat src/...").why == "it has a placeholder"
    assert effect("make ships ...").why == "it has a placeholder"


@pytest.mark.parametrize(
    "command",
    ["Get-ChildItem ships", r".venv\Scripts\python.exe ship.py", "$env:A = 1", "& $ship --all"],
)
def test_powershell_is_a_persons(command: str) -> None:
    assert effect(command).why == "it is PowerShell"


def test_a_block_of_powershell_is_run_only_where_any_shell_reads_it_alike() -> None:
    (step,) = steps("**Step 1: Test it**\n\n```powershell\nnpm test\n```\n")
    assert isinstance(step, Verify)
    assert step.command == "npm test"
    assert commands("Run:\n\n```powershell\nnpm test\n```\n") == ["npm test"]
    (step,) = steps(f"{STEP}Run:\n\n```powershell\n$a = 1\nnpm test | Out-Null\n```\n")
    assert isinstance(step, Manual)
    assert "npm test | Out-Null" in step.instructions


@pytest.mark.parametrize(
    "command", ["document.title", "window.ships", "console.log(ships)", "src/ship.py", "src/"]
)
def test_what_is_no_command_is_not_run(command: str) -> None:
    found = steps(f"{STEP}Run: `{command}`\n")
    assert all(isinstance(each, Manual) for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "Run from `web/`:\n\n```bash\nnpm test\n```\n",
        "Run from `web`:\n\n```bash\nnpm test\n```\n",
        "Run (from `web/`): `npm test`\n",
        "Run in the `web` directory: `npm test`\n",
        "Run (dans `web`) : `npm test`\n",
        "Run: `npm test` from `web`\n",
        "Run `npm test` (inside the `web` directory).\n",
        "They are ready.\n\nFrom the `web` folder, run:\n\n```bash\nnpm test\n```\n",
        "Run from `web/`:\n\n```bash\ncd web && npm test\n```\n",
    ],
)
def test_the_folder_that_the_words_name_is_gone_to(text: str) -> None:
    assert commands(text) == ["cd web && npm test"]


def test_a_branch_or_a_file_is_no_folder() -> None:
    assert commands("Run: `npm test` from `main`\n") == ["npm test"]
    assert commands("Run: `npm test` in `ship.test.ts`\n") == ["npm test"]


def test_a_folder_elsewhere_is_a_persons() -> None:
    body = "```bash\ncd ~/sites/ships.example\necho A=1 >> .env\n```\n"
    (step,) = steps(STEP + body)
    assert isinstance(step, Manual)
    assert "cd ~/sites/ships.example" in step.instructions
    (step,) = steps(STEP + "```bash\ncd D:/ships && npm test\n```\n")
    assert isinstance(step, Manual)
    script = "```bash\nSHA=$(cd ~/.ships && git rev-parse HEAD)\necho $SHA\n```\n"
    assert commands(script) == ["SHA=$(cd ~/.ships && git rev-parse HEAD)\necho $SHA"]


def test_a_folder_that_the_plan_works_in_is_the_repository() -> None:
    body = "Run: `cd /home/ada/ships && make a`\n\nRun: `cd /home/ada/ships && make b`\n"
    assert commands(body) == ["make a", "make b"]
    assert commands("```bash\ncd /workspaces/ships\nmake a\n```\n") == ["make a"]
    files = "**Files:**\n- Create: `/workspaces/ships/a.md`\n\n"
    (step,) = steps(f"{files}{STEP}Create it:\n\n```markdown\nHull.\n```\n")
    assert isinstance(step, Edit)
    assert step.targets == ("a.md",)


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("go test -C /home/ada/ships ./mast/ -v", "go test ./mast/ -v"),
        ("go -C /home/ada/ships test ./...", "go test ./..."),
        ("go -C /home/ada/ships/mast test ./...", "go -C mast test ./..."),
        ("make -C /home/ada/ships check", "make check"),
        ("npm --prefix /home/ada/ships/web test", "npm --prefix web test"),
        ("uv run --directory /home/ada/ships pytest", "uv run --directory . pytest"),
    ],
)
def test_a_folder_that_programs_are_given_is_the_repository(command: str, run: str) -> None:
    assert commands(f"Run: `{command}`\n\nRun: `go vet -C /home/ada/ships`\n")[0] == run


@pytest.mark.parametrize(
    "command",
    ["make -C /home/ada/docks check", "git -C /home/ada/docks log; git -C /home/ada/docks log"],
)
def test_a_folder_that_is_named_once_or_looked_in_is_any(command: str) -> None:
    (step,) = steps(f"{STEP}Run: `{command}`\n")
    assert "/home/ada/docks" in str(step)


@pytest.mark.parametrize(
    ("there", "same"),
    [
        ({"go.mod", "mast.go", "hull.go", "keel.go"}, True),
        ({"go.mod", "mast.go"}, True),  # carried out in part
        ({"go.mod"}, False),
        ({"go.mod", "sail.go"}, False),  # it is to be made
        (set(), True),  # all of it is to be made
    ],
)
def test_a_folder_of_another_repository_is_left_alone(there: set[str], same: bool) -> None:
    files = "".join(f"- Modify: `/home/ada/ships/{each}.go`\n" for each in ("mast", "hull", "keel"))
    task = f"**Files:**\n{files}- Create: `/home/ada/ships/sail.go`\n\n{STEP}"
    text = f"{task}```bash\ngo vet -C /home/ada/ships\n```\n"
    made = imported(f"### Task 1: Sail\n\n{text}", dict.fromkeys(there, "package a\n"))
    (step,) = [each for each in made.phase.tasks[0].steps if "go vet" in str(each)]
    assert isinstance(step, Verify) == same
    told = [each.text for each in made.warnings]
    assert told == (
        []
        if same
        else ["/home/ada/ships is another repository, by the files that the plan has there"]
    )


def test_all_commands_of_a_line_are_run_each_with_what_is_expected_of_it() -> None:
    found = steps(
        f"{STEP}Run: `make lint` (expect exit code 3), `make ship all` (quick), `make test fast`"
        " (expect success)\n"
    )
    assert [(each.command, each.expect.exit) for each in found if isinstance(each, Verify)] == [
        ("make lint", (3,)),
        ("make ship all", None),
        ("make test fast", None),
    ]


def test_the_folder_that_one_command_of_a_line_goes_to_is_that_of_those_behind_it() -> None:
    text = "Run `cd web && npm test`, `npm run lint`, `ls web/dist` and `git diff --stat`.\n"
    assert commands(text) == [
        "cd web && npm test",
        "cd web && npm run lint",
        "ls web/dist",
        "git diff --stat",
    ]


def test_a_command_with_the_mark_that_ends_code_is_read_to_its_last_quote() -> None:
    assert commands("Run: `grep -n '^| `/' ships.md | head -4`\n") == [
        "grep -n '^| `/' ships.md | head -4"
    ]


def test_a_variable_of_several_words_stays_with_its_users() -> None:
    script = "```bash\nSHIPS=$(ls -1 ships)\nwc -l $SHIPS\n```\n"
    assert commands(script) == ["SHIPS=$(ls -1 ships)\nwc -l $SHIPS"]


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("perl -pi -e 's/a/b/' $(grep -rl a ships)", "**"),
        ("grep -rl a ships | xargs sed -i 's/a/b/'", "**"),
        ("for each in ships/*; do sed -i 's/a/b/' $each; done", "ships/*"),
    ],
)
def test_what_changes_files_in_place_is_a_run(command: str, files: str) -> None:
    (step,) = steps(f"{STEP}```bash\n{command}\n```\n")
    assert isinstance(step, Run)
    assert step.files == (Glob(files),)


def test_a_block_that_is_asserted_of_is_not_run() -> None:
    found = steps(
        "**Step 1: Write the failing test**\n\nTouch the ship and assert:\n\n"
        "```bash\nship --check all\n```\n\nexits with 0.\n"
    )
    assert all(isinstance(each, Manual) for each in found)


def test_a_label_that_only_heads_the_steps_is_no_step() -> None:
    body = "**Implementation:**\n\n**Step 1: Look**\n\nRun: `make look`\n"
    (task,) = imported(f"### Task 1: Look\n\n{body}").phase.tasks
    assert [each.title for each in task.steps] == ["Look"]
    (task,) = imported("### Task 1: Look\n\n**Steps:**\n\nRun: `make look`\n").phase.tasks
    assert [each.title for each in task.steps] == [None]


@pytest.mark.parametrize(
    "command",
    [
        "npx @modelcontextprotocol/inspector node dist/ship.js",
        "npx -y @modelcontextprotocol/server-harbour /tmp",
        "node dist/server.js --port 3",
        "node build.js --watch",
    ],
)
def test_inspectors_servers_and_watchers_never_end(command: str) -> None:
    (step,) = steps(f"**Step 1: Go on**\n\n```bash\n{command}\n```\n")
    assert isinstance(step, Manual)
    assert command in step.instructions


@pytest.mark.parametrize("away", ["cd /tmp  # elsewhere", "cd /tmp", 'D=$(mktemp -d)\ncd "$D"'])
def test_no_path_is_made_relative_behind_a_folder_elsewhere(away: str) -> None:
    script = f"{away}\nls /home/ada/harbour/.worktrees/count"
    (step,) = steps(
        "Run: `cat /home/ada/harbour/.worktrees/count/a.md`\n\n"
        f"**Step 1: Go on**\n\n```bash\n{script}\n```\n"
    )[1:]
    assert isinstance(step, Manual)
    assert "/home/ada/harbour/.worktrees/count\n" in step.instructions


def test_a_script_that_stays_in_the_worktree_or_makes_a_folder_of_its_own_is_run() -> None:
    for script in (
        "N=1\ncd /home/ada/harbour/.worktrees/count\nmake N=$N",
        'D=$(mktemp -d)\ncd "$D"\nmake ship',
        'D=$(cd "$(dirname a)" && pwd)\nmake $D',
    ):
        (step,) = steps(f"**Step 1: Go on**\n\n```bash\n{script}\n```\n")
        assert isinstance(step, Verify)


def test_a_script_that_goes_to_a_new_folder_is_not_taken_apart_at_its_commits() -> None:
    script = (
        'D=$(mktemp -d) && cd "$D"\ngit init\nmkdir docs && echo x > docs/a.md\n'
        'git add -A && git commit -m "init"\nship install --all'
    )
    (step,) = steps(f"**Step 1: Go on**\n\n```bash\n{script}\n```\n")
    assert isinstance(step, Manual)
    assert script in step.instructions


def test_a_name_in_a_pattern_of_tests_changes_no_files() -> None:
    for command in (
        'npm test -- --test-name-pattern="parses format options"', 'pnpm vitest -t "can import it"',
    ):  # fmt: skip
        assert effect(command).kind == "verify"
    assert effect("pnpm --filter web format").kind == "run"


def test_who_else_runs_a_command_is_told_alike_wherever_it_is_said() -> None:
    for who in ("the end users", "your team", "a job", "the server", "the sub-agent"):
        assert not_here(f"{who.capitalize()} runs:"), who
        assert not_here(f"Let {who} run:"), who
        assert not orders(f"Run this. {who.capitalize()} runs this:"), who
    assert orders("Run this:")
    assert not not_here("Run this:")


@pytest.mark.parametrize(
    "text",
    [
        "```bash\nls\ndocker build .\n```\n\nExpected: the image is built.\n",
        "On the server:\n\n```bash\nls /srv\n```\n\nExpected: the image is built.\n",
        "```bash\nls image  # if there is one\n```\n\nExpected: the image is built.\n",
        "```bash\ndocker build .\n# Expected: the image is built.\ndocker stop ship\n```\n",
    ],
)
def test_what_is_expected_of_a_persons_command_is_told_to_them(text: str) -> None:
    *before, work = steps(STEP + text)
    assert isinstance(work, Manual)
    assert "Expected: the image is built." in work.instructions
    assert all(isinstance(each, Verify) and each.expect.prose is None for each in before)


def test_what_is_seen_before_a_person_stops_it_is_of_the_command() -> None:
    text = "```bash\nnpm run dev &\ncurl localhost\nkill %1\n```\n\nExpected: `ship`\n"
    _, check, _ = steps(STEP + text)
    assert isinstance(check, Verify)
    assert check.expect.contains == ("ship",)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("vendor/bin/pint --dirty", (Glob("**"),)),
        ("./vendor/bin/pint app/Ship.php", ("app/Ship.php",)),
        ("./vendor/bin/sail pint", (Glob("**"),)),
        ("php vendor/bin/pint app/Ship.php", ("app/Ship.php",)),
        ("vendor/bin/php-cs-fixer fix app/Ship.php", ("app/Ship.php",)),
        ("php artisan ships:install", (Glob("**"),)),
        ("php artisan wayfinder:generate", (Glob("**"),)),
        ("ships list --state afloat|wc -l", ()),
        ("./vendor/bin/pint --test", ()),
        ("./vendor/bin/sail artisan test --filter=Ship", ()),
        ("vendor/bin/php-cs-fixer fix --dry-run", ()),
        ("mysql -u ada -psecret -e 'SHOW DATABASES'", ()),
        ("swift run Ship --once", ()),
        ("git diff @{UPSTREAM_NOW}", ()),
        # What a script makes for itself, and removes, is no change.
        ("npx esbuild ship.ts --outfile=.ship.cjs && node .ship.cjs; rm .ship.cjs", ()),
        ("cc -o ship ship.c && ./ship && rm ship", ()),
        ("cat ship.txt && rm ship.txt", ("ship.txt",)),
    ],
)
def test_which_files_a_command_changes(command: str, files: tuple[str | Glob, ...]) -> None:
    assert effect(command).why == ""
    assert effect(command).files == files


def test_a_sentence_behind_run_is_no_command() -> None:
    (step,) = steps(f"{STEP}Run: Always (even if there is no wind)\n")
    assert isinstance(step, Manual)


PATCHES = {
    "editors' blocks": "ship.py\n```\n<<<<<<< SEARCH\nA = 1\n=======\nA = 2\n>>>>>>> REPLACE\n```",
    "an agent's patch": "```\n*** Begin Patch\n*** Update File: ship.py\n-A = 1\n+A = 2\n"
    "*** End Patch\n```",
    "several files": "```diff\ndiff --git a/ship.py b/ship.py\n--- a/ship.py\n+++ b/ship.py\n"
    "@@ -1 +1 @@\n-A = 1\n+A = 2\ndiff --git a/oar.py b/oar.py\n--- a/oar.py\n+++ b/oar.py\n"
    "@@ -1 +1 @@\n-B = 1\n+B = 2\n```",
    "blocks by margin": "In ship.py change this:\n\n    A = 1\n\nto this:\n\n    A = 2",
}


@pytest.mark.parametrize("shown", PATCHES.values(), ids=PATCHES)
def test_what_changes_files_is_no_remark_on_the_check_below_it(shown: str) -> None:
    first, check = steps(
        f"{shown}\n\nRun: `make test`\n", {"ship.py": "A = 1\n", "oar.py": "B = 1\n"}
    )
    assert isinstance(first, Manual)
    assert isinstance(check, Verify)
    assert check.note is None


@pytest.mark.parametrize(
    "words",
    [
        "For each of the 3 calls that it finds, remove the line.",
        "Für jeden der 3 gefundenen Aufrufe die Zeile `sail` komplett entfernen.",
    ],
)
def test_what_is_to_be_done_with_what_a_search_finds_is_work(words: str) -> None:
    check, work = steps(f"**Step 1: Search**\n\nRun: `grep -n sail ship.py`\n\n{words}\n")
    assert isinstance(check, Verify)
    assert isinstance(work, Manual)
    assert check.note is None


def test_the_file_whose_imports_change_is_not_waited_for() -> None:
    words = "In each, replace `'./oar'` with `'../oar'`."
    body = f"**Step 1: Update every import of `oar.js`**\n\n{words}\n"
    (work,) = steps(body, {"js/oar.js": "", "js/a.js": "import './oar'\n"})
    assert isinstance(work, Manual)
    assert work.files == ()


def test_a_label_below_the_files_begins_something_else() -> None:
    body = "**File:** `ship.py`\n**Change:** `A = 1` → `A = 2`\n**Why:** It is faster.\n"
    (work,) = steps(body, {"ship.py": "A = 1\n"})
    assert isinstance(work, Manual)
    assert "`A = 1` → `A = 2`" in work.instructions
    titled, *_ = steps("**Files:** Modify `ship.py`\n**Step 1: Look**\nPaint the hull.\n")
    assert titled.title == "Look"


def test_blanks_at_the_ends_of_lines_are_kept_in_a_block_that_a_person_writes() -> None:
    (work,) = steps("Write it by hand:  \n\n```markdown\nA line.  \nNext.\n   \nEnd.\n```\n")
    assert isinstance(work, Manual)
    assert "A line.  \nNext.\n\nEnd.\n" in work.instructions
    assert "by hand:\n" in work.instructions


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Add a new helper `count` to `ship.py`, and use it in `dock`.", 2),
        ("Add a new helper `weigh` to `ship.py`.", 3),
        ("Remove the old mast from `count`.", 3),
    ],
)
def test_a_helper_that_a_step_adds_is_no_work_before_the_steps(words: str, number: int) -> None:
    body = (
        f"**Files:**\n- Modify: `ship.py`\n\n{words}\n\n**Step 1: Write the failing test**\n\n"
        "Think.\n\n**Step 2: Add `count`**\n\nIn `ship.py`, write it.\n"
    )
    assert len(steps(body, {"ship.py": "A = 1\n"})) == number
