"""Regular expressions of modules, compiled when something is first asked of them.

Compiling one takes as long as loading a small module, and every command loads over a hundred of
which it uses a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, AnyStr, cast

_compiled = re.compile


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for as far as methods and attributes of it are used."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(source, flags))


@contextmanager
def uncompiled() -> Iterator[None]:
    """A context in which modules of others are loaded that compile patterns we may never use."""
    re.compile = regex  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = _compiled


class _Uncompiled:
    """A pattern that takes what it is asked for from the compiled one, and keeps it."""

    def __init__(self, source: Any, flags: int) -> None:
        self._stated = source, flags

    def __getattr__(self, name: str) -> Any:
        asked = getattr(_compiled(*self._stated), name)
        setattr(self, name, asked)
        return asked
