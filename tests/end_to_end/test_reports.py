"""`report`: a page of what happened, from the journal, from notes, from JSON lines alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as xml

import pytest
from markdown_it import MarkdownIt
from pages import Node, loads_nothing, read_page
from scenario import APP, CHECKED, GREETING, Scenario

from runbook.report.fold import fold
from runbook.world.files.journalrecords import read_history

RICH = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: pytest -q test_app.py
        expect: {tests: pass}
      - commit: |
          feat: say good day

          It is more polite.

          Reviewed-by: Ada <ada@example.org>
  - title: Test it
    steps:
      - edit: test_app.py
        replace: '("hello", "good day")'
        with: '("good day",)'
      - verify: pytest -q test_app.py
        fails-at: {state: phase, with: test_app.py}
        expect: {tests: pass}
      - confirm: Does it sound well?
      - commit: "test: hold it"
  - title: Tell people
    steps:
      - manual: Write the news.
        files: NEWS.md
      - commit: "docs: news"
"""


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """A phase carried out with all that people do in it, which is only looked at."""
    with Scenario(tmp_path_factory.mktemp("rich")) as scenario:
        scenario.series("title: Manners")
        scenario.app(RICH)
        scenario.run("run").says(4, "waiting for a person to confirm")
        scenario.run("done", "--reason", "heard it").says(0)
        scenario.run("run").says(4, "waiting for work by hand")
        scenario.write("NEWS.md", "Good day!\n")
        scenario.run("run").says(0, "phase-1 is complete: 3 commits")
        yield scenario


def page(scenario: Scenario, *arguments: str) -> Node:
    """The page that `report` writes, which needs nothing else."""
    result = scenario.run("report", *arguments, "-o", "report.html")
    assert result.status == 0, str(result)
    text = scenario.read("report.html")
    (scenario.root / "report.html").unlink()
    found = read_page(text)
    assert loads_nothing(found)
    ids = [each.attributes["id"] for each in found.every() if "id" in each.attributes]
    assert len(ids) == len(set(ids)), "an id is there twice"
    hrefs = {each.attributes["href"][1:] for each in found.every("a")}
    assert hrefs <= set(ids), f"links to nothing: {hrefs - set(ids)}"
    return found


def test_what_waits_for_a_person_has_not_failed(scenario: Scenario) -> None:
    scenario.app(RICH)
    scenario.run("run").says(4, "waiting for a person to confirm")
    first, second, *_ = page(scenario).every("details", class_="task")
    assert "✓ Say it politely" in first.text
    assert "! Test it" in second.text
    assert "waits" in second.one(class_="side").text
    assert "✗" not in second.text
    assert "confirm !" in second.text
    scenario.run("report", "--format", "md").says(0, "| ⏸️ | task-2: Test it (waits) |")


def test_lines_without_an_event_make_no_report(scenario: Scenario) -> None:
    scenario.app(RICH)
    scenario.write("empty", "")
    scenario.run("report", "--from", "empty").shows(2, "", "error: there is no event in empty")
    scenario.write("empty", '{"v":1,"event":"Run')
    scenario.run("report", "--from", "empty", "-o", "x").says(2, "there is no event in empty")
    assert not (scenario.root / "x").exists()


def test_a_page_tells_all_that_happened(rich: Scenario) -> None:
    shown = page(rich)
    assert shown.one("h1").text == "Say good day."
    assert shown.one("a", class_="pill").text == "complete"
    assert "3 of 3" in shown.one("dl", class_="figures").text
    first, second, third = shown.every("details", class_="task")
    assert "✓ Say it politely" in first.text
    assert "1 passed, exit status 0" in first.text
    assert "It is more polite." in first.text
    assert "Reviewed-by Ada <ada@example.org>" in first.one("dl", class_="trailers").text
    assert 'return "hello"' in first.one("del").text
    assert "good day" in first.one("ins").text
    (test,) = first.one("table").one("tbody").every("tr")
    assert "test_app.py::test_greeting_is_polite" in test.text
    assert "passed main" in test.text
    assert "Seen to fail at the phase's start" in second.one(class_="proof").text
    assert "Ada <ada@example.org>" in second.one(class_="word").text
    assert "heard it" in second.one(class_="word").text
    assert "changed by hand: NEWS.md" in third.text
    assert "Good day!" in third.every("ins")[0].text
    for commit in rich.git("log", "--format=%h", "--abbrev=9", "-3").split():
        assert commit in shown.text
    assert "told from the journal" in shown.one("dl", class_="about").text
    assert len(shown.every("tbody")[-1].every("tr")) == 4  # runs
    bars = {each.attributes["class"].split()[-1] for each in shown.every("rect", class_="bar")}
    assert {"check", "before", "commit", "person"} <= bars


def test_one_run_alone(rich: Scenario) -> None:
    last = page(rich, "last")
    assert [each.text for each in last.every("td", class_="mono")][-1:] != []
    assert len(last.every("details", class_="task")) == 1
    rich.run("report", "nowhere").says(2, "there is no run `nowhere`")
    assert len(page(rich, "phase-1").every("details", class_="task")) == 3


def test_from_json_alone_it_is_the_same(scenario: Scenario) -> None:
    """What `--json`, `--events` and `log` write has all that the journal and git have, and when."""
    scenario.app(RICH)
    file = scenario.folder / "live"
    shown = scenario.run("run", "--json", "--events", str(file))
    assert shown.status == 4, str(shown)
    live = file.read_text()
    assert shown.raw == live
    lines = scenario.json("log", "last")
    # What edits changed that were committed since is in the commits.
    told_by_both = [
        [line for line in each if line["event"] not in ("CommandOutput", "EditShown")]
        for each in (lines, [json.loads(line) for line in live.splitlines()])
    ]
    assert told_by_both[0] == told_by_both[1]
    told = "".join(json.dumps(line) + "\n" for line in lines)
    of_run = reports(scenario, "last")
    assert [*of_run] == ["html", "md", "junit"]
    with _journal_away(scenario):
        assert reports_from(scenario, live) == of_run
        assert reports_from(scenario, told) == of_run
    (scenario.root / "half.jsonl").write_text(told[:-30])
    scenario.run("report", "--from", "half.jsonl").says(0, "Say good day.")
    (scenario.root / "none.jsonl").write_text("{}\n" * 2)
    scenario.run("report", "--from", "none.jsonl").says(2, "none.jsonl:1 is no event")
    step = {"event": "StepDone", "step": ["phase-1"]}
    scenario.write("none.jsonl", f"{json.dumps(step)}\n{'[' * 100_000}\n")
    scenario.run("report", "--from", "none.jsonl").says(2, "none.jsonl:1 is no event")
    scenario.run("report", "--from", "gone.jsonl").says(2, "gone.jsonl can't be read")


BUSY = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: test -e ../well || { touch ../well; echo trying; sleep 0.2; exit 1; }
        retries: 2
      - verify: pytest -q test_app.py
        fails-at: phase
      - verify: test -e ../mended
      - commit: "feat: say good day"
  - title: Tell people
    steps:
      - manual: Write the news.
        files: NEWS.md
      - commit: "docs: news"
  - title: Leave a trace
    steps:
      - edit: app.py
        append: |
          # traced
      - run: echo made > made.txt
        files: made.txt
      - verify: grep -q traced app.py; echo traced; WAIT
"""


def test_of_several_runs_their_lines_are_the_phase(scenario: Scenario) -> None:
    """A failure, a delegate, a killed run, a change by hand: told alike by their lines alone."""
    scenario.app(BUSY.replace("WAIT", "test -e ../go || sleep 60"))
    scenario.write("test_app.py", scenario.read("test_app.py").replace('"hello", ', ""))
    scenario.git("commit", "-qam", "Only the polite one")
    live: list[str] = []

    def run(status: int, *arguments: str) -> None:
        file = scenario.folder / f"live-{len(live)}"
        scenario.run("run", *arguments, "--events", str(file)).says(status)
        live.append(file.read_text())

    run(1)
    (scenario.folder / "mended").touch()
    run(4)
    run(4, "--delegate", "exit 3")
    file = scenario.folder / "killed"
    started = scenario.start(
        "run", "--events", str(file), "--delegate", "echo Good day > NEWS.md; echo said"
    )
    scenario.until(lambda: file.exists() and '"line":"traced"' in file.read_text())
    started.kill()
    scenario.end(started)
    live.append(file.read_text())
    (scenario.folder / "go").touch()
    run(0)
    assert reports_from(scenario, "".join(live)) == reports(scenario, "phase-1")


def reports(scenario: Scenario, *which: str) -> dict[str, list[str]]:
    """The report in every form, as lines; without what it says that it is told from."""
    found = {}
    for form in ("html", "md", "junit"):
        result = scenario.run("report", *which, "--format", form)
        assert result.status == 0, str(result)
        text = result.raw.replace("the events in told.jsonl", "the journal")
        found[form] = text.split("\n")
    return found


def reports_from(scenario: Scenario, lines: str) -> dict[str, list[str]]:
    """The same of nothing but lines."""
    file = scenario.write("told.jsonl", lines)
    found = reports(scenario, "--from", "told.jsonl")
    file.unlink()
    return found


@contextmanager
def _journal_away(scenario: Scenario) -> Iterator[None]:
    shutil.move(scenario.root / ".git" / "runbook", scenario.folder / "aside")
    yield
    shutil.rmtree(scenario.root / ".git" / "runbook", ignore_errors=True)
    shutil.move(scenario.folder / "aside", scenario.root / ".git" / "runbook")


def test_from_notes_alone(rich: Scenario) -> None:
    with _journal_away(rich):
        shown = page(rich)
        text = rich.run("report", "--format", "md").stdout
    assert shown.one("a", class_="pill").text == "complete"
    first, second, _ = shown.every("details", class_="task")
    assert "1 passed, exit status 0" in first.text
    assert "It is more polite." in first.text
    assert 'return "hello"' in first.one("del").text
    assert "Seen to fail at the phase's start" in second.text
    assert "heard it" in second.one(class_="word").text
    kinds = [each.text for each in second.every("span", class_="kind")]
    assert kinds == ["verify", "confirm"]
    assert "told from the notes of its commits" in shown.text
    assert "Manners" in shown.one("header").text
    assert "✅" in text


def test_what_stopped_is_seen_first(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace('with: return "good day"', 'with: return "go away"'))
    scenario.run("run").says(1)
    shown = page(scenario)
    assert shown.one("a", class_="pill").text == "stopped at phase-1/task-1/step-2"
    (stop, *_) = shown.one("main").every("section")
    assert "the check failed" in stop.text
    assert "phases/phase-1.yaml:9:9" in stop.text
    assert "1 failed" in stop.text
    (task,) = shown.every("details", class_="task")
    assert "open" in task.attributes
    assert "go away" in task.one("ins").text  # which is not committed
    failed = task.one("tbody").text
    assert "failed" in failed
    assert "assert 'go away' in" in failed
    scenario.run("report", "--format", "md").says(0, "❌ phase-1/task-1/step-2 (`phases/")


HOSTILE = r"""
phase: 1
goal: "<script>alert('goal')</script> \x1b[31m]]> &amp;"
tasks:
  - title: "</title></style><img src=x onerror=alert(1)>"
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "<script>alert('difference')</script>"
      - verify: printf '<script>alert(2)</script>\n\033[31mred\033[0m \377\376 ]]>\n'; pytest -q
        expect: {tests: pass}
      - commit: "feat: <script>alert('commit')</script>"
"""


def test_everything_is_text(scenario: Scenario) -> None:
    scenario.app(HOSTILE)
    scenario.write(
        "test_app.py",
        "import pytest\n\n@pytest.mark.parametrize('x', ['<script>', '\\x1b[31m', '\\udcff'])\n"
        "def test_it(x):\n"
        "    raise ValueError('<script>alert(3)</script>\\x1b]0;title\\x07 ' + repr(x))\n",
    )
    scenario.git("commit", "-qam", "Odd tests")
    scenario.run("run").says(1)
    shown = page(scenario)
    (script,) = shown.every("script")
    assert "alert" not in "".join(str(each) for each in script.children)
    assert not shown.every("img")
    assert shown.one("h1").text == "<script>alert('goal')</script> ]]> &amp;"
    assert "<script>alert('difference')</script>" in shown.text
    assert "<script>alert(2)</script>" in shown.text
    assert r"\xff\xfe" in shown.text
    text = scenario.run("report").raw
    assert "\x1b" not in text
    text.encode("utf-8")
    for form in ("md", "junit"):
        told = scenario.run("report", "--format", form)
        assert told.status == 0
        assert "\x1b" not in told.raw
        if form == "md":
            assert "<script" not in MarkdownIt().render(told.raw)
    xml.fromstring(scenario.run("report", "--format", "junit").raw)


def test_junit_says_what_failed_where(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace('with: return "good day"', 'with: return "go away"'))
    scenario.run("run", "--junit", "junit.xml").says(1)
    text = scenario.read("junit.xml")
    root = xml.fromstring(text)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "2", "0")
    steps, tests = root.findall("testsuite")
    assert [case.get("name") for case in steps] == [
        "step-1 edit app.py",
        "step-2 verify pytest -q test_app.py",
    ]
    assert (steps[1].get("file"), steps[1].get("line")) == ("phases/phase-1.yaml", "9")
    failure = steps[1].find("failure")
    assert failure is not None
    assert "1 failed" in (failure.text or "")
    (case,) = tests
    assert (case.get("classname"), case.get("name")) == ("test_app", "test_greeting_is_polite")
    assert (case.get("file"), case.get("line")) == ("test_app.py", "5")
    assert "uncommitted" not in scenario.run("report", "--format", "md").stdout
    scenario.run("run", "--junit", "nowhere/junit.xml").says(
        2, "nowhere/junit.xml can't be written"
    )


def test_tests_that_fail_as_they_should_fail_no_ci(scenario: Scenario) -> None:
    scenario.app(
        CHECKED.replace("expect: {tests: pass}", "expect: {tests: fail}").replace(
            'with: return "good day"', 'with: return "go away"'
        )
    )
    scenario.run("run", "--junit", "junit.xml").says(0)
    root = xml.fromstring(scenario.read("junit.xml"))
    assert (root.get("failures"), root.get("skipped")) == ("0", "1")


def test_a_stop_before_any_step_is_a_failure_too(scenario: Scenario) -> None:
    scenario.app()
    scenario.write("app.py", "changed\n")
    scenario.run("run", "--junit", "junit.xml").says(1)
    assert xml.fromstring(scenario.read("junit.xml")).get("failures") == "1"


def test_without_anything_recorded(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("report").says(2, "nothing is recorded of any phase yet")
    scenario.run("report", "--open", "--format", "md").says(2, "--open shows a page")
    scenario.run("report", "last", "--from", "x").says(2, "name no run")


def test_it_is_opened_by_the_browser_that_there_is(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.program("look", 'echo "$1" > ' + str(scenario.folder / "looked"))
    scenario.run("report", "--open", BROWSER=f"{scenario.bin}/look %s").says(0, "wrote ")
    place = (scenario.folder / "looked").read_text().strip()
    assert place == (scenario.root / ".git/runbook/report.html").as_uri()
    assert scenario.status() == ""


def test_what_was_rewritten_is_told_as_it_is_now(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
    scenario.git(
        "commit", "--amend", "-q", "--no-edit", "--date", "2020-01-01T00:00:00Z", "--reset-author"
    )
    now = scenario.git("rev-parse", "HEAD")
    assert now[:9] in page(scenario).text


def test_in_a_browser_what_is_linked_to_is_unfolded(scenario: Scenario) -> None:
    """Its own script runs, although the page forbids every other one."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("there is no Chromium here")
    tasks = "".join(
        f"  - title: Number {number}\n    steps: [verify: 'true']\n" for number in range(20)
    )
    scenario.app("phase: 1\ngoal: Many\ntasks:\n" + tasks)
    scenario.run("run").says(0)
    scenario.run("report", "-o", "report.html").says(0)
    (closed, *_) = read_page(scenario.read("report.html")).every("details", id="phase-1_task-7")
    assert "open" not in closed.attributes
    folder = scenario.folder / "browser"
    shown = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={folder}", "--dump-dom",
            f"file://{scenario.root}/report.html#phase-1_task-7_step-1",
        ],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    if not shown.stdout:
        pytest.skip(f"Chromium does not start here: {shown.stderr[-200:]}")
    opened = [
        each.attributes["id"]
        for each in read_page(shown.stdout).every("details", class_="task")
        if "open" in each.attributes
    ]
    assert opened == ["phase-1_task-7"]


def test_what_was_reused_is_said_with_its_tests(scenario: Scenario) -> None:
    scenario.app(
        CHECKED.replace("tasks:", "verification:\n  - verify: VERIFY\ntasks:").replace(
            "VERIFY", "pytest -q test_app.py\n    expect: {tests: pass}"
        )
    )
    scenario.run("run").says(0, "reused from task-1/step-2")
    _, verification = page(scenario).every("details", class_="task")
    assert "reused from task-1/step-2" in verification.text
    assert "test_app.py::test_greeting_is_polite" in verification.one("tbody").text
    shutil.rmtree(scenario.root / ".git" / "runbook")
    assert "1 passed" in page(scenario).text


STEPS: dict[str, list[tuple[str, ...]]] = {
    "skipped": [("run",), ("skip", "1/1", "--reason", "not now")],
    "taken back": [("run",), ("abort",)],
    "again": [("run",), ("retry",)],
    "repaired, undone, done after all": [
        ("run",), ("mend",), ("run",), ("undo", "1/1"), ("run", "--restart"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("how", STEPS)
def test_marks_are_those_of_status(scenario: Scenario, how: str) -> None:
    """What a report says of tasks is what the progress says, which runs go by."""
    text = RICH.replace('with: return "good day"', 'with: return "go away"', 1)
    scenario.app(text.partition("  - title: Tell people")[0].replace("confirm: ", "verify: test "))
    for step in STEPS[how]:
        if step == ("mend",):
            scenario.write("app.py", APP.replace("hello", "good day"))
        else:
            scenario.run(*step)
            marks_are_those_of_status(scenario)


def marks_are_those_of_status(scenario: Scenario) -> None:
    (status,) = scenario.json("status")
    stated = [(task["task"], task["mark"]) for task in status["tasks"]]
    story = fold(read_history(scenario.journal.parent))
    told = {task.task: task.mark for task in story.tasks}
    assert [(task, told.get(task, "to do")) for task, _ in stated] == stated
    assert story.phases["phase-1"].complete == (status["mark"] == "done")


def test_work_of_delegates_is_told(scenario: Scenario) -> None:
    scenario.app(
        GREETING.replace(
            "      - commit",
            "      - manual: Add the news.\n        files: NEWS.md\n      - commit",
        )
    )
    told = "cat > ../brief; echo Good day > NEWS.md"
    scenario.run("run", "--delegate", told).says(0)
    for shown in (page(scenario), _without_journal(scenario)):
        work = shown.one("div", class_="word").text
        assert "attempt 1 of" in work
        assert "cat > ../brief" in work
        assert "accepted" in work
    assert "accepted" in scenario.run("report", "--format", "md").stdout


def _without_journal(scenario: Scenario) -> Node:
    shutil.rmtree(scenario.root / ".git" / "runbook")
    return page(scenario)
