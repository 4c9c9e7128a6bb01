"""Commit messages: a plan's message with its trailers, as git reads them."""

from __future__ import annotations

from runbook.core.patterns import regex

_TRAILER = regex(r"[A-Za-z0-9-]+: ?\S.*")


def compose(message: str, trailers: tuple[str, ...]) -> str:
    """The message with its trailers in the last paragraph, ended by one newline.

    A message that ends in trailers of its own gets ours beside them, none twice. A blank line
    stands before the block, or git would not find it.
    """
    body = message.strip("\n").rstrip()
    missing = [trailer for trailer in dict.fromkeys(trailers) if trailer not in body.split("\n")]
    if not missing:
        return body + "\n"
    separator = "\n" if _ends_in_trailers(body) else "\n\n"
    return body + separator + "\n".join(missing) + "\n"


def _ends_in_trailers(body: str) -> bool:
    before, blank, last = body.rpartition("\n\n")
    # The first paragraph is the subject, whatever it looks like.
    return bool(blank and before) and all(
        _TRAILER.fullmatch(line) or line.startswith((" ", "\t")) for line in last.split("\n")
    )


def co_authors(people: tuple[str, ...]) -> tuple[str, ...]:
    """The trailers of those who share a commit."""
    return tuple(f"Co-Authored-By: {person}" for person in people)
