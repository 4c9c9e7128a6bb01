"""The nearest block: what a missed edit shows of the file."""

from __future__ import annotations

import random
import time

import pytest

from runbook.core.matching.nearest import nearest
from runbook.core.matching.texts import LineRange

BLOCK = """\
def total(items):
    result = 0
    for item in items:
        result += item.price * item.count
    return result
"""
FILLER = "".join(f"value_{number} = compute({number})\n" for number in range(30))
# Seconds for the largest files, on a slow machine.
LONGEST = 5.0


def lines(wanted: str, text: str) -> LineRange | None:
    found = nearest(wanted, text)
    return None if found is None else found.lines


def test_a_block_that_moved() -> None:
    found = nearest(BLOCK, FILLER + BLOCK)
    assert found is not None
    assert found.lines == LineRange(31, 35)
    assert found.likeness == 1.0
    assert found.difference == ""


def test_a_block_that_moved_and_changed_by_a_word() -> None:
    found = nearest(BLOCK, FILLER + BLOCK.replace("count", "number") + FILLER)
    assert found is not None
    assert found.lines == LineRange(31, 35)
    assert 0.9 < found.likeness < 1.0
    assert found.difference == (
        "     result = 0\n"
        "     for item in items:\n"
        "-        result += item.price * item.count\n"
        "+        result += item.price * item.number\n"
        "     return result"
    )


def test_a_block_with_a_line_more_or_less() -> None:
    more = BLOCK.replace("    return", "    # sum\n    return")
    assert lines(BLOCK, FILLER + more) == LineRange(31, 36)
    less = BLOCK.replace("    result = 0\n", "")
    assert lines(BLOCK, FILLER + less) == LineRange(31, 34)


def test_a_block_at_another_depth() -> None:
    deeper = "".join(f"    {line}\n" for line in BLOCK.splitlines())
    assert lines(BLOCK, FILLER + deeper) == LineRange(31, 35)


def test_of_two_blocks_the_one_that_is_more_alike() -> None:
    worse = BLOCK.replace("count", "number").replace("items", "things")
    better = BLOCK.replace("count", "number")
    assert lines(BLOCK, worse + FILLER + better) == LineRange(36, 40)
    assert lines(BLOCK, better + FILLER + worse) == LineRange(1, 5)


def test_a_text_inside_a_line() -> None:
    assert lines("item.price * item.number", FILLER + BLOCK) == LineRange(34, 34)


@pytest.mark.parametrize(
    "text",
    ["", "\n", FILLER, "\n" * 1000, "same = 1\n" * 1000, "\0\udcff\u2028\n" * 50],
)
def test_where_nothing_is_near(text: str) -> None:
    assert nearest(BLOCK, text) is None


def test_lines_are_told_right_in_drifted_files() -> None:
    """Files of lines like those of programs, whose blocks drift as by another's commits."""
    chance = random.Random(20)
    names = [f"{a}_{b}" for a in ("get", "set", "make", "find") for b in "abcdefghijklmnop"]

    def statement() -> str:
        indent = "    " * chance.randint(0, 3)
        one, two = chance.choice(names), chance.choice(names)
        return indent + chance.choice(
            [
                f"{one} = {two}({chance.randint(0, 99)})",
                f"return {one}",
                f"if {one} is None:",
                f"for {one} in {two}:",
                f'raise ValueError("{one} of {two}")',
                f"{one}.{two}({chance.choice(names)}, {chance.choice(names)})",
                "",
            ]
        )

    right = 0
    cases = 300
    for _ in range(cases):
        there = [statement() for _ in range(chance.randint(20, 250))]
        length = chance.randint(3, 12)
        start = chance.randrange(len(there) - length)
        block = there[start : start + length]
        # One line in the block gets another name, and lines come in above it.
        changed = chance.choice([n for n in range(length) if block[n].strip()] or [0])
        there[start + changed] += f"  # {chance.choice(names)}"
        above = [statement() for _ in range(chance.randint(0, 30))]
        wanted = LineRange(start + len(above) + 1, start + len(above) + length)
        right += lines("\n".join(block) + "\n", "\n".join(above + there) + "\n") == wanted
    assert right >= 0.95 * cases, f"{right} of {cases}"


@pytest.mark.parametrize("length", [3, 30, 200])
def test_a_file_of_20000_lines(length: int) -> None:
    chance = random.Random(length)
    names = [f"name{number}" for number in range(2000)]
    there = [" ".join(chance.choices(names, k=6)) for _ in range(20_000)]
    block = there[9_000 : 9_000 + length]
    block[1] += " changed"
    began = time.process_time()
    assert lines("\n".join(block), "\n".join(there)) == LineRange(9_001, 9_000 + length)
    assert time.process_time() - began < LONGEST


def test_a_very_long_line() -> None:
    text = "x = [" + ", ".join(map(str, range(5_000))) + "]\n"
    began = time.process_time()
    assert lines(text.replace("4999", "5000"), FILLER + text) == LineRange(31, 31)
    assert time.process_time() - began < LONGEST
