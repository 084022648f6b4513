"""Statements of account on paper: one file with right numbers on its pages, however many there are."""

import gc
import io
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from rules.statement_pages import page_count
from services import partners
from services.statement_paper import Paper
from tests.paper import printer
from tests.statement_makers import make_head, make_lines, make_open_invoices


@pytest.fixture
def _real() -> Iterator[None]:
    with partners.for_a_while():
        partners.use_printer(printer())
        yield


@pytest.fixture
def _no_garbage_man() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def printed(lines: int, invoices: int, locale: str = "en") -> bytes:
    """The file."""
    entries, opens, out = make_lines(lines), make_open_invoices(invoices), io.BytesIO()
    paper = Paper(make_head(entries, opens, locale=locale), out, "4f2a")
    paper.lines(entries)
    paper.summary()
    paper.invoices(opens)
    paper.end()
    paper.close()
    return out.getvalue()


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_many_pages_are_one_file_with_the_same_bytes_each_time(locale: str) -> None:
    file = printed(100, 50, locale)
    assert file == printed(100, 50, locale)
    reader = PdfFileReader(io.BytesIO(file))
    count = page_count(make_head(make_lines(100), make_open_invoices(50)))
    assert (reader.root["/Pages"]["/Count"], len(reader.root["/Pages"]["/Kids"])) == (count, count)
    said = reader.root["/Metadata"].data
    assert b"<xmpTPg:NPages>%d</xmpTPg:NPages>" % count in said
    assert b"<pdfaid:part>2</pdfaid:part>" in said
    assert reader.root["/OutputIntents"]
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=file, capture_output=True, check=True).stdout
        pages = text.decode().split("\f")[:count]
        for number, page in enumerate(pages, 1):
            word = f"Page {number} of {count}" if locale == "en" else f"第 {number} 页 / 共 {count} 页"
            assert word.replace(" ", "") in page.replace(" ", "")
        for line in make_lines(100):
            assert sum(line.document in page for page in pages) >= 1


@pytest.mark.usefixtures("_real", "_no_garbage_man")
def test_pages_are_written_down_as_they_are_printed_and_not_kept() -> None:
    entries, out = make_lines(300), io.BytesIO()
    paper = Paper(make_head(entries), out, "4f2a")
    for begin in range(0, 300, 100):  # more than two pages, which are printed together
        before = out.tell()
        paper.lines(entries[begin : begin + 100])
        assert out.tell() > before + 5_000
        # The first one's, whose catalogue is that of all.
        assert sum(isinstance(one, PdfFileReader) for one in gc.get_objects()) <= 1
