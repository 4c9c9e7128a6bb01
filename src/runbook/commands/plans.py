"""Commands between phase files and Markdown plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runbook.commands.arguments import Phases
from runbook.commands.newfiles import make
from runbook.commands.overwriting import given, refuse_others
from runbook.commands.screen import hand_out, say
from runbook.core.model.model import Phase
from runbook.core.record.exits import STOPPED
from runbook.core.record.progress import Progress
from runbook.series.naming import phases_named
from runbook.series.opening import Opened, UsageError, open_series
from runbook.series.standing import look


def plan(
    phases: Phases = None,
    every: Annotated[bool, typer.Option("--all", help="Every phase of the series.")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE|DIR", help="Write to this file, or into this folder."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if what -o names is stale.")
    ] = False,
    progress: Annotated[
        bool, typer.Option("--progress", help="Show what is done, with commits and evidence.")
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE", help="A Jinja2 template instead of ours."),
    ] = None,
) -> None:
    """Write phases as Markdown plans for people and coding agents."""
    if every == bool(phases):
        raise UsageError("name phases, or say --all: one of the two")
    if check and output is None:
        raise UsageError("say with -o which plan is to be checked")
    opened = open_series()
    chosen = phases_named(opened, phases or [])
    seen = look(opened) if progress else {}
    known = {name: each.progress for name, each in seen.items()}
    texts = {phase.id: _text(opened, phase, template, known.get(phase.id)) for phase in chosen}
    if output is None:
        hand_out("\n".join(texts.values()))
        return
    path = Path(output)
    folder = len(chosen) != 1 or path.is_dir() or output.endswith("/")
    files = {path / f"{name}.md" if folder else path: text for name, text in texts.items()}
    from runbook.markdown.ownplan import has_comments

    for file in files:
        refuse_others(file, "plan that runbook wrote", has_comments)
    if check:
        _check(files)
    elif folder:
        make(path)
    for file, text in () if check else files.items():
        with given(file, to_be="written"):
            file.write_text(text, encoding="utf-8", newline="")
        say(f"wrote {file}")


def _text(opened: Opened, phase: Phase, template: Path | None, progress: Progress | None) -> str:
    from jinja2 import TemplateError

    from runbook.markdown.plan import plan as render

    if template is None:
        return render(opened.loaded.series, phase, progress=progress)
    try:
        source = template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the template {template} can't be read: {error}") from None
    try:
        return render(opened.loaded.series, phase, template=source, progress=progress)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        line = _line_in_template(error)
        place = f"{template}:{line}" if line else str(template)
        raise UsageError(f"{place}: {type(error).__name__}: {error}") from None


def _line_in_template(error: Exception) -> int | None:
    """The line of the template at which an error arose, or `None` where it is not in it."""
    line: int | None = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None and line is None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _check(files: dict[Path, str]) -> None:
    """Compare plans with what would be written, and fail where they differ."""
    from difflib import unified_diff

    stale = 0
    for file, text in files.items():
        written = file.read_text(encoding="utf-8") if file.exists() else None
        if written == text:
            say(f"{file} is up to date")
            continue
        stale += 1
        if written is None:
            say(f"{file} is missing")
            continue
        say(f"{file} is stale:")
        names = (str(file), f"{file} as it would be written")
        pairs = (written.split("\n"), text.split("\n"))
        for line in unified_diff(*pairs, *names, lineterm=""):
            hand_out(f"{line}\n")
    if stale:
        raise typer.Exit(STOPPED)
