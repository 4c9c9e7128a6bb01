"""tests/run, with stand-ins for the tools it runs."""

import os
from pathlib import Path

import pytest
from checkout import Checkout

WORKERS = min(8, 2 * len(os.sched_getaffinity(0)))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = Checkout.make(tmp_path_factory.mktemp("suite")).by_uv()
    assert checkout.run(RUNBOOK_SET_UP="dev").returncode == 0
    return checkout


@pytest.fixture
def tools(installed: Checkout) -> Checkout:
    # Where the editable project lies, other modules are found as well.
    for name in ("mypy", "pytest"):
        (installed.root / f"src/{name}.py").write_text(
            f"import sys; print('{name}', *sys.argv[1:])"
        )
    ruff = installed.venv / "bin/ruff"
    ruff.write_text("#!/bin/sh\necho ruff $*\n")
    ruff.chmod(0o755)
    return installed


def test_runs_all_parts(tools: Checkout) -> None:
    result = tools.run(command=tools.root / "tests/run", cwd=Path("/"))
    assert result.returncode == 0
    assert [line for line in result.stdout.splitlines() if line] == [
        "== Lint",
        "ruff check",
        "== Format",
        "ruff format --check",
        "== Types",
        "mypy",
        "== Tests",
        f"pytest -n {WORKERS} --dist worksteal",
        "== All passed",
    ]


def test_what_is_compiled_at_the_first_time_is_compiled_once(tools: Checkout) -> None:
    (tools.root / "src/pytest.py").write_text(
        "import sys; open('asked', 'a').write(' '.join(sys.argv[1:]) + '\\n')"
    )
    suite = f"-n {WORKERS} --dist worksteal\n"
    asked = tools.root / "asked"
    tools.run(command=tools.root / "tests/run")
    assert asked.read_text() == f"--collect-only -q -n 0\n{suite}"
    asked.unlink()
    (tools.root / "tests/core/__pycache__").mkdir(parents=True)
    tools.run(command=tools.root / "tests/run")
    assert asked.read_text() == suite


def test_goes_on_after_a_failure(tools: Checkout) -> None:
    (tools.venv / "bin/ruff").write_text("#!/bin/sh\nexit 1\n")
    (tools.root / "src/mypy.py").write_text("raise SystemExit(2)")
    result = tools.run(command=tools.root / "tests/run")
    assert result.returncode == 1
    assert f"pytest -n {WORKERS}" in result.stdout
    assert result.stdout.endswith("== Failed: Lint, Format, Types\n")


def test_with_arguments_only_the_suite(tools: Checkout) -> None:
    (tools.root / "src/pytest.py").write_text("import sys; print(sys.argv[5:]); sys.exit(5)")
    result = tools.run("-k", "journal or lock", command=tools.root / "tests/run")
    assert result.stdout == "['-k', 'journal or lock']\n"
    assert result.returncode == 5


def test_quick_leaves_slow_tests_out_and_nothing_else(tools: Checkout) -> None:
    (tools.root / "src/pytest.py").write_text("import sys; print(sys.argv[5:])")
    result = tools.run("--quick", command=tools.root / "tests/run")
    assert result.stdout.endswith("== Tests\n['-m', 'not slow']\n\n== All passed\n")
    assert "== Types" in result.stdout
    result = tools.run("--quick", "-k", "journal", command=tools.root / "tests/run")
    assert result.stdout == "['-m', 'not slow', '-k', 'journal']\n"
