"""Transcripts in Markdown: sections of commands, each with all that it prints.

A section is a heading with a fenced block. In it `$ runbook …` calls the program, and what follows
is its whole output, with `[1]` for an exit status that is not 0. `$ write PATH <<` writes the lines
after it, up to `.`, into a file; any other command goes to bash. A section begins with one of the
repositories that `tests/end_to_end/test_verbs.py` builds, named in the fence.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scenario import Scenario

_SECTION = re.compile(r"^## (.+?)\n(?:.*?\n)??```console (\S+)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Transcript:
    """One section: its title, the repository it begins with, and its text."""

    title: str
    begin: str
    text: str


def transcripts(folder: Path) -> Iterator[Transcript]:
    """The sections of all Markdown files of a folder."""
    for page in sorted(folder.glob("*.md")):
        for title, begin, text in _SECTION.findall(page.read_text(encoding="utf-8")):
            yield Transcript(f"{page.stem}: {title}", begin, text)


def replayed(scenario: Scenario, text: str) -> str:
    """The transcript as it comes out now: the same commands, with what they print."""
    shown = []
    for command, _ in commands(text):
        first, _, lines = command.partition("\n")
        shown.append(f"$ {command}\n")
        if first.startswith("write "):
            path = first.split()[1]
            scenario.write(path, lines.removesuffix(".").removesuffix("\n") + "\n")
            continue
        program, *arguments = shlex.split(first)
        if program == "runbook":
            result = scenario.run(*arguments)
            status, printed = result.status, result.stdout + result.stderr
        else:
            done = subprocess.run(
                ["bash", "-c", first],
                cwd=scenario.root,
                env=scenario.env,
                capture_output=True,
                text=True,
                check=False,
            )
            status, printed = done.returncode, scenario.normal(done.stdout + done.stderr)
        shown.append(_stripped(printed))
        shown.append(f"[{status}]\n" if status else "")
    return "".join(shown)


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a transcript, with what they print there; files to be written go along."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        first, _, rest = part.partition("\n")
        if first.startswith("write "):
            content, _, rest = rest.partition("\n.\n")
            first = f"{first}\n{content}\n."
        found.append((first, rest))
    return found


def _stripped(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text, flags=re.M)
