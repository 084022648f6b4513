"""What the file of a fully digitalised official invoice (数电票) says for machines: XML as the tax platform gives it out."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from models import Attachment
from partners.storage import MissingFile
from rules.fapiao import Fapiao, FapiaoType, Sums
from rules.files import EINVOICE
from rules.problems import Unavailable, invalid
from services import partners

MOST_BYTES = 1024 * 1024
"""A file with a thousand lines has some 300 KB."""
MOST_DEPTH = 16
LONGEST = 64
"""Letters of a figure or a number that is looked at."""
FIGURE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
# Where it says what (the administration's public samples, version 0.2 and later).
PLACES = {
    "EInvoice/TaxSupervisionInfo/InvoiceNumber": "number",
    "EInvoice/TaxSupervisionInfo/IssueTime": "issued_on",
    "EInvoice/EInvoiceData/BasicInformation/TotalAmWithoutTax": "net",
    "EInvoice/EInvoiceData/BasicInformation/TotalTaxAm": "tax",
    "EInvoice/EInvoiceData/BasicInformation/TotalTax-includedAmount": "total",
}
NOT_ONE = "is no fully digitalised official invoice that could be read"


class BadFapiao(Exception):
    """Not what it should be, or made to do harm."""


async def read_fapiao(attachment: Attachment) -> Fapiao | None:
    """What the file says; None for files that only people read. InvalidInput where it cannot be read."""
    if attachment.media_type != EINVOICE.media_type:
        return None
    try:
        content = await _content(await partners.storage().get(attachment.stored_key))
        return await asyncio.to_thread(parsed, content)
    except MissingFile:
        raise Unavailable(retry_after=60) from None
    except BadFapiao:
        raise invalid("input.attachmentId", NOT_ONE) from None


async def _content(pieces: AsyncIterator[bytes]) -> bytes:
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > MOST_BYTES:
            raise BadFapiao("too large")
    return bytes(content)


def parsed(content: bytes) -> Fapiao:
    """The official invoice in the file. Of a red one, whose figures are below zero, what is taken back. Takes milliseconds."""
    said = _Reader().take(content)
    try:
        sums = Sums(*(_figure(said[part]) for part in ("net", "tax", "total")))
        issued_on = date.fromisoformat(said["issued_on"][:10])
        # Which of the two it is stands in labels that have changed before; the numbers are of one kind.
        return Fapiao(FapiaoType.DIGITAL_SPECIAL, "", said["number"], issued_on, sums)
    except (KeyError, ValueError) as error:
        raise BadFapiao("a figure is missing") from error


def _figure(text: str) -> Decimal:
    if not FIGURE.fullmatch(text):
        raise BadFapiao("no figure")
    return abs(Decimal(text))


class _Reader:
    """Remembers a handful of short texts. Whoever declares a document type or an entity is refused: none has a reason to."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._path: list[str] = []

    def take(self, content: bytes) -> dict[str, str]:
        """The texts by what they are."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise BadFapiao("is not well formed") from error
        return {name: text.strip() for name, text in self._said.items()}

    def _start(self, name: str, _marks: dict[str, str]) -> None:
        if len(self._path) >= MOST_DEPTH:
            raise BadFapiao("too deep")
        self._path.append(name)
        place = PLACES.get("/".join(self._path))
        if place is not None and place in self._said:
            raise BadFapiao("says the same twice")
        if place is not None:
            self._said[place] = ""

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        place = PLACES.get("/".join(self._path))
        if place is not None:
            self._said[place] += text
            if len(self._said[place]) > LONGEST:
                raise BadFapiao("too long")


def _refuse(*_: object) -> None:
    raise BadFapiao("declares a document type")
