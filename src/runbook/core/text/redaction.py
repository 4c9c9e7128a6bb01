"""Secrets taken out of a stream, and out of events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from runbook.core.value import fields, is_value

T = TypeVar("T")

SHORTEST = 8
"""Characters of the shortest value that is a secret: shorter ones stand everywhere by chance."""


def redact(part: T, secrets: Iterable[str]) -> T:
    """Return a value of the model or an event with "***" for every secret in its texts."""
    values = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    return _redacted(part, values) if values else part


def _redacted(part: Any, secrets: list[str]) -> Any:
    if isinstance(part, str):
        for secret in secrets:
            part = part.replace(secret, "***")
        return part
    if isinstance(part, tuple):
        return tuple(_redacted(item, secrets) for item in part)
    if is_value(part) and not isinstance(part, type):
        return type(part)(
            **{each.name: _redacted(getattr(part, each.name), secrets) for each in fields(part)}
        )
    return part


class Redaction:
    """A stream of bytes with "***" for every secret; however it is cut, the result is the same."""

    __slots__ = ("_held", "_pattern", "_secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        values = {secret.encode("utf-8", "surrogateescape") for secret in secrets} - {b""}
        # The longest first: one secret may begin another.
        self._secrets = sorted(values, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, self._secrets)))
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """Return what of the stream so far has become certain."""
        if not self._secrets:
            return chunk
        chunk = self._held + chunk
        end = self._first_uncertain(chunk)
        kept: list[bytes] = []
        start = 0
        if any(secret in chunk for secret in self._secrets):
            for match in self._pattern.finditer(chunk):
                if match.start() >= end:
                    break
                kept += chunk[start : match.start()], b"***"
                start = match.end()
        end = max(start, end)
        self._held = chunk[end:]
        return b"".join([*kept, chunk[start:end]])

    def close(self) -> bytes:
        """Return what was held back in case it was the beginning of a secret."""
        rest, self._held = self._held, b""
        return self._pattern.sub(b"***", rest) if self._secrets else rest

    def _first_uncertain(self, chunk: bytes) -> int:
        """Return where the longest ending begins that a secret may begin with."""
        first = len(chunk)
        for secret in self._secrets:
            place = chunk.find(secret[:1], max(0, len(chunk) - len(secret) + 1))
            while 0 <= place < first:
                if secret.startswith(chunk[place:]):
                    first = place
                place = chunk.find(secret[:1], place + 1)
        return first
