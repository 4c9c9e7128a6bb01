"""The launcher, started for real in copies of a small project."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import Checkout


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that has been set up; tests leave it as it is."""
    checkout = Checkout.make(tmp_path_factory.mktemp("ready"))
    assert checkout.run().returncode == 0
    return checkout


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """A checkout never started, and a uv that fails: pip installs, and need not fetch uv."""
    checkout = Checkout.make(tmp_path)
    checkout.program("uv", "exit 2")
    return checkout


@pytest.fixture
def quick(tmp_path: Path) -> Checkout:
    """A checkout never started, where uv installs if there is one: in a third of the time."""
    return Checkout.make(tmp_path).by_uv()


class TestOnceSetUp:
    def test_passes_on_arguments_folder_input_and_status(
        self, ready: Checkout, tmp_path: Path
    ) -> None:
        arguments = ["-c", "two words", "", "*", "--help"]
        result = ready.run(*arguments, cwd=tmp_path, stdin="typed", STATUS="7")
        seen = json.loads(result.stdout)
        assert seen["argv"] == ["runbook", *arguments]
        assert seen["cwd"] == str(tmp_path)
        assert seen["stdin"] == "typed"
        assert seen["prefix"] == str(ready.venv)
        assert result.returncode == 7

    def test_says_and_installs_nothing(self, ready: Checkout) -> None:
        before = ready.installations
        assert ready.run().stderr == ""
        assert ready.installations == before

    def test_starts_through_symlinks(self, ready: Checkout, tmp_path: Path) -> None:
        first = tmp_path / "first"
        first.symlink_to(ready.root / "runbook")
        (tmp_path / "second").symlink_to("first")
        seen = ready.seen(command=tmp_path / "second", cwd=Path("/"))
        assert seen["prefix"] == str(ready.venv)

    def test_shows_uv_and_nothing_else_of_its_environment(self, ready: Checkout) -> None:
        seen = ready.seen()
        assert seen["path"] == [ready.env["PATH"], str(ready.venv / "tools")]
        assert sorted(p.name for p in (ready.venv / "tools").iterdir()) == ["uv", "uvx"]
        assert subprocess.check_output([seen["uv"]], text=True) == "uv of the wheel\n"

    def test_prefers_the_users_uv(self, ready: Checkout, tmp_path: Path) -> None:
        (tmp_path / "uv").touch(mode=0o755)
        seen = ready.seen(PATH=f"{tmp_path}:{ready.env['PATH']}")
        assert seen["uv"] == str(tmp_path / "uv")

    def test_leaves_python_variables_to_the_commands(self, ready: Checkout, tmp_path: Path) -> None:
        (tmp_path / "runbook.py").write_text("raise SystemExit('the wrong one')")
        seen = ready.seen(PYTHONPATH=str(tmp_path), PYTHONHOME="/nowhere")
        assert seen["pythonpath"] == str(tmp_path)
        assert seen["prefix"] == str(ready.venv)

    def test_is_a_posix_script(self, ready: Checkout) -> None:
        for shell in ("dash", "busybox", "bash"):
            if found := shutil.which(shell):
                command = [found, "sh"] if shell == "busybox" else [found]
                subprocess.run(
                    [*command, "runbook"],
                    cwd=ready.root,
                    env=ready.env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    check=True,
                )


class TestSettingUp:
    def test_two_at_once_install_once(self, quick: Checkout) -> None:
        (quick.root / "hang").touch()
        first = quick.popen()
        quick.await_installation(1)
        second = quick.popen()
        assert second.stderr is not None
        assert "waiting for another start" in second.stderr.readline()
        (quick.root / "hang").unlink()
        for process in (first, second):
            out, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            assert json.loads(out)["prefix"] == str(quick.venv)
        assert quick.installations == 1

    def test_installs_again_what_changed(self, quick: Checkout, tmp_path: Path) -> None:
        assert "setting up" in quick.run().stderr

        quick.change_pyproject()
        assert "updating" in quick.run().stderr
        assert quick.installations == 2

        (quick.venv / "bin/python").unlink()
        assert "setting up" in quick.run().stderr
        assert quick.installations == 3

        quick.root = quick.root.rename(tmp_path / "elsewhere")
        assert quick.seen()["prefix"] == str(tmp_path / "elsewhere/.venv")
        assert quick.installations == 4

        assert quick.run().stderr == ""
        assert quick.installations == 4

    @pytest.mark.parametrize("more", [b"\n\n", b"\0"])
    def test_what_a_shell_takes_for_the_same_is_not_compared_for_ever(
        self, quick: Checkout, more: bytes
    ) -> None:
        quick.run()
        with (quick.root / "pyproject.toml").open("ab") as file:
            file.write(more)
        seen = quick.seen()
        assert seen["prefix"] == str(quick.venv)
        # Though the launcher was gone through twice.
        assert seen["path"] == [quick.env["PATH"], str(quick.venv / "tools")]

    def test_extra_and_plain_do_not_undo_each_other(self, quick: Checkout) -> None:
        assert quick.run(RUNBOOK_SET_UP="dev").stdout == ""
        assert quick.installations == 1
        assert quick.run().stderr == ""
        assert quick.run(RUNBOOK_SET_UP="dev").stderr == ""
        assert quick.installations == 1

        quick.change_pyproject()
        assert "updating" in quick.run().stderr
        assert "updating" in quick.run(RUNBOOK_SET_UP="dev").stderr
        assert quick.run().stderr == ""
        assert quick.installations == 3

    def test_brings_what_structural_edits_need(self, fresh: Checkout) -> None:
        fresh.ask_for_ast_grep(wheel=True)
        assert "ast-grep" not in fresh.run().stderr
        assert list(fresh.venv.glob("lib/python*/site-packages/ast_grep_py.py"))
        assert fresh.installations == 1

    def test_goes_on_without_them_where_there_is_no_wheel(self, fresh: Checkout) -> None:
        fresh.ask_for_ast_grep(wheel=False)
        result = fresh.run()
        assert "could not install ast-grep: structural edits" in result.stderr
        assert json.loads(result.stdout)["prefix"] == str(fresh.venv)
        assert fresh.run().stderr == ""

    def test_fetches_uv_when_the_users_is_gone(self, fresh: Checkout) -> None:
        uv = Path(fresh.env["PATH"], "uv")
        assert fresh.seen()["uv"] == str(uv)
        assert not (fresh.venv / "tools").exists()
        uv.unlink()
        assert fresh.seen()["uv"] == str(fresh.venv / "tools/uv")
        assert fresh.installations == 1

    def test_goes_on_without_uv_where_there_is_none_to_get(
        self, fresh: Checkout, tmp_path: Path
    ) -> None:
        Path(fresh.env["PATH"], "uv").unlink()
        shutil.rmtree(tmp_path / "wheels")
        result = fresh.run()
        assert "could not install uv" in result.stderr
        assert json.loads(result.stdout)["uv"] is None
        assert fresh.run().stderr == ""

    def test_the_users_variables_do_not_send_it_elsewhere(
        self, fresh: Checkout, tmp_path: Path
    ) -> None:
        elsewhere = str(tmp_path / "elsewhere")
        config = tmp_path / "pip.conf"
        config.write_text("[install]\nuser = true\n")
        seen = fresh.seen(
            PIP_CONFIG_FILE=str(config),
            PIP_TARGET=elsewhere,
            PIP_PREFIX=elsewhere,
            PIP_USER="1",
            PYTHONHOME=elsewhere,
            PYTHONPATH=elsewhere,
            VIRTUAL_ENV=elsewhere,
        )
        assert seen["prefix"] == str(fresh.venv)
        assert seen["pythonpath"] == elsewhere
        assert not Path(elsewhere).exists()

    def test_needs_no_ensurepip(self, fresh: Checkout, tmp_path: Path) -> None:
        python = without_ensurepip(tmp_path / "debian")
        programs = Path(fresh.env["PATH"])
        (programs / "python3").unlink()
        (programs / "python3").symlink_to(python)
        assert fresh.seen()["prefix"] == str(fresh.venv)

    def test_needs_no_pip_where_there_is_ensurepip(self, fresh: Checkout, tmp_path: Path) -> None:
        pytest.importorskip("ensurepip")
        bare = tmp_path / "bare"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
        programs = Path(fresh.env["PATH"])
        (programs / "python3").unlink()
        # Not a symlink: Python finds its environment by the path it was started with.
        fresh.program("python3", f'exec "{bare}/bin/python" "$@"')
        assert fresh.seen()["prefix"] == str(fresh.venv)


class TestInterrupted:
    def test_first_installation_is_done_again(self, fresh: Checkout) -> None:
        interrupt(fresh, signal.SIGINT)
        interrupt(fresh, signal.SIGKILL)
        assert "setting up" in fresh.run().stderr
        assert fresh.installations == 3
        assert fresh.run().stderr == ""

    def test_killed_update_starts_from_nothing(self, quick: Checkout) -> None:
        quick.run()
        (quick.venv / "half of a package").touch()
        quick.change_pyproject()
        interrupt(quick, signal.SIGKILL)
        assert "setting up" in quick.run().stderr
        assert not (quick.venv / "half of a package").exists()
        assert quick.installations == 3

    def test_installer_that_outlives_a_killed_launcher_keeps_others_out(
        self, quick: Checkout
    ) -> None:
        (quick.root / "hang").touch()
        first = quick.popen()
        quick.await_installation(1)
        first.kill()
        second = quick.popen()
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        (quick.root / "hang").unlink()
        for process in (first, second):
            process.communicate(timeout=60)
        assert second.returncode == 0


class TestFailing:
    def test_first_installation_shows_why_and_leaves_nothing(self, fresh: Checkout) -> None:
        (fresh.root / "broken").touch()
        result = fresh.run()
        assert result.returncode == 1
        assert result.stdout == ""
        assert "the backend gives up" in result.stderr
        assert "could not install" in result.stderr.splitlines()[-1]
        assert not fresh.venv.exists()

    def test_update_keeps_what_works(self, quick: Checkout) -> None:
        quick.run()
        before = (quick.root / "pyproject.toml").read_text()
        quick.change_pyproject()
        (quick.root / "broken").touch()
        assert "the backend gives up" in quick.run().stderr
        (quick.root / "pyproject.toml").write_text(before)
        assert quick.run().stderr == ""

    def test_names_the_pythons_that_are_too_old(self, fresh: Checkout) -> None:
        code = "import sys; sys.version_info = (3, 9, 2, 'final', 0); exec(sys.argv[2])"
        fresh.program("python3", f'exec "{Path(sys.executable).resolve()}" -c "{code}" "$@"')
        # As the shim of a version manager does for a version that is not selected.
        fresh.program("python3.12", "echo 'python3.12: command not found' >&2; exit 127")
        result = fresh.run()
        assert result.returncode == 1
        assert result.stderr == ("runbook: needs Python 3.11 or newer on PATH; python3 is 3.9.2.\n")

    def test_takes_another_name_if_python3_is_too_old(self, fresh: Checkout) -> None:
        python = Path(sys.executable).resolve()
        fresh.program("python3", "echo 3.9.2; exit 1")
        fresh.program("python3.11", f'exec "{python}" "$@"')
        assert fresh.seen()["prefix"] == str(fresh.venv)

    def test_says_that_there_is_no_python(self, fresh: Checkout) -> None:
        Path(fresh.env["PATH"], "python3").unlink()
        assert fresh.run().stderr == (
            "runbook: needs Python 3.11 or newer on PATH; no Python found.\n"
        )

    def test_cannot_be_set_up_in_a_read_only_folder(self, shared_folder: Path) -> None:
        checkout = Checkout.make(shared_folder)
        checkout.root.chmod(0o555)
        # Permissions do not stop root.
        user = 65534 if os.geteuid() == 0 else None
        result = subprocess.run(
            [checkout.root / "runbook"],
            env=checkout.env,
            user=user,
            capture_output=True,
            text=True,
            check=False,
        )
        checkout.root.chmod(0o755)
        assert result.returncode == 1
        assert f"cannot write to {checkout.root}" in result.stderr


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that other users may enter, which tmp_path is not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder


def test_uv_in_the_tools_folder_does_not_take_our_environment(tmp_path: Path) -> None:
    """That a symlink is enough to hide .venv/bin from uv is a property of uv."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("no uv on PATH")
    venv, project = tmp_path / "ours/.venv", tmp_path / "theirs"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "tools").mkdir()
    shutil.copy(uv, venv / "bin/uv")
    (venv / "tools/uv").symlink_to("../bin/uv")
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "theirs"\nversion = "1"\n')
    prefix = subprocess.check_output(
        [venv / "tools/uv", "run", "--offline", "python", "-c", "import sys; print(sys.prefix)"],
        cwd=project,
        text=True,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
    )
    assert prefix == f"{project}/.venv\n"


def interrupt(checkout: Checkout, kind: signal.Signals) -> None:
    """Send a signal to the launcher and all its children in the middle of an installation."""
    hang = checkout.root / "hang"
    hang.touch()
    before = checkout.installations
    process = checkout.popen()
    checkout.await_installation(before + 1)
    os.killpg(process.pid, kind)
    process.communicate(timeout=60)
    assert process.returncode != 0
    hang.unlink()


def without_ensurepip(prefix: Path) -> Path:
    """Make the interpreter of a Debian that lacks python3-venv, out of links to this one."""
    original = Path(sys.executable).resolve()
    stdlib = Path(os.__file__).parent
    library = prefix / "lib" / stdlib.name
    library.mkdir(parents=True)
    for entry in stdlib.iterdir():
        if entry.name not in ("ensurepip", "site-packages", "dist-packages"):
            (library / entry.name).symlink_to(entry)
    (prefix / "bin").mkdir()
    python = prefix / "bin" / original.name
    shutil.copy(original, python)

    def ask(interpreter: Path, code: str) -> str:
        return subprocess.run(
            [interpreter, "-I", "-c", code], capture_output=True, text=True, check=False
        ).stdout.strip()

    pip = ask(original, "import pip; print(pip.__path__[0])")
    packages = ask(python, "import site; print(site.getsitepackages()[0])")
    if not pip or not packages.startswith(str(prefix)):
        pytest.skip("needs an interpreter with pip that runs from another folder")
    Path(packages).mkdir(parents=True, exist_ok=True)
    Path(packages, "pip").symlink_to(pip)
    assert (
        "No module named"
        in subprocess.run(
            [python, "-m", "ensurepip"], capture_output=True, text=True, check=False
        ).stderr
    )
    return python
