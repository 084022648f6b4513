"""Which characters the fonts can draw; what they cannot is printed by its code point, so that no name has invisible parts."""

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_CMAP, _UNICODE_FULL = b"cmap", 12


class Glyphs:
    """The characters that every one of some fonts has a glyph for."""

    def __init__(self, fonts: Iterable[Path]) -> None:
        """Reads the fonts' character maps."""
        self._drawn = frozenset.intersection(*map(_characters, fonts))

    def shown(self, text: str) -> str:
        """The text as it can be printed: an emoji as `[U+1F600]`, a character that turns the reading direction as `[U+202E]`."""
        return "".join(one if ord(one) in self._drawn or one == "\n" else f"[U+{ord(one):04X}]" for one in text)


@cache
def _characters(font: Path) -> frozenset[int]:
    """The code points in the font's `cmap` table, of which format 12 lists them all as ranges (OpenType 1.9, `cmap`)."""
    data = font.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(tables))
    [start] = [offset for tag, _, offset, _ in records if tag == _CMAP]
    subtables = struct.unpack_from(">H", data, start + 2)[0]
    offsets = (struct.unpack_from(">HHI", data, start + 4 + 8 * number)[2] for number in range(subtables))
    [full] = {
        start + offset for offset in offsets if struct.unpack_from(">H", data, start + offset)[0] == _UNICODE_FULL
    }
    groups = struct.unpack_from(">I", data, full + 12)[0]
    ranges = (struct.unpack_from(">III", data, full + 16 + 12 * number) for number in range(groups))
    return frozenset(code for first, last, _ in ranges for code in range(first, last + 1) if code >= 0x20)
