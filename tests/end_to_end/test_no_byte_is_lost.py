"""Whatever a person writes, stops and gives as a verb: every line is somewhere.

Random sequences in real repositories. Few and short by default; with RUNBOOK_LONG=N, N of them and
longer. The seed is printed with a failure: RUNBOOK_SEED=… repeats it.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from scenario import Result, Scenario

LONG = int(os.environ.get("RUNBOOK_LONG", "0"))
SEED = int(os.environ.get("RUNBOOK_SEED", random.randrange(2**32)))

PHASE = """
phase: 1
goal: Lose nothing.
tasks:
  - title: One
    steps:
      - edit: one.txt
        replace: |
          alpha
        with: |
          ALPHA
      - verify: test ! -e fail-1
      - edit: one.txt
        from: |
          beta
        through: |
          delta
        with: |
          BETA
      - edit: new.txt
        create: |
          new
      - verify: test ! -e fail-2
      - commit: One
  - title: Two
    steps:
      - edit: [one.txt, two.txt]
        append: |
          more
      - manual: Write a line into two.txt.
        files: two.txt
      - run: sed -i '/omega/,$d' one.txt
        files: one.txt
      - verify: test ! -e fail-1
      - commit: Two
  - title: Three
    steps:
      - edit: two.txt
        rewrite-file: |
          all anew
      - verify: test ! -e fail-2
      - commit: Three
"""

FILES = ("one.txt", "two.txt", "new.txt", "mine.txt")
FLAGS = ("fail-1", "fail-2", "refuse")
VERBS = (
    ("run",),
    ("run", "--accept-head"),
    ("run", "--restart"),
    ("retry",),
    ("retry", "--accept-head"),
    ("skip", "task-1", "--reason", "why not"),
    ("skip", "task-2", "--reason", "why not", "--accept-head"),
    ("abort",),
    ("undo", "1"),
    ("undo", "task-1"),
    ("undo", "task-3", "--verify"),
    ("repair", "--reason", "why not"),
    ("adopt",),
)

ACTIONS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES), st.integers(0, 6)),
    st.tuples(st.just("flag"), st.sampled_from(FLAGS)),
    st.tuples(st.just("stage"), st.sampled_from(FILES)),
    st.tuples(st.just("commit"), st.sampled_from(FILES)),
    st.sampled_from([("verb", *verb) for verb in VERBS]),
    # Most of the time, a run is what comes next.
    st.just(("verb", "run")),
)


class Person:
    """Somebody who works in a repository, and remembers every line that they wrote."""

    def __init__(self, folder: Path) -> None:
        self.scenario = Scenario(folder)
        scenario = self.scenario
        scenario.write("one.txt", "alpha\nbeta\ngamma\ndelta\nomega\n")
        scenario.write("two.txt", "first\nsecond\n")
        scenario.phase(PHASE)
        scenario.begin()
        exclude = scenario.root / ".git/info/exclude"
        exclude.write_text("".join(f"{flag}\n" for flag in FLAGS))
        scenario.hook("pre-commit", "test ! -e refuse")
        self.lines: list[str] = []
        self.said: list[str] = []

    def do(self, action: tuple[object, ...]) -> None:
        """Carry an action out, and look for every line after it."""
        match action:
            case ("write", str(name), int(place)):
                self._write(name, place)
            case ("flag", str(name)):
                file = self.scenario.root / name
                file.unlink() if file.exists() else file.touch()
            case ("stage", str(name)):
                self.scenario.git("add", "--", name, check=False)
            case ("commit", str(name)):
                self.scenario.git(
                    "commit", "-q", "--no-verify", "-m", name, "--", name, check=False
                )
            case ("verb", *arguments):
                self._verb([str(each) for each in arguments])
            case _:
                raise AssertionError(action)

    def _write(self, name: str, place: int) -> None:
        file = self.scenario.root / name
        old = file.read_text().splitlines(keepends=True) if file.exists() else []
        line = f"mine {len(self.lines)}\n"
        old.insert(min(place, len(old)), line)
        file.write_text("".join(old))
        self.lines.append(line)

    def _verb(self, arguments: list[str]) -> None:
        result: Result = self.scenario.run(*arguments)
        self.said.append(f"$ runbook {' '.join(arguments)}\n{result}")
        assert result.status in (0, 1, 4), self.story("a verb broke down")
        everything = self.everything()
        lost = [line for line in self.lines if line not in everything]
        assert not lost, self.story(f"lost: {lost}")

    def everything(self) -> set[str]:
        """All lines of all files, of all commits and of what was rescued."""
        root = self.scenario.root
        found: set[str] = set()
        for name in FILES:
            if (root / name).exists():
                found |= set((root / name).read_text().splitlines(keepends=True))
        rescued = root / ".git/runbook/main/rescued"
        for file in rescued.rglob("*") if rescued.exists() else ():
            if file.is_file():
                found |= set(file.read_text().splitlines(keepends=True))
        shown = self.scenario.git("log", "-p", "--all", "--format=", "--no-color")
        found |= {f"{line[1:]}\n" for line in shown.splitlines() if line.startswith("+")}
        return found

    def story(self, message: str) -> str:
        """What went wrong, with all that was said before."""
        return f"{message} (RUNBOOK_SEED={SEED})\n" + "\n".join(self.said)


@seed(SEED)
@settings(
    max_examples=LONG or 4,
    deadline=None,
    print_blob=True,
    database=None,
    phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ACTIONS, min_size=4, max_size=16 if LONG else 8))
def test_every_line_that_was_ever_written_is_somewhere(actions: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        person = Person(Path(folder))
        with person.scenario:
            for action in actions:
                person.do(action)
