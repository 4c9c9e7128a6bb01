"""What each test of a command did, beside the command's output.

The journal is read by every command, and would be long with them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from runbook.core.record.codec import from_json, to_json
from runbook.core.record.detailevents import TestsSeen
from runbook.world.files.durable import write_private


def keep_tests(log: Path, seen: TestsSeen) -> None:
    """Write what the tests did that belong to the output in `log`.

    It is for reports, which do without it where the disk takes nothing more.
    """
    with suppress(OSError):
        text = json.dumps(to_json(seen), ensure_ascii=True, separators=(",", ":"))
        write_private(_beside(log), text.encode(), anew=True)


def kept_tests(log: Path) -> TestsSeen | None:
    """What the tests did; `None` where nothing is kept of it, or it can't be read."""
    try:
        return from_json(TestsSeen, json.loads(_beside(log).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _beside(log: Path) -> Path:
    return log.with_name(f"{log.name}.tests")
