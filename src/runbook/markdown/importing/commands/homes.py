"""The folder in which a program finds what it reads first: `cargo` its `Cargo.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from runbook.core.shell.walking import Placed, walk
from runbook.core.value import value
from runbook.markdown.importing.words.vocabulary import spelled

# Whether a file is surely there, surely not, or may be by then.
There = Callable[[str], bool | None]

_NODE = ("package.json",)
_GO = ("go.mod", "go.work")
_GRADLE = ("gradlew",)
# Programs, what they are told where they read it, and the file.
_READERS = (
    (r"npm|pnpm|yarn|bun", r" (?!init|create|dlx|x\s|config|view|info|search|whoami|pm\s|cache|-)"
     r"[a-z]", _NODE),
    (r"npx|bunx", r" (vitest|jest|tsc|vue-tsc|eslint|playwright|prettier|astro|next|vite)(?=\s|$)",
     _NODE),
    (r"cargo", r" (\+\S+ )?(build|b|check|c|clippy|test|t|nextest|run|r|fmt|doc|bench|add|remove|"
     r"update|tree)(?=\s|$)", ("Cargo.toml",)),
    (r"go", r" (test|build|vet|run|get|list|generate|mod (?!init)\w+)(?=\s|$)", _GO),
    (r"composer", r" (?!init|create-project|global|self-update|-)\w", ("composer.json",)),
    (r"bundle", r" (exec|install|add|update)(?=\s|$)", ("Gemfile",)),
    (r"mix", r" (?!new|phx\.new|archive|local)\w", ("mix.exs",)),
    (r"\./gradlew", r"(?=\s|$)", _GRADLE),
    (r"\./mvnw", r"(?=\s|$)", ("mvnw",)),
    (r"flutter|dart", r" (test|analyze|pub|run|build)(?=\s|$)", ("pubspec.yaml",)),
    (r"uv", r" (run|sync|add|remove|lock)(?=\s|$)", ("pyproject.toml",)),
    (r"poetry", r" (run|install|add|lock)(?=\s|$)", ("pyproject.toml",)),
)  # fmt: skip
_MANIFESTS = tuple((spelled(f"({name}){told}"), files) for name, told, files in _READERS)
# Whether a command may be of one of them, which most are not.
_MAY_READ = re.compile(rf"(?:{'|'.join(name for name, _, _ in _READERS)})(?:\s|$)")
# They say themselves where it is.
_ELSEWHERE = re.compile(
    r"\s(?:-C|-f|-g|--dir|--prefix|--cwd|--manifest-path|--directory|--project|--global|--version|"
    r"--package-path|--working-dir)(?:[\s=]|$)"
)


@value
class Home:
    """Where a command is to be run, of those that read a file; ".": it is not said where."""

    folder: str
    manifest: str


def home(command: str, works: Iterable[Callable[[], Iterable[str]]], there: There) -> Home | None:
    """Where a command is to be run that can't be at the top, or `None` where it can.

    Of the `works` that it is of, the closest first, each gives its files, when it is asked: in the
    top folder of theirs with what its program reads it can be run, if that is one. Of several, one
    has a path that the command names.
    """
    if _MAY_READ.search(command) is None:
        return None
    placed = [each for each in walk(command) if each.words]
    manifests = next(filter(None, map(_manifests, placed)), ())
    if not manifests or any(each.folder for each in placed) or _ELSEWHERE.search(command):
        return None
    if any(there(each) is not False for each in manifests):
        return None
    folders = (
        dict.fromkeys(each for path in files() for each in _folder_with(path, manifests, there))
        for files in works
    )
    found = next(filter(None, folders), {})
    named = [word for each in placed for word in each.arguments if re.search(r"\w[/.]\w", word)]
    if len(found) > 1:
        of = [each for each in found if any(there(f"{each}/{word}") for word in named)]
        found = dict.fromkeys(of) if len(of) == 1 else found
    if not found:
        return None
    return Home(next(iter(found)) if len(found) == 1 else ".", manifests[0])


def _manifests(placed: Placed) -> tuple[str, ...]:
    """The files of which a command reads one, where it is run."""
    text = " ".join(word.text for word in placed.command.words)
    return next((files for pattern, files in _MANIFESTS if pattern.match(text)), ())


def _folder_with(path: str, manifests: tuple[str, ...], there: There) -> Iterator[str]:
    """The top one of the folders that a path stands in with one of these files."""
    parts = path.split("/")[:-1]
    folders = ("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    for folder in folders:
        if any(there(f"{folder}/{each}") for each in manifests):
            yield folder
            return
