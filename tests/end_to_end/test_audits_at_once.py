"""Audits that look at several commits at once, and tell what one after the other would tell."""

from __future__ import annotations

import os
import signal

import pytest
from scenario import Result, Scenario
from test_interrupted_runs import alive

PHASES = """
    phase: {phase}
    goal: Count to two.
    tasks:
      - title: One
        steps:
          - edit: {phase}.txt
            create: |
              one
          - verify: sh ../check one
          - commit: One
      - title: Two
        steps:
          - edit: {phase}.txt
            append: |
              two
          - verify: sh ../check two
          - commit: Two
"""
# Whoever comes waits until another one is there, too.
MEETS = """\
echo >>"$PLACE/here"
for _ in $(seq 200); do [ "$(wc -l <"$PLACE/here")" -lt 2 ] || exit 0; sleep 0.05; done
exit 1
"""
ALONE = 'mkdir "$PLACE/taken" || exit 1; sleep 0.5; rmdir "$PLACE/taken"\n'
AGAIN = "does not hold beside others, so it is made again alone"
SERVICE = """
    services:
      - name: place
        run: exec sh {script}
        ready: {ready}
        timeout: 20s
"""
# It says where there is room, which is another place each time.
OWN = 'PLACE=$(mktemp -d); echo "at $PLACE"; echo >>"$STARTED"; exec sleep 1000\n'
# It can be there only once.
ONCE = """\
mkdir "$ONLY/open" || exit 3
trap 'rmdir "$ONLY/open"; exit' TERM
echo "at $ONLY"; echo >>"$STARTED"
sleep 1000 & wait
"""


@pytest.fixture
def landed(scenario: Scenario) -> Scenario:
    """Two phases with two commits each, whose checks are whatever `check` is."""
    place = scenario.folder / "place"
    place.mkdir()
    scenario.env |= {
        "PLACE": str(place), "ONLY": str(place), "STARTED": str(scenario.folder / "started"),
    }  # fmt: skip
    for phase in (1, 2):
        path = str(scenario.folder / "check")
        scenario.phase(PHASES.format(phase=phase).replace("../check", path), f"phase-{phase}")
    scenario.begin()
    check(scenario, "exit 0\n")
    scenario.run("run", "--all").says(0, "4 commits")
    return scenario


def check(scenario: Scenario, script: str) -> None:
    """What the checks do from now on."""
    (scenario.folder / "check").write_text(script)


def service(scenario: Scenario, script: str, ready: str) -> None:
    """Give the series a service."""
    file = scenario.folder / "service"
    file.write_text(script)
    scenario.series(SERVICE.format(script=file, ready=ready))


def audited(scenario: Scenario, jobs: int = 2) -> Result:
    result = scenario.run("audit", "--all", "--jobs", str(jobs))
    assert not list((scenario.folder / "tmp").glob("runbook-*"))
    assert scenario.git("worktree", "list", "--porcelain").count("worktree ") == 1
    return result


def test_checks_at_several_commits_are_made_at_once_also_of_several_phases(
    landed: Scenario,
) -> None:
    check(landed, "exit 0\n")
    serial = audited(landed, jobs=1)
    serial.says(0, "phase-2: every check holds at its commit.", "4 checks of 2 phases hold.")
    check(landed, MEETS)
    audited(landed).shows(0, serial.stdout)
    # The second commit of a phase meets that of the other phase.
    (landed.folder / "place/here").unlink()
    check(landed, f"[ $1 = one ] || {{\n{MEETS}}}\n")
    audited(landed, jobs=4).shows(0, serial.stdout)


def test_what_ends_earlier_is_told_in_its_order(landed: Scenario) -> None:
    check(landed, "exit 0\n")
    serial = audited(landed, jobs=1).stdout
    check(landed, '[ "$1" = two ] || sleep 1\n')
    audited(landed, jobs=4).shows(0, serial)


def test_checks_that_disturb_each_other_hold_alone(landed: Scenario) -> None:
    check(landed, ALONE)
    audited(landed, jobs=3).says(0, AGAIN, "4 checks of 2 phases hold.")
    assert AGAIN not in audited(landed, jobs=1).stdout


def test_what_is_broken_alone_is_broken(landed: Scenario) -> None:
    check(landed, 'echo >>"$STARTED"; sleep 0.2; [ "$1" = one ]\n')
    result = audited(landed)
    result.says(1, AGAIN, "broken: phase-1/task-2/step-2 (phases/phase-1.yaml:16:9) at <commit>")
    assert "phase-2" not in result.stdout
    assert "run --all" not in result.stdout
    # Nobody was beside it here.
    (landed.folder / "started").unlink()
    landed.run("audit", "2", "--jobs", "1").says(1, "broken: phase-2/task-2/step-2")
    assert (landed.folder / "started").read_text() == "\n\n"


def test_each_lane_has_services_that_say_where_they_are(landed: Scenario) -> None:
    service(landed, OWN, "at (?P<PLACE>.+)")
    check(landed, ALONE)
    result = audited(landed)
    result.says(0, "service place is ready, gives PLACE (<time>)")
    assert AGAIN not in result.stdout
    assert (landed.folder / "started").read_text() == "\n\n"
    assert not alive(f"sh {landed.folder}/service")


def test_a_service_that_does_not_say_where_it_is_serves_one_check_at_a_time(
    landed: Scenario,
) -> None:
    service(landed, ONCE, "at")
    check(landed, ALONE)
    result = audited(landed)
    result.says(0, "service place is ready", "4 checks of 2 phases hold.")
    assert AGAIN not in result.stdout
    # Neither does what stands in for a service.
    series = landed.read("phases/runbook.yaml").replace("ready: at", "ready: at (?P<PLACE>.+)")
    landed.write("phases/runbook.yaml", series + "    unless-env: PLACE\n")
    result = audited(landed)
    result.says(0, "4 checks of 2 phases hold.")
    assert AGAIN not in result.stdout
    assert (landed.folder / "started").read_text() == "\n"


def test_a_service_that_can_be_there_only_once_is(landed: Scenario) -> None:
    service(landed, ONCE, "at (?P<PLACE>.+)")
    result = audited(landed)
    result.says(0, "4 checks of 2 phases hold.")
    assert result.stdout.count(AGAIN) == 1
    assert not (landed.folder / "place/open").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_an_audit_that_is_stopped(
    landed: Scenario, number: signal.Signals
) -> None:
    service(landed, OWN, "at (?P<PLACE>.+)")
    mark = f"{1000 + os.getpid()}.{int(number)}"
    check(landed, f'echo >>"$STARTED.$1"; exec sleep {mark}\n')
    process = landed.start("audit", "--all", "--jobs", "2")
    landed.until(lambda: len(alive(f"sleep {mark}")) == 2)
    process.send_signal(number)
    result = landed.end(process)
    if number == signal.SIGINT:
        again = "Nothing was changed. To make the checks again: runbook audit phase-1"
        result.says(130, "interrupted", again)
        assert result.stdout.count("phase-1: Count to two.") == 1
        assert not list((landed.folder / "tmp").glob("runbook-*"))
    landed.until(lambda: not alive(f"sleep {mark}") and not alive(f"{landed.folder}/service"))
    check(landed, "exit 0\n")
    audited(landed).says(0, "4 checks of 2 phases hold.")
