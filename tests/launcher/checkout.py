"""A checkout small enough to be installed many times without a network.

The launcher, tests/run, pip and the processes are real. The project has no dependencies and its own
build backend, which counts installations and can be told to hang in the middle of one or to fail.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foreground import foreground

REPOSITORY = Path(__file__).parents[2]

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "runbook"
version = "1"
optional-dependencies = { dev = [] }
"""

BACKEND = """\
import time
import zipfile
from pathlib import Path

INFO = "runbook-1.dist-info"
METADATA = "Metadata-Version: 2.1\\nName: runbook\\nVersion: 1\\nProvides-Extra: dev\\n"


def prepare_metadata_for_build_editable(directory, config_settings=None):
    folder = Path(directory, INFO)
    folder.mkdir()
    Path(folder, "METADATA").write_text(METADATA)
    return INFO


def build_editable(directory, config_settings=None, metadata_directory=None):
    with Path("installations").open("a") as log:
        log.write("one\\n")
    end = time.monotonic() + 60
    while Path("hang").exists() and time.monotonic() < end:
        time.sleep(0.01)
    if Path("broken").exists():
        raise SystemExit("the backend gives up")
    name = "runbook-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(directory, name), "w") as wheel:
        wheel.writestr("runbook.pth", str(Path("src").absolute()))
        wheel.writestr(f"{INFO}/METADATA", METADATA)
        wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{INFO}/RECORD", "")
    return name
"""

MAIN = """\
import json
import os
import shutil
import sys


def console():
    print(json.dumps({
        "argv": sys.argv,
        "cwd": os.getcwd(),
        "path": os.environ["PATH"].split(":"),
        "prefix": sys.prefix,
        "stdin": sys.stdin.read(),
        "uv": shutil.which("uv"),
        "pythonpath": os.environ.get("PYTHONPATH"),
    }))
    sys.exit(int(os.environ.get("STATUS", "0")))
"""

# All that the scripts may need of a machine, besides Python.
PROGRAMS = ["cat", "cp", "dirname", "git", "ln", "mkdir", "mv", "readlink", "rm", "sh"]


@dataclass
class Checkout:
    """A project to start, with a PATH that holds the bare minimum and no uv."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path) -> "Checkout":
        """Write one into a folder whose path has a space."""
        root = folder / "a checkout"
        (root / "src/runbook").mkdir(parents=True)
        (root / "tests").mkdir()
        shutil.copy(REPOSITORY / "runbook", root / "runbook")
        shutil.copy(REPOSITORY / "tests/run", root / "tests/run")
        (root / "pyproject.toml").write_text(PYPROJECT)
        (root / "backend.py").write_text(BACKEND)
        (root / "src/runbook/__init__.py").write_text("")
        (root / "src/runbook/__main__.py").write_text(MAIN)

        programs = folder / "programs"
        programs.mkdir()
        for name in PROGRAMS:
            found = shutil.which(name)
            assert found, name
            (programs / name).symlink_to(found)
        (programs / "python3").symlink_to(Path(sys.executable).resolve())

        wheels = folder / "wheels"
        wheels.mkdir()
        write_uv_wheel(wheels)
        return cls(
            root,
            {
                "PATH": str(programs),
                "HOME": str(folder),
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(wheels),
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            },
        )

    def by_uv(self) -> "Checkout":
        """Have uv install, where there is one."""
        tools = Path(sys.prefix) / "tools"
        uv = shutil.which("uv") or shutil.which("uv", path=str(tools))
        self.program("uv", f'exec "{Path(uv).resolve()}" "$@"' if uv else "exit 2")
        self.env |= {
            "UV_CACHE_DIR": str(self.root.parent / "cache"), "UV_NO_CONFIG": "1",
            "UV_OFFLINE": "1", "UV_NO_INDEX": "1", "UV_FIND_LINKS": self.env["PIP_FIND_LINKS"],
        }  # fmt: skip
        return self

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def installations(self) -> int:
        log = self.root / "installations"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def program(self, name: str, script: str) -> Path:
        """Put a shell script of that name on PATH, in place of what was there."""
        path = Path(self.env["PATH"].split(":")[0], name)
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def popen(self, *command: str | Path, **env: str) -> "subprocess.Popen[str]":
        """Start the launcher, or another command, as the leader of its own process group."""
        with foreground():
            return subprocess.Popen(
                command or (self.root / "runbook",),
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )

    def run(
        self,
        *arguments: str,
        command: Path | None = None,
        cwd: Path | None = None,
        stdin: str = "",
        **env: str,
    ) -> "subprocess.CompletedProcess[str]":
        """Run the launcher, or another command, to its end."""
        return subprocess.run(
            [command or self.root / "runbook", *arguments],
            env={**self.env, **env},
            cwd=cwd or self.root,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def seen(self, *arguments: str, **options: Any) -> dict[str, Any]:
        """Return what the started program saw of the world."""
        result = self.run(*arguments, **options)
        assert result.returncode == 0, result.stderr
        seen: dict[str, Any] = json.loads(result.stdout)
        return seen

    def change_pyproject(self) -> None:
        with (self.root / "pyproject.toml").open("a") as file:
            file.write("# changed\n")

    def ask_for_ast_grep(self, *, wheel: bool) -> None:
        """Let structural edits need a package, of which there is a `wheel` or nothing at all."""
        backend = self.root / "backend.py"
        more = "Provides-Extra: structural\\nRequires-Dist: ast-grep-py; extra == 'structural'\\n"
        text = backend.read_text()
        backend.write_text(text.replace("Provides-Extra: dev\\n", f"Provides-Extra: dev\\n{more}"))
        if wheel:
            write_wheel(Path(self.env["PIP_FIND_LINKS"]), "ast_grep_py")

    def await_installation(self, count: int) -> None:
        """Wait until that many installations have begun."""
        deadline = time.monotonic() + 60
        while self.installations < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def write_wheel(folder: Path, module: str) -> None:
    """Write a wheel with an empty module."""
    info = f"{module}-1.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def write_uv_wheel(folder: Path) -> None:
    """Write a wheel like uv's: two programs and no module."""
    info = "uv-1.dist-info"
    with zipfile.ZipFile(folder / "uv-1-py3-none-any.whl", "w") as wheel:
        for name in ("uv", "uvx"):
            script = zipfile.ZipInfo(f"uv-1.data/scripts/{name}")
            script.external_attr = 0o100755 << 16
            wheel.writestr(script, f"#!/bin/sh\necho {name} of the wheel\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 1\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
