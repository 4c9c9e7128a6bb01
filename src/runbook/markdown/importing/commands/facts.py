"""What is known of a command by its form, as far as what is expected of it depends on that."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from runbook.core.shell.cutting import bare, conjuncts, pipeline, split, words
from runbook.core.shell.pytestoptions import OTHER_WORK
from runbook.core.value import value
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_PREPARES = spelled(
    r"(mkdir|chmod|chown|git|cp|mv|rm|touch|ln|ls|cat|echo|printf|cd|head|tail|wc|tee|find|tree|"
    r"(npm|pnpm|yarn|bun|uv|pip3?|poetry|bundle|cargo|go) (install|add|sync|ci|i|get|mod))\b"
)
# What it prints says nothing of how it went: the command that it runs, or what it builds.
_CHATTY = spelled(
    r"((npm|pnpm) (run|test|t|run-script)|yarn|make|cargo (build|b|check|c|clippy|test|t|run|r)|"
    r"swift (build|test)|(\./)?(gradlew?|mvnw?)|dotnet|mix|xcodebuild)\b(?!.*\s(-s|-q|--silent|"
    r"--quiet)\b)"
)
_LISTS_LONG = re.compile(r"ls\s(?:.*\s)?-\w*[la]")  # also of an empty folder
_LITERAL = re.compile(
    r"\b(?:echo|printf)\s+(?:\"([^\"$`\\]+)\"|'([^'\\]+)'|([\w.!-]+))"
    r"|\b(?:print|console\.log)\(\s*(?:\"([^\"{}\\]+)\"|'([^'{}\\]+)')\s*\)"
)
_TELLS_STATUS = re.compile(r"[;\n]\s*echo\s+\"?([^\"$`\\|;&>]*\$\?)\"?\s*(?:#[^\n]*\s*)*\Z")
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
    faults: bool = False  # what it searches for are errors, or warnings, alone
    silent: bool = False  # where it finds nothing, it prints nothing and fails
    status: Literal["", "long", "short"] = ""  # of git, in which form
    heads: bool = False  # it prints the status line of an HTTP answer
    rescued: bool = False  # `a || echo "none"`, or `a; rm b`, always ends well
    otherwise: str = ""  # the text that stands for what its search does not find, such as "none"
    tests: bool = False  # it runs tests, by whatever runner
    chatty: bool = False  # it always prints something
    says: tuple[str, ...] = ()  # the texts that it prints as they stand in it
    text: str = ""  # of its last part
    told: str = ""  # how it tells at its end the status of what it ran: "exit=$?"
    prepares: bool = False  # it makes or shows files: no title tells that it fails


_RESCUES = re.compile(r"\|\|\s*(?:echo|printf|true|:)(?=\s|$)|[^;];\s*(?:rm|true)\b[^;&|]*$")


@lru_cache(maxsize=512)
def facts(command: str) -> Facts:
    """The facts of a command with its pipes."""
    joined = [part for line in split(command) for part in conjuncts(line.text)] or [""]
    tested = [part for part in joined if is_pytest(part)]
    parts = pipeline(joined[-1])
    # `a || echo "none"` always ends well.
    tried, _, rescue = joined[-1].partition("||")
    rescued = bool(rescue)
    sought = any(_SEARCHES.match(bare(part)) for part in pipeline(tried))
    said = _LITERAL.fullmatch(rescue.strip()) if sought else None
    name = bare(parts[-1])
    denied = joined[-1].lstrip().startswith("! ")
    grep = bool(_SEARCHES.match(name)) and not rescued and not denied
    counts = bool(re.match(r"wc\b", name) or (grep and re.search(r"\s-\w*c\b|--count", name)))
    lists = grep or bool(
        re.match(
            r"(?:ls(?!\s.*(?<=\s)-\w*[la])|find|git\s+(?:ls-files|log\b.*\s--(?:oneline|format|pretty)|"
            r"diff\b.*\s--(?:name-\w+|numstat)|status\b.*\s(?:-\w*s\w*|--short|--porcelain))|sort|uniq|tree|"
            r"cat|cut|awk|sed)\b",
            name,
        )
    )
    searches = any(_SEARCHES.match(bare(part)) for part in parts[:-1])
    told = _TELLS_STATUS.search(command)
    status = re.match(r"git\s+(?:-C\s+\S+\s+)?status\b(.*)", name)
    short = status and re.search(r"\s(?:-s\b|-\w*s\w*|--short|--porcelain)", status[1])
    return Facts(
        name=next(iter(words(name)), ""),
        filtered=searches and not rescued,
        faults=any(map(_seeks_faults, pipeline(tried))),
        silent=bool(re.match(r"(?:lsof|pgrep)\b", name)) and not rescued,
        status=("short" if short else "long") if status else "",
        heads=bool(re.match(r"curl\b.*(?:\s-\w*[iI]\b|--include|--head|http_code)", name)),
        pytest=bool(tested),
        workers=any(re.search(r"\s(?:-n\s*\w+|--numprocesses)", part) for part in tested),
        selected_loosely=len(tested) > 1,
        rescued=bool(_RESCUES.search(joined[-1]) or told),
        told=told[1] if told else "",
        otherwise=next(filter(None, said.groups())) if said else "",
        tests=any(runs_tests(pipeline(part)[0]) for part in joined),
        prepares=bool(_PREPARES.match(name)) and not (tested or runs_tests(parts[0])),
        chatty=bool(_CHATTY.match(name) or _LISTS_LONG.match(name)),
        says=tuple(text for each in _LITERAL.findall(command) for text in each if text),
        text=parts[-1],
        grep=grep,
        counts=counts,
        lists=lists,
    )


_FAULT = anycase(
    r"\W*(errors?|warn(ings?)?|fail(s|ed|ing|ures?)?|fatal|panic|traceback|exceptions?)\W*(TS|\d|"
    r"\W)*"
)


def _seeks_faults(part: str) -> bool:
    """Whether a part of a pipeline searches for errors or warnings, and for nothing else."""
    given = words(bare(part))[1:] if _SEARCHES.match(bare(part)) else []
    sought = next((each for each in given if not each.startswith("-")), "")
    inverted = any(re.match(r"-\w*v|--invert", each) for each in given)
    return bool(sought) and not inverted and all(map(_FAULT.fullmatch, re.split(r"\\?\|", sought)))


def is_pytest(command: str) -> bool:
    """Whether a simple command runs pytest, so that the probe gives evidence."""
    name = bare(pipeline(command)[0])
    return bool(
        re.match(r"(?:\S*/)?(?:py\.?test\b|python[\d.]*\s+(?:-\w\s+)*-m\s+pytest\b)", name)
    ) and not set(OTHER_WORK).intersection(words(name))


_TEST_RUNNERS = spelled(
    r"(npm|pnpm|yarn|bun|deno|cargo|go|swift|dotnet|mix|make|just|mvn|gradle|\./gradlew|rake|zig) "
    r"(-C \S+ |--?\S+ )*(run )?(test|nextest)\b|(\S*/)?(jest|vitest|mocha|bats|rspec|phpunit|pest|"
    r"playwright test|cypress run|tox|nox|ctest|prove|ava)\b|(\S*/)?python[\d.]* -m unittest\b|"
    r"node --test\b|bash \S*tests?/\S+"
)


def runs_tests(command: str) -> bool:
    """Whether a simple command runs tests, by whatever runner."""
    return is_pytest(command) or _TEST_RUNNERS.match(bare(command)) is not None
