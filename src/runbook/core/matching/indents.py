"""Indentations: how lines of a text are to be indented where the file indents otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from runbook.core.value import value

_WIDEST = 8  # blanks of a unit
_TAB = 8  # columns to a tab, where blanks and tabs are mixed


@value
class Reindent:
    """What the file has for the indentation of a text.

    `wanted` is the least indentation of the lines that were looked for, and `there` what the file
    has instead. Beyond it, the file's `own` unit stands for a `unit` of the text. Where nothing
    tells the text's unit, it is taken from the new text itself, if that indents by tabs and the
    file by blanks or the other way round. Without `own`, what is beyond stays as it is.
    """

    wanted: str
    there: str
    unit: str = ""
    own: str = ""

    def apply(self, text: str) -> str | None:
        """A text with every line indented so, or `None` where one has less to lose."""
        if not self.own and self.wanted == self.there:
            return text
        unit, own = self._units(text)
        moved = []
        for line in text.split("\n"):
            if not line.strip():
                moved.append(line)
                continue
            indent = indentation(line)
            new = self._moved(indent, unit, own)
            if new is None:
                return None
            moved.append(new + line[len(indent) :])
        return "\n".join(moved)

    def _units(self, text: str) -> tuple[str, str]:
        if self.unit or not self.own:
            return self.unit, self.own
        lines = [line for line in text.split("\n") if line.strip()]
        unit = unit_of([self.wanted + "x", *lines])
        if not unit and self.wanted and self.there:
            levels = len(self.there) // len(self.own) or 1
            unit = self.wanted[: len(self.wanted) // levels]
        return ("", "") if not unit or unit[0] == self.own[0] else (unit, self.own)

    def _moved(self, indent: str, unit: str, own: str) -> str | None:
        if indent.startswith(self.wanted):
            beyond = _translated(indent.removeprefix(self.wanted), unit, own)
            return None if beyond is None else self.there + beyond
        if self.wanted.startswith(indent):
            lost = _translated(self.wanted.removeprefix(indent), unit, own)
            fits = lost is not None and self.there.endswith(lost)
            return self.there.removesuffix(lost) if lost is not None and fits else None
        if self.there.endswith(self.wanted):
            return self.there.removesuffix(self.wanted) + indent
        return None


@value
class Columns:
    """How many columns a file indents more than a text, in tabs of eight columns and blanks."""

    more: int

    def apply(self, text: str) -> str | None:
        """A text with every line indented so, or `None` where one has less to lose."""
        moved = []
        for line in text.split("\n"):
            indent = indentation(line)
            column = _column(indent) + self.more
            if line.strip() and column < 0:
                return None
            new = "\t" * (column // _TAB) + " " * (column % _TAB)
            moved.append(new + line[len(indent) :] if line.strip() else line)
        return "\n".join(moved)


def indentation(line: str) -> str:
    """The blanks and tabs that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def unit_of(lines: list[str]) -> str:
    """What lines are indented by: a tab, some blanks, or nothing that could be told."""
    indents = [indentation(line) for line in lines if line.strip()]
    tabs = sum(indent.startswith("\t") for indent in indents)
    if tabs > sum(indent.startswith("  ") for indent in indents):
        return "\t"
    widths = [len(indent) for indent in indents if "\t" not in indent]
    steps = Counter(here - above for above, here in pairwise(widths) if here > above)
    usual = [(times, -step) for step, times in steps.items() if 1 < step <= _WIDEST]
    return " " * -max(usual)[1] if usual else "\t" if tabs else ""


def reindent(
    wanted: list[str], found: list[str], unit: Callable[[str], str]
) -> Reindent | Columns | None:
    """How lines that are equal but for their indentation are indented; `None` if not alike.

    `unit` is `own_unit` of the file, which tells what these lines don't.
    """
    pairs = {
        (indentation(w), indentation(f)) for w, f in zip(wanted, found, strict=True) if w.strip()
    }
    if not pairs:
        return Reindent("", "")
    least, there = min(pairs, key=lambda pair: (len(pair[0]), len(pair[1])))
    if len(pairs) == 1:
        return Reindent(least, there, own=unit(there[:1]))
    more = all(f == there.removesuffix(least) + w for w, f in pairs) and there.endswith(least)
    less = all(w == least.removesuffix(there) + f for w, f in pairs) and least.endswith(there)
    if more or less:
        return Reindent(least, there)
    return _by_units(pairs, least, there) or _by_columns(pairs)


def own_unit(first: str, lines: list[str]) -> str:
    """The file's unit where a line begins with a tab, a blank or neither, by all of its lines."""
    if first == "\t":
        return "\t"
    if not first:
        return unit_of(lines)
    return unit_of([line for line in lines if not line.startswith("\t")]) or "    "


def _by_units(pairs: set[tuple[str, str]], least: str, there: str) -> Reindent | None:
    """The units of two texts, if the lines of both have equally many more of them."""
    if not all(w.startswith(least) and f.startswith(there) for w, f in pairs):
        return None
    steps = {(w.removeprefix(least), f.removeprefix(there)) for w, f in pairs} - {("", "")}
    if not all(w and f for w, f in steps):
        return None
    step, own_step = min(steps, key=lambda pair: len(pair[0]))
    levels = len(step) if step[0] == "\t" else len(own_step) if own_step[0] == "\t" else 1
    unit, own = step[: len(step) // levels], own_step[: len(own_step) // levels]
    usual = all(each == "\t" or (set(each) == {" "} and len(each) in range(2, 9))
                for each in (unit, own))  # fmt: skip
    fits = all(_translated(w, unit, own) == f for w, f in steps)
    return Reindent(least, there, unit, own) if usual and fits else None


def _by_columns(pairs: set[tuple[str, str]]) -> Columns | None:
    """The shift in columns, where the file has tabs for some of its blanks."""
    if not any("\t" in f for _, f in pairs) or any("\t" in w for w, _ in pairs):
        return None
    shifts = {_column(f) - _column(w) for w, f in pairs}
    return Columns(shifts.pop()) if len(shifts) == 1 else None


def _translated(indent: str, unit: str, own: str) -> str | None:
    """An indentation in other units; blanks that are no whole unit stay behind them."""
    if unit == own:
        return indent
    levels = 0
    while indent.startswith(unit):
        indent = indent.removeprefix(unit)
        levels += 1
    return None if "\t" in indent else own * levels + indent


def _column(indent: str) -> int:
    return len(indent.expandtabs(_TAB))
