"""Edits planned in memory: sequences of them, and that execution does exactly what was planned."""

from __future__ import annotations

import fnmatch
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.matching.texts import Text
from runbook.core.model.data import Assignment
from runbook.core.model.declared import destinations
from runbook.core.model.model import Commit, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Glob,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Prepend,
    Remove,
    Rename,
    Replace,
    RewriteFile,
    SetValues,
    Structural,
    Substitute,
)
from runbook.core.model.patches import FilePatch, Hunk
from runbook.engine.simulation import simulate
from runbook.engine.simulation.planned import EditConflict, PlannedFile
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import FileState, Workspace

Files = dict[str, bytes]


def whole(text: str) -> Text:
    return Text(text, whole_lines=True)


def inside(text: str) -> Text:
    return Text(text, whole_lines=False)


def edit(target: str | Glob | tuple[str | Glob, ...], *changes: Operation) -> Edit:
    return Edit(target if isinstance(target, tuple) else (target,), changes)


def laid_out(folder: Path, files: Files) -> Simulation:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return over(folder, files)


def over(folder: Path, tracked: Files) -> Simulation:
    """A simulation; as git does, a pattern lists what is tracked, there or not."""
    return Simulation(
        Workspace(folder, None), lambda glob: fnmatch.filter(sorted(tracked), glob.pattern)
    )


def written(folder: Path, planned: tuple[PlannedFile, ...]) -> None:
    workspace = Workspace(folder, None)
    for file in sorted(planned, key=lambda file: file.after is None):
        before = None if file.before is None else file.before.data
        if not file.changes:
            continue
        if file.after is not None:
            workspace.write(file.path, file.after.data, file.after.mode, before)
        elif before is not None:
            workspace.remove(file.path, before)


def there(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def of_unstated_mode(planned: tuple[PlannedFile, ...]) -> tuple[PlannedFile, ...]:
    """A planned file has no mode until it is written; all else is to be the same."""

    def unstated(state: FileState | None) -> FileState | None:
        return None if state is None else replace(state, mode=None)

    return tuple(
        replace(file, before=unstated(file.before), after=unstated(file.after)) for file in planned
    )


def refused(simulation: Simulation, step: Edit) -> str:
    with pytest.raises(EditConflict) as raised:
        simulation.plan(step)
    return str(raised.value)


NAMES = ("a.py", "b.py", "sub/c.py", "new.txt")
PATHS = st.sampled_from(NAMES)
WORDS = st.sampled_from(["one", "two", "three"])
LINES = WORDS.map(lambda word: whole(f"{word}\n"))
OPERATIONS = st.one_of(
    st.builds(Replace, LINES, LINES, st.sampled_from([1, "all"])),
    st.builds(Remove, LINES),
    st.builds(Insert, st.sampled_from(["after", "before"]), LINES, LINES),
    st.builds(Append, LINES),
    st.builds(Prepend, LINES),
    st.builds(Create, LINES),
    st.builds(RewriteFile, LINES),
    st.builds(Substitute, WORDS, WORDS, st.just("all")),
    st.builds(Delete),
    st.builds(MoveTo, PATHS),
    st.builds(lambda old, new: Structural(new, old, count="all", language="python"), WORDS, WORDS),
    st.builds(lambda key, value: SetValues((Assignment((key,), value),), "toml"), WORDS, WORDS),
)
TARGETS = st.one_of(PATHS, st.sampled_from([Glob("*.py"), Glob("sub/*")]))


def patched(path: str, old: str, new: str, to: str | None) -> Edit:
    """An edit by a patch of a file's one line, which may make or move the file as well."""
    lines = (*([f"-{old}"] if old else []), f"+{new}")
    part = FilePatch(path, (Hunk(1, 1, lines),), "change" if old else "create", to if old else None)
    return edit(path, Patch("", (part,)))


EDITS = st.one_of(
    st.builds(
        lambda target, changes: edit(target, *changes),
        TARGETS,
        st.lists(OPERATIONS, min_size=1, max_size=3),
    ),
    st.builds(patched, PATHS, WORDS | st.just(""), WORDS, st.none() | PATHS),
)
CONTENTS = st.lists(
    st.tuples(
        st.sampled_from([b"one", b"two", b"three", b"", b"\xff\f", "\u2028".encode(), b"\0"]),
        st.sampled_from([b"\n", b"\r\n"]),
    ),
    max_size=5,
).map(lambda lines: b"".join(line + end for line, end in lines))
FILES = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES[:3], CONTENTS))


@settings(deadline=None)
@given(files=FILES, steps=st.lists(EDITS, max_size=5))
def test_execution_does_what_was_planned(files: Files, steps: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        simulation = laid_out(folder, files)
        expected = there(folder)
        assert expected == files
        for step in steps:
            try:
                planned = simulation.plan(step)
            except EditConflict:
                # Nothing of it was remembered, and a plan over the real files says the same.
                refused(over(folder, files), step)
                continue
            assert of_unstated_mode(over(folder, files).plan(step)) == of_unstated_mode(planned)
            for file in planned:
                if file.after is None:
                    expected.pop(file.path, None)
                else:
                    expected[file.path] = file.after.data
            written(folder, planned)
            assert there(folder) == expected


@settings(deadline=None)
@given(files=FILES, steps=st.lists(EDITS, max_size=4))
def test_files_that_no_step_names_stay_out_of_the_plan(files: Files, steps: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        simulation = laid_out(folder, files)
        for step in steps:
            named = {path for target in step.targets for path in NAMES
                     if fnmatch.fnmatch(path, str(target))}  # fmt: skip
            named |= {to for change in step.changes for to in destinations(change)}
            try:
                planned = simulation.plan(step)
            except EditConflict:
                continue
            assert {file.path for file in planned} <= named
        assert there(folder) == files, "planning writes nothing"


ONCE = (
    edit("a.py", Replace(whole("one\n"), whole("two\nthree\n"))),
    edit("a.py", Insert("after", whole("one\n"), whole("two\n"))),
    edit("a.py", Append(whole("two\n")), Prepend(whole("three\n"))),
    edit("a.py", RewriteFile(whole("two\n"))),
    edit("new.txt", Create(whole("two\n"))),
    edit("a.py", Delete()),
    edit("a.py", Structural("two", "one", language="python")),
    patched("new.txt", "", "two", None),
    edit("a.py", MoveTo("new.txt")),
    edit("a.py", MoveTo("new.txt"), Replace(whole("one\n"), whole("two\n"))),
    edit("a.py", Replace(whole("one\n"), whole("two\n")), MoveTo("new.txt")),
    edit("a.py", Replace(inside("ne"), inside("x")), MoveTo("sub/deep/c"), Append(whole("z\n"))),
)


@pytest.mark.parametrize("step", ONCE, ids=range(len(ONCE)))
@pytest.mark.parametrize("data", [b"one\n", b"\xef\xbb\xbfone\r\n\xff\0\f", b"one"])
def test_applied_twice_it_is_already_applied(tmp_path: Path, step: Edit, data: bytes) -> None:
    first = laid_out(tmp_path, {"a.py": data}).plan(step)
    assert any(file.changes for file in first)
    written(tmp_path, first)
    after = there(tmp_path)
    again = over(tmp_path, after).plan(step)
    assert not [file for file in again if file.changes]
    assert there(tmp_path) == after


def test_later_edits_see_earlier_ones(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"one\n"})
    simulation.plan_all(
        named(
            edit("a.py", Replace(whole("one\n"), whole("two\n"))),
            edit("a.py", MoveTo("b.py")),
            edit("b.py", Replace(whole("two\n"), whole("three\n"))),
            edit("b.py", MoveTo("a.py")),
            edit("b.py", Create(whole("new\n"))),
        )
    )
    (planned,) = simulation.plan(edit("a.py", Append(whole("end\n"))))
    assert planned.after is not None
    assert planned.after.data == b"three\nend\n"
    assert there(tmp_path) == {"a.py": b"one\n"}


def test_a_conflict_leaves_nothing_behind(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"one\n", "b.py": b"two\n"})
    step = edit(("a.py", "b.py"), Replace(whole("one\n"), whole("x\n")))
    assert refused(simulation, step) == "b.py: the text to replace is not in the file"
    (planned,) = simulation.plan(edit("a.py", Replace(whole("one\n"), whole("y\n"))))
    assert planned.after is not None
    assert planned.after.data == b"y\n"


def test_moves(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"one\n", "b.py": b"two\n"})
    (tmp_path / "a.py").chmod(0o750)
    assert refused(simulation, edit("a.py", MoveTo("b.py"))) == "a.py: b.py exists already"
    assert refused(simulation, edit("x", MoveTo("y"))) == "x: neither x nor y exists"
    assert refused(simulation, edit(("a.py", "b.py"), MoveTo("c"))) == (
        "b.py: c would be written twice by this step"
    )
    old, new = simulation.plan(edit("a.py", MoveTo("sub/c.py"), Append(whole("end\n"))))
    assert (old.path, old.after) == ("a.py", None)
    assert (new.path, new.before) == ("sub/c.py", None)
    assert new.after is not None
    assert (new.after.data, new.after.mode) == (b"one\nend\n", 0o750)
    written(tmp_path, (old, new))
    assert there(tmp_path) == {"sub/c.py": b"one\nend\n", "b.py": b"two\n"}


def test_files_that_hold_a_text(tmp_path: Path) -> None:
    old = {"a.py": b"import old\r\n", "b.py": b"x\n", "c.py": b"new()\n", "d.txt": b"old\n"}
    simulation = laid_out(tmp_path, old)
    (tmp_path / "link.py").symlink_to("a.py")
    pattern = Glob("*.py", "contains")
    step = edit(pattern, Replace(inside("old"), inside("new"), "all"))
    planned = simulation.plan(step)
    assert {f.path: f.after.data for f in planned if f.after} == {
        "a.py": b"import new\r\n",
        "c.py": b"new()\n",
    }
    assert not any(file.changes for file in simulation.plan(step))
    assert refused(simulation, edit(pattern, Remove(inside("nowhere")))) == (
        "*.py: no file that the pattern matches holds the text"
    )


def test_what_is_no_text_holds_none(tmp_path: Path) -> None:
    old = {"a.py": b"old\n", "b.py": b"\x7f\0old\0", "d/c.py": b"old\n"}
    simulation = laid_out(tmp_path, {**old, "e.py": b""})
    (tmp_path / "e.py").unlink()
    (tmp_path / "e.py").symlink_to("d", target_is_directory=True)
    changes = Rename((("old", "new"),))
    planned = simulation.plan(edit(Glob("*.py", "contains"), changes))
    assert [file.path for file in planned if file.changes] == ["a.py", "d/c.py"]
    # Who names it knows what it is.
    (named,) = over(tmp_path, old).plan(edit("b.py", changes))
    assert named.after is not None
    assert named.after.data == b"\x7f\0new\0"


def test_a_file_that_can_not_be_written_is_not_left_out(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"old\n", "b.py": b"old\n"})
    (tmp_path / "hard").hardlink_to(tmp_path / "b.py")
    step = edit(Glob("*.py", "contains"), Rename((("old", "new"),)))
    assert "b.py is a hard link" in refused(simulation, step)


def test_each_change_is_made_where_its_text_stands(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a": b"x = 1\n", "b": b"y = 1\nx = 1\n", "c": b"z\n"})
    pattern = Glob("*", "contains")
    changes = (Replace(inside("x"), inside("q")), Substitute("y = (\\d)", r"r = \1", 1))
    planned = simulation.plan(edit(pattern, *changes))
    assert {f.path: f.after.data for f in planned if f.after} == {
        "a": b"q = 1\n",
        "b": b"r = 1\nq = 1\n",
    }
    half = edit(pattern, Remove(inside("z")), Rename((("nowhere", "x"),)))
    assert refused(simulation, half) == "*: none of the files has `nowhere`"


def test_a_file_that_holds_it_too_often_is_a_conflict(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a": b"x\n", "b": b"x x\n"})
    step = edit(Glob("*", "contains"), Replace(inside("x"), inside("y")))
    assert "is to be found once and stands 2 times" in refused(simulation, step)


def test_the_phase_file_quotes_a_text_and_does_not_hold_it(tmp_path: Path) -> None:
    files = {"a": b"x\n", "phases/phase-1.yaml": b"x\n", "web/phases/moon": b"x\n"}
    laid_out(tmp_path, files)
    step = edit(Glob("*", "contains"), Replace(inside("x"), inside("y")))

    def planned(workdir: str | None, prefix: str) -> list[str]:
        below = [path.removeprefix(prefix) for path in files if path.startswith(prefix)]
        plans = Plans(prefix, "phases")
        simulation = Simulation(Workspace(tmp_path, workdir), lambda _glob: below, plans=plans)
        return [file.path for file in simulation.plan(step)]

    assert planned(None, "") == ["a", "web/phases/moon"]
    # A folder of that name elsewhere is no series.
    assert planned("web", "web/") == ["phases/moon"]


def test_a_commit_of_other_files_leaves_a_new_one_unknown_to_git(tmp_path: Path) -> None:
    for files, planned in ((("a.py",), ["a.py"]), (None, ["a.py", "b.py"]),
                           ((Glob("b*"),), ["a.py", "b.py"])):  # fmt: skip
        simulation = laid_out(tmp_path, {"a.py": b"x\n"})
        simulation.take(edit("b.py", Create(whole("x\n"))))
        simulation.take(Commit("Add", files=files))
        attempt = simulation.take(edit(Glob("*.py"), Replace(inside("x"), inside("y"))))
        assert attempt is not None
        assert [file.path for file in attempt.planned] == planned


def test_plans_of_a_worktree_are_shared_by_its_folders(tmp_path: Path) -> None:
    laid_out(tmp_path, {"a[b]/x.py": b"1\n", "y.py": b"1\n"})
    plans = Plans()
    inner, outer = (
        Simulation(Workspace(tmp_path, workdir), lambda _glob: [], plans=plans.within(prefix))
        for workdir, prefix in (("a[b]", "a[b]/"), (None, ""))
    )
    (file,) = inner.plan(edit("x.py", Replace(inside("1"), inside("2"))))
    assert file.path == "x.py"
    (file,) = outer.plan(edit("a[b]/x.py", Replace(inside("2"), inside("3"))))
    assert file.before is not None
    assert file.before.data == b"2\n"
    inner.take(Run("true", files=(Glob("*.py"),)), "phase-1/task-1/step-1")
    attempt = outer.take(edit("a[b]/x.py", Replace(inside("3"), inside("4"))))
    assert attempt is not None
    assert attempt.unknown == ("a[b]/x.py",)
    assert attempt.after == "phase-1/task-1/step-1"
    attempt = outer.take(edit("y.py", Replace(inside("1"), inside("2"))))
    assert attempt is not None
    assert not attempt.unknown


def test_each_name_is_in_one_of_the_files(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a": b"old x\n", "b": b"old\n"})
    step = edit(("a", "b"), Rename((("old", "new"), ("x", "y"))))
    assert [f.after.data for f in simulation.plan(step) if f.after] == [b"new y\n", b"new\n"]
    assert not any(file.changes for file in simulation.plan(step))
    misspelt = edit(("a", "b"), Rename((("new", "newer"), ("odl", "z"), ("dlo", "q"))))
    assert refused(simulation, misspelt) == "a: none of the files has `odl`, `dlo`"


def test_a_name_may_be_one_that_a_change_before_writes(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a": b"x\n"})
    step = edit("a", Append(whole("use(old)\n")), Rename((("old", "new"),)))
    (file,) = simulation.plan(step)
    assert file.after is not None
    assert file.after.data == b"x\nuse(new)\n"


def test_globs(tmp_path: Path) -> None:
    files = {"a.py": b"one\n", "b.py": b"one\n", "c.txt": b"one\n"}
    simulation = laid_out(tmp_path, files)
    replace = Replace(whole("one\n"), whole("two\n"))
    message = "*.md: no tracked file matches the pattern"
    assert refused(simulation, edit(Glob("*.md"), replace)) == message
    simulation.plan(edit("b.py", Delete()))
    planned = simulation.plan(edit((Glob("*.py"), "a.py", Glob("a*")), replace))
    assert [file.path for file in planned] == ["a.py"], "each file once, and no deleted one"
    # git lists a deleted file until the deletion is committed.
    (tmp_path / "b.py").unlink()
    (planned_file,) = over(tmp_path, files).plan(edit(Glob("*.py"), replace))
    assert planned_file.path == "a.py"


def test_the_same_file_twice_is_edited_once(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"one\n"})
    (planned,) = simulation.plan(
        edit(("a.py", "a.py"), Append(whole("one\n")), Remove(whole("one\n")))
    )
    assert planned.after is not None
    assert planned.after.data == b""


def test_what_commands_and_people_may_change_is_not_planned(tmp_path: Path) -> None:
    missing = edit("a.py", Replace(whole("made\n"), whole("x\n")))
    other = edit("b.py", Replace(whole("made\n"), whole("x\n")))
    known: tuple[tuple[Step, bool], ...] = (
        (Run("make", ("a.py",)), True),
        (Manual("do it", ("a.py",)), True),
        (Verify("make"), False),
    )
    for step, unknown in known:
        simulation = laid_out(tmp_path, {"a.py": b"one\n", "b.py": b"one\n"})
        if unknown:
            simulation.plan_all(named(step, missing))
            with pytest.raises(EditConflict, match=r"b\.py: the text to replace"):
                laid_out(tmp_path, {}).plan_all(named(step, missing, other))
        else:
            with pytest.raises(EditConflict, match=r"a\.py: the text to replace"):
                simulation.plan_all(named(step, missing))
    simulation = laid_out(tmp_path, {"a.py": b"one\n", "b.py": b"one\n"})
    simulation.plan_all(named(Run("make", (Glob("*.py"),)), missing, other))
    # What names no file changes none.
    with pytest.raises(EditConflict, match=r"a\.py: the text to replace"):
        laid_out(tmp_path, {"a.py": b"one\n"}).plan_all(named(Manual("look"), missing))


def named(*steps: Step) -> list[tuple[str, Step]]:
    return [(f"phase-1/task-1/step-{number}", step) for number, step in enumerate(steps, 1)]


def test_an_operation_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "_SECONDS", 0.3)
    simulation = laid_out(tmp_path, {"a.py": b"a" * 60 + b"b\n"})
    for target in ("a.py", Glob("*.py", "contains")):
        step = edit(target, Substitute("(a+)+$", "", 1))
        with pytest.raises(EditConflict) as raised:
            simulation.plan(step)
        assert str(raised.value) == "a.py: the operation took longer than 0 s"
        assert "make the expression simpler" in str(raised.value.conflict.hint)


def test_files_that_can_not_be_edited(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a.py": b"one\n", "d/x": b"", "hard": b"one\n"})
    (tmp_path / "link").symlink_to("a.py")
    (tmp_path / "folder").symlink_to("d")
    (tmp_path / "hard2").hardlink_to(tmp_path / "hard")
    append = Append(whole("x\n"))
    for path, why in (
        ("link", "is a symbolic link"),
        ("folder/x", "leads through the symbolic link folder"),
        ("d", "is not a regular file"),
        ("hard", "is a hard link"),
    ):
        assert why in refused(simulation, edit(path, append))
        assert why in refused(simulation, edit("a.py", append, MoveTo(path)))


def test_a_file_is_no_folder_for_the_edits_after_it(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {})
    create = Create(whole("x\n"))
    simulation.plan(edit("b", create))
    with pytest.raises(EditConflict, match="b is no folder; to make it one, delete it in a task"):
        simulation.plan(edit("b/c/x", create))
    simulation.plan(edit("b", Delete()))
    with pytest.raises(EditConflict, match="b is no folder"):
        simulation.plan(edit("b/c/x", create))


def test_what_a_task_before_deleted_is_a_folder(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, {"a": b"a\n", "b": b"b\n"})
    create = Create(whole("x\n"))
    simulation.take(edit("a", Delete()), "phase-1/task-1/step-1")
    below = simulation.take(edit("a/x", create), "phase-1/task-1/step-2")
    assert below is not None
    assert "a is no folder" in str(below.conflicts[0])
    simulation.take(edit("b", Delete()), "phase-1/task-1/step-3")
    copied = simulation.copy()
    for each in (simulation, copied):
        later = each.take(edit("b/x", create), "phase-1/task-2/step-1")
        assert later is not None
        assert not later.conflicts
