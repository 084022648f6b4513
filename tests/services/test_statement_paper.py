"""Statements of account on paper: of any length under the same memory, and one file with right numbers on its pages."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from rules.statement_pages import page_count
from services import partners
from services.statement_paper import Paper
from tests.paper import printer
from tests.statement_makers import make_head, make_lines, make_open_invoices

LINES = int(os.environ.get("DINGHUO_STATEMENT_LINES", "1500"))
"""How long the long one is; `DINGHUO_STATEMENT_LINES=10000` for a real long one."""

MOST_MEMORY = 150
"""MiB more than there were before, however long it is: fonts, what the printer remembers of its last ten prints, and the joined file."""


@pytest.fixture
def _real() -> Iterator[None]:
    with partners.for_a_while():
        partners.use_printer(printer())
        yield


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


def test_a_long_one_takes_no_more_memory_than_a_short_one() -> None:
    command = [sys.executable, "-m", "tests.statement_paper", str(LINES)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert told["size"] > LINES * 50
    assert told["peak"] - told["before"] < MOST_MEMORY, told
