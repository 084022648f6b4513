"""Workbooks that claim, or hide, far more than a list of lines are refused before anything makes room for them."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from functools import partial

import pytest

from rules.files import XLSX
from rules.line_sheets import SheetLine
from services.sheets import NoHeadings, line_sheet
from services.workbooks import MOST_UNPACKED, BadSheet
from tests.sheet_makers import HEADINGS, make_book
from tests.source import ROOT

Change = Callable[[bytes], bytes]
SHEET, STRINGS, RELATIONS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
FAR = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
ONES = b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c><c r="C%d" t="s"><v>0</v></c></row>'


def changed(**changes: Change) -> bytes:
    """A workbook of one line with some of its parts changed."""
    parts = {"sheet": SHEET, "strings": STRINGS, "relations": RELATIONS}
    return repacked({parts[name]: change for name, change in changes.items()})


def repacked(changes: Mapping[str, Change]) -> bytes:
    """The archive anew."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_book([HEADINGS, ["A-1", 5]]))) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, changes.get(name, bytes)(before.read(name)))
    return file.getvalue()


def put(old: bytes, new: bytes) -> Change:
    """A part with one text in place of another, which is there."""

    def change(part: bytes) -> bytes:
        assert old in part
        return part.replace(old, new)

    return change


def many_times(part: bytes) -> bytes:
    """A text of the headings shown in thousands of cells."""
    rows = b"".join(ONES % (n, n, n, n) for n in range(3, 1_500))
    return part.replace(b"</sheetData>", rows + b"</sheetData>")


MERGED = b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:B20000"/>' * 3 + b"</mergeCells>"
BOMBS = {
    "a cell at the end of the world": partial(changed, sheet=put(b"</sheetData>", FAR)),
    "a row at the end, its cell unnamed": partial(
        changed, sheet=put(b"</sheetData>", b'<row r="1048576"><c t="n"><v>1</v></c></row></sheetData>')
    ),
    "a long text in every cell": partial(
        changed, strings=put(b"<t>SKU</t>", b"<t>" + b"x" * 30_000 + b"</t>"), sheet=many_times
    ),
    "megabytes of nothing": partial(changed, sheet=lambda part: part + b" " * MOST_UNPACKED),
    "an entity": partial(changed, sheet=put(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')),
    "another encoding": partial(changed, sheet=put(b'encoding="UTF-8"', b'encoding="UTF-16"')),
    "a sheet by another name": partial(changed, relations=put(b"worksheets/sheet1.xml", b"worksheets/sheet1.bin")),
    "areas over one another": partial(changed, sheet=put(b"</sheetData>", MERGED)),
    "broken XML": partial(changed, sheet=put(b"</sheetData>", b"</sheetdata>")),
}


def read(content: bytes) -> list[SheetLine]:
    """The lines in a workbook."""
    return line_sheet(io.BytesIO(content), XLSX.media_type)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(BadSheet):
        read(BOMBS[bomb]())


def test_what_is_merely_decorated_is_read() -> None:
    """Formats down to the last row, a text that is shown often, areas beside the lines."""
    empty = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    assert len(read(changed(sheet=put(b"</sheetData>", empty)))) == 1
    assert len(read(make_book([HEADINGS, *[["A-1", 5, None, "as drawn"]] * 999], merge=[(0, 7, 9, 9)]))) == 999
    with pytest.raises(NoHeadings):
        read(changed(strings=put(b"<t>SKU</t>", b"<t>UKS</t>")))


MEASURED = """
import resource
from tests.services.test_workbooks import BOMBS, HEADINGS, make_book, read
from services.workbooks import BadSheet

lines = make_book([HEADINGS, *[[f"A-{n}", n + 1, None, "x" * 500] for n in range(5000)]])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for bomb in BOMBS.values():
    try:
        read(bomb())
    except BadSheet:
        pass
assert len(read(lines)) == 5000
print(peak() - before)
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere the peak is told in other units; see docs/decisions/0076"
)
def test_neither_bombs_nor_five_thousand_lines_take_much_memory() -> None:
    """Megabytes more than the interpreter took with everything loaded."""
    told = subprocess.run([sys.executable, "-c", MEASURED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 60
