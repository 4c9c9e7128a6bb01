"""In CI by itself: groups, annotations and the summary of GitHub, and what the pages show."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import yaml
from scenario import CHECKED, GREETING, PROGRAM, Scenario

from runbook.views.workflow import harmless

ROOT = Path(__file__).parents[2]

FAILING = CHECKED.replace('with: return "good day"', 'with: return "go away"')


def in_actions(
    scenario: Scenario, *arguments: str, cwd: Path | None = None
) -> tuple[int, str, str]:
    """What a command shows there: its status, its log, and the summary."""
    summary = scenario.folder / "summary"
    summary.touch()
    result = scenario.run(
        *arguments, cwd=cwd, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary)
    )
    return result.status, result.raw, summary.read_text()


def test_tasks_are_groups_and_the_summary_tells_them(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    status, log, summary = in_actions(scenario, "run")
    assert status == 0
    lines = log.split("\n")
    begin, end = lines.index("::group::task-1: Say it politely"), lines.index("::endgroup::")
    assert any("1 passed" in line for line in lines[begin:end])
    assert any(line.startswith("phase-1 is complete") for line in lines[end:])
    assert "::error" not in log
    assert summary.startswith("## Say good day.\n")
    assert "| ✅ | task-1: Say it politely | 1 passed, exit status 0" in summary
    # It is added to what other steps of the job wrote.
    _, _, again = in_actions(scenario, "run")
    assert again.startswith(summary)


def test_a_failure_is_told_at_the_phase_file_and_at_the_test(scenario: Scenario) -> None:
    scenario.app(FAILING)
    status, log, summary = in_actions(scenario, "run")
    assert status == 1
    at_phase, at_test = re.findall(r"^::error (.*?)::(.*)$", log, re.MULTILINE)
    assert at_phase[0] == "file=phases/phase-1.yaml,line=9,col=9,title=phase-1/task-1/step-2"
    assert at_phase[1].startswith(
        "the check failed%0A- exit status 1, expected 0%0A- tests: 1 failed"
    )
    assert at_test[0] == "file=test_app.py,line=5,title=test_app.py%3A%3Atest_greeting_is_polite"
    assert at_test[1].startswith("AssertionError: assert 'go away' in ")
    # The stop is seen without unfolding anything.
    assert log.index("::endgroup::") < log.index("stopped at phase-1/task-1/step-2")
    assert "❌" in summary


def test_places_are_told_from_the_root_of_the_repository(scenario: Scenario) -> None:
    scenario.app(FAILING)
    below = scenario.root / "sub"
    below.mkdir()
    _, log, _ = in_actions(scenario, "run", cwd=below)
    assert "::error file=phases/phase-1.yaml,line=9," in log


def test_work_of_a_person_is_no_error(scenario: Scenario) -> None:
    scenario.app(GREETING.replace("      - commit", "      - confirm: Well?\n      - commit"))
    status, log, _ = in_actions(scenario, "run")
    assert status == 4
    assert "::notice file=phases/phase-1.yaml,line=9,col=9,title=phase-1/task-1/step-2::" in log
    assert "::error" not in log


def test_a_flaky_check_is_warned_of(scenario: Scenario) -> None:
    flaky = "test -e seen || { touch seen; exit 1; }"
    scenario.app(
        GREETING.replace(
            "      - commit", f"      - verify: {flaky}\n        retries: 1\n      - commit"
        )
    )
    status, log, _ = in_actions(scenario, "run")
    assert status == 0, log
    assert "::warning file=phases/phase-1.yaml,line=9,col=9," in log


def test_what_a_plan_or_a_program_says_is_no_command(scenario: Scenario) -> None:
    scenario.app(
        GREETING.replace("Say it politely", '"::error::x\\n::set-env name=a::b"').replace(
            "      - commit",
            "      - verify: printf '::error::y\\n##[error]z\\n'; exit 1\n      - commit",
        )
    )
    _, log, _ = in_actions(scenario, "run")
    commands = [line.strip() for line in log.split("\n") if line.strip().startswith("::")]
    assert [line.split(":")[2].split(" ")[0] for line in commands] == ["group", "endgroup", "error"]
    assert "##[" not in log
    assert harmless("a::b # [x] :: ##") == "a::b # [x] :: ##"
    assert harmless("  ::error::x\n##[group]") == "  :\u200b:error::x\n#\u200b#[group]"


def test_elsewhere_nothing_of_it_is_there(scenario: Scenario) -> None:
    scenario.app(FAILING)
    assert "::" not in scenario.run("run").stdout.replace("test_app.py::", "")


def test_json_stays_json(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    _, log, summary = in_actions(scenario, "run", "--json")
    assert all(line.startswith("{") for line in log.splitlines())
    assert "Say good day." in summary


def carried_out(scenario: Scenario, script: str, **env: str) -> None:
    """Run a script of a job, in the repository, with the program on PATH."""
    scenario.program("runbook", f'exec {shlex.join(PROGRAM)} "$@"')
    subprocess.run(
        ["bash", "-e", "-c", script], cwd=scenario.root, env={**scenario.env, **env}, check=True
    )


def test_the_action_does_what_it_says(scenario: Scenario) -> None:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    scenario.app(CHECKED)
    given = {name: each["default"] for name, each in action["inputs"].items()}
    for step in action["runs"]["steps"]:
        env = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) }}", lambda found: given[found[1]], text)
            for name, text in step["env"].items()
        }
        # Nothing that is given stands in the script, where it would be run.
        assert "${{" not in step["run"]
        carried_out(scenario, step["run"], GITHUB_ACTION_PATH=str(scenario.bin), **env)
    assert "complete" in scenario.read("runbook-report.html")
    assert 'failures="0"' in scenario.read("runbook-junit.xml")


def test_the_jobs_of_the_page_do_what_they_say(scenario: Scenario) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```yml (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    workflow, job = (yaml.safe_load(text) for text in blocks.values())
    (ours,) = [
        step for step in workflow["jobs"]["migrate"]["steps"] if "runbook@" in step.get("uses", "")
    ]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert ours["with"].keys() <= action["inputs"].keys()
    scenario.app(CHECKED)
    carried_out(scenario, "\n".join([*job["runbook"]["script"], *job["runbook"]["after_script"]]))
    for file in ("report.html", job["runbook"]["artifacts"]["reports"]["junit"]):
        assert scenario.read(file)
