"""Help, and what shells complete: asked themselves where they are there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
from scenario import CHECKED, PROGRAM, Scenario

from runbook.cli import application, called, command
from runbook.commands.completion import SCRIPTS
from runbook.views.commands import COMMANDS

ROOT = Path(__file__).parents[2]
GROUP = typer.main.get_group(application())

TWO = CHECKED.replace("tasks:", "verification:\n  - verify: 'true'\ntasks:")


def completed(scenario: Scenario, *words: str) -> list[str]:
    """The values that are offered for the last of some words."""
    result = scenario.run("__complete", *words)
    assert (result.status, result.stderr) == (0, "")
    return [line.partition("\t")[0] for line in result.raw.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["run", ""], ["phase-1", "phase-2"]),
        (["run", "phase-1", ""], ["phase-1", "phase-2"]),
        (["run", "--all", "p"], ["phase-1", "phase-2"]),
        (["run", "1"], ["1"]),
        (["run", "--only", "1/"], ["1/task-1", "1/verification"]),
        (["run", "--until", "phase-2/"], ["phase-2/task-1", "phase-2/verification"]),
        (["show", "1/task-1/"], []),
        (["skip", "phase-1/t"], ["phase-1/task-1"]),
        (["log", "--output", "1/task-1/"], [f"1/task-1/step-{number}" for number in (1, 2, 3)]),
        (["done", "1/v"], ["1/verification/step-1"]),
        (["report", "--format", ""], ["html", "md", "junit"]),
        (["report", "--format=m"], ["md"]),
        (["report", "--format", "=", "m"], ["md"]),
        (["report", "phase-2", "--fo"], ["--format"]),
        (["report", "-o", ""], []),  # a file, which the shell knows
        (["run", "--delegate", "x", "phase-"], ["phase-1", "phase-2"]),
        (["run", "--", "phase-1", "--"], []),
        (["show", "1/1", ""], []),  # it takes no more
        (["new", ""], []),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["help", "exit"], ["exit-codes"]),
        (["stat"], ["status"]),
        (["--v"], ["--version"]),
        (["-C", "project", "ru"], ["run"]),
        (["nothing", ""], []),
        (["-C", "nowhere", "run", ""], []),
    ],
)  # fmt: skip
def test_what_can_stand_there(scenario: Scenario, words: list[str], offered: list[str]) -> None:
    scenario.app(TWO)
    scenario.phase(TWO.replace("phase: 1", "phase: 2"), "phase-2")
    if words[:2] == ["-C", "project"]:
        words = ["-C", str(scenario.root), *words[2:]]
    assert completed(scenario, *words) == offered


def test_every_option_and_command_is_offered(scenario: Scenario) -> None:
    assert completed(scenario, "") == list(COMMANDS)
    for name in COMMANDS:
        long = {opt for each in GROUP.commands[name].params for opt in each.opts if opt[:2] == "--"}
        assert set(completed(scenario, name, "--")) == long | {"--help"}, name


def test_runs_are_offered_the_latest_first(scenario: Scenario) -> None:
    scenario.app(TWO)
    scenario.run("run").says(0)
    scenario.run("run").says(0)
    latest, before = [line["run"] for line in reversed(scenario.json("log"))]
    assert completed(scenario, "log", "") == ["last", latest, before]


def test_where_something_is_wrong_nothing_is_said(scenario: Scenario) -> None:
    scenario.phase("phase: [\n")
    assert completed(scenario, "run", "") == []
    assert completed(scenario, "ru") == ["run"]


HOSTILE = TWO.replace("Say good day.", "'$(touch broken)`touch broken`'")


def in_shell(scenario: Scenario, shell: str, script: str) -> list[str]:
    """What a shell prints that has the completion, and the program on PATH."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not here")
    scenario.program("runbook", f'exec {shlex.join(PROGRAM)} "$@"')
    done = subprocess.run(
        [program, "-c", script],
        cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not (scenario.root / "broken").exists(), "a name was run"
    return done.stdout.splitlines()


def test_bash_completes(scenario: Scenario) -> None:
    scenario.app(HOSTILE)
    script = (
        'eval "$(runbook completion bash)"; complete -p runbook >/dev/null\n'
        'COMP_WORDS=(runbook run ""); COMP_CWORD=2; _runbook runbook\n'
        'COMP_WORDS=(runbook report --format = m); COMP_CWORD=4; printf "%s\\n" "${COMPREPLY[@]}"\n'
        '_runbook runbook; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert in_shell(scenario, "bash", script) == ["phase-1", "md"]


def test_fish_completes(scenario: Scenario) -> None:
    scenario.app(HOSTILE)
    script = (
        "runbook completion fish | source\n"
        'complete -C "runbook run phase"; complete -C "runbook stat"\n'
        'complete -C "runbook report -o a"; complete -C "runbook show "'
    )
    assert in_shell(scenario, "fish", script) == [
        "phase-1\t$(touch broken)`touch broken`",
        "status\tShow what is done, what stopped and why, and what to do next.",
        "app.py",
        "phase-1/task-1\tSay it politely",
        "phase-1/verification\tverification",
    ]


def test_zsh_reads_its_script(scenario: Scenario) -> None:
    scenario.app(TWO)
    script = (
        "autoload -Uz compinit; compinit -u -D\n"
        'eval "$(runbook completion zsh)"; print $_comps[runbook]'
    )
    assert in_shell(scenario, "zsh", script) == ["_runbook"]


def test_init_tells_of_it(scenario: Scenario) -> None:
    scenario.run("init").says(0, 'eval "$(runbook completion bash)"')


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_help_says_all_of_it_with_examples(scenario: Scenario, name: str, width: str) -> None:
    shown = scenario.run(name, "-h", COLUMNS=width)
    assert shown.status == 0
    assert "…" not in shown.raw
    assert "..." not in shown.raw.replace("]...", "").replace("PHASE...", "").replace(".md...", "")
    assert "Examples:" in shown.raw


def test_the_list_of_commands_is_cut_nowhere(scenario: Scenario) -> None:
    shown = scenario.run("-h", COLUMNS="60").raw
    assert "..." not in shown.replace("[ARGS]...", "")
    words = " ".join(shown.split())
    for name in COMMANDS:
        first = " ".join((command(name).__doc__ or "").partition("\n\n")[0].split())
        assert f"{name} {first}" in words


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["run", "phase-1"], ["run"]),
        (["-C", "run", "next"], ["next"]),
        (["run", "--help"], ["run"]),
        (["help", "run"], list(COMMANDS)),
        (["--help"], list(COMMANDS)),
        (["runn"], list(COMMANDS)),
        (["-C"], list(COMMANDS)),
        ([], list(COMMANDS)),
    ],
)
def test_only_the_command_that_is_called_is_made(arguments: list[str], names: list[str]) -> None:
    assert list(called(arguments)) == names


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_commands_that_can_be_given(name: str) -> None:
    for given, meaning in COMMANDS[name].examples:
        first, *arguments = shlex.split(given)
        assert first == name
        # Whatever it does not know, or misses, is an error.
        GROUP.commands[name].make_context(name, arguments)
        assert meaning.rstrip(".") == meaning


def test_help_on_commands_and_pages(scenario: Scenario) -> None:
    assert scenario.run("help", "run").raw == scenario.run("run", "-h").raw
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    assert scenario.run("help", "exit-codes").raw == page
    scenario.run("help", "nope").shows(
        2, "", "error: there is no help on `nope`; to see all: runbook help"
    )
    scenario.run("help", "import").says(0, "Usage: runbook import")
    scenario.run("help", "import.md").says(0, "# Import of Markdown plans")
    scenario.run("help", "exit-code").says(2, "did you mean `exit-codes`?")
    listed = {line.split()[0] for line in scenario.run("help").raw.splitlines()}
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert COMMANDS.keys() <= listed
    assert {
        name if name.endswith(".md") else f"{name}.md" for name in listed - COMMANDS.keys()
    } == pages


def test_the_man_page_has_every_command_and_option(scenario: Scenario) -> None:
    page = scenario.run("help", "--man").raw
    plain = page.replace("\\-", "-").replace("\\e", "\\")
    for name, made in GROUP.commands.items():
        assert re.search(rf'^\.SS "runbook {name}\b', plain, re.MULTILINE), name
        for each in made.params:
            for opt in each.opts:
                assert not opt.startswith("-") or rf"\fB{opt}\fR" in plain, opt
    groff = shutil.which("groff")
    if groff is not None:
        done = subprocess.run(
            [groff, "-man", "-Tutf8", "-ww"],
            input=page,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command", [["status"], ["list"], ["check", "1"], ["show", "1/1"], ["log"], ["run"]]
)
def test_every_command_begins_in_another_folder(scenario: Scenario, command: list[str]) -> None:
    scenario.app(TWO)
    there = scenario.run("-C", "project", *command, cwd=scenario.folder)
    here = scenario.run(*command) if command != ["run"] else there
    assert (there.status, there.stdout) == (0, here.stdout)
    gone = scenario.run("-C", "nowhere", *command)
    assert (gone.status, gone.stderr) == (
        2, "error: the folder nowhere can't be entered: No such file or directory\n"
    )  # fmt: skip


def test_completion_loads_no_costly_library() -> None:
    from test_startup import COSTLY

    program = (
        "import json, sys\nsys.argv = ['runbook', '__complete', 'run', '']\n"
        "from runbook.__main__ import main\nmain()\nprint(json.dumps(sorted(sys.modules)))"
    )
    import json
    import sys

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *offered, modules = done.stdout.splitlines()
    assert "phase-3\tRemove xdist_group clustering from workspace tests." in offered
    assert len(offered) == 7
    assert not set(json.loads(modules)) & COSTLY


def test_scripts_are_of_the_shells_that_are_named() -> None:
    assert list(SCRIPTS) == ["bash", "zsh", "fish"]
