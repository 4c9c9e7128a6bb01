"""Commands for those who write phase files: set a repository up, begin a phase."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from runbook.commands.arguments import Phases
from runbook.commands.newfiles import make, shown, write_new, write_schemas
from runbook.commands.screen import say
from runbook.core.record.exits import STOPPED
from runbook.core.text.counting import count
from runbook.phasefile.loader import SERIES_FILE
from runbook.series.naming import phases_named
from runbook.series.opening import UsageError, checkout_of, open_series
from runbook.views.screen import program
from runbook.world.git.heads import NOTES


def init(
    title: Annotated[str, typer.Option("--title", help="The title of the series.")] = "",
    agents: Annotated[
        bool, typer.Option("--agents", help="Tell coding agents: AGENTS.md, and a skill.")
    ] = False,
) -> None:
    """Set this repository up: the folder phases/, editors, and what git is to know.

    Nothing that is there already is overwritten; every change is told.
    """
    from runbook.phasefile.skeletons import series_skeleton
    from runbook.world.git.ownership import refuse_foreign

    checkout = checkout_of(Path.cwd())
    refuse_foreign(Path.cwd())
    folder = Path("phases")
    make(folder)
    new = write_new(folder / SERIES_FILE, series_skeleton(title or checkout.root.name))
    for line in write_schemas(folder):
        say(line)
    if agents:
        _tell_agents(folder)
    _configure(checkout.root)
    from runbook.world.git.repository import Repository

    repository, worktrees = Repository(checkout.root), checkout.root / ".worktrees"
    if repository.ignores(worktrees):
        say("left git's excludes: .worktrees/ is ignored already")
    else:
        repository.exclude(worktrees, checkout.common_dir)
        say("added .worktrees/ to .git/info/exclude, so that linked worktrees don't show")
    if new:
        say(
            f'for completion in bash: eval "$({program()} completion bash)" in ~/.bashrc; '
            f"zsh and fish: {program()} completion -h"
        )
    begun = any(each.name != SERIES_FILE for each in folder.glob("*.y*ml"))
    say(f"next: {program()} {'check' if begun else 'new phase-1'}")


def new(
    phase: Annotated[str, typer.Argument(metavar="PHASE", help="phase-3, 3, or a name")],
) -> None:
    """Begin a phase: write a file with comments that say what can stand in it."""
    from runbook.phasefile.skeletons import phase_skeleton

    file = Path(phase)
    name = f"phase-{phase}" if phase.isdecimal() else re.sub(r"\.ya?ml$", "", file.name)
    inside = file.parent in (Path(), Path("phases"))  # it may be named by its file
    named = re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", name)
    if not inside or not named or name == "runbook":
        raise UsageError(f"`{phase}` can't be a phase's name; use a-z, 0-9 and `-`, as in phase-3")
    from runbook.world.git.ownership import refuse_foreign

    opened = open_series()
    refuse_foreign(opened.folder)
    digits = re.fullmatch(r"phase-(\d{1,9})", name)
    number = int(digits[1]) if digits else None
    taken = next(
        (p for p in opened.loaded.phases if number is not None and p.number == number), None
    )
    if taken is not None:
        raise UsageError(f"phase {number} is there already: {taken.at.path}")
    file = opened.folder / f"{name}.yaml"
    if not write_new(file, phase_skeleton(name, number)):
        raise UsageError(f"{name} is there already")
    for line in write_schemas(opened.folder):
        say(line)
    say(f"next: write its steps, then: {program()} check {name}")


def _tell_agents(folder: Path) -> None:
    """Write how an agent uses runbook into AGENTS.md and a skill file."""
    from runbook.phasefile.agents import HEADING, agents_section, agents_skill
    from runbook.world.files.durable import replace

    section = agents_section(str(folder))
    file = Path("AGENTS.md")
    if not file.exists():
        write_new(file, f"# Notes for coding agents\n\n{section}")
    elif HEADING in (text := file.read_bytes().decode("utf-8", "surrogateescape")):
        say(f"left {shown(file)} as it is")
    else:
        ending = "\r\n" if "\r\n" in text else "\n"
        added = f"{text.rstrip()}\n\n{section}".replace("\r\n", "\n").replace("\n", ending)
        replace(file, added.encode("utf-8", "surrogateescape"))
        say(f"added a section to {shown(file)}")
    skill = Path(".claude/skills/runbook/SKILL.md")
    make(skill.parent)
    write_new(skill, agents_skill(str(folder)))


def _configure(root: Path) -> None:
    """Let git carry the notes with the evidence along when commits are rewritten."""
    from runbook.world.git.gitcommand import git
    from runbook.world.git.gitfailed import GitFailed

    try:
        refs = git(root, "config", "--get-all", "notes.rewriteRef").decode().split("\n")
    except GitFailed:
        refs = []
    if NOTES in refs or "refs/notes/*" in refs:
        say("left notes.rewriteRef: a rebase carries the notes along already")
        return
    git(root, "config", "--local", "--add", "notes.rewriteRef", NOTES)
    say(
        f"set notes.rewriteRef to {NOTES} in this repository's configuration, so that a rebase "
        "carries along what runbook notes on its commits"
    )


def fmt(
    phases: Phases = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a file would change.")
    ] = False,
) -> None:
    """Make the layout of phase files regular: indentation, blanks, quotes. Comments stay."""
    from codecs import BOM_UTF8

    from runbook.phasefile.layout import laid_out
    from runbook.world.files.durable import replace
    from runbook.world.git.ownership import refuse_foreign

    opened = open_series()
    if not check:
        refuse_foreign(opened.folder)
    chosen = phases_named(opened, phases) if phases else opened.loaded.phases
    files = [opened.folder / Path(phase.at.path).name for phase in chosen]
    series = opened.folder / SERIES_FILE
    if not phases and series.exists():
        files.insert(0, series)
    changed = 0
    for file in files:
        data = file.read_bytes()
        mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
        new = mark + laid_out(data.decode("utf-8-sig")).encode()
        if new == data:
            continue
        changed += 1
        if not check:
            replace(file, new)
        say(f"{'would change' if check else 'changed'} {shown(file)}")
    if not changed:
        say(f"{count(len(files), 'file')} left as {'it is' if len(files) == 1 else 'they are'}")
    elif check:
        raise typer.Exit(STOPPED)
