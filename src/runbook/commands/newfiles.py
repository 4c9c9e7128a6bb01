"""Files that a command puts where none is: each is told, and nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path

from runbook.commands.overwriting import given
from runbook.commands.screen import say
from runbook.series.opening import UsageError


def make(folder: Path) -> None:
    """Make a folder with those above it, or leave what is there of them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{folder} is there and is no folder: move it away") from None
    except OSError as error:
        raise UsageError(f"the folder {folder} can't be made: {error.strerror}") from None


def write_new(file: Path, text: str) -> bool:
    """Write a new file; whether it was new."""
    with given(file, to_be="written"):
        try:
            with file.open("x", encoding="utf-8", newline="") as out:
                out.write(text)
        except FileExistsError:
            say(f"left {shown(file)} as it is")
            return False
    say(f"wrote {shown(file)}")
    return True


def write_schemas(folder: Path) -> list[str]:
    """Put the JSON Schemas beside the phases, where the first line of a file finds them.

    Says what was done, a line for each file; one that no runbook wrote is left.
    """
    from runbook.phasefile.schema import phase_schema, series_schema
    from runbook.phasefile.writer import PHASE_SCHEMA, SERIES_SCHEMA

    done = []
    for name, schema in ((PHASE_SCHEMA, phase_schema()), (SERIES_SCHEMA, series_schema())):
        file = folder / name
        text = json.dumps(schema, indent=2) + "\n"
        make(file.parent)
        there = file.exists()
        if there and not (_ours(file, schema["title"]) and file.read_bytes() != text.encode()):
            continue
        with given(file, to_be="written"):
            file.write_text(text, encoding="utf-8")
        done.append(f"{'updated' if there else 'wrote'} {shown(file)}")
    return done


def _ours(file: Path, title: str) -> bool:
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, IsADirectoryError):
        return False
    return isinstance(stated, dict) and stated.get("title") == title


def shown(file: Path) -> Path:
    """A path as it is shown: from the folder that one stands in, where it lies below that."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_absolute() and file.is_relative_to(here) else file
