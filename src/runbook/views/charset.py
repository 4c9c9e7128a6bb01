"""Which characters the terminal of a person is likely to have."""

from __future__ import annotations

import os
from functools import cache

_COERCED = "C.UTF-8"
"""What Python itself puts into LC_CTYPE where the locale is C."""


@cache
def beyond_ascii() -> bool:
    """Whether the locale is one of Unicode."""
    say = os.environ.get
    if say("LC_ALL"):
        name = say("LC_ALL", "")
    elif say("LC_CTYPE") and not (say("LC_CTYPE") == _COERCED and say("LANG", "C") == "C"):
        name = say("LC_CTYPE", "")
    else:
        name = say("LANG", "")
    return name.lower().replace("-", "").rpartition(".")[2].startswith("utf8")


def mark(sign: str, plain: str) -> str:
    """A sign, or what stands for it in ASCII."""
    return sign if beyond_ascii() else plain
