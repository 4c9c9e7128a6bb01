"""What git has as an entry and is no file."""

from __future__ import annotations

from runbook.core.value import value


@value
class Special:
    """A link, `-> TARGET`, or a submodule, `@ COMMIT`, before and after; `None` is neither."""

    path: str
    before: str | None
    after: str | None = None
