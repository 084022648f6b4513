"""What a file is, by looking into it. Everything here blocks: call it in a thread."""

import codecs
from typing import BinaryIO

from rules.files import (
    ACCEPTED,
    HEAD_BYTES,
    ZIP,
    FileType,
    by_beginning,
    by_parts,
    is_harmless_text,
    text_type,
)
from rules.phrase import Phrase
from rules.problems import invalid
from services.archives import BadArchive, parts_of

TEXT_ENCODINGS = ("utf-8", "gb18030")
_PIECE = 64 * 1024


def inspected(file: BinaryIO, declared: str) -> FileType:
    """The type of the file, if it is one of those that are accepted and the one that was declared."""
    found = _recognised(file, declared)
    if found is None:
        accepted = ", ".join(sorted(ending for kind in ACCEPTED for ending in kind.endings))
        raise invalid("file", Phrase("is of no kind that may be attached; these may: {accepted}", accepted=accepted))
    if not found.is_called(declared):
        raise invalid(
            "mediaType", Phrase("says {declared}, but the file is another", declared=declared), found.media_type
        )
    return found


def text_encoding(file: BinaryIO) -> str | None:
    """UTF-8 or else GB 18030, whichever the whole file is readable and harmless text in."""
    return next((encoding for encoding in TEXT_ENCODINGS if _is_text(file, encoding)), None)


def _recognised(file: BinaryIO, declared: str) -> FileType | None:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(ZIP):
        try:
            return by_parts(parts_of(file))
        except BadArchive:
            return None
    if kind := by_beginning(head):
        return kind
    return text_type(declared) if text_encoding(file) else None


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    is_beginning = True
    try:
        while piece := file.read(_PIECE):
            if not is_harmless_text(decoder.decode(piece), is_beginning=is_beginning):
                return False
            is_beginning = False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
