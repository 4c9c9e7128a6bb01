"""Lines at the width of a terminal: broken between words, and nothing lost."""

from __future__ import annotations

import pytest

from runbook.views.wrapping import wrapped


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("short", "short"),
        (
            "  hint: bring the files to what the commit has and run again",
            "  hint: bring the files to what the\n        commit has and run again",
        ),
        (
            "  - the text to replace is not in the file app.py any more",
            "  - the text to replace is not in the\n    file app.py any more",
        ),
        (
            "[!] phase-1  Say good day to everybody  (4 of 5 tasks done)",
            "[!] phase-1  Say good day to everybody\n             (4 of 5 tasks done)",
        ),
        (
            "  manual  step-2: attempt 1 of 3 by my-agent --print 'do what it says'",
            "  manual  step-2: attempt 1 of 3 by my-agent --print 'do what it says'",
        ),
        # A path, and what is to be typed, are whole.
        (
            "mend it in /home/ada/projects/greetings/src/app.py now",
            "mend it in\n/home/ada/projects/greetings/src/app.py\nnow",
        ),
        (
            "When it is mended, go on with this: runbook run phase-1 --accept-head",
            "When it is mended, go on with this:\nrunbook run phase-1 --accept-head",
        ),
        (
            "then type `git checkout HEAD -- app.py` here",
            "then type `git checkout HEAD -- app.py`\nhere",
        ),
        (
            "then look closely (`git checkout -- app.py`)",
            "then look closely\n(`git checkout -- app.py`)",
        ),
        (
            "  runbook retry phase-1: do task-1 again, with what it made kept aside",
            "  runbook retry phase-1: do task-1\n  again, with what it made kept aside",
        ),
        (
            'to go on without: runbook skip 1/1 --reason "not now": leaves it out',
            'to go on without:\nrunbook skip 1/1 --reason "not now":\nleaves it out',
        ),
        # The name alone is a word like any other.
        (
            "this is what runbook keeps of all that was there before",
            "this is what runbook keeps of all that\nwas there before",
        ),
        # Commands and what they wrote stand as they are.
        ("  verify  pytest -q tests/integration/test_workspace.py", None),
        (
            "  run     set -e\n          pytest -q tests/integration/test_workspace.py -k 'a or b'",
            None,
        ),
        ("    | E   AssertionError: assert 'hello' == 'good day'", None),
        ("   14 |         expect: {lines: 1, something: else, and: more}", None),
    ],
)
def test_wrapped(line: str, expected: str | None) -> None:
    assert wrapped(line, 40) == (line if expected is None else expected)


def test_no_word_is_lost_at_any_width() -> None:
    text = (
        "  edit    a.py, b.py and 18 more: 20 files, 34 places, +34 -34, 日本語 here\n"
        "  runbook abort phase-1: give it up (`git stash`); or runbook run phase-1\n    x"
    )
    for width in range(1, 120):
        assert " ".join(wrapped(text, width).split()) == " ".join(text.split())
