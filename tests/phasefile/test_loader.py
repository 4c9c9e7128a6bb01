"""Good phase files and the model that is made of them; and that no file makes the loader crash."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.model import (
    Commit,
    Count,
    Edit,
    Expect,
    Manual,
    Note,
    Phase,
    Service,
    Settings,
    Step,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Append, Create, Glob, Replace
from runbook.core.position import Position
from runbook.phasefile.loader import Loaded, load_series
from runbook.views.mistakes import mistakes

OUR_OWN = Path(__file__).parents[2] / "phases"
MINIMAL = "phase: 1\ngoal: Test.\ntasks:\n  - title: A task\n    steps:\n      - verify: pytest\n"


def loaded(folder: Path, **files: str) -> Loaded:
    for name, text in files.items():
        path = folder / f"{name.replace('_', '-')}.yaml"
        path.write_text(text, encoding="utf-8", newline="")
    return load_series(folder)


def phase(folder: Path, text: str) -> Phase:
    (only,) = loaded(folder, phase_1=text).phases
    return only


def step(folder: Path, text: str) -> Step:
    """The only step of a phase; `text` stands behind its dash."""
    head, *rest = text.removesuffix("\n").split("\n")
    lines = [f"      - {head}", *(f"        {line}" if line else "" for line in rest)]
    before = MINIMAL.removesuffix("      - verify: pytest\n")
    (only,) = phase(folder, before + "\n".join(lines) + "\n").tasks[0].steps
    return only


def test_a_minimal_phase(tmp_path: Path) -> None:
    only = phase(tmp_path, MINIMAL)
    assert (only.id, only.number, only.goal) == ("phase-1", 1, "Test.")
    (task,) = only.tasks
    assert (task.id, task.title) == ("phase-1/task-1", "A task")
    assert task.steps == (Verify("pytest"),)
    assert task.steps[0].at == Position("phases/phase-1.yaml", 6, 9)
    assert only.verification_id == "phase-1/verification"


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("|\n    \tif (x)\n    \t\tfoo();\n", "\tif (x)\n\t\tfoo();\n"),
        ("|\n    \techo\n     one blank\n", "\techo\n one blank\n"),
        ("|\n\n    \t\n    \tx\n", "\n\t\n\tx\n"),
        ("|  # why\r\n    \tx\r\n", "\tx\n"),
        ("|\n    ls |\n    \twc\n", "ls |\n\twc\n"),
        ("|2\n    \tx\n", "\tx\n"),
    ],
)
def test_a_text_may_begin_with_a_tab(tmp_path: Path, block: str, text: str) -> None:
    indented = block.replace("\n    ", "\n          ")
    before = MINIMAL.removesuffix("      - verify: pytest\n")
    file = f"{before}      - edit: a.c\n        append: {indented}      - commit: x\n"
    edit, _ = phase(tmp_path, file).tasks[0].steps
    assert isinstance(edit, Edit)
    assert edit.changes[0] == Append(Text(text, True))


def test_everything_a_phase_can_say(tmp_path: Path) -> None:
    only = phase(
        tmp_path,
        "phase: 3\nof: 7\ntitle: Third\ngoal: Test.\narchitecture: >-\n  One\n  line.\n"
        "tech-stack: pytest\nverified: 2026-02-04\nbase: 1234567\nworkdir: app/\n"
        "worktree: .worktrees/x\nco-authored-by: Ada <ada@example.org>\n"
        "env: {A: 010, B: no, C: ~, D: ''}\ntimeout: 1h30m\n"
        "services:\n  - {name: db, run: postgres, ready: 'URL=(?P<URL>\\S+)', unless-env: URL,"
        " timeout: 90s}\n"
        "notes:\n  - heading: H\n    text: |\n      T\n  - {heading: I, text: U, after: tasks}\n"
        "tasks:\n  - title: A task\n    id: first\n    group: A\n    verifies: [AC1, AC2]\n"
        "    note: N\n    steps:\n      - manual: Do it\n        files: a.py\n"
        "verification:\n  - verify: pytest\n",
    )
    assert (only.number, only.of, only.title, only.architecture) == (3, 7, "Third", "One line.")
    assert (only.tech_stack, only.verified, only.base) == ("pytest", "2026-02-04", "1234567")
    assert only.notes == (Note("H", "T\n"), Note("I", "U", True))
    assert only.settings == Settings(
        workdir="app",
        worktree=".worktrees/x",
        co_authored_by=("Ada <ada@example.org>",),
        env=(("A", "010"), ("B", "no"), ("C", "~"), ("D", "")),
        secrets=(),
        services=(Service("db", "postgres", "URL=(?P<URL>\\S+)", "URL", 90.0),),
        timeout=5400.0,
    )
    (task,) = only.tasks
    # An identifier begins with the file's name, whatever the phase's number.
    assert task.id == "phase-1/first"
    assert (task.group, task.verifies, task.note) == ("A", ("AC1", "AC2"), "N")
    assert task.steps == (Manual("Do it", ("a.py",)),)
    assert only.verification == (Verify("pytest"),)


def test_a_plan_without_number_has_a_title(tmp_path: Path) -> None:
    only = phase(tmp_path, MINIMAL.replace("phase: 1", "title: A plan"))
    assert (only.number, only.title) == (None, "A plan")


def test_every_form_of_an_edit(tmp_path: Path) -> None:
    edit = step(
        tmp_path,
        "edit: [a.py, {glob: 'src/**/*.py'}]\ntitle: T\nnote: N\nlines: 16-22\ncount: all\n"
        "replace: x = 1\nwith: |\n  x = 2\n",
    )
    assert edit == Edit(
        ("a.py", Glob("src/**/*.py")),
        (Replace(Text("x = 1", False), Text("x = 2\n", True), "all", LineRange(16, 22)),),
        "T",
        "N",
    )
    changes = step(
        tmp_path,
        "edit: a.py\nchanges:\n  - replace: a\n    with: ''\n    count: 2\n"
        "  - replace: |-\n      b\n    with: |2\n        c\n    lines: 7\n",
    )
    assert changes == Edit(
        ("a.py",),
        (
            Replace(Text("a", False), Text("", False), 2),
            Replace(Text("b\n", True), Text("  c\n", True), lines=LineRange(7, 7)),
        ),
    )
    created = step(tmp_path, "edit: a.sh\ncreate: |\n  #!/bin/sh\nmode: 755\n")
    assert created == Edit(("a.sh",), (Create(Text("#!/bin/sh\n", True), 0o755),))


def test_every_form_of_an_expectation(tmp_path: Path) -> None:
    verify = step(
        tmp_path,
        "verify: pytest\ntimeout: 1.5s\nenv: {A: '1'}\nfails-at: phase\nguard: false\nexpect:\n"
        "  exit: [0, 1]\n  contains: ok\n  absent: [no, '# x']\n  prose: All tests pass\n"
        "  tests:\n    passed: 14\n    failed: '==0'\n    errors: '<1'\n    skipped: '!=3'\n"
        "    xfailed: ['a.py::test_a[1]']\n    workers: '> 2'\n    workers-per-file: '>=2'\n"
        "    fails-with: [one, two]\n",
    )
    tests = TestsExpectation(
        passed=Count("==", 14),
        failed=Count("==", 0),
        errors=Count("<", 1),
        skipped=Count("!=", 3),
        xfailed=("a.py::test_a[1]",),
        workers=Count(">", 2),
        workers_per_file=Count(">=", 2),
        fails_with=("one", "two"),
    )
    assert verify == Verify(
        "pytest",
        Expect((0, 1), tests, ("ok",), ("no", "# x"), prose="All tests pass"),
        1.5,
        (("A", "1"),),
        fails_at="phase",
    )
    assert step(tmp_path, "verify: x\nexpect: {tests: fail, exit: nonzero}\n") == Verify(
        "x", Expect("nonzero", TestsExpectation("fail"))
    )


def test_every_form_of_a_commit(tmp_path: Path) -> None:
    commit = step(
        tmp_path,
        "commit: |\n  Subject: it\n\n  # Body\nfiles: [a.py]\ntrailers: ['Refs: #12']\n",
    )
    assert commit == Commit("Subject: it\n\n# Body\n", ("a.py",), ("Refs: #12",))


@pytest.mark.parametrize(
    "text", ["no", "yes", "010", "12:30", "1_000", "0x1f", "1e3", "2026-02-04", "null", "~", "true"]
)
def test_row_38_a_text_is_the_text_as_written(text: str, tmp_path: Path) -> None:
    edit = step(tmp_path, f"edit: a.py\nreplace: {text}\nwith: x\n")
    assert isinstance(edit, Edit)
    assert edit.changes == (Replace(Text(text, False), Text("x", False)),)
    variables = step(tmp_path, f"verify: x\nenv: {{A: {text}}}\n")
    assert isinstance(variables, Verify)
    assert variables.env == (("A", text),)
    if text not in ("null", "~"):
        assert step(tmp_path, f"commit: {text}\n") == Commit(text)


@pytest.mark.parametrize("path", ["app/[id].tsx", "-rf", "':(top)x'", ".github/a.yml", "no", "a/~"])
def test_row_41_a_path_is_taken_literally(path: str, tmp_path: Path) -> None:
    edit = step(tmp_path, f"edit: {path}\ncreate: x\n")
    assert isinstance(edit, Edit)
    assert edit.targets == (path.strip("'"),)


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("|\n  a\n", "a\n"),
        ("|-\n  a\n", "a\n"),
        ("|+\n  a\n\n", "a\n\n"),
        ("|\n  a\n    b\n\n  c\n", "a\n  b\n\nc\n"),
        ("|2\n      a\n  b\n", "    a\nb\n"),
        ("|2-\n    a\n", "  a\n"),
        ("|\n\n  a\n", "\na\n"),
        ("|\n  {{ a }} ${{ b }} {% c %}\n", "{{ a }} ${{ b }} {% c %}\n"),
        ("|\n  a  # b: !c &d *e\n", "a  # b: !c &d *e\n"),
        ("| # a comment of the phase file\n  a\n", "a\n"),
    ],
)
def test_a_block_is_whole_lines(block: str, value: str, tmp_path: Path) -> None:
    edit = step(tmp_path, f"edit: a.py\ncreate: {block}")
    assert isinstance(edit, Edit)
    assert edit.changes == (Create(Text(value, True)),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a#b", "a#b"),
        ("'a # b'", "a # b"),
        ('"a\\tb # c"', "a\tb # c"),
        ("a:b", "a:b"),
        ("'!a'", "!a"),
        ("a && b | c > d", "a && b | c > d"),
        ('"{{ a }}"', "{{ a }}"),
        ("-a", "-a"),
        ('"a\\r\\nb\\r"', "a\nb\r"),
    ],
)
def test_a_text_inside_a_line(text: str, value: str, tmp_path: Path) -> None:
    edit = step(tmp_path, f"edit: a.py\ncreate: {text}\n")
    assert isinstance(edit, Edit)
    assert edit.changes == (Create(Text(value, False)),)


def test_a_block_in_a_list_or_as_a_variable(tmp_path: Path) -> None:
    verify = step(
        tmp_path,
        "verify: x\nenv:\n  A: |\n    a\n      b\nexpect:\n  contains:\n    - |\n      a\n"
        "  absent:\n  - |2\n      b\n",
    )
    assert isinstance(verify, Verify)
    assert verify.env == (("A", "a\n  b\n"),)
    # What is looked for in an output is text inside a line.
    assert verify.expect.contains == ("a",)
    assert verify.expect.absent == ("  b",)


def test_an_expression_that_a_later_python_may_read_otherwise_is_read(tmp_path: Path) -> None:
    found = loaded(tmp_path, runbook="services: {name: db, run: x, ready: '[[a]'}\n")
    assert found.series.settings.services == (Service("db", "x", "[[a]"),)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = OUR_OWN.joinpath("phase-3.yaml").read_text(encoding="utf-8")
    same = phase(tmp_path, text)
    assert phase(tmp_path, "\ufeff" + text.replace("\n", "\r\n")) == same


def test_places_ride_along(tmp_path: Path) -> None:
    edit = step(tmp_path, "edit: a.py\ntitle: T\nreplace: a\nwith: b\n")
    assert isinstance(edit, Edit)
    assert str(edit.at) == "phases/phase-1.yaml:6:9"
    assert str(edit.changes[0].at) == "phases/phase-1.yaml:8:9"


def test_a_series_is_inherited(tmp_path: Path) -> None:
    series = "title: S\nof: 7\nverified: 2026-02-04\ntech-stack: T\nworkdir: app\nenv: {A: '1'}\n"
    found = loaded(
        tmp_path,
        runbook=series,
        phase_1=MINIMAL,
        phase_2=MINIMAL.replace("phase: 1", "phase: 2") + "of: 2\nworkdir: .\nenv: {B: '2'}\n",
    )
    first, second = found.phases
    assert found.series.title == "S"
    assert (first.of, first.verified, first.tech_stack) == (7, "2026-02-04", "T")
    assert first.settings.workdir == "app"
    assert (second.of, second.settings.workdir) == (2, ".")
    assert second.settings.env == (("A", "1"), ("B", "2"))


def numbered(number: int, *requires: str) -> str:
    text = MINIMAL.replace("phase: 1", f"phase: {number}")
    return text + (f"requires: [{', '.join(requires)}]\n" if requires else "")


@pytest.mark.parametrize("text", ["", "\n", "# title: later\n\n  # env: {}\n"])
def test_a_series_that_says_nothing_is_none(text: str, tmp_path: Path) -> None:
    without = loaded(tmp_path, phase_1=MINIMAL)
    assert loaded(tmp_path, runbook=text) == without


def test_phases_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    plan = MINIMAL.replace("phase: 1", "title: A plan")
    found = loaded(tmp_path, a=plan, b=numbered(10), c=numbered(9), d=numbered(1))
    assert [phase.id for phase in found.phases] == ["d", "c", "b", "a"]


def test_what_a_phase_requires_beats_its_number(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, phase_1=numbered(1, "3"), phase_2=numbered(2), phase_3=numbered(3, "2")
    )
    assert [phase.id for phase in found.phases] == ["phase-2", "phase-3", "phase-1"]
    assert [phase.requires for phase in found.phases] == [(), ("phase-2",), ("phase-3",)]


def test_a_required_phase_is_named_by_its_file_or_its_number(tmp_path: Path) -> None:
    found = loaded(tmp_path, begin=numbered(1), go_on=numbered(2, "1", "begin"))
    assert found.phases[1].requires == ("begin", "begin")


def test_an_empty_folder_is_an_empty_series(tmp_path: Path) -> None:
    assert load_series(tmp_path).phases == ()


def test_our_own_phases_are_as_the_seed_says() -> None:
    found = load_series(OUR_OWN)
    assert [phase.number for phase in found.phases] == [1, 0, 2, 3, 4, 5, 6]
    (third,) = (phase for phase in found.phases if phase.number == 3)
    assert (third.number, third.of) == (3, 7)
    assert [task.title for task in third.tasks] == [
        "Remove xdist_group from test_workspace_crud.py",
        "Remove xdist_group from test_workspace_persistence.py",
        "Verify xdist parallelism works for workspace tests",
    ]
    assert [len(task.steps) for task in third.tasks] == [3, 3, 2]
    assert third.settings.co_authored_by == ("Claude Opus 4.5 <noreply@anthropic.com>",)


# Whatever stands in a file, the loader reads it or tells what is wrong.

SEEDS = (
    MINIMAL,
    *(file.read_text(encoding="utf-8") for file in sorted(OUR_OWN.glob("*.yaml"))),
)
PIECES = st.sampled_from(
    (
        *("- ", ": ", "\n", "  ", "\t", "|", ">", "|2", "!", "&a ", "*a", "<<: *a", "? ", "# "),
        *("[", "]", "{", "}", "'", '"', "~", "null", "0", "-1", "9" * 30, "all", "true", "\0"),
        *("\ufeff", "\u2028", "\x85", "\r", "é", "\\", "---\n", "...\n", "%TAG ! x\n", "@", "`"),
        *("edit: a.py\n", "replace: a\n", "with: b\n", "create: a\n", "changes:\n", "commit: x\n"),
        *("verify: x\n", "manual: x\n", "expect:\n", "tests: pass\n", "glob: x\n", "env:\n"),
        *("requires: 1\n", "phase: 1\n", "services:\n", "ready: (\n", "ready: a{9999999999}\n"),
    )
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good phase file with pieces of YAML put in, lines taken out or moved."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        begin = draw(st.integers(0, len(text)))
        end = begin + draw(st.sampled_from((0, 0, 1, 2, 5, 40)))
        text = text[:begin] + draw(PIECES | st.text(max_size=3)) + text[end:]
    if draw(st.booleans()):
        lines = text.split("\n")
        index = draw(st.integers(0, len(lines) - 1))
        lines.insert(draw(st.integers(0, len(lines))), lines.pop(index))
        text = "\n".join(lines)
    return text


def check_that_nothing_breaks(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / name).write_bytes(data)
        said = said_of(folder)
    assert said is None or re.match(rf"phases/{name}:[1-9]\d*:[1-9]\d*: error: ", said)


def said_of(folder: Path) -> str | None:
    try:
        load_series(folder)
    except InvalidPhaseFiles as found:
        return mistakes(found)
    return None


NAMES = st.sampled_from(("phase-1.yaml", "runbook.yaml"))


@settings(deadline=None, max_examples=150)
@given(
    NAMES, st.binary(max_size=80) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace"))
)
@example("phase-1.yaml", b"\xff\xfe")
@example("phase-1.yaml", b"? [a]\n: b\n")
def test_no_text_breaks_the_loader(name: str, data: bytes) -> None:
    check_that_nothing_breaks(name, data)


@settings(deadline=None, max_examples=600)
@given(NAMES, mutated())
def test_no_mutation_of_a_good_file_breaks_the_loader(name: str, text: str) -> None:
    check_that_nothing_breaks(name, text.encode("utf-8", "surrogatepass"))
