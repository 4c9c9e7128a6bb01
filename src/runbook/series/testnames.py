"""Commands that name tests and scripts, held against all that is known of those files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from runbook.core.lint.finding import Finding
from runbook.core.lint.nodeids import absent, node_ids
from runbook.core.model.declared import declaring_steps, step_targets
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.globs import matches
from runbook.core.model.model import Manual, Phase, Run, Verify
from runbook.core.model.operations import Glob
from runbook.world.files.workspace import Unreachable

if TYPE_CHECKING:
    from runbook.engine.review.simulatephase import SimulatedPhase
    from runbook.engine.review.simulateseries import SeriesSimulation


def missing_tests(
    simulation: SeriesSimulation, simulated: SimulatedPhase, every: tuple[SimulatedPhase, ...]
) -> Iterator[Finding]:
    """The tests that a phase runs or expects, and that neither the repository nor any edit has.

    `every` are the phases up to it. A file that a person or a command may change is not judged.
    """
    phase = simulated.phase
    for where, step in phase.named_steps():
        if not isinstance(step, Verify):
            continue
        for key, path, names in node_ids(step):
            texts = _texts(simulation, phase, path, every)
            if not texts or may_be_changed(path, every):
                continue
            missing = [absent(names, text) for text in texts]
            if all(missing):
                name = missing[-1] or ""
                yield Finding(
                    "RB119", step.at, f"{path} has no `{name}`", _near(name, texts[-1]), where,
                    key, name,
                )  # fmt: skip


def missing_files(simulation: SeriesSimulation, phase: Phase) -> Iterator[Finding]:
    """The tests and scripts that commands of a phase name, and that are nowhere."""
    tree = simulation.files(phase)
    declared = [str(each) for step in declaring_steps(phase) for each in step_targets(step)]
    for where, step, word, path in simulation.not_there(phase):
        folder = path.rpartition("/")[0]
        near = suggestion(path, [*declared, *tree.matching(f"{folder}/*" if folder else "*")])
        yield Finding(
            "RB119", step.at, f"{path} is not there: git has never had it, and no step makes it",
            near, where, "verify" if isinstance(step, Verify) else "run", word,
        )  # fmt: skip


def _texts(
    simulation: SeriesSimulation, phase: Phase, path: str, every: tuple[SimulatedPhase, ...]
) -> list[str]:
    """Every state of a file that is known: what is there, and what edits make of it."""
    texts = []
    with suppress(Unreachable):
        now = simulation.files(phase).read(path)
        texts += [] if now is None else [now.data.decode("utf-8", "replace")]
    inside = next((each.inside for each in every if each.phase is phase), "")
    for each in every:
        for _, files in each.planned:
            for file in files:
                if each.inside + file.path == inside + path and file.after is not None:
                    texts.append(file.after.data.decode("utf-8", "replace"))
    return texts


def may_be_changed(path: str, every: tuple[SimulatedPhase, ...]) -> bool:
    """Whether a person or a command may have written the file; or an edit that can't be tried."""
    declared = [
        target
        for each in every
        for _, step in each.phase.named_steps()
        if isinstance(step, Manual | Run)
        for target in step.files or ()
    ]
    untried = [name for each in every for left in each.untried for name in left.paths]
    untried += [missed.path for each in every for missed in each.missed]
    return path in untried or any(
        matches(target.pattern, path) if isinstance(target, Glob) else target == path
        for target in declared
    )


def _near(name: str, text: str) -> str | None:
    import re

    found = re.findall(r"(?m)^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(\w+)", text)
    return suggestion(name, found)
