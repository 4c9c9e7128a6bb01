"""The command that makes a report of what was recorded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from runbook.commands.overwriting import given, refuse_others
from runbook.series.opening import UsageError

Format = Literal["html", "md", "junit"]


def report(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN|PHASE]",
            help="A run, `last`, or a phase with all its runs.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="A page, Markdown for a pull request, or XML for CI.")
    ] = "html",
    show: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Of JSON lines in a file; `-`: of those read."),
    ] = None,
) -> None:
    """Make a report of a run: one page with its timeline, changes, evidence and commits.

    Without a name: of the phases of the last run, with all their runs. Without a journal it is made
    of the notes that commits carry.
    """
    if name is not None and source is not None:
        raise UsageError("--from makes a report of all that is in its file: name no run")
    if show and form != "html":
        raise UsageError("--open shows a page: give it without --format")
    if form == "html" and output is None and not show and sys.stdout.isatty():
        raise UsageError("a page is nothing for a terminal: say -o FILE, or --open")
    if output is not None:
        from runbook.report.ours import REPORT, is_report

        # Before it is made, which may take a while.
        refuse_others(output, REPORT, is_report)
    text = _text(name, source, form)
    if show and output is None:
        output = _aside()
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
        return
    with given(output, to_be="written"):
        output.write_text(text, encoding="utf-8", newline="")
    typer.echo(f"wrote {output}")
    if show:
        import webbrowser

        if not webbrowser.open(output.resolve().as_uri()):
            raise UsageError(f"no browser was found; the report is in {output}")


def _text(name: str | None, source: Path | None, form: Format) -> str:
    from runbook.report.fold import fold
    from runbook.series import reports

    if source is None:
        history = reports.recorded(name)
    elif str(source) == "-":
        history = reports.from_lines(sys.stdin, "standard input")
    else:
        try:
            with given(source, to_be="read"), source.open(encoding="utf-8") as lines:
                history = reports.from_lines(lines, str(source))
        except UnicodeDecodeError as error:
            raise UsageError(f"{source} can't be read: {error}") from None
    story = fold(history.events, history.source)
    if form == "html":
        from runbook.report.page import page

        return page(story)
    if form == "md":
        from runbook.report.markdown import markdown

        return markdown(story)
    from runbook.report.junit import junit

    return junit(story)


def _aside() -> Path:
    """Where a page is written that nobody gave a name: in the repository's own folder of ours."""
    from runbook.world.git.checkout import find_checkout

    folder = find_checkout(Path.cwd()).common_dir / "runbook"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "report.html"
