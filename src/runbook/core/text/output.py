"""What a command wrote, looked at while it streams by, whole however it is cut."""

from collections import deque
from collections.abc import Iterable

from runbook.core.patterns import regex
from runbook.core.text.printable import CSI, OTHER, SEQUENCE, STRING, UNFINISHED

_WHOLE = regex(SEQUENCE.encode())
_PIECE = regex(f"{CSI}|{STRING}|(?P<unfinished>{UNFINISHED})|{OTHER}".encode())


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


class Settled:
    """A stream of plain text as it stands in the end: a line is what its last writing left of it.

    A carriage return begins a line anew, as progress bars do. However the stream is cut into
    chunks, the concatenated results are the same, but for lines of over a megabyte.
    """

    __slots__ = ("_line",)

    def __init__(self) -> None:
        self._line = b""

    def feed(self, text: bytes) -> bytes:
        """Return the lines that are over."""
        if not self._line and b"\r" not in text and text.endswith(b"\n"):
            return text
        end = text.rfind(b"\n") + 1
        done = self._line + text[:end] if end else b""
        self._line = text[end:] if end else self._line + text
        if b"\r" in done:
            done = b"\n".join(map(_last_written, done.split(b"\n")))
        if len(self._line) > _LONGEST_LINE:
            kept, self._line = _last_written(self._line), b""
            done += kept
        return done

    def close(self) -> bytes:
        """Return the last line, which is not ended."""
        line, self._line = self._line, b""
        return _last_written(line)


_LONGEST_LINE = 2**20


def _last_written(line: bytes) -> bytes:
    if b"\r" not in line:
        return line
    return next((part for part in reversed(line.split(b"\r")) if part), b"")


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


_PIECE_BYTES = 2**16


class HeadTail:
    """The first and the last bytes of a stream of any length; both may hold the same bytes.

    Large chunks are kept as they are: of a long stream each byte would be copied once more.
    """

    __slots__ = ("_head", "_head_bytes", "_kept", "_pieces", "_tail_bytes", "total")

    def __init__(self, head_bytes: int, tail_bytes: int) -> None:
        self.total = 0
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes
        self._head = bytearray()
        self._pieces: deque[bytes | bytearray] = deque()
        self._kept = 0  # bytes in the pieces, of which the first may be more than needed

    def feed(self, chunk: bytes) -> None:
        """Take in the next chunk."""
        self.total += len(chunk)
        missing = self._head_bytes - len(self._head)
        if missing > 0:
            self._head += chunk[:missing]
        self._kept += len(chunk)
        if len(chunk) >= _PIECE_BYTES:
            self._pieces.append(chunk)
        else:
            last = self._pieces[-1] if self._pieces else None
            if not isinstance(last, bytearray) or len(last) >= _PIECE_BYTES:
                last = bytearray()
                self._pieces.append(last)
            last += chunk
        while self._kept - len(self._pieces[0]) >= self._tail_bytes and len(self._pieces) > 1:
            self._kept -= len(self._pieces.popleft())

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
        missing = min(size, self._tail_bytes)
        found: list[bytes | bytearray] = []
        for piece in reversed(self._pieces):
            if missing <= 0:
                break
            found.append(piece[-missing:])
            missing -= len(piece)
        return b"".join(reversed(found))

    @property
    def omitted(self) -> int:
        """How many bytes of the stream are in neither."""
        return max(0, self.total - self._head_bytes - self._tail_bytes)
