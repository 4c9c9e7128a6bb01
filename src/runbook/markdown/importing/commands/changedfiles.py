"""The files that a command changes, by its form."""

from __future__ import annotations

import re

from runbook.core.model.operations import Glob, Target
from runbook.core.model.paths import objection
from runbook.core.shell.launching import WITH_VALUE, inner_scripts
from runbook.core.shell.places import moved, place
from runbook.core.shell.script import parse
from runbook.core.shell.walking import Placed
from runbook.core.shell.writing import redirects, subcommand, writes
from runbook.markdown.importing.commands.services import NO_LOOKER, OPTIONS
from runbook.markdown.importing.words.filelist import looks_like_path, names_a_folder, parse_path
from runbook.markdown.importing.words.vocabulary import spelled

_LOCKS = {
    "npm": "package-lock.json", "pnpm": "pnpm-lock.yaml", "yarn": "yarn.lock", "bun": "bun.lock",
}  # fmt: skip
_FORMATS = spelled(
    r"ruff (format\b(?!.*--(check|diff))|check\b.*--fix)|black\b(?!.*--check)|"
    r"isort\b(?!.*--check)|prettier\b.*(--write|-w)\b|eslint\b.*--fix|cargo fmt\b(?!.*--check)|"
    r"gofmt\b.*-w|biome\b.*--(write|apply)|rustfmt\b(?!.*--check)|cargo clippy\b.*--fix|"
    r"(\S*/)?pint\b(?!.*--test)|(\S*/)?(phpcbf\b|php-cs-fixer fix\b(?!.*--dry-run))|"
    r"swiftformat\b(?!.*--lint)|swiftlint\b.*--fix|ktlint (-F|--format)|dotnet "
    r"format\b(?!.*--verify)|lint-staged\b|(\./)?(gradlew?|mvnw?)\s.*\b(spotless:?[aA]pply|"
    r"ktlintFormat|fmt:format)\b"
)
# What they make has names that only they know.
_GENERATES = spelled(
    r"cargo (new|init|generate|sqlx prepare|insta accept)\b|sqlx prepare\b|(npm|pnpm|yarn|bun) "
    r"(init|create)\b|create-[\w-]+|degit\s|cookiecutter\b|go (mod init|work (init|use)|"
    r"generate)\b|uv init\b|poetry (init|new)\b|(django-admin|(python[\d.]* )?(\S*/)?manage\.py) "
    r"(startproject|startapp|makemigrations)\b|(bin/|bundle exec )?rails (g|generate|new)\b|mix "
    r"(phx\.new|phx\.gen\S*|ecto\.gen\S*|new)\b|dotnet (\S+ )?(new|add|remove|sln|ef dbcontext|"
    r"tool (install|update|uninstall))\b|shadcn(-ui)? (add|init)\b|"
    r"prisma (init|format|generate)\b|drizzle-kit generate\b|(ng|nx) (g|generate|new)\b|(bundle|"
    r"composer) (install|add|remove|require|update|lock)\b|mvn versions:|tar (\S+ )*-?\w*x\w*\b|"
    r"unzip\s(?!.*-[lt]\b)|"
    r"protoc\b|php (?!-)\S+ [\w-]+:install(?=\s|$)|"
    rf"(go run )?{NO_LOOKER}(?!terraform\b|tofu\b)[\w./@-]+ (generate|codegen|scaffold|init|"
    rf"--init)\b(?!.*--(check|dry-run))|"
    r"(pod|pdm|mix deps\.get|(flutter|dart) pub (get|add|upgrade|remove)|deno add|deno "
    r"install)(?=\s|$)(?<!pdm)|pdm (add|remove|lock|update)\b|nest g\b|mockgen\b|(dart "
    r"run )?build_runner build\b|npm (pkg set|dedupe)\b|(npm-check-updates|ncu) (\S+ )*-\w*u|zip "
    r"-?\w|tar -?\w*c\w*\s|openssl\s.*\s-(out|keyout)\s|(npm|pnpm|yarn) pack\b(?!.*--dry-run)|"
    r"pre-commit autoupdate\b|(python[\d.]* )?(\S*/)?manage\.py (collectstatic|makemessages|"
    r"compilemessages)\b|python[\d.]* -m build\b|swift package (update|init|resolve)\b|"
    r"jupyter[\s-]+nbconvert\b(?!.*--stdout)"
)
# Scripts of the project that say by their name that they write.
_REWRITES = spelled(
    r"(?!.*\s--?(check|dry-?run|help|verify|diff|list|version|test|validate|n)(?=\s|$))("
    rf"((npm|pnpm|yarn|bun) ({OPTIONS}|(run|exec) )*|(make|just|task) ([\w:=./-]+ )*?)"
    r"((?!test|check)[\w-]+:)*(generate|gen|codegen|regen\w*|format|fmt|fix|import|capture|"
    r"scaffold|lint[:-]fix)([:_-](?!check|test)[\w-]+)?(?=\s|$)"
    r"|((python[\d.]*|node|tsx|ts-node|bun|deno|ruby|bash|sh) (run |-\w )*)?(\S*/)(gen|generate|"
    r"regen|regenerate|migrate|rewrite|convert|codemod|format|bump|sync|update)([-_][\w-]+)?\.(py|"
    r"[cm]?[jt]s|rb|sh|bash)(?=\s|$)"
    r"|(jest|vitest)\b.*\s(-u|--update(-?[sS]napshots?)?)(?=\s|$)"
    r"|(python[\d.]* -m )?pytest\b.*\s--(snapshot-update|inline-snapshot=\w+|update-\w+)\b"
    r"|cargo insta (test\s.*--accept|review)|graphql-codegen\b)"
)
_LANGUAGES = re.compile(r"python[\d.]*|node|ruby|perl|deno|bun|tsx|php")
_WRITES_TEXT = spelled(
    r"\.write_(text|bytes)\(|\bopen\([^()\n]*,\s*(mode\s*=\s*)?['\"][wax]|\bos\.(remove|unlink|"
    r"rename|replace|makedirs|mkdir|rmdir)\(|\bshutil\.(copy|move|rmtree)|\.(unlink|rmdir|"
    r"touch)\(|\b(fs\w*\.)?(writeFile|appendFile|rm|unlink|mkdir|rename|copyFile)(Sync)?\(|"
    r"\bFile\.(write|delete|rename)\b|\bFileUtils\.|Deno\.(write|remove)"
)
_OPTIONS_WITH_VALUE = {
    "mkdir": ("-m", "--mode"), "truncate": ("-s", "--size", "-r"), "touch": ("-d", "-t", "-r"),
    "install": ("-m", "-o", "-g"),
    "cp": ("-t", "--target-directory"), "mv": ("-t", "--target-directory"),
}  # fmt: skip
_MODE = re.compile(r"[-+=ugoa,rwxXst]*[+=-][rwxXst,ugoa+=-]*|[0-7]{3,4}")


def changed_files(placed: Placed, mentioned: tuple[str, ...] = ()) -> list[Target]:
    """The files that a command may change; `mentioned` are files its task names."""
    found = _by_name(placed, mentioned)
    found += _targets(_scripted(placed), placed.folder)
    found += _targets(_redirected(placed), placed.folder)
    return list(dict.fromkeys(found))


def places_changed(placed: Placed) -> list[str]:
    """The paths that a command changes by its form, wherever they lead."""
    return [*_redirected(placed), *_moved_paths(placed), *_scripted(placed)]


def _redirected(placed: Placed) -> list[str]:
    return [each.target for each in placed.redirections if redirects(each.sign)]


# What those who add and remove packages change.
_OF_PACKAGES = tuple(
    (re.compile(pattern), files)
    for pattern, files in (
        (r"uv\s+(?:add|remove|lock)\b", ("pyproject.toml", "uv.lock")),
        (r"uv\s+sync\b", ()),
        (r"poetry\s+(?:add|remove|lock|update)\b", ("pyproject.toml", "poetry.lock")),
        (r"cargo\s+(?:add|remove|update)\b", ("Cargo.toml", "Cargo.lock")),
        (r"go\s+(?:get|mod\s+tidy)\b", ("go.mod", "go.sum")),
    )
)
_OF_NODE = frozenset(
    {"install", "i", "add", "remove", "uninstall", "rm", "up", "update", "upgrade"}
)
_ELSEWHERE = re.compile(r"--(?:filter|workspace)(?:-prod)?\b|-[Fwr]$|--recursive$")
# What they make stands where its name says, whatever folder that is in.
_MADE_BELOW = tuple(
    (spelled(pattern), Glob(files))
    for pattern, files in (
        (r"dotnet ef migrations (add|remove)\b", "**/Migrations/**"),
        (r"php (?!-)\S+ (wayfinder|ziggy):generate\b", "**"),  # TypeScript
        (r"php (?!-)\S+ (?!(wayfinder|ziggy):)"
         r"(\S+:)?(make|scaffold|generate|publish|enable|disable)(:\S+)?(?=\s|$)",
         "**/*.php"),
    )
)  # fmt: skip
_MIGRATION = re.compile(r"(?:\S*/)?(?:python[\d.]*\s+-m\s+)?alembic\s+(?:-\S+\s+\S+\s+)*revision\b")


def _by_name(placed: Placed, mentioned: tuple[str, ...]) -> list[Target]:
    text, folder = str(placed), placed.folder
    for pattern, files in _OF_PACKAGES:
        if pattern.match(text):
            return [_in(folder, each) for each in files]
    if placed.name in _LOCKS and subcommand(placed.name, placed.arguments) in _OF_NODE:
        return _of_node(placed)
    if _MIGRATION.match(text):
        versions = next((path for path in mentioned if "versions/" in path), "")
        if versions:
            return [Glob(versions.split("versions/")[0] + "versions/*.py")]
        return [Glob(_in(folder, "alembic/versions/*.py"))]
    for pattern, new in _MADE_BELOW:
        if pattern.match(text):
            return [new]
    if _FORMATS.match(text):
        return _formatted(placed.arguments, folder)
    if _GENERATES.match(text) or _REWRITES.match(text):
        return [below(folder)]
    if placed.name == "git" and subcommand("git", placed.arguments) == "apply":
        return [below("")]
    folders = placed.name in ("rm", "mv", "mkdir", "rmdir", "find") or _recursive(placed)
    folders |= placed.name == "git" and subcommand("git", placed.arguments) in ("rm", "mv")
    made = placed.name in ("mkdir", "rmdir", "find")
    return _targets(_moved_paths(placed), folder, folders=folders, all_folders=made)


def _of_node(placed: Placed) -> list[Target]:
    """What a manager of packages changes that is to install, add or remove some."""
    name, folder, elsewhere = placed.name, placed.folder, False
    told, rest = [], iter(placed.arguments)
    for word in rest:
        given = next(rest, "") if word in WITH_VALUE[name] else ""
        if word in ("-C", "--dir", "--prefix", "--cwd"):
            folder = moved(folder, given)
        # `-w` of pnpm is the workspace's top itself.
        elsewhere |= bool(_ELSEWHERE.match(word)) and (name, word) != ("pnpm", "-w")
        if not word.startswith("-"):
            told.append(word)
    if told[0] == "workspace":
        told, elsewhere = told[2:], True
    lock = _LOCKS[name]
    # In a workspace the lock file stands at its top.
    locks = dict.fromkeys((_in(folder, lock), lock))
    manifest = Glob("**/package.json") if elsewhere else _in(folder, "package.json")
    return [*([manifest] if told[1:] else []), *locks]


def _recursive(placed: Placed) -> bool:
    """Whether a command goes into folders: `cp -r`, `chmod -R`."""
    recurs = placed.name in ("cp", "rm", "chmod", "chown", "chgrp")
    return recurs and any(
        re.fullmatch(r"-\w*[rRa]\w*|--recursive|--archive", word) for word in placed.arguments
    )


def _moved_paths(placed: Placed) -> list[str]:
    """What `cp`, `mv`, `rm`, `touch`, `chmod`, `sed -i` and their like change."""
    name, arguments = placed.name, placed.arguments
    if name == "git":
        sub = subcommand("git", arguments)
        if sub == "checkout":
            return arguments[arguments.index("--") + 1 :] if "--" in arguments else []
        behind = arguments[arguments.index(sub) + 1 :] if sub in ("mv", "rm", "restore") else []
        return _positional("git", behind)
    if any("$(" in word or "`" in word for word in arguments) and name in ("sed", "perl"):
        return []  # which files, is known when it runs
    paths = _positional(name, arguments)
    match name:
        case "sed":
            if not any(re.match(r"-\w*i|--in-place", word) for word in arguments):
                return []
            scripted = any(
                word in ("-e", "-f") or word.startswith("--expression") for word in arguments
            )
            return [each for each in (paths if scripted else paths[1:]) if each]
        case "perl":
            return paths[1:] if any(re.match(r"-\w*i", word) for word in arguments) else []
        case "cp" | "install" | "ln":
            return _copied(paths) if not _recursive(placed) else paths[1:][-1:]
        case "mv":
            return paths if len(paths) > 1 else []
        case "rm" if _recursive(placed):
            listed = ("/", "*", "?", "]")
            return [
                each if each.endswith(listed) or not names_a_folder(each) else f"{each}/"
                for each in paths
            ]
        case "rm" | "rmdir" | "touch" | "mkdir" | "truncate" | "tee" | "unlink" | "shred":
            return paths
        case "chmod":
            bare = [word for word in arguments if not re.fullmatch(r"-[Rvcf]+|--\w[\w-]*", word)]
            return bare[1:] if bare and _MODE.fullmatch(bare[0]) else paths[1:]
        case "chown" | "chgrp":
            return paths[1:]
        case "dd":
            return [word.removeprefix("of=") for word in arguments if word.startswith("of=")]
        case "find":
            scripts = map(parse, inner_scripts(placed.command))
            changes = any(writes(each) for script in scripts for each in script.commands)
            changes = changes or "-delete" in arguments
            return (paths or ["."]) if changes else []
        case "curl" | "wget":
            return _downloaded(name, arguments)
        case _:
            return []


def _copied(paths: list[str]) -> list[str]:
    """What files are copied to: into a folder each under its own name."""
    *sources, to = paths or [""]
    if not sources or not to.endswith("/"):
        return [to] if sources else []
    return [to + source.rstrip("/").rpartition("/")[2] for source in sources]


def _scripted(placed: Placed) -> list[str]:
    """The paths that a script names which Python or another language is given, if it writes."""
    if not _LANGUAGES.fullmatch(placed.name):
        return []
    code = [each.document.text for each in placed.redirections if each.document is not None]
    code += [word.text for word in placed.words[1:] if word.quoted]
    text = "\n".join(code)
    if not _WRITES_TEXT.search(text):
        return []
    quoted = [found[2] for found in re.finditer(r"(['\"])([^'\"\n]+)\1", text)]
    return [each for each in quoted if looks_like_path(each)] or ["."]


def _downloaded(name: str, arguments: list[str]) -> list[str]:
    """The files that `curl -o` and `wget` write."""
    flags = ("-o", "--output") if name == "curl" else ("-O", "--output-document")
    for index, word in enumerate(arguments[:-1]):
        if word in flags:
            return [arguments[index + 1]]
    if name == "wget" or {"-O", "--remote-name"} & set(arguments):
        address = next((word for word in arguments if re.match(r"https?://", word)), "")
        named = address.partition("?")[0].rpartition("/")[2]
        return [named] if named and "--spider" not in arguments else []
    return []


def _positional(name: str, arguments: list[str]) -> list[str]:
    found, rest = [], iter(arguments)
    for word in rest:
        if word in _OPTIONS_WITH_VALUE.get(name, ()):
            next(rest, None)
        elif name == "find" and word.startswith("-"):
            break
        elif not word.startswith("-") or word == "-":
            found.append(word)
    return found


def _in(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def below(folder: str) -> Glob:
    """All files in a folder, "" for the repository's top."""
    return Glob(_in(folder, "**"))


def _formatted(arguments: list[str], folder: str) -> list[Target]:
    paths = [w for w in arguments if not w.startswith("-") and ("/" in w or "." in w) and w != "."]
    targets: list[Target] = []
    for word in paths:
        parsed = parse_path(word)
        if "*" in word:
            targets.append(Glob(_in(folder, word.removeprefix("./"))))
        elif parsed:
            path = _in(folder, parsed[0])
            targets.append(below(path) if names_a_folder(path) else path)
    return targets or [below(folder)]


def _targets(
    names: list[str], folder: str, *, folders: bool = False, all_folders: bool = False
) -> list[Target]:
    """Paths in the repository as what may be changed; with `folders` what lies below them as well.

    With `all_folders` each is a folder; else those are whose name says so.
    """
    targets: list[Target] = []
    for word in names:
        if place(word, folder) != "inside":
            continue
        path = moved(folder, word)
        if not path:
            targets.append(below(""))
        elif re.search(r"[$`{]", path):
            targets.append(below(re.split(r"[*?[$`{]", path)[0].rpartition("/")[0]))
        elif re.search(r"[*?[]", path):
            targets.append(below(path) if folders and word.endswith("/") else Glob(path))
        elif not objection(path):
            # At the top, what has no ending may as well be a script.
            named = word.endswith("/") or ("/" in path and names_a_folder(path))
            targets.append(below(path) if all_folders or (folders and named) else path)
    return targets
