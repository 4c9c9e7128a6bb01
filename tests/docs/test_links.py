"""Links from page to page lead somewhere, and the files that pages name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        there = page if not path else (page.parent / path).resolve()
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


@pytest.mark.parametrize(("page", "least"), [("docs/architecture.md", 20), ("CONTRIBUTING.md", 9)])
def test_files_and_folders_that_pages_for_developers_name_are_there(page: str, least: int) -> None:
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    named = re.findall(r"`([\w./]+(?:\.py|\.md|/))`", text)
    assert len(named) > least
    for name in named:
        places = (ROOT / name, ROOT / "src" / "runbook" / name)
        assert any(place.exists() for place in places), name


def test_every_room_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    source = ROOT / "src" / "runbook"
    rooms = {each.parent.relative_to(source).as_posix() for each in source.rglob("__init__.py")}
    for room in rooms - {".", "core", "world"}:
        assert f"`{room}/`" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_of_text_are_short(page: Path) -> None:
    for line in FENCE.sub("", page.read_text(encoding="utf-8")).splitlines():
        assert len(line) <= 105 or line.startswith("|"), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_column_of_a_table_has_a_name(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for head in re.findall(r"^(\|.*)\n\|[-:| ]+\|$", text, re.MULTILINE):
        assert all(name.strip() for name in head.strip("|").split("|")), head


def test_every_page_is_in_the_index_of_the_site() -> None:
    pages = {page.stem for page in (ROOT / "docs").glob("*.md")} - {"index"}
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    lists = re.findall(r"```\{toctree\}\n(?::.*\n)*\n((?:\w[\w-]*\n)+)```", index)
    listed = [name for names in lists for name in names.split()]
    assert sorted(listed) == sorted(pages)
