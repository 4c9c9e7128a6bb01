"""Writes phase files: what is read back from them is the model they were written of.

Only what is stated is written: defaults, and what a phase inherits from its series, stay out.
"""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model import (
    Note,
    Phase,
    Series,
    Service,
    Settings,
    Task,
)
from runbook.format.contents import (
    Entry,
    environment,
    few,
    inline,
    listed,
    number,
    output_text,
    prose,
    timeout,
    words,
)
from runbook.format.emit import (
    Content,
    Inline,
    Plain,
    Sequence,
    Unwritable,
    Words,
    emit,
    mapping,
    spaced,
)
from runbook.phasefile.stepwriter import step_content

__all__ = ["PHASE_SCHEMA", "SERIES_SCHEMA", "Unwritable", "write_phase", "write_series"]

# Where `runbook init` puts the JSON Schemas, as seen from a phase file: editors resolve it.
PHASE_SCHEMA = ".schema/phase.json"
SERIES_SCHEMA = ".schema/series.json"


def write_phase(phase: Phase, series: Series | None = None, *, schema: str = PHASE_SCHEMA) -> str:
    """The phase file of a phase; what `series` says already is left out of it.

    `schema` is written into the first line, for editors; empty leaves the line out.

    Raises:
        Unwritable: something in the phase can't be said in a phase file.

    """
    return _head(schema) + spaced(mapping(_phase(phase, series or Series())), _SPACED)


def write_series(series: Series, *, schema: str = SERIES_SCHEMA) -> str:
    """The file `runbook.yaml` of a series.

    Raises:
        Unwritable: something in it can't be said there.

    """
    entries = [
        ("title", words(series.title)),
        *_shared(series.of, series.verified, series.tech_stack),
        *_settings(series.settings),
    ]
    root = mapping(entries)
    return _head(schema) + (emit(root) if root.entries else "{}\n")


def _head(schema: str) -> str:
    return f"# yaml-language-server: $schema={schema}\n" if schema else ""


_SPACED = frozenset({"tasks"})


def _phase(phase: Phase, series: Series) -> Iterator[Entry]:
    own = _own(phase.settings, series.settings)
    yield "phase", number(phase.number)
    yield "title", words(phase.title)
    yield "goal", Words(phase.goal, prose=True)
    yield "architecture", prose(phase.architecture)
    yield from _shared(
        None if phase.of == series.of else phase.of,
        None if phase.verified == series.verified else phase.verified,
        None if phase.tech_stack == series.tech_stack else phase.tech_stack,
    )
    yield "base", inline(phase.base)
    yield "requires", few(phase.requires, Inline)
    yield from _settings(own)
    yield "notes", listed(phase.notes, _note)
    tasks = enumerate(phase.tasks, 1)
    yield "tasks", Sequence(tuple(_task(task, number, phase.id) for number, task in tasks), False)
    yield "verification", listed(phase.verification, step_content)


def _shared(of: int | None, verified: str | None, tech_stack: str | None) -> Iterator[Entry]:
    yield "of", number(of)
    yield "tech-stack", prose(tech_stack)
    yield "verified", inline(verified)


def _own(settings: Settings, inherited: Settings) -> Settings:
    """What the settings of a phase say beyond what it inherits."""
    env, secrets = dict(inherited.env or ()), inherited.secrets or ()
    own_env = tuple(
        (name, text) for name, text in settings.env or () if env.get(name, object()) != text
    )
    own_secrets = tuple(name for name in settings.secrets or () if name not in secrets)
    return Settings(
        None if settings.workdir == inherited.workdir else settings.workdir,
        None if settings.worktree == inherited.worktree else settings.worktree,
        None if settings.co_authored_by == inherited.co_authored_by else settings.co_authored_by,
        own_env or None,
        own_secrets or None,
        None if settings.services == inherited.services else settings.services,
        None if settings.timeout == inherited.timeout else settings.timeout,
    )


def _settings(settings: Settings) -> Iterator[Entry]:
    authors, services = settings.co_authored_by, settings.services
    yield "workdir", inline(settings.workdir)
    yield "worktree", inline(settings.worktree)
    yield "co-authored-by", Sequence(()) if authors == () else few(authors or (), Inline)
    yield "env", None if settings.env is None else environment(settings.env)
    yield "secrets", few(settings.secrets or (), Inline)
    yield "timeout", timeout(settings.timeout)
    yield "services", Sequence(()) if services == () else listed(services or (), _service)


def _service(service: Service) -> Content:
    return mapping(
        (
            ("name", Plain(service.name)),
            ("run", Words(service.run)),
            ("ready", None if service.ready is None else output_text(service.ready)),
            ("unless-env", inline(service.unless_env)),
            ("timeout", timeout(service.timeout)),
        )
    )


def _note(note: Note) -> Content:
    after = Plain("tasks") if note.after_tasks else None
    return mapping(
        (
            ("heading", Words(note.heading)),
            ("after", after),
            ("text", Words(note.text, prose=True)),
        )
    )


def _task(task: Task, number: int, phase: str) -> Content:
    name = task.id.removeprefix(f"{phase}/")
    return mapping(
        (
            ("title", Words(task.title)),
            ("id", None if name == f"task-{number}" else Plain(name)),
            ("group", inline(task.group)),
            ("verifies", few(task.verifies, Words)),
            ("note", prose(task.note)),
            ("steps", listed(task.steps, step_content)),
        )
    )
