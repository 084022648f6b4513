"""A printer that is done at once: for tests of what happens before and after, never for people."""

from dataclasses import dataclass
from typing import BinaryIO

from partners.documents import Stamp


@dataclass(frozen=True)
class PlainJoining:
    """One after the other."""

    out: BinaryIO

    def add(self, part: bytes) -> None:
        """The next one."""
        self.out.write(part)

    def end(self) -> None:
        """Nothing more."""


class PlainPrinter:
    """Prints the text itself, one signature field a line below."""

    def document(self, text: str) -> bytes:
        """The text in a file that says what it is."""
        return b"%PLAIN\n" + text.encode() + b"\n"

    def printout(self, text: str) -> bytes:
        """The facts in a file that says what it is."""
        return self.document(text)

    def joining(self, out: BinaryIO) -> PlainJoining:
        """One after the other."""
        return PlainJoining(out)

    def stamp(self, stamp: Stamp) -> bytes:
        """The stamp's facts."""
        return repr(stamp).encode()
