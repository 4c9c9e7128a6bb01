"""Shell blocks of a plan that hang together across processes."""

from __future__ import annotations

import pytest
from planning import imported, steps

from runbook.core.model.model import Manual, Verify
from runbook.core.shell.variables import assigned, kept, used


def plan(*scripts: str, between: str = "") -> str:
    return "".join(
        f"**Step {number}: Part {number}**\n\n{between if number > 1 else ''}"
        f"```bash\n{script}\n```\n\n"
        for number, script in enumerate(scripts, 1)
    )


def test_a_variable_of_another_block_leaves_both_to_a_person_in_one_step() -> None:
    (step,) = steps(plan('PORT_ID=$(make port)\necho "$PORT_ID"', 'jq -n "$PORT_ID" > port.json'))
    assert isinstance(step, Manual)
    assert step.title == "Part 1"
    assert "PORT_ID=$(make port)" in step.instructions
    assert "**Part 2**" in step.instructions
    assert "jq -n" in step.instructions


def test_what_stands_between_is_run_where_the_folder_is_not_left() -> None:
    found = steps(plan("SHIP=$(make ship)", "make check", "make sail S=$SHIP"))
    assert [type(step) for step in found] == [Manual, Verify, Manual]


def test_what_stands_between_is_a_persons_where_the_folder_is_left() -> None:
    (step,) = steps(plan('DOCK=$(mktemp -d)\ncd "$DOCK"', "ls", 'rm -rf "$DOCK"'))
    assert isinstance(step, Manual)
    assert "\nls\n" in step.instructions


def test_an_inline_command_may_use_the_variable() -> None:
    first = plan("DOCK=$(mktemp -d)")
    found = steps(f'{first}**Step 2: Clean**\n\nRun: `rm -rf "$DOCK"`\n')
    assert not [step for step in found if not isinstance(step, Manual)]


def test_a_variable_of_another_task_is_none_here() -> None:
    body = (
        "### Task 1: Port\n\n```bash\nexport PORT_ID=$(make port)\n```\n\n"
        "### Task 2: Ship\n\n```bash\nmake ship P=${PORT_ID}\n```\n"
    )
    for task in imported(body).phase.tasks:
        assert [type(step) for step in task.steps] == [Manual]


@pytest.mark.parametrize(
    "words",
    ["In the same temp dir:", "In the same shell:", "Then, in the same terminal session, run:"],
)
def test_words_may_say_that_a_shell_goes_on(words: str) -> None:
    (step,) = steps(plan("cd /tmp/dock\nmake boat", "rm boat.txt", between=f"{words}\n\n"))
    assert isinstance(step, Manual)
    assert "rm boat.txt" in step.instructions


@pytest.mark.parametrize(
    "script",
    [
        'psql "$TEST_DATABASE_URL" -c "select 1"',
        "ls $HOME",
        "SHIP=1\nmake S=$SHIP",
        "for each in a b; do make $each; done",
        "SHIP=2 sh -c 'echo $SHIP'",
    ],
)
def test_variables_of_the_environment_or_of_the_block_itself_are_run(script: str) -> None:
    assert all(isinstance(step, Verify) for step in steps(plan("make check", script)))


def test_the_variables_of_scripts() -> None:
    script = (
        "A=1 B=\"$C\"; D=$(make '$E')  # $F\nG=3 make \\$H\nexport I=4\ncat <<'END' > x\n"
        '$J\nK=1\nEND\nfor l in "${M[@]}"; do read -r N; done\n'
    )
    assert used(script) == {"C", "M"}
    assert assigned(script) == {"A", "B", "D", "G", "I", "l", "N"}
    assert kept(script) == {"A", "B", "D", "I", "l", "N"}
