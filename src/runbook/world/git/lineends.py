"""The line ends that a checkout gives to files."""

from __future__ import annotations

from runbook.world.git.reader import Reader


def checkout_line_end(repository: Reader, path: str) -> str:
    r"""The line end of a text file as git checks it out, `\n` or `\r\n`, by what applies to it.

    That are the attributes `text` and `eol`, and `core.autocrlf` and `core.eol`, in git's order.
    """
    _, told, _ = repository.attempt("check-attr", "-z", "text", "eol", "--", path)
    fields = told.split("\0")
    attributes = dict(zip(fields[1::3], fields[2::3], strict=False))
    text = attributes.get("text", "unspecified")
    if text == "unset":
        return "\n"
    match attributes.get("eol"):
        case "crlf":
            return "\r\n"
        case "lf":
            return "\n"
    settings = repository.settings
    if settings.is_true("core.autocrlf"):
        return "\r\n"
    if text not in ("set", "auto") or settings.get("core.autocrlf").lower() == "input":
        return "\n"
    return "\r\n" if settings.get("core.eol").lower() == "crlf" else "\n"
