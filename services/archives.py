"""Archives from strangers, looked into without trusting what they say of themselves. Everything here blocks: call it in a thread."""

import os
import struct
import zipfile
import zlib
from typing import BinaryIO

MOST_DIRECTORY_BYTES = 512 * 1024
"""Of the list of an archive's parts; a workbook of a hundred sheets has some 20 KB."""

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF
_PIECE = 64 * 1024


class BadArchive(Exception):
    """It is no archive, or none that can be looked into safely."""


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, once the size of its list is known to be bearable: reading the list makes an object for each part."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT))
    tail = file.read()
    # Where there are several ends, zipfile believes the last one; so do we.
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise BadArchive("no end of an archive")
    [directory] = struct.unpack_from("<L", tail, at + 12)
    if directory > MOST_DIRECTORY_BYTES:
        raise BadArchive("too many parts")
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise BadArchive(str(error)) from error


def parts_of(file: BinaryIO) -> list[str]:
    """The names of an archive's parts."""
    with opened(file) as archive:
        return archive.namelist()


def unpacked_bytes(file: BinaryIO, archive: zipfile.ZipFile, most: int) -> int:
    """How large the archive's parts really become together, whatever it says; BadArchive as soon as that is more than `most`."""
    total = 0
    for part in archive.infolist():
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadArchive("encrypted, or packed in an unusual way")
        total += _unpacked(file, part, most - total)
    return total


def _unpacked(file: BinaryIO, part: zipfile.ZipInfo, most: int) -> int:
    """The bytes of one part, unpacked piece by piece and dropped at once."""
    file.seek(part.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise BadArchive("a part is not where the list says")
    name, extra = struct.unpack_from("<HH", header, 26)
    file.seek(name + extra, os.SEEK_CUR)
    found, packed = 0, part.compress_size
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0 and (piece := file.read(min(_PIECE, packed))):
        packed -= len(piece)
        if part.compress_type == zipfile.ZIP_STORED:
            found += len(piece)
        else:
            while piece and not unpacker.eof:
                found += len(_some(unpacker, piece))
                piece = unpacker.unconsumed_tail
                if found > most:
                    break
        if found > most:
            raise BadArchive("it unpacks to far more than it should")
    return found


def _some(unpacker: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return unpacker.decompress(piece, _PIECE)
    except zlib.error as error:
        raise BadArchive(str(error)) from error
