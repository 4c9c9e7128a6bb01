"""docs/exit-codes.md against the places that make exit statuses."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import get_args

import pytest

from runbook import failures
from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.record.events import StopKind, Stopped
from runbook.core.record.exits import BUG, STOPPED, UNREAD, USAGE, WAITS, exit_status
from runbook.series.opening import UsageError
from runbook.world.files.journallock import JournalLocked
from runbook.world.files.journalrecords import JournalDamaged
from runbook.world.git.gitfailed import GitFailed
from runbook.world.processes.interrupts import SIGNALS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = {int(status): said for status, said in re.findall(r"^\| (\d+) \| (.*)", PAGE, re.MULTILINE)}


def stopped(kind: StopKind, number: int | None = None) -> Stopped:
    return Stopped(kind, "phase-1", "phases/phase-1.yaml:1:1", "a message", signal=number)


def test_a_stop_has_a_status_of_the_table() -> None:
    statuses = {kind: exit_status(stopped(kind)) for kind in get_args(StopKind)}
    assert statuses.pop("manual") == statuses.pop("confirm") == 4
    assert statuses.pop("interrupted") == 130
    assert set(statuses.values()) == {1}


def test_every_signal_is_in_the_table() -> None:
    expected = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
    assert set(SIGNALS) == set(expected)
    expected[signal.SIGPIPE] = 141  # which a run gives itself
    for number, status in expected.items():
        assert exit_status(stopped("interrupted", number)) == status
        assert number.name in TABLE[status]


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (UsageError("no such phase"), 2, "the command"),
        (InvalidPhaseFiles([]), 2, "phase file"),
        (JournalLocked("1"), 1, "another run holds the lock"),
        (JournalDamaged("record 3 is damaged"), 1, "the journal is damaged"),
        (GitFailed("no"), 1, "git"),
        (BrokenPipeError(), 141, "nobody reads the output any more"),
        (ValueError("ours"), 3, "a mistake in runbook"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_a_failure_has_its_status(
    error: Exception,
    status: int,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert failures.explain(error) == status
    assert word in TABLE[status]


def test_the_table_has_every_status_and_no_other() -> None:
    assert list(TABLE) == [0, STOPPED, USAGE, BUG, WAITS, 129, 130, UNREAD, 143]


def test_the_readme_says_the_same_in_short() -> None:
    (short,) = re.findall(r"The exit status is (.*?): \[all of them\]", README, re.DOTALL)
    assert [int(number) for number in re.findall(r"\d+", short)] == [0, 1, 2, 3, 4, 130]
