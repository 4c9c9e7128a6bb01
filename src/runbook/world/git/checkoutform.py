"""The form that a checkout gives to text files: their line ends and their encoding."""

from __future__ import annotations

from runbook.core.value import value
from runbook.world.git.reader import Reader


@value
class Form:
    r"""The line ends of a text file, `\n` or `\r\n`, and its encoding, which is UTF-8 if `None`."""

    line_end: str = "\n"
    encoding: str | None = None


def checkout_form(repository: Reader, path: str) -> Form:
    """The form of a text file as git checks it out, by what applies to it.

    That are the attributes `text` (`crlf` in old repositories), `eol` and `working-tree-encoding`,
    and `core.autocrlf` and `core.eol`, in git's order.
    """
    asked = ("text", "crlf", "eol", "working-tree-encoding")
    _, told, _ = repository.attempt("check-attr", "-z", *asked, "--", path)
    fields = told.split("\0")
    attributes = dict(zip(fields[1::3], fields[2::3], strict=False))
    encoding = attributes.get("working-tree-encoding", "unspecified")
    if encoding in ("unspecified", "unset", "set") or encoding.upper() in ("UTF-8", "UTF8"):
        return Form(_line_end(repository, attributes))
    return Form(_line_end(repository, attributes), encoding)


def _line_end(repository: Reader, attributes: dict[str, str]) -> str:
    text = attributes.get("text", "unspecified")
    if text == "unspecified":
        text = attributes.get("crlf", "unspecified")
    if text == "unset":
        return "\n"
    match attributes.get("eol"):
        case "crlf":
            return "\r\n"
        case "lf":
            return "\n"
    settings = repository.settings
    if text == "input":
        return "\n"
    if settings.is_true("core.autocrlf"):
        return "\r\n"
    if text not in ("set", "auto") or settings.get("core.autocrlf").lower() == "input":
        return "\n"
    return "\r\n" if settings.get("core.eol").lower() == "crlf" else "\n"
