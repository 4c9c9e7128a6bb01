"""Paths that a phase file may name."""

import pytest

from runbook.core.model.paths import objection


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "src/a.py",
        "app/[id].tsx",
        "-rf",
        ":(top)x",
        ".gitignore",
        ".github/workflows/a.yml",
        ".gitattributes",
        "git~2",
        "xgit~1",
        "...",
        "..a",
        "a..b",
        "a b",
        "a\nb",
        "a\udcff",
        "a/~",
        "~a",
        "~$a.docx",
        "a:b",
        "été.py",
        "C",
        f"{'a' * 255}/{'b' * 255}",
        f"{'a/' * 2047}a",
    ],
)
def test_row_41_a_name_is_taken_literally(path: str) -> None:
    assert objection(path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (f"src/{'a' * 256}", "a name in the path has 256 bytes; 255 are the most"),
        (f"{'é' * 128}/x", "a name in the path has 256 bytes; 255 are the most"),
        (f"{'a/' * 2048}a", "the path has 4,097 bytes; 4,095 are the most"),
        ("", "is empty"),
        ("..", "leads out"),
        ("../a", "leads out"),
        ("a/..", "leads out"),
        ("a/../b", "leads out"),
        ("/", "absolute"),
        ("/a", "absolute"),
        ("//host/a", "absolute"),
        ("~", "begins with `~`"),
        ("~/a", "begins with `~`"),
        ("~ada/a", "begins with `~`"),
        ("c:/a", "absolute"),
        ("C:\\a", "absolute"),
        ("a\\..\\b", "backslash"),
        ("a\0b", "NUL"),
        (".", "component"),
        ("./a", "component"),
        ("a/", "component"),
        ("a//b", "component"),
        (".git", "git's own"),
        (".git/config", "git's own"),
        ("a/.git/config", "git's own"),
        (".GIT/config", "git's own"),
        (".gIt", "git's own"),
        ("git~1", "git's own"),
        ("GIT~1/config", "git's own"),
        (".git.", "git's own"),
        (".git. . ", "git's own"),
        (".git ", "git's own"),
        (".git::$INDEX_ALLOCATION/config", "git's own"),
        (".git:config", "git's own"),
        ("git~1:x", "git's own"),
        (".g\u200cit/config", "git's own"),
        ("\ufeff.git", "git's own"),
        (".git\u206f/config", "git's own"),
        (".g\u202eit", "git's own"),
    ],
)
def test_row_39_a_path_out_of_the_repository_or_into_git_is_refused(path: str, reason: str) -> None:
    found = objection(path)
    assert found is not None
    assert reason in found
