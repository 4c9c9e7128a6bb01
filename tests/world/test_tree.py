"""The files of a commit, read from git's objects, against the same files checked out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runbook.core.model.globs import matches
from runbook.world.files.workspace import FileState, NotHeld, Unreachable, Workspace
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.objects import Objects
from runbook.world.git.tree import Tree


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments],
        cwd=folder, capture_output=True, check=True,
    )  # fmt: skip
    return os.fsdecode(done.stdout).strip()


def laid_out(folder: Path, *init: str) -> Path:
    root = folder / "project"
    subprocess.run(["git", "init", "-q", *init, str(root)], check=True)
    for name, data in {
        "a.py": b"one\r\n",
        "src/app/b.py": b"\xff\0",
        "src/app/[id].tsx": b"",
        "src/new\nline": b"x",
        os.fsdecode(b"src/\xff"): b"x",
        "src/run": b"#!/bin/sh\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "src/run").chmod(0o755)
    (root / "link").symlink_to("a.py")
    (root / "linked").symlink_to("src")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Begin")
    return root


def tree_of(objects: Objects, revision: str = "HEAD", workdir: str | None = None) -> Tree:
    commit = objects.commit(revision)
    assert commit is not None
    return Tree(objects, commit.data.split(b"\n")[0].decode().removeprefix("tree "), workdir)


def told(files: Tree | Workspace, path: str) -> FileState | str | None:
    try:
        state = files.read(path)
    except Unreachable as error:
        return str(error)
    return state and FileState(state.data, (state.mode or 0) & 0o100)


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_a_tree_says_what_a_worktree_does(tmp_path: Path, kind: str) -> None:
    root = laid_out(tmp_path, f"--object-format={kind}")
    paths = git(root, "ls-files", "-z").strip("\0").split("\0")
    paths += ["nothing", "src", "src/app", "a.py/x", "linked/run", "src/nothing/x"]
    with Objects(root) as objects:
        for workdir in (None, "src", "src/app"):
            tree, workspace = tree_of(objects, workdir=workdir), Workspace(root, workdir)
            for path in paths:
                assert told(tree, path) == told(workspace, path), path
                if "linked" not in path:
                    assert tree.is_there(path) == workspace.is_there(path), path


def test_patterns_find_what_git_lists(tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    listed = git(root, "ls-files", "-z").strip("\0").split("\0")
    with Objects(root) as objects:
        for pattern in ("**", "*", "src/**/*.py", "src/*", "src/app", "nowhere/*", "linked/*"):
            found = tree_of(objects).matching(pattern)
            assert found == [path for path in listed if matches(pattern, path)], pattern
        assert tree_of(objects, workdir="src").matching("*/*.py") == ["app/b.py"]


def test_a_path_may_have_thousands_of_parts(tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    with Objects(root) as objects:
        tree = tree_of(objects)
        assert tree.read(f"src/{'a/' * 5000}x") is None
        assert not tree.is_there(f"{'a/' * 5000}x")


def test_another_commit_and_none_at_all(tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    git(root, "tag", "-a", "-m", "first", "first")
    git(root, "rm", "-q", "a.py")
    git(root, "commit", "-q", "-m", "Remove")
    with Objects(root) as objects:
        assert tree_of(objects, "first").read("a.py") == FileState(b"one\r\n", 0o644)
        assert tree_of(objects).read("a.py") is None
        for revision in ("nowhere", "", "HEAD:src", "a\nb", "HEAD~9"):
            assert objects.commit(revision) is None
        assert Tree(objects, None, None).read("a.py") is None
        assert Tree(objects, None, None).matching("**") == []


def test_submodules_and_large_files_elsewhere(tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    head = git(root, "rev-parse", "HEAD")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    (root / "big").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    git(root, "add", "big")
    git(root, "commit", "-q", "-m", "More")
    with Objects(root) as objects:
        tree = tree_of(objects)
        assert told(tree, "sub/x") == "sub/x is inside the submodule sub"
        assert told(tree, "sub") == "sub is not a regular file"
        with pytest.raises(NotHeld, match="git-lfs"):
            tree.read("big")


def test_what_git_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with Objects(tmp_path) as objects, pytest.raises(GitFailed, match="not a git repository"):
        objects.commit("HEAD")
    with Objects(tmp_path / "gone") as objects, pytest.raises(GitFailed, match="gone"):
        objects.commit("HEAD")


NARROW = """
import fcntl, os, sys
from pathlib import Path
from runbook.world.git.objects import Objects

def pipe(make=os.pipe):
    ends = make()
    fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, 1)
    return ends

os.pipe = pipe
with Objects(Path.cwd()) as objects:
    print(sum(found is not None for found in objects.read_all(sys.argv[1:])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pipes of any size")
def test_many_objects_are_read_through_pipes_of_one_page(tmp_path: Path) -> None:
    """As a user has them who has many pipes."""
    git(tmp_path, "init", "-q", "--object-format=sha256")
    for number in range(400):
        (tmp_path / f"{number}").write_text(f"{number}\n" * 5000)
    git(tmp_path, "add", ".")
    ids = [entry.split()[1] for entry in git(tmp_path, "ls-files", "-s").split("\n")]
    command = [sys.executable, "-c", NARROW, *ids]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=50)
    assert done.stdout == b"400\n"
