"""`runbook plan`: files and folders, stale plans, progress, templates, and commands to paste."""

from __future__ import annotations

import re
import subprocess
from json import dumps

import pytest
from scenario import GREETING, Scenario

from runbook.markdown.ownplan import read_plan
from runbook.phasefile.loader import load_series

FENCE = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PASTED = """
    phase: 1
    goal: Say good day.
    workdir: service
    co-authored-by: Ada <ada@example.org>
    tasks:
      - title: Change the greeting
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - run: |
              echo "it's $((40 + 2)) # done" > "made by a command.txt"
            files: made by a command.txt
          - verify: |
              # Comments stay comments.
              cat <<'EOF'
              $HOME
              EOF
              grep -c good app.py
            expect:
              output: |
                $HOME
                1
          - commit: |
              feat: say "good day" to `$USER`

              It's $(polite).
              EOF
            trailers: "Refs: #42"
      - title: Remove what is old
        steps:
          - edit: '[old].txt'
            delete: true
          - commit: "chore: remove"
    """


def carried_out(scenario: Scenario) -> list[tuple[str, str]]:
    """Messages and trees of the commits after the first one."""
    commits = scenario.git("rev-list", "--reverse", "HEAD").split("\n")[1:]
    return [
        (scenario.message(each), scenario.git("rev-parse", f"{each}^{{tree}}")) for each in commits
    ]


def test_commands_that_are_pasted_into_a_shell_do_what_run_does(scenario: Scenario) -> None:
    scenario.write("service/app.py", 'def greeting():\n    return "hello"\n')
    scenario.write("service/[old].txt", "old\n")
    scenario.write("service/o.txt", "not this\n")
    scenario.phase(PASTED)
    scenario.begin()
    scenario.git("branch", "pasted")
    planned = scenario.run("plan", "1")
    planned.says(0)
    commands = FENCE.findall(planned.stdout)
    assert len(commands) == 4
    scenario.run("run", "1").says(0)
    wanted = carried_out(scenario)
    assert len(wanted) == 2
    assert wanted[0][0].endswith("\n\nCo-Authored-By: Ada <ada@example.org>\nRefs: #42")

    scenario.git("switch", "-q", "pasted")
    edits = ["sed -i s/hello/'good day'/ service/app.py\n", "rm 'service/[old].txt'\n"]
    # One shell for all of them: none may leave it in another folder.
    script = "".join([edits[0], *commands[:3], edits[1], commands[3]])
    done = subprocess.run(
        ["bash", "-e"],
        input=script,
        cwd=scenario.root,
        env=scenario.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "$HOME\n1\n" in done.stdout
    assert carried_out(scenario) == wanted
    assert scenario.status() == ""


def two_phases(scenario: Scenario) -> None:
    scenario.app()
    scenario.phase(GREETING.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.git("add", "-A")
    scenario.git("commit", "-q", "-m", "Another phase")


def test_several_plans_go_into_a_folder(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.run("plan", "--all", "-o", "docs/plans").shows(
        0, "wrote docs/plans/phase-1.md\nwrote docs/plans/phase-2.md"
    )
    loaded = load_series(scenario.root / "phases")
    for phase in loaded.phases:
        assert read_plan(scenario.read(f"docs/plans/{phase.id}.md")).phase == phase
    scenario.run("plan", "1", "-o", "docs/plans").shows(0, "wrote docs/plans/phase-1.md")
    scenario.run("plan", "2", "-o", "new/").shows(0, "wrote new/phase-2.md")
    both = scenario.run("plan", "2", "1")
    assert both.stdout == "\n".join(
        scenario.read(f"docs/plans/phase-{number}.md") for number in (1, 2)
    )


def test_a_stale_plan_fails_the_check(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.run("plan", "--all", "-o", "plans/").says(0)
    fresh = "plans/phase-1.md is up to date\nplans/phase-2.md is up to date"
    scenario.run("plan", "--all", "-o", "plans/", "--check").shows(0, fresh)
    file = scenario.root / "phases/phase-2.yaml"
    file.write_text(file.read_text().replace("goal: Say good day.", "goal: Say good evening."))
    before = scenario.read("plans/phase-2.md")
    stale = scenario.run("plan", "--all", "-o", "plans/", "--check")
    stale.says(1, "plans/phase-1.md is up to date\nplans/phase-2.md is stale:\n")
    changes = re.findall(r"^[-+].*$", stale.stdout, re.MULTILINE)
    assert changes == [
        "--- plans/phase-2.md",
        "+++ plans/phase-2.md as it would be written",
        "-**Goal:** Say good day.",
        "+**Goal:** Say good evening.",
    ]
    assert scenario.read("plans/phase-2.md") == before
    (scenario.root / "plans/phase-2.md").unlink()
    scenario.run("plan", "2", "-o", "plans", "--check").shows(1, "plans/phase-2.md is missing")
    scenario.run("plan", "2", "--check").says(2, "say with -o which plan is to be checked")


def test_what_runbook_did_not_write_is_left(scenario: Scenario) -> None:
    scenario.app()
    scenario.write("NOTES.md", "# My notes\n")
    scenario.run("plan", "1", "-o", "NOTES.md").says(
        2, "NOTES.md is there and is no plan that runbook wrote; it is left as it is"
    )
    assert scenario.read("NOTES.md") == "# My notes\n"
    scenario.write("empty.md", "")
    scenario.run("plan", "1", "-o", "empty.md").shows(0, "wrote empty.md")
    scenario.run("plan", "1", "-o", "empty.md").shows(0, "wrote empty.md")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name phases, or say --all"),
        (["1", "--all"], "name phases, or say --all"),
        (["7"], "there is no phase `7`"),
        (["1", "-o", "phases/phase-1.yaml/x.md"], "phases/phase-1.yaml/x.md can't be written"),
        (["1", "--template", "missing.j2"], "the template missing.j2 can't be read"),
    ],
)
def test_wrong_use_is_told(scenario: Scenario, arguments: list[str], said: str) -> None:
    scenario.app()
    scenario.run("plan", *arguments).says(2, said)


def test_progress_is_shown_with_commits_and_evidence(scenario: Scenario) -> None:
    verification = "verification:\n  - verify: pytest -q test_app.py\n"
    scenario.app(f"{GREETING}{verification}    expect: {{tests: {{passed: 1}}}}\n")
    before = scenario.run("plan", "1", "--progress")
    before.says(0, "### Task 1: Say it politely\n\n- [ ] To do.\n")
    scenario.run("run").says(0)
    commit = scenario.git("rev-parse", "HEAD")[:9]
    after = scenario.run("plan", "1", "--progress").raw
    assert f"- [x] Done in `{commit}`.\n" in after
    assert re.search(r"^- \[x\] Done: 1 passed; \d\.\d s\.$", after, re.MULTILINE)
    assert after.count("- [x]") == 4
    assert "- [x]" not in scenario.run("plan", "1").stdout


def test_progress_is_what_status_knows(scenario: Scenario) -> None:
    """What was left out or taken back, and what is gone from the branch."""
    scenario.app(GREETING.replace("- commit", "- verify: exit 3\n      - commit"))
    scenario.run("run").says(1)
    scenario.run("skip", "1/1", "--reason", "not now").says(0)
    skipped = scenario.run("plan", "1", "--progress")
    skipped.says(0, "- [ ] Skipped: not now.\n")
    assert read_plan(skipped.stdout).phase == read_plan(scenario.run("plan", "1").stdout).phase
    scenario.phase(GREETING)
    scenario.run("run", "--restart").says(0)
    scenario.run("undo", "1").says(0)
    scenario.run("plan", "1", "--progress").says(0, "- [ ] Undone.\n")
    scenario.run("run", "--restart").says(0)
    scenario.run("plan", "1", "--progress").says(0, "- [x] Done in `<commit>`.\n")
    scenario.git("reset", "-q", "--hard", "HEAD~")
    scenario.run("plan", "1", "--progress").says(0, "- [ ] Undone.\n")
    scenario.git("reset", "-q", "--hard", "HEAD~2")
    scenario.run("plan", "1", "--progress").says(0, "- [ ] To do.\n")


def test_progress_shows_where_a_check_failed_before(scenario: Scenario) -> None:
    steps = "- verify: grep -q good app.py\n        fails-at: phase\n      - commit"
    scenario.app(GREETING.replace("- commit", steps))
    scenario.run("run").says(0)
    said = "; at the phase's start (`<commit>`): exit status 1."
    scenario.run("plan", "1", "--progress").says(0, said)


def test_a_plan_may_go_to_what_is_no_file(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("plan", "1", "-o", "/dev/full").says(2, "/dev/full can't be written: No space")


def test_progress_shows_where_it_stopped(scenario: Scenario) -> None:
    scenario.app(GREETING.replace("- commit", "- verify: exit 3\n      - commit"))
    scenario.run("run").says(1)
    scenario.run("plan", "1", "--progress").says(
        0,
        "- [ ] Stopped at phase-1/task-1/step-2.\n",
        "- [ ] Not done: exit status 3; <time>.\n",
    )


def test_a_template_of_one_s_own(scenario: Scenario) -> None:
    scenario.app()
    own = "{{ phase.goal }}\n{% for _, tasks in groups %}{{ tasks[0].title }}\n{% endfor %}"
    scenario.write("own.j2", own)
    scenario.run("plan", "1", "--template", "own.j2").shows(0, "Say good day.\nSay it politely")
    scenario.write("more.j2", "{% extends 'plan.md.j2' %}")
    assert (
        scenario.run("plan", "1", "--template", "more.j2").stdout
        == scenario.run("plan", "1").stdout
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a\n{% if %}", "own.j2:2: TemplateSyntaxError: "),
        ("a\nb\n{{ nothing }}", "own.j2:3: UndefinedError: 'nothing' is undefined"),
        ("{{ phase.__class__.__mro__ }}", "own.j2:1: SecurityError: "),
        ("{{ phase.goal.nothing.x }}", "own.j2:1: UndefinedError: "),
        ("{{ 1 / 0 }}", "own.j2:1: ZeroDivisionError: "),
        ("{% include '/etc/passwd' %}", "own.j2:1: TemplateNotFound: "),
        ("{% include '../plan.py' %}", "own.j2:1: TemplateNotFound: "),
    ],
)
def test_a_template_s_mistakes_are_told(scenario: Scenario, template: str, said: str) -> None:
    scenario.app()
    scenario.write("own.j2", template)
    scenario.run("plan", "1", "--template", "own.j2").says(2, said)


def test_import_reads_our_own_plans_as_they_were(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.series("title: A series\nof: 2\nenv: {A: b}\nworkdir: .\n")
    scenario.run("plan", "--all", "-o", "plans", "--progress").says(0)
    scenario.run("import", "plans/phase-1.md", "plans/phase-2.md", "-o", "again").says(0)
    before, after = (load_series(scenario.root / name) for name in ("phases", "again"))
    assert after.phases == before.phases


def test_a_phase_keeps_its_name_on_the_way_to_a_plan_and_back(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.git("mv", "phases/phase-2.yaml", "phases/masts.yaml")
    scenario.phase(GREETING.replace("phase: 1", "title: Sails - Phase 3"), "sails_1.v2")
    scenario.run("plan", "--all", "-o", "plans").says(0)
    plans = [f"plans/{name}.md" for name in ("phase-1", "masts", "sails_1.v2")]
    result = scenario.run("import", *plans, "-o", "again")
    result.says(0)
    assert "Look at" not in result.stdout
    before, after = (load_series(scenario.root / name) for name in ("phases", "again"))
    assert after.phases == before.phases


@pytest.mark.parametrize("name", ["../sails", "runbook", "", "two words", None, 3])
def test_a_plan_can_not_choose_any_file(scenario: Scenario, name: object) -> None:
    scenario.app()
    scenario.phase(GREETING.replace("phase: 1", "title: Sails"), "sails")
    scenario.run("plan", "sails", "-o", "plans/").says(0)
    text = scenario.read("plans/sails.md")
    assert '"id": "sails"' in text
    scenario.write(
        "plans/2026-02-03-hoist.md", text.replace('"id": "sails"', f'"id": {dumps(name)}')
    )
    result = scenario.run("import", "plans/2026-02-03-hoist.md", "-o", "again")
    result.says(0, "again/hoist.yaml written", f"the comment's `id` can't be read: `{name}` can't")


def test_a_single_plan_keeps_the_title_of_its_series(scenario: Scenario) -> None:
    two_phases(scenario)
    for title, stated in (("Sails", "Sails"), (None, None)):
        scenario.series(f"title: {title}\n" if title else "of: 2\n")
        scenario.run("plan", "--all", "-o", "plans").says(0)
        scenario.run("import", "plans/phase-1.md", "-o", f"{title}/phases").says(0)
        (phase,) = load_series(scenario.root / f"{title}/phases").phases
        assert phase.title == stated
        both = ("plans/phase-1.md", "plans/phase-2.md")
        scenario.run("import", *both, "-o", f"both-{title}").says(0)
        loaded = load_series(scenario.root / f"both-{title}")
        assert loaded.series.title == stated
        assert [each.title for each in loaded.phases] == [None, None]


def test_import_reads_an_own_plan_with_a_line_of_somebody_else_s(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("plan", "1", "-o", "plan.md").says(0)
    scenario.write("plan.md", scenario.read("plan.md").replace("Change `app.py`", "Alter `app.py`"))
    done = scenario.run("import", "plan.md", "-o", "again")
    assert done.status == 0
    assert "read like anybody's plan" in done.stdout
