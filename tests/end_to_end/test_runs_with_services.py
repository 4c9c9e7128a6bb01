"""Services of a series: held for the commands of a run, and gone with it."""

import signal
from pathlib import Path

from scenario import Scenario

# It says where it is, notes that it lives, and tells of its end.
SERVER = """\
import os, signal, sys, time

def end(*_):
    os.unlink("../server.pid")
    sys.exit(0)

signal.signal(signal.SIGTERM, end)
with open("../server.pid", "w") as file:
    file.write(str(os.getpid()))
print("starting", flush=True)
print("listening on port 5432", flush=True)
while True:
    time.sleep(0.05)
    if os.path.exists("die"):
        print("out of memory", flush=True)
        os._exit(9)
"""

SERIES = r"""
    services:
      - name: database
        run: exec python server.py
        ready: 'listening on port (?P<DATABASE_PORT>\d+)'
        unless-env: DATABASE_URL
        timeout: 20s
"""


def checking(command: str) -> str:
    return f"""
        phase: 1
        goal: Look.
        tasks:
          - title: Look
            steps:
              - verify: {command}
                expect: {{contains: "port=5432"}}
              - verify: test -e ../server.pid
    """


def gone(folder: Path) -> bool:
    pid = folder / "server.pid"
    return not pid.exists() or not Path("/proc", pid.read_text() or "none").exists()


def test_a_service_gives_its_variables_and_ends_with_the_run(scenario: Scenario) -> None:
    scenario.write("server.py", SERVER)
    scenario.series(SERIES)
    scenario.phase(checking("echo port=$DATABASE_PORT"))
    scenario.begin()
    scenario.run("run").shows(
        0,
        """
        phase-1: Look.

        task-1: Look
          verify  echo port=$DATABASE_PORT
                  service database is ready, gives DATABASE_PORT (<time>)
                  exit status 0 (<time>)
                  as expected
          verify  test -e ../server.pid
                  exit status 0 (<time>)
                  as expected

        phase-1 is complete: 0 commits, <time>.
        """,
    )
    # It was asked to end, and did.
    assert not (scenario.folder / "server.pid").exists()
    # Nothing runs, so it is not started.
    scenario.run("run").says(0, "there is nothing to do")
    assert not (scenario.folder / "server.pid").exists()


def test_a_variable_of_the_user_replaces_it(scenario: Scenario) -> None:
    scenario.write("server.py", SERVER)
    scenario.series(SERIES)
    scenario.phase(
        """
        phase: 1
        goal: Look.
        tasks:
          - title: Look
            steps:
              - verify: test ! -e ../server.pid && echo $DATABASE_URL
                expect: {contains: "db://mine"}
        """
    )
    scenario.begin()
    scenario.run("run", DATABASE_URL="db://mine").says(
        0, "service database is not started: DATABASE_URL is set\n"
    )


def test_a_service_that_never_gets_ready_is_named(scenario: Scenario) -> None:
    scenario.write("server.py", "import time\nprint('hm', flush=True)\ntime.sleep(1000)\n")
    scenario.series(SERIES.replace("20s", "1s"))
    scenario.phase(checking("echo port=$DATABASE_PORT"))
    scenario.begin()
    scenario.run("run").shows(
        1,
        """
        phase-1: Look.

        task-1: Look
          verify  echo port=$DATABASE_PORT

        stopped at phase-1/services/database (phases/runbook.yaml:2:5): the service database \
was not ready after <time>
          the end of the output:
            | hm
          hint: it is ready when its output matches `listening on port (?P<DATABASE_PORT>\\d+)`: \
see that it writes so, and at once (Python: `-u`), or raise its `timeout:`
          the whole output: <root>/.git/runbook/main/logs/<run>/service--database.log

        When it is mended: runbook run phase-1
        Or instead:
          runbook skip phase-1/task-1 --reason "...": leave task-1 out
        """,
    )
    scenario.run("status").shows(
        0,
        """
        [!] phase-1: Look.
            [ ] task-1: Look
          stopped at phase-1/services/database (phases/runbook.yaml:2:5): the service database \
was not ready after <time>
            hint: it is ready when its output matches `listening on port (?P<DATABASE_PORT>\\d+)`: \
see that it writes so, and at once (Python: `-u`), or raise its `timeout:`
          1 of 1 task left.
          When it is mended: runbook run phase-1
          Or instead:
            runbook skip phase-1/task-1 --reason "...": leave task-1 out
          The whole output: <root>/.git/runbook/main/logs/<run>/service--database.log
        """,
    )
    scenario.write("server.py", "print('no licence'); raise SystemExit(3)\n")
    scenario.run("run", "--accept-head").says(
        1, "the service database ended with status 3 before it was ready", "| no licence"
    )


def test_row_35b_a_service_that_dies_during_a_run_is_named(scenario: Scenario) -> None:
    scenario.write("server.py", SERVER)
    scenario.series(SERIES)
    scenario.phase(checking("echo port=$DATABASE_PORT; touch die; sleep 1000"))
    scenario.begin()
    scenario.run("run").says(
        1,
        "stopped at phase-1/task-1/step-1",
        "the service database ended with status 9 during the run",
        "| out of memory",
        "the whole output: <root>/.git/runbook/main/logs/<run>/service--database.log",
    )
    scenario.write("server.py", "")
    scenario.run("run", "--accept-head").says(
        1,
        "the service database ended with status 0 before it was ready",
        "hint: its command is to go on while it is needed, and in the foreground",
    )


def test_row_31_nothing_of_a_service_survives_a_kill(scenario: Scenario) -> None:
    scenario.write("server.py", SERVER)
    scenario.series(SERIES)
    scenario.phase(checking("touch ../running; sleep 1000"))
    scenario.begin()
    process = scenario.start("run")
    scenario.until((scenario.folder / "running").exists)
    assert not gone(scenario.folder)
    process.send_signal(signal.SIGKILL)
    scenario.until(lambda: gone(scenario.folder))


def test_a_service_that_is_not_ready_can_be_interrupted(scenario: Scenario) -> None:
    scenario.write("server.py", SERVER.replace("listening on", "waiting for"))
    scenario.series(SERIES)
    scenario.phase(checking("echo port=$DATABASE_PORT"))
    scenario.begin()
    process = scenario.start("run")
    scenario.until((scenario.folder / "server.pid").exists)
    process.send_signal(signal.SIGINT)
    scenario.end(process).says(130, "interrupted")
    assert gone(scenario.folder)
