"""The expected tree of a commit is the one that git makes."""

import os

import pytest
from scenario import Scenario

from runbook.world.git.expectedtree import expected
from runbook.world.git.repository import Repository


@pytest.mark.parametrize("format", ["sha1", "sha256"])
@pytest.mark.parametrize("modes", ["true", "false"])
def test_it_is_what_git_makes(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    modes: str,
) -> None:
    scenario = Scenario(tmp_path_factory.mktemp("x"), init=(f"--object-format={format}",))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, text in scenario.env.items():
        monkeypatch.setenv(name, text)
    scenario.git("config", "core.fileMode", modes)
    scenario.write(".gitattributes", "*.crlf text eol=crlf\n")
    for name in ("a.txt", "a/b.txt", "a.b/c.txt", "gone/x.txt", "file/x.txt", "deep/er/y.txt",
                 "p.crlf"):  # fmt: skip
        scenario.write(name, f"{name}\n")
    scenario.write("run.sh", "echo\n", mode=0o755)
    # What counts is the owner's bit, whatever root or somebody of the group may do.
    scenario.write("owner.sh", "echo\n", mode=0o744)
    scenario.write("others.sh", "echo\n", mode=0o645)
    repository = Repository(scenario.root)
    everything = ("a.txt", "a/b.txt", "a.b/c.txt", "gone/x.txt", "file/x.txt", "deep/er/y.txt",
                  "p.crlf", "run.sh", "owner.sh", "others.sh", ".gitattributes")  # fmt: skip
    first = expected(repository, None, everything).tree
    scenario.begin()
    assert scenario.git("rev-parse", "HEAD^{tree}") == first
    (scenario.root / "link").symlink_to("a.txt")
    scenario.git("add", "link")
    scenario.git("commit", "-q", "-m", "A link")
    (scenario.root / "link").unlink()
    scenario.write("link", "no link any more\n")
    scenario.write("a.txt", "changed\n")
    scenario.write("owner.sh", "changed\n")
    scenario.write("others.sh", "changed\n")
    scenario.write("p.crlf", "changed\r\nand more\r\n")
    scenario.write("new folder/-n.txt", "new\n", mode=0o755)
    (scenario.root / "gone/x.txt").unlink()
    (scenario.root / "file/x.txt").unlink()
    (scenario.root / "file").rmdir()
    scenario.write("file", "no folder any more\n")
    (scenario.root / "deep/er/y.txt").chmod(0o755)
    changed = (
        "a.txt",
        "owner.sh",
        "others.sh",
        "p.crlf",
        "new folder/-n.txt",
        "gone/x.txt",
        "file",
        "file/x.txt",
        "link",
        "deep/er/y.txt",
    )
    found = expected(repository, scenario.git("rev-parse", "HEAD"), changed).tree
    scenario.git("add", "-A")
    assert scenario.git("write-tree") == found


def test_links_that_are_checked_out_as_files(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in scenario.env.items():
        monkeypatch.setenv(name, text)
    (scenario.root / "link").symlink_to("a.txt")
    scenario.begin()
    scenario.git("config", "core.symlinks", "false")
    (scenario.root / "link").unlink()
    scenario.write("link", "b.txt")
    found = expected(Repository(scenario.root), scenario.git("rev-parse", "HEAD"), ("link",)).tree
    scenario.git("add", "-A")
    assert scenario.git("write-tree") == found


def test_folders_that_older_programs_wrote_keep_their_other_files(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in scenario.env.items():
        monkeypatch.setenv(name, text)
    scenario.write("docs/old/a.txt", "a\n")
    scenario.write("docs/old/b.txt", "b\n")
    scenario.begin()
    old = scenario.git("rev-parse", "HEAD:docs/old")
    docs = _tree(scenario, b"040000 old\0" + bytes.fromhex(old))
    root = _tree(scenario, b"40000 docs\0" + bytes.fromhex(docs))
    head = scenario.git("commit-tree", root, "-m", "Old")
    scenario.git("reset", "-q", "--hard", head)
    scenario.write("docs/old/a.txt", "changed\n")
    found = expected(Repository(scenario.root), head, ("docs/old/a.txt",)).tree
    scenario.git("add", "-A")
    assert scenario.git("write-tree") == found


def _tree(scenario: Scenario, raw: bytes) -> str:
    file = scenario.root.parent / "raw-tree"
    file.write_bytes(raw)
    return scenario.git("hash-object", "-w", "-t", "tree", "--literally", str(file))


def test_what_cannot_be_told(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in scenario.env.items():
        monkeypatch.setenv(name, text)
    scenario.write("a.txt", "a\n")
    scenario.begin()
    head = scenario.git("rev-parse", "HEAD")
    (scenario.root / "link").symlink_to("a.txt")
    assert expected(Repository(scenario.root), head, ("link",)).tree == ""
    assert expected(Repository(scenario.root), head, ("new\nline",)).tree == ""
