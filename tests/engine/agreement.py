"""What `status`, the dry run and the run itself say of one state, held against each other."""

from __future__ import annotations

import re

from scenario import Result, Scenario

FORESEEN = ("conflict", "manual", "confirm", "refused", "moved", "changed")
"""The kinds of stops that are known without running anything."""

_STOP = re.compile(r"^(would stop|stopped) at (\S+) \(([^)]*)\): (.*)$", re.M)


def agrees(scenario: Scenario, *arguments: str) -> Result:
    """Give `run`, having asked what it would do; fails where the answers were others."""
    dry = scenario.run("run", *arguments, "--dry-run")
    status = scenario.run("status")
    before = scenario.git("stash", "list"), scenario.status()
    result = scenario.run("run", *arguments)
    said = f"--- dry run\n{dry}\n--- status\n{status}\n--- run\n{result}"
    foreseen, stopped = _STOP.search(dry.stdout), _STOP.search(result.stdout)
    kind = stopped_kind(scenario) if stopped else None
    assert before[0] == "", said
    if stopped is not None and kind in FORESEEN and not _at_a_step_of_its_own(stopped, kind):
        assert foreseen is not None, said
        shown = dry.stdout[foreseen.start() :].replace("would stop", "stopped", 1)
        told = result.stdout[stopped.start() :].rstrip("\n")
        assert shown.startswith(told), said
        assert not shown.startswith(f"{told}\n  runbook "), said
        assert dry.status == result.status, said
    elif stopped is None:
        assert foreseen is None, said
        assert dry.status == result.status == 0, said
    elif foreseen is not None and foreseen.groups()[1:] != stopped.groups()[1:]:
        # It may be foreseen as well, as that of a commit that would leave a change behind.
        assert _order(foreseen[2]) > _order(stopped[2]), said
    if not arguments:
        _status_agrees(dry, foreseen, status.stdout, said)
    return result


def _status_agrees(dry: Result, foreseen: re.Match[str] | None, status: str, said: str) -> None:
    # Work by hand that a run takes as done is where it stands until then.
    done = r"^    (edit|run|verify|commit|manual .*taken as done)"
    at_once = foreseen is not None and not re.search(done, dry.stdout[: foreseen.start()], re.M)
    if foreseen is None or not at_once:
        assert "a run would stop" not in status, said
        return
    words = f"at {foreseen[2]} ({foreseen[3]}): {foreseen[4]}"
    if foreseen[4].startswith("waiting for ") and words not in status:
        # It was not handed over yet, and is by a run.
        return
    assert words in status, said
    for line in dry.stdout[foreseen.start() :].split("\n"):
        # The ways on, each with its command.
        if line.startswith(("  runbook ", "Or instead")):
            assert line in status, said


def stopped_kind(scenario: Scenario) -> str:
    """The kind of the stop of the last run; `status` keeps one that says more than a refusal."""
    stops = [each for each in scenario.json("log", "last") if each.get("event") == "Stopped"]
    return str(stops[-1]["kind"]) if stops else ""


def _at_a_step_of_its_own(stopped: re.Match[str], kind: str) -> bool:
    """Whether a stop came of something that was only made in the run itself."""
    return kind == "refused" and "could not be" in stopped[4]


def _order(where: str) -> tuple[int, int]:
    parts = where.split("/")
    task = 10**6 if parts[1:2] == ["verification"] else int((parts[1:2] or ["task-0"])[0][5:])
    step = int(parts[2][5:]) if len(parts) > 2 else 0
    return task, step
