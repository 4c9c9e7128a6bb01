"""The title of a step, and what stands behind it in its line."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.vocabulary import anycase

# "**Write the test.** Add to `ship.py`:", where a bold sentence is the title.
_TDD = anycase(r"(red|green|refactor)\.")
_BOLD_TITLE = re.compile(
    r"\*\*(?P<title>(?:[^*\n]|\*(?!\*)){2,120}?[.!])\*\*(?P<rest>\s*\S.*)", re.DOTALL
)
# "`make test` → pass.": it is all to be read as what stands under a title is.
_JUDGED = anycase(r"((re-?)?run:? )?`[^`\n]+`\s*(→|->|⇒|=>)\s")
# "Run the test** (expected: FAIL)": the title says how it ends.
_VERDICT_BEHIND = anycase(
    r"\A\s*([—–-]+\s*|(?=\())\(?(?P<said>(expect(ed|s|ing)?|(should|must|will) (pass|fail))\b"
    r"[^()\n`.]{0,60})\)?\.?\s*(?=\n|\Z)"
)


def boxed_title(text: str) -> tuple[str, str]:
    """The title of a step that is a plain item with a box, and what stands after it."""
    line, _, rest = text.partition("\n")
    title, more = _first_sentence(line.strip())
    bold = _BOLD_TITLE.match(text)
    if bold:
        says_little = _TDD.fullmatch(bold["title"])
        return _with_verdict(title if says_little else bold["title"], bold["rest"])
    return title, text if more or _JUDGED.match(text) else rest


def step_title(step: re.Match[str]) -> tuple[str, str]:
    """A step's title, and what stands after it."""
    title = re.sub(r"\s*\n\s*", " ", step["title"]).strip().rstrip(":：").strip()
    rest = step["rest"]
    if title:
        remark = step.groupdict().get("remark")
        return _with_verdict(f"{title} {remark}" if remark else title, rest)
    # "**Step 1:** Do this": the sentence is title and content.
    sentence = rest.lstrip(" :：—–-")
    first, more = _first_sentence(sentence.partition("\n")[0].strip())
    whole = more or "\n" in sentence or first.endswith(":")
    title = first.rstrip(":：").strip() or f"Step {step['number'] or ''}".strip()
    return title, sentence if whole or "`" in sentence else ""


def _with_verdict(title: str, rest: str) -> tuple[str, str]:
    """A title with how it ends, where that stands behind it, and what else stands there."""
    verdict = _VERDICT_BEHIND.match(rest)
    return (f"{title} ({verdict['said']})", rest[verdict.end() :]) if verdict else (title, rest)


def _first_sentence(line: str) -> tuple[str, bool]:
    """A line's first sentence, for a title, and whether it says more."""
    line = re.sub(r"\*\*(.+?)\*\*", r"\1", line)
    found = re.match(r"((?:`[^`]*`|[^`])+?(?<=[^.]{2})(?<=.{10}))(?:\.\s|:\s)", line)
    if found and len(line) > 80:
        return found[1].strip(), True
    return (line, False) if len(line) <= 120 else (line[:117].rstrip() + "…", True)
