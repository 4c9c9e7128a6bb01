"""A step's blocks as pieces: prose, code, commands, expectations and commit messages, in order."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.value import value
from runbook.markdown.importing.reader import Block

Kind = Literal["prose", "code", "command", "expected", "message"]

_RUN = re.compile(
    r"(?:[-*+]\s+)?\**(?P<label>(?:Then\s+|Now\s+|Next,?\s+)?(?:Re-?run|Run|Execute|Command|実行|"
    r"コマンド)"
    r"(?P<words>(?:\s[^`:：\n]{0,70})?)(?P<colon>[:：]?)\**[:：]?)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"(?:[-*+]\s+)?[*_]*(?P<label>Expect(?:ed)?(?:\s+(?:output|result|results|stdout|outcome|"
    r"behaviou?r)s?)?"
    r"(?:\s*\((?P<remark>[^)]*)\))?|期待(?:結果|値|出力)?|預期|Erwartet)\s*[*_]*\s*[:：][*_]*\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"(?:[-*+]\s+)?\**(?:Commit(?:\s+message)?|コミット)\s*[:：]\**\s*(?P<rest>.*)", re.IGNORECASE
)
_RUNS = re.compile(
    r"\W*(?:Re-?run|Run|Verify|Verification|Check|Confirm|Test|Green|Red|See|実行|確認)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:→|->|=>|⇒|—|–|:)\s*(?:expect(?:ed|s)?[:：]?\s*)?(?P<rest>\S.*)$"
    r"|(?:returns?|prints?|shows?|outputs?|gives?)\s+(?P<rest2>\S.*)$"
    r"|(?P<rest3>(?:should|must|passes|fails|succeeds|is clean)\b.*)$",
    re.IGNORECASE,
)
_SAYS_MESSAGE = re.compile(
    r"`[a-z]+(?:\([^)`]*\))?!?: [^`\n]+`|\"[a-z]+(?:\([^)\"]*\))?!?: [^\"\n]+\""
)
_INLINE = re.compile(r"`([^`\n]+)`|``\s?(.+?)\s?``")
_SHELL = {"bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "bash session"}


@value
class Piece:
    """One piece of a step with its lines in the plan."""

    kind: Kind
    text: str
    first: int
    last: int
    info: str = ""  # of code: its language
    shown: str | None = None  # of an expectation: the output shown under it
    doubtful: bool = False
    after: str = ""  # of a command: what stands behind it in its line


def is_shell(info: str) -> bool:
    """Whether a fence of this language is a shell script."""
    return info.split(" ")[0].split("{")[0].lower() in _SHELL


def pieces(blocks: tuple[Block, ...], *, label: str = "", title: str = "") -> list[Piece]:
    """The pieces of a step; `label` is the field it stands under, such as "commit"."""
    return _Cutter(label, title).cut(blocks)


class _Cutter:
    def __init__(self, label: str, title: str) -> None:
        self._label = label
        self._runs = bool(_RUNS.match(title))
        self._commits = bool(re.match(r"\W*(?:Commit|コミット)\b", title))
        self._pieces: list[Piece] = []
        self._run_pending = False  # "Run:" was the last thing said
        self._expected_pending = False  # "Expected:" was, or ends with a colon
        self._expected_depth = 0  # of the text that said so
        self._expected_listed = False  # a list under it was read
        self._listed = False  # the text is an item of a list of things to do

    def cut(self, blocks: tuple[Block, ...]) -> list[Piece]:
        listed = False
        for block in blocks:
            if block.kind in ("rule", "comment"):
                self._expected_pending = False
                continue
            if block.kind == "fence":
                self._fence(block)
            elif block.kind == "text":
                self._listed = block.depth > 1 or (block.depth > 0 and listed)
                self._text(block)
            elif block.kind == "heading":
                self._run_pending = self._expected_pending = False
                self._prose(block.text, block.first, block.last)
            elif block.kind == "item":
                listed = True
                if block.depth <= self._expected_depth:
                    # The next item of the list that the expectation itself is in.
                    self._expected_pending = False
                if not self._expected_pending:
                    self._run_pending = False
            else:
                self._expected_pending = False
                self._prose(block.text, block.first, block.last)
        return self._pieces

    def _fence(self, block: Block) -> None:
        shell = is_shell(block.info)
        last = self._pieces[-1] if self._pieces else None
        if self._expected_pending and last is not None and last.kind == "expected" and not shell:
            self._pieces[-1] = Piece(
                "expected", last.text, last.first, block.last, shown=block.text
            )
        elif self._run_pending and (shell or block.info in ("", "text", "powershell", "plaintext")):
            self._pieces.append(
                Piece(
                    "command",
                    block.text,
                    block.first,
                    block.last,
                    block.info,
                    doubtful=block.doubtful,
                )
            )
        else:
            kind: Kind = "code"
            self._pieces.append(
                Piece(
                    kind, block.text, block.first, block.last, block.info, doubtful=block.doubtful
                )
            )
        self._run_pending = self._expected_pending = False

    def _text(self, block: Block) -> None:
        """A paragraph, whose lines may each be something of their own."""
        if self._goes_on(block):
            # The list or paragraph under "Expected:" belongs to it.
            last = self._pieces[-1]
            listed = block.depth > self._expected_depth
            text = f"- {block.text}" if listed else block.text
            joined = f"{last.text}\n{text}".strip("\n")
            self._pieces[-1] = Piece("expected", joined, last.first, block.last)
            self._expected_listed = self._expected_pending = listed
            self._expected_pending |= block.text.rstrip().endswith(":")
            return
        self._expected_depth = block.depth
        self._expected_listed = False
        self._expected_pending = False
        lines = block.text.split("\n")
        for offset, line in enumerate(lines):
            self._line(line.strip(), block.first + min(offset, block.last - block.first))

    def _goes_on(self, block: Block) -> bool:
        """Whether a text still says what is expected; what stands below its list does not."""
        if not self._expected_pending or not self._pieces or self._labelled(block.text):
            return False
        ended = self._expected_listed and block.depth <= self._expected_depth
        return not ended and self._pieces[-1].shown is None

    def _labelled(self, text: str) -> bool:
        first = text.strip().partition("\n")[0]
        run = _RUN.match(first)
        return bool(
            (run and (run["colon"] or run["rest"].startswith("`")))
            or _EXPECTED.match(first)
            or _MESSAGE.match(first)
        )

    def _line(self, line: str, at: int) -> None:
        expected = _EXPECTED.match(line)
        if expected:
            self._run_pending = False
            rest = re.sub(r"^\*\*|\*\*$", "", expected["rest"].strip())
            self._expected_pending = not rest or rest.rstrip("*").endswith((":", "："))
            if not rest and len(expected["remark"] or "") > 12:
                rest = f"({expected['remark']})"
            self._pieces.append(Piece("expected", rest, at, at))
            return
        last = self._pieces[-1] if self._pieces else None
        message = _MESSAGE.match(line)
        if message and (_INLINE.search(message["rest"]) or not message["rest"]):
            self._run_pending = self._expected_pending = False
            self._pieces.append(Piece("message", message["rest"], at, at))
            return
        if self._label == "commit" and not self._pieces and _INLINE.search(line):
            self._pieces.append(Piece("message", line, at, at))
            return
        if self._commits and (said := _SAYS_MESSAGE.search(line)):
            self._pieces.append(Piece("message", f"`{said[0][1:-1]}`", at, at))
            return
        if self._run(line, at) or (self._runs and self._judged(line, at)):
            return
        if (
            last is not None
            and last.kind == "expected"
            and last.last >= at - 1
            and last.shown is None
        ):
            # An expectation goes on until the paragraph ends.
            self._pieces[-1] = Piece("expected", f"{last.text}\n{line}".strip(), last.first, at)
            self._expected_pending = line.endswith((":", "："))
            return
        self._run_pending = False
        self._prose(line, at, at)

    def _run(self, line: str, at: int) -> bool:
        """Whether a line says to run something, which it becomes."""
        found = _RUN.match(line)
        if found is None:
            return False
        rest = found["rest"].strip()
        code = _INLINE.match(rest)
        if code is None:
            if found["colon"] and not rest:
                self._run_pending = True
                self._expected_pending = False
                if len(found["words"].strip()) > 12:
                    self._prose(line, at, at)
                    self._run_pending = True
                return True
            if (
                found["colon"]
                and not found["words"].strip()
                and re.match(r"[\w./~-]+\s", rest + " ")
                and "`" not in rest
            ):
                self._command(rest, at, "")
                return True
            return False
        if not _could_run(code[1] or code[2]):
            return False
        if not found["colon"] and (self._listed or len(found["words"].strip()) > 30):
            return False
        self._more_commands(rest, code, at)
        return True

    def _judged(self, line: str, at: int) -> bool:
        """Whether a line is a command with what it does: "`make` → PASS", "`x` returns nothing"."""
        code = re.match(r"[\s—–:-]*`([^`\n]+)`\s*", line)
        if code is None or not _command_like(code[1]):
            return False
        said = _DOES.match(line[code.end() :])
        if said is None:
            return False
        self._command(code[1], at, "")
        self._pieces.append(Piece("expected", next(filter(None, said.groups())).strip(), at, at))
        return True

    def _more_commands(self, rest: str, code: re.Match[str], at: int) -> None:
        """The commands of a line such as "`a` and then `b`", with what is expected of them."""
        commands = [code[1] or code[2]]
        end = code.end()
        while True:
            following = re.match(
                r"\s*(?:,|;|and|then|&|、|\+|plus)(?:\s+(?:and|then))*\s*`([^`\n]+)`", rest[end:]
            )
            if following is None or not _command_like(following[1]):
                break
            commands.append(following[1])
            end += following.end()
        after = rest[end:].strip()
        for each in commands[:-1]:
            self._command(each, at, "")
        expected = re.match(
            r"[\s.,;:—–(→-]*(?:expect(?:ed|s)?\b|→|=>|(?=should\b|"
            r"must\b))[:：]?\s*(?P<rest>.+?)[)]?$",
            after,
            re.IGNORECASE,
        ) or re.match(r"\s*(?:→|—|–|->|=>)\s*(?P<rest>.+)$", after)
        self._command(commands[-1], at, "" if expected else after)
        if expected:
            self._pieces.append(Piece("expected", expected["rest"].strip(), at, at))

    def _command(self, command: str, at: int, after: str) -> None:
        self._run_pending = self._expected_pending = False
        self._pieces.append(Piece("command", command.strip(), at, at, "bash", after=after))

    def _prose(self, text: str, first: int, last: int) -> None:
        before = self._pieces[-1] if self._pieces else None
        if before is not None and before.kind == "prose":
            joined = f"{before.text}\n{text}"
            self._pieces[-1] = Piece("prose", joined, before.first, last)
        else:
            self._pieces.append(Piece("prose", text, first, last))


def _could_run(code: str) -> bool:
    """Whether code may be a command: no expression of another language, and no mere file."""
    expression = re.match(
        r"(?:window|document|console|localStorage|sessionStorage|navigator|globalThis)[.\[]"
        r"|[\w$.\[\]]+\([^)]*\)[;.)]*(?:\s*$|\.)|(?:await|const|let|SELECT|INSERT|UPDATE|DELETE)\s",
        code,
    )
    file = re.fullmatch(
        r"[\w@./-]+\.(?:py|pyi|tsx?|jsx?|mjs|md|mdx|json|toml|ya?ml|txt|css|scss|html|vue|svelte|sql|"
        r"rs|go|rb|java|swift|kt)(?:::[\w:]+)?",
        code,
    )
    return not expression and (not file or code.startswith("./"))


def _command_like(code: str) -> bool:
    return bool(re.match(r"[\w./-]+\s+\S", code))
