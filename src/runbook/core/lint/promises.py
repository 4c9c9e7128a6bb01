"""RB105, RB112: what a check says in words, and what it really looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Expect, TestsExpectation, Verify
from runbook.core.shell.pytestoptions import OTHER_WORK
from runbook.core.shell.script import Script, SimpleCommand
from runbook.core.shell.testprograms import runs_other_tests, runs_pytest
from runbook.core.shell.writing import subcommand

_ALIKE = 0.6  # of a quoted text's words, how many an expectation must have to cover it

# Kept as texts, because compiling them all takes longer than most checks: `re` compiles those used.
_QUOTED = r"\"([^\"\n]{2,})\"|“([^”\n]{2,})”|`([^`\n]{2,})`"
_TALLY = (
    r"(?i)\b(\d+)(?:/\d+)?\s+(?:\w+\s+)?(?:tests?\s+)?"
    r"(pass(?:ed|es|ing)?|fail(?:ed|s|ures?)?|errors?|skipped|xfail(?:ed)?)\b"
)
_WORKERS = r"(?i)\bworkers?\b|\bgw\d"
_TESTS_PASS = (
    r"(?i)\b(?:tests?|suite|all)\b[^.;,]*\bpass(?:es|ed|ing)?\b|^\W*pass(?:ed)?\b|\bgreen\b"
)
# What another command than pytest says of tests: "PASS" alone is that it ends well.
_NAMES_TESTS = r"(?i)\b(?:tests?|suite|specs|assertions)\b[^.;,]*\b(?:pass(?:es|ed|ing)?|green)\b"
# Their status tells of warnings, too.
_WARNINGS_FAIL = (
    r"(?i)warn|-W ?error|\s-W(?:\s|$)|--strict\b|\b(?:markdownlint(?:-cli2?)?|shellcheck|flake8|"
    r"actionlint|ruff check|pycodestyle|codespell|staticcheck|go vet)\b"
)
_FAILS = r"(?i)^\W*fail(?:s|ed|ure)?\b|\b(?:should|must|will|to) fail\b|\btests? fails?\b"
_WHERE_IT_FAILS = r"(?im)(?:^|(?<=[.!?;:]\s))\W*(?:if|when|where|should)\b[^.!?\n]*"
# "FAIL — `load` is not there": a name of the code, and no message.
_WHY_IT_FAILS = r"(?i)\bfail\w*\b[^.]*?(?:\s[—–-]+\s|[:：])[^.]*$"
# "`tsc` exits with code 0": a program's name.
_RUNS = r"(?i)\s*(?:exits?|ends|finishes|completes|succeeds|passes|is (?:clean|green))\b"
_IF = r"(?im)(?:^|(?<=[.!?;:]\s))\W*(?:if|should)\b[^.!?\n]*"
_SENTENCE_END = r"(?<=[.!?])\W*?\s+|(?<=。)"
_NO_OUTPUT = r"(?i)\b(?:no|empty) (?:output|matches|results?|lines?)\b|\bnothing\b"
_SAYS = r"(?i)\b(?:prints?|printed|shows?|shown|outputs?|displays?|lists?|reports?)\b"
_WARNINGS = r"(?i)\b(?:no|without|zero|0) (?:\w+ )?warnings?\b"


def promises(step: Verify, script: Script) -> Iterator[Finding]:
    """Hold the words of a check, and its command, against its expectation."""
    bare = _is_bare(step.expect)
    if bare:
        yield from _expects_too_little(step, script)
    elif step.expect.prose:
        for missing, hint in _uncovered(_certain(step.expect.prose), step, script):
            yield Finding(
                "RB112", step.at, f"the prose says {missing}, and no expectation looks at that",
                hint, key="prose", text=step.expect.prose,
            )  # fmt: skip
            return


def _is_bare(expect: Expect) -> bool:
    """Whether nothing but the exit status is looked at."""
    return expect.tests is None and not expect.looks_at_output


def _expects_too_little(step: Verify, script: Script) -> Iterator[Finding]:
    for command in script.commands:
        if runs_pytest(command) and not any(word.text in OTHER_WORK for word in command.words):
            fails = step.expect.fails
            wish = "fail" if fails else "pass"
            yield Finding(
                "RB105", step.at,
                "the exit status of pytest says little: it is "
                + ("not 0 as well" if fails else "0 as well")
                + (" if no test could be run" if fails else " if every test was skipped"),
                f"add `expect: {{tests: {wish}}}`, which asks for evidence",
                key="verify", text=str(command),
            )  # fmt: skip
            return
    last = script.commands[-1] if script.commands else None
    if last is not None and _only_shows(last):
        yield Finding(
            "RB105", step.at, f"`{last}` ends with 0 whatever it prints, and nothing looks at that",
            "state what is to be printed: `expect: {output: …}`, `contains`, `line-count`",
            key="verify", text=str(last),
        )  # fmt: skip
        return
    prose = step.expect.prose
    if prose and (promise := _promise(_certain(prose), step, script)):
        what, hint = promise
        yield Finding(
            "RB105", step.at, f"the prose says {what}, and only the exit status is looked at", hint,
            key="prose", text=prose,
        )  # fmt: skip


def _only_shows(command: SimpleCommand) -> bool:
    """Whether a command's status says nothing of what it shows."""
    name, arguments = command.name, command.arguments
    if any(
        redirection.sign.lstrip("0123456789&") in (">", ">>")
        for redirection in command.redirections
    ):
        return False
    if name == "wc":
        return True
    if name != "git":
        return False
    sub = subcommand(name, [*arguments])
    quiet = {"--exit-code", "--quiet", "--check", "--no-index"} & {*arguments}
    return sub in ("status", "log", "show-branch") or (sub == "diff" and not quiet)


def _promise(prose: str, step: Verify, script: Script) -> tuple[str, str] | None:
    """What the prose promises beyond success, in words, with what would look at it."""
    found = next(_uncovered(prose, step, script), None)
    if found is None and re.search(_SAYS, prose) and not re.search(_NO_OUTPUT, prose):
        return "what is printed", "state it: `expect: {output: …}`, `contains` or `matches`"
    return found


def _uncovered(prose: str, step: Verify, script: Script) -> Iterator[tuple[str, str]]:
    """What a prose claims that the expectation does not look at, with what would."""
    expect, tests = step.expect, step.expect.tests
    elsewhere = runs_other_tests(script)
    pytest = any(map(runs_pytest, script.commands))
    texts = _texts(expect)
    lower = prose.lower()
    for quoted in _quoted(prose, named=not _is_bare(expect)):
        if not _covered(quoted, texts) and quoted.strip() not in step.command:
            absent = re.search(r"(?i)\bno(?:t|r)?\b[^\"“`]*$", prose[: prose.find(quoted)])
            yield f'"{quoted}"', "look for it with " + ("`absent`" if absent else "`contains`")
    for number, word in re.findall(_TALLY, prose):
        if not _counted(int(number), word.lower(), tests, texts):
            stated = f"state it: `expect: {{tests: {{{_tally_key(word.lower())}: {number}}}}}`"
            looked_for = "look for the line that says so with `matches`"
            if not pytest:
                stated = f"{stated} if it runs pytest, or {looked_for}"
            yield f"{number} {word}", looked_for if elsewhere else stated
    if (
        ("worker" in lower or "gw" in lower)
        and re.search(_WORKERS, prose)
        and not (tests and (tests.workers or tests.workers_per_file))
        and not any(re.search(_WORKERS, text) or "gw" in text for text in texts)
    ):
        yield "which workers run tests", "state it: `tests: {workers-per-file: …}` or `workers`"
    # What is to be done where it fails promises no failure.
    certain = re.sub(_WHERE_IT_FAILS, "", prose) if "fail" in lower else ""
    if certain and re.search(_FAILS, certain) and not _negated(lower):
        if not _expects_failure(expect):
            yield "that it fails", "expect that: `tests: fail`, or `exit: nonzero`"
    elif (
        # Another test program tells so by its status.
        not elsewhere
        and tests is None
        and ("pass" in lower or "green" in lower)
        and re.search(_TESTS_PASS if pytest else _NAMES_TESTS, prose)
        and not any(re.search(r"(?i)pass|\bok\b|ran ", text) for text in texts)
    ):
        yield "that tests pass", "ask for evidence: `expect: {tests: pass}`"
    if "warn" in lower and re.search(_WARNINGS, prose):
        looked_at = (step.command, *expect.absent)
        if not any(re.search(_WARNINGS_FAIL, text) for text in looked_at):
            yield "that nothing warns", "look for warnings with `absent: warning`"
    if "no output" in lower and not (
        expect.empty or expect.output is not None or expect.line_count or expect.absent
    ):
        yield "that nothing is printed", "state it: `expect: {empty: true}`"


def _quoted(prose: str, *, named: bool) -> Iterator[str]:
    """The texts that a prose says are printed.

    A name of the code is one only where its sentence says so or is the first, and not if what is
    printed is `named` elsewhere; that of a program which ends well is none.
    """
    plain = _without_quotes(prose)
    for found in re.finditer(_QUOTED, prose):
        before = re.split(_SENTENCE_END, plain[: found.start()])
        sentence = before[-1] + re.split(_SENTENCE_END, plain[found.start() :])[0]
        name = found[3] is not None and not re.search(r"\s|Error\b|Exception\b", found[3])
        reason = name and re.search(_WHY_IT_FAILS, before[-1])
        if re.match(_RUNS, prose[found.end() :]):
            continue
        says = (len(before) == 1 and not reason) or re.search(_SAYS, sentence)
        if found[3] is None or (says and not named):
            yield next(filter(None, found.groups()))


def _certain(prose: str) -> str:
    """The prose without what it says of something that may be."""
    kept, last = [], 0
    for found in re.finditer(_IF, _without_quotes(prose)):
        kept.append(prose[last : found.start()])
        last = found.end()
    return "".join([*kept, prose[last:]])


def _without_quotes(prose: str) -> str:
    """The prose, no shorter, without quoted texts, in which there may be ends of sentences."""
    return re.sub(_QUOTED, lambda found: "_" * len(found[0]), prose)


def _negated(lower: str) -> bool:
    return re.search(r"\b(?:no|not|never|don't|without)\b", lower) is not None


def _texts(expect: Expect) -> list[str]:
    tests = expect.tests
    texts = [*expect.contains, *expect.absent, *expect.matches]
    if expect.distinct:
        texts.append(expect.distinct.pattern)
    if expect.output is not None:
        texts.append(expect.output)
    if tests:
        texts += tests.fails_with
        for tally in (tests.passed, tests.failed, tests.errors, tests.skipped, tests.xfailed):
            texts += tally if isinstance(tally, tuple) else ()
    return texts


def _covered(quoted: str, texts: list[str]) -> bool:
    words = {word.lower() for word in re.findall(r"\w+", quoted)}
    for text in texts:
        if quoted.strip().lower() in text.lower():
            return True
        there = {word.lower() for word in re.findall(r"\w+", text)}
        if words and len(words & there) >= _ALIKE * len(words):
            return True
    return not words


def _tally_key(word: str) -> str:
    keys = {"pass": "passed", "fail": "failed", "err": "errors", "sk": "skipped"}
    return next((key for start, key in keys.items() if word.startswith(start)), "xfailed")


def _counted(number: int, word: str, tests: TestsExpectation | None, texts: list[str]) -> bool:
    key = _tally_key(word)
    if number == 0 and key in ("failed", "errors"):
        return True
    if tests is not None and getattr(tests, key) is not None:
        return True
    return any(re.search(rf"(?<!\d){number}(?!\d)|\\d", text) for text in texts)


def _expects_failure(expect: Expect) -> bool:
    if expect.tests is not None:
        return expect.tests.expects_failure
    return expect.fails or bool(expect.contains or expect.matches or expect.output)
