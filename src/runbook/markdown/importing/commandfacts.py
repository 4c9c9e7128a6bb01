"""What is known of a command by its form: what it runs, and which files it may change."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.operations import Glob, Target
from runbook.core.value import value
from runbook.markdown.importing import shell
from runbook.markdown.importing.filelist import parse_path

_RUNNERS = re.compile(
    r"^(?:[A-Z_]\w*=\S*\s+)*(?:(?:uv|poetry|pdm|pipenv|hatch|"
    r"rye)\s+run\s+(?:--?[\w-]+(?:[= ](?=\S)[\w.]+)?\s+)*?|uvx\s+|npx\s+(?:--?\w+\s+)*|"
    r"pnpm\s+(?:exec|dlx)\s+|bunx\s+|yarn\s+(?=\w)|time\s+|timeout\s+\S+\s+|sudo\s+|command\s+)*"
)
_FOR_EVER = re.compile(
    r"^(?:(?:npm|pnpm|yarn|bun)\s+(?:--?\S+\s+)*(?:run\s+)?(?:dev|start|serve|watch|preview)\b"
    r"|(?:next|vite|hugo|nuxt|astro|ng)\s+(?:dev|serve|server|start)\b|vite$"
    r"|(?:uvicorn|gunicorn|hypercorn|flask\s+run|streamlit\s+run|mkdocs\s+serve|"
    r"docker\s+compose\s+up(?!.*\s-d)|tail\s+-f|watch\s|http-server|code\s|open\s|xdg-open)"
    r"|python3?\s+-m\s+http\.server|(?:python3?\s+)?manage\.py\s+runserver|"
    r"(?:python3?\s+)?run\.py$|node\s+\S*server\S*$)"
)
_GIT_LOOKS = {
    "status", "diff", "log", "show", "grep", "ls-files", "rev-parse", "blame", "branch", "describe",
    "ls-tree", "cat-file", "shortlog", "rev-list", "merge-base", "check-ignore", "config", "remote",
}  # fmt: skip
_OUTWARD = re.compile(
    r"^(?:gh\s+(?:pr|release|issue|repo|workflow|run|label|api)\b(?!\s+(?:view|list|status|"
    r"checks|diff))|"
    r"(?:npm|pnpm|yarn|cargo|uv|poetry|twine)\s+publish\b|docker\s+push\b|kubectl\s|"
    r"terraform\s+apply|ssh\s|scp\s|rsync\s)"
)
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][\w -]*>|\bYOUR_|\bpath/to/|(?<![.\w])\.\.\.(?![.\w/])|…|\{[a-z][\w-]*\}(?![\w,])"
)


@value
class Facts:
    """What a command is, as far as its expectations depend on it."""

    pytest: bool = False
    workers: bool = False  # pytest with xdist
    selected_loosely: bool = False  # several commands: counts add up to something else
    grep: bool = False  # its exit status 1 is "no match"
    counts: bool = False  # it prints a number of matches or lines
    lists: bool = False  # it prints a line for each thing found


def facts(command: str) -> Facts:
    """The facts of a command with its pipes."""
    conjuncts = (
        [part for line in command.split("\n") for part in shell.conjuncts(line)]
        if "<<" not in command
        else shell.conjuncts(command)
    )
    tested = [part for part in conjuncts if is_pytest(part)]
    last = shell.pipeline(conjuncts[-1])[-1] if conjuncts else ""
    # `a || echo "none"` always ends well.
    rescued = "||" in conjuncts[-1] if conjuncts else False
    name = _bare(last)
    grep = bool(re.match(r"(?:grep|egrep|fgrep|rg|git\s+grep|ag|ack)\b", name)) and not rescued
    counts = bool(re.match(r"wc\b", name) or (grep and re.search(r"\s-\w*c\b|--count", name)))
    lists = grep or bool(
        re.match(
            r"(?:ls|find|git\s+(?:log|diff|ls-files|status)|sort|uniq|tree|cat|cut|awk|sed)\b", name
        )
    )
    return Facts(
        pytest=bool(tested),
        workers=any(re.search(r"\s(?:-n\s*\w+|--numprocesses)", part) for part in tested),
        selected_loosely=len(tested) > 1,
        grep=grep,
        counts=counts,
        lists=lists,
    )


def _bare(command: str) -> str:
    """A command without what only runs it: `uv run`, variables, `npx`."""
    stripped = command.strip().lstrip("(").strip()
    return _RUNNERS.sub("", stripped, count=1)


def is_pytest(command: str) -> bool:
    """Whether a simple command runs pytest, so that the probe gives evidence."""
    name = _bare(shell.pipeline(command)[0])
    return bool(
        re.match(
            r"(?:\S*/)?(?:py\.?test)\b(?!\s+--(?:version|help|collect-only|markers|fixtures))|"
            r"(?:\S*/)?python[\d.]*\s+(?:-\w\s+)*-m\s+pytest\b",
            name,
        )
    ) and not re.search(r"--(?:collect-only|co|version|help|markers|fixtures)\b", name)


_TEST_RUNNERS = re.compile(
    r"(?:npm|pnpm|yarn|bun|deno|cargo|go|swift|dotnet|mix|make|just|mvn|gradle|\./gradlew|rake|zig)"
    r"\s+(?:--?\S+\s+)*(?:run\s+)?(?:test|nextest)\b|(?:jest|vitest|mocha|ava|bats|rspec|phpunit|"
    r"playwright\s+test|cypress\s+run|tox|nox|ctest|prove|ava)\b|"
    r"(?:\S*/)?python[\d.]*\s+-m\s+unittest\b|"
    r"node\s+--test\b|bash\s+\S*tests?/\S+"
)


def runs_tests(command: str) -> bool:
    """Whether a simple command runs tests, by whatever runner."""
    return is_pytest(command) or _TEST_RUNNERS.match(_bare(command)) is not None


Kind = Literal["verify", "run", "by hand"]


@value
class Effect:
    """What to make of a command: check it, run it over `files`, or leave it to a person."""

    kind: Kind
    files: tuple[Target, ...] = ()
    why: str = ""


def effect(command: str, mentioned: tuple[str, ...] = ()) -> Effect:
    """The effect of a command on the repository; `mentioned` are files its task names."""
    found: dict[Target, None] = {}
    parts = [part for line in _lines(command) for part in shell.conjuncts(line)]
    folder = ""
    for part in parts:
        words = shell.words(part)
        if words[:1] == ["cd"] and len(words) == 2:
            folder = _folder(folder, words[1])
            continue
        why = _by_hand(part)
        if why:
            return Effect("by hand", why=why)
        changed = _changed(part, folder, mentioned)
        if changed is not None:
            found |= dict.fromkeys(changed)
    if found:
        return Effect("run", tuple(found))
    return Effect("verify")


def _lines(command: str) -> list[str]:
    if "<<" in command:
        return [command]
    return [
        line
        for line in command.replace("\\\n", " ").split("\n")
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _folder(before: str, word: str) -> str:
    word = word.removeprefix("./").rstrip("/")
    if word.startswith(("/", "~", "$", "..")) or word in ("-", "."):
        return ""
    return f"{before}{word}/"


def _by_hand(part: str) -> str:
    """Why a command isn't run by itself, or nothing."""
    name = _bare(part)
    if _PLACEHOLDER.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", part)):
        return "it has a placeholder"
    if re.match(r"/[\w:-]+(?:\s|$)", name) and not re.match(
        r"/(?:usr|bin|opt|tmp|home|etc|var|Users)/", name
    ):
        return "it is no shell command"
    if name.startswith(("git ", "jj ")):
        words = shell.words(name)
        verb = next((w for w in words[1:] if not w.startswith("-")), "")
        if "-C" in words[:2] and len(words) > 3:
            verb = words[3]
        if name.startswith("jj ") or verb not in _GIT_LOOKS | {
            "mv",
            "rm",
            "add",
            "commit",
            "apply",
            "checkout",
            "restore",
        }:
            return f"`git {verb}` changes more than files"
        if verb in ("checkout", "restore") and not ("--" in words or verb == "restore"):
            return f"`git {verb}` changes more than files"
        if (
            verb == "branch"
            and len(
                [
                    w
                    for w in words[2:]
                    if w not in ("--show-current", "-a", "-v", "-vv", "--list", "-r")
                ]
            )
            > 0
        ):
            return "`git branch` changes more than files"
        if verb == "add" or verb == "commit":
            return "it could not be read as a commit"
    if _OUTWARD.match(name):
        return "it reaches outside the repository"
    if _FOR_EVER.match(name) or re.search(r"(?<![&>])&\s*$", part):
        return "it runs until it is stopped"
    return ""


_LOCKS = {
    "npm": ("package.json", "package-lock.json"),
    "pnpm": ("package.json", "pnpm-lock.yaml"),
    "yarn": ("package.json", "yarn.lock"),
    "bun": ("package.json", "bun.lock"),
}


def _changed(part: str, folder: str, mentioned: tuple[str, ...]) -> list[Target] | None:
    """The files that a command may change, or `None` where none is known."""
    name = _bare(shell.pipeline(part)[0])
    words = shell.words(name)
    if not words:
        return None
    changed = _by_name(name, words, folder, mentioned)
    redirected = _redirected(part, folder)
    if redirected:
        return [*(changed or []), *redirected]
    return changed


def _by_name(
    name: str, words: list[str], folder: str, mentioned: tuple[str, ...]
) -> list[Target] | None:
    raw = name
    uv = re.match(r"uv\s+(add|remove|lock|sync)\b", raw)
    if uv:
        return [] if uv[1] == "sync" else [f"{folder}pyproject.toml", f"{folder}uv.lock"]
    if re.match(r"poetry\s+(?:add|remove|lock|update)\b", raw):
        return [f"{folder}pyproject.toml", f"{folder}poetry.lock"]
    if re.match(r"cargo\s+(?:add|remove|update)\b", raw):
        return [f"{folder}Cargo.toml", f"{folder}Cargo.lock"]
    node = re.match(
        r"(npm|pnpm|yarn|bun)\s+(?:-\S+\s+)*(?:install|i|add|remove|uninstall|rm|up|update)\b(.*)",
        raw,
    )
    if node:
        named = [w for w in shell.words(node[2]) if not w.startswith("-")]
        manifest, lock = _LOCKS[node[1]]
        # In a workspace the lock file stands at its top.
        locks = dict.fromkeys((f"{folder}{lock}", lock))
        return [*([f"{folder}{manifest}"] if named else []), *locks]
    if re.match(r"go\s+(?:get|mod\s+tidy)\b", raw):
        return [f"{folder}go.mod", f"{folder}go.sum"]
    if re.search(r"\balembic\s+(?:-\S+\s+\S+\s+)*revision\b", raw):
        versions = next((p for p in mentioned if "versions/" in p), "")
        base = (
            versions.split("versions/")[0] + "versions" if versions else f"{folder}alembic/versions"
        )
        return [Glob(f"{base}/*.py")]
    formatter = re.match(
        r"ruff\s+(?:format\b(?!.*--(?:check|diff))|check\b.*--fix)|black\b(?!.*--check)|"
        r"isort\b(?!.*--check)|"
        r"prettier\b.*(?:--write|-w)\b|eslint\b.*--fix|cargo\s+fmt\b(?!.*--check)|gofmt\b.*-w|"
        r"biome\b.*--(?:write|apply)|"
        r"rustfmt\b(?!.*--check)",
        raw,
    )
    if formatter:
        return _formatted(words, folder)
    return _files_moved(words, folder)


def _formatted(words: list[str], folder: str) -> list[Target]:
    paths = [w for w in words[1:] if not w.startswith("-") and ("/" in w or "." in w) and w != "."]
    targets: list[Target] = []
    for word in paths:
        parsed = parse_path(word)
        if "*" in word:
            targets.append(Glob(folder + word.removeprefix("./")))
        elif parsed and re.search(r"\.\w+$", parsed[0]):
            targets.append(folder + parsed[0])
        elif parsed:
            targets.append(Glob(f"{folder}{parsed[0]}/**"))
    return targets or [Glob(f"{folder}**")]


def _files_moved(words: list[str], folder: str) -> list[Target] | None:
    """What `cp`, `mv`, `rm`, `touch`, `chmod`, `sed -i` and `git mv|rm|apply|checkout` change."""
    verb = words[0] if words[0] != "git" else f"git {words[1] if len(words) > 1 else ''}"
    plain = [w for w in words[1 if words[0] != "git" else 2 :] if not w.startswith("-")]
    if verb == "sed" and any(re.match(r"-\w*i|--in-place", w) for w in words[1:]):
        has_script = any(w in ("-e", "-f") or w.startswith("--expression") for w in words)
        names = [w for w in (plain if has_script else plain[1:]) if w]
        return _targets(names, folder)
    if verb == "perl" and any(re.match(r"-\w*i", w) for w in words[1:]):
        return _targets(plain[1:], folder)
    if verb in ("cp", "mv", "git mv") and len(plain) > 1:
        ends = plain[-1:] if verb == "cp" else plain
        recursive = verb != "cp" or any(re.match(r"-\w*[rRa]", w) for w in words)
        return _targets(ends, folder, folders=recursive)
    if verb in ("rm", "git rm", "touch", "chmod", "ln", "git checkout", "git restore"):
        names = plain[1:] if verb in ("chmod", "ln") else plain
        return _targets(names, folder, folders=verb in ("rm", "git rm"))
    if verb == "git apply":
        return [Glob("**")]
    return None


def _targets(names: list[str], folder: str, *, folders: bool = False) -> list[Target] | None:
    targets: list[Target] = []
    for word in names:
        if word.startswith(("/tmp/", "/var/", "~", "$", "/")) or "$" in word:
            continue
        clean = word.removeprefix("./").rstrip("/")
        if any(char in clean for char in "*?["):
            targets.append(Glob(folder + clean))
            continue
        parsed = parse_path(clean)
        path = parsed[0] if parsed else clean
        from runbook.core.paths import objection

        if objection(path):
            continue
        is_folder = word.endswith("/") or not re.search(r"\.[\w]+$", path.rsplit("/", 1)[-1])
        targets.append(folder + path)
        if is_folder and folders:
            targets[-1] = (
                Glob(f"{folder}{path}/**") if word.endswith("/") or "/" in path else folder + path
            )
    return targets or None


def _redirected(part: str, folder: str) -> list[Target]:
    """Files that the output goes into, as far as they lie in the repository."""
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", lambda m: "_" * len(m[0]), part.split("\n")[0])
    names = re.findall(r"(?<![<>&\d=-])\d?>{1,2}\s*([\w./@\[\]+-]+)", unquoted)
    names += re.findall(r"\|\s*tee\s+(?:-a\s+)?([\w./@+-]+)", unquoted)
    return _targets([n for n in names if not n.startswith("/dev/")], folder) or []
