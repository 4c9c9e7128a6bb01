"""Steps that say only that something is run and fails, of which a later step has the command."""

from __future__ import annotations

import re

from runbook.core.value import replace
from runbook.markdown.importing.commands.runlines import command_like
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.text.sections import Section
from runbook.markdown.importing.words.vocabulary import anycase

_RUN = r"\W*(re-?)?run( (it|them|again|the|new|tests?))*\s*(→|->|=>|⇒)\s*"
_FAILS = anycase(rf"{_RUN}(fails?|failed|red)\W*")
_PASSES = anycase(rf"{_RUN}(pass(es|ed)?|green|ok)\b.*")
_CODE = re.compile(r"`([^`\n]+)`")


def with_commands_of_later_steps(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The steps of a task; "Run → fail." runs what the next "Run → pass" has, if that is one."""
    return tuple(
        _with_command(section, sections[at:])
        if not section.blocks and _FAILS.fullmatch(section.title)
        else section
        for at, section in enumerate(sections, 1)
    )


def _with_command(section: Section, later: tuple[Section, ...]) -> Section:
    passes = next((each for each in later if _PASSES.fullmatch(each.title)), None)
    said = [block.text for block in passes.blocks if block.kind == "text"] if passes else []
    code = _CODE.findall("\n".join((passes.title if passes else "", *said)))
    if len(code) != 1 or not command_like(code[0]):
        return section
    run = Block("text", section.line, section.line, f"Run: `{code[0]}`")
    return replace(section, blocks=(run,))
