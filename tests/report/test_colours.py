"""The colours of the page: text and bars stand out from what is behind them (WCAG AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import runbook.report.page

STYLE = (Path(runbook.report.page.__file__).parent / "templates" / "page.css").read_text()
LOOKS = dict(
    zip(
        ("light", "dark", "print"),
        (
            dict(re.findall(r"--([a-z]+): (#[0-9a-f]+);", block))
            for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
        ),
        strict=True,
    )
)
BACKGROUNDS = ("back", "card", "soft", "add", "del", "hunk")
TEXTS = ("text", "dim", "blue", "green", "red", "amber", "violet", "teal")
BARS = (
    "check", "failed", "before", "run", "edit", "commit", "delegate", "person", "service",
)  # fmt: skip


def luminance(colour: str) -> float:
    """The relative luminance of `#rgb` or `#rrggbb`."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How much two colours differ, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_that_of_the_guidelines() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", LOOKS)
def test_texts_can_be_read(look: str) -> None:
    colours = {**LOOKS["light"], **LOOKS[look]}
    for text in TEXTS:
        for back in BACKGROUNDS:
            assert contrast(colours[text], colours[back]) >= 4.5, (text, back)


@pytest.mark.parametrize("look", LOOKS)
def test_bars_can_be_told_from_what_is_behind_them(look: str) -> None:
    colours = {**LOOKS["light"], **LOOKS[look]}
    for bar in BARS:
        for back in ("card", "soft"):
            assert contrast(colours[bar], colours[back]) >= 3, (bar, back)
