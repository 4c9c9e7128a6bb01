"""Edits after a person or a command: what is known of files, and what is not any more."""

from __future__ import annotations

from pathlib import Path

from test_simulate import Files, edit, laid_out, whole

from runbook.core.model.model import Commit, Edit, Manual, Run
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Glob,
    MoveTo,
    Replace,
    RewriteFile,
    Target,
)
from runbook.engine.simulation.planned import Attempt
from runbook.engine.simulation.simulate import Simulation

FILES: Files = {"a.py": b"one\n", "b.py": b"one\n", "c.txt": b"one\n"}
MISSING = Replace(whole("made\n"), whole("x\n"))


def after(folder: Path, *files: Target) -> Simulation:
    simulation = laid_out(folder, FILES)
    assert simulation.take(Run("make", files)) is None
    return simulation


def taken(simulation: Simulation, step: Edit) -> Attempt:
    attempt = simulation.take(step)
    assert attempt is not None
    return attempt


def test_only_what_a_command_may_change_is_unknown(tmp_path: Path) -> None:
    simulation = after(tmp_path, "a.py", Glob("*.txt"))
    for path in ("a.py", "c.txt", "new.txt"):
        assert taken(simulation, edit(path, MISSING)) == Attempt((), (), (path,))
    (conflict,) = taken(simulation, edit("b.py", MISSING)).conflicts
    assert str(conflict) == "b.py: the text to replace is not in the file"


def test_what_an_edit_makes_of_an_unknown_file_is_unknown(tmp_path: Path) -> None:
    simulation = after(tmp_path, "a.py")
    assert taken(simulation, edit("a.py", MoveTo("d.py"))).unknown == ("a.py",)
    assert taken(simulation, edit("d.py", MISSING)).unknown == ("d.py",)


def test_a_file_written_whole_is_known_again(tmp_path: Path) -> None:
    simulation = after(tmp_path, Glob("*"))
    for operation in (RewriteFile(whole("new\n")), Create(whole("new\n"))):
        (planned,) = taken(simulation, edit("a.py", operation)).planned
        assert planned.after is not None
        assert planned.after.data == b"new\n"
        (conflict,) = taken(simulation, edit("a.py", MISSING)).conflicts
        assert conflict.path == "a.py"
        simulation.take(Manual("do it", (Glob("a*"),)))
        assert taken(simulation, edit("a.py", MISSING)).unknown == ("a.py",)
    (planned,) = taken(simulation, edit("b.py", Delete())).planned
    assert planned.after is None
    (conflict,) = taken(simulation, edit("b.py", MISSING)).conflicts
    assert conflict.conflict.message == "the file does not exist"


def test_every_file_that_does_not_fit_is_told_and_unknown_afterwards(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, FILES)
    attempt = taken(simulation, edit(("a.py", "b.py", "x.py"), MISSING))
    assert [each.path for each in attempt.conflicts] == ["a.py", "b.py", "x.py"]
    assert taken(simulation, edit("a.py", MISSING)) == Attempt((), (), ("a.py",))
    assert taken(simulation, edit("c.txt", Append(whole("two\n")))).planned


def test_a_pattern_over_files_that_may_be_made(tmp_path: Path) -> None:
    simulation = after(tmp_path, Glob("made/*.md"))
    attempt = taken(simulation, edit(Glob("**/*.md"), Append(whole("x\n"))))
    assert attempt == Attempt((), (), ("**/*.md",))
    attempt = taken(simulation, edit(Glob("src/*.md"), Append(whole("x\n"))))
    assert [each.path for each in attempt.conflicts] == ["src/*.md"]


def test_a_pattern_finds_what_was_made_and_committed(tmp_path: Path) -> None:
    simulation = laid_out(tmp_path, FILES)
    simulation.take(edit("new.md", Create(whole("one\n"))))
    append = edit(Glob("*.md"), Append(whole("two\n")))
    assert [str(each) for each in taken(simulation, append).conflicts] == [
        "*.md: no tracked file matches the pattern"
    ]
    simulation.take(Commit("feat: new"))
    attempt = taken(simulation, append)
    (planned,) = attempt.planned
    assert planned.after is not None
    assert planned.after.data == b"one\ntwo\n"
    assert (attempt.conflicts, attempt.unknown) == ((), ())
