"""Hooks of the user's, which only git itself runs."""

from __future__ import annotations

from runbook.world.git.reader import Reader
from runbook.world.git.settings import expanded


def runs_hooks(repository: Reader) -> bool:
    """Whether git may run hooks of the user's here."""
    settings = repository.settings.now()
    if any(name.startswith("hook.") for name in settings.names()):
        return True
    place = settings.get("core.hookspath")
    # From the top folder, where git runs hooks (githooks(5)).
    own = repository.root / expanded(place) if place else repository.common_dir / "hooks"
    try:
        return any(not each.name.endswith(".sample") for each in own.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        # /dev/null is the usual way to have none.
        return False
    except OSError:
        return True
