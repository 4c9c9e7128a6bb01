"""Steps that say only that something is run, and how it ends: another step has the command."""

from __future__ import annotations

import re

from runbook.core.value import replace
from runbook.markdown.importing.commands.runlines import command_like, titled_run
from runbook.markdown.importing.text.pieces import Piece, is_shell, pieces
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.text.sections import Section
from runbook.markdown.importing.words.vocabulary import anycase

_RUN = (
    r"\W*(then )?(re-?)?run(ning)?( (it|them|again|once more|the|that|those|this|these|same|new|"
    r"failing|command|tests?|now))*"
)
_ENDS = r"(pass(es|ed|ing)?|green|ok|fail(s|ed|ing)?|red)\b"
_IT = r"((that|it|they|the|tests?|all|now|still|should|must|will|to|is|are|both) )*"
_TO_SEE = rf"( (to|and|,) (verify|confirm|check|see|make sure|ensure|expect|watch) {_IT}{_ENDS})"
_JUDGES = rf"(\W+(expect(ed|s|ing)?\W+)?{_IT}{_ENDS}.*)"
# "Run again", "Run the test to verify it passes", "Re-run → PASS."
_ONLY_RUNS = anycase(rf"{_RUN}{_TO_SEE}?{_JUDGES}?\W*|\W*verify (it is )?(red|green)\W*")
_RUN_PASSES = anycase(rf"{_RUN}\W+(expect(ed|s)?\W+)?{_IT}(pass(es|ed)?|green|ok)\b")
_SAYS_HOW = anycase(rf"{_TO_SEE}|{_JUDGES}|\b(again|once more)\b|\bre-?run|\b(red|green)\b")
_EXPECTS = anycase(rf"\W*(expect(ed|s|ing)?\b.*|{_RUN}{_JUDGES}|{_IT}{_ENDS}.*)", re.DOTALL)
_RUN_BEFORE = anycase(rf"[\s—–:-]*{_RUN}")
_CHECKS = anycase(rf"\bexpect(ed|s)?\b|\b{_ENDS}")
_CODE = re.compile(r"`([^`\n]+)`")


def with_commands_of_other_steps(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The steps of a task; "Run again → pass." runs what the checks before it do.

    Where none is before it, "Run → fail." runs what the checks behind it do. It is one command,
    or it isn't said which.
    """
    return tuple(
        _with_command(section, sections[:at], sections[at + 1 :])
        if _only_says_how(section)
        else section
        for at, section in enumerate(sections)
    )


def _with_command(
    section: Section, before: tuple[Section, ...], behind: tuple[Section, ...]
) -> Section:
    passing = [each for each in behind if _RUN_PASSES.match(each.title)]
    commands = set().union(*map(_checked, before)) or set().union(*map(_checked, passing))
    (command, *more) = commands or ("",)
    if more or not command or "\n" in command:
        return section
    run = f"Run: `{command}`"
    if not section.blocks:
        return replace(section, blocks=(Block("text", section.line, section.line, run),))
    first, *others = section.blocks
    said = _RUN_BEFORE.sub("", first.text, count=1)
    text = f"{run}\n{said}" if re.match(r"(?i)\W*expect", said) else f"{run} {said.lstrip()}"
    return replace(section, blocks=(replace(first, text=text), *others))


def _only_says_how(section: Section) -> bool:
    """Whether a step says that something is run and how it ends, and not what."""
    texts = [block.text for block in section.blocks]
    if any(block.kind != "text" for block in section.blocks) or section.label:
        return False
    if any(map(command_like, _CODE.findall("\n".join(texts)))):
        return False
    if not _ONLY_RUNS.fullmatch(section.title):
        return False
    how = _SAYS_HOW.search(section.title) is not None
    return _EXPECTS.match(texts[0]) is not None if texts else how


def _checked(section: Section) -> set[str]:
    """The commands of a step that says how they end."""
    found = pieces(section.blocks, label=section.label, title=section.title)
    said = [piece.text for piece in found if piece.kind in ("expected", "prose")]
    if not _CHECKS.search("\n".join((section.title, *said))):
        return set()
    titled = titled_run(section.title)
    shell = [each.text.strip() for each in found if _runs(each)]
    return {titled.command, *shell} if titled else set(shell)


def _runs(piece: Piece) -> bool:
    return piece.kind == "command" or (piece.kind == "code" and is_shell(piece.info))
