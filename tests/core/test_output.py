"""Looking at output while it streams by."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook.core.check.questions import Inquiry, Questions
from runbook.core.text.output import HeadTail, Literals, PlainText
from runbook.core.text.printable import printable
from runbook.core.text.redaction import Redaction

FRAGMENTS = [
    b"\x1b[31m",
    b"\x1b[0m",
    b"\x1b",
    b"\x1b]8;;https://x.org\x1b\\",
    b"\x1b]0;title\x07",
    b"\x1b]unended",
    b"\x1b(B",
    b"\x1b[12",
    b"\x1bP+q\x1b\\",
    b"\r\n",
    b"\r",
    b"\n",
    b"\x07",
    b"passed",
    b"pas",
    b"sed",
    "é".encode(),
    b"\xff",
    b"a",
]
STREAMS = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=5), max_size=20).map(b"".join)
NEEDLES = ("passed", "sed\na", "é", "a", "pass", "\n\n", "]8", "ass")


def plain(chunks: list[bytes]) -> bytes:
    text = PlainText()
    return b"".join([*map(text.feed, chunks), text.close()])


def found(chunks: list[bytes], *needles: str) -> frozenset[str]:
    scan = Inquiry(Questions(needles=needles))
    for chunk in chunks:
        scan.feed(chunk)
    scan.close()
    return scan.answers.found


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({min(cut, len(stream)) for cut in cuts})
    ends = [*places, len(stream)]
    return [stream[start:end] for start, end in zip([0, *places], ends, strict=True)]


@given(STREAMS, st.lists(st.integers(0, 60)))
def test_cuts_between_chunks_change_nothing(stream: bytes, cuts: list[int]) -> None:
    chunks = pieces(stream, cuts)
    assert plain(chunks) == plain([stream])
    assert found(chunks, *NEEDLES) == found([stream], *NEEDLES)


@given(STREAMS)
def test_the_needles_found_are_those_in_the_plain_text(stream: bytes) -> None:
    text = plain([stream])
    bytewise = [stream[place : place + 1] for place in range(len(stream))]
    assert plain(bytewise) == text
    assert found(bytewise, *NEEDLES) == {needle for needle in NEEDLES if needle.encode() in text}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a\x1b[1;31mb\x1b[0m", b"ab"),
        (b"\x1b]8;;https://x.org\x07link\x1b]8;;\x07", b"link"),
        (b"\x1b]8;;https://x.org\x1b\\link\x1b]8;;\x1b\\", b"link"),
        (b"\x1b(Bx\x1b=y\x1b7", b"xy"),
        (b"a\r\nb\rc\r\x1b[K\nd", b"a\nb\rc\nd"),
        (b"\x1b]never ended\nall of this is text", b"never ended\nall of this is text"),
        (b"a\x1b", b"a\x1b"),
        (b"a\r", b"a\r"),
    ],
)
def test_plain_text(raw: bytes, text: bytes) -> None:
    assert plain([raw]) == text


def test_an_osc_that_is_never_ended_swallows_nothing() -> None:
    stream = [b"\x1b]0;"] + [b"x" * 1000] * 10 + [b"needle"]
    assert found(stream, "needle") == {"needle"}
    text = PlainText()
    for chunk in stream:
        text.feed(chunk)
    assert text.close() == b""  # it did not hold anything back until the end


def test_needles_may_span_lines_and_be_empty() -> None:
    assert found([b"one\r", b"\ntwo"], "one\ntwo", "", "three") == {"one\ntwo", ""}


def test_nothing_is_found_in_nothing_but_nothing() -> None:
    assert Literals([b"a"]).found == set()
    assert Literals([b"a", b""]).found == {b""}


def test_a_needle_is_found_however_late_and_far_from_the_start() -> None:
    chunks = [b"x" * 100_000] * 5 + [b"nee", b"", b"dle"]
    assert found(chunks, "needle", "xx") == {"needle", "xx"}


@given(
    st.lists(st.text("abc", min_size=1, max_size=5), max_size=4),
    st.lists(st.text("abc", max_size=6).map(str.encode)),
)
def test_no_cut_lets_a_secret_through(secrets: list[str], chunks: list[bytes]) -> None:
    redaction = Redaction(secrets)
    result = b"".join([*map(redaction.feed, chunks), redaction.close()])
    longest_first = sorted(secrets, key=len, reverse=True)
    pattern = re.compile("|".join(longest_first).encode())
    stream = b"".join(chunks)
    assert result == (pattern.sub(b"***", stream) if secrets else stream)


def test_nothing_is_held_back_but_the_beginning_of_a_secret() -> None:
    redaction = Redaction(["secret", ""])
    assert redaction.feed(b"a secret and a sec") == b"a *** and a "
    assert redaction.feed(b"ond") == b"second"
    assert Redaction([]).feed(b"secret") == b"secret"


SIZES = (st.binary(max_size=30), st.integers(0, 200_000).map(lambda size: b"x" * size + b"y"))


@given(
    st.lists(st.one_of(*SIZES)),
    st.integers(0, 20),
    st.one_of(st.integers(1, 20), st.integers(1, 300_000)),
)
def test_head_and_tail(chunks: list[bytes], head: int, tail: int) -> None:
    ends = HeadTail(head, tail)
    for chunk in chunks:
        ends.feed(chunk)
    stream = b"".join(chunks)
    assert ends.head == stream[:head]
    assert ends.tail == stream[-tail:]
    assert ends.last(3) == ends.tail[-3:]
    assert ends.total == len(stream)
    assert ends.omitted == max(0, len(stream) - head - tail)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("\x1b[2Jgone\x1b]0;title\x07", "gone"),
        ("a\x1bc", "a"),
        ("lone \x1b\x01", "lone \\x1b\\x01"),
        ("bell\x07 back\x08 del\x7f c1\x9b", "bell\\x07 back\\x08 del\\x7f c1\\x9b"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("rm \u202egpj.sh", "rm \\u202egpj.sh"),
        ("\u2066\u200f\u061c", "\\u2066\\u200f\\u061c"),
        (b"caf\xc3\xa9 \xff\xfe", "café \\xff\\xfe"),
        ("from a file name: \udcff", "from a file name: \\xff"),
        ("\ud800", "\\ud800"),
    ],
)
def test_printable(raw: str | bytes, shown: str) -> None:
    assert printable(raw) == shown


@given(st.text() | st.binary())
def test_what_is_printable_cannot_harm(raw: str | bytes) -> None:
    shown = printable(raw)
    shown.encode()
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in shown)
    assert printable(shown) == shown
