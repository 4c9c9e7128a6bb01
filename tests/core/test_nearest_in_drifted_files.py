"""The nearest block in files that drifted: real source, changed as other people's commits do."""

from __future__ import annotations

import keyword
import random
import re
import sysconfig
from pathlib import Path

from runbook.core.matching.nearest import nearest
from runbook.core.matching.texts import LineRange

CASES = 300
SHARE = 0.95  # of the cases, in which the lines must be right
LIBRARY = Path(sysconfig.get_path("stdlib"))
TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|==|!=|<=|>=|[-+*/<>]")


def sources() -> list[list[str]]:
    """The modules of the standard library that are neither tiny nor huge, as lines."""
    texts = [path.read_text("utf-8", "replace") for path in sorted(LIBRARY.glob("*.py"))]
    return [lines for text in texts if 60 <= len(lines := text.split("\n")) <= 3000]


def changed(chance: random.Random, block: list[str]) -> list[str] | None:
    """The block with one token changed, or `None` where there is none to change."""
    places = [
        (number, found)
        for number, line in enumerate(block)
        for found in TOKEN.finditer(line)
        if not keyword.iskeyword(found[0])
    ]
    if not places:
        return None
    number, found = chance.choice(places)
    token = found[0]
    if token.isdigit():
        new = str(int(token) + chance.randint(1, 9))
    elif token[0].isalpha() or token[0] == "_":
        new = chance.choice([f"{token}_new", f"old_{token}", "renamed", token[::-1] + "x"])
    else:
        new = chance.choice([each for each in ("==", "!=", "<", ">", "+", "-") if each != token])
    line = block[number]
    return [
        *block[:number],
        line[: found.start()] + new + line[found.end() :],
        *block[number + 1 :],
    ]


def drifted(chance: random.Random, lines: list[str], other: list[str]) -> list[str]:
    """Lines with some inserted, removed and changed, as in a month of work."""
    result = list(lines)
    for _ in range(chance.randint(0, 6)):
        at = chance.randint(0, len(result))
        match chance.choice(["insert", "insert", "remove", "change"]):
            case "insert":
                start = chance.randrange(len(other))
                result[at:at] = other[start : start + chance.randint(1, 30)]
            case "remove":
                del result[at : at + chance.randint(1, 8)]
            case _ if at < len(result):
                result[at] = result[at].replace("self", "this").replace("=", " = ", 1)
            case _:
                pass
    return result


def test_its_lines_are_right(capsys: object) -> None:
    del capsys
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    modules = sources()
    assert len(modules) > 100
    right = cases = 0
    wrong = []
    while cases < CASES:
        lines, other = chance.choice(modules), chance.choice(modules)
        length = chance.choice([1, 2, 2, 3, 3, 4, 4, 6, 6, 9, 9, 14, 14, 20, 20, 40])
        start = chance.randrange(len(lines) - length)
        block = lines[start : start + length]
        # As people quote: from a line that says something to another.
        if not (block[0].strip() and block[-1].strip()):
            continue
        there = changed(chance, block)
        if there is None:
            continue
        above = drifted(chance, lines[:start], other)
        below = drifted(chance, lines[start + length :], other)
        text = "\n".join([*above, *there, *below])
        if "\n".join(block) in text:
            # It stands elsewhere as well, unchanged: then that is what is nearest.
            continue
        cases += 1
        wanted = LineRange(len(above) + 1, len(above) + length)
        found = nearest("\n".join(block) + "\n", text)
        right += found is not None and found.lines == wanted
        if found is None or found.lines != wanted:
            wrong.append((length, found and found.lines, wanted, block, there))
    for each in wrong[:20]:
        print(*each, sep="\n  ")
    assert right >= SHARE * cases, f"{right} of {cases}, seed {seed}"
