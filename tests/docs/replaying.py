"""Transcripts of pages, carried out: files are made, commands run, outputs compared."""

from __future__ import annotations

import re
import shlex
import subprocess

from scenario import Result, Scenario

SHOWN_ROOT = "/home/ada/shop"
FENCE = re.compile(r"^(`{3,})(\w+) (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def fences(page: str) -> list[tuple[str, str, str]]:
    """The named blocks of a page: language, name and text; one may hold shorter fences."""
    return [(kind, name, text) for _, kind, name, text in FENCE.findall(page)]


def normal(scenario: Scenario, text: str) -> str:
    text = scenario.normal(text.replace(SHOWN_ROOT, str(scenario.root)))
    # Whether the kernel can confine a delegate, is the machine's.
    text = re.sub(r"^ +not confined: .*\n", "", text, flags=re.M)
    # A blank line of the output, which an editor may strip in the README.
    return re.sub(r" in [\d.]+s$", " in <time>", re.sub(r" +$", "", text, flags=re.M), flags=re.M)


def commands(transcript: str) -> list[tuple[str, str]]:
    """The commands of a transcript, each with what it prints."""
    parts = re.split(r"^\$ (.*)\n", transcript, flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


def carried_out(scenario: Scenario, command: str, last: Result | None) -> tuple[str, Result | None]:
    """What a command of a transcript prints."""
    if command == "echo $?":
        assert last is not None
        return f"{last.status}\n", last
    program, *arguments = shlex.split(command)
    if program == "runbook":
        result = scenario.run(*arguments)
        return result.raw, result
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=scenario.root,
        env=scenario.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr, last


def replay(scenario: Scenario, page: str) -> list[str]:
    """Make the files and carry out the commands of a page in their order; returns the commands."""
    done: list[str] = []
    last: Result | None = None
    for kind, name, text in fences(page):
        if "." in name:
            scenario.write(name, text)
        elif (kind, name) == ("console", "replay"):
            for command, expected in commands(text):
                printed, last = carried_out(scenario, command, last)
                shown, wanted = normal(scenario, printed), normal(scenario, expected)
                assert shown == wanted, f"$ {command}\n{shown}\n--- expected\n{wanted}"
                done.append(command)
    return done
