"""Reads the steps of a plan that runbook wrote: what their visible text says.

The counterpart of `body`. What the visible text can't say follows in hidden comments, which are
taken only where the visible text stays what it is: where the two disagree, the visible text wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import split
from typing import Any

from runbook.core.model.data import KeyMistake
from runbook.core.model.model import Commit, Confirm, Edit, Expect, Manual, Run, Step, Verify
from runbook.core.model.operations import Glob, Target
from runbook.core.model.patches import PatchMistake
from runbook.core.value import field, mutable, replace, value
from runbook.format.expectations import in_words
from runbook.format.shown import read_fence
from runbook.markdown.body import Surroundings, out_of_folder
from runbook.markdown.changes import FILES, Lead, leads, read_change
from runbook.markdown.comments import Disagreement
from runbook.markdown.fencing import SEEN, outside, read_text
from runbook.markdown.hidden import read_comment


class Foreign(Exception):
    """A line of a plan that runbook does not write: its number (from 1) and what it is."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(f"line {line}: {message}")


@value
class Line:
    """A line of the plan with its number, from 1; `outside` is whether of any fence."""

    number: int
    text: str
    outside: bool


@mutable
class Found:
    """A step as it is read: by its visible text, with the keys of its comment."""

    line: int
    step: Step
    title: str | None = None
    keys: dict[str, Any] = field(default_factory=dict)
    keys_line: int = 0
    body: str = ""


def lines_of(text: str) -> list[Line]:
    """The lines of a plan."""
    seen = outside(text.split("\n"))
    return [Line(number, line, out) for number, (line, out) in enumerate(seen, 1)]


_RUN = re.compile(rf"Run(?:, which may change {FILES})?:")
_BY_HAND = re.compile(rf"By hand(?:, in {FILES})?:")
_COMMIT = re.compile(
    r"(?:git add (?:-- )?(?P<paths>.*?) && )?git commit -m \"\$\(cat <<'(?P<end>EOF_*)'\n"
    r"(?P<message>.*?)(?P=end)\n\)\"",
    re.DOTALL,
)


class StepReader:
    """The steps under one heading, or under none, in order."""

    def __init__(self, lines: list[Line], around: Surroundings) -> None:
        self._lines = lines
        self._at = 0
        self._around = around
        self.found: list[Found] = []
        self.disagreements: list[Disagreement] = []

    def read(self) -> list[Found]:
        """All steps.

        Raises:
            Foreign: a line is none that runbook writes.
        """
        while self._skip_blank():
            begin = self._at
            line = self._lines[begin]
            keys = self._comment()
            if keys is not None:
                self._hide(line.number, keys)
            elif SEEN.match(line.text):
                self._at += 1
                continue
            elif line.text.startswith("Note:") and self.found:
                last = self.found[-1]
                last.step = replace(last.step, note=self._labelled("Note:"))
            elif line.text.startswith("Expected:") and self.found:
                self._expect(self._labelled("Expected:", paragraph=True))
            else:
                self.found.append(Found(line.number, self._step()))
            if keys is None:
                text = "\n".join(each.text for each in self._lines[begin : self._at])
                last = self.found[-1]
                last.body = f"{last.body}\n\n{text.rstrip()}".lstrip("\n")
        return self.found

    # Pieces

    def _skip_blank(self) -> bool:
        while self._at < len(self._lines) and not self._lines[self._at].text.strip():
            self._at += 1
        return self._at < len(self._lines)

    def _comment(self) -> dict[str, Any] | None:
        line = self._lines[self._at]
        try:
            keys = read_comment(line.text)
        except ValueError as error:
            self.disagreements.append(
                Disagreement(line.number, f"this comment can't be read: {error}")
            )
            keys = {}
        self._at += keys is not None
        return keys

    def _fence(self) -> str | None:
        """The content of the fence that comes next, or `None`."""
        if not self._skip_blank() or self._lines[self._at].outside:
            return None
        opening = self._lines[self._at].text
        mark = opening[: len(opening) - len(opening.lstrip(opening[0]))]
        content: list[str] = []
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at].text
            self._at += 1
            if line.startswith(mark) and not line.strip(mark[0] + " "):
                break
            content.append(line)
        return "".join(f"{line}\n" for line in content)

    def _needed_fence(self, what: str) -> str:
        number = self._lines[min(self._at, len(self._lines) - 1)].number
        content = self._fence()
        if content is None:
            raise Foreign(number, f"a fence with {what} is missing here")
        return content

    def _labelled(self, label: str, *, paragraph: bool = False) -> str:
        """The text behind a label, or in the fence under it."""
        first = self._lines[self._at].text.removeprefix(label)
        self._at += 1
        if not first.strip():
            content = self._fence()
            return "" if content is None else read_fence(content)
        return read_text("\n".join([first, *self._rest(paragraph)]))

    def _rest(self, paragraph: bool, *, until_note: bool = False) -> Iterator[str]:
        """The lines up to where a text ends: a blank line, a comment, a note."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.outside and (
                (paragraph and not line.text.strip())
                or line.text.startswith("<!-- runbook: ")
                or SEEN.match(line.text)
                or (until_note and line.text.startswith("Note:"))
            ):
                return
            yield line.text
            self._at += 1

    # Steps

    def _step(self) -> Step:
        line = self._lines[self._at]
        if not line.outside:
            return self._commit(line.number)
        run = _RUN.fullmatch(line.text)
        if run:
            self._at += 1
            command = out_of_folder(self._needed_fence("a command").strip(), self._around.folder)
            if run["files"]:
                return Run(read_text(command), _paths(run["files"]))
            return Verify(read_text(command))
        by_hand = _BY_HAND.fullmatch(line.text)
        if by_hand:
            self._at += 1
            self._skip_blank()
            files = _paths(by_hand["files"]) if by_hand["files"] else ()
            if self._at < len(self._lines) and not self._lines[self._at].outside:
                return Manual(read_fence(self._needed_fence("instructions")), files)
            return Manual(read_text("\n".join(self._rest(False, until_note=True))), files)
        if line.text.startswith("Confirm:"):
            return Confirm(self._labelled("Confirm:", paragraph=True))
        for lead in leads():
            found = lead.line.fullmatch(line.text)
            if found:
                self._at += 1
                return self._edit(line.number, lead, found)
        raise Foreign(line.number, "this is no line that runbook writes")

    def _commit(self, number: int) -> Commit:
        command = out_of_folder(self._needed_fence("a commit").strip(), self._around.folder)
        found = _COMMIT.fullmatch(command)
        if found is None:
            raise Foreign(number, "this command is no commit, and says not what it is for")
        lines = found["message"].split("\n")
        people = self._around.people
        message = read_text("\n".join(line for line in lines if line not in people))
        words = split(found["paths"] or "")
        return Commit(message, tuple(map(_target, words)))

    def _edit(self, number: int, lead: Lead, found: re.Match[str]) -> Edit:
        targets = _paths(found["files"])
        contents = [self._needed_fence("lines")] if lead.keys else []
        for label in lead.labels:
            if not self._skip_blank() or self._lines[self._at].text != label:
                raise Foreign(number, f"`{label}` is missing under this line")
            self._at += 1
            contents.append(self._needed_fence("lines"))
        try:
            return Edit(targets, (read_change(lead, found, contents, targets),))
        except PatchMistake as error:
            raise Foreign(number + error.line, error.message) from None
        except (KeyMistake, ValueError) as error:
            raise Foreign(number, str(error)) from None

    def _expect(self, prose: str) -> None:
        step = self.found[-1].step
        if isinstance(step, Run | Verify) and prose != in_words(Expect()):
            self.found[-1].step = replace(step, expect=Expect(prose=prose))

    def _hide(self, number: int, keys: dict[str, Any]) -> None:
        if not self.found:
            self.disagreements.append(Disagreement(number, "this comment stands under no step"))
            return
        parts = keys.get("changes")
        if isinstance(parts, int | list):
            self.join(parts if isinstance(parts, int) else len(parts))
        self.found[-1].keys, self.found[-1].keys_line = keys, number

    def join(self, number: int) -> None:
        """Make one edit of the last ones, which were written as one."""
        last = self.found[-number:]
        edits = [each.step for each in last if isinstance(each.step, Edit)]
        if len(edits) == number:
            changes = tuple(change for edit in edits for change in edit.changes)
            note = edits[-1].note
            body = "\n\n".join(each.body for each in last)
            step = Edit(edits[0].targets, changes, note=note)
            self.found[-number:] = [Found(last[0].line, step, last[0].title, body=body)]


def _paths(spans: str) -> tuple[Target, ...]:
    return tuple(re.findall(r"`([^`]*)`", spans))


def _target(word: str) -> Target:
    if word.startswith(":(glob)"):
        return Glob(word.removeprefix(":(glob)"))
    return word.removeprefix(":(literal)")
