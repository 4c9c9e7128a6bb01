"""A report's page, read as HTML: its texts, its parts by their names, what it would load."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of its text, on one line; of scripts and styles none."""
        if self.tag in ("script", "style"):
            return ""
        parts = [each if isinstance(each, str) else each.text for each in self.children]
        return " ".join("".join(f"{part} " if len(parts) > 1 else part for part in parts).split())

    def every(self, tag: str = "", **attributes: str) -> list[Node]:
        """The elements in it, in their order."""
        found = []
        for each in self.children:
            if isinstance(each, Node):
                right = all(
                    value in each.attributes.get(name.rstrip("_"), "").split()
                    for name, value in attributes.items()
                )
                found += [each] if right and tag in ("", each.tag) else []
                found += each.every(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes: str) -> Node:
        """The only such element."""
        (found,) = self.every(tag, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(text: str) -> Node:
    """The page, of which every element is closed where it has to be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader._open == [reader.root], "an element is not closed"
    return reader.root


def loads_nothing(page: Node) -> bool:
    """Whether a page needs nothing but itself."""
    hrefs = [each.attributes["href"] for each in page.every() if "href" in each.attributes]
    return all(href.startswith("#") for href in hrefs) and not any(
        name in each.attributes for each in page.every() for name in ("src", "srcset", "data")
    )
