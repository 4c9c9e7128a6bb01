"""What is known of a command by its form: what it runs, and which files it may change."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.operations import Glob, Target
from runbook.core.value import value
from runbook.markdown.importing import shell
from runbook.markdown.importing.byhand import by_hand
from runbook.markdown.importing.filelist import parse_path

# `sed -i` and `perl -pi`, also behind `xargs` or in a loop.
_IN_PLACE = re.compile(
    r"(?:^|[|;&(]|\b(?:do|then|xargs(?:\s+-\S+(?:\s+(?!sed|perl|-)\S+)?)*|exec))\s*"
    r"(?:sed\s+(?:-\S+\s+)*?(?:-[a-zA-Z]*i|--in-place)|perl\s+(?:-\S+\s+)*?-\w*i)",
    re.MULTILINE,
)


_PREPARES = re.compile(
    r"(?:mkdir|chmod|chown|git|cp|mv|rm|touch|ln|ls|cat|echo|printf|cd|head|tail|wc|tee|find|tree|"
    r"(?:npm|pnpm|yarn|bun|uv|pip3?|poetry|bundle|cargo|go)\s+(?:install|add|sync|ci|i|get|mod))\b"
)
_SEARCHES = re.compile(r"(?:grep|egrep|fgrep|rg|git\s+grep|ag|ack)\b")


@value
class Facts:
    """What a command is, as far as its expectations depend on it."""

    pytest: bool = False
    workers: bool = False  # pytest with xdist
    selected_loosely: bool = False  # several commands: counts add up to something else
    grep: bool = False  # its exit status 1 is "no match"
    counts: bool = False  # it prints a number of matches or lines
    lists: bool = False  # it prints a line for each thing found
    name: str = ""  # of the last command
    filtered: bool = False  # a search stands before its last pipe: without matches it fails
    silent: bool = False  # where it finds nothing, it prints nothing and fails
    status: Literal["", "long", "short"] = ""  # of git, in which form
    heads: bool = False  # it prints the status line of an HTTP answer
    rescued: bool = False  # `a || echo "none"` always ends well
    tests: bool = False  # it runs tests, by whatever runner
    prepares: bool = False  # it makes or shows files: no title tells that it fails


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
    name = shell.bare(last)
    grep = bool(_SEARCHES.match(name)) and not rescued
    counts = bool(re.match(r"wc\b", name) or (grep and re.search(r"\s-\w*c\b|--count", name)))
    lists = grep or bool(
        re.match(
            r"(?:ls(?!\s.*(?<=\s)-\w*[la])|find|git\s+(?:log|diff|ls-files|status)|sort|uniq|tree|cat|cut|awk|sed)\b",
            name,
        )
    )
    parts = shell.pipeline(conjuncts[-1]) if conjuncts else []
    searches = any(_SEARCHES.match(shell.bare(part)) for part in parts[:-1])
    status = re.match(r"git\s+(?:-C\s+\S+\s+)?status\b(.*)", name)
    short = status and re.search(r"\s(?:-s\b|-\w*s\w*|--short|--porcelain)", status[1])
    return Facts(
        name=next(iter(shell.words(name)), ""),
        filtered=searches and not rescued,
        silent=bool(re.match(r"(?:lsof|pgrep)\b", name)) and not rescued,
        status=("short" if short else "long") if status else "",
        heads=bool(re.match(r"curl\b.*(?:\s-\w*[iI]\b|--include|--head|http_code)", name)),
        pytest=bool(tested),
        workers=any(re.search(r"\s(?:-n\s*\w+|--numprocesses)", part) for part in tested),
        selected_loosely=len(tested) > 1,
        rescued=bool(re.search(r"\|\|\s*(?:echo|printf|true|:)(?=\s|$)", conjuncts[-1]))
        if conjuncts
        else False,
        tests=any(runs_tests(shell.pipeline(part)[0]) for part in conjuncts),
        prepares=bool(_PREPARES.match(name)),
        grep=grep,
        counts=counts,
        lists=lists,
    )


def is_pytest(command: str) -> bool:
    """Whether a simple command runs pytest, so that the probe gives evidence."""
    name = shell.bare(shell.pipeline(command)[0])
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
    return is_pytest(command) or _TEST_RUNNERS.match(shell.bare(command)) is not None


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
        why = by_hand(part)
        if why:
            return Effect("by hand", why=why)
        changed = _changed(part, folder, mentioned)
        if changed is not None:
            found |= dict.fromkeys(changed)
    if found:
        return Effect("run", tuple(found))
    if _IN_PLACE.search(re.sub(r"'[^']*'", "''", command)):
        # It changes files that only the run will tell.
        return Effect("run", (Glob(f"{folder}**"),))
    return Effect("verify")


def _lines(command: str) -> list[str]:
    if "<<" in command:
        return [command]
    return [each.text.replace("\\\n", " ") for each in shell.split(command) if each.text]


def _folder(before: str, word: str) -> str:
    word = word.removeprefix("./").rstrip("/")
    if word.startswith(("/", "~", "$", "..")) or word in ("-", "."):
        return ""
    return f"{before}{word}/"


_LOCKS = {
    "npm": ("package.json", "package-lock.json"),
    "pnpm": ("package.json", "pnpm-lock.yaml"),
    "yarn": ("package.json", "yarn.lock"),
    "bun": ("package.json", "bun.lock"),
}


def _changed(part: str, folder: str, mentioned: tuple[str, ...]) -> list[Target] | None:
    """The files that a command may change, or `None` where none is known."""
    name = shell.bare(shell.pipeline(part)[0])
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
    if verb in ("sed", "perl") and "$(" in " ".join(words):
        return None  # which files, is known when it runs
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
