"""Questions to an output, asked while it streams by in pieces of any size."""

from __future__ import annotations

import re
import signal
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.check import questions
from runbook.core.check.questions import Answers, Inquiry, Limit, Questions
from runbook.world.processes.timelimit import time_limit

FRAGMENTS = st.sampled_from(
    [
        b"a",
        b"ab",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\x1b[1m",
        b"\x1b",
        b"\xc3\xa9",
        b"\xc3",
        b"gw1",
        b"2",
    ]
)
STREAMS = st.lists(FRAGMENTS, max_size=25).map(b"".join)
CUTS = st.lists(st.integers(0, 60), max_size=8)
ALL = Questions(
    needles=("ab", "a\na", "é"),
    patterns=(r"^a", r"b$", r"^$", r"a\s+b", r"é|gw\d"),
    distinct=r"gw\d+|a+",
    keep=20,
)


def asked(asking: Questions, *chunks: bytes, limit: Limit | None = None) -> Answers:
    inquiry = Inquiry(asking) if limit is None else Inquiry(asking, limit)
    for chunk in chunks:
        inquiry.feed(chunk)
    inquiry.close()
    return inquiry.answers


def matched(pattern: str, *chunks: bytes) -> bool:
    return pattern in asked(Questions(patterns=(pattern,)), *chunks).matched


def distinct(pattern: str, *chunks: bytes) -> int:
    return asked(Questions(distinct=pattern), *chunks).distinct


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "_BATCH", 64)
    monkeypatch.setattr(questions, "_OVERLAP", 32)


@settings(deadline=None)
@given(stream=STREAMS, cuts=CUTS)
def test_cuts_between_chunks_change_no_answer(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted({min(cut, len(stream)) for cut in cuts}), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert asked(ALL, *chunks) == asked(ALL, stream)


@settings(deadline=None)
@given(stream=STREAMS)
def test_the_answers_are_those_to_the_whole_text(stream: bytes) -> None:
    answers = asked(ALL, *(stream[n : n + 1] for n in range(len(stream))))
    raw = re.sub(rb"\x1b\[1m", b"", stream)
    if b"\x1b" in raw:
        return  # a lone escape takes what follows it along; that has tests of its own
    text = raw.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    assert answers.found == {needle for needle in ALL.needles if needle in text}
    # Of a line that was written anew, expressions see the last writing.
    lines = [[part for part in line.split("\r") if part] for line in text.split("\n")]
    settled = "\n".join(parts[-1] if parts else "" for parts in lines)
    assert answers.matched == {p for p in ALL.patterns if re.search(p, settled, re.MULTILINE)}
    assert answers.distinct == len(set(re.findall(r"gw\d+|a+", settled)))
    assert answers.blank == (not text.strip())
    assert answers.lines == len(text.removesuffix("\n").split("\n")) * bool(text)


@settings(deadline=None)
@given(
    lines=st.lists(
        st.sampled_from(["ok", "gw1 x", "gw2", "", "begin", "end", "é" * 9]), max_size=60
    ),
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
)
def test_batches_change_no_answer(lines: list[str], sizes: list[int]) -> None:
    stream = "".join(f"{line}\n" for line in lines).encode()
    asking = Questions(
        patterns=(r"^gw\d$", r"^begin\nend$", r"\Agw", r"^ok\n\ngw2"), distinct=r"^\w+$"
    )
    chunks: list[bytes] = []
    rest = stream
    while rest:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(rest[:size])
        rest = rest[size:]
    whole = asked(asking, stream)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(questions, "_BATCH", 64)
        patched.setattr(questions, "_OVERLAP", 32)
        assert asked(asking, *chunks) == whole


@pytest.mark.usefixtures("small_batches")
def test_matches_at_the_borders_of_batches() -> None:
    for filler in range(40, 80):
        start = b"x" * filler + b"\n"
        assert matched(r"^one\ntwo$", start, b"one\n", b"two\n", b"y\n" * 90)
        assert not matched(r"^ne", start, b"one\n", b"y\n" * 90)
        assert not matched(r"on$", start, b"on", b"e\n", b"y\n" * 90)
        assert distinct(r"^gw\d+", start, b"gw1", b"2\n", b"gw1\n", b"y\n" * 90) == 2


def test_matches_at_the_real_borders_of_batches() -> None:
    size = questions._BATCH
    for lead in range(size - 12, size + 3):
        stream = b"x" * 99 + b"\n"
        stream += b"y" * (lead - len(stream) - 1) + b"\nfirst line\nsecond line\n" + b"z\n" * 99
        assert matched(r"^first line\nsecond line$", stream[:size], stream[size:]), lead


def test_each_line_begins_and_ends() -> None:
    assert matched("^b$", b"a\nb\nc\n")
    assert matched("^b$", b"a\r\nb\r\nc")
    assert matched("^b$", b"a\n\x1b[32mb\x1b[0m\n")
    assert matched("^c$", b"a\nc")
    assert not matched("^b$", b"ab\nbc\n")
    assert matched("a.b", b"a\x85b"), "only a line feed ends a line"
    assert not matched("a.b", b"a\nb")


def test_bytes_that_are_no_text() -> None:
    assert matched("a.b", b"a\xffb")
    assert matched("é", b"\xc3", b"\xa9")
    assert matched("�$", b"a\xc3")
    assert distinct(".", b"\xff\xfe") == 1


def test_different_matches_are_counted() -> None:
    assert distinct(r"gw\d", b"gw0 gw1\ngw0\ngw3\n") == 3
    assert distinct(r"gw(\d) \1", b"gw0 0\ngw0 1\n") == 1, "the whole match, not a group"
    assert distinct("x", b"") == 0


@pytest.mark.parametrize(
    ("output", "lines", "blank"),
    [
        (b"", 0, True),
        (b"\n", 1, True),
        (b" \t\r\n\n", 2, True),
        (b"\x1b[0m\n", 1, True),
        (b"a", 1, False),
        (b"a\n", 1, False),
        (b"a\n\nb", 3, False),
        (b"a\rb\r\n", 1, False),
    ],
)
def test_lines_and_blank(output: bytes, lines: int, blank: bool) -> None:
    answers = asked(Questions(), output)
    assert (answers.lines, answers.blank) == (lines, blank)


def test_the_exact_text_is_kept_up_to_a_limit() -> None:
    for chunks in ((b"ab\r\nc\n",), (b"ab\r", b"\nc", b"\n")):
        assert asked(Questions(keep=5), *chunks).text == "ab\nc\n"
        assert asked(Questions(keep=4), *chunks).text is None
    assert asked(Questions(keep=2), "é".encode()).text == "é"
    assert asked(Questions(keep=2), b"\xff").text == "�"
    assert asked(Questions()).text == ""
    assert asked(Questions(keep=2), b"abcdef", b"").text is None


SLOW = r"(a+)+$"


def test_a_pattern_that_takes_too_long_is_given_up() -> None:
    asking = Questions(patterns=(SLOW, "b$"), distinct=r"(a|aa)+c")
    answers = asked(asking, b"a" * 60 + b"b\n", limit=lambda: time_limit(0.2))
    assert answers.too_slow == {SLOW, r"(a|aa)+c"}
    assert answers.matched == {"b$"}


def test_waiting_for_a_busy_machine_is_no_time_of_a_search() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(0.05):
        time.sleep(0.2)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.usefixtures("small_batches")
def test_a_pattern_given_up_is_not_tried_again() -> None:
    tries = 0

    def limit() -> object:
        nonlocal tries
        tries += 1
        return time_limit(0.2)

    asking = Questions(patterns=(SLOW,))
    answers = asked(asking, *[b"a" * 60 + b"b\n"] * 20, limit=limit)  # type: ignore[arg-type]
    assert answers.too_slow == {SLOW}
    assert tries == 1


def test_a_pattern_that_was_found_stays_found() -> None:
    assert matched("^ok$", b"ok\n", b"x\n" * 2_000_000)


def test_a_line_that_was_written_anew_is_what_stands_there_in_the_end() -> None:
    stream = b"3 fai\x1b[0mled\n10%\r50%\r100% done\n\rok\r\nend\r"
    for size in (1, 7, 100):
        chunks = [stream[n : n + size] for n in range(0, len(stream), size)]
        asking = Questions(
            needles=("50%", "100% done"),
            patterns=("^100% done$", "^50%", "^ok$", "^end$"),
            keep=100,
        )
        answers = asked(asking, *chunks)
        # Once printed is printed.
        assert answers.found == {"50%", "100% done"}
        assert answers.matched == {"^100% done$", "^ok$", "^end$"}
        assert answers.text == "3 failed\n100% done\nok\nend"
        assert answers.lines == 4
