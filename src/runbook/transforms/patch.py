"""Patches, applied by git itself in a temporary folder: hunks may have moved, nothing is fuzzy."""

from __future__ import annotations

import os
from itertools import pairwise

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.places import line_range
from runbook.core.matching.results import NO_FILE, AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.patches import FilePatch, Hunk
from runbook.core.patterns import regex
from runbook.core.text.lines import lines_of
from runbook.core.value import value
from runbook.world.files.temporary import temporary_folder
from runbook.world.processes.plainprocess import communicated

_NAME = "file"
_MOVED = regex(r"Hunk #(\d+) succeeded at (\d+)")
_FAILED = regex(r"error: patch failed: file:(\d+)")


@value
class _Tried:
    """What git made of a text: where each hunk went (lines from 1), or which one failed."""

    done: bool
    text: str | None = None
    places: tuple[int, ...] = ()
    failed: int = 0  # index of the hunk

    def distance(self, hunks: list[Hunk]) -> int:
        """How many lines the hunks are from where they say they stand."""
        found = zip(hunks, self.places, strict=True)
        return sum(abs(at - max(hunk.new_start, 1)) for hunk, at in found if not hunk.bare)


def apply_patch(text: str | None, part: FilePatch) -> Result:
    """What the part of a patch that is about a file makes of its text."""
    if part.kind == "create":
        return _create(text, part)
    if text is None:
        if part.kind == "delete":
            return AlreadyApplied()
        return NO_FILE
    normal = NormalizedText(text)
    hunks = list(part.hunks)
    if not hunks:
        if part.kind == "delete" and normal.text:
            return Conflict("the patch deletes an empty file, and this one is not empty")
        return AlreadyApplied() if part.kind == "change" else Applied(None)
    content = normal.text[normal.first :]
    forward = _apply(content, hunks, part.kind)
    if part.kind == "delete":
        return Applied(None) if forward.done else _conflict(normal, hunks, forward)
    backward = [_reversed(hunk) for hunk in hunks]
    # All lines that a hunk leaves are there where it is done: git is asked only then.
    there = all("\n".join(hunk.new) in content for hunk in hunks)
    back = _apply(content, backward, "change") if there else _Tried(False)
    # That lines are not there says nothing about who removed them.
    told = any(hunk.new for hunk in hunks)
    # Both can be: the lines around a hunk may stand elsewhere, too. Nearer is where it was done.
    if (
        back.done
        and told
        and not (forward.done and forward.distance(hunks) < back.distance(backward))
    ):
        return AlreadyApplied(_changed_lines(hunks[0], back.places[0]))
    if not forward.done:
        return _conflict(normal, hunks, forward)
    new = _rebuilt(normal, hunks, forward.places)
    assert NormalizedText(new).text[normal.first :] == forward.text, "git says where each hunk went"
    return Applied(new, _changed_lines(hunks[0], forward.places[0]))


def _create(text: str | None, part: FilePatch) -> Result:
    made = _apply(None, list(part.hunks), "create").text if part.hunks else ""
    if text is None:
        assert made is not None, "a new file's hunk has no lines to look for"
        return Applied(made, LineRange(1, max(1, made.count("\n"))))
    if made is not None and NormalizedText(text).text == NormalizedText(made).text:
        return AlreadyApplied()
    return Conflict("the patch makes this file, and it exists already, with other content")


def _reversed(hunk: Hunk) -> Hunk:
    signs = {"-": "+", "+": "-"}
    lines = tuple(signs.get(line[:1], line[:1]) + line[1:] for line in hunk.lines)
    return Hunk(hunk.new_start, hunk.old_start, lines)


def _apply(text: str | None, hunks: list[Hunk], kind: str) -> _Tried:
    """Apply hunks to a text with `\\n` line ends, by git unless they have no context.

    git takes a hunk without context to the end of the file, whatever its line says.
    """
    if text is None or kind != "change" or not any(hunk.bare for hunk in hunks):
        return _git_apply(text, hunks, kind)
    lines = lines_of(text)
    below = len(lines)
    for index, hunk in reversed([*enumerate(hunks)]):
        if not hunk.bare:
            continue
        old, new = _side(hunk, "-"), _side(hunk, "+")
        at = _index(hunk)
        end = at + len(old)
        joined = (at and lines[at - 1 : at] and not lines[at - 1].endswith("\n")) or (
            new and not new[-1].endswith("\n") and end < len(lines)
        )
        if end > below or lines[at:end] != old or joined:
            return _Tried(False, failed=index)
        lines[at:end] = new
        below = at
    return _beside_bare("".join(lines), hunks)


def _beside_bare(text: str, hunks: list[Hunk]) -> _Tried:
    """Apply the hunks with context to a text in which those without are applied."""
    rest = []
    more = 0
    for hunk in hunks:
        if hunk.bare:
            more += len(hunk.new) - len(hunk.old)
        else:
            rest.append(Hunk(hunk.old_start + more, hunk.new_start, hunk.lines))
    tried = _git_apply(text, rest, "change") if rest else _Tried(True, text)
    numbers = [index for index, hunk in enumerate(hunks) if not hunk.bare]
    if not tried.done:
        return _Tried(False, failed=numbers[tried.failed])
    found = dict(zip(numbers, tried.places, strict=True))
    places: list[int] = []
    more = done = 0
    for index, hunk in enumerate(hunks):
        place = found.get(index, _index(hunk) + 1 + more)
        if place <= done:
            # Another one went past it.
            return _Tried(False, failed=index)
        places.append(place)
        more += len(hunk.new) - len(hunk.old)
        done = place + len(hunk.new) - 1
    return _Tried(True, tried.text, tuple(places))


def _index(hunk: Hunk) -> int:
    """Where a hunk without context goes: lines before it. One that only adds is after its line."""
    return hunk.old_start - 1 if hunk.old else hunk.old_start


def _side(hunk: Hunk, sign: str) -> list[str]:
    """The lines of a hunk with a sign, with their ends."""
    lines = []
    last = ""
    for line in hunk.lines:
        if line[:1] == sign:
            lines.append(f"{line[1:]}\n")
        elif line[:1] == "\\" and last == sign:
            lines[-1] = lines[-1].removesuffix("\n")
        last = line[:1]
    return lines


def _git_apply(text: str | None, hunks: list[Hunk], kind: str) -> _Tried:
    """Apply hunks to a text with `\\n` line ends, in a folder that no configuration reaches."""
    diff = "".join(
        [
            "--- /dev/null\n" if kind == "create" else f"--- a/{_NAME}\n",
            "+++ /dev/null\n" if kind == "delete" else f"+++ b/{_NAME}\n",
            *(f"{hunk.header}\n" + "".join(f"{line}\n" for line in hunk.lines) for hunk in hunks),
        ]
    )
    with temporary_folder("runbook-patch-") as folder:
        file = folder / _NAME
        if text is not None:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        status, _, errors = communicated(
            ["git", "-C", str(folder), "apply", "-v", "--whitespace=nowarn", "-"],
            {
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(folder),
                "LC_ALL": "C",
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_ATTR_NOSYSTEM": "1",
                # The folder for temporary files may lie in a repository.
                "GIT_CEILING_DIRECTORIES": str(folder.parent),
            },
            diff.encode("utf-8", "surrogateescape"),
        )
        said = errors.decode("utf-8", "replace")
        if status != 0:
            failed = _FAILED.search(said)
            line = int(failed[1]) if failed else -1
            index = next((i for i, hunk in enumerate(hunks) if hunk.old_start == line), 0)
            return _Tried(False, failed=index)
        moved = {int(number): int(line) for number, line in _MOVED.findall(said)}
        places = [moved.get(i, max(hunk.new_start, 1)) for i, hunk in enumerate(hunks, 1)]
        cut = None if text is None else _cut_off(text, hunks, places)
        if cut is not None:
            return _Tried(False, failed=cut)
        left = file.read_bytes().decode("utf-8", "surrogateescape") if file.exists() else None
        return _Tried(True, left, tuple(places))


def _cut_off(text: str, hunks: list[Hunk], places: list[int]) -> int | None:
    """The first hunk that git let end within a line of the file, of which it leaves the rest.

    So it does where the last unchanged line of a hunk has no line end and that of the file has one.
    """
    number = len(lines_of(text))
    more = 0
    for index, (hunk, place) in enumerate(zip(hunks, places, strict=True)):
        at_end = place - 1 - more + len(hunk.old) == number and not text.endswith("\n")
        if _is_unended(hunk) and not at_end:
            return index
        more += len(hunk.new) - len(hunk.old)
    return None


def _rebuilt(normal: NormalizedText, hunks: list[Hunk], places: tuple[int, ...]) -> str:
    """The original text with hunks applied, so that all lines around them keep their line ends.

    Each place is a line of what the hunks before it have made, as git counts.
    """
    lines = [f"{line}\n" for line in normal.original[normal.first :].split("\n")]
    # The last piece is what follows the last line end.
    lines[-1:] = [lines[-1].removesuffix("\n")] if lines[-1] != "\n" else []
    for hunk, place in zip(hunks, places, strict=True):
        begin = at = min(place - 1, len(lines))
        here = lines[begin] if begin < len(lines) else lines[-1] if lines else ""
        end = "\r\n" if here.endswith("\r\n") else "\n"
        made: list[str] = []
        last = ""
        for line in hunk.lines:
            sign = line[:1]
            if sign in (" ", ""):
                made.append(lines[at])
                at += 1
            elif sign == "-":
                at += 1
            elif sign == "+":
                made.append(line[1:] + end)
            elif last == "+":
                made[-1] = made[-1].removesuffix(end)
            last = sign
        lines[begin:at] = made
    return normal.original[: normal.first] + "".join(lines)


def _changed_lines(hunk: Hunk, place: int) -> LineRange:
    return LineRange(place, place + max(len(hunk.new), 1) - 1)


def _conflict(normal: NormalizedText, hunks: list[Hunk], tried: _Tried) -> Conflict:
    """Which hunk does not apply, and what stands where it looks."""
    hunk = hunks[tried.failed]
    which = f"hunk {tried.failed + 1} of {len(hunks)}" if len(hunks) > 1 else "the hunk"
    message = f"{which} ({hunk.header}) does not apply"
    made = _places(normal, hunk.new)
    if made and hunk.new != hunk.old:
        return Conflict(f"{message}: what it makes stands in line {made[0]} already")
    found = _places(normal, hunk.old)
    if found and hunk.bare:
        return Conflict(
            f"{message}: its lines stand in line {found[0]}, and without unchanged lines around "
            "them it goes to its own line or nowhere",
            "give it unchanged lines on both sides, or the right line",
        )
    if found and _ends_otherwise(normal, hunk, found[0]):
        has = (
            "a line end, and in the patch none"
            if normal.text.endswith("\n")
            else ("no line end, and in the patch one")
        )
        return Conflict(
            f"{message}: the last line of the file has {has}",
            "a last line without its end has `\\ No newline at end of file` below it",
        )
    if found:
        return Conflict(
            f"{message}: its lines stand in line {found[0]}, and git looks elsewhere",
            "git takes a hunk of line 1 for the file's beginning, and one that ends with a change "
            "for its end: give it unchanged lines on both sides, and the right line",
        )
    from runbook.core.matching.missing import missing  # most hunks apply

    wanted = Text("\n".join(hunk.old) + "\n", True)
    return missing(normal, wanted, "exact", message, loosely=())


def _ends_otherwise(normal: NormalizedText, hunk: Hunk, line: int) -> bool:
    """Whether a hunk's lines, which stand there, are the last ones but for the end of the last."""
    last = normal.line(len(normal.text.removesuffix("\n")))
    at_end = line + len(hunk.old) - 1 == last
    return at_end and _is_unended(hunk) == normal.text.endswith("\n")


def _is_unended(hunk: Hunk) -> bool:
    """Whether the last line that a hunk looks for has no line end."""
    signs = [each[:1] for each in hunk.lines]
    return any(sign == "\\" and above in ("-", " ") for above, sign in pairwise(signs))


def _places(normal: NormalizedText, lines: list[str]) -> list[int]:
    if not "".join(lines).strip():
        return []
    spans = normal.occurrences(Text("\n".join(lines) + "\n", True))
    return [line_range(normal, span).first for span in spans]
