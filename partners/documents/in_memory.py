"""A printer that is done at once: for tests of what happens before and after, never for people."""

from collections.abc import Sequence
from typing import BinaryIO

from partners.documents import Stamp


class PlainPrinter:
    """Prints the text itself, one signature field a line below."""

    def document(self, text: str) -> bytes:
        """The text in a file that says what it is."""
        return b"%PLAIN\n" + text.encode() + b"\n"

    def printout(self, text: str) -> bytes:
        """The facts in a file that says what it is."""
        return self.document(text)

    def join(self, parts: Sequence[BinaryIO], out: BinaryIO) -> None:
        """One after the other."""
        for part in parts:
            out.write(part.read())

    def stamp(self, stamp: Stamp) -> bytes:
        """The stamp's facts."""
        return repr(stamp).encode()
