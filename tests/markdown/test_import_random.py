"""Plans made of our own sources at random: what is looked up is written where it is said."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from planning import steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit
from runbook.markdown.importing.places.definitions import Definition, source

FILES = sorted((Path(__file__).parents[2] / "src" / "runbook").rglob("*.py"))
CASES = 20
Case = tuple[str, str, str]  # the plan's words, the file before and after


def fence(code: str) -> str:
    return f"\n\n````python\n{code}````\n\n"


def functions(text: str) -> list[Definition]:
    found = source(text)
    assert found is not None
    return [each for each in found.definitions if each.kind == "function" and not each.loose]


def after_a_function(text: str, pick: random.Random) -> Case | None:
    there = [each for each in functions(text) if not each.owner]
    if not there:
        return None
    one, lines = pick.choice(there), text.split("\n")
    new = ["def sail_away() -> int:", "    return 1"]
    wanted = [*lines[: one.last + 1], "", "", *new, *lines[one.last + 1 :]]
    words = f"Insert after the `{one.name}` function:" + fence("\n".join(new) + "\n")
    return words, text, "\n".join(wanted)


def given_anew(text: str, pick: random.Random) -> Case | None:
    there = functions(text)
    if not there:
        return None
    one, lines = pick.choice(there), text.split("\n")
    new = [*lines[one.first : one.last + 1], f"{one.indent}    sails = 1"]
    wanted = [*lines[: one.first], *new, *lines[one.last + 1 :]]
    words = f"Replace the `{one.name}` function with:" + fence("\n".join(new) + "\n")
    return words, text, "\n".join(wanted)


def surrounded(text: str, pick: random.Random) -> Case | None:
    lines = text.split("\n")
    at = pick.randrange(len(lines))
    shown = lines[at : at + pick.randrange(2, 7)]
    if len(shown) < 2 or not shown[0].strip() or not shown[-1].strip():
        return None
    cut = pick.randrange(1, len(shown))
    block = [*shown[:cut], "# sails", *shown[cut:]]
    wanted = [*lines[: at + cut], "# sails", *lines[at + cut :]]
    return "Add the sails:" + fence("\n".join(block) + "\n"), text, "\n".join(wanted)


def to_the_end(text: str, pick: random.Random) -> Case | None:
    if '__name__ == "__main__"' in text or not text.strip():
        return None
    new = f"def sail_away_{pick.randrange(9)}() -> int:\n    return 1\n"
    return "Add to `ship.py`:" + fence(new), text, f"{text.rstrip()}\n\n\n{new}"


def to_a_class(text: str, pick: random.Random) -> Case | None:
    found = source(text)
    assert found is not None
    classes = [each for each in found.definitions if each.kind == "class" and not each.loose]
    classes = [each for each in classes if re.match("[A-Z]", each.name)]
    if not classes:
        return None
    one, lines = pick.choice(classes), text.split("\n")
    owner = f"{one.owner}.{one.name}" if one.owner else one.name
    own = [each for each in found.definitions if each.owner == owner and not each.loose]
    if not own or own[-1].kind != "function":
        return None
    new = ["def sail_away(self) -> int:", "    return 1"]
    indented = [f"{own[-1].indent}{each}" for each in new]
    wanted = [*lines[: own[-1].last + 1], "", *indented, *lines[own[-1].last + 1 :]]
    words = f"Add a method to the `{one.name}` class:" + fence("\n".join(new) + "\n")
    return words, text, "\n".join(wanted)


@pytest.mark.parametrize("kind", [after_a_function, given_anew, surrounded, to_the_end, to_a_class])
def test_what_is_looked_up_is_written_where_it_is_said(
    kind: Callable[[str, random.Random], Case | None],
) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    pick = random.Random(seed)
    made = tried = 0
    for path in pick.sample(FILES, len(FILES)):
        case = kind(path.read_text(encoding="utf-8"), pick)
        if case is None or tried == CASES:
            continue
        tried += 1
        words, text, wanted = case
        step = steps(
            f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Sail**\n\n{words}", {"ship.py": text}
        )[0]
        if not isinstance(step, Edit):
            continue  # it stands more than once
        made += 1
        (change,) = step.changes
        result = apply(text, change)
        assert isinstance(result, Applied)
        assert result.text is not None
        assert result.text.rstrip("\n") == wanted.rstrip("\n"), (path, words)
    assert made > tried // 5
