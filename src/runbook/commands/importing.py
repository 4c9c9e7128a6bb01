"""The command that makes phase files of Markdown plans."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from runbook.commands.newfiles import shown, write_schemas
from runbook.commands.overwriting import given, refuse_others
from runbook.commands.screen import say
from runbook.core.model.imported import Imported
from runbook.core.model.model import Phase, Series
from runbook.core.record.exits import STOPPED
from runbook.core.value import value
from runbook.series.opening import UsageError, phases_folder
from runbook.views.screen import program
from runbook.world.git.checkout import BareRepository, NoCheckout, find_checkout

Read = Callable[[str], str | None]

_SECONDS = 30.0
"""How long one plan may take: those that people write take some tenths of one."""


@value
class _Planned:
    """A file to be written."""

    path: Path
    text: str
    there: bool  # with this very text


def import_plans(
    plans: Annotated[
        list[Path], typer.Argument(metavar="PLAN.md...", help="Markdown plans.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Folder of the phase files; else the series'."
        ),
    ] = None,
    repo: Annotated[
        Path | None,
        typer.Option(
            "--repo",
            metavar="DIR",
            help="Try each edit against this folder, in which the plan's paths stand.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when anything is manual or unchecked.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Also write the account, as JSON."),
    ] = None,
) -> None:
    """Make phase files of Markdown plans.

    What a plan doesn't say exactly becomes a `manual` step with the plan's own words.
    """
    from runbook.markdown.importing.sharing import share
    from runbook.views.imported import import_report, next_lines

    read_file = None if repo is None else _reader(repo)
    folder = output or _phases()
    existing = _series(folder)
    imports = _all_imported(plans, read_file, existing[1] if existing else ())
    series, phases = share(tuple(imports), None if existing is None else existing[0])
    planned = [
        _planned(folder / f"{phase.id}.yaml", phase, series, plan)
        for plan, phase in zip(plans, phases, strict=True)
    ]
    extra = _series_file(folder, series, existing)
    files = [*([extra] if extra else []), *planned]
    _refuse_overwriting(files)
    account = import_report(
        (str(plan), str(file.path), imported)
        for plan, file, imported in zip(plans, planned, imports, strict=True)
    )
    _write([*([] if report is None else [_account(report, account)]), *files])
    _say_accounts(plans, planned, imports)
    if extra:
        say(f"\n{shown(extra.path)} written: what the plans share")
    if schemas := write_schemas(folder):
        say("\n" + "\n".join(schemas))
    _say_what_is_missing(phases, existing[1] if existing else ())
    for line in next_lines(_then(folder), imports, tried=repo is not None):
        say(line)
    if strict and not all(each.complete for each in imports):
        raise typer.Exit(STOPPED)


def _say_accounts(
    plans: Sequence[Path], planned: Sequence[_Planned], imports: Sequence[Imported]
) -> None:
    from runbook.views.imported import import_lines

    for number, (plan, file, imported) in enumerate(zip(plans, planned, imports, strict=True)):
        if number:
            say("")
        state = "is as it was" if file.there else "written"
        for line in import_lines(str(shown(plan)), str(shown(file.path)), state, imported):
            say(line)


def _phases() -> Path:
    """The folder of the series that one stands in; where there is none, it is to be made here."""
    here = Path.cwd()
    try:
        found = phases_folder(here, find_checkout(here).root)
    except BareRepository as error:
        raise UsageError(str(error)) from None
    except NoCheckout:
        found = here / "phases"
    return Path(os.path.relpath(found)) if found.is_dir() else Path("phases")


def _then(output: Path) -> str:
    """What is to be done with the phase files: commands find those in a folder `phases`."""
    folder, here = output.resolve(), Path.cwd()
    if folder.name != "phases":
        return f"put them into a folder `phases` of the repository, then: {program()} check"
    elsewhere = folder.parent not in (here, *here.parents)
    return f"{program()} {f'-C {shlex.quote(str(output.parent))} ' if elsewhere else ''}check"


def _say_what_is_missing(phases: Sequence[Phase], existing: tuple[Phase, ...]) -> None:
    known = {each.id for each in (*phases, *existing)}
    for phase in phases:
        missing = [name for name in phase.requires if name not in known]
        if missing:
            say(f"\n{phase.id} requires {', '.join(missing)}: import their plans as well")


def _reader(folder: Path) -> Read:
    from runbook.core.model.paths import objection
    from runbook.world.files.workspace import Unreachable, Workspace

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; --repo names the one to try the edits in")
    workspace = Workspace(folder, None)

    def read(path: str) -> str | None:
        if objection(path):
            return None
        try:
            state = workspace.read(path)
        except Unreachable:
            return None
        return None if state is None else state.data.decode("utf-8", "surrogateescape")

    return read


def _all_imported(
    plans: list[Path], read_file: Read | None, existing: tuple[Phase, ...]
) -> list[Imported]:
    """The plans as phases, each under a name that no other phase of the folder has."""
    from runbook.markdown.importing.naming import named

    seen: set[Path] = set()
    for plan in plans:
        if plan.resolve() in seen:
            raise UsageError(f"{plan} is given twice; name each plan once")
        seen.add(plan.resolve())
    made: list[Imported] = []
    refused: list[str] = []
    for plan in plans:
        try:
            made.append(_imported(plan, read_file))
        except UsageError as error:
            refused.append(str(error))
    if refused:
        raise UsageError("\nerror: ".join(refused))
    return named(made, existing)


def _imported(plan: Path, read_file: Read | None) -> Imported:
    from runbook.core.check.questions import TooLong
    from runbook.core.model.imported import NoPlan
    from runbook.markdown.importing.importer import import_plan
    from runbook.transforms.transforms import TRANSFORMS
    from runbook.world.processes.timelimit import time_limit

    if plan.is_dir():
        raise UsageError(f"{plan} is a folder; name its plans, as in {plan}/*.md")
    try:
        with given(plan, to_be="read"):
            text = plan.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise UsageError(f"{plan}:{line}:{column}: this is not UTF-8; save it in UTF-8") from None
    try:
        with time_limit(_SECONDS):
            return import_plan(text, plan.stem, read_file, TRANSFORMS)
    except (TooLong, RecursionError):
        raise UsageError(
            f"{plan} can't be read in {_SECONDS:.0f} s: it is nested too deeply, or a part is too "
            "long; cut it into several plans"
        ) from None
    except NoPlan:
        raise UsageError(
            f"{plan} has no task: a task begins with a heading such as `### Task 1: Title`"
        ) from None


def _series(folder: Path) -> tuple[Series, tuple[Phase, ...]] | None:
    """The series that is in the folder already, if there is one."""
    from runbook.phasefile.loader import SERIES_FILE, load_series

    if not folder.is_dir() or not any(folder.glob("*.yaml")):
        return None
    loaded = load_series(folder, os.path.relpath(folder), whole=False)
    there = (folder / SERIES_FILE).exists()
    return (loaded.series if there else Series()), loaded.phases


def _planned(path: Path, phase: Phase, series: Series, plan: Path) -> _Planned:
    from runbook.core.model.diagnostics import InvalidPhaseFiles
    from runbook.format.content import Unwritable
    from runbook.phasefile.loader import phase_in
    from runbook.phasefile.writer import write_phase

    try:
        text = write_phase(phase, series)
    except Unwritable as error:
        raise UsageError(f"{plan} can't be said in a phase file: {error}") from None
    try:
        phase_in(text, path.stem, str(path))
    except InvalidPhaseFiles as error:
        first = error.diagnostics[0]
        line = text.split("\n")[first.at.line - 1].strip()
        raise UsageError(
            f"{plan} is damaged: its phase file could not be read back, at `{line[:80]}`: "
            f"{first.message}"
        ) from None
    return _Planned(path, text, _there(path) == text)


def _series_file(
    folder: Path, series: Series, existing: tuple[Series, tuple[Phase, ...]] | None
) -> _Planned | None:
    """The series file, where there is none and the plans share something."""
    from runbook.phasefile.loader import SERIES_FILE
    from runbook.phasefile.writer import write_series

    if existing is not None or series == Series():
        return None
    text = write_series(series)
    path = folder / SERIES_FILE
    return _Planned(path, text, _there(path) == text)


def _there(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None


def _refuse_overwriting(files: list[_Planned]) -> None:
    there = [str(file.path) for file in files if file.path.exists() and not file.there]
    if there:
        verb = "exists" if len(there) == 1 else "exist"
        raise UsageError(
            f"{', '.join(there)} {verb} with other content, and nothing was written; "
            "give another folder with -o, or move it away"
        )


def _account(path: Path, text: str) -> _Planned:
    """The account as a file, which may take the place of an earlier one and of nothing else.

    Raises:
        UsageError: something else is there, such as a plan.
    """
    from runbook.views.imported import is_report

    refuse_others(path, "account of an import", is_report)
    return _Planned(path, text, False)


def _write(files: list[_Planned]) -> None:
    from runbook.world.git.ownership import refuse_foreign

    new = [file for file in files if not file.there]
    for file in new:
        refuse_foreign(file.path.parent)
    try:
        for file in new:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_text(file.text, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        place = error.filename or file.path
        raise UsageError(f"{place} can't be written: {error.strerror}") from None
