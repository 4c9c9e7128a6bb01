"""What is expected of several commands at once, as what is expected of each."""

from __future__ import annotations

import re

from runbook.core.shell.cutting import words
from runbook.core.value import replace
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.commands.scripts import Act
from runbook.markdown.importing.expectations.counts import number_of
from runbook.markdown.importing.expectations.expected import read_expected
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_ITEM = spelled(
    r"^[ \t]*(?:[-*+]|\d+[.)])\s+`(?P<code>[^`\n]+)`\s*([:：→—–-]+\s*|(?=(pass(es)?|fails?|prints?|"
    r"shows?|exits?|succeeds?|returns?|finds?|is|should|must)\b))(?P<said>[^\n]+)$",
    re.MULTILINE,
)
# "The first fails, the second passes", of two commands.
_ORDINALS = anycase(
    r"\W*(the )?(first|former) (one |command |run )?(?P<one>[^,;.]+?)\s*[,;.]\s*((and|but|while|"
    r"then) )?(the )?(second|latter|other) (one |command |run )?(?P<other>[^,;]+)"
)
# "Both show `x`", of as many commands.
_OF_EACH = anycase(
    r"\W*(both|each( one| file| command| of them)?|all (?P<number>\w+)( of them| files|"
    r" commands)?) "
    r"(should |must )?(shows?|prints?|outputs?|returns?|says?|reports?|contains?|pass(es)?|fails?|"
    r"succeeds?|exits?)\b"
)
_EXPECTS = anycase(r"(^|\n)\W*Expect(ed|s)?\b[^:：\n`]{0,20}[:：]\s*(?P<rest>\S.*)", re.DOTALL)
_VERDICT = r"((should|must|will) (still |now )?(not )?(fail|pass|succeed)|(?-i:FAIL|PASS)(ED|S)?)\b"
# Of a comment at a command's end: "# 3 passed", "# no such file".
_SEEN_OF_IT = (
    r"(no (such file|match(es)?|output|results?|hits?|errors?)\b|\d+ (tests? )?(passed|failed|"
    r"passing|failing)\b|exits? ((with|code|status) )*(\d|non-?zero))"
)
_BEHIND = anycase(
    rf"(→\s*)?(Expect(ed|s)?\b\s*[:：]?\s*|(?={_VERDICT}|{_SEEN_OF_IT}))(?P<rest>\S.*)$"
)
# "# should fail:" stands above what it is said of.
_ABOVE = anycase(rf"(^|\n)\W*((this|it) )?(?P<rest>{_VERDICT}[^:\n]*)[:：]\W*$")
_LISTS = re.compile(r"(?:cd \S+ && )?(?:ls|find|tree)\b")
_SHOWS = re.compile(r"(?:cd \S+ && )?(?:cat|head|tail|less|bat)\b")


def of_each(expected: Piece | None, judged: list[tuple[int, str]]) -> dict[int, Piece]:
    """What is expected of each command, by its index, where there are several.

    Either each has an item, "- `a`: none", or it is said of "the first" and "the second", or of
    "both", or all are searches that find nothing. Otherwise there is nothing: it is expected of the
    last one.
    """
    if expected is None or len(judged) < 2 or expected.shown is not None:
        return {}
    ordinals = _ORDINALS.fullmatch(expected.text.strip())
    if ordinals and len(judged) == 2:
        said = zip(judged, (ordinals["one"], ordinals["other"]), strict=True)
        return {index: replace(expected, text=words) for (index, _), words in said}
    items = _ITEM.findall(expected.text)
    same = _says_each(expected.text, len(judged))
    same = same or all(_finds_nothing(expected.text, command) for _, command in judged)
    if not items and same:
        return {index: expected for index, _ in judged}
    made: dict[int, Piece] = {}
    for code, said in items:
        of = [index for index, command in judged if code in command and index not in made]
        if len(of) != 1:
            return {}
        made[of[0]] = replace(expected, text=said.strip())
    return made if len(made) == len(judged) else {}


def _says_each(said: str, commands: int) -> bool:
    found = _OF_EACH.match(said)
    if found is None or found[0].strip().lower().startswith("each"):
        return found is not None
    return commands == (number_of(found["number"]) if found["number"] else 2)


def _finds_nothing(said: str, command: str) -> bool:
    known = facts(command)
    return known.grep and read_expected(said, None, known).expect.exit == (1,)


def printed_together(found: list[Act], expected: Piece | None) -> list[Act]:
    """The commands of a script as one, where what is shown is the output of all of them.

    Of the last one alone it can't be: it has at least a line for each, and would be missed there.
    """
    commands = [act.command for act in found]
    plain = all(act.kind == "verify" and not act.comment and not act.behind for act in found)
    if expected is None or len(found) < 2 or not plain or any(map(_stands_alone, commands)):
        return found
    lines = [line for line in (expected.shown or "").split("\n") if line.strip()]
    reading = read_expected(expected.text, expected.shown, facts(commands[-1]))
    if len(lines) < len(commands) or len(reading.expect.contains) < 2:
        return found
    return [replace(found[0], command=" &&\n".join(commands))]


def _stands_alone(command: str) -> bool:
    """Whether a command can't be joined to others, or has an output of many lines by itself."""
    known = facts(command)
    return "\n" in command or known.tests or known.pytest or _SHOWS.match(command) is not None


def of_one(expected: Piece | None, commands: list[tuple[int, str]]) -> int | None:
    """Which of several commands an expectation is of: the last, or the `ls` whose files it names.

    Where the last one shows such a file, its name is not what is seen of it.
    """
    if not commands:
        return None
    last, shown = commands[-1]
    named = set(re.findall(r"`([^`\n]+)`", expected.text)) if expected is not None else set()
    files = {word.rpartition("/")[2] for word in words(shown)}
    listing = [index for index, command in commands[:-1] if _LISTS.match(command)]
    return listing[-1] if listing and _SHOWS.match(shown) and named & files else last


def with_comments(found: list[Act], line: int) -> tuple[list[Act], dict[int, Piece]]:
    """The commands of a script, and what comments expect of them: behind them, or under them."""
    made: list[Act] = []
    stated: dict[int, Piece] = {}
    for index, act in enumerate(found):
        comment, said = expected_in(act.comment)
        if said:
            # Comments stand under the command that they judge; the first one has none above.
            stated.setdefault(max(index - 1, 0), Piece("expected", said, line, line))
        above = _ABOVE.search(comment) if act.kind in ("verify", "run") else None
        if above:
            stated[index] = Piece("expected", above["rest"], line, line)
        behind = act.behind
        expected = _BEHIND.match(behind) if act.kind in ("verify", "run") else None
        if expected:
            behind = ""
            stated[index] = Piece("expected", expected["rest"].strip(), line, line)
        comment = "\n".join(filter(None, (comment, behind)))
        made.append(replace(act, comment=comment, behind=""))
    return made, stated


def expected_in(comment: str) -> tuple[str, str]:
    """A comment without what it expects, and that: "# Expected: FAIL"."""
    found = _EXPECTS.search(comment)
    if found is None:
        return comment, ""
    return comment[: found.start()].strip(), found["rest"].strip()
