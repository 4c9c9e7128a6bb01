"""Symbolic links, as they are."""

from __future__ import annotations

import os
from pathlib import Path


def target_of(link: Path) -> str:
    """What a link says, sign by sign: pathlib would take a `./` and a last `/` away.

    Raises:
        OSError: it is none, or can't be read.
    """
    return os.readlink(link)  # noqa: PTH115
