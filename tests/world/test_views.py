"""Views of a worktree as it will be, mounted for real."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runbook.world.files.workspace import FileState
from runbook.world.overlay.leftovers import left_behind
from runbook.world.overlay.views import Beside, View, Views

able = pytest.mark.skipif(
    subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="the system gives no namespaces",
)


@pytest.fixture
def views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Views:
    # Every character that ends an option of a mount, or a path among several.
    root = tmp_path / "a, b:c\\d ü"
    root.mkdir()
    for path, text in {"one.txt": "one\n", "in/two.txt": "two\n", ".git/HEAD": "x\n"}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    return Views(root, root / ".git", root / ".git", tmp_path / "journal")


def top(views: Views) -> Path:
    return views._layers[0]


def said(views: Views, view: View, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*view.launcher(top(views)), "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@able
def test_what_is_written_in_a_folder_elsewhere_stays_in_a_view_over_it_as_well(
    views: Views, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "carried"
    (there / "deep").mkdir(parents=True)
    (top(views) / "deep").symlink_to(there / "deep")
    views.over([there])
    assert views.why_not() == ""
    view = views.fresh({"one.txt": None})
    assert said(views, view, "echo made > deep/made.txt; cat one.txt").stdout == ""
    assert view.left() == [f"{there}/deep/made.txt"]
    assert not list((there / "deep").iterdir())
    # What is over the worktree would hide how the view shows that.
    views.over([tmp_path])
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path.parent))
    assert views.why_not() == f"the worktree lies in {tmp_path}"
    views.over([])
    assert views.why_not() == ""


@able
def test_a_command_sees_the_files_as_they_will_be_and_writes_nowhere_else(views: Views) -> None:
    assert views.why_not() == ""
    files = {
        "one.txt": None,
        "in/two.txt": FileState(b"two and a half\n", 0o755),
        "new/deep/three.txt": FileState(b"three\n", None),
    }
    view = views.fresh(files)
    done = said(
        views, view, "find . -type f | grep -v .git/ | sort; cat in/two.txt; test -x in/two.txt"
    )
    assert (done.returncode, done.stdout) == (
        0,
        "./in/two.txt\n./new/deep/three.txt\ntwo and a half\n",
    )
    assert view.left() == []
    said(views, view, "echo more > in/four.txt; rm -r new; echo again > one.txt")
    assert sorted(view.left()) == ["in/four.txt", "new/deep/three.txt", "one.txt"]
    assert sorted(str(each.relative_to(top(views))) for each in top(views).rglob("*.txt")) == [
        "in/two.txt", "one.txt",
    ]  # fmt: skip
    view.remove()
    assert not view.folder.exists()


@able
@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", -15), ("kill -KILL $$", -9), ("nope", 127)],
)
def test_it_ends_as_its_command(views: Views, script: str, status: int) -> None:
    assert said(views, views.fresh({}), script).returncode == status
    views.close()


@able
@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("test -d .git && test -e .git/HEAD && ls", False),
        ("cat .git/HEAD", True),
        ("ls .git", True),
        ("exec 3< .git/HEAD", True),
    ],
)
def test_what_looks_into_git_is_noticed(views: Views, script: str, asked: bool) -> None:
    view = views.fresh({})
    said(views, view, script)
    assert view.asked_git() is asked
    views.close()


@able
def test_a_view_outlasts_what_happens_to_its_files_meanwhile(views: Views) -> None:
    view = views.fresh({"one.txt": FileState(b"later\n", 0o644), "in/two.txt": None})
    process = subprocess.Popen(
        [*view.launcher(top(views)), "sh", "-c", "echo; read _; cat one.txt; ls in"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()
    (top(views) / "new").write_text("now\n")
    (top(views) / "new").rename(top(views) / "one.txt")
    (top(views) / "in/two.txt").write_text("otherwise\n")
    assert process.communicate("\n")[0] == "later\n"
    views.close()


@able
def test_a_worktree_beside_it_is_seen_with_its_own_files(views: Views, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for path in (".git", "one.txt", "gone/old.txt"):
        (elsewhere / path).parent.mkdir(exist_ok=True, parents=True)
        (elsewhere / path).write_text("there\n")
    here = {"one.txt": FileState(b"here\n", None)}
    there = {"gone/old.txt": None, "new.txt": FileState(b"new\n", 0o755)}
    view = views.fresh(here, Beside(elsewhere, there))
    script = f"ls {elsewhere}; cat '{top(views)}/one.txt' {elsewhere}/one.txt"
    assert said(views, view, script).stdout == "new.txt\none.txt\nhere\nthere\n"
    assert (view.left(), view.asked_git()) == ([], False)
    view = views.fresh(here, Beside(elsewhere, there))
    script = f"touch '{top(views)}/more.txt'; cat {elsewhere}/.git; touch {elsewhere}/more"
    said(views, view, script)
    assert view.left() == ["more", str(top(views) / "more.txt")]
    assert view.asked_git()
    assert sorted(each.name for each in elsewhere.iterdir()) == [".git", "gone", "one.txt"]
    views.close()


@able
def test_services_that_would_see_the_files_outside_of_it_are_out_of_reach(
    views: Views, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # A path of a socket can't be long.
        monkeypatch.chdir(tmp_path)
        server.bind("docker.sock")
        for name in ("DOCKER_HOST", "OTHER"):
            monkeypatch.setenv(name, f"unix://{tmp_path}/docker.sock")
            done = said(views, views.fresh({}), f"test -S '{tmp_path}/docker.sock'")
            assert done.returncode == 1, name
            monkeypatch.delenv("DOCKER_HOST", raising=False)
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    views.close()


@able
def test_signals_reach_the_command_and_nothing_outlives_its_launcher(views: Views) -> None:
    view = views.fresh({})
    script = "trap 'exit 5' TERM; echo; while :; do sleep 0.05; done"
    for number, status in ((signal.SIGTERM, 5), (signal.SIGKILL, -9)):
        process = subprocess.Popen(
            [*view.launcher(top(views)), "sh", "-c", script],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout
        process.stdout.readline()
        if number == signal.SIGTERM:
            os.killpg(process.pid, number)
        else:
            process.kill()
        process.stdout.read()  # until nobody has its end any more
        assert process.wait(10) == status
        process.stdout.close()
    views.close()


def test_what_a_killed_run_left_goes_with_the_next(views: Views, tmp_path: Path) -> None:
    view = views.fresh({"in/two.txt": FileState(b"x", None)})
    (view.folder / "work-0" / "work").mkdir(mode=0)
    other = tmp_path / "runbook-view-of-mine"
    other.mkdir()
    with (tmp_path / "journal" / "views").open("a") as noted:
        noted.write('["/etc", []]\n[1]\n["/half')
    Views(top(views), top(views), top(views), tmp_path / "journal").close()
    assert not view.folder.parent.exists()
    assert other.exists()
    assert not (tmp_path / "journal" / "views").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("TMPDIR", "the folder for temporary files lies in the repository"),
        ("python", "no view can be made"),
        ("system", "only Linux"),
    ],
)
def test_where_there_can_be_none_it_says_why(
    views: Views, monkeypatch: pytest.MonkeyPatch, change: str, told: str
) -> None:
    if change == "TMPDIR":
        (top(views) / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(top(views) / "tmp"))
    elif change == "python":
        monkeypatch.setattr("sys.executable", "/nowhere/python")
    else:
        monkeypatch.setattr("sys.platform", "darwin")
    assert told in views.why_not()


@able
def test_where_the_system_allows_no_namespaces_it_says_so(views: Views) -> None:
    """In a user namespace that may have no others below it, and no mounts of their own."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom runbook.world.overlay.views import Views\n"
        "root, journal = map(Path, sys.argv[1:])\n"
        "print(Views(root, root / '.git', root / '.git', journal).why_not())\n"
    )
    sources = Path(__file__).parents[2] / "src"
    script = (
        'cd /proc/sys/user && echo 0 > max_user_namespaces && echo 0 > max_mnt_namespaces; "$@"'
    )
    inside = ["unshare", "-Ur", "sh", "-c", script, "sh"]
    places = [str(top(views)), str(top(views).parent / "journal")]
    done = subprocess.run(
        [*inside, "env", f"PYTHONPATH={sources}", sys.executable, "-c", program, *places],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("the system gives no view of the repository (unshare: "), done


def test_what_was_only_opened_is_not_left(tmp_path: Path) -> None:
    upper, layer = tmp_path / "upper", tmp_path / "layer"
    for folder in (upper, layer):
        (folder / "in").mkdir(parents=True)
        for name in ("same", "other", "later"):
            (folder / "in" / name).write_text("text\n")
            os.utime(folder / "in" / name, (1, 1))
    assert list(left_behind(upper, layer, {}, ())) == []
    (upper / "in" / "other").write_text("next\n")
    os.utime(upper / "in" / "other", (1, 1))
    os.utime(upper / "in" / "later", (2, 2))
    (upper / "in" / "__pycache__").mkdir()
    (upper / "in" / "__pycache__" / "x.pyc").touch()
    (upper / ".pytest_cache").mkdir()
    (upper / ".pytest_cache" / "last").touch()
    (upper / "in" / "link").symlink_to("same")
    (upper / "made").mkdir()
    assert list(left_behind(upper, layer, {}, ())) == ["in/later", "in/link", "in/other", "made"]
    (upper / "in" / "__pycache__" / "other").touch()
    assert "in/__pycache__/other" in list(left_behind(upper, layer, {}, ()))


@able
@pytest.mark.parametrize("looked", [True, False])
def test_folders_come_and_go_meanwhile_as_the_edits_until_its_turn_say(
    views: Views, looked: bool
) -> None:
    root = top(views)
    (root / "there/deep").mkdir(parents=True)
    (root / "there/deep/a.txt").write_text("a\n")
    left = {
        # There now, but for a new file removed as a whole.
        "there/deep/a.txt": None,
        "there/c.txt": FileState(b"c\n", 0o644),
        # Not there yet, and not there any more by then.
        "passing/deep/b.txt": None,
        "made/gone.txt": None,
        "made/stays.txt": FileState(b"stays\n", 0o644),
    }
    view = views.fresh(left)
    looks = "find there passing made" if looked else ":"
    process = subprocess.Popen(
        [
            *view.launcher(root),
            "sh",
            "-c",
            f"{looks} 2> /dev/null; echo; read _; ls; find there made -type f -o -type c",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:
        if line == "\n":
            break
    (root / "there/deep/a.txt").unlink()
    (root / "there/deep").rmdir()
    (root / "there").rmdir()
    for path in ("passing/deep/b.txt", "made/gone.txt", "made/stays.txt"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("not yet\n")
    shown = process.communicate("\n")[0].split()
    assert sorted(shown) == ["in", "made", "made/stays.txt", "one.txt", "there", "there/c.txt"]
    assert view.left() == []
    views.close()


@able
def test_a_folder_of_the_views_own_that_is_made_anew_is_told_by_what_is_in_it(
    views: Views,
) -> None:
    view = views.fresh({"new/a.txt": FileState(b"a\n", None), "one.txt": None})
    said(views, view, "rm -r new; mkdir -m 755 new; echo a > new/a.txt")
    assert view.left() == []
    said(views, view, "rm -r in; mkdir in; echo two > in/two.txt")
    assert view.left() == ["in"]
    views.close()
