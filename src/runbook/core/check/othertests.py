"""What other test programs than pytest print where they have run no test.

Most of them end with 0 then: a filter that fits no test, a file of tests that nothing loads. Their
words are looked for in the whole output, as each program writes them about all that it ran.
"""

from __future__ import annotations

from runbook.core.check.questions import Answers
from runbook.core.model.model import Expect
from runbook.core.shell.script import parse
from runbook.core.shell.testprograms import runs_other_tests

# Not Surefire, which fails of itself where a filter fits none, and says of each build without tests
# that it has none. A program → what it prints where it ran nothing, and where it ran something.
_PROGRAMS = {
    "go": (
        r"^(?:ok|\?) +\t\S+\t.*\[no test(?:s to run| files)\]$",
        r"^ok +\t\S+\t(?!.*\[no tests to run\])|^\s*--- (?:PASS|FAIL):",
    ),
    "cargo": (
        r"^test result: ok\. 0 passed; 0 failed",
        r"^test result: \w+\. (?!0 passed; 0 failed)",
    ),
    "nextest": (
        r"^\s*Summary \[.*\] +0 tests run",
        r"^\s*Summary \[.*\] +[1-9]\d*(?:/\d+)? tests? run",
    ),
    "jest": (
        r"^Tests: +(?:\d+ (?:skipped|todo), )*\d+ total|^No tests found, exiting with code 0",
        r"^Tests: +.*\b\d+ (?:passed|failed)",
    ),
    "vitest": (
        r"^ +Tests +\d+ (?:skipped|todo)(?: \| \d+ (?:skipped|todo))* \(\d+\)$|"
        r"^No test files found, exiting with code 0",
        r"^ +Tests +.*\b\d+ (?:passed|failed)",
    ),
    "mocha": (r"^ +0 passing\b", r"^ +[1-9]\d* passing\b"),
    "node": (r"^\S (?:tests|pass) 0$", r"^\S (?:pass|fail) [1-9]"),
    "bun": (r"^Ran 0 tests across", r"^Ran [1-9]\d* tests? across"),
    "deno": (r"^ok \| 0 passed", r"^(?:ok|FAILED) \| [1-9]\d* passed"),
    "xctest": (
        r"^\s*Executed 0 tests, with 0 failures|Test run with 0 tests\b",
        r"^\s*Executed [1-9]\d* tests?, with|Test run with [1-9]\d* tests?\b",
    ),
    "dotnet": (
        r"^No test (?:matches the given testcase filter|is available in)",
        r"^(?:Passed|Failed)! +- Failed:|^ *Total tests: [1-9]|^Test summary: total: [1-9]",
    ),
    "rspec": (r"^0 examples, 0 failures", r"^[1-9]\d* examples?, "),
    "minitest": (r"^0 runs, 0 assertions", r"^[1-9]\d* runs?, "),
    "unittest": (r"^Ran 0 tests in", r"^Ran [1-9]\d* tests? in"),
    "phpunit": (r"^No tests executed!", r"^OK(?: \(|, )|^Tests: [1-9]"),
    "ctest": (r"^No tests were found!!!", r"^\d+% tests passed"),
    "tap": (r"^1\.\.0\b", r"^ *(?:not )?ok [1-9]\d*(?!.*# SKIP)"),
}  # fmt: skip
_NOTHING, _SOMETHING = ("|".join(each) for each in zip(*_PROGRAMS.values(), strict=True))

NO_TEST = "it ran no test, as its output says"
"""What is said of such a command."""
LOOK = "is the test named as the command does, and its file loaded? `exit: 0` if none is to run"
"""What to do about it."""


def asked_of(expect: Expect, command: str) -> tuple[str, ...]:
    """The patterns by which is told whether a command ran a test; none where nobody asks.

    Who states that it ends with 0 asks for its status alone; pytest's tests are counted.
    """
    asks = expect.tests is None and (expect.exit is None or expect.exit == "nonzero")
    return (_NOTHING, _SOMETHING) if asks and runs_other_tests(parse(command)) else ()


def ran_nothing(answers: Answers) -> bool:
    """Whether a test program says that it ran no test, and none that it ran one.

    Where the output was too long to find that out, nothing is said of it.
    """
    return _NOTHING in answers.matched and _SOMETHING not in answers.matched | answers.too_slow
