"""What a command wrote, looked at while it streams by, whole however it is cut."""

import re
from collections.abc import Iterable

# A body longer than this is taken for text: an OSC that is never ended must not swallow the output.
_BODY = 4096

# ECMA-48: control sequences; control strings, ended by ST (OSC also by BEL); other escapes.
_CSI = r"\x1b\[[0-?]{0,128}[ -/]{0,16}[@-~]"
_STRING = rf"\x1b[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}(?:\x07|\x1b\\)"
_OTHER = r"\x1b[ -/]{0,16}[0-~]"
# What a chunk may end with and the next one may finish.
_UNFINISHED = (
    rf"\x1b(?:\[[0-?]{{0,128}}[ -/]{{0,16}}|[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}\x1b?"
    r"|[ -/]{0,16})\Z"
)

_SEQUENCE = f"{_CSI}|{_STRING}|{_OTHER}"
_TEXT_SEQUENCE = re.compile(_SEQUENCE)
_WHOLE = re.compile(_SEQUENCE.encode())
_PIECE = re.compile(f"{_CSI}|{_STRING}|(?P<unfinished>{_UNFINISHED})|{_OTHER}".encode())


class PlainText:
    """A stream of bytes without its escape sequences and with "\\n" for "\\r\\n".

    However the stream is cut into chunks, the concatenated results are the same.
    """

    __slots__ = ("_carriage_return", "_unfinished")

    def __init__(self) -> None:
        self._unfinished = b""
        self._carriage_return = False

    def feed(self, chunk: bytes) -> bytes:
        """Return what of the stream so far has become certain."""
        if self._unfinished:
            chunk = self._unfinished + chunk
            self._unfinished = b""
        if b"\x1b" in chunk:
            chunk = self._without_sequences(chunk)
        return self._with_newlines(chunk)

    def close(self) -> bytes:
        """Return what was held back in case more would come."""
        rest = self._with_newlines(_WHOLE.sub(b"", self._unfinished))
        if self._carriage_return:
            rest += b"\r"
        self._unfinished = b""
        self._carriage_return = False
        return rest

    def _without_sequences(self, chunk: bytes) -> bytes:
        kept = []
        start = 0
        for match in _PIECE.finditer(chunk):
            kept.append(chunk[start : match.start()])
            start = match.end()
            if match["unfinished"] is not None:
                self._unfinished = match[0]
        kept.append(chunk[start:])
        return b"".join(kept)

    def _with_newlines(self, chunk: bytes) -> bytes:
        if self._carriage_return and chunk:
            chunk = b"\r" + chunk
            self._carriage_return = False
        if b"\r" not in chunk:
            return chunk
        if chunk.endswith(b"\r"):
            self._carriage_return = True
            chunk = chunk[:-1]
        return chunk.replace(b"\r\n", b"\n")


class Literals:
    """Which of the given bytes occur in a stream of plain text; each is looked for until found."""

    __slots__ = ("_carry", "_wanted", "found")

    def __init__(self, needles: Iterable[bytes]) -> None:
        self.found: set[bytes] = set()
        self._wanted = set(needles)
        self._carry = b""
        if b"" in self._wanted:
            self._mark(b"")

    def feed(self, text: bytes) -> None:
        """Look at the next piece of the stream."""
        if not self._wanted or not text:
            return
        overlap = max(map(len, self._wanted)) - 1
        # Only the border is copied: pieces are up to a megabyte, needles are short.
        border = self._carry + text[:overlap]
        for needle in tuple(self._wanted):
            if needle in border or needle in text:
                self._mark(needle)
        if len(text) >= overlap:
            self._carry = text[-overlap:] if overlap else b""
        else:
            self._carry = border[-overlap:]

    def _mark(self, needle: bytes) -> None:
        self._wanted.discard(needle)
        self.found.add(needle)


class OutputScan:
    """Which needles occur in a command's output, escape sequences removed, line ends made "\\n".

    Further questions to the full stream (expressions, counts of lines) are further readers of the
    same `PlainText`.
    """

    __slots__ = ("_literals", "_needles", "_plain")

    def __init__(self, needles: tuple[str, ...]) -> None:
        self._needles = {needle: needle.encode("utf-8", "surrogateescape") for needle in needles}
        self._plain = PlainText()
        self._literals = Literals(self._needles.values())

    @property
    def found(self) -> frozenset[str]:
        """The needles seen so far; complete after `close`."""
        found = self._literals.found
        return frozenset(text for text, needle in self._needles.items() if needle in found)

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk of raw output."""
        if self._needles:
            self._literals.feed(self._plain.feed(chunk))

    def close(self) -> None:
        """Look at what was held back: nothing more will come."""
        self._literals.feed(self._plain.close())


class Redaction:
    """A stream of bytes with "***" for every secret; however it is cut, the result is the same."""

    __slots__ = ("_held", "_pattern", "_secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        values = {secret.encode("utf-8", "surrogateescape") for secret in secrets} - {b""}
        # The longest first: one secret may begin another.
        self._secrets = sorted(values, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, self._secrets)))
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """Return what of the stream so far has become certain."""
        if not self._secrets:
            return chunk
        chunk = self._held + chunk
        end = self._first_uncertain(chunk)
        kept: list[bytes] = []
        start = 0
        if any(secret in chunk for secret in self._secrets):
            for match in self._pattern.finditer(chunk):
                if match.start() >= end:
                    break
                kept += chunk[start : match.start()], b"***"
                start = match.end()
        end = max(start, end)
        self._held = chunk[end:]
        return b"".join([*kept, chunk[start:end]])

    def close(self) -> bytes:
        """Return what was held back in case it was the beginning of a secret."""
        rest, self._held = self._held, b""
        return self._pattern.sub(b"***", rest) if self._secrets else rest

    def _first_uncertain(self, chunk: bytes) -> int:
        """Return where the longest ending begins that a secret may begin with."""
        first = len(chunk)
        for secret in self._secrets:
            place = chunk.find(secret[:1], max(0, len(chunk) - len(secret) + 1))
            while 0 <= place < first:
                if secret.startswith(chunk[place:]):
                    first = place
                place = chunk.find(secret[:1], place + 1)
        return first


class HeadTail:
    """The first and the last bytes of a stream of any length; both may hold the same bytes."""

    __slots__ = ("_head", "_head_bytes", "_tail", "_tail_bytes", "total")

    def __init__(self, head_bytes: int, tail_bytes: int) -> None:
        self.total = 0
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes
        self._head = bytearray()
        self._tail = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take in the next chunk."""
        self.total += len(chunk)
        missing = self._head_bytes - len(self._head)
        if missing > 0:
            self._head += chunk[:missing]
        if len(chunk) >= self._tail_bytes:
            self._tail[:] = chunk[len(chunk) - self._tail_bytes :]
            return
        self._tail += chunk
        # Twice the room, so that each byte is moved once at most.
        if len(self._tail) > 2 * self._tail_bytes:
            del self._tail[: -self._tail_bytes]

    @property
    def head(self) -> bytes:
        """The first `head_bytes` of the stream."""
        return bytes(self._head)

    @property
    def tail(self) -> bytes:
        """The last `tail_bytes` of the stream, also where `head` holds them too."""
        return self.last(self._tail_bytes)

    def last(self, size: int) -> bytes:
        """Return the last `size` bytes, or what of them is kept."""
        size = min(size, self._tail_bytes)
        return bytes(self._tail[max(0, len(self._tail) - size) :])

    @property
    def omitted(self) -> int:
        """How many bytes of the stream are in neither."""
        return max(0, self.total - self._head_bytes - self._tail_bytes)


_SURROGATE = "\ud800-\udfff"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}{_SURROGATE}]")


def printable(text: str | bytes) -> str:
    """Return text that can be shown: it cannot move the cursor, set colours or reverse its order.

    Escape sequences are removed, "\\r\\n" becomes "\\n"; other controls, bidi controls and invalid
    UTF-8 are written as \\xNN or \\uNNNN. Tabs and newlines stay.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if "\x1b" in text:
        text = _TEXT_SEQUENCE.sub("", text)
    return _HARMFUL.sub(_escaped, text.replace("\r\n", "\n"))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
