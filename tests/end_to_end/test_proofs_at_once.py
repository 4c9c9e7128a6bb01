"""`check --prove` with several checks at once: what is told is what one after the other tells."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from scenario import CHECKED, Result, Scenario
from test_checks_ahead import able, nothing_is_left, views
from test_starting_states import scratches, worktrees
from test_starts_ahead import STATES, STEP
from test_terminal_output import on_terminal, settled
from test_what_checks_prove import EVERY, project

__all__ = ["able"]

CHECK = 'grep -H "value = {number}$" src/f{number}.py'
# Waits for two others, on whichever state they are run.
MEET = (
    'mktemp "$PLACE/XXXXXX" >/dev/null; for each in $(seq 200); do '
    'test "$(ls "$PLACE" | wc -l)" -ge 3 && break; sleep 0.05; done; '
    f'test "$(ls "$PLACE" | wc -l)" -ge 3 && {CHECK}'
)
ALONE = f'exec 9>>"$PLACE/lock" && flock -n 9 && sleep 0.3 && {CHECK}'


def written(scenario: Scenario, *checks: str, more: str = "", end: str = "") -> Scenario:
    """A phase with a task for each check, committed; checks have a place for what they leave."""
    place = scenario.folder / "place"
    place.mkdir(exist_ok=True)
    scenario.env["PLACE"] = str(place)
    text = "phase: 1\ngoal: Count.\ntasks:\n"
    for number, check in enumerate(checks, 1):
        said = check.replace("{number}", str(number))
        text += STEP.format(number=number, check=said, more=f"        {more}" if more else "")
        scenario.write(f"src/f{number}.py", "value = 0\n")
    scenario.phase(text + end)
    return scenario.begin()


def proved(scenario: Scenario, *options: str, clean: bool = True) -> Result:
    result = scenario.run("check", "--prove", *options)
    if clean:
        assert worktrees(scenario) == 1
        assert nothing_is_left(scenario)
    return result


def same(scenario: Scenario) -> Result:
    """A proof of several checks at once, which says the same as one of one after the other."""
    expected, found = proved(scenario), proved(scenario, "--jobs", "4")
    found.shows(expected.status, expected.stdout, expected.stderr)
    return found


def test_checks_run_beside_each_other_and_their_starting_states(able: Scenario) -> None:
    written(able, MEET, MEET)
    proved(able, "--jobs", "4").says(0, "phase-1: 2 checks: 2 prove")
    # One after the other, nobody would come to the first.
    for file in (able.folder / "place").iterdir():
        file.unlink()
    series = "jobs: 3"
    able.series(series)
    proved(able).says(0, "phase-1: 2 checks: 2 prove")


def test_what_runs_ahead_is_shown_at_a_terminal(able: Scenario) -> None:
    said = f"sleep 0.5 && echo said && sleep 1 && {CHECK}"
    written(able, said, f"sleep 3 && {CHECK}")
    status, shown = on_terminal(able, "check", "--prove", "--jobs", "4")
    assert status == 0
    assert "task-2/step-2 ahead: sleep 3 &&" in shown
    assert "ahead" not in settled(shown)


def test_every_kind_is_told_as_in_order(able: Scenario) -> None:
    project(able, EVERY)
    same(able).says(1, "1 proves, 1 vacuous, 1 guards, 1 no guard, 1 invalid, 1 fails")
    assert able.json("check", "--prove", status=1) == able.json(
        "check", "--prove", "--jobs", "3", status=1
    )


def test_so_is_what_many_checks_lack(able: Scenario) -> None:
    """What fails, and what passes before as well, ends no looking ahead."""
    written(able, *["false", "true"] * 4, MEET, MEET, end=f"verification:\n  - verify: {MEET}\n")
    text = able.read("phases/phase-1.yaml").replace("{number}", "1")
    able.phase(text)
    result = proved(able, "--jobs", "3")
    result.says(1, "11 checks: 4 fail, 4 vacuous, 3 prove")


def test_each_state_is_the_one_that_it_says(able: Scenario) -> None:
    able.write("src/old.txt", "old\n")
    able.begin()
    able.git("tag", "before")
    sees = f"cat src/*; ls src; {CHECK}"
    expect = "expect: {output: nothing of it}"
    # Each fails, and so is told with all that it saw.
    checks = [f"{sees}; exit 3" if state == "series" else sees for state in STATES]
    written(able, *checks, more=f"fails-at: STATE\n        {expect}")
    text = f"base: before\n{able.read('phases/phase-1.yaml')}"
    for state in STATES:
        text = text.replace("STATE", state, 1)
    able.phase(text)
    able.write("src/untracked.txt", "mine\n")
    same(able).says(1, "4 fail")
    able.phase(text.replace(expect, "expect: {line-count: '>3'}"))
    same(able)


def test_phases_before_it_are_carried_out_first(able: Scenario) -> None:
    written(able, CHECK, CHECK, more="fails-at: series")
    text = able.read("phases/phase-1.yaml")
    second = text.replace("phase: 1", "phase: 2").replace("value = 2", "value = 4")
    able.phase(
        second.replace("value = 1", "value = 3").replace("value = 0", "value = 1", 1).replace(
            "value = 0", "value = 2"
        ),
        "phase-2",
    )  # fmt: skip
    able.begin()
    same(able).says(0, "phase-1: 2 checks: 2 prove", "phase-2: 2 checks: 2 prove")
    able.run("run", "1").says(0)
    able.run("run", "2", "--until", "2/1").says(0)
    same(able).says(0, "phase-1: 2 checks: 2 prove", "phase-2: 2 checks: 2 prove")


def test_work_by_hand_that_is_done_is_seen(able: Scenario) -> None:
    written(
        able, CHECK, CHECK,
        end="  - title: By hand\n    steps:\n      - manual: Write.\n        files: [hand.txt]\n"
        "      - verify: grep -q hand hand.txt\n      - commit: By hand\n"
        "  - title: Last\n    steps:\n      - edit: src/f1.py\n        append: |\n          more\n"
        "      - verify: grep -q more src/f1.py\n      - commit: Last\n"
        "verification:\n  - verify: grep -q more src/f1.py && cat src/f2.py\n",
    )  # fmt: skip
    same(able).says(0, "is for a person to do", "5 checks: 2 prove, 3 not tried")
    able.run("run", "1").says(4)
    able.write("hand.txt", "by hand\n")
    able.run("done").says(0)
    able.run("run", "1").says(0, "4 commits")
    same(able).says(0, "5 checks: 5 prove")


def test_what_fails_only_beside_others_is_seen_alone(able: Scenario) -> None:
    written(able, ALONE, ALONE, ALONE)
    same(able).says(0, "3 checks: 3 prove")


def test_those_that_may_not_run_beside_others_do_not(able: Scenario) -> None:
    written(able, MEET, MEET, more="ahead: false")
    text = able.read("phases/phase-1.yaml").replace("seq 200", "seq 3")
    able.phase(text)
    proved(able, "--jobs", "4").says(1, "2 checks: 2 fail")


def test_what_a_check_leaves_is_seen_by_the_next_one(able: Scenario) -> None:
    """It is no check of the files that are foreseen, and so runs in its turn."""
    leaves = f'"$PLACE/leave" && {CHECK}'
    written(able, leaves, f"test $(wc -l <left.log) = 1 && {leaves}", leaves)
    script = able.folder / "place/leave"
    script.write_text("#!/bin/sh\necho left >>left.log; cat left.log\n")
    script.chmod(0o755)
    able.write(".gitignore", "*.log\n")
    able.begin()
    same(able).says(0, "3 checks: 3 prove")


def test_so_is_what_it_leaves_in_a_carried_folder(able: Scenario) -> None:
    written(
        able, f"sleep 0.5 && touch deps/sub/mark && {CHECK}", f"test ! -e deps/sub/mark && {CHECK}"
    )
    able.series("carry: deps")
    able.write(".git/info/exclude", "deps\n")
    able.write("deps/sub/there", "")
    mark = able.root / "deps/sub/mark"
    expected = proved(able)
    mark.unlink()
    proved(able, "--jobs", "4").shows(1, expected.stdout)
    assert "1 proves, 1 fails" in expected.stdout
    mark.unlink()


def test_a_service_may_say_that_each_has_its_own(able: Scenario) -> None:
    service = (
        "services:\n  - name: place\n    run: PLACE=$(mktemp -d); echo at $PLACE; exec sleep 1000\n"
        "    ready: at (?P<OWN>.+)\n    ahead: true\n"
    )
    mine = f'mkdir "$OWN/taken" && sleep 0.2 && rmdir "$OWN/taken" && {CHECK}'
    written(able, mine, mine)
    able.series(service)
    same(able).says(0, "service place is ready", "2 prove")
    able.series(service.replace("    ahead: true\n", ""))
    shared = "they share the service place, which has no `ahead: true`"
    said = proved(able, "--jobs", "2")
    said.says(0, f"  checks run one after the other: {shared}\n", "2 prove")


def test_where_there_are_no_views_it_goes_in_order_and_says_so(scenario: Scenario) -> None:
    written(scenario, CHECK, CHECK)
    inside = scenario.root / ".git/temporary"
    inside.mkdir()
    result = scenario.run("check", "--prove", "--jobs", "2", TMPDIR=str(inside))
    result.says(0, "  checks run one after the other: ", "2 checks: 2 prove")


def test_jobs_are_a_number_and_of_a_proof(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    scenario.run("check", "--prove", "--jobs", "0").says(2, "a number from 1 to 64, or `auto`")
    scenario.run("check", "--jobs", "2").says(2, "without --prove none runs")
    scenario.run("check", "--prove", "-j", "auto").says(1, "1 vacuous")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_a_proof_that_is_stopped(able: Scenario, number: int) -> None:
    wait = f'touch "$PLACE/begun-{{number}}" && (test -e "$PLACE/go" || sleep 1000) && {CHECK}'
    written(able, wait, wait, wait)
    process = able.start("check", "--prove", "--jobs", "4")
    place = Path(able.env["PLACE"])
    able.until(lambda: len([*place.glob("begun-*")]) >= 2)
    assert [*(able.folder / "tmp").glob("runbook-view-*")]
    process.send_signal(number)
    result = able.end(process)
    able.until(lambda: not [each for each in views() if each.startswith(str(able.folder))])
    if number == signal.SIGINT:
        result.says(130, "interrupted")
        assert nothing_is_left(able)
        assert worktrees(able) == 1
    (place / "go").touch()
    same(able).says(0, "3 checks: 3 prove")
    assert scratches(able) == []
