"""Parts of a Markdown file: what is under its front matter, a section, the newest entry."""

from __future__ import annotations

import re

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation, RewriteFile
from runbook.core.value import replace
from runbook.markdown.importing.places.inplace import anchored, in_place, makes
from runbook.markdown.importing.places.lines import is_whole, plain_lines
from runbook.markdown.importing.places.parsers import times
from runbook.markdown.importing.text.fences import outside
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import side_of

MARKDOWN = (".md", ".mdx", ".markdown")
_KEY = re.compile(r"""(?:[\w.$@-][\w .$@/-]*|"[^"]*"|'[^']*')\s*:(?:\s|$)""")
_UNRELEASED = anycase(r"\b(unreleased|upcoming|next)\b")
_DATED = re.compile(r"\d+[.-]\d+")  # a version, or a date
_HEADING = re.compile(r"(#{1,6})\s+\S")
_TOP_OF = anycase(r"\b(top|start|beginning) of\b")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s|\s*\|")


def body_anew(text: str, code: str) -> Operation | str:
    """The file with its front matter, and what is under it written anew."""
    lines = plain_lines(text)
    end = _front_matter_end(lines)
    if end is None or code.lstrip().startswith("---"):
        return ""
    head = lines[: end + 1]
    body = end + 1
    while body < len(lines) and not lines[body].strip():
        head.append("")
        body += 1
    if body == len(lines):
        return ""
    return RewriteFile(Text("\n".join(head) + "\n" + code.strip("\n") + "\n", True))


def front_matter_anew(text: str, code: str, verb: str) -> Operation | str:
    """The front matter with some of its keys, or all of it between its rules, as a block has it."""
    lines, own = plain_lines(text), code.strip("\n").split("\n")
    end = _front_matter_end(lines)
    whole = len(own) > 2 and own[0].rstrip() == own[-1].rstrip() == "---"
    old, new = _keyed(lines[1:end]), _keyed(own[1:-1] if whole else own)
    if end is None or old is None or new is None:
        return ""
    if whole and not (old.keys() <= new.keys() or verb in ("replace", "rewrite")):
        return "the new front matter has not all keys of the old one"
    if not whole and (verb == "add") == bool(old.keys() & new.keys()):
        return "its front matter has a key of these" if verb == "add" else ""
    if not whole and verb != "add" and not new.keys() <= old.keys():
        return ""
    made = [line for each in (new if whole else old | new).values() for line in each]
    return in_place(text, lines, 1, end - 1, made) or ""


def _keyed(lines: list[str]) -> dict[str, list[str]] | None:
    """Lines of YAML by the keys at their margin; `None` if they have none first, or one twice."""
    found: dict[str, list[str]] = {}
    keys = [line.partition(":")[0].strip("\"' ") for line in lines if _KEY.match(line)]
    for line in lines:
        if _KEY.match(line):
            found[line.partition(":")[0].strip("\"' ")] = [line]
        elif not found or (line.strip() and line[0] not in " \t-#]}"):
            return None
        else:
            found[next(reversed(found))].append(line)
    return found if found and len(found) == len(keys) else None


def _front_matter_end(lines: list[str]) -> int | None:
    """The line (from 0) that ends the front matter; between rules there may be anything else."""
    if lines[0].rstrip() != "---":
        return None
    # Indented, it is part of a value.
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "---"), None)
    outer = [line for line in lines[1:end] if line.strip() and line[0] not in " \t"]
    keys = [line for line in outer if _KEY.match(line)]
    return end if keys and all(_KEY.match(line) or line[0] in "#-]}" for line in outer) else None


def newest_entry(text: str, code: str, *, dated: bool = False) -> Operation | str:
    """The entry of a log above the newest one, which is the first heading of its level.

    `dated` if both must tell a version or a date, as the words alone don't say that they do.
    """
    lines = plain_lines(text)
    heading = _HEADING.match(code.lstrip("\n"))
    if heading is None:
        return ""
    first = next((at for at, level in headings(lines) if level == len(heading[1])), None)
    if first is None or any(level > len(heading[1]) for at, level in headings(lines[:first])):
        return ""
    if dated and not all(re.search(r"\d", each) for each in (lines[first], code.split("\n")[0])):
        return ""
    if _UNRELEASED.search(lines[first]):
        # What is to come may stay the top of it, or become this entry.
        return ""
    anchor = Text(lines[first] + "\n", True)
    if len(NormalizedText(text).occurrences(anchor)) != 1:
        return ""
    new = [*code.strip("\n").split("\n"), ""]
    change = Insert("before", anchor, Text("\n".join(new) + "\n", True))
    whole = "\n".join([*lines[:first], *new, *lines[first:]])
    return change if makes(text, change, whole) else ""


def sections_anew(text: str, first: str, following: str, code: str) -> Operation | str:
    """All from one heading to the one before the other, in place of which the block stands."""
    lines = plain_lines(text)
    found = {at for at, _ in headings(lines)}
    begins = [at for at in found if lines[at].strip() == first.strip()]
    ends = [at for at in found if lines[at].strip() == following.strip()]
    if len(begins) != 1 or len(ends) != 1 or begins[0] >= ends[0]:
        return ""
    if any(line.strip() == following.strip() for line in code.split("\n")):
        return ""
    last = ends[0] - 1
    while not lines[last].strip():
        last -= 1
    return in_place(text, lines, begins[0], last, code.strip("\n").split("\n")) or ""


def hidden_heading(text: str, path: str, anchor: str) -> str:
    """Why an anchor that reads like a heading of a Markdown file is none; nothing if it is one."""
    line = anchor.rstrip("\n")
    if not path.endswith(MARKDOWN) or "\n" in line or not _HEADING.match(line):
        return ""
    lines = plain_lines(text)
    stands = [at for at, each in enumerate(lines) if each.strip() == line.strip()]
    found = {at for at, _ in headings(lines)}
    if not stands or found.intersection(stands):
        return ""
    return f"`{line.strip()}` stands in a code fence and is no heading"


def beside_heading(text: str | None, path: str, change: Insert, lead: str) -> Insert | str:
    """The insertion at a heading with blank lines around it, after a section at its end.

    Where that is not known, it is the reason why there is none.
    """
    line = change.anchor.value.rstrip("\n")
    heading = _HEADING.match(line)
    if not path.endswith(MARKDOWN) or heading is None or "\n" in line:
        return change
    own = change.text.value.strip("\n").split("\n")
    opens = _HEADING.match(own[0])
    whole = (
        change.side == "after"
        and not _TOP_OF.search(lead)
        and (
            re.search(r"\bsection\b", lead, re.IGNORECASE) is not None
            or (opens is not None and len(opens[1]) <= len(heading[1]))
        )
    )
    lines = None if text is None else plain_lines(text)
    if lines is None:
        return "where its section ends is not known" if whole else change
    stands = [at for at, _ in headings(lines) if lines[at].strip() == line.strip()]
    if len(stands) != 1:
        return change
    (at,) = stands
    if change.side == "before":
        above = [""] if at and lines[at - 1].strip() else []
        return replace(change, text=Text("\n".join([*above, *own, "", ""]), True))
    last = section_end(lines, at) if whole else at
    made = _behind(text or "", lines, at, last, own)
    return made or "the lines that end its section stand elsewhere too"


def _behind(text: str, lines: list[str], first: int, last: int, own: list[str]) -> Insert | None:
    """The insertion behind some lines, with blank lines around it."""
    below = [""] if last + 1 < len(lines) and lines[last + 1].strip() else []
    return anchored(text, lines, first, last, "after", ["", *own, *below])


def section_end(lines: list[str], at: int) -> int:
    """The last line of a section that is no blank one."""
    found = headings(lines)
    level = next(depth for line, depth in found if line == at)
    end = next((line for line, depth in found if line > at and depth <= level), len(lines))
    last = end - 1
    while last > at and not lines[last].strip():
        last -= 1
    return last


def headings(lines: list[str]) -> list[tuple[int, int]]:
    """The lines (from 0) of headings outside of fences, with their levels."""
    found = ((at, _HEADING.match(lines[at])) for at in outside(lines))
    return [(at, len(heading[1])) for at, heading in found if heading]


def at_heading(
    text: str, side: str, name: str, code: str, *, quote: str = "", new: str = ""
) -> Operation | str:
    """A block beside the only heading of a name.

    With a `quote`, it may be any text but where the block is a section, too; `new` is its heading.
    """
    lines, own = plain_lines(text), code.lstrip("\n").partition("\n")[0].strip()
    if (quote and not own.startswith("#")) or new not in ("", own):
        return ""
    at = _only(lines, name)
    if isinstance(at, str):
        return at
    return Insert(side_of(side), Text(lines[at] + "\n", True), Text(code, True))


def section_anew(text: str, name: str, verb: str, code: str) -> Operation | str:
    """All of a section, heading and all, by the heading that the block begins with as well."""
    lines, new = plain_lines(text), code.strip("\n").split("\n")
    first = new[0].strip()
    if first[:1] != "#" or not _is_called(first, name):
        return ""
    signs = first[: len(first) - len(first.lstrip("#"))]
    at = _only(lines, first)
    at = at if isinstance(at, int) else _only(lines, f"{signs} {name.strip('# ')}")
    if isinstance(at, str):
        return at
    last = section_end(lines, at)
    old = lines[at : last + 1]
    below = [old[at].strip() for at, _ in headings(old)][1:]
    if any(each not in [line.strip() for line in new] for each in below):
        return f"`{first}` has sections of its own, of which the new text says nothing"
    if not is_whole(verb, old, new):
        return ""
    return in_place(text, lines, at, last, new) or ""


def _only(lines: list[str], name: str) -> int | str:
    """The line of the only heading of a name; by its level as well, where the name has one.

    Where none is called so, it is the only one that begins so: "Step 2" is "Step 2: Row".
    """
    signs = re.match(r"#*", name.strip())
    level = len(signs[0]) if signs else 0
    begun = [
        at for at, depth in headings(lines) if level in (0, depth) and _is_called(lines[at], name)
    ]
    found = [at for at in begun if _is_called(lines[at], name, whole=True)] or begun
    if len(found) != 1:
        return f"`{name}` is a heading {times(len(found))} in the file"
    return found[0]


def _is_called(heading: str, name: str, *, whole: bool = False) -> bool:
    """Whether a heading is a name, or where the `whole` is not asked for, begins with it alone."""
    said, wanted = heading.strip("# ").lower(), name.strip("# ").lower()
    begins = re.compile(rf"{re.escape(wanted)}(?:\s*[:—–]|\s+-\s)")
    return said == wanted or (not whole and begins.match(said) is not None)


def top_of(text: str, name: str, code: str) -> Operation | str:
    """Text right below the only heading of a name."""
    lines, own = plain_lines(text), code.strip("\n").split("\n")
    at = _only(lines, name)
    if isinstance(at, str) or _HEADING.match(own[0]):
        return at if isinstance(at, str) else ""  # what stands below would be of the new heading
    return _behind(text, lines, at, at, own) or ""


def end_of(text: str, name: str, code: str) -> Operation | str:
    """Text behind all of the section that has the only heading of a name."""
    lines, own = plain_lines(text), code.strip("\n").split("\n")
    at = _only(lines, name)
    if isinstance(at, str) or _ITEM.match(own[0]):
        return at if isinstance(at, str) else ""  # a list goes on with the items before it
    return _behind(text, lines, at, section_end(lines, at), own) or ""


def subsection(text: str, name: str, code: str) -> Operation | str:
    """A section behind all that stands in the only one of a name, which is of a higher level.

    In a log of changes the newest may come first, or each kind have its place: that is not said.
    """
    lines, own = plain_lines(text), _HEADING.match(code.lstrip("\n"))
    at = _only(lines, name)
    if isinstance(at, str):
        return at
    above = _HEADING.match(lines[at])
    if own is None or above is None or len(own[1]) <= len(above[1]):
        return ""
    others = any(at < each <= section_end(lines, at) for each, _ in headings(lines))
    logged = _DATED.search(lines[at]) or _UNRELEASED.search(lines[at])
    return "" if others and logged else end_of(text, name, code)


def between(text: str, one: str, two: str, code: str) -> Operation | str:
    """A section between two that follow each other."""
    lines, own = plain_lines(text), code.strip("\n").split("\n")
    first, at = _only(lines, one), _only(lines, two)
    if isinstance(first, str):
        return first
    if isinstance(at, str):
        return at
    if [each for each, _ in headings(lines) if first < each <= at] != [at]:
        return f"`{two}` does not come next after `{one}`"
    above = [""] if lines[at - 1].strip() else []
    return anchored(text, lines, at, at, "before", [*above, *own, ""]) or ""
