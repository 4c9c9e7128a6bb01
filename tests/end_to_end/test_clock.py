"""A clock that is set back, between runs and in the middle of one.

The programs of a run read a clock that is off by as many seconds as a file says; files get the
times of the machine, as they do from a server.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from scenario import GREETING, Scenario
from sweep.preload import compiler

CLOCK = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *at) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    long off = 0;
    FILE *file = getenv("CLOCK_OFF") ? fopen(getenv("CLOCK_OFF"), "r") : NULL;
    if (file && fscanf(file, "%ld", &off) != 1) off = 0;
    if (file) fclose(file);
    int status = real(which, at);
    if (which == CLOCK_REALTIME) at->tv_sec += off;
    return status;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void) zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
"""

PHASE = GREETING.replace(
    "      - commit",
    '      - verify: sleep 0.1; echo "$NEXT" > "$CLOCK_OFF"; test -e ../ok\n      - commit',
)

NEGATIVE = re.compile(r"(?<![\w.-])-\d+(?:\.\d+)? (?:s|min|h)\b")


@pytest.fixture
def clock(tmp_path: Path) -> dict[str, str]:
    """The variables by which a program has that clock."""
    cc = compiler()
    if cc is None:
        pytest.skip("needs a C compiler")
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK)
    subprocess.run([cc, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "CLOCK_OFF": str(tmp_path / "off"), "NEXT": "-86400"}


def test_row_57_a_clock_that_is_set_back(scenario: Scenario, clock: dict[str, str]) -> None:
    scenario.app(PHASE)
    off = Path(clock["CLOCK_OFF"])
    off.write_text("3600")
    scenario.run("run", cwd=None, **clock).says(1, "the check failed")
    (scenario.folder / "ok").touch()
    off.write_text("-40000")
    scenario.run("run", cwd=None, **clock).says(0, "1 commit")
    off.write_text("-900000")
    scenario.run("undo", "1", cwd=None, **clock).says(0, "undone: task-1")
    scenario.run("run", "--restart", cwd=None, **clock).says(0, "1 commit")
    assert scenario.subjects() == [
        "Begin", "feat: say good day", 'Revert "feat: say good day"', "feat: say good day"
    ]  # fmt: skip
    assert scenario.status() == ""
    records = [json.loads(line) for line in scenario.journal.read_text().splitlines()]
    times = [record["time"] for record in records]
    assert times != sorted(times), "it was set back"
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    assert all(record.get("duration", 0) >= 0 for record in records)
    runs = [each["run"] for each in scenario.json("log")]
    assert runs == list(dict.fromkeys(record["run"] for record in records))
    for command in (("status",), ("log",), ("show", "1/1"), ("log", "last")):
        shown = scenario.run(*command, cwd=None, **clock)
        assert shown.status == 0, str(shown)
        assert not NEGATIVE.search(shown.raw), str(shown)
    for form in ("html", "md", "junit"):
        shown = scenario.run("report", "1", "--format", form, cwd=None, **clock)
        assert shown.status == 0, str(shown)
        assert not NEGATIVE.search(shown.raw), str(shown)
        assert '="-' not in re.sub(r'tabindex="-1"', "", shown.raw)
