"""The Markdown plan of a phase, as people and coding agents read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import assert_never

from jinja2 import Environment, PackageLoader, StrictUndefined

from runbook.core.declared import declaring_steps, step_targets
from runbook.core.message import co_authors, compose
from runbook.core.model import (
    Commit,
    Edit,
    Expect,
    Manual,
    Phase,
    Run,
    Series,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.operations import Create, Delete, MoveTo, Operation, Patch
from runbook.core.patches import FilePatch
from runbook.core.value import value
from runbook.markdown.changes import parts

_LANGUAGES = {
    ".c": "c", ".css": "css", ".go": "go", ".html": "html", ".ini": "ini", ".java": "java",
    ".js": "javascript", ".json": "json", ".jsx": "jsx", ".md": "markdown", ".py": "python",
    ".rs": "rust", ".sh": "bash", ".sql": "sql", ".toml": "toml", ".ts": "typescript",
    ".tsx": "tsx", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip


@value
class Section:
    """One heading of a task with the steps under it."""

    title: str
    steps: tuple[Step, ...]


def plan(series: Series, phase: Phase) -> str:
    """The plan of a phase in Markdown, ended by one newline."""
    blocks = _Blocks()
    template = _environment().get_template("plan.md.j2")
    text = template.render(series=series, phase=phase, verbatim=blocks.keep)
    return blocks.put_back(re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n")


class _Blocks:
    """Texts of the phase kept aside while the blank lines of the template are thinned out."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def keep(self, text: str) -> str:
        """A mark that stands for the text."""
        self._texts.append(text)
        return f"\0{len(self._texts) - 1}\0"

    def put_back(self, text: str) -> str:
        """The text with every mark replaced by what it stands for."""
        return re.sub(r"\0(\d+)\0", lambda mark: self._texts[int(mark[1])], text)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("runbook.markdown"),
        # Markdown, not HTML: source text stands as it is.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "fenced": fenced,
        "sections": sections,
        "files": files,
        "expected": expected,
        "kind": lambda part: type(part).__name__,
        "language": language,
        "parts": parts,
        "in_workdir": in_workdir,
        "commit_command": commit_command,
    }
    environment.globals |= {"groups": groups, "commit_paths": commit_paths}
    return environment


def groups(phase: Phase) -> list[tuple[str | None, list[tuple[int, Task]]]]:
    """Tasks with their numbers, those of one subcomponent that follow each other together."""
    found: list[tuple[str | None, list[tuple[int, Task]]]] = []
    for number, task in enumerate(phase.tasks, 1):
        if found and task.group is not None and found[-1][0] == task.group:
            found[-1][1].append((number, task))
        else:
            found.append((task.group, [(number, task)]))
    return found


def sections(steps: tuple[Step, ...]) -> list[Section]:
    """Steps under their headings: an untitled one continues the one before it."""
    found: list[Section] = []
    for step in steps:
        title = step.title or ("Commit" if isinstance(step, Commit) else None)
        if title is None and found and not isinstance(found[-1].steps[-1], Commit):
            found[-1] = Section(found[-1].title, (*found[-1].steps, step))
        else:
            found.append(Section(title or _default_title(step), (step,)))
    return found


def _default_title(step: Step) -> str:
    match step:
        case Edit():
            return "Edit " + ", ".join(map(str, step.targets))
        case Run():
            return "Run"
        case Verify():
            return "Verify"
        case Commit():
            return "Commit"
        case Manual():
            return "By hand"
        case _:
            assert_never(step)


def files(task: Task) -> list[str]:
    """The lines of a task's **Files:** list, such as "Modify: `a.py:16-22`"."""
    lines: dict[str, None] = {}
    for step in task.steps:
        match step:
            case Edit():
                for target in step.targets:
                    lines |= dict.fromkeys(_file(str(target), each) for each in step.changes)
            case Run() | Manual():
                lines |= dict.fromkeys(f"Modify: `{target}`" for target in step.files)
            case _:
                pass
    return list(lines)


def _file(path: str, change: Operation) -> str:
    match change:
        case Create():
            return f"Create: `{path}`"
        case Delete():
            return f"Delete: `{path}`"
        case MoveTo(to):
            return f"Move: `{path}` to `{to}`"
        case Patch():
            return _patched(path, change.part(path))
        case _:
            lines = getattr(change, "lines", None)
            return f"Modify: `{path}:{lines}`" if lines else f"Modify: `{path}`"


def _patched(path: str, part: FilePatch) -> str:
    if part.to is not None:
        return f"Move: `{path}` to `{part.to}`"
    words = {"create": "Create", "delete": "Delete", "change": "Modify"}
    return f"{words[part.kind]}: `{path}`"


def fenced(text: str, language: str = "") -> str:
    """A text in a fence longer than any inside it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") else text + "\n"
    return f"{fence}{language}\n{body}{fence}"


def language(path: str) -> str:
    """The name of a file's language for a fence, empty where it is not known."""
    return _LANGUAGES.get(PurePosixPath(path).suffix, "")


def in_workdir(command: str, phase: Phase) -> str:
    """A command with the `cd` that takes a reader from the repository's root to its folder."""
    folder = _folder(phase)
    return command.strip("\n") if folder is None else f"cd {folder} && {command.strip()}"


def _folder(phase: Phase) -> str | None:
    parts = [phase.settings.worktree, phase.settings.workdir]
    path = Path(*[part for part in parts if part])
    return None if path == Path() else _shell_word(path.as_posix())


def _shell_word(text: str) -> str:
    from shlex import quote

    return quote(text)


def commit_command(step: Commit, phase: Phase, paths: list[str]) -> str:
    """The shell command that makes a commit with its trailers."""
    message = compose(
        step.message, (*co_authors(phase.settings.co_authored_by or ()), *step.trailers)
    )
    words = " ".join(_shell_word(path) for path in paths)
    end = "EOF"
    while end in message.split("\n"):
        end += "_"
    return in_workdir(
        f"git add {words} && git commit -m \"$(cat <<'{end}'\n{message}{end}\n)\"", phase
    )


def commit_paths(phase: Phase, step: Commit) -> list[str]:
    """The paths that a commit is made of."""
    if step.files is not None:
        return [str(target) for target in step.files]
    targets = [target for each in declaring_steps(phase, step) for target in step_targets(each)]
    return list(dict.fromkeys(map(str, targets)))


def expected(expect: Expect) -> str:
    """What a check expects: the plan's own words, or the expectations in words."""
    if expect.prose:
        return expect.prose.strip()
    return "; ".join(_expectations(expect)) or "exit status 0"


def _expectations(expect: Expect) -> Iterator[str]:
    if expect.tests is not None:
        yield _tests(expect.tests)
    if expect.exit == "nonzero":
        yield "exit status other than 0"
    elif expect.exit is not None:
        yield f"exit status {' or '.join(map(str, expect.exit))}"
    yield from (f'prints "{text.strip()}"' for text in expect.contains)
    yield from (f'no "{text.strip()}"' for text in expect.absent)
    yield from (f"prints what matches `{pattern}`" for pattern in expect.matches)
    if expect.distinct is not None:
        yield f"{expect.distinct.count} different matches of `{expect.distinct.pattern}`"
    if expect.output is not None:
        yield f'prints exactly "{expect.output.strip()}"'
    if expect.empty:
        yield "no output"
    if expect.line_count is not None:
        yield f"{expect.line_count} lines of output"


def _tests(tests: TestsExpectation) -> str:
    words = []
    for name in ("passed", "failed", "errors", "skipped", "xfailed"):
        tally = getattr(tests, name)
        if tally is not None:
            words.append(f"{tally if not isinstance(tally, tuple) else ', '.join(tally)} {name}")
    if tests.workers is not None:
        words.append(f"on {tests.workers} workers")
    if tests.workers_per_file is not None:
        words.append(f"each file on {tests.workers_per_file} workers")
    words += [f'a failure says "{text}"' for text in tests.fails_with]
    begin = "tests fail" if tests.expects_failure else "tests pass"
    return ", ".join([begin, *words])
