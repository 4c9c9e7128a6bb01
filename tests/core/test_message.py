"""Commit messages and their trailers, read back by git itself."""

from __future__ import annotations

import subprocess

import pytest

from runbook.core.model.message import co_authors, compose

ADA = "Co-Authored-By: Ada <ada@example.org>"
BOB = "Co-Authored-By: Bob <bob@example.org>"


def trailers_in(message: str) -> list[str]:
    """The trailers that git finds in a message."""
    found = subprocess.run(
        ["git", "-c", "trailer.separators=:", "interpret-trailers", "--parse", "--no-divider"],
        input=message,
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.splitlines()


@pytest.mark.parametrize(
    ("message", "trailers", "expected"),
    [
        ("Subject", (), "Subject\n"),
        ("Subject\n", (), "Subject\n"),
        ("\n\nSubject  \n\n\n", (), "Subject\n"),
        ("Subject", (ADA,), f"Subject\n\n{ADA}\n"),
        ("Subject\n\nBody.\n", (ADA, BOB), f"Subject\n\nBody.\n\n{ADA}\n{BOB}\n"),
        ("Subject\n\nRefs: 12\n", (ADA,), f"Subject\n\nRefs: 12\n{ADA}\n"),
        ("Subject\n\nBody.\n\nRefs: 12\n", (ADA,), f"Subject\n\nBody.\n\nRefs: 12\n{ADA}\n"),
        (f"Subject\n\n{ADA}\n", (ADA,), f"Subject\n\n{ADA}\n"),
        (f"Subject\n\n{ADA}\n", (ADA, BOB), f"Subject\n\n{ADA}\n{BOB}\n"),
        ("Subject", (ADA, ADA), f"Subject\n\n{ADA}\n"),
        ("fix: a thing", (ADA,), f"fix: a thing\n\n{ADA}\n"),
        ("fix: one\nfix: two", (ADA,), f"fix: one\nfix: two\n\n{ADA}\n"),
        ("Subject\n\nNote: this\nis prose", (ADA,), f"Subject\n\nNote: this\nis prose\n\n{ADA}\n"),
        ("Subject\n\nRefs: a\n  b\n", (ADA,), f"Subject\n\nRefs: a\n  b\n{ADA}\n"),
    ],
)
def test_a_message_with_its_trailers(
    message: str, trailers: tuple[str, ...], expected: str
) -> None:
    assert compose(message, trailers) == expected
    assert set(trailers) <= set(trailers_in(expected))


@pytest.mark.parametrize("message", ["Subject", "Subject\n\nBody.", "a: b\n\nc: d"])
def test_composing_again_adds_nothing(message: str) -> None:
    once = compose(message, (ADA, BOB))
    assert compose(once, (ADA, BOB)) == once


def test_markdown_in_a_message_stays() -> None:
    message = "Subject\n\n# A heading\n\n- a list\n    code\n"
    assert compose(message, ()) == message
    assert compose(message, (ADA,)) == f"{message}\n{ADA}\n"


def test_people_become_trailers_in_their_order() -> None:
    assert co_authors(("Ada <ada@example.org>", "Bob <bob@example.org>")) == (ADA, BOB)
    assert co_authors(()) == ()
