"""Writes phase files: what is read back from them is the model they were written of.

Only what is stated is written: defaults, and what a phase inherits from its series, stay out.
"""

from __future__ import annotations

from typing import Any

from runbook.core.model.model import Phase, Series, Settings
from runbook.core.value import fields, replace
from runbook.format.content import mapping
from runbook.format.emit import emit, spaced
from runbook.format.forms import write_form
from runbook.format.phases import PHASE, SERIES

# Where `runbook init` puts the JSON Schemas, as seen from a phase file: editors resolve it.
PHASE_SCHEMA = ".schema/phase.json"
SERIES_SCHEMA = ".schema/series.json"
_SPACED = frozenset({"tasks"})


def write_phase(phase: Phase, series: Series | None = None) -> str:
    """The phase file of a phase; what `series` says already is left out of it.

    Its first line names the schema, for editors.

    Raises:
        Unwritable: something in the phase can't be said in a phase file.
    """
    inherited = series or Series()
    named: list[Any] = []
    for number, task in enumerate(phase.tasks, 1):
        name = task.id.removeprefix(f"{phase.id}/")
        stated: Any = None if name == f"task-{number}" else name
        named.append(replace(task, id=stated))
    own = replace(
        phase,
        of=_unless(phase.of, inherited.of),
        verified=_unless(phase.verified, inherited.verified),
        tech_stack=_unless(phase.tech_stack, inherited.tech_stack),
        tasks=tuple(named),
    )
    settings = _own(phase.settings, inherited.settings)
    return _head(PHASE_SCHEMA) + spaced(mapping(write_form(PHASE, own, settings)), _SPACED)


def write_series(series: Series) -> str:
    """The file `runbook.yaml` of a series.

    Raises:
        Unwritable: something in it can't be said there.
    """
    root = mapping(write_form(SERIES, series, series.settings))
    return _head(SERIES_SCHEMA) + (emit(root) if root.entries else "{}\n")


def _head(schema: str) -> str:
    return f"# yaml-language-server: $schema={schema}\n"


def _own(settings: Settings, inherited: Settings) -> Settings:
    """What the settings of a phase say beyond what it inherits."""
    env, secrets = dict(inherited.env or ()), inherited.secrets or ()
    own_env = tuple(
        (name, text) for name, text in settings.env or () if env.get(name, object()) != text
    )
    own_secrets = tuple(name for name in settings.secrets or () if name not in secrets)
    others = {
        each.name: _unless(getattr(settings, each.name), getattr(inherited, each.name))
        for each in fields(Settings)
    }
    return Settings(**{**others, "env": own_env or None, "secrets": own_secrets or None})


def _unless(own: Any, inherited: Any) -> Any:
    return None if own == inherited else own
