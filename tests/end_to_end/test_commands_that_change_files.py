"""Run steps: commands that change files, and what is put back when they do not succeed."""

import signal

from scenario import Scenario

PHASE = """
    phase: 1
    goal: Format.
    tasks:
      - title: Format
        steps:
          - edit: app.py
            replace: hello
            with: good day
          - run: sh format.sh
            files: [app.py, made.txt]
          - verify: grep -q '# formatted' app.py
          - commit: "style: format"
"""

FORMAT = "echo '# formatted' >> app.py; echo made > made.txt\n"


def test_what_it_changes_and_makes_is_committed(scenario: Scenario) -> None:
    scenario.write("format.sh", FORMAT)
    scenario.app(PHASE)
    scenario.run("run").shows(
        0,
        """
        phase-1: Format.

        task-1: Format
          edit    app.py, line 2
          run     sh format.sh
                  exit status 0 (<time>)
                  changed: app.py, made.txt
          verify  grep -q '# formatted' app.py
                  exit status 0 (<time>)
                  as expected
          commit  <commit> style: format

        phase-1 is complete: 1 commit, <time>.
        """,
    )
    assert scenario.paths() == ["app.py", "made.txt"]
    assert scenario.status() == ""


def test_a_failing_one_is_undone_and_can_be_repeated(scenario: Scenario) -> None:
    scenario.write("format.sh", FORMAT)
    scenario.app(PHASE.replace("sh format.sh", "sh format.sh && test -e ../ok"))
    scenario.run("run").says(
        1,
        "put back: app.py, made.txt",
        "the command failed, and its files were put back",
        "exit status 1, expected 0",
    )
    assert scenario.status() == " M app.py"
    assert "# formatted" not in scenario.read("app.py")
    (scenario.folder / "ok").touch()
    scenario.run("run").says(0, "1 commit")
    assert scenario.read("app.py").count("# formatted") == 1


def test_what_it_does_not_declare_stops_it(scenario: Scenario) -> None:
    scenario.write("format.sh", FORMAT + "echo '# formatted' >> test_app.py\n")
    scenario.app(PHASE)
    scenario.run("run").says(
        1,
        "the command changed what its `files:` do not name: test_app.py",
        "the difference:",
        "| +# formatted",
    )
    assert scenario.subjects() == ["Begin"]


def test_killed_in_the_middle_it_begins_anew(scenario: Scenario) -> None:
    lock = scenario.root / ".git/index.lock"
    # As a git of the command's that is killed as well.
    scenario.write("format.sh", FORMAT + "touch .git/index.lock\ntest -e ../ok || sleep 1000\n")
    scenario.app(PHASE)
    process = scenario.start("run")
    scenario.until(lock.exists)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (scenario.folder / "ok").touch()
    scenario.run("run").says(0, "put back: app.py, made.txt", "1 commit")
    assert scenario.read("app.py").count("# formatted") == 1
    assert scenario.status() == ""
    assert not lock.exists()
