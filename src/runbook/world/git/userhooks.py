"""Hooks of the user's, which only git itself runs."""

from __future__ import annotations

import os
from collections.abc import Container

from runbook.world.git.reader import Reader
from runbook.world.git.settings import expanded

OF_REFS = ("reference-transaction",)
"""The hooks that git runs whenever a ref changes."""


def runs_hooks(repository: Reader, names: Container[str] | None = None) -> bool:
    """Whether git may run hooks of the user's here; of these names, where some are given."""
    settings = repository.settings.now()
    if any(name.startswith("hook.") for name in settings.names()):
        return True
    place = settings.get("core.hookspath")
    # From the top folder, where git runs hooks (githooks(5)).
    own = repository.root / expanded(place) if place else repository.common_dir / "hooks"
    try:
        # Four times for a small task, with git's fourteen samples: not by pathlib.
        return any(
            not name.endswith(".sample") and (names is None or name in names)
            for name in os.listdir(own)  # noqa: PTH208
        )
    except (FileNotFoundError, NotADirectoryError):
        # /dev/null is the usual way to have none.
        return False
    except OSError:
        return True
