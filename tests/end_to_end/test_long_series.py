"""A series of many phases: what looks at one reads and asks as much of many phases as of few."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from scenario import GREETING, Scenario

from runbook import api
from runbook.core.record.events import RunEnded
from runbook.series import queries
from runbook.series.opening import open_series
from runbook.series.standing import statuses
from runbook.world.files.journalrecords import Records

PHASES = 6


@pytest.fixture
def done(scenario: Scenario) -> Scenario:
    for number in range(1, PHASES + 1):
        scenario.phase(
            f"""
            phase: {number}
            goal: Make files.
            tasks:
              - title: Make one
                steps:
                  - edit: a{number}.txt
                    create: |
                      a
                  - commit: "feat: make a{number}"
              - title: Make another
                steps:
                  - edit: b{number}.txt
                    create: |
                      b
                  - commit: "feat: make b{number}"
            """,
            f"phase-{number}",
        )
    scenario.begin()
    scenario.run("run", "--all").says(0, f"All {PHASES} phases are complete, 12 commits")
    return scenario


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The journals that this process reads from now on."""
    found: list[Path] = []
    real = Records.__init__

    def noted(self: Records, folder: Path) -> None:
        found.append(folder)
        real(self, folder)

    monkeypatch.setattr(Records, "__init__", noted)
    return found


def shown() -> list[object]:
    return list(queries.status([])[0])


@pytest.mark.parametrize("ask", [queries.list_phases, shown])
def test_who_looks_reads_the_journal_once(
    done: Scenario,
    read: list[Path],
    ask: Callable[[], Iterable[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(done.root)
    assert list(ask())
    assert len(read) == 1


def test_a_run_of_all_reads_the_journal_once_for_all_phases(
    done: Scenario, read: list[Path]
) -> None:
    series = api.load(done.root)
    assert len(read) == 1
    assert (
        len([each for each in api.run(series, every=True) if isinstance(each, RunEnded)]) == PHASES
    )
    assert len(read) == 2


def test_what_was_foreseen_is_not_taken_for_what_is(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run", "--until", "task-1").says(0)
    opened = open_series(scenario.root)
    phases = opened.loaded.phases
    before = statuses(opened, phases)
    assert statuses(opened, phases) == before
    journal = opened.journal(phases[0])
    assert opened.journals.progress(journal) is opened.journals.progress(journal)
    assert opened.journals.taken(journal) is not opened.journals.progress(journal)
    scenario.run("undo", "task-1").says(0)
    assert statuses(opened, phases) != before


def test_notes_are_compared_without_a_process_for_each(done: Scenario) -> None:
    shutil.rmtree(done.journal.parent.parent)
    asked = done.folder / "asked"
    done.program("git", f'echo "$@" >> {asked}\nexec {shutil.which("git")} "$@"')
    done.run("status").says(0, "[✓] task-2: Make another", "phase-6")
    (done.bin / "git").unlink()
    lines = asked.read_text().splitlines()
    assert sum(" diff-tree " in line for line in lines) == PHASES
    assert sum(" cat-file --batch" in line for line in lines) <= 6


def test_of_many_phases_those_with_nothing_to_tell_are_a_line_each(scenario: Scenario) -> None:
    for number in range(1, 10):
        scenario.phase(
            f"""
            phase: {number}
            goal: Make files.
            {"requires: 1" if number > 1 else ""}
            tasks:
              - title: Make one
                steps:
                  - edit: a{number}.txt
                    create: a
                  - verify: test -e ready || test {number} = 1
                  - commit: "feat: make a{number}"
            """,
            f"phase-{number}",
        )
    scenario.begin()
    left = [f"[ ] phase-{number}: Make files.  (0 of 1 task done)" for number in range(1, 10)]
    begin = "    [ ] task-1: Make one\n  not begun; to begin: runbook run phase-1\n"
    scenario.run("status").shows(
        0,
        f"[ ] phase-1: Make files.\n{begin}"
        + "".join(f"{line}\n" for line in left[1:])
        + "9 of 9 phases left; one with its tasks: runbook status phase-1\n",
    )
    scenario.run("status", "2").says(0, "task-1: Make one\n  waits for phase-1; first:")
    scenario.run("run", "--all").says(1, "stopped at phase-2/task-1")
    shown = scenario.run("status")
    shown.says(0, "[✓] phase-1: Make files.  (1 of 1 task done)\n[!] phase-2: Make files.\n    [!]")
    shown.says(0, "runbook retry phase-2", left[2], "8 of 9 phases left; one with its tasks")
    scenario.write("ready", "")
    scenario.run("run", "--all").says(0)
    assert scenario.run("status").stdout.count("(1 of 1 task done)") == 9
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("status").says(0, "is no longer in the branch", "1 of 9 phases left")
    recap = "  phase-1 to phase-8  complete before\n  phase-9             1 commit, "
    scenario.run("run", "--all").says(0, recap)
