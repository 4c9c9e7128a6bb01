"""docs/format.md against the forms that the loader reads by: every key, and no other."""

from __future__ import annotations

import importlib
import pkgutil
import re
import textwrap
from pathlib import Path

import pytest

import runbook.format
from runbook.engine.ground.context import DEFAULT_TIMEOUT
from runbook.format.forms import Form
from runbook.phasefile.loader import SERIES_FILE, load_series

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```yaml ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$", re.MULTILINE)

SECTIONS = {
    "A phase": "a phase",
    "A task": "a task",
    "A note": "a note",
    "The series file": "the series file",
    "A service": "a service",
    "An edit": "an edit",
    "A change": "a change",
    "A glob": "a glob",
    "A run step": "a run step",
    "A verify step": "a verify step",
    "Expectations": "`expect`",
    "Tests": "`tests`",
    "Distinct": "`distinct`",
    "Tests carried back": "`fails-at`",
    "A commit step": "a commit step",
    "A manual step": "a manual step",
    "A delegate": "a delegate",
    "A confinement": "a confinement",
    "A confirm step": "a confirm step",
}
# Forms whose keys stand in two sections: their own, and one that other forms share.
SHARED = {"a phase": "the series file", "an edit": "a change"}
STEPS = ("an edit", "a run step", "a verify step", "a commit step", "a manual step",
         "a confirm step")  # fmt: skip


def forms() -> dict[str, Form]:
    """All forms of the loader by their names."""
    found = {}
    for module in pkgutil.iter_modules(runbook.format.__path__):
        for each in vars(importlib.import_module(f"runbook.format.{module.name}")).values():
            if isinstance(each, Form):
                found[each.name] = each
    return found


def documented() -> dict[str, dict[str, str]]:
    """What the reference says about each key, by form and key."""
    found = {}
    for section in re.split(r"^#+ ", re.sub(FENCE, "", REFERENCE), flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        rows = ROW.findall(body)
        if heading in SECTIONS:
            found[SECTIONS[heading]] = dict(rows)
            assert len(rows) == len(dict(rows)), f"{heading} has a key twice"
        else:
            assert not rows, f"{heading} describes keys of no form"
    return found


def test_every_form_has_its_section() -> None:
    assert set(forms()) == set(SECTIONS.values()) == set(documented())


@pytest.mark.parametrize("name", SECTIONS.values())
def test_every_key_is_documented_and_no_other(name: str) -> None:
    rows = documented()
    keys = set(rows[name])
    if name in SHARED:
        keys |= set(rows[SHARED[name]])
    assert keys == set(forms()[name].keys)


@pytest.mark.parametrize("name", SECTIONS.values())
def test_what_is_required_or_missing_is_said_so(name: str) -> None:
    form = forms()[name]
    for key, meaning in documented()[name].items():
        first = name in STEPS and key == next(iter(form.keys))
        assert meaning.endswith("(required)") == (form.keys[key].required or first), key


def test_the_default_time_limit_is_the_one_stated() -> None:
    assert f"Default: `{DEFAULT_TIMEOUT / 60:.0f}m`" in documented()["the series file"]["timeout"]


def examples() -> list[tuple[str, str, str]]:
    """Page and line, kind and text of each YAML example."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            found.append((f"{page.name}:{line}", fence[1], fence[2]))
    return found


PHASE = "phase: 1\ngoal: An example.\ntasks:\n  - title: A task\n    steps:\n"
STEP = f"{PHASE}      - verify: 'true'\n"


def files(kind: str, text: str) -> dict[str, str]:
    """The files of a whole series around an example."""
    match kind:
        case "series":
            return {SERIES_FILE: text}
        case "step":
            return {"phase-1.yaml": PHASE + textwrap.indent(text, " " * 6)}
        case "expect":
            return {
                "phase-1.yaml": f"{STEP}        expect:\n" + textwrap.indent(text, " " * 10),
            }
        case _:
            # Other phases may be asked for.
            return {"phase-1.yaml": STEP, "phase-2.yaml": text.replace("phase: 1\n", "phase: 2\n")}


def test_there_are_examples_of_every_kind() -> None:
    kinds = [kind for _, kind, _ in examples()]
    assert {"series", "phase", "step", "expect", "phases/phase-1.yaml"} == set(kinds)
    assert len(kinds) > 12


@pytest.mark.parametrize(
    ("kind", "text"),
    [(kind, text) for _, kind, text in examples()],
    ids=[place for place, _, _ in examples()],
)
def test_an_example_has_no_mistake(kind: str, text: str, tmp_path: Path) -> None:
    for name, content in files(kind, text).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    load_series(tmp_path)


def test_every_key_of_a_step_is_shown_in_an_example() -> None:
    shown = "\n".join(text for _, _, text in examples())
    for name in (*STEPS, "a change", "a service", "`expect`"):
        for key in forms()[name].keys:
            if key not in ("note", "exit", "output", "empty", "line-count",
                           "prose", "guard", "lines", "match"):  # fmt: skip
                assert re.search(rf"(?<![\w-]){key}:", shown), f"{key} of {name}"
