"""What a plan shows of a step: its commands, edits and expectations as text.

`ownplan` reads what is written here; a change of one is a change of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from shlex import quote
from typing import assert_never

from runbook.core.model.declared import step_targets
from runbook.core.model.message import co_authors, compose
from runbook.core.model.model import Commit, Confirm, Edit, Expect, Manual, Phase, Run, Step, Verify
from runbook.core.model.operations import Glob, Target
from runbook.core.text.fences import fenced
from runbook.core.value import value
from runbook.format.expectations import in_words
from runbook.format.shown import code_span
from runbook.markdown.changes import parts
from runbook.markdown.fencing import LABELS, STRUCTURE, labelled, plain, stands_unfenced

_LANGUAGES = {
    ".c": "c", ".css": "css", ".go": "go", ".html": "html", ".ini": "ini", ".java": "java",
    ".js": "javascript", ".json": "json", ".jsx": "jsx", ".md": "markdown", ".py": "python",
    ".rs": "rust", ".sh": "bash", ".sql": "sql", ".toml": "toml", ".ts": "typescript",
    ".tsx": "tsx", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip


@value
class Surroundings:
    """What the text of a step depends on besides the step.

    `folder` is where commands stand, as a word of the shell, `None` at the repository's root;
    `people` are the trailers of every commit; `declared` is what a commit has by default.
    """

    folder: str | None
    people: tuple[str, ...]
    declared: tuple[Target, ...] = ()


def surroundings(phase: Phase) -> Surroundings:
    """What the steps of a phase depend on."""
    stated = [phase.settings.worktree, phase.settings.workdir]
    path = PurePosixPath(*[part for part in stated if part])
    folder = None if path == PurePosixPath() else quote(plain(path.as_posix()))
    return Surroundings(folder, co_authors(phase.settings.co_authored_by or ()))


class Declared:
    """What steps declare since the last commit, step by step."""

    def __init__(self) -> None:
        self._targets: dict[Target, None] = {}

    def targets(self) -> tuple[Target, ...]:
        """What was declared so far, in order."""
        return tuple(self._targets)

    def add(self, step: Step) -> None:
        """Take the next step into account."""
        if isinstance(step, Commit):
            self._targets.clear()
        elif isinstance(step, Edit | Run | Manual):
            self._targets |= dict.fromkeys(step_targets(step))


def default_title(step: Step) -> str:
    """The heading of a step that has no title and continues none."""
    match step:
        case Edit():
            return "Edit " + ", ".join(code_span(str(each)).strip("`") for each in step.targets)
        case Run():
            return "Run"
        case Verify():
            return "Verify"
        case Commit():
            return "Commit"
        case Manual():
            return "By hand"
        case Confirm():
            return "Confirm"
        case _:
            assert_never(step)


def step_body(step: Step, around: Surroundings) -> str:
    """All that a plan shows of a step, without its heading and its hidden comment."""
    blocks = list(_blocks(step, around))
    if step.note is not None and step.note.strip():
        blocks.append(labelled("Note:", step.note, STRUCTURE))
    return "\n\n".join(blocks)


def _blocks(step: Step, around: Surroundings) -> Iterator[str]:
    match step:
        case Edit():
            shown = PurePosixPath(str(step.targets[0])).suffix
            for change in step.changes:
                for part in parts(change, step):
                    yield part.words
                    if part.code is not None:
                        language = part.language or _LANGUAGES.get(shown, "")
                        yield fenced(plain(part.code), language)
        case Run():
            files = ", ".join(code_span(str(target)) for target in step.files)
            yield f"Run, which may change {files}:\n{_command(step.command, around)}"
            if step.expect != Expect():
                yield _expected(step.expect)
        case Verify():
            yield f"Run:\n{_command(step.command, around)}"
            yield _expected(step.expect)
        case Commit():
            yield fenced(commit_command(step, around), "bash")
        case Manual():
            yield from _by_hand(step)
        case Confirm():
            yield labelled("Confirm:", step.question, STRUCTURE, paragraph=True)
        case _:
            assert_never(step)


def _by_hand(step: Manual) -> Iterator[str]:
    files = ", ".join(code_span(str(target)) for target in step.files)
    yield f"By hand, in {files}:" if files else "By hand:"
    shown = plain(step.instructions).strip()
    if stands_unfenced(shown, STRUCTURE, LABELS, fences=True):
        yield shown
    else:
        yield fenced(plain(step.instructions), "markdown")


def _expected(expect: Expect) -> str:
    prose = expect.prose or ""
    shown = prose if prose.strip() else in_words(expect)
    return labelled("Expected:", shown, STRUCTURE, paragraph=True)


def _command(command: str, around: Surroundings) -> str:
    return fenced(in_folder(plain(command).strip(), around.folder), "bash")


def in_folder(command: str, folder: str | None) -> str:
    """A command that is done in a folder wherever the reader's shell goes on afterwards."""
    if folder is None:
        return command
    # A comment or the end of a here document would swallow the bracket.
    end = "\n" if "\n" in command or "#" in command or command.endswith("\\") else ""
    return f"(cd {folder} && {command}{end})"


def out_of_folder(command: str, folder: str | None) -> str:
    """The command that `in_folder` was given; any other comes back as it is."""
    begin = f"(cd {folder} && "
    if folder is None or not command.startswith(begin) or not command.endswith(")"):
        return command
    return command.removeprefix(begin)[:-1].strip()


def commit_command(step: Commit, around: Surroundings) -> str:
    """The shell command that makes a commit with its trailers."""
    targets = around.declared if step.files is None else step.files
    message = plain(compose(step.message, (*around.people, *step.trailers)))
    end = "EOF"
    while end in message.split("\n"):
        end += "_"
    commit = f"git commit -m \"$(cat <<'{end}'\n{message}{end}\n)\""
    if targets:
        paths = [_pathspec(target) for target in targets]
        dashes = "-- " if any(path.startswith("-") for path in paths) else ""
        commit = f"git add {dashes}{' '.join(map(quote, paths))} && {commit}"
    return commit if around.folder is None else f"(cd {around.folder} && {commit})"


def _pathspec(target: Target) -> str:
    if isinstance(target, Glob):
        return f":(glob){target.pattern}"
    path = plain(target)
    return f":(literal){path}" if re.search(r"[*?[\\]|^:", path) else path
