"""What `check` does: phases simulated and linted, their problems found in their files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.lint.emptylines import lost_lines
from runbook.core.lint.evidence import locked_versions
from runbook.core.lint.finding import RULES, Finding
from runbook.core.lint.phase import lint, relies_on_groups
from runbook.core.model.model import Commit, Manual, Phase, Run, Series, Step
from runbook.core.model.paths import folder_named, pattern_named
from runbook.core.position import Position
from runbook.core.record.problems import Problem
from runbook.core.text.counting import count
from runbook.core.value import value
from runbook.engine.ground.nowhere import lost_hint, lost_message
from runbook.engine.ground.undeclared import hint_of, omitted
from runbook.engine.review.simulatephase import SimulatedPhase
from runbook.engine.review.simulateseries import PassedOver, SeriesSimulation
from runbook.format.steps import ITEM_KEYS
from runbook.phasefile.locate import locate
from runbook.series.carried import absent, imported_from_the_checkout
from runbook.series.groups import text_in, unheeded_groups
from runbook.series.newkeys import misspelt_keys
from runbook.series.programs import not_found
from runbook.series.testnames import missing_files, missing_tests
from runbook.world.files.workspace import FileState, data_of

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.core.record.progress import Progress
    from runbook.phasefile.remarks import Remark
    from runbook.series.opening import Opened

_NOTED = 5
"""Of how many edits of a phase it is told that they can't be tried, or change nothing."""

# What the first of them says counts.
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "requirements-dev.txt", "requirements.txt")


@value
class Checked:
    """What was found in the phases that were asked for."""

    phases: tuple[Phase, ...]
    simulated: tuple[SimulatedPhase, ...]
    problems: tuple[Problem, ...]
    absent: dict[str, list[str]]
    """What is not on this machine, by the phase that wants it, in words."""

    @property
    def is_whole(self) -> bool:
        """Whether all edits could be tried."""
        return not any(each.untried for each in self.simulated)

    @property
    def notes(self) -> dict[str, list[str]]:
        """What else is to be known of each phase and its edits, in words."""
        return {
            each.phase.id: [*self.absent.get(each.phase.id, ()), *_notes(each)]
            for each in self.simulated
        }


def _notes(simulated: SimulatedPhase) -> Iterator[str]:
    """The edits whose files nobody knows yet, and those that would change nothing."""
    for left in simulated.untried[:_NOTED]:
        why = f"which depends on {left.after}" if left.after else "which git does not have here"
        yield f"not tried: {left.step} ({', '.join(left.paths)}), {why}"
    if len(simulated.untried) > _NOTED:
        yield f"not tried: {count(len(simulated.untried) - _NOTED, 'edit')} more"
    unneeded = simulated.unneeded
    if len(unneeded) == simulated.edits > 1:
        yield f"already applied: all {simulated.edits} edits"
        return
    for each in unneeded[:_NOTED]:
        yield f"already applied: {each.step} ({', '.join(each.paths)})"
    if len(unneeded) > _NOTED:
        yield f"already applied: {count(len(unneeded) - _NOTED, 'edit')} more"


def check_phases(opened: Opened, chosen: tuple[Phase, ...]) -> Checked:
    """Simulate the series as far as the last of the phases, and lint those.

    Raises:
        GitFailed: git does not accept the repository.
    """
    series = opened.loaded.phases
    last = max((series.index(phase) for phase in chosen), default=-1)
    files = _Files(phase.at.path for phase in chosen)
    problems: list[Problem] = []
    lacking = absent(opened.checkout, chosen)
    with SeriesSimulation(
        opened.checkout, opened.folder, series[: last + 1], progress_of(opened)
    ) as simulation:
        every = tuple(simulation.simulated())
        simulated = tuple(each for each in every if each.phase in chosen)
        findings: dict[tuple[str, Position, str], Finding] = {}
        passed_over = tuple(simulation.passed_over(each.phase for each in simulated))
        for each in simulated:
            problems += _conflicts(simulation, each, files)
            if _lacks_workdir(opened, simulation, each, every):
                problems.append(_no_workdir(each.phase, files))
            for finding in (
                *_findings(simulation, each, opened.loaded.series),
                *(_passed_over(left) for left in passed_over if left.phase == each.phase.id),
                *missing_tests(simulation, each, every),
                *missing_files(simulation, each.phase),
                *unheeded_groups(simulation, each, every),
                *misspelt_keys(simulation, each),
                *imported_from_the_checkout(opened.checkout, each.phase, opened.loaded.series),
            ):
                findings.setdefault((finding.code, finding.at, finding.message), finding)
            lacking.setdefault(each.phase.id, []).extend(
                not_found(each.phase, simulation.progress(each.phase))
            )
    problems += files.problems(findings.values())
    problems.sort(key=lambda each: (each.at.path, each.at.line, each.at.column))
    return Checked(chosen, simulated, tuple(problems), lacking)


def composed(checked: Checked, scopes: Collection[str]) -> str:
    """What the edits of tasks and phases would change together, as a patch for `git apply`.

    `scopes` are identifiers of tasks and phases; none stands for all that was checked.
    """
    from runbook.core.edit.difference import difference

    states: dict[str, tuple[FileState | None, FileState | None]] = {}
    for simulated in checked.simulated:
        for task, files in simulated.planned:
            if scopes and task not in scopes and simulated.phase.id not in scopes:
                continue
            for file in files:
                path = simulated.inside + file.path
                before = states[path][0] if path in states else file.before
                states[path] = (before, file.after)
    return "".join(
        difference(
            path,
            data_of(before),
            data_of(after),
            (before.mode if before else None, after.mode if after else None),
        )
        for path, (before, after) in states.items()
    )


def progress_of(opened: Opened) -> Callable[[Phase], Progress | None]:
    """What the journal of a phase's worktree knows, `None` where there is none; read once."""
    known: dict[Path, Progress | None] = {}

    def progress(phase: Phase) -> Progress | None:
        folder = opened.journal(phase)
        if folder not in known:
            known[folder] = opened.journals.taken(folder) if folder.exists() else None
        return known[folder]

    return progress


def _conflicts(
    simulation: SeriesSimulation, simulated: SimulatedPhase, files: _Files
) -> Iterator[Problem]:
    phase = simulated.phase
    progress = simulation.progress(phase)
    changed = None
    if progress is not None:
        from runbook.core.record.status import changed_task

        changed = changed_task(phase, progress)
    if changed is not None and progress is not None:
        # Where nothing was done, nothing of it is needed.
        from runbook.engine.outlook.finished import changed_stop

        stop = changed_stop(changed, progress)
        part = next((step for where, step in changed.named_steps() if where == stop.where), changed)
        yield Problem(
            "conflict", part.at, f"{changed.id}: {stop.message}", None, stop.hint,
            files.excerpt(part.at), 1, changed.id,
        )  # fmt: skip
    for where, step, path, (message, hint) in _no_files(simulation, phase):
        yield Problem(
            "conflict", step.at, message, None, hint, files.excerpt(step.at), 1, where, path
        )
    if simulation.begins_on_none(phase):
        from runbook.engine.outlook.startless import Beginning, startless

        parts = (*phase.tasks, phase.verification_task)
        for where, check, message, hint in startless(parts, Beginning(None, None)):
            at, width = locate(files.lines(check.at.path), check.at, "fails-at", check.fails_in)
            yield Problem(
                "conflict", at, message, None, hint, files.excerpt(at), width, where
            )  # fmt: skip
    for where, commit, paths in simulation.nowhere(phase):
        at, width = locate(files.lines(commit.at.path), commit.at, "files", paths[0])
        yield Problem(
            "conflict", at, lost_message(paths), None, lost_hint(phase, paths),
            files.excerpt(at), width, where, paths[0],
        )  # fmt: skip
    for missed in simulated.missed:
        at, width = locate(files.lines(missed.at.path), missed.at, None, None)
        conflict = missed.conflict
        commits = simulation.moved_by(phase, missed)
        message = conflict.of(missed.path)
        yield Problem(
            "conflict", at, message, None, conflict.hint,
            files.excerpt(at), width, missed.step, missed.path, conflict.near,
            conflict.notes, phase.base if commits else None, commits,
        )  # fmt: skip


def _lacks_workdir(
    opened: Opened,
    simulation: SeriesSimulation,
    at: SimulatedPhase,
    every: Iterable[SimulatedPhase],
) -> bool:
    """Whether the folder of a phase's `workdir` is not there, and nothing before can make it."""
    phase = at.phase
    folder = opened.workdir(phase)
    progress = simulation.progress(phase)
    done = progress is not None and progress.complete(phase.id)
    if done or simulation.has_workdir(phase) or folder.is_dir():
        return False
    inside = f"{phase.settings.workdir}/"
    for each in every:
        made = (each.inside + file.path for _, files in each.planned for file in files)
        if any(path.startswith(inside) for path in made):
            return False
        steps = (step for _, step in each.phase.named_steps())
        if any(
            isinstance(step, Manual) or (isinstance(step, Run) and each is not at) for step in steps
        ):
            return False
        if each is at:
            break
    return True


def _no_workdir(phase: Phase, files: _Files) -> Problem:
    workdir = phase.settings.workdir
    at, width = locate(files.lines(phase.at.path), phase.at, "workdir", workdir)
    message = f"the folder {workdir} does not exist, in which paths and commands stand (`workdir`)"
    return Problem("conflict", at, message, None, None, files.excerpt(at), width, phase.id)


def _no_files(
    simulation: SeriesSimulation, phase: Phase
) -> Iterator[tuple[StepId, Step, str, tuple[str, str]]]:
    """The steps whose `files` name a folder of the commit that the phase begins on, or a pattern.

    With each what is amiss, and what to write.
    """
    tree = simulation.files(phase)
    for where, step in phase.named_steps():
        for path in (step.files or ()) if isinstance(step, Run | Manual | Commit) else ():
            if not isinstance(path, str):
                continue
            if tree.matching(f"{path}/**"):
                yield where, step, path, folder_named(path)
            elif "*" in path and not tree.is_there(path) and tree.matching(path):
                yield where, step, path, pattern_named(path)


def _findings(
    simulation: SeriesSimulation, simulated: SimulatedPhase, series: Series
) -> Iterator[Finding]:
    phase = simulated.phase
    locked = _locked(simulation, phase) if relies_on_groups(phase) else {}
    yield from lint(phase, locked, series)
    lines = _text(phase.at.path).replace("\r\n", "\n").split("\n")
    yield from lost_lines(phase.at.path, lines, ITEM_KEYS)
    for stale in simulated.stale_hints:
        yield Finding(
            "RB109", stale.at,
            f"`lines: {stale.hint}` is off: in {stale.path} the text stands in "
            f"line{'s' if stale.lines.last > stale.lines.first else ''} {stale.lines}",
            f"write `lines: {stale.lines}`, or leave it out", stale.step, "lines", str(stale.hint),
        )  # fmt: skip
    if not simulation.names_a_commit(phase):
        yield Finding(
            "RB116", phase.at, f"`base: {phase.base}` names no commit of this repository",
            "state the commit that the phase was written against", key="base", text=phase.base,
        )  # fmt: skip


def _passed_over(left: PassedOver) -> Finding:
    return Finding(
        "RB118", left.step.at, omitted(left.hidden), hint_of(left.hidden), left.where, "commit"
    )


def _locked(simulation: SeriesSimulation, phase: Phase) -> Mapping[str, str]:
    tree = simulation.files(phase)
    found: dict[str, str] = {}
    for name in reversed(_LOCKS):
        found |= locked_versions(text_in(tree, name))
    return found


class _Files:
    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._lines: dict[str, list[str]] = {}

    def lines(self, path: str) -> list[str]:
        if path not in self._lines:
            self._lines[path] = [line.rstrip("\r") for line in _text(path).split("\n")]
        return self._lines[path]

    def excerpt(self, at: Position) -> str:
        lines = self.lines(at.path)
        return lines[at.line - 1] if at.line <= len(lines) else ""

    def problems(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """The findings that no remark says to ignore, and the remarks that do nothing."""
        found = {path: _remarks(path) for path in self._paths}
        used: set[tuple[str, int, str]] = set()
        for finding in findings:
            path = finding.at.path
            if path not in found:
                found[path] = _remarks(path)
            at, width = locate(self.lines(path), finding.at, finding.key, finding.text)
            here = {at.line, finding.at.line}
            meant = (each for each in found[path] if finding.code in each.codes and each.reason)
            said = next((each for each in meant if here & {*each.lines}), None)
            if said is not None:
                used.add((path, said.line, finding.code))
                continue
            yield Problem(
                "lint", at, finding.message, finding.code, finding.hint, self.excerpt(at), width,
                finding.step,
            )  # fmt: skip
        for path, each in found.items():
            for remark in each:
                yield from self._idle(path, remark, used)

    def _idle(
        self, path: str, remark: Remark, used: set[tuple[str, int, str]]
    ) -> Iterator[Problem]:
        """What is wrong with a remark itself."""
        at = Position(path, remark.line, remark.column)
        wrong: list[tuple[str, str]] = []
        if not remark.codes:
            wrong.append(("the comment names no rule", "write `# runbook: ignore RB101 reason`"))
        elif not remark.reason:
            wrong.append(("the comment gives no reason", "say why the rule does not apply here"))
        for code in remark.codes:
            if code not in RULES:
                wrong.append((f"there is no rule {code}", "docs/lint.md lists them"))
            elif remark.reason and (path, remark.line, code) not in used:
                wrong.append((f"{code} finds nothing here to be ignored", "remove the comment"))
        for message, hint in wrong:
            yield Problem("lint", at, message, "RB100", hint, self.excerpt(at), len("# runbook"))


def _remarks(path: str) -> tuple[Remark, ...]:
    text = _text(path)
    if "runbook:" not in text:
        return ()
    # Imported here: few files have any.
    from runbook.phasefile.remarks import remarks

    return remarks(text)


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8-sig", errors="surrogateescape")
