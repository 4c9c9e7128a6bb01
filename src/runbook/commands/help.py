"""Help: of commands, the pages of the documentation, and a man page of the same texts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from runbook.commands.screen import say
from runbook.core.model.diagnostics import suggestion
from runbook.series.opening import UsageError
from runbook.views.screen import program


def show_help(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(metavar="[TOPIC]", help="A command, or a page.", show_default=False),
    ] = None,
    man: Annotated[
        bool, typer.Option("--man", help="Write the man page, as man reads it.")
    ] = False,
) -> None:
    """Show the help of a command, or a page of the documentation; without a name, all there are."""
    group: Any = context.find_root().command
    known = topics(group)
    if man:
        if topic is not None:
            raise UsageError("--man writes one page of all commands: name no topic")
        from runbook.commands.manpage import man_page

        typer.echo(man_page(group), nl=False)
    elif topic is None:
        width = max(map(len, known))
        for name, meaning in known.items():
            say(f"{name:<{width}}  {meaning}")
    elif topic in group.commands:
        group.main([topic, "--help"], prog_name="runbook")
    else:
        _show(_page(topic, known))


def topics(group: Any) -> dict[str, str]:
    """What there is help for, each with its meaning in a line: commands of a group, then pages.

    A page is named as its file, with `.md` where there is a command of that name.
    """
    found = {name: each.short_help or "" for name, each in group.commands.items()}
    for page in _pages():
        with page.open(encoding="utf-8") as lines:
            title = next(lines).lstrip("# ").strip()
        found[page.name if page.stem in found else page.stem] = title
    return found


def _pages() -> list[Path]:
    """The pages: of an installed runbook beside its modules, else of its checkout.

    Without the first one of the site, which has nothing but the list of the others.
    """
    package = Path(__file__).parents[1]
    folders = (package / "docs", package.parents[1] / "docs")
    folder = next((each for each in folders if each.is_dir()), folders[0])
    return sorted(page for page in folder.glob("*.md") if page.stem != "index")


def _page(topic: str, known: dict[str, str]) -> str:
    for page in _pages():
        if topic in (page.stem, page.name):
            return page.read_text(encoding="utf-8")
    near = suggestion(topic, known)
    hint = f"; did you mean `{near}`?" if near else ""
    raise UsageError(f"there is no help on `{topic}`{hint}; to see all: {program()} help")


def _show(text: str) -> None:
    if not sys.stdout.isatty():
        typer.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    with console.pager(styles=True, links=False):
        console.print(Markdown(text), width=min(console.width, 100))
