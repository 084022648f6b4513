"""Which files may be attached, told by what is in them and not by what they claim, and what they may be called."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

LONGEST_NAME = 150
MOST_LOOSE = 100
"""Files of one company that hang on nothing yet."""

MOST_LOOSE_BYTES = 500 * 1024 * 1024
MOST_ON_ORDER = 200
LOOSE_FOR = timedelta(days=1)
"""How long a file may hang on nothing before it is tidied away."""

HEAD_BYTES = 4096
"""As much of a file's beginning as it takes to recognise it."""


class FileStatus(StrEnum):
    """Whether an attachment's content is in the storage."""

    RECEIVED = "RECEIVED"
    STORED = "STORED"
    REMOVED = "REMOVED"


@dataclass(frozen=True)
class FileType:
    """A kind of file: its media type, other names that browsers give it, and the endings of its name, the usual one first."""

    media_type: str
    endings: tuple[str, ...]
    aliases: frozenset[str] = field(default_factory=frozenset)

    def is_called(self, declared: str) -> bool:
        """Whether the declared media type means this one."""
        return declared == self.media_type or declared in self.aliases


def _type(media_type: str, endings: str, *aliases: str) -> FileType:
    return FileType(media_type, tuple(endings.split()), frozenset(aliases))


# Browsers know nothing of drawings.
_UNTOLD = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = _type("application/pdf", ".pdf")
PNG = _type("image/png", ".png")
JPEG = _type("image/jpeg", ".jpg .jpeg", "image/jpg")
WEBP = _type("image/webp", ".webp")
XLSX = _type(f"{_OFFICE}spreadsheetml.sheet", ".xlsx")
DOCX = _type(f"{_OFFICE}wordprocessingml.document", ".docx")
# Windows calls a CSV file what its own spreadsheet program opens.
CSV = _type("text/csv", ".csv", "application/vnd.ms-excel", "application/csv")
TEXT = _type("text/plain", ".txt")
DXF = _type("image/vnd.dxf", ".dxf", "application/dxf", "application/x-dxf", "image/x-dxf", _UNTOLD)
STEP = _type("model/step", ".step .stp", "application/step", "application/x-step", _UNTOLD)
# What the tax administration gives official invoices out as: a kind of paper (GB/T 33190), and one kind of XML among all there are.
OFD = _type("application/ofd", ".ofd", _UNTOLD, "application/zip", "application/x-zip-compressed")
EINVOICE = _type("application/xml", ".xml", "text/xml")
ACCEPTED = (PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, TEXT, DXF, STEP, OFD, EINVOICE)

_BEGINNINGS = (
    (re.compile(rb"%PDF-[12]\.\d"), PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"RIFF.{4}WEBPVP8[ LX]", re.DOTALL), WEBP),
    (re.compile(rb"AutoCAD Binary DXF\r\n\x1a\x00"), DXF),
    # The comments that may come first have group code 999 (DXF reference, "Comments").
    (re.compile(rb"(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\r?\n"), DXF),
    (re.compile(rb"\s*ISO-10303-21;"), STEP),
    # Nothing comes before the root: no document type, no style sheet.
    (re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml [^<>]{1,80}\?>)?\s*<EInvoice[\s>]"), EINVOICE),
)
ZIP = b"PK\x03\x04"
_OFFICE_PARTS = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
# A macro is a program, whatever the file around it is called.
_MACROS = ("vbaproject.bin", "macrosheets/")
# Tags, declarations and scripts: nothing that a browser or a shell might run passes as a text.
_ACTIVE = re.compile(r"\s*(?:<[!?a-z]|#!)", re.IGNORECASE)
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def by_beginning(head: bytes) -> FileType | None:
    """The type of a file that begins like this, where the beginning tells it."""
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(head)), None)


def by_parts(names: Collection[str]) -> FileType | None:
    """The type of an Office document (ECMA-376-2) or an OFD with these parts; None for any other archive, and for one with macros."""
    if "OFD.xml" in names and "[Content_Types].xml" not in names:
        return OFD
    if "[Content_Types].xml" not in names or any(mark in name.lower() for name in names for mark in _MACROS):
        return None
    found = [kind for part, kind in _OFFICE_PARTS.items() if part in names]
    return found[0] if len(found) == 1 else None


def is_harmless_text(text: str, *, is_beginning: bool) -> bool:
    """Whether a part of a file reads as text and, at its beginning, does not look like something to run."""
    return not _NOT_IN_TEXT.search(text) and not (is_beginning and _ACTIVE.match(text.lstrip("\ufeff")))


def text_type(declared: str) -> FileType:
    """What a text is: only its sender knows whether it is a table."""
    return CSV if CSV.is_called(declared) else TEXT


def normal_name(given: str, kind: FileType) -> str:
    """The name people see: composed (NFC), without folders, without invisible or direction-changing signs, with an ending that
    fits what is in the file. Never a key or a path."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(sign for sign in last if sign == " " or unicodedata.category(sign)[0] not in "CZ")
    bare = re.sub(r'[<>:"|?*]', "_", shown).strip().rstrip(" .")
    stem, ending = _split(bare, kind)
    return (stem[: LONGEST_NAME - len(ending)].rstrip(" .") or "file") + ending


def _split(name: str, kind: FileType) -> tuple[str, str]:
    for ending in kind.endings:
        if name.lower().endswith(ending):
            return name[: -len(ending)].strip(" ."), name[-len(ending) :].lower()
    return name.strip(" ."), kind.endings[0]
