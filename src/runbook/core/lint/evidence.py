"""RB104, RB114: pytest without the probe, and without groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from runbook.core.lint.finding import Finding
from runbook.core.model.ids import StepId
from runbook.core.model.model import Verify
from runbook.core.shell.probing import PROBE, SETTERS, VARIABLES, isolated, overridden
from runbook.core.shell.pytestoptions import NO_TESTS, OTHER_WORK
from runbook.core.shell.script import Script, SimpleCommand
from runbook.core.shell.testprograms import JUDGE_OUTPUT, runs_other_tests, runs_pytest

# What passes on none of our variables, or runs elsewhere.
_ELSEWHERE = frozenset({"sudo", "docker", "podman", "docker-compose", "ssh", "kubectl", "vagrant"})
# pytest 9.2.0 with xdist 3.8.0 silently ignores `xdist_group`; 8.4.2 to 9.1.1 heed it (measured).
_IGNORE_GROUPS = frozenset({("9.2.0", "3.8.0")})


def evidence(step: Verify, script: Script) -> Iterator[Finding]:
    """What keeps the probe out of the pytest that a command starts."""
    wanted = step.expect.tests is not None
    some = any(runs_pytest(command) for command in script.commands)
    if wanted and runs_other_tests(script):
        yield _finding(
            step, None, "`tests` needs a pytest, and this command runs another test program",
            JUDGE_OUTPUT,
        )  # fmt: skip
        return
    other = _runs_no_test(script) if wanted else None
    if other is not None:
        command, option = other
        yield _finding(
            step, command, f"no test is run by a command with `{option}`, and `tests` never passes",
            NO_TESTS,
        )  # fmt: skip
        return
    lasting: str | None = None
    for command in script.commands:
        here = overridden(command)
        if command.name in SETTERS or not command.words:
            lasting = here or lasting
            continue
        why = _without_probe(command) or here or lasting
        # Where no pytest is seen, the last command is what may run one.
        hidden = wanted and not some and command is script.commands[-1]
        if why and (runs_pytest(command) or hidden):
            message = f"{why}: what pytest did is not seen, and `tests` never passes"
            yield _finding(step, command, message, _keeping(why))


_KEPT = ("PYTHONPATH=src:$PYTHONPATH", 'PYTEST_ADDOPTS="$PYTEST_ADDOPTS -x"')
"""How the variables of the probe are extended."""


def _keeping(why: str) -> str:
    """How pytest keeps the variables of the probe, which it lacks for a reason."""
    for kept in _KEPT:
        if why.startswith(f"`{kept.partition('=')[0]}`"):
            return f"keep what runbook sets there: `{kept}`; or put it under the step's `env:`"
    return "let pytest have the variables that runbook sets: PYTEST_ADDOPTS and PYTHONPATH"


def _runs_no_test(script: Script) -> tuple[SimpleCommand, str] | None:
    """The first pytest of a script, and the option by which it runs no test, if none runs any."""
    found = []
    for command in filter(runs_pytest, script.commands):
        texts = [word.text for word in command.words]
        names = [word.name for word in command.words]
        begins = next((at for at, name in enumerate(names) if name in ("pytest", "py.test")), None)
        options = () if begins is None else texts[begins + 1 :]
        option = next((text for text in options if text in OTHER_WORK), None)
        if option is None:
            return None
        found.append((command, option))
    return found[0] if found else None


def _without_probe(command: SimpleCommand) -> str | None:
    texts = [word.text for word in command.words]
    names = [word.name for word in command.words]
    for index, name in enumerate(names):
        following = texts[index + 1 :]
        if name == "env" and any(
            text in ("-", "-i", "--ignore-environment") for text in following[:3]
        ):
            return "`env -i` empties the environment"
        if name == "env":
            said = " ".join(following)
            if re.search(rf"(?:^|\s)(?:-u ?|--unset[= ])(?:{'|'.join(VARIABLES)})\b", said):
                return "`env -u` takes a variable away"
        letter = isolated(name, following)
        if letter is not None:
            return f"`{name} -{letter}` does not look at PYTHONPATH"
        if name in _ELSEWHERE and index == 0:
            return f"`{name}` runs it in another environment"
        if name == "tox" and index == 0:
            return (
                "`tox` keeps the variables back where a `[testenv:…]` has a `pass_env` of its own"
            )
    if any(f"no:{PROBE}" in text for text in texts):
        return f"`-p no:{PROBE}` switches the probe off"
    return None


def ignored_groups(
    checks: Iterable[tuple[StepId, Verify, Script]], locked: Mapping[str, str]
) -> Iterator[Finding]:
    """Checks that rely on groups, under a pytest and an xdist that ignore them.

    `locked` are the versions of the project's lock file, by name.
    """
    for where, step, script in checks:
        for command in script.commands:
            if not runs_pytest(command) or not _distributes(command, step):
                continue
            versions = {**locked, **_stated(command)}
            pair = (versions.get("pytest", ""), versions.get("pytest-xdist", ""))
            if pair in _IGNORE_GROUPS:
                yield Finding(
                    "RB114", step.at,
                    f"pytest {pair[0]} with pytest-xdist {pair[1]} ignores `xdist_group`, so where "
                    "tests run says nothing about groups",
                    "use pytest before 9.2", where, "verify", str(command),
                )  # fmt: skip
                return


def _distributes(command: SimpleCommand, step: Verify) -> bool:
    tests = step.expect.tests
    if tests is not None and (tests.workers or tests.workers_per_file):
        return True
    return any(re.match(r"-n\d*$|-n=|--numprocesses|--dist", word.text) for word in command.words)


def _stated(command: SimpleCommand) -> dict[str, str]:
    """Versions that a command asks for itself: `uv run --with pytest==9.2.0`."""
    found = {}
    for word in command.words:
        stated = re.fullmatch(r"(?:--with=)?(pytest(?:-xdist)?)(?:==|@)([\d.]+)", word.text)
        if stated:
            found[stated[1]] = stated[2]
    return found


def locked_versions(text: str) -> dict[str, str]:
    """The versions of pytest and xdist in a lock file (uv, poetry, pdm) or requirements."""
    found = re.findall(
        r'^name = "(pytest|pytest-xdist)"\nversion = "([^"]+)"|'
        r"^(pytest|pytest-xdist)==([^\s;\\]+)",
        text.replace("\r\n", "\n"),
        re.MULTILINE,
    )
    return {one or two: version or other for one, version, two, other in found}


def _finding(step: Verify, command: SimpleCommand | None, message: str, hint: str) -> Finding:
    text = step.command if command is None else str(command)
    return Finding("RB104", step.at, message, hint, key="verify", text=text)
