"""The steps of a task while they are made, and the account of them."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.matching.texts import LineRange
from runbook.core.model.imported import Remark
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Glob, Remove, Replace, Target
from runbook.core.text.counting import count
from runbook.core.value import replace
from runbook.markdown.importing.places.files import (
    Scope,
    bare_names,
    imports_from,
    named,
    path_comment,
)
from runbook.markdown.importing.places.trial import Trial, Tried
from runbook.markdown.importing.steps.declaring import OF_THE_COMMIT, MayChange
from runbook.markdown.importing.text.fences import unfenced
from runbook.markdown.importing.text.reader import Document
from runbook.markdown.importing.text.roots import Project
from runbook.markdown.importing.words.filekinds import is_test
from runbook.markdown.importing.words.filelist import FileMention, as_target, parse_path
from runbook.markdown.importing.words.outside import changing, moved_from, without_references
from runbook.markdown.importing.words.prose import says_nothing
from runbook.markdown.importing.words.vocabulary import anycase

_SHOWN = re.compile(r"^[ ]*```[^\n]*\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
_CHANGED = re.compile(
    r"^[^\w\n]*(?:\d+[.)]\s*)?(?:then\s+|also\s+)*(?:add|append|insert|update|modify|change|edit|"
    r"replace|write|create|extend|rewrite|delete|remove|rename|move|put|place|fill|implement|"
    r"document|save|generate|in)\b"
    r"[^`\n.:]{0,60}(`[^`\n]+`(?:\s*(?:,|&|\+|/|and/or\b|and\b|or\b)+\s*`[^`\n]+`)*)",
    re.IGNORECASE | re.MULTILINE,
)


_NOTE = re.compile(r"^\s*(?:\*\*)?Note(?:[:：]\*\*|\*\*[:：]|[:：])\s*")
_COMMITS = anycase(r"\bgit (-C \S+ )?commit\b|^\W*Commit\W", re.MULTILINE)
# What surely changes files, what does those that its words name, and what may change some.
Changes = Literal["files", "named", "perhaps", "nothing", "looks"]


class Ledger:
    """Steps in order, what was left to a person and why, and what wants a look."""

    def __init__(
        self,
        document: Document,
        roots: tuple[str, ...],
        trial: Trial,
        seen: set[str],
        mentions: tuple[FileMention, ...],
    ) -> None:
        """Begin a task that names the files `mentions`; `seen` are files that were made before."""
        self.document = document
        self.roots = roots
        self.trial = trial
        self.seen = seen
        self.mentions = mentions
        self.changed = tuple(each for each in mentions if each.role != "read")
        self.steps: list[Step] = []
        self.exact = self.anchored = self.by_form = self.commands = self.expectations = 0
        self.commits_left = 0  # those that a person is to make, if something is so
        # What manual steps may change without waiting for it.
        self.may_change: list[MayChange] = []
        self.manual_remarks: list[Remark] = []
        self.confirm_remarks: list[Remark] = []
        self.unchecked: list[Remark] = []
        self.warnings: list[Remark] = []
        self.judged = True  # what is expected of the last command was understood
        self.project = Project(document, roots)
        self.elsewhere = False  # all that its Files block names is outside the repository
        self.before = ""  # words for which there is no step yet
        self._section_begin = 0
        self._leading: Step | None = None  # what has someone look, before a command

    def begin_section(self) -> None:
        """From here on, steps are of another step of the plan."""
        self._section_begin = len(self.steps)

    @property
    def last(self) -> Step | None:
        """The last step that was made of this step of the plan."""
        return self.steps[-1] if len(self.steps) > self._section_begin else None

    @property
    def checked(self) -> bool:
        """Whether the last step, of this step of the plan, is a command whose check is known."""
        here = len(self.steps) > self._section_begin
        return here and self.judged and isinstance(self.steps[-1], Verify | Run)

    @property
    def has_tests_by_hand(self) -> bool:
        """Whether a manual step of this task has a person write tests by now."""
        return any(
            isinstance(path, str) and is_test(path)
            for step in self.steps
            if isinstance(step, Manual)
            for path in step.files
        )

    def warn(self, line: int, text: str) -> None:
        """Something to look at."""
        self.warnings.append(Remark(line, text))

    def note(self, words: str) -> None:
        """Keep words as the last step's note."""
        words = _NOTE.sub("", words.strip())
        if not words or says_nothing(words):
            return
        if len(self.steps) == self._section_begin:
            self.before = f"{self.before}\n\n{words}" if self.before else words
            return
        last = self.steps[-1]
        if isinstance(last, Manual):
            self.steps[-1] = replace(last, instructions=_joined(last.instructions, words))
            return
        if isinstance(last, Confirm):
            self.steps[-1] = replace(last, question=_joined(last.question, words))
            return
        self.steps[-1] = replace(last, note=f"{last.note}\n\n{words}" if last.note else words)

    def remark(self, words: str) -> None:
        """Keep words as the note of the step before, whichever that is."""
        begin, self._section_begin = self._section_begin, 0
        self.note(words)
        self._section_begin = begin

    def manual_at(
        self, index: int, words: str, line: int, why: str, changes: Changes = "files"
    ) -> None:
        """Leave work to a person before a step that is there."""
        after = self.steps[index:]
        del self.steps[index:]
        self.manual(words, line, why, changes)
        self.steps += after

    def manual(
        self,
        words: str,
        line: int,
        why: str,
        changes: Changes = "files",
        *,
        title: str = "",
        leads: bool = False,
    ) -> None:
        """Leave work to a person, in the plan's own words.

        Only what surely `changes` files names any: a run waits until one of them is changed. At
        what only has someone look and judge, a yes is asked for. `title` are more words, which
        name files; `leads` if a command follows.
        """
        if not words.strip():
            return
        if changes == "looks" and not isinstance(self.last, Manual):
            self._confirm(words, line, why)
            self._leading = self.steps[-1] if leads else None
            return
        if isinstance(self.last, Confirm) and self.last is self._leading:
            # What is opened before a person starts a command is of that.
            words = _joined(self.last.question, words)
            del self.steps[-1], self.confirm_remarks[-1]
        said = f"{title}\n{words}"
        own = self._files_of(said)
        if changes == "named":
            changes = "files" if own else "perhaps"
        files: tuple[Target, ...] = ()
        if changes not in ("nothing", "looks"):
            every = own or self._files_of_task()
            # A file that a person was to make is no new one afterwards.
            self.seen.update(named(words, Scope(self.mentions, "", self.roots)))
            self.trial.changed_unseen(every or (Glob("**"),), words)
            if changes == "files":
                files = (*own, OF_THE_COMMIT)
            else:
                commits = sum(isinstance(step, Commit) for step in self.steps)
                # New files may be none of the commit's, and those in git would stay behind.
                there = {each.path for each in self.changed if each.role in ("modify", "delete")}
                told = () if _COMMITS.search(words) else tuple(
                    each for each in own if each in there
                )  # fmt: skip
                self.may_change.append(MayChange(commits, every, told))
        self.manual_remarks.append(Remark(line, why))
        last = self.last
        if isinstance(last, Manual):
            files = tuple(dict.fromkeys((*last.files, *files)))
            joined = _joined(last.instructions, words)
            self.steps[-1] = replace(last, instructions=joined, files=files)
            self.manual_remarks.pop()
            return
        self.steps.append(Manual(_ended(words), files))

    def _confirm(self, words: str, line: int, why: str) -> None:
        last = self.last
        if isinstance(last, Confirm):
            self.steps[-1] = replace(last, question=_joined(last.question, words))
            return
        self.confirm_remarks.append(Remark(line, why))
        self.steps.append(Confirm(_ended(words)))

    def _files_of_task(self) -> tuple[Target, ...]:
        return tuple(dict.fromkeys(end for each in self.changed for end in each.ends.values()))

    def _files_of(self, words: str) -> tuple[Target, ...]:
        """The files that words say are changed: those of the task that they name, and others."""
        scope = Scope(self.mentions, "", self.roots)
        words = without_references(words)
        paths = {end: target for each in self.changed for end, target in each.ends.items()}
        blocks = _SHOWN.findall(words)
        shown = [path for code in blocks if (path := path_comment(code))]
        changed = changing(words)
        # Where a task changes one file only, its steps speak of it.
        whole = changed if len(paths) > 1 else words
        named_here = {*named(whole, scope), *bare_names(unfenced(whole), scope), *shown}
        # A bare name may be of any of the task's files that are called so.
        bare = tuple(f"/{each}" for each in named_here if "/" not in each)
        chosen = [path for path in paths if path in named_here or path.endswith(bare)]
        # "Add to `path`": a file that the task's Files block forgot.
        lists = _CHANGED.findall(unfenced(changed))
        told = [code for each in lists for code in re.findall(r"`[^`\n]+`", each)]
        if chosen or told:
            told += moved_from(unfenced(words))
        others = (_told(code, scope) for code in told)
        files = [*map(paths.__getitem__, chosen), *(each for each in others if each is not None)]
        modules = [
            each for each in files if blocks and all(imports_from(it, str(each)) for it in blocks)
        ]
        own = [each for each in files if each not in modules]
        if modules and not own:
            # What is imported from is named, and who imports it is the other file of the task.
            own = [target for target in paths.values() if target not in files]
            own = own if len(own) == 1 else []
        return tuple(dict.fromkeys(own))

    def accept(self, tried: Tried, line: int) -> None:
        """Add an edit that applies as far as is known."""
        self.steps.append(tried.edit)
        if tried.how == "by form":
            self.by_form += 1
        elif tried.how == "anchored":
            self.anchored += 1
        else:
            self.exact += 1
        if tried.warning:
            self.warn(line, tried.warning)
        change = tried.edit.changes[0]
        hint = getattr(change, "lines", None)
        if not isinstance(hint, LineRange):
            return
        if tried.lines and not hint.first - 3 <= tried.lines[0] <= hint.last + 3:
            there = LineRange(*tried.lines)
            self.warn(line, f"the plan says {_lines(hint)}; the text stands in {_lines(there)}")
        elif isinstance(change, Replace | Remove) and hint.first != hint.last:
            said, shown = hint.last - hint.first + 1, change.search.value.count("\n")
            if change.search.whole_lines and said != shown:
                has = count(shown, "line")
                self.warn(line, f"the plan says {_lines(hint)}, and shows {has} of them")

    def edits(self, path: str) -> bool:
        """Whether a step of the task edits this file already."""
        return any(isinstance(step, Edit) and path in step.targets for step in self.steps)


def _told(code: str, scope: Scope) -> Target | None:
    """The file that a piece of code says is changed; a name without a folder is one of any."""
    found = named(code, scope)
    if found:
        return as_target(found[0])
    parsed = parse_path(code.strip("`"))
    if parsed is None or "/" in parsed[0]:
        return None
    known = any(each.path.endswith(f"/{parsed[0]}") for each in scope.mentions)
    return None if known or "*" in parsed[0] else Glob(f"**/{parsed[0]}")


def _ended(words: str) -> str:
    """Lines stand in a block, which ends in a line end."""
    return words.strip("\n") + "\n" if "\n" in words.strip("\n") else words.strip()


def _joined(words: str, more: str) -> str:
    return words.rstrip("\n") + "\n\n" + more.strip("\n") + "\n"


def _lines(lines: LineRange) -> str:
    return f"line {lines}" if lines.first == lines.last else f"lines {lines}"


def short(text: str) -> str:
    """A text's first line, cut where it is long."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 90 else line[:87] + "…"
