"""Adds a revision to a PDF, leaving its metadata as the printer wrote them, so that they keep agreeing as PDF/A asks."""

from typing import BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Revising(IncrementalPdfFileWriter):
    """An incremental update that says nothing of when and by which program it was made."""

    def __init__(self, pdf: BinaryIO, *, identity: bytes | None = None) -> None:
        """`identity`: the file identifier (ISO 32000-1 §14.4) of the revision; random unless given."""
        super().__init__(pdf)
        if identity is not None:
            self._document_id = generic.ArrayObject([self._document_id[0], generic.ByteStringObject(identity)])

    def _update_meta(self) -> None:
        """Nothing: the times that count are in the signatures."""
