"""An import runs nothing that reaches beyond the repository, and nothing that is to be written."""

from __future__ import annotations

import pytest
from planning import STEP, block, steps

from runbook.core.lint.phase import lint
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.model.operations import Glob


def made(script: str, lead: str = "Run:", head: str = "") -> tuple[Step, ...]:
    """The steps of a shell block under these words; `head` stands before the step."""
    return steps(f"{head}{STEP}{lead}{block(script + chr(10), 'bash')}")


BEYOND = [
    # what is of a person, or of the machine
    "rm -rf ~/.ships/old/", 'rm -rf "$HOME/.cache/ships"', "rm -rf ${HOME}/ships", "cp a.py ~/bin/",
    "mv a.py ../other/", "echo 'export A=1' >> ~/.bashrc", "echo a | tee -a ~/.zshrc",
    "ln -sf $(pwd)/bin/ship /usr/local/bin/ship", "mkdir -p ~/.config/ship", "touch ~/.ship",
    "chmod +x ~/.local/bin/ship", "sed -i 's/a/b/' ~/.config/ship", "find ~ -name '*.bak' -delete",
    "find ~/ships -name a -exec rm {} \\;", "curl -o ~/ship https://ships.example/ship",
    "python port.py --into ~/ships", "make ships < ~/list", "> ~/.ship", "rm -rf ../..", "rm -rf /",
    # inside of something
    "(cd web && npm publish)", "make ships; npm publish", "make ships || git push",
    "for each in a b; do rm -rf ~/$each; done", "if [ -d ~/a ]; then rm -rf ~/a; fi",
    "bash -lc 'git push'", 'eval "rm -rf ~/a"', "A=$(git push)", "pushd ../other && make && popd",
    "(cd ../other && make)", "D=~/ships\nrm -rf $D", 'D="$HOME/ships"\nmkdir -p "$D"',
    # where a variable says
    'rm -rf "$BUILD_DIR"', 'make ships > "$OUT"', "cp a.py $TARGET/",
    # publishing, installing, processes
    "git push --tags", "git tag -a v1 -m v1", "git -C ../other commit -m a",
    'claude plugin tag -m "Release %s" --push', "docker buildx build --push -t ship .",
    "rustup target add wasm32-unknown-unknown", "pip install ships", "python3 -m pip install -e .",
    "nvm use 20", "npx playwright install", "curl -sSf https://ships.example/get | sh",
    "git config --global user.name Ada", "git remote add up https://ships.example",
    "kill %1", "kill -9 $PID", "./ship & sleep 2; kill %1", "docker rm -f ship",
    "docker compose down -v", "dropdb ships", "psql -c 'DROP TABLE ships'", "make deploy",
    "bash <(curl -s https://ships.example/get)", "gh pr checks --watch", "npm version patch",
    "python setup.py install", "cargo release patch", "npx kill-port 3000", "npx cypress open",
    "npx playwright test --ui", "curl -d a=b https://ships.example",
    "export SHIPS=/Users/ada/ships\nmake ships",
    "./scripts/deploy.sh", "bash install.sh", "bash scripts/start.sh", "ships serve",
    "turbo run dev",
    "pnpm --filter web dev", "docker run -it ship bash",
    "curl --upload-file a https://ships.example",
    # databases, containers and agents beside the repository
    "alembic upgrade head", "python -m alembic downgrade -1", "alembic -c a.ini stamp head",
    "docker compose up -d", "docker-compose start db", "docker compose restart",
    "docker compose exec db psql -c 'DROP TABLE ships'", "python manage.py migrate ships",
    "pnpm --filter api db:push", "npm run migrate", "make db-migrate", "flask db upgrade",
    "rails db:migrate", "npx knex migrate:latest", "goose -dir db up", "sqlx migrate run",
    "mix ecto.migrate", "ships seed run", "python scripts/seed_db.py", "psql -f ships.sql",
    "psql ships < ships.sql", "cat ships.sql | sqlite3 ships.db", "supabase start",
    "pnpm prisma db push", "cd web && pnpm prisma migrate dev --name a", "bun prisma db push",
    "pnpm --filter web prisma migrate deploy", "yarn workspace web prisma db push",
    "php artisan migrate", "php ships migrate:run", "php bin/console doctrine:migrations:migrate",
    "tsx scripts/seed-ships.ts", "bin/ships.sh set 2", "./scripts/db.sh reset",
    "bash ops/sea.sh up",
    'mongosh --eval "db.dropDatabase()"', 'claude -p "count"', "codex exec count",
    # what sends, publishes or asks for more than the repository
    "terraform plan", "tofu plan", "terraform state rm a", "pulumi preview", "cdk diff",
    "docker build -t ship .", "podman run ship", "docker compose build",
    "docker compose run app pytest",
    "docker exec ship rm -rf /data", "docker cp a.py ship:/a", "make docker-build", "make up",
    "curl -X DELETE localhost:8000/a", "curl -XPOST http://localhost:1/a",
    "curl --json '{}' localhost:1",
    "http POST localhost:8000/a", "http :8000/a name=x", "xh delete :8000/a",
    "wget --post-data=a x.example",
    "gh api -X POST repos/a/b", "gh api repos/a/b -f a=b", "gh cache delete 1", "gh browse",
    "glab ci run",
    "kubectl get pods", "helm repo add a b", "argocd app sync a", "aws s3 cp a.py s3://b",
    "bq query a",
    "vercel", "npx vercel --prod", "heroku logs", "nomad job run a", "vault kv put a b=c",
    "k6 run a.js",
    "python -m twine upload dist/a", "./gradlew publishToMavenLocal", "dotnet nuget push a",
    "sbt publish",
    "vsce publish", "pod trunk push", "flutter pub publish", "svn commit -m a", "cargo login",
    "bun add -g ship", "poetry self add a", "npm cache clean --force", "uv tool upgrade ruff",
    "npx husky init", "uv run python scripts/setup_db.py", "./setup.sh", "bash bin/bootstrap.sh",
    "direnv allow", "mail -s a b", "chromium --headless a", "at now", "act push",
    "setsid git push", "parallel git push ::: a", "script -c 'git push'",
    "cross-env A=1 npm publish",
    "echo a | xargs npm publish", "env A=1 npm publish", "(A=1 npm publish)", "! git push",
    # what no commit gives back, and what waits for its user
    "rm -rf node_modules", "rm -rf web/node_modules dist", "rm -rf .venv", "rm -rf .git",
    "rm -rf .",
    "rm -rf *", "git checkout -- .", "git restore .", "python", "psql ships", "sqlite3 ships.db",
    "node", "bash -n", "python3 -i",
    "npx prisma studio", "pnpm prisma studio", "redis-cli", "nix develop",
    # something to fill in
    'curl -H "Authorization: Bearer <token>" https://ships.example', "gh pr view <number>",
    'psql "postgres://<user>:<password>@host/ships" -c "select 1"', 'pytest -k "<test name>"',
    'KEY="<your-key>" python ship.py', 'echo "KEY=<your-key>" >> ship.env',
    'grep -n "<船名>" a.py', "cat ships/<船>.py", 'grep -n "<ship_name>" a.py',
    "npm test -- [name]",
    "sed -n '<first>,<last>p' a.py",
]  # fmt: skip


@pytest.mark.parametrize("script", BEYOND)
def test_what_reaches_beyond_the_repository_is_a_persons(script: str) -> None:
    found = made(script)
    assert all(isinstance(each, Manual) for each in found), found
    shown = "\n".join(each.instructions for each in found if isinstance(each, Manual))
    assert all(line.strip("()") in shown for line in script.split("\n"))


@pytest.mark.parametrize(
    ("script", "files"),
    [
        ("mkdir -p ships/old", ["ships/old/**"]),
        ("mkdir -p a b && touch a/ship.py", ["a/**", "b/**", "a/ship.py"]),
        ("touch a.py b.py", ["a.py", "b.py"]),
        ("cp a.py b.py", ["b.py"]),
        ("cp a.py b.py ships/", ["ships/a.py", "ships/b.py"]),
        ("cp -r old ships/new", ["ships/new/**"]),
        ("chmod -x ship.sh", ["ship.sh"]),
        ("chmod 755 a b", ["a", "b"]),
        ("ln -s a.py b.py", ["b.py"]),
        ("install -m 755 ship bin/ship", ["bin/ship"]),
        ("rmdir ships", ["ships/**"]),
        ("truncate -s 0 ship.log", ["ship.log"]),
        ("patch -p1 < ship.patch", ["**"]),
        ("find ships -name '*.bak' -delete", ["ships/**"]),
        ("ls ships | xargs rm", ["**"]),
        ("cd web && touch a.py", ["web/a.py"]),
        ("(cd web && mkdir -p a && touch ../b.py)", ["web/a/**", "b.py"]),
        ("F=a.py\nrm $F", ["a.py"]),
        ("for each in a.py b.py; do touch $each; done", ["a.py", "b.py"]),
        ("if [ ! -d a ]; then mkdir a; fi", ["a/**"]),
        ("make ships > out.txt 2>&1", ["out.txt"]),
        ("npx create-ship .", ["**"]),
        ("node scripts/gen-ships.mjs", ["**"]),
        ("cd web && npm run codegen", ["web/**"]),
        ("make fmt", ["**"]),
        ("python tools/update_ships.py", ["**"]),
        ("npx jest -u", ["**"]),
        ("ships generate", ["**"]),
        ("npx tailwindcss init -p", ["**"]),
        ("cd app && pod install", ["app/**"]),
        ("./gradlew spotlessApply", ["**"]),
        ("npm pack", ["**"]),
        ("pnpm -C web add zod", ["web/package.json", "web/pnpm-lock.yaml", "pnpm-lock.yaml"]),
        (
            "npm --prefix web i zod",
            ["web/package.json", "web/package-lock.json", "package-lock.json"],
        ),
        ("pnpm --filter web remove zod", ["**/package.json", "pnpm-lock.yaml"]),
        ("yarn workspace web add zod", ["**/package.json", "yarn.lock"]),
        ("dotnet ef migrations add Oars --project sea", ["**/Migrations/**"]),
        ("dotnet remove package Oars", ["**"]),
        ("php artisan make:model Ship", ["**/*.php"]),
        ("php ships extensions:enable oars", ["**/*.php"]),
        ("composer remove sea/oars", ["**"]),
        ("pnpm import:ships", ["**"]),
        ("rm -rf dist build", ["dist/**", "build/**"]),
        ("rm -rf web/.next/ a.tmp", ["web/.next/**", "a.tmp"]),
        ("terraform fmt", ["**"]),
        ("git restore a.py", ["a.py"]),
        ("git checkout main -- a.py", ["a.py"]),
        ("python - <<'E'\nopen('a.py', 'w').write('x')\nE", ["a.py"]),
        ("node -e \"fs.writeFileSync('a.js', 1)\"", ["a.js"]),
    ],
)
def test_what_changes_files_is_a_run_with_these(script: str, files: list[str]) -> None:
    (step,) = made(script)
    assert isinstance(step, Run)
    assert [str(each) for each in step.files] == files


@pytest.mark.parametrize(
    "script",
    [
        "ls ~/.ships", "grep -rn '~/.ships' docs", "grep -rn '<Ship>' src", "rg 'YOUR_KEY' .",
        "make ships > /tmp/out.txt", "mkdir -p /tmp/ships && ls /tmp/ships", "git tag --list",
        "T=$(mktemp -d); cp a.py $T; ls $T", "git stash list", "git config --get user.name",
        ".venv/bin/pip install -e .", "source .venv/bin/activate && pip install -e .",
        "(cd web && npm test)", "(cd web && cat ../a.py)", 'echo "<ship>" | grep ship',
        "python -c 'print(open(\"a.py\").read())'", "curl -s localhost:8000 -o /dev/null",
        "alembic history", "alembic upgrade head --sql", "docker compose ps",
        "ships seed run --help",
        "docker compose exec app pytest", "docker compose exec db psql -c 'select 1'",
        "python manage.py migrate --check", "npm run migrate:status", "cargo test migrate",
        'psql -c "select count(*) from created"', "gh pr checks", "claude --version",
        "claude plugin validate .", "curl -s localhost:1/a | python -m json.tool",
        "grep -n '<my-ship' a.html", "ls app/[id]/page.tsx", "make format-check",
        "node scripts/gen-ships.mjs --check", "python tests/run.py", "npm run test:gen",
        "git log --oneline | grep migrate", "grep -n init a.py", "command -v serve", "ls seed",
        "pytest generate", "ships generate --check", "terraform validate", "helm lint ship",
        "docker images", "docker compose config", "docker exec ship ls", "gh api repos/a/b",
        "gh run list",
        "kubectl apply -f a.yml --dry-run=client", "aws sts get-caller-identity",
        "http GET :8000/a",
        "curl -G -d a=b localhost:8000", "psql -l", "sqlite3 ships.db 'select 1'",
        "echo a | python",
        "redis-cli ping", "npm publish --help", "make uptime", "cargo package --list", "cdk synth",
        "pnpm prisma validate", "pnpm --filter web vitest run", "yarn workspace web jest",
        "php -l src/migrate.php", "php artisan migrate:status", "php artisan test",
        "scripts/ships.sh list",
        "bash scripts/ships.sh set --dry-run", "dotnet test", "pnpm --filter add test",
        "nix develop -c make ships", "env A=1 pytest", "npm pack --dry-run",
    ],
)  # fmt: skip
def test_what_looks_is_a_check(script: str) -> None:
    assert [type(each) for each in made(script)] == [Verify]


@pytest.mark.parametrize(
    "script",
    ["mkdir -p a", "git add a.py", "npx prettier --write .", "sort a -o b > c", "tee a < b"],
)
def test_no_check_of_an_import_is_one_that_changes_files(script: str) -> None:
    found = made(script)
    phase = Phase("phase-1", "Test.", (Task("phase-1/task-1", "A task", found),))
    assert "RB113" not in {each.code for each in lint(phase, {})}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Start the app", "Run:"), ("See the page", "Start the server in another terminal:"),
        ("See the page", "Open http://localhost:8000 then.\n\nRun:"),
        ("Start it", "Keep it running:"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["python -m ships", "cargo run", "A=1 node dist/index.js"])
def test_what_is_started_to_be_looked_at_is_a_persons(title: str, words: str, command: str) -> None:
    found = steps(f"**Step 1: {title}**\n\n{words}{block(command + chr(10), 'bash')}")
    assert all(isinstance(each, Manual) for each in found), found


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python -m ships", "Page displays all ships"), ("go run .", "the menu appears"),
        ("cargo run", "Listening on http://localhost:1"),
        ("node dist/index.js", "Server is running on port 3000"),
    ],
)  # fmt: skip
def test_what_is_expected_tells_a_server(command: str, expected: str) -> None:
    text = f"Run:{block(command + chr(10), 'bash')}Expected: {expected}\n"
    found = steps(STEP + text)
    assert all(isinstance(each, Manual) for each in found), found


@pytest.mark.parametrize(
    ("title", "command"),
    [
        ("Start the app", "python -m ships --help"), ("Start the app", "timeout 5 python -m ships"),
        ("Run the tests of the app", "python tests/run.py"), ("Launch the server", "pytest"),
        ("Count", "python -m ships"),
    ],
)  # fmt: skip
def test_what_ends_by_itself_is_a_check(title: str, command: str) -> None:
    (step,) = steps(f"**Step 1: {title}**\n\nRun:{block(command + chr(10), 'bash')}")
    assert isinstance(step, Verify)


def test_a_name_in_a_title_is_no_command() -> None:
    (step,) = steps("**Step 1: Verify `count_ships` works**\n")
    assert isinstance(step, Confirm)


@pytest.mark.parametrize(
    "line",
    [
        "Run `counts_all_ships` and look at its list.", "Run `compileall`.",
        "Re-run the `login` task.", "Run the full `tests/Unit/Ships` suite.",
        "Then run the visual suite per `ships-look` and see.", 'Run with `wind: "calm"`.',
    ],
)  # fmt: skip
def test_what_a_line_calls_by_name_is_no_command(line: str) -> None:
    assert not any(isinstance(each, Run | Verify) for each in steps(f"{STEP}{line}\n"))


@pytest.mark.parametrize("line", ["Run `ships`.", "Run the checks with `make`."])
def test_a_program_alone_is_a_command(line: str) -> None:
    (step,) = steps(f"{STEP}{line}\n")
    assert isinstance(step, Verify)


TEXTS = [
    "Append these lines to the `Versions` step:", "Put this in `.envrc`:", "`.env` contents:",
    "Add a helper function:", "Add this to the Dockerfile:", "Replace the `build` function with:",
    "Paste this into the `run:` block:", "In the Makefile, add:", "Body of `ships`:",
    "Add a case to the `case` statement:", "The new `ships()` function:", "Save as `ships.sh`:",
    "Modify the `test` step to run:", "The hook looks like this:", "Fill in the function body:",
    "Document the command in the usage section:", "Then add the export to the shell profile:",
    "Ajoutez à `.env` :", "添加到 `.env`：", "Füge in `deploy.sh` ein:", "Contents:",
    "Append this to the `Versions` step.\nMind the indentation:",
]  # fmt: skip


@pytest.mark.parametrize("head", ["", "**Files:**\n- Modify: `ships.sh`\n\n"])
@pytest.mark.parametrize("lead", TEXTS)
@pytest.mark.parametrize(
    "script",
    ["rm -rf build\nnpm run build", 'echo "v=$V" >> "$GITHUB_OUTPUT"', "npm test", "A=1\nB=2"],
)
def test_what_is_to_be_written_somewhere_is_not_run(script: str, lead: str, head: str) -> None:
    found = made(script, lead, head)
    assert not any(isinstance(each, Run | Verify | Commit) for each in found), found


LABELS = [
    "File: `ships.sh`", "**File:** `bin/ships.sh`:", "**File: `bin/ships.sh`**",
    "File: bin/ships.sh",
    "- File: `bin/ships`", "New file: `bin/ships.sh`", "`bin/ships.sh`", "**bin/ships.sh**",
    "Script (`bin/ships.sh`):", "Create `bin/ships.sh`:", "Path: `bin/ships.sh`", "**Makefile**",
    "File: `.github/workflows/ships.yml`", "In `bin/ships.sh`:", "`bin/ships.sh` (new):",
]  # fmt: skip


@pytest.mark.parametrize("head", ["", "**Files:**\n- Create: `bin/ships.sh`\n- Modify: `a.py`\n\n"])
@pytest.mark.parametrize("lead", LABELS)
@pytest.mark.parametrize(
    "script", ["make ships\nnpm test", "mkdir -p ships\ntouch a.py", "git commit -m 'feat: a'"]
)
@pytest.mark.parametrize("title", ["Write it", "Run the ships"])
def test_the_text_under_the_name_of_a_file_is_not_run(
    title: str, script: str, lead: str, head: str
) -> None:
    shown = f"{head}**Step 1: {title}**\n\n{lead}{block(script + chr(10), 'bash')}"
    found = steps(shown)
    assert not any(isinstance(each, Run | Verify | Commit) for each in found), found


@pytest.mark.parametrize(
    "name", ["File: bin/ships.sh", "bin/ships.sh", ".env", "Makefile", ".github/ships.yml"]
)
def test_the_text_that_begins_with_the_name_of_its_file_is_not_run(name: str) -> None:
    found = steps(
        f"**Step 1: Go on**\n{block(f'# {name}' + chr(10) + 'make ships' + chr(10), 'bash')}"
    )
    assert all(isinstance(each, Manual) for each in found)


@pytest.mark.parametrize(
    ("lead", "script"),
    [
        ("File: `bin/ships.sh`", "chmod +x bin/ships.sh"), ("In `web/`:", "npm test"),
        ("Node.js:", "npm test"), ("In v1.2:", "npm test"), ("**Commands**", "npm test"),
        ("", "# ships\nmake ships"), ("", "# tests/test_a.py\npytest tests/test_a.py"),
        ("", "# Node.js\nnpm test"), ("", "# Ships go.\nmake ships"),
    ],
)  # fmt: skip
def test_what_does_something_with_the_file_it_is_called_after_is_run(
    lead: str, script: str
) -> None:
    assert any(isinstance(each, Run | Verify) for each in made(script, lead))


@pytest.mark.parametrize("script", ["A=1\nexport B=2", "ships() {\n  rm -rf ships\n}"])
def test_lines_that_come_to_nothing_by_themselves_are_not_run(script: str) -> None:
    assert all(isinstance(each, Manual) for each in made(script, "The values are these."))


@pytest.mark.parametrize(
    ("lead", "script"),
    [
        ("Add the dependency:", "uv add ships"),
        ("Add the files to git and commit:", "git add a.py\ngit commit -m 'feat: a'"),
        ("Create the folder of the scripts:", "mkdir -p scripts"),
        ("Update the script's mode:", "chmod +x ships.sh"),
        ("Write the list by running:", "make list"),
        ("Change into the folder and run:", "cd web && make"),
        ("Update the snapshots:", "npx prettier --write ships.snap"),
        ("Create a temporary file:", "cat > /tmp/a.py <<'E'\nx\nE"),
        ("Count the lines of `a.py`:", "wc -l a.py"),
    ],
)
def test_words_of_a_change_that_the_block_makes_itself_are_run(lead: str, script: str) -> None:
    assert any(isinstance(each, Run | Verify | Commit | Edit) for each in made(script, lead))


def test_a_command_of_a_folder_declares_what_lies_there() -> None:
    (step,) = made("cd web && npx prettier --write .")
    assert isinstance(step, Run)
    assert step.files == (Glob("web/**"),)


OUTSIDE = ["~/.ships/a.md", "$HOME/ships/a.md", "/etc/ships/a.md", "../ships/a.md", "~ada/a.md"]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize(
    "files", ["", "**Files:**\n- Create: `{0}`\n\n", "**Files:**\n- Modify: `b.md`\n\n"]
)
@pytest.mark.parametrize(
    "words",
    [
        "Create `{0}`:\n\n```markdown\na\n```\n",
        "Append to `{0}`:\n\n```markdown\na\n```\n",
        "Change `{0}` from:\n\n```markdown\na\n```\n\nTo:\n\n```markdown\nb\n```\n",
        "```bash\ncat > {0} <<'E'\na\nE\n```\n",
        "```bash\nrm {0}\n```\n",
        "```bash\nmv b.md {0}\n```\n",
        "Delete `{0}`.\n",
        "In `{0}`, change `a` to `b`.\n",
    ],
)
def test_what_stands_outside_is_never_an_edit(path: str, files: str, words: str) -> None:
    for known in (None, {"b.md": "a\n"}):
        (step,) = steps((files + STEP + words).format(path), known)
        assert isinstance(step, Manual)
        assert path in step.instructions
        assert not any(str(each).startswith(("~", "$", "/", "..")) for each in step.files)


def test_words_about_a_route_still_belong_to_the_file_that_has_it() -> None:
    words = f"**Files:**\n- Create: `a.py`\n\n{STEP}Create the `/ships/all` route:"
    (step,) = steps(words + block("a = 1\n"))
    assert isinstance(step, Edit)
