"""Files that say what a check does: tests, their configuration, what Python and tools load first.

Somebody who changes one of these can make any check pass, so they are his to change only where they
are named one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from runbook.core.model.globs import matches
from runbook.core.model.operations import Glob, Target
from runbook.core.patterns import regex

_TEST_FOLDERS = {
    "test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "testdata", "test-data",
    "test_data", "__fixtures__", "__snapshots__",
}  # fmt: skip
_TEST = regex(
    r"(?s)test_.*\.py|.*_tests?\.py|tests?\.py|.*\.(test|spec|cy)\..*|.*_spec\.rb|"
    r".*_test\.(go|exs|dart|rs|c.*)|.*\.(snap|feature|bats)|"
    r".*(Tests?|Spec)\.(java|kt|scala|groovy|swift|cs|fs|vb|php)"
)
_CONFIGURATION = (
    "conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini",
    "tox.toml", "setup.cfg", "setup.py", "pyproject.toml", "noxfile.py", "*.pth",
    "sitecustomize.py", "usercustomize.py", "pyvenv.cfg",
    "Makefile", "makefile", "GNUmakefile", "*.mk", "justfile", "Justfile", ".justfile",
    "Taskfile.y*ml", "Rakefile", ".coveragerc", "coverage.toml", "mypy.ini", ".mypy.ini",
    "ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pyrightconfig.json",
    "package.json", ".npmrc", "jest.config.*", "vitest.config.*", "vite.config.*", "babel.config.*",
    "playwright.config.*", "karma.conf.*", ".mocharc*", ".eslintrc*", "eslint.config.*",
    "tsconfig*.json", "Cargo.toml", "build.rs", "go.mod", "go.work", "pom.xml", "build.gradle*",
    "CMakeLists.txt", "phpunit.xml*", ".rspec", ".env", ".env.*", ".envrc", "uv.toml",
    ".python-version", ".pre-commit-config.yaml", ".gitattributes", ".gitignore", ".gitmodules",
)  # fmt: skip
_INSTALLED = ("/site-packages/", "/node_modules/")
_CODE = (
    ".py", ".pyc", ".pth", ".so", ".pyd", ".js", ".cjs", ".mjs", ".ts", ".json", ".node", ".jar",
    ".class", ".rb", ".sh", ".cfg", ".toml", ".ini",
)  # fmt: skip
_OF_TOOLS = (".cache", ".vite", ".vite-temp", ".vitest")  # in `node_modules`
_CACHES = {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}


def is_test(path: str) -> bool:
    """Whether a path is that of a test, by its name or a folder that it lies in."""
    *folders, name = path.split("/")
    return any(
        each.lower() in _TEST_FOLDERS or each.endswith("Tests")  # `ShipTests`, `Ship.Tests`
        for each in folders
    ) or bool(_TEST.fullmatch(name))


def is_of_tests(path: str) -> bool:
    """Whether a path is that of a test, or of what pytest loads beside tests."""
    return is_test(path) or path.rpartition("/")[2] == "conftest.py"


def steers(path: str) -> bool:
    """Whether what a file says sways checks, whatever they are about."""
    return is_test(path) or configures(path)


def configures(path: str) -> bool:
    """Whether a file configures checks, or is loaded before them, wherever it lies."""
    name = path.rpartition("/")[2]
    return any(fnmatchcase(name, each) for each in _CONFIGURATION)


def is_installed(path: str) -> bool:
    """Whether a path is of a package that was installed below the repository."""
    return any(part in f"/{path}" for part in _INSTALLED)


def is_cache(name: str) -> bool:
    """Whether a folder holds what tools make anew, and no check goes by."""
    return name in _CACHES


def is_compiled(path: str) -> bool:
    """Whether a file is what tools made of sources or runs, and make anew where it is gone."""
    if any(f"/node_modules/{each}/" in f"/{path}" for each in _OF_TOOLS):
        return True
    return "/__pycache__/" in f"/{path}" and path.endswith(".pyc")


def is_code(path: str) -> bool:
    """Whether a file among those that checks take along can sway them."""
    name = path.rpartition("/")[2]
    return name.endswith(_CODE) or "." not in name or ".dist-info/" in path


def may_change(path: str, targets: Iterable[Target]) -> bool:
    """Whether whoever is handed some targets may change a path.

    A pattern covers no file that steers checks: what a check is, nobody decides by the way.
    """
    return any(
        path == each
        if isinstance(each, str)
        else isinstance(each, Glob) and matches(each.pattern, path) and not steers(path)
        for each in targets
    )
