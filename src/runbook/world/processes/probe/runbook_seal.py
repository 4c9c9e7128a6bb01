"""A seal on what a run of pytest writes down, which nobody can make who comes after it.

For any Python from 3.7 on. PYTEST_DONT_REWRITE
"""

# ruff: noqa: PTH104, PTH108, PTH110, PTH112, PTH120, PTH123

from __future__ import annotations

import hashlib
import hmac
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def sealer(path: str | None) -> Callable[[bytes], str]:
    """Return what seals a record so that nobody else can: its key is taken away from beside it.

    The next run of pytest that the command starts finds another key, made from this one.
    """
    key, mine = b"", f"{path}.key"
    for _ in range(50 if path is not None and os.path.isdir(os.path.dirname(path)) else 0):
        try:
            claimed = f"{mine}.{os.getpid()}"
            os.rename(mine, claimed)
            with open(claimed, "rb") as file:
                key = file.read()
            os.unlink(claimed)
            with open(claimed, "wb") as next_one:
                next_one.write(hashlib.sha256(key).hexdigest().encode("ascii"))
            os.rename(claimed, mine)
            break
        except OSError:
            if not os.path.exists(path or ""):
                break  # No run before this one has written: there never was a key.
            time.sleep(0.01)
    code = hmac.new(key, digestmod=hashlib.sha256)

    def seal(data: bytes) -> str:
        code.update(data)
        return code.hexdigest() if key else ""

    return seal
