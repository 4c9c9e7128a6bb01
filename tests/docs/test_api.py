"""docs/api.md: its example, run as a program; every name that it and the package promise."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import get_args

import pytest
from scenario import APP, CHECKED, GREETING, SOURCES, Scenario

import runbook
from runbook import InvalidPhaseFiles, UsageError, events, load, run, simulate
from runbook.core.record.events import Event

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def program(scenario: Scenario, text: str) -> subprocess.CompletedProcess[str]:
    """Run a program that uses the package, in the repository."""
    text = f"import sys; sys.path.insert(0, {str(SOURCES)!r})\n{text}"
    return subprocess.run(
        [sys.executable, "-c", text],
        cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_example_does_what_it_says(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    done = program(scenario, EXAMPLE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("phase-1 1\n")
    assert '-    return "hello"\n+    return "good day"\n' in done.stdout
    commit = scenario.git("rev-parse", "HEAD")[:9]
    assert done.stdout.endswith(f"committed {commit} feat: say good day\nexit status 0\n")


def test_the_example_tells_what_stops(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace('with: return "good day"', 'with: return "go away"'))
    done = program(scenario, EXAMPLE)
    assert done.stdout.endswith(
        "stopped at phase-1/task-1/step-2 the check failed\nexit status 1\n"
    )
    # The command line goes on with what a program began.
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0, "changed by hand since, and kept: app.py")


def test_a_generator_that_is_closed_does_no_more(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scenario.root)
    for name, value in scenario.env.items():
        monkeypatch.setenv(name, value)
    scenario.app(GREETING)
    under_way = run(load(scenario.root))
    assert not scenario.journal.exists()
    for event in under_way:
        if isinstance(event, events.EditPlanned):
            break
    under_way.close()  # type: ignore[attr-defined]
    assert scenario.read("app.py") == APP
    ends = [event for event in run(load()) if isinstance(event, events.RunEnded)]
    assert ends == [events.RunEnded(0)]
    assert scenario.subjects()[-1] == "feat: say good day"


def test_in_a_thread_signals_are_left_alone(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in scenario.env.items():
        monkeypatch.setenv(name, value)
    scenario.app(GREETING)
    found: list[Event] = []
    series = load(scenario.root)
    thread = threading.Thread(target=lambda: found.extend(run(series, "1", until="1/1")))
    thread.start()
    thread.join()
    assert found[-1] == events.RunEnded(0)


def test_what_is_wrong_is_raised(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="no folder `phases`"):
        load(scenario.root)
    scenario.app(GREETING)
    series = load(scenario.root / "phases")
    assert (series.root, [phase.id for phase in series.phases]) == (scenario.root, ["phase-1"])
    with pytest.raises(UsageError, match="nowhere"):
        simulate(series, "nowhere")
    with pytest.raises(UsageError, match="nowhere"):
        run(series, "nowhere")
    scenario.phase(GREETING.replace('replace: return "hello"', "replace: nothing"))
    foreseen = simulate(load(scenario.root))
    assert not foreseen.applies
    assert "conflict" in [problem.kind for problem in foreseen.problems]
    scenario.phase("phase: [\n")
    with pytest.raises(InvalidPhaseFiles) as raised:
        load(scenario.root)
    assert raised.value.diagnostics


def test_every_event_has_its_name() -> None:
    names = {kind.__name__ for kind in get_args(Event)}
    promised = set(vars(events)["__all__"])
    assert names < promised
    assert all(hasattr(events, name) for name in promised)
    # What more there is are values in them.
    assert promised - names == {
        "AdoptedStep",
        "AdoptedTask",
        "Event",
        "FileImage",
        "Mismatch",
        "RebuiltTask",
        "RewrittenCommit",
        "Special",
        "StepCommit",
        "Tally",
        "TestCounts",
        "TestSeen",
        "Watched",
    }


def test_names_of_the_package_are_there_when_they_are_asked_for() -> None:
    assert all(hasattr(runbook, name) for name in runbook.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = runbook.nothing
    code = "import sys, runbook; print(sorted(n for n in sys.modules if n.startswith('runbook')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['runbook']"
    assert (SOURCES / "runbook" / "py.typed").is_file()


def test_the_page_names_every_option_of_run() -> None:
    import inspect

    from runbook.engine.contract.request import Request

    options = [name for name, each in inspect.signature(run).parameters.items() if each.kind == 3]
    (row,) = re.findall(r"^\| `run\(.*$", PAGE, re.MULTILINE)
    assert all(f"`{name}`" in row for name in options)
    # `step` asks at a terminal, which a program has not; `looks` are verbs, and no run.
    asked = {"first" if name == "begin" else name for name in options} - {"every"}
    assert asked == set(Request.__annotations__) - {"step", "looks"}
