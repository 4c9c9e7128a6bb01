"""Whose file nobody names: the only one of the task in which what is said can be done."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.transforms.transforms import TRANSFORMS

FILES = {
    "ship.py": "SAILS = 2\n\n\nclass Ship:\n    def sail(self):\n        go()\n        return 1\n",
    "boat.py": "OARS = 4\n\n\nclass Boat:\n    def row(self):\n        pull()\n        return 1\n",
    "yard.toml": '[yard]\nnames = [\n    "a",\n]\n',
    "main.py": 'def row():\n    return 1\n\n\nif __name__ == "__main__":\n    row()\n',
}
HEAD = "**Files:**\n- Modify: `ship.py`\n- Modify: `boat.py`\n- Modify: `main.py`\n\n"


def _made(words: str, code: str, title: str = "Change it") -> tuple[str, str] | None:
    (step,) = steps(f"{HEAD}**Step 1: {title}**\n\n{words}{block(code)}", FILES)
    if not isinstance(step, Edit):
        assert isinstance(step, Manual)
        return None
    (path,) = step.targets
    text = FILES[str(path)]
    for change in step.changes:
        result = apply(text, change, str(path), TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    return str(path), text


@pytest.mark.parametrize(
    ("words", "code", "path", "new"),
    [
        ("In `Boat.row`, before `pull()`, add:", "        look()\n", "boat.py", "look()\n"),
        ("Add to the `Ship` class:", "    def turn(self):\n        return 2\n", "ship.py", "turn"),
        ("Below `OARS = 4`, add:", "SEATS = 2\n", "boat.py", "OARS = 4\nSEATS = 2\n"),
        ("And below `OARS = 4`, add:", "SEATS = 2\n", "boat.py", "OARS = 4\nSEATS = 2\n"),
    ],
)  # fmt: skip
def test_a_place_that_one_file_has_is_meant_there(
    words: str, code: str, path: str, new: str
) -> None:
    made = _made(words, code)
    assert made is not None
    assert made[0] == path
    assert new in made[1]


@pytest.mark.parametrize(
    ("words", "code", "title"),
    [
        ("After `return 1`, add:", "        rest()\n", "Change it"),  # of two files
        ("In `Boat.row`, before `pull()`, add:", "        look()\n", "Change `ship.py`"),
        ("In `dock.py`, below `OARS = 4`, add:", "SEATS = 2\n", "Change it"),
        ("Add a helper:", "def look():\n    return 3\n", "Change it"),  # it fits all of them
    ],
)
def test_what_several_files_bear_out_or_another_is_named_for_is_left(
    words: str, code: str, title: str
) -> None:
    assert _made(words, code, title) is None


def test_what_stands_before_a_guard_is_kept_apart_from_it() -> None:
    words = 'In `main.py`, add before the `if __name__ == "__main__":` block:'
    made = _made(words, "def look():\n    return 3\n")
    assert made is not None
    assert 'return 1\n\n\ndef look():\n    return 3\n\n\nif __name__ == "__main__":\n' in made[1]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("src/sea/oar.py", "# From:\nfrom sea.old import row\n# To:\nfrom sea.oar import row\n"),
        ("src/sea/oar.py", "from sea.oar import (\n    row,\n    turn,\n)\n"),
        ("src/sea/oar/__init__.py", "import sea.oar\n"),
        ("web/sea/oar.ts", "import { row } from './oar';\n"),
        ("web/sea/oar/index.ts", "import { row } from '@/sea/oar';\n"),
    ],
)
def test_an_import_is_of_another_file_than_that_which_it_imports_from(path: str, code: str) -> None:
    files = {path: "x = 1\n", "src/ship.py": "y = 1\n"}
    (step,) = steps(
        f"**Files:**\n- Modify: `{path}`\n- Modify: `src/ship.py`\n\n"
        f"**Step 1: Move `row` to `{path}`**\n\nAdd the import to:{block(code)}",
        files,
    )
    assert isinstance(step, Manual)
    assert step.files == ("src/ship.py",)


@pytest.mark.parametrize(
    "code", ["from sea.oars import row\n", "def row():\n    from sea.oar import turn\n"]
)
def test_other_blocks_are_of_the_file_that_is_named(code: str) -> None:
    files = {"src/sea/oar.py": "x = 1\n", "src/ship.py": "y = 1\n"}
    (step,) = steps(
        "**Files:**\n- Modify: `src/sea/oar.py`\n- Modify: `src/ship.py`\n\n"
        f"**Step 1: Work**\n\nAdd to `src/sea/oar.py`:{block(code)}",
        files,
    )
    assert isinstance(step, Edit)
    assert step.targets == ("src/sea/oar.py",)


def test_a_name_alone_is_of_a_file_beside_those_of_the_task() -> None:
    files = {**FILES, "sea/mast.py": "SET = 1\n", "sea/keel.py": "", "bay/keel.py": ""}
    head = "**Files:**\n- Modify: `sea/mast.py`\n\n**Step 1: Go on**\n\n"
    code = block("def dive():\n    return 3\n")
    (step,) = steps(f"{head}Add a helper to keel.py:{code}", files)
    assert isinstance(step, Edit)
    assert step.targets == ("sea/keel.py",)
    both = head.replace("sea/mast.py`\n", "sea/mast.py`\n- Modify: `bay/oar.py`\n")
    (step,) = steps(f"{both}Add a helper to keel.py:{code}", {**files, "bay/oar.py": ""})
    assert isinstance(step, Manual)


_SHOWN = (
    "**Files:**\n- Modify: `a.py`\n- Modify: `b.py`\n\n**Step 1: Set it**\n\nIn `a.py`, "
    "change `FAST = 1` to `FAST = 2`.\n\n**Step 2: {}**\n\n{}\n"
)


@pytest.mark.parametrize(
    ("title", "words", "kind"),
    [
        ("And the other", "Apply the same change to `b.py`.", Edit),
        ("Make the same change in `b.py`", "It has the limit, too. Make the same change.", Edit),
        ("And", "Apply the identical edit to `b.py`. Find the same `FAST = 1` line.", Edit),
        ("And", "Apply the same change to `b.py`, and set `SLOW`.", Manual),
        ("And", "Apply the same change to `b.py`. Remove the mast.", Manual),
        ("And", "Apply the same change to `b.py`. The value is 3 here.", Manual),
        ("And", "Apply the same change to `b.py` if it has one.", Manual),
        ("And", "Apply the same change to `c.py`.", Manual),
    ],
)
def test_the_same_change_is_made_in_another_file_that_bears_it(
    title: str, words: str, kind: type
) -> None:
    files = {"a.py": "FAST = 1\n", "b.py": "import os\n\nFAST = 1\n", "c.py": "SLOW = 1\n"}
    first, second = steps(_SHOWN.format(title, words), files)
    assert isinstance(first, Edit)
    assert isinstance(second, kind)
    assert not isinstance(second, Edit) or second.targets == ("b.py",)
