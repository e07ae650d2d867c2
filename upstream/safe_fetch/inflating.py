"""A body that comes in pieces, perhaps packed, and is counted as it is unpacked."""

import zlib

from upstream.safe_fetch.errors import Unusable

_GZIP = 31  # zlib's number for gzip with its head


class Body:
    """Bytes up to `most` and one more. `encoding` is the server's Content-Encoding.

    Raises Unusable for an encoding that nobody asked for, and for what cannot be unpacked.
    """

    def __init__(self, encoding: str, *, most: int) -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip"):
            raise Unusable("It is compressed in a way that was not asked for.")
        self._unpacking = zlib.decompressobj(_GZIP) if name.endswith("gzip") else None
        self._most = most
        self._data = bytearray()

    @property
    def is_full(self) -> bool:
        """Whether there is more than may be."""
        return len(self._data) > self._most

    def add(self, piece: bytes) -> None:
        """Take what has come. Of what it unpacks to, no more is ever held than may be."""
        if self._unpacking is None:
            self._data += piece[: self._room]
            return
        while piece and self._room:
            try:
                self._data += self._unpacking.decompress(piece, self._room)
            except zlib.error:
                raise Unusable("It can’t be unpacked.") from None
            if not self._unpacking.eof:
                return  # what is left of the piece is beyond what may be
            piece = self._unpacking.unused_data  # gzip may have several parts
            self._unpacking = zlib.decompressobj(_GZIP)

    def whole(self) -> bytes:
        """What came, as far as it may be."""
        return bytes(self._data[: self._most])

    @property
    def _room(self) -> int:
        return max(0, self._most + 1 - len(self._data))
