"""Who prints documents for people to read and sign."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from rules.contract import TrustLevel
from rules.lifecycle import Side

FIELDS = {Side.BUYER: "BuyerSignature", Side.SUPPLIER: "SupplierSignature"}
"""The names of the signature fields of a printed document."""


@dataclass(frozen=True)
class Stamp:
    """What is seen of a signature on the page: the seal's company, who signed, when, and whose word it is."""

    company: str
    signatory: str
    signed_at: datetime
    trust_level: TrustLevel
    authority: str
    """Who says when it was signed."""


class Joining(Protocol):
    """One file of many printouts; it takes little more memory than one of them, however many there are."""

    def add(self, part: bytes) -> None:
        """The next printout."""

    def end(self) -> None:
        """That was all: the file is whole."""


class Printer(Protocol):
    """Prints the same bytes for the same words, whenever and wherever. Takes tenths of a second: not for the event loop."""

    def document(self, text: str) -> bytes:
        """The canonical text of a contract or a framework agreement as a PDF/A-2b file with an empty signature field for either side."""

    def printout(self, text: str) -> bytes:
        """The facts as a PDF/A-2b file, such as a packing list, as their template says: nothing that is signed."""

    def joining(self, out: BinaryIO) -> Joining:
        """One PDF/A-2b file of many printouts of pages, written to `out` as they come."""

    def stamp(self, stamp: Stamp) -> bytes:
        """A page the size of a signature field with the company's round red seal and the signature's facts."""
