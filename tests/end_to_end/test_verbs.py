"""Every verb after every kind of stop, as whole transcripts (verbs/*.md).

After a change of words: `RUNBOOK_REWRITE=1 tests/run tests/end_to_end/test_verbs.py -n0`, and read
the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from scenario import APP, Scenario
from transcripts import Transcript, replayed, transcripts

FOLDER = Path(__file__).parent / "verbs"
ALL = list(transcripts(FOLDER))

PHASE = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "{word}"
      {before}
      - verify: grep -q 'good day' app.py
      - commit: "feat: say good day"
  - title: Say whom
    steps:
      - edit: app.py
        replace: "greeting():"
        with: 'greeting(name=""):'
      - edit: names.py
        create: |
          NAMES = ["Ada"]
      - commit: "feat: greet by name"
"""

MANUAL = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it by hand
    steps:
      - edit: names.py
        create: |
          NAMES = ["Ada"]
      - manual: Think of a better greeting, and write it into app.py.
        files: app.py
      - verify: grep -q 'good day' app.py
      - commit: "feat: say good day"
"""


def phase(word: str = "good day", before: str = "- verify: 'true'") -> str:
    return PHASE.format(word=word, before=before)


def conflict(scenario: Scenario) -> None:
    """The first edit does not apply: the file was changed after the phase was written."""
    scenario.app(phase())
    scenario.write("app.py", APP.replace("hello", "hi"))
    scenario.git("commit", "-q", "-am", "Another greeting")


def check(scenario: Scenario) -> None:
    """The check fails: the edit is wrong."""
    scenario.app(phase("go away"))


def kill(scenario: Scenario) -> None:
    """The run is killed while a check is running, if `killed` is there."""
    script = "test -e killed && kill -9 $(cat .git/runbook/main/lock); true"
    scenario.app(phase(before=f"- verify: {script}"))
    (scenario.root / ".git/info/exclude").write_text("killed\n")
    scenario.write("killed", "")


def hook(scenario: Scenario) -> None:
    """A hook refuses the commit, as long as `refuse` is there."""
    scenario.app(phase())
    scenario.hook("pre-commit", "test ! -e refuse || { echo 'not today'; exit 1; }")
    (scenario.root / ".git/info/exclude").write_text("refuse\n")
    scenario.write("refuse", "")


def manual(scenario: Scenario) -> None:
    """The work is handed over."""
    scenario.app(MANUAL)


def plain(scenario: Scenario) -> None:
    """Nothing is amiss."""
    scenario.app(phase())
    scenario.phase(
        """
        phase: 2
        goal: More.
        requires: [1]
        tasks:
          - title: A note
            steps:
              - edit: note.txt
                create: |
                  A note.
              - commit: "docs: a note"
        """,
        "phase-2",
    )
    scenario.git("add", "-A")
    scenario.git("commit", "-q", "-m", "Phase 2")


def apart(scenario: Scenario) -> None:
    """Nothing is amiss, and each task has a file of its own."""
    scenario.app(
        "phase: 1\ngoal: Three notes.\ntasks:\n"
        + "".join(
            f"  - title: Note {name}\n    steps:\n      - edit: {name}.txt\n"
            f"        create: |\n          {name}\n      - verify: test -e {name}.txt\n"
            f"      - commit: Note {name}\n"
            for name in ("one", "two", "three")
        )
    )


BEGINNINGS = {each.__name__: each for each in (conflict, check, kill, hook, manual, plain, apart)}


@pytest.mark.parametrize("transcript", ALL, ids=[each.title for each in ALL])
def test_the_transcript_replays(scenario: Scenario, transcript: Transcript) -> None:
    BEGINNINGS[transcript.begin](scenario)
    shown = replayed(scenario, transcript.text)
    if os.environ.get("RUNBOOK_REWRITE"):
        page = FOLDER / f"{transcript.title.partition(':')[0]}.md"
        fence = f"```console {transcript.begin}\n"
        text = page.read_text().replace(fence + transcript.text, fence + shown)
        page.write_text(text)
        return
    assert shown == transcript.text


def test_every_verb_is_tried_after_every_kind_of_stop() -> None:
    tried = {
        (transcript.begin, verb)
        for transcript in ALL
        for verb in re.findall(r"^\$ runbook (\w+)", transcript.text, re.M)
    }
    verbs = ("run", "retry", "skip", "abort", "undo", "repair", "status")
    stops = ("conflict", "check", "kill", "hook", "manual")
    assert {(stop, verb) for stop in stops for verb in verbs} - tried == set()
